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
from .travel_layers import CatchmentLayer, ReachLayer, RouteLayer

__all__ = [
    "Base",
    "BorderLayer",
    "BorderMap",
    "CatchmentLayer",
    "IncidentLayer",
    "JurisdictionLayer",
    "Legend",
    "PlaceLayer",
    "PortLayer",
    "ReachLayer",
    "RoadLayer",
    "RouteLayer",
    "WaterLayer",
    "border_map",
    "load_base",
    "save_html",
]
