"""Two regions made of files alone: read, checked, drawn, and asked what paper can tell."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pyproj
import pytest

from roxham.geo import DataError, load_region, using_region
from roxham.geo.study import Study
from roxham.layers import Layers, dated_routes, find_place, gates, load_layers
from roxham.maps import border_map, save_html
from tests.maps.command import Run
from tests.maps.conftest import Open

EXAMPLES = Path(__file__).parents[3] / "examples"
NAMES = ("emerson", "ireland")
LANGUAGES = {"emerson": ("English", "Français"), "ireland": ("English",)}
ELSEWHERE = ("Quebec", "Québec", "Roxham Road", "chemin Roxham", "Vermont", "New York", "Swanton")
MILE_M = 1609.344
PLACES = {
    "emerson": {"Emerson": "CA", "Winnipeg": "CA", "Pembina": "US", "Warroad": "US"},
    "ireland": {
        "Derry/Londonderry": "NI",
        "Enniskillen": "NI",
        "Letterkenny": "IE",
        "Clones": "IE",
    },
}


@pytest.fixture(scope="module")
def regions() -> dict[str, Study]:
    return {name: load_region(EXAMPLES / name) for name in NAMES}


@pytest.fixture(scope="module")
def layers(regions: dict[str, Study]) -> dict[str, Layers]:
    return {name: load_layers(region=region) for name, region in regions.items()}


@pytest.fixture(scope="module")
def pages(layers: dict[str, Layers], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("regions")
    found = {}
    for name in NAMES:
        with using_region(EXAMPLES / name):
            found[name] = save_html(border_map(layers[name]), folder / f"{name}.html")
    return found


def route(region: Study, origin: str, destination: str, on: str) -> pd.Series[Any]:
    """Return the way between two nodes of a region's roads."""
    spots = region.roads.nodes.loc[[origin, destination]]
    with using_region(region):
        ends = [find_place(f"{spot.x},{spot.y}") for spot in spots.itertuples()]
        found: pd.Series[Any] = dated_routes(region.roads, *ends, on=on).iloc[0]
    return found


def length(region: Study, way: str) -> float:
    """Return the length of a way, added up from its links in the table, metres."""
    nodes = way.split()
    links = region.roads.edges["length_m"]
    return float(sum(links[u, v, 0] for u, v in pairwise(nodes)))


@pytest.mark.parametrize("name", NAMES)
def test_every_file_keeps_the_rules(name: str, run: Run) -> None:
    said = run("check", "--region", str(EXAMPLES / name))
    assert said.code == 0, said.err
    assert "fail" not in said.out


@pytest.mark.parametrize("name", NAMES)
def test_a_place_is_on_its_own_side(name: str, regions: dict[str, Study]) -> None:
    places = regions[name].places
    sides = regions[name].border.side_of(places)
    assert sides.tolist() == places["country"].tolist()
    by_name = pd.Series(sides.to_numpy(), index=places["name"])
    assert {place: by_name[place] for place in PLACES[name]} == PLACES[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_gate_stands_on_the_line(
    name: str, regions: dict[str, Study], layers: dict[str, Layers]
) -> None:
    assert (regions[name].border.distance_m(layers[name].ports) < 5).all()


@pytest.mark.parametrize("name", NAMES)
def test_a_page_speaks_of_its_own_border_only(name: str, pages: dict[str, Path]) -> None:
    text = pages[name].read_text("utf-8")
    assert [word for word in ELSEWHERE if word in text] == []


@pytest.mark.browser
@pytest.mark.parametrize("name", NAMES)
def test_a_page_opens_in_every_language(
    name: str, pages: dict[str, Path], open_page: Open, regions: dict[str, Study]
) -> None:
    opened = open_page(pages[name], width=360)
    page = opened.page
    buttons = page.get_by_role("button", name="English", exact=True)
    assert buttons.count() == (1 if len(LANGUAGES[name]) > 1 else 0)
    for language, code in zip(LANGUAGES[name], regions[name].languages, strict=True):
        if buttons.count():
            page.get_by_role("button", name=language, exact=True).click()
        details = regions[name].details
        assert details is not None
        assert page.locator("h1").inner_text().replace("\n", " ") == details.headline[code]
        assert "Lacolle" not in page.locator("body").inner_text()
        assert page.evaluate("document.documentElement.scrollWidth") == 360
    opened.quiet()


def test_emerson_has_ten_ports_open_and_one_closed(layers: dict[str, Layers]) -> None:
    ports = layers["emerson"].ports
    assert ports["kind"].value_counts().to_dict() == {"port_of_entry": 10, "closed_port": 1}
    with using_region(EXAMPLES / "emerson"):
        assert "emerson-east-noyes" in set(gates(ports, on="2006-07-09")["gate"])
        assert "emerson-east-noyes" not in set(gates(ports, on="2006-07-11")["gate"])


def test_emerson_keeps_central_time(layers: dict[str, Layers]) -> None:
    """The protocol is of 00:01 Eastern time on March 25, 2023: an hour less in Manitoba."""
    ports = layers["emerson"].ports
    with using_region(EXAMPLES / "emerson"):
        before, after = (gates(ports, on="2023-03-24", at=at) for at in ("23:00", "23:01"))
        late = gates(ports, on="2025-06-02", at="19:00")
    assert set(before["regime"]) == {"agreement"}
    assert set(after["regime"]) == {"protocol"}
    open_late = ["winkler-walhalla", "emerson-pembina", "south-junction-roseau", "sprague-warroad"]
    assert late["gate"].tolist() == open_late


def test_emerson_counts_what_was_published(layers: dict[str, Layers]) -> None:
    counts = layers["emerson"].interceptions
    assert set(counts["province"]) == {"CA-MB"}
    for year, total in {"2017": 1018, "2018": 410, "2022": 72}.items():
        months = counts[counts["period"].str.startswith(f"{year}-")]
        assert len(months) == 12
        assert months["count"].sum() == total
        assert counts.loc[counts["period"].eq(year), "count"].tolist() == [total]


def test_emerson_tells_of_the_dead_without_names(layers: dict[str, Layers]) -> None:
    incidents = layers["emerson"].incidents.set_index("id")
    assert incidents["deaths"].sum() == 5
    family = incidents.loc["2022-01-19-emerson"]
    assert (family["deaths"], family["direction"], family["radius_m"]) == (4, "southbound", 5000)
    # "approximately 10km east of Emerson", and on the line
    away = pyproj.Geod(ellps="WGS84").inv(-97.2039, 49.0137, family["lon"], family["lat"])[2]
    assert away == pytest.approx(10_000, rel=0.02)
    assert (incidents["radius_m"] >= 3000).all()


def test_emerson_roads_are_as_long_as_their_mileposts_say(regions: dict[str, Study]) -> None:
    """Exits of I-29 are numbered by mile: Grand Forks 140, Drayton 187, ND 5 203, Pembina 215."""
    region = regions["emerson"]
    for way, miles in (("drayton i29-nd5 pembina", 28), ("grand-forks drayton i29-nd5", 63)):
        assert length(region, way) == pytest.approx(miles * MILE_M, abs=MILE_M)
    found = route(region, "grand-forks", "winnipeg", "2024-06-01")
    south = length(region, "grand-forks drayton i29-nd5 pembina pembina-emerson")
    north = "pembina-emerson letellier pth75-pth14 morris winnipeg-south winnipeg"
    assert found["gate"] == "emerson-pembina"
    assert found["length_us_m"] == pytest.approx(south, abs=1)
    assert found["length_ca_m"] == pytest.approx(length(region, north), abs=1)


def test_the_irish_border_is_open_and_lists_what_it_says(
    regions: dict[str, Study], layers: dict[str, Layers]
) -> None:
    region, ports = regions["ireland"], layers["ireland"].ports
    assert not region.controlled
    assert set(ports["kind"]) == {"crossing"}
    assert region.details is not None
    assert f"{len(ports)} crossings" in region.details.standfirst["en"]
    land = region.border.line.set_index("section").loc["Land border"]
    length = pyproj.Geod(ellps="WGS84").geometry_length(land.geometry)
    assert 450_000 < length < 499_000  # 499 km as published; a simplified line is shorter


@pytest.mark.parametrize(
    ("day", "regime"),
    [
        ("1950-06-01", "customs"),
        ("1980-06-01", "closures"),
        ("1995-06-01", "single_market"),
        ("2010-06-01", "agreement"),
        ("2022-06-01", "protocol"),
        ("2025-06-01", "travel_authorisation"),
    ],
)
def test_rules_of_the_irish_border_by_date(
    day: str, regime: str, layers: dict[str, Layers]
) -> None:
    with using_region(EXAMPLES / "ireland"):
        held = gates(layers["ireland"].ports, on=day)
    assert len(held) == 35
    assert set(held["regime"]) == {regime}


def test_nothing_is_known_of_the_irish_border_before_its_customs(
    layers: dict[str, Layers],
) -> None:
    with using_region(EXAMPLES / "ireland"), pytest.raises(DataError, match="before 1923-04-01"):
        gates(layers["ireland"].ports, on="1922-01-01")


def test_a_road_over_the_irish_border(regions: dict[str, Study]) -> None:
    region = regions["ireland"]
    found = route(region, "omagh", "monaghan", "2025-06-01")
    assert found["gate"] == "n2-a5"
    north, south = "omagh a4-a5 aughnacloy n2-a5", "n2-a5 emyvale n2-n12 monaghan"
    assert found["length_ni_m"] == pytest.approx(length(region, north), abs=1)
    assert found["length_ie_m"] == pytest.approx(length(region, south), abs=1)
