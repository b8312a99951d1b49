"""What the numbers say: the key figures of 2022, worked out from the tables."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from roxham.layers.facts.checks import require_columns
from roxham.layers.intervals import Interval, interval_at, with_bounds

__all__ = ["FIGURES", "figures"]

FIGURES = (
    (
        "canada_2022",
        "Interceptions in Canada, 2022",
        "Interceptions au Canada, 2022",
        "interceptions",
    ),
    (
        "quebec_2022",
        "Interceptions in Quebec, 2022",
        "Interceptions au Québec, 2022",
        "interceptions",
    ),
    (
        "elsewhere_2022",
        "Interceptions outside Quebec, 2022",
        "Interceptions hors du Québec, 2022",
        "interceptions",
    ),
    (
        "ratio_2022_2021",
        "Quebec, 2022 over 2021",
        "Québec, 2022 par rapport à 2021",
        "times",
    ),
    ("share_2022", "Quebec's share, 2022", "Part du Québec, 2022", "%"),
)


@dataclass(frozen=True)
class _Value:
    """What a number can be with where it comes from, or the reason why nothing is known."""

    interval: Interval | None
    formula: str = ""
    reason: str = ""
    urls: tuple[str, ...] = ()


def figures(interceptions: pd.DataFrame) -> pd.DataFrame:
    """Work out the key figures of 2022 from annual counts.

    Parameters
    ----------
    interceptions
        Rows of ``load_interceptions``; only annual rows are used.

    Returns
    -------
    pandas.DataFrame
        One row a figure: ``figure_id, title, title_fr, value`` (null if it
        cannot be worked out exactly), ``low, high`` (what it can be, where counts are
        rounded or withheld; null if nothing is known), ``unit`` (interceptions, times
        or %), ``formula``, ``reason`` (why there is no value) and ``source_url`` (separated by
        spaces). Ratio and share have two decimals; bounds are widened to them.

    Examples
    --------
    >>> from roxham.layers import load_interceptions
    >>> table = figures(load_interceptions().rows).set_index("figure_id")
    >>> table["value"].tolist()
    [39540.0, 39171.0, 369.0, 9.57, 99.07]
    """
    require_columns(interceptions, "interceptions", ("period", "province", "count", "source_url"))
    canada = _annual(interceptions, "2022", "CA")
    quebec = _annual(interceptions, "2022", "CA-QC")
    before = _annual(interceptions, "2021", "CA-QC")
    values = {
        "canada_2022": canada,
        "quebec_2022": quebec,
        "elsewhere_2022": _elsewhere(interceptions, canada, quebec),
        "ratio_2022_2021": _quotient(quebec, before, 1),
        "share_2022": _quotient(quebec, canada, 100),
    }
    rows = []
    for figure_id, title, title_fr, unit in FIGURES:
        found = values[figure_id]
        row = {
            "figure_id": figure_id,
            "title": title,
            "title_fr": title_fr,
            **_shown(found.interval),
            "unit": unit,
            "formula": found.formula or None,
            "reason": found.reason or None,
            "source_url": " ".join(dict.fromkeys(found.urls)) or None,
        }
        rows.append(row)
    return pd.DataFrame(rows).astype(dict.fromkeys(("value", "low", "high"), "Float64"))


def _annual(interceptions: pd.DataFrame, year: str, province: str) -> _Value:
    """Return the published total of a year, or why there is none."""
    here = (interceptions["period"] == year) & (interceptions["province"] == province)
    rows = with_bounds(interceptions[here])
    if len(rows) != 1:
        return _Value(None, reason=f"{len(rows) or 'no'} annual rows for {province} in {year}")
    found, url = interval_at(rows, rows.index[0]), str(rows["source_url"].iloc[0])
    if found is None:
        return _Value(None, reason=f"the count for {province} in {year} is not known")
    formula, reason = str(found), ""
    if not found.is_exact:
        formula = f"({found.low:,}–{found.high:,})"
        how = "withheld" if rows["precision"].iloc[0] == "suppressed" else "rounded"
        reason = f"the count for {province} in {year} is {how}"
    return _Value(found, formula, reason, (url,))


def _elsewhere(interceptions: pd.DataFrame, canada: _Value, quebec: _Value) -> _Value:
    """Return Canada less Quebec; every other way to it must agree."""
    published = _annual(interceptions, "2022", "CA-XX")
    if canada.interval is None or quebec.interval is None:
        return published if published.interval is not None else _join(canada, quebec)
    rest = canada.interval - quebec.interval
    formula = f"{canada.formula} − {quebec.formula}"
    annual = interceptions[interceptions["period"] == "2022"]
    provinces = with_bounds(annual[~annual["province"].isin(["CA", "CA-QC", "CA-XX"])])
    # A sum of some provinces can only fall short of the rest.
    least = int(provinces["low"].sum())
    urls = canada.urls + quebec.urls + published.urls
    if published.interval is not None and rest.certainly("!=", published.interval):
        reason = f"{formula} is {rest}, but {published.formula} was published"
        return _Value(None, formula, reason, urls)
    if rest.certainly("<", max(least, 0)):
        reason = f"{formula} is {rest}, but the other provinces add up to {least:,}"
        return _Value(None, formula, reason, urls)
    return _Value(rest, formula, _join(canada, quebec).reason, urls)


def _quotient(top: _Value, bottom: _Value, factor: int) -> _Value:
    if top.interval is None or bottom.interval is None:
        return _join(top, bottom)
    formula = f"{top.formula} ÷ {bottom.formula}" + (f" × {factor}" if factor != 1 else "")
    urls = top.urls + bottom.urls
    if 0 in bottom.interval:
        return _Value(None, formula, "division by zero", urls)
    quotient = top.interval * factor / bottom.interval
    return _Value(quotient, formula, _join(top, bottom).reason, urls)


def _join(*values: _Value) -> _Value:
    return _Value(None, reason="; ".join(dict.fromkeys(v.reason for v in values if v.reason)))


def _shown(found: Interval | None) -> dict[str, float | None]:
    """Return the value and its bounds with two decimals, the bounds widened to them."""
    if found is None:
        return {"value": None, "low": None, "high": None}
    if found.is_exact:
        return dict.fromkeys(("value", "low", "high"), round(float(found.low), 2))
    low, high = math.floor(found.low * 100) / 100, math.ceil(found.high * 100) / 100
    return {"value": None, "low": low, "high": high}
