"""Counts by year and month, and the chart's series with its gaps."""

from pathlib import Path

import pandas as pd
import pytest

from roxham.geo import DataError
from roxham.layers import count_table, load_interceptions, monthly_series
from tests.layers.samples import COUNTS, SOURCED, write_counts


@pytest.fixture(scope="module")
def interceptions() -> pd.DataFrame:
    return load_interceptions().rows


def hand_made(*cells: tuple[str, str, int | None]) -> pd.DataFrame:
    frame = pd.DataFrame(cells, columns=["period", "province", "count"])
    return frame.astype({"count": "Int64"}).assign(confidence="single", source_url="https://a.org")


def test_the_year_table_has_the_bounds_of_each_count_and_the_figures_of_2022(
    interceptions: pd.DataFrame,
) -> None:
    table = count_table(interceptions)
    assert list(table) == ["year", "province", "count", "low", "high", "source_url"]
    assert table[["low", "high"]].eq(table["count"], axis=0).all(axis=None)
    cells = table.set_index(["year", "province"])["count"]
    assert cells["2022", "CA"] == 39540
    assert cells["2022", "CA-QC"] == 39171
    assert cells["2022", "CA-XX"] == 369
    assert cells["2021", "CA-QC"] == 4095
    assert table["source_url"].str.startswith("http").all()


def test_years_are_published_totals_and_never_sums_of_months() -> None:
    frame = hand_made(("2023-01", "CA", 5), ("2023-02", "CA", 6), ("2022", "CA", 7))
    assert count_table(frame)["year"].tolist() == ["2022"]
    months = count_table(frame, by="month")
    assert list(months) == ["period", "province", "count", "low", "high", "source_url"]
    assert months["count"].tolist() == [5, 6]


def test_counts_of_one_province(interceptions: pd.DataFrame) -> None:
    assert set(count_table(interceptions, province="CA-QC")["province"]) == {"CA-QC"}
    assert count_table(interceptions, province="CA-YT").empty


CHOICES = "Choose one of CA, CA-AB, .*CA-QC.*CA-YT"


@pytest.mark.parametrize(
    ("province", "told"),
    [
        ("QC", CHOICES),
        ("Quebec", "Is it CA-QC?"),
        ("CA-ZZ", CHOICES),
        ("", CHOICES),
        ("ca-qc ", CHOICES),
    ],
)
def test_an_unknown_province_lists_the_choices(
    interceptions: pd.DataFrame, province: str, told: str
) -> None:
    with pytest.raises(DataError, match=f"unknown. {told}"):
        count_table(interceptions, province=province)
    with pytest.raises(DataError, match="unknown"):
        monthly_series(interceptions, province)


def test_by_is_month_or_year(interceptions: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="Give one of month, year"):
        count_table(interceptions, by="week")  # type: ignore[arg-type]


def test_a_missing_month_is_a_gap() -> None:
    frame = hand_made(("2023-01", "CA", 5), ("2023-04", "CA", 0), ("2023-05", "CA-QC", 9))
    series = monthly_series(frame, "CA", since="2022-12")
    assert series["period"].tolist() == ["2022-12", "2023-01", "2023-02", "2023-03", "2023-04"]
    assert series["count"].tolist() == [pd.NA, 5, pd.NA, pd.NA, 0]
    assert series["count"].dtype == "Int64"


def test_a_withheld_month_is_a_range_and_no_gap(tmp_path: Path) -> None:
    cells = ("2023-01,CA,--", "2023-02,CA,", "2023-03,CA,7")
    rows, rejected = load_interceptions(write_counts(tmp_path, *(f"{c},{SOURCED}" for c in cells)))
    assert rejected.empty
    assert list(rows)[2:6] == ["count", "precision", "low", "high"]
    series = monthly_series(rows, "CA", until="2023-04").set_index("period")
    assert series["count"].tolist() == [pd.NA, pd.NA, 7, pd.NA]
    assert series["low"].tolist() == [0, pd.NA, 7, pd.NA]
    assert series["high"].tolist() == [5, pd.NA, 7, pd.NA]
    table = count_table(rows, by="month").set_index("period")
    assert table.loc[["2023-01"], ["low", "high"]].to_numpy().tolist() == [[0, 5]]
    assert table.loc[["2023-02"], ["count", "low", "high"]].isna().to_numpy().all()


def test_a_precision_says_how_a_count_is_read(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    cells = (
        "40,rounded_5",
        "0,rounded_5",
        "40,",
        "40,approximate",
        ",suppressed",
        "--,",
        "41,rounded_5",
        "40,suppressed",
        ",exact",
        "40,about",
    )
    lines = [f"2023-{n:02},CA,{cell},{SOURCED}" for n, cell in enumerate(cells, 1)]
    path.write_text("\n".join([COUNTS.replace("count,", "count,precision,", 1), *lines]) + "\n")
    rows, rejected = load_interceptions(path)
    bounds = rows[["low", "high"]].astype(object).where(rows["low"].notna(), None)
    assert bounds.to_numpy().tolist() == [
        [38, 42],
        [0, 2],
        [40, 40],
        [None, None],
        [0, 5],
        [0, 5],
    ]
    assert rejected["row"].tolist() == [8, 9, 10, 11]
    assert "not a multiple of 5" in rejected["problem"][0]
    assert "is suppressed, but count says 40; write -- there" in rejected["problem"][1]
    assert "is exact, but there is no count" in rejected["problem"][2]
    assert "is not one of exact, rounded_5" in rejected["problem"][3]


def test_a_series_has_every_month_once(interceptions: pd.DataFrame) -> None:
    series = monthly_series(interceptions, "CA-QC", since="2017-01", until="2024-12")
    assert len(series) == 8 * 12
    assert series["period"].is_unique
    assert series.set_index("period")["count"].loc["2022-01":"2022-12"].sum() == 39171
    assert series["count"].isna().any()


def test_no_months_no_series() -> None:
    assert monthly_series(hand_made(("2022", "CA", 5)), "CA").empty
    assert len(monthly_series(hand_made(), "CA", since="2022-01", until="2022-03")) == 3


@pytest.mark.parametrize(
    ("since", "until", "message"),
    [
        ("2023", None, "since '2023' is not a month"),
        ("2022-01", "2022-00", "until '2022-00' is not a month"),
        ("2023-01", "2022-01", "since 2023-01 is after until 2022-01"),
    ],
)
def test_months_are_checked(
    interceptions: pd.DataFrame, since: str, until: str | None, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        monthly_series(interceptions, "CA-QC", since=since, until=until)


def test_a_frame_of_ones_own_is_read_or_its_fault_is_told(interceptions: pd.DataFrame) -> None:
    own = pd.DataFrame({"period": [2022], "province": ["CA"], "count": [5], "source_url": ["u"]})
    assert count_table(own)[["year", "count"]].values.tolist() == [["2022", 5]]
    with pytest.raises(DataError, match="column period: has no such column"):
        count_table(interceptions.drop(columns="period"))
    with pytest.raises(DataError, match="column count: “x” is no number"):
        count_table(interceptions.assign(count="x"))


def test_two_numbers_are_conflicting_only_where_both_are_given(tmp_path: Path) -> None:
    head = "period,province,count,precision,other"
    source = "source_title,source_publisher,source_url,confidence"
    told = "T,P,https://example.org/a,conflicting"
    path = tmp_path / "c.csv"
    rows = [f"2019-08,CA-QC,1712,conflicting,1722,{told}", f"2019-09,CA-QC,5,conflicting,,{told}"]
    path.write_text("\n".join([f"{head},{source}", *rows]) + "\n")
    found, rejected = load_interceptions(path)
    assert found[["low", "high"]].to_numpy().tolist() == [[1712, 1722]]
    assert rejected["problem"].tolist() == [
        "is conflicting, but no column other has the second number"
    ]
