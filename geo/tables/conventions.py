"""The cells of a table as its contract writes them, whatever the conventions of its file.

What has one reading is read, and said; what has two is a fault that names them and asks. A cell
that is written as the contract wants it is never touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from roxham.geo.errors import shown
from roxham.geo.sheets.reading import Reading
from roxham.geo.written.degrees import read_degrees
from roxham.geo.written.numerals import AMBIGUOUS, Mark, Numerals, read_numbers
from roxham.geo.written.written_dates import Order, read_dates

from .edtf import is_date

__all__ = ["Plain", "Wanted", "plain_cells", "settled"]

PLAIN_DEGREES = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)|"
NUMBERS = ("integer", "number")
READ = (*NUMBERS, "lat", "lon", "date")


class Wanted(NamedTuple):
    """A column that a contract wants: its name, kind, and texts that stand for no value."""

    name: str
    kind: str
    nulls: tuple[str, ...] = ()


class Plain(NamedTuple):
    """A column as its contract writes it, what is wrong with some texts, what is to be said."""

    cells: pd.Series
    problems: Mapping[str, str] = {}
    """By the text that stands in the file."""
    told: str | None = None


def plain_cells(raw: pd.DataFrame, wanted: Iterable[Wanted], reading: Reading) -> dict[str, Plain]:
    """Read the columns of numbers, degrees and dates of a table of text.

    Parameters
    ----------
    raw
        Texts, empty where unknown. Columns that it lacks are left out.
    wanted
        The columns.
    reading
        What the owner of the file says of it.

    Examples
    --------
    >>> raw = pd.DataFrame({"when": ["25 mars 2023"], "count": ["1 234"]})
    >>> read = plain_cells(raw, [Wanted("when", "date"), Wanted("count", "integer")], Reading())
    >>> {name: (column.cells.tolist(), column.told) for name, column in read.items()}
    {'when': (['2023-03-25'], '25 mars 2023 is read as 2023-03-25'), \
'count': (['1234'], '1 234 is read as 1234')}
    """
    columns = [column for column in wanted if column.kind in READ and column.name in raw]
    texts = {c.name: raw[c.name].fillna("").astype(str).str.strip() for c in columns}
    withheld = {
        c.name: texts[c.name].isin(c.nulls) for c in columns if c.nulls and c.kind in NUMBERS
    }
    # A withheld number is no number of any locale.
    known = {name: texts[name].mask(cells, "") for name, cells in withheld.items()}
    found = {
        c.name: _read(known.get(c.name, texts[c.name]), c.kind, reading, frozenset())
        for c in columns
        if c.kind in NUMBERS
    }
    marks = frozenset[Mark]().union(*(numbers.marks for numbers in found.values()))
    read: dict[str, Plain] = {}
    for column in columns:
        name = column.name
        cells = known.get(name, texts[name])
        if column.kind in NUMBERS:
            numbers = _read(cells, column.kind, reading, marks) if marks else found[name]
            plain = _numbers(numbers)
        elif column.kind in ("lat", "lon"):
            plain = _degrees(cells, "lat" if column.kind == "lat" else "lon")
        else:
            plain = _dates(cells, reading)
        told = None if plain.cells is cells else _said(cells, plain.cells)
        if name in withheld:
            plain = plain._replace(cells=plain.cells.where(~withheld[name], texts[name]))
        read[name] = plain._replace(told=told)
    return read


def settled(raw: pd.DataFrame, wanted: Iterable[Wanted], reading: Reading) -> Reading:
    """Return a reading with what a part of a table tells for the rest of it.

    Examples
    --------
    >>> raw = pd.DataFrame({"when": ["25/03/2023"], "n": ["1.234,5"]})
    >>> found = settled(raw, [Wanted("when", "date"), Wanted("n", "number")], Reading())
    >>> found.dates, found.decimal
    ('dmy', ',')
    """
    orders: set[Order | None] = set()
    marks: frozenset[Mark] = frozenset()
    for column in wanted:
        if column.name not in raw:
            continue
        cells = raw[column.name].fillna("").astype(str).str.strip()
        if column.kind == "date":
            odd = [text for text in cells.unique() if text and not is_date(text)]
            orders |= {read_dates(odd, reading.dates).order}
        elif column.kind in NUMBERS:
            marks |= _read(cells, column.kind, reading, frozenset()).marks
    told = orders - {None}
    order = next(iter(told)) if len(told) == 1 else None
    # A point is not settled: 12.500 is asked about wherever it stands.
    comma: Mark | None = "," if marks == {","} else None
    return replace(reading, dates=reading.dates or order, decimal=reading.decimal or comma)


def _said(before: pd.Series, after: pd.Series) -> str | None:
    """Return an example of what was read otherwise than it is written."""
    changed = np.flatnonzero((before != after).to_numpy())
    if not len(changed):
        return None
    first = changed[0]
    return f"{shown(before.iloc[first])} is read as {shown(after.iloc[first])}"


def _read(cells: pd.Series, kind: str, reading: Reading, marks: frozenset[Mark]) -> Numerals:
    return read_numbers(cells, reading.decimal, whole_table=marks, whole=kind == "integer")


def _numbers(found: Numerals) -> Plain:
    return Plain(found.cells, dict.fromkeys(found.unsure, AMBIGUOUS))


def _degrees(cells: pd.Series, kind: Literal["lat", "lon"]) -> Plain:
    odd = ~cells.str.fullmatch(PLAIN_DEGREES)
    if not odd.any():
        return Plain(cells)
    read: dict[str, str] = {}
    problems: dict[str, str] = {}
    for text in cells[odd].unique():
        try:
            read[text] = read_degrees(text, kind) or text
        except ValueError as error:
            problems[text] = str(error)
    return Plain(cells.where(~odd, cells.map(lambda text: read.get(text, text))), problems)


def _dates(cells: pd.Series, reading: Reading) -> Plain:
    odd = [text for text in cells.unique() if text and not is_date(text)]
    if not odd:
        return Plain(cells)
    found = read_dates(odd, reading.dates)
    return Plain(cells.map(lambda text: found.read.get(text, text)), found.problems)
