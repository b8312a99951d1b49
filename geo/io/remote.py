"""Files of one's own from an address, ``https:``; tables of databases have ``postgis.py``.

Beside ``postgis.py`` and ``_fetch.py`` the only file that touches the network, and only
for an address that the caller gives. Passwords and keys in an address are never repeated.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from roxham.geo.errors import DataError, Fault, FetchError, shown
from roxham.geo.quoting import name_of

from .atomic import unwritable

if TYPE_CHECKING:
    import requests

__all__ = ["download", "is_remote"]

ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+)://?", re.IGNORECASE)
LARGEST_BYTES = 2_000_000_000
REDIRECTS = 5
TIMEOUT_S = (10.0, 60.0)
"""To connect; between two pieces of the answer."""


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


def download(address: str, path: Path) -> Path:
    """Save what is at an ``https:`` address as a file.

    Raises
    ------
    FetchError
        If it cannot be reached, refuses, leads away from ``https:``, breaks off, or is
        larger than 2 GB.
    """
    import requests

    name = name_of(address)
    try:
        for _ in range(REDIRECTS + 1):
            with requests.get(
                address, stream=True, timeout=TIMEOUT_S, allow_redirects=False
            ) as answer:
                if not answer.is_redirect:
                    return _saved(answer, name, path)
                address = urljoin(address, answer.headers["location"])
                if not address.startswith("https://"):
                    raise FetchError(f"{name}: leads to an address that is not https:.")
    except requests.RequestException as error:
        raise FetchError(f"{name}: cannot be fetched ({type(error).__name__}).") from None
    raise FetchError(f"{name}: leads on more than {REDIRECTS} times.")


def _saved(answer: requests.Response, name: str, path: Path) -> Path:
    if answer.status_code != 200:
        raise FetchError(f"{name}: answered {answer.status_code} {shown(answer.reason)}.")
    import requests

    size = 0
    try:
        with path.open("wb") as file:
            for piece in answer.iter_content(1 << 20):
                size += len(piece)
                if size > LARGEST_BYTES:
                    raise FetchError(f"{name}: is larger than {LARGEST_BYTES / 1e9:g} GB.")
                file.write(piece)
    except (requests.RequestException, FetchError):  # these are OSErrors, too
        raise
    except OSError as error:
        raise unwritable(path.parent, error) from error
    return path
