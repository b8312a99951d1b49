"""Travel through gates as layers: routes, areas reached in so many minutes, nearest gates.

Each draws what functions of the library found. Where rows are of two dates, the page's switch
shows one of them, or what changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely

from roxham.geo import WGS84, Catchments, DataError, active_region, changed_areas
from roxham.geo.access.catchment_areas import require_catchments
from roxham.geo.arguments import checked
from roxham.geo.network.metadata import OSM_NAME
from roxham.layers import gate_names, gates, load_ports
from roxham.layers.facts.ports import as_ports
from roxham.layers.travel.dated_routes import side_lengths
from roxham.layers.travel.open_gates import rule_columns

from .layers import FrameLayer

__all__ = ["CatchmentLayer", "ReachLayer", "RouteLayer", "access_frame", "dates_of", "source_of"]

HUES = 4
"""Colours and hatchings of catchments; neighbours have different ones."""
NEAR_M = 600.0
"""Areas nearer than this are neighbours: seen from afar their bands touch."""

DRAWN_DEGREES = 1e-4
"""Areas are drawn to within some 10 m."""

SOURCE: dict[str, str] = {
    "source_title": "Road network, © OpenStreetMap contributors (ODbL); computed by roxham",
    "source_publisher": "OpenStreetMap",
    "source_url": "https://www.openstreetmap.org/copyright",
    "confidence": "computed",
}


def source_of(credit: str | None, url: str | None = None) -> dict[str, str]:
    """Return the source of what was computed on roads, by whom these are owed to.

    Parameters
    ----------
    credit
        Whose the roads are; not stated where there is none.
    url
        Where that can be read, if not at OpenStreetMap.
    """
    if credit and OSM_NAME in credit:
        return SOURCE
    whose = credit or "source not stated"
    told = {
        "source_title": f"Road network, {whose}; computed by roxham",
        "source_publisher": whose,
        "confidence": "computed",
    }
    return told | ({"source_url": url} if url else {})


class RouteLayer(FrameLayer):
    """Routes: lines, as :func:`roxham.layers.dated_routes` or ``find_routes`` gives them.

    Parameters
    ----------
    frame
        ``origin, destination, route, gate, on, length_m, travel_time_s`` and the other
        columns of the routes; of one date, or of two.
    dates
        An earlier and a later day; by default those of the rows, if they are of two.
    source
        Whose roads it was computed on: ``source_title, source_publisher, source_url,
        confidence``; OpenStreetMap's by default.
    name, show
        As for every layer.

    Examples
    --------
    >>> from roxham.geo import find_routes, load_roads
    >>> way = find_routes(load_roads(), (-73.453, 44.699), (-73.46, 44.89))
    >>> RouteLayer(way).payload["n"]
    1
    """

    kind = "routes"
    shapes = ("lines",)
    columns: Sequence[str] = (
        *(
            "origin",
            "destination",
            "route",
            "gate",
            "gate_name",
            "gate_kind",
            "on",
            "when",
            "same",
        ),
        *("length_m", "travel_time_s", "walk_m", "walk_time_s"),
        *("roads", "flags", "rule"),
    )

    @checked()
    def __init__(
        self,
        frame: gpd.GeoDataFrame,
        *,
        dates: tuple[str, str] | None = None,
        source: Mapping[str, str] | None = None,
        name: str | None = None,
        show: bool = True,
    ) -> None:
        self.source = SOURCE if source is None else source
        self.dates = dates or dates_of(frame)
        self.lengths = side_lengths(frame)
        self.columns = (*type(self).columns, *self.lengths)
        super().__init__(frame, name=name, show=show)

    def prepare(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Return the routes with their source, and of which of two dates they are."""
        found = frame.assign(**self.source)
        if self.dates is None:
            return found
        when = frame["on"].map(when_of(self.dates))
        if when.isna().any():
            days = ", ".join(sorted(set(map(str, frame["on"][when.isna()]))))
            raise DataError(f"routes are of {days}, not of {' or '.join(self.dates)}.")
        return found.assign(when=when, same=same_on_both(found))

    def further(self, frame: gpd.GeoDataFrame) -> Mapping[str, object]:
        """Say whether lines are schematic, and which two dates they are of."""
        schematic = "schematic" in frame and bool(frame["schematic"].astype(object).any())
        return {"schematic": schematic, "lengths": self.lengths, **dated(self.dates)}


class ReachLayer(FrameLayer):
    """Areas reached in so many minutes, as :func:`roxham.geo.reach` gives them.

    Parameters
    ----------
    frame
        ``origin, minutes, direction, reached_km, area_km2``, and ``on``, the day whose
        gates were passed, if any.
    source
        Whose roads it was computed on: ``source_title, source_publisher, source_url,
        confidence``; OpenStreetMap's by default.
    name, show
        As for every layer.

    Examples
    --------
    >>> from roxham.geo import load_roads, reach
    >>> near = reach(load_roads(), (-73.453, 44.699), minutes=15)
    >>> ReachLayer(near).payload["n"]
    1
    """

    kind = "reach"
    needed = ("origin", "minutes")
    columns = ("origin", "minutes", "direction", "reached_km", "area_km2", "on")

    @checked()
    def __init__(
        self,
        frame: gpd.GeoDataFrame,
        *,
        source: Mapping[str, str] | None = None,
        name: str | None = None,
        show: bool = True,
    ) -> None:
        self.source = SOURCE if source is None else source
        super().__init__(frame, name=name, show=show)

    def prepare(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Return the areas, each after the larger ones of its origin, coarse enough to draw."""
        found = frame.sort_values("minutes", ascending=False, kind="stable")
        return drawn(found).assign(**self.source)

    def further(self, frame: gpd.GeoDataFrame) -> Mapping[str, object]:
        """Say whether the roads are schematic, and how wide the areas are."""
        buffer_m = frame.attrs.get("buffer_m")
        return {"schematic": bool(frame.attrs.get("schematic")), "buffer_m": buffer_m}


class CatchmentLayer(FrameLayer):
    """The roads to which each gate is nearest, on one date or on two.

    Parameters
    ----------
    before
        As :func:`roxham.geo.catchments` gives them, with areas.
    after
        Of another date; with it the layer can show either, and what changed.
    ports
        As :func:`roxham.layers.load_ports` gives them: names of gates, and the rules of the
        day for each. The bundled ones by default.
    schematic
        Whether the roads are schematic.
    source
        Whose roads it was computed on: ``source_title, source_publisher, source_url,
        confidence``; OpenStreetMap's by default.
    name, show
        As for every layer.

    Examples
    --------
    >>> from roxham.geo import catchments, load_roads
    >>> from roxham.layers import gates, load_ports
    >>> there = gates(load_ports().rows, on="2023-03-24")
    >>> CatchmentLayer(catchments(load_roads(), there)).payload["kind"]
    'catchments'
    """

    kind = "catchments"
    columns = (
        *("gate", "gate_name", "gate_kind", "other_name"),
        *("on", "when", "road_km", "area_km2"),
        *("hue", "flags", "rule", "gate_lon", "gate_lat"),
    )

    @checked()
    def __init__(
        self,
        before: Catchments,
        after: Catchments | None = None,
        *,
        ports: gpd.GeoDataFrame | pd.DataFrame | None = None,
        schematic: bool = False,
        source: Mapping[str, str] | None = None,
        name: str | None = None,
        show: bool = True,
    ) -> None:
        self.schematic, self.source = schematic, SOURCE if source is None else source
        super().__init__(access_frame(before, after, ports=ports), name=name, show=show)

    def prepare(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Return the areas coarse enough to draw, with their source."""
        return drawn(frame).assign(**self.source)

    def further(self, frame: gpd.GeoDataFrame) -> Mapping[str, object]:
        """Say whether the roads are schematic, and of which two dates the areas are."""
        return {"schematic": self.schematic, **dated(dates_of(frame))}


def access_frame(
    before: Catchments,
    after: Catchments | None = None,
    *,
    ports: gpd.GeoDataFrame | pd.DataFrame | None = None,
) -> gpd.GeoDataFrame:
    """Return the areas of one date or two, and what changed, as rows of one frame.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326: ``gate, gate_name, gate_name_fr, gate_kind, flags, rule, rule_fr, on``;
        ``when`` (before, after, change; null for one date); ``other_name, other_name_fr``, of a
        change: the gate that was nearest before; ``road_km, area_km2``; ``hue`` (0 to 3, in turn
        from west to east).

    Raises
    ------
    DataError
        If areas are missing, or both are of one date.
    """
    require_catchments(before=before, after=after)
    found = [before] if after is None else [before, after]
    if any(c.areas is None for c in found):
        raise DataError("catchments: have no areas. Make them with areas=True.")
    if after is not None and not (before.on and after.on and before.on < after.on):
        raise DataError(
            f"catchments: {before.on} and {after.on} are not an earlier and a later day."
        )
    whens = [None] if after is None else ["before", "after"]
    parts = [
        c.areas.assign(on=c.on, when=when)
        for c, when in zip(found, whens, strict=True)
        if c.areas is not None
    ]
    hue = hues(pd.concat(parts), str(parts[0].attrs["metric_crs"]))
    if after is not None:
        change = changed_areas(before, after)
        parts.append(change.assign(gate=change["gate_after"], on=after.on, when="change"))
    frame = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=WGS84)
    if "gate_before" not in frame:
        frame["gate_before"] = None
    return described(frame, load_ports().rows if ports is None else as_ports(ports)).assign(
        hue=frame["gate"].fillna(frame["gate_before"]).map(hue).astype("Int64")
    )


def described(frame: gpd.GeoDataFrame, ports: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return areas with the names of their gates, and the rules of a known day."""
    names = gate_names(ports)
    columns: dict[str, Any] = {}
    for language in names.columns:
        called = names[language].to_dict()
        for prefix, gate in (("gate", "gate"), ("other", "gate_before")):
            cells = frame[gate].map(lambda key, of=called: of.get(key, key), na_action="ignore")
            columns[f"{prefix}_{language}"] = cells
    days = [str(day) for day in frame["on"].dropna().unique()]
    opened = [gates(ports, on=day) for day in days]
    for name in ("gate_kind", "flags", "rule", *rule_columns(active_region())):
        told = {
            (g, on): v for t in opened for g, on, v in zip(t["gate"], t["on"], t[name], strict=True)
        }
        pairs = zip(frame["gate"], frame["on"], strict=True)
        columns[name] = pd.Series([told.get(pair) for pair in pairs], dtype="string")
    lonlat = shapely.get_coordinates(shapely.centroid(ports.geometry.to_numpy()))
    for axis, degrees in zip(("lon", "lat"), lonlat.T.round(5).tolist(), strict=True):
        known = dict(zip(ports["port_id"], degrees, strict=True))
        columns[f"gate_{axis}"] = frame["gate"].map(known).astype("Float64")
    return frame.assign(**columns)


def hues(areas: gpd.GeoDataFrame, metric_crs: str) -> dict[str, int]:
    """Return numbers of gates, of which no two whose areas meet, on either day, have the same.

    They are given from west to east, by networkx's DSATUR; where they do not suffice some repeat.
    """
    whole = areas.set_geometry(areas.geometry.to_crs(metric_crs)).dissolve("gate")
    order = whole.geometry.bounds[["minx", "maxx"]].mean(axis=1).sort_values(kind="stable").index
    shapes = np.asarray(whole.geometry.loc[order].array, dtype=object)
    pairs = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=NEAR_M)
    graph = nx.Graph()
    graph.add_nodes_from(range(len(shapes)))
    graph.add_edges_from((a, b) for a, b in pairs.T.tolist() if a != b)
    found = nx.greedy_color(graph, strategy="DSATUR")
    return {str(gate): found[place] % HUES for place, gate in enumerate(order)}


def same_on_both(frame: pd.DataFrame) -> pd.Series:
    """Return which routes pass the same gate at the same length on both of two dates."""
    keys = [name for name in ("origin", "destination", "route", "gate") if name in frame]
    alike = frame[keys].assign(metres=frame["length_m"].round())
    return alike.duplicated(keep=False)


def drawn(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return areas with as many points as can be seen."""
    return frame.set_geometry(frame.geometry.simplify(DRAWN_DEGREES))


def dates_of(frame: pd.DataFrame) -> tuple[str, str] | None:
    """Return the two dates that rows are of; None if they are of one, or of none.

    Raises
    ------
    DataError
        If they are of more than two.
    """
    dates = sorted(map(str, frame["on"].dropna().unique())) if "on" in frame else []
    if len(dates) > 2:
        raise DataError(f"rows are of {len(dates)} dates. The switch knows two, before and after.")
    return (dates[0], dates[1]) if len(dates) == 2 else None


def when_of(dates: tuple[str, str]) -> dict[str, str]:
    """Return what to call each of two dates."""
    return dict(zip(dates, ("before", "after"), strict=True))


def dated(dates: tuple[str, str] | None) -> dict[str, object]:
    """Return the two dates as the page's switch reads them."""
    return {} if dates is None else {"dates": {w: on for on, w in when_of(dates).items()}}
