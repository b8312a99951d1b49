"""What the tables of this room share: bundled files, and checks across columns."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

import pandas as pd

from roxham.geo.licences import licences
from roxham.geo.tables import Checked, Contract, RowCheck, date_span, read_table

__all__ = ["in_order", "read_layer", "unique", "with_french"]


def read_layer(file: str, path: str | Path | None, contract: Contract) -> Checked[pd.DataFrame]:
    """Read the user's file if there is one, else the bundled one, whose licences are known."""
    if path is not None:
        return read_table(path, contract)
    with as_file(files("roxham.layers") / "data" / file) as bundled:
        checked = read_table(bundled, contract, name=f"layers/data/{file}")
    checked.rows.attrs["licences"] = licences(f"layers/{file}")
    return checked


def unique(*columns: str) -> RowCheck:
    """Return a check for rows that share their key.

    All of them are reported: which one is right cannot be told from the table.
    """
    key = " and ".join(columns)

    def check(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
        known = rows[list(columns)].notna().all(axis=1)
        for i in rows.index[known & rows.duplicated(list(columns), keep=False)]:
            yield i, columns[0], f"stands in more than one row with the same {key}; keep one"

    return check


def in_order(start: str, end: str) -> RowCheck:
    """Return a check for rows whose period ends before it starts."""

    def check(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
        for i, first, last in zip(rows.index, rows[start], rows[end], strict=True):
            if pd.notna(first) and pd.notna(last) and date_span(first)[0] > date_span(last)[1]:
                yield i, end, f"is before {start} {first}"

    return check


def with_french(checked: Checked[pd.DataFrame], *columns: str) -> Checked[pd.DataFrame]:
    """Fill the French of each column with the given text where there is none."""
    french = {f"{c}_fr": checked.rows[f"{c}_fr"].fillna(checked.rows[c]) for c in columns}
    return Checked(checked.rows.assign(**french), checked.rejected)
