"""Places where nothing can be written: every command says what, where and what to do."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from tests.maps.command import Run

COMMANDS = {
    "page": (["map", "-o"], "x.html"),
    "picture": (["map", "--svg"], "x.svg"),
    "counts": (["counts", "-o"], "x.csv"),
    "claims": (["claims", "-o"], "x.json"),
    "export": (["export"], "x"),
    "template": (["template", "counts", "-o"], "x.csv"),
    "roads": (["roads", "roads.osm", "-o"], "x.parquet"),
    "fetch": (["fetch", "-o"], "x.parquet"),
    "crossings": (["crossings", "--roads", "roads.osm", "-o"], "x.gpkg"),
    "routes": (["routes", "--from", "Plattsburgh", "--to", "Montréal", "-o"], "x.geojson"),
    "table": (["table", "--origins", "Plattsburgh", "--destinations", "Montréal", "-o"], "x.csv"),
    "reach": (["reach", "--from", "Plattsburgh", "-o"], "x.gpkg"),
    "access": (["access", "--before", "2023-03-24", "--after", "2023-03-26", "-o"], "x.csv"),
    "context": (["context", "-o"], "x.csv"),
}
EACH = pytest.mark.parametrize("command", COMMANDS)


def refusal(run: Run, command: str, folder: str = "") -> str:
    """Return the one line that says why a command wrote nothing."""
    words, name = COMMANDS[command]
    said = run(*words, f"{folder}{name}")
    assert (said.code, said.out) == (2, ""), said
    assert said.err.count("\n") == 1, said.err
    assert f"{folder}{name}: " in said.err
    return said.err


@EACH
def test_a_folder_that_is_not_there(run: Run, command: str) -> None:
    assert "its folder does not exist. Create" in refusal(run, command, "nowhere/")


@EACH
def test_a_folder_that_is_closed(run: Run, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    access: Any = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and access(path, mode))
    told = refusal(run, command)
    assert told.endswith("its folder cannot be written to. "
                         "Name another folder, or get the right to write there.\n")  # fmt: skip


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "export"])
def test_a_folder_in_the_place_of_a_file(run: Run, command: str, tmp_path: Path) -> None:
    (tmp_path / COMMANDS[command][1]).mkdir()
    assert "is a directory. Name a file to write." in refusal(run, command)


@pytest.mark.parametrize(
    ("number", "remedy"),
    [(errno.EACCES, "Name another folder"), (errno.ENOSPC, "Make room there")],
)
@pytest.mark.parametrize(
    ("words", "step"),
    [
        (["counts", "-o", "x.csv"], "os.open"),
        (["counts", "-o", "x.csv"], "pathlib.Path.replace"),
        (["export", "x", "--format", "csv"], "pathlib.Path.mkdir"),
        (["export", "x", "--format", "csv"], "pathlib.Path.rename"),
    ],
)
def test_a_system_that_refuses_is_quoted_with_a_remedy(
    run: Run,
    words: list[str],
    step: str,
    number: int,
    remedy: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(step, refuse)
        said = run(*words)
    assert said.code == 1
    assert f"cannot be written: {os.strerror(number)}. {remedy}" in said.err
    assert list(tmp_path.iterdir()) == []


def test_a_whole_disk_is_not_looked_through(run: Run) -> None:
    said = run("export", Path.cwd().anchor)
    assert said.code == 2
    assert "Name a new folder, or an earlier export." in said.err


def test_a_folder_that_cannot_be_looked_through(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x").mkdir()

    def refuse(self: Path, pattern: str) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rglob", refuse)
        said = run("export", "x")
    assert said.code == 2
    assert "x: cannot be looked through: Permission denied. Name a new folder" in said.err


def test_a_long_name_is_written(run: Run, tmp_path: Path) -> None:
    name = f"{'é' * 120}.csv"
    assert run("counts", "-o", name).code == 0
    assert [path.name for path in tmp_path.iterdir()] == [name]
