"""The travel table: by hand, against NetworkX on random networks, and what must always hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roxham.geo import DataError, Region, Roads, load_border, load_roads, reach, using_region
from roxham.geo.routing.gate_trees import GateTrees
from roxham.geo.routing.gates import Gateway
from roxham.geo.routing.road_sequence import Driven, RoadList
from roxham.geo.routing.travel_table import FROM_GATE, NO_GATE_OPEN, NO_WAY, ONE_DIRECTION, TO_GATE
from roxham.geo.routing.travel_table import travel_table as typed_table


def travel_table(*args: Any, **options: Any) -> Any:
    """Return the table; what its cells hold is looked at here, not declared."""
    return typed_table(*args, **options)


Edge = tuple[str, str, float, float]
WEIGHTS = ("length_m", "travel_time_s")


def network(nodes: dict[str, tuple[str | None, str | None]], edges: Sequence[Edge]) -> Roads:
    """Return a network from ``node: (side, gate)`` and directed edges with metres and seconds."""
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    for place, (name, (side, gate)) in enumerate(nodes.items()):
        x, y = 0.01 * (place % 4), 45 + 0.01 * (place // 4) + 0.001 * (place % 3)
        graph.add_node(name, x=x, y=y, side=side, port_id=gate)
    for u, v, metres, seconds in edges:
        graph.add_edge(u, v, length=metres, travel_time_s=seconds, name=f"{u}{v}")
    return Roads.from_networkx(graph)


def gates(*ids: str, **columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"gate": list(ids), **columns})


def both(u: str, v: str, metres: float, seconds: float) -> list[Edge]:
    return [(u, v, metres, seconds), (v, u, metres, seconds)]


NODES: dict[str, tuple[str | None, str | None]] = {
    "s": ("US", None),
    "t": ("US", None),
    "p": (None, "p"),
    "q": ("border", "q"),
    "n": ("CA", None),
    "m": ("CA", None),
}
EDGES = [
    *both("s", "p", 100, 20),
    *both("s", "p", 90, 30),  # parallel: shorter and slower
    *both("p", "n", 200, 10),
    *both("s", "q", 300, 15),
    *both("q", "n", 50, 5),
    ("s", "t", 7, 1),
    ("n", "m", 0, 0),
]


def test_the_table_by_hand() -> None:
    table = travel_table(network(NODES, EDGES), ["s"], gates("p", "q"), ["n", "m"], names=True)
    assert table[["gate", "destination"]].values.tolist() == [
        ["p", "n"],
        ["p", "m"],
        ["q", "n"],
        ["q", "m"],
    ]
    assert table["travel_time_s"].tolist() == [30, 30, 20, 20]
    assert table["length_m"].tolist() == [300, 300, 350, 350]
    assert table["length_us_m"].tolist() == [100, 100, 300, 300]
    assert table["length_ca_m"].tolist() == [200, 200, 50, 50]
    assert table["walk_m"].tolist() == [0] * 4
    assert table["roads"].tolist() == ["sp → pn", "sp → pn → nm", "sq → qn", "sq → qn → nm"]
    assert table["gate_kind"].unique().tolist() == ["port_of_entry"]
    assert table["reason"].isna().all()


def test_by_length_the_time_is_of_the_shortest_way_not_of_the_fastest() -> None:
    table = travel_table(network(NODES, EDGES), ["s"], gates("p"), ["n"], weight="length_m")
    assert table.loc[0, ["length_m", "travel_time_s"]].tolist() == [290, 40]
    assert table["roads"].isna().all()  # nobody asked for them


def test_a_pair_on_one_side_needs_no_gate_and_a_place_is_at_itself() -> None:
    table = travel_table(network(NODES, EDGES), ["s", "t"], gates("p"), ["s", "t", "n"], names=True)
    direct = table[table["gate"].isna()].set_index(["origin", "destination"])
    assert direct.loc[("s", "s"), ["length_m", "travel_time_s"]].tolist() == [0, 0]
    assert direct.loc[("s", "t"), ["length_m", "length_us_m", "length_ca_m"]].tolist() == [7, 7, 0]
    assert direct.loc[("s", "t"), "roads"] == "st"
    assert direct.loc[("t", "s"), "reason"] == NO_WAY
    assert np.isnan(direct.loc[("t", "s"), "length_m"])
    assert len(table) == 6


@pytest.mark.parametrize("roads", ["ab → bc → cd", "ab → bd → dc", "ba → ac → cd", "ba → ad → dc"])
def test_a_way_leaves_and_enters_roads_in_either_direction(roads: str) -> None:
    sides: dict[str, tuple[str | None, str | None]] = dict.fromkeys("abcd", ("CA", None))
    link = roads.split(" → ")[1]
    edges = [*both("a", "b", 100, 10), *both(link[0], link[1], 30, 3), *both("c", "d", 100, 10)]
    start, end = spots(x=(0.005, 45.0005)), spots(y=(0.025, 45.001))
    row = travel_table(network(sides, edges), start, gates(), end, names=True).iloc[0]
    assert row["roads"] == roads
    assert row["length_m"] == pytest.approx(130, rel=0.01)
    assert row["travel_time_s"] == pytest.approx(13, rel=0.01)


def test_a_way_along_one_road_begins_and_ends_on_it() -> None:
    sides: dict[str, tuple[str | None, str | None]] = dict.fromkeys("ab", ("CA", None))
    places = spots(x=(0.0025, 45.00025), y=(0.0075, 45.00075))
    roads = network(sides, both("a", "b", 100, 10))
    rows = travel_table(roads, places, gates(), places, names=True)
    assert rows["roads"].tolist()[1:3] == ["ab", "ba"]
    assert rows["length_m"].tolist() == pytest.approx([0, 50, 50, 0], abs=0.5)


def test_why_there_is_no_way() -> None:
    edges = [*EDGES, ("x", "q", 1, 1), ("p", "y", 1, 1)]
    nodes = {**NODES, "x": ("US", None), "y": ("CA", None), "z": ("CA", None)}
    roads = network(nodes, edges)
    table = travel_table(roads, ["t", "x"], gates("p", "q", "far"), ["n", "y", "z"])
    why = table.set_index(["origin", "gate", "destination"])["reason"]
    assert set(why["t", "p"]) == {TO_GATE}
    assert why["x", "q", "z"] == FROM_GATE
    assert pd.isna(why["x", "q", "y"])  # by way of the line at p, on one side of it
    assert "no road of this network" in why["x", "far", "n"]
    assert table["length_m"].notna().sum() == 4  # from x to n and y, by q and by way of s by p
    one = gates("p", "q", direction=["south", "north"])
    assert travel_table(roads, ["s"], one, ["n"])["reason"].tolist()[0] == ONE_DIRECTION
    assert travel_table(roads, ["n"], one, ["s"])["reason"].isna().tolist() == [True, False]


def test_where_no_gate_is_open_there_is_one_row_with_the_reason() -> None:
    table = travel_table(network(NODES, EDGES), ["s"], gates(), ["n", "t"])
    assert table["gate"].isna().all()
    assert table["reason"].tolist()[0] == NO_GATE_OPEN
    assert table["length_m"].fillna(-1).tolist() == [-1, 7]


def test_from_the_far_side_the_sides_change_places() -> None:
    table = travel_table(network(NODES, EDGES), ["n"], gates("q", on="2023-03-24"), ["s"])
    assert table.loc[0, ["length_ca_m", "length_us_m"]].tolist() == [50, 300]
    assert table["on"].tolist() == ["2023-03-24"]


def test_a_node_on_the_line_is_on_either_side() -> None:
    table = travel_table(network(NODES, EDGES), ["p"], gates("p", "q"), ["n", "s", "p"])
    assert table["length_m"].tolist() == [200, 100, 0]
    assert table["length_ca_m"].tolist() == [200, 0, 0]
    assert table["length_us_m"].tolist() == [0, 100, 0]


def test_trees_answer_further_gates_and_refuse_unknown_ones() -> None:
    trees = GateTrees(network(NODES, EDGES), gates("p", "q"))
    measured = trees.measure(["s"], ["n"])
    assert measured.best()[0].tolist() == [[20]]
    assert measured.best(gates("p"))[0].tolist() == [[30]]
    assert measured.best(gates())[0].tolist() == [[np.inf]]
    assert travel_table(trees, ["s"], gates("p"), ["n"])["travel_time_s"].tolist() == [30]
    with pytest.raises(DataError, match="no tree for zzz"):
        measured.best(gates("zzz"))


def test_a_network_without_times_has_lengths_and_null_times() -> None:
    roads = network(NODES, EDGES)
    columns = {k: v for k, v in roads.edge_columns.items() if k != "travel_time_s"}
    bare = Roads(
        *(roads.node_id, roads.x, roads.y, roads.u, roads.v, roads.key, roads.length_m),
        *(roads.offsets, roads.coords, roads.node_columns, columns),
    )
    table = travel_table(bare, ["s"], gates("p"), ["n", "t"][:1], weight="length_m")
    assert table["length_m"].tolist() == [290]
    assert table["travel_time_s"].isna().all()
    with pytest.raises(DataError, match="travel_time_s"):
        travel_table(bare, ["s"], gates("p"), ["n"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weight": "beauty"}, "weight beauty"),
        ({"origins": ["nobody"]}, "no node nobody"),
        ({"gates": pd.DataFrame({"name": ["p"]})}, "no column gate"),
        ({"gates": gates("p", "p")}, "not unique"),
        ({"gates": gates("p", mode="fly")}, "mode fly"),
        ({"gates": gates("p", gate_kind="irregular_site", mode="drive")}, "on foot only"),
        ({"gates": gates("elsewhere")}, "none is on this network"),
    ],
)
def test_what_cannot_be_used_is_refused(change: dict[str, Any], message: str) -> None:
    asked = {"origins": ["s"], "gates": gates("p"), "destinations": ["n"], **change}
    with pytest.raises(DataError, match=message):
        travel_table(network(NODES, EDGES), **asked)


def test_a_network_must_know_two_sides() -> None:
    graph = nx.MultiDiGraph([("a", "b")], crs="EPSG:4326")
    for place, name in enumerate("ab"):
        graph.nodes[name].update(x=place, y=45.0)
    with pytest.raises(DataError, match="cut_at_border"):
        Gateway(Roads.from_networkx(graph), gates("p"))
    nx.set_node_attributes(graph, dict.fromkeys("ab", "left"), "side")
    with pytest.raises(DataError, match="two sides are needed, found left"):
        Gateway(Roads.from_networkx(graph), gates("p"))


# places in the middle of edges


def straight(oneway: bool = False) -> Roads:
    """Return a road due north along 0° E: a – b – (line) – c, lengths along the line."""
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    for name, y, side in (
        ("a", 44.98, "US"),
        ("b", 44.99, "US"),
        ("p", 45.0, None),
        ("c", 45.01, "CA"),
    ):
        graph.add_node(name, x=0.0, y=y, side=side, port_id="p" if side is None else None)
    for u, v in ("ab", "bp", "pc"):
        graph.add_edge(u, v, travel_time_s=10.0)
        if not oneway:
            graph.add_edge(v, u, travel_time_s=20.0)
    return Roads.from_networkx(graph)


DEGREE = 111195.08


def at(*lats: float, **columns: Any) -> gpd.GeoDataFrame:
    points = gpd.points_from_xy([0.0] * len(lats), lats)
    return gpd.GeoDataFrame({"name": [f"{y}" for y in lats], **columns}, geometry=points, crs=4326)


def test_trips_begin_and_end_in_the_middle_of_edges() -> None:
    table = travel_table(straight(), at(44.9825), gates("p"), at(45.0025), weight="length_m")
    assert table["length_m"].tolist() == [pytest.approx(0.02 * DEGREE, abs=0.1)]
    assert table["travel_time_s"].tolist() == [pytest.approx(7.5 + 10 + 2.5)]
    back = travel_table(straight(), at(45.0025), gates("p"), at(44.9825), weight="length_m")
    assert back["travel_time_s"].tolist() == [pytest.approx(5 + 20 + 15)]


def test_two_places_on_one_edge() -> None:
    low, high = at(44.9825), at(44.9875)
    up = travel_table(straight(), low, gates("p"), high)
    down = travel_table(straight(), high, gates("p"), low)
    assert up["travel_time_s"].tolist() == [pytest.approx(5)]
    assert down["travel_time_s"].tolist() == [pytest.approx(10)]
    assert up["length_m"].tolist() == [pytest.approx(0.005 * DEGREE, abs=0.1)]
    one = travel_table(straight(oneway=True), high, gates("p"), low)
    assert one["reason"].tolist() == [NO_WAY]
    same = travel_table(straight(oneway=True), high, gates("p"), high)
    assert same[["length_m", "travel_time_s"]].values.tolist() == [[0, 0]]


def test_too_far_from_every_road_is_refused_all_at_once() -> None:
    points = gpd.GeoDataFrame(
        {"name": ["A", "B"]}, geometry=gpd.points_from_xy([1.0, 2.0], [45.0, 45.0]), crs=4326
    )
    with pytest.raises(DataError) as refused:
        travel_table(straight(), points, gates("p"), ["c"])
    assert [str(f).split(":")[1].strip() for f in refused.value.faults] == ["A", "B"]


def test_a_place_is_put_on_a_road_of_its_own_side() -> None:
    near_the_line = at(44.9999, side=["CA"])
    table = travel_table(straight(), near_the_line, gates("p"), ["c"])
    assert table["gate"].isna().all()
    assert table["origin_offset_m"].tolist() == [pytest.approx(11.1, abs=0.1)]
    with pytest.raises(DataError, match="side MX is not one of CA, US"):
        travel_table(straight(), at(44.9999, side=["MX"]), gates("p"), ["c"])


def test_a_place_at_the_line_is_on_its_own_side_and_passes_no_closed_gate() -> None:
    here = at(45.0001, side=["US"])  # beyond the end of its road, which is on the line
    shut = travel_table(straight(), here, None, ["c"])
    assert (shut["length_m"].isna().all(), shut["reason"].tolist()) == (True, ["no gate is open"])
    assert travel_table(straight(), here, gates("p"), ["c"])["gate"].tolist() == ["p"]
    assert travel_table(straight(), here, None, ["a"])["length_m"].notna().all()
    km = reach(straight(), here, metres=[9000])["reached_km"].item()
    assert km == pytest.approx(0.02 * DEGREE / 1000, abs=1e-3)


def test_where_a_region_has_no_border_its_roads_are_asked_for_no_sides() -> None:
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    for place, name in enumerate("ab"):
        graph.add_node(name, x=0.0, y=45.0 + place / 100)
    graph.add_edge("a", "b", travel_time_s=10.0)
    roads = Roads.from_networkx(graph)
    area = Region("fields", "Two fields", (-1, 44, 1, 46), "EPSG:32631", sides=("CA", "US"))
    with using_region(area):
        table = travel_table(roads, ["a"], None, ["b"])
    assert table["length_m"].tolist() == [pytest.approx(0.01 * DEGREE, abs=1)]


def test_a_place_that_tells_no_side_is_on_that_of_the_border() -> None:
    # Six metres north of the line, and nearer to the American end of the road than to the other.
    here = gpd.GeoDataFrame(geometry=gpd.points_from_xy([-73.51714], [45.00702]), crs=4326)
    area = reach(load_roads(), here, minutes=[5]).geometry
    assert load_border().side_of(area.representative_point()).tolist() == ["CA"]


@pytest.mark.parametrize("unknown", [None, float("nan"), pd.NA])
def test_a_side_that_is_not_known_is_that_of_the_nearest_road(unknown: Any) -> None:
    two = gpd.GeoSeries.from_xy([0.0, 0.0], [44.9999, 45.0001], crs=4326)
    for column in ("side", "country"):
        for kind in ("object", "string"):
            values = pd.Series([unknown, "CA"], dtype=kind)
            points = gpd.GeoDataFrame({column: values}, geometry=two)
            table = travel_table(straight(), points, gates("p"), ["c"])
            assert table["length_m"].notna().all()


def test_a_gate_on_a_road_that_no_node_divides() -> None:
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    graph.add_node("s", x=0.0, y=44.99, side="US")
    graph.add_node("n", x=0.0, y=45.01, side="CA")
    graph.add_edge("s", "n", travel_time_s=10.0)
    graph.add_edge("n", "s", travel_time_s=30.0)
    roads = Roads.from_networkx(graph)
    port = gpd.GeoDataFrame({"gate": ["p"]}, geometry=gpd.points_from_xy([0], [44.995]), crs=4326)
    row = travel_table(roads, ["s"], port, ["n"]).iloc[0]
    assert row["travel_time_s"] == 10
    assert row["length_us_m"] == pytest.approx(0.005 * DEGREE, abs=0.1)
    assert row["length_ca_m"] == pytest.approx(0.015 * DEGREE, abs=0.1)
    assert travel_table(roads, ["n"], port, ["s"]).iloc[0]["travel_time_s"] == 30
    far = gpd.GeoDataFrame({"gate": ["p"]}, geometry=gpd.points_from_xy([1], [45]), crs=4326)
    with pytest.raises(DataError, match="within 500 m"):
        travel_table(roads, ["s"], far, ["n"])


def site(gap_degrees: float = 0.0004) -> Roads:
    """Return two dead ends that face each other over the line, and a port far to the east."""
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    half = gap_degrees / 2
    rows = [("s", 0, 44.99, "US"), ("us-end", 0, 45 - half, "US"), ("p", 0.1, 45.0, None)]
    rows += [("ca-end", 0, 45 + half, "CA"), ("n", 0, 45.01, "CA")]
    for name, x, y, side in rows:
        graph.add_node(name, x=x, y=y, side=side, port_id="p" if name == "p" else None)
    for u, v in (("s", "us-end"), ("s", "p"), ("p", "n"), ("n", "ca-end")):
        graph.add_edge(u, v, travel_time_s=10.0)
        graph.add_edge(v, u, travel_time_s=10.0)
    # drawn, and closed: no one drives there, whatever its time
    graph.add_edge("us-end", "ca-end", travel_time_s=1.0, access="no")
    graph.add_edge("ca-end", "us-end", travel_time_s=1.0, access="no")
    return Roads.from_networkx(graph)


SITE = gpd.GeoDataFrame(
    {
        "gate": ["gap", "p"],
        "gate_kind": ["irregular_site", "port_of_entry"],
        "direction": ["north", "both"],
    },
    geometry=gpd.points_from_xy([0, 0.1], [45.0, 45.0]),
    crs=4326,
)


def test_the_gap_is_walked_at_its_own_pace_and_in_one_direction() -> None:
    table = travel_table(site(), ["s"], SITE, ["n"]).set_index("gate")
    metres = 0.0004 * DEGREE
    assert table.loc["gap", "walk_m"] == pytest.approx(metres, abs=0.01)
    assert table.loc["gap", "travel_time_s"] == pytest.approx(20 + metres * 3.6 / 4.8, abs=0.01)
    assert table.loc["gap", "length_us_m"] == pytest.approx(0.01 * DEGREE, abs=0.1)
    assert table.loc["p", "walk_m"] == 0
    back = travel_table(site(), ["n"], SITE, ["s"]).set_index("gate")
    assert back.loc["gap", "reason"] == ONE_DIRECTION
    assert back.loc["p", "travel_time_s"] == 20


def test_no_vehicle_passes_the_gap_even_where_a_port_would_be_claimed_there() -> None:
    claimed = gpd.GeoDataFrame({"gate": ["gap"]}, geometry=SITE.geometry[:1], crs=4326)
    with pytest.raises(DataError, match="no road of this network"):
        travel_table(site(), ["s"], claimed, ["n"])


def test_a_wider_gap_is_not_walked() -> None:
    table = travel_table(site(0.002), ["s"], SITE, ["n"]).set_index("gate")
    assert "no two dead ends" in table.loc["gap", "reason"]


def test_a_road_that_weaves_over_the_line_within_one_gate_is_passed() -> None:
    nodes: dict[str, tuple[str | None, str | None]] = {
        "s": ("US", None),
        "p1": (None, "p"),
        "p2": (None, "p"),
        "n": ("CA", None),
    }
    edges = [("s", "p1", 10.0, 1.0), ("p1", "p2", 4.0, 1.0), ("p2", "n", 20.0, 1.0)]
    row = travel_table(network(nodes, edges), ["s"], gates("p"), ["n"], names=True).iloc[0]
    assert (row["length_m"], row["travel_time_s"]) == (34, 3)
    assert row["roads"] == "sp1 → p1p2 → p2n"
    assert row["length_us_m"] + row["length_ca_m"] == 34
    nodes["p3"] = (None, "p")
    edges[2:] = [("p2", "p3", 5.0, 1.0), ("p3", "n", 20.0, 1.0)]
    row = travel_table(network(nodes, edges), ["s"], gates("p"), ["n"], names=True).iloc[0]
    assert (row["length_m"], row["travel_time_s"]) == (39, 4)
    assert row["roads"] == "sp1 → p1p2 → p2p3 → p3n"
    edges.append(("p1", "p3", 30.0, 1.5))  # longer, and quicker
    for weight, told in (("length_m", (39, 4)), ("travel_time_s", (60, 3.5))):
        roads = network(nodes, edges)
        row = travel_table(roads, ["s"], gates("p"), ["n"], weight=weight).iloc[0]
        assert (row["length_m"], row["travel_time_s"]) == told


# random networks


class Case(NamedTuple):
    roads: Roads
    ids: list[str]
    gates: list[str]


METRES = st.one_of(st.sampled_from([0.0, 1.0, 2.0]), st.floats(0.001, 1000, allow_nan=False))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    count = draw(st.integers(3, 9))
    sides = ["US", "CA", None]
    sides += draw(
        st.lists(st.sampled_from(["US", "CA", None]), min_size=count - 3, max_size=count - 3)
    )
    ports = [draw(st.sampled_from(["g0", "g1", "g2", None])) if s is None else None for s in sides]
    ports[2] = "g0"
    nodes = {f"n{i}": (s, p) for i, (s, p) in enumerate(zip(sides, ports, strict=True))}
    node = st.sampled_from(list(nodes))
    edges: list[Edge] = []
    for u, v, metres, there, back in draw(
        st.lists(st.tuples(node, node, METRES, METRES, METRES), min_size=2, max_size=24)
    ):
        edges.append((u, v, metres, there))
        if back > there or back in (0.0, 1.0):
            edges.append((v, u, metres, back))
    return Case(network(nodes, edges), list(nodes), sorted({p for p in ports if p}))


def oracle(roads: Roads, weight: str, origin: str, destination: str, gate: str | None) -> float:
    """Return the cost by NetworkX on two copies of the network joined at the gate alone."""
    side = dict(zip(roads.node_id, roads.node("side"), strict=True))
    port = dict(zip(roads.node_id, roads.node("port_id"), strict=True))
    graph = nx.MultiDiGraph()
    weights = roads.edge(weight)
    for u, v, w in zip(roads.node_id[roads.u], roads.node_id[roads.v], weights, strict=True):
        ends = {side[u], side[v]} - {None}
        if len(ends) == 1:
            graph.add_edge((u, *ends), (v, *ends), weight=w)
    for name, of in side.items():
        graph.add_nodes_from((name, s) for s in (("US", "CA") if of is None else (of,)))
    start, end = side[origin], side[destination]
    for u, v, w in zip(roads.node_id[roads.u], roads.node_id[roads.v], weights, strict=True):
        if gate is not None and port[u] == port[v] == gate:
            graph.add_edge((u, "inside"), (v, "inside"), weight=w)
    for name, of in port.items():
        if gate is not None and of == gate:
            graph.add_edge((name, start), (name, "inside"), weight=0)
            graph.add_edge((name, "inside"), (name, end), weight=0)
    goals = [(destination, s) for s in (("US", "CA") if end is None else (end,))]
    starts = [(origin, s) for s in (("US", "CA") if start is None else (start,))]
    costs = [
        nx.single_source_dijkstra_path_length(graph, s).get(g, np.inf)
        for s in starts
        for g in goals
    ]
    return float(min(costs))


random_networks = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@pytest.mark.parametrize("weight", WEIGHTS)
@given(case=cases())
@random_networks
def test_the_table_is_that_of_networkx(weight: str, case: Case) -> None:
    table = travel_table(
        case.roads, case.ids, gates(*case.gates), case.ids, weight=weight, names=True
    )
    for row in table.itertuples():
        gate = None if pd.isna(row.gate) else row.gate
        expected = oracle(case.roads, weight, row.origin, row.destination, gate)
        found = getattr(row, weight)
        assert np.isinf(expected) == np.isnan(found) == (not pd.isna(row.reason)), row
        if np.isfinite(expected):
            assert found == pytest.approx(expected, rel=1e-6, abs=1e-6)
            assert row.length_ca_m + row.length_us_m == pytest.approx(row.length_m, abs=1e-6)


@given(case=cases())
@random_networks
def test_both_quantities_are_of_the_way_that_is_followed(case: Case) -> None:
    measured = GateTrees(case.roads, gates(*case.gates)).measure(case.ids, case.ids)
    table = travel_table(measured.trees, case.ids, gates(*case.gates), case.ids)
    place = {name: row for row, name in enumerate(case.ids)}
    for row in table[table["length_m"].notna()].itertuples():
        o, d = place[row.origin], place[row.destination]
        door = -1
        if not pd.isna(row.gate):
            _, doors = measured.through(case.gates.index(row.gate))
            door = int(doors[o, d])
        ways = measured.edges(o, door, d)  # from node to node: no edge is driven in part
        edges = [edge for edge in ways if isinstance(edge, int)]
        assert len(edges) == len(ways)
        roads = case.roads
        assert (roads.v[edges[:-1]] == roads.u[edges[1:]]).all()
        if edges:
            assert (roads.node_id[roads.u[edges[0]]], roads.node_id[roads.v[edges[-1]]]) == (
                row.origin,
                row.destination,
            )
        assert roads.length_m[edges].sum() == pytest.approx(row.length_m, abs=1e-6)
        times = roads.edge("travel_time_s")[edges]
        assert times.sum() == pytest.approx(row.travel_time_s, abs=1e-6)
        # parts of a fastest way are fastest: from each place on it the rest is all that is left
        for k in range(1, len(edges)):
            halfway = roads.node_id[roads.u[edges[k]]]
            rest = measured.trees.measure([halfway], [row.destination])
            if door < 0:
                assert rest.best()[0][0, 0] <= times[k:].sum() + 1e-6
            elif rest.over[0, 0]:
                through = rest.through(case.gates.index(row.gate))[0][0, 0]
                assert through == pytest.approx(times[k:].sum(), abs=1e-6)


@given(case=cases(), data=st.data())
@random_networks
def test_roads_told_by_halves_are_those_of_the_whole_way(case: Case, data: st.DataObject) -> None:
    label = st.sampled_from(["A", "B", "A;B", "B;A", "C", None])
    count = case.roads.edge_count
    names = np.array(data.draw(st.lists(label, min_size=count, max_size=count)), dtype=object)
    roads = replace(case.roads, edge_columns={**case.roads.edge_columns, "name": names})
    measured = GateTrees(roads, gates(*case.gates)).measure(case.ids, case.ids)
    table = travel_table(measured.trees, case.ids, gates(*case.gates), case.ids, names=True)
    listed = RoadList(roads)
    for row in table.itertuples():
        edges: list[Driven] = []
        if not pd.isna(row.length_m):
            o, d = case.ids.index(row.origin), case.ids.index(row.destination)
            through = not pd.isna(row.gate)
            door = measured.through(case.gates.index(row.gate))[1][o, d] if through else -1
            edges = measured.edges(o, int(door), d)
        assert (None if pd.isna(row.roads) else row.roads) == listed.followed(edges)


@given(case=cases())
@random_networks
def test_to_close_a_gate_shortens_nothing(case: Case) -> None:
    measured = GateTrees(case.roads, gates(*case.gates)).measure(case.ids, case.ids)
    every, _ = measured.best()
    for gate in case.gates:
        rest = gates(*(g for g in case.gates if g != gate))
        fewer, _ = measured.best(rest)
        assert (fewer >= every).all()
        grown_anew = GateTrees(case.roads, rest).measure(case.ids, case.ids) if len(rest) else None
        if grown_anew is not None:
            assert np.array_equal(grown_anew.best()[0], fewer)


@given(case=cases())
@random_networks
def test_to_turn_every_road_round_turns_the_table_round(case: Case) -> None:
    turned = Roads.from_networkx(case.roads.to_networkx().reverse())
    there = GateTrees(case.roads, gates(*case.gates)).measure(case.ids, case.ids).best()[0]
    back = GateTrees(turned, gates(*case.gates)).measure(case.ids, case.ids).best()[0]
    assert np.allclose(there, back.T, rtol=1e-9)


@given(case=cases(), data=st.data())
@random_networks
def test_places_on_edges_are_as_if_the_edges_were_cut_there(
    case: Case, data: st.DataObject
) -> None:
    roads = case.roads
    usable = np.flatnonzero(Gateway(roads, gates(*case.gates)).edge_side >= 0)
    # neither loops nor edges of no length: their middle is no one place
    usable = usable[(roads.u[usable] != roads.v[usable]) & (roads.length_m[usable] > 0)]
    if len(usable) < 1:
        return
    edge = int(data.draw(st.sampled_from(usable.tolist())))
    part = data.draw(st.sampled_from([0.25, 0.5, 0.8]))
    line = roads.coords[roads.offsets[edge] : roads.offsets[edge + 1]]
    lon, lat = line[0] + part * (line[1] - line[0])
    spot = gpd.GeoDataFrame({"name": ["x"]}, geometry=gpd.points_from_xy([lon], [lat]), crs=4326)
    trees = GateTrees(roads, gates(*case.gates))
    measured = trees.measure(spot, case.ids)
    found = measured.origins
    cut = split(roads, found.edge[0].tolist(), found.at[0].tolist())
    if cut is None:
        return
    whole = GateTrees(cut, gates(*case.gates))
    assert np.allclose(measured.best()[0], whole.measure(["x"], case.ids).best()[0], rtol=1e-6)
    arriving = trees.measure(case.ids, spot).best()[0]
    assert np.allclose(arriving, whole.measure(case.ids, ["x"]).best()[0], rtol=1e-6)


def split(roads: Roads, edges: list[int], parts: list[float]) -> Roads | None:
    """Return the network with a node x in the middle of an edge and its twin."""
    if edges[0] < 0:
        return None
    graph = roads.to_networkx()
    ends = [
        (roads.node_id[roads.u[e]], roads.node_id[roads.v[e]], int(roads.key[e])) for e in edges
    ]
    side = next(s for n in ends[0][:2] if (s := graph.nodes[n].get("side")) is not None)
    graph.add_node("x", x=9.0, y=45.0, side=side, port_id=None)
    for (u, v, key), edge, part in zip(ends, edges, parts, strict=True):
        if edge < 0:
            continue
        data = graph.edges[u, v, key]
        for a, b, share in ((u, "x", part), ("x", v, 1 - part)):
            scaled = {k: data[k] * share for k in ("length", "travel_time_s")}
            graph.add_edge(a, b, name=data["name"], **scaled)
        graph.remove_edge(u, v, key)
    return Roads.from_networkx(graph)


SPOTS = {"s": (0.0, 45.0), "p": (0.02, 45.002), "n": (0.0, 45.01)}


def spots(**places: tuple[float, float]) -> gpd.GeoDataFrame:
    xs, ys = zip(*places.values(), strict=True)
    return gpd.GeoDataFrame(
        {"name": list(places)}, geometry=gpd.points_from_xy(xs, ys), crs="EPSG:4326"
    )


def test_a_place_too_far_has_a_reason_and_the_others_have_their_ways() -> None:
    roads = network(NODES, EDGES)
    start, end = spots(here=SPOTS["s"], far=(5.0, 45.0)), spots(there=SPOTS["n"], off=(6.0, 45.0))
    table = travel_table(roads, start, gates("p", "q"), end, names=True)
    alone = travel_table(roads, start[:1], gates("p", "q"), end[:1], names=True)
    assert len(alone) == 2
    ways = table[table["reason"].isna()].reset_index(drop=True)
    columns = ["gate", "length_m", "travel_time_s", "length_us_m", "origin_offset_m"]
    assert ways[columns].values.tolist() == alone[columns].values.tolist()
    rest = table[table["reason"].notna()].set_index(["origin", "destination"])
    assert sorted(rest.index) == [("far", "off"), ("far", "there"), ("here", "off")]
    assert rest["gate"].isna().all()
    assert rest[["length_m", "travel_time_s", "walk_m"]].isna().all(axis=None)
    why = "origin: point 5.00000, 45.00000: no road within 1000 m"
    assert rest.loc[("far", "there"), "reason"].startswith(why)
    assert "destination: point 6.00000" in rest.loc[("here", "off"), "reason"]
    assert np.isnan(rest.loc[("far", "there"), "origin_offset_m"])
    assert rest.loc[("far", "there"), "destination_offset_m"] == ways.at[0, "destination_offset_m"]


@pytest.mark.parametrize("x", [float("nan"), 181.0])
def test_a_point_that_is_no_place_is_a_fault_and_not_far(x: float) -> None:
    start = spots(here=SPOTS["s"], nowhere=(x, 45.0))
    with pytest.raises(DataError, match=r"nowhere: (.* is not longitude, latitude|lon: is nan)"):
        travel_table(network(NODES, EDGES), start, gates("p"), spots(there=SPOTS["n"]))


def test_where_every_place_is_too_far_all_are_told_at_once() -> None:
    roads, far = network(NODES, EDGES), spots(a=(5.0, 45.0), b=(6.0, 45.0))
    for ends in ((far, spots(s=SPOTS["s"])), (spots(s=SPOTS["s"]), far)):
        with pytest.raises(DataError) as caught:
            travel_table(roads, ends[0], gates("p"), ends[1])
        assert len(caught.value.faults) == 2


def test_two_places_of_one_name_are_told_apart() -> None:
    start = spots(a=SPOTS["s"], b=SPOTS["n"], c=SPOTS["n"]).assign(name=["A", "A", "B"])
    table = travel_table(network(NODES, EDGES), start, gates("p"), spots(n=SPOTS["n"]))
    assert table["origin"].tolist() == ["A (0,45)", "A (0,45.01)", "B"]
    assert table["gate"].isna().tolist() == [False, True, True]
    # One place that stands twice in a file is one place.
    twice = spots(a=SPOTS["s"], b=SPOTS["s"]).assign(name="A")
    table = travel_table(network(NODES, EDGES), twice, gates("p"), spots(n=SPOTS["n"]))
    assert table["origin"].tolist() == ["A", "A"]
