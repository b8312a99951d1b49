"""First releases and their revisions: what was public on a day, and what replaced it."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from roxham.geo.arguments import checked
from roxham.geo.io.sources import Source
from roxham.geo.tables.contract import FACT_SOURCE, Checked, Column, Contract, date_span, is_date
from roxham.geo.tables.edtf import read_day
from roxham.layers.intervals import with_bounds

from .checks import PRECISION, WITHHELD, read_counts, said_withheld, sound_precision, unique

__all__ = ["RELEASES", "known_on", "load_releases"]

RELEASES = Contract(
    name="releases",
    columns=(
        Column("period", "date", "calendar year (2022) or month (2022-03)"),
        Column("province", meaning="as in the interceptions"),
        Column("count", "integer", "interceptions, as released", minimum=0, nulls=WITHHELD),
        PRECISION,
        Column("released", "date", "day on which the figure was public"),
        *FACT_SOURCE,
    ),
    checks=(unique("period", "province", "released"), sound_precision("count")),
    prepare=said_withheld("count"),
)


@checked()
def load_releases(path: Source | None = None) -> Checked[pd.DataFrame]:
    """Load figures as they were released, first ones and revisions.

    They stand beside the table of interceptions, which holds the last figure known.

    Parameters
    ----------
    path
        A file, an address or a frame of your own with the same columns; by default what ships.

    Returns
    -------
    Checked
        ``rows``: ``period, province, count, precision, low, high, released`` and the
        source columns; and ``rejected``.

    Raises
    ------
    DataError
        If the file cannot be read as this table.

    Examples
    --------
    >>> rows = load_releases().rows
    >>> rows[(rows["period"] == "2017-02") & (rows["province"] == "CA-QC")]["count"].tolist()
    [432, 452]
    """
    return read_counts("releases", path, RELEASES)


@checked(
    interceptions=("period", "province", "count", "source_date"),
    releases=("period", "province", "count", "released"),
)
def known_on(
    interceptions: pd.DataFrame, day: dt.date | str, *, releases: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the figures as they were known to be public on a day.

    Of each month or year and province the last figure whose release is dated, and not after
    the day. A figure is taken to be public from the last day that ``source_date`` covers.
    One whose source has no date is left out: it may have been public, or not.

    Parameters
    ----------
    interceptions
        Rows of ``load_interceptions``: the last figure of each.
    day
        A day, ``YYYY-MM-DD``.
    releases
        Rows of :func:`load_releases`; the bundled ones by default.

    Returns
    -------
    pandas.DataFrame
        ``period, province, count, precision, low, high``, source columns, and ``released``
        (date of the release) and ``later`` (true where a figure of another release is
        known too: it came later, or its date is not known), sorted.

    Raises
    ------
    DataError
        If the day is no day.

    Examples
    --------
    >>> from roxham.layers import load_interceptions
    >>> rows = known_on(load_interceptions().rows, "2017-04-30").set_index(["period", "province"])
    >>> int(rows.at[("2017-02", "CA-QC"), "count"]), bool(rows.at[("2017-02", "CA-QC"), "later"])
    (432, True)
    """
    until = pd.Timestamp(read_day(day, "as_of"))
    current = with_bounds(interceptions)
    dated = current["source_date"].fillna("").astype(str).str.strip().map(is_date)
    current = current.assign(released=current["source_date"].where(dated))
    earlier = load_releases().rows if releases is None else with_bounds(releases)
    every = pd.concat([earlier, current], ignore_index=True)
    every["_until"] = [
        date_span(text)[1] if pd.notna(text) else pd.NaT for text in every["released"]
    ]
    every = every.sort_values("_until", kind="stable", na_position="last")
    key = ["period", "province"]
    public = every[(every["_until"] <= until).astype(bool)]
    found = public.drop_duplicates(key, keep="last")
    newest = every.drop_duplicates(key, keep="last").set_index(key)[["low", "high"]]
    now = newest.reindex(pd.MultiIndex.from_frame(found[key]))
    same = [
        (now_low, now_high) == (low, high)
        for now_low, now_high, low, high in zip(
            now["low"], now["high"], found["low"], found["high"], strict=True
        )
    ]
    kept = found.assign(later=[not s for s in same]).drop(columns="_until")
    return kept.sort_values(key, ignore_index=True)
