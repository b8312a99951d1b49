"""Named places: towns, villages, airports, and where the name of a region is written."""

from __future__ import annotations

import geopandas as gpd

from roxham.geo.crs import WGS84
from roxham.geo.tables.bundled import read_shipped
from roxham.geo.tables.contract import SOURCE, Column, Contract, swapped_axes

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
        Column("country", meaning="ISO 3166-1 code", choices=("CA", "US")),
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


def load_places() -> gpd.GeoDataFrame:
    """Load the bundled towns, villages, airports and labels of regions.

    Returns
    -------
    geopandas.GeoDataFrame
        One row for each place, points in EPSG:4326: ``place_id, name, name_fr,
        kind, country, admin1, population, lat, lon, radius_m``, the columns of the
        source, ``geometry``. ``population`` is null where no source gives it.

    Examples
    --------
    >>> places = load_places().set_index("place_id")
    >>> places.loc["ca-qc-hemmingford", ["name", "kind"]].tolist()
    ['Hemmingford', 'village']
    """
    rows = read_shipped("places.csv", PLACES)
    points = gpd.points_from_xy(rows["lon"], rows["lat"], crs=WGS84)
    return gpd.GeoDataFrame(rows, geometry=points)
