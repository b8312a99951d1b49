"""Which roads a way follows, where edges were merged of several."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from roxham.geo import Roads, find_routes, read_roads
from roxham.geo.columns import Coded
from roxham.geo.routing.road_sequence import roads_followed

NODES = {1: (0.0, 50), 2: (0.05, 50), 3: (0.051, 50), 4: (0.1, 50), 5: (0.051, 50.01)}
WAYS = [(1, 2, "Long Road"), (2, 3, "Short Street"), (3, 4, "Short Street"), (3, 5, "Side Lane")]
OSM = "\n".join(
    [
        '<osm version="0.6">',
        *(f'<node id="{n}" lon="{x}" lat="{y}"/>' for n, (x, y) in NODES.items()),
        *(
            f'<way id="{i}"><nd ref="{a}"/><nd ref="{b}"/>'
            f'<tag k="highway" v="primary"/><tag k="name" v="{name}"/></way>'
            for i, (a, b, name) in enumerate(WAYS, start=1)
        ),
        "</osm>",
    ]
)


def test_an_edge_merged_of_two_roads_has_both(tmp_path: Path) -> None:
    """3.6 km of Long Road and 70 m of Short Street are one edge; both are driven, in order."""
    file = tmp_path / "two.osm"
    file.write_text(OSM)
    roads = read_roads(file)
    assert ["Long Road", "Short Street"] in roads.edge("name").tolist()
    assert find_routes(roads, 1, 5)["roads"].item() == "Long Road → Short Street → Side Lane"
    assert find_routes(roads, 5, 1)["roads"].item() == "Side Lane → Short Street → Long Road"
    # on along Short Street: the long road before is not lost
    assert find_routes(roads, 1, 4)["roads"].item() == "Long Road → Short Street"


@pytest.mark.parametrize(
    ("edges", "told"),
    [
        ([{"name": ["B", "A"]}, {"name": "B"}], "A → B"),  # OSMnx keeps no order
        ([{"name": "B"}, {"name": ["A", "B"]}], "B → A"),
        ([{"name": ["A", "B"], "ref": "N1"}, {"ref": "N1", "name": "C"}], "N1"),
        ([{"name": ["A", "B"], "ref": ["N1", "N2"]}, {"ref": "N2"}], "N1 → N2"),
        ([{"ref": "I 87;US 9"}, {"ref": "US 9"}], "US 9"),
        ([{"name": "A"}, {}, {"name": "A"}], "A"),
        ([{"name": ["A", "B", "C"]}], "A → B → C"),
    ],
)
def test_roads_stand_in_the_order_in_which_they_are_driven(
    edges: list[dict[str, Any]], told: str
) -> None:
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    graph.add_nodes_from((n, {"x": n / 100, "y": 45.0}) for n in range(len(edges) + 1))
    for n, columns in enumerate(edges):
        graph.add_edge(n, n + 1, **columns)
    assert roads_followed(Roads.from_networkx(graph), range(len(edges))) == told


def test_a_part_of_an_edge_without_metres_has_either_name() -> None:
    """OSMnx keeps no order, and no place where one road ends: neither is chosen."""
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    graph.add_nodes_from((n, {"x": n / 100, "y": 45.0}) for n in range(3))
    graph.add_edge(0, 1, name=["A", "B"])
    graph.add_edge(1, 2, name="B")
    roads = Roads.from_networkx(graph)
    assert roads_followed(roads, [(0, 0.5, 1.0), 1]) == "A / B → B"
    parts = {"road_parts": Coded.of(['[[0, null, "A"], [300, null, "B"]]', None])}
    known = roads.with_columns(edges=parts)
    assert roads_followed(known, [(0, 0.5, 1.0), 1]) == "B"
    assert roads_followed(known, [(0, 0.2, 0.6)]) == "A → B"


def test_the_two_pieces_of_an_edge_tell_its_roads_once() -> None:
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    graph.add_nodes_from((n, {"x": n / 100, "y": 45.0}) for n in range(3))
    for n in range(2):  # as cut where a border is
        graph.add_edge(n, n + 1, name=["A", "B", "C"])
    roads = Roads.from_networkx(graph)
    assert roads_followed(roads, [0, 1]) == "A → B → C"
    assert roads_followed(roads, [(0, 0.5, 1.0)]) == "A / B / C"
