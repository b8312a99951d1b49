"""The one door through which files with geometries are opened: GeoJSON, GeoPackage and others.

GDAL opens a file with the first of some seventy drivers that knows it, by its name or by a word
near its beginning, and some of them open whatever the file names, or ask servers for it.
It cannot be told here which drivers to use. So the first bytes decide the kind, and GDAL
gets what one driver alone knows: a plain name with the ending of that kind, and a
content in which no other driver finds a word, see :mod:`roxham.geo.io.guard`.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
import stat
import tempfile
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

import geopandas as gpd
import lazy_loader
import numpy as np
import pandas as pd
import shapely
from pyproj.exceptions import CRSError

from roxham.geo.bounds import require_cells, within_bounds
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.extras import install_line

from .guard.geojson import require_geojson
from .guard.geopackage import require_geopackage
from .guard.parquet import require_parquet
from .guard.parts import require_no_file, require_parts

__all__ = [
    "BORDERS",
    "TABLES",
    "Kind",
    "VectorFile",
    "kind_of",
    "open_vector",
    "parquet_parts",
    "read_parquet",
]

LOGGER = logging.getLogger(__name__)

pyogrio = lazy_loader.load("pyogrio")
"""GDAL takes a while to load, and is asked for in the end or not at all."""

Kind = Literal["GeoJSON", "GeoPackage", "GeoParquet", "FlatGeobuf", "Shapefile"]
TABLES: tuple[Kind, ...] = ("GeoJSON", "GeoPackage", "GeoParquet")
"""Kinds that tables of one's own may be of."""
BORDERS: tuple[Kind, ...] = (*TABLES, "FlatGeobuf", "Shapefile")

ENDINGS: dict[Kind, str] = {
    **{"GeoJSON": "", "GeoPackage": ".gpkg", "GeoParquet": ""},
    **{"FlatGeobuf": ".fgb", "Shapefile": ".shp"},
}
"""By which GDAL tells them; GeoJSON gets its driver's name before its own."""
NOT_DATA = ("layer_styles", "qgis_projects")
"""Tables that QGIS keeps in a GeoPackage."""

SHAPES = dict(enumerate(("Point", "LineString", "Polygon"), start=1))
SHAPES |= {code + 3: f"Multi{name}" for code, name in SHAPES.items()}
"""Names of what well-known binary numbers so."""
PLAIN = re.compile(r"(?!/vsi)(?:[A-Za-z]:)?[^!?;:<>{}|\"\x00-\x1f\ud800-\udfff]+")
"""Names that say no more than where a file is, to GDAL and to pyogrio."""
OFFLINE = {"CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}", "GDAL_HTTP_PROXY": "127.0.0.1:0"}
"""Settings with which GDAL reaches no server, should a way be left to ask it to."""
SETTINGS = threading.RLock()
UNREADABLE = (RuntimeError, OSError, ValueError, LookupError, shapely.errors.ShapelyError)
"""What GDAL and its readers raise."""


def kind_of(path: Path, name: str) -> Kind | Literal["XML", "JSON", "a zip archive"] | None:
    """Tell the kind of a file by its first bytes; None where it may be text, or is not there.

    Raises
    ------
    DataError
        If it is a pipe or a device, which can be read once at most, or without end.
    """
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            raise DataError(
                Fault(name, "is a pipe or a device.", "Save what comes from it in a file.")
            )
        with path.open("rb") as file:
            head = file.read(64)
    except DataError:
        raise
    except (OSError, ValueError):
        return None  # the reader of text says what is wrong
    if head.startswith(b"SQLite format 3\0"):
        return "GeoPackage"
    if head.startswith(b"PAR1"):
        return "GeoParquet"
    # Many drivers look for a word in what they take for a text: a NUL ends it. The next number
    # of FlatGeobuf is a length below 2^24.
    if head.startswith(b"fgb\x03fgb") and head[11:12] == b"\0":
        return "FlatGeobuf"
    if head.startswith(b"\x00\x00\x27\x0a"):
        return "Shapefile"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\x1e")
    if head.startswith(b"PK\x03\x04"):
        return "a zip archive"
    if text.startswith(b"<"):
        return "XML"
    if text.startswith(b"["):
        return "JSON"
    return "GeoJSON" if text.startswith(b"{") else None


@dataclass(frozen=True)
class VectorFile:
    """A file that has been found to be what is meant.

    Attributes
    ----------
    path
        A plain file here; never an address, and nothing that GDAL takes for one.
    name
        What to call it in messages.
    kind
        What its first bytes say.
    layers
        Names of its tables: those of a GeoPackage, else one, the file's own.
    driver
        Before the file's name it leaves GDAL no choice; GeoJSON is known by words alone.
    """

    path: Path
    name: str
    kind: Kind
    layers: tuple[str, ...]
    driver: str = ""

    def read(
        self, layer: str | None = None, *, dates_as_text: bool = False, spare: bool = False
    ) -> pd.DataFrame:
        """Read a table, with its geometries and in its own CRS if it has some.

        Parameters
        ----------
        layer
            Which one; by default the first.
        dates_as_text
            Whether dates stay as they are written.
        spare
            Whether a shape that cannot be built, such as a ring that is open, leaves the
            other rows be: it is null, and ``attrs["malformed"]`` has its kind and what is
            wrong, by its position. GeoParquet has none; it is refused whole.

        Raises
        ------
        DataError
            If it is not there or cannot be read.
        """
        with within_bounds(self.name):
            return self._read(layer, dates_as_text, spare)

    def _read(self, layer: str | None, dates_as_text: bool, spare: bool) -> pd.DataFrame:
        if self.kind == "GeoParquet":
            return read_parquet(self.path, self.name)
        layer = layer or (self.layers[0] if self.layers else "table")
        self._require(layer)
        chosen = layer if self.kind == "GeoPackage" else None
        with _reading(self.path, self.name, self.kind) as source:
            held = pyogrio.read_info(self.driver + source, layer=chosen)
            require_cells(max(int(held["features"]), 0), len(held["fields"]) + 1, self.name)
            frame: pd.DataFrame = pyogrio.read_dataframe(
                self.driver + source,
                layer=chosen,
                datetime_as_string=dates_as_text,
                on_invalid="ignore" if spare else "raise",
            )
            if spare and isinstance(frame, gpd.GeoDataFrame) and frame.geometry.isna().any():
                shapes = pyogrio.raw.read(self.driver + source, layer=chosen, columns=[])[2]
                absent = np.flatnonzero(frame.geometry.isna())
                frame.attrs["malformed"] = {
                    int(i): _malformed(shapes[i]) for i in absent if shapes[i] is not None
                }
        return _of_itself(frame, self.name)

    def count(self, layer: str) -> int:
        """Return how many rows a layer of a GeoPackage has; raise as :meth:`read`."""
        self._require(layer)
        with _reading(self.path, self.name, self.kind) as source:
            return int(pyogrio.read_info(source, layer=layer, force_feature_count=True)["features"])

    def _require(self, layer: str) -> None:
        if layer not in self.layers:
            found = shown(", ".join(self.layers)) or "none"
            raise DataError(
                Fault(self.name, f"has no layer {shown(layer)}; found {found}.", "Name one so.")
            )


def _malformed(wkb: bytes) -> tuple[str, str]:
    """Return the kind of a shape that cannot be built, and what GEOS says is wrong with it."""
    kind = int.from_bytes(wkb[1:5], "little" if wkb[:1] == b"\1" else "big") % 1000
    said = "cannot be built"
    try:
        shapely.from_wkb(wkb)
    except shapely.errors.ShapelyError as error:
        # GEOS tells the kind of the error first, and ends some texts with what is no letter.
        said = re.sub(r"^\w+: |[^ -~]", "", str(error))
    return SHAPES.get(kind, "a shape"), f"is malformed: {shown(said)}"


def open_vector(path: Path, name: str, kinds: Sequence[Kind] = TABLES) -> VectorFile:
    """Find out what a file holds, and refuse it before it is read if that is not meant.

    Parameters
    ----------
    path, name
        As of :class:`VectorFile`.
    kinds
        What it may be.

    Raises
    ------
    DataError
        If it is not there, of another kind, not whole, or leads to other files or addresses.
    """
    with within_bounds(name):
        return _opened(path, name, kinds)


def _opened(path: Path, name: str, kinds: Sequence[Kind]) -> VectorFile:
    kind = kind_of(path, name)
    LOGGER.debug("%s: is opened as %s", name, kind)
    if kind not in ENDINGS or kind not in kinds:
        known = " or ".join(filter(None, [", ".join(kinds[:-1]), kinds[-1]]))
        found = f"is {kind}, not {known}." if kind else _what_else(path, known)
        raise DataError(Fault(name, found, f"Give it as {kinds[0]}."))
    if kind == "GeoJSON":
        return VectorFile(path, name, kind, (path.stem,), f"{require_geojson(path, name)}:")
    if kind != "GeoParquet":
        require_parts(path, name, kind)
    if kind != "GeoPackage":
        return VectorFile(path, name, kind, (path.stem,))
    require_geopackage(path, name)
    with _reading(path, name, kind) as source:
        layers = [str(layer) for layer in pyogrio.list_layers(source)[:, 0]]
    return VectorFile(path, name, kind, tuple(x for x in layers if x not in NOT_DATA))


def _what_else(path: Path, known: str) -> str:
    """Say what a path leads to that is no file of a known kind."""
    try:
        if path.is_dir():
            return "is a directory, not a file."
        return f"is {'another kind of file' if path.stat().st_size else 'empty'}, not {known}."
    except FileNotFoundError:
        return "there is no such file."
    except (OSError, ValueError) as error:
        return f"cannot be opened: {shown(getattr(error, 'strerror', None) or error)}."


@contextmanager
def _reading(path: Path, name: str, kind: Kind) -> Iterator[str]:
    """Give GDAL a file's name, and no way to a server; tell plainly what it finds wrong."""
    with _plainly_named(path, name, kind) as source, _offline(), warnings.catch_warnings():
        # Remarks on endings, measures and columns of mixed types: every cell is checked.
        warnings.simplefilter("ignore")
        try:
            yield source
        except DataError:  # of a bound, which says what to do
            raise
        except UNREADABLE as error:
            said = shown(str(error).replace(source, path.name))
            raise DataError(
                Fault(name, f"cannot be read as {kind}: {said}.", "Save it again.")
            ) from None


@contextmanager
def _plainly_named(path: Path, name: str, kind: Kind) -> Iterator[str]:
    """Give a name of the file by which no driver but its own knows it."""
    source, ending = str(path.absolute()), ENDINGS[kind]
    if PLAIN.fullmatch(source) and source.lower().endswith(ending):
        yield source
        return
    if kind == "Shapefile":  # whose other files have its name
        raise DataError(
            Fault(name, "is a part of a Shapefile.", "Name the one that ends in .shp, in letters.")
        )
    with tempfile.TemporaryDirectory() as folder:
        link = Path(folder) / f"data{ending}"
        try:
            link.symlink_to(source)
        except OSError:  # Windows
            shutil.copyfile(source, link)
        yield str(link)


@contextmanager
def _offline() -> Iterator[None]:
    with SETTINGS:
        before = {option: pyogrio.get_gdal_config_option(option) for option in OFFLINE}
        pyogrio.set_gdal_config_options(OFFLINE)
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options(before)


def _of_itself(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return a frame whose CRS needs no file to be understood."""
    if isinstance(frame, gpd.GeoDataFrame) and frame.crs is not None:
        require_no_file(frame.crs.to_wkt(), name)
    return frame


@contextmanager
def _parquet(path: Path, name: str) -> Iterator[tuple[IO[bytes], bytes | None]]:
    """Open a Parquet file, with what it says of its geometries, and tell what is wrong in it."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise DataError(
            Fault(name, "is a Parquet file, which needs pyarrow.", f"Run {install_line('arrow')}.")
        ) from None
    try:
        require_parquet(path, name)
        # Of a name pyarrow would read what a folder says, such as "year=2022", too.
        with path.open("rb") as file:
            geo = (parquet.read_schema(file).metadata or {}).get(b"geo")
            file.seek(0)
            yield file, geo
    except DataError:
        raise
    except (
        *(pa.ArrowException, shapely.errors.ShapelyError, CRSError, OSError, ValueError),
        *(LookupError, TypeError, AttributeError, RecursionError),  # of what is said of columns
        shapely.errors.GEOSException,
    ) as error:
        raise DataError(Fault(name, f"is not a whole Parquet file: {shown(error)}.")) from None


def read_parquet(path: Path, name: str) -> pd.DataFrame:
    """Read a Parquet file, with its geometries if it says that it has some.

    Raises
    ------
    DataError
        If it is no whole Parquet file, or pyarrow is not installed.
    """
    with _parquet(path, name) as (file, geo):
        if geo is None:
            return pd.read_parquet(file)
        said = json.loads(geo)["columns"]
        for column in said.values():
            crs = column.get("crs")
            require_no_file(crs if isinstance(crs, str) else json.dumps(crs), name)
        with warnings.catch_warnings(), np.errstate(invalid="ignore"):  # of a vertex nowhere
            warnings.filterwarnings("ignore", message=".*spherical edges")
            frame = gpd.read_parquet(path.absolute(), partitioning=None)
        for column in (frame[c] for c, told in said.items() if told.get("edges") == "spherical"):
            if not column.dropna().geom_type.isin(["Point", "MultiPoint"]).all():
                found = "has lines along great circles; they would be read as straight in degrees."
                raise DataError(Fault(name, found, "Save it with planar edges."))
        return _of_itself(frame, name)


def parquet_parts(path: Path, name: str, size: int) -> Iterator[pd.DataFrame]:
    """Yield the rows of a Parquet file, so many at once; one with geometries is read whole.

    Raises
    ------
    DataError
        As :func:`read_parquet`.
    """
    with _parquet(path, name) as (file, geo):
        from pyarrow import parquet

        whole = None if geo is not None else parquet.ParquetFile(file)
        if whole is None or not whole.metadata.num_rows:
            yield read_parquet(path, name)
            return
        for batch in whole.iter_batches(batch_size=size):
            yield batch.to_pandas()
