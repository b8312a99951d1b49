"""Isochrones of many gates in 15 minutes, against NetworkX's Dijkstra with cutoff.

Both sides start from a network in memory, and must reach the same nodes in the same
time. Ours also cuts every edge at the exact minute; areas are timed apart.

    python -m tests.bench.bench_reach 100000 40
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np

from roxham.geo import Region, Roads, reach, read_roads
from roxham.geo.access.one_to_all import Spread
from roxham.geo.network.parts import Parts
from roxham.geo.routing.barrier import Start, Walled
from tests.bench.make_network import make_network

LIMIT_S = 15 * 60.0
AROUND = Region("made-up", "A made-up grid", (-75.2, 43.5, -72.0, 46.0), "EPSG:32618", ("CA", "US"))


def opened(edges: int) -> Roads:
    """Return a made-up network, on one side of a border."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.osm"
        make_network(edges, path)
        roads = read_roads(path)
    side = np.full(roads.node_count, "US", dtype=object)
    return roads.with_columns(nodes={"side": side})


def timed(work: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """Return the median of some runs, in seconds, and the last answer."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        answer = work()
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds)), answer


def ours(spread: Spread, starts: list[Start], *, together: bool) -> tuple[np.ndarray, list[Parts]]:
    """Return times of nodes, and the parts of edges reached."""
    costs = spread.costs(starts, limit=LIMIT_S, together=together)
    groups = [starts] if together else [[start] for start in starts]
    parts = [spread.parts(c, own, LIMIT_S) for c, own in zip(costs, groups, strict=True)]
    return costs, parts


def theirs(graph: nx.DiGraph, gates: list[Any], *, together: bool) -> list[dict[Any, float]]:
    """Return times of nodes as NetworkX gives them."""
    groups = [gates] if together else [[gate] for gate in gates]
    return [
        nx.multi_source_dijkstra_path_length(graph, set(g), cutoff=LIMIT_S, weight="travel_time_s")
        for g in groups
    ]


def as_graph(roads: Roads) -> nx.DiGraph:
    """Return a lean graph, the quickest of parallel edges kept: the peer at its best."""
    graph = nx.DiGraph()
    ids = roads.node_id.tolist()
    graph.add_nodes_from(ids)
    weights = roads.edge("travel_time_s").tolist()
    for u, v, weight in zip(roads.u.tolist(), roads.v.tolist(), weights, strict=True):
        known = graph.get_edge_data(ids[u], ids[v])
        if known is None or weight < known["travel_time_s"]:
            graph.add_edge(ids[u], ids[v], travel_time_s=weight)
    return graph


def assert_same(roads: Roads, costs: np.ndarray, oracle: list[dict[Any, float]]) -> None:
    """Compare node by node."""
    place = {node: row for row, node in enumerate(roads.node_id.tolist())}
    for row, times in zip(costs, oracle, strict=True):
        expected = np.full(roads.node_count, np.inf)
        expected[[place[node] for node in times]] = list(times.values())
        assert (np.isfinite(row) == np.isfinite(expected)).all()
        reached = np.isfinite(row)
        assert np.abs(row[reached] - expected[reached]).max() < 1e-6


def main() -> None:
    """Run and print one line a question."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("edges", type=int)
    parser.add_argument("gates", type=int)
    parser.add_argument("--repeats", type=int, default=5)
    asked = parser.parse_args()
    roads = opened(asked.edges)
    chosen = np.random.default_rng(3).choice(roads.node_count, asked.gates, replace=False)
    gates = roads.node_id[chosen].tolist()
    graph = as_graph(roads)
    walled = Walled(roads)
    starts = walled.starts(gates).places
    preparing, spread = timed(partial(Spread.of, walled, direction="from"), asked.repeats)
    print(
        f"{roads.edge_count:,} edges, {asked.gates} gates, 15 minutes; made ready once in "
        f"{preparing * 1e3:.0f} ms"
    )
    for together, name in ((True, "from any gate"), (False, "from each gate")):
        mine, (costs, parts) = timed(
            partial(ours, spread, starts, together=together), asked.repeats
        )
        peer, oracle = timed(partial(theirs, graph, gates, together=together), asked.repeats)
        assert_same(roads, costs, oracle)
        print(
            f"{name}: {sum(len(p.edge) for p in parts):,} parts of edges, nodes alike; "
            f"{mine * 1e3:.1f} ms against {peer * 1e3:.0f} ms: {peer / mine:.0f} times"
        )
    once = time.perf_counter()
    rows = reach(roads, gates, minutes=[15], region=AROUND)
    print(f"with areas: {time.perf_counter() - once:.1f} s, {rows['reached_km'].sum():,.0f} km")


if __name__ == "__main__":
    main()
