"""The map in somebody else's page: scrolling, height, policies, small frames, links."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, expect

from roxham.maps import border_map, save_html
from roxham.maps.page.external import beside
from tests.maps import samples

pytestmark = pytest.mark.browser

STRICT = "default-src 'self'"
DOCS = Path(__file__).parents[3] / "docs" / "embed.md"
SETTLE = "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 60)))"
STATE = "[map_roxham.getZoom(), map_roxham.getCenter().lat, map_roxham.getCenter().lng]"


class Server(SimpleHTTPRequestHandler):
    """Serves a folder, every page in it under the policy of its folder's name."""

    policies: ClassVar = {"/strict/": STRICT, "/styled/": "script-src 'self'"}

    def end_headers(self) -> None:
        for path, policy in self.policies.items():
            if self.path.startswith(path):
                self.send_header("Content-Security-Policy", policy)
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        return None


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Server, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the frame under several policies, and pages around it."""
    folder = tmp_path_factory.mktemp("site")
    alone = border_map(samples.layers(), base=samples.base(), embed=True)
    html = save_html(alone, folder / "map.html").read_text()
    for name in ("strict", "styled"):
        (folder / name).mkdir()
        (folder / name / "map.html").write_text(html)
    for name, content in beside(html, folder / "strict" / "apart.html").items():
        (folder / "strict" / name).write_bytes(content)
    script = re.search(r"<!-- host -->\n```html\n(.*?)```", DOCS.read_text(), re.DOTALL)
    assert script
    frame = '<iframe title="Map" src="map.html" style="width: 100%; height: 400px; border: 0">'
    for name, lines in (("host", ""), ("listening", script[1])):
        page = f"<!doctype html><html lang=de><title>Host</title><p>Before{frame}</iframe>{lines}"
        (folder / f"{name}.html").write_text(page + "<p style='height: 3000px'>After")
    inner = html.replace("&", "&amp;").replace('"', "&quot;")
    (folder / "srcdoc.html").write_text(
        f'<!doctype html><meta charset=utf-8><iframe srcdoc="{inner}"></iframe>'
    )
    full = border_map(samples.layers(), base=samples.base(), embed="full")
    save_html(full, folder / "full.html")
    with serving(folder) as address:
        yield address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 640, "height": 700}, has_touch=True)
    yield opened
    opened.close()


def inside(page: Page) -> Frame:
    frame = page.frames[1]
    frame.wait_for_selector(".rx-embed.rx-ready")
    frame.evaluate(SETTLE)
    return frame


def finger(page: Page, *paths: tuple[tuple[float, float], tuple[float, float]]) -> None:
    """Draw fingers over the page, each from one point to another."""
    session = page.context.new_cdp_session(page)

    def touch(kind: str, share: float | None) -> None:
        points = [
            {"x": x0 + (x1 - x0) * share, "y": y0 + (y1 - y0) * share, "id": k}
            for k, ((x0, y0), (x1, y1)) in enumerate(paths)
            if share is not None
        ]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 0)
    for step in range(1, 11):
        touch("touchMove", step / 10)
        page.wait_for_timeout(16)
    touch("touchEnd", None)
    page.wait_for_timeout(400)


def test_the_wheel_scrolls_the_page_and_ctrl_the_map(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.goto(f"{site}/host.html")
    frame = inside(page)
    words = frame.locator(".rx-gesture")
    before = frame.evaluate(STATE)
    page.mouse.move(300, 150)
    for _ in range(8):
        page.mouse.wheel(0, 120)
        page.wait_for_timeout(40)
    page.wait_for_timeout(300)
    assert frame.evaluate("scrollY") + page.evaluate("scrollY") > 300
    assert frame.evaluate(STATE) == before
    frame.evaluate("scrollTo(0, 0)")
    page.evaluate("scrollTo(0, 0)")
    page.mouse.move(300, 151)
    page.mouse.wheel(0, 10)
    expect(words).to_be_visible()
    expect(words).to_contain_text("Ctrl")
    expect(words).to_be_hidden()
    frame.evaluate("scrollTo(0, 0)")
    page.evaluate("scrollTo(0, 0)")
    page.keyboard.down("Control")
    page.mouse.wheel(0, -240)
    page.wait_for_timeout(500)
    page.keyboard.up("Control")
    assert frame.evaluate(STATE)[0] > before[0]
    assert page.evaluate("scrollY") == 0


def test_one_finger_scrolls_and_two_move_the_map(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.goto(f"{site}/map.html")
    page.wait_for_selector(".rx-embed.rx-ready")
    page.evaluate(SETTLE)
    page.evaluate("document.body.style.paddingBottom = '2000px'")
    before = page.evaluate(STATE)
    finger(page, ((300, 400), (300, 200)))
    assert page.evaluate("scrollY") > 100
    assert page.evaluate(STATE) == before
    expect(page.locator(".rx-gesture")).to_contain_text("two fingers")
    page.evaluate("scrollTo(0, 0)")
    finger(page, ((280, 300), (180, 300)), ((320, 300), (420, 300)))
    assert page.evaluate(STATE)[0] > before[0]
    assert page.evaluate("scrollY") == 0
    assert page.evaluate("visualViewport.scale") == 1
    _zoom, *place = page.evaluate(STATE)
    finger(page, ((280, 300), (340, 340)), ((320, 300), (380, 340)))
    assert page.evaluate(STATE)[1:] != place
    # A mouse drags as ever.
    place = page.evaluate(STATE)[1:]
    page.mouse.move(300, 300)
    page.mouse.down()
    page.mouse.move(360, 330, steps=4)
    page.mouse.up()
    page.wait_for_timeout(300)
    assert page.evaluate(STATE)[1:] != place


@pytest.mark.parametrize("whole", [".rx-map", ".rx-embed"])
def test_in_full_screen_one_finger_and_the_wheel_move_the_map(
    context: BrowserContext, site: str, whole: str
) -> None:
    page = context.new_page()
    page.goto(f"{site}/map.html")
    page.wait_for_selector(".rx-embed.rx-ready")
    page.evaluate(SETTLE)
    page.locator(".rx-copy, [data-copy]").first.focus()
    page.evaluate(f"document.querySelector('{whole}').requestFullscreen()")
    page.wait_for_function("document.fullscreenElement !== null")
    page.evaluate(SETTLE)
    shown = page.locator(".rx-map")
    assert shown.evaluate("(box) => getComputedStyle(box).touchAction") == "none"
    box = shown.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    zoom, *place = page.evaluate(STATE)
    finger(page, ((x, y + 40), (x, y - 60)))
    assert page.evaluate(STATE)[1:] != place
    page.mouse.move(x, y)
    page.mouse.wheel(0, -240)
    page.wait_for_timeout(500)
    assert page.evaluate(STATE)[0] > zoom
    expect(page.locator(".rx-gesture")).to_be_hidden()


def test_the_full_frame_keeps_every_gesture(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.goto(f"{site}/full.html")
    page.wait_for_selector(".rx-embed.rx-ready")
    page.evaluate(SETTLE)
    before = page.evaluate(STATE)
    page.mouse.move(300, 300)
    page.mouse.wheel(0, -240)
    page.wait_for_timeout(500)
    assert page.evaluate(STATE)[0] > before[0]
    place = page.evaluate(STATE)[1:]
    finger(page, ((300, 350), (300, 250)))
    assert page.evaluate(STATE)[1:] != place
    assert page.evaluate("scrollY") == 0


def test_a_host_that_listens_gives_the_height(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.goto(f"{site}/listening.html")
    frame = inside(page)
    page.wait_for_timeout(300)
    heights = "[document.documentElement.scrollHeight, innerHeight]"
    needed, given = frame.evaluate(heights)
    assert needed == given > 500
    frame.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    page.wait_for_timeout(300)
    assert frame.evaluate(heights)[1] > given
    assert frame.evaluate("document.documentElement.scrollHeight <= innerHeight")


@pytest.mark.parametrize("policy", ["strict", "styled"])
def test_without_inline_scripts_there_is_a_picture(
    context: BrowserContext, site: str, policy: str
) -> None:
    page = context.new_page()
    page.goto(f"{site}/{policy}/map.html")
    words = page.locator("body").inner_text()
    assert "does not allow them. This is a still picture" in words
    assert "image fixe" not in words
    expect(page.locator("svg")).to_be_visible()
    expect(page.locator("svg")).to_have_count(1)
    expect(page.locator("h1:visible")).to_have_count(1)
    expect(page.locator("main")).to_be_hidden()
    # In whatever font there is, no text goes beyond the picture.
    wide = """() => [...document.querySelectorAll("svg text")].filter((text) => {
        const { x, width } = text.getBBox();
        return x + width > text.ownerSVGElement.viewBox.baseVal.width;
    }).map((text) => text.textContent)"""
    assert page.evaluate(wide) == []


def test_files_beside_the_page_run_where_nothing_inside_may(
    context: BrowserContext, site: str
) -> None:
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    answer = page.goto(f"{site}/strict/apart.html")
    assert answer
    assert answer.headers["content-security-policy"] == STRICT
    page.wait_for_selector(".rx-embed.rx-ready")
    page.evaluate(SETTLE)
    assert said == []
    assert page.evaluate("roxham.stageOf(map_roxham).layers.length") > 4
    assert page.evaluate("document.fonts.check('600 16px \"Source Sans 3\"')")
    assert page.locator(".rx-still").count() == 0
    page.get_by_role("button", name="Français").click()
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert page.title() == page.locator(".rx-embed-title").inner_text()


def test_a_script_that_was_changed_does_not_run(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.route("**/apart.js", lambda route: route.fulfill(body="window.planted = 1;"))
    page.goto(f"{site}/strict/apart.html")
    page.wait_for_timeout(300)
    assert page.evaluate("window.planted") is None
    expect(page.locator(".rx-still svg")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(320, 400), (640, 400), (320, 700)])
def test_a_small_frame_shows_map_and_signs(
    browser: Browser, site: str, width: int, height: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(f"{site}/map.html")
    page.wait_for_selector(".rx-embed.rx-ready")
    page.evaluate(SETTLE)
    for language in ("Français", "English"):
        page.get_by_role("button", name=language).click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if height > 400:
            continue
        for part in (".rx-embed-title", ".rx-map-box", ".rx-signs .rx-swatch >> nth=0", ".rx-play"):
            box = page.locator(part).bounding_box()
            assert box is not None, part
            assert 0 <= box["y"] <= height - box["height"], part
        box = page.locator(".rx-map-box").bounding_box()
        assert box
        assert box["height"] >= 150
    context.close()


def test_a_link_that_cannot_be_copied_is_told(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.goto(f"{site}/host.html")
    frame = inside(page)
    frame.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(Error('no')); }")
    frame.locator("[data-copy]").click()
    expect(frame.locator(".rx-copy")).to_contain_text("may not copy")
    field = frame.get_by_label("may not copy")
    assert field.input_value().startswith(f"{site}/map.html#")
    assert frame.evaluate("getSelection().toString() || document.activeElement.value").startswith(
        site
    )
    page.goto(f"{site}/srcdoc.html")
    frame = inside(page)
    frame.locator("[data-copy]").click()
    expect(frame.locator(".rx-copy")).to_contain_text("no address of its own")
    expect(frame.locator(".rx-copy-field")).to_be_hidden()


def test_without_scripts_either_language_is_read(
    browser: Browser, site: str, tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/map.html")
    words = page.locator("body").inner_text()
    assert "still picture" in words
    assert "image fixe" in words
    assert page.locator("svg:visible").count() == 2
    whole = save_html(border_map(samples.layers(), base=samples.base()), tmp_path / "a.html")
    page.goto(whole.as_uri())
    heading = page.locator("#rx-figures-title")
    assert heading.inner_text() == "What the numbers say"
    page.get_by_label("Français").check()
    assert heading.inner_text() == "Ce que disent les chiffres"
    assert page.locator("#rx-events time").first.inner_text() == "25 mars 2022"
    seen = "(node) => getComputedStyle(node, '::after').content"
    assert page.locator(".rx-keys data").first.evaluate(seen) == '"39\N{NO-BREAK SPACE}540"'
    page.get_by_label("English").check()
    assert heading.inner_text() == "What the numbers say"
    context.close()
