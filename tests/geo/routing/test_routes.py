"""Routes: by hand, against the travel table, truly different, with true geometry."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from roxham.geo import (
    Border,
    DataError,
    NoRouteError,
    Roads,
    cut_at_border,
    load_border,
    load_places,
    load_roads,
    read_roads,
)
from roxham.geo import find_routes as typed_routes
from roxham.geo import travel_table as typed_table
from roxham.geo.geometry.distance import line_lengths_m
from roxham.geo.routing.road_sequence import roads_followed
from roxham.layers import gates, load_ports
from tests.geo.handmade import FIELDS, network
from tests.geo.routing.test_travel_table import Case, cases, random_networks
from tests.geo.routing.test_travel_table import gates as random_gates

NORTH_END, SOUTH_END = 1043064347, 211871031
"""The dead ends of Roxham Road in OpenStreetMap."""


def find_routes(*args: Any, **options: Any) -> Any:
    """Return the routes; what their cells hold is looked at here, not declared."""
    return typed_routes(*args, **options)


def travel_table(*args: Any, **options: Any) -> Any:
    return typed_table(*args, **options)


def ladder() -> Roads:
    """Return three parallel roads over the line, 1 km apart, joined at both ends.

    The western one, over p, is fastest; then the middle one over q, then r.
    """
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    for name, x, y, side in (("s", 0.01, 44.98, "US"), ("n", 0.01, 45.02, "CA")):
        graph.add_node(name, x=x, y=y, side=side, port_id=None)
    for place, (port, seconds) in enumerate({"p": 10.0, "q": 12.0, "r": 30.0}.items()):
        graph.add_node(port, x=0.01 * place, y=45.0, side="border", port_id=port)
        for a, b in (("s", port), (port, "n")):
            bend = shapely.LineString(
                [(graph.nodes[e]["x"], graph.nodes[e]["y"]) for e in (a,)]
                + [(0.01 * place, (graph.nodes[a]["y"] + graph.nodes[b]["y"]) / 2)]
                + [(graph.nodes[e]["x"], graph.nodes[e]["y"]) for e in (b,)]
            )
            for u, v, line in ((a, b, bend), (b, a, bend.reverse())):
                length = float(line_lengths_m(shapely.get_coordinates(line), np.array([0, 3]))[0])
                graph.add_edge(
                    u, v, geometry=line, length=length, travel_time_s=seconds, name=f"{port} road"
                )
    return Roads.from_networkx(graph)


def three(*ids: str) -> pd.DataFrame:
    return pd.DataFrame({"gate": ids or ["p", "q", "r"]})


def length_of(line: Any) -> float:
    xy = shapely.get_coordinates(line)
    return float(line_lengths_m(xy, np.array([0, len(xy)]))[0])


def test_the_best_route_and_its_columns() -> None:
    routes = find_routes(ladder(), "s", "n", gates=three().assign(on="2023-03-24"))
    row = routes.iloc[0]
    assert len(routes) == 1
    assert row[["route", "origin", "destination", "gate"]].tolist() == [1, "s", "n", "p"]
    assert row[["gate_kind", "on", "roads"]].tolist() == ["port_of_entry", "2023-03-24", "p road"]
    assert row[["travel_time_s", "walk_m", "walk_time_s", "shared"]].tolist() == [20, 0, 0, 0]
    assert row["length_us_m"] == pytest.approx(row["length_ca_m"], rel=1e-3)
    assert routes.crs == "EPSG:4326"
    assert shapely.get_coordinates(row.geometry)[[0, 2, -1]].tolist() == [
        [0.01, 44.98],
        [0, 45],
        [0.01, 45.02],
    ]


def test_ferries_are_told_from_roads() -> None:
    graph = ladder().to_networkx()
    graph.edges["s", "p", 0]["route"] = "ferry"
    del graph.edges["p", "n", 0]["name"]
    graph.edges["p", "n", 0]["route"] = "ferry"
    row = find_routes(Roads.from_networkx(graph), "s", "n", gates=three("p")).iloc[0]
    assert row["roads"] == "p road (ferry) → ferry"
    assert row["ferry_m"] == pytest.approx(row["length_m"])
    on_roads = find_routes(ladder(), "s", "n", gates=three("p")).iloc[0]
    assert on_roads["ferry_m"] == 0


def test_alternatives_are_different_roads_and_the_best_comes_first() -> None:
    routes = find_routes(ladder(), "s", "n", gates=three(), alternatives=5, max_stretch=3)
    assert routes["gate"].tolist() == ["p", "q", "r"]
    assert routes["travel_time_s"].is_monotonic_increasing
    assert routes["shared"].tolist() == [0, 0, 0]


def test_by_length_the_shortest_is_best() -> None:
    routes = find_routes(ladder(), "s", "n", gates=three(), weight="length_m", alternatives=3)
    assert routes["gate"].tolist()[0] == "q"
    assert routes["length_m"].is_monotonic_increasing


def test_a_share_is_of_the_shorter_route_and_holds_the_limit() -> None:
    graph = ladder().to_networkx()
    graph.add_node("m", x=0.01, y=45.05, side="CA", port_id=None)
    graph.add_edge("n", "m", travel_time_s=1.0)  # 3.3 km in common, of some 8 km
    roads = Roads.from_networkx(graph)
    routes = find_routes(roads, "s", "m", gates=three(), alternatives=3, max_stretch=3)
    assert len(routes) == 3
    common = roads.length_m[(roads.node_id[roads.v] == "m")][0]
    shorter = np.minimum(routes["length_m"][0], routes["length_m"][1:])
    shares = [common / metres for metres in shorter]
    assert routes["shared"][1] == pytest.approx(shares[0])
    few = find_routes(roads, "s", "m", gates=three(), alternatives=3, max_shared=0.3)
    assert few["gate"].tolist() == ["p"]


def test_ways_that_part_in_the_middle_of_a_road_have_nothing_of_it_in_common() -> None:
    """Round a square from the middle of one side to that of the one opposite, a little beyond."""
    place = {"a": (0.0, 45.1), "b": (0.01, 45.1), "c": (0.01, 45.11), "d": (0.0, 45.11)}
    square = [(u, v, 1000.0, 60.0) for u, v in pairwise("abcda")]
    roads = network(place, square)
    ends = (0.005, 45.1), (0.0045, 45.11)
    found = find_routes(roads, *ends, alternatives=2, max_shared=0.1, weight="length_m")
    assert found["length_m"].tolist() == pytest.approx([1950, 2050], rel=1e-3)
    assert found["shared"].tolist() == [0, 0]
    # of the way to the corner and back nothing is forgotten
    spur = network(place | {"e": (0.02, 45.1)}, [*square, ("b", "e", 1000.0, 60.0)])
    asked: dict[str, Any] = {"alternatives": 2, "max_stretch": 1.5, "weight": "length_m"}
    both = find_routes(spur, (0.015, 45.1), ends[1], **asked)
    assert both["length_m"].tolist() == pytest.approx([2050, 2950], rel=1e-3)
    assert both["shared"].tolist() == pytest.approx([0, 500 / 2050], rel=1e-3)


def test_the_better_of_two_alternatives_comes_first_though_it_is_found_last() -> None:
    graph = ladder().to_networkx()
    graph.add_node("x", x=-0.02, y=45.01, side="CA", port_id=None)
    # 58 s, and half of it on the best route's road; over r it is 60 s on other roads
    graph.add_edge("p", "x", travel_time_s=24.0, name="x road")
    graph.add_edge("x", "n", travel_time_s=24.0, name="x road")
    roads = Roads.from_networkx(graph)
    asked = {"gates": three("p", "r"), "alternatives": 3}
    routes = find_routes(roads, "s", "n", **asked, max_stretch=3)
    assert routes["travel_time_s"].tolist() == [20, 58, 60]
    assert routes["shared"][1] > 0.3


def test_an_alternative_takes_no_more_than_so_many_times_the_best() -> None:
    # 20 s over p, 24 over q, 60 over r
    for stretch, expected in ((1.0, ["p"]), (1.19, ["p"]), (1.2, ["p", "q"]), (3, ["p", "q", "r"])):
        routes = find_routes(ladder(), "s", "n", gates=three(), alternatives=3, max_stretch=stretch)
        assert routes["gate"].tolist() == expected


def test_an_alternative_makes_no_small_detour() -> None:
    """Two ways of ten stretches of 10 s; one of the second goes round a block of 13 s."""
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    for way, y in (("a", 44.0), ("b", 44.1)):
        for k in range(11):
            name = {0: "s", 10: "t"}.get(k, f"{way}{k}")
            graph.add_node(name, x=0.05 * k, y=44.05 if name in "st" else y, side="US")
    graph.add_node("far", x=0, y=46, side="CA")

    def join(u: str, v: str, seconds: float) -> None:
        graph.add_edge(u, v, travel_time_s=seconds, length=seconds * 20)

    for way, extra in (("a", 0.0), ("b", 0.5)):
        names = ["s", *(f"{way}{k}" for k in range(1, 10)), "t"]
        for k, (u, v) in enumerate(pairwise(names)):
            if (way, k) == ("b", 5):
                continue
            join(u, v, 10 + extra)
    graph.add_node("block", x=0.27, y=44.12, side="US")
    join("b5", "block", 6.5)
    join("block", "b6", 6.5)
    asked: dict[str, Any] = {"gates": three()[:0], "alternatives": 4}
    alone = find_routes(Roads.from_networkx(graph), "s", "t", **asked, max_shared=0.95)
    assert alone["travel_time_s"].tolist() == pytest.approx([100, 107.5])
    # with the straight piece there, to go round the block is a detour that is never offered
    join("b5", "b6", 10.5)
    found = find_routes(Roads.from_networkx(graph), "s", "t", **asked, max_shared=0.95)
    assert found["travel_time_s"].tolist() == pytest.approx([100, 105])


def test_what_rounding_adds_to_a_way_is_no_detour() -> None:
    """Two ways of nine stretches, the second with a step of no length before them."""
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    graph.add_node("far", x=0, y=46, side="CA")
    for way, y, seconds in (("a", 44.0, 10.0), ("b", 44.1, 10.1)):
        names = ["s", *(f"{way}{k}" for k in range(10)), "t"]
        for k, name in enumerate(names):
            graph.add_node(name, x=0.05 * k, y=44.05 if name in "st" else y, side="US")
        for k, (u, v) in enumerate(pairwise(names)):
            taken = 0.0 if k == 0 else seconds
            graph.add_edge(u, v, travel_time_s=taken, length=taken * 20)
    found = find_routes(Roads.from_networkx(graph), "s", "t", gates=three()[:0], alternatives=2)
    assert found["travel_time_s"].tolist() == pytest.approx([100, 101])


def test_by_way_of_a_gate() -> None:
    assert find_routes(ladder(), "s", "n", gates=three(), via="r")["gate"].tolist() == ["r"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"via": "elsewhere"}, "elsewhere is not among the gates that are open"),
        ({"gates": three()[:0]}, "no gate is open"),
        ({"gates": three().assign(direction="south")}, "no open gate is passed in this direction"),
        ({"destination": "alone"}, "no road leads to an open gate and on from it"),
        ({"origin": "n", "destination": "alone"}, "no road leads there on its side of the border"),
        ({"origin": "n", "via": "p"}, "lie on one side"),
    ],
)
def test_why_there_is_no_route(change: dict[str, Any], message: str) -> None:
    graph = ladder().to_networkx()
    graph.add_node("alone", x=0.5, y=45.5, side="CA")
    asked = {"origin": "s", "destination": "n", "gates": three(), **change}
    with pytest.raises(NoRouteError, match=message):
        find_routes(Roads.from_networkx(graph), **asked)


@pytest.mark.parametrize("north", [True, False])
def test_where_all_roads_are_on_one_side_no_other_side_is_told_of(north: bool) -> None:
    lat = 45.01 if north else 44.99
    places = {"a": (1.0, lat), "b": (1.1, lat), "p": (1.0, 45.0)}
    roads = network(places, [("a", "p", 1.0, 1.0)], nodes={"port_id": [None, None, "p"]})
    with pytest.raises(NoRouteError, match=r"no road leads there\.$"):
        find_routes(roads, "a", "b", gates=three("p"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weight": "beauty"}, "weight beauty"),
        ({"alternatives": 0}, "alternatives"),
        ({"max_shared": 2}, "max_shared"),
        ({"max_stretch": 0.9}, "max_stretch"),
        ({"max_stretch": float("nan")}, "max_stretch"),
        ({"origin": (5.0, 5.0)}, "no road within 1000 m"),
        ({"origin": gpd.GeoSeries([], crs=4326)}, "has 0 rows"),
    ],
)
def test_what_cannot_be_asked_is_refused(change: dict[str, Any], message: str) -> None:
    asked = {"origin": "s", "destination": "n", "gates": three(), **change}
    with pytest.raises(DataError, match=message):
        find_routes(ladder(), **asked)


def test_origin_and_destination_in_one_place() -> None:
    for place in ("s", (0.0, 44.99)):
        row = find_routes(ladder(), place, place, gates=three()).iloc[0]
        assert row[["length_m", "travel_time_s", "walk_m"]].tolist() == [0, 0, 0]
        assert pd.isna(row["gate"])
        assert row.geometry.length == 0


def test_two_places_on_one_edge_and_the_long_way_where_it_is_one_way() -> None:
    low, high = (0.0, 44.985), (0.0, 44.99)
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    for name, x, y in (("a", 0.0, 44.98), ("b", 0.0, 44.995), ("c", 0.005, 44.99)):
        graph.add_node(name, x=x, y=y, side="US")
    graph.add_node("n", x=0.0, y=45.01, side="CA")
    for u, v in ("ab", "bc", "ca"):
        graph.add_edge(u, v, travel_time_s=10.0, name=u + v)
    roads = Roads.from_networkx(graph)
    up = find_routes(roads, low, high, gates=three()[:0]).iloc[0]
    assert up["roads"] == "ab"
    assert up["travel_time_s"] == pytest.approx(10 / 3, rel=1e-3)
    down = find_routes(roads, high, low, gates=three()[:0]).iloc[0]
    assert down["roads"] == "ab → bc → ca → ab"
    assert down["travel_time_s"] == pytest.approx(30 - 10 / 3, rel=1e-3)
    assert length_of(down.geometry) == pytest.approx(down["length_m"], rel=1e-6)


@given(
    start=st.tuples(st.sampled_from([0.0, 0.01, 0.02]), st.floats(44.985, 44.995)),
    end=st.tuples(st.sampled_from([0.0, 0.01, 0.02]), st.floats(44.985, 45.015)),
    weight=st.sampled_from(["travel_time_s", "length_m"]),
)
@settings(max_examples=25, deadline=None)
def test_a_route_is_what_the_table_says_and_as_long_as_its_line(
    start: tuple[float, float], end: tuple[float, float], weight: str
) -> None:
    roads = ladder()
    route = find_routes(roads, start, end, gates=three(), weight=weight).iloc[0]
    frames = (gpd.GeoDataFrame(geometry=[shapely.Point(p)], crs=4326) for p in (start, end))
    table = travel_table(roads, next(frames), three(), next(frames), weight=weight)
    best = table.loc[table[weight].idxmin()]
    for name in ("length_m", "travel_time_s", "length_ca_m", "length_us_m", "walk_m"):
        assert route[name] == pytest.approx(best[name], rel=1e-9, abs=1e-6)
    assert route["length_ca_m"] + route["length_us_m"] == pytest.approx(route["length_m"])
    # a straight piece of 2 km is cut in degrees: millimetres
    assert length_of(route.geometry) == pytest.approx(route["length_m"], abs=0.02)


@given(case=cases())
@random_networks
def test_on_random_networks_routes_are_the_best_of_the_table(case: Case) -> None:
    """Parallel edges, edges without length, one-way streets, both sides, one place twice."""
    ports = random_gates(*case.gates)
    table = travel_table(case.roads, case.ids, ports, case.ids)
    best = table.groupby(["origin", "destination"])["travel_time_s"].min()
    for (origin, destination), seconds in list(best.items())[:8]:
        if pd.isna(seconds):
            with pytest.raises(NoRouteError):
                find_routes(case.roads, origin, destination, gates=ports)
            continue
        found = find_routes(case.roads, origin, destination, gates=ports, alternatives=3)
        times = found["travel_time_s"].astype(float)
        assert times[0] == pytest.approx(seconds, rel=1e-9, abs=1e-6)
        assert times.is_monotonic_increasing
        assert (times <= 1.25 * times[0] + 1e-6).all()
        assert (found["shared"] <= 0.6).all()
        parts = found["length_ca_m"] + found["length_us_m"]
        assert parts.tolist() == pytest.approx(found["length_m"].tolist())


def test_routes_are_in_order_where_one_drives_along_the_line_between_two_nodes_of_a_gate() -> None:
    places = {"n": (1.0, 45.01), "p": (1.0, 45.0), "q": (1.002, 45.0), "s": (1.0, 44.99)}
    along = [("p", "q", 9.0, 900.0), ("q", "s", 1.0, 1.0)]
    roads = network(
        places,
        [("n", "p", 1.0, 1.0), *along, ("p", "s", 1000.0, 800.0)],
        nodes={"port_id": [None, "g", "g", None]},
    )
    port = pd.DataFrame({"gate": ["g"]})
    found = find_routes(roads, "n", "s", gates=port, alternatives=2)
    assert found["travel_time_s"].tolist() == [801, 902]


def test_no_route_over_a_road_that_is_closed_to_cars() -> None:
    graph = ladder().to_networkx()
    for u, v, k in graph.edges(keys=True):
        graph.edges[u, v, k]["access"] = "no" if "p" in (u, v) else "yes"
    roads = Roads.from_networkx(graph)
    found = find_routes(roads, "s", "n", gates=three(), alternatives=3)
    assert found["gate"].tolist() == ["q"]
    table = travel_table(roads, ["s"], three(), ["n"]).set_index("gate")
    assert table["travel_time_s"].isna().to_dict() == {"p": True, "q": False, "r": False}
    # a place beside a closed road stands on the nearest open one
    beside = find_routes(roads, (0.0, 44.99), "n", gates=three()).iloc[0]
    assert beside["gate"] == "q"
    assert beside["origin_offset_m"] > 500


def test_a_road_is_named_once_for_as_long_as_it_lasts() -> None:
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    graph.add_nodes_from((n, {"x": n / 100, "y": 45.0}) for n in range(7))
    labels: list[dict[str, Any]] = [
        {"name": "High Street"},
        {"name": ["High Street", "Low Street"]},
        {},
        {"name": "High Street", "ref": "US 9"},
        {"ref": "US 9;I 87"},
        {"ref": ["I 87"]},
    ]
    for n, label in enumerate(labels):
        graph.add_edge(n, n + 1, **label)
    roads = Roads.from_networkx(graph)
    edges = [int(np.flatnonzero(roads.u == n)[0]) for n in range(6)]
    assert roads_followed(roads, edges) == "High Street → Low Street → High Street → I 87"
    assert roads_followed(roads, [edges[2]]) is None


# the corridor


def place(name: str) -> gpd.GeoDataFrame:
    places = load_places()
    return places[places["place_id"] == name]


def test_on_the_corridor_a_route_is_schematic_and_the_site_counts_while_in_use() -> None:
    ports = load_ports().rows
    ends = "roxham-road-us-end", "chemin-roxham-ca-end"
    before = find_routes(load_roads(), *ends, gates=gates(ports, on="2023-03-24")).iloc[0]
    after = find_routes(load_roads(), *ends, gates=gates(ports, on="2023-03-26")).iloc[0]
    assert before["schematic"]
    assert before["gate"] == "roxham-road"
    assert round(before["walk_m"]) == round(before["length_m"]) == 45
    assert 33 < before["walk_time_s"] < 41
    assert after["gate"] == "lacolle-champlain"
    assert after["length_m"] == pytest.approx(16_000, rel=0.02)
    assert after["walk_m"] == 0
    drawn = load_roads(gap=True)  # the gap drawn as an edge is no road either
    assert find_routes(drawn, *ends, gates=gates(ports, on="2023-03-26"))["length_m"].tolist() == [
        after["length_m"]
    ]
    assert find_routes(drawn, *ends, gates=gates(ports, on="2023-03-24"))["gate"].tolist() == [
        "roxham-road"
    ]


def test_no_one_drives_or_walks_south_over_the_site() -> None:
    ends = "chemin-roxham-ca-end", "roxham-road-us-end"
    both = gates(load_ports().rows, on="2022-06-01", direction="both")
    assert find_routes(load_roads(), *ends, gates=both)["gate"].tolist() == ["lacolle-champlain"]


def test_plattsburgh_to_montreal() -> None:
    open_gates = gates(load_ports().rows, on="2023-03-24")
    ends = place("us-ny-plattsburgh"), place("ca-qc-montreal")
    routes = find_routes(load_roads(), *ends, gates=open_gates, alternatives=3)
    # no third road there is both another one and at most a quarter longer
    assert routes["gate"].tolist() == ["lacolle-champlain", "hemmingford-mooers"]
    assert routes["origin"].tolist() == ["Plattsburgh"] * 2
    assert (routes["travel_time_s"] <= 1.25 * routes["travel_time_s"][0]).all()
    first = routes.iloc[0]
    assert first["gate"] == "lacolle-champlain"
    assert 95_000 < first["length_m"] < 105_000
    assert "I-87 → A-15" in first["roads"]
    assert (routes["shared"] <= 0.6).all()


# the full network around Roxham Road


@pytest.fixture(scope="module")
def core(shared: Path) -> Roads:
    roads = read_roads(shared / "osm_roxham_core.osm.pbf")
    return cut_at_border(roads, load_border(), ports=load_ports().rows)


@pytest.mark.shared
def test_in_openstreetmap_the_dead_ends_are_16_km_apart_by_road_and_45_m_on_foot(
    core: Roads,
) -> None:
    ports = load_ports().rows
    asked = {"weight": "length_m"}
    before, after = gates(ports, on="2023-03-24"), gates(ports, on="2023-03-26")
    walk = find_routes(core, SOUTH_END, NORTH_END, gates=before, **asked).iloc[0]
    assert walk["gate"] == "roxham-road"
    assert round(walk["length_m"]) == round(walk["walk_m"]) == 45
    assert walk["length_us_m"] == pytest.approx(2.6, abs=0.5)
    drive = find_routes(core, SOUTH_END, NORTH_END, gates=after, **asked).iloc[0]
    assert drive["gate"] == "lacolle-champlain"
    assert drive["length_m"] == pytest.approx(16_100, abs=50)
    assert drive["walk_m"] == 0
    assert "roxham-road" not in set(
        find_routes(core, SOUTH_END, NORTH_END, gates=after, alternatives=4, **asked)["gate"]
    )
    for row in (walk, drive):
        assert length_of(row.geometry) == pytest.approx(row["length_m"], rel=1e-6)


@pytest.mark.shared
def test_in_openstreetmap_routes_are_those_of_networkx(core: Roads) -> None:
    ports = load_ports().rows
    open_gates = gates(ports, on="2023-03-26")
    rng = np.random.default_rng(3)
    sides = core.node("side")
    south, north = (
        rng.choice(core.node_id[sides == side], 6, replace=False).tolist() for side in ("US", "CA")
    )
    table = travel_table(core, south, open_gates, north)
    best = table.groupby(["origin", "destination"], observed=True)["travel_time_s"].min()
    graph = core.to_networkx()
    for origin in south:
        # one may not turn back over the line, and from a dead end to a dead end no one needs to
        costs = nx.single_source_dijkstra_path_length(graph, origin, weight="travel_time_s")
        for destination in north:
            found = best.get((str(origin), str(destination)), np.nan)
            if np.isnan(found):
                assert destination not in costs
            else:
                assert found == pytest.approx(costs[destination], rel=1e-6)
    assert best.notna().sum() > 20


@pytest.mark.shared
def test_in_openstreetmap_a_route_between_places_off_the_roads(core: Roads) -> None:
    open_gates = gates(load_ports().rows, on="2023-03-24")
    start, end = (-73.4465, 44.9864), (-73.5825, 45.0501)  # Champlain, Hemmingford
    routes = find_routes(core, start, end, gates=open_gates, alternatives=3)
    assert len(routes) >= 2
    for row in routes.itertuples():
        assert length_of(row.geometry) == pytest.approx(row.length_m, rel=1e-6)
        assert row.length_ca_m + row.length_us_m == pytest.approx(row.length_m)
        assert row.origin_offset_m < 300


def test_why_there_is_no_route_over_an_open_border() -> None:
    places = {"a": (1.0, 44.99), "b": (1.0, 45.01), "c": (1.5, 45.2), "d": (1.6, 45.2)}
    roads = network(places, [("a", "b", 2200.0, 60.0), ("c", "d", 5.0, 5.0)])
    line = gpd.GeoSeries([shapely.LineString([(-1, 45), (3, 45)])], crs=4326)
    cut = cut_at_border(roads, Border.from_line(line, replace(FIELDS, controlled=False)))
    (gate,) = find_routes(cut, "a", "b")["gate"]
    with pytest.raises(NoRouteError, match="no road leads there, over the border or not"):
        find_routes(cut, "a", "d")
    with pytest.raises(NoRouteError, match=f"no road leads there, via {gate}"):
        find_routes(cut, "a", "d", via=gate)
