"""Which edges are one road: both directions of it, and nothing else."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import given
from hypothesis import strategies as st

from roxham.geo import Roads, load_roads
from roxham.geo.columns import Coded, Ragged, ends
from roxham.geo.network.parts import (
    ROAD_PARTS,
    Parts,
    Stretch,
    both_ways,
    merge_roads,
    piece,
    read_stretches,
    road_numbers,
    twins,
)

NODES = [(0.0, 45.0), (0.01, 45.0), (0.0, 45.01)]
INNER = [(0.003, 45.004), (0.007, 45.002), (0.0, 45.0)]

Line = list[tuple[float, float]]
Edge = tuple[int, int, float, Line]


@st.composite
def edges(draw: st.DrawFn) -> list[Edge]:
    """Return edges, about every second with its twin; loops, and lines of no length among them."""
    made: list[Edge] = []
    node, between = st.integers(0, len(NODES) - 1), st.lists(st.sampled_from(INNER), max_size=3)
    for _ in range(draw(st.integers(1, 12))):
        u, v, inner = draw(node), draw(node), draw(between)
        line = [NODES[u], *inner, NODES[v]]
        metres = round(sum(map(math.dist, line, line[1:])) * 1e5, 3) + draw(st.sampled_from([0, 9]))
        made.append((u, v, metres, line))
        if draw(st.booleans()):
            made.append((v, u, metres, line[::-1]))
    return draw(st.permutations(made))


def network(made: list[Edge]) -> Roads:
    nodes = gpd.GeoDataFrame(index=range(3), geometry=[*map(shapely.Point, NODES)], crs=4326)
    table = pd.DataFrame([edge[:3] for edge in made], columns=["u", "v", "length_m"])
    table["key"] = table.groupby(["u", "v"]).cumcount()
    lines = [shapely.LineString(line) for *_, line in made]
    return Roads.from_frames(nodes, gpd.GeoDataFrame(table, geometry=lines, crs=4326))


def twins_of(roads: Roads) -> list[int]:
    sizes = np.bincount(roads.u, minlength=roads.node_count)
    leaving = Ragged(ends(sizes), np.argsort(roads.u, kind="stable"))
    found: list[int] = twins(roads, np.arange(roads.edge_count), leaving).tolist()
    return found


def all_edges(roads: Roads) -> list[Edge]:
    """Return the edges as a network has them."""
    lines = [[*map(tuple, shapely.get_coordinates(line).tolist())] for line in roads.lines]
    return list(zip(roads.u.tolist(), roads.v.tolist(), roads.length_m, lines, strict=True))


@given(edges())
def test_a_twin_is_the_first_edge_back_by_the_same_points_and_as_long(made: list[Edge]) -> None:
    roads = network(made)
    kept = all_edges(roads)
    expected = []
    for edge, (u, v, metres, line) in enumerate(kept):
        back = (v, u, metres, line[::-1])
        expected.append(next((k for k, one in enumerate(kept) if one == back and k != edge), -1))
    assert twins_of(roads) == expected


@given(edges())
def test_a_road_has_one_number_in_both_directions(made: list[Edge]) -> None:
    roads = network(made)
    number, turned = road_numbers(roads, np.arange(roads.edge_count))
    expected: defaultdict[object, set[int]] = defaultdict(set)
    for edge, (u, v, metres, line) in enumerate(all_edges(roads)):
        expected[min(u, v), max(u, v), metres, min(tuple(line), tuple(line[::-1]))].add(edge)
    found: defaultdict[int, set[int]] = defaultdict(set)
    for edge, one in enumerate(number.tolist()):
        found[one].add(edge)
    assert sorted(map(sorted, found.values())) == sorted(map(sorted, expected.values()))
    whole = np.ones(roads.edge_count)
    merged = merge_roads(roads, Parts(np.arange(roads.edge_count), 0 * whole, whole))
    assert merged.edge.tolist() == sorted(map(min, expected.values()))
    lines = all_edges(roads)
    for together in expected.values():
        ways = {(edge[0], edge[1], tuple(edge[3])) for edge in (lines[k] for k in together)}
        assert len(ways) == len({bool(turned[k]) for k in together})


def test_points_a_millimetre_apart_are_the_same() -> None:
    there = [NODES[0], (0.003, 45.004), NODES[1]]
    back = [NODES[1], (0.003 + 1e-8, 45.004 - 1e-8), NODES[0]]
    other = [NODES[1], (0.003 + 1e-6, 45.004), NODES[0]]
    roads = network([(0, 1, 100.0, there), (1, 0, 100.0, back), (1, 0, 100.0, other)])
    assert twins_of(roads) == [1, 0, -1]


def test_of_two_straight_links_each_has_its_own_twin() -> None:
    """On a schematic two roads between the same junctions differ in length alone."""
    roads = load_roads()
    found = twins_of(roads)
    names, metres = roads.edge("name"), roads.length_m
    pairs = [(edge, twin) for edge, twin in enumerate(found) if twin >= 0]
    assert pairs
    assert [pair for pair in pairs if names[pair[0]] != names[pair[1]]] == []
    assert all(metres[edge] == metres[twin] and found[twin] == edge for edge, twin in pairs)


def test_the_other_direction_of_a_road_is_called_as_it_lies_that_way() -> None:
    roads = network([(0, 1, 786.0, [NODES[0], NODES[1]])])
    told = '[[0, "N1", null], [286.5, null, "Quay"]]'
    roads = roads.with_columns(edges={ROAD_PARTS: Coded.of([told]), "reversed": np.array([False])})
    both = both_ways(roads)
    assert read_stretches(both.edge(ROAD_PARTS)[1]) == [
        Stretch(0, None, "Quay"),
        Stretch(499.5, "N1", None),
    ]
    assert both.edge(ROAD_PARTS)[0] == told
    assert both.edge("reversed").tolist() == [False, True]
    assert (both.u.tolist(), both.v.tolist()) == ([0, 1], [1, 0])
    twice = both_ways(replace(both, u=both.v, v=both.u))
    assert twice.edge_count == 2  # each has its other direction


def test_roads_without_parts_stay_so_from_their_other_end() -> None:
    lines = [(0, 1, 786.0, [NODES[0], NODES[1]]), (1, 2, 900.0, [NODES[1], NODES[2]])]
    told = '[[0, "N1", null, "track", null, null], [286.5, "N1", null, "track", null, "no"]]'
    roads = network(lines).with_columns(edges={ROAD_PARTS: Coded.of([told, None])})
    home = both_ways(roads).edge(ROAD_PARTS)[2:].tolist()
    assert [[part.access for part in read_stretches(cell)] for cell in home] == [["no", None], []]


def test_what_other_readers_make_of_a_cell_is_read_too() -> None:
    cell = [[0, "N1", "Quay"], [12.5, "N2", "Pier"]]
    assert [part.name for part in read_stretches(cell)] == ["Quay", "Pier"]
    assert read_stretches([["Quay"], ["Pier"]]) == read_stretches('[[0, ["N1"], null]]') == []


def test_a_part_of_a_line_of_no_length_is_the_line() -> None:
    roads = network([(0, 0, 5.0, [NODES[0], NODES[0]])])
    assert piece(roads, 0, 0.25, 0.5).tolist() == [list(NODES[0]), list(NODES[0])]


def test_the_same_points_in_another_order_are_another_road() -> None:
    there = [NODES[0], NODES[0], INNER[1], NODES[0], NODES[1]]
    other = [NODES[0], INNER[1], NODES[0], NODES[0], NODES[1]]
    roads = network([(0, 1, 99.0, there), (0, 1, 99.0, other), (1, 0, 99.0, there[::-1])])
    one, another, back = road_numbers(roads, np.arange(3))[0].tolist()
    assert one == back != another
