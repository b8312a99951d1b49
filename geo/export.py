"""Write a frame as the file its name asks for, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from .csvtext import inert
from .errors import DataError, Fault
from .files import replacing, require_writable, write_atomic

__all__ = ["FORMATS", "require_format", "write_frame"]

FORMATS = (".csv", ".geojson", ".gpkg", ".parquet")


def require_format(path: str | Path, formats: tuple[str, ...] = FORMATS) -> Path:
    """Return the path if a frame can be written there, before any work is done.

    Raises
    ------
    DataError
        If the ending is none of ours, or nothing can be written there.
    """
    path = Path(path)
    if path.suffix.lower() not in formats:
        raise DataError(
            Fault(str(path), f"ends in none of {', '.join(formats)}.", "Choose one of them.")
        )
    return require_writable(path)


def write_frame(frame: pd.DataFrame, path: str | Path) -> Path:
    r"""Write a frame as CSV, GeoJSON, GeoPackage or GeoParquet, by the ending of the name.

    Parameters
    ----------
    frame
        With geometry, EPSG:4326, or without; GeoJSON and GeoPackage need one. In CSV
        the geometry is left out, and text that a spreadsheet would run is marked as
        text by an apostrophe.
    path
        Where to write; an existing file is replaced.

    Raises
    ------
    DataError
        If nothing can be written there; an existing file stays as it was.

    Examples
    --------
    >>> import tempfile
    >>> points = gpd.GeoDataFrame({"name": ["a"]}, geometry=gpd.points_from_xy([0], [1]),
    ...                           crs="EPSG:4326")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_frame(points, Path(folder) / "points.csv").read_text()
    'name\na\n'
    """
    path = require_format(path)
    suffix = path.suffix.lower()
    if suffix == ".csv":
        table = pd.DataFrame(frame)
        if isinstance(frame, gpd.GeoDataFrame):
            table = table.drop(columns=frame.geometry.name)
        text = table.map(inert).to_csv(index=False, lineterminator="\n")
        return write_atomic(path, text.encode())
    with replacing(path) as part:
        part.unlink()  # GeoPackage opens a file that is there, and finds it empty
        if suffix == ".parquet":
            try:
                frame.to_parquet(part, index=False)
            except ImportError:
                raise DataError(
                    "Parquet files need pyarrow. Install roxham[arrow], or write another format."
                ) from None
        elif isinstance(frame, gpd.GeoDataFrame):
            driver = {".geojson": "GeoJSON", ".gpkg": "GPKG"}[suffix]
            frame.to_file(part, driver=driver, layer=path.stem, index=False)
        else:
            raise DataError(Fault(str(path), "needs places, and this table has none."))
    return path
