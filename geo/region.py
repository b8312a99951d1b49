"""A stretch of border: where it is, in which metres it is measured, whose sides it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real

import geopandas as gpd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.geometry import Polygon, box

from .crs import METRIC
from .errors import DataError

__all__ = ["ROXHAM", "Region"]

BEYOND_DEG = 3.0
"""So far beyond its area a CRS may be used: metres of UTM are then within 1 %."""


@dataclass(frozen=True)
class Region:
    """A study area around a border.

    Parameters
    ----------
    name
        Short stable identifier.
    title
        Name for readers.
    bounds
        ``(west, south, east, north)`` in degrees, EPSG:4326.
    metric_crs
        The one projected CRS in which metres are computed here. Whatever computes
        them refuses one that is made for elsewhere.
    sides
        Codes of the two sides, the northern or first-named one first.
    controlled
        Whether crossing away from a port of entry is unlawful. On a controlled
        border, undocumented meeting places of road and line are never listed. A
        line along the bundled border is never taken for an open one.

    Examples
    --------
    >>> ROXHAM.sides
    ('CA', 'US')
    >>> ROXHAM.contains(-73.517, 45.007)
    True
    """

    name: str
    title: str
    bounds: tuple[float, float, float, float]
    metric_crs: str = METRIC
    sides: tuple[str, str] = ("CA", "US")
    controlled: bool = True

    def __post_init__(self) -> None:
        if not _is_box(self.bounds):
            raise DataError(
                f"region {self.name}: bounds {self.bounds} are not west, south, east, north "
                "in degrees. Give longitude first, smallest values first."
            )
        if len(self.sides) != 2 or self.sides[0] == self.sides[1]:
            raise DataError(f"region {self.name}: sides {self.sides} are not two names.")

    def require_metric(self) -> str:
        """Return the metric CRS; raise if it is none, or made for an area elsewhere.

        Examples
        --------
        >>> ROXHAM.require_metric()
        'EPSG:32618'
        """
        try:
            crs = CRS.from_user_input(self.metric_crs)
        except CRSError as error:
            raise DataError(f"region {self.name}: {self.metric_crs} is no CRS.") from error
        if not crs.is_projected or crs.axis_info[0].unit_name != "metre":
            raise DataError(
                f"region {self.name}: {self.metric_crs} is not in metres. Give a projected CRS."
            )
        area = crs.area_of_use
        west, south, east, north = self.bounds
        if area is not None and (
            min(west - area.west, south - area.south) < -BEYOND_DEG
            or max(east - area.east, north - area.north) > BEYOND_DEG
        ):
            raise DataError(
                f"region {self.name}: lies outside the area of {self.metric_crs}, "
                f"{area.name.rstrip('.')}: metres would be wrong. Give it a metric_crs of its own."
            )
        return self.metric_crs

    @property
    def polygon(self) -> Polygon:
        """The bounds as a polygon, EPSG:4326."""
        return box(*self.bounds)

    def contains(self, lon: float, lat: float) -> bool:
        """Whether a point lies within the bounds."""
        west, south, east, north = self.bounds
        return west <= lon <= east and south <= lat <= north

    def clip(self, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Return the areas that reach into the bounds, EPSG:4326, cut at their edges."""
        cut = areas.set_geometry(areas.geometry.intersection(self.polygon))
        return cut[shapely.area(cut.geometry.to_numpy()) > 0].reset_index(drop=True)


def _is_box(bounds: Sequence[float]) -> bool:
    """Whether these are west, south, east, north in degrees."""
    if len(bounds) != 4 or not all(isinstance(value, Real) for value in bounds):
        return False
    west, south, east, north = bounds
    return -180 <= west < east <= 180 and -90 <= south < north <= 90


ROXHAM = Region(
    name="roxham",
    title="Roxham Road and the border of Quebec with New York and Vermont",
    bounds=(-75.2, 44.3, -71.0, 45.8),
)
"""The first preset: from Cornwall–Massena to the head of Halls Stream."""
