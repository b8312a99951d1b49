"""Days and coordinates that a text tells, whatever its columns leave coarse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

import pandas as pd

from .plain_text import LONGEST, parts_of, plain_text

__all__ = ["DAY_PATTERNS", "coordinates_told", "days_told", "months_told"]

FURTHER = (
    "januar gennaio janeiro януари января stycznia ocak ιανουαρίου січня",
    "februar febbraio fevereiro февруари февраля lutego şubat φεβρουαρίου лютого",
    "märz marco март марта marca mart μαρτίου березня",
    "aprile април апреля kwietnia nisan απριλίου квітня",
    "maggio maio май мая maja mayıs μαΐου травня",
    "juni giugno junho юни июня czerwca haziran ιουνίου червня",
    "juli luglio julho юли июля lipca temmuz ιουλίου липня",
    "август августа sierpnia ağustos αυγούστου серпня",
    "settembre setembro септември сентября września eylül σεπτεμβρίου вересня",
    "oktober ottobre outubro out октомври октября października ekim οκτωβρίου жовтня",
    "novembro ноември ноября listopada kasım νοεμβρίου листопада",
    "dezember dicembre dezembro декември декабря grudnia aralık δεκεμβρίου грудня",
)
"""Months in German, Italian, Portuguese, Bulgarian, Russian, Polish, Turkish, Greek, Ukrainian."""
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january janvier jan janv enero ene", "february fevrier feb fev fevr febrero",
            "march mars mar marzo",
            "april avril apr avr abril abr", "may mai mayo", "june juin jun junio",
            "july juillet jul juil julio",
            "august aout aug agosto ago", "september septembre sept sep septiembre setiembre",
            "october octobre oct octubre",
            "november novembre nov noviembre", "december decembre dec diciembre dic",
        ),
        1,
    )
    for name in f"{names} {plain_text(FURTHER[number - 1]).plain}".split()
}  # fmt: skip
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})(?!\d)")
COMPACT = re.compile(r"(?<![\d.])((?:19|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?![\d.])")
OTHER = re.compile(r"(?<!\d)(\d{1,2})(?:[/.-]|\. )(\d{1,2})(?:[/.-]|\. )((?:19|20)\d\d)(?!\d)")
DAY_FIRST = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|\.)?[ /.-]{{0,2}}(?:of |de )?({_MONTH})\.?,?"
    r"[ /.-]{0,2}(?:de |del )?((?:19|20)\d\d|'\d\d)\b"
)
MONTH_FIRST = re.compile(
    rf"\b({_MONTH})\.? ?(?:the )?(\d{{1,2}})(?:st|nd|rd|th)?,? ?((?:19|20)\d\d|'\d\d)\b"
)
YEAR_FIRST = re.compile(rf"\b((?:19|20)\d\d),? ({_MONTH})\.? (\d{{1,2}})\b")
WEEKDAY = re.compile(r"\b((?:19|20)\d\d)-?w([0-5]\d)-?([1-7])\b")
SHORT = re.compile(r"(?<![\d./])(\d{1,2})([/.])(\d{1,2})\2(\d\d)(?![\d./])")
WHOLE_MONTH = re.compile(rf"\b({_MONTH})\.?,? (?:of |de |del )?((?:19|20)\d\d|'\d\d)\b")
WEEK = re.compile(r"\b((?:19|20)\d\d)-?w([0-5]\d)\b")
NUMBERED = re.compile(r"(\d{9,10}|\d{12,13}|\d{15,16}|\d{18,19})(?:\.0)?")
"""Seconds since 1970, thousandths of them, and smaller parts."""
YEAR = re.compile(r"(?:19|20)\d\d|'\d\d\b")
DAY_PATTERNS = (YEAR.pattern, SHORT.pattern)
"""One of them finds something in each plain text that tells a day."""
URL = re.compile(r"https?://\S+")
_DEGREE = r"-?\d{1,3}(?:[.·٫]\d{3,}|,\d{4,})"
_NORTH = "n|s|north|south|nord|sud|norte|sur"
_WEST = "w|e|o|west|east|ouest|est|oeste|este"
_NORTH, _WEST = (
    rf"\d{{1,3}}[.,·٫]\d{{3,}} ?(?:°|deg\w*)? ?(?:{side})(?![a-z])" for side in (_NORTH, _WEST)
)
"""Degrees and the side that they lie on."""
COORDINATES = re.compile(
    rf"(?<![\d.]){_DEGREE}\s*°?\s*[nsew]?\s*[,;/، ]\s*{_DEGREE}(?!\d)"
    r"|\d{1,2}\s*[°o]\s*\d{1,2}(?:\.\d+)?\s*['m ]\s*"
    r"(?:\d{1,2}(?:\.\d+)?\s*(?:\"|''|s)?)?\s*[ns]\b"
    r"|\b(?:lat|latitude|lon|long|longitude|[xy](?= ?[=:]))\b\D{0,4}-?\d{1,3}[.,]\d{3,}"
    r"|\b[ns] ?\d{1,2}[.,]\d{3,}\D{1,4}[ew] ?\d{1,3}[.,]\d{3,}"
    r"|\b[ns] ?\d{1,2}[ °]{1,2}\d{1,2}[.,]\d{2,}|\b\d{1,2} \d{1,2}[.,]\d{2,}'? ?[ns]\b"
    r"|\bplus code|\bwhat3words|///[a-z]+\.[a-z]+\.[a-z]+|\butm\b\D{0,6}\d{5,}"
    r"|\b[1-6]?\d[c-x] ?\d{6} ?\d{7}\b|\b[1-6]?\d[c-x] ?[a-z]{2} ?\d{4,5} ?\d{4,5}\b"
    r"|\b\d{1,2} ?d(?:eg\w*)? ?\d{1,2}(?:[.,]\d+)? ?m(?:in\w*)?(?![a-z])"
    r"|\b\d{1,2} \d{1,2} \d{1,2}(?:\.\d+)? ?[ns]\b"
    rf"|{_NORTH}\D{{0,12}}{_WEST}|\d{{1,3}}[.,·٫]\d{{3,}} ?(?:°|deg\w*) ?[nsewo]\b"
    r"|\bepsg:\d{4,5}\D{1,4}\d{5,}|\b\d{6,7}n ?\d{7,8}[ew]\b|\b\d{4}\.\d+n\W{0,3}\d{4,5}\.\d+[ew]\b"
    r"|\bgeohash\b\W{0,3}[0-9b-hjkmnp-z]{6,12}\b|\bx ?[=:] ?\d{5,}\D{1,4}y ?[=:] ?\d{6,}"
    r"|(?<!\w)(?=[a-z]*\d)[2-9cfghjmpqrvwx]{4}\+[2-9cfghjmpqrvwx]{2,3}\b"
    r"|(?<!\w)[2-9cfghjmpqrvwx]{8}\+[2-9cfghjmpqrvwx]{2,3}\b"
)
"""Degrees to three decimals or more (100 m), minutes, and other grids."""
MAP_LINK = re.compile(
    r"https?://\S*(?:@-?\d+\.\d{3,},|[?&#=/]-?\d+\.\d{3,}[,/]|lat=-?\d+\.\d{3,}|plus\.codes/|maps\.app\.goo|goo\.gl/maps|w3w\.co)"
)
"""An address that is a place on a map."""


def days_told(text: str) -> Iterator[pd.Timestamp]:
    """Yield the days that a text tells, in English, French or Spanish, but in addresses.

    Examples
    --------
    >>> [day.date().isoformat() for day in days_told("le 1er mars 2023, then March 4, 2023")]
    ['2023-03-01', '2023-03-04']
    """
    if len(text) > LONGEST:
        yield from dict.fromkeys(day for part in parts_of(text) for day in days_told(part))
        return
    read = URL.sub(" ", plain_text(text).plain)
    short = [(d, m, y) for d, _, m, y in SHORT.findall(read)]
    if not short and not YEAR.search(read):
        return
    found = [(f"'{y}", m, d) for a, b, y in short for m, d in ((a, b), (b, a))]
    found += [(y, m, d) for y, m, d in ISO.findall(read)]
    found += [(y, m, d) for y, m, d in COMPACT.findall(read)]
    found += [(y, MONTHS[m], d) for d, m, y in DAY_FIRST.findall(read)]
    found += [(y, MONTHS[m], d) for m, d, y in MONTH_FIRST.findall(read)]
    found += [(y, MONTHS[m], d) for y, m, d in YEAR_FIRST.findall(read)]
    # 03/04/2023 is two days; the later one is the one to wait for
    found += [(y, m, d) for a, b, y in OTHER.findall(read) for m, d in ((a, b), (b, a))]
    for year, week, day in WEEKDAY.findall(read):
        with suppress(ValueError):
            yield pd.Timestamp.fromisocalendar(int(year), int(week), int(day))
    for year, month, day in found:
        try:
            yield pd.Timestamp(int(year.replace("'", "20")), int(month), int(day))
        except ValueError:
            continue


def months_told(text: str) -> Iterator[pd.Timestamp]:
    """Yield the last days of the months and weeks of a cell of dates, and a number's day.

    Examples
    --------
    >>> cells = ("octobre 2023", "2023-W44", "1698710400000")
    >>> [last.date().isoformat() for cell in cells for last in months_told(cell)]
    ['2023-10-31', '2023-11-05', '2023-10-31']
    """
    read = plain_text(text[:LONGEST]).plain.strip()
    for month, year in WHOLE_MONTH.findall(read):
        first = pd.Timestamp(int(year.replace("'", "20")), MONTHS[month], 1)
        yield first + pd.offsets.MonthEnd()
    for year, week in WEEK.findall(read):
        with suppress(ValueError):  # a few years have a week 53
            yield pd.Timestamp.fromisocalendar(int(year), int(week), 7)
    if since := NUMBERED.fullmatch(read):
        places = -(-(len(since[1]) - 10) // 3) * 3  # behind the seconds
        yield pd.Timestamp(int(since[1]) * 10 ** (9 - places))


def coordinates_told(text: str) -> bool:
    """Return whether a text tells where something is to some 100 m or less, as numbers.

    Examples
    --------
    >>> coordinates_told("at 45.00655, -73.51667"), coordinates_told("45 km, 73 people")
    (True, False)
    >>> coordinates_told("N 31 31.123 W 111 22.222")
    True
    """
    if len(text) > LONGEST:
        return any(map(coordinates_told, parts_of(text)))
    read = plain_text(text).plain
    return bool(MAP_LINK.search(read) or COORDINATES.search(URL.sub(" ", read)))
