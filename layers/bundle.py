"""All layers at once: what is shown, what was rejected, what was set aside."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from roxham.geo.tables import date_span

from .encounters import load_encounters
from .incidents import load_incidents
from .interceptions import load_interceptions, require_months
from .policy import load_policy_events
from .ports import load_ports
from .transfers import load_transfers
from .verdicts import figures

__all__ = ["EMBARGO_DAYS", "Layers", "load_layers"]

EMBARGO_DAYS = 90
"""Incidents younger than this are not shown: the toolkit looks back only."""
SET_ASIDE = ("layer", "id", "date", "reason")


@dataclass(frozen=True)
class Layers:
    """Every layer of the page.

    Attributes
    ----------
    interceptions, incidents, ports, policy_events, transfers, encounters
        The rows to show, as their loaders describe them.
    figures
        What the numbers say, from all annual counts whatever the months asked for.
    rejected
        Faults of files: ``layer, file, row, column, found, problem``.
    set_aside
        Sound rows not shown: ``layer, id, date, reason``.
    since, until
        First and last month shown, ``YYYY-MM``; None is no limit.
    """

    interceptions: pd.DataFrame
    incidents: gpd.GeoDataFrame
    ports: gpd.GeoDataFrame
    policy_events: pd.DataFrame
    transfers: pd.DataFrame
    encounters: pd.DataFrame
    figures: pd.DataFrame
    rejected: pd.DataFrame
    set_aside: pd.DataFrame
    since: str | None = None
    until: str | None = None


def load_layers(
    *,
    incidents: str | Path | None = None,
    counts: str | Path | None = None,
    ports: str | Path | None = None,
    since: str | None = None,
    until: str | None = None,
    as_of: dt.date | None = None,
) -> Layers:
    """Load all layers, with files of your own in place of bundled ones.

    Parameters
    ----------
    incidents, counts, ports
        Files or addresses of your own; the bundled tables by default.
    since, until
        First and last month to show, ``YYYY-MM``. Events that touch the span
        are shown; counts only if their whole period lies in it.
    as_of
        The day from which the embargo of 90 days on incidents is counted; today
        by default.

    Returns
    -------
    Layers
        Nothing is dropped in silence: see ``rejected`` and ``set_aside``.

    Raises
    ------
    DataError
        If a file cannot be read at all, or the months are out of order.

    Examples
    --------
    >>> layers = load_layers(since="2022-01", until="2022-12")
    >>> sorted(layers.interceptions["period"].unique())[:2]
    ['2022', '2022-01']
    >>> layers.set_aside["reason"].iloc[0]
    'before 2022-01'
    """
    require_months(since, until)
    checked = {
        "interceptions": load_interceptions(counts),
        "incidents": load_incidents(incidents),
        "ports": load_ports(ports),
        "policy_events": load_policy_events(),
        "transfers": load_transfers(),
        "encounters": load_encounters(),
    }
    embargo = pd.Timestamp(as_of or dt.date.today()) - pd.Timedelta(days=EMBARGO_DAYS)
    shown: dict[str, pd.DataFrame] = {}
    aside: list[tuple[str, str, str, str]] = []
    for layer, (rows, _) in checked.items():
        if layer == "ports":
            shown[layer] = rows
            continue
        reasons = _outside(rows, layer, since, until)
        if layer == "incidents":
            young = [date_span(day)[1] > embargo for day in rows["date"]]
            late = f"within {EMBARGO_DAYS} days of the day the map was made"
            reasons = reasons.mask(pd.Series(young, index=rows.index, dtype=bool), late)
        out = rows[reasons.notna()]
        aside += [
            (layer, *_label(row, layer), str(reason))
            for (_, row), reason in zip(out.iterrows(), reasons.dropna(), strict=True)
        ]
        shown[layer] = rows[reasons.isna()].reset_index(drop=True)
    faults = [rejected.assign(layer=layer) for layer, (_, rejected) in checked.items()]
    rejected = pd.concat(faults, ignore_index=True)
    return Layers(
        interceptions=shown["interceptions"],
        incidents=gpd.GeoDataFrame(shown["incidents"]),
        ports=gpd.GeoDataFrame(shown["ports"]),
        policy_events=shown["policy_events"],
        transfers=shown["transfers"],
        encounters=shown["encounters"],
        figures=figures(checked["interceptions"].rows),
        rejected=rejected[["layer", *(c for c in rejected if c != "layer")]],
        set_aside=pd.DataFrame(aside, columns=list(SET_ASIDE)),
        since=since,
        until=until,
    )


def _spans(rows: pd.DataFrame, layer: str) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    if layer == "transfers":
        pairs = zip(rows["period_start"], rows["period_end"], strict=True)
        return [(date_span(start)[0], date_span(end)[1]) for start, end in pairs]
    column = "date" if "date" in rows else "period"
    return [date_span(day) for day in rows[column]]


def _outside(
    rows: pd.DataFrame, layer: str, since: str | None, until: str | None
) -> pd.Series[str]:
    """Return why each row lies outside the months asked for, null if it does not."""
    first = pd.Timestamp.min if since is None else date_span(since)[0]
    last = pd.Timestamp.max if until is None else date_span(until)[1]
    total = layer not in ("incidents", "policy_events")
    reasons: list[str | None] = []
    for start, end in _spans(rows, layer):
        if end < first:
            reasons.append(f"before {since}")
        elif start > last:
            reasons.append(f"after {until}")
        elif total and start < first:
            reasons.append(f"its period begins before {since}")
        elif total and end > last:
            reasons.append(f"its period ends after {until}")
        else:
            reasons.append(None)
    return pd.Series(reasons, index=rows.index, dtype="object")


def _label(row: pd.Series, layer: str) -> tuple[str, str]:
    """Return what a row is called and its date."""
    if layer == "transfers":
        return str(row["to"]), f"{row['period_start']}/{row['period_end']}"
    name = {"interceptions": "province", "incidents": "id", "policy_events": "title"}
    date = "date" if "date" in row else "period"
    return str(row[name.get(layer, "granularity")]), str(row[date])
