"""Every origin, gate and destination in one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from roxham.geo._types import Floats, Ints, Objects
from roxham.geo.arguments import checked
from roxham.geo.network.roads import Roads

from .free_ways import FreeWays
from .gate_trees import WALK, GateTrees, Measured
from .gates import WALK_KMH
from .locations import Points
from .road_sequence import ARROW, RoadList

__all__ = ["NO_GATE_OPEN", "travel_table"]


NO_GATE_OPEN = "no gate is open"
TO_GATE = "no way by road from the origin to the gate"
FROM_GATE = "no way by road from the gate to the destination"
NO_WAY = "no way by road"
ONE_DIRECTION = "the gate is not passed in this direction"


@checked()
def travel_table(
    roads: Roads | GateTrees,
    origins: Points,
    gates: gpd.GeoDataFrame | pd.DataFrame | None,
    destinations: Points,
    *,
    weight: str = "travel_time_s",
    within_m: float | None = None,
    names: bool = False,
) -> pd.DataFrame:
    """Return how far and how long it is from every origin through every gate to every destination.

    Between gates the border is a wall. A controlled one is passed once: a way does not leave a
    side and come back to it. An open one is passed as often as the shortest way does.
    By car; over the gap of an irregular site on foot, at 4.8 km/h, then by car again. Times are
    free flow and know no waiting, inspection or winter; on a schematic network both are of the
    schematic.

    Parameters
    ----------
    roads
        A network that knows its sides (the corridor, or cut by
        :func:`~roxham.geo.cut_at_border`), without gates any that lies beside no border, or
        :class:`GateTrees` grown for it, which
        answer a further date or origin at little cost; then ``weight`` is theirs.
    origins, destinations
        Points in EPSG:4326, called by their column ``name``, and by longitude and latitude
        too where others are called so; with a column ``side`` or ``country`` they are put
        on roads of that side. Or ids of nodes.
    gates
        The gates that are open. None are none, and on a network that was cut at an open border
        every road over it; see :class:`~roxham.geo.routing.gates.Gateway`.
    weight
        What the way is the shortest by: ``travel_time_s`` or ``length_m``. The other
        one is of the same way.
    within_m
        A point farther from every road has nulls and a reason: 1 km, on a schematic 5 km.
    names
        Whether to list the roads followed, which takes longer.

    Returns
    -------
    pandas.DataFrame
        One row for each origin, gate and destination on two sides; one row with no gate
        for a pair on one side; one, with the reason, where no gate is given or an end of
        the pair is too far from every road. Over an open border one row for each origin and
        destination; ``gate`` has all that the shortest way passes, in order, semicolons between.
        ``origin, gate, gate_kind, destination, on`` (category), ``length_m,
        travel_time_s``, ``length_ca_m, length_us_m`` (for sides of other names
        ``length_a_m, length_b_m``; together ``length_m``), ``walk_m``, ``roads``
        (category), ``reason`` (category: why the rest is null), ``origin_offset_m,
        destination_offset_m`` (from the point to its road, not part of the way).
        ``attrs`` say ``weight``, ``schematic`` and ``walk_kmh``.

    Raises
    ------
    DataError
        If sides or gates cannot be used, all origins or all destinations are too far from
        every road, or the edges lack the weight.

    Examples
    --------
    >>> from roxham.geo import load_roads
    >>> port = pd.DataFrame({"gate": ["lacolle-champlain"]})
    >>> ends = ["roxham-road-us-end"], port, ["chemin-roxham-ca-end"]
    >>> row = travel_table(load_roads(), *ends, weight="length_m").iloc[0]
    >>> row["gate"], round(float(row["length_m"]) / 1000)
    ('lacolle-champlain', 16)
    """
    trees = roads if isinstance(roads, GateTrees) else GateTrees(roads, gates, weight=weight)
    known = trees.gateway.gates
    chosen = (known if trees.gateway.open else known.iloc[:0]) if gates is None else gates
    measured = trees.measure(origins, destinations, within_m=within_m, spare=True)
    if trees.gateway.open:
        return _over_open_border(measured, chosen, names=names)
    return table_of(measured, chosen, names=names)


def table_of(
    measured: Measured, gates: gpd.GeoDataFrame | pd.DataFrame, *, names: bool = False
) -> pd.DataFrame:
    """Return what was measured through the gates of a wall; see :func:`travel_table`."""
    chosen = measured.rows_of(gates)
    blocks = _through_gates(measured, chosen)
    if not measured.over.all():
        blocks = _joined(blocks, _direct(measured))
    roads_of = _followed(measured, blocks) if names else None
    return _frame(measured, blocks, gates, roads_of)


@dataclass(eq=False)
class _Rows:
    """Columns of the table: positions of origin, gate (-1: none), destination and door."""

    origin: Ints
    gate: Ints
    destination: Ints
    door: Ints
    length_m: Floats
    time_s: Floats
    first_m: Floats
    """Metres on the first side."""
    reason: Objects | list[str]
    why: Ints
    """Row of ``reason``, -1 where there is a way."""
    walk_m: Floats | None = None
    """Metres on foot; by default those at the door."""


def _through_gates(measured: Measured, gates: Ints) -> _Rows:
    """Return the rows of all pairs on two sides."""
    trees, doors = measured.trees, measured.trees.gateway.doors
    length, time = _door_costs(trees)
    near, far = _quantities(measured)
    shape = (len(measured.origins), max(len(gates), 1), len(measured.destinations))
    columns = {name: np.full(shape, np.nan) for name in ("length_m", "time_s", "first_m")}
    door = np.full(shape, -1, dtype=np.int64)
    reasons, why = [NO_GATE_OPEN], np.zeros(shape, dtype=np.int64)
    rows, cols = np.arange(shape[0])[:, None], np.arange(shape[2])[None, :]
    for place, gate in enumerate(gates.tolist()):
        cost, k = measured.through(gate)
        there = np.isfinite(cost)
        first = near["length_m"][rows, k] + doors.share[k] * length[k] if len(doors) else cost
        last = far["length_m"][cols, k] + (1 - doors.share[k]) * length[k] if len(doors) else cost
        ahead = measured.origins.side[:, None] == 0
        sums = {"length_m": first + last, "first_m": np.where(ahead, first, last)}
        if time is not None and len(doors):
            sums["time_s"] = (
                near["travel_time_s"][rows, k] + time[k] + far["travel_time_s"][cols, k]
            )
        for name, values in sums.items():
            columns[name][:, place] = np.where(there, values, np.nan)
        door[:, place] = k
        found, number = _reasons(measured, gate)
        why[:, place] = np.where(there, -1, number + len(reasons))
        reasons += found
    over = np.broadcast_to(measured.over[:, None, :], shape).ravel()
    kept: Any = slice(None) if over.all() else over
    origin, gate_, destination = (index.ravel()[kept] for index in np.indices(shape))
    row_of = gates if len(gates) else np.array([-1])
    picked = {name: values.ravel()[kept] for name, values in columns.items()}
    return _Rows(
        origin,
        row_of[gate_],
        destination,
        door.ravel()[kept],
        **picked,
        reason=reasons,
        why=why.ravel()[kept],
    )


def _over_open_border(
    measured: Measured, gates: gpd.GeoDataFrame | pd.DataFrame, *, names: bool
) -> pd.DataFrame:
    """Return the table of the shortest ways, however often they pass the border."""
    trees, chosen = measured.trees, measured.rows_of(gates)
    known = trees.gateway.gates
    if len(chosen) < len(known):  # what is closed is a wall
        trees = GateTrees(trees.gateway.roads, known.iloc[chosen], weight=trees.weight)
        measured = Measured(trees, measured.origins, measured.destinations)
        known = trees.gateway.gates
    free = FreeWays(trees, measured.origins, measured.destinations)
    origin, destination = (index.ravel() for index in np.indices(measured.over.shape))
    sums, passed, which_gates = free.ways(origin, destination)
    length = sums.first_m + sums.second_m
    reasons, which = _why_not(measured, origin, destination)
    if not len(known):
        which[measured.over.ravel()] = len(reasons)
        reasons.append(NO_GATE_OPEN)
    why = np.where(np.isnan(length), which, -1)
    none = np.full(len(origin), -1, dtype=np.int64)
    ways = length, sums.time_s, sums.first_m
    rows = _Rows(origin, none, destination, none, *ways, reasons, why, sums.walk_m)
    followed: list[str | None] | None = None
    if names:
        listed, followed = RoadList(trees.gateway.roads), [None] * len(origin)
        for row in np.flatnonzero(~np.isnan(length)).tolist():
            arcs = free.arcs(int(origin[row]), int(destination[row]))
            followed[row] = listed.followed(free.edges(arcs))
    frame = _frame(measured, rows, gates, followed)
    for column in ("gate", "gate_kind"):
        called = known[column].tolist()
        told = [[called[gate] for gate in each] for each in passed]
        if column == "gate_kind":
            told = [[*dict.fromkeys(each)] for each in told]
        frame[column] = _in_order(which_gates, ["; ".join(each) for each in told])
    return frame


def _door_costs(trees: GateTrees) -> tuple[Floats, Floats | None]:
    """Return metres and seconds from tail to head of each door."""
    doors = trees.gateway.doors
    by = {trees.weight: trees.weights, trees.other: trees.others}
    length, time = by["length_m"], by["travel_time_s"]
    assert length is not None
    metres = doors.cost(length, walk=WALK["length_m"])
    return metres, None if time is None else doors.cost(time, walk=WALK["travel_time_s"])


def _quantities(measured: Measured) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Return both quantities of the ways to and from the doors."""
    trees = measured.trees
    sides = (
        (measured.origins, measured.to_door, True),
        (measured.destinations, measured.from_door, False),
    )
    out = []
    for places, legs, towards in sides:
        found = {trees.weight: legs.cost}
        if trees.others is not None:
            found[trees.other] = trees.along(
                places, legs, trees.others, towards=towards, spread_as=trees.other
            )
        out.append(found)
    return out[0], out[1]


def _reasons(measured: Measured, gate: int) -> tuple[list[str], Ints]:
    """Return why there is no way through a gate, and which reason holds for each pair."""
    gateway = measured.trees.gateway
    shape = measured.over.shape
    if (known := gateway.reason[gate]) is not None:
        return [known], np.zeros(shape, dtype=np.int64)
    doors = np.flatnonzero(gateway.doors.gate == gate)
    facing = gateway.doors.side[doors][None, :] == measured.origins.side[:, None]
    reached = np.isfinite(measured.to_door.cost[:, doors]).any(axis=1)
    number = np.where(~facing.any(axis=1), 0, np.where(~reached, 1, 2))
    return [ONE_DIRECTION, TO_GATE, FROM_GATE], np.broadcast_to(number[:, None], shape)


def _direct(measured: Measured) -> _Rows:
    """Return the rows of all pairs that lie on one side."""
    trees = measured.trees
    origin, destination = np.nonzero(~measured.over)
    cost, other, side = (values[origin, destination] for values in measured.direct)
    there = np.isfinite(cost)
    if trees.others is None:
        other = np.full(len(cost), np.nan)
    by = {trees.weight: cost, trees.other: other}
    length, time = (np.where(there, by[name], np.nan) for name in ("length_m", "travel_time_s"))
    none = np.full(len(origin), -1, dtype=np.int64)
    reasons, which = _why_not(measured, origin, destination)
    why = np.where(there, -1, which)
    # metres on the first side and the rest, whatever the side of the origin
    first = np.where(side == 0, length, 0.0)
    return _Rows(origin, none, destination, none, length, time, first, reasons, why)


def _why_not(measured: Measured, origin: Ints, destination: Ints) -> tuple[list[str], Ints]:
    """Return why there may be no way between pairs on one side, and which holds for each."""
    reasons, which = [NO_WAY], np.zeros(len(origin), dtype=np.int64)
    ends = (
        (measured.origins, "origin", origin),
        (measured.destinations, "destination", destination),
    )
    for places, name, at in ends:
        for row in [row for row, text in enumerate(places.far) if text is not None]:
            which[at == row] = len(reasons)
            reasons.append(f"{name}: {places.far[row]}")
    return reasons, which


def _joined(a: _Rows, b: _Rows) -> _Rows:
    """Return the rows of both, by origin, gate and destination."""
    both: dict[str, Any] = {
        name: np.concatenate([getattr(a, name), getattr(b, name)])
        for name in ("origin", "gate", "destination", "door", "length_m", "time_s", "first_m")
    }
    why = np.concatenate([a.why, np.where(b.why < 0, -1, b.why + len(a.reason))])
    order = np.lexsort((both["destination"], both["gate"], both["origin"]))
    columns = {name: values[order] for name, values in both.items()}
    return _Rows(**columns, reason=[*a.reason, *b.reason], why=why[order])


def _frame(
    measured: Measured,
    rows: _Rows,
    gates: gpd.GeoDataFrame | pd.DataFrame,
    roads_of: list[str | None] | pd.Categorical | None,
) -> pd.DataFrame:
    trees = measured.trees
    gateway = trees.gateway
    known = gateway.gates
    walked = np.append(gateway.doors.walk_m, 0.0)[rows.door] if rows.walk_m is None else rows.walk_m
    metres = [rows.first_m, rows.length_m - rows.first_m]
    on = gates["on"].astype("string").dropna().unique().tolist() if "on" in gates else []
    columns: dict[str, Any] = {
        "origin": _category(rows.origin, measured.origins.name),
        "gate": _category(rows.gate, known["gate"]),
        "gate_kind": _category(rows.gate, known["gate_kind"]),
        "destination": _category(rows.destination, measured.destinations.name),
        "on": _category(np.zeros(len(walked), dtype=np.int64), on or [None]),
        "length_m": rows.length_m,
        "travel_time_s": rows.time_s,
        **{f"length_{name}_m": m for name, m in zip(gateway.side_names, metres, strict=True)},
        "walk_m": np.where(np.isnan(rows.length_m), np.nan, walked),
        "roads": _category(np.full(len(walked), -1), []),
        "reason": _category(rows.why, rows.reason),
        "origin_offset_m": measured.origins.offset_m[rows.origin],
        "destination_offset_m": measured.destinations.offset_m[rows.destination],
    }
    if roads_of is not None:
        columns["roads"] = pd.Categorical(roads_of)
    frame = pd.DataFrame(columns, copy=False)  # made here, and shared with no one
    frame.attrs = {
        "weight": trees.weight,
        "schematic": gateway.roads.schematic,
        "walk_kmh": WALK_KMH,
    }
    return frame


def _category(codes: Ints, values: Any) -> pd.Categorical:
    """Return values by their places, -1 and null as null."""
    number, distinct = pd.factorize(np.array([*values], dtype=object))
    table = np.append(number, -1)
    return pd.Categorical.from_codes(table[codes], categories=pd.Index(distinct, dtype="str"))


def _in_order(codes: Ints, texts: list[str | None] | list[str]) -> pd.Categorical:
    """Return texts by their places, -1 and no text as null; the categories in their order."""
    place = {text: k for k, text in enumerate(sorted({text for text in texts if text}))}
    table = np.array([*(place.get(text or "", -1) for text in texts), -1], dtype=np.int64)
    return pd.Categorical.from_codes(table[codes], categories=pd.Index([*place], dtype="str"))


def _followed(measured: Measured, rows: _Rows) -> pd.Categorical:
    """Return the roads of each row in order."""
    listed = RoadList(measured.trees.gateway.roads)
    there = ~np.isnan(rows.length_m)
    told = np.full(len(there), None, dtype=object)
    for row in np.flatnonzero(there & (rows.door < 0)).tolist():
        edges = measured.edges(int(rows.origin[row]), -1, int(rows.destination[row]))
        told[row] = listed.followed(edges)
    over = there & (rows.door >= 0)
    told[over] = _in_halves(
        measured, listed, rows.origin[over], rows.door[over], rows.destination[over]
    )
    return _in_order(np.arange(len(told)), told.tolist())


def _in_halves(
    measured: Measured, listed: RoadList, origin: Ints, door: Ints, destination: Ints
) -> Objects:
    """Return the roads of ways through doors, each half worked out once.

    The first half is told from the origin through the door up to the road that it ends on; the
    second begins with that road, and there are few of those at a door.
    """
    begun: list[str] = []
    roads: dict[tuple[str, ...], int] = {(): 0}
    start, half = np.unique(np.stack([origin, door]), axis=1, return_inverse=True)
    last = np.zeros(start.shape[1], dtype=np.int64)
    for place, (o, k) in enumerate(start.T.tolist()):
        *done, road = listed.stretches(measured.edges_to(o, k)) or [()]
        begun.append("".join(f"{labels[0]}{ARROW}" for labels in done))
        last[place] = roads.setdefault(tuple(road), len(roads))
    known = [*roads]
    rest, other = np.unique(np.stack([last[half], door, destination]), axis=1, return_inverse=True)
    ended = [
        ARROW.join(s[0] for s in listed.stretches(measured.edges_on(k, d), known[road] or None))
        for road, k, d in rest.T.tolist()
    ]
    told: Objects = np.array(begun, dtype=object)[half] + np.array(ended, dtype=object)[other]
    return told
