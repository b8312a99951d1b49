"""What paths of trees add up to, of many at once, against each followed by itself."""

import numpy as np
import pytest

from roxham.geo.network.graph import dijkstra, lightest
from roxham.geo.routing import trees as module
from roxham.geo.routing.trees import Trees


@pytest.mark.parametrize("most_known", [1, 250, 2**22])
def test_sums_and_marked_edges_are_those_of_each_path(
    monkeypatch: pytest.MonkeyPatch, most_known: int
) -> None:
    monkeypatch.setattr(module, "MOST_KNOWN", most_known)  # a tree at a time, two, and all
    rng = np.random.default_rng(4)
    nodes, arcs = 120, 300
    u, v = rng.integers(0, nodes, (2, arcs))
    net = lightest(u, v, rng.uniform(1, 9, arcs), nodes)
    roots = np.array([3, 50, 3, 119, 7])
    cost, before = dijkstra(net.matrix, indices=roots, return_predecessors=True)
    grown = Trees(roots, cost, before, net)
    tree, node = (each.repeat(2) for each in np.nonzero(np.isfinite(cost)))  # paths given twice
    shuffled = rng.permutation(len(tree))
    tree, node = tree[shuffled], node[shuffled]
    weights = [rng.uniform(0, 5, arcs), np.where(rng.random(arcs) < 0.1, np.nan, 1.0)]
    mark = rng.random(arcs) < 0.3

    sums, way, edge = grown.sums_and_marks(tree, node, weights, mark)

    paths = [grown.path(t, n) for t, n in zip(tree.tolist(), node.tolist(), strict=True)]
    assert max(map(len, paths)) > 6
    assert min(map(len, paths)) == 0  # from a root to itself
    for weight, found in zip(weights, sums, strict=True):
        np.testing.assert_array_equal(found, [sum(weight[path].tolist()) for path in paths])
    marked = [(k, e) for k, path in enumerate(paths) for e in path[::-1] if mark[e]]
    assert list(zip(way.tolist(), edge.tolist(), strict=True)) == marked


def test_no_paths_add_up_to_nothing() -> None:
    net = lightest(np.array([0]), np.array([1]), np.array([1.0]), 2)
    none = np.empty(0, dtype=np.int64)
    grown = Trees(none, np.empty((0, 2)), np.empty((0, 2), dtype=np.int32), net)
    (total,), way, edge = grown.sums_and_marks(none, none, [np.ones(1)], np.ones(1, dtype=bool))
    assert [len(total), len(way), len(edge)] == [0, 0, 0]
