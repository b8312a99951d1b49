"""Frames of nodes and edges whose cells are not what their columns mean: told, with the column."""

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

from roxham.geo import DataError
from roxham.geo.network.convert import (
    nodes_of_ends,
    require_ids,
    roads_from_frames,
    roads_from_networkx,
)


def built(edges: dict[str, Any], nodes: dict[str, Any]) -> Any:
    """Build a network of one road from a to b, with these columns."""
    places = {"x": [-73.5, -73.5], "y": [45.0, 45.01]} | nodes
    ends = {"u": [1], "v": [2], "key": [0]} | edges
    nowhere: Any = [None]
    return roads_from_frames(
        gpd.GeoDataFrame(places, index=[1, 2], geometry=[shapely.Point()] * 2, crs=4326),
        gpd.GeoDataFrame(ends, geometry=nowhere, crs=4326),
    )


def test_numbers_may_be_written_as_text() -> None:
    roads = built({"length": ["12.5"], "key": ["3"]}, {"x": ["-73.5", "-73.5"]})
    assert roads.length_m.tolist() == [12.5]
    assert roads.key.tolist() == [3]


@pytest.mark.parametrize(
    ("edges", "nodes", "problem"),
    [
        ({"length": ["about 5"]}, {}, "column length: about 5 is no number"),
        ({"length": [[1]]}, {}, r"column length: \[1\] is no number"),
        ({"length": pd.Series([10**400], dtype=object)}, {}, "column length: .* is no number"),
        ({"length_m": [-1.0]}, {}, "column length_m: a length is below 0"),
        ({"length_m": [np.inf]}, {}, "column length_m: a length is below 0 or infinite"),
        ({"key": pd.array([None], dtype="Int64")}, {}, "column key: a key is null"),
        ({"key": [0.5]}, {}, "column key: a key is null or no whole number"),
        ({"key": [2**31]}, {}, "column key: a key is null or no whole number"),
        ({"key": ["x"]}, {}, "x is no number"),
        ({"u": [[1]]}, {}, "column u: a list stands where an id should"),
        ({"v": [{}]}, {}, "column v: a list stands where an id should"),
        ({"u": [b"1"]}, {}, "column u: what is neither a number nor a text stands"),
        ({"v": [pd.Timestamp(0)]}, {}, "column v: what is neither a number nor a text stands"),
        ({}, {"x": ["west", "-73.5"]}, "column x: west is no number"),
        ({}, {"y": [[45], 45.01]}, r"column y: \[45\] is no number"),
        ({}, {"y": [None, 45.01]}, "is at lon -73.5, lat nan"),
    ],
)
def test_what_is_no_number_and_no_id_is_told(
    edges: dict[str, Any], nodes: dict[str, Any], problem: str
) -> None:
    with pytest.raises(DataError, match=problem):
        built(edges, nodes)


@pytest.mark.parametrize("ids", [[1, 2**63], [-(2**63) - 1, 2]])
def test_an_id_beyond_64_bits_is_told(ids: list[int]) -> None:
    nodes = gpd.GeoDataFrame({"x": [0, 0], "y": [0, 1]}, index=ids, geometry=[shapely.Point()] * 2)
    edges = gpd.GeoDataFrame({"u": ids[:1], "v": ids[1:]}, geometry=[shapely.LineString()])
    with pytest.raises(DataError, match="node ids must fit 64 bits"):
        roads_from_frames(nodes.set_crs(4326), edges.set_crs(4326))


def test_a_column_that_stands_twice_is_told() -> None:
    frame = pd.DataFrame([[1, 2, 3]], columns=["u", "u", "v"])
    with pytest.raises(DataError, match="column u: two columns have this name"):
        require_ids(frame, ("u", "v"), "edges")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"geometry": [None]}, r"column geometry: \[None\] is no line"),
        ({"geometry": "x"}, "column geometry: x is no line"),
        ({"length": "long"}, "column length: long is no number"),
        ({"length": [1]}, "column length: .* is no number"),
    ],
)
def test_a_graph_whose_values_are_wrong_is_told(changes: dict[str, Any], problem: str) -> None:
    graph: Any = nx.MultiDiGraph(crs="EPSG:4326")
    graph.add_nodes_from([(1, {"x": -73.5, "y": 45.0}), (2, {"x": -73.5, "y": 45.01})])
    graph.add_edge(1, 2, key=0, **changes)
    with pytest.raises(DataError, match=problem):
        roads_from_networkx(graph)


@pytest.mark.parametrize("crs", ["[None]", float("nan"), "nowhere"])
def test_a_graph_of_an_unknown_system_is_told(crs: Any) -> None:
    with pytest.raises(DataError, match=r"graph: its crs is .*, expected EPSG:4326"):
        roads_from_networkx(nx.MultiDiGraph(crs=crs))


WAY = [shapely.LineString([(-73.5, 45), (-73.5, 45.01)])]


def from_shapes(points: Sequence[shapely.Geometry], lines: list[Any], **ends: list[int]) -> Any:
    return roads_from_frames(
        gpd.GeoDataFrame(index=[1, 2], geometry=points, crs=4326),
        gpd.GeoDataFrame({"u": [1], "v": [2]} | ends, geometry=lines, crs=4326),
    )


def test_shapes_that_are_no_nodes_or_lines_of_roads_are_told() -> None:
    points = [shapely.Point(-73.5, 45), shapely.Point(-73.5, 45.01)]
    assert from_shapes(points, WAY).edge_count == 1
    with pytest.raises(DataError, match="no x and y, and their geometries are not all points"):
        from_shapes([points[0], WAY[0]], WAY)
    far = [shapely.Point(-73.5, 45), shapely.Point(-73.5, 95)]
    with pytest.raises(DataError, match=r"a line leaves longitude ±180, latitude ±90|lat 95"):
        from_shapes(far, [None])
    with pytest.raises(DataError, match="a line leaves longitude ±180, latitude ±90"):
        from_shapes(points, [shapely.LineString([(-73.5, 45), (-73.5, 99), (-73.5, 45.01)])])
    bend = shapely.LineString([(-73.5, 45), (-73.5, 45.005), (-73.5, 45.01)])
    lost = shapely.transform(bend, lambda at: np.where(at == 45.005, np.nan, at))
    with pytest.raises(DataError, match="a line has a coordinate that is no number"):
        from_shapes(points, [lost])
    none = from_shapes(points, [], u=[], v=[])
    assert (none.edge_count, none.coords.shape, none.offsets.tolist()) == (0, (0, 2), [0])


def test_of_many_lines_that_miss_their_nodes_some_are_named() -> None:
    names = range(40)
    nodes = gpd.GeoDataFrame(geometry=[shapely.Point(k / 100, 45) for k in names], crs=4326)
    edges = gpd.GeoDataFrame(
        {"u": names[:-1], "v": names[1:]},
        geometry=[shapely.LineString([(k / 100, 46), (k / 100, 47)]) for k in names[:-1]],
        crs=4326,
    )
    with pytest.raises(DataError) as caught:
        roads_from_frames(nodes, edges)
    told = [str(fault) for fault in caught.value.faults]
    assert "39 lines do not run from their u to their v" in told[0]
    assert f"and {39 - (len(told) - 2)} more." in told[-1]


def test_a_column_of_numbers_that_stands_twice_is_told() -> None:
    nodes = pd.DataFrame([[-73.5, 45.0, 1.0], [-73.5, 45.01, 2.0]], columns=["x", "y", "y"])
    with pytest.raises(DataError, match="two columns are called y"):
        roads_from_frames(
            gpd.GeoDataFrame(nodes, index=[1, 2], geometry=[shapely.Point()] * 2, crs=4326),
            gpd.GeoDataFrame({"u": [1], "v": [2]}, geometry=WAY, crs=4326),
        )


def test_edges_without_ends_and_ids_in_objects() -> None:
    with pytest.raises(DataError, match="its edges have no columns u and v"):
        nodes_of_ends(gpd.GeoDataFrame({"u": [1]}, geometry=WAY, crs=4326), "roads")
    points = [shapely.Point(-73.5, 45), shapely.Point(-73.5, 45.01)]
    nodes = gpd.GeoDataFrame(index=pd.Index([1, 2], dtype=object), geometry=points, crs=4326)
    edges = gpd.GeoDataFrame({"u": [1], "v": [2]}, geometry=WAY, crs=4326)
    ids = roads_from_frames(nodes, edges).node_id
    assert (ids.dtype, ids.tolist()) == (np.dtype("int64"), [1, 2])
