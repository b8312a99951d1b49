"""Coarse dates that stay coarse: ISO 8601 and the Extended Date/Time Format, level 1.

A date is written as exactly as it is known, and no more (ISO 8601-2:2019, annex A; the
Library of Congress keeps the text at https://www.loc.gov/standards/datetime/):
``2022-06-14``, ``2022-06``, ``2022``; ``201X``, ``2022-XX`` or ``2022-06-XX`` where digits
are not known; a last ``?`` for uncertain, ``~`` for about, ``%`` for both; ``A/B`` for an
interval, whose end may be open (``2022-06/..``) or not known (``2022-06/``).

``2022-21`` to ``2022-24`` are spring, summer, autumn and winter to EDTF. They are read only
where that is asked for: to governments ``2021-22`` is a fiscal year.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

import pandas as pd

from roxham.geo.errors import DataError, Fault, shown

__all__ = ["NEVER", "DatePrecision", "ReadDate", "date_span", "is_date", "read_date", "read_day"]

DatePrecision = Literal["day", "month", "season", "year", "decade", "century", "interval"]

YEAR = re.compile(r"(\d{2}(?:\d{2}|\dX|XX))(?:-(\d{2}|XX)(?:-(\d{2}|XX))?)?([?~%]?)", re.ASCII)


class Season(NamedTuple):
    """A season and its first month of three."""

    name: str
    first: int


SEASONS = {
    21: Season("spring", 3),
    22: Season("summer", 6),
    23: Season("autumn", 9),
    24: Season("winter", 12),
}
"""Seasons as meteorologists of the north count them; winter begins in December of the year
named."""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
NEVER = (pd.Timestamp(dt.date.min), pd.Timestamp(dt.date.max))
"""The first and the last day there is: what an open end is bounded by."""


@dataclass(frozen=True)
class ReadDate:
    """A coarse date, read.

    Attributes
    ----------
    first, last
        The first and the last day it covers. A qualifier does not widen them, as nobody
        says by how much; an open or unknown end reaches to the end of time.
    precision
        What it is exact to; an interval is ``interval``.
    uncertain, approximate
        Whether it is marked ``?``, ``~``, or ``%`` for both, anywhere.
    open
        Whether an end is open or not known.
    """

    first: pd.Timestamp
    last: pd.Timestamp
    precision: DatePrecision
    uncertain: bool = False
    approximate: bool = False
    open: bool = False


def read_date(text: str, *, seasons: bool = False) -> ReadDate:
    """Read a date of ISO 8601 or of EDTF level 1.

    Parameters
    ----------
    text
        As the module's text describes. Times of day and years of more than four digits
        are not read.
    seasons
        Whether ``2021-22`` is the summer of 2021.

    Raises
    ------
    ValueError
        If it is no such date, or an interval ends before it starts.

    Examples
    --------
    >>> date = read_date("2022-06~")
    >>> date.first.date().isoformat(), date.last.date().isoformat(), date.approximate
    ('2022-06-01', '2022-06-30', True)
    >>> read_date("201X").precision, read_date("2022-24", seasons=True).last.date().isoformat()
    ('decade', '2023-02-28')
    """
    return _read(text, seasons)


@lru_cache(maxsize=2**15)  # a table of 100,000 rows has a few thousand dates, asked for ten times
def _read(text: str, seasons: bool) -> ReadDate:
    if "/" not in text:
        return _one(text, seasons)
    start, _, end = text.partition("/")
    open_ends = (start in ("", ".."), end in ("", ".."))
    if all(open_ends):
        raise DataError(f"{text!r} has no end that is known")
    known = [
        _one(part, seasons)
        for part, is_open in zip((start, end), open_ends, strict=True)
        if not is_open
    ]
    first = NEVER[0] if open_ends[0] else known[0].first
    last = NEVER[1] if open_ends[1] else known[-1].last
    if first > last:
        raise DataError(f"{text!r} ends before it starts")
    return ReadDate(
        first,
        last,
        "interval",
        uncertain=any(part.uncertain for part in known),
        approximate=any(part.approximate for part in known),
        open=any(open_ends),
    )


def _one(text: str, seasons: bool) -> ReadDate:
    """Read a date that is no interval."""
    found = YEAR.fullmatch(text)
    if found is None:
        raise DataError(f"{text!r} is not a date of ISO 8601 or EDTF level 1")
    year, month, day, mark = found.groups()
    precision: DatePrecision
    if year.endswith("X"):
        if month is not None:
            raise DataError(f"{text!r} has a month in a year that is not known")
        precision = "century" if year.endswith("XX") else "decade"
        first = dt.date(int(year.replace("X", "0")), 1, 1)
        last = dt.date(int(year.replace("X", "9")), 12, 31)
    elif month in (None, "XX"):
        if day not in (None, "XX"):
            raise DataError(f"{text!r} has a day in a month that is not known")
        precision = "year"
        first, last = dt.date(int(year), 1, 1), dt.date(int(year), 12, 31)
    elif seasons and int(month) in SEASONS:
        if day is not None:
            raise DataError(f"{text!r} has a day in a season")
        precision = "season"
        first = dt.date(int(year), SEASONS[int(month)].first, 1)
        last = _month_end(first.year + (first.month == 12), (first.month + 1) % 12 + 1)
    elif day in (None, "XX"):
        precision = "month"
        first = dt.date(int(year), int(month), 1)
        last = _month_end(first.year, first.month)
    else:
        precision = "day"
        first = last = dt.date(int(year), int(month), int(day))
    return ReadDate(
        pd.Timestamp(first),
        pd.Timestamp(last),
        precision,
        uncertain=mark in ("?", "%"),
        approximate=mark in ("~", "%"),
    )


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, monthrange(year, month)[1])


def is_date(text: str) -> bool:
    """Whether :func:`read_date` reads a text.

    Examples
    --------
    >>> is_date("2023-03-25"), is_date("2023-02-30"), is_date("2023-03/2023-02")
    (True, False, False)
    """
    try:
        read_date(text)
    except ValueError:
        return False
    return True


def date_span(text: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last day that a coarse date or an interval covers.

    Examples
    --------
    >>> [day.date().isoformat() for day in date_span("2023-02")]
    ['2023-02-01', '2023-02-28']
    """
    date = read_date(text)
    return date.first, date.last


def read_day(value: str | dt.date, name: str, *, past: bool = False) -> dt.date:
    """Read one day that somebody asks for.

    Parameters
    ----------
    value
        ``YYYY-MM-DD``, and none of the other forms of a date; or a date.
    name
        The parameter or option that gave it, for a message.
    past
        Whether it must have been: today has, tomorrow has not.

    Raises
    ------
    DataError
        If it is no day, or a day to come where none may be.

    Examples
    --------
    >>> read_day("2023-03-24", "--on")
    datetime.date(2023, 3, 24)
    """
    text = value.isoformat()[:10] if isinstance(value, dt.date) else str(value)
    try:
        if not DAY.fullmatch(text):
            raise DataError(text)
        day = dt.date.fromisoformat(text)
    except ValueError:
        found = f"“{shown(value)}” is not a day."
        raise DataError(Fault(name, found, "Write YYYY-MM-DD, as in 2023-03-24.")) from None
    if past and day > dt.date.today():
        raise DataError(Fault(name, f"{day} is in the future.", "Give a day that has been."))
    return day
