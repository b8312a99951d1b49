"""What the numbers say: the key figures of a region, worked out from the tables."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

import pandas as pd

from roxham.geo.arguments import checked, require_columns
from roxham.geo.region import active_region
from roxham.layers.areas import parts_of
from roxham.layers.intervals import Interval, interval_at, with_bounds

if TYPE_CHECKING:
    from roxham.geo.region.definition import Figure

__all__ = ["figures"]

INEXACT = {
    "suppressed": "withheld",
    "conflicting": "given as two numbers",
    "between": "known within bounds",
}
"""How a count is told that is an interval, but one that is rounded."""


@dataclass(frozen=True)
class _Value:
    """What a number can be with where it comes from, or the reason why nothing is known."""

    interval: Interval | None
    formula: str = ""
    reason: str = ""
    urls: tuple[str, ...] = ()


@checked()
def figures(interceptions: pd.DataFrame) -> pd.DataFrame:
    """Work out the key figures of the region at work from annual counts.

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

    Raises
    ------
    DataError
        If a column is missing, or a count is no whole number.

    Examples
    --------
    >>> from roxham.layers import load_interceptions
    >>> table = figures(load_interceptions().rows).set_index("figure_id")
    >>> table["value"].tolist()
    [39540.0, 39171.0, 648.0, 369.0, 9.57, 99.07]
    """
    require_columns(interceptions, "interceptions", ("period", "province", "count", "source_url"))
    details = active_region().details
    rows = []
    for figure in details.figures if details else ():
        found = _worked_out(interceptions, figure)
        first, *others = active_region().languages
        title = figure.title.get(first) or next(iter(figure.title.values()))
        row = {
            "figure_id": figure.id,
            "title": title,
            **{f"title_{lang}": figure.title.get(lang, title) for lang in others},
            **_shown(found.interval),
            "unit": {"ratio": "times", "share": "%"}.get(figure.kind, "interceptions"),
            "formula": found.formula or None,
            "reason": found.reason or None,
            "source_url": " ".join(dict.fromkeys(found.urls)) or None,
        }
        rows.append(row)
    columns = ["figure_id", "title", "value", "low", "high", "unit", "formula", "reason"]
    if not rows:
        rows_ = pd.DataFrame(columns=[*columns, "source_url"])
        return rows_.astype(dict.fromkeys(("value", "low", "high"), "Float64"))
    return pd.DataFrame(rows).astype(dict.fromkeys(("value", "low", "high"), "Float64"))


def _worked_out(interceptions: pd.DataFrame, figure: Figure) -> _Value:
    """Return what a figure is."""
    here = _annual(interceptions, figure.year, figure.area)
    if figure.kind == "ratio":
        return _quotient(here, _annual(interceptions, figure.before or "", figure.area), 1)
    if figure.whole is None:
        return here
    whole = _annual(interceptions, figure.year, figure.whole)
    if figure.kind == "share":
        return _share(here, whole)
    return _elsewhere(interceptions, whole, here, figure)


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
        how = INEXACT.get(str(rows["precision"].iloc[0]), "rounded")
        reason = f"the count for {province} in {year} is {how}"
    return _Value(found, formula, reason, (url,))


def _elsewhere(interceptions: pd.DataFrame, whole: _Value, area: _Value, figure: Figure) -> _Value:
    """Return the whole less an area; every other way to it must agree."""
    published = _Value(None)
    if figure.rest is not None:
        published = _annual(interceptions, figure.year, figure.rest)
    if whole.interval is None or area.interval is None:
        return published if published.interval is not None else _join(whole, area)
    rest = whole.interval - area.interval
    formula = f"{whole.formula} − {area.formula}"
    annual = interceptions[interceptions["period"] == figure.year]
    others = annual["province"].isin(parts_of(str(figure.whole)) - {figure.area})
    # A sum of some parts can only fall short of the rest.
    least = int(with_bounds(annual[others])["low"].sum())
    urls = whole.urls + area.urls + published.urls
    if published.interval is not None and rest.certainly("!=", published.interval):
        reason = f"{formula} is {rest}, but {published.formula} was published"
        return _Value(None, formula, reason, urls)
    if rest.certainly("<", least):
        reason = f"{formula} is {rest}, but the other areas add up to {least:,}"
        return _Value(None, formula, reason, urls)
    rest = Interval(max(rest.low, least), rest.high)
    return _Value(rest, formula, _join(whole, area).reason, urls)


def _share(part: _Value, whole: _Value) -> _Value:
    """Return how many percent a part is of its whole: never more than all of it."""
    found = _quotient(part, whole, 100)
    if found.interval is None:
        return found
    if found.interval.certainly(">", 100):
        reason = f"{found.formula} is more than 100"
        return _Value(None, found.formula, reason, found.urls)
    share = Interval(found.interval.low, min(found.interval.high, 100))
    return _Value(share, found.formula, found.reason, found.urls)


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
    # as decimals: 0.07 times 100 is more than 7 in binary
    low, high = (
        float(Decimal(repr(end)).quantize(Decimal("0.01"), rounding))
        for end, rounding in ((found.low, ROUND_FLOOR), (found.high, ROUND_CEILING))
    )
    return {"value": None, "low": low, "high": high}
