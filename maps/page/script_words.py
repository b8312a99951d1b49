"""What the scripts and attributes of a page say: popups, tooltips and features of Folium's."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import pandas as pd

from roxham.layers.privacy.personal import column_name
from roxham.layers.publication.places import DATED

__all__ = ["INLINE", "STYLED", "attributes_told", "script_tables"]

TEXT = re.compile(r"""`(?:[^`\\]|\\.)*`|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""", re.DOTALL)
ESCAPE = re.compile(
    r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL
)
LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": " ", "f": " ", "v": " ", "0": " ", "\n": ""}
LITERAL = re.compile(r"\{\s*\"|\[\s*[\[{\"]")
"""How an object or a list of JSON begins."""
SHOWN = (
    *("title", "alt", "aria-label", "aria-description", "placeholder", "value", "label"),
    *("summary", "content"),
)
"""Attributes that a reader is shown, or that a page says to others."""
INLINE = {
    *("a", "abbr", "b", "bdi", "big", "cite", "em", "font", "i", "ins", "mark", "q", "s", "small"),
    *("span", "strong", "sub", "sup", "time", "tspan", "u", "wbr"),
}
"""Elements that part no word."""
STYLED = re.compile(r"content\s*:\s*[\"']([^\"']{3,})[\"']")
READABLE = ("text/", "image/svg", "application/json")
PLACES = ("coordinates", "bbox")


class _Words(HTMLParser):
    """The texts of a piece of HTML, and of the attributes that a reader is shown."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.said += [f" {text} " for text in attributes_told(attrs)]

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def attributes_told(attrs: Iterable[tuple[str, str | None]]) -> Iterator[str]:
    """Yield what the attributes of an element say: texts, addresses, whole pages within them."""
    given = {name: value for name, value in attrs if value}
    for name, value in given.items():
        start = value.lstrip()[:7].lower()
        if name == "srcdoc":
            yield _plain(value)
        elif start.startswith("data:"):
            yield _plain(_within(value.strip()))
        elif start.startswith(("mailto:", "tel:", "sms:")):
            yield unquote(value)
        elif (name in SHOWN or name.startswith("data-")) and "http-equiv" not in given:
            yield value


def _within(uri: str) -> str:
    """Return the text that an address of data holds; of a picture or a font none."""
    head, _, body = uri[5:].partition(",")
    if not head.lower().startswith(READABLE):
        return ""
    if not head.lower().endswith(";base64"):
        return unquote(body)
    try:
        return base64.b64decode(unquote(body)).decode("utf-8", errors="replace")
    except ValueError:
        return ""


def script_tables(scripts: Iterable[str]) -> list[tuple[str, pd.DataFrame]]:
    """Return what scripts say as tables: every text in them, and the objects of JSON.

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
            if len(text) > 2:
                said[text] = None
        tables += [("features", pd.DataFrame(rows)) for rows in _records(script)]
    if said:
        tables.append(("features", pd.DataFrame({"words": list(said)}, dtype=object)))
    return tables


def _read(text: str) -> str:
    """Return what a text of a script reads as, once it is shown."""
    return _plain(ESCAPE.sub(_character, text))


def _plain(text: str) -> str:
    if text.startswith("data:"):
        text = _within(text)
    if "<" in text or "&" in text:
        text = "".join(_Words(text).said)
    return " ".join(text.split())


def _character(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2] or escape[3]
    if code is None:
        return LETTERS.get(escape[4], escape[4])
    number = int(code, 16)
    return chr(number) if number < 0x110000 else ""


def _records(script: str) -> Iterator[list[dict[str, Any]]]:
    """Yield what the objects of JSON in a script hold, those of the same members as one table."""
    decoder, place = json.JSONDecoder(), 0
    found: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    while begins := LITERAL.search(script, place):
        try:
            value, place = decoder.raw_decode(script, begins.start())
            rows = list(_rows(value))
        except (ValueError, RecursionError):
            place = begins.end()
            continue
        for row in rows:
            found.setdefault(tuple(row), []).append(row)
    yield from found.values()


def _rows(value: Any, name: str = "words") -> Iterator[dict[str, Any]]:
    """Yield the members of every object in a value, and the items of every list, but for places."""
    if isinstance(value, list):
        for part in value:
            if isinstance(part, dict | list):
                yield from _rows(part, name)
            elif isinstance(part, str) or DATED.fullmatch(column_name(name)):
                yield {name: part}
    elif isinstance(value, dict):
        plain = {key: part for key, part in value.items() if not isinstance(part, dict | list)}
        if plain:
            yield plain
        for key, part in value.items():
            if isinstance(part, dict | list) and key not in PLACES:
                yield from _rows(part, key)
