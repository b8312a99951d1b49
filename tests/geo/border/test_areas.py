"""Borders drawn as areas and rings: which side is inside is never lost, and never swapped."""

from typing import Any

import geopandas as gpd
import networkx as nx
import pytest
import shapely

from roxham.geo import Border, DataError, Region, Roads, cut_at_border

BOX = Region("x", "X", (6.5, 49.5, 7.5, 50.6), "EPSG:32632", ("inner", "outer"), controlled=False)
AREA = shapely.box(6.9, 49.9, 7.1, 50.1)
HOLED = AREA.difference(shapely.box(6.95, 49.95, 6.98, 50.05))
WEST, EAST = shapely.box(6, 49, 7.1, 51), shapely.box(7.1, 49, 8, 51)


def frame(*shapes: Any) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), crs="EPSG:4326")


def sides(border: Border) -> list[str]:
    """Return the sides of a place in the area and one to its east."""
    return border.side_of(gpd.GeoSeries.from_xy([7, 7.2], [50, 50], crs="EPSG:4326")).tolist()


@pytest.fixture(scope="module")
def road() -> Roads:
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(crs="EPSG:4326")
    graph.add_node("in", x=7.0, y=50.0)
    graph.add_node("out", x=7.2, y=50.0)
    graph.add_edges_from([("in", "out"), ("out", "in")], highway="primary")
    return Roads.from_networkx(graph)


DRAWN = {
    "an area": frame(AREA),
    "drawn the other way": frame(shapely.reverse(AREA)),
    "with a hole": frame(HOLED),
    "with heights": frame(shapely.force_3d(AREA)),
    "its ring": frame(AREA.exterior),
    "its ring in two lines": frame(
        shapely.LineString([(6.9, 49.9), (7.1, 49.9), (7.1, 50.1)]),
        shapely.LineString([(6.9, 49.9), (6.9, 50.1), (7.1, 50.1)]),
    ),
    "with another beside it": frame(AREA, shapely.box(6.6, 49.6, 6.7, 49.7)),
    "that reaches out of the region": frame(WEST),
    "one of two countries": frame(WEST, EAST),
}


@pytest.mark.parametrize("name", DRAWN)
def test_inside_is_the_first_side(name: str, road: Roads) -> None:
    drawn = DRAWN[name]
    assert sides(Border.from_line(drawn, BOX)) == ["inner", "outer"]
    cut = cut_at_border(road, drawn, region=BOX)
    told = dict(zip(cut.node_id.tolist(), cut.node("side").tolist(), strict=True))
    assert (told["in"], told["out"]) == ("inner", "outer")


def test_the_other_side_may_be_the_first() -> None:
    for first in ("outside", (7.2, 50.0)):
        assert sides(Border.from_line(DRAWN["an area"], BOX, first=first)) == ["outer", "inner"]
    assert sides(Border.from_line(frame(EAST, WEST), BOX)) == ["outer", "inner"]


def test_the_sea_between_two_countries_has_no_side() -> None:
    border = Border.from_line(frame(WEST, shapely.box(7.1, 50, 8, 51)), BOX)
    places = gpd.GeoSeries.from_xy([7, 7.2, 7.2], [50.2, 50.2, 49.8], crs="EPSG:4326")
    assert border.side_of(places).fillna("none").tolist() == ["inner", "outer", "none"]
    assert border.line.union_all().length == pytest.approx(0.6)  # what they share, no coast


@pytest.mark.parametrize(
    ("drawn", "told"),
    [
        (frame(AREA, shapely.box(7, 50, 7.3, 50.3)), "touch or overlap"),
        (frame(AREA, *(shapely.box(7.1, y, 7.2, y + 0.1) for y in (49.9, 50))), "touch or overlap"),
        (frame(shapely.box(0, 0, 1, 1)), "do not part the box"),
        (frame(shapely.box(0, 0, 90, 90)), "do not part the box"),
        (frame(shapely.Polygon([(6.9, 49.9), (7.1, 50.1), (7.1, 49.9), (6.9, 50.1)])), "not valid"),
    ],
)
def test_areas_that_make_no_two_sides_are_refused(drawn: gpd.GeoSeries, told: str) -> None:
    with pytest.raises(DataError, match=told):
        Border.from_line(drawn, BOX)


def test_nothing_lies_inside_an_open_line() -> None:
    line = frame(shapely.LineString([(7.1, 49), (7.1, 51)]))
    with pytest.raises(DataError, match="not closed, so that nothing lies inside"):
        Border.from_line(line, BOX, first="inside")
    assert sides(Border.from_line(line, BOX)) == ["inner", "outer"]  # the west is the first
