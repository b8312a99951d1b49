"""Geometries of a file of one's own as columns: longitude, latitude, and a radius for areas."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj.exceptions import CRSError, ProjError

from roxham.geo.crs import WGS84
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.geometry.geodesic import goes_over, in_degrees, middles, reaches_m

from .csv import as_cells

__all__ = ["At", "degrees_of", "placed"]

SAME_PLACE_DEG = 1e-6
"""Coordinates and geometry of one row that differ by more (a tenth of a metre) contradict."""


class At(NamedTuple):
    """Names of the columns that say where a row is; ``radius`` is None where there is none."""

    lon: str
    lat: str
    radius: str | None


def degrees_of(shapes: gpd.GeoSeries, name: str) -> gpd.GeoSeries:
    """Return geometries in EPSG:4326, flat; a file that states no CRS is refused."""
    if not shapes.isna().all() and shapes.crs is None:
        raise DataError(
            Fault(
                name,
                "states no coordinate reference system.",
                "Write one into the file, or give lon and lat columns without geometries.",
            )
        )
    flat = gpd.GeoSeries(shapely.force_2d(shapes.to_numpy()), crs=shapes.crs)
    try:
        return flat if flat.crs is None else flat.to_crs(WGS84)
    except (ProjError, CRSError) as error:
        found = f"is in a system that cannot be converted to {WGS84}: {shown(error)}."
        raise DataError(Fault(name, found)) from None


def placed(
    rows: pd.DataFrame, shapes: gpd.GeoSeries, at: At
) -> tuple[pd.DataFrame, dict[int, tuple[str, str]]]:
    """Put geometries into the columns of a table; return it, and the rows that cannot be."""
    array = np.asarray(shapes.array, dtype=object)
    present = ~(shapely.is_missing(array) | shapely.is_empty(array))
    kinds = np.array([None if g is None else g.geom_type for g in array], dtype=object)
    single = _parts_at_most_one(array)
    point = present & (kinds == "Point") | (present & (kinds == "MultiPoint") & single)
    area = present & np.isin(kinds, ("Polygon", "MultiPolygon", "MultiPoint")) & ~point
    problems: dict[int, tuple[str, str]] = {}
    for i in np.flatnonzero(area & ~in_degrees(array)).tolist():
        area[i] = False
        problems[i] = (str(kinds[i]), "has a corner that is nowhere on Earth; write degrees")
    inside = np.full(len(array), None, dtype=object)
    inside[point] = shapely.get_geometry(array[point], 0)
    # to a centimetre, as digits: on the equator the rest is written 1e-17
    inside[area] = shapely.transform(middles(array[area]), lambda xy: xy.round(7) + 0.0)
    x, y = shapely.get_x(inside), shapely.get_y(inside)
    for i in np.flatnonzero(present & ~point & ~area).tolist():
        problems.setdefault(i, (str(kinds[i]), "is neither a point nor an area"))
    for i in np.flatnonzero(area & goes_over(array)).tolist():
        problems[i] = (str(kinds[i]), "goes over 180° in one piece; cut it there into two parts")
    if at.radius is None:
        for i in np.flatnonzero(area).tolist():
            problems[i] = (str(kinds[i]), "is an area; this table holds points")
    out = rows.copy()
    for degrees, column in ((x, at.lon), (y, at.lat)):
        found = pd.Series(as_cells(pd.Series(degrees)), index=rows.index, dtype=str)
        out[column] = found if column not in rows else rows[column].where(rows[column] != "", found)
    if {at.lon, at.lat} <= set(rows.columns):
        _compare(rows, array, x, y, at, point, area, problems)
    if at.radius is not None and area.any():
        cells = np.full(len(rows), "", dtype=object)
        cells[area] = [str(r) for r in _covering(array[area], inside[area])]
        radius = pd.Series(cells, index=rows.index, dtype=str)
        given = out.get(at.radius, pd.Series("", index=rows.index))
        out[at.radius] = given.where(given != "", radius)
    return out, problems


def _parts_at_most_one(array: np.ndarray) -> np.ndarray:
    return np.asarray(shapely.get_num_geometries(array) <= 1)


def _compare(
    rows: pd.DataFrame,
    shapes: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    at: At,
    point: np.ndarray,
    area: np.ndarray,
    problems: dict[int, tuple[str, str]],
) -> None:
    """Note rows whose own columns say another place than their geometry."""
    lon = pd.to_numeric(rows[at.lon], errors="coerce").to_numpy(dtype=float)
    lat = pd.to_numeric(rows[at.lat], errors="coerce").to_numpy(dtype=float)
    far = point & (np.maximum(np.abs(lon - x), np.abs(lat - y)) > SAME_PLACE_DEG)
    own = np.full(len(rows), None, dtype=object)
    told = area & np.isfinite(lon) & np.isfinite(lat)
    own[told] = shapely.points(lon[told], lat[told])
    far |= told & ~(shapely.dwithin(shapes, own, SAME_PLACE_DEG))
    for i in np.flatnonzero(far):
        found = f"{x[i]:g} {y[i]:g}"
        problems.setdefault(
            int(i), (found, f"is not at {at.lon} {shown(rows[at.lon].iloc[i])}, "
                     f"{at.lat} {shown(rows[at.lat].iloc[i])} of its own columns")
        )  # fmt: skip


def _covering(areas: np.ndarray, centres: np.ndarray) -> list[int]:
    """Return for each area the whole metres from its centre to its farthest corner."""
    far = reaches_m(areas, centres)
    # geodesics to the nanometre: a circle of 1,000 m is not one of 1,001
    return [max(1, int(np.ceil(r))) if np.isfinite(r) else 0 for r in far.round(3)]
