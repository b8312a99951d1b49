"""What needs more than roxham's own requirements: which extra it is, and how to install it."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, requires

__all__ = ["EXTRAS", "asked_for", "install_line"]

EXTRAS = {
    "arrow": "GeoParquet and Parquet files, saved networks",
    "dask": "many files at once, in this process or on a cluster",
    "excel": "workbooks: xlsx and ods",
    "postgresql": "tables of a PostgreSQL or PostGIS database",
    "static": "pictures for print (PNG, PDF) and drawn series",
    "types": "type checkers that know what a GeoDataFrame is",
}
"""Each extra, and what it is for."""

EXTRA = re.compile(r"extra\s*==\s*['\"]([\w-]+)['\"]")


def asked_for(extra: str | None) -> list[str]:
    """Return what an extra, or without any roxham itself, asks for; nothing if not installed."""
    try:
        lines = requires("roxham") or []
    except PackageNotFoundError:  # run from a folder
        return []
    asked = []
    for line in lines:
        requirement, _, marker = line.partition(";")
        named = EXTRA.search(marker)
        if (named and named[1]) == extra:
            asked.append(requirement.strip())
    return asked


def install_line(extra: str) -> str:
    """Return the command that installs an extra, wherever roxham was installed from.

    Examples
    --------
    >>> install_line("excel").startswith("pip install ")
    True
    """
    asked = asked_for(extra) or [f".[{extra}]"]  # in a clone that is not installed
    return "pip install " + " ".join(f"'{requirement}'" for requirement in asked)
