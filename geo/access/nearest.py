"""What is nearest by road: trees grown from several starts at once, and what a place finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from roxham.geo._types import Floats, Ints, Objects
from roxham.geo.arguments import checked
from roxham.geo.crs import WGS84, lon_lat, require_wgs84, suggest_metric_crs
from roxham.geo.errors import DataError, Fault
from roxham.geo.network.graph import dijkstra
from roxham.geo.network.roads import Roads
from roxham.geo.network.speeds import Along
from roxham.geo.region import Region, as_region
from roxham.geo.routing.barrier import Start, Walled
from roxham.geo.routing.locations import told_apart

from .one_to_all import Spread

__all__ = ["Trees", "columns_of", "grow_trees", "nearest_places", "of_places"]


@dataclass(frozen=True)
class Trees:
    """The nearest start of each node of a walled network, and the way there."""

    spread: Spread
    starts: list[Start]
    gate: Ints
    """Row of the gate, -1 for none."""
    cost: Floats
    seconds: Floats
    metres: Floats

    @cached_property
    def weights(self) -> dict[str, Floats]:
        """Time and length of each edge."""
        return {name: self.spread.walled.weights(name) for name in ("travel_time_s", "length_m")}

    @cached_property
    def on(self) -> dict[int, list[tuple[float, int]]]:
        """The starts along each edge that has some: at which fraction of it, and which."""
        found: dict[int, list[tuple[float, int]]] = {}
        for number, start in enumerate(self.starts):
            for edge, at in zip(start.edges.tolist(), start.fractions.tolist(), strict=True):
                found.setdefault(edge, []).append((at, number))
        return {edge: sorted(starts) for edge, starts in found.items()}


def grow_trees(spread: Spread, starts: list[Start]) -> Trees:
    """Return the nearest start of every node, with time and length of the way there."""
    n = spread.roads.node_count
    cost, before, source = dijkstra(
        spread.grown(starts),
        indices=np.arange(n, n + len(starts)),
        min_only=True,
        return_predecessors=True,
    )
    cost, up = cost[:n], before[:n].astype(np.int64)
    gate = np.where(np.isfinite(cost), source[:n].astype(np.int64) - n, -1)
    seconds, metres = (_along(spread, starts, up, name) for name in ("travel_time_s", "length_m"))
    none = gate < 0
    return Trees(
        spread, starts, gate, cost, np.where(none, np.inf, seconds), np.where(none, np.inf, metres)
    )


def _along(spread: Spread, starts: list[Start], before: Ints, weight: str) -> Floats:
    """Return what another weight adds up to along the way to each node."""
    n = spread.roads.node_count
    weights = spread.walled.weights(weight)
    own = np.zeros(n + 1)  # the last place is where all ways end
    up = np.full(n + 1, n)
    inner = np.flatnonzero((before >= 0) & (before < n))
    own[inner] = weights[spread.net.behind(before[inner], inner)]
    up[inner] = before[inner]
    for number, start in enumerate(starts):
        ways = spread.ways(start)
        first = before[ways.node] == n + number
        node, edge = ways.node[first], ways.edge[first]
        ahead = spread.ahead(edge, ways.at[first], spread.walled.gateway.along(weight))
        driven = np.where(edge >= 0, weights[edge], 0) * ahead
        own[node] = driven + ways.walk_m[first] * spread.walled.on_foot(weight)
    while (up < n).any():
        own = own + own[up]
        up = up[up]
    return own[:n]


def columns_of(names: Objects, gate: Ints, seconds: Floats, metres: Floats) -> dict[str, Any]:
    """Return names, seconds and metres as columns, null where there is none."""

    def known(values: Floats) -> pd.arrays.FloatingArray:
        return pd.array(np.where(np.isfinite(values), values, np.nan), dtype="Float64")

    return {
        "gate": pd.array(names[gate], dtype="string"),
        "seconds": known(seconds),
        "metres": known(metres),
    }


def of_places(
    trees: Trees,
    places: gpd.GeoDataFrame,
    names: Objects,
    within_m: float | None,
    *,
    what: str = "gates",
) -> gpd.GeoDataFrame:
    """Return what each place finds nearest, on its own index, nulls and a reason for none."""
    lon_lat(places, "places")
    walled = trees.spread.walled
    starts, offsets = walled.starts_each(places, within_m=within_m)
    found = [(-1, np.inf, np.inf) if isinstance(s, str) else _nearest(trees, s) for s in starts]
    none = f"no way by road to any of the {what}"
    reasons = [
        start if isinstance(start, str) else none if gate < 0 else None
        for start, (gate, _, _) in zip(starts, found, strict=True)
    ]
    gate, seconds, metres = (np.array(c) for c in zip(*found, strict=True)) if found else [[]] * 3
    labels = places["name"].tolist() if "name" in places else places.index.tolist()
    columns = {
        "place": pd.array(told_apart(labels, places.geometry), dtype="string"),
        **columns_of(
            names, np.asarray(gate, dtype=np.int64), np.asarray(seconds), np.asarray(metres)
        ),
        "offset_m": pd.array(offsets, dtype="Float64"),
        "reason": pd.array(reasons, dtype="string"),
    }
    frame = pd.DataFrame(columns, index=places.index)
    return gpd.GeoDataFrame(frame, geometry=places.geometry, crs=WGS84)


def _nearest(trees: Trees, place: Start) -> tuple[int, float, float]:
    """Return gate, seconds and metres of a place, which stands at nodes or on edges."""
    spread = trees.spread
    node = np.concatenate([place.nodes, spread.tail[place.edges]]).astype(np.int64)

    def total(weights: Floats, at_node: Floats, along: Along) -> Floats:
        passed = 1 - spread.ahead(place.edges, place.fractions, along)
        driven = np.concatenate([np.zeros(len(place.nodes)), weights[place.edges] * passed])
        return np.asarray(at_node[node] + driven)

    along = spread.walled.gateway.along
    cost = total(spread.cost, trees.cost, spread.along)
    seconds = total(trees.weights["travel_time_s"], trees.seconds, along("travel_time_s"))
    metres = total(trees.weights["length_m"], trees.metres, along("length_m"))
    ways = [
        *zip(cost, trees.gate[node], seconds, metres, strict=True),
        *_on_its_edges(trees, place),
    ]
    best, gate, *told = min(ways, key=itemgetter(0))
    if not np.isfinite(best):
        return -1, np.inf, np.inf
    return int(gate), float(told[0]), float(told[1])


def _on_its_edges(trees: Trees, place: Start) -> Iterator[tuple[float, int, float, float]]:
    """Yield cost, number, seconds and metres of the starts on the same edges as a place."""
    spread, along = trees.spread, trees.spread.walled.gateway.along
    weights = trees.weights
    for edge, at in zip(place.edges.tolist(), place.fractions.tolist(), strict=True):
        for there, number in trees.on.get(edge, ()):
            start, stop = (at, there) if spread.direction == "to" else (there, at)
            if start > stop:
                continue
            span = np.array([edge]), np.array([start]), np.array([stop])
            parts = (spread.along, along("travel_time_s"), along("length_m"))
            shares = (float(spread_as.part(*span)[0]) for spread_as in parts)
            each = (spread.cost, weights["travel_time_s"], weights["length_m"])
            cost, seconds, metres = (s * float(w[edge]) for s, w in zip(shares, each, strict=True))
            yield cost, number, seconds, metres


@checked()
def nearest_places(
    roads: Roads,
    targets: gpd.GeoDataFrame,
    *,
    places: gpd.GeoDataFrame,
    weight: str = "travel_time_s",
    within_m: float | None = None,
    region: Region | str | Path | None = None,
) -> gpd.GeoDataFrame:
    """Find the nearest target of each place by road, without crossing the border.

    Parameters
    ----------
    roads
        A network that knows its sides.
    targets
        Points, EPSG:4326, called by ``place_id``, else by ``name``, else by their index:
        hospitals, for one.
    places
        Points, EPSG:4326, as for :func:`~roxham.geo.access.catchment_areas.catchments`.
    weight
        ``travel_time_s`` or ``length_m``: what nearest is by.
    within_m
        How far targets and places may lie from a road.
    region
        In whose CRS straight distances are measured; by default in one made for the places.

    Returns
    -------
    geopandas.GeoDataFrame
        The index of ``places``: ``place``, ``target``, ``seconds``, ``metres``, ``offset_m``
        (from the place to its road) and ``reason``, where there is none. Where a target that
        is not on this network is nearer in a straight line than what was found by road, that
        cannot be decided: there is a reason then, too, and no target.

    Raises
    ------
    DataError
        If there is no target, none is on the network, or an input cannot be used.

    Examples
    --------
    >>> from roxham.geo import load_hospitals, load_places, load_roads
    >>> towns = load_places().query("place_id == 'us-ny-plattsburgh'")
    >>> nearest_places(load_roads(), load_hospitals(), places=towns)["target"].tolist()
    ['us-ny-330250']
    """
    region = None if region is None else as_region(region)
    require_wgs84(targets, "targets")
    walled = Walled(roads)
    column = next((name for name in ("place_id", "name") if name in targets), None)
    called = (targets.index if column is None else targets[column]).astype(str).tolist()
    each, _ = walled.starts_each(
        targets.drop(columns="port_id", errors="ignore"), within_m=within_m
    )
    beyond = [row for row, start in enumerate(each) if isinstance(start, str)]
    names = [name for name, start in zip(called, each, strict=True) if not isinstance(start, str)]
    starts = [start for start in each if not isinstance(start, str)]
    if not names:
        raise DataError(Fault("targets", "none is on this network.", "Give one that is near it."))
    trees = grow_trees(Spread.of(walled, direction="to", weight=weight), starts)
    found = of_places(
        trees, places, np.array([*names, None], dtype=object), within_m, what="targets"
    ).rename(columns={"gate": "target"})
    straight = _straight(targets.iloc[beyond], places, region)
    nearer = (straight < found["metres"]).fillna(False).to_numpy(dtype=bool)
    found.loc[nearer, ["target", "seconds", "metres"]] = pd.NA
    found.loc[nearer, "reason"] = "a target off this network may be nearer"
    return found


def _straight(
    targets: gpd.GeoDataFrame, places: gpd.GeoDataFrame, region: Region | None
) -> pd.Series[float]:
    """Return how far each place is from the nearest of targets, in its country if that is told."""
    west, south, east, north = places.total_bounds
    here_about = (float(west), float(south), float(east), float(north))
    crs = suggest_metric_crs(here_about) if region is None else region.require_metric()
    there, here = (frame.to_crs(crs) for frame in (targets, places))
    told = "country" in targets and "country" in places
    away = pd.Series(np.inf, index=places.index, dtype=float)
    for number, shape in enumerate(there.geometry):
        own = here["country"] == there["country"].iloc[number] if told else here.index == here.index
        away[own] = np.minimum(away[own], here.geometry.distance(shape)[own])
    return away
