"""States, provinces and water: no slivers, no gaps, and the roads stay dry."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from roxham.geo import (
    ROXHAM,
    DataError,
    Region,
    load_border,
    load_jurisdictions,
    load_places,
    load_provinces,
    load_water,
)
from roxham.geo.places.jurisdictions import jurisdiction_of
from roxham.geo.region import using_region

SQUARE_METRE = 1e-10
"""About one square metre at 45 degrees north, in square degrees."""
NEAR = Region("near", "Around Roxham Road", (-73.8, 44.9, -73.0, 45.2), "EPSG:32618", ("CA", "US"))

ON_LAND = [
    ("Rouses Point", -73.3649, 44.9939),
    ("Alburgh", -73.3003, 44.9756),
    ("Isle La Motte", -73.3390, 44.8700),
    ("North Hero", -73.2732, 44.8313),
    ("Grand Isle", -73.3000, 44.7150),
    ("South Hero", -73.3060, 44.6470),
    ("Cornwall Island", -74.7150, 45.0050),
    ("Montréal", -73.5878, 45.5088),
    ("Laval", -73.6920, 45.5700),
]
IN_WATER = [
    ("Lake Champlain", "lake-champlain", -73.3300, 44.5000),
    ("Missisquoi Bay", "missisquoi-bay", -73.1300, 45.0400),
    ("Lake Memphremagog", "memphremagog", -72.2400, 45.0500),
    ("Lake St. Francis", "st-lawrence", -74.4000, 45.1500),
    ("Lake Saint-Louis", "st-lawrence", -73.8000, 45.4000),
    ("Lake of Two Mountains", "ottawa", -74.0000, 45.4600),
]


@pytest.fixture(scope="module")
def jurisdictions() -> gpd.GeoDataFrame:
    return load_jurisdictions()


@pytest.fixture(scope="module")
def water() -> gpd.GeoDataFrame:
    return load_water()


@pytest.mark.parametrize("side", ["CA", "US"])
def test_each_side_is_filled_to_the_boundary_line(
    jurisdictions: gpd.GeoDataFrame, side: str
) -> None:
    sides = load_border().sides.set_index("side").geometry
    ours = jurisdictions[jurisdictions.country == side].union_all()
    assert ours.symmetric_difference(sides[side]).area < SQUARE_METRE


def test_no_two_overlap_and_each_is_one_piece(jurisdictions: gpd.GeoDataFrame) -> None:
    shapes = jurisdictions.geometry.to_numpy()
    pairs = [(a, b) for i, a in enumerate(shapes) for b in shapes[:i]]
    assert max(a.intersection(b).area for a, b in pairs) < SQUARE_METRE
    assert jurisdictions.is_valid.all()
    assert jurisdictions.geom_type.eq("Polygon").all()


def test_every_turning_point_of_the_border_is_a_corner_on_both_sides(
    jurisdictions: gpd.GeoDataFrame,
) -> None:
    line = {tuple(xy) for xy in shapely.get_coordinates(load_border().line.union_all())}
    for country in ("CA", "US"):
        shapes = jurisdictions[jurisdictions.country == country].geometry
        assert line <= {tuple(xy) for xy in shapely.get_coordinates(shapes)}


@pytest.mark.parametrize(
    ("place", "lon", "lat", "code"),
    [
        ("Plattsburgh", -73.453, 44.699, "US-NY"),
        ("Burlington", -73.212, 44.476, "US-VT"),
        ("Grand Isle", -73.30, 44.72, "US-VT"),
        ("Canaan", -71.5602, 44.9764, "US-VT"),
        ("Pittsburg", -71.391, 45.051, "US-NH"),
        ("Hemmingford", -73.582, 45.050, "CA-QC"),
        ("Montréal", -73.588, 45.509, "CA-QC"),
        ("Cornwall", -74.728, 45.018, "CA-ON"),
        ("Hawkesbury", -74.616, 45.600, "CA-ON"),
    ],
)
def test_towns_lie_in_their_state_or_province(
    jurisdictions: gpd.GeoDataFrame, place: str, lon: float, lat: float, code: str
) -> None:
    within = jurisdictions[shapely.contains_xy(jurisdictions.geometry.to_numpy(), lon, lat)]
    assert within.id.tolist() == [code]


def test_labels_stand_inside(jurisdictions: gpd.GeoDataFrame) -> None:
    for frame in (jurisdictions, load_provinces()):
        labels = shapely.points(frame[["lon", "lat"]].to_numpy(dtype=float))
        assert shapely.contains(frame.geometry.to_numpy(), labels).all()


def test_a_smaller_region_keeps_the_rules() -> None:
    near = load_jurisdictions(NEAR)
    assert near.id.tolist() == ["CA-QC", "US-NY", "US-VT"]
    assert near.union_all().symmetric_difference(NEAR.polygon).area < SQUARE_METRE
    assert set(load_water(NEAR).id) == {"lake-champlain", "missisquoi-bay", "richelieu"}
    assert load_water(NEAR).within(NEAR.polygon.buffer(1e-9)).all()


def test_a_region_beyond_the_lines_is_refused() -> None:
    with pytest.raises(DataError, match="reaches beyond"):
        load_jurisdictions(
            Region("far", "Beyond", (-76, 44.3, -71, 45.8), "EPSG:32618", ("CA", "US"))
        )


@pytest.mark.parametrize(("place", "lon", "lat"), ON_LAND, ids=[p[0] for p in ON_LAND])
def test_known_land_is_dry(water: gpd.GeoDataFrame, place: str, lon: float, lat: float) -> None:
    assert not shapely.contains_xy(water.geometry.to_numpy(), lon, lat).any()


@pytest.mark.parametrize(("place", "key", "lon", "lat"), IN_WATER, ids=[p[0] for p in IN_WATER])
def test_known_water_is_wet(
    water: gpd.GeoDataFrame, place: str, key: str, lon: float, lat: float
) -> None:
    found = water[shapely.contains_xy(water.geometry.to_numpy(), lon, lat)]
    assert found.id.tolist() == [key]


def test_water_is_sound_and_lies_in_the_region(water: gpd.GeoDataFrame) -> None:
    assert water.is_valid.all()
    assert water.within(ROXHAM.polygon).all()
    assert water.id.is_unique
    shapes = water.geometry.to_numpy()
    overlap = [a.intersection(b).area for i, a in enumerate(shapes) for b in shapes[:i]]
    # Coordinates of neighbours are rounded one by one: 4 decimals are some 10 m.
    assert max(overlap) < 0.1e6 * SQUARE_METRE


def test_all_thirteen_provinces_and_territories() -> None:
    provinces = load_provinces()
    assert len(provinces) == provinces.id.nunique() == 13
    assert provinces.is_valid.all()
    assert provinces.crs == "EPSG:4326"


@pytest.mark.shared
def test_corridor_junctions_are_on_land(water: gpd.GeoDataFrame, shared: Path) -> None:
    nodes = pd.read_csv(shared / "corridor_nodes.csv")
    drowned = shapely.contains_xy(water.union_all(), nodes.lon, nodes.lat)
    assert drowned.mean() < 0.01


@pytest.mark.shared
def test_lake_champlain_resembles_the_survey(water: gpd.GeoDataFrame, shared: Path) -> None:
    box = shapely.box(-73.6, 44.5, -72.9, 45.0)
    survey = gpd.read_file(shared / "lake_champlain_nhd.geojson").union_all().intersection(box)
    ours = water[water.id.isin(["lake-champlain", "missisquoi-bay"])].union_all().intersection(box)
    assert ours.intersection(survey).area / ours.union(survey).area > 0.8


@pytest.mark.shared
def test_states_resemble_the_census(jurisdictions: gpd.GeoDataFrame, shared: Path) -> None:
    census = gpd.read_file(shared / "admin_polygons.geojson")
    for code in ("NY", "VT", "NH"):
        theirs = census[census.region == code].union_all()
        ours = jurisdictions[jurisdictions.id == f"US-{code}"].union_all()
        assert ours.intersection(theirs).area / theirs.area > 0.99


def test_each_point_has_its_state_or_province() -> None:
    places = load_places()
    towns = places[~places["kind"].isin(["region", "airport"])]
    found = jurisdiction_of(towns.geometry.x.to_numpy(), towns.geometry.y.to_numpy())
    assert (found == towns["admin1"]).mean() > 0.97
    assert jurisdiction_of(np.array([2.35]), np.array([48.85])).tolist() == [""]


def test_states_are_those_of_the_files_of_the_region(tmp_path: Path) -> None:
    land = gpd.GeoDataFrame({"id": ["X-1"]}, geometry=[shapely.box(-74, 44, -73, 46)], crs=4326)
    land.to_file(tmp_path / "land.geojson")
    spot = [-73.5], [45.2]
    assert jurisdiction_of(*spot).tolist() == ["CA-QC"]
    with using_region(ROXHAM.with_files(jurisdictions=str(tmp_path / "land.geojson"))):
        assert jurisdiction_of(*spot).tolist() == ["X-1"]
    assert jurisdiction_of(*spot).tolist() == ["CA-QC"]
