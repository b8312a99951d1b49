"""What statements may ask of the tables: each function looks up rows and notes them.

Signatures and checks of what is asked stand in :mod:`.vocabulary`.
"""

from __future__ import annotations

import math
from itertools import compress

import geopandas as gpd
import numpy as np
import pandas as pd

from roxham.geo import WGS84, Border, DataError, load_border, load_jurisdictions
from roxham.geo._types import Floats
from roxham.geo.geometry.proximity import geodesic_m
from roxham.geo.places.jurisdictions import JURISDICTIONS
from roxham.geo.region import Region, active_region
from roxham.geo.region.study_area import kept_with_region
from roxham.geo.tables.contract import date_span
from roxham.geo.tables.region_files import region_table
from roxham.layers.intervals import Interval
from roxham.layers.travel.regimes import regime_on, rules_of

from .asked import Rows
from .evaluate import UNDECIDED
from .evidence import Evidence
from .language import Value
from .words import Said, alike, of_row, phrase, suffixed

__all__ = [
    "borders",
    "count",
    "deaths",
    "direction_of",
    "distance_km",
    "encounters",
    "event_on",
    "incident_on",
    "land_names",
    "rule_on",
    "side_of",
    "sum_of",
    "transfers",
    "turned_back",
    "weekday",
    "within",
]

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def count(e: Evidence, period: str, province: str) -> Value:
    """Find the interceptions of a year or month in a province."""
    rows = e.rows("interceptions", {"period": period, "province": province})
    return e.number(rows, f"{period}, {province}")


def sum_of(e: Evidence, province: str, since: str, until: str) -> Value:
    """Find the interceptions of a province over months; not known if any month is not."""
    months = pd.period_range(since, until, freq="M").astype(str)
    parts = [count(e, month, province) for month in months]
    known = [part for part in parts if isinstance(part, Interval)]
    if len(known) < len(parts) or not known:
        return None
    return sum(known[1:], known[0])


def encounters(e: Evidence, fiscal_year: str) -> Value:
    """Find the encounters in a U.S. fiscal year, such as FY2023."""
    rows = e.rows(
        "encounters",
        {"fiscal_year": fiscal_year.removeprefix("FY"), "granularity": "fiscal_year"},
        asked=fiscal_year,
    )
    return e.number(rows, fiscal_year, "encounters")


def transfers(e: Evidence, origin: str, to: str, since: str = "", until: str = "") -> Value:
    """Find the last running total of people taken to a province, within dates if given."""
    first = date_span(since)[0] if since else pd.Timestamp.min
    last = date_span(until)[1] if until else pd.Timestamp.max

    def latest(rows: Rows) -> Rows:
        starts = [date_span(day)[0] for day in rows["period_start"]]
        ends = [date_span(day)[1] for day in rows["period_end"]]
        inside = [
            start >= first and end <= last and scope in ("province", "provinces")
            for start, end, scope in zip(starts, ends, rows["scope"], strict=True)
        ]
        latest = max(compress(ends, inside), default=None)
        return rows.where(held and end == latest for held, end in zip(inside, ends, strict=True))

    asked = " ".join(part for part in (f"{origin} → {to}", since, until) if part)
    wanted = {"from": origin, "to_province": to}
    return e.number(e.rows("transfers", wanted, asked=asked, keep=latest), asked)


def deaths(e: Evidence, incident: str) -> Value:
    """Find the recorded deaths of an incident."""
    known = e.rows("incidents", {"id": incident}).known("deaths")
    return Interval.exact(int(known[0])) if len(known) == 1 else None


def direction_of(e: Evidence, incident: str) -> Value:
    """Which way people were going, such as southbound."""
    rows = e.rows("incidents", {"id": incident})
    known = [way for way in rows.known("direction") if way != "unknown"]
    if not known and len(rows):
        e.lack("direction", asked=incident)
    return str(known[0]) if known else None


def side_of(e: Evidence, incident: str) -> Value:
    """Find the side of the border of the centre of an incident's area."""
    rows = e.rows("incidents", {"id": incident})
    if len(rows) != 1:
        return None
    known = e.tables.sides
    if incident not in known:
        point = gpd.GeoSeries.from_xy(rows["lon"], rows["lat"], crs=WGS84)
        side = _border(active_region()).side_of(point).iloc[0]
        known[incident] = None if pd.isna(side) else str(side)
    return known[incident]


@kept_with_region
def _border(region: Region) -> Border:
    return load_border(region)


def distance_km(e: Evidence, place: str, other: str) -> Value:
    """Return the distance of two places, as far as their positions are exact."""
    spots = [_spot(e, where) for where in (place, other)]
    if spots[0] is None or spots[1] is None:
        return None
    (one, reach), (two, further) = spots[0], spots[1]
    km = float(geodesic_m(*one, *two)[0]) / 1000
    around = (reach + further) / 1000
    low, high = math.floor((km - around) * 10) / 10, math.ceil((km + around) * 10) / 10
    return Interval(max(0.0, low), high)


def _spot(e: Evidence, place: str) -> tuple[tuple[Floats, Floats], float] | None:
    is_port = len(e.tables["ports"].rows({"port_id": place}))
    layer, key = ("ports", "port_id") if is_port else ("incidents", "id")
    rows = e.rows(layer, {key: place})
    reach = rows.known("coord_precision_m" if is_port else "radius_m")
    if len(rows) != 1 or not reach:
        return None
    lon, lat = (np.array(rows[name], dtype=np.float64) for name in ("lon", "lat"))
    return (lon, lat), float(reach[0])


def incident_on(e: Evidence, incident: str, date: str) -> Value:
    """Whether an incident was within a date, which may be a month or an interval."""
    rows = e.rows("incidents", {"id": incident})
    if len(rows) != 1:
        return None
    (told,) = rows["date"]
    e.say(alike(told))
    (first, last), (start, end) = date_span(str(told)), date_span(date)
    if start <= first and last <= end:
        return "supported"
    return "contradicted" if last < start or end < first else UNDECIDED


def event_on(e: Evidence, date: str, kind: str) -> Value:
    """Look for an event; the table holds a choice, so that one not in it decides nothing."""
    start, end = date_span(date)

    def inside(rows: Rows) -> Rows:
        spans = [date_span(str(day)) for day in rows["date"]]
        return rows.where(start <= first and last <= end for first, last in spans)

    rows = e.rows("policy_events", {"kind": kind}, asked=f"{date}, {kind}", keep=inside)
    if not len(rows):
        return None
    for row in rows.records("date", "title", *suffixed("title").values()):
        e.say(phrase("event", date=row["date"], title=of_row(row, "title")))
    return "supported"


def rule_on(e: Evidence, date: str) -> Value:
    """Find the regime at the border on a day: before, agreement, covid_order or protocol."""
    try:
        held = e.tables.regimes
        found = regime_on(pd.Timestamp(date), None, held)
    except DataError:
        e.lack("rules", asked=date)
        return None
    if found is None:
        return None
    for regime in (next(r for r in held if r.id == found.rules), found):
        if regime.shown and regime.event is not None:
            title = str(regime.event["title"])
            if not len(e.rows("policy_events", {"title": title})):
                return None
    return found.rules


def turned_back(e: Evidence, date: str, where: str) -> Value:
    """Whether claimants were turned back there on a day, exceptions apart."""
    regime = rule_on(e, date)
    if not isinstance(regime, str):
        return None
    region = active_region()
    rule = rules_of(region).get((regime, where, region.ways[0]))
    if rule is not None and rule.text:
        text = rule.text
        first = text.get(region.languages[0]) or next(iter(text.values()))
        e.say({lang: text.get(lang, first) for lang in region.languages})
    return "supported" if rule is not None and rule.barred else "contradicted"


def within(e: Evidence, place: str, region: str) -> Value:
    """Whether a place lies in an administrative region."""
    found = e.rows("regions", {"place_id": place})["region"]
    if not found:
        return None
    e.say(alike(", ".join(sorted(set(found)))))
    return "supported" if set(found) == {region} else "contradicted"


def land_names() -> dict[str, Said]:
    """Return the names of states and provinces, by their codes; not to be changed."""
    return _land_names(active_region())


@kept_with_region
def _land_names(region: Region) -> dict[str, Said]:
    if str(region.file("jurisdictions")).endswith(".csv"):  # without their shapes, which take time
        table = region_table("jurisdictions", JURISDICTIONS, region=region)
    else:
        table = pd.DataFrame(load_jurisdictions(region))
    return {str(row["id"]): of_row(row, "name") for row in table.to_dict("records")}


def borders(e: Evidence, place: str, jurisdiction: str) -> Value:
    """Whether a port or site lies on the border of a state or province."""
    rows = e.rows("ports", {"port_id": place})
    admin = active_region().columns("admin")
    sides = [s for c in admin for s in rows.known(c)] if len(rows) else []
    if len(sides) != 2:
        return None
    lands = land_names()
    if names := [lands[s] for s in sides if s in lands]:
        e.say({lang: " – ".join(name[lang] for name in names) for lang in names[0]})
    return "supported" if jurisdiction in sides else "contradicted"


def weekday(e: Evidence, date: str) -> Value:
    """Find the English name of a day of the week."""
    return DAYS[pd.Timestamp(date).weekday()]
