"""Read a border from a file of the user's: any lines or areas, anywhere."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import shapely
from pyproj.exceptions import ProjError

from roxham.geo.arguments import checked
from roxham.geo.bounds import within_bounds
from roxham.geo.crs import WGS84
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.geometry.steps import stepped
from roxham.geo.io.declared_crs import require_stated_crs
from roxham.geo.io.vector import BORDERS, open_vector
from roxham.geo.quoting import name_of
from roxham.geo.tables.contract import read_table
from roxham.geo.tables.failures import faults_of
from roxham.geo.tables.region_files import relaxed

from .turning_points import BORDER, lines_through

__all__ = ["read_border"]

LONGEST_M = 1000.0
"""Longer pieces of a projected line are parted before they are taken for straight in degrees."""

MOST_STEPS = 1_000_000
"""No border on Earth needs more; coordinates in wrong units would."""

DECIMALS = 9
"""Degrees to a tenth of a millimetre."""


@checked()
def read_border(path: str | Path, *, controlled: bool | None = None) -> gpd.GeoDataFrame:
    """Read lines or areas from a geometry file, converted to EPSG:4326.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage, GeoParquet, FlatGeobuf or Shapefile; the content decides. Or a
        ``.csv`` of turning points in order, ``lon, lat`` in degrees, and if there are several
        stretches ``section``.
    controlled
        Whether crossing away from a port of entry is unlawful; by default as the region says
        with which it is used. A line along a border that always is controlled is never open.

    Returns
    -------
    geopandas.GeoDataFrame
        As the file has it, EPSG:4326. Of areas the boundary is the border. Straight
        pieces longer than 1 km of a projected line get further points. ``attrs`` has
        ``controlled``, if that was said.

    Raises
    ------
    DataError
        If the file is missing, cannot be read, holds no geometry, or does not say
        its coordinate reference system, or names an unknown one, or if
        its coordinates are no degrees in EPSG:4326.

    Examples
    --------
    >>> import tempfile
    >>> line = gpd.GeoSeries.from_wkt(["LINESTRING (0 1, 2 1)"], crs="EPSG:4326")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     line.to_file(Path(folder) / "line.geojson")
    ...     read = read_border(Path(folder) / "line.geojson", controlled=False)
    >>> read.geometry.to_wkt().tolist(), read.attrs
    (['LINESTRING (0 1, 2 1)'], {'controlled': False})
    """
    path, name = Path(path), name_of(path)
    if path.suffix.lower() == ".csv":
        points, rejected = read_table(path, relaxed(BORDER, "lon", "lat"))
        if len(rejected):
            raise DataError(faults_of(rejected))
        frame = lines_through(points, name)
    else:
        with within_bounds(name):
            frame = _read(path, name)
    if controlled is not None:
        frame.attrs["controlled"] = controlled
    return frame


def _read(path: Path, name: str) -> gpd.GeoDataFrame:
    file = open_vector(path, name, BORDERS)
    if len(file.layers) > 1:  # the first would be a guess
        found = f"holds several layers: {shown(', '.join(file.layers))}."
        raise DataError(Fault(name, found, "Save the border in a file of its own."))
    frame = file.read()
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
    crs = frame.crs
    if crs is None or not crs.is_projected:
        return frame.to_crs(WGS84)
    step = LONGEST_M / crs.axis_info[0].unit_conversion_factor
    if shapely.length(frame.geometry.to_numpy()).sum() < MOST_STEPS * step:
        frame = frame.set_geometry(stepped(frame.geometry.to_numpy(), step), crs=crs)
    degrees = frame.to_crs(WGS84)
    # the steps of a line that two areas share would differ in the last digits
    rounded = shapely.transform(degrees.geometry.to_numpy(), lambda xy: xy.round(DECIMALS))
    return degrees.set_geometry(gpd.GeoSeries(rounded, index=frame.index, crs=WGS84))
