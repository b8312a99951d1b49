"""Hostile text through every column of every layer, title and legend: it reads as written."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import pandas as pd
import pytest
from branca.element import Element
from playwright.sync_api import Page
from shapely import LineString, box

from roxham.geo import DataError, read_region, using_region
from roxham.geo.quoting import without_secrets
from roxham.geo.region import Region
from roxham.layers import load_layers
from roxham.layers.facts.checks import MADE_UP
from roxham.layers.templates import template
from roxham.maps import (
    FeatureLayer,
    Legend,
    PlaceLayer,
    PortLayer,
    ReachLayer,
    RoadLayer,
    RouteLayer,
    border_map,
)
from roxham.maps.content.wording import NEEDED, PROMISED, messages
from roxham.maps.page.page import page_html
from tests.maps import samples
from tests.maps.command import Run
from tests.maps.conftest import Open, Opened
from tests.maps.firefox import Firefox
from tests.maps.hostile import CORPUS, WRITTEN, written

pytestmark = pytest.mark.browser

NO_LETTER = re.compile("[\x00\ud800-\udfff]")
TITLE = "".join(text for text in CORPUS if len(text) < 100)[:4000]
TITLE_WRITTEN = written(TITLE)
KINDS = {"ports", "incidents", "border", "roads", "places", "water", "jurisdictions", "entries"}
TRAVEL = {"routes", "reach"}
SETTLE = "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 60)))"
# For each feature of each layer: which of its own text no element of its card has as a whole.
MISREAD = """([name, given, step = 1]) => {
  const stage = roxham.stageOf(window[name]);
  const missing = [];
  const seen = {};
  for (const { roxham: { layer } } of stage.known) {
    seen[layer.kind] = (seen[layer.kind] ?? 0) + layer.n;
    const texts = Array.isArray(given) ? given : given[layer.kind] ?? [''];
    for (let i = 0; i < layer.n; i += step) {
      const text = texts[i % texts.length];
      const card = roxham.painters[layer.kind].popup(layer, i);
      const whole = [...card.querySelectorAll('*')].some((node) => node.textContent === text);
      // The areas reached have sources of their own; their names stand within a sentence.
      const within = layer.kind === 'reach' && card.textContent.includes(text);
      if (!text || whole || within) continue;
      missing.push([layer.kind, i, text.slice(0, 60), card.textContent.slice(0, 200)]);
    }
  }
  return [seen, missing];
}"""
# Opens features all over the corpus in turn, and asks each for the name that a pointer shows.
READ = """(name) => {
  const map = window[name];
  const stage = roxham.stageOf(map);
  const names = [];
  stage.draw = () => {};  // a card that moves the map need not draw all of it
  for (let k = 0; k < 60; k += 1) {
    const { layer } = stage.known[k % stage.known.length].roxham;
    const i = (k * 6) % layer.n;
    stage.open(layer, i, map.getCenter());
    names.push(roxham.painters[layer.kind].name?.(layer, i));
  }
  delete stage.draw;
  stage.draw();
  return names.filter((found) => (found ?? null) !== null && typeof found !== 'string');
}"""
WHOLE = """(texts) => {
  const counts = new Map();
  for (const node of document.body.querySelectorAll('*')) {
    if (['SCRIPT', 'STYLE', 'NOSCRIPT'].includes(node.tagName)) continue;
    const text = node.textContent.trim();
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return texts.map((text) => counts.get(text.trim()) ?? 0);
}"""
TAGS = "[...new Set([...document.querySelectorAll('*')].map((e) => e.localName))].sort()"
TRACES = """[
  window.pwned, ({}).pwned, Object.keys(Object.prototype), Object.keys(Array.prototype),
  [...document.querySelectorAll('*')].flatMap((e) => e.getAttributeNames())
    .filter((name) => name.startsWith('on') || name === 'srcdoc' || name === 'formaction'),
  [...document.querySelectorAll('[href], [src], [action]')]
    .map((e) => e.getAttribute('href') ?? e.getAttribute('src') ?? e.getAttribute('action'))
    .filter((url) => !/^(https?:|#|data:image.(png|svg))/.test(url)),
]"""


def unasked(drawn: folium.Map, path: Path) -> Path:
    """Write a page whatever the rules of publication say of its texts."""
    path.write_text(page_html(drawn), encoding="utf-8")
    return path


def harmless(opened: Opened) -> None:
    """Nothing ran, asked, complained, or left a trace in the page or in its prototypes."""
    opened.page.evaluate(SETTLE)
    assert opened.page.evaluate(TRACES) == [None, None, [], [], [], []]
    opened.quiet()


def harmless_in_firefox(window: Firefox, path: Path, own: Sequence[str] | dict[str, Any]) -> None:
    """Open a page in Firefox, too: its cards read as written, and nothing ran or complained."""
    window.said.clear()
    window.open(path.as_uri())
    seen, missing = window.evaluate(f"({MISREAD})({json.dumps(['map_roxham', own, 10])})")
    assert seen
    assert missing == []
    assert window.evaluate(f'({READ})("map_roxham")') == []
    window.evaluate(UNFOLD)
    window.settle()
    assert window.evaluate(TRACES) == [None, None, [], [], [], []]
    assert window.said == []


# Asks how far it was between places all over the list, and draws each chart of gates.
ASK = """(async () => {
  const said = [];
  const pick = (id, i) => {
    const chooser = document.querySelector(id);
    chooser.selectedIndex = i % chooser.options.length;
    chooser.dispatchEvent(new Event('change', { bubbles: true }));
  };
  document.querySelector('#rx-ask-draw').click();
  for (let k = 1; k < 60; k += 4) {
    pick('#rx-ask-from', k);
    pick('#rx-ask-to', 7 * k + 2);
    pick('#rx-entry-port', k);
    await new Promise((done) => setTimeout(done, 5));
    said.push(document.querySelector('.rx-ask-answer').textContent);
  }
  const named = [...document.querySelectorAll('#rx-entry-port option')].map((o) => o.textContent);
  return [named.join(' '), said.join(' ')];
})()"""
UNFOLD = "document.querySelectorAll('details').forEach((d) => { d.open = true; })"


def unfold(page: Page) -> None:
    page.evaluate(UNFOLD)


def worded(row: samples.Filled, keep: Sequence[str] = ()) -> list[samples.Filled]:
    return samples.hostile_rows(row, CORPUS, keep)


def travel() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return a route and an area for each text."""
    route: samples.Filled = dict.fromkeys(
        ["origin", "destination", "gate", "gate_name", "gate_name_fr", "roads", "rule", "rule_fr"],
        "a",
    )
    route |= {"on": "2023-03-24", "length_m": 9000.0, "travel_time_s": 600.0, "gate_kind": "site"}
    route |= {"length_ca_m": 1.0, "length_us_m": 2.0, "walk_m": 45.0, "schematic": True}
    area: samples.Filled = {"origin": "a", "origin_fr": "a", "minutes": 15, "direction": "a"}
    area |= {"on": None, "reached_km": 1.5, "area_km2": 2.5, "buffer_m": 250}
    routes, areas = worded(route, ["on"]), worded(area)
    lines = [LineString([(-73.9, 45 + k / 800), (-73.4, 45)]) for k in range(len(routes))]
    return (
        samples.frame(routes, lines),
        samples.frame(areas, [box(-73.6, 45, -73.5, 45.1) for _ in areas]),
    )


@pytest.fixture(scope="module")
def hostile_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    routes, areas = travel()
    layers, base = samples.layers(CORPUS), samples.base(CORPUS)
    page = border_map(layers, base=base, title=TITLE, routes=routes, reach=areas)
    return unasked(page, tmp_path_factory.mktemp("page") / "hostile.html")


@pytest.fixture
def usual_tags(open_page: Open, tmp_path: Path) -> list[str]:
    """Return the names of the elements of a page whose texts are all harmless."""
    layers, base = samples.layers(["a", "b"]), samples.base(["a", "b"])
    routes, areas = travel()
    page = border_map(layers, base=base, routes=routes[-2:], reach=areas[-2:])
    opened = open_page(unasked(page, tmp_path / "usual.html"))
    unfold(opened.page)
    opened.page.evaluate(READ, "map_roxham")
    tags: list[str] = opened.page.evaluate(TAGS)
    return tags


def test_the_corpus_is_large_and_has_every_sort() -> None:
    assert len(set(WRITTEN)) >= 300
    assert {"__proto__", "{{ 7*7 }}", "=1+1", "\ud800", "a\x00b"} <= {*CORPUS}


def test_nothing_runs_and_everything_reads_as_written(
    open_page: Open, firefox: Firefox, hostile_page: Path, usual_tags: list[str]
) -> None:
    opened = open_page(hostile_page)
    page = opened.page
    for language, step in (("Français", 20), ("English", 1)):
        page.get_by_role("button", name=language).click()
        assert page.locator("h1").text_content() == TITLE_WRITTEN
        assert page.title() == " ".join(TITLE_WRITTEN.split())
        seen, missing = page.evaluate(MISREAD, ["map_roxham", WRITTEN, step])
        assert seen.keys() == KINDS | TRAVEL
        assert all(count >= len(CORPUS) for count in seen.values())
        assert missing == []
    assert page.evaluate(READ, "map_roxham") == []
    unfold(page)
    counts = page.evaluate(WHOLE, WRITTEN)
    rare = [t for t, n in zip(WRITTEN, counts, strict=True) if t.strip() and n < 10]
    assert rare == []
    assert page.evaluate(TAGS) == usual_tags
    harmless(opened)
    harmless_in_firefox(firefox, hostile_page, WRITTEN)


def test_names_of_layers_are_text_in_both_controls(open_page: Open, tmp_path: Path) -> None:
    page = folium.Map(location=[45, -73.5], tiles=None)
    short = [text for text in CORPUS if len(text) <= 1000 and not NO_LETTER.search(text)]
    with pytest.raises(DataError, match="name: holds characters that stand for none"):
        PlaceLayer(samples.base().places, name="half \ud800")
    named = [" ".join(short[k : k + 4]) for k in range(0, len(short), 4)]
    for text in named:
        PlaceLayer(samples.base().places, name=text).add_to(page)
    Legend().add_to(page)
    folium.LayerControl().add_to(page)
    opened = open_page(unasked(page, tmp_path / "a.html"), ready=".rx-legend")
    shown = [written(text) for text in named]
    names = opened.page.locator(".rx-legend-name span").all_text_contents()
    assert [name for name, text in zip(names, shown, strict=True) if text and name != text] == []
    control = opened.page.locator(".leaflet-control-layers").text_content() or ""
    assert [text for text in shown if text not in control] == []
    harmless(opened)


def test_our_layers_on_any_map_read_as_written(open_page: Open, tmp_path: Path) -> None:
    page = folium.Map(location=[45, -73.5], tiles=None)
    base, routes = samples.base(CORPUS), travel()
    features = base.places.rename(columns={"name": CORPUS[6]})
    layers: list[Element] = [
        RoadLayer(base.roads, name=CORPUS[0]),
        PlaceLayer(base.places, name=CORPUS[1]),
        PortLayer(samples.layers(CORPUS).ports, name=CORPUS[2]),
        RouteLayer(routes[0], name=CORPUS[3]),
        ReachLayer(routes[1], name=CORPUS[4]),
        FeatureLayer(features, name=CORPUS[5], columns={CORPUS[6]: CORPUS[7]}, by=CORPUS[6]),
        Legend(),
    ]
    for layer in layers:
        layer.add_to(page)
    opened = open_page(unasked(page, tmp_path / "a.html"), ready=".rx-legend")
    name = opened.page.evaluate("Object.keys(window).find((key) => key.startsWith('map_'))")
    _, missing = opened.page.evaluate(MISREAD, [name, WRITTEN])
    assert missing == []
    assert opened.page.evaluate(READ, name) == []
    harmless(opened)


def test_text_in_columns_of_numbers_breaks_nothing(open_page: Open, tmp_path: Path) -> None:
    def filled(frame: gpd.GeoDataFrame, keep: Sequence[str] = ()) -> gpd.GeoDataFrame:
        words = pd.Series(CORPUS, dtype=object)
        names = [name for name in frame.columns if name not in ("geometry", *keep)]
        return frame[: len(CORPUS)].assign(**dict.fromkeys(names, words))

    base, layers = samples.base(CORPUS), samples.layers(CORPUS)
    page = folium.Map(location=[45, -73.5], tiles=None)
    drawn: list[Element] = [
        RoadLayer(filled(base.roads)),
        PlaceLayer(filled(base.places)),
        PortLayer(filled(layers.ports)),
        Legend(),
    ]
    for layer in drawn:
        layer.add_to(page)
    opened = open_page(unasked(page, tmp_path / "a.html"), ready=".rx-legend")
    name = opened.page.evaluate("Object.keys(window).find((key) => key.startsWith('map_'))")
    opened.page.evaluate(MISREAD, [name, WRITTEN])
    opened.page.evaluate(READ, name)
    harmless(opened)


# files of one's own, through the command


def write_csv(path: Path, rows: Sequence[samples.Filled]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def example(table: str) -> samples.Filled:
    """Return the made-up row of a template, no longer to be known for it."""
    row = {str(name): cell for name, cell in template(table).iloc[0].items()}
    return {name: "Mine" if cell == MADE_UP.get(name) else cell for name, cell in row.items()}


def in_a_file(text: str) -> bool:
    """Whether a cell of a file can hold it: no file has halves of pairs, nor ours a NUL."""
    return bool(text.strip()) and not any(c == "\x00" or "\ud800" <= c <= "\udfff" for c in text)


def test_files_of_ones_own_read_as_written(
    open_page: Open, firefox: Firefox, run: Run, tmp_path: Path
) -> None:
    texts = [text for text in CORPUS if in_a_file(text)]
    incident, port, count = (example(table) for table in ("incidents", "ports", "counts"))
    free = ["place_name", "location_basis", "cause", "summary", "source_title", "note"]
    free += ["source_publisher", "source_date"]
    incidents = [
        {**incident, **dict.fromkeys(free, text), "id": f"{k} {text}", "date": "2022-05"}
        for k, text in enumerate(texts)
    ]
    words = ["ca_name", "us_name", "ca_road", "us_road", "hours_note", "note"]
    words += ["cbsa_code", "source_title", "source_publisher"]
    ports = [
        {**port, **dict.fromkeys(words, text), "port_id": f"{k} {text}"}
        for k, text in enumerate(texts)
    ]
    counts = [
        {**count, "period": f"{2011 + k % 8}", "province": "CA", "source_title": text, "note": text}
        for k, text in enumerate(texts[:8])
    ]
    write_csv(tmp_path / "ports.csv", ports)
    write_csv(tmp_path / "counts.csv", counts)
    features = [
        {
            "type": "Feature",
            "properties": {k: v for k, v in row.items() if k not in ("lat", "lon")},
            "geometry": {"type": "Point", "coordinates": [-73.5, 45.2]},
        }
        for row in incidents
    ]
    file = {"type": "FeatureCollection", "features": features}
    (tmp_path / "incidents.geojson").write_text(json.dumps(file), encoding="utf-8")
    title = "".join(text for text in texts if len(text) < 100)[:4000]
    said = run(
        *("map", "--title", title, "--incidents", "incidents.geojson", "--ports", "ports.csv"),
        *("--counts", "counts.csv", "--skip-bad-rows", "-o", "a.html"),
        *("--allow", "figures=these counts are made up", "--by", "a test"),
        *("--allow", "small-cells=these counts are made up"),
        *("--allow", "places=these ports are made up"),
    )
    assert said.code == 0, said.err[:2000]
    opened = open_page(tmp_path / "a.html")
    page = opened.page
    # Cells are read without the space around them, and a midnight of GeoJSON as its day.
    read = [written(text).strip() for text in texts]
    own = {"incidents": [text.removesuffix("T00:00:00Z") for text in read], "ports": read}
    seen, missing = page.evaluate(MISREAD, ["map_roxham", own])
    assert {kind: seen[kind] for kind in own} == {kind: len(own[kind]) for kind in own}
    assert missing == []
    assert page.locator("h1").text_content() == written(without_secrets(title))
    page.evaluate(READ, "map_roxham")
    unfold(page)
    harmless(opened)
    harmless_in_firefox(firefox, tmp_path / "a.html", own)


KEPT = {*PROMISED, *NEEDED}
"""Messages that a region may not word, or not as it likes."""


def hostile_region(texts: Sequence[str]) -> Region:
    """Return the first region with hostile texts for all words that it may have of its own."""
    region = read_region("roxham")
    assert region.details is not None
    with using_region(region):
        own = [key for key in messages()["en"] if key not in KEPT]
    free = [
        key
        for key in own
        if not key.startswith(("language.l", "language.d", "date.", "disclaimer."))
    ]
    words = {key: texts[k % len(texts)] for k, key in enumerate(free)}
    details = region.details.model_copy(update={"words": {"en": words}, "languages": ("en",)})
    return replace(region, details=details)


def test_words_of_a_region_a_mapping_and_a_series_read_as_written(
    open_page: Open, firefox: Firefox, tmp_path: Path
) -> None:
    texts = [text for text in CORPUS if in_a_file(text) and len(text) < 200]
    plain = (" ".join(written(text).split()) for text in texts)
    shown = list(dict.fromkeys(text.removesuffix("T00:00:00Z") for text in plain))
    areas = [f"{text}." for text in shown]  # of which none is a code
    of = ["period", "measure", "area", "place", "count"]
    theirs = dict(zip(of, texts, strict=False))
    rows = pd.DataFrame(
        {
            theirs["period"]: "2018-05",
            **{theirs[name]: shown for name in ("measure", "place")},
            theirs["area"]: areas,
            theirs["count"]: [str(400 + k) for k in range(len(shown))],
        }
    )
    source = {"title": texts[5], "publisher": texts[6], "url": "https://example.org/a"}
    mapping = {"as": "counts", "columns": theirs, "areas": areas, "source": source}
    region = hostile_region(texts)
    with using_region(region):
        layers = load_layers(counts=rows, mappings={"counts": mapping})
        assert layers.rejected["found"].tolist() == []
        named = [f"{text} {shown[k - 1]}" for k, text in enumerate(shown)][: len(layers.ports)]
        ports = layers.ports.assign(us_name=named, ca_name=named)
        entries = layers.tables["entries"]
        told = dict(zip(entries["port_name"].unique(), named, strict=False))
        entries = entries.assign(port_name=entries["port_name"].map(told))
        drawn = border_map(layers.with_tables(ports=ports, entries=entries))
    opened = open_page(unasked(drawn, tmp_path / "a.html"))
    page = opened.page
    chooser = page.locator("#rx-chart-choice select")
    options = chooser.locator("option").all_text_contents()[-len(shown) :]
    assert options == [f"{text}, {text}, {text}." for text in shown]
    for k in range(1, len(shown) + 1, 25):
        chooser.select_option(f"own-{k}")
        name = f"{shown[k - 1]}, {shown[k - 1]}, {shown[k - 1]}."
        assert page.locator("#rx-chart-title").text_content() == name
    assert region.details is not None
    said = {written(region.details.words["en"][key]) for key in ("areas.title", "tables.title")}
    titles = {str(title).strip() for title in page.locator("h2").all_text_contents()}
    assert {" ".join(text.split()) for text in said} <= {" ".join(t.split()) for t in titles}
    unfold(page)
    harmless(opened)
    harmless_in_firefox(firefox, tmp_path / "a.html", {})
    gates, answers = firefox.evaluate(ASK)
    assert any(text in gates for text in named)
    assert any(text in answers for text in named)
    assert firefox.evaluate(TRACES) == [None, None, [], [], [], []]
    last = f"document.querySelector('#rx-chart-choice select').value = 'own-{len(shown)}'"
    chosen = "dispatchEvent(new Event('change', { bubbles: true }))"
    firefox.evaluate(f"({last}, document.querySelector('#rx-chart-choice select').{chosen})")
    title = firefox.evaluate("document.querySelector('#rx-chart-title').textContent")
    assert title == f"{shown[-1]}, {shown[-1]}, {shown[-1]}."


@pytest.mark.parametrize("name", ["a.csv", "a.geojson"])
def test_a_file_with_a_nul_is_refused_and_not_cut_off(run: Run, tmp_path: Path, name: str) -> None:
    row = example("incidents") | {"place_name": "a\x00b"}
    if name == "a.csv":
        write_csv(tmp_path / name, [row])
    else:
        point = {"type": "Point", "coordinates": [-73.5, 45.2]}
        feature = {"type": "Feature", "properties": row, "geometry": point}
        (tmp_path / name).write_text(json.dumps(feature), encoding="utf-8")
    said = run("map", "--incidents", name, "-o", "a.html")
    assert said.code == 2
    assert name in said.err
    assert not (tmp_path / "a.html").exists()
