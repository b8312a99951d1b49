"""The border: which side, how far, and how near to the reference line."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from roxham.geo import ROXHAM, Border, DataError, Region, load_border, read_region
from roxham.geo.border.read import read_border

KNOWN = [
    ("Plattsburgh", -73.453, 44.699, "US"),
    ("Hemmingford", -73.582, 45.050, "CA"),
    ("Derby Line", -72.0990, 45.0040, "US"),
    ("Stanstead", -72.0913, 45.0146, "CA"),
    ("Rouses Point", -73.3649, 44.9939, "US"),
    ("Lacolle", -73.3659, 45.0834, "CA"),
    ("Cornwall", -74.728, 45.018, "CA"),
    ("Hogansburg, Akwesasne", -74.6626, 44.9825, "US"),
    ("Massena", -74.892, 44.928, "US"),
    ("Roxham Road, US end", -73.51709, 45.00697, "US"),
    ("Roxham Road, Canadian end", -73.51718, 45.00737, "CA"),
]
BOX = Region("box", "A box", (0, 0, 4, 2), "EPSG:32631", ("up", "down"))


def points(*xy: tuple[float, float]) -> gpd.GeoSeries:
    return gpd.GeoSeries.from_wkt([f"POINT ({x} {y})" for x, y in xy], crs="EPSG:4326")


def fence(*xy: tuple[float, float]) -> gpd.GeoSeries:
    return gpd.GeoSeries([shapely.LineString(xy)], crs="EPSG:4326")


@pytest.fixture(scope="module")
def border() -> Border:
    return load_border()


@pytest.mark.parametrize(("name", "lon", "lat", "side"), KNOWN, ids=[k[0] for k in KNOWN])
def test_known_places_lie_on_their_side(
    border: Border, name: str, lon: float, lat: float, side: str
) -> None:
    assert border.side_of(points((lon, lat))).tolist() == [side]


def test_forty_five_degrees_would_put_roxham_on_the_wrong_side(border: Border) -> None:
    north_of_45 = points((-73.51709, 45.005))
    assert border.side_of(north_of_45).tolist() == ["US"]


def test_sides_fill_the_box_and_share_the_line(border: Border) -> None:
    ca, us = border.sides.geometry
    assert border.sides.side.tolist() == ["CA", "US"]
    assert ca.union(us).equals(ROXHAM.polygon)
    line = border.line.union_all()
    shared = ca.intersection(us)
    assert shared.equals(line)


def test_sections_join_without_a_gap(border: Border) -> None:
    ends = [list(line.coords) for line in border.line.geometry]
    assert all(a[-1] == b[0] for a, b in pairwise(ends))
    assert ends[0][0][0] == -75.2
    assert ends[-1][-1][0] == -71.0


def test_outside_and_missing_points_have_no_side(border: Border) -> None:
    given = gpd.GeoSeries.from_wkt(
        np.array(["POINT (-80 45)", None, "POINT EMPTY", "POINT (-73.582 45.05)"], dtype=object),
        index=["far", "missing", "empty", "here"],
        crs="EPSG:4326",
    )
    found = border.side_of(given)
    assert found.isna().tolist() == [True, True, True, False]
    assert found["here"] == "CA"
    assert found.index.tolist() == ["far", "missing", "empty", "here"]
    assert border.distance_m(given).isna().tolist() == [False, True, True, False]


def test_frames_and_repeated_indexes_are_kept(border: Border) -> None:
    frame = gpd.GeoDataFrame(geometry=points((-73.582, 45.05), (-73.453, 44.699)))
    frame.index = pd.Index([7, 7])
    found = border.side_of(frame)
    assert found.index.tolist() == [7, 7]
    assert found.tolist() == ["CA", "US"]


def test_no_points_give_no_sides(border: Border) -> None:
    none = gpd.GeoSeries([], crs="EPSG:4326")
    assert len(border.side_of(none)) == len(border.distance_m(none)) == 0


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (gpd.GeoSeries.from_xy([-73.5], [45.0]), "no coordinate reference system"),
        (gpd.GeoSeries.from_xy([620000], [4990000], crs="EPSG:32618"), "expected EPSG:4326"),
        (gpd.GeoSeries.from_xy([45.05], [-73.58], crs="EPSG:4326"), "axes swapped"),
        (fence((-73.5, 45), (-73.4, 45)), "not points"),
    ],
)
def test_points_that_cannot_be_placed_raise(
    border: Border, given: gpd.GeoSeries, problem: str
) -> None:
    with pytest.raises(DataError, match=problem):
        border.side_of(given)
    with pytest.raises(DataError, match=problem):
        border.distance_m(given)


def test_points_on_the_line_belong_to_the_first_side() -> None:
    border = Border.from_line(fence((0, 1), (4, 1)), BOX)
    on_the_line = points((0, 1), (1, 1), (4, 1))
    assert border.side_of(on_the_line).tolist() == ["up"] * 3
    corners = points((0, 0), (4, 0), (0, 2), (2, 0))
    assert border.side_of(corners).tolist() == ["down", "down", "up", "down"]
    assert border.side_of(points((2, np.nextafter(1, 0)))).tolist() == ["down"]


def test_distance_on_paper() -> None:
    """0.1 degree of latitude at 1 degree north is 11,057.5 m on the ellipsoid."""
    border = Border.from_line(fence((0, 1), (4, 1)), BOX)
    found = border.distance_m(points((3, 1.1), (3, 0.9), (3, 1)))
    # UTM shortens lengths by 0.04 % at its central meridian, 3 degrees east.
    assert found.tolist() == pytest.approx([11053, 11053, 0], abs=2)


@pytest.mark.parametrize(
    ("line", "order"),
    [
        (fence((0, 0.5), (4, 1.5)), "north first"),
        (fence((4, 1.5), (0, 0.5)), "whichever way it is drawn"),
    ],
)
def test_the_northern_part_is_the_first_side(line: gpd.GeoSeries, order: str) -> None:
    assert Border.from_line(line, BOX).side_of(points((2, 1.9), (2, 0.1))).tolist() == [
        "up",
        "down",
    ]


def test_a_meridian_puts_the_west_first_unless_told() -> None:
    meridian = fence((1, -5), (1, 5))
    west_east = points((0.5, 1), (3, 1))
    assert Border.from_line(meridian, BOX).side_of(west_east).tolist() == ["up", "down"]
    told = Border.from_line(meridian, BOX, first=(3, 1))
    assert told.side_of(west_east).tolist() == ["down", "up"]


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        (fence((0, 1), (3.9, 1)), 1),
        (fence((1, 1), (3, 1)), 1),
        (fence((9, 9), (10, 10)), 1),
        (fence((0, 1), (1, 3), (2, 1), (3, 3), (4, 1)), 4),
        (fence((0, 1), (2, 1), (3, 1.5), (3, 0.5), (2, 1), (2, 0)), 3),
    ],
)
def test_a_line_that_does_not_cut_in_two_is_refused(line: gpd.GeoSeries, parts: int) -> None:
    with pytest.raises(DataError, match=re.escape(f"into {parts} part(s), expected 2")):
        Border.from_line(line, BOX)


@pytest.mark.parametrize(
    ("line", "first", "problem"),
    [
        (gpd.GeoSeries([shapely.LineString([(0, 1), (4, 1)])]), None, "coordinate reference"),
        (points((1, 1)), None, "not lines"),
        (fence((0, 1), (4, 1)), (2, 1), "does not lie on one side"),
        (fence((0, 1), (4, 1)), (9, 9), "does not lie on one side"),
    ],
)
def test_unusable_lines_are_refused(
    line: gpd.GeoSeries, first: tuple[float, float] | None, problem: str
) -> None:
    with pytest.raises(DataError, match=problem):
        Border.from_line(line, BOX, first=first)


def test_a_smaller_region_is_cut_by_the_same_line(border: Border) -> None:
    near = Region(
        "near", "Around Roxham Road", (-73.8, 44.9, -73.3, 45.1), "EPSG:32618", ("CA", "US")
    )
    small = load_border(near)
    assert small.line.section.tolist() == ["45th parallel"]
    assert small.sides.side.tolist() == ["CA", "US"]
    with pytest.raises(DataError, match="cuts the box"):
        load_border(
            Region("off", "South of it", (-73.8, 44.3, -73.3, 44.6), "EPSG:32618", ("CA", "US"))
        )


def test_nothing_given_is_changed(border: Border) -> None:
    line = fence((-1, 1), (5, 1))
    before = line.copy()
    Border.from_line(line, BOX)
    assert line.geom_equals_exact(before, 0).all()


heights = st.lists(st.floats(0.125, 1.875, width=32), min_size=2, max_size=12)
places = st.lists(
    st.tuples(st.floats(0, 4, width=32), st.floats(0, 2, width=32)), min_size=1, max_size=20
)


@given(heights, places)
@settings(max_examples=60, deadline=None)
def test_sides_agree_with_height_above_the_line(
    heights: list[float], places: list[tuple[float, float]]
) -> None:
    """A line that is a function of longitude: being above it can be worked out."""
    x = np.linspace(0, 4, len(heights))
    border = Border.from_line(fence(*zip(x, heights, strict=True)), BOX, first=(0, 2))
    found = border.side_of(points(*places))
    for (lon, lat), side in zip(places, found, strict=True):
        above = lat - np.interp(lon, x, heights)
        if abs(above) > 1e-9:
            assert side == ("up" if above > 0 else "down")


@given(heights, places)
@settings(max_examples=40, deadline=None)
def test_distances_agree_with_a_plain_measurement(
    heights: list[float], places: list[tuple[float, float]]
) -> None:
    x = np.linspace(0, 4, len(heights))
    line = fence(*zip(x, heights, strict=True))
    border = Border.from_line(line, BOX, first=(0, 2))
    given = points(*places)
    plain = line.segmentize(0.002).to_crs(BOX.metric_crs).union_all()
    expected = [plain.distance(p) for p in given.to_crs(BOX.metric_crs)]
    assert border.distance_m(given).tolist() == pytest.approx(expected, abs=1)


@pytest.mark.shared
def test_within_25_m_of_the_reference_line(border: Border, shared: Path) -> None:
    reference = gpd.read_file(shared / "boundary_ibc.geojson").geometry
    theirs = reference.segmentize(0.001).to_crs(ROXHAM.metric_crs).union_all()
    ours = border.line.geometry.segmentize(0.001).to_crs(ROXHAM.metric_crs).union_all()
    there = shapely.distance(shapely.points(shapely.get_coordinates(ours)), theirs).max()
    back = shapely.distance(shapely.points(shapely.get_coordinates(theirs)), ours).max()
    assert there < 10
    assert back < 10


@pytest.mark.shared
def test_the_two_ends_of_roxham_road_are_apart(border: Border, shared: Path) -> None:
    ends = points((-73.5170943, 45.0069698), (-73.5171845, 45.0073712))
    assert border.side_of(ends).tolist() == ["US", "CA"]
    assert border.distance_m(ends).sum() == pytest.approx(45, abs=2)


def test_a_border_file_of_several_layers_is_refused(tmp_path: Path) -> None:
    line = gpd.GeoDataFrame(geometry=[shapely.LineString([(-7, 54.1), (-6, 54.12)])], crs=4326)
    for layer in ("towns", "border"):
        line.to_file(tmp_path / "two.gpkg", layer=layer)
    with pytest.raises(DataError, match="holds several layers"):
        read_border(tmp_path / "two.gpkg")


def test_the_border_of_a_region_that_is_always_controlled_is_not_open(tmp_path: Path) -> None:
    (tmp_path / "border.csv").write_text("lon,lat\n-98,49.001\n-96,49.001\n")
    (tmp_path / "region.toml").write_text(
        'id = "plains"\nbounds = [-97.6, 48.5, -96.6, 49.5]\ncontrolled = false\n'
        'title = { en = "Plains" }\n[[sides]]\ncode = "NN"\ninside = [-97.0, 49.2]\n'
        '[[sides]]\ncode = "SS"\n[files]\nborder = "border.csv"\n'
    )
    region = read_region(tmp_path)
    with pytest.raises(DataError, match="which is controlled"):
        load_border(region)
    assert load_border(replace(region, controlled=True)).sides["side"].tolist() == ["NN", "SS"]
