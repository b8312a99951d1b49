"""A year and two digits: 2021-22 is a fiscal year to governments, and a season to EDTF."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .edtf import SEASONS, is_date, read_date

__all__ = ["NO_DATE", "no_dates", "readings"]

NO_DATE = "is not a date; write YYYY, YYYY-MM, YYYY-MM-DD, A/B or EDTF"
TWO_DIGITS = re.compile(r"([12][0-9]{3})-([0-9]{2})[?~%]?")
TWO_YEARS = re.compile(r"([12][0-9]{3}) ?[-–/] ?(?:[12][0-9])?([0-9]{2})")
FISCAL = re.compile(r"FY ?'?[0-9]{2}", re.IGNORECASE)
FEW = 3
"""So many dates, every one of them like a fiscal year, are no months."""


def no_dates(cells: Iterable[str]) -> dict[str, str]:
    """Return what is wrong with the dates of a column, by their text.

    Where other cells of the column are fiscal years and can be no months, ``2010-11`` is
    not taken for a November.

    Examples
    --------
    >>> no_dates(["2021-03", "soon"])
    {'soon': 'is not a date; write YYYY, YYYY-MM, YYYY-MM-DD, A/B or EDTF'}
    >>> sorted(no_dates(["2010-11", "2021-22"])), no_dates(["2010-11"])
    (['2010-11', '2021-22'], {})
    """
    texts = {text for text in cells if text}
    wrong = {text: readings(text) or NO_DATE for text in texts if not is_date(text)}
    fiscal = {text for text in texts if _is_fiscal(text)}
    if (fiscal & wrong.keys()) or (fiscal == texts and len(fiscal) >= FEW):
        wrong |= {text: readings(text) or NO_DATE for text in fiscal}
    return wrong


def _is_fiscal(text: str) -> bool:
    """Whether a text is a year and the last two digits of the next."""
    found = TWO_DIGITS.fullmatch(text)
    return found is not None and (int(found[1]) + 1) % 100 == int(found[2])


def readings(text: str) -> str | None:
    """Say what a year and two digits can be, and how each is written; None for another text.

    Examples
    --------
    >>> print(readings("2021-22"))
    could be the fiscal year 2021–22 (write its months, as 2021-04/2022-03) or summer 2021 as \
EDTF has it (write 2021-06/2021-08)
    >>> print(readings("2012-13"))
    could be the fiscal year 2012–13 (write its months, as 2012-04/2013-03)
    >>> print(readings("2021/22"))
    could be the fiscal year 2021–22 (write its months, as 2021-04/2022-03)
    """
    if FISCAL.match(text):
        return (
            "is of a fiscal year (write its months, as 2023-10/2024-09, or fiscal_starts under "
            "[period] of a mapping)"
        )
    pair = TWO_YEARS.fullmatch(text)
    if pair is not None and not TWO_DIGITS.fullmatch(text):
        year = int(pair[1])
        if (year + 1) % 100 != int(pair[2]):
            return None
        months = f"{year}-04/{year + 1}-03"
        return f"could be the fiscal year {year}–{pair[2]} (write its months, as {months})"
    part = next((part for part in text.split("/") if TWO_DIGITS.fullmatch(part)), "")
    found = TWO_DIGITS.fullmatch(part)
    if found is None:
        return None
    year, two = int(found[1]), int(found[2])
    told = []
    if _is_fiscal(part):
        months = f"{year}-04/{year + 1}-03"
        told.append(f"the fiscal year {year}–{two:02} (write its months, as {months})")
    elif two > max(year % 100, 12):
        last = year - year % 100 + two
        told.append(f"the years {year} to {last} (write {year}/{last})")
    if two in SEASONS:
        span = read_date(part, seasons=True)
        months = f"{span.first:%Y-%m}/{span.last:%Y-%m}"
        told.append(f"{SEASONS[two].name} {year} as EDTF has it (write {months})")
    elif told and 1 <= two <= 12:
        told.append(f"month {two} of {year}")
    return f"could be {' or '.join(told)}" if told else None
