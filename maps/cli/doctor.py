"""The command that says what is installed, what works offline, and what is kept."""

from __future__ import annotations

import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any

import typer

import roxham
from roxham.geo import read_region, region_names
from roxham.geo.extras import EXTRAS, asked_for, install_line
from roxham.geo.readers.overpass import default_cache

from .shared.console import json_text, out, print_data, print_pairs

__all__ = ["doctor_command"]

OFFLINE = {
    "map, export, check": "page, pictures, data package, rules of publication",
    "counts, claims, data, regions": "what ships, and files of your own",
    "routes, table, reach, access, context": "on the schematic roads that ship, or on a file",
    "roads, crossings": "networks and borders from files",
}
"""What needs no network."""
ONLINE = {
    "fetch": "roads from Overpass; what is kept is not asked for again",
    "https://…, postgresql://…": "a table at an address that you give",
}
"""What does."""


def doctor_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what is installed, what works offline, what is kept, and which regions there are."""
    found = examination()
    if as_json:
        print_data(json_text(found))
        return
    out.print("Installed", style="bold")
    print_pairs([(name, told or "missing") for name, told in found["installed"].items()])
    out.print("\nExtras", style="bold")
    print_pairs(
        [
            (name, f"{extra['for']}: " + ("there" if extra["present"] else extra["install"]))
            for name, extra in found["extras"].items()
        ]
    )
    for title, key in (("Works offline", "offline"), ("Asks the network", "online")):
        out.print(f"\n{title}", style="bold")
        print_pairs(list(found[key].items()))
    out.print("\nKept", style="bold")
    print_pairs([(c["folder"], told_of(c)) for c in found["caches"]])
    out.print("\nRegions", style="bold")
    print_pairs(list(found["regions"].items()))


def examination() -> dict[str, Any]:
    """Return what the command tells."""
    own = {"python": platform.python_version(), "roxham": roxham.__version__}
    return {
        "installed": own | {name: installed(name) for name in map(name_of, asked_for(None))},
        "extras": {
            name: {
                "for": told,
                "present": all(installed(name_of(line)) for line in asked_for(name) or [name]),
                "install": install_line(name),
            }
            for name, told in EXTRAS.items()
        },
        "offline": OFFLINE,
        "online": ONLINE,
        "caches": [kept(default_cache())],
        "regions": {name: read_region(name).title for name in region_names()},
    }


def name_of(requirement: str) -> str:
    """Return which distribution is asked for.

    Examples
    --------
    >>> name_of("psycopg[binary]>=3.2")
    'psycopg'
    """
    found = re.match(r"[\w.-]+", requirement)
    return found[0] if found else requirement


def installed(name: str) -> str | None:
    """Return the version of a distribution, None if it is not there."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def kept(folder: Path) -> dict[str, Any]:
    """Return a folder, how many files are in it, their size, and what is wrong with it."""
    wrong, sizes = None, []
    try:
        if folder.exists():
            next(folder.iterdir(), None)  # raises where the search below finds nothing, and says so
        sizes = [file.stat().st_size for file in folder.rglob("*") if file.is_file()]
    except OSError as error:
        wrong = error.strerror
    return {"folder": str(folder), "files": len(sizes), "bytes": sum(sizes), "wrong": wrong}


def told_of(cache: dict[str, Any]) -> str:
    """Return what there is to say of a folder."""
    if cache["wrong"] is not None:
        return f"cannot be used: {cache['wrong']}. Move it away, or set XDG_CACHE_HOME."
    return f"{cache['files']} files, {cache['bytes']:,} B" if cache["files"] else "nothing yet"
