"""Series that cannot be misread: what is counted, by whom, in which calendar, and how it broke.

Interceptions, claims, encounters, entries and transfers are counts of different things, and a
U.S. fiscal year is no calendar year. What may be added and compared:
:mod:`roxham.layers.counts.arithmetic`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd

from roxham.geo import DataError, Fault
from roxham.geo.arguments import checked, require_columns, require_fields
from roxham.geo.errors import shown
from roxham.geo.region import Region, active_region
from roxham.geo.region.study_area import kept_with_region
from roxham.geo.summary import Summarised, Summary, count
from roxham.geo.tables.contract import SOURCE, Column, Contract, reads
from roxham.layers.areas import require_area, wholes
from roxham.layers.facts.checks import read_layer, require_once, unique
from roxham.layers.facts.datasets import measure_of, measures
from roxham.layers.facts.releases import known_on
from roxham.layers.intervals import Interval, interval_at, with_bounds
from roxham.layers.model import Calendar, Dataset, Measure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["BREAKS", "MEASURES", "Series", "load_series"]


@reads("measure")
def _counted_somewhere(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
    known = measures()
    for i in rows.index[~rows["measure"].isin(known)]:
        yield int(i), "measure", f"is none of {', '.join(known)}"


MEASURES = Contract(
    name="measures",
    columns=(
        Column("measure", meaning="what is counted, by the name of a measure"),
        Column("unit", meaning="what one count is", choices=("events", "persons")),
        Column("counted_by", meaning="whose count it is"),
        Column("coverage", meaning="where it is counted"),
        Column("coverage_fr", meaning="the same in French"),
        Column("definition", meaning="what one count means"),
        Column("definition_fr", meaning="the same in French"),
        *SOURCE,
    ),
    checks=(unique("measure"), _counted_somewhere),
)
BREAKS = Contract(
    name="breaks",
    columns=(
        Column("measure", meaning="series that it concerns, by the name of its measure"),
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
    checks=(_counted_somewhere,),
)


@dataclass(frozen=True, eq=False, repr=False)
class Series(Summarised):
    """One series of counts, with all that is needed to read it.

    Attributes
    ----------
    measure, unit, counted_by
        What is counted (interceptions, claims, encounters, entries), what one count is
        (events or persons), and who counts; empty where the region's files do not say it.
    calendar
        month, calendar_year or us_fiscal_year (2023 ends on 30 September 2023).
    places
        Codes of the places that the counts cover, as ISO 3166-2 has them.
    rows
        ``period`` (2022-03; 2022; FY2022), ``count`` (null where not exact), ``low``,
        ``high`` (Int64; null where unknown), ``months`` known in the period of its
        ``months_of``, ``source_url`` (separated by spaces).
    coverage, definition, source_url
        Where it is counted, what one count means (both also ``_fr``), and who says so.
    breaks
        ``date, kind, what, what_fr`` and source columns.
    of
        Of entries, which count: ``car_passengers``, ``trucks``, …

    Examples
    --------
    >>> series = load_series("interceptions", place="CA-QC", calendar="calendar_year")
    >>> series.unit, str(series.at("2022"))
    ('events', '39,171')
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
    of: str = ""

    def __post_init__(self) -> None:
        require_fields(self, rows=COLUMNS, breaks=("date", "kind"))

    def _summary(self) -> Summary:
        periods = self.rows["period"]
        span = f", {periods.iloc[0]} to {periods.iloc[-1]}" if len(periods) else ""
        known = int(self.rows["low"].notna().sum())
        lines = [
            ("counted by", self.counted_by or "not said"),
            ("places", ", ".join(self.places)),
            ("periods", f"{len(periods):,} ({self.calendar}){span}"),
            ("known", f"{known:,}, of which {int(self.rows['count'].notna().sum()):,} exact"),
            ("breaks", count(len(self.breaks), "break")),
        ]
        return f"Series of {self.measure} ({self.unit or 'unit not said'})", lines

    @checked()
    def at(self, period: str) -> Interval | None:
        """Return what the count of a period can be; None where it is not known.

        Raises
        ------
        DataError
            If it is written otherwise than the calendar's periods: ``2022-03`` (month), ``2022``
            (calendar_year), ``FY2022`` (us_fiscal_year).
        """
        written, example = PERIODS[self.calendar]
        if not written.fullmatch(period):
            told = f"“{shown(period)}” is no period by {self.calendar}."
            raise DataError(Fault("period", told, f"Write {example}."))
        rows = self.rows[self.rows["period"] == period]
        return interval_at(rows, rows.index[0]) if len(rows) else None

    @property
    def partial(self) -> pd.DataFrame:
        """Return the rows of periods whose months are not all known."""
        return self.rows[self.rows["months"] < self.rows["months_of"]]

    @checked()
    def plot(self, path: str | Path | None = None, *, lang: Literal["en", "fr"] = "en") -> Figure:
        """Draw the series: columns, bands for what a count can be, hatches for gaps.

        Parameters
        ----------
        path
            A ``.svg`` or ``.png`` file to write; none by default.
        lang
            ``en`` or ``fr``.

        Returns
        -------
        matplotlib.figure.Figure
            It needs Matplotlib, which the extra ``static`` installs.

        Raises
        ------
        DataError
            If there is nothing to draw, Matplotlib is not there, or the file cannot be
            written.

        Examples
        --------
        >>> figure = load_series("encounters").plot()
        >>> figure.axes[0].get_ylabel()
        'encounters'
        """
        from .plot import plot_series

        return plot_series(self, path, lang=lang)

    def __str__(self) -> str:
        where = " + ".join(self.places)
        by = f", counted by {self.counted_by}" if self.counted_by else ""
        of = f" of {measures()[self.measure][1].counts[self.of]}" if self.of else ""
        return f"{self.measure}{of} ({self.unit}{by}) of {where}"


COUNTED_BY = "counted_by"
COLUMNS = ["period", "count", "low", "high", "months", "months_of", "source_url"]
PERIODS: dict[Calendar, tuple[re.Pattern[str], str]] = {
    "month": (re.compile(r"\d{4}-(0[1-9]|1[0-2])"), "YYYY-MM, as in 2022-03"),
    "calendar_year": (re.compile(r"\d{4}"), "YYYY, as in 2022"),
    "us_fiscal_year": (re.compile(r"FY\d{4}"), "FYYYYY, as in FY2022"),
}
"""How periods are written, and an example."""
MONTHS_OF: dict[Calendar, int] = {"month": 1, "calendar_year": 12, "us_fiscal_year": 12}


@checked()
def load_series(
    measure: str,
    *,
    place: str | None = None,
    calendar: Calendar = "month",
    as_of: dt.date | str | None = None,
    table: pd.DataFrame | None = None,
    of: str | None = None,
) -> Series:
    """Load one series.

    Parameters
    ----------
    measure
        ``interceptions`` (by province), ``claims`` (all ways of entry), ``encounters``,
        ``entries`` (at ports), or that of another table of ``DATASETS``. Transfers are
        running totals and make no series.
    place
        Area of interceptions, by default the whole that the region's file names; place of
        claims, the same (by year) by default or the id of a port (by month); encounters have
        one place; of entries the id of a port, all together by default, in the months in
        which each is known.
    calendar
        ``month``, ``calendar_year`` (published totals of interceptions and claims) or
        ``us_fiscal_year`` (published totals of encounters). Entries are by month alone.
    as_of
        Interceptions as they were known to be public on a day, ``YYYY-MM-DD``: see
        ``known_on``. By default the last figures.
    table
        Rows of your own, as the loader of the measure returns them.
    of
        Of entries, which count: ``car_passengers`` (the default), ``trucks``, … as
        ``load_entries`` has them.

    Returns
    -------
    Series
        Counts are whole numbers, periods as the calendar writes them.

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
    data, kind = measure_of(measure)
    if table is not None:
        require_columns(table, measure, _needed(kind))
    else:
        table = pd.DataFrame(data.load().rows)
        if table.empty:
            raise DataError(f"{measure}: region {active_region().name} has no rows of them.")
    column = _counted(kind, of, table)
    if as_of is not None:
        if not kind.released:
            raise DataError(
                f"{measure} as of {as_of}: only the last figures ship. Leave as_of out."
            )
        table = known_on(table, as_of)
    counted = pd.DataFrame(table).assign(count=table[column])
    code, rows = _placed(data, kind, place, column, counted)
    if calendar not in kind.periods:
        known = either(kind.periods)
        raise DataError(f"{measure} by {calendar}: there is no such table. Choose {known}.")
    periods = kind.periods[calendar](rows)
    rows, periods = rows[periods.notna()], periods.dropna()
    whole = MONTHS_OF[calendar]
    rows = with_bounds(rows).assign(period=periods, months=whole, months_of=whole)
    rows.loc[rows["low"].isna(), "months"] = 0
    require_once(rows, f"{measure} of {code}", "period")
    series = _described(kind, calendar, (code,), rows[COLUMNS])
    if len(kind.counts) > 1:
        return replace(series, of=column, unit=kind.units.get(column, series.unit))
    if COUNTED_BY in kind.at and len(rows):
        return replace(series, counted_by=str(rows[COUNTED_BY].iloc[0]))
    return series


def _needed(kind: Measure) -> list[str]:
    """Return what a table of one's own must have; of several counts, one is enough."""
    count = tuple(kind.counts) if len(kind.counts) == 1 else ()
    return list(dict.fromkeys(("period", *kind.needs, *kind.at, *count, "source_url")))


def _counted(kind: Measure, of: str | None, rows: pd.DataFrame) -> str:
    """Return the column of counts that is asked for."""
    first = next(iter(kind.counts))
    if len(kind.counts) == 1:
        return first
    column = first if of is None else of
    if column not in kind.counts or column not in rows:
        choices = either(kind.counts)
        raise DataError(f"{kind.name} of {column}: no such count. Choose {choices}.")
    return column


def only_place(measure: str) -> str:
    """Return what the region calls the one place of a measure."""
    details = active_region().details
    named = (one.place for one in details.measures if one.measure == measure) if details else ()
    return next((place for place in named if place), active_region().name)


def _placed(
    data: Dataset, kind: Measure, place: str | None, column: str, rows: pd.DataFrame
) -> tuple[str, pd.DataFrame]:
    """Return the place of a series and its rows: all that was counted there, by one counter."""
    if not kind.at:
        alone = only_place(kind.name)
        if place not in (None, alone):
            told = f"{kind.name} of {place}: there is no such table, only the last of {alone}."
            raise DataError(told)
        return alone, rows
    at = kind.at[0]
    if kind.every is not None:
        name, every = kind.every
        rows = rows[(rows[name] == every) & ~rows["period"].str.contains("/")]
    if place is None and kind.whole == "sum":
        return f"{at.removesuffix('_id')}s", _summed(rows, places_of(data, kind, rows))
    code = place or _whole(rows[at], areas=kind.areas)
    there = sorted(set(rows[at].dropna()))
    if kind.areas:
        require_area(code)
    elif code not in there:
        choices = either(map(str, there))
        raise DataError(f"{kind.name} of {code}: no such place. Choose {choices}.")
    rows = rows[rows[at] == code]
    counters = sorted(set(rows[COUNTED_BY])) if COUNTED_BY in kind.at else []
    if len(counters) > 1:
        said = " and ".join(counters)
        raise DataError(
            f"{kind.name} of {code} are counted by {said}: keep the rows of one in table=."
        )
    return code, rows


def _whole(places: pd.Series, *, areas: bool) -> str:
    """Return the area that holds all others, or the only one: of a series where none is named."""
    there = sorted(set(places.dropna()))
    holding = [area for area in wholes() if areas or area in there]
    found = holding or there
    if len(found) != 1 and not holding:
        told = f"there are {', '.join(found)}, and none holds the others."
        raise DataError(Fault("place", told, "Name one, as in --province or --place."))
    return found[0]


def places_of(data: Dataset, kind: Measure, rows: pd.DataFrame) -> list[str]:
    """Return the columns that tell places apart: one may have no id of ours, or share it."""
    own = [name for name in data.key if name in rows and name not in data.when]
    return list(dict.fromkeys([*own, *kind.at]))


def _summed(rows: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return the sum of all places in the periods in which each is known."""
    where = rows.groupby(names, dropna=False, sort=False).ngroup()
    require_once(rows.assign(where=where), "counts", "period", "where")
    periods = rows.groupby("period", sort=True)
    known = periods["count"].count() == where.nunique()
    counts = periods["count"].sum().where(known)
    urls = periods["source_url"].agg(lambda cells: " ".join(sorted(set(cells))))
    return pd.DataFrame({"count": counts, "source_url": urls}).reset_index()


@kept_with_region
def _described_measures(region: Region) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what the measures are and how they broke; not to be changed."""
    measures = read_layer("measures", None, MEASURES).rows.set_index("measure")
    return measures, read_layer("breaks", None, BREAKS).rows


def _described(
    kind: Measure, calendar: Calendar, places: tuple[str, ...], rows: pd.DataFrame
) -> Series:
    """Return the series with its definition and its breaks."""
    measure = kind.name
    facts, breaks = _described_measures(active_region())
    texts = ("coverage", "coverage_fr", "definition", "definition_fr")
    if measure in facts.index:
        names = ("unit", "counted_by", "source_url", *texts)
        said = {name: str(facts.at[measure, name]) for name in names}
    else:  # a region that says nothing of what it counts
        said = {"unit": kind.unit, "counted_by": "", **dict.fromkeys(texts, "")}
        said["source_url"] = " ".join(dict.fromkeys(" ".join(rows["source_url"]).split()))
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


def either(choices: Iterable[str]) -> str:
    return " or ".join(choices)
