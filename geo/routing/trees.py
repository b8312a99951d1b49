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
        beside = np.column_stack(weights)  # one look at the memory for an edge
        totals = np.zeros((len(tree), len(weights)))
        none = np.empty(0, dtype=np.int64)
        found = [(none, none)]
        alive = np.arange(len(tree))
        at = node.astype(np.int64)
        while len(alive):  # all paths at once, a step from their nodes each time
            before = self.before[tree[alive], at].astype(np.int64)
            going = before != NO_NODE
            alive, at, before = alive[going], at[going], before[going]
            edge = self.net.behind(before, at)
            totals[alive] += beside[edge]
            here = mark[edge]
            found.append((alive[here], edge[here]))
            at = before
        ways, edges = (np.concatenate(part) for part in zip(*found[::-1], strict=True))
        order = np.argsort(ways, kind="stable")
        return list(totals.T), ways[order], edges[order]

    def path(self, tree: int, node: int) -> list[int]:
        """Return the edges from a node to the root of a tree, one after another."""
        return self.net.path(self.before[tree], node)


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
