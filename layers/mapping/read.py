"""Read a table of theirs by a mapping, and hold it to a contract of ours."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

import pandas as pd

from roxham.geo.bounds import spend, within_bounds
from roxham.geo.errors import DataError, Fault
from roxham.geo.io.sources import Raw, Source, read_raw
from roxham.geo.region import active_region
from roxham.geo.region.study_area import PUBLISHER
from roxham.geo.tables.contract import (
    Checked,
    Contract,
    Split,
    check_raw,
    places_of,
    read_table,
    source_name,
    split_raw,
    split_table,
)
from roxham.geo.tables.region_files import in_languages
from roxham.layers.privacy.personal import personal_columns

if TYPE_CHECKING:
    from .apply import Mapped
    from .model import TableMapping

__all__ = [
    "MappingLike",
    "as_mapping",
    "columns_carried",
    "mapped_table",
    "mapping_of",
    "read_by",
    "split_by",
]

MappingLike = Union["TableMapping", Mapping[str, Any], str, Path]
"""A mapping, what its file holds, its file, or the name of a publisher."""
HOW_TO_MAP = (
    "mapping= says which column is which, as in {'columns': {'date': 'Day', 'lat': 'Latitude'}, "
    "'values': {'kind': 'death'}, 'source': {'title': …, 'publisher': …, 'url': …}}; "
    "roxham adapt FILE --as TABLE -o FILE.toml proposes one."
)
"""Told below a header that is none of ours."""
EXTRA = ("area", "place", "measure", "unit")
"""Of a table of counts, beside what a table of interceptions has."""


def as_mapping(
    given: MappingLike, table: str | None = None, *, tables: Collection[str] = ()
) -> TableMapping:
    """Return a mapping, by the name of a publisher too.

    Raises
    ------
    DataError
        If it cannot be read, is of another table, or of none of several.
    """
    from .model import read_mapping  # what it needs takes a while to load
    from .publishers import publisher, publishers

    named = publisher(given) if isinstance(given, str) else None
    if named is None and isinstance(given, str) and PUBLISHER.fullmatch(given):
        found = f"is no publisher: there are {', '.join(publishers())}."
        raise DataError(Fault(given, found, f"Give one, or a file as ./{given}."))
    mapping = read_mapping(given, tables=tables) if named is None else named
    if table is not None and mapping.table not in (None, table):
        found = f"is a mapping of {mapping.table}, not of {table}."
        raise DataError(Fault(str(given)[:80], found, f"Give one of {table}, or of any table."))
    return mapping if table is None else mapping.model_copy(update={"table": table})


def mapping_of(given: MappingLike | None, table: str) -> TableMapping | None:
    """Return the mapping of a table, None where none is given."""
    return None if given is None else as_mapping(given, table)


def read_by(
    source: Source,
    contract: Contract,
    mapping: TableMapping | None = None,
    *,
    name: str | None = None,
) -> Checked[pd.DataFrame]:
    """Read a table as a mapping says; see :func:`~roxham.geo.tables.contract.read_table`.

    Returns
    -------
    Checked
        As of ``read_table``. A column of a fault is called as in the file;
        ``rows.attrs["left_out"]`` has the personal columns of theirs that were not taken, and
        ``rows.attrs["licences"]`` the licence that the mapping names.
    """
    name = name or source_name(source)
    if mapping is None:
        try:
            return read_table(source, contract, name=name)
        except DataError as error:
            if any(fault.problem.startswith("has no such column") for fault in error.faults):
                error.add_note(HOW_TO_MAP)
            raise
    if not mapping.renames:
        return read_table(source, contract, name=name, reading=mapping.reading)
    read = mapped_table(source, contract, mapping, name)
    rows, rejected = check_raw(read.raw, contract, name, mapping.reading)
    rows.attrs["left_out"] = personal_columns(read.unused)
    if (licence := mapping.source) is not None and licence.licence:
        rows.attrs["licences"] = [{"name": licence.licence, "url": licence.licence_url}]
    return Checked(rows, rejected.assign(column=rejected["column"].replace(read.spelt)))


def split_by(source: Source, contract: Contract, mapping: TableMapping | None = None) -> Split:
    """Part the rows of a table by whether they hold, as a mapping reads them."""
    if mapping is None:
        return split_table(source, contract)
    if not mapping.renames:
        return split_table(source, contract, reading=mapping.reading)
    name = source_name(source)
    read = mapped_table(source, contract, mapping, name)
    return split_raw(read.raw, contract, name, mapping.reading)


def columns_carried(contract: Contract) -> list[str]:
    """Return the columns of a contract, and what these are called in the region's languages."""
    told = in_languages(contract.columns, active_region())
    return list(dict.fromkeys(column.name for column in [*contract.columns, *told]))


def mapped_table(source: Source, contract: Contract, mapping: TableMapping, name: str) -> Mapped:
    """Return a table of theirs as one of ours, before it is held to the contract."""
    from .apply import mapped

    ours = columns_carried(contract)
    known = {*ours, "point", *EXTRA}
    known |= {name for pair in contract.aliases for name in pair}
    known |= {"name"} if contract.name == "ports" else set()
    unknown = [c for c in (*mapping.columns, *mapping.values, *mapping.codes) if c not in known]
    if unknown:
        told = [column.name for column in in_languages(contract.columns, active_region())]
        choice = f"Choose of {', '.join(told)}."
        raise DataError([Fault(mapping.file, f"{c}: no column of ours.", choice) for c in unknown])

    def read(chosen: TableMapping, require: Callable[[list[str]], None] = _any_header) -> Raw:
        return read_raw(
            source,
            name=name,
            table=contract.name,
            known=chosen.theirs(),
            require=require,
            at=places_of(contract),
            reading=chosen.reading,
        )

    with within_bounds(name):
        try:
            raw = read(mapping)
        except DataError:  # of a publisher's layouts one may have names in several rows
            from .adapt import grouped_header  # what it needs takes a while to load

            grouped = grouped_header(read, mapping) if mapping.page else None
            if grouped is None:
                raise
            raw, mapping = grouped
        spend()
        return mapped(raw, mapping, name, ours)


def _any_header(header: list[str]) -> None:
    """Take any header: what a mapping speaks of is looked for later, all at once."""
