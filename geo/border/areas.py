"""Borders drawn as areas or rings: what is inside is one side, what lies around it the other."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from roxham.geo._types import Objects
from roxham.geo.errors import DataError
from roxham.geo.region import Region

__all__ = ["Areas", "parts_of_areas", "shared_edge"]


class Areas(NamedTuple):
    """The two parts of a region's box, the inner one first, and the line between them."""

    parts: list[BaseGeometry]
    rim: BaseGeometry


def parts_of_areas(shapes: gpd.GeoSeries, region: Region) -> Areas | None:
    """Return the parts that areas or rings make of a box; None of a line that is not closed.

    Parameters
    ----------
    shapes
        In EPSG:4326, one a row.
    region
        The box.

    Raises
    ------
    DataError
        If more than two areas touch or overlap, or the areas fill the box or miss it.
    """
    drawn = np.asarray(shapes.dropna())
    drawn = np.asarray(drawn[~shapely.is_empty(drawn)], dtype=object)
    if not len(drawn):
        return None
    if (shapely.get_dimensions(drawn) == 1).all():
        rings = _rings(drawn)
        if rings is None:
            return None
        drawn = np.array([rings], dtype=object)
    elif not (shapely.get_dimensions(drawn) == 2).all():
        return None
    drawn = np.asarray(shapely.force_2d(drawn), dtype=object)
    box = shapely.box(*region.ahead)
    if not (shared := shared_edge(drawn)).is_empty:
        parts = [shapely.intersection(area, box) for area in drawn]
        rim = shapely.intersection(shared, box)
    else:
        inner = shapely.union_all(drawn)
        parts = [shapely.intersection(inner, box), shapely.difference(box, inner)]
        rim = shapely.difference(shapely.intersection(shapely.boundary(inner), box), box.exterior)
    if min(shapely.area(parts)) == 0 or shapely.length(rim) == 0:
        raise DataError(
            f"border: its areas do not part the box of region {region.name} in two. "
            "Move the bounds of the region."
        )
    return Areas(parts, shapely.line_merge(rim))


def _rings(lines: Objects) -> BaseGeometry | None:
    """Return the area within lines that are closed, each or together; None where one is not."""
    merged = shapely.get_parts(shapely.line_merge(shapely.union_all(lines)))
    if not len(merged) or not shapely.is_ring(merged).all():
        return None
    area: BaseGeometry = shapely.build_area(shapely.multilinestrings(list(merged)))
    return area


def shared_edge(areas: Objects) -> BaseGeometry:
    """Return the edge that two countries share; empty of areas that lie apart.

    Raises
    ------
    DataError
        If an area is not valid, or more than two touch: a border has two sides.
    """
    if not shapely.is_valid(areas).all():
        raise DataError("border: has areas that are not valid. Repair them with make_valid().")
    if len(areas) == 1:
        return shapely.LineString()
    if len(areas) == 2:
        met = shapely.intersection(*areas)
        if shapely.area(met) == 0:
            edge = shapely.intersection(*shapely.boundary(areas))
            lines = [part for part in shapely.get_parts(edge) if shapely.length(part) > 0]
            return shapely.line_merge(shapely.union_all(lines))
    tree = shapely.STRtree(areas)
    touching = combinations(areas, 2) if len(areas) < 3 else areas[tree.query(areas).T]
    for one, other in touching:
        if one is not other and shapely.get_dimensions(shapely.intersection(one, other)) > 0:
            raise DataError(
                "border: its areas touch or overlap. Give two countries that share an edge, the "
                "first side first, or areas that lie apart; where three countries meet, join two "
                "of them."
            )
    return shapely.LineString()
