"""Which gate is nearest: for each node, each place and each piece of road."""

from __future__ import annotations

from itertools import chain, pairwise
from pathlib import Path
from typing import Any, Literal, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from roxham.geo._types import Bools, Floats, Ints, Objects
from roxham.geo.arguments import checked, require_cells, require_columns
from roxham.geo.border.given import BorderLike, as_border
from roxham.geo.crs import WGS84
from roxham.geo.errors import DataError
from roxham.geo.network.parts import Parts, merge_roads
from roxham.geo.network.roads import Roads
from roxham.geo.region import Region, as_region
from roxham.geo.routing.barrier import Gates, Walled
from roxham.geo.routing.gates import is_open, require_one_side
from roxham.geo.summary import Summary, count, rows_line, shown_html, shown_text
from roxham.geo.tables.edtf import read_day

from .isochrones import Ribbons
from .nearest import Trees, columns_of, grow_trees, of_places
from .one_to_all import Direction, Spread, other_way

__all__ = ["Catchments", "catchments", "require_catchments"]


class Catchments(NamedTuple):
    """What each gate is nearest to.

    Attributes
    ----------
    nodes
        Index ``osmid``, every node of the network: ``gate`` (null where none is
        reached), ``seconds``, ``metres``, ``geometry``.
    places
        The caller's index and the same columns, with ``place``, ``offset_m`` (from the
        place to its road) and ``reason`` where there is no gate; None if none were given.
    areas
        One row for each gate that is nearest to some road: ``gate``, ``road_km`` (each
        road once), ``area_km2``, ``geometry``. Where roads of two catchments lie near
        each other their areas overlap; None if not asked for.
    on
        The date the gates are of, or None.
    weight
        What nearest is by.
    road_km
        Kilometres of road of each gate, as in ``areas``; None if neither was asked for.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph(crs="EPSG:4326")
    >>> graph.add_edges_from([("s", "n"), ("n", "s")], travel_time_s=60.0)
    [0, 0]
    >>> graph.nodes["s"].update(x=0.0, y=44.99, side="US")
    >>> graph.nodes["n"].update(x=0.0, y=45.01, side="CA")
    >>> port = gpd.GeoDataFrame({"gate": ["p"]}, geometry=gpd.points_from_xy([0], [45]), crs=4326)
    >>> found = catchments(Roads.from_networkx(graph), port, areas=False)
    >>> found.nodes["gate"].tolist(), found.nodes["seconds"].tolist()
    (['p', 'p'], [30.0, 30.0])
    """

    nodes: gpd.GeoDataFrame
    places: gpd.GeoDataFrame | None
    areas: gpd.GeoDataFrame | None
    on: str | None
    weight: str
    road_km: dict[str, float] | None = None

    def _summary(self) -> Summary:
        lines = [(name, rows_line(getattr(self, name))) for name in ("nodes", "places", "areas")]
        if isinstance(self.nodes, pd.DataFrame) and "gate" in self.nodes:
            lines.insert(0, ("gates", count(self.nodes["gate"].nunique(), "gate")))
        return f"Catchments on {'no date' if self.on is None else self.on}, by {self.weight}", lines

    def __repr__(self) -> str:
        return shown_text(self._summary())

    def _repr_html_(self) -> str:
        return shown_html(self._summary())


def require_catchments(**given: Catchments | None) -> None:
    """Raise for catchments put together by hand that lack a column, or hold what is no number."""
    for name, one in given.items():
        for part in ("nodes", "places", "areas") if one else ():
            rows = getattr(one, part)
            if rows is not None:
                measured = ("road_km", "area_km2") if part == "areas" else ("seconds", "metres")
                require_columns(rows, f"{name}.{part}", ("gate", *measured))
                require_cells(rows, f"{name}.{part}", texts=["gate"], numbers=measured)


@checked()
def catchments(
    roads: Roads,
    gates: Gates,
    *,
    on: str | None = None,
    places: gpd.GeoDataFrame | None = None,
    weight: str = "travel_time_s",
    direction: Direction = "to",
    areas: bool | Literal["road_km"] = True,
    buffer_m: float = 250.0,
    within_m: float | None = None,
    region: Region | str | Path | None = None,
    border: BorderLike | None = None,
) -> Catchments:
    """Find the nearest gate by road, on each side of the border by its own roads.

    Distances are to the line: a gate stands on it, and of a site crossed on foot the
    walk up to it counts. Between two gates a road is cut at the exact point from which
    both are as near.

    Parameters
    ----------
    roads
        A network that knows its sides, or lies beside no border.
    gates
        The gates that are open, as for :func:`~roxham.geo.access.isochrones.reach`; those that are
        not on this network are passed over. On a network beside no border any points, such
        as hospitals, called by ``gate``, ``port_id``, ``name`` or else their index.
    on
        The day that the gates are of, ``YYYY-MM-DD``, kept for the reader; by default their
        column ``on``.
    places
        Points, EPSG:4326, called by a column ``name``, else by their index; by longitude and
        latitude too where others are called so. One too far from every road has nulls and a
        reason.
    weight
        ``travel_time_s`` or ``length_m``: what nearest is by.
    direction
        ``to``: from a place to the gate. ``from``: from the gate to a place.
    areas
        Whether to make the areas along roads; ``"road_km"``: how long their roads are, and no
        shapes, which are most of the work.
    buffer_m, within_m, region, border
        As for :func:`~roxham.geo.access.isochrones.reach`.

    Returns
    -------
    Catchments
        ``nodes, places, areas``, EPSG:4326; seconds and metres to the gate.

    Raises
    ------
    DataError
        If there is no gate, none is on the network, or an input cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> from roxham.geo import load_roads
    >>> port = {"gate": ["lacolle-champlain"], "lon": [-73.452099], "lat": [45.008785]}
    >>> found = catchments(load_roads(), pd.DataFrame(port), areas=False)
    >>> found.nodes.loc["us9-us11", "gate"]
    'lacolle-champlain'
    """
    region = None if region is None else as_region(region)
    on = None if on is None else read_day(on, "on").isoformat()
    border = None if border is None else as_border(border, region)
    # what is no gate on an open border is a wall there, too
    walled = Walled(roads, gates if is_open(roads) else None)
    if not walled.gateway.divided:
        require_one_side(roads, border or region)
    there = walled.gates_here(gates) if walled.gateway.divided else _as_places(gates)
    if not len(there):
        raise DataError("gates: there is none. Give one or more.")
    starts = walled.starts(there)
    spread = Spread.of(walled, direction=direction, weight=weight)
    trees = grow_trees(spread, starts.places)
    names = np.array([*starts.names, None], dtype=object)
    rows = gpd.GeoDataFrame(
        columns_of(names, *_of_nodes(trees)),
        index=pd.Index(roads.node_id, name="osmid"),
        geometry=roads.points,
        crs=WGS84,
    )
    if on is None and "on" in there and there["on"].notna().all():
        on = str(there["on"].iloc[0])
    found = None if places is None else of_places(trees, places, names, within_m)
    own = _merged_parts(trees, names) if areas else {}
    shapes = None
    if areas and areas != "road_km":
        shapes = _areas(own, Ribbons(walled, walled.usable, buffer_m, region, border))
    km = {gate: _road_km(spread.roads, parts) for gate, parts in own.items()}
    return Catchments(rows, found, shapes, on, weight, km if areas else None)


def _as_places(gates: Gates) -> gpd.GeoDataFrame:
    """Return what is reached on a network that no border divides: points, by their names."""
    if not isinstance(gates, gpd.GeoDataFrame):
        raise DataError("gates: have no geometry. Give a GeoDataFrame of points.")
    label = next((name for name in ("gate", "port_id", "name") if name in gates), None)
    names = gates.index if label is None else gates[label]
    return gpd.GeoDataFrame(
        {"name": [str(n) for n in names]}, geometry=gates.geometry.to_numpy(), crs=gates.crs
    )


def _of_nodes(trees: Trees) -> tuple[Ints, Floats, Floats]:
    """Return gate, seconds and metres for each node of the plain network: its nearer copy."""
    walled = trees.spread.walled
    order = np.lexsort((trees.cost, walled.node))
    node, first = np.unique(walled.node[order], return_index=True)
    best = order[first]
    assert len(node) == walled.plain.node_count
    return trees.gate[best], trees.seconds[best], trees.metres[best]


def _merged_parts(trees: Trees, names: Objects) -> dict[str, Parts]:
    """Return the pieces of road of each gate, each road once."""
    gate, parts = _parts(trees)
    roads = trees.spread.roads
    return {
        names[number]: merge_roads(roads, parts.take(gate == number))
        for number in np.unique(gate).tolist()
    }


def _road_km(roads: Roads, parts: Parts) -> float:
    metres = roads.length_m[parts.edge] * (parts.stop - parts.start)
    return float(metres.sum()) / 1000


def _areas(parts: dict[str, Parts], ribbons: Ribbons) -> gpd.GeoDataFrame:
    roads = ribbons.walled.roads
    records = []
    for gate, own in parts.items():
        area = ribbons.along(own)
        records.append(
            {
                "gate": gate,
                "road_km": _road_km(roads, own),
                "area_km2": area.area / 1e6,
                "geometry": area,
            }
        )
    return ribbons.frame(records, schematic=roads.schematic)


class _Spans(NamedTuple):
    """Pieces of edges between places whose gate is known: the ends of an edge, gates along it.

    ``begun`` and ``done`` are shares of the weight in the direction of travel; ``before`` and
    ``after`` the rows of the gates nearest to either, -1 for none, ``here`` and ``there`` at
    which cost.
    """

    edge: Ints
    begun: Floats
    done: Floats
    before: Ints
    after: Ints
    here: Floats
    there: Floats

    def take(self, rows: Bools) -> _Spans:
        """Return some of the spans."""
        columns: Any = (column[rows] for column in self)
        return _Spans(*columns)


def _spans(trees: Trees, edges: Ints) -> _Spans:
    spread = trees.spread
    tail, head = spread.tail[edges], spread.head[edges]
    none, all_ = np.zeros(len(edges)), np.ones(len(edges))
    usable = spread.walled.usable[edges]  # else it is wall, and only led to from a gate on it
    gates = (np.where(usable, trees.gate[end], -1) for end in (tail, head))
    costs = trees.cost[tail], trees.cost[head]
    ends = (edges, none, all_, *gates, *costs)
    parted = np.isin(edges, list(trees.on))
    cut: list[tuple[float, ...]] = []
    for edge, begun, done, before, after, here, there in zip(
        *(column[parted].tolist() for column in ends), strict=True
    ):
        at, numbers = (np.array(column) for column in zip(*trees.on[edge], strict=True))
        passed = 1 - spread.ahead(np.full(len(at), edge), at, spread.along)
        inner = sorted(zip(passed.tolist(), numbers.tolist(), [0.0] * len(at), strict=True))
        marks = [(begun, before, here), *inner, (done, after, there)]
        cut += [(edge, *chain.from_iterable(zip(*pair, strict=True))) for pair in pairwise(marks)]
    columns = np.array(cut).reshape(-1, len(ends)).T
    return _Spans(
        *(
            np.concatenate([whole[~parted], more.astype(whole.dtype)])
            for whole, more in zip(ends, columns, strict=True)
        )
    )


def _parts(trees: Trees) -> tuple[Ints, Parts]:
    """Return the gate of each piece of edge; two ways on one road part where both cost the same.

    A place on a span is reached at the cost of the end where travel enters it and of the way
    from there, or from the other end along the other direction.
    """
    spread = trees.spread
    entered = spread.walled.usable.copy()
    entered[list(trees.on)] = True
    edges = np.flatnonzero(entered & np.isfinite(spread.cost))
    back = np.full(spread.roads.edge_count, np.inf)
    back[edges] = other_way(spread, edges)
    spans = _spans(trees, edges)
    spans = spans.take(spans.before >= 0)
    home = np.isfinite(back[spans.edge]) & (spans.after >= 0) & (spans.after != spans.before)
    done = spans.done.copy()
    done[home] = _watersheds(trees, spans.take(home), back)
    some = done > spans.begun
    edge, begun, done = spans.edge[some], spans.begun[some], done[some]
    ends = _fractions(spread, edge, begun), _fractions(spread, edge, done)
    return spans.before[some], Parts(edge, *(ends if spread.direction == "from" else ends[::-1]))


def _fractions(spread: Spread, edge: Ints, passed: Floats) -> Floats:
    """Return at which fractions of their length edges are, of whose weight these are passed."""
    return spread.along.place(edge, passed if spread.direction == "from" else 1 - passed)


def _watersheds(trees: Trees, spans: _Spans, back: Floats) -> Floats:
    """Return which shares of their edges are passed where both ends of spans are as near."""
    spread, along = trees.spread, trees.spread.along
    edge, twin = spans.edge, spread.walled.gateway.twins(spans.edge)
    there, home = spread.cost[edge], back[edge]

    def beyond(passed: Floats) -> Floats:
        """Return which share of the other direction is passed at the same places."""
        return 1 - spread.ahead(twin, 1 - _fractions(spread, edge, passed), along)

    size, start = spans.done - spans.begun, beyond(spans.done)
    ahead, behind = size * there, (beyond(spans.begun) - start) * home
    some = ahead + behind > 0  # else all of it is nearest to where travel enters it
    share = np.ones(len(size))
    share[some] = (spans.there + behind - spans.here)[some] / (ahead + behind)[some]
    done = np.where(share < 1, spans.begun + np.maximum(share, 0) * size, spans.done)
    if along.even:
        return done
    # as near: here + (passed - begun) * there == spans.there + (beyond - start) * home
    apart = spans.there - spans.here + spans.begun * there - start * home
    for row in np.flatnonzero((share > 0) & (share < 1)).tolist():
        own, other = (np.array([edges[row]]) for edges in (edge, twin))
        at = np.union1d(along.changes(int(own[0])), 1 - along.changes(int(other[0])))
        passed = 1 - spread.ahead(own, at, along)
        gap = passed * there[row] - (1 - spread.ahead(other, 1 - at, along)) * home[row]
        order = np.argsort(passed)
        done[row] = np.interp(apart[row], gap[order], passed[order])
    return done
