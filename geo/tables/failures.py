"""Faults of a table, gathered as columns: a file may have more of them than it has rows."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from roxham.geo._types import Bools
from roxham.geo.errors import Fault, shown

__all__ = ["REJECTED", "Faults", "faults_of", "without_options"]

REJECTED = ("file", "row", "column", "found", "problem")
OPTIONS = (
    (re.compile(r"say --decimal(?: \S or --decimal \S)?,? or write"), "write"),
    (re.compile(r"say --dates dmy or --dates mdy"), "write the year first, as 2023-01-04"),
)
"""Remedies by an option of a command that reads one file, and what to do where there is none."""


class Faults:
    """What is wrong in a table, by the position of its row."""

    def __init__(self) -> None:
        self.at: list[NDArray[np.intp]] = []
        self.columns: list[str] = []
        self.problems: list[str] = []

    def add(self, column: str, codes: NDArray[np.intp], problems: Sequence[str]) -> None:
        """Add the faults of a column: for each row which of the problems it has, -1 for none."""
        bad = np.flatnonzero(codes >= 0)
        self.at.append(bad)
        self.columns += [column] * len(bad)
        self.problems += [problems[int(code)] for code in codes[bad]]

    def add_each(self, faults: Iterable[tuple[int, str, str]]) -> None:
        """Add what a check across columns has found."""
        found = list(faults)
        self.at.append(np.array([i for i, _, _ in found], dtype=np.intp))
        self.columns += [column for _, column, _ in found]
        self.problems += [problem for _, _, problem in found]

    def broken(self, length: int, among: Container[str] | None = None) -> Bools:
        """Return which of so many rows have a fault, or one among some columns."""
        bad = np.zeros(length, dtype=np.bool_)
        first = 0
        for at in self.at:
            columns = self.columns[first : first + len(at)]
            first += len(at)
            if among is None:
                bad[at] = True
            else:
                bad[at[np.array([column in among for column in columns], dtype=np.bool_)]] = True
        return bad

    def table(
        self, raw: pd.DataFrame, order: list[str], name: str, numbers: Sequence[int]
    ) -> pd.DataFrame:
        """Return the faults as they are told, by row and then by the order of the columns."""
        if not self.columns:
            return pd.DataFrame(columns=list(REJECTED))
        at = np.concatenate(self.at)
        place = {column: k for k, column in enumerate(order)}
        ranks = np.array([place[column] for column in self.columns], dtype=np.intp)
        cells = {column: raw[column].tolist() for column in set(self.columns)}
        found = [shown(cells[c][i]) for i, c in zip(at.tolist(), self.columns, strict=True)]
        told = {
            "file": name,
            "row": np.asarray(numbers)[at],
            "column": self.columns,
            "found": found,
            "problem": self.problems,
        }
        return pd.DataFrame(told).iloc[np.lexsort([ranks, at])].reset_index(drop=True)


def faults_of(rejected: pd.DataFrame) -> list[Fault]:
    """Return rows that a loader set aside as faults to raise or to print.

    Examples
    --------
    >>> row = ("ports.csv", 3, "lat", "north", "is not a number")
    >>> [str(fault) for fault in faults_of(pd.DataFrame([row], columns=list(REJECTED)))]
    ['ports.csv, row 3, column lat: “north” is not a number.']
    """
    columns = (rejected[name].tolist() for name in REJECTED)
    return [
        Fault(file, f"“{found}” {problem}.", row=row, column=column)
        for file, row, column, found, problem in zip(*columns, strict=True)
    ]


def without_options(rejected: pd.DataFrame) -> pd.DataFrame:
    """Return rows set aside with remedies that need no option: a region's files take none.

    Examples
    --------
    >>> row = ("a.csv", 3, "count", "1.204", "could mean thousands; say --decimal, or write digits")
    >>> told = without_options(pd.DataFrame([row], columns=list(REJECTED)))
    >>> told["problem"].tolist()
    ['could mean thousands; write digits']
    """
    problems = rejected["problem"]
    for option, instead in OPTIONS:
        problems = problems.astype(str).str.replace(option, instead, regex=True)
    return rejected.assign(problem=problems)
