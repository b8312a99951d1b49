"""Distances from anywhere in an area: to the nearest road, and from there on by road.

Each is an interval that holds the distances from all places in the area. Its ends are
bounds, found by cutting the area into cells and looking closer only where it matters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from roxham.geo._types import Floats, Ints, Objects
from roxham.geo.crs import WGS84
from roxham.geo.geometry.steps import stepped
from roxham.geo.network.parts import Parts, merge_roads
from roxham.geo.routing.barrier import Start, Walled

from .one_to_all import Spread, other_way

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

__all__ = [
    "Interval",
    "RoadPoints",
    "Targets",
    "Terrain",
    "Ways",
    "by_road",
    "nearest_names",
    "straight",
]


EVERY_M = 50.0
"""Roads stand as points so far apart: no place on a road is farther than half of it from one."""

CLOSE_M = 50.0
"""Cells are cut until no end of an interval can move by more than this."""

SMALLEST_M = 20.0
"""Side of the smallest cell."""


class Interval(NamedTuple):
    """Bounds of a distance over an area, metres, and points of road that are nearest somewhere."""

    low: float
    high: float
    points: Ints


@dataclass(frozen=True, eq=False)
class RoadPoints:
    """Roads as points in metres, each in the middle of a straight piece of one road.

    Attributes
    ----------
    edge, at
        Edge of the walled network, and the fraction of its length from ``u``.
    xy, half
        Shape ``(n, 2)``, in the region's CRS: the point, and the way from it to one end
        of its piece.
    piece_m
        Length of the road that each stands for.
    """

    edge: Ints
    at: Floats
    xy: Floats
    half: Floats
    piece_m: Floats

    def __len__(self) -> int:
        return len(self.edge)

    @cached_property
    def tree(self) -> cKDTree:
        """For the nearest point."""
        from scipy.spatial import cKDTree

        return cKDTree(self.xy)

    @cached_property
    def index(self) -> shapely.STRtree:
        """For all points within a distance."""
        return shapely.STRtree(np.asarray(shapely.points(self.xy), dtype=object))

    def nearest(self, places: Floats) -> tuple[Floats, Ints]:
        """Return the distance of places to the nearest point, and which that is."""
        away, which = self.tree.query(places)
        return np.asarray(away, dtype=float), np.asarray(which, dtype=np.int64)

    def take(self, rows: NDArray[Any]) -> RoadPoints:
        """Return some of the points."""
        columns = self.edge, self.at, self.xy, self.half, self.piece_m
        return RoadPoints(*(values[rows] for values in columns))

    def away(self, places: Floats, rows: Ints) -> Floats:
        """Return the distance of each place to the piece in the row given with it."""
        half = self.half[rows]
        to = places - self.xy[rows]
        square = np.maximum((half * half).sum(axis=1), np.finfo(float).tiny)
        along = np.clip((to * half).sum(axis=1) / square, -1, 1)
        metres: Floats = np.hypot(*(to - along[:, None] * half).T)
        return metres


class Targets(NamedTuple):
    """Where ways lead, and what each is called; those that are not on the network apart."""

    names: list[str]
    starts: list[Start]
    beyond: gpd.GeoSeries


@dataclass(frozen=True, eq=False)
class Ways:
    """The ways from roads to targets, from all roads that have one.

    Attributes
    ----------
    points
        The roads.
    metres, which
        By road to the nearest target, and its place among them.
    names
        Of the targets.
    beyond
        Targets that are not on the network, points in the region's CRS.
    """

    points: RoadPoints
    metres: Floats
    which: Ints
    names: list[str]
    beyond: Objects


class Terrain:
    """The roads of a walled network, side by side, ready to be asked.

    Parameters
    ----------
    walled
        The network.
    metric_crs
        The CRS in which metres are measured.

    Attributes
    ----------
    points
        The roads of each side.
    hull
        What the network covers, in metres: the hull of its nodes and the lines of its roads.
    """

    def __init__(self, walled: Walled, metric_crs: str) -> None:
        self.walled, self.metric_crs = walled, metric_crs
        self.spread = Spread.of(walled, direction="to", weight="length_m")
        usable = np.flatnonzero(walled.usable & np.isfinite(self.spread.cost))
        none, all_ = np.zeros(len(usable)), np.ones(len(usable))
        self.roads = merge_roads(walled.roads, Parts(usable, none, all_)).edge
        self.back = np.full(walled.roads.edge_count, np.inf)
        self.back[usable] = other_way(self.spread, usable)
        self.points = [self._points(side) for side in (0, 1)]
        ground = [*self.metric(walled.plain.points), *self.metric(walled.plain.lines)]
        self.hull: BaseGeometry = shapely.geometrycollections(ground).convex_hull

    def metric(self, shapes: Any) -> Objects:
        """Return shapes in EPSG:4326 in metres."""
        series = gpd.GeoSeries(shapes, crs=WGS84).to_crs(self.metric_crs)
        return np.asarray(series.to_numpy(), dtype=object)

    def _points(self, side: int) -> RoadPoints:
        edges = self.roads[self.walled.gateway.edge_side[self.roads] == side]
        plain = self.walled.plain
        lines = stepped(self.metric(plain.lines[edges]), EVERY_M)
        coords, row = shapely.get_coordinates(lines, return_index=True)
        first = np.flatnonzero(row[:-1] == row[1:]) if len(row) else np.empty(0, dtype=np.int64)
        row, half = row[first], (coords[first + 1] - coords[first]) / 2
        size = 2 * np.hypot(*half.T)
        some = size > 0
        row, half, size, first = row[some], half[some], size[some], first[some]
        total = np.bincount(row, weights=size, minlength=len(edges))
        passed = np.cumsum(size) - size / 2
        before = np.cumsum(total) - total
        at = (passed - before[row]) / total[row]
        metres = plain.length_m[edges][row] * size / total[row]
        return RoadPoints(edges[row], np.clip(at, 0, 1), coords[first] + half, half, metres)

    def ways(self, targets: Targets) -> list[Ways]:
        """Return the ways to targets from the roads of each side."""
        costs = self.spread.costs(targets.starts)
        roads, beyond = self.walled.roads, self.metric(targets.beyond)
        found = []
        for points in self.points:
            edge = points.edge
            u, v = roads.u[edge], roads.v[edge]
            ahead = (1 - points.at) * roads.length_m[edge]
            back = np.where(np.isfinite(self.back[edge]), points.at * roads.length_m[edge], np.inf)
            metres, which = np.full(len(u), np.inf), np.zeros(len(u), dtype=np.int64)
            for place, cost in enumerate(costs):  # of all at once it takes gigabytes
                by = np.minimum(cost[v] + ahead, cost[u] + back)
                rows, along = self._along_one_edge(points, targets.starts[place])
                np.minimum.at(by, rows, along)
                nearer = by < metres
                metres[nearer], which[nearer] = by[nearer], place
            if not (known := np.isfinite(metres)).all():
                points, metres, which = points.take(known), metres[known], which[known]
            found.append(Ways(points, metres, which, targets.names, beyond))
        return found

    def _along_one_edge(self, points: RoadPoints, target: Start) -> tuple[Ints, Floats]:
        """Return the points from which a target lies ahead on their own road, and its metres."""
        rows, metres = [np.empty(0, dtype=np.int64)], [np.empty(0)]
        length = self.walled.roads.length_m
        for edge, twin, to in zip(
            target.edges, self.walled.gateway.twins(target.edges), target.fractions, strict=True
        ):
            for own, turned in ((edge, False), (twin, True)):
                on = np.flatnonzero(points.edge == own) if own >= 0 else rows[0]
                left = to - (1 - points.at[on] if turned else points.at[on])
                rows.append(on[left >= 0])
                metres.append(left[left >= 0] * length[edge])
        return np.concatenate(rows), np.concatenate(metres)


def straight(area: BaseGeometry, points: RoadPoints) -> Interval:
    """Return the distance in a straight line to the nearest road.

    Parameters
    ----------
    area
        In the CRS of the points, metres; not empty.
    points
        Roads; at least one.
    """

    def of_cells(cells: Floats, half: float) -> _Found:
        away, nearest = points.nearest(cells)
        return _Found(away - half - EVERY_M / 2, away + half, away, nearest)

    found = _search(area, of_cells)
    # a road that runs through the area is no distance away
    inside = shapely.intersects_xy(area, *points.xy.T).any()
    return found._replace(low=0.0) if inside else found


def by_road(area: BaseGeometry, points: RoadPoints, metres: Floats) -> Interval:
    """Return the distance by road, from the place on a road that is nearest.

    A piece of road is nearest to a place of a cell only if the bisector between it and
    the road nearest to the middle comes within half the cell's diagonal of the middle.
    What such pieces are at bounds the cell: it is as if the area were larger by that.

    Parameters
    ----------
    area, points
        As for :func:`straight`.
    metres
        By road from each point.
    """

    def of_cells(cells: Floats, half: float) -> _Found:
        away, nearest = points.nearest(cells)
        reach = away + 2 * half + EVERY_M / 2
        cell, point = points.index.query(shapely.points(cells), "dwithin", reach)
        apart = np.hypot(*(points.xy[point] - points.xy[nearest[cell]]).T) + EVERY_M / 2
        ahead = points.away(cells[cell], point) ** 2 - away[cell] ** 2
        can = ahead <= 2 * half * apart
        cell, point = cell[can], point[can]
        low, high = np.full(len(cells), np.inf), np.full(len(cells), -np.inf)
        np.minimum.at(low, cell, metres[point] - points.piece_m[point] / 2)
        np.maximum.at(high, cell, metres[point] + points.piece_m[point] / 2)
        return _Found(low, high, metres[nearest], nearest)

    found = _search(area, of_cells)
    inside = np.flatnonzero(shapely.intersects_xy(area, *points.xy.T))
    return found._replace(points=np.union1d(found.points, inside))


class _Found(NamedTuple):
    """Bounds of the values in each cell, the value at its middle, and the nearest point there."""

    low: Floats
    high: Floats
    value: Floats
    nearest: Ints


def _search(area: BaseGeometry, of_cells: Callable[[Floats, float], _Found]) -> Interval:
    """Return bounds over an area: a cell that could widen what is found is cut in four."""
    shapely.prepare(area)
    step = max(float(np.sqrt(area.area)) / 16, SMALLEST_M)
    west, south, east, north = area.bounds
    x, y = (np.arange(a + step / 2, b + step / 2, step) for a, b in ((west, east), (south, north)))
    cells = _touching(area, np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2), step)
    low, high = np.inf, -np.inf
    known_low, known_high = np.inf, -np.inf
    points: list[Ints] = []
    while len(cells):
        found = of_cells(cells, step / float(np.sqrt(2)))
        within = shapely.intersects_xy(area, *cells.T)
        points.append(np.unique(found.nearest[within]))
        known_low = min(known_low, found.value[within].min(initial=np.inf))
        known_high = max(known_high, found.value[within].max(initial=-np.inf))
        wide = (found.low < known_low - CLOSE_M) | (found.high > known_high + CLOSE_M)
        wide &= step / 2 >= SMALLEST_M
        low = min(low, found.low[~wide].min(initial=np.inf))
        high = max(high, found.high[~wide].max(initial=-np.inf))
        step /= 2
        quarters = np.array([(-1, -1), (-1, 1), (1, -1), (1, 1)]) * step / 2
        cells = _touching(area, (cells[wide][:, None] + quarters).reshape(-1, 2), step)
    nearest = np.unique(np.concatenate(points))
    return Interval(max(min(low, known_low), 0.0), max(high, known_high), nearest)


def _touching(area: BaseGeometry, cells: Floats, step: float) -> Floats:
    """Return the cells of which any part lies in the area."""
    (x, y), half = cells.T, step / 2
    boxes = shapely.box(x - half, y - half, x + half, y + half)
    touching: Floats = cells[shapely.intersects(area, boxes)]
    return touching


def nearest_names(ways: Ways, points: Sequence[int] | Ints) -> list[str]:
    """Return which targets are nearest by road to any of these points, in their order."""
    return [ways.names[row] for row in np.unique(ways.which[np.asarray(points)]).tolist()]
