"""A line along the bundled border is controlled, whoever calls it open."""

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from roxham.geo import Border, Region, Roads, cut_at_border, find_crossings, load_border
from roxham.geo.border.lines import lines_of
from roxham.geo.border.open_guard import METRIC, runs_along
from roxham.geo.places.jurisdictions import LINES, load_jurisdictions
from roxham.geo.tables.bundled import read_shapes

Streets = Callable[..., Roads]
OPEN = Region(
    "own", "A region", (-75.0, 44.5, -71.2, 45.6), "EPSG:32618", ("CA", "US"), controlled=False
)
LINE = shapely.line_merge(load_border().line.union_all())
EAST, NORTH = 1 / 78_800, 1 / 111_100
"""One metre at 45° N, in degrees."""


def as_border(*shapes: BaseGeometry) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), crs="EPSG:4326")


def moved(shape: BaseGeometry, east_m: float, north_m: float) -> BaseGeometry:
    metres = as_border(shape).to_crs(METRIC).translate(east_m, north_m)
    line: BaseGeometry = metres.to_crs("EPSG:4326").to_numpy()[0]
    return line


def piece(start: float, metres: float) -> BaseGeometry:
    """Return a piece of the border from a longitude on, where it runs to the east."""
    line: BaseGeometry = shapely.clip_by_rect(LINE, start, 44.9, start + metres * EAST, 45.1)
    return line


def trembling() -> BaseGeometry:
    xy = shapely.get_coordinates(shapely.segmentize(piece(-73.6, 8000), 20 * EAST))
    xy[:, 1] += np.random.default_rng(1).uniform(-30, 30, len(xy)) * NORTH
    return shapely.LineString(xy)


def zigzag(amplitude_m: float, step_m: float, start: float = -73.7) -> BaseGeometry:
    """Return a line that goes over the border and back at every step, for 8 km."""
    along = shapely.get_coordinates(shapely.segmentize(piece(start, 8000), step_m * EAST))
    turn = np.where(np.arange(len(along)) % 2, amplitude_m, -amplitude_m)
    return shapely.LineString(along + np.column_stack([0 * turn, turn * NORTH]))


def teeth(line: BaseGeometry) -> BaseGeometry:
    """Return the segments of a line, each by itself."""
    xy = shapely.get_coordinates(line)
    found: BaseGeometry = shapely.multilinestrings(np.stack([xy[:-1], xy[1:]], axis=1).tolist())
    return found


DISGUISES = {
    "a zigzag": zigzag(60, 17),
    "a wide zigzag": zigzag(500, 100),
    "a zigzag in pieces": teeth(zigzag(60, 17)),
    "itself": LINE,
    "reversed": LINE.reverse(),
    "a piece": piece(-73.6, 5000),
    "a short piece": piece(-73.52, 300),
    "moved to the north": moved(LINE, 0, 200),
    "moved to the south": moved(LINE, 0, -200),
    "a piece, moved and reversed": moved(piece(-73.6, 3000), 150, 150).reverse(),
    "the parallel": shapely.LineString([(-74.6, 45.0), (-71.6, 45.0)]),
    "trembling": trembling(),
    "simplified": LINE.simplify(0.005),
    "a part of a longer line": shapely.LineString(
        [(-73.9, 45.5), *shapely.get_coordinates(piece(-73.6, 4000)), (-73.1, 44.6)]
    ),
    "one line of several": shapely.MultiLineString(
        [[(-74, 45.3), (-73, 45.3)], shapely.get_coordinates(piece(-73.6, 4000))]
    ),
    "a province": load_jurisdictions().set_index("id").geometry["CA-QC"],
}


@pytest.mark.parametrize("name", DISGUISES)
def test_the_border_is_known_in_disguise(name: str) -> None:
    assert runs_along(*lines_of(as_border(DISGUISES[name])))


def through(lon: float, slope: float = 0.0) -> BaseGeometry:
    """Return a line through the border, ``slope`` metres to the east for each to the north."""
    lat = shapely.get_coordinates(LINE.intersection(shapely.LineString([(lon, 44), (lon, 46)])))[0]
    step = np.array([slope * EAST, NORTH]) * 20_000
    return shapely.LineString([lat - step, lat + step])


FREE = {
    "far away": shapely.LineString([(-8.0, 54.2), (-6.2, 54.1)]),
    "near, not beside it": shapely.LineString([(-74, 45.1), (-73, 45.1)]),
    "through it": through(-73.5),
    "aslant through it": through(-73.5, 1.0),
    "through it more than once": shapely.MultiLineString(
        [through(lon).coords for lon in (-74.2, -73.3, -72.4)]
    ),
    "up to it": shapely.LineString([(-73.5, 44.6), LINE.interpolate(1.7).coords[0]]),
    "a corner on it": shapely.LineString(
        [(-73.6, 44.9), piece(-73.5, 1000).coords[0], (-73.4, 44.9)]
    ),
}


@pytest.mark.parametrize("name", FREE)
def test_other_lines_are_free(name: str) -> None:
    assert not runs_along(*lines_of(as_border(FREE[name])))


def test_lines_between_states_that_end_at_the_border_are_free() -> None:
    lines = read_shapes("jurisdiction_lines.geojson", LINES)
    for name, line in zip(lines["name"], lines.geometry, strict=True):
        assert not runs_along(*lines_of(as_border(line))), name


def test_both_doors_refuse(street_network: Streets) -> None:
    roads = street_network({"line": [(-73.5, 44.9), (-73.5, 45.1)], "name": "A Road"})
    whole = load_border()
    borders = (whole, whole.line, Border.from_line(whole.line, OPEN), as_border(piece(-73.6, 9000)))
    for door in (find_crossings, cut_at_border):
        for border in borders:
            with pytest.raises(ValueError, match="runs along the border of Canada") as caught:
                door(roads, border, region=OPEN)
            assert "A Road" not in str(caught.value)
        with pytest.raises(ValueError, match="runs along"):
            door(roads, Border.from_line(whole.line, OPEN))  # open by its own region
    assert find_crossings(roads, whole).attrs["unlisted"] == 1
