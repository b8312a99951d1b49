"""Ports of entry: where a road may cross the border, and documented sites of crossings on foot.

Each point is where the road meets the boundary line, not the inspection building. A documented
irregular site stands among them with the dates of its use; it is no port of entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from roxham.geo import WGS84, DataError, require_wgs84
from roxham.geo._types import Objects
from roxham.geo.arguments import checked, require_cells, require_columns
from roxham.geo.crossings.sites import PortsLike
from roxham.geo.io.sources import Source
from roxham.geo.region import Region, active_region, as_region, using_region
from roxham.geo.region.study_area import kept_with_region
from roxham.geo.tables.contract import (
    FACT_SOURCE,
    Checked,
    Column,
    Contract,
    RowCheck,
    reads,
    swapped_axes,
)
from roxham.geo.tables.failures import faults_of
from roxham.geo.tables.ids import ids_of
from roxham.geo.tables.region_files import in_languages, relaxed
from roxham.geo.written.hours import hours_of
from roxham.layers.mapping.read import MappingLike, mapping_of
from roxham.layers.model import Dataset, Style

from .checks import in_order, no_example, read_layer, somewhere, unique

__all__ = ["KINDS_OF_PORT", "PORTS_DATA", "as_ports", "load_ports", "names_in", "ports_contract"]

KINDS_OF_PORT = (
    *("port_of_entry", "closed_port", "irregular_site", "rail_port", "marine_port"),
    "crossing",
)
WHOLE = ("port_id", "kind", "status")
"""Columns that every port has once it is read."""


PORTS = "ports"
HOURS_WORDS = (
    *("hours", "opening_hours", "horario", "horaires", "orari", "offnungszeiten", "godziny"),
)


@checked()
def ports_contract(region: Region | str | Path | None = None) -> Contract:
    """Return the columns of ports in a region: those of each side begin with its code.

    Parameters
    ----------
    region
        The region, its name or its folder; by default the one at work.

    Returns
    -------
    Contract
        Columns with their kinds, choices and meanings.

    Raises
    ------
    DataError
        If there is no such region, or its file is at fault.

    Examples
    --------
    >>> [column.name for column in ports_contract().columns][2:4]
    ['ca_name', 'us_name']
    """
    return _contract_of(as_region(region))


@kept_with_region
def _contract_of(region: Region) -> Contract:
    first, second = region.sides if region.details is None else _called(region)
    name, admin, road = (region.columns(what) for what in ("name", "admin", "road"))
    hours = region.columns("hours", prefix=True)
    return Contract(
        name=PORTS,
        columns=(
            Column(
                "port_id",
                meaning="stable identifier, by default of the names, and of the place if need be",
                required=False,
            ),
            Column(
                "kind",
                meaning="a crossing is a road over an open border",
                choices=KINDS_OF_PORT,
                required=False,
            ),
            Column(name[0], meaning=f"what the side of {first} is called", required=False),
            Column(name[1], meaning=f"what the side of {second} is called", required=False),
            Column(admin[0], meaning="ISO 3166-2 code there", required=False),
            Column(admin[1], meaning="ISO 3166-2 code there", required=False),
            Column(road[0], meaning=f"road on the side of {first}", required=False),
            Column(road[1], meaning=f"road on the side of {second}", required=False),
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
            Column(
                "status",
                meaning="as the source has it",
                choices=("open", "closed", "unknown"),
                required=False,
            ),
            Column(
                hours[0],
                meaning=f"hours in {first}: 06:00-18:00, 24 hours",
                required=False,
                also=HOURS_WORDS,
            ),
            *_translated(hours[0], region),
            Column(hours[1], meaning=f"hours in {second}, where they are others", required=False),
            *_translated(hours[1], region),
            Column("hours_note", meaning="since when, and from whom", required=False),
            *_translated("hours_note", region),
            Column("opened", "date", "when it opened", required=False),
            Column("closed", "date", "when it closed", required=False),
            *_further(region),
            *FACT_SOURCE,
            *_translated("note", region),
        ),
        checks=(
            swapped_axes(),
            unique("port_id"),
            in_order("opened", "closed"),
            no_example(),
            somewhere(),
            _hours_written(*hours),
            _called_something,
        ),
        prepare=_one_name,
        aliases=(("hours", hours[0]),),  # those of the first side hold on the second, too
    )


def _translated(name: str, region: Region) -> list[Column]:
    """Return a column in each further language of a region."""
    french = Column(f"{name}_fr", meaning="the same in French", required=False)
    return in_languages([french], region)


def _further(region: Region) -> list[Column]:
    """Return the further columns that a region's file gives its ports."""
    told = region.details.port_columns if region.details else {}
    return [
        Column(name, meaning=next(iter(words.values())), required=False)
        for name, words in told.items()
    ]


def _called(region: Region) -> tuple[str, str]:
    assert region.details is not None
    first, second = (next(iter(s.name.values()), s.code) for s in region.details.sides)
    return first, second


def _one_name(raw: pd.DataFrame) -> pd.DataFrame:
    """Let one ``name``, or ``name_a`` and ``name_b``, stand for what both sides are called.

    Hours that are blank are not known, on either side.
    """
    for what in ("name", "road", "admin"):
        given = [(f"{what}_a", f"{what}_b"), (what, what)]
        for ours, others in zip(
            active_region().columns(what), zip(*given, strict=True), strict=True
        ):
            for other in others:
                if ours not in raw and other in raw:
                    raw = raw.assign(**{ours: raw[other]})
    for column in set(active_region().columns("hours", prefix=True)) & set(raw):
        raw = raw.assign(**{column: raw[column].where(raw[column].astype(str).str.strip() != "")})
    spare = [name for pair in (("name_a", "name_b"), ("name",)) for name in pair]
    return raw.drop(columns=[name for name in spare if name in raw])


@reads()
def _called_something(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
    columns = active_region().columns("name")
    for i in rows.index[rows[list(columns)].isna().all(axis=1)]:
        yield int(i), columns[0], f"is empty, and {columns[1]} is, too; give either, or name"


def _hours_written(*columns: str) -> RowCheck:
    """Return a check for hours that are none."""

    @reads(*columns)
    def check(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
        for column in (column for column in columns if column in rows):
            for i, text in rows[column].dropna().items():
                try:
                    hours_of(str(text))
                except ValueError:
                    remedy = "write 06:00-18:00 or 24 hours, and what else there is in hours_note"
                    yield int(str(i)), column, f"is no time of a day; {remedy}"

    return check


def names_in(port: Iterable[str]) -> tuple[str, ...]:
    """Return the columns in which a table or row of ports says what each is called."""
    known = set(port)
    for names in (active_region().columns("name"), ("name_a", "name_b"), ("name",)):
        if known & set(names):
            return tuple(name for name in names if name in known)
    return ()


@checked()
def load_ports(
    path: Source | None = None, *, mapping: MappingLike | None = None
) -> Checked[gpd.GeoDataFrame]:
    """Load the ports of entry and the documented irregular sites.

    Parameters
    ----------
    path
        A file, an address or a frame of your own with the same columns; the bundled table by
        default.
    mapping
        Which columns of your file are which, where they are not called so: a mapping, as in
        ``{"columns": {"lat": "Breite", "lon": "Länge"}, "source": {"title": …}}``, the
        file of one (``roxham adapt`` writes it), or the name of a publisher.

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
    contract = ports_contract()
    if path is None:  # a region's ways may be asked for before its sources are written down
        sources = {column.name for column in FACT_SOURCE}
        kept = [c.name for c in contract.columns if c.required and c.name not in sources]
        contract = relaxed(contract, *kept)
    rows, rejected = read_layer("ports", path, contract, mapping=mapping_of(mapping, "ports"))
    return Checked(as_ports(rows), rejected)


def ports_meant(
    ports: PortsLike | None, region: Region | str | Path | None
) -> tuple[gpd.GeoDataFrame | pd.DataFrame, Region]:
    """Return ports, and the region whose rules hold there; a region stands for its own ports.

    Raises
    ------
    DataError
        If the region's table holds any fault: all at once.
    """
    if region is None and isinstance(ports, Region):
        region = ports
    area = as_region(region)
    if ports is not None and not isinstance(ports, Region):
        return ports, area
    with using_region(area if ports is None else ports):
        rows, rejected = load_ports()
    if len(rejected):
        raise DataError(faults_of(rejected))
    return rows, area


def as_ports(ports: gpd.GeoDataFrame | pd.DataFrame) -> gpd.GeoDataFrame:
    """Return ports as every function takes them: with an id, a kind and a status, as points.

    Parameters
    ----------
    ports
        Points in EPSG:4326, or ``lon, lat`` in degrees; ``port_id``, ``kind`` and ``status``
        where they are known, and names as of :func:`names_in`.

    Returns
    -------
    geopandas.GeoDataFrame
        The same rows. An id that is missing is made of what the port is called, or else of
        its row; a kind is a port of entry, or a crossing where the border of the region at
        work is open; a status is unknown.

    Raises
    ------
    DataError
        If there is neither a geometry nor ``lon, lat``, or another CRS.

    Examples
    --------
    >>> bare = pd.DataFrame({"name": ["North gate"], "lon": [-73.5], "lat": [45.0]})
    >>> as_ports(bare)[["port_id", "kind", "status"]].values.tolist()
    [['north-gate', 'port_of_entry', 'unknown']]
    """
    whole = all(name in ports and ports[name].notna().all() for name in WHOLE)
    if whole and isinstance(ports, gpd.GeoDataFrame):
        return require_wgs84(ports, "ports")
    points = _points_of(ports)
    usual = "port_of_entry" if active_region().controlled else "crossing"
    filled: dict[str, Any] = {"port_id": _ids(ports, points)}
    for name, value in (("kind", usual), ("status", "unknown")):
        filled[name] = ports[name].fillna(value) if name in ports else value
    rows = pd.DataFrame(ports.drop(columns="geometry", errors="ignore")).assign(**filled)
    found = gpd.GeoDataFrame(rows, geometry=points, crs=WGS84)
    found.attrs = dict(ports.attrs)  # whose they are, and how they were read
    return found


def _points_of(ports: gpd.GeoDataFrame | pd.DataFrame) -> Objects:
    """Return where ports are: their geometry, or ``lon, lat``."""
    if isinstance(ports, gpd.GeoDataFrame):
        return require_wgs84(ports, "ports").geometry.to_numpy()
    require_columns(ports, "ports", ("lon", "lat"))
    require_cells(ports, "ports", numbers=("lon", "lat"))
    lon, lat = (ports[name].to_numpy(float, na_value=np.nan) for name in ("lon", "lat"))
    points: Objects = np.asarray(shapely.points(lon, lat))
    return points


def _ids(ports: pd.DataFrame, points: Objects) -> pd.Series[Any]:
    """Return the ids of ports: those given, else one of the names on both sides."""
    none = pd.Series(pd.NA, index=ports.index, dtype="string")
    called = [ports[name].astype("string") for name in names_in(map(str, ports.columns))]
    first, second = [*called, none, none][:2]
    names = first.str.cat(second.where(second != first), sep=" ").fillna(first).fillna(second)
    placed = points.copy()
    placed[shapely.is_empty(points)] = None  # GEOS refuses an empty point
    lon, lat = shapely.get_x(placed), shapely.get_y(placed)
    return ids_of(ports.get("port_id", none), names, lon, lat)


KINDS = (
    ("crossing", "#164a6e"),
    ("port_of_entry", "#164a6e"),
    ("closed_port", "#6b665c"),
    ("irregular_site", "#bd3413"),
)
PORTS_DATA = Dataset(
    ports_contract,
    load_ports,
    made_of=("layers/ports.csv",),
    when=(),
    key=("port_id",),
    label="port_id",
    called=PORTS,
    own="ports",
    drawn=True,
    style=Style(
        "point",
        "#6b665c",
        2.4,
        column="kind",
        colours=KINDS,
        widths=(("irregular_site", 3.6),),
        shapes=(("irregular_site", "diamond"),),
        label="name",
        labelled=("irregular_site",),
        depth=0,
    ),
)
