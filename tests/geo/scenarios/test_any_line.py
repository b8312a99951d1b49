"""Crossings counted on paper: other borders, other roads, each place once."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from roxham.geo import Region, Roads, cut_at_border, find_crossings

Streets = Callable[..., Roads]
OPEN = Region(
    "fields", "Two fields", (0, 49, 2, 51), "EPSG:32631", sides=("north", "south"), controlled=False
)
M = 1 / 111_229
"""One metre north at 50° N, in degrees."""
E = 1 / 71_696
"""One metre east at 50° N, in degrees."""


def lines(*wkt: str) -> gpd.GeoSeries:
    return gpd.GeoSeries.from_wkt([*wkt], crs="EPSG:4326")


FENCE = lines("LINESTRING (-1 50, 3 50)")


def found(roads: Roads, border: gpd.GeoSeries = FENCE, region: Region | None = OPEN) -> list[str]:
    """Return the kinds, after making sure that a controlled border counts as many."""
    kinds: list[str] = find_crossings(roads, border, region=region).kind.tolist()
    walled = (
        None
        if region is None
        else Region("x", "x", region.bounds, region.metric_crs, sides=region.sides)
    )
    assert find_crossings(roads, border, region=walled).attrs["unlisted"] == len(kinds)
    cut = cut_at_border(roads, border, region=region)
    assert not (cut.u == cut.v).any()
    return kinds


def straight(east_m: float, *, north: bool = True, **given: Any) -> dict[str, Any]:
    x = 0.5 + east_m * E
    line = [(x, 49.99), (x, 50.01)]
    return {"line": line if north else line[::-1], **given}


def test_one_way_streets_of_a_city_are_as_many_crossings(street_network: Streets) -> None:
    streets = [
        straight(80 * i, north=bool(i % 2), name=f"{i}th Avenue", ref=f"S{i}", oneway=True)
        for i in range(12)
    ]
    assert found(street_network(*streets)) == ["unmatched"] * 12


@pytest.mark.parametrize(
    "given",
    [[{"name": "A"}, {"name": "A"}], [{"ref": "1"}, {"ref": "1"}], [{"name": "A"}, {}], [{}, {}],
     [{"name": "North", "highway": "trunk"}, {"name": "South", "highway": "trunk"}]],
    ids=["name", "number", "one nameless", "nameless", "trunk roads"],
)  # fmt: skip
def test_carriageways_whose_names_do_not_tell_them_apart_are_one(
    street_network: Streets, given: list[dict[str, Any]]
) -> None:
    there, back = given
    streets = [straight(0, oneway=True, **there), straight(60, north=False, oneway=True, **back)]
    assert found(street_network(*streets)) == ["unmatched"]


def test_two_carriageways_of_two_names_are_one_where_they_are_close(
    street_network: Streets,
) -> None:
    there = straight(0, oneway=True, name="Northbound")

    def with_other(east_m: float, *, north: bool) -> int:
        other = straight(east_m, north=north, oneway=True, name="Southbound")
        return len(found(street_network(there, other)))

    assert with_other(30, north=False) == 1
    assert with_other(30, north=True) == 2
    assert with_other(60, north=False) == 2


def test_lanes_that_leave_a_road_and_come_back_belong_to_it(street_network: Streets) -> None:
    before, after = (0.5, 49.9995), (0.5, 50.0005)
    lane = [before, (0.5 + 30 * E, 50), after]
    roads: list[dict[str, Any]] = [
        {"line": [(0.5, 49.99), before], "name": "Main"},
        {"line": [before, after], "name": "Main"},
        {"line": [after, (0.5, 50.01)], "name": "Main"},
        {"line": lane, "highway": "service", "oneway": True},
    ]
    assert found(street_network(*roads)) == ["unmatched"]
    assert len(found(street_network(*roads[:3], {**roads[3], "name": "Lane"}))) == 2
    assert len(found(street_network(*roads[:3], {**roads[3], "oneway": False}))) == 2


def test_a_junction_at_the_line_does_not_change_the_count(street_network: Streets) -> None:
    bend = [(0.5, 49.99), (0.5, 50 + 3 * M), (0.5 + 3 * E, 50 - 3 * M), (0.5 + 6 * E, 50.01)]
    steps = [{"line": list(step)} for step in pairwise(bend)]
    assert found(street_network({"line": bend})) == found(street_network(*steps)) == ["unmatched"]
    # two roads that part there are two: one documented would open a wall for the other
    fork = {"line": [bend[1], (0.49, 49.99)]}
    assert len(found(street_network({"line": [(0.5, 50.01), bend[1]]}, steps[0], fork))) == 2


@pytest.mark.parametrize("ring_m", [15, 45])
def test_a_roundabout_on_the_border_is_one(street_network: Streets, ring_m: float) -> None:
    turn = np.linspace(-np.pi / 2, np.pi / 2, 9)
    east = list(zip(0.5 + ring_m * E * np.cos(turn), 50 + ring_m * M * np.sin(turn), strict=True))
    west = [(1 - x, y) for x, y in east[::-1]]
    west[0], west[-1] = east[-1], east[0]
    roads = street_network(
        {"line": east, "oneway": True}, {"line": west, "oneway": True},
        {"line": [(0.5, 49.99), east[0]]}, {"line": [east[-1], (0.5, 50.01)]},
    )  # fmt: skip
    assert found(roads) == ["unmatched"]


@pytest.mark.parametrize(
    ("deep_m", "oneway", "crossings"),
    [(2, True, 1), (10, True, 1), (40, True, 2), (2, False, 2), (10, False, 2), (40, False, 2)],
)
def test_a_ring_that_dips_over_the_line_is_counted_alike_however_it_is_drawn(
    street_network: Streets, deep_m: float, oneway: bool, crossings: int
) -> None:
    """It goes over 31, 66 and 113 m from where it comes back."""
    turn = np.deg2rad(np.linspace(90, 450, 73))
    x, y = 0.5 + 60 * E * np.cos(turn), 50 + (60 - deep_m + 60 * np.sin(turn)) * M
    ring = [*zip(x[:-1], y[:-1], strict=True), (x[0], y[0])]
    for cuts in ([], [18, 54], [36], [30, 36, 40]):  # nodes on this side, beyond, both
        roads: list[dict[str, Any]] = [
            {"line": ring[a : b + 1], "name": "Ring", "oneway": oneway}
            for a, b in pairwise([0, *cuts, 72])
        ]
        roads.append({"line": [ring[0], (0.5, 50.01)], "name": "Main"})
        assert len(found(street_network(*roads))) == crossings, cuts


def test_a_loop_that_crosses_four_times_does(street_network: Streets) -> None:
    x, low, high = np.array([0.5, 0.51, 0.52, 0.53]), 49.99, 50.01
    line = [(x[0], low), (x[0], high), (x[1], high), (x[1], low), (x[2], low), (x[2], high),
            (x[3], high), (x[3], 49.98), (0.4, 49.98), (0.4, low), (x[0], low)]  # fmt: skip
    there = {"line": line[:8]}
    assert len(found(street_network(there, {"line": line[7:]}))) == 4


def test_streets_straight_over_a_street_that_is_the_border(street_network: Streets) -> None:
    x = [0.5 + 100 * E * i for i in range(5)]
    street = [{"line": [(a, 50), (b, 50)], "name": "Line"} for a, b in pairwise(x)]
    south = [{"line": [(at, 49.99), (at, 50)]} for at in x]
    north = [{"line": [(at, 50), (at, 50.01)]} for at in x]
    assert len(found(street_network(*street, *south, *north))) == 5
    # to the side streets of one side alone the next straight way over is theirs
    assert len(found(street_network(*street, *south, *north[1:4:2]))) == 2
    # staggered: only along the street itself does one come over
    assert len(found(street_network(*street, *south[::2], *north[1::2]))) == 1
    assert len(found(street_network(*street, *south))) == 0


@pytest.mark.parametrize(
    ("south", "north", "pairs"),
    [
        ([(0.5, 49.99), (0.5, 50)], [(0.5, 50.01), (0.5, 50 + 30 * M)], 1),
        ([(0.5, 49.99), (0.5, 50 - 30 * M)], [(0.5, 50.01), (0.5, 50)], 1),
        ([(0.5, 49.99), (0.5, 50)], [(0.5 + 30 * E, 50.01), (0.5 + 30 * E, 50)], 0),
        ([(0.5, 50.01), (0.5, 50)], [(0.6, 50.01), (0.5, 50 + 30 * M)], 0),
    ],
    ids=["one on the line", "the other on the line", "side by side", "from one side"],
)
def test_dead_ends_on_the_line_itself(
    street_network: Streets,
    south: list[tuple[float, float]],
    north: list[tuple[float, float]],
    pairs: int,
) -> None:
    roads = street_network({"line": south, "name": "S"}, {"line": north, "name": "N"})
    assert found(roads) == ["dead_end_pair"] * pairs
    if pairs:
        row = find_crossings(roads, FENCE, region=OPEN).iloc[0]
        assert (row.road_a, row.road_b) == ("N", "S")
        assert cut_at_border(roads, FENCE).edge_count == 0  # walls, as any place untold


def test_a_road_is_where_its_nodes_are(street_network: Streets) -> None:
    """Saved lines may be rounded: this one ends 5 m before its node beyond the border."""
    nodes = gpd.GeoDataFrame(
        index=[1, 2], geometry=gpd.points_from_xy([0.5] * 2, [49.99, 50 + 3 * M]), crs="EPSG:4326"
    )
    line = shapely.LineString([(0.5, 49.99), (0.5, 50 - 2 * M)])
    edges = gpd.GeoDataFrame({"u": [1], "v": [2]}, geometry=[line], crs="EPSG:4326")
    assert found(Roads.from_frames(nodes, edges)) == ["unmatched"]


def test_two_countries_roads_that_end_at_one_place_on_the_line() -> None:
    points = gpd.points_from_xy([0.5, 0.5, 0.5, 0.5], [49.99, 50, 50, 50.01])
    nodes = gpd.GeoDataFrame(index=[1, 2, 3, 4], geometry=points, crs="EPSG:4326")
    ends = {"u": [1, 2, 3, 4], "v": [2, 1, 4, 3]}
    straight_on: list[Any] = [None] * 4
    edges = gpd.GeoDataFrame(ends, geometry=straight_on, crs="EPSG:4326")
    roads = Roads.from_frames(nodes, edges)
    assert found(roads) == ["dead_end_pair"]
    assert find_crossings(roads, FENCE, region=OPEN).gap_m.tolist() == [0]


TWICE = {
    "both ways": lines("LINESTRING (-1 50, 3 50)", "LINESTRING (3 50, -1 50)"),
    "a part again": lines("LINESTRING (-1 50, 3 50)", "LINESTRING (0.2 50, 0.7 50)"),
    "there and back": lines("LINESTRING (-1 50, 0.7 50, 0.2 50, 3 50)"),
    "repeated points": lines("LINESTRING (-1 50, -1 50, 0.5 50, 0.5 50, 3 50, 3 50)"),
    "heights": lines("LINESTRING Z (-1 50 1, 0.5 50 2, 3 50 3)"),
    "measures": lines("LINESTRING ZM (-1 50 1 7, 3 50 3 8)"),
    "in collections": lines(
        "GEOMETRYCOLLECTION (POINT (0 0), GEOMETRYCOLLECTION ("
        "MULTILINESTRING ((-1 50, 0 50), (3 50, 0 50)), GEOMETRYCOLLECTION EMPTY))"
    ),
    "line and area": lines(
        "LINESTRING (-1 50, 3 50)", "POLYGON ((-1 50, 3 50, 3 48, -1 48, -1 50))"
    ),
    # Fiji, Russia, the United States: an area is cut at 180°, and the file spans the Earth
    "on both sides of 180°": lines(
        "MULTIPOLYGON (((-1 50, 3 50, 3 48, -1 48, -1 50)), ((179 9, 180 9, 180 10, 179 9)), "
        "((-180 9, -180 10, -179 9, -180 9)))"
    ),
}


@pytest.mark.parametrize("name", TWICE)
def test_one_line_however_it_is_drawn(street_network: Streets, name: str) -> None:
    assert found(street_network({"line": [(0.5, 49.9), (0.5, 50.1)]}), TWICE[name]) == ["unmatched"]


def test_a_border_of_short_segments_in_any_order(street_network: Streets) -> None:
    rng = np.random.default_rng(5)
    x = np.concatenate([[-1], np.sort(rng.uniform(-1, 3, 400)), [3]])
    points = list(zip(x, 50 + 0.01 * np.sin(9 * x), strict=True))
    steps = [shapely.LineString(step) for step in pairwise(points)]
    turned = [step.reverse() if rng.random() < 0.5 else step for step in steps]
    border = gpd.GeoSeries([turned[i] for i in rng.permutation(len(turned))], crs="EPSG:4326")
    roads = street_network(*({"line": [(k / 10, 49.9), (k / 10, 50.1)]} for k in range(1, 19)))
    assert found(roads, border) == ["unmatched"] * 18


def test_fields_of_two_countries_among_each_other(street_network: Streets) -> None:
    middle = shapely.Point(0.5, 50.07)
    fields = gpd.GeoSeries(
        [
            shapely.box(0.1, 50, 0.2, 50.1), shapely.box(0.2, 50, 0.3, 50.1),
            middle.buffer(0.05).difference(middle.buffer(0.02)),
        ],
        crs="EPSG:4326",
    )  # fmt: skip
    through = {"line": [(0.05, 50.07), (0.9, 50.07)]}
    assert len(found(street_network(through), fields)) == 3 + 4
    corners = gpd.GeoSeries([shapely.box(0, 50, 0.6, 50.1), shapely.box(0.6, 50.1, 0.7, 50.2)])
    diagonal = {"line": [(0.55, 50.05), (0.65, 50.15)]}
    assert len(found(street_network(diagonal), corners.set_crs("EPSG:4326"))) == 1


def test_a_long_road_that_is_the_border_crosses_it_nowhere(street_network: Streets) -> None:
    x = np.linspace(0.1, 1.9, 20_000)
    line = np.column_stack([x, 50 + 0.001 * np.sin(200 * x)])
    roads = street_network({"line": line.tolist()})
    table = find_crossings(roads, gpd.GeoSeries([shapely.LineString(line)], crs="EPSG:4326"))
    assert (len(table), table.attrs["unlisted"]) == (0, 0)


def test_two_ports_200_m_apart(street_network: Streets) -> None:
    ways = [(0, True, "A"), (20, False, "A"), (200, True, "B"), (220, False, "B")]
    roads = street_network(*(straight(x, north=n, name=name, oneway=True) for x, n, name in ways))
    ports = pd.DataFrame(
        {
            "port_id": ["a", "b"],
            "lon": [0.5 + x * E for x in (110, 130)],
            "lat": 50.0003,
            "source_url": "https://example.org/a",
        }
    )
    table = find_crossings(roads, FENCE, ports=ports, by="A. Desk")
    assert table[["port", "road_a"]].values.tolist() == [["a", "A"], ["b", "B"]]
    assert table.attrs["unlisted"] == 0
