"""Mutations of bytes, of JSON and of tables, drawn from a seeded source of chance."""

from __future__ import annotations

import copy
from collections.abc import Callable
from random import Random
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 1, 2**31, 2**63, -(2**63), 10**30, 0.5, -0.0, 1e308),
    *(
        float("nan"),
        float("inf"),
        "",
        "0",
        "-1",
        "nan",
        "1e999",
        "x" * 300,
        "\0",
        "\ud800",
        "[",
        "[[",
    ),
    *("[1, 2", "{'a': 1}", "POINT (0 0)", "LINESTRING EMPTY", "é", "2020-02-30"),
    *([], [None], [[]], [1, "a"], {}, {"a": None}, {"type": "Point"}),
)
"""Values that stand where others are meant."""

SHAPES: tuple[Any, ...] = (
    *(None, shapely.Point(), shapely.Point(0, 0), shapely.Point(999, 999), shapely.LineString()),
    shapely.LineString([(0, 0), (1, 1)]),
    shapely.LineString([(-73.5, 45, 7), (-73.4, 45, 8)]),
    shapely.Polygon([(0, 0), (1, 0), (1, 1)]),
    shapely.MultiLineString([[(0, 0), (1, 1)]]),
    shapely.GeometryCollection(),
    shapely.Point(float("nan"), 1),
    shapely.LineString([(float("inf"), 0), (1, 1)]),
)


def in_bytes(chance: Random, data: bytes) -> bytes:
    """Return a file with a few bytes changed, lost, said twice or put elsewhere."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        at, size = chance.randrange(len(out) + 1), chance.choice((1, 1, 2, 4, 16, 64))
        piece = bytes(out[at : at + size])
        match chance.randrange(6):
            case 0:
                out[at : at + size] = chance.randbytes(len(piece))
            case 1:
                del out[at : at + size]
            case 2:
                out[at:at] = piece * chance.choice((1, 2, 50))
            case 3:
                del out[at:]
            case 4:
                to = chance.randrange(len(out) + 1)
                out[to : to + len(piece)] = piece
            case _:
                out[at : at + 1] = bytes([chance.choice((0, 1, 127, 128, 255))])
    return bytes(out)


def in_json(chance: Random, value: Any) -> Any:
    """Return a JSON value with something in it changed, lost, said twice or put elsewhere."""
    value = copy.deepcopy(value)
    for _ in range(chance.choice((1, 1, 2, 4))):
        places = list(_places(value))
        if not places:
            return chance.choice(ODD)
        holder, key = chance.choice(places)
        match chance.randrange(5):
            case 0:
                del holder[key]
            case 1:
                other, there = chance.choice(places)
                holder[key] = copy.deepcopy(other[there])
            case 2 if isinstance(holder, list):
                holder.insert(key, copy.deepcopy(holder[key]))
            case _:
                holder[key] = copy.deepcopy(chance.choice(ODD))
    return value


def _places(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    left = [value]
    while left:
        holder = left.pop()
        keys = holder if isinstance(holder, dict) else range(len(holder))
        for key in keys:
            found.append((holder, key))
            if isinstance(holder[key], dict | list):
                left.append(holder[key])
    return found


def in_text(chance: Random, text: str) -> str:
    """Return a text in which a word between quotes or brackets is another."""
    pieces = text.split('"')
    for _ in range(chance.choice((1, 1, 2, 4))):
        at = chance.randrange(len(pieces))
        match chance.randrange(4):
            case 0:
                pieces[at] = str(chance.choice(ODD))
            case 1:
                pieces[at] = chance.choice(pieces)
            case 2:
                del pieces[at]
            case _:
                pieces[at:at] = [pieces[at]] * 2
        pieces = pieces or [""]
    return '"'.join(pieces)


def in_frame(chance: Random, frame: pd.DataFrame) -> Any:
    """Return a table with columns or cells that are not what they should be."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        frame = chance.choice(FRAMES)(chance, frame)
    return frame


def _cell(chance: Random, frame: pd.DataFrame) -> Any:
    name = chance.choice(list(frame.columns))
    values = list(frame[name])
    if not values:
        return frame
    odd = SHAPES if name == "geometry" else ODD
    values[chance.randrange(len(values))] = chance.choice(odd)
    return _with(frame, name, values)


def _column(chance: Random, frame: pd.DataFrame) -> Any:
    name = chance.choice(list(frame.columns))
    one = chance.choice(SHAPES if name == "geometry" else ODD)
    return _with(frame, name, [one] * len(frame))


def _with(frame: pd.DataFrame, name: str, values: list[Any]) -> Any:
    if name == "geometry":
        plain = pd.DataFrame(frame).drop(columns="geometry")
        shapes = gpd.GeoSeries(values, index=frame.index, crs=4326)
        placed: pd.DataFrame = gpd.GeoDataFrame(plain, geometry=shapes)
        return placed
    if len({type(value) for value in values if value is not None}) > 1:
        values = [None if value is None else str(value) for value in values]
    frame = frame.copy()
    frame[name] = pd.Series(values, index=frame.index, dtype=object)
    return frame


def _less(chance: Random, frame: pd.DataFrame) -> Any:
    left = [name for name in frame.columns if name != "geometry"]
    return frame.drop(columns=chance.choice(left)) if left else frame


def _renamed(chance: Random, frame: pd.DataFrame) -> Any:
    names = [name for name in frame.columns if name != "geometry"]
    odd = ("geom", "osmid", "length", "LENGTH", "x", "key", "u", "é", " ", "from", "to", "oneway")
    return frame.rename(columns={chance.choice(names): chance.choice(odd)}) if names else frame


def _rows(chance: Random, frame: pd.DataFrame) -> Any:
    rows = [chance.randrange(len(frame)) for _ in range(chance.randrange(4))] if len(frame) else []
    return frame.iloc[rows].reset_index(drop=True)


FRAMES: tuple[Callable[[Random, pd.DataFrame], Any], ...] = (
    *(_cell, _cell, _cell, _column, _column),
    *(_less, _renamed, _rows),
)
