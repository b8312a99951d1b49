"""Routes on a date: through the gates that were open, with the rules of that day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import geopandas as gpd
import pandas as pd

from roxham.geo import DataError, NoRouteError, Roads, find_routes
from roxham.geo.arguments import checked, require_columns
from roxham.geo.region import Region, as_region, using_region
from roxham.layers.facts.ports import load_ports

from .open_gates import gate_names, gates, rule_columns, shut_then

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
        ``gate_name, gate_name_fr, flags, regime, rule, rule_fr, rule_source_url``: of several
        gates what is said of each, in order, semicolons between. A road over an open border
        is called by its own name.

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
    rules = opened.set_index("gate")
    with using_region(area):
        names = gate_names(table)
    after = list(rows.columns).index("gate_kind") + 1
    others = [name for name in names.columns if name != "name"]
    told = ("flags", "regime", "rule", *rule_columns(area), "rule_source_url")
    columns = {
        "gate_name": names["name"].combine_first(rules["name"]),
        **{f"gate_{name}": names[name].combine_first(rules["name"]) for name in others},
        **{name: rules[name] for name in told},
    }
    for at_, (name, values) in enumerate(columns.items(), start=after):
        rows.insert(at_, name, _of_gates(rows["gate"], values, once=name in told))
    rows["on"] = on.isoformat()[:10] if isinstance(on, dt.date) else on
    return rows


def _of_gates(gates: pd.Series, values: pd.Series, *, once: bool) -> pd.Series:
    """Return what is said of each gate of a way, semicolons between; null if nothing is."""
    said = values.dropna().astype(str).to_dict()
    cells = []
    for gate in gates.fillna(""):
        parts = [said[one] for one in gate.split("; ") if one in said]
        cells.append("; ".join(dict.fromkeys(parts) if once else parts) or None)
    return pd.Series(cells, index=gates.index, dtype="string")
