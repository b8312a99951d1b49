"""Counts as intervals: what a rounded or withheld number can be, and no more than that.

A count that its publisher rounded to five lies within 2 of what is printed, one rounded to ten
within 5; one printed as ``--`` lies from 0 to 5; an exact one is its own low and high. Sums,
shares and ratios carry the bounds along.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal, localcontext
from numbers import Integral, Real
from typing import Any, Literal, TypeAlias, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from roxham.geo import DataError, Fault
from roxham.geo._types import Bools
from roxham.geo.arguments import checked, found

__all__ = [
    "PRECISIONS",
    "REACH",
    "SUPPRESSED",
    "Interval",
    "interval_at",
    "intervals_of",
    "total",
    "with_bounds",
]

Number: TypeAlias = int | float
Comparison = Literal["<", "<=", "==", "!=", ">=", ">"]
LARGEST = 10**300
"""No bound is larger: beyond it a whole number has no float."""
DIGITS = 700
"""Decimal digits that no sum or half of two bounds exceeds."""
NEARLY = Decimal("0.01")
"""A range within 1 % of its middle is said as ``≈ 39,170 ± 2``, a wider one as ``38–42``."""


def _number(value: object, name: str) -> Number:
    """Return a plain finite number, or raise."""
    if isinstance(value, Real) and not isinstance(value, bool):
        if isinstance(value, Integral) and abs(int(value)) < LARGEST:
            return int(value)
        if not isinstance(value, Integral) and math.isfinite(value):
            return float(value)
    told = f"is {found(value)}, no finite number."
    raise DataError(Fault(name, told, "Give one; what is unknown has no interval."))


@dataclass(frozen=True, slots=True)
class Interval:
    """A number known to lie from ``low`` to ``high``, both included; exact where they are equal.

    Bounds are whole numbers or finite floats; whole ones stay exact through ``+ - *``. Every
    result holds each result of the same operation on numbers within the operands, worked out
    in the same arithmetic. Operands are taken as independent: where one number stands in an
    expression twice, the result is an outer bound (``a - a`` is not 0 unless ``a`` is exact).

    There is no ``<``: ask :meth:`certainly` or :meth:`possibly`. ``==`` compares bounds.

    Parameters
    ----------
    low, high
        The bounds: whole numbers, or finite floats.

    Raises
    ------
    DataError
        If a bound is null, NaN or infinite, or the low one is above the high one.

    Examples
    --------
    >>> withheld = Interval(0, 5)
    >>> print(withheld + 364, "|", Interval.exact(39540) - 39171, "|", withheld / 10)
    364–369 | 369 | 0–0.5
    >>> withheld.certainly("<", 6), withheld.possibly("==", 0), withheld.certainly("==", 0)
    (True, True, False)
    """

    low: Number
    high: Number

    def __post_init__(self) -> None:
        for name in ("low", "high"):
            object.__setattr__(self, name, _number(getattr(self, name), name))
        if self.low > self.high:
            raise DataError(f"an interval from {self.low} to {self.high}: exchange its bounds.")

    @classmethod
    @checked()
    def exact(cls, value: Number) -> Interval:
        """Return the interval that holds one number only."""
        return cls(value, value)

    @property
    def is_exact(self) -> bool:
        """Whether the number is known exactly."""
        return self.low == self.high

    def __contains__(self, value: object) -> bool:
        return self.low <= _number(value, "value") <= self.high

    def __add__(self, other: Interval | Number) -> Interval:
        if (other := _interval(other)) is NotImplemented:
            return NotImplemented
        return Interval(self.low + other.low, self.high + other.high)

    __radd__ = __add__

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __sub__(self, other: Interval | Number) -> Interval:
        if (other := _interval(other)) is NotImplemented:
            return NotImplemented
        return Interval(self.low - other.high, self.high - other.low)

    def __rsub__(self, other: Number) -> Interval:
        return -self + other

    def __mul__(self, other: Interval | Number) -> Interval:
        if (other := _interval(other)) is NotImplemented:
            return NotImplemented
        return _hull(a * b for a in (self.low, self.high) for b in (other.low, other.high))

    __rmul__ = __mul__

    def __truediv__(self, other: Interval | Number) -> Interval:
        if (other := _interval(other)) is NotImplemented:
            return NotImplemented
        if 0 in other:
            raise DataError(f"{self} ÷ {other}: the divisor may be 0, so there is no such number.")
        return _hull(a / b for a in (self.low, self.high) for b in (other.low, other.high))

    def __rtruediv__(self, other: Number) -> Interval:
        return Interval.exact(other) / self

    @checked()
    def certainly(self, comparison: Comparison, other: Interval | Number) -> bool:
        """Whether it holds for every number within both."""
        opposite = {"<": ">=", "<=": ">", "==": "!=", "!=": "==", ">=": "<", ">": "<="}
        return not self._possibly(cast("Comparison", opposite[comparison]), _interval(other))

    @checked()
    def possibly(self, comparison: Comparison, other: Interval | Number) -> bool:
        """Whether it holds for some pair of numbers within the two."""
        return self._possibly(comparison, _interval(other))

    def _possibly(self, comparison: Comparison, other: Interval) -> bool:
        if comparison in ("<", "<="):
            return bool(_COMPARE[comparison](self.low, other.high))
        if comparison in (">", ">="):
            return bool(_COMPARE[comparison](self.high, other.low))
        if comparison == "==":
            return self.low <= other.high and other.low <= self.high
        return not (self.is_exact and self == other)

    @checked()
    def text(self, lang: Literal["en", "fr"] = "en", *, digits: int = 2) -> str:
        """Say the interval in figures: ``369``, ``0–5``, ``≈ 39,170 ± 2``.

        Parameters
        ----------
        lang
            ``en`` or ``fr``: which separators.
        digits
            Most decimals shown. Bounds that do not fit are widened, never narrowed.
        """
        if self.is_exact:
            return _figure(_cut(self.low, digits, ROUND_HALF_EVEN), lang)
        low, high = _cut(self.low, digits, ROUND_FLOOR), _cut(self.high, digits, ROUND_CEILING)
        with localcontext(prec=DIGITS):
            middle, reach = (low + high) / 2, (high - low) / 2
        if middle == int(middle) and reach <= NEARLY * abs(middle):
            return f"≈ {_figure(Decimal(int(middle)), lang)} ± {_figure(reach, lang)}"
        between = "–" if low >= 0 else {"en": " to ", "fr": " à "}[lang]
        return f"{_figure(low, lang)}{between}{_figure(high, lang)}"

    def __str__(self) -> str:
        return self.text()


SUPPRESSED = Interval(0, 5)
"""What a withheld number (``--``) stands for."""

PRECISIONS = (
    *("exact", "rounded_5", "rounded_10", "suppressed", "approximate", "conflicting", "between"),
)
"""How a published count is to be read: as it stands; within 2, rounded to the nearest 5; within 5,
to the nearest 10; from 0 to 5, withheld; about so much, without a bound; between two numbers that
two sources give, or between the least and the most that it can be, the second in the column
``other``."""
REACH = {"exact": 0, "rounded_5": 2, "rounded_10": 5, "conflicting": 0, "between": 0}
"""How far a count can lie from what is printed."""


def with_bounds(rows: pd.DataFrame, *, count: str = "count") -> pd.DataFrame:
    """Add the bounds of each count.

    Parameters
    ----------
    rows
        A count (Int64) in the column that ``count`` names, and ``precision`` (one of
        :data:`PRECISIONS`; a null one is exact) and ``other``, where there are such columns.

    Returns
    -------
    pandas.DataFrame
        The same rows, index kept, with ``precision``, ``low`` and ``high`` (Int64) right after
        the count. An unknown count has no precision and no bounds; an approximate one has a
        precision and no bounds.

    Examples
    --------
    >>> rows = pd.DataFrame({"count": pd.array([40, None, None], dtype="Int64"),
    ...                      "precision": ["rounded_5", "suppressed", None]})
    >>> with_bounds(rows)[["low", "high"]].values.tolist()
    [[38, 42], [0, 5], [<NA>, <NA>]]
    """
    said, low, high, unbound = _bounds_in(rows, count)
    precision = pd.Series(pd.array(said, dtype="string"), index=rows.index)
    bounds: list[pd.Series[Any]] = [
        pd.Series(pd.arrays.IntegerArray(ends, unbound.copy()), index=rows.index)
        for ends in (low, high)
    ]
    left_out = ["precision", "low", "high"]
    bounded = rows.drop(columns=[c for c in left_out if c in rows])
    at = list(bounded.columns).index(count) + 1
    for place, (name, cells) in enumerate(zip(left_out, (precision, *bounds), strict=True)):
        bounded.insert(at + place, name, cells)
    return bounded


def _bounds_in(
    rows: pd.DataFrame, count: str
) -> tuple[list[str | None], NDArray[np.int64], NDArray[np.int64], Bools]:
    """Return the precision of each count, its bounds, and which have none."""
    try:
        numbers = rows[count].astype("Int64")
    except (TypeError, ValueError) as reason:
        told = "has what is no whole number."
        raise DataError(Fault("counts", told, "Give counts or nulls.", column=count)) from reason
    none = numbers.isna().to_numpy()
    given = ["exact"] * len(rows)
    if "precision" in rows:
        given = rows["precision"].astype("string").fillna("exact").tolist()
    withheld = np.array([word == "suppressed" for word in given], dtype=bool)
    said = [None if out else word for out, word in zip(none & ~withheld, given, strict=True)]
    two = np.array([word in ("conflicting", "between") for word in said], dtype=bool)
    others = numbers
    if two.any():
        column = rows["other"] if "other" in rows else pd.Series(pd.NA, index=rows.index)
        others = column.where(two, numbers).astype("Int64")
    one, other = (cells.to_numpy(dtype="int64", na_value=0) for cells in (numbers, others))
    reach = np.array([REACH.get(word or "", 0) for word in said], dtype="int64")
    unbound = none | others.isna().to_numpy() | np.array([w not in REACH for w in said], dtype=bool)
    low = np.where(withheld, int(SUPPRESSED.low), np.maximum(np.minimum(one, other) - reach, 0))
    high = np.where(withheld, int(SUPPRESSED.high), np.maximum(one, other) + reach)
    return said, low, high, unbound & ~withheld


def interval_at(rows: pd.DataFrame, label: object) -> Interval | None:
    """Return the interval of one row, by its index label; None where it has no bounds."""
    return _bounds(rows.at[label, "low"], rows.at[label, "high"])


def intervals_of(rows: pd.DataFrame) -> list[Interval | None]:
    """Return the interval of each row, in order; None for those without bounds."""
    return [_bounds(low, high) for low, high in zip(rows["low"], rows["high"], strict=True)]


def total(rows: pd.DataFrame) -> Interval | None:
    """Return the sum of all rows by their bounds; None if any has none, or there are no rows.

    Counts are taken as independent of one another, so that the sum is an outer bound.

    Examples
    --------
    >>> rows = pd.DataFrame({"low": [38, 0], "high": [42, 5]})
    >>> total(rows)
    Interval(low=38, high=47)
    """
    if rows.empty or rows[["low", "high"]].isna().any(axis=None):
        return None
    return _bounds(rows["low"].sum(), rows["high"].sum())


def _bounds(low: object, high: object) -> Interval | None:
    return None if pd.isna(low) or pd.isna(high) else Interval(low, high)  # type: ignore[arg-type,call-overload]


_COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def _interval(value: object) -> Interval:
    """Return a number as an interval; NotImplemented, as operators want it, for all else."""
    if isinstance(value, Interval):
        return value
    if isinstance(value, Real) and not isinstance(value, bool):
        return Interval.exact(cast("Number", value))
    return cast("Interval", NotImplemented)


def _hull(values: Iterable[Number]) -> Interval:
    found = list(values)
    return Interval(min(found), max(found))


def _cut(value: Number, digits: int, rounding: str) -> Decimal:
    """Return a number with so many decimals at most; a whole one as it is."""
    if isinstance(value, int):
        return Decimal(value)
    with localcontext(prec=DIGITS):
        return Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), rounding)


def _figure(value: Decimal, lang: str) -> str:
    figures = f"{value:,f}"
    if "." in figures:
        figures = figures.rstrip("0").rstrip(".")
    figures = figures.replace("-", "−")
    return figures.translate({ord(","): "\u202f", ord("."): ","}) if lang == "fr" else figures
