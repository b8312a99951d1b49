"""The page as a frame of somebody's own page: what is asked of it, and the snippet for it."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import quote

import typer

from roxham.geo.errors import DataError, Fault

if TYPE_CHECKING:
    import folium

__all__ = ["Embed", "EmbedFull", "External", "asked_frame", "snippet"]

Embed = Annotated[
    bool,
    typer.Option(
        "--embed",
        help="The map alone, for an iframe of your own page; prints the iframe. --embed=full: it "
        "takes one finger and the wheel for itself.",
    ),
]
EmbedFull = Annotated[bool, typer.Option("--embed-full", hidden=True)]
External = Annotated[
    bool,
    typer.Option(
        "--external",
        help="With --embed: scripts, styles and data as files beside the page, with their hashes, "
        "for hosts that allow none inside.",
    ),
]


def asked_frame(embed: bool, full: bool, external: bool) -> bool | Literal["full"]:
    """Return what of the page is drawn; raise if files are asked for beside a whole page."""
    if external and not (embed or full):
        raise DataError(Fault("--external", "is of the map alone.", "Give --embed, too."))
    return "full" if full else embed


def snippet(drawn: folium.Map, page: Path) -> str:
    """Return the iframe that shows a page of its name, to be pasted."""
    root = drawn.get_root()
    first = root.context["first"]  # type: ignore[attr-defined]
    title = root.context["title"][first]  # type: ignore[attr-defined]
    return (
        f'<iframe src="{quote(page.name)}" title="{escape(title)}" lang="{first}" loading="lazy" '
        'style="width: 100%; aspect-ratio: 4 / 5; min-height: 400px; border: 0"></iframe>'
    )
