"""A border from south to north, whose region is not the one at work: names, rules, ways."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from roxham.geo import DataError, Region, load_border, load_jurisdictions, load_region, using_region
from roxham.layers import export_map, gates, load_incidents, load_layers, regime_spans
from roxham.layers.publication.region import region_faults
from roxham.layers.templates import template
from roxham.maps import border_map, load_base, save_html
from roxham.maps.content.findings import ways_told
from roxham.maps.page.page import page_html

SOURCE = "source_title,source_publisher,source_url,source_date,confidence"
GIVEN = "List,Press,https://example.org/list,2020-01-01,single"
REGION = """\
id = "fence"
bounds = [40.0, -1.0, 42.0, 1.0]
metric_crs = "EPSG:32637"
publisher = "A newspaper"

[title]
en = "Two fields"

[[sides]]
code = "WE"
towards = "west"
inside = [40.5, 0.0]

[[sides]]
code = "EA"
towards = "east"
inside = [41.5, 0.0]

[files]
border = "border.csv"
ports = "ports.csv"
incidents = "incidents.csv"
policy_events = "policy_events.csv"

[[regimes]]
id = "shut"
event = "The fence is shut"

[[rules]]
regime = "shut"
gate = "port_of_entry"
towards = "west"
text = { en = "Nobody enters." }
"""
SURVEYED = """
[sources.border]
title = "A survey"
publisher = "An office"
url = "https://example.org/survey"
licence = "CC-BY-4.0"
"""
FILES = {
    "border.csv": "lon,lat\n41,-1.5\n41,1.5\n",
    "ports.csv": f"port_id,kind,we_name,ea_name,lat,lon,status,{SOURCE}\n"
    f"gap,port_of_entry,Westby,Eastby,0.0,41.0,open,{GIVEN}\n",
    "incidents.csv": "id,date,place_name,country,lat,lon,radius_m,deaths,injured,"
    f"kind,direction,summary,{SOURCE}\n"
    f"a,2019-03,Gap,WE,0.1,40.9,5000,0,1,injury,westbound,A van was hit.,{GIVEN}\n"
    f"b,2019-04,Gap,EA,0.1,41.1,5000,0,1,injury,eastbound,A van was hit.,{GIVEN}\n"
    f"c,2019-05,Gap,EA,0.1,41.1,5000,0,1,injury,southbound,A van was hit.,{GIVEN}\n",
    "policy_events.csv": f"date,title,kind,effect,{SOURCE}\n"
    f"2018-01-01,The fence is shut,order,Nobody enters.,{GIVEN}\n",
}


def written(folder: Path, text: str = REGION) -> Region:
    (folder / "region.toml").write_text(text)
    for name, content in FILES.items():
        (folder / name).write_text(content)
    return load_region(folder)


def test_gates_of_a_region_that_is_not_at_work_have_its_names_and_rules(tmp_path: Path) -> None:
    region = written(tmp_path)
    found = gates(load_layers(region=region).ports, on="2019-01-01", region=region)
    told = found[["name", "regime", "rule"]].to_numpy().tolist()
    assert told == [["Westby – Eastby", "shut", "Nobody enters."]]
    assert regime_spans(region=region)["start"].tolist() == ["2018-01-01"]


def test_rules_stand_in_the_languages_of_their_region_alone(tmp_path: Path) -> None:
    region = written(tmp_path)
    columns = set(gates(load_layers(region=region).ports, on="2019-01-01", region=region).columns)
    assert {name for name in columns if name.startswith("rule")} == {
        *("rule", "rule_since", "rule_source_url")
    }


def test_people_go_east_and_west_there(tmp_path: Path) -> None:
    region = written(tmp_path)
    incidents, rejected = load_incidents(str(tmp_path / "incidents.csv"))
    assert rejected.empty
    with using_region(region):
        said = ways_told(incidents)
    assert said is not None
    assert "1 to people going east" in said["en"]


@pytest.mark.parametrize(
    ("place", "where"),
    [
        ("[40.6, 0.0]", "on the same side as sides.1.inside"),
        ("[0.0, 41.5]", "on neither side within the bounds"),
    ],
)
def test_a_place_inside_the_second_side_is_there(tmp_path: Path, place: str, where: str) -> None:
    region = written(tmp_path, REGION.replace("[41.5, 0.0]", place))
    with pytest.raises(DataError, match=where):
        load_border(region)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:999999", "EPSG:32631"])
def test_a_crs_whose_metres_are_none_is_a_fault_of_the_region(tmp_path: Path, crs: str) -> None:
    assert not region_faults(written(tmp_path))
    said = region_faults(written(tmp_path, REGION.replace("EPSG:32637", crs)))
    assert [fault.column for fault in said] == ["metric_crs"]
    assert crs in str(said[0])


def test_a_region_without_regimes_has_no_spans(tmp_path: Path) -> None:
    text = REGION[: REGION.index("[[regimes]]")]
    assert regime_spans(region=written(tmp_path, text)).empty


def test_a_border_of_areas_keeps_its_source(tmp_path: Path) -> None:
    ring = [[40.5, -0.5], [41.5, -0.5], [41.5, 0.5], [40.5, 0.5], [40.5, -0.5]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    told = {"type": "Feature", "properties": {"section": "Rim"}, "geometry": shape}
    rim = {"type": "FeatureCollection", "features": [told]}
    (tmp_path / "border.geojson").write_text(json.dumps(rim))
    sides = REGION.replace("inside = [40.5, 0.0]", "").replace("[41.5, 0.0]", "true")
    region = written(tmp_path, sides.replace("border.csv", "border.geojson") + SURVEYED)
    line, areas = load_border(region).line, load_jurisdictions(region)
    assert line[["section", "source_title"]].to_numpy().tolist() == [["Rim", "A survey"]]
    assert areas["source_title"].tolist() == ["A survey", "A survey"]
    assert line.attrs["licences"] == areas.attrs["licences"]
    assert line.attrs["licences"]


def test_an_export_names_its_own_sources_alone(tmp_path: Path) -> None:
    (tmp_path / "region").mkdir()
    region = written(tmp_path / "region", REGION + SURVEYED)
    base = load_base(region=region)
    done = export_map(tmp_path / "out", load_layers(region=region), base.frames(), format="csv")
    package = json.loads((done / "datapackage.json").read_text())
    assert package["title"] == "Two fields: what the map shows"
    named = {source["path"] for one in package["resources"] for source in one["sources"]}
    assert named == {"https://example.org/list", "https://example.org/survey"}
    told = "".join((done / name).read_text() for name in ("README.md", "LICENSES.md"))
    assert not [word for word in ("Canada", "Quebec", "RCMP", "Roxham Road") if word in told]


def test_a_page_is_held_to_the_words_of_its_own_region(tmp_path: Path) -> None:
    (tmp_path / "region").mkdir()
    region = written(tmp_path / "region", REGION + SURVEYED)
    page = save_html(border_map(load_layers(region=region)), tmp_path / "page.html")
    assert "Two fields" in page.read_text()


@pytest.mark.parametrize(("spoken", "said"), [('["en"]', set()), ('["en", "so"]', {"note_so"})])
def test_a_template_asks_for_the_languages_of_its_region(
    tmp_path: Path, spoken: str, said: set[str]
) -> None:
    with using_region(written(tmp_path, f"languages = {spoken}\n{REGION}")):
        columns = set(template("counts").columns)
    assert {name for name in columns if name.startswith("note_")} == said


def test_a_region_without_a_file_has_a_page(tmp_path: Path) -> None:
    written(tmp_path)
    plain = Region("own", "A fence", (40.0, -1.0, 42.0, 1.0), "EPSG:32637", ("a", "b"))
    page = page_html(border_map(region=plain.with_files(border=str(tmp_path / "border.csv"))))
    assert "<title>A fence</title>" in page
