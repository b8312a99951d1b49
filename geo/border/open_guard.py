"""Some lines are controlled, whatever a caller says of a line that runs along them.

Which they are is data. Where a line is drawn coarsely, what is farther off counts as beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
import shapely

from roxham.geo._types import Bools, Floats, Ints, Objects
from roxham.geo.errors import DataError, Fault
from roxham.geo.geometry.geodesic import ahead_of
from roxham.geo.geometry.steps import stepped
from roxham.geo.tables.bundled import read_shapes
from roxham.geo.tables.contract import SOURCE, Column, Contract

from .beside import Seen, Track, on_map

__all__ = [
    "CONTROLLED_LINES",
    "places_beside",
    "reached",
    "refuse_meeting_there",
    "refuse_open",
    "runs_along",
]

METRES_A_DEGREE = 111_000

CONTROLLED_LINES = Contract(
    "controlled lines",
    (
        Column("name", meaning="what the whole line is called"),
        Column("stretch", meaning="which part of it this is"),
        Column(
            "within_m",
            "number",
            "how near a line is beside it, metres; more where it is drawn coarsely",
            minimum=1,
        ),
        *SOURCE,
    ),
)
"""Columns of the lines that are always controlled."""

FLAT = 4.0
"""A piece runs along a line if it goes so many times farther along it than away from it."""
FLAT_WHOLE = 1.0
"""So many times, if nothing of what was given is farther off."""
FINE, COARSE, BENDS = 20, 8, 40
"""How many steps make the distance that is near: to look closely, and on the whole. Bends smaller
than the last are straightened: a copy with a tremor is still a copy."""


AT_IT_M, SEVERAL = 250.0, 5
"""So near a controlled line no road meets an open one; nor do more than so many beside it."""


class Guarded(NamedTuple):
    """A line that is always controlled: its name, how near is beside it, and itself."""

    name: str
    within_m: float
    track: Track


def refuse_open(coords: Floats, offsets: Ints, name: str = "border") -> None:
    """Refuse to call a line open that runs along a controlled one.

    Parameters
    ----------
    coords, offsets
        Part i of the line is ``coords[offsets[i]:offsets[i + 1]]``, degrees, EPSG:4326,
        longitude first.
    name
        What the line is called in the message.

    Raises
    ------
    DataError
        If :func:`runs_along` finds that it does.
    """
    controlled = runs_along(coords, offsets)
    if controlled is not None:
        raise DataError(
            Fault(name, f"runs along {controlled}, which is controlled.",
                  "Do not call it open: leave out --open or controlled=False.")
        )  # fmt: skip


def runs_along(coords: Floats, offsets: Ints) -> str | None:
    """Return the name of the controlled line that any piece of a line runs along, or None.

    A line that crosses it or ends at it does not. One that keeps beside it does, be it a copy,
    a piece, a copy moved or turned round, or the parallel that maps often draw instead. So does
    one of which all is near, if it goes farther along than away.

    Parameters
    ----------
    coords, offsets
        As for :func:`refuse_open`.

    Examples
    --------
    >>> runs_along(np.array([[-110.0, 49.0], [-109.0, 49.0]]), np.array([0, 2]))
    'the border of Canada and the United States'
    >>> runs_along(np.array([[-109.5, 48.9], [-109.5, 49.1]]), np.array([0, 2])) is None
    True
    """
    lines = shapely.from_ragged_array(shapely.GeometryType.LINESTRING, coords, (offsets,))
    if len(coords) and coords[:, 0].max() > 180:  # longitudes go on beyond 180°: both readings
        lines = np.concatenate([lines, shapely.transform(lines, lambda xy: xy - [360, 0])])
    own = on_map(lines)
    for name, within_m, track in controlled_lines():
        pieces = track.near(own, within_m)
        pieces = shapely.simplify(pieces, within_m / BENDS)
        pieces = stepped(pieces, within_m / FINE)
        points, piece = shapely.get_coordinates(pieces, return_index=True)
        if not len(points):
            continue
        seen = track.seen_from(points)
        whole = bool((np.abs(seen.away) <= within_m).all()) and len(pieces) == len(own)
        flat = FLAT_WHOLE if whole else FLAT
        if _beside(seen, piece, within_m, flat) or _around(seen, within_m):
            return name
    return None


def reached(coords: Floats, offsets: Ints) -> str | None:
    """Return the name of the controlled line that any of some roads comes near, or None.

    Parameters
    ----------
    coords, offsets
        As for :func:`refuse_open`.

    Examples
    --------
    >>> reached(np.array([[-109.5, 48.9], [-109.5, 49.1]]), np.array([0, 2]))
    'the border of Canada and the United States'
    >>> reached(np.array([[-109.5, 47.9], [-109.5, 48.1]]), np.array([0, 2])) is None
    True
    >>> reached(np.array([[179.9, 66.0], [-179.9, 66.1]]), np.array([0, 2])) is None
    True
    """
    if len(offsets) < 2:
        return None
    (west, south), (east, north) = coords.min(axis=0).tolist(), coords.max(axis=0).tolist()
    for name, within_m, track in controlled_lines():
        margin = 2 * within_m / METRES_A_DEGREE
        box = on_map(
            shapely.box(west - 3 * margin, south - margin, east + 3 * margin, north + margin)
        )
        if not len(track.tree.query(box)):
            continue
        if len(track.near(on_map(_drawn_over_180(coords, offsets)), within_m)):
            return name
    return None


def _drawn_over_180(coords: Floats, offsets: Ints) -> Objects:
    """Return lines, those over 180° on either side of the map and not all the way across it."""
    lines = shapely.from_ragged_array(shapely.GeometryType.LINESTRING, coords, (offsets,))
    far = np.abs(np.diff(coords[:, 0])) > 180
    far[offsets[1:-1] - 1] = False  # from one line to the next
    over = np.unique(np.searchsorted(offsets, np.flatnonzero(far), side="right") - 1)
    if not len(over):
        return lines
    east = shapely.transform(
        lines[over], lambda xy: np.column_stack([ahead_of(xy[:, 0]), xy[:, 1]])
    )
    west = shapely.transform(east, lambda xy: xy - [360, 0])
    return np.concatenate([np.delete(lines, over), east, west])


def places_beside(lon: Floats, lat: Floats) -> Iterator[tuple[str, Bools, Floats]]:
    """Yield each controlled line's name, which places are beside it, and how far off each is.

    Parameters
    ----------
    lon, lat
        Degrees, EPSG:4326.

    Examples
    --------
    >>> [(name, beside.tolist())
    ...  for name, beside, _ in places_beside(np.array([-109.5, -109.5]), np.array([49.0, 48.0]))]
    [('the border of Canada and the United States', [True, False])]
    """
    if not len(lon):
        return
    points = shapely.get_coordinates(
        on_map(shapely.points((np.asarray(lon) + 180) % 360 - 180, lat))
    )
    found: dict[str, tuple[Bools, Floats]] = {}
    for name, within_m, track in controlled_lines():
        away = np.abs(track.seen_from(points).away)
        beside, least = found.get(name, (np.zeros(len(away), dtype=bool), away))
        found[name] = beside | (away <= within_m), np.minimum(least, away)
    for name, (beside, least) in found.items():
        if beside.any():
            yield name, beside, least


def refuse_meeting_there(lon: Floats, lat: Floats) -> None:
    """Refuse places where roads meet an open border if they are on a controlled line.

    A line of one's own is open where it crosses a controlled one: were that drawn as a road, and
    the roads as borders, each of their meetings would be a crossing of an open border.

    Parameters
    ----------
    lon, lat
        The places, degrees, EPSG:4326.

    Raises
    ------
    DataError
        If one of them is within 250 m of a controlled line, or more than five are beside it.
    """
    for name, beside, away in places_beside(lon, lat):
        if (away <= AT_IT_M).any() or beside.sum() > SEVERAL:
            problem = f"meet the open border beside {name}, which is controlled."
            raise DataError(Fault("roads", problem, "Leave out what lies beside it."))


@cache
def controlled_lines() -> tuple[Guarded, ...]:
    """Return the lines that are always controlled."""
    rows = read_shapes("controlled_lines.geojson", CONTROLLED_LINES)
    columns = rows["name"], rows["within_m"].astype(float), rows.geometry
    return tuple(Guarded(n, m, Track.of(shape)) for n, m, shape in zip(*columns, strict=True))


def _beside(seen: Seen, piece: Ints, within_m: float, flat: float) -> bool:
    """Return whether some window of densely drawn lines goes along the track, not away."""
    near = np.flatnonzero(np.abs(seen.away) <= within_m)
    parted = (np.diff(near) > 1) | (np.diff(piece[near]) != 0)
    for run in np.split(near, np.flatnonzero(parted) + 1):
        for window in _windows(run, FINE + 1):
            if seen.goes_along_m(window) > flat * np.ptp(seen.away[window]):
                return True
    return False


def _around(seen: Seen, within_m: float) -> bool:
    """Return whether points keep to the track on the whole, however they waver about it.

    A zigzag goes away from it at every turn, and in pieces it may hold no length along it. So
    the track is looked at in steps, and in each where the points lie on average.
    """
    step_m = within_m / COARSE
    near = np.abs(seen.away) <= within_m
    steps, inverse = np.unique((seen.along[near] // step_m).astype(int), return_inverse=True)
    mean = np.bincount(inverse, seen.away[near]) / np.bincount(inverse)
    for run in np.split(np.arange(len(steps)), np.flatnonzero(np.diff(steps) > 1) + 1):
        if len(run) < COARSE:
            continue
        for window in _windows(run, COARSE):
            if len(window) * step_m > FLAT * np.ptp(mean[window]):
                return True
    return False


def _windows(run: Ints, size: int) -> Iterator[Ints]:
    """Yield overlapping windows of a run, of this size and doubled until it is all of it."""
    while len(run):
        for start in range(0, max(len(run) - size, 0) + 1, max(1, size // 4)):
            yield run[start : start + size]
        if size >= len(run):
            return
        size *= 2
