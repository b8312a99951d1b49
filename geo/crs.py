"""Coordinate reference systems: EPSG:4326 at every door, one metric CRS inside."""

from __future__ import annotations

from typing import TypeVar

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from ._types import Floats
from .errors import DataError

__all__ = ["METRIC", "WGS84", "lon_lat", "require_wgs84", "suggest_metric_crs"]

WGS84 = "EPSG:4326"
METRIC = "EPSG:32618"
"""UTM 18N for the whole study area.

The 18N/19N seam at 72° W runs through it, so the zone is fixed and never
estimated per frame: at the eastern edge, 71° W, lengths are 0.3 % long.
"""

Frame = TypeVar("Frame", gpd.GeoDataFrame, gpd.GeoSeries)


def require_wgs84(frame: Frame, name: str) -> Frame:
    """Return the frame if it is in EPSG:4326, else raise; never guess.

    Parameters
    ----------
    frame
        Geometries, longitude first.
    name
        What the frame is called in the message.

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
    if isinstance(frame, gpd.GeoDataFrame) and frame.active_geometry_name is None:
        raise DataError(f"{name}: has no geometry. Set it with set_geometry().")
    if frame.crs is None:
        raise DataError(
            f"{name}: has no coordinate reference system. "
            f"Set it with set_crs(), then to_crs('{WGS84}')."
        )
    if not CRS.from_user_input(frame.crs).equals(
        CRS.from_user_input(WGS84), ignore_axis_order=True
    ):
        raise DataError(
            f"{name}: is in {frame.crs.to_string()}, expected {WGS84}. "
            f"Convert it with to_crs('{WGS84}')."
        )
    return frame


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
    there = ~(geometry.isna() | geometry.is_empty).to_numpy()
    if not geometry[there].geom_type.eq("Point").all():
        raise DataError(f"{name}: have geometries that are not points. Give one point each.")
    lon, lat = np.full((2, len(geometry)), np.nan)
    lon[there], lat[there] = shapely.get_coordinates(geometry[there].to_numpy()).T
    return lon, lat


def suggest_metric_crs(bounds: tuple[float, float, float, float]) -> str:
    """Stand in."""
    west, south, east, north = bounds
    zone = int(((west + east) / 2 + 180) // 6) + 1
    return f"EPSG:{(32600 if south + north > 0 else 32700) + zone}"
