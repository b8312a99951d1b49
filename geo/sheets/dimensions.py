r"""Text tables whose first column holds several: Eurostat's, as ``geo,unit\TIME_PERIOD``."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["dimensions_of", "parted", "says_dimensions"]

HEADER = re.compile(r"(\w+(?:,\w+)*)\\(?:TIME_PERIOD|time)\s*", re.IGNORECASE)
FLAGGED = re.compile(r"([+-]?[0-9][0-9.]*) ?[a-z]{1,4}")
"""A number, and letters that say how sure it is."""


def says_dimensions(line: str) -> bool:
    r"""Whether a first line has one column for several before the tabs.

    Examples
    --------
    >>> says_dimensions("unit,geo\\TIME_PERIOD\t2023-01 \n"), says_dimensions("unit,geo\t2023\n")
    (True, False)
    """
    first, tab, _ = line.partition("\t")
    return bool(tab) and HEADER.fullmatch(first.lstrip("\ufeff")) is not None


def dimensions_of(header: Sequence[str]) -> list[str]:
    r"""Return the columns that the first one holds; none where it holds itself alone.

    Examples
    --------
    >>> dimensions_of(["unit,geo\\TIME_PERIOD", "2023"]), dimensions_of(["unit", "geo"])
    (['unit', 'geo'], [])
    """
    found = HEADER.fullmatch(header[0]) if header else None
    return found[1].split(",") if found else []


def parted(row: Sequence[str]) -> tuple[list[str], bool]:
    """Return the cells of such a row, its numbers without letters; whether there were any.

    Examples
    --------
    >>> parted(["PER,AT", "4095 p", ": c", "5 "])
    (['PER', 'AT', '4095', ': c', '5 '], True)
    """
    cells = [FLAGGED.sub(r"\1", cell.strip()) if FLAGGED.fullmatch(cell.strip()) else cell
             for cell in row[1:]]  # fmt: skip
    return [*row[0].split(","), *cells], cells != [*row[1:]]
