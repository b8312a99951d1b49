"""The regions that ship, each a folder; the first is the one meant where none is named."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from roxham.geo.arguments import checked, is_folder
from roxham.geo.crs import suggest_metric_crs
from roxham.geo.errors import DataError, Fault, nearest, shown

from .kinds import REGION_FILE, shipped_files
from .study_area import Region

__all__ = ["DEFAULT", "read_region", "region_names", "shipped_region"]

DEFAULT = "roxham"
"""The region that is meant where none is named; no other place says so."""


def region_names() -> list[str]:
    """Return the names of the regions that ship.

    Returns
    -------
    list of str
        Names, sorted.

    Examples
    --------
    >>> region_names()
    ['roxham']
    """
    return list(shipped_files())


@checked()
def read_region(source: str | Path) -> Region:
    """Read a region that ships, by its name, or one of your own, by its folder.

    Parameters
    ----------
    source
        A name of :func:`region_names`, or a folder with a ``region.toml`` (or that file).

    Returns
    -------
    Region
        Its bounds in degrees, EPSG:4326, west, south, east, north.

    Raises
    ------
    DataError
        If there is none, or its file is at fault: all faults at once, with line and key.

    Examples
    --------
    >>> read_region("roxham").sides
    ('CA', 'US')
    """
    text = str(source)
    if isinstance(source, str) and text in region_names():
        return shipped_region(text)
    path = Path(source)
    if path.name == REGION_FILE:
        path = path.parent
    if not is_folder(path):
        known = nearest(text, region_names())
        remedy = f"Give the folder of a region, or the name of one that ships. {known}"
        raise DataError(Fault("region", f"“{shown(text)}” is neither a folder nor ships.", remedy))
    return _read(path)


@cache
def shipped_region(name: str) -> Region:
    """Return a region that ships, read once."""
    with as_file(files("roxham.geo") / "data" / "regions" / name) as folder:
        return _read(Path(folder))


def _read(folder: Path) -> Region:
    from .region_file import read_definition  # what it needs takes a while to load

    read = read_definition(folder / REGION_FILE)
    return Region(
        name=read.id,
        title=next(iter(read.title.values())),
        bounds=read.bounds,
        metric_crs=read.metric_crs or suggest_metric_crs(read.bounds),
        sides=(read.sides[0].code, read.sides[1].code),
        controlled=read.controlled,
        details=read,
        folder=folder,
    )


if TYPE_CHECKING:
    ROXHAM: Region


def __getattr__(name: str) -> Region:
    """Return a region that ships by its name in capitals, as ``ROXHAM``."""
    if name.isupper() and name.lower() in region_names():
        return shipped_region(name.lower())
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
