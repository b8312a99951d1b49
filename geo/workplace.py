"""Where a file or folder is made before it takes its place, and what killed runs left of theirs."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

__all__ = ["completed", "sweep", "workplace"]

LONGEST_NAME = 50
"""Letters of a target's name that its workplace has, whose own name must not be too long."""
PLACE = re.compile(r"\..*\.([0-9a-f]{8})-[0-9a-f]{12}\.part", re.DOTALL)
NEW, OLD = "new", "old"
MACHINE_ID = Path("/etc/machine-id")


@contextmanager
def workplace(target: Path) -> Iterator[Path]:
    """Give a hidden folder beside a target, within its file system, and remove it at the end.

    What is made goes to ``new/NAME`` in it, what is replaced to ``old/NAME``, where
    NAME is the target's; so whoever finds it knows what was to become of it. We hold a lock on the
    folder as long as we live (``flock``: the kernel drops it with us, whatever becomes of
    our number), by which :func:`sweep` knows what is in use.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    sweep(target.parent)
    place, handle = _made(target)
    try:
        (place / NEW).mkdir()
        yield place
    finally:
        with suppress(OSError):
            _clear(place)
        if handle is not None:
            os.close(handle)


def sweep(folder: Path) -> None:
    """Complete or remove what killed runs of ours on this machine left in a folder.

    A run killed between its two renames had its new folder whole: that takes its place now. All
    other workplaces go. One that is locked, of another machine or another user, or on a
    file system without locks, is left alone.
    """
    try:
        found = [place for place in folder.iterdir() if PLACE.fullmatch(place.name)]
    except OSError:
        return
    for place in found:
        with suppress(OSError):  # in use, or gone
            handle = _locked(place) if _is_ours(place) else None
            if handle is not None:
                try:
                    _clear(place)
                finally:
                    os.close(handle)


def completed(target: Path) -> Path:
    """Return a path to read, where what a run that was killed between its renames made now is.

    Examples
    --------
    >>> completed(Path("nowhere")).name
    'nowhere'
    """
    if not os.path.lexists(target):
        sweep(target.absolute().parent)
    return target


def _is_ours(place: Path) -> bool:
    """Whether a workplace was made on this machine, and by this user."""
    match = PLACE.fullmatch(place.name)
    here = match is not None and match[1] == _machine()
    return here and (not hasattr(os, "geteuid") or place.lstat().st_uid == os.geteuid())


@cache
def _machine() -> str:
    """Return a short name of this machine: locks on folders are not seen across a network."""
    known = ""
    with suppress(OSError):
        known = MACHINE_ID.read_text()
    return hashlib.sha256(f"{socket.gethostname()} {known}".encode()).hexdigest()[:8]


def _made(target: Path) -> tuple[Path, int | None]:
    """Return a new folder and the lock on it, None where there are no locks."""
    while True:
        name = f".{target.name[:LONGEST_NAME]}.{_machine()}-{secrets.token_hex(6)}.part"
        place = target.with_name(name)
        place.mkdir(mode=0o700)
        # Between these lines another run may take it for one that nobody holds, and remove it.
        try:
            handle = _locked(place)
        except (BlockingIOError, FileNotFoundError):
            continue
        except OSError:
            return place, None
        return place, handle


def _locked(place: Path) -> int | None:
    """Return a lock on a folder, None where the system knows none.

    Raises
    ------
    OSError
        If another holds it, it is gone, or its file system has no locks.
    """
    if sys.platform == "win32":
        return None
    import fcntl

    handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(os.fstat(handle), place.lstat()):
            raise FileNotFoundError(place)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _clear(place: Path) -> None:
    """Remove a workplace; what was laid aside goes only once its successor has its place."""
    for old in (place / OLD).glob("*"):
        new, target = place / NEW / old.name, place.parent / old.name
        if os.path.lexists(new):  # killed between the two renames
            if os.path.lexists(target):  # somebody came in between: both stay aside
                return
            new.rename(target)
    with suppress(OSError):  # as a rule it is empty
        (place / NEW).rmdir()
        place.rmdir()
        return
    shutil.rmtree(place, ignore_errors=True)
