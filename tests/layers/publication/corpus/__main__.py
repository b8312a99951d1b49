"""Print how many harmless sentences are refused, and how many hostile ones are not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd

from roxham.layers.publication.check import check_data
from roxham.layers.publication.rules import Finding, failed

HERE = Path(__file__).parent
AS_OF = dt.date(2026, 11, 1)


def harmless() -> list[str]:
    """Return sentences in English and French, one or two in other languages."""
    return _lines("harmless")


def hostile(name: str = "hostile") -> list[tuple[str, str]]:
    """Return sentences that tell of a person, a place, a day or a way, each with its kind."""
    parts = [line.partition("\t") for line in _lines(name)]
    return [(kind, text) for kind, _, text in parts]


def _lines(name: str) -> list[str]:
    text = (HERE / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.split("\n") if line]


def incidents(texts: list[str]) -> dict[str, pd.DataFrame]:
    """Return incidents that say these, with all else as it should be."""
    same: dict[str, Any] = {
        "date": "2022-05", "place_name": "Mooers", "lat": 45.0, "lon": -73.5, "radius_m": 5000.0,
        "deaths": 0, "kind": "injury", "source_title": "T", "source_publisher": "P",
        "source_url": "https://example.org/a", "source_date": "2020", "confidence": "single",
    }  # fmt: skip
    ids = [f"id-{k}-" for k in range(len(texts))]
    return {"incidents": pd.DataFrame({"id": ids, "summary": texts}, index=ids).assign(**same)}


def refused(texts: list[str]) -> list[Finding]:
    """Return the rules that incidents which say these fail."""
    return failed(check_data(incidents(texts), as_of=AS_OF))


if __name__ == "__main__":
    wrong = [text for text in harmless() if refused([text])]
    missed = [text for _, text in hostile() if not refused([text])]
    known = [text for _, text in hostile("not_told") if not refused([text])]
    print(f"harmless: {len(wrong)} of {len(harmless())} refused", *wrong, sep="\n  ")
    print(f"hostile: {len(missed)} of {len(hostile())} passed", *missed, sep="\n  ")
    print(f"hostile, known to pass: {len(known)} of {len(hostile('not_told'))}", *known, sep="\n  ")
