"""Read the tables and shapes that ship with the package, typed as their contracts say.

What ships was held to its contracts when it was tested, cell by cell, and is not again
each time that it is read: that took longer than to read a small network.
"""

from __future__ import annotations

import json
from importlib.resources import as_file, files

import geopandas as gpd
import pandas as pd
import shapely

from roxham.geo.crs import WGS84

from .contract import Contract

__all__ = ["read_shapes", "read_shipped"]


DTYPES = {"integer": "Int64", "number": "Float64", "lon": "Float64", "lat": "Float64"}


def read_shipped(name: str, contract: Contract) -> pd.DataFrame:
    """Read a CSV table of this room.

    Parameters
    ----------
    name
        File name in the data folder.
    contract
        The columns it has.
    """
    dtypes = {column.name: DTYPES.get(column.kind, "str") for column in contract.columns}
    with as_file(files("roxham.geo") / "data" / name) as path:
        return pd.read_csv(path, dtype=dtypes, keep_default_na=False, na_values=[""])


def read_shapes(name: str, contract: Contract) -> gpd.GeoDataFrame:
    """Read a GeoJSON file of this room, EPSG:4326, its properties as typed columns.

    Parameters
    ----------
    name
        File name in the data folder.
    contract
        The properties each feature has.
    """
    text = (files("roxham.geo") / "data" / name).read_text(encoding="utf-8")
    features = json.loads(text)["features"]
    rows = pd.DataFrame([feature["properties"] for feature in features]).replace("", None)
    dtypes = {column.name: DTYPES.get(column.kind, "str") for column in contract.columns}
    shapes = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    return gpd.GeoDataFrame(rows.astype(dtypes), geometry=shapes, crs=WGS84)
