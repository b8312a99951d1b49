"""What the page's tables need beside what is drawn: the data series, licences, dimensions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from roxham.geo.crs import WGS84
from roxham.layers import Layers

from .payload import layer_payload

__all__ = ["SERIES", "dimensions_of", "licences_of", "series_payloads"]

SERIES = ("interceptions", "policy_events", "transfers", "encounters")
"""Frames of the bundle that have a table and no place on the map."""


def licences_of(frame: pd.DataFrame) -> list[dict[str, str]]:
    """Return the licences that a frame carries in ``attrs["licences"]``; none where unknown.

    Examples
    --------
    >>> frame = pd.DataFrame()
    >>> frame.attrs["licences"] = [{"name": "CC0-1.0"}]
    >>> licences_of(frame)
    [{'name': 'CC0-1.0', 'url': ''}]
    """
    given = frame.attrs.get("licences", [])
    known: list[Mapping[str, Any]] = [each for each in given if isinstance(each, Mapping)]
    return [{key: str(each.get(key, "")) for key in ("name", "url")} for each in known]


def dimensions_of(geometry: gpd.GeoSeries) -> int | list[int]:
    """Return whether features are points (0), lines (1) or areas (2); a list where they differ.

    The payload holds lines and rings alike as parts, and a closed line is no area.

    Examples
    --------
    >>> dimensions_of(gpd.GeoSeries.from_wkt(["POINT (0 1)", "POINT (2 3)"]))
    0
    """
    found = shapely.get_dimensions(np.asarray(geometry.values)).clip(0)
    kinds = sorted(set(found.tolist()))
    return found.tolist() if len(kinds) > 1 else next(iter(kinds), 0)


def series_payloads(layers: Layers) -> list[dict[str, Any]]:
    """Return the data series as payloads of layers without geometry, all columns in them."""
    payloads = []
    for kind in SERIES:
        frame: pd.DataFrame = getattr(layers, kind)
        columns = [str(name) for name in frame.columns]
        nowhere = gpd.GeoSeries(np.full(len(frame), None), index=frame.index, crs=WGS84)
        placed = gpd.GeoDataFrame(frame, geometry=nowhere)
        extra = {"licences": licences_of(frame)}
        payloads.append(layer_payload(kind, placed, columns, extra=extra))
    return payloads
