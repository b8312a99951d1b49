"""What a file asks for beyond the bounds is refused by the bound's name, before it is spent."""

import bz2
import gzip
import itertools
import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import process_time
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pytest
import shapely
from pyarrow import parquet

from roxham.geo import DataError, bounds, read_roads
from roxham.geo.border import read as border_read
from roxham.geo.io.csv import read_cells
from roxham.geo.io.geometry_columns import At
from roxham.geo.io.sources import read_raw
from roxham.geo.io.vector import open_vector, read_parquet
from roxham.geo.sheets.reading import PLAIN
from roxham.geo.tables import contract
from roxham.geo.written.point_text import from_point_text
from roxham.maps.elements.decode import decode_layer
from roxham.maps.elements.payload import layer_payload

ANSWER = json.dumps({"elements": [], "x": " " * 2000}).encode()
GRAPHML = b'<graphml xmlns="http://graphml.graphdrawing.org/xmlns">' + b" " * 2000 + b"</graphml>"
XML = b'<osm version="0.6"><note>' + b"a" * 1_000_000 + b"</note></osm>"
ONE_COLUMN = contract.Contract("a", (contract.Column("id"),))


@pytest.mark.parametrize("content", [ANSWER, GRAPHML])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress])
def test_what_is_read_whole_is_not_too_large(
    content: bytes, pack: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_bytes(pack(content))
    monkeypatch.setenv("ROXHAM_MAX_WHOLE_BYTES", "1000")
    with pytest.raises(DataError, match="is larger than 1,000 bytes") as caught:
        read_roads(path)
    assert "ROXHAM_MAX_WHOLE_BYTES" in str(caught.value)
    monkeypatch.delenv("ROXHAM_MAX_WHOLE_BYTES")
    with pytest.raises(DataError, match=r"no road|no whole GraphML|no graph"):
        read_roads(path)


@pytest.mark.parametrize("content", [XML, ANSWER * 500])
@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_what_unpacks_to_too_much_is_refused(
    content: bytes, pack: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_bytes(pack(content))
    monkeypatch.setattr(bounds, "FREE", 10_000)
    with pytest.raises(DataError, match="unpacks to more than 100 times its size"):
        read_roads(path)


def test_a_table_of_too_many_columns_is_refused_soon(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"c{i}" for i in range(100_000)) + "\n")
    start = process_time()
    with pytest.raises(DataError, match=r"wide\.csv: has more than 10,000 columns"):
        read_cells(path, name="wide.csv")
    assert process_time() - start < 3


def test_a_table_of_as_many_columns_as_may_be_is_read_soon(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"c{i}" for i in range(10_000)) + "\n")
    start = process_time()
    assert len(read_cells(path, name="wide.csv").header) == 10_000
    path.write_text(path.read_text().strip() + ",c7\n")
    with pytest.raises(DataError, match="more than 10,000 columns"):
        read_cells(path, name="wide.csv")
    assert process_time() - start < 3


@pytest.mark.parametrize("name", ["a.csv", "a.geojson"])
def test_tables_are_not_too_large(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROXHAM_MAX_WHOLE_BYTES", "1000")
    path = tmp_path / name
    path.write_text('{"type": "Feature"}' + " " * 1000 if name == "a.geojson" else "a,b\n" * 300)
    with pytest.raises(DataError, match="is larger than 1,000 bytes"):
        read_raw(path, name=name, table="a", known=(), require=print)


@pytest.mark.parametrize("told", ["", "0", "-1", "1e9", "many", "9" * 30])
def test_a_bound_is_a_number(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROXHAM_MAX_COLUMNS", told)
    with pytest.raises(DataError, match="ROXHAM_MAX_COLUMNS: is no whole number above 0"):
        bounds.bound("columns")


@pytest.mark.parametrize(
    ("error", "said"), [(MemoryError, "more memory than there is"), (RecursionError, "too deeply")]
)
def test_what_is_too_large_for_the_machine_is_told_of_the_file(
    error: type[Exception], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    path = tmp_path / "a.json"
    path.write_bytes(ANSWER)
    monkeypatch.setattr("roxham.geo.readers.osm_xml.roads_of", fail)
    with pytest.raises(DataError, match=rf"a\.json: .*{said}"):
        read_roads(path)


# Pages


def payload(**changes: Any) -> dict[str, Any]:
    """Return a sound layer of a page with some of what it says changed."""
    frame = gpd.GeoDataFrame(
        {"name": ["a", "b"], "count": [3, None]},
        geometry=[shapely.Point(-73.5, 45), shapely.LineString([(-73, 45), (-73, 46)])],
        crs="EPSG:4326",
    )
    sound: dict[str, Any] = json.loads(
        json.dumps(layer_payload("places", frame, ["name", "count"]))
    )
    for place, value in changes.items():
        *way, last = place.split("__")
        found: Any = sound
        for step in way:
            found = found[int(step) if step.isdecimal() else step]
        found[int(last) if last.isdecimal() else last] = value
    return sound


def test_a_layer_as_it_was_written_is_read() -> None:
    assert decode_layer(payload())["name"].tolist() == ["a", "b"]


HUGE = 100_000_000


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"n": HUGE}, "has more than 2,000,000 rows"),
        ({"n": HUGE, "columns__0__codes": [HUGE, 0]}, "has more than 2,000,000 rows"),
        ({"columns__0__codes": [HUGE, 0]}, "number of features"),
        ({"geometry__x": [HUGE, 0]}, "has more than 50,000,000 points"),
        ({"geometry__kinds": [HUGE, 0]}, "number of features"),
        ({"geometry__x__0": -1}, "no such length"),
        ({"geometry__x__1": 9}, "no such length"),
        ({"columns__0__values": -1}, "a length is below 0"),
        ({"columns__0__values": "1"}, "damaged"),
        ({"columns__0": None}, "damaged"),
        ({"columns": 3}, "damaged"),
        ({"geometry": []}, "damaged"),
        ({"geometry__scale": "1"}, "damaged"),
        ({"data": 3}, "damaged"),
        ({"data": "x"}, "damaged"),
        ({"n": "2"}, "damaged"),
    ],
)
def test_a_layer_that_says_what_cannot_be_is_refused_soon(
    changes: dict[str, Any], problem: str
) -> None:
    start = process_time()
    with pytest.raises(DataError, match=re.escape(problem)):
        decode_layer(payload(**changes))
    assert process_time() - start < 3


def test_a_layer_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROXHAM_MAX_WHOLE_BYTES", "10")
    with pytest.raises(DataError, match="is larger than 10 bytes"):
        decode_layer(payload())


def parquet_of_many_rows(path: Path) -> Path:
    """Write a small file of three million rows: runs of one value."""
    rows = 1_000_000
    batch = pa.table({"id": pa.array(["a"] * rows).dictionary_encode()})
    with parquet.ParquetWriter(path, batch.schema) as file:
        for _ in range(3):
            file.write_table(batch)
    return path


def test_rows_of_parquet_are_counted_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = parquet_of_many_rows(tmp_path / "a.parquet")
    assert path.stat().st_size < 100_000
    monkeypatch.setenv("ROXHAM_MAX_MEMORY", "100000000")
    with pytest.raises(DataError, match=r"a\.parquet: needs more than 100,000,000 bytes of memory"):
        read_parquet(path, "a.parquet")


def test_cells_of_a_geopackage_are_counted_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.gpkg"
    points = gpd.GeoDataFrame({"a": range(100)}, geometry=[shapely.Point(0, 0)] * 100, crs=4326)
    points.to_file(path)
    monkeypatch.setenv("ROXHAM_MAX_MEMORY", "1000")
    with pytest.raises(DataError, match="needs more than 1,000 bytes of memory"):
        open_vector(path, "a.gpkg").read()
    monkeypatch.delenv("ROXHAM_MAX_MEMORY")
    monkeypatch.setenv("ROXHAM_MAX_COLUMNS", "1")
    with pytest.raises(DataError, match="has more than 1 columns"):
        open_vector(path, "a.gpkg").read()


def test_time_and_memory_are_asked_as_a_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.chain([0.0, 5.0], itertools.repeat(61.0))
    monkeypatch.setattr("roxham.geo.bounds.time.monotonic", lambda: next(clock))
    monkeypatch.setenv("ROXHAM_MAX_SECONDS", "60")
    with bounds.within_bounds("the outer file"):
        bounds.spend()
        with (
            pytest.raises(DataError, match="the outer file: takes more than 60 seconds to read"),
            bounds.within_bounds("a part"),
        ):
            bounds.spend()
        monkeypatch.setenv("ROXHAM_MAX_SECONDS", "99")
    monkeypatch.undo()
    held = iter([0, 7, 11])
    monkeypatch.setattr(bounds, "held", lambda: next(held))
    monkeypatch.setenv("ROXHAM_MAX_MEMORY", "10")
    with (
        pytest.raises(DataError, match="needs more than 10 bytes of memory"),
        bounds.within_bounds("a file"),
    ):
        bounds.spend()
    bounds.spend()  # nothing is being read


@pytest.mark.parametrize("error", [MemoryError, RecursionError])
@pytest.mark.parametrize(
    "read", [lambda path: contract.read_table(path, ONE_COLUMN), border_read.read_border]
)
def test_memory_and_depth_are_the_files_fault(
    read: Callable[[Path], object],
    error: type[Exception],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    path = tmp_path / "a.csv"
    path.write_text("id\na\n")
    monkeypatch.setattr(contract, "read_raw", fails)
    monkeypatch.setattr(border_read, "open_vector", fails)
    said = "more memory than there is|nested too deeply"
    with pytest.raises(DataError, match=said):
        read(path)


DEEP = "GEOMETRYCOLLECTION (" * 50_000 + "POINT (0 0)" + ")" * 50_000


def test_shapes_within_shapes_do_not_end_the_process(tmp_path: Path) -> None:
    blob = b"\1\7\0\0\0\1\0\0\0" * 200_000 + shapely.to_wkb(shapely.Point(0, 0))
    sound = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.Point(0, 0)], crs=4326)
    sound.to_parquet(tmp_path / "deep.parquet")
    table = parquet.read_table(tmp_path / "deep.parquet")
    column = table.schema.get_field_index("geometry")
    deep = table.set_column(column, table.schema.field(column), pa.array([blob]))
    parquet.write_table(deep, tmp_path / "deep.parquet")
    with pytest.raises(DataError, match="holds others more than 32 deep"):
        read_raw(tmp_path / "deep.parquet", name="deep", table="a", known=(), require=_any_header)
    raw = pd.DataFrame({"shape": ["POINT (1 2)", DEEP]})
    places = from_point_text(raw, At("lon", "lat", None), PLAIN)
    assert list(places.problems.values()) == ["is no well-known text"]
    assert places.rows["lon"].tolist()[:1] == ["1"]
    graph = GRAPH.replace("LINESTRING (0 0, 1 1)", DEEP)
    for text, said in ((graph, "a shape holds others too deep"), (GRAPH, "")):
        (tmp_path / "a.graphml").write_text(text)
        if said:
            with pytest.raises(DataError, match=said):
                read_roads(tmp_path / "a.graphml")
        else:
            assert read_roads(tmp_path / "a.graphml").edge_count == 1


GRAPH = (
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    + "".join(
        f'<key id="{name}" for="{of}" attr.name="{name}" attr.type="string"/>'
        for of, names in (("node", "xy"), ("edge", ("geometry", "length", "oneway", "highway")))
        for name in names
    )
    + '<key id="crs" for="graph" attr.name="crs" attr.type="string"/>'
    '<graph edgedefault="directed"><data key="crs">epsg:4326</data>'
    '<node id="1"><data key="x">0</data><data key="y">0</data></node>'
    '<node id="2"><data key="x">1</data><data key="y">1</data></node>'
    '<edge source="1" target="2" id="0"><data key="geometry">LINESTRING (0 0, 1 1)</data>'
    '<data key="length">157000</data><data key="oneway">True</data>'
    '<data key="highway">primary</data></edge></graph></graphml>'
)


def test_json_of_more_values_than_the_memory_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROXHAM_MAX_MEMORY", "50000000")
    brackets = "[" + "[]," * 800_000 + "[]]"
    answer, feature = f'{{"elements": {brackets}}}', f'{{"type": "Feature", "x": {brackets}}}'
    for text, read in ((answer, read_roads), (brackets, _table), (feature, open_geojson)):
        (tmp_path / "a.json").write_text(text)
        with pytest.raises(DataError, match="needs more than 50,000,000 bytes of memory"):
            read(tmp_path / "a.json")
    wide = GRAPH.replace("</graph>", "<a/>" * 900_000 + "</graph>")
    (tmp_path / "a.graphml").write_text(wide)
    with pytest.raises(DataError, match="needs more than 50,000,000 bytes of memory"):
        read_roads(tmp_path / "a.graphml")


def _any_header(header: list[str]) -> None:
    """Hold a header to nothing."""


def _table(path: Path) -> object:
    return read_raw(path, name="a", table="a", known=(), require=_any_header)


def open_geojson(path: Path) -> object:
    """Open a file as one with geometries."""
    return open_vector(path, "a")


def test_lists_within_rows_are_counted_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = pa.repeat("x", 2_000_000)
    lists = pa.ListArray.from_arrays(pa.array([0, 2_000_000], pa.int32()), texts)
    parquet.write_table(pa.table({"id": lists}), tmp_path / "a.parquet")
    monkeypatch.setenv("ROXHAM_MAX_MEMORY", "100000000")
    with pytest.raises(DataError, match="needs more than 100,000,000 bytes of memory"):
        read_parquet(tmp_path / "a.parquet", "a")


def test_lines_without_cells_take_time_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("id\n" + "\n" * 200_000)
    clock = itertools.chain([0.0], itertools.repeat(99.0))
    monkeypatch.setattr("roxham.geo.bounds.time.monotonic", lambda: next(clock))
    monkeypatch.setenv("ROXHAM_MAX_SECONDS", "60")
    with pytest.raises(DataError, match="more than 60 seconds"), bounds.within_bounds("a"):
        read_cells(tmp_path / "a.csv", name="a")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE gpkg_ogr_contents SET feature_count = 1",
            "says that “t” has 1 rows, and it has 3",
        ),
        (
            "UPDATE gpkg_ogr_contents SET feature_count = 9",
            "says that “t” has 9 rows, and it has 3",
        ),
        ("UPDATE gpkg_ogr_contents SET feature_count = NULL", ""),
        (
            "CREATE TABLE x (b, a AS (hex(zeroblob(400000000))))",
            "has the column “a” of “x”, which would be run",
        ),
        ("CREATE TABLE x (a CHECK (a GLOB '*a*a*a*a*a*a*a*a*b' OR 1))", ""),
    ],
)
def test_a_geopackage_is_held_to_its_rows_and_runs_nothing(
    statement: str, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.gpkg"
    gpd.GeoDataFrame({"id": [1, 2, 3]}, geometry=[shapely.Point(0, 0)] * 3, crs=4326).to_file(
        path, layer="t"
    )
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(statement)
        if "CHECK" in statement:  # it would take years, a letter more each
            database.execute("PRAGMA ignore_check_constraints = ON")
            database.execute("INSERT INTO x VALUES (?)", ("a" * 3000,))
    if said:
        with pytest.raises(DataError, match=said):
            open_vector(path, "a")
    else:
        assert len(open_vector(path, "a").read("t")) == 3


@pytest.mark.parametrize(
    "hostile", ["<a " * 100_000, "<!--" * 200_000, "</a" * 200_000, "<![CDATA[" * 100_000]
)
def test_a_page_of_tags_that_never_end_is_read_soon(hostile: str, tmp_path: Path) -> None:
    sound = "<html><!-- <table> --><table><tr><td>id</td></tr><tr><td>7</td></tr>"
    (tmp_path / "a.html").write_text(sound + hostile)
    start = process_time()
    found = read_raw(tmp_path / "a.html", name="a", table="a", known={"id"}, require=_any_header)
    assert found.rows["id"].tolist()[:1] == ["7"]
    assert process_time() - start < 5
