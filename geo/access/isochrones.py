"""How far one gets in so many minutes: areas along the roads that are reached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from roxham.geo._types import Bools
from roxham.geo.arguments import checked
from roxham.geo.border.border import STEP_DEGREES, Border, areas_of_sides
from roxham.geo.border.given import BorderLike, as_border
from roxham.geo.crs import WGS84, require_metres, suggest_metric_crs
from roxham.geo.errors import DataError
from roxham.geo.geometry.geodesic import back, cut_at_180, lies_within
from roxham.geo.geometry.steps import stepped
from roxham.geo.network.parts import Parts, line_pieces, merge_roads
from roxham.geo.network.roads import Roads, over_antimeridian
from roxham.geo.network.speeds import Pace, with_pace
from roxham.geo.region import Region, as_region
from roxham.geo.routing.barrier import Gates, Origins, Walled, border_of
from roxham.geo.routing.gates import require_one_side

from .one_to_all import Direction, Spread

__all__ = ["Ribbons", "reach"]

STEP_M = 250.0
"""Longest straight side of an area, metres, that is taken back to degrees in one piece.

Over this length a straight line in metres and one in degrees part by a millimetre.
"""

MINUTE_S = 60.0
MINUTES = (15.0, 30.0, 45.0, 60.0)


@checked()
def reach(
    roads: Roads,
    origins: Origins,
    *,
    minutes: Sequence[float] | float | None = None,
    metres: Sequence[float] | float | None = None,
    mode: Literal["drive"] | Pace | None = None,
    direction: Direction = "from",
    gates: Gates | None = None,
    together: bool = False,
    buffer_m: float = 250.0,
    within_m: float | None = None,
    region: Region | str | Path | None = None,
    border: BorderLike | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> gpd.GeoDataFrame:
    """Return what is reached by road within so many minutes or metres, as areas along the roads.

    Each edge counts up to the exact place where the time is up. The area is every
    reached piece of road with ``buffer_m`` on both sides and at its ends, with holes
    where no reached road is near; it is never a hull. It is cut along the border, so
    that it lies on the sides that are reached. Times are driving times at the speeds
    of the network; waiting at a gate is not counted.

    Parameters
    ----------
    roads
        A network that knows its sides: the corridor, or one that :func:`cut_at_border` has
        cut; or any that lies beside no border. Its ``travel_time_s`` is the time.
    origins
        Points in EPSG:4326 (called by a column ``name``, else by their index), one
        ``(lon, lat)`` or several, ids of nodes, or rows of gates (with a column
        ``gate`` or ``port_id``). A point stands on the nearest road of its side; the
        way to that road is not counted.
    minutes, metres
        How far, in time or by road: one or more of either, above 0; by default 15, 30, 45 and
        60 minutes.
    mode
        ``walk`` at 4.8 km/h or ``bike`` at 15 km/h, on these roads, as
        :func:`~roxham.geo.with_pace` makes them; ``drive`` at the speeds of the network. By
        default by the times that it has.
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
        The region in whose CRS metres are measured. All that is reached must lie in it. By
        default that of the border, without one a CRS made for what is reached.
    border
        The line along which areas are cut; by default the bundled one, if the network
        lies in its region.
    progress
        Called with how many areas are done, and of how many.

    Returns
    -------
    geopandas.GeoDataFrame
        One row for each origin and time, in the order given and from short to long:
        ``origin``, ``minutes`` (or ``metres``), ``direction``, ``reached_km`` (each road once, by
        its own length), ``area_km2``, ``offset_m`` (from the origin to its road; null
        for several origins together), ``geometry`` (EPSG:4326). A longer time holds a
        shorter one, to within a centimetre. ``attrs`` has ``schematic``, ``buffer_m``,
        ``metric_crs`` (in which areas were measured) and, on foot or by bicycle, ``pace``.

    Raises
    ------
    DataError
        If a limit or the buffer is not above 0, both kinds are given, an origin is not on the
        network, roads reached lie outside the region, or the region outside its metric CRS,
        or what is reached is too large for metres in one CRS.

    Examples
    --------
    >>> from roxham.geo import load_roads
    >>> near = reach(load_roads(), (-73.453, 44.699), minutes=(15, 30))
    >>> near[["minutes", "direction"]].values.tolist()
    [[15.0, 'from'], [30.0, 'from']]
    >>> bool(near["reached_km"].is_monotonic_increasing)
    True
    """
    region = None if region is None else as_region(region)
    border = None if border is None else as_border(border, region)
    unit, limits = _limits(minutes, metres, buffer_m)
    if mode == "drive" and "pace" in roads.meta:
        raise DataError("mode drive: the network has times on foot or by bicycle. Read it anew.")
    if mode is not None and mode != "drive":
        roads = with_pace(roads, mode)
    walled = Walled(roads, gates)
    if not walled.gateway.divided:
        require_one_side(roads, border or region)
    weight, scale = ("travel_time_s", MINUTE_S) if unit == "minutes" else ("length_m", 1.0)
    spread = Spread.of(walled, direction=direction, weight=weight)
    starts = walled.starts(origins, within_m=within_m)
    if not starts.names:
        raise DataError("origins: there is none. Give one or more.")
    costs = spread.costs(starts.places, limit=limits[-1] * scale, together=together)
    reached = walled.usable & np.isfinite(costs.min(axis=0))[spread.tail]
    reached[np.concatenate([start.edges for start in starts.places])] = True
    ribbons = Ribbons(walled, reached, buffer_m, region, border)
    groups = [list(range(len(starts.names)))] if together else [[i] for i in range(len(costs))]
    records: list[dict[str, Any]] = []
    for row, members in enumerate(groups):
        own = [starts.places[i] for i in members]
        name = starts.names[members[0]] if len(members) == 1 else f"any of {len(members)}"
        area: BaseGeometry = shapely.Polygon()
        before = Parts(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0))
        for limit in limits:
            parts = merge_roads(walled.roads, spread.parts(costs[row], own, limit * scale))
            area = ribbons.grown(area, before, parts)
            before = parts
            length = walled.roads.length_m[parts.edge] * (parts.stop - parts.start)
            records.append(
                {
                    "origin": name,
                    unit: limit,
                    "direction": direction,
                    "reached_km": float(length.sum()) / 1000,
                    "area_km2": area.area / 1e6,
                    "offset_m": float(starts.offset_m[members[0]]) if len(members) == 1 else None,
                    "geometry": area,
                }
            )
            if progress is not None:
                progress(len(records), len(groups) * len(limits))
    return ribbons.frame(records, schematic=roads.schematic)


def _limits(
    minutes: Sequence[float] | float | None, metres: Sequence[float] | float | None, buffer_m: float
) -> tuple[str, list[float]]:
    """Return what is limited, and the limits in order, each once."""
    if minutes is not None and metres is not None:
        raise DataError("minutes, metres: are two limits. Give one of them.")
    unit, given = ("minutes", minutes) if metres is None else ("metres", metres)
    if given is None:
        given = MINUTES
    limits = sorted({float(limit) for limit in np.atleast_1d(np.asarray(given, dtype=float))})
    if not limits or not all(0 < limit < np.inf for limit in limits):
        raise DataError(f"{unit}: give one or more numbers above 0.")
    if not 0 < buffer_m < np.inf:
        raise DataError(f"buffer_m {buffer_m:g}: is not a number of metres above 0.")
    return unit, limits


class Ribbons:
    """Makes areas along pieces of road, in metres, cut along the border.

    Parameters
    ----------
    walled
        The network.
    edges
        Of which pieces may be asked for.
    buffer_m
        Half the width, metres.
    region
        Whose CRS is used; by default that of the border, else one made for the edges.
    border
        Where areas end; the bundled border if the network lies in its region.
    """

    def __init__(
        self,
        walled: Walled,
        edges: Bools,
        buffer_m: float,
        region: Region | None,
        border: Border | None,
    ) -> None:
        self.walled, self.buffer_m = walled, buffer_m
        border = border or border_of(walled.plain)
        self.region = region or (None if border is None else border.region)
        self.crs = _made_for(walled, edges) if self.region is None else self.region.require_metric()
        self._sides: list[BaseGeometry] = []
        sides = walled.gateway.sides
        if border is not None and set(border.region.sides) == set(sides):
            self._sides = areas_of_sides(border, sides, self.crs)
            shapely.prepare(self._sides)

    def grown(self, area: BaseGeometry, before: Parts, parts: Parts) -> BaseGeometry:
        """Return an area with pieces of road added; those it was made of are passed over."""
        new = ~_among(parts, before)
        return self.along(parts.take(new), area)

    def along(self, parts: Parts, area: BaseGeometry | None = None) -> BaseGeometry:
        """Return the area along pieces of road, in metres, joined to another."""
        roads, crs = self.walled.roads, self.crs
        lines = line_pieces(roads, parts)
        shapes = gpd.GeoSeries(stepped(lines, STEP_DEGREES), crs=WGS84)
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
        if not len(lines) or self.region is None:
            return
        box, (lon, lat) = self.region.bounds, shapely.get_coordinates(lines.to_numpy()).T
        if not lies_within(box, back(lon), lat).all():
            raise DataError(
                f"roads: reach beyond region {self.region.name}, {box}, in whose CRS metres are "
                "measured. Give the region of this network."
            )

    def frame(self, records: list[dict[str, Any]], *, schematic: bool) -> gpd.GeoDataFrame:
        """Return rows with their areas in degrees."""
        shapes = [shapely.segmentize(record.pop("geometry"), STEP_M) for record in records]
        degrees = gpd.GeoSeries(shapes, crs=self.crs).to_crs(WGS84)
        areas = gpd.GeoSeries(cut_at_180(degrees.to_numpy()), crs=WGS84)
        table = pd.DataFrame(records)
        if "offset_m" in table:
            table["offset_m"] = table["offset_m"].astype("Float64")
        frame = gpd.GeoDataFrame(table, geometry=areas, crs=WGS84)
        frame.attrs |= {"schematic": schematic, "buffer_m": self.buffer_m, "metric_crs": self.crs}
        if pace := self.walled.plain.meta.get("pace"):
            frame.attrs["pace"] = pace
        return frame


def _made_for(walled: Walled, edges: Bools) -> str:
    """Return a CRS whose metres are true along edges; raise if there is none."""
    plain = walled.plain
    coords = plain.coords[np.repeat(edges, np.diff(plain.offsets))]
    bounds = plain.bounds
    if len(coords):
        (west, south), (east, north) = coords.min(axis=0).tolist(), coords.max(axis=0).tolist()
        bounds = west, south, east, north
        if over_antimeridian(plain)[edges].any():
            there = coords[:, 0]
            bounds = there[there > 0].min(), south, there[there <= 0].max(), north
    return require_metres(suggest_metric_crs(bounds), bounds, "roads reached")


def _among(parts: Parts, others: Parts) -> Bools:
    """Return which parts stand among others, with the same ends."""
    known = set(zip(*(values.tolist() for values in others), strict=True))
    rows = zip(*(values.tolist() for values in parts), strict=True)
    return np.fromiter((row in known for row in rows), dtype=bool, count=len(parts.edge))
