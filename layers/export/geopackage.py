"""Several layers in one GeoPackage, with the styles that QGIS opens them in."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from roxham.geo.errors import DataError
from roxham.geo.io.vector import open_vector
from roxham.layers.model import Style

from .symbology import qml, sld

__all__ = ["Layer", "read_layer", "write_layers"]

STYLES = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
  f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
  styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
)
"""
"""As QGIS itself makes it through OGR; without a row in gpkg_contents it would not be found."""


SPARE = 1 << 20
"""Bytes that a GeoPackage of few rows does not reach."""


class Layer(NamedTuple):
    """A table of a GeoPackage: typed, in EPSG:4326 or without geometry."""

    name: str
    frame: pd.DataFrame
    title: str
    description: str
    style: Style | None


def write_layers(path: Path, layers: list[Layer], *, date: str) -> None:
    """Write a new GeoPackage; the same layers and date give the same bytes.

    Parameters
    ----------
    path
        A file that is not there yet, ending in ``.gpkg``.
    date
        ``YYYY-MM-DD``, the date of change that the file tells.

    Raises
    ------
    OSError
        If the system does not take all of it.
    """
    try:
        _write_all(path, layers, f"{date}T00:00:00.000Z")
    except (DataSourceError, DataLayerError, sqlite3.Error):
        _fill(path, layers)  # GDAL and SQLite do not say what the system said
        raise
    if not _is_whole(path, layers):
        raise OSError(errno.EIO, "opened again, rows are missing")


def _write_all(path: Path, layers: list[Layer], moment: str) -> None:
    with _at(moment):
        for layer in layers:
            _write(path, layer)
    styled = [layer for layer in layers if layer.style is not None]
    if not styled:
        return
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(STYLES)
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, "
            "last_change, srs_id) VALUES ('layer_styles', 'attributes', 'layer_styles', "
            "'Styles for QGIS', ?, 0)",
            [moment],
        )
        database.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
            "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, "
            "owner, ui, update_time) VALUES ('', '', ?, 'geometry', ?, ?, ?, 1, ?, '', NULL, ?)",
            [
                (x.name, x.name[:30], qml(x.style), sld(x.style, x.name), x.title, moment)
                for x in styled
                if x.style is not None
            ],
        )


def _is_whole(path: Path, layers: list[Layer]) -> bool:
    """Whether a file that was written holds every row: GDAL may say nothing of a full disk."""
    try:
        held = open_vector(path, str(path), ("GeoPackage",))
        return all(held.count(layer.name) == len(layer.frame) for layer in layers)
    except DataError:
        return False


def _fill(path: Path, layers: list[Layer]) -> None:
    """Write at least as much as the layers would take, so that a full disk raises its own error."""
    size = SPARE
    for layer in layers:
        size += 2 * int(layer.frame.memory_usage(deep=True).sum())
        if isinstance(layer.frame, gpd.GeoDataFrame):
            size += 32 * int(shapely.get_num_coordinates(layer.frame.geometry.to_numpy()).sum())
    with path.open("ab") as file:
        for _ in range(0, size, SPARE):
            file.write(bytes(SPARE))
        file.flush()
        os.fsync(file.fileno())


def _write(path: Path, layer: Layer) -> None:
    options: dict[str, str] = {
        "FID": _free("fid", layer.frame),
        "IDENTIFIER": layer.name,
        "DESCRIPTION": layer.title,
    }
    geometry: Mapping[str, object] = {}
    if isinstance(layer.frame, gpd.GeoDataFrame):
        options["GEOMETRY_NAME"] = "geometry"
        if layer.frame.geometry.isna().all():
            geometry = {"geometry_type": "Unknown"}
    pyogrio.write_dataframe(
        layer.frame, path, layer=layer.name, driver="GPKG", layer_options=options, **geometry
    )


def _free(name: str, frame: pd.DataFrame) -> str:
    """Return a name for a column that the frame has not."""
    taken = {str(c).lower() for c in frame.columns}
    while name in taken:
        name += "_"
    return name


def read_layer(path: Path, name: str) -> pd.DataFrame:
    """Read a layer as it stands in the file; whole numbers with nulls come as floats."""
    return open_vector(path, str(path), ("GeoPackage",)).read(name)


@contextmanager
def _at(moment: str) -> Iterator[None]:
    """Let OGR take a moment for now."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": moment})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
