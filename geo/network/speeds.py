"""Speeds and travel times: what is posted, else what the law of the place says; on foot one speed.

A posted limit counts for the part of an edge that carries it: an edge merged of
a 90 and a 50 km/h way takes the time of both. The rest of it takes the statutory
default of its jurisdiction for the class that each part has, or a usual driving speed where
that is not known, and the edge then says ``assumed``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from roxham.geo._types import Bools, Floats, Ints, Objects
from roxham.geo.arguments import checked
from roxham.geo.columns import Coded, decode
from roxham.geo.errors import DataError
from roxham.geo.tables.bundled import read_shipped
from roxham.geo.tables.contract import SOURCE, Column, Contract

from .parts import (
    ROAD_PARTS,
    Stretch,
    both_ways,
    read_stretches,
    stretch_metres,
    stretches_text,
)
from .roads import Roads

__all__ = [
    "WALK_KMH",
    "Along",
    "Pace",
    "ferries",
    "is_ferry",
    "parse_duration",
    "parse_speed",
    "posted_speeds",
    "speed_defaults",
    "with_pace",
    "with_speeds",
]


UNITS = {"": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344, "knots": 1.852}
SPEED = re.compile(r"(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph|knots|)", re.IGNORECASE)
ISO_TIME = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")
ZONE = re.compile(r"([A-Z]{2}(?:-[A-Z]{2})?):(?:zone:?)?(\w+)")
FASTEST = 200.0
"""km/h above which a posted value is taken for a slip of the keyboard."""

WALK = 5.0
"""km/h of ``maxspeed=walk``."""

Pace = Literal["walk", "bike"]

WALK_KMH, BIKE_KMH = 4.8, 15.0
"""Walking: 3 miles an hour, a usual figure for adults. Cycling: a usual one in towns."""

KMH: Mapping[str, float] = {"walk": WALK_KMH, "bike": BIKE_KMH}

URBAN = frozenset({"residential", "living_street", "service"})
SLOW = frozenset({"living_street", "service"})
"""Classes on which nobody drives at the statutory limit."""

UNPAVED = frozenset(
    {"unpaved", "gravel", "fine_gravel", "compacted", "dirt", "ground", "earth", "pebblestone"}
)

DEFAULTS = Contract(
    "speed defaults",
    (
        Column("jurisdiction", required=False, meaning="ISO 3166-2 code; empty is anywhere"),
        Column("road", meaning="motorway, rural or urban; or a highway class"),
        Column("surface", required=False, choices=("unpaved",)),
        Column("speed", meaning="km/h, or mph where it says so"),
        Column("rule", meaning="where the limit holds, in short"),
        *SOURCE,
    ),
)


class Default(NamedTuple):
    """One row of the table of defaults."""

    jurisdiction: str
    road: str
    surface: str


@cache
def speed_defaults() -> Mapping[Default, float]:
    """Return the bundled defaults in km/h.

    Examples
    --------
    >>> speed_defaults()[Default("CA-QC", "rural", "unpaved")]
    70.0
    """
    rows = read_shipped("speed_defaults.csv", DEFAULTS)
    table = {}
    columns = ("jurisdiction", "road", "surface", "speed")
    for place, road, surface, speed in zip(*(rows[c].fillna("") for c in columns), strict=True):
        table[Default(place, road, surface)] = parse_speed(speed)
    return table


@cache
def parse_speed(text: str) -> float:
    """Return a ``maxspeed`` value in km/h, NaN where it gives none.

    Of several values (by lane or by time, ``50|70`` or ``50;70``) the lowest
    stands. ``CA-QC:rural`` is what the law of that place says. ``none``,
    ``signals``, ``variable`` and what cannot be a limit give no speed.

    Examples
    --------
    >>> [round(parse_speed(text), 1) for text in ("50", "55 mph", "50|70", "CA-QC:rural", "none")]
    [50.0, 88.5, 50.0, 90.0, nan]
    """
    speeds = [_one_speed(part.strip()) for part in re.split(r"[;|,]", text)]
    known = [speed for speed in speeds if speed == speed]
    return min(known, default=np.nan)


def _one_speed(text: str) -> float:
    if text == "walk":
        return WALK
    if found := SPEED.fullmatch(text):
        speed = float(found[1]) * UNITS[found[2].lower()]
        return speed if 0 < speed <= FASTEST else np.nan
    if found := ZONE.fullmatch(text):
        place, zone = found.groups()
        if zone.isdecimal():  # DE:zone30
            return _one_speed(f"{zone} mph" if place.startswith(("US", "GB")) else zone)
        if digits := re.fullmatch(r"zone(\d+)", zone):
            return _one_speed(digits[1])
        return speed_defaults().get(Default(place, zone, ""), np.nan)
    return np.nan


def parse_duration(text: str) -> float:
    """Return a ``duration`` in seconds, NaN where it is none: minutes, ``hh:mm`` or ISO 8601.

    Examples
    --------
    >>> [parse_duration(text) for text in ("15", "01:30", "0:05:30", "PT1H30M", "long")]
    [900.0, 5400.0, 330.0, 5400.0, nan]
    """
    if found := ISO_TIME.fullmatch(text):
        parts = list(found.groups(default="0"))
    else:
        parts = text.split(":")
    if len(parts) > 3 or not all(part.isdecimal() for part in parts):
        return np.nan
    units = (60,) if len(parts) == 1 else (3600, 60, 1)
    return sum(float(n) * unit for n, unit in zip(parts, units, strict=False)) or np.nan


def is_ferry(tags: Mapping[str, Any]) -> bool:
    """Whether the tags of a way, or what an edge has of them, are those of a ferry."""
    if "route" not in tags and isinstance(tags.get("highway"), str):
        return bool(tags["highway"] == "ferry")  # nearly all
    routes = [part for text in _texts(tags.get("route")) for part in text.split(";")]
    return "ferry" in routes or "ferry" in _texts(tags.get("highway"))


def ferries(roads: Roads) -> Bools:
    """Return which edges are ferries: ``route`` or ``highway`` ``ferry``.

    Examples
    --------
    >>> import geopandas as gpd
    >>> nodes = gpd.GeoDataFrame(index=[1, 2], geometry=gpd.points_from_xy([0, 1], [0, 0]),
    ...                          crs="EPSG:4326")
    >>> edges = gpd.GeoDataFrame({"u": [1, 2], "v": [2, 1], "route": ["ferry", None]},
    ...                          geometry=[None] * 2, crs="EPSG:4326")
    >>> ferries(Roads.from_frames(nodes, edges)).tolist()
    [True, False]
    """
    found = np.zeros(roads.edge_count, dtype=bool)
    for name in ("route", "highway"):
        if name in roads.edge_columns:
            codes, values = _coded(roads, name)
            found |= np.array([is_ferry({name: value}) for value in values])[codes]
    return found


def posted_speeds(way_tags: list[dict[str, str]]) -> tuple[Floats, Floats]:
    """Return the limit posted on each way, km/h, along and against its nodes' order.

    ``maxspeed:forward`` and ``maxspeed:backward`` win over ``maxspeed``, and that
    over ``maxspeed:type``. NaN where none is known.
    """
    along, against = np.full(len(way_tags), np.nan), np.full(len(way_tags), np.nan)
    for row, tags in enumerate(way_tags):
        common = np.nan
        for tag in ("maxspeed", "maxspeed:type"):
            if tag in tags and common != common:
                common = parse_speed(tags[tag])
        along[row] = against[row] = common
        for tag, speeds in (("maxspeed:forward", along), ("maxspeed:backward", against)):
            if tag in tags and (speed := parse_speed(tags[tag])) == speed:
                speeds[row] = speed
    return along, against


@checked()
def with_speeds(roads: Roads, *, jurisdiction: Objects | str | None = None) -> Roads:
    """Return the network with speeds and travel times by car.

    Parameters
    ----------
    roads
        With the columns ``posted_m`` and ``posted_time_s`` that readers leave, or
        ``maxspeed``, which is then taken for the whole edge.
    jurisdiction
        ISO 3166-2 code (``CA-QC``) of all edges, or of each; empty is unknown. By
        default the edge column ``jurisdiction``, where there is one.

    Returns
    -------
    Roads
        With edge columns ``speed_kmh`` (mean over the edge), ``travel_time_s``
        (driving at the limit, without stops) and ``speed_basis``: ``observed``
        where all of the edge is posted, ``assumed`` where any part is not. Null
        where neither the place nor the class has a default, and on ferries whose
        time is not known: nobody drives there.

    Raises
    ------
    DataError
        If there are more or fewer codes than edges.

    Notes
    -----
    ``speed_kmh`` of an edge merged of roads of several speeds is their mean. A way that uses a part
    of such an edge, from a place along it or to where it meets the border, takes the time of that
    part: ``road_parts`` says which limit holds from which metre on. Networks without it (graphs of
    OSMnx, files saved by a version that did not write limits there) have the mean all along.

    Examples
    --------
    >>> import geopandas as gpd
    >>> nodes = gpd.GeoDataFrame(index=[1, 2], geometry=gpd.points_from_xy([0, 1], [0, 0]),
    ...                          crs="EPSG:4326")
    >>> edges = gpd.GeoDataFrame({"u": [1], "v": [2], "key": [0], "highway": ["tertiary"]},
    ...                          geometry=[None], crs="EPSG:4326")
    >>> roads = with_speeds(Roads.from_frames(nodes, edges), jurisdiction="US-VT")
    >>> roads.edge("speed_kmh").round(1).tolist(), roads.edge("speed_basis").tolist()
    ([80.5], ['assumed'])
    """
    if jurisdiction is None and "jurisdiction" in roads.edge_columns:
        codes = roads.edge("jurisdiction")
        jurisdiction = np.array([code or "" for code in codes.tolist()], dtype=object)
    posted_m, posted_s = _posted(roads)
    rest = np.maximum(roads.length_m - posted_m, 0)
    rest[rest < roads.length_m * 1e-9] = 0  # what rounding left
    places = _places(roads, jurisdiction)
    default = np.where(ferries(roads), np.nan, _defaults(roads, places))
    parts, default = _by_class(roads, places, default, rest)
    time = posted_s + np.where(rest > 0, rest / default * 3.6, 0)
    none = np.isnan(time)
    known = (roads.length_m > 0) & ~none
    speed = np.full(len(time), np.nan)
    speed[known] = roads.length_m[known] / time[known] * 3.6
    basis = np.where(none, -1, np.where(rest > 0, 1, 0)).astype(np.int32)
    return roads.with_columns(
        edges={
            "posted_m": posted_m,
            "posted_time_s": posted_s,
            "speed_kmh": speed,
            "travel_time_s": time,
            "speed_basis": Coded(basis, ["observed", "assumed"]),
            **parts,
        }
    )


class Along:
    """How a weight of edges is spread along them: metres evenly, seconds by the speeds there.

    Parameters
    ----------
    roads
        The network. Its ``road_parts`` say where on an edge which limit is posted; the rest of
        the edge has the one speed with which the whole takes its time by ``speed_kmh``.
    weight
        Name of the edge column. All but ``travel_time_s`` by car are spread evenly.

    Examples
    --------
    Two kilometres, the first at 100 km/h and the second at 50: half of the way is a third of the
    time.

    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph([(1, 2)], crs="EPSG:4326")
    >>> for node in graph:
    ...     graph.nodes[node].update(x=0.0, y=node / 100)
    >>> parts = '[[0, null, null, null, null, null, 100], [1000, null, null, null, null, null, 50]]'
    >>> graph.edges[1, 2, 0].update(length=2000.0, road_parts=parts)
    >>> along = Along(Roads.from_networkx(graph), "travel_time_s")
    >>> along.share(np.array([0]), np.array([0.5])).round(3).tolist()
    [0.333]
    >>> along.place(np.array([0]), np.array([1 / 3])).round(3).tolist()
    [0.5]
    """

    def __init__(self, roads: Roads, weight: str) -> None:
        self._roads = roads
        self._paced = "pace" in roads.meta
        timed = weight == "travel_time_s" and not self._paced
        self.even = not (timed and ROAD_PARTS in roads.edge_columns)
        self._codes, self._cells = _coded(roads, ROAD_PARTS)
        self._told = np.append(self._codes >= 0, False)  # no edge, -1, is the last
        self._known: dict[int, tuple[list[float], list[float]] | None] = {}

    def share(self, edge: Ints, at: Floats) -> Floats:
        """Return which share of their weight edges have from ``u`` to fractions of their length."""
        return self._read(edge, at, 0)

    def place(self, edge: Ints, share: Floats) -> Floats:
        """Return at which fractions of their length edges have these shares of their weight."""
        return self._read(edge, share, 1)

    def part(self, edge: Ints, start: Floats, stop: Floats) -> Floats:
        """Return which share of their weight edges have between two fractions of their length."""
        return self.share(edge, stop) - self.share(edge, start)

    def changes(self, edge: int) -> Floats:
        """Return at which fractions of the length of an edge its speed changes, its ends too."""
        curve = None if self.even or edge < 0 else self._curve(edge)
        return np.array([0.0, 1.0] if curve is None else curve[0])

    def _read(self, edge: Ints, at: Floats, of: int) -> Floats:
        found = np.array(at, dtype=float)
        if self.even:
            return found
        inner = self._told[edge] & (found > 0) & (found < 1)
        edges = np.broadcast_to(edge, found.shape)[inner].tolist()
        values = found[inner].tolist()
        for row, (one, value) in enumerate(zip(edges, values, strict=True)):
            if curve := self._curve(one):
                values[row] = _between(value, curve[of], curve[1 - of])
        found[inner] = values
        return found

    def _curve(self, edge: int) -> tuple[list[float], list[float]] | None:
        """Return shares of length and of time at which speeds of an edge begin; None for one."""
        if edge not in self._known:
            self._known[edge] = self._made(edge)
        return self._known[edge]

    def speeds(self, edge: int, parts: Sequence[Stretch]) -> list[float | None]:
        """Return the speed on each stretch of an edge, km/h: posted, or that of the rest."""
        if self._paced:
            return [part.kmh for part in parts]
        metres, seconds = self._spent(edge, parts)
        kmh = metres / np.where(seconds > 0, seconds, np.nan) * 3.6
        return [None if np.isnan(speed) else round(speed, 3) for speed in kmh.tolist()]

    def _made(self, edge: int) -> tuple[list[float], list[float]] | None:
        parts = read_stretches(self._cells[self._codes[edge]])
        if all(part.kmh is None for part in parts) or not self._roads.length_m[edge] > 0:
            return None
        metres, seconds = self._spent(edge, parts)
        if np.isnan(seconds).any():
            return None  # of which speeds its time is made is not known
        walked = np.concatenate([[0.0], np.cumsum(metres)])
        timed = np.concatenate([[0.0], np.cumsum(seconds)])
        return (walked / walked[-1]).tolist(), (timed / timed[-1]).tolist()

    def _spent(self, edge: int, parts: Sequence[Stretch]) -> tuple[Floats, Floats]:
        """Return metres of the stretches of an edge and the seconds that they take, or NaN."""
        length = float(self._roads.length_m[edge])
        metres = np.array(stretch_metres(parts, length))
        seconds = metres / np.array([part.kmh or np.nan for part in parts]) * 3.6
        seconds[metres == 0] = 0
        rest = np.isnan(seconds)
        if rest.any():
            left = length / self._mean_kmh(edge) * 3.6 - seconds[~rest].sum()
            over = metres[rest].sum()
            if left > 0 and over > 0:
                seconds[rest] = metres[rest] / over * left
        return metres, seconds

    def _mean_kmh(self, edge: int) -> float:
        known = self._roads.edge_columns.get("speed_kmh")
        return float(known[edge]) if isinstance(known, np.ndarray) else np.nan


def _between(value: float, x: list[float], y: list[float]) -> float:
    """Return what :func:`numpy.interp` does, of one value between the ends of a few points."""
    k = bisect_right(x, value, hi=len(x) - 1)
    before, after = x[k - 1], x[k]
    return y[k - 1] + (value - before) / (after - before) * (y[k] - y[k - 1])


@checked()
def with_pace(roads: Roads, mode: Pace, *, kmh: float | None = None) -> Roads:
    """Return the network with travel times on foot or by bicycle in place of those by car.

    Parameters
    ----------
    roads
        Best read with the same ``modes``, so that it has paths; one read for cars has none.
        Motorways are closed to both, and left out.
    mode
        ``walk``: every road is open both ways. ``bike``: one-way roads stay one-way.
    kmh
        The speed on every road: 4.8 on foot, 15 by bicycle. Slopes and waiting do not count.
        Ferries take the time that is told of them; without one it is not known.

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
    kmh = KMH[mode] if kmh is None else kmh
    if not 0 < kmh < np.inf:
        raise DataError(f"kmh: {kmh} is not a speed. Give kilometres an hour above 0.")
    roads = roads.take_edges(~_motorways(roads), drop_nodes=False)
    if mode == "walk":
        roads = both_ways(roads)
    posted_m, posted_s = _posted(roads)
    told = np.where(posted_m >= roads.length_m * (1 - 1e-9), posted_s, np.nan)
    by_ferry = ferries(roads)
    time = np.where(by_ferry, told, roads.length_m / kmh * 3.6)
    speed = np.full(len(time), float(kmh))
    speed[by_ferry] = np.nan
    known = by_ferry & (time > 0)
    speed[known] = roads.length_m[known] / time[known] * 3.6
    basis = np.where(np.isnan(time), -1, np.where(by_ferry, 1, 0)).astype(np.int32)
    return roads.with_columns(
        edges={
            "speed_kmh": speed,
            "travel_time_s": time,
            "speed_basis": Coded(basis, ["assumed", "observed"]),
        },
        meta={"pace": {"mode": mode, "kmh": kmh}},
    )


def _motorways(roads: Roads) -> Bools:
    """Return the edges that are motorways, or were merged with one."""
    codes, values = _coded(roads, "highway")
    kinds = (_texts(value) for value in values)
    closed = [any(kind.startswith("motorway") for kind in one) for one in kinds]
    found: Bools = np.array(closed, dtype=bool)[codes]
    return found


def _posted(roads: Roads) -> tuple[Floats, Floats]:
    """Return metres under a posted limit, and seconds that these take."""
    if "posted_m" in roads.edge_columns:
        return roads.edge("posted_m"), roads.edge("posted_time_s")
    codes, values = _coded(roads, "maxspeed")
    speed = np.array([_slowest(value) for value in values])[codes]
    known = ~np.isnan(speed) & ~ferries(roads)
    length = roads.length_m
    return np.where(known, length, 0.0), np.where(known, length / speed * 3.6, 0.0)


def _slowest(value: object) -> float:
    """Return the speed of an edge whose parts' lengths are not known: the slowest of them."""
    speeds = [parse_speed(text) for text in _texts(value)]
    return min(speeds, default=np.nan) if all(speed == speed for speed in speeds) else np.nan


def _places(roads: Roads, jurisdiction: Objects | str | None) -> Objects:
    """Return the jurisdiction of each edge, empty where it is not known."""
    if isinstance(jurisdiction, np.ndarray) and len(jurisdiction) != roads.edge_count:
        raise DataError(
            f"jurisdiction: has {len(jurisdiction)} codes for {roads.edge_count} edges. "
            "Give one for each edge, or one text for all."
        )
    places = np.full(roads.edge_count, "", dtype=object)
    places[:] = "" if jurisdiction is None else jurisdiction
    return places


def _by_class(
    roads: Roads, places: Objects, default: Floats, rest: Floats
) -> tuple[dict[str, Coded], Floats]:
    """Return what is driven on average of edges where nothing is posted, by their classes' metres.

    And ``road_parts`` with the speeds on each stretch, where not all have one.
    """
    codes, classes = _coded(roads, "highway")
    several = np.array([isinstance(value, list) for value in classes])[codes]
    several &= (rest > 0) & ~np.isnan(default)
    if ROAD_PARTS not in roads.edge_columns or not several.any():
        return {}, default
    told, cells = _coded(roads, ROAD_PARTS)
    told, default, length = told.astype(np.int32), default.copy(), roads.length_m.tolist()
    values = cells[:-1]
    place = {cell: code for code, cell in enumerate(values) if isinstance(cell, str)}
    surface, surfaces = _coded(roads, "surface")
    usual: dict[tuple[Any, ...], float] = {}
    for edge in np.flatnonzero(several).tolist():
        parts = read_stretches(cells[told[edge]])
        where, kind = places[edge], int(surface[edge])
        metres, hours, driven = 0.0, 0.0, []
        for part, m in zip(parts, stretch_metres(parts, length[edge]), strict=True):
            if part.kmh is not None and not part.assumed:
                driven.append(part)
                continue
            key = where, part.highway, kind
            if key not in usual:
                usual[key] = _default(where, part.highway, surfaces[kind])
            metres, hours = metres + m, hours + m / usual[key]
            driven.append(part._replace(kmh=usual[key], assumed=True))
        if not metres or hours != hours:  # nothing is known of some class
            continue
        default[edge] = metres / hours
        if len({part.kmh for part in driven if part.assumed}) == 1:
            driven = [
                part._replace(kmh=None, assumed=False) if part.assumed else part for part in driven
            ]
        text = stretches_text(driven)
        if text is not None and text not in place:
            place[text] = len(values)
            values.append(text)
        told[edge] = -1 if text is None else place[text]
    return {ROAD_PARTS: Coded(told, values)}, default


def _defaults(roads: Roads, places: Objects) -> Floats:
    """Return the default of each edge, km/h; of a merged edge the slowest of its classes."""
    place, names = pd.factorize(places, use_na_sentinel=False)
    road, roads_of = _coded(roads, "highway")
    surface, surfaces = _coded(roads, "surface")
    width, depth = len(roads_of), len(surfaces)
    key = (place * width + road % width) * depth + surface % depth  # code -1 is the last, None
    used, back = np.unique(key, return_inverse=True)
    speeds = [
        _default(names[k // depth // width], roads_of[k // depth % width], surfaces[k % depth])
        for k in used.tolist()
    ]
    return np.array(speeds, dtype=float)[back] if speeds else np.empty(0)


def _coded(roads: Roads, name: str) -> tuple[NDArray[Any], list[Any]]:
    """Return codes and values of an edge column, None the last of them; all null without it."""
    col = roads.edge_columns.get(name)
    if col is None:
        return np.full(roads.edge_count, -1), [None]
    if not isinstance(col, Coded):
        col = Coded.of(decode(col).tolist())
    return col.codes, [*col.values, None]


def _texts(value: object) -> list[str]:
    """Return a value, or the values of a list, as texts; null as none."""
    values = value if isinstance(value, list) else [value]
    return [f"{v:g}" if isinstance(v, float) else str(v) for v in values if v is not None]


def _default(place: object, road: object, surface: object) -> float:
    """Look a default up: the law of the place, else a usual speed of the class."""
    table, speeds = speed_defaults(), []
    code = place if isinstance(place, str) else ""
    loose = "unpaved" if UNPAVED.intersection(_texts(surface)) else ""
    for name in _texts(road):
        kind = "motorway" if name.startswith("motorway") else "urban" if name in URBAN else "rural"
        tries = [Default(code, kind, loose), Default(code, kind, "")]
        usual = Default("", name, "")
        order = [usual] if name in SLOW else [*tries, usual]
        speeds.append(next((table[row] for row in order if row in table), np.nan))
    return min(speeds, default=np.nan)
