"""What a file holds before GDAL sees it: GeoJSON and no recipe, a GeoPackage of tables alone."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Literal, NamedTuple

from roxham.geo.bounds import require, require_cells, require_json, require_size, spend
from roxham.geo.crs import is_from_file
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.geometry.nesting import require_shallow

from .parquet_footer import chunks_of

__all__ = [
    "require_geojson",
    "require_geopackage",
    "require_no_file",
    "require_parquet",
    "require_parts",
]

SHAPES = ("point", "linestring", "polygon")
GEOJSON = frozenset(
    ["feature", "featurecollection", "geometrycollection", *SHAPES, *(f"multi{p}" for p in SHAPES)]
)
SYSTEMS = ("name", "epsg", "ogc")
"""How a member ``crs`` may say which system it is; GDAL would fetch any other from an address."""
GENERATED = (2, 3)
"""What SQLite says of a column that it works out."""
STEPS = 1_000_000
"""Of SQLite's machine between two looks at the bounds: some milliseconds."""
TEXT = 60
"""Bytes of a text in memory beside its letters."""
BLANK = re.compile(r"[\s\x1e]*")
SOUND = re.compile(
    r"CREATE (?:TABLE|INDEX|UNIQUE INDEX|TRIGGER) |"
    r"CREATE VIRTUAL TABLE (?:\"rtree_[^\"]*\"|'rtree_[^']*'|rtree_\w+) USING rtree ?\(",
    re.IGNORECASE,
)
"""How SQLite keeps tables and their indices: no view, no table that a module makes up."""


class _Roles(dict[str, str]):
    """What a key of GeoJSON says, each key looked at once; nothing for most."""

    WORDS = ("name", "urn", "code", "href", "url")

    def __missing__(self, key: str) -> str:
        low = key.lower()
        known = low in ("type", "properties", "crs", "features")
        return self.setdefault(key, low if known else "word" if low in self.WORDS else "")


class _Object(NamedTuple):
    """What is kept of a JSON object: what it says that it is, and how it names a system."""

    types: frozenset[str]
    words: str
    is_feature: bool = False
    """As GDAL has it, which minds the case and takes the last of two words."""
    stray: int = 0
    """Which of its features is the first that is none; GDAL leaves it out and says nothing."""

    def require_name(self, name: str) -> None:
        """Raise if this member ``crs`` is no name, but says where one could be had."""
        require_no_file(self.words, name)
        if not all(kind.startswith(SYSTEMS) for kind in self.types):
            found = f"has a member crs that is a link, which is not followed: {shown(self.words)}."
            remedy = "Save it in EPSG:4326 without it, or name a known system there."
            raise DataError(Fault(name, found, remedy))


def require_no_file(crs: str, name: str) -> None:
    """Raise if a coordinate reference system is one that PROJ would read from a file.

    Raises
    ------
    DataError
        If so.
    """
    if is_from_file(crs):
        found = f"takes its coordinate reference system from a file: {shown(crs)}."
        raise DataError(Fault(name, found, "Save it in EPSG:4326."))


def require_geojson(path: Path, name: str) -> Literal["GeoJSON", "GeoJSONSeq"]:
    """Return whether a file is one GeoJSON text or one a line; raise if it is anything else.

    Keys are compared as GDAL does, whatever their case, and of a key that stands twice both count.

    Raises
    ------
    DataError
        If it is not whole JSON in UTF-8, is nested too deeply, is no Feature, FeatureCollection
        or geometry, has features that would be left out, or leads elsewhere for its coordinate
        reference system.
    """
    roles, plain = _Roles(), _Object(frozenset(), "")

    def sieve(members: list[tuple[str, Any]]) -> _Object:
        told = [(roles[key], key, value) for key, value in members if roles[key]]
        if not told:
            return plain
        types, words, is_feature, stray = set(), [], False, 0
        for role, key, value in told:
            if role == "type":
                types.add(value.lower() if isinstance(value, str) else "")
                is_feature = value == "Feature" if key == "type" else is_feature
            elif role == "features" and isinstance(value, list):
                stray = stray or _stray(value)
            elif role == "properties" and isinstance(value, _Object):
                words.append(value.words)
            elif role == "crs" and isinstance(value, _Object):
                value.require_name(name)
            elif isinstance(value, str):
                words.append(value)
                if role == "crs":
                    require_no_file(value, name)
        return _Object(frozenset(types), " ".join(words), is_feature, stray)

    decoder = json.JSONDecoder(object_pairs_hook=sieve, strict=False)
    try:
        require_size(path, name)
        data = path.read_bytes()
        require_json(data, name)
        text = data.decode("utf-8-sig")
        del data
        at, count, collected = _past_blanks(text, 0), 0, False
        while at < len(text):
            found, at = decoder.raw_decode(text, at)
            if not isinstance(found, _Object) or not found.types or found.types - GEOJSON:
                raise DataError(
                    Fault(
                        name,
                        "is JSON, but no GeoJSON: a Feature, a FeatureCollection or a geometry.",
                        "Save it as GeoJSON.",
                    )
                )
            collected = collected or "featurecollection" in found.types
            at, count = _past_blanks(text, at), count + 1
            if found.stray:
                said = "is no Feature, and would be left out."
                remedy = "Give it the type Feature, or take it out."
                raise DataError(Fault(name, said, remedy, row=found.stray))
            if collected and count > 1:
                said = "is several JSON texts, and one is a FeatureCollection."
                remedy = "Put all features into one."
                raise DataError(Fault(name, said, remedy))
    except RecursionError:
        raise DataError(
            Fault(name, "is JSON nested too deeply for GeoJSON.", "Save it as GeoJSON.")
        ) from None
    except DataError:
        raise
    except (OSError, ValueError) as error:
        raise DataError(
            Fault(name, f"is not whole JSON in UTF-8: {shown(error)}.", "Save it again.")
        ) from None
    return "GeoJSONSeq" if count > 1 or text.lstrip()[:1] == "\x1e" else "GeoJSON"


def _stray(features: list[Any]) -> int:
    """Return which is the first that is no Feature; 0 if each is one."""
    strays = (
        place
        for place, one in enumerate(features, start=1)
        if not (isinstance(one, _Object) and one.is_feature)
    )
    return next(strays, 0)


def _past_blanks(text: str, at: int) -> int:
    found = BLANK.match(text, at)
    return found.end() if found else at


def require_parts(path: Path, name: str, kind: str) -> None:
    """Raise if what stands beside a file and belongs to it leads elsewhere, or is waited for.

    Raises
    ------
    DataError
        If a part of a Shapefile or GeoPackage is a pipe or a device, or the coordinate
        reference system of a Shapefile or FlatGeobuf is had from another file.
    """
    try:
        told = []
        if kind == "FlatGeobuf":
            with path.open("rb") as file:
                told = [file.read(int.from_bytes(file.read(12)[8:], "little"))]
        else:
            file_of = path.resolve() if kind == "GeoPackage" else path
            stem = f"{file_of.name}-" if kind == "GeoPackage" else f"{file_of.stem}."
            for part in file_of.parent.iterdir():
                if not part.name.lower().startswith(stem.lower()):
                    continue
                if part.exists() and not (part.is_file() or part.is_dir()):
                    found = f"has the part {shown(part.name)}, which is a pipe or a device."
                    raise DataError(Fault(name, found, "Put the file itself there."))
                if part.suffix.lower() == ".prj":
                    told.append(part.read_bytes())
    except OSError as error:
        found = f"cannot be opened: {shown(error.strerror or error)}."
        raise DataError(Fault(name, found, "Save it again.")) from None
    for crs in told:
        require_no_file(crs.decode("latin-1"), name)


def require_geopackage(path: Path, name: str) -> None:
    """Raise if an SQLite file is damaged, or holds anything that runs when it is read.

    Raises
    ------
    DataError
        If so.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute("PRAGMA ignore_check_constraints = ON")  # a check may take for ever
            database.set_progress_handler(_spent, STEPS)
            made = database.execute("SELECT type, name, sql FROM sqlite_master WHERE sql NOTNULL")
            for kind, table, sql in made.fetchall():
                if not (isinstance(sql, str) and SOUND.match(sql)):
                    found = f"has the {shown(kind)} “{shown(table)}”, which would be run."
                    raise DataError(Fault(name, found, "Save its rows as a table, alone."))
            _require_stored(database, name)
            _require_systems(database, name)
            _require_counts(database, name)
            said = [row[0] for row in database.execute("PRAGMA quick_check(1)")]
    except (sqlite3.Error, UnicodeDecodeError) as error:
        spend()  # which may be why it was stopped
        raise DataError(
            Fault(name, f"is not a whole GeoPackage: {shown(error)}.", "Save it again.")
        ) from None
    if said != ["ok"]:
        raise DataError(
            Fault(name, f"is not a whole GeoPackage: {shown(said[0])}.", "Save it again.")
        )


def _spent() -> int:
    """Return whether SQLite is to stop, as it asks; what for is asked again when it has."""
    try:
        spend()
    except DataError:
        return 1
    return 0


def _require_stored(database: sqlite3.Connection, name: str) -> None:
    """Raise if a column is worked out when it is read, and not stored."""
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    require("columns", len(tables), name)
    for (table,) in tables:
        for row in database.execute("SELECT name, hidden FROM pragma_table_xinfo(?)", (table,)):
            if row[1] in GENERATED:
                found = f"has the column “{shown(row[0])}” of “{shown(table)}”, which would be run."
                raise DataError(Fault(name, found, "Save its rows as a table, alone."))


def _require_systems(database: sqlite3.Connection, name: str) -> None:
    """Raise if a system of the file is had from another: GDAL opens that as soon as it reads."""
    there = "SELECT 1 FROM sqlite_master WHERE name = 'gpkg_spatial_ref_sys' COLLATE NOCASE"
    if database.execute(there).fetchone() is None:
        return
    for row in database.execute("SELECT * FROM gpkg_spatial_ref_sys"):
        for cell in row:
            said = cell.decode(errors="replace") if isinstance(cell, bytes) else str(cell)
            require_no_file(said, name)


def _require_counts(database: sqlite3.Connection, name: str) -> None:
    """Raise if the file says of a table that it has other rows than it has: GDAL would believe it.

    What has no such word has its rows counted.
    """
    known = "SELECT name FROM sqlite_master WHERE type = 'table'"
    tables = {table for (table,) in database.execute(known)}
    if "gpkg_ogr_contents" not in tables:
        return
    told = database.execute("SELECT table_name, feature_count FROM gpkg_ogr_contents").fetchall()
    for table, count in told:
        if table not in tables or count is None:
            continue
        quoted = table.replace('"', '""')
        ((found,),) = database.execute(f'SELECT count(*) FROM "{quoted}"')  # noqa: S608
        if found != count:
            said = f"says that “{shown(table)}” has {shown(count)} rows, and it has {found}."
            raise DataError(Fault(name, said, "Save it again."))


def require_parquet(path: Path, name: str) -> None:
    """Raise if a Parquet file unpacks to more than the memory: some bytes may be many rows of text.

    What a text is read from stands once in the file, whatever its rows, and is looked at so.

    Raises
    ------
    DataError
        If so.
    """
    from pyarrow import compute, parquet  # read_parquet has found it

    with path.open("rb") as file:
        told = parquet.ParquetFile(file).metadata
        require_cells(told.num_rows, told.num_columns, name)
        parts = (told.row_group(k) for k in range(told.num_row_groups))
        require("memory", sum(part.total_byte_size for part in parts), name)
        columns = [told.schema.column(k) for k in range(told.num_columns)]
        texts = [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]
        groups = chunks_of(file, len(columns), name)
        for k, column in enumerate(columns):  # lists hold more values than there are rows
            count = sum(group[k].values for group in groups)
            require("memory", (TEXT if column.path in texts else 8) * count, name)
        shapes = _shapes_in(told.metadata)
        used = 0
        for batch in parquet.ParquetFile(file, read_dictionary=texts).iter_batches():
            batch.validate(full=True)  # texts that are no UTF-8 are found out here, not in a cell
            for column in (batch[shape] for shape in shapes & set(batch.schema.names)):
                blobs = column.dictionary if hasattr(column, "dictionary") else column
                require_shallow(blobs.to_pylist(), name)
            for column in batch.columns:
                used += column.nbytes + TEXT * len(column)
                if str(column.type).startswith("dictionary"):
                    sizes = compute.binary_length(column.dictionary)
                    used += 2 * (compute.sum(sizes.take(column.indices)).as_py() or 0)
            require("memory", used, name)
            spend()


def _shapes_in(metadata: dict[bytes, bytes] | None) -> set[str]:
    """Return the columns of shapes that GeoParquet names."""
    columns = json.loads((metadata or {}).get(b"geo", b"{}")).get("columns", {})
    return set(columns)
