"""Roads that once went on: two dead ends, one on each side of a border, face to face.

Found from geometry alone. Which of the pairs may be told is decided in
:mod:`roxham.geo.crossings.find`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from roxham.geo._types import Bools, Floats, Ints
from roxham.geo.columns import ends, runs
from roxham.geo.geometry.intersections import CROSS, find_meetings
from roxham.geo.geometry.proximity import pairs_within
from roxham.geo.network.roads import Roads

__all__ = ["DeadEnds", "dead_end_pairs", "dead_ends"]

Complexes = NDArray[np.complex128]

FACING_DEGREES = 60.0
"""A dead end faces another if it lies within this angle of the road's last direction."""

HEADING_M = 25.0
"""The last direction of a road is taken over so many metres: its last bend is not it."""

METRES_A_DEGREE = 111_200.0
"""Near enough for a direction over 25 m."""


@dataclass(frozen=True, eq=False, repr=False)
class DeadEnds:
    """Pairs of facing dead ends, one row each, in order of their gap. Private.

    Attributes
    ----------
    a, b
        Positions of the nodes, ``a`` to the left of the border.
    gap_m
        From one to the other, metres.
    x, y
        Where the straight line between them crosses the border, degrees.
    """

    a: Ints
    b: Ints
    gap_m: Floats
    x: Floats
    y: Floats

    def __len__(self) -> int:
        return len(self.a)

    def __repr__(self) -> str:
        return f"<DeadEnds: {len(self)} pairs>"  # how many, never where

    def __reduce__(self) -> Any:
        raise TypeError("undocumented dead ends are never saved")


def dead_ends(roads: Roads) -> Ints:
    """Return the positions of nodes where one road ends and none goes on.

    Examples
    --------
    >>> import geopandas as gpd, networkx as nx
    >>> graph = nx.MultiDiGraph([("a", "b"), ("b", "a"), ("b", "c"), ("c", "b")], crs="EPSG:4326")
    >>> for place, name in enumerate("abc"):
    ...     graph.nodes[name].update(x=place / 100, y=45.0)
    >>> roads = Roads.from_networkx(graph)
    >>> roads.node_id[dead_ends(roads)].tolist()
    ['a', 'c']
    """
    out = np.bincount(roads.u, minlength=roads.node_count)
    into = np.bincount(roads.v, minlength=roads.node_count)
    few = (np.maximum(out, into) == 1) & np.ones(roads.node_count, dtype=bool)
    # one edge out and one in: it ends if both go to the same neighbour, and not to itself
    last = np.full(roads.node_count, -1)
    first = np.full(roads.node_count, -1)
    last[roads.u] = roads.v
    first[roads.v] = roads.u
    same = (out == 0) | (into == 0) | (first == last)
    return np.flatnonzero(few & same & (last != np.arange(roads.node_count)))


def dead_end_pairs(
    roads: Roads, border: Floats, border_offsets: Ints, *, max_gap_m: float = 150.0
) -> DeadEnds:
    """Find pairs of dead ends that face each other over a border.

    Both roads point at each other within 60°, the straight line between their ends
    crosses the border, and it is short. Ends may lie on the border, or meet there. Each
    dead end is in one pair at most; the smallest gap goes first. No pair lies across the
    antimeridian, where networks are parted.

    Parameters
    ----------
    roads
        The network.
    border, border_offsets
        Lines, degrees: part i is ``border[border_offsets[i]:border_offsets[i + 1]]``.
    max_gap_m
        Widest gap, metres.
    """
    nodes = dead_ends(roads)
    i, j, gap = pairs_within(roads.x[nodes], roads.y[nodes], max_gap_m)
    close, both = np.unique(np.concatenate([i, j]), return_inverse=True)
    nodes, (i, j) = nodes[close], both.reshape(2, -1)
    coords, offsets = _lines_from(roads, nodes)
    first, way = coords[offsets[:-1]], _last_ways(coords, offsets)
    facing = _faces(first, way, i, j) & _faces(first, way, j, i)
    # the straight line from one side of the antimeridian to the other goes round the Earth
    facing &= np.abs(first[i, 0] - first[j, 0]) <= 180
    i, j, gap = i[facing], j[facing], gap[facing]
    before = _last_points(coords, offsets)
    chords = np.stack([before[i], first[i], first[j], before[j]], axis=1)
    over = _goes_over(chords, border, border_offsets)
    per_line = over.groupby("line").agg(
        n=("x", "size"), x=("x", "first"), y=("y", "first"), side=("side", "first")
    )
    odd = per_line[per_line["n"] % 2 == 1]
    row = odd.index.to_numpy(dtype=np.int64)
    swap = odd["side"].to_numpy() == -1
    a, b = nodes[np.where(swap, j[row], i[row])], nodes[np.where(swap, i[row], j[row])]
    return _each_once(DeadEnds(a, b, gap[row], odd["x"].to_numpy(), odd["y"].to_numpy()), roads)


def _goes_over(chords: Floats, border: Floats, border_offsets: Ints) -> pd.DataFrame:
    """Return where the straight lines between ends go over: ``line, x, y, side`` come from.

    Each is met together with the last steps of its roads: an end that lies on the
    border itself is on the side that its road comes from.
    """
    met = find_meetings(
        chords.reshape(-1, 2), np.arange(0, 4 * len(chords) + 1, 4), border, border_offsets
    )
    segment = met.segment - 4 * met.line
    between = (segment == 1) | ((segment == 2) & (met.fraction == 0))
    over = pd.DataFrame({"line": met.line, "x": met.x, "y": met.y, "side": met.side_before})
    crossed: pd.DataFrame = over[(met.kind == CROSS) & (met.side_before != 0) & between]
    return crossed


def _each_once(pairs: DeadEnds, roads: Roads) -> DeadEnds:
    """Keep the pair of smallest gap for each dead end; ties go by place, not by order."""
    order = np.lexsort((roads.y[pairs.a], roads.x[pairs.a], pairs.gap_m))
    taken: set[int] = set()
    kept = []
    for k in order.tolist():
        ends = {int(pairs.a[k]), int(pairs.b[k])}
        if not ends & taken:
            taken |= ends
            kept.append(k)
    rows = np.array(kept, dtype=np.int64)
    return DeadEnds(pairs.a[rows], pairs.b[rows], pairs.gap_m[rows], pairs.x[rows], pairs.y[rows])


def _faces(at: Floats, way: Complexes, a: Ints, b: Ints) -> Bools:
    """Return whether the road that ends at each place a points at place b."""
    # local metres: directions are right where the map is stretched
    step = at[b] - at[a]
    ahead = step[:, 0] * np.cos(np.deg2rad(at[a, 1])) + 1j * step[:, 1]
    turn = np.abs(np.angle(ahead * np.conj(way[a]), deg=True))
    faces: Bools = (turn <= FACING_DEGREES) & (np.abs(way[a]) > 0)
    return faces


def _lines_from(roads: Roads, nodes: Ints) -> tuple[Floats, Ints]:
    """Return the line of the road that ends at each node, from there on."""
    out = np.full(roads.node_count, -1)
    into = np.full(roads.node_count, -1)
    out[roads.u] = into[roads.v] = np.arange(roads.edge_count)
    leaves = out[nodes] >= 0
    edge = np.where(leaves, out[nodes], into[nodes])
    size = np.diff(roads.offsets)[edge]
    start = np.where(leaves, roads.offsets[edge], roads.offsets[edge + 1] - 1)
    within = runs(np.zeros(len(edge), dtype=np.int64), size)
    step = np.repeat(np.where(leaves, 1, -1), size)
    return roads.coords[np.repeat(start, size) + step * within], ends(size)


def _last_points(coords: Floats, offsets: Ints) -> Floats:
    """Return the first point of each line that is not its start; of one that has none, that."""
    size = np.diff(offsets)
    start = np.repeat(offsets[:-1], size)
    other = np.flatnonzero((coords != coords[start]).any(axis=1))
    line, first = np.unique(start[other], return_index=True)
    points: Floats = coords[offsets[:-1]]
    points[np.searchsorted(offsets, line)] = coords[other[first]]
    return points


def _last_ways(coords: Floats, offsets: Ints) -> Complexes:
    """Return the last direction of the road that ends where each line starts, local metres."""
    squeeze = np.repeat(np.cos(np.deg2rad(coords[offsets[:-1], 1])), np.diff(offsets))
    metres = coords * np.column_stack([squeeze, np.ones(len(coords))]) * METRES_A_DEGREE
    lines = shapely.from_ragged_array(shapely.GeometryType.LINESTRING, metres, (offsets,))
    back = shapely.get_coordinates(shapely.line_interpolate_point(lines, HEADING_M))
    way: Floats = metres[offsets[:-1]] - back
    return way[:, 0] + 1j * way[:, 1]
