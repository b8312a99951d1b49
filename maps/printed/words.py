"""Words, numbers and paragraphs of the printed sheet, in any language of the page."""

from __future__ import annotations

import numpy as np

from roxham.maps.content.wording import filled, messages, number_in, written_date

from .sheet import Path, Sheet, Text, Typeface, wrapped
from .symbols import colour

__all__ = ["day", "heading", "lines", "number", "say"]


def say(language: str, key: str, **slots: object) -> str:
    """Return a message of the interface."""
    text: str = messages()[language][key]
    return filled(text, **slots)


def number(value: float, language: str) -> str:
    """Write a number as the language does: ``39,171`` or ``39 171``."""
    return number_in(language, value)


def day(iso: object, language: str) -> str:
    """Write a date as the language does: ``March 25, 2023`` or ``25 mars 2023``."""
    return written_date(iso, language)


def lines(
    sheet: Sheet,
    text: str,
    x: float,
    y: float,
    width: float,
    face: Typeface,
    ink: str,
    leading: float = 1.4,
) -> float:
    """Write a paragraph from a top edge; return where it ends."""
    for line in wrapped(text, face, width):
        y += face.size * leading
        sheet.add(
            Text(x, y - face.size * (leading - 1) / 2 - face.size * 0.16, line, face, colour(ink))
        )
    return y


def heading(sheet: Sheet, text: str, x: float, y: float, width: float) -> float:
    """Write a heading under a rule; return where it ends."""
    sheet.add(Path([np.array([[x, y], [x + width, y]])], stroke=colour("ink"), width=2, cap="butt"))
    return lines(sheet, text, x, y + 8, width, Typeface(19, 600, serif=True), "ink", 1.25)
