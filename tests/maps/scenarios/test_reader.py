"""What a reader finds, in Chromium: the clock, the address, the keyboard, the frame, the paper."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from roxham.layers import load_layers
from roxham.maps import border_map, save_html
from tests.maps import samples
from tests.maps.conftest import Open

pytestmark = pytest.mark.browser

SETTLE = "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 60)))"
LAYER = "roxham.stageOf(map_roxham).known.find((l) => l.roxham.layer.kind === '{}').roxham.layer"
BOXES = """() => {
  const stage = roxham.stageOf(map_roxham);
  const boxes = stage.placed.map(({ label, box }) => ({ text: label.text, ...box }));
  const hit = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
  const later = (a, i) => boxes.slice(i + 1).filter((b) => hit(a, b)).map((b) => [a, b]);
  const over = boxes.flatMap(later);
  return [boxes.length, over.map(([a, b]) => [a.text, b.text])];
}"""


@pytest.fixture
def default_page(years_page: Path) -> Path:
    return years_page


@pytest.fixture
def embedded(years_frame: Path) -> Path:
    return years_frame


def shown(page: Page, kind: str) -> list[str] | None:
    """Return the ids that a layer shows; None where it shows all."""
    found: list[str] | None = page.evaluate(
        f"(() => {{ const l = {LAYER.format(kind)}; return l.shown && "
        "Array.from({ length: l.n }, (_, i) => i).filter((i) => l.shown[i])"
        ".map((i) => l.value(i, 'id')); })()"
    )
    return found


def fragment(page: Page) -> str:
    page.wait_for_timeout(260)
    return str(page.evaluate("location.hash"))


def test_one_clock_drives_every_layer(open_page: Open, default_page: Path) -> None:
    opened = open_page(default_page)
    page = opened.page
    clock = page.get_by_role("slider", name="Month", exact=True)
    words = page.locator(".rx-clock-words")
    # All months is where it starts: nothing is hidden, and the address is bare.
    assert shown(page, "incidents") is None
    assert fragment(page) == ""
    expect(words).to_contain_text("All months from January 2017 to December 2024")
    clock.focus()
    clock.press("End")
    assert clock.get_attribute("aria-valuetext") == "December 2024"
    # Known only as November 2024 to March 2025: shown in its whole span, and said to be coarse.
    assert shown(page, "incidents") == ["2024-12-akwesasne"]
    page.locator(".rx-apart summary").click()
    expect(page.locator(".rx-apart")).to_contain_text("November 2024 – March 2025")
    expect(page.locator(".rx-apart")).to_contain_text("shown over its whole span")
    expect(page.locator(".rx-apart")).to_contain_text("23 of 26 ports and sites")
    clock.focus()
    clock.press("PageDown")
    assert clock.get_attribute("aria-valuetext") == "December 2023"
    clock.press("Home")
    clock.press("ArrowRight")
    assert clock.get_attribute("aria-valuetext") == "February 2017"
    clock.press("Escape")
    expect(page.get_by_role("button", name="All months")).to_have_attribute("aria-pressed", "true")
    page.evaluate("roxham.clock.set('2023-03')")
    # Both rules of that month, each with its day and its source.
    expect(words).to_contain_text("Turn-back order lifted (until March 24, 2023)")
    expect(words).to_contain_text("Additional Protocol in force (from March 25, 2023)")
    assert words.locator("a[href^=http]").count() == 2
    expect(words).to_contain_text("Quebec 4,087")
    assert shown(page, "incidents") == ["2023-03-25-champlain", "2023-03-29-akwesasne"]
    expect(page.locator(".rx-live")).to_contain_text("Recorded incidents: 2 of 14")
    expect(page.locator("#rx-chart .rx-chart-readout")).to_contain_text("March 2023: Quebec 4,087")
    expect(page.locator(".rx-areas-words")).to_contain_text("Canada, March 2023: 4,173")
    expect(page.locator("#rx-areas")).to_contain_text("134 to Nova Scotia")
    expect(page.locator(".rx-timeline li[aria-current=date]")).to_have_count(3)
    row = page.locator(".rx-legend-row", has_text="Recorded incidents")
    expect(row).to_contain_text("March 2023: 2 of 14")
    page.evaluate("roxham.clock.set('2023-04')")
    expect(page.locator(".rx-legend")).to_contain_text("Irregular site, not in use that month")
    expect(page.locator("#rx-areas")).to_contain_text("No figure of transfers covers April 2023")
    page.get_by_role("button", name="Play").click()
    expect(clock).to_have_attribute("aria-valuetext", "May 2023")
    page.get_by_role("button", name="Pause").click()
    stopped = page.evaluate("roxham.clock.now")
    page.wait_for_timeout(1000)
    assert page.evaluate("roxham.clock.now") == stopped
    page.get_by_role("button", name="Français").click()
    expect(words).to_contain_text("Entrée en vigueur du Protocole additionnel")
    opened.quiet()


def test_where_all_ports_are_dated_none_is_said_to_stand_apart(
    open_page: Open, tmp_path: Path
) -> None:
    layers = load_layers(since="2017-01", until="2024-12")
    dated = layers.with_tables(ports=layers.ports.assign(opened="1990"))
    drawn = border_map(dated, base=samples.base())
    page = open_page(save_html(drawn, tmp_path / "page.html")).page
    told = page.locator(".rx-apart").evaluate(
        "(apart) => [...apart.childNodes].map((n) => n.nodeName)"
    )
    assert told == ["SUMMARY", "UL"]
    assert page.locator(".rx-apart li").count() > 0


def test_a_copied_link_reopens_the_page(open_page: Open, default_page: Path) -> None:
    page = open_page(default_page).page
    page.get_by_role("button", name="Français").click()
    page.locator("input[data-layer=places]").uncheck()
    page.evaluate("roxham.clock.set('2022-12')")
    page.evaluate(f"roxham.stageOf(map_roxham).open({LAYER.format('ports')}, 7)")
    page.wait_for_timeout(600)
    link = fragment(page)
    assert "lang=fr" in link
    assert "t=2022-12" in link
    assert "f=ports:roxham-road" in link
    assert "places" not in link
    before = page.evaluate("[map_roxham.getCenter(), map_roxham.getZoom()]")
    page.goto("about:blank")
    page.goto(default_page.as_uri() + link)
    page.wait_for_selector(".rx-ready", state="attached")
    page.evaluate(SETTLE)
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert page.evaluate("roxham.clock.now") == "2022-12"
    assert not page.locator("input[data-layer=places]").is_checked()
    expect(page.locator(".leaflet-popup h3")).to_have_text("Chemin Roxham")
    centre, zoom = page.evaluate("[map_roxham.getCenter(), map_roxham.getZoom()]")
    assert abs(centre["lat"] - before[0]["lat"]) < 0.05
    assert abs(centre["lng"] - before[0]["lng"]) < 0.05
    assert zoom == before[1]


def test_a_copied_link_reopens_the_tables_and_the_year(open_page: Open, default_page: Path) -> None:
    page = open_page(default_page).page
    page.locator("#rx-year").select_option("2019")
    page.locator("details", has=page.locator("[data-table=incidents]")).locator("summary").click()
    table = page.locator(".rx-table[data-kind=incidents]")
    for _ in range(2):
        table.get_by_role("button", name="Date").click()
    table.get_by_role("searchbox").fill("Akwesasne")
    page.locator("[data-twin=places] summary").click()
    expect(page).to_have_url(re.compile("Akwesasne.*o=places"))
    link, told = fragment(page), table.locator(".rx-table-count").inner_text()
    assert "y=2019" in link
    page.goto("about:blank")
    page.goto(default_page.as_uri() + link)
    page.wait_for_selector(".rx-ready", state="attached")
    assert page.locator("#rx-year").input_value() == "2019"
    expect(page.locator(".rx-areas-words")).to_contain_text("Canada, 2019")
    assert table.get_by_role("searchbox").input_value() == "Akwesasne"
    expect(table.locator(".rx-table-count")).to_have_text(told)
    expect(table.locator("th[aria-sort=descending]")).to_contain_text("Date")
    expect(page.locator(".rx-table[data-kind=places]")).to_be_visible()
    assert page.locator("details[open]:not(.rx-fold) .rx-table").count() == 2
    page.evaluate("location.hash = 'o='")
    expect(table).to_be_hidden()
    assert page.locator("#rx-year").input_value() == "2022"


def test_an_address_from_anyone_does_no_harm(open_page: Open, default_page: Path) -> None:
    opened = open_page(default_page)
    page = opened.page
    for hostile in (
        "v=99/45/-73&l=../../x&t=2023-99&lang=xx&f=ports:nowhere",
        "v=9/-80/170&l=ports&t=1066-01&f=ports:%23999999",
        f"f=incidents:{quote('<img src=x onerror=alert(1)>')}&lang=<script>&__proto__=1",
        "%E0%A4%A=&v=" + "9" * 3000,
        "w=change&y=1066&o=nowhere&o=ports:nowhere:zz:x&o=ports.2&o=%25E0",
    ):
        page.evaluate("(text) => { location.hash = text; }", hostile)
        page.evaluate(SETTLE)
        expect(page.locator("h1")).to_contain_text("Roxham Road and")
        assert page.locator(".leaflet-popup").count() == 0
        lat, zoom = page.evaluate("[map_roxham.getCenter().lat, map_roxham.getZoom()]")
        assert 43 < lat < 47, hostile
        assert 6 <= zoom <= 22, hostile
    opened.quiet()


def test_the_map_is_read_from_the_keyboard(open_page: Open, default_page: Path) -> None:
    opened = open_page(default_page)
    page = opened.page
    live = page.locator(".rx-live")
    page.locator("#map_roxham").focus()
    page.keyboard.press("n")
    expect(live).to_contain_text("Ports of entry: Cornwall / Massena")
    expect(live).to_contain_text("1 of 26")
    page.keyboard.press("n")
    expect(live).to_contain_text("2 of 26")
    page.keyboard.press("p")
    page.keyboard.press("p")
    expect(live).to_contain_text("26 of 26")
    page.keyboard.press("Enter")
    card = page.get_by_role("dialog")
    expect(card).to_be_focused()
    expect(card).to_have_attribute("aria-label", "East Hereford / Beecher Falls")
    page.keyboard.press("n")
    expect(card).to_have_attribute("aria-label", "Cornwall / Massena (Rooseveltown)")
    expect(card).to_be_focused()
    expect(card.get_by_role("button", name="Close")).to_have_count(1)
    card.get_by_role("button", name="Next feature").click()
    expect(page.get_by_role("dialog")).to_contain_text("2 of 26")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#map_roxham")).to_be_focused()
    page.keyboard.press("l")
    expect(live).to_contain_text("Recorded incidents")
    page.keyboard.press("Escape")
    assert page.evaluate("roxham.stageOf(map_roxham).selected") is None
    # From the legend: the focus goes back to where it came from.
    read = page.get_by_role("button", name="Read one by one: Recorded incidents")
    read.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_focused()
    page.wait_for_timeout(500)  # the map makes room for the card
    centre = page.evaluate("map_roxham.getCenter().lat")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("map_roxham.getCenter().lat") == centre
    page.keyboard.press("Escape")
    expect(read).to_be_focused()
    # A layer that is off takes its signs out of the legend, and cannot be read.
    row = page.locator(".rx-legend-row", has_text="Recorded incidents")
    expect(row.locator("ul")).to_be_visible()
    row.get_by_role("checkbox").press("Space")
    expect(row.locator("ul")).to_be_hidden()
    expect(read).to_be_disabled()
    opened.quiet()


def test_every_control_is_large_enough_and_named(open_page: Open, default_page: Path) -> None:
    page = open_page(default_page, width=320, height=640).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    small = page.evaluate(
        """[...document.querySelectorAll('button, select, summary, input[type=range]')]
        .filter((node) => node.checkVisibility() && !node.closest('td'))
        .map((node) => [node.textContent, node.getBoundingClientRect()])
        .filter(([, box]) => box.width < 24 || box.height < 24).map(([text]) => text)"""
    )
    assert small == []
    nameless = page.evaluate(
        """[...document.querySelectorAll('button, select, input')].filter((node) =>
        !(node.ariaLabel || node.textContent.trim() || node.labels?.length)).length"""
    )
    assert nameless == 0


def test_labels_never_overlap_at_any_zoom(open_page: Open, default_page: Path) -> None:
    page = open_page(default_page).page
    for language in ("English", "Français"):
        page.get_by_role("button", name=language).click()
        for zoom in (7, 8, 9, 9.5, 10, 11, 12, 13):
            page.evaluate(
                f"(map_roxham.setView([45.0, -73.45], {zoom}, {{ animate: false }}), {SETTLE})"
            )
            count, overlapping = page.evaluate(BOXES)
            assert count > 3, zoom
            assert overlapping == [], zoom


def test_the_frame_holds_the_map_alone(open_page: Open, embedded: Path) -> None:
    opened = open_page(embedded, width=600, height=700)
    page = opened.page
    assert page.locator("table, .rx-cards, #rx-chart").count() == 0
    for words in ("imply no endorsement", "OpenStreetMap contributors", "Made with roxham"):
        expect(page.locator(".rx-embed")).to_contain_text(words)
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(SETTLE)
    assert page.evaluate("[map_roxham._zoomAnimated, map_roxham.options.inertia]") == [False, False]
    page.evaluate("roxham.clock.set('2017-08')")
    expect(page.locator(".rx-clock-words")).to_contain_text("August 2017: Quebec 5,530")
    assert page.evaluate("document.documentElement.scrollWidth") <= 600
    opened.quiet()


def test_the_frame_leaves_its_host_alone(open_page: Open, embedded: Path, tmp_path: Path) -> None:
    html = embedded.read_text()
    head = html[html.index("<style>") : html.index("</head>")]
    part = html[html.index("<main ") : html.index("</main>") + 7]
    host = tmp_path / "host.html"
    host.write_text(
        '<!doctype html><html lang="de"><meta charset="utf-8"><title>Host</title>'
        "<style>body { font: 20px Georgia; margin: 40px } h1 { color: red }</style>"
        f"{head}<body><h1>Host</h1><p lang=en>one</p><p lang=fr>deux</p>{part}</body></html>"
    )
    page = open_page(host, width=900).page
    style = "([s, p]) => getComputedStyle(document.querySelector(s))[p]"
    assert page.evaluate(style, ["body", "marginTop"]) == "40px"
    assert page.evaluate(style, ["h1", "color"]) == "rgb(255, 0, 0)"
    page.get_by_role("button", name="Français").click()
    expect(page.locator("body > p")).to_have_text(["one", "deux"])
    assert page.locator("body > p").nth(0).is_visible()
    assert page.locator("body > p").nth(1).is_visible()
    assert page.evaluate("[document.documentElement.lang, document.title]") == ["de", "Host"]
    expect(page.locator(".rx-embed-title")).to_contain_text("le chemin Roxham")


def test_paper_is_light_unfolded_and_left_as_it_was(open_page: Open, default_page: Path) -> None:
    opened = open_page(default_page, dark=True)
    page = opened.page
    page.evaluate(
        """addEventListener('beforeprint', () => {
          window.printed = [document.querySelectorAll('details:not([open])').length,
            getComputedStyle(document.querySelector('.rx-map')).getPropertyValue('--rx-halo').trim(),
            map_roxham.getSize().x];
        })"""
    )
    paper = page.pdf(format="A4")
    assert 8 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 15
    assert page.evaluate("printed") == [0, "#fbf9f3", 678]
    folded = "details[open]:not(.rx-fold, .rx-legend-ground)"  # others are open from the start
    assert page.locator(folded).count() == 0
    assert page.evaluate("map_roxham.getSize().x") > 680
    opened.quiet()
