"""Networks as columns, frames and graphs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import osmnx
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra
from shapely import LineString, Point

from roxham.geo import DataError, Roads, read_roads
from roxham.geo.columns import Coded, Ragged, column, concat, decode
from roxham.geo.geometry.distance import great_circle_m, line_lengths_m
from roxham.geo.network.roads import bounds_over, require_plain, reversed_lines
from roxham.geo.readers.node_edge_tables import _value

WriteOsm = Callable[..., Path]


def frames(
    edges: list[tuple[Any, Any, int]], **columns: list[Any]
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return frames of nodes 1 to 4, 0.1 degrees apart on the equator, and these edges."""
    nodes = gpd.GeoDataFrame(
        {"x": [0.1, 0.2, 0.3, 0.4], "y": [0.0] * 4},
        index=pd.Index([1, 2, 3, 4], name="osmid"),
        geometry=[Point(i / 10, 0) for i in range(1, 5)],
        crs="EPSG:4326",
    )
    index = pd.MultiIndex.from_tuples(edges, names=["u", "v", "key"])
    straight: list[Any] = [None] * len(edges)
    table = gpd.GeoDataFrame(columns, index=index, geometry=straight, crs="EPSG:4326")
    return nodes, table


def attributes(graph: Any) -> Any:
    def plain(data: dict[str, Any]) -> dict[str, Any]:
        return {k: v.wkb if k == "geometry" else v for k, v in data.items()}

    nodes = {n: plain(data) for n, data in graph.nodes(data=True)}
    edges = {(u, v, k): plain(data) for u, v, k, data in graph.edges(keys=True, data=True)}
    return nodes, edges


def test_osmnx_graph_there_and_back_loses_nothing(cross: Path) -> None:
    graph = osmnx.graph_from_xml(cross, retain_all=True)
    graph = osmnx.add_edge_travel_times(osmnx.add_edge_speeds(graph))
    node, edge = next(iter(graph.nodes)), next(iter(graph.edges))
    graph.nodes[node].update(note="kept", weights=[1, 2.5], flag=True, big=2**53 + 1)
    graph.edges[edge].update(flag=False, count=3, nested=[["a"], {"b": 1}], empty="")
    again = Roads.from_networkx(graph).to_networkx()
    assert attributes(again) == attributes(graph)
    assert list(again.edges) == list(graph.edges)
    assert again.graph["simplified"] is True
    types = {type(v) for data in dict(again.nodes(data=True)).values() for v in data.values()}
    assert not any(issubclass(kind, np.generic) for kind in types)
    osmnx.graph_to_gdfs(again)


def test_a_graph_of_ours_is_projected_whole() -> None:
    nodes, edges = frames([(1, 2, 0)])
    edges.geometry = [LineString([(0.1, 0), (0.15, 0.05), (0.2, 0)])]
    graph = Roads.from_frames(nodes, edges).to_networkx()
    assert graph.graph["simplified"] is True  # OSMnx before 2.1.1 projects no lines without it
    flat = osmnx.project_graph(graph, to_crs="EPSG:32631")
    assert flat.edges[1, 2, 0]["geometry"].length == pytest.approx(15_700, abs=50)


def test_straight_geometry_that_is_given_is_given_back() -> None:
    graph: Any = nx.MultiDiGraph(crs="EPSG:4326")
    graph.add_node("a", x=0.0, y=0.0)
    graph.add_node("b", x=1.0, y=0.0)
    graph.add_edge("a", "b", length=5.0, geometry=LineString([(0, 0), (1, 0)]))
    graph.add_edge("b", "a", length=5.0)
    roads = Roads.from_networkx(graph)
    assert roads.node_id.tolist() == ["a", "b"]
    assert attributes(roads.to_networkx()) == attributes(graph)


def test_our_network_to_networkx_and_back(cross: Path) -> None:
    roads = read_roads(cross)
    again = Roads.from_networkx(roads.to_networkx())
    expected, found = roads.edges.sort_index(), again.edges.sort_index()
    pd.testing.assert_frame_equal(found[expected.columns], expected, check_dtype=False)
    pd.testing.assert_frame_equal(
        again.nodes[roads.nodes.columns].sort_index(), roads.nodes.sort_index(), check_dtype=False
    )
    assert again.meta["set_aside"] == roads.meta["set_aside"]


def test_frames_are_osmnx_convention(cross: Path) -> None:
    roads = read_roads(cross)
    assert roads.nodes.index.name == "osmid"
    assert list(roads.edges.index.names) == ["u", "v", "key"]
    assert roads.edges.columns[:5].tolist() == ["osmid", "highway", "name", "oneway", "reversed"]
    assert {"length", "length_m", "geometry"} <= set(roads.edges.columns)
    assert roads.edges.crs == roads.nodes.crs == "EPSG:4326"
    graph = osmnx.graph_from_gdfs(roads.nodes, roads.edges)
    assert len(graph.edges) == roads.edge_count
    assert Roads.from_frames(roads.nodes, roads.edges).edges.equals(roads.edges)


def test_numbers_of_roads_are_words_also_where_one_is_missing() -> None:
    roads = Roads.from_frames(*frames([(1, 2, 0), (2, 3, 0)], ref=[138.0, np.nan], name=[12.5, 1]))
    assert roads.edge("ref").tolist() == ["138", None]
    assert roads.edge("name").tolist() == ["12.5", "1"]


def test_frames_are_not_changed() -> None:
    nodes, edges = frames([(1, 2, 0)])
    before = nodes.copy(), edges.copy()
    Roads.from_frames(nodes, edges)
    assert nodes.equals(before[0])
    assert edges.equals(before[1])


def test_parallel_edges_count_by_the_lightest_and_zero_is_a_weight() -> None:
    roads = Roads.from_frames(
        *frames([(1, 2, 0), (1, 2, 1), (2, 3, 0), (3, 4, 0)], cost=[5.0, 3.0, 0.0, 2.0])
    )
    matrix, edge = roads.csr("cost")
    assert dijkstra(matrix, indices=[0])[0].tolist() == pytest.approx([0, 3, 3, 5])
    assert edge.tolist() == [1, 2, 3]
    assert matrix.nnz == 3
    assert matrix.data.min() > 0


def test_closed_edges_and_infinite_weights_are_left_out() -> None:
    roads = Roads.from_frames(*frames([(1, 2, 0), (1, 2, 1), (2, 3, 0)], cost=[1.0, 9.0, np.inf]))
    matrix, _ = roads.csr("cost", open_edges=np.array([False, True, True]))
    assert dijkstra(matrix, indices=[0])[0].tolist() == [0, 9, np.inf, np.inf]


@pytest.mark.parametrize("bad", [np.nan, -1.0])
def test_null_and_negative_weights_are_refused(bad: float) -> None:
    roads = Roads.from_frames(*frames([(1, 2, 0)], cost=[bad]))
    with pytest.raises(DataError, match="null or negative"):
        roads.csr("cost")
    assert roads.csr("cost", open_edges=np.array([False])).matrix.nnz == 0


@pytest.mark.parametrize("name", ["color", "names"])
def test_unknown_or_textual_weight_is_refused(name: str) -> None:
    roads = Roads.from_frames(*frames([(1, 2, 0)], names=["a"]))
    with pytest.raises(DataError, match=r"no column|not numeric"):
        roads.csr(name)


def test_csr_is_networkx_on_the_real_network(shared: Path) -> None:
    roads = read_roads(shared / "osm_roxham_10km.osm")
    reached = dijkstra(roads.csr("travel_time_s").matrix, indices=[0])[0]
    start = roads.node_id[0]
    expected = nx.single_source_dijkstra_path_length(
        roads.to_networkx(), start, weight="travel_time_s"
    )
    for node, time in zip(roads.node_id.tolist(), reached, strict=True):
        assert time == pytest.approx(expected.get(node, np.inf))


def test_taking_edges_keeps_lines_and_drops_unused_nodes(cross: Path) -> None:
    roads = read_roads(cross)
    rows = np.flatnonzero(roads.edge("oneway").astype(bool))
    taken = roads.take_edges(rows)
    assert taken.node_id.tolist() == [1, 4]
    expected = roads.edges.iloc[rows]
    assert taken.edges.index.equals(expected.index)
    for name, values in expected.drop(columns="geometry").items():
        assert taken.edges[name].dropna().tolist() == values.dropna().tolist()
    assert taken.lines.tolist() == expected.geometry.tolist()
    assert roads.take_edges(rows, drop_nodes=False).node_count == roads.node_count


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda n, e: (n.set_crs(None, allow_override=True), e), "no coordinate reference system"),
        (lambda n, e: (n, e.set_crs("EPSG:32618", allow_override=True)), "EPSG:32618, expected"),
        (lambda n, e: (pd.concat([n, n]), e), "stand twice"),
        (lambda n, e: (n.drop(index=2), e), "not a node"),
        (lambda n, e: (n, pd.concat([e, e])), "u, v, key of another"),
        (lambda n, e: (n.assign(x=[0.1, np.nan, 0.3, 0.4]), e), "lon nan"),
        (lambda n, e: (n.assign(y=[0.0, 0.0, 0.0, 99.0]), e), "lat 99.0"),
        (lambda n, e: (n, e.set_geometry([LineString([(0.2, 0), (0.1, 0)])])), "do not run from"),
        (lambda n, e: (n, e.set_geometry([LineString([(0.1, 0), (0.3, 0)])])), "do not run from"),
        (lambda n, e: (n, e.set_geometry([Point(0, 0)])), "are no lines"),
        (lambda n, e: (n, e.reset_index(drop=True)), "no u and no v"),
        (lambda n, e: (n.set_axis([1, "b", 3, 4]), e), "all integers or all text"),
    ],
)
def test_frames_that_are_no_network_are_refused(
    change: Callable[[Any, Any], tuple[Any, Any]], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        Roads.from_frames(*change(*frames([(1, 2, 0)])))


def test_all_faults_come_at_once() -> None:
    nodes, edges = frames([(1, 2, 0), (1, 9, 0)])
    with pytest.raises(DataError) as caught:
        Roads.from_frames(nodes.assign(x=[0.1, 0.2, 999.0, 888.0]), edges)
    assert len(caught.value.faults) == 3


@pytest.mark.parametrize(
    ("graph", "message"),
    [
        (nx.MultiDiGraph(), "crs is None"),
        (nx.MultiDiGraph(crs="EPSG:32618"), "crs is EPSG:32618"),
        (nx.MultiDiGraph([(1, 2)], crs="EPSG:4326"), "2 nodes have no x"),
    ],
)
def test_graphs_that_are_no_network_are_refused(graph: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        Roads.from_networkx(graph)


def test_empty_network_is_a_network() -> None:
    nodes, edges = frames([(1, 2, 0)])
    roads = Roads.from_frames(nodes, edges).take_edges(np.array([], dtype=int))
    assert (roads.node_count, roads.edge_count) == (0, 0)
    assert roads.report().rows()[0] == ("nodes", "0")
    assert roads.csr().matrix.shape == (0, 0)
    assert len(roads.edges) == len(roads.nodes) == 0
    with pytest.raises(DataError, match="empty"):
        _ = roads.bounds


def test_components_are_kept_and_counted(write_osm: WriteOsm) -> None:
    points = {i: (i / 100, 50.0) for i in range(1, 8)}
    ways = [(1, [1, 2], {"highway": "primary"}), (2, [3, 4, 5], {"highway": "primary"}),
            (3, [4, 6], {"highway": "primary"})]  # fmt: skip
    report = read_roads(write_osm(points, ways)).report()
    assert report.component_nodes == (4, 2)
    assert report.largest_share == pytest.approx(4 / 6)
    assert dict(report.rows())["components"] == "2"


def test_street_length_counts_both_directions_once(cross: Path) -> None:
    roads = read_roads(cross)
    one_way = roads.edge("oneway").astype(bool)
    expected = roads.length_m[one_way].sum() + roads.length_m[~one_way].sum() / 2
    assert roads.report().street_km == pytest.approx(expected / 1000)


LINES = st.lists(
    st.lists(st.tuples(st.floats(-179, 179), st.floats(-89, 89)), min_size=2, max_size=5),
    max_size=5,
)


@given(lines=LINES)
def test_line_lengths_and_turned_lines(lines: list[list[tuple[float, float]]]) -> None:
    coords = np.array([p for line in lines for p in line], dtype=float).reshape(-1, 2)
    offsets = np.cumsum([0, *map(len, lines)]).astype(np.int64)
    lengths = line_lengths_m(coords, offsets)
    for line, length in zip(lines, lengths, strict=True):
        x, y = np.array(line).T
        assert length == pytest.approx(great_circle_m(x[:-1], y[:-1], x[1:], y[1:]).sum(), abs=1e-6)
    turned = reversed_lines(coords, offsets)
    for i, line in enumerate(lines):
        assert turned[offsets[i] : offsets[i + 1]].tolist() == [list(p) for p in line[::-1]]


VALUES = st.lists(
    st.none() | st.text(max_size=3) | st.booleans() | st.integers(-5, 5)
    | st.lists(st.text(max_size=2), min_size=1, max_size=3),
    max_size=8,
)  # fmt: skip


@given(first=VALUES, second=VALUES)
def test_coded_columns_give_back_what_they_were_given(first: list[Any], second: list[Any]) -> None:
    coded = Coded.of(first)
    found = coded.decode().tolist()
    assert found == first
    assert list(map(type, found)) == list(map(type, first))
    both = concat(coded, Coded.of(second))
    assert decode(both).tolist() == first + second


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (np.array(2.0), 2.0),
        (np.array("a"), "a"),
        ({"b", "a"}, ["a", "b"]),
        (frozenset({"a", 2, 1}), [1, 2, "a"]),
        (np.array([2, 1]), [2, 1]),
    ],
)
def test_values_of_numpy_and_sets_are_plain(given: Any, told: Any) -> None:
    assert Coded.of([given, None]).decode().tolist() == [told, None]


def test_lists_of_what_json_does_not_know_are_values_as_any() -> None:
    lists: list[Any] = [[b"a"], [1], [1.0], [b"a"], [True], [{"a": ...}]]
    coded = Coded.of(lists)
    assert coded.codes.tolist() == [0, 1, 2, 0, 3, 4]
    assert coded.decode().tolist() == lists
    texts = ("[b'a']", "[...]", "[1j]", "[{(1,): 2}]", "[1, 2]", "['a', True]")
    assert [_value(text, whole=False) for text in texts] == [*texts[:4], [1, 2], ["a", True]]


def test_ragged_column() -> None:
    ragged = Ragged(np.array([0, 1, 3, 3]), np.array([7, 8, 9]))
    assert ragged.decode().tolist() == [7, [8, 9], None]
    assert ragged.take(np.array([2, 1])).decode().tolist() == [None, [8, 9]]
    assert decode(concat(ragged, ragged)).tolist() == [7, [8, 9], None] * 2


def test_nulls_stay_null_and_are_never_zero() -> None:
    assert np.isnan(decode(column(pd.Series([1, None])))[1])
    assert np.isnan(decode(column(pd.Series([1, pd.NA], dtype="Int64")))[1])
    assert decode(column(pd.Series([True, None]))).tolist() == [True, None]


@pytest.mark.parametrize("kind", [nx.MultiGraph, nx.DiGraph, nx.Graph])
def test_graphs_without_direction_are_no_networks(kind: Any) -> None:
    graph = kind(crs="EPSG:4326")
    graph.add_edge(1, 2)
    for node in graph:
        graph.nodes[node].update(x=float(node), y=0.0)
    with pytest.raises(DataError, match=r"graph: .*Give networkx\.MultiDiGraph\(graph\)"):
        Roads.from_networkx(graph)
    assert Roads.from_networkx(nx.MultiDiGraph(graph)).edge_count >= 1


def over_180() -> Roads:
    """Return a network of one road over 180°, both of whose nodes lie near it."""
    ends = {1: (179.5, -17.0), 2: (-179.0, -16.0)}
    nodes = gpd.GeoDataFrame(index=[1, 2], geometry=[Point(xy) for xy in ends.values()], crs=4326)
    line = LineString(ends.values())
    return Roads.from_frames(
        nodes, gpd.GeoDataFrame({"u": [1], "v": [2]}, geometry=[line], crs=4326)
    )


def test_a_network_over_180_begins_in_the_east_and_is_cut_by_nobody() -> None:
    roads = over_180()
    assert bounds_over(roads) == (179.5, -17.0, -179.0, -16.0)
    with pytest.raises(DataError, match=r"as if over the antimeridian. Cut the network at 180°"):
        require_plain(roads)
    lost = replace(roads, coords=roads.coords * np.nan)
    with pytest.raises(DataError, match=r"coordinates that are not numbers. Repair"):
        require_plain(lost)
    plain = replace(roads, coords=np.abs(roads.coords), x=np.abs(roads.x))
    require_plain(plain)
    assert bounds_over(plain) == plain.bounds


def test_attributes_of_nodes_are_asked_by_name(cross: Path) -> None:
    roads = read_roads(cross)
    assert roads.node("x").tolist() == roads.x.tolist()
    assert roads.node("y").tolist() == roads.y.tolist()
    with pytest.raises(DataError, match=r"nodes have no column colour. There are: x, y"):
        roads.node("colour")


def test_metadata_is_added_to_a_network_of_its_own(cross: Path) -> None:
    roads = read_roads(cross)
    known = roads.edges
    renamed = roads.with_columns(meta={"source": "a survey"})
    assert (renamed.meta["source"], roads.meta["source"]) == ("a survey", cross.name)
    assert renamed.meta["modes"] == roads.meta["modes"]
    whole = replace(roads, meta=renamed.meta)  # made and looked at anew
    assert vars(renamed).keys() == vars(whole).keys()
    assert all(vars(renamed)[name] is vars(whole)[name] for name in vars(whole))
    pd.testing.assert_frame_equal(renamed.edges, known)
    assert renamed.edges is not known  # a frame may be written into
    with pytest.raises(DataError, match="meta"):
        roads.with_columns(meta="a survey")  # type: ignore[arg-type]
