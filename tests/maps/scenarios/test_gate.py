"""One door for every output: what a rule refuses leaves by none of them."""

import base64
import datetime as dt
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point

from roxham.geo import DataError
from roxham.layers import load_export, load_layers
from roxham.layers.export.tables import export_map
from roxham.layers.publication.check import check_data, check_tables
from roxham.layers.publication.gate import RuleError
from roxham.layers.publication.rules import Finding
from roxham.maps import FeatureLayer, border_map, save_html
from roxham.maps.page.external import beside, gathered
from roxham.maps.page.page import page_html
from roxham.maps.page.rules import check_page, plain_tables
from tests.layers.samples import COUNTS
from tests.maps import samples
from tests.maps.cli.test_app import GOOD, INCIDENTS
from tests.maps.command import Run

ROOT, ROOMS = Path(__file__).parents[3], ("geo", "layers")
AS_OF = dt.date(2026, 11, 1)
POINT = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [-73, 45]}}
WHY = {"personal": "The family asked for it"}
SMALL = f"{COUNTS}\n2024-05,CA-QC,3,T,P,https://example.org/a,2026-06,single,\n"


def of(rule: str, findings: list[Finding]) -> Finding:
    return next(one for one in findings if one.rule == rule)


def people(**columns: object) -> FeatureLayer:
    at = gpd.GeoDataFrame(columns, index=[0], geometry=[Point(-73.5, 45.006)], crs="EPSG:4326")
    return FeatureLayer(at, name="People")


@pytest.mark.parametrize(
    ("rule", "columns", "said"),
    [
        ("personal", {"victim_name": "Jane Doe"}, "gives a name without a public source"),
        ("personal", {"age": 34}, "features.age holds an age"),
        ("personal", {"note": "A 34-year-old woman"}, "“34-year-old”"),
        ("sensitivity", {"patrol_route": "north"}, "features.patrol_route"),
        ("retrospective", {"date": "2026-10-31"}, "features row 0 (date)"),
        ("retrospective", {"month": "2026-10"}, "features row 0 (month)"),
        ("retrospective", {"text": "Seen on 31 October 2026."}, "features row 0 (text)"),
        ("retrospective", {"seen_on": dt.datetime(2026, 10, 31)}, "features row 0 (seen_on)"),
        ("small-cells", {"persons": 3}, "features.persons row 0: 3"),
        ("terms", {"text": "How to evade patrols"}, "How to evade"),
        ("terms", {"text": "An illegal crossing"}, "illegal crossing"),
    ],
)
def test_a_layer_of_ones_own_is_held_to_the_rules(
    rule: str, columns: dict[str, object], said: str, sample_map: folium.Map, tmp_path: Path
) -> None:
    people(**columns).add_to(sample_map)
    plain = folium.Map([45, -73], tiles=None)
    people(**columns).add_to(folium.FeatureGroup("g").add_to(plain))
    for each in (sample_map, plain):
        with pytest.raises(RuleError, match=f"^{rule}: .*") as error:
            save_html(each, tmp_path / "a.html", as_of=AS_OF)
        assert said in str(error.value)
        assert f"allow={{'{rule}': 'the reason'" in error.value.__notes__[0]
    assert not list(tmp_path.iterdir())


def test_folium_itself_renders_no_map_that_fails(sample_map: folium.Map, tmp_path: Path) -> None:
    plain = folium.Map([45, -73], tiles=None)
    layer = people(age=34).add_to(folium.FeatureGroup("g").add_to(plain))
    people(age=34).add_to(sample_map)
    figures: Any = (plain.get_root(), sample_map.get_root())
    shown: Any = (plain._repr_html_, sample_map._repr_html_)
    for way in (lambda: plain.save(BytesIO()), *(f.render for f in figures), *shown):
        with pytest.raises(RuleError, match=r"^personal: ") as error:
            way()
        assert "save_html" in error.value.__notes__[-1]
    allow = {"personal": "The age is of a bridge"}
    assert "of a bridge" in save_html(plain, tmp_path / "b.html", allow=allow, by="A").read_text()
    layer.payload = people(place="Mooers").payload
    assert "</html>" in figures[0].render()


def test_deaths_on_a_map_of_ones_own_are_no_bare_points(tmp_path: Path) -> None:
    plain = folium.Map([45, -73], tiles=None)
    at, told = Point(-73.50123, 45.00612), {"place": ["Hemmingford"], "deaths": [7]}
    dead = gpd.GeoDataFrame(told, geometry=[at], crs="EPSG:4326")
    layer = FeatureLayer(dead, name="Dead").add_to(plain)
    with pytest.raises(RuleError, match=r"^precision: features: places of people are bare points"):
        save_html(plain, tmp_path / "a.html", as_of=AS_OF)
    del plain._children[layer.get_name()]
    FeatureLayer(dead.assign(radius_m=5000), name="Dead").add_to(plain)
    FeatureLayer(dead.set_geometry([at.buffer(0.01)]), name="Areas").add_to(plain)
    save_html(plain, tmp_path / "a.html", as_of=AS_OF)


def test_a_page_in_several_files_is_read_whole(sample_map: folium.Map, tmp_path: Path) -> None:
    drawn, file = sample_map, tmp_path / "a.html"
    people(age=34).add_to(drawn)
    for name, content in beside(page_html(drawn), file).items():
        (tmp_path / name).write_bytes(content)
    bare = file.read_text()
    assert "features.age" not in of("personal", check_page(bare, as_of=AS_OF)).evidence
    assert "features.age" in of("personal", check_page(gathered(bare, file), as_of=AS_OF)).evidence
    assert of("privacy", check_page(bare, as_of=AS_OF)).status == "fail"  # not all of it was read
    data = tmp_path / "a.data.js"
    data.write_bytes(data.read_bytes() + b" ")
    with pytest.raises(DataError, match="is not the file that it names"):
        gathered(bare, file)
    data.unlink()
    with pytest.raises(DataError, match="is not there"):
        gathered(bare, file)


def test_the_second_layer_of_a_kind_is_read_too(sample_map: folium.Map) -> None:
    drawn = sample_map
    people(trail="North").add_to(drawn)
    people(age=34).add_to(drawn)
    assert of("personal", check_page(page_html(drawn), as_of=AS_OF)).status == "fail"


def test_sound_layers_of_ones_own_pass(sample_map: folium.Map, tmp_path: Path) -> None:
    drawn = sample_map
    people(trail="North", length_m=3, opened="1967", source_date="2026-10-30").add_to(drawn)
    html = save_html(drawn, tmp_path / "a.html", as_of=AS_OF).read_text()
    read = of("sensitivity", check_page(html, as_of=AS_OF)).evidence
    assert "features (1)" in read
    assert "interceptions (8)" in read


def test_the_library_says_on_the_page_who_allowed_what(
    sample_map: folium.Map, tmp_path: Path
) -> None:
    for drawn in (sample_map, folium.Map([45, -73], tiles=None)):
        people(age=34).add_to(drawn)
        with pytest.raises(DataError, match="nobody is named"):
            save_html(drawn, tmp_path / "a.html", allow=WHY, as_of=AS_OF)
        html = save_html(drawn, tmp_path / "a.html", allow=WHY, by="A. Desk", as_of=AS_OF)
        said = html.read_text().replace("<b>", "").replace("</b>", "")
        assert "personal (No names, ages, homes or numbers of cases.): The family asked" in said
        assert "A. Desk" in said
    with pytest.raises(DataError, match="is not a rule"):
        save_html(sample_map, tmp_path / "a.html", allow={"x": "A good reason"}, by="A. Desk")


def test_counts_of_charts_are_read_where_no_table_is(run: Run, tmp_path: Path) -> None:
    (tmp_path / "small.csv").write_text(SMALL)
    # the command asks of the tables, too, which a frame has not
    said = run("map", "--counts", "small.csv", "-o", "a.html", "--embed")
    assert said.code == 1
    assert "interceptions.count of 2024-05, CA-QC: 3" in said.err
    layers, base = load_layers(counts=tmp_path / "small.csv"), samples.base()
    why = {"small-cells": "Published by the ministry"}
    for embed, told in ((False, "of 2024-05, CA-QC: 3"), (True, "chart.count row 0: 3")):
        drawn = border_map(layers, base=base, embed=embed)
        with pytest.raises(RuleError, match=f"^small-cells: .*{told}"):
            save_html(drawn, tmp_path / "a.html")
        html = save_html(drawn, tmp_path / "a.html", allow=why, by="A. Desk").read_text()
        small = of("small-cells", check_page(html))
        assert (small.status, told in small.evidence) == ("fail", True)


def test_an_export_asks_the_rules_and_says_what_was_allowed(run: Run, tmp_path: Path) -> None:
    aged = GOOD.replace("Found, ", "A man aged 34, ")
    (tmp_path / "mine.csv").write_text(INCIDENTS + aged)
    refused = run("export", "out", "--incidents", "mine.csv")
    assert refused.code == 1
    assert "personal: incidents.summary row 0 says “aged 34”" in refused.err
    assert not (tmp_path / "out").exists()
    assert run("export", "out", "--allow", "personal=A good reason").code == 2
    by = ("--allow", f"personal={WHY['personal']}", "--by", "A. Desk")
    said = run("export", "out", "--incidents", "mine.csv", *by, "--format", "csv")
    assert said.code == 0, said.err
    assert "personal overridden by A. Desk: The family asked for it" in said.err
    assert "The family asked for it — A. Desk" in (tmp_path / "out" / "README.md").read_text()
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text())
    assert [one["rule"] for one in package["overrides"]] == ["personal"]
    assert len(load_export(tmp_path / "out")["incidents"]) == 1
    layers = samples.layers()
    layers = layers.with_tables(interceptions=layers.interceptions.assign(count=3))
    with pytest.raises(RuleError, match="small-cells"):
        export_map(tmp_path / "other", layers, samples.base().frames(), as_of=AS_OF)
    assert not (tmp_path / "other").exists()


def test_two_files_of_one_name_are_both_read(run: Run, tmp_path: Path) -> None:
    for folder, text in (("a", "age\n34\n"), ("b", "trail\nNorth\n")):
        (tmp_path / "d" / folder).mkdir(parents=True)
        (tmp_path / "d" / folder / "mine.csv").write_text(text)
    assert run("check", "--data", "d").code == 1


def test_what_is_withheld_leaves_no_id_and_no_day(run: Run, tmp_path: Path) -> None:
    shipped = "".join((ROOT / room / "data/datapackage.json").read_text() for room in ROOMS)
    days = ((dt.date.today() - dt.timedelta(days=back)).isoformat() for back in range(1, 9))
    day = next(day for day in days if day not in shipped)  # as tables may be of yesterday, too
    late = GOOD.replace("a,2022-12-02", f"ZZID77,{day}", 1)
    faulty = late.replace("ZZID77", "ZZID78").replace(day, f"{day}T99")
    (tmp_path / "mine.csv").write_text(INCIDENTS + GOOD + late + late.replace("77", "79") + faulty)
    asked = ("--incidents", "mine.csv", "--skip-bad-rows")
    told = []
    for words in (("--svg", "a.svg"), ("--embed",)):
        said = run("map", *asked, *words, "-o", "a.html", "--until", "2026-12")
        assert said.code == 0, said.err
        assert "2 embargo" in said.out
        told += [said.out, (tmp_path / "a.svg").read_text(), (tmp_path / "a.html").read_text()]
    assert "2 in all" in told[2]
    told.append(run("check", "--page", "a.html", "--json").out)
    (tmp_path / "mine.csv").write_text(INCIDENTS + GOOD + late)
    assert run("export", "out", "--incidents", "mine.csv", "--format", "csv").code == 0
    told += [file.read_text() for file in (tmp_path / "out").rglob("*.*")]
    for text in told:
        assert "ZZID7" not in text
        assert f"{day}T" not in text
    assert day not in told[2]


def test_what_folium_says_is_held_to_the_rules(sample_map: folium.Map, tmp_path: Path) -> None:
    at, aged = [45, -73], {**POINT, "properties": {"age": 34}}
    told: list[tuple[folium.Element, str]] = [
        (folium.Marker(at, popup="<b>A 34-year-old</b> man"), "“34-year-old”"),
        (folium.Marker(at, tooltip="une dame de 34&nbsp;ans"), "dame de 34"),
        (folium.CircleMarker(at, popup="caf\u00e9 `x`: call 514-555-2234"), "514-555-2234"),
        (folium.GeoJson(aged), "features.age holds an age"),
        (folium.Marker(at, popup="Seen on 31 October 2026"), "retrospective"),
        (folium.Marker(at, popup="the safest place to cross"), "safest place to cross"),
    ]
    for element, said in told:
        plain = folium.Map(at, tiles=None)
        element.add_to(plain)
        with pytest.raises(RuleError) as error:
            save_html(plain, tmp_path / "a.html", as_of=AS_OF)
        assert said in str(error.value)
        element.add_to(sample_map)
    found = [one for one in check_page(page_html(sample_map), as_of=AS_OF) if one.status == "fail"]
    for _, said in told:
        assert [one for one in found if said in f"{one.rule} {one.evidence}"], (said, found)


AGED = "A 34-year-old woman"
WITHIN = base64.b64encode(f"<p>{AGED}</p>".encode()).decode()


@pytest.mark.parametrize(
    ("html", "said"),
    [
        (f'<img alt="{AGED}">', "34-year-old"),
        (f'<p data-of="{AGED}">x</p>', "34-year-old"),
        (f'<meta name="description" content="{AGED}">', "34-year-old"),
        (f"<!-- {AGED} -->", "34-year-old"),
        (f"<template><p>{AGED}</p></template>", "34-year-old"),
        (f"<style>p::after {{ content: '{AGED}' }}</style>", "34-year-old"),
        ("<svg><text><tspan>A 34</tspan><tspan>-year-old</tspan></text></svg>", "34-year-old"),
        (f'<iframe srcdoc="&lt;p&gt;{AGED}&lt;/p&gt;"></iframe>', "34-year-old"),
        (f'<iframe src="data:text/html;base64,{WITHIN}"></iframe>', "34-year-old"),
        (f"<img src='data:image/svg+xml,%3Ctext%3E{AGED}%3C/text%3E'>", "34-year-old"),
        ('<a href="mailto:jane.doe@example.org">x</a>', "jane.doe@example.org"),
        ("<script>a = `<div>514-555-2234</div>`</script>", "514-555-2234"),
        (f"<script>a = 'data:text/html;base64,{WITHIN}'</script>", "34-year-old"),
        ('<script>a = {"x": 1, "properties": {"age": 34}}</script>', "features.age holds an age"),
        ('<script>a = [{"deep": [{"persons": 3}]}]</script>', "features.persons row 0: 3"),
        ('<script>a = {"times": [1793404800000]}</script>', "features row 0 (times)"),
        ('<script>a = ["2026-10-31"]</script>', "features row 0 (words)"),
    ],
)
def test_what_a_page_says_unseen_is_held_to_the_rules(html: str, said: str) -> None:
    found = check_tables(plain_tables(html), as_of=AS_OF)
    assert said in " ".join(one.evidence for one in found if one.status == "fail")


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("personCount", 3),
        ("Number of people", 3),
        ("persons_2024", 3),
        ("\u0441ount", 3),
        ("intercepted", 3),
        ("seenDate", "2026-10"),
        ("p", "2026-10"),
        ("mois", "octobre 2026"),
        ("when", "2026-W44"),
        ("when", "2026-W53"),
        ("timestamp", 1_793_404_800),
        ("note", "seen on 10/31/26"),
        ("patrolRoute", "north"),
        ("said", "{'age': 34}"),
    ],
)
def test_columns_are_known_however_they_are_written(column: str, cell: object) -> None:
    rows = pd.DataFrame({column: [cell]})
    assert [one for one in check_data({"features": rows}, as_of=AS_OF) if one.status == "fail"]
    sound = pd.DataFrame({column: ["2024" if isinstance(cell, str) else 1_300_000_000]})
    assert not [one.evidence for one in check_data({"features": sound}, as_of=AS_OF)
                if one.status == "fail" and one.rule != "sensitivity"]  # fmt: skip


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ([{"count": ["three"]}], "features.count row 0: 3"),
        ([{"count": ["3 persons"]}], "features.count row 0: 3"),
        ([{"period": ["2024-01", "2024-02"], "running_total": [20, 23]}], "3 more than before"),
        ([{"persons": [40], "adult_persons": [37]}], "persons less adult_persons leaves 3"),
        ([{"total": [40], "persons": [37]}], "total less persons leaves 3"),
        ([{"who": ["Total: all ports", "minors"], "count": [40, 37]}], "40 less 37 leaves 3"),
        (
            [{"year": [2024], "place": [place], "count": [count]} for place, count in
             (("total", 40), ("a", 37))],
            "40 less 37 leaves 3",
        ),
    ],
)  # fmt: skip
def test_no_small_count_is_told_by_columns_words_or_two_tables(
    tables: list[dict[str, list[object]]], said: str
) -> None:
    frames = {f"features{n or ''}": pd.DataFrame(table) for n, table in enumerate(tables)}
    found = of("small-cells", check_data(frames, as_of=AS_OF))
    assert (found.status, said in found.evidence) == ("fail", True), found
    risen: dict[Any, Any] = {37: 20, 23: 30, "three": "30", "3 persons": "30 persons"}
    higher = {name: table.map(lambda cell: risen.get(cell, cell)) for name, table in frames.items()}
    assert of("small-cells", check_data(higher, as_of=AS_OF)).status == "pass"


def test_a_verdict_is_asked_of_the_counts_that_it_is_from(run: Run, tmp_path: Path) -> None:
    (tmp_path / "small.csv").write_text(SMALL)
    asked = run("claims", "--counts", "small.csv", "-o", "a.csv")
    assert (asked.code, "small-cells" in asked.err) == (1, True), asked
    assert not (tmp_path / "a.csv").exists()


def test_sound_markers_of_folium_pass(tmp_path: Path) -> None:
    plain = folium.Map([45, -73], tiles="OpenStreetMap")
    folium.Marker([45, -73], popup="Lacolle, opened in 1967", tooltip="The port").add_to(plain)
    folium.GeoJson({**POINT, "properties": {"name": "Rang 34"}}).add_to(plain)
    assert save_html(plain, tmp_path / "a.html", as_of=AS_OF).exists()


def test_tables_that_are_written_are_held_to_the_rules(run: Run, tmp_path: Path) -> None:
    (tmp_path / "small.csv").write_text(SMALL)
    asked = ("counts", "--by", "month", "--counts", "small.csv", "-o", "a.csv")
    refused = run(*asked)
    assert (refused.code, "--allowed-by NAME" in refused.err) == (1, True), refused
    assert not (tmp_path / "a.csv").exists()
    why = ("--allow", "small-cells=Published by the ministry", "--allowed-by", "A. Desk")
    assert run(*asked, *why).code == 0
    assert run("counts", "--by", "month", "--counts", "small.csv", "--suppress", "5",
               "-o", "b.csv").code == 0  # fmt: skip


def test_documents_beside_tables_are_read(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "a.csv").write_text("trail\nNorth\n")
    (folder / "README.md").write_text("# What this is\n\nTrails.\n")
    (folder / "photo.jpg").write_bytes(b"x")
    said = json.loads(run("check", "--data", "d", "--json").out)["rules"]
    read = next(one["evidence"] for one in said if one["rule"] == "sensitivity")
    assert "documents read: README.md" in read
    assert "not read: photo.jpg" in read
    (folder / "README.md").write_text("Seen by a 34-year-old man.\n")
    assert run("check", "--data", "d").code == 1


def test_an_embargo_of_an_export_is_counted_from_a_day(run: Run, tmp_path: Path) -> None:
    row = GOOD.replace("2022-12-02", "2026-03-02", 1)
    (tmp_path / "mine.csv").write_text(INCIDENTS + row)
    asked = ("export", "out", "--incidents", "mine.csv", "--format", "csv")
    assert run(*asked, "--as-of", "2026-04-01").code == 0
    assert "incidents" not in load_export(tmp_path / "out")


@pytest.mark.parametrize("kind", ["irregular_site", "rail_port"])
def test_ports_made_up_along_the_line_are_few_without_roads_too(kind: str) -> None:
    lon = np.linspace(-74.6, -71.6, 40)
    ports = pd.DataFrame({"port_id": [f"p{k}" for k in range(40)], "lon": lon, "lat": 45.01})
    ports = ports.assign(kind=kind, name="Gap", source_url="https://example.org/a")
    few = of("places", check_data({"ports": ports[:4]}, as_of=AS_OF))
    many = of("places", check_data({"ports": ports}, as_of=AS_OF))
    assert (few.status, many.status) == ("pass", "fail")
    assert "39 on a controlled border" in many.evidence


def test_a_bare_name_in_a_table_of_people_is_a_question() -> None:
    rows = pd.DataFrame({"name": ["Ana Lopez"], "deaths": [1]})
    found = of("personal", check_data({"table": rows}, as_of=AS_OF))
    assert (found.status, "table.name row 0 is “Ana Lopez”" in found.evidence) == ("fail", True)
    for public in ("places", "roads", "crossings"):
        assert of("personal", check_data({public: rows[["name"]]}, as_of=AS_OF)).status == "pass"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("total", 103), ("A", 100)], "2020: 103 less 100 leaves 3"),
        ([("total", 103), ("A", 50), ("B", 50)], "less its parts leaves 3"),
    ],
)
def test_a_small_count_is_no_difference_of_two_of_any_table(
    rows: list[tuple[str, int]], said: str
) -> None:
    table = pd.DataFrame(rows, columns=["place", "persons"]).assign(year="2020")
    found = of("small-cells", check_data({"beds": table}, as_of=AS_OF))
    assert (found.status, said in found.evidence) == ("fail", True), found
    table["persons"] = table["persons"].where(table["place"] != "total", 110)
    assert of("small-cells", check_data({"beds": table}, as_of=AS_OF)).status == "pass"


def test_page_picture_and_export_tell_the_same_and_withhold_the_same(
    run: Run, tmp_path: Path
) -> None:
    young = dt.date.today() - dt.timedelta(days=20)
    days = {"qsound": "2021-03", "qfirst": "2018-01", "qbefore": "2017-12", "qafter": "2025-01"}
    days |= {"qyoung": f"{young:%Y-%m-%d}", "qyesterday": f"{young:%Y-%m}"}
    rows = [
        GOOD.replace("a,2022-12-02,Churubusco", f"{name},{day},{name}town").replace(
            "A publisher", name
        )
        for name, day in days.items()
    ]
    (tmp_path / "i.csv").write_text(INCIDENTS + "".join(rows))
    asked = ("--incidents", "i.csv", "--since", "2018-01", "--until", "2024-12")
    drawn = run("map", *asked, "-o", "a.html", "--svg", "a.svg")
    kept = run("export", "out", *asked, "--format", "csv")
    assert (drawn.code, kept.code) == (0, 0), drawn.err + kept.err
    page, picture = ((tmp_path / name).read_text() for name in ("a.html", "a.svg"))
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    exported = "".join(path.read_text() for path in files)
    for name in ("qsound", "qfirst"):
        assert all(name in text for text in (page, picture, exported)), name
    for name in ("qyoung", "qyesterday"):
        told = drawn.out + drawn.err + kept.out + kept.err
        assert not any(name in text for text in (page, picture, exported, told)), name
    # rows of other months are named where what was left out is listed, and shown nowhere
    for name in ("qbefore", "qafter"):
        assert not any(f"{name}town" in text for text in (page, picture, exported)), name
    of_page = next(rows for name, rows in plain_tables(page) if name == "incidents")
    of_export = load_export(tmp_path / "out")["incidents"]
    assert sorted(of_page["id"]) == sorted(of_export["id"]) == ["qfirst", "qsound"]
    assert "2 of incidents: embargo: within 90 days" in exported
    assert "1 of incidents: before 2018-01" in exported
