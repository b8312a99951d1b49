"""Counts that are two numbers, the least and the most that they can be; and counts in thousands."""

from __future__ import annotations

import re

import pandas as pd

from roxham.geo.errors import shown
from roxham.geo.written.numerals import Mark, read_numbers
from roxham.layers.mapping.model import TableMapping

__all__ = ["between", "digits", "is_range", "ranges_in", "scaled"]

NUMBER = r"(?:0|[1-9][0-9]{0,2}(?:[ ,.\'’\u00a0\u202f][0-9]{3})+|[1-9][0-9]*)"
RANGE = re.compile(rf"({NUMBER})\s*(?:[-–—−]|\b(?:to|à|a|bis)\b)\s*({NUMBER})", re.IGNORECASE)
"""A number with a zero before it is of a date."""
YEAR = re.compile(r"(?:19|20)[0-9]{2}")


def is_range(text: str) -> bool:
    """Whether a text is two numbers, the greater one last, as that of no fiscal year is.

    Examples
    --------
    >>> [is_range(text) for text in ("5-10", "1,200 to 1,500", "2021-22", "05-10", "10-5")]
    [True, True, False, False, False]
    """
    return _numbers(text) is not None


def _numbers(text: str) -> tuple[str, str] | None:
    """Return the two numbers of a range."""
    found = RANGE.fullmatch(text.strip())
    if found is None:
        return None
    least, most = found.groups()
    return (least, most) if int(re.sub(r"\D", "", least)) < int(re.sub(r"\D", "", most)) else None


def ranges_in(cells: pd.Series) -> tuple[bool, list[str]]:
    """Tell whether counts are ranges, and what is to be said or asked.

    Examples
    --------
    >>> ranges_in(pd.Series(["12", "5-10"]))[0], ranges_in(pd.Series(["2019-2021", "5"]))[0]
    (True, False)
    """
    texts = cells.fillna("").astype(str).str.strip().unique()
    found = {text: numbers for text in texts if (numbers := _numbers(text)) is not None}
    years = [text for text, numbers in found.items() if all(map(YEAR.fullmatch, numbers))]
    if years:
        asked = f"{shown(years[0])}: years, or a count between the two? Write ranges = true for it"
        return False, [asked]
    told = [f"{shown(next(iter(found)))}: a count between the two, by ranges"] if found else []
    return bool(found), told


def between(out: pd.DataFrame, mapping: TableMapping) -> pd.DataFrame:
    """Return ranges as their least number, the most beside it as ``other``."""
    count = mapping.wide.count if mapping.wide else "count"
    if not mapping.ranges or count not in out:
        return out
    cells = out[count].fillna("").astype(str).str.strip()
    ranged = cells.map(is_range).astype(bool)
    if not ranged.any():
        return out
    bounds = cells.str.extract(RANGE)
    given = {name: out.get(name, pd.Series("", index=out.index)) for name in ("other", "precision")}
    return out.assign(
        **{count: cells.mask(ranged, bounds[0])},
        other=given["other"].mask(ranged, bounds[1]),
        precision=given["precision"].mask(ranged, "between"),
    )


def scaled(out: pd.DataFrame, mapping: TableMapping) -> pd.DataFrame:
    """Return counts in ones: of thousands, a number is no more than about so many."""
    if mapping.scale == 1 or "count" not in out:
        return out
    said = out["precision"] if "precision" in out else pd.Series("", index=out.index)
    for column in [name for name in ("count", "other") if name in out]:
        numbers = pd.to_numeric(digits(out[column], mapping.read.decimal), errors="coerce")
        ones = (numbers * mapping.scale).round().map(lambda n: f"{n:.0f}")
        out = out.assign(**{column: out[column].mask(numbers.notna(), ones)})
        said = said.mask(numbers.notna(), "approximate") if column == "count" else said
    return out.assign(precision=said)


def digits(cells: pd.Series, mark: Mark | None) -> pd.Series:
    """Return whole numbers as digits, wherever they have one reading."""
    texts = cells.fillna("").astype(str).str.strip()
    return read_numbers(texts, mark, whole_table=frozenset(), whole=True).cells
