"""What roads at a border are called: when two edges are the two ways of one road."""

from typing import Any

import networkx as nx
import pandas as pd
import pytest

from roxham.geo import Roads
from roxham.geo.crossings.road_names import EdgeEnd, RoadNames


def in_road_order(*edges: tuple[str, str, float, list[str]]) -> bool:
    """Return whether the names of edges are taken for those of a road from end to end."""
    graph: Any = nx.MultiDiGraph(crs="EPSG:4326")
    graph.add_node("u", x=0.0, y=50.0)
    graph.add_node("v", x=0.0, y=50.001)
    for u, v, metres, names in edges:
        graph.add_edge(u, v, length=metres, name=names)
    approach = pd.DataFrame({"edge": range(len(edges))})
    return RoadNames(Roads.from_networkx(graph), approach).in_road_order


@pytest.mark.parametrize("metres", [100.001, 100.004])  # as lengths add up one way and the other
def test_two_ways_of_a_road_are_as_long_to_the_centimetre(metres: float) -> None:
    there = ("u", "v", 100.001, ["A", "B"])
    assert in_road_order(there, ("v", "u", metres, ["B", "A"]))
    assert not in_road_order(there, ("v", "u", metres, ["A", "B"]))


def test_two_roads_some_centimetres_apart_say_nothing_of_each_other() -> None:
    there = ("u", "v", 100.001, ["A", "B"])
    assert not in_road_order(there, ("v", "u", 100.03, ["B", "A"]))
    twins = ("u", "v", 300.0, ["C", "D"]), ("v", "u", 300.0, ["D", "C"])
    assert in_road_order(*twins, there, ("v", "u", 100.03, ["A", "B"]))


def test_the_higher_class_of_two_that_may_be_is_not_known() -> None:
    graph: Any = nx.MultiDiGraph(crs="EPSG:4326")
    graph.add_node("u", x=0.0, y=50.0)
    graph.add_node("v", x=0.0, y=50.001)
    graph.add_edge("u", "v", length=100.0, highway=["residential", "primary"])
    graph.add_edge("v", "u", length=100.0, highway="secondary")
    approach = pd.DataFrame({"edge": range(2)})
    names = RoadNames(Roads.from_networkx(graph), approach)
    either, sure = (EdgeEnd(edge, True, None, False) for edge in range(2))
    assert names.highest([either]) is None
    assert names.highest([either, sure]) is None
    assert names.highest([sure]) == "secondary"
