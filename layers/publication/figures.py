"""Rules on figures: measures kept apart, deaths a minimum, no total taken for a part."""

from __future__ import annotations

import pandas as pd

from roxham.layers.facts.datasets import DATASETS

from .counts import wholes
from .rules import NOTHING, Answer, Frames, row_ids, some

__all__ = ["figures", "minimum", "units"]


def units(frames: Frames) -> Answer:
    """No table holds more than one measure."""
    measures = {"count", "interceptions", "claims", "encounters", "detections", "claimants"}
    bad = [
        f"{n}: {some(sorted(measures & set(rows)))}"
        for n, rows in frames.items()
        if len(measures & set(rows)) > 1
    ]
    if bad:
        return False, f"more than one measure in a table: {some(bad)}"
    found = [
        f"{n} ({len(frames[n])} rows)" for n, data in DATASETS.items() if data.count and n in frames
    ]
    return (True, f"one measure in each of {', '.join(found)}") if found else NOTHING


def minimum(frames: Frames) -> Answer:
    """No death is counted as 0; what is unknown is said to be."""
    if "incidents" not in frames or "deaths" not in frames["incidents"]:
        return NOTHING
    rows = frames["incidents"]
    deaths = pd.to_numeric(rows["deaths"], errors="coerce")
    bad = rows.index[rows["kind"].eq("death") & deaths.eq(0).fillna(False)]
    if len(bad):
        return False, f"a death counted as 0: incidents {some(row_ids(rows, bad))}"
    return True, f"{int(deaths.sum())} recorded deaths, {int(deaths.isna().sum())} rows unknown"


def figures(frames: Frames) -> Answer:
    """No area has the total of the whole beside another area's count."""
    if "interceptions" not in frames:
        return NOTHING
    rows = frames["interceptions"]
    count = pd.to_numeric(rows["count"], errors="coerce")
    table = rows.assign(count=count).dropna(subset=["count"])
    bad = []
    for period, part in table.groupby("period"):
        by = part.drop_duplicates("province").set_index("province")["count"]
        for whole in wholes(part["province"]):
            others = by.drop([whole])
            if (others > 0).sum() < 2:
                continue
            same = others.index[others.eq(by[whole])]
            bad += [f"{p} in {period} has the total of {whole}, {by[whole]:g}" for p in same]
    if bad:
        return False, some(bad)
    return True, f"{len(table)} counts; no area has the total of the whole beside another's count"
