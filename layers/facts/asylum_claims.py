"""Asylum claims: by way of entry, in a whole country, a part of it, or at one port.

A claim is a person who asks for asylum. It is neither an interception nor an encounter:
who was stopped may not claim, and most who claim were never stopped. Two offices may count
differently, so that the figures of one are never mixed with those of another.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from roxham.geo.arguments import checked
from roxham.geo.io.sources import Source
from roxham.geo.tables.contract import SOURCE, Checked, Column, Contract
from roxham.layers.mapping.read import MappingLike, mapping_of
from roxham.layers.model import Dataset, Measure

from .checks import PRECISION, WITHHELD, read_counts, said_withheld, sound_precision, unique

__all__ = ["ASYLUM_CLAIMS", "ASYLUM_CLAIMS_DATA", "load_asylum_claims"]

MODES = ("all", "airport", "inland", "irregular", "land_border", "marine", "regular")
KEY = ("period", "place", "mode", "counted_by")


def _ways_of_entry(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
    """Report single ways of entry that are more than all of them."""
    by = ["period", "place", "counted_by"]
    every = rows[rows["mode"] == "all"].drop_duplicates(by).set_index(by)["count"]
    whole = every.reindex(pd.MultiIndex.from_frame(rows[by])).set_axis(rows.index)
    over = rows.loc[(rows["count"] > whole).fillna(False).astype(bool), "period"]
    for i, period in over.items():
        yield int(str(i)), "count", f"is more than all claims of {period}"


ASYLUM_CLAIMS = Contract(
    name="asylum claims",
    columns=(
        Column("period", "date", "year, month, or first and last day A/B"),
        Column("place", meaning="a country or area by its code, or the port_id of a port of entry"),
        Column(
            "mode",
            meaning="way of entry; all is every claim there, regular all but irregular",
            choices=MODES,
        ),
        Column(
            "counted_by",
            meaning="whose count it is: the office, as short as readers know it",
        ),
        Column("count", "integer", "claimants", minimum=0, nulls=WITHHELD),
        PRECISION,
        *SOURCE,
    ),
    checks=(unique(*KEY), sound_precision("count"), _ways_of_entry),
    prepare=said_withheld("count"),
)


@checked()
def load_asylum_claims(
    path: Source | None = None, *, mapping: MappingLike | None = None
) -> Checked[pd.DataFrame]:
    """Load asylum claims.

    Parameters
    ----------
    path
        A file, an address or a frame of your own with the same columns; by default what ships.
    mapping
        Which columns of your file are which, and how it is read: a mapping, or the file of one.

    Returns
    -------
    Checked
        ``rows``: ``period`` (year, month, or interval of days), ``place`` (a country or
        area, or a ``port_id``), ``mode``, ``counted_by``, ``count``, ``precision``,
        ``low``, ``high`` (persons, Int64; see ``load_interceptions``) and the source
        columns; and ``rejected``. Periods overlap: rows must not be added up.

    Raises
    ------
    DataError
        If the file cannot be read as this table.

    Examples
    --------
    >>> rows = load_asylum_claims().rows
    >>> year = rows[(rows["period"] == "2022") & (rows["place"] == "CA")].set_index("mode")
    >>> int(year.at["irregular", "count"]), int(year.at["all", "count"])
    (40146, 92313)
    """
    chosen = mapping_of(mapping, "counts")
    return read_counts("asylum_claims", path, ASYLUM_CLAIMS, mapping=chosen)


ASYLUM_CLAIMS_DATA = Dataset(
    ASYLUM_CLAIMS,
    load_asylum_claims,
    made_of=("layers/asylum_claims.csv",),
    when=("period",),
    key=KEY,
    label="place",
    count="count",
    measure=Measure(
        "claims",
        unit="persons",
        at=KEY[1:],
        every=("mode", "all"),
        words={"en": {"claims": "asylum claims"}, "fr": {"claims": "demandes d’asile"}},
    ),
)
