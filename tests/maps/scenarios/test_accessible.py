"""The page for every reader: axe-core, the keyboard, colours, small screens and large type."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.maps.conftest import Open

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """async ([options, known]) => {
  const within = known ? { include: known } : document;
  const { violations } = await axe.run(within, { runOnly: options, resultTypes: ['violations'] });
  return violations.map(({ id, nodes }) => [
    id, nodes.length, nodes.slice(0, 3).map((node) => [node.target, node.failureSummary]),
  ]);
}"""
# Notes what changes, so that axe is asked once of each part of the page in each of its states.
# A part is the parent of what changed: its neighbours may look otherwise, too.
WATCH = """() => {
  let nodes = new Set(), before = new Map();
  const note = (records) => records.forEach(({ type, target, attributeName, oldValue }) => {
    if (type !== 'attributes') return nodes.add(target);
    if (!before.has(target)) before.set(target, new Map());
    const values = before.get(target);
    if (!values.has(attributeName)) values.set(attributeName, oldValue);
  });
  const observer = new MutationObserver(note);
  window.changed = () => {
    note(observer.takeRecords());
    for (const [node, values] of before) {
      if ([...values].some(([name, old]) => node.getAttribute(name) !== old)) nodes.add(node);
    }
    const parts = [...nodes].filter((node) => node.isConnected)
      .map((node) => node.parentElement ?? document.documentElement);
    return [...new Set(parts)].filter((part) => !parts.some((p) => p !== part && p.contains(part)));
  };
  window.asked = () => { observer.takeRecords(); nodes = new Set(); before = new Map(); };
  observer.observe(document, { subtree: true, childList: true, characterData: true,
    attributes: true, attributeOldValue: true });
}"""
# Rows and items that look like one before them, to the last colour: of these one is asked.
ALIKE = """() => {
  const look = (node) => {
    const { color, backgroundColor, fontSize, fontWeight, display, textDecorationLine } =
      getComputedStyle(node);
    return [node.localName, node.getAttribute('class'), node.getAttribute('style'),
      node.getAttributeNames(), node.textContent.trim() === '', color, backgroundColor, fontSize,
      fontWeight, display, textDecorationLine].join();
  };
  const twins = [];
  for (const list of document.querySelectorAll('tbody, ul, ol')) {
    const seen = new Set();
    for (const row of list.children) {
      const looks = [row, ...row.querySelectorAll('*')].map(look).join('; ');
      if (seen.has(looks) && !row.hidden) twins.push(row);
      seen.add(looks);
    }
  }
  return twins;
}"""
ASK = f"""async (options) => {{
  const first = !window.changed;
  if (first) ({WATCH})();
  const parts = first ? null : changed();
  const twins = ({ALIKE})();
  for (const row of twins) row.hidden = true;
  const found = parts?.length === 0 ? [] : await ({RUN})([options, parts]);
  for (const row of twins) row.hidden = false;
  asked();
  return [found, parts?.length ?? 1];
}}"""
SETTLE = "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 60)))"
LANGUAGES = {"en": "English", "fr": "Français"}


@pytest.fixture
def embedded(years_frame: Path) -> Path:
    return years_frame


def violations(page: Page) -> list[Any]:
    """Return what axe-core finds against WCAG 2.2 at levels A and AA.

    All of the page is looked at first, then what changed since; of rows that look alike one.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found: list[Any]
    found, parts = page.evaluate(ASK, {"type": "tag", "values": RULES})
    assert parts > 0, "nothing is another than before"
    return found


def open_popup(page: Page, kind: str) -> None:
    page.evaluate(
        """(kind) => { const stage = roxham.stageOf(map_roxham);
        const { layer } = stage.known.find((l) => l.roxham.layer.kind === kind).roxham;
        stage.open(layer, 0); }""",
        kind,
    )
    page.wait_for_timeout(350)  # it fades in


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    page.evaluate(SETTLE)


def test_axe_sees_what_is_wrong(open_page: Open, embedded: Path) -> None:
    page = open_page(embedded, width=600, height=700).page
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert [fault[0] for fault in violations(page)] == ["button-name"]
    # what is added later is seen, and a row that looks otherwise than those before it
    rows = "<tr><td>a word</td></tr>" * 5
    page.evaluate(
        """(rows) => {
        const last = document.querySelector('main').lastChild;
        last.textContent = 'named';
        const table = document.createElement('table');
        table.innerHTML = rows;
        table.style = 'position: fixed; inset: 0; z-index: 9999; color: #000; background: #fff';
        last.after(table);
        table.rows[3].style = 'color: #777; background: #888';
        }""",
        rows,
    )
    ((rule, count, _),) = violations(page)
    assert (rule, count) == ("color-contrast", 1)
    page.evaluate("document.querySelector('main table').rows[3].style = ''")
    assert violations(page) == []


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing(open_page: Open, default_page: Path, width: int, dark: bool) -> None:
    opened = open_page(default_page, width=width, height=800, dark=dark)
    page = opened.page
    found: dict[str, list[Any]] = {}
    if width == 1280 and not dark:
        found["at first"] = violations(page)
    for code, name in LANGUAGES.items():
        page.get_by_role("button", name=name).click()
        page.locator(".rx-play").click()
        page.wait_for_function("roxham.clock.now !== null")
        open_popup(page, "incidents")
        assert page.locator(".leaflet-popup").count() == 1
        found[f"{code}, the clock playing, a popup open"] = violations(page)
        page.locator(".rx-play").click()
        page.evaluate("roxham.clock.set(null)")
    # The tables are the long part; each language has them at one width in either scheme.
    page.get_by_role("button", name=LANGUAGES["fr" if dark == (width == 360) else "en"]).click()
    unfold(page)
    assert page.locator(".rx-table tbody tr").count() > 100
    found["tables open"] = violations(page)
    assert {state: faults for state, faults in found.items() if faults} == {}
    opened.quiet()


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_in_the_frame(open_page: Open, embedded: Path, dark: bool) -> None:
    opened = open_page(embedded, width=600, height=700, dark=dark)
    for name in LANGUAGES.values():
        opened.page.get_by_role("button", name=name).click()
        opened.page.locator(".rx-play").click()
        open_popup(opened.page, "ports")
        unfold(opened.page)
        assert violations(opened.page) == []
        opened.page.locator(".rx-play").click()
    opened.quiet()


FOCUS = """() => {
  const node = document.activeElement;
  if (node === document.body) return null;
  node.dataset.stop ??= String(window.stops = (window.stops ?? 0) + 1);
  const { outlineStyle, outlineWidth } = getComputedStyle(node);
  const box = node.getBoundingClientRect();
  return { stop: Number(node.dataset.stop), tag: node.localName, name: node.ariaLabel || node.id
    || node.textContent.trim().slice(0, 40), type: node.type ?? '',
    ring: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
    seen: box.bottom > 0 && box.top < innerHeight && box.width > 0 && box.height > 0 };
}"""
ORDERED = """() => {
  const found = [...document.querySelectorAll('[data-stop]')];
  const stops = found.map((node) => Number(node.dataset.stop));
  return stops.every((stop, k) => k === 0 || stop > stops[k - 1]);
}"""
MISSED = """() => [...document.querySelectorAll(
    'a[href], button, input, select, summary, [tabindex="0"]')]
  .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.disabled
    && node.tabIndex >= 0 && !node.closest('details:not([open]) > :not(summary)')
    && !(node.type === 'radio' && !node.checked) && !node.dataset.stop)
  .map((node) => node.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("width", [1280, 320])
def test_everything_is_reached_by_tabs_in_order(
    open_page: Open, default_page: Path, width: int
) -> None:
    opened = open_page(default_page, width=width, height=640)
    page = opened.page
    stops: list[dict[str, Any]] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None or stop["stop"] <= len(stops):
            break
        stops.append(stop)
    assert page.evaluate(MISSED) == []
    assert page.evaluate(ORDERED)
    assert [stop for stop in stops if not (stop["ring"] and stop["seen"])] == []
    opened.quiet()


def test_the_map_the_clock_and_the_layers_from_the_keyboard(
    open_page: Open, default_page: Path
) -> None:
    opened = open_page(default_page)
    page, keys = opened.page, opened.page.keyboard

    def tab_to(selector: str) -> None:
        for _ in range(80):
            keys.press("Tab")
            if page.evaluate("(s) => document.activeElement.matches(s)", selector):
                return
        pytest.fail(f"{selector} is not reached")

    tab_to("#map_roxham")
    keys.press("n")
    keys.press("Enter")
    first = page.get_by_role("dialog").get_attribute("aria-label")
    assert first
    keys.press("n")
    assert page.get_by_role("dialog").get_attribute("aria-label") != first
    keys.press("Escape")
    assert page.evaluate("document.activeElement.id") == "map_roxham"
    tab_to(".rx-range")
    keys.press("Home")
    month = page.evaluate("roxham.clock.now")
    keys.press("ArrowRight")
    assert page.evaluate("roxham.clock.now") > month
    tab_to("input[data-layer=incidents]")
    keys.press("Space")
    shown = "roxham.stageOf(map_roxham).layers.some((layer) => layer.kind === 'incidents')"
    assert not page.evaluate(shown)
    keys.press("Space")
    assert page.evaluate(shown)
    opened.quiet()


SMALL = """() => [...document.querySelectorAll('button, select, summary, input, a[href]')]
  .filter((node) => node.checkVisibility({ visibilityProperty: true })
    && !node.classList.contains('rx-skip'))
  // A link in a sentence is as tall as its line; a box is clicked by its label.
  .filter((node) => node.localName !== 'a' || !node.closest('p, li, td, dd, span'))
  .map((node) => [node, ['checkbox', 'radio'].includes(node.type) ? node.labels[0] : node])
  .map(([node, target]) => [node, target.getBoundingClientRect()])
  .filter(([, { width, height }]) => width < 24 || height < 24)
  .map(([node, { width, height }]) => [node.outerHTML.slice(0, 90), width, height])"""


@pytest.mark.parametrize("language", LANGUAGES.values())
def test_at_four_times_the_size_nothing_is_lost_or_small(
    open_page: Open, default_page: Path, language: str
) -> None:
    # 1280 px at 400 % are 320 px.
    opened = open_page(default_page, width=320, height=256)
    page = opened.page
    page.get_by_role("button", name=language).click()
    open_popup(page, "ports")
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(SMALL) == []
    cut = page.evaluate(
        """[...document.querySelectorAll('h1, h2, h3, p, li, button, summary')]
        .filter((node) => node.checkVisibility() && !node.closest(
          '.rx-table-rows, .rx-scroll, .rx-unseen, .leaflet-container, .rx-live'))
        .map((node) => [node.textContent.slice(0, 60), node.getBoundingClientRect()])
        .filter(([, box]) => box.width > 1 && (box.left < -1 || box.right > 321)).map(([t]) => t)"""
    )
    assert cut == []
    opened.quiet()
