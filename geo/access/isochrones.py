"""How far one gets in so many minutes: areas along the roads that are reached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from roxham.geo._types import Bools
from roxham.geo.border.border import STEP_DEGREES, Border
from roxham.geo.crs import WGS84
from roxham.geo.errors import DataError
from roxham.geo.network.parts import Parts, line_pieces, merge_roads
from roxham.geo.network.roads import Roads
from roxham.geo.region import ROXHAM, Region
from roxham.geo.routing.barrier import Gates, Origins, Walled, border_of

from .one_to_all import Direction, Spread

__all__ = ["Ribbons", "reach"]

STEP_M = 250.0
"""Longest straight side of an area, metres, that is taken back to degrees in one piece.

Over this length a straight line in metres and one in degrees part by a millimetre.
"""

MINUTE_S = 60.0


def reach(
    roads: Roads,
    origins: Origins,
    *,
    minutes: Sequence[float] = (15, 30, 45, 60),
    direction: Direction = "from",
    gates: Gates | None = None,
    together: bool = False,
    buffer_m: float = 250.0,
    within_m: float | None = None,
    region: Region = ROXHAM,
    border: Border | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> gpd.GeoDataFrame:
    """Return what is reached by road within so many minutes, as areas along the roads.

    Each edge counts up to the exact place where the time is up. The area is every
    reached piece of road with ``buffer_m`` on both sides and at its ends, with holes
    where no reached road is near; it is never a hull. It is cut along the border, so
    that it lies on the sides that are reached. Times are driving times at the speeds
    of the network; waiting at a gate is not counted.

    Parameters
    ----------
    roads
        A network that knows its sides: the corridor, or one that
        :func:`cut_at_border` has cut. Its ``travel_time_s`` is the time.
    origins
        Points in EPSG:4326 (called by a column ``name``, else by their index), one
        ``(lon, lat)`` or several, ids of nodes, or rows of gates (with a column
        ``gate`` or ``port_id``). A point stands on the nearest road of its side; the
        way to that road is not counted.
    minutes
        Above 0.
    direction
        ``from``: what is reached from the origin. ``to``: from where it is reached.
    gates
        Gates that are open. Without any the border is a wall. A site that was crossed
        on foot is a walk from one dead end to the other.
    together
        Whether all origins count as one: what is reached from any of them.
    buffer_m
        Half the width of the areas, metres.
    within_m
        A point farther from every road is refused: 1 km, on a schematic network 5 km.
    region
        The region in whose CRS metres are measured. All that is reached must lie in it.
    border
        The line along which areas are cut; by default the bundled one, if the network
        lies in its region.
    progress
        Called with how many areas are done, and of how many.

    Returns
    -------
    geopandas.GeoDataFrame
        One row for each origin and time, in the order given and from short to long:
        ``origin``, ``minutes``, ``direction``, ``reached_km`` (each road once, by
        its own length), ``area_km2``, ``offset_m`` (from the origin to its road; null
        for several origins together), ``geometry`` (EPSG:4326). A longer time holds a
        shorter one, to within a centimetre. ``attrs`` has ``schematic`` and ``buffer_m``.

    Raises
    ------
    DataError
        If a time or the buffer is not above 0, an origin is not on the network, or
        roads reached lie outside the region, or the region outside its metric CRS.

    Examples
    --------
    >>> from roxham.geo import load_roads
    >>> near = reach(load_roads(), (-73.453, 44.699), minutes=(15, 30))
    >>> near[["minutes", "direction"]].values.tolist()
    [[15.0, 'from'], [30.0, 'from']]
    >>> bool(near["reached_km"].is_monotonic_increasing)
    True
    """
    times = _times(minutes, buffer_m)
    walled = Walled(roads, gates)
    spread = Spread.of(walled, direction=direction)
    starts = walled.starts(origins, within_m=within_m)
    if not starts.names:
        raise DataError("origins: there is none. Give one or more.")
    ribbons = Ribbons(walled, buffer_m, region, border)
    limit = times[-1] * MINUTE_S
    costs = spread.costs(starts.places, limit=limit, together=together)
    groups = [list(range(len(starts.names)))] if together else [[i] for i in range(len(costs))]
    records: list[dict[str, Any]] = []
    for row, members in enumerate(groups):
        own = [starts.places[i] for i in members]
        name = starts.names[members[0]] if len(members) == 1 else f"any of {len(members)}"
        area: BaseGeometry = shapely.Polygon()
        before = Parts(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0))
        for time in times:
            parts = merge_roads(walled.roads, spread.parts(costs[row], own, time * MINUTE_S))
            area = ribbons.grown(area, before, parts)
            before = parts
            metres = walled.roads.length_m[parts.edge] * (parts.stop - parts.start)
            records.append(
                {
                    "origin": name,
                    "minutes": time,
                    "direction": direction,
                    "reached_km": float(metres.sum()) / 1000,
                    "area_km2": area.area / 1e6,
                    "offset_m": float(starts.offset_m[members[0]]) if len(members) == 1 else None,
                    "geometry": area,
                }
            )
            if progress is not None:
                progress(len(records), len(groups) * len(times))
    return ribbons.frame(records, schematic=roads.schematic)


def _times(minutes: Sequence[float], buffer_m: float) -> list[float]:
    """Return the times in order, each once."""
    times = sorted({float(time) for time in minutes})
    if not times or not all(0 < time < np.inf for time in times):
        raise DataError("minutes: give one or more numbers above 0.")
    if not 0 < buffer_m < np.inf:
        raise DataError(f"buffer_m {buffer_m:g}: is not a number of metres above 0.")
    return times


class Ribbons:
    """Makes areas along pieces of road, in metres, cut along the border.

    Parameters
    ----------
    walled
        The network.
    buffer_m
        Half the width, metres.
    region
        Whose CRS is used.
    border
        Where areas end; the bundled border if the network lies in its region.
    """

    def __init__(
        self, walled: Walled, buffer_m: float, region: Region, border: Border | None
    ) -> None:
        self.walled, self.buffer_m, self.region = walled, buffer_m, region
        region.require_metric()
        border = border or border_of(walled.plain)
        self._sides: list[BaseGeometry] = []
        if border is not None and tuple(border.region.sides) == walled.gateway.sides:
            areas = border.sides.geometry.segmentize(STEP_DEGREES).to_crs(region.metric_crs)
            self._sides = areas.tolist()
            shapely.prepare(self._sides)

    def grown(self, area: BaseGeometry, before: Parts, parts: Parts) -> BaseGeometry:
        """Return an area with pieces of road added; those it was made of are passed over."""
        new = ~_among(parts, before)
        return self.along(parts.take(new), area)

    def along(self, parts: Parts, area: BaseGeometry | None = None) -> BaseGeometry:
        """Return the area along pieces of road, in metres, joined to another."""
        roads, crs = self.walled.roads, self.region.metric_crs
        lines = line_pieces(roads, parts)
        long = shapely.length(lines) > 0  # GEOS cannot part a line that is one place
        lines[long] = shapely.segmentize(lines[long], STEP_DEGREES)
        shapes = gpd.GeoSeries(lines, crs=WGS84)
        self._require_inside(shapes)
        drawn = shapes.to_crs(crs).to_numpy()
        strips = shapely.buffer(drawn, self.buffer_m, quad_segs=8)
        side = self.walled.gateway.edge_side[parts.edge]
        joined = [] if area is None else [area]
        for number in np.unique(side).tolist():
            own = shapely.union_all(strips[side == number])
            if self._sides and number in (0, 1):
                own = shapely.intersection(own, self._sides[number])
            joined.append(own)
        whole = shapely.union_all(np.array(joined, dtype=object))
        # cut along the border, what is left may have lines and points in it
        polygons = [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon"]
        if len(polygons) > 1:
            return shapely.MultiPolygon(polygons)
        return polygons[0] if polygons else shapely.Polygon()

    def _require_inside(self, lines: gpd.GeoSeries) -> None:
        if not len(lines):
            return
        west, south, east, north = lines.total_bounds
        box = self.region.bounds
        if west < box[0] or south < box[1] or east > box[2] or north > box[3]:
            raise DataError(
                f"roads: reach beyond region {self.region.name}, {box}, in whose CRS metres are "
                "measured. Give the region of this network."
            )

    def frame(self, records: list[dict[str, Any]], *, schematic: bool) -> gpd.GeoDataFrame:
        """Return rows with their areas in degrees."""
        shapes = [shapely.segmentize(record.pop("geometry"), STEP_M) for record in records]
        areas = gpd.GeoSeries(shapes, crs=self.region.metric_crs).to_crs(WGS84)
        table = pd.DataFrame(records)
        if "offset_m" in table:
            table["offset_m"] = table["offset_m"].astype("Float64")
        frame = gpd.GeoDataFrame(table, geometry=areas, crs=WGS84)
        frame.attrs |= {"schematic": schematic, "buffer_m": self.buffer_m}
        return frame


def _among(parts: Parts, others: Parts) -> Bools:
    """Return which parts stand among others, with the same ends."""
    known = set(zip(*(values.tolist() for values in others), strict=True))
    rows = zip(*(values.tolist() for values in parts), strict=True)
    return np.fromiter((row in known for row in rows), dtype=bool, count=len(parts.edge))
