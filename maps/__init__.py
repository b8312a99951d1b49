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
from .picture_panels import map_sheet
from .picture_write import save_picture

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
    "map_sheet",
    "save_html",
    "save_picture",
]
