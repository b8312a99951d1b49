"""Files of one's own from an address, ``https:``; tables of databases have ``postgis.py``.

Only an address that the caller gives is asked. Passwords and keys in it are never repeated.
"""

from __future__ import annotations

import re
from pathlib import Path

from roxham.geo.errors import DataError, Fault, FetchError, shown
from roxham.geo.quoting import name_of

from .atomic import unwritable
from .http import Deadline, ask

__all__ = ["download", "is_remote"]

ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+)://?", re.IGNORECASE)
LARGEST_BYTES = 2_000_000_000
TIMEOUT_S = 180.0


def is_remote(source: str | Path) -> bool:
    """Whether a source is an address that we read; raise for one that we do not.

    Examples
    --------
    >>> is_remote("https://example.org/a.csv"), is_remote("a.csv"), is_remote("C:/a.csv")
    (True, False, False)
    """
    found = ADDRESS.match(str(source)) if isinstance(source, str) else None
    if found is None or len(found[1]) == 1:
        return False
    scheme = found[1].lower()
    if scheme == "https" or scheme.partition("+")[0] in ("postgresql", "postgres"):
        return True
    raise DataError(
        Fault(
            str(source),
            f"{shown(scheme)}: is no kind of address that is read.",
            "Give a file, https://… or postgresql://….",
        )
    )


def download(
    address: str,
    path: Path,
    *,
    timeout_s: float = TIMEOUT_S,
    largest_bytes: int = LARGEST_BYTES,
) -> Path:
    """Save what is at an ``https:`` address as a file.

    Parameters
    ----------
    timeout_s
        Seconds that it may go without progress, see :class:`~roxham.geo.io.http.Deadline`.
    largest_bytes
        How large it may be, as sent and unpacked.

    Raises
    ------
    FetchError
        If it cannot be reached, refuses, leads to another site or away from ``https:``,
        breaks off, or a bound is passed.
    """
    name = name_of(address)
    try:
        with path.open("wb") as file:
            answer = ask(
                "GET",
                address,
                deadline=Deadline(timeout_s),
                largest_bytes=largest_bytes,
                sink=file.write,
            )
    except FetchError:  # an OSError, too
        raise
    except OSError as error:
        raise unwritable(path.parent, error) from error
    if answer.status != 200:
        raise FetchError(f"{name}: answered {answer.status} {shown(answer.reason)}.")
    return path
