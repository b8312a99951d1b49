"""What a region's files are called: ground such as roads, tables of facts such as incidents."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from roxham.geo.errors import Fault, nearest

__all__ = ["REGION_FILE", "TABLES", "file_kinds", "kind_faults", "shipped_files"]

REGION_FILE = "region.toml"
"""What a folder is a region by."""
TABLES: set[str] = set()
"""Tables of facts, each named by its entry when that is made; a user's own are among them."""


def shipped_files() -> dict[str, Traversable]:
    """Return the file of each region that ships, by its name."""
    folder = files("roxham.geo") / "data" / "regions"
    found = {one.name: one.joinpath(REGION_FILE) for one in folder.iterdir()}
    return {name: file for name, file in sorted(found.items()) if file.is_file()}


@cache
def _shipped() -> frozenset[str]:
    """Return the kinds that the regions that ship name."""
    texts = (file.read_text(encoding="utf-8") for file in shipped_files().values())
    return frozenset(kind for text in texts for kind in tomllib.loads(text)["files"])


def file_kinds() -> list[str]:
    """Return every kind of file that a region may have.

    Examples
    --------
    >>> {"border", "ports", "incidents"} <= {*file_kinds()}
    True
    """
    return sorted({*_shipped(), *TABLES})


def kind_faults(given: Iterable[str], file: str | None = None) -> list[Fault]:
    """Return a fault for every kind of file that no region has: of an argument, or of a file.

    Examples
    --------
    >>> print(*kind_faults(["roads", "bordr"]))
    bordr: is no file that a region has. Is it border?
    >>> print(*kind_faults(["bordr"], "region.toml"))
    region.toml, column files.bordr: is no file that a region has. Is it border?
    """
    known, told = file_kinds(), "is no file that a region has."
    return [
        Fault(file or kind, told, nearest(kind, known), column=f"files.{kind}" if file else None)
        for kind in given
        if kind not in known
    ]
