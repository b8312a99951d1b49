"""The side of each node of a network, as the network cut at the border has it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from roxham.geo._types import Bools, Objects
from roxham.geo.arguments import checked
from roxham.geo.border.given import BorderLike
from roxham.geo.border.lines import BorderLine, border_line
from roxham.geo.geometry.geodesic import lies_within
from roxham.geo.network.roads import Roads
from roxham.geo.partitions import is_partitioned
from roxham.geo.region import Region

from .find import cut_at_border, meant
from .in_parts import Zone, network_near, zone_of
from .redact import BESIDE_M
from .sites import PortsLike

__all__ = ["node_sides"]


@checked()
def node_sides(
    roads: Roads,
    border: BorderLike | None = None,
    *,
    ports: PortsLike | None = None,
    region: Region | str | Path | None = None,
    cluster_m: float = 100.0,
    max_gap_m: float = 150.0,
    port_within_m: float = 500.0,
    by: str | None = None,
) -> pd.DataFrame:
    """Return the side of each node, as :func:`cut_at_border` gives it.

    For networks too large to be cut in one piece: of a dask-geopandas frame only what is near
    the line comes together, as for :func:`find_crossings`. Nodes that the cut leaves out, since
    they lead to a wall alone, have the side where they lie and stand among the others, so that
    nothing in this table tells them apart, though beside the cut network it does; none is listed
    of places that :func:`find_crossings` would not list.

    Parameters
    ----------
    roads
        The network, EPSG:4326, or a dask-geopandas frame of directed edges in any partitions,
        as for :func:`find_crossings`.
    border, ports, region, cluster_m, max_gap_m, port_within_m, by
        As for :func:`find_crossings`.

    Returns
    -------
    pandas.DataFrame
        A row for each node of an edge within the region's box, and for each border node that the
        cut makes, in the order of their ids: ``node`` (its id), ``side`` (null at border nodes,
        which lie on both, and for a border without areas), ``crossing_id`` (of border nodes, and
        of both ends of a documented dead-end pair). Of a dask-geopandas frame one of Dask's, not
        computed yet, in the order of ids within each of its partitions alone, each node once.

    Raises
    ------
    DataError
        As :func:`cut_at_border`.

    Examples
    --------
    >>> import networkx as nx
    >>> from roxham.geo import Region
    >>> graph = nx.MultiDiGraph([(1, 2)], crs="EPSG:4326")
    >>> graph.nodes[1].update(x=0.5, y=49.99)
    >>> graph.nodes[2].update(x=0.5, y=50.01)
    >>> roads = Roads.from_networkx(graph)
    >>> fence = gpd.GeoSeries.from_wkt(["LINESTRING (-1 50, 2 50)"], crs="EPSG:4326")
    >>> where = (0, 49, 1, 51), "EPSG:32631", ("north", "south")
    >>> walled = Region("x", "Two fields", *where)
    >>> node_sides(roads, fence, region=walled)[["node", "side"]].values.tolist()
    [[1, 'south'], [2, 'north']]
    """
    border, ports, region, by = meant(border, ports, region, by)
    line = border_line(border, region)
    cut = partial(
        cut_at_border,
        border=border, ports=ports, region=region, cluster_m=cluster_m, max_gap_m=max_gap_m,
        port_within_m=port_within_m, by=by,
    )  # fmt: skip
    if not is_partitioned(roads):
        return _told(roads, line, cut)
    edges: Any = roads
    # What the cut takes away farther off than this has the side where it lies, as without it.
    zone = zone_of(line.coords, line.offsets, cluster_m, max_gap_m, BESIDE_M)
    near, parts = network_near(edges, zone)
    return _lazily(near, parts, line, zone, cut, edges.dtypes["u"])


def _lazily(
    near: Any, parts: list[Any], line: BorderLine, zone: Zone, cut: Any, ids: Any
) -> pd.DataFrame:
    """Return the table of the nodes near the line, and then of those of each partition."""
    import dask.dataframe
    from dask.delayed import delayed

    near = delayed(_told)(near, line, cut)
    tables = [near, *(delayed(_told_far)(part, line, zone) for part in parts)]
    like = _table(np.empty(0, dtype=ids if ids.kind in "iu" else object), [], [])
    frame: Any = dask.dataframe.from_delayed(tables, meta=like, verify_meta=False)
    once = frame.drop_duplicates(subset=["node"], split_out=len(parts))
    lazy: pd.DataFrame = once.map_partitions(_in_order, meta=like)
    return lazy


def _told(roads: Roads, line: BorderLine, cut: Any) -> pd.DataFrame:
    """Return what the cut network says of its nodes, and where those lie that it leaves out."""
    made = roads if "border" in roads.meta else cut(roads)
    told = _table(made.node_id, made.node("side"), made.node("crossing_id"))
    inside = _inside(roads.lines, line)
    given = np.unique(np.concatenate([roads.u[inside], roads.v[inside]]))
    lost = given[~np.isin(roads.node_id[given], made.node_id)]
    side = _side_of(roads.x[lost], roads.y[lost], line)
    return _in_order(pd.concat([told, _table(roads.node_id[lost], side, None)]))


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table by ids of nodes: what the cut leaves out would stand together at its end."""
    return table.sort_values("node", ignore_index=True)


def _told_far(edges: gpd.GeoDataFrame, line: BorderLine, zone: Zone) -> pd.DataFrame:
    """Return where the nodes of a partition lie that are away from the line.

    Edges there are on one side from end to end, so that it does not matter which end is which,
    nor which partition tells of a node that several have.
    """
    lines: Any = edges.geometry.to_numpy()
    far = ~zone.halo.touches(shapely.bounds(lines)) & _inside(lines, line)
    x, y = shapely.get_coordinates(shapely.get_point(lines[far], 0)).T
    side = _side_of(x, y, line)
    ids = np.concatenate([edges[end].to_numpy()[far] for end in ("u", "v")])
    return _table(ids, np.concatenate([side, side]), None).drop_duplicates("node")


def _inside(lines: Any, line: BorderLine) -> Bools:
    """Return which lines lie in the region's box from end to end."""
    if line.bounds is None:
        return np.ones(len(lines), dtype=bool)
    places, which = shapely.get_coordinates(lines, return_index=True)
    out = which[~lies_within(line.bounds, *places.T)]
    inside: Bools = ~np.isin(np.arange(len(lines)), out)
    return inside


def _side_of(x: Any, y: Any, line: BorderLine) -> Objects:
    if line.side_of is None:
        return np.full(len(x), None, dtype=object)
    return line.side_of(x, y)


def _table(ids: Any, side: Any, crossing: Any) -> pd.DataFrame:
    number = np.asarray(ids).dtype.kind in "iu"
    columns = {"node": ids, "side": side, "crossing_id": crossing}
    kinds = {"node": "int64" if number else "string", "side": "string", "crossing_id": "string"}
    return pd.DataFrame(columns).astype(kinds)
