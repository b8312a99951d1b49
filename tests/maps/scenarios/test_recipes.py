"""The recipes of docs/recipes.md run as they stand, and the page shows what they add."""

import datetime as dt
import json
import re
import runpy
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import folium
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from roxham.geo import DataError, active_region, read_roads, using_region
from roxham.geo.readers.formats import READERS
from roxham.geo.region.definition import Measure as ChartedBeside
from roxham.geo.tables.contract import check_table
from roxham.layers import Layers, add, load_export, load_layers, load_series, measure_table
from roxham.layers.counts.measures import suppressed_table
from roxham.layers.counts.series import MEASURES
from roxham.layers.export.tables import export_map
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.publication.check import check_data, frames_of
from roxham.layers.publication.region import region_faults
from roxham.layers.publication.rules import failed
from roxham.layers.statements.asked import Tables
from roxham.layers.statements.evidence import Evidence
from roxham.layers.templates import columns_table, template
from roxham.maps import decode_layer, save_html
from roxham.maps.content.measures import measure_data
from roxham.maps.elements.layers import own_kinds
from roxham.maps.page.rules import page_payloads
from tests.maps.command import Run
from tests.maps.conftest import Open

TEXT = (Path(__file__).parents[3] / "docs" / "recipes.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^`([\w.]+)`:\n\n```\w+\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL))
MAP = "map_roxham"


@pytest.fixture
def kitchen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a folder with every file of the recipes; what they register is taken back."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    tables, readers, modules = dict(DATASETS), dict(READERS), set(sys.modules)
    yield tmp_path
    DATASETS.clear()
    DATASETS.update(tables)
    READERS.clear()
    READERS.update(readers)
    for name in {Path(file).stem for file in FILES} & (set(sys.modules) - modules):
        del sys.modules[name]


def cooked(name: str) -> dict[str, Any]:
    """Run a file of the recipes as a reader would."""
    return runpy.run_path(name, run_name="__main__")


def begun(name: str, until: str) -> dict[str, Any]:
    """Run a file of the recipes up to some words, before anything is drawn."""
    head, found, _ = FILES[name].partition(until)
    assert found, until
    names: dict[str, Any] = {}
    exec(compile(head, name, "exec"), names)
    return names


def shelters() -> Layers:
    """Return the layers with the table of the first recipe, registered."""
    layers: Layers = begun("draw_shelters.py", "print(")["layers"]
    return layers


DRAWN: dict[str, bytes] = {}


def drawn_shelters(kitchen: Path) -> Path:
    """Return the page of the first recipe, which is drawn once."""
    page = kitchen / "shelters.html"
    if page.name not in DRAWN:
        cooked("draw_shelters.py")
        DRAWN[page.name] = page.read_bytes()
    page.write_bytes(DRAWN[page.name])
    return page


def named(page: Page, table: str) -> tuple[list[str], list[list[str]]]:
    """Return the headings and the cells of a table of the page, without the source."""
    drawn = page.locator(f".rx-table[data-kind={table}] tr")
    drawn.first.wait_for()  # a table is drawn when it is first opened
    rows = drawn.evaluate_all(
        "(rows) => rows.map((row) => [...row.cells].slice(0, -1).map((cell) => cell.innerText))"
    )
    return [head.strip() for head in rows[0]], rows[1:]


@pytest.mark.parametrize("recipe", TEXT.split("\n## ")[1:], ids=lambda text: text.split("\n")[0])
def test_a_recipe_is_short_and_says_where_words_and_tests_go(recipe: str) -> None:
    code = re.findall(r"```(?:python|js)\n(.*?)```", recipe, re.DOTALL)
    lines = [line for part in code for line in part.splitlines() if line.strip()]
    assert 20 < len(lines) < 100
    assert "*To ship it:*" in recipe
    assert "*Tests it wants:*" in recipe
    assert "words" in recipe


def test_a_table_of_facts_is_loaded_and_set_aside(kitchen: Path) -> None:
    layers = shelters()
    assert layers.shelters["nights"].tolist() == [310, 402, pd.NA]
    assert layers.shelters["high"].tolist() == [310, 402, 5]
    mine = kitchen / "mine.csv"
    rows = FILES["shelters.csv"].replace("2022-07,402", "2022-09,9").replace(",310,", ",many,")
    mine.write_text(rows, encoding="utf-8")
    read = load_layers(shelters=mine, as_of=dt.date(2022, 11, 15))
    assert read.shelters["period"].tolist() == ["2022-07"]
    told = read.set_aside[read.set_aside["layer"] == "shelters"]
    assert told[["id", "date"]].to_numpy().tolist() == [["–", ""]]
    assert told["reason"].iloc[0].startswith("embargo")
    assert read.rejected[["layer", "column", "found"]].to_numpy().tolist() == [
        ["shelters", "nights", "many"]
    ]
    assert [(given.layer, given.name) for given in read.inputs] == [("shelters", "mine.csv")]


@pytest.mark.parametrize(
    ("rule", "changes", "told"),
    [
        ("small-cells", {"nights": 3}, "shelters.nights of North house, 2022-06: 3"),
        ("personal", {"full_name": "N. N."}, "shelters.full_name holds a name"),
        ("microdata", {"claimant_id": "7"}, "shelters: claimant_id"),
        ("retrospective", {"period": "2022-09"}, "shelters row 0"),
        ("provenance", {"source_title": ""}, "shelters row 0 has no source_title"),
        ("terms", {"note": "Bogus."}, "shelters.note row 0 says “Bogus”"),
    ],
)
def test_the_rules_are_asked_of_it(
    kitchen: Path, rule: str, changes: dict[str, Any], told: str
) -> None:
    layers = shelters()
    day = dt.date(2022, 11, 15)
    sound = frames_of(layers)
    sound = {"shelters": sound["shelters"]}
    assert failed(check_data(sound, as_of=day)) == []
    bad = {"shelters": sound["shelters"].assign(**changes)}
    broken = failed(check_data(bad, as_of=day))
    assert [one.rule for one in broken] == [rule]
    assert told in broken[0].evidence


def test_it_is_exported_checked_cited_and_has_a_template(kitchen: Path, run: Run) -> None:
    layers = shelters()
    folder = export_map("out", layers, {}, format="csv")
    back = load_export(folder)["shelters"]
    assert back["nights"].tolist() == layers["shelters"]["nights"].tolist()
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    (said,) = (one for one in package["resources"] if one["name"] == "shelters")
    assert said["title"] == "Nights in shelters"
    assert said["licenses"][0]["name"] == "CC0-1.0"
    assert [one["path"][-5:] for one in said["sources"]] == ["north", "south"]
    fields = {one["name"]: one for one in said["schema"]["fields"]}
    assert fields["nights"]["description"] == "nights that people slept there"
    assert fields["state"]["constraints"]["enum"] == ["open", "full"]
    assert "| shelters | 3 | Nights in shelters |" in (folder / "README.md").read_text()
    assert "[CC0-1.0](https://example.org/terms)" in (folder / "LICENSES.md").read_text()
    checked = run("check", "--data", str(folder), "--json")
    rules = {
        one["rule"]: one["evidence"]
        for one in json.loads(checked.out[checked.out.index("{") :])["rules"]
    }
    assert "shelters end 2022-07-31" in rules["retrospective"]
    assert checked.code == 0, checked.out

    evidence = Evidence(Tables(layers.tables))
    evidence.rows("shelters", {"shelter": "North house", "period": "2022-06"})
    found = ("shelters", "North house 2022-06", "https://example.org/north")
    assert list(evidence.used) == [found]

    assert template("shelters")[["shelter", "period"]].to_numpy().tolist() == [["x", "1900-01"]]
    assert "| `nights` | yes | whole number, from 0; -- if withheld |" in columns_table("shelters")
    assert run("template", "shelters", "-o", "t.csv").code == 0
    assert Path("t.csv").read_text(encoding="utf-8").startswith("shelter,shelter_fr,period,nights")


def test_its_measure_has_series_tables_drawings_a_chart_and_a_command(
    kitchen: Path, run: Run
) -> None:
    rows = shelters().shelters
    series = load_series("nights", place="North house")
    assert (series.unit, series.places, series.rows["count"].tolist()) == (
        *("nights", ("North house",)),
        [310, 402],
    )
    assert str(series.at("2022-07")) == "402"
    with pytest.raises(DataError, match="North house, South house, and none holds"):
        load_series("nights")
    with pytest.raises(DataError, match="Choose North house or South house"):
        load_series("nights", place="CA-QC")
    with pytest.raises(DataError, match="they count different things"):
        add(series, load_series("interceptions"))
    assert series.plot().axes[0].get_ylabel() == "nights"
    assert series.plot(lang="fr").axes[0].get_ylabel() == "nuits en refuge"

    said_of = {
        **dict.fromkeys(["coverage", "coverage_fr", "definition", "definition_fr"], "x"),
        **{"unit": "events", "counted_by": "a desk", "source_title": "T", "note": ""},
        **{"source_publisher": "P", "source_url": "https://example.org", "source_date": "2022"},
        "confidence": "single",
    }
    described = pd.DataFrame([{"measure": name, **said_of} for name in ("nights", "days")])
    kept, rejected = check_table(described, MEASURES, name="measures")
    assert kept["measure"].tolist() == ["nights"]
    assert "none of interceptions, " in rejected["problem"].item()

    table = measure_table("nights", rows, by="month")
    assert table.columns.tolist() == ["period", "shelter", "count", "low", "high", "source_url"]
    assert table["high"].tolist() == [310, 402, 5]
    safe = suppressed_table("nights", table, threshold=350)
    assert safe["suppressed"].tolist() == [True, False, False]

    said = run("counts", "--measure", "nights", "--by", "month", "--place", "North house")
    assert said.code == 0, said.err
    assert "2022-06,North house,310,310,310,https" in said.out
    wrong = run("counts", "--measure", "nights", "--province", "CA-QC")
    assert "--province: names no place of nights. Give --place." in wrong.err
    drawn = run("counts", "--measure", "nights", "--by", "month", "--place", "North house",
                "--plot", "nights.svg")  # fmt: skip
    assert drawn.code == 0, drawn.err
    assert Path("nights.svg").stat().st_size > 1000

    two = {"mixed": pd.DataFrame({"nights": [310], "interceptions": [402]})}
    told = {one.rule: one.evidence for one in failed(check_data(two))}
    assert told["units"] == "more than one measure in a table: mixed: interceptions, nights"

    region = active_region()
    assert region.details
    shown = (ChartedBeside(measure="nights", place="North house"),)
    changed = replace(region, details=region.details.model_copy(update={"measures": shown}))
    with using_region(changed):
        (chart,) = measure_data(load_layers(), None)
    assert (chart["name"], chart["by"], chart["values"]) == ("nights", "Made up", [310, 402])
    odd = (ChartedBeside(measure="days"),)
    wrong_region = replace(region, details=region.details.model_copy(update={"measures": odd}))
    (fault,) = region_faults(wrong_region)
    assert fault.problem == "“days” is no measure."
    assert "nights, claims" in fault.remedy


@pytest.mark.browser
def test_a_table_of_facts_is_on_the_page(kitchen: Path, open_page: Open) -> None:
    opened = open_page(drawn_shelters(kitchen))
    page = opened.page
    page.evaluate(
        "document.querySelectorAll('details').forEach((one) => "
        "{ one.open = Boolean(one.querySelector('[data-table=shelters], #rx-list-title')); })"
    )
    heads, rows = named(page, "shelters")
    assert heads == ["Shelter", "Period", "Nights", "State"]
    assert rows == [
        ["North house", "June 2022", "310", "took people in"],
        ["North house", "July 2022", "402", "was full"],
        ["South house", "July 2022", "0–5", "took people in"],
    ]
    assert page.locator("#rx-shelters-title").inner_text() == "Nights in shelters (3)"
    assert page.locator("[data-table=shelters] table").count() == 1
    status = page.locator(".rx-table[data-kind=shelters] .rx-table-count")
    page.evaluate("roxham.clock.set('2022-07')")
    expect(status).to_have_text("2 of 3 shown")
    page.evaluate("roxham.clock.set(null)")
    with page.expect_download() as caught:
        page.locator(".rx-table[data-kind=shelters] [data-save=csv]").click()
    assert caught.value.suggested_filename == "roxham-shelters.csv"
    assert "CC0-1.0" in caught.value.path().read_text(encoding="utf-8")
    sources = page.locator("table[aria-labelledby=rx-list-title], #rx-list-title ~ div table")
    expect(sources.get_by_role("row", name="Nights in shelters").first).to_contain_text("Made up")
    page.get_by_role("button", name="Français").click()
    assert page.locator("#rx-shelters-title").inner_text() == "Nuits en refuge (3)"
    heads, rows = named(page, "shelters")
    assert heads == ["Refuge", "Période", "Nuits", "État"]
    assert rows[1] == ["Maison du Nord", "juillet 2022", "402", "était complet"]
    opened.quiet()


@pytest.mark.browser
def test_a_table_of_facts_is_there_without_scripts(kitchen: Path, browser: Any) -> None:
    drawn = drawn_shelters(kitchen)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(drawn.as_uri())
    page.locator("#rx-shelters-title").click()
    rows = page.locator("[data-table=shelters] tr")
    assert rows.nth(0).inner_text().split("\t")[:4] == ["Shelter", "Period", "Nights", "State"]
    told = rows.nth(3).inner_text().split("\t")[:4]
    assert told == ["South house", "July 2022", "0–5", "took people in"]
    context.close()


@pytest.mark.browser
def test_a_layer_is_drawn_hit_named_listed_and_read(kitchen: Path, open_page: Open) -> None:
    layer = cooked("draw_stations.py")
    opened = open_page(kitchen / "stations.html")
    page = opened.page
    x, y = page.evaluate(
        f"""() => {{
          {MAP}.getContainer().scrollIntoView({{ block: "center" }});
          {MAP}.setView([45.12, -73.45], 11, {{ animate: false }});
          const {{ x, y }} = {MAP}.latLngToContainerPoint([45.12, -73.45]);
          const box = {MAP}.getContainer().getBoundingClientRect();
          return [box.left + x, box.top + y];
        }}"""
    )
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 60)))")
    colour = page.evaluate(
        f"""() => {{
          const stage = roxham.stageOf({MAP});
          const at = stage.map.latLngToContainerPoint([45.12, -73.45]);
          const {{ inner }} = stage.view;
          const ratio = stage.canvas.width / stage.view.width;
          const spot = [at.x + inner.x, at.y + inner.y + 2].map((each) => Math.round(each * ratio));
          return [...stage.canvas.getContext('2d').getImageData(...spot, 1, 1).data].slice(0, 3);
        }}"""
    )
    assert colour == [0x20, 0x6A, 0x53]  # class-3 of map.css, in the light
    page.mouse.move(x, y)
    expect(page.locator(".rx-hover")).to_have_text("Ridge")
    page.mouse.click(x, y)
    card = page.locator(".rx-card").last
    assert card.locator("h3").inner_text() == "Ridge"
    assert card.locator("dd").inner_text() == "312"
    expect(page.locator(".rx-legend-name", has_text="Weather stations")).to_be_visible()
    page.get_by_role("button", name="Français").click()
    expect(page.locator(".rx-legend-name", has_text="Stations météo")).to_be_visible()
    page.locator("details[data-twin=stations] summary").click()
    assert named(page, "stations") == (["Nom", "Altitude, m"], [["La Crête", "312"]])
    opened.quiet()
    with pytest.raises(DataError, match="places: layers of a kind that is none of ours: stations"):
        save_html(layer["page"], "unanswered.html")
    html = (kitchen / "stations.html").read_text(encoding="utf-8")
    assert "Maps desk" in html
    (payload,) = (one for one in page_payloads(html) if one["kind"] == "stations")
    assert decode_layer(payload)["name"].tolist() == ["Ridge"]
    assert len(own_kinds(layer["page"].get_root())) == 1


def test_a_script_that_cannot_be_joined_is_refused_with_every_fault(
    kitchen: Path, sample_map: folium.Map
) -> None:
    good = cooked("stations.py")["StationLayer"]
    assert own_kinds(sample_map.get_root()) == ()  # none of its layers brings a script
    rows = begun("draw_stations.py", "page =")["stations"]
    wrong = (
        good.script.replace("{ latLon }", "{ latLong }")
        .replace('import { SWATCH } from "../stage/swatch.js";', 'import * as s from "s.js";')
        .replace("export const", "const")
    )
    bad = type("Bad", (good,), {"script": f"{wrong}// </script>", "kind": "ports"})
    with pytest.raises(DataError) as caught:
        bad(rows)
    told = str(caught.value)
    assert len(caught.value.faults) == 5
    for words in ("ports", "latLong", "geometry.js", "another way", "0 kinds", "</script"):
        assert words in told, words


def test_two_scripts_of_one_kind_are_refused(kitchen: Path, sample_map: folium.Map) -> None:
    found = begun("draw_stations.py", "page =")
    found["StationLayer"](found["stations"]).add_to(sample_map)
    other = type(
        "Other",
        (found["StationLayer"],),
        {"script": found["StationLayer"].script.replace("SIZE = 7", "SIZE = 8")},
    )
    assert len(own_kinds(sample_map.get_root())) == 1
    other(found["stations"]).add_to(sample_map)
    with pytest.raises(DataError, match="two scripts"):
        sample_map.get_root().render()


def test_a_reader_is_asked_for_its_files_and_for_no_others(kitchen: Path) -> None:
    roads = begun("draw_roads.py", "print(")["roads"]
    assert sorted(roads.edges["name"].unique()) == ["Mill Street", "Ridge Road"]
    assert roads.edge_count == 6  # three links, both ways
    assert set(roads.edges["jurisdiction"]) == {"CA-QC"}
    assert set(read_roads("roads.csv", modes="walk").edges["name"].explode()) == {
        *("Mill Street", "Ridge Road", "River Walk")
    }
    rows = "highway,name,wkt\nprimary,A,POINT (\nprimary,A\nprimary,B,\n"
    Path("bad.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(DataError, match=r"bad\.csv, row 2, column wkt: is no LINESTRING") as caught:
        read_roads("bad.csv")
    assert sorted(fault.row or 0 for fault in caught.value.faults) == [2, 3, 4]
    Path("other.csv").write_text("name\nA\n", encoding="utf-8")
    with pytest.raises(DataError, match="a saved network or CSV with lines as WKT"):
        read_roads("other.csv")
    Path("none.osm").write_text("<osm version='0.6'/>", encoding="utf-8")
    with pytest.raises(DataError, match="holds no road"):
        read_roads("none.osm")


@pytest.mark.browser
def test_the_roads_of_a_reader_are_drawn(kitchen: Path, open_page: Open) -> None:
    cooked("draw_roads.py")
    opened = open_page(kitchen / "roads.html")
    page = opened.page
    page.locator("details[data-twin=roads] summary").click()
    _, rows = named(page, "roads")
    assert sorted(row[0] for row in rows) == ["Mill Street", "Ridge Road", "Ridge Road"]
    found = page.evaluate(
        f"""() => {{
          {MAP}.setView([45.05, -73.49], 13, {{ animate: false }});
          const stage = roxham.stageOf({MAP});
          stage.draw();
          const {{ layer, i }} = stage.find({MAP}.latLngToContainerPoint([45.05, -73.49]));
          return [layer.kind, layer.traits.name(layer, i)];
        }}"""
    )
    assert found == ["roads", "Ridge Road"]
    opened.quiet()
