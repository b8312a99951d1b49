"""Borders as a caller may give them: loaded, a frame, a file, or the region whose border it is."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import geopandas as gpd

from roxham.geo.arguments import is_folder
from roxham.geo.region import Region, active_region, as_region, region_names

from .border import Border, load_border
from .read import read_border

__all__ = ["BorderLike", "as_border", "as_line", "region_meant"]

BorderLike: TypeAlias = Border | Region | gpd.GeoDataFrame | gpd.GeoSeries | str | Path
"""A border, lines or areas in EPSG:4326, a file of them, or a region, by its name or folder."""


def as_line(border: BorderLike) -> Border | gpd.GeoDataFrame | gpd.GeoSeries:
    """Return what is given as a border or a frame; files are read.

    Examples
    --------
    >>> as_line("roxham").region.name
    'roxham'
    """
    meant = region_meant(border)
    if meant is not None:
        return load_border(meant)
    return read_border(border) if isinstance(border, str | Path) else border  # type: ignore[return-value]


def region_meant(border: BorderLike) -> Region | None:
    """Return the region whose border is given, by itself, its name or its folder; None if none is.

    Examples
    --------
    >>> region_meant("roxham").name, region_meant("line.geojson")
    ('roxham', None)
    """
    if isinstance(border, str | Path):
        known = str(border) in region_names() or is_folder(border)
        return as_region(border) if known else None
    return border if isinstance(border, Region) else None


def as_border(border: BorderLike, region: Region | None = None) -> Border:
    """Return what is given as a border; a frame cuts the box of the region, or of that at work.

    Raises
    ------
    DataError
        As :func:`~roxham.geo.read_border` and ``Border.from_line`` do.

    Examples
    --------
    >>> line = gpd.GeoSeries.from_wkt(["LINESTRING (0 1, 2 1)"], crs="EPSG:4326")
    >>> fields = Region("x", "Two fields", (0, 0, 2, 2), "EPSG:32631", ("north", "south"))
    >>> as_border(line, fields).sides["side"].tolist()
    ['north', 'south']
    """
    line = as_line(border)
    return line if isinstance(line, Border) else Border.from_line(line, region or active_region())
