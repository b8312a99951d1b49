"""A stretch of border: where it is, in which metres it is measured, whose sides it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real

import geopandas as gpd
import shapely
from shapely.geometry import Polygon, box

from .crs import require_metres
from .errors import DataError

__all__ = ["ROXHAM", "Region"]


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
        ``(west, south, east, north)`` in degrees, EPSG:4326. They do not go over 180°.
    metric_crs
        The one projected CRS in which metres are computed here; :func:`suggest_metric_crs`
        finds one. Whatever computes metres refuses one that is made for elsewhere.
    sides
        Codes of the two sides, the northern or first-named one first; of an area and
        what lies around it, the inner one.
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
    metric_crs: str
    sides: tuple[str, str]
    controlled: bool = True

    def __post_init__(self) -> None:
        if _goes_over(self.bounds):
            west, south, east, north = self.bounds
            raise DataError(
                f"region {self.name}: bounds {self.bounds} go over 180°. Make two regions: "
                f"{(west, south, 180, north)} and {(-180, south, east, north)}."
            )
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
        return require_metres(self.metric_crs, self.bounds, f"region {self.name}")

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


def _goes_over(bounds: Sequence[float]) -> bool:
    """Whether a box begins in the east and ends in the west, as over the antimeridian."""
    numbers = len(bounds) == 4 and all(isinstance(value, Real) for value in bounds)
    return numbers and 180 < bounds[0] - bounds[2] <= 360


ROXHAM = Region(
    name="roxham",
    title="Roxham Road and the border of Quebec with New York and Vermont",
    bounds=(-75.2, 44.3, -71.0, 45.8),
    # 18N to the end: the seam at 72° W runs through it, and at 71° W lengths are 0.1 % long
    metric_crs="EPSG:32618",
    sides=("CA", "US"),
)
"""The first preset: from Cornwall–Massena to the head of Halls Stream."""
