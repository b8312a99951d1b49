"""Symbols of the printed map, as the page draws them."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import shapely

from roxham.geo._types import Floats

from .sheet import Disc, Path, tokens

__all__ = [
    "KINDS",
    "OTHER",
    "ROADS",
    "colour",
    "hatching",
    "incident_mark",
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


def incident_mark(kind: object, x: float, y: float, radius: float) -> Iterator[Path | Disc]:
    """Yield the area of an incident: tint, hatching and outline tell the kinds apart."""
    dash, angle = KINDS.get(str(kind), OTHER)
    ink = colour(str(kind)) if kind in KINDS else colour("muted")
    yield Disc(x, y, radius, fill=ink, opacity=0.05)
    if angle is not None:
        lines = hatching(x, y, radius, angle, 11 if radius > 30 else 5)
        yield Path(lines, stroke=ink, width=0.8, opacity=0.14 if radius > 90 else 0.3)
    yield Disc(x, y, radius, stroke=ink, width=1.6, dash=dash, opacity=0.8)


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
