"""Where things are: region, border, jurisdictions, places, roads."""

from .cache import load_roads
from .crossings import cut_at_border, find_crossings
from .crs import METRIC, WGS84, require_wgs84
from .errors import DataError, Fault, FetchError, NoRouteError, RoxhamError
from .network import Roads
from .read import fetch_roads, read_roads
from .region import ROXHAM, Region
from .report import Report
from .snap import Snap, Snapper
from .speeds import with_speeds
from .tables import Checked

__all__ = [
    "METRIC",
    "ROXHAM",
    "WGS84",
    "Checked",
    "DataError",
    "Fault",
    "FetchError",
    "NoRouteError",
    "Region",
    "Report",
    "Roads",
    "RoxhamError",
    "Snap",
    "Snapper",
    "cut_at_border",
    "fetch_roads",
    "find_crossings",
    "load_roads",
    "read_roads",
    "require_wgs84",
    "with_speeds",
]
