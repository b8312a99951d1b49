"""Read a border from a file of the user's: any lines or areas, anywhere."""

from __future__ import annotations

import warnings
from pathlib import Path

import geopandas as gpd
from pyogrio.errors import DataSourceError

from .crs import WGS84
from .errors import DataError, Fault, shown

__all__ = ["read_border"]


def read_border(path: str | Path) -> gpd.GeoDataFrame:
    """Read lines or areas from a geometry file, converted to EPSG:4326.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage, Shapefile or another file that GDAL reads; or GeoParquet.

    Returns
    -------
    geopandas.GeoDataFrame
        As the file has it, EPSG:4326. Of areas the boundary is the border.

    Raises
    ------
    DataError
        If the file is missing, cannot be read, holds no geometry, or does not say
        its coordinate reference system.
    """
    path, name = Path(path), str(path)
    if not path.exists():
        raise DataError(Fault(name, "there is no such file.", "Check the path."))
    if path.is_dir():
        raise DataError(Fault(name, "is a directory, not a file.", "Name a geometry file."))
    try:
        read = gpd.read_parquet if path.suffix.lower() == ".parquet" else gpd.read_file
        with warnings.catch_warnings():  # of several layers the first would be read, and a guess
            warnings.filterwarnings("error", "More than one layer", UserWarning)
            frame = read(path)
    except UserWarning as error:
        raise DataError(
            Fault(name, "holds several layers.", "Save the border in a file of its own.")
        ) from error
    except (DataSourceError, OSError, ValueError, ImportError) as error:
        raise DataError(
            Fault(name, f"cannot be read: {shown(error)}.", "Give lines or areas, as GeoJSON.")
        ) from error
    if not isinstance(frame, gpd.GeoDataFrame) or frame.geometry.dropna().empty:
        raise DataError(Fault(name, "holds no geometry.", "Give lines or areas."))
    if frame.crs is None:
        raise DataError(
            Fault(name, "does not say its coordinate reference system.", "Save it with one.")
        )
    return frame.to_crs(WGS84)
