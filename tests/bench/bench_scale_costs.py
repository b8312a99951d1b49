"""What one worker needs for a file that is passed over, a row group that is read, a road near it.

    python tests/bench/bench_scale_costs.py FOLDER

FOLDER has the files of ``bench_scale.py --folder FOLDER``. Processor seconds, not those of a clock.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from roxham.geo import Region
from roxham.geo.border.linework import lines_of
from roxham.geo.crossings.in_parts import zone_of
from roxham.geo.scale.connection import Alone
from roxham.geo.scale.geoparquet import Found, read_rows
from roxham.geo.scale.road_files import COLUMNS, crossings_of, near_roads


def spent(work: Callable[[], object]) -> float:
    """Return the least processor seconds of three runs."""
    times = []
    for _ in range(3):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return min(times)


def read(name: str, zone: object) -> Found:
    """Read what lies near."""
    return read_rows(name, zone.halo, columns=COLUMNS, threads=False)  # type: ignore[attr-defined]


def main() -> None:
    """Print unit costs."""
    files = sorted(map(str, Path(sys.argv[1]).glob("*.parquet")))
    whole = read_rows(files[0], columns=COLUMNS)
    assert whole.rows is not None
    west, south, east, north = (float(x) for x in whole.rows.total_bounds)
    middle = (south + north) / 2
    x = np.linspace(west - 0.001, east + 0.001, 3000)
    line = gpd.GeoSeries(
        [shapely.LineString(np.column_stack([x, middle + 1e-4 * np.sin(np.arange(3000))]))],
        crs="EPSG:4326",
    )
    zone = zone_of(*lines_of(line), 100, 150)
    found = read(files[0], zone)
    assert found.rows is not None
    print(f"a file passed over: {spent(lambda: read(files[-1], zone)):.4f} s, "
          f"{read(files[-1], zone).read:,} bytes")  # fmt: skip
    print(f"a file read: {spent(lambda: read(files[0], zone)):.3f} s for {whole.edges:,} rows, "
          f"{found.read:,} of {found.stored:,} bytes, {len(found.rows):,} rows near")  # fmt: skip
    all_rows = spent(lambda: read_rows(files[0], columns=COLUMNS, threads=False))
    print(f"a file read whole: {all_rows:.3f} s, {whole.read:,} bytes")
    box = (west - 0.01, south - 0.01, east + 0.01, north + 0.01)
    region = Region("x", "x", box, "EPSG:32631", ("n", "s"), controlled=False)
    near = near_roads(files, *lines_of(line), Alone())
    roads = sum(len(part.rows) for part in near.parts)
    cross = spent(lambda: crossings_of(near, Alone(), line, region=region, cluster_m=0))
    print(f"crossings of {roads:,} roads near: {cross:.3f} s")


if __name__ == "__main__":
    main()
