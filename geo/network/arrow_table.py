"""A network as one table of Arrow's, and back: a row an edge, the nodes in the first row.

Columns are ``u, v, key, length_m``, the edges' other attributes, ``geometry`` and
``nodes``. ``u`` and ``v`` are node ids for a reader; what they hold are positions in a
dictionary of the ids, as the network has them. ``nodes`` is the whole node table, a
list of structs, in the first row and empty in all others, as a file has one schema;
a network without edges has one row of nulls for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from roxham.geo._types import Floats
from roxham.geo.columns import Column
from roxham.geo.crs import WGS84
from roxham.geo.errors import shown

from .arrow_columns import Kind, from_arrow, list_array, numbers_of, offsets_of, require, to_arrow
from .metadata import checked_meta
from .roads import Roads, assembled, require_alike

__all__ = ["Layout", "from_table", "parse_layout", "split", "to_table"]

EDGE = ("u", "v", "key", "length_m")
NODE = ("osmid", "x", "y")
LINE = {
    "ARROW:extension:name": "geoarrow.linestring",
    "ARROW:extension:metadata": json.dumps({"crs": WGS84, "crs_type": "authority_code"}),
}


class Layout(NamedTuple):
    """What the columns of a file stand for, beside those that every file has."""

    edges: int
    edge_columns: list[tuple[str, Kind]]
    node_columns: list[tuple[str, Kind]]
    meta: dict[str, Any]


def to_table(pa: Any, roads: Roads) -> tuple[Layout, Any]:
    """Return what a file holds: the layout, and all arrays as one record batch."""
    if roads.node_id.dtype.kind == "O":
        ids = pa.array(roads.node_id.tolist(), type=pa.string())
    else:
        ids = pa.array(roads.node_id.astype(np.int64))
    u, v, key = (_flat(pa, end, np.int32) for end in (roads.u, roads.v, roads.key))
    x, y, length_m, coords = (
        _flat(pa, numbers, np.float64)
        for numbers in (roads.x, roads.y, roads.length_m, roads.coords)
    )
    point = pa.list_(pa.field("xy", pa.float64(), nullable=False), 2)
    nodes, node_columns = _arrays(pa, roads.node_columns)
    edges, edge_columns = _arrays(pa, roads.edge_columns)
    edges = [
        pa.DictionaryArray.from_arrays(u, ids),
        pa.DictionaryArray.from_arrays(v, ids),
        key,
        length_m,
        *edges,
        list_array(pa, roads.offsets, pa.FixedSizeListArray.from_arrays(coords, type=point)),
    ]
    if not roads.edge_count:
        edges = [_one_null(pa, array) for array in edges]
    layout = Layout(roads.edge_count, edge_columns, node_columns, dict(roads.meta))
    edge_names, node_names = _names(layout)
    table = pa.StructArray.from_arrays([ids, x, y, *nodes], names=node_names)
    first_row = np.full(max(roads.edge_count, 1) + 1, len(table), dtype=np.int64)
    first_row[0] = 0
    arrays = [*edges, list_array(pa, first_row, table)]
    fields = [
        pa.field(name, array.type, metadata=LINE if name == "geometry" else None)
        for name, array in zip(edge_names, arrays, strict=True)
    ]
    return layout, pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))


def _flat(pa: Any, numbers: NDArray[Any], dtype: type) -> Any:
    return pa.array(np.ascontiguousarray(numbers, dtype=dtype).ravel())


def _arrays(pa: Any, columns: Mapping[str, Column]) -> tuple[list[Any], list[tuple[str, Kind]]]:
    made = {name: to_arrow(pa, name, col) for name, col in columns.items()}
    return [array for array, _ in made.values()], [(name, kind) for name, (_, kind) in made.items()]


def _one_null(pa: Any, array: Any) -> Any:
    if pa.types.is_dictionary(array.type):  # which holds the node ids
        return pa.DictionaryArray.from_arrays(pa.nulls(1, pa.int32()), array.dictionary)
    return pa.nulls(1, array.type)


def parse_layout(text: bytes) -> Layout:
    """Return the layout that a file tells; raise if it is not one."""
    layout = Layout(**json.loads(text))
    whole = isinstance(layout.edges, int) and layout.edges >= 0 and isinstance(layout.meta, dict)
    for columns in (layout.edge_columns, layout.node_columns):
        whole = whole and isinstance(columns, list)
        for name, kind in columns if whole else ():
            whole = whole and isinstance(name, str) and isinstance(kind, str | int)
    if not whole:
        raise ValueError("its layout is not whole")
    return layout


def _names(layout: Layout) -> tuple[list[str], list[str]]:
    """Return the names of a file's columns and of its node table's."""
    edges = [*EDGE, "geometry", "nodes"]
    edges[len(EDGE) : len(EDGE)] = _free([name for name, _ in layout.edge_columns], edges)
    return edges, [*NODE, *_free([name for name, _ in layout.node_columns], NODE)]


def _free(names: Iterable[str], taken: Iterable[str]) -> list[str]:
    """Return names, with a line behind those that would stand twice to some tool."""
    known, free = set(taken), []
    for name in names:
        while name.lower() in known:
            name += "_"
        known.add(name.lower())
        free.append(name)
    return free


def split(batch: Any, layout: Layout) -> tuple[list[Any], list[Any]]:
    """Return the arrays of edges and of nodes; raise if they are not those of the layout."""
    edge_names, node_names = _names(layout)
    if batch.schema.names != edge_names or batch.num_rows != max(layout.edges, 1):
        raise ValueError("its columns are not those of its layout")
    *edges, nodes = (
        getattr(array, "storage", array)  # where GeoArrow's own types are registered
        for array in batch.columns
    )
    if not layout.edges:
        edges = [array.slice(0, 0) for array in edges]
    table = require(nodes, "List").values
    if [field.name for field in require(table, "Struct").type] != node_names:
        raise ValueError("its node table has not the columns of its layout")
    if table.null_count or offsets_of(nodes)[1] != len(table):
        raise ValueError("its node table does not stand whole in the first row")
    return edges, [table.field(place) for place in range(len(node_names))]


def from_table(layout: Layout, edges: list[Any], nodes: list[Any]) -> Roads:
    """Build the network; raise where its parts do not fit together."""
    u, v, key, length_m, *more, lines = edges
    ids = nodes[0]
    for end in (require(u, "Dictionary"), require(v, "Dictionary")):
        if end.null_count or not end.dictionary.equals(ids):
            raise ValueError("an edge has no node at an end, or the nodes are not the same")
    offsets, points = offsets_of(lines), require(lines.values, "FixedSizeList")
    if ids.null_count or points.null_count or points.type.list_size != 2:
        raise ValueError("a node has no id, or a point of a line is none")
    coords = numbers_of(points.values, "<f8").reshape(-1, 2)
    x, y = numbers_of(nodes[1], "<f8"), numbers_of(nodes[2], "<f8")
    if not (_are_places(x, y) and (_within(coords, 90) or _are_places(*coords.T))):
        raise ValueError("a place has no longitude within ±180 and latitude within ±90")
    if layout.edges and (offsets[1:] - offsets[:-1]).min() < 2:
        raise ValueError("a line has not two points")
    if str(ids.type) not in ("int64", "string"):
        raise TypeError(f"node ids are {shown(ids.type)}, neither whole numbers nor text")
    roads = assembled(
        {
            "node_id": ids.to_numpy(zero_copy_only=False),
            "x": x,
            "y": y,
            "u": numbers_of(u.indices, "<i4"),
            "v": numbers_of(v.indices, "<i4"),
            "key": numbers_of(key, "<i4"),
            "length_m": numbers_of(length_m, "<f8"),
            "offsets": offsets,
            "coords": coords,
            "node_columns": _made(layout.node_columns, nodes[len(NODE) :]),
            "edge_columns": _made(layout.edge_columns, more),
            "meta": checked_meta(layout.meta),
        }
    )
    require_alike(roads)
    return roads


def _are_places(x: Floats, y: Floats) -> bool:
    return _within(x, 180) and _within(y, 90)


def _within(numbers: Floats, limit: float) -> bool:
    """Whether all lie within ± the limit; what is not a number does not."""
    return not numbers.size or bool(numbers.min() >= -limit and numbers.max() <= limit)


def _made(columns: Iterable[tuple[str, Kind]], arrays: Iterable[Any]) -> dict[str, Column]:
    return {
        name: from_arrow(array, kind) for (name, kind), array in zip(columns, arrays, strict=True)
    }
