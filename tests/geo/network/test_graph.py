"""What the routing engines share, on any network of few nodes, against NetworkX."""

from __future__ import annotations

from typing import Any, NamedTuple

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from roxham.geo.network.graph import (
    NO_NODE,
    TINY,
    Routable,
    lightest,
    parallel_keys,
    street_counts,
    street_keys,
    weak_components,
)

Array = np.ndarray[Any, Any]


class Arcs(NamedTuple):
    """Arcs between few nodes: parallel ones, loops and such without weight among them."""

    row: Array
    col: Array
    cost: Array
    size: int

    @property
    def graph(self) -> nx.MultiDiGraph[int]:
        graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
        graph.add_nodes_from(range(self.size))
        arcs = zip(self.row.tolist(), self.col.tolist(), self.cost.tolist(), strict=True)
        graph.add_edges_from((u, v, {"cost": cost}) for u, v, cost in arcs)
        return graph

    @property
    def net(self) -> Routable:
        return lightest(self.row, self.col, self.cost, self.size)


@st.composite
def arcs(draw: st.DrawFn) -> Arcs:
    size = draw(st.integers(1, 7))
    node, weight = st.integers(0, size - 1), st.sampled_from([0.0, 0.0, 1.0, 2.5, 4.0, 1e6])
    made = draw(st.lists(st.tuples(node, node, weight), max_size=30))
    # narrow as the positions of a network are: products of them must not wrap round
    row, col = (np.array([arc[k] for arc in made], dtype=np.int32) for k in (0, 1))
    return Arcs(row, col, np.array([arc[2] for arc in made], dtype=float), size)


@given(arcs())
def test_one_arc_stands_for_parallel_ones_the_first_of_the_lightest(made: Arcs) -> None:
    best: dict[tuple[int, int], int] = {}
    for arc, pair in enumerate(zip(made.row.tolist(), made.col.tolist(), strict=True)):
        if pair not in best or made.cost[arc] < made.cost[best[pair]]:
            best[pair] = arc
    matrix, kept = made.net
    assert kept.tolist() == [best[pair] for pair in sorted(best)]
    found = matrix.tocoo()
    assert list(zip(found.row.tolist(), found.col.tolist(), strict=True)) == sorted(best)
    assert found.data.tolist() == [max(cost, TINY) for cost in made.cost[kept].tolist()]
    assert matrix.indices.dtype == matrix.indptr.dtype == np.int32


def test_without_arcs_there_is_a_matrix_of_nothing() -> None:
    none = np.empty(0, dtype=np.int32)
    for size in (0, 3):
        matrix, arc = lightest(none, none, np.empty(0), size)
        assert matrix.shape == (size, size)
        assert matrix.nnz == len(arc) == 0


def test_positions_beyond_the_range_of_their_product_stay_apart() -> None:
    row, col = (np.array(ends, dtype=np.int32) for ends in ([30_000, 0], [5, 99_999]))
    assert lightest(row, col, np.ones(2), 100_000).edge.tolist() == [1, 0]


@given(arcs())
def test_ways_cost_what_networkx_says_and_their_arcs_add_up_to_it(made: Arcs) -> None:
    net, graph = made.net, made.graph
    cost, before = dijkstra(net.matrix, return_predecessors=True)
    for root in range(made.size):
        told = nx.single_source_dijkstra_path_length(graph, root, weight="cost")
        assert np.flatnonzero(np.isfinite(cost[root])).tolist() == sorted(told)
        for node, least in told.items():
            assert cost[root, node] == least or cost[root, node] < 1e-300
            way = net.path(before[root], node)[::-1]
            assert made.cost[way].sum() == least
            nodes = [root, *made.col[way].tolist()]
            assert made.row[way].tolist() == nodes[:-1]
            assert nodes[-1] == node
        unreached = [node for node in range(made.size) if node not in told]
        assert all(net.path(before[root], node) == [] for node in unreached)
        assert (before[root][unreached] == NO_NODE).all()


@given(arcs(), st.randoms(use_true_random=False))
def test_the_arc_behind_each_entry_is_found_in_any_order(made: Arcs, chance: Any) -> None:
    net = made.net
    place = np.array(chance.choices(range(len(net.edge)), k=9) if len(net.edge) else [], dtype=int)
    arc = net.edge[place]
    assert net.behind(made.row[arc], made.col[arc]).tolist() == arc.tolist()


@given(arcs())
def test_keys_are_those_networkx_gives(made: Arcs) -> None:
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    pairs = zip(made.row.tolist(), made.col.tolist(), strict=True)
    assert parallel_keys(made.row, made.col).tolist() == [graph.add_edge(u, v) for u, v in pairs]


@given(arcs(), st.data())
def test_streets_are_counted_as_the_degree_of_an_undirected_graph(made: Arcs, data: Any) -> None:
    size = len(made.row)
    mark = data.draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))
    graph: nx.MultiGraph[int] = nx.MultiGraph()
    graph.add_nodes_from(range(made.size))
    for u, v, key in zip(made.row.tolist(), made.col.tolist(), mark, strict=True):
        graph.add_edge(u, v, key)
    found = street_counts(made.row, made.col, np.array(mark, dtype=int), made.size)
    assert found.tolist() == [degree for _, degree in graph.degree]


def test_a_street_is_the_same_in_both_directions_and_no_other_of_another_length() -> None:
    u, v = np.array([3, 1, 3, 1]), np.array([1, 3, 1, 2])
    keys = street_keys(u, v, np.array([50.0004, 50.0001, 50.002, 50.0]))
    street = list(zip(*(key.tolist() for key in keys), strict=True))
    assert street[0] == street[1]
    assert len(set(street)) == 3


@given(arcs())
def test_components_are_those_networkx_gives(made: Arcs) -> None:
    count, part = weak_components(made.row, made.col, made.size)
    found = {frozenset(np.flatnonzero(part == number).tolist()) for number in range(count)}
    assert found == {*map(frozenset, nx.weakly_connected_components(made.graph))}


def test_no_nodes_have_no_components() -> None:
    none = np.empty(0, dtype=np.int32)
    count, part = weak_components(none, none, 0)
    assert (count, part.tolist()) == (0, [])
