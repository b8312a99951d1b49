"""The bundled border is controlled, whatever a caller says of a line that runs along it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from roxham.geo._types import Floats, Ints
from roxham.geo.crs import WGS84
from roxham.geo.errors import DataError, Fault
from roxham.geo.region import ROXHAM

__all__ = ["refuse_open", "runs_along"]


METRIC = ROXHAM.metric_crs
NEAR_M = 2000.0
"""A line so near is beside the border. The 45th parallel itself is 1.8 km off it at most."""
WINDOW_M = 2000.0
"""Length of line that is looked at as one."""
STEP_M = 100.0
SMOOTH_M = 50.0
"""Bends smaller than this are straightened: a copy with a tremor is still a copy."""
COARSE_M, STEPS = 250.0, 1_000_000
"""Steps along the border in which a line is looked at on the whole, and more than there are."""
FLAT = 4.0
"""A piece runs along the border if it goes so many times farther along it than away from it."""


def refuse_open(coords: Floats, offsets: Ints, name: str = "border") -> None:
    """Refuse to call a line open that runs along the border of Canada and the United States.

    Parameters
    ----------
    coords, offsets
        Part i of the line is ``coords[offsets[i]:offsets[i + 1]]``, degrees, EPSG:4326,
        longitude first.
    name
        What the line is called in the message.

    Raises
    ------
    DataError
        If :func:`runs_along` finds that it does.
    """
    if runs_along(coords, offsets):
        raise DataError(
            Fault(name, "runs along the border of Canada and the United States, which is "
                  "controlled.", "Do not call it open: leave out --open or controlled=False.")
        )  # fmt: skip


def runs_along(coords: Floats, offsets: Ints) -> bool:
    """Return whether any piece of a line runs along the bundled border.

    A line that crosses it or ends at it does not. One that keeps beside it, within 2 km,
    does, be it a copy, a piece, a copy moved or turned round, or the parallel that maps
    often draw instead.

    Parameters
    ----------
    coords, offsets
        As for :func:`refuse_open`.

    Examples
    --------
    >>> parallel = np.array([[-73.6, 45.0], [-73.4, 45.0]])
    >>> meridian = np.array([[-73.5, 44.9], [-73.5, 45.1]])
    >>> runs_along(parallel, np.array([0, 2])), runs_along(meridian, np.array([0, 2]))
    (True, False)
    """
    west, south, east, north = ROXHAM.bounds
    lines = shapely.from_ragged_array(shapely.GeometryType.LINESTRING, coords, (offsets,))
    margin = NEAR_M / 50_000  # generous degrees
    box = (west - margin, south - margin, east + margin, north + margin)
    lines = shapely.get_parts(shapely.clip_by_rect(lines, *box))
    lines = lines[shapely.length(lines) > 0]
    if not len(lines):
        return False
    from .border import load_border

    whole = load_border()
    border = whole.line.to_crs(METRIC).union_all()
    side = whole.sides.geometry.segmentize(0.01).to_crs(METRIC).to_numpy()[0]
    shapely.prepare([border, side])
    own = gpd.GeoSeries(lines, crs=WGS84).segmentize(0.01).to_crs(METRIC).to_numpy()
    own = shapely.segmentize(shapely.simplify(own, SMOOTH_M), STEP_M)
    if any(_beside(shapely.get_coordinates(line), border, side) for line in own):
        return True
    return _around(shapely.get_coordinates(own), border, side)


def _around(points: Floats, border: shapely.Geometry, side: shapely.Geometry) -> bool:
    """Return whether points keep to the border on the whole, however they waver about it.

    A zigzag goes away from it at every turn, and in pieces it may hold no length along it. So
    the border is looked at in steps, and in each where the points lie on average.
    """
    parts = shapely.get_parts(shapely.line_merge(border))
    at = shapely.points(points)
    which = shapely.STRtree(parts).nearest(at)
    away: Floats = np.asarray(shapely.distance(at, border))
    away[~shapely.contains_xy(side, points)] *= -1
    near = np.abs(away) <= NEAR_M
    step = (shapely.line_locate_point(parts[which], at) // COARSE_M).astype(np.int64)
    key = which * STEPS + step  # parts lie far apart in these numbers
    steps, inverse = np.unique(key[near], return_inverse=True)
    mean = np.bincount(inverse, away[near]) / np.bincount(inverse)
    for run in np.split(np.arange(len(steps)), np.flatnonzero(np.diff(steps) > 1) + 1):
        size = int(WINDOW_M / COARSE_M)
        while size <= len(run):
            for start in range(0, len(run) - size + 1, max(1, size // 4)):
                if size * COARSE_M > FLAT * np.ptp(mean[run[start : start + size]]):
                    return True
            size *= 2
    return False


def _beside(points: Floats, border: shapely.Geometry, side: shapely.Geometry) -> bool:
    """Return whether some window of a densely drawn line goes along the border, not away."""
    nearest = shapely.shortest_line(shapely.points(points), border)
    away = np.asarray(shapely.length(nearest))
    foot = shapely.get_coordinates(nearest)[1::2]
    near = np.flatnonzero(away <= NEAR_M)
    away[~shapely.contains_xy(side, points)] *= -1  # to go through is to go away, too
    size = int(WINDOW_M / STEP_M)
    for run in np.split(near, np.flatnonzero(np.diff(near) > 1) + 1):
        for start in range(0, max(len(run) - size, min(len(run), 1)), size // 2):
            piece = run[start : start + size + 1]
            along = float(np.hypot(*np.ptp(foot[piece], axis=0)))
            if along > FLAT * np.ptp(away[piece]):
                return True
    return False
