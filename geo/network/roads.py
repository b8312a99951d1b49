"""A road network as columns, with frames and graphs made when asked.

Nodes and directed edges follow OSMnx's convention, so that everything written
for its frames and graphs works on these too.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from roxham.geo._types import Bools, Floats, Ints, Objects
from roxham.geo.arguments import checked, require_fields, require_length
from roxham.geo.columns import Column, Ragged, decode, runs, take
from roxham.geo.crs import WGS84
from roxham.geo.errors import DataError, Fault, nearest, shown
from roxham.geo.summary import Summarised, Summary

from .graph import Routable, lightest

if TYPE_CHECKING:
    import networkx as nx

    from .stats import Report

__all__ = [
    "Roads",
    "assembled",
    "bounds_over",
    "over_antimeridian",
    "require_alike",
    "require_numbers",
    "require_plain",
    "with_meta",
]

Positions = NDArray[np.int32]


EDGES_FIRST = ("osmid", "highway", "name", "ref", "oneway", "reversed")
"""Edge columns that come first in the frame, in OSMnx's order."""


@contextmanager
def _not_collecting() -> Iterator[None]:
    """Make many shapes without Python looking for rings among them: it takes four fifths of it."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@dataclass(frozen=True, eq=False, repr=False)
class Roads(Summarised):
    """A directed road network in columns, EPSG:4326, longitude first.

    Build it with :func:`read_roads`, :meth:`from_frames` or :meth:`from_networkx`.
    Arrays are never changed in place; every method returns a new network.

    Attributes
    ----------
    node_id
        OSM ids (int64), or any text ids (object array of str).
    x, y
        Longitude and latitude of each node, degrees.
    u, v
        Positions, in the node arrays, of each directed edge's ends (int32).
    key
        Tells parallel edges apart, from 0 (int32).
    length_m
        Great-circle length along each edge's line, metres, as OSMnx counts it.
    offsets, coords
        Line of edge i: ``coords[offsets[i]:offsets[i + 1]]``, shape ``(n, 2)``,
        from ``u`` to ``v``. At least two points.
    node_columns, edge_columns
        Further attributes by name, one row a node or edge: a NumPy array,
        :class:`~roxham.geo.columns.Coded` or :class:`~roxham.geo.columns.Ragged`.
    meta
        Attributes of the whole network that JSON can hold: where it is from,
        what was set aside on reading, graph attributes of OSMnx.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph([(1, 2)], crs="EPSG:4326")
    >>> graph.nodes[1].update(x=0.0, y=45.0)
    >>> graph.nodes[2].update(x=0.0, y=45.01)
    >>> roads = Roads.from_networkx(graph)
    >>> roads.edge_count, roads.length_m.round().tolist(), roads.edges.crs.to_string()
    (1, [1112.0], 'EPSG:4326')
    """

    node_id: NDArray[Any]
    x: Floats
    y: Floats
    u: Positions
    v: Positions
    key: Positions
    length_m: Floats
    offsets: Ints
    coords: Floats
    node_columns: Mapping[str, Column] = field(default_factory=dict)
    edge_columns: Mapping[str, Column] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_fields(self)
        require_alike(self)

    def __repr__(self) -> str:
        km = self.length_m.sum() / 1000
        return f"<Roads: {self.node_count:,} nodes, {self.edge_count:,} edges, {km:,.0f} km>"

    def _summary(self) -> Summary:
        lines = [
            ("nodes", f"{self.node_count:,}"),
            ("edges, directed", f"{self.edge_count:,}"),
            ("length of edges", f"{self.length_m.sum() / 1000:,.1f} km"),
            ("edge columns", ", ".join(self.edge_columns)),
        ]
        return "Roads, schematic" if self.schematic else "Roads", lines

    @property
    def node_count(self) -> int:
        """Number of nodes."""
        return len(self.node_id)

    @property
    def edge_count(self) -> int:
        """Number of directed edges."""
        return len(self.u)

    @property
    def schematic(self) -> bool:
        """Whether the lines are links between junctions rather than courses of roads."""
        return bool(self.meta.get("schematic", False))

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """``(west, south, east, north)`` of nodes and lines, degrees."""
        points = np.concatenate([np.column_stack([self.x, self.y]), self.coords])
        if not len(points):
            raise DataError("the network is empty: it has no bounds.")
        (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
        return float(west), float(south), float(east), float(north)

    @cached_property
    def lines(self) -> Objects:
        """Shapely line of each edge, from ``u`` to ``v``; made at first use."""
        with _not_collecting():
            lines: Objects = shapely.from_ragged_array(
                shapely.GeometryType.LINESTRING, self.coords, (self.offsets,)
            )
        return lines

    @cached_property
    def points(self) -> Objects:
        """Shapely point of each node; made at first use."""
        with _not_collecting():
            return np.asarray(shapely.points(self.x, self.y), dtype=object)

    @cached_property
    def nodes(self) -> gpd.GeoDataFrame:
        """Nodes as OSMnx gives them: index ``osmid``; ``x``, ``y``, …, ``geometry``."""
        data = {"x": self.x, "y": self.y}
        data |= {name: decode(col) for name, col in self.node_columns.items()}
        index = pd.Index(self.node_id, name="osmid")
        return gpd.GeoDataFrame(data, index=index, geometry=self.points, crs=WGS84)

    @cached_property
    def edges(self) -> gpd.GeoDataFrame:
        """Edges as OSMnx gives them: index ``u, v, key``.

        Columns ``osmid, highway, name, ref, oneway, reversed, length, length_m``,
        the others kept, ``geometry``. Merged ways leave lists, as in OSMnx; a column
        that mixes them with numbers is nothing for Parquet: :meth:`save` writes it.
        """
        return gpd.GeoDataFrame(self.edge_data(), geometry=self.lines, crs=WGS84)

    def edge_data(self) -> pd.DataFrame:
        """Return the edges frame without its geometry."""
        columns = self.edge_columns
        first = [name for name in EDGES_FIRST if name in columns]
        data = {name: decode(columns[name]) for name in first}
        data |= {"length": self.length_m, "length_m": self.length_m}
        data |= {name: decode(col) for name, col in columns.items() if name not in first}
        index = pd.MultiIndex.from_arrays(
            [self.node_id[self.u], self.node_id[self.v], self.key], names=["u", "v", "key"]
        )
        return pd.DataFrame(data, index=index)

    @checked()
    def edge(self, name: str) -> NDArray[Any]:
        """Return one edge attribute: numbers as an array, the rest as objects.

        Raises
        ------
        DataError
            If no edge column has this name.
        """
        if name in ("length", "length_m"):
            return self.length_m
        if name not in self.edge_columns:
            there = nearest(name, ["length_m", *self.edge_columns])
            if name in ("travel_time_s", "speed_kmh"):
                there = "with_speeds(roads) adds it for cars, with_pace(roads, 'walk') on foot."
            if (name, "travel_time" in self.edge_columns) == ("travel_time_s", True):  # OSMnx's
                kept = "edges={'travel_time_s': roads.edge('travel_time')}"
                there += f" roads.with_columns({kept}) takes that of OSMnx."
            raise DataError(f"edges have no column {shown(name)}. {there}")
        return decode(self.edge_columns[name])

    @checked()
    def node(self, name: str) -> NDArray[Any]:
        """Return one node attribute; raises like :meth:`edge`."""
        if name in ("x", "y"):
            return self.x if name == "x" else self.y
        if name not in self.node_columns:
            there = nearest(name, ["x", "y", *self.node_columns])
            raise DataError(f"nodes have no column {shown(name)}. {there}")
        return decode(self.node_columns[name])

    @checked()
    def with_columns(
        self,
        *,
        nodes: Mapping[str, Column] | None = None,
        edges: Mapping[str, Column] | None = None,
        meta: Mapping[str, Any] | None = None,
    ) -> Roads:
        """Return the network with columns and metadata added or replaced."""
        if not nodes and not edges:
            return with_meta(self, meta or {})
        return replace(
            self,
            node_columns={**self.node_columns, **(nodes or {})},
            edge_columns={**self.edge_columns, **(edges or {})},
            meta={**self.meta, **(meta or {})},
        )

    @checked()
    def take_edges(self, rows: NDArray[Any], *, drop_nodes: bool = True) -> Roads:
        """Return the network of these edges.

        Parameters
        ----------
        rows
            Positions of the edges, or one boolean an edge. Keys stay as they are.
        drop_nodes
            Whether nodes that no edge uses any more are dropped.

        Raises
        ------
        DataError
            If there are no such edges.
        """
        try:
            rows = np.arange(self.edge_count)[rows]
        except IndexError as reason:
            remedy = f"Give positions from 0 to {self.edge_count - 1}, or one boolean an edge."
            raise DataError(Fault("rows", f"{reason}.", remedy)) from reason
        line = Ragged(self.offsets, np.arange(len(self.coords))).take(rows)
        taken = replace(
            self,
            u=self.u[rows],
            v=self.v[rows],
            key=self.key[rows],
            length_m=self.length_m[rows],
            offsets=line.offsets,
            coords=self.coords[line.values],
            edge_columns={name: take(col, rows) for name, col in self.edge_columns.items()},
        )
        return taken.used() if drop_nodes else taken

    def used(self) -> Roads:
        """Return the network without the nodes that no edge touches."""
        kept = np.zeros(self.node_count, dtype=bool)
        kept[self.u] = kept[self.v] = True
        place = np.cumsum(kept, dtype=np.int32) - 1
        return replace(
            self,
            node_id=self.node_id[kept],
            x=self.x[kept],
            y=self.y[kept],
            u=place[self.u].astype(np.int32),
            v=place[self.v].astype(np.int32),
            node_columns={name: take(col, kept) for name, col in self.node_columns.items()},
        )

    @checked()
    def csr(self, weight: str = "length_m", *, open_edges: Bools | None = None) -> Routable:
        """Return the network as a sparse matrix for ``scipy.sparse.csgraph``.

        Of parallel edges the lightest stands, and a weight of zero stands as the
        smallest positive number; see :func:`~roxham.geo.graph.lightest`.

        Parameters
        ----------
        weight
            Name of a numeric edge column: ``length_m``, ``travel_time_s``.
        open_edges
            One boolean an edge; edges that are not open are left out. So are
            edges of infinite weight.

        Raises
        ------
        DataError
            If a weight is null, negative or not a number.
        """
        weights = np.asarray(self.edge(weight))
        if weights.dtype.kind not in "iuf":
            raise DataError(f"edge column {shown(weight)} is not numeric: it cannot be a weight.")
        weights = weights.astype(float)
        allowed = np.isfinite(weights) | (weights == np.inf)
        wrong = ~allowed | (weights < 0)
        if open_edges is not None:
            require_length("open_edges", open_edges, len(weights))
            wrong &= open_edges
        if wrong.any():
            raise DataError(
                f"edge column {shown(weight)}: {int(wrong.sum())} weights are null or negative. "
                "Fill them, or leave these edges out with open_edges."
            )
        usable = np.isfinite(weights) if open_edges is None else np.isfinite(weights) & open_edges
        rows = np.flatnonzero(usable)
        matrix, arc = lightest(self.u[rows], self.v[rows], weights[rows], self.node_count)
        return Routable(matrix, rows[arc])

    def report(self) -> Report:
        """Return what the network holds: sizes, components, sides, speeds, what was set aside.

        See :class:`roxham.geo.network.stats.Report`.
        """
        from .stats import report

        return report(self)

    @checked()
    def save(self, path: str | Path) -> Path:
        """Save the network as the ending asks: ``.arrow``, ``.parquet``, ``.gpkg``, ``.graphml``.

        ``.arrow`` keeps all and opens at once, by :func:`roxham.geo.load_roads` too; what
        the others lose is said at :func:`roxham.geo.network.save.save_roads`.
        """
        from .save import save_roads

        return save_roads(self, path)

    @classmethod
    @checked()
    def from_frames(cls, nodes: gpd.GeoDataFrame, edges: gpd.GeoDataFrame) -> Roads:
        """Build a network from node and edge frames in OSMnx's convention.

        See :func:`roxham.geo.network.convert.roads_from_frames`.
        """
        from .convert import roads_from_frames

        return roads_from_frames(nodes, edges)

    def to_networkx(self) -> nx.MultiDiGraph[Any]:
        """Return the network as an OSMnx graph.

        See :func:`roxham.geo.network.convert.roads_to_networkx`.
        """
        from .convert import roads_to_networkx

        return roads_to_networkx(self)

    @classmethod
    def from_networkx(cls, graph: nx.MultiDiGraph[Any]) -> Roads:
        """Build a network from an OSMnx graph, losing nothing.

        See :func:`roxham.geo.network.convert.roads_from_networkx`.
        """
        from .convert import roads_from_networkx

        return roads_from_networkx(graph)


def reversed_lines(coords: Floats, offsets: Ints) -> Floats:
    """Return the coordinates with each line turned round; offsets stay as they are."""
    size = np.diff(offsets)
    back = np.repeat(offsets[:-1] + offsets[1:] - 1, size) - runs(offsets[:-1], size)
    return coords[back]


def over_antimeridian(roads: Roads) -> Bools:
    """Return which edges go over 180°: from one point to the next by more than half the Earth."""
    if not len(roads.coords):
        return np.zeros(roads.edge_count, dtype=bool)
    far = np.abs(np.diff(roads.coords[:, 0], append=roads.coords[-1, 0])) > 180
    far[roads.offsets[1:] - 1] = False
    return np.asarray(np.logical_or.reduceat(far, roads.offsets[:-1]), dtype=bool)


def bounds_over(roads: Roads) -> tuple[float, float, float, float]:
    """Return the bounds of a network, its west beyond its east if it is on both sides of 180°."""
    lon = np.concatenate([roads.x, roads.coords[:, 0]])
    west, south, east, north = roads.bounds
    apart = west < 0 < east and bool(np.abs(lon).min() > 90)  # cut there, or two towns
    if not (apart or over_antimeridian(roads).any()):
        return roads.bounds
    return float(lon[lon > 0].min()), south, float(lon[lon <= 0].max()), north


def require_numbers(roads: Roads) -> None:
    """Refuse networks whose coordinates are no numbers."""
    if not np.isfinite(roads.coords).all():
        raise DataError("roads: have coordinates that are not numbers. Repair the network.")


def assembled(values: Mapping[str, Any]) -> Roads:
    """Return a network of all its fields by name, each known to hold what it must."""
    roads = object.__new__(Roads)
    vars(roads).update(values)
    return roads


def with_meta(roads: Roads, meta: Mapping[str, Any]) -> Roads:
    """Return a network with metadata added; the rest was looked at when it was made."""
    same = {one.name: getattr(roads, one.name) for one in fields(roads)}
    return assembled({**same, "meta": {**roads.meta, **meta}})


def require_alike(roads: Roads) -> None:
    """Raise for arrays that are no numbers, or of other lengths than there are nodes or edges."""
    nodes, edges = len(roads.node_id), len(roads.u)
    rows = {"x": nodes, "y": nodes, "v": edges, "key": edges, "length_m": edges}
    rows |= {"offsets": edges + 1}
    numbers = {name: getattr(roads, name) for name in (*rows, "u", "coords")}
    faults = [
        Fault(name, f"holds {array.dtype}.", "Give numbers.")
        for name, array in numbers.items()
        if array.dtype.kind not in "iuf"
    ]
    of_nodes = {f"node_columns.{name}": column for name, column in roads.node_columns.items()}
    of_edges = {f"edge_columns.{name}": column for name, column in roads.edge_columns.items()}
    sized = [(name, getattr(roads, name), size) for name, size in rows.items()]
    sized += [(name, column, nodes) for name, column in of_nodes.items()]
    sized += [(name, column, edges) for name, column in of_edges.items()]
    faults += [
        Fault(name, f"has {len(array):,} rows.", f"Give {size:,}.")
        for name, array, size in sized
        if len(array) != size
    ]
    if roads.coords.ndim != 2 or roads.coords.shape[1] != 2:
        faults.append(Fault("coords", f"has the shape {roads.coords.shape}.", "Give (n, 2)."))
    if faults:
        raise DataError(faults)


def require_plain(roads: Roads) -> None:
    """Refuse networks whose coordinates are no numbers, or that span the antimeridian."""
    require_numbers(roads)
    if over_antimeridian(roads).any():
        raise DataError(
            "roads: an edge spans more than 180 degrees of longitude, as if over the "
            "antimeridian. Cut the network at 180° and work on one part at a time."
        )
