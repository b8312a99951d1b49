"""Coordinate reference systems: EPSG:4326 at every door, inside one in metres for the place."""

from __future__ import annotations

import re
from typing import TypeAlias, TypeVar

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS, Proj
from pyproj.exceptions import CRSError, ProjError

from ._types import Floats
from .errors import DataError, shown

__all__ = [
    "WGS84",
    "Bounds",
    "is_from_file",
    "lon_lat",
    "require_metres",
    "require_wgs84",
    "scale_error",
    "suggest_metric_crs",
]

WGS84 = "EPSG:4326"

Bounds: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north in degrees; west beyond east where they go over 180°."""

GOOD, MOST = 0.005, 0.01
"""By how much metres of a CRS may be wrong to be suggested, and to be used."""

UTM_SOUTH, UTM_NORTH = -80, 84
"""Latitudes between which UTM is defined."""

FILES = re.compile(
    r"\b(?:init|file|model|catalog)\s*=|\bDICT:|[\"'](?:init|proj)[\"']\s*:|grids\s*=\s*[^\s\"]*[/\\]"
    r"|PARAMETERFILE\s*[\[(]\s*\"[^\"]*\"\s*,\s*\"[^\"]*[/\\]"
    r"|(?:PROJ4_GRIDS\"\s*,|\"value\"\s*:)\s*\"[^\"]*[/\\]",
    re.IGNORECASE,
)
"""How a system can be one that PROJ or GDAL reads from a file anywhere, also through a projection
``PROJ tinshift file=/x``; PROJ's own grids have bare names."""
ESCAPED = re.compile(r"\\u([0-9a-f]{4})", re.IGNORECASE)
"""A letter of JSON within a text."""

Frame = TypeVar("Frame", bound=gpd.GeoDataFrame | gpd.GeoSeries)


def require_wgs84(frame: Frame, name: str) -> Frame:
    """Return the frame if it is in EPSG:4326, else raise; never guess.

    Parameters
    ----------
    frame
        Geometries, longitude first.
    name
        What the frame is called in the message.

    Returns
    -------
    geopandas.GeoDataFrame or geopandas.GeoSeries
        The same object.

    Raises
    ------
    DataError
        If it is no frame of geometries, or has no CRS or another one.

    Examples
    --------
    >>> require_wgs84(gpd.GeoSeries.from_xy([-73.5], [45.0], crs="EPSG:4326"), "points").size
    1
    """
    if not isinstance(frame, gpd.GeoDataFrame | gpd.GeoSeries):
        raise DataError(f"{name}: is a {type(frame).__name__}. Give a GeoDataFrame or GeoSeries.")
    if isinstance(frame, gpd.GeoDataFrame) and not _has_geometry(frame):
        raise DataError(f"{name}: has no geometry. Set it with set_geometry().")
    crs = frame.crs
    if crs is None:
        raise DataError(
            f"{name}: has no coordinate reference system. "
            f"Set it with set_crs(), then to_crs('{WGS84}')."
        )
    if not CRS.from_user_input(crs).equals(CRS.from_user_input(WGS84), ignore_axis_order=True):
        raise DataError(
            f"{name}: is in {crs.to_string()}, expected {WGS84}. Convert it with to_crs('{WGS84}')."
        )
    return frame


def _has_geometry(frame: gpd.GeoDataFrame) -> bool:
    """Whether the column that is to hold geometries is there, and holds them."""
    name = frame.active_geometry_name
    return name in frame and isinstance(frame[name], gpd.GeoSeries)


def lon_lat(points: gpd.GeoDataFrame | gpd.GeoSeries, name: str) -> tuple[Floats, Floats]:
    """Return longitudes and latitudes of points, NaN where one is missing.

    Parameters
    ----------
    points
        Points, EPSG:4326.
    name
        What they are called in the message.

    Raises
    ------
    DataError
        As :func:`require_wgs84`, or if a geometry is not a point.

    Examples
    --------
    >>> lon, lat = lon_lat(gpd.GeoSeries.from_xy([-73.5], [45.0], crs="EPSG:4326"), "points")
    >>> lon.tolist(), lat.tolist()
    ([-73.5], [45.0])
    """
    geometry = require_wgs84(points, name).geometry
    known = ~geometry.isna().to_numpy()
    there = known & ~geometry.is_empty.to_numpy()
    if not geometry.geom_type[known].eq("Point").all():
        raise DataError(f"{name}: have geometries that are not points. Give one point each.")
    lon, lat = np.full((2, len(geometry)), np.nan)
    lon[there], lat[there] = shapely.get_coordinates(np.asarray(geometry)[there]).T
    return lon, lat


def suggest_metric_crs(bounds: Bounds) -> str:
    """Return a projected CRS in metres for a place on Earth.

    The UTM zone of its middle where metres are then within 0.5 % of true ones all over it;
    else the best of three projections made for it: transverse Mercator, which suits what
    is narrow from west to east, Lambert's conic, for what is narrow from south to north,
    and Lambert's azimuthal, for the rest and for the poles.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees; west beyond east where they go over 180°.

    Returns
    -------
    str
        An EPSG code, or a PROJ text. Of bounds as large as a continent no CRS has true
        metres: :meth:`Region.require_metric <roxham.geo.Region.require_metric>` refuses it.

    Raises
    ------
    DataError
        If the bounds are not degrees.

    Examples
    --------
    >>> suggest_metric_crs((-75.2, 44.3, -71.0, 45.8))
    'EPSG:32618'
    >>> suggest_metric_crs((179.0, -18.0, -179.0, -16.0))
    'EPSG:32701'
    >>> suggest_metric_crs((-180.0, 88.0, 180.0, 90.0)).split()[:2]
    ['+proj=laea', '+lat_0=90']
    """
    west, south, east, north = _plain(bounds)
    lon, lat = ((west + east) / 2 + 180) % 360 - 180, (south + north) / 2
    if UTM_SOUTH <= lat <= UTM_NORTH:
        zone = min(int((lon + 180) // 6) + 1, 60)
        utm = f"EPSG:{32600 + zone if lat >= 0 else 32700 + zone}"
        if scale_error(utm, bounds) <= GOOD:
            return utm
    if east - west >= 360 and abs(lat) > 45:  # all around a pole
        lat = float(np.copysign(90, lat))
    sixth = (north - south) / 6
    low, high = f"{round(south + sixth, 4):.10g}", f"{round(north - sixth, 4):.10g}"
    middle = f"+lat_0={round(lat, 4):.10g} +lon_0={round(lon, 4):.10g} +datum=WGS84 +units=m"
    made = [
        f"+proj=laea {middle}",
        f"+proj=tmerc {middle}",
        f"+proj=lcc +lat_1={low} +lat_2={high} {middle}",
    ]
    return min(made, key=lambda crs: scale_error(crs, bounds))


def scale_error(crs: str, bounds: Bounds) -> float:
    """Return by how much metres of a projected CRS are wrong at most over bounds, as a share.

    Examples
    --------
    >>> there = scale_error("EPSG:32618", (-75.2, 44.3, -71.0, 45.8))
    >>> elsewhere = scale_error("EPSG:32618", (12.0, 35.0, 13.0, 36.0))
    >>> round(there, 4), elsewhere > 0.5
    (0.0009, True)
    """
    west, south, east, north = _plain(bounds)
    lon, lat = np.meshgrid(np.linspace(west, east, 9), np.linspace(south, north, 9))
    try:
        at = Proj(CRS.from_user_input(crs)).get_factors((lon + 180) % 360 - 180, lat)
    except (CRSError, ProjError):  # as a cone whose parallels lie on both sides of the equator
        return float("inf")
    scales = np.concatenate([at.tissot_semimajor, at.tissot_semiminor])
    error = float(np.abs(scales - 1).max())
    return error if np.isfinite(error) else float("inf")


def is_from_file(crs: str) -> bool:
    """Whether a coordinate reference system is one that PROJ or GDAL would read from a file."""
    return FILES.search(ESCAPED.sub(lambda letter: chr(int(letter[1], 16)), crs)) is not None


def require_metres(crs: str, bounds: Bounds, name: str) -> str:
    """Return a CRS if metres of it are true within bounds; raise if not.

    Parameters
    ----------
    crs
        Projected, in metres.
    bounds
        Where it is to be used.
    name
        What lies there, in the message.

    Raises
    ------
    DataError
        If it is none, is not in metres, or its metres are more than 1 % wrong there.
    """
    if is_from_file(str(crs)):
        raise DataError(f"{name}: {shown(crs)} would be read from a file. Name it by its code.")
    try:
        known = CRS.from_user_input(crs)
    except CRSError as reason:
        raise DataError(f"{name}: {shown(crs)} is no CRS.") from reason
    if not known.is_projected or known.axis_info[0].unit_name != "metre":
        raise DataError(f"{name}: {crs} is not in metres. Give a projected CRS.")
    if (error := scale_error(crs, bounds)) <= MOST:
        return crs
    better = suggest_metric_crs(bounds)
    if scale_error(better, bounds) > MOST:
        raise DataError(
            f"{name}: is too large for metres in one CRS, {bounds}. Work on a part at a time."
        )
    wrong = f"up to {error:.0%}" if error < 1 else "more than 100%"
    raise DataError(
        f"{name}: lies where metres of {crs} are {wrong} wrong. "
        f"Give it a metric_crs of its own, such as {better}."
    )


def _plain(bounds: Bounds) -> Bounds:
    """Return bounds with west before east, beyond 180° where they go over it."""
    try:
        west, south, east, north = map(float, bounds)
    except (TypeError, ValueError):
        told = f"bounds: is {shown(bounds)}. Give west, south, east, north in degrees."
        raise DataError(told) from None
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise DataError(f"bounds {bounds}: are not west, south, east, north in degrees.")
    return (west, south, east + 360 if east < west else east, north)
