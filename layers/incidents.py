"""Recorded deaths, injuries, rescues and smuggling cases: areas, never bare points.

Each place is a centre with a radius that covers what the source describes. Names,
ages and homes of people stay out. The record is what was reported: a minimum.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pandas as pd

from roxham.geo import WGS84
from roxham.geo.tables import SOURCE, Checked, Column, Contract, swapped_axes

from .checks import NOTE_FR, read_layer, unique, with_french

__all__ = ["INCIDENTS", "load_incidents"]


def _deaths(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
    dead = rows["deaths"].gt(0).fillna(False)
    for i in rows.index[dead & rows["kind"].ne("death")]:
        yield i, "kind", "is not death, but the row counts deaths"
    for i in rows.index[rows["kind"].eq("death") & rows["deaths"].eq(0).fillna(False)]:
        yield i, "deaths", "is 0, but the kind is death"


INCIDENTS = Contract(
    name="incidents",
    columns=(
        Column("id", meaning="stable identifier"),
        Column("date", "date", "day, month, year or interval A/B"),
        Column("place_name", meaning="the place as sources describe it"),
        Column("place_name_fr", meaning="the same in French", required=False),
        Column("admin_area", meaning="ISO 3166-2 code of state or province", required=False),
        Column("country", meaning="side of the border", required=False),
        Column("lat", "lat", "latitude of the area's centre, degrees"),
        Column("lon", "lon", "longitude of the area's centre, degrees"),
        Column(
            "radius_m",
            "number",
            "radius that covers the place described, metres",
            minimum=1,
            maximum=100_000,
        ),
        Column("location_basis", meaning="where centre and radius come from", required=False),
        Column("location_url", "url", "where the position can be checked", required=False),
        Column("deaths", "integer", "recorded deaths", minimum=0, nulls=("--",)),
        Column("injured", "integer", "people treated", minimum=0, nulls=("--",)),
        Column("kind", choices=("death", "injury", "rescue", "smuggling")),
        Column(
            "direction",
            meaning="which way people were going",
            required=False,
            choices=("southbound", "northbound", "unknown"),
        ),
        Column("cause", meaning="cause of death or injury", required=False),
        Column("cause_fr", meaning="the same in French", required=False),
        Column("summary", meaning="what happened, without names, ages or homes", required=False),
        Column("summary_fr", meaning="the same in French", required=False),
        *SOURCE,
        NOTE_FR,
    ),
    checks=(swapped_axes(), unique("id"), _deaths),
    aliases=(("location_precision_m", "radius_m"),),
)


def load_incidents(path: str | Path | None = None) -> Checked[gpd.GeoDataFrame]:
    """Load recorded incidents on and near the border.

    Parameters
    ----------
    path
        A file or an address of your own with the same columns (``location_precision_m``
        may stand for ``radius_m``); the bundled table by default.

    Returns
    -------
    Checked
        ``rows``: a GeoDataFrame of area centres, EPSG:4326, with ``radius_m``
        (metres, above 0), ``date`` (ISO 8601, coarse where the source is),
        ``deaths`` and ``injured`` (Int64, null where unknown); French columns
        hold the given text where the file has none; and ``rejected``.

    Raises
    ------
    DataError
        If the file cannot be read as this table.

    Examples
    --------
    >>> rows = load_incidents().rows
    >>> bool((rows["radius_m"] >= 1000).all()), rows.crs.to_string()
    (True, 'EPSG:4326')
    """
    checked = with_french(
        read_layer("incidents.csv", path, INCIDENTS), "place_name", "cause", "summary"
    )
    rows = checked.rows
    points = gpd.points_from_xy(rows["lon"].astype(float), rows["lat"].astype(float))
    return Checked(gpd.GeoDataFrame(rows, geometry=points, crs=WGS84), checked.rejected)
