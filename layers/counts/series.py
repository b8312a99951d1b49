"""Series that cannot be misread: what is counted, by whom, in which calendar, and how it broke.

Interceptions, claims, encounters, entries and transfers are counts of different things, and a
U.S. fiscal year is no calendar year. What may be added and compared:
:mod:`roxham.layers.counts.arithmetic`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import pandas as pd

from roxham.geo import DataError, Fault
from roxham.geo.arguments import checked, require_columns
from roxham.geo.region import Region, active_region
from roxham.geo.summary import Summarised, Summary, count
from roxham.geo.tables.contract import SOURCE, Checked, Column, Contract
from roxham.layers.areas import require_area, wholes
from roxham.layers.facts.asylum_claims import load_asylum_claims
from roxham.layers.facts.checks import read_layer, require_once, unique
from roxham.layers.facts.encounters import load_encounters
from roxham.layers.facts.entries import ENTRY_COUNTS, load_entries
from roxham.layers.facts.interceptions import load_interceptions
from roxham.layers.facts.releases import known_on
from roxham.layers.intervals import Interval, interval_at, with_bounds

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["BREAKS", "MEASURES", "Series", "load_series"]

Measure = Literal["interceptions", "claims", "encounters", "entries", "transfers"]
Calendar = Literal["month", "calendar_year", "us_fiscal_year"]
KINDS = get_args(Measure)

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
        """Return what the count of a period can be; None where it is not known."""
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
        of = f" of {ENTRY_COUNTS[self.of]}" if self.of else ""
        return f"{self.measure}{of} ({self.unit}{by}) of {where}"


NEEDED: dict[str, tuple[str, ...]] = {
    "interceptions": ("period", "province", "count", "source_url"),
    "claims": ("period", "place", "mode", "counted_by", "count", "source_url"),
    "encounters": ("period", "fiscal_year", "granularity", "encounters", "source_url"),
    "entries": ("period", "port_id", "source_url"),
}
"""What a table of one's own must have."""
LOADERS: dict[str, Callable[..., Checked[Any]]] = {
    "interceptions": load_interceptions,
    "claims": load_asylum_claims,
    "encounters": load_encounters,
    "entries": load_entries,
}
UNITS = {"interceptions": "events", "encounters": "events"} | dict.fromkeys(
    ("claims", "entries"), "persons"
)
VEHICLES = ("cars", "buses", "trucks")
COLUMNS = ["period", "count", "low", "high", "months", "months_of", "source_url"]
MONTHS_OF: dict[Calendar, int] = {"month": 1, "calendar_year": 12, "us_fiscal_year": 12}


@checked()
def load_series(
    measure: Measure,
    *,
    place: str | None = None,
    calendar: Calendar = "month",
    as_of: dt.date | str | None = None,
    table: pd.DataFrame | None = None,
    of: str = "car_passengers",
) -> Series:
    """Load one series.

    Parameters
    ----------
    measure
        ``interceptions`` (by province), ``claims`` (all ways of entry), ``encounters``
        or ``entries`` (at ports). Transfers are
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
        Of entries, which count: ``car_passengers``, ``trucks``, … as ``load_entries`` has them.

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
    if table is not None and measure in NEEDED:
        require_columns(table, measure, NEEDED[measure])
    if table is None and measure in LOADERS:
        loaded: pd.DataFrame = LOADERS[measure]().rows
        if loaded.empty:
            raise DataError(f"{measure}: region {active_region().name} has no rows of them.")
        table = loaded
    if table is None:
        raise DataError(_no_series(measure, place, as_of))
    if measure == "interceptions":
        rows = table
        code = require_area(place or _whole(rows["province"]))
        if as_of is not None:
            rows = known_on(rows, as_of)
        rows = _of_length(rows[rows["province"] == code], calendar)
        periods = rows["period"]
        known: tuple[str, ...] = ("month", "calendar_year")
    elif measure == "claims" and as_of is None:
        rows = table
        code = place or _whole(rows["place"])
        rows = _claims_at(code, rows)
        rows = _of_length(rows, calendar)
        periods = rows["period"]
        known = ("month", "calendar_year")
    elif measure == "encounters" and as_of is None and place in (None, encounters_at()):
        code = encounters_at()
        rows = table
        rows = rows.rename(columns={"encounters": "count"})
        kind = {"month": "month", "us_fiscal_year": "fiscal_year"}.get(calendar)
        rows = rows[rows["granularity"] == kind]
        years = "FY" + rows["fiscal_year"].astype("string")
        periods = rows["period"] if calendar == "month" else years
        known = ("month", "us_fiscal_year")
    elif measure == "entries" and as_of is None:
        code = place or "ports"
        rows = _entries_at(place, of, table)
        periods = rows["period"]
        known = ("month",)
    else:
        raise DataError(_no_series(measure, place, as_of))
    if calendar not in known:
        raise DataError(f"{measure} by {calendar}: there is no such table. Choose {either(known)}.")
    whole = MONTHS_OF[calendar]
    rows = with_bounds(rows).assign(period=periods, months=whole, months_of=whole)
    rows.loc[rows["low"].isna(), "months"] = 0
    require_once(rows, f"{measure} of {code}", "period")
    series = _described(measure, calendar, (code,), rows[COLUMNS])
    if measure == "entries":
        return replace(series, of=of, unit="vehicles" if of in VEHICLES else series.unit)
    if measure == "claims" and len(rows):
        return replace(series, counted_by=str(rows["counted_by"].iloc[0]))
    return series


def encounters_at() -> str:
    """Return what the region calls the place of its table of encounters."""
    details = active_region().details
    named = (
        (one.place for one in details.measures if one.measure == "encounters") if details else ()
    )
    return next((place for place in named if place), active_region().name)


def _whole(places: pd.Series) -> str:
    """Return the area that holds all others, or the only one: of a series where none is named."""
    found = wholes() or tuple(sorted(set(places.dropna())))
    if len(found) != 1 and not wholes():
        told = f"there are {', '.join(found)}, and none holds the others."
        raise DataError(Fault("place", told, "Name one, as in --province or --place."))
    return found[0]


def _of_length(rows: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Return the rows of months, or those of years."""
    length = {"month": len("2022-03"), "calendar_year": len("2022")}.get(calendar)
    return rows[rows["period"].str.len() == length] if length else rows.head(0)


def _claims_at(place: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the claims of a place, all ways of entry, from one counter."""
    rows = rows[(rows["mode"] == "all") & ~rows["period"].str.contains("/")]
    if place not in set(rows["place"]):
        raise DataError(
            f"claims of {place}: no such place. Choose {either(sorted(set(rows['place'])))}."
        )
    rows = rows[rows["place"] == place]
    counters = sorted(set(rows["counted_by"]))
    if len(counters) > 1:
        said = " and ".join(counters)
        raise DataError(f"claims of {place} are counted by {said}: keep the rows of one in table=.")
    return rows


def _entries_at(port: str | None, of: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return one count of a port by month; of all ports their sum where each is known."""
    if of not in ENTRY_COUNTS or of not in rows:
        raise DataError(f"entries of {of}: no such count. Choose {either(list(ENTRY_COUNTS))}.")
    rows = pd.DataFrame(rows).assign(count=rows[of])
    if port is not None:
        ports = sorted(set(rows["port_id"].dropna()))
        if port not in ports:
            raise DataError(f"entries at {port}: no such port. Choose {either(ports)}.")
        return rows[rows["port_id"] == port]
    months = rows.groupby("period", sort=True)
    known = months["count"].count() == rows["port_id"].nunique()
    counts = months["count"].sum().where(known)
    urls = months["source_url"].agg(lambda cells: " ".join(sorted(set(cells))))
    return pd.DataFrame({"count": counts, "source_url": urls}).reset_index()


@cache
def _described_measures(region: Region) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what the measures are and how they broke; not to be changed."""
    measures = read_layer("measures", None, MEASURES).rows.set_index("measure")
    return measures, read_layer("breaks", None, BREAKS).rows


def _described(
    measure: str, calendar: Calendar, places: tuple[str, ...], rows: pd.DataFrame
) -> Series:
    """Return the series with its definition and its breaks."""
    facts, breaks = _described_measures(active_region())
    texts = ("coverage", "coverage_fr", "definition", "definition_fr")
    if measure in facts.index:
        names = ("unit", "counted_by", "source_url", *texts)
        said = {name: str(facts.at[measure, name]) for name in names}
    else:  # a region that says nothing of what it counts
        said = {"unit": UNITS[measure], "counted_by": "", **dict.fromkeys(texts, "")}
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


def _no_series(measure: str, place: str | None, as_of: object) -> str:
    """Say why there is no such series, and what there is."""
    if measure == "claims":
        return f"claims as of {as_of}: only the last figures ship. Leave as_of out."
    if measure == "transfers":
        return (
            "transfers are running totals that overlap, and make no series. Take one figure for "
            "each province from latest_transfers(...)."
        )
    if measure == "encounters":
        asked = f"as of {as_of}" if as_of is not None else f"of {place}"
        return f"encounters {asked}: there is no such table, only the last of {encounters_at()}."
    if measure == "entries":
        return f"entries as of {as_of}: only the last figures ship. Leave as_of out."
    return f"measure {measure!r} is unknown. Choose {either(list(LOADERS))}."


def either(choices: tuple[str, ...] | list[str]) -> str:
    return " or ".join(choices)
