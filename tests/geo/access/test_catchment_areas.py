"""Nearest gates by road: watersheds on paper, against NetworkX, and what a date changed."""

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
    DataError,
    Roads,
    catchments,
    changed_areas,
    compare_catchments,
    cut_at_border,
    load_border,
    load_places,
    load_roads,
    read_roads,
)
from roxham.layers import gates, load_ports
from tests.geo.handmade import FIELDS, Road, gates_at, network

PLACES = {"west": (0.3, 45.0), "m": (0.4, 44.9), "k": (0.5, 44.9), "east": (0.6, 45.0)}
TWO = gates_at(west=(0.3, 45.0), east=(0.6, 45.0))
ROADS: list[Road] = [("west", "m", 10_000, 300), ("m", "k", 8_000, 400), ("k", "east", 9_000, 500)]


def found(roads: Roads, ports: gpd.GeoDataFrame = TWO, **options: Any) -> Any:
    """Return catchments; untyped, for tests know what is there."""
    return catchments(roads, ports, **{"region": FIELDS, "buffer_m": 50, **options})


def row_of_gates(roads: list[Road], **options: Any) -> Roads:
    ids = ["west", None, None, "east"]
    return network(PLACES, roads, nodes={"port_id": ids}, **options)


def test_each_node_has_its_nearest_gate_with_time_and_length() -> None:
    nodes = found(row_of_gates(ROADS)).nodes
    assert nodes["gate"].tolist() == ["west", "west", "east", "east"]
    assert nodes["seconds"].tolist() == [0, 300, 500, 0]
    assert nodes["metres"].tolist() == [0, 10_000, 9_000, 0]


def test_nearest_by_length_keeps_the_time_of_that_way() -> None:
    roads = [*ROADS, ("west", "m", 9_000, 900)]
    nodes = found(row_of_gates(roads), weight="length_m").nodes
    assert nodes.loc["m", ["gate", "seconds", "metres"]].tolist() == ["west", 900, 9_000]
    nodes = found(row_of_gates(roads)).nodes
    assert nodes.loc["m", ["gate", "seconds", "metres"]].tolist() == ["west", 300, 10_000]


def test_a_road_between_two_gates_is_cut_where_both_are_as_near() -> None:
    areas = found(row_of_gates(ROADS)).areas
    # from m 300 + s, from k 500 + 400 - s seconds: equal at 300 of the 400 between them
    km = dict(zip(areas["gate"], areas["road_km"], strict=True))
    assert km == pytest.approx({"west": 10 + 6, "east": 9 + 2})
    shapes = areas.set_index("gate").geometry
    for lon, gate in ((0.474, "west"), (0.476, "east")):
        inside = shapes.covers(shapely.Point(lon, 44.9))
        assert inside.to_dict() == {"west": gate == "west", "east": gate == "east"}


def test_a_one_way_road_belongs_to_the_gate_that_it_leads_to() -> None:
    roads = row_of_gates([ROADS[0], ROADS[2]], one_way=[("m", "k", 8_000, 400)])
    areas = found(roads).areas
    assert dict(zip(areas["gate"], areas["road_km"], strict=True)) == pytest.approx(
        {"west": 10, "east": 9 + 8}
    )
    back = found(roads, direction="from").areas
    assert dict(zip(back["gate"], back["road_km"], strict=True)) == pytest.approx(
        {"west": 10 + 8, "east": 9}
    )


def test_a_watershed_where_the_way_back_takes_longer() -> None:
    # m to k takes 400 s, k to m 200: from m to west 300, from k to east 500
    roads = row_of_gates(
        [ROADS[0], ROADS[2]], one_way=[("m", "k", 8_000, 400), ("k", "m", 8_000, 200)]
    )
    # k: by m 200 + 300 = 500, as far as east by 500
    areas = found(roads).areas
    # at share f: 300 + 200 f to west, 500 + 400 (1 - f) to east: west up to k
    assert dict(zip(areas["gate"], areas["road_km"], strict=True)) == pytest.approx(
        {"west": 10 + 8, "east": 9}
    )


def test_places_are_as_far_as_their_point_on_the_road() -> None:
    places = gpd.GeoDataFrame(
        {"name": ["near the middle", "far off"], "country": ["US", "US"]},
        index=["p", "q"],
        geometry=gpd.points_from_xy([0.45, 0.45], [44.901, 44.6]),
        crs=4326,
    )
    table = found(row_of_gates(ROADS), places=places).places
    assert table.index.tolist() == ["p", "q"]
    row = table.loc["p"]
    assert row["gate"] == "west"
    assert row["seconds"] == pytest.approx(500, abs=0.1)
    assert row["metres"] == pytest.approx(14_000, abs=2)
    assert row["offset_m"] == pytest.approx(111, abs=1)
    assert pd.isna(row["reason"])
    assert table.loc["q", ["gate", "seconds", "metres", "offset_m"]].isna().all()
    assert "no road within" in table.loc["q", "reason"]


def test_a_place_without_a_way_says_so() -> None:
    roads = network({**PLACES, "x": (0.7, 44.9), "y": (0.8, 44.9)}, [*ROADS, ("x", "y", 5, 5)])
    places = gpd.GeoDataFrame({"name": ["x"]}, geometry=[shapely.Point(0.75, 44.9)], crs=4326)
    ports = TWO.rename(columns={"gate": "port_id"})
    result = found(
        roads.with_columns(nodes={"port_id": np.array(["west", "", "", "east", "", ""])}),
        ports,
        places=places,
    )
    assert result.nodes.loc[["x", "y"], "gate"].isna().all()
    assert result.nodes.loc["x", ["seconds", "metres"]].isna().all()
    assert result.places["reason"].item() == "no way by road to any of the gates"


def test_a_gate_on_an_edge_that_joins_the_sides() -> None:
    roads = network({"s": (0.5, 44.9), "n": (0.5, 45.1)}, [("s", "n", 20_000, 1200)])
    result = found(roads, gates_at(port=(0.5, 45.0)))
    assert result.nodes["seconds"].tolist() == pytest.approx([600, 600], abs=2)
    assert result.areas["road_km"].tolist() == pytest.approx([20], abs=0.01)


def test_a_gate_that_is_not_there() -> None:
    with pytest.raises(DataError, match="there is none"):
        found(row_of_gates(ROADS), TWO[:0])
    with pytest.raises(DataError, match="on: “yesterday” is not a day"):
        found(row_of_gates(ROADS), TWO, on="yesterday")
    elsewhere = gates_at(west=(0.3, 45.0), other=(1.9, 45.0))
    assert set(found(row_of_gates(ROADS), elsewhere).nodes["gate"]) == {"west"}


def test_what_a_closed_gate_changes() -> None:
    roads = row_of_gates(ROADS)
    both, one = found(roads, TWO.assign(on="2020-01-01")), found(roads, TWO[:1], on="2020-02-02")
    table = compare_catchments(both, one)
    assert table["place"].tolist() == ["west", "m", "k", "east"]
    assert table["change"].tolist() == ["same", "same", "farther", "farther"]
    assert table["gate_after"].tolist() == ["west"] * 4
    assert table.loc["k", "minutes_change"] == pytest.approx((700 - 500) / 60)
    assert table.loc["k", "km_change"] == pytest.approx(18 - 9)
    summary = table.attrs["summary"]
    assert (summary["before"], summary["after"]) == ("2020-01-01", "2020-02-02")
    assert (summary["same"], summary["farther"], summary["other_gate"]) == (2, 2, 2)
    assert summary["minutes_most"] == pytest.approx(1200 / 60)
    assert summary["road_km"] == {
        "west": pytest.approx((16, 27)),
        "east": pytest.approx((11, 0)),
    }
    assert compare_catchments(one, both)["change"].tolist() == ["same", "same", "nearer", "nearer"]
    assert (compare_catchments(both, both)["change"] == "same").all()


def test_the_areas_that_changed_are_those_of_the_roads_that_did() -> None:
    roads = row_of_gates(ROADS)
    both, west = found(roads), found(roads, TWO[:1])
    rows = changed_areas(both, west, region=FIELDS)
    assert rows[["gate_before", "gate_after"]].values.tolist() == [["east", "west"]]
    # all that east was nearest to; the round end where both areas met overlaps that of west
    before = both.areas.set_index("gate")
    assert rows["area_km2"].item() == pytest.approx(before.loc["east", "area_km2"], rel=0.02)
    back = changed_areas(west, both, region=FIELDS)
    assert back[["gate_before", "gate_after"]].values.tolist() == [["west", "east"]]
    assert back.union_all().symmetric_difference(rows.union_all()).area < 1e-9
    assert changed_areas(both, both, region=FIELDS).empty


def test_areas_without_a_gate_before_or_after() -> None:
    apart = {**PLACES, "x": (0.9, 45.0), "y": (1.0, 44.9)}
    ids = ["west", None, None, "east", "x", None]
    roads = network(apart, [*ROADS, ("x", "y", 5000, 300)], nodes={"port_id": ids})
    three = gates_at(west=(0.3, 45.0), east=(0.6, 45.0), x=(0.9, 45.0))
    rows = changed_areas(found(roads, three), found(roads, TWO), region=FIELDS)
    assert rows["gate_before"].tolist() == ["x"]
    assert rows["gate_after"].isna().all()
    rows = changed_areas(found(roads, TWO), found(roads, three), region=FIELDS)
    assert rows["gate_after"].tolist() == ["x"]
    assert rows["gate_before"].isna().all()
    with pytest.raises(DataError, match="both with areas"):
        changed_areas(found(roads), found(roads, areas=False))


def test_access_gained_lost_and_never_there() -> None:
    roads = network(
        {**PLACES, "x": (0.7, 44.9)},
        [ROADS[0], ROADS[2]],
        nodes={"port_id": ["west", *"  ", "east", ""]},
    )
    one, other = found(roads, TWO[:1], areas=False), found(roads, TWO[1:], areas=False)
    table = compare_catchments(one, other)
    assert table["change"].tolist() == ["lost", "lost", "gained", "gained", "none"]
    assert table["minutes_change"].isna().all()
    assert table.attrs["summary"]["minutes_median"] is None
    assert table.attrs["summary"]["road_km"] == {}
    assert (table.attrs["summary"]["none"], table.attrs["summary"]["off_network"]) == (1, 0)


def test_only_like_is_compared_with_like() -> None:
    roads = row_of_gates(ROADS)
    with pytest.raises(DataError, match="same places and weight"):
        compare_catchments(found(roads), found(roads, weight="length_m"))
    spots = [
        gpd.GeoDataFrame(geometry=gpd.points_from_xy([x, 9.0], [44.9, 44.9]), crs=4326)
        for x in (0.41, 0.49)
    ]
    one, other = (found(roads, places=places, areas=False) for places in spots)
    with pytest.raises(DataError, match="same places and weight"):  # of one index
        compare_catchments(one, other)
    assert compare_catchments(one, one).attrs["summary"]["off_network"] == 1


@st.composite
def walled(draw: st.DrawFn) -> Roads:
    """Draw roads on both sides of a border with three ports."""
    places = {f"p{i}": (0.3 + i / 10, 45.0) for i in range(3)}
    places |= {f"s{i}": (0.2 + i / 10, 44.9) for i in range(4)}
    places |= {f"n{i}": (0.2 + i / 10, 45.1) for i in range(4)}
    roads: list[Road] = []
    one_way: list[Road] = []
    for names in ([n for n in places if n[0] in side] for side in ("ps", "pn")):
        pair = st.tuples(st.sampled_from(names), st.sampled_from(names))
        for u, v in draw(st.lists(pair, min_size=2, max_size=10)):
            if u == v or u[0] == v[0] == "p":
                continue
            metres = float(draw(st.integers(1, 20)) * 500)
            road = (u, v, metres, metres / draw(st.sampled_from([10, 20])))
            (roads if draw(st.booleans()) else one_way).append(road)
    roads.append(("s0", "s1", 1.0, 1.0))
    ids = [name if name[0] == "p" else None for name in places]
    return network(places, roads, one_way=one_way, nodes={"port_id": ids})


@settings(max_examples=30, deadline=None)
@given(walled(), st.sets(st.integers(0, 2), min_size=1), st.sampled_from(["to", "from"]))
def test_nodes_have_the_gate_that_networkx_finds(
    roads: Roads, opened: set[int], direction: str
) -> None:
    names = [f"p{i}" for i in sorted(opened)]
    ports = gates_at(**{name: (0.3 + int(name[1]) / 10, 45.0) for name in names})
    nodes = found(roads, ports, direction=direction, areas=False).nodes
    graph = roads.to_networkx()
    if direction == "to":
        graph = graph.reverse()
    best: dict[str, dict[str, float]] = {node: {} for node in graph}
    for side in ("ps", "pn"):  # each side alone: the border is a wall
        half = graph.subgraph([n for n in graph if n[0] in side])
        for name in names:
            costs = nx.single_source_dijkstra_path_length(half, name, weight="travel_time_s")
            for node, cost in costs.items():
                best[node][name] = min(cost, best[node].get(name, np.inf))
    # a closed port is an end of roads, and not a way from one to another side's
    for node, row in nodes.iterrows():
        if not best[node]:
            assert pd.isna(row["gate"])
            continue
        assert row["seconds"] == pytest.approx(min(best[node].values()), abs=1e-6)
        assert best[node][row["gate"]] == pytest.approx(min(best[node].values()), abs=1e-6)


def test_the_corridor_on_two_dates() -> None:
    roads, ports = load_roads(), load_ports().rows
    places = load_places().query("kind != 'region'")
    before, after = (
        catchments(roads, gates(ports, on=day), places=places)
        for day in ("2023-03-24", "2023-03-26")
    )
    assert (before.on, after.on) == ("2023-03-24", "2023-03-26")
    nodes = compare_catchments(before._replace(places=None), after._replace(places=None))
    ends = ["chemin-roxham-ca-end", "roxham-road-us-end"]
    assert set(nodes.index[nodes["change"] != "same"]) >= set(ends)
    assert (nodes.loc[nodes["change"] != "same", "gate_before"] == "roxham-road").all()
    assert set(nodes["change"]) == {"same", "farther"}
    # 16.1 km apart by road, through the port on the way: the two parts sum to the whole
    assert nodes.loc[ends, "km_after"].sum() == pytest.approx(16.1, abs=0.4)
    summary = compare_catchments(before, after).attrs["summary"]
    assert summary["places"] == len(places)
    assert summary["road_km"]["roxham-road"][0] > 0
    assert summary["road_km"]["roxham-road"][1] == 0
    changed = changed_areas(before, after)
    assert set(changed["gate_before"]) == {"roxham-road"}
    assert set(changed["gate_after"]) == {"hemmingford-mooers", "lacolle-champlain"}
    assert before.areas is not None
    was = before.areas[before.areas["gate"] == "roxham-road"].union_all()
    assert changed.union_all().difference(was.buffer(1e-6)).is_empty


@pytest.mark.shared
def test_real_roads_lose_nothing_but_the_site(shared: Path) -> None:
    ports = load_ports().rows
    roads = cut_at_border(
        read_roads(shared / "osm_roxham_10km.osm.pbf"), load_border(), ports=ports
    )
    before, after = (
        catchments(roads, gates(ports, on=day)) for day in ("2023-03-24", "2023-03-26")
    )
    table = compare_catchments(before, after)
    changed = table[~table["change"].isin(["same", "none"])]
    assert len(changed) > 0
    assert (changed["gate_before"] == "roxham-road").all()
    assert (changed["change"] == "farther").all()
    assert before.areas is not None
    assert after.areas is not None
    # every road is nearest to one gate, on either date
    assert before.areas["road_km"].sum() == pytest.approx(after.areas["road_km"].sum(), rel=1e-6)


def test_two_places_of_one_name_are_told_apart() -> None:
    spots = gpd.points_from_xy([0.45, 0.2], [44.901, 44.9])
    places = gpd.GeoDataFrame({"name": ["Perth", "Perth"]}, geometry=spots, crs=4326)
    table = found(row_of_gates(ROADS), places=places).places
    assert table["place"].tolist() == ["Perth (0.45,44.901)", "Perth (0.2,44.9)"]
