"""Crossings of many edges and a long border, against ``geopandas.sjoin`` + ``intersection``.

Both sides start from what they hold in memory (columns here, shapes there), with no
tree or anything else kept from before, and must give the same places.

    python tests/bench/bench_crossings.py 2000000 10000 100000
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from roxham.geo.border.linework import lines_of
from roxham.geo.geometry.intersections import CROSS, Meetings, find_meetings

CRS = "EPSG:4326"
STEP = 0.002


def made_up_edges(count: int, *, seed: int = 7) -> tuple[np.ndarray, np.ndarray]:
    """Return coordinates and offsets: a jittered grid of two-way streets, two bends a block."""
    rng = np.random.default_rng(seed)
    side = int((count / 4) ** 0.5) + 2
    place = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).astype(float)
    place += rng.uniform(-0.3, 0.3, place.shape)
    streets = [(place[:, :-1], place[:, 1:]), (place[:-1], place[1:])]
    a, b = (np.concatenate([s[k].reshape(-1, 2) for s in streets]) for k in (0, 1))
    lines = np.stack([a, a + (b - a) / 3, a + (b - a) * 2 / 3, b], axis=1)
    lines[:, 1:3] += rng.uniform(-0.1, 0.1, (len(lines), 2, 2))
    both = np.stack([lines, lines[:, ::-1]], axis=1).reshape(-1, 4, 2)[:count]
    # the order of a file: by way, not by place
    both = both.reshape(-1, 2, 4, 2)[rng.permutation(len(both) // 2)].reshape(-1, 4, 2)
    coords = np.round(both.reshape(-1, 2) * STEP + [-74.0, 44.0], 7)
    return coords, np.arange(0, len(coords) + 1, 4)


def made_up_border(vertices: int, coords: np.ndarray, *, seed: int = 11) -> gpd.GeoSeries:
    """Return a winding line from the west to the east of the network."""
    rng = np.random.default_rng(seed)
    (west, south), (east, north) = coords.min(axis=0), coords.max(axis=0)
    x = np.linspace(west - STEP, east + STEP, vertices)
    wave = np.zeros(vertices)
    for bends in (1, 3, 7, 20, 60):
        wave += np.sin(bends * np.linspace(0, 2 * np.pi, vertices) + rng.uniform(0, 6)) / bends
    y = (south + north) / 2 + 0.015 * (north - south) * wave / np.abs(wave).max()
    y += rng.uniform(-1, 1, vertices) * min(STEP / 2, 2 * (x[1] - x[0]))
    return gpd.GeoSeries([shapely.LineString(np.column_stack([x, y]))], crs=CRS)


def ours(coords: np.ndarray, offsets: np.ndarray, border: gpd.GeoSeries) -> Meetings:
    """Return all meetings, by columns."""
    return find_meetings(coords, offsets, *lines_of(border))


def theirs(edges: gpd.GeoDataFrame, border: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return all meetings as GeoPandas gives them."""
    hit = edges.sjoin(border, predicate="intersects")
    line: Any = border.geometry.iloc[0]
    places: gpd.GeoSeries = hit.geometry.intersection(line).explode()
    return places


def timed(work: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """Return the median of some runs, in seconds, and the last answer."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        answer = work()
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds)), answer


def assert_same(found: Meetings, oracle: gpd.GeoSeries) -> None:
    """Compare edge by edge and place by place."""
    assert (found.kind == CROSS).all()
    assert (oracle.geom_type == "Point").all()
    a = pd.DataFrame({"edge": found.line, "x": found.x, "y": found.y})
    b = pd.DataFrame({"edge": oracle.index.to_numpy(), "x": oracle.x.values, "y": oracle.y.values})
    mine, peer = (t.sort_values(["edge", "x", "y"]).to_numpy() for t in (a, b))
    assert mine.shape == peer.shape, (mine.shape, peer.shape)
    assert (mine[:, 0] == peer[:, 0]).all()
    # to 0.1 mm; twins at one x to the last bit may swap rows otherwise
    assert np.abs(mine - peer).max() < 1e-9


def main() -> None:
    """Run and print one line a border."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("edges", type=int)
    parser.add_argument("vertices", type=int, nargs="+")
    parser.add_argument("--repeats", type=int, default=5)
    asked = parser.parse_args()
    coords, offsets = made_up_edges(asked.edges)
    lines = shapely.from_ragged_array(shapely.GeometryType.LINESTRING, coords, (offsets,))
    for vertices in asked.vertices:
        border = made_up_border(vertices, coords)
        mine, found = timed(partial(ours, coords, offsets, border), asked.repeats)

        def with_geopandas(border: gpd.GeoSeries = border) -> gpd.GeoSeries:
            # new frames, so that no tree is there yet
            edges = gpd.GeoDataFrame(geometry=lines, crs=CRS)
            return theirs(edges, gpd.GeoDataFrame(geometry=border))

        peer, oracle = timed(with_geopandas, 1)
        assert_same(found, oracle)
        sys.stdout.write(
            f"{len(offsets) - 1:,} edges, border of {vertices:,} vertices: {len(found):,} crossings"
            f" alike; {mine * 1e3:.0f} ms against {peer * 1e3:.0f} ms: {peer / mine:.0f} times\n"
        )


if __name__ == "__main__":
    main()
