"""Travel through gates: all origins × gates × destinations, against peers, in one run.

A made-up network is cut by a made-up border at 40 gates. Ours is measured from the opened
network to the whole table; OSMnx finds shortest paths pair by pair (a sample, and what all
pairs would take); pandana, where it is installed, takes the build and all its queries.

    python tests/bench/bench_gates.py 100000
"""

from __future__ import annotations

import argparse
import importlib
import runpy
import tempfile
import time
import warnings
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import osmnx
import pandas as pd
import shapely

from roxham.geo import GateTrees, Region, Roads, cut_at_border, find_crossings, read_roads
from roxham.geo.routing.travel_table import table_of, travel_table

MADE_UP = runpy.run_path(str(Path(__file__).with_name("make_network.py")))

GATES, PLACES, SAMPLE = 40, 200, 12


NO_WAY = 2**32 // 1000
"""What pandana gives, or more, where there is no way: its thousandths are 32 bits."""


def opened(edges: int, folder: Path) -> tuple[Roads, gpd.GeoDataFrame]:
    """Return the network cut at a line through its middle, and gates at 40 of its crossings."""
    if not (folder / "n.osm.pbf").exists():  # two sides of a work share what was prepared
        MADE_UP["make_network"](edges, folder / "n.osm")
        MADE_UP["as_pbf"](folder / "n.osm", folder / "n.osm.pbf")
    roads = read_roads(folder / "n.osm.pbf")
    west, south, east, north = roads.bounds
    y = (south + north) / 2
    line = gpd.GeoSeries([shapely.LineString([(west - 1, y), (east + 1, y)])], crs=4326)
    box = (west - 0.5, south - 0.5, east + 0.5, north + 0.5)
    told = Region("made-up", "A made-up border", box, "EPSG:32631", ("CA", "US"), controlled=False)
    found = find_crossings(roads, line, region=told)
    chosen = found.iloc[np.linspace(0, len(found) - 1, GATES).astype(int)]
    ports = chosen.assign(port_id=[f"gate-{i}" for i in range(GATES)], kind="port_of_entry")
    ports = ports[["port_id", "kind", "name", "geometry"]]
    cut = cut_at_border(roads, line, ports=ports, region=told)
    # elsewhere the line is a wall, for peers too, which know of none
    kept = np.isin(cut.node("crossing_id"), ports["port_id"].to_numpy())
    wall = np.array([side is None for side in cut.node("side")]) & ~kept
    return cut.take_edges(~(wall[cut.u] | wall[cut.v])), ports


def places(roads: Roads, *, seed: int = 5) -> tuple[list[Any], list[Any]]:
    """Return nodes on the two sides, origins in the south."""
    rng = np.random.default_rng(seed)
    side = roads.node("side")
    names = [s for s in dict.fromkeys(side.tolist()) if s is not None]
    names.sort(key=lambda s: roads.y[side == s].mean())
    south, north = (rng.choice(roads.node_id[side == s], PLACES, replace=False) for s in names)
    return south.tolist(), north.tolist()


def timed(work: Callable[[], Any], repeats: int = 1) -> tuple[float, Any]:
    """Return the median of some runs, in seconds of the processor, and the last answer."""
    seconds = []
    for _ in range(repeats):
        start = time.process_time()
        answer = work()
        seconds.append(time.process_time() - start)
    return float(np.median(seconds)), answer


def by_osmnx(
    graph: nx.MultiDiGraph[Any], origins: list[Any], ends: list[Any]
) -> tuple[float, np.ndarray]:
    """Return seconds a pair and the costs of the pairs of a sample."""

    def run() -> np.ndarray:
        found = []
        for a, b in zip(origins, ends, strict=True):
            path = osmnx.routing.shortest_path(graph, a, b, weight="travel_time_s")
            steps = pairwise(path or [])
            cost = sum(min(d["travel_time_s"] for d in graph[u][v].values()) for u, v in steps)
            found.append(cost if path else np.inf)
        return np.array(found)

    seconds, costs = timed(run)
    return seconds / len(origins), costs


def by_pandana(roads: Roads, origins: list[Any], gates: list[Any], ends: list[Any]) -> Any:
    """Return seconds to build, seconds for the queries through all gates, and the costs.

    It knows no wall: a way may go over the border and back on its way to a gate.
    """
    try:
        pandana = importlib.import_module("pandana")
    except ImportError:
        return None
    data = {"u": roads.node_id[roads.u], "v": roads.node_id[roads.v]}
    edges = pd.DataFrame({**data, "w": roads.edge("travel_time_s")})
    x, y = (pd.Series(c, index=roads.node_id) for c in (roads.x, roads.y))
    build, net = timed(
        lambda: pandana.Network(x, y, edges["u"], edges["v"], edges[["w"]], twoway=False)
    )

    def queries() -> np.ndarray:
        a, b = np.meshgrid(origins, gates, indexing="ij")
        near = net.shortest_path_lengths(a.ravel(), b.ravel(), imp_name="w")
        c, d = np.meshgrid(gates, ends, indexing="ij")
        far = net.shortest_path_lengths(c.ravel(), d.ravel(), imp_name="w")
        near, far = (np.where(np.asarray(cost) < NO_WAY, cost, np.inf) for cost in (near, far))
        ways = near.reshape(a.shape)[:, :, None] + far.reshape(c.shape)[None]
        return np.asarray(ways.min(axis=1))

    query, costs = timed(queries, 3)
    return build, query, costs


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("edges", type=int)
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        roads, ports = opened(asked.edges, Path(folder))
    origins, ends = places(roads)
    print(f"{roads.edge_count:,} edges, {len(ports)} gates, {PLACES} × {PLACES} places")
    ours, table = timed(lambda: travel_table(roads, origins, ports, ends), asked.repeats)
    print(f"ours, opened network to a table of {len(table):,} rows: {ours:.2f} s")
    grown, trees = timed(lambda: GateTrees(roads, ports), asked.repeats)
    measured = trees.measure(origins, ends)
    first, _ = timed(measured.best)
    answer, _ = timed(lambda: trees.measure(origins, ends).best())
    closed = ports.iloc[1:]
    again, fewer = timed(lambda: measured.best(closed), 7)
    best, _ = measured.best()
    retold, _ = timed(lambda: table_of(measured, closed))
    print(f"  of it: wall {grown:.2f} s, trees {first:.2f} s; places again {answer:.3f} s")
    print(f"  one gate closed: least costs {again * 1e3:.1f} ms, whole table {retold:.2f} s")
    assert (fewer[0] >= best).all()

    graph = roads.to_networkx()
    rng = np.random.default_rng(1)
    o, d = rng.integers(0, PLACES, (2, SAMPLE))
    pair, costs = by_osmnx(graph, [origins[i] for i in o], [ends[i] for i in d])
    np.testing.assert_allclose(costs, best[o, d], rtol=1e-9)
    whole = pair * PLACES * PLACES
    print(
        f"osmnx.routing.shortest_path: {pair * 1e3:.0f} ms a pair over {SAMPLE} pairs; "
        f"extrapolated to {PLACES * PLACES:,}: {whole:,.0f} s, {whole / ours:,.0f} times ours"
    )
    nodes = [roads.node_id[i] for i in np.unique(trees.gateway.doors.tail)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = by_pandana(roads, origins, nodes, ends)
    if peer is None:
        print("pandana: not installed here")
        return
    build, query, theirs = peer
    off = np.abs(theirs - best)[np.isfinite(best) & (theirs < 4e6)].max()
    print(
        f"pandana: build {build:.2f} s, queries {query:.3f} s, {(build + query) / ours:.2f} times "
        f"ours; costs within {off:.2f} s; a closed gate {query / again:.0f} times ours"
    )


if __name__ == "__main__":
    main()
