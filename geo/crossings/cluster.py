"""Which border nodes are one physical crossing: carriageways, slip roads, bends at the line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np

from roxham.geo._types import Bools, Ints
from roxham.geo.geometry.proximity import geodesic_m, pairs_between, pairs_within
from roxham.geo.network.graph import weak_components

from .cut import Cut
from .road_names import RoadNames

__all__ = ["places_of"]

Pairs = Iterable[tuple[int, int]]

SAME_PLACE_M = 20.0
"""A road that crosses twice within this is at one place: border lines are no better."""

MEDIAN_M = 40.0
"""One-way roads in opposite directions so near are one road, whatever each is called."""


def places_of(cut: Cut, cluster_m: float) -> tuple[Ints, int]:
    """Return the number of the crossing at each border node, and how many there are.

    Border nodes are one crossing if

    - they are on one road within 20 m: it wavers over the line;
    - a road along the border joins them, and at one of them at most roads go over;
    - they are within ``cluster_m`` of each other, both are of one-way roads or slip
      roads, or one is and leaves the other road at a junction with it, and their names
      do not tell them apart; those of two one-way roads in opposite directions within
      40 m never do.

    So a one-way road that goes over and comes back within ``cluster_m`` is one, as its two
    carriageways would be, whether it is drawn as one edge or as many. A road in both
    directions that does so is two: one may go over at either.
    """
    if not len(cut.node):
        return np.empty(0, dtype=np.int64), 0
    joined = [*_bends(cut), *_along(cut), *_carriageways(cut, cluster_m)]
    crossings, place = _connected(joined, len(cut.node))
    return place, crossings


def _connected(joined: Pairs, size: int) -> tuple[int, Ints]:
    rows = np.array([*joined], dtype=np.int64).reshape(-1, 2)
    return weak_components(rows[:, 0], rows[:, 1], size)


def _bends(cut: Cut) -> list[tuple[int, int]]:
    """Return the pairs of border nodes that lie within 20 m on one road."""
    roads, border = cut.roads, cut.node
    lon, lat = roads.x[border], roads.y[border]
    i, j, _ = pairs_within(lon, lat, SAME_PLACE_M)
    if not len(i):
        return []
    short = roads.length_m <= SAME_PLACE_M
    ends = np.unique(np.concatenate([roads.u[short], roads.v[short]]))
    here = np.zeros(roads.node_count, dtype=bool)
    here[ends[pairs_between(lon, lat, roads.x[ends], roads.y[ends], SAME_PLACE_M)[1]]] = True
    near = here[roads.u] | here[roads.v]
    ways = np.column_stack([roads.u[near], roads.v[near]])
    ways = np.unique(np.concatenate([ways, ways[:, ::-1]]), axis=0)
    # at a fork two roads go on, each over the line at a place of its own
    passed = here & (np.bincount(ways[:, 0], minlength=roads.node_count) <= 2)
    passed[border] = True
    short &= passed[roads.u] & passed[roads.v]
    steps = zip(roads.u[short].tolist(), roads.v[short].tolist(), strict=True)
    _, label = _connected(steps, roads.node_count)
    joined = label[border[i]] == label[border[j]]
    return list(zip(i[joined].tolist(), j[joined].tolist(), strict=True))


def _along(cut: Cut) -> list[tuple[int, int]]:
    """Return the pairs of border nodes that a road along the border makes one.

    Where streets go straight over it, each is a crossing, and other nodes belong to
    the nearest of them. Where none does, the whole road is one crossing.
    """
    at = cut.approach
    sides = at[at["sector"] != 0].groupby("node")["sector"].nunique()
    over = sides.reindex(range(len(cut.node)), fill_value=0).to_numpy() > 1
    lon, lat = cut.roads.x[cut.node], cut.roads.y[cut.node]
    order = np.argsort(cut.group, kind="stable")
    pairs: list[tuple[int, int]] = []
    for nodes in np.split(order, np.flatnonzero(np.diff(cut.group[order])) + 1):
        straight = nodes[over[nodes]]
        if not len(straight):
            straight = nodes[:1]
        for node in np.setdiff1d(nodes, straight).tolist():
            here = np.full(len(straight), lon[node]), np.full(len(straight), lat[node])
            nearest = int(np.argmin(geodesic_m(*here, lon[straight], lat[straight])))
            pairs.append((node, int(straight[nearest])))
    return pairs


def _carriageways(cut: Cut, cluster_m: float) -> list[tuple[int, int]]:
    """Return the pairs of border nodes that are carriageways and slip roads of one road."""
    at = cut.approach
    i, j, metres = pairs_within(cut.roads.x[cut.node], cut.roads.y[cut.node], cluster_m)
    if not len(i):
        return []
    names = RoadNames(cut.roads, at)
    lane = _lanes(cut, names)
    edges = at.groupby("node")["origin"].agg(set)
    other = np.where(at["arrives"], cut.roads.u[at["edge"]], cut.roads.v[at["edge"]])
    junctions = at.assign(other=other).groupby("node")["other"].agg(set)
    fast = at["edge"].map(names.is_fast).groupby(at["node"]).any()
    labels: defaultdict[int, set[str]] = defaultdict(set)
    comes: defaultdict[int, set[int]] = defaultdict(set)  # from which sectors
    for node, edge, arrives, sector in at[["node", "edge", "arrives", "sector"]].values.tolist():
        labels[node] |= names.labels(edge)
        comes[node] |= {sector} if arrives else set()

    def one(a: int, b: int, apart: float) -> bool:
        if not (lane[a] or lane[b]):
            return False  # two streets side by side are two
        if edges[a] & edges[b]:
            return not comes[a] & comes[b]  # out and home; both ways at both is twice
        akin = not labels[a] or not labels[b] or labels[a] & labels[b] or (fast[a] and fast[b])
        if not (lane[a] and lane[b]):
            return bool(akin and junctions[a] & junctions[b])
        return bool(akin or (apart <= MEDIAN_M and not comes[a] & comes[b]))

    pairs = zip(i.tolist(), j.tolist(), metres.tolist(), strict=True)
    return [(a, b) for a, b, apart in pairs if one(a, b, apart)]


def _lanes(cut: Cut, names: RoadNames) -> Bools:
    """Return which border nodes are of one-way roads or slip roads: parts of a crossing."""
    at = cut.approach
    ways: Any = at.groupby(["node", "sector"])["arrives"].nunique().groupby("node").max()
    link = at["edge"].map(names.is_link).groupby(at["node"]).any()
    lane: Bools = ((ways == 1) | link).reindex(range(len(cut.node))).to_numpy(dtype=bool)
    return lane
