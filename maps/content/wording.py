"""Numbers, dates and messages of the interface, as words in every language of a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from itertools import zip_longest
from typing import Any

from roxham.geo.region import Region, active_region
from roxham.geo.tables.edtf import is_date
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.model import Dataset
from roxham.maps.resources import asset_json, translations

from .plain import plain

__all__ = [
    "Pair",
    "alike",
    "both",
    "counted",
    "dates_in",
    "in_english",
    "languages",
    "local",
    "messages",
    "number_in",
    "rows_left",
    "words_of",
    "written_date",
    "written_number",
]

Pair = dict[str, Any]
"""A text by language, ``{"en": ..., "fr": ...}``, in the languages of the region at work."""
TITLES = ("series", "frame")
"""Groups of messages with what a table is called: above it, and where it is one of a list."""
MONTHS = "January February March April May June July August September October November December"
DATE = re.compile(r"(\d{2}(?:\d\d|\dX|XX))(?:-(\d\d|XX)(?:-(\d\d|XX))?)?([?~%]?)")
WITHIN_A_YEAR = re.compile(r"(\d{4})(-(0[1-9]|1[0-2])(-\d\d)?)/\1(-(0[1-9]|1[0-2])(-\d\d)?)")


def messages() -> dict[str, dict[str, str]]:
    """Return every message of the page by language: its own, the tables', the region's."""
    found = {language: dict(words) for language, words in _of_region(active_region()).items()}
    for data in DATASETS.values():
        for language, words in words_of(data).items():
            found.setdefault(language, {})
            found[language] |= words
    return found


@cache
def _of_region(region: Region) -> dict[str, dict[str, str]]:
    """Return the page's own messages as a region has them."""
    return {lang: _said(region, lang) for lang in region.languages}


def _said(region: Region, lang: str) -> dict[str, str]:
    """Return the messages of a region in a language: its names, and its own words over ours."""
    ours = _shipped()["en"] | _shipped().get(lang, {})
    details = region.details
    if details is None:
        return ours

    def told(words: Mapping[str, str], other: str = "") -> str:
        return words.get(lang) or next(iter(words.values()), other)

    sides = [told(side.name, side.code) for side in details.sides]
    areas = {area.code: told(area.name) for area in details.areas}
    drawn = next((one for one in details.series if one.chart), None)
    slots = {"side_1": sides[0], "side_2": sides[1], "region": told(details.title)}
    if drawn is not None:
        whole = drawn.whole or drawn.area
        slots |= {"area": areas.get(drawn.area, drawn.area), "whole": areas.get(whole, whole)}
    filled = {key: _filled(text, slots) for key, text in ours.items()}
    first = region.columns("hours", prefix=True)[0]
    return {
        **filled,
        **{f"country.{s.code}": name for s, name in zip(details.sides, sides, strict=True)},
        **{f"province.{code}": name for code, name in areas.items()},
        **{f"counted.{a.code}": told(a.name) for a in details.areas if a.rest is not None},
        **{f"view.{view.id}": told(view.name) for view in details.views},
        f"column.{first}": filled["column.hours"],
        **({} if details.views else {"view.region": told(details.title)}),
        "popup.boundary": " – ".join(sides),
        "page.title": told(details.headline) or told(details.title),
        **({"credit.osm": told(details.credits)} if details.credits else {}),
        "page.kicker": told(details.kicker) or " · ".join(sides),
        "page.standfirst": told(details.standfirst),
        **(
            {"disclaimer.nocross": " ".join(map(told, details.disclaimers))}
            if details.disclaimers
            else {}
        ),
        **details.words.get(lang, {}),
    }


def _filled(text: str, slots: Mapping[str, str]) -> str:
    for name, value in slots.items():
        text = text.replace(f"{{{name}}}", value)
    return text


@cache
def _shipped() -> dict[str, dict[str, str]]:
    return {name: asset_json(f"messages/{name}.json") for name in translations()}


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
    words = {lang: {**given, **data.words.get(lang, {})} for lang in languages()}
    return {lang: _as_messages(data.name, texts) for lang, texts in words.items()}


def _as_messages(table: str, words: Mapping[str, str]) -> dict[str, str]:
    named = {f"column.{table}.{key}": text for key, text in words.items() if key != "title"}
    titled = [(f"{group}.{table}", words["title"]) for group in TITLES if "title" in words]
    return {**dict(titled), **named}


def both(key: str, **slots: object) -> Pair:
    """Return a message of the interface in every language."""
    return {lang: words[key].format(**slots) for lang, words in messages().items()}


def counted(key: str, **numbers: int) -> Pair:
    """Return a message in every language, its numbers written as each writes them."""
    return {
        lang: both(key, **{name: number_in(lang, number) for name, number in numbers.items()})[lang]
        for lang in languages()
    }


def languages() -> tuple[str, ...]:
    """Return the languages of the region at work, first that of columns without a suffix."""
    return active_region().languages


def alike(text: Any) -> Pair:
    """Return a text that is the same in every language."""
    return dict.fromkeys(languages(), text)


def local(row: Mapping[Any, Any], name: str) -> Pair:
    """Return a text of a row by language: the column, and those of it with a language's suffix."""
    first, *others = languages()
    text = plain(row.get(name))
    found = {lang: plain(row.get(f"{name}_{lang}")) for lang in others}
    return {first: text, **{lang: text if told is None else told for lang, told in found.items()}}


def number_in(lang: str, value: float) -> str:
    """Write a whole number as a language does: ``39,171`` or ``39 171``.

    Examples
    --------
    >>> number_in("en", 39171)
    '39,171'
    """
    return written_number(value).replace(",", messages()[lang]["number.group"])


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
    """Return a message of the interface in the first language."""
    return str(both(key, **slots)[languages()[0]])


def dates_in(text: str) -> list[tuple[str, str | None]]:
    """Cut a text at its dates of a day: the words before each, and the date or None at the end.

    Examples
    --------
    >>> dates_in("1; 2023-01-04.")
    [('1; ', '2023-01-04'), ('.', None)]
    """
    pieces = re.split(r"(\d{4}-\d\d-\d\d(?:/\d{4}-\d\d-\d\d)?)", text)
    return list(zip_longest(pieces[::2], pieces[1::2]))
