"""Where things are: region, border, jurisdictions, places, roads."""

from .crs import METRIC, WGS84, require_wgs84
from .errors import DataError, Fault, FetchError, NoRouteError, RoxhamError
from .region import ROXHAM, Region
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
    "RoxhamError",
    "require_wgs84",
]
