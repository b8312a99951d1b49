"""Ways over an open border: they pass it as often as it is short to.

Both sides are one graph, their nodes on the line joined by doors. A tree from each origin tells
the shortest way to every destination, and which gates it passes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from roxham.geo._types import Floats, Ints
from roxham.geo.network.graph import dijkstra, lightest

from .alternatives import Arcs, free_arcs
from .gate_trees import WALK, GateTrees, padded
from .gates import BOTH
from .locations import Anchors
from .road_sequence import Driven
from .trees import Trees

__all__ = ["FreeWays", "in_a_row"]


class Sums(NamedTuple):
    """What ways add up to: metres on the first and the second side, seconds, metres on foot."""

    first_m: Floats
    second_m: Floats
    time_s: Floats
    walk_m: Floats


@dataclass(frozen=True, eq=False, repr=False)
class FreeWays:
    """Ways between origins and destinations over an open border.

    Attributes
    ----------
    trees
        The network and its gates.
    origins, destinations
        Where they begin and end.
    """

    trees: GateTrees
    origins: Anchors
    destinations: Anchors

    @cached_property
    def _arcs(self) -> Arcs:
        """Columns of all arcs: from, to, cost, edge, span, door; see :func:`free_arcs`."""
        gateway, weights = self.trees.gateway, self.trees.weights
        size = 2 * gateway.roads.node_count
        sources = size + np.arange(len(self.origins))
        sinks = size + len(sources) + np.arange(len(self.destinations))
        arcs = free_arcs(gateway, weights[:-1], self.trees.weight)
        arcs += self._ends(self.origins, sources, out=True)
        arcs += self._ends(self.destinations, sinks, out=False)
        arcs += self._along_one_edge(sources, sinks)
        columns = [np.concatenate(c) for c in zip(*arcs, strict=True)]
        whole = np.isfinite(columns[2])
        return tuple(column[whole] for column in columns)

    def _ends(self, places: Anchors, own: Ints, *, out: bool) -> list[Arcs]:
        """Return the arcs from places to the roads, or from the roads to places."""
        roads = self.trees.gateway.roads
        ends_of = places.leave if out else places.arrive
        nodes, part = ends_of(roads, self.trees.gateway.along(self.trees.weight))
        found: list[Arcs] = []
        for side in (0, 1):
            for i in (0, 1):
                here = (nodes[:, i] >= 0) & np.isin(places.side, (side, BOTH))
                here &= np.array([text is None for text in places.far])
                rows = np.flatnonzero(here)
                edge, at = places.edge[rows, i], places.at[rows, i]
                ends = nodes[rows, i] + side * roads.node_count, own[rows]
                on = edge >= 0
                span = (at, np.where(on, 1.0, at)) if out else (np.where(on, 0.0, at), at)
                cost = part[rows, i] * self.trees.weights[edge]
                pair = ends[::-1] if out else ends
                found.append((*pair, cost, edge, np.column_stack(span), np.full(len(rows), -1)))
        return found

    def _along_one_edge(self, sources: Ints, sinks: Ints) -> list[Arcs]:
        """Return the arcs to destinations that lie ahead on the origin's own edge."""
        a, b = self.origins, self.destinations
        found: list[Arcs] = []
        for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
            same = (a.edge[:, i, None] == b.edge[None, :, j]) & (a.edge[:, i, None] >= 0)
            r, c = np.nonzero(same & (a.at[:, i, None] <= b.at[None, :, j]))
            edge, span = a.edge[r, i], np.column_stack([a.at[r, i], b.at[c, j]])
            part = self.trees.gateway.along(self.trees.weight).part(edge, *span.T)
            cost = part * self.trees.weights[edge]
            found.append((sources[r], sinks[c], cost, edge, span, np.full(len(r), -1)))
        return found

    @property
    def _first_sink(self) -> int:
        return 2 * self.trees.gateway.roads.node_count + len(self.origins)

    @cached_property
    def _grown(self) -> Trees:
        """Trees from the origins."""
        row, col, cost, *_ = self._arcs
        net = lightest(row, col, cost, self._first_sink + len(self.destinations))
        roots = self._first_sink - len(self.origins) + np.arange(len(self.origins))
        costs, before = dijkstra(net.matrix, indices=roots, return_predecessors=True)
        return Trees(roots, costs, before, net)

    @cached_property
    def _weights(self) -> list[Floats]:
        """What each arc adds to the columns of :class:`Sums`, padded."""
        trees = self.trees
        gateway, (_, _, _, edge, span, door) = trees.gateway, self._arcs
        by = {trees.weight: trees.weights, trees.other: trees.others}
        walk = np.append(gateway.doors.walk_m, 0.0)[door]

        def added(weights: Floats, name: str) -> Floats:
            at_doors = np.append(gateway.doors.cost(weights, walk=WALK[name]), 0.0)
            part = np.where(edge >= 0, gateway.along(name).part(edge, *span.T), 0.0)
            driven = np.where(part > 0, part * weights[edge], 0.0)
            total: Floats = driven + at_doors[door]
            return total

        length, seconds = by["length_m"], by["travel_time_s"]
        assert length is not None
        metres = added(length, "length_m")
        on_first = np.append(gateway.edge_side, 0)[edge] == 0
        share = np.append(
            np.where(gateway.doors.side == 0, gateway.doors.share, 1 - gateway.doors.share), 0.0
        )[door]
        first = metres * np.where(door >= 0, share, on_first)
        unknown = np.full(len(metres), np.nan)
        time = unknown if seconds is None else added(seconds, "travel_time_s")
        return [padded(c) for c in (first, metres - first, time, walk)]

    def ways(self, origin: Ints, destination: Ints) -> tuple[Sums, list[list[int]], Ints]:
        """Return what the shortest way of each pair adds up to, and the rows of the gates on it.

        The gates are told once for all ways that pass the same, with which of these each way
        does. Not a number, and -1, where none leads.
        """
        sink = self._first_sink + destination
        there = np.flatnonzero(np.isfinite(self._grown.cost[origin, sink]))
        found = Sums(*(np.full(len(origin), np.nan) for _ in Sums._fields))
        doors = self._arcs[5]
        some, way, arc = self._grown.sums_and_marks(
            origin[there], sink[there], self._weights, np.append(doors >= 0, False)
        )
        for values, known in zip(found, some, strict=True):
            values[there] = known
        passed = np.full(len(origin), -1, dtype=np.int64)
        gates, passed[there] = _sequences(
            way, self.trees.gateway.doors.gate[doors[arc]], len(there)
        )
        return found, gates, passed

    def arcs(self, origin: int, destination: int) -> list[int]:
        """Return the arcs of the shortest way of a pair, in order."""
        return self._grown.path(origin, self._first_sink + destination)[::-1]

    def edges(self, arcs: list[int]) -> list[Driven]:
        """Return the edges of a way, in order, those of doors among them; parts as parts."""
        edge, span, door = self._arcs[3:6]
        found: list[Driven] = []
        for arc in arcs:
            if edge[arc] >= 0:
                found.append((int(edge[arc]), float(span[arc, 0]), float(span[arc, 1])))
            elif door[arc] >= 0:
                found += self.trees.gateway.doors.edges[int(door[arc])]
        return found


def _sequences(way: Ints, gate: Ints, count: int) -> tuple[list[list[int]], Ints]:
    """Return the gates that ways pass, each sequence once, and which of them each way has.

    Parameters
    ----------
    way, gate
        The gates of each way in order, way by way.
    count
        Number of ways; one may pass none.
    """
    fresh = np.ones(len(gate), dtype=bool)  # as in_a_row counts them
    fresh[1:] = (np.diff(gate) != 0) | (np.diff(way) != 0)
    way, gate = way[fresh], gate[fresh]
    starts = np.searchsorted(way, np.arange(count + 1))
    sizes = np.diff(starts)
    number = np.zeros(count, dtype=np.int64)
    for step in range(int(sizes.max(initial=0))):
        on = np.flatnonzero(sizes > step)
        here = np.zeros(count, dtype=np.int64)
        here[on] = gate[starts[on] + step] + 1
        number = pd.factorize(number * (int(here.max()) + 1) + here)[0]
    _, first = np.unique(number, return_index=True)
    bounds = zip(starts[first].tolist(), starts[first + 1].tolist(), strict=True)
    listed = gate.tolist()
    return [listed[a:b] for a, b in bounds], number


def in_a_row(gates: list[int]) -> list[int]:
    """Return gates as a traveller counts them: a road that wavers over the line passes one once.

    Examples
    --------
    >>> in_a_row([3, 3, 5, 3])
    [3, 5, 3]
    """
    return [gate for i, gate in enumerate(gates) if i == 0 or gate != gates[i - 1]]
