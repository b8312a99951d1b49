"""A Folium map that needs no network: what Folium would fetch stands in the page."""

from __future__ import annotations

import base64
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import folium
from branca.element import CssLink, Element, JavascriptLink
from folium.elements import ElementAddToElement, EventHandler
from folium.map import CustomPane, FitOverlays

from roxham.geo import DataError
from roxham.geo.io.http import download
from roxham.maps.elements.layers import FrameLayer, Legend, environment
from roxham.maps.resources import asset, data_url

__all__ = ["FOLIUMS_OWN", "with_files"]

JQUERY = "vendor/jquery-3.7.1/jquery.min.js"
MARKER = "vendor/leaflet-1.9.4/images/marker-icon.png"
LEAFLET_ALONE = (
    *(FrameLayer, Legend),
    *(folium.Marker, folium.Tooltip, folium.FeatureGroup, folium.GeoJson, folium.CustomIcon),
    *(folium.Circle, folium.CircleMarker, folium.PolyLine, folium.Polygon, folium.Rectangle),
    *(folium.LayerControl, folium.FitBounds, FitOverlays, folium.DivIcon),
    *(folium.GeoJsonTooltip, CustomPane, ElementAddToElement, EventHandler),
)
"""Elements that need nothing but Leaflet."""
WITH_JQUERY = (folium.Popup, folium.GeoJsonPopup)
"""Elements that need jQuery, too."""
FOLIUMS_OWN = frozenset(
    name for name, _ in (*folium.Map.default_js, *folium.Map.default_css) if name != "leaflet"
)
"""Files that Folium links to on every map, whether or not anything there needs them."""
URL = re.compile(r"""url\((["']?)(?!data:|#)([^"')]+)\1\)""")
LARGEST_BYTES = 20_000_000
CARRIED = {
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".gif": "image/gif",
}
"""What a style sheet may bring along; fonts of older kinds are left out."""


def elements_of(element: Element) -> Iterator[Element]:
    """Yield every element of a map, the map left out."""
    for child in element._children.values():
        yield child
        yield from elements_of(child)


def with_files(html: str, map: folium.Map) -> str:  # noqa: A002
    """Return the page with every script and style sheet inside.

    Raises
    ------
    DataError
        If the map has base tiles, which are fetched as it is looked at.
    FetchError
        If a file cannot be downloaded.
    """
    elements = list(elements_of(map))
    tiles = [one for one in elements if isinstance(one, folium.TileLayer)]
    if tiles:
        raise DataError(
            f"map: its base tiles ({', '.join(one.tile_name for one in tiles)}) are fetched when "
            "it is looked at, so that it needs a network. Make it with folium.Map(tiles=None)."
        )
    figure: Any = map.get_root()
    simple = all(isinstance(one, LEAFLET_ALONE + WITH_JQUERY) for one in elements)
    for name, link in figure.header._children.items():
        if not isinstance(link, JavascriptLink | CssLink) or link.render() not in html:
            continue
        inside = "" if simple and name in FOLIUMS_OWN else _inside(name, link)
        html = html.replace(link.render(), inside, 1)
    more = [_markers()]
    if simple and any(isinstance(one, WITH_JQUERY) for one in elements):
        more.append(_element("script", asset(JQUERY)))
    return html.replace("</head>", "\n".join([*more, "</head>"]), 1)


def _markers() -> str:
    """Return the script by which Leaflet's own marker needs no file."""
    icon = data_url(MARKER)
    options = f"{{iconUrl: '{icon}', iconRetinaUrl: '{icon}', shadowUrl: ''}}"
    return _element("script", f"L.Icon.Default.mergeOptions({options});")


def _element(kind: str, text: str) -> str:
    return environment().get_template(f"{kind}.html.j2").render(text=text)


def _inside(name: str, link: JavascriptLink | CssLink) -> str:
    """Return a linked file as an element that holds it."""
    address = str(link.url)
    if isinstance(link, CssLink):
        return _element("style", _style(address))
    text = asset(JQUERY) if name == "jquery" else _fetched(address).decode("utf-8", "replace")
    return _element("script", text.replace("</script", r"<\/script"))


def _style(address: str) -> str:
    """Return a style sheet with the pictures and fonts that it names inside."""

    def inside(found: re.Match[str]) -> str:
        wanted = urljoin(address, found[2])
        kind = CARRIED.get(Path(urlsplit(wanted).path).suffix.lower())
        if kind is None:
            return "url(data:,)"
        return f'url("data:{kind};base64,{base64.b64encode(_fetched(wanted)).decode()}")'

    text = _fetched(address).decode("utf-8", "replace")
    return URL.sub(inside, text).replace("</style", r"<\/style")


def _fetched(address: str) -> bytes:
    """Return what is at an address."""
    with tempfile.TemporaryDirectory() as folder:
        path = download(address, Path(folder) / "file", largest_bytes=LARGEST_BYTES)
        return path.read_bytes()
