"""The page for every reader: axe-core, the keyboard, colours, small screens and large type."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from roxham.maps import border_map, save_html

from .conftest import Open

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """async (rules) => (await axe.run(document, {
  runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'],
})).violations.map(({ id, nodes }) => [
  id, nodes.length, nodes.slice(0, 3).map((node) => [node.target, node.failureSummary]),
])"""
SETTLE = "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 60)))"
LANGUAGES = {"en": "English", "fr": "Français"}


@pytest.fixture(scope="module")
def default_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_html(border_map(), tmp_path_factory.mktemp("page") / "roxham.html")


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_html(border_map(embed=True), tmp_path_factory.mktemp("page") / "embed.html")


def violations(page: Page) -> list[Any]:
    """Return what axe-core finds against WCAG 2.2 at levels A and AA."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found: list[Any] = page.evaluate(RUN, RULES)
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


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing(open_page: Open, default_page: Path, width: int, dark: bool) -> None:
    opened = open_page(default_page, width=width, height=800, dark=dark)
    page = opened.page
    found: dict[str, list[Any]] = {}
    for code, name in LANGUAGES.items():
        page.get_by_role("button", name=name).click()
        found[f"{code} at first"] = violations(page)
        open_popup(page, "incidents")
        found[f"{code}, a popup open"] = violations(page)
        page.locator(".rx-play").click()
        page.wait_for_function("roxham.clock.now !== null")
        found[f"{code}, the clock playing"] = violations(page)
        page.locator(".rx-play").click()
        unfold(page)
        open_popup(page, "ports")
        found[f"{code}, tables open"] = violations(page)
        page.evaluate("roxham.clock.set(null)")
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = false; })")
    assert {state: faults for state, faults in found.items() if faults} == {}
    opened.quiet()


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_in_the_frame(open_page: Open, embedded: Path, dark: bool) -> None:
    opened = open_page(embedded, width=600, height=700, dark=dark)
    for name in LANGUAGES.values():
        opened.page.get_by_role("button", name=name).click()
        open_popup(opened.page, "ports")
        unfold(opened.page)
        assert violations(opened.page) == []
    opened.quiet()
