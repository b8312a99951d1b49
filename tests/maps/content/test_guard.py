"""Layers made by hand: drawn like loaded ones, or refused with what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from roxham.geo import DataError
from roxham.layers import Layers
from roxham.layers.facts.incidents import INCIDENTS_DATA
from roxham.maps import PortLayer, border_map, decode_layer, map_sheet
from roxham.maps.content import guard
from roxham.maps.page.page import page_html
from tests.maps import samples


def changed(name: str, change: Callable[[Any], Any]) -> Layers:
    layers = samples.layers()
    return layers.with_tables(**{name: change(layers[name])})


def categories(rows: Any) -> Any:
    words = [c for c in rows.columns if rows[c].dtype.name in ("string", "str", "object")]
    return rows.astype(dict.fromkeys(words, "category"))


TABLES = ("interceptions", "incidents", "ports", "policy_events", "transfers", "encounters")


def test_categories_and_odd_indexes_change_nothing(sample_html: str) -> None:
    for change in (categories, lambda rows: rows.set_index(pd.Index([0] * len(rows)))):
        layers = samples.layers()
        layers = layers.with_tables(**{name: change(layers[name]) for name in TABLES})
        before = {name: layers[name].copy(deep=True) for name in TABLES}
        assert page_html(border_map(layers, base=samples.base())) == sample_html
        assert [name for name in TABLES if not layers[name].equals(before[name])] == []


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_table_is_drawn(name: str) -> None:
    layers = changed(name, lambda rows: rows.iloc[:0])
    assert page_html(border_map(layers, base=samples.base()))


def nowhere(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return rows.set_geometry(
        gpd.GeoSeries(pd.Series([None] * len(rows), dtype=object), crs=rows.crs)
    )


def lines(count: int) -> gpd.GeoSeries:
    return gpd.GeoSeries([shapely.LineString([(0, 0), (1, 1)])] * count, crs="EPSG:4326")


FAULTS: dict[str, tuple[str, Callable[[Any], Any], str]] = {
    "no column": ("incidents", lambda r: r.drop(columns="kind"), "column kind: has no such column"),
    "no place": ("incidents", nowhere, r"incidents, row 1: is not a point"),
    "a line": (
        "ports",
        lambda r: r.set_geometry(lines(len(r))),
        r"ports, row 1: is not a point",
    ),
    "metres": ("ports", lambda r: r.to_crs(32618), "is in EPSG:32618"),
    "a day of pandas": (
        "incidents",
        lambda r: r.assign(date=pd.Timestamp("2022-01-01")),
        "row 1, column date: “2022-01-01 00:00:00” is no text. Write YYYY-MM-DD",
    ),
    "no radius": ("incidents", lambda r: r.assign(radius_m=np.inf), "is no radius in metres"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_what_cannot_be_drawn_is_told(case: str) -> None:
    name, change, told = FAULTS[case]
    layers = changed(name, change)
    with pytest.raises(DataError, match=told):
        border_map(layers, base=samples.base())
    with pytest.raises(DataError, match=told):
        map_sheet(layers, samples.base())


def test_a_ground_without_provinces_is_refused() -> None:
    base = samples.base()
    with pytest.raises(DataError, match="provinces: there is none"):
        border_map(samples.layers(), base=replace(base, provinces=base.provinces.iloc[:0]))


@pytest.mark.parametrize("odd", [None, [], "x", 5])
def test_what_is_no_payload_is_refused(odd: Any) -> None:
    with pytest.raises(DataError, match=r"payload: is .* Give a dictionary"):
        decode_layer(odd)


def test_a_payload_that_miscounts_is_refused() -> None:
    point = gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)], crs="EPSG:4326")
    payload = PortLayer(point.assign(port_id="a")).payload
    for lie in (
        {"n": 2},
        {"n": -1},
        {"n": "x"},
        {"geometry": {**payload["geometry"], "scale": 0}},
        {"geometry": {**payload["geometry"], "scale": -5}},
    ):
        with pytest.raises(DataError, match="is damaged"):
            decode_layer({**payload, **lie})


def test_a_radius_of_a_frame_without_shapes_is_held_to_the_same() -> None:
    contract = INCIDENTS_DATA.contract
    rows = pd.DataFrame(samples.layers().incidents.drop(columns="geometry"))
    sound = list(guard._faults("incidents", rows, contract))
    odd = rows.assign(radius_m=[-1.0, *rows["radius_m"][1:]])
    found = [fault for fault in guard._faults("incidents", odd, contract) if fault not in sound]
    assert [
        (fault.row, fault.column, str(fault).endswith("is no radius in metres.")) for fault in found
    ] == [(1, "radius_m", True)]
