"""A line along a controlled one is controlled, whoever calls it open."""

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
import shapely.ops
from shapely.geometry.base import BaseGeometry

from roxham.geo import Border, Region, Roads, cut_at_border, find_crossings, load_border
from roxham.geo.border.linework import lines_of
from roxham.geo.border.open_guard import CONTROLLED_LINES, runs_along
from roxham.geo.places.jurisdictions import LINES, load_jurisdictions
from roxham.geo.tables.bundled import read_shapes

Streets = Callable[..., Roads]
METRIC = "EPSG:32618"
OPEN = Region("own", "A region", (-75.0, 44.5, -71.2, 45.6), METRIC, ("CA", "US"), controlled=False)
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


def alongside(lat: float, step: float, amplitude: float) -> BaseGeometry:
    """Return a line that goes to and fro about a parallel in the prairies for 40 km."""
    lon = np.arange(-110, -109.45, step)
    turn = np.where(np.arange(len(lon)) % 2, amplitude, -amplitude)
    return shapely.LineString(np.column_stack([lon, lat + turn]))


PRAIRIE = shapely.LineString([(-97.6, 49), (-97.3, 49), (-96.9, 49)])
ELSEWHERE = {
    "the 49th parallel": PRAIRIE,
    "all of it": shapely.LineString([(-122.7, 49), (-95.2, 49)]),
    "reversed": PRAIRIE.reverse(),
    "densified": shapely.segmentize(PRAIRIE, 1e-4),
    "moved by 3 km": shapely.LineString([(-110, 49.027), (-105, 49.027)]),
    "cut out of it, 300 m": shapely.LineString([(-110, 49), (-109.996, 49)]),
    "2 km beside it, as a coarse line has a river": shapely.LineString(
        [(-110, 49), (-109.97, 49.012)]
    ),
    "a zigzag": alongside(49, 0.001, 0.005),
    "a wide zigzag": alongside(49, 0.001, 0.05),
    "Maine, due north": shapely.LineString([(-67.78, 45.94), (-67.79, 47.06)]),
    "the St. Croix": shapely.LineString([(-67.43, 45.57), (-67.45, 45.28), (-67.3, 45.19)]),
    "under the bridge at Lubec": shapely.LineString([(-66.975, 44.85), (-66.982, 44.87)]),
    "the Gulf of Maine": shapely.LineString([(-67.744, 42.887), (-67.468, 42.519)]),
    "off Georges Bank": shapely.LineString([(-67.4, 42.43), (-66.6, 41.5), (-65.7, 40.45)]),
    "the Beaufort Sea": shapely.LineString([(-141, 70), (-141, 72)]),
    "the entrance of Juan de Fuca": shapely.LineString([(-124.0, 48.29), (-124.73, 48.49)]),
    "Dixon Entrance": shapely.LineString([(-132.1, 54.43), (-131.2, 54.74)]),
    "off Juan de Fuca": shapely.LineString([(-126.4, 47.96), (-127.5, 47.4)]),
    "off Dixon Entrance": shapely.LineString([(-135.0, 54.07), (-137.0, 53.69)]),
    "the Beaufort Sea, farther east": shapely.LineString([(-140.1, 70.53), (-139.75, 71.02)]),
    "Lake Ontario": shapely.LineString([(-79.05, 43.43), (-78.69, 43.634), (-76.8, 43.634)]),
    "Lake Erie": shapely.LineString([(-82.7, 41.68), (-81.28, 42.21), (-79.77, 42.55)]),
    "Lake Huron": shapely.LineString([(-82.12, 43.59), (-82.55, 45.34)]),
    "Lake Superior": shapely.LineString([(-89.35, 47.98), (-88.38, 48.30), (-84.87, 46.89)]),
    "the St. Clair": shapely.LineString([(-82.42, 42.99), (-82.47, 42.8), (-82.48, 42.62)]),
    "Detroit": shapely.LineString([(-83.12, 42.25), (-83.07, 42.317), (-82.93, 42.35)]),
    "Niagara": shapely.LineString([(-78.91, 42.9), (-79.02, 43.06), (-79.07, 43.09)]),
    "the Northwest Angle": shapely.LineString([(-95.153, 49.05), (-95.153, 49.35)]),
    "Point Roberts": shapely.LineString([(-123.09, 49.002), (-123.03, 49.002)]),
    "Haro Strait": shapely.LineString([(-123.2, 48.68), (-123.12, 48.43)]),
    "Hyder": shapely.LineString([(-130.02, 55.9), (-130.01, 55.98)]),
    "the A–B line": shapely.LineString([(-132.6, 54.667), (-131.0, 54.7)]),
    "the 141st meridian": shapely.LineString([(-141, 60.4), (-141, 69.6)]),
    "8 km of it": shapely.LineString([(-141, 64.05), (-141, 64.12)]),
    "a province": shapely.box(-120, 49, -114, 60),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_all_of_the_line_is_known(name: str) -> None:
    found = runs_along(*lines_of(as_border(ELSEWHERE[name])))
    assert found == "the border of Canada and the United States"


def test_what_is_shipped_is_known_piece_by_piece() -> None:
    track: Any
    for track in read_shapes("controlled_lines.geojson", CONTROLLED_LINES).geometry:
        pieces = [
            shapely.ops.substring(track, at, at + 0.3) for at in np.arange(0, track.length, 1)
        ]
        assert all(runs_along(*lines_of(as_border(piece))) for piece in pieces)


FREE = {
    "Ireland": shapely.LineString([(-7.26, 55.07), (-7.5, 54.7), (-8.15, 54.45), (-6.27, 54.1)]),
    "Nares Strait, Greenland": shapely.LineString([(-73, 78.5), (-65, 81.3), (-61, 82.2)]),
    "St. Pierre and Miquelon": shapely.LineString([(-56.4, 46.8), (-56.2, 47.1)]),
    "Bering Strait": shapely.LineString([(-168.98, 65.5), (-168.98, 66.5)]),
    "Mexico at 31° N": shapely.LineString([(-111.07, 31.33), (-108.2, 31.33)]),
    "through the 49th parallel": shapely.LineString([(-97.5, 48.9), (-97.5, 49.1)]),
    "through it, 2 km": shapely.LineString([(-97.5, 48.99), (-97.5, 49.01)]),
    "between Alberta and Saskatchewan": shapely.LineString([(-110, 49), (-110, 60)]),
    "between Idaho and Montana": shapely.LineString([(-116.05, 48), (-116.05, 49)]),
    "on the 60th parallel": shapely.LineString([(-139.05, 60), (-124, 60)]),
    "11 km north of the 49th": shapely.LineString([(-110, 49.1), (-109, 49.1)]),
    "over the pole's map": shapely.LineString([(-100, 85), (-100, 90)]),
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
