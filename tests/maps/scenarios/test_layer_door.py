"""What a layer takes, and what it says of the rest: any frame, by any hand."""

from __future__ import annotations

import copy
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal

from roxham.geo import DataError
from roxham.maps import (
    BorderLayer,
    FeatureLayer,
    IncidentLayer,
    Legend,
    PlaceLayer,
    PortLayer,
    RoadLayer,
    decode_layer,
)
from roxham.maps.page.page import page_html

LAYERS = (BorderLayer, IncidentLayer, PlaceLayer, PortLayer, RoadLayer)


def frame(**columns: Any) -> gpd.GeoDataFrame:
    points = [shapely.Point(-73.5 + k / 100, 45) for k in range(3)]
    return gpd.GeoDataFrame(columns, geometry=points, crs="EPSG:4326")


def drawn(rows: gpd.GeoDataFrame, **options: Any) -> str:
    """Return a page of the layer; the caller's frame must be as it was."""
    before, attrs = rows.copy(deep=True), copy.deepcopy(rows.attrs)
    own = folium.Map([45, -73.5], tiles=None)
    for element in (FeatureLayer(rows, name="Mine", **options), Legend()):
        element.add_to(own)
    html = page_html(own)
    assert_frame_equal(pd.DataFrame(rows), pd.DataFrame(before))
    assert rows.attrs == attrs
    return html


ODD: dict[str, Any] = {
    "zoned": pd.to_datetime(["2022-01-01T23:30Z"] * 3).tz_convert("America/Toronto"),
    "missing time": pd.to_datetime(pd.Series(["2022-01-01", None, None])),
    "category": pd.Categorical(["a", None, "b"], categories=["z", "b", "a"]),
    "nullable": pd.array([1, None, 3], dtype="Int64"),
    "lists": [["a", "b"], [], None],
    "dictionaries": [{"a": 1}, {}, None],
    "huge": [10**30, -(10**30), 0],
    "not finite": [float("nan"), 1.5, float("inf")],
    "complex": [1 + 2j, 2j, 0],
    "long": ["x" * 10_000] * 3,
    "shapes": [shapely.Point(0, 0)] * 3,
    "bytes": [b"a", b"\xff", None],
}


@pytest.mark.parametrize("name", ODD)
def test_a_column_of_anything_is_drawn_twice_alike(name: str) -> None:
    rows = frame()
    rows[name] = ODD[name]
    for options in ({}, {"by": name}):
        assert drawn(rows, **options) == drawn(rows, **options)


def test_of_complex_numbers_no_part_is_lost() -> None:
    layer = FeatureLayer(frame(z=[1 + 2j, 2j, 0]), name="Mine")
    assert decode_layer(layer.payload)["z"].tolist() == ["(1+2j)", "2j", "0j"]


@pytest.mark.parametrize(
    "index",
    [
        pd.Index([1, 1, 1]),
        pd.Index([np.nan] * 3),
        pd.date_range("2022", periods=3, tz="UTC"),
        pd.MultiIndex.from_tuples([(1, 2)] * 3, names=["u", "v"]),
    ],
)
def test_any_index_will_do(index: Any) -> None:
    rows = frame(a=[1, 2, 3]).set_index(index)
    assert decode_layer(FeatureLayer(rows, name="Mine").payload)["a"].tolist() == [1, 2, 3]
    drawn(rows)


def test_columns_that_are_no_texts_are_drawn() -> None:
    rows = frame()
    for column in (1, 2.5, ("a", "b"), None):
        rows[column] = 7
    drawn(rows)


def test_empty_frames_and_places_off_the_map_are_drawn() -> None:
    shapes: Any = [None, shapely.Point(), shapely.Point(0, 90), shapely.Point(0, -90)]
    nowhere = gpd.GeoDataFrame(
        {"a": [1, 2, 3, 4]},
        geometry=shapes,
        crs="EPSG:4326",
    )
    line = shapely.LineString([(179, 52), (181, 52)])
    over = gpd.GeoDataFrame({"a": [1]}, geometry=[line], crs="EPSG:4326")
    for rows in (nowhere, over, frame(a=[1, 2, 3]).iloc[:0]):
        drawn(rows)
        assert len(decode_layer(FeatureLayer(rows, name="Mine").payload)) == len(rows)


TWICE = pd.concat([frame(a=[1, 2, 3]), pd.DataFrame({"a": [4, 5, 6]})], axis=1)
REFUSED: dict[str, tuple[Any, str]] = {
    "a plain table": (pd.DataFrame({"a": [1]}), "frame: is a DataFrame. Give a GeoDataFrame"),
    "no geometry": (
        gpd.GeoDataFrame({"a": [1]}),
        "frame: has no geometry. Set it with set_geometry",
    ),
    "a series": (frame().geometry, "is a GeoSeries. Give a GeoDataFrame"),
    "nothing": (None, "frame: is None. Give a GeoDataFrame"),
    "a name twice": (TWICE, "has two columns named “a”. Rename one"),
    "metres": (frame().to_crs(32618).set_crs(4326, allow_override=True), "no longitude and lat"),
    "swapped": (
        gpd.GeoDataFrame(geometry=[shapely.Point(45, -173)], crs="EPSG:4326"),
        "45, -173, which is no longitude and latitude. Look whether its axes are swapped",
    ),
    "beyond all": (
        gpd.GeoDataFrame(geometry=[shapely.Point(1e300, 0)], crs="EPSG:4326"),
        r"1e\+300, 0, which is no longitude",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_drawn_is_told(case: str) -> None:
    rows, told = REFUSED[case]
    with pytest.raises(DataError, match=told):
        FeatureLayer(rows, name="Mine")
    for layer in LAYERS:
        with pytest.raises(DataError, match=f"{told}|holds points in"):
            layer(rows)


@pytest.mark.parametrize("weight", [0, -1, float("nan"), float("inf"), "x", 1e9])
def test_a_weight_is_a_number_of_pixels(weight: Any) -> None:
    with pytest.raises(
        DataError, match=r"(the weight|weight:) is .* Give (pixels above 0|a number)"
    ):
        FeatureLayer(frame(a=[1, 2, 3]), name="Mine", weight=weight)
