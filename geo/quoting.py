"""Texts fit to be told: without passwords and keys, and without characters that act.

Whatever a message quotes may be an address with a password in it, or a name that a
stranger chose. Errors and the command line pass every text through here, so that no
caller has to think of it. Where it is not certain what is secret, too much is hidden.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

__all__ = [
    "HIDDEN",
    "MASK_KEY",
    "hide_words",
    "name_of",
    "printable",
    "without_secrets",
    "without_words",
]

HIDDEN = "…"
"""Stands where a secret stood."""
MASK_KEY = "ROXHAM_MASK_KEY"
"""Variable of the environment that holds the secret of masked places."""
SHORTEST_KEY = 8
"""Letters; what is shorter is no secret, and may be part of any word."""

NAMED = re.compile(r"(?<![\w.-])([\w.-]+)\s*=\s*")
SECRET = re.compile(
    r"passw|passphrase|passcode|pwd|token|secret|credential|signature|key(?:[-_.]?id)?$"
    r"|(?:^|[-_.])(?:pass|pw|sig|sas|auth|authorization|jwt)$",
    re.IGNORECASE,
)
"""Names of parameters that hold a secret."""
VALUE = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\S*", re.DOTALL)
DRIVE = re.compile(r"\W{0,3}[a-z]:[\\/]", re.IGNORECASE)
START = re.compile(r":[/\\]*|//")
NO_HOST = re.compile(
    r"(?<![\w+.-])([\w+.-]{2,}:/{1,3}[^\s/?#@:\[]*:)(?!\d{1,5}(?!\w)).+", re.DOTALL
)
"""An address cut short within its password: what follows the user is no port."""
WORD = re.compile(r"\S+")
PIECE = re.compile(r"[\w.-]{5,}")
"""A part of a secret that is long enough to be told from any word."""
_words: dict[str, str] = {}
"""Words of a command line that hold a secret, and what to say instead."""
_pieces: set[str] = set()
"""Parts of these secrets, such as remain where a word is cut at its commas."""


def without_secrets(text: str, *, whole: bool = False) -> str:
    """Return a text with ``…`` where a password, a key or a user stood.

    Parameters
    ----------
    text
        Running text, which may hold addresses (``scheme://user:password@host``, whole,
        malformed or percent-encoded), parameters (``password=…``, ``X-Amz-Signature=…``)
        and the key of masked places.
    whole
        The text is one value, such as an address: a password in it may hold spaces, and
        its query is left out.

    Examples
    --------
    >>> without_secrets("cannot open postgresql://me:secret@host/db or host=h password=secret")
    'cannot open postgresql://…@host/db or host=h password=…'
    >>> without_secrets("https://example.org/a.csv?id=secret", whole=True)
    'https://example.org/a.csv?…'
    """
    text = without_words(text)
    for piece in _pieces:
        text = text.replace(piece, HIDDEN)
    if "=" in text:
        text = _without_values(text, whole=whole)
    if not any(mark in text for mark in ("@", ":/", "%")):  # no address, and none packed
        return text
    if whole:
        return _without_query(_address(text))
    return WORD.sub(lambda word: _address(word[0]), text)


def hide_words(words: Sequence[str]) -> None:
    """Hide from now on what is secret in each word of a command line, whole or cut up."""
    _words.clear()
    _pieces.clear()
    values = [value for word in words for value in (word, word.partition("=")[2])]
    told = {value: without_secrets(value, whole=True) for value in values}
    for value, safe in told.items():
        if safe == value:
            continue
        for form in (value, str(Path(value))):
            _words[form] = _words[repr(form)[1:-1]] = safe
        _pieces.update({*PIECE.findall(f"{value} {unquote(value)}")} - {*PIECE.findall(safe)})


def without_words(text: str) -> str:
    """Return a text without the key of masked places and what :func:`hide_words` was given."""
    key = os.environ.get(MASK_KEY, "")
    if len(key) >= SHORTEST_KEY:
        text = text.replace(key, HIDDEN)
    for word, safe in _words.items():
        text = text.replace(word, safe)
    return text


def name_of(source: str | Path) -> str:
    """Return what to call a file or an address: one line, without user, password and query.

    Examples
    --------
    >>> name_of("postgresql://me:secret@host:5432/db?sslmode=require#incidents")
    'postgresql://host:5432/db#incidents'
    >>> name_of("tables/incidents.csv")
    'tables/incidents.csv'
    """
    text = without_secrets(str(source), whole=True)
    if "//" in text or ":/" in text:
        text = text.replace(f"{HIDDEN}@", "").replace(f"?{HIDDEN}", "")
    return printable(text, keep="")


def printable(text: str, *, keep: str = "\n") -> str:
    r"""Return a text in which no character moves, hides or turns others, but those to keep.

    Control characters, halves of surrogate pairs, marks of direction and of no width
    become ``�``.

    Examples
    --------
    >>> printable("a\x1b[31mb\u202ec d")
    'a�[31mb�c d'
    """
    if text.isprintable():
        return text
    return "".join(
        c
        if c.isprintable() or c in keep or unicodedata.category(c) == "Zs"
        else "\N{REPLACEMENT CHARACTER}"
        for c in text
    )


def _without_values(text: str, *, whole: bool) -> str:
    """Hide the values of parameters that are named as secrets."""
    parts, at = [], 0
    for found in NAMED.finditer(text):
        if found.start() < at or not SECRET.search(found[1]):
            continue
        parts += [text[at : found.end()], HIDDEN]
        value = None if whole else VALUE.match(text, found.end())
        at = value.end() if value else len(text)
    return "".join(parts) + text[at:]


def _without_query(text: str) -> str:
    """Return an address without its query; the table of a database stays."""
    before, mark, after = text.partition("?")
    if not mark or ":/" not in before:
        return text
    table = after.partition("#")[2] if before.lower().startswith("postgres") else ""
    return f"{before}?{HIDDEN}" + (f"#{table}" if table else "")


def _address(text: str) -> str:
    """Hide who asks, in an address as it is or percent-encoded."""
    told = _without_user(text)
    plain = unquote(unquote(told)) if "%" in told else told
    if plain == told:
        return told
    safe = _without_user(_without_values(plain, whole=True))
    return told if safe == plain else safe


def _without_user(text: str) -> str:
    """Hide all from the start of an address to its last ``@``."""
    end = text.rfind("@")
    if end < 0:
        return NO_HOST.sub(rf"\1{HIDDEN}", text)
    drive = DRIVE.match(text)
    start = START.search(text, drive.end() if drive else 0, end)
    return f"{text[: start.end()]}{HIDDEN}{text[end:]}" if start else text
