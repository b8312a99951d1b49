"""What a file says of its coordinate reference system: honoured, assumed by a rule, or refused."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from pyproj import Transformer

from roxham.geo import DataError, read_border, read_roads
from roxham.geo.tables.contract import Column, Contract, read_table

PLACES = Contract("places", (Column("name"), Column("lon", "lon"), Column("lat", "lat")))
WGS84 = (-73.5, 45.0)
AT = {
    crs: Transformer.from_crs(4326, crs, always_xy=True).transform(*WGS84)
    for crs in ("EPSG:4326", "EPSG:3857", "EPSG:32618")
}
MISSING = object()


def named(name: Any, kind: str = "name", key: str = "name") -> dict[str, Any]:
    return {"type": kind, "properties": {key: name}}


def geojson(
    path: Path,
    crs: Any = MISSING,
    *,
    at: tuple[float, float] = WGS84,
    last: bool = False,
    feature: dict[str, Any] | None = None,
    geometry: dict[str, Any] | None = None,
    line: bool = False,
    columns: dict[str, Any] | None = None,
) -> Path:
    member = {} if crs is MISSING else {"crs": crs}
    x, y = at
    shape = {"type": "Point", "coordinates": [x, y]}
    if line:
        shape = {"type": "LineString", "coordinates": [[x, y], [x + 0.5, y]]}
    one = {
        "type": "Feature",
        "properties": {"name": "a", **(columns or {})},
        "geometry": shape | (geometry or {}),
        **(feature or {}),
    }
    whole = {"type": "FeatureCollection"} | ({} if last else member)
    whole |= {"features": [one]} | (member if last else {})
    path.write_text(json.dumps(whole, indent=1))
    return path


UNREAD = [
    (named("EPSG:999999"), "EPSG:999999"),
    (named("of our own"), "of our own"),
    (named("http://example.org/crs", "link", "href"), "http://example.org/crs"),
    ("EPSG:3857", "EPSG:3857"),
    (3857, "3857"),
    ({}, "{}"),
]


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize(("crs", "said"), UNREAD)
def test_a_system_that_is_not_known_is_refused(
    tmp_path: Path, crs: Any, said: str, last: bool
) -> None:
    path = geojson(tmp_path / "a.geojson", crs, last=last)
    with pytest.raises(DataError, match=r"a\.geojson: .*Save it in EPSG:4326") as caught:
        read_table(path, PLACES)
    assert said in str(caught.value)
    with pytest.raises(DataError) as caught:
        read_border(geojson(path, crs, last=last, line=True))
    assert said in str(caught.value)


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize(
    ("crs", "system"),
    [
        (MISSING, "EPSG:4326"),
        (None, "EPSG:4326"),
        (named("urn:ogc:def:crs:OGC:1.3:CRS84"), "EPSG:4326"),
        (named("http://www.opengis.net/def/crs/OGC/1.3/CRS84"), "EPSG:4326"),
        (named("EPSG:3857"), "EPSG:3857"),
        (named("urn:ogc:def:crs:EPSG::3857"), "EPSG:3857"),
        (named(3857, "EPSG", "code"), "EPSG:3857"),
        (named("EPSG:32618"), "EPSG:32618"),
    ],
)
def test_a_known_system_is_honoured(tmp_path: Path, crs: Any, system: str, last: bool) -> None:
    path = geojson(tmp_path / "a.geojson", crs, at=AT[system], last=last)
    rows, rejected = read_table(path, PLACES)
    assert rejected.empty
    assert rows["lon"][0] == pytest.approx(-73.5, abs=1e-6)
    assert rows["lat"][0] == pytest.approx(45.0, abs=1e-6)
    border = read_border(geojson(path, crs, at=AT[system], last=last, line=True))
    assert shapely.get_coordinates(border.geometry)[0] == pytest.approx(WGS84, abs=1e-6)


@pytest.mark.parametrize("where", ["feature", "geometry"])
def test_a_system_named_in_features_is_refused(tmp_path: Path, where: str) -> None:
    """PostGIS writes it into each geometry, where GDAL does not look."""
    path = tmp_path / "a.geojson"
    told: Any = {where: {"crs": named("EPSG:3857")}}
    with pytest.raises(DataError, match=r"EPSG:3857.*at its features"):
        read_table(geojson(path, at=AT["EPSG:3857"], **told), PLACES)
    harmless: Any = {where: {"crs": named("EPSG:4326")}}
    assert len(read_table(geojson(path, **harmless), PLACES).rows) == 1


@pytest.mark.parametrize(
    "value", ["EPSG:999999", named("EPSG:999999"), {"a": {"b": 1}}, '"crs": "x"', None]
)
@pytest.mark.parametrize("crs", [MISSING, named("EPSG:3857")])
def test_a_column_of_this_name_is_a_column(tmp_path: Path, value: Any, crs: Any) -> None:
    at = WGS84 if crs is MISSING else AT["EPSG:3857"]
    path = geojson(tmp_path / "a.geojson", crs, at=at, columns={"crs": value})
    assert read_table(path, PLACES).rows["lon"][0] == pytest.approx(-73.5, abs=1e-6)
    path = geojson(tmp_path / "b.geojson", named("EPSG:999999"), columns={"crs": value})
    with pytest.raises(DataError, match="EPSG:999999"):
        read_table(path, PLACES)


def test_lines_of_features_are_looked_at(tmp_path: Path) -> None:
    one = json.loads(geojson(tmp_path / "a.geojson").read_text())["features"][0]
    path = tmp_path / "a.geojsonl"
    path.write_text("\n".join(json.dumps(one | {"properties": {"name": n}}) for n in "ab"))
    assert len(read_table(path, PLACES).rows) == 2
    path.write_text(
        "\n".join(json.dumps(one | {"crs": named(n)}) for n in ("EPSG:4326", "EPSG:2950"))
    )
    with pytest.raises(DataError, match="EPSG:2950"):
        read_table(path, PLACES)


def test_most_files_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = geojson(tmp_path / "a.geojson", named("EPSG:3857"), at=AT["EPSG:3857"])
    monkeypatch.setattr("roxham.geo.io.declared_crs._documents", None)
    assert len(read_table(path, PLACES).rows) == 1
    geojson(path, columns={"crs": "a column"})
    assert len(read_table(path, PLACES).rows) == 1


FORMATS = ["a.gpkg", "a.shp", "a.fgb", "a.parquet"]


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize("name", FORMATS)
def test_a_file_of_any_kind_without_a_system_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    frame = gpd.GeoDataFrame({"name": ["a"]}, geometry=[shapely.LineString([WGS84, (-73.0, 45.0)])])
    frame.to_parquet(path) if name.endswith("parquet") else frame.to_file(path)
    with pytest.raises(DataError, match=r"a\.\w+: does not say its coordinate reference system"):
        read_border(path)


@pytest.mark.parametrize("srs", [0, -1])
def test_an_undefined_system_of_a_geopackage_is_none(tmp_path: Path, srs: int) -> None:
    path = tmp_path / "places.gpkg"
    point = shapely.Point(WGS84)
    gpd.GeoDataFrame({"name": ["a"]}, geometry=[point], crs="EPSG:4326").to_file(path)
    with closing(sqlite3.connect(path)) as database, database:
        for table in ("gpkg_geometry_columns", "gpkg_contents"):
            database.execute(f"UPDATE {table} SET srs_id = ?", [srs])
    with pytest.raises(DataError, match="states no coordinate reference system"):
        read_table(path, PLACES)
    with pytest.raises(DataError, match="states no coordinate reference system"):
        read_border(path)


def test_metres_that_pass_for_degrees_are_refused(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", at=AT["EPSG:3857"])
    rejected = read_table(path, PLACES).rejected
    assert rejected["problem"].str.contains("degrees are expected").all()
    with pytest.raises(DataError, match=r"a\.geojson: has coordinates outside ±180 and ±90"):
        read_border(geojson(path, at=AT["EPSG:3857"], line=True))


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize("name", ["edges.gpkg", "edges.parquet"])
def test_roads_without_a_system_are_refused(tmp_path: Path, name: str) -> None:
    lines = [shapely.LineString([WGS84, (-73.49, 45.0)])]
    edges = gpd.GeoDataFrame({"u": [1], "v": [2], "highway": ["primary"]}, geometry=lines)
    path = tmp_path / name
    edges.to_parquet(path) if name.endswith("parquet") else edges.to_file(path, layer="edges")
    with pytest.raises(DataError, match="no coordinate reference system"):
        read_roads(path)
