"""Tables with declared types, as text and back: nothing is lost between file formats."""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from roxham.geo.crs import WGS84
from roxham.geo.geometry.geodesic import circles
from roxham.geo.geometry.nesting import goes_too_deep
from roxham.geo.tables.contract import Contract

__all__ = ["areas", "from_cells", "geometry_rule", "table_schema", "typed", "with_geometry"]

OF_KIND = {"integer": "Int64", "number": "Float64", "lon": "Float64", "lat": "Float64"}
PLAIN = {
    "Int64": "integer",
    "int64": "integer",
    "int32": "integer",
    "Float64": "number",
    "float64": "number",
    "bool": "boolean",
    "boolean": "boolean",
}
"""Types of columns that are kept as they are, by the name that Table Schema has for them."""


def typed(frame: pd.DataFrame, contract: Contract | None) -> pd.DataFrame:
    """Return a frame of numbers, truth values and texts only, its index left out.

    A column of a contract has the type of its kind; another keeps its type if it is a
    number or a truth value, and is text otherwise. Lists are written as JSON, and an
    empty text is unknown.
    """
    kinds = {c.name: OF_KIND.get(c.kind, "str") for c in contract.columns} if contract else {}
    geometry = frame.active_geometry_name if isinstance(frame, gpd.GeoDataFrame) else None
    out = frame.reset_index(drop=True)
    for name in out.columns:
        if name == geometry:
            continue
        own = str(out[name].dtype)
        kind: Any = kinds.get(name, own)
        if kind not in PLAIN:
            out[name] = _texts(out[name])
        elif PLAIN.get(own) != PLAIN[kind]:
            out[name] = out[name].astype(kind)
    return out


def _texts(column: pd.Series) -> pd.Series:
    texts = [_text(value) for value in column.tolist()]
    return pd.Series(texts, index=column.index, dtype="str")


def _text(value: Any) -> str | None:
    if isinstance(value, (list, dict, tuple)):
        return json.dumps(value, ensure_ascii=False)
    unknown = pd.api.types.is_scalar(value) and pd.isna(value)
    return None if unknown or value == "" else str(value)


def table_schema(frame: pd.DataFrame, contract: Contract | None) -> dict[str, Any]:
    """Return the Table Schema of a frame from :func:`typed`; ``dtype`` is pandas' own name."""
    columns = {c.name: c for c in contract.columns} if contract else {}
    geometry = frame.active_geometry_name if isinstance(frame, gpd.GeoDataFrame) else None
    fields: list[dict[str, Any]] = []
    for name, dtype in frame.dtypes.astype(str).items():
        if name == geometry:
            continue
        entry: dict[str, Any] = {"name": name, "type": PLAIN.get(dtype, "string"), "dtype": dtype}
        declared = columns.get(str(name))
        if declared is not None:
            entry["description"] = declared.meaning
            required = declared.required and not declared.nulls
            rules: dict[str, Any] = {"required": True} if required else {}
            if declared.choices:
                rules["enum"] = list(declared.choices)
            if rules:
                entry["constraints"] = rules
        fields.append(entry)
    return {"fields": fields, "missingValues": [""]}


def from_cells(rows: pd.DataFrame, schema: dict[str, Any]) -> pd.DataFrame:
    """Give the columns of a frame, texts perhaps, the types of a schema."""
    out = {}
    for entry in schema["fields"]:
        column, dtype = rows[entry["name"]], entry["dtype"]
        if dtype not in PLAIN:
            out[entry["name"]] = _texts(column)
            continue
        values = [_value(value, PLAIN[dtype]) for value in column.tolist()]
        out[entry["name"]] = pd.Series(values, index=column.index, dtype=_nullable(dtype)).astype(
            dtype
        )
    return pd.DataFrame(out, index=rows.index)


def _nullable(dtype: str) -> str:
    return {"integer": "Int64", "number": "Float64", "boolean": "boolean"}[PLAIN[dtype]]


def _value(value: Any, kind: str) -> Any:
    if value is None or value is pd.NA or value != value or value == "":
        return None
    if kind == "boolean":
        return value in (True, 1, "True", "true", "1")
    return int(value) if kind == "integer" else float(value)


def areas(rows: pd.DataFrame) -> gpd.GeoSeries:
    """Return the circle of ``radius_m`` metres around each ``lon``, ``lat``, EPSG:4326.

    Metres are geodesics, whatever place on Earth; over 180° a circle is cut in two.

    Examples
    --------
    >>> area = areas(pd.DataFrame({"lon": [-73.5], "lat": [45.0], "radius_m": [1000.0]}))
    >>> round(area.to_crs(area.estimate_utm_crs()).area.item() / 1e6, 2)  # a little under 3.14 km²
    3.14
    """
    lon, lat, radius = (
        rows[name].to_numpy(dtype=np.float64, na_value=np.nan)
        for name in ("lon", "lat", "radius_m")
    )
    shapes = circles(lon, lat, radius)
    return gpd.GeoSeries(shapes, index=rows.index, crs=WGS84)


def _points(rows: pd.DataFrame) -> gpd.GeoSeries:
    lon, lat = rows["lon"].astype(float), rows["lat"].astype(float)
    return gpd.GeoSeries.from_xy(lon, lat, crs=WGS84)


RULES = {"points": ({"lon", "lat"}, _points), "circles": ({"lon", "lat", "radius_m"}, areas)}
"""Geometries that a table's own columns say, and from which columns."""


def geometry_rule(frame: gpd.GeoDataFrame) -> str:
    """Return how a table says its geometries: ``points``, ``circles``, else ``wkt``."""
    bare = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    for rule, (columns, make) in RULES.items():
        if not columns <= set(bare.columns) or bare[list(columns)].isna().to_numpy().any():
            continue
        if shapely.equals_identical(make(bare).to_numpy(), frame.geometry.to_numpy()).all():
            return rule
    return "wkt"


def with_geometry(rows: pd.DataFrame, rule: str, column: str, cells: pd.Series) -> gpd.GeoDataFrame:
    """Return rows with the geometries of a rule: from their columns, or from WKT cells."""
    if rule in RULES:
        shapes = RULES[rule][1](rows)
    else:
        texts = [text or None for text in cells.tolist()]
        shapes = gpd.GeoSeries(_shapes(texts), index=rows.index, crs=WGS84)
    return gpd.GeoDataFrame(rows.assign(**{column: shapes}), geometry=column, crs=WGS84)


def _shapes(texts: list[str | None]) -> Any:
    """Return the shapes of texts; raise for what is none."""
    if any(text is not None and goes_too_deep(text) for text in texts):
        raise ValueError("a shape holds others too deep")
    return shapely.from_wkt(texts)
