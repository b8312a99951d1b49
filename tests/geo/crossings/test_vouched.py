"""Ports of one's own on a controlled line: beside a documented one, or somebody answers."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from roxham.geo import DataError, Region, Roads, cut_at_border, find_crossings, load_border
from roxham.geo.border.lines import border_line
from roxham.geo.crossings.sites import port_points
from roxham.geo.crossings.vouched import documented_places, require_vouched
from roxham.geo.geometry.proximity import pairs_between
from roxham.geo.readers.read import read_roads
from roxham.layers import load_ports

from .test_find import FENCE, Streets, street

URL = "https://example.org/register"
OPEN = Region("x", "Two fields", (0, 49, 2, 51), "EPSG:32631", sides=("a", "b"), controlled=False)


def along(count: int, **more: object) -> pd.DataFrame:
    """Return ports made up along the line."""
    lon = np.linspace(0.1, 1.9, count)
    ids = [f"p{k}" for k in range(count)]
    return pd.DataFrame({"port_id": ids, "lon": lon, "lat": 50.0, "kind": "closed_port", **more})


@pytest.fixture
def roads(street_network: Streets) -> Roads:
    return street_network(*(street(x) for x in (0.1, 0.7, 1.3)))


def test_ports_along_a_line_list_nothing(roads: Roads) -> None:
    for by in (None, "A. Desk"):
        for ports in (along(300), along(300, source_url=URL)):
            with pytest.raises(DataError, match="300 on a controlled border"):
                find_crossings(roads, FENCE, ports=ports, by=by)
            with pytest.raises(DataError, match="at most 16"):  # the line near them
                cut_at_border(roads, FENCE, ports=ports, by=by)
    everything = find_crossings(roads, FENCE, ports=along(300), region=OPEN)
    assert len(everything) == 3


def test_a_line_that_zigzags_or_goes_on_elsewhere_takes_no_more_ports() -> None:
    x = np.linspace(0.0, 2.0, 20_001)
    teeth = shapely.LineString(np.column_stack([x, 50 + 0.03 * (-1.0) ** np.arange(len(x))]))
    straight, far = shapely.LineString([(0, 50), (2, 50)]), shapely.LineString([(9, 20), (99, 20)])
    ports, few = (
        port_points(gpd.GeoDataFrame(p, geometry=gpd.points_from_xy(p.lon, p.lat), crs=4326))
        for p in (along(60, source_url=URL), along(9, source_url=URL))
    )
    for geometry in ([teeth], [straight, far]):
        line = border_line(gpd.GeoSeries(geometry, crs=4326), None)
        with pytest.raises(DataError, match="60 on a controlled border"):
            require_vouched(ports, line, "A. Desk")
    line = border_line(gpd.GeoSeries([straight], crs=4326), None)
    assert len(require_vouched(few, line, "A. Desk")) == 9


@pytest.mark.parametrize(
    ("source", "by", "said"),
    [
        (None, "A. Desk", "p0 is on a controlled border.*Give a source_url"),
        ("a register", "A. Desk", "Give a source_url"),
        (URL, None, "Say who publishes it: --by NAME"),
        (URL, "  ", "Say who publishes it"),
    ],
)
def test_each_has_a_source_and_somebody_its_name(
    source: str | None, by: str | None, said: str, roads: Roads
) -> None:
    with pytest.raises(DataError, match=said):
        find_crossings(roads, FENCE, ports=along(1, source_url=source), by=by)


def test_the_refusal_does_not_tell_whether_a_road_is_there(roads: Roads) -> None:
    said = set()
    for lon in (0.1, 0.4):  # a road, and none
        with pytest.raises(DataError) as error:
            find_crossings(roads, FENCE, ports=along(1).assign(lon=lon))
        said.add(str(error.value))
    assert len(said) == 1


def test_who_vouches_is_told_with_the_crossings(roads: Roads) -> None:
    ports = along(1, source_url=URL)
    found = find_crossings(roads, FENCE, ports=ports, by="A. Desk")
    assert found["port"].tolist() == ["p0"]
    told = {"ports": ["p0"], "by": "A. Desk"}
    assert found.attrs["vouched"] == told
    assert cut_at_border(roads, FENCE, ports=ports, by="A. Desk").meta["border"]["vouched"] == told


@pytest.mark.parametrize("by", ["\u200b", ".", "-"])
def test_signs_are_nobodys_name(roads: Roads, by: str) -> None:
    with pytest.raises(DataError, match="Say who publishes it"):
        find_crossings(roads, FENCE, ports=along(1, source_url=URL), by=by)


def test_the_documented_places_are_those_of_the_ports_that_ship() -> None:
    ports = load_ports().rows
    at = ports["lon"].to_numpy(float), ports["lat"].to_numpy(float)
    lon, lat = documented_places()
    row, place, metres = pairs_between(*at, lon, lat, 25.0)
    assert sorted(row) == sorted(place) == list(range(len(ports))) == list(range(len(lon)))
    assert np.median(metres) < 0.1


def test_a_port_beside_a_documented_one_needs_nobody() -> None:
    line, ports = border_line(load_border(), None), load_ports().rows
    assert require_vouched(port_points(ports), line, None) == []
    moved = ports.set_geometry(ports.geometry.translate(0.001))
    assert require_vouched(port_points(moved), line, None) == []
    twice = pd.concat([ports, moved.assign(port_id=moved["port_id"] + "-2")])
    with pytest.raises(DataError, match="beside no documented port"):
        require_vouched(port_points(gpd.GeoDataFrame(twice)), line, None)
    inland = pd.DataFrame({"port_id": ["a"], "lon": [-73.5], "lat": [45.5]})
    assert require_vouched(port_points(inland), line, None) == []


def test_along_a_documented_line_are_no_more_than_a_few() -> None:
    border = load_border()
    line = border.line.geometry.union_all()
    at = shapely.line_interpolate_point(
        np.array([line]), np.linspace(0.12, 0.88, 6), normalized=True
    )
    ports = gpd.GeoDataFrame(
        {"port_id": range(6), "kind": "closed_port", "source_url": URL}, geometry=at, crs=4326
    )
    known = border_line(border, None)
    assert len(require_vouched(port_points(ports[:5]), known, "A. Desk")) == 5
    with pytest.raises(DataError, match=r"6 on a controlled border.*at most 5"):
        require_vouched(port_points(ports), known, "A. Desk")


def test_a_port_names_no_place_far_away(roads: Roads) -> None:
    with pytest.raises(DataError, match="too far on a controlled border"):
        find_crossings(roads, FENCE, port_within_m=50_000.0)


@pytest.mark.shared
def test_no_network_gives_away_its_places(shared: Path) -> None:
    border = load_border()
    line = border.line.geometry.union_all()
    for file in sorted(shared.glob("osm_*.pbf")):
        roads = read_roads(file)
        near = shapely.get_parts(shapely.line_merge(shapely.clip_by_rect(line, *roads.bounds)))
        at = np.concatenate(
            [shapely.line_interpolate_point(x, np.arange(0, x.length, 5e-4)) for x in near]
        )
        ports = gpd.GeoDataFrame(
            {"port_id": range(len(at)), "kind": "closed_port", "source_url": URL},
            geometry=at,
            crs="EPSG:4326",
        )
        with pytest.raises(DataError, match="at most 5"):
            find_crossings(roads, border, ports=ports, by="A. Desk")
