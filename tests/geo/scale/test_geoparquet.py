"""Of a GeoParquet file only what can matter is read, and what is no such file is told."""

from __future__ import annotations

import io
import json
import re
from itertools import count
from pathlib import Path

import fsspec
import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from roxham.geo import DataError, bounds
from roxham.geo.border.linework import lines_of
from roxham.geo.errors import Fault
from roxham.geo.geometry.reach import Reach
from roxham.geo.scale import geoparquet
from roxham.geo.scale.connection import Alone
from roxham.geo.scale.geoparquet import files_of, read_rows
from roxham.geo.scale.road_files import crossings_of, near_roads
from roxham.geo.scale.table_files import of_each, part_names

from .tiles import LINE, streets

NEAR = Reach(np.array([[10.2, -1.0, 10.4, 1.0]]))


def points(count: int = 10_000) -> gpd.GeoDataFrame:
    lon = np.linspace(0, 100, count)
    text = [f"{i:040}" for i in range(count)]
    return gpd.GeoDataFrame({"n": range(count), "text": text}, crs="EPSG:4326",
                             geometry=gpd.points_from_xy(lon, np.zeros(count)))  # fmt: skip


@pytest.mark.parametrize("covering", [True, False])
def test_rows_near_are_those_of_the_whole_file(tmp_path: Path, covering: bool) -> None:
    file, frame = tmp_path / "points.parquet", points()
    frame.to_parquet(file, write_covering_bbox=covering, row_group_size=500, compression=None)
    found = read_rows(str(file), NEAR)
    assert found.fault is None
    assert found.rows is not None
    expected = frame[(frame.geometry.x >= 10.2) & (frame.geometry.x <= 10.4)]
    assert found.rows["n"].tolist() == expected["n"].tolist() != []
    assert found.rows.geometry.tolist() == expected.geometry.tolist()
    assert found.rows.crs == "EPSG:4326"
    assert "bbox" not in found.rows
    assert found.stored == file.stat().st_size
    assert (found.read < found.stored / 3) == covering
    assert found.bounds == pytest.approx((0, 0, 100, 0))


def test_a_file_at_whose_chunks_arrow_aborts_is_at_fault(tmp_path: Path) -> None:
    file = tmp_path / "points.parquet"
    points(6).to_parquet(file, write_covering_bbox=True, row_group_size=2)
    content = file.read_bytes()
    size = int.from_bytes(content[-8:-4], "little") + 8
    histogram, of_two = b"\x19\x36\x00\x00\x04", b"\x19\x26\x00\x04"  # a list of three
    assert histogram in content
    damaged = content[-size:-8].replace(histogram, of_two)
    tail = len(damaged).to_bytes(4, "little") + b"PAR1"
    file.write_bytes(content[:-size] + damaged + tail)
    assert "is not a whole GeoParquet file" in str(read_rows(str(file), NEAR).fault)


def test_a_file_is_read_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    points(100).to_parquet(tmp_path / "a.parquet")
    monkeypatch.setenv("ROXHAM_MAX_COLUMNS", "2")
    assert "has more than 2 columns" in str(read_rows(str(tmp_path / "a.parquet")).fault)
    monkeypatch.setenv("ROXHAM_MAX_COLUMNS", "9")
    monkeypatch.setenv("ROXHAM_MAX_MEMORY", "1000")
    monkeypatch.setattr(bounds, "held", count(0, 10_000).__next__)
    assert "memory" in str(read_rows(str(tmp_path / "a.parquet")).fault)


def test_a_missing_place_is_never_passed_over(tmp_path: Path) -> None:
    file, frame = tmp_path / "points.parquet", points(100)
    frame.loc[77, "geometry"] = None
    frame.to_parquet(file, write_covering_bbox=True, row_group_size=10)
    found = read_rows(str(file), NEAR)
    assert found.rows is not None
    assert 77 in found.rows["n"].tolist()


def test_only_columns_that_are_asked_for_are_read(tmp_path: Path) -> None:
    file = tmp_path / "points.parquet"
    points().to_parquet(file, compression=None)
    whole, some = read_rows(str(file)), read_rows(str(file), columns=["n", "none"])
    assert some.rows is not None
    assert list(some.rows.columns) == ["n", "geometry"]
    assert some.read < whole.read - 300_000


@pytest.mark.parametrize("count", [3, 3000])
def test_no_byte_of_a_file_is_read_twice(tmp_path: Path, count: int) -> None:
    file = tmp_path / "points.parquet"
    points(count).to_parquet(file, compression=None)
    found = read_rows(str(file))
    assert found.stored == file.stat().st_size
    assert found.stored * 0.9 < found.read <= found.stored


@given(
    st.binary(max_size=30),
    st.lists(st.tuples(st.integers(0, 40), st.integers(-1, 40)), max_size=6),
)
def test_a_file_whose_end_is_kept_reads_as_any_other(
    content: bytes, asked: list[tuple[int, int]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(geoparquet, "FOOTER", 8)
        counted, plain = geoparquet.Counted(io.BytesIO(content)), io.BytesIO(content)
    for place, size in asked:
        assert counted.seek(place) == plain.seek(place)
        assert counted.read(size) == plain.read(size)
        assert counted.tell() == plain.tell()


def told(frame: gpd.GeoDataFrame, file: Path) -> str:
    frame.to_parquet(file)
    return str(read_rows(str(file)).fault)


def test_what_is_no_such_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "x.parquet"
    assert "no such file" in str(read_rows(str(file)).fault)
    assert "is in WGS 84 / UTM zone 31N" in told(points(3).to_crs("EPSG:32631"), file)
    nowhere = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(0, 0)])
    assert "names no CRS" in told(nowhere, file)
    points(3).drop(columns="geometry").to_parquet(file)
    assert "has no geometries" in str(read_rows(str(file)).fault)
    content = bytearray()
    points(300).to_parquet(file)
    content += file.read_bytes()
    file.write_bytes(content[:200] + bytes(100) + content[300:])
    assert "is not a whole GeoParquet file" in str(read_rows(str(file)).fault)


def test_a_crs_that_leads_to_a_file_is_refused(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    file = tmp_path / "x.parquet"
    points(3).to_parquet(file)
    table = pq.read_table(file)
    geo = json.loads(table.schema.metadata[b"geo"])
    geo["columns"]["geometry"]["crs"] = "+init=/etc/passwd:1"
    pq.write_table(table.replace_schema_metadata({b"geo": json.dumps(geo)}), file)
    assert "from a file" in str(read_rows(str(file)).fault)


def test_a_store_is_read_through_fsspec_where_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = fsspec.filesystem("memory")
    points(100).to_parquet(tmp_path / "a.parquet", write_covering_bbox=True)
    store.pipe("/tiles/a.parquet", (tmp_path / "a.parquet").read_bytes())
    with pytest.raises(DataError, match="no kind of address"):
        files_of("memory://tiles/*.parquet")
    monkeypatch.setattr(geoparquet, "REMOTE", re.compile("memory://.+"))
    (name,) = files_of("memory://tiles/*.parquet")
    found = read_rows(name, Reach(np.array([[-1.0, -1.0, 0.5, 1.0]])))
    assert found.fault is None
    assert found.rows is not None
    assert found.rows.geometry.tolist() == [shapely.Point(0, 0)]
    assert "no such file" in str(read_rows("memory://tiles/b.parquet").fault)


def test_patterns_are_told_where_nothing_fits(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no file has such a name"):
        files_of(str(tmp_path / "*.parquet"))
    assert files_of(str(tmp_path / "one.parquet")) == [str(tmp_path / "one.parquet")]


def with_geo(file: Path, **said: object) -> Path:
    """Change what a file says of its geometries; what is None is not said."""
    import pyarrow.parquet as pq

    table = pq.read_table(file)
    geo = json.loads(table.schema.metadata[b"geo"])
    (column,) = geo["columns"].values()
    column.update(said)
    for name in [name for name, value in column.items() if value is None]:
        del column[name]
    pq.write_table(table.replace_schema_metadata({b"geo": json.dumps(geo).encode()}), file)
    return file


def test_what_a_file_says_of_its_geometries_is_heeded(tmp_path: Path) -> None:
    file = tmp_path / "x.parquet"
    points(3).to_parquet(file)
    plain = read_rows(str(with_geo(file, crs=None)))  # longitude and latitude, says the format
    assert plain.rows is not None
    assert plain.rows.crs == "EPSG:4326"
    assert len(plain.rows) == 3
    untold = read_rows(str(with_geo(file, bbox=None)))
    assert np.isnan(untold.bounds).all()
    other = read_rows(str(with_geo(file, encoding="point")))
    assert "x.parquet: has geometries as point. Save them as WKB" in str(other.fault)


def test_geometries_of_another_name_and_none_near(tmp_path: Path) -> None:
    file = tmp_path / "x.parquet"
    frame = points(3).rename_geometry("where").set_index("text")
    frame.to_parquet(file, index=True)
    found = read_rows(str(file))
    assert found.rows is not None
    assert list(found.rows.columns) == ["text", "n", "geometry"]
    assert found.rows.geometry.x.tolist() == [0, 50, 100]
    none = read_rows(str(file), Reach(np.array([[10.2, 80.0, 10.4, 81.0]])))
    assert none.rows is not None
    assert (len(none.rows), [*none.rows.columns]) == (0, ["text", "n", "geometry"])


def test_an_error_of_a_store_is_a_fault_of_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    class OddError(Exception):
        pass

    def fails(name: str) -> None:
        raise OddError("bucket is asleep")

    monkeypatch.setattr(geoparquet, "_opened", fails)
    fault = read_rows("s3://roads/a.parquet").fault
    assert str(fault) == "s3://roads/a.parquet: cannot be read: bucket is asleep."
    with pytest.raises(OddError):  # of this machine: ours to mend
        read_rows("a.parquet")


def test_files_of_one_name_would_be_written_as_one() -> None:
    named = part_names(["a/x.parquet", "b/y.parquet"], Path("out"))
    assert named["b/y.parquet"] == Path("out/y.parquet")
    with pytest.raises(DataError, match="two of the files read have one name"):
        part_names(["a/x.parquet", "b/x.parquet"], Path("out"))


def test_rows_at_fault_are_told_with_their_file(tmp_path: Path) -> None:
    points(3).to_parquet(tmp_path / "a.parquet")

    def work(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        raise DataError([Fault("rows", "is no number.", row=2)] if len(rows) == 3 else "none")

    (one,) = of_each([str(tmp_path / "a.parquet")], work, Alone())
    (told,) = one.faults
    assert str(told).endswith("a.parquet, row 2: is no number.")
    assert one.rows == 0


def test_files_without_roads_are_told(tmp_path: Path) -> None:
    points(3).to_parquet(tmp_path / "a.parquet")
    near = near_roads([str(tmp_path / "a.parquet")], *lines_of(LINE), Alone())
    assert "has no columns u and v: it holds no edges of a network" in str(near.faults[0])
    west, _, east, _ = LINE.total_bounds
    assert near.bounds[0] <= west < east <= near.bounds[2]  # of what was looked for
    with pytest.raises(DataError, match="roads and border lie apart"):
        crossings_of(near, Alone(), LINE)
    streets(4).assign(highway="footway").to_parquet(tmp_path / "b.parquet")
    on_foot = near_roads([str(tmp_path / "b.parquet")], *lines_of(LINE), Alone())
    with pytest.raises(DataError, match="none near the line is of network type drive"):
        crossings_of(on_foot, Alone(), LINE)
