"""Draw the pictures of docs/ again: ``python -m tests.pictures``, after a change to what is seen.

``python -m tests.pictures tutorial gallery/own_map`` draws those alone whose names begin so.
Needs Chromium (CHROMIUM may name its path), and for ``howto/qgis`` the Python bindings of QGIS
(``python3-qgis`` of Debian). The pictures are reduced to a palette, and differ
between machines by a few pixels of type, so no test compares them.
"""

import contextlib
import io
import os
import pty
import re
import runpy
import shutil
import socket
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator
from html import escape
from itertools import chain
from pathlib import Path
from typing import Literal
from urllib.request import urlopen

import nbclient
import nbformat
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from roxham.layers import export_map, load_layers
from roxham.maps import border_map, load_base, map_sheet, save_picture

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
SINCE = "2017-01"
TALLEST = 1900
"""Pixels of a page that a picture shows, from the top."""
COLOURS = 160
AROUND = ("-74.2", "44.6", "-72.7", "45.5")
"""West, south, east, north of what QGIS shows, degrees."""
COLUMNS = 120
"""Width of a terminal."""

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


def shot(
    browser: Browser,
    address: str,
    *,
    width: int = 1000,
    height: int = 640,
    wait: int = 1500,
    until: str = "body",
) -> bytes:
    """Return what a window of that size shows, once there is what a selector names."""
    tab = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
    tab.goto(address)
    tab.wait_for_selector(until, state="attached", timeout=300_000)
    tab.wait_for_timeout(wait)
    if tab.locator(".rx-page").count():  # a page goes on below its map
        tab.set_viewport_size({"width": width, "height": max(height, 1000)})
        tab.wait_for_timeout(wait)
    picture = tab.screenshot()
    tab.close()
    return picture


def drawing(browser: Browser, address: str) -> bytes:
    """Return the whole of an SVG, as wide as a window, or as tall as a picture may be."""
    tab = browser.new_page(viewport={"width": 1000, "height": TALLEST})
    tab.goto(address)
    size = tab.evaluate(
        """([width, height]) => {
            const drawn = document.documentElement;
            const box = drawn.getBoundingClientRect();
            const by = Math.min(width / box.width, height / box.height);
            drawn.setAttribute('width', box.width * by);
            drawn.setAttribute('height', box.height * by);
            return { width: Math.round(box.width * by), height: Math.round(box.height * by) };
        }""",
        [1000, TALLEST],
    )
    tab.set_viewport_size(size)
    picture = tab.screenshot()
    tab.close()
    return picture


def terminal(browser: Browser, command: str, text: str, *, lines: int = 26) -> bytes:
    """Return a terminal with a command and the first lines of what it printed."""
    shown = text.rstrip().splitlines()
    shown = [*shown[:lines], "…"] if len(shown) > lines else shown
    shown = [line if len(line) <= COLUMNS else f"{line[: COLUMNS - 1]}…" for line in shown]
    style = (
        "margin:0;padding:16px 20px;background:#14201f;color:#e8efe9;"
        "font:14px/1.45 'DejaVu Sans Mono',monospace;display:inline-block;min-width:640px"
    )
    said = escape("\n".join(shown))
    tab = browser.new_page(viewport={"width": 1100, "height": 400})
    tab.set_content(f'<pre style="{style}"><b>$ {escape(command)}</b>\n{said}</pre>')
    picture = tab.locator("pre").screenshot()
    tab.close()
    return picture


def printed(*words: str) -> str:
    """Return what a command prints to a terminal."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (50, COLUMNS))
    said: list[bytes] = []
    env = {**os.environ, "NO_COLOR": "1", "TERM": "xterm"}
    words = (sys.executable, "-m", "roxham", *words)
    with subprocess.Popen(words, stdout=theirs, stderr=theirs, env=env) as running:
        os.close(theirs)
        with contextlib.suppress(OSError):  # at its end
            while piece := os.read(ours, 65536):
                said.append(piece)
    os.close(ours)
    assert running.returncode == 0, words
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\r", "", b"".join(said).decode())


def of_example(browser: Browser, script: Path) -> bytes:
    """Return what an example wrote, or what it printed where it writes nothing to look at."""
    said = io.StringIO()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        with contextlib.redirect_stdout(said):
            runpy.run_path(str(script), run_name="__main__")
        for written in sorted(p for p in Path(folder).iterdir() if p.suffix in (".html", ".svg")):
            return (shot if written.suffix == ".html" else drawing)(browser, written.as_uri())
    return terminal(browser, f"python {script.name}", said.getvalue())


def of_notebook(browser: Browser) -> bytes:
    """Return the cells of the Jupyter notebook with what they show, run anew."""
    notebook = nbformat.read(  # type: ignore[no-untyped-call]
        ROOT / "examples" / "maps_in_jupyter.ipynb", as_version=4
    )
    with tempfile.TemporaryDirectory() as folder:
        nbclient.NotebookClient(notebook, resources={"metadata": {"path": folder}}).execute()
        cells = [
            f"<pre style='background:#f3f3f3;padding:8px'>{escape(cell.source)}</pre>"
            + "".join(str(out.get("data", {}).get("text/html", "")) for out in cell.outputs)
            for cell in notebook.cells
            if cell.cell_type == "code"
        ]
        page = Path(folder) / "notebook.html"
        page.write_text("<meta charset=utf-8><body style='margin:24px;font:14px sans-serif'>"
                        + "".join(cells[1:3]), encoding="utf-8")  # fmt: skip
        return shot(browser, page.as_uri(), height=900, wait=3000)


def of_marimo(browser: Browser) -> bytes:
    """Return the marimo notebook as marimo itself shows it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    script = str(ROOT / "examples" / "maps_in_marimo.py")
    words = ["run", script, "--headless", "--no-token", "--port", str(port)]
    server = subprocess.Popen([sys.executable, "-m", "marimo", "-q", *words])
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(60):
            with contextlib.suppress(OSError), urlopen(address):
                break
            time.sleep(1)
        return shot(browser, address, height=900, wait=6_000, until="iframe[srcdoc]")
    finally:
        server.terminate()
        server.wait()


def of_tutorial(browser: Browser, folder: Path) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield the pictures of the tutorial's steps, each by its name and what makes it."""
    text = (DOCS / "tutorial.md").read_text(encoding="utf-8")
    (mine,) = re.findall(r"^`mine\.csv`:\n\n```csv\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    table, page = folder / "mine.csv", folder / "mine.html"
    table.write_text(mine, encoding="utf-8")

    def drawn() -> Path:
        if not page.exists():
            title = "What we found"
            printed("map", "--incidents", str(table), "--title", title, "-o", str(page))
        return page

    yield "1-data", lambda: terminal(browser, "roxham data", printed("data"))
    yield "2-page", lambda: (DOCS / "page-1280.png").read_bytes()
    yield "3-mine", lambda: shot(browser, drawn().as_uri(), width=1280, height=900)
    yield (
        "4-check",
        lambda: terminal(
            browser, "roxham check --page mine.html", printed("check", "--page", str(drawn()))
        ),
    )


def of_page(browser: Browser, folder: Path) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield the pictures of the page, each by its name and what makes it."""
    layers, base = load_layers(since=SINCE), load_base()
    page, alone, sheet = (folder / name for name in ("a.html", "b.html", "c.png"))

    def whole() -> Path:
        if not page.exists():
            border_map(layers, base=base).save(str(page))
        return page

    def embedded() -> bytes:
        border_map(layers, base=base, embed=True).save(str(alone))
        return photograph(browser, alone, width=1280)

    def twin() -> bytes:
        return save_picture(map_sheet(layers, base), sheet, scale=4 / 3).read_bytes()

    yield "page-1280", lambda: photograph(browser, whole(), width=1280)
    yield (
        "page-1280-fr-dark",
        lambda: photograph(browser, whole(), width=1280, language="fr", scheme="dark"),
    )
    yield "page-360", lambda: photograph(browser, whole(), width=360)
    yield "page-360-fr", lambda: photograph(browser, whole(), width=360, language="fr")
    yield "page-embed", embedded
    yield "twin", twin


def of_qgis(folder: Path) -> bytes:
    """Return the project of an export as QGIS shows it: its list of layers, and its map."""
    export_map(folder / "shared", load_layers(since=SINCE, until="2024-12"), load_base().frames())
    script = ROOT / "tests" / "layers" / "export" / "window_qgis.py"
    words = [str(folder / "shared" / "roxham.qgz"), str(folder / "qgis.png")]
    subprocess.run(["/usr/bin/python3", str(script), *words, *AROUND], check=True)
    return (folder / "qgis.png").read_bytes()


def of_all(browser: Browser, folder: Path) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield every picture by its name and what makes it."""
    yield from of_page(browser, folder)
    for name, make in of_tutorial(browser, folder):
        yield f"tutorial/{name}", make
    for script in sorted((ROOT / "examples").glob("*.py")):
        if script.stem != "maps_in_marimo":
            yield f"gallery/{script.stem}", lambda script=script: of_example(browser, script)  # type: ignore[misc]
    yield "gallery/maps_in_jupyter", lambda: of_notebook(browser)
    yield "gallery/maps_in_marimo", lambda: of_marimo(browser)
    yield "howto/qgis", lambda: of_qgis(folder)


def main(wanted: tuple[str, ...]) -> None:
    """Write the pictures of docs/ whose names begin with one of these, or all."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for name, make in of_all(browser, Path(folder)):
            if not wanted or name.startswith(wanted):
                path = DOCS / f"{name}.png"
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(reduced(make()))
        browser.close()


if __name__ == "__main__":
    main(tuple(sys.argv[1:]))
