"""Tables of one's own, from any usual file or address, as cells of text.

CSV, workbooks, JSON, saved pages, GeoJSON, GeoPackage and GeoParquet are told apart by what
they hold. Whatever the file, its cells become text and its geometries longitude, latitude and
radius, so that one check holds for all (:func:`roxham.geo.tables.contract.check_table`).
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from roxham.geo.bounds import within_bounds
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.sheets.html_table import is_html, read_html
from roxham.geo.sheets.json_table import read_json, says_type
from roxham.geo.sheets.reading import JOINED, PLAIN, Reading
from roxham.geo.sheets.workbook import is_workbook, read_workbook

from .csv import Cells, Unread, as_cells, read_cells
from .declared_crs import require_stated_crs
from .geometry_columns import At, degrees_of, placed
from .http import download
from .postgis import query_table
from .vector import kind_of, open_vector

__all__ = ["Raw", "Source", "fetched", "fetching_once", "is_remote", "read_raw"]

Source = str | Path | pd.DataFrame
"""A file, an address, or a frame of one's own."""

ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+)://?", re.IGNORECASE)
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""Such a character as JSON writes it; GDAL ends a text there."""


@dataclass
class Raw:
    """A table as text.

    Attributes
    ----------
    rows
        Every cell as text, empty where unknown.
    numbers
        Line of each row in a text file (header on line 1), or its 1-based feature number.
    unread
        Rows that could not be taken as cells at all, with the reason.
    told
        What is to be said of how the file was read.
    title
        What a page calls itself.
    """

    rows: pd.DataFrame
    numbers: Sequence[int]
    unread: list[Unread] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    title: str = ""


def read_raw(
    source: Source,
    *,
    name: str,
    table: str,
    known: Iterable[str],
    require: Callable[[list[str]], None],
    at: At | None = None,
    reading: Reading = PLAIN,
) -> Raw:
    """Read a table from a file or an address as cells of text.

    Parameters
    ----------
    source
        A file; or ``https://…``; or ``postgresql://user@host/database#schema.table``; or a frame.
    name
        What to call it in messages.
    table
        Name of the layer to take from a GeoPackage that has several.
    known
        Column names to expect.
    require
        Called with the header; raises if it will not do.
    at
        Where geometries go: points to longitude and latitude, areas to a point within
        and the radius around it that covers them. Other CRS are converted to EPSG:4326.
    reading
        Which sheet or table of the file, and where its header stands.

    Raises
    ------
    DataError
        If it cannot be read as a table, or its geometries name no CRS or an unknown one.
    FetchError
        If an address cannot be reached.
    """
    if isinstance(source, pd.DataFrame):
        return _cells(source, name, require, at)
    if is_remote(source):
        with fetched(source) as file:
            if isinstance(file, Path):
                return read_raw(
                    *(file,),
                    name=name,
                    table=table,
                    known=known,
                    require=require,
                    at=at,
                    reading=reading,
                )
        return _cells(query_table(str(source)), name, require, at)
    with within_bounds(name):
        return _read_file(Path(source), name, table, set(known), require, at, reading)


def _read_file(
    path: Path,
    name: str,
    table: str,
    known: set[str],
    require: Callable[[list[str]], None],
    at: At | None,
    reading: Reading,
) -> Raw:
    """Read a file; see :func:`read_raw`."""
    kind = kind_of(path, name)
    text = _read_text(path, name, kind, known, require, reading)
    if text is not None:
        cells, told = text
        if cells.above:
            told = [*told, f"row {cells.above + 1} holds the names of the columns"]
        if reading.header_rows > 1:
            last = cells.above + reading.header_rows
            told = [
                *told[: -1 if cells.above else None],
                _joined(cells.above + 1, last, cells.header),
            ]
        rows = pd.DataFrame(cells.rows, columns=cells.header, dtype=str)
        return Raw(rows, cells.lines, cells.unread, told, cells.title)
    held = open_vector(path, name)
    if kind == "GeoJSON" and NUL.search(path.read_bytes()):
        raise DataError(
            Fault(name, r"has a NUL (\u0000), where a text would be cut off.", "Take it out.")
        )
    layer = None if len(held.layers) == 1 else table
    frame = held.read(layer, dates_as_text=True, spare=True)
    if at is not None and kind != "GeoParquet":
        require_stated_crs(frame, path, name)
    return _cells(frame, name, require, at)


def _read_text(
    path: Path,
    name: str,
    kind: str | None,
    known: set[str],
    require: Callable[[list[str]], None],
    reading: Reading,
) -> tuple[Cells, list[str]] | None:
    """Read a file whose cells are texts; None if it is another kind."""
    if kind == "a zip archive" and is_workbook(path):
        return read_workbook(path, name=name, reading=reading, known=known, require=require)
    if kind == "XML" and is_html(path):
        return read_html(path, name=name, reading=reading, known=known, require=require)
    if kind == "JSON" or (kind == "GeoJSON" and not says_type(path)):
        cells = read_json(path, name)
        require(cells.header)
        return cells, []
    if kind is not None:
        return None
    line = reading.header
    cells = read_cells(
        path,
        name=name,
        known=known,
        require=require,
        header_line=line,
        names=reading.names,
        encoding=reading.encoding,
        header_rows=reading.header_rows,
    )
    return cells, cells.told


def _joined(first: int, last: int, header: list[str]) -> str:
    """Say that names are joined of several rows."""
    example = next((column for column in header if JOINED in column), "")
    return f"rows {first} to {last} hold the names of the columns, joined as in {shown(example)}"


_ONCE: ContextVar[tuple[Path, dict[str, Path]] | None] = ContextVar("fetched once", default=None)


@contextmanager
def fetching_once() -> Iterator[None]:
    """Ask each address once, however often it is read: what is judged is what was looked at."""
    with tempfile.TemporaryDirectory() as folder:
        token = _ONCE.set((Path(folder), {}))
        try:
            yield
        finally:
            _ONCE.reset(token)


@contextmanager
def fetched(source: Source) -> Iterator[Source]:
    """Give a file that holds what is at an address; a frame, or a database's table, stays one."""
    if isinstance(source, pd.DataFrame):
        yield source
    elif not is_remote(source):
        yield Path(source)
    elif not str(source).lower().startswith("https"):
        yield source
    elif (once := _ONCE.get()) is not None:
        folder, known = once
        address = str(source)
        if address not in known:
            known[address] = download(address, folder / str(len(known)))
        yield known[address]
    else:
        with tempfile.TemporaryDirectory() as place:
            yield download(str(source), Path(place) / "data")


def _cells(
    frame: pd.DataFrame, name: str, require: Callable[[list[str]], None], at: At | None
) -> Raw:
    """Return a frame as text, its geometries in columns."""
    geometry = frame.active_geometry_name if isinstance(frame, gpd.GeoDataFrame) else None
    attributes = pd.DataFrame(frame.drop(columns=geometry) if geometry else frame)
    attributes = attributes.reset_index(drop=True)
    attributes.columns = [str(c).strip() for c in attributes.columns]
    twice = sorted(set(attributes.columns[attributes.columns.duplicated()]))
    if twice:
        raise DataError([Fault(name, "two columns have this name.", "Rename one.", column=c)
                         for c in twice])  # fmt: skip
    cells = {c: as_cells(attributes[c]) for c in attributes}
    rows = pd.DataFrame(cells, index=attributes.index, dtype=str)
    numbers = range(1, len(rows) + 1)
    if at is None or not isinstance(frame, gpd.GeoDataFrame) or geometry is None:
        require(list(rows.columns))
        return Raw(rows, numbers)
    rows, problems = placed(rows, degrees_of(frame.geometry, name), at)
    problems |= frame.attrs.get("malformed", {})
    require(list(rows.columns))
    unread = [
        Unread(i + 1, rows.iloc[i].tolist(), "geometry", found, problem)
        for i, (found, problem) in sorted(problems.items())
    ]
    sound = np.setdiff1d(np.arange(len(rows)), list(problems))
    return Raw(rows.iloc[sound].reset_index(drop=True), (sound + 1).tolist(), unread)


def is_remote(source: Source) -> bool:
    """Whether a source is an address that we read; raise for one that we do not.

    Examples
    --------
    >>> is_remote("https://example.org/a.csv"), is_remote("a.csv"), is_remote("C:/a.csv")
    (True, False, False)
    """
    found = ADDRESS.match(str(source)) if isinstance(source, str) else None
    if found is None or len(found[1]) == 1:
        return False
    scheme = found[1].lower()
    if scheme == "https" or scheme.partition("+")[0] in ("postgresql", "postgres"):
        return True
    raise DataError(
        Fault(
            str(source),
            f"{shown(scheme)}: is no kind of address that is read.",
            "Give a file, https://… or postgresql://….",
        )
    )
