"""What layers made by hand must hold before they are drawn; those of the loaders do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from roxham.geo import DataError, Fault, require_wgs84
from roxham.geo.errors import shown
from roxham.geo.tables.contract import Contract
from roxham.layers import Layers
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.privacy.masking import LARGEST_M

from .areas import radius_faults

__all__ = ["sound_layers"]

AXES = ("lat", "lon")
MOST = 20
"""Faults told of one column."""


def sound_layers(layers: Layers) -> Layers:
    """Return layers with rows numbered anew and categories as what they stand for.

    Raises
    ------
    DataError
        If a table lacks a column, a place is not a point, a date is no text, or a
        radius is no number of metres: every fault at once.

    Examples
    --------
    >>> from roxham.layers import load_layers
    >>> layers = load_layers()
    >>> sound_layers(layers).ports.shape == layers.ports.shape
    True
    """
    tables: dict[str, Any] = {name: _plain(rows) for name, rows in layers.tables.items()}
    faults = [
        fault
        for name, rows in tables.items()
        for fault in _faults(name, rows, DATASETS[name].contract)
    ]
    if faults:
        raise DataError(faults)
    return layers.with_tables(**tables)


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    words = rows.select_dtypes("category").columns
    kept = {name: rows[name].cat.categories.dtype for name in words}
    return rows.reset_index(drop=True).astype(kept)


def _faults(name: str, rows: pd.DataFrame, contract: Contract) -> Iterator[Fault]:
    needed = [c.name for c in contract.columns if c.required and c.name not in AXES]
    for column in (column for column in needed if column not in rows):
        yield Fault(name, "has no such column.", "Add it.", column=column)
    if isinstance(rows, gpd.GeoDataFrame):
        require_wgs84(rows, name)
        points = rows.geom_type.eq("Point") & ~rows.geometry.is_empty
        for i in np.flatnonzero(~points)[:MOST]:
            yield Fault(name, "is not a point.", "Give the middle of the place.", row=int(i) + 1)
    for column in (c.name for c in contract.columns if c.kind == "date" and c.name in rows):
        known = rows[column].dropna()
        bad = known[~known.map(lambda day: isinstance(day, str)).astype(bool)]
        for i, day in bad.iloc[:MOST].items():
            found = f"“{shown(day)}” is no text."
            yield Fault(name, found, "Write YYYY-MM-DD, YYYY-MM or YYYY.", int(str(i)) + 1, column)
    if name == "incidents" and isinstance(rows, gpd.GeoDataFrame):
        yield from radius_faults(rows[points], name)
    elif "radius_m" in rows:
        metres = pd.to_numeric(rows["radius_m"], errors="coerce").astype("Float64")
        sound = metres.between(0, LARGEST_M).fillna(False)
        for i in np.flatnonzero((rows["radius_m"].notna() & ~sound).to_numpy(dtype=bool))[:MOST]:
            yield Fault(name, "is no radius in metres.", "", int(i) + 1, "radius_m")
