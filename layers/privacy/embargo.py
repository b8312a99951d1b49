"""The embargo: what is too young to be shown."""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd

from roxham.geo.tables.edtf import date_span, read_day
from roxham.layers.model import Dataset

__all__ = ["EMBARGO_DAYS", "by_government", "counted_on", "embargoed", "spans"]

EMBARGO_DAYS = 90
"""Rows younger than this are not shown: the toolkit looks back only."""
ADDRESS = re.compile(r"https?://(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::\d+)?(?:[/?#][^\s\\]*)?")
"""An address whose host every program reads alike: no user, no backslash, no other letters."""
GOVERNMENT = (
    *("canada.ca", "gc.ca", "quebec.ca", "gouv.qc.ca", "parl.ca", "noscommunes.ca"),
    *("ourcommons.ca", "ontario.ca", "gov.mb.ca", "gov.bc.ca"),
    *("cbp.gov", "dhs.gov", "ice.gov", "uscis.gov", "state.gov", "justice.gov", "bts.gov"),
    *("dot.gov", "census.gov", "gao.gov", "congress.gov", "federalregister.gov", "govinfo.gov"),
    *("uscourts.gov", "supremecourt.gov", "whitehouse.gov", "vermont.gov", "ny.gov", "nh.gov"),
    *("maine.gov", "mt.gov", "nd.gov", "wa.gov", "gov.uk", "gov.ie", "europa.eu", "gouv.fr"),
    *("gob.es", "gob.mx", "gov.ro", "government.bg", "gov.bg", "gov.pl", "gov.it", "un.org"),
    *("gob.pa", "gov.co", "gob.gt", "gov.gr", "gov.tr", "gov.cy", "gov.mt", "gov.hr", "gov.rs"),
    *("gov.lt", "gov.lv", "gov.si", "gov.pt", "gv.at", "admin.ch", "bund.de", "strazgraniczna.pl"),
)
"""Sites of governments. What a file of a stranger's calls one is none; these are there."""


def spans(rows: pd.DataFrame, data: Dataset) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """Return the first and the last day of each row of a table."""
    first, last = rows[data.when[0]], rows[data.when[-1]]
    return [(date_span(a)[0], date_span(b)[1]) for a, b in zip(first, last, strict=True)]


def counted_on(as_of: dt.date | None) -> dt.date:
    """Return the day that the embargo is counted from; of one to come it would hold nothing."""
    return dt.date.today() if as_of is None else read_day(as_of, "as_of", past=True)


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
    """Whether the source of each row stands on a known government's site."""
    if "source_url" not in rows:
        return pd.Series(False, index=rows.index)
    urls = rows["source_url"].astype("string").fillna("")
    known = {url: _of_government(url) for url in urls.unique()}
    return urls.map(known).astype(bool)


def _of_government(url: str) -> bool:
    found = ADDRESS.fullmatch(url.strip().lower())
    if found is None:
        return False
    host = found["host"]
    return any(host == site or host.endswith(f".{site}") for site in GOVERNMENT)
