"""A disk that takes no more: the old file stays, the fault names it, nothing is left beside it."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest

from roxham.geo import WriteError, load_roads
from roxham.geo.io import geopackage
from roxham.geo.io.atomic import replacing, write_atomic
from roxham.geo.io.write import write_frame
from roxham.geo.network import storage as cache
from roxham.layers.export.datapackage import Resource, load_export, write_package
from roxham.layers.export.folder import replacing_folder
from tests.limits import limited

POINTS = gpd.GeoDataFrame(
    {"name": [f"place {i}" for i in range(60)]},
    geometry=gpd.points_from_xy([i / 100 for i in range(60)], [50.0] * 60),
    crs="EPSG:4326",
)
FULL = "cannot be written: .*File too large.*Make room there, or name another folder"


def write_points(path: Path) -> Path:
    return write_frame(POINTS, path)


def save_network(path: Path) -> Path:
    return load_roads().save(path)


@pytest.mark.parametrize(
    ("write", "name"),
    [
        (write_points, "a.csv"),
        (write_points, "a.geojson"),
        (write_points, "a.gpkg"),
        (write_points, "a.parquet"),
        (save_network, "a.arrow"),
        (save_network, "a.parquet"),
    ],
)
def test_a_byte_too_few_is_enough_to_leave_the_old_file(
    write: Callable[[Path], Path], name: str, tmp_path: Path
) -> None:
    path = write(tmp_path / name)
    size = path.stat().st_size
    path.write_bytes(b"the old file")
    for room in (0, 1, size // 2, size - 1):
        with limited(room), pytest.raises(WriteError, match=f"{name}: {FULL}"):
            write(path)
        assert path.read_bytes() == b"the old file"
        assert list(tmp_path.iterdir()) == [path]
    with limited(size):
        write(path)
    assert path.stat().st_size == size


def test_no_new_file_is_left_either(tmp_path: Path) -> None:
    with limited(100), pytest.raises(WriteError):
        write_points(tmp_path / "a.geojson")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["gpkg", "geoparquet", "csv"])
def test_an_earlier_export_stays(kind: str, tmp_path: Path) -> None:
    table = pd.DataFrame({"name": [f"row {i}" for i in range(2000)]})
    resources = [
        Resource(name, frame, name, name) for name, frame in (("points", POINTS), ("table", table))
    ]

    def write(**options: str) -> Path:
        return write_package(
            tmp_path / "out",
            resources,
            about={"name": "roxham-export"},
            documents={},
            **{"format": kind, "date": "2024-01-01"} | options,  # type: ignore[arg-type]
        )

    folder = write(format="csv", date="2020-01-01")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    told = f"{folder}: cannot be written: File too large. Make room there, or name another folder."
    for room in (0, 2000, 8000):
        with limited(room), pytest.raises(WriteError) as raised:
            write()
        assert str(raised.value) == told
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
        assert list(tmp_path.iterdir()) == [folder]
    write()
    assert load_export(folder)["table"].equals(table.astype("str"))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_what_the_disk_says_only_at_the_end_is_heard(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: int) -> None:
        raise OSError(number, os.strerror(number))

    path = tmp_path / "a.csv"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(WriteError, match="Make room there"):
        write_atomic(path, b"new")
    with (
        pytest.raises(WriteError, match="Make room there"),
        replacing_folder(tmp_path / "b") as new,
    ):
        (new / "a.csv").write_bytes(b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_system_that_cannot_settle_files_can_be_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: int) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(os, "fsync", refuse)
    assert write_atomic(tmp_path / "a.csv", b"new").read_bytes() == b"new"


def test_a_writer_that_hides_a_full_disk_is_found_out(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    hidden = r"a\.bin: could not be written whole\. Make room"
    with pytest.raises(WriteError, match=hidden), replacing(path):
        pass
    with (
        pytest.raises(WriteError, match="whole"),
        replacing(path, whole=lambda part: part.read_bytes() == b"new") as part,
    ):
        part.write_bytes(b"ne")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def cut_short(write: Callable[..., None], size: int) -> Callable[..., None]:
    """Return a writer that loses the end of its file and says nothing."""

    def written(*args: Any) -> None:
        write(*args)
        (path,) = (arg for arg in args if isinstance(arg, Path))
        os.truncate(path, path.stat().st_size - size)

    return written


def test_a_network_that_is_cut_short_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.arrow"
    path.write_bytes(b"old")

    def write_less(pa: Any, part: Path, *content: Any, write: Any = cache._write) -> None:
        write(pa, part, *content)
        part.write_bytes(part.read_bytes()[:-1])

    monkeypatch.setattr(cache, "_write", write_less)
    with pytest.raises(WriteError, match="could not be written whole"):
        save_network(path)
    assert path.read_bytes() == b"old"


def test_a_geopackage_that_lacks_rows_or_pages_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layers = [geopackage.Layer("points", POINTS, "")]
    write = geopackage._write

    def write_fewer(path: Path, layer: geopackage.Layer) -> None:
        write(path, layer._replace(frame=layer.frame[1:]))

    for number, writer in enumerate((write_fewer, cut_short(write, 4096))):
        monkeypatch.setattr(geopackage, "_write", writer)
        with pytest.raises(OSError, match="rows are missing"):
            geopackage.write_layers(tmp_path / f"{number}.gpkg", layers, date="2024-01-01")
