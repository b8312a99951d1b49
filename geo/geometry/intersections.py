"""Where many lines meet a border: exact, every time, and whether they cross it.

The border is cut into short pieces that go into an ``STRtree``; all lines ask it
at once, so the cost does not grow with the border's length. Segments that meet
are told by exact orientation tests (:mod:`roxham.geo.geometry.predicates`).

This is plain geometry on one line and another. What of it may be told to
readers is decided in :mod:`roxham.geo.crossings.find`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from roxham.geo._types import Bools, Floats, Ints, Objects
from roxham.geo.columns import ends, runs

from .grid_filter import lines_near
from .predicates import Point, on_segment, orient, sector

__all__ = ["ALONG", "CROSS", "END", "TOUCH", "Meetings", "find_meetings"]


PIECE = 15
"""Segments in a piece of line."""

CROSS, TOUCH, ALONG, END = range(4)
"""Kinds of meeting: goes over to the other side; touches and stays on its side; runs
along the border and leaves it on the side it came from, or ends on it; starts or ends on it."""


@dataclass(frozen=True, eq=False, repr=False)
class Meetings:
    """Places where lines meet a border, one row each, in order along each line.

    Attributes
    ----------
    line
        Position of the line.
    segment, fraction
        Segment of the line, counted over all coordinates, and how far along it.
    x, y
        The place; of a stretch along the border, its middle.
    kind
        ``CROSS``, ``TOUCH``, ``ALONG`` or ``END``.
    side_before, side_after
        Sector of the border that the line comes from and goes to there: 1 left of
        the border's direction, -1 right, 0 along it or none, other numbers where
        several borders meet.
    """

    line: Ints
    segment: Ints
    fraction: Floats
    x: Floats
    y: Floats
    kind: Ints
    side_before: Ints
    side_after: Ints

    def __len__(self) -> int:
        return len(self.line)

    def __repr__(self) -> str:
        return f"<Meetings: {len(self)}>"  # how many, never where


def find_meetings(coords: Floats, offsets: Ints, border: Floats, border_offsets: Ints) -> Meetings:
    """Find every place where lines meet a border.

    Parameters
    ----------
    coords, offsets
        Line i is ``coords[offsets[i]:offsets[i + 1]]``, shape ``(n, 2)``, any units.
    border, border_offsets
        The border in the same form, without repeated points (:func:`border_arrays`).

    Returns
    -------
    Meetings
        A stretch along the border is one meeting, as is a point. Two lines in
        opposite directions give bitwise equal places.

    Examples
    --------
    A road that crosses the border twice and touches it once:

    >>> road = np.array([[0, -1], [1, 1], [2, 0], [3, 1], [4, -1.0]])
    >>> border = np.array([[-9, 0], [9, 0.0]])
    >>> found = find_meetings(road, np.array([0, 5]), border, np.array([0, 2]))
    >>> found.x.tolist(), (found.kind == CROSS).tolist()
    ([0.5, 2.0, 3.5], [True, False, True])
    """
    lines = lines_near(coords, offsets, border, border_offsets)
    hits = _Hits(coords, border, *_close_segments(coords, offsets, lines, border, border_offsets))
    owner = np.searchsorted(offsets, hits.a, side="right") - 1
    at_vertex = np.unique(owner[hits.touching])
    plain = hits.proper & ~np.isin(owner, at_vertex)
    rows = [_proper_rows(hits, plain, owner)]
    if len(at_vertex):
        rows.append(_walked_rows(hits, owner, at_vertex, coords, offsets, border))
    table = np.concatenate(rows)
    order = np.lexsort((table["fraction"], table["segment"], table["line"]))
    table = table[order]
    return Meetings(*(np.ascontiguousarray(table[name]) for name in ROW.names or ()))


ROW = np.dtype(
    [
        ("line", np.int64),
        ("segment", np.int64),
        ("fraction", np.float64),
        ("x", np.float64),
        ("y", np.float64),
        ("kind", np.int64),
        ("before", np.int64),
        ("after", np.int64),
    ]
)


def _pieces(offsets: Ints) -> tuple[Ints, Ints]:
    """Return the first segment and the number of segments of each piece of these lines."""
    segments = np.maximum(np.diff(offsets) - 1, 0)
    count = -(-segments // PIECE)
    within = runs(np.zeros(len(count), dtype=np.int64), count) * PIECE
    first = np.repeat(offsets[:-1], count) + within
    return first, np.minimum(PIECE, np.repeat(segments, count) - within)


def _boxes(coords: Floats, first: Ints, size: Ints) -> tuple[Floats, Floats]:
    """Return the lower and upper corners of the boxes around pieces of lines."""
    points, begin = coords.take(runs(first, size + 1), axis=0), ends(size + 1)[:-1]
    return np.minimum.reduceat(points, begin), np.maximum.reduceat(points, begin)


def _diagonals(low: Floats, high: Floats) -> Objects:
    """Return the diagonals of boxes: a tree knows no more of what it holds than its box."""
    return np.asarray(shapely.linestrings(np.stack([low, high], axis=1)))


def _close_segments(
    coords: Floats, offsets: Ints, lines: Ints, border: Floats, border_offsets: Ints
) -> tuple[Ints, Ints]:
    """Return the pairs of line segment and border segment whose boxes overlap."""
    sizes = np.diff(offsets)[lines]
    # pieces are counted in the taken lines first, then moved to where these lie
    first, size = _pieces(ends(sizes))
    first += np.repeat(offsets[:-1][lines] - ends(sizes)[:-1], -(-(sizes - 1) // PIECE))
    border_first, border_size = _pieces(border_offsets)
    low, high = _boxes(border, border_first, border_size)
    tree = shapely.STRtree(_diagonals(low, high))
    i, j = tree.query(_diagonals(*_boxes(coords, first, size)))
    # each segment of the piece against the box of the border piece, then against its segments
    a, j = runs(first[i], size[i]), np.repeat(j, size[i])
    p, q = _segments(coords, a)
    near = _overlap(p, q, low.take(j, axis=0), high.take(j, axis=0))
    keep = near & ((p[:, 0] != q[:, 0]) | (p[:, 1] != q[:, 1]))
    a, j = a[keep], j[keep]
    b = runs(border_first[j], border_size[j])
    a = np.repeat(a, border_size[j])
    near = _overlap(*_segments(coords, a), *_segments(border, b))
    return a[near], b[near]


def _segments(coords: Floats, first: Ints) -> tuple[Floats, Floats]:
    return coords.take(first, axis=0), coords.take(first + 1, axis=0)


def _overlap(p: Floats, q: Floats, r: Floats, s: Floats) -> Bools:
    """Return where the box of p and q overlaps that of r and s."""
    near = np.ones(len(p), dtype=bool)
    for axis in (0, 1):  # a column at a time: NumPy is slow along rows of two
        a, b, c, d = p[:, axis], q[:, axis], r[:, axis], s[:, axis]
        near &= np.minimum(a, b) <= np.maximum(c, d)
        near &= np.maximum(a, b) >= np.minimum(c, d)
    return near


class _Hits:
    """Pairs of segments that may meet, and how each does."""

    def __init__(self, coords: Floats, border: Floats, a: Ints, b: Ints) -> None:
        p, q = _segments(coords, a)
        over = orient(p, q, border.take(b, axis=0)) * orient(p, q, border.take(b + 1, axis=0))
        few = over <= 0  # of most pairs the border's segment lies beside the line's
        self.a, self.b = a, b = a[few], b[few]
        (p, q), (r, s) = _segments(coords, a), _segments(border, b)
        start, end = orient(r, s, p), orient(r, s, q)
        self.side = start  # of the border segment, on which the line segment starts
        self.proper = (start * end < 0) & (over[few] < 0)
        self.touching = ~self.proper & (start * end <= 0)
        # both segments in one fixed direction: twins get the same place to the last bit
        p, q = _sorted_ends(p, q)
        r, s = _sorted_ends(r, s)
        d, e = q - p, s - r
        with np.errstate(divide="ignore", invalid="ignore"):
            t = ((r[:, 0] - p[:, 0]) * e[:, 1] - (r[:, 1] - p[:, 1]) * e[:, 0]) / (
                d[:, 0] * e[:, 1] - d[:, 1] * e[:, 0]
            )
        t = np.clip(np.nan_to_num(t), 0, 1)
        self.place = p + t[:, None] * d
        self.fraction = np.where((p == coords[a]).all(axis=1), t, 1 - t)


def _sorted_ends(p: Floats, q: Floats) -> tuple[Floats, Floats]:
    swap = (p[:, 0] > q[:, 0]) | ((p[:, 0] == q[:, 0]) & (p[:, 1] > q[:, 1]))
    return np.where(swap[:, None], q, p), np.where(swap[:, None], p, q)


def _proper_rows(hits: _Hits, chosen: Bools, owner: Ints) -> NDArray[np.void]:
    """Return the rows of lines that meet the border in the middle of segments only."""
    rows = np.zeros(int(chosen.sum()), dtype=ROW)
    rows["line"], rows["segment"] = owner[chosen], hits.a[chosen]
    rows["fraction"] = hits.fraction[chosen]
    rows["x"], rows["y"] = hits.place[chosen].T
    rows["kind"] = CROSS
    rows["before"], rows["after"] = hits.side[chosen], -hits.side[chosen]
    # a border drawn twice (two polygons' common boundary) is met once
    rows = rows[np.lexsort((rows["y"], rows["x"], rows["segment"]))]
    new = np.ones(len(rows), dtype=bool)
    new[1:] = np.any([rows[name][1:] != rows[name][:-1] for name in ("segment", "x", "y")], axis=0)
    return rows[new]


@dataclass
class _Event:
    """A line at the border: where, and in which sectors it comes and goes."""

    segment: int
    fraction: float
    place: Point
    before: int | None  # None: the line starts here
    after: int | None
    kind: int = TOUCH

    def row(self, line: int) -> tuple[float, ...]:
        where = (line, self.segment, self.fraction, *self.place)
        return (*where, self.kind, self.before or 0, self.after or 0)


def _walked_rows(
    hits: _Hits, owner: Ints, lines: Ints, coords: Floats, offsets: Ints, border: Floats
) -> NDArray[np.void]:
    """Return the rows of lines that meet the border at a vertex or run along it.

    These are few; they are walked one by one.
    """
    pairs = defaultdict(list)
    for k in np.flatnonzero((hits.proper | hits.touching) & np.isin(owner, lines)).tolist():
        pairs[int(owner[k])].append(k)
    rows = []
    for line, ks in pairs.items():
        start = int(offsets[line])
        points = [tuple(p) for p in coords[start : int(offsets[line + 1])].tolist()]
        events = {}
        rays: dict[tuple[int, float, Point], list[tuple[Point, bool]]] = defaultdict(list)
        for k in ks:
            segment = int(hits.a[k]) - start
            if hits.proper[k]:
                place, side = (hits.place[k, 0].item(), hits.place[k, 1].item()), int(hits.side[k])
                at = (segment, float(hits.fraction[k]), place)
                events[at] = _Event(*at, side, -side)
                continue
            ends_ = border[hits.b[k]].tolist(), border[hits.b[k] + 1].tolist()
            r, s = (ends_[0][0], ends_[0][1]), (ends_[1][0], ends_[1][1])
            for at in _contacts(points, segment, r, s):
                rays[at] += [(end, end is s) for end in (r, s) if end != at[2]]
        for at, found in rays.items():
            events[at] = _vertex_event(points, at, found)
        for event in _told(sorted(events.values(), key=lambda e: (e.segment, e.fraction)), points):
            event.segment += start
            rows.append(event.row(line))
    return np.array(rows, dtype=ROW)


def _contacts(
    points: list[Point], segment: int, r: Point, s: Point
) -> list[tuple[int, float, Point]]:
    """Return where a segment of the line and a border segment touch: one place, or two."""
    p, q = points[segment], points[segment + 1]
    found = []
    for place in dict.fromkeys((p, q, r, s)):
        if not (on_segment(place, p, q) and on_segment(place, r, s)):
            continue
        if place == q:
            # repeated points: the last one, so that each vertex has one name
            found.append((_last_equal(points, segment + 1), 0.0, place))
        elif place == p:
            found.append((_last_equal(points, segment), 0.0, place))
        else:
            axis = 0 if abs(q[0] - p[0]) >= abs(q[1] - p[1]) else 1
            found.append((segment, (place[axis] - p[axis]) / (q[axis] - p[axis]), place))
    return found


def _last_equal(points: list[Point], at: int) -> int:
    while at + 1 < len(points) and points[at + 1] == points[at]:
        at += 1
    return at


def _vertex_event(
    points: list[Point], at: tuple[int, float, Point], rays: list[tuple[Point, bool]]
) -> _Event:
    segment, _, place = at
    back = next((p for k in range(segment, -1, -1) if (p := points[k]) != place), None)
    ahead = next((p for k in range(segment + 1, len(points)) if (p := points[k]) != place), None)
    before, after = (None if p is None else sector(place, p, rays) for p in (back, ahead))
    return _Event(*at, before, after)


def _told(events: list[_Event], points: list[Point]) -> list[_Event]:
    """Return one event for each contact, each with its kind; stretches along become one."""
    told: list[_Event] = []
    run: list[_Event] = []
    for event in events:
        if run:
            run.append(event)
            if event.after != 0:
                told.append(_stretch(run, points))
                run = []
        elif event.after == 0:
            run = [event]
        else:
            told.append(event)
    for event in told:
        if event.before is None or event.after is None:
            event.kind = END if event.kind == TOUCH else ALONG
        elif event.before != event.after:
            event.kind = CROSS
    return told


def _stretch(run: list[_Event], points: list[Point]) -> _Event:
    """Return the middle of a stretch along the border as one event."""
    first, last = run[0], run[-1]
    inner = points[first.segment + 1 : last.segment + 1]
    path = [first.place, *inner]
    if path[-1] != last.place:
        path.append(last.place)
    if path[0] > path[-1]:  # twins halve the same way round
        middle = shapely.LineString(path[::-1]).interpolate(0.5, normalized=True)
    else:
        middle = shapely.LineString(path).interpolate(0.5, normalized=True)
    place = (middle.x, middle.y)
    steps = shapely.LineString(path).project(middle)
    walked = 0.0
    segment, fraction = first.segment, first.fraction
    for k in range(len(path) - 1):
        step = float(np.hypot(path[k + 1][0] - path[k][0], path[k + 1][1] - path[k][1]))
        if walked + step >= steps and step > 0:
            segment = first.segment + k
            p, q = points[segment], points[segment + 1]
            axis = 0 if abs(q[0] - p[0]) >= abs(q[1] - p[1]) else 1
            fraction = (place[axis] - p[axis]) / (q[axis] - p[axis])
            break
        walked += step
    return _Event(segment, fraction, place, first.before, last.after, ALONG)
