"""From roads to a table of crossings: many streets over one line, each with its own name.

python tests/bench/bench_places.py 1000 10000
"""

from __future__ import annotations

import argparse
import sys
import time

import geopandas as gpd
import numpy as np
import shapely

from roxham.geo import Region, Roads, find_crossings
from roxham.geo.columns import Coded

REGION = Region(
    "fields", "Two fields", (-1, 49, 11, 51), "EPSG:32631", ("CA", "US"), controlled=False
)
FENCE = gpd.GeoSeries([shapely.LineString([(-1, 50), (11, 50)])], crs="EPSG:4326")
CLASSES = np.array(["primary", "secondary", "tertiary", "residential"], dtype=object)
BREAK = 0.0003
"""Every third street ends so many degrees before the line, on both sides of it."""


def made_up_streets(count: int, *, seed: int = 7) -> Roads:
    """Return two-way streets over the line, every third one broken off at it."""
    rng = np.random.default_rng(seed)
    x = (np.arange(count) + rng.uniform(-0.1, 0.1, count)) * 10 / count
    broken = np.arange(count) % 3 == 2
    stop = np.where(broken, BREAK, -0.01)
    lon = np.concatenate([x, x[broken]])
    north = np.concatenate([np.full(count, 50.01), 50 - stop[broken]])
    south = np.concatenate([50 + stop, np.full(int(broken.sum()), 49.99)])
    lines = np.stack([np.stack([lon, y], axis=-1) for y in (north, south)], axis=1)
    both = np.stack([lines, lines[:, ::-1]], axis=1).reshape(-1, 2)
    size = len(lines)
    u = np.stack([np.arange(size), np.arange(size) + size], axis=1).ravel().astype(np.int32)
    nodes = np.concatenate([lines[:, 0], lines[:, 1]])
    street = np.repeat(np.concatenate([np.arange(count), np.flatnonzero(broken)]), 2)
    return Roads(
        node_id=np.arange(2 * size),
        x=nodes[:, 0],
        y=nodes[:, 1],
        u=u,
        v=np.roll(u.reshape(-1, 2), 1, axis=1).ravel(),
        key=np.zeros(2 * size, dtype=np.int32),
        length_m=np.full(2 * size, 1000.0),
        offsets=np.arange(0, len(both) + 1, 2),
        coords=both,
        edge_columns={
            "highway": Coded.of(CLASSES[street % 4]),
            "name": Coded.of([f"Street {number}" for number in street.tolist()]),
            "ref": Coded.of([f"R{number % 50}" for number in street.tolist()]),
        },
    )


def main() -> None:
    """Run and print one line a network."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("crossings", type=int, nargs="+")
    for count in parser.parse_args().crossings:
        roads = made_up_streets(count)
        start = time.process_time()
        found = find_crossings(roads, FENCE, region=REGION)
        seconds = time.process_time() - start
        assert len(found) == count
        sys.stdout.write(f"{len(found):,} crossings: {seconds:.2f} s of the processor\n")


if __name__ == "__main__":
    main()
