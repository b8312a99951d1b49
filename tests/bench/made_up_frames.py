"""Made-up street segments and places for the benchmarks of the page, from a seed."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

CLASSES = ("residential", "tertiary", "secondary", "primary", "unclassified")


def made_up_segments(count: int, *, seed: int = 7) -> gpd.GeoDataFrame:
    """Return lines of three to seven points on a jittered grid, with name, class and length."""
    rng = np.random.default_rng(seed)
    side = int((count / 2) ** 0.5) + 1
    sizes = rng.integers(3, 8, count)
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    owner = np.repeat(np.arange(count), sizes)
    start = np.column_stack([-74 + rng.integers(0, side, count) * 0.002, np.full(count, 44.6)])
    start[:, 1] += rng.integers(0, side, count) * 0.0015
    heading = rng.uniform(0, 2 * np.pi, count)[owner] + rng.normal(0, 0.1, len(owner))
    along = (np.arange(len(owner)) - offsets[owner])[:, None] * 0.0003
    points = start[owner] + along * np.column_stack([np.cos(heading), np.sin(heading)])
    return gpd.GeoDataFrame(
        {
            "name": [f"Street {k}" for k in rng.integers(0, count // 3, count)],
            "highway": rng.choice(CLASSES, count),
            "length_m": np.round(rng.gamma(2, 100, count), 1),
        },
        geometry=shapely.from_ragged_array(shapely.GeometryType.LINESTRING, points, (offsets,)),
        crs="EPSG:4326",
    )


def made_up_places(count: int, around: gpd.GeoDataFrame, *, seed: int = 8) -> gpd.GeoDataFrame:
    """Return points within the bounds of another frame, with name, class and length."""
    rng = np.random.default_rng(seed)
    west, south, east, north = around.total_bounds
    return gpd.GeoDataFrame(
        {
            "name": [f"Place {k}" for k in range(count)],
            "highway": rng.choice(["crossing", "stop", "signals"], count),
            "length_m": np.round(rng.gamma(2, 100, count), 1),
        },
        geometry=shapely.points(rng.uniform(west, east, count), rng.uniform(south, north, count)),
        crs="EPSG:4326",
    )
