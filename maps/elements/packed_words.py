"""Texts that a page holds packed: in base64, compressed, as codes of letters, in addresses of data.

What cannot be read is counted, so that whoever asks can say so.
"""

from __future__ import annotations

import base64
import binascii
import csv
import re
import zlib
from collections.abc import Iterator
from urllib.parse import unquote, unquote_to_bytes

__all__ = ["address_text", "packed_away", "unpacked"]

LONGEST = 2_000_000
"""Bytes that are unpacked of one text."""
LONG = 200
"""Letters from which what cannot be unpacked is said to be packed, and no name or number."""
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
HEX = re.compile(r"(?:[0-9a-fA-F]{2}){12,}")
PERCENT = re.compile(r"%[0-9a-fA-F]{2}")
MAGIC = (b"\x1f\x8b", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
"""How gzip and zlib begin."""
NOT_READ = ("image/", "font/", "audio/", "video/")
"""Kinds of data that hold no text that can be read."""
WORDS = re.compile(r"[^\W\d_]{2,}\W+[^\W_]+")
UNPRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")


def packed_away(text: str) -> bool:
    """Whether a text is long and packed, and cannot be read."""
    return len(text) >= LONG and BASE64.fullmatch(text) is not None and not any(unpacked(text))


def unpacked(text: str) -> Iterator[str]:
    """Yield what a text may be once it is unpacked, if that reads like words.

    Examples
    --------
    >>> list(unpacked("TWFyaWEgTG9wZXosIGFnZWQgMzQ="))
    ['Maria Lopez, aged 34']
    >>> list(unpacked("%4d%61%72%69%61%20%4c%6f%70%65%7a"))
    ['Maria Lopez']
    """
    if PERCENT.search(text):
        yield from _worded(unquote_to_bytes(text))
    if HEX.fullmatch(text):
        yield from _worded(bytes.fromhex(text))
    if len(text) > 15 and BASE64.fullmatch(text):
        yield from _worded(_decoded(text))


def address_text(uri: str) -> str | None:
    """Return the text that an address of data holds; None of a picture, a font or a sound."""
    head, _, body = uri[5:].partition(",")
    kind = head.partition(";")[0].strip().lower()
    if kind.startswith(NOT_READ) and "svg" not in kind:
        return None
    data = _decoded(unquote(body)) if head.lower().endswith(";base64") else unquote_to_bytes(body)
    text = next(_texts(data), "")
    return "\n".join(_records(text)) if kind == "text/csv" else text


def _records(text: str) -> Iterator[str]:
    """Yield the rows of a table as texts, each cell with what its column is called."""
    rows = csv.reader(text.splitlines())
    header = next(rows, [])
    yield ", ".join(header)
    for row in rows:
        yield ", ".join(f"{a} {b}" for a, b in zip(header, row, strict=False))


def _decoded(text: str) -> bytes:
    plain = "".join(text.split()).rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4))
    except (ValueError, binascii.Error):
        return b""


def _worded(data: bytes) -> Iterator[str]:
    for text in _texts(data):
        if WORDS.search(text):
            yield text


def _texts(data: bytes) -> Iterator[str]:
    """Yield what bytes read as, unpacked where they are compressed."""
    if data.startswith(MAGIC):
        try:
            data = zlib.decompressobj(wbits=47).decompress(data, LONGEST)
        except zlib.error:
            return
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = data.decode("utf-16" if marked else "utf-8", errors="replace")
    if not UNPRINTED.search(text[:10_000]):
        yield text
