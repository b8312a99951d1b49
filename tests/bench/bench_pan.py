"""Drag and zoom a page of street segments and places, against lonboard's page: frames a second.

Both pages run in one Chromium without a graphics card, so WebGL is drawn by SwiftShader: read it as
that. The peer's remote files are taken from npm. Needs npm and ``pip install lonboard==0.16.0
pyarrow`` (0.17 asks for a release of parquet-wasm that npm did not have).

    python tests/bench/bench_pan.py 100000
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tarfile
import tempfile
from itertools import pairwise
from pathlib import Path

import folium
import geopandas as gpd
from made_up_frames import made_up_places, made_up_segments  # type: ignore[import-not-found]
from playwright.sync_api import Browser, Page, Route, sync_playwright

from roxham.maps import FeatureLayer, Legend, save_html

PACKAGES = {
    "requirejs@2.3.4": {"require.min.js": "package/require.js"},
    "@jupyter-widgets/html-manager@1.0.15": {"embed-amd.js": "package/dist/embed-amd.js"},
    "anywidget@0.9.21": {"index.js": "package/dist/index.js"},
    "parquet-wasm@0.7.1": {"parquet_wasm_bg.wasm": "package/esm/parquet_wasm_bg.wasm"},
}
TYPES = {"js": "text/javascript", "wasm": "application/wasm"}
FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
]
COUNT = """
window.frames_ = [];
const count = (now) => { window.frames_.push(now); requestAnimationFrame(count); };
requestAnimationFrame(count);
"""


def remote_files(folder: Path) -> dict[str, bytes]:
    """Return the peer's remote files by their name, from npm."""
    files: dict[str, bytes] = {}
    for package, names in PACKAGES.items():
        done = subprocess.run(
            ["npm", "pack", "--silent", package],
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
        )
        with tarfile.open(folder / done.stdout.split()[-1]) as archive:
            for served, stored in names.items():
                found = archive.extractfile(stored)
                assert found is not None
                files[served] = found.read()
    return files


def ours(segments: gpd.GeoDataFrame, places: gpd.GeoDataFrame, path: Path) -> None:
    west, south, east, north = segments.total_bounds
    page = folium.Map([(south + north) / 2, (west + east) / 2], zoom_start=11, tiles=None)
    FeatureLayer(segments, name="Segments").add_to(page)
    FeatureLayer(places, name="Places").add_to(page)
    Legend().add_to(page)
    save_html(page, path)


def theirs(segments: gpd.GeoDataFrame, places: gpd.GeoDataFrame, path: Path) -> None:
    import lonboard  # pyright: ignore[reportMissingImports]

    lines = lonboard.PathLayer.from_geopandas(segments, width_min_pixels=1.5)
    points = lonboard.ScatterplotLayer.from_geopandas(places, radius_min_pixels=3)
    lonboard.Map([lines, points], basemap=None).to_html(str(path))
    # The files are the same or newer, the hash of a minified one is not.
    path.write_text(re.sub(r' integrity="[^"]*" crossorigin="anonymous"', "", path.read_text()))


def opened(browser: Browser, path: Path, ready: str, files: dict[str, bytes]) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(300_000)

    def serve(route: Route) -> None:
        name = route.request.url.split("?")[0].rpartition("/")[2]
        if name not in files:
            route.abort()
            return
        allow = {"access-control-allow-origin": "*"}
        kind = TYPES[name.rpartition(".")[2]]
        route.fulfill(body=files[name], content_type=kind, headers=allow)

    page.route(re.compile("^https?:"), serve)
    page.goto(path.as_uri())
    page.wait_for_selector(ready, state="attached")
    page.wait_for_timeout(15_000)
    page.add_script_tag(content="{" + COUNT + "}")
    return page


def frames(page: Page) -> tuple[float, float]:
    """Drag to and fro, then zoom in and out; return frames a second and the longest gap, ms."""
    page.mouse.move(600, 300)
    page.evaluate("window.frames_.length = 0")
    page.mouse.down()
    for step in range(60):
        page.mouse.move(600 + 4 * (step % 20), 300 + 2 * (step % 30))
        page.wait_for_timeout(16)
    page.mouse.up()
    for turn in (-200, -200, 200, 200):
        page.mouse.wheel(0, turn)
        page.wait_for_timeout(600)
    times = page.evaluate("window.frames_")
    gaps = [b - a for a, b in pairwise(times)]
    return 1000 * len(gaps) / sum(gaps), max(gaps)


def main() -> None:
    """Run and print a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("segments", type=int)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    asked = parser.parse_args()
    segments = made_up_segments(asked.segments)
    places = made_up_places(10_000, segments)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        ours(segments, places, folder / "ours.html")
        theirs(segments, places, folder / "theirs.html")
        browser = playwright.chromium.launch(executable_path=asked.chromium, args=FLAGS)
        page = opened(browser, folder / "ours.html", ".rx-legend", {})
        rate, gap = frames(page)
        page.close()
        peer = opened(browser, folder / "theirs.html", "canvas", remote_files(folder))
        peer_rate, peer_gap = frames(peer)
        sys.stdout.write(
            f"{asked.segments:,} segments, dragged and zoomed: {rate:.1f} frames a second, longest "
            f"gap {gap:.0f} ms, against {peer_rate:.1f} and {peer_gap:.0f} ms\n"
        )
        browser.close()


if __name__ == "__main__":
    main()
