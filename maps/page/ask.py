"""What the page asks of gates without the network: “How far was it?”, as payloads."""

from __future__ import annotations

import datetime as dt
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from roxham.geo import WGS84, DataError, load_roads
from roxham.layers import Layers
from roxham.layers.privacy.embargo import EMBARGO_DAYS
from roxham.layers.travel.gate_ways import DAY, Change, changed_rules, gate_ways
from roxham.layers.travel.open_gates import first_day
from roxham.maps.content.wording import local
from roxham.maps.elements.layers import each_link
from roxham.maps.elements.payload import layer_payload
from roxham.maps.ground import Base

__all__ = ["ASKED", "MOST_BYTES", "ask_data"]

ASKED = ("asked_roads", "asked_places", "asked_doors", "asked_trees", "asked_days")
"""Kinds of the payloads; see docs/payload.md."""
MOST_BYTES = 80_000
"""Beyond it, as of a network of all streets, nothing is asked: the page would be too heavy."""


def ask_data(layers: Layers, base: Base, clock: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return what answers how far it was between two places, before and after a change of rules.

    Parameters
    ----------
    layers, base
        What the page shows; its ports are the gates.
    clock
        The page's clock, whose months can be asked for; without one all that rules are known of.

    Returns
    -------
    dict or None
        ``first`` and ``last`` month, ``change`` (``before`` and ``after``, days, and ``title``;
        or None), ``example`` (ids of two places), ``sides`` (codes) and ``tables``, the
        payloads. None for a region without schematic roads, ports or regimes.
    """
    details = base.region.details
    asked = details is not None and details.regimes and base.region.file("roads") is not None
    if not asked or not base.schematic or base.roads.attrs.get("given") or layers.ports.empty:
        return None
    roads = load_roads()
    known = first_day()
    if known is None or "side" not in roads.node_columns:
        return None
    if list(base.roads.index.names[:2]) != ["u", "v"]:
        return None  # lines of someone's own, which no way can be told along
    cut = pd.Timestamp(layers.as_of or dt.date.today()) - EMBARGO_DAYS * DAY
    last = (cut + DAY).to_period("M").start_time.normalize() - DAY  # of the last whole month
    first = known
    if clock is not None:
        first = max(first, pd.Timestamp(clock["first"]))
        last = min(last, pd.Timestamp(clock["last"]) + pd.offsets.MonthEnd(0))
    if first > last:
        return None
    change = changed_rules(cut)
    span = (first, last)
    if change is not None:
        span = (min(first, change.before), max(last, change.after))
    try:
        found = gate_ways(roads, each_link(base.roads), layers.ports, *span, change=change)
    except DataError:
        return None  # ports of someone's own whose days are none
    if found is None:
        return None
    frames = (found.roads, found.places, found.doors, found.trees, found.days)
    tables = [_payload(kind, frame) for kind, frame in zip(ASKED, frames, strict=True)]
    if sum(len(table["data"]) for table in tables) > MOST_BYTES:
        return None
    return {
        "first": f"{first:%Y-%m}",
        "last": f"{last:%Y-%m}",
        "change": None if change is None else _told(change),
        "example": list(found.example),
        "sides": list(base.region.sides),
        "tables": tables,
    }


def _payload(kind: str, frame: pd.DataFrame) -> dict[str, Any]:
    """Return a table as the payload of a layer without geometry."""
    nowhere = gpd.GeoSeries(np.full(len(frame), None), index=frame.index, crs=WGS84)
    placed = gpd.GeoDataFrame(frame, geometry=nowhere)
    return layer_payload(kind, placed, [str(name) for name in frame.columns])


def _told(change: Change) -> dict[str, Any]:
    title = {} if change.regime.event is None else local(change.regime.event, "title")
    days = {"before": f"{change.before:%Y-%m-%d}", "after": f"{change.after:%Y-%m-%d}"}
    return {**days, "title": title or None}
