"""What is not documented on a controlled border leaves no trace but a number."""

import io
import itertools
import logging
import pickle
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy.spatial import Delaunay

from roxham.geo import load_roads
from roxham.geo.border.lines import border_line
from roxham.geo.crossings._candidates import find_places
from roxham.geo.crossings.cut import cut_roads
from roxham.geo.crossings.find import cut_at_border, find_crossings
from roxham.geo.errors import DataError
from roxham.geo.network.roads import Roads
from roxham.geo.region import Region

Streets = Callable[..., Roads]
REGION = Region("vale", "A made-up vale", (0, 49, 2, 51), "EPSG:32631", sides=("north", "south"))
FENCE = gpd.GeoSeries.from_wkt(["LINESTRING (-1 50, 3 50)"], crs="EPSG:4326")
PORT = pd.DataFrame(
    {
        "port_id": ["gate"],
        "lon": [0.3],
        "lat": [50.001],
        "name": ["The Gate"],
        "source_url": "https://example.org/a",
    }
)

SECRETS = ("Smugglers Lane", "Whisper Road", "Hush Alley", "X99")
"""Names and number of the roads at undocumented places."""

PLACES = ((0.7123456, 50.0), (1.2345678, 50.0))
"""Where they meet the line: a drawn road, and a pair of dead ends."""

WAYS = (770_000_001,)
"""Way of the drawn road, which leads nowhere else."""


@pytest.fixture
def roads(street_network: Streets) -> Roads:
    x, pair = PLACES[0][0], PLACES[1][0]
    return street_network(
        {"line": [(0.3, 49.9), (0.3, 50.1)], "name": "Gate Road"},
        {"line": [(0.3, 49.9), (0.7, 49.9)], "name": "South Street"},
        {"line": [(0.3, 50.1), (0.7, 50.1)], "name": "North Street"},
        {
            "line": [(0.7, 49.9), (x, 49.99), (x, 50.01), (0.7, 50.1)],
            "name": "Smugglers Lane",
            "ref": "X99",
            "osmid": WAYS[0],
        },
        {"line": [(0.7, 49.9), (1.2, 49.9)], "name": "South Street"},
        {"line": [(1.2, 49.9), (pair, 49.99), (pair, 49.9998)], "name": "Whisper Road"},
        {"line": [(0.7, 50.1), (1.2, 50.1)], "name": "North Street"},
        {"line": [(1.2, 50.1), (pair, 50.01), (pair, 50.0002)], "name": "Hush Alley"},
    )


def texts_of(place: tuple[float, float]) -> list[str]:
    """Return what a place looks like in text, however it is rounded to 4 decimals or more."""
    return [f"{place[0]:.{digits}f}" for digits in range(4, 8)]


def assert_untold(text: str) -> None:
    for secret in (*SECRETS, *map(str, WAYS), *(t for p in PLACES for t in texts_of(p))):
        assert secret not in text, secret


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Catch everything that any logger says."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def test_the_network_has_two_undocumented_places(roads: Roads) -> None:
    """Without this the tests below would prove nothing."""
    open_border = Region(
        "vale", "A vale", REGION.bounds, REGION.metric_crs, sides=REGION.sides, controlled=False
    )
    told = find_crossings(roads, FENCE, ports=PORT, by="A. Desk", region=open_border)
    assert told.kind.tolist() == ["port_of_entry", "unmatched", "dead_end_pair"]
    with pytest.raises(AssertionError):
        assert_untold(told.to_csv())


def test_the_table_and_everything_made_of_it(
    roads: Roads, tmp_path: Path, log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    found = find_crossings(roads, FENCE, ports=PORT, by="A. Desk", region=REGION)
    assert found.port.tolist() == ["gate"]
    vouched = {"ports": ["gate"], "by": "A. Desk"}
    left_out = {"rings": None, "ferries": None}
    assert found.attrs == {"unlisted": 2, "left_out": left_out, "vouched": vouched}
    found.to_file(tmp_path / "crossings.gpkg")
    found.to_parquet(tmp_path / "crossings.parquet")
    texts = [found.to_csv(), found.to_json(), repr(found), str(found.attrs), log.getvalue()]
    texts += [path.read_bytes().decode("latin-1") for path in tmp_path.iterdir()]
    texts += [pickle.dumps(found).decode("latin-1"), *capfd.readouterr()]
    for text in texts:
        assert_untold(text)


def test_the_cut_network_and_its_cache(
    roads: Roads, tmp_path: Path, log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    cut = cut_at_border(roads, FENCE, ports=PORT, by="A. Desk", region=REGION)
    assert cut.meta["border"]["unlisted"] == 2
    path = cut.save(tmp_path / "roads.arrow")
    again = load_roads(path)
    for network in (cut, again):
        x, y = np.concatenate([np.column_stack([network.x, network.y]), network.coords]).T
        assert not any(np.isclose(x, place[0], rtol=0, atol=1e-4).any() for place in PLACES)
        assert set(x[np.isclose(y, 50.0, rtol=0, atol=1e-3)]) == {0.3}
        marked = network.nodes[network.nodes.crossing_id.notna()]
        assert marked[["crossing_id", "x"]].values.tolist() == [["gate", 0.3]]
        assert_untold(network.edges.to_csv() + network.nodes.to_csv())
    assert_untold(repr(cut) + str(dict(cut.meta)) + log.getvalue() + "".join(capfd.readouterr()))
    data = path.read_bytes()
    assert np.float64(0.3).tobytes() in data  # the gate, as any place would be written
    assert_untold(data.decode("latin-1"))
    for number in (np.float64(PLACES[0][0]), np.float64(PLACES[1][0]), np.int64(WAYS[0])):
        assert number.tobytes() not in data


def test_no_route_leads_through_a_wall(roads: Roads) -> None:
    graph = cut_at_border(roads, FENCE, ports=PORT, by="A. Desk", region=REGION).to_networkx()
    assert nx.has_path(graph, "0.7 49.9", "0.7 50.1")
    gate = [n for n, data in graph.nodes(data=True) if data.get("crossing_id") == "gate"]
    graph.remove_nodes_from(gate)
    assert not nx.has_path(graph, "0.7 49.9", "0.7 50.1")


def test_without_ports_nothing_is_told(roads: Roads) -> None:
    found = find_crossings(roads, FENCE, region=REGION)
    assert (len(found), found.attrs["unlisted"]) == (0, 3)
    assert_untold(found.to_csv())


def test_private_structures_show_counts_and_are_not_saved(roads: Roads) -> None:
    line = border_line(FENCE, REGION)
    places = find_places(roads, line, PORT, 100.0, 150.0, 500.0, "A. Desk")
    shown = [repr(places), str(places), repr(places.cut), repr(places.pairs), f"{places}"]
    assert shown[0] == "<Places: 3>"
    for text in shown:
        assert_untold(text)
    for private in (places, places.cut, places.pairs, cut_roads(roads, line)):
        with pytest.raises(TypeError, match="never saved"):
            pickle.dumps(private)


@pytest.mark.parametrize(
    "ports",
    [
        pd.DataFrame({"lon": [0.3, 0.3], "lat": [50.0, 50.0], "port_id": ["a", "a"]}),
        pd.DataFrame({"lon": [0.3], "lat": [50.0], "kind": ["gate"]}),
        pd.DataFrame({"lat": [50.0]}),
    ],
)
def test_errors_say_nothing(roads: Roads, ports: pd.DataFrame) -> None:
    with pytest.raises(DataError) as caught:
        find_crossings(roads, FENCE, ports=ports, by="A. Desk", region=REGION)
    assert_untold("".join(traceback.format_exception(caught.value)))


def test_the_count_does_not_depend_on_how_the_network_is_drawn(
    street_network: Streets,
) -> None:
    """A number that changed with the order of rows would tell more than how many."""
    streets = [{"line": [(x, 49.9), (x, 50.1)], "name": f"S{x}"} for x in (0.2, 0.5, 0.9)]
    counts = {
        find_crossings(street_network(*order), FENCE, region=REGION).attrs["unlisted"]
        for order in (streets, streets[::-1])
    }
    assert counts == {3}


def test_a_gate_on_the_way_to_a_wall_leaves_no_stub(street_network: Streets) -> None:
    """Nodes that are no junctions, as of a barrier, would end two stubs face to face."""
    north = [(0.7, 50.1), (0.71, 50.01), (0.71, 50.001), (0.71, 50.0)]
    south = [(0.7, 49.9), (0.71, 49.99), (0.71, 49.999), (0.71, 50.0)]
    steps = [{"line": [*step]} for road in (north, south) for step in itertools.pairwise(road)]
    streets = [{"line": [(x, y), (x + 0.4, y)]} for y in (49.9, 50.1) for x in (0.3, 0.7)]
    gate = {"line": [(0.3, 49.9), (0.3, 50.1)]}
    cut = cut_at_border(
        street_network(*streets, gate, *steps), FENCE, ports=PORT, by="A. Desk", region=REGION
    )
    whole = cut_at_border(
        street_network(*streets, gate), FENCE, ports=PORT, by="A. Desk", region=REGION
    )
    assert cut.meta["border"]["unlisted"] == 1
    pd.testing.assert_frame_equal(cut.edge_data(), whole.edge_data())
    pd.testing.assert_frame_equal(pd.DataFrame(cut.nodes), pd.DataFrame(whole.nodes))


def test_a_road_beside_the_line_leaves_no_stub_far_from_its_wall(street_network: Streets) -> None:
    """It goes back to its last junction, 1.1 km from the line and 20 km from the wall."""
    beside = [(0.5, 49.99), (0.6, 49.99), (0.7, 49.99), (0.75, 49.99), (0.79, 50.01)]
    steps = [{"line": [*step], "name": f"S{step}"} for step in itertools.pairwise(beside)]
    streets = [
        {"line": [(0.3, 49.9), (0.3, 50.1)]},
        {"line": [(0.3, 49.99), (0.5, 49.99)]},
        {"line": [(0.5, 49.99), (0.5, 49.9)]},
        {"line": [(0.5, 49.9), (0.3, 49.9)]},
        {"line": [(0.5, 49.99), (0.55, 49.998)], "name": "Ended near the line before"},
    ]
    cut = cut_at_border(
        street_network(*streets, *steps), FENCE, ports=PORT, by="A. Desk", region=REGION
    )
    whole = cut_at_border(street_network(*streets), FENCE, ports=PORT, by="A. Desk", region=REGION)
    assert cut.meta["border"]["unlisted"] == 1
    pd.testing.assert_frame_equal(cut.edge_data(), whole.edge_data())
    pd.testing.assert_frame_equal(pd.DataFrame(cut.nodes), pd.DataFrame(whole.nodes))
    assert "Ended near the line before" in set(cut.edge("name"))


def random_roads(seed: int) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Return roads that join 60 places near the line, few of them in a ring."""
    rng = np.random.default_rng(seed)
    metres = np.column_stack([rng.uniform(0, 14_000, 60), rng.uniform(-4000, 4000, 60)])
    a, b = Delaunay(metres).simplices[:, [[0, 1], [1, 2], [0, 2]]].reshape(-1, 2).T
    graph = nx.Graph()
    lengths = np.hypot(*(metres[a] - metres[b]).T)
    graph.add_weighted_edges_from(zip(a.tolist(), b.tolist(), lengths.tolist(), strict=True))
    tree = nx.minimum_spanning_tree(graph).edges
    chosen = [way for way in sorted(graph.edges) if way in tree or rng.random() < 0.12]
    place = (metres / [71_696, 111_229] + [0.5, 50]).round(6).tolist()
    return [((*place[i],), (*place[j],)) for i, j in chosen]


def test_no_random_network_keeps_a_stub_near_the_line(street_network: Streets) -> None:
    """What ends within 2 km of the line ended there before, or where three roads met."""
    for seed in range(40):
        drawn = random_roads(seed)
        met = pd.Series([f"{x:g} {y:g}" for road in drawn for x, y in road]).value_counts()
        cut = cut_at_border(
            street_network(*({"line": road} for road in drawn)), FENCE, region=REGION
        )
        assert cut.meta["border"]["unlisted"] > 1
        near = np.abs(cut.y - 50) * 111_229 < 2000
        left = pd.Series(cut.node_id[cut.u]).value_counts()
        stubs = [n for n in cut.node_id[near] if left[n] == 1 and met[n] == 2]
        assert len(stubs) == 0, seed


def test_keys_of_parallel_roads_have_no_gap(street_network: Streets) -> None:
    over = {"line": [(0.4, 49.99), (0.5, 50.01), (0.6, 49.99)], "name": "Hush Alley"}
    beside = {"line": [(0.4, 49.99), (0.6, 49.99)], "name": "Beside"}
    cut = cut_at_border(street_network(over, beside), FENCE, region=REGION)
    assert (cut.meta["border"]["unlisted"], cut.edge_count) == (2, 2)
    assert cut.key.tolist() == [0, 0]
    assert_untold(cut.edges.to_csv())
