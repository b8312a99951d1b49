"""Commands that ask the road network: ``roxham reach``, ``access``, ``context``."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import geopandas as gpd
import pandas as pd
import typer
from rich.progress import Progress

from roxham.geo import (
    active_region,
    catchments,
    compare_catchments,
    cut_at_border,
    load_border,
    load_hospitals,
    load_places,
    load_roads,
    nearest_places,
    reach,
)
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.io.write import require_format
from roxham.geo.routing.gates import road_gates
from roxham.geo.tables.edtf import read_day
from roxham.geo.tables.failures import faults_of
from roxham.layers import find_place, gates, incident_context, load_ports
from roxham.layers.bundle import load_some
from roxham.layers.facts.incidents import INCIDENTS_DATA
from roxham.layers.facts.ports import PORTS_DATA
from roxham.layers.travel.place_lookup import read_points

from .shared.console import err, require_apart
from .shared.files import (
    MapFile,
    mappings_of,
    one_mapping,
    reading_goes_with,
    tell_reading,
    with_reading,
)
from .shared.gate import Allow, hold_to_rules, read_allowed
from .shared.many_files import Scheduler, context_of_files, is_many
from .shared.region import By, publisher_of, roads_of
from .shared.results import finish, kind_of

if TYPE_CHECKING:
    from roxham.geo import Roads

__all__ = [
    "access_command",
    "bundled_places",
    "context_command",
    "minutes_of",
    "open_roads",
    "past_day",
    "reach_command",
    "say_open",
    "ticking",
]

TABLE = (".csv", ".parquet")
PATIENCE_S = 1.0
"""Work that takes longer shows how far it is."""

Output = Annotated[Path | None, typer.Option("-o", "--output", help="A file to write.")]
RoadsFile = Annotated[
    Path | None, typer.Option("--roads", help="A road network; the region's roads by default.")
]


def reach_command(
    start: Annotated[str, typer.Option("--from", help="A place, a gate, or lon,lat.")],
    minutes: Annotated[str, typer.Option(help="Minutes, with commas.")] = "15,30,45,60",
    direction: Annotated[
        Literal["from", "to"], typer.Option(help="Away from the place, or towards it.")
    ] = "from",
    on: Annotated[
        str | None, typer.Option(help="Pass through gates open on this day; none by default.")
    ] = None,
    buffer_m: Annotated[float, typer.Option("--buffer", help="Half the width, metres.")] = 250.0,
    roads: RoadsFile = None,
    by: By = None,
    output: Output = None,
    allow: Allow = None,
) -> None:
    """Write or print what is reached by road in so many minutes, as areas along the roads."""
    allowed = read_allowed(allow or [], by if allow else None)
    times = minutes_of(minutes)
    if on is not None:
        past_day(on)
    if output is not None:
        require_format(output)
        require_apart(read=[roads], write=[output])

    network = open_roads(roads, by)
    opened = None if on is None else gates(load_ports().rows, on=on, roads=network)
    origin = find_place(start, gates=True)
    with ticking("areas") as tick:
        rows = reach(
            network,
            origin,
            minutes=times,
            direction=direction,
            gates=opened,
            buffer_m=buffer_m,
            progress=tick,
        )
    rows.insert(3, "on", on)
    finish(rows.assign(network=kind_of(network)), output, network, allowed)


@with_reading
def access_command(
    before: Annotated[str, typer.Option(help="A day, YYYY-MM-DD.")],
    after: Annotated[str, typer.Option(help="A later day.")],
    places: Annotated[
        str | None, typer.Option(help="Your own places, name,lon,lat: a file or an address.")
    ] = None,
    mapping: MapFile = None,
    read: Mapping[str, str] = {},
    weight: Annotated[Literal["time", "length"], typer.Option(help="What nearest is by.")] = "time",
    roads: RoadsFile = None,
    by: By = None,
    output: Output = None,
    allow: Allow = None,
) -> None:
    """Write or print the nearest gate of each place on two days, what changed, and hospitals."""
    allowed = read_allowed(allow or [], by if allow else None)
    if output is not None:
        require_format(output)
        require_apart(read=(places, roads), write=[output])
    days = [past_day(before, "--before"), past_day(after, "--after")]
    if days[0] >= days[1]:
        raise DataError(Fault("--before", f"{before} is not before --after {after}.", "Swap them."))

    ports = load_ports().rows
    network = open_roads(roads, by)
    opened = [gates(ports, on=day, roads=network) for day in (before, after)]
    if not any(map(len, opened)):
        problem = "no gate is open on either day."
        raise DataError(Fault("roxham access", problem, "Give --ports, or an open border."))
    faults = [
        Fault(option, f"no gate is open on {day}.", "Choose a day on which one is.")
        for option, day, there in zip(("--before", "--after"), (before, after), opened, strict=True)
        if not len(there)
    ]
    if faults:
        raise DataError(faults)
    say_open(network)
    if places is None:
        reading_goes_with("--places", read)
        asked = bundled_places()
    else:
        asked = read_points(places, mapping=one_mapping(mapping, read))
    by = "travel_time_s" if weight == "time" else "length_m"
    found = []
    with ticking("dates") as tick:
        for number, there in enumerate(opened):
            found.append(catchments(network, there, places=asked, weight=by, areas="road_km"))
            tick(number + 1, len(opened))
    table = compare_catchments(*found)
    last = found[1].places
    assert last is not None
    table["reason"] = last["reason"]
    if len(load_hospitals()):  # a region need not list any
        hospitals = _hospitals(network, asked, by)
        table[hospitals.columns] = hospitals
    rows = gpd.GeoDataFrame(table, geometry=asked.geometry, crs=asked.crs)
    for line in _told(table.attrs["summary"], before, after):
        err.print(line)
    tell_caution("hospitals")
    finish(rows.assign(network=kind_of(network)), output, network, allowed)


def context_command(
    incidents: Annotated[
        str | None, typer.Option(help="Your own incidents: a file or an address.")
    ] = None,
    mapping: MapFile = None,
    on: Annotated[
        str | None, typer.Option(help="A day for the ports, not that of each incident.")
    ] = None,
    roads: RoadsFile = None,
    by: By = None,
    scheduler: Scheduler = None,
    output: Output = None,
    allow: Allow = None,
) -> None:
    """Write or print how far each incident's area is from roads, ports, towns and hospitals.

    Of many GeoParquet files of incidents ('DIR/*.parquet') each makes one in the folder -o.
    """
    allowed = read_allowed(allow or [], by if allow else None)
    # ports made up along a controlled line are a survey of it, however few roads are near
    hold_to_rules({"ports": load_ports().rows}, allowed)
    if incidents is not None and is_many(incidents, scheduler):
        if on is not None:
            past_day(on)
        if mapping is not None:
            raise DataError(Fault("--map", "does not go with many files.", "Leave it out."))
        context_of_files(incidents, scheduler, output, roads=roads, by=by, on=on, allowed=allowed)
        tell_caution("hospitals")
        return
    if output is not None:
        require_format(output, TABLE)
        require_apart(read=(incidents, roads), write=[output])
    if on is not None:
        past_day(on)

    mappings = mappings_of({"incidents": incidents}, map=[mapping] if mapping else None)
    layers = load_some(INCIDENTS_DATA, PORTS_DATA, incidents=incidents, mappings=mappings)
    tell_reading(layers)
    rejected = layers.rejected[layers.rejected["layer"] == "incidents"]
    if len(rejected):
        raise DataError(faults_of(rejected))
    network = open_roads(roads, by)
    with ticking("incidents") as tick:
        table = incident_context(
            layers.incidents,
            network,
            ports=layers.ports,
            places=pd.concat([load_places(), load_hospitals()], ignore_index=True),
            on=on,
            progress=tick,
        )
    aside = layers.set_aside[layers.set_aside["layer"] == "incidents"]
    for reason, count in aside["reason"].value_counts().sort_index().items():
        err.print(f"{count} incidents set aside: {reason}.")
    tell_caution("hospitals")
    finish(table, output, network, allowed)


def _hospitals(roads: Roads, places: gpd.GeoDataFrame, weight: str) -> pd.DataFrame:
    """Return the nearest general emergency department of each place, on its side of the border."""
    found = nearest_places(roads, load_hospitals(), places=places, weight=weight)
    return pd.DataFrame(
        {
            "hospital": found["target"],
            "hospital_minutes": found["seconds"] / 60,
            "hospital_km": found["metres"] / 1000,
            "hospital_reason": found["reason"],
        }
    )


def tell_caution(file: str) -> None:
    """Say what a reader of figures made from a file of the region must know."""
    details = active_region().details
    words = details.cautions.get(file, {}) if details else {}
    if words:
        err.print(next(iter(words.values())))


def open_roads(path: Path | None, by: str | None = None) -> Roads:
    """Return the region's roads, or a network from a file, cut at the border."""
    region = active_region()
    roads = load_roads() if path is None else roads_of(path)
    if "side" in roads.node_columns and "border" not in roads.meta:
        return roads.with_columns(meta={"controlled": region.controlled})
    if "side" in roads.node_columns or region.file("border") is None:
        return roads
    return cut_at_border(roads, load_border(), ports=load_ports().rows, by=publisher_of(by))


def say_open(roads: Roads) -> None:
    """Say that every road over an open border is a gate."""
    if count := len(road_gates(roads)):
        err.print(
            f"The border is open: each of {count} roads found over it is a gate, under no rule, "
            "unless your ports say otherwise.",
            style="dim",
        )


def minutes_of(text: str) -> list[float]:
    """Return minutes written with commas."""
    try:
        times = [float(part) for part in text.split(",")]
    except ValueError:
        times = []
    if not times or not all(0 < number <= 24 * 60 for number in times):
        found = f"“{shown(text)}” is not a list of minutes."
        raise DataError(Fault("--minutes", found, "Write numbers with commas, as in 15,30,60."))
    return times


def past_day(text: str, option: str = "--on") -> str:
    """Return a day that has been: the future is not known.

    Raises
    ------
    DataError
        If it is no day, or in the future.
    """
    return read_day(text, option, past=True).isoformat()


def bundled_places() -> gpd.GeoDataFrame:
    """Return the bundled places that are no labels of regions."""
    places = load_places()
    return places[places["kind"] != "region"].reset_index(drop=True)


def _told(summary: dict[str, object], before: str, after: str) -> Iterator[str]:
    """Yield what changed, in words."""
    known = summary["places"] - summary["off_network"]  # type: ignore[operator]
    yield (
        f"{before} → {after}: of {known} places on the network {summary['other_gate']} have "
        f"another nearest gate; {summary['nearer']} are nearer to one, {summary['farther']} "
        f"farther, {summary['gained']} gained and {summary['lost']} lost their way to one."
    )
    pairs = summary["road_km"]
    assert isinstance(pairs, dict)
    for gate, (old, new) in pairs.items():
        yield f"{gate}: nearest gate to {old:,.0f} km of road, then to {new:,.0f} km."
    if summary["off_network"]:
        yield f"Places that are not on this network: {summary['off_network']}; the table says why."
    if lone := summary["none"] - summary["off_network"]:  # type: ignore[operator]
        yield f"Places on it without a way to a gate on either day: {lone}."


@contextmanager
def ticking(label: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that is told how much is done; after a second it is shown."""
    begun = time.monotonic()
    with Progress(console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(label, total=None, visible=False)

        def tick(done: int, total: int) -> None:
            late = time.monotonic() - begun > PATIENCE_S
            bar.update(task, completed=done, total=total, visible=late)

        yield tick
