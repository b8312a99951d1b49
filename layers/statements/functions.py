"""The functions that a statement may use: what each takes, what it gives, and what finds it."""

from __future__ import annotations

import re
from collections.abc import Callable

from roxham.geo.region import active_region
from roxham.geo.tables.contract import is_date
from roxham.layers.areas import counted_areas
from roxham.layers.facts.interceptions import PERIOD
from roxham.layers.intervals import Interval

from . import lookups as questions
from .evaluate import UNDECIDED
from .evidence import Evidence
from .language import Function, Parameter, Value

__all__ = ["FUNCTIONS"]


def _one_of(*choices: str) -> Callable[[str], str | None]:
    def check(text: str) -> str | None:
        if text in choices:
            return None
        return (
            f"is not one of {', '.join(choices)}" if choices else "is none: the region lists none"
        )

    return check


def _province(text: str) -> str | None:
    return _one_of(*counted_areas())(text)


def _admin_region(text: str) -> str | None:
    details = active_region().details
    return _one_of(*(details.admin_regions if details else ()))(text)


def _jurisdiction(text: str) -> str | None:
    return _one_of(*questions.land_names())(text)


def _period(text: str) -> str | None:
    return None if PERIOD.fullmatch(text) else "is neither a year (2022) nor a month (2022-03)"


def _month(text: str) -> str | None:
    known = PERIOD.fullmatch(text) and len(text) == 7 and "1900" <= text < "2100"
    return None if known else "is not a month from 1900-01 to 2099-12, as in 2022-03"


def _fiscal_year(text: str) -> str | None:
    return None if re.fullmatch(r"FY[0-9]{4}", text) else "is not a U.S. fiscal year, as in FY2023"


def _date(text: str) -> str | None:
    sound = re.fullmatch(r"[0-9/-]+", text) and is_date(text) and "1900" <= text < "2100"
    return None if sound else "is not a date; write YYYY, YYYY-MM, YYYY-MM-DD or A/B"


def _day(text: str) -> str | None:
    plain = re.fullmatch(r"\d{4}-\d\d-\d\d", text) and _date(text) is None
    return None if plain else "is not a day, as in 2023-02-19"


def _ratio(e: Evidence, x: Interval | None, y: Interval | None, times: int = 1) -> Value:
    """Find the first number over the second, as times."""
    if x is None or y is None:
        return None
    if 0 in y:
        e.lack("zero")
        return None
    return x * times / y


def _share(e: Evidence, x: Interval | None, y: Interval | None) -> Value:
    """Find the first number in percent of the second."""
    return _ratio(e, x, y, 100)


def _between(e: Evidence, x: Interval | None, low: Interval | None, high: Interval | None) -> Value:
    """Whether a number lies from the first bound to the second, both included."""
    if x is None or low is None or high is None:
        return UNDECIDED
    if x.certainly(">=", low) and x.certainly("<=", high):
        return "supported"
    outside = x.certainly("<", low) or x.certainly(">", high)
    return "contradicted" if outside else UNDECIDED


def _nearly(e: Evidence, x: Interval | None, y: Interval | None) -> Value:
    """Whether a number lies at most the tolerance below another, and not above it."""
    return _between(e, x, None if y is None else y * (1 - e.tolerance), y)


def _about(e: Evidence, x: Interval | None, y: Interval | None) -> Value:
    """Whether a number lies within the tolerance of another."""
    if y is None:
        return UNDECIDED
    return _between(e, x, y * (1 - e.tolerance), y * (1 + e.tolerance))


def _beside(e: Evidence, x: Value) -> Value:
    """Show what the tables have beside a statement that they cannot decide."""
    return UNDECIDED


PLACE, INCIDENT = Parameter("place"), Parameter("incident")
PROVINCE, TO = Parameter("province", check=_province), Parameter("to", check=_province)
DATE, DAY = Parameter("date", check=_date), Parameter("date", check=_day)
SPAN = tuple(Parameter(name, check=_date, required=False) for name in ("since", "until"))
MONTHS = tuple(Parameter(name, check=_month) for name in ("since", "until"))
X, Y = Parameter("x", "number"), Parameter("y", "number")
LIMITS = (Parameter("low", "number"), Parameter("high", "number"))
WHERE = Parameter("where", check=_one_of("port_of_entry", "irregular_site"))
REGION = Parameter("region", check=_admin_region)
ORIGIN, PERIOD_ = Parameter("origin", check=_province), Parameter("period", check=_period)
LAND = Parameter("jurisdiction", check=_jurisdiction)
YEAR = Parameter("fiscal_year", check=_fiscal_year)

FUNCTIONS: dict[str, Function] = {
    "count": Function((PERIOD_, PROVINCE), "interceptions", questions.count),
    "sum_of": Function((PROVINCE, *MONTHS), "interceptions", questions.sum_of),
    "encounters": Function((YEAR,), "encounters", questions.encounters),
    "transfers": Function((ORIGIN, TO, *SPAN), "people", questions.transfers),
    "deaths": Function((INCIDENT,), "deaths", questions.deaths),
    "distance_km": Function((PLACE, Parameter("other")), "km", questions.distance_km),
    "ratio": Function((X, Y), "times", _ratio),
    "share": Function((X, Y), "percent", _share),
    "direction_of": Function((INCIDENT,), "text", questions.direction_of),
    "side_of": Function((INCIDENT,), "text", questions.side_of),
    "rule_on": Function((DAY,), "text", questions.rule_on),
    "weekday": Function((DAY,), "text", questions.weekday),
    "incident_on": Function((INCIDENT, DATE), "truth", questions.incident_on),
    "event_on": Function((DATE, Parameter("kind")), "truth", questions.event_on),
    "turned_back": Function((DAY, WHERE), "truth", questions.turned_back),
    "within": Function((PLACE, REGION), "truth", questions.within),
    "borders": Function((PLACE, LAND), "truth", questions.borders),
    "between": Function((X, *LIMITS), "truth", _between, judges=True),
    "nearly": Function((X, Y), "truth", _nearly, judges=True),
    "about": Function((X, Y), "truth", _about, judges=True),
    "beside": Function((Parameter("x", "any"),), "truth", _beside, judges=True),
}
"""Every function of the language; what each finds stands in its docstring."""
