"""Ids made of names and places: never alike, whatever the script, and the same every time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roxham.geo.tables.ids import distinct_ids, name_id, spot_id


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Clarenceville Alburgh Springs", "clarenceville-alburgh-springs"),
        ("  St. John (1) ", "st-john-1"),
        ("Ormstown–Châteauguay", "ormstown-chateauguay"),
        ("Straße", "strasse"),
        ("Мост Река", "мост-река"),
        ("معبر رفح", "معبر-رفح"),
        ("국경 검문소", "국경-검문소"),
        ("सीमा चौकी", "सीमा-चौकी"),
        ("口岸", "口岸"),
        ("=cmd|' /C calc'!A0", "cmd-c-calc-a0"),
        ("-- (!)", ""),
    ],
)
def test_a_name_is_an_id_in_its_own_script(name: str, made: str) -> None:
    assert name_id(name) == made


def test_a_place_is_an_id_in_each_quarter_of_the_earth() -> None:
    spots = [spot_id(y, x) for y in (45.0057, -1.5) for x in (73.57671, -0.00001)]
    assert spots == [
        *("45.0057N073.5767E", "45.0057N000.0000W"),
        *("01.5000S073.5767E", "01.5000S000.0000W"),
    ]


names = st.lists(st.sampled_from(["", "a", "b", "a-P", "a-P-2", "P"]), max_size=8)


@given(names, st.lists(st.sampled_from("PQ"), min_size=8, max_size=8), st.sets(st.text("abP-2")))
def test_no_two_ids_are_alike_and_none_is_empty(
    made: list[str], places: list[str], taken: set[str]
) -> None:
    ids = distinct_ids(made, places[: len(made)], taken)
    assert len(set(ids) | taken) == len(made) + len(taken)
    assert "" not in ids


def test_the_order_of_rows_and_those_alone_of_their_name_do_not_matter() -> None:
    made, places = ["a", "a", "b", ""], ["P", "Q", "P", "R"]
    assert distinct_ids(made, places, []) == ["a-P", "a-Q", "b", "R"]
    assert distinct_ids(made[::-1], places[::-1], []) == ["R", "b", "a-Q", "a-P"]
    assert distinct_ids(["a"] * 3, ["P"] * 3, ["a-P"]) == ["a-P-2", "a-P-3", "a-P-4"]
