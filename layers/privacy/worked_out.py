"""What a reader can work out of the cells that a table withholds, by the sums that it publishes.

The least and the greatest count that fit are found by linear programming (Willenborg and de Waal
2001, *Elements of Statistical Disclosure Control*, chapter 4). Most cells need none: where sums do
not tie each other in rings, the bounds that they give each other are what can be. Else these lie
beyond it, the solutions that were found within it, and where both meet nothing is left to ask.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import numpy as np

from roxham.geo import DataError
from roxham.geo._types import Floats

__all__ = ["Key", "Reader", "Sum"]

Key: TypeAlias = tuple[Hashable, ...]
Range: TypeAlias = tuple[int, int | None]
"""The least and the greatest count, None where there is no greatest."""

NEAR = 1e-6
ROUNDS = 50
"""After so many rounds of bounds, or one for each sum, the rest is left to linear programs."""


@dataclass(frozen=True)
class Sum:
    """Parts and their total.

    ``whole`` if the parts in the table are all there are; ``perhaps`` if that cannot be
    told, as the count of one is not there.
    """

    total: Key
    parts: tuple[Key, ...]
    whole: bool
    perhaps: bool


class _Line(NamedTuple):
    """A sum's unknown cells with their signs, what stands against them, and whether it is equal."""

    signs: dict[Key, float]
    right: float
    equal: bool


class Reader:
    """What a reader can work out: the sums as equations, the unknown cells as variables.

    A reader may know that the parts of a total are all there are where the source withholds
    one of them, and so the table cannot tell: ``complete`` reckons with that.

    Parameters
    ----------
    counts
        Of each cell, None where there is none.
    hidden
        Cells that are withheld; :meth:`hide` adds to them.
    sums
        The sums that the table has.
    known
        Counts that a reader has from elsewhere.
    """

    def __init__(
        self,
        counts: Mapping[Key, int | None],
        hidden: set[Key],
        sums: Sequence[Sum],
        known: Mapping[Key, int],
        *,
        complete: bool,
    ) -> None:
        self.counts, self.known, self.complete = counts, known, complete
        self.unknown = {
            k for k, n in counts.items() if (n is None or k in hidden) and k not in known
        }
        self.sums = sums
        self.at: dict[Key, list[int]] = {}
        for number, one in enumerate(sums):
            for key in (one.total, *one.parts):
                self.at.setdefault(key, []).append(number)
        self.tied: dict[Key, _Tied] = {}

    def hide(self, key: Key) -> None:
        """Withhold one more cell; what is not tied to it stays as it was found."""
        if key in self.known:
            return
        self.unknown.add(key)
        cells, _ = self._around(key)
        for cell in cells:
            self.tied.pop(cell, None)

    def pins(self, key: Key, width: int) -> bool:
        """Whether a cell is known to within less than a width."""
        if key not in self.at:
            return False
        return self._tied(key).pins(key, width)

    def range_of(self, key: Key) -> Range:
        """Return the least and the greatest count that fit; no greatest is None."""
        if key not in self.at:
            return 0, None
        return self._tied(key).range_of(key)

    def _tied(self, key: Key) -> _Tied:
        if key not in self.tied:
            cells, lines = self._around(key)
            tied = _Tied(cells, lines)
            self.tied |= dict.fromkeys(cells, tied)
        return self.tied[key]

    def _around(self, key: Key) -> tuple[dict[Key, int], list[_Line]]:
        """Return the unknown cells that sums tie to one, each with its place, and these sums."""
        cells, numbers, near = {key: 0}, dict[int, _Line](), [key]
        while near:
            for number in self.at.get(near.pop(), ()):
                if number in numbers:
                    continue
                numbers[number] = line = self._line(self.sums[number])
                new = [other for other in line.signs if other not in cells]
                cells |= {other: len(cells) + i for i, other in enumerate(new)}
                near += new
        return cells, list(numbers.values())

    def _line(self, one: Sum) -> _Line:
        signs = {one.total: -1.0, **dict.fromkeys(one.parts, 1.0)}
        unknown = {key: sign for key, sign in signs.items() if key in self.unknown}
        counts = self.counts
        right = -sum(
            sign * (self.known[key] if (count := counts[key]) is None else count)
            for key, sign in signs.items()
            if key not in unknown
        )
        return _Line(unknown, right, one.whole or (self.complete and one.perhaps))


@dataclass
class _Tied:
    """Unknown cells that sums tie to each other, and what is known of each."""

    cells: dict[Key, int]
    lines: list[_Line]
    beyond: tuple[Floats, Floats] = field(init=False)
    """No count that fits is less, or greater: what sums tell of each other."""
    within: tuple[Floats, Floats] = field(init=False)
    """The least and greatest that were found to fit."""

    def __post_init__(self) -> None:
        size = len(self.cells)
        self.signs = np.zeros((len(self.lines), size))
        for i, line in enumerate(self.lines):
            for key, sign in line.signs.items():
                self.signs[i, self.cells[key]] = sign
        self.right = np.array([line.right for line in self.lines])
        self.equal = np.array([line.equal for line in self.lines])
        self.beyond = self._bounds()
        if np.count_nonzero(self.signs) == size + len(self.lines) - 1:
            # No way leads round: what one sum leaves is there, whatever the others leave.
            if (self.beyond[0] > self.beyond[1]).any():
                raise _contradiction()
            self.within = self.beyond
        else:
            self.within = np.full(size, np.inf), np.full(size, -np.inf)
            self._solve(np.ones(size))  # raises where nothing fits

    def pins(self, key: Key, width: int) -> bool:
        """Whether a cell is known to within less than a width."""
        at = self.cells[key]
        low, high = self.within[0][at], self.within[1][at]
        if np.floor(high + NEAR) - np.ceil(low - NEAR) >= width:
            return False
        least, most = self.range_of(key)
        return most is not None and most - least < width

    def range_of(self, key: Key) -> Range:
        """Return the least and the greatest count that fit; no greatest is None."""
        at = self.cells[key]
        aim = np.zeros(len(self.cells))
        aim[at] = 1.0
        low, high = (ends[at] for ends in self.beyond)
        if np.ceil(self.within[0][at] - NEAR) > np.ceil(low - NEAR):
            low = self._solve(aim)
            self.beyond[0][at] = self.within[0][at] = low
        if np.floor(self.within[1][at] + NEAR) < np.floor(high + NEAR):
            high = -self._solve(-aim)
            self.beyond[1][at] = self.within[1][at] = high
        return int(np.ceil(low - NEAR)), None if np.isinf(high) else int(np.floor(high + NEAR))

    def _bounds(self) -> tuple[Floats, Floats]:
        """Return what each sum leaves for each of its cells, once more where that was less."""
        low, high = np.zeros(len(self.cells)), np.full(len(self.cells), np.inf)
        # A sum that is equal holds the other way round, too.
        signs = np.vstack([self.signs, -self.signs[self.equal]])
        right = np.concatenate([self.right, -self.right[self.equal]])
        parts = [
            (np.flatnonzero(line), line[line != 0], most)
            for line, most in zip(signs, right, strict=True)
        ]
        for _ in range(max(ROUNDS, len(self.lines) + 1)):
            before = low.copy(), high.copy()
            for cells, sign, most in parts:
                least = np.where(sign > 0, low[cells], -high[cells])
                open_ = np.isinf(least)
                if open_.sum() > 1:
                    continue
                rest = np.where(open_, 0.0, least).sum() - np.where(open_, 0.0, least)
                left = most - rest  # of each cell, if the others are as little as they can be
                told = open_ if open_.any() else np.full(len(cells), True)
                up, down = told & (sign > 0), told & (sign < 0)
                high[cells[up]] = np.minimum(high[cells[up]], left[up])
                low[cells[down]] = np.maximum(low[cells[down]], -left[down])
            if np.array_equal(before[0], low) and np.array_equal(before[1], high):
                break
        return low, high

    def _solve(self, aim: Floats) -> float:
        """Return the least that an aim can be, and keep which counts made it; -inf if no least."""
        from scipy.optimize import linprog  # costs more than half of what pandas does

        less = ~self.equal
        found = linprog(
            aim,
            A_ub=self.signs[less] if less.any() else None,
            b_ub=self.right[less] if less.any() else None,
            A_eq=self.signs[self.equal] if self.equal.any() else None,
            b_eq=self.right[self.equal] if self.equal.any() else None,
            bounds=(0, None),
        )
        if found.status == 3:  # no bound
            return -np.inf
        if found.status != 0:
            raise _contradiction()
        values = np.asarray(found.x, dtype=float)
        np.minimum(self.within[0], values, out=self.within[0])
        np.maximum(self.within[1], values, out=self.within[1])
        return float(found.fun or 0.0)


def _contradiction() -> DataError:
    return DataError(
        "table: what is public contradicts itself: another table has counts that do not "
        "fit this one's sums, or a total with a withheld part has parts not listed here. "
        "Leave the one out, or the other."
    )
