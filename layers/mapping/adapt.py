"""What ``roxham adapt`` finds out of a file: its header, the table that it is, and what fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from roxham.geo.errors import DataError
from roxham.geo.io.sources import Raw, read_raw
from roxham.geo.quoting import name_of
from roxham.geo.sheets.reading import HEADER_WITHIN
from roxham.geo.tables.contract import Contract
from roxham.geo.written.headers import is_header

from .model import Table, TableMapping
from .propose import Proposal, propose
from .recognise.notes import without_notes

__all__ = ["best_proposal", "first_rows", "relaxed", "with_year"]


def first_rows(
    file: str, base: TableMapping, contracts: Mapping[Table, Contract]
) -> tuple[Raw, TableMapping]:
    """Read the file; where its first row is no header, find the one that is."""
    name = name_of(file)
    known = base.theirs() or {column.name for c in contracts.values() for column in c.columns}

    def read(mapping: TableMapping) -> Raw:
        options = {"name": name, "table": "table", "known": known, "require": _any}
        return read_raw(file, **options, reading=mapping.reading)  # type: ignore[arg-type]

    raw = read(base)
    header = list(map(str, raw.rows.columns))
    filled = sum(map(bool, header))
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


def _any(header: list[str]) -> None:
    """Take any header."""


def best_proposal(
    raw: Raw, base: TableMapping, contracts: Mapping[Table, Contract], table: Table | None
) -> Proposal:
    """Return the proposal for a table, or for the one of which most is found."""
    tables = [table] if table is not None else list(contracts)
    tried = [propose(raw.rows, contracts[name], name, base.reading) for name in tables]

    def found(proposal: Proposal) -> int:
        contract = contracts[proposal.mapping.table or "counts"]
        needed = [c.name for c in contract.columns if c.required and "source" not in c.name]
        return len(needed) - 2 * len(proposal.missing)

    best = max(tried, key=found)
    read = base.model_dump(by_alias=True, exclude_defaults=True)
    mapping = best.mapping.model_copy(update={"read": base.read, "keep": base.keep})
    kept = set(read.get("keep", []))
    return best._replace(
        mapping=mapping, personal={c: k for c, k in best.personal.items() if c not in kept}
    )


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
