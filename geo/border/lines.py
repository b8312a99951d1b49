"""Any border as plain arrays: its line, its two sides, and what may be told of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from roxham.geo._types import Floats, Ints, Objects
from roxham.geo.crs import WGS84
from roxham.geo.errors import DataError
from roxham.geo.geometry.geodesic import back
from roxham.geo.region import Region

from .linework import lines_of
from .open_guard import refuse_open

if TYPE_CHECKING:
    from .border import Border

__all__ = ["BorderLine", "border_line"]


BESIDE = 1e-6
"""How far beside its line, degrees (0.1 m), a border is asked which side that is."""

NO_NAMES = ("a", "b")


@dataclass(frozen=True)
class BorderLine:
    """A border made ready for geometry.

    Attributes
    ----------
    coords, offsets
        Part i is ``coords[offsets[i]:offsets[i + 1]]``, degrees, longitude first; from 0° to
        360° where it goes over 180°.
    sides
        Names of the two sides.
    left
        Which of them, 0 or 1, lies to the left of the line's direction.
    controlled
        Whether undocumented meeting places stay untold.
    side_of
        Gives the side of each point, or None where the line has no areas.
    bounds
        The region's box, or None.
    """

    coords: Floats
    offsets: Ints
    sides: tuple[str, str]
    left: int
    controlled: bool
    side_of: Callable[[Floats, Floats], Objects] | None
    bounds: tuple[float, float, float, float] | None


def border_line(
    border: Border | gpd.GeoDataFrame | gpd.GeoSeries, region: Region | None = None
) -> BorderLine:
    """Make a border ready.

    Parameters
    ----------
    border
        A :class:`~roxham.geo.border.border.Border`, or any frame of lines or polygons in
        EPSG:4326; of polygons the boundary is the border.
    region
        For a frame: its box, the names of its sides, and whether it is controlled;
        without one it is. If the frame does not cut the box in two, which side is
        which is not known: they are called ``a``, to the left of the line (of
        polygons the inside), and ``b``.

    Raises
    ------
    DataError
        If the frame has no CRS or another one, holds no line, or is called open and runs along a
        line that is always controlled.
    """
    if isinstance(border, gpd.GeoDataFrame | gpd.GeoSeries):
        coords, offsets = lines_of(border)
        controlled = border.attrs.get("controlled", _controlled(region))  # as read_border was told
        whole = _whole(border, region)
    else:
        region = border.region if region is None else region
        coords, offsets = lines_of(border.line)
        controlled, whole = _controlled(region), border
    if not controlled:
        refuse_open(coords, offsets)
    if whole is None:
        return BorderLine(coords, offsets, NO_NAMES, 0, controlled, None, None)
    coords, offsets = lines_of(whole.line)
    region = region or whole.region

    def side_of(x: Floats, y: Floats) -> Objects:
        found: pd.Series[str] = whole.side_of(gpd.GeoSeries.from_xy(back(x), y, crs=WGS84))
        return found.astype(object).where(found.notna(), None).to_numpy(dtype=object)

    coords = _first_left(coords, offsets, side_of, whole.region.sides)
    bounds = whole.region.bounds
    return BorderLine(coords, offsets, region.sides, 0, controlled, side_of, bounds)


def _whole(frame: gpd.GeoDataFrame | gpd.GeoSeries, region: Region | None) -> Border | None:
    """Return the frame as a border with two sides, if it is one."""
    if region is None:
        return None
    from .border import Border

    try:
        return Border.from_line(frame, region)
    except DataError:
        return None


def _controlled(region: Region | None) -> bool:
    return region is None or region.controlled


def _first_left(
    coords: Floats,
    offsets: Ints,
    side_of: Callable[[Floats, Floats], Objects],
    sides: tuple[str, str],
) -> Floats:
    """Return the parts of a line turned so that the first side lies left of each.

    That is asked beside the middles of the longest segments of each part.
    """
    coords = coords.copy()
    told = False
    for begin, end in pairwise(offsets.tolist()):
        part = coords[begin:end]
        step = np.diff(part, axis=0)
        longest = np.argsort(-np.hypot(*step.T), kind="stable")[:9]
        start, step = part[longest], step[longest]
        normal = np.column_stack([-step[:, 1], step[:, 0]]) / np.hypot(*step.T)[:, None]
        left, right = (
            side_of(*(start + step / 2 + beside * normal).T) for beside in (BESIDE, -BESIDE)
        )
        ahead = (left == sides[0]) | (right == sides[1])
        back = (left == sides[1]) | (right == sides[0])
        firsts = int((ahead & ~back).sum()) - int((back & ~ahead).sum())
        told |= firsts != 0
        if firsts < 0:
            coords[begin:end] = part[::-1]
    if not told:
        raise DataError("border: its line does not part the two sides of its region.")
    return coords
