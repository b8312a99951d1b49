"""Of a GeoParquet file what can matter, and no more: row groups, then rows, then columns.

GeoParquet 1.1 keeps the box of each row in a column, and Parquet the least and greatest of each
column in a row group. So what is away from a line is passed over without being read.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from roxham.geo._types import Bools, Floats
from roxham.geo.bounds import require, spend, within_bounds
from roxham.geo.crs import WGS84
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.geometry.nesting import require_shallow
from roxham.geo.geometry.reach import Reach
from roxham.geo.io.guard.parquet_footer import TAIL, chunks_of
from roxham.geo.io.guard.parts import require_no_file
from roxham.geo.io.vector import kind_of
from roxham.geo.quoting import name_of

__all__ = ["Found", "files_of", "read_rows"]

REMOTE = re.compile(r"(s3|gs|https)://[^\s]+", re.IGNORECASE)
SIDES = ("xmin", "ymin", "xmax", "ymax")
AT_ONCE = 65_536
"""Rows that are read as one piece."""
FOOTER = 65_536
"""Bytes that are read of the end of a file before anything else, as Arrow does."""
NUMBERS = {"FLOAT": "<f", "DOUBLE": "<d"}
"""How Parquet writes the least and greatest of a column of boxes."""
SMALL = 1_000_000
"""Bytes of a store's file that is fetched as a whole: less than what asking for parts takes."""
NEEDS = {"s3": "s3fs", "gs": "gcsfs", "https": "aiohttp"}


@dataclass
class Found:
    """What was read of a file.

    Attributes
    ----------
    rows
        Rows that may matter, EPSG:4326; None where the file could not be read.
    read, stored
        Bytes that were asked for, and those of the whole file.
    bounds
        Of all the file holds, degrees; not numbers where it does not say.
    edges
        Rows of the whole file.
    fault
        Why it could not be read.
    """

    rows: gpd.GeoDataFrame | None
    read: int = 0
    stored: int = 0
    bounds: tuple[float, float, float, float] = (np.nan,) * 4
    edges: int = 0
    fault: Fault | None = None

    def without_rows(self) -> Found:
        """Return what is told of the file."""
        return Found(None, self.read, self.stored, self.bounds, self.edges, self.fault)


class Counted(io.RawIOBase):
    """A file that counts what is read of it; its end, where Parquet has its footer, is kept."""

    def __init__(self, file: Any, *, small: int = 0) -> None:
        self.file, self.place = file, 0
        self.size = int(file.seek(0, io.SEEK_END))
        self.kept = 0 if self.size <= small else max(0, self.size - FOOTER)
        self.file.seek(self.kept)
        self.end: bytes = self.file.read(self.size - self.kept)
        long = TAIL + int.from_bytes(self.end[-TAIL:-4], "little")
        if len(self.end) < long <= self.size:  # it is asked for twice
            self.kept = self.size - long
            self.file.seek(self.kept)
            self.end = self.file.read(long - len(self.end)) + self.end
        self.count = len(self.end)

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.place, io.SEEK_END: self.size}[whence]
        self.place = start + place
        return self.place

    def tell(self) -> int:
        """Return the place."""
        return self.place

    def read(self, size: int = -1) -> bytes:
        """Read, and count what is read of the file itself."""
        stop = self.size if size < 0 else min(self.place + size, self.size)
        content = b""
        if self.place < min(stop, self.kept):
            self.file.seek(self.place)
            content = self.file.read(min(stop, self.kept) - self.place)
            self.count += len(content)
        content += self.end[max(self.place - self.kept, 0) : max(stop - self.kept, 0)]
        self.place += len(content)
        return content


def files_of(pattern: str) -> list[str]:
    """Return the names of files: one name, or all that fit a pattern, in order.

    Raises
    ------
    DataError
        If none is there, or the address is of a kind that is not read.
    """
    if "::" in pattern or ("://" in pattern and not REMOTE.fullmatch(pattern)):
        remedy = "Give files, s3://…, gs://… or https://…."
        raise DataError(Fault(pattern, "is no kind of address that is read.", remedy))
    if not any(mark in pattern for mark in "*?["):
        return [pattern if "://" in pattern else str(Path(pattern).absolute())]
    if "://" not in pattern:
        folder = Path(pattern).absolute()
        first = next(i for i, part in enumerate(folder.parts) if any(m in part for m in "*?["))
        top = Path(*folder.parts[:first])
        found = sorted(str(path) for path in top.glob(str(Path(*folder.parts[first:]))))
    else:
        with _asking(pattern) as fsspec:
            system, inner = fsspec.core.url_to_fs(pattern)
            found = sorted(str(system.unstrip_protocol(path)) for path in system.glob(inner))
    if not found:
        raise DataError(Fault(pattern, "no file has such a name.", "Correct the pattern."))
    return found


@contextmanager
def _asking(name: str) -> Iterator[Any]:
    """Give fsspec, and say plainly what is missing or does not answer."""
    scheme = name.partition("://")[0].lower()
    try:
        import fsspec

        yield fsspec
    except ImportError:
        needed = f"needs fsspec and {NEEDS.get(scheme, '')}, which are not installed."
        raise DataError(Fault(name, needed, "Install them.")) from None


@contextmanager
def _opened(name: str) -> Iterator[Counted]:
    if "://" not in name:
        kind_of(Path(name), name)  # a pipe would be waited for
        with Path(name).open("rb") as file:
            yield Counted(file)
        return
    with _asking(name) as fsspec:
        system, inner = fsspec.core.url_to_fs(name)
        with system.open(inner, "rb", cache_type="none") as file:
            yield Counted(file, small=SMALL)


def read_rows(
    name: str,
    reach: Reach | None = None,
    *,
    columns: Collection[str] | None = None,
    threads: bool = True,
) -> Found:
    """Read the rows of a GeoParquet file that touch some boxes.

    Whatever is wrong with the file is told as its ``fault``, so that others are kept.

    Parameters
    ----------
    name
        A file, or an address of fsspec's.
    reach
        What rows must touch; all are read without it.
    columns
        Those that are wanted beside the geometry, where they are there; all by default.
    threads
        Whether columns are read side by side.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        remedy = "Install roxham[arrow] where it is read."
        return Found(None, fault=Fault(name, "is a Parquet file, which needs pyarrow.", remedy))
    file: Counted | None = None
    try:
        with within_bounds(name_of(name)), _opened(name) as file:
            # of a store, ranges that lie side by side are asked for as one
            opened = parquet.ParquetFile(file, pre_buffer="://" in name)
            require("columns", opened.metadata.num_columns, name_of(name))
            found = _Reader(opened, file, name).read(reach, columns, threads)
            found.read, found.stored = file.count, file.size
            return found
    except DataError as error:
        fault = error.faults[0] if error.faults else Fault(name, str(error))
    except FileNotFoundError:
        fault = Fault(name, "there is no such file, or not where the work is done.")
    except (
        *(pa.ArrowException, CRSError, OSError, ValueError, shapely.errors.GEOSException),
        *(LookupError, TypeError, AttributeError, RecursionError),  # of what is said of columns
    ) as error:
        fault = Fault(name, f"is not a whole GeoParquet file: {shown(error)}.")
    except Exception as error:
        if "://" not in name:
            raise
        fault = Fault(name, f"cannot be read: {shown(error)}.")  # each store has errors of its own
    return Found(None, 0 if file is None else file.count, fault=fault)


class _Reader:
    """One open file."""

    def __init__(self, file: Any, source: Counted, name: str) -> None:
        self.file, self.source, self.name = file, source, name
        told = (file.schema_arrow.metadata or {}).get(b"geo")
        if told is None:
            remedy = "Save it with GeoDataFrame.to_parquet()."
            raise DataError(Fault(name_of(name), "has no geometries: it is no GeoParquet.", remedy))
        geo = json.loads(told)
        self.geometry = str(geo["primary_column"])
        self.about = geo["columns"][self.geometry]
        _require_degrees(self.about, name)
        if str(self.about.get("encoding", "WKB")).upper() != "WKB":
            found = f"has geometries as {shown(self.about['encoding'])}."
            raise DataError(Fault(name_of(name), found, "Save them as WKB."))
        box = (self.about.get("covering") or {}).get("bbox") or {}
        paths = [".".join(map(str, box[side])) for side in SIDES] if box else []
        meta = file.metadata
        leaves = {file.schema.column(i).path: i for i in range(meta.num_columns)}
        self.leaves = [leaves[path] for path in paths] if all(p in leaves for p in paths) else []
        self.box = [box[side] for side in SIDES] if self.leaves else []

    def read(self, reach: Reach | None, columns: Collection[str] | None, threads: bool) -> Found:
        """Return the rows that touch some boxes."""
        names = [field.name for field in self.file.schema_arrow]
        boxes = {path[0] for path in self.box}
        wanted = [n for n in names if (columns is None or n in columns) and n not in boxes]
        wanted = list(dict.fromkeys([*wanted, self.geometry]))
        groups = self._groups()
        touched = np.arange(len(groups))
        if reach is not None:
            touched = touched[reach.touches(groups)]
        frame = self._rows(touched.tolist(), reach, wanted, threads)
        rows = gpd.GeoDataFrame(frame, geometry=self.geometry, crs=WGS84).reset_index(drop=True)
        if self.geometry != "geometry":
            rows = rows.rename_geometry("geometry")
        return Found(rows, bounds=self._bounds(groups), edges=self.file.metadata.num_rows)

    def _groups(self) -> Floats:
        """Return the box of each row group, not numbers where it is not known."""
        meta = self.file.metadata
        boxes = np.full((meta.num_row_groups, 4), np.nan)
        chunks = chunks_of(self.source, meta.num_columns, self.name) if self.leaves else []
        for box, group in zip(boxes, chunks, strict=False):
            for side, leaf in enumerate(self.leaves):
                said = group[leaf]
                box[side] = self._number(leaf, said.most if side > 1 else said.least)
            if any(group[leaf].missing for leaf in self.leaves):
                box[:] = np.nan
        return boxes

    def _number(self, leaf: int, end: bytes | None) -> float:
        kind = NUMBERS.get(self.file.schema.column(leaf).physical_type)
        return np.nan if kind is None or end is None else np.frombuffer(end, kind).item()

    def _bounds(self, groups: Floats) -> tuple[float, float, float, float]:
        if len(groups) and np.isfinite(groups).all():
            west, south = groups[:, :2].min(axis=0)
            east, north = groups[:, 2:].max(axis=0)
            return float(west), float(south), float(east), float(north)
        told = self.about.get("bbox") or []
        if len(told) in (4, 6):
            half = len(told) // 2
            west, south, east, north = (float(told[i]) for i in (0, 1, half, half + 1))
            return west, south, east, north
        return (np.nan,) * 4

    def _rows(
        self, groups: list[int], reach: Reach | None, wanted: list[str], threads: bool
    ) -> pd.DataFrame:
        """Return the rows of row groups; columns are read of those alone in which any matters."""
        here: Bools | None = None
        if reach is not None and self.leaves and groups:
            boxes = self._table(groups, [".".join(p) for p in self.box], threads)
            here = reach.touches(_boxes_of(boxes, self.box))
            sizes = [self.file.metadata.row_group(group).num_rows for group in groups]
            matter = [bool(part.any()) for part in np.split(here, np.cumsum(sizes)[:-1])]
            here = here[np.repeat(matter, sizes)]
            groups = [group for group, any_ in zip(groups, matter, strict=True) if any_]
        if not groups:
            return self._none(wanted)
        table = self._table(groups, wanted, threads)
        if here is not None:
            table = table.take(np.flatnonzero(here))
        blobs = table.column(self.geometry).to_numpy()
        require_shallow(blobs, self.name)
        shapes = shapely.from_wkb(blobs)
        frame: pd.DataFrame = table.drop_columns([self.geometry]).to_pandas()
        frame = frame.reset_index() if set(frame.index.names) - {None} else frame
        frame[self.geometry] = shapes
        if reach is not None and here is None:
            frame = frame[reach.touches(shapely.bounds(shapes))]
        return frame

    def _table(self, groups: list[int], columns: list[str], threads: bool) -> Any:
        """Return columns of row groups, read piece by piece: some bytes may be many rows."""
        from pyarrow import Table

        parts = []
        for part in self.file.iter_batches(
            row_groups=groups, columns=columns, use_threads=threads, batch_size=AT_ONCE
        ):
            parts.append(part)
            spend()
        if not parts:
            return self.file.read_row_groups(groups, columns)
        return Table.from_batches(parts)

    def _none(self, wanted: list[str]) -> pd.DataFrame:
        empty: pd.DataFrame = self.file.schema_arrow.empty_table().select(wanted).to_pandas()
        return empty.reset_index() if set(empty.index.names) - {None} else empty


def _boxes_of(table: Any, paths: list[list[str]]) -> Floats:
    """Return the boxes of rows."""
    sides = []
    for first, *rest in paths:
        column = table.column(first).combine_chunks()
        for name in rest:
            column = column.field(name)
        sides.append(column.to_numpy(zero_copy_only=False).astype(float))
    return np.column_stack(sides)


def _require_degrees(about: dict[str, Any], name: str) -> None:
    """Raise unless geometries are in EPSG:4326: to convert them needs all of them."""
    if "crs" not in about:  # longitude and latitude, says GeoParquet
        return
    crs = about["crs"]
    text = crs if isinstance(crs, str) else json.dumps(crs)
    require_no_file(text, name)
    found = "names no CRS." if crs is None else _other_crs(text)
    if found:
        raise DataError(Fault(name_of(name), found, f"Save it in {WGS84}."))


@lru_cache
def _other_crs(text: str) -> str:
    """Return what is to be said of a CRS that is not in degrees of WGS84, longitude first."""
    known = CRS.from_user_input(text)
    if known.equals(CRS(WGS84), ignore_axis_order=True) or known.to_authority() == ("OGC", "CRS84"):
        return ""
    return f"is in {shown(known.name)}."
