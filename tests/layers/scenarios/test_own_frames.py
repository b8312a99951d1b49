"""Frames of one's own, not from a loader: read as they are, or refused with what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from roxham.geo import DataError, load_roads
from roxham.layers import (
    dated_routes,
    export_map,
    figures,
    find_place,
    gates,
    incident_context,
    load_incidents,
    load_interceptions,
    load_layers,
    load_ports,
    load_series,
    monthly_series,
    to_calendar_year,
)

COUNTS = load_interceptions().rows
PORTS = load_ports().rows
INCIDENT = load_incidents().rows.iloc[:1]


def at(*shapes: Any) -> gpd.GeoDataFrame:
    return INCIDENT.set_geometry(gpd.GeoSeries(list(shapes), crs="EPSG:4326"))


def remote(rows: Any, **options: Any) -> Any:
    return incident_context(rows, load_roads(), ports=PORTS, **options)


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "gates without a place": (
        lambda: gates(
            pd.DataFrame(PORTS.drop(columns=["geometry", "lon"])),
            on="2023-03-24",
        ),
        "ports, column lon: has no such column. Add it",
    ),
    "figures": (lambda: figures(COUNTS[["period"]]), "column province: has no such column"),
    "a series": (
        lambda: load_series("interceptions", table=COUNTS.drop(columns="province")),
        "interceptions, column province: has no such column",
    ),
    "months": (
        lambda: monthly_series(COUNTS.drop(columns="count"), "CA-QC"),
        "column count: has no such column",
    ),
    "months twice": (
        lambda: monthly_series(pd.concat([COUNTS, COUNTS]), "CA-QC"),
        "interceptions of CA-QC, column period: .*2017-01.*: stands in more than one row",
    ),
    "no place": (
        lambda: dated_routes(
            load_roads(),
            find_place("Plattsburgh").iloc[:0],
            find_place("Montréal"),
            on="2023-03-24",
        ),
        "origin: has 0 rows. Give one place",
    ),
    "no name": (
        lambda: dated_routes(
            load_roads(),
            find_place("Plattsburgh"),
            find_place("Montréal")[["side", "geometry"]],
            on="2023-03-24",
        ),
        "destination, column name: has no such column",
    ),
    "an odd format": (
        lambda: export_map("nowhere", load_layers(), {}, format="xlsx"),  # type: ignore[arg-type]
        "format: is the text “xlsx”. Give one of gpkg",
    ),
    "no shape": (lambda: remote(at(None)), "row 1, column geometry: is not a point"),
    "no point": (lambda: remote(at(shapely.box(0, 0, 1, 1))), "column geometry: is not a point"),
    "nowhere": (lambda: remote(at(shapely.Point(np.nan, 45))), "column geometry: is not a point"),
    "no radius": (lambda: remote(INCIDENT.assign(radius_m=np.nan)), "column radius_m: is no rad"),
    "below 0": (lambda: remote(INCIDENT.assign(radius_m=-5)), "column radius_m: is no radius"),
    "no day": (lambda: remote(INCIDENT.assign(date="soon")), "row 1, column date: is not a date"),
    "no day asked": (lambda: remote(INCIDENT, on="x"), "on: “x” is not a day. Write YYYY-MM-DD"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_a_frame_lacks_is_told(case: str) -> None:
    ask, told = REFUSED[case]
    with pytest.raises(DataError, match=told):
        ask()


def test_half_a_year_given_twice_is_no_year() -> None:
    half = COUNTS[COUNTS["period"].isin([f"2022-0{month}" for month in range(1, 7)])]
    with pytest.raises(DataError, match=r"stands in more than one row\. Keep one"):
        load_series("interceptions", place="CA-QC", table=pd.concat([half, half]))
    once = load_series("interceptions", place="CA-QC", table=half)
    assert to_calendar_year(once).at("2022") is None


def test_days_as_pandas_has_them_open_and_close_a_gate() -> None:
    ports = PORTS.assign(opened=pd.Timestamp("2020-05-01"), closed=None)
    assert gates(ports, on="2020-04-30").empty
    assert len(gates(ports, on="2020-05-01"))


@pytest.mark.parametrize("change", [lambda r: r, lambda r: r.set_index(pd.Index([0] * len(r)))])
def test_categories_and_repeated_labels_do_not_matter(change: Callable[[Any], Any]) -> None:
    rows = change(COUNTS.astype({"province": "category", "period": "category"}))
    year = load_series("interceptions", place="CA-QC", calendar="calendar_year", table=rows)
    assert str(year.at("2022")) == "39,171"
    assert figures(rows)["value"].tolist() == figures(COUNTS)["value"].tolist()
