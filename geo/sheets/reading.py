"""How a file of one's own is to be read, where more than one reading is possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "HEADER_WITHIN",
    "JOINED",
    "PLAIN",
    "Reading",
    "fullest",
    "header_at",
    "is_title",
    "joined_header",
]

HEADER_WITHIN = 30
"""A header stands among so many first rows: above it are titles and notes."""
JOINED = " | "
"""Between the parts of a name that stand in several rows; the last is the column's own."""


@dataclass(frozen=True)
class Reading:
    """What its owner says of a file; what is None is found out, or asked about.

    Attributes
    ----------
    dates
        Whether ``04/01/2023`` is the 4th of January, ``dmy``, or the 1st of April, ``mdy``.
    decimal
        What stands before decimals, ``.`` or ``,``; the other one then parts thousands.
    sheet
        Of a workbook, the name of a sheet; of a saved page, the caption or the number of a table.
    header
        The row that holds the names of the columns, counted from 1; of several the first.
    header_rows
        How many rows the names stand in: of more than one, each name is joined of its parts.
    order
        Whether a cell such as ``45.0, -73.5`` gives the latitude first, ``lat lon``.
    merged
        ``fill`` gives each of several cells made one the value that they share.
    names
        The columns of a text that has no header.
    encoding
        Of a text or a page that is not UTF-8, how its letters are written: ``cp1252``.
    """

    dates: Literal["dmy", "mdy"] | None = None
    decimal: Literal[".", ","] | None = None
    sheet: str | None = None
    header: int | None = None
    order: Literal["lat lon", "lon lat"] | None = None
    merged: Literal["fill"] | None = None
    names: tuple[str, ...] | None = None
    encoding: str | None = None
    header_rows: int = 1


PLAIN = Reading()
"""Nothing is said: what has one reading is read, and what has two is asked about."""


def header_at(rows: list[list[str]], known: set[str]) -> int:
    """Return which of the first rows holds the names of the columns.

    That with most names that are known, else the first below titles of one cell.

    Examples
    --------
    >>> header_at([["Table 3", ""], ["year", "count"], ["2022", "5"]], {"year", "count"})
    1
    >>> header_at([["", "2022"], ["Quebec", "5"]], {"year"})
    0
    >>> header_at([["Πίνακας 3", ""], ["", ""], ["Έτος", "Άτομα"], ["2022", "5"]], {"year"})
    2
    """
    found = [len(known.intersection(row)) for row in rows[:HEADER_WITHIN]]
    most = max(found, default=0)
    if most:
        return found.index(most)
    return next((k for k, row in enumerate(rows[:HEADER_WITHIN]) if not is_title(row)), 0)


def is_title(row: list[str]) -> bool:
    """Whether a row is a title or blank: of its cells only the first holds anything."""
    return not any(cell.strip() for cell in row[1:])


def fullest(tables: list[list[list[str]]], known: set[str]) -> int | None:
    """Return which of several tables alone has most names that are known; None if none has.

    Examples
    --------
    >>> fullest([[["a", "b"]], [["year", "b"]]], {"year", "count"})
    1
    """
    found = [
        max((len(known.intersection(row)) for row in rows[:HEADER_WITHIN]), default=0)
        for rows in tables
    ]
    most = max(found, default=0)
    return found.index(most) if most and found.count(most) == 1 else None


def joined_header(rows: Sequence[Sequence[str]], *, reach: bool = True) -> list[str]:
    """Return one name for each column of a header that stands in several rows.

    Parameters
    ----------
    rows
        The rows of the header, the name of a group above those of its columns.
    reach
        Whether a group reaches to the next one; otherwise it stands in each of its cells.

    Examples
    --------
    >>> joined_header([["Area", "2021", "", "2022"], ["", "Jan", "Feb", "Jan"]])
    ['Area', '2021 | Jan', '2021 | Feb', '2022 | Jan']
    """
    width = max(map(len, rows), default=0)
    filled = [[*(cell.strip() for cell in row), *[""] * (width - len(row))] for row in rows]
    for k, row in enumerate(filled[:-1] if reach else []):
        group = ""
        for j in range(width):
            if row[j] or any(above[j] for above in filled[:k] if above[j] != above[max(j - 1, 0)]):
                group = row[j]
            elif any(below[j] for below in filled[k + 1 :]):
                row[j] = group
            else:
                group = ""
    columns = zip(*filled, strict=True)
    return [JOINED.join(dict.fromkeys(filter(None, parts))) for parts in columns]
