"""A network over 180°: what is found there is what is found of the same one elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import networkx as nx
import pytest
import shapely

from roxham.geo import WGS84, Roads, catchments, cut_at_border, find_routes, reach, travel_table
from roxham.geo.errors import DataError
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


def test_a_border_is_not_cut_there_in_silence(both: Both) -> None:
    (roads, _), _ = both
    line = gpd.GeoSeries([shapely.LineString([(179, -16.79), (180, -16.79)])], crs=WGS84)
    with pytest.raises(DataError, match="Cut the network at 180° and work on one part"):
        cut_at_border(roads, line)
