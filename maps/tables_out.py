"""Tables of results to a file of one's choice, whole or not at all."""

from __future__ import annotations

import tempfile
from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import pandas as pd

from roxham.geo.errors import DataError, Fault
from roxham.geo.files import require_writable, write_atomic

__all__ = ["FORMATS", "require_format", "write_table"]

FORMATS = (".geojson", ".csv", ".gpkg", ".parquet")


def require_format(path: str | Path, formats: tuple[str, ...] = FORMATS) -> Path:
    """Return the path if a table can be written there, before any work is done.

    Raises
    ------
    DataError
        If its name ends in none of the formats, or nothing can be written there.
    """
    path = Path(path)
    if path.suffix.lower() not in formats:
        remedy = f"Give a name ending in {', '.join(formats)}."
        raise DataError(Fault(str(path), "is no kind of file for this table.", remedy))
    if path.suffix.lower() == ".parquet" and find_spec("pyarrow") is None:
        remedy = "Install roxham[arrow], or write another kind."
        raise DataError(Fault(str(path), "needs pyarrow.", remedy))
    return require_writable(path)


def write_table(frame: pd.DataFrame, path: str | Path) -> Path:
    """Write a frame as the kind of file its name asks for.

    Parameters
    ----------
    frame
        In EPSG:4326 if it has geometry, which a CSV file leaves out.
    path
        Ends in one of ``FORMATS``; GeoJSON and GeoPackage need a geometry.

    Raises
    ------
    DataError
        If it cannot be written; an existing file stays as it was.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_table(pd.DataFrame({"a": [1]}), Path(folder) / "a.csv").read_text().split()
    ['a', '1']
    """
    path = require_format(path)
    kind = path.suffix.lower()
    if kind == ".csv":
        plain = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
        return write_atomic(path, plain.to_csv(index=False, lineterminator="\n").encode())
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / f"table{kind}"
        if kind == ".parquet":
            frame.to_parquet(part, index=False)
        elif isinstance(frame, gpd.GeoDataFrame):
            frame.to_file(part, layer=path.stem, index=False)
        else:
            raise DataError(Fault(str(path), "needs places, and this table has none."))
        return write_atomic(path, part.read_bytes())
