"""Series that cannot be misread: what is counted, by whom, in which calendar, and how it broke.

Interceptions, claims, encounters and transfers are counts of different things, and a U.S.
fiscal year is no calendar year. What may be added and compared: :mod:`roxham.layers.sums`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Literal

import pandas as pd

from roxham.geo import DataError
from roxham.geo.tables import SOURCE, Column, Contract

from .checks import read_layer, unique
from .encounters import load_encounters
from .interceptions import load_interceptions, require_province
from .intervals import Interval, interval_at, with_bounds
from .releases import known_on

__all__ = ["BREAKS", "MEASURES", "Series", "load_series"]

Measure = Literal["interceptions", "claims", "encounters", "transfers"]
Calendar = Literal["month", "calendar_year", "us_fiscal_year"]
KINDS = ("interceptions", "claims", "encounters", "transfers")

MEASURES = Contract(
    name="measures",
    columns=(
        Column("measure", meaning="what is counted", choices=KINDS),
        Column("unit", meaning="what one count is", choices=("events", "persons")),
        Column("counted_by", meaning="whose count it is"),
        Column("coverage", meaning="where it is counted"),
        Column("coverage_fr", meaning="the same in French"),
        Column("definition", meaning="what one count means"),
        Column("definition_fr", meaning="the same in French"),
        *SOURCE,
    ),
    checks=(unique("measure"),),
)
BREAKS = Contract(
    name="breaks",
    columns=(
        Column("measure", meaning="series that it concerns", choices=KINDS),
        Column("date", "date", "when; empty where it holds always", required=False),
        Column(
            "kind",
            meaning="other rules at the border, another way of counting, or revised figures",
            choices=("rules", "method", "revision"),
        ),
        Column("what", meaning="what a reader of the series should know"),
        Column("what_fr", meaning="the same in French"),
        *SOURCE,
    ),
)


@dataclass(frozen=True, eq=False)
class Series:
    """One series of counts, with all that is needed to read it.

    Attributes
    ----------
    measure, unit, counted_by
        What is counted (interceptions, claims, encounters, transfers), what one count is
        (events or persons), and who counts.
    calendar
        month, calendar_year or us_fiscal_year (2023 ends on 30 September 2023).
    places
        Codes of the places that the counts cover, such as ``("CA-QC",)``.
    rows
        ``period`` (2022-03; 2022; FY2022), ``count`` (null where not exact), ``low``,
        ``high`` (Int64; null where unknown), ``months`` known in the period of its
        ``months_of``, ``source_url`` (separated by spaces).
    coverage, definition, source_url
        Where it is counted, what one count means (both also ``_fr``), and who says so.
    breaks
        ``date, kind, what, what_fr`` and source columns.
    """

    measure: str
    unit: str
    counted_by: str
    calendar: Calendar
    places: tuple[str, ...]
    rows: pd.DataFrame
    coverage: str
    coverage_fr: str
    definition: str
    definition_fr: str
    source_url: str
    breaks: pd.DataFrame

    def at(self, period: str) -> Interval | None:
        """Return what the count of a period can be; None where it is not known."""
        rows = self.rows[self.rows["period"] == period]
        return interval_at(rows, rows.index[0]) if len(rows) else None

    @property
    def partial(self) -> pd.DataFrame:
        """Return the rows of periods whose months are not all known."""
        return self.rows[self.rows["months"] < self.rows["months_of"]]

    def __str__(self) -> str:
        where = " + ".join(self.places)
        return f"{self.measure} ({self.unit}, counted by {self.counted_by}) of {where}"


COLUMNS = ["period", "count", "low", "high", "months", "months_of", "source_url"]
MONTHS_OF: dict[Calendar, int] = {"month": 1, "calendar_year": 12, "us_fiscal_year": 12}


def load_series(
    measure: Measure,
    *,
    place: str | None = None,
    calendar: Calendar = "month",
    as_of: dt.date | str | None = None,
    table: pd.DataFrame | None = None,
) -> Series:
    """Load one series.

    Parameters
    ----------
    measure
        ``interceptions`` (by province) or ``encounters`` (Swanton sector). No table of
        claims ships; transfers are running totals and make no series.
    place
        Province of interceptions, ``CA`` by default; encounters have one place.
    calendar
        ``month``, ``calendar_year`` (published totals of interceptions) or
        ``us_fiscal_year`` (published totals of encounters).
    as_of
        Interceptions as they were known to be public on a day, ``YYYY-MM-DD``: see
        ``known_on``. By default the last figures.
    table
        Rows of your own, as ``load_interceptions`` or ``load_encounters`` return them.

    Raises
    ------
    DataError
        If there is no such series; the message says which there are.

    Examples
    --------
    >>> year = load_series("interceptions", place="CA-QC", calendar="calendar_year")
    >>> str(year.at("2022")), year.unit, year.counted_by
    ('39,171', 'events', 'RCMP')
    """
    if measure == "interceptions":
        code = require_province(place or "CA")
        rows = load_interceptions().rows if table is None else table
        if as_of is not None:
            rows = known_on(rows, as_of)
        rows = rows[rows["province"] == code]
        length = {"month": 7, "calendar_year": 4}.get(calendar)
        rows = rows[rows["period"].str.len() == length] if length else rows.head(0)
        periods = rows["period"]
        known: tuple[str, ...] = ("month", "calendar_year")
    elif measure == "encounters" and as_of is None and place in (None, "US-SWANTON"):
        code = "US-SWANTON"
        rows = load_encounters().rows if table is None else table
        rows = rows.rename(columns={"encounters": "count"})
        kind = {"month": "month", "us_fiscal_year": "fiscal_year"}.get(calendar)
        rows = rows[rows["granularity"] == kind]
        years = "FY" + rows["fiscal_year"].astype("string")
        periods = rows["period"] if calendar == "month" else years
        known = ("month", "us_fiscal_year")
    else:
        raise DataError(_no_series(measure, place, as_of))
    if calendar not in known:
        raise DataError(f"{measure} by {calendar}: there is no such table. Choose {either(known)}.")
    of = MONTHS_OF[calendar]
    rows = with_bounds(rows).assign(period=periods, months=of, months_of=of)
    rows.loc[rows["low"].isna(), "months"] = 0
    return _described(measure, calendar, (code,), rows[COLUMNS])


@cache
def _described_measures() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what the measures are and how they broke; not to be changed."""
    measures = read_layer("measures.csv", None, MEASURES).rows.set_index("measure")
    return measures, read_layer("breaks.csv", None, BREAKS).rows


def _described(
    measure: str, calendar: Calendar, places: tuple[str, ...], rows: pd.DataFrame
) -> Series:
    """Return the series with its definition and its breaks."""
    facts, breaks = _described_measures()
    said = {name: str(facts.at[measure, name]) for name in ("unit", "counted_by", "source_url")}
    texts = ("coverage", "coverage_fr", "definition", "definition_fr")
    said |= {name: str(facts.at[measure, name]) for name in texts}
    breaks = breaks[breaks["measure"] == measure].drop(columns="measure")
    rows = rows.sort_values("period", ignore_index=True).astype({"count": "Int64"})
    rows["count"] = rows["count"].where(rows["low"] == rows["high"])
    return Series(
        measure=measure,
        calendar=calendar,
        places=places,
        rows=rows,
        breaks=breaks.reset_index(drop=True),
        **said,
    )


def _no_series(measure: str, place: str | None, as_of: object) -> str:
    """Say why there is no such series, and what there is."""
    if measure == "claims":
        return "no table of claims ships: claims are not interceptions, and stand for none."
    if measure == "transfers":
        return (
            "transfers are running totals that overlap, and make no series. Take one figure for "
            "each province from latest_transfers(...)."
        )
    if measure == "encounters":
        asked = f"as of {as_of}" if as_of is not None else f"of {place}"
        return f"encounters {asked}: there is no such table, only the last of US-SWANTON."
    return f"measure {measure!r} is unknown. Choose {either(('interceptions', 'encounters'))}."


def either(choices: tuple[str, ...] | list[str]) -> str:
    return " or ".join(choices)
