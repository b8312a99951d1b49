"""A network too large for one machine: the few of its edges that decide where it crosses.

A crossing depends on the edges near the line, and on where their ends are: a node is where
most of its edges have it. So each part gives those near the line and in a halo about them; of
an end that is farther off, parts are asked for what meets it there. What comes together is as
small as the line is long, and one network, without seams; an edge that several parts have is one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from roxham.geo._types import Floats, Ints, Objects
from roxham.geo.crs import WGS84
from roxham.geo.errors import DataError
from roxham.geo.geometry.reach import Reach
from roxham.geo.network.convert import nodes_of_ends, roads_from_frames
from roxham.geo.network.roads import Roads

__all__ = [
    "Ends",
    "Zone",
    "far_ends",
    "in_one",
    "lazily",
    "near_rows",
    "network_near",
    "rows_at",
    "zone_of",
]

BESIDE_M = 50.0
"""More than a gate, a bend or a carriageway of one crossing may be from the line."""
HALO_M = 400.0
"""Most roads that come near have their ends within this; those of the others are asked for."""
MISSED_DEG = 5e-4
"""More than a line may miss its node by, and another line the same node."""


class Ends(NamedTuple):
    """Ends of edges that lie beyond the halo: ids of nodes, and where edges have them."""

    ids: Objects
    at: Floats


class Zone(NamedTuple):
    """Where edges matter to a line, and where those that meet them do."""

    core: Reach
    halo: Reach


def zone_of(coords: Floats, offsets: Ints, *asked: float) -> Zone:
    """Return where edges matter to a line; ``asked`` are the distances looked at, metres."""
    core = BESIDE_M + max(asked)
    reaches = (Reach.along(coords, offsets, metres) for metres in (core, core + HALO_M))
    return Zone(*reaches)


def near_rows(edges: gpd.GeoDataFrame, zone: Zone) -> gpd.GeoDataFrame:
    """Return the edges that may matter; one without a line might."""
    return edges[zone.halo.touches(shapely.bounds(edges.geometry.to_numpy()))]


def far_ends(edges: gpd.GeoDataFrame, zone: Zone) -> Ends:
    """Return the ends of edges that matter at which others, not in the halo, may meet them."""
    edges = edges[zone.core.touches(shapely.bounds(edges.geometry.to_numpy()))]
    if not len(edges):
        return Ends(np.empty(0, dtype=object), np.empty((0, 2)))
    lines: Any = edges.geometry.to_numpy()
    points = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    at = np.column_stack([shapely.get_x(points), shapely.get_y(points)])
    ids = np.concatenate([edges[end].to_numpy(dtype=object) for end in ("u", "v")])
    inner = zone.halo.boxes + np.array([MISSED_DEG, MISSED_DEG, -MISSED_DEG, -MISSED_DEG])
    far = ~Reach(inner).touches(np.column_stack([at, at]))
    return Ends(ids[far], at[far])


def rows_at(edges: gpd.GeoDataFrame, ends: Ends) -> gpd.GeoDataFrame:
    """Return the edges that meet at some ends."""
    return edges[edges["u"].isin(ends.ids) | edges["v"].isin(ends.ids)]


def in_one(parts: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Return edges out of several parts, each once.

    What is equal in every column but ``key``, which numbers parallel edges part by part, is one.
    """
    edges = pd.concat(parts, ignore_index=True)
    text = pd.DataFrame(
        {
            name: shapely.to_wkb(col.to_numpy()) if name == edges.geometry.name else _hashable(col)
            for name, col in edges.items()
            if name != "key"
        }
    )
    return gpd.GeoDataFrame(edges[~text.duplicated().to_numpy()].reset_index(drop=True))


def _hashable(column: pd.Series) -> pd.Series:
    return column.map(repr) if column.dtype == object else column


def _network(parts: Sequence[gpd.GeoDataFrame]) -> Roads:
    """Return the network of directed edges, a row each, its nodes where their ends are."""
    edges = in_one(parts)
    if not len(edges):
        raise DataError(
            "roads and border lie apart: no edge comes near the line. "
            "Check that both are longitude first and of one area."
        )
    edges = edges.drop(columns="key", errors="ignore")
    return roads_from_frames(nodes_of_ends(edges, "roads"), edges, name="roads")


def network_near(edges: Any, zone: Zone) -> tuple[Any, list[Any]]:
    """Return the network of what may matter in a partitioned one, and the parts, not computed.

    Parameters
    ----------
    edges
        A dask-geopandas frame of directed edges, EPSG:4326: ``u, v`` and lines from one to
        the other, and other columns of :class:`~roxham.geo.Roads`.
    zone
        Where edges matter.
    """
    from dask.delayed import delayed

    missing = [name for name in ("u", "v") if name not in edges.columns]
    if missing:
        raise DataError(f"roads: edges have no {' and no '.join(missing)}.")
    if edges.crs is None or edges.crs != WGS84:
        raise DataError("roads: are not in EPSG:4326. Convert them with to_crs('EPSG:4326').")
    parts = edges.to_delayed()
    near = [delayed(near_rows)(part, zone) for part in parts]
    ends = delayed(_all_far)(near, zone)
    met = [delayed(rows_at)(part, ends) for part in parts]
    return delayed(_network)([*near, *met]), parts


def lazily(edges: Any, zone: Zone, find: Callable[[Roads], Any], like: gpd.GeoDataFrame) -> Any:
    """Return what is found in a partitioned network, as a frame of one partition.

    Parameters
    ----------
    edges, zone
        As for :func:`network_near`.
    find
        What looks for it in the network that the parts make together.
    like
        A frame without rows that has the columns and types of what is found.
    """
    import dask.dataframe
    import dask_geopandas  # noqa: F401  so that a frame of geometries is one of its frames
    from dask.delayed import delayed

    near, _ = network_near(edges, zone)
    return dask.dataframe.from_delayed([delayed(find)(near)], meta=like, verify_meta=False)


def _all_far(parts: Sequence[gpd.GeoDataFrame], zone: Zone) -> Ends:
    return far_ends(gpd.GeoDataFrame(pd.concat(parts)), zone)
