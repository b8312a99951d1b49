"""Dates as people write them: day first or month first, and months by their names.

Their names are known in English, French, Spanish, German, Italian, Portuguese, Dutch, Polish,
Arabic, Bulgarian, Russian and Ukrainian. Which of two numbers is the day is told by a column as a
whole, or by its owner; where neither tells, nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

__all__ = ["Dates", "Order", "month_number", "quarter_number", "read_dates"]

Order = Literal["dmy", "mdy"]
MONTHS = (
    "january janvier enero januar janner gennaio janeiro januari jan janv ene gen"
    " يناير جانفي януари январь января styczen stycznia sty січень січня",
    "february fevrier febrero februar febbraio fevereiro februari feb fev fevr"
    " فبراير فيفري شباط февруари февраль февраля luty lutego lut лютии лютого",
    "march mars marzo marz marco maart mar mrt مارس اذار март марта marzec marca березень березня",
    "april avril abril aprile apr avr abr ابريل افريل نيسان април апрель апреля"
    " kwiecien kwietnia kwi квітень квітня",
    "may mai mayo maggio maio mei mag مايو ماي ايار май маи мая maj maja травень травня",
    "june juin junio juni giugno junho jun giu يونيو جوان حزيران юни июнь июня"
    " czerwiec czerwca cze червень червня",
    "july juillet julio juli luglio julho jul juil lug يوليو جويلية تموز юли июль июля"
    " lipiec lipca липень липня",
    "august aout agosto augustus aug ago اغسطس اوت اب август августа"
    " sierpien sierpnia sie серпень серпня",
    "september septembre septiembre setiembre settembre setembro sep sept set"
    " سبتمبر ايلول септември сентябрь сентября wrzesien wrzesnia wrz вересень вересня",
    "october octobre octubre oktober ottobre outubro oct okt ott اكتوبر октомври октябрь октября"
    " pazdziernik pazdziernika paz жовтень жовтня",
    "november novembre noviembre novembro nov نوفمبر ноември ноябрь ноября листопад листопада",
    "december decembre diciembre dezember dicembre dezembro dec dic dez"
    " ديسمبر декември декабрь декабря grudzien grudnia gru грудень грудня",
)
"""Names of months, small and without accents; none that is another month in another of them."""
POLISH = re.compile(
    r"\b(?:sty(?:czen|cznia)?|luty|lutego|kwi(?:ecien|etnia)?|cze(?:rwiec|rwca)?|lipiec|lipca"
    r"|sie(?:rpien|rpnia)?|wrz(?:esien|esnia)?|paz(?:dziernika?)?|gru(?:dzien|dnia)?)\b"
)
"""Months of which no other language has the name, where accents are left out."""
POLISH_BESIDE = {"listopad": "november", "listopada": "november", "lis": "november", "lip": "july"}
"""What is another month in Croatian: read where the column has months that are Polish."""
BESIDE = re.compile(rf"\b(?:{'|'.join(POLISH_BESIDE)})\b")
TWO_WORDS = {"كانون الثاني": 1, "تشرين الاول": 10, "تشرين الثاني": 11, "كانون الاول": 12}
NUMBER_OF = {
    **{name: k for k, names in enumerate(MONTHS, start=1) for name in names.split()},
    **TWO_WORDS,
}
MIDNIGHT = re.compile(
    r"[T ](?:00:00(?::00(?:\.0+)?)?|12:00(?::00)? ?a\.?m\.?)(?:Z|\+00:?00)?$", re.I
)
NUMBERS = re.compile(r"([0-9]{1,4})([./ -])([0-9]{1,2})\2([0-9]{1,4})")
MONTH_YEAR = re.compile(r"([0-9]{1,2})[./-]([0-9]{4})")
WEEKDAY = re.compile(
    r"(?:[a-z]+day|[a-z]+di|lunes|martes|miercoles|jueves|viernes|sabado|domingo),? "
)
DAY_FIRST = re.compile(
    r"(?:([0-9]{1,2})(?:st|nd|rd|th|er|o|º)?[ .,-]*(?:de |of )?)?"
    r"([^\W\d_]+)\.?[ ,.-]*(?:del? )?([0-9]{4})"
)
MONTH_FIRST = re.compile(r"([^\W\d_]+)\.?[ -]*([0-9]{1,2})(?:st|nd|rd|th)?,? +([0-9]{4})")
YEAR_FIRST = re.compile(r"([0-9]{4})[ .,/-]+([^\W\d_]+)\.?(?:[ .,/-]+([0-9]{1,2}))?")
QUARTER_WORD = r"(?:q|t|qtr|trim|quarter|trimestre|trimester|quartal|kwartaal)\.?"
QUARTER = rf"(?:{QUARTER_WORD} ?([1-4])|([1-4])(?:st|nd|rd|th|er|e|eme|o|a|\.)? ?{QUARTER_WORD})"
QUARTER_ONLY = re.compile(QUARTER)
QUARTER_LAST = re.compile(rf"([12][0-9]{{3}})[ ,|/-]*{QUARTER}")
QUARTER_FIRST = re.compile(rf"{QUARTER}[ ,|/-]*(?:of |de |del |du )?([12][0-9]{{3}})")
YEAR_MONTH = re.compile(r"([12][0-9]{3})(m|/)([0-9]{1,2})")
SPAN_WORD = r"(?:to|through|a|au|bis|al|until|[-–—])"
MONTH_SPAN = re.compile(
    rf"(?:de |du |von |from )?([^\W\d_]+)\.?(?: ([12][0-9]{{3}}))? ?{SPAN_WORD} ?([^\W\d_]+)\.?"
    r" (?:del? )?([12][0-9]{3})"
)
YEAR_ENDING = re.compile(
    r"(?:(?:the )?year|(?:12|twelve) months) (?:ending|ended|to)(?: in)? ([^\W\d_]+)\.?"
    r" ([12][0-9]{3})"
)
TIME = re.compile(
    r"[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[ap]\.?m\.?)?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})?$",
    re.IGNORECASE,
)
YEAR_WORD = re.compile(r"(?<=[0-9]{4}) ?(?:г|год|года|р|рік|року|r|roku?)\.?$")
"""What stands behind a year in Russian, Bulgarian, Ukrainian and Polish."""
DIGITS = {ord(c): str(k) for run in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for k, c in enumerate(run)}
SHORT_YEAR = re.compile(r"(?:[0-9]{1,2}[ .-]*)?([^\W\d_]+)\.?[ '’.-]*[0-9]{2}")
SERIAL = re.compile(r"[2-5][0-9]{4}(?:\.0+)?")
"""A day as spreadsheets count them, from 1954 to 2064."""


class Dates(NamedTuple):
    """What a column of dates says: ISO dates by their texts, and what cannot be told."""

    read: dict[str, str]
    problems: dict[str, str]
    order: Order | None
    """Which comes first, where the column tells it."""


def month_number(text: str) -> int | None:
    """Return the number of a month by its name.

    Examples
    --------
    >>> [month_number(name) for name in ("Août", "sept.", "März", "أكتوبر", "May-ish")]
    [8, 9, 3, 10, None]
    """
    return NUMBER_OF.get(_plain(text).rstrip("."))


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.strip()).casefold()
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())


def quarter_number(text: str) -> int | None:
    """Return the number of a quarter by its name.

    Examples
    --------
    >>> [quarter_number(name) for name in ("Q1", "T2", "3e trimestre", "4. Quartal", "Q5")]
    [1, 2, 3, 4, None]
    """
    found = QUARTER_ONLY.fullmatch(_plain(text))
    return None if found is None else int(found[1] or found[2])


def read_dates(texts: Iterable[str], order: Order | None = None) -> Dates:
    """Read dates that are not written in the ISO way.

    Parameters
    ----------
    texts
        The different cells of a column that are no ISO or EDTF dates.
    order
        ``dmy`` or ``mdy`` where the owner says so.

    Examples
    --------
    >>> read_dates(["25/03/2023", "04/01/2023"]).read
    {'25/03/2023': '2023-03-25', '04/01/2023': '2023-01-04'}
    >>> list(read_dates(["25 de marzo de 2023", "1er mars 2023", "Août 2022"]).read.values())
    ['2023-03-25', '2023-03-01', '2022-08']
    >>> read_dates(["2023 Q2", "T4 2023"]).read
    {'2023 Q2': '2023-04/2023-06', 'T4 2023': '2023-10/2023-12'}
    >>> list(read_dates(["Jan to Mar 2023", "Year ending June 2022", "2023M01"]).read.values())
    ['2023-01/2023-03', '2021-07/2022-06', '2023-01']
    >>> list(read_dates(["1 March 2023 14:22", "يناير ٢٠٢٣", "2023/01"]).read.values())
    ['2023-03-01', '2023-01', '2023-01']
    >>> list(read_dates(["lis 2022", "gru 2022"]).read.values())
    ['2022-11', '2022-12']
    >>> print(read_dates(["lis 2022"]).problems["lis 2022"])
    is another month in Polish than in Croatian; write YYYY-MM
    >>> print(read_dates(["Jan-23"]).problems["Jan-23"])
    has a year of two digits, or none; write YYYY-MM-DD or YYYY-MM
    >>> print(read_dates(["04/01/2023"]).problems["04/01/2023"])
    could be 2023-01-04 or 2023-04-01; say --dates dmy or --dates mdy
    """
    read: dict[str, str] = {}
    problems: dict[str, str] = {}
    numbers: dict[str, tuple[int, int, int]] = {}
    texts = list(texts)
    polish = any(POLISH.search(_plain(text)) for text in texts)
    for text in texts:
        bare = MIDNIGHT.sub("", text.strip())
        if (time := TIME.search(bare)) is not None and time[1]:  # its day may be another one there
            problems[text] = "has a time of another zone, maybe; write the day alone"
            continue
        bare = TIME.sub("", bare)
        bare = WEEKDAY.sub("", _plain(bare.translate(DIGITS)), count=1)
        bare = YEAR_WORD.sub("", bare)
        if polish:
            bare = BESIDE.sub(lambda name: POLISH_BESIDE[name[0]], bare)
        found = _certain(bare)
        if found is not None:
            read[text] = found
        elif (parts := NUMBERS.fullmatch(bare)) is not None:
            first, second, third = int(parts[1]), int(parts[3]), int(parts[4])
            if len(parts[1]) == 4:
                if day := _iso(first, second, third):
                    read[text] = day
            elif len(parts[4]) == 4:
                numbers[text] = (first, second, third)
            else:
                problems[text] = "has a year of two digits; write YYYY-MM-DD"
        elif (month := _slashed(bare)) is not None:
            read[text] = month
        elif problem := _problem(bare):
            problems[text] = problem
    days = {text: (_iso(y, b, a), _iso(y, a, b)) for text, (a, b, y) in numbers.items()}
    only_day = any(dmy and not mdy for dmy, mdy in days.values())
    only_month = any(mdy and not dmy for dmy, mdy in days.values())
    told: Order | None = order
    if told is None and only_day != only_month:
        told = "dmy" if only_day else "mdy"
    for text, (dmy, mdy) in days.items():
        if dmy == mdy and dmy is not None:
            read[text] = dmy
        elif told is not None:
            day = dmy if told == "dmy" else mdy
            if day is not None:
                read[text] = day
        elif dmy and mdy:
            asked = "say --dates dmy or --dates mdy"
            problems[text] = f"could be {dmy} or {mdy}; {asked}"
        elif dmy or mdy:
            only = dmy or mdy
            problems[text] = (
                f"is {only}, and other dates of the column have the parts the other way round; "
                "say --dates dmy or --dates mdy"
            )
    return Dates(read, problems, told if days else None)


def _slashed(text: str) -> str | None:
    """Return the month of ``2023/01``, which can be no year that ends in the next one."""
    found = YEAR_MONTH.fullmatch(text)
    if found is None or (int(found[1]) + 1) % 100 == int(found[3]):
        return None
    return _iso(int(found[1]), int(found[3]), None)


def _problem(text: str) -> str:
    """Return what a text could be as a date; empty where it is none."""
    slash = YEAR_MONTH.fullmatch(text)
    if slash is not None and int(slash[3]) <= 12:
        asked = "write YYYY-MM, or its months as A/B"
        return f"could be month {slash[3]} of {slash[1]} or a year from {slash[1]}; {asked}"
    if BESIDE.search(text) and re.search(r"[0-9]{4}", text):
        return "is another month in Polish than in Croatian; write YYYY-MM"
    short = SHORT_YEAR.fullmatch(text)
    if short is not None and short[1] in NUMBER_OF:
        return "has a year of two digits, or none; write YYYY-MM-DD or YYYY-MM"
    if SERIAL.fullmatch(text):
        counted = dt.date(1899, 12, 30) + dt.timedelta(days=int(text.partition(".")[0]))
        return f"could be {counted} as spreadsheets count days; format it as a date"
    return ""


def _certain(text: str) -> str | None:
    """Return a date that has one reading."""
    if (found := MONTH_YEAR.fullmatch(text)) is not None:
        return _iso(int(found[2]), int(found[1]), None)
    if (found := YEAR_MONTH.fullmatch(text)) is not None and found[2] == "m":
        return _iso(int(found[1]), int(found[3]), None)
    if (found := YEAR_ENDING.fullmatch(text)) is not None and (last := NUMBER_OF.get(found[1])):
        first = 12 * int(found[2]) + last - 12
        return f"{first // 12}-{first % 12 + 1:02}/{found[2]}-{last:02}"
    if (found := MONTH_SPAN.fullmatch(text)) is not None:
        ends = NUMBER_OF.get(found[1]), NUMBER_OF.get(found[3])
        if ends[0] and ends[1]:
            year = found[2] or found[4]
            span = f"{year}-{ends[0]:02}", f"{found[4]}-{ends[1]:02}"
            return "/".join(span) if span[0] < span[1] else None
    if (found := QUARTER_LAST.fullmatch(text)) is not None:
        return _quarter(found[1], found[2] or found[3])
    if (found := QUARTER_FIRST.fullmatch(text)) is not None:
        return _quarter(found[3], found[1] or found[2])
    for pattern, (year, month, day) in (
        (DAY_FIRST, (3, 2, 1)),
        (MONTH_FIRST, (3, 1, 2)),
        (YEAR_FIRST, (1, 2, 3)),
    ):
        found = pattern.fullmatch(text)
        number = NUMBER_OF.get(found[month]) if found else None
        if found and number:
            return _iso(int(found[year]), number, int(found[day]) if found[day] else None)
    bare = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})", text)
    return text if bare and _iso(*map(int, text.split("-"))) else None


def _quarter(year: str, number: str) -> str:
    return f"{year}-{3 * int(number) - 2:02}/{year}-{3 * int(number):02}"


def _iso(year: int, month: int, day: int | None) -> str | None:
    try:
        date = dt.date(year, month, 1 if day is None else day)
    except ValueError:
        return None
    return f"{date:%Y-%m-%d}"[: 7 if day is None else 10].zfill(7)
