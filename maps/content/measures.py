"""What the page's chart shows beside interceptions: other measures, each alone, by month."""

from __future__ import annotations

from typing import Any

import pandas as pd

from roxham.geo.region import active_region
from roxham.layers import Layers, load_series
from roxham.layers.facts.datasets import measure_of
from roxham.layers.intervals import intervals_of

from .chart import chart_data, drawn
from .wording import Pair, both, languages, messages

__all__ = ["entry_years", "measure_data", "undrawn"]

MONTH = r"[0-9]{4}-[0-9]{2}"
OWN = ["measure", "unit", "area", "place"]
LISTED = 6
"""Of more series or periods so many are named."""


def measure_data(layers: Layers, first: str | None) -> list[dict[str, Any]]:
    """Return the measures that a reader may choose, as the chart's script reads them.

    Parameters
    ----------
    layers
        The tables of the page.
    first
        The chart's first month; None is no limit.

    Returns
    -------
    list of dict
        ``measure``, its ``months`` without a break and their ``values``: a count, or its
        ``[low, high]``, or null where unknown. One of which no month is known is left out.
        Those of a table of measures have a ``name``, and ``by``, who published it.
    """
    details = active_region().details
    since = max(filter(None, (first, layers.since)), default=None)
    charts = []
    for one in details.measures if details else ():
        data, kind = measure_of(one.measure)
        rows = layers.tables.get(data.name)
        series = load_series(one.measure, place=one.place, table=rows)
        said: dict[str, Any] = {}
        if f"measure.{one.measure}" not in messages()[languages()[0]]:
            by = one.measure if rows is None else "; ".join(set(rows["source_publisher"].map(str)))
            said = {"name": kind.word(one.measure, languages()[0]), "by": by}
        charts.append({"measure": one.measure, **said, **_chart(series.rows, since, layers.until)})
    if (own := layers.tables.get("measured")) is not None:
        charts += _own_charts(own, since, layers.until)
    return [chart for chart in charts if chart["months"]]


def _own_charts(rows: pd.DataFrame, since: str | None, until: str | None) -> list[dict[str, Any]]:
    """Return the series of a table of measures: one for each measure, area and place."""
    months = rows[rows["period"].str.fullmatch(MONTH).fillna(False).astype(bool)]
    charts = []
    keys = [months[name].fillna("").astype(str) for name in OWN]
    for k, (key, of) in enumerate(months.groupby(keys, sort=False), start=1):
        charts.append(
            {
                "measure": f"own-{k}",
                "name": _name(*map(str, key)),
                "by": "; ".join(dict.fromkeys(of["source_publisher"].astype(str))),
                **_chart(of, since, until),
            }
        )
    return charts


def _name(measure: str, unit: str, area: str, place: str) -> str:
    counted = f"{measure} ({unit})" if unit else measure
    return ", ".join(filter(None, (counted, place, area)))


def undrawn(layers: Layers, *, printed: bool = False) -> Pair | None:
    """Say which counts of a table of measures are in the tables alone, and why; None if none are.

    Parameters
    ----------
    layers
        The tables of the page.
    printed
        Whether it is told of the picture, which draws none of them.
    """
    rows = layers.tables.get("measured")
    if rows is None or rows.empty:
        return None
    charted = printed or chart_data(layers.interceptions, layers.policy_events) is not None
    if charted and not printed:
        rows = rows[~rows["period"].str.fullmatch(MONTH).fillna(False).astype(bool)]
    told = []
    for key, of in rows.groupby([rows[name].fillna("").astype(str) for name in OWN], sort=False):
        periods = _few(sorted(of["period"].astype(str)), ", ")
        told.append(_name(*map(str, key)) + ("" if printed or not charted else f" ({periods})"))
    why = "measure.not_printed" if printed else "measure.undrawn" if charted else "measure.no_chart"
    return both(why, list=_few(told, "; ")) if told else None


def _few(texts: list[str], between: str) -> str:
    """Return a list, of which no more than a few are named."""
    return between.join([*texts[:LISTED], *(["…"] if len(texts) > LISTED else [])])


def _chart(rows: pd.DataFrame, since: str | None, until: str | None) -> dict[str, Any]:
    rows = rows[rows["low"].notna() & rows["period"].between(since or "", until or "9999")]
    if rows.empty:
        return {"months": [], "values": []}
    known = dict(zip(rows["period"], map(drawn, intervals_of(rows)), strict=True))
    months = pd.period_range(min(known), max(known), freq="M").astype(str).tolist()
    return {"months": months, "values": [known.get(month) for month in months]}


def entry_years(entries: pd.DataFrame, first: str | None) -> dict[str, Any]:
    """Return people in private vehicles by year and port, for readers without scripts.

    A year of which not all months are known is null.

    Parameters
    ----------
    entries
        Rows of ``load_entries``.
    first
        The chart's first month: years before it are left out.
    """
    rows = entries[entries["period"] >= (first or "")[:4]]
    ports = sorted(set(rows["port_name"].tolist()))  # of any text: no index that must encode it
    at = [ports.index(port) for port in rows["port_name"]]
    rows = pd.DataFrame(rows).assign(year=rows["period"].str[:4], port=at)
    sums, known = (
        rows.pivot_table("car_passengers", index="year", columns="port", aggfunc=how)
        for how in ("sum", "count")
    )
    sums = sums.where(known == 12)
    return {
        "ports": [port for k, port in enumerate(ports) if k in sums.columns],
        "rows": [
            {"year": year, "counts": [None if pd.isna(n) else int(n) for n in numbers]}
            for year, numbers in zip(sums.index, sums.to_numpy(), strict=True)
        ],
    }
