"""Cells of text: what every table of one's own becomes, whatever its file."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

__all__ = ["Cells", "Unread", "as_cells"]

MIDNIGHT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]00:00:00(?:\.0+)?(?:Z|\+00:00)?")


def as_cells(column: pd.Series) -> list[str]:
    """Return values as a person would write them: 5, not 5.0; a day, not its midnight."""
    values: list[str] = []
    for value in column.tolist():
        if isinstance(value, np.ndarray | list | tuple | dict):
            plain = value.tolist() if isinstance(value, np.ndarray) else value
            values.append(json.dumps(plain, ensure_ascii=False, default=str))
        elif value is None or value is pd.NA or value is pd.NaT or value != value:
            values.append("")
        elif isinstance(value, str):
            values.append(value)
        elif isinstance(value, bool):
            values.append("true" if value else "false")
        elif isinstance(value, float) and np.isfinite(value):
            values.append(np.format_float_positional(value, trim="-"))
        else:
            text = str(value)
            values.append(MIDNIGHT.sub(r"\1", text) if MIDNIGHT.fullmatch(text) else text)
    return [MIDNIGHT.sub(r"\1", v) if MIDNIGHT.fullmatch(v) else v for v in values]


class Unread(NamedTuple):
    """A row that is no row of its table: where, what stands there, and what is wrong."""

    row: int
    cells: list[str]
    column: str
    found: str
    problem: str


@dataclass
class Cells:
    """The text of a CSV file.

    Attributes
    ----------
    header
        Column names, stripped.
    rows
        Cells of each row, as many as the header has.
    lines
        Line of the file on which each row starts; the header is on line 1.
    unread
        Rows that have more or fewer cells.
    above
        How many rows stand above the header.
    title
        What the table is called, and the page that holds it, a line each.
    told
        What is to be said of how it was read.
    """

    header: list[str]
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    above: int = 0
    title: str = ""
    told: list[str] = field(default_factory=list)
