"""A scheduler and two workers of their own over TCP: killed, poisoned, and gone away."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from distributed import Client

from roxham.geo import DataError, FetchError, find_crossings, read_roads
from roxham.geo.border.linework import lines_of
from roxham.geo.scale import connection
from roxham.geo.scale.connection import connected
from roxham.geo.scale.geoparquet import files_of, read_rows
from roxham.geo.scale.road_files import crossings_of, near_roads
from roxham.geo.scale.table_files import of_each

from .tiles import LINE, OPEN, streets, tiled, written

WAIT_S = 60


class Cluster:
    """A scheduler and its workers, as processes."""

    def __init__(self, workers: int) -> None:
        self.scheduler = self._started(
            "distributed.cli.dask_scheduler", "--port=0", "--no-dashboard"
        )
        self.address = self._told(self.scheduler, r"Scheduler at:\s+(tcp://\S+)")
        self.workers = [self.worker() for _ in range(workers)]

    def worker(self) -> subprocess.Popen[str]:
        more = ("--nthreads=1", "--no-nanny", "--no-dashboard", "--death-timeout=30")
        return self._started("distributed.cli.dask_worker", self.address, *more)

    def ready(self, workers: int) -> None:
        with Client(self.address, timeout=WAIT_S, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=WAIT_S)

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()
            assert process.stderr is not None
            process.stderr.close()

    def _started(self, module: str, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-W", "ignore", "-m", module, "--host=127.0.0.1", *words]
        return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    def _told(self, process: subprocess.Popen[str], pattern: str) -> str:
        assert process.stderr is not None
        for line in process.stderr:
            if found := re.search(pattern, line):
                return found[1]
        raise AssertionError("the scheduler did not start")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    started = Cluster(2)
    started.ready(2)
    yield started
    started.close()


@pytest.fixture(scope="module")
def edges() -> gpd.GeoDataFrame:
    return streets(13)


@pytest.fixture(scope="module")
def tiles(edges: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return files_of(written(tiled(edges, 4, 0.001), tmp_path_factory.mktemp("tiles")))


@pytest.fixture(scope="module")
def expected(edges: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    file = tmp_path_factory.mktemp("whole") / "edges.parquet"
    edges.to_parquet(file)
    return pd.DataFrame(find_crossings(read_roads(file), LINE, region=OPEN))


def test_a_cluster_finds_what_one_machine_finds(
    cluster: Cluster, tiles: list[str], expected: pd.DataFrame
) -> None:
    assert len(expected) > 5
    with connected(cluster.address) as workers:
        near = near_roads(tiles, *lines_of(LINE), workers)
        found = crossings_of(near, workers, LINE, region=OPEN)
    pd.testing.assert_frame_equal(pd.DataFrame(found), expected)
    assert found.attrs["unlisted"] == 0
    assert [one.stored for one in near.told] == [Path(name).stat().st_size for name in tiles]


def test_a_poisoned_file_is_named_and_the_others_are_kept(
    cluster: Cluster, tiles: list[str], expected: pd.DataFrame, tmp_path: Path
) -> None:
    poisoned = tmp_path / "poisoned.parquet"
    content = bytearray(Path(tiles[0]).read_bytes())
    content[8:400] = bytes(392)  # the footer is whole
    poisoned.write_bytes(content)
    with connected(cluster.address) as workers:
        near = near_roads([str(poisoned), *tiles], *lines_of(LINE), workers)
        found = crossings_of(near, workers, LINE, region=OPEN)
    assert [fault.file for fault in near.faults] == [str(poisoned)]
    pd.testing.assert_frame_equal(pd.DataFrame(found), expected)


def killing(rows: gpd.GeoDataFrame, once: str) -> pd.DataFrame:
    """End the worker that comes here first."""
    try:
        os.close(os.open(once, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return pd.DataFrame({"rows": [len(rows)]})
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def test_a_worker_killed_midway_changes_nothing(
    cluster: Cluster, tiles: list[str], tmp_path: Path
) -> None:
    from functools import partial

    import cloudpickle

    cloudpickle.register_pickle_by_value(sys.modules[__name__])  # tests are not where workers are
    try:
        work = partial(killing, once=str(tmp_path / "killed"))
        with connected(cluster.address) as workers:
            outcomes = of_each(tiles, work, workers)
    finally:
        cloudpickle.unregister_pickle_by_value(sys.modules[__name__])
    assert [one.made["rows"][0] for one in outcomes] == [
        len(gpd.read_parquet(name)) for name in tiles
    ]
    deadline = time.monotonic() + WAIT_S
    while all(process.poll() is None for process in cluster.workers):
        assert time.monotonic() < deadline, "no worker was killed"
        time.sleep(0.05)


def test_versions_that_differ_are_named(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "version", lambda name: "0.1" if name == "pandas" else "?")
    with pytest.raises(DataError) as told, connected(cluster.address):
        pass
    assert re.search(rf"tcp://\S+: this worker has other versions: .*pandas {pd.__version__} "
                     r"\(here 0\.1\)", str(told.value))  # fmt: skip


def crossings_after(accident: Callable[[], None], address: str, tiles: list[str]) -> None:
    with connected(address) as workers:
        accident()
        near_roads(tiles, *lines_of(LINE), workers)


def test_a_cluster_that_goes_away_ends_in_one_line(
    tiles: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    alone = Cluster(1)
    try:
        alone.ready(1)
        with pytest.raises(FetchError) as told:
            crossings_after(alone.scheduler.kill, alone.address, tiles)
    finally:
        alone.close()
    said = f"{alone.address}: the cluster went away. Nothing is written; start it again."
    assert str(told.value) == said
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("local:0", "is no address"),
        ("http://127.0.0.1:8786", "is no address"),
        ("tcp://127.0.0.1", "is no address"),
    ],
)
def test_an_address_that_is_none_is_told(address: str, found: str) -> None:
    with pytest.raises(DataError, match=found), connected(address):
        pass


def test_nobody_at_an_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "PATIENCE_S", 1)
    with pytest.raises(FetchError, match="no scheduler answers"), connected("tcp://127.0.0.1:9"):
        pass


def test_one_process_needs_no_cluster(tiles: list[str]) -> None:
    with connected(None) as workers:
        outcomes: list[Any] = of_each(tiles, len_of, workers)
    assert [one.rows for one in outcomes] == [read_rows(name).edges for name in tiles]


def len_of(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return rows
