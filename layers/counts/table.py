"""Counts as one exports them: what each can be and where it stands, by year or by month."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from roxham.geo import DataError, Fault
from roxham.geo.arguments import checked, require_columns
from roxham.geo.errors import shown
from roxham.layers.areas import require_area
from roxham.layers.intervals import with_bounds

__all__ = ["count_table"]


KEPT = ("period", "province", "source_url")


@checked()
def count_table(
    interceptions: pd.DataFrame,
    *,
    by: Literal["month", "year"] = "year",
    province: str | None = None,
) -> pd.DataFrame:
    """Return the counts by year or month with the source of each.

    Parameters
    ----------
    interceptions
        Rows of ``load_interceptions``.
    by
        ``year`` gives published annual totals, never sums of months.
    province
        Code of an area, as ISO 3166-2 has it; all by default.

    Returns
    -------
    pandas.DataFrame
        ``year`` (or ``period``), ``province``, ``count`` (Int64, null where
        withheld), ``low``, ``high`` (what it can be: the count itself where it is
        exact, 0 and 5 where it is withheld, null where nothing is known),
        ``source_url``; sorted.

    Raises
    ------
    DataError
        If the province is unknown; the message lists the choices. If a column is missing.

    Examples
    --------
    >>> from roxham.layers import load_interceptions
    >>> table = count_table(load_interceptions().rows, province="CA")
    >>> table.set_index("year").at["2022", "count"]
    np.int64(39540)
    """
    require_columns(interceptions, "interceptions", (*KEPT, "count"))
    given = interceptions["count"]
    bad = given.notna() & pd.to_numeric(given, errors="coerce").isna()
    if bad.any():
        found = f"“{shown(given[bad].iloc[0])}” is no number."
        raise DataError(Fault("interceptions", found, column="count"))
    # Years read by pandas alone are numbers.
    period = interceptions["period"].astype("string")
    rows = interceptions.assign(period=period)
    rows = rows[(period.str.len() == {"month": 7, "year": 4}[by]).fillna(False).to_numpy()]
    if province is not None:
        rows = rows[rows["province"] == require_area(province)]
    table = with_bounds(rows)[["period", "province", "count", "low", "high", "source_url"]]
    table = table.sort_values(["period", "province"], ignore_index=True)
    return table.rename(columns={"period": "year"}) if by == "year" else table
