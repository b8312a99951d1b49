"""Points near other points, in metres, anywhere on Earth.

Candidates come from a k-d tree on the unit sphere, which knows no seam at the
antimeridian and no squeeze towards the poles; distances are geodesics on WGS84.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from pyproj import Geod

from roxham.geo._types import Bools, Floats, Ints

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

__all__ = ["geodesic_m", "near_any", "pairs_between", "pairs_within"]


WGS84_GEOD = Geod(ellps="WGS84")
FEW = 100_000
"""So many pairs are sooner looked at, each of them, than what makes a tree is loaded."""
SMALLEST_RADIUS_M = 6_335_000.0
"""No radius of curvature of the ellipsoid is smaller, so no near pair is missed."""


def geodesic_m(lon_a: Floats, lat_a: Floats, lon_b: Floats, lat_b: Floats) -> Floats:
    """Return distances in metres along the WGS84 ellipsoid; degrees in.

    Examples
    --------
    >>> one = np.array([0.0]), np.array([45.0]), np.array([0.0]), np.array([45.001])
    >>> geodesic_m(*one).round(2).tolist()
    [111.13]
    """
    if len(lon_a) == 1:  # older pyproj takes one point for a scalar, which NumPy warns of
        a, b = (float(lon_a[0]), float(lat_a[0])), (float(lon_b[0]), float(lat_b[0]))
        return np.array([WGS84_GEOD.inv(*a, *b)[2]])
    metres: Floats = WGS84_GEOD.inv(lon_a, lat_a, lon_b, lat_b)[2]
    return metres


def pairs_within(lon: Floats, lat: Floats, reach_m: float) -> tuple[Ints, Ints, Floats]:
    """Return the pairs ``i < j`` of points at most so far apart, and their distances.

    Examples
    --------
    >>> i, j, metres = pairs_within(np.array([0.0, 1, 0.001]), np.zeros(3), 200)
    >>> i.tolist(), j.tolist(), metres.round(1).tolist()
    ([0], [2], [111.3])
    """
    if len(lon) < 2:
        return _near(np.empty((0, 2), dtype=np.int64), (lon, lat), (lon, lat), reach_m)
    tree = _tree(lon, lat)
    pairs = tree.query_pairs(_chord(reach_m), output_type="ndarray")
    return _near(pairs[np.lexsort(pairs.T[::-1])], (lon, lat), (lon, lat), reach_m)


def pairs_between(
    lon: Floats, lat: Floats, other_lon: Floats, other_lat: Floats, reach_m: float
) -> tuple[Ints, Ints, Floats]:
    """Return the pairs of a point and another at most so far apart, and their distances."""
    if len(lon) * len(other_lon) <= FEW:
        away = _on_sphere(lon, lat)[:, None] - _on_sphere(other_lon, other_lat)[None]
        found = np.argwhere((away**2).sum(axis=2) <= _chord(reach_m) ** 2)
    else:
        tree = _tree(lon, lat)
        lists = tree.query_ball_tree(_tree(other_lon, other_lat), _chord(reach_m))
        found = np.array([(i, j) for i, js in enumerate(lists) for j in sorted(js)], dtype=np.int64)
    return _near(found.reshape(-1, 2), (lon, lat), (other_lon, other_lat), reach_m)


def near_any(lon: Floats, lat: Floats, reach_m: float) -> Callable[[Floats, Floats], Bools]:
    """Return what tells of further points whether one of these is near; at most 3 % too generous.

    Examples
    --------
    >>> near_any(np.array([0.0]), np.array([0.0]), 200)(np.array([0.001, 0.1]), np.zeros(2))
    array([ True, False])
    """
    tree = _tree(lon, lat)
    chord = _chord(reach_m)

    def near(x: Floats, y: Floats) -> Bools:
        away, _ = tree.query(_on_sphere(x, y), distance_upper_bound=chord)
        return np.isfinite(away)

    return near


def _near(
    pairs: Ints, a: tuple[Floats, Floats], b: tuple[Floats, Floats], reach_m: float
) -> tuple[Ints, Ints, Floats]:
    i, j = pairs[:, 0], pairs[:, 1]
    metres = geodesic_m(a[0][i], a[1][i], b[0][j], b[1][j])
    near = metres <= reach_m
    return i[near], j[near], metres[near]


def _tree(lon: Floats, lat: Floats) -> cKDTree:
    from scipy.spatial import cKDTree  # with it comes half of SciPy

    return cKDTree(_on_sphere(lon, lat))


def _on_sphere(lon: Floats, lat: Floats) -> Floats:
    phi, lam = np.deg2rad(lat), np.deg2rad(lon)
    return np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])


def _chord(reach_m: float) -> float:
    # geodetic latitudes on a sphere: at most 1 % off, and the exact distance decides
    return 1.02 * reach_m / SMALLEST_RADIUS_M
