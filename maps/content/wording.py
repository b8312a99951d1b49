"""Numbers, dates and messages of the interface, as words in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from itertools import zip_longest
from typing import Any

from roxham.geo.tables.edtf import is_date
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.model import Dataset
from roxham.maps.resources import asset_json

from .plain import plain

__all__ = [
    "Pair",
    "both",
    "counted",
    "dates_in",
    "french",
    "in_english",
    "messages",
    "rows_left",
    "words_of",
    "written_date",
    "written_number",
]

Pair = dict[str, Any]
"""A text in both languages, ``{"en": ..., "fr": ...}``."""
TITLES = ("series", "frame")
"""Groups of messages with what a table is called: above it, and where it is one of a list."""
MONTHS = "January February March April May June July August September October November December"
DATE = re.compile(r"(\d{2}(?:\d\d|\dX|XX))(?:-(\d\d|XX)(?:-(\d\d|XX))?)?([?~%]?)")
WITHIN_A_YEAR = re.compile(r"(\d{4})(-(0[1-9]|1[0-2])(-\d\d)?)/\1(-(0[1-9]|1[0-2])(-\d\d)?)")


def messages() -> dict[str, dict[str, str]]:
    """Return every message of the page by language: its own, and the words of the tables."""
    found = {language: dict(words) for language, words in _shipped().items()}
    for data in DATASETS.values():
        for language, words in words_of(data).items():
            found[language] |= words
    return found


@cache
def _shipped() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = asset_json("messages.json")
    return found


def words_of(data: Dataset) -> dict[str, dict[str, str]]:
    """Return the words that a table of facts brings, as messages by language; none if it has none.

    A table that neither it nor the page has a title for is called by its name.

    Examples
    --------
    >>> from roxham.layers.facts.datasets import DATASETS
    >>> words_of(DATASETS["transfers"])
    {}
    """
    given = data.words.get("en", {})
    if "title" not in given and f"frame.{data.name}" not in _shipped()["en"]:
        given = {"title": data.name.replace("_", " ").capitalize(), **given}
    if not given:
        return {}
    words = {"en": given, "fr": {**given, **data.words.get("fr", {})}}
    return {lang: _as_messages(data.name, texts) for lang, texts in words.items()}


def _as_messages(table: str, words: Mapping[str, str]) -> dict[str, str]:
    named = {f"column.{table}.{key}": text for key, text in words.items() if key != "title"}
    titled = [(f"{group}.{table}", words["title"]) for group in TITLES if "title" in words]
    return {**dict(titled), **named}


def both(key: str, **slots: object) -> Pair:
    """Return a message of the interface in both languages."""
    found = messages()
    return {lang: found[lang][key].format(**slots) for lang in ("en", "fr")}


def counted(key: str, **numbers: int) -> Pair:
    """Return a message in both languages, its numbers written as each writes them."""
    english = {name: written_number(number) for name, number in numbers.items()}
    in_french = {name: french(number) for name, number in numbers.items()}
    return {"en": both(key, **english)["en"], "fr": both(key, **in_french)["fr"]}


def rows_left(key: str, listed: int, every: int) -> Pair | None:
    """Say how many rows of a table the static text lists, if not every one."""
    return counted(key, count=listed, all=every) if every > listed else None


def written_number(value: Any, digits: int = 0) -> str:
    """Write a number in English; the page's script writes it anew in the reader's language.

    Examples
    --------
    >>> written_number(39171), written_number(9.57, 2), written_number(None)
    ('39,171', '9.57', '')
    """
    value = plain(value)
    return "" if not isinstance(value, int | float) else f"{value:,.{digits}f}"


def written_date(iso: Any) -> str:
    """Write a date, coarse or not, in English; text that is no date stays as it is.

    The page's script writes it anew in the reader's language, by the same rules.

    Examples
    --------
    >>> written_date("2023-03-25"), written_date("2022-06/2022-08"), written_date("2017")
    ('March 25, 2023', 'June – August 2022', '2017')
    >>> written_date("2022-06~"), written_date("2022?"), written_date("2022-06/..")
    ('about June 2022', '2022 (uncertain)', 'June 2022 and after')
    """
    text = str(plain(iso) or "")
    if not is_date(text):
        return text
    start, slash, end = text.partition("/")
    if not slash or start == end:
        return _one_date(start)
    if ".." in (start, end):
        key = "date.before" if start == ".." else "date.after"
        return in_english(key, date=_one_date(end if start == ".." else start))
    if WITHIN_A_YEAR.fullmatch(text) and len(start) == len(end):
        return _within_a_year(start, end)
    return " – ".join(_one_date(part) if part else in_english("unknown") for part in (start, end))


def _within_a_year(start: str, end: str) -> str:
    """Two days, or two months, of one year say it once: "March 29–30, 2023"."""
    first = _one_date(start).removesuffix(f" {start[:4]}").removesuffix(",")
    if start[:7] != end[:7]:
        return f"{first} – {_one_date(end)}"
    return _one_date(end).replace(f" {int(end[8:])},", f" {int(start[8:])}–{int(end[8:])},")


def _one_date(text: str) -> str:
    found = DATE.fullmatch(text)
    if found is None:
        return text
    year, month, day, mark = found.groups()
    if year.endswith("XX"):
        written = in_english("date.century", first=f"{year[:2]}00", last=f"{year[:2]}99")
    elif year.endswith("X"):
        written = in_english("date.decade", year=f"{year[:3]}0")
    elif month is None:
        written = year
    elif month == "XX":
        written = in_english("date.month_unknown", date=year)
    else:
        name = MONTHS.split()[int(month) - 1]
        written = f"{name} {year}" if day in (None, "XX") else f"{name} {int(day)}, {year}"
        written = in_english("date.day_unknown", date=written) if day == "XX" else written
    if mark in ("~", "%"):
        written = in_english("date.approximate", date=written)
    return in_english("date.uncertain", date=written) if mark in ("?", "%") else written


def in_english(key: str, **slots: object) -> str:
    """Return a message of the interface in English."""
    return str(both(key, **slots)["en"])


def french(value: float) -> str:
    """Write a whole number in French."""
    return written_number(value).replace(",", "\N{NO-BREAK SPACE}")


def dates_in(text: str) -> list[tuple[str, str | None]]:
    """Cut a text at its dates of a day: the words before each, and the date or None at the end.

    Examples
    --------
    >>> dates_in("1; 2023-01-04.")
    [('1; ', '2023-01-04'), ('.', None)]
    """
    pieces = re.split(r"(\d{4}-\d\d-\d\d(?:/\d{4}-\d\d-\d\d)?)", text)
    return list(zip_longest(pieces[::2], pieces[1::2]))
