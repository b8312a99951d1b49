"""Areas of uncertainty: a middle and a radius, and never a bare point."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from roxham.geo import Fault
from roxham.geo.geometry.geodesic import goes_over, in_degrees, middles, reaches_m
from roxham.layers.privacy.masking import LARGEST_M

__all__ = ["as_circles", "radius_faults"]

MOST = 20
"""Faults told of one frame."""

REMEDY = "Give radius_m, metres above 0: how far from this point it may have been."


def as_circles(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a frame with the middle of each polygon, and a radius that holds all of it.

    A radius that is given and is larger stays. Polygons that are not in degrees are left.

    Examples
    --------
    >>> area = gpd.GeoSeries([shapely.box(15.79, 45.19, 15.81, 45.21)], crs="EPSG:4326")
    >>> found = as_circles(gpd.GeoDataFrame({"radius_m": [500.0]}, geometry=area))
    >>> found.geometry.item().wkt, found["radius_m"].item()
    ('POINT (15.8 45.2)', 1362.0)
    """
    shapes = np.asarray(frame.geometry.array, dtype=object)
    west, south, east, north = shapely.bounds(shapes).T
    area = (shapely.get_dimensions(shapes) == 2) & ~shapely.is_empty(shapes)
    area &= (west >= -180) & (south >= -90) & (east <= 180) & (north <= 90)
    area &= in_degrees(shapes) & ~goes_over(shapes)
    if not area.any():
        return frame
    middle = middles(shapes[area])
    given = frame["radius_m"] if "radius_m" in frame else pd.Series(np.nan, frame.index)
    radius = pd.to_numeric(given, errors="coerce").to_numpy(dtype=float, na_value=np.nan).copy()
    radius[area] = np.fmax(radius[area], np.ceil(reaches_m(shapes[area], middle).round(3)))
    placed = shapes.copy()
    placed[area] = middle
    points = gpd.GeoSeries(placed, frame.index, crs=frame.crs)
    return frame.assign(radius_m=radius).set_geometry(points.rename(str(frame.geometry.name)))


def radius_faults(frame: gpd.GeoDataFrame, name: str) -> list[Fault]:
    """Return what keeps features from being areas: what is no point, and points with no radius.

    Examples
    --------
    >>> bare = gpd.GeoDataFrame(geometry=gpd.points_from_xy([15.8], [45.2]), crs="EPSG:4326")
    >>> print(*radius_faults(bare, "incidents"))
    incidents, row 1, column radius_m: is missing. Give radius_m, metres above 0: how far from \
this point it may have been.
    """
    shapes = np.asarray(frame.geometry.array, dtype=object)
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    point = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    given = frame["radius_m"] if "radius_m" in frame else pd.Series(np.nan, frame.index)
    metres = pd.to_numeric(given, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    faults = [
        Fault(name, "is neither a point nor a polygon.", "Give the middle of the place.", row + 1)
        for row in np.flatnonzero(there & ~point).tolist()
    ]
    for row in np.flatnonzero(there & point & ~((metres > 0) & (metres <= LARGEST_M))).tolist():
        missing = given.isna().iloc[row]
        found = "is missing." if missing else "is no radius in metres above 0."
        faults.append(Fault(name, found, REMEDY, row + 1, "radius_m"))
    return faults[:MOST]
