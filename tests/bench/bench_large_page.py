"""Open, pan and ask pages of ever more segments and points: where a page stops being of use.

    python -m tests.bench.bench_large_page 100000,100000 500000,1000000

Each is made-up segments and points. Printed: building, bytes, opening until all is drawn, memory
of the page's scripts, a drag of 20 steps until the page is at rest, and a click until the
answer stands there, which must name the segment. In headless Chromium without a graphics card.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import folium
import numpy as np
import shapely
from playwright.sync_api import sync_playwright

from roxham.maps import FeatureLayer, Legend, save_html

from .made_up_frames import made_up_places, made_up_segments

MAP = "window[Object.keys(window).find((key) => key.startsWith('map_'))]"
STAGE = f"window.roxham?.stageOf({MAP})"
DRAWN = f"document.readyState === 'complete' && {STAGE}?.layers.length === 2 && {STAGE}.drawn"
AT_REST = f"{STAGE}.drawn > %d && !{STAGE}.waiting"


def measured(segments: int, points: int, folder: Path, chromium: str) -> str:
    """Return the line of one page."""
    lines = made_up_segments(segments)
    places = made_up_places(points, lines)
    path = folder / "page.html"
    begun = time.process_time()
    west, south, east, north = lines.total_bounds
    page = folium.Map([(south + north) / 2, (west + east) / 2], zoom_start=11, tiles=None)
    FeatureLayer(lines, name="Segments").add_to(page)
    FeatureLayer(places, name="Places").add_to(page)
    Legend().add_to(page)
    save_html(page, path)
    built = time.process_time() - begun
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        view = browser.new_page(viewport={"width": 1280, "height": 900})
        view.set_default_timeout(180_000)
        begun = time.perf_counter()
        view.goto(path.as_uri(), wait_until="commit")
        view.wait_for_function(DRAWN, polling=50)
        view.evaluate("document.querySelector('canvas').getContext('2d').getImageData(0, 0, 1, 1)")
        opened = time.perf_counter() - begun
        heap = view.evaluate("performance.memory.usedJSHeapSize") / 1e6
        before = view.evaluate(f"{STAGE}.drawn")
        begun = time.perf_counter()
        view.mouse.move(640, 400)
        view.mouse.down()
        for step in range(20):
            view.mouse.move(640 + 20 * step, 400 + 5 * step)
        view.mouse.up()
        view.wait_for_function(AT_REST % before, polling=20)
        panned = time.perf_counter() - begun
        middle = np.asarray(lines.geometry)[segments // 3]
        lon, lat = shapely.get_coordinates(middle)[1]
        view.evaluate(
            f"([lat, lon]) => {MAP}.setView([lat, lon], 18, {{ animate: false }})", [lat, lon]
        )
        view.wait_for_timeout(500)
        begun = time.perf_counter()
        view.mouse.move(620, 430)
        view.mouse.click(640, 450)
        text = view.locator(".leaflet-popup-content").last.inner_text()
        asked = time.perf_counter() - begun
        assert lines["name"].iloc[segments // 3] in text, text
        browser.close()
    return (
        f"{segments:,} segments, {points:,} points: built {built:.1f} s, "
        f"{path.stat().st_size / 1e6:.1f} MB; open {opened:.1f} s, heap {heap:.0f} MB; "
        f"panned {panned:.2f} s; answered {asked:.2f} s"
    )


def main() -> None:
    """Run and print a line for each page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="+", help="SEGMENTS,POINTS")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    asked = parser.parse_args()
    for page in asked.pages:
        segments, points = map(int, page.split(","))
        with tempfile.TemporaryDirectory() as folder:
            print(measured(segments, points, Path(folder), asked.chromium), flush=True)


if __name__ == "__main__":
    main()
