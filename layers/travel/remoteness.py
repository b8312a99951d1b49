"""How remote the places of incidents are: every distance an interval over an area."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from roxham.geo import (
    WGS84,
    Border,
    DataError,
    Fault,
    Region,
    Roads,
    require_wgs84,
    suggest_metric_crs,
)
from roxham.geo._types import Objects
from roxham.geo.access.remoteness import (
    RoadPoints,
    Targets,
    Terrain,
    Ways,
    by_road,
    nearest_names,
    straight,
)
from roxham.geo.arguments import checked, require_columns
from roxham.geo.border.border import areas_of_sides
from roxham.geo.border.given import BorderLike, as_border
from roxham.geo.crossings.sites import PortsLike
from roxham.geo.crs import require_metres
from roxham.geo.geometry.proximity import geodesic_m
from roxham.geo.network.roads import bounds_over
from roxham.geo.partitions import by_partition, is_partitioned
from roxham.geo.region import active_region, as_region, using_region
from roxham.geo.routing.barrier import Start, Walled, border_of
from roxham.geo.tables.contract import date_span
from roxham.geo.tables.edtf import is_date, read_day
from roxham.layers.facts.policy import load_policy_events
from roxham.layers.facts.ports import ports_meant
from roxham.layers.privacy.masking import LARGEST_M, require_unmasked

from .open_gates import first_day, gates, gates_on

__all__ = ["incident_context"]

TOWNS = ("city", "town", "village")
"""Kinds of places that are towns; a hamlet may be a few houses."""

TARGETS = ("port", "town", "hospital")

ROUND_M = 100
"""Intervals end at multiples of this, rounded outward."""

CLASSES_KM = (1, 2, 5, 10, 20, 50, 100)

PASSED_M = 5000
"""Roads without a way to a target are passed over for one that is no more than this farther."""

LEAST_M = 1.0
"""A place that is known exactly is taken for a disc of this radius, which roundings hold."""

ROUNDER = 1 / np.cos(np.pi / 128)
"""By how much a circle of 128 corners is blown up so that it holds the whole disc."""


@checked(incidents=("date",), places=("kind",))
def incident_context(
    incidents: gpd.GeoDataFrame,
    roads: Roads,
    *,
    ports: PortsLike | None = None,
    places: gpd.GeoDataFrame | None = None,
    on: str | None = None,
    region: Region | str | Path | None = None,
    border: BorderLike | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> pd.DataFrame:
    """Return how far the place of each incident is from roads, ports, towns and hospitals.

    The place is anywhere within ``radius_m`` of the given centre, on its country's side
    of the border. ``road`` is the straight distance from there to the nearest road of
    that side. The others are distances by the roads of that side, from the place on a
    road that is nearest, the way to that place left out. Roads from which there is no
    way, such as the last lanes before a port for a town, are passed over, unless one
    that has a way is more than 5 km farther: then none is known.

    Every interval holds the distances from all places in the area. Its ends are bounds,
    rounded outward to 100 m. Those of ``road`` lie up to 100 m outside the smallest and
    the largest distance; those by road up to 250 m outside what they would be if the
    area reached 30 m farther. Ports and places are taken to be where their tables have
    them. One that is not on the network lowers the minimum to its straight distance,
    where that is less.

    Parameters
    ----------
    incidents
        As :func:`load_incidents` gives them: ``id, date, radius_m`` and ``country``,
        centres in EPSG:4326; a dask-geopandas frame, too, of a few large partitions, as the
        network is made ready for each.
    roads
        A network that knows its sides. On a schematic one the nearest road may be
        missing: the minimum of ``road`` is then 0, and the others are distances from the
        nearest road of the corridor.
    ports
        As for :func:`gates`; of a region that stands for its ports the border is meant, too,
        unless another is given. By default those of the region, else of the border's, else of
        the region at work if the network lies in it; without any their columns are null. Ports
        of entry that were open on the day count, at any hour; for an incident of several days
        the minimum is to those open on its first or last day, the maximum to those open on
        both. Before the table of policy events of the same region begins they are not known,
        and null.
    places
        As :func:`roxham.geo.load_places` and :func:`roxham.geo.load_hospitals` give them, one
        frame of both. City, town and village are towns; a hospital is of kind ``hospital``.
        Without any of a kind its columns are null.
    on
        A day, ``YYYY-MM-DD``, in place of the dates of the incidents.
    region
        In whose CRS metres are measured; by default that of the border, else one made for
        the network.
    border
        The two sides; by default the bundled border, if the network lies in its region.
    progress
        Called with how many incidents are done, and of how many.

    Returns
    -------
    pandas.DataFrame
        One row for each incident, the caller's index: ``id, date``; ``road_min_m,
        road_max_m, road_class``; ``port`` (those found to be nearest somewhere in the
        area: ids, with semicolons), ``port_min_m, port_max_m, port_class``, and the same for
        ``town`` and ``hospital``; ``network`` (schematic or full) and ``reason``, where
        something is null that was asked for. Of a dask-geopandas frame one of Dask's, not
        computed yet, and without ``progress``.

    Raises
    ------
    DataError
        If an input cannot be used, or the incidents are masked.

    Examples
    --------
    >>> from roxham.geo import load_roads
    >>> from roxham.layers import load_incidents, load_ports
    >>> one = load_incidents().rows.iloc[:1]
    >>> found = incident_context(one, load_roads(), ports=load_ports().rows).iloc[0]
    >>> bool(found["port_min_m"] < found["port_max_m"])
    True
    """
    if border is None and isinstance(ports, Region):
        border = ports
    region = None if region is None else as_region(region)
    border = None if border is None else as_border(border, region)
    home = region or (border.region if border else _region_around(roads))
    ports = home if ports is None else ports
    if is_partitioned(incidents):
        work = partial(
            incident_context,
            roads=roads, ports=ports, places=places, on=on, region=region, border=border,
        )  # fmt: skip
        like = _table([], pd.Index([]), schematic=False)
        lazy: pd.DataFrame = by_partition(work, incidents, like)
        return lazy
    require_wgs84(incidents, "incidents")
    require_unmasked(incidents, "incidents")
    _require_areas(incidents, on)
    rows: list[dict[str, Any]] = []
    table = None if ports is None else ports_meant(ports, None)[0]
    with using_region(ports if isinstance(ports, Region) else home or active_region()):
        ground = _Ground(roads, region, border or border_of(roads), table, places)
        for number, incident in enumerate(incidents.itertuples()):
            rows.append({"id": incident.id, "date": incident.date, **ground.context(incident, on)})
            if progress is not None:
                progress(number + 1, len(incidents))
    return _table(rows, incidents.index, schematic=roads.schematic)


def _region_around(roads: Roads) -> Region | None:
    """Return the region at work, if a network lies in it."""
    return active_region() if border_of(roads) is not None else None


def _require_areas(incidents: gpd.GeoDataFrame, on: str | None) -> None:
    """Raise for every incident that has no area or no date, and for a day that is none."""
    require_columns(incidents, "incidents", ("id", "date", "radius_m"))
    metres = pd.to_numeric(incidents["radius_m"], errors="coerce").astype("Float64")
    shapes = incidents.geometry.to_numpy()
    # Not a number for what is no point, or an empty one.
    placed = np.isfinite(shapely.get_x(shapes)) & np.isfinite(shapely.get_y(shapes))
    dated = [on is not None or is_date(str(day)) for day in incidents["date"]]
    checks: dict[str, tuple[Iterable[bool], str]] = {
        "geometry": (placed, "is not a point."),
        "radius_m": (metres.between(0, LARGEST_M).fillna(False), "is no radius in metres."),
        "date": (dated, "is not a date."),
    }
    faults = [
        Fault("incidents", problem, row=row, column=column)
        for column, (sound, problem) in checks.items()
        for row, good in enumerate(sound, start=1)
        if not good
    ]
    try:
        if on is not None:
            read_day(on, "on")
    except DataError as error:
        faults += error.faults
    if faults:
        raise DataError(faults)


def _require_sides(walled: Walled, border: Border | None) -> None:
    """Refuse roads that do not know the sides of the border that they are asked about."""
    known, asked = walled.gateway.sides, () if border is None else border.region.sides
    if not set(asked) <= set(known):
        found = f"do not know the sides {' and '.join(asked)} of the border."
        raise DataError(Fault("roads", found, "Cut them with cut_at_border first."))


class _Ground:
    """A network with its ports and places, each thing worked out once."""

    def __init__(
        self,
        roads: Roads,
        region: Region | None,
        border: Border | None,
        ports: gpd.GeoDataFrame | pd.DataFrame | None,
        places: gpd.GeoDataFrame | None,
    ) -> None:
        self.walled = Walled(roads)
        _require_sides(self.walled, border)
        region = region or (None if border is None else border.region)
        bounds = bounds_over(roads)
        crs = suggest_metric_crs(bounds) if region is None else region.require_metric()
        self.terrain = Terrain(self.walled, require_metres(crs, bounds, "roads"))
        self.border, self.ports = border, ports
        self.shapes: list[BaseGeometry] = []
        if border is not None:
            self.shapes = areas_of_sides(border, self.walled.gateway.sides, crs)
        self.policy = load_policy_events().rows
        self.first_day = first_day(self.policy) or pd.Timestamp.min
        self._open_on: dict[pd.Timestamp, gpd.GeoDataFrame] = {}
        self._to_ports: dict[tuple[str, ...], list[Ways]] = {}
        self.to_places = {} if places is None else self._placed(places)

    def _placed(self, places: gpd.GeoDataFrame) -> dict[str, list[Ways]]:
        """Return the ways to towns and hospitals."""
        require_wgs84(places, "places")
        found = {}
        for target, kinds in (("town", TOWNS), ("hospital", ("hospital",))):
            rows = places[places["kind"].isin(kinds)]
            names = rows["place_id" if "place_id" in rows else "name"].astype(str).tolist()
            each, _ = self.walled.starts_each(rows)
            here = [n for n, start in zip(names, each, strict=True) if isinstance(start, Start)]
            starts = [start for start in each if isinstance(start, Start)]
            beyond = rows.geometry[[not isinstance(start, Start) for start in each]].tolist()
            if names:
                targets = Targets(here, starts, gpd.GeoSeries(beyond, crs=WGS84))
                found[target] = self.terrain.ways(targets)
        return found

    def _open(self, day: pd.Timestamp) -> gpd.GeoDataFrame:
        """Return the ports of entry open on a day."""
        if day not in self._open_on:
            found = gates(self.ports, on=day.date(), direction="both", policy=self.policy)
            self._open_on[day] = found[found["gate_kind"] == "port_of_entry"]
        return self._open_on[day]

    def to_ports(self, ports: gpd.GeoDataFrame) -> list[Ways]:
        """Return the ways to ports."""
        key = tuple(ports["gate"].astype(str))
        if key not in self._to_ports:
            here: pd.DataFrame = gates_on(self.walled.plain, ports) if len(ports) else ports
            off = ports[~ports["gate"].isin(here["gate"])]
            starts = self.walled.starts(here).places if len(here) else []
            targets = Targets(
                here["gate"].astype(str).tolist(), starts, gpd.GeoSeries(off.geometry)
            )
            self._to_ports[key] = self.terrain.ways(targets)
        return self._to_ports[key]

    def context(self, incident: Any, on: str | None) -> dict[str, Any]:
        """Return the intervals of one incident."""
        side = self._side_of(incident)
        if side is None:
            return {"reason": "its country, and so its side of the border, is not known"}
        area = self._area(incident, side)
        if not area.area:
            return {"reason": "its area does not reach the side of its country"}
        schematic, points = self.walled.plain.schematic, self.terrain.points[side]
        if not len(points) or not (schematic or self.terrain.hull.covers(area)):
            return {"reason": "the network does not cover its area"}
        away = straight(area, points)
        found = _interval("road", 0.0 if schematic else away.low, away.high)
        asked = {name: (ways[side], ways[side]) for name, ways in self.to_places.items()}
        reasons, no_way = [], []
        start, end = date_span(str(on or incident.date))
        has_ports = self.ports is not None and len(self.ports) > 0
        if has_ports and start < self.first_day:
            reasons.append(f"which ports were open before {self.first_day.date()} is not known")
        elif has_ports:
            asked["port"] = self._ports_open(start, end, side)
        for name, (least, most) in asked.items():
            near = [self._near(area, ways, points, away.low) for ways in (least, most)]
            found |= self._target(name, area, least, most, near)
            if found[f"{name}_max_m"] is None:
                no_way.append(name)
        if no_way:
            reasons.append(f"no way by road to any {' or '.join(no_way)} is known")
        return {**found, "reason": "; ".join(reasons) or None}

    def _ports_open(self, start: pd.Timestamp, end: pd.Timestamp, side: int) -> tuple[Ways, Ways]:
        """Return the ways to ports open on either day, and to those open on both."""
        first, last = self._open(start), self._open(end)
        new = last[~last["gate"].isin(first["gate"])]
        any_day = gpd.GeoDataFrame(pd.concat([first, new])) if len(new) else first
        every_day = first[first["gate"].isin(last["gate"])]
        return self.to_ports(any_day)[side], self.to_ports(every_day)[side]

    def _near(self, area: BaseGeometry, ways: Ways, points: RoadPoints, away_m: float) -> bool:
        """Whether a road with a way is as near as those without that are passed over for it."""
        if not len(ways.points):
            return False
        if len(ways.points) == len(points):
            return True
        return straight(area, ways.points).low - away_m <= PASSED_M

    def _target(
        self, name: str, area: BaseGeometry, least: Ways, most: Ways, near: list[bool]
    ) -> dict[str, Any]:
        """Return the interval by road to one kind of target; ``near`` is of the two ways."""
        low = high = np.inf
        nearest: list[str] = []
        if near[0]:
            found = by_road(area, least.points, least.metres)
            low, high, nearest = found.low, found.high, nearest_names(least, found.points)
        low = min(low, self._straight_m(area, least.beyond))
        if most is not least:
            high = by_road(area, most.points, most.metres).high if near[1] else np.inf
        return {name: ";".join(nearest) or None, **_interval(name, low, high)}

    def _straight_m(self, area: BaseGeometry, beyond: Objects) -> float:
        """Return the geodesic to the nearest of points, for which no CRS of this area may do."""
        if not len(beyond):
            return np.inf
        lines = gpd.GeoSeries(shapely.shortest_line(area, beyond), crs=self.terrain.metric_crs)
        ends = lines.to_crs(WGS84).get_coordinates().to_numpy()
        return float(geodesic_m(*ends[::2].T, *ends[1::2].T).min())

    def _side_of(self, incident: Any) -> int | None:
        sides = self.walled.gateway.sides
        country = getattr(incident, "country", None)
        if isinstance(country, str) and country in sides:
            return sides.index(country)
        if self.border is None:
            return None
        found = self.border.side_of(gpd.GeoSeries([incident.geometry], crs=WGS84)).iloc[0]
        return None if pd.isna(found) else sides.index(found)

    def _area(self, incident: Any, side: int) -> BaseGeometry:
        """Return the disc of an incident on its side, in metres."""
        centre = self.terrain.metric([incident.geometry])[0]
        radius = max(float(incident.radius_m), LEAST_M)
        disc: BaseGeometry = centre.buffer(radius * ROUNDER, quad_segs=32)
        return disc.intersection(self.shapes[side]) if self.shapes else disc


def _interval(name: str, low: float, high: float) -> dict[str, Any]:
    """Return an interval rounded outward, null where it is not known, and its class."""
    least = int(low // ROUND_M * ROUND_M) if np.isfinite(low) else None
    most = int(-(-high // ROUND_M) * ROUND_M) if np.isfinite(high) else None
    columns = (f"{name}_min_m", f"{name}_max_m", f"{name}_class")
    return dict(zip(columns, (least, most, _class(least, most)), strict=True))


def _class(least: int | None, most: int | None) -> str | None:
    """Return the narrowest class that holds an interval.

    Examples
    --------
    >>> _class(0, 800), _class(1400, 7200), _class(60_000, 130_000)
    ('under 1 km', '1–10 km', 'over 50 km')
    """
    if least is None or most is None:
        return None
    low = max((km for km in CLASSES_KM if km * 1000 <= least), default=0)
    high = min((km for km in CLASSES_KM if km * 1000 >= most), default=None)
    if high is None:
        return f"over {low} km" if low else "any distance"
    return f"{low}–{high} km" if low else f"under {high} km"


def _table(rows: list[dict[str, Any]], index: pd.Index[Any], *, schematic: bool) -> pd.DataFrame:
    names = ["id", "date", "road_min_m", "road_max_m", "road_class"]
    for target in TARGETS:
        names += [target, f"{target}_min_m", f"{target}_max_m", f"{target}_class"]
    names += ["network", "reason"]
    types = {name: "Int64" if name.endswith("_m") else "string" for name in names}
    table = pd.DataFrame(rows, columns=names, index=index)
    table["network"] = "schematic" if schematic else "full"
    return table.astype(types)
