"""States, provinces or counties along the border, cut from its own line."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike
from shapely.geometry.base import BaseGeometry

from roxham.geo._types import Objects
from roxham.geo.arguments import checked
from roxham.geo.border.border import load_border
from roxham.geo.crs import WGS84
from roxham.geo.errors import DataError
from roxham.geo.geometry.geodesic import lies_within
from roxham.geo.region import Region, active_region, as_region
from roxham.geo.region.study_area import kept_with_region
from roxham.geo.tables.bundled import read_shapes
from roxham.geo.tables.contract import SOURCE, Column, Contract
from roxham.geo.tables.region_files import region_shapes, region_table

__all__ = ["JURISDICTIONS", "jurisdiction_of", "load_jurisdictions", "named"]

NAMES = (
    Column("name", meaning="name in English"),
    Column("name_fr", meaning="name in French"),
)
JURISDICTIONS = Contract(
    "jurisdictions",
    (
        Column("id", meaning="ISO 3166-2 code"),
        *NAMES,
        Column(
            "kind", meaning="what it is", choices=("state", "province", "county", "country", "area")
        ),
        Column("country", meaning="code of the side of the border"),
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


@checked()
def load_jurisdictions(region: Region | str | Path | None = None) -> gpd.GeoDataFrame:
    """Load the states, provinces or counties of a region as polygons.

    Of what ships each side of the border is cut along the lines between its states or
    provinces, so the polygons fill the box, share their edges, and end at the boundary line
    itself, vertex by vertex. Water belongs to them. A region's own file holds polygons with a
    ``name``, and the code of their side as ``country`` (else worked out). Without a file there
    is one polygon for each side.

    Parameters
    ----------
    region
        The region; by default the one at work. One without files of its own must lie within
        the region at work, and its border cross it.

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
        the lines there are.

    Examples
    --------
    >>> load_jurisdictions().id.tolist()
    ['CA-ON', 'CA-QC', 'US-ME', 'US-NH', 'US-NY', 'US-VT']
    """
    region = as_region(region)
    if region.details is not None:
        return _jurisdictions_of(region)
    owner = active_region()
    if not owner.polygon.covers(region.polygon):
        raise DataError(
            f"region {region.name}: reaches beyond {owner.bounds}, where the lines "
            "between states and provinces end. Choose smaller bounds."
        )
    load_border(region)
    return region.clip(_jurisdictions_of(owner))


def _jurisdictions_of(region: Region) -> gpd.GeoDataFrame:
    file = region.file("jurisdictions")
    if file is None:
        return _whole_sides(region)
    if not file.endswith(".csv"):
        return _with_sides(
            region_shapes("jurisdictions", JURISDICTIONS, region=region, fill=named), region
        )
    table = region_table("jurisdictions", JURISDICTIONS, region=region)
    lines = read_shapes("jurisdiction_lines.geojson", LINES).union_all()
    seeds = gpd.points_from_xy(table["lon"], table["lat"])
    shapes: dict[int, BaseGeometry] = {}
    for side in load_border(region).sides.geometry:
        # The lines overshoot the border, so that each is cut where it meets it.
        edges = shapely.union(side.boundary, lines)
        for part in shapely.get_parts(shapely.polygonize([edges])):
            shapes |= {i: part for i, seed in enumerate(seeds) if part.contains(seed)}
    return gpd.GeoDataFrame(table, geometry=[shapes[i] for i in table.index], crs=WGS84)


def _whole_sides(region: Region) -> gpd.GeoDataFrame:
    """Return the two sides of a region as its only jurisdictions: cut by the border itself."""
    border = load_border(region)
    sides, first = border.sides, border.line.iloc[0]
    details = region.details
    words = [side.name for side in details.sides] if details else [{}, {}]
    pairs = list(zip(words, sides["side"], strict=True))
    names = [next(iter(name.values()), code) for name, code in pairs]
    inside = sides.representative_point()
    table = {
        "id": sides["side"],
        "name": names,
        **{
            f"name_{lang}": [w.get(lang, name) for (w, _), name in zip(pairs, names, strict=True)]
            for lang in {*region.languages[1:], "fr"}
        },
        "kind": "country",
        "country": sides["side"],
        "lon": inside.x,
        "lat": inside.y,
        **{c.name: str(first.get(c.name) or "") or None for c in SOURCE},
        "confidence": "computed" if first.get("source_url") else None,
    }
    frame = gpd.GeoDataFrame(table, geometry=sides.geometry.to_numpy(), crs=WGS84)
    frame.attrs["licences"] = border.line.attrs.get("licences", [])
    return frame


def _with_sides(frame: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
    """Return a user's areas on the map, each with its side and a place for its label.

    One with no side of its own that lies beyond the bounds has none.
    """
    frame = region.clip(frame, ground=True)
    inside = frame.representative_point()
    told = load_border(region).side_of(inside).astype("str")
    sound = frame["country"].isin(region.sides)
    return frame.assign(
        country=frame["country"].where(sound, told),
        lon=frame["lon"].astype("Float64").fillna(inside.x),
        lat=frame["lat"].astype("Float64").fillna(inside.y),
        kind=frame["kind"].fillna("area"),
    )


def named(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return shapes of a user's own with what names them: ``id, name, name_fr``."""
    name = frame.get("name", pd.Series([None] * len(frame), index=frame.index))
    ids = frame.get("id", name)
    number = pd.Series([f"area {i + 1}" for i in range(len(frame))], index=frame.index)
    french = frame.get("name_fr", name)
    return frame.assign(
        id=ids.fillna(name).fillna(number).astype("str"),
        name=name.astype("str"),
        name_fr=french.fillna(name).astype("str"),
    )


@kept_with_region
def _prepared(region: Region) -> tuple[tuple[str, BaseGeometry], ...]:
    frame = _jurisdictions_of(region)
    shapely.prepare(frame.geometry.to_numpy())
    return tuple(zip(frame["id"], frame.geometry, strict=True))


def jurisdiction_of(lon: ArrayLike, lat: ArrayLike) -> Objects:
    """Return the state or province of each point in the region at work, empty where none is.

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
    region = active_region()
    if region.file("jurisdictions") is None:
        return found
    near = np.flatnonzero(lies_within(region.bounds, lon, lat))
    if not len(near):
        return found
    for code, shape in _prepared(region):
        inside = near[shapely.contains_xy(shape, lon[near], lat[near])]
        found[inside] = code
    return found
