"""Marks of incidents on paper: which way people were going, as the page draws it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from .sheet import Disc, Path
from .symbols import colour

__all__ = ["MARK", "place_marks", "way_mark", "way_of"]

MARK = 6.5
"""Radius of a mark in pixels."""
APART = 2 * MARK + 1
RINGS = 3
ANGLES = {
    "northbound": 0.0,
    "eastbound": math.pi / 2,
    "southbound": math.pi,
    "westbound": -math.pi / 2,
}
"""Of each way's arrow, from north and clockwise."""
ARROW = (
    *((0, 0.66), (0.52, -0.02), (0.19, -0.02), (0.19, -0.62)),
    *((-0.19, -0.62), (-0.19, -0.02), (-0.52, -0.02), (0, 0.66)),
)
"""Right and up of its corners, in radii of the mark."""

Spot = tuple[float, float]


def way_of(direction: object) -> str:
    """Return the way of an incident as the marks know it.

    Examples
    --------
    >>> way_of("southbound"), way_of(None)
    ('southbound', 'unknown')
    """
    known = (*ANGLES, "inbound", "outbound")
    return str(direction) if direction in known else "unknown"


def place_marks(
    spots: Sequence[Spot],
    taken: Sequence[tuple[float, float, float]] = (),
    fits: Callable[[int, Spot], bool] = lambda _i, _at: True,
) -> list[Spot]:
    """Return where marks stand: each as near to its spot as what stands there leaves it room.

    Parameters
    ----------
    spots
        The middle of each, in pixels.
    taken
        Symbols to keep clear of: x, y and radius.
    fits
        Whether the mark of a spot, by its place in the list, may stand at a point.

    Examples
    --------
    >>> place_marks([(0.0, 0.0), (0.0, 0.0)])[1][1]
    -14.0
    """
    placed: list[Spot] = []
    # Marks by the square they stand in: only those beside a place can be in its way.
    cells: dict[tuple[int, int], list[Spot]] = {}

    def free(at: Spot) -> bool:
        across, down = _cell(at)
        beside = ((across + i, down + k) for i in (-1, 0, 1) for k in (-1, 0, 1))
        others = (other for cell in beside for other in cells.get(cell, ()))
        clear = all(math.dist(at, (x, y)) >= MARK + r for x, y, r in taken)
        return clear and all(math.dist(at, other) >= APART - 1e-6 for other in others)

    for i, spot in enumerate(spots):
        at = next((one for one in _around(spot) if free(one) and fits(i, one)), spot)
        cells.setdefault(_cell(at), []).append(at)
        placed.append(at)
    return placed


def _cell(at: Spot) -> tuple[int, int]:
    return math.floor(at[0] / APART), math.floor(at[1] / APART)


def _around(spot: Spot) -> Iterator[Spot]:
    """Yield a spot and rings around it, from above: what is beside a place is left to its name."""
    x, y = spot
    yield spot
    for ring in range(1, RINGS + 1):
        for k in range(6 * ring):
            turn = 2 * math.pi * k / (6 * ring) - math.pi / 2
            yield x + ring * APART * math.cos(turn), y + ring * APART * math.sin(turn)


def way_mark(way: str, x: float, y: float, ink: str, radius: float = MARK) -> Iterator[Path | Disc]:
    """Yield a disc with an arrow on it; a ring where the way is not known."""
    paper = colour("paper")
    yield Disc(x, y, radius + 1.4, fill=paper)
    yield Disc(x, y, radius, fill=ink)
    if way in ANGLES:
        sin, cos = math.sin(ANGLES[way]), math.cos(ANGLES[way])
        corners = [
            (x + (r * cos + u * sin) * radius, y + (r * sin - u * cos) * radius) for r, u in ARROW
        ]
        yield Path([np.array(corners)], fill=paper)
    elif way == "inbound":
        yield Disc(x, y, radius * 0.35, fill=paper)
    else:
        yield Disc(x, y, radius * 0.68, fill=paper)
        if way == "outbound":
            yield Disc(x, y, radius * 0.35, fill=ink)
