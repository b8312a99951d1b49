"""Every command that writes, on a disk that takes no more."""

import os
import subprocess
import sys
from pathlib import Path

import matplotlib.font_manager  # noqa: F401  # it keeps a cache, which may be cold
import pytest

from tests.limits import limited
from tests.maps.cli.test_roads import CROSSINGS, FENCE, OSM, PORT, PORTS
from tests.maps.command import Run

JOURNEY = ("--from", "Plattsburgh", "--to", "Montréal", "--on", "2023-03-24")
DAYS = ("--before", "2023-03-24", "--after", "2023-03-26")
TABLE = ("--origins", "Plattsburgh", "--destinations", "Montréal", "--on", "2023-03-24")
MONTH = ("--since", "2022-12", "--until", "2022-12")
COMMANDS = {
    "page": ("map", *MONTH, "-o", "x.html"),
    "embedded": ("map", *MONTH, "--embed", "-o", "x.html"),
    "png": ("map", *MONTH, "--png", "x.png"),
    "svg": ("map", *MONTH, "--svg", "x.svg"),
    "pdf": ("map", *MONTH, "--pdf", "x.pdf"),
    "rejected": ("map", "--ports", "own.csv", "--rejected", "x.csv"),
    "accepted": ("map", "--ports", "own.csv", "--accepted", "x.csv"),
    "counts": ("counts", "-o", "x.csv"),
    "claims": ("claims", "-o", "x.csv"),
    "claims-json": ("claims", "-o", "x.json"),
    "roads": ("roads", "roads.osm", "-o", "x.arrow"),
    "roads-parquet": ("roads", "roads.osm", "-o", "x.parquet"),
    "crossings-csv": (*CROSSINGS, *PORTS, "-o", "x.csv"),
    "crossings-geojson": (*CROSSINGS, *PORTS, "-o", "x.geojson"),
    "crossings-gpkg": (*CROSSINGS, *PORTS, "-o", "x.gpkg"),
    "crossings-parquet": (*CROSSINGS, *PORTS, "-o", "x.parquet"),
    "routes": ("routes", *JOURNEY, "-o", "x.geojson"),
    "table": ("table", *TABLE, "-o", "x.csv"),
    "reach": ("reach", "--from", "Plattsburgh", "-o", "x.gpkg"),
    "access": ("access", *DAYS, "-o", "x.csv"),
    "context": ("context", "-o", "x.parquet"),
}
ROOM = 100
"""Bytes; every file above is longer."""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, text in (("roads.osm", OSM), ("fence.geojson", FENCE), ("ports.csv", PORT)):
        (tmp_path / name).write_text(text)
    (tmp_path / "own.csv").write_text(PORT.replace("50.0", "95.0") + PORT.splitlines()[1] + "\n")
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_leaves_the_old_file_and_is_told(run: Run, files: Path, command: str) -> None:
    words = COMMANDS[command]
    (files / words[-1]).write_bytes(b"the old file")
    before = {path.name: path.read_bytes() for path in files.iterdir()}
    with limited(ROOM):
        said = run(*words)
    assert said.code == 1, said
    told = said.err.splitlines()
    assert "cannot be written: " in told[-1]
    assert "File too large" in told[-1]
    assert told[-1].endswith(". Make room there, or name another folder.")
    if command not in ("png", "pdf"):  # where the fonts are the first file to be written
        assert told[-1].startswith(f"{words[-1]}: ")
    assert [line for line in told if "Traceback" in line or "fault of" in line] == []
    assert {path.name: path.read_bytes() for path in files.iterdir()} == before


def test_a_full_disk_leaves_the_old_export(run: Run, tmp_path: Path) -> None:
    assert run("export", "out", *MONTH, "--format", "csv").code == 0
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for kind in ("gpkg", "geoparquet", "csv"):
        with limited(ROOM):
            said = run("export", "out", *MONTH, "--format", kind)
        assert said.code == 1
        assert said.err.endswith("cannot be written: File too large. "
                                 "Make room there, or name another folder.\n")  # fmt: skip
        assert said.err.count("\n") == 1
        after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        assert after == before, kind


@pytest.mark.parametrize(("room", "name"), [(ROOM, "x.csv"), (1000, "x.md")])
def test_a_full_disk_leaves_no_half_template(
    run: Run, tmp_path: Path, room: int, name: str
) -> None:
    with limited(room):
        said = run("template", "ports", "-o", "x.csv")
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert f"{name}: cannot be written: File too large." in said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("output", ["full", "closed"])
def test_output_that_goes_nowhere_is_no_success(output: str, unbuffered: str) -> None:
    shell = f'"$0" -m roxham "$@" {"> /dev/full" if output == "full" else ">&-"}'
    done = subprocess.run(
        ["sh", "-c", shell, sys.executable, "counts"],
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    reason = "No space left on device" if output == "full" else "Bad file descriptor"
    told = f"standard output: cannot be written: {reason}. Make room there, or send it elsewhere.\n"
    assert (done.returncode, done.stderr) == (1, told)
