"""One compact JSON payload for each layer, safe to stand inside an HTML page.

Format ``1``: ``kind``, ``n`` features, ``columns`` and ``geometry``. A column
of few different values is ``{"values": [...], "codes": [...]}`` (-1 is null),
else a plain list. Geometry is quantised to whole numbers of ``1 / scale``
degrees and delta-encoded: ``xy`` holds lon, lat differences of one point after
the other, ``sizes`` the points of each part (line or ring), ``parts`` the
parts of each feature.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from roxham.geo import DataError, require_wgs84

from .texts import as_written

__all__ = ["encode_columns", "encode_geometry", "layer_payload", "safe_json"]

FORMAT = 1
SCALE = 100_000
"""Units in a degree: 1e-5° is about one metre."""

UNSAFE = re.compile("[<>&\u2028\u2029]|\\{(?=[{%#])")
"""What could end a script element, start an entity or a template."""
UNSEEN = re.compile(
    r"(?P<kept>\\[\"\\nt])|(?P<line>\\r(?:\\n)?)|\\[bf]|\\u00[01][0-9a-f]|[\x7f-\x9f\ud800-\udfff]"
)
"""Escapes of JSON from left to right: those that stay, ends of lines, and what is left out."""


def safe_json(value: object) -> str:
    r"""Write a value as JSON that no HTML parser or template engine can misread.

    Parameters
    ----------
    value
        Anything JSON can hold; NaN and infinities raise.

    Returns
    -------
    str
        JSON with ``<``, ``>``, ``&``, U+2028, U+2029 and template openings
        written as ``\uXXXX`` escapes. Such characters stand only inside
        strings, so the value read back is the same, its texts as
        :func:`roxham.maps.texts.as_written` gives them.

    Examples
    --------
    >>> safe_json({"a": "</script>{{ 7*7 }}"})
    '{"a":"\\u003c/script\\u003e\\u007b{ 7*7 }}"}'
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    text = UNSEEN.sub(lambda found: found["kept"] or ("\\n" if found["line"] else ""), text)
    return UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def plain(value: Any) -> str | int | float | bool | None:
    """Return one cell as JSON can hold it; unknown is null."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() else round(value, 6)
    if isinstance(value, bool | int):
        return value
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, list | tuple):
        return as_written(", ".join(map(str, value)))
    return as_written(str(value))


def encode_columns(frame: pd.DataFrame, columns: Iterable[str]) -> dict[str, Any]:
    """Return the columns a frame has, as lists or as codes into their values.

    Parameters
    ----------
    frame
        Any frame; it is not altered.
    columns
        Names to carry. Those the frame lacks are left out.

    Examples
    --------
    >>> encode_columns(pd.DataFrame({"a": ["x", None, "x", "x"]}), ["a", "b"])
    {'a': {'values': ['x'], 'codes': [0, -1, 0, 0]}}
    """
    out: dict[str, Any] = {}
    for name in columns:
        if name not in frame:
            continue
        cells = [plain(value) for value in frame[name].tolist()]
        values = list(dict.fromkeys(c for c in cells if isinstance(c, str)))
        only_text = all(c is None or isinstance(c, str) for c in cells)
        if only_text and len(values) * 2 <= len(cells):
            code = {value: i for i, value in enumerate(values)}
            out[name] = {
                "values": values,
                "codes": [-1 if c is None else code[str(c)] for c in cells],
            }
        else:
            out[name] = cells
    return out


def encode_geometry(geometry: gpd.GeoSeries, *, scale: int = SCALE) -> dict[str, Any]:
    """Return geometries quantised and delta-encoded; see the module's text.

    Parameters
    ----------
    geometry
        EPSG:4326, longitude first. Null and empty geometries have no parts.
    scale
        Units in a degree.

    Examples
    --------
    >>> line = gpd.GeoSeries.from_wkt(["LINESTRING (-73 45, -73 45.00002)"], crs="EPSG:4326")
    >>> encode_geometry(line)["xy"]
    [-7300000, 4500000, 0, 2]
    """
    shapes = np.asarray(geometry.values)
    pieces, owner = shapely.get_parts(shapes, return_index=True)
    filled = shapely.get_type_id(pieces) == shapely.GeometryType.POLYGON
    rings, ring_of = shapely.get_rings(pieces[filled], return_index=True)
    piece_of = np.concatenate([np.flatnonzero(~filled), np.flatnonzero(filled)[ring_of]])
    order = np.argsort(piece_of, kind="stable")
    pieces, owner = np.concatenate([pieces[~filled], rings])[order], owner[piece_of[order]]
    coordinates, part = shapely.get_coordinates(pieces, return_index=True)
    if not np.isfinite(coordinates).all():
        raise DataError("A geometry has a coordinate that is not a number.")
    whole = np.rint(coordinates * scale).astype(np.int64)
    keep = np.ones(len(whole), dtype=bool)
    # Points that fall on the one before them after rounding say nothing; single points stay.
    keep[1:] = (np.diff(whole, axis=0) != 0).any(axis=1) | (np.diff(part) != 0)
    whole, part = whole[keep], part[keep]
    deltas = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    return {
        "scale": scale,
        "parts": np.bincount(owner, minlength=len(shapes)).tolist(),
        "sizes": np.bincount(part, minlength=len(pieces)).tolist(),
        "xy": deltas.ravel().tolist(),
    }


def layer_payload(
    kind: str,
    frame: gpd.GeoDataFrame,
    columns: Sequence[str],
    *,
    extra: Mapping[str, object] | None = None,
) -> dict[str, Any]:
    """Return the payload of one layer.

    Parameters
    ----------
    kind
        Which painter draws it: ``"roads"``, ``"ports"``, and so on.
    frame
        Features in EPSG:4326.
    columns
        Columns to carry, in this order, if the frame has them.
    extra
        Further keys of the payload, such as ``{"schematic": True}``.

    Raises
    ------
    DataError
        If the frame has no CRS or another one.

    Examples
    --------
    >>> place = gpd.GeoDataFrame(
    ...     {"name": ["Hemmingford"]}, geometry=[shapely.Point(-73.59, 45.05)], crs="EPSG:4326"
    ... )
    >>> layer_payload("places", place, ["name"])["columns"]
    {'name': ['Hemmingford']}
    """
    require_wgs84(frame, kind)
    return {
        "format": FORMAT,
        "kind": kind,
        "n": len(frame),
        **(extra or {}),
        "columns": encode_columns(frame, columns),
        "geometry": encode_geometry(frame.geometry),
    }
