"""Places: sourced, on their side, in their province."""

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from roxham.geo import ROXHAM, load_border, load_jurisdictions, load_places, load_water


@pytest.fixture(scope="module")
def places() -> gpd.GeoDataFrame:
    return load_places()


def test_ids_are_unique_and_sorted(places: gpd.GeoDataFrame) -> None:
    assert places.place_id.is_unique
    assert places.place_id.is_monotonic_increasing
    assert places.place_id.str.fullmatch(r"(?:ca|us)-[a-z]{2}-[a-z0-9-]+").all()


def test_points_are_their_own_coordinates(places: gpd.GeoDataFrame) -> None:
    assert places.crs == "EPSG:4326"
    assert (places.geometry.x == places.lon.astype(float)).all()
    assert (places.geometry.y == places.lat.astype(float)).all()
    assert places.within(ROXHAM.polygon).all()


def test_each_lies_in_the_country_and_province_it_names(places: gpd.GeoDataFrame) -> None:
    assert load_border().side_of(places).tolist() == places.country.tolist()
    shapes = load_jurisdictions()[["id", "geometry"]]
    found = gpd.sjoin(places, shapes, predicate="within").sort_index()
    assert found.id.tolist() == places.admin1.tolist()


def test_no_town_stands_in_the_water(places: gpd.GeoDataFrame) -> None:
    wet = places.within(load_water().union_all())
    assert places[wet].name.tolist() == []


def test_unknown_population_is_null_and_never_zero(places: gpd.GeoDataFrame) -> None:
    assert places.population.isna().any()
    assert (places.population.dropna() > 0).all()
    assert places[places.kind.isin(["airport", "region"])].population.isna().all()


def test_no_patrol_station_or_shelter_ships(places: gpd.GeoDataFrame) -> None:
    assert set(places.kind) <= {"city", "town", "village", "hamlet", "airport", "region"}
    assert not places.name.str.contains("patrol|station|shelter", case=False).any()


def test_regions_are_named_in_both_languages(places: gpd.GeoDataFrame) -> None:
    regions = places[places.kind == "region"].set_index("place_id")
    assert regions.name_fr.to_dict() == {
        "ca-qc-eastern-townships": "Cantons-de-l'Est / Estrie",
        "ca-qc-monteregie": "Montérégie",
    }


@pytest.mark.shared
def test_labels_of_regions_stand_in_them(places: gpd.GeoDataFrame, shared: Path) -> None:
    regions = gpd.read_file(shared / "qc_admin_regions.geojson").set_index("name").geometry
    labels = places.set_index("place_id").geometry
    assert regions["Montérégie"].contains(labels["ca-qc-monteregie"])
    assert regions["Estrie"].contains(labels["ca-qc-eastern-townships"])


@pytest.mark.shared
def test_roxham_road_lies_in_monteregie(shared: Path) -> None:
    regions = gpd.read_file(shared / "qc_admin_regions.geojson")
    canadian_end = regions[regions.contains(shapely.Point(-73.51718, 45.0085))]
    assert canadian_end.name.tolist() == ["Montérégie"]
