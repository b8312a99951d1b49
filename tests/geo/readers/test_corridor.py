"""The corridor: its topology by hand, its lengths against the full OpenStreetMap network."""

from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
from pyproj import Geod
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from roxham.geo import WGS84, Roads, load_border, load_roads
from roxham.layers import load_ports

GEOD = Geod(ellps="WGS84")
US_END, CA_END = "roxham-road-us-end", "chemin-roxham-ca-end"
METRIC = "EPSG:32618"


@pytest.fixture(scope="module")
def corridor() -> Roads:
    return load_roads()


@pytest.fixture(scope="module")
def drivable(corridor: Roads) -> gpd.GeoDataFrame:
    """Return one row for each road that may be driven, u and v as columns."""
    edges = corridor.edges[corridor.edges["access"] == "yes"].reset_index()
    return edges[edges["u"] < edges["v"]]


def test_is_labelled_schematic_and_lies_in_wgs84(corridor: Roads) -> None:
    assert corridor.schematic
    assert corridor.nodes.crs == corridor.edges.crs == WGS84
    assert 150 <= len(corridor.nodes) <= 260
    assert corridor.nodes.index.is_unique
    assert corridor.edges.index.is_unique


def test_each_road_is_there_in_both_directions_with_the_same_length(corridor: Roads) -> None:
    edges = corridor.edges
    back = edges.reset_index().rename(columns={"u": "v", "v": "u"}).set_index(["u", "v", "key"])
    assert back["length_m"].reindex(edges.index).equals(edges["length_m"])
    assert (edges["length"] == edges["length_m"]).all()
    assert not edges["oneway"].any()


def test_lines_run_from_u_to_v(corridor: Roads) -> None:
    starts = shapely.get_point(corridor.edges.geometry, 0)
    ends = shapely.get_point(corridor.edges.geometry, -1)
    at = corridor.nodes.geometry
    assert (starts == at.loc[corridor.edges.index.get_level_values("u")].array).all()
    assert (ends == at.loc[corridor.edges.index.get_level_values("v")].array).all()


def test_no_road_is_shorter_than_the_straight_line_between_its_ends(
    corridor: Roads, drivable: gpd.GeoDataFrame
) -> None:
    u, v = corridor.nodes.loc[drivable["u"]], corridor.nodes.loc[drivable["v"]]
    straight = GEOD.inv(u["x"], u["y"], v["x"], v["y"])[2]
    assert (drivable["length_m"].to_numpy() >= np.floor(straight)).all()
    # and none winds beyond belief
    assert (drivable["length_m"].to_numpy() <= 3.2 * straight + 500).all()


def test_speeds_and_times_agree(corridor: Roads) -> None:
    edges = corridor.edges
    gap = edges["access"] == "no"
    assert edges.loc[gap, ["maxspeed_kmh", "travel_time_s", "speed_basis"]].isna().all(axis=None)
    drive = edges[~gap]
    assert drive["maxspeed_kmh"].between(20, 110).all()
    assert set(drive["speed_basis"]) == {"observed", "assumed"}
    hours = drive["length_m"] / 1000 / drive["maxspeed_kmh"]
    assert np.allclose((hours * 3600).astype(float), drive["travel_time_s"].astype(float))


def test_two_dead_ends_are_parted_by_the_gap_alone(corridor: Roads) -> None:
    kinds = corridor.nodes["kind"]
    assert set(kinds.index[kinds == "dead_end"]) == {US_END, CA_END}
    assert (corridor.edges["access"] == "yes").all()
    edges = load_roads(gap=True).edges
    closed = edges[edges["access"] != "yes"]
    assert set(closed.index) == {(US_END, CA_END, 0), (CA_END, US_END, 0)}
    assert set(closed["length_m"]) == {45.0}
    assert set(closed["highway"]) == {"path"}


def test_a_car_does_not_pass_the_gap(corridor: Roads) -> None:
    drive, walk = corridor.to_networkx(), load_roads(gap=True).to_networkx()
    assert not drive.has_edge(US_END, CA_END)
    assert nx.shortest_path_length(walk, US_END, CA_END, weight="length") == 45
    by_road = nx.shortest_path_length(drive, US_END, CA_END, weight="length")
    assert by_road == pytest.approx(16_100, rel=0.02)
    assert "lacolle-champlain" in nx.shortest_path(drive, US_END, CA_END, weight="length")


def test_graph_gives_the_frames_back(corridor: Roads) -> None:
    osmnx = pytest.importorskip("osmnx")
    nodes, edges = osmnx.graph_to_gdfs(corridor.to_networkx())
    assert set(nodes.index) == set(corridor.nodes.index)
    lengths = edges["length"].reindex(corridor.edges.index)
    assert lengths.to_numpy().tolist() == corridor.edges["length_m"].tolist()


def test_each_side_is_one_piece_and_they_meet_at_ports_only(
    corridor: Roads, drivable: gpd.GeoDataFrame
) -> None:
    graph = nx.from_pandas_edgelist(drivable, "u", "v")
    assert nx.is_connected(graph)
    assert set(graph) == set(corridor.nodes.index)
    sides = corridor.nodes["side"]
    for side in ("CA", "US"):
        assert nx.is_connected(graph.subgraph(sides.index[sides == side]))
    without_ports = graph.subgraph(sides.index[sides != "border"])
    assert nx.number_connected_components(without_ports) == 2


def test_sides_agree_with_the_border_and_with_jurisdictions(
    corridor: Roads, drivable: gpd.GeoDataFrame
) -> None:
    border = load_border()
    inland = corridor.nodes[corridor.nodes["side"] != "border"]
    beyond = border.distance_m(inland.geometry) > 25
    found = border.side_of(inland.geometry)
    assert found[beyond].eq(inland.loc[beyond, "side"]).all()
    for end in ("u", "v"):
        side = corridor.nodes.loc[drivable[end], "side"].to_numpy()
        country = drivable["jurisdiction"].str[:2].to_numpy()
        assert ((side == country) | (side == "border")).all()


def test_no_road_meets_the_line_away_from_a_port(
    corridor: Roads, drivable: gpd.GeoDataFrame
) -> None:
    line = load_border().line.to_crs(METRIC).union_all()
    ports = corridor.nodes[corridor.nodes["kind"] == "port"].to_crs(METRIC).union_all().buffer(60)
    inner = drivable.to_crs(METRIC).geometry.difference(ports)
    assert not inner.intersects(line).any()


def test_every_port_with_a_road_is_a_node_at_the_same_point(corridor: Roads) -> None:
    ports = gpd.GeoDataFrame(load_ports().rows).set_index("port_id")
    gates = corridor.nodes.dropna(subset=["port_id"])
    assert (gates["kind"] == "port").all()
    assert set(gates.index) == set(gates["port_id"]) == set(ports.index) - {"roxham-road"}
    assert (gates.geometry == ports.loc[gates["port_id"]].geometry).all()


def test_gates_that_open_on_both_sides(corridor: Roads, drivable: gpd.GeoDataFrame) -> None:
    """All but four, whose other side no source gives a length for."""
    gates = corridor.nodes.index[corridor.nodes["kind"] == "port"]
    ends = drivable.melt("jurisdiction", ["u", "v"], value_name="node")
    sides = ends["jurisdiction"].str[:2].groupby(ends["node"]).nunique()
    assert set(gates[sides.loc[gates] < 2]) == {
        "beebe-plain",
        "cornwall-massena",
        "east-pinnacle",
        "glen-sutton-east-richford",
    }


NUMBERED = {
    "CA": "R-132 R-138 R-209 R-203 R-219 A-15 R-221 R-223 R-225 R-133 R-235 R-237 R-139 R-243 "
    "R-143 A-55 R-147 R-141 R-253",
    "US": "NY 30;NY 374;NY 189;I-87;NY 276;US 11;VT 225;I-89;VT 235;VT 108;VT 139;VT 105A;"
    "VT 243;US 5;I-91;VT 147;VT 141;VT 253",
}


@pytest.mark.parametrize("side", ["CA", "US"])
def test_every_numbered_road_reaches_the_border(
    corridor: Roads, drivable: gpd.GeoDataFrame, side: str
) -> None:
    at_port = drivable[["u", "v"]].isin(corridor.nodes.index[corridor.nodes["kind"] == "port"])
    here = drivable[at_port.any(axis=1) & drivable["jurisdiction"].str.startswith(side)]
    refs = {ref for refs in here["ref"].dropna() for ref in refs.split(";")}
    wanted = NUMBERED[side].split(";" if side == "US" else " ")
    assert set(wanted) <= refs


def test_local_roads_around_roxham_are_there(drivable: gpd.GeoDataFrame) -> None:
    names = set(drivable["name"].dropna())
    assert {
        "North Star Road",
        "Perry Mills Road",
        "Roxham Road",
        "Chemin Roxham",
        "Chemin James-Fisher",
        "Montée Glass",
        "Chemin Ridge",
        "Hemmingford Road",
    } <= names


def test_every_row_has_a_source(corridor: Roads) -> None:
    for frame in (corridor.nodes, corridor.edges):
        assert frame["source_url"].str.startswith("https://").all()
        assert frame[["source_title", "source_publisher", "confidence"]].notna().all(axis=None)


PAIRS = """
us11-ny22 us9-us11
us11-ny22 us11-ny276-east
us11-ny22 us2-vt78
us11-hemmingford-road r202-r219
roxham-road-us-end us9-us11
roxham-road-us-end us11-ny22
roxham-road-us-end hemmingford-mooers
chemin-roxham-ca-end r202-r219
chemin-roxham-ca-end r202-r221-north
chemin-roxham-ca-end r217-r219-r221
roxham-road-us-end chemin-roxham-ca-end
us9-us11 r217-r219-r221
us9-us11 us9-ny9b-lavalley-road
us9-us11 us2-vt225
us11-ny276-east r202-r223
us11-ny276-east us7-vt78-north
us2-vt78 us7-vt78-north
us2-vt78 vt78-vt207-west
us2-vt225 r202-r225
us7-vt78-north us7-vt36
us7-vt36 vt78-vt207-west
vt78-vt207-west r202-r235-south
vt108-vt120 r213-r237
vt108-vt120 vt120-vt235
r202-r203 r202-r219
r202-r203 us11-ny22
r202-r219 r217-r219-r221
r202-r219 r202-r221-north
r202-r221-north r202-r225
r202-r221-north r217-r219-r221
r202-r223 r202-r225
r202-r225 r202-r227
r202-r225 r133-r225
r202-r227 r202-r235-south
r202-r235-south r104-r139-west
r202-r235-south r104-r235-north
r202-r235-south r213-r237
r213-r237 r104-r139-west
r133-r225 r202-r235-south
r217-r219-r221 r133-r225
"""


def _full_network(path: Path) -> tuple[np.ndarray, csr_array, np.ndarray]:
    """Read every road a car may use: coordinates, lengths as a matrix, nodes off motorways.

    Where a road passes the border away from a port, its segment is left out: the
    border between gates is a wall.
    """
    osmium = pytest.importorskip("osmium")
    place: dict[int, tuple[float, float]] = {}
    steps: list[tuple[int, int, bool]] = []
    streets: set[int] = set()
    for thing in osmium.FileProcessor(str(path)):
        if thing.is_node():
            place[thing.id] = (thing.location.lon, thing.location.lat)
        elif thing.is_way():
            tags, refs = thing.tags, [node.ref for node in thing.nodes]
            motorway = tags.get("highway", "").startswith("motorway")
            one_way = tags.get("oneway") == "yes" or tags.get("junction") == "roundabout"
            steps += [(a, b, one_way or motorway) for a, b in pairwise(refs)]
            if not motorway:
                streets.update(refs)
    number = {node: i for i, node in enumerate(place)}
    xy = np.array(list(place.values()))
    a, b = np.array([(number[a], number[b]) for a, b, _ in steps]).T
    one = np.array([one for _, _, one in steps])
    lengths = GEOD.inv(*xy[a].T, *xy[b].T)[2]
    segments = gpd.GeoSeries(shapely.linestrings(np.stack([xy[a], xy[b]], axis=1)), crs=WGS84)
    ports = gpd.GeoDataFrame(load_ports().rows).to_crs(METRIC)
    gates = ports[ports["kind"] != "irregular_site"]
    wall = load_border().line.to_crs(METRIC).union_all().difference(gates.buffer(150).union_all())
    near = np.abs(xy[a, 1] - 45.01) < 0.05
    passes = np.zeros(len(a), bool)
    passes[near] = segments[near].to_crs(METRIC).intersects(wall)
    a, b, one, lengths = (values[~passes] for values in (a, b, one, lengths))
    u, v = np.concatenate([a, b[~one]]), np.concatenate([b, a[~one]])
    u, v = u.astype(np.int32), v.astype(np.int32)  # SciPy before 1.15 goes by no others
    weight = np.concatenate([lengths, lengths[~one]])
    matrix = csr_array((weight, (u, v)), shape=(len(xy), len(xy)))
    return xy, matrix, np.array(sorted(number[n] for n in streets))


CORE = (-73.9, 44.72, -72.68, 45.35)
"""Well inside the extract: west, south, east, north."""


@pytest.fixture(scope="module")
def full(shared: Path) -> tuple[np.ndarray, csr_array, np.ndarray]:
    path = shared / "osm_roxham_core.osm.pbf"
    if not path.is_file():
        pytest.skip("the full road network is not beside this checkout")
    return _full_network(path)


def _away(corridor: Roads, full: tuple[np.ndarray, csr_array, np.ndarray], node: str) -> np.ndarray:
    """Return how far each street node of the full network is from a junction, metres."""
    xy, _, streets = full
    x, y = corridor.nodes.loc[node, ["x", "y"]].to_numpy(dtype=float)
    away: np.ndarray = np.hypot((xy[streets, 0] - x) * 78_700, (xy[streets, 1] - y) * 111_200)
    return away


def _errors(
    corridor: Roads,
    full: tuple[np.ndarray, csr_array, np.ndarray],
    starts: list[str],
    ends: list[str],
) -> np.ndarray:
    """Return by how much each route, start × end, is longer than in the full network."""
    _, matrix, streets = full

    def snap(node: str) -> int:
        return int(streets[_away(corridor, full, node).argmin()])

    graph = corridor.to_networkx()
    near = [nx.single_source_dijkstra_path_length(graph, a, weight="length") for a in starts]
    ours = np.array([[lengths.get(b, np.nan) for b in ends] for lengths in near])
    theirs = dijkstra(matrix, indices=[snap(a) for a in starts])[:, [snap(b) for b in ends]]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(theirs > 0, ours / theirs - 1, np.nan)


@pytest.mark.shared
def test_named_routes_are_as_long_as_in_the_full_network(
    corridor: Roads, full: tuple[np.ndarray, csr_array, np.ndarray]
) -> None:
    pairs = [line.split() for line in PAIRS.split("\n") if line]
    assert len(pairs) > 30
    error = np.abs([_errors(corridor, full, [a], [b]).item() for a, b in pairs])
    assert np.median(error) <= 0.05
    assert np.quantile(error, 0.9) <= 0.12


@pytest.mark.shared
def test_routes_between_any_junctions_are_as_long_as_in_the_full_network(
    corridor: Roads, full: tuple[np.ndarray, csr_array, np.ndarray]
) -> None:
    nodes = corridor.nodes
    west, south, east, north = CORE
    inside = nodes["x"].between(west, east) & nodes["y"].between(south, north)
    roads_at = corridor.edges.reset_index().groupby("u")["highway"].agg(set)
    local = [
        n
        for n in nodes.index[inside]
        # The extract has holes: a junction in one has no counterpart to be measured from.
        if "motorway" not in roads_at.get(n, set()) and _away(corridor, full, n).min() < 100
    ]
    starts = list(np.random.default_rng(1).choice(local, 25, replace=False))
    error = np.abs(_errors(corridor, full, starts, local))
    error = error[np.isfinite(error)]
    assert len(local) > 80
    assert len(error) > 1000
    assert np.median(error) <= 0.05
    assert np.quantile(error, 0.9) <= 0.12
