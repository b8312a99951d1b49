"""Routes on a date: through the gates that were open, with the rules of that day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from itertools import repeat
from pathlib import Path

import geopandas as gpd
import pandas as pd

from roxham.geo import DataError, NoRouteError, Roads, find_routes
from roxham.geo.arguments import checked, require_columns
from roxham.geo.crossings.sites import PortsLike
from roxham.geo.region import Region, active_region, using_region
from roxham.layers.facts.ports import ports_meant

from .open_gates import gate_names, gates, local_moment, rule_columns, shut_then
from .place_lookup import find_place, side_of

__all__ = ["dated_routes", "side_lengths"]


@checked()
def dated_routes(
    roads: Roads,
    origin: gpd.GeoDataFrame | str,
    destination: gpd.GeoDataFrame | str,
    *,
    on: str | dt.date,
    at: str | dt.time | None = None,
    ports: PortsLike | None = None,
    via: str | None = None,
    weight: str = "travel_time_s",
    alternatives: int = 1,
    within_m: float | None = None,
    region: Region | str | Path | None = None,
) -> gpd.GeoDataFrame:
    """Find routes through the gates that were open on a date, with what the rules meant there.

    Parameters
    ----------
    roads
        A network that knows its sides.
    origin, destination
        One place each: what it is called, as :func:`find_place` knows it, or a frame of one
        point with a ``name``. Which way one goes follows from their sides: those of a column
        ``side``, else the region's border tells them.
    on, at
        Day and hour of the region's time zone; see :func:`gates`.
    ports
        As for :func:`gates`; those of the region by default.
    region
        Whose ports, regimes and rules are asked; by default the region at work.
    via, weight, alternatives, within_m
        As for :func:`roxham.geo.find_routes`.

    Returns
    -------
    geopandas.GeoDataFrame
        As :func:`roxham.geo.find_routes` gives them, ``on`` always filled, and of the gate
        ``gate_name, gate_name_fr, flags, regime, rule, rule_fr, rule_source_url``: of several
        gates what is said of each the way it is passed, in order, semicolons between. A road
        over an open border is called by its own name.

    Raises
    ------
    NoRouteError
        If there is no route, with the reason.
    DataError
        If an input cannot be used.

    Examples
    --------
    >>> from roxham.geo import load_roads
    >>> ends = "Roxham Road", "chemin Roxham"
    >>> for day in ("2023-03-24", "2023-03-26"):
    ...     dated_routes(load_roads(), *ends, on=day)["gate"].item()
    'roxham-road'
    'lacolle-champlain'
    """
    table, area = ports_meant(ports, region)
    on, at = local_moment(on, at, area)
    with using_region(area):
        origin, destination = _place(origin, "origin"), _place(destination, "destination")
        a, b = _side(origin), _side(destination)
    first, second = area.sides
    south = a != b and (a == first or b == second)
    way = "south" if south else "north"
    opened = gates(table, on=on, at=at, direction=way, region=area, roads=roads)
    options = {"weight": weight, "via": via, "alternatives": alternatives, "within_m": within_m}
    ends = roads, origin, destination
    try:
        rows = find_routes(*ends, gates=opened, **options)  # type: ignore[arg-type]
    except (DataError, NoRouteError):
        shut = None
        if at is not None:
            day = gates(table, on=on, direction=way, region=area, roads=roads)
            shut = shut_then(opened, day, roads, at)
        if shut is None:
            raise
        find_routes(*ends, gates=day, **options)  # type: ignore[arg-type]
        raise NoRouteError(f"no way is open then: {shut}.") from None
    said: dict[str, pd.DataFrame] = {way: opened.set_index("gate")}
    if not area.controlled:  # a way may come back over it
        other = "north" if way == "south" else "south"
        back = gates(table, on=on, at=at, direction=other, region=area, roads=roads)
        said[other] = back.set_index("gate")
    _tell_gates(rows, said, (a, b), area, table)
    rows["on"] = on.isoformat()[:10] if isinstance(on, dt.date) else on
    return rows


def _place(given: gpd.GeoDataFrame | str, name: str) -> gpd.GeoDataFrame:
    """Return an end of a route: the place of a text, or the one that a frame has."""
    if isinstance(given, str):
        return find_place(given)
    require_columns(given, name, ("name",))
    if len(given) != 1:
        raise DataError(f"{name}: has {len(given)} rows. Give one place.")
    return given if "side" in given else given.assign(side=side_of(given.geometry))


def _side(place: gpd.GeoDataFrame) -> str | None:
    """Return a place's side of the region at work, be it looked up in that or another."""
    told = place["side"].iloc[0]
    if pd.isna(told) or told not in active_region().sides:
        told = side_of(place.geometry).iloc[0]
    return None if pd.isna(told) else str(told)


def _tell_gates(
    rows: gpd.GeoDataFrame,
    said: dict[str, pd.DataFrame],
    ends: tuple[str | None, str | None],
    area: Region,
    ports: pd.DataFrame,
) -> None:
    """Insert what the gates of each route are called, and what is said of them that way."""
    with using_region(area):
        names = gate_names(ports)
    called = next(iter(said.values()))["name"]
    passed = [gate.split("; ") if gate else [] for gate in rows["gate"].fillna("")]
    columns: dict[str, list[list[str]]] = {
        f"gate_{name}": [_told(zip(gate, repeat(values.combine_first(called)))) for gate in passed]
        for name, values in names.items()
    }
    ways = [_ways(len(gate), ends, area.sides, list(said)) for gate in passed]
    for name in ("flags", "regime", "rule", *rule_columns(area), "rule_source_url"):
        by_way = [[said[one][name] for one in row] for row in ways]
        told = [_told(zip(*row, strict=True)) for row in zip(passed, by_way, strict=True)]
        columns[name] = [list(dict.fromkeys(parts)) for parts in told]
    after = list(rows.columns).index("gate_kind") + 1
    for place, (name, cells) in enumerate(columns.items(), start=after):
        values = ["; ".join(parts) or None for parts in cells]
        rows.insert(place, name, pd.Series(values, index=rows.index, dtype="string"))


def _told(gates: Iterable[tuple[str, pd.Series]]) -> list[str]:
    """Return what a table says of each gate, without those of which it says nothing."""
    found = (values.get(gate) for gate, values in gates)
    return [str(text) for text in found if text is not None and pd.notna(text)]


def _ways(
    count: int, ends: tuple[str | None, str | None], sides: tuple[str, str], said: list[str]
) -> list[str]:
    """Return which way each gate of a route is passed: each leads back from where the last led.

    ``said`` is the way of the whole, and the other one if a route may come back.
    """
    if len(said) == 1:
        return said * count
    a, b = ends
    if a is not None:
        start = "south" if a == sides[0] else "north"
    elif b is not None:
        end = "north" if b == sides[0] else "south"
        start = end if count % 2 else next(way for way in said if way != end)
    else:
        start = said[0]
    back = next(way for way in said if way != start)
    return [(start, back)[i % 2] for i in range(count)]


def side_lengths(frame: pd.DataFrame) -> list[str]:
    """Return the columns of what lies on each side, the first side's first; none if unknown."""
    found = [str(c) for c in frame.columns if re.fullmatch(r"length_[a-z]+_m", str(c))]
    return found if len(found) == 2 else ["length_first_m", "length_second_m"]
