"""Rules on figures: measures kept apart, deaths a minimum, no total taken for a part."""

from __future__ import annotations

import pandas as pd

from roxham.layers.facts.datasets import DATASETS, measures

from .counts import wholes
from .rules import NOTHING, Answer, Frames, row_ids, some

__all__ = ["figures", "minimum", "units"]

ELSEWHERE = ("detections", "claimants")
"""What columns of counts are called in tables that are none of ours."""
DEATHS = {"deaths", "kind"}


def units(frames: Frames) -> Answer:
    """No table holds more than one measure."""
    counted = {data.count for data in DATASETS.values() if data.count} | {*measures(), *ELSEWHERE}
    bad = [
        f"{n}: {some(sorted(counted & set(rows)))}"
        for n, rows in frames.items()
        if len(counted & set(rows)) > 1
    ]
    if bad:
        return False, f"more than one measure in a table: {some(bad)}"
    found = [
        f"{n} ({len(frames[n])} rows)" for n, data in DATASETS.items() if data.count and n in frames
    ]
    return (True, f"one measure in each of {', '.join(found)}") if found else NOTHING


def minimum(frames: Frames) -> Answer:
    """No death is counted as 0; what is unknown is said to be."""
    told = {n: rows for n, rows in frames.items() if n in DATASETS and set(rows) >= DEATHS}
    if not told:
        return NOTHING
    bad = []
    recorded = unknown = 0
    for name, rows in told.items():
        deaths = pd.to_numeric(rows["deaths"], errors="coerce")
        none = rows.index[rows["kind"].eq("death") & deaths.eq(0).fillna(False)]
        bad += [f"{name} {some(row_ids(rows, none))}"] if len(none) else []
        recorded, unknown = recorded + int(deaths.sum()), unknown + int(deaths.isna().sum())
    if bad:
        return False, f"a death counted as 0: {some(bad)}"
    return True, f"{recorded} recorded deaths, {unknown} rows unknown"


def figures(frames: Frames) -> Answer:
    """No area has the total of the whole beside another area's count."""
    by_area = {
        name: data.measure.at[0]
        for name, data in DATASETS.items()
        if name in frames and data.measure is not None and data.measure.areas
    }
    if not by_area:
        return NOTHING
    found = [_totals(frames[name], area) for name, area in by_area.items()]
    if bad := [told for _, faults in found for told in faults]:
        return False, some(bad)
    seen = sum(counts for counts, _ in found)
    return True, f"{seen} counts; no area has the total of the whole beside another's count"


def _totals(rows: pd.DataFrame, area: str) -> tuple[int, list[str]]:
    """Return how many counts there are, and which areas have the total of the whole."""
    count = pd.to_numeric(rows["count"], errors="coerce")
    table = rows.assign(count=count).dropna(subset=["count"])
    periods: dict[object, dict[object, float]] = {}
    dated = table.dropna(subset=["period"])
    for period, place, number in zip(
        *(dated[c].tolist() for c in ("period", area, "count")), strict=True
    ):
        periods.setdefault(period, {}).setdefault(place, number)  # the first of two rows counts
    whole_areas = set(wholes(table[area]))
    bad = []
    for period, by in sorted(periods.items(), key=lambda one: str(one[0])):
        for whole in (str(place) for place in by if place in whole_areas):
            others = {place: number for place, number in by.items() if place != whole}
            if sum(number > 0 for number in others.values()) < 2:
                continue
            same = [place for place, number in others.items() if number == by[whole]]
            bad += [f"{p} in {period} has the total of {whole}, {by[whole]:g}" for p in same]
    return len(table), bad
