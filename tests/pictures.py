"""Draw the pictures of docs/ again: ``python -m tests.pictures``, after a change to what is seen.

Needs Chromium (CHROMIUM may name its path). The pictures are reduced to a palette, and differ
between machines by a few pixels of type, so no test compares them.
"""

import io
import os
import shutil
import tempfile
from itertools import chain
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from roxham.layers import load_layers
from roxham.maps import border_map, load_base, map_sheet, save_picture

DOCS = Path(__file__).parent.parent / "docs"
SINCE = "2017-01"
TALLEST = 1900
"""Pixels of a page that a picture shows, from the top."""
COLOURS = 160

Scheme = Literal["light", "dark"]


def reduced(content: bytes) -> bytes:
    """Return a PNG of at most 256 colours: the commonest as they are, the others near by."""
    image = Image.open(io.BytesIO(content)).convert("RGB")
    counted = image.getcolors(image.width * image.height) or []
    common = [colour for _, colour in sorted(counted, reverse=True)[:COLOURS]]
    others = image.quantize(256 - COLOURS, Image.Quantize.MAXCOVERAGE).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*chain.from_iterable(common), *others])  # type: ignore[arg-type]
    out = io.BytesIO()
    image.quantize(palette=palette, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def photograph(
    browser: Browser, page: Path, *, width: int, language: str = "en", scheme: Scheme = "light"
) -> bytes:
    """Open a page as a reader would, and return the top of it as a PNG."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    tab = context.new_page()
    tab.goto(f"{page.as_uri()}#lang={language}")
    tab.wait_for_selector(".rx-ready", state="attached")
    tab.evaluate("document.fonts.ready")
    tab.wait_for_timeout(500)
    height = min(TALLEST, int(tab.evaluate("document.documentElement.scrollHeight")))
    clip = {"x": 0.0, "y": 0.0, "width": float(width), "height": float(height)}
    picture = tab.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type]
    context.close()
    return picture


def main() -> None:
    """Write every picture of docs/."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    layers, base = load_layers(since=SINCE), load_base()
    drawn = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page, alone, sheet = (Path(folder) / name for name in ("a.html", "b.html", "c.png"))
        border_map(layers, base=base).save(str(page))
        border_map(layers, base=base, embed=True).save(str(alone))
        save_picture(map_sheet(layers, base), sheet, scale=4 / 3)
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        drawn["page-1280"] = photograph(browser, page, width=1280)
        drawn["page-1280-fr-dark"] = photograph(
            browser, page, width=1280, language="fr", scheme="dark"
        )
        drawn["page-360"] = photograph(browser, page, width=360)
        drawn["page-360-fr"] = photograph(browser, page, width=360, language="fr")
        drawn["page-embed"] = photograph(browser, alone, width=1280)
        drawn["twin"] = sheet.read_bytes()
        browser.close()
    for name, content in drawn.items():
        (DOCS / f"{name}.png").write_bytes(reduced(content))


if __name__ == "__main__":
    main()
