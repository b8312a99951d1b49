"""Networks from and to node and edge frames and OSMnx graphs; nothing is lost on the way."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping
from numbers import Number
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from roxham.geo._types import Floats, Ints
from roxham.geo.arguments import found
from roxham.geo.columns import Coded, Column, column, decode
from roxham.geo.crs import WGS84, is_from_file, require_wgs84
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.geometry.distance import line_lengths_m

from .parts import NAMED
from .roads import Roads

if TYPE_CHECKING:
    import networkx as nx

__all__ = [
    "TYPES",
    "nodes_of_ends",
    "require_ids",
    "roads_from_frames",
    "roads_from_networkx",
    "roads_to_networkx",
]

TYPES = "roxham"
"""Graph attribute that says, in JSON, the types of columns: a file of OSMnx's knows only text."""

END_TOLERANCE = 1e-4
"""Degrees (some 10 m) by which a line may miss its end nodes."""

LISTED = 20
"""How many faults of one kind a message lists."""


def roads_from_frames(
    nodes: gpd.GeoDataFrame, edges: gpd.GeoDataFrame, *, name: str = "network"
) -> Roads:
    """Build a network from node and edge frames in OSMnx's convention.

    Parameters
    ----------
    nodes
        EPSG:4326, unique index of integer or text ids; columns ``x``, ``y`` or
        point geometries, and any others.
    edges
        EPSG:4326, unique index (or columns) ``u, v, key``; line geometries from
        ``u`` to ``v`` (null means straight); ``length_m`` or ``length`` in metres
        is kept where it stands and computed on the sphere where it does not.
    name
        What the frames are called in messages.

    Raises
    ------
    DataError
        With every fault at once: no CRS or another one, missing columns,
        duplicate ids, edges to unknown nodes, coordinates that are null or out
        of range, lines that are not between their nodes.

    Examples
    --------
    >>> nodes = gpd.GeoDataFrame(index=[1, 2], geometry=gpd.points_from_xy([0, 1], [0, 0]),
    ...                          crs="EPSG:4326")
    >>> index = pd.MultiIndex.from_tuples([(1, 2, 0)], names=["u", "v", "key"])
    >>> edges = gpd.GeoDataFrame({"name": ["Main"]}, index=index, geometry=[None],
    ...                          crs="EPSG:4326")
    >>> roads_from_frames(nodes, edges)
    <Roads: 2 nodes, 1 edges, 111 km>
    """
    require_wgs84(nodes, f"{name}: nodes")
    require_wgs84(edges, f"{name}: edges")
    node_id = _ids(nodes.index, name)
    x, y = _positions(nodes, name)
    if not set(edges.index.names) >= {"u", "v"}:
        missing = [c for c in ("u", "v") if c not in edges.columns]
        if missing:
            raise DataError(f"{name}: edges have no {' and no '.join(missing)}.")
        require_ids(edges, ("u", "v", "key"), f"{name}: edges")
        edges = edges.set_index([c for c in ("u", "v", "key") if c in edges.columns])
    index = edges.index
    ends_of = {side: index.get_level_values(side) for side in ("u", "v")}
    if "key" in index.names:
        key = _keys(index.get_level_values("key").to_series(), name)
    else:
        key = edges.groupby(level=["u", "v"]).cumcount().to_numpy().astype(np.int32)
    lookup = pd.Index(node_id)
    u, v = (lookup.get_indexer(pd.Index(ends_of[side])) for side in ("u", "v"))
    faults = _edge_faults(name, u, v, key, ends_of)
    faults += _coordinate_faults(name, node_id, x, y)
    if faults:
        raise DataError(faults)
    coords, offsets = _lines(edges, x, y, u, v, name)
    lengths = line_lengths_m(coords, offsets)
    for length in ("length", "length_m"):
        if length in edges.columns:
            given = _numbers(edges[length], name)
            if (given < 0).any() or np.isinf(given).any():
                raise DataError(Fault(name, "a length is below 0 or infinite.", column=length))
            lengths = np.where(np.isnan(given), lengths, given)
    left_out = {edges.active_geometry_name, "length", "length_m"}
    node_left_out = {nodes.active_geometry_name, "x", "y"}
    return Roads(
        node_id=node_id,
        x=x,
        y=y,
        u=u.astype(np.int32),
        v=v.astype(np.int32),
        key=key.astype(np.int32),
        length_m=lengths,
        offsets=offsets,
        coords=coords,
        node_columns={str(c): column(nodes[c]) for c in nodes if c not in node_left_out},
        edge_columns={str(c): _edge_column(edges[c]) for c in edges if c not in left_out},
    )


def _edge_column(values: pd.Series[Any]) -> Column:
    """Return a column; what calls a road something is words, also where all of it are numbers."""
    col = column(values)
    if values.name in NAMED and isinstance(col, np.ndarray) and col.dtype.kind == "f":
        return Coded.of(None if np.isnan(v) else f"{v:.15g}" for v in col.tolist())
    return col


def nodes_of_ends(edges: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """Return nodes made of the edges' ends, each where most of its edges have it.

    Parameters
    ----------
    edges
        EPSG:4326, columns ``u, v`` and lines.
    name
        What the network is called in messages.

    Raises
    ------
    DataError
        If there are no columns ``u`` and ``v``, or no id in one of them.
    """
    if not {"u", "v"} <= set(edges.columns):
        raise DataError(f"{name}: its edges have no columns u and v.")
    lines = np.asarray(edges.geometry.array, dtype=object)
    ids = pd.concat([edges["u"], edges["v"]], ignore_index=True)
    if ids.isna().any():
        raise DataError(f"{name}: {int(ids.isna().sum())} ends of its edges have no id in u or v.")
    points = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    nodes = gpd.GeoDataFrame({"osmid": ids}, geometry=points, crs=edges.crs)
    # of a line that is drawn the other way round the ends are exchanged: most lines count
    place = shapely.to_wkb(shapely.set_precision(points, 1e-6))
    times = nodes.groupby(["osmid", place])["osmid"].transform("size")
    # of as many the first by place, whatever the order of the edges
    order = pd.DataFrame({"fewer": -times, "x": shapely.get_x(points), "y": shapely.get_y(points)})
    most = nodes.loc[order.sort_values(["fewer", "x", "y"], kind="stable").index]
    return most.drop_duplicates("osmid").set_index("osmid").loc[ids.drop_duplicates()]


def roads_to_networkx(roads: Roads) -> nx.MultiDiGraph[Any]:
    """Return the network as an OSMnx graph: attributes that are null are left out.

    As in OSMnx, ``length`` is in metres and an edge has a ``geometry`` where its
    line is not the straight one between its nodes. The graph's attribute ``roxham`` says the
    types of columns, so that a file which ``osmnx.save_graphml`` makes of it has them again
    when :func:`~roxham.geo.read_roads` opens it.
    """
    import networkx as nx

    told = {"nodes": _types(roads.node_columns), "edges": _types(roads.edge_columns)}
    about = {"crs": WGS84, **dict(roads.meta), TYPES: json.dumps(told)}
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(**about)
    ids = roads.node_id.tolist()
    nodes = {"x": roads.x, "y": roads.y, **roads.node_columns}
    graph.add_nodes_from(zip(ids, _records(nodes, len(ids)), strict=True))
    columns: dict[str, Column] = {**roads.edge_columns, "length": roads.length_m}
    drawn = np.asarray(columns.pop("drawn", np.diff(roads.offsets) > 2), dtype=bool)
    if drawn.any():  # else OSMnx before 2.1.1 projects nodes alone, and leaves lines in degrees
        graph.graph.setdefault("simplified", True)
    u, v, key = roads.u.tolist(), roads.v.tolist(), roads.key.tolist()
    for place, record in enumerate(_records(columns, roads.edge_count)):
        if drawn[place]:
            record["geometry"] = roads.lines[place]
        graph.add_edge(ids[u[place]], ids[v[place]], key=key[place])
        graph.edges[ids[u[place]], ids[v[place]], key[place]].update(record)
    return graph


def roads_from_networkx(graph: nx.MultiDiGraph[Any]) -> Roads:
    """Build a network from an OSMnx graph.

    Node, edge and graph attributes are kept, values that are lists too; see
    :func:`roads_from_frames` for what is checked.

    Raises
    ------
    DataError
        If it is no graph, is empty, is not directed, has no or another CRS, or nodes without
        ``x``, ``y``.
    """
    if not hasattr(graph, "is_multigraph"):
        raise DataError(Fault("graph", f"is {found(graph)}.", "Give a MultiDiGraph of OSMnx."))
    if not (graph.is_directed() and graph.is_multigraph()):
        told = "its edges have no direction." if graph.is_multigraph() else "is no multigraph."
        raise DataError(Fault("graph", told, "Give networkx.MultiDiGraph(graph), as OSMnx does."))
    crs = graph.graph.get("crs")
    try:
        sound = crs is not None and not is_from_file(str(crs))
        known = sound and CRS.from_user_input(crs).equals(CRS(WGS84), ignore_axis_order=True)
    except CRSError:
        known = False
    if not known:
        raise DataError(f"graph: its crs is {shown(crs)}, expected {WGS84}. Unproject it first.")
    lost = [n for n, data in graph.nodes(data=True) if "x" not in data or "y" not in data]
    if lost:
        raise DataError(f"graph: {len(lost)} nodes have no x and y, the first is {shown(lost[0])}.")
    node_index = pd.Index(list(graph.nodes), tupleize_cols=False)
    table = _frame([data for _, data in graph.nodes(data=True)], node_index)
    points = gpd.points_from_xy(*(table[["x", "y"]].to_numpy().T if len(table) else ((), ())))
    nodes = gpd.GeoDataFrame(table, geometry=points, crs=WGS84)
    records = [data for *_, data in graph.edges(keys=True, data=True)]
    triples = list(graph.edges(keys=True))
    index = (
        pd.MultiIndex.from_tuples(triples, names=["u", "v", "key"])
        if triples
        else (pd.MultiIndex.from_arrays([[], [], []], names=["u", "v", "key"]))
    )
    geometry: list[Any] = [data.get("geometry") for data in records]
    odd = [g for g in geometry if not (g is None or isinstance(g, shapely.Geometry) or g is pd.NA)]
    if any(not (isinstance(g, float) and np.isnan(g)) for g in odd):
        raise DataError(Fault("graph", f"{shown(odd[0])} is no line.", column="geometry"))
    attributes = _frame([{k: d for k, d in r.items() if k != "geometry"} for r in records], index)
    edges = gpd.GeoDataFrame(attributes, geometry=geometry, crs=WGS84)
    roads = roads_from_frames(nodes, edges, name="graph")
    drawn = np.array([line is not None for line in geometry], dtype=bool)
    extra: dict[str, Column] = {}
    if (drawn != (np.diff(roads.offsets) > 2)).any():
        extra["drawn"] = drawn
    meta = {str(k): value for k, value in graph.graph.items() if k not in ("crs", TYPES)}
    return roads.with_columns(edges=extra, meta=meta)


def _types(columns: Mapping[str, Column]) -> dict[str, str]:
    """Return the NumPy or Python types of columns that are neither text nor mixed, lists or not."""
    types: dict[str, str] = {}
    for name, col in columns.items():
        if isinstance(col, np.ndarray) and col.dtype.kind in "biuf":
            types[name] = str(col.dtype.newbyteorder("=").str)
        elif isinstance(col, Coded):
            cells = (value if isinstance(value, list) else [value] for value in col.values)
            kinds = {type(value).__name__ for cell in cells for value in cell}
            if len(kinds) == 1 and kinds <= {"float", "int", "bool"}:
                types[name] = kinds.pop()
    return types


def _frame(records: list[dict[str, Any]], index: pd.Index[Any]) -> pd.DataFrame:
    """Return records as a frame whose values are what they were: no int turns float."""
    names = list(dict.fromkeys(name for record in records for name in record))
    columns: dict[str, pd.Series[Any]] = {}
    for name in names:
        values = [record.get(name) for record in records]
        kinds = {type(value) for value in values}
        plain = kinds <= {float} or kinds <= {int} or kinds <= {bool}
        columns[name] = pd.Series(values, index=index, dtype=None if plain else object)
    return pd.DataFrame(columns, index=index)


def _records(columns: Mapping[str, Column], count: int) -> Iterable[dict[str, Any]]:
    """Yield one dictionary a row, nulls left out."""
    names = list(columns)
    decoded = [decode(col).tolist() for col in columns.values()]
    rows = zip(*decoded, strict=True) if decoded else ((),) * count
    for row in rows:
        yield {
            name: value
            for name, value in zip(names, row, strict=True)
            if value is not None and value == value
        }


def _ids(index: pd.Index[Any], name: str) -> NDArray[Any]:
    """Return node ids as int64 or text, or raise."""
    if not index.is_unique:
        twice = index[index.duplicated()]
        raise DataError(f"{name}: {len(twice)} node ids stand twice: {shown(twice[0])} is one.")
    if pd.api.types.is_signed_integer_dtype(index.dtype) and not index.hasnans:
        return index.to_numpy(dtype=np.int64)
    values = index.tolist()
    if all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        large = [value for value in values if not -(2**63) <= value < 2**63]
        if large:
            raise DataError(f"{name}: node ids must fit 64 bits; {shown(large[0])} does not.")
        return np.array(values, dtype=np.int64)
    if not all(isinstance(value, str) for value in values):
        raise DataError(f"{name}: node ids must be all integers or all text.")
    return np.array(values, dtype=object)


def _positions(nodes: gpd.GeoDataFrame, name: str) -> tuple[Floats, Floats]:
    """Return longitudes and latitudes from columns x and y, else from the points."""
    if {"x", "y"} <= set(nodes.columns):
        return _numbers(nodes["x"], name), _numbers(nodes["y"], name)
    points = nodes.geometry
    if len(points) and not (points.geom_type == "Point").all():
        raise DataError(f"{name}: nodes have no x and y, and their geometries are not all points.")
    return np.asarray(points.x, dtype=float), np.asarray(points.y, dtype=float)


def require_ids(frame: pd.DataFrame, columns: Iterable[str], name: str) -> None:
    """Raise if a column of ids holds anything but numbers and texts, or is not there once."""
    faults = []
    for column_name in set(columns) & set(frame.columns):
        values = frame[column_name]
        if isinstance(values, pd.DataFrame):
            faults.append(Fault(name, "two columns have this name.", column=column_name))
        elif (odd := _no_id(values)) is not None:
            faults.append(Fault(name, f"{odd} stands where an id should.", column=column_name))
    if faults:
        raise DataError(faults)


def _no_id(values: pd.Series[Any]) -> str | None:
    """Return what the first value is that can be no id: ids are compared with one another."""
    if pd.api.types.is_numeric_dtype(values.dtype) or isinstance(values.dtype, pd.StringDtype):
        return None
    for value in values.tolist():
        if not isinstance(value, Hashable):
            return "a list"
        null = any(value is one for one in (None, pd.NA, pd.NaT))
        if not (null or isinstance(value, str | Number)):
            return "what is neither a number nor a text"
    return None


def _numbers(values: pd.Series[Any], name: str) -> Floats:
    """Return a column as numbers, null as NaN; raise if a value is none."""
    if isinstance(values, pd.DataFrame):
        raise DataError(Fault(name, f"two columns are called {shown(values.columns[0])}."))
    if pd.api.types.is_numeric_dtype(values.dtype):
        return values.to_numpy(dtype=float, na_value=np.nan)
    out = np.full(len(values), np.nan)
    for row, value in enumerate(values.tolist()):
        if value is None or value is pd.NA:
            continue
        try:
            out[row] = float(value)
        except (TypeError, ValueError, OverflowError):
            problem = f"{shown(value)} is no number."
            raise DataError(Fault(name, problem, column=str(values.name))) from None
    return out


def _keys(values: pd.Series[Any], name: str) -> NDArray[np.int32]:
    """Return what tells edges between the same nodes apart; raise if one is no whole number."""
    found = _numbers(values, name)
    with np.errstate(invalid="ignore"):
        if not ((np.abs(found) < 2**31) & (found % 1 == 0)).all():
            raise DataError(Fault(name, "a key is null or no whole number.", column="key"))
    return found.astype(np.int32)


def _coordinate_faults(name: str, ids: NDArray[Any], x: Floats, y: Floats) -> list[Fault]:
    wrong = ~((np.abs(x) <= 180) & (np.abs(y) <= 90))
    return [
        Fault(name, f"node {shown(ids[i])} is at lon {x[i]}, lat {y[i]}.", column="x, y")
        for i in np.flatnonzero(wrong)[:LISTED]
    ]


def _edge_faults(
    name: str,
    u: NDArray[Any],
    v: NDArray[Any],
    key: NDArray[Any],
    ends_of: Mapping[str, pd.Index[Any]],
) -> list[Fault]:
    faults = [
        Fault(
            name,
            f"{int((place < 0).sum())} edges have a {side} that is not a node: "
            f"{shown(ends_of[side][int(np.argmin(place))])} is one.",
            column=side,
        )
        for side, place in (("u", u), ("v", v))
        if (place < 0).any()
    ]
    twice = pd.MultiIndex.from_arrays([ends_of["u"], ends_of["v"], key]).duplicated()
    if twice.any():
        faults.append(Fault(name, f"{int(twice.sum())} edges have the u, v, key of another."))
    return faults


def _lines(
    edges: gpd.GeoDataFrame,
    x: Floats,
    y: Floats,
    u: NDArray[Any],
    v: NDArray[Any],
    name: str,
) -> tuple[Floats, Ints]:
    """Return the edges' lines as coordinates and offsets; null lines are straight."""
    shapes = np.asarray(edges.geometry.array, dtype=object)
    straight = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    pairs = np.stack([np.column_stack([x[u], y[u]]), np.column_stack([x[v], y[v]])], axis=1)
    shapes = shapes.copy()
    if straight.any():
        shapes[straight] = shapely.linestrings(pairs[straight])
    faults: list[Fault] = []
    odd = shapely.get_type_id(shapes) != shapely.GeometryType.LINESTRING
    if odd.any():
        faults.append(Fault(name, f"{int(odd.sum())} edges are no lines.", column="geometry"))
        raise DataError(faults)
    if not len(shapes):
        return np.empty((0, 2)), np.zeros(1, dtype=np.int64)
    _, coords, (starts,) = shapely.to_ragged_array(shapes, include_z=False)
    offsets: Ints = starts.astype(np.int64)
    if not np.isfinite(coords).all():
        faults.append(Fault(name, "a line has a coordinate that is no number.", column="geometry"))
    if (np.abs(coords) > (180, 90)).any():
        faults.append(Fault(name, "a line leaves longitude ±180, latitude ±90.", column="geometry"))
    off = np.abs(coords[offsets[:-1]] - pairs[:, 0]).max(axis=1) > END_TOLERANCE
    off |= np.abs(coords[offsets[1:] - 1] - pairs[:, 1]).max(axis=1) > END_TOLERANCE
    if off.any():
        names = np.array([[shown(end) for end in label[:2]] for label in edges.index[off]])
        street = pd.DataFrame(np.sort(names, axis=1)).assign(line=shapely.normalize(shapes[off]))
        once = ~street.duplicated().to_numpy()  # both ways of one are one
        faults += _astray(name, names[once], shapes[off][once], pairs[off][once])
    if faults:
        raise DataError(faults)
    return coords, offsets


def _astray(
    name: str, ends: NDArray[Any], lines: NDArray[Any], places: NDArray[Any]
) -> list[Fault]:
    """Return how many lines miss their end nodes, and which, each with what is wrong with it."""
    faults = [Fault(name, f"{len(lines)} lines do not run from their u to their v.")]
    start, end = shapely.get_point(lines, 0), shapely.get_point(lines, -1)
    u, v = shapely.points(places[:, 0]), shapely.points(places[:, 1])
    turned = (shapely.distance(start, v) <= END_TOLERANCE) & (
        shapely.distance(end, u) <= END_TOLERANCE
    )
    inside = (shapely.distance(lines, u) <= END_TOLERANCE) & (
        shapely.distance(lines, v) <= END_TOLERANCE
    )
    for k in range(min(len(lines), LISTED)):
        a, b = ends[k]
        if turned[k]:
            found, remedy = f"runs from {b} to {a}.", "Turn it round."
        elif inside[k]:
            found = "passes both, but does not start at one and end at the other."
            remedy = "It may run back and forth: split it there, or draw it once, from u to v."
        else:
            found = "does not reach both."
            remedy = "Draw it from u to v, or name the nodes at its ends."
        faults.append(Fault(name, f"the line of {a} to {b} {found}", remedy, column="geometry"))
    if len(lines) > LISTED:
        faults.append(Fault(name, f"and {len(lines) - LISTED} more."))
    return faults
