"""On which side a point lies, exactly: orientation tests that no rounding can turn.

A float filter tells nearly all of them; fractions tell the rest (J. R. Shewchuk,
"Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric
Predicates", Discrete & Computational Geometry 18, 1997).
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from roxham.geo._types import Floats, Ints

__all__ = ["Point", "on_segment", "orient", "sector"]

Point = tuple[float, float]

ERROR_BOUND = (3 + 16 * 2.0**-53) * 2.0**-53


def orient(a: Floats, b: Floats, c: Floats) -> Ints:
    """Return the exact side of each point c of the line a → b: 1 left, -1 right, 0 on it."""
    left = (a[:, 0] - c[:, 0]) * (b[:, 1] - c[:, 1])
    right = (a[:, 1] - c[:, 1]) * (b[:, 0] - c[:, 0])
    side = np.sign(left - right).astype(np.int64)
    doubtful = np.abs(left - right) < ERROR_BOUND * (np.abs(left) + np.abs(right))
    for i in np.flatnonzero(doubtful):
        side[i] = _exact_side(tuple(a[i].tolist()), tuple(b[i].tolist()), tuple(c[i].tolist()))
    return side


def _exact_side(a: Point, b: Point, c: Point) -> int:
    ax, ay, bx, by, cx, cy = map(Fraction, (*a, *b, *c))
    det = (ax - cx) * (by - cy) - (ay - cy) * (bx - cx)
    return (det > 0) - (det < 0)


def on_segment(place: Point, a: Point, b: Point) -> bool:
    """Whether a place lies on a segment, exactly."""
    if place in (a, b):
        return True
    inside = all(min(u, v) <= w <= max(u, v) for u, v, w in zip(a, b, place, strict=True))
    return inside and _exact_side(a, b, place) == 0


def sector(place: Point, towards: Point, rays: list[tuple[Point, bool]]) -> int:
    """Return the sector between border rays into which a direction points; 0 is along one.

    A ray's flag says whether it goes in the border's direction.
    """
    distinct: list[tuple[Point, bool]] = []
    for ray in rays:
        if not any(_same_way(place, ray[0], other) for other, _ in distinct):
            distinct.append(ray)
    if any(_same_way(place, towards, ray) for ray, _ in distinct):
        return 0
    if len(distinct) == 1:
        return 2  # round a loose end both sides are one
    if len(distinct) == 2 and distinct[0][1] != distinct[1][1]:
        (back, _), (ahead, _) = sorted(distinct, key=lambda ray: ray[1])
        return 1 if _between(place, ahead, towards, back) else -1
    ordered = sorted(ray for ray, _ in distinct)
    ordered.sort(key=lambda ray: np.arctan2(ray[1] - place[1], ray[0] - place[0]))
    turns = zip(ordered, ordered[1:] + ordered[:1], strict=True)
    return 3 + next((k for k, (r, s) in enumerate(turns) if _between(place, r, towards, s)), -1)


def _same_way(place: Point, a: Point, b: Point) -> bool:
    if a == b:
        return True
    ahead = (a[0] - place[0]) * (b[0] - place[0]) + (a[1] - place[1]) * (b[1] - place[1]) > 0
    return ahead and _exact_side(place, a, b) == 0


def _between(place: Point, first: Point, towards: Point, last: Point) -> bool:
    """Whether a direction lies in the counter-clockwise turn from the first ray to the last."""
    turn = _exact_side(place, first, last)
    if turn > 0:
        return _exact_side(place, first, towards) > 0 and _exact_side(place, towards, last) > 0
    if turn < 0:
        return not (
            _exact_side(place, last, towards) > 0 and _exact_side(place, towards, first) > 0
        )
    return _exact_side(place, first, towards) > 0
