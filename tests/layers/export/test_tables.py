"""The export holds all that the map shows, with licences, and nothing that it should not."""

import datetime as dt
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import frictionless
import geopandas as gpd
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from pandas.testing import assert_frame_equal

from roxham.geo import load_border, load_places, load_provinces, load_roads, load_water
from roxham.layers import Layers, load_incidents, load_layers, load_ports
from roxham.layers.export.datapackage import Format, load_export
from roxham.layers.export.tables import DERIVED, export_map
from tests.layers.samples import write_incidents

TODAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def layers() -> Layers:
    return load_layers(as_of=TODAY)


@pytest.fixture(scope="module")
def ground() -> dict[str, gpd.GeoDataFrame]:
    return {
        "border": load_border().line,
        "water": load_water(),
        "roads": load_roads(gap=True).edges,
        "places": load_places(),
        "provinces": load_provinces(),
    }


@pytest.fixture(scope="module", params=get_args(Format))
def exported(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    layers: Layers,
    ground: dict[str, gpd.GeoDataFrame],
) -> Path:
    folder = tmp_path_factory.mktemp("export") / "out"
    return export_map(folder, layers, ground, format=request.param)


def test_every_table_comes_back(
    exported: Path, layers: Layers, ground: dict[str, gpd.GeoDataFrame]
) -> None:
    back = load_export(exported)
    assert set(back) == {*ground, *layers.tables, *DERIVED}
    for name in (*layers.tables, *DERIVED):
        expected = pd.DataFrame(getattr(layers, name)).drop(columns="geometry", errors="ignore")
        found = pd.DataFrame(back[name]).drop(columns="geometry", errors="ignore")
        # text is text: an export keeps one type for it
        loose = expected.columns[expected.dtypes.astype(str).isin(["object", "string"])]
        expected = expected.astype(dict.fromkeys(loose, "str"))
        assert_frame_equal(found, expected.reset_index(drop=True))
    for name in ("water", "places", "provinces"):
        assert_geodataframe_equal(gpd.GeoDataFrame(back[name]), ground[name])
    roads = gpd.GeoDataFrame(back["roads"]).set_index(["u", "v", "key"])
    assert_geodataframe_equal(roads, ground["roads"], check_dtype=False)


def test_incidents_are_areas_and_never_points(exported: Path, layers: Layers) -> None:
    back = gpd.GeoDataFrame(load_export(exported)["incidents"])
    assert set(back.geom_type) == {"Polygon"}
    size = back.geometry.to_crs("EPSG:32618").area
    radius = layers.incidents["radius_m"].astype(float)
    assert (size / (3.14159 * radius**2)).between(0.99, 1).all()


def test_an_export_can_be_read_as_files_of_ones_own(exported: Path, layers: Layers) -> None:
    package = json.loads((exported / "datapackage.json").read_text())
    paths = {r["name"]: exported / r["path"] for r in package["resources"]}
    incidents, rejected = load_incidents(paths["incidents"])
    assert rejected.empty
    columns = ["id", "date", "lon", "lat", "radius_m", "deaths", "injured"]
    assert_frame_equal(pd.DataFrame(incidents[columns]), pd.DataFrame(layers.incidents[columns]))
    assert load_ports(paths["ports"]).rejected.empty


def test_frictionless_finds_the_package_valid(exported: Path) -> None:
    report = frictionless.validate(str(exported / "datapackage.json"))
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])


def test_what_derives_from_openstreetmap_stands_apart(exported: Path) -> None:
    package = json.loads((exported / "datapackage.json").read_text())
    assert package["licenses"]
    for resource in package["resources"]:
        osm = any("openstreetmap" in source["path"] for source in resource["sources"])
        assert resource["path"].startswith("odbl/") == osm, resource["name"]
        assert {"ODbL-1.0"} == {x["name"] for x in resource["licenses"]} or not osm
    assert {r["name"] for r in package["resources"] if r["path"].startswith("odbl/")} == {
        "roads",
        "ports",
    }


def test_every_column_is_described(exported: Path) -> None:
    package = json.loads((exported / "datapackage.json").read_text())
    for resource in package["resources"]:
        if resource["name"] not in ("figures", "claims"):
            silent = [
                field["name"]
                for field in resource["schema"]["fields"]
                if not field.get("description") and "enum" not in field.get("constraints", {})
            ]
            assert silent == [], resource["name"]


def test_the_documents_name_every_table_and_its_licence(exported: Path, layers: Layers) -> None:
    readme, licences = ((exported / name).read_text() for name in ("README.md", "LICENSES.md"))
    for name in (*layers.tables, *DERIVED):
        assert f"| {name} | {len(getattr(layers, name))} |" in readme
        assert re.search(rf"^## (odbl/)?{name}$", licences, re.MULTILINE)
    assert "© OpenStreetMap contributors" in licences
    assert "not known" not in licences
    assert ("`roxham.qgz`" in readme) == (exported / "roxham.qgz").exists()
    citation = (exported / "CITATION.cff").read_text()
    assert citation.startswith("cff-version: 1.2.0\n")
    assert "type: dataset" in citation


def test_of_ones_own_file_only_declared_columns_go_out(tmp_path: Path) -> None:
    path = write_incidents(tmp_path, {"id": "a"})
    table = pd.read_csv(path, dtype=str).assign(victim="A name")
    table.to_csv(path, index=False)
    layers = load_layers(incidents=path, as_of=TODAY)
    folder = export_map(tmp_path / "out", layers, {}, format="csv", own=["incidents"])
    for file in folder.rglob("*"):
        if file.is_file():
            assert "A name" not in file.read_text(), file.name
    assert "not known to roxham" in (folder / "LICENSES.md").read_text()
    none = pd.DataFrame()
    alone = replace(layers, tables={"incidents": layers.incidents}, figures=none, claims=none)
    day = dt.date(2026, 11, 23)
    folder = export_map(tmp_path / "alone", alone, {}, format="csv", own=["incidents"], as_of=day)
    assert f"date-released: {day}\n" in (folder / "CITATION.cff").read_text()  # retrieved never


def test_rows_under_embargo_do_not_go_out(tmp_path: Path) -> None:
    path = write_incidents(
        tmp_path, {"id": "old", "date": "2023-01-04"}, {"id": "young", "date": "2026-11-01"}
    )
    layers = load_layers(incidents=path, as_of=TODAY)
    folder = export_map(tmp_path / "out", layers, {}, format="csv", own=["incidents"])
    assert load_export(folder)["incidents"]["id"].tolist() == ["old"]
