"""Provinces and territories, for a small map of the country."""

from __future__ import annotations

import geopandas as gpd

from roxham.geo.tables.bundled import read_shapes
from roxham.geo.tables.contract import SOURCE, Column, Contract

from .jurisdictions import NAMES

__all__ = ["PROVINCES", "load_provinces"]

PROVINCES = Contract(
    "provinces",
    (
        Column("id", meaning="ISO 3166-2 code"),
        *NAMES,
        Column("lon", "lon", "longitude of its symbol"),
        Column("lat", "lat", "latitude of its symbol"),
        *SOURCE,
    ),
)
"""Columns of the provinces and territories of Canada."""


def load_provinces() -> gpd.GeoDataFrame:
    """Load the provinces and territories of Canada for a small map.

    Generalised for a width of 300 to 500 pixels. ``lon, lat`` is where a symbol
    stands: in the south of each, where most people live, so that a proportional
    circle reads as being about them and not about empty land.

    Returns
    -------
    geopandas.GeoDataFrame
        Thirteen rows, EPSG:4326: ``id`` (``CA-QC``), ``name, name_fr, lon, lat``,
        the columns of the source, ``geometry``.

    Examples
    --------
    >>> load_provinces().set_index("id").loc["CA-QC", "name_fr"]
    'Québec'
    """
    return read_shapes("provinces.geojson", PROVINCES)
