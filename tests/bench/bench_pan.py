"""Drag and zoom a page of street segments and places, and lonboard's page of the same.

Counted are the pictures that the browser presented and that differ from the one before (the
screencast of its developer tools), from the first movement to the last picture. The same
gestures at the same scale go to both pages, in one Chromium without a graphics card: WebGL is drawn
by Mesa's llvmpipe (SwiftShader takes some 20 seconds for one picture of 100,000 segments). The
peer's remote files are taken from npm.

Needs npm, libegl1 and libgl1-mesa-dri; ``--peers`` is a Python that has lonboard 0.16.0, pyarrow
and GeoPandas (0.17 asks for a release of parquet-wasm that npm did not have).

    python tests/bench/bench_pan.py 10000 100000 --peers /path/to/python
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import folium
import geopandas as gpd
import pandas as pd
from made_up_frames import made_up_places, made_up_segments  # type: ignore[import-not-found]
from playwright.sync_api import Page, sync_playwright
from remote import FLAGS, LONBOARD, opened, packed  # type: ignore[import-not-found]

from roxham.maps import FeatureLayer, Legend, save_html

PLACES = 10_000
ZOOM = 11
"""Of tiles of 256 pixels."""
QUIET = 8.0
"""Seconds without a new picture, after which a page is at rest."""
PEER_PAGE = Path(__file__).parent / "peer_page.py"
MAP = "window[Object.keys(window).find((key) => key.startsWith('map_'))]"
DRAWN_ANEW = f"window.roxham ? roxham.stageOf({MAP}).drawn : 0"


class Motion(NamedTuple):
    """What was seen while a page was moved."""

    pictures: int
    seconds: float
    gap: float

    @property
    def rate(self) -> float:
        """Pictures a second."""
        return self.pictures / self.seconds

    def __str__(self) -> str:
        return (
            f"{self.rate:.2f} pictures a second ({self.pictures} in {self.seconds:.1f} s), "
            f"longest gap {self.gap:.2f} s"
        )


def ours(segments: gpd.GeoDataFrame, places: gpd.GeoDataFrame, path: Path) -> None:
    west, south, east, north = segments.total_bounds
    page = folium.Map([(south + north) / 2, (west + east) / 2], zoom_start=ZOOM, tiles=None)
    FeatureLayer(segments, name="Segments").add_to(page)
    FeatureLayer(places, name="Places").add_to(page)
    Legend().add_to(page)
    save_html(page, path)


def theirs(segments: gpd.GeoDataFrame, places: gpd.GeoDataFrame, path: Path, python: str) -> None:
    both = path.with_suffix(".gpkg")
    pd.concat([segments, places]).to_file(both)
    asked = [python, str(PEER_PAGE), "lonboard", str(both), str(path), "--zoom", str(ZOOM)]
    subprocess.run(asked, check=True, capture_output=True, text=True)


def drag(page: Page) -> None:
    """Drag to and fro, up to 76 and 58 pixels from where it began."""
    page.mouse.move(640, 400)
    page.mouse.down()
    for step in range(60):
        page.mouse.move(640 + 4 * (step % 20), 400 + 2 * (step % 30))
        page.wait_for_timeout(16)
    page.mouse.up()


def zoom(page: Page) -> None:
    """Turn the wheel in and out by what is one level in Leaflet."""
    for turn in (-80, -80, 80, 80):
        page.mouse.wheel(0, turn)
        page.wait_for_timeout(600)


class Screencast:
    """The times of the pictures that a page presents, without repeats."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.times: list[float] = []
        self.last = ""
        self.session = page.context.new_cdp_session(page)
        self.session.on("Page.screencastFrame", self.take)
        self.session.send("Page.startScreencast", {"format": "jpeg", "quality": 40})

    def take(self, frame: dict[str, Any]) -> None:
        if frame["data"] != self.last:
            self.times.append(frame["metadata"]["timestamp"])
            self.last = frame["data"]
        self.session.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})

    def rest(self, quiet: float = QUIET) -> None:
        """Wait until nothing new is presented."""
        seen, since = -1, time.perf_counter()
        while time.perf_counter() < since + quiet:
            self.page.wait_for_timeout(100)
            if len(self.times) != seen:
                seen, since = len(self.times), time.perf_counter()

    def watch(self, move: Callable[[Page], None]) -> Motion:
        """Move the page and say what was presented until it was at rest again."""
        self.times.clear()
        start = time.time()
        move(self.page)
        self.rest()
        times = [start, *self.times]
        gap = max(later - earlier for earlier, later in pairwise(times))
        return Motion(len(self.times), times[-1] - start, gap)


def main() -> None:
    """Run and print a line for each size, page and gesture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("segments", type=int, nargs="+")
    parser.add_argument("--peers", default=sys.executable)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        served = packed(folder, LONBOARD)
        browser = playwright.chromium.launch(executable_path=asked.chromium, args=FLAGS)
        for count in asked.segments:
            segments = made_up_segments(count)
            places = made_up_places(PLACES, segments)
            ours(segments, places, folder / "roxham.html")
            theirs(segments, places, folder / "lonboard.html", asked.peers)
            for tool, ready in (("roxham", ".rx-legend"), ("lonboard", "canvas")):
                with opened(browser, folder / f"{tool}.html", served) as (page, _, _):
                    page.set_default_timeout(600_000)
                    page.wait_for_selector(ready, state="attached")
                    cast = Screencast(page)
                    cast.rest(3 * QUIET)
                    for move in (drag, zoom):
                        before = page.evaluate(DRAWN_ANEW)
                        seen = cast.watch(move)
                        anew = page.evaluate(DRAWN_ANEW) - before
                        sys.stdout.write(f"{count:,} {tool}, {move.__name__}: {seen}")
                        sys.stdout.write(f", {anew} drawn anew\n" if tool == "roxham" else "\n")
                        sys.stdout.flush()
        browser.close()


if __name__ == "__main__":
    main()
