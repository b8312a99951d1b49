"""One door for files with geometries: what is meant is read, and nothing leads anywhere else."""

import json
import os
import re
import sqlite3
import warnings
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import pyogrio
import pytest
import shapely

from roxham.geo import (
    DataError,
    RoxhamError,
    load_border,
    load_region,
    load_roads,
    read_border,
    read_roads,
)
from roxham.geo.crossings.sites import read_ports
from roxham.geo.crs import require_metres
from roxham.geo.io.vector import BORDERS, open_vector
from roxham.geo.network.convert import roads_from_networkx
from roxham.geo.scale.geoparquet import read_rows
from roxham.layers import (
    load_asylum_claims,
    load_claims,
    load_export,
    load_incidents,
    load_interceptions,
    load_ports,
)
from roxham.layers.export.datapackage import ENDINGS
from roxham.layers.export.folder import require_free
from roxham.layers.publication.folder import read_folder
from roxham.layers.travel.place_lookup import read_points

from .crafted import CANARY, FEATURE, WHOLE, crafted, describe, named, stated
from .limits import closed
from .loopback import Loopback

ROOT = Path(__file__).parent.parent
LINE = shapely.LineString([(-73.6, 45.0), (-73.5, 45.01)])
DOCSTRING = re.compile(r'""".*?"""', re.DOTALL)
READS = re.compile(
    r"pyogrio\.(?!errors|write_dataframe|[gs]et_gdal_config_option)\w+"
    r"|import .*\bpyogrio\b.+|from pyogrio import"
    r"|\bread_file\b|\blist_layers\b|\bgpd\.read_(?!postgis)|\bread_feather\b|\bpd\.read_parquet"
    r"|fiona|osgeo"
)
"""What opens a file with GDAL, or with geometries."""


def in_a_folder(path: Path) -> object:
    folder = path.parent / f"of {path.name}"
    folder.mkdir()
    for part in path.parent.glob(f"{path.stem}.*"):
        (folder / part.name).write_bytes(part.read_bytes())
    for ending in (".geojson", ".gpkg", ".csv", ".parquet"):
        (folder / f"as{ending}").write_bytes(path.read_bytes())
    try:
        return read_folder(folder)
    finally:
        for part in folder.iterdir():
            part.unlink()
        folder.rmdir()


def in_a_package(kind: str) -> Callable[[Path], object]:
    def read(path: Path) -> object:
        folder = path.parent / f"package of {path.name}"
        folder.mkdir(exist_ok=True)
        (folder / f"t.{ENDINGS[kind]}").write_bytes(path.read_bytes())
        describe(folder, kind, f"t.{ENDINGS[kind]}", path)
        return load_export(folder)

    return read


READERS: dict[str, Callable[[Path], object]] = {
    "incidents": load_incidents,
    "counts": load_interceptions,
    "claims": load_asylum_claims,
    "statements": load_claims,
    "ports": load_ports,
    "crossing ports": read_ports,
    "places": read_points,
    "border": read_border,
    "roads": read_roads,
    "check": in_a_folder,
    **{f"package, {kind}": in_a_package(kind) for kind in ENDINGS},
}


@pytest.mark.parametrize("reader", READERS)
def test_no_file_leads_a_reader_elsewhere(
    reader: str, tmp_path: Path, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")  # the last resort is not to be what helps
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    (tmp_path / "files").mkdir()
    files = crafted(tmp_path / "files", loopback.address, tmp_path / "secret.csv")
    assert len(files) > 40
    refused = 0
    for name, path in files.items():
        try:
            said = repr(READERS[reader](path))
        except RoxhamError as error:
            said = str(error)
            refused += 1
        assert loopback.asked() == [], name
        assert CANARY not in said, name
    assert refused > 25


def test_the_crafted_files_do_lead_elsewhere_without_the_door(
    tmp_path: Path, loopback: Loopback
) -> None:
    (tmp_path / "files").mkdir()
    files = crafted(tmp_path / "files", loopback.address, tmp_path / "secret.csv")
    for name in ("link.geojson", "link_within.geojson", "vrt.geojson", "word.fgb"):
        with warnings.catch_warnings(), suppress(RuntimeError):
            warnings.simplefilter("ignore")
            pyogrio.read_dataframe(files[name])
        assert loopback.asked(), name


ADDRESSES = [
    *("/vsicurl/{0}/a.geojson", "{0}/a.geojson", "GeoJSON:{0}/a.geojson", "WFS:{0}/wfs"),
    *("OAPIF:{0}/", "OGCAPI:{0}/", "zip+{0}/a.zip", "/vsizip//vsicurl/{0}/a.zip", "CSV:{1}"),
    *('{{"type":"link","crs":"{0}"}}', "<OGRWFSDataSource><URL>{0}</URL></OGRWFSDataSource>"),
    *("GPKG:{1}", "SQLITE:{1}", "file://{1}", "/vsisubfile/0_9,{1}", "PG:host=127.0.0.1 port={2}"),
    *("zip://{1}!secret.csv", "a\0b", "a" * 5000),
]


@pytest.mark.parametrize("reader", [read_border, read_roads, load_incidents, load_ports])
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_name_is_the_name_of_a_file_and_nothing_else(
    tmp_path: Path, loopback: Loopback, reader: Callable[[Any], object], address: str
) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text(f"user,pass\nroot,{CANARY}\n")
    name = address.format(loopback.address, secret, loopback.port)
    for path in (name, Path(name)):
        with pytest.raises(RoxhamError) as caught:
            reader(path)
        assert CANARY not in str(caught.value)
    assert loopback.asked() == []


NAMES = [
    "a!b",
    "a;b",
    "a?b=c",
    "x.zip!y",
    "GPKG:x",
    "zip:a",
    "{a}",
    "<a>",
    "é ü",
    "PG:dbname=x",
    "a.moaw",
    "a=b",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".parquet", ".fgb", ""])
def test_a_file_of_any_name_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, ending: str
) -> None:
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[LINE], crs="EPSG:4326")
    plain = tmp_path / f"plain{ending or '.gpkg'}"
    frame.to_parquet(plain) if ending == ".parquet" else frame.to_file(plain)
    folder = tmp_path / name
    folder.mkdir()
    (folder / f"{name}{ending}").write_bytes(plain.read_bytes())
    monkeypatch.chdir(folder)
    found = read_border(f"{name}{ending}")
    assert found.geometry[0].equals(LINE)
    assert list(found.columns) == ["a", "geometry"]


def _system(told: str) -> str:
    """Return a system in metres by a projection that PROJ knows by this name."""
    base = 'DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0]'
    degrees = f'GEOGCS["WGS 84",{base},UNIT["degree",0.0174532925199433]]'
    return f'PROJCS["x",{degrees},PROJECTION["{told}"],UNIT["metre",1]]'


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes among its files")
@pytest.mark.parametrize(
    "crs",
    [
        _system("PROJ tinshift file={}"),
        _system("PROJ defmodel model = {}"),
        *(
            "DICT:../../../../../..{},x",
            '{{"init": "{}:x"}}',
            '{{"proj": "tinshift", "file": "{}"}}',
        ),
        '{{"type": "x", "method": {{"name": "PROJ tinshift \\\\u0066ile={}"}}}}',
    ],
)
def test_no_system_is_read_from_another_file(tmp_path: Path, crs: str) -> None:
    told = crs.format(tmp_path / "secret")
    os.mkfifo(tmp_path / "secret")  # who opens it waits
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[LINE], crs="EPSG:4326")
    files = [tmp_path / f"a.{ending}" for ending in ("gpkg", "shp", "fgb", "parquet", "geojson")]
    for path in files[:3]:
        frame.to_file(path)
    with closing(sqlite3.connect(files[0])) as database, database:
        database.execute("UPDATE gpkg_spatial_ref_sys SET definition = ?", (told,))
    files[1].with_suffix(".prj").write_text(told)
    whole = files[2].read_bytes()
    size = int.from_bytes(whole[8:12], "little") + len(told)
    files[2].write_bytes(whole[:8] + size.to_bytes(4, "little") + told.encode() + whole[12:])
    stated(frame, files[3], json.loads(told) if told.startswith("{") else told)
    files[4].write_text(json.dumps(WHOLE | {"crs": named(told)}))
    for path in files:
        with pytest.raises(DataError, match="takes its coordinate reference system from a file"):
            open_vector(path, path.name, BORDERS).read()
    if told.startswith("{"):
        files[4].write_text(json.dumps(WHOLE | {"crs": json.loads(told)}))
        with pytest.raises(DataError, match=r"names the coordinate|is a link"):
            load_incidents(files[4])
    with pytest.raises(DataError, match="its crs is"):
        roads_from_networkx(nx.MultiDiGraph([(1, 2)], crs=told))
    with pytest.raises(DataError, match="would be read from a file"):
        require_metres(told, (-74, 45, -73, 46), "a region")


def test_what_is_said_of_a_file_is_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    for content, said in {
        "<kml/>": "is XML, not",
        "PK\x03\x04": "is a zip archive, not",
        "": "is empty, not",
        "x": "is another kind of file, not",
        "{": "is not whole JSON in UTF-8: Expecting property name",
        '{"type": "gdal_streamed_alg"}': "is JSON, but no GeoJSON",
        '{"features": []}': "is JSON, but no GeoJSON",
        '{"type": ["Feature"]}': "is JSON, but no GeoJSON",
    }.items():
        path.write_text(content)
        with pytest.raises(DataError, match=f"a\\.geojson: {re.escape(said)}") as caught:
            open_vector(path, str(path), BORDERS)
        assert str(caught.value).count("\n") == 0
        assert str(caught.value).endswith(
            (" Give it as GeoJSON.", " Save it as GeoJSON.", " again.")
        )
    with pytest.raises(DataError, match="is a directory"):
        open_vector(tmp_path, "a")
    with pytest.raises(DataError, match="there is no such file"):
        open_vector(tmp_path / "none", "a")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes among its files")
@pytest.mark.parametrize("reader", [read_border, load_incidents])
def test_a_pipe_is_not_waited_for(tmp_path: Path, reader: Callable[[Path], object]) -> None:
    os.mkfifo(tmp_path / "a.geojson")
    with pytest.raises(DataError, match="is a pipe or a device"):
        reader(tmp_path / "a.geojson")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes among its files")
@pytest.mark.parametrize("name", ["a.gpkg-journal", "a.gpkg-wal", "b.dbf", "b.CPG"])
def test_a_pipe_beside_a_file_is_not_waited_for(tmp_path: Path, name: str) -> None:
    path = tmp_path / ("a.gpkg" if "gpkg" in name else "b.shp")
    gpd.GeoDataFrame({"a": [1]}, geometry=[LINE], crs="EPSG:4326").to_file(path)
    for part in tmp_path.glob(f"{Path(name).stem}.*"):
        if part.name.lower() == name.lower():
            part.unlink()
    os.mkfifo(tmp_path / name)
    (tmp_path / f"link{path.suffix}").symlink_to(path)
    with pytest.raises(DataError, match=r"has the part .*, which is a pipe or a device"):
        open_vector(path, "a", BORDERS)


def test_what_stands_in_a_column_is_a_column(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    deep = {
        "a": {"type": "link", "href": "http://example.org"},
        "crs": {"b": 1},
        "type": "Topology",
    }
    path.write_text(json.dumps(WHOLE | {"features": [FEATURE | {"properties": deep}]}))
    assert open_vector(path, "a").read()["type"].tolist() == ["Topology"]


def test_no_feature_is_left_out_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    plain = {name: value for name, value in FEATURE.items() if name != "type"}
    strays = (None, [FEATURE], plain, plain | {"type": "feature"}, plain | {"Type": "Feature"})
    for stray in strays:
        path.write_text(json.dumps(WHOLE | {"features": [FEATURE, stray]}))
        with pytest.raises(DataError, match="row 2: is no Feature"):
            open_vector(path, "a")
    path.write_text(f"{json.dumps(FEATURE)}\n{json.dumps(WHOLE)}")
    with pytest.raises(DataError, match="is several JSON texts"):
        open_vector(path, "a")
    path.write_text(f"{json.dumps(FEATURE)}\n{json.dumps(plain | {'type': 'feature'})}")
    assert len(open_vector(path, "a").read()) == 2


def test_gdals_settings_are_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps(WHOLE))
    pyogrio.set_gdal_config_options({"GDAL_HTTP_PROXY": "example.org:8080"})
    try:
        open_vector(path, "a").read()
        assert pyogrio.get_gdal_config_option("GDAL_HTTP_PROXY") == "example.org:8080"
    finally:
        pyogrio.set_gdal_config_options({"GDAL_HTTP_PROXY": None})
    assert pyogrio.get_gdal_config_option("CPL_VSIL_CURL_ALLOWED_EXTENSIONS") is None


@pytest.mark.parametrize(
    "name",
    [
        *(
            "../secret.csv",
            "a/../../secret.csv",
            "..",
            ".",
            "",
            "/etc/passwd",
            "//server/a",
            "\\\\s\\a",
        ),
        *("..\\secret.csv", "C:secret.csv", "C:\\secret.csv", "C:/secret.csv", "file:secret.csv"),
        *(
            "file:///secret.csv",
            "https://example.org/a.csv",
            "a\0b",
            "a\nb",
            "none.csv",
            "a" * 5000,
        ),
        *(
            "link.csv",
            "ring.csv",
            "way/secret.csv",
            "folder",
            "pipe",
            "NUL:",
            5,
            None,
            ["secret.csv"],
        ),
    ],
)
def test_an_export_never_leaves_its_folder(tmp_path: Path, name: object) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text(f"user,pass\nroot,{CANARY}\n")
    folder = tmp_path / "export"
    (folder / "folder").mkdir(parents=True)
    os.mkfifo(folder / "pipe")
    (folder / "link.csv").symlink_to(secret)
    (folder / "ring.csv").symlink_to("ring.csv")
    (folder / "way").symlink_to(tmp_path)
    for path in (name, f"./{name}") if isinstance(name, str) and name.startswith(".") else (name,):
        describe(folder, "csv", path, secret)
        with pytest.raises(DataError) as caught:
            load_export(folder)
        assert CANARY not in str(caught.value)
        if isinstance(path, str) and re.search(r"\.\.|[\\:]|^/", path):
            assert "leads out of the folder. Put the file into the folder." in str(caught.value)


def test_a_link_within_an_export_is_followed(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    (folder / "odbl").mkdir(parents=True)
    (folder / "odbl" / "a.csv").write_text("user,pass\nroot,x\n")
    (folder / "b.csv").symlink_to("odbl/a.csv")
    for name in ("odbl/a.csv", "b.csv"):
        describe(folder, "csv", name, folder / name)
        assert load_export(folder)["t"]["pass"].tolist() == ["x"]
    (tmp_path / "linked").symlink_to(folder)
    assert load_export(tmp_path / "linked")["t"]["pass"].tolist() == ["x"]


@pytest.mark.parametrize(
    "resources", [None, 5, {}, [None], [[]], [{}], [{"path": "a.csv"}], "[" * 10_000, "9" * 5000]
)
def test_what_describes_no_export_is_refused(tmp_path: Path, resources: Any) -> None:
    text = resources if isinstance(resources, str) else json.dumps(resources)
    (tmp_path / "datapackage.json").write_text(f'{{"format": "csv", "resources": {text}}}')
    with pytest.raises(DataError, match=r"is no export of roxham\. Make one"):
        load_export(tmp_path)


@pytest.mark.parametrize(
    ("content", "more"),
    [
        *((text, {}) for text in ("", "user\na\n", "user,pass\na\n", "user,user,pass\na,b,c\n")),
        ("user,pass\na,b\n", {"schema": {"fields": [{"name": "user", "dtype": "Int64"}]}}),
        ("user,pass\nPOINT(,b\n", {"geometry": {"column": "user", "from": "wkt"}}),
        ("user,pass\na,b\n", {"geometry": {}}),
    ],
)
def test_a_table_that_is_not_as_described_is_refused(
    tmp_path: Path, content: str, more: dict[str, Any]
) -> None:
    (tmp_path / "a.csv").write_text(content)
    describe(tmp_path, "csv", "a.csv", tmp_path / "a.csv", **more)
    with pytest.raises(
        DataError, match=r"a\.csv: is not the table that datapackage\.json describes"
    ):
        load_export(tmp_path)


def test_a_geopackage_that_runs_anything_is_refused(tmp_path: Path, loopback: Loopback) -> None:
    files = crafted(tmp_path, loopback.address, tmp_path / "secret.csv")
    for name, kind in {
        "view.gpkg": "view",
        "pixel.gpkg": "view",
        "table.gpkg": "table",
        "table.moaw": "table",
    }.items():
        with pytest.raises(DataError, match=f"has the {kind} “secret”, which would be run"):
            open_vector(files[name], name)


def test_a_spatial_index_and_styles_are_no_views(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[LINE], crs="EPSG:4326")
    frame.to_file(path, layer="it's one")
    with closing(sqlite3.connect(path)) as database:
        found = database.execute("SELECT name FROM sqlite_master WHERE name LIKE 'rtree_%'")
        assert found.fetchall()
    held = open_vector(path, "a")
    assert held.layers == ("it's one",)
    assert held.read("it's one").geometry[0].equals(LINE)


def test_only_the_door_opens_files_with_geometries() -> None:
    modules = [path for room in ("geo", "layers", "maps") for path in (ROOT / room).rglob("*.py")]
    assert len(modules) > 100
    found = {
        path.relative_to(ROOT).as_posix(): sorted({hit[0] for hit in READS.finditer(text)})
        for path in modules
        if READS.search(text := DOCSTRING.sub("", path.read_text(encoding="utf-8")))
    }
    assert set(found) == {"geo/io/vector.py"}
    assert "pyogrio.read_dataframe" in found["geo/io/vector.py"]
    assert "pyogrio.list_layers" in found["geo/io/vector.py"]


@pytest.mark.parametrize(
    "read",
    [load_border, read_roads, load_incidents, load_region, load_export, read_folder, require_free],
)
def test_a_folder_that_is_closed_to_us_is_told(
    read: Callable[[Path], object], tmp_path: Path
) -> None:
    (tmp_path / "theirs").mkdir()
    with closed(tmp_path / "theirs"), pytest.raises(DataError):
        read(tmp_path / "theirs" / "within" / "file.csv")


@pytest.mark.parametrize("read", [read_roads, load_roads, read_border, load_incidents, read_rows])
def test_a_pipe_is_told_and_not_waited_for(tmp_path: Path, read: Callable[[str], object]) -> None:
    os.mkfifo(tmp_path / "pipe.parquet")
    try:
        said = str(getattr(read(str(tmp_path / "pipe.parquet")), "fault", ""))
    except DataError as error:
        said = str(error)
    assert "is a pipe or a device" in said
