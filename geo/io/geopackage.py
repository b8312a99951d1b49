"""Several tables in one GeoPackage: new, whole, and the same bytes for the same rows and date."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from roxham.geo.errors import DataError

from .vector import open_vector

__all__ = ["REFUSED", "Layer", "write_layers"]

REFUSED = (DataSourceError, DataLayerError)
"""What GDAL raises. Pyogrio is imported before its errors: else they can be made twice, and the
ones that it raises are not caught."""

VERSION = "1.2"
"""Of the GeoPackage standard: what is written needs no later one, and no reader warns of it."""
SPARE = 1 << 20
"""Bytes that a GeoPackage of few rows does not reach."""


class Layer(NamedTuple):
    """A table of a GeoPackage: typed, in EPSG:4326 or without geometry."""

    name: str
    frame: pd.DataFrame
    title: str


def write_layers(
    path: Path,
    layers: Sequence[Layer],
    *,
    date: str,
    finish: Callable[[str], None] | None = None,
) -> None:
    """Write a new GeoPackage; the same layers and date give the same bytes.

    Parameters
    ----------
    path
        A file that is not there yet, ending in ``.gpkg``.
    date
        ``YYYY-MM-DD``, the date of change that the file tells.
    finish
        Called with the moment of change, to add what GDAL does not write.

    Raises
    ------
    OSError
        If the system does not take all of it.
    """
    moment = f"{date}T00:00:00.000Z"
    try:
        with _at(moment):
            for layer in layers:
                _write(path, layer)
        if finish is not None:
            finish(moment)
    except (*REFUSED, sqlite3.Error):
        _fill(path, layers)  # GDAL and SQLite do not say what the system said
        raise
    if not _is_whole(path, layers):
        raise OSError(errno.EIO, "opened again, rows are missing")


def _is_whole(path: Path, layers: Sequence[Layer]) -> bool:
    """Whether a file that was written holds every row: GDAL may say nothing of a full disk."""
    try:
        held = open_vector(path, str(path), ("GeoPackage",))
        return all(held.count(layer.name) == len(layer.frame) for layer in layers)
    except DataError:
        return False


def _fill(path: Path, layers: Sequence[Layer]) -> None:
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
        layer.frame,
        path,
        layer=layer.name,
        driver="GPKG",
        dataset_options={"VERSION": VERSION},
        layer_options=options,
        **geometry,
    )


def _free(name: str, frame: pd.DataFrame) -> str:
    """Return a name for a column that the frame has not."""
    taken = {str(c).lower() for c in frame.columns}
    while name in taken:
        name += "_"
    return name


@contextmanager
def _at(moment: str) -> Iterator[None]:
    """Let OGR take a moment for now."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": moment})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
