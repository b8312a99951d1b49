"""Rules on where rows come from: sources, licences, and ids to correct them by."""

from __future__ import annotations

import pandas as pd

from roxham.geo.region import active_region, region_names
from roxham.geo.tables.contract import CONFIDENCE
from roxham.layers.facts.datasets import DATASETS

from .rules import NOTHING, Answer, Frames, some

__all__ = ["corrections", "licence", "provenance"]

OSM_TABLES = ("roads", "edges", "nodes", "corridor")
SOURCE = ("source_title", "source_publisher", "source_url")


def provenance(frames: Frames) -> Answer:
    """Every row names its source."""
    bad: list[str] = []
    lacking: list[str] = []
    seen = 0
    for name, rows in frames.items():
        if name not in DATASETS and "source_url" not in rows:
            continue
        if name == "figures":
            rows = rows[rows["value"].notna()]  # what is not known has no source
        # A table worked out from others may name its sources by their addresses alone.
        rows = _with_sources(name, rows, frames)
        wanted = SOURCE if name in DATASETS else [c for c in SOURCE if c in rows]
        for column in wanted:
            given = rows[column] if column in rows else pd.Series(None, rows.index, dtype=object)
            empty = given.fillna("").astype(str).str.strip().eq("")
            bad += [f"{name} row {i} has no {column}" for i in rows.index[empty]]
            lacking += [name] if empty.any() else []
        if "confidence" in rows:
            odd = ~rows["confidence"].isin(CONFIDENCE)
            bad += [f"{name} row {i}: confidence {rows['confidence'][i]}" for i in rows.index[odd]]
        seen += len(rows)
    if bad:
        return False, "; ".join([some(bad), *_remedy(lacking)])
    told = f"{seen} rows, each with title, publisher and address of its source"
    return (True, told) if seen else NOTHING


def _remedy(lacking: list[str]) -> list[str]:
    """Return where the region's own file may name the source of tables that do not."""
    region = active_region()
    if region.details is None:  # a border and ports alone
        if not {"border", "jurisdictions"} & {*lacking}:  # the two sides are of the border's file
            return []
        columns = f"columns {', '.join(SOURCE)}, confidence in the border's file"
        return [f"--border-credit, or {columns} can name it"]
    if region.name in region_names():
        return []
    named = {*region.details.files} - {*region.given}
    kinds = {
        "border" if name == "jurisdictions" and name not in named else name.split()[-1]
        for name in lacking
    }
    own = [f"[sources.{kind}]" for kind in sorted(kinds) if kind in {*named, "regimes"}]
    return [f"{', '.join(own)} of {region.name}'s region.toml can name it"] if own else []


def _with_sources(name: str, rows: pd.DataFrame, frames: Frames) -> pd.DataFrame:
    """Return rows with the sources that the table they point to names for them."""
    other, key = (DATASETS[name].sourced_by if name in DATASETS else None) or ("", "")
    told = frames.get(other)
    if told is None or "source_url" in rows or not {key, *SOURCE} <= {*told} or key not in rows:
        return rows
    named = told.drop_duplicates(key).set_index(key)
    return rows.assign(**{column: rows[key].map(named[column]) for column in SOURCE})


def licence(frames: Frames) -> Answer:
    """OpenStreetMap's data stand apart."""
    roads = [name for name in frames if name.startswith(OSM_TABLES)]
    mixed = [name for name in frames if name in DATASETS and "osmid" in frames[name]]
    if mixed:
        return False, f"OpenStreetMap's data among others: {some(mixed)}"
    return (True, f"roads stand apart: {some(roads)}") if roads else (None, "no roads here")


def corrections(frames: Frames) -> Answer:
    """Every row that is drawn has a key of its own."""
    bad, held = [], []
    for name, data in DATASETS.items():
        if not data.drawn or name not in frames:
            continue
        rows, key = frames[name], list(data.key)
        lost = (
            not {*key} <= {*rows} or rows[key].isna().any(axis=None) or rows.duplicated(key).any()
        )
        bad += [f"{name} without an id of their own"] if lost else []
        held.append(f"{len(rows)} {name}")
    if bad:
        return False, some(bad)
    return (True, f"{', '.join(held)} can be named by their id") if held else NOTHING
