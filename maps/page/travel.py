"""What the page says in words of travel through gates: routes, reach, and what a date changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd

from roxham.geo import Catchments, compare_catchments
from roxham.layers import gate_names
from roxham.layers.travel.dated_routes import side_lengths
from roxham.maps.content.plain import plain
from roxham.maps.content.wording import both, local
from roxham.maps.elements.layers import in_languages
from roxham.maps.elements.travel_layers import CatchmentLayer, ReachLayer, RouteLayer, source_of
from roxham.maps.ground import Base

__all__ = ["Travel", "roads_source", "travel_context", "travel_layers"]

Record = dict[str, Any]


class Travel(NamedTuple):
    """What a page is to show of travel; each may be None."""

    routes: gpd.GeoDataFrame | None = None
    reach: gpd.GeoDataFrame | None = None
    access: tuple[Catchments, Catchments] | None = None


def roads_source(base: Base) -> dict[str, str]:
    """Return the source of what was computed on the roads of a ground: whose these are."""
    details, given = base.region.details, base.roads.attrs.get("given")
    told = None if details is None or given else details.sources.get("roads")
    credit = base.roads.attrs.get("credit")
    return source_of(credit, None if told is None else told.url)


def travel_layers(
    travel: Travel,
    ports: gpd.GeoDataFrame,
    *,
    schematic: bool,
    source: Mapping[str, str] | None = None,
) -> Iterable[RouteLayer | ReachLayer | CatchmentLayer]:
    """Return the layers of a page, from the ground up; ``source`` is that of their roads.

    Raises
    ------
    DataError
        If routes are of other dates than access.
    """
    dates = None
    if travel.access is not None:
        before, after = travel.access
        dates = (str(before.on), str(after.on))
        yield CatchmentLayer(*travel.access, ports=ports, schematic=schematic, source=source)
    if travel.reach is not None:
        yield ReachLayer(travel.reach, source=source)
    if travel.routes is not None:
        yield RouteLayer(travel.routes, dates=dates, source=source)


def travel_context(travel: Travel, ports: gpd.GeoDataFrame, *, schematic: bool) -> Record | None:
    """Return the records of the page's section on travel; None if there is nothing to tell."""
    if all(part is None for part in travel):
        return None
    return {
        "schematic": schematic,
        "routes": [] if travel.routes is None else _routes(travel.routes),
        "no_route": [] if travel.routes is None else travel.routes.attrs.get("no_route", []),
        "reach": [] if travel.reach is None else _reach(travel.reach),
        "access": None if travel.access is None else _access(*travel.access, ports),
    }


def _rows(frame: pd.DataFrame, names: Iterable[str]) -> list[Record]:
    """Return rows as records; a column that the frame lacks is unknown."""
    records = pd.DataFrame(frame.drop(columns="geometry", errors="ignore")).to_dict("records")
    return [
        {"row": place, **{name: plain(row.get(name)) for name in names}}
        for place, row in enumerate(records)
    ]


def _routes(frame: gpd.GeoDataFrame) -> list[Record]:
    texts = ("rule", "gate_name")
    first, second = side_lengths(frame)
    names = ("origin", "destination", "on", "roads", *in_languages(texts))
    rows = _rows(frame, (*names, "length_m", "travel_time_s", first, second, "walk_m"))
    for row in rows:
        row |= {name: local(row, name) for name in texts}
        metres = {"length": row["length_m"], "first": row[first], "second": row[second]}
        row |= {f"{k}_km": None if m is None else m / 1000 for k, m in metres.items()}
        seconds = row["travel_time_s"]
        row["minutes"] = None if seconds is None else seconds / 60
    return rows


def _reach(frame: gpd.GeoDataFrame) -> list[Record]:
    names = (*in_languages(["origin"]), "minutes", "direction", "on", "reached_km", "area_km2")
    drawn = frame.sort_values("minutes", ascending=False, kind="stable")  # as the layer has them
    order = {plain(origin): place for place, origin in enumerate(frame["origin"].unique())}
    rows = _rows(drawn, names)
    rows.sort(key=lambda row: (order[row["origin"]], row["minutes"]))
    for row in rows:
        row["origin"] = local(row, "origin")
    return rows


def _access(before: Catchments, after: Catchments, ports: gpd.GeoDataFrame) -> Record:
    """Return what a date changed: for gates, and for places that were asked about."""
    table = compare_catchments(before, after)
    summary = table.attrs["summary"]
    off = summary["off_network"]
    names = _names(ports)
    roads = [
        {"gate": names.get(gate), "before": old, "after": new}
        for gate, (old, new) in summary["road_km"].items()
    ]
    asked = before.places is not None
    changed = table[~table["change"].isin(["same", "none"])] if asked else table[:0]
    columns = ("place", "gate_before", "gate_after", "minutes_before", "minutes_after")
    places = _rows(changed, (*columns, "minutes_change", "km_change", "change"))
    for row in places:
        for name in ("gate_before", "gate_after"):
            row[name] = names.get(row[name])
    return {
        "before": before.on,
        "after": after.on,
        "roads": roads,
        "places": places,
        "said": _told(len(table) - off, len(places)) if asked else None,
        "left": both("travel.places_aside", aside=off) if off else None,
    }


def _told(asked: int, some: int) -> Record:
    return both("travel.places_some" if some else "travel.places_none", asked=asked, some=some)


def _names(ports: gpd.GeoDataFrame) -> dict[str, Record]:
    """Return what each gate is called in both languages, by its id."""
    rows = gate_names(ports)
    return {str(gate): local(row, "name") for gate, row in rows.to_dict("index").items()}
