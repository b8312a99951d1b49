"""Isochrones: cut at the exact minute, along roads, with holes, walled by the border."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from roxham.geo import (
    ROXHAM,
    DataError,
    Roads,
    cut_at_border,
    load_border,
    load_roads,
    reach,
    read_roads,
)
from roxham.layers import gates, load_ports
from tests.geo.handmade import FIELDS, Road, fence, gates_at, network

GEOD = Geod(ellps="WGS84")
WEST, MIDDLE, EAST = (0.2, 44.5), (0.3, 44.5), (0.4, 44.5)
CHAIN = {"a": WEST, "b": MIDDLE, "c": EAST}


def found(roads: Roads, origins: Any, **options: Any) -> Any:
    """Return what is reached; untyped, for tests know what is there."""
    return reach(roads, origins, **{"region": FIELDS, **options})


def chain() -> Roads:
    return network(CHAIN, [("a", "b", 10_000, 600), ("b", "c", 8_000, 600)])


def test_an_edge_is_cut_at_the_exact_minute() -> None:
    row = found(chain(), "a", minutes=[15]).iloc[0]
    # 10 minutes for the first road, 5 of the 10 of the second
    assert row["reached_km"] == pytest.approx(14)
    assert row["minutes"] == 15
    assert row["offset_m"] == 0
    end = (0.35, 44.5)
    for metres, inside in ((-100, True), (248, True), (252, False)):
        lon, lat, _ = GEOD.fwd(*end, 90, metres)
        assert row.geometry.covers(shapely.Point(lon, lat)) is inside


def test_the_last_seconds_still_count() -> None:
    assert found(chain(), "a", minutes=[10.5])["reached_km"].item() == pytest.approx(10 + 0.4)


def test_an_area_is_a_strip_along_the_road() -> None:
    row = found(chain(), "a", minutes=[10], buffer_m=100).iloc[0]
    length = GEOD.inv(*WEST, *MIDDLE)[2]
    assert row["area_km2"] * 1e6 == pytest.approx(200 * length + np.pi * 100**2, rel=0.003)
    assert abs(GEOD.geometry_area_perimeter(row.geometry)[0]) == pytest.approx(
        row["area_km2"] * 1e6, rel=0.003
    )


def test_a_time_that_reaches_nothing_new_and_a_time_that_reaches_all() -> None:
    rows = found(chain(), "a", minutes=[60, 20, 90, 20])
    assert rows["minutes"].tolist() == [20, 60, 90]
    assert rows["reached_km"].tolist() == pytest.approx([18, 18, 18])


def test_a_one_way_road_is_reached_from_its_start_and_to_its_end() -> None:
    roads = network(CHAIN, [], one_way=[("a", "b", 10_000, 600)])
    assert found(roads, "a", minutes=[5])["reached_km"].item() == pytest.approx(5)
    assert found(roads, "b", minutes=[5])["reached_km"].item() == 0
    assert found(roads, "b", minutes=[5]).geometry.item().is_empty
    towards = found(roads, "b", minutes=[5], direction="to")
    assert towards["reached_km"].item() == pytest.approx(5)
    # the half that is nearer to b
    assert towards.geometry.item().covers(shapely.Point(0.26, 44.5))
    assert not towards.geometry.item().covers(shapely.Point(0.24, 44.5))


RING = {"a": (0.2, 44.5), "b": (0.25, 44.5), "c": (0.25, 44.54), "d": (0.2, 44.54)}
SIDES: list[Road] = [("a", "b", 4000, 240), ("b", "c", 4000, 240), ("c", "d", 4000, 240)]
SIDES += [("d", "a", 4000, 240)]


def test_an_area_has_a_hole_where_no_road_is_near() -> None:
    area = found(network(RING, SIDES), "a", minutes=[30]).geometry.item()
    assert len(area.interiors) == 1
    middle = shapely.Point(0.225, 44.52)
    assert not area.covers(middle)
    assert area.convex_hull.covers(middle)


def test_a_road_reached_from_both_ends_counts_once_and_keeps_its_gap() -> None:
    # 6 minutes: both roads at a whole (4), and 2 minutes into each of the others
    row = found(network(RING, SIDES), "a", minutes=[6], buffer_m=50).iloc[0]
    assert row["reached_km"] == pytest.approx(4 + 4 + 2 + 2)
    # 7 minutes: roads b-c and d-c, 3 of 4 minutes each
    row = found(network(RING, SIDES), "a", minutes=[7], buffer_m=50).iloc[0]
    assert row["reached_km"] == pytest.approx(4 + 4 + 3 + 3)
    long = network(RING, [*SIDES[:1], *SIDES[3:], ("b", "c", 4000, 60), ("c", "d", 8000, 480)])
    # d after 4, c after 5 minutes: with 6, the road c-d is 1 minute from c, 2 from d, of 8
    row = found(long, "a", minutes=[6], buffer_m=50).iloc[0]
    assert row["reached_km"] == pytest.approx(4 + 4 + 4 + 8 * 3 / 8)
    assert not row.geometry.covers(shapely.Point(0.225, 44.54))
    assert found(long, "a", minutes=[9])["reached_km"].item() == pytest.approx(20)


def test_parallel_roads_are_two_roads() -> None:
    roads = network(CHAIN, [("a", "b", 10_000, 600), ("a", "b", 12_000, 600)])
    assert found(roads, "a", minutes=[5])["reached_km"].item() == pytest.approx(5 + 6)


def test_a_road_that_is_one_place_is_reached_and_stops_nothing() -> None:
    roads = network(CHAIN, [("a", "b", 10_000, 600), ("a", "a", 0, 0)])
    plain = network(CHAIN, [("a", "b", 10_000, 600)])
    here, there = (found(one, "a", minutes=[5]) for one in (roads, plain))
    assert here["reached_km"].item() == there["reached_km"].item()
    assert here["area_km2"].item() == pytest.approx(there["area_km2"].item(), rel=1e-3)
    alone = found(network(CHAIN, [("a", "a", 0, 0)]), "a", minutes=[5], buffer_m=100)
    assert alone["area_km2"].item() == pytest.approx(0.0314, rel=0.01)


def test_a_point_stands_on_its_road_and_goes_both_ways() -> None:
    row = found(chain(), (0.225, 44.501), minutes=[5], buffer_m=50).iloc[0]
    assert row["origin"] == "0.22500,44.50100"
    assert row["offset_m"] == pytest.approx(111.1, abs=0.2)
    # a quarter along a-b: 2.5 minutes back to a, 5 on towards b
    assert row["reached_km"] == pytest.approx(2.5 + 5, abs=0.01)
    one_way = network(CHAIN, [], one_way=[("a", "b", 10_000, 600)])
    row = found(one_way, (0.225, 44.501), minutes=[5]).iloc[0]
    assert row["reached_km"] == pytest.approx(5, abs=0.01)
    row = found(one_way, (0.225, 44.501), minutes=[5], direction="to").iloc[0]
    assert row["reached_km"] == pytest.approx(2.5, abs=0.01)


def test_a_point_too_far_from_a_road_is_refused() -> None:
    with pytest.raises(DataError, match="no road within 1000 m"):
        found(chain(), (0.225, 44.6))


def test_several_origins_stand_alone_or_together() -> None:
    points = gpd.GeoDataFrame(
        {"name": ["west", "east"]}, geometry=gpd.points_from_xy([0.2, 0.4], [44.5] * 2), crs=4326
    )
    alone = found(chain(), points, minutes=[5, 10])
    assert alone["origin"].tolist() == ["west", "west", "east", "east"]
    assert alone["reached_km"].tolist() == pytest.approx([5, 10, 4, 8])
    both = found(chain(), points, minutes=[5, 10], together=True)
    assert both["origin"].tolist() == ["any of 2"] * 2
    assert both["reached_km"].tolist() == pytest.approx([9, 18])
    assert both["offset_m"].isna().all()
    places = [(0.2, 44.5), (0.4, 44.5)]
    assert found(chain(), places, minutes=[5])["reached_km"].tolist() == pytest.approx([5, 4])
    assert found(chain(), ["a", "c"], minutes=[5])["origin"].tolist() == ["a", "c"]


CROSS = {"s": (0.5, 44.9), "p": (0.5, 45.0), "n": (0.5, 45.1), "e": (0.6, 44.95)}
PORT = gates_at(port=(0.5, 45.0))


def over() -> Roads:
    return network(
        CROSS,
        [("s", "p", 10_000, 600), ("p", "n", 10_000, 600), ("p", "e", 9_000, 600)],
        nodes={"port_id": [None, "port", None, None]},
    )


def test_the_border_is_a_wall_unless_a_gate_is_open() -> None:
    assert found(over(), "s", minutes=[15])["reached_km"].item() == pytest.approx(10 + 4.5)
    opened = found(over(), "s", minutes=[15], gates=PORT, border=fence())
    assert opened["reached_km"].item() == pytest.approx(10 + 4.5 + 5)
    for sides in (("CA", "US"), ("US", "CA")):
        ends_there = found(over(), "s", minutes=[15], border=fence(*sides)).geometry.item()
        assert ends_there.bounds[3] == pytest.approx(45, abs=1e-6)
    assert opened.geometry.item().bounds[3] > 45.04
    towards = found(over(), "n", minutes=[15], gates=PORT, direction="to")
    assert towards["reached_km"].item() == pytest.approx(10 + 5 + 4.5)


def test_a_gate_is_an_origin_on_both_sides_open_or_not() -> None:
    for direction in ("from", "to"):
        rows = found(over(), PORT, minutes=[5], direction=direction)
        assert rows["reached_km"].item() == pytest.approx(5 + 5 + 4.5)
        assert rows["origin"].item() == "port"


def test_an_edge_that_joins_the_sides_is_wall_or_door() -> None:
    roads = network(
        {"s": (0.5, 44.9), "n": (0.5, 45.1), "w": (0.4, 44.9)},
        [("s", "n", 20_000, 1200), ("s", "w", 9_000, 600)],
    )
    assert found(roads, "s", minutes=[10])["reached_km"].item() == pytest.approx(9)
    opened = found(roads, "s", minutes=[10], gates=PORT)
    assert opened["reached_km"].item() == pytest.approx(9 + 10)
    # from the gate itself: ten minutes to either end
    at_gate = found(roads, PORT, minutes=[5])["reached_km"].item()
    assert at_gate == pytest.approx(10, abs=0.02)


def test_a_site_crossed_on_foot_costs_its_walk() -> None:
    gap = 0.0002  # degrees north and south of the line, 44.5 m together
    roads = network(
        {"s": (0.5, 44.9), "us": (0.5, 45 - gap), "ca": (0.5, 45 + gap), "n": (0.5, 45.1)},
        [("s", "us", 10_000, 600), ("ca", "n", 10_000, 600)],
    )
    site = gates_at(site=(0.5, 45.0)).assign(gate_kind="irregular_site")
    assert found(roads, "us", minutes=[1])["reached_km"].item() == pytest.approx(1)
    row = found(roads, "us", minutes=[1], gates=site)
    walk_s = 44.5 * 3.6 / 4.8
    north_km = (60 - walk_s) / 600 * 10
    assert row["reached_km"].item() == pytest.approx(1 + north_km, abs=0.003)
    # the site itself is on the line, half a walk from either end
    both_km = 2 * (60 - walk_s / 2) / 600 * 10
    assert found(roads, site, minutes=[1])["reached_km"].item() == pytest.approx(both_km, abs=0.003)


def test_what_cannot_be_asked_is_refused() -> None:
    for minutes in ([], [0], [-5], [np.inf]):
        with pytest.raises(DataError, match="above 0"):
            found(chain(), "a", minutes=minutes)
    with pytest.raises(DataError, match="buffer_m"):
        found(chain(), "a", buffer_m=0)
    with pytest.raises(DataError, match="“along”"):
        found(chain(), "a", direction="along")
    with pytest.raises(DataError, match="no node nowhere"):
        found(chain(), "nowhere")
    with pytest.raises(DataError, match="there is none"):
        found(chain(), [])
    with pytest.raises(DataError, match="beyond region roxham"):
        reach(chain(), "a", region=ROXHAM)
    with pytest.raises(DataError, match="two limits"):
        reach(chain(), "a", minutes=5, metres=500)
    with pytest.raises(DataError, match="gate"):
        found(over(), gates_at(port=(0.5, 45.0), other=(1.5, 45.0)))


@st.composite
def networks(draw: st.DrawFn, *, symmetric: bool = False) -> Roads:
    """Draw a grid of places with some roads between them, one side only."""
    size = draw(st.integers(2, 4))
    places = {f"{i}{j}": (0.2 + i / 50, 44.5 + j / 50) for i in range(size) for j in range(size)}
    names = list(places)
    pairs = st.tuples(st.sampled_from(names), st.sampled_from(names))
    chosen = draw(st.lists(pairs, min_size=1, max_size=12))
    roads: list[Road] = []
    one_way: list[Road] = []
    for number, (u, v) in enumerate(chosen):
        seconds = draw(st.sampled_from([0.0, 60.0, 100.0, 333.3, 600.0]))
        road = (u, v, 1000.0 + number, seconds)
        if u != v and (symmetric or draw(st.booleans())):
            roads.append(road)
        elif u != v:
            one_way.append(road)
    if not roads and not one_way:
        roads = [(names[0], names[1], 1000.0, 60.0)]
    return network(places, roads, one_way=one_way)


@settings(max_examples=25, deadline=None)
@given(networks(), st.sampled_from(["from", "to"]))
def test_a_longer_time_holds_a_shorter_one(roads: Roads, direction: str) -> None:
    rows = found(roads, "00", minutes=[1, 3, 9], direction=direction)
    assert rows.geometry.is_valid.all()
    for smaller, larger in pairwise(rows.geometry):
        assert smaller.difference(larger.buffer(1e-7)).is_empty  # a centimetre
    assert rows["reached_km"].is_monotonic_increasing


@settings(max_examples=25, deadline=None)
@given(networks(symmetric=True))
def test_there_and_back_are_the_same_without_one_ways(roads: Roads) -> None:
    there, back = (found(roads, "00", minutes=[2, 7], direction=d) for d in ("from", "to"))
    assert there["reached_km"].tolist() == pytest.approx(back["reached_km"].tolist())
    assert there["area_km2"].tolist() == pytest.approx(back["area_km2"].tolist())


@settings(max_examples=25, deadline=None)
@given(networks(), st.sampled_from(["from", "to"]), st.floats(0.1, 20))
def test_reached_kilometres_are_those_of_networkx(
    roads: Roads, direction: str, minutes: float
) -> None:
    import networkx as nx

    graph = roads.to_networkx()
    if direction == "to":
        graph = graph.reverse()
    limit = minutes * 60
    cost = nx.single_source_dijkstra_path_length(graph, "00", weight="travel_time_s")
    pieces: dict[tuple[frozenset[str], float], list[tuple[float, float]]] = {}
    for u, v, data in graph.edges(data=True):
        left = limit - cost.get(u, np.inf)
        if left < 0:
            continue
        weight = data["travel_time_s"]
        share = min(left / weight, 1) if weight else 1.0
        road = frozenset({u, v}), data["length"]
        pieces.setdefault(road, []).append((0, share) if u < v else (1 - share, 1))
    metres = 0.0
    for (_, length), spans in pieces.items():
        last = 0.0
        for start, stop in sorted(spans):
            metres += length * max(0, stop - max(start, last))
            last = max(last, stop)
    row = found(roads, "00", minutes=[minutes], direction=direction)
    assert row["reached_km"].item() * 1000 == pytest.approx(metres, abs=1e-3)


def test_the_corridor_from_plattsburgh_before_and_after_the_protocol() -> None:
    roads, ports = load_roads(), load_ports().rows
    station = (-73.453, 44.699)
    before, after = (
        reach(roads, station, minutes=[45], gates=gates(ports, on=day))
        for day in ("2023-03-24", "2023-03-26")
    )
    walled = reach(roads, station, minutes=[45])
    assert before.attrs["schematic"]
    assert walled["reached_km"].item() < after["reached_km"].item()
    assert after["reached_km"].item() <= before["reached_km"].item()
    canada: Any = load_border().sides.geometry.iloc[0]
    assert canada.intersection(walled.geometry.item()).area < 1e-8


@pytest.mark.shared
def test_real_roads_around_the_two_dead_ends(shared: Path) -> None:
    path = shared / "osm_roxham_10km.osm.pbf"
    ports = load_ports().rows
    roads = cut_at_border(read_roads(path), load_border(), ports=ports)
    site = gates(ports, on="2023-03-24").query("gate == 'roxham-road'")
    us_end = 211871031
    walled = reach(roads, us_end, minutes=[3])
    opened = reach(roads, us_end, minutes=[3], gates=site)
    canada: Any = load_border().sides.geometry.iloc[0]
    assert canada.intersection(walled.geometry.item()).area < 1e-8
    assert canada.intersection(opened.geometry.item()).area > 1e-5
    assert opened["reached_km"].item() > walled["reached_km"].item()
    both = reach(roads, site, minutes=[3])
    # From the line each side loses the walk to its own end; both are reached.
    assert canada.intersection(both.geometry.item()).area > 1e-5
    assert both.geometry.item().area > canada.intersection(both.geometry.item()).area + 1e-5
