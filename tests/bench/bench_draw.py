"""Open two pages in turn, a page of an earlier commit and one of this, until each is drawn.

    python -m tests.bench.bench_draw before.html now.html --pairs 15

Each pair opens both pages in one Chromium without a graphics card, the first of them in turn, each
in a context of its own. A page is drawn once its map has been and the pixels could be read back,
and is ready once every part answers. Printed: the medians, the median ratio of the pairs with its
quartiles, also of the processor time of the page's thread until then, which other work on the
machine disturbs least, and the bytes. Pages are made by ``roxham map -o`` at either commit.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, sync_playwright

DRAWN = """new Promise((done) => {
  const look = () => {
    const map = window.map_roxham; // an element, until the map has its name
    const stage = window.roxham && map?.getContainer && roxham.stageOf(map);
    if (!stage?.drawn || stage.waiting) return requestAnimationFrame(look);
    document.querySelector('.rx-canvas').getContext('2d').getImageData(0, 0, 1, 1);
    done(performance.now());
  };
  look();
})"""
READY = """new Promise((done) => {
  const look = () => {
    if (document.querySelector('.rx-ready')) done(performance.now());
    else setTimeout(look, 2);
  };
  look();
})"""


def opened(browser: Browser, page: Path) -> tuple[float, float, float, float]:
    """Return after how many milliseconds a page is drawn and ready, and how many it worked."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    view = context.new_page()
    session = context.new_cdp_session(view)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    view.goto(page.as_uri(), wait_until="commit")
    drawn, until_drawn = view.evaluate(DRAWN), _worked(session)
    ready, until_ready = view.evaluate(READY), _worked(session)
    context.close()
    return drawn, ready, until_drawn, until_ready


def _worked(session: CDPSession) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return 1000 * float(next(m["value"] for m in metrics if m["name"] == "TaskDuration"))


def main() -> None:
    """Open the pages and print what was found."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("before", type=Path)
    asked.add_argument("now", type=Path)
    asked.add_argument("--pairs", type=int, default=15)
    asked.add_argument("--chromium", default=shutil.which("chromium"))
    given = asked.parse_args()
    pages = [given.before.resolve(), given.now.resolve()]
    found: list[list[tuple[float, ...]]] = [[], []]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=given.chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for page in pages:
            opened(browser, page)
        for pair in range(given.pairs):
            for k in (0, 1) if pair % 2 else (1, 0):
                found[k].append(opened(browser, pages[k]))
        browser.close()
    for page in pages:
        print(f"{page.name}: {page.stat().st_size:,} bytes")
    for k, what in enumerate(("drawn", "ready", "processor until drawn", "until ready")):
        before, now = ([time[k] for time in times] for times in found)
        ratios = [b / a for a, b in zip(before, now, strict=True)]
        low, middle, high = statistics.quantiles(ratios, n=4)
        print(
            f"{what}: {statistics.median(before):.0f} ms before, {statistics.median(now):.0f} ms "
            f"now; ratio {middle:.3f} (quartiles {low:.3f} to {high:.3f}) of {len(ratios)} pairs"
        )


if __name__ == "__main__":
    main()
