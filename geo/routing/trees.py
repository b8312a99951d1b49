"""One side of the border as a graph, with shortest-path trees to and from gates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roxham.geo._types import Bools, Floats, Ints
from roxham.geo.network.graph import NO_NODE, Routable, dijkstra, square_matrix

from .gates import BOTH, Gateway

__all__ = ["Half", "Trees"]

MOST_KNOWN = 2**22
"""Nodes of trees whose edges are known at once: four bytes each."""
FEW_ENDED = 8
"""So many paths to one that has ended go on beside it: to take it out copies them all."""


@dataclass(frozen=True, eq=False)
class Trees:
    """Shortest-path trees, one for each root.

    Attributes
    ----------
    root
        Nodes of the network.
    cost
        Shape ``(roots, nodes of the half)``; infinite where there is no way.
    before
        The next node towards the root, by its place in the half.
    net
        The graph searched: for trees towards their roots the reversed one.
    """

    root: Ints
    cost: Floats
    before: NDArray[np.int32]
    net: Routable

    def sums(self, tree: Ints, node: Ints, *weights: Floats) -> list[Floats]:
        """Return what edges weigh along the paths from nodes to roots, by other weights.

        Parameters
        ----------
        tree, node
            Which tree, and which node of the half, for each path. It must be reached.
        weights
            One number an edge of the network.
        """
        return self.sums_and_marks(tree, node, weights, np.zeros(len(weights[0]), dtype=bool))[0]

    def sums_and_marks(
        self, tree: Ints, node: Ints, weights: Sequence[Floats], mark: Bools
    ) -> tuple[list[Floats], Ints, Ints]:
        """Return sums, and which marked edges the paths follow: the path of each, and the edge.

        These stand path by path, each from its root. ``mark`` has an answer for every edge.
        """
        none = np.empty(0, dtype=np.int64)
        totals = np.empty((len(tree), len(weights)))
        # Behind the edges stands what a path that has ended goes along.
        beside = np.vstack([np.column_stack(weights), np.zeros(len(weights))])
        marked = np.append(mark, False)
        found = [(none, none)]
        many = max(1, MOST_KNOWN // max(1, self.before.shape[1]))
        for first in range(0, len(self.before), many):
            some = np.flatnonzero((tree >= first) & (tree < first + many))
            trees = self.before[first : first + many]
            ends = tree[some] - first, node[some]
            totals[some], met = _followed(trees, self.net, *ends, beside, marked)
            found += [(some[way], edge) for way, edge in met]
        ways, edges = (np.concatenate(part) for part in zip(*found[::-1], strict=True))
        order = np.argsort(ways, kind="stable")
        return list(totals.T), ways[order], edges[order]

    def path(self, tree: int, node: int) -> list[int]:
        """Return the edges from a node to the root of a tree, one after another."""
        return self.net.path(self.before[tree], node)


def _followed(
    before: NDArray[np.int32], net: Routable, tree: Ints, node: Ints, beside: Floats, marked: Bools
) -> tuple[Floats, list[tuple[Ints, Ints]]]:
    """Return sums along paths, and the marked edges of each step, the last edge standing for none.

    All paths go at once, a step from their nodes each time. Most of them join others, so that an
    edge is looked for once and then known by the node of the tree that it leads from.
    """
    none, above = len(beside) - 1, before.ravel()
    known = np.full(above.size, -1, dtype=np.int32)
    totals, met = np.zeros((len(tree), beside.shape[1])), []
    way, row = np.arange(len(tree)), tree.astype(np.int64) * before.shape[1]
    place, total = row + node, totals.copy()
    while len(way):
        edge = known.take(place)
        if len(new := np.flatnonzero(edge < 0)):
            up = above.take(place[new])
            going = up != NO_NODE
            edge[new] = none
            edge[new[going]] = net.behind(up[going], (place - row)[new[going]])
            known[place[new]] = edge[new]
        total += beside.take(edge, axis=0)
        if len(here := np.flatnonzero(marked.take(edge))):
            met.append((way[here], edge[here].astype(np.int64)))
        ended = edge == none
        if FEW_ENDED * np.count_nonzero(ended) > len(way):
            totals[way[ended]] = total[ended]
            way, row, place, total = (each[~ended] for each in (way, row, place, total))
            place = row + above.take(place)
        else:
            place = np.where(ended, place, row + above.take(place))
    return totals, met


class Half:
    """The roads of one side.

    Parameters
    ----------
    gateway
        The network and its wall.
    side
        Number of the side.
    weight
        Name of the edge column that shortest means.

    Attributes
    ----------
    place
        For each node of the network its place in this half, -1 if it is not here.
    """

    def __init__(self, gateway: Gateway, side: int, weight: str) -> None:
        roads = gateway.roads
        weights = roads.edge(weight)
        usable = gateway.edge_side == side
        if weights.dtype.kind == "f":
            usable &= ~np.isnan(weights)  # of unknown weight: no way is known to lead there
        net = roads.csr(weight, open_edges=usable)
        here = np.zeros(roads.node_count, dtype=bool)
        here[roads.u[usable]] = here[roads.v[usable]] = True
        # a node that no road of its side touches is still a place to be at
        here |= (gateway.node_side == side) | (gateway.node_side == BOTH)
        nodes = np.flatnonzero(here)
        self.place = np.full(roads.node_count, -1, dtype=np.int64)
        self.place[nodes] = np.arange(len(nodes))
        self.forth = _compressed(net, nodes, self.place)
        self._back: Routable | None = None

    @property
    def back(self) -> Routable:
        """The graph with every edge turned round; made at first use."""
        if self._back is None:
            self._back = _reversed(self.forth)
        return self._back

    def trees(self, roots: Ints, *, towards: bool) -> Trees:
        """Return the trees from nodes of the network, or towards them."""
        net = self.back if towards else self.forth
        size = net.matrix.shape[0]
        cost = np.full((len(roots), size), np.inf)
        before = np.full((len(roots), size), NO_NODE, dtype=np.int32)
        here = self.place[roots]
        known = np.flatnonzero(here >= 0)
        if len(known):
            cost[known], before[known] = dijkstra(
                net.matrix, indices=here[known], return_predecessors=True
            )
        return Trees(roots, cost, before, net)


def _compressed(net: Routable, nodes: Ints, place: Ints) -> Routable:
    """Return the graph with the nodes of a half alone."""
    matrix = net.matrix
    starts = np.append(matrix.indptr[nodes], matrix.indptr[-1]).astype(np.int32)
    columns = place[matrix.indices].astype(np.int32)
    return Routable(square_matrix(matrix.data, columns, starts), net.edge)


def _reversed(net: Routable) -> Routable:
    matrix = net.matrix
    order = np.argsort(matrix.indices, kind="stable")
    row = np.repeat(np.arange(matrix.shape[0], dtype=np.int32), np.diff(matrix.indptr))
    sizes = np.bincount(matrix.indices, minlength=matrix.shape[0])
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    return Routable(square_matrix(matrix.data[order], row[order], starts), net.edge[order])
