"""Bounds on what one file may ask of this machine, each known by its name, and raised by it.

What can be told before it is read is refused before: sizes, columns, rows. What only comes out as
it is read is asked at every piece (:func:`spend`): how long it has taken, and how much memory.
"""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import IO, NamedTuple

from .errors import DataError, Fault

__all__ = [
    "DEFAULTS",
    "Asked",
    "Bounded",
    "bound",
    "hear",
    "held",
    "require",
    "require_cells",
    "require_json",
    "require_size",
    "set_bound",
    "spend",
    "within_bounds",
]

DEFAULTS = {
    "columns": 10_000,
    "rows": 2_000_000,
    "points": 50_000_000,
    "page_features": 1_000_000,
    "page_points": 3_000_000,
    "whole_bytes": 2_000_000_000,
    "ratio": 100,
    "keys": 20_000,
    "depth": 40,
    "meetings": 200_000,
    "seconds": 1_800,
    "memory": 8_000_000_000,
}
"""``columns`` of a table; ``rows`` of a layer of a page that is read, and its ``points``;
``page_features`` of a layer that is drawn, and ``page_points`` of their geometries;
``whole_bytes`` of what is read whole: JSON, GraphML, tables of text, a page's layer, unpacked;
``ratio`` of a packed file to what comes out of it, beyond 100 MB; ``keys`` of a region's file, and
``depth``: the parts of one of them; ``meetings`` of the steps of a border with each other, beyond
twenty a step; ``seconds`` that reading one file may take, and bytes of
``memory`` that it may add to the process."""

FREE = 100_000_000
OBJECT, POINTER = 64, 8
"""Bytes that the smallest list or mapping takes, and a place in one."""
PIECE = 1 << 24
SAID = {
    "whole_bytes": "is larger than {:,} bytes, and has to be read whole.",
    "ratio": "unpacks to more than {:,} times its size.",
    "depth": "has a key of more than {:,} parts.",
    "meetings": "crosses or nears itself too often: more than {:,} pairs of steps, and 20 a step.",
    "seconds": "takes more than {:,} seconds to read.",
    "memory": "needs more than {:,} bytes of memory.",
}
"""How a bound is told that is no number of things."""


class _Spent(NamedTuple):
    """What a file began to be read with."""

    file: str
    began_s: float
    bytes: int


class Asked(NamedTuple):
    """How far a file that is being read may go, and what is to be said if it goes further."""

    until_s: float
    """Of the system's clock that only goes forward."""
    bytes: int
    """Of memory, in all."""
    too_long: str
    too_large: str


_HEARD: list[Callable[[Asked | None], None]] = []

_SPENT: ContextVar[_Spent | None] = ContextVar("spent", default=None)


def set_bound(name: str, value: str) -> None:
    """Set a bound for this process, as its environment does.

    Raises
    ------
    DataError
        If there is no such bound, or the value is no whole number above 0.
    """
    if name not in DEFAULTS:
        known = ", ".join(DEFAULTS)
        raise DataError(Fault("--bound", f"{name[:40]} is no bound.", f"There are: {known}."))
    os.environ[f"ROXHAM_MAX_{name.upper()}"] = value
    bound(name)


def bound(name: str) -> int:
    """Return a bound: of the environment (``ROXHAM_MAX_COLUMNS``) or by default.

    Raises
    ------
    DataError
        If the environment says anything but a whole number above 0.

    Examples
    --------
    >>> bound("columns")
    10000
    """
    variable = f"ROXHAM_MAX_{name.upper()}"
    told = os.environ.get(variable)
    if told is None:
        return DEFAULTS[name]
    if not (told.isascii() and told.isdecimal() and len(told) < 20 and int(told)):
        raise DataError(Fault(variable, f"is no whole number above 0: {told[:40]}.", "Correct it."))
    return int(told)


def require(name: str, value: int, file: str) -> None:
    """Raise if a file asks for more than a bound."""
    if value > bound(name):
        raise DataError(_beyond(name, file))


def _beyond(name: str, file: str) -> Fault:
    found = SAID.get(name, f"has more than {{:,}} {name}.").format(bound(name))
    return Fault(file, found, f"If it is sound, set ROXHAM_MAX_{name.upper()} higher.")


def require_cells(rows: int, columns: int, file: str) -> None:
    """Raise if a table that is read whole has too many columns, or cells for the memory."""
    require("columns", columns, file)
    require("memory", 8 * rows * max(columns, 1), file)


def require_json(text: bytes, file: str) -> None:
    """Raise if a JSON text is of more values than the memory holds: each bracket is an object."""
    objects = text.count(b"[") + text.count(b"{")
    require("memory", OBJECT * objects + POINTER * text.count(b","), file)


def spend() -> None:
    """Raise if the file that is being read has taken too long, or too much memory."""
    spent = _SPENT.get()
    if spent is None:
        return
    require("seconds", int(time.monotonic() - spent.began_s), spent.file)
    require("memory", held() - spent.bytes, spent.file)


def hear(tell: Callable[[Asked | None], None]) -> None:
    """Have somebody told of each file as it begins to be read; and None, when it is read."""
    _HEARD.append(tell)


def held(process: int | str = "self") -> int:
    """Return the bytes of memory that a process holds; 0 where the system does not tell."""
    try:
        handle = os.open(f"/proc/{process}/statm", os.O_RDONLY)
        try:
            return int(os.read(handle, 200).split()[1]) * os.sysconf("SC_PAGE_SIZE")
        finally:
            os.close(handle)
    except (OSError, ValueError, IndexError, AttributeError):
        return 0


def require_size(path: Path, file: str) -> None:
    """Raise if a file that will be read whole is too large for that.

    Raises
    ------
    OSError
        If it is not there.
    """
    require("whole_bytes", path.stat().st_size, file)


class Bounded(io.RawIOBase):
    """A file that is read within bounds, whatever it unpacks to.

    Parameters
    ----------
    file
        Opened for bytes, unpacked.
    name
        What to call it in messages.
    packed
        Its size on the disk if it is packed.
    """

    def __init__(self, file: IO[bytes], name: str, packed: int | None = None) -> None:
        self._file, self._name, self._packed, self._came = file, name, packed, 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; all of them only if that is not too much."""
        if size < 0:
            return b"".join(self._pieces())
        data = self._file.read(size)
        self._came += len(data)
        if self._came >> 22 != (self._came - len(data)) >> 22:  # each 4 MB
            spend()
        if self._packed is not None and self._came > FREE:
            require("ratio", -(-(self._came - FREE) // max(self._packed, 1)), self._name)
        return data

    def _pieces(self) -> Iterator[bytes]:
        size = 0
        while piece := self.read(PIECE):
            size += len(piece)
            require("whole_bytes", size, self._name)
            yield piece

    def seek(self, place: int, whence: int = 0) -> int:
        """Go back to the beginning."""
        self._came = 0
        return self._file.seek(place, whence)


@contextmanager
def within_bounds(file: str) -> Iterator[None]:
    """Read a file within the bounds; what is too large or nested too deeply is no fault of ours.

    A file within a file is a part of it: time and memory are those of the outer one.
    """
    outer = _SPENT.get()
    spent = outer or _Spent(file, time.monotonic(), held())
    mark = _SPENT.set(spent)
    if outer is None:
        _tell(spent)
    try:
        yield
        spend()
    except MemoryError:
        raise DataError(
            Fault(file, "needs more memory than there is.", "Give a part of it.")
        ) from None
    except RecursionError:
        raise DataError(Fault(file, "is nested too deeply.", "Save it again.")) from None
    finally:
        _SPENT.reset(mark)
        if outer is None:
            _tell(None)


def _tell(spent: _Spent | None) -> None:
    if not _HEARD:
        return
    asked = spent and Asked(
        spent.began_s + bound("seconds") + 1,
        spent.bytes + bound("memory"),
        *(str(_beyond(name, spent.file)) for name in ("seconds", "memory")),
    )
    for tell in _HEARD:
        tell(asked)
