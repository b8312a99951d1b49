"""A year beside a month: read together, or asked about by the names that the file has."""

import pandas as pd
import pytest

from roxham.geo.tables.contract import Column, Contract, check_table
from roxham.geo.tables.periods import join_parts

COUNTS = Contract(
    "counts",
    (Column("period", "date"), Column("count", "integer")),
    aliases=(("year", "period"),),
    when="period",
)


def checked(**columns: list[str]) -> tuple[list[str], list[tuple[int, str, str]]]:
    length = len(next(iter(columns.values())))
    raw = pd.DataFrame({**columns, "count": ["1"] * length})
    rows, rejected = check_table(raw, COUNTS, name="a.csv")
    told = rejected[["row", "column", "found"]].itertuples(index=False, name=None)
    return rows["period"].tolist(), [tuple(row) for row in told]


@pytest.mark.parametrize("name", ["month", "Month", "MOIS", "mes", "month_no"])
@pytest.mark.parametrize("year", ["year", "period"])
def test_a_month_beside_a_year_is_read_with_it(year: str, name: str) -> None:
    found = checked(**{year: ["2021", "2021", "2022", "2022"], name: ["3", "12", "03", "4.0"]})
    assert found == (["2021-03", "2021-12", "2022-03", "2022-04"], [])


def test_an_empty_month_is_the_whole_year() -> None:
    assert checked(year=["2021", "2021"], month=["1", " "]) == (["2021-01", "2021"], [])


def test_a_period_that_says_its_month_stands() -> None:
    found = checked(period=["2021-03", "2021-03/2021-04"], month=["7", "spring"])
    assert found == (["2021-03", "2021-03/2021-04"], [])


@pytest.mark.parametrize("cell", ["0", "13", "March", "Total", "3.5", "-1", "2021-03", "٣"])
def test_what_is_no_month_is_asked_about_by_its_own_name(cell: str) -> None:
    rows, told = checked(year=["2021", "2021"], Month=["2", cell])
    assert rows == ["2021-02"]
    assert told == [(3, "Month", cell)]
    raw = pd.DataFrame({"year": ["2021"], "Month": [cell]})
    _, [(_, column, problem)] = join_parts(raw, "year", spelt="year")
    assert column == "Month"
    assert "year" in problem


def test_a_day_goes_with_year_and_month() -> None:
    found = checked(period=["2021", "2021-03", "2021"], month=["3", "", ""], day=["9", "", ""])
    assert found == (["2021-03-09", "2021-03", "2021"], [])


@pytest.mark.parametrize("name", ["quarter", "Trimestre", "week", "fiscal quarter", "semester"])
def test_another_part_of_a_year_is_no_whole_year(name: str) -> None:
    rows, told = checked(year=["2021", "2021"], **{name: ["Q1", ""]})
    assert rows == ["2021"]
    assert told == [(2, name, "Q1")]


def test_a_fault_has_the_name_that_the_file_has() -> None:
    assert checked(year=["202l", "2021"], other=["", ""]) == (["2021"], [(2, "year", "202l")])


def test_other_columns_and_other_tables_are_left_alone() -> None:
    raw = pd.DataFrame({"year": ["2021"], "monthly": ["3"]})
    assert join_parts(raw, "year", spelt="year")[0] is raw
