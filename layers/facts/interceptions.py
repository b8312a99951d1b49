"""Interceptions between ports of entry, by month or year and area.

An interception is an event, not a person. It is neither an asylum claim nor an
encounter of the other side, and the three are never added up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import pandas as pd

from roxham.geo import DataError
from roxham.geo.arguments import checked, require_columns
from roxham.geo.io.sources import Source
from roxham.geo.region import active_region
from roxham.geo.tables.contract import FACT_SOURCE, Checked, Column, Contract, reads
from roxham.layers.areas import known_area, require_area
from roxham.layers.intervals import with_bounds
from roxham.layers.mapping.read import MappingLike, mapping_of
from roxham.layers.model import Dataset, Measure, Shown

from .checks import (
    NOTE_FR,
    OTHER,
    PRECISION,
    WITHHELD,
    no_example,
    read_counts,
    require_once,
    said_withheld,
    sound_precision,
    unique,
)
from .counts import measured_of

__all__ = [
    "INTERCEPTIONS",
    "INTERCEPTIONS_DATA",
    "load_interceptions",
    "monthly_series",
]

PERIOD = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?")


@reads("period")
def _periods(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
    for i, period in rows["period"].items():
        if not PERIOD.fullmatch(period):
            yield int(str(i)), "period", "is neither a year (2022) nor a month (2022-03)"
        elif not "1900" <= period < "2100":
            yield int(str(i)), "period", "is not a year between 1900 and 2099"


@reads()
def _measured(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
    """Yield rows of a table of several measures that count something else."""
    if "measure" in rows:
        other = rows["measure"].fillna("").ne("") & rows["measure"].ne("interceptions")
        for i in rows.index[other.astype(bool)]:
            yield i, "measure", "is another measure; this table holds interceptions alone"


INTERCEPTIONS = Contract(
    name="interceptions",
    columns=(
        Column("period", "date", "calendar year (2022) or month (2022-03)"),
        Column(
            "province",
            meaning="the area, by the code that the region gives it",
        ),
        Column(
            "count",
            "integer",
            "interceptions; null where the publisher withholds the number",
            minimum=0,
            nulls=WITHHELD,
        ),
        PRECISION,
        OTHER,
        *FACT_SOURCE,
        NOTE_FR,
    ),
    checks=(
        _periods,
        _measured,
        known_area("province"),
        unique("period", "province"),
        sound_precision("count"),
        no_example(),
    ),
    aliases=(("year", "period"), ("area", "province")),
    when="period",
    prepare=said_withheld("count"),
)


@checked()
def load_interceptions(
    path: Source | None = None,
    *,
    by: Literal["month", "year"] | None = None,
    mapping: MappingLike | None = None,
) -> Checked[pd.DataFrame]:
    """Load interceptions between ports of entry.

    Parameters
    ----------
    path
        A file, an address or a frame of your own with the same columns (``year`` may stand for
        ``period``, ``area`` for ``province``); the bundled table by default.
    by
        Keep only monthly or only annual rows. Annual rows are published totals
        and not sums of the months: later revisions are in one and not the other.
    mapping
        Which columns of your file are which, where they are not called so: a mapping, as in
        ``{"columns": {"count": "Number"}, "values": {"note": "mine"}, "source": {…}}``, the
        file of one (``roxham adapt`` writes it), or the name of a publisher.

    Returns
    -------
    Checked
        ``rows``: ``period`` (YYYY or YYYY-MM), ``province``, ``count`` (Int64, null
        where withheld), ``precision`` (exact, rounded_5, rounded_10, suppressed, approximate,
        conflicting; null where no count is known), ``low`` and ``high`` (Int64: what the
        count can be; 0 and 5 where it is withheld, null where nothing bounds it) and the
        source columns; and ``rejected``.

    Raises
    ------
    DataError
        If the file cannot be read as this table.

    Examples
    --------
    >>> rows = load_interceptions(by="year").rows.set_index(["period", "province"])
    >>> int(rows.at[("2022", "CA-QC"), "count"])
    39171
    """
    # a region's counts of another measure are no interceptions: load_measured reads them
    kind = "" if path is None and measured_of(active_region()) == "counts" else "counts"
    checked = read_counts(kind, path, INTERCEPTIONS, mapping=mapping_of(mapping, "counts"))
    return checked if by is None else Checked(_only(checked.rows, by), checked.rejected)


def _only(rows: pd.DataFrame, by: Literal["month", "year"]) -> pd.DataFrame:
    length = {"month": 7, "year": 4}[by]
    return rows[rows["period"].astype("str").str.len() == length].reset_index(drop=True)


MONTHLY = ("period", "province", "count", "confidence", "source_url")


@checked()
def monthly_series(
    interceptions: pd.DataFrame,
    province: str,
    *,
    since: str | None = None,
    until: str | None = None,
) -> pd.DataFrame:
    """Return one row for every month, with a gap where no count was sourced.

    Parameters
    ----------
    interceptions
        Rows of :func:`load_interceptions`.
    province
        Code of an area, as ISO 3166-2 has it.
    since, until
        First and last month, ``YYYY-MM``; by default the first and the last
        month of the province in the table.

    Returns
    -------
    pandas.DataFrame
        ``period`` (YYYY-MM, no month left out), ``count`` (Int64, null where
        unknown, never 0 instead), ``low``, ``high`` (what the count can be; null in a
        gap), ``confidence``, ``source_url``.

    Raises
    ------
    DataError
        If the province is unknown, the months are out of order, a column is missing, or a
        month stands in more than one row.

    Examples
    --------
    >>> rows = load_interceptions().rows
    >>> monthly_series(rows, "CA-QC", since="2023-03", until="2023-05")["count"].tolist()
    [4087, 69, <NA>]
    """
    require_area(province)
    require_columns(interceptions, "interceptions", MONTHLY)
    months = _only(interceptions, "month")
    months = months[months["province"] == province]
    require_once(months, f"interceptions of {province}", "period")
    months = months.set_index("period")
    known = months.index.astype(object)
    first, last = since or known.min(), until or known.max()
    if pd.isna(first) or pd.isna(last):
        periods: list[str] = []
    else:
        require_months(first, last)
        periods = pd.period_range(first, last, freq="M").astype(str).tolist()
    kept = ["count", "low", "high", "confidence", "source_url"]
    series = with_bounds(months)[kept].reindex(periods)
    return series.rename_axis("period").reset_index()


def require_months(since: str | None, until: str | None) -> None:
    """Raise unless both are months (YYYY-MM) in order; None is no limit."""
    for name, month in (("since", since), ("until", until)):
        if month is not None and not (len(month) == 7 and PERIOD.fullmatch(month)):
            raise DataError(f"{name} {month!r} is not a month. Write YYYY-MM, as in 2022-03.")
    if since is not None and until is not None and since > until:
        raise DataError(f"since {since} is after until {until}. Exchange them.")


INTERCEPTIONS_DATA = Dataset(
    INTERCEPTIONS,
    load_interceptions,
    made_of=("layers/interceptions.csv",),
    when=("period",),
    key=("period", "province"),
    label="province",
    count="count",
    measure=Measure("interceptions", unit="events", at=("province",), areas=True, released=True),
    embargo="unless official",
    own="counts",
    charted=True,
    shown=(
        Shown("period", "date", heads=True),
        Shown("province", "word", groups=("counted", "province")),
        Shown("count", "count"),
    ),
)
