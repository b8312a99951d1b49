"""A system in metres for any place on Earth, and systems that are made for elsewhere."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from roxham.geo import ROXHAM, DataError, Region, suggest_metric_crs
from roxham.geo.crs import MOST, require_metres, scale_error

GEOD = Geod(ellps="WGS84")


@pytest.mark.parametrize(
    ("bounds", "begins"),
    [
        (ROXHAM.bounds, "EPSG:32618"),
        ((12.3, 35.3, 12.9, 35.7), "EPSG:32633"),
        ((179.0, -18.0, -179.0, -16.0), "EPSG:32701"),  # over 180°
        ((-180.0, -17.0, -179.5, -16.0), "EPSG:32701"),
        ((179.5, -17.0, 180.0, -16.0), "EPSG:32760"),
        ((-76.0, -56.0, -66.0, -17.0), "+proj=tmerc"),  # Chile: long from south to north
        ((-123.0, 48.0, -95.0, 50.0), "+proj=lcc"),  # the 49th parallel
        ((-10.0, 83.0, 40.0, 90.0), "+proj=laea"),
        ((-180.0, -90.0, 180.0, -88.0), "+proj=laea +lat_0=-90"),
    ],
)
def test_the_system_that_suits(bounds: tuple[float, float, float, float], begins: str) -> None:
    assert suggest_metric_crs(bounds).startswith(begins)


@settings(max_examples=150)
@given(
    lon=st.floats(-180, 180),
    lat=st.floats(-90, 90),
    wide=st.floats(0.001, 4),
    high=st.floats(0.001, 4),
    seed=st.integers(0, 1000),
)
@example(lon=179.9, lat=-17.0, wide=1.0, high=1.0, seed=1)
@example(lon=-180.0, lat=89.0, wide=4.0, high=4.0, seed=1)
def test_its_metres_are_true_anywhere(
    lon: float, lat: float, wide: float, high: float, seed: int
) -> None:
    """Short lines anywhere in a box are as long as the geodesic says, to 1 %."""
    south, north = max(lat - high / 2, -90), min(lat + high / 2, 90)
    east = lon + wide if lon + wide <= 180 else lon + wide - 360
    crs = suggest_metric_crs((lon, south, east, north))
    rng = np.random.default_rng(seed)
    x = (lon + rng.uniform(0, wide, 50) + 180) % 360 - 180
    y = rng.uniform(south, north, 50)
    x2, y2, _ = GEOD.fwd(x, y, rng.uniform(0, 360, 50), np.full(50, 10.0))
    there = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    a, b = np.array(there.transform(x, y)), np.array(there.transform(x2, y2))
    assert np.hypot(*(a - b)) == pytest.approx(np.full(50, 10.0), rel=MOST)


def test_what_no_system_suits_is_refused() -> None:
    europe = (-25.0, 34.0, 45.0, 72.0)
    assert scale_error(suggest_metric_crs(europe), europe) > MOST
    with pytest.raises(DataError, match=r"is too large for metres in one CRS.*a part at a time"):
        require_metres("EPSG:3035", europe, "roads")
    with pytest.raises(DataError, match=r"up to 41% wrong\. Give it.*such as EPSG:32632"):
        require_metres("EPSG:3857", (9.0, 44.5, 10.0, 45.0), "roads")
    assert require_metres("EPSG:2154", (-1.0, 44.0, 5.0, 48.0), "roads") == "EPSG:2154"


@pytest.mark.parametrize("bounds", [(0, 1, 2), (0, 5, 1, 4), (0, 0, 200, 1), (np.nan, 0, 1, 1)])
def test_bounds_that_are_none(bounds: tuple[float, float, float, float]) -> None:
    with pytest.raises(DataError, match="west, south, east, north"):
        suggest_metric_crs(bounds)


def test_a_region_over_180_holds_both_sides() -> None:
    fiji = Region("fiji", "Fiji", (179, -18, -179, -16), "EPSG:32760", ("a", "b"))
    inside = [fiji.contains(lon, -17) for lon in (178.9, 179.5, 180, -180, -179.5, -178.9, 0)]
    assert inside == [False, True, True, True, True, False, False]
    assert fiji.polygon.area == pytest.approx(4)
    assert fiji.drawn((-179.5, -17, -179, -16)) == (180.5, -17, 181, -16)
    assert fiji.middle == (180, -17)
