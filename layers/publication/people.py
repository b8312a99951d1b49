"""Rules that protect people: personal data, rows about persons, small counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import pandas as pd

from roxham.geo.region import active_region
from roxham.geo.region.active import using_region
from roxham.geo.region.shipped import DEFAULT
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.privacy.embargo import by_government
from roxham.layers.privacy.personal import NAMED, personal_columns, unnamed
from roxham.layers.privacy.personal_words import personal_words
from roxham.layers.privacy.plain_text import plain_text

from .rules import NOTHING, Answer, Frames, some, text_columns

__all__ = ["microdata", "personal", "rest_of", "sensitivity", "small_cells", "wholes"]

NEVER = re.compile(
    r".*(patrol|camera|sensor|drone|surveil|undocumented|gps_?track|live|risk_score|patrouille"
    r"|capteur|caméra).*",
    re.IGNORECASE,
)
"""Columns and tables that must not be published, whoever made them."""
PERSON = {"person_id", "claimant_id", "individual_id", "case_id", "migrant_id"}
ROADS = ("roads", "edges", "routes")
"""Tables of roads."""
ROAD_NAMES = re.compile(r"(?:name|ref|roads)(?:_[a-z]{2,3})?")
"""Columns in which they are called something, in any language."""
SMALLEST = 5
"""Below this a count may point at a person."""
COUNTS = re.compile(
    r"(.*_)?(count|counts|n|number|total|persons?|people|cases|claims|claimants|interceptions"
    r"|encounters|detections|apprehensions|migrants|deaths|injured|victims|nombre|personnes|cas"
    r"|demandes|deces|blesses)"
)
"""Names of columns of counts, in tables that are none of ours."""


def sensitivity(frames: Frames) -> Answer:
    """No table or column is of what must not be published."""
    bad = [name for name in frames if NEVER.fullmatch(plain_text(name).plain)]
    bad += [
        f"{n}.{c}"
        for n, rows in frames.items()
        for c in rows
        if NEVER.fullmatch(plain_text(str(c)).plain)
    ]
    if bad:
        return False, f"must not be published: {some(bad)}"
    held = sum(len(rows.columns) for rows in frames.values())
    read = ", ".join(f"{name} ({len(rows)})" for name, rows in frames.items())
    return (True, f"{held} columns, none restricted; tables read: {read}") if held else NOTHING


def personal(frames: Frames) -> Answer:
    """No column and no text tells who a person is, but what ships, which was published before."""
    bad, seen = [], 0
    for name, rows in frames.items():
        known = {c.name for c in DATASETS[name].contract.columns} if name in DATASETS else set()
        known |= {c.name for c in NAMED}
        if name not in DATASETS:
            known |= {"name", "name_fr"}  # of a place, a road, a lake
        held = personal_columns(rows.columns, known=known)
        bad += [f"{name}.{column} holds {kind}" for column, kind in held.items()]
        bad += [f"{name} row {i}: {why}" for i, _, why in unnamed(rows)]
        for texts in text_columns(rows):
            seen += texts.filled
            if texts.column == "victim_name":
                continue
            # numbers and names of roads stand side by side as those of houses do
            look = (
                _but_homes
                if name in ROADS and ROAD_NAMES.fullmatch(texts.column)
                else personal_words
            )
            bad += [
                f"{name}.{texts.column} row {i} says “{look(text)[0][1]}”"
                for i, text in texts.where(look)
                if plain_text(text).plain not in _shipped_texts()
            ]
    if bad:
        return False, f"{some(bad)}; if nobody can be found by it, say why"
    held_in = sum(len(rows.columns) for rows in frames.values())
    return (True, f"{held_in} columns and {seen} texts looked at") if held_in else NOTHING


def _but_homes(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(found for found in personal_words(text) if found[0] != "a home")


@cache
def _shipped_texts() -> frozenset[str]:
    """Return the texts of the tables that ship, as they read."""
    found: set[str] = set()
    for name in DATASETS:
        for texts in text_columns(_bundled(name)):
            found |= {plain_text(text).plain for text in texts.different}
    return frozenset(found)


def small_cells(frames: Frames) -> Answer:
    """No count is below 5 but a government's, or one that was public before: it ships here."""
    bad, seen = [], 0
    for name, rows in frames.items():
        for column in _count_columns(name, rows):
            count = pd.to_numeric(rows[column], errors="coerce")
            small = count.between(1, SMALLEST - 1).fillna(False)
            seen += int(count.notna().sum())
            if not small.any():
                continue
            known = by_government(rows) | _shipped(name, rows, column) | _told(frames, name, rows)
            bad += [f"{name} row {i}: {count[i]:g}" for i in rows.index[small & ~known]]
    bad += small_differences(frames)
    if bad:
        why = "below 5, and neither a known government's nor among what ships"
        return False, f"{why}: {some(bad)}"
    told = f"{seen} counts, none below 5 but a government's, or one that ships"
    return (True, told) if seen else NOTHING


def _count_columns(name: str, rows: pd.DataFrame) -> list[str]:
    """Return the columns of counts: of a known table the declared one, else by their names."""
    if name in DATASETS:
        column = DATASETS[name].count
        return [column] if column is not None and column in rows else []
    return [c for c in map(str, rows.columns) if c in rows and COUNTS.fullmatch(c.lower())]


def _keys(rows: pd.DataFrame, columns: Sequence[str]) -> pd.Series[str]:
    """Return the cells of some columns as one text a row; a number is the same as its text."""
    cells = [
        rows[c].astype("string").str.replace(r"\.0$", "", regex=True).fillna("") for c in columns
    ]
    keys = ["|".join(row) for row in zip(*cells, strict=True)]
    return pd.Series(keys, index=rows.index, dtype="str")


def _shipped(name: str, rows: pd.DataFrame, column: str) -> pd.Series[bool]:
    """Return which rows stand, count and source alike, in the table that ships."""
    none = pd.Series(False, index=rows.index)
    data = DATASETS.get(name)
    if data is None:
        return none
    columns = [*data.when, *(k for k in data.key if k not in data.when), column, "source_url"]
    if not set(columns) <= set(rows):
        return none
    return _keys(rows, columns).isin(_keys(_bundled(name), columns))


@cache
def _bundled(name: str) -> pd.DataFrame:
    """Return a table that ships, whichever region is at work."""
    with using_region(DEFAULT):
        return pd.DataFrame(DATASETS[name].load(None).rows)


def _told(frames: Frames, name: str, rows: pd.DataFrame) -> pd.Series[bool]:
    """Return which counts of a chart are those of a table beside it, or of what ships."""
    columns = ["period", "province", "count"]
    if name in DATASETS or not set(columns) <= set(rows):
        return pd.Series(False, index=rows.index)
    tables = [_bundled("interceptions"), frames.get("interceptions")]
    beside = [t for t in tables if t is not None and set(columns) <= set(t)]
    known = set().union(*(_keys(t, columns) for t in beside), *map(_rests, beside))
    return _keys(rows, columns).isin(known)


def rest_of(whole: str, area: str) -> str:
    """Return what the difference of two published counts is called, which a chart draws."""
    return f"{whole} less {area}"


def _rests(counts: pd.DataFrame) -> set[str]:
    """Return the differences that charts draw; :func:`small_differences` looks at them."""
    number = pd.to_numeric(counts["count"], errors="coerce")
    by = {
        str(area): number[rows].set_axis(counts.loc[rows, "period"]).groupby(level=0).last()
        for area, rows in counts.groupby("province").groups.items()
    }
    return {
        f"{period}|{rest_of(whole, area)}|{count:g}"
        for whole in wholes(counts["province"])
        for area in by
        if area != whole
        for period, count in (by[whole] - by[area]).dropna().items()
    }


def wholes(areas: pd.Series[Any]) -> list[str]:
    """Return which areas of a table hold others of it, as the region at work has them."""
    details = active_region().details
    held = {area.within for area in details.areas} if details else set()
    return [str(area) for area in areas.dropna().unique() if area in held]


def small_differences(frames: Frames) -> list[str]:
    """Return what stands below 5 when one published count is taken from another.

    Of a period, the parts from the whole; of a place, the months from the year. Counts of
    governments, and what ships, are as they were published.
    """
    rows = frames.get("interceptions")
    if rows is None or not {"period", "province", "count"} <= set(rows):
        return []
    own = ~(by_government(rows) | _shipped("interceptions", rows, "count"))
    count = pd.to_numeric(rows["count"], errors="coerce")
    table = pd.DataFrame(
        {"period": rows["period"].astype(str), "province": rows["province"].astype(str),
         "count": count, "own": own}
    ).dropna(subset=["count"])  # fmt: skip
    found = []
    for period, part in table.groupby("period"):
        for area in wholes(part["province"]):
            is_whole = part["province"].eq(area)
            found += _small_rests(str(period), part[is_whole], part[~is_whole])
    for province, part in table.groupby("province"):
        year = part["period"].str[:4]
        for name, whole in part[part["period"].str.len().eq(4)].groupby("period"):
            months = part[year.eq(name) & part["period"].str.len().eq(7)]
            found += _small_rests(f"{province} in {name}", whole, months)
    return found


def _small_rests(where: str, whole: pd.DataFrame, parts: pd.DataFrame) -> list[str]:
    """Return the small differences of a whole and its parts, each and all of them."""
    if whole.empty or parts.empty:
        return []
    total, own = whole["count"].iloc[0], bool(whole["own"].iloc[0])
    taken = [
        (f"less {n:g}", total - n, own or o)
        for n, o in zip(parts["count"], parts["own"], strict=True)
    ]
    taken.append(("less its parts", total - parts["count"].sum(), own or bool(parts["own"].any())))
    return [f"{where}: {total:g} {said} leaves {rest:g}" for said, rest, mine in taken
            if mine and 1 <= rest < SMALLEST]  # fmt: skip


def microdata(frames: Frames) -> Answer:
    """No table has rows about persons."""
    bad = []
    for name, rows in frames.items():
        plain = {plain_text(str(c)).plain for c in rows}
        traits = [c for c, k in personal_columns(rows.columns).items() if k == "what a person is"]
        if plain & PERSON or len(traits) > 1:
            bad.append(f"{name}: {some([*sorted(plain & PERSON), *traits])}")
    if bad:
        return False, f"rows about persons: {some(bad)}"
    return (True, f"{len(frames)} tables, no row about a person") if frames else NOTHING
