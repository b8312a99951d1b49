"""Rows that add others up: found by what they are called, and by arithmetic."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from roxham.geo.errors import shown
from roxham.geo.written.numerals import plain_number

__all__ = ["Totals", "is_total", "section_sums", "sums_of_others", "totals_in"]

TOTAL = re.compile(
    r"((grand|general|sub|sous|over\s?all)[ -]?)?(total(s|en?|es|i|t|ul|ni|no)?|totaux)\b.*"
    r"|.*\b(total|totaal|totalt|totale|insgesamt|gesamt|gesamtsumme|итого|общо|всего|укупно|razem)"
    r"|totalsumme|suma|somme|summe?|sum|soma|somma|suma (total|ogólna)"
    r"|gesamt\w*|insgesamt|zusammen|alle( \w+)?|ensemble( d\w+)?"
    r"|tous|toutes|tout|todos|todas|tutti|tutte|both sexes"
    r"|all( (provinces|states|areas|regions|countries|persons|ages|sexes|ports|routes))?"
    r"|(итого|всего|общо|усього|разом|ukupno|укупно|skupaj|razem|ogółem|celkem|spolu|összesen)\b.*"
    r"|toplam|genel toplam|kokku|kopā|iš viso|yhteensä|i alt|samtals|σύνολο|סך הכל"
    r"|合计|总计|合計|計|合计数|(ال)?(مجموع|إجمالي|اجمالي)( .*)?",
    re.IGNORECASE | re.DOTALL,
)
"""What stands in a row that adds others up, in the place of what the others are of."""
MOST_ROWS = 1_000
"""A longer list is not looked through for sections."""
FEW = 3
"""Of so many rows at least, one that is the sum of the others is no chance."""


class Totals(NamedTuple):
    """What to make of the rows that add others up."""

    leave: dict[str, list[str]]
    """By the column: texts whose rows are left out."""
    keep: dict[str, list[str]]
    """By the column: texts of whole rows, beside which the others are parts of the same."""
    questions: list[str]


def is_total(text: str) -> bool:
    """Whether a text names a sum.

    Examples
    --------
    >>> [text for text in ("Grand total", "Gesamt", "Итого", "Totnes", "Total, RCMP", "Alberta")
    ...  if is_total(text)]
    ['Grand total', 'Gesamt', 'Итого', 'Total, RCMP']
    """
    plain = re.sub(r"[*†:()\[\]]+|\s+", " ", text).strip()
    return TOTAL.fullmatch(plain) is not None


def totals_in(
    rows: pd.DataFrame, labels: Sequence[str], named: Iterable[str], by: Sequence[str]
) -> Totals:
    """Find the rows that are called a sum in any column of labels.

    Parameters
    ----------
    rows
        Their cells, as text.
    labels
        Columns of words.
    named
        Of these, the ones that something is made of: what is counted where, and the like.
    by
        Columns that say of what else a count is, beside a label: the period.

    Examples
    --------
    >>> rows = pd.DataFrame({"Ort": ["A", "B", "Gesamt"], "n": ["1", "2", "3"]})
    >>> totals_in(rows, ["Ort"], ["Ort"], []).leave
    {'Ort': ['Gesamt']}
    """
    leave: dict[str, list[str]] = {}
    keep: dict[str, list[str]] = {}
    questions: list[str] = []
    named = list(named)
    for label in labels:
        cells = rows[label].fillna("").astype(str).str.strip()
        texts = [text for text in cells.unique() if text and is_total(text)]
        if not texts:
            continue
        others = [column for column in (*named, *by) if column != label]
        total = cells.isin(texts)
        if total.all():
            continue
        whole = [] if label in named else [t for t in texts if _alike(rows, cells == t, others)]
        if sums := [text for text in texts if text not in whole]:
            leave[label] = sums
        if whole:
            keep[label] = whole
            parts = ", ".join(dict.fromkeys(cells[~total & cells.ne("")].head(3)))
            questions.append(
                f"{label}: {', '.join(map(shown, whole))} adds up {shown(parts)}; its rows alone "
                "are taken: for the parts instead, change [rows.keep]"
            )
    return Totals(leave, keep, questions)


def _alike(rows: pd.DataFrame, total: pd.Series, others: Sequence[str]) -> bool:
    """Whether other rows are of the same as those that are called a sum, but for its parts."""
    if not others:
        return False
    cells = rows[list(others)].fillna("").astype(str)
    keys = cells.agg("\x1f".join, axis=1)
    filled = (cells != "").all(axis=1)
    return bool(keys[total & filled].isin(set(keys[~total])).any())


def sums_of_others(
    rows: pd.DataFrame, label: str, counts: Sequence[str], by: Sequence[str]
) -> list[str]:
    """Return the labels whose counts are those of all others added up, wherever they stand.

    Parameters
    ----------
    rows
        Their cells, as text, without the rows that are called a sum.
    label
        The column of what counts are of.
    counts
        Columns of numbers.
    by
        Columns that are the same in rows that may be added up: the period.

    Examples
    --------
    >>> rows = pd.DataFrame({"of": ["CA", "QC", "ON"], "n": ["1 203", "1 200", "3"]})
    >>> sums_of_others(rows, "of", ["n"], [])
    ['CA']
    """
    names = rows[label].fillna("").astype(str).str.strip()
    numbers = pd.DataFrame({column: _numbers(rows[column]) for column in counts})
    groups = rows[list(by)].fillna("").astype(str).agg("\x1f".join, axis=1) if by else names * 0
    held: dict[str, bool] = {}
    for at in groups.groupby(groups, sort=False).groups.values():
        here = numbers.loc[at]
        known = here.notna()
        if len(at) < FEW:
            continue
        rest = here.sum() - here
        same = (here.eq(rest) & known) | ~known
        # A sum of one number alone, or of nothing, is none.
        enough = known & (here.gt(0).sum() >= FEW)
        for name, good, told in zip(
            names.loc[at], same.all(axis=1), (enough & same).any(axis=1), strict=True
        ):
            if not good:
                held[name] = False
            elif told:
                held.setdefault(name, True)
    return [name for name, sum_of_others in held.items() if sum_of_others and name]


def section_sums(
    rows: pd.DataFrame, label: str, counts: Sequence[str], by: Sequence[str]
) -> dict[str, list[str]]:
    """Return rows that add up those of a section, above or below, in every column of numbers.

    A section is of two rows at least, and two numbers must show it: that one is the sum of its
    neighbours may be chance. A row that adds up the sections is one, too.

    Parameters
    ----------
    rows
        Their cells, as text, without the rows that are called a sum.
    label
        The column of what counts are of.
    counts
        Columns of numbers.
    by
        Columns that are the same in rows that may be added up: the period.

    Returns
    -------
    dict
        By the label of the sum: the labels that it adds up.

    Examples
    --------
    >>> rows = pd.DataFrame({"of": ["A", "B", "East", "C", "D", "West"],
    ...                      "n": ["10", "7", "17", "20", "9", "29"]})
    >>> section_sums(rows, "of", ["n"], [])
    {'East': ['A', 'B'], 'West': ['C', 'D']}
    """
    names = rows[label].fillna("").astype(str).str.strip()
    numbers = pd.DataFrame({column: _numbers(rows[column]) for column in counts})
    groups = rows[list(by)].fillna("").astype(str).agg("\x1f".join, axis=1) if by else names * 0
    told: dict[str, list[str]] = {}
    shown_by = 0
    for at in groups.groupby(groups, sort=False).groups.values():
        here = names.loc[at].tolist()
        found = _added_up(numbers.loc[at].to_numpy()) if len(set(here)) == len(here) else {}
        sums = {here[k]: [here[part] for part in parts] for k, parts in found.items()}
        told = (
            {k: told[k] for k in told if k not in here or sums.get(k) == told[k]} if told else sums
        )
        shown_by += sum(int((numbers.loc[at].to_numpy()[k] > 0).sum()) for k in found)
    return told if shown_by > 1 else {}


def _added_up(numbers: NDArray[np.float64]) -> dict[int, list[int]]:
    """Return the rows that are the sum of those right above or below them, with these."""
    if len(numbers) > MOST_ROWS or np.isnan(numbers).any():
        return {}
    last = len(numbers) - 1
    turned = _sections(numbers[::-1])
    above = {last - at: sorted(last - k for k in parts) for at, parts in turned.items()}
    found = max((_sections(numbers), above), key=len)
    whole = numbers[list(found)].sum(axis=0)
    parts = {k for section in found.values() for k in section}
    for at in range(len(numbers) if len(found) > 1 else 0):
        if at not in found and at not in parts and (numbers[at] == whole).all():
            found = {**found, at: sorted(found)}
            break
    return found


def _sections(numbers: NDArray[np.float64]) -> dict[int, list[int]]:
    """Return the rows that are the sum of the rows right before them, with these."""
    found: dict[int, list[int]] = {}
    start = 0
    for at in range(len(numbers)):
        total = np.zeros(numbers.shape[1])
        for first in range(at - 1, start - 1, -1):
            total = total + numbers[first]
            if (
                at - first > 1
                and (total == numbers[at]).all()
                and (numbers[first:at] > 0).any(axis=1).all()
            ):
                found[at] = list(range(first, at))
                start = at + 1
                break
    return found


def _numbers(cells: pd.Series) -> pd.Series:
    """Return whole numbers, whatever parts their thousands; null where there is none."""
    plain = cells.fillna("").astype(str).str.strip().map(plain_number)
    grouped = plain.str.fullmatch(r"\d{1,3}([.,]\d{3})+")
    plain = plain.mask(grouped, plain.str.replace(r"[.,]", "", regex=True))
    return pd.to_numeric(plain.where(plain.str.fullmatch(r"\d+")), errors="coerce")
