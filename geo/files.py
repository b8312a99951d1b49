"""Write files whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import DataError, Fault

__all__ = [
    "ELSEWHERE",
    "LONGEST_STEM",
    "replacing",
    "require_writable",
    "unwritable",
    "write_atomic",
]

ELSEWHERE = "Name another folder, or get the right to write there."
ROOM = "Make room there, or name another folder."
LONGEST_STEM = 50
"""Letters of a name that its temporary neighbour has, whose own name must not be too long."""


def require_writable(path: str | Path) -> Path:
    """Return the path if a file can be written there, before any work is done.

    Raises
    ------
    DataError
        If it is a directory, or its folder is missing or closed to us.
    """
    path = Path(path)
    if path.is_dir():
        raise DataError(Fault(str(path), "is a directory.", "Name a file to write."))
    if not path.absolute().parent.is_dir():
        raise DataError(Fault(str(path), "its folder does not exist.", "Create the folder first."))
    if not os.access(path.absolute().parent, os.W_OK):
        raise DataError(Fault(str(path), "its folder cannot be written to.", ELSEWHERE))
    return path


def unwritable(path: str | Path, error: OSError) -> DataError:
    """Return what to raise where the system refuses to write: what, where and what to do."""
    remedy = ROOM if error.errno == errno.ENOSPC else ELSEWHERE
    return DataError(Fault(str(path), f"cannot be written: {error.strerror or error}.", remedy))


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Give a file beside ``path`` to write to, which takes its place when all went well.

    A reader sees the old file or the new one, never a half.

    Parameters
    ----------
    path
        Where to write; an existing file is replaced.

    Raises
    ------
    DataError
        If nothing can be written there; an existing file stays as it was.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with replacing(Path(folder) / "a.txt") as part:
    ...         _ = part.write_text("x")
    ...     (Path(folder) / "a.txt").read_text()
    'x'
    """
    path = require_writable(path)
    # The same folder, so that the last step is a rename within one file system; the
    # same ending, as writers go by it.
    try:
        handle, name = tempfile.mkstemp(
            dir=path.absolute().parent,
            prefix=f".{path.stem[:LONGEST_STEM]}.",
            suffix=f".part{path.suffix}",
        )
    except OSError as error:
        raise unwritable(path, error) from None
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(0o666 & ~_umask())
        part.replace(path)
    except OSError as error:
        raise unwritable(path, error) from None
    finally:
        part.unlink(missing_ok=True)


def write_atomic(path: str | Path, content: bytes) -> Path:
    """Write the bytes of a whole file, or leave the old one; see :func:`replacing`.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_atomic(Path(folder) / "a.csv", b"x").read_bytes()
    b'x'
    """
    with replacing(path) as part:
        part.write_bytes(content)
    return Path(path)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
