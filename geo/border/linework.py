"""The lines of a frame as arrays: joined, each drawn once, checked."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from roxham.geo._types import Floats, Ints, Objects
from roxham.geo.bounds import bound, require
from roxham.geo.crs import require_wgs84
from roxham.geo.errors import DataError
from roxham.geo.geometry.geodesic import ahead, spans_180

__all__ = ["lines_of", "require_few_meetings"]

EACH = 20
"""So many pairs a step may lie close together, beyond the bound."""

PIECE, LOOKS = 16, 50
"""Steps of a line in a box, and how many pairs of them are looked at while one is noded."""

ROUNDING, TINY = 1e-15, 1e-300
"""What sums of two products are less wrong by than, as a share, and above what they have one."""


def lines_of(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> tuple[Floats, Ints]:
    """Return the lines, or the boundaries of the polygons, of a frame as arrays.

    Parts that continue each other are joined, what is drawn twice is kept once, as is
    the boundary that polygons share, and repeated points and heights are dropped.
    Inside polygons is left. Longitudes of what goes over 180° are from 0° to 360°.

    Raises
    ------
    DataError
        As :func:`~roxham.geo.border.lines.border_line`.

    Examples
    --------
    >>> fence = gpd.GeoSeries.from_wkt(
    ...     ["LINESTRING (0 0, 1 0)", "LINESTRING (2 1, 1 0)"], crs="EPSG:4326"
    ... )
    >>> lines_of(fence)[0].tolist()
    [[0.0, 0.0], [1.0, 0.0], [2.0, 1.0]]
    """
    geometry = require_wgs84(frame, "border").geometry.dropna()
    shapes = shapely.force_2d(np.asarray(geometry))
    if len(shapes) and spans_180(shapes):
        require_few_meetings(shapes)
        shapes = ahead(shapes)  # before its parts are told apart, so that no seam is left
    while (shapely.get_type_id(shapes) >= shapely.GeometryType.MULTIPOINT).any():
        shapes = shapely.get_parts(shapes)  # collections may hold collections
    shapes = shapes[~shapely.is_empty(shapes)]
    area = shapely.get_dimensions(shapes) == 2
    line = shapely.get_dimensions(shapes) == 1
    if not (area | line).any():
        raise DataError("border: holds no line and no polygon. Give lines or areas.")
    rims = shapely.boundary(shapely.orient_polygons(shapes[area]))
    drawn = shapely.get_parts(np.concatenate([_opened(shapes[line]), rims]))
    _require_plain_degrees(drawn)
    if len(drawn) > 1 or not _is_simple(drawn[0]):
        # what is drawn twice, as neighbours' boundary is: nodes it, and keeps one copy
        require_few_meetings(drawn)
        drawn = shapely.get_parts(shapely.union_all(_once(drawn)))
    if len(drawn) > 1:
        drawn = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(drawn)))
    drawn = shapely.remove_repeated_points(drawn)
    drawn = drawn[shapely.length(drawn) > 0]
    if not len(drawn):
        raise DataError("border: its lines have no length. Give lines or areas.")
    _, coords, (offsets,) = shapely.to_ragged_array(drawn)
    return coords, np.asarray(offsets, dtype=np.int64)


def require_few_meetings(shapes: Objects) -> None:
    """Refuse lines or areas whose steps lie close together so often that noding them has no end.

    The boxes of two steps that meet overlap. Of 200,000 pairs they may, and of 20 a step, so that
    the work grows with the steps and not with their square; of lines on a map it is some 4 a step.

    Parameters
    ----------
    shapes
        In EPSG:4326. What is drawn twice counts once.

    Raises
    ------
    DataError
        If there are more: bound ``meetings``.
    """
    parts = shapely.get_parts(shapes)
    of_lines = shapely.get_dimensions(parts) < 2
    steps = _steps(np.concatenate([parts[of_lines], shapely.get_rings(parts[~of_lines])]))
    if _few(*_boxes(steps), _most(len(steps))):
        return
    steps = _distinct(steps)
    low, high = _boxes(steps)
    boxes = np.asarray(shapely.linestrings(np.stack([low, high], axis=1)))
    tree, most = shapely.STRtree(boxes), _most(len(steps))
    at_once = max(1, most // len(steps))
    pairs = 0
    for start in range(0, len(steps), at_once):
        each = tree.query(boxes[start : start + at_once])  # itself, and each pair from both sides
        pairs += int((each[1] > each[0] + start).sum())
        require("meetings", pairs - EACH * len(steps), "border")


def _most(steps: int) -> int:
    """Return how many pairs of so many steps may lie close together."""
    return bound("meetings") + EACH * steps


def _boxes(steps: Floats) -> tuple[Floats, Floats]:
    """Return the lower and upper corners of the boxes of steps."""
    a, b = steps.swapaxes(0, 1)
    return np.minimum(a, b), np.maximum(a, b)


def _few(low: Floats, high: Floats, most: int) -> bool:
    """Return whether few pairs of boxes can overlap: few do so in x, or in y."""
    count = len(low)
    if count * (count - 1) // 2 <= most:
        return True
    for begin, end in zip(low.T, high.T, strict=True):
        begun = np.searchsorted(np.sort(begin), np.sort(end), side="right").sum()
        if begun - count * (count + 1) // 2 <= most:
            return True
    return False


def _is_simple(line: BaseGeometry) -> bool:
    """Return whether a line never meets itself; refuse one of which that takes long to say."""
    if _goes_ahead(line):
        return True
    coords = shapely.get_coordinates(line)
    low, high = np.minimum(coords[:-1], coords[1:]), np.maximum(coords[:-1], coords[1:])
    pieces = np.arange(0, len(low), PIECE)
    low, high = np.minimum.reduceat(low, pieces), np.maximum.reduceat(high, pieces)
    if not _few(low, high, LOOKS * _most(len(coords)) // PIECE**2):
        require_few_meetings(np.array([line], dtype=object))
    return bool(shapely.is_simple(line))


def _goes_ahead(line: BaseGeometry) -> bool:
    """Return whether each step of a line goes on towards its end, so that it never meets itself.

    That is true beyond the rounding of doubles. Of other lines it says nothing.
    """
    x, y = shapely.get_coordinates(line).T
    east, north = np.diff(x) * (x[-1] - x[0]), np.diff(y) * (y[-1] - y[0])
    return bool((east + north > ROUNDING * (np.abs(east) + np.abs(north)) + TINY).all())


def _once(lines: Objects) -> Objects:
    """Return lines, as their steps if most are drawn more than twice: each of them once.

    Neighbours draw a boundary twice; what nodes lines looks at each pair of steps that meet.
    """
    steps = _steps(lines)
    once = _distinct(steps)
    return lines if len(steps) <= 2 * len(once) else np.asarray(shapely.linestrings(once))


def _steps(lines: Objects) -> Floats:
    """Return the steps of lines, shape ``(n, 2, 2)``, but for those that lead nowhere."""
    coords, line = shapely.get_coordinates(lines, return_index=True)
    (x, y), goes = coords.T, line[1:] == line[:-1]
    first = np.flatnonzero(goes & ((x[1:] != x[:-1]) | (y[1:] != y[:-1])))
    return np.stack([coords.take(first, axis=0), coords.take(first + 1, axis=0)], axis=1)


def _distinct(steps: Floats) -> Floats:
    """Return each step once, whichever way it was drawn."""
    back = (steps[:, 0, 0] > steps[:, 1, 0]) | (
        (steps[:, 0, 0] == steps[:, 1, 0]) & (steps[:, 0, 1] > steps[:, 1, 1])
    )
    once: Floats = np.unique(np.where(back[:, None, None], steps[:, ::-1], steps), axis=0)
    return once


def _opened(lines: Objects) -> Objects:
    """Return rings as the lines they are drawn with."""
    ring = shapely.get_type_id(lines) == shapely.GeometryType.LINEARRING
    opened = lines.copy()
    opened[ring] = [shapely.LineString(line.coords) for line in lines[ring]]
    return opened


def _require_plain_degrees(lines: Objects) -> None:
    coords, line = shapely.get_coordinates(lines, return_index=True)
    if not np.isfinite(coords).all():
        raise DataError("border: has coordinates that are not numbers. Repair the geometry.")
    if (np.abs(coords) > [180 if coords[:, 0].min(initial=0) < 0 else 360, 90]).any():
        raise DataError("border: has coordinates outside ±180 and ±90 degrees, longitude first.")
    if (np.abs(np.diff(coords[:, 0]))[line[1:] == line[:-1]] > 180).any():
        raise DataError(
            "border: a segment spans more than 180 degrees of longitude, as if over the "
            "antimeridian. Cut it at 180° and work on one part at a time."
        )
