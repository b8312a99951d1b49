"""What is installed, kept and works offline; and completion in the shell."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import roxham
from roxham.geo import region_names
from roxham.geo.extras import EXTRAS, asked_for, install_line
from roxham.maps.cli import doctor
from tests.maps.command import Run


def test_the_doctor_tells_versions_extras_caches_and_regions(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "roxham").mkdir()
    (tmp_path / "roxham" / "tile.json").write_bytes(b"12345")
    said = run("doctor", "--json")
    found = json.loads(said.out)
    assert found["installed"]["roxham"] == roxham.__version__
    assert found["installed"]["python"].startswith(f"{sys.version_info[0]}.{sys.version_info[1]}")
    assert set(found["extras"]) == set(EXTRAS)
    assert all(extra["for"] and extra["install"] for extra in found["extras"].values())
    assert list(found["regions"]) == region_names()
    assert found["caches"] == [
        {"folder": str(tmp_path / "roxham"), "files": 1, "bytes": 5, "wrong": None}
    ]


def test_the_doctor_tells_a_reader_the_same(run: Run) -> None:
    said = run("doctor").out
    assert all(name in said for name in (*EXTRAS, *region_names(), "Works offline", "geopandas"))


@pytest.mark.parametrize(
    ("kept", "told"),
    [("file", "cannot be used: Not a directory. Move it away"), ("nothing", "nothing yet")],
)
def test_the_doctor_tells_what_is_wrong_with_what_is_kept(
    kept: str, told: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    if kept == "file":
        (tmp_path / "roxham").write_text("no folder")
    assert told in " ".join(run("doctor").out.split())


def test_every_extra_of_the_project_is_told(request: pytest.FixtureRequest) -> None:
    project = tomllib.loads((request.config.rootpath / "pyproject.toml").read_text("utf-8"))
    assert {*EXTRAS} == {*project["project"]["optional-dependencies"]}


def test_an_extra_that_is_not_there_is_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "installed", lambda name: None)
    found = doctor.examination()
    assert not any(extra["present"] for extra in found["extras"].values())


def test_an_extra_is_installed_by_what_it_asks_for_whatever_roxham_came_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = ["numpy>=2", 'python-calamine>=0.5; extra == "excel"', "pyarrow>=18; extra == 'arrow'"]
    monkeypatch.setattr("roxham.geo.extras.requires", lambda name: lines)
    assert asked_for(None) == ["numpy>=2"]
    assert install_line("excel") == "pip install 'python-calamine>=0.5'"
    assert install_line("arrow") == "pip install 'pyarrow>=18'"
    monkeypatch.setattr("roxham.geo.extras.requires", lambda name: None)
    assert install_line("excel") == "pip install '.[excel]'"


@pytest.mark.parametrize(
    ("words", "expected"), [("roxham doc", "doctor"), ("roxham doctor --js", "--json")]
)
def test_commands_and_options_complete_in_bash(words: str, expected: str) -> None:
    code = "import sys; sys.argv = ['roxham']; from roxham.__main__ import main; main()"
    told = {"_ROXHAM_COMPLETE": "complete_bash", "COMP_WORDS": words}
    told["COMP_CWORD"] = str(words.count(" "))
    said = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        check=False,
    )
    assert expected in said.stdout.split()
