"""Documented places: ports of entry, former ports and sites, as plain columns."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd

from roxham.geo.crs import lon_lat
from roxham.geo.errors import DataError, shown
from roxham.geo.region import Region
from roxham.geo.tables.contract import Checked, Column, Contract, read_table
from roxham.geo.tables.failures import faults_of, without_options
from roxham.geo.tables.ids import ids_of
from roxham.geo.tables.region_files import path_of, read_by_mapping, with_source

__all__ = ["KIND_OF", "PortsLike", "port_points", "ports_of", "read_ports"]

PortsLike: TypeAlias = gpd.GeoDataFrame | pd.DataFrame | Region
"""Ports as a frame of points or ``lon, lat``, or the region whose ports are meant."""

KIND_OF = {
    "port_of_entry": "port_of_entry",
    "closed_port": "former_port",
    "former_port": "former_port",
    "irregular_site": "documented_site",
}
"""What a documented place makes of a road that is drawn across there."""

NO_ROADS = ("rail_port", "marine_port")

COLUMNS = ("port_id", "kind", "name", "lon", "lat", "source_url")

ELSEWHERE = Contract(
    "border ports",
    (
        Column("port_id", meaning="stable identifier", required=False),
        Column(
            "kind",
            meaning="port_of_entry by default",
            choices=(*KIND_OF, *NO_ROADS),
            required=False,
        ),
        Column("name", meaning="what it is called", required=False),
        Column(
            "status",
            meaning="a closed port of entry is a former one",
            choices=("open", "closed", "unknown"),
            required=False,
        ),
        Column("lat", "lat", "latitude, degrees"),
        Column("lon", "lon", "longitude, degrees"),
        Column("source_url", "url", "where the place is public", required=False),
    ),
)
"""What a table of ports on any border needs; further columns are kept."""


def read_ports(path: str | Path) -> Checked[pd.DataFrame]:
    """Read ports of entry and documented sites on a border other than the bundled one.

    Parameters
    ----------
    path
        As for :func:`~roxham.geo.tables.contract.read_table`: ``lat, lon`` or points, and if known
        ``port_id, kind, name, status``, as for :func:`port_points`.
    """
    return read_table(path, ELSEWHERE)


def ports_of(region: Region) -> pd.DataFrame | None:
    """Return the ports of a region, with ``source_url`` where its file names their source.

    Raises
    ------
    DataError
        If its table holds any fault: all at once.
    """
    file = region.file("ports")
    if file is None:
        return None
    if region.mapping("ports") is not None:
        rows, rejected = read_by_mapping("ports", region)
    else:
        with path_of(file) as path:
            rows, rejected = read_table(path, ELSEWHERE)
    if len(rejected):
        raise DataError(faults_of(without_options(rejected)))
    return with_source(rows, "ports", region)


def port_points(ports: gpd.GeoDataFrame | pd.DataFrame | None) -> pd.DataFrame:
    """Return the places on roads: ``port_id, kind, name, lon, lat, source_url``, one row each.

    Rows without a position, and railway and marine ports, are left out: no road can
    match them. A port whose ``status`` is closed is a former port.

    Raises
    ------
    DataError
        If the frame has neither geometry nor ``lon, lat``, another CRS, positions
        off the Earth, ids that are not unique, or a kind that is not known.

    Examples
    --------
    >>> port_points(pd.DataFrame({"lon": [1.0], "lat": [2.0], "name": ["Here"]})).values.tolist()
    [['here', 'port_of_entry', 'Here', 1.0, 2.0, <NA>]]
    """
    if ports is None:
        return pd.DataFrame(columns=list(COLUMNS)).astype({"lon": float, "lat": float})
    lon, lat = _positions(ports)
    table = pd.DataFrame({"lon": lon, "lat": lat}, index=ports.index)
    table["name"] = _names(ports)
    table["port_id"] = ids_of(
        _text(ports, "port_id"), table["name"], lon.to_numpy(float), lat.to_numpy(float)
    )
    table["source_url"] = _text(ports, "source_url")
    table["kind"] = _kinds(ports)
    table = table[table["kind"].notna() & np.isfinite(lon) & np.isfinite(lat)]
    twice = table["port_id"][table["port_id"].duplicated()]
    if len(twice):
        raise DataError(f"ports: port_id {shown(twice.iloc[0])} stands in more than one row.")
    if (table["lon"].abs() > 180).any() or (table["lat"].abs() > 90).any():
        raise DataError("ports: positions outside ±180 and ±90 degrees. Give longitude first.")
    points: pd.DataFrame = table[list(COLUMNS)].reset_index(drop=True)
    return points


def _positions(ports: gpd.GeoDataFrame | pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    if isinstance(ports, gpd.GeoDataFrame):
        lon, lat = (pd.Series(xy, index=ports.index) for xy in lon_lat(ports, "ports"))
        return lon, lat
    if not isinstance(ports, pd.DataFrame):
        raise DataError("ports: are not a frame. Give one with geometry or lon, lat.")
    missing = [name for name in ("lon", "lat") if name not in ports]
    if missing:
        raise DataError(f"ports: have no column {' or '.join(missing)}. Add longitude, latitude.")
    return _degrees(ports["lon"], "lon"), _degrees(ports["lat"], "lat")


def _degrees(given: pd.Series, name: str) -> pd.Series:
    """Return numbers, null where there is none; refuse what is neither."""
    degrees: pd.Series = pd.to_numeric(given, errors="coerce").astype(float)
    wrong = given[(degrees.isna() & given.notna()) | np.isinf(degrees)]
    if len(wrong):
        raise DataError(f"ports: {name} {shown(wrong.iloc[0])} is not a number of degrees.")
    return degrees


def _text(ports: pd.DataFrame, name: str) -> pd.Series:
    if name not in ports:
        return pd.Series(pd.NA, index=ports.index, dtype="string")
    given: pd.Series = ports[name].astype("string").str.strip()
    return given.mask(given == "")


def _names(ports: pd.DataFrame) -> pd.Series:
    named = [c for c in ports.columns if str(c).endswith("_name") or c in ("name_a", "name_b")]
    first, second = [
        *(_text(ports, str(c)) for c in named[:2]),
        _text(ports, ""),
        _text(ports, ""),
    ][:2]
    both = (first + " – " + second).where(first != second, first)
    return _text(ports, "name").fillna(both).fillna(first).fillna(second)


def _kinds(ports: pd.DataFrame) -> pd.Series:
    given = _text(ports, "kind").fillna("port_of_entry")
    unknown = given[~given.isin([*KIND_OF, *NO_ROADS])]
    if len(unknown):
        raise DataError(
            f"ports: kind {shown(unknown.iloc[0])} is not known. "
            f"Use one of {', '.join([*KIND_OF, *NO_ROADS])}."
        )
    kinds = given.map(KIND_OF)
    closed = (_text(ports, "status") == "closed").fillna(False)
    return kinds.mask(closed & (kinds == "port_of_entry"), "former_port")
