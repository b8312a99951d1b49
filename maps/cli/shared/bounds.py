"""The box of a region that nobody has written down: of its roads, or of its border."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TypeAlias

import geopandas as gpd

from roxham.geo import Border, suggest_metric_crs
from roxham.geo.errors import DataError
from roxham.geo.region import Region

__all__ = ["SPARE", "bounds_of"]

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


def bounds_of(line: gpd.GeoDataFrame | None, roads: Bounds | None) -> Bounds:
    """Return the box of a region: that of its roads, or the border with room around.

    A line that is to cut the box in two must reach its edges, and so goes a little beyond them;
    where it ends within the roads, the box ends before it.
    """
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


def _grown(box: Bounds, wide: float, high: float) -> Bounds:
    """Return a box with so much more on each side, within those of the Earth."""
    west, south, east, north = box
    grown = (
        max(west - wide, -180.0),
        max(south - high, -90.0),
        min(east + wide, 180.0),
        min(north + high, 90.0),
    )
    return grown[0], grown[1], grown[2], grown[3]


def _cut_by(line: gpd.GeoDataFrame, boxes: Sequence[Bounds]) -> Bounds:
    """Return the first of some boxes that a border cuts in two; the first of all if none."""
    for box in boxes:
        west, south, east, north = (round(edge, PLACES) for edge in box)
        region = Region(
            "draft", "draft", (west, south, east, north), suggest_metric_crs(box), ("A", "B")
        )
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
