"""The rule on words: neutral terms, no advice; what a text quotes is not looked at."""

from __future__ import annotations

import re

from .rules import NOTHING, Answer, Frames, some

__all__ = ["OWN_WORDS", "advice", "terms", "unfit"]

TERMS = re.compile(
    r"\billegal(ly)? (cross|enter|entr|migra|immigra|alien|border)\w*|\billegals?\b|\baliens\b"
    r"|\bbogus\b|\bfloods? of (migrants|refugees)|\bclandestins\b|\bsans-papiers\b"
    r"|\b(migrant|immigrant|passage|traversée|entrée)e?s? (illéga|clandestin)\w*"
    r"|\bfaux réfugiés\b",
    re.IGNORECASE,
)
ADVICE = re.compile(
    r"\b(best|safest|easiest|quietest) (place|spot|time|way|route)s? (to|for) (cross|enter)\w*"
    r"|\bhow to (cross|evade|avoid)\b|\b(evade|avoid|dodge) (the )?(patrols?|police|detection)\b"
    r"|\bundetected\b|\b(meilleur|plus sûr|plus facile)e?s? (endroit|lieu|moment|passage)s? "
    r"(pour|où) \w+|\b(éviter|contourner) (les |la )?(patrouilles?|police)\b",
    re.IGNORECASE,
)
QUOTED = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"]*\"")
OWN_WORDS = re.compile(r"(summary|cause|place_name|title|effect|hours_note|note)(_fr)?")


def terms(frames: Frames) -> Answer:
    """No text has words that are not neutral, or advises."""
    bad, seen = [], 0
    looked: dict[str, list[str]] = {}  # many rows share a text; each is looked at once
    for name, rows in frames.items():
        for column in filter(lambda c: OWN_WORDS.fullmatch(str(c)), rows):
            texts = rows[column].dropna().astype(str)
            seen += len(texts)
            fresh = (text for text in texts.unique() if text not in looked)
            looked |= {text: [*unfit(text), *advice(text)] for text in fresh}
            for i, text in texts[texts.isin([t for t in texts.unique() if looked[t]])].items():
                bad += [f"{name}.{column} row {i} says “{word}”" for word in looked[text]]
    if bad:
        return False, some(bad)
    return (True, f"{seen} texts looked at") if seen else NOTHING


def unfit(text: str) -> list[str]:
    """Return the words of a text that are not neutral; what it quotes is not looked at."""
    return [found[0] for found in TERMS.finditer(QUOTED.sub(" ", text))]


def advice(text: str) -> list[str]:
    """Return the words of a text that advise on a crossing; what it quotes is not looked at."""
    return [found[0] for found in ADVICE.finditer(QUOTED.sub(" ", text))]
