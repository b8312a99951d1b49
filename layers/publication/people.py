"""Rules that protect people: personal data, rows about persons, small counts."""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd

from roxham.geo.tables.edtf import date_span, is_date
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.privacy.embargo import by_government
from roxham.layers.privacy.personal import NAMED, personal_columns, said_of_a_person, unnamed

from .rules import NOTHING, Answer, Frames, some
from .words import OWN_WORDS

__all__ = ["microdata", "personal", "sensitivity", "small_cells"]

NEVER = re.compile(
    r".*(patrol|camera|sensor|drone|surveil|undocumented|gps_?track|live|risk_score|patrouille"
    r"|capteur|caméra).*",
    re.IGNORECASE,
)
"""Columns and tables that must not be published, whoever made them."""
PERSON = {"person_id", "claimant_id", "individual_id", "case_id", "migrant_id"}
LONG_DAYS = 365


def sensitivity(frames: Frames) -> Answer:
    """No table or column is of what must not be published."""
    bad = [name for name in frames if NEVER.fullmatch(name)]
    bad += [f"{n}.{c}" for n, rows in frames.items() for c in rows if NEVER.fullmatch(str(c))]
    if bad:
        return False, f"must not be published: {some(bad)}"
    held = sum(len(rows.columns) for rows in frames.values())
    return (True, f"{held} columns of {len(frames)} tables; none restricted") if held else NOTHING


def personal(frames: Frames) -> Answer:
    """No column and no text tells who a person is."""
    bad, texts = [], 0
    for name, rows in frames.items():
        known = {c.name for c in DATASETS[name].contract.columns} if name in DATASETS else set()
        known |= {c.name for c in NAMED}
        if name not in DATASETS:
            known |= {"name", "name_fr"}  # of a place, a road, a lake
        held = personal_columns(rows.columns, known=known)
        bad += [f"{name}.{column} holds {kind}" for column, kind in held.items()]
        bad += [f"{name} row {i}: {why}" for i, _, why in unnamed(rows)]
        for column in filter(lambda c: OWN_WORDS.fullmatch(str(c)), rows):
            told = said_of_a_person(rows[column])
            bad += [f"{name}.{column} row {i} says “{told[i]}”" for i in rows.index[told.notna()]]
            texts += int(rows[column].notna().sum())
    if bad:
        return False, some(bad)
    held_in = sum(len(rows.columns) for rows in frames.values())
    return (True, f"{held_in} columns and {texts} texts looked at") if held_in else NOTHING


def small_cells(frames: Frames, as_of: dt.date) -> Answer:
    """No count is below 5 but a government's, or one long public."""
    bad, seen = [], 0
    for name, data in DATASETS.items():
        column = data.count
        if name not in frames or column is None or column not in frames[name]:
            continue
        rows = frames[name]
        count = pd.to_numeric(rows[column], errors="coerce")
        small = (
            count.between(1, 4).fillna(False) & ~by_government(rows) & ~_long_public(rows, as_of)
        )
        bad += [f"{name} row {i}: {count[i]:g}" for i in rows.index[small]]
        seen += int(count.notna().sum())
    if bad:
        return False, f"below 5, and neither a government's nor long public: {some(bad)}"
    told = f"{seen} counts, none below 5 but a government's, or public for {LONG_DAYS} days"
    return (True, told) if seen else NOTHING


def _long_public(rows: pd.DataFrame, as_of: dt.date) -> pd.Series[bool]:
    """Whether the source of each row has been public for a year."""
    cut = pd.Timestamp(as_of) - pd.Timedelta(days=LONG_DAYS)
    dates = rows.get("source_date", pd.Series(None, rows.index, dtype=object)).fillna("")
    told = [is_date(day) and date_span(day)[1] < cut for day in map(str, dates)]
    return pd.Series(told, index=rows.index, dtype=bool)


def microdata(frames: Frames) -> Answer:
    """No table has rows about persons."""
    bad = []
    for name, rows in frames.items():
        plain = {str(c).lower() for c in rows}
        traits = [c for c, k in personal_columns(rows.columns).items() if k == "what a person is"]
        if plain & PERSON or len(traits) > 1:
            bad.append(f"{name}: {some([*sorted(plain & PERSON), *traits])}")
    if bad:
        return False, f"rows about persons: {some(bad)}"
    return (True, f"{len(frames)} tables, no row about a person") if frames else NOTHING
