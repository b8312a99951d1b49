"""Mutations of bytes, of JSON and of tables, drawn from a seeded source of chance."""

from __future__ import annotations

import copy
import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from random import Random
from typing import Any
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import pyarrow as pa
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
        "9" * 5000,  # no number to Python
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


LETTERS = (
    *"0123456789",
    *"-+/.,:;~?%X'\"°()[]{}#=\\|&",
    *" \t\n\r\0\x0b\x85\xa0\u2028\u202f\u200b\ufeff",
    *"aàéßİıñОо٣۵९²½Ⅷ",
    *("e\u0301", "\ud800", "\U0001f600", "\u202e", "--", "''", "9" * 25, "a" * 90),
)
"""What stands in texts where others are meant: signs, blanks, digits of other scripts."""


def in_letters(chance: Random, seeds: Sequence[str]) -> str:
    """Return one of several texts with letters changed, lost, said twice, or of another text."""
    draw = chance.random
    text = seeds[int(draw() * len(seeds))]
    for _ in range((1, 1, 2, 3)[int(draw() * 4)]):
        at = int(draw() * (len(text) + 1))
        size = (1, 1, 2, 5)[int(draw() * 4)]
        what = draw()
        if what < 0.3:
            new = LETTERS[int(draw() * len(LETTERS))]
        elif what < 0.5:
            new = str(int(draw() * 10**size))
        elif what < 0.6:
            new = text[at : at + size] * 2
        elif what < 0.8:
            new = ""
        else:
            other = seeds[int(draw() * len(seeds))]
            start = int(draw() * (len(other) + 1))
            new = other[start : start + size * 3]
        text = text[:at] + new + text[at + (0 if draw() < 0.4 else size) :]
    return text


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


TAG = re.compile(r"<[^<>]*>|[^<>]+")
MARKS = (
    *("<tr>", "</table>", "<td colspan=0>", "<td rowspan=70000>", "<!--", "]]>", "&#0;", "&x;"),
    *("<v>1e400</v>", "<is/>", "<table:table-row/>", "<![CDATA[", "<?xml?>", "</", "<script>"),
)


def in_tags(chance: Random, text: str) -> str:
    """Return XML or HTML with marks lost, said twice, put elsewhere, or with other values."""
    if chance.random() < 0.4:
        return in_text(chance, text)
    pieces = TAG.findall(text)
    for _ in range(chance.choice((1, 1, 2, 4))):
        at, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        match chance.randrange(6):
            case 0:
                pieces[at] = ""
            case 1:
                pieces[at] *= chance.choice((2, 3, 40))
            case 2:
                pieces[at], pieces[other] = pieces[other], pieces[at]
            case 3:
                pieces[at] = f"{pieces[at]}{chance.choice(MARKS)}"
            case 4:
                pieces[at] = re.sub(r"[0-9]+", lambda _: str(chance.choice(ODD)), pieces[at])
            case _:
                pieces[at] = in_letters(chance, (pieces[at] or "x",))
    return "".join(pieces)


def in_elements(chance: Random, text: str) -> str:
    """Return sound XML with elements lost, said twice or put elsewhere, or with other values."""
    root = ET.fromstring(text)
    for _ in range(chance.choice((1, 1, 2, 4))):
        every = list(root.iter())
        one, parent = (
            chance.choice(every),
            chance.choice([one for one in every if len(one)] or every),
        )
        child = chance.choice(list(parent)) if len(parent) else root
        match chance.randrange(7):
            case 0 if child is not root:
                parent.remove(child)
            case 1 if child is not root:
                parent.insert(chance.randrange(len(parent) + 1), copy.deepcopy(child))
            case 2 if child is not root:
                one.append(copy.deepcopy(child))
            case 3 if one.attrib:
                del one.attrib[chance.choice(list(one.attrib))]
            case 4 if one.attrib:
                one.attrib[chance.choice(list(one.attrib))] = _sound(chance)
            case 5:
                one.text = _sound(chance)
            case 6:
                one.tag = chance.choice(every).tag
    return ET.tostring(root, encoding="unicode")


def _sound(chance: Random) -> str:
    """Return an odd value that XML can hold."""
    value = chance.choice((*ODD, "A1", "XFD1048576", "s", "1048577", "16385"))
    return re.sub("[\x00-\x08\ud800-\udfff]", "", str(value))


def in_columns(chance: Random, batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a table with a column of nulls, of another's values, out of order, or without one."""
    arrays, names = list(batch.columns), list(batch.schema.names)
    at, other = chance.randrange(len(arrays)), chance.randrange(len(arrays))
    match chance.randrange(8):
        case 0:
            arrays[at] = pa.nulls(len(batch), arrays[at].type)
        case 1:
            arrays[at] = arrays[other]
        case 2:
            del arrays[at], names[at]
        case 3:
            arrays[at] = arrays[at].take(pa.array([chance.randrange(len(batch)) for _ in batch[0]]))
        case 4:
            arrays[at] = pa.array([chance.choice((0, -1, 2**31 - 1, 7)) for _ in batch[0]])
        case 5:
            arrays[at] = pa.array([chance.choice((b"", b"\x01", b"\xff" * 30)) for _ in batch[0]])
        case 6:
            arrays[at] = pa.array([chance.choice((None, "", "é", "1e999")) for _ in batch[0]])
        case _:
            names[at] = names[other]
    return pa.RecordBatch.from_arrays(arrays, names=names)


NAMED = "SELECT name FROM sqlite_master WHERE type = ?"


def drop_triggers(database: sqlite3.Connection) -> None:
    """Take the triggers out of a GeoPackage, which SQLite alone cannot run."""
    for (name,) in database.execute(NAMED, ["trigger"]).fetchall():
        database.execute(f'DROP TRIGGER "{name}"')


def in_database(chance: Random, path: Path) -> None:
    """Change cells, columns, rows and tables of a GeoPackage, those that describe it, too."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA synchronous = OFF")
        database.execute("PRAGMA journal_mode = MEMORY")
        drop_triggers(database)
        tables = [n for (n,) in database.execute(NAMED, ["table"]) if "rtree" not in n]
        for _ in range(chance.choice((1, 1, 2, 4))):
            table = chance.choice([*tables, "edges", "nodes"])
            columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
            if columns:
                with suppress(sqlite3.Error, UnicodeError, OverflowError, TypeError):
                    _changed(chance, database, table, columns)


def _changed(
    chance: Random, database: sqlite3.Connection, table: str, columns: Sequence[str]
) -> None:
    column, other = chance.choice(columns), chance.choice(columns)
    where = f'WHERE rowid = (SELECT rowid FROM "{table}" ORDER BY rowid % {chance.choice((2, 3))})'
    match chance.randrange(9):
        case 0:
            database.execute(f'ALTER TABLE "{table}" RENAME COLUMN "{column}" TO "{other}x"')
        case 1:
            database.execute(f'ALTER TABLE "{table}" DROP COLUMN "{column}"')
        case 2:
            database.execute(f'DELETE FROM "{table}" {where}')
        case 3 if not chance.randrange(4):
            database.execute(f'DROP TABLE "{table}"')
        case 4:
            database.execute(f'UPDATE "{table}" SET "{column}" = "{other}"')
        case 5:
            (held,) = database.execute(f'SELECT "{column}" FROM "{table}" {where}').fetchone()
            data = in_bytes(chance, held if isinstance(held, bytes) else str(held).encode())
            new = data if isinstance(held, bytes) else data.decode("utf-8", "replace")
            database.execute(f'UPDATE "{table}" SET "{column}" = ? {where}', [new])
        case _:
            plain = [value for value in ODD if not isinstance(value, list | dict)]
            new = chance.choice([*plain, b"", b"GP\0\1", b"\xff" * 30])
            database.execute(f'UPDATE "{table}" SET "{column}" = ? {where}', [new])


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
