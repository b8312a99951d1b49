"""What is printed asks the rules that files are held to."""

from pathlib import Path

import pytest

from tests.maps.command import Run

PLACES = 'name,lon,lat\n"Maria Lopez, aged 34",-73.45,44.7\n'
COUNTS = """\
period,province,count,rounding_note,source_title,source_publisher,source_url,source_date,confidence
2022-01,CA-QC,3,exact,T,P,https://example.org/a,2023-05-01,single
2022-02,CA-QC,30,exact,T,P,https://example.org/a,2023-05-01,single
2022-03,CA-QC,40,exact,T,P,https://example.org/a,2023-05-01,single
"""
ACCESS = ["access", "--before", "2023-03-24", "--after", "2023-03-26", "--places", "places.csv"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "places.csv").write_text(PLACES)
    (tmp_path / "counts.csv").write_text(COUNTS)
    return tmp_path


@pytest.mark.parametrize("output", [[], ["-o", "out.csv"]])
def test_who_somebody_is_is_neither_printed_nor_written(
    run: Run, here: Path, output: list[str]
) -> None:
    said = run(*ACCESS, *output)
    assert said.code == 1
    assert "Lopez" not in said.out
    assert "personal" in said.err
    assert not (here / "out.csv").exists()
    allowed = run(*ACCESS, *output, "--allow", "personal=A name made up", "--by", "A. Desk")
    assert allowed.code == 0
    assert "personal overridden by A. Desk" in allowed.err


def test_a_small_count_is_not_printed_and_no_two_calls_tell_it(run: Run, here: Path) -> None:
    own = ["counts", "--counts", "counts.csv", "--by", "month"]
    said = run(*own)
    assert (said.code, said.out) == (1, "")
    assert "small-cells" in said.err
    (here / "counts.csv").write_text(COUNTS + COUNTS.splitlines()[1].replace("-01,", ",", 1)
                                     .replace(",3,", ",73,") + "\n")  # fmt: skip
    kept = run(*own, "--suppress", "5")
    assert kept.code == 0
    assert kept.out.count("True") == 2
    year = run("counts", "--counts", "counts.csv", "--by", "year", "--suppress", "5")
    assert (year.code, "2022,CA-QC,73" in year.out) == (0, True)
