"""Networks that other tools have built, as tables: GeoPackage, GeoParquet."""

from __future__ import annotations

import ast
import re
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from roxham.geo.columns import Coded
from roxham.geo.crs import require_wgs84
from roxham.geo.errors import DataError, shown
from roxham.geo.io.vector import VectorFile, open_vector, read_parquet
from roxham.geo.network.convert import require_ids, roads_from_frames
from roxham.geo.network.roads import Roads

from .network_types import RULES

__all__ = ["filter_modes", "read_tables"]


NULLS = frozenset({"", "nan", "None", "<NA>"})
"""What table writers leave for null in a column of text."""


def read_tables(path: Path, name: str) -> Roads:
    """Read node and edge tables.

    Parameters
    ----------
    path
        A GeoPackage with layers ``edges`` and ``nodes``; or a GeoParquet file of
        edges with columns ``u`` and ``v``, beside which ``nodes.parquet`` (or the
        same name with ``nodes`` for ``edges``) is used if it is there; or a folder
        with both. Without nodes they are made of the edges' ends.
    name
        What to call it in messages.

    Raises
    ------
    DataError
        If a table is missing or damaged, or the two do not fit together.
    """
    if path.is_dir():
        path = path / "edges.parquet"
        if not path.is_file():
            raise DataError(f"{name}: is a folder without edges.parquet.")
    file = open_vector(path, name, ("GeoPackage", "GeoParquet"))
    nodes, edges = _parquet(path, name) if file.kind == "GeoParquet" else _geopackage(file)
    require_wgs84(edges, f"{name}: edges")
    edges = _restored(edges)
    require_ids(edges, ("u", "v", "key", "from", "to"), f"{name}: edges")
    edges = _both_ways(edges)
    if nodes is None:
        nodes = _ends(edges, name)
    elif "osmid" in nodes.columns:
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


def _geopackage(file: VectorFile) -> tuple[gpd.GeoDataFrame | None, gpd.GeoDataFrame]:
    if "edges" not in file.layers:
        raise DataError(
            f"{file.name}: has no layer edges, only {shown(', '.join(sorted(file.layers)))}. "
            "Save it with osmnx.save_graph_geopackage, or name the layer of edges so."
        )
    nodes = _located(file.read("nodes"), f"{file.name}: nodes") if "nodes" in file.layers else None
    return nodes, _located(file.read("edges"), f"{file.name}: edges")


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
    if whole and text.isdecimal():
        return int(text)
    if text.startswith("[") and text.endswith("]"):
        try:
            return ast.literal_eval(text)
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            return text  # a name in brackets
    return text


def _both_ways(edges: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return directed edges: streets open both ways that stand once are turned round, too.

    Tables of OSMnx that are not directed have one row a street, its direction in
    ``from`` and ``to``; others may have one row a street without these.
    """
    edges = edges.reset_index() if {"u", "v"} & set(edges.index.names) else edges
    if not {"u", "v"} <= set(edges.columns) or "oneway" not in edges.columns:
        return edges
    undirected = {"from", "to"} <= set(edges.columns)
    if undirected:
        edges = edges.assign(u=edges["from"], v=edges["to"]).drop(columns=["from", "to"])
    two_way = edges["oneway"].map(lambda value: value in (False, 0, "no"), na_action="ignore")
    two_way = np.array(two_way.fillna(False), dtype=bool)
    if not undirected:
        lengths = shapely.length(np.asarray(edges.geometry.array)).round(7)
        there = pd.MultiIndex.from_arrays([edges["u"], edges["v"], lengths])
        two_way &= ~pd.MultiIndex.from_arrays([edges["v"], edges["u"], lengths]).isin(there)
    if not two_way.any():
        return edges
    back = edges[two_way]
    back = back.assign(u=back["v"], v=back["u"])
    back[back.active_geometry_name] = shapely.reverse(np.asarray(back.geometry.array))
    if "reversed" in back.columns:
        flip = [not value if isinstance(value, bool) else value for value in back["reversed"]]
        back["reversed"] = pd.Series(flip, index=back.index, dtype=edges["reversed"].dtype)
    both = gpd.GeoDataFrame(pd.concat([edges, back], ignore_index=True), crs=edges.crs)
    return both.assign(key=both.groupby(["u", "v"]).cumcount())


def _ends(edges: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """Return nodes made of the edges' ends."""
    if not {"u", "v"} <= set(edges.columns):
        raise DataError(f"{name}: its edges have no columns u and v.")
    lines = np.asarray(edges.geometry.array, dtype=object)
    ids = pd.concat([edges["u"], edges["v"]], ignore_index=True)
    points = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    nodes = gpd.GeoDataFrame({"osmid": ids}, geometry=points, crs=edges.crs)
    return nodes.drop_duplicates("osmid").set_index("osmid")
