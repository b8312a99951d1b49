"""What the scripts of a page say: popups, tooltips and features that Folium writes into them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

import pandas as pd

__all__ = ["script_tables"]

TEXT = re.compile(r"""`(?:[^`\\]|\\.)*`|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""", re.DOTALL)
ESCAPE = re.compile(
    r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL
)
LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": " ", "f": " ", "v": " ", "0": " ", "\n": ""}
FEATURES = re.compile(r"\{\s*\"(?:bbox|crs|features|geometry|id|type|properties)\"\s*:")
"""How an object of GeoJSON begins, in whatever order its members stand."""


class _Words(HTMLParser):
    """The texts of a piece of HTML, and of the attributes that a reader is shown."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        shown = ("title", "alt", "aria-label", "placeholder")
        self.said += [value for name, value in attrs if name in shown and value]

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def script_tables(scripts: Iterable[str]) -> list[tuple[str, pd.DataFrame]]:
    """Return what scripts say as tables: every text in them, and the properties of features.

    Examples
    --------
    >>> popup = "var html = $(`<div id='h'>Aged <b>34</b></div>`)[0];"
    >>> [(name, rows["words"].tolist()) for name, rows in script_tables([popup])]
    [('features', ['Aged 34'])]
    """
    said: dict[str, None] = {}
    tables: list[tuple[str, pd.DataFrame]] = []
    for script in scripts:
        for found in TEXT.finditer(script):
            text = _read(found[0][1:-1])
            if len(text) > 2 and any(map(str.isalpha, text)):
                said[text] = None
        tables += [("features", pd.DataFrame(rows)) for rows in _features(script)]
    if said:
        tables.append(("features", pd.DataFrame({"words": list(said)}, dtype=object)))
    return tables


def _read(text: str) -> str:
    """Return what a text of a script reads as, once it is shown."""
    plain = ESCAPE.sub(_character, text)
    if "<" in plain or "&" in plain:
        plain = "".join(_Words(plain).said)
    return " ".join(plain.split())


def _character(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2] or escape[3]
    if code is None:
        return LETTERS.get(escape[4], escape[4])
    number = int(code, 16)
    return chr(number) if number < 0x110000 else ""


def _features(script: str) -> Iterator[list[dict[str, Any]]]:
    """Yield the properties of the features in each object of GeoJSON that a script holds."""
    decoder, place = json.JSONDecoder(), 0
    while found := FEATURES.search(script, place):
        try:
            value, place = decoder.raw_decode(script, found.start())
        except (ValueError, RecursionError):
            place = found.end()
            continue
        features = value.get("features", [value])
        each = features if isinstance(features, list) else []
        rows = [f.get("properties") for f in each if isinstance(f, dict)]
        told = [row for row in rows if isinstance(row, dict) and row]
        if told:
            yield told
