"""A border as a table of its turning points, in order along the line."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from roxham.geo.crs import WGS84
from roxham.geo.errors import DataError, Fault
from roxham.geo.tables.contract import SOURCE, Column, Contract, swapped_axes

__all__ = ["BORDER", "lines_through"]

BORDER = Contract(
    "border",
    (
        Column("seq", "integer", "order along the line, from west to east", minimum=1),
        Column("lon", "lon", "longitude of a turning point, degrees"),
        Column("lat", "lat", "latitude of a turning point, degrees"),
        Column("section", meaning="stretch of the line, by its name in the boundary treaties"),
        Column(
            "drawn",
            meaning="no where it only divides the map, as through a lake or the sea",
            required=False,
            choices=("yes", "no"),
        ),
        *SOURCE,
    ),
    checks=(swapped_axes(),),
)
"""Columns of the bundled turning points."""


def lines_through(
    points: pd.DataFrame, file: str, languages: Iterable[str] = ()
) -> gpd.GeoDataFrame:
    """Return the lines through turning points, one for each section, EPSG:4326.

    Parameters
    ----------
    points
        Columns of :data:`BORDER`, those that are not known null; in order along the line, or of
        ``seq`` where every row has one.
    file
        What to call them in messages.
    languages
        Further languages whose columns (``section_fr``) are kept.

    Raises
    ------
    DataError
        If there are too few.
    """
    if points["seq"].notna().all():
        points = points.sort_values("seq", kind="stable", ignore_index=True)
    xy = points[["lon", "lat"]].to_numpy(dtype=float)
    section = points["section"].ffill().fillna("")
    starts = np.flatnonzero(section.ne(section.shift()))
    ends = np.append(starts[1:], len(points))
    if not len(points) or ends[0] == 1:
        found = "begins with a section of one point." if len(points) else "has no points."
        raise DataError(Fault(file, found, "Give two points at least, in order along the line."))
    # A section begins where the one before it ended, so that the line has no gap.
    lines = [
        shapely.LineString(xy[max(start - 1, 0) : end])
        for start, end in zip(starts, ends, strict=True)
    ]
    told = ["section", "drawn", *(column.name for column in SOURCE)]
    told += [f"{name}_{lang}" for name in told for lang in languages]
    rows = points.loc[starts, [name for name in told if name in points]]
    frame = gpd.GeoDataFrame(rows.reset_index(drop=True), geometry=lines, crs=WGS84)
    frame.attrs |= points.attrs
    return frame
