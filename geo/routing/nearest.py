"""The nearest edge of each of many points, and node where one stands on it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from roxham.geo.arguments import checked
from roxham.geo.network.roads import Roads

from .snap import Snapper

__all__ = ["nearest_edges"]


@checked()
def nearest_edges(
    roads: Roads, points: gpd.GeoSeries | gpd.GeoDataFrame, *, within_m: float = 1000.0
) -> pd.DataFrame:
    """Return the edge nearest to each point, as OSMnx's ``nearest_edges`` does.

    Nearest on the ground, in metres of the ellipsoid, whatever the latitude; no projected
    graph is needed. Of the two directions of a road the first edge stands.

    Parameters
    ----------
    roads
        The network.
    points
        Points, EPSG:4326; null ones have null everywhere.
    within_m
        Points farther from every road have null everywhere, too.

    Returns
    -------
    pandas.DataFrame
        The caller's index: ``u, v, key`` (of the edge, as in ``roads.edges``), ``edge`` (its
        position), ``fraction`` (of its length from ``u`` to the place nearest), ``offset_m``,
        ``lon, lat`` (of that place).

    Raises
    ------
    DataError
        If the CRS is missing or another one, a geometry is not a point, or the network has no
        edge or goes over the antimeridian.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph([(1, 2), (2, 1)], crs="EPSG:4326")
    >>> graph.nodes[1].update(x=0.0, y=45.0)
    >>> graph.nodes[2].update(x=0.01, y=45.0)
    >>> here = gpd.GeoSeries.from_xy([0.0025, 9.0], [45.001, 9.0], crs="EPSG:4326")
    >>> nearest_edges(Roads.from_networkx(graph), here)[["u", "v", "offset_m"]].round().values
    array([[1, 2, 111.0],
           [<NA>, <NA>, <NA>]], dtype=object)
    """
    found = Snapper(roads).snap_points(points, within_m=within_m)
    known = found["edge"].notna().to_numpy()
    edge = found["edge"].fillna(0).to_numpy(dtype=np.int64)
    columns: dict[str, pd.Series] = {}
    for name, values in (
        ("u", roads.node_id[roads.u[edge]]),
        ("v", roads.node_id[roads.v[edge]]),
        ("key", roads.key[edge]),
    ):
        kind = "Int64" if values.dtype.kind in "iu" else "string"
        columns[name] = pd.Series(values, index=found.index, dtype=kind).where(known)
    return pd.DataFrame({**columns, **found})
