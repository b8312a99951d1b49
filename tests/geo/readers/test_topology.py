"""The network's topology: by hand, and against OSMnx."""

from __future__ import annotations

import tempfile
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import osmnx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from roxham.geo import Roads, read_roads

WriteOsm = Callable[..., Path]
OsmText = Callable[..., str]

ROW = {i: (-73.5 + i / 1000, 45.0) for i in range(1, 10)}
"""Nine points on a line, 78.6 m apart."""

STEP_M = 78.626


def edges_of(roads: Roads) -> list[tuple[int, int, int]]:
    """Return each edge as ``(u, v, steps)``, sorted."""
    ends = zip(roads.node_id[roads.u], roads.node_id[roads.v], roads.length_m, strict=True)
    return sorted((int(u), int(v), round(length / STEP_M)) for u, v, length in ends)


def osmnx_graph(path: Path, *, barriers: bool = False) -> Any:
    """Return OSMnx's graph of the file; barrier nodes kept if asked for."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tags = [*osmnx.settings.useful_tags_node, "barrier"]
        patch.setattr(osmnx.settings, "useful_tags_node", tags)
        graph = osmnx.graph_from_xml(path, simplify=False, retain_all=True)
        return osmnx.simplify_graph(graph, node_attrs_include=["barrier"] if barriers else None)


def signature(value: Any) -> tuple[str, ...]:
    """Return a value, or a list's values in any order, as text."""
    if isinstance(value, list):
        return tuple(sorted(map(str, value)))
    return () if value is None or value != value else (str(value),)


COLUMNS = ("osmid", "highway", "name", "oneway", "reversed", "maxspeed")


def assert_same_as_osmnx(roads: Roads, graph: Any) -> None:
    """Compare nodes, and for each pair of nodes the edges' lengths, lines and attributes."""
    touched = {n for n in graph if graph.degree(n)}
    ours = set(roads.node_id.tolist())
    assert touched <= ours
    assert ours <= set(graph.nodes)
    theirs: Counter[Any] = Counter()
    for u, v, data in graph.edges(data=True):
        line = data.get("geometry")
        points = [(graph.nodes[n]["x"], graph.nodes[n]["y"]) for n in (u, v)]
        coords = tuple(line.coords) if line is not None else tuple(points)
        tags = tuple(signature(data.get(name)) for name in COLUMNS)
        theirs[u, v, round(data["length"], 4), coords, tags] += 1
    mine: Counter[Any] = Counter()
    for row in roads.edges.reset_index().to_dict("records"):
        tags = tuple(signature(row.get(name)) for name in COLUMNS)
        coords = tuple(row["geometry"].coords)
        mine[row["u"], row["v"], round(row["length"], 4), coords, tags] += 1
    assert mine == theirs


def test_two_way_street_is_one_edge_each_way(write_osm: WriteOsm) -> None:
    roads = read_roads(write_osm(ROW, [(1, [1, 2, 3], {"highway": "primary"})]))
    assert edges_of(roads) == [(1, 3, 2), (3, 1, 2)]
    assert roads.edges["reversed"].to_dict() == {(1, 3, 0): False, (3, 1, 0): True}
    assert roads.edge("oneway").tolist() == [False, False]
    assert roads.length_m == pytest.approx([2 * STEP_M] * 2, rel=1e-4)


@pytest.mark.parametrize("oneway", ["yes", "true", "1", "F"])
def test_one_way_street_runs_with_its_nodes(write_osm: WriteOsm, oneway: str) -> None:
    way = (1, [1, 2, 3], {"highway": "primary", "oneway": oneway})
    assert edges_of(read_roads(write_osm(ROW, [way]))) == [(1, 3, 2)]


@pytest.mark.parametrize("oneway", ["-1", "reverse", "T"])
def test_one_way_street_runs_against_its_nodes(write_osm: WriteOsm, oneway: str) -> None:
    way = (1, [1, 2, 3], {"highway": "primary", "oneway": oneway})
    assert edges_of(read_roads(write_osm(ROW, [way]))) == [(3, 1, 2)]


def test_roundabout_is_one_way_and_a_walk_is_not(write_osm: WriteOsm) -> None:
    ways = [(1, [1, 2, 3, 4, 1], {"highway": "primary", "junction": "roundabout"}),
            (2, [3, 5], {"highway": "primary"}), (3, [1, 6], {"highway": "primary"})]  # fmt: skip
    path = write_osm(ROW, ways)
    ring = [edge for edge in edges_of(read_roads(path)) if {edge[0], edge[1]} <= {1, 3}]
    assert [(u, v) for u, v, _ in ring] == [(1, 3), (3, 1)]
    afoot = [edge for edge in edges_of(read_roads(path, modes="walk")) if set(edge[:2]) <= {1, 3}]
    assert len(afoot) == 4


def test_a_street_that_turns_one_way_has_a_node_there(write_osm: WriteOsm) -> None:
    ways = [(1, [1, 2, 3], {"highway": "primary"}),
            (2, [3, 4, 5], {"highway": "primary", "oneway": "yes"})]  # fmt: skip
    assert edges_of(read_roads(write_osm(ROW, ways))) == [(1, 3, 2), (3, 1, 2), (3, 5, 2)]


def test_merged_ways_keep_their_values_in_the_order_of_the_road(write_osm: WriteOsm) -> None:
    ways = [(9, [1, 2], {"highway": "primary", "name": "B"}), (3, [2, 3], {"highway": "primary"}),
            (7, [3, 4], {"highway": "primary", "name": "A"})]  # fmt: skip
    edges = read_roads(write_osm(ROW, ways)).edges
    assert edges["osmid"].to_dict() == {(1, 4, 0): [9, 3, 7], (4, 1, 0): [7, 3, 9]}
    assert edges["name"].to_dict() == {(1, 4, 0): ["B", "A"], (4, 1, 0): ["A", "B"]}
    assert set(edges["highway"]) == {"primary"}


def test_barrier_node_stays_and_keeps_its_tags(write_osm: WriteOsm) -> None:
    way = (1, [1, 2, 3], {"highway": "primary"})
    tags = {2: {"barrier": "lift_gate", "access": "no"}, 3: {"noexit": "yes"}}
    roads = read_roads(write_osm(ROW, [way], node_tags=tags))
    assert edges_of(roads) == [(1, 2, 1), (2, 1, 1), (2, 3, 1), (3, 2, 1)]
    assert roads.nodes["barrier"].dropna().to_dict() == {2: "lift_gate"}
    assert roads.nodes["access"].dropna().to_dict() == {2: "no"}
    assert roads.nodes["noexit"].dropna().to_dict() == {3: "yes"}


def test_isolated_ring_is_left_out_and_counted(write_osm: WriteOsm) -> None:
    ways = [(1, [1, 2, 3, 1], {"highway": "primary"}), (2, [5, 6], {"highway": "primary"})]
    roads = read_roads(write_osm(ROW, ways))
    assert edges_of(roads) == [(5, 6, 1), (6, 5, 1)]
    assert roads.report().rings == 1


def test_ring_that_is_left_by_merging_streets_drawn_twice(write_osm: WriteOsm) -> None:
    one_way = {"highway": "primary", "oneway": "yes"}
    ways = [(1, [1, 5, 2, 3, 6, 4, 1], one_way), (2, [1, 5, 2], one_way),
            (3, [3, 6, 4], one_way), (4, [7, 8], {"highway": "primary"})]  # fmt: skip
    path = write_osm(ROW, ways)
    roads = read_roads(path)
    assert edges_of(roads) == [(7, 8, 1), (8, 7, 1)]
    assert roads.report().rings == 1
    assert_same_as_osmnx(roads, osmnx_graph(path))


def test_loop_at_a_junction_stays_in_both_directions(write_osm: WriteOsm) -> None:
    ways = [(1, [1, 2, 3, 1], {"highway": "primary"}), (2, [1, 5], {"highway": "primary"})]
    roads = read_roads(write_osm(ROW, ways))
    loops = roads.u == roads.v
    assert loops.sum() == 2
    assert sorted(roads.key[loops].tolist()) == [0, 1]
    assert roads.nodes.loc[1, "street_count"] == 3


def test_way_with_missing_nodes_is_cut_there_and_reported(write_osm: WriteOsm) -> None:
    ways = [(4, [1, 2, 99, 3, 4], {"highway": "primary"})]
    roads = read_roads(write_osm(ROW, ways))
    assert edges_of(roads) == [(1, 2, 1), (2, 1, 1), (3, 4, 1), (4, 3, 1)]
    aside = roads.meta["set_aside"]
    assert [(row["element"], row["osmid"]) for row in aside] == [("way", 4)]
    assert "1 of its 5 nodes" in aside[0]["problem"]
    assert roads.report().set_aside == {"way": 1}


def test_ways_of_one_node_or_none_are_reported(write_osm: WriteOsm) -> None:
    ways = [(1, [1], {"highway": "primary"}), (2, [], {"highway": "primary"}),
            (3, [1, 1, 2], {"highway": "primary"})]  # fmt: skip
    roads = read_roads(write_osm(ROW, ways))
    assert edges_of(roads) == [(1, 2, 1), (2, 1, 1)]
    assert [row["osmid"] for row in roads.meta["set_aside"]] == [1, 2]


def test_duplicate_ids_the_last_counts_and_conflicts_are_reported(
    tmp_path: Path, osm_text: OsmText
) -> None:
    text = osm_text(
        ROW, [(1, [1, 2], {"highway": "primary"}), (1, [1, 2, 3], {"highway": "primary"}),
              (2, [4, 5], {"highway": "primary"}), (2, [4, 5], {"highway": "primary"})],
    )  # fmt: skip
    again = '<node id="5" lat="45.5" lon="-73.5"/><node id="1" lat="45.0" lon="-73.499"/>'
    path = tmp_path / "roads.osm"
    path.write_text(text.replace("<way", again + "<way", 1))
    roads = read_roads(path)
    pairs = {(u, v) for u, v, _ in edges_of(roads)}
    assert pairs == {(1, 3), (3, 1), (4, 5), (5, 4)}
    assert roads.nodes.loc[5, "y"] == 45.5
    said = [(row["element"], row["osmid"]) for row in roads.meta["set_aside"]]
    assert said == [("node", 5), ("way", 1)]
    assert_same_as_osmnx(roads, osmnx_graph(path))


@pytest.mark.parametrize("lat", ["nan", "inf", "90.5", "-91"])
def test_impossible_coordinates_are_set_aside(tmp_path: Path, osm_text: OsmText, lat: str) -> None:
    text = osm_text(ROW, [(1, [1, 2, 3, 4, 5], {"highway": "primary"})])
    path = tmp_path / "roads.osm"
    path.write_text(text.replace('id="3" lat="45.0"', f'id="3" lat="{lat}"'))
    roads = read_roads(path)
    assert edges_of(roads) == [(1, 2, 1), (2, 1, 1), (4, 5, 1), (5, 4, 1)]
    assert [row["element"] for row in roads.meta["set_aside"]] == ["node", "way"]


ONEWAY = st.sampled_from(["", "", "yes", "-1", "no"])
WAYS = st.lists(
    st.tuples(
        st.lists(st.integers(1, 7), min_size=2, max_size=6),
        ONEWAY,
        st.sampled_from(["primary", "tertiary"]),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=60, deadline=None)
@example(ways=[([1, 3, 2], "yes", "primary"), ([1, 3, 1, 2], "yes", "primary")])
@given(ways=WAYS)
def test_any_tangle_of_ways_is_as_osmnx_has_it(
    osm_text: OsmText, ways: list[tuple[list[int], str, str]]
) -> None:
    points = {1: (0.0, 0.0), 2: (0.01, 0.0), 3: (0.012, 0.01), 4: (0.0, 0.013),
              5: (-0.01, 0.004), 6: (-0.007, -0.009), 7: (0.005, -0.011)}  # fmt: skip
    made = []
    for number, (refs, oneway, highway) in enumerate(ways):
        tags = {"highway": highway, "name": f"way {number}"} | (
            {"oneway": oneway} if oneway else {}
        )
        made.append((number + 1, refs, tags))
    if not any(len(set(refs)) > 1 for _, refs, _ in made):
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roads.osm"
        path.write_text(osm_text(points, made))
        graph = osmnx_graph(path)
        if not graph.number_of_edges():
            return
        assert_same_as_osmnx(read_roads(path), graph)


def test_real_file_is_as_osmnx_has_it(shared: Path) -> None:
    path = shared / "osm_roxham_10km.osm"
    roads = read_roads(path)
    assert_same_as_osmnx(roads, osmnx_graph(path, barriers=True))
    plain = osmnx_graph(path)
    kept = set(roads.node_id.tolist()) - set(plain.nodes)
    barriers = roads.nodes.loc[sorted(kept), "barrier"]
    assert barriers.notna().all(), "only barrier nodes are kept beyond OSMnx's"


def test_street_counts_are_osmnx_counts(shared: Path) -> None:
    roads = read_roads(shared / "osm_roxham_10km.osm")
    counts = osmnx.stats.count_streets_per_node(roads.to_networkx())
    assert roads.nodes["street_count"].to_dict() == counts


def test_pbf_is_read_as_pyosmium_reads_it(shared: Path) -> None:
    osmium = pytest.importorskip("osmium")
    path = shared / "osm_roxham_core.osm.pbf"
    roads = read_roads(path)
    places, ways = {}, {}
    for thing in osmium.FileProcessor(str(path)):
        if thing.is_node():
            places[thing.id] = (thing.location.lon, thing.location.lat)
        elif thing.is_way():
            ways[thing.id] = [node.ref for node in thing.nodes]
    positions = zip(roads.x.tolist(), roads.y.tolist(), strict=True)
    assert dict(zip(roads.node_id.tolist(), positions, strict=True)).items() <= places.items()
    total = 0.0
    for refs in ways.values():
        lon, lat = np.array([places[ref] for ref in refs]).T
        total += float(osmnx.distance.great_circle(lat[:-1], lon[:-1], lat[1:], lon[1:]).sum())
    assert roads.report().street_km == pytest.approx(total / 1000, rel=1e-3)
