"""Which of many lines can come near a border at all: a grid that is looked up, not searched.

Millions of road edges lie far from the border. Each border cell and its
neighbours are marked once; an edge is kept if one of its segments starts in a
marked cell, or is longer than a cell. The sieve never loses an edge that meets
the border; what it keeps is measured exactly afterwards.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from roxham.geo._types import Bools, Floats, Ints
from roxham.geo.columns import ends, runs

__all__ = ["densified", "lines_near"]


SMALL = 50_000
"""Up to so many points the sieve costs more than it saves."""

CHUNK = 1 << 17
CELLS = 1_500
"""Cells along the longer side of the grid."""

LONG_STEP = 98
"""Percentile of the lines' segments that a cell is long: few overleap one."""


def lines_near(coords: Floats, offsets: Ints, border: Floats, border_offsets: Ints) -> Ints:
    """Return the lines that may meet the border, at least all that do.

    Parameters
    ----------
    coords, offsets
        Line i is ``coords[offsets[i]:offsets[i + 1]]``, shape ``(n, 2)``.
    border, border_offsets
        The border's lines in the same form.

    Examples
    --------
    >>> road = np.array([[0.0, 0.0], [1.0, 1.0]])
    >>> lines_near(road, np.array([0, 2]), road, np.array([0, 2])).tolist()
    [0]
    """
    lines = len(offsets) - 1
    if len(coords) < SMALL:
        return np.arange(lines)
    grid = _Grid(coords, offsets, border, border_offsets)
    starts = range(0, len(coords) - 1, CHUNK)
    points = np.concatenate([grid.hits(coords, offsets, start) for start in starts])
    near = np.searchsorted(offsets, points, side="right") - 1
    return near[np.diff(near, prepend=-1) > 0]


class _Grid:
    """Cells near the border, over the bounds of the border."""

    def __init__(self, coords: Floats, offsets: Ints, border: Floats, border_offsets: Ints) -> None:
        # a column at a time: NumPy is slow along rows of two
        low, high = (np.array([end(column) for column in border.T]) for end in (np.min, np.max))
        first = offsets[np.linspace(0, len(offsets) - 2, 10_000).astype(np.int64)]
        steps = coords.take(first + 1, axis=0) - coords.take(first, axis=0)
        long_step = float(np.percentile(_sizes(steps), LONG_STEP))
        cell = max(float((high - low).max()) / CELLS, 1.1 * long_step, 1e-9)
        self.scale = 1 / cell
        self.origin = low - 3 * cell  # the rim is never marked: points outside are put there
        self.columns, self.rows = (np.ceil((high - low) / cell).astype(int) + 7).tolist()
        marked = np.zeros((self.rows, self.columns), dtype=bool)
        x, y = self._cells(_sampled(border, border_offsets, cell / 2))
        marked[y, x] = True
        for _ in range(2):  # one cell for the border's own steps, one for the step of the road
            marked = _widened(_widened(marked).T).T
        marked[[0, -1]] = marked[:, [0, -1]] = False
        self.marked = np.ascontiguousarray(marked).ravel()

    def _cells(self, points: Floats) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        cells = []
        for axis, size in enumerate((self.columns, self.rows)):
            place = points[:, axis] - self.origin[axis]
            place *= self.scale
            # clipped before the cast, which would wrap far points round
            np.clip(place, 0, size - 1, out=place)
            cells.append(place.astype(np.int32))
        return cells[0], cells[1]

    def hits(self, coords: Floats, offsets: Ints, start: int) -> Ints:
        """Return the points of a chunk whose step to the next of their line may meet the border."""
        x, y = self._cells(coords[start : start + CHUNK + 1])
        near = self.marked.take(y * np.int32(self.columns) + x)[:-1]
        for cell in (x, y):  # a step over more than one cell: -1, 0, 1 become 0, 1, 2
            near |= (np.diff(cell) + np.int32(1)).view(np.uint32) > 2
        first, last = np.searchsorted(offsets, [start + 1, start + len(near) + 1])
        near[offsets[first:last] - 1 - start] = False  # from one line to the next is no step
        return np.flatnonzero(near) + start


def _widened(marked: Bools) -> Bools:
    """Return the cells with those above and below the marked ones marked too."""
    wide = marked.copy()
    wide[1:] |= marked[:-1]
    wide[:-1] |= marked[1:]
    return wide


def _sizes(steps: Floats) -> Floats:
    """Return how far steps go in x or y, the farther of the two."""
    sizes: Floats = np.maximum(*np.abs(steps).T)
    return sizes


def _sampled(coords: Floats, offsets: Ints, step: float) -> Floats:
    """Return the vertices of lines, and what :func:`densified` makes of their longer steps."""
    long = _sizes(np.diff(coords, axis=0)) > step
    long[offsets[1:-1] - 1] = False
    first = np.flatnonzero(long)
    if not len(first):
        return coords
    steps = np.stack([coords[first], coords[first + 1]], axis=1).reshape(-1, 2)
    return np.concatenate([coords, densified(steps, np.arange(0, len(steps) + 1, 2), step)])


def densified(coords: Floats, offsets: Ints, step: float) -> Floats:
    """Return points along the lines, no further apart than a step in x or y."""
    start = np.delete(np.arange(len(coords)), offsets[1:] - 1)
    a, b = coords[start], coords[start + 1]
    count = np.ceil(np.abs(b - a).max(axis=1) / step).astype(np.int64) + 1
    part = runs(np.zeros(len(count), dtype=np.int64), count) / np.repeat(count, count)
    along = np.repeat(a, count, axis=0) + part[:, None] * np.repeat(b - a, count, axis=0)
    return np.concatenate([along, coords[ends(np.diff(offsets))[1:] - 1]])
