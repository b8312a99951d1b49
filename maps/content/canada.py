"""Canada on paper: provinces projected to pixels when the page is made, counts by year, flows."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from roxham.geo import DataError, Fault, require_wgs84
from roxham.layers import latest_transfers
from roxham.layers.intervals import interval_at, with_bounds

from .chart import drawn
from .plain import plain

__all__ = ["canada_data"]

LAMBERT = "EPSG:3347"
"""Statistics Canada Lambert: the projection its own maps of the country use."""
WIDTH = 420
TOLERANCE = 0.6
"""Pixels within which an outline may be simplified."""
SMALLEST = 4.0
"""Square pixels below which an island is left out."""
NORTH = 71.0
"""Latitude above which islands are cut off: no figure belongs to them, and room is scarce."""


def canada_data(
    provinces: gpd.GeoDataFrame, interceptions: pd.DataFrame, transfers: pd.DataFrame
) -> dict[str, Any]:
    """Return what the view of Canada draws.

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
        rounded or withheld; unknown ones are not there, so never 0) and Canada's
        total, ``flows`` from Quebec (the last running total to each province) and
        ``totals`` (every one, with its span).
    """
    require_wgs84(provinces, "provinces")
    if provinces.empty:
        raise DataError(Fault("provinces", "there is none.", "Take those of load_base()."))
    paper = provinces.clip((-180, 40, -40, NORTH), keep_geom_type=True).to_crs(LAMBERT)
    west, south, east, north = paper.total_bounds
    scale = WIDTH / (east - west)
    points = gpd.GeoSeries.from_xy(provinces["lon"], provinces["lat"], crs=provinces.crs)
    places = points.to_crs(LAMBERT)
    drawn = []
    for i, row in provinces.iterrows():
        shape = paper.geometry.get(i)
        drawn.append(
            {
                "id": row["id"],
                "name": row["name"],
                "name_fr": plain(row.get("name_fr")),
                "x": round((places[i].x - west) * scale, 1),
                "y": round((north - places[i].y) * scale, 1),
                "path": "" if shape is None else svg_path(shape, west, north, scale),
            }
        )
    return {
        "width": WIDTH,
        "height": round((north - south) * scale),
        "provinces": drawn,
        "years": counted(interceptions, length=4),
        "months": counted(interceptions, length=7),
        "flows": flows(latest_transfers(transfers)),
        "totals": flows(transfers[transfers["scope"] == "province"]),
    }


def svg_path(shape: Any, west: float, north: float, scale: float) -> str:
    """Return polygons as an SVG path in whole tenths of pixels, y downwards."""
    pixels = shapely.transform(
        shape, lambda c: np.column_stack(((c[:, 0] - west) * scale, (north - c[:, 1]) * scale))
    )
    pieces = []
    for part in shapely.get_parts(shapely.simplify(pixels, TOLERANCE)):
        if part.geom_type != "Polygon" or part.area < SMALLEST:
            continue
        for ring in (part.exterior, *part.interiors):
            corners = np.rint(np.asarray(ring.coords)[:-1] * 10) / 10
            pieces.append("M" + "L".join(f"{x:g},{y:g}" for x, y in corners) + "Z")
    return "".join(pieces)


def counted(interceptions: pd.DataFrame, *, length: int) -> dict[str, Any]:
    """Return the counts by period and province, for periods with a province's count.

    ``length`` is that of the periods' names: 4 for years, 7 for months.
    """
    rows = with_bounds(interceptions[interceptions["period"].str.len() == length])
    out = {}
    for year, group in rows.dropna(subset=["low", "high"]).groupby("period", sort=True):
        counts = {str(p): drawn(interval_at(group, i)) for i, p in group["province"].items()}
        canada = counts.pop("CA", None)
        counts.pop("CA-XX", None)
        if counts:
            out[str(year)] = {"canada": canada, "counts": dict(sorted(counts.items()))}
    return out


def flows(transfers: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the totals from Quebec to each province."""
    rows = transfers[(transfers["from"] == "CA-QC") & transfers["count"].notna()]
    return [
        {
            "to": row["to_province"],
            "count": int(row["count"]),
            "start": row["period_start"],
            "end": row["period_end"],
        }
        for row in rows.to_dict("records")
    ]
