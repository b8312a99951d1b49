"""What the foot of a Parquet file says of its chunks, asked without Arrow.

Arrow ends the process, rather than raise, when it is asked for a chunk of which its foot says what
cannot be: levels of another depth, a least number of three bytes, a key that is not there.
"""

from __future__ import annotations

import io
from typing import Any, BinaryIO, NamedTuple

from roxham.geo.bounds import require, spend
from roxham.geo.errors import DataError, Fault

__all__ = ["Chunk", "chunks_of"]

TAIL = 8
"""Bytes of a file after its foot: how long that is, and what kind of file."""
UNPACKED = 80
"""Bytes of memory that one of the foot takes at most."""
DEPTH = 16
"""Of what stands within each other in a foot; in sound ones eight at most."""
GROUPS, COLUMNS, ABOUT = 4, 1, 3
COUNT, STATISTICS = 5, 12
MOST, LEAST, MISSING = (5, 1), (6, 2), (3,)
"""The numbers of fields in parquet.thrift, of github.com/apache/parquet-format."""
TRUE, FALSE, BINARY, STRUCTURE = 1, 2, 8, 12
INTEGERS, LISTS = (4, 5, 6), (9, 10)
SIZES = {TRUE: 1, FALSE: 1, 3: 1, 7: 8, 13: 16}
"""The kinds of Thrift, and the bytes of those of a fixed size."""
WIDEST = 63
"""Bits of a number, beyond its first."""
MANY = 15
"""A list of so many says its length after it."""


class Chunk(NamedTuple):
    """What is said of a column within a row group."""

    values: int
    """How many, those of lists each for itself."""
    least: bytes | None
    most: bytes | None
    missing: int | None


def chunks_of(file: BinaryIO | io.RawIOBase, columns: int, name: str) -> list[list[Chunk]]:
    """Return the chunks of each row group, in the order of the schema's leaves.

    Parameters
    ----------
    file
        An open Parquet file, which Arrow has found to be one.
    columns
        The leaves of its schema.
    name
        The file, for errors.

    Raises
    ------
    DataError
        If its foot is damaged.
    """
    end = file.seek(-TAIL, io.SEEK_END)
    size = int.from_bytes((file.read(TAIL) or b"")[:4], "little")
    require("memory", UNPACKED * size, name)
    file.seek(end - size)
    try:
        groups = _Compact(file.read(size) or b"").structure(DEPTH)[GROUPS]
        chunks = [[_chunk(column[ABOUT]) for column in group[COLUMNS]] for group in groups]
        if any(len(group) != columns for group in chunks):
            raise ValueError("other columns")
    except (LookupError, TypeError, ValueError, AttributeError):
        fault = Fault(name, "is no whole Parquet file: what it says of its columns is damaged.")
        raise DataError(fault) from None
    return chunks


def _chunk(about: dict[int, Any]) -> Chunk:
    said: dict[int, Any] = about.get(STATISTICS, {})
    least, most, missing = (
        next((said[field] for field in fields if field in said), None)
        for fields in (LEAST, MOST, MISSING)
    )
    if not isinstance(about[COUNT], int) or about[COUNT] < 0:
        raise ValueError("no number of values")
    return Chunk(about[COUNT], least, most, missing)


class _Compact:
    """Thrift's compact protocol: a structure is a dictionary by the numbers of its fields.

    Source: doc/specs/thrift-compact-protocol.md of github.com/apache/thrift.
    """

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def structure(self, depth: int) -> dict[int, Any]:
        out: dict[int, Any] = {}
        field = 0
        while head := self._byte():
            field = field + (head >> 4) if head >> 4 else self._integer()
            kind = head & 15
            out[field] = kind == TRUE if kind in (TRUE, FALSE) else self._value(kind, depth)
        return out

    def _value(self, kind: int, depth: int) -> Any:
        if kind in INTEGERS:
            return self._integer()
        if kind == BINARY:
            return self._bytes(self._varint())
        if not depth:
            raise ValueError("nested too deep")
        if kind == STRUCTURE:
            return self.structure(depth - 1)
        if kind in LISTS:
            return self._list(depth - 1)
        return self._bytes(SIZES[kind])

    def _list(self, depth: int) -> list[Any]:
        spend()
        head = self._byte()
        size = head >> 4 if head >> 4 < MANY else self._varint()
        kind = head & 15
        return [self._value(kind, depth) for _ in range(size)]

    def _byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def _bytes(self, size: int) -> bytes:
        self.at += size
        if self.at > len(self.data):
            raise ValueError("cut short")
        return self.data[self.at - size : self.at]

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
            if shift > WIDEST:
                raise ValueError("no number")

    def _integer(self) -> int:
        """Return a signed number, whose sign is its last bit."""
        value = self._varint()
        return (value >> 1) ^ -(value & 1)
