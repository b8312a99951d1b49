"""Edges joined where they only lead on: what OSMnx makes of a node at which no roads meet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from roxham.geo._types import Bools, Floats
from roxham.geo.columns import Coded, Column, Ragged, decode, ends, take

from .graph import TINY
from .roads import Roads

__all__ = ["merged_at", "passed_through"]

SUMS = ("length", "length_m", "travel_time", "travel_time_s", "posted_m", "posted_time_s")
"""Edge columns that add up along a road; other numbers are averaged by length."""


def passed_through(roads: Roads) -> Bools:
    """Return which nodes a road only passes: two neighbours, one way or both.

    These are the nodes that OSMnx's simplification leaves out.
    """
    count = roads.node_count
    out, into = (np.bincount(end, minlength=count) for end in (roads.u, roads.v))
    low, high = np.minimum(roads.u, roads.v), np.maximum(roads.u, roads.v)
    pairs = np.unique(low.astype(np.int64) * count + high)
    low, high = np.divmod(pairs, count) if count else (pairs, pairs)
    looped = np.bincount(low[low == high], minlength=count) > 0
    neighbours = np.bincount(np.concatenate([low, high]), minlength=count)
    degree = out + into
    through: Bools = (neighbours == 2) & np.isin(degree, (2, 4)) & (out > 0) & (into > 0)
    return through & ~looped


def merged_at(roads: Roads, nodes: Iterable[int]) -> Roads:
    """Return a network in which roads lead on through some nodes without ending there.

    Parameters
    ----------
    roads
        The network; lengths and times are summed, lines joined, and words that differ
        are listed in the order of the road, as OSMnx does. A joined edge stands where the
        first of its parts stood.
    nodes
        Positions of nodes. One at which roads meet or end stays as it is.
    """
    u, v = roads.u.tolist(), roads.v.tolist()
    parts: dict[int, list[int]] = {}
    at: dict[int, set[int]] = {}
    for edge, (a, b) in enumerate(zip(u, v, strict=True)):
        at.setdefault(a, set()).add(edge)
        at.setdefault(b, set()).add(edge)
    gone: set[int] = set()
    for node in nodes:
        for first, second in _led_on(at.get(node, set()), node, u, v):
            kept, lost = min(first, second), max(first, second)
            parts[kept] = parts.pop(first, [first]) + parts.pop(second, [second])
            for edge in (first, second):
                at[u[edge]].discard(edge)
                at[v[edge]].discard(edge)
            u[kept], v[kept] = u[first], v[second]
            at[u[kept]].add(kept)
            at[v[kept]].add(kept)
            gone.add(lost)
    if not gone:
        return roads
    chains = [parts.get(edge, [edge]) for edge in range(roads.edge_count) if edge not in gone]
    left = [edge for edge in range(roads.edge_count) if edge not in gone]
    joined = replace(
        roads,
        u=np.array([u[edge] for edge in left], dtype=roads.u.dtype),
        v=np.array([v[edge] for edge in left], dtype=roads.v.dtype),
        key=roads.key[left],
        length_m=np.array([roads.length_m[chain].sum() for chain in chains]),
        edge_columns={
            name: _joined(name, col, chains, left, roads.length_m)
            for name, col in roads.edge_columns.items()
        },
        **_lines(roads, chains),
    )
    return joined.take_edges(np.ones(joined.edge_count, dtype=bool))


def _led_on(edges: set[int], node: int, u: list[int], v: list[int]) -> list[tuple[int, int]]:
    """Return pairs of edges of which the second leads on from the first; none at a junction."""
    into = {u[edge]: edge for edge in edges if v[edge] == node}
    out = {v[edge]: edge for edge in edges if u[edge] == node}
    neighbours = into.keys() | out.keys()
    whole = len(into) + len(out) == len(edges)  # no parallel edges, no loop
    if not whole or len(neighbours) != 2 or node in neighbours:
        return []
    a, b = neighbours
    ways = [(into[s], out[e]) for s, e in ((a, b), (b, a)) if s in into and e in out]
    return ways if 2 * len(ways) == len(edges) else []


def _lines(roads: Roads, chains: list[list[int]]) -> dict[str, Any]:
    lines, sizes = [], []
    for chain in chains:
        pieces = [
            roads.coords[roads.offsets[edge] + (k > 0) : roads.offsets[edge + 1]]
            for k, edge in enumerate(chain)
        ]
        lines += pieces
        sizes.append(sum(map(len, pieces)))
    return {"coords": np.concatenate(lines), "offsets": ends(np.array(sizes))}


def _joined(
    name: str, col: Column, chains: list[list[int]], left: list[int], metres: Floats
) -> Column:
    """Return a column of the joined edges."""
    rows = np.array(left)
    several = [k for k, chain in enumerate(chains) if len(chain) > 1]
    if isinstance(col, Ragged):
        values = [list(dict.fromkeys(_run(col, chain))) for chain in chains]
        flat = np.array([value for run in values for value in run], dtype=col.values.dtype)
        return Ragged(ends(np.array([len(run) for run in values])), flat)
    if isinstance(col, np.ndarray) and (name in SUMS or col.dtype.kind == "f"):
        out = col[rows].copy()
        for k in several:
            given = col[chains[k]]
            weights = None if name in SUMS else np.maximum(metres[chains[k]], TINY)
            out[k] = given.sum() if weights is None else np.average(given, weights=weights)
        return out
    whole = decode(col)
    cells = decode(take(col, rows)).astype(object).tolist()
    for k in several:
        found = [v for edge in chains[k] for v in _listed(whole[edge])]
        distinct = [v for place, v in enumerate(found) if v not in found[:place]]
        cells[k] = None if not distinct else distinct[0] if len(distinct) == 1 else distinct
    if isinstance(col, np.ndarray) and not any(isinstance(cell, list) for cell in cells):
        return np.array(cells, dtype=col.dtype)
    return Coded.of(cells)


def _run(col: Ragged, chain: list[int]) -> list[int]:
    return [
        int(value)
        for edge in chain
        for value in col.values[col.offsets[edge] : col.offsets[edge + 1]]
    ]


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value.item() if isinstance(value, np.generic) else value]
