"""Lakes and rivers, for a map without tiles."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from roxham.geo.arguments import checked
from roxham.geo.region import Region, active_region, as_region
from roxham.geo.tables.contract import SOURCE, Column, Contract
from roxham.geo.tables.region_files import region_shapes

from .jurisdictions import NAMES, named

__all__ = ["WATER", "load_water"]

WATER = Contract(
    "water",
    (
        Column("id", meaning="stable identifier"),
        *NAMES,
        Column("kind", meaning="what it is", choices=("lake", "river", "sea")),
        *SOURCE,
    ),
)
"""Columns of lakes and rivers."""


@checked()
def load_water(region: Region | str | Path | None = None) -> gpd.GeoDataFrame:
    """Load the larger lakes and rivers of a region, generalised.

    Shores are rough and small islands are left out: true ones lie hundreds of metres from
    these, in places kilometres. Good for a map of the region, not for asking whether a point
    is on land.

    Parameters
    ----------
    region
        Its file is read and cut to its bounds, or to its ``ground`` if it has one; by default
        that of the region at work. One without a file of its own cuts that of the region at work.

    Returns
    -------
    geopandas.GeoDataFrame
        One row for each lake or river, EPSG:4326: ``id, name, name_fr, kind``
        (``lake``, ``river``, ``sea``), the columns of the source, ``geometry``.

    Raises
    ------
    DataError
        If there is no such region, or its file is at fault.

    Examples
    --------
    >>> "Lake Champlain" in set(load_water().name)
    True
    """
    region = as_region(region)
    owner = region if region.details is not None else active_region()
    shapes = region_shapes("water", WATER, region=owner, fill=named)
    return region.clip(shapes.assign(kind=shapes["kind"].fillna("lake")), ground=True)
