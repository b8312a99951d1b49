"""What the scripts and attributes of a page say: popups, tooltips and features of Folium's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import pandas as pd

from roxham.geo.sheets.html_table import sound_references
from roxham.layers.privacy.personal import column_name
from roxham.layers.publication.places import DATED
from roxham.maps.elements.packed_words import address_text, packed_away, unpacked

__all__ = ["INLINE", "attributes_told", "not_read", "script_tables", "styled"]

TEXT = re.compile(r"""`(?:[^`\\]|\\.)*`|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""", re.DOTALL)
ESCAPE = re.compile(
    r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(?![0-7]{2})(.)|([0-7]{2,3}))",
    re.DOTALL,
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
CSS_TEXT = re.compile(r"""\"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""", re.DOTALL)
CSS_TEXTS = re.compile(rf"[:,\s](?:(?:{CSS_TEXT.pattern})\s*)+", re.DOTALL)
CSS_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?")
ADDRESS = re.compile(r"data:(?!font|application/(?:x-)?font)[^)\"']{8,}")
PICTURE = re.compile(r"data:image/(?!svg)", re.IGNORECASE)
UNSAID = {
    *("class", "d", "points", "viewbox", "transform", "content", "style", "sizes", "media"),
    *("srcset", "allow", "sandbox", "rel", "headers", "aria-labelledby", "aria-describedby"),
}
"""Attributes that tell nobody anything."""
WORDED = re.compile(r"[^\W\d_]{2,}[^\w<>{}]+[^\W_]+")
ADDRESSED = re.compile(r"[a-z][a-z0-9+.-]*:|[./#]", re.IGNORECASE)
JOINED = re.compile(
    rf"(?:{TEXT.pattern})(?:\s*\+\s*(?:{TEXT.pattern}))+"
    rf"|\[\s*(?:{TEXT.pattern})(?:\s*,\s*(?:{TEXT.pattern}))*\s*\]\s*\.(?:join|reverse)\b",
    re.DOTALL,
)
CODES = re.compile(
    r"from(?:CharCode|CodePoint)\(\s*(?:\.\.\.\s*\[\s*)?(\d{1,7}(?:\s*,\s*\d{1,7})*)"
)
DEEP = 900
"""Letters that an object nested too deep for JSON has at least before it ends."""
LINE_COMMENT = re.compile(r"(?:^|[\s;{}])//([^\n]*)", re.MULTILINE)
PLACES = ("coordinates", "bbox")


class _Words(HTMLParser):
    """The texts of a piece of HTML, and of the attributes that a reader is shown."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.feed(sound_references(html))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.said += [f" {text} " for text in attributes_told(attrs)]

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_comment(self, data: str) -> None:
        self.said.append(f" {data} ")

    handle_pi = unknown_decl = handle_comment

    def handle_decl(self, decl: str) -> None:
        self.handle_comment(decl)


def attributes_told(attrs: Iterable[tuple[str, str | None]]) -> Iterator[str]:
    """Yield what the attributes of an element say: texts, addresses, whole pages within them."""
    given = {name: value for name, value in attrs if value}
    for name, value in given.items():
        start = value.lstrip()[:11].lower()
        if name == "srcdoc" or start.startswith("data:"):
            yield _plain(value.strip())
        elif start.startswith(("mailto:", "tel:", "sms:")):
            yield unquote(value)
        elif name == "style":
            yield from styled(value)
        elif name.startswith("on") or start == "javascript:":
            yield from _texts_of(unquote(value))
        elif (name in SHOWN or name.startswith("data-")) and "http-equiv" not in given:
            yield value
            yield from unpacked(value)
        elif name not in UNSAID and WORDED.search(value) and not ADDRESSED.match(value):
            yield value


def styled(css: str) -> Iterator[str]:
    """Yield the texts of a style sheet, and those of addresses of data in it."""
    for found in CSS_TEXTS.finditer(css):
        texts = (_unescaped(one[0][1:-1]) for one in CSS_TEXT.finditer(found[0]))
        if len(whole := "".join(texts)) > 2:
            yield whole
    for address in ADDRESS.finditer(css):
        yield _plain(address[0])


def _unescaped(text: str) -> str:
    return CSS_ESCAPE.sub(lambda code: _letter(int(code[1], 16)), text)


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
        said |= dict.fromkeys(text for text in _texts_of(script) if len(text) > 2)
        tables += [("features", pd.DataFrame(rows)) for rows in _records(script)]
    if said:
        tables.append(("features", pd.DataFrame({"words": list(said)}, dtype=object)))
    return tables


def not_read(scripts: Iterable[str], attributes: Iterable[str]) -> str:
    """Say what of a page nobody has read: packed texts, pictures, what scripts work out."""
    scripts, attributes = list(scripts), list(attributes)
    texts = [found[0][1:-1] for script in scripts for found in TEXT.finditer(script)]
    packed = sum(map(packed_away, [*texts, *attributes]))
    drawn = sum(len(PICTURE.findall(part)) for part in (*scripts, *attributes))
    counted = ((packed, "packed texts"), (drawn, "pictures"), (len(scripts), "scripts at work"))
    return ", ".join(f"{count} {what}" for count, what in counted if count)


def _texts_of(script: str) -> Iterator[str]:
    """Yield the texts in a script: each, those that are joined, packed ones, and comments."""
    for found in TEXT.finditer(script):
        text = _read(found[0][1:-1])
        yield text
        yield from map(_plain, unpacked(text))
    for found in JOINED.finditer(script):
        parts = [ESCAPE.sub(_character, one[0][1:-1]) for one in TEXT.finditer(found[0])]
        if len(parts) > 1:
            yield _plain("".join(parts))
    for found in CODES.finditer(script):
        yield _plain("".join(_letter(int(code)) for code in found[1].split(",")))
    for part in script.split("/*")[1:]:
        comment, end, _ = part.partition("*/")
        if end:
            yield _plain(comment)
    for found in LINE_COMMENT.finditer(script):
        yield _plain(found[1])


def _letter(number: int) -> str:
    return chr(number) if number < 0x110000 else ""


def _read(text: str) -> str:
    """Return what a text of a script reads as, once it is shown."""
    return _plain(ESCAPE.sub(_character, text))


def _plain(text: str) -> str:
    if text.startswith("data:"):
        text = address_text(text) or ""
    if "<" in text or "&" in text:
        text = "".join(_Words(text).said)
    return " ".join(text.split())


def _character(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2] or escape[3]
    if escape[5]:
        return _letter(int(escape[5], 8))
    if code is None:
        return LETTERS.get(escape[4], escape[4])
    return _letter(int(code, 16))


def _records(script: str) -> Iterator[list[dict[str, Any]]]:
    """Yield what the objects of JSON in a script hold, those of the same members as one table."""
    decoder, place = json.JSONDecoder(), 0
    found: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    while begins := LITERAL.search(script, place):
        try:
            value, place = decoder.raw_decode(script, begins.start())
            rows = list(_rows(value))
        except ValueError:
            place = begins.end()
            continue
        except RecursionError:  # so much of it only leads in, and its texts are read anyway
            place = begins.start() + DEEP
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
