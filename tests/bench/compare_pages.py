"""This page beside the neighbours' on the same segments, as docs/comparison.md shows it.

Bytes, requests, time until the segments are drawn, what axe-core finds, what the keyboard
reaches, how many hostile texts run, languages, and whether a second build is the same file.
The neighbours' remote files come from npm and are served by the browser's own routing
(``remote.py``). WebGL is drawn by Mesa's llvmpipe, for all pages in one Chromium.

Needs npm, Chromium, libegl1 and libgl1-mesa-dri; ``--peers`` is a Python that has lonboard 0.16.0,
pyarrow and keplergl 0.4.0, with GeoPandas, mapclassify and matplotlib.

    python tests/bench/compare_pages.py 10000 --peers /path/to/python
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from importlib.resources import files
from pathlib import Path

import geopandas as gpd
from hostile_pages import MAP, told  # type: ignore[import-not-found]
from made_up_frames import made_up_segments  # type: ignore[import-not-found]
from playwright.sync_api import Browser, Error, Page, sync_playwright
from remote import FLAGS, opened, remote_files  # type: ignore[import-not-found]

HERE = Path(__file__).parent
NAMES = {
    "roxham": "roxham",
    "explore": "`GeoDataFrame.explore()`",
    "folium": "Folium alone",
    "lonboard": "lonboard 0.16.0",
    "kepler": "kepler.gl (keplergl 0.4.0)",
}
TITLES = {
    "bytes": "Bytes of the file",
    "requests": "Requests when opened",
    "drawn": "Segments drawn after",
    "axe": "axe-core, WCAG 2.2 A and AA: rules broken (elements)",
    "keyboard": "By keyboard: stops on the map; segments read",
    "hostile": "Hostile texts that ran, of those that hold code",
    "languages": "Languages it is marked in",
    "same": "A second build is the same file",
}
PATIENCE = 60.0
"""Seconds."""
BUSY = 60_000
"""Bytes of a picture of thousands of lines; an empty page has at most two thirds of them."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = """async (rules) => (await axe.run(document, {
  runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'],
})).violations.map(({ id, nodes }) => [id, nodes.length])"""
# What each kind of page has when the segments have been drawn.
DRAWN = {
    "roxham": f"(() => {{ const stage = {MAP} && roxham.stageOf({MAP});"
    " return Boolean(stage?.drawn && !stage.waiting); })()",
    "leaflet": f"Object.keys({MAP}?._layers ?? {{}}).length >= %d",
    "webgl": "[...document.querySelectorAll('canvas')].some((canvas) => canvas.width > 0)",
}
KINDS = {"roxham": "roxham", "lonboard": "webgl", "kepler": "webgl"}
# A tooltip, a popup, or the name of a segment in words.
SHOWN = {
    "leaflet": "document.querySelectorAll('.leaflet-tooltip, .leaflet-popup').length",
    "webgl": r"/Street \d/.test(document.body.innerText)",
}
ON_MAP = ".leaflet-container, .folium-map, .lm-Widget, .kepler-gl .maps, canvas"


def build(tool: str, source: Path, target: Path, python: str, *options: str) -> None:
    """Write a page in a process of its own, with what it says kept from the table."""
    asked = [python, str(HERE / "peer_page.py"), tool, str(source), str(target), *options]
    done = subprocess.run(asked, check=True, capture_output=True, text=True)
    sys.stderr.write(done.stderr if options else "")


def drawn(page: Page, tool: str, count: int) -> None:
    """Wait until the segments are drawn and their pixels can be read back."""
    kind = KINDS.get(tool, "leaflet")
    sign = DRAWN[kind] % count if kind == "leaflet" else DRAWN[kind]
    end = time.perf_counter() + PATIENCE
    # Asked again and again, for a strict policy lets no script wait for a text of script.
    while not page.evaluate(f"document.readyState === 'complete' && {sign}"):
        if time.perf_counter() > end:
            raise Error("the segments are not drawn in time")
        page.wait_for_timeout(10)
    while kind == "webgl" and len(page.screenshot()) < BUSY:
        if time.perf_counter() > end:
            raise Error("the segments are not drawn in time")
        page.wait_for_timeout(50)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)))")


def keyboard(page: Page, tool: str) -> str:
    """Go through the page with the Tab key; try Enter at each stop on the map of WebGL."""
    kind = KINDS.get(tool, "leaflet")
    stops: set[str] = set()
    shown, last = False, 0
    for _ in range(150):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """(map) => { const node = document.activeElement;
            if (node === document.body) return null;
            node.dataset.stop ??= String(window.stops = (window.stops ?? 0) + 1);
            return [node.dataset.stop, Boolean(node.closest(map))]; }""",
            ON_MAP,
        )
        if stop is None or int(stop[0]) <= last:
            break
        last = int(stop[0])
        if not stop[1]:
            continue
        stops.add(stop[0])
        if kind == "webgl":
            page.keyboard.press("Enter")
        shown = shown or (kind in SHOWN and bool(page.evaluate(SHOWN[kind])))
    if tool == "roxham":
        page.locator(".rx-map").focus()
        for key in ("n", "Enter"):
            page.keyboard.press(key)
        shown = page.get_by_role("dialog").count() == 1
        return f"{len(stops)}; {'each (n, p, Enter)' if shown else 'none'}"
    many = "more than 100, one a segment" if len(stops) > 100 else str(len(stops))
    return f"{many}; {'its tooltip shown' if shown else 'none'}"


def axe(page: Page) -> str:
    """Return how many rules axe-core finds broken, and on how many elements each."""
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate(AXE, RULES)
    rules = ", ".join(f"{rule} ({n})" for rule, n in found)
    return f"{len(found)}: {rules}" if found else "0"


def requests(asked: list[str], tool: str) -> str:
    """Say how many; a module of esm.sh may ask for more, which are not known here."""
    hosts = {url.split("/")[2] for url in asked}
    least = "at least " if tool == "kepler" else ""
    return f"{least}{len(asked)}" + (f", {len(hosts)} hosts" if hosts else "")


def hostile(browser: Browser, tool: str, served: dict[str, bytes], folder: Path, py: str) -> str:
    """Return how many hostile texts ran, and write to stderr which."""
    pages = folder / f"{tool}-each"
    pages.mkdir()

    def write(frame: gpd.GeoDataFrame, target: Path) -> None:
        frame.to_file(folder / "texts.gpkg")
        build(tool, folder / "texts.gpkg", target, py, "--each")

    found = told(browser, tool, served, pages, write)
    sys.stderr.write(f"{tool} {found!r}, {len(found.shown)} shown letter for letter\n")
    return str(found)


def measure(
    browser: Browser, tool: str, frame: Path, count: int, python: str, served: dict[str, bytes]
) -> dict[str, str]:
    """Return the cells of one tool."""
    folder = frame.parent
    paths = [folder / f"{tool}-{k}.html" for k in (1, 2)]
    for path in paths:
        build(tool, frame, path, python)
    cells = {"bytes": f"{paths[0].stat().st_size:,}"}
    cells["same"] = "yes" if paths[0].read_bytes() == paths[1].read_bytes() else "no"
    with opened(browser, paths[0], served) as (page, asked, start):
        page.set_default_timeout(1000 * PATIENCE)
        drawn(page, tool, count)
        cells["drawn"] = f"{time.perf_counter() - start:.2f} s"
        cells["axe"] = axe(page)
        cells["requests"] = requests(asked, tool)
        tongues = page.evaluate(
            "[...new Set([...document.querySelectorAll('[lang]')].map((e) => e.lang))]"
        )
        cells["languages"] = " and ".join(sorted(tongues)) or "none is said"
        cells["keyboard"] = keyboard(page, tool)
    cells["hostile"] = hostile(browser, tool, served, folder, python)
    if tool == "lonboard":
        ran = hostile(browser, "lonboard_tooltip", served, folder, python)
        cells["hostile"] += f"; with its tooltip, off unless asked for: {ran}"
    return cells


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("segments", type=int)
    parser.add_argument("--peers", default=sys.executable)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--tools", default=",".join(NAMES))
    args = parser.parse_args()
    table: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        frame = folder / "frame.gpkg"
        made_up_segments(args.segments).to_file(frame)
        served = remote_files(folder)
        browser = playwright.chromium.launch(executable_path=args.chromium, args=FLAGS)
        for tool in args.tools.split(","):
            start = time.perf_counter()
            python = args.peers if tool in ("lonboard", "kepler") else sys.executable
            try:
                table[tool] = measure(browser, tool, frame, args.segments, python, served)
            except (Error, subprocess.CalledProcessError) as error:
                said = str(getattr(error, "stderr", None) or error).strip().splitlines()
                table[tool] = dict.fromkeys(TITLES, f"not had: {said[-1][:120]}")
            sys.stderr.write(f"{tool} {time.perf_counter() - start:.0f} s {table[tool]}\n")
        browser.close()
    sys.stdout.write("| | " + " | ".join(NAMES[tool] for tool in table) + " |\n")
    sys.stdout.write("| --- |" + " --- |" * len(table) + "\n")
    for key, title in TITLES.items():
        cells = " | ".join(table[tool].get(key, "") for tool in table)
        sys.stdout.write(f"| {title} | {cells} |\n")


if __name__ == "__main__":
    main()
