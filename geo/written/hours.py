"""Hours as people write them: ``06:00-18:00``, ``6 to 18``, ``6 a.m. – 10 p.m.``, ``24/7``."""

from __future__ import annotations

import re

__all__ = ["hours_of", "open_at"]

ALL_DAY = re.compile(r"(?:open\s+)?(?:24\s*(?:/\s*7|h|hours?(?:\s+a\s+day)?)|day and night)", re.I)
TIME = r"(\d{1,2})(?:\s*[:.h]\s*(\d{2})|(?<=\d\d)(\d{2}))?\s*h?\s*([ap]\.?\s?m\b\.?)?"
SPAN = re.compile(rf"{TIME}\s*(?:[-–—]|to|until|till|à|до)\s*{TIME}", re.I)
LONGEST = 200
"""Letters of hours; a longer text says more, and to look into it takes the square of them."""
BETWEEN = re.compile(r"\s*(?:[,;&]|and|et|и)\s*", re.I)

Spans = list[tuple[int, int]]
"""Minutes of the day from and to which it is open; past midnight where the second is less."""


def hours_of(text: str) -> Spans | None:
    """Return the hours that a text says; None if it says more than hours.

    Raises
    ------
    ValueError
        If it does not begin with hours, or with some that no clock shows.

    Examples
    --------
    >>> hours_of("06:00-18:00"), hours_of("6 to 18"), hours_of("6 a.m. – 10:30 p.m.")
    ([(360, 1080)], [(360, 1080)], [(360, 1350)])
    >>> hours_of("24/7"), hours_of("8-12, 14-18"), hours_of("08:00–20:00, up to 3.5 t")
    ([(0, 1440)], [(480, 720), (840, 1080)], None)
    """
    whole = text.strip()
    text = whole[:LONGEST]
    if ALL_DAY.fullmatch(text):
        return [(0, 1440)]
    spans: Spans = []
    place = 0
    while found := SPAN.match(text, place):
        one = found.groups()
        spans.append((_minutes(*one[:4]), _minutes(*one[4:])))
        between = BETWEEN.match(text, found.end())
        place = between.end() if between else found.end()
    if not spans and not ALL_DAY.match(text):
        raise ValueError("no hours")
    return spans if place == len(whole) and spans else None


def _minutes(hour: str, minute: str | None, joined: str | None, half: str | None) -> int:
    hours, minutes = int(hour), int(minute or joined or 0)
    if half is not None:
        if not 1 <= hours <= 12:
            raise ValueError("no hour of a clock of twelve")
        hours = hours % 12 + (12 if half[0] in "pP" else 0)
    if minutes > 59 or 60 * hours + minutes > 1440:
        raise ValueError("no time of a day")
    return 60 * hours + minutes


def open_at(text: str, minute: int) -> bool | None:
    """Return whether hours hold a minute of the day; None if that is not known.

    Examples
    --------
    >>> open_at("22:00-06:00", 60), open_at("6 to 18", 19 * 60), open_at("as posted", 60)
    (True, False, None)
    """
    try:
        spans = hours_of(text)
    except ValueError:
        return None
    if spans is None:
        return None
    return any(a <= minute < b if a < b else minute >= a or minute < b for a, b in spans)
