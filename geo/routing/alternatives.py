"""The search for routes between two places: the best one, and truly different others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from roxham.geo._types import Bools, Floats, Ints
from roxham.geo.network.graph import Routable, dijkstra, lightest, street_keys
from roxham.geo.network.roads import Roads

from .gate_trees import WALK
from .gates import BOTH, Gateway
from .locations import Anchors

__all__ = ["Search", "Step"]


PENALTY = 1.4
"""Factor by which the roads of a route weigh more in the search for another one."""

TRIES = 12
"""Searches for each alternative before it is given up."""

LOCAL = 0.25
"""Share of the best route's weight over which an alternative makes no detour.

After Abraham, Delling, Goldberg, Werneck, "Alternative routes in road networks", ACM Journal
of Experimental Algorithmics 18 (2013): limited sharing, bounded stretch, local optimality.
"""

SAME = 1e-9
"""Relative difference of weights that counts as none."""

CELLS = 4_000_000
"""Distances held at once while detours are looked for."""


class Step(NamedTuple):
    """A part of an edge that is driven, from ``start`` to ``stop`` (0 to 1); or a door."""

    edge: int
    start: float
    stop: float
    door: int


@dataclass(eq=False)
class Search:
    """The graph of one question: both sides in two layers, the doors between, the two ends.

    ``row, col`` are the ends of each arc, ``step`` what it is: edge, from, to, door.
    """

    gateway: Gateway
    start: Anchors
    end: Anchors
    weights: Floats
    row: Ints
    col: Ints
    cost: Floats
    edge: Ints
    span: Floats
    door: Ints
    size: int

    @classmethod
    def of(cls, gateway: Gateway, start: Anchors, end: Anchors, doors: Ints, weight: str) -> Search:
        """Lay out the graph; node ``n`` of the side of arrival is ``n + node_count``."""
        roads = gateway.roads
        weights = np.nan_to_num(np.asarray(roads.edge(weight), dtype=float), nan=np.inf)
        n = roads.node_count
        source, sink = 2 * n, 2 * n + 1
        a, b = int(start.side[0]), int(end.side[0])
        if len(doors) or (a != b and BOTH not in (a, b)):
            layers = [(a, 0), (b, n)]
        else:  # one side; on the line at both ends, either
            layers = [(s, s * n) for s in (0, 1) if a in (s, BOTH) and b in (s, BOTH)]
        arcs: list[tuple[Any, ...]] = []
        for side, shift in layers:
            rows = np.flatnonzero((gateway.edge_side == side) & np.isfinite(weights))
            full = np.tile([0.0, 1.0], (len(rows), 1))
            u, v = roads.u[rows].astype(np.int64) + shift, roads.v[rows].astype(np.int64) + shift
            arcs.append((u, v, weights[rows], rows, full, np.full(len(rows), -1)))
        table = gateway.doors
        if len(doors):
            price = table.cost(weights, walk=WALK[weight])[doors]
            none = np.full(len(doors), -1)
            zeros = np.zeros((len(doors), 2))
            arcs.append((table.tail[doors], table.head[doors] + n, price, none, zeros, doors))
        first, last = [layers[0][1]], [layers[-1][1]]
        if not len(doors) and len(layers) == 2 and a == b == BOTH:
            first = last = [0, n]
        ends_ = list(_end_arcs(start, end, roads, weights, source, sink, first, last))
        arcs += ends_
        row, col, cost, edge, span, door = (np.concatenate(c) for c in zip(*arcs, strict=True))
        whole = np.isfinite(cost)
        columns = (row[whole], col[whole], cost[whole], edge[whole], span[whole], door[whole])
        return cls(gateway, start, end, weights, *columns, size=2 * n + 2)

    def routes(
        self, count: int, max_shared: float, max_stretch: float
    ) -> list[tuple[list[Step], float]]:
        """Return so many routes at most, each with the largest share it has of a better one."""
        heavier = np.ones(len(self.row))
        found: list[list[Step]] = []
        least = np.inf
        for _ in range(1 if count == 1 else TRIES * count):
            arcs = self._shortest(heavier)
            if arcs is None:
                break
            steps = [self._step(k) for k in arcs]
            if not found:
                least = self._cost(arcs)
            if not found or self._is_other(arcs, steps, found, max_shared, max_stretch * least):
                found.append(steps)
            if len(found) == count:
                break
            heavier[self._same_roads(arcs)] *= PENALTY
        found.sort(key=self._weight)
        return [
            (steps, max((self._shared(steps, better) for better in found[:i]), default=0.0))
            for i, steps in enumerate(found)
        ]

    def _is_other(
        self,
        arcs: list[int],
        steps: list[Step],
        found: list[list[Step]],
        max_shared: float,
        limit: float,
    ) -> bool:
        """Return whether a way is one that a traveller would take for a route of its own."""
        return (
            self._cost(arcs) <= limit * (1 + SAME)
            and all(self._shared(steps, other) <= max_shared for other in found)
            and not self._has_detour(arcs, LOCAL * self._weight(found[0]))
        )

    def _cost(self, arcs: list[int]) -> float:
        return float(self.cost[arcs].sum())

    def _has_detour(self, arcs: list[int], reach: float) -> bool:
        """Return whether some part of a way, no longer than ``reach``, is not the shortest."""
        graph = self._graph(self.cost).matrix
        nodes = np.array([int(self.row[arcs[0]]), *self.col[arcs].tolist()])
        along = np.concatenate([[0.0], np.cumsum(self.cost[arcs])])
        batch = max(1, CELLS // self.size)
        for first in range(0, len(nodes), batch):
            rows = np.arange(first, min(first + batch, len(nodes)))
            best = dijkstra(graph, indices=nodes[rows], limit=reach)[:, nodes]
            by_way = along[None, :] - along[rows, None]
            near = (by_way > 0) & (by_way <= reach)
            if (near & (best < by_way - SAME * along[-1])).any():
                return True
        return False

    def _step(self, arc: int) -> Step:
        start, stop = self.span[arc].tolist()
        return Step(int(self.edge[arc]), start, stop, int(self.door[arc]))

    def _graph(self, cost: Floats) -> Routable:
        """Return the lightest of parallel arcs as a matrix, and which they are."""
        return lightest(self.row, self.col, cost, self.size)

    def _shortest(self, heavier: Floats) -> list[int] | None:
        """Return the arcs of the shortest way under these penalties."""
        graph = self._graph(self.cost * heavier)
        source, sink = self.size - 2, self.size - 1
        total, before = dijkstra(graph.matrix, indices=np.array(source), return_predecessors=True)
        return graph.path(before, sink)[::-1] if np.isfinite(total[sink]) else None

    def _same_roads(self, arcs: list[int]) -> Bools:
        """Return the arcs that are of the same roads as these, in either direction."""
        edges, doors = (np.unique(ids[arcs]) for ids in (self.edge, self.door))
        edges, doors = edges[edges >= 0], doors[doors >= 0]
        both = np.concatenate([edges, self.gateway.twins(edges)])
        same: Bools = np.isin(self.edge, both[both >= 0]) | np.isin(self.door, doors)
        return same

    def _weight(self, steps: list[Step]) -> float:
        driven = sum((s.stop - s.start) * float(self.weights[s.edge]) for s in steps if s.edge >= 0)
        walk = sum(float(self.gateway.doors.walk_m[s.door]) for s in steps if s.door >= 0)
        return driven + walk

    def _metres(self, steps: list[Step]) -> dict[tuple[int, int, float], float]:
        """Return metres on each road, whatever the direction, and on foot."""
        roads = self.gateway.roads
        metres: dict[tuple[int, int, float], float] = {}
        for s in steps:
            if s.door >= 0 and (on_foot := float(self.gateway.doors.walk_m[s.door])):
                metres[-1, s.door, on_foot] = on_foot
        steps = [*self.driven(steps)]
        edges = np.array([s.edge for s in steps], dtype=np.int64)
        keys = street_keys(roads.u[edges], roads.v[edges], roads.length_m[edges])
        for s, street in zip(steps, zip(*(key.tolist() for key in keys), strict=True), strict=True):
            driven = (s.stop - s.start) * float(roads.length_m[s.edge])
            metres[street] = metres.get(street, 0.0) + driven
        return metres

    def _shared(self, steps: list[Step], other: list[Step]) -> float:
        """Return the length two routes have in common, as a share of the shorter one."""
        a, b = self._metres(steps), self._metres(other)
        shorter = min(sum(a.values()), sum(b.values()))
        common = sum(min(a[street], b[street]) for street in a.keys() & b.keys())
        return common / shorter if shorter > 0 else 1.0

    def driven(self, steps: list[Step]) -> Iterator[Step]:
        """Return the parts that are driven, those of doors among them."""
        for s in steps:
            if s.edge >= 0:
                yield s
            elif s.door >= 0:
                yield from (Step(e, 0.0, 1.0, s.door) for e in self.gateway.doors.edges[s.door])


def _end_arcs(
    start: Anchors,
    end: Anchors,
    roads: Roads,
    weights: Floats,
    source: int,
    sink: int,
    first: list[int],
    last: list[int],
) -> Iterator[tuple[Any, ...]]:
    """Return the arcs from the source and to the sink, and along an edge that has both."""

    def arc(row: int, col: int, edge: int, start: float, stop: float) -> tuple[Any, ...]:
        cost = float((stop - start) * weights[edge]) if edge >= 0 else 0.0
        span, no_door = np.array([[start, stop]]), np.array([-1])
        return np.array([row]), np.array([col]), np.array([cost]), np.array([edge]), span, no_door

    exits, _ = start.leave(roads)
    entries, _ = end.arrive(roads)
    for i in (0, 1):
        e = int(start.edge[0, i])
        at = float(start.at[0, i])
        for shift in first:
            if exits[0, i] >= 0:
                yield arc(source, int(exits[0, i]) + shift, e, at, 1.0 if e >= 0 else at)
        f, to = int(end.edge[0, i]), float(end.at[0, i])
        for shift in last:
            if entries[0, i] >= 0:
                yield arc(int(entries[0, i]) + shift, sink, f, 0.0, to)
        for j in (0, 1):
            to = float(end.at[0, j])
            if e >= 0 and e == end.edge[0, j] and at <= to:
                yield arc(source, sink, e, at, to)
