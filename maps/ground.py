"""The ground under the layers: border, land, water, roads, places, provinces."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd

from roxham.geo import (
    Roads,
    load_border,
    load_jurisdictions,
    load_places,
    load_provinces,
    load_roads,
    load_water,
)
from roxham.layers.provenance import Input, licences

__all__ = ["VIEWS", "Base", "load_base"]

RESOURCES = {
    "border": ["border.csv"],
    "jurisdictions": ["jurisdictions.csv", "jurisdiction_lines.geojson", "border.csv"],
    "water": ["water.geojson"],
    "roads": ["corridor_edges.csv", "corridor_nodes.csv"],
    "places": ["places.csv"],
    "provinces": ["provinces.geojson"],
}
"""Shipped files that each frame was made from."""

VIEWS = {
    "core": ((44.66, -74.02), (45.56, -73.0)),
    "site": ((44.955, -73.66), (45.06, -73.33)),
    "region": ((44.4, -75.1), (45.7, -71.1)),
}
"""South-west and north-east corners, ``(lat, lon)``, of what is shown first, or alone."""


@dataclass(frozen=True, eq=False)
class Base:
    """What the map stands on; every frame in EPSG:4326.

    Attributes
    ----------
    border, jurisdictions, water, roads, places, provinces
        As the loaders of :mod:`roxham.geo` give them; ``border`` is its lines
        and ``roads`` its edges. Of what ships, ``frame.attrs["licences"]`` lists the
        licences; of a network of your own it is for you to fill.
    schematic
        Whether the roads are schematic, which the page then says.
    inputs
        Files of a user's own, each with its name and SHA-256.
    """

    border: gpd.GeoDataFrame
    jurisdictions: gpd.GeoDataFrame
    water: gpd.GeoDataFrame
    roads: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    provinces: gpd.GeoDataFrame
    schematic: bool = True
    inputs: tuple[Input, ...] = ()

    def frames(self) -> dict[str, gpd.GeoDataFrame]:
        """Return the frames by name."""
        return {
            name: value for name, value in vars(self).items() if isinstance(value, gpd.GeoDataFrame)
        }


def load_base(roads: Roads | None = None, *, inputs: tuple[Input, ...] = ()) -> Base:
    """Load the bundled ground of the Roxham region.

    Parameters
    ----------
    roads
        A road network to draw instead of the schematic corridor. Cut it with
        ``cut_at_border`` first, so that it shows no undocumented crossing.
    inputs
        The files it was read from, see :func:`roxham.geo.packages.inputs_of`.

    Examples
    --------
    >>> load_base().schematic
    True
    """
    corridor = roads is None
    roads = roads or load_roads(gap=True)
    return Base(
        border=_licensed("border", load_border().line),
        jurisdictions=_licensed("jurisdictions", load_jurisdictions()),
        water=_licensed("water", load_water()),
        roads=_licensed("roads", roads.edges) if corridor else roads.edges,
        places=_licensed("places", load_places()),
        provinces=_licensed("provinces", load_provinces()),
        schematic=roads.schematic,
        inputs=inputs,
    )


def _licensed(name: str, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the frame with the licences of the files that it was made from."""
    frame = frame.copy(deep=False)
    frame.attrs["licences"] = licences(*(f"geo/{file}" for file in RESOURCES[name]))
    return frame
