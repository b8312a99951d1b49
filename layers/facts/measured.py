"""Counts of other measures than the one that is charted: a table that a user, or a region, brings.

They are drawn one at a time, and never added to anything. None ships.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from roxham.geo.errors import DataError
from roxham.geo.io.sources import Source, read_raw
from roxham.geo.tables.contract import Checked, Contract, source_name
from roxham.layers.intervals import with_bounds
from roxham.layers.mapping.read import MappingLike, mapped_table, mapping_of
from roxham.layers.model import Dataset, Shown

from .checks import read_layer
from .counts import counts_contract

__all__ = ["MEASURED_DATA", "load_measured", "tells_measures"]

CHARTED = "interceptions"
KEY = ("measure", "unit", "area", "place")
"""What tells one series from another."""


def measured_contract() -> Contract:
    """Return the contract of counts, of this table."""
    return replace(counts_contract(), name="measured")


def load_measured(
    path: Source | None = None, *, mapping: MappingLike | None = None
) -> Checked[pd.DataFrame]:
    """Load counts of any measure, by area and place.

    Parameters
    ----------
    path
        A file, an address or a frame; the region's table by default, if it has one.
    mapping
        As of :func:`~roxham.layers.facts.counts.load_counts`.

    Returns
    -------
    Checked
        As of ``load_counts``.

    Raises
    ------
    DataError
        If the file cannot be read as this table.

    Examples
    --------
    >>> len(load_measured().rows)
    0
    """
    chosen = mapping_of(mapping, "counts")
    contract = replace(counts_contract(chosen.areas if chosen else ()), name="measured")
    rows, rejected = read_layer("measured", path, contract, mapping=chosen)
    return Checked(with_bounds(rows), rejected)


def tells_measures(source: Source | None, mapping: MappingLike | None = None) -> bool:
    """Whether a table of counts holds another measure than interceptions.

    Examples
    --------
    >>> tells_measures(pd.DataFrame({"period": ["2022"], "measure": ["claims"], "count": ["5"]}))
    True
    >>> tells_measures(pd.DataFrame({"period": ["2022"], "province": ["CA"], "count": ["5"]}))
    False
    """
    if source is None:
        return False
    try:
        chosen = mapping_of(mapping, "counts")
        if chosen is not None and "measure" in chosen.values:
            return chosen.values["measure"] != CHARTED
        name, contract = source_name(source), measured_contract()
        if chosen is not None and chosen.renames:
            rows = mapped_table(source, contract, chosen, name).raw.rows
        else:
            known = [column.name for column in contract.columns]
            options = {"reading": chosen.reading} if chosen is not None else {}
            rows = read_raw(
                source, name=name, table="counts", known=known, require=len, **options
            ).rows
    except DataError:
        return False  # told where it is read as a table
    measures = rows["measure"].fillna("").astype(str).str.strip() if "measure" in rows else ()
    return not set(measures) <= {"", CHARTED}


MEASURED_DATA = Dataset(
    measured_contract,
    load_measured,
    made_of=(),
    when=("period",),
    key=("period", *KEY),
    label="measure",
    count="count",
    embargo="unless official",
    shown=(
        Shown("measure", "text", heads=True),
        Shown("unit", "text"),
        Shown("area", "text"),
        Shown("place", "text"),
        Shown("period", "date"),
        Shown("count", "count"),
    ),
    words={
        "en": {
            "title": "Other counts",
            "measure": "What is counted",
            "unit": "One count is",
            "area": "Area",
            "place": "Place",
            "period": "Period",
            "count": "Count",
        },
        "fr": {
            "title": "Autres comptes",
            "measure": "Ce qui est compté",
            "unit": "Unité",
            "area": "Secteur",
            "place": "Lieu",
            "period": "Période",
            "count": "Compte",
        },
    },
)
