"""OSM XML as nearly every program writes it, read by bulk searches instead of callbacks.

Expat calls back for every element, at about a microsecond each. Here one regular
expression per kind of element finds all its elements in a piece of the file, and
NumPy does the rest. This is used only where the answer is provably Expat's:
:func:`read_plain` gives up at anything else, and Expat reads the file instead.

The proof: every pattern begins at a ``<`` of its kind and runs to another ``<``,
past blanks and at most one end tag, which belongs to the element around it.
If each kind is found as often as its ``<`` is counted,
a chain of matches covers the piece. No ``<`` is left inside a value: matches hold
an even number of quotes, so one that began there would have to run to a ``<`` that
is inside a value again, and the last of these has none to run to.
"""

from __future__ import annotations

import re
import zlib
from functools import cache
from typing import IO, Any
from xml.parsers import expat

import numpy as np
from numpy.typing import NDArray

from roxham.geo._types import Ints

from .osm_elements import NODE_KEPT, WAY_KEPT, Collector

__all__ = ["read_plain"]

CHUNK = 1 << 18
"""Bytes read at once; 64 KB and 1 MB are both slower."""
LARGEST = 1 << 22
"""Longest element, with what is in it, that is waited for."""
LONGEST_HEADER = 1 << 16

NODE, WAY, RELATION, TAG, ND, MEMBER, UNKNOWN = 0, 1, 2, 3, 4, 5, 9
STARTS = (b"no", b"wa", b"re", b"ta", b"nd", b"me", b"/n", b"/w", b"/r")
KINDS = np.full(1 << 16, UNKNOWN, dtype=np.int8)
"""Kind of an element by the two bytes behind its ``<``; the patterns see to the rest."""
KINDS[[int.from_bytes(start, "big") for start in STARTS]] = np.arange(9)

FOLLOWERS = ("0123", "01234", "01235", "345678", "347", "358", "012", "012", "012", "")
FOLLOWS = np.array([[str(kind) in then for kind in range(10)] for then in FOLLOWERS])
"""Which kind may stand behind which; OWNER says inside which kind it must stand."""
OWNER = np.array([NODE, WAY, RELATION, -1, WAY, RELATION, NODE, WAY, RELATION])

BLANK = rb"[ \t\r\n]*+"
VALUE = rb'"[^"]*+"'
END = rb"(?:</(?:node|way|relation)" + BLANK + rb">" + BLANK + rb")?+"
EMPTY = BLANK + rb"/>" + BLANK + END + rb"(?=<(?!/[nwr]))"
EMPTY_TOP = BLANK + rb"/>" + BLANK + rb"(?=<(?!tag|nd|mem|/[nwr]))"
OPEN_TOP = BLANK + rb">" + BLANK + rb"(?=<(?:tag|nd|mem))"
OPEN_OR_EMPTY = rb"(?:" + EMPTY_TOP + rb"|" + OPEN_TOP + rb")"
INTEGER = rb'"(-?[0-9]{1,18}+)"'  # what 64 bits hold
DECIMAL = rb'"(-?[0-9]++\.?[0-9]*+)"'

FIND_ND = re.compile(rb"<nd ref=" + INTEGER + EMPTY)
FIND_TAG = re.compile(rb'<tag k="([^"&]*+)" v="([^"]*+)"' + EMPTY)
FIRST = re.compile(rb"<(?:node|way|relation)\b")
ATTRIBUTES = re.compile(rb"<[a-z]++((?: [A-Za-z_]++=" + VALUE + rb")*+)")
NAMES = re.compile(rb" ([A-Za-z_]++)=" + VALUE)
NEEDED = {b"node": (b"id", b"lat", b"lon"), b"way": (b"id",), b"relation": (), b"member": ()}

BROKEN = re.compile(rb"[\t\r\n]")
REFERENCE = re.compile(rb"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));")
NAMED = {b"amp": "&", b"lt": "<", b"gt": ">", b"quot": '"', b"apos": "'"}
NODE_KEYS = {key.encode(): key for key in NODE_KEPT}
WAY_KEYS = {key.encode(): key for key in WAY_KEPT}


class _OtherwiseError(Exception):
    """The file is written otherwise; raised and caught in this module."""


def _sure(condition: object) -> None:
    if not condition:
        raise _OtherwiseError


class _Words(dict[bytes, str]):
    """Values as text, each distinct one once."""

    def __missing__(self, raw: bytes) -> str:
        _sure(not BROKEN.search(raw))  # XML makes such blanks spaces
        parts = REFERENCE.split(raw)
        texts = [part.decode() for part in parts[::4]]
        for i, found in enumerate(zip(parts[1::4], parts[2::4], parts[3::4], strict=True)):
            texts[i] += _character(*found)
        return self.setdefault(raw, "".join(texts))


def _character(name: bytes | None, decimal: bytes | None, hexadecimal: bytes | None) -> str:
    """Return the character of a reference, if XML allows it."""
    if name:
        return NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal or b"", 16)
    _sure(code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code <= 0x10FFFF)
    _sure(code not in (0xFFFE, 0xFFFF))
    return chr(code)


def read_plain(file: IO[bytes], out: Collector) -> bool:
    """Read plain OSM XML into a collector; return False, with anything in it, if it is not.

    Parameters
    ----------
    file
        Opened for bytes, already unpacked, at its beginning.
    out
        Empty.
    """
    try:
        buffer = _past_header(file)
        words = _Words()
        while True:
            chunk = file.read(CHUNK)
            cut = _read_piece(buffer, not chunk, words, out)
            if not chunk:
                return True
            buffer = buffer[cut:] + chunk
            _sure(len(buffer) < LARGEST)
    except (_OtherwiseError, UnicodeDecodeError, expat.ExpatError, EOFError, OSError, zlib.error):
        return False


def _past_header(file: IO[bytes]) -> bytes:
    """Read past the declaration, the root's start and what describes the file."""
    head, first = b"", None
    while first is None and len(head) < LONGEST_HEADER and (chunk := file.read(CHUNK)):
        head += chunk
        first = FIRST.search(head)
    if first is None or b"<!" in head[: first.start()]:
        raise _OtherwiseError
    elements: list[str] = []
    encodings: list[str | None] = []
    parser = expat.ParserCreate()
    parser.XmlDeclHandler = lambda _version, encoding, _standalone: encodings.append(encoding)
    parser.StartElementHandler = lambda element, _: elements.append(element)
    try:
        parser.Parse(head[: first.start()] + b"</osm>", True)  # no other element is open
    except (LookupError, ValueError):  # an encoding that Expat does not know
        raise _OtherwiseError from None
    _sure(all(encoding is None or encoding.lower() == "utf-8" for encoding in encodings))
    _sure(elements[0] == "osm" and set(elements[1:]) <= {"bounds", "note", "meta"})
    return head[first.start() :]


def _read_piece(buffer: bytes, last: bool, words: _Words, out: Collector) -> int:
    """Read the whole nodes, ways and relations of a buffer that begins with one; return its end."""
    octets = np.frombuffer(buffer, dtype=np.uint8)
    at = np.flatnonzero(octets[:-2] == ord("<"))
    kinds = KINDS[octets[at + 1].astype(np.uint16) << 8 | octets[at + 2]]
    tops = np.flatnonzero(kinds <= RELATION)
    if last:
        stop = len(at) - 1
        _sure(buffer[at[stop] :].rstrip(b" \t\r\n") == b"</osm>")
    else:
        stop = int(tops[-1])
    cut = int(at[stop])
    if not stop:
        return cut
    at, kinds, tops = at[:stop], kinds[:stop], tops[tops < stop]
    text = buffer[: cut + 4]  # as much of the next element as tells whether it is inside
    _check_characters(text, octets[:cut])

    owners = np.repeat(tops, np.diff(tops, append=stop))
    _sure((kinds < UNKNOWN).all() and FOLLOWS[kinds[:-1], kinds[1:]].all())
    _sure(kinds[-1] not in (TAG, ND, MEMBER))
    _sure(((OWNER[kinds] == kinds[owners]) | (kinds == TAG)).all())
    counts = np.bincount(kinds, minlength=UNKNOWN)

    nodes, order = _shaped(b"node", text, at[kinds == NODE])
    ids, lat, lon = ([node[order.index(key)] for node in nodes] for key in NEEDED[b"node"])
    node_ids = _integers(ids)
    out.node_id.frombytes(node_ids.tobytes())
    out.lon.extend(map(float, lon))
    out.lat.extend(map(float, lat))

    ways, _ = _shaped(b"way", text, at[kinds == WAY])
    _shaped(b"relation", text, at[kinds == RELATION])
    _shaped(b"member", text, at[kinds == MEMBER])
    refs = _all(FIND_ND, text, counts[ND])
    tags = _all(FIND_TAG, text, counts[TAG])

    # the how-manieth of its kind each element, or the one it is in, is
    place = np.cumsum(kinds == NODE), np.cumsum(kinds == WAY)
    tagged = owners[kinds == TAG]
    rows = np.where(kinds[tagged] == NODE, place[0][tagged], place[1][tagged]) - 1
    way_tags: list[dict[str, str]] = [{} for _ in ways]
    for owner, row, (key, value) in zip(kinds[tagged].tolist(), rows.tolist(), tags, strict=True):
        if owner == WAY:
            if key in WAY_KEYS:
                way_tags[row][WAY_KEYS[key]] = words[value]
        elif owner == NODE and key in NODE_KEYS:
            out.node_tags.setdefault(int(node_ids[row]), {})[NODE_KEYS[key]] = words[value]

    wanted = np.fromiter(map(out.choose, way_tags), dtype=bool, count=len(ways))
    sizes = np.bincount(place[1][kinds == ND] - 1, minlength=len(ways))
    out.refs.frombytes(_integers(refs)[np.repeat(wanted, sizes)].tobytes())
    out.sizes.frombytes(sizes[wanted].astype(np.int64).tobytes())
    out.way_id.frombytes(_integers(ways)[wanted].tobytes())
    out.way_tags += [way_tags[row] for row in np.flatnonzero(wanted).tolist()]
    return cut


def _check_characters(text: bytes, octets: NDArray[np.uint8]) -> None:
    """Give up unless Expat would accept every character and every reference."""
    blanks = sum(np.count_nonzero(octets == ord(blank)) for blank in "\t\r\n")
    _sure(np.count_nonzero(octets < ord(" ")) == blanks)
    if not text.isascii():
        decoded = text.decode()
        _sure("\ufffe" not in decoded and "\uffff" not in decoded)
    if b"&" in text:
        found = REFERENCE.findall(text)
        _sure(len(found) == text.count(b"&"))
        for reference in set(found):
            _character(*reference)


def _shaped(name: bytes, text: bytes, at: NDArray[np.intp]) -> tuple[list[Any], list[bytes]]:
    """Find all elements of a kind, their attributes in the order in which some have them.

    Return the values that are needed, and which is which.
    """
    if not len(at):
        return [], list(NEEDED[name])
    seen = [ATTRIBUTES.match(text, start) for start in at[:50].tolist()]
    longest = max((found[1] for found in seen if found), key=lambda part: part.count(b'="'))
    order = tuple(NAMES.findall(longest))
    return _all(_pattern(name, order), text, len(at)), [n for n in order if n in NEEDED[name]]


@cache
def _pattern(name: bytes, order: tuple[bytes, ...]) -> re.Pattern[bytes]:
    """Return what finds elements with these attributes, of which only the needed ones must be."""
    needed = NEEDED[name]
    _sure(len(set(order)) == len(order) and set(needed) <= set(order) and b"action" not in order)
    parts = [b"<" + name]
    for key in order:
        if key in needed:
            parts.append(b" " + key + b"=" + (INTEGER if key == b"id" else DECIMAL))
        else:
            value = b'"true"' if key == b"visible" else VALUE
            parts.append(b"(?: " + key + b"=" + value + b")?+")
    return re.compile(b"".join(parts) + (EMPTY if name == b"member" else OPEN_OR_EMPTY))


def _all(pattern: re.Pattern[bytes], text: bytes, count: int) -> list[Any]:
    """Find a pattern as often as it must be there."""
    found = pattern.findall(text) if count else []
    _sure(len(found) == count)
    return found


def _integers(texts: list[bytes]) -> Ints:
    return np.fromstring(b" ".join(texts), dtype=np.int64, sep=" ", count=len(texts))
