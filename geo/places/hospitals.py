"""Hospitals near the border, and what kind of emergency department each has."""

from __future__ import annotations

import geopandas as gpd

from roxham.geo.arguments import checked
from roxham.geo.crs import WGS84
from roxham.geo.tables.contract import SOURCE, Column, Contract, swapped_axes
from roxham.geo.tables.region_files import region_table

__all__ = ["HOSPITALS", "load_hospitals"]

HOSPITALS = Contract(
    "hospitals",
    (
        Column("place_id", meaning="stable identifier, of the register it is from"),
        Column("name", meaning="name in English, or the only name"),
        Column("name_fr", meaning="name in French, or the only name"),
        Column("kind", meaning="what it is among places", choices=("hospital",)),
        Column(
            "emergency",
            meaning="whom its emergency department takes; unknown where no source names one",
            choices=("general", "children", "psychiatric", "cardiac", "unknown"),
        ),
        Column(
            "country", meaning="code of the side of the border, or of the country", required=False
        ),
        Column("admin1", meaning="ISO 3166-2 code of the state or province"),
        Column("city", meaning="where it is"),
        Column("lat", "lat", "latitude, degrees"),
        Column("lon", "lon", "longitude, degrees"),
        Column("radius_m", "integer", "how exact the position is, metres", minimum=1),
        *SOURCE,
    ),
    checks=(swapped_axes(),),
)
"""Columns of the bundled hospitals."""


@checked()
def load_hospitals(*, every: bool = False) -> gpd.GeoDataFrame:
    """Load the bundled hospitals with a general emergency department.

    How complete they are, the region's file says (``cautions``). Some stand at former addresses,
    as ``radius_m`` and ``note`` say.

    Parameters
    ----------
    every
        Those for children, hearts or minds alone too, and those of which it is not known
        whether they have an emergency department.

    Returns
    -------
    geopandas.GeoDataFrame
        One row for each, points in EPSG:4326: ``place_id, name, name_fr, kind``
        (``hospital``), ``emergency``, ``country, admin1, city, lat, lon, radius_m``, the
        columns of the source, ``geometry``.

    Raises
    ------
    DataError
        If the region at work is at fault, or its file.

    Examples
    --------
    >>> hospitals = load_hospitals().set_index("place_id")
    >>> hospitals.loc["us-ny-330250", ["city", "emergency"]].tolist()
    ['Plattsburgh', 'general']
    """
    rows = region_table("hospitals", HOSPITALS, "name", "lat", "lon")
    rows = rows.assign(
        place_id=rows["place_id"].fillna(rows["name"]),
        kind=rows["kind"].fillna("hospital"),
        emergency=rows["emergency"].fillna("general"),
    )
    if not every:
        rows = rows[rows["emergency"] == "general"].reset_index(drop=True)
    lon, lat = (rows[axis].astype(float) for axis in ("lon", "lat"))
    points = gpd.points_from_xy(lon, lat, crs=WGS84)
    return gpd.GeoDataFrame(rows, geometry=points)
