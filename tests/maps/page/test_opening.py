"""Where a page opens when roads of one's own are not in its first view."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import LineString

from roxham.maps import border_map, save_html
from roxham.maps.ground import Base, load_base
from roxham.maps.page.opening import elsewhere, opening, pan_of
from tests.maps import samples


@pytest.fixture(scope="module")
def base() -> Base:
    return load_base()


def with_roads(base: Base, *lines: list[tuple[float, float]], given: bool = True) -> Base:
    edges = gpd.GeoDataFrame(
        {"highway": ["primary"] * len(lines)}, geometry=list(map(LineString, lines)), crs=4326
    )
    edges.attrs["given"] = given
    return replace(base, roads=edges)


def test_roads_in_the_first_view_change_nothing(base: Base) -> None:
    pan = pan_of(base.region)
    assert opening(base, pan) is None
    near = with_roads(base, [(-73.6, 45.1), (-73.4, 45.2)], [(-72.0, 45.0), (-71.9, 45.1)])
    assert opening(near, pan) is None
    assert not elsewhere(near, pan)


def test_roads_beside_it_are_where_the_page_opens(base: Base) -> None:
    pan = pan_of(base.region)
    beside = with_roads(base, [(-72.0, 45.05), (-71.9, 45.1)])
    assert opening(beside, pan) == ((45.05, -72.0), (45.1, -71.9))
    assert not elsewhere(beside, pan)
    over = with_roads(base, [(-72.0, 45.05), (-60.0, 45.1)])
    found = opening(over, pan)
    assert found is not None
    assert found[1][1] == pan[2]
    shipped = with_roads(base, [(-72.0, 45.05), (-71.9, 45.1)], given=False)
    assert opening(shipped, pan) is None


def test_roads_beyond_the_map_are_told(base: Base, tmp_path: Path) -> None:
    pan = pan_of(base.region)
    away = with_roads(base, [(2.3, 48.8), (2.4, 48.9)])
    assert opening(away, pan) is None
    assert elsewhere(away, pan)
    ours = samples.base()
    far = with_roads(ours, [(2.3, 48.8), (2.4, 48.9)])
    sentence = "The roads given lie outside what this map shows."
    page = save_html(border_map(samples.layers(), base=far), tmp_path / "a.html")
    assert f">{sentence}</span>" in page.read_text()
    page = save_html(border_map(samples.layers(), base=ours), tmp_path / "b.html")
    assert f">{sentence}</span>" not in page.read_text()
