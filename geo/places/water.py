"""Lakes and rivers, for a map without tiles."""

from __future__ import annotations

import geopandas as gpd

from roxham.geo.region import ROXHAM, Region
from roxham.geo.tables.bundled import read_shapes
from roxham.geo.tables.contract import SOURCE, Column, Contract

from .jurisdictions import NAMES

__all__ = ["WATER", "load_water"]

WATER = Contract(
    "water",
    (
        Column("id", meaning="stable identifier"),
        *NAMES,
        Column("kind", meaning="what it is", choices=("lake", "river")),
        *SOURCE,
    ),
)
"""Columns of lakes and rivers."""


def load_water(region: Region = ROXHAM) -> gpd.GeoDataFrame:
    """Load the larger lakes and rivers of a region, generalised.

    Shores are rough and small islands are left out: a finer shore of Lake Champlain lies
    361 m from this one in the median and 2.2 km at most. Good for a map of the region, not
    for asking whether a point is on land.

    Parameters
    ----------
    region
        The box to clip to.

    Returns
    -------
    geopandas.GeoDataFrame
        One row for each lake or river, EPSG:4326: ``id, name, name_fr, kind``
        (``lake``, ``river``), the columns of the source, ``geometry``.

    Examples
    --------
    >>> "Lake Champlain" in set(load_water().name)
    True
    """
    return region.clip(read_shapes("water.geojson", WATER))
