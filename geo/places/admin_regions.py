"""In which administrative region of Quebec a place lies, as sources have it."""

from __future__ import annotations

import pandas as pd

from roxham.geo.tables.bundled import read_shipped
from roxham.geo.tables.contract import SOURCE, Column, Contract

__all__ = ["ADMINISTRATIVE_REGIONS", "REGIONS", "load_regions"]

ADMINISTRATIVE_REGIONS = (
    "Abitibi-Témiscamingue",
    "Bas-Saint-Laurent",
    "Capitale-Nationale",
    "Centre-du-Québec",
    "Chaudière-Appalaches",
    "Côte-Nord",
    "Estrie",
    "Gaspésie–Îles-de-la-Madeleine",
    "Lanaudière",
    "Laurentides",
    "Laval",
    "Mauricie",
    "Montréal",
    "Montérégie",
    "Nord-du-Québec",
    "Outaouais",
    "Saguenay–Lac-Saint-Jean",
)
"""The seventeen of Quebec, by the names that they have in both languages."""
REGIONS = Contract(
    "regions",
    (
        Column("place_id", meaning="id in the table of places, or of a port"),
        Column("municipality", meaning="municipality that it is or lies in"),
        Column("region", meaning="administrative region", choices=ADMINISTRATIVE_REGIONS),
        *SOURCE,
    ),
)
"""Columns of the places whose administrative region is sourced."""


def load_regions() -> pd.DataFrame:
    """Load the places of which the administrative region is sourced.

    Returns
    -------
    pandas.DataFrame
        One row for each: ``place_id, municipality, region`` and the columns of the source.

    Examples
    --------
    >>> load_regions().set_index("place_id").at["roxham-road", "region"]
    'Montérégie'
    """
    return read_shipped("regions.csv", REGIONS)
