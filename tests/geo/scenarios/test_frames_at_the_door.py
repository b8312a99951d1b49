"""Every public door says what is wrong with a frame, and changes none."""

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod

from roxham.geo import (
    DataError,
    Region,
    Roads,
    Snapper,
    catchments,
    find_crossings,
    load_border,
    load_roads,
    reach,
    require_wgs84,
    travel_table,
)
from roxham.geo.crossings.sites import port_points
from tests.geo.handmade import fence, gates_at

TOWNS = gpd.GeoDataFrame(
    {"name": ["south", "north"]},
    geometry=gpd.points_from_xy([-73.45, -73.56], [44.7, 45.5]),
    crs="EPSG:4326",
)
JUNCTIONS = load_roads().nodes.set_index("port_id")
PORT = "lacolle-champlain"
GATES = gates_at(**{PORT: (float(JUNCTIONS.x[PORT]), float(JUNCTIONS.y[PORT]))})
NO_CRS: Any = None

Door = Callable[[Any], Any]
DOORS: dict[str, Door] = {
    "require_wgs84": lambda frame: require_wgs84(frame, "points"),
    "side_of": lambda frame: load_border().side_of(frame),
    "distance_m": lambda frame: load_border().distance_m(frame),
    "snap_points": lambda frame: Snapper(load_roads()).snap_points(frame, within_m=5000),
    "travel_table": lambda frame: travel_table(load_roads(), frame, GATES, TOWNS),
    "reach": lambda frame: reach(load_roads(), frame, minutes=[10]),
    "catchments": lambda frame: catchments(load_roads(), GATES, places=frame, areas=False),
    "find_crossings": lambda frame: find_crossings(load_roads(), load_border(), ports=frame),
}


def frame_with(*points: Any) -> gpd.GeoDataFrame:
    return TOWNS.set_geometry(gpd.GeoSeries([*points], crs="EPSG:4326"))


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (TOWNS.set_crs(NO_CRS, allow_override=True), "no coordinate reference system"),
        (TOWNS.to_crs("EPSG:3857"), "is in EPSG:3857, expected EPSG:4326"),
        (gpd.GeoDataFrame({"name": ["a"]}), "has no geometry"),
    ],
    ids=["no CRS", "another CRS", "no geometry"],
)
def test_frames_that_cannot_be_used(door: str, frame: gpd.GeoDataFrame, message: str) -> None:
    with pytest.raises(DataError, match=message):
        DOORS[door](frame)


@pytest.mark.parametrize("given", [None, "towns.gpkg", pd.DataFrame({"lon": [1.0]})])
def test_what_is_no_frame_of_geometries_is_refused(given: Any) -> None:
    with pytest.raises(DataError, match="Give a GeoDataFrame"):
        require_wgs84(given, "points")


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "frame",
    [
        TOWNS,
        TOWNS.iloc[:1],
        TOWNS.set_axis([7, 7]),
        TOWNS.set_axis(pd.MultiIndex.from_tuples([("a", 1), ("a", 2)])),
        TOWNS.rename_geometry("where"),
        frame_with(shapely.Point(-73.45, 44.7, 30), shapely.Point(-73.56, 45.5, 10)),
    ],
    ids=["two", "one", "one label twice", "labels of two parts", "another name", "heights"],
)
def test_frames_of_any_index_are_taken_and_left_as_they_are(
    door: str, frame: gpd.GeoDataFrame
) -> None:
    before = frame.copy(deep=True)
    found = DOORS[door](frame)
    pd.testing.assert_frame_equal(pd.DataFrame(frame), pd.DataFrame(before))
    if door in ("side_of", "distance_m", "snap_points"):
        pd.testing.assert_index_equal(found.index, frame.index)


NOWHERE = {"null": None, "empty": shapely.Point(), "no number": shapely.Point(np.nan, 44.0)}


@pytest.mark.parametrize("point", NOWHERE.values(), ids=NOWHERE)
def test_a_missing_point_is_null_or_said(point: Any) -> None:
    frame = frame_with(point, TOWNS.geometry[1])
    border = load_border()
    assert border.side_of(frame).isna().tolist() == [True, False]
    assert border.distance_m(frame).isna().tolist() == [True, False]
    snapped = Snapper(load_roads()).snap_points(frame, within_m=5000)
    assert snapped.offset_m.isna().tolist() == [True, False]
    assert port_points(frame).port_id.tolist() == ["north"]
    for door in ("travel_table", "reach"):
        with pytest.raises(DataError):
            DOORS[door](frame)


def test_distances_to_the_border_are_geodesics_near_it_and_untold_far_away() -> None:
    border = load_border()
    given = gpd.GeoSeries.from_xy(
        [-74.0, -72.0, -79.9, -73.5, 0.0, -123.0], [45.3, 44.6, 45.0, 41.0, 0.0, 49.0], crs=4326
    )
    found = border.distance_m(given)
    assert found.isna().tolist() == [False, False, False, False, True, True]
    lon, lat = border.line.geometry.segmentize(0.001).get_coordinates().to_numpy().T
    for x, y, metres in zip(given.x[:4], given.y[:4], found[:4], strict=True):
        here = np.full(len(lon), x), np.full(len(lon), y)
        away = Geod(ellps="WGS84").inv(here[0], here[1], lon, lat)[2]
        assert metres == pytest.approx(away.min(), rel=0.006)


def test_metres_in_a_system_made_for_elsewhere_are_refused() -> None:
    assert fence().region.require_metric() == "EPSG:32631"
    with pytest.raises(DataError, match=r"EPSG:32618 are up to 20% wrong.*EPSG:32629"):
        Region("ireland", "x", (-9, 54, -6, 55), "EPSG:32618", ("a", "b")).require_metric()


@pytest.mark.parametrize(
    ("crs", "message"),
    [("EPSG:4326", "is not in metres"), ("EPSG:2263", "not in metres"), ("EPSG:99999", "no CRS")],
)
def test_a_system_of_degrees_or_feet_is_no_metric_one(crs: str, message: str) -> None:
    region = Region("x", "x", (-74.2, 40.6, -73.8, 41.0), sides=("CA", "US"), metric_crs=crs)
    with pytest.raises(DataError, match=message):
        region.require_metric()


@pytest.mark.parametrize("bounds", [(0, 0, 1), ("a", 0, 1, 1), (0, 0, np.nan, 1), (1, 0, 0, 1)])
def test_boxes_that_are_none(bounds: Any) -> None:
    with pytest.raises(DataError, match=r"bounds.*(not west, south, east, north|a number)"):
        Region("x", "x", bounds, "EPSG:32631", ("CA", "US"))
    with pytest.raises(DataError, match="not two names"):
        Region("x", "x", (0, 0, 1, 1), "EPSG:32631", sides=("a", "a"))


@pytest.mark.parametrize("within_m", [-1.0, np.nan])
def test_a_reach_that_is_no_distance(within_m: float) -> None:
    with pytest.raises(DataError, match=r"within_m: is .* Give a number, 0 or more"):
        Snapper(load_roads()).snap(-73.45, 44.7, within_m=within_m)


def test_ports_that_are_no_table_of_places(street_network: Callable[..., Roads]) -> None:
    roads = street_network({"line": [(0.5, 49.99), (0.5, 50.01)]})
    border = gpd.GeoSeries.from_wkt(["LINESTRING (-1 50, 3 50)"], crs="EPSG:4326")
    tables: list[tuple[Any, str]] = [
        (pd.DataFrame({"lon": ["east"], "lat": [50.0]}), "lon east is not a number"),
        (pd.DataFrame({"lon": [np.inf], "lat": [50.0]}), "lon inf is not a number"),
        (pd.DataFrame({"lon": [50.0], "lat": [0.5]}), "axes swapped"),
        ({"lon": [0.5]}, "ports: is a dict"),
    ]
    for ports, message in tables:
        with pytest.raises(DataError, match=message):
            find_crossings(roads, border, ports=ports)
    metres: list[dict[str, Any]] = [
        {"cluster_m": -1},
        {"max_gap_m": np.nan},
        {"port_within_m": "x"},
    ]
    for given in metres:
        with pytest.raises(DataError, match=r"is not a distance|Give a number, 0 or more"):
            find_crossings(roads, border, **given)
    path: Any = "border.gpkg"
    with pytest.raises(DataError, match="there is no such file"):
        find_crossings(roads, path)
