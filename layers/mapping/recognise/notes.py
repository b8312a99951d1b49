"""Notes under a table: what stands in one cell alone, below its last row."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from roxham.geo.errors import shown
from roxham.geo.io.sources import Raw

__all__ = ["without_notes"]

WIDE = 3
"""A table of so many columns has no row of one cell."""


def without_notes(raw: Raw) -> Raw:
    """Return a table without the notes at its end, which are said to be left out.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"a": ["x", "* late"], "b": ["1", ""], "c": ["2", ""]})
    >>> read = without_notes(Raw(rows, [2, 3]))
    >>> len(read.rows), read.told
    (1, ['1 note below the table is left out: * late'])
    """
    if len(raw.rows.columns) < WIDE or not len(raw.rows):
        return raw
    cells = raw.rows.fillna("").astype(str)
    filled = cells.apply(lambda column: column.str.strip().ne("")).to_numpy().sum(axis=1)
    numbers = np.asarray(raw.numbers, dtype=np.int64)
    if not (filled > 1).any():
        return raw
    last = numbers[filled > 1].max()
    below = [one for one in raw.unread if one.row > last and _one(one.cells)]
    kept = numbers <= last
    notes = [cells.iloc[k].str.strip().max() for k in np.flatnonzero(~kept)]
    notes += [max(map(str.strip, one.cells)) for one in below]
    if not notes:
        return raw
    said = "1 note" if len(notes) == 1 else f"{len(notes)} notes"
    verb = "is" if len(notes) == 1 else "are"
    return replace(
        raw,
        rows=raw.rows[kept].reset_index(drop=True),
        numbers=numbers[kept].tolist(),
        unread=[one for one in raw.unread if one not in below],
        told=[*raw.told, f"{said} below the table {verb} left out: {shown(notes[0])}"],
    )


def _one(cells: list[str]) -> bool:
    return sum(bool(cell.strip()) for cell in cells) == 1
