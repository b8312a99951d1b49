"""The areas that counts are of, as a region lists them: which holds which."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from roxham.geo.errors import DataError
from roxham.geo.region import active_region
from roxham.geo.tables.contract import RowCheck, reads

if TYPE_CHECKING:
    from roxham.geo.region.definition import Area

__all__ = [
    "are_complete",
    "counted_areas",
    "known_area",
    "listed_areas",
    "overlap",
    "parts_of",
    "require_area",
    "rest_of",
    "wholes",
]


def _areas() -> dict[str, Area]:
    details = active_region().details
    return {area.code: area for area in details.areas} if details else {}


def listed_areas() -> tuple[str, ...]:
    """Return the codes of all areas that the file of the region at work lists.

    Examples
    --------
    >>> "CA-QC" in listed_areas()
    True
    """
    return tuple(_areas())


def counted_areas() -> tuple[str, ...]:
    """Return the codes that counts of the region at work may be of: wholes, parts, and of series.

    Where no area is part of another, counts may be of each that is listed.

    Returns
    -------
    tuple of str
        Codes, as ISO 3166-2 has them.

    Examples
    --------
    >>> counted_areas()[:2]
    ('CA', 'CA-AB')
    """
    areas = _areas()
    details = active_region().details
    held = {area.within for area in areas.values()}
    if held == {None}:
        return tuple(areas)
    held |= {series.area for series in details.series} if details else set()
    return tuple(code for code, area in areas.items() if code in held or area.within)


def wholes() -> tuple[str, ...]:
    """Return the areas that are made of others: those that hold some, and what is left of them."""
    areas = _areas()
    held = {area.within for area in areas.values()}
    return tuple(code for code, area in areas.items() if code in held or area.rest)


def parts_of(whole: str) -> set[str]:
    """Return the areas that make up one: its parts, without what it leaves out."""
    areas = _areas()
    area = areas.get(whole)
    owner, left = (area.within, area.rest) if area and area.rest else (whole, None)
    return {c for c, one in areas.items() if one.within == owner and not one.rest} - {left}


def are_complete(whole: str) -> bool:
    """Whether the parts of an area that are listed are said to be all that it has.

    Examples
    --------
    >>> are_complete("CA"), are_complete("US-NY")
    (True, False)
    """
    areas = _areas()
    area = areas.get(whole)
    owner = areas.get(area.within) if area and area.rest and area.within else area
    return owner is not None and owner.complete


def rest_of(whole: str) -> tuple[str, str] | None:
    """Return an area of a whole, and that which is all of it but this one."""
    for code, area in _areas().items():
        if area.rest is not None and area.within == whole:
            return area.rest, code
    return None


def overlap(a: str, b: str) -> bool:
    """Whether two areas share ground."""
    areas = _areas()
    one, two = areas.get(a), areas.get(b)
    if a == b or (two and two.within == a) or (one and one.within == b):
        return True
    rest = one if one and one.rest else two if two and two.rest else None
    return rest is not None and rest.rest not in (a, b)


def require_area(code: str) -> str:
    """Return a code if the region at work has such an area, else raise."""
    known = counted_areas()
    if known and code not in known:
        meant = [c for c, area in _areas().items() if code in area.name.values()]
        remedy = f"Is it {meant[0]}?" if meant else f"Choose one of {', '.join(known)}."
        raise DataError(f"area {code!r} is unknown. {remedy}")
    return code


def known_area(column: str) -> RowCheck:
    """Return a check for rows of areas that the region at work does not list."""

    @reads(column)
    def check(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
        known = counted_areas()
        if known:
            for i in rows.index[rows[column].notna() & ~rows[column].isin(known)]:
                yield int(i), column, f"is not one of {', '.join(known)}"

    return check
