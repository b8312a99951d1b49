"""Named places: towns, villages, airports, and where the name of a region is written."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from roxham.geo.arguments import checked
from roxham.geo.crs import WGS84
from roxham.geo.region import Region, as_region
from roxham.geo.tables.contract import SOURCE, Column, Contract, swapped_axes
from roxham.geo.tables.ids import ids_of
from roxham.geo.tables.region_files import region_table

__all__ = ["PLACES", "load_places"]

PLACES = Contract(
    "places",
    (
        Column("place_id", meaning="stable identifier, from jurisdiction and name"),
        Column("name", meaning="name in English, or the only name"),
        Column("name_fr", meaning="name in French, or the only name"),
        Column(
            "kind",
            meaning="what it is; a region is the place of a label",
            choices=("city", "town", "village", "hamlet", "airport", "region"),
        ),
        Column("country", meaning="code of the side of the border, or of the country"),
        Column("admin1", meaning="ISO 3166-2 code of the state or province"),
        Column("population", "integer", "as the source gives it", required=False, minimum=1),
        Column("lat", "lat", "latitude, degrees"),
        Column("lon", "lon", "longitude, degrees"),
        Column("radius_m", "integer", "how exact the position is, metres", minimum=1),
        *SOURCE,
    ),
    checks=(swapped_axes(),),
)
"""Columns of the bundled places."""


@checked()
def load_places(region: Region | str | Path | None = None) -> gpd.GeoDataFrame:
    """Load the towns, villages, airports and labels of a region.

    Parameters
    ----------
    region
        The region; by default the one at work. A file of its own needs ``name, lat, lon``:
        ids come from names, kinds are villages, and the country is the side of the border.

    Returns
    -------
    geopandas.GeoDataFrame
        One row for each place, points in EPSG:4326: ``place_id, name, name_fr,
        kind, country, admin1, population, lat, lon, radius_m``, the columns of the
        source, ``geometry``. ``population`` is null where no source gives it.

    Raises
    ------
    DataError
        If there is no such region, or its file is at fault.

    Examples
    --------
    >>> places = load_places().set_index("place_id")
    >>> places.loc["ca-qc-hemmingford", ["name", "kind"]].tolist()
    ['Hemmingford', 'village']
    """
    region = as_region(region)
    rows = region_table("places", PLACES, "name", "lat", "lon", region=region)
    lon, lat = (rows[axis].to_numpy(dtype=float) for axis in ("lon", "lat"))
    french = rows["name_fr"]
    rows = rows.assign(
        place_id=ids_of(rows["place_id"], rows["name"], lon, lat),
        name_fr=french.fillna(rows["name"]) if "fr" in region.languages else french,
        kind=rows["kind"].fillna("village"),
    )
    return gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy(lon, lat, crs=WGS84))
