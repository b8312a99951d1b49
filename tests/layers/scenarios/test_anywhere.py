"""Areas, masks and distances hold what they state, from Svalbard to Fiji and beside the poles."""

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from roxham.geo import DataError, Region
from roxham.geo.geometry.geodesic import circles
from roxham.layers import load_incidents, mask
from roxham.layers.export.table_schema import areas

GEOD = Geod(ellps="WGS84")
KEY = "a secret of sixteen bytes or more"
PLACES = {
    "Roxham Road": (-73.5, 45.0),
    "Lampedusa": (12.6, 35.5),
    "Svalbard": (15.6, 78.2),
    "Fiji, over 180°": (179.996, -16.9),
    "Gabon": (15.1, 0.0),
    "Tierra del Fuego": (-68.6, -54.0),
    "the pole": (10.0, 89.995),
}


def written(shape: Any, path: Path) -> Path:
    row = {
        "id": "a1",
        "date": "2021-05-03",
        "place_name": "Ridge",
        "deaths": 1,
        "injured": 0,
        "kind": "death",
        "source_title": "Report",
        "source_publisher": "A paper",
        "source_url": "https://example.org/x",
        "confidence": "single",
    }
    feature = {"type": "Feature", "properties": row, "geometry": shapely.geometry.mapping(shape)}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


@pytest.mark.parametrize("name", PLACES)
def test_an_area_of_1000_metres_is_one(name: str, tmp_path: Path) -> None:
    lon, lat = PLACES[name]
    shape = circles(np.array([lon]), np.array([lat]), np.array([1000.0]))[0]
    rows, rejected = load_incidents(written(shape, tmp_path / "own.geojson"))
    assert rejected.empty
    row = rows.iloc[0]
    assert row["radius_m"] == pytest.approx(1000, rel=0.01)
    assert GEOD.inv(row["lon"], row["lat"], lon, lat)[2] < 10
    drawn = areas(pd.DataFrame(rows[["lon", "lat", "radius_m"]])).item()
    x, y = shapely.get_coordinates(drawn).T
    rim = (np.abs(x) < 180) & (np.abs(y) < 90)
    away = GEOD.inv(np.full(rim.sum(), row["lon"]), np.full(rim.sum(), row["lat"]), x[rim], y[rim])
    assert away[2] == pytest.approx(np.full(rim.sum(), float(row["radius_m"])), rel=0.005)


def test_an_area_over_180_in_one_piece_is_told(tmp_path: Path) -> None:
    uncut = shapely.Polygon([(179.99, -17), (-179.99, -17), (-179.99, -16.99), (179.99, -16.99)])
    rejected = load_incidents(written(uncut, tmp_path / "own.geojson")).rejected
    assert rejected["problem"].str.contains("over 180° in one piece; cut it there").all()
    assert len(rejected) == 1


anywhere = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@settings(max_examples=20, deadline=None)
@given(places=st.lists(anywhere, min_size=1, max_size=10), cell=st.floats(500, 20_000))
@example(places=[(180.0, -17.0), (-180.0, -17.0), (179.9999, 65.0)], cell=5000.0)
@example(places=[(0.0, 90.0), (20.0, 84.0001), (20.0, -89.9999), (-75.2, 45.0)], cell=5000.0)
def test_a_mask_moves_as_far_as_it_states(places: list[tuple[float, float]], cell: float) -> None:
    shapes = [shapely.Point(place) for place in places]
    sites = gpd.GeoDataFrame({"radius_m": [0.0] * len(shapes)}, geometry=shapes, crs="EPSG:4326")
    ends = sites.geometry.x.to_numpy(), sites.geometry.y.to_numpy()
    for method in ("grid", "donut"):
        moved = mask(sites, key=KEY, method=method, cell_m=cell).sort_index()
        away = np.array(GEOD.inv(*ends, moved.geometry.x, moved.geometry.y)[2])
        assert (away <= moved["mask_max_m"] + 0.01).all()
        assert (away >= moved["mask_min_m"] - 0.01).all()
        assert (moved["mask_max_m"] < (cell * 0.75 + 101 if method == "grid" else 5001)).all()


@pytest.mark.parametrize("name", PLACES)
def test_cells_are_as_wide_as_they_are_said_to_be(name: str) -> None:
    lon, lat = PLACES[name]
    north = np.linspace(lat - 0.3, min(lat + 0.1, 90), 200)
    points = gpd.points_from_xy(np.full(200, lon - 1), north)
    sites = gpd.GeoDataFrame(
        {"radius_m": 1000.0}, geometry=points, crs="EPSG:4326", index=range(200)
    )
    rows = mask(sites, key=KEY, method="grid", cell_m=5000).geometry
    cells = rows.drop_duplicates().to_frame("geometry").sort_index()
    assert 5 <= len(cells) <= 20
    x, y = cells.geometry.x.to_numpy(), cells.geometry.y.to_numpy()
    steps = GEOD.inv(x[:-1], y[:-1], x[1:], y[1:])[2]
    assert np.median(steps) == pytest.approx(5000, rel=0.01)


def test_a_grid_does_not_move_with_what_else_is_masked() -> None:
    places = list(PLACES.values())
    frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*zip(*places, strict=True)), crs=4326)
    together = mask(frame, key=KEY, method="grid").sort_index().geometry.to_numpy()
    alone = [mask(frame.iloc[[row]], key=KEY, method="grid").geometry for row in range(len(places))]
    assert shapely.equals(together, [rows.to_numpy()[0] for rows in alone]).all()


def test_a_country_of_the_bundled_border_is_no_side_elsewhere() -> None:
    far = gpd.GeoDataFrame({"country": ["US"]}, geometry=gpd.points_from_xy([-112], [32]), crs=4326)
    for method in ("grid", "donut"):
        assert len(mask(far, key=KEY, method=method)) == 1
    wrong = Region("x", "x", (-112.5, 31.5, -111.5, 32.5), "EPSG:32618", ("a", "b"))
    with pytest.raises(DataError, match="such as EPSG:32612"):
        mask(far, key=KEY, method="grid", region=wrong)
