"""The areas that counts are of, for a small map of them."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from roxham.geo.arguments import checked
from roxham.geo.region import Region, as_region
from roxham.geo.tables.contract import SOURCE, Column, Contract
from roxham.geo.tables.region_files import region_shapes

from .jurisdictions import NAMES, named

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
"""Columns of the areas."""


@checked()
def load_provinces(region: Region | str | Path | None = None) -> gpd.GeoDataFrame:
    """Load the areas that a region's counts are of, such as provinces, for a small map.

    Generalised for a width of 300 to 500 pixels. ``lon, lat`` is where a symbol
    stands: in the south of each, where most people live, so that a proportional
    circle reads as being about them and not about empty land.

    Parameters
    ----------
    region
        The region; by default the one at work.

    Returns
    -------
    geopandas.GeoDataFrame
        One row for each area, EPSG:4326: ``id`` (an ISO 3166-2 code), ``name, name_fr, lon, lat``,
        the columns of the source, ``geometry``.

    Raises
    ------
    DataError
        If there is no such region, or its file is at fault.

    Examples
    --------
    >>> load_provinces().set_index("id").loc["CA-QC", "name_fr"]
    'Québec'
    """
    areas = region_shapes("areas", PROVINCES, region=as_region(region), fill=named)
    inside = areas.representative_point()
    lon, lat = (areas[axis].astype("Float64") for axis in ("lon", "lat"))
    return areas.assign(lon=lon.fillna(inside.x), lat=lat.fillna(inside.y))
