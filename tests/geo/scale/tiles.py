"""Made-up streets about a line, and the same streets as tiles that overlap."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from roxham.geo import Region

LINE = gpd.GeoSeries.from_wkt(
    ["LINESTRING (4.8 45.004, 4.9 45.0, 4.95 45.006, 5.0 45.0, 5.2 45.0)"],
    crs="EPSG:4326",
)
OPEN = Region("x", "Made up", (4.8, 44.8, 5.2, 45.2), "EPSG:32631", ("n", "s"), controlled=False)
NAMES = ("Main Street", "Church Street", "Route 9", None)


def streets(seed: int, *, size: int = 9) -> gpd.GeoDataFrame:
    """Return directed edges of a grid that is bent, broken, doubled, and drawn badly."""
    rng = np.random.default_rng(seed)
    step = float(rng.choice([0.0004, 0.002, 0.009]))
    lon = 4.95 + step * (np.arange(size) - size / 2)
    lat = 45.002 + step * (np.arange(size) - size / 2)
    at = {
        i * size + j: (lon[i] + rng.normal(0, step / 8), lat[j] + rng.normal(0, step / 8))
        for i in range(size)
        for j in range(size)
    }
    pairs = [(n, n + size) for n in range(size * (size - 1))]
    pairs += [(n, n + 1) for n in range(size * size) if (n + 1) % size]
    pairs += [(int(a), int(b)) for a, b in rng.integers(0, size * size, (4, 2)) if a != b]  # long
    rows = []
    for u, v in pairs:
        if rng.random() < 0.25:  # a road that ends
            continue
        line = [at[u], *(_between(at[u], at[v], rng, step) if rng.random() < 0.3 else ()), at[v]]
        if rng.random() < 0.05:  # the line misses its node by a metre
            line[0] = (line[0][0] + 1e-5, line[0][1])
        name = NAMES[int(rng.integers(len(NAMES)))]
        kind = str(rng.choice(["residential", "motorway", "motorway_link"], p=[0.8, 0.1, 0.1]))
        one_way = bool(rng.random() < 0.3)
        gate = "gate" if rng.random() < 0.1 else None
        same = {"name": name, "highway": kind, "oneway": one_way, "barrier": gate}
        rows.append({"u": u, "v": v, **same, "geometry": shapely.LineString(line)})
        if not one_way:
            rows.append({"u": v, "v": u, **same, "geometry": shapely.LineString(line[::-1])})
    edges = gpd.GeoDataFrame(pd.DataFrame(rows), geometry="geometry", crs="EPSG:4326")
    return edges.assign(key=edges.groupby(["u", "v"]).cumcount())


def _between(
    a: tuple[float, float], b: tuple[float, float], rng: np.random.Generator, step: float
) -> list[tuple[float, float]]:
    middle = (
        (a[0] + b[0]) / 2 + rng.normal(0, step / 4),
        (a[1] + b[1]) / 2 + rng.normal(0, step / 4),
    )
    return [middle]


def tiled(edges: gpd.GeoDataFrame, cuts: int, halo: float) -> list[gpd.GeoDataFrame]:
    """Return the edges as columns of tiles, each with what touches its halo; keys anew in each."""
    west, _, east, _ = edges.total_bounds
    sides = np.linspace(west, east, cuts + 1)
    tiles = [
        edges[edges.intersects(shapely.box(a - halo, -90, b + halo, 90))].copy()
        for a, b in pairwise(sides)
    ]
    return [tile.assign(key=tile.groupby(["u", "v"]).cumcount()) for tile in tiles]


def written(tiles: list[gpd.GeoDataFrame], folder: Path) -> str:
    """Write tiles as GeoParquet with boxes, and return their pattern."""
    for number, tile in enumerate(tiles):
        tile.to_parquet(
            folder / f"roads-{number:02}.parquet", write_covering_bbox=True, row_group_size=40
        )
    return str(folder / "*.parquet")
