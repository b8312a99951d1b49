"""Many areas on a printed map: how many of them overlap, in a few shades, not each outline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from roxham.geo._types import Floats, Ints

from .frame import parts_of
from .sheet import Box, Path
from .symbols import colour

__all__ = ["MOST", "Shading", "shade_mark", "shading_of"]

MOST = 1000
"""Areas that are outlined and hatched each; more cannot be told apart."""
CELL = 4.0
"""Pixels across a cell; no area is so small that it lies between the middles of all cells."""
SHADES = 4
OPACITY = 0.13
"""Of each shade over the one before it."""


@dataclass(frozen=True)
class Shading:
    """How many areas overlap in each cell of a grid over a box of the sheet.

    ``steps`` holds the least number of each shade; the shades share out the covered cells.
    """

    box: Box
    counts: Ints
    areas: int

    @property
    def steps(self) -> list[int]:
        """The least number of areas of each shade, in order."""
        covered = self.counts[self.counts > 0]
        if not covered.size:
            return []
        ranks = np.arange(SHADES) / SHADES
        return [int(n) for n in np.unique(np.quantile(covered, ranks, method="lower"))]

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The least and the largest number of areas of each shade."""
        steps = self.steps
        ends = [step - 1 for step in steps[1:]] + [int(self.counts.max(initial=0))]
        return list(zip(steps, ends, strict=True))

    def paths(self) -> list[Path]:
        """Return the shades as paths, each over those before it."""
        return [_shade(self._outline(step)) for step in self.steps]

    def _outline(self, least: int) -> list[Floats]:
        """Return the outlines of the cells in which at least so many areas overlap."""
        covered = np.zeros((self.counts.shape[0], self.counts.shape[1] + 2), dtype=np.int8)
        covered[:, 1:-1] = self.counts >= least
        row, start = np.nonzero(np.diff(covered, axis=1) == 1)
        _, stop = np.nonzero(np.diff(covered, axis=1) == -1)
        left, right = self.box.x + start * CELL, self.box.x + stop * CELL
        top = self.box.y + row * CELL
        runs = shapely.box(left, top, right, top + CELL)
        frame = shapely.box(
            self.box.x, self.box.y, self.box.x + self.box.w, self.box.y + self.box.h
        )
        return parts_of([shapely.intersection(shapely.union_all(runs), frame)])


def shading_of(x: Floats, y: Floats, radius: Floats, box: Box) -> Shading:
    """Count how many circles cover the middle of each cell of a box.

    Parameters
    ----------
    x, y, radius
        The circles, in pixels of the sheet.
    box
        The part of the sheet to look at.

    Examples
    --------
    >>> one = shading_of(np.array([6.0]), np.array([6.0]), np.array([5.0]), Box(0, 0, 12, 12))
    >>> one.counts.tolist()
    [[0, 1, 0], [1, 1, 1], [0, 1, 0]]
    """
    rows, columns = (int(np.ceil(length / CELL)) for length in (box.h, box.w))
    counts = np.zeros((rows, columns), dtype=np.int64)
    for row in range(rows):
        away = box.y + (row + 0.5) * CELL - y
        met = np.abs(away) < radius
        half = np.sqrt(radius[met] ** 2 - away[met] ** 2)
        # A circle begins at one cell of the row and is over at another: sums between are its span.
        first = np.ceil((x[met] - half - box.x) / CELL - 0.5).clip(0, columns).astype(np.intp)
        after = np.floor((x[met] + half - box.x) / CELL + 0.5).clip(0, columns).astype(np.intp)
        begun = np.bincount(first, minlength=columns + 1)
        over = np.bincount(np.maximum(first, after), minlength=columns + 1)
        counts[row] = np.cumsum(begun - over)[:columns]
    return Shading(box, counts, len(x))


def _shade(parts: list[Floats]) -> Path:
    return Path(parts, fill=colour("ink"), opacity=OPACITY)


def shade_mark(shade: int, x: float, y: float) -> list[Path]:
    """Return a swatch of a shade, the first being 0: as many layers as lie there on the map."""
    swatch = shapely.get_coordinates(shapely.box(x - 13, y - 7, x + 13, y + 7))
    return [_shade([swatch]) for _ in range(shade + 1)]
