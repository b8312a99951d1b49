"""A window onto the ground, and geometry as it stands on the sheet."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from roxham.geo._types import Floats, Objects

from .sheet import Box

__all__ = ["Frame", "parts_of"]

EQUATOR_M = 40_075_016.686
ECCENTRICITY_2 = 0.00669437999014
POLAR_M = 6_356_752.3142
"""Of WGS84: eccentricity, squared, and semi-minor axis."""
Lengths = TypeVar("Lengths", float, Floats)
LIMIT = 85.051129
"""Degrees of latitude where Web Mercator ends; it has no pole."""


class Taken:
    """Boxes that a sheet has no more room for, asked of all at once: there may be thousands."""

    def __init__(self) -> None:
        self._edges = np.empty((64, 4))
        self._count = 0

    def copy(self) -> Taken:
        """Return the same boxes, to which others can be added."""
        found = Taken()
        found._edges, found._count = self._edges.copy(), self._count
        return found

    def append(self, box: Box) -> None:
        """Add a box."""
        if self._count == len(self._edges):
            self._edges = np.concatenate([self._edges, np.empty_like(self._edges)])
        self._edges[self._count] = box.x, box.y, box.x + box.w, box.y + box.h
        self._count += 1

    def extend(self, boxes: Iterable[Box]) -> None:
        """Add boxes."""
        for box in boxes:
            self.append(box)

    def meet(self, box: Box) -> bool:
        """Return whether any shares ground with a box."""
        left, top, right, bottom = self._edges[: self._count].T
        across = (box.x < right) & (left < box.x + box.w)
        return bool((across & (box.y < bottom) & (top < box.y + box.h)).any())


@dataclass
class Frame:
    """A window onto the ground, in Web Mercator: where it is on the sheet and what it shows.

    ``view`` holds the south-west and north-east corners, ``(lat, lon)``; the whole of it is shown.
    """

    box: Box
    view: tuple[tuple[float, float], tuple[float, float]]
    taken: Taken = field(default_factory=Taken)
    marks: Taken = field(default_factory=Taken)
    """Symbols that a label covers only if it must stand."""

    def __post_init__(self) -> None:
        (south, west), (north, east) = self.view
        (left, right), (bottom, top) = world(np.array([[west, south], [east, north]])).T
        self.scale = min(self.box.w / (right - left), self.box.h / (bottom - top))
        self.left = (left + right) / 2 - self.box.w / 2 / self.scale
        self.top = (bottom + top) / 2 - self.box.h / 2 / self.scale
        self.zoom = math.log2(self.scale / 256)

    def copy(self) -> Frame:
        """Return the same frame, in which more can be taken."""
        return replace(self, taken=self.taken.copy(), marks=self.marks.copy())

    @property
    def window(self) -> shapely.Polygon:
        """The frame as a polygon on the sheet."""
        return shapely.box(self.box.x, self.box.y, self.box.x + self.box.w, self.box.y + self.box.h)

    def place(self, lonlat: Floats) -> Floats:
        """Return points of shape (n, 2), longitude first, as pixels of the sheet."""
        corner = np.array([self.left, self.top])
        placed = (world(lonlat) - corner) * self.scale + np.array([self.box.x, self.box.y])
        return np.asarray(placed, dtype=np.float64)

    def metres(self, length: Lengths, latitude: Lengths) -> Lengths:
        """Return a length on the ground, or each of many, in pixels."""
        limited = np.radians(np.clip(latitude, -LIMIT, LIMIT))
        found: Lengths = length / (EQUATOR_M * np.cos(limited)) * self.scale
        return found

    def circles(self, lonlat: Floats, metres: Floats) -> tuple[Floats, Floats, Floats]:
        """Return circles on the ground as they lie on the sheet: x, y and radius in pixels.

        Their middles there are not their centres, and the farther from the equator, the less.
        """
        lon, lat = lonlat.T
        # the sphere that fits the ellipsoid best there, right to 0.34 % in every direction
        sphere_m = POLAR_M / (1 - ECCENTRICITY_2 * np.sin(np.radians(lat)) ** 2)
        away = np.degrees(metres / sphere_m)
        x, north = self.place(np.column_stack([lon, np.minimum(lat + away, LIMIT)])).T
        _, south = self.place(np.column_stack([lon, np.maximum(lat - away, -LIMIT)])).T
        return x, (north + south) / 2, (south - north) / 2

    def clipped(self, geometry: Iterable[BaseGeometry]) -> list[BaseGeometry]:
        """Return what is seen of geometries, on the sheet, cut at the frame."""
        cut = self.cut(np.asarray(list(geometry), dtype=object))
        return [shape for shape in cut if shape is not None and not shape.is_empty]

    def cut(self, geometry: Objects) -> Objects:
        """Return geometries on the sheet, cut at the frame; one for each, perhaps empty."""
        placed = np.asarray(shapely.transform(geometry, self.place), dtype=object)
        broken = ~shapely.is_valid(placed) & (shapely.get_dimensions(placed) == 2)
        placed[broken] = shapely.make_valid(placed[broken])
        seen = shapely.intersection(placed, self.window)
        return np.asarray(shapely.simplify(seen, 0.15), dtype=object)

    def free(self, box: Box, inset: float = 4, *, over: bool = False) -> bool:
        """Return whether a box lies in the frame and on nothing that is taken, or over marks."""
        inner = Box(
            self.box.x + inset, self.box.y + inset, self.box.w - 2 * inset, self.box.h - 2 * inset
        )
        if not box.within(inner) or self.taken.meet(box):
            return False
        return over or not self.marks.meet(box)


def world(lonlat: Floats) -> Floats:
    """Return Web Mercator over the unit square, y to the south; the poles lie at its edges."""
    sine = np.sin(np.radians(np.clip(lonlat[:, 1], -LIMIT, LIMIT)))
    return np.column_stack(
        [lonlat[:, 0] / 360 + 0.5, 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * math.pi)]
    )


def parts_of(shapes: Iterable[BaseGeometry]) -> list[Floats]:
    """Return the lines and rings of geometries as arrays of points."""
    pieces = shapely.get_parts(np.asarray(list(shapes), dtype=object))
    pieces = shapely.get_parts(pieces)  # of a collection in a collection
    areas = shapely.get_type_id(pieces) == shapely.GeometryType.POLYGON
    lines = shapely.get_type_id(pieces) == shapely.GeometryType.LINESTRING
    found = [*pieces[lines], *shapely.get_rings(pieces[areas])]
    return [shapely.get_coordinates(line) for line in found if not line.is_empty]
