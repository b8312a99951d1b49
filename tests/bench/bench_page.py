"""Build, save and open a page of street segments and places, against ``GeoDataFrame.explore()``.

Once in one colour, once with a colour for each class: there Folium's page looks each feature up in
a list of cases. The peer's files from content delivery networks are taken from npm and served by
the browser's own routing, so that only the pages are compared. A page is drawn once all of its
features have been and the pixels could be read back. The same places are then pointed at in both:
the names must agree.

Needs npm, Chromium, and ``pip install matplotlib mapclassify``.

    python tests/bench/bench_page.py 10000 100000
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import folium
import geopandas as gpd
from made_up_frames import made_up_places, made_up_segments  # type: ignore[import-not-found]
from playwright.sync_api import Browser, Page, Route, sync_playwright
from remote import FOLIUM, packed  # type: ignore[import-not-found]

from roxham.maps import FeatureLayer, Legend, save_html

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PLACES = 10_000
CLASS = "highway"
ZOOM = 11
DRAWN = """
const readBack = () => {
  for (const canvas of document.querySelectorAll("canvas.leaflet-zoom-animated"))
    canvas.getContext("2d").getImageData(0, 0, 1, 1);
};
const mapOf = () => window[Object.keys(window).find((key) => key.startsWith("map_"))];
const look = () => {
  if (document.readyState === "complete" && allThere(mapOf())) {
    setTimeout(() => { readBack(); window.drawnAt = performance.now(); }, 0);
  } else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
OURS = """
const allThere = (map) => {
  const stage = map && window.roxham?.stageOf(map);
  return stage?.layers.length === 2 && stage.drawn && !stage.waiting;
};
"""
THEIRS = """
const allThere = (map) => map && Object.keys(map._layers).length > %d;
"""


def ours(segments: gpd.GeoDataFrame, places: gpd.GeoDataFrame, by: str | None, path: Path) -> None:
    page = folium.Map(middle(segments), zoom_start=ZOOM, tiles=None)
    FeatureLayer(segments, name="Segments", by=by).add_to(page)
    FeatureLayer(places, name="Places", by=by).add_to(page)
    Legend().add_to(page)
    save_html(page, path)


def theirs(
    segments: gpd.GeoDataFrame, places: gpd.GeoDataFrame, by: str | None, path: Path
) -> None:
    page = segments.explore(by, tiles=None, location=middle(segments), zoom_start=ZOOM)
    places.explore(by, m=page)
    page.save(str(path))


def middle(frame: gpd.GeoDataFrame) -> list[float]:
    west, south, east, north = frame.total_bounds
    return [(south + north) / 2, (west + east) / 2]


def built(build: Callable[..., None], *given: object, path: Path, times: int) -> float:
    """Return the best of several times, seconds of the processor."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        build(*given, path)
        taken.append(time.process_time() - start)
    return min(taken)


def opened(browser: Browser, path: Path, there: str, files: dict[str, bytes]) -> tuple[Page, float]:
    """Open a page; return it and the milliseconds from navigation until all was drawn."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(600_000)
    page.on("pageerror", lambda error: sys.exit(f"{path.name}: {error}"))

    def serve(route: Route) -> None:
        name = route.request.url.split("?")[0].rpartition("/")[2]
        route.fulfill(body=files.get(name, b""), content_type=TYPES.get(name.rpartition(".")[2]))

    page.route(re.compile("^https?:"), serve)
    page.add_init_script("{" + there + DRAWN + "}")
    page.goto(path.as_uri(), wait_until="commit")
    page.wait_for_function("window.drawnAt", polling=100)
    return page, page.evaluate("window.drawnAt")


TYPES = {"js": "text/javascript", "css": "text/css"}


def told(page: Page, segments: gpd.GeoDataFrame, rows: list[int], *, click: bool) -> list[str]:
    """Point at the middle of some segments; return what the page says of each."""
    found = []
    for row in rows:
        lon, lat = segments.iloc[[row]].get_coordinates().to_numpy()[1]
        page.evaluate(
            """([lat, lon]) => {
              const map = window[Object.keys(window).find((key) => key.startsWith("map_"))];
              map.closePopup();
              map.setView([lat, lon], 18, { animate: false });
            }""",
            [lat, lon],
        )
        page.mouse.move(620, 430)
        page.mouse.move(640, 450)
        if click:
            page.mouse.click(640, 450)
        box = page.locator(".leaflet-popup-content" if click else ".leaflet-tooltip").last
        found.append(re.sub(r"\s+", " ", box.inner_text()).replace(",", ""))
    return found


def compared(
    browser: Browser, folder: Path, count: int, by: str | None, files: dict[str, bytes]
) -> str:
    """Compare the pages of so many segments, in one colour or in one for each class; one line."""
    segments = made_up_segments(count)
    places = made_up_places(PLACES, segments)
    mine, peer = folder / "ours.html", folder / "theirs.html"
    build = built(ours, segments, places, by, path=mine, times=5)
    peer_build = built(theirs, segments, places, by, path=peer, times=2)
    page, drawn = opened(browser, mine, OURS, {})
    again = [opened(browser, mine, OURS, {}) for _ in range(2)]
    drawn = min(drawn, *(ms for _, ms in again))
    for other, _ in again:
        other.close()
    peer_page, peer_drawn = opened(browser, peer, THEIRS % (count + PLACES), files)
    rows = [count // 7 * k + 3 for k in range(1, 6)]
    answers = told(page, segments, rows, click=True)
    peer_answers = told(peer_page, segments, rows, click=False)
    for row, answer, peer_answer in zip(rows, answers, peer_answers, strict=True):
        for value in segments.iloc[row][["name", CLASS, "length_m"]]:
            words = value if isinstance(value, str) else f"{value:g}"
            assert words in answer, (words, answer)
            assert words in peer_answer, (words, peer_answer)
    page.close()
    peer_page.close()
    size, peer_size = mine.stat().st_size, peer.stat().st_size
    return (
        f"{count:,} segments + {PLACES:,} places, {'coloured by class' if by else 'one colour'}: "
        f"built in {build:.2f} s against {peer_build:.2f}: {peer_build / build:.1f} ×; "
        f"{size / 1e6:.2f} MB against {peer_size / 1e6:.1f}: 1/{peer_size / size:.1f}; "
        f"drawn after {drawn / 1e3:.2f} s against {peer_drawn / 1e3:.2f}: "
        f"{peer_drawn / drawn:.1f} × sooner"
    )


def main() -> None:
    """Run and print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("segments", type=int, nargs="+")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        files = packed(folder, FOLIUM)
        browser = playwright.chromium.launch(executable_path=asked.chromium, args=FLAGS)
        for count in asked.segments:
            for by in (None, CLASS):
                sys.stdout.write(compared(browser, folder, count, by, files) + "\n")
                sys.stdout.flush()
        browser.close()


if __name__ == "__main__":
    main()
