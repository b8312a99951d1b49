"""Read the tables and shapes that ship with the package, held to their contracts."""

from __future__ import annotations

import json
from importlib.resources import as_file, files

import geopandas as gpd
import pandas as pd
import shapely

from .crs import WGS84
from .errors import DataError, Fault
from .tables import Contract, check_table, read_table

__all__ = ["read_shapes", "read_shipped"]


def read_shipped(name: str, contract: Contract) -> pd.DataFrame:
    """Read a CSV table of this room; what ships has no bad row.

    Parameters
    ----------
    name
        File name in the data folder.
    contract
        The columns it has.

    Raises
    ------
    DataError
        If a row breaks the contract.
    """
    with as_file(files("roxham.geo") / "data" / name) as path:
        rows, rejected = read_table(path, contract, name=name)
    return _sound(rows, rejected)


def read_shapes(name: str, contract: Contract) -> gpd.GeoDataFrame:
    """Read a GeoJSON file of this room, EPSG:4326, its properties as typed columns.

    Parameters
    ----------
    name
        File name in the data folder.
    contract
        The properties each feature has.

    Raises
    ------
    DataError
        If a feature breaks the contract.
    """
    text = (files("roxham.geo") / "data" / name).read_text(encoding="utf-8")
    features = json.loads(text)["features"]
    raw = pd.DataFrame([feature["properties"] for feature in features]).astype(str)
    rows = _sound(*check_table(raw, contract, name=name))
    shapes = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=WGS84)


def _sound(rows: pd.DataFrame, rejected: pd.DataFrame) -> pd.DataFrame:
    if len(rejected):
        faults = rejected[["file", "problem", "row", "column"]].to_dict("records")
        raise DataError([Fault(**{str(k): v for k, v in fault.items()}) for fault in faults])
    return rows
