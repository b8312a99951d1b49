"""The schematic road corridor: named junctions, and roads with their true lengths.

Links are drawn straight or lightly shaped; only ``length_m`` is the road's own
length. A map that shows them has to call them schematic. Frames follow OSMnx's
convention, so that a full OpenStreetMap network can take their place.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from roxham.geo.arguments import checked
from roxham.geo.crs import WGS84
from roxham.geo.errors import DataError
from roxham.geo.network.metadata import OSM_CREDIT
from roxham.geo.network.roads import Roads
from roxham.geo.network.storage import load_saved
from roxham.geo.region import Region, as_region
from roxham.geo.region.study_area import SHIPPED
from roxham.geo.tables.contract import SOURCE, Column, Contract, swapped_axes
from roxham.geo.tables.region_files import region_table

from .read import read_roads

__all__ = ["CORRIDOR_EDGES", "CORRIDOR_NODES", "load_roads"]

CORRIDOR_NODES = Contract(
    "corridor nodes",
    (
        Column("osmid", meaning="stable id of the node, named after the roads that meet there"),
        Column("lon", "lon", "decimal degrees, WGS 84"),
        Column("lat", "lat", "decimal degrees, WGS 84"),
        Column("name", meaning="the roads that meet, and the town"),
        Column("kind", choices=("junction", "port", "dead_end", "terminus")),
        Column("side", meaning="side of the border", choices=()),
        Column("port_id", meaning="id in the table of ports, where it is a gate", required=False),
        *SOURCE,
    ),
    (swapped_axes(),),
)
CORRIDOR_EDGES = Contract(
    "corridor edges",
    (
        Column("u", meaning="node at one end"),
        Column("v", meaning="node at the other end"),
        Column("key", "integer", "number among parallel roads"),
        Column("ref", meaning="numbers of the road, with semicolons between", required=False),
        Column("name", meaning="name of the road", required=False),
        Column("highway", meaning="class in OpenStreetMap's terms"),
        Column("jurisdiction", meaning="state or province", required=False),
        Column("length_m", "number", "length of the road, not of the drawn link", minimum=1),
        Column("maxspeed_kmh", "number", "speed limit", required=False, minimum=5, maximum=130),
        Column("speed_basis", choices=("observed", "assumed"), required=False),
        Column("access", choices=("yes", "no")),
        Column("via", meaning="points the link is drawn through: lon lat;lon lat", required=False),
        *SOURCE,
    ),
)


@checked()
def load_roads(
    path: str | Path | None = None,
    *,
    gap: bool = False,
    verify: bool = True,
    region: Region | str | Path | None = None,
) -> Roads:
    """Return the roads of a region, or a saved network.

    Those that ship are a schematic corridor: links of true length between named junctions, whose
    two sides meet at ports of entry and documented sites only.

    Parameters
    ----------
    path
        An ``.arrow`` file that :meth:`Roads.save` wrote; the region's roads by default.
    gap
        Of the corridor: with the metres between the two dead ends at a documented site as
        an edge, ``access`` ``no``, without speed or time. It is there to be drawn:
        people walked it, and no vehicle route may use it.
    verify
        Of a saved network: whether to compare its checksum.
    region
        The region; by default the one at work. Its file ``roads`` is any that
        :func:`read_roads` reads, or a table of links with ``nodes`` beside it.

    Returns
    -------
    Roads
        Of the corridor: node columns ``name, kind, side, port_id`` and source; edge
        columns ``ref, name, highway, jurisdiction, maxspeed_kmh, speed_basis,
        travel_time_s, oneway, access`` and source. ``length_m`` is the road's own
        length, not that of the drawn link, and ``schematic`` is true.

    Raises
    ------
    DataError
        If the file is missing, damaged or no saved network, or the region has no roads.

    Notes
    -----
    Contains information from OpenStreetMap, © OpenStreetMap contributors, under
    the Open Database License, and positions from TravelMapping.

    Examples
    --------
    >>> roads = load_roads()
    >>> roads.nodes.loc["roxham-road-us-end", "kind"]
    'dead_end'
    >>> import networkx as nx
    >>> ends = "roxham-road-us-end", "chemin-roxham-ca-end"
    >>> round(nx.shortest_path_length(roads.to_networkx(), *ends, weight="length") / 1000)
    16
    """
    if path is not None:
        return load_saved(path, verify=verify)
    region = as_region(region)
    file = region.file("roads")
    if file is None:
        raise DataError(f"region {region.name}: has no roads. Give a road network.")
    if region.file("nodes") is None:
        return read_roads(file)
    nodes = region_table("nodes", CORRIDOR_NODES, "osmid", "lon", "lat", "side", region=region)
    needed = ("u", "v", "highway", "length_m", "maxspeed_kmh")
    links = region_table("roads", CORRIDOR_EDGES, *needed, region=region)
    links = links.assign(
        key=links["key"].fillna(0).astype("Int64"), access=links["access"].fillna("yes")
    )
    unknown = sorted({*links["u"], *links["v"]} - {*nodes["osmid"]})
    if unknown:
        raise DataError(
            f"region {region.name}: roads end at nodes that files.nodes has not: "
            f"{', '.join(map(str, unknown[:5]))}. Add them."
        )
    if not gap:
        links = links[links["access"] == "yes"]
    points = gpd.GeoDataFrame(
        nodes.rename(columns={"lon": "x", "lat": "y"}).astype({"x": float, "y": float}),
        geometry=gpd.points_from_xy(nodes["lon"], nodes["lat"]),
        crs=WGS84,
    ).set_index("osmid")
    roads = Roads.from_frames(points, _both_ways(_draw(links, points)))
    owed = {"credit": OSM_CREDIT} if file.startswith(SHIPPED) else {}
    told = {"sides": list(region.sides), "controlled": region.controlled, **owed}
    return roads.with_columns(meta={"schematic": True, **told})


def _draw(links: pd.DataFrame, points: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Turn one row for each road into a line from u to v, with OSMnx's columns."""
    xy = dict(zip(points.index, zip(points["x"], points["y"], strict=True), strict=True))
    lines = [
        shapely.LineString([xy[u], *_via(via), xy[v]])
        for u, v, via in zip(links["u"], links["v"], links["via"], strict=True)
    ]
    edges = gpd.GeoDataFrame(links.drop(columns="via"), geometry=lines, crs=WGS84)
    edges["length_m"] = edges["length_m"].astype(float)
    edges["maxspeed_kmh"] = edges["maxspeed_kmh"].astype("Float64")
    edges["length"] = edges["length_m"]
    edges["travel_time_s"] = edges["length_m"] / (edges["maxspeed_kmh"] / 3.6)
    edges["oneway"] = False
    return edges


def _via(text: object) -> list[tuple[float, ...]]:
    """Return the points that a link is drawn through."""
    if not isinstance(text, str):
        return []
    return [tuple(map(float, pair.split())) for pair in text.split(";")]


def _both_ways(edges: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Add the other direction of every road, and OSMnx's index."""
    back = edges.rename(columns={"u": "v", "v": "u"})
    back = back.set_geometry(edges.geometry.reverse())
    both = gpd.GeoDataFrame(pd.concat([edges, back], ignore_index=True), crs=WGS84)
    both["key"] = both["key"].astype(int)
    return both.set_index(["u", "v", "key"]).sort_index()
