"""What is found of a statement, in every language of the region at work.

The words of some languages ship (``layers/data/statement_words.json``); of others those of English
stand, but where a region gives its own: ``[words.es] "statement.none" = "…"``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from roxham.geo.region import Region, active_region
from roxham.geo.region.study_area import kept_with_region
from roxham.layers.intervals import Interval

__all__ = ["Said", "alike", "named", "of_row", "phrase", "suffixed", "written"]

Said = dict[str, str]
"""A text by language."""
BASE = "en"
LIKE_FRENCH = ("fr", "bg")
"""Languages whose numbers have a comma before decimals and a space between thousands."""


@cache
def _shipped() -> dict[str, dict[str, str]]:
    text = (files("roxham.layers") / "data" / "statement_words.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def _words(lang: str) -> Mapping[str, str]:
    return _all_words(active_region())[lang]


@kept_with_region
def _all_words(region: Region) -> dict[str, dict[str, str]]:
    own = region.details.words if region.details else {}
    shipped = _shipped()
    return {
        lang: shipped[BASE] | shipped.get(lang, {}) | own.get(lang, {}) for lang in region.languages
    }


def phrase(key: str, /, **slots: object) -> Said:
    """Return a phrase in every language; a slot may be a text by language.

    Examples
    --------
    >>> phrase("unknown", asked="2022, X")
    {'en': '2022, X: the number is not known', 'fr': '2022, X : le nombre est inconnu'}
    """
    found = {}
    for lang in active_region().languages:
        text = _words(lang)[f"statement.{key}"]
        for name, value in slots.items():
            told = value[lang] if isinstance(value, dict) else str(value)
            text = text.replace(f"{{{name}}}", told)
        found[lang] = text
    return found


def alike(text: object) -> Said:
    """Return a text that is the same in every language."""
    return dict.fromkeys(active_region().languages, str(text))


def suffixed(column: str) -> dict[str, str]:
    """Return the column of each language: the first has no suffix.

    Examples
    --------
    >>> suffixed("found")
    {'en': 'found', 'fr': 'found_fr'}
    """
    first, *others = active_region().languages
    return {first: column, **{lang: f"{column}_{lang}" for lang in others}}


def of_row(row: Mapping[Any, Any], column: str) -> Said:
    """Return a text of a row by language: where one is missing, the text without a suffix."""
    told = {lang: row.get(name) for lang, name in suffixed(column).items()}
    return {lang: str(row[column] if pd.isna(text) else text) for lang, text in told.items()}


def written(kind: str, value: Interval) -> Said:
    """Return a number of a kind with its unit, in every language.

    Examples
    --------
    >>> written("times", Interval.exact(9.57))
    {'en': '9.57 times', 'fr': '9,57 fois'}
    """
    found = {}
    for lang in active_region().languages:
        words = _words(lang)
        count = value.text("fr" if lang in LIKE_FRENCH else "en")
        for between in (" to ", " à "):
            if between in count:
                low, high = count.split(between)
                count = words["statement.from_to"].replace("{low}", low).replace("{high}", high)
        found[lang] = words.get(f"statement.{kind}", "{count}").replace("{count}", count)
    return found


def named(text: str) -> Said:
    """Return a text that a function gives: the region's own for sides and regimes, else as here."""
    details = active_region().details
    sides = {side.code: side.name for side in details.sides} if details else {}
    regimes = {regime.id for regime in details.regimes} if details else set()
    found = {}
    for lang in active_region().languages:
        words = _words(lang)
        told = words.get(f"regime.{text}") if text in regimes else None
        told = told or words.get(f"statement.{text}", text)
        found[lang] = sides[text].get(lang, text) if text in sides and lang != BASE else told
    return found
