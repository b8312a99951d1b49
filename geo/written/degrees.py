"""Latitudes and longitudes as people write them: degrees, minutes, seconds, and a letter."""

from __future__ import annotations

import re
from typing import Literal

from .numerals import plain_number

__all__ = ["EAST_OR_WEST", "read_degrees"]

EAST_OR_WEST = "has an O, which is west in French and Spanish and east in German; write W or E"
SIGNS = {"N": 1, "S": -1, "E": 1, "W": -1}
MARKS = str.maketrans({"º": "°", "˚": "°", "’": "'", "′": "'", "”": '"', "″": '"', "“": '"'})
LETTERS = {"lat": "NS", "lon": "EWO"}
NAMES = {"lat": "a latitude", "lon": "a longitude"}
MINUTES = re.compile(r"[0-9]\s*m\s*[0-9.]+s$")
"""Behind minutes that are called m, an s is of seconds."""
LETTER = r"([NSEWO])(?:orth|outh|ast|est|ord|ud|uest)?\.?"
CYRILLIC = {"с": "N", "ю": "S", "в": "E", "и": "E", "з": "W"}
CYRILLIC_LETTER = re.compile(r"(?:([сю])\.?\s*ш|([виз])\.?\s*д)\.?$", re.IGNORECASE)
"""As in Russian and Bulgarian ``с. ш.``, northern latitude, and ``в. д.``, eastern longitude."""
SIXTY = {1: "minutes", 2: "seconds"}
ABOVE = {"minutes": "degree", "seconds": "minute"}
"""What so many of them make one of."""
MARKED = re.compile("[°'\":dms]", re.IGNORECASE)
LONGEST = 80
"""Letters of degrees, blanks and all; to look into more takes the square of them."""
PARTS = re.compile(
    r"([+-]?)([0-9]+(?:\.[0-9]+)?)(?:\s*(?:°|deg\.?|[dD])\s*|\s+|:)?"
    r"(?:([0-9]+(?:\.[0-9]+)?)\s*(?:'(?!')|[mM]|:|\s|$)\s*)?"
    r"(?:([0-9]+(?:\.[0-9]+)?)\s*(?:\"|''|[sS](?![a-z])|$)?)?"
)


def read_degrees(text: str, kind: Literal["lat", "lon"] | None = None) -> str | None:
    r"""Return degrees as a decimal number, null where they are none.

    Parameters
    ----------
    text
        As it is written.
    kind
        Which degrees they are, where that is known.

    Raises
    ------
    ValueError
        If they could be east or west, have a letter of the other kind, or 60 minutes or seconds.

    Examples
    --------
    >>> [read_degrees(t) for t in ("45° 0' 20\" N", "73°24′W", "45 00 20.5", "W 73.4", "45,05 N")]
    ['45.005556', '-73.4', '45.005694', '-73.4', '45.05']
    >>> read_degrees("45.5° 30'"), read_degrees("45 75"), read_degrees("north")
    (None, None, None)
    >>> read_degrees("45d 0m 20s"), read_degrees("45 0 20 S")
    ('45.005556', '-45.005556')
    >>> read_degrees("69° 38,259' с.ш."), read_degrees("70,5 з. д.")
    ('69.63765', '-70.5')
    """
    if len(text) > LONGEST:
        return None
    bare = plain_number(text.strip()).translate(MARKS)
    bare = re.sub(r"(?<=[0-9]),(?=[0-9])", ".", bare)
    bare = CYRILLIC_LETTER.sub(lambda at: CYRILLIC[(at[1] or at[2]).lower()], bare)
    letter = ""
    for pattern in (rf"^{LETTER}\s*(?=[0-9])", rf"(?<=[0-9°'\"\s]){LETTER}$"):
        found = re.search(pattern, bare, re.IGNORECASE)
        if found and not (found[0] == "s" and MINUTES.search(bare)):
            letter = found[1].upper()
            bare = (bare[: found.start()] + bare[found.end() :]).strip()
            break
    found = PARTS.fullmatch(bare)
    if found is None:
        return None
    sign, degrees, minutes, seconds = found.groups()
    if kind is not None and letter and letter not in LETTERS[kind]:
        raise ValueError(f"has {letter}, which is no letter of {NAMES[kind]}; correct it")
    if letter == "O":
        raise ValueError(EAST_OR_WEST)
    if sign and letter:
        return None
    parts = [degrees, minutes or "0", seconds or "0"]
    full = [SIXTY[k] for k in (1, 2) if float(parts[k]) >= 60]
    if full and (letter or MARKED.search(bare)):
        raise ValueError(
            f"has 60 {full[0]} or more; write one more {ABOVE[full[0]]} in their place"
        )
    if full:
        return None
    fractions = [k for k, part in enumerate(parts) if "." in part]
    given = [degrees, *filter(None, (minutes, seconds))]
    if fractions and fractions[0] < len(given) - 1:
        return None
    value = float(degrees) + float(parts[1]) / 60 + float(parts[2]) / 3600
    value *= SIGNS.get(letter, -1 if sign == "-" else 1)
    return f"{value:.6f}".rstrip("0").rstrip(".") if minutes or seconds else _kept(degrees, value)


def _kept(degrees: str, value: float) -> str:
    return f"-{degrees}" if value < 0 else degrees
