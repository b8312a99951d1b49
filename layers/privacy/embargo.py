"""The embargo: what is too young to be shown."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from roxham.geo.tables.edtf import date_span
from roxham.layers.model import Dataset

__all__ = ["EMBARGO_DAYS", "by_government", "embargoed", "spans"]

EMBARGO_DAYS = 90
"""Rows younger than this are not shown: the toolkit looks back only."""
HOST = r"^https?://(?:[^/@]*@)?([^/:?#]+)"
GOVERNMENT = r"(?:.*\.)?(?:canada\.ca|gc\.ca|quebec\.ca|gouv\.qc\.ca|parl\.ca|[a-z.-]+\.gov|gov)"


def spans(rows: pd.DataFrame, data: Dataset) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """Return the first and the last day of each row of a table."""
    first, last = rows[data.when[0]], rows[data.when[-1]]
    return [(date_span(a)[0], date_span(b)[1]) for a, b in zip(first, last, strict=True)]


def embargoed(rows: pd.DataFrame, data: Dataset, as_of: dt.date) -> pd.Series[bool]:
    """Whether each row of a table is too young to be shown on a day.

    Incidents always wait, as does any count that no government published; rules and
    ports of entry are public and do not.
    """
    none = pd.Series(False, index=rows.index)
    if data.embargo is None:
        return none
    cut = pd.Timestamp(as_of) - pd.Timedelta(days=EMBARGO_DAYS)
    young = pd.Series([last > cut for _, last in spans(rows, data)], index=rows.index, dtype=bool)
    return young if data.embargo == "always" else young & ~by_government(rows)


def by_government(rows: pd.DataFrame) -> pd.Series[bool]:
    """Whether the source of each row stands on a government's site."""
    if "source_url" not in rows:
        return pd.Series(False, index=rows.index)
    hosts = rows["source_url"].astype("string").str.extract(HOST)[0].str.lower()
    return hosts.str.fullmatch(GOVERNMENT).fillna(False).astype(bool)
