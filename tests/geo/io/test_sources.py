"""One table in every kind of file, and files that are not what they should be."""

import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import requests
import shapely
from pandas.testing import assert_frame_equal
from pyarrow import parquet
from shapely import MultiPoint, Point

from roxham.geo import DataError, FetchError, WriteError, read_border
from roxham.geo.geometry.geodesic import middles
from roxham.geo.io.vector import open_vector
from roxham.geo.tables.contract import Column, Contract, read_table, split_table, swapped_axes
from tests.limits import limited

SITES = Contract(
    "sites",
    (
        Column("id"),
        Column("date", "date", required=False),
        Column("seen", "integer", required=False),
        Column("lat", "lat"),
        Column("lon", "lon"),
        Column("radius_m", "number", minimum=1, maximum=100_000),
    ),
    (swapped_axes(),),
)
PORTS = Contract("ports", (Column("id"), Column("lat", "lat"), Column("lon", "lon")))
COUNTS = Contract("counts", (Column("period", "date"), Column("count", "integer", nulls=("--",))))


def sites(**columns: list[Any]) -> gpd.GeoDataFrame:
    """Return two sound sites with some columns changed."""
    table = {
        "id": ["a", "b"],
        "date": ["2023-01-04", "2023-02"],
        "seen": pd.array([5, None], dtype="Int64"),
        "radius_m": [1000.0, 2500.0],
        "geometry": [Point(-73.5, 45.01), Point(-73.25, 44.9)],
    }
    return gpd.GeoDataFrame(table | columns, crs="EPSG:4326")


def save(frame: gpd.GeoDataFrame, path: Path) -> Path:
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    elif path.suffix == ".csv":
        plain = pd.DataFrame(frame.drop(columns="geometry"))
        plain.assign(lon=frame.geometry.x, lat=frame.geometry.y).to_csv(path, index=False)
    else:
        frame.to_file(path)
    return path


@pytest.mark.parametrize("ending", [".csv", ".geojson", ".gpkg", ".parquet"])
def test_a_table_is_the_same_from_every_kind_of_file(tmp_path: Path, ending: str) -> None:
    checked = read_table(save(sites(), tmp_path / f"mine{ending}"), SITES)
    assert checked.rejected.empty
    rows = checked.rows
    assert rows["id"].tolist() == ["a", "b"]
    assert rows["date"].tolist() == ["2023-01-04", "2023-02"]
    assert rows["seen"].dtype == "Int64"
    assert (rows["seen"][0], rows["seen"].isna()[1]) == (5, True)
    assert rows[["lon", "lat", "radius_m"]].values.tolist() == [
        [-73.5, 45.01, 1000],
        [-73.25, 44.9, 2500],
    ]


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".parquet"])
def test_full_days_stay_days_though_the_file_types_them(tmp_path: Path, ending: str) -> None:
    days = pd.to_datetime(["2023-01-04", "2023-02-01"])
    rows = read_table(save(sites(date=list(days)), tmp_path / f"m{ending}"), SITES).rows
    assert rows["date"].tolist() == ["2023-01-04", "2023-02-01"]


def test_a_time_of_day_is_read_as_its_day_and_that_is_told(tmp_path: Path) -> None:
    times = list(pd.to_datetime(["2023-01-04T12:30", "2023-02-01T00:00"]))
    rows, rejected = read_table(save(sites(date=times), tmp_path / "m.gpkg"), SITES)
    assert rows["date"].tolist() == ["2023-01-04", "2023-02-01"]
    assert rows.attrs["read_as"] == ["date: 2023-01-04T12:30:00 is read as 2023-01-04"]
    assert rejected.empty
    zoned = [time.tz_localize("America/Toronto") for time in times]
    rejected = read_table(save(sites(date=zoned), tmp_path / "z.gpkg"), SITES).rejected
    assert rejected[["row", "column"]].values.tolist() == [[1, "date"], [2, "date"]]


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".parquet"])
def test_every_fault_names_its_feature_at_once(tmp_path: Path, ending: str) -> None:
    frame = sites(
        id=["a", None],
        date=["soon", "2023"],
        radius_m=[-1.0, np.nan],
        geometry=[Point(45.01, -73.5), Point(-73.25, 44.9)],
    )
    path = save(frame, tmp_path / f"m{ending}")
    checked = read_table(path, SITES)
    assert checked.rejected[["file", "row", "column"]].values.tolist() == [
        [str(path), 1, "date"],
        [str(path), 1, "radius_m"],
        [str(path), 1, "lat"],
        [str(path), 2, "id"],
        [str(path), 2, "radius_m"],
    ]
    assert checked.rows.empty


MALFORMED: dict[str, list[Any]] = {
    "Polygon": [[[-73.7, 45], [-73.5, 45], [-73.5, 45.1]]],
    "MultiPolygon": [[[[-73.7, 45], [-73.5, 45]]]],
    "LineString": [[-73.59, 45.05]],
}


@pytest.mark.parametrize("lines", [False, True])
@pytest.mark.parametrize("kind", MALFORMED)
def test_a_malformed_shape_leaves_the_other_features_be(
    tmp_path: Path, kind: str, lines: bool
) -> None:
    shapes = [
        {"type": "Point", "coordinates": [-73.5, 45.01]},
        {"type": kind, "coordinates": MALFORMED[kind]},
        None,
        {"type": "Point", "coordinates": [-73.25, 44.9]},
    ]
    features: list[dict[str, Any]] = [
        {"type": "Feature", "geometry": shape, "properties": {"id": f"s{k}", "radius_m": 1000}}
        for k, shape in enumerate(shapes)
    ]
    whole = {"type": "FeatureCollection", "features": features}
    texts = map(json.dumps, features if lines else [whole])
    (tmp_path / "m.geojson").write_text("\n".join(texts))
    checked = read_table(tmp_path / "m.geojson", SITES)
    assert checked.rows["id"].tolist() == ["s0", "s3"]
    assert checked.rows["lon"].tolist() == [-73.5, -73.25]
    told = checked.rejected[["row", "column", "found"]].values.tolist()
    assert told == [[2, "geometry", kind], [3, "lon", ""], [3, "lat", ""]]
    problem = str(checked.rejected.at[0, "problem"])
    assert problem.startswith("is malformed: ")
    assert problem.isprintable()
    # A file that needs every shape, such as a border, is refused as before.
    with pytest.raises(DataError, match="cannot be read as GeoJSON"):
        open_vector(tmp_path / "m.geojson", "m").read()


def test_swapped_axes_are_told_from_geometries_too(tmp_path: Path) -> None:
    frame = sites(geometry=[Point(45.01, -73.5), Point(-73.25, 44.9)])
    rejected = read_table(save(frame, tmp_path / "m.gpkg"), SITES).rejected
    assert rejected["row"].tolist() == [1]
    assert "swapped" in rejected["problem"][0]


def test_areas_that_are_not_in_degrees_are_refused_unmeasured(tmp_path: Path) -> None:
    metres, beyond = shapely.box(5e5, 5e6, 3e6, 8e6), shapely.box(0, 0, 1e30, 1)
    frame = sites(geometry=[metres, beyond], radius_m=[np.nan, np.nan])
    checked = read_table(save(frame, tmp_path / "m.geojson"), SITES)  # at steps of a degree: 2.4 GB
    assert checked.rows.empty
    assert set(checked.rejected["row"]) == {1, 2}


@pytest.mark.parametrize("far", [np.inf, np.nan, 1e308, 1e6])
def test_areas_with_one_corner_that_is_nowhere_are_refused(far: float) -> None:
    corner = [(0.2, 0.1), (0.2, 0.2), (0.3, far)]
    with np.errstate(invalid="ignore"):
        shapes = [
            shapely.Polygon(corner),  # GEOS raises, if it is no number
            shapely.Polygon([(0, 0), (1, 0), (1, 1)], [corner]),
            shapely.MultiPoint(corner),  # the middle is one of its points
        ]
        frame = gpd.GeoDataFrame({"id": ["a", "b", "c"]}, geometry=shapes, crs=4326)
        checked = read_table(frame.assign(radius_m=None), SITES)
    assert checked.rows.empty
    assert checked.rejected["problem"].str.contains("a corner that is nowhere on Earth").all()
    middle = middles(np.array(shapes[:1], dtype=object))[0]
    assert middle.is_empty == (far != 1e6)


def test_rings_and_parts_without_extent_are_no_end_of_the_process(tmp_path: Path) -> None:
    ring: list[Any] = [[0, 0], [1, 0], [1, 1], [0, 0]]
    shapes = [
        {"type": "Polygon", "coordinates": [ring, []]},  # GEOS: SIGSEGV
        {"type": "MultiPolygon", "coordinates": [[ring], []]},
        {"type": "Polygon", "coordinates": [ring, [[0.9, 0.5]] * 4]},
        {"type": "Polygon", "coordinates": [[[0, 0]] * 4]},
    ]
    features = [
        {"type": "Feature", "geometry": shape, "properties": {"id": "a", "radius_m": 9}}
        for shape in shapes
    ]
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    assert len(read_table(path, SITES).rows) == 4
    assert len(read_border(path)) == 4


def test_another_system_is_converted_and_heights_are_left_out(tmp_path: Path) -> None:
    lifted = sites().set_geometry(shapely.force_3d(sites().geometry.to_numpy(), 50.0), crs=4326)
    path = save(lifted.to_crs("EPSG:32618"), tmp_path / "m.gpkg")
    rows = read_table(path, SITES).rows
    assert rows["lon"].tolist() == pytest.approx([-73.5, -73.25], abs=1e-8)
    assert rows["lat"].tolist() == pytest.approx([45.01, 44.9], abs=1e-8)


@pytest.mark.parametrize("ending", [".gpkg", ".parquet"])
@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_geometries_without_a_system_are_refused(tmp_path: Path, ending: str) -> None:
    shapes = sites().geometry.to_numpy()
    frame = gpd.GeoDataFrame(pd.DataFrame(sites().drop(columns="geometry")), geometry=shapes)
    path = save(frame, tmp_path / f"m{ending}")
    with pytest.raises(DataError, match=r"coordinate reference system|cannot be converted"):
        read_table(path, SITES)


def test_an_area_becomes_a_point_within_and_a_radius_that_covers_it(tmp_path: Path) -> None:
    metric = gpd.GeoSeries([Point(600_000, 4_985_000)], crs="EPSG:32618")
    square = metric.buffer(1000, cap_style="square").to_crs(4326)[0]  # 2 km a side
    pair = MultiPoint([(-73.25, 44.9), (-73.25, 44.91)])
    frame = sites(geometry=[square, pair], radius_m=[np.nan, np.nan])
    rows = read_table(save(frame, tmp_path / "m.gpkg"), SITES).rows
    assert square.contains(Point(rows["lon"][0], rows["lat"][0]))
    assert 1415 <= rows["radius_m"][0] <= 2830  # half the diagonal at least, all of it at most
    assert rows["radius_m"][1] == pytest.approx(1112, abs=3)  # 0.01 degrees of latitude


def test_a_radius_of_ones_own_stands_beside_an_area(tmp_path: Path) -> None:
    frame = sites(geometry=[Point(-73.5, 45).buffer(0.01), Point(-73.25, 44.9)])
    assert read_table(save(frame, tmp_path / "m.gpkg"), SITES).rows["radius_m"][0] == 1000


def test_lines_everywhere_and_areas_of_a_table_of_points_are_set_aside(tmp_path: Path) -> None:
    line = shapely.LineString([(-73.5, 45), (-73.4, 45)])
    path = save(sites(geometry=[line, Point(-73.25, 44.9)]), tmp_path / "m.gpkg")
    checked = read_table(path, SITES)
    assert checked.rejected[["row", "column", "found"]].values.tolist() == [
        [1, "geometry", "LineString"]
    ]
    assert checked.rows["id"].tolist() == ["b"]
    path = save(sites(geometry=[Point(-73.5, 45).buffer(1), None]), tmp_path / "n.gpkg")
    rejected = read_table(path, PORTS).rejected
    assert rejected[["row", "column"]].values.tolist() == [
        [1, "geometry"],
        [2, "lon"],
        [2, "lat"],
    ]


def test_columns_and_geometry_may_not_contradict_each_other(tmp_path: Path) -> None:
    frame = sites(lon=[-73.5, -73.0], lat=[45.01, 44.9])
    rejected = read_table(save(frame, tmp_path / "m.gpkg"), SITES).rejected
    assert rejected[["row", "column"]].values.tolist() == [[2, "geometry"]]


def test_mixed_types_are_judged_cell_by_cell(tmp_path: Path) -> None:
    values = [5, "6", "seven", 8.5, True, None, {"a": 1}]
    place = {"type": "Point", "coordinates": [-73.5, 45.0, 12.0]}
    features = [
        {"type": "Feature", "geometry": place, "properties": {"id": i, "seen": v, "radius_m": 1}}
        for i, v in enumerate(values)
    ]
    path = tmp_path / "m.json"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    checked = read_table(path, SITES)
    assert checked.rejected["row"].tolist() == [3, 4, 5, 7]
    assert checked.rows["id"].tolist() == ["0", "1", "5"]


def test_a_table_without_places_needs_no_geometry(tmp_path: Path) -> None:
    path = tmp_path / "counts.parquet"
    pd.DataFrame({"period": [2022, 2023], "count": [1.0, np.nan]}).to_parquet(path)
    rows = read_table(path, COUNTS).rows
    assert rows["period"].tolist() == ["2022", "2023"]
    assert rows["count"].isna().tolist() == [False, True]


def test_a_geometry_alone_lacks_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "bare.geojson"
    path.write_text(json.dumps({"type": "Point", "coordinates": [-73.5, 45.0]}))
    with pytest.raises(DataError, match="column id"):
        read_table(path, PORTS)


def test_a_list_in_a_cell_is_written_as_json(tmp_path: Path) -> None:
    frame = sites(id=[["a", "é"], ["b"]])
    rows = read_table(save(frame, tmp_path / "sites.geojson"), PORTS).rows
    assert rows["id"].tolist() == ['["a", "é"]', '["b"]']


def test_a_point_without_a_number_is_not_put_at_0_0(tmp_path: Path) -> None:
    path = save(sites(geometry=[Point(np.nan, 45), Point(-73.25, 44.9)]), tmp_path / "s.parquet")
    read = read_table(path, SITES)
    assert read.rows["id"].tolist() == ["b"]
    assert read.rejected[["row", "column"]].to_numpy().tolist() == [[1, "lon"]]


def test_a_withheld_count_survives_in_a_column_of_text(tmp_path: Path) -> None:
    path = tmp_path / "counts.parquet"
    pd.DataFrame({"period": ["2022"], "count": ["--"]}).to_parquet(path)
    assert read_table(path, COUNTS).rows["count"].isna().all()


def test_the_layer_called_like_the_table_is_read(tmp_path: Path) -> None:
    path = tmp_path / "m.gpkg"
    sites().iloc[:1].to_file(path, layer="other")
    assert len(read_table(path, SITES).rows) == 1
    sites().to_file(path, layer="third")
    with pytest.raises(DataError, match="has no layer sites; found other, third"):
        read_table(path, SITES)
    sites().to_file(path, layer="sites")
    assert len(read_table(path, SITES).rows) == 2


@pytest.mark.parametrize("ending", [".gpkg", ".parquet", ".geojson"])
@pytest.mark.parametrize("part", [0.02, 0.5, 0.9])
def test_half_a_file_is_refused(tmp_path: Path, ending: str, part: float) -> None:
    many = gpd.GeoDataFrame(pd.concat([sites()] * 500, ignore_index=True), crs="EPSG:4326")
    path = save(many, tmp_path / f"m{ending}")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * part)])
    with pytest.raises(DataError, match=r"m\.\w+"):
        read_table(path, SITES)


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"PK\x03\x04\0\0", b"{}", b"{", b"PAR1"])
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"m\.csv"):
        read_table(path, SITES)


def test_a_text_of_parquet_that_is_no_utf8_is_refused(tmp_path: Path) -> None:
    offsets = np.array([0, 6], dtype=np.int32).tobytes()
    cells = pa.Array.from_buffers(
        pa.string(), 1, [None, *map(pa.py_buffer, (offsets, b"2020-\xff"))]
    )
    parquet.write_table(pa.table({"id": cells}), tmp_path / "m.parquet")
    with pytest.raises(DataError, match=r"m\.parquet: is not a whole Parquet file.*UTF8"):
        read_table(tmp_path / "m.parquet", SITES)


@pytest.mark.parametrize("shape", [b"", b"\x01", "POINT (0 0)"])
def test_what_says_it_is_a_geometry_and_is_none_is_refused(
    tmp_path: Path, shape: bytes | str
) -> None:
    table = pa.Table.from_pandas(pd.DataFrame({"id": ["a"], "geometry": [shape]}))
    column = {"encoding": "WKB", "geometry_types": []}
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    path = tmp_path / "m.parquet"
    parquet.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    with pytest.raises(DataError, match=r"m\.parquet: is not a whole Parquet file"):
        read_table(path, SITES)


def test_a_database_without_a_map_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.gpkg"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE x (a)")
    with pytest.raises(
        DataError, match=r"cannot be read as GeoPackage: .*required GeoPackage tables"
    ):
        read_table(path, SITES)


def test_an_empty_layer_is_a_table_without_rows(tmp_path: Path) -> None:
    path = tmp_path / "m.gpkg"
    sites().iloc[:0].to_file(path, geometry_type="Point")
    rows, rejected = read_table(path, SITES)
    assert rows.empty
    assert rejected.empty


def test_missing_columns_are_named_of_any_file(tmp_path: Path) -> None:
    path = tmp_path / "m.gpkg"
    sites()[["date", "geometry"]].to_file(path)
    with pytest.raises(DataError) as caught:
        read_table(path, SITES)
    assert [fault.column for fault in caught.value.faults] == ["id", "radius_m"]


def test_rows_are_parted_as_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text(
        "id;seen;lat;lon;radius_m;mine\n"
        "a;5;45.01;-73.5;1000;'=kept\n"
        "b;many;95;-73.5;1000;x\n"
        "c;5;45.01;-73.5;1000;x;surplus\n"
        "d;;45.01;-73.5;1000;\n"
    )
    accepted, rejected = split_table(path, SITES)
    assert accepted["id"].tolist() == ["a", "d"]
    assert accepted["mine"].tolist() == ["=kept", ""]
    assert rejected["row"].tolist() == [3, 4]
    assert rejected["id"].tolist() == ["b", "c"]
    assert rejected["seen"].tolist() == ["many", "5"]
    assert "seen: is not a number" in rejected["problems"][0]
    assert "lat: is above 90" in rejected["problems"][0]
    assert rejected["mine"][1] == "x | surplus"


class Answer:
    """What a server says, without one."""

    def __init__(self, content: bytes = b"", status: int = 200, location: str = "") -> None:
        self.raw, self.status_code, self.reason = io.BytesIO(content), status, "as made up"
        self.headers = {"location": location}
        self.is_redirect = bool(location)

    def __enter__(self) -> "Answer":
        return self

    def __exit__(self, *_: object) -> None:
        return None


def serve(monkeypatch: pytest.MonkeyPatch, *answers: Answer) -> list[str]:
    left, asked = list(answers), []

    def request(_: object, method: str, address: str, **__: Any) -> Answer:
        assert method == "GET"
        asked.append(address)
        return left.pop(0)

    monkeypatch.setattr(requests.Session, "request", request)
    return asked


def test_an_address_is_read_like_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = save(sites(), tmp_path / "m.gpkg").read_bytes()
    asked = serve(monkeypatch, Answer(location="/b?key=1"), Answer(content))
    checked = read_table("https://me:secret@example.org/a?key=secret", SITES)
    assert asked[1] == "https://me:secret@example.org/b?key=1"
    local = read_table(tmp_path / "m.gpkg", SITES)
    assert_frame_equal(checked.rows, local.rows)


@pytest.mark.parametrize(
    "answer",
    [Answer(status=404), Answer(location="http://example.org/a")],
)
def test_an_address_that_fails_tells_no_secret(
    answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(monkeypatch, answer)
    with pytest.raises(FetchError, match=r"https://example\.org/a") as caught:
        read_table("https://me:secret@example.org/a?key=secret", SITES)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("address", ["http://example.org/a", "s3://a/b", "file:///etc/passwd"])
def test_other_kinds_of_address_are_refused(address: str) -> None:
    with pytest.raises(DataError, match="no kind of address"):
        read_table(address, SITES)


def test_faults_of_an_address_tell_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    serve(monkeypatch, Answer(b"id,lat,lon,radius_m\na,95,1,1\n"))
    rejected = read_table("https://me:secret@example.org/a.csv?key=secret", SITES).rejected
    assert rejected["file"].tolist() == ["https://example.org/a.csv"]


def test_a_database_must_name_its_table() -> None:
    with pytest.raises(DataError, match="names no table") as caught:
        read_table("postgresql://me:secret@host/db", SITES)
    assert "secret" not in str(caught.value)


def test_a_database_is_read_through_its_drivers_or_the_extra_is_named() -> None:
    address = "postgresql://me:secret@127.0.0.1:1/db#public.sites"
    with pytest.raises((DataError, FetchError), match=r"postgresql://127") as caught:
        read_table(address, SITES)
    assert "secret" not in str(caught.value)


def test_what_the_disk_does_not_take_of_an_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (b"a" * 1000, b"a" * 3_000_000):
        serve(monkeypatch, Answer(content))
        with limited(100), pytest.raises(WriteError, match=r": File too large\. Make room there"):
            read_table("https://example.org/a", SITES)
