"""What a reader hears who does not see the page, and one who has a few colours of their own."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.maps.conftest import Open

pytestmark = pytest.mark.browser

SETTLE = "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 60)))"
REGIONS = """[...document.querySelectorAll(
    'section, figure, [role=region], [role=group], [role=application]')]
  .filter((node) => node.checkVisibility())
  .map((node) => node.ariaLabel ?? (node.getAttribute('aria-labelledby') ?? '').split(' ')
    .map((id) => document.getElementById(id)?.innerText ?? '').join(' '))
  .filter(Boolean)"""
HEADINGS = """[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
  .filter((node) => node.checkVisibility()).map((node) => Number(node.localName[1]))"""
LISTEN = """() => { window.heard = [];
  for (const node of document.querySelectorAll('[aria-live], [role=status], [role=alert]')) {
    new MutationObserver(() => heard.push([performance.now(), node.textContent]))
      .observe(node, { childList: true, characterData: true, subtree: true });
  } }"""


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    page.evaluate(SETTLE)


def heard(page: Page) -> list[Any]:
    found: list[Any] = page.evaluate("heard.splice(0)")
    return found


def test_regions_have_names_of_their_own_and_headings_an_order(
    open_page: Open, default_page: Path
) -> None:
    page = open_page(default_page).page
    for language in ("English", "Français"):
        page.get_by_role("button", name=language).click()
        for _ in range(2):
            names = Counter(page.evaluate(REGIONS))
            assert len(names) > 10
            assert {name for name, count in names.items() if count > 1} == set()
            assert max(map(len, names)) <= 120
            levels = page.evaluate(HEADINGS)
            assert levels[0] == 1
            assert levels.count(1) == 1
            assert all(b <= a + 1 for a, b in itertools.pairwise(levels))
            unfold(page)


def test_the_map_says_what_it_is_shows_and_takes(open_page: Open, default_page: Path) -> None:
    page = open_page(default_page).page
    page.wait_for_timeout(400)
    box = page.get_by_role("application")
    expect(box).to_have_accessible_name("Map of the border of Quebec with New York and Vermont")
    ports = page.evaluate("""(() => { const stage = roxham.stageOf(map_roxham);
      const { layer } = stage.known.find((l) => l.roxham.layer.kind === 'ports').roxham;
      const bounds = map_roxham.getBounds();
      return Array.from({ length: layer.n }, (_, i) => stage.placeOf(layer, i))
        .filter((place) => bounds.contains(place)).length; })()""")
    told = page.locator("#map_roxham-how")
    expect(told).to_contain_text(f"In view: Ports of entry {ports},")
    expect(told).to_contain_text("Arrow keys move the map")
    page.evaluate("map_roxham.setView([46.5, -72], 12, { animate: false })")
    expect(told).to_contain_text("No place, crossing or incident is in view.")


def test_buttons_do_what_the_keys_do(open_page: Open, default_page: Path) -> None:
    page = open_page(default_page).page
    bar = page.get_by_role("group", name="Read the map one by one")
    page.locator("#map_roxham").focus()
    page.keyboard.press("n")
    first = page.evaluate("roxham.stageOf(map_roxham).selected.i")
    bar.get_by_role("button", name="Next on the map").press("Enter")
    second = page.evaluate("roxham.stageOf(map_roxham).selected.i")
    assert second != first
    bar.get_by_role("button", name="Previous on the map").press("Enter")
    assert page.evaluate("roxham.stageOf(map_roxham).selected.i") == first
    kind = "roxham.stageOf(map_roxham).selected.layer.kind"
    before = page.evaluate(kind)
    bar.get_by_role("button", name="Next layer").press("Enter")
    assert page.evaluate(kind) != before
    assert bar.bounding_box()["width"] > 100  # type: ignore[index]  # seen while it is used
    bar.get_by_role("button", name="Open what is chosen").press("Enter")
    expect(page.get_by_role("dialog")).to_be_focused()


def test_it_is_said_once_a_second_and_of_which_table(open_page: Open, default_page: Path) -> None:
    page = open_page(default_page).page
    for title in ("#rx-ports-title", "#rx-incidents-table"):
        page.locator(title).click()
    page.wait_for_timeout(1200)
    page.evaluate(LISTEN)
    page.locator(".rx-play").click()
    page.wait_for_timeout(3500)
    page.locator(".rx-play").click()
    page.wait_for_timeout(1200)
    said = heard(page)
    assert said
    assert len(said) <= 4
    times = [time for time, _ in said]
    assert all(b - a > 900 for a, b in itertools.pairwise(times))
    assert not any(".." in words for _, words in said)
    table = page.locator(".rx-table[data-kind=ports]")
    table.locator("input[type=search]").fill("lacolle")
    page.wait_for_timeout(1500)
    (words,) = [words for _, words in heard(page)]
    assert words.startswith("Ports of entry: ")
    assert words.endswith(table.locator(".rx-table-count").inner_text())


FILLED = """(selector) => { const style = getComputedStyle(document.querySelector(selector));
  return [style.backgroundColor, style.color]; }"""


def test_with_few_colours_pressed_and_swatches_are_told(
    open_page: Open, default_page: Path
) -> None:
    page = open_page(default_page).page
    swatch = "getComputedStyle(document.querySelector('.rx-swatch')).forcedColorAdjust"
    page.emulate_media(forced_colors="active")
    page.evaluate(SETTLE)
    assert page.evaluate(swatch) == "none"
    for pressed, other in (
        (".rx-languages [aria-pressed=true]", ".rx-languages [aria-pressed=false]"),
        ("[data-clock=all][aria-pressed=true]", ".rx-play"),
    ):
        assert page.evaluate(FILLED, pressed) != page.evaluate(FILLED, other)
