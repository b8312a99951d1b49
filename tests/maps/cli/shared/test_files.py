"""``roxham template``, and ``--rejected`` and ``--accepted`` of a file of one's own."""

from pathlib import Path

import pandas as pd
import pytest

from roxham.layers import load_incidents
from tests.maps.command import Run

COUNTS = (
    "period,province,count,source_title,source_publisher,source_url,source_date,confidence,note\n"
)


def test_a_template_is_printed_or_written_with_its_columns(run: Run, tmp_path: Path) -> None:
    printed = run("template", "counts")
    assert printed.code == 0
    assert printed.out.startswith("period,province,count,")
    assert run("template", "incidents", "-o", "mine.csv").code == 0
    assert len(load_incidents(tmp_path / "mine.csv").rejected) == 1
    assert "| `radius_m` | yes |" in (tmp_path / "mine.md").read_text()
    again = run("template", "incidents", "-o", "mine.csv")
    assert again.code == 2
    assert "is there already" in again.err


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("incidents", ["map", "--incidents"]),
        ("counts", ["map", "--counts"]),
        ("ports", ["map", "--ports"]),
        ("places", ["access", "--before", "2023-03-24", "--after", "2023-03-26", "--places"]),
    ],
)
def test_a_template_left_as_it_is_is_not_drawn(
    run: Run, tmp_path: Path, table: str, words: list[str]
) -> None:
    run("template", table, "-o", "t.csv")
    said = run(*words, "t.csv")
    assert said.code == 2
    assert "t.csv, row 2" in said.err
    assert "replace the whole row" in said.err
    assert not (tmp_path / "roxham.html").exists()


@pytest.mark.parametrize("skip", [True, False])
def test_rows_are_written_out_on_request(run: Run, tmp_path: Path, skip: bool) -> None:
    source = "T,P,https://example.org/a,2023,single,"
    good, bad = f"2022,CA,5,{source}=1+1\n", f"2022-13,Quebec,x,{source}\n"
    (tmp_path / "c.csv").write_text(COUNTS + good + bad)
    words = ["map", "--counts", "c.csv", "--rejected", "bad.csv", "--accepted", "good.csv"]
    said = run(*words, *(["--skip-bad-rows"] if skip else []))
    assert said.code == (0 if skip else 2)
    assert (tmp_path / "roxham.html").exists() == skip
    rejected = pd.read_csv(tmp_path / "bad.csv")
    assert rejected[["row", "period", "count"]].values.tolist() == [[3, "2022-13", "x"]]
    for column in ("period", "province", "count"):
        assert f"{column}: is not" in rejected["problems"][0]
    assert (tmp_path / "good.csv").read_text() == COUNTS + good.replace("=1", "'=1")


def test_each_of_several_files_has_its_own_rows(run: Run, tmp_path: Path) -> None:
    for table in ("counts", "ports"):
        run("template", table, "-o", f"{table}.csv")
    run("map", "--counts", "counts.csv", "--ports", "ports.csv", "--rejected", "bad.csv")
    assert {p.name for p in tmp_path.glob("bad*")} == {"bad-counts.csv", "bad-ports.csv"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--rejected", "bad.csv"], "goes with --counts or --incidents or --ports"),
        (["--counts", "c.csv", "--rejected", "bad.xlsx"], "is not a .csv file"),
        (["--counts", "s3://a/b.csv"], "no kind of address"),
    ],
)
def test_what_cannot_be_done_is_said(run: Run, tmp_path: Path, words: list[str], said: str) -> None:
    (tmp_path / "c.csv").write_text(COUNTS)
    answer = run("map", *words)
    assert answer.code == 2
    assert said in answer.err
    assert not list(tmp_path.glob("bad*"))
