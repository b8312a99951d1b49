"""The nearest road to a point: which edge, how far along it, how far away.

The tree over the edges is built once and kept. OSMnx's ``nearest_edges`` builds one
at every call, which one point at a time makes a day's work.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from roxham.geo._types import Bools, Floats, Ints
from roxham.geo.arguments import checked
from roxham.geo.columns import ends, runs
from roxham.geo.crs import lon_lat
from roxham.geo.errors import DataError
from roxham.geo.geometry.distance import great_circle_m
from roxham.geo.network.roads import Roads, over_antimeridian, require_numbers
from roxham.geo.partitions import by_partition, is_partitioned

__all__ = ["Snap", "Snapper"]


EQUATOR_M = 6_378_137.0
ECCENTRICITY_2 = 0.00669437999014
"""WGS84: semi-major axis in metres, and the square of its first eccentricity."""

DEGREE = np.deg2rad(1)

BESIDE_180 = 170.0
"""A network all of which lies beyond this longitude, east or west, may have roads on both sides."""

MANY = 5000
"""Points that are snapped at once."""


class Snap(NamedTuple):
    """Where a point meets the network.

    Attributes
    ----------
    edge
        Position of the edge in the network. Of the two directions of a road, the first.
    fraction
        How far along the edge, from 0 at ``u`` to 1 at ``v``, by length.
    offset_m
        From the point to the road, metres.
    lon, lat
        The place on the road, degrees.

    Examples
    --------
    >>> snap = Snap(edge=0, fraction=0.25, offset_m=12.0, lon=-73.5, lat=45.0)
    >>> snap.offset_m, (snap.lon, snap.lat)
    (12.0, (-73.5, 45.0))
    """

    edge: int
    fraction: float
    offset_m: float
    lon: float
    lat: float


class _Snaps(NamedTuple):
    """As :class:`Snap`, of many points."""

    edge: Ints
    fraction: Floats
    offset_m: Floats
    lon: Floats
    lat: Floats


class Snapper:
    """Snaps points to the edges of one network.

    Metres are those of the WGS84 ellipsoid at the point: degrees scaled by its two
    radii of curvature there, good to 0.1 % over several kilometres anywhere but at the
    poles. So the nearest edge is the nearest on the ground, not in degrees.

    Parameters
    ----------
    roads
        The network, EPSG:4326.
    usable
        One boolean an edge; others are not snapped to.

    Raises
    ------
    DataError
        If the network has no edge, or coordinates that are no numbers.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph([(1, 2)], crs="EPSG:4326")
    >>> graph.nodes[1].update(x=0.0, y=45.0)
    >>> graph.nodes[2].update(x=0.01, y=45.0)
    >>> found = Snapper(Roads.from_networkx(graph)).snap(0.0025, 45.001)
    >>> found.edge, round(found.fraction, 3), round(found.offset_m)
    (0, 0.25, 111)
    """

    @checked()
    def __init__(self, roads: Roads, *, usable: Bools | None = None) -> None:
        require_numbers(roads)
        rows = np.arange(roads.edge_count) if usable is None else np.flatnonzero(usable)
        if not len(rows):
            raise DataError("roads: there is no edge to snap to.")
        self.roads = roads
        self._rows = rows
        # over 180°, and beside it, the west goes on in the east, from 180° to 360°
        beside = bool(len(roads.coords)) and np.abs(roads.coords[:, 0]).min() > BESIDE_180
        self._turn = 360.0 if beside or over_antimeridian(roads).any() else 0.0
        coords, self._offsets = roads.coords, roads.offsets
        if usable is not None:
            sizes = np.diff(roads.offsets)[rows]
            coords, self._offsets = coords[runs(roads.offsets[:-1][rows], sizes)], ends(sizes)
        self._coords = self._ahead(coords)
        low, high = float(coords[:, 1].min()), float(coords[:, 1].max())
        # about isotropic in the middle of the network; the rest is put right when asked
        self._squeeze = np.array([max(float(np.cos(np.deg2rad((low + high) / 2))), 1e-6), 1.0])
        lines = shapely.from_ragged_array(
            shapely.GeometryType.LINESTRING, self._coords * self._squeeze, (self._offsets,)
        )
        self._tree = shapely.STRtree(lines)

    def __repr__(self) -> str:
        return f"<Snapper: {len(self._rows):,} edges>"

    @checked()
    def snap(self, lon: float, lat: float, *, within_m: float = 1000.0) -> Snap:
        """Return the nearest place on the network.

        Parameters
        ----------
        lon, lat
            Degrees, EPSG:4326.
        within_m
            A point farther from every road than this is refused.

        Raises
        ------
        DataError
            If the point is too far from every road, or is no place on Earth.
        """
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise DataError(f"point {lon}, {lat}: is not longitude, latitude in degrees.")
        found = self._nearest(np.array([[float(lon), float(lat)]]), within_m)
        if found.edge[0] < 0:
            raise DataError(
                f"point {lon:.5f}, {lat:.5f}: no road within {within_m:g} m. "
                "Move it, or allow more with within_m."
            )
        edge, *numbers = (values.item() for values in found)
        return Snap(int(edge), *numbers)

    @checked()
    def snap_points(
        self, points: gpd.GeoSeries | gpd.GeoDataFrame, *, within_m: float = 1000.0
    ) -> pd.DataFrame:
        """Snap many points.

        Parameters
        ----------
        points
            Points, EPSG:4326; a dask-geopandas frame, too, each of whose partitions is sent
            to where this network is.
        within_m
            As for :meth:`snap`; points too far away have null everywhere.

        Returns
        -------
        pandas.DataFrame
            The caller's index; ``edge`` (Int64), ``fraction``, ``offset_m``, ``lon``,
            ``lat`` (Float64). Of a dask-geopandas frame one of Dask's, not computed yet.

        Raises
        ------
        DataError
            If the CRS is missing or another one, or a geometry is not a point.
        """
        dtypes = dict(zip(Snap._fields, ["Int64", *["Float64"] * 4], strict=True))
        if is_partitioned(points):
            like = pd.DataFrame(columns=list(dtypes)).astype(dtypes)
            work = partial(self.snap_points, within_m=within_m)
            lazy: pd.DataFrame = by_partition(work, points, like)
            return lazy
        lon, lat = lon_lat(points, "points")
        rows = np.flatnonzero(np.isfinite(lon + lat))
        columns = {name: np.full(len(lon), np.nan) for name in Snap._fields}
        for some in np.split(rows, range(MANY, len(rows), MANY)):
            found = self._nearest(np.column_stack([lon[some], lat[some]]), within_m)
            known = found.edge >= 0
            for name, values in found._asdict().items():
                columns[name][some[known]] = values[known]
        return pd.DataFrame(columns, index=points.index).astype(dtypes)

    def _nearest(self, places: Floats, within_m: float) -> _Snaps:
        """Return where places meet the network, edge -1 where no road is near enough."""
        if not within_m >= 0:
            raise DataError(f"within_m: {within_m} is not a distance. Give metres from 0.")
        at, metres = self._ahead(places), _metres_per_degree(places[:, 1])
        squeezed, scale = at * self._squeeze, metres / self._squeeze
        points = np.asarray(shapely.points(squeezed))
        _, away = self._tree.query_nearest(points, return_distance=True, all_matches=False)
        # nearest in squeezed degrees bounds the nearest in metres: look no farther than that
        bound = away * np.maximum(scale[:, 0], scale[:, 1])
        half = (np.minimum(bound, within_m) * (1 + 1e-9) + 1e-6)[:, None] / scale
        who, near = self._tree.query(shapely.box(*(squeezed - half).T, *(squeezed + half).T))
        offsets, segment, along = self._distances(near, at[who], metres[who])
        # of equals the first, as twins are
        order = np.lexsort((near, offsets.round(6), who))
        order = order[offsets[order] <= within_m]
        of = who[order]
        first = np.ones(len(of), dtype=bool)
        first[1:] = of[1:] != of[:-1]
        who, best = of[first], order[first]
        line = near[best]
        edge, told = np.full(len(at), -1), np.full((4, len(at)), np.nan)
        edge[who] = self._rows[line]
        told[:, who] = self._told(line, segment[best], along[best], offsets[best])
        return _Snaps(edge, *told)

    def _distances(self, near: Ints, at: Floats, metres: Floats) -> tuple[Floats, Ints, Floats]:
        """Return how far each line is from the place given with it: segment, how far along that."""
        if not len(near):
            return np.empty(0), np.empty(0, dtype=np.int64), np.empty(0)
        segment, of, begin = self._segments(near)
        here, scale, coords = at[of], metres[of], self._coords
        p = (coords[segment] - here) * scale
        d = (coords[segment + 1] - here) * scale - p
        square, back = _dot(d, d), _dot(p, d)
        square[square == 0] = 1
        along = np.minimum(np.maximum(-back / square, 0), 1)
        away = np.hypot(*(p + along[:, None] * d).T)
        least = np.minimum.reduceat(away, begin[:-1])
        hit = (away == least[of]).nonzero()[0]
        best = hit[hit.searchsorted(begin[:-1])]
        return least, segment[best], along[best]

    def _told(self, line: Ints, segment: Ints, along: Floats, offset_m: Floats) -> Floats:
        """Return fraction, offset, longitude and latitude of places along segments of lines."""
        steps, _, begin = self._segments(line)
        coords, first = self._coords, begin[:-1]
        passed = np.zeros(len(steps) + 1)
        great_circle_m(*coords[steps].T, *coords[steps + 1].T).cumsum(out=passed[1:])
        place, before = first + segment - steps[first], passed[first]
        total = passed[begin[1:]] - before
        walked = passed[place] - before + along * (passed[place + 1] - passed[place])
        fraction = np.divide(walked, total, out=np.zeros(len(line)), where=total > 0)
        p = coords[segment]
        lon, lat = (p + along[:, None] * (coords[segment + 1] - p)).T
        lon = np.where(lon > 180, lon - self._turn, lon)
        return np.array([fraction, offset_m, lon, lat])

    def _segments(self, line: Ints) -> tuple[Ints, Ints, Ints]:
        """Return the segments of lines, the place of the line of each, and where a line's begin."""
        start = self._offsets[line]
        size = self._offsets[line + 1] - start - 1
        begin, of = ends(size), np.arange(len(line)).repeat(size)
        return np.arange(len(of)) + (start - begin[:-1])[of], of, begin

    def _ahead(self, places: Floats) -> Floats:
        """Return places with longitudes from 0° to 360° where the network goes over 180°."""
        if not self._turn:
            return places
        west = places[:, 0] < 0
        return places + np.column_stack([west * self._turn, np.zeros(len(places))])


def _metres_per_degree(lat: Floats) -> Floats:
    """Return metres per degree of longitude and of latitude on WGS84, shape ``(n, 2)``."""
    phi = np.deg2rad(lat)
    w = 1 - ECCENTRICITY_2 * np.sin(phi) ** 2
    metres = np.empty((len(lat), 2))
    metres[:, 0] = EQUATOR_M / np.sqrt(w) * np.cos(phi)
    metres[:, 1] = EQUATOR_M * (1 - ECCENTRICITY_2) / w**1.5
    return np.asarray(np.maximum(DEGREE * metres, 1e-3))


def _dot(a: Floats, b: Floats) -> Floats:
    """Return the product of each vector of two columns with its fellow."""
    product: Floats = a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1]
    return product
