"""Gates: where the border could be passed on a date, and what the rules meant there."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from roxham.geo import WGS84, DataError, Roads
from roxham.geo.arguments import checked, require_cells
from roxham.geo.crossings.sites import PortsLike
from roxham.geo.errors import Fault, nearest, shown
from roxham.geo.region import Region, using_region
from roxham.geo.region.definition import Rule
from roxham.geo.routing.gates import Gateway, road_gates
from roxham.geo.tables.contract import date_span
from roxham.geo.tables.edtf import read_day
from roxham.geo.written.hours import open_at
from roxham.layers.facts.ports import as_ports, names_in, ports_meant

from .regimes import EVENT, Regime, regime_on, regimes, rules_of

if TYPE_CHECKING:
    from roxham.geo.region.definition import Rule

__all__ = [
    "DIRECTIONS",
    "as_gates",
    "first_day",
    "gate_names",
    "gates",
    "gates_on",
    "known_ports",
    "local_moment",
    "open_on",
    "rule_columns",
    "shut_then",
    "told_on",
]

DIRECTIONS = ("north", "south", "both")

SINCE = re.compile(r"\bsince (\d{4}-\d{2}-\d{2})\b")
KINDS = {
    "port_of_entry": "port_of_entry",
    "closed_port": "port_of_entry",
    "irregular_site": "irregular_site",
    "crossing": "crossing",
}
NO_GATES = ("rail_port", "marine_port")
KEPT = ("lat", "lon", "opened", "closed", "source_title", "source_publisher", "source_url")


@checked(policy=EVENT)
def gates(
    ports: PortsLike | None = None,
    *,
    on: str | dt.date,
    at: str | dt.time | None = None,
    direction: str = "north",
    policy: pd.DataFrame | None = None,
    region: Region | str | Path | None = None,
    roads: Roads | None = None,
) -> gpd.GeoDataFrame:
    """Return the gates that are open on a date: ports of entry, and the site while it was in use.

    Over an open border every road is one, under no rule: those of ``roads`` at which no port
    stands are among them.

    Parameters
    ----------
    ports
        Ports as :func:`load_ports` gives them, with ``geometry`` or ``lon, lat``; those without
        ``port_id``, ``kind`` or ``status`` get what it gives them. Ports of railways and boats
        are no gates. Or the region whose ports are meant, as
        :func:`~roxham.geo.load_region` gives it; by default that of ``region``, or the region
        at work.
    on
        The day, ``YYYY-MM-DD``, from :func:`first_day` on; or a moment with its time zone, which
        is read in that of the region.
    at
        Time of the region's zone, ``HH:MM``; without it hours do not count. With it a port of
        known hours is left out when it is closed; one of unknown hours stays, flagged. Hours
        count from the day their note says they are in force since. They are those of
        the side that people go to.
    direction
        Which way people go: ``north`` (to the first side of the region), ``south`` or ``both``;
        or the region's own word, or the code of the side they go to. An irregular site
        leads to the first side only.
    policy
        Policy events as :func:`load_policy_events` gives them; those of the region by default.
    region
        Whose regimes and rules are asked; by default those of the region that stands for its
        ports, or the region at work. They hold for
        ports within its bounds: of others, and of a region without rules, none is told.
    roads
        A network that was cut at the border; if that is open, its roads over it are gates too.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326, in the order of the ports: ``gate`` (the port's id), ``name``,
        ``gate_kind`` (port_of_entry, irregular_site, crossing), ``mode`` (drive, walk),
        ``direction`` (which ways it can be passed), ``on``, ``at``, ``hours``, ``flags`` (null, or
        of ``turned_back, hours_unknown, opened_about, closed_about, status_unknown``, with
        semicolons), ``regime`` (as the region calls it), ``rule``,
        ``rule_fr``, ``rule_since``, ``rule_source_url``, and of the port ``lat, lon, opened,
        closed, source_title, source_publisher, source_url, geometry``. Regime and rule are
        those for people who go that way: null where the region's file has none.

        A gate whose opening or closing is known to the month or year only is kept in that
        span, flagged; a port that is closed, no source says since when, is left out.

    Raises
    ------
    DataError
        If date, time or direction are none, the day is before the region's first regime
        begins, or an event of its regimes is not in the table.

    Examples
    --------
    >>> from roxham.layers import load_ports
    >>> ports = load_ports().rows
    >>> days = "2016-12-31", "2020-06-01", "2023-03-24", "2023-03-25"
    >>> ["roxham-road" in set(gates(ports, on=day)["gate"]) for day in days]
    [False, True, True, False]
    """
    given, area = ports_meant(ports, region)
    on, at = local_moment(on, at, area)
    day = pd.Timestamp(read_day(on, "on"))
    time = _time(at)
    way = _way(direction, area)
    known = known_ports(given, policy, area)
    found = open_on(known, day, way, time)
    return found if roads is None else _with_roads(found, known.records, roads, day, time)


class KnownPorts(NamedTuple):
    """Ports as they are read, whatever the day: their rows, places and names, and the regimes."""

    area: Region
    records: list[dict[str, Any]]
    spots: NDArray[np.object_]
    inside: list[bool]
    called: list[str]
    held: list[Regime]


def known_ports(
    ports: gpd.GeoDataFrame | pd.DataFrame, policy: pd.DataFrame | None, area: Region
) -> KnownPorts:
    """Return what is the same of ports on every day, to ask many days of."""
    with using_region(area):
        table = as_ports(ports)
    require_cells(
        table, "ports", texts=_texts(area), numbers=("lon", "lat"), days=("opened", "closed")
    )
    known = (*KINDS, *NO_GATES)
    if faults := [
        Fault("ports", f"{shown(kind)} is no kind of port.", nearest(kind, known), row, "kind")
        for row, kind in enumerate(table["kind"].tolist(), 1)
        if kind not in known
    ]:
        raise DataError(faults)
    spots = table.geometry.to_numpy()
    placeless = np.flatnonzero(shapely.is_missing(spots) | shapely.is_empty(spots))
    if len(placeless):
        told = ("has no place.", "Give its lon and lat, or leave it out.")
        raise DataError([Fault("ports", *told, row=int(row) + 1) for row in placeless])
    inside = [
        area.contains(x, y) for x, y in zip(shapely.get_x(spots), shapely.get_y(spots), strict=True)
    ]
    records = _records(table)
    with using_region(area):
        called = [_name(port) for port in records]
    held = regimes(policy, region=area) if any(inside) else []
    return KnownPorts(area, records, spots, inside, called, held)


def open_on(
    ports: KnownPorts, day: pd.Timestamp, way: str, time: dt.time | None = None
) -> gpd.GeoDataFrame:
    """Return the gates of a day as :func:`gates` does; ``way`` is north, south or both."""
    return as_gates(ports, told_on(ports, day, way, time))


def told_on(
    ports: KnownPorts, day: pd.Timestamp, way: str, time: dt.time | None = None
) -> dict[int, dict[str, Any]]:
    """Return what is told of each port that is a gate on a day, by its number."""
    area, records, _, inside, called, held = ports
    asked = "north" if way == "both" else way
    now = regime_on(day, time, held)
    if held:
        _require_known(day, held[0].first)
    texts = {
        key: rule for key, rule in rules_of(area).items() if way != "south" or key[2] == "south"
    }
    rows: dict[int, dict[str, Any]] = {}
    for number, port in enumerate(records):
        kind = KINDS.get(str(port["kind"]))
        site = kind == "irregular_site"
        if kind is None or (site and way == "south"):
            continue
        regime = now if inside[number] else None
        rule = None if regime is None else texts.get((regime.rules, kind, asked))
        rule = rule if rule is not None and rule.text else None
        flags = _flags(port, day, time, kind, rule, held, way, area)
        if flags is None:
            continue
        told = {} if rule is None else rule.text
        told_since = None if regime is None or not regime.shown else regime
        event = None if told_since is None else told_since.event
        first, *others = area.languages
        rows[number] = {
            "gate": port["port_id"],
            "name": called[number],
            "gate_kind": kind,
            "mode": "walk" if site else "drive",
            "direction": "north" if site else "both",
            "on": day.date().isoformat(),
            "at": None if time is None else time.strftime("%H:%M"),
            "hours": _get(port, area.columns("hours", prefix=True)[way == "south"]),
            "flags": ";".join(flags) or None,
            "regime": regime.rules if regime is not None and (way != "south" or told) else None,
            "rule": told.get(first),
            **{f"rule_{lang}": told.get(lang, told.get(first)) for lang in others if told},
            "rule_since": None if rule is None or told_since is None else told_since.since,
            "rule_source_url": None
            if rule is None
            else rule.source or (None if event is None else event["source_url"]),
            **{name: _get(port, name) for name in KEPT},
        }
    return rows


def as_gates(ports: KnownPorts, rows: Mapping[int, dict[str, Any]]) -> gpd.GeoDataFrame:
    """Return gates as a frame."""
    names = ["gate", "name", "gate_kind", "mode", "direction", "on", "at", "hours", "flags"]
    names += ["regime", "rule", *rule_columns(ports.area)]
    names += ["rule_since", "rule_source_url", *KEPT]
    types = {name: "Float64" if name in ("lat", "lon") else "string" for name in names}
    table = pd.DataFrame(list(rows.values()), columns=names).astype(types)
    return gpd.GeoDataFrame(table, geometry=ports.spots.take([*rows]), crs=WGS84)


def _with_roads(
    found: gpd.GeoDataFrame,
    ports: list[dict[str, Any]],
    roads: Roads,
    day: pd.Timestamp,
    time: dt.time | None,
) -> gpd.GeoDataFrame:
    """Return gates with the roads over an open border at which no port stands, open or not."""
    known = {str(port["port_id"]) for port in ports}
    over = road_gates(roads)
    over = over[~over["port"].isin(known) & ~over["gate"].isin(known)]
    if over.empty:
        return found
    told = {
        "mode": "drive",
        "direction": "both",
        "on": day.date().isoformat(),
        "at": None if time is None else time.strftime("%H:%M"),
    }
    rows = over.drop(columns="port").assign(**told).reindex(columns=found.columns)
    rows = rows.astype({n: t for n, t in found.dtypes.items() if n != "geometry"})
    return gpd.GeoDataFrame(pd.concat([found, rows], ignore_index=True), crs=WGS84)


def gates_on(roads: Roads, opened: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the gates that are on a network, if any."""
    try:
        found = Gateway(roads, opened).reason
    except DataError:  # none is
        return opened.iloc[:0]
    return opened[np.array([reason is None for reason in found], dtype=bool)]


def shut_then(
    opened: gpd.GeoDataFrame, day: gpd.GeoDataFrame, roads: Roads, at: str | dt.time
) -> str | None:
    """Return which gates of a network are closed at an hour of a day, and when they open.

    ``opened`` are those open at the hour, ``day`` those open on the day at any; None if no
    other gate is on the network.
    """
    shut = day[~day["gate"].isin(opened["gate"])]
    there = gates_on(roads, shut)
    told = [f"{g} (open {h})" for g, h in zip(there["gate"], there["hours"], strict=True)]
    if not told:
        return None
    hour = at if isinstance(at, str) else at.strftime("%H:%M")
    return f"at {hour} these gates are closed: {', '.join(told)}"


def rule_columns(region: Region) -> list[str]:
    """Return the columns of a rule's text in further languages."""
    return [f"rule_{lang}" for lang in region.languages[1:]]


def local_moment(
    on: str | dt.date, at: str | dt.time | None, region: Region
) -> tuple[str | dt.date, str | dt.time | None]:
    """Return day and hour of a moment in the region's time zone; others as they are given."""
    zone = None if region.details is None else region.details.timezone
    if not isinstance(on, dt.datetime) or on.tzinfo is None:
        return on, at
    if zone is None:
        raise DataError(f"on: region {region.name} has no time zone. Give its local day and hour.")
    there = on.astimezone(ZoneInfo(zone))
    return there.date(), there.time().replace(tzinfo=None) if at is None else at


def _way(direction: str, region: Region) -> str:
    """Return a direction as ``north`` (to the first side), ``south`` or ``both``."""
    known = {way: way for way in DIRECTIONS}
    for words, way in zip(
        zip(region.ways, region.sides, strict=True), ("north", "south"), strict=True
    ):
        known |= dict.fromkeys(words, way)
    if direction not in known:
        raise DataError(f"direction {shown(direction)} is not one of {', '.join(known)}.")
    return known[direction]


def first_day(
    policy: pd.DataFrame | None = None, *, region: Region | str | Path | None = None
) -> pd.Timestamp | None:
    """Return the first day of which it is told what held at the border, None if nothing is.

    No source gives the opening of most ports: before this day neither gates nor rules are known.

    Examples
    --------
    >>> first_day()
    Timestamp('2002-12-05 00:00:00')
    """
    held = regimes(policy, region=region)
    return held[0].first if held else None


def _require_known(day: pd.Timestamp, first: pd.Timestamp) -> None:
    if day < first:
        raise DataError(
            f"date {day.date()}: is before {first.date()}, where the rules that are known of "
            "begin; which ports were open, and under which rules, is not known. "
            f"Ask for {first.date()} or a later day."
        )


@checked()
def gate_names(ports: PortsLike | None = None) -> pd.DataFrame:
    """Return what gates are called: a port by its towns, a site by its road on either side.

    A road is called as on the side that speaks the language, as the region's file has it.

    Parameters
    ----------
    ports
        Rows of :func:`load_ports`, or the region whose ports are meant; by default the region
        at work.

    Returns
    -------
    pandas.DataFrame
        Index ``port_id``: ``name``, and ``name_fr`` for each further language of the region.

    Raises
    ------
    DataError
        If the ports are nowhere.

    Examples
    --------
    >>> from roxham.layers import load_ports
    >>> gate_names(load_ports().rows).loc["roxham-road"].tolist()
    ['Roxham Road', 'Chemin Roxham']
    """
    table, region = ports_meant(ports, None)
    with using_region(region):
        return _called(_records(as_ports(table)), region)


def _called(ports: Sequence[Mapping[str, Any]], region: Region) -> pd.DataFrame:
    """Return what ports of the region at work are called, by their ids."""
    speaks = [side.speaks for side in region.details.sides] if region.details else [None, None]
    roads = region.columns("road")
    columns = ["name", *(f"name_{lang}" for lang in region.languages[1:])]
    found: dict[str, list[str]] = {}
    for port in ports:
        both = _name(port) or str(port["port_id"])
        others = [f"_{lang}" for lang in region.languages[1:]]
        named = [both, *(_name(port, other) or both for other in others)]
        if port["kind"] == "irregular_site":
            called = [_get(port, road) for road in roads]
            named = [
                next((n for n, s in zip(called, speaks, strict=True) if n and s == lang), None)
                or next(filter(None, called), both)
                for lang in region.languages
            ]
        found[str(port["port_id"])] = named
    return pd.DataFrame.from_dict(found, orient="index", columns=columns)


def _records(ports: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as plain records; reading rows one by one as series is slow."""
    names = [name for name in ports.columns if name != "geometry"]
    return [
        {str(name): value for name, value in row.items()}
        for row in pd.DataFrame(ports[names]).to_dict("records")
    ]


def _texts(area: Region) -> tuple[str, ...]:
    """Return the columns of ports that are read as text."""
    return ("hours_note", *area.columns("hours", prefix=True))


def _time(at: str | dt.time | None) -> dt.time | None:
    if at is None or isinstance(at, dt.time):
        return at
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", at):
        raise DataError(f"time {shown(at)}: is not a time of day. Write HH:MM, as in 07:30.")
    return dt.time.fromisoformat(at)


def _flags(
    port: Mapping[str, Any],
    day: pd.Timestamp,
    time: dt.time | None,
    kind: str,
    rule: Rule | None,
    held: list[Regime],
    way: str,
    region: Region,
) -> list[str] | None:
    """Return what is not sure or not plain about an open gate; None if it is closed."""
    flags: list[str] = []
    opened, closed = _get(port, "opened"), _get(port, "closed")
    if opened is not None:
        first, last = date_span(opened)
        if day < first:
            return None
        if day < last:
            flags.append("opened_about")
    if closed is not None:
        first, last = date_span(closed)
        # a site that a regime closed is open until the hour at which that begins
        hour = next((r.at for r in held if r.first == first), None)
        site = kind == "irregular_site"
        until_minute = site and time is not None and hour is not None and time < hour
        if day > last or (day == last and not (until_minute and first == last)):
            return None
        if first <= day < last:
            flags.append("closed_about")
    elif port["status"] == "closed" or port["kind"] == "closed_port":
        return None
    elif port["status"] == "unknown":
        flags.append("status_unknown")
    if rule is not None and rule.flag is not None:
        flags.append(rule.flag)
    if time is not None and kind == "port_of_entry":
        is_open = _open_at(port, day, time, region.columns("hours", prefix=True)[way == "south"])
        if is_open is False:
            return None
        if is_open is None:
            flags.append("hours_unknown")
    return flags


def _open_at(port: Mapping[str, Any], day: pd.Timestamp, time: dt.time, hours: str) -> bool | None:
    """Return whether a port is open at an hour, None where that is not known."""
    text = _get(port, hours)
    since = SINCE.search(_get(port, "hours_note") or "")
    if text is None or (since and day < pd.Timestamp(since[1])):
        return None
    return open_at(str(text), time.hour * 60 + time.minute)


def _name(port: Mapping[str, Any], suffix: str = "") -> str:
    """Return what both sides call a port, in the language of a suffix where it is told so."""
    told = [(_get(port, c + suffix), _get(port, c)) for c in names_in(port)]
    names = [str(own or usual) for own, usual in told if own or usual]
    return " – ".join(dict.fromkeys(names))


def _get(port: Mapping[str, Any], name: str) -> Any:
    value = port.get(name)
    if value is None or pd.isna(value):
        return None
    return value.isoformat()[:10] if isinstance(value, dt.date) else value
