"""Named places: towns, villages, airports, and where the name of a region is written."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from roxham.geo.arguments import checked
from roxham.geo.crs import WGS84
from roxham.geo.region import Region, as_region
from roxham.geo.tables.contract import SOURCE, Column, Contract, swapped_axes
from roxham.geo.tables.ids import distinct_ids, name_id, spot_id
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
    french = rows["name_fr"]
    rows = rows.assign(
        place_id=_ids(rows),
        name_fr=french.fillna(rows["name"]) if "fr" in region.languages else french,
        kind=rows["kind"].fillna("village"),
    )
    lon, lat = (rows[axis].astype(float) for axis in ("lon", "lat"))
    return gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy(lon, lat, crs=WGS84))


def _ids(rows: pd.DataFrame) -> pd.Series[str]:
    """Return the ids of places: those given, else one of the name, and of the spot if need be."""
    ids = rows["place_id"].copy()
    without = rows[ids.isna()]
    if len(without):
        spots = [spot_id(float(y), float(x)) for y, x in without[["lat", "lon"]].to_numpy()]
        ids[ids.isna()] = distinct_ids(without["name"].map(name_id).tolist(), spots, ids.dropna())
    return ids
