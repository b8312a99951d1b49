"""What the removal of a road leaves: nothing that only the road explains."""

import itertools
import json
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from roxham.geo import DataError, Roads, cut_at_border, load_border
from roxham.geo.columns import Coded
from roxham.geo.crossings.merge import merged_at, passed_through
from roxham.geo.readers.read import read_roads
from roxham.layers import load_ports

from .test_find import FENCE, Streets, ports

WALL = {"line": [(0.7, 49.95), (0.7, 50.05)], "name": "Hush Alley", "osmid": 9}
GATE = {"line": [(0.3, 49.9), (0.3, 50.1)], "osmid": 1, "name": "Gate"}
PORT = ports({"port_id": "gate", "lon": 0.3, "lat": 50.0})


def beside(y: float, *at: float, **given: Any) -> list[dict[str, Any]]:
    """Return a street from west to east, in pieces between some longitudes."""
    ends = [*itertools.pairwise(at)]
    return [{"line": [(a, y), (b, y)], "osmid": 2, "name": "Long", **given} for a, b in ends]


def cut(roads: Roads) -> Roads:
    return cut_at_border(roads, FENCE, ports=PORT, by="A. Desk")


@pytest.mark.parametrize("given", [{}, {"oneway": True}])
def test_a_junction_that_is_none_any_more_leaves_no_node(
    given: dict[str, Any], street_network: Streets
) -> None:
    def streets(*at: float) -> list[dict[str, Any]]:
        return [GATE, *beside(49.95, *at, **given), *beside(50.05, *at, **given)]

    with_wall = cut(street_network(*streets(0.35, 0.7, 1.1), WALL))
    without = cut(street_network(*streets(0.35, 1.1)))
    assert with_wall.meta["border"]["unlisted"] == 1
    one, other = (
        pd.DataFrame(told.edge_data()).drop(columns="length_m", errors="ignore")
        for told in (with_wall, without)
    )
    pd.testing.assert_frame_equal(one, other)
    assert with_wall.length_m == pytest.approx(without.length_m, rel=1e-5)
    pd.testing.assert_frame_equal(pd.DataFrame(with_wall.nodes), pd.DataFrame(without.nodes))
    # along its course the line keeps the bend where the junction stood, as any line has bends
    assert [len(line.coords) for line in with_wall.lines].count(3) == (2 if given else 4)


def test_a_network_that_was_never_simplified_keeps_its_nodes(street_network: Streets) -> None:
    steps = np.linspace(0.35, 1.1, 16).tolist()
    streets = [GATE, *beside(49.95, *steps), *beside(50.05, *steps)]
    wall = {**WALL, "line": [(steps[7], 49.95), (steps[7], 50.05)]}
    assert (
        cut(street_network(*streets, wall)).node_count == cut(street_network(*streets)).node_count
    )


def test_what_is_no_network_is_not_cut() -> None:
    with pytest.raises(DataError, match="roads"):
        cut_at_border("roads.osm", FENCE)  # type: ignore[arg-type]


def test_merged_words_are_listed_and_measures_add_up(street_network: Streets) -> None:
    graph = street_network(
        {"line": [(0, 50), (1, 50)], "name": "A", "osmid": 1, "speed_kph": 50.0, "lanes": 1},
        {"line": [(1, 50), (2, 50)], "name": "B", "osmid": 2, "speed_kph": 80.0, "lanes": 1},
        {"line": [(2, 50), (4, 50)], "name": "B", "osmid": 3, "speed_kph": 80.0, "lanes": 1},
    )
    assert passed_through(graph).tolist() == [False, True, True, False]
    joined = merged_at(graph, [1, 2])
    assert (joined.node_count, joined.edge_count) == (2, 2)
    assert joined.edge("name").tolist() == [["A", "B"], ["B", "A"]]
    assert joined.edge("osmid").tolist() == [[1, 2, 3], [3, 2, 1]]
    assert joined.length_m.sum() == pytest.approx(graph.length_m.sum())
    assert joined.edge("speed_kph").tolist() == pytest.approx([72.5, 72.5], abs=0.1)
    assert joined.edge("lanes").tolist() == [1, 1]
    assert joined.lines[0].coords[:] == [(0, 50), (1, 50), (2, 50), (4, 50)]
    first, whole = graph.length_m[0], joined.length_m[1]
    there, back = (
        [from_m_ref_name[:3] for from_m_ref_name in json.loads(cell)]
        for cell in joined.edge("road_parts")
    )
    assert there == [[0, None, "A"], [pytest.approx(first, abs=0.01), None, "B"]]
    assert back == [[0, None, "B"], [pytest.approx(whole - first, abs=0.01), None, "A"]]


def test_a_word_stands_where_a_road_beside_it_has_none(street_network: Streets) -> None:
    roads = street_network(
        {"line": [(0, 51), (1, 51)], "oneway": True, "name": "A"},
        {"line": [(0, 50), (1, 50)], "oneway": True},
        {"line": [(1, 50), (2, 50)], "oneway": True, "name": "B"},
    )
    joined = merged_at(roads, np.flatnonzero(passed_through(roads)))
    assert joined.edge("name").tolist() == ["A", "B"]
    column = joined.edge_columns["name"]
    assert isinstance(column, Coded)
    assert column.values == ["A", "B"]


def test_a_number_that_is_missing_is_none_in_a_joined_edge(street_network: Streets) -> None:
    roads = street_network(*beside(50, 0, 1, 2, 3, oneway=True))
    roads = roads.with_columns(edges={"ref": np.array([138.0, np.nan, 136.0])})
    joined = merged_at(roads, [1, 2])
    (cell,) = joined.edge("road_parts")
    assert [ref for _, ref, *_ in json.loads(cell)] == ["138.0", None, "136.0"]
    assert joined.edge("ref").tolist() == [[138.0, 136.0]]


def test_where_roads_meet_or_end_nothing_is_merged() -> None:
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    for name, (x, y) in {"a": (0, 0), "b": (1, 0), "c": (2, 0), "d": (1, 1)}.items():
        graph.add_node(name, x=float(x), y=float(y))
    graph.add_edges_from([("a", "b"), ("b", "a"), ("b", "c"), ("b", "b"), ("d", "d"), ("c", "d")])
    roads = Roads.from_networkx(graph)
    assert not passed_through(roads)[[0, 1, 3]].any()
    left = merged_at(roads, range(4))
    assert sorted(left.node_id) == ["a", "b", "d"]


@pytest.mark.shared
@pytest.mark.parametrize("pattern", ["*.osm.pbf", "*.osm", "overpass_*.json.gz"])
def test_no_real_network_tells_what_was_removed(pattern: str, shared: Path, tmp_path: Path) -> None:
    for file in sorted(shared.glob(pattern)):
        roads = read_roads(file)
        told = cut_at_border(roads, load_border(), ports=load_ports().rows)
        plain = [_unexplained(network) for network in (roads, told)]
        assert plain[1] <= plain[0], file.name
        assert not (np.bincount(np.concatenate([told.u, told.v])) == 0).any()


def _unexplained(roads: Roads) -> set[Any]:
    """Return the nodes that one road passes, but barriers and documented places."""
    plain = passed_through(roads)
    for name in ("barrier", "crossing_id"):
        if name in roads.node_columns:
            plain &= pd.isna(roads.node(name))
    return set(roads.node_id[plain].tolist())


def test_where_a_ferry_begins_a_node_stays(street_network: Streets) -> None:
    road, ferry = beside(49.95, 0.35, 0.7), beside(49.95, 0.7, 1.1, route="ferry")
    told = cut(street_network(GATE, *road, *ferry, WALL))
    assert "0.7 49.95" in told.node_id.tolist()
    assert sorted(told.edges["route"].dropna()) == ["ferry", "ferry"]
