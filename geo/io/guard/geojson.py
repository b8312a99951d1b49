"""GeoJSON before GDAL sees it: no recipe, no link, no feature that would be left out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Literal, NamedTuple

from roxham.geo.bounds import require_json, require_size
from roxham.geo.errors import DataError, Fault, shown

from .parts import require_no_file

__all__ = ["require_geojson"]

SHAPES = ("point", "linestring", "polygon")
GEOJSON = frozenset(
    ["feature", "featurecollection", "geometrycollection", *SHAPES, *(f"multi{p}" for p in SHAPES)]
)
SYSTEMS = ("name", "epsg", "ogc")
"""How a member ``crs`` may say which system it is; GDAL would fetch any other from an address."""
BLANK = re.compile(r"[\s\x1e]*")


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
