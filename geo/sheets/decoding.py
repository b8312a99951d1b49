"""How the bytes of a table of text are to be read as letters: found out, said, or asked."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.region import active_region

from .encodings import encoding_named, read_words

__all__ = ["UTF8", "encoding_of", "is_utf16"]

UTF8 = "utf-8-sig"
MARKS = (
    (codecs.BOM_UTF8, UTF8),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
PIECE = 1 << 22
LINE = 1 << 22
"""A line longer than so many bytes is cut wherever it is."""
WORDS = 20_000
"""So many different words that are not ASCII tell an encoding."""
WORD = re.compile(rb"[A-Za-z]*[\x80-\xff][A-Za-z\x80-\xff]*")
HALF = 0.4
"""Of the bytes of Latin letters in UTF-16 about half are 0."""
SAVE = "Save it as CSV UTF-8"


def encoding_of(path: Path, name: str, said: str | None = None) -> tuple[str, list[str]]:
    """Return the encoding of a text file for ``open``, and what is to be said of it.

    Parameters
    ----------
    path, name
        A file that can be opened, and what to call it in messages.
    said
        The encoding that its owner names.

    Raises
    ------
    DataError
        If it is no text of that encoding, or of none, or of several that tell different words.
    OSError
        If it cannot be read.
    """
    if said is not None:
        encoding = encoding_named(said)
        if encoding is None:
            told = f"“{shown(said)}” is no encoding of a text."
            raise DataError(Fault("--encoding", told, "Name one such as utf-8, cp1252 or cp1251."))
        if (at := _broken(path, encoding)) is not None:
            found = f"is no text in {encoding} (byte {at})."
            raise DataError(Fault(name, found, "Name its encoding, or leave --encoding out."))
        return ("utf-8-sig" if encoding == "utf-8" else encoding), []
    with path.open("rb") as file:
        head = file.read(PIECE)
    marked = _marked(head)
    at = _broken(path, marked or UTF8)
    if at is None:
        if marked in (None, UTF8):
            return UTF8, []
        return str(marked), [f"the text is read as {str(marked).upper()}"]
    if marked is not None:
        raise DataError(Fault(name, f"is no whole {marked} text (byte {at}).", f"{SAVE}."))
    words = _words(path)
    if 2 * sum(map(_is_utf8, words)) >= len(words):
        raise DataError(Fault(name, f"is UTF-8 with a broken letter (byte {at}).", "Mend it."))
    readings = read_words(words, active_region().languages)
    if not readings:
        remedy = f"{SAVE}, or say --encoding."
        raise DataError(Fault(name, f"is not UTF-8 text (byte {at}).", remedy))
    ways = [f"{one.encoding} “{shown(one.example)}”" for one in readings]
    if len(readings) > 1:
        found = f"is not UTF-8, and can be read in {len(readings)} ways: {', '.join(ways)}."
        remedy = f"Say which, as in --encoding {readings[0].encoding}, or save it as CSV UTF-8."
        raise DataError(Fault(name, found, remedy))
    return readings[0].encoding, [f"the text is read as {ways[0]}"]


def is_utf16(head: bytes) -> bool:
    r"""Whether the NULs of a text are halves of its letters, to judge by its first bytes.

    Examples
    --------
    >>> is_utf16("year,n".encode("utf-16-le")), is_utf16(b"PK\x00\x00data")
    (True, False)
    """
    return _marked(head) not in (None, UTF8)


def _marked(head: bytes) -> str | None:
    marked = next((encoding for mark, encoding in MARKS if head.startswith(mark)), None)
    return marked or _unmarked(head)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _broken(path: Path, encoding: str) -> int | None:
    """Return the first byte that is no text of an encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    try:
        for piece in _pieces(path):
            waiting = len(decoder.getstate()[0])
            decoder.decode(piece)
            done += len(piece)
        waiting = len(decoder.getstate()[0])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return max(done - waiting, 0) + error.start
    except UnicodeError:  # UTF-16 without its mark
        return done
    return None


def _unmarked(head: bytes) -> str | None:
    """Return the kind of UTF-16 that a text without its mark is in."""
    zeros = head[0::2].count(0), head[1::2].count(0)
    half = len(head) / 2
    if min(zeros) > 0 or max(zeros) < HALF * half or not half:
        return None
    return "utf-16-be" if zeros[0] else "utf-16-le"


def _words(path: Path) -> list[bytes]:
    """Return the different words of a text that are not ASCII."""
    found: dict[bytes, None] = {}
    rest = b""
    for piece in _pieces(path):
        text = rest + piece
        cut = max(text.rfind(b"\n"), text.rfind(b"\r")) + 1
        if len(text) > LINE:
            cut = cut or len(text)
        found |= dict.fromkeys(WORD.findall(text[:cut]))
        rest = text[cut:]
        if len(found) > WORDS:
            break
    found |= dict.fromkeys(WORD.findall(rest))
    return list(found)


def _is_utf8(word: bytes) -> bool:
    try:
        word.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
