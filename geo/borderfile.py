"""Read a border from a file of the user's: any lines or areas, anywhere."""

from __future__ import annotations

import warnings
from pathlib import Path

import geopandas as gpd
import shapely
from pyproj.exceptions import ProjError

from .crs import WGS84
from .errors import DataError, Fault, shown
from .redact import name_of
from .statedcrs import require_stated_crs

__all__ = ["read_border"]

UNREADABLE = (RuntimeError, OSError, ValueError, ImportError, LookupError)
"""What GDAL and its readers raise."""

LONGEST_M = 1000.0
"""Longer pieces of a projected line are parted before they are taken for straight in degrees."""

MOST_STEPS = 1_000_000
"""No border on Earth needs more; coordinates in wrong units would."""

DECIMALS = 9
"""Degrees to a tenth of a millimetre."""


def read_border(path: str | Path) -> gpd.GeoDataFrame:
    """Read lines or areas from a geometry file, converted to EPSG:4326.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage, Shapefile or another file that GDAL reads; or GeoParquet.

    Returns
    -------
    geopandas.GeoDataFrame
        As the file has it, EPSG:4326. Of areas the boundary is the border. Straight
        pieces longer than 1 km of a projected line get further points.

    Raises
    ------
    DataError
        If the file is missing, cannot be read, holds no geometry, or does not say
        its coordinate reference system, or names an unknown one, or if
        its coordinates are no degrees in EPSG:4326.
    """
    path, name = Path(path), name_of(path)
    if not path.exists():
        raise DataError(Fault(name, "there is no such file.", "Check the path."))
    if path.is_dir():
        raise DataError(Fault(name, "is a directory, not a file.", "Name a geometry file."))
    try:
        read = gpd.read_parquet if path.suffix.lower() == ".parquet" else gpd.read_file
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of measures, which are dropped, and of NaN
            # of several layers the first would be read, and a guess
            warnings.filterwarnings("error", "More than one layer", UserWarning)
            frame = read(path)
    except UserWarning:
        raise DataError(
            Fault(name, "holds several layers.", "Save the border in a file of its own.")
        ) from None
    except UNREADABLE as error:
        raise DataError(
            Fault(name, f"cannot be read: {shown(error)}.", "Give lines or areas, as GeoJSON.")
        ) from None
    if not isinstance(frame, gpd.GeoDataFrame) or frame.geometry.dropna().empty:
        raise DataError(Fault(name, "holds no geometry.", "Give lines or areas."))
    if frame.crs is None:
        raise DataError(
            Fault(name, "does not say its coordinate reference system.", "Save it with one.")
        )
    require_stated_crs(frame, path, name)
    try:
        return _require_degrees(_in_degrees(frame), name)
    except ProjError:
        raise DataError(
            Fault(name, f"is in a system that cannot be converted to {WGS84}.", "Save it in that.")
        ) from None


def _require_degrees(frame: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    west, south, east, north = frame.total_bounds
    if west < -180 or south < -90 or east > 180 or north > 90:
        found = "has coordinates outside ±180 and ±90 degrees, longitude first."
        raise DataError(Fault(name, found, "Save it with the system that its coordinates are in."))
    return frame


def _in_degrees(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the frame in EPSG:4326; what is straight on a map is so no more in degrees."""
    if not frame.crs.is_projected:
        return frame.to_crs(WGS84)
    step = LONGEST_M / frame.crs.axis_info[0].unit_conversion_factor
    if shapely.length(frame.geometry.to_numpy()).sum() < MOST_STEPS * step:
        frame = frame.set_geometry(frame.geometry.segmentize(step))
    degrees = frame.to_crs(WGS84)
    # the steps of a line that two areas share would differ in the last digits
    rounded = shapely.transform(degrees.geometry.to_numpy(), lambda xy: xy.round(DECIMALS))
    return degrees.set_geometry(gpd.GeoSeries(rounded, index=frame.index, crs=WGS84))
