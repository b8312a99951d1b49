"""Every error roxham raises, and the faults it lists.

One root, builtin parents: ``except RoxhamError`` catches all of ours, and code
that expects ``ValueError``, ``OSError`` or ``LookupError`` still works.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .quoting import name_of, printable, without_secrets

__all__ = [
    "CallError",
    "DataError",
    "Fault",
    "FetchError",
    "Kind",
    "NoRouteError",
    "RoxhamError",
    "WriteError",
    "kinds_of",
    "nearest",
]

SHOWN_LENGTH = 80
"""Longest piece of input text that a message quotes."""
FIRST = 3
"""So many places of a kind of fault are named."""
ITS_OWN = re.compile(r"“[^”]*”|[0-9][0-9.,]*")
"""What a fault says of its own cell; the rest is of its kind."""


BLANKS = "\xa0\u2007\u2009\u200a\u202f"
"""Blanks between the digits of a number, which are no sign of anything hidden."""


def shown(value: object) -> str:
    """Quote a value for a message: one line, printable, no secret, at most 80 characters."""
    text = without_secrets(str(value), whole=True)
    if not text.isprintable():
        text = "".join(" " if c in BLANKS else c for c in text)
        text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with an input; no part of it repeats a password or a key.

    Attributes
    ----------
    file
        The file, as the caller named it.
    problem
        What was found, in words.
    remedy
        What to do about it.
    row
        Line of a text file (the header is line 1) or 1-based feature number.
    column
        Column name.

    Examples
    --------
    >>> print(Fault("my.csv", "is not a number.", "Write digits only.", row=3, column="count"))
    my.csv, row 3, column count: is not a number. Write digits only.
    """

    file: str
    problem: str
    remedy: str = ""
    row: int | None = None
    column: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "file", name_of(self.file))
        for name in ("problem", "remedy"):
            object.__setattr__(self, name, _told(str(getattr(self, name))))
        if self.column is not None:
            column = printable(without_secrets(str(self.column), whole=True))
            object.__setattr__(self, "column", column)

    def __str__(self) -> str:
        where = [self.file]
        if self.row is not None:
            where.append(f"row {self.row}")
        if self.column is not None:
            where.append(f"column {shown(self.column)}")
        return f"{', '.join(where)}: {self.problem}" + (f" {self.remedy}" if self.remedy else "")


def nearest(text: object, known: Iterable[str]) -> str:
    """Return what to do about a word that is not known: the one meant, or all there are.

    Examples
    --------
    >>> nearest("lenght_m", ["length_m", "travel_time_s"])
    'Is it length_m?'
    >>> nearest("colour", ["length_m", "travel_time_s"])
    'There are: length_m, travel_time_s.'
    """
    words = list(dict.fromkeys(known))
    near = difflib.get_close_matches(str(text), words, 1)
    if near:
        return f"Is it {near[0]}?"
    return f"There are: {', '.join(words)}." if words else "There is none."


class Kind(NamedTuple):
    """Faults that are alike: how many, where the first are, and one of them."""

    times: int
    rows: tuple[int, ...]
    first: Fault


def _rows(some: Iterable[Fault]) -> tuple[int, ...]:
    """Return the first rows of some faults, each once."""
    return tuple(dict.fromkeys(f.row for f in some if f.row is not None))[:FIRST]


def kinds_of(faults: Iterable[Fault]) -> list[Kind]:
    """Return the kinds of faults in a list, the most frequent first.

    Examples
    --------
    >>> lines = [Fault("a.csv", f"“{row}” is not a date.", "", row, "date") for row in (2, 3, 4, 5)]
    >>> [(kind.times, kind.rows) for kind in kinds_of([*lines, Fault("a.csv", "is cut off.")])]
    [(4, (2, 3, 4)), (1, ())]
    """
    alike: dict[tuple[object, ...], list[Fault]] = {}
    for fault in faults:
        told = ITS_OWN.sub("", fault.problem)
        # A column that is missing is of one kind with the others that are.
        column = None if fault.problem.startswith("has no such column") else fault.column
        alike.setdefault((fault.file, column, told), []).append(fault)
    kinds = [Kind(len(some), _rows(some), some[0]) for some in alike.values()]
    return sorted(kinds, key=lambda kind: -kind.times)


class RoxhamError(Exception):
    """Root of all errors of this package; none repeats a password or a key.

    Examples
    --------
    >>> str(RoxhamError("no answer of postgresql://me:secret@host/data"))
    'no answer of postgresql://…@host/data'
    """

    def __init__(self, *words: object) -> None:
        super().__init__(*(_told(word) if isinstance(word, str) else word for word in words))


def _told(text: str) -> str:
    return printable(without_secrets(text))


class DataError(RoxhamError, ValueError):
    """An input cannot be used. ``faults`` holds every reason at once.

    Examples
    --------
    >>> try:
    ...     raise DataError([Fault("my.csv", "is not a number.", row=3, column="count")])
    ... except ValueError as error:
    ...     print(error)
    my.csv, row 3, column count: is not a number.
    """

    def __init__(self, faults: Fault | str | Iterable[Fault]) -> None:
        self.faults: Sequence[Fault] = ()
        given: tuple[object, ...] = (faults,)
        if isinstance(faults, Iterable) and not isinstance(faults, str):
            given = tuple(faults)
        found = tuple(one for one in given if isinstance(one, Fault))
        if len(found) == len(given):  # else words, or what was taken for faults
            self.faults = found
        super().__init__("\n".join(map(str, given)))


class CallError(DataError, TypeError):
    """A function was called with an argument too many, one unknown, or without one it needs.

    Examples
    --------
    >>> from roxham.geo import load_places
    >>> try:
    ...     load_places(regoin="roxham")
    ... except TypeError as error:
    ...     print(error)
    regoin: is no argument of load_places(). Is it region?
    """


class WriteError(DataError):
    """The system did not take all that was to be written; what was there stays as it was.

    Examples
    --------
    >>> issubclass(WriteError, DataError)
    True
    """


class FetchError(RoxhamError, OSError):
    """A download failed, or the network is not there.

    Examples
    --------
    >>> issubclass(FetchError, RoxhamError), issubclass(FetchError, OSError)
    (True, True)
    """


class NoRouteError(RoxhamError, LookupError):
    """No route answers the question.

    Examples
    --------
    >>> issubclass(NoRouteError, RoxhamError), issubclass(NoRouteError, LookupError)
    (True, True)
    """
