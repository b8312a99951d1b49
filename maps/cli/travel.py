"""Travel on the page: what ``roxham map --routes --reach --access`` asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, NamedTuple

import geopandas as gpd
import pandas as pd
import typer

from roxham.geo import WGS84, catchments, reach
from roxham.geo.errors import DataError, Fault, NoRouteError, shown
from roxham.layers import dated_routes, find_place, gate_names, gates
from roxham.maps.page.travel import Travel

from .access import bundled_places, minutes_of, open_roads, past_day, ticking
from .shared.console import err

if TYPE_CHECKING:
    from roxham.geo import Catchments, Roads

__all__ = ["Access", "Asked", "Minutes", "OnDay", "Reach", "Routes", "asked_of", "travel_of"]

ARROW = re.compile(r"\s*(?:→|->)\s*")

Routes = Annotated[
    list[str] | None,
    typer.Option(
        "--routes",
        help="Draw a route between two places, names or lon,lat: “Plattsburgh → Montréal”, or ->. "
        "More of them with ; between, or the option again.",
    ),
]
Reach = Annotated[
    list[str] | None,
    typer.Option("--reach", help="Draw what is reached from a place or gate; repeatable."),
]
Access = Annotated[
    str | None,
    typer.Option("--access", help="Two days, with a comma: the nearest gates before and after."),
]
OnDay = Annotated[
    str | None, typer.Option("--on", help="The day of --routes, and of the gates for --reach.")
]
Minutes = Annotated[str, typer.Option("--minutes", help="Minutes of --reach, with commas.")]


class Asked(NamedTuple):
    """What was asked for, checked: pairs of places, places, two days, one day, minutes."""

    routes: list[tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]]
    reach: list[gpd.GeoDataFrame]
    access: tuple[str, str] | None
    on: str | None
    minutes: list[float]

    @property
    def days(self) -> list[str]:
        """The days that routes are of."""
        if self.access is not None:
            return list(self.access)
        return [] if self.on is None else [self.on]


def asked_of(
    routes: list[str] | None,
    reach: list[str] | None,
    access: str | None,
    on: str | None,
    minutes: str,
) -> Asked:
    """Return what is asked for.

    Raises
    ------
    DataError
        If anything of it is at fault, all faults at once.
    """
    faults: list[Fault] = []

    def place(option: str, text: str, *, gates: bool) -> gpd.GeoDataFrame | None:
        try:
            return find_place(text, gates=gates)
        except DataError as error:
            faults.append(Fault(option, str(error)))
            return None

    days = None if access is None else _two_days(access, faults)
    try:
        day = None if on is None else past_day(on)
    except DataError as error:
        faults += error.faults
        day = None
    pairs = []
    for text in (pair for given in routes or [] for pair in given.strip(" ;").split(";")):
        ends = ARROW.split(text.strip())
        if len(ends) != 2 or not all(ends):
            found = f"“{shown(text)}” is not two places."
            faults.append(Fault("--routes", found, "Write “A → B”, or “A -> B”."))
            continue
        a, b = (place("--routes", end, gates=False) for end in ends)
        if a is not None and b is not None:
            pairs.append((a, b))
    if routes and on is None and access is None:
        faults.append(Fault("--routes", "is of no day.", "Give --on YYYY-MM-DD, or --access."))
    if on is not None and not (routes or reach):
        faults.append(Fault("--on", "goes with --routes or --reach."))
    starts = [place("--reach", text, gates=True) for text in reach or []]
    try:
        times = minutes_of(minutes)
    except DataError as error:
        faults += error.faults
    if faults:
        raise DataError(faults)
    return Asked(pairs, [start for start in starts if start is not None], days, day, times)


def travel_of(asked: Asked, given: Roads | None, ports: gpd.GeoDataFrame) -> Travel:
    """Find on a network, by default the region's, what was asked for.

    Raises
    ------
    NoRouteError
        If there is no route on any of the days.
    DataError
        If something is too far from every road.
    """
    if not (asked.routes or asked.reach or asked.access):
        return Travel()
    roads = open_roads(None) if given is None else given
    return Travel(
        routes=_routes(asked, roads, ports) if asked.routes else None,
        reach=_reach(asked, roads, ports) if asked.reach else None,
        access=None if asked.access is None else _access(asked.access, roads, ports),
    )


def _two_days(text: str, faults: list[Fault]) -> tuple[str, str] | None:
    days = [part.strip() for part in text.split(",")]
    if len(days) != 2:
        found = f"“{shown(text)}” is not two days."
        faults.append(Fault("--access", found, "Write 2023-03-24,2023-03-26."))
        return None
    for day in days:
        try:
            past_day(day, "--access")
        except DataError as error:
            faults += error.faults
            return None
    if days[0] >= days[1]:
        faults.append(Fault("--access", f"{days[0]} is not before {days[1]}.", "Swap them."))
        return None
    return days[0], days[1]


def _routes(asked: Asked, roads: Roads, ports: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    found: list[gpd.GeoDataFrame] = []
    missing: list[dict[str, str]] = []
    reason = None
    whole = len(asked.days) * len(asked.routes)
    with ticking("routes") as tick:
        for day in asked.days:
            for a, b in asked.routes:
                try:
                    found.append(dated_routes(roads, a, b, on=day, ports=ports))
                except NoRouteError as error:
                    reason = error
                    err.print(f"On {day}: {error}")
                    ends = {"origin": str(a["name"].item()), "destination": str(b["name"].item())}
                    missing.append({**ends, "on": day})
                tick(len(found) + len(missing), whole)
    if not found:
        raise reason or NoRouteError("no route was asked for.")
    rows = gpd.GeoDataFrame(pd.concat(found, ignore_index=True), crs=WGS84)
    rows.attrs = {"no_route": missing}
    return rows


def _reach(asked: Asked, roads: Roads, ports: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    opened = None if asked.on is None else gates(ports, on=asked.on, roads=roads)
    names = gate_names(ports)
    parts = []
    with ticking("areas") as tick:
        for number, origin in enumerate(asked.reach, start=1):
            rows = reach(roads, origin, minutes=asked.minutes, gates=opened)
            name = origin["name"].item()
            gate = origin["gate"].item() if "gate" in origin else None
            told = {f"origin_{str(c)[5:]}": names[c].get(gate, name) for c in names if c != "name"}
            parts.append(rows.assign(origin=name, **told, on=asked.on))
            tick(number, len(asked.reach))
    whole = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=WGS84)
    whole.attrs = parts[0].attrs
    return whole


def _access(
    days: tuple[str, str], roads: Roads, ports: gpd.GeoDataFrame
) -> tuple[Catchments, Catchments]:
    places = bundled_places()
    with ticking("dates") as tick:
        before = catchments(roads, gates(ports, on=days[0], roads=roads), places=places)
        tick(1, 2)
        after = catchments(roads, gates(ports, on=days[1], roads=roads), places=places)
    return before, after
