"""What official ports carried, drawn for one month at a time."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd

from roxham.layers.facts.entries import ENTRIES_DATA, ENTRY_COUNTS

from .fact_layer import table_of
from .layers import FrameLayer

__all__ = ["EntryLayer"]


class EntryLayer(FrameLayer):
    """Entries at ports: points, one row for each port and month, as ``load_entries`` gives them.

    Of the months the clock's is drawn, and the last without one. Further columns:
    ``port_code, port_name, port_id, period`` and counts of people and vehicles.

    Parameters
    ----------
    frame
        Points in EPSG:4326, such as ``load_entries().rows``.
    name, show
        As for every layer.

    Examples
    --------
    >>> from roxham.layers import load_entries
    >>> EntryLayer(load_entries().rows).payload["kind"]
    'entries'
    """

    kind = "entries"
    shapes = ("points",)
    needed = ("period",)
    columns = ("port_code", "port_name", "port_id", "period", *ENTRY_COUNTS)

    def further(self, frame: gpd.GeoDataFrame) -> Mapping[str, object]:
        """Say which column tells the month of a row."""
        return {"table": {"dates": table_of(ENTRIES_DATA)["dates"]}}
