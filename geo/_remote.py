"""Tables of one's own from an address: ``https:`` files and ``postgresql:`` tables.

Beside ``_fetch.py`` the only file that touches the network, and only for an address
that the caller gives. Passwords and keys in an address are never repeated.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin

import geopandas as gpd
import pandas as pd
from pyproj.exceptions import CRSError

from .errors import DataError, Fault, FetchError, shown
from .redact import name_of

if TYPE_CHECKING:
    import requests
    import sqlalchemy

__all__ = ["download", "is_remote", "query_table", "read_database"]

ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+)://?", re.IGNORECASE)
LARGEST_BYTES = 2_000_000_000
REDIRECTS = 5
TIMEOUT_S = (10.0, 60.0)
"""To connect; between two pieces of the answer."""
ENCODE = "Percent-encode what is no letter or digit in user and password, as in %40 for @."
SHAPES = ("geom", "geometry", "wkb_geometry", "the_geom")
TABLE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)?")


def is_remote(source: str | Path) -> bool:
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
    if scheme in ("https", "postgresql"):
        return True
    raise DataError(
        Fault(
            str(source),
            f"{shown(scheme)}: is no kind of address that is read.",
            "Give a file, https://… or postgresql://….",
        )
    )


def download(address: str, path: Path) -> Path:
    """Save what is at an ``https:`` address as a file.

    Raises
    ------
    FetchError
        If it cannot be reached, refuses, leads away from ``https:``, breaks off, or is
        larger than 2 GB.
    """
    import requests

    name = name_of(address)
    try:
        for _ in range(REDIRECTS + 1):
            with requests.get(
                address, stream=True, timeout=TIMEOUT_S, allow_redirects=False
            ) as answer:
                if not answer.is_redirect:
                    return _saved(answer, name, path)
                address = urljoin(address, answer.headers["location"])
                if not address.startswith("https://"):
                    raise FetchError(f"{name}: leads to an address that is not https:.")
    except requests.RequestException as error:
        raise FetchError(f"{name}: cannot be fetched ({type(error).__name__}).") from None
    raise FetchError(f"{name}: leads on more than {REDIRECTS} times.")


def _saved(answer: requests.Response, name: str, path: Path) -> Path:
    if answer.status_code != 200:
        raise FetchError(f"{name}: answered {answer.status_code} {shown(answer.reason)}.")
    size = 0
    with path.open("wb") as file:
        for piece in answer.iter_content(1 << 20):
            size += len(piece)
            if size > LARGEST_BYTES:
                raise FetchError(f"{name}: is larger than {LARGEST_BYTES / 1e9:g} GB.")
            file.write(piece)
    return path


def query_table(address: str) -> pd.DataFrame:
    """Read the table of a database that the fragment of an address names.

    Raises
    ------
    DataError
        If the drivers are not installed, or no table is named.
    FetchError
        If the database cannot be reached or has no such table.
    """
    name = name_of(address)
    address, table = urldefrag(address)
    if not TABLE.fullmatch(table):
        raise DataError(
            Fault(name, "names no table.", "Write it after a #: postgresql://host/database#table.")
        )
    try:
        import pg8000  # noqa: F401
        import sqlalchemy
    except ImportError:
        raise DataError(
            Fault(name, "is a database, which needs drivers.", "Install roxham[postgresql].")
        ) from None
    try:
        engine = sqlalchemy.create_engine(address.replace("postgresql", "postgresql+pg8000", 1))
    except (ValueError, sqlalchemy.exc.ArgumentError):  # which quote parts of a password
        raise DataError(Fault(name, "is no address of a database.", ENCODE)) from None
    return read_database(engine, table, name=name)


def read_database(engine: sqlalchemy.Engine, table: str, *, name: str) -> pd.DataFrame:
    """Read a table through GeoPandas: its first column of geometries, if any, as such.

    Raises
    ------
    FetchError
        If the database cannot be reached or has no such table.
    """
    import sqlalchemy

    schema, _, plain = table.rpartition(".")
    quote = engine.dialect.identifier_preparer.quote_identifier
    whole = ".".join(quote(part) for part in (schema, plain) if part)
    try:
        question = sqlalchemy.text(f"SELECT * FROM {whole}")  # noqa: S608  (quoted above)
        with engine.connect() as connection:
            # A driver knows no geometries: they are told by the names that PostGIS's tools give.
            columns = connection.execute(question).keys()
            shapes = next((name for name in SHAPES if name in columns), None)
            if shapes is None:
                plain_table: pd.DataFrame = pd.read_sql_query(question, connection)
                return plain_table
            frame: pd.DataFrame = gpd.read_postgis(question, connection, geom_col=shapes)
            return frame
    except CRSError as error:
        problem = f"is in a coordinate reference system that is not known: {shown(error)}."
        raise DataError(Fault(name, problem, "Give the column of places another SRID.")) from None
    except sqlalchemy.exc.SQLAlchemyError as error:
        cause = shown(str(getattr(error, "orig", None) or type(error).__name__))
        raise FetchError(f"{name}: cannot be read ({cause}).") from None
    finally:
        engine.dispose()
