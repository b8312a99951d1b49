"""In which administrative region a place lies, as sources have it."""

from __future__ import annotations

import pandas as pd

from roxham.geo.tables.contract import SOURCE, Column, Contract
from roxham.geo.tables.region_files import region_table

__all__ = ["REGIONS", "load_regions"]

REGIONS = Contract(
    "regions",
    (
        Column("place_id", meaning="id in the table of places, or of a port"),
        Column("municipality", meaning="municipality that it is or lies in"),
        Column("region", meaning="administrative region"),
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
    return region_table("admin_regions", REGIONS, "place_id", "region")
