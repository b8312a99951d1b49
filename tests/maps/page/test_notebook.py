"""Maps in notebooks and in files that need no network."""

import re
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import folium
import geopandas as gpd
import pytest
from branca.element import CssLink, JavascriptLink, Link

from roxham.geo import DataError, FetchError
from roxham.maps import FeatureLayer, Legend, save_html, show_map
from tests.maps.conftest import Open


def own_map(tiles: str | None = None) -> folium.Map:
    """Return a Folium map with a layer of ours and elements of Folium's."""
    page = folium.Map([45.0, -73.5], zoom_start=9, tiles=tiles)
    spots = gpd.GeoDataFrame(
        {"name": ["A"]}, geometry=gpd.points_from_xy([-73.5], [45.0]), crs="EPSG:4326"
    )
    FeatureLayer(spots, name="Spots").add_to(page)
    folium.Marker([45.1, -73.4], popup="A popup of Folium's", tooltip="A tip").add_to(page)
    folium.GeoJson({"type": "Point", "coordinates": [-73.6, 45.1]}).add_to(page)
    folium.Circle([45.0, -73.3], radius=2000).add_to(page)
    Legend().add_to(page)
    return page


def linked(html: str) -> list[str]:
    """Return what a page fetches, scripts and styles left out that stand in it."""
    bare = re.sub(r"<(script|style)>.*?</\1>", "", html, flags=re.DOTALL)
    return re.findall(r"(?:src|href)=\"(https?:[^\"]+)\"", bare)


def test_without_the_option_folium_fetches_as_ever(tmp_path: Path) -> None:
    html = save_html(own_map(), tmp_path / "a.html").read_text()
    assert any("jquery" in address for address in linked(html))


@pytest.mark.browser
def test_a_map_of_ones_own_works_with_the_network_off(tmp_path: Path, open_page: Open) -> None:
    path = save_html(own_map(), tmp_path / "a.html", inline=True)
    assert linked(path.read_text()) == []
    opened = open_page(path, ready=".rx-legend")
    markers = opened.page.locator(".leaflet-marker-icon")
    assert markers.count() == 2
    wide = "(img) => img.naturalWidth"
    assert [marker.evaluate(wide) for marker in markers.all()] == [25, 25]
    markers.first.click(force=True)
    opened.page.get_by_text("A popup of Folium's").wait_for()
    opened.quiet()


@pytest.mark.browser
def test_a_notebook_exported_to_html_shows_it_with_the_network_off(
    tmp_path: Path, open_page: Open
) -> None:
    shown = show_map(own_map(), height=500)
    assert len(repr(shown)) < 80
    assert shown._mime_() == ("text/html", shown._repr_html_())
    path = tmp_path / "notebook.html"
    path.write_text(f"<!doctype html><title>n</title><h1>A cell</h1>{shown._repr_html_()}")
    opened = open_page(path, ready="iframe")
    frame = opened.page.frame_locator("iframe")
    frame.locator(".rx-legend").wait_for()
    assert frame.locator(".leaflet-marker-icon").count() == 2
    opened.quiet()


def test_base_tiles_are_refused_with_what_to_do() -> None:
    with pytest.raises(DataError, match=r"openstreetmap.*tiles=None"):
        show_map(own_map(tiles="OpenStreetMap"))
    assert "openstreetmap" in show_map(own_map(tiles="OpenStreetMap"), inline=False).html


def with_links(*links: Link) -> folium.Map:
    """Return a map with files of another element in its head."""
    page = folium.Map([45.0, -73.5], tiles=None)
    figure: Any = page.get_root()
    for number, link in enumerate(links):
        figure.header.add_child(link, name=f"own_{number}")
    return page


@pytest.fixture
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a script, and a style sheet with a picture; give the address."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "x.js").write_text("window.fetched = '</script>';")
    (folder / "x.css").write_text("b { background: url(x.png) } i { src: url('x.woff') }")
    (folder / "x.png").write_bytes(b"PNG")
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_files_of_other_elements_are_downloaded_into_the_page(tmp_path: Path, served: str) -> None:
    links = JavascriptLink(f"{served}/x.js"), CssLink(f"{served}/x.css")
    html = save_html(with_links(*links), tmp_path / "a.html", inline=True).read_text()
    assert r"<script>window.fetched = '<\/script>';</script>" in html
    assert 'b { background: url("data:image/png;base64,UE5H") }' in html
    assert "i { src: url(data:,) }" in html
    assert served not in html


def test_what_cannot_be_downloaded_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    page = with_links(JavascriptLink("http://127.0.0.1:9/x.js"))
    with pytest.raises(FetchError, match="cannot be reached"):
        save_html(page, tmp_path / "a.html", inline=True)
    assert list(tmp_path.iterdir()) == []
