"""Other borders and awkward roads, each with an answer from paper."""

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from roxham.geo import Region, Roads, cut_at_border, find_crossings

Streets = Callable[..., Roads]
Point = tuple[float, float]
OPEN = Region(
    "fields", "Two fields", (0, 49, 2, 51), "EPSG:32631", sides=("north", "south"), controlled=False
)
FENCE = shapely.LineString([(-1, 50), (3, 50)])
N = 1 / 111_229
"""One metre north at 50° N, in degrees."""


def kinds(roads: Roads, *border: BaseGeometry, region: Region | None = OPEN) -> list[str]:
    """Return the kinds told of an open border; a controlled one must count and wall as many."""
    frame = gpd.GeoSeries(list(border), crs="EPSG:4326")
    found: list[str] = find_crossings(roads, frame, region=region).kind.tolist()
    if region is None:
        return found
    walled = Region("x", "x", region.bounds, region.metric_crs, sides=region.sides)
    assert find_crossings(roads, frame, region=walled).attrs["unlisted"] == len(found)
    assert cut_at_border(roads, frame, region=walled).meta["border"]["unlisted"] == len(found)
    cut = cut_at_border(roads, frame, region=region)
    assert cut.length_m.sum() == pytest.approx(roads.length_m.sum())
    return found


def joined(places: dict[int, Point], *ways: tuple[int, int]) -> Roads:
    """Return two-way roads between numbered places, of which several may be one."""
    points = gpd.points_from_xy(*zip(*places.values(), strict=True))
    nodes = gpd.GeoDataFrame(index=[*places], geometry=points, crs="EPSG:4326")
    both = [*ways, *((v, u) for u, v in ways)]
    lines = [shapely.LineString([places[u], places[v]]) for u, v in both]
    ends = {"u": [u for u, _ in both], "v": [v for _, v in both]}
    return Roads.from_frames(nodes, gpd.GeoDataFrame(ends, geometry=lines, crs="EPSG:4326"))


def test_a_parallel_of_500_km_drawn_with_two_points(street_network: Streets) -> None:
    x = np.linspace(0.5, 6.5, 25).round(3).tolist()
    roads = street_network(*({"line": [(lon, 48.99), (lon, 49.01)]} for lon in x))
    parallel = gpd.GeoSeries([shapely.LineString([(0, 49), (6.9, 49)])], crs="EPSG:4326")
    region = Region(
        "p", "A parallel", (0.2, 48, 6.8, 50), "EPSG:32631", ("CA", "US"), controlled=False
    )
    found = find_crossings(roads, parallel, region=region)
    assert found[["lon", "lat"]].values.tolist() == [[lon, 49.0] for lon in x]


def test_a_border_over_the_antimeridian_in_two_pieces(street_network: Streets) -> None:
    roads = street_network(
        *({"line": [(lon, -17.1), (lon, -16.9)]} for lon in (179.9, 180.0, -179.9))
    )
    halves = [
        shapely.LineString([(179, -17), (180, -17)]), shapely.LineString([(-180, -17), (-179, -17)])
    ]  # fmt: skip
    found = find_crossings(roads, gpd.GeoSeries(halves, crs="EPSG:4326"))
    assert found.attrs["unlisted"] == 3  # the two pieces are one line


def test_dead_ends_across_the_antimeridian_face_no_line_round_the_earth(
    street_network: Streets,
) -> None:
    roads = street_network(
        {"line": [(179.9998, -17.001), (179.99999, -17), (179.9998, -17)]},
        {"line": [(-179.9998, -17.001), (-179.99999, -17), (-179.9998, -17)]},
    )
    greenwich = gpd.GeoSeries([shapely.LineString([(0, -18), (0, -16)])], crs="EPSG:4326")
    assert find_crossings(roads, greenwich).attrs["unlisted"] == 0
    assert cut_at_border(roads, greenwich).edge_count == roads.edge_count


TOWN = shapely.box(0.4, 49.9, 0.6, 50.1)
FIELD = shapely.box(0.45, 49.95, 0.55, 50.05)
YARD = shapely.box(0.48, 49.98, 0.52, 50.02)

ENCLAVES: dict[str, tuple[list[BaseGeometry], int]] = {
    "a closed line": ([shapely.LineString(TOWN.exterior.coords)], 2),
    "a ring": ([TOWN.exterior], 2),
    "an area": ([TOWN], 2),
    "an area with a hole": ([TOWN.difference(FIELD)], 4),
    "an enclave in an enclave": ([TOWN.difference(FIELD).union(YARD)], 6),
    "areas in two rows": ([TOWN.difference(FIELD), YARD], 6),
}


@pytest.mark.parametrize("name", ENCLAVES)
def test_roads_through_an_enclave(name: str, street_network: Streets) -> None:
    border, times = ENCLAVES[name]
    through = street_network({"line": [(0.3, 50), (0.7, 50)]})
    assert kinds(through, *border) == ["unmatched"] * times
    corners = street_network(
        {"line": [(0.38, 49.88), (0.42, 49.92)]},  # where the ring begins and ends
        {"line": [(0.3, 50.2), (0.4, 50.1), (0.42, 50.08)]},
        {"line": [(0.62, 50.12), (0.6, 50.1)]}, {"line": [(0.6, 50.1), (0.58, 50.08)]},
    )  # fmt: skip
    assert kinds(corners, *border) == ["unmatched"] * 3
    beside = street_network(
        {"line": [(0.3, 50), (0.4, 49.9), (0.5, 49.8)]}, {"line": [(0.3, 50), (0.5, 50.2)]}
    )
    assert kinds(beside, *border) == []


@pytest.mark.parametrize("tags", [{"bridge": "yes"}, {"route": "ferry", "highway": None}])
@pytest.mark.parametrize("pieces", [1, 8000])
def test_a_river_of_thousands_of_points_and_what_leads_over_it(
    street_network: Streets, tags: dict[str, Any], pieces: int
) -> None:
    x = np.linspace(-1, 3, 8001)
    points = np.column_stack([x, 50 + 0.02 * np.sin(40 * x) + 0.0002 * np.sin(3000 * x)])
    river: list[BaseGeometry] = [shapely.LineString(points)]
    if pieces > 1:
        rng = np.random.default_rng(1)
        steps = np.stack([points[:-1], points[1:]], axis=1)
        turned = [step[::-1] if rng.random() < 0.5 else step for step in steps]
        river = [shapely.MultiLineString([turned[i] for i in rng.permutation(pieces)])]
    roads: list[dict[str, Any]] = []
    for lon in (0.5, 0.9):
        y = 50 + 0.02 * np.sin(40 * lon)
        roads.append({"line": [(lon, y - 0.01), (lon, y - 0.001)]})
        roads.append({"line": [(lon, y - 0.001), (lon, y + 0.001)], **tags})
        roads.append({"line": [(lon, y + 0.001), (lon, y + 0.01)]})
    assert kinds(street_network(*roads), *river) == ["unmatched"] * 2


def test_what_touches_in_one_point_goes_not_over(street_network: Streets) -> None:
    spike = shapely.LineString([(-1, 50.2), (0.5, 50), (3, 50.2)])
    under = {"line": [(0.4, 49.99), (0.5, 50), (0.6, 49.99)]}
    over = {"line": [(0.4, 50.01), (0.5, 50), (0.6, 50.01)]}
    assert kinds(street_network(under), spike) == []
    assert kinds(street_network({"line": [(0.4, 50), (0.6, 50)]}), spike) == []
    assert kinds(street_network(under, over), FENCE) == []  # they share a point, but no node
    ends = [{"line": way["line"][:2]} for way in (under, over)]
    assert kinds(street_network(*ends), FENCE) == ["unmatched"]


def test_edges_drawn_twice_and_both_ways_are_one_road(street_network: Streets) -> None:
    way = [(0.5, 49.99), (0.5, 50.01)]
    assert kinds(street_network(*[{"line": way}] * 3), FENCE) == ["unmatched"]
    ways = [{"line": line, "oneway": True} for line in (way, way[::-1], way[::-1])]
    assert kinds(street_network(*ways), FENCE) == ["unmatched"]
    # two directions 7 mm apart, which end at one node each
    moved = {"line": [way[1], (0.5000001, 50), way[0]], "oneway": True}
    assert kinds(street_network(ways[0], moved), FENCE) == ["unmatched"]


SOUTH, LINE, NORTH = (0.5, 49.99), (0.5, 50.0), (0.5, 50.01)


@pytest.mark.parametrize(
    ("places", "ways", "crossings"),
    [
        ([SOUTH, LINE, LINE, NORTH], [(1, 2), (2, 3), (3, 4)], 1),
        ([SOUTH, LINE, LINE, LINE, NORTH], [(1, 2), (2, 3), (3, 4), (4, 5)], 1),
        ([SOUTH, LINE, NORTH], [(1, 2), (2, 2), (2, 3)], 1),
        ([SOUTH, SOUTH, NORTH], [(1, 2), (2, 3)], 1),
        ([SOUTH, LINE, LINE], [(1, 2), (2, 3)], 0),
        ([LINE, LINE, SOUTH, (0.6, 49.99)], [(1, 2), (3, 4)], 0),
    ],
    ids=["on the line", "two of them", "a loop", "before it", "an end", "alone"],
)
def test_edges_without_length(
    places: list[Point], ways: list[tuple[int, int]], crossings: int
) -> None:
    roads = joined(dict(enumerate(places, start=1)), *ways)
    assert kinds(roads, FENCE) == ["unmatched"] * crossings


def test_a_road_that_goes_on_along_the_line_and_ends_there(street_network: Streets) -> None:
    roads = street_network(
        {"line": [SOUTH, LINE]}, {"line": [LINE, (0.6, 50)]}, {"line": [(0.6, 50), (0.7, 50)]}
    )
    assert kinds(roads, FENCE) == []
    cut = cut_at_border(roads, gpd.GeoSeries([FENCE], crs="EPSG:4326"), region=OPEN)
    assert set(cut.node("side")) == {"south"}


def test_dead_ends_are_where_their_nodes_are() -> None:
    """Saved lines may be rounded: this one ends 5 m beyond the border, its node before it."""
    ends = [SOUTH, (0.5, 50 - 3 * N), (0.5, 50 + 30 * N), NORTH]
    nodes = gpd.GeoDataFrame(
        index=[1, 2, 3, 4], geometry=gpd.points_from_xy(*zip(*ends, strict=True)), crs="EPSG:4326"
    )
    lines = [shapely.LineString([SOUTH, (0.5, 50 + 2 * N)]), shapely.LineString(ends[2:])]
    edges = gpd.GeoDataFrame({"u": [1, 3], "v": [2, 4]}, geometry=lines, crs="EPSG:4326")
    assert kinds_of_pairs(Roads.from_frames(nodes, edges)) == ["dead_end_pair"]


def kinds_of_pairs(roads: Roads) -> list[str]:
    fence = gpd.GeoSeries([FENCE], crs="EPSG:4326")
    found: list[str] = find_crossings(roads, fence, region=OPEN).kind.tolist()
    return found


def test_of_merged_classes_none_is_told_where_it_is_not_known_which_lies_at_the_line(
    street_network: Streets,
) -> None:
    unknown = [f"class_{letter}" for letter in "nmlkjihgfedcba"]
    roads = street_network({"line": [SOUTH, NORTH], "highway": unknown})
    fence = gpd.GeoSeries([FENCE], crs="EPSG:4326")
    found = find_crossings(roads, fence, region=OPEN)
    assert found["class"].isna().tolist() == [True]
    assert found["unsure"].tolist() == ["class"]
