"""Open the built site as a reader does, from disk and without a network, and search it.

``python -m tests.site docs/_build/html``; part of ``nox -s docs``. Needs Chromium (CHROMIUM may
name its path).
"""

import os
import re
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

FETCHED = re.compile(
    r"<(?:script|img|iframe|source)\b[^>]*\bsrc=\"(?:https?:)?//[^\"]*\""
    r"|<link\b[^>]*\brel=\"(?:stylesheet|preload|icon|search)\"[^>]*\bhref=\"(?:https?:)?//[^\"]*\""
)
QUESTIONS = {
    "isochrone": "Isochrones of a clinic",
    "postgis": "From PostGIS",
    "read_roads": "read_roads",
    "spreadsheet": "My spreadsheet",
    "iframe": "A map in my CMS",
    "masking": "Masking",
}
"""What a stranger types, and a title that must be among what is found."""


def remote(site: Path) -> list[str]:
    """Return what any page of the site would fetch from another host."""
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 30, f"{site} has {len(pages)} pages."
    return [found for page in pages for found in FETCHED.findall(page.read_text(encoding="utf-8"))]


def searched(page: Page, site: Path) -> None:
    """Ask each question of the search, and look at a page of each width."""
    for words, title in QUESTIONS.items():
        page.goto(f"{(site / 'search.html').as_uri()}?q={words}")
        expect(page.locator("#search-results li a", has_text=title).first).to_be_visible()
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        for name in ("index", "tutorial", "howto/clinic", "reference/geo", "tables"):
            page.goto((site / f"{name}.html").as_uri())
            wide = int(page.evaluate("document.documentElement.scrollWidth"))
            assert wide <= width, f"{name}.html is {wide} pixels wide on a screen of {width}."


def main(site: Path) -> None:
    """Raise if the site fetches anything, complains, or does not find what it holds."""
    assert remote(site) == []
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    asked: list[str] = []
    said: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_context(offline=True).new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: said.append(str(error)))
        searched(page, site)
        browser.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert said == [], said


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
