"""Counts that are two numbers, degrees west without a sign, signs in a column of their own."""

import pandas as pd
import pytest

from roxham.layers.facts.counts import COUNTS, load_counts
from roxham.layers.facts.incidents import INCIDENTS, load_incidents
from roxham.layers.mapping.propose import propose

SOURCE = {"title": "T", "publisher": "P", "url": "https://example.org/t"}
MEASURE = {"measure": "claims"}


def said(frame: pd.DataFrame) -> dict[str, object]:
    """Return the mapping that is proposed for counts, with what no file tells."""
    mapping = propose(frame, COUNTS, "counts").mapping
    told = mapping.model_dump(by_alias=True, exclude_defaults=True)
    return {**told, "values": MEASURE, "source": SOURCE}


def bounds(frame: pd.DataFrame, mapping: dict[str, object]) -> list[list[int | None]]:
    rows, rejected = load_counts(frame, mapping=mapping)
    assert rejected.empty, rejected
    cells = rows[["low", "high"]].astype(object)
    return [[None if pd.isna(n) else int(n) for n in row] for row in cells.to_numpy()]


def test_a_range_is_the_least_and_the_most_that_a_count_can_be() -> None:
    cells = ["5-10", "12", "1 200 à 1 500", "1–4"]
    months = [f"2023-0{k}" for k in range(1, 5)]
    frame = pd.DataFrame({"Month": months, "Area": "CA-QC", "Number": cells})
    assert "5-10: a count between the two, by ranges" in propose(frame, COUNTS, "counts").questions
    assert bounds(frame, said(frame)) == [[5, 10], [12, 12], [1200, 1500], [1, 4]]
    total = {**said(frame), "sum": True}
    assert bounds(frame.assign(Month="2023-01"), total) == [[1218, 1526]]
    assert bounds(frame, {**said(frame), "scale": 1000})[0] == [None, None]


@pytest.mark.parametrize(("cell", "asked"), [("2021-22", "no number"), ("2019-2021", "years")])
def test_years_are_no_range_of_counts(cell: str, asked: str) -> None:
    frame = pd.DataFrame({"Month": ["2023-01"], "Area": ["CA-QC"], "Number": [cell]})
    found = propose(frame, COUNTS, "counts")
    assert not found.mapping.ranges
    assert any(asked in question for question in found.questions)
    read = {"period": "Month", "area": "Area", "count": "Number"}
    rejected = load_counts(
        frame, mapping={"columns": read, "values": MEASURE, "source": SOURCE}
    ).rejected
    assert rejected["column"].tolist() == ["Number"]


def test_a_sign_beside_an_absent_count_says_whether_it_is_withheld() -> None:
    frame = pd.DataFrame(
        {
            "REF_DATE": [f"2023-0{k}" for k in range(1, 6)],
            "GEO": "Quebec",
            "VALUE": ["120", "", "", "35", ""],
            "STATUS": ["", "x", "..", "E", "F"],
        }
    )
    found = propose(frame, COUNTS, "counts")
    assert found.mapping.status == "STATUS"
    assert "x where VALUE is empty: withheld" in " ".join(found.questions)
    expected = [[120, 120], [0, 5], [None, None], [35, 35], [None, None]]
    assert bounds(frame, said(frame)) == expected
    odd = frame.assign(STATUS=["", "q", "", "", ""])
    assert "q where VALUE is empty" in " ".join(propose(odd, COUNTS, "counts").questions)


@pytest.mark.parametrize(
    ("north", "west"),
    [
        ("GPS N", "GPS W"),
        ("Latitude", "Longitude (°W)"),
        ("lat", "West Longitude"),
        ("lat", "lon_w"),
    ],
)
def test_degrees_west_have_a_minus_where_only_their_column_says_so(north: str, west: str) -> None:
    frame = pd.DataFrame(
        {
            **{"Date": ["2021-03", "2021-04", "2021-05"], "Place": ["A", "B", "C"]},
            **{north: ["45.01", "45.02", "45.03"], west: ["73.5", "73° 24' 0\"", "73.6 W"]},
            "Deaths": ["1", "1", "1"],
        }
    )
    found = propose(frame, INCIDENTS, "incidents")
    told = found.mapping.model_dump(by_alias=True, exclude_defaults=True)
    rows, rejected = load_incidents(
        frame,
        mapping={
            **told,
            "values": {"radius_m": "5000", "location_basis": "the table"},
            "source": SOURCE,
        },
    )
    assert rejected.empty
    assert rows["lon"].tolist() == pytest.approx([-73.5, -73.4, -73.6])
    mixed = frame.assign(**{west: ["73.5", "-73.4", "-73.6"]})
    again = propose(mixed, INCIDENTS, "incidents")
    assert not again.mapping.hemisphere
    assert any("is it west?" in question for question in again.questions)


def test_a_letter_of_the_other_axis_is_a_fault() -> None:
    frame = pd.DataFrame({"Date": ["2021-03"], "lat": ["45.01"], "lon": ["73.5 S"]})
    rejected = load_incidents(
        frame,
        mapping={
            "columns": {"date": "Date"},
            "values": {
                **{"radius_m": "5000", "location_basis": "the table", "place_name": "A"},
                **{"deaths": "1", "kind": "death", "id": "a"},
            },
            "source": SOURCE,
        },
    ).rejected
    assert rejected["column"].tolist() == ["lon"]
    assert "no letter of a longitude" in rejected["problem"].iloc[0]
