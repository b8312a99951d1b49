"""Texts as they read: without look-alike letters, unseen characters and kinds of hyphens.

A rule that looks for words must find them however they are encoded: ``аge`` with a Cyrillic
letter, ``34‑year‑old`` with hyphens that do not break, ``â`` in two characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

__all__ = ["LONGEST", "PlainText", "made_id", "parts_of", "plain_text", "plain_texts"]

ALIKE = dict(
    zip(
        "авекмнорстухіјѕԁһӏԛԝгпьүғαβεηικμνορτυχωγϲϳıłøđħŧɡɑʏⅼℓ",
        "abekmhopctyxijsdhlqwrnbyfabenikmvoptuxwycjilodhtgayll",
        strict=True,
    )
)
"""Small letters of other scripts, and of our own, that are read as Latin ones."""
LONGEST, SHARED = 2_000, 200
"""Letters of a text in which words are looked for at once, and how many two parts share."""
AT_ONCE = 500
"""Texts that are read as one where all of them are plain."""
HYPHENS = "‐‑‒–—―−﹘﹣－֊᠆⁃‧⸺⸻ᐨ"
QUOTES = "’‘ʼ′＇`´"
BLANK = "\u115f\u1160\u2800"
"""Letters and signs that show nothing: fillers of Hangul, a cell of braille without dots."""
VARIED = re.compile(
    r"(?:NEGATIVE (?:CIRCLED|SQUARED) )?LATIN (?:\w+ )*LETTER (?:SMALL CAPITAL )?([A-Z])"
    r"(?: WITH .+)?"
)
"""What characters are called that are a Latin letter in another shape."""
UNSEEN = ("Cf", "Cc", "Mn", "Me")
"""Categories of characters that are not seen by themselves: zero widths, marks on letters."""


CONSONANTS = str.maketrans("0123456789abcdef", "bcdfghjklmnpqrst")
"""Letters for hexadecimal digits; they make no word, and no number."""


class PlainText(NamedTuple):
    """A text in small Latin letters without accents, and what it was read from."""

    plain: str
    text: str

    def told(self, start: int, end: int) -> str:
        """Return the words between two places of ``plain`` as they were written."""
        if _is_plain(self.text):
            return self.text[start:end]
        at = [i for i, character in enumerate(self.text) for _ in READ[ord(character)]]
        return self.text[at[start] : at[end - 1] + 1]


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def parts_of(text: str) -> list[str]:
    """Return a text in parts: to look for words in all of a long one takes the square of its size.

    Examples
    --------
    >>> [len(part) for part in parts_of("a" * 5000)]
    [2000, 2000, 1400]
    """
    step = LONGEST - SHARED
    return [text[at : at + LONGEST] for at in range(0, max(len(text) - SHARED, 1), step)]


def _read(character: str) -> str:
    """Return how one character is read."""
    if character in HYPHENS:
        return "-"
    if character in QUOTES:
        return "'"
    found = []
    for part in unicodedata.normalize("NFKD", character).casefold():
        if part in HYPHENS:
            found.append("-")
        elif part in QUOTES:
            found.append("'")
        elif part.isspace() or part in BLANK:
            found.append(" ")
        elif part.isdigit():
            found.append(str(unicodedata.digit(part)))
        elif unicodedata.category(part) not in UNSEEN:
            varied = VARIED.fullmatch(unicodedata.name(part, ""))
            found.append(varied[1].lower() if varied else ALIKE.get(part, part))
    return "".join(found)


class _Readings(dict[int, str]):
    """How each character is read, worked out when it is first met."""

    def __missing__(self, number: int) -> str:
        self[number] = found = _read(chr(number))
        return found


READ = _Readings()


@lru_cache(maxsize=50_000)
def plain_text(text: str) -> PlainText:
    r"""Return a text as it reads.

    Examples
    --------
    >>> plain_text("Âgée de 34\u00a0ans").plain
    'agee de 34 ans'
    >>> found = plain_text("A 34\u2011ye\u200bаr\u2011old")
    >>> found.plain, found.told(2, 13) == "34\u2011ye\u200bаr\u2011old"
    ('a 34-year-old', True)
    """
    return PlainText(text.lower() if _is_plain(text) else text.translate(READ), text)


def plain_texts(texts: Sequence[str]) -> list[str]:
    """Return many texts as they read.

    Examples
    --------
    >>> plain_texts(["Main Street", "Rue de l’Église"])
    ['main street', "rue de l'eglise"]
    """
    found: list[str] = []
    for at in range(0, len(texts), AT_ONCE):
        some = texts[at : at + AT_ONCE]
        if _is_plain("".join(some)):
            found += "\n".join(some).lower().split("\n")
        else:
            found += [plain_text(text).plain for text in some]
    return found


def made_id(digest: str) -> str:
    """Return hexadecimal digits as an id that no rule reads as a place, a day or a case.

    Examples
    --------
    >>> made_id("4fef43554204")
    'gtstgfhhgdbg'
    """
    return digest.translate(CONSONANTS)
