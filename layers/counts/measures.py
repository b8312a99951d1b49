"""Tables of any measure as one exports them: what each count can be, and where it stands."""

from __future__ import annotations

import datetime as dt
from typing import Literal, TypeAlias

import pandas as pd

from roxham.geo import DataError, Fault
from roxham.geo.arguments import checked
from roxham.geo.region import active_region
from roxham.layers.areas import counted_areas, require_area, wholes
from roxham.layers.facts.datasets import measure_of
from roxham.layers.facts.releases import known_on
from roxham.layers.intervals import with_bounds
from roxham.layers.model import Dataset, Measure
from roxham.layers.privacy.suppression import suppressed

from .series import only_place, places_of
from .table import count_table

__all__ = ["By", "measure_table", "own_measure_table", "suppressed_table"]

By: TypeAlias = Literal["month", "year"]
FIRST: dict[By, str] = {"month": "period", "year": "year"}
"""What the column of periods is called."""
OWN = ("area", "place", "measure", "unit")
"""What names a cell of counts of one's own, beside its period."""
OTHER: dict[By, By] = {"month": "year", "year": "month"}
RELEASED = ["period", "province", "released", "later"]


@checked(rows=("source_url",))
def measure_table(
    measure: str,
    rows: pd.DataFrame,
    *,
    by: By = "year",
    place: str | None = None,
    as_of: dt.date | str | None = None,
) -> pd.DataFrame:
    """Return the counts of a measure by year or month with the source of each.

    Parameters
    ----------
    measure
        ``interceptions``, ``claims``, ``encounters``, ``entries``, or that of another table of
        ``DATASETS``.
    rows
        As the loader of the measure gives them.
    by
        ``year`` gives published totals: of encounters U.S. fiscal years, of entries the sums
        of years of which each month is known.
    place
        Province of interceptions, place of claims, or port of entries; all by default.
    as_of
        Interceptions as they were known to be public on a day: see ``known_on``. The table
        then has ``released`` and ``later`` too.

    Returns
    -------
    pandas.DataFrame
        ``period`` (or ``year``), what names the place, ``count``, ``low``, ``high`` (Int64; of
        entries one column for each count, null where not known) and ``source_url``; sorted.

    Raises
    ------
    DataError
        If there is no such measure, place or release; the message says which there are. If
        the rows are of the other periods only: months, and no published years.

    Examples
    --------
    >>> from roxham.layers import load_encounters
    >>> table = measure_table("encounters", load_encounters().rows)
    >>> table.set_index("year").loc["FY2024", ["low", "high"]].tolist()
    [19385, 19385]
    """
    data, kind = measure_of(measure)
    if as_of is not None and not kind.released:
        told = f"of {measure} no earlier releases are known."
        raise DataError(Fault("as of", told, "Ask for interceptions, or leave it out."))
    if kind.areas:
        table = _by_area(rows, by, place, as_of)
        if table.empty and len(_by_area(rows, OTHER[by], place, None)):
            raise _other_periods(measure, by)
        held = sorted(set(rows["province"].dropna().astype(str)))
        if place is not None and place not in {*held, *counted_areas()}:
            told = f"none of these counts is of “{place}”."
            raise DataError(Fault("area", told, f"They are of {', '.join(held) or 'none'}."))
        return table
    if place is not None:
        rows = _at(kind, place, rows)
    if by == "year" and kind.year not in kind.periods:
        return _sorted(kind, _whole_years(data, kind, rows))
    calendar = kind.year if by == "year" else "month"
    periods = kind.periods[calendar](rows)
    if len(rows) and periods.isna().all():
        raise _other_periods(measure, by)
    table = pd.DataFrame(rows).assign(**{FIRST[by]: periods})[periods.notna()]
    if len(kind.counts) > 1:
        return _sorted(kind, table[[FIRST[by], *kind.at, *kind.counts, "source_url"]])
    table = with_bounds(table.rename(columns=dict.fromkeys(kind.counts, "count")))
    return _sorted(kind, table[[FIRST[by], *kind.at, "count", "low", "high", "source_url"]])


def own_measure_table(
    measure: str, rows: pd.DataFrame, *, by: By = "year", place: str | None = None
) -> pd.DataFrame:
    """Return the counts of a measure out of a table of one's own that may hold several.

    Parameters
    ----------
    measure
        What is counted: the ``measure`` of a row, or its ``unit``.
    rows
        As ``load_counts`` gives them.
    by
        ``year`` gives years, and spans of months as they stand.
    place
        A place, or the code of an area; all by default.

    Returns
    -------
    pandas.DataFrame
        ``period`` (or ``year``), ``area``, ``place``, ``measure``, ``unit``, ``count``, ``low``,
        ``high`` and ``source_url``; sorted. Nothing is added up.

    Raises
    ------
    DataError
        If the table holds none of them; the message says what it holds.

    Examples
    --------
    >>> rows = pd.DataFrame({"period": ["2022"], "area": ["CA"], "place": [None], "unit": [None],
    ...                      "measure": ["claims"], "count": [7], "low": [7], "high": [7],
    ...                      "source_url": ["https://example.org/a"]})
    >>> own_measure_table("claims", rows)[["year", "count"]].values.tolist()
    [['2022', 7]]
    """
    told = _one_of(rows, rows["measure"].eq(measure) | rows["unit"].eq(measure), measure, "measure")
    if place is not None:
        told = _one_of(told, told["place"].eq(place) | told["area"].eq(place), place, "place")
    months = told["period"].str.len().eq(7)
    if not (months if by == "month" else ~months).any():
        found = f"these counts have no {measure} by {by}."
        raise DataError(Fault("by", found, f"Ask for --by {OTHER[by]}."))
    first = FIRST[by]
    table = told[months if by == "month" else ~months].rename(columns={"period": first})
    names = [first, *OWN]
    told_of = [*names, "count", "low", "high", "source_url"]
    return pd.DataFrame(table[told_of]).sort_values(names, ignore_index=True)


def _one_of(rows: pd.DataFrame, found: pd.Series, asked: str, column: str) -> pd.DataFrame:
    found = found.fillna(False).astype(bool)
    if not found.any():
        names = sorted({str(name) for name in rows[column].dropna()})
        told = f"“{asked}” is not in these counts."
        raise DataError(Fault(column, told, f"They hold {', '.join(names[:12]) or 'none'}."))
    return rows[found]


def _other_periods(measure: str, by: By) -> DataError:
    """Return what is told of rows none of which is of the periods asked for."""
    region = active_region()
    found = f"the {measure} of {region.title} are of {OTHER[by]}s, and none is of a {by}."
    return DataError(Fault("by", found, f"Ask for --by {OTHER[by]}."))


def _by_area(
    rows: pd.DataFrame, by: By, area: str | None, as_of: dt.date | str | None
) -> pd.DataFrame:
    if as_of is None:
        return count_table(rows, by=by, province=area)
    if area is not None:
        require_area(area)
    found = known_on(rows, as_of)
    table = count_table(found, by=by, province=area)
    when = found[RELEASED].rename(columns={"period": table.columns[0]})
    return table.merge(when, on=list(table.columns[:2]), validate="one_to_one")


def _at(kind: Measure, place: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a place."""
    if not kind.at:
        told = f"{kind.name} of {place}: there is one place alone, {only_place(kind.name)}."
        raise DataError(Fault("place", told, "Leave it out."))
    there = sorted(set(rows[kind.at[0]].dropna()))
    if place not in there:
        told = f"“{place}” is none of {kind.name}."
        raise DataError(Fault("place", told, f"Choose one of {', '.join(there)}."))
    return rows[rows[kind.at[0]] == place]


def _whole_years(data: Dataset, kind: Measure, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the sums of years of which each month is known."""
    counts, names = list(kind.counts), places_of(data, kind, rows)
    month = kind.periods["month"](rows)
    months = pd.DataFrame(rows).assign(year=month.str[:4])[month.notna()]
    years = months.groupby(["year", *names], dropna=False)
    whole = years[counts].sum(min_count=12).astype("Int64").where(years[counts].count() == 12)
    table = whole.join(years["source_url"].first()).reset_index()
    return table[["year", *kind.at, *counts, "source_url"]]


def _sorted(kind: Measure, table: pd.DataFrame) -> pd.DataFrame:
    names = [str(table.columns[0]), *kind.at]
    return table.sort_values(names, ignore_index=True)


def suppressed_table(
    measure: str, table: pd.DataFrame, *, threshold: int, other: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Withhold small counts of a table, and what would give them back: see ``suppress_small``.

    What is left of a whole is left out of interceptions: the whole and its part give it. Nothing
    is worked out by a whole that is less than its parts, as publishers' revisions leave some.

    Parameters
    ----------
    measure, table
        As :func:`measure_table` has them, of all places: what one part may tell depends on
        the others.
    threshold
        Counts below it are withheld.
    other
        The same by the other periods, years for months and months for years: a year less eleven
        of its months is the twelfth.

    Returns
    -------
    pandas.DataFrame
        The same columns, counts null where withheld, ``low`` and ``high`` what a reader can
        work out, and ``suppressed``.

    Raises
    ------
    DataError
        If a small count cannot be protected.
    """
    _, kind = measure_of(measure)
    whole = next(iter(wholes()), None)
    table = _without_rests(kind, table)
    given = [table] if other is None else [table, _without_rests(kind, other)]
    dated = [_dated(kind, one) for one in given]
    hidden = pd.Series(False, index=table.index)
    for count in kind.counts if len(kind.counts) > 1 else ("count",):
        wide = {kind.at[0]: whole} if kind.areas and whole else {}
        wide |= dict([kind.every]) if kind.every else {}
        cells = pd.concat(dated, ignore_index=True)
        names, total = [YEAR, MONTH, *kind.at], {MONTH: EVERY, **wide}
        safe = suppressed(cells, by=names, total=total, value=count, threshold=threshold)
        safe = safe.iloc[: len(table)]
        hidden |= safe["suppressed"]
        table = table.assign(**{count: safe[count]})
        if count == "count":
            # What is published keeps its own bounds: a rounded count is a range still.
            for end in ("low", "high"):
                table[end] = table[end].mask(safe["suppressed"], safe[end])
    return table.assign(suppressed=hidden)


YEAR, MONTH, EVERY = "of year", "of month", "every month"
"""What names a cell among those of years and months."""


def _without_rests(kind: Measure, table: pd.DataFrame) -> pd.DataFrame:
    rests = wholes()[1:] if kind.areas else []
    kept = ~table[kind.at[0]].isin(rests) if rests else slice(None)
    return table[kept].reset_index(drop=True)


def _dated(kind: Measure, table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the year and the month that each is of, every month of a whole year."""
    periods = table[table.columns[0]].astype("string")
    months = periods.str.fullmatch(r"\d{4}-\d\d").fillna(False).astype(bool)
    fiscal = kind.year == "us_fiscal_year"
    of = {m: _year_of(m, fiscal=fiscal) for m in periods[months].unique().tolist()}
    return table.assign(**{YEAR: periods.replace(of), MONTH: periods.where(months, EVERY)})


def _year_of(month: str, *, fiscal: bool) -> str:
    """Return the year of a month, the U.S. fiscal one if asked."""
    period = pd.Period(month, freq="M")
    return f"FY{(period + 3).year}" if fiscal else month[:4]
