"""Which rules held at the border, and from which day to which: as the region's file says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from roxham.geo import DataError
from roxham.geo.arguments import checked
from roxham.geo.region import Region, as_region, using_region
from roxham.geo.tables.contract import date_span
from roxham.layers.facts.policy import load_policy_events

if TYPE_CHECKING:
    from roxham.geo.region.definition import Rule

__all__ = ["EVENT", "Regime", "regime_on", "regime_spans", "regimes", "rules_of"]

EVENT = ("date", "title", "source_url")
"""Columns of an event without which it begins no regime."""
TOLD = ("title", "title_fr", "effect", "effect_fr", "source_title", "source_publisher")


@dataclass(frozen=True, eq=False)
class Regime:
    """A regime of a region, with the row of the policy table that began it.

    Attributes
    ----------
    id
        Its name in the region's file.
    rules
        The regime whose rules it has: its own, or one that it took up again.
    first
        Its first day.
    at
        Hour of that day from which it holds.
    last
        Its last day, where the file gives it.
    event
        The row, None where the file gives the day alone.
    shown
        Whether the page's clock tells it.
    """

    id: str
    rules: str
    first: pd.Timestamp
    at: dt.time | None
    last: pd.Timestamp | None
    event: dict[str, Any] | None
    shown: bool

    @property
    def since(self) -> str:
        """Its first day as its event writes it."""
        return self.first.date().isoformat() if self.event is None else str(self.event["date"])


def regimes(
    policy: pd.DataFrame | None = None, *, region: Region | str | Path | None = None
) -> list[Regime]:
    """Return the regimes of a region by their first days; none if its file has none.

    Raises
    ------
    DataError
        If an event that began one is not in the table of policy events, or is there twice.
    """
    area = as_region(region)
    details = area.details
    if details is None or not details.regimes:
        return []
    asked = any(one.event is not None for one in details.regimes)
    if policy is None and asked:
        with using_region(area):
            policy = load_policy_events().rows
    found = []
    for one in details.regimes:
        event, day = None, one.since
        if one.event is not None:
            assert policy is not None
            rows = policy[policy["title"] == one.event]
            if len(rows) != 1:
                raise DataError(f"policy events: {len(rows)} rows “{one.event}”; one is needed.")
            event = {str(key): value for key, value in rows.iloc[0].items()}
            day = day or str(event["date"])
        assert day is not None
        last = None if one.until is None else pd.Timestamp(one.until)
        hour = None if one.at is None else dt.time.fromisoformat(one.at)
        first = date_span(day)[0]
        found.append(Regime(one.id, one.rules or one.id, first, hour, last, event, one.shown))
    return sorted(found, key=lambda regime: regime.first)


def regime_on(day: pd.Timestamp, time: dt.time | None, held: list[Regime]) -> Regime | None:
    """Return the regime that held on a day, and hour if given; None where none is known of."""
    found = None
    for regime in held:
        early = time is not None and regime.at is not None and time < regime.at
        if day >= regime.first and not (early and day == regime.first):
            found = regime
    return None if found is None or (found.last is not None and day > found.last) else found


def rules_of(region: Region) -> dict[tuple[str, str, str], Rule]:
    """Return the rules of a region by regime, kind of gate and way: north is to its first side."""
    if region.details is None:
        return {}
    ways = dict(zip(region.ways, ("north", "south"), strict=True))
    return {
        (rule.regime, rule.gate, ways.get(rule.towards, rule.towards)): rule
        for rule in region.details.rules
    }


def _source_of(region: Region) -> dict[str, str]:
    """Return who says so of regimes that no event begins, as the region's file has it."""
    source = None if region.details is None else region.details.sources.get("regimes")
    if source is None:
        return {}
    told = {"title": source.title, "publisher": source.publisher, "url": source.url}
    return {f"source_{name}": text for name, text in told.items()}


@checked(policy=EVENT)
def regime_spans(
    policy: pd.DataFrame | None = None, *, region: Region | str | Path | None = None
) -> pd.DataFrame:
    """Return the rules for asylum claimants at the border as spans of days without a gap.

    Parameters
    ----------
    policy
        Policy events as :func:`load_policy_events` gives them; those of the region by default.
    region
        The region; by default the one at work.

    Returns
    -------
    pandas.DataFrame
        One row a regime that the region's file shows, in order: ``regime``, ``start`` (its
        first day), ``end`` (its last; null for the one that holds), and of the event that
        began it ``title, title_fr, effect, effect_fr, source_title, source_publisher,
        source_url``; of a day that no event tells, its id and ``[sources.regimes]`` of the
        region's file. No row for a region without regimes.

    Raises
    ------
    DataError
        If an event that began a regime is not in the table, or is there twice.

    Examples
    --------
    >>> regime_spans()[["regime", "start", "end"]].values.tolist()[1]
    ['covid_order', '2020-03-21', '2021-11-20']
    """
    held = [regime for regime in regimes(policy, region=region) if regime.shown]
    rows = []
    for regime, after in zip_longest(held, held[1:]):
        end = regime.last
        if after is not None and (end is None or end >= after.first):
            end = after.first - pd.Timedelta(days=1)
        event = regime.event or {"title": regime.id, **_source_of(as_region(region))}
        rows.append(
            {
                "regime": regime.id,
                "start": regime.first.strftime("%Y-%m-%d"),
                "end": None if end is None else end.strftime("%Y-%m-%d"),
                **{name: event.get(name) for name in (*TOLD, "source_url")},
                **{k: v for k, v in event.items() if k.startswith(("title_", "effect_"))},
            }
        )
    columns = ["regime", "start", "end", *TOLD, "source_url"]
    further = [key for row in rows for key in row if key not in columns]
    ends = pd.Series([row["end"] for row in rows], dtype=object)
    return pd.DataFrame(rows, columns=[*columns, *dict.fromkeys(further)]).assign(end=ends)
