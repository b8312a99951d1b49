"""``roxham claims``, as a reader would type it."""

import json
from io import StringIO
from pathlib import Path

import pandas as pd

from roxham.geo.io.csv import read_cells
from tests.layers.statements.test_claims import own_file
from tests.maps.command import Run


def test_the_articles_statements_as_csv(run: Run) -> None:
    said = run("claims")
    assert said.code == 0, said.err
    table = pd.read_csv(StringIO(said.out)).set_index("claim_id")
    assert len(table) == 16
    assert table.at["A02", "verdict"] == "contradicted"
    assert table.at["A02", "found"] == "39,171 interceptions"
    assert table.at["A16", "verdict"] == "cannot be decided here"


def test_json_has_lists_and_nulls(run: Run, tmp_path: Path) -> None:
    rows = {row["claim_id"]: row for row in json.loads(run("claims", "--json").out)}
    assert rows["A02"]["rows"] == ["interceptions 2022 CA-QC"]
    assert rows["A02"]["sources"][0].startswith("https://www.canada.ca/")
    assert (rows["A16"]["rows"], rows["A16"]["low"]) == ([], None)
    assert run("claims", "-o", "c.json").code == 0
    assert json.loads((tmp_path / "c.json").read_text()) == list(rows.values())


def test_a_file_of_ones_own_is_checked_and_written(run: Run, tmp_path: Path) -> None:
    twice = 'ratio(count("2022", "CA-QC"), count("2019", "CA-QC")) > 2'
    one = 'deaths("2023-01-04-st-bernard-de-lacolle") >= 1'
    own_file(tmp_path, *((said, "", "") for said in ('count("2022", "CA") == 39540', twice, one)))
    said = run("claims", "--claims", "own.csv", "-o", "c.csv")
    assert (said.code, said.out) == (0, "c.csv  3 statements: 3 supported\n")
    # a ratio of 2, and one death that is public, are no counts of few people
    assert pd.read_csv(tmp_path / "c.csv")["low"].round(1).tolist() == [39540, 2.4, 1]


def test_bad_expressions_are_told_all_at_once_and_nothing_is_touched(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "c.csv").write_text("old")
    own_file(tmp_path, ("eval('1') == 1", "", ""), ("1 +", "", ""), ("x.y == 1", "", ""))
    said = run("claims", "--claims", "own.csv", "-o", "c.csv")
    assert said.code == 2
    lines = said.err.splitlines()
    starts = [f"own.csv, row {row}, column expression: " for row in (2, 3, 4)]
    assert [line.startswith(start) for line, start in zip(lines, starts, strict=True)] == [True] * 3
    assert "Traceback" not in said.err
    assert (tmp_path / "c.csv").read_text() == "old"


def test_another_format_is_refused_before_any_work(run: Run) -> None:
    said = run("claims", "-o", "c.xlsx")
    assert said.code == 2
    assert "Give a name ending in .csv or .json." in said.err


def test_json_into_a_file_of_another_kind_is_refused(run: Run, tmp_path: Path) -> None:
    said = run("claims", "--json", "-o", "c.csv")
    assert said.code == 2
    assert said.err == (
        "--json: c.csv is not a .json file. Give a name ending in .json, or leave --json out.\n"
    )
    assert not (tmp_path / "c.csv").exists()
    assert run("claims", "--json", "-o", "c.json").code == 0
    assert len(json.loads((tmp_path / "c.json").read_text())) == 16


def test_no_cell_runs_in_a_spreadsheet_and_all_read_back(run: Run, tmp_path: Path) -> None:
    own_file(tmp_path, ("", "", "=1+1"), ("", "", "@SUM(A1)"), ("", "", "-73.5"))
    printed = run("claims", "--claims", "own.csv")
    assert run("claims", "--claims", "own.csv", "-o", "c.csv").code == 0
    assert (tmp_path / "c.csv").read_bytes().decode() == printed.out
    assert pd.read_csv(tmp_path / "c.csv", dtype=str)["explanation"].tolist() == [
        "'=1+1",
        "'@SUM(A1)",
        "-73.5",
    ]
    back = read_cells(tmp_path / "c.csv", name="c.csv")
    column = back.header.index("explanation")
    assert [row[column] for row in back.rows] == ["=1+1", "@SUM(A1)", "-73.5"]
