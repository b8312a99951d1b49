"""Periods of other people's tables: a year and a month apart, fiscal years, a column a month."""

from __future__ import annotations

import re
from typing import Literal

import pandas as pd

from roxham.geo.written.numerals import plain_number
from roxham.geo.written.written_dates import month_number, read_dates

__all__ = ["month_in", "months_of", "period_of", "year_in"]

YEAR = re.compile(r"(?<![0-9])(19|20)[0-9]{2}(?![0-9])")
TWO_YEARS = re.compile(r"(?<![0-9])([12][0-9]{3}) ?[-–/] ?([0-9]{2}|[0-9]{4})(?![0-9])")
RUN_TOGETHER = re.compile(r"([^\W\d_]+)\.?[ |-]*([12][0-9]{3})", re.IGNORECASE)
YEAR_ABOVE = re.compile(r"([12][0-9]{3})[ |]+(?:[QT][1-4] \| )?([^\W\d_]+)\.?")
"""A year over a month, and a quarter between them."""
MONTH_ONLY = re.compile(r"[0-9]{1,2}(?:\.0)?")


def year_in(text: str) -> int | None:
    """Return the one year that a text names; of two that follow each other, the second.

    Examples
    --------
    >>> [year_in(text) for text in ("FY2024", "2024 (FYTD)", "2021-22", "2020 to 2024", "x")]
    [2024, 2024, 2022, None, None]
    """
    text = plain_number(text.strip())
    two = TWO_YEARS.search(text)
    if two is not None and (int(two[1]) + 1) % 100 == int(two[2]) % 100:
        return int(two[1]) + 1
    found = {match[0] for match in YEAR.finditer(text)}
    if not found:
        bare = re.fullmatch(r"FY ?((?:19|20)[0-9]{2})", text.strip(), re.IGNORECASE)
        return int(bare[1]) if bare else None
    return int(found.pop()) if len(found) == 1 else None


def month_in(text: str) -> str | None:
    """Return the month that a column is called after: ``2009-01``, or ``01`` of no year.

    Examples
    --------
    >>> [month_in(name) for name in ("JAN2009", "Sept", "2019-03-01", "2020 | mars", "Total")]
    ['2009-01', '09', '2019-03', '2020-03', None]
    """
    text = text.strip()
    if (number := month_number(text)) is not None:
        return f"{number:02}"
    found = YEAR_ABOVE.fullmatch(text)
    if found is not None and (number := month_number(found[2])) is not None:
        return f"{found[1]}-{number:02}"
    found = RUN_TOGETHER.fullmatch(text)
    if found is not None and (number := month_number(found[1])) is not None:
        return f"{found[2]}-{number:02}"
    iso = re.fullmatch(r"([12][0-9]{3}-(?:0[1-9]|1[0-2]))(?:-01)?", text)
    if iso is not None:
        return iso[1]
    read = read_dates([text]).read.get(text, "")
    return read[:7] if len(read) == 7 else None


def months_of(days: pd.Series, order: Literal["dmy", "mdy"] | None) -> pd.Series:
    """Return the months of days as text; what is no day stays as it stands.

    Examples
    --------
    >>> months_of(pd.Series(["03/01/2019", "2019-04-01", "Jan 2024", "x"]), "mdy").tolist()
    ['2019-03', '2019-04', '2024-01', 'x']
    """
    texts = days.fillna("").astype(str).str.strip()
    read = read_dates(texts.unique(), order).read
    plain = texts.map(lambda text: read.get(text, text))
    return plain.where(~plain.str.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), plain.str[:7])


def period_of(
    year: pd.Series | int | None, month: pd.Series | None, fiscal_starts: int | None
) -> pd.Series:
    """Return periods of years and months as text; what cannot be read stays as it stands.

    Parameters
    ----------
    year
        Texts, or one year for all.
    month
        Texts, names or numbers; empty, or None, for a whole year.
    fiscal_starts
        The month in which a year begins, called after its end; None for the calendar's.

    Examples
    --------
    >>> period_of(pd.Series(["2024", "2024"]), pd.Series(["OCT", "JAN"]), 10).tolist()
    ['2023-10', '2024-01']
    >>> period_of(pd.Series(["2021-22"]), None, 4).tolist()
    ['2021-04/2022-03']
    """
    index = month.index if month is not None else year.index  # type: ignore[union-attr]
    years = pd.Series(str(year), index=index) if isinstance(year, int) else year
    years = pd.Series("", index=index) if years is None else years
    months = pd.Series("", index=index) if month is None else month
    told = {pair: _period(*pair, fiscal_starts) for pair in set(zip(years, months, strict=True))}
    return pd.Series([told[pair] for pair in zip(years, months, strict=True)], index, dtype=str)


def _period(year: str, month: str, starts: int | None) -> str:
    if re.fullmatch(r"[12][0-9]{3}-(?:0[1-9]|1[0-2])", month):
        return month
    number = month_number(month)
    if number is None and MONTH_ONLY.fullmatch(plain_number(month)):
        number = int(plain_number(month).partition(".")[0])
    named = year_in(year)
    if starts is None and TWO_YEARS.search(year):  # of which the one, nobody said
        named = None
    if named is None or (month and not (number and 1 <= number <= 12)):
        return " ".join(filter(None, (year, month)))
    if number is not None:
        before = starts is not None and number >= starts
        return f"{named - before}-{number:02}"
    return str(named) if starts is None else f"{named - 1}-{starts:02}/{named}-{starts - 1:02}"
