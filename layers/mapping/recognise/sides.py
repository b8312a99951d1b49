"""Degrees whose column says on which side of zero they lie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

import pandas as pd

from roxham.geo.errors import shown
from roxham.geo.written.headers import side_told

__all__ = ["sides_of"]

Degrees = Literal["lat", "lon"]
Side = Literal["N", "S", "E", "W"]
WORDS = {"S": "south", "W": "west"}


def sides_of(
    rows: pd.DataFrame, columns: Mapping[str, str]
) -> tuple[dict[Degrees, Side], list[str]]:
    """Return the sides that names tell of numbers without a sign, and what is to be said.

    Examples
    --------
    >>> sides_of(pd.DataFrame({"GPS W": ["73.5"]}), {"lon": "GPS W"})
    ({'lon': 'W'}, ['GPS W: west, so that 73.5 is -73.5, by hemisphere'])
    >>> sides_of(pd.DataFrame({"GPS W": ["-73.5"]}), {"lon": "GPS W"})
    ({}, [])
    """
    found: dict[Degrees, Side] = {}
    told: list[str] = []
    for ours in ("lat", "lon"):
        theirs = columns.get(ours)
        side = (side_told(theirs) or ("", ""))[1] if theirs is not None else ""
        if theirs is None or side not in WORDS:
            continue
        texts = rows[theirs].fillna("").astype(str).str.strip()
        bare = texts[texts.str.match(r"[0-9]")]
        if bare.empty:
            continue
        first = shown(bare.iloc[0])
        if texts.str.match(r"[-−]").any():
            told.append(
                f"{theirs}: some numbers have a minus and {first} has none: is it {WORDS[side]}? "
                f'Write {ours} = "{side}" into [hemisphere], or correct the file'
            )
            continue
        found[ours] = cast(Side, side)
        told.append(f"{theirs}: {WORDS[side]}, so that {first} is -{first}, by hemisphere")
    return found, told
