"""How far lengths on OSMnx's sphere are from the geodesic, wherever a road lies."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from pyproj import Geod

from roxham.geo.geometry.distance import great_circle_m

GEOD = Geod(ellps="WGS84")


@given(lat=st.floats(-89.9, 89.9), azimuth=st.floats(0, 360), metres=st.floats(10, 5000))
@example(lat=0.0, azimuth=0.0, metres=100.0)  # the longest
@example(lat=89.9, azimuth=90.0, metres=100.0)  # the shortest
def test_lengths_of_roads_are_as_near_to_geodesics_as_is_said(
    lat: float, azimuth: float, metres: float
) -> None:
    lon_b, lat_b, _ = GEOD.fwd(0.0, lat, azimuth, metres)
    there = [np.array([value]) for value in (0.0, lat, lon_b, lat_b)]
    off = float(great_circle_m(*there)[0]) / metres - 1
    assert -0.0045 < off < 0.00565
