"""What lies near a line or near places, asked of bounding boxes: never too little."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from roxham.geo._types import Bools, Floats, Ints

from .steps import stepped

__all__ = ["Reach"]

METRES_A_DEGREE = 110_000.0
"""Less than any degree of latitude has, or of longitude at the equator."""
LONGEST_DEG = 0.05
"""Longest piece of line that one box is put around."""


@dataclass(frozen=True, eq=False)
class Reach:
    """Boxes in degrees, shape ``(n, 4)``: west, south, east, north.

    Examples
    --------
    >>> line = np.array([[0.0, 50.0], [1.0, 50.0]])
    >>> near = Reach.along(line, np.array([0, 2]), 1000)
    >>> near.touches(np.array([[0.4, 49.0, 0.5, 49.98], [0.4, 49.0, 0.5, 49.995]])).tolist()
    [False, True]
    """

    boxes: Floats

    @classmethod
    def along(cls, coords: Floats, offsets: Ints, metres: float) -> Reach:
        """Return what lies within so many metres of lines, and a little more."""
        lines = shapely.from_ragged_array(shapely.GeometryType.LINESTRING, coords, (offsets,))
        pieces = stepped(lines, LONGEST_DEG)
        xy, line = shapely.get_coordinates(pieces, return_index=True)
        same = line[1:] == line[:-1]
        low = np.minimum(xy[:-1], xy[1:])[same]
        high = np.maximum(xy[:-1], xy[1:])[same]
        north = metres / METRES_A_DEGREE
        farthest = np.abs([low[:, 1], high[:, 1]]).max(axis=0) + north
        squeeze = np.maximum(np.cos(np.radians(np.minimum(farthest, 90))), 1e-3)
        margin = np.column_stack([north / squeeze, np.full(len(low), north)])
        return cls(np.column_stack([low - margin, high + margin]))

    @classmethod
    def around(cls, points: Floats, degrees: float) -> Reach:
        """Return what lies within so many degrees of points, shape ``(n, 2)``."""
        return cls(np.column_stack([points - degrees, points + degrees]))

    @cached_property
    def _tree(self) -> shapely.STRtree:
        boxes: Any = shapely.box(*self.boxes.T)
        return shapely.STRtree(boxes)

    @property
    def bounds(self) -> Floats:
        """West, south, east and north of all of it; not numbers where there is nothing."""
        if not len(self.boxes):
            return np.full(4, np.nan)
        return np.concatenate([self.boxes[:, :2].min(axis=0), self.boxes[:, 2:].max(axis=0)])

    def touches(self, bounds: Floats) -> Bools:
        """Return which boxes, shape ``(n, 4)``, touch it; those that are not known might.

        A box and a line on either side of 180° are beside each other, whether their longitudes
        are within ±180° or go on over it. A box whose west is beyond its east goes over 180°.

        Examples
        --------
        >>> line = np.array([[179.5, -16.5], [180.5, -16.5]])
        >>> near = Reach.along(line, np.array([0, 2]), 1000)
        >>> boxes = np.array([[-179.7, -17, -179.6, -16], [-179.4, -17, -179.3, -16]])
        >>> near.touches(boxes).tolist()
        [True, False]
        """
        found: Bools = np.logical_not(np.isfinite(bounds).all(axis=1))
        west, south, east, north = bounds.T
        east = np.where(east < west, east + 360, east)
        for turn in (-360, 0, 360):
            found = found | self._meets(np.column_stack([west + turn, south, east + turn, north]))
        return found

    def _meets(self, bounds: Floats) -> Bools:
        west, south, east, north = self.bounds
        near: Bools = (bounds[:, 0] <= east) & (bounds[:, 2] >= west)
        near &= (bounds[:, 1] <= north) & (bounds[:, 3] >= south)
        rows = np.flatnonzero(near)
        found: Bools = np.zeros(len(bounds), dtype=bool)
        if len(rows):
            boxes: Any = shapely.box(*bounds[rows].T)
            found[rows[np.unique(self._tree.query(boxes)[0])]] = True
        return found
