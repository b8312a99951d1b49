"""Travel on the page: layers of two dates, tables in words, the switch, and the command."""

from __future__ import annotations

import io
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from PIL import Image, ImageChops
from playwright.sync_api import expect

from roxham.geo import Catchments, DataError, catchments, load_places, load_roads, reach
from roxham.layers import dated_routes, find_place, gates, load_ports
from roxham.maps import (
    CatchmentLayer,
    Legend,
    ReachLayer,
    RouteLayer,
    border_map,
    decode_layer,
    save_html,
)
from roxham.maps.elements.travel_layers import access_frame
from tests.maps import samples
from tests.maps.command import Run
from tests.maps.conftest import Open

DAYS = "2023-03-24", "2023-03-26"
HOSTILE = "<img src=x onerror=alert(1)>{{ 7*7 }}"


@pytest.fixture(scope="module")
def routes() -> gpd.GeoDataFrame:
    ends = find_place("Roxham Road"), find_place("chemin Roxham")
    found = [dated_routes(load_roads(), *ends, on=day) for day in DAYS]
    return gpd.GeoDataFrame(pd.concat(found, ignore_index=True), crs="EPSG:4326")


@pytest.fixture(scope="module")
def areas() -> gpd.GeoDataFrame:
    return reach(load_roads(), find_place("Plattsburgh"), minutes=(15, 30.5)).assign(on=None)


@pytest.fixture(scope="module")
def access() -> tuple[Catchments, Catchments]:
    ports, places = load_ports().rows, load_places().query("kind == 'city'")
    before, after = (catchments(load_roads(), gates(ports, on=day), places=places) for day in DAYS)
    return before, after


@pytest.fixture(scope="module")
def page(
    tmp_path_factory: pytest.TempPathFactory,
    routes: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    access: tuple[Catchments, Catchments],
) -> Path:
    drawn = border_map(routes=routes, reach=areas, access=access)
    return save_html(drawn, tmp_path_factory.mktemp("travel") / "page.html")


def cells(layer: Any, name: str) -> list[Any]:
    """Return a column of a layer's payload."""
    column = decode_layer(layer.payload)[name]
    return [None if pd.isna(cell) else cell for cell in column.tolist()]


def test_routes_say_of_which_date_they_are(routes: gpd.GeoDataFrame) -> None:
    layer = RouteLayer(routes)
    assert cells(layer, "when") == ["before", "after"]
    assert layer.payload["dates"] == {"before": DAYS[0], "after": DAYS[1]}
    assert layer.payload["schematic"] is True
    assert cells(layer, "confidence") == ["computed"] * 2
    alone = RouteLayer(routes[:1])
    assert "when" not in decode_layer(alone.payload)
    assert "dates" not in alone.payload
    # a route of one of two days is not shown on the other
    assert cells(RouteLayer(routes[1:], dates=DAYS), "when") == ["after"]
    with pytest.raises(DataError, match="2023-03-24, not of 2020-01-01 or 2020-01-02"):
        RouteLayer(routes[:1], dates=("2020-01-01", "2020-01-02"))
    three = pd.concat([routes, routes[:1].assign(on="2020-02-02")])
    with pytest.raises(DataError, match="3 dates"):
        RouteLayer(three)


def test_areas_reached_are_drawn_the_longest_first(areas: gpd.GeoDataFrame) -> None:
    layer = ReachLayer(areas)
    assert cells(layer, "minutes") == [30.5, 15]
    assert layer.payload["buffer_m"] == 250
    assert areas["minutes"].tolist() == [15, 30.5]


def test_catchments_of_two_dates_and_what_changed(access: tuple[Catchments, Catchments]) -> None:
    frame = access_frame(*access)
    assert frame["when"].unique().tolist() == ["before", "after", "change"]
    change = frame[frame["when"] == "change"]
    assert change["other_name"].unique().tolist() == ["Roxham Road"]
    assert change["other_name_fr"].unique().tolist() == ["Chemin Roxham"]
    assert (change["on"] == DAYS[1]).all()
    site = frame[frame["gate"] == "roxham-road"].iloc[0]
    assert (site["when"], site["gate_kind"]) == ("before", "irregular_site")
    assert "on foot" in site["rule"]
    # what changed looks like the gate that is nearest now; neighbours look different
    hue = frame.drop_duplicates("gate").set_index("gate")["hue"]
    assert (change["hue"] == change["gate"].map(hue)).all()
    for other in ("lacolle-champlain", "hemmingford-mooers"):
        assert hue["roxham-road"] != hue[other]
    one = CatchmentLayer(access[0])
    assert set(cells(one, "when")) == {None}
    assert "dates" not in one.payload


def test_neighbours_have_different_colours(access: tuple[Catchments, Catchments]) -> None:
    frame = access_frame(*access).to_crs("EPSG:32618")
    pairs = 0
    for when in ("before", "after"):
        areas = frame[frame["when"] == when]
        for i, j in combinations(range(len(areas)), 2):
            a, b = areas.iloc[i], areas.iloc[j]
            if a["geometry"].distance(b["geometry"]) < 500:
                pairs += 1
                assert a["hue"] != b["hue"], (a["gate"], b["gate"])
    assert pairs > 20


def test_a_route_that_stays_the_same_is_no_change(routes: gpd.GeoDataFrame) -> None:
    layer = RouteLayer(
        pd.concat([routes, routes.assign(destination="Elsewhere", gate="x", length_m=5.0)])
    )
    frame = decode_layer(layer.payload)
    same = frame[frame["destination"] == "Elsewhere"]["same"]
    assert same.all()
    assert not frame[frame["destination"] != "Elsewhere"]["same"].any()


def test_catchments_that_cannot_be_drawn(access: tuple[Catchments, Catchments]) -> None:
    before, after = access
    with pytest.raises(DataError, match="no areas"):
        CatchmentLayer(before._replace(areas=None))
    with pytest.raises(DataError, match="not an earlier and a later day"):
        CatchmentLayer(after, before)


def test_routes_of_other_days_than_the_switch_are_refused(
    routes: gpd.GeoDataFrame, access: tuple[Catchments, Catchments]
) -> None:
    with pytest.raises(DataError, match="2020-01-01"):
        border_map(
            samples.layers(),
            base=samples.base(),
            routes=routes.assign(on="2020-01-01"),
            access=access,
        )


def test_the_tables_stand_without_a_script(page: Path) -> None:
    text = page.read_text()
    section = text[text.index('id="rx-travel-title"') :]
    section = re.sub(r"<script.*?</script>", "", section[: section.index("</section>")])
    for said in ("schematic corridor", "corridor schématique", "Roxham Road", "Chemin Roxham"):
        assert said in section
    numbers = re.findall(r'<data value="([\d.]+)"(?: data-digits="(\d)")?', section)
    assert ("45.147", "") in [(f"{float(v):.3f}", d) for v, d in numbers]
    assert any(float(v) == pytest.approx(16.017) for v, _ in numbers)
    assert ("30.5", "1") in numbers  # and no 30
    assert "None has a longer or a shorter way" in section
    assert "no gate is passed" in section


def test_without_travel_there_is_no_section_and_transfers_are_told_as_ranges() -> None:
    layers = samples.layers()
    told = layers.transfers.assign(count=pd.NA, precision="suppressed", low=0, high=5)
    drawn = border_map(layers.with_tables(transfers=told), base=samples.base())
    html = drawn.get_root().render()
    assert "rx-travel-title" not in html
    assert '<td class="rx-right">0–5</td>' in html[html.index('data-table="transfers"') :]


def test_hostile_names_stay_text(routes: gpd.GeoDataFrame, tmp_path: Path) -> None:
    words = routes.assign(**dict.fromkeys(["origin", "gate_name", "roads", "rule"], HOSTILE))
    drawn = border_map(samples.layers(), base=samples.base(), routes=words)
    text = save_html(drawn, tmp_path / "a.html").read_text()
    assert "<img src=x" not in text
    assert "49" not in re.findall(r"\{\{ 7\*7 \}\}|>49<", text)


# the command


def test_the_map_with_routes_reach_and_two_dates(run: Run) -> None:
    said = run(
        *("map", "--routes", "Plattsburgh -> Montréal", "--routes", "plattsburgh → chemin roxham"),
        *("--reach", "roxham", "--minutes", "10", "--access", ",".join(DAYS), "-o", "a.html"),
    )
    assert said.code == 0, said.err
    text = Path("a.html").read_text()
    for kind in ("routes", "reach", "catchments"):
        assert f'"kind":"{kind}"' in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--routes", "A"], "is not two places"),
        (["--routes", "Plattsburgh → Montréal"], "--routes: is of no day"),
        (["--routes", "Plattsburgh → Richmond", "--on", "2023-01-01"], "may be any of"),
        (["--reach", "Timbuktu"], "nothing is called so"),
        (["--access", "2023-03-24"], "is not two days"),
        (["--access", "2023-03-26,2023-03-24"], "Swap them"),
        (["--access", "2023-03-26,9999-01-01"], "in the future"),
        (["--on", "2023-02-30", "--reach", "roxham"], "is not a day"),
        (["--reach", "roxham", "--minutes", "0"], "is not a list of minutes"),
        (["--reach", "2.35,48.85"], "no road within"),
        (
            ["--routes", "chemin roxham → Roxham Road", "--on", "2023-03-24", "--access", "x"],
            "not two days",
        ),
    ],
)
def test_what_cannot_be_drawn_is_told_and_nothing_written(
    run: Run, words: list[str], message: str
) -> None:
    said = run("map", *words, "-o", "a.html")
    assert said.code == 2
    assert message in said.err
    assert not Path("a.html").exists()


def test_all_faults_of_the_travel_options_at_once(run: Run) -> None:
    said = run("map", "--routes", "A", "--reach", "Timbuktu", "--access", "x", "--minutes", "y")
    assert said.code == 2
    options = [line.split(":")[0] for line in said.err.splitlines()]
    assert {"--routes", "--reach", "--access", "--minutes"} <= set(options)


# in a browser

SHOWN = """() => Object.fromEntries(roxham.stageOf(map_roxham).layers
  .filter((layer) => layer.extra.dates)
  .map((layer) => [layer.kind, [...new Set(Array.from({ length: layer.n }, (_, i) => i)
    .filter((i) => layer.shown[i]).map((i) => layer.value(i, 'when')))]]))"""
OPEN = """(kind) => { const stage = roxham.stageOf(map_roxham);
  const layer = stage.layers.find((one) => one.kind === kind);
  stage.open(layer, Array.from({ length: layer.n }, (_, i) => i)
    .find((i) => !layer.shown || layer.shown[i])); }"""
PICTURE = "document.querySelector('.rx-canvas').toDataURL()"
SETTLE = "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 60)))"


@pytest.mark.browser
def test_the_switch_by_keyboard_the_popups_and_both_languages(open_page: Open, page: Path) -> None:
    opened = open_page(page)
    tab = opened.page
    radios = tab.get_by_role("radio")
    expect(tab.get_by_role("group", name="Gates that were open")).to_be_visible()
    assert [box.is_checked() for box in radios.all()] == [True, False, False, False]
    assert tab.evaluate(SHOWN) == {"routes": ["before"], "catchments": ["before"]}
    pictures = {tab.evaluate(PICTURE)}
    radios.first.focus()
    for state, shown in (
        ("after", ["after"]),
        ("change", ["change"]),
        ("swipe", ["before", "after"]),
    ):
        tab.keyboard.press("ArrowRight")
        tab.evaluate(SETTLE)
        assert tab.evaluate(SHOWN)["catchments"] == shown
        assert tab.locator(".rx-when input:checked").get_attribute("value") == state
        pictures.add(tab.evaluate(PICTURE))
    assert len(pictures) == 4
    tab.keyboard.press("ArrowLeft")
    tab.evaluate(SETTLE)
    assert tab.evaluate(SHOWN)["routes"] == ["before", "after"]
    expect(tab.locator(".rx-when-hint")).to_contain_text("Cross-hatched")
    labels = tab.evaluate("roxham.stageOf(map_roxham).labels")
    assert any(label.startswith("Roxham Road") for label in labels), labels
    card = tab.locator(".leaflet-popup .rx-card").last  # the one before fades
    said = {
        "routes": ("schematic", "Roxham Road → Chemin Roxham", "On foot", "45 m"),
        "reach": ("minutes from Plattsburgh", "no gate is passed", "Free flow"),
        "catchments": ("Roxham Road → ", "Another nearest gate", "schematic"),
    }
    for kind, words in said.items():
        state = "after" if kind == "reach" else "change"  # an area of one day is no change
        tab.locator(f".rx-when input[value={state}]").check()
        tab.evaluate(SETTLE)
        tab.evaluate(OPEN, kind)
        for text in words:
            expect(card).to_contain_text(text, ignore_case=True)
        expect(card.locator(".rx-source a")).to_have_count(1)
    tab.click("[data-set-language=fr]")
    expect(tab.locator(".rx-when")).to_contain_text("Avant : 24 mars 2023")
    expect(tab.locator(".rx-when-hint")).to_contain_text("Hachures croisées")
    expect(tab.locator("#rx-travel-title")).to_contain_text("Trajets")
    tab.locator("button[data-feature=routes]").first.click()
    expect(card).to_contain_text("le 24 mars 2023", ignore_case=True)
    box = tab.locator("#rx-legend input[data-layer=catchments]")
    before = tab.evaluate(PICTURE)
    box.uncheck()
    tab.evaluate(SETTLE)
    assert tab.evaluate(PICTURE) != before
    assert tab.evaluate("document.documentElement.scrollWidth") <= 1280
    opened.quiet()


ALONE = """() => {
  const stage = roxham.stageOf(map_roxham);
  stage.layers = stage.layers.filter((layer) => layer.kind === "catchments");
  stage.writeLabels = () => Object.assign(stage, { labels: [], placed: [] });
}"""
"""Leaves the catchments alone on the map, without names."""


@pytest.mark.browser
def test_what_changed_leaves_out_areas_of_one_day(open_page: Open, page: Path) -> None:
    tab = open_page(page).page
    shown = """() => { const { layers } = roxham.stageOf(map_roxham);
      const reach = layers.find((one) => one.kind === 'reach');
      return Array.from({ length: reach.n }, (_, i) => !reach.shown || reach.shown[i] === 1); }"""
    everything = tab.evaluate(shown)
    assert len(everything) > 0
    assert all(everything)
    hint = tab.locator(".rx-when-hint")
    for state, seen in (("change", False), ("after", True), ("swipe", True)):
        tab.locator(f".rx-when input[value={state}]").check()
        assert set(tab.evaluate(shown)) == {seen}, state
        assert ("for one day only" in hint.inner_text()) is not seen


@pytest.mark.browser
def test_two_days_side_by_side(open_page: Open, page: Path) -> None:
    """Left of the divider stands the earlier day alone, right of it the later one alone."""
    tab = open_page(page).page

    def half(*, left: bool) -> Image.Image:
        tab.evaluate("map_roxham.getContainer().scrollIntoView({ block: 'center' })")
        size = tab.locator("#map_roxham").bounding_box()
        assert size is not None
        x = size["x"] + (180 if left else size["width"] / 2 + 20)
        clip = {"x": x, "y": size["y"] + 60, "width": 180.0, "height": 400.0}
        tab.evaluate("roxham.stageOf(map_roxham).hover.hidden = true")
        shot = tab.screenshot(clip=clip)  # type: ignore[arg-type]
        return Image.open(io.BytesIO(shot)).convert("L")

    def apart(one: Image.Image, other: Image.Image) -> float:
        """Return the share of pixels that differ by more than the edges of what is clipped do."""
        pixels = np.asarray(ImageChops.difference(one, other))
        return float((pixels > 48).mean())

    tab.evaluate(ALONE)

    tab.evaluate("map_roxham.setView([45.02, -73.51], 12, { animate: false })")
    seen: dict[str, tuple[Image.Image, Image.Image]] = {}
    for state in ("before", "after", "swipe"):
        tab.locator(f".rx-when input[value={state}]").check()
        tab.evaluate(SETTLE)
        seen[state] = (half(left=True), half(left=False))
    days = (seen["before"], seen["after"])
    assert apart(seen["swipe"][0], seen["before"][0]) < 0.002 < apart(*(s[0] for s in days))
    assert apart(seen["swipe"][1], seen["after"][1]) < 0.002 < apart(*(s[1] for s in days))
    divider = tab.get_by_role("slider", name="Divider between the two days")
    divider.focus()
    for _ in range(5):
        tab.keyboard.press("PageDown")
    tab.evaluate(SETTLE)
    assert apart(half(left=True), seen["before"][0]) > 0.002


@pytest.mark.browser
def test_the_switch_is_in_the_address(open_page: Open, page: Path) -> None:
    tab = open_page(page).page
    tab.locator(".rx-when input").nth(2).check()
    expect(tab).to_have_url(re.compile("w=change"))
    link = tab.evaluate("location.hash")
    tab.goto("about:blank")
    tab.goto(page.as_uri() + link)
    tab.wait_for_selector(".rx-ready", state="attached")
    expect(tab.locator(".rx-when input:checked")).to_have_value("change")
    assert tab.evaluate(SHOWN)["catchments"] == ["change"]
    tab.evaluate("location.hash = 't=2023-03'")
    expect(tab.locator(".rx-when input:checked")).to_have_value("before")


@pytest.mark.browser
def test_on_any_map_the_legend_holds_the_switch_and_few_gates_are_named(
    open_page: Open, routes: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    own = folium.Map([45.0, -73.5], tiles=None, zoom_start=7)  # a border of hundreds of km
    few = gates(on=DAYS[1])[:2]
    nearest = CatchmentLayer(catchments(load_roads(), few))
    for element in (nearest, RouteLayer(routes), Legend()):
        element.add_to(own)
    opened = open_page(save_html(own, tmp_path / "own.html"), ready=".rx-legend")
    choice = opened.page.locator(".rx-legend-box .rx-when input[type=radio]")
    expect(choice).to_have_count(4)
    the_map = "window[Object.keys(window).find((name) => name.startsWith('map_'))]"
    labels = opened.page.evaluate(f"roxham.stageOf({the_map}).labels")
    assert set(cells(nearest, "gate_name")) & set(labels)
    choice.nth(1).check()
    expect(choice.nth(1)).to_be_checked()
    expect(opened.page.locator(".rx-legend-ground")).to_have_count(0)  # there is none below
    assert opened.said == []
