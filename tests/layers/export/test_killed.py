"""Runs that are killed at any moment: old or new stands, whole, and the next run cleans up."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from roxham.geo import DataError
from roxham.layers import load_export
from roxham.layers.export.folder import replacing_folder
from roxham.layers.publication.folder import read_folder
from tests.geo.test_workplace import left

KILLS = 40
WORK = """
import hashlib, json, os, sys
from pathlib import Path
from roxham.geo.io.atomic import write_atomic
from roxham.layers.export.folder import replacing_folder

folder = Path(sys.argv[1])

def work(turn):
    while True:
        turn += 1
        text = f"{turn}\\n" * 20_000
        write_atomic(folder / "table.csv", text.encode())
        with replacing_folder(folder / "out") as new:
            (new / "a.csv").write_text(text)
            about = {"a.csv": hashlib.sha256(text.encode()).hexdigest()}
            package = {"name": "roxham-export", "resources": [], "documents": about}
            (new / "datapackage.json").write_text(json.dumps(package))

for line in sys.stdin:
    child = os.fork()
    if not child:
        work(int(line))
    print(child, flush=True)
    os.waitpid(child, 0)
    print("dead", flush=True)
"""


def whole(folder: Path) -> bool:
    """Whether an export is there and holds what it says."""
    package = json.loads((folder / "datapackage.json").read_text())
    content = (folder / "a.csv").read_bytes()
    about: dict[str, str] = package["documents"]
    return about == {"a.csv": hashlib.sha256(content).hexdigest()}


def wait_for(folder: Path, seconds: float) -> None:
    """Wait until a folder is there."""
    until = time.monotonic() + seconds
    while not folder.exists():
        assert time.monotonic() < until, f"{folder} was never written"
        time.sleep(0.01)


def test_killed_at_any_moment(tmp_path: Path) -> None:
    chance = random.Random(15)
    # Measured, it would be killed before it has begun.
    plain = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    with subprocess.Popen(
        [sys.executable, "-c", WORK, str(tmp_path)], stdin=-1, stdout=-1, text=True, env=plain
    ) as runs:
        assert runs.stdin is not None
        assert runs.stdout is not None
        for turn in range(KILLS):
            runs.stdin.write(f"{turn * 100_000}\n")
            runs.stdin.flush()
            child = int(runs.stdout.readline())
            time.sleep(chance.uniform(0.002, 0.06))
            if turn == KILLS - 1:  # on a busy machine no run may have come so far
                wait_for(tmp_path / "out", 60)
            os.kill(child, signal.SIGKILL)
            assert runs.stdout.readline() == "dead\n"
            table = tmp_path / "table.csv"
            if table.exists():
                lines = table.read_text().splitlines()
                assert len(lines) == 20_000
                assert len(set(lines)) == 1
            if (tmp_path / "out").exists():
                assert whole(tmp_path / "out")
        runs.stdin.close()
    with replacing_folder(tmp_path / "other") as new:
        (new / "b.csv").write_text("b")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other", "out", "table.csv"]
    assert whole(tmp_path / "out")


@pytest.mark.parametrize("read", [load_export, read_folder])
def test_an_export_killed_between_its_renames_is_there_for_who_reads_it(
    tmp_path: Path, read: Callable[[Path], object]
) -> None:
    left(tmp_path, {"new/out/x.txt": "new", "old/out/x.txt": "old"})
    with suppress(DataError):  # it is no export
        read(tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out" / "x.txt").read_text() == "new"
