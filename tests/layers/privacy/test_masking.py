"""Masked places: always the same, on the true side, in the true area, never to be found again."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod

from roxham.geo import DataError, load_border, load_roads
from roxham.layers import incident_context, load_incidents, load_ports, mask
from roxham.layers.privacy.masking import is_masked
from roxham.layers.privacy.personal_words import personal_words
from roxham.layers.privacy.plain_text import made_id
from roxham.layers.privacy.told_places import coordinates_told

KEY = "a secret of sixteen bytes or more"
GEOD = Geod(ellps="WGS84")


def sites(*points: tuple[float, float], **columns: list[object]) -> gpd.GeoDataFrame:
    ids = [f"2023-01-0{n + 1}-x" for n in range(len(points))]
    frame = pd.DataFrame({"id": ids, "radius_m": 1000.0, **columns})
    shapes = [shapely.Point(p) for p in points]
    return gpd.GeoDataFrame(frame, geometry=shapes, crs="EPSG:4326")


def moved_m(true: gpd.GeoDataFrame, masked: gpd.GeoDataFrame) -> list[float]:
    ends = [np.asarray(true.geometry), np.asarray(masked.geometry.reindex(true.index))]
    (a, b), (c, d) = ((shapely.get_x(end), shapely.get_y(end)) for end in ends)
    return list(GEOD.inv(a, b, c, d)[2])


def at(frame: gpd.GeoDataFrame, label: int) -> tuple[float, float]:
    ((x, y),) = frame.loc[[label]].get_coordinates().to_numpy()
    return float(x), float(y)


@pytest.mark.parametrize("method", ["donut", "grid"])
def test_the_area_drawn_still_holds_the_true_one(method: str) -> None:
    true = load_incidents().rows
    masked = mask(true, key=KEY, method=method)  # type: ignore[arg-type]
    far = pd.Series(moved_m(true, masked), index=true.index)
    assert masked["mask_method"].eq(method).all()
    # The grid is laid out in metres on the map, which are up to 0.1 % off on the ground.
    assert (far <= masked["mask_max_m"].reindex(true.index) * 1.001).all()
    assert (far >= masked["mask_min_m"].reindex(true.index) * 0.999).all()
    grown = masked["radius_m"] - masked["mask_max_m"]
    assert grown.reindex(true.index).tolist() == true["radius_m"].tolist()
    assert load_border().side_of(masked).eq(masked["country"]).all()


def test_a_ring_is_filled_evenly() -> None:
    true = sites(*[(-73.9 + k / 800, 44.7) for k in range(400)], id=[f"s{k}" for k in range(400)])
    far = pd.Series(moved_m(true, mask(true, key=KEY, min_m=1000, max_m=2000)))
    assert far.between(1000, 2000).all()
    # Half of the ring's area lies within the root of the mean of the squares, 1,581 m.
    assert 0.42 < (far < 1581).mean() < 0.58


def test_the_same_site_goes_to_the_same_place_in_every_release() -> None:
    first = sites((-73.6, 45.05), (-73.7, 45.1))
    later = sites((-73.9, 44.8), (-73.7, 45.1), (-73.6, 45.05))
    one, two = mask(first, key=KEY), mask(later, key=KEY)
    assert at(one, 0) == at(two, 2)
    assert at(one, 1) == at(two, 1)
    other = mask(first, key=KEY + "!")
    assert at(one, 0) != at(other, 0)


def test_one_place_by_many_names_is_refused_as_their_middle_would_tell_it() -> None:
    near = [(-73.6005 + k / 100_000, 45.0505) for k in range(9)]
    with pytest.raises(DataError, match="row 1, column site_id: is within 100 m of 8 others"):
        mask(sites(*near), key=KEY)
    with pytest.raises(DataError, match="give one place one site_id"):
        mask(sites(*[near[0]] * 4, site_id=list("abcd")), key=KEY)
    assert mask(sites(*near, site_id=["farm"] * 9), key=KEY)["mask_max_m"].eq(5000).all()
    assert mask(sites(*near), key=KEY, method="grid").get_coordinates()["x"].nunique() == 1


def test_incidents_at_one_place_are_moved_as_one() -> None:
    masked = mask(sites((-73.6, 45.05), (-73.6, 45.05)), key=KEY)
    assert at(masked, 0) == at(masked, 1)


def test_a_site_keeps_its_mask_when_its_position_is_corrected() -> None:
    before = sites((-73.6, 45.05), site_id=["farm"])
    after = sites((-73.601, 45.05), site_id=["farm"])
    one, two = mask(before, key=KEY), mask(after, key=KEY)
    assert moved_m(before, one)[0] == pytest.approx(moved_m(after, two)[0], abs=1e-3)
    assert at(two, 0)[0] - at(one, 0)[0] == pytest.approx(-0.001, abs=1e-6)
    assert "farm" not in two.to_csv()


@pytest.mark.parametrize("method", ["donut", "grid"])
def test_a_site_stays_in_its_municipality(method: str) -> None:
    small = shapely.box(-73.62, 45.03, -73.58, 45.07)
    towns = gpd.GeoDataFrame(
        geometry=[shapely.box(-74, 44.5, -73, 45.5), small, shapely.box(-73, 44, -72, 45)],
        crs="EPSG:4326",
    )
    true = sites(*[(-73.6 + k / 1000, 45.05) for k in range(10)], id=list("abcdefghij"))
    masked = mask(true, key=KEY, method=method, within=towns)  # type: ignore[arg-type]
    assert masked.within(small).all()


def test_close_to_the_line_a_site_stays_on_its_side() -> None:
    line = load_border().line.union_all()
    near = [line.interpolate(d, normalized=True) for d in (0.2, 0.4, 0.6, 0.8)]
    true = sites(*[(p.x, p.y + 0.0005) for p in near], *[(p.x, p.y - 0.0005) for p in near])
    true = true.assign(id=list("abcdefgh"))
    sides = load_border().side_of(true)
    for method in ("donut", "grid"):
        masked = mask(true, key=KEY, method=method)
        assert load_border().side_of(masked).reindex(true.index).equals(sides)


def test_sites_of_one_cell_share_one_place() -> None:
    masked = mask(sites((-73.60, 45.10), (-73.601, 45.101)), key=KEY, method="grid", cell_m=5000)
    assert at(masked, 0) == at(masked, 1)
    # Half the diagonal of a cell of 5 km is 3,536 m.
    assert masked["mask_max_m"].tolist() == [3600, 3600]
    assert masked["mask_min_m"].tolist() == [0, 0]


def test_nothing_else_tells_the_place_or_the_day() -> None:
    true = load_incidents().rows.assign(northing=1.0, spot=lambda f: f.geometry)
    masked = mask(true, key=KEY)
    assert {"location_url", "northing", "spot"}.isdisjoint(masked)
    assert (masked["lat"] == masked.geometry.y).all()
    assert (masked["lon"] == masked.geometry.x).all()
    assert masked["location_basis"].str.startswith("masked").all()
    assert not masked["date"].str.contains(r"\d{4}-\d{2}-\d{2}").any()
    assert set(masked["date_precision"]) <= {"month", "interval", "year"}
    assert set(true["id"]).isdisjoint(masked["id"])
    assert masked["date"].is_monotonic_increasing
    assert KEY not in masked.to_csv()
    assert "location_url" in true


def test_nothing_is_measured_from_a_masked_place() -> None:
    masked = mask(load_incidents().rows, key=KEY)
    assert is_masked(masked)
    with pytest.raises(DataError, match="measure first"):
        incident_context(masked, load_roads(), ports=load_ports().rows)
    with pytest.raises(DataError, match="masked"):
        mask(masked, key=KEY)


def test_faults_are_told_all_at_once() -> None:
    lines = sites((-73.6, 45.05)).set_geometry([shapely.LineString([(0, 0), (1, 1)])], crs=4326)
    with pytest.raises(DataError) as caught:
        mask(lines, key="short", min_m=5, max_m=5, cell_m=1)
    assert len(caught.value.faults) == 4
    assert "short" not in str(caught.value)


def test_a_site_with_nowhere_to_go_is_a_fault() -> None:
    town = gpd.GeoDataFrame(geometry=[shapely.Point(-73.6, 45.05).buffer(0.001)], crs="EPSG:4326")
    with pytest.raises(DataError, match="no other place"):
        mask(sites((-73.6, 45.05)), key=KEY, within=town)


@pytest.mark.parametrize("radius", [-5, float("inf"), "near", 1e12])
def test_a_radius_that_is_none_is_refused(radius: object) -> None:
    with pytest.raises(DataError, match=r"row 1, column radius_m: is no radius in metres"):
        mask(sites((-73.5, 44.9), radius_m=[radius]), key=KEY)


def test_an_unknown_radius_stays_unknown_and_one_in_text_is_read() -> None:
    unknown = mask(sites((-73.5, 44.9), radius_m=[None]), key=KEY)
    assert unknown["radius_m"].isna().all()
    assert mask(sites((-73.5, 44.9), radius_m=["1000"]), key=KEY)["radius_m"].tolist() == [6000]


@pytest.mark.parametrize(
    "day", [pd.Timestamp("2023-01-05"), pd.Timestamp("2023-01-05T23:30", tz="America/Toronto")]
)
def test_a_day_as_pandas_has_it_is_blurred_too(day: pd.Timestamp) -> None:
    masked = mask(sites((-73.5, 44.9), (-73.6, 44.9), date=[day, pd.NaT]), key=KEY)
    assert masked["date"].dropna().tolist() == ["2023-01"]


def test_an_index_called_like_a_column_is_kept() -> None:
    true = sites((-73.5, 44.9), (-73.6, 44.9), date=["2023-02", "2023-01"])
    masked = mask(true.set_index(["id", "date"], drop=False), key=KEY)
    assert masked.index.names == ["id", "date"]
    assert masked["date"].tolist() == ["2023-01", "2023-02"]


@pytest.mark.parametrize("method", ["donut", "grid"])
def test_a_site_goes_where_it_goes_alone(method: str) -> None:
    beside = [(-74.6 + k / 9, 45.0 + (-1) ** k * k / 900) for k in range(24)]
    true = sites(*beside, (-60.0, 50.0), (-20.0, 88.0), id=[f"s{k}" for k in range(26)])
    areas = [shapely.box(x, 44.9, x + 0.2, 45.1) for x in (-74.6, -74.2, -73.5)]
    within = gpd.GeoDataFrame(geometry=[*areas, shapely.box(-75, 44, -73, 46)], crs="EPSG:4326")
    together = mask(true, key=KEY, method=method, within=within)  # type: ignore[arg-type]
    for row in range(len(true)):
        one = true.iloc[[row]]
        alone = mask(one, key=KEY, method=method, within=within)  # type: ignore[arg-type]
        assert at(alone, row) == at(together, row)
        assert alone["mask_max_m"][row] == together["mask_max_m"][row]


def test_a_key_moves_a_site_as_it_always_has() -> None:
    moved = mask(sites((-73.6, 45.05), (-73.45, 44.999)), key=KEY)
    assert at(moved, 0) == pytest.approx((-73.619265099, 45.034279265), abs=1e-9)
    assert at(moved, 1) == pytest.approx((-73.445607114, 44.990958361), abs=1e-9)


def test_an_id_that_is_made_is_read_as_no_place_and_no_case() -> None:
    """Of hexadecimal digits, 1 of 2,000 was: these are such."""
    for digest in ("6dfb97632210", "6dba77308243", "7ddc73742388", "4fef43554204"):
        assert coordinates_told(f"m-{digest}")
        assert not coordinates_told(f"m-{made_id(digest)}")
        assert personal_words(f"m-{made_id(digest)}") == ()
