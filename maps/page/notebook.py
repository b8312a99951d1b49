"""Maps in Jupyter and marimo: a frame that holds the whole page and needs no network."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from html import escape

import folium

from roxham.geo.arguments import checked

from .page import kept_html

__all__ = ["NotebookMap", "show_map"]


class NotebookMap:
    """A map as notebooks show it: from :func:`show_map`."""

    def __init__(self, html: str, height: int) -> None:
        self.html = html
        self.height = height

    def __repr__(self) -> str:
        return f"<NotebookMap: {len(self.html.encode()) / 1e6:.2f} MB, {self.height} px high>"

    def _repr_html_(self) -> str:
        """Return a frame that holds the page."""
        return (
            f'<iframe srcdoc="{escape(self.html)}" title="Map" '
            f'style="border:0;width:100%;height:{self.height}px"></iframe>'
        )

    def _mime_(self) -> tuple[str, str]:
        """Return the same for marimo."""
        return "text/html", self._repr_html_()


@checked()
def show_map(
    map: folium.Map,  # noqa: A002
    *,
    height: int = 640,
    allow: Mapping[str, str] | None = None,
    by: str | None = None,
    as_of: dt.date | None = None,
    inline: bool = True,
) -> NotebookMap:
    """Show a map in a notebook (Jupyter, marimo), where it needs no network.

    What a notebook shows is saved with it and exported to HTML, so the rules of publication
    are asked as :func:`save_html` asks them.

    Parameters
    ----------
    map
        A map from :func:`border_map`, or any ``folium.Map`` without base tiles.
    height
        Height of its frame, pixels.
    allow, by, as_of
        As for :func:`save_html`.
    inline
        Put inside what Folium would fetch, as :func:`save_html` does. Without it a map of
        your own may have base tiles.

    Returns
    -------
    NotebookMap
        To be the last line of a cell.

    Raises
    ------
    DataError
        If a rule fails that nobody allows, or ``inline`` is asked of a map with base tiles.
    FetchError
        If a file that an element needs cannot be downloaded.

    Examples
    --------
    >>> from roxham.geo import load_roads
    >>> from roxham.maps import RoadLayer
    >>> own = folium.Map([45.0, -73.5], tiles=None)
    >>> _ = RoadLayer(load_roads().edges).add_to(own)
    >>> show_map(own, height=400)._repr_html_().count("https://cdn")
    0
    """
    html = kept_html(map, allow=allow, by=by, as_of=as_of, inline=inline)
    return NotebookMap(html, height)
