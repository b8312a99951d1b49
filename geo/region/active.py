"""The region at work: what loaders mean that are not told which."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from roxham.geo.arguments import checked

from .shipped import DEFAULT, read_region, shipped_region
from .study_area import Region

__all__ = ["active_region", "as_region", "set_region", "using_region"]

_active: ContextVar[Region | None] = ContextVar("region", default=None)


def active_region() -> Region:
    """Return the region at work: the one set, or else the first that ships.

    Returns
    -------
    Region
        What was set, or the first that ships.

    Examples
    --------
    >>> active_region().name
    'roxham'
    """
    return _active.get() or shipped_region(DEFAULT)


@checked()
def set_region(region: Region | str | Path | None) -> Region:
    """Work on a region from here on: loaders that are not told another mean it.

    Parameters
    ----------
    region
        A region, the name of one that ships, or a folder; None is the first that ships.

    Returns
    -------
    Region
        The region now at work.

    Raises
    ------
    DataError
        If there is no such region, or its file is at fault.

    Examples
    --------
    >>> set_region("roxham").sides
    ('CA', 'US')
    >>> set_region(None).name
    'roxham'
    """
    _active.set(None if region is None else as_region(region))
    return active_region()


@checked()
@contextmanager
def using_region(region: Region | str | Path) -> Iterator[Region]:
    """Work on a region within a ``with`` block.

    Parameters
    ----------
    region
        A region, the name of one that ships, or a folder.

    Yields
    ------
    Region
        The region at work within the block.

    Raises
    ------
    DataError
        If there is no such region, or its file is at fault.

    Examples
    --------
    >>> with using_region("roxham") as region:
    ...     region.sides
    ('CA', 'US')
    """
    before = _active.set(as_region(region))
    try:
        yield active_region()
    finally:
        _active.reset(before)


def as_region(region: Region | str | Path | None) -> Region:
    """Return the region that is meant: itself, by name, by folder, or the one at work."""
    if region is None:
        return active_region()
    return region if isinstance(region, Region) else read_region(region)
