"""Write a folder whole or not at all, over nothing that somebody made."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from roxham.geo.errors import DataError, Fault
from roxham.geo.io.atomic import ELSEWHERE, adopt, is_read_only, settle, unwritable
from roxham.geo.workplace import sweep, workplace
from roxham.layers.provenance import is_as_described

__all__ = ["MANIFEST", "replacing_folder", "require_free"]

MANIFEST = "datapackage.json"
OURS = "roxham-export"
"""Name of the packages that may be replaced."""
NEW = "Name a new folder, or an earlier export."


@contextmanager
def replacing_folder(folder: str | Path) -> Iterator[Path]:
    """Give a new folder beside ``folder`` to write to, which takes its place when all went well.

    Raises
    ------
    DataError
        If the folder is a link, is read-only or holds anything but an export in which
        nothing was changed since, or cannot be written.
    WriteError
        If the system does not take all of it; an earlier export stays as it was.
    """
    sweep(Path(folder).absolute().parent)  # an earlier run may have been killed half way
    folder = require_free(folder)
    try:
        with workplace(folder) as place:
            new = place / "new" / folder.name
            new.mkdir()
            yield new
            for path in (*new.rglob("*"), new):
                settle(path)
            _put(new, folder, place / "old" / folder.name)
    except OSError as error:
        raise unwritable(folder, error) from None


def _put(new: Path, folder: Path, old: Path) -> None:
    """Put a folder in the place of another, which is laid aside; files keep modes and owners."""
    if folder.exists():
        for path in (folder, *folder.rglob("*")):
            heir = new / path.relative_to(folder)
            if heir.exists():
                adopt(heir, path.stat())
    try:
        if folder.exists():
            old.parent.mkdir()
            folder.rename(old)
        new.rename(folder)
    except BaseException:
        if old.exists():
            old.rename(folder)
        raise
    with suppress(OSError):  # the new folder is there, if not yet for a fall of the power
        settle(folder.parent)


def require_free(folder: str | Path) -> Path:
    """Return the absolute path of a folder that may be written, before any work is done.

    Raises
    ------
    DataError
        As :func:`replacing_folder`.
    """
    folder = Path(folder).absolute()
    try:
        if not folder.parent.is_dir():
            raise DataError(Fault(str(folder), "its folder does not exist.", "Create it first."))
        faults = _in_the_way(folder)
    except OSError as error:
        problem = f"cannot be looked through: {error.strerror or error}."
        raise DataError(Fault(str(folder), problem, NEW)) from None
    if faults:
        raise DataError(faults)
    if not os.access(folder.parent, os.W_OK):
        raise DataError(Fault(str(folder), "its folder cannot be written to.", ELSEWHERE))
    return folder


def _in_the_way(folder: Path) -> list[Fault]:
    """Return what stands where the folder is to be written and is not ours to replace."""
    if not folder.exists() and not folder.is_symlink():
        return []
    if folder.is_symlink() or not folder.is_dir():
        return [Fault(str(folder), "is not a folder.", "Name another.")]
    hashes = _hashes(folder)
    files = (
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir()
    )
    if hashes is None:  # one file is enough, in what may be a whole disk
        return [Fault(str(folder), "is not empty.", NEW)] if any(files) else []
    faults = []
    if is_read_only(folder, folder.stat()):
        faults.append(Fault(str(folder), "is read-only.", "Make it writable, or name another."))
    for name in sorted(files):
        file = folder / name
        if name not in hashes and name != MANIFEST:
            faults.append(Fault(str(file), "is not part of the export.", "Move it away."))
        elif file.is_symlink() or not file.is_file():
            faults.append(Fault(str(file), "is no plain file.", "Move it away."))
        elif is_read_only(file, file.stat()):
            faults.append(Fault(str(file), "is read-only.", "Make it writable."))
        elif name == MANIFEST:
            continue
        elif not is_as_described(file, hashes[name]):
            faults.append(Fault(str(file), "was changed since the export.", "Move it away."))
    return faults


def _hashes(folder: Path) -> dict[str, str] | None:
    """Return the sha256 of the files of an earlier export, None if it is none."""
    if not (folder / MANIFEST).is_file():
        return None
    try:
        package = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if package["name"] != OURS:
            return None
        tables = {r["path"]: r["hash"] for r in package["resources"]}
        hashes = {**tables, **package["documents"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return hashes if all(isinstance(one, str) for one in hashes.values()) else None
