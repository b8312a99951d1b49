"""Where trips begin and end: nodes of the network, or places in the middle of its edges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from roxham.geo._types import Floats, Ints, Objects
from roxham.geo.crs import WGS84, require_wgs84
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.network.roads import Roads
from roxham.geo.network.speeds import Along

from .gates import BOTH, NOWHERE, Gateway
from .snap import Snap

__all__ = ["Anchors", "Place", "Points", "anchor", "as_points", "told_apart"]


Points: TypeAlias = gpd.GeoDataFrame | gpd.GeoSeries | Sequence[Any]
"""Points in EPSG:4326, or ids of nodes."""

Place: TypeAlias = (
    gpd.GeoDataFrame | gpd.GeoSeries | shapely.Point | tuple[float, float] | str | int
)
"""One of them: a frame of one row, a Point, ``(lon, lat)``, or the id of a node."""

WITHIN_M, SCHEMATIC_WITHIN_M = 1000.0, 5000.0
"""How far a place may lie from the roads; links of a schematic pass towns at a distance."""

AT_NODE_M = 1e-6
"""A place nearer than this to the end of its edge is at the node."""


@dataclass(frozen=True, eq=False)
class Anchors:
    """Places on a network, ``n`` of them, each with up to two directions of its road.

    Attributes
    ----------
    name
        What each is called, text.
    side
        Number of its side; 2 on the line.
    edge
        Shape ``(n, 2)``: edges it lies on, -1 for none. A trip leaves along an edge to its
        ``v``, and arrives along it from its ``u``.
    at
        Shape ``(n, 2)``: how far along each edge, 0 to 1.
    node
        The node, where the place is one; else -1.
    offset_m
        From the place to the road.
    lon, lat
        The place on the road, degrees.
    far
        Why a place is on no road; None where it is on one.
    """

    name: Objects
    side: NDArray[np.int8]
    edge: Ints
    at: Floats
    node: Ints
    offset_m: Floats
    lon: Floats
    lat: Floats
    far: Objects

    def __len__(self) -> int:
        return len(self.name)

    def leave(self, roads: Roads, along: Along) -> tuple[Ints, Floats]:
        """Return the nodes that trips first come to, -1 for none, and the part driven by weight."""
        return self._ends(roads.v), np.where(self.edge >= 0, 1 - self._passed(along), 0.0)

    def arrive(self, roads: Roads, along: Along) -> tuple[Ints, Floats]:
        """Return the nodes that trips last pass, -1 for none, and the part driven by weight."""
        return self._ends(roads.u), np.where(self.edge >= 0, self._passed(along), 0.0)

    def _passed(self, along: Along) -> Floats:
        return along.share(self.edge, self.at)

    def _ends(self, ends: NDArray[Any]) -> Ints:
        nodes = np.where(self.edge >= 0, ends[self.edge], NOWHERE).astype(np.int64)
        nodes[:, 0] = np.where(self.node >= 0, self.node, nodes[:, 0])
        return nodes


def as_points(place: Place, name: str) -> Points:
    """Return one place as points: ``(lon, lat)``, a Point, a frame of one row, or a node's id.

    Raises
    ------
    DataError
        If a frame has not one row.
    """
    if isinstance(place, gpd.GeoDataFrame | gpd.GeoSeries):
        if len(place) != 1:
            raise DataError(f"{name}: has {len(place)} rows. Give one place.")
        return place
    if isinstance(place, tuple | list) and len(place) == 2:
        place = shapely.Point(*place)
    if isinstance(place, shapely.Point):
        label = f"{place.x:.5f},{place.y:.5f}"
        return gpd.GeoDataFrame({"name": [label]}, geometry=[place], crs=WGS84)
    return [place]


def told_apart(labels: Iterable[object], points: gpd.GeoSeries) -> list[str]:
    """Return what places are called, with longitude and latitude where others are called so.

    Examples
    --------
    >>> towns = gpd.GeoSeries.from_xy([-73.45, -73.57, 0], [44.7, 45.5, 0])
    >>> told_apart(["Perth", "Perth", "Hull"], towns)
    ['Perth (-73.45,44.7)', 'Perth (-73.57,45.5)', 'Hull']
    """
    names = [str(label) for label in labels]
    spots = [f"{x:.10g},{y:.10g}" for x, y in zip(points.x, points.y, strict=True)]
    where: dict[str, set[str]] = {}
    for name, spot in zip(names, spots, strict=True):
        where.setdefault(name, set()).add(spot)
    return [f"{n} ({s})" if len(where[n]) > 1 else n for n, s in zip(names, spots, strict=True)]


def anchor(
    gateway: Gateway,
    points: Points,
    name: str,
    *,
    within_m: float | None = None,
    spare: bool = False,
) -> Anchors:
    """Put places on a network.

    Parameters
    ----------
    gateway
        The network and its wall.
    points
        A frame of points in EPSG:4326, called by its column ``name``, else by its index;
        with a column ``side`` or ``country`` a point is put on a road of that side only.
        Or ids of nodes.
    name
        What to call them in messages.
    within_m
        A point farther from every road is refused: 1 km, on a schematic 5 km.
    spare
        Whether such a point is on no road and says why, as long as another is on one and
        each is a place on Earth.

    Raises
    ------
    DataError
        If points are too far from every road, all of them at once, or a node is not there.
    """
    if not isinstance(points, gpd.GeoDataFrame | gpd.GeoSeries):
        return _nodes(gateway, points, name)
    if within_m is None:
        within_m = SCHEMATIC_WITHIN_M if gateway.roads.schematic else WITHIN_M
    geometry = require_wgs84(points, name).geometry
    missing = geometry.isna() | geometry.is_empty
    if missing.any() or not geometry.geom_type.eq("Point").all():
        raise DataError(f"{name}: have geometries that are not points. Give one point each.")
    labels, sides = _labels(points), _sides(gateway, points, name)
    found: list[Snap | str] = []
    faults: list[Fault] = []
    for label, point, side in zip(labels, np.asarray(geometry), sides, strict=True):
        try:
            found.append(gateway.snap(side, point.x, point.y, within_m=within_m))
        except DataError as error:
            faults.append(Fault(name, f"{shown(label)}: {error}"))
            found.append(str(error))
    on_earth = (geometry.x.abs() <= 180) & (geometry.y.abs() <= 90)
    if faults and (not spare or len(faults) == len(found) or not on_earth.all()):
        raise DataError(faults)
    return _on_edges(gateway, told_apart(labels, geometry), found, np.array(sides, dtype=np.int8))


def _labels(points: gpd.GeoDataFrame | gpd.GeoSeries) -> list[Any]:
    """Return what points are called."""
    named = isinstance(points, gpd.GeoDataFrame) and "name" in points
    return pd.Series(points["name"]).tolist() if named else points.index.tolist()


def _sides(gateway: Gateway, points: gpd.GeoDataFrame | gpd.GeoSeries, name: str) -> list[int]:
    """Return the side on which each point is known to lie, 2 where that is not known."""
    if isinstance(points, gpd.GeoSeries) or not gateway.divided:
        return [BOTH] * len(points)
    column = next((c for c in ("side", "country") if c in points), None)
    if column is None:
        return [BOTH] * len(points)
    numbers = {**{s: i for i, s in enumerate(gateway.sides)}, "border": BOTH}
    told = pd.Series(points[column])
    cells, unknown = told.tolist(), told.isna().tolist()
    values = [BOTH if null else numbers.get(str(v)) for v, null in zip(cells, unknown, strict=True)]
    if None in values:
        wrong = shown(told.iloc[values.index(None)])
        raise DataError(f"{name}: {column} {wrong} is not one of {', '.join(gateway.sides)}.")
    return [v for v in values if v is not None]


def _on_edges(
    gateway: Gateway, labels: Iterable[str], found: Sequence[Snap | str], told: NDArray[np.int8]
) -> Anchors:
    """Return where places were put; one at the line is on its own side, where that is told."""
    roads = gateway.roads
    edge = np.full((len(found), 2), NOWHERE, dtype=np.int64)
    at = np.zeros((len(found), 2))
    node = np.full(len(found), NOWHERE, dtype=np.int64)
    for row, snap in enumerate(found):
        if isinstance(snap, str):
            continue
        length = roads.length_m[snap.edge]
        if snap.fraction * length < AT_NODE_M:
            node[row] = roads.u[snap.edge]
        elif (1 - snap.fraction) * length < AT_NODE_M:
            node[row] = roads.v[snap.edge]
        else:
            edge[row, 0], at[row] = snap.edge, (snap.fraction, 1 - snap.fraction)
    inner = np.flatnonzero(edge[:, 0] >= 0)
    edge[inner, 1] = gateway.twins(edge[inner, 0])
    side = np.where(node >= 0, gateway.node_side[node], gateway.edge_side[edge[:, 0]])
    side = np.where(side == BOTH, told, side)
    far = np.array([s if isinstance(s, str) else None for s in found], dtype=object)
    side[[text is not None for text in far]] = BOTH  # nowhere, so that no gate lies between
    nowhere = (np.nan, np.nan, np.nan)
    spots = [nowhere if isinstance(s, str) else (s.offset_m, s.lon, s.lat) for s in found]
    offset, lon, lat = np.array(spots).reshape(-1, 3).T
    names = np.array([*labels], dtype=object)
    return Anchors(names, side.astype(np.int8), edge, at, node, offset, lon, lat, far)


def _in(node: object, place: dict[Any, int]) -> bool:
    """Whether a node is there; what cannot be the id of one is not."""
    try:
        return node in place
    except TypeError:
        return False


def _nodes(gateway: Gateway, ids: Sequence[Any], name: str) -> Anchors:
    ids = list(ids)
    roads = gateway.roads
    place = {node: row for row, node in enumerate(roads.node_id.tolist())}
    missing = [
        Fault(name, f"the network has no node {shown(i)}.") for i in ids if not _in(i, place)
    ]
    if missing:
        raise DataError(missing)
    node = np.array([place[i] for i in ids], dtype=np.int64)
    none = np.full((len(ids), 2), NOWHERE, dtype=np.int64)
    return Anchors(
        np.array([str(i) for i in ids], dtype=object),
        gateway.node_side[node],
        none,
        np.zeros(none.shape),
        node,
        np.zeros(len(ids)),
        roads.x[node],
        roads.y[node],
        np.full(len(ids), None, dtype=object),
    )
