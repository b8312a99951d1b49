"""The border as a wall with gates: which edge lies on which side, and the doors between.

A door leads from a node on one side to a node on the other. At a port of entry it is
the node on the line, or the road that joins the sides; at the documented site it is
the walk from one dead end to the other. There is no other way over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from roxham.geo._types import Bools, Floats, Ints, Objects
from roxham.geo.border.border import Border, load_border
from roxham.geo.border.open_guard import reached
from roxham.geo.columns import Ragged, ends
from roxham.geo.crossings.dead_ends import dead_ends
from roxham.geo.crossings.road_names import SHUT
from roxham.geo.crossings.vouched import require_documented
from roxham.geo.crs import WGS84, require_wgs84
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.geometry.distance import great_circle_m
from roxham.geo.geometry.geodesic import lies_within
from roxham.geo.geometry.proximity import pairs_between
from roxham.geo.network.graph import dijkstra
from roxham.geo.network.parts import twins
from roxham.geo.network.roads import Roads
from roxham.geo.network.speeds import WALK_KMH, Along
from roxham.geo.region import Region, active_region
from roxham.geo.region.study_area import side_columns

from .snap import Snap, Snapper

__all__ = ["WALK_KMH", "Doors", "Gateway", "is_open", "road_gates"]

Sides = NDArray[np.int8]

BOTH, NOWHERE = 2, -1
"""Side of a node on the line, and of what lies on no side."""

MAX_GAP_M = 150.0
"""Widest gap between two dead ends that is walked."""

CUT = "Cut them with cut_at_border first."

NO_GATES = pd.DataFrame({"gate": pd.Series(dtype="string")})

TWINS_M = 30.0
"""Roads over the line at most so much farther from a gate than the nearest are its, too."""


@dataclass(frozen=True, eq=False)
class Doors:
    """Ways from one side to the other, each in one direction.

    Attributes
    ----------
    gate
        Row of the frame of gates.
    tail, head
        Nodes from and to which it leads; the same for a node on the line.
    side
        Number of the side that is left.
    edges
        Edges driven between the two, none at a node on the line.
    share
        How much of the way, 0 to 1, lies on the side that is left.
    walk_m
        Metres on foot; 0 where one drives.
    """

    gate: Ints
    tail: Ints
    head: Ints
    side: Sides
    edges: list[tuple[int, ...]]
    share: Floats
    walk_m: Floats

    def __len__(self) -> int:
        return len(self.gate)

    def cost(self, weights: Floats, *, walk: float) -> Floats:
        """Return the cost of each door: of its edges, and ``walk`` for each metre on foot."""
        driven = [float(weights[list(edges)].sum()) for edges in self.edges]
        return np.array(driven, dtype=float) + self.walk_m * walk


Door = tuple[int, int, int, int, tuple[int, ...], float, float]


class Gateway:
    """A network with a wall, and gates in it.

    Parameters
    ----------
    roads
        With the node column ``side``: a network that :func:`cut_at_border` has cut,
        the corridor, or one of your own. A node on the line has side ``border`` or null.
        An edge that joins the sides is part of the wall unless a gate stands on it.
        Without gates also any network that reaches no controlled border: all of it then
        lies on one side.
    gates
        Where one may pass, if anywhere, EPSG:4326: ``gate`` or ``port_id`` (unique), ``geometry``
        or ``lon, lat``, and if known ``gate_kind`` or ``kind``, ``mode`` (drive or walk;
        walk at an irregular_site) and ``direction`` (north, south or both; north is
        towards the first side). None by default; on a network that was cut at an open border
        every road over it, see :func:`road_gates`.
    within_m
        A gate is attached to the network within so many metres.

    Raises
    ------
    DataError
        If the sides are not known, the gates cannot be used, none of them is anywhere near the
        network, or one of an open border reaches a border that always is controlled.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph([("s", "n"), ("n", "s")], crs="EPSG:4326")
    >>> graph.nodes["s"].update(x=0.0, y=44.99, side="US")
    >>> graph.nodes["n"].update(x=0.0, y=45.01, side="CA")
    >>> port = gpd.GeoDataFrame({"gate": ["p"]}, geometry=gpd.points_from_xy([0], [45]), crs=4326)
    >>> Gateway(Roads.from_networkx(graph), port)
    <Gateway: 2 doors of 1 gates>
    """

    def __init__(
        self,
        roads: Roads,
        gates: gpd.GeoDataFrame | pd.DataFrame | None = None,
        *,
        within_m: float = 500.0,
    ) -> None:
        self.roads, self.within_m, self.open = roads, within_m, is_open(roads)
        if self.open:
            require_apart(roads, "Leave out what lies beside it, or cut them there.")
        if gates is None:
            gates = road_gates(roads) if self.open else NO_GATES
        self.gates: Any = gate_rows(gates)
        self.divided = "side" in self.roads.node_columns
        if self.divided and "border" not in roads.meta:
            known = pd.Series(_gate_ids(roads)).dropna()
            require_documented(_with_sources(self.gates, gates)[~self.gates["gate"].isin(known)])
        if self.divided or len(self.gates):
            self.sides, self.node_side = node_sides(self.roads)
        else:
            self.sides, self.node_side = one_side(self.roads)
        sides = edge_sides(self.roads, self.node_side, self.sides)
        # a road that is closed to all leads nowhere, like the wall
        self.edge_side = np.where(may_drive(self.roads), sides, NOWHERE).astype(np.int8)
        self.reason: list[str | None] = [None] * len(self.gates)
        self.doors = self._doors()
        if len(self.gates) and all(self.reason):
            raise DataError(
                f"gates: none is on this network; the first, {shown(self.gates['gate'].iloc[0])}: "
                f"{self.reason[0]}. Check that both are of one area."
            )
        self._snappers: dict[int, Snapper] = {}
        self._along: dict[str, Along] = {}

    def __repr__(self) -> str:
        return f"<Gateway: {len(self.doors)} doors of {len(self.gates)} gates>"

    @property
    def side_names(self) -> tuple[str, str]:
        """What the sides are called in names of columns: ``ca, us``, else ``a, b``."""
        return side_columns(self.sides)

    def snapper(self, side: int) -> Snapper:
        """Return a snapper to the roads of one side, or to all that one may drive on."""
        if side not in self._snappers:
            on_side = self.edge_side >= 0 if side == BOTH else self.edge_side == side
            self._snappers[side] = Snapper(self.roads, usable=on_side)
        return self._snappers[side]

    def snap(self, side: int, lon: float, lat: float, *, within_m: float) -> Snap:
        """Return the nearest place on the roads of one side, or on all that one may drive on.

        Raises
        ------
        DataError
            If there is none within so many metres.
        """
        try:
            return self.snapper(side).snap(lon, lat, within_m=within_m)
        except DataError as error:
            outside = self.roads.meta.get("border", {}).get("outside", 0)
            if not outside:
                raise
            raise DataError(
                f"{error} Or widen the bounds of the region, and its border: {outside} edges "
                "that leave them were left out."
            ) from None

    def along(self, weight: str) -> Along:
        """Return how a weight is spread along the edges."""
        if weight not in self._along:
            self._along[weight] = Along(self.roads, weight)
        return self._along[weight]

    @cached_property
    def leaving(self) -> Ragged:
        """The edges that leave each node."""
        sizes = np.bincount(self.roads.u, minlength=self.roads.node_count)
        return Ragged(ends(sizes), np.argsort(self.roads.u, kind="stable"))

    def twins(self, edges: Ints) -> Ints:
        """Return the other direction of each edge; see :func:`~roxham.geo.pieces.twins`."""
        return twins(self.roads, edges, self.leaving)

    def _doors(self) -> Doors:
        found: list[Door] = []
        ids = pd.Series(_gate_ids(self.roads))
        there = ids[ids.isin(self.gates["gate"])]
        nodes_of = there.groupby(there).indices
        none = np.empty(0, dtype=np.int64)
        for row, gate in enumerate(_records(self.gates)):
            nodes = there.index.to_numpy()[nodes_of.get(gate.gate, none)]
            doors: list[Door] = []
            if gate.mode == "walk":
                pair = self._dead_ends(nodes, gate.lon, gate.lat)
                doors = self._walk(row, pair, gate.lon, gate.lat)
                if not doors:
                    self.reason[row] = "no two dead ends of this network face each other there"
            else:
                on_line = nodes[self.node_side[nodes] == BOTH]
                doors = self._at_line(row, on_line) if len(on_line) else []
                doors = doors or self._over(row, gate.lon, gate.lat)
                if not doors:
                    self.reason[row] = (
                        f"no road of this network goes over the border within {self.within_m:g} m"
                    )
            found += [d for d in doors if gate.direction in ("both", ("south", "north")[d[3]])]
        columns: list[list[Any]] = [list(c) for c in zip(*found, strict=True)] or [
            [] for _ in "1234567"
        ]
        gate_, tail, head, side = (np.array(c, dtype=np.int64) for c in columns[:4])
        share, walk = (np.array(c, dtype=float) for c in columns[5:])
        return Doors(gate_, tail, head, side.astype(np.int8), columns[4], share, walk)

    def _at_line(self, row: int, nodes: Ints) -> list[Door]:
        """Return doors at nodes on the line, and between those that a road along it joins."""
        doors: list[Door] = [
            (row, n, n, side, (), 0.5, 0.0) for n in nodes.tolist() for side in (0, 1)
        ]
        if self.open:  # each piece of such a road lies on a side of its own
            return doors
        along = self._along_line
        along = along[np.isin(self.roads.u[along], nodes) & np.isin(self.roads.v[along], nodes)]
        if not len(along):
            return doors
        inside = np.zeros(self.roads.edge_count, dtype=bool)
        inside[along] = True
        # a road that weaves over the line within one gate: its pieces lie on no one side
        ways: dict[tuple[int, int, tuple[int, ...]], None] = {}
        for weight in ("length_m", "travel_time_s"):  # the shortest way need not be the quickest
            if weight not in ("length_m", *self.roads.edge_columns):
                continue
            known = inside & np.isfinite(np.asarray(self.roads.edge(weight), dtype=float))
            net = self.roads.csr(weight, open_edges=known)
            cost, before = dijkstra(net.matrix, indices=nodes, return_predecessors=True)
            for i, start in enumerate(nodes.tolist()):
                for end in nodes[(nodes != start) & np.isfinite(cost[i, nodes])].tolist():
                    ways[start, end, tuple(net.path(before[i], end)[::-1])] = None
        for start, end, edges in ways:
            doors += [(row, start, end, side, edges, 0.5, 0.0) for side in (0, 1)]
        return doors

    @cached_property
    def _along_line(self) -> Ints:
        """Edges with both ends on the line."""
        on_line = self.node_side == BOTH
        return np.flatnonzero(on_line[self.roads.u] & on_line[self.roads.v] & may_drive(self.roads))

    def _over(self, row: int, lon: float, lat: float) -> list[Door]:
        """Return doors on roads that join the sides, where nodes do not stand on the line."""
        a, b = self.node_side[self.roads.u], self.node_side[self.roads.v]
        over = np.isin(a, (0, 1)) & np.isin(b, (0, 1)) & (a != b) & may_drive(self.roads)
        if not over.any() or np.isnan(lon):
            return []
        doors: list[Door] = []
        left, nearest = over.copy(), self.within_m
        while left.any():
            try:
                found = Snapper(self.roads, usable=left).snap(lon, lat, within_m=nearest)
            except DataError:
                break
            if not doors:
                nearest = min(self.within_m, found.offset_m + TWINS_M)
            e = found.edge
            doors.append(
                (
                    row,
                    int(self.roads.u[e]),
                    int(self.roads.v[e]),
                    int(a[e]),
                    (e,),
                    found.fraction,
                    0.0,
                )
            )
            left[e] = False
        return doors

    def _dead_ends(self, nodes: Ints, lon: float, lat: float) -> tuple[int, int] | None:
        """Return the two dead ends at a site, that of the first side first."""
        if not len(nodes) and not np.isnan(lon) and "border" not in self.roads.meta:
            drivable = self.roads.take_edges(self.edge_side >= 0, drop_nodes=False)
            ends_ = dead_ends(drivable)
            at = self.roads.x[ends_], self.roads.y[ends_]
            near, _, _ = pairs_between(*at, np.array([lon]), np.array([lat]), self.within_m)
            nodes = ends_[near]
        first, second = (nodes[self.node_side[nodes] == side] for side in (0, 1))
        pairs = [(self._gap(int(i), int(j)), int(i), int(j)) for i in first for j in second]
        best = min(pairs, default=(np.inf, -1, -1))
        return best[1:] if best[0] <= MAX_GAP_M else None

    def _gap(self, i: int, j: int) -> float:
        x, y = self.roads.x[[i, j]], self.roads.y[[i, j]]
        return float(great_circle_m(x[:1], y[:1], x[1:], y[1:])[0])

    def _walk(self, row: int, pair: tuple[int, int] | None, lon: float, lat: float) -> list[Door]:
        """Return the walk between two dead ends, in both directions."""
        if pair is None:
            return []
        i, j = pair
        for told in self.roads.meta.get("border", {}).get("crossings", ()):
            if told["crossing_id"] == self.gates["gate"].iloc[row]:
                lon, lat = told["lon"], told["lat"]
        # where the site stands, on the line, seen along the walk
        squeeze = np.cos(np.deg2rad(self.roads.y[i])), 1.0
        leg = shapely.LineString(
            [np.multiply((self.roads.x[n], self.roads.y[n]), squeeze) for n in pair]
        )
        place = shapely.Point(np.multiply((lon, lat), squeeze))
        share = 0.5 if np.isnan(lon) else float(leg.project(place, normalized=True))
        metres = self._gap(i, j)
        return [(row, i, j, 0, (), share, metres), (row, j, i, 1, (), 1 - share, metres)]


class _Gate(NamedTuple):
    """A row of gates."""

    gate: str
    gate_kind: str
    mode: str
    direction: str
    on: str | None
    lon: float
    lat: float


def _records(gates: pd.DataFrame) -> Iterator[_Gate]:
    return (_Gate(*row) for row in gates[list(_Gate._fields)].itertuples(index=False))


def is_open(roads: Roads) -> bool:
    """Whether a network was cut at a border that is not controlled, or is of a region of one."""
    return roads.meta.get("border", roads.meta).get("controlled") is False


def road_gates(roads: Roads) -> gpd.GeoDataFrame:
    """Return the roads over the open border at which a network was cut, each as a gate.

    A gap between two dead ends is no road, and a road that is closed to all or blocked leads
    nowhere: they are none. On a controlled border there is none.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326: ``gate`` (the id of the crossing), ``name`` (of the road), ``gate_kind``
        (crossing), ``port`` (the port it was found to be), ``lon, lat, geometry``.
    """
    told = roads.meta.get("border", {}).get("crossings", []) if is_open(roads) else []
    rows = [
        {
            "gate": row["crossing_id"],
            "name": row["name"],
            "gate_kind": "crossing",
            **{name: row[name] for name in ("port", "lon", "lat")},
        }
        for row in told
        if row["gap_m"] is None and not _is_closed(row)
    ]
    columns = dict.fromkeys(("gate", "name", "gate_kind", "port"), "string")
    table = pd.DataFrame(rows, columns=[*columns, "lon", "lat"])
    table = table.astype(columns | {"lon": float, "lat": float})
    points = gpd.points_from_xy(table["lon"], table["lat"])
    return gpd.GeoDataFrame(table, geometry=points, crs=WGS84)


def _is_closed(told: Mapping[str, Any]) -> bool:
    """Whether no car passes a crossing; in files of before its marks alone say so."""
    return bool(told.get("closed", any(told[tag] in values for tag, values in SHUT.items())))


def _with_sources(rows: pd.DataFrame, gates: pd.DataFrame) -> pd.DataFrame:
    """Return gates with the pages where they are public, if these are given."""
    if "source_url" not in gates:
        return rows
    return rows.assign(source_url=pd.Series(gates["source_url"].tolist(), dtype="string"))


def gate_rows(gates: gpd.GeoDataFrame | pd.DataFrame) -> pd.DataFrame:
    """Return gates as rows with ``gate, gate_kind, mode, direction, on, lon, lat``."""
    rows = pd.DataFrame(index=range(len(gates)))
    for name, others in (("gate", ("port_id",)), ("gate_kind", ("kind",))):
        given = next((c for c in (name, *others) if c in gates), None)
        if given is None and name == "gate":
            raise DataError("gates: have no column gate or port_id. Give each gate its id.")
        values = ["port_of_entry"] * len(gates) if given is None else gates[given].tolist()
        rows[name] = pd.Series(values, index=rows.index, dtype="string")
    if rows["gate"].isna().any() or rows["gate"].duplicated().any():
        raise DataError("gates: their ids are not unique, or null. Give each gate one of its own.")
    rows["gate_kind"] = rows["gate_kind"].fillna("port_of_entry")
    on_foot = rows["gate_kind"].eq("irregular_site")
    usual: dict[str, Any] = {
        "mode": np.where(on_foot, "walk", "drive"),
        "direction": "both",
        "on": None,
    }
    choices = {"mode": ("drive", "walk"), "direction": ("north", "south", "both")}
    for name, value in usual.items():
        cells = gates[name].tolist() if name in gates else value
        rows[name] = pd.Series(cells, index=rows.index, dtype="string")
        wrong = (
            ~rows[name].isin(choices.get(name, ())) if name in choices else pd.Series(dtype=bool)
        )
        if wrong.any():
            found = shown(rows.loc[wrong, name].iloc[0])
            raise DataError(f"gates: {name} {found} is not one of {', '.join(choices[name])}.")
    if (on_foot & (rows["mode"] != "walk")).any():
        raise DataError("gates: an irregular_site is crossed on foot only. Set its mode to walk.")
    if isinstance(gates, gpd.GeoDataFrame):
        points = require_wgs84(gates, "gates").geometry
        rows["lon"], rows["lat"] = points.x.to_numpy(), points.y.to_numpy()
    else:
        for name in ("lon", "lat"):
            known = name in gates
            rows[name] = gates[name].to_numpy(dtype=float, na_value=np.nan) if known else np.nan
    return rows


def node_sides(roads: Roads) -> tuple[tuple[str, str], Sides]:
    """Return the names of the two sides, and 0, 1 or 2 (on the line) for each node.

    Raises
    ------
    DataError
        If nodes have no column ``side``, or not two sides.
    """
    if "side" not in roads.node_columns:
        raise DataError(f"roads: do not know their sides. {CUT}")
    values = roads.node("side")
    on_line = np.array([v is None or v != v or v == "border" for v in values.tolist()], dtype=bool)
    found = sorted({str(v) for v in values[~on_line].tolist()})
    told = roads.meta.get("border", {}).get("sides") or roads.meta.get("sides")
    usual = active_region().sides
    sides = tuple(told or (usual if set(found) <= set(usual) else found))
    if not found or len(sides) != 2 or not set(found) <= set(sides):
        raise DataError(f"roads: two sides are needed, found {shown(', '.join(found)) or 'none'}.")
    node_side = np.full(roads.node_count, BOTH, dtype=np.int8)
    for number, name in enumerate(sides):
        node_side[(values == name) & ~on_line] = number
    return (str(sides[0]), str(sides[1])), node_side


def one_side(roads: Roads) -> tuple[tuple[str, str], Sides]:
    """Return names of sides and those of nodes for a network that no border divides.

    Raises
    ------
    DataError
        If it reaches a controlled border, or lies on both sides of that of the region at work,
        where that is controlled: it must be cut there first.
    """
    require_apart(roads, CUT)
    require_one_side(roads, active_region())
    return ("a", "b"), np.zeros(roads.node_count, dtype=np.int8)


def require_apart(roads: Roads, remedy: str) -> None:
    """Refuse roads that reach a controlled border and do not know their sides there."""
    if (name := reached(roads.coords, roads.offsets)) is not None:
        found = f"reach {name}, which is controlled, and do not know their sides."
        raise DataError(Fault("roads", found, remedy))


def require_one_side(roads: Roads, over: Border | Region | None) -> None:
    """Refuse roads on both sides of a controlled border that do not know which is which.

    Parameters
    ----------
    roads
        A network that no border divides.
    over
        A border, or a region, of which the border is meant if it has one.
    """
    region = over.region if isinstance(over, Border) else over
    if region is None or not region.controlled:
        return
    lon, lat = roads.coords.T
    inside = lies_within(region.bounds, lon, lat)
    if not inside.any() or (over is region and region.file("border") is None):
        return
    border = over if isinstance(over, Border) else load_border(region)
    points = gpd.GeoSeries.from_xy(lon[inside], lat[inside], crs=WGS84)
    if set(region.sides) <= set(border.side_of(points)):
        sides = " and ".join(region.sides)
        raise DataError(Fault("roads", f"lie in {sides} and do not know which is where.", CUT))


def edge_sides(roads: Roads, node_side: Sides, sides: tuple[str, str]) -> Sides:
    """Return the side of each edge; -1 is wall: it joins the sides, or lies on the line.

    A road from the line to the line is no wall where its column ``side`` has a side; on an open
    border that may be ``jurisdiction``.
    """
    a, b = node_side[roads.u], node_side[roads.v]
    side = np.minimum(a, b)
    wall = ((a != b) & (np.maximum(a, b) != BOTH)) | (side == BOTH)
    names = ("side", "jurisdiction") if is_open(roads) else ("side",)
    column = next((c for c in names if c in roads.edge_columns), None)
    if column is not None:
        told = roads.edge(column)
        for number, name in enumerate(sides):
            known = (side == BOTH) & (told == name)
            side[known], wall[known] = number, False
    side[wall] = NOWHERE
    return side.astype(np.int8)


def may_drive(roads: Roads) -> Bools:
    """Return the edges that are not closed to all: the drawn gap of the corridor is.

    One that was merged of several ways is closed where one of these is.
    """
    if "access" not in roads.edge_columns:
        return np.ones(roads.edge_count, dtype=bool)
    told = roads.edge("access").tolist()
    closed: Bools = np.array(["no" in v if isinstance(v, list) else v == "no" for v in told])
    return ~closed


def _gate_ids(roads: Roads) -> Objects:
    """Return the id of the gate or crossing at each node, null at most."""
    for name in ("crossing_id", "port_id"):
        if name in roads.node_columns:
            return roads.node(name)
    return np.full(roads.node_count, None, dtype=object)
