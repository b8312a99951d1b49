"""Symbols of the printed map, as the page draws them."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from roxham.geo._types import Floats

from .frame import parts_of
from .sheet import Disc, Path, tokens

__all__ = [
    "KINDS",
    "OTHER",
    "ROADS",
    "colour",
    "hatching",
    "incident_area",
    "kind_ink",
    "port_mark",
    "road_class",
]

ROADS = {
    "residential": ("road-local", 0.8, 9.5, 11.0),
    "unclassified": ("road-local", 0.8, 9.0, 11.0),
    "tertiary": ("road-local", 0.9, 8.5, 10.5),
    "secondary": ("road-secondary", 1.1, 0.0, 9.25),
    "primary": ("road-trunk", 1.5, 0.0, 8.25),
    "trunk": ("road-trunk", 1.9, 0.0, 7.5),
    "motorway": ("road-motorway", 2.6, 0.0, 0.0),
}
"""Colour, width at zoom 9.5, zoom from which it is drawn, and from which it is numbered; the
page's own (``kinds/shared/road_classes.js``), the lowest class first."""
RANKS = {name: rank for rank, name in enumerate(ROADS)}
KINDS: dict[str, tuple[tuple[float, ...], float]] = {
    "death": ((), math.pi / 4),
    "missing": ((4, 2, 1, 2), math.pi / 4),
    "injury": ((7, 4), -math.pi / 4),
    "rescue": ((2, 3), 0.0),
    "smuggling": ((9, 3, 2, 3), math.pi / 2),
}
"""Outline and angle of hatching of each kind of incident, as on the page."""
OTHER: tuple[tuple[float, ...], float | None] = ((1, 4), None)
HATCHED = 40
"""Pixels of the largest area that is hatched, as on the page: of others the edge tells the kind."""


def colour(name: str) -> str:
    """Return a colour of the page by its name."""
    return tokens()[name][0]


def road_class(highway: object) -> str:
    """Return the class a road is drawn in: of several the highest, as on the page.

    Examples
    --------
    >>> road_class("trunk_link"), road_class(["residential", "primary"]), road_class(None)
    ('trunk', 'primary', 'unclassified')
    """
    listed = highway if isinstance(highway, list | tuple | np.ndarray) else str(highway).split(", ")
    known = [name for one in listed if (name := str(one).removesuffix("_link")) in ROADS]
    return max(known, key=RANKS.__getitem__, default="unclassified")


def hatching(x: float, y: float, radius: float, angle: float, gap: float) -> list[Floats]:
    """Return parallel lines across a circle."""
    along = np.array([math.cos(angle), math.sin(angle)])
    across = np.array([-along[1], along[0]])
    middle = np.array([x, y])
    return [
        np.array([middle + across * o - along * half, middle + across * o + along * half])
        for o in np.arange(-radius + gap / 2, radius, gap)
        for half in [math.sqrt(radius * radius - o * o)]
    ]


def kind_ink(kind: object) -> str:
    """Return the colour of a kind of incident."""
    return colour(str(kind)) if kind in KINDS else colour("muted")


def incident_area(
    kind: object,
    x: float,
    y: float,
    radius: float,
    seen: BaseGeometry | None = None,
) -> Iterator[Path | Disc]:
    """Yield the area of an incident: tint, hatching and outline tell the kinds apart.

    The vaguer its place, the fainter it is; an area of more than :data:`HATCHED` pixels has no
    hatching, which would be read before anything else.

    Parameters
    ----------
    kind, x, y, radius
        What happened; middle and radius in pixels.
    seen
        The part of the sheet on which it may be drawn; all of it by default.
    """
    dash, angle = KINDS.get(str(kind), OTHER)
    colour_ = kind_ink(kind)
    ink = min(1.0, 16 / radius)
    lines: list[Floats] = []
    if angle is not None and radius <= HATCHED:
        lines = hatching(x, y, radius, angle, 11 if radius > 30 else 5)
    faint, wide, strong = 0.02 + 0.14 * ink, 0.8 + 0.8 * ink, 0.3 + 0.55 * ink
    # A polygon within a tenth of a pixel of the circle.
    corners = math.ceil(math.pi / 4 / math.acos(1 - 0.1 / max(radius, 1.0)))
    disc = shapely.Point(x, y).buffer(radius, quad_segs=corners)
    if seen is None or seen.contains(disc):
        yield Disc(x, y, radius, fill=colour_, opacity=faint)
        yield Path(lines, stroke=colour_, width=0.8, opacity=0.03 + 0.3 * ink)
        yield Disc(x, y, radius, stroke=colour_, width=wide, dash=dash, opacity=strong)
        return
    cut = [line.intersection(seen) for line in map(shapely.LineString, lines)]
    yield Path(parts_of([disc.intersection(seen)]), fill=colour_, opacity=faint)
    yield Path(parts_of(cut), stroke=colour_, width=0.8, opacity=0.03 + 0.3 * ink)
    outline = parts_of([disc.boundary.intersection(seen)])
    yield Path(outline, stroke=colour_, width=wide, dash=dash, opacity=strong)


def port_mark(
    kind: object, status: object, x: float, y: float, size: float = 5
) -> Iterator[Path | Disc]:
    """Yield a port's symbol: filled when open, struck when closed; a site is a diamond."""
    halo, ink = colour("halo"), colour("closed")
    if kind == "irregular_site":
        r = size * 1.55
        yield Disc(x, y, r * 1.75, fill=colour("site"), opacity=0.22)
        diamond = np.array([[x, y - r], [x + r, y], [x, y + r], [x - r, y], [x, y - r]])
        yield Path([diamond], fill=colour("site"), stroke=halo, width=1.7)
        return
    opened = status == "open"
    fill, edge, width = (colour("port"), halo, 1.5) if opened else (halo, ink, 1.7)
    if kind in ("rail_port", "marine_port"):
        r = size * 0.85
        square = shapely.get_coordinates(shapely.box(x - r, y - r, x + r, y + r))
        yield Path([square], fill=fill, stroke=edge, width=width)
    else:
        yield Disc(x, y, size, fill=fill, stroke=edge, width=width)
    if status == "closed":
        r = size * 1.35
        yield Path([np.array([[x - r, y + r], [x + r, y - r]])], stroke=ink, width=1.7)
