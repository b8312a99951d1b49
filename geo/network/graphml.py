"""Networks as GraphML, as OSMnx writes and reads it: all is text, and types come back."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError

import numpy as np
from shapely.errors import ShapelyError

from roxham.geo.bounds import OBJECT, require
from roxham.geo.columns import Coded, Column
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.geometry.nesting import goes_too_deep

from .convert import TYPES, roads_from_networkx, roads_to_networkx
from .metadata import checked_meta, is_sound
from .roads import Roads

__all__ = ["read_graphml", "write_graphml"]

MEASURES = ("posted_m", "posted_time_s", "maxspeed_kmh", "speed_kmh", "travel_time_s")
"""Edge columns of ours that are numbers, whoever wrote the file."""

TURN: dict[str, Any] = {
    "float": float,
    "int": int,
    "bool": {"True": True, "False": False, True: True, False: False}.__getitem__,
}
LETTERS = {"float": "efd", "int": "bhilqBHILQ", "bool": "?"}
ARRAYS = {np.dtype(c).str: TURN[name] for name, letters in LETTERS.items() for c in letters}
"""How the text of a value is turned, by the NumPy type of a column."""

NO_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
BRACKETS = re.compile(r">([^<>]*\([^<>]*)<")
FIRST_ID = re.compile(r"<node [^>]*?id=[\"']([^\"']*)")


def write_graphml(roads: Roads, path: Path, name: str) -> None:
    """Write a network by ``osmnx.save_graphml``.

    Parameters
    ----------
    path
        Where to write.
    name
        What to call it in messages.

    Raises
    ------
    DataError
        If a text has a character that XML cannot hold.
    """
    import osmnx

    for columns in (roads.node_columns, roads.edge_columns):
        for column, col in columns.items():
            if isinstance(col, Coded) and any(map(NO_XML.search, map(str, col.values))):
                problem = "has a character that XML cannot hold."
                raise DataError(Fault(name, problem, "Save it as .arrow.", column=column))
    graph = roads_to_networkx(roads)
    told = json.loads(graph.graph[TYPES]) | {"meta": dict(roads.meta)}
    graph.graph[TYPES] = json.dumps(told, default=str)
    osmnx.save_graphml(graph, path)


def read_graphml(file: IO[bytes], name: str) -> Roads:
    """Read a graph saved by ``osmnx.save_graphml``.

    Raises
    ------
    DataError
        If it is not whole, or not a graph of roads in EPSG:4326.
    """
    import networkx as nx
    import osmnx

    content = file.read()
    try:
        text = content.decode("utf-8")
        # An element takes more than a place in a list: see require_json, of which this is the kin.
        require("memory", OBJECT * (text.count("<") - text.count("</")), name)
        if any(goes_too_deep(value) for value in BRACKETS.findall(text)):
            raise ValueError("a shape holds others too deep")
        first = FIRST_ID.search(text)
        whole = first is None or re.fullmatch(r"[+-]?\d+", first[1])
        dtypes = {} if whole else {"osmid": str}
        graph = osmnx.load_graphml(graphml_str=text, node_dtypes=dtypes)
    except DataError:
        raise
    except (
        *(ParseError, nx.NetworkXError, KeyError, ValueError, TypeError, AttributeError),
        *(SyntaxError, MemoryError, RecursionError, ShapelyError),
    ) as error:
        # of a list too deep for it Python's parser says nothing
        said = shown(error) or "a list is nested too deeply"
        raise DataError(f"{name}: is no whole GraphML file of OSMnx: {said}.") from None
    told = _told(graph.graph.get(TYPES))
    roads = roads_from_networkx(graph)
    try:
        meta = checked_meta(told["meta"] if "meta" in told else _values(roads.meta))
    except ValueError as error:
        raise DataError(f"{name}: {error}.") from None
    edge_types = dict.fromkeys(MEASURES, "<f8") | told.get("edges", {})
    return replace(
        roads,
        node_columns={**roads.node_columns, **_typed(roads.node_columns, told.get("nodes", {}))},
        edge_columns={**roads.edge_columns, **_typed(roads.edge_columns, edge_types)},
        meta=meta,
    )


def _told(text: object) -> dict[str, dict[str, Any]]:
    """Return what a file of ours says; nothing where it is not in that form."""
    try:
        found = json.loads(text) if isinstance(text, str) else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict) or not all(isinstance(part, dict) for part in found.values()):
        return {}
    return found


def _values(meta: Mapping[str, Any]) -> dict[str, Any]:
    """Return the lists, numbers and truth values that texts of OSMnx stand for, where sound."""
    found = {key: value for key, value in meta.items() if is_sound(key, value)}
    for key, text in meta.items():
        with suppress(ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            value = ast.literal_eval(text)
            if is_sound(key, value):
                found[key] = value
    return found


def _typed(columns: Mapping[str, Column], types: Mapping[str, Any]) -> dict[str, Column]:
    """Return the columns that are text and ought not to be, where every text can be turned."""
    found: dict[str, Column] = {}
    for name, kind in types.items():
        col = columns.get(name)
        turn = {**TURN, **ARRAYS}.get(kind) if isinstance(kind, str) else None
        if turn is None or not isinstance(col, Coded):
            continue
        try:
            values = [v if isinstance(v, list) else turn(v) for v in col.values]
            if kind in TURN:
                found[name] = Coded(col.codes, values)
                continue
            numbers = np.array(values, dtype=kind)
        except (LookupError, ValueError, TypeError, OverflowError):
            continue
        if numbers.ndim != 1:  # lists of one length, that a table cannot hold in a column
            continue
        if (col.codes >= 0).all():
            found[name] = numbers[col.codes]
        elif numbers.dtype.kind == "f":
            found[name] = np.append(numbers, np.nan)[col.codes]  # code -1 is the last place
    return found
