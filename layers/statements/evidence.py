"""Which rows of the tables answered a statement, what they say, and what is not known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from roxham.layers.facts.datasets import DATASETS
from roxham.layers.intervals import Interval, first_interval

from .words import Said, phrase

__all__ = ["Evidence"]

OTHER_KEYS = {"regions": ("place_id",)}
"""Columns that name a row of what is asked beside the tables of facts."""
RESTS_ON = ("source_url", "confidence")


@dataclass
class Evidence:
    """The tables asked, and what came out.

    Attributes
    ----------
    tables
        Frames by the name of their layer.
    own_url
        Address of the source of the statement: a row that rests on it alone is no evidence.
    tolerance
        Share of a printed number that ``nearly`` and ``about`` allow.
    used
        ``layer, id, source_url`` of each row, once.
    said, reasons
        What rows say, and why something is not known, by language.
    """

    tables: Mapping[str, pd.DataFrame]
    own_url: str | None = None
    tolerance: float = 0.0
    used: list[tuple[str, str, str]] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    reasons: list[Said] = field(default_factory=list)

    def rows(
        self,
        layer: str,
        wanted: Mapping[str, str],
        *,
        asked: str | None = None,
        keep: Callable[[pd.DataFrame], pd.DataFrame] | None = None,
    ) -> pd.DataFrame:
        """Return the rows with these cells that are evidence, and note them; or say why not."""
        table = self.tables[layer]
        alike = np.ones(len(table), dtype=bool)
        for name, value in wanted.items():
            cells = table[name]
            written = cells if isinstance(cells.dtype, pd.StringDtype) else cells.astype("string")
            alike &= (written == value).to_numpy(dtype=bool, na_value=False)
        table = _at(table, np.flatnonzero(alike))
        if keep is not None and len(table):
            table = keep(table)
        asked = asked or ", ".join(wanted.values())
        own = np.array([self.is_own(row) for row in _records(table, RESTS_ON)], dtype=bool)
        if own.any():
            self.lack("own", asked=asked)
        elif table.empty:
            self.lack("none", asked=asked, layer=layer)
        found = (table[~own] if own.any() else table).reset_index(drop=True)
        key_columns = DATASETS[layer].key if layer in DATASETS else OTHER_KEYS[layer]
        for row in _records(found, (*key_columns, "source_url")):
            key = " ".join(str(row[name]) for name in key_columns)
            entry = (layer, key, str(row["source_url"]))
            if entry not in self.used:
                self.used.append(entry)
        return found

    def is_own(self, row: Mapping[Any, Any]) -> bool:
        """Whether a row rests on nothing but the source of the statement."""
        return bool(row["source_url"] == self.own_url and row["confidence"] != "confirmed")

    def lack(self, key: str, **slots: object) -> None:
        """Note why something is not known."""
        if (told := phrase(key, **slots)) not in self.reasons:
            self.reasons.append(told)

    def say(self, told: Said) -> None:
        """Note what a row says."""
        if told not in self.said:
            self.said.append(told)

    def number(self, rows: pd.DataFrame, asked: str, column: str = "count") -> Interval | None:
        """Return the one count of some rows as what it can be."""
        if rows.empty:
            return None
        if len(rows) > 1:
            self.lack("several", asked=asked, count=len(rows))
            return None
        found = first_interval(rows, count=column)
        if found is None:
            self.lack("unknown", asked=asked)
        return found


def _at(table: pd.DataFrame, at: NDArray[np.intp]) -> pd.DataFrame:
    """Return rows by their positions; one next to the other are a slice, which copies nothing."""
    if len(at) and at[-1] - at[0] >= len(at):
        return table.take(at)
    return table.iloc[at[0] : at[-1] + 1] if len(at) else table.iloc[:0]


def _records(table: pd.DataFrame, columns: Iterable[str]) -> list[dict[str, Any]]:
    """Return some columns of a table as rows."""
    kept = {name: table[name].tolist() for name in columns if name in table}
    return [dict(zip(kept, row, strict=True)) for row in zip(*kept.values(), strict=True)]
