"""What a caller may try in order to have places on a controlled line told: none of it tells one."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

from roxham.geo import (
    DataError,
    Region,
    Roads,
    catchments,
    cut_at_border,
    find_crossings,
    load_border,
    travel_table,
)
from roxham.geo.columns import Coded

from .test_find import FENCE, ports

OPEN = Region("x", "Two fields", (-75, 44, -72, 46), "EPSG:32618", ("a", "b"), controlled=False)
LON = (-73.6, -73.5, -73.4)
"""Where the made-up roads of this module go over the bundled line, which is by 45° there."""


def graph_of(*streets: list[tuple[float, float]], **given: object) -> Roads:
    """Return a network of streets in both directions, a node at each point."""
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    for way, street in enumerate(streets):
        for a, b in pairwise(street):
            for place in (a, b):
                graph.add_node(f"{place[0]} {place[1]}", x=place[0], y=place[1])
            for start, end in ((a, b), (b, a)):
                ends = (f"{at[0]} {at[1]}" for at in (start, end))
                graph.add_edge(*ends, **{"osmid": way, **given})
    return Roads.from_networkx(graph)


def over() -> Roads:
    """Return three roads over the controlled line, on each side joined by one."""
    return graph_of(
        *([(lon, 44.95), (lon, 45.06)] for lon in LON),
        [(lon, 45.06) for lon in LON],
        [(lon, 44.95) for lon in LON],
    )


def along() -> gpd.GeoDataFrame:
    """Return points every kilometre or so along the controlled line."""
    line = load_border().line.union_all()
    lon = np.arange(-73.65, -73.35, 0.012)
    cuts = shapely.linestrings([[(x, 44.9), (x, 45.1)] for x in lon])
    places = shapely.centroid(shapely.intersection(line, cuts))
    names = {"gate": [f"g{n}" for n in range(len(lon))]}
    return gpd.GeoDataFrame(names, geometry=places, crs="EPSG:4326")


def test_gates_made_up_along_the_line_find_no_road_over_it() -> None:
    roads = over()
    at = gpd.GeoSeries.from_xy(roads.x, roads.y, crs="EPSG:4326")
    side = Coded.of(load_border().side_of(at).astype(object).to_numpy())
    own = roads.with_columns(nodes={"side": side})
    gates = along()
    places = [
        gpd.GeoDataFrame({"name": ["p"]}, geometry=gpd.points_from_xy([LON[0]], [lat]), crs=4326)
        for lat in (45.06, 44.95)
    ]
    with pytest.raises(DataError, match=r"gates: \d+ on the border of .* beside no documented"):
        travel_table(own, places[0], gates, places[1], weight="length_m")
    with pytest.raises(DataError, match="beside no documented"):
        catchments(own, gates.iloc[:1], weight="length_m")
    told = gates.assign(source_url="https://example.org/a")
    with pytest.raises(DataError, match="beside no documented"):
        catchments(own, told, weight="length_m")
    with pytest.raises(DataError, match="none is on this network"):  # as told as a road's is not
        catchments(own, told.iloc[:1], weight="length_m")


def test_the_line_as_a_road_meets_no_roads_as_borders() -> None:
    line = load_border().line.union_all()
    piece = shapely.intersection(line, shapely.box(-73.65, 44.9, -73.35, 45.1))
    piece = max(shapely.get_parts(shapely.line_merge(piece)), key=shapely.length)
    walk = graph_of([(x, y) for x, y in piece.coords])
    roads = gpd.GeoDataFrame(geometry=over().lines, crs="EPSG:4326")
    for find in (find_crossings, cut_at_border):
        with pytest.raises(DataError, match=r"controlled\. Leave out what lies beside it"):
            find(walk, roads, region=OPEN)
    # a line away from it is nobody's
    away = graph_of([(-73.65, 45.055), (-73.35, 45.055)])
    assert len(find_crossings(away, roads, region=OPEN)) == 3


def test_roads_far_apart_are_no_carriageways_of_a_documented_place() -> None:
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    for lon in (0.3, 0.31, 0.32):
        graph.add_node(f"{lon}s", x=lon, y=49.99)
        graph.add_node(f"{lon}n", x=lon, y=50.01)
        graph.add_edge(f"{lon}s", f"{lon}n")
    roads, port = Roads.from_networkx(graph), ports({"port_id": "p", "lon": 0.3, "lat": 50.0})
    for find in (find_crossings, cut_at_border):
        with pytest.raises(DataError, match="cluster_m: 5000 m is too wide"):
            find(roads, FENCE, ports=port, by="A. Desk", cluster_m=5000)
    assert find_crossings(roads, FENCE, ports=port, by="A. Desk").attrs["unlisted"] == 2


@pytest.mark.parametrize("inland", [0.01, 0.06])
def test_no_end_of_a_road_points_at_a_wall_however_far_off(inland: float) -> None:
    steps = np.arange(-inland, inland + 1e-9, 0.0005) + 50.0001
    street = [(0.5, round(float(y), 6)) for y in steps]
    ends = [[(0.48, at[1]), at, (0.52, at[1])] for at in (street[0], street[-1])]
    told = cut_at_border(graph_of(street, *ends), FENCE)
    assert sorted({round(float(y), 6) for y in told.y}) == [street[0][1], street[-1][1]]


def test_no_way_of_a_wall_joins_both_sides_by_its_id() -> None:
    # one way with a street across it on each side, 2 km from the line, and one 10 km off
    way = [(-73.5, 44.92), (-73.5, 44.995), (-73.5, 45.02), (-73.5, 45.09)]
    streets = [[(-73.55, y), (-73.5, y), (-73.45, y)] for y in (44.995, 45.02, 44.92, 45.09)]
    told = cut_at_border(graph_of(way, *streets), load_border(), ports=None)
    assert told.meta["border"]["unlisted"] == 1
    ids = pd.Series(told.edge("osmid").tolist())
    near = gpd.GeoSeries(told.lines).centroid.y.between(44.95, 45.05).to_numpy()
    assert near.any()
    assert ids[near].isna().all()
    assert set(ids[~near].dropna()) == {3, 4}
    # a way that is left on one side alone tells nothing, and every id stays
    short = [*way[:2], (-73.5, 45.015)]
    left = cut_at_border(graph_of(short, *streets), load_border(), ports=None)
    assert left.meta["border"]["unlisted"] == 1
    assert set(left.edge("osmid").tolist()) == {0, 1, 2, 3, 4}
