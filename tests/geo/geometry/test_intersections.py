"""Where lines meet a border: answers from paper, and shapely as the oracle."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from roxham.geo.border.linework import lines_of
from roxham.geo.errors import DataError
from roxham.geo.geometry.grid_filter import lines_near
from roxham.geo.geometry.intersections import ALONG, CROSS, END, TOUCH, Meetings, find_meetings
from roxham.geo.geometry.predicates import orient

Arrays = tuple[np.ndarray, np.ndarray]


def arrays(*lines: BaseGeometry) -> Arrays:
    _, coords, (offsets,) = shapely.to_ragged_array(list(lines))
    return coords, np.asarray(offsets, dtype=np.int64)


def meet(road: str | BaseGeometry, border: str | BaseGeometry) -> Meetings:
    roads, fence = (shapely.from_wkt(g) if isinstance(g, str) else g for g in (road, border))
    return find_meetings(*arrays(roads), *lines_of(gpd.GeoSeries([fence], crs="EPSG:4326")))


FLAT = "LINESTRING (-9 0, 9 0)"


@pytest.mark.parametrize(
    ("road", "border", "kinds"),
    [
        ("LINESTRING (0 -1, 0 1)", FLAT, [CROSS]),
        ("LINESTRING (0 1, 8 1)", FLAT, []),
        ("LINESTRING (0 -1, 1 1, 2 -1, 3 1)", FLAT, [CROSS] * 3),
        ("LINESTRING (0 -1, 1 0, 2 -1)", FLAT, [TOUCH]),
        ("LINESTRING (0 -1, 1 0, 2 1)", FLAT, [CROSS]),
        ("LINESTRING (0 -1, 1 0, 3 0, 4 1)", FLAT, [CROSS]),
        ("LINESTRING (0 -1, 1 0, 3 0, 4 -1)", FLAT, [ALONG]),
        ("LINESTRING (0 0, 3 0)", FLAT, [ALONG]),
        ("LINESTRING (0 0, 0 1)", FLAT, [END]),
        ("LINESTRING (0 1, 0 0)", FLAT, [END]),
        ("LINESTRING (0 -1, 0 0, 0 0, 0 1)", FLAT, [CROSS]),
        # near-parallel: 2e-15 degrees off on both sides
        ("LINESTRING (-8 -2e-15, 8 2e-15)", FLAT, [CROSS]),
        ("LINESTRING (-8 1e-15, 8 2e-15)", FLAT, []),
        # through a bend of the border, and past its loose end
        ("LINESTRING (0 -1, 0 1)", "LINESTRING (-2 1, 0 0, 2 1)", [CROSS]),
        ("LINESTRING (-1 0, 1 0)", "LINESTRING (-2 1, 0 0, 2 1)", [TOUCH]),
        ("LINESTRING (9 -1, 9 1)", FLAT, [TOUCH]),
        ("LINESTRING (9.1 -1, 9.1 1)", FLAT, []),
        # a border in pieces, drawn in both directions
        ("LINESTRING (0 -1, 0 1)", "MULTILINESTRING ((-9 0, 0 0), (9 0, 0 0))", [CROSS]),
        # a boundary of a polygon with a hole: in, into the hole, out of it, out
        (
            "LINESTRING (-1 5, 11 5)",
            "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (4 4, 6 4, 6 6, 4 6, 4 4))",
            [CROSS] * 4,
        ),
        # from one sector to another where three borders meet
        (
            "LINESTRING (-1 0, 0 0, 1 1)",
            "MULTILINESTRING ((0 0, 0 5), (0 0, 5 0), (0 0, 0 -5))",
            [CROSS],
        ),
    ],
)
def test_kinds_worked_out_on_paper(road: str, border: str, kinds: list[int]) -> None:
    assert meet(road, border).kind.tolist() == kinds
    assert sorted(meet(shapely.from_wkt(road).reverse(), border).kind) == sorted(kinds)


def test_sides_are_left_and_right_of_the_border() -> None:
    found = meet("LINESTRING (0 -1, 1 1, 2 -1)", FLAT)
    assert found.side_before.tolist() == [-1, 1]
    assert found.side_after.tolist() == [1, -1]


def test_a_stretch_along_the_border_is_crossed_in_its_middle() -> None:
    found = meet("LINESTRING (0 -1, 1 0, 2 0, 5 0, 6 1)", FLAT)
    assert (found.x.tolist(), found.y.tolist()) == ([3.0], [0.0])
    assert found.segment.tolist() == [2]
    assert found.fraction.tolist() == pytest.approx([1 / 3])


def test_neighbours_share_one_border() -> None:
    fields = gpd.GeoSeries([shapely.box(0, 0, 2, 2), shapely.box(2, 0, 4, 2)], crs="EPSG:4326")
    found = find_meetings(*arrays(shapely.LineString([(1, 1), (3, 1)])), *lines_of(fields))
    assert (found.kind.tolist(), found.x.tolist()) == ([CROSS], [2.0])


def test_sides_are_exact_where_floats_are_not() -> None:
    # points a rounding error away from the line y = x, after Kettner and others (2008)
    i, j = (k.ravel() for k in np.meshgrid(np.arange(16), np.arange(16)))
    c = np.array(0.5 + np.column_stack([i, j]) * 2.0**-53, dtype=np.float64)
    a, b = np.full(c.shape, 12.0), np.full(c.shape, 24.0)
    assert orient(a, b, c).tolist() == np.sign(c[:, 1] - c[:, 0]).tolist()


def test_a_border_of_100_000_vertices_and_a_road_along_it() -> None:
    x = np.arange(100_000) / 1000
    zigzag = shapely.LineString(np.column_stack([x, np.arange(100_000) % 2]))
    found = meet("LINESTRING (-1 0.5, 101 0.5)", zigzag)
    assert len(found) == 99_999
    assert (found.kind == CROSS).all()
    assert np.abs(found.x - (x[:-1] + x[1:]) / 2).max() < 1e-9


@pytest.mark.parametrize(
    ("wkt", "message"),
    [
        ("POINT (0 0)", "no line"),
        ("LINESTRING EMPTY", "no line"),
        ("LINESTRING (1 1, 1 1)", "no length"),
        ("LINESTRING (0 0, 0 91)", "outside"),
    ],
)
def test_borders_that_are_none(wkt: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        lines_of(gpd.GeoSeries.from_wkt([wkt], crs="EPSG:4326"))


def test_a_border_with_a_coordinate_that_is_no_number() -> None:
    with np.errstate(invalid="ignore"):
        broken = shapely.LineString([(0, 0), (1, float("nan"))])
    with pytest.raises(DataError, match="not numbers"):
        lines_of(gpd.GeoSeries([broken], crs="EPSG:4326"))


def test_a_border_without_crs_is_refused() -> None:
    with pytest.raises(DataError, match="coordinate reference system"):
        lines_of(gpd.GeoSeries.from_wkt([FLAT]))


point = st.tuples(st.integers(0, 5), st.integers(0, 5))
chain = st.lists(point, min_size=2, max_size=6, unique=True)
often = settings(
    max_examples=75, deadline=None, suppress_health_check=[HealthCheck.filter_too_much]
)


def contacts(a: shapely.LineString, b: shapely.LineString) -> int:
    """Count points and connected stretches that two lines have in common."""
    parts = shapely.get_parts(a.intersection(b))
    lines = shapely.union_all(parts[shapely.get_dimensions(parts) == 1]).buffer(1e-7)
    points = [p for p in parts[shapely.get_dimensions(parts) == 0] if not lines.intersects(p)]
    return len(shapely.get_parts(lines)) * (not lines.is_empty) + len(points)


@often
@given(chain, chain)
def test_every_contact_is_met_once_in_both_directions(
    road_points: list[tuple[int, int]], border_points: list[tuple[int, int]]
) -> None:
    road, border = shapely.LineString(road_points), shapely.LineString(border_points)
    assume(road.is_simple and border.is_simple and not road.is_closed)
    assume(road.length > 0 and border.length > 0)
    there, back = meet(road, border), meet(road.reverse(), border)
    assert len(there) == contacts(road, border)
    assert set(zip(there.x, there.y, strict=True)) == set(zip(back.x, back.y, strict=True))
    assert sorted(there.kind) == sorted(back.kind)


@often
@given(chain, st.lists(point, min_size=3, max_size=5, unique=True))
def test_a_road_crosses_where_it_goes_in_or_out_of_a_field(
    road_points: list[tuple[int, int]], corners: list[tuple[int, int]]
) -> None:
    road, field = shapely.LineString(road_points), shapely.Polygon(corners)
    assume(road.is_simple and not road.is_closed and road.length > 0)
    assume(field.is_valid and field.area > 0)
    rim = field.exterior
    assume(not any(rim.intersects(shapely.Point(p)) for p in (road_points[0], road_points[-1])))
    bits = shapely.get_parts(road.difference(rim))
    middles = sorted((bit.interpolate(0.5, normalized=True) for bit in bits), key=road.project)
    inside = [field.contains(middle) for middle in middles]
    changes = sum(a != b for a, b in pairwise(inside))
    assert int((meet(road, rim).kind == CROSS).sum()) == changes


def random_streets(count: int, seed: int) -> Arrays:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 7, count)
    steps = rng.normal(0, 0.002, (int(sizes.sum()), 2))
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    steps[offsets[:-1]] = rng.uniform(-1, 1, (count, 2))
    coords = np.cumsum(steps, axis=0)
    for i in range(2):  # each line from its own start
        coords[:, i] -= np.repeat(coords[offsets[:-1], i] - steps[offsets[:-1], i], sizes)
    long = rng.integers(0, count, 40)
    coords[offsets[long + 1] - 1] += rng.uniform(-1, 1, (40, 2))
    return coords, offsets


def test_the_sieve_loses_no_line_and_sjoin_finds_no_more() -> None:
    coords, offsets = random_streets(30_000, seed=3)
    x = np.linspace(-1.5, 1.5, 2_000)
    winding = shapely.LineString(
        np.column_stack([x, 0.4 * np.sin(9 * x) + 0.002 * np.sin(900 * x)])
    )
    border = gpd.GeoDataFrame(geometry=[winding], crs="EPSG:4326")
    lines = shapely.from_ragged_array(shapely.GeometryType.LINESTRING, coords, (offsets,))
    edges = gpd.GeoDataFrame(geometry=lines, crs="EPSG:4326")
    hit = edges.sjoin(border, predicate="intersects").index
    fence = lines_of(border)
    near = lines_near(coords, offsets, *fence)
    assert np.isin(hit, near).all()
    assert len(near) < len(edges) / 5
    found = find_meetings(coords, offsets, *fence)
    assert sorted(set(found.line.tolist())) == sorted(hit)
    oracle = gpd.GeoSeries(edges.geometry[hit]).intersection(winding).explode()
    ours = np.array(sorted(zip(found.line, found.x, found.y, strict=True)))
    theirs = np.array(sorted(zip(oracle.index, oracle.x, oracle.y, strict=True)))
    assert len(ours) > len(hit)  # some cross more than once
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max() < 1e-9


def test_the_sieve_loses_no_line_between_far_vertices_of_a_border() -> None:
    coords, offsets = random_streets(30_000, seed=3)
    lines = shapely.from_ragged_array(shapely.GeometryType.LINESTRING, coords, (offsets,))
    far = shapely.from_wkt("MULTILINESTRING ((-1 -1, 1 0.5, 1 0.5001), (0.3 0, 0.3001 0, -1 1))")
    near = lines_near(coords, offsets, *arrays(*shapely.get_parts(far)))
    hit = shapely.STRtree(lines).query(far, predicate="intersects")
    assert len(hit) > 100
    assert np.isin(hit, near).all()
    assert len(near) < len(lines) / 5


def test_a_border_drawn_twice_is_met_once_in_each_place() -> None:
    coords, offsets = random_streets(3_000, seed=3)
    border, ends = arrays(shapely.from_wkt("LINESTRING (-1 -1, 0 0.4, 1 0.5)"))
    once = find_meetings(coords, offsets, border, ends)
    twice = find_meetings(
        coords, offsets, np.concatenate([border, border[::-1]]), np.array([0, 3, 6])
    )
    assert len(once) > 10
    for name in ("line", "segment", "fraction", "x", "y", "kind"):
        assert getattr(twice, name).tolist() == getattr(once, name).tolist()


def test_meetings_show_how_many_and_never_where() -> None:
    assert repr(meet("LINESTRING (0 -1, 0 1)", FLAT)) == "<Meetings: 1>"
