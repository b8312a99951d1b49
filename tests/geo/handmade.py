"""Small road networks made by hand, whose answers can be worked out on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from roxham.geo import WGS84, Border, Region, Roads

FIELDS = Region("fields", "Two fields", (0.0, 44.0, 2.0, 46.0), "EPSG:32631", ("CA", "US"))
"""A region far from the bundled border; its own runs along 45° N."""

Road = tuple[str, str, float, float]
"""From, to, metres, seconds."""


def fence(first: str = "CA", second: str = "US") -> Border:
    """Return a straight border along 45° N; its sides may be named in another order."""
    line = gpd.GeoSeries([shapely.LineString([(-1, 45), (3, 45)])], crs=WGS84)
    region = replace(FIELDS, sides=(first, second))
    return Border.from_line(line, region, first=(0.5, 45.5 if first == "CA" else 44.5))


def as_pbf(path: Path, target: Path) -> Path:
    """Write a file of OpenStreetMap as PBF, as osmium does; skip without it."""
    osmium = pytest.importorskip("osmium")
    with osmium.SimpleWriter(str(target)) as writer:
        for thing in osmium.FileProcessor(str(path)):
            writer.add(thing)
    return target


def network(
    places: Mapping[str, tuple[float, float]],
    roads: Iterable[Road],
    *,
    one_way: Iterable[Road] = (),
    nodes: Mapping[str, Any] | None = None,
) -> Roads:
    """Return a network of straight roads; north of 45° N is CA, on it the border.

    Parameters
    ----------
    places
        Longitude and latitude of nodes, by name.
    roads, one_way
        Roads in both directions, and in one.
    nodes
        Further columns of nodes.
    """
    names = list(places)
    x, y = zip(*places.values(), strict=True)
    side = ["border" if lat == 45 else "CA" if lat > 45 else "US" for lat in y]
    table = pd.DataFrame({"x": x, "y": y, "side": side, **(nodes or {})}, index=names)
    points = gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(x, y), crs=WGS84)
    rows = [*roads]
    rows += [(v, u, metres, seconds) for u, v, metres, seconds in rows]
    rows += [*one_way]
    edges = pd.DataFrame(rows, columns=["u", "v", "length_m", "travel_time_s"])
    edges["key"] = edges.groupby(["u", "v"]).cumcount()
    lines = [shapely.LineString([places[u], places[v]]) for u, v, *_ in rows]
    frame = gpd.GeoDataFrame(edges, geometry=lines, crs=WGS84).set_index(["u", "v", "key"])
    return Roads.from_frames(points, frame)


def gates_at(**places: tuple[float, float]) -> gpd.GeoDataFrame:
    """Return ports of entry at these points, by their ids."""
    points = gpd.points_from_xy(*zip(*places.values(), strict=True))
    return gpd.GeoDataFrame({"gate": list(places)}, geometry=points, crs=WGS84)
