"""Crossings in 16 files, against ``dask_geopandas.read_parquet`` and ``map_partitions``.

    python tests/bench/bench_scale.py [--edges 5000000] [--folder DIR] [--runs 3]

A lattice of streets 200 m apart, sorted from south to north, and a border of 10,000 vertices
through its middle. The peer reads all of it on two workers and asks which edges cross the
border; roxham reads what lies near, and makes the whole table of crossings. The edges that cross
are compared. Starting workers is not counted, but told.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dask_geopandas
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from distributed import Client, LocalCluster

from roxham.geo import Region
from roxham.geo.border.linework import lines_of
from roxham.geo.scale.connection import Alone, Workers
from roxham.geo.scale.road_files import crossings_of, near_roads

STEP = 0.002
FILES = 16


def lattice(edges: int, folder: Path) -> tuple[list[str], gpd.GeoSeries, int]:
    """Write the streets, and return files, border and how many edges there are."""
    size = int(np.sqrt(edges / 2))
    rng = np.random.default_rng(1)
    lon = 5 + STEP * np.arange(size)
    for number, rows in enumerate(np.array_split(np.arange(size), FILES)):
        i, j = np.meshgrid(rows, np.arange(size), indexing="ij")
        node = (i * size + j).ravel()
        parts = []
        for di, dj in ((0, 1), (1, 0)):
            here = ((i + di < size) & (j + dj < size)).ravel()
            u = node[here]
            v = u + di * size + dj
            ends = [np.column_stack([lon[n % size], 40 + STEP * (n // size)]) for n in (u, v)]
            parts.append((u, v, np.stack(ends, axis=1)))
        u, v, coords = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.argsort(np.minimum(u, v), kind="stable")
        frame = gpd.GeoDataFrame(
            {"u": u[order], "v": v[order], "key": 0, "oneway": False, "highway": "residential"},
            geometry=shapely.linestrings(coords[order]), crs="EPSG:4326",
        )  # fmt: skip
        frame["name"] = pd.Series(
            rng.choice(["Main", "Church", "Mill"], len(frame)), dtype="string"
        )
        frame.to_parquet(
            folder / f"roads-{number:02}.parquet", write_covering_bbox=True, row_group_size=65_536
        )
    x = np.linspace(5 - STEP, 5 + STEP * size, 10_000)
    y = 40 + STEP * (size // 2 + 0.5) + 0.4 * STEP * np.sin(np.arange(10_000))
    line = gpd.GeoSeries([shapely.LineString(np.column_stack([x, y]))], crs="EPSG:4326")
    return sorted(map(str, folder.glob("*.parquet"))), line, size * (size - 1) * 2


def crossing_edges(part: gpd.GeoDataFrame, pieces: Any) -> pd.DataFrame:
    """Return the edges that cross pieces of the line."""
    tree = shapely.STRtree(part.geometry.to_numpy())
    rows = np.unique(tree.query(pieces, predicate="intersects")[1])
    return pd.DataFrame(part[["u", "v"]].iloc[rows])


def peer(folder: Path, line: gpd.GeoSeries, client: Client) -> int:
    """Return how many edges meet the line."""
    xy = shapely.get_coordinates(line.to_numpy())
    pieces: Any = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1))
    frame = dask_geopandas.read_parquet(str(folder / "*.parquet"))
    like = pd.DataFrame({"u": [0], "v": [0]}).iloc[:0]
    found = frame.map_partitions(crossing_edges, list(pieces), meta=like)
    begun: Any = client.compute(found)
    return len(begun.result())


def ours(
    files: list[str], line: gpd.GeoSeries, region: Region, workers: Alone
) -> tuple[int, float]:
    """Return how many crossings there are, and the share of bytes read."""
    begun = time.process_time()
    near = near_roads(files, *lines_of(line), workers)
    read = time.process_time()
    found = crossings_of(near, workers, line, region=region, cluster_m=0)
    if workers.address is None:
        crossed = time.process_time() - read
        print(f"of the processor: reading {read - begun:.2f} s, crossings {crossed:.2f} s")
    share = sum(one.read for one in near.told) / sum(one.stored for one in near.told)
    return len(found), share


def main() -> None:
    """Print seconds and ratios."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--edges", type=int, default=5_000_000)
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--folder", type=Path)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = given.folder or Path(made)
        files, line, edges = lattice(given.edges, folder)
        side = STEP * (edges / 2) ** 0.5
        region = Region(
            "x", "x", (4.9, 39.9, 5.1 + side, 40.1 + side), "EPSG:32631", ("n", "s"),
            controlled=False,
        )  # fmt: skip
        begun = time.perf_counter()
        cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0")
        with cluster, Client(cluster) as client:
            client.wait_for_workers(2)
            print(f"{edges:,} edges in {len(files)} files, "
                  f"{sum(Path(f).stat().st_size for f in files):,} bytes; "
                  f"two workers started in {time.perf_counter() - begun:.1f} s")  # fmt: skip
            two = Workers(client, "local:2", shows=False)
            works: dict[str, Callable[[], tuple[int, float]]] = {
                "peer, 2 workers": lambda: (peer(folder, line, client), 1.0),
                "roxham, 1 process": lambda: ours(files, line, region, Alone()),
                "roxham, 2 processes": lambda: ours(files, line, region, two),
            }
            seconds: dict[str, list[float]] = {name: [] for name in works}
            found = {}
            for _ in range(given.runs):
                for name, work in works.items():
                    begun = time.perf_counter()
                    found[name] = work()
                    seconds[name].append(time.perf_counter() - begun)
    base = seconds["peer, 2 workers"]
    for name, times in seconds.items():
        ratios = [b / t for b, t in zip(base, times, strict=True)]
        count, share = found[name]
        spread = f"{statistics.median(ratios):5.1f} × ({min(ratios):.1f} to {max(ratios):.1f})"
        print(f"{name:20} {statistics.median(times):6.2f} s {spread}  {count:,} found, {share:.1%}")
    counts = {count for count, _ in found.values()}
    if len(counts) > 1:
        raise SystemExit(f"not alike: {found}")


if __name__ == "__main__":
    main()
