"""Write files whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

from roxham.geo.errors import DataError, Fault, WriteError
from roxham.geo.workplace import workplace

__all__ = [
    "ELSEWHERE",
    "adopt",
    "is_read_only",
    "replacing",
    "require_writable",
    "settle",
    "unwritable",
    "write_atomic",
    "write_together",
]

ELSEWHERE = "Name another folder, or get the right to write there."
ROOM = "Make room there, or name another folder."

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
UNASKED = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP})
"""What a file system answers that cannot be asked to settle a file."""
BINARY = getattr(os, "O_BINARY", 0)  # Windows
KINDS = {
    stat.S_IFDIR: "a directory",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFBLK: "a device",
    stat.S_IFCHR: "a device",
}


def _has(part: Path, size: int) -> bool:
    return part.stat().st_size == size


def require_writable(path: str | Path) -> Path:
    """Return the path if a file can be written there, before any work is done.

    Raises
    ------
    DataError
        If it is a directory, a pipe, a socket, a device, a link that leads to none but
        itself, read-only, or the file that the output is printed to; or if its folder is
        missing or closed to us.
    """
    _target(Path(path))
    return Path(path)


def unwritable(path: str | Path, error: OSError) -> WriteError:
    """Return what to raise where the system refuses to write: what, where and what to do."""
    remedy = ROOM if error.errno in FULL else ELSEWHERE
    return WriteError(Fault(str(path), f"cannot be written: {error.strerror or error}.", remedy))


def _holds_something(part: Path) -> bool:
    return part.stat().st_size > 0


@contextmanager
def replacing(
    path: str | Path, *, whole: Callable[[Path], bool] = _holds_something
) -> Iterator[Path]:
    """Give a file of the same name to write to, which takes the place when all went well.

    A reader sees the old file or the new one, never a half, and the new one is on the
    disk before the old one goes. What stands at ``path`` decides:

    - A plain file is replaced; the new one has its mode and, where we may, its owner and
      group, not its extended attributes. Another hard link keeps the old content.
    - A link is followed: the file it leads to is replaced, or made, and the link stays.
    - A pipe, a socket or a device (``/dev/null`` too) is refused, and so is a file that
      is read-only, to root as well, although its folder would allow the change.
    - A new file has the mode that the umask gives.

    Parameters
    ----------
    path
        Where to write; an existing file is replaced.
    whole
        Whether the file holds all that was written to it; by default, anything. Some
        libraries say nothing of a full disk.

    Raises
    ------
    DataError
        If nothing may be written there.
    WriteError
        If the system does not take all of it; an existing file stays as it was.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with replacing(Path(folder) / "a.txt") as part:
    ...         _ = part.write_text("x")
    ...     (Path(folder) / "a.txt").read_text()
    'x'
    """
    path = Path(path)
    target, old = _target(path)
    try:
        with workplace(target) as place:
            part = place / "new" / target.name
            mode = 0o666 if old is None else 0o600
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode))
            try:
                yield part
                settle(part)
                if not whole(part):
                    raise WriteError(Fault(str(path), "could not be written whole.", ROOM))
                if old is not None:
                    adopt(part, old)
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
            with suppress(OSError):  # the new file is there, if not yet for a fall of the power
                settle(target.parent)
    except OSError as error:
        raise unwritable(path, error) from error


def write_atomic(path: str | Path, content: bytes) -> Path:
    """Write the bytes of a whole file, or leave the old one; see :func:`replacing`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_atomic(Path(folder) / "a.csv", b"x").read_bytes()
    b'x'
    """
    with replacing(path, whole=partial(_has, size=len(content))) as part:
        part.write_bytes(content)
    return Path(path)


def write_together(files: Mapping[Path, bytes]) -> None:
    """Write files that belong together, each whole; none takes its place if one cannot.

    They take their places in this order: what names the others comes last.

    Raises
    ------
    DataError, WriteError
        As :func:`replacing`.
    """
    with ExitStack() as places:  # which are left in the order turned round
        parts = {
            path: places.enter_context(replacing(path, whole=partial(_has, size=len(files[path]))))
            for path in reversed([*files])
        }
        for path, content in files.items():
            try:
                parts[path].write_bytes(content)
                settle(parts[path])
            except OSError as error:
                raise unwritable(path, error) from error


def settle(path: Path) -> None:
    """Bring what was written to a file or a folder to the disk; only then is it sure to fit.

    Raises
    ------
    OSError
        If it does not.
    """
    folder = path.is_dir()
    if folder and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if folder else os.O_RDWR | BINARY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in UNASKED:
            raise
    finally:
        os.close(handle)


def adopt(new: Path, old: os.stat_result) -> None:
    """Give a file or folder the mode, owner and group of the one it replaces, where we may."""
    mode = stat.S_IMODE(old.st_mode)
    if hasattr(os, "chown"):
        for owner in (old.st_uid, -1):
            with suppress(OSError):
                os.chown(new, owner, old.st_gid)
                break
        now = new.stat()
        if now.st_uid != old.st_uid:
            mode &= ~stat.S_ISUID
        if now.st_gid != old.st_gid:  # our group may do what others may, not what theirs may
            mode = mode & ~(stat.S_ISGID | stat.S_IRWXG) | (mode & stat.S_IRWXO) << 3
    with suppress(OSError):  # some file systems have no modes
        new.chmod(mode)


def is_read_only(path: Path, known: os.stat_result) -> bool:
    """Whether a file or folder is not for us to change: root's rights are not asked for."""
    return not known.st_mode & 0o222 or not os.access(path, os.W_OK)


def _target(path: Path) -> tuple[Path, os.stat_result | None]:
    """Return the file that a name leads to, and what is known of it if it is there."""
    old = None
    try:
        with suppress(FileNotFoundError, NotADirectoryError):
            old = path.stat()
        target = Path(os.path.realpath(path)) if path.is_symlink() else path.absolute()
    except OSError as error:
        problem = f"cannot be reached: {error.strerror or error}."
        raise DataError(Fault(str(path), problem, "Name another file.")) from error
    if old is not None and not stat.S_ISREG(old.st_mode):
        kind = KINDS.get(stat.S_IFMT(old.st_mode), "no plain file")
        raise DataError(Fault(str(path), f"is {kind}.", "Name a file to write."))
    if not target.parent.is_dir():
        raise DataError(Fault(str(path), "its folder does not exist.", "Create the folder first."))
    if not os.access(target.parent, os.W_OK):
        raise DataError(Fault(str(path), "its folder cannot be written to.", ELSEWHERE))
    if old is not None and is_read_only(target, old):
        raise DataError(Fault(str(path), "is read-only.", "Make it writable, or name another."))
    if old is not None and _is_printed_to(old):
        problem = "is where the output is printed to."
        raise DataError(Fault(str(path), problem, "Name another file, or do not redirect to it."))
    return target, old


def _is_printed_to(known: os.stat_result) -> bool:
    """Whether a file is our standard output or error: what is printed would go with the old one."""
    for stream in (1, 2):
        with suppress(OSError):
            if os.path.samestat(known, os.fstat(stream)):
                return True
    return False
