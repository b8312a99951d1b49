"""How time grows with size: exponents fitted to sizes each ten times the one before, or so.

    python -m tests.bench.bench_growth [--edges 10000 … 2000000] [--points 100 … 1000000]

A page that is refused as too large has no time. Seconds of the processor, the best of up to three
runs; the exponent is the slope of log seconds
over log size between the two largest sizes, 1 being linear. What grows faster than n log n (1.1
here) is marked. Needs osmium, to write PBF.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from roxham.geo import (
    DataError,
    Roads,
    catchments,
    cut_at_border,
    find_crossings,
    load_border,
    read_roads,
    travel_table,
)
from roxham.geo.io.write import csv_bytes
from roxham.geo.routing.snap import Snapper
from roxham.layers import load_ports, mask
from roxham.maps import FeatureLayer

from .make_network import as_pbf, make_network
from .profile_commands import MIDDLE

STEEP = 1.1
SIZES = [10_000, 100_000, 500_000, 2_000_000]
KEY = "a secret of sixteen bytes or more"


def best(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the least seconds of up to three runs, and the answer."""
    least, answer = np.inf, None
    for _ in range(3):
        begun = time.process_time()
        answer = work()
        least = min(least, time.process_time() - begun)
        if least > 5:
            break
    return least, answer


def of_edges(edges: int, folder: Path) -> dict[str, float]:
    """Return the seconds of what is asked of a network."""
    xml, pbf = folder / "n.osm", folder / "n.osm.pbf"
    make_network(edges, xml, middle=MIDDLE)
    as_pbf(xml, pbf)
    border, ports = load_border(), load_ports().rows
    found = {}
    found["read PBF"], roads = best(lambda: read_roads(pbf))
    found["save"], _ = best(lambda: roads.save(folder / "n.arrow"))
    found["reopen"], _ = best(lambda: read_roads(folder / "n.arrow").lines)
    found["find crossings"], _ = best(lambda: find_crossings(roads, border, ports=ports))
    found["cut at the border"], cut = best(lambda: cut_at_border(roads, border, ports=ports))
    found["nearest gates"], _ = best(lambda: catchments(cut, ports, areas=False))
    ends = [near_line(cut, side) for side in ("US", "CA")]
    open_ = ports.assign(gate=ports["port_id"])
    found["table, 60 × gates × 60"], _ = best(
        lambda: travel_table(cut, ends[0], open_, ends[1], names=True)
    )
    found["page, payload"] = drawn(
        lambda: gpd.GeoDataFrame(geometry=roads.lines, crs=4326).assign(name=roads.edge("name"))
    )
    return found


def drawn(make: Callable[[], gpd.GeoDataFrame]) -> float:
    """Return the seconds of making a page's layer; NaN where it is refused as too large."""
    try:
        return best(lambda: FeatureLayer(make(), name="Layer"))[0]
    except DataError:
        return np.nan


def near_line(roads: Roads, side: str) -> list[Any]:
    """Return 60 nodes of a side, the nearest to the line."""
    here = np.flatnonzero(roads.node("side") == side)
    return [*roads.node_id[here[np.argsort(np.abs(roads.y[here] - 45.0))[:60]]]]


def of_points(points: int, roads: Roads) -> dict[str, float]:
    """Return the seconds of what is asked of points."""
    rng = np.random.default_rng(5)
    west, south, east, north = roads.bounds
    x, y = rng.uniform(west, east, points), rng.uniform(south, north, points)
    sites = gpd.GeoDataFrame(
        {"id": [f"s{i}" for i in range(points)], "radius_m": 100.0},
        geometry=gpd.points_from_xy(x, y),
        crs=4326,
    )
    border, snapper = load_border(), Snapper(roads)
    found = {}
    found["snap"], _ = best(lambda: snapper.snap_points(sites))
    found["side of the border"], _ = best(lambda: border.side_of(sites))
    found["mask"], _ = best(lambda: mask(sites, key=KEY, method="grid"))
    found["write CSV"], _ = best(lambda: csv_bytes(pd.DataFrame(sites.drop(columns="geometry"))))
    found["page, payload"] = drawn(lambda: sites)
    return found


def told(what: str, sizes: list[int], found: list[dict[str, float]]) -> None:
    """Print a table of seconds and exponents."""
    print(f"{what:>24}" + "".join(f"{size:>12,}" for size in sizes) + "   exponent")
    for name in found[0]:
        seconds = [one[name] for one in found]
        known = [pair for pair in zip(sizes, seconds, strict=True) if pair[1] == pair[1]][-2:]
        slope = np.nan
        if len(known) > 1:
            (size, before), (larger, after) = known
            slope = np.log(after / before) / np.log(larger / size)
        steep = "   above n log n" if slope > STEEP else ""
        told = "".join(f"{one:11.3f}s" if one == one else f"{'refused':>12}" for one in seconds)
        print(f"{name:>24}{told}{slope:11.2f}{steep}", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edges", type=int, nargs="*", default=SIZES)
    parser.add_argument("--points", type=int, nargs="*", default=[100, 10_000, 1_000_000])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if asked.edges:
            told("edges", asked.edges, [of_edges(edges, folder) for edges in asked.edges])
        if asked.points:
            make_network(50_000, folder / "p.osm", middle=MIDDLE)
            roads = read_roads(folder / "p.osm")
            told("points", asked.points, [of_points(points, roads) for points in asked.points])


if __name__ == "__main__":
    main()
