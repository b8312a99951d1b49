"""French for what the tables say in English only: notes, hours, how a place was found."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import pandas as pd

from roxham.geo.region import active_region
from roxham.layers import Layers
from roxham.layers.facts.checks import french_notes
from roxham.maps.ground import Base

__all__ = ["TRANSLATED", "in_french", "typeset", "with_french"]

TRANSLATED = ("note", "hours_note", "location_basis", "section")
"""Columns of words that the shipped tables hold in English only."""

APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)|(?<=s)'(?= )")
Frame = TypeVar("Frame", bound=pd.DataFrame)
Bundle = TypeVar("Bundle", Layers, Base)


@cache
def dictionary() -> dict[str, str]:
    """Return the French of texts: of the ground as ``notes_fr.json`` has it, and of the facts."""
    text = (files("roxham.geo") / "data" / "notes_fr.json").read_text(encoding="utf-8")
    ground: dict[str, str] = json.loads(text)
    return ground | french_notes()


def typeset(text: Any) -> Any:
    """Return a text with the apostrophes of print; what is no text comes back as it is.

    Examples
    --------
    >>> typeset("Quebec's share of the workers' claims"), typeset(None)
    ('Quebec’s share of the workers’ claims', None)
    """
    return (
        APOSTROPHE.sub("\N{RIGHT SINGLE QUOTATION MARK}", text) if isinstance(text, str) else text
    )


def with_french(frame: Frame) -> Frame:
    """Return a frame with a ``_fr`` column beside each of ``TRANSLATED`` that has none.

    A text that is not in the dictionary, as in a file of a user's own, has no French:
    the page then shows it as it was written.

    Examples
    --------
    >>> with_french(pd.DataFrame({"note": ["Official release.", "?"]}))["note_fr"].tolist()
    ['Communiqué officiel.', None]
    """
    found = {}
    for name in (*TRANSLATED, *active_region().columns("hours", prefix=True)):
        if name in frame and f"{name}_fr" not in frame:
            french = [dictionary().get(text) for text in frame[name]]
            if any(text is not None for text in french):
                found[f"{name}_fr"] = pd.Series(french, index=frame.index, dtype="object")
    return frame.assign(**found) if found else frame


def in_french(bundle: Bundle) -> Bundle:
    """Return a bundle of frames, each :func:`with_french` where the page has French."""
    if "fr" not in active_region().languages:
        return bundle
    frames: dict[str, Any] = {
        name: with_french(value)
        for name, value in vars(bundle).items()
        if isinstance(value, pd.DataFrame)
    }
    if isinstance(bundle, Layers):
        frames["tables"] = {name: with_french(rows) for name, rows in bundle.tables.items()}
    return replace(bundle, **frames)
