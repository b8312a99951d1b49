"""Tables of facts: their columns declared once, every fault found at once.

A :class:`Contract` says which columns a table has and what may stand in them.
:func:`read_table` holds a file to it and sets aside the rows that break it,
each with its reasons; nothing is dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from .errors import DataError, Fault, shown

__all__ = ["CONFIDENCE", "SOURCE", "Checked", "Column", "Contract", "check_table", "read_table"]

Kind = Literal["text", "integer", "number", "date", "url", "lon", "lat"]
Rows = pd.DataFrame
RowCheck = Callable[[Rows], Iterator[tuple[int, str, str]]]
"""Yields ``(position, column, problem)`` for rows whose columns contradict each other."""

HEADER_LIMIT = 1_000_000
"""A first line longer than this many bytes is not the header of a table."""

DATE = r"(?:\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?)"
DATE_OR_INTERVAL = re.compile(rf"{DATE}(?:/{DATE})?")
CONFIDENCE = ("confirmed", "single", "computed")
"""Two or more sources agree; one source; worked out here from sourced facts."""


@dataclass(frozen=True)
class Column:
    """One column of a table and what may stand in it.

    ``date`` cells are ISO 8601 with a day, a month or a year, or an interval
    of two such dates (``2023-03-29/2023-03-30``): coarse dates stay coarse.
    """

    name: str
    kind: Kind = "text"
    meaning: str = ""
    required: bool = True
    """The column must be there and no cell empty."""
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


SOURCE = (
    Column("source_title", meaning="title of the page or document that says so"),
    Column("source_publisher", meaning="who published it"),
    Column("source_url", "url", "where a reader can open it"),
    Column("source_date", meaning="date of the source, as it gives it", required=False),
    Column("confidence", meaning="how sure the row is", choices=CONFIDENCE),
    Column("note", meaning="what a careful reader should know", required=False),
)
"""The columns that every shipped row carries."""


@dataclass(frozen=True)
class Contract:
    """The declared columns of a table, and checks across them."""

    name: str
    columns: tuple[Column, ...]
    checks: tuple[RowCheck, ...] = field(default=())
    aliases: tuple[tuple[str, str], ...] = ()
    """``(other name, our name)`` of columns that users' files call differently."""

    def column(self, name: str) -> Column:
        """Return a column by its name."""
        return next(c for c in self.columns if c.name == name)


class Checked(NamedTuple):
    """What a loader returns: the rows that hold, and those set aside with reasons.

    ``rejected`` has one row for each fault: ``file, row, column, found, problem``.
    """

    rows: pd.DataFrame
    rejected: pd.DataFrame


REJECTED = ("file", "row", "column", "found", "problem")


def read_table(path: str | Path, contract: Contract, *, name: str | None = None) -> Checked:
    """Read a CSV file and hold it to its contract.

    Parameters
    ----------
    path
        UTF-8 CSV with a header line.
    contract
        The columns to expect. Further columns are kept as they are.
    name
        What to call the file in messages; its path by default.

    Returns
    -------
    Checked
        ``rows``, typed (integers as ``Int64``, unknown as null), and ``rejected``.

    Raises
    ------
    DataError
        If the file cannot be read as this table at all: missing, a directory,
        empty, not text, or without its columns.
    """
    path = Path(path)
    name = name or str(path)
    _require_text_table(path, name)
    try:
        raw = pd.read_csv(
            path, dtype=str, keep_default_na=False, encoding="utf-8-sig", on_bad_lines="error"
        )
    except UnicodeDecodeError as error:
        raise DataError(
            Fault(name, f"is not UTF-8 text (byte {error.start}).", "Save it as CSV UTF-8.")
        ) from error
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise DataError(
            Fault(name, f"is not a table: {shown(error)}.", "Check quotes and separators.")
        ) from error
    return check_table(raw, contract, name=name)


def _require_text_table(path: Path, name: str) -> None:
    if not path.exists():
        raise DataError(Fault(name, "there is no such file.", "Check the path."))
    if path.is_dir():
        raise DataError(Fault(name, "is a directory, not a file.", "Name a CSV file."))
    try:
        with path.open("rb") as file:
            head = file.read(HEADER_LIMIT)
    except OSError as error:
        raise DataError(Fault(name, f"cannot be read: {error.strerror}.")) from error
    if not head.strip():
        raise DataError(Fault(name, "is empty.", "Give a CSV file with a header line."))
    if b"\0" in head or (b"\n" not in head and len(head) == HEADER_LIMIT):
        raise DataError(Fault(name, "is not a text table.", "Give a CSV file with a header line."))


def check_table(raw: pd.DataFrame, contract: Contract, *, name: str) -> Checked:
    """Hold a table of text cells to its contract; see :func:`read_table`.

    Parameters
    ----------
    raw
        Every cell as text, empty where unknown, one row for each line after the header.
    contract
        The columns to expect.
    name
        What to call the table in messages.

    Returns
    -------
    Checked
        The typed rows and the faults.
    """
    other_names = {k: v for k, v in contract.aliases if k in raw and v not in raw}
    raw = raw.rename(columns=other_names).reset_index(drop=True)
    missing = [c.name for c in contract.columns if c.required and c.name not in raw]
    if missing:
        found = shown(", ".join(map(str, raw.columns)))
        raise DataError(
            [Fault(name, f"has no such column; found {found}.", "Add it.", 1, c) for c in missing]
        )
    rows = raw.copy()
    faults: list[tuple[int, str, str]] = []
    for column in contract.columns:
        if column.name not in raw:
            raw[column.name] = ""
        cells = raw[column.name].fillna("").astype(str).str.strip()
        values, problems = _check_column(cells, column)
        rows[column.name] = values
        faults += [(i, column.name, text) for i, text in problems.items()]
    broken = {i for i, _, _ in faults}
    sound = rows.drop(index=list(broken))
    for check in contract.checks:
        faults += list(check(sound))
    faults.sort(key=lambda fault: (fault[0], list(rows.columns).index(fault[1])))
    rejected = pd.DataFrame(
        [(name, i + 2, c, shown(raw.at[i, c]), text) for i, c, text in faults],
        columns=list(REJECTED),
    )
    kept = rows.drop(index=sorted({i for i, _, _ in faults})).reset_index(drop=True)
    return Checked(kept, rejected)


def _check_column(cells: pd.Series, column: Column) -> tuple[pd.Series, dict[int, str]]:
    """Return the typed values of a column and the problem of each bad cell."""
    problems: dict[int, str] = {}
    empty = cells.eq("")

    def note(bad: pd.Series, problem: str) -> None:
        for i in np.flatnonzero(bad.to_numpy(dtype=bool)):
            problems.setdefault(int(i), problem)

    if column.required:
        note(empty, "is empty; a value is needed")
    values = cells.mask(empty)
    if column.kind in ("integer", "number", "lon", "lat"):
        # Digits first: to_numeric would also take "1e3", "inf", "0x10" and "1_000".
        plain = cells.str.fullmatch(r"[+-]?(?:\d+\.?\d*|\.\d+)")
        note(~empty & ~plain, "is not a number")
        values = pd.to_numeric(cells.where(plain), errors="coerce").astype("Float64")
        if column.kind == "integer":
            note((values % 1 != 0).fillna(False), "is not a whole number")
            values = values.where(values % 1 == 0).astype("Int64")
        low, high = {"lon": (-180, 180), "lat": (-90, 90)}.get(
            column.kind, (column.minimum, column.maximum)
        )
        if low is not None:
            note((values < low).fillna(False), f"is below {low:g}")
        if high is not None:
            note((values > high).fillna(False), f"is above {high:g}")
    elif column.kind == "date":
        note(~empty & ~cells.map(is_date), "is not a date; write YYYY, YYYY-MM, YYYY-MM-DD or A/B")
    elif column.kind == "url":
        note(
            ~empty & ~cells.str.fullmatch(r"https?://[^\s<>\"]+\.[^\s<>\"]+"),
            "is not a web address; it starts with https://",
        )
    if column.choices:
        note(~empty & ~cells.isin(column.choices), f"is not one of {', '.join(column.choices)}")
    return values, problems


def is_date(text: str) -> bool:
    """Whether a text is an ISO date of any precision, or an interval in order.

    Examples
    --------
    >>> is_date("2023-03-25"), is_date("2023-02-30"), is_date("2023-03/2023-02")
    (True, False, False)
    """
    if not DATE_OR_INTERVAL.fullmatch(text):
        return False
    try:
        first, last = date_span(text)
    except ValueError:
        return False
    return first <= last


def date_span(text: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last day that a coarse date or an interval covers.

    Examples
    --------
    >>> [day.date().isoformat() for day in date_span("2023-02")]
    ['2023-02-01', '2023-02-28']
    """
    start, _, end = text.partition("/")
    first = pd.Timestamp(start + "-01-01"[3 * start.count("-") :])
    last = pd.Timestamp((end or start) + "-01-01"[3 * (end or start).count("-") :])
    if (end or start).count("-") == 0:
        last += pd.offsets.YearEnd()
    elif (end or start).count("-") == 1:
        last += pd.offsets.MonthEnd()
    return first, last
