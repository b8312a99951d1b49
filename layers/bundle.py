"""All layers at once: what is shown, what was rejected, what was set aside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pandas as pd

from roxham.geo.dates import NEVER, date_span

from .claims import judge, load_claims
from .embargo import EMBARGO_DAYS, embargoed, spans
from .encounters import load_encounters
from .incidents import read_incidents
from .interceptions import load_interceptions, require_months
from .keyfigures import figures
from .model import Layers
from .policy import load_policy_events
from .ports import load_ports
from .provenance import inputs_read
from .transfers import load_transfers

__all__ = ["load_layers"]

SET_ASIDE = ("layer", "id", "date", "reason")


def load_layers(
    *,
    incidents: str | Path | None = None,
    counts: str | Path | None = None,
    ports: str | Path | None = None,
    since: str | None = None,
    until: str | None = None,
    as_of: dt.date | None = None,
    allow_named: bool = False,
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
        The day the map is made, from which the embargo is counted; today by default.
        Rows younger than 90 days are set aside, but for what a government published.
    allow_named
        As for :func:`load_incidents`.

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
    found, left_out = read_incidents(incidents, allow_named=allow_named)
    checked = {
        "interceptions": load_interceptions(counts),
        "incidents": found,
        "ports": load_ports(ports),
        "policy_events": load_policy_events(),
        "transfers": load_transfers(),
        "encounters": load_encounters(),
    }
    as_of = as_of or dt.date.today()
    shown: dict[str, pd.DataFrame] = {}
    judged: dict[str, pd.DataFrame] = {}
    aside: list[tuple[str, str, str, str]] = [
        ("incidents", f"column {column}", "", f"personal: holds {kind}")
        for column, kind in left_out.items()
    ]
    for layer, (rows, _) in checked.items():
        if layer == "ports":
            shown[layer] = judged[layer] = rows
            continue
        reasons = _outside(rows, layer, since, until)
        late = f"embargo: within {EMBARGO_DAYS} days of {as_of}"
        young = embargoed(rows, layer, as_of)
        reasons = reasons.mask(young, late)
        judged[layer] = rows[~young]
        out = rows[reasons.notna()]
        aside += [
            (layer, label, day, str(reason))
            for (label, day), reason in zip(_labels(out, layer), reasons.dropna(), strict=True)
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
        claims=judge(judged, load_claims().rows),
        rejected=rejected[["layer", *(c for c in rejected if c != "layer")]],
        set_aside=pd.DataFrame(aside, columns=list(SET_ASIDE)),
        since=since,
        until=until,
        inputs=inputs_read(
            {"interceptions": counts, "incidents": incidents, "ports": ports},
            {layer: rows for layer, (rows, _) in checked.items()},
        ),
    )


def _outside(
    rows: pd.DataFrame, layer: str, since: str | None, until: str | None
) -> pd.Series[str]:
    """Return why each row lies outside the months asked for, null if it does not."""
    first = NEVER[0] if since is None else date_span(since)[0]
    last = NEVER[1] if until is None else date_span(until)[1]
    total = layer not in ("incidents", "policy_events")
    reasons: list[str | None] = []
    for start, end in spans(rows, layer):
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


def _labels(rows: pd.DataFrame, layer: str) -> Iterator[tuple[str, str]]:
    """Yield what each row is called, and its date."""
    if layer == "transfers":
        days = rows["period_start"].map(str) + "/" + rows["period_end"].map(str)
        return zip(rows["to"].map(str), days, strict=True)
    names = {"interceptions": "province", "incidents": "id", "policy_events": "title"}
    date = "date" if "date" in rows else "period"
    return zip(rows[names.get(layer, "granularity")].map(str), rows[date].map(str), strict=True)
