"""``roxham export``: a folder, whole or not at all."""

import re
from pathlib import Path

import pytest

from roxham.layers.export.datapackage import load_export
from tests.maps.command import Run


@pytest.mark.parametrize("kind", ["gpkg", "csv"])
def test_export_writes_a_folder_that_can_be_read_back(run: Run, tmp_path: Path, kind: str) -> None:
    said = run("export", "out", "--format", kind)
    assert said.code == 0, said.err
    assert said.out.startswith("out  ")
    tables = load_export(tmp_path / "out")
    assert {"border", "jurisdictions", "roads", "ports", "incidents", "interceptions"} <= set(
        tables
    )
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert run("export", "out", "--format", kind).code == 0


def test_a_folder_with_other_files_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    said = run("export", ".")
    assert said.code == 2
    assert "is not empty" in said.err
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_bad_rows_stop_an_export(run: Run, tmp_path: Path) -> None:
    run("template", "incidents", "-o", "a.csv")
    text = (tmp_path / "a.csv").read_text()
    (tmp_path / "a.csv").write_text(
        re.sub("Example|made up|Replace|replace", "field", text).replace("45.05", "95.05")
    )
    said = run("export", "out", "--incidents", "a.csv")
    assert said.code == 2
    assert "row 2, column lat" in said.err
    assert not (tmp_path / "out").exists()


def test_an_export_has_the_months_of_the_page(run: Run, tmp_path: Path) -> None:
    def periods(*words: str) -> set[str]:
        said = run("export", "out", "--format", "csv", *words)
        assert said.code == 0, said.err
        rows = load_export(tmp_path / "out")["entries"]
        return set(rows["period"].str[:4])

    drawn = run("map", "--svg", "a.svg").out  # of the layers that the page has
    shown = next(line.split()[1] for line in drawn.splitlines() if line.startswith("entries "))
    usual = periods()
    assert len(load_export(tmp_path / "out")["entries"]) == int(shown.replace(",", ""))
    assert periods("--since", "2018-01", "--until", "2018-12") == {"2018"}
    assert usual < periods("--all")
    said = run("export", "out", "--all", "--since", "2018-01")
    assert said.code == 2
    assert "--all" in said.err
