"""Read a layer's payload back into a frame: what a page says, in the form that it was given."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from roxham.geo import DataError
from roxham.geo._types import Floats, Ints, Objects
from roxham.geo.arguments import checked
from roxham.geo.bounds import bound, require, within_bounds
from roxham.geo.geometry.geodesic import within_180

from .payload import FORMAT, HOLE, LINE, OUTER, POINT

__all__ = ["decode_columns", "decode_layer"]


class Reader:
    """Takes the stream apart in the order it was written in."""

    def __init__(self, data: str, name: str) -> None:
        inflate, most = zlib.decompressobj(), bound("whole_bytes")
        self.stream = inflate.decompress(base64.b64decode(data), most + 1)
        require("whole_bytes", len(self.stream), name)
        if not inflate.eof:
            raise ValueError("the stream is cut short")
        self.name = name
        self.at = 0

    def take(self, size: int) -> bytes:
        """Return the next bytes."""
        if size < 0:
            raise ValueError("a length is below 0")
        found = self.stream[self.at : self.at + size]
        if len(found) < size:
            raise ValueError("the stream is shorter than its description")
        self.at += size
        return found

    def ints(self, shape: list[int]) -> Ints:
        """Return the next whole numbers."""
        length, planes = shape
        require("points", length, self.name)
        if length < 0 or not 0 <= planes <= 8:
            raise ValueError("a list has no such length")
        out = np.zeros((length, 8), dtype=np.uint8)
        for k in range(planes):
            out[:, k] = np.frombuffer(self.take(length), dtype=np.uint8)
        return out.view("<u8").ravel().astype(np.int64)

    def signed(self, shape: list[int]) -> Ints:
        """Return the next whole numbers of either sign."""
        folded = self.ints(shape)
        return (folded >> 1) ^ -(folded & 1)

    def column(self, given: Mapping[str, Any]) -> pd.Series[Any]:
        """Return the next column; unknown is null."""
        if "values" in given:
            values = [*json.loads(self.take(given["values"])), None]
            codes = self.ints(given["codes"]) - 1
            cells = np.fromiter(values, dtype=object, count=len(values))[codes]
            return pd.Series(cells, dtype=object)
        codes = self.ints(given["codes"])
        cells = pd.array(codes - 1 + given["low"], dtype="Int64")
        cells[codes == 0] = pd.NA
        return pd.Series(cells if given["per"] == 1 else cells / given["per"])

    def geometry(self, given: Mapping[str, Any], *, shapes: bool = True) -> list[Any]:
        """Return the geometries, each point the nearest on the grid; not to be built, as None."""
        if not given["scale"] > 0:
            raise ValueError("its scale is not above 0")
        kinds = self.ints(given["kinds"]) - 1
        parts, part_kinds, sizes = (self.ints(given[k]) for k in ("parts", "part_kinds", "sizes"))
        x, y = (np.cumsum(self.signed(given[k])) / given["scale"] for k in ("x", "y"))
        if not shapes:
            return [None] * len(kinds)
        points = np.split(np.column_stack([x, y]), np.cumsum(sizes)[:-1]) if len(sizes) else []
        ends = np.cumsum(parts)
        return [
            shape_of(kind, points[end - count : end], part_kinds[end - count : end].tolist())
            for kind, count, end in zip(kinds.tolist(), parts.tolist(), ends.tolist(), strict=True)
        ]


def shape_of(kind: int, parts: list[Floats], kinds: list[int]) -> Any:
    """Return one geometry from its parts; what collapsed to a point stays, without length."""
    if kind < 0:
        return None
    pieces: list[Any] = []
    for start, part_kind in enumerate(kinds):
        points = parts[start]
        if part_kind == POINT:
            pieces.append(shapely.Point(points[0]))
        elif part_kind == LINE:
            pieces.append(shapely.LineString(padded(points, 2)))
        elif part_kind == OUTER:
            stop = start + 1
            while stop < len(kinds) and kinds[stop] == HOLE:
                stop += 1
            rings = [padded(ring, 4) for ring in parts[start:stop]]
            pieces.append(shapely.Polygon(rings[0], rings[1:]))
    if kind < shapely.GeometryType.MULTIPOINT:
        return pieces[0] if pieces else shapely.from_wkt(f"{EMPTY[kind]} EMPTY")
    return COLLECTIONS[kind](pieces)


EMPTY = ("POINT", "LINESTRING", "LINEARRING", "POLYGON")
COLLECTIONS: dict[int, Any] = {
    4: shapely.MultiPoint,
    5: shapely.MultiLineString,
    6: shapely.MultiPolygon,
    7: shapely.GeometryCollection,
}


def padded(points: Floats, least: int) -> Floats:
    """Return a line with its last point again, as often as its kind of geometry asks for."""
    missing = max(0, least - len(points))
    return np.concatenate([points, np.repeat(points[-1:], missing, axis=0)])


def _require_lengths(payload: Mapping[str, Any]) -> None:
    """Raise if a column or the geometry says it has another length than the layer."""
    lengths = [given["codes"][0] for given in payload["columns"]]
    lengths += [payload["geometry"][key][0] for key in ("kinds", "parts")]
    if {*lengths} != {payload["n"]}:
        raise ValueError("it does not have the number of features that it says")


def _told(shapes: Objects) -> Objects:
    """Return shapes with longitudes within ±180°; what goes on beyond is cut there."""
    west, _, east, _ = shapely.bounds(shapes).T
    beyond = west >= 180
    shapes[beyond] = shapely.transform(shapes[beyond], lambda xy: xy - np.array([360.0, 0.0]))
    over = (west < 180) & (east > 180)
    shapes[over] = within_180(shapes[over])
    return shapes


@checked()
def decode_layer(payload: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """Return the frame that a layer's payload holds.

    Parameters
    ----------
    payload
        From a layer's ``payload``, or read from the data block of a page.

    Returns
    -------
    geopandas.GeoDataFrame
        The columns carried, in EPSG:4326. Numbers are rounded to six decimals,
        coordinates to ``1 / scale`` degrees, and points that were then equal to
        the one before them are gone. What a map over 180° draws beyond it is told within ±180°.

    Raises
    ------
    DataError
        If the payload is of another format, or damaged.

    Examples
    --------
    >>> from roxham.maps.elements.payload import layer_payload
    >>> town = gpd.GeoDataFrame(
    ...     {"name": ["Hemmingford"]}, geometry=[shapely.Point(-73.5871234, 45.05)], crs="EPSG:4326"
    ... )
    >>> decode_layer(layer_payload("places", town, ["name"]))
              name                 geometry
    0  Hemmingford  POINT (-73.58712 45.05)
    """
    return gpd.GeoDataFrame(_within(payload, shapes=True))


def decode_columns(payload: Mapping[str, Any]) -> pd.DataFrame:
    """Return the columns that a layer's payload holds, without building its geometries."""
    return _within(payload, shapes=False)


def _within(payload: Mapping[str, Any], *, shapes: bool) -> pd.DataFrame:
    given = payload.get("format") if isinstance(payload, Mapping) else type(payload).__name__
    if given != FORMAT:
        raise DataError(f"The payload is of format {given!r}; this version reads {FORMAT}.")
    name = f"The layer {payload.get('kind')!r}"
    with within_bounds(name):
        return _decoded(payload, name, shapes=shapes)


def _decoded(payload: Mapping[str, Any], name: str, *, shapes: bool) -> pd.DataFrame:
    try:
        require("rows", payload["n"], name)
        _require_lengths(payload)
        reader = Reader(payload["data"], name)
        columns = {given["name"]: reader.column(given) for given in payload["columns"]}
        geometry = reader.geometry(payload["geometry"], shapes=shapes)
        if reader.at < len(reader.stream):
            raise ValueError("the stream is longer than its description")
        if {len(geometry), *map(len, columns.values())} != {payload["n"]}:
            raise ValueError("it does not have the number of features that it says")
        if not shapes:
            return pd.DataFrame(columns, index=range(payload["n"]))
        built = _told(np.array([*geometry, None], dtype=object)[:-1])
        return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(built, crs="EPSG:4326"))
    except DataError:
        raise
    except MemoryError:
        raise DataError(f"{name} needs more memory than there is.") from None
    except (
        *(zlib.error, shapely.errors.ShapelyError, ValueError, ArithmeticError),
        *(LookupError, TypeError, AttributeError, RecursionError),
    ) as error:
        raise DataError(
            f"The payload of the layer {payload.get('kind')!r} is damaged: {error}."
        ) from error
