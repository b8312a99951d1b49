"""Hours as people write them: ``06:00-18:00``, ``6 to 18``, ``6 a.m. – 10 p.m.``, ``24/7``."""

from __future__ import annotations

import re

__all__ = ["hours_of", "open_at"]

UNIT = r"(?:hours?|hrs?|hs|horas?|heures?|stunden|std|uhr|ore|uur|часа|часов|ч|h)\b\.?"
ALL_DAY = re.compile(
    rf"(?:open\s+|las\s+|les\s+|abierto\s+|ouvert\s+)?"
    rf"(?:24\s*(?:{UNIT})?\s*(?:/|sur|su)\s*(?:24|7)(?:\s*{UNIT})?(?:[\s,]+7\s*j?\s*(?:/|sur)\s*7(?:\s*j)?)?"
    rf"|24\s*{UNIT}(?:\s+(?:a|per|pro|am|al|por|par|do)\s+(?:day|tag|d[ií]a|dia|jour|giorno))?"
    r"|day and night|jour et nuit|d[ií]a y noche|tag und nacht|rund um die uhr|giorno e notte"
    r"|dia e noite|денонощно|круглосуточно)",
    re.I,
)
TIME = (
    rf"(\d{{1,2}})(?:\s*[:.h]\s*(\d{{2}})|(?<=\d\d)(\d{{2}}))?(?:\s*{UNIT})?\s*([ap]\.?\s?m\b\.?)?"
)
FROM = r"(?:(?:from|de|desde(?:\s+las)?|von|dalle|das|от|с)\s+)?"
TO = r"(?:[-–—]|to|until|till|à|a(?:\s+las)?|hasta(?:\s+las)?|bis|alle|às|até(?:\s+às)?|до)"
SPAN = re.compile(rf"{FROM}{TIME}\s*{TO}\s*{TIME}", re.I)
BETWEEN = re.compile(r"\s*(?:[,;&]|(?:and|et|y|e|und|и)\b)\s*", re.I)
"""In the languages in which their words have been looked up: others are refused, never guessed."""
LONGEST = 200
"""Letters of hours; a longer text says more, and to look into it takes the square of them."""

Spans = list[tuple[int, int]]
"""Minutes of the day from and to which it is open; past midnight where the second is less."""


def hours_of(text: str) -> Spans | None:
    """Return the hours that a text says; None if it says more than hours.

    Raises
    ------
    ValueError
        If it does not begin with hours, with some that no clock shows, or with two of which one
        alone is said to be a.m. or p.m.: 6 to 10 p.m. may begin in the morning or in the evening.

    Examples
    --------
    >>> hours_of("06:00-18:00"), hours_of("6 to 18"), hours_of("6 a.m. – 10:30 p.m.")
    ([(360, 1080)], [(360, 1080)], [(360, 1350)])
    >>> hours_of("24 horas"), hours_of("von 8 bis 17 Uhr"), hours_of("8h00 às 18h00")
    ([(0, 1440)], [(480, 1020)], [(480, 1080)])
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
        start, end = found.groups()[:4], found.groups()[4:]
        if (start[3] and _half_open(end)) or (end[3] and _half_open(start)):
            raise ValueError("no half of a day")
        spans.append((_minutes(*start), _minutes(*end)))
        between = BETWEEN.match(text, found.end())
        place = between.end() if between else found.end()
    if not spans and not ALL_DAY.match(text):
        raise ValueError("no hours")
    return spans if place == len(whole) and spans else None


def _half_open(time: tuple[str | None, ...]) -> bool:
    """Whether an hour beside one of a.m. or p.m. may be of either half of the day."""
    hour, *_, half = time
    return half is None and re.fullmatch("[1-9]|1[0-2]", str(hour)) is not None


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
