"""The layers of an export in one GeoPackage, with the styles that QGIS opens them in."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from roxham.geo.io import geopackage
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


class Layer(NamedTuple):
    """A table of a GeoPackage: typed, in EPSG:4326 or without geometry."""

    name: str
    frame: pd.DataFrame
    title: str
    description: str
    style: Style | None


def write_layers(path: Path, layers: Sequence[Layer], *, date: str) -> None:
    """Write a new GeoPackage, as :func:`roxham.geo.io.geopackage.write_layers`, with styles."""
    styled = [layer for layer in layers if layer.style is not None]
    geopackage.write_layers(
        path,
        [geopackage.Layer(layer.name, layer.frame, layer.title) for layer in layers],
        date=date,
        finish=(lambda moment: _add_styles(path, styled, moment)) if styled else None,
    )


def _add_styles(path: Path, layers: Sequence[Layer], moment: str) -> None:
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
                for x in layers
                if x.style is not None
            ],
        )


def read_layer(path: Path, name: str) -> pd.DataFrame:
    """Read a layer as it stands in the file; whole numbers with nulls come as floats."""
    return open_vector(path, str(path), ("GeoPackage",)).read(name)
