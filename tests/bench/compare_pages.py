"""This page beside the neighbours' on the same segments, as docs/comparison.md shows it.

Bytes, requests, time until the segments are drawn, what axe-core finds, what the keyboard
reaches, how many hostile texts run, languages, and whether a second build is the same file.
The neighbours' remote files come from npm and are served by the browser's own routing.

Needs npm and Chromium; ``--peers`` is a Python that has lonboard 0.16.0, pyarrow and keplergl,
with GeoPandas, mapclassify and matplotlib.

    python tests/bench/compare_pages.py 10000 --peers /path/to/python
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
from bench_page import cdn_files  # type: ignore[import-not-found]
from bench_pan import remote_files  # type: ignore[import-not-found]
from made_up_frames import made_up_segments  # type: ignore[import-not-found]
from playwright.sync_api import Browser, Error, Page, Route, sync_playwright

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "maps"))
from hostile import CORPUS, RUN  # type: ignore[import-not-found]  # noqa: E402

NAMES = {
    "roxham": "roxham",
    "explore": "`GeoDataFrame.explore()`",
    "folium": "Folium alone",
    "lonboard": "lonboard",
    "kepler": "kepler.gl",
}
TITLES = {
    "bytes": "Bytes of the file",
    "requests": "Requests when opened",
    "drawn": "Segments drawn after",
    "axe": "axe-core, WCAG 2.2 A and AA: rules broken (elements)",
    "keyboard": "By keyboard: stops on the map, segments read",
    "hostile": "Hostile texts that ran",
    "languages": "Languages",
    "same": "A second build is the same file",
}
PATIENCE = 30.0
"""Seconds."""
BUSY = 60_000
"""Bytes of a picture of thousands of lines; an empty frame has a tenth of them."""
FLAGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
FLAGS += ["--ignore-gpu-blocklist", "--no-first-run", "--disable-background-networking"]
TYPES = {"js": "text/javascript", "css": "text/css", "wasm": "application/wasm"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = """async (rules) => (await axe.run(document, {
  runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'],
})).violations.map(({ id, nodes }) => [id, nodes.length])"""
HITS = "window.hits = new Set(); window.hit = (k) => { window.hits.add(k); };"
MAP = "window[Object.keys(window).find((key) => key.startsWith('map_'))]"
# What each kind of page has when the segments have been drawn.
DRAWN = {
    "roxham": f"(() => {{ const stage = {MAP} && roxham.stageOf({MAP});"
    " return Boolean(stage?.drawn && !stage.waiting); })()",
    "leaflet": f"Object.keys({MAP}?._layers ?? {{}}).length >= %d",
    "lonboard": "document.querySelector('canvas')?.width > 0",
}
SHOWN = "document.querySelectorAll('.leaflet-tooltip, .leaflet-popup').length"
# Whatever a reader can make appear by pointing and clicking.
POINT_LEAFLET = f"""() => {{
  const map = {MAP};
  for (const layer of Object.values(map._layers)) {{
    if (!layer.getLatLng && !layer.getBounds) continue;
    const at = layer.getLatLng?.() ?? layer.getBounds().getCenter();
    for (const name of ['mouseover', 'click']) layer.fire?.(name, {{ latlng: at, layer }});
    layer.openTooltip?.(at);
    layer.openPopup?.(at);
  }}
}}"""
POINT_OURS = f"""() => {{
  const stage = roxham.stageOf({MAP});
  for (const layer of stage.layers) for (let i = 0; i < layer.n; i += 1) stage.open(layer, i);
}}"""


def build(tool: str, frame: Path, page: Path, python: str) -> None:
    """Write a page in a process of its own."""
    asked = [python, str(HERE / "peer_page.py"), tool, str(frame), str(page)]
    subprocess.run(asked, check=True, capture_output=True, text=True)
    if tool == "lonboard":
        # The files are the same or newer, the hash of a minified one is not.
        text = re.sub(r' integrity="[^"]*" crossorigin="anonymous"', "", page.read_text())
        page.write_text(text)


@contextmanager
def opened(
    browser: Browser, path: Path, served: dict[str, bytes]
) -> Iterator[tuple[Page, list[str], list[str], float]]:
    """Open a page; give it, the addresses it asks for, its errors, and when it was asked for."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(1000 * PATIENCE)
    asked: list[str] = []
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def serve(route: Route) -> None:
        asked.append(route.request.url)
        name = route.request.url.split("?")[0].rpartition("/")[2]
        if name not in served and name.endswith("js"):
            route.abort()
            return
        kind = TYPES.get(name.rpartition(".")[2])
        allow = {"access-control-allow-origin": "*"}
        route.fulfill(body=served.get(name, b""), content_type=kind, headers=allow)

    page.route(re.compile("^https?:"), serve)
    page.add_init_script(HITS)
    start = time.perf_counter()
    page.goto(path.as_uri(), wait_until="commit")
    yield page, asked, errors, start
    context.close()


def drawn(page: Page, tool: str, count: int) -> None:
    """Wait until the segments are drawn and their pixels can be read back."""
    kind = tool if tool in DRAWN else "leaflet"
    sign = DRAWN[kind] % count if kind == "leaflet" else DRAWN[kind]
    end = time.perf_counter() + PATIENCE
    # Asked again and again, for a strict policy lets no script wait for a text of script.
    while not page.evaluate(f"document.readyState === 'complete' && {sign}"):
        if time.perf_counter() > end:
            raise Error("the segments are not drawn in time")
        page.wait_for_timeout(10)
    if kind == "lonboard":
        while len(page.screenshot()) < BUSY:
            if time.perf_counter() > end:
                raise Error(
                    "the segments are not drawn in time, on a canvas without a graphics card"
                )
            page.wait_for_timeout(50)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)))")


def keyboard(page: Page, tool: str) -> str:
    """Go through the page with the Tab key; try Enter at each stop on the map."""
    stops: set[str] = set()
    shown, last = False, 0
    for _ in range(150):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => { const node = document.activeElement;
            if (node === document.body) return null;
            node.dataset.stop ??= String(window.stops = (window.stops ?? 0) + 1);
            return [node.dataset.stop, Boolean(node.closest(
              '.leaflet-container, .folium-map, .lm-Widget, canvas'))]; }"""
        )
        if stop is None or int(stop[0]) <= last:
            break
        last = int(stop[0])
        if stop[1]:
            stops.add(stop[0])
            shown = shown or bool(page.evaluate(SHOWN))
    if tool == "roxham":
        page.locator(".rx-map").focus()
        for key in ("n", "Enter"):
            page.keyboard.press(key)
        shown = page.get_by_role("dialog").count() == 1
        return f"{len(stops)}; {'each (n, p, Enter)' if shown else 'none'}"
    many = f"{len(stops)} and more" if len(stops) > 100 else str(len(stops))
    return f"{many}; {'each stop is a segment, its tooltip shown' if shown else 'none'}"


def hostile(browser: Browser, tool: str, served: dict[str, bytes], folder: Path, py: str) -> str:
    """Build a page for each text that holds code, point at its feature, count what ran."""
    texts = [text for text in CORPUS if RUN in text and text.isprintable()]
    ran, broken = set(), 0
    for number, text in enumerate(texts):
        word = text.replace(RUN, f"hit({number})")
        row = {"name": [word, word], "kind": [word, word]}
        places = shapely.points([(-73.5, 45.0), (-73.4, 45.1)])
        point = gpd.GeoDataFrame(row, geometry=places, crs="EPSG:4326")
        try:
            BUILD[tool](point, str(folder / "one.html"))
        except Exception:
            broken += 1  # the text was run as a template while the page was built
            continue
        with opened(browser, folder / "one.html", served) as (page, _, errors, _):
            try:
                page.wait_for_load_state()
                page.wait_for_timeout(20)
                page.evaluate(POINT_OURS if tool == "roxham" else POINT_LEAFLET)
                page.wait_for_timeout(60)
            except Error as error:
                errors.append(str(error))
            ran |= {number} if page.evaluate("window.hits.size") else set()
            broken += bool(errors) and not page.evaluate("window.hits.size")
    return f"{len(ran)} of {len(texts)}" + (
        f"; {broken} more broke the page or its building" if broken else ""
    )


def measure(
    browser: Browser, tool: str, frame: Path, count: int, folder: Path, args: Any, served: Any
) -> dict[str, str]:
    """Return the cells of one tool."""
    python = args.peers if tool in ("lonboard", "kepler") else sys.executable
    paths = [folder / f"{tool}-{k}.html" for k in (1, 2)]
    for path in paths:
        build(tool, frame, path, python)
    cells = {"bytes": f"{paths[0].stat().st_size:,}"}
    cells["same"] = "yes" if paths[0].read_bytes() == paths[1].read_bytes() else "no"
    with opened(browser, paths[0], served) as (page, asked, _, start):
        if tool == "kepler":
            page.wait_for_timeout(5000)
            reason = "not run: its scripts are built on request by esm.sh, which npm has not"
            cells |= dict.fromkeys(("drawn", "axe", "keyboard", "hostile"), reason)
        else:
            try:
                drawn(page, tool, count)
                cells["drawn"] = f"{time.perf_counter() - start:.2f} s"
            except Error as error:
                cells["drawn"] = f"not had: {error.message}"
            script = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
            page.evaluate(script)
            found = page.evaluate(AXE, RULES)
            rules = ", ".join(f"{rule} ({n})" for rule, n in found)
            cells["axe"] = f"{len(found)}: {rules}" if found else "0"
        hosts = {url.split("/")[2] for url in asked}
        least = "at least " if tool == "kepler" else ""
        cells["requests"] = f"{least}{len(asked)}" + (f", {len(hosts)} hosts" if hosts else "")
        tongues = page.evaluate(
            "[...new Set([...document.querySelectorAll('[lang]')].map((e) => e.lang))]"
        )
        cells["languages"] = " and ".join(sorted(tongues)) or "none is said"
        if tool != "kepler":
            cells["keyboard"] = keyboard(page, tool)
    if tool in BUILD:
        cells["hostile"] = hostile(browser, tool, served, folder, python)
    cells.setdefault("hostile", "not run: a script cannot pick features on the graphics card")
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
        segments = made_up_segments(args.segments)
        segments.to_file(folder / "frame.gpkg")
        served = {**cdn_files(folder), **remote_files(folder)}
        browser = playwright.chromium.launch(executable_path=args.chromium, args=FLAGS)
        for tool in args.tools.split(","):
            start = time.perf_counter()
            given = (folder / "frame.gpkg", args.segments, folder, args, served)
            try:
                table[tool] = measure(browser, tool, *given)
            except (Error, subprocess.CalledProcessError) as error:
                said = str(getattr(error, "stderr", None) or error).strip().splitlines()
                table[tool] = dict.fromkeys(TITLES, f"not had: {said[0][:120]}")
            sys.stderr.write(f"{tool} {time.perf_counter() - start:.0f} s {table[tool]}\n")
        browser.close()
    sys.stdout.write("| | " + " | ".join(NAMES[tool] for tool in table) + " |\n")
    sys.stdout.write("| --- |" + " --- |" * len(table) + "\n")
    for key, title in TITLES.items():
        cells = " | ".join(table[tool].get(key, "") for tool in table)
        sys.stdout.write(f"| {title} | {cells} |\n")


if __name__ == "__main__":
    from peer_page import TOOLS  # type: ignore[import-not-found]

    BUILD = {tool: TOOLS[tool] for tool in ("roxham", "explore", "folium")}
    main()
