"""Areas on the ellipsoid: circles around places, and middles and reaches of areas.

Metres are geodesics on WGS84, so that they are the same at the equator, beside the poles
and over 180°, where what is drawn in degrees is cut in two.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from pyproj import Transformer
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from roxham.geo._types import Bools, Floats, Objects
from roxham.geo.crs import WGS84
from roxham.geo.errors import DataError, Fault

from .proximity import WGS84_GEOD, geodesic_m
from .steps import stepped

__all__ = [
    "ahead",
    "ahead_of",
    "back",
    "boxes_meet",
    "circles",
    "cut_at_180",
    "goes_over",
    "in_degrees",
    "lies_within",
    "middles",
    "reaches_m",
    "spans_180",
    "within_180",
]

CORNERS, FINE = 64, 720
"""Corners of a circle, and of one beside a pole, where a side in degrees is less straight."""

QUARTER_M = 10_000_000.0
"""From the equator to a pole: no larger circle is drawn."""

PLANAR = 1e100
"""Of larger numbers no centroid can be worked out: their squares are none."""
HIGH_DEG, LARGE_DEG = 60.0, 1.0
"""Beyond this latitude or size what is the middle in degrees may not be so on the ground."""

STEP_DEG = 1.0
"""Longest side of an area that is taken for straight on the ground: to 0.3 % of its length."""

SEAM_M = 1.0
"""By so much parts are widened, so that what was cut at 180° is one again."""

WORLD = shapely.box(-180, -90, 180, 90)


def circles(lon: Floats, lat: Floats, radius_m: Floats) -> Objects:
    """Return circles around points as polygons in degrees, cut where they go over 180°.

    Parameters
    ----------
    lon, lat
        Their middles.
    radius_m
        Metres along the ellipsoid. Where any of the three is null, or the radius not
        above 0, the polygon is empty.

    Raises
    ------
    DataError
        If a radius is longer than from the equator to a pole.

    Examples
    --------
    >>> here = circles(np.array([-73.5]), np.array([45.0]), np.array([1000.0]))[0]
    >>> x, y = np.array(here.exterior.coords).T
    >>> set(geodesic_m(np.full(len(x), -73.5), np.full(len(x), 45.0), x, y).round().tolist())
    {1000.0}
    """
    lon, lat, radius_m = (np.asarray(values, dtype=float) for values in (lon, lat, radius_m))
    if (radius_m > QUARTER_M).any():
        row = int(np.argmax(radius_m > QUARTER_M))
        found = f"{radius_m[row]:,.0f} m is farther than from the equator to a pole."
        remedy = f"Give a radius of {QUARTER_M:,.0f} m at most."
        raise DataError(Fault("radius_m", found, remedy, row=row + 1))
    drawn = np.full(len(lon), shapely.Polygon(), dtype=object)
    # to one of the poles, by the mean length of a degree: only the number of corners rests on it
    to_pole = (90 - np.abs(lat)) * 111_195
    sound = np.isfinite(lon + lat) & (radius_m > 0)
    polar = to_pole < 4 * radius_m
    for chosen, corners in ((sound & ~polar, CORNERS), (sound & polar, FINE)):
        drawn[chosen] = _rings(lon[chosen], lat[chosen], radius_m[chosen], corners)
    return drawn


def _rings(lon: Floats, lat: Floats, radius_m: Floats, corners: int) -> Objects:
    turn = np.broadcast_to(np.linspace(0, -360, corners + 1), (len(lon), corners + 1))
    here = [np.broadcast_to(values[:, None], turn.shape) for values in (lon, lat, radius_m)]
    x, y, _ = WGS84_GEOD.fwd(here[0].ravel(), here[1].ravel(), turn.ravel(), here[2].ravel())
    x, y = np.reshape(x, turn.shape), np.reshape(y, turn.shape)
    y[:, -1] = y[:, 0]
    x = np.unwrap(x, period=360, axis=1)
    around = np.abs(x[:, -1] - x[:, 0]) > 180
    x[~around, -1] = x[~around, 0]
    whole = ~around & (x.min(axis=1, initial=0) >= -180) & (x.max(axis=1, initial=0) <= 180)
    drawn = np.empty(len(lon), dtype=object)
    drawn[whole] = shapely.polygons(np.stack([x[whole], y[whole]], axis=-1))
    for row in np.flatnonzero(~whole).tolist():
        if around[row]:
            drawn[row] = _cap(x[row, :-1], y[row, :-1], float(np.copysign(90, lat[row])))
        else:
            drawn[row] = _cut(shapely.Polygon(np.column_stack([x[row], y[row]])))
    return drawn


def _cap(x: Floats, y: Floats, pole: float) -> BaseGeometry:
    """Return the area between a ring around a pole and that pole, which is an edge of the map."""
    at_seam = float(np.interp(180, x, y, period=360))
    x = (x + 180) % 360 - 180
    order = np.argsort(x)
    rim = np.column_stack([x[order], y[order]])
    return shapely.Polygon([(-180, at_seam), *rim, (180, at_seam), (180, pole), (-180, pole)])


def ahead_of(lon: Floats) -> Floats:
    """Return longitudes from 0° to 360°: over 180° the west goes on in the east.

    Examples
    --------
    >>> ahead_of(np.array([179.5, -179.5])).tolist()
    [179.5, 180.5]
    """
    return np.where(lon < 0, lon + 360.0, lon)


def back(lon: Floats) -> Floats:
    """Return longitudes within ±180°, of those that go on beyond it."""
    return np.where(lon > 180, lon - 360.0, lon)


def ahead(shapes: Objects) -> Objects:
    """Return shapes with longitudes from 0° to 360°; what was cut at 180° is one again.

    One that lies on both sides of 0°, and not over 180°, stays where it is.

    Examples
    --------
    >>> halves = shapely.MultiLineString([[(179, 0), (180, 0)], [(-180, 0), (-179, 0)]])
    >>> ahead(np.array([halves], dtype=object))[0].bounds
    (179.0, 0.0, 181.0, 0.0)
    """
    moved = shapes.copy()
    west, _, east, _ = shapely.bounds(shapes).T
    beyond = east < 0
    moved[beyond] = shapely.transform(shapes[beyond], lambda xy: xy + np.array([360.0, 0.0]))
    for row in np.flatnonzero((west < 0) & (east >= 0)).tolist():
        if spans_180(shapes[row : row + 1]):
            moved[row] = _ahead(shapes[row])
    return moved


def _ahead(shape: BaseGeometry) -> BaseGeometry:
    there: BaseGeometry = shapely.transform(
        shape, lambda xy: np.column_stack([ahead_of(xy[:, 0]), xy[:, 1]])
    )
    if shapely.get_num_geometries(there) == 1:
        return there
    whole = shapely.union_all(shapely.get_parts(there))
    return shapely.line_merge(whole) if whole.geom_type == "MultiLineString" else whole


def spans_180(shapes: Objects) -> bool:
    """Return whether shapes go over 180°, drawn over it or cut there.

    Examples
    --------
    >>> spans_180(np.array([shapely.LineString([(179, 0), (-179, 0)])], dtype=object))
    True
    >>> spans_180(np.array([shapely.box(-180, 80, 180, 90)], dtype=object))
    False
    """
    parts = shapely.get_parts(shapes)
    coords, part = shapely.get_coordinates(parts, return_index=True)
    step = np.abs(np.diff(coords[:, 0]))[part[1:] == part[:-1]]
    if (step > 180).any():
        return bool((step[step > 180] < 360 - 1e-9).all())
    lon = coords[:, 0]
    touched = bool((lon == -180).any() and (lon == 180).any())
    return touched and not bool((np.abs(lon) < 90).any())  # what goes round the other way


def lies_within(bounds: Sequence[float], lon: Floats, lat: Floats) -> Bools:
    """Return which points lie in a box of degrees, its west beyond its east over 180°.

    Examples
    --------
    >>> lies_within((179, -1, -179, 1), np.array([179.5, -179.5, 0]), np.zeros(3)).tolist()
    [True, True, False]
    """
    west, south, east, north = bounds
    after, before = lon >= west, lon <= east
    across = after & before if west <= east else after | before
    found: Bools = across & (lat >= south) & (lat <= north)
    return found


def boxes_meet(one: Sequence[float], other: Sequence[float]) -> bool:
    """Return whether two boxes of degrees overlap, each with its west beyond its east over 180°.

    Examples
    --------
    >>> boxes_meet((179, -1, -179, 1), (-179.5, 0, -170, 2)), boxes_meet((0, 0, 1, 1), (2, 0, 3, 1))
    (True, False)
    """
    (west, south, east, north), (left, low, right, high) = one, other
    wide, across = (east - west) % 360, (right - left) % 360
    beside = (left - west) % 360 < wide or (west - left) % 360 < across
    return beside and south < high and low < north


def _cut(area: BaseGeometry) -> BaseGeometry:
    """Return an area that goes beyond 180° as parts on both sides of it."""
    moved = [affinity.translate(area, turn) for turn in (-360, 0, 360)]
    parts = shapely.get_parts(shapely.intersection(moved, WORLD))
    size = shapely.area(parts) if shapely.get_dimensions(area) == 2 else shapely.length(parts)
    return shapely.union_all(parts[size > 0])


def within_180(shapes: Objects) -> Objects:
    """Return shapes that go on beyond 180° as parts on both sides of it."""
    return np.array([_cut(shape) for shape in shapes], dtype=object)


def cut_at_180(areas: Objects) -> Objects:
    """Return areas made in metres, those that go over 180° as parts on both sides of it.

    Examples
    --------
    >>> uncut = shapely.Polygon([(179, 0), (-179, 0), (-179, 1), (179, 1)])
    >>> cut_at_180(np.array([uncut], dtype=object))[0].bounds
    (-180.0, 0.0, 180.0, 1.0)
    """
    found = areas.copy()
    for row in np.flatnonzero(goes_over(areas)).tolist():
        east = shapely.transform(areas[row], lambda xy: xy + np.outer(xy[:, 0] < 0, [360, 0]))
        found[row] = _cut(east)
    return found


def goes_over(areas: Objects) -> Bools:
    """Return which geometries have a side over 180° that is not cut there.

    Examples
    --------
    >>> uncut = shapely.Polygon([(179, 0), (-179, 0), (-179, 1), (179, 1)])
    >>> goes_over(np.array([uncut, shapely.box(-180, 80, 180, 90)], dtype=object)).tolist()
    [True, False]
    """
    parts, area = shapely.get_parts(areas, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    coords, ring = shapely.get_coordinates(rings, return_index=True)
    step = np.abs(np.diff(coords[:, 0]))
    # around the whole map a side goes along its edge
    over = (step > 180) & (step < 360 - 1e-9) & (ring[1:] == ring[:-1])
    found: Bools = np.isin(np.arange(len(areas)), area[part[ring[1:][over]]])
    return found


def middles(areas: Objects) -> Objects:
    """Return the centroid of each area, or a point inside where that lies outside, degrees.

    It is that on the ground, beside the poles too, and of parts on both sides of 180°. Of what
    is not in degrees it is that on the plane.

    Examples
    --------
    >>> fiji = shapely.union(shapely.box(179.9, -18, 180, -17), shapely.box(-180, -18, -179.7, -17))
    >>> middle = middles(np.array([fiji], dtype=object))[0]
    >>> round(middle.x, 3), round(middle.y, 3)
    (-179.9, -17.5)
    """
    found: Objects = np.full(len(areas), shapely.Point(), dtype=object)
    known = _lie_within(areas, (PLANAR, PLANAR))
    found[known] = _inside(areas[known])
    west, south, east, north = shapely.bounds(areas).T
    bent = (np.maximum(east - west, north - south) > LARGE_DEG) | (south < -HIGH_DEG)
    bent |= north > HIGH_DEG
    for row in np.flatnonzero(bent & in_degrees(areas)).tolist():
        found[row] = _middle(areas[row]) or found[row]
    return found


def in_degrees(shapes: Objects) -> Bools:
    """Return which geometries can be in degrees, by each of their vertices; an empty one can.

    Examples
    --------
    >>> shapes = shapely.from_wkt(["POINT (361 0)", "LINESTRING (0 90, 180 0)", "POINT EMPTY"])
    >>> in_degrees(shapes).tolist()
    [False, True, True]
    """
    return _lie_within(shapes, (360, 90))


def _lie_within(shapes: Objects, most: tuple[float, float]) -> Bools:
    """Return which geometries have no vertex farther from 0 than told; a hole has vertices, too."""
    coords, row = shapely.get_coordinates(shapes, return_index=True)
    found: Bools = np.ones(len(shapes), dtype=bool)
    found[row[~(np.abs(coords) <= most).all(axis=1)]] = False
    return found


def _inside(areas: Objects) -> Objects:
    with np.errstate(invalid="ignore"):  # of an area without extent
        middle, inner = shapely.centroid(areas), shapely.point_on_surface(areas)
    found: Objects = np.where(shapely.intersects(areas, middle), middle, inner)
    return found


def _middle(area: BaseGeometry) -> BaseGeometry | None:
    """Return the middle in a plane that is laid at the area; None if none can be."""
    (area,) = stepped(np.array([area], dtype=object), STEP_DEG)
    lon, lat = np.deg2rad(shapely.get_coordinates(area)).T
    x, y, z = (
        (np.cos(lat) * np.cos(lon)).sum(),
        (np.cos(lat) * np.sin(lon)).sum(),
        np.sin(lat).sum(),
    )
    at = np.rad2deg([np.arctan2(y, x), np.arctan2(z, np.hypot(x, y))])
    plane = f"+proj=stere +lon_0={at[0]:.9f} +lat_0={at[1]:.9f} +datum=WGS84"
    there = Transformer.from_crs(WGS84, plane, always_xy=True)

    def project(xy: Floats) -> Floats:
        return np.column_stack(there.transform(*xy.T))

    flat = shapely.transform(area, project)
    if not np.isfinite(shapely.get_coordinates(flat)).all():
        return None
    whole = shapely.union_all(shapely.buffer(shapely.get_parts(flat), SEAM_M))
    middle = _inside(np.array([whole], dtype=object))[0]
    if middle.is_empty:
        return None
    x, y = there.transform(middle.x, middle.y, direction="INVERSE")
    return shapely.Point(x, y)


def reaches_m(areas: Objects, points: Objects) -> Floats:
    """Return how far from its point the farthest place of each area lies, metres.

    Of what is not in degrees it is not known.

    Examples
    --------
    >>> area = circles(np.array([25.0]), np.array([78.0]), np.array([1000.0]))
    >>> reaches_m(area, shapely.points([[25.0, 78.0]])).round().tolist()
    [1000.0]
    """
    reach = np.where(in_degrees(areas), 0.0, np.nan)
    known = np.flatnonzero(reach == 0)  # a step of a degree would be far too many of metres
    curves = stepped(areas[known], STEP_DEG)
    coords, row = shapely.get_coordinates(curves, return_index=True)
    if len(row):
        at = shapely.get_coordinates(points[known][row])
        np.maximum.at(reach, known[row], geodesic_m(*at.T, *coords.T))
    return reach
