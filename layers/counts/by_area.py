"""How many incidents lie in each area in each month, small counts withheld."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from roxham.geo import DataError, Fault, require_wgs84
from roxham.geo.arguments import checked, require_columns
from roxham.geo.crs import lon_lat
from roxham.geo.partitions import is_partitioned

__all__ = [
    "ELSEWHERE",
    "UNDATED",
    "added_up",
    "cells_of",
    "count_incidents",
    "months_told",
    "names_of",
    "spare_of",
]

ELSEWHERE, UNDATED = "elsewhere", "undated"
"""What is in none of the areas, and what has no month: counted, too."""
CELL = ["area", "month"]
ZONED = re.compile(r"[T ](?!00:00(?::00(?:\.0+)?)?(?:Z|\+00:?00)$)[0-9:.]+ ?(?:Z|[+-]\d\d:?\d\d)$")
"""A time of day in a zone, but midnight in UTC, which stands for a day."""
LARGEST = 1_000_000
"""Cells of a table that is still one."""


@checked(incidents=["date"])
def count_incidents(
    incidents: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    *,
    name: str = "name",
    threshold: int = 5,
) -> pd.DataFrame:
    """Return how many incidents lie in each area in each month.

    Parameters
    ----------
    incidents
        Points, EPSG:4326, with ``date`` (EDTF level 1): a place is that of its centre. A
        dask-geopandas frame, too, counted partition by partition.
    areas
        Polygons, EPSG:4326. Of several that hold a point the first one counts.
    name
        Column of ``areas`` that names each.
    threshold
        Counts below it are withheld, 0 too, as by :func:`~roxham.layers.suppress_small`. The
        table has no totals: one that is published beside it gives back what it withholds.

    Returns
    -------
    pandas.DataFrame
        A row for every area and ``elsewhere``, and every month of the years from the first to the
        last in which somebody was counted, and ``undated``: ``area, month, count``
        (Int64, null where withheld), ``suppressed, low, high``. Of a dask-geopandas frame one of
        Dask's, not computed yet.

    Raises
    ------
    DataError
        If a column or the CRS is missing, a geometry is no point, a date is a moment in a time
        zone, two areas have one name, or the threshold protects nobody.

    Examples
    --------
    >>> areas = gpd.GeoDataFrame({"name": ["here"]}, geometry=[shapely.box(0, 0, 1, 1)],
    ...                          crs="EPSG:4326")
    >>> points = gpd.GeoDataFrame({"date": ["2023-01-05"] * 7 + ["2023-02"]},
    ...                           geometry=[shapely.Point(0.5, 0.5)] * 8, crs="EPSG:4326")
    >>> table = count_incidents(points, areas)
    >>> here = table[table["area"] == "here"]
    >>> len(here), here[["month", "count", "high"]].values.tolist()[:2]
    (13, [['2023-01', 7, 7], ['2023-02', <NA>, 4]])
    """
    known = names_of(areas, name=name, threshold=threshold)
    count = partial(cells_of, areas=gpd.GeoSeries(areas.geometry.to_numpy()), names=known)
    if not is_partitioned(incidents):
        return added_up([count(incidents)], known, threshold)
    import dask.dataframe
    from dask.delayed import delayed

    lots: Any = incidents
    parts = [delayed(count)(part) for part in lots.to_delayed()]
    table = delayed(added_up)(parts, known, threshold)
    like = added_up([], known, threshold)
    lazy: pd.DataFrame = dask.dataframe.from_delayed([table], meta=like)
    return lazy


def names_of(areas: gpd.GeoDataFrame, *, name: str = "name", threshold: int = 5) -> list[str]:
    """Return what areas are called, if counts of them can be told.

    Raises
    ------
    DataError
        As :func:`count_incidents`, for all but the points.
    """
    if threshold < 2 or not float(threshold).is_integer():
        raise DataError(f"threshold: {threshold} protects nobody. Give a whole number, 5 or more.")
    require_wgs84(areas, "areas")
    require_columns(areas, "areas", (name,))
    if not areas.geom_type.isin(["Polygon", "MultiPolygon"]).all():
        raise DataError(Fault("areas", "are not all polygons.", "Give polygons."))
    names = areas[name].astype("string")
    if names.isna().any() or names.duplicated().any() or names.eq(ELSEWHERE).any():
        found = "is missing, stands twice, or is “elsewhere”."
        raise DataError(Fault("areas", found, "Name each area otherwise.", column=name))
    return [str(one) for one in names]


def cells_of(incidents: gpd.GeoDataFrame, areas: gpd.GeoSeries, names: Sequence[str]) -> Any:
    """Return how many of some incidents are in each cell: ``area, month, count``."""
    require_columns(incidents, "incidents", ("date",))
    lon, lat = lon_lat(incidents, "incidents")
    rows = np.flatnonzero(np.isfinite(lon + lat))
    tree = shapely.STRtree(areas.to_numpy())
    point, area = tree.query(shapely.points(lon[rows], lat[rows]), predicate="intersects")
    first = np.full(len(incidents), len(names))
    np.minimum.at(first, rows[point], area)
    dates = incidents["date"].astype("string")
    _require_days(dates)
    month = dates.str.extract(r"^(\d{4}-(?:0[1-9]|1[0-2]))", expand=False)
    span = dates.str.contains("/", regex=False).fillna(False)
    cells = pd.DataFrame(
        {
            "area": np.array([*names, ELSEWHERE], dtype=object)[first],
            "month": month.mask(span).fillna(UNDATED).to_numpy(dtype=object),
        }
    )
    return cells.groupby(CELL, as_index=False).size().rename(columns={"size": "count"})


def _require_days(dates: pd.Series) -> None:
    """Refuse moments of a time zone: the day, and so the month, may be another one there."""
    timed = dates[(dates.str.len() > len("2000-12-31")).fillna(False)]
    if timed.str.contains(ZONED).any():
        found = "has times of a time zone, where the month may be another one."
        raise DataError(Fault("incidents", found, "Write the local day alone.", column="date"))


def months_told(found: pd.Series[int], threshold: int) -> list[str]:
    """Return the months that a table of counts has, of the counts by area and month.

    They are those of whole years: if they began and ended where somebody was counted, the first and
    the last month would tell that. There is one year more where what an area withholds is nearly
    all that it can be: a total would then tell of each month that somebody was counted.
    """
    dated = sorted(set(found.index.get_level_values("month")) - {UNDATED})
    if not dated:
        return []
    months = _years(int(dated[0][:4]), int(dated[-1][:4]))
    small, known = found[found < threshold], found[found >= threshold]
    withheld = small.groupby(level="area").sum()
    hidden = len(months) + 1 - known.groupby(level="area").size().reindex(withheld.index).fillna(0)
    full = withheld.gt(spare_of(found, months, threshold))
    full &= withheld.gt((threshold - 1) * (hidden - 1))
    return _years(int(dated[0][:4]), int(dated[-1][:4]) + 1) if full.any() else months


def _years(first: int, last: int) -> list[str]:
    return [str(month) for month in pd.period_range(f"{first}-01", f"{last}-12", freq="M")]


def spare_of(found: pd.Series[int], months: Sequence[str], threshold: int) -> int:
    """Return up to what all that an area withholds tells nothing of a single month, if it is told.

    One month can be the most that is withheld. And a first or last year of which no month is told
    has somebody, as the table would else begin or end in another.
    """
    told_in = found[found >= threshold].index.get_level_values("month").str[:4]
    ends = {month[:4] for month in (*months[:1], *months[-1:])}
    return threshold - 1 + len(ends - {*told_in})


def added_up(parts: Sequence[pd.DataFrame], names: Sequence[str], threshold: int) -> pd.DataFrame:
    """Return the table of all cells, the small ones withheld."""
    cells = pd.concat(parts) if parts else pd.DataFrame(columns=[*CELL, "count"])
    found = cells.groupby(CELL)["count"].sum().astype("int64")
    months = months_told(found, threshold)
    every = pd.MultiIndex.from_product([[*names, ELSEWHERE], [*months, UNDATED]], names=CELL)
    if len(every) > LARGEST:
        problem = f"would be {len(every):,} cells, areas by months: more than {LARGEST:,}."
        raise DataError(Fault("areas", problem, "Give larger areas, or fewer years."))
    table = found.reindex(every, fill_value=0).rename("count").reset_index()
    small = table["count"] < threshold  # no row is a total, so that nothing gives them back
    table["suppressed"] = small
    table["low"], table["high"] = (
        table["count"].mask(small, 0),
        table["count"].mask(small, threshold - 1),
    )
    numbers = dict.fromkeys(("count", "low", "high"), "Int64")
    table = table.astype({"area": "string", "month": "string", "suppressed": "boolean", **numbers})
    table["count"] = table["count"].mask(small)
    return table
