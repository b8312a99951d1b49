"""Travel through gates from one shortest-path tree a gate and direction.

The border is a wall: the way to a gate lies on one side and the way on from it on the
other, and neither depends on which other gates are open. So the trees are grown once
and kept, and a further date, a closed gate, a further origin is a minimum over arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from roxham.geo._types import Bools, Floats, Ints
from roxham.geo.arguments import checked, require_length
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.network.roads import Roads

from .gates import BOTH, WALK_KMH, Gateway
from .locations import Anchors, Points, anchor
from .road_sequence import Driven
from .trees import Half, Trees

__all__ = ["WEIGHTS", "GateTrees", "Legs", "Measured"]


WEIGHTS = ("travel_time_s", "length_m")
WALK = {"travel_time_s": 3.6 / WALK_KMH, "length_m": 1.0}
"""What a metre on foot weighs."""

DIRECT = -1
"""In place of a gate: no gate lies on the way."""


def padded(weights: Floats) -> Floats:
    """Return weights with a zero at the end, so that no edge, -1, weighs nothing."""
    return np.append(weights, 0.0)


class Legs(NamedTuple):
    """Ways of many places to, or from, many doors: each shape ``(places, doors)``.

    ``option`` is which of its up to two roads a place uses, ``tree`` and ``node`` where
    its path is to be read off.
    """

    cost: Floats
    option: Ints
    tree: Ints
    node: Ints


class GateTrees:
    """Shortest-path trees to and from the gates of a network, kept for many questions.

    Parameters
    ----------
    roads
        A network that knows its sides, or lies beside no border; see
        :class:`~roxham.geo.routing.gates.Gateway`.
    gates
        Every gate that will be asked for, those of any date together.
    weight
        What shortest means: ``travel_time_s``, free flow without waiting at the border,
        or ``length_m``.
    within_m
        A gate is attached to the network within so many metres.

    Raises
    ------
    DataError
        As :class:`~roxham.geo.routing.gates.Gateway`, or if the edges lack the weight.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph([("s", "p"), ("p", "n")], crs="EPSG:4326")
    >>> for name, y, side in (("s", 44.99, "US"), ("p", 45.0, None), ("n", 45.01, "CA")):
    ...     graph.nodes[name].update(x=0.0, y=y, side=side, port_id="p" if name == "p" else None)
    >>> port = gpd.GeoDataFrame({"gate": ["p"]}, geometry=gpd.points_from_xy([0], [45]), crs=4326)
    >>> trees = GateTrees(Roads.from_networkx(graph), port, weight="length_m")
    >>> trees.measure(["s"], ["n"]).best()[0].round(1).tolist()
    [[2223.9]]
    """

    @checked()
    def __init__(
        self,
        roads: Roads,
        gates: gpd.GeoDataFrame | pd.DataFrame | None = None,
        *,
        weight: str = "travel_time_s",
        within_m: float = 500.0,
    ) -> None:
        if weight not in WEIGHTS:
            raise DataError(f"weight {shown(weight)} is not one of {', '.join(WEIGHTS)}.")
        self.gateway = Gateway(roads, gates, within_m=within_m)
        self.weight = weight
        self.weights = padded(np.nan_to_num(np.asarray(roads.edge(weight), float), nan=np.inf))
        self.other = WEIGHTS[1 - WEIGHTS.index(weight)]
        self.others: Floats | None = None
        if self.other == "length_m" or self.other in roads.edge_columns:
            self.others = padded(np.asarray(roads.edge(self.other), dtype=float))
        self.halves = tuple(Half(self.gateway, side, weight) for side in (0, 1))
        self.door_cost = self.gateway.doors.cost(self.weights, walk=WALK[weight])
        self._trees: dict[tuple[int, bool], tuple[Trees, Ints]] = {}

    def __repr__(self) -> str:
        return f"<GateTrees: {len(self.gateway.gates)} gates, {self.weight}>"

    @checked()
    def trees(self, side: int, *, towards: bool) -> tuple[Trees, Ints]:
        """Return the trees on one side, and the tree of each door, -1 where none is needed.

        Towards the doors that leave the side, or from the doors that enter it. Grown when
        first asked for.
        """
        if side not in (0, 1):
            raise DataError(Fault("side", f"is {side}.", "Give 0 or 1, as the region has them."))
        if (side, towards) not in self._trees:
            doors = self.gateway.doors
            used = (doors.side == side) == towards
            roots, row = np.unique(
                (doors.tail if towards else doors.head)[used], return_inverse=True
            )
            tree = np.full(len(doors), -1, dtype=np.int64)
            tree[used] = row
            grown = self.halves[side].trees(roots.astype(np.int64), towards=towards)
            self._trees[side, towards] = grown, tree
        return self._trees[side, towards]

    @checked()
    def measure(
        self,
        origins: Points,
        destinations: Points,
        *,
        within_m: float | None = None,
        spare: bool = False,
    ) -> Measured:
        """Return the ways of all origins to all doors, and on to all destinations.

        Parameters
        ----------
        origins, destinations
            Points in EPSG:4326, or ids of nodes; see :func:`~roxham.geo.routing.locations.anchor`.
        within_m
            A point farther from every road is refused: 1 km, on a schematic 5 km.
        spare
            Whether such a point has no ways instead, as long as others have some.

        Raises
        ------
        DataError
            If points are too far from every road, or a node is not there.
        """
        start = anchor(self.gateway, origins, "origins", within_m=within_m, spare=spare)
        end = anchor(self.gateway, destinations, "destinations", within_m=within_m, spare=spare)
        return Measured(self, start, end)

    @checked()
    def legs(self, places: Anchors, *, towards: bool) -> Legs:
        """Return the ways of places to the doors out of their side, or from those into it."""
        nodes, part = self._driven(places, self.weight, towards)
        shape = (len(places), len(self.gateway.doors))
        legs = Legs(np.full(shape, np.inf), *(np.zeros(shape, dtype=np.int64) for _ in range(3)))
        for side in (0, 1):
            rows = np.flatnonzero(places.side == side)
            grown, tree = self.trees(side, towards=towards) if len(rows) else (None, np.array([]))
            doors = np.flatnonzero(tree >= 0)
            if grown is None or not len(doors):
                continue
            here = self.halves[side].place[nodes[rows]]  # (rows, 2)
            here[nodes[rows] < 0] = -1
            partial = part[rows] * self.weights[places.edge[rows]]
            ways = grown.cost.T[here] + partial[:, :, None]  # (rows, 2, trees)
            ways[here < 0] = np.inf
            option = np.argmin(ways, axis=1)
            cost = np.take_along_axis(ways, option[:, None], axis=1)[:, 0]
            at = np.ix_(rows, doors)
            legs.cost[at] = cost[:, tree[doors]]
            legs.option[at] = option[:, tree[doors]]
            legs.tree[at] = tree[doors]
            legs.node[at] = np.take_along_axis(here, legs.option[at], axis=1)
        return legs

    @checked()
    def along(
        self,
        places: Anchors,
        legs: Legs,
        weights: Floats,
        *,
        towards: bool,
        spread_as: str = "length_m",
    ) -> Floats:
        """Return what the ways weigh by other padded weights, shape ``(places, doors)``.

        ``spread_as`` names the edge column as which the weights are spread along an edge: evenly,
        or as ``travel_time_s`` by the speeds there.
        """
        require_length("weights", weights, len(self.weights))
        _, part = self._driven(places, spread_as, towards)
        total = np.full(legs.cost.shape, np.inf)
        for side in (0, 1):
            row, door = np.nonzero(np.isfinite(legs.cost) & (places.side == side)[:, None])
            if len(row):
                grown, _ = self.trees(side, towards=towards)
                sums = grown.sums(legs.tree[row, door], legs.node[row, door], weights)[0]
                edge = places.edge[row, legs.option[row, door]]
                total[row, door] = sums + part[row, legs.option[row, door]] * weights[edge]
        return total

    def _driven(self, places: Anchors, weight: str, towards: bool) -> tuple[Ints, Floats]:
        """Return the nodes between places and the roads, and the part driven to or from each."""
        ends = places.leave if towards else places.arrive
        return ends(self.gateway.roads, self.gateway.along(weight))


@dataclass(frozen=True, eq=False, repr=False)
class Measured:
    """Ways between origins and destinations through every gate, as arrays.

    Attributes
    ----------
    trees
        The trees they were read off.
    origins, destinations
        Where they begin and end.
    """

    trees: GateTrees
    origins: Anchors
    destinations: Anchors

    def __repr__(self) -> str:
        return f"<Measured: {len(self.origins)} origins, {len(self.destinations)} destinations>"

    @cached_property
    def to_door(self) -> Legs:
        """Ways from the origins, shape ``(origins, doors)``."""
        return self.trees.legs(self.origins, towards=True)

    @cached_property
    def from_door(self) -> Legs:
        """Ways to the destinations, shape ``(destinations, doors)``."""
        return self.trees.legs(self.destinations, towards=False)

    @cached_property
    def over(self) -> Bools:
        """Which pairs lie on two sides, shape ``(origins, destinations)``."""
        a, b = self.origins.side[:, None], self.destinations.side[None, :]
        over: Bools = (a != b) & (a != BOTH) & (b != BOTH)
        return over

    def rows_of(self, gates: gpd.GeoDataFrame | pd.DataFrame | None) -> Ints:
        """Return the rows of these gates among the gates of the trees; all by default.

        Raises
        ------
        DataError
            If there is no tree for one of them.
        """
        known = self.trees.gateway.gates
        if gates is None:
            return np.arange(len(known))
        ids = gates["gate" if "gate" in gates else "port_id"].astype("string")
        rows = pd.Index(known["gate"]).get_indexer(pd.Index(ids))
        if (rows < 0).any():
            raise DataError(f"gates: there is no tree for {shown(ids[rows < 0].iloc[0])}.")
        return np.asarray(rows, dtype=np.int64)

    def through(self, gate: int) -> tuple[Floats, Ints]:
        """Return the cost of every pair through one gate, and the best door of each.

        Shape ``(origins, destinations)``; infinite, and -1, where there is no way.
        """
        shape = self.over.shape
        cost, door = np.full(shape, np.inf), np.full(shape, -1, dtype=np.int64)
        for k in np.flatnonzero(self.trees.gateway.doors.gate == gate).tolist():
            start = self.to_door.cost[:, k] + self.trees.door_cost[k]
            way = start[:, None] + self.from_door.cost[None, :, k]
            better = way < cost
            np.copyto(cost, way, where=better)
            door[better] = k
        return cost, door

    def best(self, gates: gpd.GeoDataFrame | pd.DataFrame | None = None) -> tuple[Floats, Ints]:
        """Return the least cost of every pair over the gates given, and the gate's row.

        Both of shape ``(origins, destinations)``. The cost is infinite where there is
        no way; the row is -1 there, and where the way leads through no gate.
        """
        cost = np.full(self.over.shape, np.inf)
        gate = np.full(self.over.shape, DIRECT, dtype=np.int64)
        doors = self.trees.gateway.doors
        start, on = self.to_door.cost + self.trees.door_cost, self._from_door_columns
        way, better = np.empty_like(cost), np.empty(cost.shape, dtype=bool)
        for k in np.flatnonzero(np.isin(doors.gate, self.rows_of(gates))).tolist():
            np.add(start[:, k, None], on[k], out=way)
            np.less(way, cost, out=better)
            np.copyto(cost, way, where=better)
            np.copyto(gate, doors.gate[k], where=better)
        if not self.over.all():
            direct = self.direct[0]
            cost, gate = np.where(self.over, cost, direct), np.where(self.over, gate, DIRECT)
        return cost, gate

    def edges(self, origin: int, door: int, destination: int) -> list[Driven]:
        """Return the edges of a way through a door, or through none (-1), in order.

        Where it begins or ends in the middle of an edge, that part of it is among them.
        """
        if door < 0:
            return self._direct_edges(origin, destination)
        return [*self.edges_to(origin, door), *self.edges_on(door, destination)]

    def edges_to(self, origin: int, door: int) -> list[Driven]:
        """Return the edges from an origin through a door, those of the door among them."""
        doors = self.trees.gateway.doors
        path = self._leg(self.origins, origin, self.to_door, door, int(doors.side[door]))
        return [*path, *doors.edges[door]]

    def edges_on(self, door: int, destination: int) -> list[Driven]:
        """Return the edges from a door on to a destination."""
        side = 1 - int(self.trees.gateway.doors.side[door])
        return self._leg(self.destinations, destination, self.from_door, door, side)[::-1]

    def _leg(self, places: Anchors, row: int, legs: Legs, door: int, side: int) -> list[Driven]:
        """Return the edges between a place and a door on one side, from the place on."""
        towards, option = legs is self.to_door, legs.option[row, door]
        grown, _ = self.trees.trees(side, towards=towards)
        first, at = int(places.edge[row, option]), float(places.at[row, option])
        path: list[Driven] = [*grown.path(int(legs.tree[row, door]), int(legs.node[row, door]))]
        if first < 0:
            return path
        return [(first, at, 1.0) if towards else (first, 0.0, at), *path]

    def _direct_edges(self, origin: int, destination: int) -> list[Driven]:
        roads, weights = self.trees.gateway.roads, self.trees.weights
        half = self.trees.halves[int(self.direct[2][origin, destination])]
        along = self.trees.gateway.along(self.trees.weight)
        exits, out = (a[origin] for a in self.origins.leave(roads, along))
        entries, into = (a[destination] for a in self.destinations.arrive(roads, along))
        a, b = self.origins.edge[origin], self.destinations.edge[destination]
        at, to = self.origins.at[origin], self.destinations.at[destination]
        ways: list[tuple[float, list[Driven]]] = []
        for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
            if a[i] >= 0 and a[i] == b[j] and at[i] <= to[j]:
                part = int(a[i]), float(at[i]), float(to[j])
                cost = float(
                    along.part(a[i : i + 1], at[i : i + 1], to[j : j + 1])[0] * weights[a[i]]
                )
                ways.append((cost, [part]))
            if exits[i] < 0 or entries[j] < 0 or half.place[entries[j]] < 0:
                continue
            grown = self._tree_from(int(self.direct[2][origin, destination]), int(exits[i]))
            node = int(half.place[entries[j]])
            cost = grown.cost[0, node] + out[i] * weights[a[i]] + into[j] * weights[b[j]]
            path: list[Driven] = [*grown.path(0, node)[::-1]] if np.isfinite(cost) else []
            begun: list[Driven] = [(int(a[i]), float(at[i]), 1.0)] if a[i] >= 0 else []
            ended: list[Driven] = [(int(b[j]), 0.0, float(to[j]))] if b[j] >= 0 else []
            ways.append((float(cost), [*begun, *path, *ended]))
        return min(ways, key=itemgetter(0))[1]

    @cached_property
    def _tree_from(self) -> Callable[[int, int], Trees]:
        """Give the tree from a node on one side; those of one origin are asked for in a row."""
        halves = self.trees.halves
        return lru_cache(maxsize=2)(
            lambda side, node: halves[side].trees(np.array([node]), towards=False)
        )

    @cached_property
    def _from_door_columns(self) -> Floats:
        return np.ascontiguousarray(self.from_door.cost.T)

    @cached_property
    def direct(self) -> tuple[Floats, Floats, Ints]:
        """Cost of the pairs that lie on one side, the other quantity along that way, its side.

        Shape ``(origins, destinations)``; infinite where there is no way, and for
        pairs on two sides.
        """
        cost = np.full(self.over.shape, np.inf)
        other = np.full(self.over.shape, np.inf)
        on = np.zeros(self.over.shape, dtype=np.int64)
        for side in (0, 1):
            rows, cols = (
                np.flatnonzero(np.isin(places.side, (side, BOTH)))
                for places in (self.origins, self.destinations)
            )
            if len(rows) and len(cols):
                before = cost.copy()
                self._direct_on(side, rows, cols, cost, other)
                on[cost < before] = side
        self._along_one_edge(cost, other, on)
        return cost, other, on

    def _direct_on(self, side: int, rows: Ints, cols: Ints, cost: Floats, other: Floats) -> None:
        """Fill in what trees from the origins say on one side."""
        half, gateway = self.trees.halves[side], self.trees.gateway
        weights, others = self.trees.weights, self.trees.others
        along, along_other = (gateway.along(n) for n in (self.trees.weight, self.trees.other))
        exits, out = (a[rows] for a in self.origins.leave(gateway.roads, along))
        entries, into = (a[cols] for a in self.destinations.arrive(gateway.roads, along))
        out_other = self.origins.leave(gateway.roads, along_other)[1][rows]
        into_other = self.destinations.arrive(gateway.roads, along_other)[1][cols]
        out_edge, in_edge = self.origins.edge[rows], self.destinations.edge[cols]
        for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
            a = np.flatnonzero((exits[:, i] >= 0) & (half.place[exits[:, i]] >= 0))
            b = np.flatnonzero((entries[:, j] >= 0) & (half.place[entries[:, j]] >= 0))
            if not len(a) or not len(b):
                continue
            roots, tree = np.unique(exits[a, i], return_inverse=True)
            grown = half.trees(roots, towards=False)
            node = half.place[entries[b, j]]
            first, last = out_edge[a, i], in_edge[b, j]
            way = grown.cost[tree][:, node]
            way = (
                way + (out[a, i] * weights[first])[:, None] + (into[b, j] * weights[last])[None, :]
            )
            at = np.ix_(rows[a], cols[b])
            better = way < cost[at]
            r, c = np.nonzero(better)
            cost[rows[a[r]], cols[b[c]]] = way[r, c]
            if others is not None:
                sums = grown.sums(tree[r], node[c], others)[0]
                begun = out_other[a[r], i] * others[first[r]]
                ended = into_other[b[c], j] * others[last[c]]
                other[rows[a[r]], cols[b[c]]] = sums + begun + ended

    def _along_one_edge(self, cost: Floats, other: Floats, on: Ints) -> None:
        """Put in the pairs whose destination lies ahead on the origin's own edge."""
        weights, others = self.trees.weights, self.trees.others
        along, along_other = (
            self.trees.gateway.along(n) for n in (self.trees.weight, self.trees.other)
        )
        a, b = self.origins, self.destinations
        for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
            same = (a.edge[:, i, None] == b.edge[None, :, j]) & (a.edge[:, i, None] >= 0)
            r, c = np.nonzero(same & (a.at[:, i, None] <= b.at[None, :, j]))
            edge = a.edge[r, i]
            way = along.part(edge, a.at[r, i], b.at[c, j]) * weights[edge]
            better = way < cost[r, c]
            r, c, edge = r[better], c[better], edge[better]
            cost[r, c], on[r, c] = way[better], a.side[r]
            if others is not None:
                other[r, c] = along_other.part(edge, a.at[r, i], b.at[c, j]) * others[edge]
