"""What the page's clock runs over: its months, and the rules that held in them."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from roxham.layers import Layers, regime_spans

from .plain import plain

__all__ = ["clock_data"]

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def clock_data(layers: Layers) -> dict[str, Any] | None:
    """Return the clock's first and last month and the regimes of the border.

    Parameters
    ----------
    layers
        The frames of the page. Months asked for (``since``, ``until``) bound the clock;
        else what is counted by month, and the incidents, do.

    Returns
    -------
    dict or None
        ``first`` and ``last``, ``YYYY-MM``; ``regimes``, each with ``start``, ``end``,
        ``title``, ``effect``, their French, and its source. None where nothing is dated.
    """
    dates = [*layers.interceptions["period"], *layers.incidents["date"]]
    ends = [end for date in dates for end in str(date).split("/")]
    months = sorted(end[:7] for end in ends if MONTH.fullmatch(end[:7]))
    first = layers.since or (months[0] if months else None)
    last = layers.until or (months[-1] if months else None)
    if first is None or last is None or first > last:
        return None
    spans = regime_spans().map(plain)
    held = spans["end"].isna() | (spans["end"].astype(str).str[:7] >= first)
    held &= spans["start"].str[:7] <= last
    return {"first": first, "last": last, "regimes": records(pd.DataFrame(spans[held]))}


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as JSON can hold them."""
    return [{str(k): plain(v) for k, v in row.items()} for row in frame.to_dict("records")]
