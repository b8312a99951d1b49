"""Travel over a network away from places, or towards them, and the pieces of road it covers.

One Dijkstra tree answers a place: every node gets its cost, and each edge the part
that is reached, cut at the exact fraction. The border is a wall with doors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from roxham.geo._types import Floats, Ints
from roxham.geo.columns import ends
from roxham.geo.network.graph import TINY, Routable, dijkstra, lightest, square_matrix
from roxham.geo.network.parts import Parts, road_numbers
from roxham.geo.network.roads import Roads
from roxham.geo.network.speeds import Along
from roxham.geo.routing.barrier import Start, Walled

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["Direction", "Spread", "Ways", "other_way"]

Direction = Literal["from", "to"]


class Ways(NamedTuple):
    """Ways from a start to nodes: on an edge (-1 for none) from a fraction of it, or on foot."""

    node: Ints
    cost: Floats
    edge: Ints
    at: Floats
    walk_m: Floats


@dataclass(frozen=True, eq=False)
class Spread:
    """A walled network made ready for travel in one direction, by one weight.

    Attributes
    ----------
    walled
        The network.
    direction
        ``from``: away from a place; ``to``: towards it. One-way roads stay what they are.
    cost
        Weight of each edge; infinite where no car may go.
    along
        How the weight is spread along edges.
    walk
        Cost of a metre on foot.
    tail, head
        The nodes at which travel enters and leaves each edge on its way from the start.
    net
        Costs between nodes in that direction; behind a door stands -1.
    """

    walled: Walled
    direction: Direction
    cost: Floats
    along: Along
    walk: float
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    net: Routable

    @classmethod
    def of(cls, walled: Walled, *, direction: Direction, weight: str = "travel_time_s") -> Spread:
        """Prepare a network.

        Raises
        ------
        DataError
            If a weight is negative or no number.
        """
        roads = walled.roads
        tail, head = (roads.u, roads.v) if direction == "from" else (roads.v, roads.u)
        cost = walled.weights(weight)
        open_edges = walled.usable & np.isfinite(cost)
        net = replace(roads, u=tail, v=head).csr(weight, open_edges=open_edges)
        a, b, doors = walled.doors(weight)
        if len(doors):
            a, b = (a, b) if direction == "from" else (b, a)
            net = _with_doors(net, a, b, doors)
        along, walk = walled.gateway.along(weight), walled.on_foot(weight)
        return cls(walled, direction, cost, along, walk, tail, head, net)

    @property
    def roads(self) -> Roads:
        """The network, its nodes on the line split."""
        return self.walled.roads

    def costs(
        self, starts: Sequence[Start], *, limit: float = np.inf, together: bool = False
    ) -> Floats:
        """Return the cost of every node from each start, ``inf`` beyond the limit.

        Shape ``(starts, nodes)``; with ``together`` the nearest counts: ``(1, nodes)``.
        """
        n = self.roads.node_count
        if not starts:
            return np.full((int(together), n), np.inf)
        grown, roots = self.grown(starts), np.arange(n, n + len(starts))
        cost: Floats = dijkstra(grown, roots, limit=limit, min_only=together)
        return np.atleast_2d(cost)[:, :n]

    def grown(self, starts: Sequence[Start]) -> csr_array[np.float64]:
        """Return the matrix with one node more for each start, and the ways out of it."""
        old = self.net.matrix
        ways = [self.ways(start) for start in starts]
        indices = np.concatenate([old.indices, *(way.node for way in ways)])
        data = np.concatenate([old.data, *(way.cost for way in ways)])
        sizes = np.array([len(way.node) for way in ways])
        indptr = np.concatenate([old.indptr, old.indptr[-1] + ends(sizes)[1:]])
        return square_matrix(data, indices.astype(np.int32), indptr.astype(np.int32))

    def ways(self, start: Start) -> Ways:
        """Return the ways from a start to the nodes that it leads to first, each once."""
        none = np.full(len(start.nodes), -1)
        node = np.concatenate([start.nodes, self.head[start.edges]]).astype(np.int64)
        edge = np.concatenate([none, start.edges]).astype(np.int64)
        at = np.concatenate([np.zeros(len(none)), start.fractions])
        walk_m = np.concatenate([start.walk_m, np.zeros(len(start.edges))])
        driven = self.ahead(start.edges, start.fractions, self.along) * self.cost[start.edges]
        cost = np.concatenate([start.walk_m * self.walk, driven])
        order = np.lexsort((cost, node))
        _, first = np.unique(node[order], return_index=True)
        best = order[first]
        best = best[np.isfinite(cost[best])]
        return Ways(node[best], np.maximum(cost[best], TINY), edge[best], at[best], walk_m[best])

    def ahead(self, edges: Ints, fractions: Floats, along: Along) -> Floats:
        """Return what share of a weight lies ahead of travel on edges, from fractions of them."""
        passed = along.share(edges, fractions)
        return 1 - passed if self.direction == "from" else passed

    def parts(self, costs: Floats, starts: Sequence[Start], limit: float) -> Parts:
        """Return the parts of edges that are reached within a limit.

        Parameters
        ----------
        costs
            One row of :meth:`costs`, made with at least this limit.
        starts
            The starts behind that row.
        limit
            In the unit of the weight.
        """
        before = costs[self.tail]
        inner = np.flatnonzero(self.walled.usable & (before <= limit))
        own = np.concatenate([start.edges for start in starts])
        edge = np.concatenate([inner, own])
        ahead = (self.ahead(start.edges, start.fractions, self.along) for start in starts)
        begun = np.concatenate([np.zeros(len(inner)), *(1 - share for share in ahead)])
        left = np.concatenate([limit - before[inner], np.full(len(own), float(limit))])
        cost = self.cost[edge]
        share = np.divide(left, cost, out=np.ones(len(edge)), where=cost > 0)
        done = np.minimum(begun + share, 1)
        some = done > begun
        edge, begun, done = edge[some], begun[some], done[some]
        if self.direction == "to":
            begun, done = 1 - done, 1 - begun
        return Parts(edge, self.along.place(edge, begun), self.along.place(edge, done))


def _with_doors(net: Routable, a: Ints, b: Ints, cost: Floats) -> Routable:
    """Return the network with doors added; where a road is quicker it stands."""
    old = net.matrix.tocoo()
    row, col = np.concatenate([old.row, a]), np.concatenate([old.col, b])
    both, arc = lightest(row, col, np.concatenate([old.data, cost]), old.shape[0])
    return Routable(both, np.concatenate([net.edge, np.full(len(a), -1)])[arc])


def other_way(spread: Spread, edges: Ints) -> Floats:
    """Return the cost of each edge's other direction, if that is among them; else infinity."""
    number, turned = road_numbers(spread.roads, edges)
    costs = np.full(2 * (int(number.max(initial=-1)) + 1), np.inf)
    np.minimum.at(costs, 2 * number + turned, spread.cost[edges])
    return costs[2 * number + ~turned]
