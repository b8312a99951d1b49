"""Payloads: the same values come back, and no parser misreads them."""

import json
from html.parser import HTMLParser

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from roxham.geo import DataError
from roxham.maps.payload import encode_columns, encode_geometry, layer_payload, safe_json
from roxham.maps.texts import as_written

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


def test_unknown_is_null_and_never_zero() -> None:
    counts = pd.DataFrame({"n": pd.array([0, None, 3], dtype="Int64"), "x": [0.0, np.nan, np.inf]})
    assert encode_columns(counts, ["n", "x"]) == {"n": [0, None, 3], "x": [0, None, None]}


def test_repeated_words_are_written_once() -> None:
    assert encode_columns(pd.DataFrame({"a": ["x"] * 4}), ["a"])["a"]["values"] == ["x"]
    assert encode_columns(pd.DataFrame({"a": ["x", "y", "z"]}), ["a"]) == {"a": ["x", "y", "z"]}


def decode(payload: dict[str, list[int]], scale: int) -> list[list[tuple[float, float]]]:
    """Read the points of each part, as the page's script does."""
    points = np.cumsum(np.array(payload["xy"]).reshape(-1, 2), axis=0) / scale
    ends = np.cumsum(payload["sizes"])
    return [list(map(tuple, part)) for part in np.split(points, ends[:-1])]


def test_parts_rings_and_empty_geometries() -> None:
    square = shapely.box(0, 0, 4, 4).difference(shapely.box(1, 1, 2, 2))
    shapes = [
        square,
        None,
        shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]]),
        shapely.Point(-73.5, 45),
    ]
    payload = encode_geometry(gpd.GeoSeries(shapes, crs=WGS84))
    assert payload["parts"] == [2, 0, 2, 1]
    assert payload["sizes"] == [5, 5, 2, 2, 1]
    assert decode(payload, payload["scale"])[-1] == [(-73.5, 45)]


@given(
    st.lists(
        st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=2, max_size=20, unique=True
    )
)
def test_points_come_back_within_half_a_unit(points: list[tuple[float, float]]) -> None:
    line = gpd.GeoSeries([shapely.LineString(points)], crs=WGS84)
    payload = encode_geometry(line)
    (back,) = decode(payload, payload["scale"])
    far = [min(abs(a[0] - b[0]) + abs(a[1] - b[1]) for b in back) for a in points]
    assert max(far) <= 1.01e-5


def test_a_frame_without_or_with_another_crs_raises() -> None:
    bare = gpd.GeoDataFrame({"name": ["a"]}, geometry=[shapely.Point(0, 0)])
    with pytest.raises(DataError, match="no coordinate reference system"):
        layer_payload("places", bare, ["name"])
    with pytest.raises(DataError, match="EPSG:4326"):
        layer_payload("places", bare.set_crs("EPSG:32618"), ["name"])


def test_a_lone_surrogate_is_written_as_something_utf8_holds() -> None:
    cells = encode_columns(pd.DataFrame({"a": pd.Series(["\ud800"], dtype="object")}), ["a"])
    assert safe_json(cells).encode("utf-8")
