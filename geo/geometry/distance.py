"""Distances on a sphere, as OSMnx measures them."""

from __future__ import annotations

import numpy as np

from roxham.geo._types import Floats, Ints

__all__ = ["EARTH_RADIUS_M", "great_circle_m", "line_lengths_m"]

EARTH_RADIUS_M = 6_371_009.0
"""Mean radius that OSMnx uses, so that lengths are equal to its lengths.

Against the geodesic on WGS84 a length on this sphere is 0.56 % too long (north–south at the
equator) to 0.45 % too short (at the poles); at 45° 0.06 % too long (north–south) to 0.28 %
too short (east–west). Lengths of roads are such, all other distances are geodesics.
"""


def great_circle_m(lon_a: Floats, lat_a: Floats, lon_b: Floats, lat_b: Floats) -> Floats:
    """Return great-circle distances in metres by the haversine formula.

    Parameters
    ----------
    lon_a, lat_a, lon_b, lat_b
        Degrees, arrays of one shape.

    Examples
    --------
    >>> one = np.array([1.0]), np.array([0.0]), np.array([2.0]), np.array([0.0])
    >>> great_circle_m(*one).round(1).tolist()
    [111195.1]
    """
    h = _half_sine_squared(lon_b - lon_a)
    h *= np.cos(np.deg2rad(lat_a))
    h *= np.cos(np.deg2rad(lat_b))
    h += _half_sine_squared(lat_b - lat_a)
    np.minimum(h, 1, out=h)
    arcs = np.arcsin(np.sqrt(h, out=h), out=h)
    arcs *= 2 * EARTH_RADIUS_M
    return arcs


def line_lengths_m(coords: Floats, offsets: Ints) -> Floats:
    """Return the great-circle length of each line of a ragged array, metres."""
    if len(offsets) < 2:
        return np.empty(0)
    x, y = coords[:, 0], coords[:, 1]
    steps = np.zeros(len(coords))
    steps[:-1] = great_circle_m(x[:-1], y[:-1], x[1:], y[1:])
    steps[offsets[1:] - 1] = 0  # from the end of one line to the start of the next is no way
    lengths: Floats = np.add.reduceat(steps, offsets[:-1])
    return lengths


def _half_sine_squared(degrees: Floats) -> Floats:
    """Return the squared sine of half an angle; in place, which large networks need."""
    half = np.deg2rad(degrees)
    half /= 2
    np.sin(half, out=half)
    half *= half
    return half
