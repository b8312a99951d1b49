"""The page in Chromium, from disk, with the network off."""

import re
from pathlib import Path

import folium
import pytest
from playwright.sync_api import Page, expect

from roxham.maps import border_map, save_html
from tests.maps import samples
from tests.maps.conftest import Open
from tests.maps.page.test_page import plain_map

pytestmark = pytest.mark.browser

PICTURE = "document.querySelector('.rx-canvas').toDataURL()"
POINTS_AT = """() => {
  const stage = roxham.stageOf(map_roxham);
  const frame = map_roxham.getContainer().getBoundingClientRect();
  const { x: w, y: h } = map_roxham.getSize();
  const found = {};
  for (let y = 4; y < h; y += 6) for (let x = 4; x < w; x += 6) {
    const kind = stage.find(L.point(x, y))?.layer.kind;
    if (!kind || found[kind]) continue;
    // A frame may stand at a part of a pixel: not the very edge.
    const around = [[-1, -1], [1, -1], [-1, 1], [1, 1]].map(([dx, dy]) => L.point(x + dx, y + dy));
    if (!around.every((at) => stage.find(at)?.layer.kind === kind)) continue;
    const top = document.elementFromPoint(x + frame.left, y + frame.top);
    if (!top?.closest('.leaflet-control')) found[kind] = { x, y };
  }
  return found;
}"""
SETTLE = "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 60)))"
KINDS = ["ports", "entries", "incidents", "border", "roads", "places", "water", "jurisdictions"]


@pytest.fixture(scope="module")
def sample_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = border_map(samples.layers(), base=samples.base())
    return save_html(page, tmp_path_factory.mktemp("page") / "sample.html")


def popup_text(page: Page) -> str:
    return page.locator(".leaflet-popup-content").inner_text()


def test_the_default_page_opens_in_silence(open_page: Open, default_page: Path) -> None:
    opened = open_page(default_page)
    expect(opened.page.locator("h1")).to_contain_text("Roxham Road")
    labels = opened.page.evaluate("roxham.stageOf(map_roxham).labels")
    assert labels.count("Roxham Road") == 1
    assert {"Montréal", "Hemmingford", "Lacolle", "Champlain", "Rouses Point", "Plattsburgh"} <= {
        *labels
    }
    opened.quiet()


def test_a_narrow_view_says_where_it_lies(open_page: Open, default_page: Path) -> None:
    opened = open_page(default_page)
    small = opened.page.locator(".rx-locator canvas")
    expect(small).to_have_count(0)
    opened.page.locator("[data-view=site]").click()
    expect(small).to_be_visible()
    site = opened.page.evaluate(
        "getComputedStyle(map_roxham.getContainer()).getPropertyValue('--rx-site')"
    )
    # The frame around the site stands where the site is: west of the middle, below half.
    spots = small.evaluate(
        """(canvas, site) => {
      const [r, g, b] = site.trim().slice(1).match(/../g).map((two) => parseInt(two, 16));
      const { width, height } = canvas;
      const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
      const found = [];
      for (let k = 0; k < data.length; k += 4) {
        const [x, y] = [(k / 4) % width, Math.floor(k / 4 / width)];
        const same = data[k] === r && data[k + 1] === g && data[k + 2] === b;
        if (same) found.push([x / width, y / height]);
      }
      return found;
    }""",
        site,
    )
    across, down = zip(*spots, strict=True)
    (west, east), north, south = (-75.1, -71.1), 45.7, 44.4
    centre = ((-73.495 - west) / (east - west), (north - 45.0075) / (north - south))
    assert abs((min(across) + max(across)) / 2 - centre[0]) < 0.03
    assert abs((min(down) + max(down)) / 2 - centre[1]) < 0.06
    opened.page.locator("[data-view=region]").click()
    expect(small).to_have_count(0)
    opened.quiet()


def test_heads_of_tables_stand_on_each_printed_page(open_page: Open, default_page: Path) -> None:
    page = open_page(default_page).page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    styles = page.evaluate("""() => [...document.querySelectorAll('.rx-table thead .rx-sort')]
      .map((head) => getComputedStyle(head).display)""")
    assert set(styles) == {"contents"}  # a button of its own box is not painted again
    heads = "[...document.querySelectorAll('thead')].map((one) => getComputedStyle(one).display)"
    assert set(page.evaluate(heads)) == {"table-header-group"}


def test_every_layer_toggles_and_something_changes(open_page: Open, default_page: Path) -> None:
    opened = open_page(default_page)
    for kind in KINDS:
        box = opened.page.locator(f"#rx-legend input[data-layer={kind}]")
        before = opened.page.evaluate(PICTURE)
        box.uncheck()
        opened.page.evaluate(SETTLE)
        without = opened.page.evaluate(PICTURE)
        assert without != before, kind
        box.check()
        opened.page.evaluate(SETTLE)
        assert opened.page.evaluate(PICTURE) == before, kind
    opened.quiet()


def test_a_layer_put_on_the_map_twice_is_drawn_once(open_page: Open, sample_page: Path) -> None:
    opened = open_page(sample_page)
    counts = opened.page.evaluate("""() => {
      const stage = roxham.stageOf(map_roxham);
      const before = stage.layers.length;
      stage.known.forEach((layer) => layer.onAdd(map_roxham));
      return [before, stage.layers.length];
    }""")
    assert counts[0] == counts[1] > 0
    opened.quiet()


def test_a_click_on_each_kind_opens_its_popup(open_page: Open, default_page: Path) -> None:
    opened = open_page(default_page)
    points = opened.page.evaluate(POINTS_AT)
    assert sorted([*points, "jurisdictions"]) == sorted(KINDS)  # empty land says nothing
    opened.page.evaluate("window.first = [map_roxham.getCenter(), map_roxham.getZoom()]")
    for kind, at in points.items():
        opened.page.locator("#map_roxham").click(position=at)
        card = opened.page.locator(".leaflet-popup .rx-card")
        expect(card).to_have_count(1)
        told = card.locator("dd").all_inner_texts()
        assert not {"false", "true", "null", "undefined"} & set(told), kind
        sources = card.locator(".rx-source a").all()
        assert len(sources) == 1 + ("copy" in card.locator(".rx-source").inner_text()), kind
        for source in sources:
            assert str(source.get_attribute("href")).startswith("http")
            assert source.get_attribute("rel") == "noreferrer"  # and so no opener
        # The popup may have moved the map; the points hold for the first view.
        opened.page.evaluate("map_roxham.closePopup().setView(...first, { animate: false })")
        opened.page.evaluate(SETTLE)
    opened.quiet()


def test_roxham_road_tells_its_story_in_dates(open_page: Open, default_page: Path) -> None:
    page = open_page(default_page).page
    page.locator("details:has(#rx-ports-title) summary").click()
    page.get_by_role("button", name="Chemin Roxham (").click()
    text = popup_text(page)
    for words in ("January 2017", "March 21, 2020", "November 21, 2021", "March 25, 2023"):
        assert words in text


def test_both_languages_are_complete(open_page: Open, default_page: Path) -> None:
    opened = open_page(default_page)
    page = opened.page
    page.get_by_role("button", name="Français").click()
    page.evaluate(SETTLE)
    assert page.evaluate("document.documentElement.lang") == "fr"
    expect(page.locator("h1")).to_contain_text("le chemin Roxham")
    assert "chemin Roxham" in page.title()
    words = page.locator("body").inner_text().replace("\u00a0", " ").replace("\u202f", " ")
    assert "39 171" in words
    assert "39,171" not in words
    assert "25 mars 2023" in words
    assert "Chemin Roxham" in page.evaluate("roxham.stageOf(map_roxham).labels")
    page.get_by_role("button", name="English").click()
    page.evaluate(SETTLE)
    expect(page.locator("h1")).to_contain_text("Roxham Road and")
    opened.quiet()


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_is_wider_than_a_phone(open_page: Open, default_page: Path, dark: bool) -> None:
    opened = open_page(default_page, width=360, height=740, dark=dark)
    opened.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    for language in ("Français", "English"):
        opened.page.get_by_role("button", name=language).click()
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= 360
    opened.quiet()


def test_light_and_dark_differ(open_page: Open, sample_page: Path) -> None:
    pictures = {open_page(sample_page, dark=dark).page.evaluate(PICTURE) for dark in (False, True)}
    assert len(pictures) == 2


def test_the_chart_reads_by_keyboard(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page).page
    chart = page.get_by_role("slider", name="Interceptions by month")
    chart.focus()
    chart.press("Home")
    expect(page.locator(".rx-chart-readout")).to_have_text(
        "January 2022: Quebec 2,367; rest of Canada 16."
    )
    chart.press("ArrowRight")
    expect(page.locator(".rx-chart-readout")).to_contain_text("no monthly figure")
    expect(page.locator(".rx-chart-readout")).to_contain_text("all of 2022: 39,171")
    assert "no monthly figure" in str(chart.get_attribute("aria-valuetext"))
    # Two months have columns, the two others are gaps.
    assert page.locator("#rx-chart .rx-bar").count() == 2
    assert page.locator("#rx-chart rect[fill='url(#rx-gap)']").count() == 2


def test_a_province_without_a_figure_says_so(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page).page
    words = page.locator(".rx-areas-words")
    expect(words).to_contain_text("Canada, 2022: 39,540. Quebec 39,171 · Ontario 0.")
    page.get_by_label("Interceptions in").select_option("2021")
    expect(words).to_contain_text("Canada, 2021: no total. Quebec 4,095. No figure: Ontario.")


def test_a_row_of_the_table_opens_its_feature(open_page: Open, sample_page: Path) -> None:
    opened = open_page(sample_page)
    opened.page.locator("details:has(#rx-ports-title) summary").focus()
    opened.page.keyboard.press("Enter")
    opened.page.locator("button[data-feature=ports]").first.press("Enter")
    assert "Lacolle / Champlain" in popup_text(opened.page)
    opened.page.keyboard.press("Escape")
    expect(opened.page.locator(".leaflet-popup")).to_have_count(0)
    opened.quiet()


def test_tiles_wait_for_consent(open_page: Open, sample_page: Path) -> None:
    opened = open_page(sample_page)
    page = opened.page
    page.get_by_label("Background").select_option("osm")
    expect(page.locator(".rx-notice")).to_contain_text("tile.openstreetmap.org")
    page.get_by_role("button", name="Cancel").click()
    page.evaluate(SETTLE)
    opened.quiet()
    page.get_by_label("Background").select_option("osm")
    with page.expect_request("https://tile.openstreetmap.org/**"):
        page.get_by_role("button", name="Show the background").click()
    assert page.evaluate("window.violations") == []


def test_without_a_script_the_figures_are_there(browser: object, sample_page: Path) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(sample_page.as_uri())
    assert page.locator("#rx-figures-title").inner_text() == "What the numbers say"
    expect(page.locator(".rx-cards")).to_contain_text("39,171")
    said = page.locator("#rx-claim-2")
    expect(said.locator(".rx-verdict")).to_have_text(re.compile("✗ *Contradicted"))
    expect(said).to_contain_text("39,171 interceptions")
    expect(said).to_contain_text("The number printed is the 2022 count of Canada.")
    assert page.locator(".rx-claims > li").count() == 16
    page.locator(".rx-cards a[href='#rx-claim-2']").click()
    expect(said).to_be_in_viewport()
    context.close()


def test_a_plain_folium_map_draws_our_layers(open_page: Open, tmp_path: Path) -> None:
    page = plain_map()
    folium.LayerControl().add_to(page)
    opened = open_page(save_html(page, tmp_path / "a.html"), ready=".rx-legend")
    name = opened.page.evaluate("Object.keys(window).find((key) => key.startsWith('map_'))")
    stage = f"roxham.stageOf({name})"
    opened.page.evaluate(SETTLE)
    assert len(opened.page.evaluate(f"{stage}.layers.map((l) => l.kind)")) == 7
    opened.page.evaluate(f"{stage}.open({stage}.layers.at(-1), 0)")
    assert "Lacolle / Champlain" in popup_text(opened.page)
    opened.quiet()
