"""A GeoPackage before GDAL sees it: whole, and of tables alone."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from roxham.geo.bounds import require, spend
from roxham.geo.errors import DataError, Fault, shown

from .parts import require_no_file

__all__ = ["require_geopackage"]

GENERATED = (2, 3)
"""What SQLite says of a column that it works out."""
STEPS = 1_000_000
"""Of SQLite's machine between two looks at the bounds: some milliseconds."""
SOUND = re.compile(
    r"CREATE (?:TABLE|INDEX|UNIQUE INDEX|TRIGGER) |"
    r"CREATE VIRTUAL TABLE (?:\"rtree_[^\"]*\"|'rtree_[^']*'|rtree_\w+) USING rtree ?\(",
    re.IGNORECASE,
)
"""How SQLite keeps tables and their indices: no view, no table that a module makes up."""


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
