"""States and provinces along the border, cut from its own line."""

from __future__ import annotations

from functools import cache

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely.geometry.base import BaseGeometry

from roxham.geo._types import Objects
from roxham.geo.border.border import load_border
from roxham.geo.crs import WGS84
from roxham.geo.errors import DataError
from roxham.geo.region import ROXHAM, Region
from roxham.geo.tables.bundled import read_shapes, read_shipped
from roxham.geo.tables.contract import SOURCE, Column, Contract

__all__ = ["JURISDICTIONS", "jurisdiction_of", "load_jurisdictions"]

NAMES = (
    Column("name", meaning="name in English"),
    Column("name_fr", meaning="name in French"),
)
JURISDICTIONS = Contract(
    "jurisdictions",
    (
        Column("id", meaning="ISO 3166-2 code"),
        *NAMES,
        Column("kind", meaning="what it is", choices=("state", "province")),
        Column("country", meaning="ISO 3166-1 code, the side of the border", choices=("CA", "US")),
        Column("lon", "lon", "longitude of a place inside, for a label"),
        Column("lat", "lat", "latitude of a place inside, for a label"),
        *SOURCE,
    ),
)
"""Columns of the states and provinces along the border."""
LINES = Contract(
    "jurisdiction lines",
    (
        Column("id", meaning="the two states or provinces that the line divides"),
        Column("name", meaning="their names"),
        *SOURCE,
    ),
)
"""Columns of the lines between them."""


def load_jurisdictions(region: Region = ROXHAM) -> gpd.GeoDataFrame:
    """Load the states and provinces of a region as polygons.

    Each side of the border is cut along the lines between its states or provinces,
    so the polygons fill the box, share their edges, and end at the boundary line
    itself, vertex by vertex. Water belongs to them.

    Parameters
    ----------
    region
        The box to fill. It must lie within ``ROXHAM`` and the border must cross it.

    Returns
    -------
    geopandas.GeoDataFrame
        One row for each state or province in the region, EPSG:4326: ``id, name,
        name_fr, kind, country, lon, lat``, the columns of the source, ``geometry``.
        ``lon, lat`` is a place inside it in the whole study area, for a label.

    Raises
    ------
    DataError
        If the border does not cut the region in two, or the region reaches beyond
        the bundled lines.

    Examples
    --------
    >>> load_jurisdictions().id.tolist()
    ['CA-ON', 'CA-QC', 'US-ME', 'US-NH', 'US-NY', 'US-VT']
    """
    if not ROXHAM.polygon.covers(region.polygon):
        raise DataError(
            f"region {region.name}: reaches beyond {ROXHAM.bounds}, where the bundled lines "
            "between states and provinces end. Choose smaller bounds."
        )
    table = read_shipped("jurisdictions.csv", JURISDICTIONS)
    lines = read_shapes("jurisdiction_lines.geojson", LINES).union_all()
    seeds = gpd.points_from_xy(table["lon"], table["lat"])
    shapes: dict[int, BaseGeometry] = {}
    for side in load_border(ROXHAM).sides.geometry:
        # The lines overshoot the border, so that each is cut where it meets it.
        edges = shapely.union(side.boundary, lines)
        for part in shapely.get_parts(shapely.polygonize([edges])):
            shapes |= {i: part for i, seed in enumerate(seeds) if part.contains(seed)}
    frame = gpd.GeoDataFrame(table, geometry=[shapes[i] for i in table.index], crs=WGS84)
    if region.bounds != ROXHAM.bounds:
        load_border(region)
        frame = region.clip(frame)
    return frame


@cache
def _prepared() -> tuple[tuple[str, BaseGeometry], ...]:
    frame = load_jurisdictions()
    shapely.prepare(frame.geometry.to_numpy())
    return tuple(zip(frame["id"], frame.geometry, strict=True))


def jurisdiction_of(lon: ArrayLike, lat: ArrayLike) -> Objects:
    """Return the state or province of each point, empty where none is bundled.

    Parameters
    ----------
    lon, lat
        Degrees, EPSG:4326.

    Returns
    -------
    numpy.ndarray
        ISO 3166-2 codes, and an empty text outside the study area.

    Examples
    --------
    >>> jurisdiction_of(np.array([-73.45, -73.36, 0.0]), np.array([44.70, 45.08, 0.0])).tolist()
    ['US-NY', 'CA-QC', '']
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    found = np.full(len(lon), "", dtype=object)
    west, south, east, north = ROXHAM.bounds
    near = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
    if not len(near):
        return found
    for code, shape in _prepared():
        inside = near[shapely.contains_xy(shape, lon[near], lat[near])]
        found[inside] = code
    return found
