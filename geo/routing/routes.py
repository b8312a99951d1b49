"""Routes through gates: the best one, and others that are truly different."""

from __future__ import annotations

from operator import itemgetter

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import affinity

from roxham.geo._types import Ints
from roxham.geo.arguments import checked
from roxham.geo.crs import WGS84
from roxham.geo.errors import DataError, NoRouteError, shown
from roxham.geo.network.parts import piece, unbroken
from roxham.geo.network.roads import Roads
from roxham.geo.network.speeds import ferries

from .alternatives import Search, Step, weighed
from .free_ways import in_a_row
from .gate_trees import WALK, WEIGHTS
from .gates import BOTH, WALK_KMH, Gateway
from .locations import Anchors, Place, anchor, as_points
from .road_sequence import RoadList

__all__ = ["find_routes"]


@checked()
def find_routes(
    roads: Roads,
    origin: Place,
    destination: Place,
    *,
    gates: gpd.GeoDataFrame | pd.DataFrame | None = None,
    weight: str = "travel_time_s",
    via: str | None = None,
    alternatives: int = 1,
    max_shared: float = 0.6,
    max_stretch: float = 1.25,
    within_m: float | None = None,
) -> gpd.GeoDataFrame:
    """Find the best route through open gates, and alternatives that are truly different.

    By car; over the gap of an irregular site on foot, then by car again. A controlled border
    is passed once, or not at all where both places lie on one side; an open one as often as
    the shortest way does, by a salient or an enclave too. Alternatives come
    from searching again with the roads of the routes before made heavier. One counts if it
    keeps to the three conditions of Abraham, Delling, Goldberg and Werneck ("Alternative
    routes in road networks", ACM Journal of Experimental Algorithmics 18, 2013): it shares at
    most ``max_shared`` of the shorter of the two with every route before it; it is at most
    ``max_stretch`` times as long, by the weight, as the best; and it makes no small detour:
    no part of it of up to a quarter of the best route's weight is longer than the shortest
    way between the ends of that part. There may be fewer than were asked for, or none.

    Parameters
    ----------
    roads
        A network that knows its sides: the corridor, or cut by
        :func:`~roxham.geo.cut_at_border`; without gates any that lies beside no border.
    origin, destination
        ``(lon, lat)``, a Point, a frame of one point (its column ``side`` or ``country``
        says on which side it lies), all in EPSG:4326; or the id of a node.
    gates
        The gates that are open; by default none, and on a network that was cut at an open
        border every road over it. See :class:`~roxham.geo.routing.gates.Gateway`.
    weight
        What the route is the shortest by: ``travel_time_s``, free flow without waiting
        at the border, or ``length_m``.
    via
        Id of the gate to pass.
    alternatives
        How many routes at most.
    max_shared
        Largest share, 0 to 1, of its length that a route has in common with another.
    max_stretch
        How many times as long as the best route another may be, by the weight; 1 or more.
    within_m
        A place farther from every road is refused: 1 km, on a schematic 5 km.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326, the best first: ``route`` (from 1), ``origin, destination, gate,
        gate_kind`` (over an open border each gate in order, semicolons between), ``on, length_m,
        travel_time_s, length_ca_m, length_us_m`` (for sides of other names ``length_a_m,
        length_b_m``), ``walk_m, walk_time_s, ferry_m`` (of the
        length, on ferries), ``shared`` (largest share with a better route), ``roads``
        (followed in order), ``origin_offset_m, destination_offset_m, schematic, geometry``
        (the whole line). The length of the line
        is ``length_m``; on a schematic network ``length_m`` is that of the roads
        themselves, and the line is drawn from junction to junction.

    Raises
    ------
    NoRouteError
        If there is no route, with the reason.
    DataError
        If sides or gates cannot be used, a place is too far from every road, or the
        edges lack the weight.

    Examples
    --------
    >>> from roxham.geo import load_roads
    >>> gates = pd.DataFrame({"gate": ["lacolle-champlain", "hemmingford-mooers"]})
    >>> ends = "roxham-road-us-end", "chemin-roxham-ca-end"
    >>> found = find_routes(load_roads(), *ends, gates=gates, alternatives=2)
    >>> found["gate"].tolist()
    ['lacolle-champlain', 'hemmingford-mooers']
    """
    _check(weight, alternatives, max_shared, max_stretch)
    gateway = Gateway(roads, gates)
    start = anchor(gateway, as_points(origin, "origin"), "origin", within_m=within_m)
    end = anchor(gateway, as_points(destination, "destination"), "destination", within_m=within_m)
    doors = _doors(gateway, start, end, via)
    search = Search.of(gateway, start, end, doors, weight, via=via is not None)
    found = search.routes(alternatives, max_shared, max_stretch)
    if not found:
        raise NoRouteError(_why(gateway, doors, start, end, via))
    return _frame(search, found)


def _check(weight: str, alternatives: int, max_shared: float, max_stretch: float) -> None:
    if weight not in WEIGHTS:
        raise DataError(f"weight {shown(weight)} is not one of {', '.join(WEIGHTS)}.")
    if alternatives < 1:
        raise DataError(f"alternatives: {alternatives} routes cannot be found. Ask for 1 or more.")
    if not 0 <= max_shared <= 1:
        raise DataError(f"max_shared: {max_shared} is not a share. Give a number from 0 to 1.")
    if not max_stretch >= 1:
        raise DataError(f"max_stretch: {max_stretch} is below 1. Give 1 or more, as in 1.25.")


def _doors(gateway: Gateway, start: Anchors, end: Anchors, via: str | None) -> Ints:
    """Return the doors that lead from the side of one place to that of the other.

    Over an open border all those that may be passed.
    """
    a, b = int(start.side[0]), int(end.side[0])
    over = a != b and BOTH not in (a, b)
    if via is not None:
        if via not in set(gateway.gates["gate"]):
            raise NoRouteError(f"gate {shown(via)} is not among the gates that are open.")
        if not over and not gateway.open:
            raise NoRouteError("origin and destination lie on one side: no gate is on the way.")
    doors = gateway.doors
    wanted = np.array([via in (None, gate) for gate in gateway.gates["gate"]], dtype=bool)
    leads = np.full(len(doors), True) if gateway.open else (doors.side == a) & over
    chosen: Ints = np.flatnonzero(wanted[doors.gate] & leads)
    return chosen


def _why(gateway: Gateway, doors: Ints, start: Anchors, end: Anchors, via: str | None) -> str:
    said = f"no route from {shown(start.name[0])} to {shown(end.name[0])}"
    if gateway.open:
        rows = gateway.gates["gate"].tolist()
        if via is not None and (reason := gateway.reason[rows.index(via)]):
            return f"{said} via {shown(via)}: {reason}."
        told = "over the border or not" if via is None else f"via {shown(via)}"
        return f"{said}: no road leads there, {told}."
    if start.side[0] == end.side[0] or BOTH in (start.side[0], end.side[0]):
        both = np.isin((0, 1), gateway.edge_side).all()
        told = " on its side of the border; no way that passes it twice is sought" if both else ""
        return f"{said}: no road leads there{told}."
    rows = gateway.gates["gate"].tolist()
    if not rows:
        return f"{said}: no gate is open."
    if len(doors):
        return f"{said}: no road leads to an open gate and on from it."
    if via is not None and (reason := gateway.reason[rows.index(via)]):
        return f"{said} via {shown(via)}: {reason}."
    return f"{said}: no open gate is passed in this direction."


def _frame(search: Search, found: list[tuple[list[Step], float]]) -> gpd.GeoDataFrame:
    gateway = search.gateway
    listed = RoadList(gateway.roads)
    rows = []
    for number, (steps, shared) in enumerate(found, start=1):
        passed = gateway.gates.iloc[_gates_passed(search, steps)]
        edges = [(s.edge, s.start, s.stop) for s in search.driven(steps)]
        rows.append(
            {
                "route": number,
                "origin": search.start.name[0],
                "destination": search.end.name[0],
                "gate": "; ".join(passed["gate"]) or None,
                "gate_kind": "; ".join(dict.fromkeys(passed["gate_kind"])) or None,
                "on": gateway.gates["on"].iloc[0] if len(gateway.gates) else None,
                **_quantities(search, steps),
                "shared": shared,
                "roads": listed.followed(edges),
                "origin_offset_m": search.start.offset_m[0],
                "destination_offset_m": search.end.offset_m[0],
                "schematic": gateway.roads.schematic,
            }
        )
    table = pd.DataFrame(rows)
    words = ("origin", "destination", "gate", "gate_kind", "on", "roads")
    table = table.astype(dict.fromkeys(words, "string") | {"travel_time_s": "Float64"})
    lines = [_line(search, steps) for steps, _ in found]
    frame = gpd.GeoDataFrame(table, geometry=lines, crs=WGS84)
    frame.attrs = {"schematic": gateway.roads.schematic, "walk_kmh": WALK_KMH}
    return frame


def _gates_passed(search: Search, steps: list[Step]) -> list[int]:
    """Return the rows of the gates on a way, in order; a road that wavers passes one once."""
    return in_a_row([int(search.gateway.doors.gate[s.door]) for s in steps if s.door >= 0])


def _quantities(search: Search, steps: list[Step]) -> dict[str, float | None]:
    """Return length, time, and the parts of each side and on foot."""
    gateway, roads = search.gateway, search.gateway.roads
    time = roads.edge("travel_time_s") if "travel_time_s" in roads.edge_columns else None
    metres = [0.0, 0.0]
    seconds, walk, by_ferry = 0.0, 0.0, 0.0
    ferry = ferries(roads)
    side = int(search.start.side[0])
    for s in steps:
        if s.edge >= 0:
            side = int(gateway.edge_side[s.edge])
        elif s.door < 0:
            continue
        parts = list(search.driven([s]))
        lengths = [(p.stop - p.start) * float(roads.length_m[p.edge]) for p in parts]
        length = sum(lengths)
        by_ferry += sum(m for m, p in zip(lengths, parts, strict=True) if ferry[p.edge])
        if s.door >= 0:
            on_foot = float(gateway.doors.walk_m[s.door])
            walk += on_foot
            side, share = int(gateway.doors.side[s.door]), float(gateway.doors.share[s.door])
            metres[side] += share * (length + on_foot)
            metres[1 - side] += (1 - share) * (length + on_foot)
        else:
            metres[side] += length
        if time is not None:
            seconds += weighed(parts, time, gateway.along("travel_time_s"))
    walk_s = walk * WALK["travel_time_s"]
    known = time is not None and seconds == seconds
    return {
        "length_m": sum(metres),
        "travel_time_s": seconds + walk_s if known else None,
        **{f"length_{n}_m": m for n, m in zip(gateway.side_names, metres, strict=True)},
        "walk_m": walk,
        "walk_time_s": walk_s,
        "ferry_m": by_ferry,
    }


def _line(search: Search, steps: list[Step]) -> shapely.LineString | shapely.MultiLineString:
    """Return the whole way as one line; between the ends of a door that is walked, straight.

    One over 180° is cut there, its parts in the order in which they are driven.
    """
    roads = search.gateway.roads
    parts = [piece(roads, s.edge, s.start, s.stop) for s in search.driven(steps)]
    if not parts:  # nothing is driven: the walk alone, or no way at all
        door = next((s.door for s in steps if s.door >= 0), -1)
        doors = search.gateway.doors
        nodes = [doors.tail[door], doors.head[door]] if door >= 0 else []
        parts = [np.column_stack([roads.x[nodes], roads.y[nodes]])] if nodes else []
    if not parts:
        parts = [np.array([[a.lon[0], a.lat[0]] for a in (search.start, search.end)])]
    points = unbroken(np.concatenate(parts))
    new = np.ones(len(points), dtype=bool)
    new[1:] = (points[1:] != points[:-1]).any(axis=1)
    points = points[new] if new.sum() > 1 else points[:2]
    line = shapely.LineString(points)
    if np.abs(points[:, 0]).max() <= 180:
        return line
    found: list[tuple[float, shapely.LineString]] = []
    for by in (0.0, -360.0, 360.0):
        turn = affinity.translate(line, by)
        seen = shapely.get_parts(shapely.intersection(turn, shapely.box(-180, -90, 180, 90)))
        found += [(turn.project(shapely.Point(one.coords[0])), one) for one in seen if one.length]
    return shapely.MultiLineString([one for _, one in sorted(found, key=itemgetter(0))])
