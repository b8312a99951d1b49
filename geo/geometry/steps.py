"""Further vertices on lines and rings, so that each step of them is short."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from roxham.geo._types import Bools, Objects

__all__ = ["stepped"]


def stepped(shapes: Objects, step: float) -> Objects:
    """Return shapes of which no step is longer, as ``shapely.segmentize`` does.

    GEOS ends the process where a ring or a part is empty, and raises where one has no length: such
    a part is left out where it is empty, and else stays as it is.

    Examples
    --------
    >>> dent = shapely.from_wkt("POLYGON ((0 0, 2 0, 2 2, 0 0), EMPTY)")
    >>> spot = shapely.from_wkt("LINESTRING (1 1, 1 1)")
    >>> for shape in stepped(np.array([dent, spot], dtype=object), 1.5):
    ...     print(shape)
    POLYGON ((0 0, 1 0, 2 0, 2 1, 2 2, 1 1, 0 0))
    LINESTRING (1 1, 1 1)
    """
    found: Objects = np.array(shapes, dtype=object)
    odd = _odd(found)
    found[~odd] = shapely.segmentize(found[~odd], step)
    for row in np.flatnonzero(odd).tolist():
        found[row] = _each_stepped(found[row], step)
    return found


def _odd(shapes: Objects) -> Bools:
    """Return which shapes have a part or a ring that is empty or has no length."""
    parts, row = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    nested = shapely.get_type_id(parts) > shapely.GeometryType.POLYGON
    spot = (shapely.get_dimensions(parts) == 1) & (shapely.length(parts) == 0)
    found = np.zeros(len(shapes), dtype=bool)
    found[row[nested | spot | shapely.is_empty(parts)]] = True
    found[row[part[shapely.length(rings) == 0]]] = True
    return found


def _each_stepped(shape: BaseGeometry, step: float) -> BaseGeometry:
    if shape.is_empty:
        return shape
    if hasattr(shape, "geoms"):
        kind: Any = type(shape)
        made: BaseGeometry = kind([_each_stepped(p, step) for p in shape.geoms if not p.is_empty])
        return made
    if isinstance(shape, shapely.Polygon):
        holes = [ring for ring in shape.interiors if ring.length > 0]
        shape = shapely.Polygon(shape.exterior, holes if shape.exterior.length > 0 else [])
    return shape if shape.length == 0 else shapely.segmentize(shape, step)
