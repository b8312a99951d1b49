"""Rules that protect people: what must not be published, personal data, rows about persons."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import pandas as pd

from roxham.layers.facts.datasets import DATASETS
from roxham.layers.privacy.personal import (
    NAMED,
    column_name,
    personal_cells,
    personal_columns,
    unnamed,
)
from roxham.layers.privacy.personal_words import personal_patterns, personal_words
from roxham.layers.privacy.plain_text import plain_text

from .counts import bundled, counts_groups
from .places import OWN, of_people
from .rules import NOTHING, Answer, Frames, some, text_columns

__all__ = ["microdata", "personal", "sensitivity"]

NEVER = re.compile(
    r".*(patrol|camera|sensor|drone|surveil|undocumented|gps_?track|live|risk_score|patrouille"
    r"|capteur|patrulla|pattugli|vigilancia|streife|uberwach|devriye|kamera|monitoring_post"
    + "".join(f"|{column_name(word)}" for word in ("περίπολ", "κάμερ", "патрул", "камер", "дрон"))
    + r").*",
    re.IGNORECASE,
)
"""Columns and tables that must not be published, whoever made them."""
PERSON = {"person_id", "claimant_id", "individual_id", "case_id", "migrant_id"}
GROUND = ("border", "jurisdictions", "water", "roads", "places", "provinces")
"""Tables of what lies on the ground: what has a name there is no person."""
CALLED = re.compile(
    r"(?:full_?|long_?|short_?|geo_?|obj_?)?(?:names?|noms?|nombres?|nomes?|nomi|namen?|navn|namn"
    r"|nazwa|nazev|alias|اسم|الاسم)(?:_?(?:[a-z]{2,3}|\d))?"
)
"""What a column with names of such things is called."""
ROADS = ("roads", "edges", "routes", "crossings")
"""Tables of roads."""
ROAD_NAMES = re.compile(r"(?:name|ref|roads)(?:_[a-z]{2,3})?")
"""Columns in which they are called something, in any language."""
BARE = re.compile(r"name(_[a-z]{2,3})?|label|titre?|who|qui|persona?|personne|individual|officer")
"""Columns of names that may be a place's or a person's."""

ASKED = re.compile(
    r"variables?|attribut[eo]?s?|keys?|fields?|champs?|campos?|propert(y|ies)|questions?|items?"
)
ANSWERED = re.compile(r"values?|valeurs?|valor(es)?|answers?|reponses?|respuestas?|wert")
"""Columns of a table that has a row for each thing said of somebody."""
OF_GROUPS = ("an age", "what a person is")
"""What may be told of a group."""


def sensitivity(frames: Frames) -> Answer:
    """No table or column is of what must not be published."""
    bad = [name for name in frames if NEVER.fullmatch(column_name(name))]
    bad += [
        f"{n}.{c}"
        for n, rows in frames.items()
        for c in rows
        if NEVER.fullmatch(column_name(str(c)))
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
        if name in GROUND:  # people's own maps call them otherwise
            known |= {c for c in map(str, rows.columns) if CALLED.fullmatch(plain_text(c).plain)}
        held = personal_cells(rows, known=known)
        if counts_groups(name, rows):  # nobody is told by what five people are
            held = {column: kind for column, kind in held.items() if kind not in OF_GROUPS}
        bad += [f"{name}.{column} holds {kind}" for column, kind in held.items()]
        bad += [f"{name} row {i}: {why}" for i, _, why in unnamed(rows)]
        bad += _perhaps_named(name, rows)
        bad += _said_by_row(name, rows)
        for texts in text_columns(rows):
            seen += texts.filled
            if texts.column == "victim_name":
                continue
            # roads have numbers beside names as houses do, and are called after people
            look = (
                _of_no_road
                if name in ROADS and ROAD_NAMES.fullmatch(texts.column)
                else personal_words
            )
            bad += [
                f"{name}.{texts.column} row {i} says “{look(text)[0][1]}”"
                for i, text in texts.where(look, personal_patterns())
                if plain_text(text).plain not in _shipped_texts()
            ]
    if bad:
        return False, f"{some(bad)}; if nobody can be found by it, say why"
    held_in = sum(len(rows.columns) for rows in frames.values())
    return (True, f"{held_in} columns and {seen} texts looked at") if held_in else NOTHING


def _said_by_row(name: str, rows: pd.DataFrame) -> list[str]:
    """Return what rows hold whose columns are called in a cell: ``attribute, value``."""
    said = {str(c): plain_text(str(c)).plain for c in rows.columns}
    if not any(map(ANSWERED.fullmatch, said.values())):
        return []
    return [
        f"{name}.{texts.column} row {i} holds {kind}"
        for texts in text_columns(rows[[c for c, plain in said.items() if ASKED.fullmatch(plain)]])
        for i, text in texts.where(lambda text: personal_columns([text]))
        for kind in personal_columns([text]).values()
    ]


def _perhaps_named(name: str, rows: pd.DataFrame) -> list[str]:
    """Ask whose names stand in a table of incidents or of people: no reader can tell them apart."""
    columns = [c for c in map(str, rows.columns) if BARE.fullmatch(plain_text(c).plain)]
    if not columns or name.startswith(OWN) or not of_people(name, rows):
        return []
    return [
        f"{name}.{column} row {i} is “{text}”: a person’s name, or a place’s?"
        for column in columns
        for texts in text_columns(rows[[column]])
        for i, text in texts.where(str.strip)
        if plain_text(text).plain not in _shipped_texts()
    ]


def _of_no_road(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(found for found in personal_words(text) if found[0] not in ("a home", "a name"))


@cache
def _shipped_texts() -> frozenset[str]:
    """Return the texts of the tables that ship, as they read, and lines of their translation."""
    notes = (files(f"roxham.{room}") / "data" / "notes_fr.json" for room in ("geo", "layers"))
    lines = [line for file in notes for line in file.read_text("utf-8").splitlines()]
    found = {plain_text(line).plain for line in lines}
    for name in DATASETS:
        for texts in text_columns(bundled(name)):
            found |= {plain_text(text).plain for text in texts.different}
    return frozenset(found)


def microdata(frames: Frames) -> Answer:
    """No table has rows about persons."""
    bad = []
    for name, rows in frames.items():
        plain = {plain_text(str(c)).plain for c in rows}
        held = {} if counts_groups(name, rows) else personal_columns(rows.columns)
        traits = [column for column, kind in held.items() if kind == "what a person is"]
        if plain & PERSON or len(traits) > 1:
            bad.append(f"{name}: {some([*sorted(plain & PERSON), *traits])}")
    if bad:
        return False, f"rows about persons: {some(bad)}"
    return (True, f"{len(frames)} tables, no row about a person") if frames else NOTHING
