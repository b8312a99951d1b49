"""The embargo: what is too young to be shown."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from roxham.geo.dates import date_span

__all__ = ["EMBARGO_DAYS", "by_government", "embargoed", "spans"]

EMBARGO_DAYS = 90
"""Rows younger than this are not shown: the toolkit looks back only."""
EMBARGOED = ("incidents", "interceptions", "transfers", "encounters")
HOST = r"^https?://(?:[^/@]*@)?([^/:?#]+)"
GOVERNMENT = r"(?:.*\.)?(?:canada\.ca|gc\.ca|quebec\.ca|gouv\.qc\.ca|parl\.ca|[a-z.-]+\.gov|gov)"


def spans(rows: pd.DataFrame, layer: str) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """Return the first and the last day of each row of a layer."""
    if layer == "transfers":
        pairs = zip(rows["period_start"], rows["period_end"], strict=True)
        return [(date_span(start)[0], date_span(end)[1]) for start, end in pairs]
    column = "date" if "date" in rows else "period"
    return [date_span(day) for day in rows[column]]


def embargoed(rows: pd.DataFrame, layer: str, as_of: dt.date) -> pd.Series[bool]:
    """Whether each row of a layer is too young to be shown on a day.

    Incidents always wait, as does any count that no government published; rules and
    ports of entry are public and do not.
    """
    none = pd.Series(False, index=rows.index)
    if layer not in EMBARGOED:
        return none
    cut = pd.Timestamp(as_of) - pd.Timedelta(days=EMBARGO_DAYS)
    young = pd.Series([last > cut for _, last in spans(rows, layer)], index=rows.index, dtype=bool)
    return young if layer == "incidents" else young & ~by_government(rows)


def by_government(rows: pd.DataFrame) -> pd.Series[bool]:
    """Whether the source of each row stands on a government's site."""
    if "source_url" not in rows:
        return pd.Series(False, index=rows.index)
    hosts = rows["source_url"].astype("string").str.extract(HOST)[0].str.lower()
    return hosts.str.fullmatch(GOVERNMENT).fillna(False).astype(bool)
