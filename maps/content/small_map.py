"""Areas on paper: provinces projected to pixels when the page is made, counts by year, flows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from roxham.geo import DataError, Fault, require_wgs84
from roxham.geo._types import Floats
from roxham.geo.region import active_region
from roxham.geo.region.definition import Series
from roxham.layers import latest_transfers
from roxham.layers.intervals import intervals_of, with_bounds

from .chart import drawn
from .plain import plain

__all__ = ["areas_data", "path_data"]

LEADING = re.compile(r"(?<![\d.])0(?=\.)")
"""The zero before a decimal point, which a path reads without."""

WIDTH = 420
TOLERANCE = 0.6
"""Pixels within which an outline may be simplified."""
SMALLEST = 4.0
"""Square pixels below which an island is left out."""


def areas_data(
    provinces: gpd.GeoDataFrame, interceptions: pd.DataFrame, transfers: pd.DataFrame
) -> dict[str, Any] | None:
    """Return what the small map of areas draws, None where the region has none.

    Parameters
    ----------
    provinces
        ``id, name, name_fr, lon, lat`` (where the symbol stands), polygons, EPSG:4326.
    interceptions
        Rows of ``load_interceptions``; annual rows are used.
    transfers
        Rows of ``load_transfers``.

    Returns
    -------
    dict
        ``width, height`` in pixels, ``provinces`` with path and symbol place,
        ``years`` and ``months`` with ``counts`` by province (``[low, high]`` where
        rounded or withheld; unknown ones are not there, so never 0) and their
        ``whole``, ``flows`` from the area charted (the last running total to each province) and
        ``totals`` (every one, with its span).
    """
    details = active_region().details
    series = next((one for one in details.series if one.map), None) if details else None
    if details is None or series is None or details.small_map is None:
        return None
    require_wgs84(provinces, "provinces")
    if provinces.empty:
        raise DataError(Fault("provinces", "there is none.", "Take those of load_base()."))
    crs, bounds = details.small_map.crs, details.small_map.bounds
    paper = provinces.clip(bounds, keep_geom_type=True).to_crs(crs)
    west, south, east, north = paper.total_bounds
    scale = WIDTH / (east - west)
    points = gpd.GeoSeries.from_xy(provinces["lon"], provinces["lat"], crs=provinces.crs)
    places = points.to_crs(crs)
    languages = active_region().languages
    drawn = []
    middles = shapely.get_coordinates(np.asarray(places))
    for (i, row), (x, y) in zip(provinces.iterrows(), middles, strict=True):
        shape = paper.geometry.get(i)
        drawn.append(
            {
                "id": row["id"],
                "name": row["name"],
                **{f"name_{lang}": plain(row.get(f"name_{lang}")) for lang in languages[1:]},
                "x": round((x - west) * scale, 1),
                "y": round((north - y) * scale, 1),
                "path": "" if shape is None else svg_path(shape, west, north, scale),
            }
        )
    return {
        "width": WIDTH,
        "height": round((north - south) * scale),
        "provinces": drawn,
        "codes": {"area": series.area, "whole": series.whole},
        "first": details.small_map.year,
        "years": counted(interceptions, series, length=4),
        "months": counted(interceptions, series, length=7),
        "flows": flows(latest_transfers(transfers), series.area),
        "totals": flows(transfers[transfers["scope"] == "province"], series.area),
    }


def svg_path(shape: Any, west: float, north: float, scale: float) -> str:
    """Return polygons as an SVG path in whole tenths of pixels, y downwards."""
    pixels = shapely.transform(
        shape, lambda c: np.column_stack(((c[:, 0] - west) * scale, (north - c[:, 1]) * scale))
    )
    return path_data(
        np.asarray(ring.coords)
        for part in shapely.get_parts(shapely.simplify(pixels, TOLERANCE))
        if part.geom_type == "Polygon" and part.area >= SMALLEST
        for ring in (part.exterior, *part.interiors)
    )


def path_data(parts: Iterable[Floats]) -> str:
    """Return lines and rings, of shape (n, 2), as an SVG path of relative moves in tenths.

    Examples
    --------
    >>> path_data([np.array([[1.0, 2.0], [1.0, 1.5], [0.0, 2.0], [1.0, 2.0]])])
    'M1 2l0-.5-1 .5z'
    """
    out: list[str] = []
    for part in parts:
        points = np.round(part * 10).astype(np.int64)
        steps = np.diff(points, axis=0)
        steps = steps[np.any(steps != 0, axis=1)]
        closed = len(part) > 3 and bool(np.all(points[0] == points[-1]))
        kept = steps[:-1] if closed else steps
        moves = " ".join(f"{dx / 10:g} {dy / 10:g}" for dx, dy in kept)
        x, y = points[0] / 10
        out.append(f"M{x:g} {y:g}" + (f"l{moves}" if moves else "h0") + "z" * closed)
    return LEADING.sub("", "".join(out)).replace(" -", "-")


def counted(interceptions: pd.DataFrame, series: Series, *, length: int) -> dict[str, Any]:
    """Return the counts by period and area, for periods with the count of one.

    ``length`` is that of the periods' names: 4 for years, 7 for months.
    """
    rows = with_bounds(interceptions[interceptions["period"].str.len() == length])
    out = {}
    for year, group in rows.dropna(subset=["low", "high"]).groupby("period", sort=True):
        counts = dict(zip(group["province"].map(str), map(drawn, intervals_of(group)), strict=True))
        whole = counts.pop(str(series.whole), None)
        counts.pop(str(series.rest), None)
        if counts:
            out[str(year)] = {"whole": whole, "counts": dict(sorted(counts.items()))}
    return out


def flows(transfers: pd.DataFrame, area: str) -> list[dict[str, Any]]:
    """Return the totals from an area to each other."""
    rows = transfers[(transfers["from"] == area) & transfers["count"].notna()]
    return [
        {
            "to": row["to_province"],
            "count": int(row["count"]),
            "start": row["period_start"],
            "end": row["period_end"],
        }
        for row in rows.to_dict("records")
    ]
