"""How many hostile texts run in a tool's page; see ``compare_pages.py``.

Each text is the name and the kind of one point on a page of its own, beside a harmless sign. What a
reader can make appear by pointing and clicking is made to appear; the sign must then stand on the
page, or its code have run: otherwise the text has broken the page or hidden what stands beside it.
kepler.gl and lonboard draw on the graphics card, so their point is pointed at and clicked with the
mouse.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import shapely
from playwright.sync_api import Browser, Error, Page
from remote import opened  # type: ignore[import-not-found]

sys.path.insert(0, str(Path(__file__).parent.parent / "maps"))
from hostile import CORPUS, RUN  # type: ignore[import-not-found]

MAP = "window[Object.keys(window).find((key) => key.startsWith('map_'))]"
HITS = "window.hits = new Set(); window.hit = (k) => { window.hits.add(k); };"
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
MIDDLE = (640, 450)
PATIENCE = 60.0
"""Seconds until a page that shows nothing counts as broken."""


class Told(NamedTuple):
    """What became of the texts."""

    ran: list[int]
    broken: list[int]
    shown: list[int]
    """Those shown letter for letter, but for white space."""
    tried: int

    def __str__(self) -> str:
        return f"{len(self.ran)} of {self.tried}"


def texts() -> list[str]:
    """Return the texts that hold code and can be printed, after a harmless one, the control."""
    held = [text for text in CORPUS if RUN in text and text.isprintable()]
    return ["a harmless text", *(text.replace(RUN, f"hit({k})") for k, text in enumerate(held, 1))]


def frame() -> gpd.GeoDataFrame:
    """Return a point for each text, all at one place."""
    words = texts()
    signs = [f"sign {k}" for k in range(len(words))]
    columns = {"name": words, "kind": words, "sign": signs}
    places = shapely.points([(-73.5, 45.0)] * len(words))
    return gpd.GeoDataFrame(columns, geometry=places, crs="EPSG:4326")


def stands(sign: str, seen: str) -> bool:
    """Whether a sign ends a row on the page, as it does not in a script that has spilled out."""
    return re.search(rf"(?m)(^|\t|: ){sign}$", seen) is not None


def by_script(page: Page, script: str) -> None:
    page.wait_for_load_state()
    page.wait_for_timeout(20)
    page.evaluate(script)
    page.wait_for_timeout(60)


def by_mouse(page: Page, sign: str) -> None:
    """Point at the middle of the page and click there, until the sign shows."""
    end = time.perf_counter() + PATIENCE
    x, y = MIDDLE
    while time.perf_counter() < end:
        page.mouse.move(x - 2, y - 2)
        page.mouse.move(x, y)
        page.wait_for_timeout(200)
        page.mouse.click(x, y)
        page.wait_for_timeout(200)
        if stands(sign, page.inner_text("body")):
            return


def told(
    browser: Browser,
    tool: str,
    served: dict[str, bytes],
    folder: Path,
    build: Callable[[gpd.GeoDataFrame, Path], None],
) -> Told:
    """Build a page for each text with ``build``, show its point, and say what happened."""
    words = texts()
    build(frame(), folder)
    ran, broken, shown = [], [], []
    for number, word in enumerate(words):
        path, sign = folder / f"{number}.html", f"sign {number}"
        if not path.exists():
            broken.append(number)  # the text was run as a template while the page was built
            continue
        with opened(browser, path, served, script=HITS) as (page, _, _):
            page.set_default_timeout(1000 * PATIENCE)
            try:
                if tool in ("lonboard", "lonboard_tooltip", "kepler"):
                    by_mouse(page, sign)
                else:
                    by_script(page, POINT_OURS if tool == "roxham" else POINT_LEAFLET)
                seen = page.inner_text("body")
            except Error:
                seen = ""
            if page.evaluate("window.hits.size"):
                ran.append(number)
            elif not stands(sign, seen):
                broken.append(number)
            if " ".join(word.split()) in " ".join(seen.split()):
                shown.append(number)
    if 0 not in shown:
        raise Error(f"{tool} does not show a harmless text")
    return Told(ran, broken, shown, len(words) - 1)
