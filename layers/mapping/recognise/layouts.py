"""Whether a table is laid out as its publisher lays it out, and whose layout it may be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from roxham.geo.errors import Fault, shown
from roxham.geo.io.sources import Raw
from roxham.geo.written.headers import plain_header
from roxham.layers.mapping.model import Named, TableMapping, names_of
from roxham.layers.mapping.periods import month_in
from roxham.layers.mapping.publishers import publisher, publishers

__all__ = ["columns_of", "known_layouts", "looks_like", "not_of_layout", "unlike_names"]

NUMBERS = ("lat", "lon", "count", "deaths")
MONTHS = "column for each month"
HALF = 0.5
TOLD_BY = 3
"""So many columns of a layout are no chance."""


def columns_of(mapping: TableMapping) -> list[list[str]]:
    """Return the columns that a layout needs, each by all of its names."""
    needed: list[Named | None] = [
        theirs for ours, theirs in mapping.columns.items() if ours not in mapping.optional
    ]
    needed += [*mapping.rows.keep, *(mapping.wide.columns if mapping.wide else ())]
    if mapping.period is not None:
        needed += [mapping.period.date, mapping.period.year, mapping.period.month]
    needed += [mapping.radius.column] if mapping.radius is not None else []
    return [names for names in map(names_of, needed) if names]


def looks_like(header: Sequence[str]) -> list[str]:
    """Return the publishers whose layout a header may be, the one of most columns first.

    Examples
    --------
    >>> looks_like(["Year", "coa_iso", "app_type", "app_pc", "applied"])
    ['unhcr']
    """
    shipped = {name: one for name in publishers() if (one := publisher(name)) is not None}
    found = {
        name: len(columns_of(mapping))
        for name, mapping in shipped.items()
        if (_is_row(header, mapping) if mapping.read.names else not _absent(header, mapping))
    }
    return sorted(found, key=lambda name: -found[name])


def known_layouts(header: Sequence[str]) -> list[str]:
    """Return the publishers whose layout a header is without doubt: by several names.

    Examples
    --------
    >>> known_layouts(["Province", "Jan", "Feb"]), known_layouts(["Route", "JAN2009"])
    ([], [])
    """
    found = looks_like(header)
    mappings = {name: publisher(name) for name in found}
    return [
        name
        for name, one in mappings.items()
        if one is not None and (one.read.names or len(columns_of(one)) >= TOLD_BY)
    ]


def not_of_layout(
    mapping: TableMapping, name: str, header: Sequence[str], found: str = ""
) -> Fault:
    """Return the fault of a table that is not laid out as its publisher's are.

    Parameters
    ----------
    mapping
        Of the publisher.
    name
        What to call the file.
    header
        The names of its columns, where it has some.
    found
        What is wrong, if not that columns are absent.
    """
    source = mapping.source
    whose = f"{source.publisher} ({source.title})" if source is not None else "this publisher"
    absent = ", ".join(shown(" or ".join(names)) for names in _absent(header, mapping))
    told = found or f"it has no {absent}; found {shown(', '.join(header))}"
    others = [one for one in looks_like(header) if publisher(one) != mapping]
    remedy = (
        f"It looks like --from {' or '.join(others)}."
        if others
        else "It is of no layout that ships; leave --from out, and its columns are proposed."
    )
    return Fault(name, f"is not laid out as {whose} publishes it: {told}.", remedy)


def unlike_names(raw: Raw, mapping: TableMapping) -> str:
    """Say what tells that a text without a header is not of a layout; empty where nothing does."""
    names = mapping.read.names or []
    if not names or not (len(raw.rows) or raw.unread):
        return ""
    if len(raw.unread) > len(raw.rows):
        cells = raw.unread[0].found
        return f"it has {cells} in a row, where {len(names)} are expected: {', '.join(names)}"
    for ours in NUMBERS:
        for theirs in _named(mapping, ours):
            numbers = pd.to_numeric(raw.rows[theirs], errors="coerce").notna()
            if numbers.mean() <= HALF:
                first = raw.rows.loc[~numbers, theirs].iloc[0]
                return f"its column {names.index(theirs) + 1} is {theirs}, and holds {shown(first)}"
    return ""


def _is_row(cells: Sequence[str], mapping: TableMapping) -> bool:
    """Whether the first line of a text without a header can be a row of a layout."""
    names = mapping.read.names or []
    said = dict(zip(names, cells, strict=False))
    numbers = [said.get(theirs, "") for ours in NUMBERS for theirs in _named(mapping, ours)]
    return len(cells) == len(names) and bool(
        pd.to_numeric(pd.Series(numbers), "coerce").notna().all()
    )


def _named(mapping: TableMapping, ours: str) -> list[str]:
    return names_of(mapping.columns.get(ours))


def _absent(header: Iterable[str], mapping: TableMapping) -> list[list[str]]:
    """Return the columns that a header lacks, all names of each."""
    there = {plain_header(name) for name in header}
    absent = [names for names in columns_of(mapping) if not there & set(map(plain_header, names))]
    by_month = mapping.wide is not None and mapping.wide.months
    return [*absent, [MONTHS]] if by_month and not any(map(month_in, header)) else absent
