"""The coordinate reference system that a file of one's own names, against the one it was read in.

GDAL reads GeoJSON in EPSG:4326 wherever it cannot make out the member ``crs``, or does not
look for it, and says nothing: metres or another datum would be taken for degrees of this one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from pyproj import CRS
from pyproj.exceptions import CRSError

from roxham.geo.crs import WGS84, is_from_file
from roxham.geo.errors import DataError, Fault, shown

__all__ = ["require_stated_crs"]

MEMBER = re.compile(r'"crs"\s*:\s*')
COLUMN = re.compile(r'"properties"\s*:\s*\{[^{}]*"crs"[^{}]*\}')
"""Flat properties with a column of this name; the match never leaves their braces."""
START = re.compile(r"[\s\x1e]*(?=\{)")
DECODER = json.JSONDecoder()
HEAD = 4096
UNDEFINED = "Undefined"
"""How GDAL calls what a GeoPackage leaves open: Cartesian (-1) and geographic (0)."""
REMEDY = f"Save it in {WGS84} without a member crs, or name a known system there, once, at the top."


def require_stated_crs(frame: pd.DataFrame, path: Path, name: str) -> None:
    """Raise if a file that GDAL has read names another CRS than that of its frame, or none.

    Parameters
    ----------
    frame
        What was read; tables without geometries pass.
    path
        The file. GeoJSON without a member ``crs`` is in EPSG:4326 (RFC 7946).
    name
        What to call it in messages.

    Raises
    ------
    DataError
        If it has geometries and their CRS is missing, undefined, unknown, unreadable or
        named where it is not read.
    """
    if not isinstance(frame, gpd.GeoDataFrame) or frame.geometry.isna().all():
        return
    crs = frame.crs
    if crs is None or crs.name.startswith(UNDEFINED):
        raise DataError(
            Fault(
                name,
                "states no coordinate reference system.",
                "Write one into the file, or give lon and lat columns without geometries.",
            )
        )
    text = _text(path)
    # Most files name what was read: only other names are worth reading it a second time.
    if not _all_same(text, crs) and not _all_same(COLUMN.sub('"properties":{}', text), crs):
        _require_members(text, crs, name)


def _text(path: Path) -> str:
    """Return the text of a file that may be GeoJSON and names a system, else nothing."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if b"\0" in head or head.startswith(b"PAR1"):
        return ""
    content = path.read_bytes()
    return content.decode("utf-8-sig", errors="replace") if b'"crs"' in content else ""


def _named(text: str) -> Iterator[Any]:
    """Yield each different value of a member ``crs``, wherever it stands."""
    seen = set()
    for found in MEMBER.finditer(text):
        try:
            value, end = DECODER.raw_decode(text, found.end())
        except (ValueError, RecursionError):
            continue  # GDAL has read the file, so that this stands within a text
        if (written := text[found.end() : end]) not in seen:
            seen.add(written)
            yield value


def _all_same(text: str, crs: CRS) -> bool:
    return all(_same(value, crs) for value in _named(text))


def _same(value: Any, crs: CRS) -> bool:
    """Whether a member ``crs`` says what was read; null says nothing."""
    if value is None:
        return True
    try:
        named = _name(value)
        return not is_from_file(named) and CRS.from_user_input(named).equals(
            crs, ignore_axis_order=True
        )
    except CRSError:
        return False


def _name(value: Any) -> str:
    """Return the name in a member ``crs`` of GeoJSON 2008, else the whole as written."""
    try:
        kind, said = value["type"], value["properties"]
        if kind == "EPSG":
            return f"EPSG:{said['code']}"
        return str(said.get("name") or said.get("urn") or said["href"])
    except (KeyError, TypeError, AttributeError):
        return json.dumps(value, ensure_ascii=False)


def _why(value: Any) -> str:
    """Say why a member ``crs`` at the top was not read."""
    if not isinstance(value, dict):
        return "which is not written as GeoJSON has it"
    return "which is not known"


def _require_members(text: str, crs: CRS, name: str) -> None:
    """Raise if a member of GeoJSON names another system; what stands in a column does not count."""
    found: dict[str, str] = {}
    read = crs.to_string() if crs.to_authority() else crs.name
    degrees = crs.equals(WGS84, ignore_axis_order=True)
    for whole in _documents(text, name):
        # GDAL knows more names than PROJ, but what it does not know becomes EPSG:4326.
        if degrees and not _same(top := whole.get("crs"), crs):
            found[_name(top)] = _why(top)
        for value in _within(whole):
            if not _same(value, crs):
                found.setdefault(_name(value), f"at its features, which are read in {read}")
    if found:
        names = "names the coordinate reference system"
        raise DataError(
            [Fault(name, f"{names} “{shown(x)}”, {why}.", REMEDY) for x, why in found.items()]
        )


def _within(whole: dict[str, Any]) -> Iterator[Any]:
    """Yield what features and geometries name, as PostGIS writes it; GDAL looks at none of it."""
    features = whole.get("features")
    for feature in features if isinstance(features, list) else [whole]:
        if isinstance(feature, dict):
            if feature is not whole:
                yield feature.get("crs")
            if isinstance(geometry := feature.get("geometry"), dict):
                yield geometry.get("crs")


def _documents(text: str, name: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of a text: one, or one a line."""
    at = 0
    while found := START.match(text, at):
        try:
            whole, at = DECODER.raw_decode(text, found.end())
        except (ValueError, RecursionError) as error:
            problem = f"names a coordinate reference system and is no whole JSON: {shown(error)}."
            raise DataError(Fault(name, problem, REMEDY)) from None
        yield whole
