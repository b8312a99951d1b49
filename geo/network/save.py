"""A network as the file that its name asks for, and as no other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from roxham.geo.columns import Coded, Column, decode
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.io.atomic import replacing
from roxham.geo.io.geopackage import REFUSED, Layer, write_layers
from roxham.geo.io.write import require_format, write_frame

from .graphml import write_graphml
from .roads import Roads
from .storage import save_network

__all__ = ["ROAD_FORMATS", "save_roads"]

ROAD_FORMATS = (".arrow", ".parquet", ".gpkg", ".graphml")


def save_roads(roads: Roads, path: str | Path) -> Path:
    """Save a network as the ending of the name asks; the file appears whole or not at all.

    Every format comes back by :func:`~roxham.geo.read_roads`. ``.arrow`` keeps all and
    is by far the quickest to open, by :func:`~roxham.geo.load_roads` too. The others are
    for other programs, and lose:

    =============  ==================================================================
    ``.arrow``     Nothing. Arrow IPC, see :mod:`roxham.geo.network.storage`.
    ``.parquet``   GeoParquet of the edges alone: attributes of nodes (sides and
                   crossings of a network that was cut), nodes without an edge, and
                   ``meta``.
    ``.gpkg``      Layers ``nodes`` and ``edges``, as OSMnx writes them: ``meta``.
    ``.graphml``   As OSMnx writes it: days become text.
    =============  ==================================================================

    In the last three lists are text, as OSMnx writes them, and lists again when read;
    an empty text comes back as null, and in tables so do the words ``nan`` and ``None``
    and the texts ``True`` and ``False`` as truth values. A column of whole numbers with
    nulls among them comes back as floats from tables.

    Parameters
    ----------
    roads
        The network.
    path
        Where to write; an existing file is replaced.

    Raises
    ------
    DataError
        If the name ends in none of these, nothing can be written there, or the format
        cannot hold a value.
    """
    path = require_format(path, ROAD_FORMATS)
    match path.suffix.lower():
        case ".arrow":
            return save_network(roads, path)
        case ".parquet":
            return write_frame(_table(roads.edges, roads.edge_columns, path), path)
        case ".gpkg":
            _write_geopackage(roads, path)
        case _:
            with replacing(path) as part:
                write_graphml(roads, part, str(path))
    return path


def _write_geopackage(roads: Roads, path: Path) -> None:
    layers = [
        Layer("nodes", _table(roads.nodes, roads.node_columns, path), "nodes"),
        Layer("edges", _table(roads.edges, roads.edge_columns, path), "edges"),
    ]
    with replacing(path) as part:
        part.unlink()  # GDAL opens a file that is there, and finds it empty
        try:
            write_layers(part, layers, date=f"{datetime.now(UTC):%Y-%m-%d}")
        except (*REFUSED, ValueError) as error:
            raise DataError(Fault(str(path), f"cannot be written: {shown(error)}.")) from None


def _table(frame: gpd.GeoDataFrame, columns: Mapping[str, Column], path: Path) -> gpd.GeoDataFrame:
    """Return a frame as a table, each of whose columns has one type."""
    plain = {name: _plain(col) for name, col in columns.items()}
    try:
        table: gpd.GeoDataFrame = frame.assign(**plain).reset_index()
    except ValueError as error:  # an attribute is called as a part of the index is
        raise DataError(Fault(str(path), f"cannot be a table: {shown(error)}.")) from None
    return table


def _plain(col: Column) -> NDArray[Any]:
    """Return a column as numbers, as truth values or as text, in which a list is text, too."""
    if isinstance(col, np.ndarray) and col.dtype.kind != "O":
        return col
    coded = Coded.of(decode(col).tolist())
    kinds = {type(value) for value in coded.values}
    if kinds <= {str}:
        return coded.decode()
    if kinds <= {int, float}:
        if (coded.codes >= 0).all() and kinds == {int}:
            return np.array(coded.values)[coded.codes]
        return np.array([*coded.values, np.nan], dtype=float)[coded.codes]  # -1 is the last
    return Coded(coded.codes, [str(value) for value in coded.values]).decode()
