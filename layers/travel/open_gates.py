"""Gates: where the border could be passed on a date, and what the rules meant there."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Literal

import geopandas as gpd
import pandas as pd

from roxham.geo import WGS84, DataError, require_wgs84
from roxham.geo.errors import shown
from roxham.geo.tables.contract import date_span
from roxham.geo.tables.edtf import read_day
from roxham.layers.facts.checks import require_columns
from roxham.layers.facts.policy import load_policy_events

__all__ = ["DIRECTIONS", "REGIMES", "RULES", "first_day", "gate_names", "gates"]

Direction = Literal["north", "south", "both"]
DIRECTIONS = ("north", "south", "both")

REGIMES = {
    "agreement": "Safe Third Country Agreement in force",
    "covid_order": "COVID-19 turn-back order",
    "order_lifted": "Turn-back order lifted",
    "protocol": "Additional Protocol in force",
}
"""Titles in the table of policy events of what changed the rules at the border."""

PROTOCOL_AT = dt.time(0, 1)
"""Eastern time on its day from which the Additional Protocol holds, as its row says."""

RULES = {
    ("before", "port_of_entry"): (
        "The Safe Third Country Agreement is not yet in force.",
        "L'Entente sur les tiers pays sûrs n'est pas encore en vigueur.",
    ),
    ("agreement", "port_of_entry"): (
        "Safe Third Country Agreement: a claim for asylum made at the port of entry is "
        "ineligible unless an exception applies.",
        "Entente sur les tiers pays sûrs : sauf exception, une demande d'asile présentée au "
        "point d'entrée est irrecevable.",
    ),
    ("agreement", "irregular_site"): (
        "Outside the Safe Third Country Agreement, which covers ports of entry only: claims of "
        "people who cross here on foot are taken.",
        "Hors de l'Entente sur les tiers pays sûrs, qui ne vise que les points d'entrée : les "
        "demandes des personnes qui passent ici à pied sont reçues.",
    ),
    ("covid_order", "port_of_entry"): (
        "COVID-19 order: entry to claim asylum is barred.",
        "Décret lié à la COVID-19 : l'entrée aux fins d'une demande d'asile est interdite.",
    ),
    ("covid_order", "irregular_site"): (
        "COVID-19 order: people who cross here on foot are sent back to the United States.",
        "Décret lié à la COVID-19 : les personnes qui passent ici à pied sont renvoyées aux "
        "États-Unis.",
    ),
    ("protocol", "port_of_entry"): (
        "Safe Third Country Agreement with its Additional Protocol: a claim made at the port of "
        "entry, or within 14 days of crossing between ports, is ineligible unless an exception "
        "applies.",
        "Entente sur les tiers pays sûrs et son Protocole additionnel : sauf exception, une "
        "demande présentée au point d'entrée, ou dans les 14 jours d'un passage entre les points "
        "d'entrée, est irrecevable.",
    ),
}
"""What the rules meant to a person who goes north to claim asylum, English and French."""

HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
SINCE = re.compile(r"\bsince (\d{4}-\d{2}-\d{2})\b")
KINDS = {
    "port_of_entry": "port_of_entry",
    "closed_port": "port_of_entry",
    "irregular_site": "irregular_site",
}
NEEDED = ("port_id", "kind", "ca_name", "us_name", "status")
KEPT = ("lat", "lon", "opened", "closed", "source_title", "source_publisher", "source_url")


def gates(
    ports: gpd.GeoDataFrame | pd.DataFrame,
    *,
    on: str | dt.date,
    at: str | dt.time | None = None,
    direction: Direction = "north",
    policy: pd.DataFrame | None = None,
) -> gpd.GeoDataFrame:
    """Return the gates that are open on a date: ports of entry, and the site while it was in use.

    Parameters
    ----------
    ports
        Ports as :func:`load_ports` gives them, with ``geometry`` or ``lon, lat``. Ports of
        railways and boats are no gates.
    on
        The day, ``YYYY-MM-DD``, from :func:`first_day` on.
    at
        Eastern time, ``HH:MM``; without it hours do not count. With it a port of known
        hours is left out when it is closed; one of unknown hours stays, flagged. Hours
        count from the day their note says they are in force since. They are those of
        the Canadian side: for people who go south hours are unknown.
    direction
        Which way people go: ``north``, ``south`` or ``both``. The Roxham site led north only.
    policy
        Policy events as :func:`load_policy_events` gives them; the bundled ones by default.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326, in the order of the ports: ``gate`` (the port's id), ``name``,
        ``gate_kind`` (port_of_entry, irregular_site), ``mode`` (drive, walk), ``direction``
        (which ways it can be passed), ``on``, ``at``, ``hours``, ``flags`` (null, or of
        ``turned_back, hours_unknown, opened_about, closed_about, status_unknown``, with
        semicolons), ``regime`` (before, agreement, covid_order, protocol), ``rule``,
        ``rule_fr``, ``rule_since``, ``rule_source_url``, and of the port ``lat, lon, opened,
        closed, source_title, source_publisher, source_url, geometry``. Regime and rule are
        those for people who go north to claim asylum: null for ``south``, since
        the table of policy does not hold the rules of the United States.

        A gate whose opening or closing is known to the month or year only is kept in that
        span, flagged; a port that is closed, no source says since when, is left out.

    Raises
    ------
    DataError
        If date, time or direction are none, the day is before the table of policy events
        begins, or an event of the rules is not in it.

    Examples
    --------
    >>> from roxham.layers import load_ports
    >>> ports = load_ports().rows
    >>> days = "2016-12-31", "2020-06-01", "2023-03-24", "2023-03-25"
    >>> ["roxham-road" in set(gates(ports, on=day)["gate"]) for day in days]
    [False, True, True, False]
    """
    day = pd.Timestamp(read_day(on, "on"))
    time = _time(at)
    if direction not in DIRECTIONS:
        raise DataError(f"direction {shown(direction)} is not one of {', '.join(DIRECTIONS)}.")
    require_columns(ports, "ports", NEEDED)
    northward = direction != "south"
    events = load_policy_events().rows if policy is None else policy
    regime, since = regime_on(day, time, events)
    _require_known(day, first_day(events))
    rows: list[dict[str, Any]] = []
    kept: list[Any] = []
    for index, port in zip(ports.index, _records(ports), strict=True):
        kind = KINDS.get(str(port["kind"]))
        if kind is None or (kind == "irregular_site" and not northward):
            continue
        flags = _flags(port, day, time, kind, regime, direction)
        if flags is None:
            continue
        known = (regime, kind) in RULES and northward
        rule, rule_fr = RULES[regime, kind] if known else (None, None)
        rows.append(
            {
                "gate": port["port_id"],
                "name": _name(port),
                "gate_kind": kind,
                "mode": "walk" if kind == "irregular_site" else "drive",
                "direction": "north" if kind == "irregular_site" else "both",
                "on": day.date().isoformat(),
                "at": None if time is None else time.strftime("%H:%M"),
                "hours": _get(port, "hours_ca"),
                "flags": ";".join(flags) or None,
                "regime": regime if northward else None,
                "rule": rule,
                "rule_fr": rule_fr,
                "rule_since": since["date"] if known and since is not None else None,
                "rule_source_url": since["source_url"] if known and since is not None else None,
                **{name: _get(port, name) for name in KEPT},
            }
        )
        kept.append(index)
    names = ["gate", "name", "gate_kind", "mode", "direction", "on", "at", "hours", "flags"]
    names += ["regime", "rule", "rule_fr", "rule_since", "rule_source_url", *KEPT]
    types = {name: "Float64" if name in ("lat", "lon") else "string" for name in names}
    table = pd.DataFrame(rows, columns=names).astype(types)
    return gpd.GeoDataFrame(table, geometry=_points(ports.loc[kept]), crs=WGS84)


def first_day(policy: pd.DataFrame | None = None) -> pd.Timestamp:
    """Return the first day of which it is told what held at the border.

    No source gives the opening of most ports: before this day neither gates nor rules are known.

    Examples
    --------
    >>> first_day()
    Timestamp('2002-12-05 00:00:00')
    """
    events = load_policy_events().rows if policy is None else policy
    return min(date_span(str(date))[0] for date in events["date"])


def _require_known(day: pd.Timestamp, first: pd.Timestamp) -> None:
    if day < first:
        raise DataError(
            f"date {day.date()}: is before {first.date()}, where the table of policy events "
            "begins; which ports were open, and under which rules, is not known. "
            f"Ask for {first.date()} or a later day."
        )


def gate_names(ports: pd.DataFrame) -> pd.DataFrame:
    """Return what gates are called: a port by its towns, the site by its road on either side.

    Returns
    -------
    pandas.DataFrame
        Index ``port_id``: ``name, name_fr``.

    Examples
    --------
    >>> from roxham.layers import load_ports
    >>> gate_names(load_ports().rows).loc["roxham-road"].tolist()
    ['Roxham Road', 'Chemin Roxham']
    """
    rows = [
        (
            str(port["port_id"]),
            _get(port, "us_road"),
            _get(port, "ca_road"),
            port["kind"],
            _name(port),
        )
        for port in _records(ports)
    ]
    named = {
        key: (us or ca or both, ca or us or both) if kind == "irregular_site" else (both, both)
        for key, us, ca, kind, both in rows
    }
    return pd.DataFrame.from_dict(named, orient="index", columns=["name", "name_fr"])


def _records(ports: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as plain records; reading rows one by one as series is slow."""
    names = [name for name in ports.columns if name != "geometry"]
    return [
        {str(name): value for name, value in row.items()}
        for row in pd.DataFrame(ports[names]).to_dict("records")
    ]


def _points(ports: gpd.GeoDataFrame | pd.DataFrame) -> Any:
    if isinstance(ports, gpd.GeoDataFrame):
        return require_wgs84(ports, "ports").geometry.reset_index(drop=True)
    return gpd.points_from_xy(ports["lon"].astype(float), ports["lat"].astype(float))


def _time(at: str | dt.time | None) -> dt.time | None:
    if at is None or isinstance(at, dt.time):
        return at
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", at):
        raise DataError(f"time {shown(at)}: is not a time of day. Write HH:MM, as in 07:30.")
    return dt.time.fromisoformat(at)


def regime_on(
    day: pd.Timestamp, time: dt.time | None, policy: pd.DataFrame
) -> tuple[str, pd.Series | None]:
    """Return which rules held, and the row of the policy table since which they did."""
    events: dict[str, pd.Series] = {}
    for name, title in REGIMES.items():
        found = policy[policy["title"] == title]
        if len(found) != 1:
            raise DataError(f"policy events: {len(found)} rows “{title}”; one is needed.")
        events[name] = found.iloc[0]
    holding, since = "before", None
    for name, event in events.items():
        first = date_span(str(event["date"]))[0]
        if name == "protocol" and time is not None and time < PROTOCOL_AT and day == first:
            continue
        if day >= first:
            holding, since = name, event
    if holding == "order_lifted":  # the agreement as it was before, since the order's end
        holding = "agreement"
    return holding, since


def _flags(
    port: Mapping[str, Any],
    day: pd.Timestamp,
    time: dt.time | None,
    kind: str,
    regime: str,
    direction: str,
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
        # the site was closed by the protocol, one minute into its day
        until_minute = kind == "irregular_site" and time is not None and time < PROTOCOL_AT
        if day > last or (day == last and not (until_minute and first == last)):
            return None
        if first <= day < last:
            flags.append("closed_about")
    elif port["status"] == "closed" or port["kind"] == "closed_port":
        return None
    elif port["status"] == "unknown":
        flags.append("status_unknown")
    if kind == "irregular_site" and regime == "covid_order":
        flags.append("turned_back")
    if time is not None and kind == "port_of_entry":
        is_open = None if direction == "south" else _open_at(port, day, time)
        if is_open is False:
            return None
        if is_open is None:
            flags.append("hours_unknown")
    return flags


def _open_at(port: Mapping[str, Any], day: pd.Timestamp, time: dt.time) -> bool | None:
    """Return whether a port is open at an hour, None where that is not known."""
    text = _get(port, "hours_ca")
    since = SINCE.search(_get(port, "hours_note") or "")
    if text is None or (since and day < pd.Timestamp(since[1])):
        return None
    if text == "24 hours":
        return True
    found = HOURS.fullmatch(text)
    if found is None:
        return None
    now = time.hour * 60 + time.minute
    start, end = (int(found[i]) * 60 + int(found[i + 1]) for i in (1, 3))
    return start <= now < end if start < end else now >= start or now < end


def _name(port: Mapping[str, Any]) -> str:
    names = [str(port[c]) for c in ("ca_name", "us_name") if _get(port, c) is not None]
    return " – ".join(dict.fromkeys(names))


def _get(port: Mapping[str, Any], name: str) -> Any:
    value = port.get(name)
    if value is None or pd.isna(value):
        return None
    return value.isoformat()[:10] if isinstance(value, dt.date) else value
