"""Coordinate reference systems: EPSG:4326 at every door, one metric CRS inside."""

from __future__ import annotations

from typing import TypeVar

import geopandas as gpd
from pyproj import CRS

from .errors import DataError

__all__ = ["METRIC", "WGS84", "require_wgs84"]

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
        If the frame has no CRS or another one.

    Examples
    --------
    >>> require_wgs84(gpd.GeoSeries.from_xy([-73.5], [45.0], crs="EPSG:4326"), "points").size
    1
    """
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
