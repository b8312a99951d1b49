"""Attribute columns of a network: numbers as arrays, words as codes, lists as runs.

Half a million edges share some hundred names and classes. A :class:`Coded`
column keeps each distinct value once, and a :class:`Ragged` one keeps lists of
integers end to end, so that a network is a handful of arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ._types import Bools, Ints, Objects

__all__ = ["Coded", "Column", "Ragged", "column", "concat", "decode", "distinct", "take"]

Codes = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Coded:
    """Values of any kind that JSON knows, each distinct one kept once.

    Attributes
    ----------
    codes
        Position in ``values`` of each row's value; -1 is null.
    source
        The distinct values, or a function that gives them when first asked.
    """

    codes: Codes
    source: Sequence[Any] | Callable[[], Sequence[Any]]

    @cached_property
    def values(self) -> list[Any]:
        """The distinct values: text, numbers, booleans, or lists of these."""
        return list(self.source() if callable(self.source) else self.source)

    def __len__(self) -> int:
        return len(self.codes)

    def __reduce__(self) -> Any:  # the values themselves, as a function cannot be pickled
        return Coded, (self.codes, self.values)

    def take(self, rows: NDArray[Any]) -> Coded:
        """Return the rows at these positions."""
        return Coded(self.codes[rows], self.source)

    def decode(self) -> Objects:
        """Return one Python object a row, null as None."""
        if len(self.codes) < len(self.values):  # some rows of a large network
            values = self.values
            return _objects([None if k < 0 else values[k] for k in self.codes.tolist()])
        table = np.empty(len(self.values) + 1, dtype=object)
        table[:-1] = _objects(self.values)
        return table[self.codes]  # code -1 is the last place, which is None

    def where(self, test: Callable[[Any], bool]) -> Bools:
        """Return which rows hold a value that passes a test; it is run once a value."""
        passed = np.array([test(value) for value in self.values] + [False])
        return passed[self.codes]

    @classmethod
    def of(cls, values: Iterable[Any]) -> Coded:
        """Code values; None, NaN and NA are null.

        Examples
        --------
        >>> Coded.of(["a", None, ["a", "b"], "a"]).codes.tolist()
        [0, -1, 1, 0]
        """
        seen: dict[Any, int] = {}
        distinct: list[Any] = []
        codes: list[int] = []
        for raw in values:
            value = raw if type(raw) is str else _plain(raw)  # most are text
            if value is None:
                codes.append(-1)
                continue
            code = seen.setdefault(_key(value), len(distinct))
            if code == len(distinct):
                distinct.append(value)
            codes.append(code)
        return cls(np.array(codes, dtype=np.int32), distinct)


@dataclass(frozen=True, eq=False)
class Ragged:
    """One or more integers a row: row i holds ``values[offsets[i]:offsets[i + 1]]``."""

    offsets: Ints
    values: Ints

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def take(self, rows: NDArray[Any]) -> Ragged:
        """Return the rows at these positions."""
        rows = np.arange(len(self))[rows]
        size = np.diff(self.offsets)[rows]
        return Ragged(ends(size), self.values[runs(self.offsets[:-1][rows], size)])

    def decode(self) -> Objects:
        """Return an int for a row of one, a list for more, None for none."""
        out = np.empty(len(self), dtype=object)
        size = np.diff(self.offsets)
        one = size == 1
        out[one] = self.values[self.offsets[:-1][one]].tolist()
        for row in np.flatnonzero(size > 1).tolist():
            out[row] = self.values[self.offsets[row] : self.offsets[row + 1]].tolist()
        return out


Column = NDArray[Any] | Coded | Ragged


def ends(sizes: NDArray[Any]) -> Ints:
    """Return the offsets of runs of these sizes: one more than there are runs."""
    out = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(sizes, out=out[1:])
    return out


def runs(starts: NDArray[Any], sizes: NDArray[Any]) -> Ints:
    """Return the positions of runs, one after another.

    Examples
    --------
    >>> runs(np.array([5, 0]), np.array([3, 2])).tolist()
    [5, 6, 7, 0, 1]
    """
    offsets = ends(sizes)
    shift = np.repeat(np.asarray(starts, dtype=np.int64) - offsets[:-1], sizes)
    return np.arange(offsets[-1], dtype=np.int64) + shift


def take(col: Column, rows: NDArray[Any]) -> Column:
    """Return the rows of any column at these positions."""
    return col[rows] if isinstance(col, np.ndarray) else col.take(rows)


def decode(col: Column) -> NDArray[Any]:
    """Return any column as one array: numbers as they are, the rest as objects."""
    return col if isinstance(col, np.ndarray) else col.decode()


def concat(first: Column, second: Column) -> Column:
    """Join two columns, end to end."""
    if isinstance(first, np.ndarray) and isinstance(second, np.ndarray):
        if first.dtype.kind == second.dtype.kind:
            return np.concatenate([first, second])
        if {first.dtype.kind, second.dtype.kind} == {"i", "f"}:
            return np.concatenate([first.astype(float), second.astype(float)])
    if isinstance(first, Ragged) and isinstance(second, Ragged):
        return Ragged(
            np.concatenate([first.offsets, second.offsets[1:] + first.offsets[-1]]),
            np.concatenate([first.values, second.values]),
        )
    if isinstance(first, Coded) and isinstance(second, Coded):
        return _concat_coded(first, second)
    return Coded.of([*decode(first).tolist(), *decode(second).tolist()])


def _concat_coded(first: Coded, second: Coded) -> Coded:
    """Join two columns by what they can hold, which is less than their rows."""
    values = list(first.values)
    place = {_key(value): k for k, value in enumerate(values)}
    codes = []
    for value in second.values:
        code = place.setdefault(_key(value), len(values))
        if code == len(values):
            values.append(value)
        codes.append(code)
    moved = np.array([*codes, -1], dtype=np.int32)[second.codes]
    return Coded(np.concatenate([first.codes.astype(np.int32), moved]), values)


def column(series: pd.Series[Any]) -> Column:
    """Turn a frame's column into one of ours.

    Examples
    --------
    >>> column(pd.Series([1, 2])).dtype.name, type(column(pd.Series(["a", None]))).__name__
    ('int64', 'Coded')
    """
    dtype = series.dtype
    if pd.api.types.is_bool_dtype(dtype) and not series.isna().any():
        return series.to_numpy(dtype=bool)
    if pd.api.types.is_integer_dtype(dtype) and not series.isna().any():
        return series.to_numpy(dtype=np.int64)
    if pd.api.types.is_float_dtype(dtype) or pd.api.types.is_integer_dtype(dtype):
        return series.to_numpy(dtype=float, na_value=np.nan)
    return Coded.of(series.tolist())


def distinct(values: Ints) -> Ints:
    """Return the distinct integers in ascending order.

    As ``numpy.unique`` does, which goes by hashes and takes several times as long where few repeat.

    Examples
    --------
    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    values = np.sort(values)
    new = np.ones(len(values), dtype=bool)
    new[1:] = values[1:] != values[:-1]
    return values[new]


def _key(value: Any) -> Any:
    """Return what tells values apart: 1, 1.0 and True are equal to Python and not to a reader."""
    if type(value) is str:
        return value
    return type(value), repr(value) if isinstance(value, list | dict) else value


def _objects(values: Sequence[Any]) -> Objects:
    """Return an object array that keeps lists whole."""
    out = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):
        out[place] = value
    return out


def _plain(value: Any) -> Any:
    """Return a value as plain Python: NumPy scalars unwrapped, NaN and NA as None."""
    if isinstance(value, np.generic | np.ndarray) and not value.ndim:
        value = value.item()
    if isinstance(value, set | frozenset):
        value = sorted(value, key=lambda one: (type(one).__name__, one))  # of one kind by value
    if isinstance(value, tuple | np.ndarray):
        value = list(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    return value
