"""The border: a line, the two sides it cuts a region into, and which side a point is on.

Nothing here knows one border from another: :meth:`Border.from_line` takes any
line and any :class:`~roxham.geo.Region`; :func:`load_border` is the first preset.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from roxham.geo.arguments import checked, require_fields
from roxham.geo.crs import WGS84, lon_lat, require_wgs84
from roxham.geo.errors import DataError, Fault
from roxham.geo.geometry.geodesic import ahead, ahead_of, lies_within, within_180
from roxham.geo.partitions import by_partition, is_partitioned
from roxham.geo.region import Region, active_region, as_region
from roxham.geo.region.study_area import kept_of_files
from roxham.geo.summary import Summarised, Summary, count
from roxham.geo.tables.region_files import region_table, with_source

from .areas import parts_of_areas
from .linework import lines_of, require_few_meetings
from .open_guard import refuse_open
from .read import read_border
from .turning_points import BORDER, lines_through

__all__ = ["Border", "areas_of_sides", "load_border"]

FAR_DEG = 5.0
"""No distance is told of points farther outside the region."""

STEP_DEGREES = 0.01
"""Longest piece of line, about 1 km, that is projected as one straight segment.

A straight line in degrees is not straight in metres: over 14 km along the
parallel of 45° the two part by 4 m, over 1 km by 2 cm.
"""


@dataclass(frozen=True, eq=False, repr=False)
class Border(Summarised):
    """A line through a region, and the two sides of it.

    Attributes
    ----------
    line
        The line, EPSG:4326: one row for each section with its columns.
    region
        The box, the names of its sides, and the CRS in which metres are computed.
    sides
        ``side, geometry``: the two parts of the box, EPSG:4326. The first row is
        ``region.sides[0]``. Their common edge is the line itself, vertex by vertex. What
        lies in neither of two countries, such as the sea, has no side.

    Examples
    --------
    >>> border = load_border()
    >>> towns = gpd.GeoSeries.from_xy([-73.453, -73.582], [44.699, 45.050], crs="EPSG:4326")
    >>> border.side_of(towns).tolist()
    ['US', 'CA']
    """

    line: gpd.GeoDataFrame
    region: Region
    sides: gpd.GeoDataFrame

    def __post_init__(self) -> None:
        require_fields(self, sides=("side",))

    def _summary(self) -> Summary:
        west, south, east, north = self.region.bounds
        lines = [
            ("region", self.region.name),
            ("line", count(len(self.line), "section")),
            ("sides", ", ".join(self.region.sides)),
            ("bounds", f"west {west:g}, south {south:g}, east {east:g}, north {north:g}"),
        ]
        return "Border", lines

    @classmethod
    @checked()
    def from_line(
        cls,
        line: gpd.GeoDataFrame | gpd.GeoSeries,
        region: Region | str | Path,
        *,
        first: tuple[float, float] | Literal["inside", "outside"] | None = None,
        controlled: bool | None = None,
    ) -> Border:
        """Cut the box of a region in two along a line, or around areas.

        Parameters
        ----------
        line
            In EPSG:4326, what lies outside the box cut off: LineStrings, one row for each
            section, that together run from one edge of the box to another; or rings, or
            Polygons, such as enclaves; or two rows of Polygons that share an edge, such
            as two countries, the first of them ``region.sides[0]``.
        region
            The box and the codes of its two sides.
        first
            ``(lon, lat)`` of a place known to lie in ``region.sides[0]``; of rings and
            areas whether that is ``inside`` or ``outside``, by default inside. Without it,
            of a line ``region.sides[0]`` is the part whose centroid lies farther north;
            where both lie on one latitude (within 1e-6 degree), farther west.
        controlled
            Whether crossing away from a port of entry is unlawful, in place of what
            :func:`~roxham.geo.read_border` was told, or else the region says.

        Returns
        -------
        Border
            With a region that says so.

        Raises
        ------
        DataError
            If the line has no CRS or another one, does not cut the box into exactly two
            parts, crosses or nears itself too often (bound ``meetings``), ``first`` lies in
            neither, or more than two areas touch or overlap; or if a line that always is
            controlled is called open.

        Examples
        --------
        >>> region = Region("x", "Two fields", (0, 0, 2, 2), "EPSG:32631", ("north", "south"))
        >>> fence = gpd.GeoSeries.from_wkt(["LINESTRING (0 1, 2 1)"], crs="EPSG:4326")
        >>> Border.from_line(fence, region).sides.bounds.miny.tolist()
        [1.0, 0.0]
        >>> enclave = gpd.GeoSeries([shapely.box(0.5, 0.5, 1, 1)], crs="EPSG:4326")
        >>> region = Region("x", "x", (0, 0, 2, 2), "EPSG:32631", ("enclave", "around"))
        >>> inside = gpd.GeoSeries.from_xy([0.7, 1.7], [0.7, 1.7], crs="EPSG:4326")
        >>> Border.from_line(enclave, region).side_of(inside).tolist()
        ['enclave', 'around']
        """
        region = as_region(region)
        frame = require_wgs84(gpd.GeoDataFrame(geometry=line.geometry), "border line")
        controlled = line.attrs.get("controlled") if controlled is None else controlled
        if controlled is not None and controlled != region.controlled:
            region = replace(region, controlled=controlled)
            if not controlled:
                refuse_open(*lines_of(frame), "border line")
        if isinstance(line, gpd.GeoDataFrame):
            frame = line.copy()
        require_few_meetings(np.asarray(frame.geometry.dropna()))
        if region.over_180:
            return _over_180(cls, frame, region, first)
        return cls._cut_by(frame, region, first)

    @classmethod
    def _cut_by(
        cls,
        frame: gpd.GeoDataFrame,
        region: Region,
        first: tuple[float, float] | Literal["inside", "outside"] | None,
    ) -> Border:
        """Cut the box of a region; over 180° all longitudes go on beyond it."""
        if (found := parts_of_areas(frame.geometry, region)) is not None:
            rims = _rim_of(frame, found.rim)
            parts = _in_order(found.parts, region, "inside" if first is None else first)
            areas = gpd.GeoDataFrame({"side": list(region.sides)}, geometry=parts, crs=WGS84)
            return cls(rims, region, areas)
        if isinstance(first, str):
            raise DataError(f"border line: is not closed, so that nothing lies {first} it.")
        if not frame.geom_type.isin(["LineString", "MultiLineString"]).all():
            raise DataError("border line: has features that are not lines. Give LineStrings.")
        frame.geometry = frame.geometry.intersection(shapely.box(*region.ahead))
        # What only touches the box leaves an empty line or a point.
        frame = frame[shapely.length(frame.geometry.to_numpy()) > 0]
        parts = _split(region, frame.geometry.union_all() if len(frame) else shapely.LineString())
        sides = gpd.GeoDataFrame(
            {"side": list(region.sides)}, geometry=_in_order(parts, region, first), crs=WGS84
        )
        return cls(frame, region, sides)

    @checked()
    def side_of(self, points: gpd.GeoSeries | gpd.GeoDataFrame) -> pd.Series:
        """Return the side each point is on.

        A point exactly on the line belongs to ``region.sides[0]``, so that no point
        of the region is without a side. Missing points, and points outside the
        region, have none.

        Parameters
        ----------
        points
            Points, EPSG:4326; a dask-geopandas frame, too.

        Returns
        -------
        pandas.Series
            Codes of ``region.sides``, or null, as ``string``; the caller's index. Of a
            dask-geopandas frame a series of Dask's, not computed yet.

        Raises
        ------
        DataError
            If the CRS is missing or another one, if a geometry is not a point, or
            if points lie in the region only with their axes exchanged.
        """
        if is_partitioned(points):
            like = pd.Series([], dtype="string", name="side")
            lazy: pd.Series = by_partition(self.side_of, points, like)
            return lazy
        lon, lat = self._xy(points)
        inside = lies_within(self.region.bounds, lon, lat)
        first, second = self.sides.geometry.to_numpy()
        shapely.prepare([first, second])
        codes = np.where(shapely.intersects_xy(first, lon, lat), *self.region.sides)
        found = pd.Series(codes, index=points.index, dtype="string", name="side")
        known = codes == self.region.sides[0]
        known[~known] = shapely.intersects_xy(second, lon[~known], lat[~known])
        return found.where(inside & known)

    @checked()
    def distance_m(self, points: gpd.GeoSeries | gpd.GeoDataFrame) -> pd.Series:
        """Return the distance of each point to the line, in metres.

        Measured in ``region.metric_crs`` to the part of the line that lies in the
        region; a point up to 5 degrees outside it is measured too. Points farther
        away, where metres of that CRS would be wrong, and missing ones are null.

        Parameters
        ----------
        points
            Points, EPSG:4326.

        Returns
        -------
        pandas.Series
            Metres, as ``Float64``; the caller's index.

        Raises
        ------
        DataError
            As :meth:`side_of`, or if the region's metric CRS is made for elsewhere.

        Examples
        --------
        >>> on_the_line = gpd.GeoSeries.from_xy([-74.62825], [44.99936], crs="EPSG:4326")
        >>> bool((load_border().distance_m(on_the_line) < 1).all())
        True
        """
        lon, lat = self._xy(points)
        crs = self.region.require_metric()
        line = self.line.geometry.segmentize(STEP_DEGREES).to_crs(crs).union_all()
        shapely.prepare(line)
        west, south, east, north = self.region.bounds
        far = west - FAR_DEG, south - FAR_DEG, east + FAR_DEG, north + FAR_DEG
        near = lies_within(far, lon, lat)
        metres = np.full(len(points), np.nan)
        metres[near] = shapely.distance(points.geometry.to_crs(crs).to_numpy()[near], line)
        return pd.Series(metres, index=points.index, dtype="Float64", name="distance_m")

    def _xy(self, points: gpd.GeoSeries | gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Return longitudes and latitudes, NaN where missing; refuse swapped axes."""
        lon, lat = lon_lat(points, "points")
        swapped = lies_within(self.region.bounds, lat, lon)
        as_given = lies_within(self.region.bounds, lon, lat)
        if (swapped & ~as_given).any():
            i = int(np.flatnonzero(swapped & ~as_given)[0])
            raise DataError(
                f"points: {int((swapped & ~as_given).sum())} lie in the region only with axes "
                f"swapped, the first x {lon[i]}, y {lat[i]}. Give longitude first."
            )
        return lon, lat


def areas_of_sides(border: Border, sides: Sequence[str], crs: str) -> list[BaseGeometry]:
    """Return the areas of sides in the order in which these are named, in metres of a CRS."""
    shapes = border.sides.geometry.segmentize(STEP_DEGREES).to_crs(crs)
    known = dict(zip(border.sides["side"], shapes, strict=True))
    return [known[side] for side in sides]


def _over_180(
    kind: type[Border],
    frame: gpd.GeoDataFrame,
    region: Region,
    first: tuple[float, float] | Literal["inside", "outside"] | None,
) -> Border:
    """Return a border over 180°: made with longitudes that go on beyond it, told cut there."""
    frame.geometry = gpd.GeoSeries(ahead(frame.geometry.to_numpy()), frame.index, crs=WGS84)
    if isinstance(first, tuple):
        first = (float(ahead_of(np.array(first[0]))), first[1])
    made = kind._cut_by(frame, region, first)
    line, sides = made.line.copy(), made.sides.copy()
    for rows in (line, sides):
        rows.geometry = gpd.GeoSeries(within_180(rows.geometry.to_numpy()), rows.index, crs=WGS84)
    return kind(line, region, sides)


def _split(region: Region, line: BaseGeometry) -> list[BaseGeometry]:
    """Return the two parts into which a line cuts the box, or say why it does not."""
    edges = shapely.node(shapely.union(shapely.box(*region.ahead).exterior, line))
    parts: list[BaseGeometry] = shapely.get_parts(shapely.polygonize([edges])).tolist()
    if len(parts) != 2:
        raise DataError(
            f"border line: cuts the box of region {region.name} into {len(parts)} part(s), "
            "expected 2. Give one line from edge to edge without gaps or loops, or move the "
            "bounds of the region."
        )
    return parts


def _in_order(
    parts: list[BaseGeometry], region: Region, first: tuple[float, float] | str | None
) -> list[BaseGeometry]:
    """Return the two parts, the one called ``region.sides[0]`` first; of areas, first the inner."""
    if isinstance(first, str):
        if first not in ("inside", "outside"):
            raise DataError(f"first “{first}”: is not inside, outside, or longitude and latitude.")
        return parts if first == "inside" else parts[::-1]
    if first is None:
        return sorted(parts, key=lambda p: (-round(p.centroid.y, 6), p.centroid.x))
    holds = [bool(shapely.intersects_xy(part, *first)) for part in parts]
    if sum(holds) != 1:
        raise DataError(
            f"region {region.name}: {first} does not lie on one side of the border. "
            f"Give longitude and latitude of a place in {region.sides[0]}."
        )
    return parts if holds[0] else parts[::-1]


@checked()
def load_border(region: Region | str | Path | None = None) -> Border:
    """Load the border of a region, cut to its bounds, with its two sides.

    How it was generalised, the rows of a line say (``note``). Of the one that ships a point nearer
    than 25 m has a side by this line, not beyond doubt: other published lines lie metres off.

    Parameters
    ----------
    region
        The region; by default the one at work. One without a border of its own cuts that of
        the region at work, which must cross it.

    Returns
    -------
    Border
        ``line`` has one row for each section: ``section``, the columns of the
        source, ``geometry``.

    Raises
    ------
    DataError
        If the line does not cut the region in two, its file is at fault, or a line that always
        is controlled is called open.

    Examples
    --------
    >>> load_border().line.section.tolist()
    ['St. Lawrence River', '45th parallel', 'Halls Stream', 'Highlands']
    """
    region = as_region(region)
    owner = region if region.file("border") is not None else active_region()
    line = _line_of(owner)
    if not region.controlled:
        refuse_open(*lines_of(line), f"region {region.name}")
    border = Border.from_line(line, region, first=_first_of(region))
    told = None if region.details is None else region.details.sides[1].inside
    if not isinstance(told, tuple):
        return border
    here = [bool(shapely.intersects_xy(part, *told)) for part in border.sides.geometry]
    if not any(here):
        raise _not_inside(region, told, "on neither side within the bounds")
    if here[0]:
        if isinstance(_first_of(region), tuple):
            raise _not_inside(region, told, "on the same side as sides.1.inside")
        other = border.sides.geometry.iloc[1].representative_point()
        return Border.from_line(line, region, first=(other.x, other.y))
    return border


def _rim_of(areas: gpd.GeoDataFrame, rim: BaseGeometry) -> gpd.GeoDataFrame:
    """Return the rim of areas as one line, with what is said of all of them: their source."""
    told = areas.drop(columns=areas.geometry.name)
    same = [name for name in told if len(told[name].unique()) == 1]
    row = pd.DataFrame(told[same].iloc[[0]]).reset_index(drop=True)
    frame = gpd.GeoDataFrame(row, geometry=[rim], crs=WGS84)
    frame.attrs |= areas.attrs
    return frame


def _not_inside(region: Region, told: tuple[float, float], where: str) -> DataError:
    found = f"sides.2.inside {list(told)} is {where}."
    remedy = "Give longitude and latitude of a place that is on the second side."
    return DataError(Fault(f"region {region.name}", found, remedy))


def _line_of(region: Region) -> gpd.GeoDataFrame:
    """Return the line that a region's file holds: turning points as CSV, or shapes."""
    file = region.file("border")
    if file is None:
        raise DataError(
            Fault(f"region {region.name}", "has no border.", "Name its file as files.border.")
        )
    if not file.lower().endswith(".csv"):
        line = kept_of_files(region, [file], lambda: read_border(file), "border")
        return with_source(line.copy(), "border", region)
    points = region_table("border", BORDER, "lon", "lat", region=region)
    return lines_through(points, file, region.languages[1:])


def _first_of(region: Region) -> tuple[float, float] | Literal["inside", "outside"] | None:
    """Return what tells the first side: a place in it, or whether it is the inside of areas."""
    if region.details is None:
        return None
    first, second = (side.inside for side in region.details.sides)
    if isinstance(first, tuple):
        return first
    return "inside" if first else "outside" if second is True else None
