"""Networks cut at a border: which nodes on the line are one place."""

import networkx as nx
import numpy as np
import pytest
import shapely

from roxham.geo import Roads, with_speeds
from roxham.geo.border.lines import border_line
from roxham.geo.crossings.cut import cut_roads
from tests.geo.handmade import fence


@pytest.mark.parametrize(
    ("bends", "groups"),
    [
        ([], [0, 0]),  # an edge of no length joins what stands there
        ([(1.001, 45.001), (1.002, 45.001)], [0, 1]),  # a road that comes back does not
    ],
)
def test_two_nodes_of_one_place_are_joined_on_the_line_alone(
    bends: list[tuple[float, float]], groups: list[int]
) -> None:
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    places = {"a": (1, 45), "b": (1, 45), "n": (1, 45.1), "s": (1, 44.9), "m": (1.1, 45.1)}
    for name, (x, y) in {**places, "t": (1.1, 44.9)}.items():
        graph.add_node(name, x=float(x), y=float(y))
    for ends in ("an", "as", "bm", "bt"):
        graph.add_edge(*ends, length=100.0)
    line = shapely.LineString([(1, 45), *bends, (1, 45)])
    graph.add_edge("a", "b", length=1.0, geometry=line)
    cut = cut_roads(Roads.from_networkx(graph), border_line(fence(), None))
    assert (cut.node.tolist(), cut.group.tolist()) == ([0, 1], groups)


def test_what_is_posted_on_a_road_is_shared_out_between_its_pieces() -> None:
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    for name, y in (("n", 45.1), ("s", 44.9)):
        graph.add_node(name, x=1.0, y=y)
    graph.add_edge("n", "s", length=1000.0, highway="residential", maxspeed="50")
    line = border_line(fence(), None)
    whole = with_speeds(Roads.from_networkx(graph))
    assert whole.edge("travel_time_s").tolist() == [pytest.approx(72)]
    cut = cut_roads(whole, line).roads
    assert cut.edge_count == 2
    # told anew, the pieces take as long as the road did, whoever works it out
    for roads in (cut, with_speeds(cut)):
        assert roads.edge("travel_time_s").tolist() == [pytest.approx(36, rel=1e-3)] * 2
        assert roads.edge("speed_kmh").tolist() == [pytest.approx(50, rel=1e-3)] * 2


def test_each_piece_ends_at_the_place_that_it_comes_to() -> None:
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    once, thrice = (
        [(lon + 0.01 * k, latitude) for k, latitude in enumerate(latitudes)]
        for lon, latitudes in ((1.0, [44.9, 45.1]), (1.5, [44.9, 45.1, 44.9, 45.1]))
    )
    for way in (once, thrice, thrice[::-1]):
        for x, y in (way[0], way[-1]):
            graph.add_node(f"{x} {y}", x=x, y=y)
        ends = (f"{x} {y}" for x, y in (way[0], way[-1]))
        graph.add_edge(*ends, length=1000.0, geometry=shapely.LineString(way))
    cut = cut_roads(Roads.from_networkx(graph), border_line(fence(), None))
    at, roads = cut.approach, cut.roads
    assert len(at) == 2 * (1 + 3 + 3)  # two ends at each place, of either direction
    end = np.where(at["arrives"], roads.v[at["edge"]], roads.u[at["edge"]])
    assert end.tolist() == cut.node[at["node"]].tolist()
