"""Border crossings of a road network: found everywhere, told only where documented.

On a controlled border a place that no public record names as a port or a site is
a wall in the network and one more in a count. Whatever knows where it is stays in
the private structures of :mod:`roxham.geo.crossings.find._candidates`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from roxham.geo._types import Bools, Floats, Objects
from roxham.geo.arguments import checked
from roxham.geo.border.border import Border
from roxham.geo.border.given import BorderLike, as_line, region_meant
from roxham.geo.border.lines import BorderLine, border_line
from roxham.geo.columns import Coded
from roxham.geo.crs import WGS84
from roxham.geo.errors import DataError
from roxham.geo.geometry.geodesic import ahead_of, back, lies_within
from roxham.geo.network.roads import Roads, over_antimeridian
from roxham.geo.partitions import is_partitioned
from roxham.geo.region import Region, active_region, as_region
from roxham.geo.region.study_area import side_columns

from ._candidates import Places, find_places
from .in_parts import lazily, zone_of
from .redact import without_trace
from .sites import PortsLike, ports_of

__all__ = ["cut_at_border", "find_crossings"]

LOGGER = logging.getLogger(__name__)


@checked()
def find_crossings(
    roads: Roads,
    border: BorderLike | None = None,
    *,
    ports: PortsLike | None = None,
    region: Region | str | Path | None = None,
    cluster_m: float = 100.0,
    max_gap_m: float = 150.0,
    port_within_m: float = 500.0,
    by: str | None = None,
) -> gpd.GeoDataFrame:
    """Find where roads cross a border, one row for each physical crossing.

    A crossing is where a road changes sides; to touch the border or run along it is
    none. A road that goes over and comes back crosses twice, but once if it is one-way
    and does so within ``cluster_m``, or only wavers over the line, within 20 m. One-way
    carriageways and slip roads close together are one crossing, unless their names tell
    streets apart. Two dead ends that face each other over the border are a
    ``dead_end_pair``.

    On a controlled border (``region.controlled``, the default) only places that
    match a row of ``ports`` are listed. The others are counted in
    ``crossings.attrs["unlisted"]``; where they are is told nowhere. What the reader left out
    of the network is not looked at: ``crossings.attrs["left_out"]`` counts isolated ``rings``
    of road and ``ferries`` that are no road, null where that is not known.

    Parameters
    ----------
    roads
        The network, EPSG:4326. One that :func:`cut_at_border` has cut gives the
        crossings it was cut with. Or a dask-geopandas frame of directed edges (``u, v``, lines
        from one to the other, and any other columns), in any partitions: rows that are equal,
        as where tiles overlap, are one edge, and a node is where most of its edges have it.
    border
        A :class:`Border`, any frame of lines or polygons in EPSG:4326, or the region whose border
        and ports are meant, as :func:`load_region` gives it; by default that of ``region``, or
        the region at work.
    ports
        Ports of entry and documented sites, EPSG:4326, or the region whose ports are meant:
        ``geometry`` or ``lon, lat``, and if known ``port_id, kind, status, ca_name, us_name``
        or ``name``. ``kind`` is port_of_entry (the default), closed_port or irregular_site;
        rail_port and marine_port are left out.
    region
        For a border that is a plain frame: its box, the names of its two sides, and
        whether it is controlled. Without a region it is, and the sides are ``a``, to
        the left of the line (of polygons the inside), and ``b``.
    cluster_m
        Carriageways within so many metres are one crossing, 250 at most on a controlled border.
        Those of two names are where they run in opposite directions within 40 m, or are
        motorways or trunk roads.
    max_gap_m
        Widest gap of a dead-end pair, metres.
    port_within_m
        A port belongs to the nearest crossing within so many metres, each to one. Of
        carriageways the nearest counts, in ``port_distance_m`` too.
    by
        Who publishes ports of their own on a controlled border: a person or an office; by
        default whom the region's file names. A port
        that is within 250 m of none of ``load_ports`` needs it, and a ``source_url``; five at
        most.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326, from west to east: ``crossing_id`` (the port's id, else made of
        the place), ``kind``, ``name``, ``lon``, ``lat``, ``road_ca``, ``road_us``
        (for sides of other names ``road_a``, ``road_b``), ``refs``, ``class``
        (highest OSM highway class; ``ferry`` of ferries), ``barrier`` and ``access`` (as OSM
        tags what stands there or within 50 m along the road, ``block``, ``no``: it is listed
        all the same), ``unsure``, ``port``, ``port_distance_m``, ``gap_m`` (of
        dead ends), ``geometry``. Unknown is null. Distances are geodesics on WGS84.
        ``unsure`` names what is left open as the road was merged of several ways and the
        network does not say where on it each begins, as those of OSMnx do not: of ``roads``
        and ``refs`` all stand, of ``class``, ``barrier`` and ``access`` none does.
        Of a dask-geopandas frame one such frame of one partition, not computed yet.

    Raises
    ------
    DataError
        If the border or the ports cannot be used, if border and roads lie apart, if
        ports are given for a network that is cut already, if nobody vouches for a port on a
        controlled border, or if the region calls a
        line open that runs along the border of Canada and the United States.

    Examples
    --------
    >>> import networkx as nx
    >>> from roxham.geo import Region
    >>> graph = nx.MultiDiGraph([("south", "north")], crs="EPSG:4326")
    >>> graph.nodes["south"].update(x=0.5, y=49.99)
    >>> graph.nodes["north"].update(x=0.5, y=50.01)
    >>> graph.edges["south", "north", 0]["name"] = "High Street"
    >>> roads = Roads.from_networkx(graph)
    >>> fence = gpd.GeoSeries.from_wkt(["LINESTRING (0 50, 1 50)"], crs="EPSG:4326")
    >>> where = (0, 49, 1, 51), "EPSG:32631", ("north", "south")
    >>> open_border = Region("x", "Two fields", *where, controlled=False)
    >>> find_crossings(roads, fence, region=open_border)[["kind", "name", "lat"]].values.tolist()
    [['unmatched', 'High Street', 50.0]]
    >>> walled = find_crossings(roads, fence)  # without ports nothing is listed there
    >>> len(walled), walled.attrs["unlisted"]
    (0, 1)
    """
    if not is_partitioned(roads) and "border" in roads.meta:
        return _crossings_kept(roads, ports)
    border, ports, region, by = meant(border, ports, region, by)
    if is_partitioned(roads):
        line = border_line(border, region)
        find = partial(
            find_crossings,
            border=border, ports=ports, region=region, cluster_m=cluster_m, max_gap_m=max_gap_m,
            port_within_m=port_within_m, by=by,
        )  # fmt: skip
        zone = zone_of(line.coords, line.offsets, cluster_m, max_gap_m)
        lazy: gpd.GeoDataFrame = lazily(roads, zone, find, _frame([], line.sides, 0, {}))
        return lazy
    roads, line = _ahead(roads, border_line(border, region))
    places = find_places(roads, line, ports, cluster_m, max_gap_m, port_within_m, by)
    frame = _frame(places.records(), line.sides, places.unlisted, roads.meta)
    frame.attrs |= _vouched(places.vouched, by)
    LOGGER.info("%d crossings told", len(frame))
    return frame


def meant(
    border: BorderLike | None,
    ports: PortsLike | None,
    region: Region | str | Path | None,
    by: str | None,
) -> tuple[
    Border | gpd.GeoDataFrame | gpd.GeoSeries, pd.DataFrame | None, Region | None, str | None
]:
    """Return border, ports, region and publisher; a region stands for its border and its ports."""
    area = None if region is None else as_region(region)
    given = (area or active_region()) if border is None else border
    line = as_line(given)
    whose = region_meant(given) if ports is None else ports
    beside = area or (line.region if isinstance(line, Border) else None)
    answers = whose if isinstance(whose, Region) else beside
    details = None if answers is None else answers.details
    publisher = by or (None if details is None else details.publisher)
    return line, ports_of(whose) if isinstance(whose, Region) else whose, area, publisher


def _vouched(ports: list[str], by: str | None) -> dict[str, Any]:
    """Return what is said of ports that only a source and a name vouch for."""
    return {"vouched": {"ports": ports, "by": by}} if ports else {}


def _crossings_kept(roads: Roads, ports: object) -> gpd.GeoDataFrame:
    kept = roads.meta["border"]
    if ports is not None:
        raise DataError(
            "roads: were cut at the border with the ports known then. Leave ports out, "
            "or find crossings in the network as it was read."
        )
    return _frame(kept["crossings"], tuple(kept["sides"]), kept["unlisted"], roads.meta)


@checked()
def cut_at_border(
    roads: Roads,
    border: BorderLike | None = None,
    *,
    ports: PortsLike | None = None,
    region: Region | str | Path | None = None,
    cluster_m: float = 100.0,
    max_gap_m: float = 150.0,
    port_within_m: float = 500.0,
    by: str | None = None,
) -> Roads:
    """Cut a network at a border: nodes know their side, crossings their id.

    Every edge is cut where it crosses; its pieces keep all attributes and together
    its length. Both directions of a road share the border node.

    At places that :func:`find_crossings` would not list, the border is a wall: the
    pieces of road that lead there, and those of undocumented dead-end pairs, are left
    out from their last junction on, so that nothing in the network marks the place.
    Edges that leave the region's box are left out too: beyond it sides are unknown.
    Both are counted.

    Parameters
    ----------
    roads, border, ports, region, cluster_m, max_gap_m, port_within_m, by
        As for :func:`find_crossings`.

    Returns
    -------
    Roads
        With node columns ``side`` (null at border nodes, which lie on both, and for
        a border without areas) and ``crossing_id`` (border nodes, and both ends of a
        documented dead-end pair). Edges have a column ``side`` too, where both their nodes are
        border nodes: a road over a salient, that comes and goes, or from port to port.
        Border nodes have ids made of their place:
        negative numbers, or text where the others are text. ``meta["border"]`` has
        ``sides``, ``controlled``, ``crossings`` (rows of the table), ``unlisted``
        and ``outside`` (edges left out beyond the box); and ``vouched``, the ports that only
        their source and a name vouch for, and whose it is.

    Raises
    ------
    DataError
        As :func:`find_crossings`, or if the network is cut already.

    Examples
    --------
    >>> import networkx as nx
    >>> from roxham.geo import Region
    >>> graph = nx.MultiDiGraph([(1, 2)], crs="EPSG:4326")
    >>> graph.nodes[1].update(x=0.5, y=49.99)
    >>> graph.nodes[2].update(x=0.5, y=50.01)
    >>> roads = Roads.from_networkx(graph)
    >>> fence = gpd.GeoSeries.from_wkt(["LINESTRING (0 50, 1 50)"], crs="EPSG:4326")
    >>> where = (0, 49, 1, 51), "EPSG:32631", ("north", "south")
    >>> open_border = Region("x", "Two fields", *where, controlled=False)
    >>> cut_at_border(roads, fence, region=open_border).edge_count
    2
    >>> cut_at_border(roads, fence).edge_count
    0
    """
    if "border" in roads.meta:
        raise DataError("roads: are cut at a border already. Cut the network as it was read.")
    border, ports, region, by = meant(border, ports, region, by)
    line = border_line(border, region)
    inside = _inside(roads, line)
    outside = roads.edge_count - int(inside.sum())
    if outside and not inside.any():
        raise DataError(
            f"roads: lie outside the region of the border, {line.bounds}. "
            "Give a network of that region."
        )
    if outside:
        roads = roads.take_edges(inside)
    roads, line = _ahead(roads, line)
    places = find_places(roads, line, ports, cluster_m, max_gap_m, port_within_m, by)
    told = {
        "sides": list(line.sides),
        "controlled": line.controlled,
        "crossings": places.records(),
        "unlisted": places.unlisted,
        "outside": outside,
        **_vouched(places.vouched, by),
    }
    marked = _with_sides(places, line)
    apart = without_trace(marked, places.walls, line.coords, line.offsets)
    if line.controlled:
        apart = _told_between(apart)
    return _back(apart).with_columns(meta={"border": told})


def _ahead(roads: Roads, line: BorderLine) -> tuple[Roads, BorderLine]:
    """Return roads and a border with longitudes from 0° to 360° if either goes over 180°."""
    over = bool(len(line.coords)) and line.coords[:, 0].max() > 180
    if not (over or (np.isfinite(roads.coords).all() and over_antimeridian(roads).any())):
        return roads, line

    def moved(coords: Floats) -> Floats:
        return np.column_stack([ahead_of(coords[:, 0]), coords[:, 1]])

    here = replace(roads, x=ahead_of(roads.x), coords=moved(roads.coords))
    parts = np.split(line.coords, line.offsets[1:-1])
    # what lies on both sides of 0° stays there, half the Earth away
    there = [moved(part) if (part[:, 0] < 0).all() else part for part in parts]
    return here, replace(line, coords=np.concatenate(there))


def _back(roads: Roads) -> Roads:
    """Return roads with longitudes within ±180°."""
    if not len(roads.coords) or roads.coords[:, 0].max() <= 180:
        return roads
    coords = np.column_stack([back(roads.coords[:, 0]), roads.coords[:, 1]])
    return replace(roads, x=back(roads.x), coords=coords)


def _inside(roads: Roads, line: BorderLine) -> Bools:
    """Return which edges lie in the region's box from end to end."""
    if line.bounds is None or not roads.edge_count:
        return np.ones(roads.edge_count, dtype=bool)
    within = lies_within(line.bounds, roads.coords[:, 0], roads.coords[:, 1])
    inside: Bools = np.logical_and.reduceat(within, roads.offsets[:-1])
    return inside


def _with_sides(places: Places, line: BorderLine) -> Roads:
    """Return the cut network with side and crossing id of its nodes."""
    roads = places.cut.roads
    side = np.full(roads.node_count, None, dtype=object)
    if line.side_of is not None and roads.node_count:
        side = line.side_of(roads.x, roads.y).copy()
        _settle_brushing(side, places, line)
        side[places.cut.node] = None
    _require_parted(roads, side, places)
    ids = np.full(roads.node_count, None, dtype=object)
    for node, crossing in places.told_nodes().items():
        ids[node] = crossing
    nodes = {"side": Coded.of(side), "crossing_id": Coded.of(ids)}
    edges = {"side": Coded.of(_sides_of_edges(places, line))}
    return roads.with_columns(nodes=nodes, edges=edges)


def _sides_of_edges(places: Places, line: BorderLine) -> Objects:
    """Return the side of edges from one border node to another.

    One that runs along the line is taken to lie on the first side if the border is open, and on
    none if it is a wall. Of a wall, all that end at it have their side, as roads may be joined.
    """
    cut = places.cut
    on_line = np.zeros(cut.roads.node_count, dtype=bool)
    on_line[cut.node] = True
    told = cut.approach[cut.approach["left"].notna()].drop_duplicates("edge")
    edge = told["edge"].to_numpy(dtype=np.int64)
    left = told["left"].to_numpy(dtype=bool)
    side = np.full(cut.roads.edge_count, None if line.controlled else line.sides[0], dtype=object)
    if line.controlled and line.side_of is None:
        return side
    side[edge] = np.where(left, line.sides[line.left], line.sides[1 - line.left])
    if not line.controlled:
        side[~(on_line[cut.roads.u] & on_line[cut.roads.v])] = None
    return side


def _told_between(roads: Roads) -> Roads:
    """Return a network whose edges have a side where none of their nodes has one, if any does."""
    apart = pd.isna(roads.node("side"))
    side = roads.edge("side").copy()
    side[~(apart[roads.u] & apart[roads.v])] = None
    others = {name: col for name, col in roads.edge_columns.items() if name != "side"}
    told = {"side": Coded.of(side)} if pd.notna(side).any() else {}
    return replace(roads, edge_columns={**others, **told})


def _settle_brushing(side: Objects, places: Places, line: BorderLine) -> None:
    """Give nodes that lie on the line, but where no road crosses, the side of their roads."""
    for node, left in places.cut.brushing.items():
        side[node] = line.sides[line.left if left else 1 - line.left]


def _require_parted(roads: Roads, side: Objects, places: Places) -> None:
    """Make sure that no edge joins two sides: a wall with a hole is no wall."""
    away = ~np.isin(roads.u, places.cut.node) & ~np.isin(roads.v, places.cut.node)
    a, b = side[roads.u[away]], side[roads.v[away]]
    holes = int(sum(x is not None and y is not None and x != y for x, y in zip(a, b, strict=True)))
    if holes:
        raise DataError(
            f"roads: {holes} edges join the two sides without crossing the line of the border. "
            "Its line and its sides do not fit each other."
        )


def _frame(
    records: list[dict[str, Any]], sides: tuple[str, str], unlisted: int, read: Mapping[str, Any]
) -> gpd.GeoDataFrame:
    names = side_columns(sides)
    roads = [f"road_{name}" for name in names]
    columns = {
        **dict.fromkeys(("crossing_id", "kind", "name"), "string"),
        **dict.fromkeys(("lon", "lat"), "float64"),
        **dict.fromkeys((*roads, "refs", "class", "barrier", "access", "unsure"), "string"),
        "port": "string",
        **dict.fromkeys(("port_distance_m", "gap_m"), "Float64"),
    }
    rows = [{**row, roads[0]: row["roads"][0], roads[1]: row["roads"][1]} for row in records]
    table = pd.DataFrame(rows, columns=list(columns)).astype(columns)
    points = gpd.GeoSeries.from_xy(table["lon"], table["lat"], crs=WGS84)
    frame = gpd.GeoDataFrame(table, geometry=points, crs=WGS84)
    frame.attrs["unlisted"] = unlisted
    frame.attrs["left_out"] = {what: read.get(what) for what in ("rings", "ferries")}
    return frame
