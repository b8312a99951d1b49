"""One compact payload for each layer, safe to stand inside an HTML page.

Format ``2``; ``docs/payload.md`` has it step by step. A payload is a small JSON
object: ``format``, ``kind``, ``n`` features, further keys of the layer, and
``columns`` and ``geometry``, which say what to read from ``data``, in their
order. ``data`` is one zlib stream in base64. In it every list of whole numbers
stands as byte planes (first the lowest byte of all, then the next), which
deflate well and are read without a parser. A column of numbers is quantised to
its own decimals, up to six; any other is a dictionary of its different values and
codes into it. Geometry is quantised to ``1 / scale`` degrees and
delta-encoded. :func:`roxham.maps.elements.decode.decode_layer` reads it all back.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from roxham.geo import DataError, Fault, require_wgs84
from roxham.geo._types import Floats, Ints
from roxham.geo.bounds import bound
from roxham.maps.content.plain import DECIMALS, EXACT, plain_cells

__all__ = ["Writer", "dimensions_of", "factors", "layer_payload", "licences_of"]

FORMAT = 2
SCALE = 100_000
"""Units in a degree: 1e-5° is about one metre."""
TURN, POLE = 360, 90
"""Degrees: a line over the antimeridian may run on to the next turn, none goes past a pole."""
LEVEL, BEST = 4, 9
"""Of zlib: 6 takes twice as long for 1 % less, 9 sixteen times for 3 % less."""
SMALL = 250_000
"""Bytes that are deflated as well as can be; of more that would be waited for."""
POINT, LINE, OUTER, HOLE = range(4)
"""What a part of a feature is."""


class Writer:
    """Collects what goes into the stream; each method returns what a reader must know of it."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []

    def ints(self, values: ArrayLike) -> list[int]:
        """Write whole numbers from 0 up as byte planes; return how many, and planes."""
        whole = np.asarray(values, dtype="<u8")
        planes = (int(whole.max(initial=0)).bit_length() + 7) // 8
        split = whole.view(np.uint8).reshape(-1, 8)
        self.chunks += [split[:, k].tobytes() for k in range(planes)]
        return [len(whole), planes]

    def signed(self, values: Ints) -> list[int]:
        """Write whole numbers of either sign, the sign in the lowest bit."""
        return self.ints((values << 1) ^ (values >> 63))

    def json(self, value: object) -> int:
        """Write a value as JSON; return its bytes."""
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        self.chunks.append(text.encode())
        return len(self.chunks[-1])

    def column(self, name: str, cells: pd.Series[Any]) -> dict[str, Any]:
        """Write one column; a null is 0 and everything else begins at 1."""
        return {"name": name, **(self.numbers(cells) or self.words(cells))}

    def numbers(self, cells: pd.Series[Any]) -> dict[str, Any] | None:
        """Write a column of numbers as whole multiples of its last decimal; None if it is none."""
        types = pd.api.types
        if not types.is_numeric_dtype(cells.dtype) or types.is_bool_dtype(cells.dtype):
            return None
        if types.is_complex_dtype(cells.dtype):
            return None
        every = cells.to_numpy(dtype=np.float64, na_value=np.nan)
        known = np.isfinite(every)
        # Whole numbers above 2**53 would be rounded here; they are for the dictionary.
        decimals = decimals_of(every[known])
        if decimals is None:
            return None
        whole = np.rint(every[known] * 10**decimals).astype(np.int64)
        low = int(whole.min()) if len(whole) else 0
        codes = np.zeros(len(cells), dtype=np.int64)
        codes[known] = whole - low + 1
        return {"low": low, "per": 10**decimals, "codes": self.ints(codes)}

    def words(self, cells: pd.Series[Any]) -> dict[str, Any]:
        """Write a column as its different values and a code a row."""
        codes, values = factors(cells)
        return {"values": self.json(values), "codes": self.ints(codes + 1)}

    def geometry(self, geometry: gpd.GeoSeries, scale: int = SCALE) -> dict[str, Any]:
        """Write geometries, quantised and delta-encoded; null and empty ones have no parts."""
        shapes = np.asarray(geometry.values)
        lines, owner, part_kinds = parts_of(shapes)
        coordinates, part = shapely.get_coordinates(lines, return_index=True)
        if not np.isfinite(coordinates).all():
            raise DataError("A geometry has a coordinate that is not a number.")
        beyond = np.flatnonzero(
            (np.abs(coordinates[:, 0]) > TURN) | (np.abs(coordinates[:, 1]) > POLE)
        )
        if len(beyond):
            x, y = coordinates[beyond[0]]
            raise DataError(
                f"A geometry has the coordinate {x:g}, {y:g}, which is no longitude and latitude. "
                "Look whether its axes are swapped, or its CRS is another than it says."
            )
        east, north = np.rint(coordinates.T * scale).astype(np.int64)
        keep = np.ones(len(part), dtype=bool)
        # Points that fall on the one before them after rounding say nothing; single points stay.
        keep[1:] = (np.diff(east) != 0) | (np.diff(north) != 0) | (np.diff(part) != 0)
        east, north, part = east[keep], north[keep], part[keep]
        return {
            "scale": scale,
            "kinds": self.ints(shapely.get_type_id(shapes) + 1),
            "parts": self.ints(np.bincount(owner, minlength=len(shapes))),
            "part_kinds": self.ints(part_kinds),
            "sizes": self.ints(np.bincount(part, minlength=len(lines))),
            "x": self.signed(np.diff(east, prepend=0)),
            "y": self.signed(np.diff(north, prepend=0)),
        }

    def data(self) -> str:
        """Return the stream, deflated, in base64."""
        stream = b"".join(self.chunks)
        level = BEST if len(stream) <= SMALL else LEVEL
        return base64.b64encode(zlib.compress(stream, level)).decode()


def parts_of(shapes: NDArray[Any]) -> tuple[NDArray[Any], Ints, Ints]:
    """Return points, lines and rings of geometries, whose they are, and what each is."""
    if (shapely.get_type_id(shapes) <= shapely.GeometryType.LINEARRING).all():
        # Each is its own part; asking for parts would copy every one of them.
        owner = np.flatnonzero(~shapely.is_empty(shapes) & ~shapely.is_missing(shapes))
        pieces = shapes[owner]
    else:
        pieces, owner = shapely.get_parts(shapes, return_index=True)
    types = shapely.get_type_id(pieces)
    if (types > shapely.GeometryType.POLYGON).any():
        raise DataError("A geometry is a collection within a collection; explode it first.")
    open_kinds = np.where(types == shapely.GeometryType.POINT, POINT, LINE)
    filled = types == shapely.GeometryType.POLYGON
    if not filled.any():
        return pieces, owner, open_kinds
    rings, ring_of = shapely.get_rings(pieces[filled], return_index=True)
    ring_kinds = np.where(np.diff(ring_of, prepend=-1) > 0, OUTER, HOLE)
    piece_of = np.concatenate([np.flatnonzero(~filled), np.flatnonzero(filled)[ring_of]])
    order = np.argsort(piece_of, kind="stable")
    lines = np.concatenate([pieces[~filled], rings])[order]
    return lines, owner[piece_of[order]], np.concatenate([open_kinds[~filled], ring_kinds])[order]


def decimals_of(values: Floats) -> int | None:
    """Return the decimals that numbers are written with, at most six; None if too large for them.

    Examples
    --------
    >>> decimals_of(np.array([1.5, 2.25])), decimals_of(np.array([1 / 3]))
    (2, 6)
    """
    largest = float(np.abs(values).max(initial=0))
    for decimals in range(DECIMALS + 1):
        per = 10**decimals
        if largest * per >= EXACT:
            return None
        if (np.rint(values * per) / per == values).all():
            return decimals
    return DECIMALS


def factors(cells: pd.Series[Any]) -> tuple[Ints, list[Any]]:
    """Return a code a row, -1 for null, and the different values as JSON can hold them."""
    if cells.dtype == object and pd.api.types.infer_dtype(cells, skipna=True) != "string":
        # Whatever Python holds: lists, and True beside 1, which a hash table takes for the same.
        place: dict[tuple[type, object], int] = {}
        kept = plain_cells(cells.tolist())
        odd = [-1 if c is None else place.setdefault((type(c), c), len(place)) for c in kept]
        return np.array(odd, dtype=np.int64), [value for _, value in place]
    codes, found = pd.factorize(cells)
    values = plain_cells(found.tolist())
    known = np.array([value is not None for value in values], dtype=bool)
    # What plain makes null, such as an infinity, gets no code; the last one is for nulls.
    fresh = np.append(np.where(known, np.cumsum(known) - 1, -1), -1)
    return fresh[codes], [value for value in values if value is not None]


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
        Columns to carry, in this order. Those the frame lacks are left out.
    extra
        Further keys of the payload, such as ``{"schematic": True}``.

    Raises
    ------
    DataError
        If the frame has no CRS or another one, a geometry that cannot be drawn, or more
        features or points than a browser opens: bounds ``page_features`` and ``page_points``.

    Examples
    --------
    >>> place = gpd.GeoDataFrame(
    ...     {"name": ["Hemmingford"]}, geometry=[shapely.Point(-73.59, 45.05)], crs="EPSG:4326"
    ... )
    >>> layer_payload("places", place, ["name", "note"])["columns"]
    [{'name': 'name', 'values': 15, 'codes': [1, 1]}]
    """
    require_wgs84(frame, kind)
    _require_drawable(frame, kind)
    writer = Writer()
    return {
        "format": FORMAT,
        "kind": kind,
        "n": len(frame),
        **(extra or {}),
        "columns": [writer.column(name, frame[name]) for name in columns if name in frame],
        "geometry": writer.geometry(frame.geometry),
        "data": writer.data(),
    }


def _require_drawable(frame: gpd.GeoDataFrame, kind: str) -> None:
    """Raise if a layer is larger than a page that opens, before any of it is written."""
    points = int(shapely.get_num_coordinates(frame.geometry.to_numpy()).sum())
    asked = {"page_features": len(frame), "page_points": points}
    if over := [name for name, value in asked.items() if value > bound(name)]:
        told = " and ".join(
            f"{asked[name]:,} {name.removeprefix('page_')}, more than {bound(name):,}"
            for name in over
        )
        remedy = (
            "Draw what lies near the border or the main roads alone, or count the points by area; "
            f"or set ROXHAM_MAX_{over[0].upper()} higher."
        )
        raise DataError(Fault(kind, f"has {told}: no browser is known to open it.", remedy))


def licences_of(frame: pd.DataFrame) -> list[dict[str, str]]:
    """Return the licences that a frame carries in ``attrs["licences"]``; none where unknown.

    Examples
    --------
    >>> frame = pd.DataFrame()
    >>> frame.attrs["licences"] = [{"name": "CC0-1.0"}]
    >>> licences_of(frame)
    [{'name': 'CC0-1.0', 'url': ''}]
    """
    given = frame.attrs.get("licences", [])
    known: list[Mapping[str, Any]] = [each for each in given if isinstance(each, Mapping)]
    return [{key: str(each.get(key, "")) for key in ("name", "url")} for each in known]


def dimensions_of(geometry: gpd.GeoSeries) -> int | list[int]:
    """Return whether features are points (0), lines (1) or areas (2); a list where they differ.

    The payload holds lines and rings alike as parts, and a closed line is no area.

    Examples
    --------
    >>> dimensions_of(gpd.GeoSeries.from_wkt(["POINT (0 1)", "POINT (2 3)"]))
    0
    """
    found = shapely.get_dimensions(np.asarray(geometry.values)).clip(0)
    kinds = sorted(set(found.tolist()))
    return found.tolist() if len(kinds) > 1 else next(iter(kinds), 0)
