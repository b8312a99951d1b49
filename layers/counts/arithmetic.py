"""Sums and comparisons of series, for what may be added and compared, and for nothing else.

Two series meet only where measure, unit and calendar are the same. Where a calendar can be
changed, that is asked for by name: months into years.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from roxham.geo import DataError
from roxham.geo.arguments import checked
from roxham.layers.areas import overlap
from roxham.layers.intervals import Interval, interval_at, total
from roxham.layers.model import Calendar

from .series import COLUMNS, MONTHS_OF, Series, either

__all__ = ["add", "compare_series", "ratio", "to_calendar_year", "to_fiscal_year"]


@checked()
def add(a: Series, b: Series) -> Series:
    """Add two series of the same thing in places that do not overlap.

    A period is known only where both are. Counts are taken as independent: the bounds of a
    sum are outer bounds.

    Parameters
    ----------
    a, b
        Of one measure, unit and calendar, and of places that do not overlap.

    Returns
    -------
    Series
        Of the places of both.

    Raises
    ------
    DataError
        If measure, unit or calendar differ, or the places overlap.

    Examples
    --------
    >>> from roxham.layers import load_series
    >>> quebec, ontario = (load_series("interceptions", place=p) for p in ("CA-QC", "CA-ON"))
    >>> both = add(quebec, ontario)
    >>> both.places, str(both.at("2022-03"))
    (('CA-QC', 'CA-ON'), '2,492')
    """
    _require_alike(a, b, "added")
    shared = [p for p in a.places for q in b.places if overlap(p, q)]
    if shared:
        raise DataError(
            f"{a} and {b} cannot be added: {shared[0]} would count twice. "
            "Add provinces that are apart."
        )
    both = _joined(a, b)
    parts = zip(both["a"], both["b"], strict=True)
    sums = [x + y if x and y else None for x, y in parts]
    rows = _rows(both, sums)
    return replace(a, places=a.places + b.places, rows=rows)


@checked()
def compare_series(a: Series, b: Series) -> pd.DataFrame:
    """Compare two series of the same thing, period by period.

    Parameters
    ----------
    a, b
        Of one measure, unit and calendar.

    Returns
    -------
    pandas.DataFrame
        ``period``, ``a_low, a_high, b_low, b_high``, ``difference_low, difference_high``
        (a less b; null where either is unknown) and ``larger``: ``a``, ``b``, ``equal``,
        ``undecided`` (the ranges leave it open), null where either is unknown.

    Raises
    ------
    DataError
        If measure, unit or calendar differ.

    Examples
    --------
    >>> from roxham.layers import load_series
    >>> quebec, ontario = (load_series("interceptions", place=p) for p in ("CA-QC", "CA-ON"))
    >>> rows = compare_series(quebec, ontario).set_index("period")
    >>> rows.at["2022-03", "larger"], int(rows.at["2022-03", "difference_low"])
    ('a', 2492)
    """
    _require_alike(a, b, "compared")
    both = _joined(a, b)
    out = pd.DataFrame({"period": both["period"]})
    less = [x - y if x and y else None for x, y in zip(both["a"], both["b"], strict=True)]
    for name, column in (("a", both["a"]), ("b", both["b"]), ("difference", less)):
        for bound in ("low", "high"):
            found = [getattr(cell, bound) if cell else None for cell in column]
            out[f"{name}_{bound}"] = pd.array(found, dtype="Int64")
    out["larger"] = pd.array([_larger(d) if d else None for d in less], dtype="string")
    return out


@checked()
def ratio(a: Series, b: Series) -> pd.DataFrame:
    """Divide a series by another of the same thing, such as a province by its country.

    Parameters
    ----------
    a, b
        The dividend and the divisor, of one measure, unit and calendar.

    Returns
    -------
    pandas.DataFrame
        ``period, low, high`` (Float64), null where either is unknown or the divisor may
        be 0. Where b contains a the bounds are outer bounds.

    Raises
    ------
    DataError
        If measure, unit or calendar differ.

    Examples
    --------
    >>> from roxham.layers import load_series
    >>> quebec, canada = (load_series("interceptions", place=p) for p in ("CA-QC", "CA"))
    >>> rows = ratio(quebec, canada).set_index("period")
    >>> rows.loc["2022-03", ["low", "high"]].astype(float).round(3).tolist()
    [0.996, 0.996]
    """
    _require_alike(a, b, "divided")
    both = _joined(a, b)
    cells = zip(both["a"], both["b"], strict=True)
    found = [x / y if x and y and 0 not in y else None for x, y in cells]
    bounds = [(f.low, f.high) if f else (None, None) for f in found]
    table = pd.DataFrame(bounds, columns=["low", "high"], dtype="Float64")
    return both[["period"]].join(table)


@checked()
def to_calendar_year(series: Series, *, partial: bool = False) -> Series:
    """Add months up to calendar years.

    Parameters
    ----------
    series
        By month. A series by calendar year is returned as it is.
    partial
        A year with missing months has no count; with ``partial`` it has the sum of those
        that are known. Either way ``months`` says how many of its 12 are.

    Returns
    -------
    Series
        By calendar year.

    Raises
    ------
    DataError
        If the series is by U.S. fiscal year, which cannot be cut at New Year.

    Examples
    --------
    >>> from roxham.layers import load_series
    >>> months = load_series("interceptions", place="CA-QC")
    >>> str(to_calendar_year(months).at("2022")), to_calendar_year(months).at("2023")
    ('39,171', None)
    """
    return _to_years(series, "calendar_year", partial)


@checked()
def to_fiscal_year(series: Series, *, partial: bool = False) -> Series:
    """Add months up to U.S. fiscal years: ``FY2023`` is October 2022 to September 2023.

    As :func:`to_calendar_year`.

    Parameters
    ----------
    series, partial
        As of :func:`to_calendar_year`.

    Returns
    -------
    Series
        By U.S. fiscal year.

    Raises
    ------
    DataError
        If the series is by calendar year, which cannot be cut at October.

    Examples
    --------
    >>> from roxham.layers import load_series
    >>> months = load_series("interceptions", place="CA-QC")
    >>> str(to_fiscal_year(months, partial=True).at("FY2022"))
    '27,778'
    """
    return _to_years(series, "us_fiscal_year", partial)


def _to_years(series: Series, calendar: Calendar, partial: bool) -> Series:
    if series.calendar == calendar:
        return series
    if series.calendar != "month":
        raise DataError(
            f"{series} is by {series.calendar} and cannot be cut into parts of another year. "
            f'Load it by month: load_series("{series.measure}", calendar="month").'
        )
    months = pd.PeriodIndex(series.rows["period"], freq="M")
    fiscal = calendar == "us_fiscal_year"
    years = (months + 3).year if fiscal else months.year
    out = []
    for year, rows in series.rows.groupby(years, sort=True):
        known = rows[rows["low"].notna()]
        found = total(known) if partial or len(known) == 12 else None
        urls = " ".join(sorted({u for text in known["source_url"] for u in str(text).split()}))
        out.append((f"FY{year}" if fiscal else str(year), found, len(known), urls or None))
    table = pd.DataFrame(out, columns=["period", "found", "months", "source_url"])
    rows = _rows(table.assign(months_of=12), table["found"])
    return replace(series, calendar=calendar, rows=rows)


def _rows(table: pd.DataFrame, found: Iterable[Interval | None]) -> pd.DataFrame:
    """Return rows of a series from their periods and intervals."""
    cells = list(found)
    rows = table.reset_index(drop=True)
    rows["low"] = pd.array([f.low if f else None for f in cells], dtype="Int64")
    rows["high"] = pd.array([f.high if f else None for f in cells], dtype="Int64")
    rows["count"] = rows["low"].where(rows["low"] == rows["high"])
    return rows[COLUMNS]


def _joined(a: Series, b: Series) -> pd.DataFrame:
    """Return every period of both series, with what is known of each as intervals."""
    left, right = a.rows.set_index("period"), b.rows.set_index("period")
    periods = left.index.union(right.index).sort_values()
    both = pd.DataFrame({"period": periods})
    for name, rows in (("a", left), ("b", right)):
        cells = [interval_at(rows, p) if p in rows.index else None for p in periods]
        both[name] = pd.Series(cells, dtype=object)
    fewest = pd.concat([left["months"], right["months"]], axis=1).reindex(periods).fillna(0)
    both["months"] = fewest.min(axis=1).astype(int).to_numpy()
    both["months_of"] = MONTHS_OF[a.calendar]
    urls = pd.concat([left["source_url"], right["source_url"]], axis=1).reindex(periods)
    both["source_url"] = [" ".join(dict.fromkeys(row.dropna())) for _, row in urls.iterrows()]
    return both


def _require_alike(a: Series, b: Series, done: str) -> None:
    """Raise unless two series count the same thing in the same calendar."""
    if (a.measure, a.of, a.unit, a.counted_by) != (b.measure, b.of, b.unit, b.counted_by):
        raise DataError(
            f"{a} and {b} cannot be {done}: they count different things, and no sum or quotient "
            "of them means anything. Show them in two tables, from the rows of each."
        )
    if a.calendar != b.calendar:
        years = {"calendar_year": "to_calendar_year", "us_fiscal_year": "to_fiscal_year"}
        wanted = [years[s.calendar] for s in (a, b) if s.calendar in years]
        raise DataError(
            f"{a}: one is by {a.calendar} and the other by {b.calendar}; they cannot be {done}. "
            f"Bring months into the same years first: {either(wanted)}(...)."
        )


def _larger(difference: Interval) -> str:
    if difference == Interval.exact(0):
        return "equal"
    if difference.certainly(">", 0):
        return "a"
    return "b" if difference.certainly("<", 0) else "undecided"
