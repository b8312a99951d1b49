"""The tables of an export in a schema of a PostgreSQL database with PostGIS."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, LiteralString
from urllib.parse import unquote

import geopandas as gpd
import pandas as pd
import shapely

from roxham.geo.crs import require_wgs84
from roxham.geo.errors import DataError, Fault, WriteError
from roxham.geo.io.postgis import asked, said_by
from roxham.geo.quoting import name_of

from .datapackage import Resource
from .table_schema import table_schema, typed

if TYPE_CHECKING:
    import psycopg
    from psycopg.sql import Composed, Identifier

__all__ = ["write_database"]

SCHEMA = "roxham"
MARK = "Written by roxham export."
"""Begins the comment of a schema that may be replaced."""
TYPES: dict[str, LiteralString] = {
    "integer": "bigint",
    "number": "double precision",
    "boolean": "boolean",
}
SRID = 4326
PLACE = "geometry(Geometry, 4326)"
KINDS = "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s"
HELD = "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r'"
POSTGIS = "SELECT count(*) FROM pg_type WHERE typname = 'geometry'"


def write_database(
    address: str,
    resources: Sequence[Resource],
    *,
    title: str,
    keys: Mapping[str, tuple[str, ...]],
) -> str:
    """Write tables into a schema, in one transaction.

    Parameters
    ----------
    address
        ``postgresql://user@host/database#schema``; see :mod:`roxham.geo.io.postgis`.
    resources
        The tables, geometries in EPSG:4326.
    title
        For the comment of the schema.
    keys
        Columns that name a row, by table; one that some rows leave empty or share is no key.

    Returns
    -------
    str
        The schema.

    Raises
    ------
    DataError
        If psycopg is not installed, there is no PostGIS, or the schema is not ours.
    WriteError
        If the database cannot be reached or does not take all of it; it stays as it was.
    """
    name = name_of(address)
    address, _, fragment = address.partition("#")
    schema = unquote(fragment) or SCHEMA
    try:
        import psycopg
    except ImportError:
        raise DataError(
            Fault(name, "is a database, which needs a driver.", "Install roxham[postgresql].")
        ) from None
    try:
        with psycopg.connect(**asked(address, name)) as connection:
            _clear(connection, schema, name, f"{MARK} {title}")
            for resource in resources:
                _write(connection, schema, resource, keys.get(resource.name, ()))
    except psycopg.Error as error:
        problem = f"cannot be written: {said_by(error)}."
        raise WriteError(Fault(name, problem, "Nothing in it was changed.")) from None
    return schema


def _clear(connection: psycopg.Connection[Any], schema: str, name: str, comment: str) -> None:
    """Make the schema, or empty it of an earlier export."""
    from psycopg import sql

    if not connection.execute(POSTGIS).fetchone()[0]:  # type: ignore[index]
        raise DataError(Fault(name, "has no PostGIS.", "Run CREATE EXTENSION postgis in it."))
    known = connection.execute(KINDS, [schema]).fetchone()
    if known is None:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    elif not str(known[0] or "").startswith(MARK):
        found = f"has a schema “{schema}” that is no export."
        raise DataError(Fault(name, found, "Name another after a #."))
    quoted = sql.Identifier(schema).as_string(connection)
    for (table,) in connection.execute(HELD, [quoted]).fetchall():
        connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(schema, table)))
    _comment(connection, "SCHEMA", sql.Identifier(schema), comment)


def _write(
    connection: psycopg.Connection[Any], schema: str, resource: Resource, key: tuple[str, ...]
) -> None:
    """Make a table with its comments, fill it, and add its key and indexes."""
    from psycopg import sql

    frame = typed(resource.frame, resource.contract)
    fields = table_schema(frame, resource.contract)["fields"]
    table = sql.Identifier(schema, resource.name)
    types: dict[str, LiteralString] = {
        field["name"]: TYPES.get(field["type"], "text") for field in fields
    }
    place = None
    if isinstance(frame, gpd.GeoDataFrame):
        require_wgs84(frame, resource.name)
        place = str(frame.geometry.name)
        types[place] = PLACE
    columns = [
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(kind))
        for column, kind in types.items()
    ]
    connection.execute(sql.SQL("CREATE TABLE {} ({})").format(table, sql.SQL(", ").join(columns)))
    named = [sql.Identifier(column) for column in types]
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(table, sql.SQL(", ").join(named))
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for row in _rows(frame, list(types), place):
            copy.write_row(row)
    _comment(connection, "TABLE", table, _told(resource))
    for field in fields:
        meaning = field.get("description") or resource.columns.get(field["name"], "")
        if meaning:
            column = sql.Identifier(schema, resource.name, field["name"])
            _comment(connection, "COLUMN", column, meaning)
    if key and set(key) <= set(frame.columns) and _names(frame[list(key)]):
        columns_of_key = sql.SQL(", ").join(map(sql.Identifier, key))
        connection.execute(
            sql.SQL("ALTER TABLE {} ADD PRIMARY KEY ({})").format(table, columns_of_key)
        )
    dates = (
        [c.name for c in resource.contract.columns if c.kind == "date"] if resource.contract else []
    )
    for indexed in (c for c in (place, *dates) if c is not None and c in types):
        how = sql.SQL("GIST" if indexed == place else "BTREE")
        connection.execute(
            sql.SQL("CREATE INDEX ON {} USING {} ({})").format(table, how, sql.Identifier(indexed))
        )


def _comment(
    connection: psycopg.Connection[Any], kind: LiteralString, what: Identifier, text: str
) -> None:
    from psycopg import sql

    statement: Composed = sql.SQL("COMMENT ON {} {} IS {}").format(
        sql.SQL(kind),
        what,
        sql.Literal(text),
    )
    connection.execute(statement)


def _told(resource: Resource) -> str:
    """Return what a table is, whose, and under which licence."""
    sources = "; ".join(f"{one['title']} ({one['path']})" for one in resource.sources)
    licences = "; ".join(f"{one['title']} ({one['path']})" for one in resource.licences)
    parts = [
        f"{resource.title}. {resource.description}".strip(),
        f"Sources: {sources}." if sources else "",
        f"Licences: {licences}." if licences else "",
    ]
    return "\n".join(filter(None, parts))


def _names(rows: pd.DataFrame) -> bool:
    """Whether the columns name each row: none is empty, and no two are the same."""
    return not rows.isna().to_numpy().any() and not rows.duplicated().any()


def _rows(frame: pd.DataFrame, columns: list[str], place: str | None) -> Iterator[list[Any]]:
    """Yield rows as the database takes them, places as EWKB."""
    cells = {column: frame[column].tolist() for column in columns if column != place}
    if place is not None:
        shapes = shapely.set_srid(frame.geometry.to_numpy(), SRID)
        cells[place] = list(shapely.to_wkb(shapes, hex=True, include_srid=True))
    for row in zip(*(cells[column] for column in columns), strict=True):
        yield [None if _is_unknown(value) else value for value in row]


def _is_unknown(value: Any) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))
