"""Ways over an open border: by hand over a salient and an enclave, and against NetworkX."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

from roxham.geo import (
    WGS84,
    Border,
    NoRouteError,
    Region,
    Roads,
    catchments,
    cut_at_border,
    find_routes,
    reach,
    travel_table,
)
from roxham.geo.routing.gates import road_gates

FIELDS = Region(
    "fields", "Fields", (-0.1, 49.9, 0.6, 50.2), "EPSG:32631", ("N", "S"), controlled=False
)
WALLED = Region("fields", "Fields", FIELDS.bounds, "EPSG:32631", ("N", "S"))
SALIENT = [(-0.1, 50.05), (0.1, 50.05), (0.1, 49.97), (0.2, 49.97), (0.2, 50.05), (0.6, 50.05)]
"""The north reaches down over the road along 50° N, from 0.1° to 0.2° E."""


def graph_of(places: dict[str, tuple[float, float]], roads: list[tuple[str, str, float]]) -> Any:
    """Return a graph of straight roads in both directions, one metre a millisecond."""
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    for name, (x, y) in places.items():
        graph.add_node(name, x=x, y=y)
    for u, v, metres in roads:
        for a, b in ((u, v), (v, u)):
            graph.add_edge(a, b, length=metres, travel_time_s=metres / 10, name=f"{u}{v} Road")
    return graph


PLACES = {"w": (0.0, 50.0), "m": (0.15, 50.0), "e": (0.3, 50.0), "n": (0.15, 50.1)}
ROADS = [("w", "m", 1000.0), ("m", "e", 1000.0), ("m", "n", 500.0), ("w", "e", 9000.0)]
"""From west to east the short way is through the salient, where ``m`` lies; the long one, which is
drawn as straight, too, but for a bend to the south, is not."""


def salient(region: Region = FIELDS) -> Roads:
    """Return the network, cut at the border with a salient in it."""
    graph = graph_of(PLACES, ROADS)
    bend = shapely.LineString([(0.0, 50.0), (0.15, 49.95), (0.3, 50.0)])
    graph.edges["w", "e", 0]["geometry"] = bend
    graph.edges["e", "w", 0]["geometry"] = bend.reverse()
    line = gpd.GeoSeries([shapely.LineString(SALIENT)], crs=WGS84)
    return cut_at_border(Roads.from_networkx(graph), Border.from_line(line, region))


def test_a_way_over_a_salient_is_found_with_its_crossings_in_order() -> None:
    found = find_routes(salient(), "w", "e", weight="length_m")
    row = found.iloc[0]
    assert row["length_m"] == pytest.approx(2000)
    west, east = row["gate"].split("; ")
    spots = road_gates(salient()).set_index("gate")["lon"]
    assert (round(spots[west], 6), round(spots[east], 6)) == (0.1, 0.2)
    assert row["length_a_m"] == pytest.approx(2000 / 3, rel=1e-4)  # a third lies in the north
    assert row["length_b_m"] == pytest.approx(4000 / 3, rel=1e-4)
    assert row["gate_kind"] == "crossing"
    back = find_routes(salient(), "e", "w", weight="length_m")["gate"].item()
    assert back == f"{east}; {west}"


def test_a_controlled_border_is_still_passed_once() -> None:
    found = find_routes(salient(WALLED), "w", "e", weight="length_m")
    assert found["length_m"].item() == pytest.approx(9000)
    assert pd.isna(found["gate"].item())
    with pytest.raises(NoRouteError, match="no gate is open"):
        find_routes(salient(WALLED), "w", "n")


def test_a_road_over_a_salient_without_a_junction_in_it_is_a_way() -> None:
    graph = graph_of({"w": (0.0, 50.0), "e": (0.3, 50.0)}, [("w", "e", 3000.0)])
    line = gpd.GeoSeries([shapely.LineString(SALIENT)], crs=WGS84)
    roads = cut_at_border(Roads.from_networkx(graph), Border.from_line(line, FIELDS))
    row = find_routes(roads, "w", "e").iloc[0]
    assert row["length_m"] == pytest.approx(3000)
    assert row["length_a_m"] == pytest.approx(1000, rel=1e-4)
    table = travel_table(roads, ["w"], None, ["e"])
    assert table["length_m"].tolist() == pytest.approx([3000])
    assert table["gate"].item() == row["gate"]
    assert table["length_b_m"].item() == pytest.approx(2000, rel=1e-4)


def test_the_table_has_the_shortest_way_of_each_pair() -> None:
    roads = salient()
    table = travel_table(roads, ["w", "e"], None, ["n", "e"], weight="length_m", names=True)
    west, east = road_gates(roads)["gate"]  # from west to east
    rows = table.astype(object).where(table.notna(), None)
    told = rows[["origin", "gate", "gate_kind", "destination"]].values.tolist()
    assert told == [
        ["w", west, "crossing", "n"],
        ["w", f"{west}; {east}", "crossing", "e"],
        ["e", east, "crossing", "n"],
        ["e", None, None, "e"],
    ]
    assert table["length_m"].tolist() == pytest.approx([1500, 2000, 1500, 0])
    assert table["travel_time_s"].tolist() == pytest.approx([150, 200, 150, 0])
    assert table["roads"].iloc[1] == "wm Road → me Road"


def test_the_road_through_the_first_gate_is_of_the_way() -> None:
    graph = graph_of(
        {"s": (0.0, 50.0), "n": (0.0, 50.1), "t": (0.0, 50.2)},
        [("s", "n", 1000.0), ("n", "t", 500.0)],
    )
    for name, side in (("s", "S"), ("n", "N"), ("t", "N")):  # which no node on the line parts
        graph.nodes[name]["side"] = side
    roads = Roads.from_networkx(graph).with_columns(meta={"controlled": False})
    told = {"gate": ["a"], "gate_kind": ["crossing"], "lon": [0.0], "lat": [50.05]}
    gate = gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([0.0], [50.05]), crs=WGS84)
    table = travel_table(roads, ["s", "t"], gate, ["t", "s"], weight="length_m", names=True)
    # each way over it is a door of its own, and one of them the first
    assert table["roads"].dropna().tolist() == ["sn Road → nt Road", "nt Road → sn Road"]
    assert find_routes(roads, "s", "t", gates=gate)["roads"].item() == table["roads"].iloc[0]


def test_a_gate_that_is_closed_is_no_way_for_others() -> None:
    roads = salient()
    gates = road_gates(roads)
    closed = find_routes(roads, "w", "e", gates=gates.iloc[:1], weight="length_m")
    assert closed["length_m"].item() == pytest.approx(9000)
    table = travel_table(roads, ["w"], gates.iloc[:1], ["e"], weight="length_m")
    assert table["length_m"].item() == pytest.approx(9000)
    assert pd.isna(table["gate"].item())
    none = travel_table(roads, ["w"], gates.iloc[:0], ["n"])
    assert none["reason"].tolist() == ["no gate is open"]


def test_a_gate_to_pass_is_passed_wherever_the_ends_lie() -> None:
    roads = salient()
    west, east = road_gates(roads)["gate"]
    found = find_routes(roads, "w", "n", via=east, weight="length_m")
    # out by the east, round at its junction and in again: to turn on the line is not to pass it
    assert found["length_m"].item() == pytest.approx(1000 + 1000 + 1000 + 500)
    assert found["gate"].item() == f"{west}; {east}"
    there = find_routes(roads, "n", "m", via=west, weight="length_m")
    assert there["length_m"].item() == pytest.approx(500 + 1000 + 1000)
    assert there["gate"].item() == west
    with pytest.raises(NoRouteError, match="not among the gates"):
        find_routes(roads, "w", "n", via="nowhere")


def test_what_is_blocked_is_no_gate() -> None:
    roads = salient()
    told = [dict(row) for row in roads.meta["border"]["crossings"]]
    assert [row["closed"] for row in told] == [False, False]
    told[0] |= {"barrier": "block", "closed": True}
    del told[1]["closed"]  # as in networks that were saved before it was told
    shut = roads.with_columns(meta={"border": {**roads.meta["border"], "crossings": told}})
    assert len(road_gates(shut)) == 1
    assert find_routes(shut, "w", "e", weight="length_m")["length_m"].item() == pytest.approx(9000)
    assert road_gates(salient(WALLED)).empty


def test_areas_reached_and_nearest_gates_go_over_it() -> None:
    roads = salient()
    area = reach(roads, "w", minutes=[4]).geometry.item()
    assert area.intersects(shapely.Point(0.29, 50.0))
    assert (
        not reach(salient(WALLED), "w", minutes=[2])
        .geometry.item()
        .intersects(shapely.Point(0.15, 50.0))
    )
    places = gpd.GeoDataFrame({"name": ["m"]}, geometry=[shapely.Point(0.14, 50.0)], crs=WGS84)
    nearest = catchments(roads, road_gates(roads), places=places).places
    assert nearest is not None
    assert nearest["gate"].item() == road_gates(roads)["gate"].iloc[0]


@pytest.mark.parametrize("seed", range(6))
def test_an_open_border_is_no_border_to_the_shortest_way(seed: int) -> None:
    """A random grid with two enclaves: NetworkX on the network as it was read is the oracle."""
    rng = np.random.default_rng(seed)
    size = 6
    places = {
        f"{i}.{j}": (0.05 * i + rng.uniform(0, 0.02), 50 + 0.02 * j + rng.uniform(0, 0.01))
        for i in range(size)
        for j in range(size)
    }
    roads = []
    for i in range(size):
        for j in range(size):
            for k, m in ((i + 1, j), (i, j + 1)):
                if f"{k}.{m}" in places and rng.random() < 0.8:
                    roads.append((f"{i}.{j}", f"{k}.{m}", float(rng.integers(100, 2000))))
    graph = graph_of(places, roads)
    inside = [shapely.box(0.06, 50.02, 0.13, 50.07), shapely.Point(0.2, 50.06).buffer(0.03)]
    border = Border.from_line(gpd.GeoSeries(inside, crs=WGS84), FIELDS)
    cut = cut_at_border(Roads.from_networkx(graph), border)
    ends = [f"{i}.{i}" for i in range(size)]
    table = travel_table(cut, ends, None, ends, weight="length_m")
    best = table.set_index(["origin", "destination"])["length_m"]
    passed = table.set_index(["origin", "destination"])["gate"].astype("string").fillna("")
    several = 0
    for a in ends:
        known = nx.single_source_dijkstra_path_length(graph, a, weight="length")
        for b in ends:
            if b not in known:
                assert np.isnan(best[a, b])
                continue
            assert best[a, b] == pytest.approx(known[b], abs=1e-6)
            route = find_routes(cut, a, b, weight="length_m").iloc[0]
            assert route["length_m"] == pytest.approx(known[b], abs=1e-6)
            assert passed[a, b] == ("" if pd.isna(route["gate"]) else route["gate"])
            several += ";" in str(route["gate"])
    assert several  # or nothing was tried
    sums = table["length_a_m"] + table["length_b_m"]
    assert np.allclose(sums, table["length_m"], equal_nan=True)
