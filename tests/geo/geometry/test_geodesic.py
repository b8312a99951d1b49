"""Circles, middles and reaches on the ellipsoid, from pole to pole and across 180°."""

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from roxham.geo import DataError
from roxham.geo._types import Floats
from roxham.geo.geometry.geodesic import circles, cut_at_180, goes_over, middles, reaches_m

GEOD = Geod(ellps="WGS84")

anywhere = given(
    lon=st.floats(-180, 180),
    lat=st.floats(-90, 90),
    radius=st.floats(2, 5.3).map(lambda power: float(10**power)),
)


def circle(lon: float, lat: float, radius: float) -> BaseGeometry:
    found: BaseGeometry = circles(np.array([lon]), np.array([lat]), np.array([radius]))[0]
    return found


def away(lon: float, lat: float, places: Floats) -> Floats:
    x, y = places.T
    return np.asarray(GEOD.inv(np.full(len(x), lon), np.full(len(y), lat), x, y)[2])


@settings(max_examples=150)
@anywhere
@example(lon=15.0, lat=78.2, radius=1000.0)  # Svalbard
@example(lon=179.999, lat=-17.0, radius=5000.0)  # Fiji
@example(lon=-180.0, lat=0.0, radius=1000.0)
@example(lon=20.0, lat=90.0, radius=1000.0)
@example(lon=20.0, lat=-89.999, radius=1000.0)
@example(lon=0.0, lat=89.99, radius=1100.0)  # beside the pole, and not around it
def test_a_circle_has_its_radius_anywhere(lon: float, lat: float, radius: float) -> None:
    drawn = circle(lon, lat, radius)
    assert drawn.is_valid
    west, south, east, north = drawn.bounds
    assert west >= -180
    assert east <= 180
    assert south >= -90
    assert north <= 90
    rim = shapely.get_coordinates(shapely.segmentize(drawn, 0.02))
    # where it is cut, and along the pole, it is no circle
    rim = rim[(np.abs(rim[:, 0]) < 180 - 1e-9) & (np.abs(rim[:, 1]) < 90)]
    assert away(lon, lat, rim) == pytest.approx(np.full(len(rim), radius), rel=0.005)
    area = sum(abs(GEOD.geometry_area_perimeter(part)[0]) for part in shapely.get_parts(drawn))
    if north < 90 and south > -90:
        assert area == pytest.approx(np.pi * radius**2, rel=0.01)


@settings(max_examples=150)
@anywhere
@example(lon=179.999, lat=-17.0, radius=5000.0)
@example(lon=20.0, lat=90.0, radius=1000.0)
@example(lon=20.0, lat=0.006, radius=1500.0)
@example(lon=-60.0, lat=-84.0, radius=150_000.0)
def test_its_middle_and_reach_are_found_again(lon: float, lat: float, radius: float) -> None:
    drawn = np.array([circle(lon, lat, radius)], dtype=object)
    middle = middles(drawn)
    assert away(lon, lat, shapely.get_coordinates(middle))[0] < 0.01 * radius
    assert reaches_m(drawn, middle)[0] == pytest.approx(radius, rel=0.01)


def test_the_middle_of_a_crescent_lies_in_it() -> None:
    whole, bite = shapely.Point(10, 70).buffer(1), shapely.Point(10.3, 70).buffer(1)
    crescent = shapely.difference(whole, bite)
    assert not crescent.contains(crescent.centroid)
    assert crescent.contains(middles(np.array([crescent], dtype=object))[0])


def test_what_is_no_circle() -> None:
    lon, lat = np.array([0, 0, np.nan]), np.array([0.0, 0, 0])
    assert shapely.is_empty(circles(lon, lat, np.array([0, np.nan, 5]))).all()
    with pytest.raises(DataError, match=r"row 2.*from the equator to a pole"):
        circles(lon, lat, np.array([1, 2e7, 5]))


def test_areas_made_in_metres_are_cut_at_180() -> None:
    uncut = shapely.Polygon([(179.9, 0), (-179.9, 0), (-179.9, 1), (179.9, 1)])
    plain = shapely.box(0, 0, 1, 1)
    assert goes_over(np.array([uncut, circle(180, 0, 1000)], dtype=object)).tolist() == [
        True,
        False,
    ]
    cut, same = cut_at_180(np.array([uncut, plain], dtype=object))
    assert same.equals(plain)
    parts = sorted(part.bounds for part in shapely.get_parts(cut))
    assert np.array(parts) == pytest.approx(np.array([[-180, 0, -179.9, 1], [179.9, 0, 180, 1]]))
