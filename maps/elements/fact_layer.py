"""A table of facts on the map that has no kind of layer of its own."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import geopandas as gpd

from roxham.layers.model import Dataset
from roxham.maps.content.wording import Pair, alike, languages, messages

from .feature_layer import FeatureLayer

__all__ = ["FactLayer", "table_of"]


class FactLayer(FeatureLayer):
    """A table of facts as points, lines or areas, with the words and columns of its entry.

    Parameters
    ----------
    data
        What is known of the table; its style colours the layer.
    rows
        The rows to show, in EPSG:4326.
    """

    def __init__(self, data: Dataset, rows: gpd.GeoDataFrame) -> None:
        table = table_of(data)
        columns = {c["name"]: c for c in table["columns"] if c["name"] in rows}
        headings = {name: heading_of(data.name, name) for name in columns}
        for name, column in columns.items():
            column["heading"] = headings[name]
        title = titled(f"frame.{data.name}")
        style = data.style
        super().__init__(
            rows,
            name=title[languages()[0]],
            label=next(name for name, column in columns.items() if column.get("heads")),
            color=None if style is None else style.colour,
            by=None if style is None else style.column,
        )
        # All columns travel, such as the French of others; the card shows those of the table.
        self.style["headings"] = list(headings.items())
        self.payload |= {"title": title, "table": table}


def table_of(data: Dataset) -> dict[str, Any]:
    """Return the columns of a table as the page's script reads them, and those of its dates."""
    columns = []
    for shown in data.columns:
        given = {name: value for name, value in asdict(shown).items() if value}
        columns.append({"as": given.pop("written"), **given})
    return {"columns": columns, "dates": list(data.when)} if data.when else {"columns": columns}


def titled(key: str) -> Pair:
    """Return a message in both languages."""
    return {language: words[key] for language, words in messages().items()}


def heading_of(table: str, column: str) -> Pair:
    """Return what a column of a table is called in both languages."""
    for key in (f"column.{table}.{column}", f"column.{column}"):
        if key in messages()[languages()[0]]:
            return titled(key)
    name = column.replace("_", " ")
    return alike(name)
