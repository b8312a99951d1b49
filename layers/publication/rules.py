"""The twenty rules of publication, and what is found of each: a status with its evidence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from itertools import accumulate
from numbers import Number
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .likely import Parts, likely, parts_read

__all__ = [
    "NOTHING",
    "RULES",
    "Answer",
    "Finding",
    "Frames",
    "Rule",
    "Status",
    "failed",
    "finding",
    "join_findings",
    "row_ids",
    "some",
    "text_columns",
    "texts_kept",
]

Status = Literal["pass", "fail", "not applicable"]
Frames = Mapping[str, pd.DataFrame]
Answer = tuple[bool | None, str]
"""Whether a rule holds, None where it says nothing of this, and the evidence."""
NOTHING: Answer = (None, "no such data here")


@dataclass(frozen=True)
class Rule:
    """One of the twenty rules."""

    number: int
    name: str
    says: str


@dataclass(frozen=True)
class Finding:
    """What was found of a rule, and where."""

    rule: str
    status: Status
    evidence: str


RULES = tuple(
    Rule(number, name, says)
    for number, (name, says) in enumerate(
        {
            "retrospective": "Nothing younger than the embargo, nothing live, no advice.",
            "places": "Only ports of entry, public places and documented sites.",
            "sensitivity": "No field that must not be published; the purpose is stated.",
            "personal": "No names, ages, homes or numbers of cases.",
            "precision": "Every place has a radius, every date its precision.",
            "masking": "Masked places say by how much.",
            "measured": "Nothing is measured from masked places.",
            "time": "Where the place is exact or masked, the day is not given.",
            "small-cells": "No count below 5 but a government's, or one long public.",
            "microdata": "No rows about single persons.",
            "units": "Interceptions, claims and encounters are kept apart.",
            "minimum": "Deaths are recorded deaths, a minimum; unknown is not 0.",
            "terms": "Neutral terms in English and in French.",
            "provenance": "Every row names its source, every file its hash and licence.",
            "licence": "OpenStreetMap is credited, with a link; its data stand apart.",
            "boundary": "Lines and names imply no endorsement.",
            "figures": "Figures of the press are cited and checked.",
            "privacy": "The page asks nothing of any other host.",
            "overrides": "Whoever overrode a rule is named, and said why.",
            "corrections": "Version, contact, and an id for every row that may be wrong.",
        }.items(),
        1,
    )
)


def finding(rule: str, answer: Answer) -> Finding:
    """Return an answer as a finding."""
    holds, evidence = answer
    return Finding(
        rule, "not applicable" if holds is None else "pass" if holds else "fail", evidence
    )


def join_findings(*parts: Iterable[Finding]) -> list[Finding]:
    """Return one finding for each rule: it fails where any part fails."""
    found = [one for part in parts for one in part]
    joined = []
    for rule in RULES:
        mine = [one for one in found if one.rule == rule.name]
        said = [one for one in mine if one.status != "not applicable"] or mine[:1]
        status: Status = "not applicable"
        for possible in ("fail", "pass"):
            if any(one.status == possible for one in said):
                status = "fail" if possible == "fail" else "pass"
                break
        worst = [one for one in said if one.status == status]
        told = dict.fromkeys(part for one in worst for part in one.evidence.split("; "))
        joined.append(Finding(rule.name, status, "; ".join(told)))
    return joined


def failed(findings: Iterable[Finding]) -> list[Finding]:
    """Return those that fail."""
    return [one for one in findings if one.status == "fail"]


def some(items: Iterable[object], most: int = 5) -> str:
    """Name the first few of many."""
    named = [str(item) for item in items]
    return ", ".join(named[:most]) + (f" and {len(named) - most} more" if len(named) > most else "")


@dataclass
class Texts:
    """The texts of one column: each different one once, as many rows share a text."""

    column: str
    different: list[str]
    codes: NDArray[np.intp]
    labels: pd.Index
    pool: Pool | None = None

    @property
    def filled(self) -> int:
        """How many cells hold a text."""
        return int((self.codes >= 0).sum())

    def where(
        self, holds: Callable[[str], object], patterns: Iterable[str] | None = None
    ) -> list[tuple[object, str]]:
        """Return rows, by their label, and texts of which something holds.

        It holds of no plain text in which none of some patterns finds anything.
        """
        chosen = np.zeros(len(self.different) + 1, dtype=bool)
        chosen[:-1] = patterns is None or (self.pool or Pool([self])).likely(self, patterns)
        for place in np.flatnonzero(chosen).tolist():
            chosen[place] = bool(holds(self.different[place]))
        if not chosen.any():
            return []
        at = np.flatnonzero(chosen[self.codes])
        texts = [self.different[code] for code in self.codes[at].tolist()]
        return list(zip(self.labels[at].tolist(), texts, strict=True))


class Pool:
    """The texts of some columns, asked at once: RE2 reads many in the time it gets ready."""

    def __init__(self, columns: Sequence[Texts]) -> None:
        self.texts = [text for one in columns for text in one.different]
        ends = accumulate(len(one.different) for one in columns)
        self.slices = {
            id(one): slice(end - len(one.different), end)
            for one, end in zip(columns, ends, strict=True)
        }
        self.told: dict[tuple[str, ...], NDArray[np.bool_]] = {}

    @cached_property
    def parts(self) -> Parts:
        """The texts as they read."""
        return parts_read(self.texts)

    def likely(self, column: Texts, patterns: Iterable[str]) -> NDArray[np.bool_]:
        """Tell of each different text of a column whether a pattern may find something in it."""
        asked = tuple(patterns)
        if asked not in self.told:
            self.told[asked] = likely(self.parts, asked)
        return self.told[asked][self.slices[id(column)]]


MARKED = re.compile(r"</?[a-zA-Z][^<>]{0,200}>|\*{2,}|(?<!\w)\*|\*(?!\w)")
"""Tags, and signs for bold and italics."""
MOST_KEPT = 100_000
"""Rows of a table whose texts are kept: of larger ones they would take what the table does."""


class Kept:
    """The texts of tables, each taken out of it once and asked with those of the others."""

    def __init__(self, frames: Iterable[pd.DataFrame]) -> None:
        self.every = {id(rows): rows for rows in frames}

    @cached_property
    def texts(self) -> dict[int, list[Texts]]:
        """The columns with texts of each table, by its identity."""
        small = {key: rows for key, rows in self.every.items() if len(rows) <= MOST_KEPT}
        found = {key: list(_text_columns(rows)) for key, rows in small.items()}
        columns = [one for each in found.values() for one in each]
        pool = Pool(columns)
        for one in columns:
            one.pool = pool
        return found


_KEPT: ContextVar[Kept | None] = ContextVar("kept texts", default=None)


@contextmanager
def texts_kept(frames: Iterable[pd.DataFrame]) -> Iterator[None]:
    """Take the texts out of each table once, while one rule after another asks for them."""
    asked, outer = Kept(frames), _KEPT.get()
    known = outer is not None and asked.every.keys() <= outer.every.keys()
    before = _KEPT.set(outer if known else asked)
    try:
        yield
    finally:
        _KEPT.reset(before)


def text_columns(rows: pd.DataFrame) -> Iterable[Texts]:
    """Return the columns that hold any text; a list of texts is one."""
    kept = _KEPT.get()
    if kept is None or id(rows) not in kept.every or len(rows) > MOST_KEPT:
        return _text_columns(rows)
    return kept.texts[id(rows)]


def _text_columns(rows: pd.DataFrame) -> Iterator[Texts]:
    for place, column in enumerate(rows.columns):
        cells = rows.iloc[:, place]
        if isinstance(cells.dtype, pd.CategoricalDtype):
            cells = cells.astype(object)
        if cells.dtype != object and not pd.api.types.is_string_dtype(cells.dtype):
            continue
        try:
            codes, different = pd.factorize(cells)
        except TypeError:  # lists, which have no order
            codes, different = pd.factorize(pd.Series(map(_text, cells.tolist()), dtype=object))
        values = different.tolist()
        if {*map(type, values)} - {str}:  # numbers and others
            texts = [_text(one) for one in values]
            place_of = np.cumsum([text is not None for text in texts]) - 1
            place_of = np.where([text is None for text in texts], -1, place_of)
            codes = np.append(place_of, -1)[codes]
            values = [text for text in texts if text is not None]
        if any(sign in text for text in values for sign in "<&*"):
            values = [_as_read(text) for text in values]
        if values:
            yield Texts(str(column), values, codes, rows.index)


def _text(cell: object) -> str | None:
    """Return a cell as it is written out; of numbers and unknown ones None."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, list | tuple):
        return ", ".join(map(str, cell))
    if isinstance(cell, bytes):
        return cell.decode("utf-8", errors="replace")
    unsaid = (None, pd.NA, pd.NaT)
    if isinstance(cell, Number | np.generic) or any(cell is one for one in unsaid):
        return None
    return str(cell)


def _as_read(text: str) -> str:
    """Return a text, with what it reads as where it is marked up."""
    read = unescape(MARKED.sub("", text))
    return text if read == text else f"{text} {read}"


def row_ids(rows: pd.DataFrame, at: pd.Index) -> list[str]:
    """Name rows by their ids, which a reader finds in the file; else by their index."""
    return [str(i) for i in (rows.loc[at, "id"] if "id" in rows else at)]
