"""Numbers, dates and places as people write them: one reading is read and said, two are asked."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roxham.geo.sheets.reading import Reading
from roxham.geo.tables.contract import Column, Contract, check_table
from roxham.geo.written.numerals import read_numbers

PLACES = Contract("places", (Column("name"), Column("lat", "lat"), Column("lon", "lon")))


def check(kind: Any, cells: list[str], **how: Any) -> tuple[list[Any], list[str], list[str]]:
    """Return the values, the problems and what is said of a column."""
    contract = Contract("t", (Column("v", kind, required=False),))
    told = check_table(pd.DataFrame({"v": cells}), contract, name="t", reading=Reading(**how))
    return (
        told.rows["v"].tolist(),
        told.rejected["problem"].tolist(),
        told.rows.attrs.get("read_as", []),
    )


@pytest.mark.parametrize(
    ("cells", "how", "values"),
    [
        (["1.234,5", "2.500", "7"], {}, [1234.5, 2500, 7]),
        (["1,234.5", "2,500"], {}, [1234.5, 2500]),
        (["1 234", "1\u202f234\u202f567", "1'234.5"], {}, [1234, 1234567, 1234.5]),
        (["12,34,567"], {}, [1234567]),
        (["٣٩٬٥٤٠", "٣٫٥"], {}, [39540, 3.5]),
        (["−5", "12,5"], {}, [-5, 12.5]),
        (["0,500", "1,250"], {}, [0.5, 1.25]),
        (["1,234"], {"decimal": "."}, [1234]),
        (["1,234"], {"decimal": ","}, [1.234]),
        (["12.500"], {"decimal": "."}, [12.5]),
        (["12.500"], {"decimal": ","}, [12500]),
    ],
)
def test_numbers_of_any_locale(cells: list[str], how: Any, values: list[float]) -> None:
    found, problems, said = check("number", cells, **how)
    assert found == values
    assert problems == []
    assert len(said) == 1


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        (["1,234", "7"], "say --decimal"),
        (["12.500", "7"], "say --decimal"),
        (["12,5", "12.5"], "is not a number"),
        (["1,23,4", "7"], "is not a number"),
        (["1.2.3", "7"], "is not a number"),
        (["12 34", "7"], "is not a number"),
    ],
)
def test_a_number_with_two_readings_or_none_is_no_number(cells: list[str], problem: str) -> None:
    found, problems, _ = check("number", cells)
    assert len(found) == 1
    assert len(problems) == 1
    assert problem in problems[0]


def test_what_one_column_tells_holds_for_the_table() -> None:
    columns = (Column("a", "integer"), Column("b", "number"))
    raw = pd.DataFrame({"a": ["1,234"], "b": ["1.5"]})
    assert check_table(raw, Contract("t", columns), name="t").rows["a"].tolist() == [1234]


@given(st.lists(st.integers(0, 10**12), min_size=1), st.sampled_from([" ", "\u00a0", "'"]))
def test_whole_numbers_come_back_from_any_grouping(numbers: list[int], blank: str) -> None:
    cells = pd.Series([f"{number:,}".replace(",", blank) for number in numbers])
    read = read_numbers(cells, None, whole_table=frozenset())
    assert read.cells.astype("int64").tolist() == numbers


@pytest.mark.parametrize(
    ("cells", "how", "values"),
    [
        (["25/03/2023", "04/01/2023"], {}, ["2023-03-25", "2023-01-04"]),
        (["03/25/2023", "04/01/2023"], {}, ["2023-03-25", "2023-04-01"]),
        (["04.01.2023"], {"dates": "dmy"}, ["2023-01-04"]),
        (["04-01-2023"], {"dates": "mdy"}, ["2023-04-01"]),
        (["05/05/2023"], {}, ["2023-05-05"]),
        (["2023/03/25"], {}, ["2023-03-25"]),
        (["03/2023"], {}, ["2023-03"]),
        (["1er mars 2023", "2 août 2022"], {}, ["2023-03-01", "2022-08-02"]),
        (["5 de abril de 2022", "enero 2021"], {}, ["2022-04-05", "2021-01"]),
        (["March 5, 2023", "5 Mar 2023", "Mar 2023"], {}, ["2023-03-05", "2023-03-05", "2023-03"]),
        (["Saturday, March 4, 2023"], {}, ["2023-03-04"]),
        (["2023-03-25T00:00:00", "2023-03-26 14:22"], {}, ["2023-03-25", "2023-03-26"]),
        (["2e trimestre 2023"], {}, ["2023-04/2023-06"]),
        (["01/25/1996 12:00:00 AM"], {}, ["1996-01-25"]),
    ],
)
def test_dates_as_they_are_written(cells: list[str], how: Any, values: list[str]) -> None:
    found, problems, said = check("date", cells, **how)
    assert found == values
    assert problems == []
    assert len(said) == 1


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        (["04/01/2023"], "could be 2023-01-04 or 2023-04-01; say --dates"),
        (["25/03/23"], "year of two digits"),
        (["31/31/2023"], "is not a date"),
        (["30 February 2023"], "is not a date"),
        (["2023-03-25T02:30Z"], "a time of another zone"),
        (["2023-03-25T12:3"], "is not a date"),
        (["45010"], "could be 2023-03-25 as spreadsheets count"),
        (["2011/12"], "could be month 12 of 2011 or a year from 2011"),
        (["Jan-23"], "a year of two digits, or none"),
        (["2021-22"], "the fiscal year 2021–22"),
    ],
)
def test_a_date_with_two_readings_or_none_is_no_date(cells: list[str], problem: str) -> None:
    found, problems, _ = check("date", cells)
    assert found == []
    assert problem in problems[0]


def test_days_first_and_months_first_in_one_column_are_asked_about() -> None:
    found, problems, _ = check("date", ["25/03/2023", "03/25/2023"])
    assert found == []
    assert all("say --dates dmy or --dates mdy" in problem for problem in problems)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("lat", "45° 0' 20\" N", 45.005556),
        ("lat", "45°30.5′", 45.508333),
        ("lat", "12 S", -12),
        ("lat", "45,05", 45.05),
        ("lon", "73°24′W", -73.4),
        ("lon", "W 73.5", -73.5),
        ("lon", "73:24:36 W", -73.41),
        ("lon", "-73,5", -73.5),
    ],
)
def test_degrees_as_they_are_written(kind: str, text: str, value: float) -> None:
    assert check(kind, [text])[0] == [value]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("45° 0' 60\"", "has 60 seconds or more; write one more minute in their place"),
        ("45° 75' N", "has 60 minutes or more; write one more degree in their place"),
        ("45:60:00", "has 60 minutes or more; write one more degree in their place"),
    ],
)
def test_sixty_minutes_or_seconds_are_told(text: str, problem: str) -> None:
    assert check("lat", [text]) == ([], [problem], [])


@pytest.mark.parametrize("text", ["73 O", "45.5° 30'", "45° 75'", "-73 W", "north"])
def test_degrees_with_two_readings_or_none(text: str) -> None:
    assert check("lon", [text])[0] == []


@pytest.mark.parametrize(
    ("column", "cell", "how"),
    [
        ("Coordinates (lat, lon)", "45.0, -73.5", {}),
        ("geo_point_2d", "45.0,-73.5", {}),
        ("lonlat", "-73.5 45.0", {}),
        ("where", "45.0, -73.5", {"order": "lat lon"}),
        ("geom", "POINT (-73.5 45)", {}),
        ("geom", "SRID=4326;POINT Z (-73.5 45 3)", {}),
    ],
)
def test_places_in_one_column(column: str, cell: str, how: Any) -> None:
    raw = pd.DataFrame({"name": ["x"], column: [cell]})
    read = check_table(raw, PLACES, name="t", reading=Reading(**how)).rows
    assert read[["lat", "lon"]].values.tolist() == [[45.0, -73.5]]
    assert column in read.attrs["read_as"][0]


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("45.0, -73.5", "could give either first; say --order"),
        ("SRID=32618;POINT (1 2)", "is not in EPSG:4326"),
        ("LINESTRING (0 0, 1 1)", "is neither a point nor an area"),
        ("POINT (1", "is no well-known text"),
    ],
)
def test_a_place_that_cannot_be_told_is_one_fault(cell: str, problem: str) -> None:
    raw = pd.DataFrame({"name": ["x"], "where": [cell]})
    rejected = check_table(raw, PLACES, name="t").rejected
    assert rejected["column"].tolist() == ["lat"]
    assert problem in rejected["problem"][0]


def test_a_row_without_a_place_does_not_trouble_the_others() -> None:
    raw = pd.DataFrame({"name": ["x", "y"], "where": ["POINT (-73.5 45)", ""]})
    checked = check_table(raw, PLACES, name="t")
    assert checked.rows["name"].tolist() == ["x"]
    assert set(checked.rejected["problem"]) == {"is empty; a value is needed"}


def test_values_alone_can_tell_which_comes_first() -> None:
    raw = pd.DataFrame({"name": ["x", "y"], "where": ["120.5, 45", "10, 20"]})
    assert check_table(raw, PLACES, name="t").rows["lat"].tolist() == [45, 20]
