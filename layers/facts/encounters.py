"""Encounters of a border patrol with people, by month and by U.S. fiscal year.

They count people met on one side, in a whole sector, in years that start in October: never to be
set beside the interceptions of the other side on one axis.
"""

from __future__ import annotations

import pandas as pd

from roxham.geo.arguments import checked
from roxham.geo.io.sources import Source
from roxham.geo.tables.contract import SOURCE, Checked, Column, Contract
from roxham.layers.mapping.read import MappingLike, mapping_of
from roxham.layers.model import Dataset, Measure, Shown

from .checks import (
    NOTE_FR,
    PRECISION,
    WITHHELD,
    read_counts,
    said_withheld,
    sound_precision,
    unique,
)

__all__ = ["ENCOUNTERS", "ENCOUNTERS_DATA", "load_encounters"]

ENCOUNTERS = Contract(
    name="encounters",
    columns=(
        Column("fiscal_year", "integer", "U.S. fiscal year; 2023 ends on 2023-09-30", minimum=1900),
        Column("period", "date", "month, or first and last month A/B"),
        Column("encounters", "integer", "encounters", minimum=0, nulls=WITHHELD),
        PRECISION,
        Column(
            "granularity",
            meaning="what the period is",
            choices=("fiscal_year", "month", "partial"),
        ),
        *SOURCE,
        NOTE_FR,
    ),
    checks=(unique("period"), sound_precision("encounters")),
    prepare=said_withheld("encounters"),
)


@checked()
def load_encounters(
    path: Source | None = None, *, mapping: MappingLike | None = None
) -> Checked[pd.DataFrame]:
    """Load encounters of a border patrol.

    Parameters
    ----------
    path
        A file, an address or a frame of your own with the same columns; by default what ships.
    mapping
        Which columns of your file are which, and how it is read: a mapping, or the file of one.

    Returns
    -------
    Checked
        ``rows``: ``fiscal_year``, ``period`` (month, or interval of months),
        ``encounters``, ``low``, ``high`` (Int64; see ``load_interceptions``),
        ``precision``, ``granularity`` (fiscal_year, month, or partial
        for some months of a year) and the source columns; and ``rejected``.

    Raises
    ------
    DataError
        If the file cannot be read as this table.

    Examples
    --------
    >>> rows = load_encounters().rows.set_index("period")
    >>> int(rows.at["2023-10/2024-09", "encounters"])
    19385
    """
    chosen = mapping_of(mapping, "counts")
    return read_counts("encounters", path, ENCOUNTERS, count="encounters", mapping=chosen)


def _months(rows: pd.DataFrame) -> pd.Series[str]:
    return rows["period"].where(rows["granularity"] == "month")


def _fiscal_years(rows: pd.DataFrame) -> pd.Series[str]:
    years = "FY" + rows["fiscal_year"].astype("string")
    return years.where(rows["granularity"] == "fiscal_year")


ENCOUNTERS_DATA = Dataset(
    ENCOUNTERS,
    load_encounters,
    made_of=("layers/encounters.csv",),
    when=("period",),
    key=("fiscal_year",),
    label="granularity",
    count="encounters",
    measure=Measure(
        "encounters",
        unit="events",
        counts={"encounters": ""},
        periods={"month": _months, "us_fiscal_year": _fiscal_years},
        needs=("fiscal_year", "granularity"),
        words={"fr": {"encounters": "rencontres"}},
    ),
    embargo="unless official",
    shown=(
        Shown("fiscal_year", "text", heads=True),
        Shown("encounters", "count"),
        Shown("period", "date"),
        Shown("granularity", "word", groups=("granularity",)),
    ),
)
