"""Snapping: the nearest road on the ground, how far along, how far away."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from roxham.geo.errors import DataError
from roxham.geo.network.roads import Roads
from roxham.geo.readers.read import read_roads
from roxham.geo.routing.nearest import nearest_edges
from roxham.geo.routing.snap import Snapper

Streets = Callable[..., Roads]
GEOD = Geod(ellps="WGS84")


@pytest.fixture(scope="module")
def town(street_network: Streets) -> Roads:
    rng = np.random.default_rng(5)
    starts = rng.uniform([-73.6, 44.5], [-73.4, 46.5], (150, 2))
    streets = []
    for start in starts:
        bends = np.cumsum(rng.normal(0, 0.01, (4, 2)), axis=0)
        streets.append({"line": [start, *(start + bends)], "oneway": bool(rng.random() < 0.5)})
    return street_network(*streets)


def oracle_m(roads: Roads, lon: float, lat: float) -> np.ndarray:
    """Return the distance of every edge in a map projection made for this very point."""
    local = f"+proj=aeqd +lat_0={lat} +lon_0={lon} +ellps=WGS84"
    lines = gpd.GeoSeries(roads.lines, crs="EPSG:4326").to_crs(local)
    metres: np.ndarray = shapely.distance(lines.to_numpy(), shapely.Point(0, 0))
    return metres


def test_edge_fraction_and_offset_on_paper(street_network: Streets) -> None:
    roads = street_network({"line": [(0, 60), (0.01, 60), (0.01, 60.005)]})
    found = Snapper(roads).snap(0.005, 59.999)
    half, whole = (
        GEOD.line_length([0, 0.005], [60, 60]),
        GEOD.line_length([0, 0.01, 0.01], [60, 60, 60.005]),
    )
    assert found.edge == 0
    assert found.fraction == pytest.approx(half / whole, rel=2e-3)
    assert found.offset_m == pytest.approx(111.4, abs=0.1)
    assert (found.lon, found.lat) == (0.005, 60.0)


def test_nearest_on_the_ground_not_in_degrees(street_network: Streets) -> None:
    # at 60° N a degree of longitude is half as long: the eastern road is nearer
    roads = street_network(
        {"line": [(-1, 60.003), (1, 60.003)], "name": "north"},
        {"line": [(0.005, 59), (0.005, 60.002)], "name": "east"},
        {"line": [(0, 0), (0.1, 0)], "name": "far south, so that one scale does not fit all"},
    )
    found = Snapper(roads).snap(0.0, 60.0)
    assert roads.edge("name")[found.edge] == "east"
    assert found.offset_m == pytest.approx(0.005 * 55_800, rel=1e-3)


def test_twins_give_the_first_and_ends_are_0_and_1(street_network: Streets) -> None:
    snapper = Snapper(street_network({"line": [(0, 45), (0.01, 45)]}))
    assert snapper.snap(-0.001, 45).fraction == 0
    assert snapper.snap(0.011, 45)[:2] == (0, 1.0)


@settings(max_examples=60, deadline=None)
@given(st.floats(-73.65, -73.35), st.floats(44.4, 46.6))
def test_as_near_as_any_edge(town: Roads, lon: float, lat: float) -> None:
    found = Snapper(town).snap(lon, lat, within_m=1e6)
    distances = oracle_m(town, lon, lat)
    least = float(distances.min())
    # straight in degrees and straight on the local map part over kilometres
    assert distances[found.edge] == pytest.approx(least, rel=1e-2, abs=0.5)
    assert found.offset_m == pytest.approx(least, rel=1e-2, abs=0.5)


def test_no_road_is_nearer_than_the_one_found_at_any_latitude(street_network: Streets) -> None:
    # one scale is far off for roads from pole to pole, and each road alone has its own
    rng = np.random.default_rng(2)
    starts = np.column_stack([rng.uniform(-2, 2, 40), rng.uniform(-88, 88, 40)])
    ends = starts + rng.normal(0, [3, 0.5], (40, 2))
    lines = np.stack([starts, ends], axis=1).tolist()
    roads = street_network(*({"line": line, "oneway": True} for line in lines))
    alone = [Snapper(roads, usable=np.arange(40) == edge) for edge in range(40)]
    snapper = Snapper(roads)
    places = rng.uniform([-3, -89], [3, 89], (40, 2))
    at = gpd.GeoSeries.from_xy(places[:, 0], places[:, 1], crs="EPSG:4326")
    bulk = snapper.snap_points(at, within_m=1e8)
    for (lon, lat), together in zip(places.tolist(), bulk.itertuples(index=False), strict=True):
        each = [one.snap(lon, lat, within_m=1e8) for one in alone]
        nearest = min(each, key=lambda found: found.offset_m)
        assert snapper.snap(lon, lat, within_m=1e8) == nearest == pytest.approx(together)


def test_too_far_is_refused(town: Roads) -> None:
    with pytest.raises(DataError, match="no road within 1000 m"):
        Snapper(town).snap(-73.5, 48)
    with pytest.raises(DataError, match="not longitude"):
        Snapper(town).snap(45, -120)


def test_frames_keep_their_index_and_have_nulls(town: Roads) -> None:
    points = gpd.GeoSeries(
        np.array([shapely.Point(town.x[0], town.y[0]), shapely.Point(0, 0), None]),
        index=["a", "b", "c"],
        crs="EPSG:4326",
    )
    found = Snapper(town).snap_points(points)
    assert found.index.tolist() == ["a", "b", "c"]
    assert found.isna().all(axis=1).tolist() == [False, True, True]
    assert found.offset_m["a"] == pytest.approx(0, abs=1e-6)
    assert found.dtypes.map(str).tolist() == ["Int64"] + ["Float64"] * 4
    with pytest.raises(DataError, match="coordinate reference system"):
        Snapper(town).snap_points(gpd.GeoSeries([shapely.Point(0, 0)]))


def test_only_usable_edges(town: Roads) -> None:
    usable = np.zeros(town.edge_count, dtype=bool)
    usable[7] = True
    found = Snapper(town, usable=usable).snap(-73.5, 45.5, within_m=1e6)
    assert found.edge == 7
    with pytest.raises(DataError, match="no edge"):
        Snapper(town, usable=usable & False)


def test_real_roads_agree_with_osmnx(shared: Path) -> None:
    import osmnx

    roads = read_roads(shared / "osm_roxham_10km.osm")
    graph = osmnx.project_graph(roads.to_networkx(), to_crs="EPSG:32618")
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(-73.6, -73.4, 50), rng.uniform(44.97, 45.06, 50)
    flat = gpd.GeoSeries.from_xy(lon, lat, crs="EPSG:4326").to_crs("EPSG:32618")
    _, theirs = osmnx.nearest_edges(graph, flat.x, flat.y, return_dist=True)
    ours = Snapper(roads).snap_points(
        gpd.GeoSeries.from_xy(lon, lat, crs="EPSG:4326"), within_m=1e5
    )
    pd.testing.assert_series_equal(
        ours.offset_m.astype(float), pd.Series(theirs, name="offset_m"), rtol=5e-3, atol=0.5
    )


def test_a_point_near_no_road_of_a_network_of_one_edge_has_none(street_network: Streets) -> None:
    roads = street_network({"line": [(0, 60), (0.01, 60)], "oneway": True})
    found = nearest_edges(roads, gpd.GeoSeries.from_xy([0.0025, 9.0], [60.0, 9.0], crs=4326))
    assert found["u"].tolist() == ["0 60", pd.NA]
    assert found["key"].tolist() == [0, pd.NA]


@pytest.mark.parametrize("side", [1, -1])
def test_the_nearest_road_may_lie_over_180_degrees(street_network: Streets, side: int) -> None:
    """No road goes over it: one ends 1 km short of it, another lies 10 km beyond."""
    near, far = (side * 179.99, -17.0), (-side * 179.9, -17.0)
    roads = street_network(
        {"line": [near, (side * 179.95, -17.0)]}, {"line": [far, (-side * 179.85, -17.0)]}
    )
    place = -side * 179.99, -17.0
    found = Snapper(roads).snap(*place, within_m=20_000)
    assert found.offset_m == pytest.approx(GEOD.inv(*place, *near)[2], rel=1e-3)
    assert (found.lon, found.lat) == pytest.approx(near)
