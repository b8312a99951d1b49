"""Where a page opens: at the region's first view, or where roads of one's own are."""

from __future__ import annotations

from roxham.geo import Region
from roxham.maps.ground import Base, Corner, on_one_map

__all__ = ["elsewhere", "opening", "pan_of"]

Pan = tuple[float, float, float, float]


def pan_of(region: Region) -> Pan:
    """Return how far the map may be moved: as the region says, or somewhat beyond its bounds.

    Of a region over 180° the west goes on in the east, as its map draws it.
    """
    if region.details is not None and region.details.pan is not None:
        return region.drawn(region.details.pan)
    west, south, east, north = region.ahead
    beyond = max(1.0, (east - west) / 2, (north - south) / 2)
    return west - beyond, max(south - beyond, -85.0), east + beyond, min(north + beyond, 85.0)


def opening(base: Base, pan: Pan) -> tuple[Corner, Corner] | None:
    """Return the corners at which roads of one's own are seen; ``None`` if the first view has them.

    Parameters
    ----------
    base
        The ground; only roads that were given in place of the region's own are looked for.
    pan
        How far the map may be moved: west, south, east, north, in degrees.
    """
    (south, west), (north, east) = next(iter(base.views.values()))
    if not base.roads.attrs.get("given"):
        return None
    roads = on_one_map(base.roads, base.region)
    if len(roads.cx[west:east, south:north]):
        return None
    west, south, east, north = pan
    seen = roads.cx[west:east, south:north]
    if seen.empty:
        return None
    left, low, right, high = (float(edge) for edge in seen.total_bounds)
    return (max(low, south), max(left, west)), (min(high, north), min(right, east))


def elsewhere(base: Base, pan: Pan) -> bool:
    """Return whether roads of one's own lie where the map cannot be moved to."""
    west, south, east, north = pan
    given = bool(base.roads.attrs.get("given")) and len(base.roads) > 0
    return given and on_one_map(base.roads, base.region).cx[west:east, south:north].empty
