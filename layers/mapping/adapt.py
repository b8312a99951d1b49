"""What ``roxham adapt`` finds out of a file: its header, the table that it is, and what fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import product

import pandas as pd

from roxham.geo.bounds import within_bounds
from roxham.geo.errors import DataError, Fault
from roxham.geo.io.sources import Raw, read_raw
from roxham.geo.quoting import name_of
from roxham.geo.sheets.reading import HEADER_WITHIN
from roxham.geo.tables.contract import Contract
from roxham.geo.written.headers import is_header, is_joined_header, plain_header

from .model import TableMapping
from .propose import Proposal, propose
from .publishers import publisher, publishers
from .recognise.notes import without_notes

SEVERAL = (2, 3)
"""In so many rows a header may stand."""
OF_EACH_ROW = frozenset({"lat", "lon", "date", "period", "count", "name", "title"})
"""Columns that a mapping cannot give one value for all rows."""
TITLES = 8
"""Above a header of several rows stand fewer rows than these."""

__all__ = ["best_proposal", "first_rows", "grouped_header", "relaxed", "with_year"]


def first_rows(
    file: str, base: TableMapping, contracts: Mapping[str, Contract]
) -> tuple[Raw, TableMapping]:
    """Read the file; where its first row is no header, find the one that is, or the rows."""
    name = name_of(file)
    ours = {column.name for contract in contracts.values() for column in contract.columns}
    known = base.theirs() or ours | _published()

    def read(mapping: TableMapping, require: Callable[[list[str]], None] = _any) -> Raw:
        with within_bounds(name):
            return read_raw(
                *(file,),
                name=name,
                table="table",
                known=known,
                require=require,
                reading=mapping.reading,
            )

    try:
        raw = read(base)
    except DataError:
        if (grouped := grouped_header(read, base)) is not None:
            return grouped
        raise
    header = list(map(str, raw.rows.columns))
    filled = sum(map(bool, header))
    if filled < len(header) and (grouped := grouped_header(read, base)) is not None:
        return grouped
    said = base.read.header is not None or base.read.names is not None
    if not said and (filled < 2 or 2 * filled <= len(header)):  # a title, not names
        for row in range(2, HEADER_WITHIN):
            try:
                other = base.reading_as({"header": row})
                tried = read(other)
            except DataError:
                continue
            if is_header(list(map(str, tried.rows.columns))):
                return without_notes(tried), other
    return without_notes(raw), base


def _published() -> set[str]:
    """Return the columns of the layouts that ship."""
    return {theirs for name in publishers() if (one := publisher(name)) for theirs in one.theirs()}


def grouped_header(
    read: Callable[[TableMapping, Callable[[list[str]], None]], Raw], base: TableMapping
) -> tuple[Raw, TableMapping] | None:
    """Read a table whose names stand in several rows, those of groups above their columns'."""

    def joined(header: list[str]) -> None:
        if not is_joined_header(header):
            raise _UnlikeError("no header of several rows")

    if base.read.names is not None or base.read.header_rows > 1:
        return None
    first = range(1, TITLES) if base.read.header is None else [base.read.header]
    for row, rows in product(first, SEVERAL):
        other = base.reading_as({"header": row, "header_rows": rows})
        try:
            return without_notes(read(other, joined)), other
        except DataError:
            continue
    return None


class _UnlikeError(DataError):
    """Ends the reading of a file whose first rows are no header, before its others are read."""


def _any(header: list[str]) -> None:
    """Take any header."""


def best_proposal(
    raw: Raw,
    base: TableMapping,
    contracts: Mapping[str, Contract],
    table: str | None,
    name: str = "the table",
) -> Proposal:
    """Return the proposal for a table, or for the one of which most is found.

    Raises
    ------
    DataError
        If no table is named and every kind of one lacks a column that no one value can stand for.
    """
    tables = [table] if table is not None else list(contracts)
    tried = [propose(raw.rows, contracts[name], name, base.reading) for name in tables]

    def found(proposal: Proposal) -> tuple[int, int, int]:
        contract = contracts[proposal.mapping.table or "counts"]
        codes = proposal.mapping.codes
        fitting = [
            ours
            for ours, theirs in proposal.mapping.columns.items()
            if ours in codes or _is_of_choices(ours, pd.Series(raw.rows[theirs]), contract)
        ]
        # of two of which as much is there, that which lacks less, then the plainer one
        return len(fitting), -len(proposal.missing), -len(contract.columns)

    sound = [one for one in tried if table is not None or not OF_EACH_ROW.intersection(one.missing)]
    if not sound:
        lacks = "; ".join(f"{one.mapping.table} lacks {', '.join(one.missing)}" for one in tried)
        told = f"tells of no kind of table by its columns: {lacks}."
        raise DataError(Fault(name, told, "Say which it is with --as, or rename its columns."))
    best = max(sound, key=found)
    read = base.model_dump(by_alias=True, exclude_defaults=True)
    mapping = best.mapping.model_copy(update={"read": base.read, "keep": base.keep})
    kept = set(read.get("keep", []))
    return best._replace(
        mapping=mapping, personal={c: k for c, k in best.personal.items() if c not in kept}
    )


def _is_of_choices(name: str, cells: pd.Series, contract: Contract) -> bool:
    """Whether any value is one of a column's choices, where it has some."""
    choices = next((column.choices for column in contract.columns if column.name == name), ())
    if not choices:
        return True
    plain = {plain_header(choice) for choice in choices}
    return bool(cells.fillna("").astype(str).map(plain_header).isin(plain).any())


def with_year(mapping: TableMapping, year: int | None) -> TableMapping:
    """Return a mapping of a table that is all of one year."""
    if year is None:
        return mapping
    said = mapping.model_dump(by_alias=True, exclude_defaults=True)
    said["period"] = {**said.get("period", {}), "year_is": year}
    return TableMapping.model_validate(said)


def relaxed(contract: Contract, missing: Sequence[str]) -> Contract:
    """Return a contract as far as it can be tried without some columns that it needs."""
    if not missing:
        return contract
    columns = tuple(
        replace(column, required=column.required and column.name not in missing)
        for column in contract.columns
    )
    return replace(contract, columns=columns, checks=(), prepare=None)
