"""The ground under the layers: border, land, water, roads, places, provinces."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import geopandas as gpd
import pandas as pd

from roxham.geo import (
    WGS84,
    Region,
    Roads,
    active_region,
    cut_at_border,
    load_border,
    load_jurisdictions,
    load_places,
    load_provinces,
    load_roads,
    load_water,
    using_region,
)
from roxham.geo.arguments import checked, require_fields
from roxham.geo.geometry.geodesic import ahead
from roxham.geo.network.metadata import OSM_LICENCE, credit_of, is_of_osm
from roxham.geo.region.study_area import SHIPPED
from roxham.geo.summary import Summarised, Summary, count
from roxham.geo.tables.region_files import licences_stated
from roxham.layers import load_ports
from roxham.layers.provenance import Input, licences

__all__ = ["BESIDE", "Base", "load_base", "on_one_map"]

KINDS = {
    "border": ("border",),
    "jurisdictions": ("jurisdictions", "border"),
    "water": ("water",),
    "roads": ("roads", "nodes"),
    "places": ("places",),
    "provinces": ("areas",),
}
"""Files of a region that each frame is made from."""
BESIDE = {
    "geo/jurisdictions.csv": ("geo/jurisdiction_lines.geojson",),
    "geo/corridor_edges.csv": ("geo/speed_defaults.csv",),
}
"""Shipped files that others are read with."""
ODBL = "ODbL"
Corner = tuple[float, float]
Frame = TypeVar("Frame", bound=pd.DataFrame)


@dataclass(frozen=True, eq=False, repr=False)
class Base(Summarised):
    """What the map stands on; every frame in EPSG:4326.

    Attributes
    ----------
    border, jurisdictions, water, roads, places, provinces
        As the loaders of :mod:`roxham.geo` give them; ``border`` is its lines
        and ``roads`` its edges. Of what ships, ``frame.attrs["licences"]`` lists the
        licences. ``roads.attrs["credit"]`` says whose the roads are: what OSM's files and OSMnx's
        graphs are known to be, else as ``roads.with_columns(meta={"credit": "…"})`` tells it.
    schematic
        Whether the roads are schematic, which the page then says.
    inputs
        Files of a user's own, each with its name and SHA-256.
    region
        The region that it is the ground of: its views and words are the page's.

    Examples
    --------
    >>> base = load_base()
    >>> sorted(base.frames())[:3], base.border.crs.to_string()
    (['border', 'jurisdictions', 'places'], 'EPSG:4326')
    """

    border: gpd.GeoDataFrame
    jurisdictions: gpd.GeoDataFrame
    water: gpd.GeoDataFrame
    roads: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    provinces: gpd.GeoDataFrame
    schematic: bool = True
    inputs: tuple[Input, ...] = ()
    region: Region = field(default_factory=active_region)

    def __post_init__(self) -> None:
        require_fields(self)

    def _summary(self) -> Summary:
        lines = [(name, count(len(rows), "row")) for name, rows in self.frames().items()]
        return f"Base of {self.region.name}{', schematic roads' if self.schematic else ''}", lines

    @property
    def views(self) -> dict[str, tuple[Corner, Corner]]:
        """South-west and north-east corners, ``(lat, lon)``, of the views, the first one first.

        Of a region over 180° the west goes on in the east, from 180° to 360°.
        """
        details = self.region.details
        boxes = {view.id: view.bounds for view in details.views} if details else {}
        boxes = boxes or {"region": self.region.bounds}
        drawn = {name: self.region.drawn(box) for name, box in boxes.items()}
        return {name: ((s, w), (n, e)) for name, (w, s, e, n) in drawn.items()}

    def frames(self) -> dict[str, gpd.GeoDataFrame]:
        """Return the frames by name."""
        return {
            name: value for name, value in vars(self).items() if isinstance(value, gpd.GeoDataFrame)
        }


def on_one_map(frame: Frame, region: Region) -> Frame:
    """Return a frame as the map of a region draws it, in one piece over 180°.

    What lies west of it has longitudes from 180° to 360°, and what was cut there is whole.

    Examples
    --------
    >>> fiji = Region("fiji", "Fiji", (179, -18, -179, -16), "EPSG:3460", ("west", "east"))
    >>> east = gpd.GeoDataFrame(geometry=gpd.GeoSeries.from_wkt(["POINT (-179.5 -17)"]), crs=WGS84)
    >>> on_one_map(east, fiji).geometry.x.tolist()
    [180.5]
    """
    if not region.over_180 or not isinstance(frame, gpd.GeoDataFrame):
        return frame
    shapes = ahead(frame.geometry.to_numpy())
    return frame.set_geometry(gpd.GeoSeries(shapes, frame.index, crs=frame.crs))


@checked()
def load_base(
    roads: Roads | None = None,
    *,
    inputs: tuple[Input, ...] = (),
    region: Region | str | Path | None = None,
) -> Base:
    """Load the ground of a region.

    Parameters
    ----------
    roads
        A road network to draw instead of the region's own. Cut it with
        ``cut_at_border`` first, so that it shows no undocumented crossing.
    inputs
        The files it was read from, see :func:`roxham.geo.packages.inputs_of`.
    region
        The region; by default the one at work.

    Returns
    -------
    Base
        Frames in EPSG:4326.

    Raises
    ------
    DataError
        If there is no such region, or one of its files is at fault.

    Examples
    --------
    >>> load_base().schematic
    True
    """
    if region is not None:
        with using_region(region):
            return load_base(roads, inputs=inputs)
    area = active_region()
    own = roads is None
    edges, schematic = _roads_of(area) if roads is None else _credited(roads)
    return Base(
        border=_licensed("border", _drawn(load_border().line), area),
        jurisdictions=_licensed("jurisdictions", load_jurisdictions(), area),
        water=_licensed("water", load_water(), area),
        roads=_licensed("roads", edges, area) if own else _given(edges),
        places=_licensed("places", load_places(), area),
        provinces=_licensed("provinces", load_provinces(), area),
        schematic=schematic,
        inputs=inputs,
        region=area,
    )


def _roads_of(region: Region) -> tuple[gpd.GeoDataFrame, bool]:
    """Return the roads of a region to be drawn; none if it has none."""
    if region.file("roads") is None:
        return gpd.GeoDataFrame({"highway": []}, geometry=[], crs=WGS84), False
    roads = load_roads(gap=True)
    if "side" not in roads.node_columns:
        by = region.details.publisher if region.details else None
        roads = cut_at_border(roads, load_border(), ports=load_ports().rows, by=by)
    edges, schematic = _credited(roads)
    details = region.details
    if edges.attrs["credit"] is None and details is not None:
        worded = details.credits.get(region.languages[0])  # which the page then says
        source = details.sources.get("roads")
        stated = (source.publisher, source.licence) if source is not None else ()
        edges.attrs["credit"] = worded or ", ".join(filter(None, stated)) or None
    return edges, schematic


def _given(edges: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return roads in place of the region's own, which are then not to be credited."""
    edges = edges.copy(deep=False)
    edges.attrs["given"] = True
    return edges


def _credited(roads: Roads) -> tuple[gpd.GeoDataFrame, bool]:
    """Return the edges with whom they are owed to, as far as it is known, and if schematic."""
    edges = roads.edges
    edges.attrs["credit"] = credit_of(roads.meta)
    if is_of_osm(roads.meta) or ODBL in str(edges.attrs["credit"]):
        edges.attrs["licences"] = [OSM_LICENCE]
    return edges, roads.schematic


def _drawn(line: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the stretches of a border that are to be drawn: some only divide the map."""
    if "drawn" not in line:
        return line
    return line[line["drawn"].ne("no").fillna(True)].drop(columns="drawn").reset_index(drop=True)


def _licensed(name: str, frame: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
    """Return the frame with the licences of the files that it was made from."""
    frame = frame.copy(deep=False)
    files = [str(region.file(kind)) for kind in KINDS[name]]
    shipped = [file.removeprefix(SHIPPED) for file in files if file.startswith(SHIPPED)]
    if name == "jurisdictions":
        shipped += [other for file in shipped for other in BESIDE.get(file, ())]
    told = licences_stated(KINDS[name], region) or frame.attrs.get("licences", [])
    if shipped or told:
        known = [*(licences(*shipped) if shipped else []), *told]
        frame.attrs["licences"] = list({one["name"]: one for one in known}.values())
    return frame
