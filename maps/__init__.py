"""Frames shown to a reader: Folium elements, one HTML page, the command line."""

from .base import Base, load_base
from .decode import decode_layer
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
from .feature_layer import FeatureLayer
from .page import BorderMap, border_map, save_html

__all__ = [
    "Base",
    "BorderLayer",
    "BorderMap",
    "FeatureLayer",
    "IncidentLayer",
    "JurisdictionLayer",
    "Legend",
    "PlaceLayer",
    "PortLayer",
    "RoadLayer",
    "WaterLayer",
    "border_map",
    "decode_layer",
    "load_base",
    "save_html",
]
