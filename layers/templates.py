"""Templates of the files that users bring: the columns of a contract, and one made-up row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from roxham.geo import DataError
from roxham.geo.region import active_region
from roxham.geo.tables import region_files
from roxham.geo.tables.contract import Column, Contract
from roxham.layers.areas import counted_areas, wholes
from roxham.layers.facts.checks import MADE_UP, no_example
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.statements.claims import CLAIMS
from roxham.layers.travel.place_lookup import POINTS

__all__ = [
    "columns_table",
    "in_languages",
    "own_contracts",
    "own_tables",
    "region_contracts",
    "template",
]

EXAMPLE: Mapping[str, str] = {
    **MADE_UP,
    "id": "example-1",
    "date": "1900-01",
    "period": "1900-01",
    "count": "1",
    "radius_m": "5000",
    "deaths": "0",
    "injured": "1",
    "kind": "injury",
    "direction": "unknown",
    "explanation": "No table decides it.",
    "status": "unknown",
    "source_publisher": "Example",
    "source_url": "https://example.org/page",
    "source_date": "1900",
    "confidence": "single",
}
"""What the made-up row says; a loader knows it again, and sets it aside."""
PLAIN = {"integer": "1", "number": "1", "date": "1900", "url": "https://example.org", "text": "x"}


def own_tables() -> list[str]:
    """Return the tables that users may bring, by the name of the option that takes them.

    These are what a mapping makes of a file, too: its ``as``.
    """
    return [*(data.own for data in DATASETS.values() if data.own is not None), "places"]


def own_contracts() -> dict[str, Contract]:
    """Return the contracts of :func:`own_tables`, as the region at work has them."""
    facts = {data.own: data.contract for data in DATASETS.values() if data.own is not None}
    return {**facts, "places": POINTS}


def region_contracts() -> dict[str, Contract]:
    """Return the tables that a region's folder may hold and that are written by hand.

    They are those whose contract knows the made-up row again.
    """
    known = {name: data.contract for name, data in DATASETS.items() if data.own is None}
    by_hand = {name: table for name, table in known.items() if no_example() in table.checks}
    return {**own_contracts(), **by_hand, "statements": CLAIMS}


def template(table: str) -> pd.DataFrame:
    """Return the header of a file to bring, with one row that is plainly made up.

    Parameters
    ----------
    table
        As its option is called, ``counts``; of a region's folder also as its file, ``transfers``.

    Raises
    ------
    DataError
        If there is no such table.

    Examples
    --------
    >>> template("places").to_dict("records")
    [{'name': 'Example, not a real place', 'lon': '-73.1', 'lat': '45.05'}]
    """
    contract = _contract(table)
    return pd.DataFrame([{c.name: _example(c) for c in contract.columns}], dtype=str)


def columns_table(table: str) -> str:
    """Return the columns of a file to bring as a Markdown table.

    Examples
    --------
    >>> print(columns_table("places").splitlines()[2])
    | `name` | yes | text | what the place is called |
    """
    lines = ["| column | needed | holds | meaning |", "| --- | --- | --- | --- |"]
    for column in _contract(table).columns:
        needed = "yes" if column.required else "no"
        lines.append(f"| `{column.name}` | {needed} | {_holds(column)} | {column.meaning} |")
    return "\n".join(lines) + "\n"


def _contract(table: str) -> Contract:
    known = region_contracts()
    if table not in known:
        raise DataError(f"template: {table!r} is none of {', '.join(known)}.")
    return in_languages(known[table])


def in_languages(contract: Contract) -> Contract:
    """Return a contract with its texts in the languages of the region at work.

    Examples
    --------
    >>> names = [column.name for column in in_languages(own_contracts()["incidents"]).columns]
    >>> [name for name in names if name.startswith("place_name")]
    ['place_name', 'place_name_fr']
    """
    columns = region_files.in_languages(contract.columns, active_region())
    return replace(contract, columns=tuple(columns))


def _example(column: Column) -> str:
    """Return a value that the column takes; an optional one stays empty where none is given."""
    value = {**EXAMPLE, **_of_region()}.get(column.name, "")
    if column.name == "kind" and not column.choices:
        return "treaty"
    if column.choices and (value or column.required) and value not in column.choices:
        return column.choices[0]
    return value or (PLAIN[column.kind] if column.required else "")


def _of_region() -> dict[str, str]:
    """Return what the made-up row says of the region at work: a place in it, and its names."""
    region = active_region()
    lon, lat = region.middle
    area = next(iter(wholes() or counted_areas()), "")
    return {
        "lat": f"{lat:g}",
        "lon": f"{lon:g}",
        "country": region.sides[0],
        "province": area,
        "area": area,
        **dict.fromkeys(region.columns("name"), "Example"),
    }


def _holds(column: Column) -> str:
    said = ", ".join(column.choices) or {
        "date": "date: 2023-03-25, 2023-03, 2023, or an interval 2023-03-25/2023-03-27",
        "url": "web address",
        "lon": "number, degrees west below 0",
        "lat": "number, degrees",
        "integer": "whole number",
    }.get(column.kind, column.kind)
    if column.minimum is not None and column.maximum is not None:
        said += f", {column.minimum:g} to {column.maximum:g}"
    elif column.minimum is not None:
        said += f", from {column.minimum:g}"
    return said + (f"; {' or '.join(column.nulls)} if withheld" if column.nulls else "")
