"""What a file holds before GDAL sees it: GeoJSON and no recipe, a GeoPackage of tables alone."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Literal, NamedTuple

from .errors import DataError, Fault, shown

__all__ = ["require_geojson", "require_geopackage"]

GEOMETRIES = (
    "point multipoint linestring multilinestring polygon multipolygon geometrycollection"
).split()
GEOJSON = frozenset(["feature", "featurecollection", *GEOMETRIES])
SYSTEMS = ("name", "epsg", "ogc")
"""How a member ``crs`` may say which system it is; GDAL would fetch any other from where it says."""
BLANK = re.compile(r"[\s\x1e]*")
SOUND = re.compile(
    r"CREATE (?:TABLE|INDEX|UNIQUE INDEX|TRIGGER) |"
    r"CREATE VIRTUAL TABLE (?:\"rtree_[^\"]*\"|'rtree_[^']*'|rtree_\w+) USING rtree ?\(",
    re.IGNORECASE,
)
"""How SQLite keeps tables and their indices: no view, no table that a module makes up."""


class _Object(NamedTuple):
    """What is kept of a JSON object: what it says that it is, and an address in it."""

    types: frozenset[str]
    address: str

    def require_no_link(self, name: str) -> None:
        """Raise if this member ``crs`` is not a name, but says where one could be had."""
        if not all(kind.startswith(SYSTEMS) for kind in self.types):
            found = (
                f"has a member crs that is a link, which is not followed: {shown(self.address)}."
            )
            remedy = "Save it in EPSG:4326 without it, or name a known system there."
            raise DataError(Fault(name, found, remedy))


def require_geojson(path: Path, name: str) -> Literal["GeoJSON", "GeoJSONSeq"]:
    """Return whether a file is one GeoJSON text or one a line; raise if it is anything else.

    Keys are compared as GDAL does, whatever their case, and of a key that stands twice both count.

    Raises
    ------
    DataError
        If it is not whole JSON in UTF-8, is nested too deeply, is no Feature, FeatureCollection
        or geometry, or leads elsewhere for its coordinate reference system.
    """

    def sieve(members: list[tuple[str, Any]]) -> _Object:
        types, address = set(), ""
        for key, value in members:
            key = key.lower()
            if key == "type":
                types.add(value.lower() if isinstance(value, str) else "")
            elif key in ("href", "url") and isinstance(value, str):
                address = value
            elif key == "properties" and isinstance(value, _Object):
                address = value.address
            elif key == "crs" and isinstance(value, _Object):
                value.require_no_link(name)
        return _Object(frozenset(types), address)

    # Long integers are nothing that is looked at, and slow to read.
    decoder = json.JSONDecoder(object_pairs_hook=sieve, parse_int=float, strict=False)
    try:
        text = path.read_bytes().decode("utf-8-sig")
        at, count = BLANK.match(text).end(), 0
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
            at, count = BLANK.match(text, at).end(), count + 1
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
            made = database.execute("SELECT type, name, sql FROM sqlite_master WHERE sql NOTNULL")
            for kind, table, sql in made.fetchall():
                if not (isinstance(sql, str) and SOUND.match(sql)):
                    found = f"has the {shown(kind)} “{shown(table)}”, which would be run."
                    raise DataError(Fault(name, found, "Save its rows as a table, alone."))
            said = [row[0] for row in database.execute("PRAGMA quick_check(1)")]
    except sqlite3.Error as error:
        raise DataError(
            Fault(name, f"is not a whole GeoPackage: {shown(error)}.", "Save it again.")
        ) from None
    if said != ["ok"]:
        raise DataError(
            Fault(name, f"is not a whole GeoPackage: {shown(said[0])}.", "Save it again.")
        )
