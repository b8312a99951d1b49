"""Which rules held at the border, and from which day to which."""

from __future__ import annotations

import pandas as pd

from roxham.geo import DataError
from roxham.geo.tables.contract import date_span
from roxham.layers.facts.policy import load_policy_events

from .open_gates import REGIMES

__all__ = ["regime_spans"]

TOLD = ("title", "title_fr", "effect", "effect_fr", "source_title", "source_publisher")


def regime_spans(policy: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the rules for asylum claimants at the border as spans of days without a gap.

    Parameters
    ----------
    policy
        Policy events as :func:`load_policy_events` gives them; the bundled ones by default.

    Returns
    -------
    pandas.DataFrame
        One row a regime, in order: ``regime`` (agreement, covid_order, order_lifted,
        protocol), ``start`` (its first day), ``end`` (its last; null for the one that
        holds), and of the event that began it ``title, title_fr, effect, effect_fr,
        source_title, source_publisher, source_url``.

    Raises
    ------
    DataError
        If an event that began a regime is not in the table, or is there twice.

    Examples
    --------
    >>> regime_spans()[["regime", "start", "end"]].values.tolist()[1]
    ['covid_order', '2020-03-21', '2021-11-20']
    """
    events = load_policy_events().rows if policy is None else policy
    rows = []
    for regime, title in REGIMES.items():
        found = events[events["title"] == title]
        if len(found) != 1:
            raise DataError(f"policy events: {len(found)} rows “{title}”; one is needed.")
        event = found.iloc[0]
        told = {name: event.get(name) for name in (*TOLD, "source_url")}
        rows.append({"regime": regime, "first": date_span(str(event["date"]))[0], **told})
    spans = pd.DataFrame(rows).sort_values("first", kind="stable", ignore_index=True)
    ends = (spans["first"].shift(-1) - pd.Timedelta(days=1)).dt.strftime("%Y-%m-%d")
    spans.insert(1, "start", spans["first"].dt.strftime("%Y-%m-%d"))
    spans.insert(2, "end", ends.astype("object").where(ends.notna(), None))
    return spans.drop(columns="first")
