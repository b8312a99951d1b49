"""A reader chooses a measure, and looks at what the official ports carried."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from roxham.layers import Layers, load_layers
from roxham.maps import border_map, save_html
from roxham.maps.content.measures import undrawn
from tests.maps import samples
from tests.maps.conftest import Open

SHOWN = """() => {
  const layer = roxham.stageOf(map_roxham).layers.find(({ kind }) => kind === "entries");
  return Array.from({ length: layer.n }, (_, i) => i).filter((i) => layer.shown[i] === 1)
    .map((i) => [layer.value(i, "port_code"), layer.value(i, "period"), layer.value(i, "cars")]);
}"""
TALLEST = """(host) => Math.max(...[...document.querySelectorAll(`${host} .rx-bar`)]
  .map((bar) => bar.getBoundingClientRect().height))"""


def readout(page: Page, host: str) -> str:
    return str(page.locator(f"{host} .rx-chart-readout").text_content())


@pytest.mark.browser
def test_one_measure_at_a_time_and_never_two_on_an_axis(
    open_page: Open, default_page: Path
) -> None:
    opened = open_page(default_page)
    page = opened.page
    page.get_by_label("Measure", exact=True).select_option("encounters")
    expect(page.locator("#rx-chart-title")).to_have_text(
        "U.S. Border Patrol encounters, Swanton Sector"
    )
    expect(page.locator("#rx-chart-sub")).to_contain_text("never to be added to interceptions")
    page.evaluate("roxham.clock.set('2024-06')")
    assert readout(page, "#rx-chart") == "June 2024: 3,310 encounters."
    page.evaluate("roxham.clock.set('2021-03')")
    assert readout(page, "#rx-chart").startswith("March 2021: 35–45 encounters. A range")
    assert page.locator("#rx-chart .rx-bar-rest").count() == 0
    page.get_by_label("Measure", exact=True).select_option("claims")
    page.evaluate("roxham.clock.set('2024-01')")
    assert readout(page, "#rx-chart") == "January 2024: 818 claims."
    page.get_by_role("button", name="Français").click()
    expect(page.locator("#rx-chart-title")).to_have_text(
        "Demandes d’asile à Saint-Bernard-de-Lacolle"
    )
    page.wait_for_timeout(300)  # the address is kept in step a little later
    assert "m=claims" in page.evaluate("location.hash")
    opened.quiet()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
def test_the_closure_shows_at_the_ports(open_page: Open, default_page: Path, width: int) -> None:
    opened = open_page(default_page, width=width)
    page = opened.page
    page.evaluate("roxham.clock.set('2019-07')")
    assert readout(page, "#rx-entries") == (
        "July 2019: All 8 ports together, people in private vehicles: 868,697."
    )
    before = page.evaluate(SHOWN)
    page.evaluate("roxham.clock.set('2020-07')")
    assert "82,591" in readout(page, "#rx-entries")
    after = page.evaluate(SHOWN)
    assert [len(before), len(after)] == [8, 8]
    cars = [{code: n for code, _, n in found}["0712"] for found in (before, after)]
    assert cars == [139_773, 4499]
    # Beside it, what was intercepted between the ports: its own axis, its own words.
    ticks = [
        page.locator(f"{host} text[text-anchor=end]").last.text_content()
        for host in ("#rx-entries", "#rx-entries-beside")
    ]
    assert ticks == ["1,000,000", "6,000"]
    assert page.evaluate(TALLEST, "#rx-entries") > 0
    if width < 641:  # there the part is folded
        page.locator("summary:has(#rx-entries-title)").click()
    page.get_by_label("Port", exact=True).select_option("0211")
    page.get_by_label("Count", exact=True).select_option("trucks")
    page.evaluate("roxham.clock.set('2017-01')")
    assert readout(page, "#rx-entries").startswith("January 2017: Norton, trucks: ")
    for language in ("Français", "English"):
        page.get_by_role("button", name=language).click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    opened.quiet()


@pytest.mark.browser
def test_a_row_of_the_table_shows_its_month_at_its_port(
    open_page: Open, default_page: Path
) -> None:
    opened = open_page(default_page)
    page = opened.page
    page.locator("[data-table=entries] summary").click()
    page.get_by_role("searchbox", name="Search: Entries at ports").fill("Champlain 2020-07")
    page.locator("[data-table=entries] button", has_text="July 2020").click()
    card = page.locator(".rx-card").last
    expect(card).to_contain_text("Champlain–Rouses Point")
    expect(card).to_contain_text("4,499")
    assert page.evaluate("roxham.clock.now") == "2020-07"
    # A month before the clock begins is told, and the clock stays where it is.
    page.get_by_role("searchbox", name="Search: Entries at ports").fill("Champlain 1996-01")
    page.locator("[data-table=entries] .rx-table-tick input").last.uncheck()
    page.locator("[data-table=entries] button", has_text="January 1996").click()
    expect(card).to_contain_text("January 1996")
    assert page.evaluate("roxham.clock.now") == "2020-07"
    opened.quiet()


@pytest.mark.browser
def test_without_scripts_the_years_stand_in_a_table(default_page: Path) -> None:
    html = default_page.read_text()
    section = html[html.index('id="rx-entries-title"') : html.index('id="rx-figures-title"')]
    assert "Entries into the United States only" in section
    assert "absent is not known, and not zero" in section
    assert '<th scope="row">2020</th>' in section
    assert 'value="390139"' in section


OWN = {
    **{"2018-05": "400", "2018-06": "800", "2018-07": "~500", "2018-08": "--", "2018-10": "200"},
    "2017": "5000",
}
"""Counts of a measure of one's own; ``~`` before one that is rounded to ten."""
FRAME = """() => {
  const svg = document.querySelector("#rx-chart svg");
  const found = (name) => [...svg.querySelectorAll(name)];
  const boxes = (name) => found(name).map((node) => node.getBoundingClientRect());
  return {
    at: boxes(".rx-grid, .rx-axis").map(({ y }) => y),
    ticks: found("[text-anchor=end]").map((text) => Number(text.textContent.replace(",", ""))),
    bars: boxes(".rx-bar").map(({ x, y, height }) => [x, -y, height]),
  };
}"""


@pytest.fixture(scope="module")
def own_layers(tmp_path_factory: pytest.TempPathFactory) -> Layers:
    head = "period,area,measure,unit,count,precision,source_title,source_publisher,source_url"
    rows = [f"{head},confidence\n"]
    for period, cell in OWN.items():
        read = "rounded_10" if cell.startswith("~") else "" if cell == "--" else "exact"
        rows.append(f"{period},US-NY,apprehensions,events,{cell.lstrip('~')},{read},")
        rows.append("A table,An office,https://example.org/a,single\n")
    path = tmp_path_factory.mktemp("own") / "own.csv"
    path.write_text("".join(rows))
    return load_layers(counts=path)


@pytest.mark.browser
def test_a_measure_of_ones_own_is_drawn_as_its_numbers_are(
    open_page: Open, own_layers: Layers, tmp_path: Path
) -> None:
    drawn = border_map(own_layers, base=samples.base())
    opened = open_page(save_html(drawn, tmp_path / "own.html"))
    page = opened.page
    page.get_by_label("Measure", exact=True).select_option("own-1")
    expect(page.locator("#rx-chart-title")).to_have_text("apprehensions (events), US-NY")
    expect(page.locator("#rx-chart-sub")).to_contain_text("as An office published them")
    frame = page.evaluate(FRAME)
    base, top = max(frame["at"]), min(frame["at"])
    scale = max(frame["ticks"]) / (base - top)
    # Whole columns stand on the axis; the rest of a range stands on its least number.
    bars = sorted(frame["bars"])  # from the left, and from below
    ends = [((base + up - height) * scale, (base + up) * scale) for _, up, height in bars]
    wanted = [(0, 400), (0, 800), (0, 495), (495, 505), (0, 0), (0, 5), (0, 200)]
    step = 3.1 * scale  # of three pixels, so that the least range is seen
    for (low, high), (least, most) in zip(ends, wanted, strict=True):
        assert low == pytest.approx(least, abs=step)
        assert high == pytest.approx(most, abs=step)
    page.evaluate("roxham.clock.set('2018-06')")
    assert readout(page, "#rx-chart") == "June 2018: apprehensions (events), US-NY: 800."
    told = page.locator(".rx-chart-gaps", has_text="In the tables only")
    expect(told).to_contain_text("apprehensions (events), US-NY (2017)")
    opened.quiet()


def test_what_no_chart_shows_is_told_in_words(
    own_layers: Layers, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = undrawn(own_layers)
    assert told is not None
    assert told["en"].endswith("the chart is of months: apprehensions (events), US-NY (2017).")
    picture = undrawn(own_layers, printed=True)
    assert picture is not None
    assert picture["fr"].startswith("Sur la page, et non dans cette image")
    assert undrawn(replace(own_layers, tables={})) is None
    monkeypatch.setattr("roxham.maps.content.measures.chart_data", lambda *_: None)
    none = undrawn(own_layers)
    assert none is not None
    assert "this page has no chart by month: apprehensions (events), US-NY." in none["en"]
