"""Where things are: region, border, jurisdictions, places, roads."""

from .border import Border, load_border
from .crs import METRIC, WGS84, require_wgs84
from .errors import DataError, Fault, FetchError, NoRouteError, RoxhamError
from .jurisdictions import load_jurisdictions, load_provinces, load_water
from .packages import catalogue
from .places import load_places
from .region import ROXHAM, Region
from .roads import Roads, load_roads
from .tables import Checked

__all__ = [
    "METRIC",
    "ROXHAM",
    "WGS84",
    "Border",
    "Checked",
    "DataError",
    "Fault",
    "FetchError",
    "NoRouteError",
    "Region",
    "Roads",
    "RoxhamError",
    "catalogue",
    "load_border",
    "load_jurisdictions",
    "load_places",
    "load_provinces",
    "load_roads",
    "load_water",
    "require_wgs84",
]
