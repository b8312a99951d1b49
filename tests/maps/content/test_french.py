"""The page in French: every text of it, with its own words."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pandas as pd
import pytest

from roxham.layers import load_layers
from roxham.maps import load_base
from roxham.maps.content.french import TRANSLATED, in_french, with_french
from roxham.maps.content.records import page_context, worded
from roxham.maps.resources import asset_json

SAME = {"credit.osm"}


def test_long_messages_differ_between_the_languages() -> None:
    messages = {lang: asset_json(f"messages/{lang}.json") for lang in ("en", "fr")}
    same = {
        key
        for key, text in messages["en"].items()
        if messages["fr"][key] == text and len(re.sub(r"\{\w+\}", "", text).split()) > 3
    }
    assert same <= SAME


def test_what_ships_in_english_is_there_in_french() -> None:
    frames = {**in_french(load_layers()).tables, **vars(in_french(load_base()))}
    # These are on the page; the notes of the other tables are not.
    shown = ["incidents", "ports", "encounters", *load_base().frames()]
    missing = [
        (name, text)
        for name in shown
        for column in TRANSLATED
        if column in frames[name]
        for text, french in zip(
            frames[name][column],
            frames[name].get(f"{column}_fr", frames[name][column]),
            strict=True,
        )
        if pd.notna(text) and any(map(str.isalpha, text)) and (pd.isna(french) or french == text)
    ]
    assert missing == []


def test_french_is_added_beside_and_never_over(tmp_path: Path) -> None:
    frame = pd.DataFrame({"note": ["Official release.", "mine", None]}, index=[5, 6, 7])
    copy = frame.copy()
    assert with_french(frame)["note_fr"].tolist() == ["Communiqué officiel.", None, None]
    assert frame.equals(copy)
    own = frame.assign(note_fr="à moi")
    assert with_french(own)["note_fr"].tolist() == ["à moi"] * 3
    assert list(with_french(pd.DataFrame({"note": ["mine"]}))) == ["note"]


@pytest.mark.parametrize(
    ("reason", "english", "french"),
    [
        ("after 2024-12", "after December 2024", "après décembre 2024"),
        (
            "its period begins before 2017-01",
            "its period begins before January 2017",
            "sa période commence avant janvier 2017",
        ),
        (
            "embargo: within 90 days of 2026-01-02",
            "within 90 days of the day the map was made",
            "dans les 90 jours avant la fabrication de la carte",
        ),
        ("something else", "something else", "something else"),
    ],
)
def test_reasons_are_said_in_both_languages(reason: str, english: str, french: str) -> None:
    assert worded(reason) == {"en": english, "fr": french}


def test_a_file_of_ones_own_stands_with_its_hash_and_without_its_folder(tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    load_layers().ports.drop(columns="geometry").to_csv(table, index=False)
    layers = load_layers(ports=table)
    rows = page_context(layers, load_base(), title=None)["resources"]
    names = [row["resource"] for row in rows]
    assert names[0] == "mine.csv"
    assert "layers/ports.csv" not in names
    assert "layers/incidents.csv" in names
    assert rows[0]["rows"] == 26
    # sha256sum would say the same.
    assert rows[0]["sha256"] == hashlib.sha256(table.read_bytes()).hexdigest()
    assert all(row["title"]["fr"] != row["title"]["en"] for row in rows)


@pytest.mark.parametrize(("since", "told"), [("2011-01", True), ("2020-01", False)])
def test_no_hash_lets_guesses_at_what_is_withheld_be_tried(
    tmp_path: Path, since: str, told: bool
) -> None:
    incidents, counts = tmp_path / "incidents.csv", tmp_path / "counts.csv"
    every = load_layers(since="2011-01", until="2024-12")
    every.incidents.drop(columns="geometry").to_csv(incidents, index=False)
    every.interceptions.drop(columns=["low", "high"]).to_csv(counts, index=False)
    layers = load_layers(incidents=incidents, counts=counts, since=since, until="2024-12")
    rows = page_context(layers, load_base(), title=None)["resources"]
    hashes = {row["resource"]: row["sha256"] for row in rows if row["resource"].count("/") == 0}
    whole = hashlib.sha256(counts.read_bytes()).hexdigest()
    assert hashes == {"incidents.csv": "–", "counts.csv": whole if told else "–"}


def test_french_has_the_type_of_quebec() -> None:
    mark = re.compile(r"\w'\w|[ \u00a0\u202f][;?!](?:\s|$)")
    messages = asset_json("messages/fr.json")
    assert [key for key, text in messages.items() if mark.search(text)] == []
    spaced = re.compile(r"[ \u00a0\u202f][;?!](?:\s|$)")
    layers = in_french(load_layers())
    for name in ("claims", "incidents", "policy_events", "ports"):
        frame = getattr(layers, name)
        for column in (c for c in frame if str(c).endswith("_fr")):
            assert [text for text in frame[column].dropna() if spaced.search(text)] == []
