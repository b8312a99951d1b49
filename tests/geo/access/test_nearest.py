"""What is nearest by road, on the place's own side of the border."""

from typing import Any

import geopandas as gpd
import pytest

from roxham.geo import DataError, load_hospitals, load_places, load_roads, nearest_places
from roxham.geo.places.hospitals import HOSPITALS
from roxham.geo.tables.contract import check_table


@pytest.fixture(scope="module")
def found() -> gpd.GeoDataFrame:
    places = load_places()
    towns = places[places["kind"] != "region"].set_index("place_id")
    return nearest_places(load_roads(), load_hospitals(), places=towns)


def test_the_nearest_hospital_is_on_the_side_of_the_place(found: gpd.GeoDataFrame) -> None:
    known = found[found["target"].notna()]
    assert len(known) > 80
    assert (known["target"].str[:2] == known.index.str[:2]).all()
    assert found.at["us-ny-plattsburgh", "target"] == "us-ny-330250"
    near: Any = found.at["us-ny-plattsburgh", "metres"]
    assert near < 5000


def test_a_target_off_the_network_that_may_be_nearer_leaves_it_open() -> None:
    town = load_places().query("place_id == 'us-ny-plattsburgh'")
    hospitals = load_hospitals().query("place_id in ('us-ny-330250', 'us-vt-471304')")
    here, there = "us-ny-330250", "us-vt-471304"
    far = hospitals.copy()
    far.loc[far["place_id"] == there, "geometry"] = gpd.points_from_xy([-73.9], [43.6])
    assert nearest_places(load_roads(), far, places=town)["target"].tolist() == [here]
    # moved off every road but nearer than the other: nobody can say which is nearer by road
    near = hospitals.copy()
    near.loc[near["place_id"] == here, "geometry"] = gpd.points_from_xy([-73.75], [44.45])
    row = nearest_places(load_roads(), near, places=town).iloc[0]
    assert row[["target", "metres"]].isna().all()
    assert row["reason"] == "a target off this network may be nearer"


def test_without_any_target_on_the_network_it_says_so() -> None:
    far = load_hospitals().iloc[:1].copy()
    far.geometry = gpd.points_from_xy([-60.0], [45.0])
    bare = load_hospitals()[["geometry"]]  # called by their index
    found = nearest_places(load_roads(), bare, places=load_places().iloc[:3])["target"].dropna()
    assert len(found)
    assert set(found) <= set(bare.index.astype(str))
    with pytest.raises(DataError, match="none is on this network"):
        nearest_places(load_roads(), far, places=load_places().iloc[:1])


def test_hospitals_hold_their_contract_and_say_what_is_incomplete() -> None:
    every = load_hospitals(every=True)
    cells = every.drop(columns="geometry").astype(str)
    assert len(check_table(cells, HOSPITALS, name="hospitals").rejected) == 0
    assert len(every) == 54
    general = load_hospitals()
    assert len(general) == 47
    assert general.query("admin1 == 'CA-ON'")["city"].tolist() == ["Cornwall"]
    moved = every[every["radius_m"] == 2000]
    assert moved["city"].tolist() == ["Montréal"] * 2
    assert moved["note"].str.contains("former address").all()
