"""Where things are: region, border, jurisdictions, places, roads."""

from .access.catchment_areas import Catchments, catchments
from .access.changes import changed_areas, compare_catchments
from .access.isochrones import reach
from .border.border import Border, load_border
from .border.read import read_border
from .crossings.find import cut_at_border, find_crossings
from .crs import METRIC, WGS84, require_wgs84
from .errors import DataError, Fault, FetchError, NoRouteError, RoxhamError, WriteError
from .network.roads import Roads
from .network.speeds import with_speeds
from .network.stats import Report
from .places.admin_regions import load_regions
from .places.jurisdictions import load_jurisdictions
from .places.provinces import load_provinces
from .places.towns import load_places
from .places.water import load_water
from .readers.corridor import load_roads
from .readers.read import fetch_roads, read_roads
from .region import ROXHAM, Region
from .routing.gate_trees import GateTrees
from .routing.routes import find_routes
from .routing.snap import Snap, Snapper
from .routing.travel_table import travel_table
from .tables.contract import Checked

__all__ = [
    "METRIC",
    "ROXHAM",
    "WGS84",
    "Border",
    "Catchments",
    "Checked",
    "DataError",
    "Fault",
    "FetchError",
    "GateTrees",
    "NoRouteError",
    "Region",
    "Report",
    "Roads",
    "RoxhamError",
    "Snap",
    "Snapper",
    "WriteError",
    "catchments",
    "changed_areas",
    "compare_catchments",
    "cut_at_border",
    "fetch_roads",
    "find_crossings",
    "find_routes",
    "load_border",
    "load_jurisdictions",
    "load_places",
    "load_provinces",
    "load_regions",
    "load_roads",
    "load_water",
    "reach",
    "read_border",
    "read_roads",
    "require_wgs84",
    "travel_table",
    "with_speeds",
]
