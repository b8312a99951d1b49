"""Isochrones, catchments and routes on a network that lies beside no border, anywhere on Earth."""

from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import osmnx
import pandas as pd
import pytest
import shapely
from pyproj import Geod

from roxham.geo import (
    DataError,
    Roads,
    catchments,
    changed_areas,
    find_routes,
    largest_component,
    nearest_edges,
    reach,
    travel_table,
    with_pace,
    with_speeds,
)
from roxham.geo.geometry.distance import great_circle_m

GEOD = Geod(ellps="WGS84")
PLACES = {
    "Paris": (2.35, 48.85),
    "Svalbard": (15.6, 78.2),
    "Fiji": (178.4, -18.1),
    "beside 180°": (179.96, -16.5),
    "on the equator": (36.8, 0.0),
    "Montréal": (-73.57, 45.5),
}
SIDE = 12


def town(x: float, y: float, *, one_way: bool = False) -> Roads:
    """Return a grid of streets about 200 m apart, north and east of a place."""
    dy = 0.0018
    dx = dy / np.cos(np.deg2rad(y))
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(crs="EPSG:4326")
    for i in range(SIDE):
        for j in range(SIDE):
            graph.add_node(i * SIDE + j, x=x + i * dx, y=y + j * dy)
    for i in range(SIDE):
        for j in range(SIDE):
            for a, b in ((i + 1, j), (i, j + 1)):
                if a < SIDE and b < SIDE:
                    ends = i * SIDE + j, a * SIDE + b
                    graph.add_edge(*ends, highway="residential", oneway=one_way)
                    if not one_way:
                        graph.add_edge(*ends[::-1], highway="residential", oneway=False)
    return with_speeds(Roads.from_networkx(graph))


def point(x: float, y: float, **columns: Any) -> gpd.GeoDataFrame:
    shape = gpd.points_from_xy([x], [y])
    return gpd.GeoDataFrame({k: [v] for k, v in columns.items()}, geometry=shape, crs="EPSG:4326")


def ground_m2(area: Any) -> float:
    return sum(abs(GEOD.geometry_area_perimeter(p)[0]) for p in shapely.get_parts(area))


@pytest.mark.parametrize("name", PLACES)
def test_areas_and_ways_are_true_on_the_ground(name: str) -> None:
    x, y = PLACES[name]
    roads = town(x, y)
    found = reach(roads, (x, y), metres=[300, 800])
    assert found["metres"].tolist() == [300, 800]
    assert found.geometry.is_valid.all()
    for area, told in zip(found.geometry, found["area_km2"], strict=True):
        assert told == pytest.approx(ground_m2(area) / 1e6, rel=0.01)
    graph = roads.to_networkx()
    lengths = nx.single_source_dijkstra_path_length(graph, 0, cutoff=800, weight="length")
    inside = found.geometry.to_numpy()[1]
    assert all(shapely.intersects_xy(inside, roads.x[node], roads.y[node]) for node in lengths)
    far = (float(roads.x[-1]), float(roads.y[-1]))
    best = nx.shortest_path_length(graph, 0, SIDE * SIDE - 1, weight="length")
    assert find_routes(roads, (x, y), far)["length_m"].item() == pytest.approx(best)
    # a country says nothing where no border is
    table = travel_table(roads, point(x, y, country="FR"), None, point(*far))
    assert table["length_m"].item() == pytest.approx(best)


def test_an_area_over_180_is_cut_there() -> None:
    x = 179.9998 - 0.0018 * (SIDE - 1) / np.cos(np.deg2rad(16.5))
    roads = town(x, -16.5)  # its last street lies 20 m from the line
    area = reach(roads, (179.9995, -16.49), metres=600).geometry.item()
    assert (area.bounds[0], area.bounds[2]) == (-180, 180)
    assert area.is_valid
    assert {part.bounds[2] - part.bounds[0] < 1 for part in shapely.get_parts(area)} == {True}


def test_on_foot_and_by_bicycle_at_a_stated_speed() -> None:
    x, y = PLACES["Paris"]
    roads = town(x, y, one_way=True)
    corner = (float(roads.x[-1]), float(roads.y[-1]))  # all streets lead here, none away
    walked = reach(roads, corner, minutes=10, mode="walk")
    assert walked.attrs["pace"] == {"mode": "walk", "kmh": 4.8}
    same = reach(with_pace(roads, "walk"), corner, metres=800)
    assert walked["reached_km"].item() == pytest.approx(same["reached_km"].item())
    assert walked["reached_km"].item() > 2
    assert reach(roads, corner, minutes=10, mode="bike")["reached_km"].item() == pytest.approx(0)
    slow = with_pace(roads, "bike", kmh=7.5)
    to = reach(slow, corner, minutes=4, direction="to")
    there = reach(roads, corner, minutes=2, mode="bike", direction="to")
    assert to["reached_km"].tolist() == pytest.approx(there["reached_km"].tolist())
    with pytest.raises(DataError, match="times on foot or by bicycle"):
        reach(slow, corner, mode="drive")
    fly: Any = "fly"
    with pytest.raises(DataError, match=r"mode: is the text “fly”. Give one of walk, bike"):
        with_pace(roads, fly)
    with pytest.raises(DataError, match="not a speed"):
        with_pace(roads, "walk", kmh=0)


@pytest.mark.parametrize("mode", ["walk", "bike"])
def test_nobody_walks_on_a_motorway(mode: Any) -> None:
    """Who stands nearer to it than to a street goes by the street, by metres too."""
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(crs="EPSG:4326")
    for name, x, y in (("a", 7, 50), ("b", 7.02, 50), ("c", 7, 50.001), ("d", 7.02, 50.001)):
        graph.add_node(name, x=float(x), y=float(y))
    for u, v in (("c", "d"), ("a", "c")):
        graph.add_edges_from([(u, v), (v, u)], highway="residential")
    graph.add_edge("a", "b", highway="motorway")
    graph.add_edge("b", "d", highway=["primary", "motorway_link"])
    roads = with_pace(Roads.from_networkx(graph), mode, kmh=6)
    assert roads.edge_count == 4
    assert roads.node_id.tolist() == ["a", "b", "c", "d"]
    km = sum(roads.length_m) / 2000
    start = point(7.01, 50.0002, name="start")
    for walked in (reach(roads, start, minutes=60), reach(roads, start, metres=6000)):
        assert walked["reached_km"].tolist() == pytest.approx([km])
    end = point(7.015, 50.001, name="end")
    row = travel_table(roads, start, None, end, weight="length_m").iloc[0]
    metres = float(great_circle_m(*(np.array([x]) for x in (7.01, 50.001, 7.015, 50.001)))[0])
    assert row["length_m"] == pytest.approx(metres, rel=1e-4)
    assert row["travel_time_s"] == pytest.approx(metres / 6 * 3.6, rel=1e-4)


def test_a_street_counts_once_whatever_says_that_it_goes_both_ways() -> None:
    """On foot one-way streets do, too; graphs of one's own need not say which are one-way."""
    x, y = PLACES["Paris"]
    roads = town(x, y, one_way=True)
    km = roads.report().street_km
    assert km == pytest.approx(roads.length_m.sum() / 1000)
    on_foot = with_pace(roads, "walk")
    assert on_foot.edge_count == 2 * roads.edge_count
    assert on_foot.report().street_km == pytest.approx(km)
    assert sum(on_foot.report().speed_km.values()) == pytest.approx(km)
    assert town(x, y).report().street_km == pytest.approx(km)


def test_nobody_walks_on_water() -> None:
    """A ferry takes its own time; where none is told it is not known."""
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(crs="EPSG:4326")
    for node in range(4):
        graph.add_node(node, x=7 + node / 10, y=50.0)
    graph.add_edge(0, 1, highway="residential")
    graph.add_edge(1, 2, route="ferry", posted_m=2000.0, posted_time_s=600.0, length=2000.0)
    graph.add_edge(2, 3, route="ferry", posted_m=0.0, posted_time_s=0.0, length=2000.0)
    graph.edges[0, 1, 0].update(posted_m=1000.0, posted_time_s=72.0, length=1000.0)
    roads = with_pace(Roads.from_networkx(graph), "walk", kmh=5)
    time, speed = (roads.edge(name)[:3].tolist() for name in ("travel_time_s", "speed_kmh"))
    assert time == pytest.approx([720, 600, np.nan], nan_ok=True)
    assert speed == pytest.approx([5, 12, np.nan], nan_ok=True)
    assert roads.edge("speed_basis")[:3].tolist() == ["assumed", "observed", None]


def test_catchments_of_anything() -> None:
    x, y = PLACES["Paris"]
    roads = town(x, y)
    west, east = point(x, y, name="west"), point(float(roads.x[-1]), y, name="east")
    both = gpd.GeoDataFrame(pd.concat([west, east]), crs="EPSG:4326")
    two, one = (catchments(roads, given, weight="length_m") for given in (both, west))
    assert two.nodes["gate"].value_counts().tolist() == [SIDE * SIDE / 2] * 2
    assert two.areas is not None
    assert two.areas["area_km2"].tolist() == pytest.approx(
        [ground_m2(area) / 1e6 for area in two.areas.geometry], rel=0.01
    )
    moved = changed_areas(two, one)
    assert moved[["gate_before", "gate_after"]].values.tolist() == [["east", "west"]]
    with pytest.raises(DataError, match="have no geometry"):
        catchments(roads, both.drop(columns="geometry"))


@pytest.mark.parametrize(("x", "y"), [(-73.46, 45.0), (-97.24, 48.99), (-141.0, 65.0)])
def test_a_network_that_reaches_a_controlled_border_must_be_cut_first(x: float, y: float) -> None:
    roads = town(x, y)
    for ask in (
        lambda: reach(roads, (x, y), minutes=5),
        lambda: find_routes(roads, (x, y), (x + 0.01, y + 0.01)),
        lambda: catchments(roads, point(x, y, name="a")),
    ):
        with pytest.raises(DataError, match="is controlled, and do not know their sides"):
            ask()


def test_the_largest_component(town_and_stub: Roads) -> None:
    kept = largest_component(town_and_stub)
    assert kept.node_count == SIDE * SIDE
    assert kept.meta["left_out"] == {"nodes": 2, "edges": 2}
    graph = town_and_stub.to_networkx()
    theirs = osmnx.truncate.largest_component(graph, strongly=False)
    assert set(kept.node_id.tolist()) == set(theirs)
    graph.add_edge(9001, 0, length=50.0)  # into town, and not back
    linked = Roads.from_networkx(graph)
    assert largest_component(linked).node_count == SIDE * SIDE + 2
    strong = osmnx.truncate.largest_component(graph, strongly=True)
    assert set(largest_component(linked, strongly=True).node_id.tolist()) == set(strong)
    assert len(strong) == SIDE * SIDE
    here = (float(town_and_stub.x[-2]), float(town_and_stub.y[-2]))
    alone, joined = (reach(r, here, metres=500) for r in (town_and_stub, kept))
    assert alone["reached_km"].item() < 0.2 < joined["reached_km"].item()


@pytest.fixture
def town_and_stub() -> Roads:
    """Return the grid with a path beside it that leads nowhere."""
    graph = town(2.35, 48.85).to_networkx()
    for _, _, data in graph.edges(data=True):
        del data["posted_m"], data["posted_time_s"]
    graph.add_node(9001, x=2.35 - 0.0005, y=48.85)
    graph.add_node(9002, x=2.35 - 0.0005, y=48.851)
    graph.add_edge(9001, 9002, highway="path", length=111.0)
    graph.add_edge(9002, 9001, highway="path", length=111.0)
    return with_speeds(Roads.from_networkx(graph))


@pytest.mark.parametrize("name", PLACES)
def test_nearest_edges_are_those_of_geos_and_osmnx(name: str) -> None:
    x, y = PLACES[name]
    roads = town(x, y)
    rng = np.random.default_rng(5)
    lon = rng.uniform(roads.x.min(), roads.x.max(), 200)
    lat = rng.uniform(y, float(roads.y.max()), 200)
    points = gpd.GeoSeries.from_xy(lon, lat, index=range(7, 207), crs="EPSG:4326")
    found = nearest_edges(roads, points)
    assert found.index.equals(points.index)
    plane = f"+proj=aeqd +lon_0={x} +lat_0={y} +datum=WGS84"
    graph = osmnx.project_graph(roads.to_networkx(), to_crs=plane)
    flat = points.to_crs(plane)
    _, away = osmnx.nearest_edges(graph, flat.x, flat.y, return_dist=True)
    assert found["offset_m"].astype(float).to_numpy() == pytest.approx(away, rel=1e-3, abs=0.01)
    edges = gpd.GeoSeries(roads.lines, crs="EPSG:4326").to_crs(plane).to_numpy()
    own = shapely.distance(edges[found["edge"].to_numpy(dtype=int)], flat.to_numpy())
    assert own == pytest.approx(away, rel=1e-3, abs=0.01)
    ids = roads.edges.index[found["edge"].to_numpy(dtype=int)].to_frame().to_numpy()
    assert (ids == found[["u", "v", "key"]].to_numpy(dtype=int)).all()
    step = found["edge"].to_numpy(dtype=int)
    near = shapely.points(found["lon"].astype(float), found["lat"].astype(float))
    share = shapely.line_locate_point(roads.lines[step], near, normalized=True)
    assert found["fraction"].astype(float).to_numpy() == pytest.approx(share, abs=1e-5)
    none = nearest_edges(
        roads, gpd.GeoSeries([shapely.Point(), shapely.Point(x + 5, y)], crs="EPSG:4326")
    )
    assert none.isna().all(axis=None)
