"""A network over 180°: what is found there is what is found of the same one elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

from roxham.geo import (
    WGS84,
    Border,
    Region,
    Roads,
    catchments,
    cut_at_border,
    find_crossings,
    find_routes,
    reach,
    suggest_metric_crs,
    travel_table,
)
from roxham.geo.errors import DataError
from roxham.geo.geometry.geodesic import within_180
from roxham.geo.routing.snap import Snapper

Wrapped = Callable[[float], float]


def grid(middle: float) -> tuple[Roads, Wrapped]:
    """Return a grid of 6 by 3 junctions around a meridian, and longitudes as the Earth has them."""
    graph = nx.MultiDiGraph(crs="EPSG:4326")

    def lon(beyond: float) -> float:
        return (middle + beyond + 180) % 360 - 180

    for i in range(6):
        for j in range(3):
            graph.add_node(3 * i + j, x=lon(0.01 * i - 0.026), y=-16.8 + 0.01 * j)
    for i in range(6):
        for j in range(3):
            for a, b in ((i + 1, j), (i, j + 1)):
                if a < 6 and b < 3:
                    for u, v in ((3 * i + j, 3 * a + b), (3 * a + b, 3 * i + j)):
                        graph.add_edge(u, v, length=1000.0, travel_time_s=100.0)
    return Roads.from_networkx(graph), lon


@pytest.fixture(scope="module")
def both() -> tuple[tuple[Roads, Wrapped], tuple[Roads, Wrapped]]:
    return grid(180.0), grid(10.0)


Both = tuple[tuple[Roads, Wrapped], tuple[Roads, Wrapped]]


def test_points_are_snapped_over_180(both: Both) -> None:
    found = [Snapper(roads).snap(lon(0.0002), -16.801) for roads, lon in both]
    assert found[0].edge == found[1].edge
    assert found[0].fraction == pytest.approx(found[1].fraction, abs=1e-6)
    assert found[0].offset_m == pytest.approx(110.667, abs=0.01)
    assert found[0].lon == pytest.approx(-179.9998)


def test_routes_and_tables_go_over_180(both: Both) -> None:
    for roads, lon in both:
        ends = (lon(-0.025), -16.8005), (lon(0.023), -16.78)
        assert find_routes(roads, *ends)["length_m"].item() == pytest.approx(6800, abs=0.01)
        points = [gpd.GeoDataFrame(geometry=[shapely.Point(end)], crs=WGS84) for end in ends]
        table = travel_table(roads, points[0], None, points[1])
        assert table["length_m"].item() == pytest.approx(6800, abs=0.01)


def test_the_line_of_a_route_is_cut_at_180(both: Both) -> None:
    (roads, lon), _ = both
    line = find_routes(roads, (lon(-0.025), -16.8), (lon(0.023), -16.78)).geometry.item()
    first, last = shapely.get_parts(line)
    assert first.bounds[2] == 180
    assert last.bounds[0] == -180
    assert first.coords[0] == pytest.approx((179.975, -16.8))
    graph = nx.MultiDiGraph([("a", "b"), ("b", "c")], crs=WGS84)  # over it and back
    for name, x, y in (("a", 179.99, -16.8), ("b", -179.99, -16.79), ("c", 179.98, -16.78)):
        graph.nodes[name].update(x=x, y=y)
    nx.set_edge_attributes(graph, {edge: {"travel_time_s": 60.0} for edge in graph.edges})
    parts = shapely.get_parts(find_routes(Roads.from_networkx(graph), "a", "c").geometry.item())
    ends = [part.coords[at][0] for part in parts for at in (0, -1)]
    assert ends == [179.99, 180, -180, -180, 180, 179.98]


def test_areas_over_180_are_as_large_as_elsewhere(both: Both) -> None:
    areas = []
    for roads, lon in both:
        near = reach(roads, (lon(-0.001), -16.79), minutes=[3])
        ends = [shapely.Point(lon(-0.026), -16.8), shapely.Point(lon(0.024), -16.8)]
        gates = gpd.GeoDataFrame({"gate": ["w", "e"]}, geometry=ends, crs=WGS84)
        found = catchments(roads, gates).areas
        assert found is not None
        areas.append([near["area_km2"].item(), *(found.to_crs(6933).area / 1e6)])
        assert near.geometry.is_valid.all()
    assert areas[0] == pytest.approx(areas[1], rel=0.01)


RIVER = shapely.LineString(
    [(0.02 * i - 0.3, -16.8 + 0.02 * (-1) ** i + 0.0013 * i) for i in range(31)]
)
ENCLAVE = shapely.Point(0, -16.8).buffer(0.08) - shapely.Point(0.01, -16.8).buffer(0.03)


def turned(shape: shapely.Geometry, middle: float) -> shapely.Geometry:
    """Return a shape about 0° at another meridian; about 180° it is cut there."""
    there = shapely.transform(shape, lambda xy: xy + np.array([middle, 0]))
    cut: shapely.Geometry = within_180(np.array([there], dtype=object))[0]
    return cut


def crossed(middle: float, border: shapely.Geometry, *, uncut: bool = False) -> tuple[Any, Roads]:
    """Return the crossings of made-up streets about a meridian, and the streets cut there."""
    rng = np.random.default_rng(3)
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    for i in range(120):
        x, y = rng.uniform((-0.2, -16.95), (0.2, -16.65))
        dx, dy = rng.normal(0, 0.05, 2)
        ends = [(x, y), (x + dx, y + dy)]
        lon = [(at + middle + 180) % 360 - 180 for at, _ in ends]
        graph.add_node(2 * i, x=lon[0], y=ends[0][1])
        graph.add_node(2 * i + 1, x=lon[1], y=ends[1][1])
        graph.add_edge(2 * i, 2 * i + 1, name=f"S{i}")
    roads = Roads.from_networkx(graph)
    bounds = ((middle - 0.295 + 180) % 360 - 180, -17.1, (middle + 0.295 + 180) % 360 - 180, -16.5)
    region = Region("x", "x", bounds, suggest_metric_crs(bounds), ("N", "S"), controlled=False)
    shape = turned(border, middle)
    if uncut:
        back = np.array([(x - 360 if x > 180 else x, y) for x, y in shapely.get_coordinates(
            shapely.transform(border, lambda xy: xy + np.array([middle, 0])))])  # fmt: skip
        shape = shapely.LineString(back)
    frame = gpd.GeoSeries([shape], crs=WGS84)
    found = find_crossings(roads, Border.from_line(frame, region))
    told = find_crossings(roads, frame)  # without a region: all are walls
    assert told.attrs["unlisted"] == len(found)
    return found, cut_at_border(roads, Border.from_line(frame, region))


@pytest.mark.parametrize(("border", "uncut"), [(RIVER, False), (RIVER, True), (ENCLAVE, False)])
def test_a_border_over_180_is_crossed_as_elsewhere(border: shapely.Geometry, uncut: bool) -> None:
    (here, cut), (there, other) = crossed(180, border, uncut=uncut), crossed(20, border)
    assert len(here) > 20
    assert here["name"].tolist() == there["name"].tolist()  # from west to east
    # where a street wavers over the line within 20 m, either place stands for both
    assert here["lat"].tolist() == pytest.approx(there["lat"].tolist(), abs=2e-4)
    assert (here["lon"] % 360 - 160).tolist() == pytest.approx(there["lon"].tolist(), abs=2e-4)
    assert cut.node("side").tolist() == other.node("side").tolist()
    assert cut.length_m == pytest.approx(other.length_m, rel=1e-6)
    assert np.abs(cut.coords[:, 0]).max() <= 180


def test_a_border_at_greenwich_is_not_met_at_180(both: Both) -> None:
    (roads, _), _ = both
    line = gpd.GeoSeries([shapely.LineString([(-1, -16.795), (1, -16.795)])], crs=WGS84)
    with pytest.raises(DataError, match="lie apart"):
        find_crossings(roads, line)


def test_ports_on_both_sides_of_180_are_asked_for_who_vouches(both: Both) -> None:
    """A port in the west lies on the line as well as one in the east."""
    (roads, _), _ = both
    line = gpd.GeoSeries(
        [turned(shapely.LineString([(-1, -16.795), (1, -16.795)]), 180)], crs=WGS84
    )
    ports = pd.DataFrame(
        {"port_id": ["w", "e"], "lon": [179.974, -179.986], "lat": -16.795,
         "source_url": "https://example.org/p"}
    )  # fmt: skip
    with pytest.raises(DataError, match=r"w is on a controlled border(?s:.*)e is on a controlled"):
        cut_at_border(roads, line, ports=ports)
    cut = cut_at_border(roads, line, ports=ports, by="A newspaper")
    assert cut.meta["border"]["vouched"]["ports"] == ["w", "e"]
    assert [told["crossing_id"] for told in cut.meta["border"]["crossings"]] == ["w", "e"]
    assert cut.meta["border"]["unlisted"] == 4
