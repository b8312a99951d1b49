"""Numbers, dates and messages of the interface, as words in every language of a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import zip_longest
from typing import Any

from roxham.geo.errors import DataError, Fault
from roxham.geo.network.metadata import OSM_NAME
from roxham.geo.region import Region, active_region
from roxham.geo.region.definition import LANGUAGE, Definition, Side
from roxham.geo.region.kinds import REGION_FILE
from roxham.geo.region.study_area import SHIPPED, kept_with_region
from roxham.geo.tables.edtf import is_date
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.model import Dataset
from roxham.maps.ground import BESIDE, Base
from roxham.maps.resources import asset_json, translations

from .plain import plain

__all__ = [
    "Pair",
    "alike",
    "both",
    "counted",
    "credits_of",
    "dates_in",
    "filled",
    "language_of",
    "languages",
    "local",
    "messages",
    "number_in",
    "roads_note",
    "rows_left",
    "words_of",
    "written_date",
    "written_dates",
    "written_numbers",
]

Pair = dict[str, Any]
"""A text by language, ``{"en": ..., "fr": ...}``, in the languages of the region at work."""
OPEN = "open."
"""Before messages that take the place of others where the border is open."""
PROMISED = (
    *("disclaimer.purpose", "disclaimer.boundary", "mask.note", "sources.corrections"),
    *("incidents.sub", "rules.overridden", "rules.overridden_sub"),
)
"""Messages by which a page keeps the rules of publication: a region may translate them alone."""
NEEDED = (
    *("sources.measured", "encounters.sub", "legend.areas"),
    *("disclaimer.osm", "disclaimer.roads", "disclaimer.schematic"),
)
"""Those that a region may word itself, and not leave empty."""
CREDITED = ("border", "jurisdictions", "water", "places", "roads")
"""Ground that a page credits by the sources that a region's file states."""
TITLES = ("series", "frame")
"""Groups of messages with what a table is called: above it, and where it is one of a list."""
WORD = re.compile(r"[^\W\d_]+")
SLOT = re.compile(r"\{(\w+)\}")
MONTHS = "date.months"
"""The message that names the twelve months, as they stand in a date."""
FORMS = ("date.day", "date.days", "date.first", "date.month")
RIGHT_TO_LEFT = ("ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi")
"""Languages written from right to left."""
FIRST_DAY = re.compile(r"\{day\}[^\W\d_]*")
"""The first of a month as its form has it: ``1er``."""
YEAR_LAST = re.compile(r"[^}]*\{year\}.*")
"""What is left out of a form of dates where the year follows later."""
DATE = re.compile(r"(\d{2}(?:\d\d|\dX|XX))(?:-(\d\d|XX)(?:-(\d\d|XX))?)?([?~%]?)")
Messages = dict[str, dict[str, str]]
"""Texts by language and key."""
WITHIN_A_YEAR = re.compile(r"(\d{4})(-(0[1-9]|1[0-2])(-\d\d)?)/\1(-(0[1-9]|1[0-2])(-\d\d)?)")


def messages() -> Messages:
    """Return every message of the page by language: its own, the tables', the region's.

    What is returned is not to be altered.
    """
    region, tables = active_region(), (*DATASETS.values(),)
    kept, told = _told(region), tuple(map(id, tables))
    if told not in kept:
        kept[told] = (tables, _with_tables(region, tables))  # while it has them, no other has an id
    return kept[told][1]


@kept_with_region
def _told(_: Region) -> dict[tuple[int, ...], tuple[tuple[Dataset, ...], Messages]]:
    """Return where the messages of a region with those of tables are kept, by the tables."""
    return {}


def _with_tables(region: Region, tables: Iterable[Dataset]) -> Messages:
    """Return the messages of the region at work with those that tables bring."""
    found = {language: dict(words) for language, words in _of_region(region).items()}
    for data in tables:
        for language, words in words_of(data).items():
            found.setdefault(language, {})
            found[language] |= words
    return found


@kept_with_region
def _of_region(region: Region) -> dict[str, dict[str, str]]:
    """Return our messages as a region has them."""
    return {lang: _said(region, lang) for lang in region.languages}


def _said(region: Region, lang: str) -> dict[str, str]:
    """Return the messages of a region in a language: its names, and its own words over ours."""
    ours = _in_language(lang)
    details = region.details or _plainly(region)

    def told(words: Mapping[str, str], other: str = "") -> str:
        return words.get(lang) or next(iter(words.values()), other)

    sides = [told(side.name, side.code) for side in details.sides]
    areas = {area.code: told(area.name) for area in details.areas}
    drawn = next((one for one in details.series if one.chart), None)
    slots = {"side_1": sides[0], "side_2": sides[1], "region": told(details.title)}
    if drawn is not None:
        whole = drawn.whole or drawn.area
        slots |= {"area": areas.get(drawn.area, drawn.area), "whole": areas.get(whole, whole)}
    used = {str(file).removeprefix(SHIPPED) for file in details.files.values()}
    used |= {other for file in used for other in BESIDE.get(file, ())}
    ours = {
        key: filled(text, **slots)
        for key, text in ours.items()
        if not key.startswith("resource.") or key.removeprefix("resource.") in used
    }
    if not details.controlled:  # roads over an open border are no ports of entry
        ours |= {k.removeprefix(OPEN): t for k, t in ours.items() if k.startswith(OPEN)}
    hours = zip(region.columns("hours", prefix=True), sides, strict=True)
    return {
        **ours,
        **{f"country.{s.code}": name for s, name in zip(details.sides, sides, strict=True)},
        **{f"province.{code}": name for code, name in areas.items()},
        **{f"counted.{a.code}": told(a.name) for a in details.areas if a.rest is not None},
        **{f"view.{view.id}": told(view.name) for view in details.views},
        **{f"column.{column}": f"{ours['column.hours']} ({side})" for column, side in hours},
        **{f"column.{name}": told(words) for name, words in details.port_columns.items()},
        **({} if details.views else {"view.region": told(details.title)}),
        "popup.boundary": " – ".join(sides),
        "page.title": _plain_headline(told(details.headline)) or told(details.title),
        "credit.osm": told(details.credits),
        "page.kicker": told(details.kicker) or " · ".join(sides),
        **(
            {"disclaimer.nocross": " ".join(map(told, details.disclaimers))}
            if details.disclaimers
            else {}
        ),
        **_own_words(details.words.get(lang, {}), lang),
    }


def _plain_headline(text: str) -> str:
    """Return a headline that speaks of no figure; nothing of one that does."""
    return "" if SLOT.search(text) else text


def _own_words(words: dict[str, str], lang: str) -> dict[str, str]:
    """Return a region's own words; refuse those that hide what every page says, or break it."""
    hidden = "is what every page says; a region’s words cannot take its place."
    faults = {
        key: (hidden, "Leave it out; sentences of your own go into disclaimers.")
        for key in (*PROMISED, *NEEDED)
        if key in words and (not words[key].strip() or (key in PROMISED and lang in _shipped()))
    }
    if not LANGUAGE.fullmatch(words.get("language.locale", lang)):
        faults["language.locale"] = ("is not the code of a language.", "Write it as en-CA.")
    if words.get("language.direction", "ltr") not in ("ltr", "rtl"):
        faults["language.direction"] = ("is neither ltr nor rtl.", "Write one of them.")
    if faults:
        told = [(f'words.{lang}."{key}"', *said) for key, said in faults.items()]
        raise DataError([Fault(REGION_FILE, said, do, column=key) for key, said, do in told])
    return words


def _plainly(region: Region) -> Definition:
    """Return what a file would say of a region that was made without one."""
    return Definition.model_construct(
        title={"en": region.title},
        sides=tuple(Side.model_construct(code=code) for code in region.sides),
        controlled=region.controlled,
    )


def _in_language(lang: str) -> dict[str, str]:
    """Return the messages that ship, in English where there is no translation.

    Forms of dates are left out then: the reader's browser knows those of any language.
    """
    if lang in _shipped():
        return _shipped()["en"] | _shipped()[lang]
    english = {k: v for k, v in _shipped()["en"].items() if k not in (*FORMS, MONTHS)}
    way = "rtl" if lang.partition("-")[0] in RIGHT_TO_LEFT else "ltr"
    own = {"language.name": lang, "language.locale": lang, "language.direction": way}
    return english | own


def filled(text: str, /, **slots: object) -> str:
    """Fill the slots of a message, as the page's script does; other braces stay as they are.

    Messages may be a region's own words, so that they are no format of Python's.

    Examples
    --------
    >>> filled("{count} in {place.name} {", count=3, place="X")
    '3 in {place.name} {'
    """
    return SLOT.sub(lambda m: str(slots[m[1]]) if m[1] in slots else m[0], text)


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
    return {lang: filled(words[key], **slots) for lang, words in messages().items()}


def counted(key: str, **numbers: int) -> Pair:
    """Return a message in every language, its numbers written as each writes them."""
    return {
        lang: both(key, **{name: number_in(lang, number) for name, number in numbers.items()})[lang]
        for lang in languages()
    }


def languages() -> tuple[str, ...]:
    """Return the languages of the region at work, first that of columns without a suffix."""
    return active_region().languages


def language_of(text: str) -> str | None:
    """Return which of the page's languages a title is in, by its small words; None if that is open.

    Examples
    --------
    >>> language_of("Demandes d'asile par année"), language_of("Two bodies found in the river")
    ('fr', 'en')
    >>> language_of("CIMM 2024") is None
    True
    """
    found = set(WORD.findall(text.casefold()))
    counts = {
        lang: len(found & set(words["language.words"].split()))
        for lang, words in messages().items()
    }
    best = max(counts, key=lambda lang: counts[lang])
    tied = list(counts.values()).count(counts[best]) > 1
    return None if tied or counts[best] == 0 else best


def alike(text: Any) -> Pair:
    """Return a text that is the same in every language."""
    return dict.fromkeys(languages(), text)


def local(row: Mapping[Any, Any], name: str) -> Pair:
    """Return a text of a row by language: the column, and those of it with a language's suffix."""
    first, *others = languages()
    text = plain(row.get(name))
    found = {lang: plain(row.get(f"{name}_{lang}")) for lang in others}
    return {first: text, **{lang: text if told is None else told for lang, told in found.items()}}


def credits_of(base: Base) -> Pair:
    """Say whose ground a page stands on: as the region words it, else as its files state it."""
    details = base.region.details
    own = both("credit.osm")
    roads, given = (base.roads.attrs.get(name) for name in ("credit", "given"))
    worded = any(own.values())
    if worded and (not given or (roads and OSM_NAME in roads and OSM_NAME in str(own))):
        return own
    whose: dict[str, list[str]] = {}
    sources = {} if worded or details is None else details.sources
    for kind in CREDITED:
        if (source := sources.get(kind)) and not (kind == "roads" and given):
            told = ", ".join(filter(None, (source.publisher, source.licence)))
            whose.setdefault(told, []).append(kind)
    if len(base.roads) and not any("roads" in kinds for kinds in whose.values()):
        whose.setdefault(roads or "", []).append("roads")
    return {lang: _owed(whose, lang) + (f" {own[lang]}" if worded else "") for lang in languages()}


def _owed(whose: Mapping[str, Iterable[str]], lang: str) -> str:
    """Write who is owed what in a language, a sentence for each."""
    words = messages()[lang]
    return " ".join(
        f"{', '.join(words[f'frame.{kind}'] for kind in kinds)}{words['colon']} "
        f"{told.rstrip('.') or words['credit.unstated']}."
        for told, kinds in whose.items()
    )


def roads_note(base: Base) -> str | None:
    """Return the message that says how far to trust the roads drawn; None where there are none."""
    if not len(base.roads):
        return None
    if base.schematic:
        return "disclaimer.schematic"
    return f"disclaimer.{'osm' if OSM_NAME in str(base.roads.attrs.get('credit')) else 'roads'}"


def number_in(lang: str, value: float, digits: int = 0) -> str:
    """Write a number as a language does: ``39,171.5`` or ``39 171,5``.

    Examples
    --------
    >>> number_in("en", 39171), number_in("en", 9.57, 2)
    ('39,171', '9.57')
    """
    words = messages()[lang]
    signs = str.maketrans({",": words["number.group"], ".": words["number.decimal"]})
    return f"{value:,.{digits}f}".translate(signs)


def rows_left(key: str, listed: int, every: int) -> Pair | None:
    """Say how many rows of a table the static text lists, if not every one."""
    return counted(key, count=listed, all=every) if every > listed else None


def written_numbers(value: Any, digits: int = 0) -> Pair:
    """Write a number in every language; nothing of what is none.

    Examples
    --------
    >>> written_numbers(39171)["en"], written_numbers(9.57, 2)["fr"], written_numbers(None)["en"]
    ('39,171', '9,57', '')
    """
    value = plain(value)
    if not isinstance(value, int | float):
        return alike("")
    return {lang: number_in(lang, value, digits) for lang in languages()}


def written_dates(iso: Any) -> Pair:
    """Write a date as :func:`written_date` does, in every language."""
    return {lang: written_date(iso, lang) for lang in languages()}


def written_date(iso: Any, language: str | None = None) -> str:
    """Write a date, coarse or not, in a language; text that is no date stays as it is.

    Parameters
    ----------
    iso
        ISO 8601 or EDTF level 1.
    language
        One of the region's; the first by default. The page's script writes dates anew,
        by the same rules.

    Examples
    --------
    >>> written_date("2023-03-25"), written_date("2022-06/2022-08"), written_date("2017")
    ('March 25, 2023', 'June – August 2022', '2017')
    >>> written_date("2022-06~"), written_date("2022?"), written_date("2022-06/..", "fr")
    ('about June 2022', '2022 (uncertain)', 'juin 2022 et après')
    """
    text = str(plain(iso) or "")
    if not is_date(text):
        return text
    words = _dated(language or languages()[0])
    start, slash, end = text.partition("/")
    if not slash or start == end:
        return _one_date(start, words)
    if ".." in (start, end):
        key = "date.before" if start == ".." else "date.after"
        return filled(words[key], date=_one_date(end if start == ".." else start, words))
    if WITHIN_A_YEAR.fullmatch(text) and len(start) == len(end):
        return _within_a_year(start, end, words)
    written = [_one_date(part, words) if part else words["unknown"] for part in (start, end)]
    return " – ".join(written)


def _dated(language: str) -> Mapping[str, str]:
    """Return the words for dates: of a language that has none, the English ones."""
    words = messages()[language]
    return words if MONTHS in words else _shipped()["en"]


def _within_a_year(start: str, end: str, words: Mapping[str, str]) -> str:
    """Two days, or two months, of one year say it once: "March 29–30, 2023"."""
    year, month, day = _parts(start)
    if start[:7] == end[:7]:
        of_first = FIRST_DAY.search(words["date.first"]) if day == 1 else None
        written = filled(of_first[0], day=1) if of_first else day
        slots = {"day": written, "last": int(end[8:]), "year": year}
        return filled(words["date.days"], month=_month(month, words), **slots)
    form = YEAR_LAST.sub("", words[_form(day)])
    first = filled(form, day=day, month=_month(month, words)) if form else _one_date(start, words)
    return f"{first} – {_one_date(end, words)}"


def _parts(text: str) -> tuple[str, int, int | None]:
    year, month, *day = text.split("-")
    return year, int(month), int(day[0]) if day else None


def _form(day: int | None) -> str:
    """Return the key of how a day, the first of a month, or a month is written."""
    return "date.month" if day is None else "date.first" if day == 1 else "date.day"


def _month(number: int, words: Mapping[str, str]) -> str:
    names = words[MONTHS].split()
    return names[number - 1] if len(names) == 12 else str(number)


def _one_date(text: str, words: Mapping[str, str]) -> str:
    found = DATE.fullmatch(text)
    if found is None:
        return text
    year, month, day, mark = found.groups()
    if year.endswith("XX"):
        written = filled(words["date.century"], first=f"{year[:2]}00", last=f"{year[:2]}99")
    elif year.endswith("X"):
        written = filled(words["date.decade"], year=f"{year[:3]}0")
    elif month is None:
        written = year
    elif month == "XX":
        written = filled(words["date.month_unknown"], date=year)
    else:
        known = None if day in (None, "XX") else int(day)
        slots = {"day": known, "month": _month(int(month), words), "year": year}
        written = filled(words[_form(known)], **slots)
        written = filled(words["date.day_unknown"], date=written) if day == "XX" else written
    if mark in ("~", "%"):
        written = filled(words["date.approximate"], date=written)
    return filled(words["date.uncertain"], date=written) if mark in ("?", "%") else written


def dates_in(text: str) -> list[tuple[str, str | None]]:
    """Cut a text at its dates of a day: the words before each, and the date or None at the end.

    Examples
    --------
    >>> dates_in("1; 2023-01-04.")
    [('1; ', '2023-01-04'), ('.', None)]
    """
    pieces = re.split(r"(\d{4}-\d\d-\d\d(?:/\d{4}-\d\d-\d\d)?)", text)
    return list(zip_longest(pieces[::2], pieces[1::2]))
