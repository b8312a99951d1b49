"""Payloads: the same values come back, and no parser misreads them."""

import json
from html.parser import HTMLParser
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from roxham.geo import DataError
from roxham.maps import PortLayer, decode_layer
from roxham.maps.content.plain import safe_json
from roxham.maps.content.text import as_written
from roxham.maps.elements.payload import Writer, layer_payload

WGS84 = "EPSG:4326"


def cleaned(value: object) -> object:
    """Return a value, all its texts as the page writes them."""
    if isinstance(value, list):
        return [cleaned(item) for item in value]
    if isinstance(value, dict):
        return {as_written(key): cleaned(item) for key, item in value.items()}
    return as_written(value) if isinstance(value, str) else value


TEXTS = st.text(st.characters(exclude_categories=()))


@given(
    st.recursive(
        TEXTS | st.none() | st.integers(), lambda v: st.lists(v) | st.dictionaries(TEXTS, v)
    )
)
def test_safe_json_reads_back_as_it_was(value: object) -> None:
    text = safe_json(value)
    assert json.loads(text) == cleaned(value)
    text.encode()
    assert not set(text) & set("<>&\u2028\u2029")
    assert not any(opening in text for opening in ("{{", "{%", "{#"))


def test_a_script_element_holds_hostile_json_to_its_end() -> None:
    ends: list[str] = []

    class Reader(HTMLParser):
        def handle_endtag(self, tag: str) -> None:
            ends.append(tag)

    Reader().feed(f"<script>{safe_json('</script><script>alert(1)</script><!--')}</script>")
    assert ends == ["script"]


def there_and_back(frame: pd.DataFrame, geometry: object = None) -> gpd.GeoDataFrame:
    """Encode a frame, write it as JSON, read it back."""
    shapes = [shapely.Point(0, 0)] * len(frame) if geometry is None else geometry
    given = gpd.GeoDataFrame(frame, geometry=shapes, crs=WGS84)
    payload = layer_payload("features", given, list(frame.columns))
    return decode_layer(json.loads(safe_json(payload)))


def cells(frame: pd.DataFrame, column: str) -> list[object]:
    return [None if pd.isna(cell) else cell for cell in frame[column].tolist()]


def test_unknown_is_null_and_never_zero() -> None:
    counts = pd.DataFrame(
        {
            "n": pd.array([0, None, 3], dtype="Int64"),
            "x": [0.0, np.nan, np.inf],
            "none": [None, None, None],
            "word": ["", None, "0"],
        }
    )
    back = there_and_back(counts)
    assert cells(back, "n") == [0, None, 3]
    assert cells(back, "x") == [0, None, None]
    assert cells(back, "none") == [None, None, None]
    assert cells(back, "word") == ["", None, "0"]


def test_a_column_by_hand() -> None:
    # 1.5, nothing and -0.5 are 15, null and -5 tenths: from the lowest, -5, up they are 21, 0, 1.
    writer = Writer()
    shape = writer.column("x", pd.Series([1.5, np.nan, -0.5]))
    assert shape == {"name": "x", "low": -5, "per": 10, "codes": [3, 1]}
    assert writer.chunks == [bytes([21, 0, 1])]
    # 256 has two bytes, the lowest plane first.
    assert Writer().ints([1, 256]) == [2, 2]
    writer.ints([1, 256])
    assert writer.chunks[1:] == [bytes([1, 0]), bytes([0, 1])]


def test_repeated_words_are_written_once() -> None:
    words = layer_payload(
        "features",
        gpd.GeoDataFrame({"a": ["x"] * 4}, geometry=[shapely.Point(0, 0)] * 4, crs=WGS84),
        ["a"],
    )
    assert words["columns"] == [{"name": "a", "values": len('["x"]'), "codes": [4, 1]}]


def test_whatever_python_holds_comes_back_as_json_can_hold_it() -> None:
    odd = pd.DataFrame(
        {
            "mixed": pd.Series([True, 1, "1", 1.5, None], dtype="object"),
            "lists": pd.Series([["a", "b"], "a, b", None, ["c"], ()], dtype="object"),
            "days": pd.Series(["2017-01-31", None, "2017-02-01", "2017-01-31", None]).astype(
                "datetime64[s]"
            ),
            "class": pd.Categorical(["b", "a", None, "b", "b"]),
            "yes": pd.array([True, None, False, True, True], dtype="boolean"),
            "osmid": [2**53, 2**53 + 1, 0, 1, -(2**60)],
            "huge": [1e300, 0.1, 1e-9, 2.0, -1e17],
        }
    )
    back = there_and_back(odd)
    mixed = back["mixed"].tolist()
    assert mixed == [True, 1, "1", 1.5, None]
    assert [type(cell) for cell in mixed[:2]] == [bool, int]
    assert cells(back, "lists") == ["a, b", "a, b", None, "c", ""]
    assert cells(back, "days") == ["2017-01-31", None, "2017-02-01", "2017-01-31", None]
    assert cells(back, "class") == ["b", "a", None, "b", "b"]
    assert cells(back, "yes") == [True, None, False, True, True]
    assert cells(back, "osmid") == [str(2**53), str(2**53 + 1), 0, 1, str(-(2**60))]
    assert cells(back, "huge") == [1e300, 0.1, 0.0, 2, -1e17]


@given(st.lists(st.none() | st.integers(-(2**53) + 1, 2**53 - 1), min_size=1))
def test_whole_numbers_come_back_exactly(numbers: list[int | None]) -> None:
    frame = pd.DataFrame({"n": pd.array(numbers, dtype="Int64")})
    assert [None if c is None else int(c) for c in cells(there_and_back(frame), "n")] == numbers  # type: ignore[call-overload]


@given(
    st.lists(
        st.none()
        | st.decimals(-10_000_000, 10_000_000, places=3).map(float)
        | st.floats(allow_nan=False, allow_infinity=False),
        min_size=1,
    )
)
def test_numbers_come_back_to_six_decimals(numbers: list[float | None]) -> None:
    frame = pd.DataFrame({"x": pd.Series(numbers, dtype="float64")})
    for was, now in zip(numbers, cells(there_and_back(frame), "x"), strict=True):
        if was is None:
            assert now is None
        else:
            assert isinstance(now, int | float)
            # A float has 53 bits: a large one may have fewer than six decimals to keep.
            assert abs(now - was) <= max(0.5000001e-6, abs(was) * 2**-52)


@given(st.lists(st.decimals(-99_999, 99_999, places=3).map(float), min_size=1))
def test_decimals_that_are_short_come_back_exactly(numbers: list[float]) -> None:
    assert cells(there_and_back(pd.DataFrame({"x": numbers})), "x") == numbers


@given(st.lists(st.none() | TEXTS, min_size=1))
def test_words_come_back_as_written(words: list[str | None]) -> None:
    frame = pd.DataFrame({"a": pd.Series(words, dtype="object")})
    assert cells(there_and_back(frame), "a") == cleaned(words)


def test_parts_rings_and_empty_geometries() -> None:
    square: Any = shapely.box(0, 0, 4, 4).difference(shapely.box(1, 1, 2, 2))
    shapes: list[Any] = [
        square,
        None,
        shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]]),
        shapely.Point(-73.5, 45),
        shapely.MultiPolygon([square, shapely.box(5, 5, 6, 6)]),
        shapely.MultiPoint([(1, 2), (3, 4)]),
        shapely.LineString(),
        shapely.GeometryCollection([shapely.Point(1, 1), shapely.LineString([(0, 0), (2, 1)])]),
    ]
    back = there_and_back(pd.DataFrame({"id": range(len(shapes))}), shapes).geometry
    assert back.iloc[1] is None
    for was, now in zip(shapes, back, strict=True):
        if was is not None:
            assert now is not None
            assert (now.geom_type, now.is_empty) == (was.geom_type, was.is_empty)
            assert now.equals(was)


def test_what_is_smaller_than_the_grid_stays_as_a_point() -> None:
    tiny = [
        shapely.LineString([(0, 0), (1e-7, 0)]),
        shapely.Polygon([(0, 0), (1e-7, 0), (0, 1e-7)]),
    ]
    back = there_and_back(pd.DataFrame({"id": [1, 2]}), tiny).geometry
    assert [shape.geom_type for shape in back] == ["LineString", "Polygon"]
    assert [set(shapely.get_coordinates(shape).ravel()) for shape in back] == [{0.0}, {0.0}]


def test_a_collection_in_a_collection_is_refused() -> None:
    nested = shapely.GeometryCollection([shapely.MultiPoint([(0, 0), (1, 1)])])
    with pytest.raises(DataError, match="explode"):
        there_and_back(pd.DataFrame({"id": [1]}), [nested])


@settings(deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
            min_size=2,
            max_size=20,
            unique=True,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_points_come_back_within_half_a_unit(lines: list[list[tuple[float, float]]]) -> None:
    shapes = [shapely.LineString(points) for points in lines]
    back = there_and_back(pd.DataFrame({"id": range(len(shapes))}), shapes).geometry
    for was, now in zip(shapes, back, strict=True):
        points = shapely.get_coordinates(now)
        for point in shapely.get_coordinates(was):
            assert np.abs(points - point).max(axis=1).min() <= 0.5000001e-5


def test_a_number_that_is_none_as_a_coordinate_is_refused() -> None:
    with pytest.raises(DataError, match="not a number"):
        there_and_back(pd.DataFrame({"id": [1]}), [shapely.Point(1, np.inf)])


def test_another_format_and_a_damaged_payload_say_so() -> None:
    frame = gpd.GeoDataFrame({"a": ["x"]}, geometry=[shapely.Point(0, 0)], crs=WGS84)
    payload = layer_payload("places", frame, ["a"])
    with pytest.raises(DataError, match="format 1"):
        decode_layer({**payload, "format": 1})
    changes: list[dict[str, Any]] = [
        {"data": payload["data"][:8]},
        {"data": "*"},
        {"columns": [{"name": "a", "values": 999, "codes": [1, 1]}]},
        {"columns": []},
        {"geometry": {}},
    ]
    for change in changes:
        with pytest.raises(DataError, match="damaged"):
            decode_layer({**payload, **change})


def test_an_empty_frame_has_a_payload() -> None:
    none = gpd.GeoDataFrame({"a": pd.Series([], dtype="object")}, geometry=[], crs=WGS84)
    assert len(decode_layer(layer_payload("places", none, ["a"]))) == 0


def test_a_frame_without_or_with_another_crs_raises() -> None:
    bare = gpd.GeoDataFrame({"name": ["a"]}, geometry=[shapely.Point(0, 0)])
    with pytest.raises(DataError, match="no coordinate reference system"):
        layer_payload("places", bare, ["name"])
    with pytest.raises(DataError, match="EPSG:4326"):
        layer_payload("places", bare.set_crs("EPSG:32618"), ["name"])


@pytest.mark.parametrize(
    ("name", "most", "told"),
    [
        ("page_features", 2, "roads: has 3 features, more than 2"),
        ("page_points", 8, "roads: has 9 points, more than 8"),
    ],
)
def test_a_layer_that_no_browser_opens_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, most: int, told: str
) -> None:
    lines = [shapely.LineString([(k, 45), (k + 0.5, 45), (k + 1, 45)]) for k in range(3)]
    frame = gpd.GeoDataFrame({"ref": ["a"] * 3}, geometry=lines, crs=WGS84)
    monkeypatch.setenv(f"ROXHAM_MAX_{name.upper()}", str(most))
    with pytest.raises(DataError, match=told) as caught:
        layer_payload("roads", frame, ["ref"])
    assert f"ROXHAM_MAX_{name.upper()} higher" in str(caught.value)
    monkeypatch.setenv(f"ROXHAM_MAX_{name.upper()}", str(most + 1))
    assert len(decode_layer(layer_payload("roads", frame, ["ref"]))) == 3


def test_ports_of_ones_own_have_what_load_ports_gives_them() -> None:
    points = gpd.points_from_xy([6.3], [45.5])
    own = gpd.GeoDataFrame({"name": ["North gate"]}, geometry=points, crs=WGS84)
    drawn = decode_layer(PortLayer(own).payload)
    assert drawn[["port_id", "kind", "status"]].values.tolist() == [
        ["north-gate", "port_of_entry", "unknown"]
    ]
    assert list(own) == ["name", "geometry"]
