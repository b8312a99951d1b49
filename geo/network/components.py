"""The largest connected part of a network, from whose roads one comes to all its others."""

from __future__ import annotations

import numpy as np
from scipy.sparse.csgraph import connected_components

from .roads import Roads
from .stats import components

__all__ = ["largest_component"]


def largest_component(roads: Roads, *, strongly: bool = False) -> Roads:
    """Return the part of a network that holds most nodes, and is connected.

    A place beside a path that leads nowhere is else put on that path, and reaches nothing.

    Parameters
    ----------
    roads
        The network.
    strongly
        Whether one must come from every node to every other along one-way roads, too.

    Returns
    -------
    Roads
        ``meta["left_out"]`` counts the nodes and edges that are not in it.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph([(1, 2), (2, 1), (2, 3), (8, 9)], crs="EPSG:4326")
    >>> for node in graph:
    ...     graph.nodes[node].update(x=node / 100, y=45.0)
    >>> roads = Roads.from_networkx(graph)
    >>> largest_component(roads).node_id.tolist()
    [1, 2, 3]
    >>> largest_component(roads, strongly=True).node_id.tolist()
    [1, 2]
    """
    if not roads.node_count:
        return roads
    if strongly:
        net = roads.csr("length_m").matrix
        _, part = connected_components(net, directed=True, connection="strong")
        kept = part == np.bincount(part).argmax()
    else:
        kept = components(roads) == 0
    found = roads.take_edges(kept[roads.u] & kept[roads.v])
    left = {
        "nodes": roads.node_count - found.node_count,
        "edges": roads.edge_count - found.edge_count,
    }
    return found.with_columns(meta={"left_out": left})
