"""Frames shown to a reader: Folium elements, one HTML page, the command line."""

from .base import Base, load_base
from .elements import (
    BorderLayer,
    IncidentLayer,
    JurisdictionLayer,
    Legend,
    PlaceLayer,
    PortLayer,
    RoadLayer,
    WaterLayer,
)
from .page import BorderMap, border_map, save_html

__all__ = [
    "Base",
    "BorderLayer",
    "BorderMap",
    "IncidentLayer",
    "JurisdictionLayer",
    "Legend",
    "PlaceLayer",
    "PortLayer",
    "RoadLayer",
    "WaterLayer",
    "border_map",
    "load_base",
    "save_html",
]
