"""Signs in place of a number: withheld by its publisher, not known, or to be asked about."""

from __future__ import annotations

import re
from typing import NamedTuple

import pandas as pd

from roxham.geo.errors import shown

__all__ = ["Signs", "signs_in"]

FEWER = re.compile(r"[<≤]\s*([0-9]+)|(?:fewer|less) than ([0-9]+)|moins de ([0-9]+)", re.IGNORECASE)
MOST = 6
"""A withheld count is told as 0 to 5: of one below more, no more than that it is not known."""
WITHHELD = re.compile(r"\[c\]|\(c\)|: ?c|\*+|x|suppressed|supprimé|masked", re.IGNORECASE)
UNKNOWN = re.compile(
    r"n\.?[/.]?[ad]\.?|k\. ?a\.?|s\.? ?[/.]?d\.?|\.{1,3}|…|:( ?[a-bd-z])?|\[[xzu:]\]|F|nd"
    r"|null|nan|none|#n/[ad]|unknown|inconnu|not available|non disponible"
    r"|unbekannt|desconocido|нет данных|غير متوفر",
    re.IGNORECASE,
)
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
    >>> found = signs_in(pd.Series(["5", "<5", "n/a", "–", "<50", "1 200"]))
    >>> found.withheld, found.unknown, found.questions[0][:35]
    (['<5'], ['n/a', '<50'], '–: 0, withheld, or not known? Write')
    """
    withheld: list[str] = []
    unknown: list[str] = []
    questions: list[str] = []
    for text in cells.fillna("").astype(str).str.strip().unique():
        fewer = FEWER.fullmatch(text)
        if fewer is not None:
            few = int(next(filter(None, fewer.groups()))) <= MOST
            (withheld if few else unknown).append(text)
        elif WITHHELD.fullmatch(text):
            withheld.append(text)
        elif UNKNOWN.fullmatch(text):
            unknown.append(text)
        elif DASH.fullmatch(text) and text != "--":
            questions.append(
                f"{shown(text)}: 0, withheld, or not known? Write it into withheld or unknown, "
                f'or "{text}" = "0" into [codes.count]'
            )
    return Signs(withheld, unknown, questions)
