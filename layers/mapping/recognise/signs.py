"""Signs in place of a number: withheld by its publisher, not known, or to be asked about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from roxham.geo.errors import shown
from roxham.geo.written.headers import plain_header

__all__ = ["Signs", "marks_in", "signs_in", "status_of", "without_marks"]

FEWER = re.compile(r"[<≤]\s*([0-9]+)|(?:fewer|less) than ([0-9]+)|moins de ([0-9]+)", re.IGNORECASE)
MOST = 6
"""A withheld count is told as 0 to 5; one that may be more is not known."""
WITHHELD = re.compile(r"\[c\]|\(c\)|: ?c|\*+|x|suppressed|supprimé|masked", re.IGNORECASE)
UNKNOWN = re.compile(
    r"n\.?[/.]?[ad]\.?|k\. ?a\.?|s\.? ?[/.]?d\.?|\.{1,3}|…|:( ?[a-bd-z])?|\[[xzu:]\]|F|nd"
    r"|null|nan|none|#n/[ad]|unknown|inconnu|not available|non disponible"
    r"|unbekannt|desconocido|нет данных|غير متوفر",
    re.IGNORECASE,
)
MARKED = re.compile(
    r"[+-]?[0-9][0-9.,'’\s]*?\s*(\*{1,3}|[†‡§]|\(?[a-jln-z]{1,2}\)|[a-jln-z]|[¹²³⁰⁴-⁹]+)",
    re.IGNORECASE,
)
"""A number and the mark of a note behind it; ``k`` and ``m`` are no marks."""
STATUS = (
    *("status", "statut", "obs_status", "obs_flag", "flag", "flags", "symbol", "symbole"),
    "conf_status",  # of Eurostat's tables
)
CONFIDENTIAL = ("c", "x")
"""What statistical offices write in a column of signs."""
SO_READ = "withheld, and so read as 0 to 5; write it into unknown where more can be hidden"
DASH = re.compile(r"[-–—−]{1,2}|- -")


class Signs(NamedTuple):
    """The signs of some columns, by what they mean, and what is to be asked about them."""

    withheld: list[str]
    unknown: list[str]
    questions: list[str]


def signs_in(cells: pd.Series) -> Signs:
    """Tell the signs among numbers.

    Examples
    --------
    >>> found = signs_in(pd.Series(["5", "<6", "n/a", "–", "<50", "≤6", "1 200"]))
    >>> found.withheld, found.unknown, found.questions[0][:35]
    (['<6'], ['n/a', '<50', '≤6'], '–: 0, withheld, or not known? Write')
    """
    withheld: list[str] = []
    unknown: list[str] = []
    questions: list[str] = []
    for text in cells.fillna("").astype(str).str.strip().unique():
        fewer = FEWER.fullmatch(text)
        if fewer is not None:
            few = int(next(filter(None, fewer.groups()))) + text.startswith("≤") <= MOST
            (withheld if few else unknown).append(text)
        elif WITHHELD.fullmatch(text):
            withheld.append(text)
            questions.append(f"{shown(text)}: {SO_READ}")
        elif UNKNOWN.fullmatch(text):
            unknown.append(text)
        elif DASH.fullmatch(text) and text != "--":
            questions.append(
                f"{shown(text)}: 0, withheld, or not known? Write it into withheld or unknown, "
                f'or "{text}" = "0" into [codes.count]'
            )
    return Signs(withheld, unknown, questions)


def status_of(rows: pd.DataFrame, count: str | None, signs: Signs) -> tuple[str | None, Signs]:
    """Return the column of signs for counts that are absent, and the signs with those in it.

    Examples
    --------
    >>> rows = pd.DataFrame({"VALUE": ["7", "", ""], "STATUS": ["E", "x", ".."]})
    >>> name, signs = status_of(rows, "VALUE", Signs([], [], []))
    >>> name, signs.withheld, signs.unknown
    ('STATUS', ['x'], ['..'])
    >>> rows = pd.DataFrame({"VALUE": ["", "7"], "OBS_FLAG": ["", "p"], "CONF_STATUS": ["C", ""]})
    >>> status_of(rows, "VALUE", Signs([], [], []))[1].withheld
    ['C']
    """
    if count is None:
        return None, signs
    absent = rows[count].fillna("").astype(str).str.strip().eq("")
    for name in (name for name in map(str, rows) if plain_header(name) in STATUS):
        texts = rows.loc[absent, name].fillna("").astype(str).str.strip()
        if not texts.any():
            continue
        hidden = [text for text in texts.unique() if text.casefold() in CONFIDENTIAL]
        found = signs_in(texts[~texts.isin(hidden)])
        told = [f"{name}: {text} where {count} is empty: {SO_READ}" for text in hidden]
        known = {*hidden, *found.withheld, *found.unknown, ""}
        told += [
            f"{name}: {shown(text)} where {count} is empty: withheld, or not known? Write it into "
            "withheld or unknown"
            for text in texts.unique()
            if text not in known and not DASH.fullmatch(text)
        ]
        return name, Signs(
            list(dict.fromkeys([*signs.withheld, *hidden, *found.withheld])),
            list(dict.fromkeys([*signs.unknown, *found.unknown])),
            [*signs.questions, *found.questions, *told],
        )
    return None, signs


def marks_in(cells: pd.Series) -> list[str]:
    """Return the marks of notes that stand behind numbers.

    Examples
    --------
    >>> marks_in(pd.Series(["1,234*", "998 (r)", "7", "12k", "12¹", "x"]))
    ['*', '(r)', '¹']
    """
    texts = cells.fillna("").astype(str).str.strip().unique()
    found = [match for text in texts if (match := MARKED.fullmatch(text)) is not None]
    return list(dict.fromkeys(match[1] for match in found))


def without_marks(cells: pd.Series, marks: Sequence[str]) -> pd.Series:
    """Return numbers without the marks behind them; other texts stay.

    Examples
    --------
    >>> without_marks(pd.Series(["1,234*", "*", "998 (r)"]), ["*", "(r)"]).tolist()
    ['1,234', '*', '998']
    """
    if not marks:
        return cells
    mark = "|".join(map(re.escape, sorted(marks, key=len, reverse=True)))
    behind = rf"^([+-]?[0-9][0-9.,'’\s]*?)\s*(?:{mark})$"
    return cells.fillna("").astype(str).str.strip().str.replace(behind, r"\1", regex=True)
