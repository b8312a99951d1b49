"""A network whose border is a wall: nodes on the line are split, open gates are doors.

Of the two copies of a node on the line each holds the roads of one side, so that
whoever reaches it does not come out on the other side, unless an open gate stands there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from roxham.geo._types import Floats, Ints
from roxham.geo.border.border import Border, load_border
from roxham.geo.crs import WGS84, require_wgs84
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.geometry.geodesic import lies_within
from roxham.geo.network.roads import Roads
from roxham.geo.region import Region, active_region

from .gates import BOTH, WALK_KMH, Doors, Gateway, may_drive
from .locations import Anchors, anchor, as_points

__all__ = ["Gates", "Origins", "Start", "Starts", "Walled", "border_of"]

Gates: TypeAlias = gpd.GeoDataFrame | pd.DataFrame
Origins: TypeAlias = (
    gpd.GeoDataFrame | gpd.GeoSeries | pd.DataFrame | shapely.Point | Sequence[Any] | str | int
)

METRES = ("length_m", "length")
"""Weights in metres; a walk costs its metres by these, and its seconds by all others."""


class Start(NamedTuple):
    """Where travel begins or, in direction ``to``, ends.

    Attributes
    ----------
    nodes, walk_m
        Nodes of the walled network, and the metres on foot between the start and each.
    edges, fractions
        Edges travelled from a place along them, and where on each that place is, as
        a fraction of its length from ``u``.
    """

    nodes: Ints
    walk_m: Floats
    edges: Ints
    fractions: Floats


class Starts(NamedTuple):
    """Starts with what each is called, and how far it lies from the road, metres."""

    names: list[str]
    places: list[Start]
    offset_m: Floats


class Walled:
    """A network with its wall.

    Parameters
    ----------
    plain
        A network that knows its sides, or lies beside no border; see
        :class:`~roxham.geo.routing.gates.Gateway`.
    gates
        The open ones; by default none, and on an open border every road over it.

    Attributes
    ----------
    roads
        The network with its nodes on the line split. Edges keep their places.
    usable
        The edges that a car may use: not those that are wall.
    node
        The node of the plain network behind each of its nodes.
    """

    def __init__(self, plain: Roads, gates: Gates | None = None) -> None:
        self.plain = plain
        self.gateway = Gateway(plain, gates)
        side = self.gateway.node_side
        self.split = np.flatnonzero(side == BOTH)
        self.node = np.concatenate([np.arange(plain.node_count), self.split])
        self._copy = np.arange(plain.node_count)
        self._copy[self.split] = plain.node_count + np.arange(len(self.split))
        self.roads = self._splitted()
        doors = self.gateway.doors
        # an edge that joins the sides is itself the door; others are ways between copies
        self._over = (side[doors.tail] != BOTH) & (doors.walk_m == 0)
        self.usable = self.gateway.edge_side >= 0
        for row in np.flatnonzero(self._over).tolist():
            self.usable[list(doors.edges[row])] = True

    def _splitted(self) -> Roads:
        plain, second = self.plain, self.gateway.edge_side == 1
        ends = [np.where(second, self._copy[end], end) for end in (plain.u, plain.v)]
        return replace(
            plain,
            node_id=plain.node_id[self.node],
            x=plain.x[self.node],
            y=plain.y[self.node],
            u=ends[0].astype(np.int32),
            v=ends[1].astype(np.int32),
            node_columns={},
        )

    def weights(self, name: str) -> Floats:
        """Return the weight of each edge; infinite where it is unknown, or no car may go."""
        weights = np.asarray(self.plain.edge(name), dtype=float)
        return np.where(np.isnan(weights) | ~may_drive(self.plain), np.inf, weights)

    def on_foot(self, weight: str) -> float:
        """Return what a metre on foot costs."""
        return 1.0 if weight in METRES else 3.6 / WALK_KMH

    def doors(self, weight: str) -> tuple[Ints, Ints, Floats]:
        """Return the ways through open gates: nodes from and to which they lead, and costs."""
        doors = self.gateway.doors
        cost = doors.cost(self.weights(weight), walk=self.on_foot(weight))
        tail = np.where(doors.side == 1, self._copy[doors.tail], doors.tail)
        head = np.where(doors.side == 1, doors.head, self._copy[doors.head])
        kept = ~self._over
        return tail[kept], head[kept], cost[kept]

    def starts(self, origins: Origins, *, within_m: float | None = None) -> Starts:
        """Put origins on the network.

        Parameters
        ----------
        origins
            Gates (a frame with a column ``gate`` or ``port_id``), open or not; points in
            EPSG:4326; one ``(lon, lat)`` or several; ids of nodes.
        within_m
            As for :func:`~roxham.geo.routing.locations.anchor`.

        Raises
        ------
        DataError
            If one of them is not on the network, or too far from it.
        """
        if isinstance(origins, pd.DataFrame) and {"gate", "port_id"} & set(origins.columns):
            return self._at_gates(origins)
        points = self._with_sides(_as_points(origins))
        found = anchor(self.gateway, points, "origins", within_m=within_m)
        return Starts([str(name) for name in found.name], self._started(found), found.offset_m)

    def starts_each(
        self, points: gpd.GeoDataFrame, *, within_m: float | None = None
    ) -> tuple[list[Start | str], Floats]:
        """Put points on the network as :meth:`starts` does, each by itself.

        Returns
        -------
        tuple
            For each point its start, or why it has none; and how far it lies from its road.
        """
        try:
            if {"gate", "port_id"} & set(points.columns):
                raise DataError("points: are gates.")
            given = self._with_sides(require_wgs84(points, "origins"))
            found = anchor(self.gateway, given, "origins", within_m=within_m, spare=True)
        except DataError:  # of one or of all of them: they are asked one by one
            return self._one_by_one(points, within_m)
        labels = points.get("name", points.index)
        return [
            start if far is None else str(DataError([Fault("origins", f"{shown(label)}: {far}")]))
            for start, far, label in zip(self._started(found), found.far, labels, strict=True)
        ], found.offset_m

    def _one_by_one(
        self, points: gpd.GeoDataFrame, within_m: float | None
    ) -> tuple[list[Start | str], Floats]:
        found: list[Start | str] = []
        offset = np.full(len(points), np.nan)
        for row in range(len(points)):
            try:
                one = self.starts(points.iloc[[row]], within_m=within_m)
            except DataError as error:
                found.append(str(error))
            else:
                found += one.places
                offset[row] = one.offset_m[0]
        return found, offset

    def _started(self, found: Anchors) -> list[Start]:
        places = []
        rows = zip(found.node.tolist(), found.side.tolist(), found.edge, found.at, strict=True)
        for node, side, edge, at in rows:
            copies = {0: [node], 1: [self._copy[node]]}.get(side, [node, self._copy[node]])
            nodes = np.unique(copies) if node >= 0 else np.empty(0, dtype=int)
            on = edge >= 0
            places.append(Start(nodes, np.zeros(len(nodes)), edge[on], at[on]))
        return places

    def gates_here(self, gates: Gates) -> pd.DataFrame:
        """Return the gates that are on this network, open or not; at least one must be."""
        there = Gateway(self.plain, gates)
        rows: pd.DataFrame = there.gates
        return rows[[reason is None for reason in there.reason]]

    def _at_gates(self, gates: Gates) -> Starts:
        """Return starts at gates, on the line, towards both sides whatever the rules were."""
        there = Gateway(self.plain, gates.drop(columns="direction", errors="ignore"))
        missing = [
            f"origins: gate {name}: {reason}."
            for name, reason in zip(there.gates["gate"], there.reason, strict=True)
            if reason is not None
        ]
        if missing:
            raise DataError("\n".join(missing))
        places = [self._at_doors(there.doors, row) for row in range(len(there.gates))]
        return Starts(there.gates["gate"].astype(str).tolist(), places, np.zeros(len(places)))

    def _at_doors(self, doors: Doors, gate: int) -> Start:
        rows = np.flatnonzero(doors.gate == gate)
        tail, walked = doors.tail[rows], doors.walk_m[rows] > 0
        on_line = self.gateway.node_side[tail] == BOTH
        standing = on_line | walked
        copies = np.concatenate([tail[standing], self._copy[tail[on_line]]])
        metres = np.zeros(len(copies))
        metres[: standing.sum()] = (doors.share * doors.walk_m)[rows][standing]
        nodes, first = np.unique(copies, return_index=True)
        over = rows[~standing]
        edges = np.array([doors.edges[row][0] for row in over.tolist()], dtype=np.int64)
        return Start(nodes, metres[first], edges, doors.share[over])

    def _with_sides(self, points: Any) -> Any:
        """Give each point its side, where it is told or the bundled border knows it."""
        if not isinstance(points, gpd.GeoDataFrame) or not self.gateway.divided:
            return points
        told = next((name for name in ("side", "country") if name in points), None)
        border = border_of(self.plain) if told is None else None
        if told is None and border is None:
            return points
        side = points[told] if border is None else border.side_of(points.geometry)
        return points.assign(side=side.astype(object).where(side.notna(), None))


def border_of(roads: Roads, region: Region | None = None) -> Border | None:
    """Return the border of a region, by default the one at work, if a network lies in it."""
    region = active_region() if region is None else region
    if not len(roads.x) or region.file("border") is None:
        return None
    inside = lies_within(region.bounds, roads.x, roads.y)
    return load_border(region) if inside.all() else None


def _as_points(origins: Origins) -> Any:
    """Return origins as a frame of points, or as ids of nodes."""
    if isinstance(origins, gpd.GeoSeries):
        return gpd.GeoDataFrame(geometry=require_wgs84(origins, "origins"))
    if isinstance(origins, gpd.GeoDataFrame):
        return require_wgs84(origins, "origins")
    if isinstance(origins, pd.DataFrame):
        raise DataError("origins: a frame without geometry has no column gate. Give points.")
    if isinstance(origins, str | int | shapely.Point):
        return as_points(origins, "origins")
    if _is_place(origins):
        lon, lat = np.asarray(origins, dtype=float).tolist()
        return as_points((lon, lat), "origins")
    places: list[Any] = list(origins)
    if places and all(_is_place(place) for place in places):
        points = [p if isinstance(p, shapely.Point) else shapely.Point(*p) for p in places]
        names = [f"{point.x:.5f},{point.y:.5f}" for point in points]
        return gpd.GeoDataFrame({"name": names}, geometry=points, crs=WGS84)
    return places


def _is_place(value: object) -> bool:
    """Whether a value is one point: a Point, or a pair of numbers."""
    if isinstance(value, shapely.Point):
        return True
    return (
        isinstance(value, tuple)
        and len(value) == 2
        and all(isinstance(part, float | int | np.number) for part in value)
    )
