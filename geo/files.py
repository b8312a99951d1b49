"""Write files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from .errors import DataError, Fault

__all__ = ["require_writable", "write_atomic"]


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
        raise DataError(Fault(str(path), "its folder cannot be written to."))
    return path


def write_atomic(path: str | Path, content: bytes) -> Path:
    """Write a file so that a reader sees the old one or the new one, never a half.

    Parameters
    ----------
    path
        Where to write; an existing file is replaced.
    content
        The bytes of the whole file.

    Raises
    ------
    DataError
        If nothing can be written there; an existing file stays as it was.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_atomic(Path(folder) / "a.csv", b"x").read_bytes()
    b'x'
    """
    path = require_writable(path)
    # The same folder, so that the last step is a rename within one file system.
    handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=path.name, suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o666 & ~_umask())
        part.replace(path)
    except OSError as error:
        raise DataError(Fault(str(path), f"cannot be written: {error.strerror}.")) from error
    finally:
        part.unlink(missing_ok=True)
    return path


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
