"""A table held to its contract a part at a time, so that a million rows need no more than a few."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from roxham.geo.bounds import within_bounds
from roxham.geo.io.csv import read_parts
from roxham.geo.io.sources import Raw, is_remote
from roxham.geo.io.vector import kind_of, parquet_parts
from roxham.geo.quoting import name_of
from roxham.geo.tables.contract import (
    Contract,
    RowCheck,
    across_of,
    check_raw,
    reads,
    reads_of,
)
from roxham.geo.tables.conventions import Wanted, settled
from roxham.geo.tables.failures import REJECTED

from .apply import mapped
from .model import TableMapping
from .read import columns_carried, mapped_table

__all__ = ["Part", "check_parts", "first_columns"]

AT_ONCE = 50_000


class Part(NamedTuple):
    """What came of some rows: how many hold, the faults of the others, and what is to be said."""

    sound: int
    rejected: pd.DataFrame
    told: list[str]


def check_parts(
    source: str | Path, contract: Contract, mapping: TableMapping, *, at_once: int = AT_ONCE
) -> Iterator[Part]:
    """Hold a table to its contract, so many rows at once; the last part has what rows share.

    A text table and a Parquet file without geometries are never held whole. Other kinds (a
    workbook has a million rows at most), and a table whose rows a mapping adds up, are read whole
    and checked in one part: the bounds ``memory`` and ``seconds`` of :mod:`roxham.geo.bounds` hold
    for them, for a workbook ``rows``, ``columns``, ``points`` and ``whole_bytes``, too. Rows that
    share what must differ are told by their rows, all of them; whether a file writes days or months
    first is settled by the part that first tells it.

    Parameters
    ----------
    source
        A file or an address.
    contract
        What it is held to.
    mapping
        How it is read.
    at_once
        Rows in a part.

    Raises
    ------
    DataError
        If it cannot be read as this table at all.
    """
    name = name_of(source)
    with within_bounds(name):
        yield from _checked(source, contract, mapping, name, at_once)


def _checked(
    source: str | Path, contract: Contract, mapping: TableMapping, name: str, at_once: int
) -> Iterator[Part]:
    keys = [_Keys(check) for check in contract.checks if across_of(check)]
    alone = tuple(check for check in contract.checks if not across_of(check))
    checked = replace(contract, checks=(*alone, *(key.gather for key in keys)))
    wanted = [Wanted(c.name, c.kind, c.nulls) for c in contract.columns]
    reading = mapping.reading
    for raw in _raws(source, contract, mapping, name, at_once):
        reading = settled(raw.rows, wanted, reading)
        for key in keys:
            key.numbers = np.asarray(raw.numbers, dtype=np.int64)
        rows, rejected = check_raw(raw, checked, name, reading)
        yield Part(len(rows), rejected, rows.attrs.get("read_as", []))
    shared = [key.faults(name) for key in keys]
    told = pd.concat(shared) if shared else pd.DataFrame(columns=list(REJECTED))
    yield Part(-int(told["row"].nunique()), told, [])


def first_columns(source: str | Path, contract: Contract, mapping: TableMapping) -> list[str]:
    """Return the columns of a table, as the mapping has them."""
    name = name_of(source)
    with within_bounds(name):
        first = next(_raws(source, contract, mapping, name, 1))
    return list(map(str, first.rows.columns))


def _raws(
    source: str | Path, contract: Contract, mapping: TableMapping, name: str, at_once: int
) -> Iterator[Raw]:
    """Yield the rows as text, as the mapping has them."""
    ours = columns_carried(contract)
    kind = None if is_remote(source) else kind_of(Path(source), name)
    if mapping.sum or is_remote(source) or kind not in (None, "GeoParquet"):
        yield mapped_table(source, contract, mapping, name).raw
        return
    if kind == "GeoParquet":
        first = 0
        for frame in parquet_parts(Path(source), name, at_once):
            part = mapped_table(frame, contract, mapping, name).raw
            yield replace(part, numbers=[first + number for number in part.numbers])
            first += len(frame)
        return
    known = mapping.theirs() or {*ours, *(other for other, _ in contract.aliases)}
    reading = mapping.reading
    for cells in read_parts(
        source,
        name=name,
        size=at_once,
        known=known,
        header_line=reading.header,
        names=reading.names,
        encoding=reading.encoding,
        header_rows=reading.header_rows,
    ):
        rows = pd.DataFrame(cells.rows, columns=cells.header, dtype=str)
        part = Raw(rows, cells.lines, cells.unread, list(cells.told))
        yield mapped(part, mapping, name, ours).raw if mapping.renames else part


class _Keys:
    """Gathers what must differ from row to row, and finds the rows in which it does not."""

    def __init__(self, check: RowCheck) -> None:
        self.columns = across_of(check)
        self.numbers = np.empty(0, dtype=np.int64)
        self._hashes: list[np.ndarray] = []
        self._rows: list[np.ndarray] = []
        self._first: list[pd.Series] = []
        self.gather: RowCheck = reads(*(reads_of(check) or self.columns))(partial(self._gather))

    def _gather(self, rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
        """Note the keys of rows; a check that finds no fault yet."""
        if len(self.columns) == 1:  # several are compared with what is empty in them
            rows = rows[rows[self.columns[0]].notna()]
        keys = rows[list(self.columns)].astype("string").fillna("")
        self._hashes.append(pd.util.hash_pandas_object(keys, index=False).to_numpy())
        self._rows.append(self.numbers[rows.index.to_numpy()])
        self._first.append(keys[self.columns[0]])
        return iter(())

    def faults(self, name: str) -> pd.DataFrame:
        """Return the faults of the rows that share a key."""
        if not self._hashes:
            return pd.DataFrame(columns=list(REJECTED))
        twice = pd.Series(np.concatenate(self._hashes)).duplicated(keep=False).to_numpy()
        found = pd.concat(self._first, ignore_index=True)[twice]
        key = " and ".join(self.columns)
        return pd.DataFrame(
            {
                "file": name,
                "row": np.concatenate(self._rows)[twice],
                "column": self.columns[0],
                "found": found.to_numpy(),
                "problem": f"stands in more than one row with the same {key}; keep one",
            }
        )
