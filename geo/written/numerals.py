"""Numbers as people write them: decimal commas, thousands of any locale, other digits.

A column is read as one, and never by guess: a number that has two readings stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal, NamedTuple

import pandas as pd

__all__ = ["AMBIGUOUS", "Mark", "Numerals", "mark_of", "plain_number", "read_numbers", "with_point"]

Mark = Literal[".", ","]
PLAIN = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
SIGNS = str.maketrans({"−": "-", "٫": ".", "٬": "'", "’": "'", "\u2009": " "})
"""Minus, the Arabic marks of decimals and thousands, and ways to write an apostrophe or a blank."""
BLANKS = "[ \u00a0\u202f']"
GROUPED = re.compile(rf"([+-]?[0-9]{{1,3}})((?:{BLANKS}[0-9]{{3}})+)(?![0-9])")
COMMA: Final = ","
POINT: Final = "."
THOUSANDS = {
    mark: re.compile(
        rf"[+-]?[0-9]{{1,3}}(?:{re.escape(mark)}[0-9]{{2,3}})*{re.escape(mark)}[0-9]{{3}}"
    )
    for mark in (COMMA, POINT)
}
"""Whole numbers in groups of three; in India the groups before the last have two digits."""
AMBIGUOUS = "could mean thousands or decimals; say --decimal . or --decimal , or write digits only"


class Numerals(NamedTuple):
    """The numbers of a column: as plain digits where they are read, and what was decided."""

    cells: pd.Series
    unsure: frozenset[str]
    """Texts that have two readings and are left as they are."""
    marks: frozenset[Mark]
    """What can only stand before decimals in these cells."""


def plain_number(text: str) -> str:
    """Return a number without what blanks, apostrophes and other digits make of it.

    Examples
    --------
    >>> [plain_number(text) for text in ("1 234,5", "1'234.5", "١٢٣", "−5", "12 Mai")]
    ['1234,5', '1234.5', '123', '-5', '12 Mai']
    """
    text = text.translate(SIGNS)
    if not text.isascii():
        text = "".join(
            str(unicodedata.decimal(c)) if unicodedata.decimal(c, None) is not None else c
            for c in text
        )
    found = GROUPED.match(text)
    if found:
        rest = text[found.end() :]
        if re.fullmatch(r"(?:[.,][0-9]+)?", rest):
            return found[1] + re.sub(BLANKS, "", found[2]) + rest
    return text


def mark_of(text: str) -> Mark | Literal["?"] | None:
    """Return what can only be the mark of decimals in a number, ``?`` where both can.

    Examples
    --------
    >>> [mark_of(text) for text in ("12,5", "1.234,5", "1,234,567", "1,234", "0,500", "12")]
    [',', ',', '.', '?', ',', None]
    """
    if POINT in text and COMMA in text:
        return POINT if text.rfind(POINT) > text.rfind(COMMA) else COMMA
    mark: Mark = COMMA if COMMA in text else POINT
    other: Mark = POINT if mark == COMMA else COMMA
    times = text.count(mark)
    if times == 0:
        return None
    if times > 1:
        return other
    whole, _, rest = text.lstrip("+-").partition(mark)
    return "?" if len(rest) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0" else mark


def with_point(text: str, mark: Mark) -> str:
    """Return a number with a point before decimals and nothing between thousands, if it is one.

    Examples
    --------
    >>> with_point("1.234,5", ","), with_point("12,34,567", "."), with_point("1,2,3", ".")
    ('1234.5', '1234567', '1,2,3')
    """
    other = POINT if mark == COMMA else COMMA
    whole, found, rest = text.partition(mark)
    if other in rest or mark in rest or (mark == COMMA and mark_of(text) == POINT):
        return text.replace(POINT, COMMA)  # no number, and no other one by chance
    if other in whole:
        if not THOUSANDS[other].fullmatch(whole):
            return text
        whole = whole.replace(other, "")
    return f"{whole}.{rest}" if found else whole


def read_numbers(
    cells: pd.Series, mark: Mark | None, *, whole_table: frozenset[Mark], whole: bool = False
) -> Numerals:
    """Read the numbers of a column of text.

    Parameters
    ----------
    cells
        Stripped texts.
    mark
        What stands before decimals, if it was said.
    whole_table
        What can only be that in the columns of the table: where it is one mark, it decides.
    whole
        Whether the column counts: 1,458 is then no 1.458, and its comma parts thousands.

    Examples
    --------
    >>> cells = pd.Series(["1.234,5", "2.500", "7"])
    >>> read_numbers(cells, None, whole_table=frozenset(",")).cells.tolist()
    ['1234.5', '2500', '7']
    """
    odd = ~cells.str.fullmatch(r"[+-]?[0-9]*")
    if not odd.any():
        return Numerals(cells, frozenset(), frozenset())
    different = {text: plain_number(text) for text in cells[odd].unique()}
    marks = {text: mark_of(plain) for text, plain in different.items() if _is_number(plain)}
    said: frozenset[Mark] = frozenset(m for m in marks.values() if m in (COMMA, POINT))
    if whole and any(
        found == "?" and COMMA in different[text] and not different[text].endswith(",000")
        for text, found in marks.items()
    ):
        said |= {POINT}
    decided = mark or (next(iter(whole_table)) if len(whole_table) == 1 else None)
    read: dict[str, str] = {}
    unsure: set[str] = set()
    for text, found in marks.items():
        plain = different[text]
        if found == "?" and decided is None and (whole or COMMA in plain):
            unsure.add(text)
        elif found == "?" and mark is None and decided != COMMA:
            # A measure such as 2.367; the column's own check asks about 12.500.
            read[text] = with_point(plain, POINT) if COMMA in plain else plain
        else:
            read[text] = with_point(plain, decided or POINT)
            if (mark or decided == COMMA) and POINT in read[text]:  # 12.500 is asked about no more
                read[text] = read[text].rstrip("0").rstrip(POINT) or "0"
    plain_cells = cells.where(~odd, cells.map(lambda text: read.get(text, text)))
    return Numerals(plain_cells, frozenset(unsure), said)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?[0-9.,]*[0-9][0-9.,]*", text) is not None
