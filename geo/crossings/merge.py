"""Edges joined where they only lead on: what OSMnx makes of a node at which no roads meet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roxham.geo._types import Bools, Floats, Ints
from roxham.geo.columns import Coded, Column, Ragged, decode, ends, take
from roxham.geo.network.graph import TINY
from roxham.geo.network.parts import (
    PARTED,
    ROAD_PARTS,
    Stretch,
    merged_ways,
    one_stretch,
    read_stretches,
    stretches_text,
)
from roxham.geo.network.roads import Roads
from roxham.geo.network.speeds import Along

__all__ = ["merged_at", "passed_through"]

SUMS = ("length", "length_m", "travel_time", "travel_time_s", "posted_m", "posted_time_s")
"""Edge columns that add up along a road; others of numbers are averaged by length, but names."""
SPEED = "speed_kmh"
"""The edge column whose mean is that of the time: length by the sum of the times."""


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
    nodes = [int(node) for node in nodes]
    u, v = roads.u.tolist(), roads.v.tolist()
    parts: dict[int, list[int]] = {}
    at: dict[int, set[int]] = {node: set() for node in nodes}
    for edge in np.flatnonzero(np.isin(roads.u, nodes) | np.isin(roads.v, nodes)).tolist():
        for end in (u[edge], v[edge]):
            at.setdefault(end, set()).add(edge)
    left = np.ones(roads.edge_count, dtype=bool)
    for node in nodes:
        for first, second in _led_on(at[node], node, u, v):
            kept, lost = min(first, second), max(first, second)
            parts[kept] = parts.pop(first, [first]) + parts.pop(second, [second])
            for edge in (first, second):
                at[u[edge]].discard(edge)
                at[v[edge]].discard(edge)
            u[kept], v[kept] = u[first], v[second]
            at[u[kept]].add(kept)
            at[v[kept]].add(kept)
            left[lost] = False
    if not parts:
        return roads
    rows = np.flatnonzero(left)
    chains = {int(np.searchsorted(rows, edge)): chain for edge, chain in sorted(parts.items())}
    length = roads.length_m[rows]
    for k, chain in chains.items():
        length[k] = roads.length_m[chain].sum()
    columns = roads.edge_columns.items()
    edge_columns = {n: _joined(n, col, rows, chains, roads.length_m) for n, col in columns}
    joined = replace(
        roads,
        u=np.array(u, dtype=roads.u.dtype)[rows],
        v=np.array(v, dtype=roads.v.dtype)[rows],
        key=roads.key[rows],
        length_m=length,
        edge_columns=edge_columns | _stretches(roads, rows, chains),
        **_lines(roads, rows, chains),
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


def _lines(roads: Roads, rows: Ints, chains: Mapping[int, list[int]]) -> dict[str, Any]:
    places = Ragged(roads.offsets, np.arange(len(roads.coords)))
    runs = {k: _run(places, chain, skip=1) for k, chain in chains.items()}
    found = _with_runs(places, rows, runs)
    return {"coords": roads.coords[found.values], "offsets": found.offsets}


def _joined(
    name: str, col: Column, rows: Ints, chains: Mapping[int, list[int]], metres: Floats
) -> Column:
    """Return a column of the joined edges."""
    if isinstance(col, Ragged):
        runs = {k: list(dict.fromkeys(_run(col, chain))) for k, chain in chains.items()}
        return _with_runs(col, rows, runs)
    averaged = name not in PARTED and isinstance(col, np.ndarray) and col.dtype.kind == "f"
    if isinstance(col, np.ndarray) and (name in SUMS or averaged):
        out: NDArray[Any] = col[rows]
        for k, chain in chains.items():
            out[k] = col[chain].sum() if name in SUMS else _mean(name, col[chain], metres[chain])
        return out
    cells = {k: _distinct(take(col, np.array(chain))) for k, chain in chains.items()}
    if isinstance(col, np.ndarray):
        if not any(isinstance(cell, list) for cell in cells.values()):
            return col[rows]
        col = Coded.of(col.tolist())
    codes, values = col.codes[rows], list(col.values)
    for k, cell in cells.items():
        if isinstance(cell, list):
            codes[k] = len(values)
            values.append(cell)
        elif cell is not None:
            held = (code for code in col.codes[chains[k]].tolist() if code >= 0)
            code = next((code for code in held if values[code] == cell), len(values))
            codes[k] = code
            if code == len(values):  # it was in lists alone
                values.append(cell)
    return Coded(codes, values)


def _mean(name: str, values: Floats, metres: Floats) -> float:
    weights = np.maximum(metres, TINY)
    if name == SPEED and (values > 0).all():
        return float(weights.sum() / (weights / values).sum())
    return float(np.average(values, weights=weights))


def _stretches(roads: Roads, rows: Ints, chains: Mapping[int, list[int]]) -> dict[str, Column]:
    """Return from which metre on what is said of joined edges; no column where none has two."""
    said = {name: roads.edge(name) for name in PARTED if name in roads.edge_columns}
    there = ROAD_PARTS in roads.edge_columns
    if not said:
        return {}
    before = roads.edge(ROAD_PARTS) if there else np.full(roads.edge_count, None, dtype=object)
    merged, along = merged_ways(roads), Along(roads, "travel_time_s")
    cells = before[rows]
    for k, chain in chains.items():
        start, told, driven, known = 0.0, list[Stretch](), list[Stretch](), True
        for edge in chain:
            parts = read_stretches(before[edge])
            if not parts:
                values = {name: _listed(column[edge]) for name, column in said.items()}
                parts = one_stretch(values, merged=bool(merged[edge]))
            known &= bool(parts)
            own = [part._replace(from_m=round(start + part.from_m, 2)) for part in parts]
            told += own
            driven += [
                part._replace(
                    kmh=kmh, assumed=part.assumed or (part.kmh is None and kmh is not None)
                )
                for part, kmh in zip(own, along.speeds(edge, parts), strict=True)
            ]
            start += float(roads.length_m[edge])
        if len({part.kmh for part in driven}) > 1 and all(part.kmh for part in driven):
            told = driven  # what is not posted has a speed of its own on each of these edges
        cells[k] = stretches_text(told) if known else None
    return {ROAD_PARTS: Coded.of(cells.tolist())} if there or (cells != None).any() else {}  # noqa: E711


def _with_runs(col: Ragged, rows: Ints, runs: Mapping[int, list[int]]) -> Ragged:
    """Return some rows of a column, some of them with other values."""
    single = np.setdiff1d(np.arange(len(rows)), list(runs))
    kept = col.take(rows[single])
    sizes = np.concatenate([np.diff(kept.offsets), [len(run) for run in runs.values()]])
    values = np.concatenate([kept.values, *(np.array(run) for run in runs.values())])
    order = np.argsort(np.concatenate([single, list(runs)]))
    return Ragged(ends(sizes.astype(np.int64)), values.astype(col.values.dtype)).take(order)


def _run(col: Ragged, chain: list[int], skip: int = 0) -> list[int]:
    """Return the values of edges, one after another, each after the first without some."""
    return [
        int(value)
        for k, edge in enumerate(chain)
        for value in col.values[col.offsets[edge] + skip * (k > 0) : col.offsets[edge + 1]]
    ]


def _distinct(cells: Column) -> Any:
    """Return the only value of cells, the list of several, or None, in their order."""
    found = [value for cell in decode(cells).tolist() for value in _listed(cell)]
    distinct = [value for place, value in enumerate(found) if value not in found[:place]]
    return None if not distinct else distinct[0] if len(distinct) == 1 else distinct


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [] if value is None or value != value else [value]
