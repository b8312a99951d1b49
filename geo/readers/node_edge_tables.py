"""Networks that other tools have built, as tables: GeoPackage, GeoParquet."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Hashable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import ProjError

from roxham.geo._types import AnyInts, Bools, Floats
from roxham.geo.columns import Coded
from roxham.geo.crs import WGS84, require_wgs84
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.io.declared_crs import require_stated_crs
from roxham.geo.io.vector import VectorFile, open_vector, read_parquet
from roxham.geo.network.convert import nodes_of_ends, require_ids, roads_from_frames
from roxham.geo.network.parts import ROAD_PARTS, turned_stretches
from roxham.geo.network.roads import Roads

from .network_types import RULES
from .simplify import BACKWARD, ONE_WAY

__all__ = ["filter_modes", "network_of", "read_tables"]


SAME_PLACE, TOUCHING = 1e-7, 1e-6
"""Degrees (a centimetre, ten) within which vertices are one, and lines are as good as touching."""

MOST_DIGITS = 4300
"""Of a whole number, that Python reads."""
NULLS = frozenset({"", "nan", "None", "<NA>"})
"""What table writers leave for null in a column of text."""


def read_tables(path: Path, name: str, *, directed: bool | None = None) -> Roads:
    """Read node and edge tables; those that state another system are converted to EPSG:4326.

    Parameters
    ----------
    path
        A GeoPackage with layers ``edges`` and ``nodes``, or of one layer; or a GeoParquet file of
        edges with columns ``u`` and ``v``, beside which ``nodes.parquet`` (or the
        same name with ``nodes`` for ``edges``) is used if it is there; or a folder
        with both. Without nodes they are made of the edges' ends. Plain lines, without ``u``
        and ``v`` too, are edges between the places where two of them have a vertex: they are
        cut there, and ``length_m`` is measured. Lines that cross without one do not meet.
    name
        What to call it in messages.
    directed
        Whether a row without ``oneway`` is one direction, or else a street open both ways.
        Without it the table decides: it is directed if some rows are others' way back.

    Raises
    ------
    DataError
        If a table is missing or damaged, or the two do not fit together; if rows have no
        ``oneway`` and nothing says whether the table is directed; or if a plain line ends on
        another that has no vertex there.
    """
    if path.is_dir():
        path = path / "edges.parquet"
        with suppress(PermissionError):  # which is told when it is opened
            if not path.is_file():
                raise DataError(f"{name}: is a folder without edges.parquet.")
    file = open_vector(path, name, ("GeoPackage", "GeoParquet"))
    nodes, edges = _parquet(path, name) if file.kind == "GeoParquet" else _geopackage(file)
    edges = _in_degrees(edges, path, f"{name}: edges")
    nodes = None if nodes is None else _in_degrees(nodes, path, f"{name}: nodes")
    return network_of(nodes, edges, name, directed=directed)


def network_of(
    nodes: gpd.GeoDataFrame | None,
    edges: gpd.GeoDataFrame,
    name: str,
    *,
    directed: bool | None = None,
) -> Roads:
    """Build a network of tables as other tools write them, both in EPSG:4326.

    As :func:`read_tables`, which reads them.
    """
    edges = _restored(edges)
    if nodes is None and not {"u", "v"} & {*edges.columns, *edges.index.names}:
        edges = _between_vertices(edges, name)
    require_ids(edges, ("u", "v", "key", "from", "to"), f"{name}: edges")
    edges = _both_ways(edges, directed, name)
    nodes = nodes_of_ends(edges, name) if nodes is None else nodes
    if "osmid" in nodes.columns:
        nodes = _restored(nodes)
        require_ids(nodes, ("osmid",), f"{name}: nodes")
        nodes = nodes.set_index("osmid")
    return roads_from_frames(_restored(nodes), edges, name=name)


def filter_modes(roads: Roads, modes: str, name: str) -> Roads:
    """Return the edges that belong to a network type, by what is known of their tags.

    An edge merged of several ways belongs where all of these do.

    Raises
    ------
    DataError
        If the edges have no column ``highway`` and a filter is asked for.
    """
    columns = roads.edge_columns
    if "highway" not in columns:
        if modes == "all":
            return roads
        raise DataError(
            f"{name}: its edges have no column highway, so they cannot be told apart by "
            f"network type. Ask for modes='all' if all of them are wanted."
        )
    keep = np.ones(roads.edge_count, dtype=bool)
    for tag, barred in RULES[modes]:
        col = columns.get(tag)
        if isinstance(col, Coded):
            keep &= ~col.where(partial(_holds, re.compile(barred)))
    return roads if keep.all() else roads.take_edges(keep)


def _holds(barred: re.Pattern[str], value: Any) -> bool:
    return any(map(barred.search, _texts(value)))


def _texts(value: Any) -> list[str]:
    return [str(item) for item in (value if isinstance(value, list) else [value])]


def _between_vertices(lines: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """Return plain lines as edges ``u, v``: cut at every vertex where lines end or meet."""
    measured = ["length", "length_m"]  # of the whole line, and nobody says in which unit
    lines = lines.drop(columns=measured, errors="ignore").explode(ignore_index=True)
    shapes = np.asarray(lines.geometry.array, dtype=object)
    odd = shapely.get_type_id(shapes) != shapely.GeometryType.LINESTRING
    odd |= shapely.is_empty(shapes)
    if odd.any():
        raise DataError(Fault(name, f"{int(odd.sum())} of its rows hold no line."))
    if not len(lines):
        return lines.assign(u=0, v=0)
    coords, line = shapely.get_coordinates(shapes, return_index=True)
    if not np.isfinite(coords).all():
        raise DataError(Fault(name, "a line has a coordinate that is no number."))
    _, vertex = np.unique((coords / SAME_PLACE).round(), axis=0, return_inverse=True)
    moves = np.append(True, (np.diff(line) != 0) | (np.diff(vertex) != 0))  # on from the last one
    coords, line, vertex = coords[moves], line[moves], vertex[moves]
    ends_line = np.append(True, np.diff(line) != 0) | np.append(np.diff(line) != 0, True)
    is_node = np.bincount(vertex) > 1
    is_node[vertex[ends_line]] = True
    cuts = np.flatnonzero(is_node[vertex])
    of_one = line[cuts[:-1]] == line[cuts[1:]]
    first, last = cuts[:-1][of_one], cuts[1:][of_one]
    size = last - first + 1
    within = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    piece = np.repeat(np.arange(len(size)), size)
    pieces = shapely.linestrings(coords[first[piece] + within], indices=piece)
    _require_joined(coords, vertex, pieces, vertex[first], vertex[last], ends_line, name)
    if without := len(lines) - len(np.unique(line[first])):
        raise DataError(Fault(name, f"{without} of its lines have no length.", "Leave them out."))
    edges = lines.take(line[first]).reset_index(drop=True).assign(u=vertex[first], v=vertex[last])
    edges[lines.active_geometry_name] = gpd.GeoSeries(pieces, crs=lines.crs)
    return edges


def _require_joined(
    coords: Floats,
    vertex: AnyInts,
    pieces: NDArray[Any],
    u: AnyInts,
    v: AnyInts,
    ends_line: Bools,
    name: str,
) -> None:
    """Raise if a line ends on the middle of another: nobody says whether they meet."""
    end, at = np.unique(vertex[ends_line], return_index=True)
    points = shapely.points(coords[ends_line][at])
    tree = shapely.STRtree(pieces)
    point, piece = tree.query(points, predicate="dwithin", distance=TOUCHING)
    apart = point[(u[piece] != end[point]) & (v[piece] != end[point])]
    if len(apart):
        found = f"{len(set(apart.tolist()))} ends of its lines lie on another that has no vertex"
        remedy = "Give it one (QGIS: Snap geometries to layer), or part the two."
        raise DataError(Fault(name, f"{found} there: whether they meet is not known.", remedy))


def _geopackage(file: VectorFile) -> tuple[gpd.GeoDataFrame | None, gpd.GeoDataFrame]:
    if not file.layers:
        raise DataError(Fault(file.name, "has no layers.", "Save it again."))
    if "edges" not in file.layers and len(file.layers) > 1:
        raise DataError(
            f"{file.name}: has no layer edges, only {shown(', '.join(sorted(file.layers)))}. "
            "Save it with osmnx.save_graph_geopackage, or name the layer of edges so."
        )
    edges = "edges" if "edges" in file.layers else next(iter(file.layers))
    nodes = _located(file.read("nodes"), f"{file.name}: nodes") if "nodes" in file.layers else None
    return nodes, _located(file.read(edges), f"{file.name}: edges")


def _parquet(path: Path, name: str) -> tuple[gpd.GeoDataFrame | None, gpd.GeoDataFrame]:
    edges = _located(read_parquet(path, name), f"{name}: edges")
    beside = [path.with_name(path.name.replace("edges", "nodes")), path.with_name("nodes.parquet")]
    found = next((other for other in beside if other != path and other.is_file()), None)
    if found is None:
        return None, edges
    nodes = open_vector(found, str(found), ("GeoParquet",)).read()
    return _located(nodes, str(found)), edges


def _located(frame: pd.DataFrame, name: str) -> gpd.GeoDataFrame:
    """Return a table that has geometries; raise if it has none."""
    if isinstance(frame, gpd.GeoDataFrame):
        return frame
    raise DataError(f"{name}: its table has no geometries. Save it as GeoPackage or GeoParquet.")


def _restored(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a frame whose texts are values again: lists, booleans, whole-number ids, nulls."""
    frame = frame.copy()
    for name in frame.columns:
        series = frame[name]
        if name == frame.active_geometry_name or not _is_text(series.dtype):
            continue
        known: dict[Any, Any] = {}
        values = series.tolist()
        for value in values:
            if isinstance(value, str) and value not in known:
                known[value] = _value(value, whole=name == "osmid")
        new = [known[v] if isinstance(v, str) else v for v in values]
        frame[name] = pd.Series(new, index=frame.index, dtype=object)
    return frame


def _is_text(dtype: Any) -> bool:
    return bool(pd.api.types.is_string_dtype(dtype) or pd.api.types.is_object_dtype(dtype))


def _value(text: str, *, whole: bool) -> Any:
    if text in NULLS:
        return None
    if text in ("True", "False"):
        return text == "True"
    if whole and text.isdecimal() and len(text) <= MOST_DIGITS:
        return int(text)
    if text.startswith("[") and text.endswith("]"):
        try:
            values = ast.literal_eval(text)
            json.dumps(values)
        except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
            return text  # a name in brackets; or of bytes, which no file of ours can hold
        return values
    return text


def _in_degrees(frame: gpd.GeoDataFrame, path: Path, name: str) -> gpd.GeoDataFrame:
    """Return a table in EPSG:4326, converted from the system that it states to be in."""
    require_stated_crs(frame, path, name)
    if frame.crs is not None and not frame.crs.equals(CRS(WGS84), ignore_axis_order=True):
        try:
            frame = frame.to_crs(WGS84)
        except ProjError:
            found = f"is in a system that cannot be converted to {WGS84}."
            raise DataError(Fault(name, found, "Save it in that.")) from None
        frame = frame.drop(columns=["x", "y"], errors="ignore")  # they were of that system
    return require_wgs84(frame, name)


def _both_ways(edges: gpd.GeoDataFrame, directed: bool | None, name: str) -> gpd.GeoDataFrame:
    """Return directed edges: streets open both ways that stand once are turned round, too.

    Tables of OSMnx that are not directed have one row a street, its direction in
    ``from`` and ``to``; others may have one row a street without these.
    """
    edges = edges.reset_index() if {"u", "v"} & set(edges.index.names) else edges
    if not {"u", "v"} <= set(edges.columns):
        return edges
    undirected = {"from", "to"} <= set(edges.columns)
    if undirected:
        edges = edges.assign(u=edges["from"], v=edges["to"]).drop(columns=["from", "to"])
    one_way, backward, unsaid = _directions(edges)
    edges = _turned(edges, backward)
    twin = np.zeros(len(edges), dtype=bool) if undirected else _twins(edges)
    if unsaid.any():
        if directed is None and not twin.any():
            raise DataError(_undecided(edges, unsaid, name))
        one_way = one_way | (unsaid & (twin.any() if directed is None else directed))
    two_way = ~one_way & ~twin
    if not two_way.any():
        return edges
    both = pd.concat([edges, _turned(edges[two_way], np.ones(two_way.sum(), dtype=bool))])
    both = gpd.GeoDataFrame(both.reset_index(drop=True), geometry=edges.active_geometry_name)
    return both.assign(key=both.groupby(["u", "v"]).cumcount())


def _directions(edges: gpd.GeoDataFrame) -> tuple[Bools, Bools, Bools]:
    """Return which rows are one-way, which of these against their line, and which do not say."""
    if "oneway" not in edges.columns:
        none = np.zeros(len(edges), dtype=bool)
        return none, none, ~none
    values = [v.tolist() if isinstance(v, np.ndarray) else v for v in edges["oneway"]]
    unsaid = np.array([v is None or v is pd.NA or v != v for v in values], dtype=bool)
    # a list is of an edge merged of several ways: only directed networks have them
    one_way = [not isinstance(v, Hashable) or v in (True, 1) or v in ONE_WAY for v in values]
    backward = [isinstance(v, str) and v in BACKWARD for v in values]
    return np.array(one_way, dtype=bool) & ~unsaid, np.array(backward, dtype=bool), unsaid


def _twins(edges: gpd.GeoDataFrame) -> Bools:
    """Return which rows are the way back of another."""
    lengths = shapely.length(np.asarray(edges.geometry.array)).round(7)
    there = pd.MultiIndex.from_arrays([edges["u"], edges["v"], lengths])
    back = pd.MultiIndex.from_arrays([edges["v"], edges["u"], lengths])
    # a loop is no way back of itself
    return np.asarray(back.isin(there) & (edges["u"] != edges["v"]).to_numpy(), dtype=bool)


def _undecided(edges: gpd.GeoDataFrame, unsaid: Bools, name: str) -> Fault:
    what = (
        "has no column oneway"
        if "oneway" not in edges.columns
        else f"has {int(unsaid.sum())} rows without oneway"
    )
    return Fault(
        f"{name}: edges",
        f"{what}, and no row is the way back of another: whether its streets are open both ways "
        "is not known.",
        "Add oneway (no or yes), or say it: --undirected or --directed of roxham roads, "
        "directed=False or True of read_roads().",
    )


def _turned(edges: gpd.GeoDataFrame, rows: Bools) -> gpd.GeoDataFrame:
    """Return edges, some of them turned round."""
    if not rows.any():
        return edges
    edges = edges.copy()
    edges["u"], edges["v"] = (edges[a].where(~rows, edges[b]) for a, b in (("u", "v"), ("v", "u")))
    lines = np.asarray(edges.geometry.array).copy()
    lines[rows] = shapely.reverse(lines[rows])
    edges[edges.active_geometry_name] = gpd.GeoSeries(lines, index=edges.index, crs=edges.crs)
    if ROAD_PARTS in edges.columns:
        long = next((name for name in ("length_m", "length") if name in edges.columns), None)
        cells = edges[ROAD_PARTS].astype(object).to_numpy(copy=True)
        # without its length it is not known where parts of a road begin from its other end
        cells[rows] = None if long is None else turned_stretches(cells[rows], edges[long][rows])
        edges[ROAD_PARTS] = pd.Series(cells, index=edges.index, dtype=object)
    if "reversed" in edges.columns:
        flip = [
            not value if turn and isinstance(value, bool) else value
            for turn, value in zip(rows, edges["reversed"], strict=True)
        ]
        edges["reversed"] = pd.Series(flip, index=edges.index, dtype=edges["reversed"].dtype)
    return edges
