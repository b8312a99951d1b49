"""Ports of entry: where a road may cross the border, and the one place it was crossed on foot.

Each point is where the road meets the boundary line, not the inspection
building. Roxham Road stands among them as the documented irregular site, with
the dates of its use; it was never a port of entry in that period.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from roxham.geo import WGS84
from roxham.geo.crossings.ids import distinct_ids, name_id, spot_id
from roxham.geo.io.sources import Source
from roxham.geo.tables.contract import SOURCE, Checked, Column, Contract, swapped_axes
from roxham.layers.mapping.read import MappingLike, mapping_of
from roxham.layers.model import Dataset, Style

from .checks import NOTE_FR, in_order, no_example, read_layer, somewhere, unique

__all__ = ["PORTS", "PORTS_DATA", "load_ports"]

PORTS = Contract(
    name="ports",
    columns=(
        Column(
            "port_id",
            meaning="stable identifier, by default of the names, and of the place if need be",
            required=False,
        ),
        Column(
            "kind",
            choices=("port_of_entry", "closed_port", "irregular_site", "rail_port", "marine_port"),
        ),
        Column("ca_name", meaning="what the Canadian side is called"),
        Column("us_name", meaning="what the United States side is called"),
        Column("ca_admin", meaning="ISO 3166-2 code of the province", required=False),
        Column("us_admin", meaning="ISO 3166-2 code of the state", required=False),
        Column("ca_road", meaning="road on the Canadian side", required=False),
        Column("us_road", meaning="road on the United States side", required=False),
        Column("lat", "lat", "latitude of the crossing, degrees"),
        Column("lon", "lon", "longitude of the crossing, degrees"),
        Column(
            "coord_precision_m",
            "number",
            "how exact the point is, metres",
            required=False,
            minimum=1,
            maximum=100_000,
        ),
        Column("position_basis", meaning="where the point comes from", required=False),
        Column("position_url", "url", "where the position can be checked", required=False),
        Column("status", meaning="as the source has it", choices=("open", "closed", "unknown")),
        Column("hours_ca", meaning="hours of the Canadian side, local time", required=False),
        Column("hours_ca_fr", meaning="the same in French", required=False),
        Column("hours_note", meaning="since when, and from whom", required=False),
        Column("hours_note_fr", meaning="the same in French", required=False),
        Column("opened", "date", "when it opened", required=False),
        Column("closed", "date", "when it closed", required=False),
        Column("cbsa_code", meaning="office number of the Canadian agency", required=False),
        *SOURCE,
        NOTE_FR,
    ),
    checks=(
        swapped_axes(),
        unique("port_id"),
        in_order("opened", "closed"),
        no_example(),
        somewhere(),
    ),
)


def load_ports(
    path: Source | None = None, *, mapping: MappingLike | None = None
) -> Checked[gpd.GeoDataFrame]:
    """Load the ports of entry and the documented irregular site.

    Parameters
    ----------
    path
        A file, an address or a frame of your own with the same columns; the bundled table by
        default.
    mapping
        Which columns of your file are which, where they are not called so: a mapping, the file
        of one, or the name of a publisher.

    Returns
    -------
    Checked
        ``rows``: a GeoDataFrame of crossings on the boundary line, EPSG:4326,
        with ``coord_precision_m`` (metres); ``opened`` and ``closed`` are ISO
        8601 of any precision, null where no source gives them; ``status`` is
        that of the source and its date, not of today; and ``rejected``.

    Raises
    ------
    DataError
        If the file cannot be read as this table.

    Examples
    --------
    >>> ports = load_ports().rows.set_index("port_id")
    >>> ports.loc["roxham-road", ["kind", "status", "opened", "closed"]].to_list()
    ['irregular_site', 'closed', '2017-01', '2023-03-25']
    """
    rows, rejected = read_layer("ports.csv", path, PORTS, mapping=mapping_of(mapping, "ports"))
    rows = rows.assign(port_id=_ids(rows))
    points = gpd.points_from_xy(rows["lon"].astype(float), rows["lat"].astype(float))
    return Checked(gpd.GeoDataFrame(rows, geometry=points, crs=WGS84), rejected)


def _ids(rows: pd.DataFrame) -> pd.Series[Any]:
    """Return the ids of ports: those given, else one of the names on both sides."""
    ids = rows["port_id"].copy()
    without = rows[ids.isna()]
    names = without["ca_name"].str.cat(without["us_name"], sep=" ")
    spots = [spot_id(float(y), float(x)) for y, x in without[["lat", "lon"]].to_numpy()]
    ids[ids.isna()] = distinct_ids(names.map(name_id).tolist(), spots, ids.dropna())
    return ids


KINDS = (
    ("port_of_entry", "#164a6e"),
    ("closed_port", "#6b665c"),
    ("irregular_site", "#bd3413"),
)
PORTS_DATA = Dataset(
    PORTS,
    load_ports,
    made_of=("layers/ports.csv",),
    when=(),
    key=("port_id",),
    label="port_id",
    own="ports",
    drawn=True,
    style=Style("point", "#6b665c", 2.4, 1, "kind", KINDS),
)
