"""Roads cut at a border: pieces, lengths, sides, walls."""

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from roxham.geo.columns import Coded, Column
from roxham.geo.crossings.find import cut_at_border, find_crossings
from roxham.geo.errors import DataError
from roxham.geo.network.roads import Roads
from roxham.geo.region import Region

Streets = Callable[..., Roads]
OPEN = Region(
    "fields", "Two fields", (0, 49, 2, 51), "EPSG:32631", sides=("north", "south"), controlled=False
)
FENCE = gpd.GeoSeries.from_wkt(["LINESTRING (-1 50, 3 50)"], crs="EPSG:4326")


@pytest.fixture
def high_street(street_network: Streets) -> Roads:
    """Return a street over the border, with a bend on each side."""
    return street_network(
        {"line": [(0.5, 49.9), (0.51, 49.95), (0.51, 50.05), (0.5, 50.1)], "name": "High Street"}
    )


def test_halves_keep_the_way_and_share_the_node(high_street: Roads) -> None:
    cut = cut_at_border(high_street, FENCE, region=OPEN)
    edges = cut.edges.reset_index()
    assert len(edges) == 4
    assert set(edges.osmid) == {1}
    assert set(edges.name) == {"High Street"}
    (border,) = cut.nodes.index[cut.nodes.crossing_id.notna()]
    assert ((edges.u == border) | (edges.v == border)).all()
    assert (cut.nodes.x[border], cut.nodes.y[border]) == (0.51, 50.0)
    at = dict(zip(cut.node_id, zip(cut.x, cut.y, strict=True), strict=True))
    for u, v, line in zip(edges.u, edges.v, cut.lines, strict=True):
        assert (line.coords[0], line.coords[-1]) == (at[u], at[v])
        assert len(line.coords) == 3


def test_lengths_are_parted_exactly(high_street: Roads) -> None:
    twice = high_street.length_m * 2  # a length that is not the line's, as given by a file
    roads = Roads(**{**vars_of(high_street), "length_m": twice})
    roads = roads.with_columns(edges={"travel_time_s": twice / 10, "lanes": np.array([2, 2])})
    cut = cut_at_border(roads, FENCE, region=OPEN)
    assert cut.length_m.sum() == pytest.approx(twice.sum(), rel=1e-15)
    assert cut.edge("travel_time_s") == pytest.approx(cut.length_m / 10)
    assert cut.edge("lanes").tolist() == [2] * 4
    first, second = sorted(cut.length_m[:2])
    assert second / first == pytest.approx(1, rel=2e-3)  # the border is half-way


def vars_of(roads: Roads) -> dict[str, Any]:
    return {name: getattr(roads, name) for name in roads.__dataclass_fields__}


def test_every_node_has_its_side(high_street: Roads) -> None:
    cut = cut_at_border(high_street, FENCE, region=OPEN)
    sides = cut.nodes.side
    assert sides["0.5 50.1"] == "north"
    assert sides["0.5 49.9"] == "south"
    assert sides[cut.nodes.crossing_id.notna()].isna().all()


def test_many_crossings_of_one_edge_make_many_pieces(street_network: Streets) -> None:
    x = np.linspace(0.1, 1.9, 21)
    zigzag = np.column_stack([x, 50 + 0.01 * (-1.0) ** np.arange(21)])
    roads = street_network({"line": zigzag, "name": "Zigzag"})
    cut = cut_at_border(roads, FENCE, region=OPEN)
    assert cut.edge_count == 2 * 21
    assert len(find_crossings(roads, FENCE, region=OPEN)) == 20
    assert cut.length_m.sum() == pytest.approx(roads.length_m.sum(), rel=1e-15)
    keys = pd.DataFrame({"u": cut.u, "v": cut.v, "key": cut.key})
    assert not keys.duplicated().any()
    graph = cut.to_networkx()
    assert graph.number_of_edges() == 42


def test_one_way_is_kept_and_parallel_edges_stay_apart(street_network: Streets) -> None:
    ends = (0.5, 49.99), (0.5, 50.01)
    roads = street_network(
        {"line": [ends[0], (0.49, 50.0), ends[1]], "name": "West", "oneway": True},
        {"line": [ends[0], (0.51, 50.0), ends[1]], "name": "East", "oneway": True},
        {"line": ends, "name": "Middle", "oneway": True},
    )
    cut = cut_at_border(roads, FENCE, region=OPEN)
    assert sorted(cut.edge("name")) == ["East", "East", "Middle", "Middle", "West", "West"]
    assert (cut.y[cut.u] < cut.y[cut.v]).all()


def test_roads_that_fork_behind_the_border_keep_apart(street_network: Streets) -> None:
    trunk = [(0.5, 49.99), (0.5, 50.0005)]
    roads = street_network(
        {"line": [*trunk, (0.49, 50.01)], "name": "West"},
        {"line": [*trunk, (0.51, 50.01)], "name": "East"},
    )
    cut = cut_at_border(roads, FENCE, region=OPEN)
    rows = pd.DataFrame({"u": cut.u, "v": cut.v, "key": cut.key})
    assert len(rows) == len(rows.drop_duplicates()) == 8
    assert sorted(rows.key) == [0] * 6 + [1] * 2


def test_a_road_that_ends_on_the_border_does_not_cross(street_network: Streets) -> None:
    roads = street_network({"line": [(0.5, 49.9), (0.5, 50.0)], "name": "To the line"})
    assert len(find_crossings(roads, FENCE, region=OPEN)) == 0
    cut = cut_at_border(roads, FENCE, region=OPEN)
    assert cut.nodes.side.tolist() == ["south", "south"]
    assert cut.nodes.crossing_id.isna().all()


def test_a_road_that_only_touches_is_left_whole(street_network: Streets) -> None:
    roads = street_network({"line": [(0.5, 49.9), (0.6, 50.0), (0.7, 49.9)], "name": "Brush"})
    cut = cut_at_border(roads, FENCE, region=OPEN)
    assert cut.edge_count == 2
    assert len(find_crossings(roads, FENCE, region=OPEN)) == 0


def test_a_junction_on_the_border_is_the_crossing(street_network: Streets) -> None:
    roads = street_network(
        {"line": [(0.5, 49.9), (0.5, 50.0)], "name": "South Road"},
        {"line": [(0.5, 50.0), (0.5, 50.1)], "name": "North Road"},
    )
    found = find_crossings(roads, FENCE, region=OPEN)
    assert found[["road_a", "road_b"]].values.tolist() == [["North Road", "South Road"]]
    cut = cut_at_border(roads, FENCE, region=OPEN)
    assert cut.node_id.tolist() == roads.node_id.tolist()
    assert cut.nodes.crossing_id.notna().tolist() == [False, True, False]
    assert cut_at_border(roads, FENCE).edge_count == 0  # a wall where it is not documented


def test_a_street_that_is_the_border_joins_both_sides(street_network: Streets) -> None:
    roads = street_network(
        {"line": [(0.5, 49.9), (0.5, 50.0)], "name": "South Road"},
        {"line": [(0.5, 50.0), (0.7, 50.0)], "name": "Line Street"},
        {"line": [(0.7, 50.0), (0.7, 50.1)], "name": "North Road"},
    )
    assert len(find_crossings(roads, FENCE, region=OPEN)) == 1
    walled = cut_at_border(roads, FENCE)
    assert walled.edge_count == 0
    assert walled.meta["border"]["unlisted"] == 1


def test_a_wall_takes_the_road_back_to_its_junctions(street_network: Streets) -> None:
    roads = street_network(
        {"line": [(0.2, 50.2), (0.5, 50.2)], "name": "Rue du Nord"},
        {"line": [(0.5, 50.2), (0.5, 49.8)], "name": "Over"},
        {"line": [(0.5, 49.8), (0.2, 49.8)], "name": "South Street"},
    )
    walled = cut_at_border(roads, FENCE)
    assert sorted(walled.edge("name")) == ["Rue du Nord"] * 2 + ["South Street"] * 2
    assert walled.node_count == 4
    assert walled.node("crossing_id").tolist() == [None] * 4


def test_street_counts_forget_the_lost_road(street_network: Streets) -> None:
    roads = street_network(
        {"line": [(0.2, 50.2), (0.5, 50.2)]},
        {"line": [(0.5, 50.2), (0.7, 50.2)]},
        {"line": [(0.5, 50.2), (0.5, 50.4)]},
        {"line": [(0.5, 50.2), (0.5, 49.8)]},
        {"line": [(0.5, 49.8), (0.7, 49.8)]},
    )
    counts = {"0.5 50.2": 4, "0.5 49.8": 2}
    column = np.array([counts.get(name, 1) for name in roads.node_id])
    walled = cut_at_border(roads.with_columns(nodes={"street_count": column}), FENCE)
    left = dict(zip(walled.node_id, walled.node("street_count"), strict=True))
    assert left.pop("0.5 50.2") == 3
    assert left == dict.fromkeys(("0.2 50.2", "0.7 50.2", "0.5 50.4", "0.5 49.8", "0.7 49.8"), 1)


def test_ids_of_border_nodes_do_not_depend_on_order_or_run(street_network: Streets) -> None:
    streets = [{"line": [(x, 49.9), (x, 50.1)], "name": f"S{x}"} for x in (0.2, 0.4, 0.6)]
    one = cut_at_border(street_network(*streets), FENCE, region=OPEN)
    other = cut_at_border(street_network(*streets[:0:-1]), FENCE, region=OPEN)
    added = [{n for n in roads.node_id if n.startswith("border")} for roads in (one, other)]
    assert len(added[0]) == 3
    assert added[1] < added[0]


def test_numbered_nodes_get_negative_numbers(street_network: Streets) -> None:
    roads = street_network({"line": [(0.5, 49.9), (0.5, 50.1)]})
    numbered = Roads(**{**vars_of(roads), "node_id": np.array([11, 12])})
    cut = cut_at_border(numbered, FENCE, region=OPEN)
    assert cut.node_id.dtype == np.int64
    assert cut.node_id[2] < 0
    # longitude and latitude to 1e-7 degree, side by side in one number
    number = -(int(cut.node_id[2]) + 1)
    assert (number >> 31) / 1e7 - 180 == pytest.approx(0.5)
    assert (number & (2**31 - 1)) / 1e7 - 90 == pytest.approx(50)


def test_other_node_columns_are_null_at_border_nodes(high_street: Roads) -> None:
    columns: dict[str, Column] = {
        "height": np.array([1.0, 2.0]),
        "count": np.array([1, 2]),
        "barrier": Coded.of(["gate", None]),
    }
    cut = cut_at_border(high_street.with_columns(nodes=columns), FENCE, region=OPEN)
    for name in columns:
        assert pd.isna(cut.node(name)[2]), name


def test_edges_beyond_the_box_are_left_out_and_counted(street_network: Streets) -> None:
    roads = street_network(
        {"line": [(0.5, 49.9), (0.5, 50.1)], "name": "Inside"},
        # round the end of the line, outside the box
        {"line": [(0.5, 49.9), (-2, 49.9), (-2, 50.1), (0.5, 50.1)], "name": "Round"},
    )
    cut = cut_at_border(roads, FENCE, region=OPEN)
    assert set(cut.edge("name")) == {"Inside"}
    assert cut.meta["border"]["outside"] == 2


def test_a_network_is_cut_once(high_street: Roads) -> None:
    cut = cut_at_border(high_street, FENCE, region=OPEN)
    with pytest.raises(DataError, match="cut at a border already"):
        cut_at_border(cut, FENCE, region=OPEN)
    again = find_crossings(cut, FENCE)
    pd.testing.assert_frame_equal(again, find_crossings(high_street, FENCE, region=OPEN))
    with pytest.raises(DataError, match="Leave ports out"):
        find_crossings(cut, FENCE, ports=pd.DataFrame({"lon": [1.0], "lat": [2.0]}))


def test_nothing_given_is_changed(high_street: Roads) -> None:
    before = {k: v.copy() for k, v in vars_of(high_street).items() if isinstance(v, np.ndarray)}
    fence = FENCE.copy()
    cut_at_border(high_street, fence, region=OPEN)
    for name, array in before.items():
        assert (getattr(high_street, name) == array).all(), name
    assert fence.equals(FENCE)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ([(10, 10), (11, 11)], "lie apart"),
        ([(10, 49), (11, 51)], "lie apart"),
        ([(-9, 49), (-8, 51)], "lie apart"),
        ([(0, 52), (1, 53)], "lie apart"),
        ([(179.9, 50), (-179.9, 50)], "lie apart"),
    ],
)
def test_networks_that_do_not_fit(
    street_network: Streets, line: list[tuple[float, float]], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        cut_at_border(street_network({"line": line}), FENCE)
