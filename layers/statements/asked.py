"""Tables as statements ask them: rows are found by their cells, and each column is read once.

A statement asks for a row or two, and pandas takes a millisecond for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from roxham.geo import load_regions
from roxham.layers.intervals import Interval, intervals_of, with_bounds
from roxham.layers.travel.regimes import Regime, regimes

__all__ = ["Rows", "Table", "Tables"]

REGIONS = "regions"
"""What is asked beside the tables of facts."""
OF_COUNTS = ("precision", "other")


class Table:
    """A table that is not changed while it is asked."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self._cells: dict[str, list[Any]] = {}
        self._found: dict[tuple[str, ...], dict[tuple[str | None, ...], list[int]]] = {}
        self._intervals: dict[str, list[Interval | None]] = {}

    def cells(self, name: str) -> list[Any]:
        """Return the cells of a column."""
        if name not in self._cells:
            self._cells[name] = self.frame[name].tolist()
        return self._cells[name]

    def intervals(self, count: str) -> list[Interval | None]:
        """Return what the counts of a column can be."""
        if count not in self._intervals:
            columns = [count, *(name for name in OF_COUNTS if name in self.frame)]
            self._intervals[count] = intervals_of(with_bounds(self.frame[columns], count=count))
        return self._intervals[count]

    def rows(self, wanted: Mapping[str, str]) -> Rows:
        """Return the rows of which these cells are written so."""
        names = tuple(wanted)
        if names not in self._found:
            found: dict[tuple[str | None, ...], list[int]] = {}
            for at, cells in enumerate(zip(*map(self._texts, names), strict=True)):
                found.setdefault(cells, []).append(at)
            self._found[names] = found
        return Rows(self, self._found[names].get(tuple(wanted.values()), ()))

    def _texts(self, name: str) -> list[str | None]:
        texts = self.frame[name].astype("string").tolist()
        return [text if isinstance(text, str) else None for text in texts]


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a table, by their positions in it."""

    table: Table
    at: Sequence[int]

    def __len__(self) -> int:
        return len(self.at)

    def __getitem__(self, name: str) -> list[Any]:
        cells = self.table.cells(name)
        return [cells[k] for k in self.at]

    def known(self, name: str) -> list[Any]:
        """Return the cells of a column that are not null."""
        return [cell for cell in self[name] if not pd.isna(cell)]

    def intervals(self, count: str) -> list[Interval | None]:
        """Return what the counts of a column can be."""
        every = self.table.intervals(count)
        return [every[k] for k in self.at]

    def where(self, kept: Iterable[object]) -> Rows:
        """Return the rows for which something is true."""
        return Rows(self.table, [k for k, keep in zip(self.at, kept, strict=True) if keep])

    def records(self, *names: str) -> Iterator[dict[str, Any]]:
        """Yield each row with those of some columns that there are."""
        columns = {name: self[name] for name in names if name in self.table.frame}
        for cells in zip(*columns.values(), strict=True):
            yield dict(zip(columns, cells, strict=True))


class Tables(dict[str, Table]):
    """Tables by the name of their layer; the administrative regions are one of them."""

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        super().__init__({name: Table(frame) for name, frame in frames.items()})
        self.sides: dict[str, str | None] = {}
        """On which side of the border incidents are, of those that were asked for."""

    def __missing__(self, layer: str) -> Table:
        if layer != REGIONS:
            raise KeyError(layer)
        self[layer] = Table(load_regions())
        return self[layer]

    @cached_property
    def regimes(self) -> list[Regime]:
        """Return the regimes of the region at work, as its policy events have them."""
        return regimes(self["policy_events"].frame)
