"""Write a frame as the file its name asks for, whole or not at all."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from roxham.geo.arguments import checked
from roxham.geo.errors import DataError, Fault
from roxham.geo.extras import install_line

from .atomic import require_writable, write_atomic
from .csv import inert

__all__ = ["FORMATS", "csv_bytes", "parquet_bytes", "require_format", "write_frame"]

FORMATS = (".csv", ".geojson", ".gpkg", ".parquet")
QUOTED = re.compile('[,"\\r\\n]')
"""A cell with one of these stands in quotes."""
ROWS_AT_ONCE = 50_000
"""So many rows are text at one time."""


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


@checked()
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

    Returns
    -------
    pathlib.Path
        Where it was written.

    Raises
    ------
    DataError
        If nothing may be written there; an existing file stays as it was.
    WriteError
        If the system does not take all of it; then, too.

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
        return write_atomic(path, csv_bytes(table))
    if suffix == ".parquet":
        return write_atomic(path, parquet_bytes(frame))
    if not isinstance(frame, gpd.GeoDataFrame):
        raise DataError(Fault(str(path), "needs places, and this table has none."))
    # GDAL says nothing of a disk that is full when it closes a file, so it gets none.
    content = io.BytesIO()
    driver = {".geojson": "GeoJSON", ".gpkg": "GPKG"}[suffix]
    frame.to_file(content, driver=driver, layer=path.stem, index=False)
    return write_atomic(path, content.getvalue())


def parquet_bytes(frame: pd.DataFrame, **options: Any) -> bytes:
    """Return a frame as Parquet, GeoParquet where it has geometry, without its index.

    Raises
    ------
    DataError
        If pyarrow is not installed.

    Examples
    --------
    >>> parquet_bytes(pd.DataFrame({"a": [1]}))[:4]
    b'PAR1'
    """
    content = io.BytesIO()
    try:
        frame.to_parquet(content, index=False, **options)
    except ImportError:
        raise DataError(
            f"Parquet files need pyarrow. Run {install_line('arrow')}, or write another format."
        ) from None
    return content.getvalue()


def csv_bytes(table: pd.DataFrame) -> bytes:
    r"""Return a table as CSV, UTF-8, no cell of which a spreadsheet would run.

    Null is an empty cell; text that would be run is marked by an apostrophe, which
    ``read_table`` takes away again.

    Examples
    --------
    >>> csv_bytes(pd.DataFrame({"a": ["=1", None], "b": [1.5, -2]}))
    b"a,b\n'=1,1.5\n,-2.0\n"
    """
    blank = '""' if len(table.columns) == 1 else ""  # an empty line would be no row
    head = [_cell(str(name)) or blank for name in table.columns]
    parts = [f"{','.join(head)}\n".encode()]
    for start in range(0, len(table), ROWS_AT_ONCE):
        part = table.iloc[start : start + ROWS_AT_ONCE]
        columns = [_cells(part.iloc[:, place], blank) for place in range(len(head))]
        lines = [",".join(row) for row in zip(*columns, strict=True)]
        parts.append("\n".join([*lines, ""]).encode())
    return b"".join(parts)


def _cells(column: pd.Series[Any], blank: str) -> list[str]:
    """Return the cells of a column, what is the same written once where the column knows it."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        distinct = [*_cells(pd.Series(column.cat.categories), blank), blank]
        return [distinct[code] for code in column.cat.codes.tolist()]
    values = column.astype(object).where(column.notna(), None).tolist()
    if column.dtype.kind in "iuf":
        return [blank if value is None else str(value) for value in values]
    return [_cell(value) or blank for value in values]


def _cell(value: object) -> str:
    """Return a cell of a CSV file, in quotes if it must be."""
    if value is None:
        return ""
    text = str(inert(value))
    return '"{}"'.format(text.replace('"', '""')) if QUOTED.search(text) else text
