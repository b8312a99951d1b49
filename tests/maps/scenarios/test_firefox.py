"""The page in Firefox: drawn, pointed at, played, searched, printed, addressed.

With BROWSER=webkit in WebKit, whose driver neither prints nor turns the wheel.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.maps.firefox import Firefox
from tests.maps.scenarios.test_browser import POINTS_AT

pytestmark = pytest.mark.browser
not_in_webkit = pytest.mark.skipif(
    os.environ.get("BROWSER") == "webkit", reason="WebKit's driver has no such command"
)

STATE = """{ size: map_roxham.getSize(), zoom: map_roxham.getZoom(), at: map_roxham.getCenter(),
  address: location.hash, open: document.querySelectorAll('details[open]').length }"""


@pytest.fixture
def window(firefox: Firefox, default_page: Path) -> Iterator[Firefox]:
    """Open the page anew; whatever it complains of fails the test."""
    firefox.said.clear()
    firefox.resize(1280, 900)
    firefox.open("about:blank", ready="body")
    firefox.open(default_page.as_uri())
    yield firefox
    assert firefox.said == []


def state(window: Firefox) -> dict[str, Any]:
    found: dict[str, Any] = window.evaluate(f"({STATE})")
    return found


def test_it_is_drawn_in_both_languages(window: Firefox) -> None:
    labels = "roxham.stageOf(map_roxham).labels"
    assert {"Roxham Road", "Montréal", "Plattsburgh"} <= set(window.evaluate(labels))
    inked = """(() => { const c = document.querySelector('.rx-canvas');
      const { data } = c.getContext('2d').getImageData(0, 0, c.width, c.height);
      return new Set(new Uint32Array(data.buffer)).size; })()"""
    assert window.evaluate(inked) > 200
    window.click('[data-set-language="fr"]')
    assert "Chemin Roxham" in window.evaluate(labels)
    assert window.evaluate("document.documentElement.lang") == "fr"


def test_a_click_opens_what_stands_there(window: Firefox) -> None:
    window.evaluate("document.querySelector('#map_roxham').scrollIntoView()")
    points = window.evaluate(f"({POINTS_AT})()")
    frame = window.evaluate("document.querySelector('#map_roxham').getBoundingClientRect()")
    at = points["ports"]
    window.click_at(round(frame["x"] + at["x"]), round(frame["y"] + at["y"]))
    assert "http" in window.evaluate("document.querySelector('.rx-card .rx-source a').href")
    window.evaluate("new Promise((done) => setTimeout(done, 500))")  # the map makes room for it
    window.click(".leaflet-popup-close-button")
    window.until("!document.querySelector('.leaflet-popup')")


def test_the_clock_plays_and_steps(window: Firefox) -> None:
    window.click(".rx-play")
    window.until("roxham.clock.now !== null")
    window.click(".rx-play")
    before = window.evaluate("roxham.clock.now")
    window.evaluate("document.querySelector('.rx-range').focus()")
    window.press("ArrowRight")
    assert window.evaluate("roxham.clock.now") > before


def test_a_table_is_searched_and_leads_to_the_map(window: Firefox) -> None:
    window.click("#rx-ports-title")
    window.until("document.querySelector('.rx-table[data-kind=ports] tbody tr')")
    window.click(".rx-table[data-kind=ports] input[type=search]")
    window.press(*"lacolle")
    rows = "[...document.querySelectorAll('.rx-table[data-kind=ports] tbody tr')]"
    window.until(f"{rows}.length < 10 && {rows}.length > 0")
    assert window.evaluate(f"{rows}.every((row) => /lacolle/i.test(row.textContent))")
    window.click(".rx-table[data-kind=ports] tbody button")
    window.until("document.querySelector('.leaflet-popup .rx-card')")


@not_in_webkit
def test_after_printing_all_is_as_before(window: Firefox) -> None:
    before = state(window)
    assert before["address"] == ""
    window.evaluate("""addEventListener('beforeprint', () => {
      window.printed = [map_roxham.getSize().x,
        document.querySelectorAll('details:not([open])').length];
    })""")
    paper = base64.b64decode(window.here("browsingContext.print")["data"])
    assert paper[:5] == b"%PDF-"
    assert window.evaluate("window.printed") == [678, 0]
    window.until(f"map_roxham.getSize().x === {before['size']['x']}")
    window.evaluate("new Promise((done) => setTimeout(done, 400))")  # an address is written late
    assert state(window) == before
    window.evaluate("map_roxham.setView([45.05, -73.4], 10.25, { animate: false }) && 1")
    window.until("location.hash !== ''")
    moved = state(window)
    window.here("browsingContext.print")
    window.evaluate("new Promise((done) => setTimeout(done, 600))")
    assert state(window) == moved


def test_the_address_gives_the_view_back(window: Firefox, default_page: Path) -> None:
    window.open(f"{default_page.as_uri()}#v=10.5/45.02000/-73.40000&t=2022-08")
    found = state(window)
    assert (found["zoom"], found["at"]) == (10.5, {"lat": 45.02, "lng": -73.4})
    assert window.evaluate("roxham.clock.now") == "2022-08"


@not_in_webkit
def test_the_wheel_scrolls_the_page_and_ctrl_the_map(window: Firefox) -> None:
    window.evaluate("document.querySelector('#map_roxham').scrollIntoView()")
    zoom = state(window)["zoom"]
    top = window.evaluate("scrollY")
    window.wheel(400, 300, 240)
    assert window.evaluate("scrollY") > top
    assert state(window)["zoom"] == zoom
    window.evaluate("document.querySelector('#map_roxham').scrollIntoView()")
    window.wheel(400, 300, -240, ctrl=True)
    window.until(f"map_roxham.getZoom() > {zoom}")
