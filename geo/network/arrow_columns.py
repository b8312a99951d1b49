"""A column of a network as an Arrow array, and back; on the way back nothing is trusted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roxham.geo._types import Ints
from roxham.geo.columns import Coded, Column, Ragged
from roxham.geo.errors import DataError, shown

__all__ = ["Kind", "from_arrow", "list_array", "numbers_of", "offsets_of", "require", "to_arrow"]

Kind = str | int
"""What an array stands for: a NumPy type, ``"lists"``, or for words how many are plain.

The words after these, which are lists or of mixed types, stand as JSON.
"""
LISTS = "lists"
NATIVE = {int: "int64", float: "float64", bool: "bool_"}
LONGEST = 2**31 - 1
"""What the offsets of Arrow's usual lists can count."""


def to_arrow(pa: Any, name: str, col: Column) -> tuple[Any, Kind]:
    """Return a column as an Arrow array, numbers not copied, and what it stands for.

    Raises
    ------
    DataError
        If Arrow or JSON knows no such values.
    """
    try:
        if isinstance(col, Ragged):
            numbers = pa.array(np.ascontiguousarray(col.values, dtype=np.int64))
            return list_array(pa, col.offsets, numbers), LISTS
        if isinstance(col, np.ndarray) and col.dtype.kind not in "OU":
            return _numbers(pa, col)
        return _words(pa, Coded.of(col.tolist()) if isinstance(col, np.ndarray) else col)
    except (TypeError, ValueError, NotImplementedError, RecursionError, OverflowError) as error:
        raise DataError(f"column {shown(name)} cannot be saved: {shown(error)}.") from None


def list_array(pa: Any, offsets: Ints, values: Any) -> Any:
    """Return an array of lists, whose offsets may begin anywhere."""
    values = values.slice(int(offsets[0]), int(offsets[-1] - offsets[0]))
    large = len(values) > LONGEST
    starts = pa.array((offsets - offsets[0]).astype(np.int64 if large else np.int32))
    kind = pa.LargeListArray if large else pa.ListArray
    return kind.from_arrays(starts, values)


def _numbers(pa: Any, col: Any) -> tuple[Any, Kind]:
    dtype = col.dtype.newbyteorder("=")
    array = pa.array(np.ascontiguousarray(col, dtype=dtype))
    if array.to_numpy(zero_copy_only=False).dtype != dtype:
        raise TypeError(f"Arrow has no type for {dtype}")
    return array, str(dtype.str)


def _words(pa: Any, col: Coded) -> tuple[Any, Kind]:
    values, plain, place = _values(pa, col.values)
    null = col.codes < 0
    codes = np.where(null, 0, place[col.codes] if len(place) else 0).astype(np.int32)
    indices = pa.array(codes, mask=null if null.any() else None)
    return pa.DictionaryArray.from_arrays(indices, values), plain


def _values(pa: Any, values: Sequence[Any]) -> tuple[Any, int, Ints]:
    """Return distinct values, how many are plain, and where each of them now stands.

    Numbers of one type and truth values keep it. Else all are text: plain words first,
    then the JSON of what is none.
    """
    kinds = {type(value) for value in values}
    if len(kinds) == 1 and (native := NATIVE.get(next(iter(kinds)))):
        try:
            array = pa.array(values, type=getattr(pa, native)())
            return array, len(values), np.arange(len(values))
        except (OverflowError, pa.ArrowInvalid):
            pass  # whole numbers of more than 64 bits
    other = np.array([not _is_plain(value) for value in values], dtype=bool)
    order = np.argsort(other, kind="stable")
    texts = [json.dumps(values[i]) if other[i] else values[i] for i in order.tolist()]
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return pa.array(texts, type=pa.string()), int((~other).sum()), place


def _is_plain(value: Any) -> bool:
    """Whether a value is text that UTF-8 can hold."""
    if not isinstance(value, str):
        return False
    try:
        return value.isascii() or bool(value.encode())
    except UnicodeEncodeError:
        return False


def from_arrow(array: Any, kind: Kind) -> Column:
    """Return the column that an array stands for; words are decoded when first asked for.

    The array has been validated by Arrow: offsets rise, codes have a word.

    Raises
    ------
    ValueError, TypeError
        If the array is of another type than the kind.
    """
    if isinstance(kind, int):
        return _coded(array, kind)
    if kind == LISTS:
        return Ragged(offsets_of(array), numbers_of(array.values, "<i8"))
    return numbers_of(array, kind)


def offsets_of(array: Any) -> Ints:
    """Return the offsets of an array of lists; raise unless they cover all values."""
    offsets: Ints = require(array, "List").offsets.to_numpy().astype(np.int64)
    if array.null_count or offsets[0] != 0 or offsets[-1] != len(array.values):
        raise ValueError("lists do not cover their values")
    return offsets


def require(array: Any, kind: str) -> Any:
    """Return an array if it is a ``List``, ``Struct``, … of Arrow's; raise otherwise."""
    if type(array).__name__.removeprefix("Large") != f"{kind}Array":
        raise TypeError(f"found {shown(array.type)}, expected {kind}")
    return array


def numbers_of(array: Any, kind: str) -> NDArray[Any]:
    """Return numbers without copying them; raise if they are not of this NumPy type."""
    numbers: NDArray[Any] = array.to_numpy(zero_copy_only=False)  # objects, where there are nulls
    if numbers.dtype.str != kind or numbers.dtype.kind == "O":
        raise TypeError(f"found {shown(array.type)}, expected {shown(kind)}")
    return numbers


def _codes(indices: Any) -> NDArray[np.int32]:
    """Return whole numbers, -1 for a null: what ``fill_null`` gives, in a fifth of the time."""
    start, end = indices.offset, indices.offset + len(indices)
    valid, numbers = (np.frombuffer(buffer, np.uint8) for buffer in indices.buffers())
    known = np.unpackbits(valid, count=end, bitorder="little")[start:].view(bool)
    return np.where(known, numbers.view(np.int32)[start:end], np.int32(-1))


def _coded(array: Any, plain: int) -> Coded:
    words, indices = require(array, "Dictionary").dictionary, array.indices
    if not 0 <= plain <= len(words):
        raise ValueError(f"{plain} of {len(words)} words are said to be plain")
    if str(indices.type) != "int32":
        raise TypeError(f"found {shown(indices.type)}, expected int32")
    codes = _codes(indices) if indices.null_count else indices.to_numpy()

    def source() -> list[Any]:
        values: list[Any] = words.to_pylist()
        try:
            return values[:plain] + [json.loads(text) for text in values[plain:]]
        except (ValueError, TypeError, RecursionError):
            raise DataError("a saved network holds a word that is no JSON. Save it anew.") from None

    return Coded(codes, source)
