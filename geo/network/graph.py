"""What the routing engines share: a network as arcs in a sparse matrix, and what stands behind it.

Arrays in, arrays out; nodes and edges are called by their positions. SciPy's graphs are loaded
when one is asked: they cost half of what GeoPandas does, and most who open a network ask none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from roxham.geo._types import AnyInts, Bools, Floats, Ints
from roxham.geo.columns import distinct, ends

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = [
    "NO_NODE",
    "TINY",
    "Routable",
    "dijkstra",
    "lightest",
    "parallel_keys",
    "square_matrix",
    "street_counts",
    "street_keys",
    "weak_components",
]


TINY = float(np.finfo(float).tiny)
"""Stands for a cost of zero, which a sparse matrix does not keep."""

NO_NODE = -9999
"""SciPy's mark, among the nodes before, for the root of a tree and what it does not reach."""


class Routable(NamedTuple):
    """A network for shortest paths: ``edge[i]`` is the edge behind ``matrix.data[i]``."""

    matrix: csr_array[np.float64]
    edge: Ints

    def behind(self, row: AnyInts, col: AnyInts) -> Ints:
        """Return the edges behind entries of the matrix; all of them must be there."""
        matrix = self.matrix
        place = matrix.indptr[row].astype(np.int64)
        missed = np.flatnonzero(matrix.indices[place] != col)
        while len(missed):  # rows are short: a junction has few roads
            place[missed] += 1
            missed = missed[matrix.indices[place[missed]] != col[missed]]
        return self.edge[place]

    def path(self, before: NDArray[np.int32], node: int) -> list[int]:
        """Return the edges from a node back to the root of a tree, one after another.

        Parameters
        ----------
        before
            The node before each on its way from the root, as SciPy's ``dijkstra`` tells it.
        node
            Where to begin; the root itself has no edges.
        """
        way = [node]
        while (node := int(before[node])) != NO_NODE:
            way.append(node)
        nodes = np.array(way)
        edges: list[int] = self.behind(nodes[1:], nodes[:-1]).tolist()
        return edges


def lightest(row: AnyInts, col: AnyInts, cost: Floats, size: int) -> Routable:
    """Return arcs as a sparse matrix for ``scipy.sparse.csgraph``.

    Of parallel arcs the lightest stands, the first of those that weigh the same (SciPy
    would sum them), and a cost of zero stands as the smallest positive number (SciPy
    would drop it). Columns stand in order.

    Parameters
    ----------
    row, col
        The node each arc leaves, and the one it enters.
    cost
        0 or more, never NaN.
    size
        Number of nodes.

    Examples
    --------
    >>> found = lightest(np.array([0, 0, 1]), np.array([1, 1, 0]), np.array([3.0, 2.0, 0.0]), 2)
    >>> found.edge.tolist(), found.matrix.toarray()[0].tolist()
    ([1, 2], [0.0, 2.0])
    """
    order, new = _by_pair(row, col, size)
    weight = np.maximum(cost, TINY)[order]
    pair = np.cumsum(new) - 1
    least = np.minimum.reduceat(weight, np.flatnonzero(new))
    light = np.flatnonzero(weight == least[pair])
    arc = order[light[np.diff(pair[light], prepend=-1) != 0]]
    starts = ends(np.bincount(row[arc], minlength=size)).astype(np.int32)
    columns = col[arc].astype(np.int32)
    return Routable(square_matrix(least, columns, starts), arc)


def square_matrix(data: Floats, columns: AnyInts, starts: AnyInts) -> csr_array[np.float64]:
    """Return a matrix whose row ``i`` holds ``data[starts[i] : starts[i + 1]]`` in its columns."""
    from scipy.sparse import csr_array

    size = len(starts) - 1
    return csr_array((data, columns, starts), shape=(size, size), dtype=np.float64)


def dijkstra(matrix: csr_array[np.float64], indices: Ints, **options: Any) -> Any:
    """Return what SciPy's function of this name does."""
    from scipy.sparse import csgraph

    return csgraph.dijkstra(matrix, indices=indices, **options)


def parallel_keys(u: AnyInts, v: AnyInts) -> NDArray[np.int32]:
    """Return keys that number the edges between the same two nodes from 0, in their order.

    Examples
    --------
    >>> parallel_keys(np.array([4, 7, 4, 4]), np.array([5, 5, 5, 6])).tolist()
    [0, 0, 1, 0]
    """
    order, new = _by_pair(u, v, int(v.max(initial=0)) + 1)
    first = np.flatnonzero(new)
    key = np.empty(len(u), dtype=np.int32)
    key[order] = np.arange(len(u)) - np.repeat(first, np.diff(np.append(first, len(u))))
    return key


def _by_pair(row: AnyInts, col: AnyInts, size: int) -> tuple[Ints, Bools]:
    """Return arcs in order of their ends, parallel ones as they came, and where a pair is new."""
    pair = row.astype(np.int64) * size + col
    order = np.argsort(pair, kind="stable")
    new = np.ones(len(pair), dtype=bool)
    new[1:] = np.diff(pair[order]) != 0
    return order, new


def street_keys(u: AnyInts, v: AnyInts, length_m: Floats) -> tuple[AnyInts, AnyInts, Floats]:
    """Return what tells the street of each edge: its lower node, its higher node, its metres.

    A street is the same in both directions; parallel ones differ in length, to the millimetre.
    """
    return np.minimum(u, v), np.maximum(u, v), np.round(length_m, 3)


def street_counts(u: AnyInts, v: AnyInts, mark: AnyInts, count: int) -> Ints:
    """Return how many streets end at each node; one from a node to itself ends there twice.

    Parameters
    ----------
    u, v
        The ends of each edge; both directions of a street are one.
    mark
        Small numbers from 0 that tell parallel streets apart.
    count
        Number of nodes.

    Examples
    --------
    >>> there_back_and_a_loop = np.array([0, 1, 1]), np.array([1, 0, 1]), np.array([0, 0, 0])
    >>> street_counts(*there_back_and_a_loop, 2).tolist()
    [1, 3]
    """
    width = int(mark.max(initial=0)) + 1
    low, high = np.minimum(u, v).astype(np.int64), np.maximum(u, v)
    street = distinct((low * count + high) * width + mark) // width
    both = np.concatenate([street // max(count, 1), street % max(count, 1)])
    return np.bincount(both, minlength=count)


def weak_components(tail: AnyInts, head: AnyInts, count: int) -> tuple[int, Ints]:
    """Return the number of weakly connected components, and that of each node.

    Examples
    --------
    >>> weak_components(np.array([2, 1]), np.array([0, 1]), 4)
    (3, array([0, 1, 0, 2]))
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    links = coo_array((np.ones(len(tail), dtype=bool), (tail, head)), shape=(count, count))
    parts, part = connected_components(links, directed=False)
    return int(parts), part.astype(np.int64)
