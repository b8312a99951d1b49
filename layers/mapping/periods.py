"""Periods of other people's tables: a year and a month apart, fiscal years, a column a month."""

from __future__ import annotations

import re
from typing import Literal

import pandas as pd

from roxham.geo.sheets.reading import JOINED
from roxham.geo.written.numerals import plain_number
from roxham.geo.written.written_dates import month_number, quarter_number, read_dates

__all__ = [
    "are_fiscal",
    "grouped_period",
    "is_fiscal",
    "is_month",
    "month_in",
    "months_of",
    "period_in",
    "period_of",
    "year_in",
]

YEAR = re.compile(r"(?<![0-9])(19|20)[0-9]{2}(?![0-9])")
TWO_YEARS = re.compile(r"(?<![0-9])([12][0-9]{3}) ?[-–/] ?([0-9]{2}|[0-9]{4})(?![0-9])")
RUN_TOGETHER = re.compile(r"([^\W\d_]+)\.?[ |-]*([12][0-9]{3})", re.IGNORECASE)
YEAR_ABOVE = re.compile(r"([12][0-9]{3})[ |]+(?:[QT][1-4] \| )?([^\W\d_]+)\.?")
"""A year over a month, and a quarter between them."""
FISCAL = re.compile(r"(?:FY|F\.Y\.|AF|GJ|EF) ?'?[0-9]{2,4}.*|fiscal.*|financial.*|exercice.*", re.I)
"""A year that says of itself that it is a fiscal one, or the name of a column of such."""
BARE_FISCAL = re.compile(r"FY ?[12][0-9]{3}", re.IGNORECASE)
MONTHS = re.compile(r"[12][0-9]{3}-(?:0[1-9]|1[0-2])(?:/[12][0-9]{3}-(?:0[1-9]|1[0-2]))?")
MONTH_ONLY = re.compile(r"[0-9]{1,2}(?:\.0)?")


def period_in(name: str) -> str | None:
    """Return the period that a column is called after, beside months: a year or a quarter.

    A fiscal year stays as it is written, until its beginning is told.

    Examples
    --------
    >>> [period_in(name) for name in ("2021", "2021-22", "FY2021", "2023 Q2", "2021 | n", "n")]
    ['2021', '2021-22', 'FY2021', '2023-04/2023-06', None, None]
    """
    text = name.strip()
    if YEAR.fullmatch(text) or BARE_FISCAL.fullmatch(text) or _follows(text):
        return text
    read = read_dates([text]).read.get(text, "")
    return read if "/" in read else None


def year_in(text: str) -> int | None:
    """Return the one year that a text names; of two that follow each other, the second.

    Examples
    --------
    >>> [year_in(text) for text in ("FY2024", "2024 (FYTD)", "2021-22", "2020 to 2024", "x")]
    [2024, 2024, 2022, None, None]
    """
    text = plain_number(text.strip())
    two = TWO_YEARS.search(text)
    if two is not None and _follows(two[0]):
        return int(two[1]) + 1
    found = {match[0] for match in YEAR.finditer(text)}
    if not found:
        bare = re.fullmatch(r"FY ?((?:19|20)[0-9]{2})", text.strip(), re.IGNORECASE)
        return int(bare[1]) if bare else None
    return int(found.pop()) if len(found) == 1 else None


def _follows(text: str) -> bool:
    """Whether a text is two years of which the second follows the first."""
    two = TWO_YEARS.fullmatch(text)
    return two is not None and (int(two[1]) + 1) % 100 == int(two[2]) % 100


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


def grouped_period(text: str) -> tuple[str, str] | None:
    """Return the period of a name in several rows and what else it says; None without both.

    Examples
    --------
    >>> [grouped_period(name) for name in ("Land | Jan", "2023 | Land | Jan", "2021 | Jan")]
    [('01', 'Land'), ('2023-01', 'Land'), None]
    """
    parts = [part.strip() for part in text.split(JOINED.strip())]
    years = [part for part in parts if YEAR.fullmatch(part)]
    months = [part for part in parts if part not in years and month_in(part) is not None]
    rest = [p for p in parts if p not in (*years, *months) and quarter_number(p) is None]
    if any(map(is_fiscal, rest)):  # the month is of a year whose beginning is not said
        return None
    if len(parts) < 2 or not rest or len(years) > 1 or len(months) > 1 or not (years or months):
        return None
    period = month_in(months[0]) or "" if months else ""
    if years and len(period) < len("2023-01"):
        period = f"{years[0]}-{period}" if period else years[0]
    return period, JOINED.join(rest)


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
    >>> period_of(pd.Series(["2024", "2024"]), pd.Series(["Q1", "T4"]), None).tolist()
    ['2024-01/2024-03', '2024-10/2024-12']
    >>> period_of(None, pd.Series(["2023 Q2", "2023-04/2023-06", "2023"]), 10).tolist()
    ['2023-04/2023-06', '2023-04/2023-06', '2022-10/2023-09']
    """
    index = month.index if month is not None else year.index  # type: ignore[union-attr]
    years = pd.Series(str(year), index=index) if isinstance(year, int) else year
    years = pd.Series("", index=index) if years is None else years
    months = pd.Series("", index=index) if month is None else month
    told = {pair: _period(*pair, fiscal_starts) for pair in set(zip(years, months, strict=True))}
    return pd.Series([told[pair] for pair in zip(years, months, strict=True)], index, dtype=str)


def _period(year: str, month: str, starts: int | None) -> str:
    if MONTHS.fullmatch(month):
        return month
    if not year and year_in(month) is not None:  # a column of a year, or of a quarter of one
        if read := read_dates([month]).read.get(month):
            return read
        year, month = month, ""
    first, last = _months(month)
    named = year_in(year)
    if starts in (None, 1) and TWO_YEARS.search(year):  # of which the one, nobody said
        named = None
    if starts is None and FISCAL.fullmatch(year.strip()):
        named = None
    if named is None or (month and first is None):
        return " ".join(filter(None, (year, month)))
    begins = (starts or 1) - 1
    if first is None or last is None:
        return str(named) if not begins else _months_from(named, begins, 0, 12)
    if last > first:  # a quarter is counted from the beginning of the year
        return _months_from(named, begins, first - 1, last)
    return f"{named - (0 < begins < first)}-{first:02}"


def _months_from(named: int, begins: int, first: int, last: int) -> str:
    """Return the months of a fiscal year from one to another, counted from its beginning."""
    start = 12 * (named - bool(begins)) + begins
    ends = [divmod(start + at, 12) for at in (first, last - 1)]
    return "/".join(f"{year}-{month + 1:02}" for year, month in ends)


def _months(text: str) -> tuple[int | None, int | None]:
    """Return the first and the last month that a text names."""
    number = month_number(text)
    if number is None and MONTH_ONLY.fullmatch(plain_number(text)):
        number = int(plain_number(text).partition(".")[0])
    if number is None and (quarter := quarter_number(text)) is not None:
        return 3 * quarter - 2, 3 * quarter
    sound = number is not None and 1 <= number <= 12
    return (number, number) if sound else (None, None)


def is_month(text: str) -> bool:
    """Whether a text names a month, or a quarter, of no year.

    Examples
    --------
    >>> [is_month(text) for text in ("Oct", "1.0", "T2", "13", "")]
    [True, True, True, False, False]
    """
    return _months(text.strip())[0] is not None


def are_fiscal(texts: pd.Series) -> bool:
    """Whether most of a column are years that begin in one and end in the next."""
    return bool(texts.str.strip().map(_follows).mean() > 0.5)


def is_fiscal(name: str) -> bool:
    """Whether a column is called after a fiscal year, or after fiscal years.

    Examples
    --------
    >>> [is_fiscal(name) for name in ("Fiscal Year", "FY", "Year", "FY2024", "2021-22", "2021-03")]
    [True, True, False, True, True, False]
    """
    text = name.strip()
    return _follows(text) or bool(FISCAL.fullmatch(text)) or text.casefold() in ("fy", "f.y.")
