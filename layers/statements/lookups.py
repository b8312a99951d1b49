"""What statements may ask of the tables: each function looks up rows and notes them.

Signatures and checks of what is asked stand in :mod:`.vocabulary`.
"""

from __future__ import annotations

import math
from typing import Any

import geopandas as gpd
import pandas as pd

from roxham.geo import WGS84, Border, DataError, load_border, load_jurisdictions
from roxham.geo.geometry.proximity import geodesic_m
from roxham.geo.places.jurisdictions import JURISDICTIONS
from roxham.geo.region import Region, active_region
from roxham.geo.region.study_area import kept_with_region
from roxham.geo.tables.contract import date_span
from roxham.geo.tables.region_files import region_table
from roxham.layers.intervals import Interval, total
from roxham.layers.travel.regimes import regime_on, regimes, rules_of

from .evaluate import UNDECIDED
from .evidence import Evidence
from .language import Value
from .words import alike, of_row, phrase

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
    if len(known) < len(parts):
        return None
    return total(pd.DataFrame([(p.low, p.high) for p in known], columns=["low", "high"]))


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

    def latest(table: pd.DataFrame) -> pd.DataFrame:
        start = pd.Series([date_span(d)[0] for d in table["period_start"]], index=table.index)
        end = pd.Series([date_span(d)[1] for d in table["period_end"]], index=table.index)
        inside = (start >= first) & (end <= last) & table["scope"].isin(["province", "provinces"])
        return table[inside & (end == end[inside].max())]

    asked = " ".join(part for part in (f"{origin} → {to}", since, until) if part)
    wanted = {"from": origin, "to_province": to}
    return e.number(e.rows("transfers", wanted, asked=asked, keep=latest), asked)


def deaths(e: Evidence, incident: str) -> Value:
    """Find the recorded deaths of an incident."""
    rows = e.rows("incidents", {"id": incident})
    known = rows[rows["deaths"].notna()]
    return Interval.exact(int(known["deaths"].iloc[0])) if len(known) == 1 else None


def direction_of(e: Evidence, incident: str) -> Value:
    """Which way people were going, such as southbound."""
    rows = e.rows("incidents", {"id": incident})
    known = rows["direction"].dropna()
    known = known[known != "unknown"]
    if known.empty and len(rows):
        e.lack("direction", asked=incident)
    return None if known.empty else str(known.iloc[0])


def side_of(e: Evidence, incident: str) -> Value:
    """Find the side of the border of the centre of an incident's area."""
    rows = e.rows("incidents", {"id": incident})
    if len(rows) != 1:
        return None
    side = _border(active_region()).side_of(gpd.GeoSeries(_point(rows), crs=WGS84)).iloc[0]
    return None if pd.isna(side) else str(side)


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


def _spot(e: Evidence, place: str) -> tuple[Any, float] | None:
    ports = e.tables["ports"]
    is_port = (ports["port_id"] == place).any()
    layer, key = ("ports", "port_id") if is_port else ("incidents", "id")
    rows = e.rows(layer, {key: place})
    reach = rows["coord_precision_m" if is_port else "radius_m"]
    if len(rows) != 1 or reach.isna().any():
        return None
    point = rows["lon"].to_numpy(dtype=float), rows["lat"].to_numpy(dtype=float)
    return point, float(reach.iloc[0])


def incident_on(e: Evidence, incident: str, date: str) -> Value:
    """Whether an incident was within a date, which may be a month or an interval."""
    rows = e.rows("incidents", {"id": incident})
    if len(rows) != 1:
        return None
    e.say(alike(rows["date"].iloc[0]))
    (first, last), (start, end) = date_span(str(rows["date"].iloc[0])), date_span(date)
    if start <= first and last <= end:
        return "supported"
    return "contradicted" if last < start or end < first else UNDECIDED


def event_on(e: Evidence, date: str, kind: str) -> Value:
    """Look for an event; the table holds a choice, so that one not in it decides nothing."""
    start, end = date_span(date)

    def inside(table: pd.DataFrame) -> pd.DataFrame:
        spans = [date_span(str(day)) for day in table["date"]]
        return table[[start <= first and last <= end for first, last in spans]]

    rows = e.rows("policy_events", {"kind": kind}, asked=f"{date}, {kind}", keep=inside)
    if rows.empty:
        return None
    for row in rows.to_dict("records"):
        e.say(phrase("event", date=row["date"], title=of_row(row, "title")))
    return "supported"


def rule_on(e: Evidence, date: str) -> Value:
    """Find the regime at the border on a day: before, agreement, covid_order or protocol."""
    try:
        held = regimes(e.tables["policy_events"])
        found = regime_on(pd.Timestamp(date), None, held)
    except DataError:
        e.lack("rules", asked=date)
        return None
    if found is None:
        return None
    for regime in (next(r for r in held if r.id == found.rules), found):
        if regime.shown and regime.event is not None:
            title = str(regime.event["title"])
            if e.rows("policy_events", {"title": title}).empty:
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
    rows = e.rows("regions", {"place_id": place})
    if rows.empty:
        return None
    e.say(alike(", ".join(sorted(set(rows["region"])))))
    return "supported" if (rows["region"] == region).all() else "contradicted"


def land_names() -> pd.DataFrame:
    """Return the names of states and provinces, by their codes; not to be changed."""
    return _land_names(active_region())


@kept_with_region
def _land_names(region: Region) -> pd.DataFrame:
    if str(region.file("jurisdictions")).endswith(".csv"):  # without their shapes, which take time
        return region_table("jurisdictions", JURISDICTIONS, region=region).set_index("id")
    return pd.DataFrame(load_jurisdictions(region)).set_index("id")


def borders(e: Evidence, place: str, jurisdiction: str) -> Value:
    """Whether a port or site lies on the border of a state or province."""
    rows = e.rows("ports", {"port_id": place})
    admin = active_region().columns("admin")
    sides = [s for c in admin for s in rows[c].dropna()] if len(rows) else []
    if len(sides) != 2:
        return None
    lands = land_names()
    known = [s for s in sides if s in lands.index]
    if known:
        names = [of_row(row, "name") for row in lands.loc[known].to_dict("records")]
        e.say({lang: " – ".join(name[lang] for name in names) for lang in names[0]})
    return "supported" if jurisdiction in sides else "contradicted"


def weekday(e: Evidence, date: str) -> Value:
    """Find the English name of a day of the week."""
    return DAYS[pd.Timestamp(date).weekday()]


def _point(rows: pd.DataFrame) -> Any:
    return gpd.points_from_xy(rows["lon"].astype(float), rows["lat"].astype(float))
