"""A road over the line that goes on as another way: what lies at the line is told, no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import osmnx as ox
import pytest

from roxham.geo import Region, Roads, cut_at_border, find_crossings, read_roads
from roxham.geo.columns import Coded
from roxham.geo.network.parts import ROAD_PARTS, read_stretches
from roxham.geo.routing.gates import may_drive, road_gates
from tests.geo.handmade import as_pbf

OPEN = Region(
    "fields", "Two fields", (0, 49, 2, 51), "EPSG:32631", sides=("north", "south"), controlled=False
)
FENCE = gpd.GeoSeries.from_wkt(["LINESTRING (-1 50, 3 50)"], crs="EPSG:4326")
POINTS = {1: (0.5, 50.01), 2: (0.5, 49.99), 3: (0.5, 49.975)}
"""The line lies halfway between 1 and 2, 1.1 km off each; 3 is 1.7 km farther on."""
ROAD = {"highway": "secondary", "name": "High Street", "ref": "A1"}
TRACK = {"highway": "track", "name": "Old Lane", "access": "no", "barrier": "block"}
Write = Callable[..., Path]


def saved(ending: str) -> Callable[[Path], Path]:
    return lambda path: read_roads(path, modes="all").save(path.with_suffix(f".{ending}"))


def undirected(path: Path, target: Path) -> Path:
    """Write one row a street, as OSMnx does."""
    ox.save_graph_geopackage(read_roads(path, modes="all").to_networkx(), target, directed=False)
    return target


MAKE: dict[str, Callable[[Path], Path]] = {
    "xml": lambda path: path,
    "undirected": lambda path: undirected(path, path.with_suffix(".gpkg")),
    "pbf": lambda path: as_pbf(path, path.with_suffix(".osm.pbf")),
    **{ending: saved(ending) for ending in ("arrow", "graphml", "gpkg", "parquet")},
}


@pytest.fixture
def write(write_osm: Write) -> Write:
    """Write a road over the line that goes on as a closed track, or the other way round."""

    def made(at_line: dict[str, str] = ROAD, beyond: dict[str, str] = TRACK) -> Path:
        return write_osm(POINTS, [(7, [1, 2], at_line), (8, [2, 3], beyond)])

    return made


def told(found: gpd.GeoDataFrame) -> dict[str, Any]:
    row = found.iloc[0].astype(object)
    names = ("name", "road_a", "road_b", "refs", "class", "barrier", "access", "unsure")
    return {name: row[name] for name in names if row.notna()[name]}


SURE = {
    "name": "High Street",
    "road_a": "High Street",
    "road_b": "High Street",
    "refs": "A1",
    "class": "secondary",
}


@pytest.mark.parametrize("kind", MAKE)
def test_what_stands_far_off_along_the_road_marks_no_crossing(write: Write, kind: str) -> None:
    roads = read_roads(MAKE[kind](write()), modes="all")
    assert roads.edge_count == 2  # one road, merged of both ways
    assert told(find_crossings(roads, FENCE, region=OPEN)) == SURE
    cut = cut_at_border(roads, FENCE, region=OPEN)
    assert len(road_gates(cut)) == 1
    north = cut.node("side")[cut.u] == "north"
    north |= cut.node("side")[cut.v] == "north"
    assert sorted(zip(north.tolist(), may_drive(cut).tolist(), strict=True)) == [
        (False, False), (False, False), (True, True), (True, True),
    ]  # fmt: skip
    assert cut.edge("highway")[north].tolist() == ["secondary", "secondary"]


@pytest.mark.parametrize("kind", MAKE)
def test_what_stands_at_the_line_does_and_closes_its_gate(write: Write, kind: str) -> None:
    roads = read_roads(MAKE[kind](write(TRACK, ROAD)), modes="all")
    assert told(find_crossings(roads, FENCE, region=OPEN)) == {
        "name": "Old Lane", "road_a": "Old Lane", "road_b": "Old Lane",
        "class": "track", "barrier": "block", "access": "no",
    }  # fmt: skip
    assert road_gates(cut_at_border(roads, FENCE, region=OPEN)).empty


def test_ways_that_are_closed_alike_are_closed_at_the_line(write: Write) -> None:
    other = TRACK | {"surface": "gravel"}
    path = write(TRACK, other)
    for roads in (read_roads(path, modes="all"), read_roads(MAKE["graphml"](path), modes="all")):
        found = told(find_crossings(roads, FENCE, region=OPEN))
        assert (found["access"], found.get("unsure")) == ("no", None)


def from_osmnx(path: Path) -> Roads:
    graph: nx.MultiDiGraph = ox.graph_from_xml(path, simplify=True, retain_all=True)
    return Roads.from_networkx(graph)


def without_parts(path: Path) -> Roads:
    roads = read_roads(path, modes="all")
    kept = {name: col for name, col in roads.edge_columns.items() if name != ROAD_PARTS}
    return replace(roads, edge_columns=kept)


def named_alone(path: Path) -> Roads:
    """Read roads as networks were saved that knew names by the metre alone."""
    roads = read_roads(path, modes="all")
    cells = [[list(part[:3]) for part in read_stretches(cell)] for cell in roads.edge(ROAD_PARTS)]
    return roads.with_columns(edges={ROAD_PARTS: Coded.of(cells)})


UNSURE: dict[str, tuple[Callable[[Path], Roads], dict[str, Any]]] = {
    "OSMnx": (from_osmnx, {"unsure": "class, access"}),
    "without parts": (without_parts, SURE | {"unsure": "class, barrier, access"}),
    "saved before": (named_alone, SURE | {"unsure": "class, barrier, access"}),
}


@pytest.mark.parametrize("kind", UNSURE)
@pytest.mark.parametrize("closed_at_line", [False, True])
def test_where_parts_are_not_had_nothing_is_told_wrong(
    write: Write, kind: str, closed_at_line: bool
) -> None:
    read, expected = UNSURE[kind]
    path = write(TRACK, ROAD) if closed_at_line else write()
    found = find_crossings(read(path), FENCE, region=OPEN)
    assert found[["class", "barrier", "access"]].isna().all(axis=None)
    # OSMnx's sets have two names in the order of the road in some runs, which tells whose they are.
    assert found["unsure"].item().removeprefix("roads, ") == expected["unsure"]
    assert {"High Street", "Old Lane"} >= set(found["name"].item().split(" / "))
    cut = cut_at_border(read(path), FENCE, region=OPEN)
    assert not may_drive(cut).any()  # some part of the road is closed, and it is not known which


def test_a_class_is_known_where_no_part_can_make_it_another(write_osm: Write) -> None:
    side = {4: (0.5, 50.0), 5: (0.51, 50.0), 6: (0.505, 50.005)}
    ways = [
        (7, [1, 4], {"highway": "primary"}),
        (8, [4, 2], {"highway": "secondary"}),
        (9, [2, 3], {"highway": "track"}),
        (10, [4, 6], {"highway": "tertiary"}),
        (11, [6, 5], {"highway": "tertiary"}),
    ]
    roads = without_parts(write_osm(POINTS | side, ways))
    assert told(find_crossings(roads, FENCE, region=OPEN)).get("class") == "primary"


def test_two_carriageways_of_which_one_is_closed_are_a_gate(write_osm: Write) -> None:
    other = {11: (0.5003, 50.01), 12: (0.5003, 49.98)}
    one_way = {"highway": "primary", "name": "N1", "oneway": "yes"}
    ways = [(7, [1, 3], one_way), (8, [12, 11], one_way | {"access": "no"})]
    roads = read_roads(write_osm(POINTS | other, ways))
    found = find_crossings(roads, FENCE, region=OPEN)
    assert found["access"].tolist() == ["no"]  # of one of them
    assert len(road_gates(cut_at_border(roads, FENCE, region=OPEN))) == 1


def test_a_road_of_which_any_part_is_closed_is_closed(write: Write) -> None:
    path = write(ROAD | {"access": "yes"}, TRACK)
    roads = read_roads(path, modes="all")
    assert sorted(roads.edge("access").tolist()) == [["no", "yes"], ["yes", "no"]]
    assert not may_drive(roads).any()
