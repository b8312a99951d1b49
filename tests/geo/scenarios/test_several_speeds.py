"""Roads of several speeds between two junctions: any part of them takes the time of that part."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roxham.geo import (
    Region,
    Roads,
    cut_at_border,
    find_routes,
    nearest_places,
    reach,
    read_roads,
    travel_table,
    with_pace,
    with_speeds,
)
from roxham.geo.access.catchment_areas import catchments
from roxham.geo.access.remoteness import EVERY_M, Targets, Terrain
from roxham.geo.crossings.merge import merged_at
from roxham.geo.geometry.distance import great_circle_m
from roxham.geo.network.speeds import Default, speed_defaults
from roxham.geo.routing.barrier import Walled

WriteOsm = Callable[..., Path]
OPEN = Region(
    "fields", "Two fields", (0, 49, 2, 51), "EPSG:32631", sides=("north", "south"), controlled=False
)
ROAD = {"highway": "tertiary"}


def usual(kind: str) -> float:
    return speed_defaults()[Default("", kind, "")]


USUAL = usual("tertiary")


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(great_circle_m(*(np.array([value]) for value in (*a, *b)))[0])


def points(*places: tuple[float, float]) -> gpd.GeoDataFrame:
    lon, lat = zip(*places, strict=True)
    geometry = gpd.points_from_xy(lon, lat, crs="EPSG:4326")
    return gpd.GeoDataFrame({"name": [f"p{i}" for i in range(len(places))]}, geometry=geometry)


# --- one road, on paper -------------------------------------------------------------------------

LINE = {1: (0.5, 50.03), 2: (0.5, 50.02), 3: (0.5, 49.99), 4: (0.5, 49.98)}
KM = metres(LINE[1], LINE[2]) / 1000
"""The first and the last of the road have one of these, its middle three."""
FENCE = gpd.GeoSeries.from_wkt(["LINESTRING (-1 50, 3 50)"], crs="EPSG:4326")
FAST, SLOW = {"maxspeed": "100"}, {"maxspeed": "25"}


@pytest.fixture
def fast_and_slow(write_osm: WriteOsm) -> Path:
    """One km at 100 km/h, three at 25, one at what is usual; the line meets it two km on."""
    ways = [(7, [1, 2], ROAD | FAST), (8, [2, 3], ROAD | SLOW), (9, [3, 4], ROAD)]
    return write_osm(LINE, ways)


def minutes(roads: Roads, a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(find_routes(roads, a, b)["travel_time_s"].iloc[0]) / 60


def test_parts_of_a_road_take_their_own_time(fast_and_slow: Path) -> None:
    roads = read_roads(fast_and_slow)
    assert roads.edge_count == 2
    half_on = (0.5, 50.025)
    for start, end, hours in (
        (half_on, LINE[2], 0.5 * KM / 100),
        (LINE[2], LINE[3], 3 * KM / 25),
        (LINE[4], LINE[3], KM / USUAL),
        (LINE[3], half_on, 3 * KM / 25 + 0.5 * KM / 100),
    ):
        assert minutes(roads, start, end) == pytest.approx(hours * 60, rel=1e-5)


@pytest.mark.parametrize("ending", ["arrow", "graphml", "gpkg", "parquet"])
def test_a_saved_network_still_knows(fast_and_slow: Path, ending: str) -> None:
    roads = read_roads(read_roads(fast_and_slow).save(fast_and_slow.with_suffix(f".{ending}")))
    assert minutes(roads, LINE[2], LINE[3]) == pytest.approx(3 * KM / 25 * 60, rel=1e-5)


def test_a_line_parts_a_road_by_the_speeds_on_either_side(fast_and_slow: Path) -> None:
    whole = read_roads(fast_and_slow)
    cut = cut_at_border(whole, FENCE, region=OPEN)
    edges = cut.edges.reset_index()
    for end, hours, posted, basis in (
        (1, KM / 100 + 2 * KM / 25, 3 * KM, "observed"),
        (4, KM / 25 + KM / USUAL, KM, "assumed"),
    ):
        there = edges[edges["u"].eq(end) | edges["v"].eq(end)]
        assert len(there) == 2
        assert there["travel_time_s"].tolist() == pytest.approx([hours * 3600] * 2, rel=1e-5)
        mean = there["length_m"] / 1000 / hours
        assert there["speed_kmh"].tolist() == pytest.approx(mean.tolist(), rel=1e-5)
        assert there["posted_m"].tolist() == pytest.approx([posted * 1000] * 2, abs=0.02)
        assert there["speed_basis"].tolist() == [basis] * 2
    assert cut.edge("travel_time_s").sum() == pytest.approx(whole.edge("travel_time_s").sum())
    # and parts of the pieces
    at_line = (0.5, 50.0)
    assert minutes(cut, LINE[2], at_line) == pytest.approx(2 * KM / 25 * 60, rel=1e-5)
    assert minutes(cut, (0.5, 50.01), LINE[4]) == pytest.approx(
        (2 * KM / 25 + KM / USUAL) * 60, rel=1e-5
    )


def test_areas_end_where_the_minutes_do(fast_and_slow: Path) -> None:
    """From the south end: one km takes so long, and the slow road what is left."""
    roads = read_roads(fast_and_slow)
    limit = KM / USUAL * 60 + 1
    for direction in ("from", "to"):
        found = reach(roads, LINE[4], minutes=limit, direction=direction, region=OPEN)
        assert found["reached_km"].tolist() == pytest.approx([KM + 25 / 60], rel=1e-4)


def test_on_foot_a_road_has_one_speed(fast_and_slow: Path) -> None:
    roads = with_pace(read_roads(fast_and_slow), "walk", kmh=6)
    assert minutes(roads, LINE[1], (0.5, 50.005)) == pytest.approx(2.5 * KM / 6 * 60)


def test_roads_joined_later_are_no_mean_either(write_osm: WriteOsm) -> None:
    """A junction that went: neither of its roads is posted, and each has a speed of its own."""
    place = {**LINE, 5: (0.51, 50.02)}
    ways = [(7, [1, 2], ROAD), (8, [2, 3], {"highway": "service"}), (9, [2, 5], ROAD)]
    roads = read_roads(write_osm(place, ways), modes="drive_service")
    rest = roads.take_edges(
        ~np.isin(roads.u, roads.node_id.searchsorted([5]))
        & ~np.isin(roads.v, roads.node_id.searchsorted([5]))
    )
    joined = merged_at(rest, [int(np.flatnonzero(rest.node_id == 2)[0])])
    assert joined.edge_count == 2
    hours = KM / USUAL + 3 * KM / usual("service")
    assert joined.edge("travel_time_s") == pytest.approx([hours * 3600] * 2)
    assert joined.edge("speed_kmh") == pytest.approx([4 * KM / hours] * 2)
    assert minutes(joined, LINE[1], LINE[2]) == pytest.approx(KM / USUAL * 60, rel=1e-5)


def test_what_is_not_posted_goes_by_the_class_of_each_part(write_osm: WriteOsm) -> None:
    """Four km of a road and one of a street: not all of it is a street."""
    street = {"highway": "residential"}
    ways = [(7, [1, 2], street), (8, [2, 3], ROAD), (9, [3, 4], ROAD | SLOW)]
    for law in ("", "CA-QC", "US-VT"):
        roads = read_roads(write_osm(LINE, ways))
        if law:
            roads = with_speeds(roads, jurisdiction=law)
        slow, fast = (
            speed_defaults().get(Default(law, zone, ""), usual(kind))
            for zone, kind in (("urban", "residential"), ("rural", "tertiary"))
        )
        hours = KM / slow + 3 * KM / fast + KM / 25
        assert roads.edge("travel_time_s") == pytest.approx([hours * 3600] * 2, rel=1e-5)
        for start, end, part in ((LINE[1], LINE[2], KM / slow), (LINE[2], LINE[3], 3 * KM / fast)):
            assert minutes(roads, start, end) == pytest.approx(part * 60, rel=1e-5)
        assert roads.edge("speed_basis").tolist() == ["assumed"] * 2
        cut = cut_at_border(roads, FENCE, region=OPEN)
        assert cut.edge("posted_m").sum() == pytest.approx(2000 * KM, abs=0.1)
        assert cut.edge("travel_time_s").sum() == pytest.approx(2 * hours * 3600, rel=1e-5)


# --- any roads, against a network in which nothing was merged -----------------------------------

SPEEDS = st.sampled_from([None, 20, 50, 90, 120])
KINDS = ("primary", "tertiary", "residential")
WAY = st.tuples(SPEEDS, SPEEDS, st.sampled_from(KINDS))
"""What is posted along a way, and against it, and of which class it is."""
CHAINS = st.lists(st.lists(WAY, min_size=1, max_size=4), min_size=2, max_size=3)


def town(chains: list[list[Any]]) -> tuple[dict[int, tuple[float, float]], list[Any]]:
    """Return streets side by side between two junctions, and a spur behind each of these."""
    place = {1: (0.5, 50.0), 2: (0.5, 50.1), 3: (0.5, 49.99), 4: (0.5, 50.11)}
    ways = [(1, [3, 1], ROAD), (2, [2, 4], ROAD)]
    for k, chain in enumerate(chains):
        refs = [1]
        for j in range(len(chain) - 1):
            refs.append(10 * (k + 1) + j)
            place[refs[-1]] = (0.5 + (k - 1) * 0.02, 50.0 + 0.1 * (j + 1) / len(chain))
        refs.append(2)
        if len(chain) == 1:  # parallel straight ones would be one street
            refs[1:1] = [100 + k]
            place[100 + k] = (0.5 + (k - 1) * 0.02, 50.03)
        for j, (along, against, kind) in enumerate(chain):
            limits = {"maxspeed:forward": along, "maxspeed:backward": against}
            tags = {"highway": kind} | {name: str(kmh) for name, kmh in limits.items() if kmh}
            nodes = refs if len(chain) == 1 else refs[j : j + 2]
            ways.append((len(ways) + 1, nodes, tags))
    return place, ways


def near(value: Any) -> Any:
    return pytest.approx(value, abs=0.05, rel=1e-5)  # stretches begin at whole centimetres


def unmerged(place: dict[int, tuple[float, float]], ways: list[Any]) -> nx.DiGraph:
    graph = nx.DiGraph()
    for _, refs, tags in ways:
        for name, nodes in (("forward", refs), ("backward", refs[::-1])):
            kmh = float(tags.get(f"maxspeed:{name}", usual(tags["highway"])))
            for a, b in pairwise(nodes):
                far = metres(place[a], place[b])
                graph.add_edge(a, b, metres=far, seconds=far / kmh * 3.6)
    return graph


def reached_km(graph: nx.DiGraph, start: int, limit: float) -> float:
    cost = nx.single_source_dijkstra_path_length(graph, start, weight="seconds")
    total = 0.0
    for a, b in graph.edges:
        if a < b:
            shares = (
                min(max(limit - cost[n], 0) / graph.edges[n, m]["seconds"], 1)
                for n, m in ((a, b), (b, a))
            )
            total += min(sum(shares), 1) * graph.edges[a, b]["metres"] / 1000
    return total


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHAINS, st.data())
def test_as_if_nothing_was_merged(write_osm: WriteOsm, chains: list[Any], data: Any) -> None:
    place, ways = town(chains)
    graph, roads = unmerged(place, ways), read_roads(write_osm(place, ways))
    inner = st.sampled_from(sorted(place))
    a, b = data.draw(inner), data.draw(inner)
    start, end = place[a], place[b]
    seconds = nx.dijkstra_path_length(graph, a, b, weight="seconds")
    if a != b:
        assert minutes(roads, start, end) * 60 == near(seconds)
    rows = travel_table(roads, points(start), None, points(end))
    assert rows["travel_time_s"].tolist() == near([seconds])
    by_length = travel_table(roads, points(start), None, points(end), weight="length_m")
    short = nx.dijkstra_path(graph, a, b, weight="metres")
    assert by_length["length_m"].tolist() == near([nx.path_weight(graph, short, "metres")])
    found = nearest_places(roads, points(end), places=points(start), region=OPEN)
    assert found["seconds"].tolist() == near([seconds])
    limit = data.draw(st.integers(10, 900))
    area = reach(roads, start, minutes=limit / 60, region=OPEN)
    assert area["reached_km"].iloc[0] == pytest.approx(reached_km(graph, a, limit), abs=0.01)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHAINS, st.data())
def test_what_is_nearest_ends_halfway_on_any_road(
    write_osm: WriteOsm, chains: list[Any], data: Any
) -> None:
    """Two places anywhere, on one road too: each has the roads from which it is nearer."""
    place, ways = town(chains)
    graph, roads = unmerged(place, ways), read_roads(write_osm(place, ways))
    two = data.draw(st.lists(st.sampled_from(sorted(place)), min_size=2, max_size=2, unique=True))
    home = graph.reverse()
    cost = [nx.single_source_dijkstra_path_length(home, n, weight="seconds") for n in two]
    km = [0.0, 0.0]
    for a, b, edge in graph.edges(data=True):
        if a < b:
            x = np.linspace(0, 1, 2001)[1:] - 1 / 4000
            on, back = edge["seconds"], graph.edges[b, a]["seconds"]
            own = [np.minimum(c[a] + x * back, c[b] + (1 - x) * on) for c in cost]
            nearer = own[0] < own[1]
            km[0] += nearer.mean() * edge["metres"] / 1000
            km[1] += (~nearer).mean() * edge["metres"] / 1000
    found = catchments(roads, points(*(place[n] for n in two)), areas="road_km", region=OPEN)
    assert found.road_km is not None
    assert [found.road_km.get(f"p{k}", 0.0) for k in (0, 1)] == pytest.approx(km, abs=0.05)


@pytest.mark.parametrize("direction", ["to", "from"])
def test_a_road_is_parted_once_where_its_directions_have_other_limits(
    write_osm: WriteOsm, direction: Any
) -> None:
    """Southward 100 km/h for a km and 25 for three, northward 25 all along; a place at each end.

    To the north end it takes 144 s a km, to the south end 432 s, and 36 more where it is fast; so
    the two are as near from x km: 144 x = 144 (4 - x). From the ends 432 s pass in the slow part:
    36 + 144 (x - 1) = 144 (4 - x).
    """
    limits = [{"maxspeed:forward": "100", "maxspeed:backward": "25"}, SLOW]
    ways = [(k + 7, [k + 1, k + 2], ROAD | limits[k]) for k in (0, 1)]
    roads = read_roads(write_osm({k: LINE[k] for k in (1, 2, 3)}, ways))
    ends = points(LINE[1], LINE[3])
    found = catchments(roads, ends, areas="road_km", direction=direction, region=OPEN)
    first = {"to": 2.0, "from": 2.375}[direction]
    assert found.road_km == pytest.approx({"p0": first * KM, "p1": (4 - first) * KM}, rel=1e-4)


# --- places on the road of what they are near to -------------------------------------------------


def test_a_place_on_the_road_of_a_target_goes_straight_there(write_osm: WriteOsm) -> None:
    """Not on to the next junction and back."""
    path = write_osm(LINE, [(7, [1, 2, 3, 4], ROAD | SLOW)])
    roads = read_roads(path)
    target = points((0.5, 50.0))
    places = points((0.5, 50.01), (0.5, 49.99))
    found = nearest_places(roads, target, places=places, region=OPEN)
    assert found["metres"].tolist() == pytest.approx([1000 * KM] * 2, rel=1e-4)
    assert found["seconds"].tolist() == pytest.approx([3600 * KM / 25] * 2, rel=1e-4)
    one_way = read_roads(write_osm(LINE, [(7, [1, 2, 3, 4], ROAD | SLOW | {"oneway": "yes"})]))
    found = nearest_places(one_way, target, places=places, region=OPEN)
    assert found["target"].notna().tolist() == [True, False]
    # what lies at a distance is measured so, too
    terrain = Terrain(Walled(roads), "EPSG:32631")
    (start,) = terrain.walled.starts(target).places
    beside, _ = terrain.ways(Targets(["t"], [start], points((1.9, 50.9)).geometry))
    there = np.where(roads.node_id[roads.u[beside.points.edge]] == 1, 0.6, 0.4)
    away = np.abs(there - beside.points.at) * 5000 * KM
    assert beside.metres.tolist() == pytest.approx(away.tolist(), abs=1)
    assert beside.metres.min() < EVERY_M
