"""A network without the roads that lead to a wall, and without a trace of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from roxham.geo._types import Bools, Floats, Ints
from roxham.geo.columns import Coded, Column, Ragged, decode, ends
from roxham.geo.geometry.grid_filter import densified
from roxham.geo.geometry.proximity import near_any
from roxham.geo.network.graph import parallel_keys, street_counts, street_keys, weak_components
from roxham.geo.network.roads import Roads
from roxham.geo.network.speeds import ferries

from .merge import merged_at, passed_through

__all__ = ["BESIDE_M", "without_trace"]


WAY, BESIDE_M, STEP = "osmid", 2240.0, 0.003
"""The column of ways; how near the border they are unnamed, metres; and the degrees between the
points at which the border is looked at, each of which is 240 m from the next."""

STUB_M = 2000.0
"""A road that hangs on no junction, and now ends within this of a wall, goes so far."""

PLAIN = 0.02
"""A network of which so many nodes are passed by one road only was not simplified."""


def without_trace(roads: Roads, walls: Ints, border: Floats, border_offsets: Ints) -> Roads:
    """Return the network without the roads that lead to walls, from their last junction on.

    However far off that is: an end that no junction explains would point at the line, as its
    fellow on the other side does. What hangs on no junction is left 2 km from the wall, as it
    cannot be cut back to one. A road that ended near the border before loses nothing. Where
    a junction is none any more, its roads are one (:func:`merged_at`): a node that nothing
    explains would point there. Street counts, lists of values, and keys, which number all
    parallel edges from 0 again, are as if these roads had never been. Where a way of OSM that went
    over at a wall still stands on both sides, no road within 2 km of the border has an ``osmid``.

    Parameters
    ----------
    roads
        A cut network with the node column ``crossing_id``.
    walls
        Positions of the nodes that are walls.
    border, border_offsets
        Lines, degrees: part i is ``border[border_offsets[i]:border_offsets[i + 1]]``.
    """
    if not len(walls):
        return roads
    gone = _leading_to(roads, walls, near_any(roads.x[walls], roads.y[walls], STUB_M))
    stubs = _leading_to(roads, walls, lambda x, _: np.ones(len(x), dtype=bool))
    gone |= _hanging(roads, stubs & ~gone, ~stubs)
    lost = np.unique(np.concatenate([roads.u[gone], roads.v[gone]]))
    if "street_count" in roads.node_columns:
        roads = roads.with_columns(nodes={"street_count": _streets(roads, gone, lost)})
    plain = passed_through(roads) & ~_explained(roads)
    plain[lost] = plain[walls] = False
    over = gone & (np.isin(roads.u, walls) | np.isin(roads.v, walls))
    line = densified(border, border_offsets, STEP)
    rest = _without_way_ids(roads, over, gone, near_any(line[:, 0], line[:, 1], BESIDE_M))
    rest = rest.take_edges(~gone)
    rest = merged_at(rest, _left_over(rest, roads.node_id[lost], plain))
    return replace(
        rest,
        key=_keys(rest),
        node_columns={name: _trimmed(col) for name, col in rest.node_columns.items()},
        edge_columns={name: _trimmed(col) for name, col in rest.edge_columns.items()},
    )


def _without_way_ids(
    roads: Roads, over: Bools, gone: Bools, near: Callable[[Floats, Floats], Bools]
) -> Roads:
    """Return the network without ids of ways near the border if one of them would join its sides.

    Those of one way alone would be missed just where it goes over.
    """
    if WAY not in roads.edge_columns:
        return roads
    side = roads.node("side")
    sides = np.where(pd.notna(side[roads.u]), side[roads.u], side[roads.v])
    ids = roads.edge_columns[WAY]
    row, way = _ways_of(ids)
    lost = {way[k] for k in np.flatnonzero(over[row]).tolist()}
    left = np.flatnonzero(_among(way, lost) & ~gone[row])
    seen: dict[Any, set[Any]] = {}
    for k in left.tolist():
        seen.setdefault(way[k], set()).add(sides[row[k]])
    # where no sides are known, any way that is left may be on both
    shared = {one for one, of in seen.items() if len(of) > 1 or None in of}
    if not shared:
        return roads
    beside = near(roads.x, roads.y)
    hidden = beside[roads.u] | beside[roads.v]
    hidden[row[_among(way, shared)]] = True
    if isinstance(ids, Ragged):
        sizes = np.where(hidden, 0, np.diff(ids.offsets))
        return roads.with_columns(edges={WAY: Ragged(ends(sizes), ids.values[~hidden[row]])})
    told = [None if hide else cell for hide, cell in zip(hidden, decode(ids).tolist(), strict=True)]
    return roads.with_columns(edges={WAY: Coded.of(told)})


def _among(ways: list[Any], some: set[Any]) -> Bools:
    return np.array([way in some for way in ways], dtype=bool)


def _ways_of(ids: Column) -> tuple[Ints, list[Any]]:
    """Return of which edge each way is, and its id."""
    if isinstance(ids, Ragged):
        return np.repeat(np.arange(len(ids)), np.diff(ids.offsets)), ids.values.tolist()
    cells = [_ways(cell) for cell in decode(ids).tolist()]
    row = np.repeat(np.arange(len(cells)), [len(cell) for cell in cells])
    return row, [way for cell in cells for way in cell]


def _ways(cell: Any) -> list[Any]:
    return list(cell) if isinstance(cell, list | tuple) else [] if pd.isna(cell) else [cell]


def _left_over(rest: Roads, lost: NDArray[Any], plain: Bools) -> list[int]:
    """Return the nodes that only a lost road explains: now one road passes them.

    Where a network has many nodes of that kind, as one that was never simplified, they are
    as all others, and to join roads there alone would point at them.
    """
    if plain.sum() > PLAIN * len(plain):
        return []
    over = passed_through(rest) & ~_explained(rest) & np.isin(rest.node_id, lost)
    return np.flatnonzero(over).tolist()


def _explained(roads: Roads) -> Bools:
    """Return the nodes that stay where no roads meet: known places, barriers, ends of ferries."""
    known: Bools = pd.notna(roads.node("crossing_id"))
    if "barrier" in roads.node_columns:
        known = known | pd.notna(roads.node("barrier"))
    ferry = ferries(roads)
    by_ferry, by_road = (np.concatenate([roads.u[rows], roads.v[rows]]) for rows in (ferry, ~ferry))
    known[np.intersect1d(by_ferry, by_road)] = True
    return known


def _leading_to(roads: Roads, walls: Ints, near: Callable[[Floats, Floats], Bools]) -> Bools:
    """Return the edges that end at a wall, and those nearby that only lead there.

    A gate on the way is a node, but no junction: a stub that ended there would point
    at the place.
    """
    free = pd.isna(roads.node("crossing_id"))
    closed = np.zeros(roads.node_count, dtype=bool)
    closed[walls] = True
    while True:
        gone: Bools = closed[roads.u] | closed[roads.v]
        end = np.zeros(roads.node_count, dtype=bool)
        end[roads.u[gone]] = end[roads.v[gone]] = True
        end &= free & ~closed
        here = end[roads.u] | end[roads.v]
        end &= (_neighbours(roads, here) == 2) & (_neighbours(roads, here & ~gone) == 1)
        stubs = np.flatnonzero(end)
        stubs = stubs[near(roads.x[stubs], roads.y[stubs])]
        if not len(stubs):
            return gone
        closed[stubs] = True


def _hanging(roads: Roads, stubs: Bools, rest: Bools) -> Bools:
    """Return the stubs that hang on the rest, by other stubs or at once."""
    _, label = weak_components(roads.u[stubs], roads.v[stubs], roads.node_count)
    held = np.isin(label, label[np.concatenate([roads.u[rest], roads.v[rest]])])
    return stubs & held[roads.u]


def _neighbours(roads: Roads, edges: Bools) -> Ints:
    """Return how many other nodes each node is joined to by these edges."""
    u, v = roads.u[edges].astype(np.int64), roads.v[edges].astype(np.int64)
    pairs = np.unique(np.concatenate([u * roads.node_count + v, v * roads.node_count + u]))
    at, other = np.divmod(pairs, roads.node_count)
    return np.bincount(at[at != other], minlength=roads.node_count)


def _keys(roads: Roads) -> NDArray[np.int32]:
    """Return keys that number parallel edges from 0, in the order of their keys."""
    order = np.argsort(roads.key, kind="stable")
    key = np.empty(roads.edge_count, dtype=np.int32)
    key[order] = parallel_keys(roads.u[order], roads.v[order])
    return key


def _streets(roads: Roads, gone: Bools, nodes: Ints) -> Column:
    """Return street counts as if the lost edges had never been."""
    counts = roads.node("street_count").copy()
    kept = ~gone & (np.isin(roads.u, nodes) | np.isin(roads.v, nodes))
    low, high, metres = street_keys(roads.u[kept], roads.v[kept], roads.length_m[kept])
    mark = np.unique(metres, return_inverse=True)[1]  # keys do not tell both directions as one
    counts[nodes] = street_counts(low, high, mark, roads.node_count)[nodes]
    return counts if counts.dtype.kind in "if" else Coded.of(counts)


def _trimmed(col: Column) -> Column:
    """Drop the values that no row has any more: names of lost roads would stay."""
    if not isinstance(col, Coded):
        return col
    used, codes = np.unique(col.codes, return_inverse=True)
    values = [col.values[code] for code in used.tolist() if code >= 0]
    shift = int((used < 0).any())
    return Coded((codes.ravel() - shift).astype(np.int32), values)
