"""Which rows of the tables answered a statement, what they say, and what is not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from roxham.layers.facts.datasets import DATASETS
from roxham.layers.intervals import Interval

from .asked import REGIONS, Rows, Tables
from .words import Said, phrase

__all__ = ["Evidence"]

OTHER_KEYS = {REGIONS: ("place_id",)}
"""Columns that name a row of what is asked beside the tables of facts."""


@dataclass
class Evidence:
    """The tables asked, and what came out.

    Attributes
    ----------
    tables
        Tables by the name of their layer.
    own_url
        Address of the source of the statement: a row that rests on it alone is no evidence.
    tolerance
        Share of a printed number that ``nearly`` and ``about`` allow.
    used
        ``layer, id, source_url`` of each row, once.
    said, reasons
        What rows say, and why something is not known, by language; each once.
    """

    tables: Tables
    own_url: str | None = None
    tolerance: float = 0.0
    used: dict[tuple[str, str, str], None] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    reasons: dict[tuple[str, ...], Said] = field(default_factory=dict)

    def rows(
        self,
        layer: str,
        wanted: Mapping[str, str],
        *,
        asked: str | None = None,
        keep: Callable[[Rows], Rows] | None = None,
    ) -> Rows:
        """Return the rows with these cells that are evidence, and note them; or say why not."""
        rows = self.tables[layer].rows(wanted)
        if keep is not None and len(rows):
            rows = keep(rows)
        asked = asked or ", ".join(wanted.values())
        found = rows.where(not own for own in self.are_own(rows))
        if len(found) < len(rows):
            self.lack("own", asked=asked)
        elif not len(rows):
            self.lack("none", asked=asked, layer=layer)
        key_columns = DATASETS[layer].key if layer in DATASETS else OTHER_KEYS[layer]
        for *key, url in zip(*(found[name] for name in (*key_columns, "source_url")), strict=True):
            self.used[layer, " ".join(map(str, key)), str(url)] = None
        return found

    def are_own(self, rows: Rows) -> list[bool]:
        """Return which rows rest on nothing but the source of the statement."""
        own = [url == self.own_url for url in rows["source_url"]]
        if not any(own):
            return own
        said = rows["confidence"]
        return [one and word != "confirmed" for one, word in zip(own, said, strict=True)]

    def lack(self, key: str, **slots: object) -> None:
        """Note why something is not known."""
        told = phrase(key, **slots)
        self.reasons.setdefault(tuple(told.values()), told)

    def say(self, told: Said) -> None:
        """Note what a row says."""
        if told not in self.said:
            self.said.append(told)

    def number(self, rows: Rows, asked: str, column: str = "count") -> Interval | None:
        """Return the one count of some rows as what it can be."""
        if not len(rows):
            return None
        if len(rows) > 1:
            self.lack("several", asked=asked, count=len(rows))
            return None
        (found,) = rows.intervals(column)
        if found is None:
            self.lack("unknown", asked=asked)
        return found
