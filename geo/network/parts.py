"""Parts of edges: each road once, cut at exact fractions, as lines, and what is said of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from roxham.geo._types import Bools, Floats, Ints, Objects
from roxham.geo.columns import Coded, Ragged, concat, decode, ends, runs, take
from roxham.geo.geometry.distance import great_circle_m

from .graph import parallel_keys, street_keys
from .roads import Roads, over_antimeridian, reversed_lines

__all__ = [
    "NAMED",
    "PARTED",
    "ROAD_PARTS",
    "Parts",
    "Stretch",
    "both_ways",
    "line_pieces",
    "merge_roads",
    "merged_ways",
    "one_stretch",
    "parts_between",
    "piece",
    "read_stretches",
    "road_numbers",
    "stretch_metres",
    "stretches_text",
    "turned_stretches",
    "twins",
    "unbroken",
]

ROAD_PARTS = "road_parts"
"""Edge column of what is said of each part of a merged edge: null where one holds all along."""
NAMED = ("ref", "name")
"""The columns that call a road something."""
PARTED = (*NAMED, "highway", "barrier", "access")
"""The columns of which ``road_parts`` says where each value holds."""


TOUCHING = 1e-9
"""Parts of a road nearer than this share of its length are one part."""

GRID = 1e7
"""Points that are the same on this grid, OSM's own, about a centimetre, are one."""

HASH = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)
"""Odd numbers that mix coordinates."""


class Parts(NamedTuple):
    """Parts of edges: from ``start`` to ``stop``, fractions of the length from ``u``."""

    edge: Ints
    start: Floats
    stop: Floats

    def take(self, rows: Bools) -> Parts:
        """Return some of the parts."""
        return Parts(self.edge[rows], self.start[rows], self.stop[rows])


class Stretch(NamedTuple):
    """What holds from some metre of an edge on, counted from ``u``, to the next stretch.

    Class and closures count where there is a class: networks of before have names alone.
    ``kmh`` is the speed that is posted there, along the edge; or ``assumed``, where what is not
    posted has several. Null is the one speed of all the rest of the edge.
    """

    from_m: float
    ref: str | None
    name: str | None
    highway: str | None = None
    barrier: str | None = None
    access: str | None = None
    kmh: float | None = None
    assumed: bool = False


ENCODED = json.JSONEncoder(ensure_ascii=False).encode


def stretches_text(parts: Iterable[Stretch]) -> str | None:
    """Return the stretches of a merged edge as a cell of ``road_parts``.

    Null where one stretch holds all along; but one that says what closes it stands, so that
    this is known to be of the whole edge.

    Examples
    --------
    >>> stretches_text([Stretch(0, "N1", None), Stretch(9, "N1", None), Stretch(12, None, "Quay")])
    '[[0, "N1", null], [12, null, "Quay"]]'
    """
    runs: list[Stretch] = []
    for part in parts:
        if not runs or runs[-1][1:] != part[1:]:
            runs.append(part)
    closed = any(part.highway is not None and (part.barrier or part.access) for part in runs)
    if len(runs) < 2 and not closed:
        return None
    return ENCODED([_cell(part) for part in runs])


def _cell(part: Stretch) -> tuple[Any, ...]:
    """Return a stretch without what is not known of it at its end."""
    if part.kmh is not None:
        return part if part.assumed else part[:-1]
    return part[: 1 + len(PARTED)] if part.highway is not None else part[: 1 + len(NAMED)]


def read_stretches(cell: Any) -> list[Stretch]:
    """Return what a cell of ``road_parts`` says; nothing where it is null or says no such thing.

    Examples
    --------
    >>> read_stretches('[[0, "N1", null], [1300, null, "Quay", "track", null, "no"]]')[1].access
    'no'
    """
    try:
        # OSMnx and other readers make lists of texts in brackets, where they can
        rows = cell if isinstance(cell, list) else json.loads(cell)
        found = [Stretch(float(m), *said) for m, *said in rows]
    except (TypeError, ValueError):  # null, or a column of another's that is called so
        return []
    in_order = all(a.from_m <= b.from_m for a, b in pairwise(found))
    return found if in_order and all(map(_is_plain, found)) else []


def stretch_metres(parts: Sequence[Stretch], length_m: float) -> list[float]:
    """Return how long each stretch of an edge is; the first begins where the edge does.

    Examples
    --------
    >>> stretch_metres([Stretch(0, "N1", None), Stretch(900, None, "Quay")], 1000)
    [900.0, 100]
    """
    starts = [0.0, *(min(part.from_m, length_m) for part in parts[1:])][: len(parts)]
    return [after - before for before, after in pairwise([*starts, length_m])]


def _is_plain(part: Stretch) -> bool:
    """Whether a stretch has words where words stand, and a speed where one does."""
    _, *words, kmh, assumed = part
    for word in words:
        if word is not None and not isinstance(word, str):
            return False
    speed = kmh is None or (type(kmh) in (int, float) and 0 < kmh < np.inf)
    return speed and isinstance(assumed, bool)


def one_stretch(said: Mapping[str, Sequence[Any]], *, merged: bool) -> list[Stretch]:
    """Return what is said of an edge without ``road_parts`` as one; none of several names.

    Parameters
    ----------
    said
        The values of each column of ``PARTED``.
    merged
        Whether it was merged of several ways: then its closures may be of one of them alone,
        and are left out, with its class.

    Examples
    --------
    >>> one_stretch({"name": ["Quay"], "highway": ["track"], "access": ["no"]}, merged=True)[0][2:6]
    ('Quay', None, None, None)
    """
    if any(len(said.get(name, ())) > 1 for name in NAMED):
        return []
    values = [str(said[name][0]) if said.get(name) else None for name in PARTED]
    known = len(said.get("highway", ())) == 1 and not (merged and any(values[3:]))
    ref, name, highway, barrier, access = values
    return [Stretch(0.0, ref, name, *((highway, barrier, access) if known else ()))]


def merged_ways(roads: Roads) -> Bools:
    """Return which edges were merged of several ways of OSM, as far as their ids tell."""
    ids = roads.edge_columns.get("osmid")
    if isinstance(ids, Ragged):
        return np.asarray(np.diff(ids.offsets) > 1)
    if isinstance(ids, Coded):
        return ids.where(lambda value: isinstance(value, list) and len(value) > 1)
    return np.zeros(roads.edge_count, dtype=bool)


def parts_between(parts: Sequence[Stretch], start_m: float, stop_m: float) -> list[Stretch]:
    """Return the stretches of a piece of an edge, their metres counted from where it begins."""
    ends_m = [*(part.from_m for part in parts[1:]), np.inf][: len(parts)]
    return [
        part._replace(from_m=round(max(part.from_m - start_m, 0), 2))
        for part, end_m in zip(parts, ends_m, strict=True)
        if min(end_m, stop_m) - max(part.from_m, start_m) > NO_PART_M
    ]


NO_PART_M = 0.5
"""A part so short was met in passing: a place is snapped to the node where it begins."""


def turned_stretches(cells: Iterable[Any], lengths: Iterable[float]) -> list[str | None]:
    """Return cells of ``road_parts`` as they are from the other end of their edges.

    Examples
    --------
    >>> turned_stretches(['[[0, "N1", null], [300, null, "Quay"]]'], [1000.0])
    ['[[0.0, null, "Quay"], [700.0, "N1", null]]']
    """
    told: list[str | None] = []
    for cell, length in zip(cells, lengths, strict=True):
        parts = read_stretches(cell)
        until = [part.from_m for part in parts[1:]] + [length]
        pairs = list(zip(parts, until, strict=False))[::-1]
        told.append(
            stretches_text(p._replace(from_m=round(max(length - end, 0), 2)) for p, end in pairs)
        )
    return told


def merge_roads(roads: Roads, parts: Parts) -> Parts:
    """Return the parts of roads, each road once: its two directions have one line.

    Of the edges of a road the one with the lowest position stands for it. Parts that
    overlap or touch become one; they come in the order of edges.
    """
    if not len(parts.edge):
        return parts
    edges, place = np.unique(parts.edge, return_inverse=True)
    road, turned = road_numbers(roads, edges)
    _, first = np.unique(road, return_index=True)
    turned = (turned != turned[first][road])[place]
    start = np.where(turned, 1 - parts.stop, parts.start)
    stop = np.where(turned, 1 - parts.start, parts.stop)
    edge = edges[first][road][place]
    order = np.lexsort((start, edge))
    edge, start, stop = edge[order], start[order], stop[order]
    # roads stand end to end on one axis, with gaps between: one running maximum serves all
    base = np.cumsum(np.concatenate([[0.0], np.diff(edge) != 0])) * 2
    furthest = np.maximum.accumulate(base + stop)
    opens = np.ones(len(edge), dtype=bool)
    opens[1:] = base[1:] + start[1:] > furthest[:-1] + TOUCHING
    rows = np.flatnonzero(opens)
    return Parts(edge[rows], start[rows], np.maximum.reduceat(stop, rows))


def road_numbers(roads: Roads, edges: Ints) -> tuple[Ints, Bools]:
    """Return a number for the road of each edge, and whether the edge runs against it.

    Edges are one road if they join the same nodes with the same length and the same
    points, from one end or from the other: of the hashes of both ways the lower one counts.
    """
    size = np.diff(roads.offsets)[edges]
    points = np.round(roads.coords[runs(roads.offsets[:-1][edges], size)] * GRID).astype(np.int64)
    mixed = (points.view(np.uint64) * np.array(HASH, dtype=np.uint64)).sum(axis=1)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(HASH[0])
    powers = np.full(int(size.max(initial=1)), HASH[1] | 1, dtype=np.uint64)
    powers[0] = 1
    powers = np.multiply.accumulate(powers)
    place = runs(np.zeros_like(size), size)
    from_end = np.repeat(size, size) - 1 - place
    there, back = (np.add.reduceat(mixed * powers[at], ends(size)[:-1]) for at in (place, from_end))
    whole = np.minimum(there, back)
    low, high, metres = street_keys(roads.u[edges], roads.v[edges], roads.length_m[edges])
    keys = (whole, metres, high, low)
    order = np.lexsort(keys)
    new = np.zeros(len(edges), dtype=np.int64)
    for key in keys:
        sorted_key = key[order]
        new[1:] |= sorted_key[1:] != sorted_key[:-1]
    number = np.empty(len(edges), dtype=np.int64)
    number[order] = np.cumsum(new)
    return number, _headings(roads, edges) < 0


def twins(roads: Roads, edges: Ints, leaving: Ragged) -> Ints:
    """Return the edge that is the same road in the other direction, -1 where there is none.

    Parameters
    ----------
    roads
        The network.
    edges
        Positions of the edges asked for.
    leaving
        The edges that leave each node of the network, lowest first.
    """
    back = leaving.take(roads.v[edges])
    asked = np.repeat(np.arange(len(edges)), np.diff(back.offsets))
    home = roads.v[back.values] == roads.u[edges[asked]]
    other, asked = back.values[home], asked[home]
    known, place = np.unique(np.concatenate([edges, other]), return_inverse=True)
    road = road_numbers(roads, known)[0][place]
    heading = _headings(roads, known)[place]
    mine, theirs = asked, np.arange(len(edges), len(place))
    same = (road[mine] == road[theirs]) & (heading[mine] == -heading[theirs])
    same &= other != edges[asked]
    found = np.full(len(edges), -1)
    found[asked[same][::-1]] = other[same][::-1]  # of several the first
    return found


def _headings(roads: Roads, edges: Ints) -> NDArray[np.int8]:
    """Return 1 for edges from the lower node to the higher, -1 for those back.

    Loops are told by their points; one that goes out and home by the same points has 0.
    """
    step = roads.v[edges].astype(np.int64) - roads.u[edges]
    heading: NDArray[np.int8] = np.sign(step).astype(np.int8)
    for place in np.flatnonzero(heading == 0).tolist():
        edge = edges[place]
        line = roads.coords[roads.offsets[edge] : roads.offsets[edge + 1]].tolist()
        heading[place] = (line < line[::-1]) - (line > line[::-1])
    return heading


def line_pieces(roads: Roads, parts: Parts) -> Objects:
    """Return the shapely line of each part of an edge, degrees, from ``u`` towards ``v``.

    One that goes over 180° goes on beyond it.
    """
    size = np.diff(roads.offsets)[parts.edge]
    coords = roads.coords[runs(roads.offsets[:-1][parts.edge], size)]
    lines = shapely.from_ragged_array(shapely.GeometryType.LINESTRING, coords, (ends(size),))
    over = over_antimeridian(roads)[parts.edge]
    for row in np.flatnonzero((parts.start > 0) | (parts.stop < 1) | over).tolist():
        edge = int(parts.edge[row])
        lines[row] = shapely.LineString(
            piece(roads, edge, float(parts.start[row]), float(parts.stop[row]))
        )
    return np.asarray(lines, dtype=object)


def piece(roads: Roads, edge: int, start: float, stop: float) -> Floats:
    """Return the points of a part of an edge; fractions are of the length along its line.

    Over 180° longitudes go on beyond it.
    """
    line = unbroken(roads.coords[roads.offsets[edge] : roads.offsets[edge + 1]])
    walked = np.concatenate([[0.0], np.cumsum(great_circle_m(*line[:-1].T, *line[1:].T))])
    if walked[-1] == 0:
        return line
    share = walked / walked[-1]
    at = np.array([start, stop])
    rims = np.column_stack([np.interp(at, share, line[:, 0]), np.interp(at, share, line[:, 1])])
    inner = line[(share > start) & (share < stop)]
    return np.concatenate([rims[:1], inner, rims[1:]])


def unbroken(line: Floats) -> Floats:
    """Return the points of a line with longitudes that go on beyond 180° where it goes over.

    Examples
    --------
    >>> unbroken(np.array([[179.5, 0.0], [-179.5, 0.0]])).tolist()
    [[179.5, 0.0], [180.5, 0.0]]
    """
    if not (np.abs(np.diff(line[:, 0])) > 180).any():
        return line
    return np.column_stack([np.unwrap(line[:, 0], period=360), line[:, 1]])


def both_ways(roads: Roads) -> Roads:
    """Return the network with the other direction of every road that has one only.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph([(1, 2), (2, 3), (3, 2)], crs="EPSG:4326")
    >>> for node in graph:
    ...     graph.nodes[node].update(x=node / 100, y=45.0)
    >>> roads = both_ways(Roads.from_networkx(graph))
    >>> sorted(zip(roads.node_id[roads.u].tolist(), roads.node_id[roads.v].tolist()))
    [(1, 2), (2, 1), (2, 3), (3, 2)]
    """
    number, turned = road_numbers(roads, np.arange(roads.edge_count))
    alone = np.flatnonzero(~np.isin(2 * number + ~turned, 2 * number + turned))
    if not len(alone):
        return roads
    line = Ragged(roads.offsets, np.arange(len(roads.coords))).take(alone)
    coords = reversed_lines(roads.coords[line.values], line.offsets)
    u, v = (np.concatenate(pair) for pair in ((roads.u, roads.v[alone]), (roads.v, roads.u[alone])))
    key = parallel_keys(roads.v[alone], roads.u[alone]) + roads.key.max() + 1
    sizes = np.concatenate([np.diff(roads.offsets), np.diff(line.offsets)])
    columns = {n: concat(c, take(c, alone)) for n, c in roads.edge_columns.items()}
    if (told := roads.edge_columns.get(ROAD_PARTS)) is not None:
        cells = decode(take(told, alone)).tolist()
        home = Coded.of(turned_stretches(cells, roads.length_m[alone].tolist()))
        columns[ROAD_PARTS] = concat(told, home)
    if "reversed" in columns:
        columns["reversed"] = np.concatenate(
            [decode(roads.edge_columns["reversed"]), ~roads.edge("reversed")[alone].astype(bool)]
        )
    return replace(
        roads,
        u=u,
        v=v,
        key=np.concatenate([roads.key, key]).astype(np.int32),
        length_m=np.concatenate([roads.length_m, roads.length_m[alone]]),
        offsets=ends(sizes),
        coords=np.concatenate([roads.coords, coords]),
        edge_columns=columns,
    )
