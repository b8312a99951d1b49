"""Borders from files: any system, any geometry, and files that cannot be used."""

import json
import sqlite3
import struct
import warnings
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Transformer

from roxham.geo import DataError, Region, Roads, find_crossings, read_border

LINE = shapely.LineString([(-8.0, 55.0), (-7.5, 54.9), (-7.0, 54.2), (-6.2, 54.1)])


@pytest.mark.parametrize("crs", ["EPSG:3857", "EPSG:29902", "EPSG:2157", "EPSG:4258", "EPSG:2263"])
@pytest.mark.parametrize("name", ["line.gpkg", "line.geojson", "line.shp", "line.parquet"])
def test_systems_and_files(tmp_path: Path, crs: str, name: str) -> None:
    # 2263 is in feet, and of New York: the numbers are far from home, and finite
    frame = gpd.GeoDataFrame({"name": ["ü"]}, geometry=[LINE], crs="EPSG:4326").to_crs(crs)
    path = tmp_path / name
    frame.to_parquet(path) if name.endswith("parquet") else frame.to_file(path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = read_border(path)
    assert found.crs == "EPSG:4326"
    ends = shapely.get_coordinates(found.geometry[0])[[0, -1]]
    assert ends.tolist() == [pytest.approx(LINE.coords[0]), pytest.approx(LINE.coords[-1])]


def test_what_is_straight_on_a_map_bends_in_degrees(tmp_path: Path) -> None:
    """A line of 500 km in a national grid keeps its course, to a metre."""
    grid = shapely.LineString([(200_000, 300_000), (700_000, 800_000)])
    frame = gpd.GeoDataFrame(geometry=[grid], crs="EPSG:27700")
    frame.to_file(tmp_path / "grid.gpkg")
    found = read_border(tmp_path / "grid.gpkg").geometry[0]
    middle = Transformer.from_crs(27700, 4326, always_xy=True).transform(450_000, 550_000)
    assert found.distance(shapely.Point(middle)) < 1e-5
    straight = shapely.LineString([found.coords[0], found.coords[-1]])
    assert straight.distance(shapely.Point(middle)) > 0.02


def test_neighbours_share_the_steps_of_their_boundary(
    tmp_path: Path, street_network: Callable[..., Roads]
) -> None:
    west = shapely.Polygon([(0, 0), (400_000, 0), (430_000, 700_000), (0, 700_000)])
    east = shapely.Polygon([(400_000, 0), (430_000, 700_000), (600_000, 700_000), (600_000, 0)])
    gpd.GeoDataFrame(geometry=[west, east], crs="EPSG:27700").to_file(tmp_path / "two.gpkg")
    border = read_border(tmp_path / "two.gpkg")
    box = Region("x", "x", (-4, 51, 1, 54), "EPSG:32630", sides=("a", "b"), controlled=False)
    roads = street_network(*({"line": [(-3, y), (0, y)]} for y in np.linspace(51.5, 53.5, 15)))
    assert find_crossings(roads, border, region=box).kind.tolist() == ["unmatched"] * 15


def test_measures_are_dropped_without_a_word(tmp_path: Path) -> None:
    path = tmp_path / "m.gpkg"
    frame = gpd.GeoDataFrame(geometry=[LINE], crs="EPSG:4326")
    frame.to_file(path, SPATIAL_INDEX="NO")
    measured = shapely.to_wkb(
        shapely.from_wkt("LINESTRING ZM (-8 55 1 2, -6 54 3 4)"), flavor="iso", output_dimension=4
    )
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DROP TRIGGER IF EXISTS trigger_insert_feature_count_m")
        head = database.execute("SELECT substr(geom, 1, 40) FROM m").fetchone()[0]
        database.execute("UPDATE m SET geom = ?", (head + measured,))
        database.execute("UPDATE gpkg_geometry_columns SET z = 1, m = 1")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert shapely.force_2d(read_border(path).geometry[0]).coords[0] == (-8, 55)


GML = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>
<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs"><x>&b;</x></wfs:FeatureCollection>"""
UNKNOWN = 'LOCAL_CS["somewhere",UNIT["metre",1]]'


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "bomb.gml").write_text(GML)
    with pytest.raises(DataError, match=r"bomb\.gml: is XML, not GeoJSON, .* Give it as GeoJSON"):
        read_border(tmp_path / "bomb.gml")
    frame = gpd.GeoDataFrame(geometry=[LINE], crs="EPSG:4326")
    frame.set_crs(UNKNOWN, allow_override=True).to_file(tmp_path / "local.gpkg")
    with pytest.raises(DataError, match="cannot be converted to EPSG:4326"):
        read_border(tmp_path / "local.gpkg")
    whole = (tmp_path / "local.gpkg").read_bytes()
    (tmp_path / "half.gpkg").write_bytes(whole[: len(whole) // 3])
    with pytest.raises(DataError, match=r"half\.gpkg: is not a whole GeoPackage"):
        read_border(tmp_path / "half.gpkg")


def test_a_coordinate_that_is_no_number_is_one_error(
    tmp_path: Path, street_network: Callable[..., Roads]
) -> None:
    path = tmp_path / "nan.geojson"
    path.write_text('{"type": "LineString", "coordinates": [[0, NaN], [1, 2], [2, 2]]}')
    roads = street_network({"line": [(0.5, 1), (0.5, 3)]})
    with pytest.raises(DataError, match="not numbers"):
        find_crossings(roads, read_border(path))


def test_turning_points_in_a_table(tmp_path: Path) -> None:
    path = tmp_path / "LINE.CSV"
    path.write_text(
        "lon,lat,section\n-8,55,Foyle\n-7.5,54.9,Foyle\n-7,54.2,Lough\n-6.2,54.1,Lough\n"
    )
    found = read_border(path)
    assert found["section"].tolist() == ["Foyle", "Lough"]
    assert shapely.line_merge(shapely.union_all(found.geometry)).equals(LINE)
    assert read_border(path, controlled=True).attrs == {"controlled": True}
    path.write_text("lon,lat\n-8,55\n-7.5,north\n")
    with pytest.raises(DataError, match=r"LINE\.CSV, row 3, column lat"):
        read_border(path)
    path.write_text("lon,lat\n-8,55\n")
    with pytest.raises(DataError, match="Give two points at least"):
        read_border(path)


def test_a_shape_in_parquet_that_claims_more_than_it_holds_is_refused(tmp_path: Path) -> None:
    parquet, arrow = pytest.importorskip("pyarrow.parquet"), pytest.importorskip("pyarrow")
    path = tmp_path / "line.parquet"
    told = {"encoding": "WKB", "geometry_types": []}
    geo = {"version": "1.0.0", "primary_column": "geometry", "columns": {"geometry": told}}
    rows = arrow.table({"geometry": [struct.pack("<BII", 1, 2, 2**32 - 1)]})
    parquet.write_table(rows.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    with pytest.raises(DataError, match=r"line\.parquet: is not a whole Parquet file"):
        read_border(path)


def test_lines_along_great_circles_are_not_taken_for_straight_ones(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "line.parquet"
    for shape, sound in ((LINE, False), (shapely.Point(-8, 55), True)):
        gpd.GeoDataFrame(geometry=[shape], crs=4326).to_parquet(path)
        rows = parquet.read_table(path)
        geo = json.loads(rows.schema.metadata[b"geo"])
        geo["columns"]["geometry"]["edges"] = "spherical"
        parquet.write_table(rows.replace_schema_metadata({"geo": json.dumps(geo)}), path)
        if sound:
            assert read_border(path).geometry.tolist() == [shape]
        else:
            with pytest.raises(DataError, match="great circles"):
                read_border(path)
