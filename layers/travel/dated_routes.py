"""Routes on a date: through the gates that were open, with the rules of that day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import geopandas as gpd
import pandas as pd

from roxham.geo import DataError, Roads, find_routes
from roxham.geo.arguments import checked, require_columns
from roxham.geo.region import Region, as_region, using_region
from roxham.layers.facts.ports import load_ports

from .open_gates import gate_names, gates, rule_columns

__all__ = ["dated_routes"]


@checked()
def dated_routes(
    roads: Roads,
    origin: gpd.GeoDataFrame,
    destination: gpd.GeoDataFrame,
    *,
    on: str | dt.date,
    at: str | dt.time | None = None,
    ports: gpd.GeoDataFrame | None = None,
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
        One place each, as :func:`find_place` gives them: ``name, side, geometry``. Which
        way one goes follows from their sides.
    on, at
        Day and hour of the region's time zone; see :func:`gates`.
    ports
        As :func:`load_ports` gives them; those of the region by default.
    region
        Whose ports, regimes and rules are asked; by default the region at work.
    via, weight, alternatives, within_m
        As for :func:`roxham.geo.find_routes`.

    Returns
    -------
    geopandas.GeoDataFrame
        As :func:`roxham.geo.find_routes` gives them, ``on`` always filled, and of the gate
        ``gate_name, gate_name_fr, flags, regime, rule, rule_fr, rule_source_url``.

    Raises
    ------
    NoRouteError
        If there is no route, with the reason.
    DataError
        If an input cannot be used.

    Examples
    --------
    >>> from roxham.geo import load_roads
    >>> from roxham.layers import find_place
    >>> ends = find_place("Roxham Road"), find_place("chemin Roxham")
    >>> for day in ("2023-03-24", "2023-03-26"):
    ...     dated_routes(load_roads(), *ends, on=day)["gate"].item()
    'roxham-road'
    'lacolle-champlain'
    """
    for name, place in (("origin", origin), ("destination", destination)):
        require_columns(place, name, ("name", "side"))
        if len(place) != 1:
            raise DataError(f"{name}: has {len(place)} rows. Give one place.")
    a, b = (
        None if pd.isna(p["side"].iloc[0]) else p["side"].iloc[0] for p in (origin, destination)
    )
    area = as_region(region)
    first, second = area.sides
    south = a != b and (a == first or b == second)
    with using_region(area):
        table = load_ports().rows if ports is None else ports
    way = "south" if south else "north"
    opened = gates(table, on=on, at=at, direction=way, region=area)
    rows = find_routes(
        roads,
        origin,
        destination,
        gates=opened,
        weight=weight,
        via=via,
        alternatives=alternatives,
        within_m=within_m,
    )
    rules = opened.set_index("gate")
    with using_region(area):
        names = gate_names(table)
    after = list(rows.columns).index("gate_kind") + 1
    rows.insert(after, "gate_name", rows["gate"].map(names["name"]))
    others = [name for name in names.columns if name != "name"]
    for at_, name in enumerate(others, start=after + 1):
        rows.insert(at_, f"gate_{name}", rows["gate"].map(names[name]))
    told = ("flags", "regime", "rule", *rule_columns(area), "rule_source_url")
    for at_, name in enumerate(told, start=after + 1 + len(others)):
        rows.insert(at_, name, rows["gate"].map(rules[name]))
    rows["on"] = on.isoformat()[:10] if isinstance(on, dt.date) else on
    return rows
