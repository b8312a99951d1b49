"""Rules on where and when: what may be placed, how exactly, and how long ago."""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd

from roxham.geo.tables.edtf import is_date
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.facts.ports import PORTS
from roxham.layers.privacy.embargo import EMBARGO_DAYS, embargoed, spans
from roxham.layers.privacy.masking import MASKED, is_masked

from .rules import NOTHING, Answer, Frames, row_ids, some

__all__ = ["masking", "measured", "places", "precision", "retrospective", "time"]

MEASURED = re.compile(r"(road|port|town|hospital|border|distance).*_(m|km|s)$|distance_m")
SITES = set(PORTS.column("kind").choices)


def retrospective(frames: Frames, as_of: dt.date) -> Answer:
    """No row is younger than the embargo."""
    late, last = [], []
    for name, rows in frames.items():
        data = DATASETS.get(name)
        if data is None or data.embargo is None:
            continue
        young = embargoed(rows, data, as_of)
        late += [f"{name} row {i}" for i in rows.index[young]]
        if len(rows):
            last.append(f"{name} end {max(end for _, end in spans(rows, data)).date()}")
    if late:
        return False, f"{len(late)} rows within {EMBARGO_DAYS} days of {as_of}: {some(late)}"
    if not last:
        return NOTHING
    return True, f"{', '.join(last)}; the embargo of {EMBARGO_DAYS} days is counted from {as_of}"


def places(frames: Frames) -> Answer:
    """Ports are of known kinds, and every site has a source."""
    if "ports" not in frames:
        return NOTHING
    ports = frames["ports"]
    bad = ports.index[~ports["kind"].isin(SITES)]
    sites = ports[ports["kind"].eq("irregular_site")]
    bare = sites.index[~sites["source_url"].astype("string").str.startswith("http").fillna(False)]
    if len(bad) or len(bare):
        return False, f"ports of another kind: {some(bad)}; sites without source: {some(bare)}"
    return (
        True,
        f"{len(ports)} ports, {len(sites)} of them an irregular site with its source",
    )


def precision(frames: Frames) -> Answer:
    """Every incident has a radius, its basis and a date."""
    if "incidents" not in frames:
        return NOTHING
    rows = frames["incidents"]
    radius = pd.to_numeric(rows["radius_m"], errors="coerce") if "radius_m" in rows else None
    bad = [] if radius is not None else ["incidents have no radius_m"]
    if radius is not None:
        none = rows.index[~radius.gt(0).fillna(False)]
        bad += [f"incident {i} has no radius" for i in row_ids(rows, none)]
    if "location_basis" in rows:
        bad += [
            f"incident {i} has no location_basis"
            for i in row_ids(rows, rows.index[rows["location_basis"].isna()])
        ]
    else:
        bad.append("incidents have no location_basis")
    bad += [
        f"incident {i} has the date {day}"
        for i, day in zip(row_ids(rows, rows.index), rows["date"], strict=True)
        if not is_date(str(day))
    ]
    if bad or radius is None:
        return False, some(bad)
    if rows.empty:
        return NOTHING
    return True, f"{len(rows)} incidents, radius {radius.min():,.0f} to {radius.max():,.0f} m"


def masking(frames: Frames) -> Answer:
    """Masked rows say by how much, and their areas are no smaller."""
    masked = {name: rows for name, rows in frames.items() if MASKED[0] in rows and len(rows)}
    bad = []
    for name, rows in masked.items():
        whole = all(column in rows and rows[column].notna().all() for column in MASKED)
        if not whole:
            bad.append(f"{name}: some rows are masked and some not, or do not say by how much")
            continue
        least, most, radius = (
            pd.to_numeric(rows[c]) for c in ("mask_min_m", "mask_max_m", "radius_m")
        )
        if (radius < most).any() or (least > most).any():
            bad.append(f"{name}: an area is smaller than what its place was moved by")
    if bad:
        return False, some(bad)
    if not masked:
        return None, "no masked places"
    return True, "; ".join(
        f"{len(rows)} {name} moved by up to {pd.to_numeric(rows['mask_max_m']).max():,.0f} m"
        for name, rows in masked.items()
    )


def measured(frames: Frames) -> Answer:
    """No distance stands beside masked places."""
    masked = {name: rows for name, rows in frames.items() if is_masked(rows)}
    bad = [f"{n}.{c}" for n, rows in masked.items() for c in rows if MEASURED.fullmatch(str(c))]
    if bad:
        return False, f"distances beside masked places: {some(bad)}"
    return (True, f"no distance in {some(masked)}") if masked else (None, "no masked places")


def time(frames: Frames) -> Answer:
    """No day stands beside a masked or exact place."""
    if "incidents" not in frames or frames["incidents"].empty:
        return NOTHING
    rows = frames["incidents"]
    day = rows["date"].astype(str).str.contains(r"\d{4}-\d{2}-\d{2}")
    radius = pd.to_numeric(rows["radius_m"], errors="coerce")
    masked = rows[MASKED[0]].notna() if MASKED[0] in rows else pd.Series(False, index=rows.index)
    bad = rows.index[day & (masked | ~radius.ge(1000).fillna(False))]
    if len(bad):
        return False, f"a day beside a masked or exact place: incidents {some(row_ids(rows, bad))}"
    if not day.any():
        return True, f"{len(rows)} incidents, none to the day"
    return True, f"{int(day.sum())} days, the smallest of their areas {radius[day].min():,.0f} m"
