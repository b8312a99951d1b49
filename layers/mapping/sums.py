"""Rows that differ in nothing but their count, added up: with the bounds that their sum has."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from roxham.geo.written.numerals import Mark, read_numbers
from roxham.layers.intervals import REACH, SUPPRESSED

from .model import TableMapping

__all__ = ["WITHHELD", "Sums", "summed"]

WITHHELD = "--"
COUNTED = ("count", "precision", "other")


class Sums(NamedTuple):
    """Rows added up, and the first row of each sum."""

    rows: pd.DataFrame
    first: np.ndarray


def summed(out: pd.DataFrame, mapping: TableMapping) -> Sums:
    """Add up rows that differ in nothing but their count.

    A part that is withheld, rounded, or one of two numbers, makes the sum one of two numbers: the
    least that it can be stands as its count, the most as ``other``. Of an unknown part the sum is
    unknown; what is no number stands for the sum, and is a fault there. A row that stands alone
    stays as it is.

    Examples
    --------
    >>> rows = pd.DataFrame({"area": ["CA"] * 3 + ["US"], "count": ["7", "--", "20", "--"]})
    >>> summed(rows, TableMapping(sum=True)).rows[["count", "other", "precision"]].values.tolist()
    [['27', '32', 'between'], ['--', '', '']]
    """
    by = [column for column in out if column not in COUNTED]
    cells = out["count"].fillna("").astype(str).str.strip()
    given = out["precision"] if "precision" in out else pd.Series("", index=out.index)
    precision = given.fillna("").astype(str)
    read = _read(cells, mapping)
    withheld = cells.eq(WITHHELD)
    numbers = pd.to_numeric(read.mask(withheld, "0"), errors="coerce")
    reach = precision.map(REACH).fillna(0)
    second = _read(out.get("other", cells.mask(cells.ne(""), "")).fillna("").astype(str), mapping)
    second = pd.to_numeric(second, errors="coerce").fillna(numbers)
    code = out.groupby(by, sort=False, dropna=False).ngroup()
    alone = ~code.duplicated(keep=False)
    low = numbers.clip(upper=second).sub(reach).clip(lower=0).groupby(code).sum()
    high = (
        numbers.clip(lower=second)
        .add(reach)
        .mask(withheld, int(SUPPRESSED.high))
        .groupby(code)
        .sum()
    )
    vague = precision.eq("approximate").groupby(code).any()
    low, high = (bound.mask(vague, numbers.groupby(code).sum()) for bound in (low, high))
    first = np.flatnonzero(~code.duplicated().to_numpy())
    at = code.iloc[first]
    sums = pd.DataFrame(
        {
            "count": low.map(_text).loc[at].to_numpy(),
            "other": high.map(_text).mask(low.eq(high), "").loc[at].to_numpy(),
            "precision": np.select([vague, low.ne(high)], ["approximate", "between"], "")[at],
        },
        index=out.index[first],
    )
    odd = cells[numbers.isna()].groupby(code[numbers.isna()]).max()  # an empty one comes first
    sums.loc[at.isin(odd.index).to_numpy(), ["other", "precision"]] = ""
    sums["count"] = sums["count"].mask(at.isin(odd.index).to_numpy(), at.map(odd).to_numpy())
    kept = pd.DataFrame({"count": cells, "other": out.get("other", ""), "precision": precision})
    one = alone.iloc[first].to_numpy()
    sums[one] = kept.iloc[first][one].to_numpy()
    told = {name: sums[name] for name in COUNTED if name in out or sums[name].ne("").any()}
    return Sums(out.iloc[first].assign(**told), first)


def _read(cells: pd.Series, mapping: TableMapping) -> pd.Series:
    """Return numbers as digits, where they have one reading."""
    none: frozenset[Mark] = frozenset()
    marks = read_numbers(cells, mapping.read.decimal, whole_table=none, whole=True).marks
    read = read_numbers(cells, mapping.read.decimal, whole_table=marks, whole=True)
    return read.cells.mask(read.cells.isin(read.unsure))


def _text(number: float) -> str:
    return np.format_float_positional(number, trim="-")
