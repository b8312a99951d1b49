"""The project of QGIS in an export: opened and drawn by QGIS itself, where it is installed."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import geopandas as gpd
import pytest
import shapely
from PIL import Image

from roxham.geo import load_border, load_jurisdictions, load_places, load_roads, load_water
from roxham.layers import load_layers
from roxham.layers.export.datapackage import load_export
from roxham.layers.export.tables import export_map

PYTHON = "/usr/bin/python3"
RENDER = Path(__file__).with_name("render_qgis.py")
CSS = Path(__file__).parents[3] / "maps" / "assets" / "map.css"
BOX = (-74.2, 44.6, -72.7, 45.725)
SIZE = (800, 600)
IRREGULAR = "irregular_site"


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    ground = {
        "border": load_border().line,
        "jurisdictions": load_jurisdictions(),
        "water": load_water(),
        "roads": load_roads(gap=True).edges,
        "places": load_places(),
    }
    layers = load_layers(since="2017-01", until="2024-12")
    return export_map(tmp_path_factory.mktemp("export") / "out", layers, ground)


@pytest.fixture(scope="module")
def qgis() -> str:
    asked = [PYTHON, "-c", "import qgis.core"]
    if not Path(PYTHON).exists() or subprocess.run(asked, capture_output=True).returncode:
        pytest.skip(f"QGIS is not installed for {PYTHON}")
    return PYTHON


@pytest.fixture(scope="module")
def opened(
    qgis: str, exported: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], Image.Image]:
    """Return what QGIS says of the project, and its picture."""
    picture = tmp_path_factory.mktemp("qgis") / "picture.png"
    words = [qgis, str(RENDER), str(exported / "roxham.qgz"), str(picture), *map(str, BOX)]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return json.loads(said.splitlines()[-1]), Image.open(picture).convert("RGB")


def page_colour(name: str) -> tuple[int, ...]:
    """Return a colour of the page by its name in the style sheet, as it is in the light."""
    found = re.search(rf"--rx-{name}: #(\w{{6}});", CSS.read_text())
    assert found
    return tuple(bytes.fromhex(found[1]))


def near(picture: Image.Image, place: Sequence[float], reach: int = 2) -> set[Any]:
    """Return the colours of the pixels around a place, lon lat."""
    x = (place[0] - BOX[0]) / (BOX[2] - BOX[0]) * SIZE[0]
    y = (BOX[3] - place[1]) / (BOX[3] - BOX[1]) * SIZE[1]
    around = range(-reach, reach + 1)
    return {picture.getpixel((round(x) + i, round(y) + j)) for i in around for j in around}


def test_qgis_opens_every_layer_in_order(opened: tuple[dict[str, Any], Image.Image]) -> None:
    told, _ = opened
    assert told["read"]
    assert told["crs"] == "EPSG:3857"  # or circles are drawn as ellipses
    assert told["errors"] == []
    assert all(layer["valid"] for layer in told["layers"])
    names = [layer["name"].removeprefix("roxham_layer_") for layer in told["layers"]]
    assert names.index("ports") < names.index("incidents") < names.index("roads")
    assert names[-2:] == ["water", "jurisdictions"]
    labelled = [layer["name"] for layer in told["layers"] if layer["labels"]]
    assert labelled == ["roxham_layer_ports", "roxham_layer_places"]


def test_the_site_alone_is_named_among_the_ports(exported: Path) -> None:
    with zipfile.ZipFile(exported / "roxham.qgz") as archive:
        project = ET.fromstring(archive.read("roxham.qgs"))
    (layer,) = [one for one in project.iter("maplayer") if one[0].text == "roxham_layer_ports"]
    style = next(layer.iter("text-style"))
    assert style.get("isExpression") == "1"
    said = style.get("fieldName", "")
    wanted, column = re.findall(r"IN \('(\w+)'\) THEN \"(\w+)\"", said)[0]
    ports = load_export(exported)["ports"]
    assert ports.loc[ports["kind"] == wanted, column].tolist() == ["Roxham Road (Champlain)"]


def test_a_street_is_one_line(opened: tuple[dict[str, Any], Image.Image], exported: Path) -> None:
    edges = load_export(exported)["roads"]
    streets = {
        (*((u, v) if oneway else sorted((u, v))), key)
        for u, v, key, oneway in edges[["u", "v", "key", "oneway"]].itertuples(index=False)
    }
    (roads,) = [one for one in opened[0]["layers"] if one["name"] == "roxham_layer_roads"]
    assert roads["rows"] == len(streets) < len(edges)


def test_it_is_drawn_in_the_colours_of_the_page(
    opened: tuple[dict[str, Any], Image.Image], exported: Path
) -> None:
    told, picture = opened
    ports = gpd.GeoDataFrame(load_export(exported)["ports"])
    inside = ports.cx[BOX[0] + 0.05 : BOX[2] - 0.05, BOX[1] : BOX[3]]
    places = shapely.get_coordinates(inside.geometry.to_numpy()).tolist()
    (site,) = [at for at, kind in zip(places, inside["kind"], strict=True) if kind == IRREGULAR]
    assert page_colour("site") in near(picture, site)
    blue = [page_colour("port") in near(picture, at) for at in places]
    assert sum(blue) >= 8
    assert near(picture, (-74.1, 45.6), 0) == {page_colour("land-first")}
    assert near(picture, (-74.1, 44.65), 0) == {page_colour("land-second")}
    found = {colour for _, colour in picture.getcolors(1 << 20)}  # type: ignore[union-attr]
    for name in ("water", "road-motorway", "road-trunk", "border"):
        assert page_colour(name) in found, name
    symbols = {one["name"]: one["symbols"] for one in told["layers"]}["roxham_layer_ports"]
    assert ["irregular site", "#bd3413", "diamond"] in symbols


def test_the_project_names_what_is_there(exported: Path) -> None:
    with zipfile.ZipFile(exported / "roxham.qgz") as archive:
        root = ET.fromstring(archive.read("roxham.qgs"))
    sources = [node.text or "" for node in root.iter("datasource")]
    assert len(sources) >= 6
    for source in sources:
        file, layer, *_ = source.split("|")
        with sqlite3.connect(exported / file) as database:
            names = {row[0] for row in database.execute("SELECT table_name FROM gpkg_contents")}
        assert layer.removeprefix("layername=") in names
    package = json.loads((exported / "datapackage.json").read_text())
    content = (exported / "roxham.qgz").read_bytes()
    assert package["documents"]["roxham.qgz"] == hashlib.sha256(content).hexdigest()


def test_old_readers_know_the_version(exported: Path) -> None:
    for file in exported.rglob("*.gpkg"):
        with sqlite3.connect(file) as database:
            assert database.execute("PRAGMA user_version").fetchone()[0] <= 10300
            assert database.execute("PRAGMA application_id").fetchone()[0] == 0x47504B47


def test_gdal_of_the_system_opens_it_without_a_word(qgis: str, exported: Path) -> None:
    script = "import sys; from osgeo import ogr; print(ogr.Open(sys.argv[1]).GetLayerCount())"
    for file in exported.rglob("*.gpkg"):
        said = subprocess.run(
            [qgis, "-W", "ignore", "-c", script, str(file)], capture_output=True, text=True
        )
        assert said.stderr == ""
        assert int(said.stdout) > 1
