"""What the monthly chart draws: two series, their gaps, and the dates marked on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from roxham.geo.region import active_region
from roxham.geo.region.definition import Series
from roxham.layers import Interval, find_mismatches, monthly_series
from roxham.layers.intervals import intervals_of, with_bounds

from .plain import plain
from .wording import filled, messages, number_in, written_date

__all__ = [
    "MARKED",
    "chart_data",
    "charted",
    "count_in",
    "gaps_told",
    "marked_events",
    "monthly_rows",
    "peaks_of",
    "totals_told",
]

TOLD = ("date", "title")
MARKED = ("treaty", "border_closure", "border_reopening")
"""Kinds of policy events that change who may claim asylum between ports."""


def chart_data(interceptions: pd.DataFrame, events: pd.DataFrame) -> dict[str, Any] | None:
    """Return months, counts and dates as the chart's script reads them.

    Parameters
    ----------
    interceptions
        Rows of ``load_interceptions``.
    events
        Rows of ``load_policy_events``.

    Returns
    -------
    dict or None
        ``months`` without a break, ``area``, ``rest`` and ``whole`` (a count, or its
        ``[low, high]`` where it is rounded or withheld, or null where unknown; the
        rest and the whole are there only where both counts are, and no part
        contradicts them), ``annual`` totals by year, ``events`` to mark. None where the
        region has no series to chart.
    """
    drawn_as = charted()
    if drawn_as is None:
        return None
    area = monthly_series(interceptions, drawn_as.area).set_index("period")
    whole = monthly_series(interceptions, drawn_as.whole or drawn_as.area).set_index("period")
    whole = whole.reindex(area.index)
    if drawn_as.whole is None:
        whole[["low", "high"]] = pd.NA
    wrong = find_mismatches(interceptions)
    wrong = wrong[(wrong["kind"] == "contradiction") & (wrong["province"] == drawn_as.whole)]
    # A total that its parts contradict is of another release: it leaves no rest.
    whole.loc[whole.index.isin(wrong["period"]), ["low", "high"]] = pd.NA
    known = list(zip(intervals_of(area), intervals_of(whole.loc[area.index]), strict=True))
    rest = [remainder(all_, here) for here, all_ in known]
    return {
        "months": area.index.tolist(),
        "area": [drawn(here) for here, _ in known],
        "rest": [drawn(left) for left in rest],
        "whole": [
            None if left is None else drawn(all_)
            for left, (_, all_) in zip(rest, known, strict=True)
        ],
        "codes": {"area": drawn_as.area, "whole": drawn_as.whole},
        "keys": ["area", "rest", "gap"] if drawn_as.whole else ["area", "gap"],
        "annual": annual(interceptions, drawn_as),
        "events": [
            {str(name): plain(row[name]) for name in row if str(name).partition("_")[0] in TOLD}
            for row in marked_events(events, area.index.tolist())
            .filter(regex="^(date|title(_[a-z]+)?)$")
            .to_dict("records")
        ],
    }


UNKNOWN = 6
"""Months of a year, from which on its total is told beside the months."""


def gap_spans(chart: dict[str, Any]) -> list[str]:
    """Return the stretches of months without a figure, as dates.

    Examples
    --------
    >>> gap_spans({"months": ["2019-05", "2019-06", "2019-07"], "area": [None, 3, None]})
    ['2019-05', '2019-07']
    """
    runs: list[list[str]] = []
    known = True
    for month, count in zip(chart["months"], chart["area"], strict=True):
        if count is None:
            if known:
                runs.append([month])
            runs[-1][1:] = [month]
        known = count is not None
    return [run[0] if run[0] == run[-1] else "/".join(run) for run in runs]


def totals_told(chart: dict[str, Any]) -> dict[str, Any]:
    """Return the totals of years with too few months, by year; None where there is none."""
    months = list(zip(chart["months"], chart["area"], strict=True))
    missing = Counter(month[:4] for month, count in months if count is None)
    return {
        year: chart["annual"].get(year, {}).get("area")
        for year, unknown in sorted(missing.items())
        if unknown >= UNKNOWN
    }


def gaps_told(chart: dict[str, Any]) -> dict[str, str] | None:
    """Say of which months no figure is known, and what the years come to that lack most."""
    spans = gap_spans(chart)
    if not spans:
        return None
    told = {}
    for lang, words in messages().items():
        listed = "; ".join(written_date(span, lang) for span in spans)
        said = [filled(words["chart.gaps"], list=listed)]
        totals = [
            filled(words["chart.no_total"], year=year)
            if total is None
            else filled(words["chart.total_of"], year=year, count=count_in(lang, total))
            for year, total in totals_told(chart).items()
        ]
        if totals:
            said.append(filled(words["chart.totals"], list="; ".join(totals)))
        told[lang] = " ".join(said)
    return told


RUN, LEAST_PEAK = 6, 0.25
"""Months of a stretch that has a peak to name, and the least of it as a share of the highest."""


def peaks_of(tops: Sequence[float | None]) -> list[int]:
    """Return the position of the highest month of each stretch of known ones, as the page does.

    Examples
    --------
    >>> peaks_of([1, 2, 9, 3, 2, 1, None, 8, 8]), peaks_of([0] * 6)
    ([2], [])
    """
    highest = max((top for top in tops if top is not None), default=0)
    holes = [-1, *(i for i, top in enumerate(tops) if top is None), len(tops)]
    found = []
    for before, end in pairwise(holes):
        run = [top or 0 for top in tops[before + 1 : end]]
        if len(run) >= RUN and max(run) > 0 and max(run) >= LEAST_PEAK * highest:
            found.append(before + 1 + run.index(max(run)))
    return found


def count_in(lang: str, count: Any) -> str:
    """Write a count, or the two ends of its range, as a language does."""
    ends = count if isinstance(count, list) else [count]
    return "–".join(number_in(lang, end) for end in ends)


def charted() -> Series | None:
    """Return the series of the region at work that is charted by month."""
    details = active_region().details
    return next((one for one in details.series if one.chart), None) if details else None


def remainder(whole: Interval | None, part: Interval | None) -> Interval | None:
    """Return what is left of a whole, never below 0; None where the two contradict each other.

    Two publications may disagree on a month: a negative rest is no figure.
    """
    if whole is None or part is None or (whole - part).high < 0:
        return None
    return Interval(max((whole - part).low, 0), (whole - part).high)


def drawn(count: Interval | None) -> Any:
    """Return a count as the scripts read it: a number, ``[low, high]``, or null."""
    if count is None:
        return None
    return plain(count.low) if count.is_exact else [plain(count.low), plain(count.high)]


def annual(interceptions: pd.DataFrame, series: Series) -> dict[str, dict[str, Any]]:
    """Return the published totals by year: ``{"2020": {"area": 3189, "whole": None}}``."""
    years = with_bounds(interceptions[interceptions["period"].str.len() == 4])
    keys = zip(years["period"], years["province"], strict=True)
    counts = dict(zip(keys, map(drawn, intervals_of(years)), strict=True))
    return {
        str(year): {
            "area": counts.get((year, series.area)),
            "whole": counts.get((year, series.whole)),
        }
        for year in sorted(years["period"].unique())
    }


def marked_events(events: pd.DataFrame, months: list[str]) -> pd.DataFrame:
    """Return the events on exact days within the months that changed who may claim asylum.

    Of events in the same week the last is kept: an agreement is announced one
    day and in force the next, and two marks would stand on one column.
    """
    exact = events["date"].str.fullmatch(r"\d{4}-\d{2}-\d{2}")
    found = events[events["kind"].isin(MARKED) & exact].sort_values("date", kind="stable")
    if months:
        found = found[found["date"].str[:7].between(months[0], months[-1])]
    days = pd.to_datetime(found["date"])
    return found[~((-days.diff(-1)).dt.days < 7)]


def monthly_rows(chart: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the area's series as one row a year: ``year``, twelve ``months``, ``whole``."""
    known = dict(zip(chart["months"], chart["area"], strict=True))
    years = sorted({month[:4] for month in known} | set(chart["annual"]))
    return [
        {
            "year": year,
            "months": [known.get(f"{year}-{month:02}") for month in range(1, 13)],
            "whole": chart["annual"].get(year, {}).get("area"),
        }
        for year in years
    ]
