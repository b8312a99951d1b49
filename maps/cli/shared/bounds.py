"""The box of a region that nobody has written down: of its roads, or of its border.

Over 180° boxes go on beyond it while they are worked out; told, their west is beyond their east.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import shapely

from roxham.geo import Border, Roads, suggest_metric_crs
from roxham.geo.errors import DataError
from roxham.geo.geometry.geodesic import ahead, spans_180
from roxham.geo.network.roads import bounds_over
from roxham.geo.region import Region

__all__ = ["bounds_of", "grown"]

Bounds: TypeAlias = tuple[float, float, float, float]
AROUND = 0.1
"""What a region has around its border, as a share of its size."""
WITHIN = 0.001
"""What of a line's length is left outside at either end."""
SPARE = 0.01
"""Degrees around roads, and around what lies on both sides of 180°."""
PLACES = 4
ROUNDING = 10.0**-PLACES
"""Bounds are written with four places."""


def bounds_of(line: gpd.GeoDataFrame | None, roads: Roads | None) -> Bounds:
    """Return the box of a region: that of its roads, or the border with room around.

    A line that is to cut the box in two must reach its edges, and so goes a little beyond them;
    where it ends within the roads, the box ends before it.
    """
    around = None if roads is None else bounds_over(roads)
    over = around is not None and around[0] > around[2]
    if line is not None and (over or _reaches_180(line)):
        over = True
        line = line.set_geometry(gpd.GeoSeries(ahead(line.geometry.to_numpy()), line.index))
    if around is not None and over:
        around = around[0] % 360, around[1], around[2] % 360, around[3]
    return _told(_around(line, around))


def _reaches_180(line: gpd.GeoDataFrame) -> bool:
    """Whether a border goes over 180°, or along it: then there is room beyond."""
    lon = np.abs(shapely.get_coordinates(line.geometry.to_numpy())[:, 0])
    along = len(lon) > 0 and bool(lon.max() >= 180 and lon.min() > 90)
    return along or spans_180(line.geometry.to_numpy())


def _around(line: gpd.GeoDataFrame | None, roads: Bounds | None) -> Bounds:
    if roads is not None:
        boxes = [_grown(roads, SPARE, SPARE), _grown(roads, ROUNDING, ROUNDING)]
        return boxes[0] if line is None else _cut_by(line, [*boxes, *_as_long(line, boxes[0])])
    assert line is not None
    west, south, east, north = map(float, line.total_bounds)
    around = west, south, east, north
    wide, high = east - west, north - south
    beside = max(max(wide, high) * AROUND, SPARE)
    if line.geom_type.isin(["Polygon", "MultiPolygon"]).any():
        return _grown(around, beside, beside)
    within = -max(max(wide, high) * WITHIN, ROUNDING)
    lying = [(within, beside), (0.0, beside)]
    if wide < high:
        lying = [(across, along) for along, across in lying]
    return _cut_by(line, [_grown(around, *more) for more in lying])


def grown(box: Bounds) -> Bounds:
    """Return a box with a little more on each side."""
    west, south, east, north = box
    return _told(_grown((west, south, east + 360 * (east < west), north), SPARE, SPARE))


def _told(box: Bounds) -> Bounds:
    """Return a box with longitudes within ±180°, its west beyond its east over it."""
    west, south, east, north = box
    if west < 180 < east:
        return west, south, east - 360, north
    beyond = 360 * (west >= 180)
    return west - beyond, south, east - beyond, north


def _grown(box: Bounds, wide: float, high: float) -> Bounds:
    """Return a box with so much more on each side; what does not reach 180° stays within it."""
    west, south, east, north = box
    first, last = (0.0, 360.0) if west >= 0 and east >= 180 else (-180.0, 180.0)
    return (
        max(west - wide, first),
        max(south - high, -90.0),
        min(east + wide, last),
        min(north + high, 90.0),
    )


def _cut_by(line: gpd.GeoDataFrame, boxes: Sequence[Bounds]) -> Bounds:
    """Return the first of some boxes that a border cuts in two; the first of all if none."""
    for box in boxes:
        west, south, east, north = (round(edge, PLACES) for edge in box)
        rounded = _told((west, south, east, north))
        region = Region("draft", "draft", rounded, suggest_metric_crs(rounded), ("A", "B"))
        with suppress(DataError):
            Border.from_line(line, region)
            return box
    return boxes[0]


def _as_long(line: gpd.GeoDataFrame, box: Bounds) -> Sequence[Bounds]:
    """Return a box that goes no farther than a line does, along it; none where they lie apart."""
    west, south, east, north = map(float, line.total_bounds)
    within = max(east - west, north - south) * WITHIN + ROUNDING
    if east - west >= north - south:
        found = max(box[0], west + within), box[1], min(box[2], east - within), box[3]
    else:
        found = box[0], max(box[1], south + within), box[2], min(box[3], north - within)
    return [found] if found[0] < found[2] and found[1] < found[3] else []
