"""The rule on words: neutral terms, no advice; what a text quotes is not looked at."""

from __future__ import annotations

import re

from roxham.layers.privacy.plain_text import plain_text

from .rules import NOTHING, Answer, Frames, some, text_columns

__all__ = ["OWN_WORDS", "advice", "terms", "unfit"]

TERMS = re.compile(
    r"\billegal(ly)? (cross|enter|entr|migra|immigra|alien|border)\w*|\billegals?\b|\baliens\b"
    r"|\bbogus\b|\bfloods? of (migrants|refugees)|\bclandestins\b|\bsans-papiers\b"
    r"|\b(migrant|immigrant|passage|traversee|entree)e?s? (illega|clandestin)\w*"
    r"|\bfaux refugies\b",
    re.IGNORECASE,
)
ADVICE = re.compile(
    r"\b(best|safest|easiest|quietest) (place|spot|time|way|route)s? (to|for) (cross|enter)\w*"
    r"|\bhow to (cross|evade|avoid)\b|\b(evade|avoid|dodge) (the )?(patrols?|police|detection)\b"
    r"|\bundetected\b|\b(meilleur|plus sur|plus facile)e?s? (endroit|lieu|moment|passage)s? "
    r"(pour|où) \w+|\b(eviter|contourner) (les |la )?(patrouilles?|police)\b",
    re.IGNORECASE,
)
QUOTED = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"]*\"")
CITED = ("source_title", "source_publisher", "source_url")
OWN_WORDS = re.compile(r"(summary|cause|place_name|title|effect|hours_note|note)(_[a-z]{2,3})?")


def terms(frames: Frames) -> Answer:
    """No text has words that are not neutral, or advises.

    Of our tables only what is in our own words is held to neutral ones, as titles are quoted;
    of others every text. None may advise.
    """
    bad, seen = [], 0
    for name, rows in frames.items():
        for texts in text_columns(rows):
            column = texts.column
            own = OWN_WORDS.fullmatch(column) or (name == "features" and column not in CITED)
            look = _own_words if own else advice
            seen += texts.filled
            for i, text in texts.where(look):
                bad += [f"{name}.{column} row {i} says “{word}”" for word in look(text)]
    if bad:
        return False, some(bad)
    return (True, f"{seen} texts looked at") if seen else NOTHING


def _own_words(text: str) -> list[str]:
    return [*unfit(text), *advice(text)]


def unfit(text: str) -> list[str]:
    """Return the words of a text that are not neutral; what it quotes is not looked at."""
    return _found(TERMS, text)


def advice(text: str) -> list[str]:
    """Return the words of a text that advise on a crossing; what it quotes is not looked at."""
    return _found(ADVICE, text)


def _found(pattern: re.Pattern[str], text: str) -> list[str]:
    read = plain_text(QUOTED.sub(lambda quoted: " " * len(quoted[0]), text))
    return [read.told(*found.span()) for found in pattern.finditer(read.plain)]
