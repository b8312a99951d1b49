"""Hostile text through every column of every layer, title and legend: it reads as written."""

from pathlib import Path

import folium
import pytest

from roxham.maps import Legend, PlaceLayer, border_map, save_html

from . import samples
from .conftest import Open

pytestmark = pytest.mark.browser

# The matrix of what breaks Folium's own popups, tooltips and names, and some more.
HOSTILE = [
    '<img src=x onerror="window.pwned=1">',
    "${window.pwned=2}",
    "`;window.pwned=3;`",
    "</script><script>window.pwned=4</script>",
    r"C:\20190221 \u0041 \x41 \`",
    "{{ 7*7 }}{% raw %}{# x",
    "'\"><svg onload=window.pwned=5>",
    "javascript:window.pwned=6",
    "&lt;b&gt; &amp; &#60;",
    "a\u2028b\u2029c\u202ed",
    "</style><style>*{display:none}</style><!--",
    "__proto__",
    "constructor",
]
TEXT_OF = """() => {
  const stage = roxham.stageOf(%s);
  const text = (layer, i) => roxham.painters[layer.kind].popup(layer, i).textContent;
  return stage.known.flatMap(({ roxham: { layer } }) =>
    Array.from({ length: layer.n }, (_, i) => [layer.kind, i, text(layer, i)]));
}"""


@pytest.fixture(scope="module")
def hostile_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = border_map(
        samples.layers(HOSTILE),
        base=samples.base(HOSTILE),
        title=HOSTILE[0] + HOSTILE[3] + HOSTILE[5],
    )
    return save_html(page, tmp_path_factory.mktemp("page") / "hostile.html")


@pytest.mark.parametrize("language", ["English", "Français"])
def test_nothing_runs_and_everything_reads_as_written(
    open_page: Open, hostile_page: Path, language: str
) -> None:
    opened = open_page(hostile_page)
    page = opened.page
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    page.get_by_role("button", name=language).click()
    title = HOSTILE[0] + HOSTILE[3] + HOSTILE[5]
    assert page.locator("h1").inner_text() == title
    assert page.title() == title
    cards = page.evaluate(TEXT_OF % "map_roxham")
    kinds = {kind for kind, _, _ in cards}
    assert kinds == {"ports", "incidents", "border", "roads", "places", "water", "jurisdictions"}
    for kind, i, text in cards:
        assert HOSTILE[i % len(HOSTILE)] in text, (kind, i)
    static = page.evaluate("document.body.textContent")
    for text in HOSTILE:
        assert static.count(text) >= 10, text
    page.evaluate(
        """() => {
          const stage = roxham.stageOf(map_roxham);
          for (const { roxham: { layer } } of stage.known)
            for (let i = 0; i < layer.n; i += 1) {
              stage.open(layer, i, [45, -73.5]);
              stage.draw();
            }
        }"""
    )
    page.evaluate("new Promise((done) => setTimeout(done, 100))")
    assert page.evaluate("window.pwned") is None
    links = page.evaluate(
        "[...document.querySelectorAll('a[href]')].map((a) => a.getAttribute('href'))"
    )
    assert [url for url in links if not url.startswith(("https://", "http://", "#"))] == []
    opened.quiet()


def test_names_of_layers_are_text_in_both_controls(open_page: Open, tmp_path: Path) -> None:
    page = folium.Map(location=[45, -73.5], tiles=None)
    for text in HOSTILE:
        PlaceLayer(samples.base().places, name=text).add_to(page)
    Legend().add_to(page)
    folium.LayerControl().add_to(page)
    opened = open_page(save_html(page, tmp_path / "a.html"), ready=".rx-legend")
    names = opened.page.locator(".rx-legend-name span").all_text_contents()
    assert names == HOSTILE
    control = opened.page.locator(".leaflet-control-layers").text_content() or ""
    assert HOSTILE[0] in control
    assert opened.page.evaluate("window.pwned") is None
    opened.quiet()
