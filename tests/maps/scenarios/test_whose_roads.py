"""Whose roads are drawn or exported is said as far as it is known, and never made up."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from roxham.geo import load_roads, read_roads, using_region
from roxham.layers import load_layers
from roxham.layers.export.tables import export_map
from roxham.maps import load_base
from roxham.maps.content.wording import credits_of, roads_note
from roxham.maps.page.rules import check_page, page_payloads, payload_table
from tests.maps.command import Run

ROADS = """<osm version="0.6"><node id="1" lat="45.05" lon="-73.5"/>
<node id="2" lat="45.06" lon="-73.5"/>
<way id="7"><nd ref="1"/><nd ref="2"/><tag k="highway" v="tertiary"/></way></osm>"""
BARE = """id = "bare"
title = { en = "Upper and Lower" }
bounds = [10.0, 50.0, 10.2, 50.2]
controlled = false
files = { border = "border.csv", roads = "roads.csv", nodes = "nodes.csv" }
[[sides]]
code = "up"
inside = [10.1, 50.15]
[[sides]]
code = "low"
inside = [10.1, 50.05]
"""
SOURCE = """[sources.roads]
title = "Roads"
publisher = "The Survey of Upper"
url = "https://example.org/roads"
licence = "CC-BY-4.0"
"""


@pytest.fixture
def region(tmp_path: Path) -> Path:
    folder = tmp_path / "bare"
    folder.mkdir()
    (folder / "region.toml").write_text(BARE)
    (folder / "border.csv").write_text("lon,lat\n10.0,50.1\n10.2,50.1\n")
    (folder / "nodes.csv").write_text(
        "osmid,lon,lat,side\na,10.1,50.15,up\nb,10.11,50.16,up\n", encoding="utf-8"
    )
    (folder / "roads.csv").write_text(
        "u,v,highway,length_m,maxspeed_kmh\na,b,primary,1500,80\n", encoding="utf-8"
    )
    return folder


def test_roads_of_a_region_are_credited_as_its_file_states(region: Path) -> None:
    with using_region(region):
        base = load_base()
        assert credits_of(base) == {"en": "Roads: source not stated."}
        assert roads_note(base) == "disclaimer.schematic"
    (region / "region.toml").write_text(BARE + SOURCE)
    with using_region(region):
        assert credits_of(load_base()) == {"en": "Roads: The Survey of Upper, CC-BY-4.0."}


def test_files_of_openstreetmap_are_known_and_tables_are_not(tmp_path: Path) -> None:
    file = tmp_path / "r.osm"
    file.write_text(ROADS)
    roads = read_roads(file)
    base = load_base(roads)
    assert roads_note(base) == "disclaimer.osm"
    assert base.roads.attrs["licences"][0]["name"] == "ODbL-1.0"
    kept = tmp_path / "r.arrow"
    roads.save(kept)
    assert roads_note(load_base(read_roads(kept))) == "disclaimer.osm"
    roads.save(tmp_path / "r.gpkg")
    told = load_base(read_roads(tmp_path / "r.gpkg").with_columns(meta={"credit": "© Survey"}))
    assert roads_note(told) == "disclaimer.roads"
    assert credits_of(told)["en"].startswith("Roads: © Survey.")
    assert "licences" not in told.roads.attrs


def test_the_corridor_is_owed_to_openstreetmap() -> None:
    assert "OpenStreetMap" in credits_of(load_base())["fr"]
    assert load_roads().meta["credit"] == "© OpenStreetMap contributors, ODbL 1.0"


def test_the_export_of_a_region_holds_what_it_has_by_its_own_licence(
    region: Path, tmp_path: Path
) -> None:
    line = SOURCE.replace("sources.roads", "sources.border")
    (region / "region.toml").write_text(BARE + SOURCE + line)
    with using_region(region):
        folder = export_map(tmp_path / "out", load_layers(), load_base().frames(), format="csv")
    package = json.loads((folder / "datapackage.json").read_text())
    assert {r["path"] for r in package["resources"]} == {
        *("border.csv", "jurisdictions.csv", "roads.csv")
    }
    assert not (folder / "odbl").exists()
    text = (folder / "README.md").read_text() + (folder / "LICENSES.md").read_text()
    for absent in ("nterception", "ncident", "OpenStreetMap", "schematic of", "odbl"):
        assert absent not in text
    assert "CC-BY-4.0" in text


def test_the_command_asks_whose_roads_are_given(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "r.osm"
    file.write_text(ROADS)
    read_roads(file).save(tmp_path / "r.parquet")
    page, table = str(tmp_path / "p.html"), str(tmp_path / "r.parquet")
    asked = run("map", "-o", page, "--roads", table, "--embed")
    assert asked.code == 0
    assert "--roads-credit" in asked.err
    assert "source not stated" in Path(page).read_text()
    told = run("map", "-o", page, "--roads", table, "--roads-credit", "© Survey", "--embed")
    assert "--roads-credit" not in told.err
    assert "Roads: © Survey." in Path(page).read_text()
    assert run("map", "-o", page, "--roads-credit", "me").code == 2


def test_roads_under_the_odbl_that_are_not_openstreetmaps_have_their_own_credit(
    region: Path, run: Run, tmp_path: Path
) -> None:
    """They need no credit of OpenStreetMap, and a page without theirs is refused."""
    own = SOURCE.replace("CC-BY-4.0", "ODbL-1.0")
    line = SOURCE.replace("sources.roads", "sources.border")
    (region / "region.toml").write_text(BARE + own + line)
    out = str(tmp_path / "p.html")
    way = ["--routes", "10.1,50.15 -> 10.11,50.16", "--on", "2020-01-01"]
    drawn = run("map", "--region", str(region), "-o", out, *way)
    assert drawn.code == 0, drawn.err
    page = Path(out).read_text()
    assert "Roads: The Survey of Upper, ODbL-1.0." in page
    assert "© OpenStreetMap contributors, ODbL" not in page
    (routes,) = [one for one in page_payloads(page) if one["kind"] == "routes"]
    assert payload_table(routes)[["source_title", "source_url"]].values.tolist() == [
        [
            "Road network, The Survey of Upper, ODbL-1.0; computed by roxham",
            "https://example.org/roads",
        ]
    ]
    bare = re.sub(r'(?<!"credit":")The Survey of Upper, ODbL-1\.0', "theirs", page)
    with using_region(region):
        found = {one.rule: one for one in check_page(page)}
        lost = {one.rule: one for one in check_page(bare)}["licence"]
    assert found["licence"].status == "pass"
    assert found["licence"].evidence.startswith("The Survey of Upper, ODbL-1.0;")
    assert (lost.status, "The Survey of Upper" in lost.evidence) == ("fail", True)
    assert run("export", "--region", str(region), str(tmp_path / "out")).code == 0
    assert (tmp_path / "out" / "odbl").is_dir()


def test_a_credit_given_under_the_odbl_sets_a_network_apart(tmp_path: Path) -> None:
    file = tmp_path / "r.osm"
    file.write_text(ROADS)
    read_roads(file).save(tmp_path / "r.gpkg")
    told = {"credit": "© Survey, ODbL 1.0"}
    base = load_base(read_roads(tmp_path / "r.gpkg").with_columns(meta=told))
    assert base.roads.attrs["licences"][0]["name"] == "ODbL-1.0"
