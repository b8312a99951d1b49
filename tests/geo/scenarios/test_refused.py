"""What cannot be meant is refused in a sentence that says what was found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from roxham.geo import Border, DataError, Region, Roads, cut_at_border, find_crossings, load_border
from roxham.geo.arguments import fits, require_cells, words_of
from roxham.geo.columns import concat
from roxham.geo.network.speeds import _one_speed, parse_duration
from roxham.geo.network.stats import largest_component, report
from roxham.geo.routing.snap import Snapper
from roxham.geo.tables.edtf import read_date
from tests.geo.handmade import FIELDS, fence, network

PLACES = {"a": (0.9, 45.01), "b": (1.1, 45.01), "c": (1.0, 44.99)}


@pytest.fixture(scope="module")
def roads() -> Roads:
    return network(PLACES, [("a", "b", 1000.0, 60.0), ("b", "c", 1000.0, 60.0)])


def line(*at: tuple[float, float]) -> gpd.GeoSeries:
    return gpd.GeoSeries([shapely.LineString(at)], crs="EPSG:4326")


REFUSED: dict[str, tuple[Callable[[Roads], object], str]] = {
    "a distance": (
        lambda roads: find_crossings(roads, fence(), cluster_m=-1),
        "cluster_m: is -1. Give a number, 0 or more",
    ),
    "how far": (
        lambda roads: Snapper(roads).snap(1.0, 45.0, within_m=-1),
        "within_m: is -1. Give a number, 0 or more",
    ),
    "no roads": (
        lambda roads: find_crossings(roads.take_edges(np.array([], dtype=int)), fence()),
        "the network is empty. Check the area and the modes",
    ),
    "cut twice": (
        lambda roads: cut_at_border(cut_at_border(roads, fence()), fence()),
        "are cut at a border already. Cut the network as it was read",
    ),
    "a first side": (
        lambda roads: Border.from_line(line((-1, 45), (3, 45)), FIELDS, first="up"),  # type: ignore[arg-type]
        "first.*up",
    ),
    "no border": (
        lambda roads: load_border(Region("bare", "Bare", (0, 0, 1, 1), "EPSG:32631", ("A", "B"))),
        "bare",
    ),
    "a day in a season": (lambda roads: read_date("2023-21-05", seasons=True), "2023-21-05"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_meant_is_refused(what: str, roads: Roads) -> None:
    call, told = REFUSED[what]
    with pytest.raises(DataError, match=f"(?s){told}"):
        call(roads)


def test_cells_of_another_kind_are_told_by_their_column() -> None:
    frame = pd.DataFrame({"a": ["x", None], "n": [1, 2], "on": [dt.date(2023, 1, 1), None]})
    require_cells(frame, "ports", texts=["a", "none"], numbers=["n"], days=["on"])
    odd = pd.DataFrame({"a": [1], "n": ["x"], "on": [5.0]})
    with pytest.raises(DataError) as caught:
        require_cells(odd, "ports", texts=["a"], numbers=["n"], days=["on"])
    assert [str(fault) for fault in caught.value.faults] == [
        f"ports, column {column}: holds what is no {kind}. Mend it."
        for column, kind in (("a", "text"), ("n", "number"), ("on", "day"))
    ]


def test_what_is_declared_with_a_note_is_held_to_what_it_is() -> None:
    hint = Annotated[int, "of metres"]
    assert (fits(1, hint), fits("1", hint)) == (True, False)
    assert words_of(hint) == words_of(int)
    assert fits({"a": 1}, Mapping[str, int])


@pytest.mark.parametrize(
    ("maxspeed", "kmh"),
    [("DE:zone30", 30.0), ("FR:zone20", 20.0), ("GB:20", 32.2), ("DE:30", 30.0)],
)
def test_zones_say_their_speed(maxspeed: str, kmh: float, roads: Roads) -> None:
    assert _one_speed(maxspeed) == pytest.approx(kmh, abs=0.05)


def test_durations_of_iso_8601() -> None:
    assert [parse_duration(text) for text in ("PT45M", "PT2H", "PT1H30M10S")] == [2700, 7200, 5410]


def test_numbers_of_two_kinds_are_put_together_as_what_holds_both() -> None:
    whole, broken = np.array([1, 2]), np.array([2.5])
    found: Any = concat(whole, broken)
    assert (found.dtype.kind, found.tolist()) == ("f", [1.0, 2.0, 2.5])


def test_printed_they_say_what_they_hold_and_no_rows(roads: Roads) -> None:
    assert repr(Snapper(roads)) == "<Snapper: 4 edges>"


def test_rings_left_out_are_told(roads: Roads) -> None:
    told = dict(replace(report(roads), rings=3).rows())
    assert told["isolated rings left out"] == "3"
    assert "isolated rings left out" not in dict(report(roads).rows())
    empty = roads.take_edges(np.array([], dtype=int))
    assert largest_component(empty) is empty
