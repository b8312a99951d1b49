"""Counts of someone's own: what period a row is of."""

from pathlib import Path

import pytest

from roxham.layers import load_interceptions

HEAD = "province,count,source_title,source_publisher,source_url,confidence\n"
SOURCE = "CA-QC,{},A table,An office,https://example.org/a,single\n"


def test_march_is_not_the_year(tmp_path: Path) -> None:
    rows = [f"{year},3,{SOURCE.format(count)}" for year, count in ((2021, 120), (2022, 300))]
    (tmp_path / "a.csv").write_text("year,month," + HEAD + "".join(rows))
    found = load_interceptions(tmp_path / "a.csv")
    assert found.rejected.empty
    assert found.rows[["period", "count"]].values.tolist() == [["2021-03", 120], ["2022-03", 300]]
    assert load_interceptions(tmp_path / "a.csv", by="year").rows.empty


def test_twelve_months_of_a_year_are_no_duplicates(tmp_path: Path) -> None:
    rows = [f"2021,{month},{SOURCE.format(10 * month)}" for month in range(1, 13)]
    (tmp_path / "a.csv").write_text("year,month," + HEAD + "".join(rows))
    found = load_interceptions(tmp_path / "a.csv")
    assert found.rejected.empty
    assert found.rows["period"].tolist() == [f"2021-{month:02}" for month in range(1, 13)]
    assert found.rows["count"].tolist() == [10 * month for month in range(1, 13)]


@pytest.mark.parametrize("period", ["2021-22", "2023-24"])
def test_a_fiscal_year_is_no_season(tmp_path: Path, period: str) -> None:
    (tmp_path / "a.csv").write_text("period," + HEAD + f"{period},{SOURCE.format(5)}")
    found = load_interceptions(tmp_path / "a.csv")
    assert found.rows.empty
    assert "fiscal year" in str(found.rejected.at[0, "problem"])
