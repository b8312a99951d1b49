"""Commands that find ways through gates: ``roxham routes`` and ``roxham table``."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

import pandas as pd
import typer

from roxham.geo import active_region, travel_table
from roxham.geo.io.write import require_format
from roxham.geo.routing.gates import road_gates
from roxham.layers import dated_routes, find_gate, find_place, gates, load_ports
from roxham.layers.travel.dated_routes import side_lengths
from roxham.layers.travel.open_gates import gates_on, shut_then
from roxham.layers.travel.place_lookup import find_places

from .access import Output, RoadsFile, open_roads, past_day, say_open, ticking
from .shared.console import err, require_apart
from .shared.gate import Allow, read_allowed
from .shared.region import By
from .shared.results import finish, kind_of

__all__ = ["routes_command", "table_command"]

WEIGHTS = {"time": "travel_time_s", "length": "length_m"}
Weight = Annotated[Literal["time", "length"], typer.Option(help="What the best way is by.")]
On = Annotated[
    str | None, typer.Option("--on", help="The day, YYYY-MM-DD, that gates are open; today's.")
]
At = Annotated[str | None, typer.Option("--at", help="The hour, HH:MM, of the region's time zone.")]

Within = Annotated[
    float | None,
    typer.Option(min=0, help="Metres from a place to a road at most: 1000, schematic 5000."),
]


def routes_command(
    start: Annotated[str, typer.Option("--from", help="A place, a port, or lon,lat.")],
    end: Annotated[str, typer.Option("--to", help="Another one.")],
    via: Annotated[str | None, typer.Option(help="Pass through this gate.")] = None,
    on: On = None,
    at: At = None,
    alternatives: Annotated[int, typer.Option(min=1, max=9, help="How many routes at most.")] = 1,
    weight: Weight = "time",
    within: Within = None,
    roads: RoadsFile = None,
    by: By = None,
    output: Output = None,
    allow: Allow = None,
) -> None:
    """Write or print routes through the gates that were open on a date."""
    allowed = read_allowed(allow or [], by if allow else None)
    day = _day(on)
    if output is not None:
        require_format(output)
        require_apart(read=[roads], write=[output])

    origin, destination = find_place(start), find_place(end)
    network = open_roads(roads, by)
    say_open(network)
    over = set(road_gates(network)["gate"])
    gate = via if via is None or via in over else find_gate(via)
    with ticking("routes"):
        rows = dated_routes(
            network,
            origin,
            destination,
            on=day,
            at=at,
            via=gate,
            weight=WEIGHTS[weight],
            alternatives=alternatives,
            within_m=within,
        )
    rows["network"] = kind_of(network)
    _say_rules(rows)
    finish(
        rows.drop(columns=["schematic", "rule_source_url", *_translated(rows)]),
        output,
        network,
        allowed,
        told=_told(rows),
    )


def table_command(
    origins: Annotated[
        str, typer.Option(help="A CSV file name,lon,lat; or names, semicolons between.")
    ],
    destinations: Annotated[str, typer.Option(help="The same.")],
    on: On = None,
    at: At = None,
    weight: Weight = "time",
    within: Within = None,
    names: Annotated[bool, typer.Option("--names/--no-names", help="List the roads.")] = True,
    roads: RoadsFile = None,
    by: By = None,
    output: Output = None,
    allow: Allow = None,
) -> None:
    """Write or print every origin, gate and destination, with the part on each side."""
    allowed = read_allowed(allow or [], by if allow else None)
    day = _day(on)
    if output is not None:
        require_format(output, (".csv", ".parquet"))
        require_apart(read=(origins, destinations, roads), write=[output])

    start, end = find_places(origins), find_places(destinations)
    network = open_roads(roads, by)
    opened = gates(load_ports().rows, on=day, at=at, direction="both", roads=network)
    say_open(network)
    if at is not None:
        on_day = gates(load_ports().rows, on=day, direction="both", roads=network)
        if shut := shut_then(opened, on_day, network, at):
            err.print(f"Not in the table: {shut}.", style="dim")
            opened = gates_on(network, opened)
    with ticking("ways"):
        by = WEIGHTS[weight]
        table = travel_table(network, start, opened, end, weight=by, names=names, within_m=within)
    table["on"] = day
    table["network"] = kind_of(network)
    _say_rules(table)
    finish(table, output, network, allowed)


def _day(on: str | None) -> str:
    """Return the day asked for, today's by default."""
    return dt.date.today().isoformat() if on is None else past_day(on)


def _translated(rows: pd.DataFrame) -> list[str]:
    """Return the columns that say a gate's name in further languages."""
    return [name for name in rows.columns if str(name).startswith("gate_name_")]


def _told(rows: pd.DataFrame) -> pd.DataFrame:
    """Return routes in few columns, for a terminal."""
    sides = {
        f"of it {code}": (rows[name] / 1000).round(1)
        for code, name in zip(active_region().sides, side_lengths(rows), strict=True)
        if name in rows
    }
    return pd.DataFrame(
        {
            "route": rows["route"],
            "gate": rows["gate"].fillna("none"),
            "km": (rows["length_m"] / 1000).round(1),
            **sides,
            "minutes": (rows["travel_time_s"] / 60).round(),
            "on foot m": rows["walk_m"].round().astype(int),
            "roads": rows["roads"],
        }
    )


def _say_rules(table: pd.DataFrame) -> None:
    """Say what the figures are of, and what the rules of the day meant at each gate."""
    err.print("Times are free flow, by car, without waiting at the border.", style="dim")
    if "rule" in table:
        told = table[["gate", "rule"]].dropna().drop_duplicates()
        for gate, rule in told.itertuples(index=False):
            err.print(f"{gate}, on {table['on'].iloc[0]}: {rule}", style="dim")
