"""Write a made-up road network as an OSM file: a jittered grid of streets, from a seed.

Some three directed edges a junction, two shape points a block, one street in ten
one-way, ways of one to four blocks, names, classes and speeds as in real files.

    python tests/bench/make_network.py 100000 network.osm network.osm.pbf
"""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

CLASSES = ("residential", "tertiary", "secondary", "primary", "unclassified")
SPEEDS = ("50", "70", "90", "45 mph", "")


def make_network(
    edges: int, path: Path, *, seed: int = 7, middle: tuple[float, float] | None = None
) -> None:
    """Write OSM XML with about this many directed edges once simplified.

    Its south-western corner lies at 44° N 74° W, or its middle where it is told to.
    """
    rng = np.random.default_rng(seed)
    side = round((edges / 1.864) ** 0.5)
    step = 0.002
    west, south = (-74.0, 44.0) if middle is None else (m - side * step / 2 for m in middle)
    lon = west + step * (np.arange(side)[None, :] + rng.uniform(-0.3, 0.3, (side, side)))
    lat = south + step * (np.arange(side)[:, None] + rng.uniform(-0.3, 0.3, (side, side)))
    nodes: list[tuple[float, float]] = list(zip(lon.ravel(), lat.ravel(), strict=True))
    ways: list[tuple[list[int], int]] = []

    def street(ids: np.ndarray) -> None:
        """Cut a row of junctions into ways, some blocks missing, shape points between."""
        place = 0
        while place < len(ids) - 1:
            blocks = int(rng.integers(1, 5))
            run = ids[place : place + blocks + 1]
            place += blocks
            if rng.random() < 0.35:
                continue
            refs = [int(run[0])]
            for a, b in pairwise(run):
                (xa, ya), (xb, yb) = nodes[a], nodes[b]
                for part in (1 / 3, 2 / 3):
                    jitter = rng.uniform(-0.1, 0.1, 2) * step
                    at = (xa + part * (xb - xa) + jitter[0], ya + part * (yb - ya) + jitter[1])
                    refs.append(len(nodes))
                    nodes.append(at)
                refs.append(int(b))
            ways.append((refs, int(rng.integers(0, 1_000_000))))

    grid = np.arange(side * side).reshape(side, side)
    for line in grid:
        street(line)
    for line in grid.T:
        street(line)
    used = np.zeros(len(nodes), dtype=bool)
    for refs, _ in ways:
        used[refs] = True
    with path.open("w", encoding="utf-8") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n')
        for ref, (x, y) in enumerate(nodes):
            if used[ref]:
                out.write(f' <node id="{ref + 1}" lat="{y:.7f}" lon="{x:.7f}" version="1"/>\n')
        for number, (refs, draw) in enumerate(ways):
            out.write(f' <way id="{number + 1}" version="1">\n')
            out.writelines(f'  <nd ref="{ref + 1}"/>\n' for ref in refs)
            tags = {"highway": CLASSES[draw % 5], "name": f"Street {draw % 3000}"}
            if SPEEDS[draw // 7 % 5]:
                tags["maxspeed"] = SPEEDS[draw // 7 % 5]
            if draw % 10 == 3:
                tags["oneway"] = "yes"
            out.writelines(f'  <tag k="{k}" v="{v}"/>\n' for k, v in tags.items())
            out.write(" </way>\n")
        out.write("</osm>\n")


def as_pbf(source: Path, target: Path) -> None:
    """Copy an OSM file to PBF."""
    import osmium

    target.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(target)) as writer:
        for thing in osmium.FileProcessor(str(source)):
            writer.add(thing)


if __name__ == "__main__":
    make_network(int(sys.argv[1]), Path(sys.argv[2]))
    for other in sys.argv[3:]:
        as_pbf(Path(sys.argv[2]), Path(other))
