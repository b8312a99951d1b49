"""Every meeting place of roads and a border, documented or not. Private to this folder.

Only :mod:`roxham.geo.crossings.find` uses this, and lets out what may be told.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property
from numbers import Real
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from roxham.geo._types import Floats, Ints
from roxham.geo.border.lines import BorderLine
from roxham.geo.border.open_guard import refuse_meeting_there
from roxham.geo.errors import DataError, shown
from roxham.geo.geometry.geodesic import ahead_of, back
from roxham.geo.geometry.proximity import pairs_between
from roxham.geo.network.roads import Roads, require_plain
from roxham.geo.tables.ids import spot_id

from .cluster import places_of
from .cut import Cut, cut_roads, tied
from .dead_ends import DeadEnds, dead_end_pairs
from .road_names import BESIDE_M, CLOSURES, SHUT, EdgeEnd, RoadNames
from .sites import port_points
from .vouched import require_vouched

__all__ = ["Places", "find_places"]


Match = dict[int, tuple[int, float]]


@dataclass(frozen=True, eq=False, repr=False)
class Places:
    """Crossings first, numbered from 0, then dead-end pairs.

    It is shown as a count, and refuses to be saved.

    Attributes
    ----------
    cut, pairs, line
        The network cut at every crossing; facing dead ends; the border.
    place
        Number of the crossing at each border node of ``cut``.
    crossings
        How many crossings there are.
    ports
        Documented places: ``port_id, kind, name, lon, lat, source_url``.
    vouched
        Ids of the ports that only their source and the caller's name vouch for.
    match
        Row of ``ports`` and distance in metres, for the documented ones.
    """

    cut: Cut
    pairs: DeadEnds
    line: BorderLine
    place: Ints
    crossings: int
    ports: pd.DataFrame
    match: Match
    vouched: list[str]

    def __repr__(self) -> str:
        return f"<Places: {self.size}>"  # how many, never where

    def __reduce__(self) -> Any:
        raise TypeError("undocumented places are never saved")

    @property
    def size(self) -> int:
        """How many places there are."""
        return self.crossings + len(self.pairs)

    @property
    def unlisted(self) -> int:
        """How many of them are told nowhere."""
        return self.size - len(self._listed)

    @property
    def walls(self) -> Ints:
        """Nodes of ``cut.roads`` at places that may not be told; what leads there goes too."""
        untold = ~np.isin(self.crossings + np.arange(len(self.pairs)), self._listed)
        at_border = self.cut.node[~np.isin(self.place, self._listed)]
        return np.concatenate([at_border, self.pairs.a[untold], self.pairs.b[untold]])

    @cached_property
    def _listed(self) -> list[int]:
        return [k for k in range(self.size) if k in self.match or not self.line.controlled]

    def records(self) -> list[dict[str, Any]]:
        """Return the places that may be told as plain values, from west to east."""
        return list(self._told.values())

    def told_nodes(self) -> dict[int, str]:
        """Return the crossing id of each node at a place that may be told."""
        pair = self.crossings + np.arange(len(self.pairs))
        node = np.concatenate([self.cut.node, self.pairs.a, self.pairs.b])
        place = np.concatenate([self.place, pair, pair])
        told = self._told
        at = zip(node.tolist(), place.tolist(), strict=True)
        return {int(n): told[k]["crossing_id"] for n, k in at if k in told}

    @cached_property
    def _told(self) -> dict[int, dict[str, Any]]:
        names = RoadNames(self.cut.roads, self.cut.approach)
        ends, (lon, lat) = self._ends(), self._middles()
        found = {k: self._record(k, float(lon[k]), float(lat[k]), ends[k], names)
                 for k in self._listed}  # fmt: skip
        # from west to east, over 180° too
        ordered = sorted(found.items(), key=lambda item: (float(lon[item[0]]), item[1]["lat"]))
        seen: dict[str, int] = {}
        for _, record in ordered:
            name = record["crossing_id"]
            seen[name] = seen.get(name, 0) + 1
            if seen[name] > 1:
                record["crossing_id"] = f"{name}-{seen[name]}"
        return dict(ordered)

    def _record(
        self, k: int, lon: float, lat: float, ends: list[EdgeEnd], names: RoadNames
    ) -> dict[str, Any]:
        crossing = k < self.crossings
        lon = float(back(np.array(lon)))
        first = self.line.left == 0
        sides = [[end for end in ends if end.left is left] for left in (first, not first)]
        roads = [names.label(side) for side in sides]
        row, metres = self.match.get(k, (None, None))
        kind = "unmatched" if crossing else "dead_end_pair"
        name, port = JOINED.join(dict.fromkeys(filter(None, roads))) or None, None
        if row is not None:
            documented = self._documented[row]
            port = str(documented["port_id"])
            name = name if pd.isna(documented["name"]) else str(documented["name"])
            if crossing or documented["kind"] == "former_port":
                kind = str(documented["kind"])
        return {
            "crossing_id": port or spot_id(lat, lon),
            "kind": kind,
            "name": name,
            "lon": round(lon, 6),
            "lat": round(lat, 6),
            "roads": roads,
            "refs": names.refs(ends),
            "class": names.highest(ends),
            **{tag: self._said(tag, k, ends, names) for tag in CLOSURES},
            "unsure": ", ".join(names.unsure(ends)) or None,
            "closed": any(
                bool(side) and all(self._is_closed(end, names) for end in side) for side in sides
            ),
            "port": port,
            "port_distance_m": None if metres is None else round(metres, 1),
            "gap_m": None if crossing else round(float(self.pairs.gap_m[k - self.crossings]), 1),
        }

    def _said(self, tag: str, k: int, ends: list[EdgeEnd], names: RoadNames) -> str | None:
        """Return what roads and nodes at a place say of who or what may pass there."""
        found = [value for end in ends for value in names.closures(end, tag)[0]]
        nodes = set(self._nodes[k]).union(*map(self._nodes_at, ends))
        return JOINED.join(dict.fromkeys([*found, *self._of_nodes(tag, nodes)])) or None

    def _is_closed(self, end: EdgeEnd, names: RoadNames) -> bool:
        """Whether no car passes at an edge end, as far as is known."""
        return any(
            value in SHUT[tag]
            for tag in CLOSURES
            for value in [*names.closures(end, tag)[0], *self._of_nodes(tag, self._nodes_at(end))]
        )

    def _nodes_at(self, end: EdgeEnd) -> set[int]:
        """Return the node at the border, and the other where the edge is short."""
        pair = int(self.cut.roads.u[end.edge]), int(self.cut.roads.v[end.edge])
        # a gate stands beside the line as often as on it
        return set(pair) if self.cut.roads.length_m[end.edge] <= BESIDE_M else {pair[end.arrives]}

    def _of_nodes(self, tag: str, nodes: set[int]) -> list[str]:
        return [str(v) for v in map(self._node_tags[tag].get, sorted(nodes)) if v is not None]

    @cached_property
    def _nodes(self) -> list[list[int]]:
        """The nodes at each place."""
        found: list[list[int]] = [[] for _ in range(self.crossings)]
        for node, k in zip(self.cut.node.tolist(), self.place.tolist(), strict=True):
            found[k].append(node)
        return found + [list(pair) for pair in zip(self.pairs.a, self.pairs.b, strict=True)]

    @cached_property
    def _node_tags(self) -> dict[str, dict[int, Any]]:
        """What nodes say, by tag and node."""
        roads = self.cut.roads
        there = {tag: roads.node(tag).tolist() for tag in CLOSURES if tag in roads.node_columns}
        return {tag: dict(enumerate(there.get(tag, []))) for tag in CLOSURES}

    @cached_property
    def _documented(self) -> list[dict[Hashable, Any]]:
        return self.ports.to_dict("records")

    @property
    def at(self) -> tuple[Floats, Floats]:
        """Longitude and latitude of every border node and of the middle of each gap."""
        roads, nodes = self.cut.roads, self.cut.node
        return (
            np.concatenate([roads.x[nodes], self.pairs.x]),
            np.concatenate([roads.y[nodes], self.pairs.y]),
        )

    def _middles(self) -> tuple[Floats, Floats]:
        """Return longitude and latitude of each place; of a crossing its middle border node."""
        nodes = self.cut.node
        at = np.stack([self.cut.roads.x[nodes], self.cut.roads.y[nodes]])
        order = np.argsort(self.place, kind="stable")
        at, place = at[:, order], self.place[order]
        first = np.searchsorted(place, np.arange(self.crossings))
        mean = np.add.reduceat(at, first, axis=1) / np.bincount(place, minlength=self.crossings)
        away = ((at - mean[:, place]) ** 2).sum(axis=0)
        middle = at[:, np.lexsort((away, place))[first]]  # of two as near, the first
        lon, lat = np.concatenate([middle, [self.pairs.x, self.pairs.y]], axis=1)
        return lon, lat

    def _ends(self) -> list[list[EdgeEnd]]:
        """Return the edge ends at each place, without those that run along the border."""
        found: list[list[EdgeEnd]] = [[] for _ in range(self.size)]
        at = self.cut.approach[self.cut.approach["sector"] != 0]
        left = at["left"].astype(object).where(at["left"].notna(), None)
        columns = (at["edge"], at["arrives"], left, at["parted"])
        rows = zip(*(column.tolist() for column in columns), strict=True)
        for k, row in zip(self.place[at["node"]].tolist(), rows, strict=True):
            found[k].append(EdgeEnd(*row))
        for k, end in self._pair_ends():
            found[k].append(end)
        return found

    def _pair_ends(self) -> Iterator[tuple[int, EdgeEnd]]:
        roads, pairs = self.cut.roads, self.pairs
        for nodes, left in ((pairs.a, True), (pairs.b, False)):
            pair = np.full(roads.node_count, -1)
            pair[nodes] = np.arange(len(nodes))
            for ends, arrives in ((roads.u, False), (roads.v, True)):
                for edge in np.flatnonzero(pair[ends] >= 0).tolist():
                    k = self.crossings + int(pair[ends[edge]])
                    yield k, EdgeEnd(edge, arrives, left, False)


JOINED = " / "
FARTHEST_M = 1000.0
"""On a controlled border no crossing is matched with a port farther off."""
WIDEST_M = 250.0
"""On a controlled border carriageways so far apart are no one crossing."""


def find_places(
    roads: Roads,
    line: BorderLine,
    ports: gpd.GeoDataFrame | pd.DataFrame | None,
    cluster_m: float,
    max_gap_m: float,
    port_within_m: float,
    by: str | None,
) -> Places:
    """Find every crossing and every pair of dead ends, and match them with ports."""
    _require_metres(cluster_m=cluster_m, max_gap_m=max_gap_m, port_within_m=port_within_m)
    require_plain(roads)
    _require_overlap(roads, line)
    if line.controlled and port_within_m > FARTHEST_M:
        raise DataError(
            f"port_within_m: {port_within_m:g} m is too far on a controlled border: a port would "
            f"name another place. Give at most {FARTHEST_M:g}."
        )
    if line.controlled and cluster_m > WIDEST_M:
        raise DataError(
            f"cluster_m: {cluster_m:g} m is too wide on a controlled border: roads far from a "
            f"documented place would be told as part of it. Give at most {WIDEST_M:g}."
        )
    documented = port_points(ports)
    if max(line.coords[:, 0].max(initial=0), roads.coords[:, 0].max(initial=0)) > 180:
        documented = documented.assign(lon=ahead_of(documented["lon"].to_numpy(dtype=float)))
    _require_order(documented, roads)
    vouched = require_vouched(documented, line, by)
    roads = tied(roads)  # dead ends, too, are where their nodes are
    cut = cut_roads(roads, line)
    pairs = dead_end_pairs(roads, line.coords, line.offsets, max_gap_m=max_gap_m)
    place, crossings = places_of(cut, cluster_m)
    match = _match(cut, place, pairs, crossings, documented, port_within_m)
    places = Places(cut, pairs, line, place, crossings, documented, match, vouched)
    if not line.controlled:
        refuse_meeting_there(*places.at)
    return places


def _require_metres(**given: float) -> None:
    for name, metres in given.items():
        if not (isinstance(metres, Real) and metres >= 0):
            raise DataError(f"{name}: {shown(metres)} is not a distance. Give metres from 0.")


def _require_order(ports: pd.DataFrame, roads: Roads) -> None:
    """Refuse ports that lie among the roads only with their axes exchanged."""
    west, south, east, north = roads.bounds
    lon, lat = ports["lon"], ports["lat"]
    swapped = lat.between(west, east) & lon.between(south, north)
    if swapped.any() and not (lon.between(west, east) & lat.between(south, north)).any():
        one = shown(ports["port_id"][swapped].iloc[0])
        raise DataError(
            f"ports: lie among the roads only with axes swapped, {one} is one. "
            "Give longitude first."
        )


def _require_overlap(roads: Roads, line: BorderLine) -> None:
    if not roads.node_count:
        raise DataError(
            "roads: the network is empty. Check the area and the modes it was read with."
        )
    west, south, east, north = roads.bounds
    (left, low), (right, high) = line.coords.min(axis=0), line.coords.max(axis=0)
    if west > right or east < left or south > high or north < low:
        raise DataError(
            f"roads and border lie apart: roads from {west:.2f}, {south:.2f} to {east:.2f}, "
            f"{north:.2f}, border from {left:.2f}, {low:.2f} to {right:.2f}, {high:.2f}. "
            f"Check that both are longitude first and of one area.{_rings(roads)}"
        )


def _rings(roads: Roads) -> str:
    """Return what is to be said of roads that were left out."""
    count = roads.meta.get("rings")
    said = f" Isolated rings of road ({count}) were left out: rings=True, --rings keep them."
    return said if count else ""


def _match(
    cut: Cut, place: Ints, pairs: DeadEnds, crossings: int, ports: pd.DataFrame, reach_m: float
) -> Match:
    """Return the documented place of each crossing or pair, nearest first, each once."""
    nodes = cut.node
    lon = np.concatenate([cut.roads.x[nodes], pairs.x])
    lat = np.concatenate([cut.roads.y[nodes], pairs.y])
    number = np.concatenate([place, crossings + np.arange(len(pairs))])
    at = ports["lon"].to_numpy(dtype=float), ports["lat"].to_numpy(dtype=float)
    i, row, metres = pairs_between(lon, lat, *at, reach_m)
    # an open port has a road through it: a gap is never one
    fits = (number[i] < crossings) | (ports["kind"].to_numpy()[row] != "port_of_entry")
    near = pd.DataFrame({"place": number[i], "row": row, "metres": metres})[fits]
    near = near.assign(port_id=ports["port_id"].to_numpy()[near["row"]])
    match: Match = {}
    used: set[int] = set()
    for one in near.sort_values(["metres", "port_id", "place"]).itertuples():
        if one.place not in match and one.row not in used:
            match[int(one.place)] = (int(one.row), float(one.metres))
            used.add(int(one.row))
    return match
