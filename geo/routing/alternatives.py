"""The search for routes between two places: the best one, and truly different others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from roxham.geo._types import Bools, Floats, Ints
from roxham.geo.network.graph import Routable, dijkstra, lightest, street_keys
from roxham.geo.network.parts import road_numbers
from roxham.geo.network.roads import Roads
from roxham.geo.network.speeds import Along

from .gate_trees import WALK
from .gates import BOTH, Gateway
from .locations import Anchors

__all__ = ["Search", "Step", "free_arcs", "weighed"]


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
    walk: float
    """What a metre on foot weighs."""
    spread: Along
    """How the weight is spread along edges."""

    @classmethod
    def of(
        cls,
        gateway: Gateway,
        start: Anchors,
        end: Anchors,
        doors: Ints,
        weight: str,
        *,
        via: bool = False,
    ) -> Search:
        """Lay out the graph; node ``n`` of the side of arrival is ``n + node_count``.

        Over an open border all doors stand between its sides, and ``doors`` are those of the
        gate to pass, if ``via``: they lead to a second copy of it all, where the way ends.
        """
        roads = gateway.roads
        weights = np.nan_to_num(np.asarray(roads.edge(weight), dtype=float), nan=np.inf)
        n = roads.node_count
        a, b = int(start.side[0]), int(end.side[0])
        if gateway.open:
            size = 4 * n if via else 2 * n
            arcs = free_arcs(gateway, weights, weight)
            if via:
                arcs += [(u + 2 * n, v + 2 * n, *rest) for u, v, *rest in arcs]
            first = [s * n for s in (0, 1) if a in (s, BOTH)]
            last = [s * n + size - 2 * n for s in (0, 1) if b in (s, BOTH)]
        else:
            size = 2 * n
            if over := a != b and BOTH not in (a, b):
                layers = [(a, 0), (b, n)]
            else:  # one side; on the line at both ends, either
                layers = [(s, s * n) for s in (0, 1) if a in (s, BOTH) and b in (s, BOTH)]
            arcs = [_side_arcs(gateway, side, shift, weights) for side, shift in layers]
            if len(doors):
                arcs.append(_door_arcs(gateway, doors, weights, weight, shifts=(0, n)))
            both = not over and len(layers) == 2
            first, last = ([0, n], [0, n]) if both else ([layers[0][1]], [layers[-1][1]])
        source, sink = size, size + 1
        spread = gateway.along(weight)
        arcs += _end_arcs(
            start, end, roads, weights, spread, source, sink, first, last, along=not via
        )
        row, col, cost, edge, span, door = (np.concatenate(c) for c in zip(*arcs, strict=True))
        whole = np.isfinite(cost)
        columns = (row[whole], col[whole], cost[whole], edge[whole], span[whole], door[whole])
        size += 2
        if gateway.open and via:
            columns, size = _passing(gateway, doors, columns, size, 2 * n)
        walk = WALK[weight]
        return cls(gateway, start, end, weights, *columns, size=size, walk=walk, spread=spread)

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
        driven = weighed(list(self.driven(steps)), self.weights, self.spread)
        walk = sum(float(self.gateway.doors.walk_m[s.door]) for s in steps if s.door >= 0)
        return driven + walk * self.walk

    def _passed(self, steps: list[Step]) -> dict[_Street, list[tuple[float, float]]]:
        """Return the parts of each street that are passed, and walks; metres from one end of it.

        It is the same end in both directions, so that two ways that part in the middle of a
        street have nothing of it in common.
        """
        roads = self.gateway.roads
        passed: dict[_Street, list[tuple[float, float]]] = {}
        for s in steps:
            if s.door >= 0 and (on_foot := float(self.gateway.doors.walk_m[s.door])):
                passed[-1, s.door, on_foot] = [(0.0, on_foot)]
        steps = [*self.driven(steps)]
        edges = np.array([s.edge for s in steps], dtype=np.int64)
        keys = street_keys(roads.u[edges], roads.v[edges], roads.length_m[edges])
        _, turned = road_numbers(roads, edges)
        streets = zip(*(key.tolist() for key in keys), strict=True)
        for s, street, home in zip(steps, streets, turned.tolist(), strict=True):
            length = float(roads.length_m[s.edge])
            start, stop = (1 - s.stop, 1 - s.start) if home else (s.start, s.stop)
            passed.setdefault(street, []).append((start * length, stop * length))
        return passed

    def _shared(self, steps: list[Step], other: list[Step]) -> float:
        """Return the length two routes have in common, as a share of the shorter one."""
        a, b = self._passed(steps), self._passed(other)
        shorter = min(sum(map(_length, way.values())) for way in (a, b))
        common = sum(_in_common(a[street], b[street]) for street in a.keys() & b.keys())
        return common / shorter if shorter > 0 else 1.0

    def driven(self, steps: list[Step]) -> Iterator[Step]:
        """Return the parts that are driven, those of doors among them."""
        for s in steps:
            if s.edge >= 0:
                yield s
            elif s.door >= 0:
                yield from (Step(e, 0.0, 1.0, s.door) for e in self.gateway.doors.edges[s.door])


_Street: TypeAlias = tuple[int, int, float]
"""Lower node, higher node and metres; or -1, a door, and metres on foot."""


def _length(parts: list[tuple[float, float]]) -> float:
    return sum(stop - start for start, stop in parts)


def _in_common(a: list[tuple[float, float]], b: list[tuple[float, float]]) -> float:
    """Return how much of a line two ways have in common, as often as both pass it.

    Examples
    --------
    >>> _in_common([(0.0, 4.0)], [(3.0, 5.0)]), _in_common([(0, 2), (0, 2)], [(0, 1), (1, 2)])
    (1.0, 2.0)
    """
    at = np.unique([*a, *b])
    middle = ((at[1:] + at[:-1]) / 2).tolist()
    often = [[sum(p < m < q for p, q in one) for m in middle] for one in (a, b)]
    return float((np.min(often, axis=0) * np.diff(at)).sum())


def weighed(parts: Sequence[Step], weights: Floats, spread: Along) -> float:
    """Return what parts of edges weigh together."""
    edge = np.array([part.edge for part in parts], dtype=np.int64)
    start, stop = (np.array([p[k] for p in parts], dtype=float) for k in (1, 2))
    return float((spread.part(edge, start, stop) * weights[edge]).sum())


Arcs: TypeAlias = tuple[Any, ...]
"""Columns of arcs: from, to, cost, edge, span, door; as in :class:`Search`."""


def free_arcs(gateway: Gateway, weights: Floats, weight: str) -> list[Arcs]:
    """Return the arcs of both sides of an open border, and of all doors between them.

    Node ``n`` of the second side is ``n + node_count``.
    """
    every = np.arange(len(gateway.doors))
    sides = [_side_arcs(gateway, s, s * gateway.roads.node_count, weights) for s in (0, 1)]
    return [*sides, _door_arcs(gateway, every, weights, weight)]


def _side_arcs(gateway: Gateway, side: int, shift: int, weights: Floats) -> Arcs:
    """Return the arcs of the roads of one side, their nodes shifted."""
    roads = gateway.roads
    rows = np.flatnonzero((gateway.edge_side == side) & np.isfinite(weights))
    full = np.tile([0.0, 1.0], (len(rows), 1))
    u, v = roads.u[rows].astype(np.int64) + shift, roads.v[rows].astype(np.int64) + shift
    return u, v, weights[rows], rows, full, np.full(len(rows), -1)


def _door_arcs(
    gateway: Gateway,
    doors: Ints,
    weights: Floats,
    weight: str,
    *,
    shifts: tuple[int, int] | None = None,
) -> Arcs:
    """Return the arcs of doors, from the layer of the side that is left to that of the other.

    Or from and to the layers given.
    """
    table, n = gateway.doors, gateway.roads.node_count
    side = table.side[doors].astype(np.int64)
    tail, head = (side * n, (1 - side) * n) if shifts is None else shifts
    price = table.cost(weights, walk=WALK[weight])[doors]
    none = np.full(len(doors), -1)
    ends_ = table.tail[doors] + tail, table.head[doors] + head
    return (*ends_, price, none, np.zeros((len(doors), 2)), doors)


def _passing(gateway: Gateway, doors: Ints, arcs: Arcs, size: int, beyond: int) -> tuple[Arcs, int]:
    """Return the arcs with those that lead through some doors to the second copy, and the size.

    Before and behind each door stands a node that roads alone lead to and from: to turn on the
    line and go back through the door is not to pass it.
    """
    row, col, *rest = arcs
    n, door_of = gateway.roads.node_count, rest[-1]
    source, count = size - 2, len(doors)
    # the two ends stay the last nodes
    row, col = (np.where(at >= source, at + 2 * count, at) for at in (row, col))
    parts: list[Arcs] = [(row, col, *rest)]
    side = gateway.doors.side[doors].astype(np.int64)
    tails = gateway.doors.tail[doors] + side * n
    heads = gateway.doors.head[doors] + (1 - side) * n + beyond
    for i, door in enumerate(doors.tolist()):
        before, behind = source + i, source + count + i
        own = np.flatnonzero(door_of == door)[:1]
        there = np.flatnonzero((col == tails[i]) & (door_of < 0))
        onward = np.flatnonzero((row == heads[i]) & (door_of < 0))
        for rows, start, end in (
            (there, row[there], np.full(len(there), before)),
            (own, np.full(len(own), before), np.full(len(own), behind)),
            (onward, np.full(len(onward), behind), col[onward]),
        ):
            parts.append((start, end, *(column[rows] for column in rest)))
    joined = tuple(np.concatenate(c) for c in zip(*parts, strict=True))
    return joined, size + 2 * count


def _end_arcs(
    start: Anchors,
    end: Anchors,
    roads: Roads,
    weights: Floats,
    spread: Along,
    source: int,
    sink: int,
    first: list[int],
    last: list[int],
    *,
    along: bool = True,
) -> Iterator[Arcs]:
    """Yield the arcs from the source and to the sink, and along an edge that has both."""

    def arc(row: int, col: int, edge: int, start: float, stop: float) -> Arcs:
        cost = weighed([Step(edge, start, stop, -1)], weights, spread) if edge >= 0 else 0.0
        span, no_door = np.array([[start, stop]]), np.array([-1])
        return np.array([row]), np.array([col]), np.array([cost]), np.array([edge]), span, no_door

    exits, _ = start.leave(roads, spread)
    entries, _ = end.arrive(roads, spread)
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
            if along and e >= 0 and e == end.edge[0, j] and at <= to:
                yield arc(source, sink, e, at, to)
