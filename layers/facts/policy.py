"""Policy events: treaties, orders, rulings and what changed at the border with them."""

from __future__ import annotations

import pandas as pd

from roxham.geo.arguments import checked
from roxham.geo.io.sources import Source
from roxham.geo.tables.contract import FACT_SOURCE, Checked, Column, Contract
from roxham.layers.model import Dataset, Shown

from .checks import NOTE_FR, no_example, read_layer, unique, with_french

__all__ = ["POLICY_EVENTS", "POLICY_EVENTS_DATA", "load_policy_events"]

POLICY_EVENTS = Contract(
    name="policy_events",
    columns=(
        Column("date", "date", "day, month, year or interval A/B"),
        Column("title", meaning="what happened"),
        Column("title_fr", meaning="the same in French", required=False),
        Column("kind", meaning="treaty, law, court, public_health, ..."),
        Column("effect", meaning="what it changed"),
        Column("effect_fr", meaning="the same in French", required=False),
        *FACT_SOURCE,
        NOTE_FR,
    ),
    checks=(unique("date", "title"), no_example()),
)


@checked()
def load_policy_events(path: Source | None = None) -> Checked[pd.DataFrame]:
    """Load policy events.

    Parameters
    ----------
    path
        A file, an address or a frame of your own with the same columns; by default what ships.

    Returns
    -------
    Checked
        ``rows``: ``date`` (ISO 8601, coarse where the source is), ``title``,
        ``kind``, ``effect``, their French (the given text where the file has
        none) and the source columns; and ``rejected``.

    Raises
    ------
    DataError
        If the file cannot be read as this table.

    Examples
    --------
    >>> rows = load_policy_events().rows.set_index("date")
    >>> rows.at["2023-03-25", "title"]
    'Additional Protocol in force'
    """
    return with_french(read_layer("policy_events", path, POLICY_EVENTS), "title", "effect")


POLICY_EVENTS_DATA = Dataset(
    POLICY_EVENTS,
    load_policy_events,
    made_of=("layers/policy_events.csv",),
    when=("date",),
    key=("date", "title"),
    label="title",
    event=True,
    shown=(
        Shown("date", "date"),
        Shown("title", "local", heads=True),
        Shown("kind", "word", groups=("policy",)),
        Shown("effect", "local", long=True),
    ),
)
