"""Tables of any measure as one exports them: what each count can be, and where it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Literal, NamedTuple, TypeAlias

import pandas as pd

from roxham.geo import DataError, Fault
from roxham.geo.arguments import checked
from roxham.geo.tables.contract import Checked
from roxham.layers.areas import require_area, wholes
from roxham.layers.facts.asylum_claims import load_asylum_claims
from roxham.layers.facts.encounters import load_encounters
from roxham.layers.facts.entries import ENTRY_COUNTS, load_entries
from roxham.layers.facts.interceptions import load_interceptions
from roxham.layers.facts.releases import known_on
from roxham.layers.intervals import with_bounds
from roxham.layers.privacy.suppression import suppress_small

from .series import encounters_at
from .table import count_table

__all__ = ["MEASURES_TOLD", "By", "measure_table", "suppressed_table"]

By: TypeAlias = Literal["month", "year"]


class Told(NamedTuple):
    """How a measure is loaded and told: its loader, what names a cell, the counts it has."""

    load: Callable[..., Checked[Any]]
    by: tuple[str, ...]
    counts: tuple[str, ...] = ("count",)


MEASURES_TOLD = {
    "interceptions": Told(load_interceptions, ("province",)),
    "claims": Told(load_asylum_claims, ("place", "mode", "counted_by")),
    "encounters": Told(load_encounters, ()),
    "entries": Told(load_entries, ("port_id",), tuple(ENTRY_COUNTS)),
}
"""By name; each is another measure, and no two are in one table."""
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
        ``interceptions``, ``claims``, ``encounters`` or ``entries``.
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
        If there is no such measure, place or release; the message says which there are.

    Examples
    --------
    >>> table = measure_table("encounters", load_encounters().rows)
    >>> table.set_index("year").loc["FY2024", ["low", "high"]].tolist()
    [19385, 19385]
    """
    if measure not in MEASURES_TOLD:
        told = f"“{measure}” is no measure."
        raise DataError(Fault("measure", told, f"Choose one of {', '.join(MEASURES_TOLD)}."))
    if as_of is not None and measure != "interceptions":
        told = f"of {measure} no earlier releases are known."
        raise DataError(Fault("as of", told, "Ask for interceptions, or leave it out."))
    if measure == "interceptions":
        return _interceptions(rows, by, place, as_of)
    if measure == "encounters":
        if place is not None:
            told = f"encounters of {place}: there is one place alone, {encounters_at()}."
            raise DataError(Fault("place", told, "Leave it out."))
        return _encounters(rows, by)
    name = MEASURES_TOLD[measure].by[0]
    if place is not None:
        there = sorted(set(rows[name].dropna()))
        if place not in there:
            told = f"“{place}” is none of {measure}."
            raise DataError(Fault("place", told, f"Choose one of {', '.join(there)}."))
        rows = rows[rows[name] == place]
    return _entries(rows, by) if measure == "entries" else _claims(rows, by)


def _interceptions(
    rows: pd.DataFrame, by: By, province: str | None, as_of: dt.date | str | None
) -> pd.DataFrame:
    if as_of is None:
        return count_table(rows, by=by, province=province)
    if province is not None:
        require_area(province)
    found = known_on(rows, as_of)
    table = count_table(found, by=by, province=province)
    when = found[RELEASED].rename(columns={"period": table.columns[0]})
    return table.merge(when, on=list(table.columns[:2]), validate="one_to_one")


def _encounters(rows: pd.DataFrame, by: By) -> pd.DataFrame:
    kind = {"month": "month", "year": "fiscal_year"}[by]
    rows = rows[rows["granularity"] == kind].rename(columns={"encounters": "count"})
    table = with_bounds(rows)
    if by == "year":
        table = table.assign(year="FY" + table["fiscal_year"].astype("string"))
    first = {"month": "period", "year": "year"}[by]
    return _sorted(table[[first, "count", "low", "high", "source_url"]])


def _claims(rows: pd.DataFrame, by: By) -> pd.DataFrame:
    rows = rows[rows["period"].str.len() == {"month": 7, "year": 4}[by]]
    table = with_bounds(rows).rename(columns={"period": {"month": "period", "year": "year"}[by]})
    names = MEASURES_TOLD["claims"].by
    return _sorted(table[[*table.columns[:1], *names, "count", "low", "high", "source_url"]])


def _entries(rows: pd.DataFrame, by: By) -> pd.DataFrame:
    counts = list(ENTRY_COUNTS)
    table = pd.DataFrame(rows)[["period", "port_id", *counts, "source_url"]]
    if by == "month":
        return _sorted(table)
    years = table.assign(year=table["period"].str[:4]).groupby(["year", "port_id"])
    whole = years[counts].sum(min_count=12).astype("Int64").where(years[counts].count() == 12)
    return _sorted(whole.join(years["source_url"].first()).reset_index())


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    names = [c for c in table if c in ("period", "year", "port_id", "place", "mode", "counted_by")]
    return table.sort_values(names, ignore_index=True)


def suppressed_table(measure: str, table: pd.DataFrame, *, threshold: int) -> pd.DataFrame:
    """Withhold small counts of a table, and what would give them back: see ``suppress_small``.

    What is left of a whole is left out of interceptions: the whole and its part give it.

    Parameters
    ----------
    measure, table
        As :func:`measure_table` has them.
    threshold
        Counts below it are withheld.

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
    told = MEASURES_TOLD[measure]
    whole = next(iter(wholes()), None)
    total = {"province": whole} if measure == "interceptions" and whole else None
    if measure == "interceptions":
        rests = [code for code in wholes() if code != whole]
        table = table[~table["province"].isin(rests)].reset_index(drop=True)
    names = [str(table.columns[0]), *told.by]
    hidden = pd.Series(False, index=table.index)
    for count in told.counts:
        safe = suppress_small(table, by=names, total=total, value=count, threshold=threshold)
        hidden |= safe["suppressed"]
        table = table.assign(**{count: safe[count]})
        if count == "count":
            # What is published keeps its own bounds: a rounded count is a range still.
            for end in ("low", "high"):
                table[end] = table[end].mask(safe["suppressed"], safe[end])
    return table.assign(suppressed=hidden)
