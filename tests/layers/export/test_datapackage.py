"""Any table comes back from an export as it was: types, nulls, places, odd texts."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree as ET

import frictionless
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from pyarrow import parquet
from pyproj import Geod
from shapely import LineString, Point, Polygon

from roxham.geo import DataError
from roxham.geo.tables.contract import Column, Contract
from roxham.layers.export.datapackage import Format, Resource, load_export, write_package
from roxham.layers.export.table_schema import areas, typed
from roxham.layers.model import Style

FORMATS: tuple[Format, ...] = get_args(Format)
ODBL = {"name": "ODbL-1.0", "title": "ODbL", "path": "https://example.org/odbl"}
CC0 = {"name": "CC0-1.0", "title": "CC0", "path": "https://example.org/cc0"}
ABOUT = {"name": "roxham-export", "title": "T", "version": "0"}


def write(folder: Path, kind: Format, **frames: pd.DataFrame) -> Path:
    resources = [
        Resource(name, frame, f"Title of {name}", licences=[CC0]) for name, frame in frames.items()
    ]
    return write_package(
        folder, resources, format=kind, about=ABOUT, documents={"a.md": "x"}, date="2026-01-02"
    )


def same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    if isinstance(expected, gpd.GeoDataFrame):
        assert isinstance(found, gpd.GeoDataFrame)
        assert_geodataframe_equal(found, expected, check_less_precise=False)
        wkb = [shapely.to_wkb(frame.geometry.to_numpy()).tolist() for frame in (found, expected)]
        assert wkb[0] == wkb[1]
    else:
        assert not isinstance(found, gpd.GeoDataFrame)
        assert_frame_equal(found, expected)


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)
texts |= st.sampled_from(["=1+1", "+1", "-1", "@x", "'=x", "''", "\t", "a\rb", "a\r\nb", "\n", ","])
texts |= st.sampled_from(
    ["NA", "nan", "null", "2023-02", "2023-02-01", "001", "1.0", '"', "ÀÉ語🛂"]
)
whole = st.integers(-(10**15), 10**15)
number = st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False)
degree = st.integers(-5120, 5120).map(lambda n: n / 64)  # WKT keeps 16 digits
point = st.builds(Point, degree, degree)
shape = point | st.builds(
    lambda x, y, d: LineString([(x, y), (x + d, y + 1)]),
    degree,
    degree,
    st.sampled_from([0.125, 0.5, 1]),
)


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    size = draw(st.integers(0, 4))

    def column(values: st.SearchStrategy[Any], dtype: str) -> pd.Series:
        cells = draw(st.lists(st.none() | values, min_size=size, max_size=size))
        return pd.Series(cells, dtype=dtype)

    full = draw(st.lists(number, min_size=size, max_size=size))
    table = pd.DataFrame(
        {
            "text": column(texts, "str"),
            "whole number": column(whole, "Int64"),
            "number": column(number, "Float64"),
            "float": pd.Series(full, dtype="float64"),
            "yes": column(st.booleans(), "boolean"),
            "fid": column(texts, "str"),
        }
    )
    kind = draw(st.sampled_from(["none", "points", "any"]))
    if kind == "none":
        return table
    if kind == "any":
        places: Any = draw(st.lists(st.none() | shape, min_size=size, max_size=size))
        placed: pd.DataFrame = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(places, crs=4326))
        return placed
    lon, lat = (draw(st.lists(degree, min_size=size, max_size=size)) for _ in "xy")
    table["lon"], table["lat"] = pd.array(lon, dtype="Float64"), pd.array(lat, dtype="Float64")
    points: pd.DataFrame = gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(lon, lat, crs=4326))
    return points


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(table=tables())
@pytest.mark.parametrize("kind", FORMATS)
def test_any_table_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, kind: Format, table: pd.DataFrame
) -> None:
    folder = tmp_path_factory.mktemp("export") / "out"
    write(folder, kind, first=table, second=pd.DataFrame({"a": ["x"]}))
    back = load_export(folder)
    assert list(back) == ["first", "second"]
    same(back["first"], table)


@pytest.mark.parametrize("kind", FORMATS)
def test_circles_come_back_as_areas(tmp_path: Path, kind: Format) -> None:
    rows = pd.DataFrame({"lon": [-73.5, -72.0], "lat": [45.0, 44.9], "radius_m": [1000.0, 5e4]})
    frame = gpd.GeoDataFrame(rows, geometry=areas(rows))
    write(tmp_path / "out", kind, sites=frame)
    same(load_export(tmp_path / "out")["sites"], frame)
    if kind == "csv":
        header = (tmp_path / "out" / "sites.csv").read_text().splitlines()[0]
        assert header == "lon,lat,radius_m"


def test_a_circle_covers_its_radius_and_no_more() -> None:
    area = areas(pd.DataFrame({"lon": [-73.5], "lat": [45.0], "radius_m": [5000.0]}))
    x, y = shapely.get_coordinates(area.item()).T
    corners = Geod(ellps="WGS84").inv([-73.5] * len(x), [45.0] * len(x), x, y)[2].tolist()
    assert corners == pytest.approx([5000] * len(corners), abs=0.01)


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_tables_are_the_same_bytes(tmp_path: Path, kind: Format) -> None:
    place = gpd.GeoDataFrame({"a": ["x"]}, geometry=[Point(1, 2)], crs=4326)
    one, two = (write(tmp_path / name, kind, places=place) for name in ("one", "two"))
    for path in sorted(p for p in one.rglob("*") if p.is_file()):
        assert path.read_bytes() == (two / path.relative_to(one)).read_bytes(), path.name


def test_lists_are_written_as_json_and_empty_text_is_unknown() -> None:
    frame = typed(pd.DataFrame({"a": [[1, "é"], "", None, pd.NA, np.nan, pd.NaT]}), None)
    assert frame["a"].fillna("null").tolist() == ['[1, "é"]', *["null"] * 5]


def test_a_declared_column_has_its_type_though_it_is_empty() -> None:
    contract = Contract("t", (Column("date", "date"), Column("n", "integer")))
    frame = typed(pd.DataFrame({"date": [float("nan")], "n": [1.0]}), contract)
    assert frame.dtypes.astype(str).tolist() == ["str", "Int64"]


@pytest.mark.parametrize("kind", FORMATS)
def test_openstreetmap_stays_apart(tmp_path: Path, kind: Format) -> None:
    frame = pd.DataFrame({"a": ["x"]})
    resources = [
        Resource("osm", frame, "t", licences=[ODBL]),
        Resource("free", frame, "t", licences=[CC0]),
    ]
    write_package(
        tmp_path / "out", resources, format=kind, about=ABOUT, documents={}, date="2026-01-02"
    )
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text())
    folders = {r["name"]: Path(r["path"]).parent.as_posix() for r in package["resources"]}
    assert folders == {"osm": "odbl", "free": "."}
    assert [x["name"] for x in package["licenses"]] == ["ODbL-1.0", "CC0-1.0"]


def test_geoparquet_tells_version_system_and_bounding_boxes(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"a": ["x"]}, geometry=[Point(-73.5, 45)], crs=4326)
    write(tmp_path / "out", "geoparquet", sites=frame)
    schema = parquet.read_schema(tmp_path / "out" / "sites.parquet")
    told = json.loads(schema.metadata[b"geo"])
    assert told["version"] == "1.1.0"
    assert told["primary_column"] == "geometry"
    column = told["columns"]["geometry"]
    assert column["encoding"] == "WKB"
    assert column["crs"]["id"] == {"authority": "EPSG", "code": 4326}
    assert column["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    assert [field.name for field in schema.field("bbox").type] == ["xmin", "ymin", "xmax", "ymax"]


STYLES = [
    Style("line", "#102030", 0.5),
    Style("point", "#102030", 2),
    Style("area", "#102030", 0.2, 0.5, "kind", (("a<b", "#ff0000"),)),
]


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.kind)
def test_styles_stand_where_qgis_looks_for_them(tmp_path: Path, style: Style) -> None:
    shapes = {"line": LineString([(0, 0), (1, 1)]), "point": Point(0, 0)}
    shapes["area"] = Polygon([(0, 0), (1, 0), (1, 1)])
    frame = gpd.GeoDataFrame({"kind": ["a<b"]}, geometry=[shapes[style.kind]], crs=4326)
    resource = Resource("sites", frame, "Sites", licences=[CC0], style=style)
    write_package(
        tmp_path / "out", [resource], format="gpkg", about=ABOUT, documents={}, date="2026-01-02"
    )
    with closing(sqlite3.connect(tmp_path / "out" / "roxham.gpkg")) as database:
        database.row_factory = sqlite3.Row
        contents = {
            r["table_name"]: dict(r) for r in database.execute("SELECT * FROM gpkg_contents")
        }
        geometry = database.execute("SELECT * FROM gpkg_geometry_columns").fetchone()
        rows = [dict(row) for row in database.execute("SELECT * FROM layer_styles")]
    database.close()
    assert contents["layer_styles"]["data_type"] == "attributes"
    assert {row["last_change"][:10] for row in contents.values()} == {"2026-01-02"}
    (row,) = rows
    assert (row["f_table_catalog"], row["f_table_schema"]) == ("", "")
    assert row["f_table_name"] == geometry["table_name"] == "sites"
    assert row["f_geometry_column"] == geometry["column_name"]
    assert row["useAsDefault"] == 1
    root = ET.fromstring(row["styleQML"])
    assert root.tag == "qgis"
    symbols = root.findall("./renderer-v2/symbols/symbol")
    kinds = {"line": "line", "point": "marker", "area": "fill"}
    assert {symbol.get("type") for symbol in symbols} == {kinds[style.kind]}
    values = [(c.get("value"), c.get("symbol")) for c in root.iter("category")]
    assert values == ([("a<b", "0"), ("", "1")] if style.column else [])
    colours = [o.get("value") for o in root.iter("Option") if o.get("name", "").endswith("color")]
    assert any(str(value).startswith("16,32,48,") for value in colours)
    se = "{http://www.opengis.net/se}"
    told = ET.fromstring(row["styleSLD"])
    assert told.get("version") == "1.1.0"
    assert len(list(told.iter(f"{se}Rule"))) == len(style.classes())
    drawn = {"line": "Line", "point": "Point", "area": "Polygon"}[style.kind]
    assert len(list(told.iter(f"{se}{drawn}Symbolizer"))) == len(style.classes())


@pytest.mark.parametrize("kind", FORMATS)
def test_frictionless_finds_the_package_valid(tmp_path: Path, kind: Format) -> None:
    shapes: Any = [Point(1, 2), None]
    place = gpd.GeoDataFrame({"a": ["=x", "y"]}, geometry=shapes, crs=4326)
    write(tmp_path / "out", kind, places=place, none=place.iloc[:0])
    report = frictionless.validate(str(tmp_path / "out" / "datapackage.json"))
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])


def test_only_an_untouched_export_is_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    old, new = pd.DataFrame({"a": ["old"]}), pd.DataFrame({"a": ["new"]})
    write(folder, "csv", t=old, gone=old)
    write(folder, "csv", t=new)
    assert sorted(p.name for p in folder.iterdir()) == ["a.md", "datapackage.json", "t.csv"]
    assert load_export(folder)["t"]["a"].tolist() == ["new"]
    (folder / "mine.txt").write_text("x")
    (folder / "t.csv").write_text("a\nmine\n")
    with pytest.raises(DataError) as caught:
        write(folder, "csv", t=old)
    assert [Path(fault.file).name for fault in caught.value.faults] == ["mine.txt", "t.csv"]
    assert (folder / "t.csv").read_text() == "a\nmine\n"
    with pytest.raises(DataError, match=r"t\.csv: was changed"):
        load_export(folder)
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_nothing_else_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "datapackage.json").write_text('{"name": "other", "resources": []}')
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    frame = pd.DataFrame({"a": ["x"]})
    for name in ("a", "file", "link", "not/there"):
        with pytest.raises(DataError, match=name.rpartition("/")[2]):
            write(tmp_path / name, "csv", t=frame)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "file", "link"]
    with pytest.raises(DataError, match="no export"):
        load_export(tmp_path / "a")


@pytest.mark.parametrize(
    "resources",
    ["[" * 100_000 + "]" * 100_000, '[{"path": "a.csv", "hash": 7}]', '[{"path": [], "hash": ""}]'],
)
def test_what_is_no_description_of_ours_is_not_replaced(tmp_path: Path, resources: str) -> None:
    text = f'{{"name": "roxham-export", "documents": {{}}, "resources": {resources}}}'
    (tmp_path / "datapackage.json").write_text(text)
    (tmp_path / "a.csv").write_text("a\n")
    with pytest.raises(DataError, match="is not empty"):
        write(tmp_path, "csv", t=pd.DataFrame({"a": ["x"]}))


def test_two_tables_of_one_name_are_not_told_as_one(tmp_path: Path) -> None:
    folder = write(tmp_path / "out", "csv", t=pd.DataFrame({"a": ["x"]}))
    path = folder / "datapackage.json"
    package = json.loads(path.read_text())
    path.write_text(json.dumps({**package, "resources": package["resources"] * 2}))
    with pytest.raises(DataError, match="is no export"):
        load_export(folder)


def test_a_fault_on_the_way_leaves_the_old_export(tmp_path: Path) -> None:
    write(tmp_path / "out", "csv", t=pd.DataFrame({"a": ["x"]}))
    metric = gpd.GeoDataFrame({"a": ["x"]}, geometry=[Point(0, 0)], crs=32618)
    with pytest.raises(DataError, match="expected EPSG:4326"):
        write(tmp_path / "out", "csv", t=metric)
    assert load_export(tmp_path / "out")["t"]["a"].tolist() == ["x"]
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


degrees = st.floats(-180, 180) | st.floats(-1, 1) | st.floats(allow_nan=False, allow_infinity=False)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(degrees, degrees), min_size=2, max_size=200))
@example(
    [(0.002565445483831002, -0.00638581513967116), (0.4519895844162272, 9.999999999999999e-05)]
)
@example([(0.00010000000000000002, 0.00012345678901234568), (5e-324, -1.7976931348623157e308)])
def test_coordinates_come_back_to_the_last_bit(
    tmp_path: Path, numbers: list[tuple[float, float]]
) -> None:
    frame = gpd.GeoDataFrame({"a": ["x"]}, geometry=[LineString(numbers)], crs=4326)
    folder = write(tmp_path / "out", "csv", lines=frame)
    found = shapely.get_coordinates(load_export(folder)["lines"].geometry.to_numpy())
    # Equal floats are so to the last bit, but for the sign of zero, which GEOS does not write.
    assert found.tolist() == shapely.get_coordinates(frame.geometry.to_numpy()).tolist()


@given(texts | st.text(alphabet="a;'=+-1 \"\t\n@,"))
@example("'=1")
@example("a;=1")
@example("a;'=1")
def test_an_apostrophe_is_taken_away_again(text: str) -> None:
    from roxham.geo.io.csv import active, inert

    marked = str(inert(text))
    assert active(marked) == text
    assert not marked.startswith(("=", "@", "\t", "\r", "\n"))
    parts = re.split(r"[;\t\r\n]", marked)  # as where semicolons separate
    assert [part for part in parts if part.strip(' "').startswith(("=", "@"))] == []
    sums = [part for part in parts if part[:1] in ("+", "-")]
    assert [part for part in sums if not re.fullmatch(r"[+-][0-9][0-9.,]*", part)] in (
        [],
        parts[:1],
    )
