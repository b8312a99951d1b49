"""Incidents are areas at every door: a point without a radius is refused, a polygon stays put."""

from typing import Any

import folium
import geopandas as gpd
import pytest
import shapely
from pyproj import Geod

from roxham.geo import DataError
from roxham.layers import Layers
from roxham.maps import IncidentLayer, border_map, decode_layer, map_sheet
from tests.maps import samples

GEOD = Geod(ellps="WGS84")


HERE = shapely.Point(15.8, 45.2)


def incidents(shape: Any = HERE, **columns: Any) -> gpd.GeoDataFrame:
    rows = {"kind": ["death"], **{name: [value] for name, value in columns.items()}}
    return gpd.GeoDataFrame(rows, geometry=[shape], crs="EPSG:4326")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (incidents(), r"row 1, column radius_m: is missing\. Give radius_m, metres above 0"),
        (incidents(radius_m=None), "is missing"),
        (incidents(radius_m=-5.0), "is no radius in metres above 0"),
        (incidents(radius_m=0), "is no radius in metres above 0"),
        (incidents(radius_m="about 5"), "is no radius in metres above 0"),
        (incidents(shapely.LineString([(15, 45), (16, 45)]), radius_m=5), "nor a polygon"),
    ],
)
def test_a_bare_point_is_refused(rows: gpd.GeoDataFrame, told: str) -> None:
    with pytest.raises(DataError, match=told):
        IncidentLayer(rows)


@pytest.mark.parametrize("given", [None, 500.0, 90_000.0])
def test_a_polygon_is_drawn_where_it_is(given: float | None) -> None:
    area = shapely.box(15.7, 45.1, 15.9, 45.3)
    rows = incidents(area, radius_m=given)
    drawn = decode_layer(IncidentLayer(rows).payload).iloc[0]
    middle = drawn["geometry"]
    assert middle.distance(shapely.Point(15.8, 45.2)) < 1e-3
    corner = GEOD.inv(middle.x, middle.y, 15.7, 45.1)[2]
    assert drawn["radius_m"] == pytest.approx(max(corner, given or 0), rel=0.001)
    assert rows.geometry.item().equals(area)  # the caller's frame stays


def test_nowhere_needs_no_radius() -> None:
    assert len(decode_layer(IncidentLayer(incidents(shapely.Point())).payload)) == 1


@pytest.mark.parametrize("radius", [None, 0.0, -1.0])
def test_page_and_sheet_refuse_them_too(radius: float | None) -> None:
    base, layers = samples.base(), samples.layers()
    bare = layers.incidents.assign(radius_m=radius)
    given: Layers = layers.with_tables(incidents=bare)
    for draw in (lambda: border_map(given, base=base), lambda: map_sheet(given, base=base)):
        with pytest.raises(DataError, match=r"column radius_m.*how far from this point"):
            draw()


def test_a_kind_without_a_sign_still_travels_to_the_legend() -> None:
    layer = IncidentLayer(incidents(radius_m=500.0).assign(kind="pushback"))
    layer.add_to(folium.Map([45.2, 15.8], tiles=None))
    assert decode_layer(layer.payload)["kind"].tolist() == ["pushback"]
