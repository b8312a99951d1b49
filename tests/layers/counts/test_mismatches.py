"""Sums that fail: each is found, explained where a source does, and none is papered over."""

from pathlib import Path

import pandas as pd

from roxham.geo import using_region
from roxham.layers import counted_areas, find_mismatches, load_interceptions

Cell = tuple[str, str, int | None, str | None]


def found(*cells: Cell) -> pd.DataFrame:
    frame = pd.DataFrame(list(cells), columns=["period", "province", "count", "precision"])
    frame = frame.astype({"count": "Int64"}).assign(source_url="https://a.org/" + frame["province"])
    return find_mismatches(frame)


def exact(period: str, **counts: int) -> list[Cell]:
    return [(period, p.replace("_", "-"), n, "exact") for p, n in counts.items()]


def test_the_shipped_tables_known_mismatches() -> None:
    table = find_mismatches(load_interceptions().rows)
    rows = {r["period"]: r for r in table[table["what"] == "provinces"].to_dict("records")}
    five = rows["2019"]
    assert five["difference_low"] == five["difference_high"] == 5
    assert five["status"] == "unexplained"
    assert pd.isna(five["explanation"])
    for month, difference in (("2017-02", -20), ("2017-03", -10)):
        row = rows[month]
        assert row["kind"] == "contradiction"
        assert row["difference_low"] == difference
        assert row["status"] == "explained"
        assert row["explanation_url"].startswith("http")
        assert "first release" in row["explanation"]
    assert "2017" in rows
    assert table["statement"].notna().all()


def test_what_adds_up_is_not_listed() -> None:
    assert found(*exact("2022", CA=30, CA_QC=20, CA_BC=10)).empty
    assert found(*exact("2022", CA=30)).empty
    assert found().empty
    assert list(found()) == list(found(*exact("2022", CA=31, CA_QC=20, CA_BC=10)))


def test_provinces_that_are_too_many_contradict_the_total() -> None:
    row = found(*exact("2022", CA=30, CA_QC=21, CA_BC=10)).iloc[0]
    assert row["kind"] == "contradiction"
    assert row["statement"] == ("2022, CA: the areas add up to 31 and 30 was published: 1 fewer.")
    assert row["source_url"].split() == [f"https://a.org/CA{p}" for p in ("", "-BC", "-QC")]


def test_provinces_that_are_too_few_contradict_only_where_all_are_known() -> None:
    areas = [p for p in counted_areas() if p not in ("CA", "CA-XX")]
    every: list[Cell] = [("2022", p, 2, "exact") for p in areas]
    assert len(areas) == 13
    assert found(*exact("2022", CA=26), *every).empty
    row = found(*exact("2022", CA=27), *every).iloc[0]
    assert row[["kind", "difference_low"]].tolist() == ["contradiction", 1]
    assert "1 more" in row["statement"]


def test_an_area_that_the_table_does_not_hold_is_unknown_and_not_zero() -> None:
    assert found(*exact("2022", CA=35, CA_QC=21)).empty
    assert found(*exact("2022-05", CA=35, CA_QC=21, CA_ON=4)).empty
    assert found(*exact("2022", CA_XX=35, CA_ON=4), *exact("2021", CA_QC=3)).empty
    # What is held may not be more than the total, whatever else there is.
    assert found(*exact("2022", CA=35, CA_QC=36))["kind"].tolist() == ["contradiction"]
    # An area that the table holds for another year is missing in this one, and said to be.
    cells = [*exact("2022", CA=35, CA_QC=21), *exact("2021", CA_BC=10)]
    row = found(*cells).iloc[0]
    assert row["kind"] == "unplaced"
    assert row["missing"] == "CA-BC"


def test_parts_that_a_region_lists_are_all_there_are_only_where_it_says_so(tmp_path: Path) -> None:
    region = """
id = "some"
bounds = [0.0, 0.0, 1.0, 1.0]
title = { en = "Some of many" }
sides = [{ code = "A" }, { code = "B" }]
areas = [
  { code = "IT", name = { en = "Italy" } },
  { code = "IT-34", within = "IT", name = { en = "Veneto" } },
  { code = "IT-36", within = "IT", name = { en = "Friuli" } },
]
"""
    cells = exact("2022", IT=100, IT_34=20, IT_36=10)
    for text, kinds in (
        (region, []),
        (region.replace('"IT",', '"IT", complete = true,'), ["contradiction"]),
    ):
        (tmp_path / "region.toml").write_text(text)
        with using_region(tmp_path):
            assert found(*cells)["kind"].tolist() == kinds
            many = found(*exact("2022", IT=29, IT_34=20, IT_36=10))
            assert many["kind"].tolist() == ["contradiction"]


def test_a_total_within_the_range_is_no_mismatch() -> None:
    withheld: Cell = ("2022", "CA-BC", None, "suppressed")
    assert found(*exact("2022", CA=35, CA_QC=30), withheld).empty
    row = found(*exact("2022", CA=28, CA_QC=30), withheld).iloc[0]
    assert row[["sum_low", "sum_high", "difference_low", "difference_high"]].tolist() == [
        *(30, 35, -7, -2)
    ]
    assert "add up to 30–35 and 28 was published: 2–7 fewer" in row["statement"]
    rounded: Cell = ("2022", "CA", 35, "rounded_5")
    assert found(rounded, *exact("2022", CA_QC=37)).empty
    assert len(found(rounded, *exact("2022", CA_QC=38))) == 1


def test_an_unknown_part_is_no_zero() -> None:
    unknown: Cell = ("2022", "CA-BC", None, None)
    assert found(*exact("2022", CA=35, CA_QC=30), unknown)["kind"].tolist() == ["unplaced"]


def test_the_published_rest_stands_for_provinces_that_are_not_known() -> None:
    assert found(*exact("2021", CA=35, CA_QC=30, CA_XX=5), *exact("2022", CA_BC=1)).empty
    assert found(*exact("2021", CA=35, CA_QC=30, CA_XX=5)).empty
    assert found(*exact("2021", CA=35, CA_QC=30, CA_XX=4))["difference_low"].tolist() == [1]
    wrong = found(*exact("2021", CA=35, CA_QC=30, CA_XX=6), *exact("2022", CA_BC=1))
    assert wrong["difference_low"].tolist() == [-1]
    rest = found(*exact("2022", CA_XX=5, CA_BC=4, CA_ON=2))
    assert rest[["province", "difference_low"]].to_numpy().tolist() == [["CA-XX", -1]]


def test_months_are_held_against_the_year() -> None:
    months = [cell for m in range(1, 13) for cell in exact(f"2022-{m:02}", CA_QC=10)]
    assert found(*exact("2022", CA_QC=120), *months).empty
    row = found(*exact("2022", CA_QC=121), *months).iloc[0]
    assert (row["what"], row["kind"], row["difference_low"]) == ("months", "contradiction", 1)
    # A year may be larger than eleven of its months, and never smaller.
    assert found(*exact("2022", CA_QC=121), *months[1:]).empty
    assert found(*exact("2022", CA_QC=109), *months[1:])["difference_low"].tolist() == [-1]


def test_twelve_months_stand_for_an_annual_figure() -> None:
    months = [cell for m in range(1, 13) for cell in exact(f"2022-{m:02}", CA_BC=1)]
    assert found(*exact("2022", CA=42, CA_QC=30), *months).empty
    row = found(*exact("2022", CA=42, CA_QC=30), *months[:10]).iloc[0]
    assert row[["kind", "sum_low", "missing"]].tolist() == ["unplaced", 40, "CA-BC"]


def test_an_explanation_holds_for_its_difference_only() -> None:
    explained = found(*exact("2017-02", CA=658, CA_QC=678))
    assert explained["status"].tolist() == ["explained"]
    other = found(*exact("2017-02", CA=658, CA_QC=677))
    assert other["status"].tolist() == ["unexplained"]
