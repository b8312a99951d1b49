"""A line as it is seen from points near it: how far off, on which side, and where along it.

Shapes are compared on Mercator's map: it keeps angles everywhere, so that no zone has to be
chosen, and near a place its lengths are true but for one factor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import shapely

from roxham.geo._types import Floats, Ints, Objects
from roxham.geo.geometry.steps import stepped

__all__ = ["Seen", "Track", "on_map"]

EARTH_M = 6_371_008.8
STRAIGHT_DEG = 0.1
"""Longest piece that is straight in degrees and taken for straight on the map: 14 m off."""
NORTHMOST = 85.0
APART_M = 1e6
"""Metres along that lie between two parts of a line."""


class Seen(NamedTuple):
    """A line as seen from points.

    ``at`` is where they are on the map, ``foot`` the point of the line that is nearest to each,
    and ``along`` how far along it that lies; ``away`` is the distance, below 0 to the right of
    the line. Both are metres; ``scale`` makes metres of lengths on the map.
    """

    at: Floats
    foot: Floats
    scale: Floats
    along: Floats
    away: Floats

    def goes_along_m(self, window: Ints) -> float:
        """Return how far some of the points go along the line, metres.

        Where the line bends away from them what is nearest leaps: no farther than they go.
        """
        spans = (np.hypot(*np.ptp(places[window], axis=0)) for places in (self.at, self.foot))
        return float(min(spans) * self.scale[window[0]])


@dataclass(frozen=True, eq=False)
class Track:
    """A line on the map as straight pieces, each from ``start`` to ``end``.

    ``left``, ``left_first`` and ``left_last`` point to the left of each piece: in its middle and
    at its ends, where what is left of both neighbours is left. ``along`` is where each begins.
    """

    start: Floats
    end: Floats
    left: Floats
    left_first: Floats
    left_last: Floats
    along: Floats
    tree: shapely.STRtree

    @classmethod
    def of(cls, shape: shapely.Geometry) -> Track:
        """Make a track of lines in degrees, longitude first."""
        xy, part = shapely.get_coordinates(on_map(shapely.get_parts(shape)), return_index=True)
        same = part[1:] == part[:-1]
        start, end, part = xy[:-1][same], xy[1:][same], part[:-1][same]
        step = end - start
        length = np.hypot(*step.T)
        left = np.column_stack([-step[:, 1], step[:, 0]]) / length[:, None]
        joined = (part[1:] == part[:-1])[:, None]
        first, last = left.copy(), left.copy()
        first[1:] += left[:-1] * joined
        last[:-1] += left[1:] * joined
        metres = length * _scale((start[:, 1] + end[:, 1]) / 2)
        along = np.cumsum(metres) - metres + part * APART_M
        pieces: Any = shapely.linestrings(np.stack([start, end], axis=1))
        return cls(start, end, left, first, last, along, shapely.STRtree(pieces))

    def seen_from(self, points: Floats) -> Seen:
        """Return how this line is seen from points on the map."""
        k = self.tree.nearest(shapely.points(points))
        start, step = self.start[k], self.end[k] - self.start[k]
        share = ((points - start) * step).sum(axis=1) / (step**2).sum(axis=1)
        share = np.clip(share, 0, 1)[:, None]
        foot = start + share * step
        left = np.where(share == 0, self.left_first[k], self.left[k])
        left = np.where(share == 1, self.left_last[k], left)
        scale = _scale(foot[:, 1])
        off = points - foot
        side = np.where((off * left).sum(axis=1) < 0, -1, 1)
        along = self.along[k] + share[:, 0] * np.hypot(*step.T) * scale
        return Seen(points, foot, scale, along, np.hypot(*off.T) * scale * side)

    def near(self, lines: Objects, within_m: float) -> Objects:
        """Return the parts of lines on the map that may be so near, whole where they can be."""
        xy, line = shapely.get_coordinates(lines, return_index=True)
        if len(xy) < 2:
            return lines[:0]
        low, high = np.minimum(xy[:-1], xy[1:]), np.maximum(xy[:-1], xy[1:])
        margin = within_m / _scale(np.abs([low[:, 1], high[:, 1]]).max(axis=0))[:, None]
        boxes: Any = shapely.box(*(low - margin).T, *(high + margin).T)
        here = np.zeros(len(boxes), dtype=bool)
        here[self.tree.query(boxes)[0]] = True
        here &= line[1:] == line[:-1]
        piece = np.cumsum(np.diff(here, prepend=False) & here) - 1  # numbers the runs
        first = np.flatnonzero(here)
        number = np.concatenate([piece[first], piece[first]])
        place = np.concatenate([first, first + 1])
        keys = np.unique(np.column_stack([number, place]), axis=0)
        if not len(keys):
            return lines[:0]
        found: Any = shapely.linestrings(xy[keys[:, 1]], indices=keys[:, 0])
        return np.atleast_1d(found)


def on_map(lines: Any) -> Any:
    """Return lines in degrees as they are on the map."""
    pieces = stepped(np.asarray(lines, dtype=object).ravel(), STRAIGHT_DEG)
    pieces = pieces if isinstance(lines, np.ndarray) else pieces[0]

    def project(xy: Floats) -> Floats:
        lon, lat = np.radians(xy[:, 0]), np.radians(np.clip(xy[:, 1], -NORTHMOST, NORTHMOST))
        return np.column_stack([lon, np.arctanh(np.sin(lat))]) * EARTH_M

    return shapely.transform(pieces, project)


def _scale(y: Floats) -> Floats:
    """Return what makes metres of lengths on the map: the cosine of the latitude."""
    return 1 / np.cosh(y / EARTH_M)
