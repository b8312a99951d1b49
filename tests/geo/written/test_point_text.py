"""Places in one column: what a pair of degrees with letters says, and what it does not."""

import pandas as pd
import pytest

from roxham.geo.io.geometry_columns import At
from roxham.geo.sheets.reading import PLAIN
from roxham.geo.written.point_text import Places, from_point_text, tells_places

AT = At("lon", "lat", None)


def read(*texts: str | None) -> Places:
    return from_point_text(pd.DataFrame({"where": texts}), AT, PLAIN)


@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        ("45° 30' N, 73° 15' W", 45.5, -73.25),
        ("73°15'W 45°30'N", 45.5, -73.25),  # the letters tell which is which
        ("45,5 N; 73,25 W", 45.5, -73.25),
        ("(12.5 S, 8.25 E)", -12.5, 8.25),
    ],
)
def test_letters_tell_which_is_the_latitude(text: str, lat: float, lon: float) -> None:
    found = read(text, None)
    assert "where" not in found.rows
    assert [float(found.rows[name].iloc[0]) for name in ("lat", "lon")] == [lat, lon]
    assert found.rows.iloc[1].tolist() == ["", ""]
    assert (found.told, found.problems) == (("where is read as degrees",), {})


def test_degrees_that_are_no_pair_are_at_fault_and_lose_nothing_of_the_others() -> None:
    twice, other = "45° N, 46° N", "45° N, 73° W and on"
    first = ["45° N, 73° W"] * 50  # what the kind of a column is told by
    found = read(*first, twice, other, "45° 70' N, 73° W")
    assert found.rows["lat"].tolist()[-3:] == [twice, other, "45° 70' N, 73° W"]
    assert found.rows["lon"].tolist()[-3:] == ["0", "0", "0"]
    assert found.problems[twice] == found.problems[other] == "is no pair of degrees"
    assert {"45° 70' N, 73° W"} < {*found.problems}
    assert {*found.rows["lat"][:50].astype(float)} == {45.0}


def test_a_letter_that_is_east_or_west_is_a_place_all_the_same() -> None:
    assert tells_places(pd.Series(["45° N, 73° O"]))  # ouest, or ost
    assert not read("45° N, 73° O").rows.empty
    assert "45° N, 73° O" in read("45° N, 73° O").problems
