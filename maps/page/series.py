"""What the page's tables need beside what is drawn: the data series, licences, dimensions."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np

from roxham.geo.crs import WGS84
from roxham.layers import Layers
from roxham.layers.facts.datasets import DATASETS
from roxham.maps.content.records import told_of
from roxham.maps.content.wording import words_of
from roxham.maps.elements.fact_layer import table_of
from roxham.maps.elements.payload import layer_payload, licences_of

__all__ = ["series_payloads"]


def series_payloads(layers: Layers) -> list[dict[str, Any]]:
    """Return the data series as payloads of layers without geometry, all columns in them.

    ``table`` says which columns the page shows and how, and which say when a row holds;
    ``words`` are the messages that a table brings.
    """
    payloads = []
    has = told_of(layers)
    for kind, frame in layers.tables.items():
        data = DATASETS[kind]
        if data.drawn or not has[kind]:
            continue
        columns = [str(name) for name in frame.columns]
        nowhere = gpd.GeoSeries(np.full(len(frame), None), index=frame.index, crs=WGS84)
        placed = gpd.GeoDataFrame(frame, geometry=nowhere)
        extra = {"licences": licences_of(frame), "table": table_of(data)}
        if words := words_of(data):
            extra["words"] = words
        payloads.append(layer_payload(kind, placed, columns, extra=extra))
    return payloads
