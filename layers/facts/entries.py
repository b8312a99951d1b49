"""Entries at ports of the border, by port and month.

What the official crossings carried: people and vehicles, as one side counts those who come in. It
is another measure than interceptions, which are made between the ports, and never added to them.
"""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import Any

import geopandas as gpd
import pandas as pd

from roxham.geo import WGS84
from roxham.geo.arguments import checked
from roxham.geo.io.sources import Source
from roxham.geo.region import active_region
from roxham.geo.region.study_area import SHIPPED
from roxham.geo.tables.contract import SOURCE, Checked, Column, Contract, swapped_axes
from roxham.geo.tables.failures import REJECTED
from roxham.layers.mapping.read import MappingLike, mapping_of
from roxham.layers.model import Dataset, Measure, Shown, Style, by_length
from roxham.layers.provenance import licences

from .checks import NOTE_FR, french_notes, read_layer, somewhere, unique

__all__ = ["ENTRIES", "ENTRIES_DATA", "ENTRY_COUNTS", "ENTRY_PORTS", "load_entries"]

ENTRY_COUNTS = {
    "car_passengers": "people in private vehicles, the driver among them",
    "bus_passengers": "people in buses, the driver among them",
    "train_passengers": "people in trains, the crew among them",
    "pedestrians": "people on foot",
    "cars": "private vehicles",
    "buses": "buses",
    "trucks": "trucks",
}
"""What is counted, by column; the seven are never added up."""
AT = (
    Column("port_code", meaning="code of the port in the entry data"),
    Column("port_name", meaning="what the data calls it"),
    Column("port_id", meaning="the crossing of that point in the table of ports", required=False),
    Column("admin", meaning="ISO 3166-2 code of where it is", required=False),
    Column("lat", "lat", "latitude of the point that the data gives, degrees"),
    Column("lon", "lon", "longitude of the same, degrees"),
)
ENTRY_PORTS = Contract("entry ports", columns=(*AT, *SOURCE), checks=(unique("port_code"),))
ENTRIES = Contract(
    "entries",
    columns=(
        *AT,
        Column("period", "date", "month (2022-03)"),
        *(
            Column(name, "integer", f"{meaning}; empty where not known, never 0", False, minimum=0)
            for name, meaning in ENTRY_COUNTS.items()
        ),
        *SOURCE,
        NOTE_FR,
    ),
    checks=(swapped_axes(), unique("port_code", "period"), somewhere()),
)


@checked()
def load_entries(
    path: Source | None = None, *, mapping: MappingLike | None = None
) -> Checked[gpd.GeoDataFrame]:
    """Load entries at ports of the border.

    Entries are counted by port code. What is absent is null, and may be a zero where a source
    leaves zeros out, as the notes and the page of a region say.

    Parameters
    ----------
    path
        A file, an address or a frame of your own with the same columns; by default what ships.
    mapping
        Which columns of your file are which, and how it is read: a mapping, or the file of one.

    Returns
    -------
    Checked
        ``rows``: a GeoDataFrame, EPSG:4326, one row for each port and month: ``port_code,
        port_name, port_id, admin, lat, lon, period`` (YYYY-MM), ``car_passengers,
        bus_passengers, train_passengers, pedestrians`` (people), ``cars, buses, trucks``
        (vehicles; Int64, null where not known) and the source columns; and ``rejected``.

    Raises
    ------
    DataError
        If the file cannot be read as this table, or the mapping is of another than counts.

    Examples
    --------
    >>> rows = load_entries().rows.set_index(["port_id", "period"])
    >>> rows.loc["lacolle-champlain", "cars"][["2019-07", "2020-07"]].tolist()
    [139773, 4499]
    """
    chosen = mapping_of(mapping, "counts")
    of_region = active_region().file("entries")
    shipped = path is None and of_region is not None and of_region.startswith(SHIPPED)
    rows, rejected = _bundled() if shipped else read_layer("entries", path, ENTRIES, mapping=chosen)
    points = gpd.points_from_xy(rows["lon"].astype(float), rows["lat"].astype(float))
    return Checked(gpd.GeoDataFrame(rows, geometry=points, crs=WGS84), rejected)


def _bundled() -> Checked[pd.DataFrame]:
    """Return what ships: counts by code, joined with their ports, which name the source of both."""
    ports = _shipped("entry_ports.csv").drop(columns=["confidence", "note"])
    counts = _shipped("entries.csv").astype(dict.fromkeys(ENTRY_COUNTS, "Int64"))
    rows = ports.merge(counts, on="port_code", validate="one_to_many")
    rows["note_fr"] = rows["note"].map(french_notes())
    rows = rows[[c.name for c in ENTRIES.columns]]
    rows.attrs["licences"] = licences(*ENTRIES_DATA.made_of)
    return Checked(rows, pd.DataFrame(columns=list(REJECTED)))


def _shipped(file: str) -> pd.DataFrame:
    """Read a table of this room that its tests hold to its contract, not again at each start."""
    numbers: dict[Any, Any] = {"lat": "Float64", "lon": "Float64"}
    numbers |= dict.fromkeys(ENTRY_COUNTS, "Int64")
    with as_file(files("roxham.layers") / "data" / file) as path:
        header = pd.read_csv(path, nrows=0).columns
        dtypes = {name: numbers.get(name, "str") for name in header}
        return pd.read_csv(path, dtype=dtypes, keep_default_na=False, na_values=[""])


WORDS = {
    "en": {
        "car_passengers": "people in private vehicles",
        "bus_passengers": "people in buses",
        "train_passengers": "people in trains",
        "pedestrians": "people on foot",
        "cars": "private vehicles",
    },
    "fr": {
        "entries": "entrées",
        "car_passengers": "personnes en véhicule particulier",
        "bus_passengers": "personnes en autocar",
        "train_passengers": "personnes en train",
        "pedestrians": "personnes à pied",
        "cars": "véhicules particuliers",
        "buses": "autocars",
        "trucks": "camions",
    },
}
ENTRIES_DATA = Dataset(
    ENTRIES,
    load_entries,
    made_of=("layers/entries.csv", "layers/entry_ports.csv"),
    when=("period",),
    key=("port_code", "period"),
    label="port_name",
    sourced_by=("entry_ports", "port_code"),
    measure=Measure(
        "entries",
        unit="persons",
        counts=ENTRY_COUNTS,
        units=dict.fromkeys(("cars", "buses", "trucks"), "vehicles"),
        at=("port_id",),
        whole="sum",
        periods={"month": by_length("2022-03")},
        words=WORDS,
    ),
    embargo="unless official",
    drawn=True,
    printed=False,
    shown=(
        Shown("period", "date", heads=True),
        Shown("port_name", "text"),
        *(Shown(name, "number") for name in ENTRY_COUNTS),
    ),
    style=Style("point", "#164a6e", 2.4, depth=4),
)
