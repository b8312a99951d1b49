"""Travel times of a network on foot or by bicycle: one speed on every road."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, get_args

import numpy as np

from roxham.geo._types import Bools
from roxham.geo.columns import Column, Ragged, concat, decode, ends, take
from roxham.geo.errors import DataError, shown

from .graph import parallel_keys
from .parts import road_numbers
from .roads import Roads, reversed_lines

__all__ = ["KMH", "WALK_KMH", "Pace", "with_pace"]

Pace = Literal["walk", "bike"]

WALK_KMH, BIKE_KMH = 4.8, 15.0
"""Walking: 3 miles an hour, a usual figure for adults. Cycling: a usual one in towns."""

KMH: Mapping[str, float] = {"walk": WALK_KMH, "bike": BIKE_KMH}


def with_pace(roads: Roads, mode: Pace, *, kmh: float | None = None) -> Roads:
    """Return the network with travel times on foot or by bicycle in place of those by car.

    Parameters
    ----------
    roads
        Best read with the same ``modes``, so that it has paths; one read for cars has none.
        Motorways are closed to both.
    mode
        ``walk``: every road is open both ways. ``bike``: one-way roads stay one-way.
    kmh
        The speed on every road: 4.8 on foot, 15 by bicycle. Slopes and waiting do not count.

    Returns
    -------
    Roads
        With ``travel_time_s``, ``speed_kmh`` and ``speed_basis`` (``assumed``), and
        ``meta["pace"]``, which says mode and speed.

    Raises
    ------
    DataError
        If the mode is neither, or the speed is not above 0.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph([(1, 2)], crs="EPSG:4326")
    >>> graph.nodes[1].update(x=0.0, y=45.0)
    >>> graph.nodes[2].update(x=0.0, y=45.01)
    >>> on_foot = with_pace(Roads.from_networkx(graph), "walk", kmh=5)
    >>> on_foot.edge("travel_time_s").round().tolist()
    [801.0, 801.0]
    """
    if mode not in get_args(Pace):
        raise DataError(f"mode {shown(mode)} is not one of {', '.join(get_args(Pace))}.")
    kmh = KMH[mode] if kmh is None else kmh
    if not 0 < kmh < np.inf:
        raise DataError(f"kmh: {kmh} is not a speed. Give kilometres an hour above 0.")
    if mode == "walk":
        roads = _both_ways(roads)
    closed = _motorways(roads)
    basis: Column = np.full(roads.edge_count, "assumed", dtype=object)
    return roads.with_columns(
        edges={
            "speed_kmh": np.where(closed, np.nan, kmh),
            "travel_time_s": np.where(closed, np.inf, roads.length_m / kmh * 3.6),
            "speed_basis": basis,
        },
        meta={"pace": {"mode": mode, "kmh": kmh}},
    )


def _motorways(roads: Roads) -> Bools:
    if "highway" not in roads.edge_columns:
        return np.zeros(roads.edge_count, dtype=bool)
    return np.array(
        [str(value).startswith("motorway") for value in decode(roads.edge_columns["highway"])],
        dtype=bool,
    )


def _both_ways(roads: Roads) -> Roads:
    """Return the network with the other direction of every road that has one only."""
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
