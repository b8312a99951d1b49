"""Dates as people write them: each has one reading, or is asked for."""

import pytest

from roxham.geo.written.written_dates import read_dates


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2023/01", "2023-01"),
        ("2022/12", "2022-12"),
        ("2023M01", "2023-01"),
        ("03/2023", "2023-03"),
        ("Year ending June 2022", "2021-07/2022-06"),
        ("Year ending December 2022", "2022-01/2022-12"),
        ("Jan to Mar 2023", "2023-01/2023-03"),
        ("Nov 2022 to Feb 2023", "2022-11/2023-02"),
        ("2023-3-5", "2023-03-05"),
        ("14 ноября 2015 г.", "2015-11-14"),
        ("декабрь 2015 года", "2015-12"),
        ("styczeń 2021", "2021-01"),
        ("11 października 2021 r.", "2021-10-11"),
        ("wrz 2021", "2021-09"),
        ("24 лютого 2022 р.", "2022-02-24"),
        ("листопад 2021", "2021-11"),
    ],
)
def test_a_date_of_one_reading_is_read(text: str, date: str) -> None:
    assert read_dates([text]).read == {text: date}


@pytest.mark.parametrize(
    "text",
    [
        "Mar to Jan 2023",  # ends before it begins
        "2023/13/45",
        "2023/02/30",
        "Year ending Juny 2022",
        "Foo to Mar 2023",
    ],
)
def test_what_is_no_date_is_read_as_none(text: str) -> None:
    assert read_dates([text]).read == {}


def test_two_readings_are_asked_for() -> None:
    told = read_dates(["2011/12", "3/4/22"]).problems
    assert told["2011/12"].startswith("could be month 12 of 2011 or a year from 2011")
    assert told["3/4/22"] == "has a year of two digits; write YYYY-MM-DD"


def test_a_day_that_is_none_by_the_order_of_its_column_is_left() -> None:
    found = read_dates(["25/03/2023", "03/25/2023"], "dmy")
    assert found.read == {"25/03/2023": "2023-03-25"}
