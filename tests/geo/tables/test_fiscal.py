"""A year and two digits: refused with what it can be, and never taken for a month beside those."""

import re

import pandas as pd
import pytest

from roxham.geo.tables.contract import Column, Contract, check_table
from roxham.geo.tables.edtf import is_date
from roxham.geo.tables.fiscal import NO_DATE, no_dates, readings

BOTH = {
    "2020-21": ("fiscal year 2020–21", "2020-04/2021-03", "spring 2020", "2020-03/2020-05"),
    "2021-22": ("fiscal year 2021–22", "2021-04/2022-03", "summer 2021", "2021-06/2021-08"),
    "2022-23": ("fiscal year 2022–23", "2022-04/2023-03", "autumn 2022", "2022-09/2022-11"),
    "2023-24": ("fiscal year 2023–24", "2023-04/2024-03", "winter 2023", "2023-12/2024-02"),
    "2021-23": ("years 2021 to 2023", "2021/2023", "autumn 2021", "2021-09/2021-11"),
    "2021-22?": ("fiscal year 2021–22", "2021-04/2022-03", "summer 2021", "2021-06/2021-08"),
}


@pytest.mark.parametrize("text", BOTH)
def test_both_readings_are_named_and_how_each_is_written(text: str) -> None:
    said = str(readings(text))
    first, months, second, season = BOTH[text]
    assert f"{first} (write" in said
    assert re.search(rf"\b{months}\)", said)
    assert f"{second} as EDTF has it (write {season})" in said
    assert is_date(months)
    assert is_date(season)
    assert not is_date(text)


def test_what_can_be_one_thing_only_is_said_to_be_that() -> None:
    for text, months in {"2024-25": "2024-04/2025-03", "1999-00": "1999-04/2000-03"}.items():
        assert no_dates([text]) == {text: str(readings(text))}
        assert months in str(readings(text))
        assert " or " not in str(readings(text))
    assert "spring 2022" in str(readings("2022-21"))
    assert "fiscal" not in str(readings("2022-21"))
    assert "2021-06/2021-08" in str(readings("2021-22/2022-23"))


def test_a_month_is_a_month_unless_its_column_has_fiscal_years() -> None:
    assert no_dates(["2010-11", "2010-12", "2011"]) == {}
    assert no_dates(["2010-11", "2011-12"]) == {}
    wrong = no_dates(["2010-11", "2011-12", "2012-13", "2010-07"])
    assert set(wrong) == {"2010-11", "2011-12", "2012-13"}
    assert "fiscal year 2010–11" in wrong["2010-11"]
    assert "month 11 of 2010" in wrong["2010-11"]
    assert set(no_dates(["2009-10", "2010-11", "2011-12"])) == {"2009-10", "2010-11", "2011-12"}


@pytest.mark.parametrize("text", ["soon", "2021-13", "2021-00", "2021-2", "21-22", "2021-22-01"])
def test_other_texts_are_no_dates_for_the_usual_reason(text: str) -> None:
    assert no_dates([text]) == {text: NO_DATE}


def test_each_row_has_the_reason_of_its_own_cell() -> None:
    contract = Contract("days", (Column("when", "date"), Column("more", "date", required=False)))
    raw = pd.DataFrame({"when": ["2021-22", "", "x", "2021", "2020-21"], "more": [""] * 5})
    found = check_table(raw, contract, name="a.csv")
    assert found.rows["when"].tolist() == ["2021"]
    told = dict(zip(found.rejected["row"], found.rejected["problem"], strict=True))
    assert "summer 2021" in told[2]
    assert told[3] == "is empty; a value is needed"
    assert told[4] == NO_DATE
    assert "spring 2020" in told[6]
