"""A table of a PostgreSQL database as a frame, its places as PostGIS has them.

The address goes to libpq as it is, so that all it knows holds here too: variables such
as ``PGUSER`` and ``PGPASSWORD``, ``~/.pgpass``, ``pg_service.conf``, ``sslmode``,
``options``, sockets. Nothing is written: one ``SELECT`` in a transaction that reads.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj.exceptions import CRSError

from roxham.geo.crs import WGS84
from roxham.geo.errors import DataError, Fault, FetchError, shown
from roxham.geo.extras import install_line
from roxham.geo.geometry.nesting import require_shallow
from roxham.geo.quoting import name_of

if TYPE_CHECKING:
    import psycopg

__all__ = ["SCHEME", "asked", "query_table", "said_by"]

TIMEOUT_S = 15
"""To connect, where ``connect_timeout`` does not say, and for the answer, where
``options=-cstatement_timeout=…`` does not."""
SCHEME = re.compile(r"postgres(?:ql)?(?:\+\w+)?:", re.IGNORECASE)
NAME = re.compile(r'(?:"(?:[^"]|"")+"|[^".]+)(?:\.(?:"(?:[^"]|"")+"|[^".]+))?')
PART = re.compile(r'"((?:[^"]|"")+)"|([^".]+)')
USUAL = ("geom", "geometry", "wkb_geometry", "the_geom", "geog")
"""Names of the column of places, where there are several of its type."""
PLACES = "SELECT oid FROM pg_type WHERE typname IN ('geometry', 'geography')"
LIMIT = (
    "SELECT set_config('statement_timeout', %s, false) "
    "WHERE current_setting('statement_timeout') = '0'"
)
TABLE = 'Write it after a #: postgresql://host/database#schema.table, or #"My Table".'
ENCODE = "Percent-encode what is no letter or digit in user and password, as in %40 for @."
NO_PASSWORD = "fe_sendauth: no password supplied"  # noqa: S105  (what libpq says)


def query_table(address: str) -> pd.DataFrame:
    """Read the table of a database that the fragment of an address names.

    Parameters
    ----------
    address
        ``postgresql://user@host/database#schema.table``, a name as it stands, in double
        quotes where it has a dot.

    Returns
    -------
    pandas.DataFrame
        A GeoDataFrame in the CRS of its column of type geometry or geography, if it has one.

    Raises
    ------
    DataError
        If psycopg is not installed, no table is named, or its places cannot be told.
    FetchError
        If the database cannot be reached, refuses, takes longer than 15 s or has no such table.
    """
    name = name_of(address)
    address, _, fragment = address.partition("#")
    table = _table(unquote(fragment))
    if table is None:
        raise DataError(Fault(name, "names no table.", TABLE))
    try:
        import psycopg
    except ImportError:
        raise DataError(
            Fault(
                name, "is a database, which needs a driver.", f"Run {install_line('postgresql')}."
            )
        ) from None
    try:
        with psycopg.connect(**asked(address, name)) as connection:
            connection.read_only = True
            return _read(connection, table, name)
    except psycopg.Error as error:
        raise FetchError(f"{name}: cannot be read: {said_by(error)}.") from None


def _table(text: str) -> tuple[str, ...] | None:
    """Return schema and table, or the table alone, of a name as one writes it.

    Examples
    --------
    >>> _table('desk."Incident.Data"'), _table("Incident Data"), _table("a.b.c")
    (('desk', 'Incident.Data'), ('Incident Data',), None)
    """
    if "\0" in text or not NAME.fullmatch(text):
        return None
    return tuple(quoted.replace('""', '"') or plain for quoted, plain in PART.findall(text))


def asked(address: str, name: str) -> dict[str, Any]:
    """Return what libpq is to be asked; an error of its own would quote parts of a password."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        words = conninfo_to_dict(SCHEME.sub("postgresql:", address, count=1))
        ports = str(words.get("port", "")).split(",")
        if not all(port.isdigit() or not port for port in ports):
            raise ProgrammingError
    except ProgrammingError:
        raise DataError(Fault(name, "is no address of a database.", ENCODE)) from None
    if "PGCONNECT_TIMEOUT" not in os.environ:
        words.setdefault("connect_timeout", TIMEOUT_S)
    return {"application_name": "roxham", **words}


def _read(connection: psycopg.Connection[Any], table: tuple[str, ...], name: str) -> pd.DataFrame:
    from psycopg import sql

    connection.execute(LIMIT, [f"{TIMEOUT_S}s"])
    kinds = {oid for (oid,) in connection.execute(PLACES)}
    answer = connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(*table)))
    described = answer.description or []
    rows = answer.fetchall()
    columns = [column.name for column in described]
    cells = {i: pd.Series([row[i] for row in rows], dtype=object) for i in range(len(columns))}
    frame: pd.DataFrame = pd.DataFrame(cells).set_axis(columns, axis=1)
    shapes = [column.name for column in described if column.type_code in kinds]
    if not shapes:
        return frame
    chosen = shapes[0] if len(shapes) == 1 else next((u for u in USUAL if u in shapes), None)
    if chosen is None:
        found = f"has several columns of places: {shown(', '.join(shapes))}."
        raise DataError(Fault(name, found, "Make a view that has one."))
    others = [shape for shape in shapes if shape != chosen]
    placed: pd.DataFrame = _placed(frame.drop(columns=others), chosen, name)
    return placed


def _placed(frame: pd.DataFrame, column: str, name: str) -> gpd.GeoDataFrame:
    """Return a frame whose column of EWKB, in hexadecimal digits, is its geometry."""
    blobs = [None if text is None else bytes.fromhex(text) for text in frame[column]]
    require_shallow(blobs, name)
    shapes = shapely.from_wkb(np.array(blobs, dtype=object))
    ids = sorted({int(i) for i in shapely.get_srid(shapes[~shapely.is_missing(shapes)])})
    if len(ids) > 1:
        found = f"has places in several systems: SRID {shown(', '.join(map(str, ids)))}."
        raise DataError(Fault(name, found, "Transform them to one."))
    crs = f"EPSG:{ids[0]}" if ids and ids[0] else None
    try:
        series = gpd.GeoSeries(shapes, crs=crs if ids else WGS84, index=frame.index)
        return gpd.GeoDataFrame(frame.assign(**{column: series}), geometry=column)
    except CRSError as error:
        problem = f"is in a coordinate reference system that is not known: {shown(error)}."
        raise DataError(Fault(name, problem, "Give the column of places another SRID.")) from None


def said_by(error: psycopg.Error) -> str:
    """Return in a sentence what the server or libpq says, without its own line breaks."""
    lines = str(error.diag.message_primary or error).strip().splitlines() or [type(error).__name__]
    text = next((line for line in reversed(lines) if "failed: " in line), lines[0])
    text = re.sub(r"^.*failed: ", "", text).strip()
    text = re.sub(r"^(?:FATAL|ERROR):\s*", "", text).rstrip(".")
    if NO_PASSWORD in text:
        return "a password is asked for and none is given. Use PGPASSWORD or ~/.pgpass"
    return shown(text)
