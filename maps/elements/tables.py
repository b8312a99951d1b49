"""Every table that a page holds: its layers, its series, and the counts its charts draw."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd
import shapely

from roxham.geo.region import active_region
from roxham.layers.publication.counts import rest_of
from roxham.layers.publication.places import OWN, of_people
from roxham.maps.resources import translations

from .decode import decode_columns, decode_layer
from .packed_words import unpacked

Tables = list[tuple[str, pd.DataFrame]]
ENCODED = ("columns", "geometry", "data", "licences", "kind", "n", "format")
"""Keys of a payload that its table stands for, or that are none of anybody's data."""
WORDS = f"{OWN}words"
OUTLINE = re.compile(r"(?:M[\d.\- ]+(?:l[\d.\- ]+|h0)z?)*")
"""The path of an area, as our small maps write it."""

__all__ = ["page_tables", "payload_table", "payloads_of", "read_block"]


def read_block(block: str) -> Any:
    """Return what a page's block of data holds; None if it is no JSON."""
    try:
        return json.loads(block)
    except ValueError:
        return None


def payloads_of(data: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the payloads of all layers and series in a page's data."""
    return [payload for value in data for payload in _payloads(value)]


def _payloads(value: Any) -> Iterator[dict[str, Any]]:
    """Yield payloads wherever they stand in a value."""
    if isinstance(value, dict):
        if _is_payload(value):
            yield value
            return
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _payloads(part)


def page_tables(data: Iterable[Any]) -> Tables:
    """Return every table in a page's data, with its name; several may share one.

    Loose texts come as one table: each further one of a name is asked every rule anew.
    """
    said: list[str] = []
    found = [table for value in data for table in _tables_in(value, f"{OWN}data", said)]
    words = [(WORDS, pd.DataFrame({"text": said}, dtype=object))] if said else []
    return [*words, *found]


def _tables_in(value: Any, name: str, said: list[str]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield what stands in a value: layers, lists of records, counts of charts; add loose texts."""
    if isinstance(value, list):
        rows = [row for row in value if isinstance(row, dict) and not _is_payload(row)]
        if rows:
            yield name, _undrawn(pd.DataFrame(rows)).map(_cell)
        said += _loose(value)
        for part in value:
            if isinstance(part, list) or _is_payload(part):
                yield from _tables_in(part, name, said)
        return
    if not isinstance(value, dict) or _is_text(value):
        return
    if _is_payload(value):
        name = str(value["kind"])
        yield name, payload_table(value)
        value = {key: part for key, part in value.items() if key not in ENCODED}
    yield from _counts(name, value)
    said += _loose([*value.values(), *(key for key in value if " " in key.strip())])
    for key, part in value.items():
        if isinstance(part, dict | list):
            yield from _tables_in(part, f"{OWN}{key}", said)


def _loose(values: Iterable[Any]) -> list[str]:
    """Return the texts among some values, and what is packed in them."""
    texts = [text for text in values if isinstance(text, str)]
    return [*texts, *(more for text in texts for more in unpacked(text))]


def _undrawn(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave outlines of areas out, which are drawn and no text."""
    outlines = rows["path"].astype(str).str.fullmatch(OUTLINE).all() if "path" in rows else False
    return rows.drop(columns="path") if outlines else rows


def _is_text(value: Mapping[str, Any]) -> bool:
    """Whether these are messages, or a text, by language: ours, and shown in words."""
    return len(value) > 0 and value.keys() <= {*translations(), *active_region().languages}


def _is_payload(value: Any) -> bool:
    return isinstance(value, dict) and {"kind", "n"} <= value.keys()


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _counts(name: str, value: Mapping[str, Any]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the exact counts that the monthly chart and the map of areas draw."""
    cells: list[tuple[str, str, Any]] = []
    if {"months", "area", "rest", "annual"} <= value.keys():
        area, whole = _codes(value)
        for series, code in (("area", area), ("rest", rest_of(whole, area))):
            drawn = zip(value["months"], value[series], strict=False)
            cells += [(month, code, count) for month, count in drawn]
        for year, by in value["annual"].items():
            cells += [(year, area, by.get("area")), (year, whole, by.get("whole"))]
    elif {"years", "months", "flows"} <= value.keys():
        whole = _codes(value)[1]
        for period, by in {**value["years"], **value["months"]}.items():
            cells += [(period, whole, by.get("whole"))]
            cells += [(period, province, n) for province, n in by.get("counts", {}).items()]
    exact = [cell for cell in cells if isinstance(cell[2], int | float)]
    if exact:
        yield name, pd.DataFrame(exact, columns=["period", "province", "count"])


def _codes(value: Mapping[str, Any]) -> tuple[str, str]:
    """Return which area a chart is of, and which one holds it."""
    codes = value.get("codes")
    codes = codes if isinstance(codes, dict) else {}
    return str(codes.get("area")), str(codes.get("whole"))


def payload_table(payload: Mapping[str, Any]) -> pd.DataFrame:
    """Return the columns of a payload as a table, unknown as null."""
    if payload.get("format", 1) != 1:
        rows, kind = decode_columns(payload), payload.get("kind")
        if kind != "ports" and not (kind == "features" and of_people("features", rows)):
            return rows
        layer = decode_layer(payload)  # where they are is asked, too
        if kind == "features" and not layer.geom_type.eq("Point").all():
            return rows
        at = shapely.get_coordinates(shapely.centroid(layer.geometry.to_numpy()))
        layer = layer.assign(lon=at[:, 0], lat=at[:, 1]) if len(at) == len(layer) else layer
        return pd.DataFrame(layer.drop(columns="geometry"))
    columns = {}
    for name, cells in payload["columns"].items():
        if isinstance(cells, dict):
            cells = [None if code < 0 else cells["values"][code] for code in cells["codes"]]
        columns[name] = pd.Series(cells, dtype="object")
    return pd.DataFrame(columns, index=range(payload["n"]))
