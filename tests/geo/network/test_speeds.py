"""Speeds: posted ones parsed, the law's where none is posted, and which is which."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roxham.geo import DataError, Roads, read_roads, with_speeds
from roxham.geo.network.parts import Stretch, stretches_text
from roxham.geo.network.speeds import Along, Default, parse_speed, posted_speeds, speed_defaults

WriteOsm = Callable[..., Path]
MILE_KM = 1.609344

POINTS = {1: (0.0, 45.0), 2: (0.01, 45.0), 3: (0.04, 45.0), 4: (0.05, 45.1)}
STEP_M = 786.26


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("50", 50), ("50.5", 50.5), ("50 km/h", 50), ("50kph", 50), ("55 mph", 55 * MILE_KM),
        ("55mph", 55 * MILE_KM), ("10 knots", 18.52), ("50;70", 50), ("70|50|", 50),
        ("walk", 5), ("CA-QC:rural", 90), ("CA-QC:urban", 50), ("CA-QC:motorway", 100),
        ("US-NY:rural", 55 * MILE_KM), ("DE:zone30", 30), ("DE:zone:30", 30),
        ("US:25", 25 * MILE_KM), ("signals;80", 80),
    ],
)  # fmt: skip
def test_posted_speed(text: str, kmh: float) -> None:
    assert parse_speed(text) == pytest.approx(kmh)


@pytest.mark.parametrize(
    "text", ["", "none", "signals", "variable", "0", "-50", "999", "fast", "XX:rural", "5 0", "1e3"]
)
def test_what_gives_no_speed(text: str) -> None:
    assert math.isnan(parse_speed(text))


@given(st.text())
def test_any_text_is_a_possible_speed_or_none(text: str) -> None:
    speed = parse_speed(text)
    assert math.isnan(speed) or 0 < speed <= 200


@given(
    st.lists(st.tuples(st.floats(0, 9), st.floats(0.1, 200)), min_size=1, max_size=5).filter(
        lambda parts: sum(km for km, _ in parts) > 0.1
    ),
    st.floats(0, 1),
)
def test_time_along_an_edge_is_that_of_its_stretches(
    parts: list[tuple[float, float]], at: float
) -> None:
    """As NumPy interpolates, and back again."""
    km, kmh = (np.array(column) for column in zip(*parts, strict=True))
    walked, timed = (np.concatenate([[0.0], np.cumsum(each)]) for each in (km, km / kmh))
    graph = nx.MultiDiGraph([(1, 2)], crs="EPSG:4326")
    for node in graph:
        graph.nodes[node].update(x=0.0, y=node / 100)
    told = [
        Stretch(1000 * start, "", None, None, None, None, v)
        for start, v in zip(walked[:-1], kmh, strict=True)
    ]
    graph.edges[1, 2, 0].update(
        length=1000 * walked[-1], road_parts=stretches_text(told) or "[]", speed_kmh=50.0
    )
    along, edge = Along(Roads.from_networkx(graph), "travel_time_s"), np.array([0])
    share = along.share(edge, np.array([at]))
    expected = np.interp(at, walked / walked[-1], timed / timed[-1])
    assert share == pytest.approx([expected], abs=1e-9)
    assert along.place(edge, share) == pytest.approx([at], abs=1e-6)
    assert along.part(edge, np.array([at]), np.array([1.0])) == pytest.approx(1 - share, abs=1e-9)


def test_directions_and_type_of_limit() -> None:
    along, against = posted_speeds(
        [
            {"maxspeed": "50", "maxspeed:backward": "70"},
            {"maxspeed:type": "CA-QC:rural"},
            {"maxspeed": "none", "maxspeed:type": "sign"},
            {"maxspeed:forward": "30 mph"},
        ]
    )
    assert along == pytest.approx([50, 90, np.nan, 30 * MILE_KM], nan_ok=True)
    assert against == pytest.approx([70, 90, np.nan, np.nan], nan_ok=True)


def test_limits_of_one_direction_hold_in_that_direction(write_osm: WriteOsm) -> None:
    tags = {"highway": "primary", "maxspeed:forward": "50", "maxspeed:backward": "80"}
    edges = read_roads(write_osm(POINTS, [(1, [1, 2], tags)])).edges
    assert edges["speed_kmh"].round(6).to_dict() == {(1, 2, 0): 50.0, (2, 1, 0): 80.0}
    back = tags | {"oneway": "-1"}
    edges = read_roads(write_osm(POINTS, [(1, [1, 2], back)])).edges
    assert edges["speed_kmh"].round(6).to_dict() == {(2, 1, 0): 80.0}


def test_merged_edge_takes_the_time_of_its_parts(write_osm: WriteOsm) -> None:
    ways = [(1, [1, 2], {"highway": "primary", "maxspeed": "50"}),
            (2, [2, 3], {"highway": "primary", "maxspeed": "90"})]  # fmt: skip
    roads = read_roads(write_osm(POINTS, ways))
    expected = STEP_M / 50 * 3.6 + 3 * STEP_M / 90 * 3.6
    assert roads.edge("travel_time_s") == pytest.approx([expected] * 2, rel=1e-4)
    assert roads.edge("speed_basis").tolist() == ["observed"] * 2


def test_partly_posted_edge_is_assumed(write_osm: WriteOsm) -> None:
    ways = [(1, [1, 2], {"highway": "primary", "maxspeed": "50"}),
            (2, [2, 3], {"highway": "primary"})]  # fmt: skip
    roads = with_speeds(read_roads(write_osm(POINTS, ways)), jurisdiction="CA-QC")
    expected = STEP_M / 50 * 3.6 + 3 * STEP_M / 90 * 3.6
    assert roads.edge("travel_time_s") == pytest.approx([expected] * 2, rel=1e-4)
    assert roads.edge("speed_basis").tolist() == ["assumed"] * 2
    assert roads.edge("posted_m") == pytest.approx([STEP_M] * 2, rel=1e-4)


@pytest.mark.parametrize(
    ("place", "tags", "kmh"),
    [
        ("CA-QC", {"highway": "motorway"}, 100),
        ("CA-QC", {"highway": "motorway_link"}, 100),
        ("CA-QC", {"highway": "tertiary"}, 90),
        ("CA-QC", {"highway": "tertiary", "surface": "gravel"}, 70),
        ("CA-QC", {"highway": "residential"}, 50),
        ("CA-ON", {"highway": "secondary"}, 80),
        ("US-NY", {"highway": "secondary"}, 55 * MILE_KM),
        ("US-NY", {"highway": "secondary", "surface": "gravel"}, 55 * MILE_KM),
        ("US-VT", {"highway": "unclassified"}, 50 * MILE_KM),
        ("US-VT", {"highway": "motorway"}, 65 * MILE_KM),
        ("US-NH", {"highway": "residential"}, 30 * MILE_KM),
        ("CA-QC", {"highway": "living_street"}, 10),
        ("", {"highway": "secondary"}, 55),
        ("IE", {"highway": "secondary"}, 55),
    ],
)
def test_default_by_place_class_and_surface(
    write_osm: WriteOsm, place: str, tags: dict[str, str], kmh: float
) -> None:
    roads = with_speeds(read_roads(write_osm(POINTS, [(1, [1, 2], tags)])), jurisdiction=place)
    assert roads.edge("speed_kmh") == pytest.approx([kmh] * 2)
    assert roads.edge("speed_basis").tolist() == ["assumed"] * 2


def test_each_edge_has_its_own_jurisdiction(write_osm: WriteOsm) -> None:
    ways = [(1, [1, 2], {"highway": "primary"}), (2, [3, 4], {"highway": "primary"})]
    roads = read_roads(write_osm(POINTS, ways))
    north = np.where(roads.y[roads.v] + roads.y[roads.u] > 90.01, "CA-QC", "US-NY").astype(object)
    speeds = with_speeds(roads, jurisdiction=north).edges["speed_kmh"]
    assert speeds.loc[(3, 4, 0)] == pytest.approx(90)
    assert speeds.loc[(1, 2, 0)] == pytest.approx(55 * MILE_KM)


def test_rounding_makes_no_posted_edge_assumed(write_osm: WriteOsm) -> None:
    tags = {"highway": "primary", "maxspeed": "50"}
    roads = read_roads(write_osm(POINTS, [(1, [1, 2], tags)]))
    cut = roads.with_columns(edges={"posted_m": roads.length_m * (1 - 1e-13)})
    assert with_speeds(cut).edge("speed_basis").tolist() == ["observed"] * 2


def test_unknown_class_has_no_speed_and_says_so(write_osm: WriteOsm) -> None:
    roads = read_roads(write_osm(POINTS, [(1, [1, 2], {"highway": "busway"})]))
    assert np.isnan(roads.edge("travel_time_s")).all()
    assert roads.edge("speed_basis").tolist() == [None, None]
    assert roads.report().speed_km["unknown"] == pytest.approx(STEP_M / 1000, rel=1e-3)


def test_walking_has_no_speed_of_cars(cross: Path) -> None:
    roads = read_roads(cross, modes="walk")
    assert set(roads.edge("speed_kmh").tolist()) == {4.8}
    assert roads.edge("travel_time_s") == pytest.approx(roads.length_m * 3.6 / 4.8)


def test_speeds_of_frames_that_have_no_parts(cross: Path) -> None:
    roads = read_roads(cross)
    columns = ["osmid", "highway", "maxspeed", "oneway", "jurisdiction", "surface", "length"]
    bare = Roads.from_frames(roads.nodes, roads.edges[[*columns, "geometry"]])
    again = with_speeds(bare)
    assert again.edge("travel_time_s") == pytest.approx(roads.edge("travel_time_s"))
    assert again.edge("speed_basis").tolist() == roads.edge("speed_basis").tolist()


def test_one_code_for_each_edge(cross: Path) -> None:
    with pytest.raises(DataError, match="has 1 codes for 7 edges"):
        with_speeds(read_roads(cross), jurisdiction=np.array(["CA-QC"], dtype=object))


def test_bundled_defaults_are_whole() -> None:
    table = speed_defaults()
    for place in ("CA-QC", "CA-ON", "US-NY", "US-VT", "US-NH"):
        for road in ("motorway", "rural", "urban"):
            assert 40 < table[Default(place, road, "")] < 110
    assert all(0 < speed <= 110 for speed in table.values())


def test_real_network_has_a_time_for_every_edge(shared: Path) -> None:
    roads = read_roads(shared / "osm_roxham_10km.osm")
    speed = roads.edge("speed_kmh")
    assert ((speed >= 10) & (speed <= 120)).all()
    report = roads.report()
    assert sum(report.speed_km.values()) == pytest.approx(report.street_km)
    assert report.street_km < roads.length_m.sum() / 1000  # two-way streets count once


def test_each_side_has_its_own_default(cross: Path) -> None:
    roads = read_roads(cross)
    gravel = roads.edges["highway"].eq("tertiary").to_numpy()
    speeds = dict(
        zip(roads.edge("jurisdiction")[gravel], roads.edge("speed_kmh")[gravel], strict=True)
    )
    assert speeds["CA-QC"] == pytest.approx(70)  # unpaved, Highway Safety Code s. 328
    assert speeds["US-NY"] == pytest.approx(55 * 1.609344)  # VTL 1180 (b)
