"""Asylum claimants taken from one area to others, as running totals."""

from __future__ import annotations

import pandas as pd

from roxham.geo.arguments import checked
from roxham.geo.io.sources import Source
from roxham.geo.tables.contract import FACT_SOURCE, Checked, Column, Contract, date_span
from roxham.layers.model import Dataset, Measure, Shown

from .checks import (
    NOTE_FR,
    PRECISION,
    WITHHELD,
    in_order,
    no_example,
    read_counts,
    said_withheld,
    sound_precision,
    unique,
    with_french,
)

__all__ = ["TRANSFERS", "TRANSFERS_DATA", "latest_transfers", "load_transfers"]

TRANSFERS = Contract(
    name="transfers",
    columns=(
        Column("from", meaning="area of origin"),
        Column("to", meaning="city or province of arrival"),
        Column("to_fr", meaning="the same in French", required=False),
        Column("to_province", meaning="its area, by its code"),
        Column(
            "scope",
            meaning="what the row covers: one city, a whole province, several provinces",
            choices=("city", "province", "provinces"),
        ),
        Column("period_start", "date", "first day counted"),
        Column("period_end", "date", "last day counted"),
        Column("count", "integer", "people", minimum=0, nulls=WITHHELD),
        PRECISION,
        *FACT_SOURCE,
        NOTE_FR,
    ),
    checks=(
        in_order("period_start", "period_end"),
        unique("from", "to", "to_province", "scope", "period_start", "period_end"),
        sound_precision("count"),
        no_example(),
    ),
    prepare=said_withheld("count"),
)


@checked()
def load_transfers(path: Source | None = None) -> Checked[pd.DataFrame]:
    """Load transfers of claimants between provinces.

    Most rows are running totals since the transfers began, and cities are part
    of their province: rows must not be added up. :func:`latest_transfers` gives
    one figure for each province.

    Parameters
    ----------
    path
        A file, an address or a frame of your own with the same columns; by default what ships.

    Returns
    -------
    Checked
        ``rows``: ``from, to, to_fr, to_province, scope, period_start,
        period_end, count, precision, low, high`` (people, Int64; see
        ``load_interceptions``) and the source columns; and ``rejected``.

    Raises
    ------
    DataError
        If the file cannot be read as this table.

    Examples
    --------
    >>> load_transfers().rows["from"].unique().tolist()
    ['CA-QC']
    """
    return with_french(read_counts("transfers", path, TRANSFERS), "to")


@checked(transfers=("scope", "count", "period_end", "from", "to_province"))
def latest_transfers(transfers: pd.DataFrame) -> pd.DataFrame:
    """Return the last running total for each province, ready to be drawn as flows.

    Parameters
    ----------
    transfers
        Rows of :func:`load_transfers`.

    Returns
    -------
    pandas.DataFrame
        The rows of ``scope`` province with the last end, one for each pair of
        provinces, largest first.

    Raises
    ------
    DataError
        If a column is missing, or ``period_end`` is no date.

    Examples
    --------
    >>> rows = latest_transfers(load_transfers().rows)
    >>> dict(zip(rows["to_province"], rows["count"].astype(int), strict=True))
    {'CA-ON': 7131, 'CA-NS': 134, 'CA-NB': 57}
    """
    whole = transfers[(transfers["scope"] == "province") & transfers["count"].notna()]
    end = pd.Series([date_span(str(day))[1] for day in whole["period_end"]], index=whole.index)
    last = whole.loc[end.sort_values(kind="stable").index]
    last = last.drop_duplicates(["from", "to_province"], keep="last")
    return last.sort_values("count", ascending=False, kind="stable", ignore_index=True)


TRANSFERS_DATA = Dataset(
    TRANSFERS,
    load_transfers,
    made_of=("layers/transfers.csv",),
    when=("period_start", "period_end"),
    key=("from", "to_province", "period_start", "period_end"),
    label="to",
    count="count",
    measure=Measure(
        "transfers",
        unit="persons",
        no_series=(
            "are running totals that overlap, and make no series. Take one figure for each "
            "province from latest_transfers(...)."
        ),
    ),
    embargo="unless official",
    shown=(
        Shown("to", "local", heads=True),
        Shown("count", "count"),
        Shown("period_start", "date"),
        Shown("period_end", "date"),
        Shown("scope", "word", groups=("scope",)),
    ),
)
