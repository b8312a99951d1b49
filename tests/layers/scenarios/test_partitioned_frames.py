"""Tables of points in partitions have the answers of one machine, lazily."""

from __future__ import annotations

from typing import Any

import dask.config
import dask_geopandas
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from dask.base import compute

from roxham.geo import DataError, Snapper, load_border, load_places, load_roads
from roxham.layers import incident_context, load_incidents, load_ports, mask, suppress_small
from roxham.layers.counts.by_area import count_incidents

DATES = ["2023-01-05", "2023-01", "2023-03-31", "2023", "2023-01/2023-02"]
KEY = "a long secret of one's own"


@pytest.fixture(scope="module")
def incidents() -> gpd.GeoDataFrame:
    return load_incidents().rows.iloc[:12]


@pytest.fixture(autouse=True)
def _here() -> Any:
    with dask.config.set(scheduler="sync"):
        yield


def parted(frame: gpd.GeoDataFrame, parts: int = 3) -> Any:
    return dask_geopandas.from_geopandas(frame, npartitions=parts, sort=False)


def scattered(count: int) -> gpd.GeoDataFrame:
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(-73.7, -73.0, count), rng.uniform(44.8, 45.2, count)
    points = gpd.GeoDataFrame({"n": range(count)}, geometry=gpd.points_from_xy(lon, lat), crs=4326)
    points.loc[3, "geometry"] = None
    return points


@pytest.mark.parametrize("parts", [1, 2, 7])
def test_sides_are_those_of_the_whole(parts: int) -> None:
    points, border = scattered(200), load_border()
    lazy: Any = border.side_of(parted(points, parts))
    assert not isinstance(lazy, pd.Series)
    expected = border.side_of(points)
    assert set(expected.dropna()) == {"CA", "US"}
    pd.testing.assert_series_equal(lazy.compute(), expected)


def test_points_snap_as_in_the_whole() -> None:
    points, snapper = scattered(100), Snapper(load_roads())
    lazy: Any = snapper.snap_points(parted(points), within_m=9000)
    expected = snapper.snap_points(points, within_m=9000)
    assert expected["edge"].notna().any()
    pd.testing.assert_frame_equal(lazy.compute(), expected)


def test_the_context_of_incidents_is_that_of_the_whole(incidents: gpd.GeoDataFrame) -> None:
    options: dict[str, Any] = {"ports": load_ports().rows, "places": load_places()}
    incidents = incidents.iloc[:4]
    expected = incident_context(incidents, load_roads(), **options)
    lazy: Any = incident_context(parted(incidents, 2), load_roads(), **options)
    assert expected["road_max_m"].notna().any()
    pd.testing.assert_frame_equal(lazy.compute(), expected)


@pytest.mark.parametrize("method", ["donut", "grid"])
def test_masks_are_those_of_the_whole_and_no_partition_keeps_its_rows(
    incidents: gpd.GeoDataFrame, method: Any
) -> None:
    expected = mask(incidents, key=KEY, method=method)
    lazy = mask(parted(incidents, 4), key=KEY, method=method)
    assert isinstance(lazy, dask_geopandas.GeoDataFrame)
    found = lazy.compute()
    assert isinstance(found, gpd.GeoDataFrame)
    order = ["date", "id"]
    found = pd.DataFrame(found.sort_values(order)).astype(dict(expected.dtypes))  # Dask's own texts
    pd.testing.assert_frame_equal(found, pd.DataFrame(expected.sort_values(order)))
    apart = [set(part["id"]) for part in compute(*lazy.to_delayed()) if len(part)]
    ids = mask(incidents, key=KEY, method=method)["id"]
    given = [set(ids.reindex(part.index)) for part in compute(*parted(incidents, 4).to_delayed())]
    assert not any(one in given for one in apart)


def test_counts_are_those_of_the_whole_and_small_ones_are_withheld() -> None:
    rng = np.random.default_rng(3)
    points = gpd.GeoDataFrame(
        {"date": rng.choice(DATES, 300)},
        geometry=gpd.points_from_xy(rng.uniform(0, 3, 300), np.full(300, 0.5)), crs="EPSG:4326",
    )  # fmt: skip
    boxes = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(9, 9, 10, 10)]
    areas = gpd.GeoDataFrame({"name": ["a", "b", "none"]}, geometry=boxes, crs="EPSG:4326")
    table = count_incidents(points, areas, threshold=20)
    lazy: Any = count_incidents(parted(points, 5), areas, threshold=20)
    pd.testing.assert_frame_equal(lazy.compute(), table)

    # one row at a time, as a person would
    month = points["date"].map(
        {"2023-01-05": "2023-01", "2023-01": "2023-01", "2023-03-31": "2023-03"}
    )
    month = month.fillna("undated")
    area = np.select([points.geometry.x <= 1, points.geometry.x <= 2], ["a", "b"], "elsewhere")
    by_hand = pd.Series(1, index=[area, month]).groupby(level=[0, 1]).sum()
    months = [*(f"2023-{month:02}" for month in range(1, 13)), "undated"]  # of whole years
    assert table[["area", "month"]].values.tolist() == [
        [a, m] for a in ["a", "b", "none", "elsewhere"] for m in months
    ]
    counted = [int(by_hand.get((a, m), 0)) for a, m in table[["area", "month"]].values.tolist()]
    kept = suppress_small(table.assign(count=counted), by=["area", "month"], threshold=20)
    assert 0 < int(kept["suppressed"].sum()) < len(kept)
    assert table["suppressed"].tolist() == kept["suppressed"].tolist()
    assert table["count"].fillna(-1).tolist() == kept["count"].fillna(-1).tolist()
    assert set(table.loc[table["suppressed"], "low"]) == {0}
    assert set(table.loc[table["suppressed"], "high"]) == {19}


def test_a_threshold_that_protects_nobody_is_refused() -> None:
    areas = gpd.GeoDataFrame({"name": ["a"]}, geometry=[shapely.box(0, 0, 1, 1)], crs="EPSG:4326")
    points = gpd.GeoDataFrame({"date": []}, geometry=[], crs="EPSG:4326")
    with pytest.raises(DataError, match="protects nobody"):
        count_incidents(points, areas, threshold=1)
    with pytest.raises(DataError, match="stands twice"):
        count_incidents(points, pd.concat([areas, areas]))


def test_a_moment_of_a_time_zone_has_no_month_of_its_own() -> None:
    areas = gpd.GeoDataFrame({"name": ["a"]}, geometry=[shapely.box(0, 0, 1, 1)], crs="EPSG:4326")
    spots = gpd.points_from_xy([0.5, 0.5], [0.5, 0.5])
    dates = pd.to_datetime(["2023-04-01 02:00", "2023-04-02 00:00"]).tz_localize("UTC")
    points = gpd.GeoDataFrame({"date": dates}, geometry=spots, crs="EPSG:4326")
    with pytest.raises(DataError, match="the month may be another one"):  # 31 March in New York
        count_incidents(points, areas)
    days = count_incidents(points.assign(date=dates.normalize()), areas, threshold=2)
    assert days.set_index(["area", "month"]).at[("a", "2023-04"), "count"] == 2


@pytest.mark.parametrize("parts", [1, 4, 8])
def test_a_place_of_many_names_is_refused_however_they_are_parted(parts: int) -> None:
    names = [f"s{n}" for n in range(8)]
    points = gpd.points_from_xy([-73.5] * 8, [45.2] * 8)
    sites = gpd.GeoDataFrame({"site_id": names}, geometry=points, crs=4326)
    lazy: Any = mask(parted(sites, parts), key=KEY)
    with pytest.raises(DataError, match="1 places go by more than 3 names"):
        lazy.compute()
    one: Any = mask(parted(sites.assign(site_id="s"), parts), key=KEY)
    assert one.compute().geometry.nunique() == 1
