"""Ids of places that have none: of what they are called or where they lie, never two alike."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from roxham.geo._types import Floats

__all__ = ["distinct_ids", "ids_of", "name_id", "spot_id"]


def spot_id(lat: float, lon: float) -> str:
    """Return a place as an id, to 0.0001° (11 m), that no spreadsheet takes for a sum.

    Examples
    --------
    >>> spot_id(52.2, -1.5)
    '52.2000N001.5000W'
    """
    north, east = "N" if lat >= 0 else "S", "E" if lon >= 0 else "W"
    return f"{abs(lat):07.4f}{north}{abs(lon):08.4f}{east}"


def name_id(name: str) -> str:
    """Return a name as an id: letters and digits, small, hyphens between.

    Accents on Latin letters are left out; other scripts stay as they are written. Of a name
    without letters and digits nothing is left.

    Examples
    --------
    >>> name_id("Été (2)"), name_id("Ворота Граница"), name_id("—")
    ('ete-2', 'ворота-граница', '')
    """
    folded = unicodedata.normalize("NFKD", name.casefold())
    # Marks are parts of the letters before them: of Devanagari, say, whole vowels.
    spelt = "".join(c if unicodedata.category(c)[0] in "LMN" else "-" for c in folded)
    spelt = re.sub("-+", "-", spelt).strip("-")
    bare = "".join(c for c in spelt if not unicodedata.combining(c))
    return bare if bare.isascii() else unicodedata.normalize("NFKC", spelt)


def distinct_ids(made: Sequence[str], places: Iterable[str], given: Iterable[str]) -> list[str]:
    """Return ids, no two alike and none of those given, the same in any order of the rows.

    Rows of one name at one place are numbered as they come.

    Parameters
    ----------
    made
        Ids that may be alike, or empty.
    places
        Where each row is, as :func:`spot_id` says it: added where an id alone will not do.
    given
        Ids of other rows.

    Examples
    --------
    >>> distinct_ids(["a", "a", "b", ""], ["1N1E", "2N2E", "3N3E", "4N4E"], ["b"])
    ['a-1N1E', 'a-2N2E', 'b-3N3E', '4N4E']
    """
    taken, often = set(given), Counter(made)
    ids = []
    for name, place in zip(made, places, strict=True):
        alone = name and often[name] == 1 and name not in taken
        ids.append(name if alone else "-".join(filter(None, (name, place))))
    # One place twice, under one name, or a name that is made like another's name and place.
    last: Counter[str] = Counter()
    for k, base in enumerate(ids):
        while ids[k] in taken:
            last[base] += 1
            ids[k] = f"{base}-{last[base] + 1}"
        taken.add(ids[k])
    return ids


def ids_of(
    given: pd.Series[Any], names: pd.Series[Any], lon: Floats, lat: Floats
) -> pd.Series[Any]:
    """Return the ids of rows: those given, else one of the name; of the row without either.

    Examples
    --------
    >>> names = pd.Series(["North gate", None, "Quay"])
    >>> given = pd.Series([None, None, "q"])
    >>> ids_of(given, names, np.zeros(3), np.zeros(3)).tolist()
    ['north-gate', '1', 'q']
    """
    none = given.isna().to_numpy()
    # to be told apart, rows need no index of their own
    row = given.index if given.index.is_unique else pd.RangeIndex(len(given))
    made = [
        str(label) if pd.isna(name) else name_id(name)
        for label, name in zip(row[none], names[none], strict=True)
    ]
    spots = [
        spot_id(y, x) if np.isfinite(x) and np.isfinite(y) else ""
        for x, y in zip(lon[none].tolist(), lat[none].tolist(), strict=True)
    ]
    ids = given.to_numpy(dtype=object, copy=True)
    ids[none] = distinct_ids(made, spots, given[~none].astype(str))
    return pd.Series(ids, index=given.index, dtype=given.dtype, name=given.name)
