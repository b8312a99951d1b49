"""Frames shown to a reader: Folium elements, one HTML page, the command line."""

from .elements.decode import decode_layer
from .elements.feature_layer import FeatureLayer
from .elements.layers import (
    BorderLayer,
    IncidentLayer,
    JurisdictionLayer,
    Legend,
    PlaceLayer,
    PortLayer,
    RoadLayer,
    WaterLayer,
)
from .elements.travel_layers import CatchmentLayer, ReachLayer, RouteLayer
from .ground import Base, load_base
from .page.page import BorderMap, border_map, save_html
from .printed.layout import map_sheet
from .printed.write import save_picture

__all__ = [
    "Base",
    "BorderLayer",
    "BorderMap",
    "CatchmentLayer",
    "FeatureLayer",
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
    "decode_layer",
    "load_base",
    "map_sheet",
    "save_html",
    "save_picture",
]
