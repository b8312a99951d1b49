"""Snap points one at a time, against ``osmnx.distance.nearest_edges`` called so.

python tests/bench/bench_snap.py 100000 1000
"""

from __future__ import annotations

import argparse
import sys
import time

import networkx as nx
import numpy as np
import osmnx
import pyproj
import shapely
from bench_crossings import made_up_edges  # type: ignore[import-not-found]

from roxham.geo.geometry.distance import line_lengths_m
from roxham.geo.network.roads import Roads
from roxham.geo.routing.snap import Snapper

METRIC = "EPSG:32618"


def made_up_roads(edges: int) -> Roads:
    """Return the streets of the crossings benchmark as a network."""
    coords, offsets = made_up_edges(edges)
    ends = np.concatenate([coords[offsets[:-1]], coords[offsets[1:] - 1]])
    places, node = np.unique(ends, axis=0, return_inverse=True)
    u, v = node.ravel().astype(np.int32).reshape(2, -1)
    return Roads(
        node_id=np.arange(len(places)),
        x=places[:, 0],
        y=places[:, 1],
        u=u,
        v=v,
        key=np.zeros(len(u), dtype=np.int32),
        length_m=line_lengths_m(coords, offsets),
        offsets=offsets,
        coords=coords,
    )


def metric_graph(roads: Roads, to_metres: pyproj.Transformer) -> nx.MultiDiGraph:
    """Return the same network for OSMnx, projected."""
    graph = nx.MultiDiGraph(crs=METRIC)
    x, y = to_metres.transform(roads.x, roads.y)
    graph.add_nodes_from((i, {"x": a, "y": b}) for i, (a, b) in enumerate(zip(x, y, strict=True)))
    flat = np.column_stack(to_metres.transform(*roads.coords.T))
    lines = shapely.from_ragged_array(shapely.GeometryType.LINESTRING, flat, (roads.offsets,))
    ends = zip(roads.u.tolist(), roads.v.tolist(), lines, strict=True)
    graph.add_edges_from((u, v, {"geometry": line}) for u, v, line in ends)
    return graph


def main() -> None:
    """Run and print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("edges", type=int)
    parser.add_argument("points", type=int)
    parser.add_argument("--peer-points", type=int, default=20, help="OSMnx gets so many of them")
    asked = parser.parse_args()
    roads = made_up_roads(asked.edges)
    rng = np.random.default_rng(3)
    low, high = roads.coords.min(axis=0), roads.coords.max(axis=0)
    points = rng.uniform(low, high, (asked.points, 2))

    start = time.perf_counter()
    snapper = Snapper(roads)
    built = time.perf_counter() - start
    start = time.perf_counter()
    ours = [snapper.snap(lon, lat) for lon, lat in points.tolist()]
    mine = (time.perf_counter() - start) / len(ours)

    to_metres = pyproj.Transformer.from_crs("EPSG:4326", METRIC, always_xy=True)
    graph = metric_graph(roads, to_metres)
    flat = np.column_stack(to_metres.transform(*points[: asked.peer_points].T))
    start = time.perf_counter()
    theirs = [osmnx.nearest_edges(graph, x, y, return_dist=True) for x, y in flat.tolist()]
    peer = (time.perf_counter() - start) / len(theirs)

    for found, ((u, v, _), metres) in zip(ours, theirs, strict=False):
        assert {int(roads.u[found.edge]), int(roads.v[found.edge])} == {u, v}
        assert abs(found.offset_m - metres) < 0.01 + 0.002 * metres  # UTM is 0.1 % off itself
    sys.stdout.write(
        f"{roads.edge_count:,} edges: {mine * 1e6:.0f} µs a point (and {built * 1e3:.0f} ms once) "
        f"against {peer * 1e3:.0f} ms: {peer / mine:.0f} times; "
        f"with the tree built for {asked.points:,} points "
        f"{peer / (mine + built / asked.points):.0f} times\n"
    )


if __name__ == "__main__":
    main()
