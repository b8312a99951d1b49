"""Every fastest way through every gate, as tables that answer without the network.

The border is a wall, so the way from a place to a gate and the way on from it are read off
two shortest-path trees. Which gates stood open, and under which rules, is a table of spans of
days. Together they answer for any two places and any day what
:func:`~roxham.layers.dated_routes` finds.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from roxham.geo import DataError, Region, Roads, active_region, load_places, using_region
from roxham.geo._types import Ints
from roxham.geo.network.graph import NO_NODE
from roxham.geo.routing.gate_trees import WALK, GateTrees, Measured
from roxham.geo.routing.gates import BOTH
from roxham.geo.routing.locations import Anchors, anchor
from roxham.geo.tables.contract import date_span
from roxham.layers.facts.policy import load_policy_events

from .open_gates import as_gates, gate_names, known_ports, rule_columns, told_on
from .place_lookup import named_places
from .regimes import Regime, regimes

__all__ = ["Change", "GateWays", "changed_rules", "gate_ways"]

DAY = pd.Timedelta(days=1)
WAYS = ("north", "south")
MOST_GATES, MOST_DAYS = 200, 100
"""Of a longer table of ports nothing is asked: every day on which one opens is looked at."""
TOLD = ("gate", "flags", "regime", "rule", "rule_source_url")
"""Of each open gate, what is told of a span of days."""


class GateWays(NamedTuple):
    """Ways through gates as tables, joined by the numbers of their rows.

    Attributes
    ----------
    roads
        Links, in the order of those that are drawn: ``u, v`` (nodes), ``time_s`` and
        ``back_time_s`` (null where one cannot drive so). Link ``k`` is edge ``2 k`` from ``u``
        to ``v``, and edge ``2 k + 1`` back.
    places
        ``place``, ``name`` and those in further languages, ``side`` (0 or 1), where each
        is on the roads: ``node``, or ``edge, at`` (a fraction from its beginning);
        ``offset_m`` from the place to there.
    doors
        Ways over the line, each in one direction: ``gate``, its names, ``tail, head``
        (nodes), ``side`` (that is left), ``share`` (of it on that side), ``walk_m,
        walk_time_s, edges`` (driven, with spaces between), ``to_tree, from_tree``.
    trees
        ``tree, node, edge``: the edge by which one goes on to the root, or came from it.
    days
        ``start, end`` of each span, ``way`` (north, south), and of each gate that was open then
        ``gate, flags, regime, rule`` and its other languages, ``rule_source_url``; a
        row without a gate where none was open.
    example
        Two of the places: those that the region's file names as ``ask``; else the two towns
        between which the way to the first side grew most when the rules changed; where none
        grew, the most populous of each side.
    """

    roads: pd.DataFrame
    places: pd.DataFrame
    doors: pd.DataFrame
    trees: pd.DataFrame
    days: pd.DataFrame
    example: tuple[str, str]


class Change(NamedTuple):
    """A change of rules: the last day before, the first day after, and the regime that began."""

    before: pd.Timestamp
    after: pd.Timestamp
    regime: Regime


def changed_rules(last: pd.Timestamp, *, region: Region | None = None) -> Change | None:
    """Return the latest change of rules that a region's file shows, None if there is none.

    Parameters
    ----------
    last
        The last day that may be told of.
    region
        The region; by default the one at work.

    Examples
    --------
    >>> changed_rules(pd.Timestamp("2024-12-31")).after
    Timestamp('2023-03-25 00:00:00')
    """
    held = regimes(region=region)
    later = [r for r in held[1:] if r.shown and held[0].first < r.first <= last]
    return Change(later[-1].first - DAY, later[-1].first, later[-1]) if later else None


def gate_ways(
    roads: Roads,
    links: pd.DataFrame,
    ports: gpd.GeoDataFrame,
    first: pd.Timestamp,
    last: pd.Timestamp,
    *,
    change: Change | None = None,
    region: Region | None = None,
) -> GateWays | None:
    """Return the fastest ways between all named places through every gate of some days.

    Parameters
    ----------
    roads
        A network that knows its sides.
    links
        Its edges as they are drawn, each link once: rows of ``roads.edges``, by ``u`` and ``v``.
    ports
        As :func:`~roxham.layers.load_ports` gives them.
    first, last
        The days asked for: not before the region's first regime.
    change
        The change of rules that the example is chosen by.
    region
        Whose places and rules; by default the region at work.

    Returns
    -------
    GateWays or None
        None where no gate stands on the network, no place on either side, where the border
        is open, other roads are drawn, or the ports are too many.

    Examples
    --------
    >>> from roxham.geo import load_roads
    >>> from roxham.layers import load_ports
    >>> day = pd.Timestamp("2023-03-24")
    >>> roads = load_roads()
    >>> found = gate_ways(roads, roads.edges, load_ports().rows, day, day + DAY)
    >>> found.days.groupby(["start", "way"])["gate"].size().tolist()
    [25, 24, 24, 24]
    """
    region = region or active_region()
    with using_region(region):
        found = open_days(ports, first, last)
        if found is None:
            return None
        days, every = found
        try:
            trees = GateTrees(roads, every)
            named = named_places()
            places = anchor(trees.gateway, named, "places", spare=True)
        except DataError:  # no gate or no place is on these roads
            return None
        # over an open border a way may pass several gates, which no two trees tell
        if trees.gateway.open or not len(trees.gateway.doors):
            return None
        names = gate_names(ports)
    table, row = _links(roads, links)
    if (row < 0).any():  # other roads are drawn
        return None
    known = np.flatnonzero([far is None for far in places.far] & (places.side != BOTH))
    if not {0, 1} <= set(places.side[known].tolist()):
        return None
    steps, to_tree, from_tree = _steps(trees, row)
    doors = _doors(trees, names, row).assign(to_tree=to_tree, from_tree=from_tree)
    return GateWays(
        table,
        _places(named, places, known, row),
        doors,
        steps,
        days,
        _asked(region, named, places, known)
        or _example(Measured(trees, places, places), named, known, days, change),
    )


def changing_days(
    ports: gpd.GeoDataFrame, policy: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp
) -> list[pd.Timestamp]:
    """Return the days on which gates or rules may have become others, the first one first."""
    starts = {first, *(regime.first for regime in regimes(policy))}
    for date in pd.concat([ports["opened"], ports["closed"]]).dropna().unique():
        a, b = date_span(str(date))
        starts |= {a, b, b + DAY}
    return sorted(start for start in starts if first <= start <= last)


def open_days(
    ports: gpd.GeoDataFrame, first: pd.Timestamp, last: pd.Timestamp
) -> tuple[pd.DataFrame, gpd.GeoDataFrame] | None:
    """Return the spans of days in which gates and rules stayed as they were, and all gates.

    None where ports opened and closed on too many days.
    """
    policy = load_policy_events().rows
    changing = changing_days(ports, policy, first, last)
    if len(ports) > MOST_GATES or len(changing) > MOST_DAYS:
        return None
    told = [*TOLD, *rule_columns(active_region())]
    known = known_ports(ports, policy, active_region())
    spans: list[tuple[pd.Timestamp, list[dict[str, Any]]]] = []
    every: dict[int, dict[str, Any]] = {}
    for day in changing:
        span: list[dict[str, Any]] = []
        for way in WAYS:
            found = told_on(known, day, way)
            every = {**found, **every}
            cells = [{name: row.get(name) for name in told} for row in found.values()]
            span += [{**row, "way": way} for row in cells or [{}]]
        if not spans or span != spans[-1][1]:
            spans.append((day, span))
    ends = [*(day - DAY for day, _ in spans[1:]), last]
    rows = [
        {**row, "start": f"{day:%Y-%m-%d}", "end": f"{end:%Y-%m-%d}"}
        for (day, span), end in zip(spans, ends, strict=True)
        for row in span
    ]
    days = pd.DataFrame(rows, columns=[*told, "way", "start", "end"]).astype("string")
    return days, as_gates(known, {number: every[number] for number in sorted(every)})


def _doors(trees: GateTrees, names: pd.DataFrame, row: Ints) -> pd.DataFrame:
    """Return the doors as a table, by the numbers of the edges that are told."""
    doors = trees.gateway.doors
    gate = trees.gateway.gates.iloc[doors.gate]
    told = ("tail", "head", "side", "share", "walk_m")
    return pd.DataFrame(
        {
            "gate": gate["gate"].to_numpy(),
            **{f"gate_{name}": gate["gate"].map(names[name]).to_numpy() for name in names},
            **{name: getattr(doors, name) for name in told},
            "walk_time_s": doors.walk_m * WALK["travel_time_s"],
            "edges": [" ".join(map(str, row[list(edges)])) or None for edges in doors.edges],
        }
    )


def _asked(
    region: Region, named: gpd.GeoDataFrame, places: Anchors, known: Ints
) -> tuple[str, str] | None:
    """Return the two places that the region names, if both are known and on either side."""
    asked = region.details.ask if region.details is not None else None
    at = {str(named["place"].iloc[k]): int(places.side[k]) for k in known}
    return asked if asked and {at.get(place) for place in asked} == {0, 1} else None


def _example(
    measured: Measured,
    named: gpd.GeoDataFrame,
    known: Ints,
    days: pd.DataFrame,
    change: Change | None,
) -> tuple[str, str]:
    """Return the two places of :attr:`GateWays.example` where the region names none."""
    side, places = measured.origins.side, named["place"].to_numpy()
    people = pd.to_numeric(named["place"].map(load_places().set_index("place_id")["population"]))
    town = people.notna().to_numpy(dtype=bool)
    if change is not None:
        costs = []
        for day in (change.before, change.after):
            held = days["start"].le(f"{day:%Y-%m-%d}") & days["end"].ge(f"{day:%Y-%m-%d}")
            costs.append(
                measured.best(days[held & days["way"].eq("north") & days["gate"].notna()])[0]
            )
        both = np.isfinite(costs[0]) & np.isfinite(costs[1])
        both &= ((side == 1) & town)[:, None] & ((side == 0) & town)[None, :]
        grown = np.where(both, np.where(both, costs[1], 0) - np.where(both, costs[0], 0), 0)
        a, b = np.unravel_index(int(grown.argmax()), grown.shape)
        if grown[a, b] > 0:
            return str(places[a]), str(places[b])
    largest = [known[side[known] == s] for s in (1, 0)]
    a, b = (of[int(people.iloc[of].fillna(-1).to_numpy(dtype=float).argmax())] for of in largest)
    return str(places[a]), str(places[b])


def _steps(trees: GateTrees, row: Ints) -> tuple[pd.DataFrame, Ints, Ints]:
    """Return every step of the trees, and the tree towards and from each door.

    Where every way back is the way there turned round, the trees from the doors are those
    towards them and stay out; their numbers are then told as ``-1 - tree``.
    """
    doors = trees.gateway.doors
    columns: dict[str, list[Ints]] = {"tree": [], "node": [], "edge": []}
    of_door = {towards: np.full(len(doors), -1, dtype=np.int64) for towards in (True, False)}
    roots: dict[tuple[int, int], tuple[int, bytes]] = {}
    grown, away = 0, dict[int, int]()
    for towards in (True, False):
        for side in (0, 1):
            found, tree = trees.trees(side, towards=towards)
            nodes = np.flatnonzero(trees.halves[side].place >= 0)
            t, at = np.nonzero(found.before != NO_NODE)
            edge = row[found.net.behind(found.before[t, at].astype(np.int64), at)]
            columns["tree"].append(t + grown)
            columns["node"].append(nodes[at])
            columns["edge"].append(edge)
            of_door[towards] = np.where(tree >= 0, tree + grown, of_door[towards])
            for k, root in enumerate(found.root.tolist()):
                steps = (nodes[at][t == k], edge[t == k] ^ (0 if towards else 1))
                told = b"".join(part.tobytes() for part in steps)
                if towards:
                    roots[side, root] = (grown + k, told)
                elif (twin := roots.get((side, root))) is not None and twin[1] == told:
                    away[grown + k] = -1 - twin[0]
            grown += len(found.root)
    whole = {name: np.concatenate(parts).astype(np.int64) for name, parts in columns.items()}
    table = pd.DataFrame(whole)
    table = table[~table["tree"].isin(list(away))]
    back = np.array([away.get(tree, tree) for tree in of_door[False].tolist()], dtype=np.int64)
    return table, of_door[True], back


def _links(roads: Roads, links: pd.DataFrame) -> tuple[pd.DataFrame, Ints]:
    """Return the links as a table, and for each edge its number among their directions."""
    numbers = {str(node): k for k, node in enumerate(roads.node_id.tolist())}
    told = ["ref", "name", "length_m"]

    def keyed(edges: pd.DataFrame) -> list[tuple[Any, ...]]:
        ends = ([str(n) for n in edges.index.get_level_values(k)] for k in ("u", "v"))
        cells = (edges[c].astype(str) if c in edges else [""] * len(edges) for c in told)
        return list(zip(*ends, *cells, strict=True))

    place: dict[tuple[Any, ...], int] = {}
    drawn = keyed(links)
    for k, (u, v, *rest) in enumerate(drawn):
        place.setdefault((u, v, *rest), 2 * k)
        place.setdefault((v, u, *rest), 2 * k + 1)
    row = np.array([place.get(key, -1) for key in keyed(roads.edges)], dtype=np.int64)
    seconds = np.full(2 * len(links), np.nan)
    weights = np.asarray(roads.edge("travel_time_s"), dtype=float)
    seconds[row[row >= 0]] = weights[row >= 0]
    table = {
        "u": [numbers.get(u) for u, *_ in drawn],
        "v": [numbers.get(v) for _, v, *_ in drawn],
        "time_s": seconds[::2],
        "back_time_s": seconds[1::2],
    }
    return pd.DataFrame(table).astype({"u": "Int64", "v": "Int64"}), row


def _places(named: gpd.GeoDataFrame, places: Anchors, known: Ints, row: Ints) -> pd.DataFrame:
    told = [name for name in named.columns if name not in ("side", "geometry")]
    table = pd.DataFrame(named[told]).iloc[known].reset_index(drop=True)
    twice = table["name"].duplicated(keep=False)
    table.loc[twice, "name"] = places.name[known][twice]
    node, edge = places.node[known], places.edge[known, 0]
    return table.assign(
        side=places.side[known].astype(np.int64),
        node=pd.array(np.where(node >= 0, node, 0), dtype="Int64"),
        edge=pd.array(np.where(edge >= 0, row[edge], 0), dtype="Int64"),
        at=places.at[known, 0],
        offset_m=places.offset_m[known].round(),
    ).assign(
        node=lambda t: t["node"].mask(node < 0),
        edge=lambda t: t["edge"].mask(edge < 0),
    )
