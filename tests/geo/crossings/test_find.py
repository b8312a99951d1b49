"""Crossings: one row each, with its port; dead ends face to face."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from roxham.geo import find_routes, load_border
from roxham.geo.crossings.dead_ends import dead_ends
from roxham.geo.crossings.find import cut_at_border, find_crossings
from roxham.geo.errors import DataError
from roxham.geo.io.write import write_frame
from roxham.geo.network.roads import Roads
from roxham.geo.readers.read import read_roads
from roxham.geo.region import ROXHAM, Region

Streets = Callable[..., Roads]
OPEN = Region(
    "fields", "Two fields", (0, 49, 2, 51), "EPSG:32631", sides=("north", "south"), controlled=False
)
FENCE = gpd.GeoSeries.from_wkt(["LINESTRING (-1 50, 3 50)"], crs="EPSG:4326")
METRE = 1 / 111_229
"""One metre north at 50° N, in degrees."""
EAST = 1 / 71_696
"""One metre east at 50° N, in degrees."""


def street(x: float, **given: Any) -> dict[str, Any]:
    return {"line": [(x, 49.99), (x, 50.01)], **given}


def ports(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([{"source_url": "https://example.org/a", **row} for row in rows])


COLUMNS = [
    "crossing_id", "kind", "name", "lon", "lat", "road_a", "road_b", "refs", "class",
    "barrier", "access", "unsure", "port", "port_distance_m", "gap_m", "geometry",
]  # fmt: skip


def test_a_row_of_an_open_border(street_network: Streets) -> None:
    roads = street_network(street(0.5, name="High Street", ref="A1", highway="primary"))
    found = find_crossings(roads, FENCE, region=OPEN)
    assert list(found.columns) == COLUMNS
    row = found.iloc[0]
    assert row.crossing_id == "50.0000N000.5000E"
    assert row[["kind", "name", "road_a", "road_b"]].tolist() == [
        "unmatched", "High Street", "High Street", "High Street",
    ]  # fmt: skip
    assert row[["lon", "lat", "refs", "class"]].tolist() == [0.5, 50.0, "A1", "primary"]
    assert row[["port", "port_distance_m", "gap_m"]].isna().all()
    assert found.crs == "EPSG:4326"
    assert found.attrs["unlisted"] == 0


@pytest.mark.parametrize("ending", [".csv", ".gpkg", ".geojson", ".parquet"])
def test_ids_join_between_all_kinds_of_file(
    street_network: Streets, tmp_path: Path, ending: str
) -> None:
    found = find_crossings(street_network(street(0.5), street(1.5)), FENCE, region=OPEN)
    path = write_frame(found, tmp_path / f"crossings{ending}")
    # Read as a program does that knows nothing of marks.
    others: dict[str, Callable[[Path], pd.DataFrame]] = {
        ".csv": pd.read_csv,
        ".parquet": gpd.read_parquet,
    }
    back = others.get(ending, gpd.read_file)(path)
    assert back["crossing_id"].tolist() == ["50.0000N000.5000E", "50.0000N001.5000E"]


BLOCKED = {
    "on the line": ({1: (0.5, 49.99), 2: (0.5, 50.0), 3: (0.5, 50.01)}, {"barrier": "block"}, {}),
    "beside it": ({1: (0.5, 49.99), 2: (0.5, 50.0002), 3: (0.5, 50.01)}, {"barrier": "block"}, {}),
    "closed": ({1: (0.5, 49.99), 2: (0.5, 50.0), 3: (0.5, 50.01)}, {}, {"access": "no"}),
    "far away": ({1: (0.5, 49.99), 2: (0.5, 50.005), 3: (0.5, 50.01)}, {"barrier": "gate"}, {}),
}


@pytest.mark.parametrize(
    ("case", "barrier", "access"),
    [
        ("on the line", "block", None),
        ("beside it", "block", None),
        ("closed", None, "no"),
        ("far away", None, None),
    ],
)
def test_what_bars_a_crossing_stands_beside_it(
    write_osm: Callable[..., Path], case: str, barrier: str | None, access: str | None
) -> None:
    points, node, way = BLOCKED[case]
    path = write_osm(points, [(9, [1, 2, 3], {"highway": "tertiary", **way})], node_tags={2: node})
    found = find_crossings(read_roads(path), FENCE, region=OPEN)
    assert len(found) == 1
    for name, expected in (("barrier", barrier), ("access", access)):
        assert found[name].dropna().tolist() == ([] if expected is None else [expected])


RING = {1: (0.5, 49.999), 2: (0.502, 50.0), 3: (0.5, 50.001), 4: (0.498, 50.0)}
ROAD = {7: (0.6, 49.99), 8: (0.6, 50.01)}


def test_what_was_left_out_is_counted_or_kept(write_osm: Callable[..., Path]) -> None:
    lane, ferry = {"highway": "residential"}, {"route": "ferry"}
    ways = [(1, [1, 2, 3, 4, 1], lane), (2, [7, 8], lane), (3, [2, 8], ferry)]
    path = write_osm(RING | ROAD, ways)
    found = find_crossings(read_roads(path), FENCE, region=OPEN)
    assert found["lon"].tolist() == [0.6]
    assert found.attrs["left_out"] == {"rings": 1, "ferries": 1}
    cut = cut_at_border(read_roads(path), FENCE, region=OPEN)
    assert find_crossings(cut, FENCE).attrs["left_out"] == {"rings": 1, "ferries": 1}
    kept = find_crossings(read_roads(path, rings=True), FENCE, region=OPEN)
    assert kept["lon"].tolist() == [0.498, 0.502, 0.6]
    assert kept.attrs["left_out"] == {"rings": 0, "ferries": 1}


def test_of_a_network_of_elsewhere_it_is_not_known_what_was_left_out(
    street_network: Streets,
) -> None:
    found = find_crossings(street_network(street(0.5)), FENCE, region=OPEN)
    assert found.attrs["left_out"] == {"rings": None, "ferries": None}


def test_carriageways_that_hang_on_nothing_are_one_crossing(
    write_osm: Callable[..., Path],
) -> None:
    points = {1: (0.5, 49.98), 2: (0.5, 50.02), 3: (0.5003, 50.0), 4: (0.4997, 50.0)}
    main = {"highway": "secondary", "name": "Main"}
    ways = [(1, [1, 3, 2], main | {"oneway": "yes"}), (2, [1, 4, 2], main | {"oneway": "-1"})]
    path = write_osm(points, ways)
    with pytest.raises(DataError, match=r"isolated rings of road \(1\).*rings=True"):
        read_roads(path)
    roads = read_roads(path, rings=True)
    assert find_crossings(roads, FENCE, region=OPEN)["name"].tolist() == ["Main"]


def test_a_border_beside_rings_alone_says_that_they_are_left_out(
    write_osm: Callable[..., Path],
) -> None:
    ways = [(1, [1, 2, 3, 4, 1], {"highway": "residential"}), (2, [8, 9], {"highway": "primary"})]
    path = write_osm(RING | {8: (0.6, 50.01), 9: (0.6, 50.02)}, ways)
    with pytest.raises(DataError, match=r"lie apart.*rings of road \(1\) were left out"):
        find_crossings(read_roads(path), FENCE, region=OPEN)


def test_a_ferry_over_the_border_is_no_road(street_network: Streets) -> None:
    roads = street_network(
        street(0.5, highway="primary", route="ferry"), street(0.6, highway="primary")
    )
    assert find_crossings(roads, FENCE, region=OPEN)["class"].tolist() == ["ferry", "primary"]


def test_sides_are_named_after_canada_and_the_united_states(street_network: Streets) -> None:
    north = {"line": [(0.5, 50.01), (0.5, 50.0)], "name": "Chemin"}
    south = {"line": [(0.5, 50.0), (0.5, 49.99)], "name": "Road"}
    region = Region("r", "r", (0, 49, 2, 51), "EPSG:32631", ("CA", "US"), controlled=False)
    row = find_crossings(street_network(north, south), FENCE, region=region).iloc[0]
    assert (row.road_ca, row.road_us, row["name"]) == ("Chemin", "Road", "Chemin / Road")


@pytest.mark.parametrize("away_m", [10, 100, 400])
def test_a_port_point_off_the_line_is_matched(street_network: Streets, away_m: float) -> None:
    roads = street_network(street(0.5, name="High Street"), street(0.6))
    point = {"port_id": "p1", "lon": 0.5, "lat": 50 + away_m * METRE, "name": "Gate"}
    found = find_crossings(roads, FENCE, ports=ports(point), by="A. Desk")
    assert found[["crossing_id", "kind", "name", "port"]].values.tolist() == [
        ["p1", "port_of_entry", "Gate", "p1"]
    ]
    assert found.port_distance_m[0] == pytest.approx(away_m, abs=0.2)
    assert found.attrs["unlisted"] == 1


@pytest.mark.parametrize("away_m", [500.6, 600])
def test_a_port_too_far_is_not(street_network: Streets, away_m: float) -> None:
    point = {"lon": 0.5, "lat": 50 + away_m * METRE}
    found = find_crossings(street_network(street(0.5)), FENCE, ports=ports(point), by="A. Desk")
    assert (len(found), found.attrs["unlisted"]) == (0, 1)


@pytest.mark.parametrize(
    ("port", "kind"),
    [
        ({"kind": "port_of_entry"}, "port_of_entry"),
        ({"kind": "port_of_entry", "status": "closed"}, "former_port"),
        ({"kind": "closed_port"}, "former_port"),
        ({"kind": "irregular_site"}, "documented_site"),
        ({}, "port_of_entry"),
    ],
)
def test_kinds_of_documented_places(
    street_network: Streets, port: dict[str, str], kind: str
) -> None:
    point = {"lon": 0.5, "lat": 50.0, **port}
    found = find_crossings(street_network(street(0.5)), FENCE, ports=ports(point), by="A. Desk")
    assert found.kind.tolist() == [kind]


def test_a_railway_port_matches_no_road(street_network: Streets) -> None:
    point = {"lon": 0.5, "lat": 50.0, "kind": "rail_port"}
    found = find_crossings(street_network(street(0.5)), FENCE, ports=ports(point), by="A. Desk")
    assert found.attrs["unlisted"] == 1


def test_each_port_has_one_crossing_and_each_crossing_one_port(street_network: Streets) -> None:
    roads = street_network(street(0.5, name="A"), street(0.5 + 150 * EAST, name="B"))
    points = ports(
        {"port_id": "near", "lon": 0.5 + 20 * EAST, "lat": 50.0},
        {"port_id": "nearer", "lon": 0.5 + 10 * EAST, "lat": 50.0},
    )
    found = find_crossings(roads, FENCE, ports=points, by="A. Desk")
    assert found[["port", "road_a"]].values.tolist() == [["nearer", "A"], ["near", "B"]]
    alone = find_crossings(roads, FENCE, ports=points[1:], by="A. Desk")
    assert (alone.port.tolist(), alone.attrs["unlisted"]) == (["nearer"], 1)


def test_carriageways_and_slip_roads_of_one_port_are_one_crossing(street_network: Streets) -> None:
    roads = street_network(
        street(0.5, name="North", highway="motorway", oneway=True),
        {
            "line": [(0.5 + 60 * EAST, 50.01), (0.5 + 60 * EAST, 49.99)],
            "name": "South",
            "highway": "motorway",
            "oneway": True,
        },
        street(0.5 + 120 * EAST, highway="motorway_link"),
        street(0.5 + 150 * EAST, name="Village Street"),
    )
    point = {"port_id": "p", "lon": 0.5, "lat": 50.001}
    found = find_crossings(roads, FENCE, ports=ports(point), by="A. Desk")
    assert found[["kind", "road_a", "class"]].values.tolist() == [
        ["port_of_entry", "North / South", "motorway"]
    ]
    assert found.attrs["unlisted"] == 1
    everything = find_crossings(roads, FENCE, ports=ports(point), by="A. Desk", region=OPEN)
    assert everything.kind.tolist() == ["port_of_entry", "unmatched"]


def test_a_motorway_and_a_lane_of_another_name_are_two(street_network: Streets) -> None:
    back = {"line": [(0.5 + 60 * EAST, 50.01), (0.5 + 60 * EAST, 49.99)], "oneway": True}
    north = street(0.5, name="North", highway="motorway", oneway=True)
    for highway, count in (("motorway", 1), ("residential", 2)):
        roads = street_network(north, {**back, "name": "Mill Lane", "highway": highway})
        assert len(find_crossings(roads, FENCE, region=OPEN)) == count


def test_two_village_streets_side_by_side_are_two(street_network: Streets) -> None:
    roads = street_network(street(0.5), street(0.5 + 30 * EAST))
    assert len(find_crossings(roads, FENCE, region=OPEN)) == 2


def test_a_road_that_wavers_over_the_line_is_at_one_place(street_network: Streets) -> None:
    line = [(0.5, 50.01), (0.5, 49.99995), (0.50005, 50.00005), (0.5001, 49.99)]
    assert len(find_crossings(street_network({"line": line}), FENCE, region=OPEN)) == 1
    line = [(0.5, 50.01), (0.51, 49.99), (0.52, 50.01), (0.53, 49.99)]
    assert len(find_crossings(street_network({"line": line}), FENCE, region=OPEN)) == 3


def dead_end_roads(gap_m: float, *, east_m: float = 0, end: str = "facing") -> list[dict[str, Any]]:
    """Two roads that end on both sides of the fence."""
    north = (0.5, 50 + gap_m / 2 * METRE)
    south = (0.5 + east_m * EAST, 50 - gap_m / 2 * METRE)
    ends = {"facing": (0.5, 50.01), "turned away": (0.6, north[1]), "slanting": (0.51, 50.002)}
    far = ends[end]
    return [
        {"line": [far, north], "name": "Chemin"},
        {"line": [(south[0], 49.99), south], "name": "Road"},
    ]


def test_two_dead_ends_face_to_face_are_a_pair(street_network: Streets) -> None:
    found = find_crossings(street_network(*dead_end_roads(45)), FENCE, region=OPEN)
    row = found.iloc[0]
    assert row[["kind", "road_a", "road_b"]].tolist() == ["dead_end_pair", "Chemin", "Road"]
    assert row.gap_m == pytest.approx(45, abs=0.1)
    assert (row.lon, row.lat) == (0.5, 50.0)


@pytest.mark.parametrize(
    "roads",
    [
        dead_end_roads(160),
        dead_end_roads(40, east_m=140),
        dead_end_roads(45, end="turned away"),
        dead_end_roads(45, end="slanting"),
        [
            *dead_end_roads(45)[:1],
            {"line": [(0.5, 50.02), (0.5, 50.0101)], "name": "Same side"},
            {"line": [(0.1, 49.9), (0.2, 49.9)]},
        ],
    ],
    ids=["too wide", "not ahead", "turned away", "slanting", "one side"],
)
def test_other_dead_ends_are_none(street_network: Streets, roads: list[dict[str, Any]]) -> None:
    assert len(find_crossings(street_network(*roads), FENCE, region=OPEN)) == 0


def test_dead_ends_on_one_side_of_a_spike_of_the_border_are_none(street_network: Streets) -> None:
    wkt = "LINESTRING (-1 50, 0.4999 50, 0.5 50.001, 0.5001 50, 3 50)"
    spike = gpd.GeoSeries.from_wkt([wkt], crs="EPSG:4326")
    roads = street_network(
        {"line": [(0.49, 50.0002), (0.5 - 20 * EAST, 50.0002)]},
        {"line": [(0.51, 50.0002), (0.5 + 20 * EAST, 50.0002)]},
        street(0.6),
    )
    assert find_crossings(roads, spike, region=OPEN).kind.tolist() == ["unmatched"]


def test_each_dead_end_is_in_one_pair_at_most(street_network: Streets) -> None:
    second = {"line": [(0.5 + 30 * EAST, 49.99), (0.5 + 30 * EAST, 50 - 60 * METRE)]}
    found = find_crossings(street_network(*dead_end_roads(45), second), FENCE, region=OPEN)
    assert found.gap_m.round().tolist() == [45]


def test_a_pair_is_told_where_it_is_documented(street_network: Streets) -> None:
    roads = street_network(*dead_end_roads(45))
    assert find_crossings(roads, FENCE).attrs["unlisted"] == 1
    site = {"port_id": "site", "lon": 0.5, "lat": 50.0005, "kind": "irregular_site"}
    found = find_crossings(roads, FENCE, ports=ports(site), by="A. Desk")
    assert found[["kind", "port"]].values.tolist() == [["dead_end_pair", "site"]]
    former = find_crossings(
        roads, FENCE, ports=ports({**site, "kind": "closed_port"}), by="A. Desk"
    )
    assert former.kind.tolist() == ["former_port"]
    # an open port has a road through it
    gate = find_crossings(
        roads, FENCE, ports=ports({**site, "kind": "port_of_entry"}), by="A. Desk"
    )
    assert gate.attrs["unlisted"] == 1
    cut = cut_at_border(roads, FENCE, ports=ports(site), by="A. Desk")
    ends = cut.node_id[dead_ends(cut)]
    told = cut.nodes.index[cut.nodes.crossing_id == "site"]
    assert len(told) == 2
    assert set(told) <= set(ends)


def test_a_dead_end_is_where_one_road_ends(street_network: Streets) -> None:
    roads = street_network(
        {"line": [(0.1, 49.9), (0.2, 49.9)]},
        {"line": [(0.2, 49.9), (0.3, 49.9)], "oneway": True},
        {"line": [(0.3, 49.9), (0.3, 49.8), (0.4, 49.8), (0.3, 49.9)]},  # a turning loop
        {"line": [(0.1, 49.9), (0.1, 49.8)]},
        {"line": [(0.5, 49.9), (0.6, 49.9)], "oneway": True},
    )
    assert roads.node_id[dead_ends(roads)].tolist() == ["0.1 49.8", "0.5 49.9", "0.6 49.9"]


def test_merged_names_are_told_apart_by_the_order_of_the_road(street_network: Streets) -> None:
    def both(name: list[str], back: list[str]) -> Roads:
        there, here = street(0.5, oneway=True), street(0.5, oneway=True)
        here["line"] = here["line"][::-1]
        return street_network({**there, "name": name}, {**here, "name": back})

    ordered = find_crossings(both(["Road", "Chemin"], ["Chemin", "Road"]), FENCE, region=OPEN)
    assert ordered[["road_a", "road_b"]].values.tolist() == [["Chemin", "Road"]]
    unknown = find_crossings(both(["Road", "Chemin"], ["Road", "Chemin"]), FENCE, region=OPEN)
    assert unknown[["road_a", "road_b"]].values.tolist() == [["Chemin / Road"] * 2]
    alone = street_network(street(0.5, name=["Road", "Chemin"], oneway=True))
    found = find_crossings(alone, FENCE, region=OPEN)
    assert found[["road_a", "road_b"]].values.tolist() == [["Chemin / Road"] * 2]


@pytest.mark.parametrize("lat", [-33.0, 0.0, 69.0])
def test_any_line_anywhere(street_network: Streets, lat: float) -> None:
    fence = gpd.GeoSeries.from_wkt([f"LINESTRING (149 {lat}, 151 {lat})"], crs="EPSG:4326")
    roads = street_network(
        {"line": [(150, lat - 0.1), (150, lat + 0.1)]},
        {"line": [(150.5, lat - 0.1), (150.5, lat - 0.0002)]},
        {"line": [(150.5, lat + 0.1), (150.5, lat + 0.0002)]},
    )
    region = Region(
        "r", "r", (149.5, lat - 1, 150.9, lat + 1), "EPSG:32631", ("CA", "US"), controlled=False
    )
    found = find_crossings(roads, fence, region=region)
    assert found.kind.tolist() == ["unmatched", "dead_end_pair"]
    assert found.gap_m[1] == pytest.approx(44.4, abs=0.3)


def test_the_boundary_of_an_enclave(street_network: Streets) -> None:
    enclave = gpd.GeoSeries([gpd.GeoSeries.from_wkt(["POINT (0.5 50)"])[0].buffer(0.01)])
    roads = street_network({"line": [(0.4, 50), (0.6, 50)], "name": "Through Road"})
    region = Region(
        "enclave", "An enclave", (0, 49, 2, 51), "EPSG:32631", ("in", "out"), controlled=False
    )
    found = find_crossings(roads, enclave.set_crs("EPSG:4326"), region=region)
    assert found.lon.tolist() == pytest.approx([0.49, 0.51])
    assert {"road_a", "road_b"} <= set(found.columns)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pd.DataFrame({"lat": [1.0]}), "no column lon"),
        (pd.DataFrame({"lon": [1.0], "lat": [91.0]}), "outside"),
        (pd.DataFrame({"lon": [1.0], "lat": [1.0], "kind": ["gate"]}), "kind gate is not known"),
        (
            pd.DataFrame({"lon": [1.0, 2], "lat": [1.0, 2], "port_id": ["a", "a"]}),
            "port_id a stands in more than one row",
        ),
        (gpd.GeoDataFrame(geometry=gpd.points_from_xy([1], [1])), "coordinate reference system"),
        (gpd.GeoDataFrame(geometry=FENCE), "not points"),
    ],
)
def test_ports_that_cannot_be_used(
    street_network: Streets, table: pd.DataFrame, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        find_crossings(street_network(street(0.5)), FENCE, ports=table, by="A. Desk")


SITE = {
    "port_id": "site", "kind": "irregular_site", "lon": -73.51713, "lat": 45.007
}  # fmt: skip


@pytest.fixture(scope="module")
def real(shared: Path) -> Roads:
    """Return real roads of some 10 km around the documented site."""
    return read_roads(shared / "osm_roxham_10km.osm")


def test_the_documented_dead_ends_are_found_in_real_roads(real: Roads) -> None:
    border = load_border()
    points = ports(SITE, {"port_id": "champlain", "lon": -73.4521, "lat": 45.0088})
    found = find_crossings(real, border, ports=points)
    assert found.port.tolist() == ["site", "champlain"]
    assert found.kind.tolist() == ["dead_end_pair", "port_of_entry"]
    assert found.gap_m[0] == pytest.approx(45, abs=1)
    assert found.port_distance_m[0] < 10
    # geometry knows nothing of the site: without it the pair is one more in the count
    less = find_crossings(real, border, ports=points[1:])
    assert less.attrs["unlisted"] == found.attrs["unlisted"] + 1


def test_real_roads_have_their_sides_and_only_gates_between(real: Roads) -> None:
    border = load_border()
    gate = ports(SITE, {"port_id": "champlain", "lon": -73.4521, "lat": 45.0088})
    cut = cut_at_border(real, border, ports=gate)
    nodes = cut.nodes
    assert set(nodes.side.dropna()) == set(ROXHAM.sides)
    assert (nodes.side.isna() == (nodes.crossing_id == "champlain")).all()
    assert nodes.side[[211871031, 1043064347]].tolist() == ["US", "CA"]
    away = nodes.side.notna().to_numpy()
    within = away[cut.u] & away[cut.v]
    side = nodes.side.to_numpy()
    assert (side[cut.u[within]] == side[cut.v[within]]).all()


def test_nothing_in_the_code_knows_the_place() -> None:
    import roxham.geo

    folder = Path(str(roxham.geo.__file__)).parent
    others = ("border/lines.py", "routing/snap.py")
    modules = [*folder.glob("crossings/*.py"), *folder.glob("geometry/*.py")]
    modules += [folder / name for name in others]
    assert len(modules) > 12
    for module in modules:
        text = module.read_text(encoding="utf-8").replace("roxham.geo", "")
        text = text.replace("roxham.layers", "")
        assert "roxham" not in text.lower(), module
        assert "45.00" not in text.replace("45.001", ""), module


def test_a_road_from_port_to_port_is_on_the_side_that_it_passes(
    street_network: Callable[..., Roads],
) -> None:
    """Where a wall takes its only junction, nothing else says of it on which side it lies."""
    ports = gpd.GeoDataFrame(
        {"port_id": ["west", "east"], "source_url": ["https://example.org"] * 2},
        geometry=gpd.points_from_xy([0.2, 0.8], [50, 50]),
        crs="EPSG:4326",
    )
    roads = street_network(
        {"line": [(0.2, 49.98), (0.2, 50.02), (0.5, 50.02)]},
        {"line": [(0.5, 50.02), (0.8, 50.02), (0.8, 49.98)]},
        {"line": [(0.5, 50.02), (0.5, 49.98)]},  # to nobody's knowledge
    )
    box = Region("x", "x", (0, 49, 1, 51), "EPSG:32631", sides=("n", "s"))
    cut = cut_at_border(roads, FENCE, ports=ports, region=box, by="A reader")
    assert cut.meta["border"]["unlisted"] == 1
    over = np.flatnonzero(pd.notna(cut.edge("side")))
    assert cut.edge("side")[over].tolist() == ["n", "n"]
    ends = {*cut.u[over].tolist(), *cut.v[over].tolist()}
    assert {str(name) for name in cut.node("crossing_id")[sorted(ends)].tolist()} == {
        "west",
        "east",
    }
    found = find_routes(cut, (0.4, 50.02), (0.6, 50.02), weight="length_m")
    assert found["length_m"].item() == pytest.approx(0.2 * 71_700, rel=0.01)
    assert found["gate"].isna().all()
    # without such a road there is no such column
    plain = street_network({"line": [(0.2, 49.98), (0.2, 50.02)]})
    told = cut_at_border(plain, FENCE, ports=ports, region=box, by="A reader")
    assert "side" not in told.edge_columns


def test_what_meets_the_line_thrice_in_one_place_goes_over_once(street_network: Streets) -> None:
    hair = 1e-10
    wavers = [(0.5, 49.9), (0.5, 50 + hair), (0.5, 50 - hair), (0.5, 50.1)]
    streets = [{"line": wavers, "name": "A"}, {"line": [(0.6, 49.9), (0.6, 50.1)], "name": "B"}]
    found = find_crossings(street_network(*streets), FENCE, region=OPEN)
    assert found["road_a"].tolist() == ["A", "B"]
    assert found["road_b"].tolist() == ["A", "B"]


def test_each_of_two_pairs_of_dead_ends_has_its_port(street_network: Streets) -> None:
    first = dead_end_roads(45)
    moved = [{**road, "line": [(x + 0.1, y) for x, y in road["line"]]} for road in first]
    site = {"lat": 50.0, "kind": "irregular_site"}
    sites = ports({"port_id": "a", "lon": 0.5, **site}, {"port_id": "b", "lon": 0.6, **site})
    found = find_crossings(street_network(*first, *moved), FENCE, region=OPEN, ports=sites)
    assert found[["port", "lon"]].astype(object).values.tolist() == [["a", 0.5], ["b", 0.6]]
