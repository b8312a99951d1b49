"""Frames of nodes and edges whose cells are not what their columns mean: told, with the column."""

from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

from roxham.geo import DataError
from roxham.geo.network.convert import require_ids, roads_from_frames, roads_from_networkx


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
