"""The page as a file: built twice the same, written whole or not at all, on any map."""

import re
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import pandas as pd
import pytest
import shapely

from roxham.geo import DataError, read_region
from roxham.layers import load_interceptions, load_layers, load_policy_events
from roxham.maps import (
    BorderLayer,
    IncidentLayer,
    JurisdictionLayer,
    Legend,
    PlaceLayer,
    PortLayer,
    RoadLayer,
    WaterLayer,
    border_map,
    decode_layer,
    save_html,
)
from roxham.maps.content.chart import chart_data, monthly_rows
from roxham.maps.content.small_map import counted
from roxham.maps.page.page import PageFigure, page_html
from tests.maps import samples

DETAILS = read_region("roxham").details
assert DETAILS is not None
(SERIES,) = DETAILS.series


def plain_map() -> folium.Map:
    base, layers = samples.base(), samples.layers()
    page = folium.Map(location=[45, -73.5], tiles=None)
    for layer in (
        JurisdictionLayer(base.jurisdictions),
        WaterLayer(base.water),
        RoadLayer(base.roads, name="Roads & more"),
        IncidentLayer(layers.incidents),
        BorderLayer(base.border),
        PlaceLayer(base.places),
        PortLayer(layers.ports),
        Legend(),
    ):
        layer.add_to(page)
    return page


def sample_map() -> folium.Map:
    return border_map(samples.layers(), base=samples.base())


def page_data(page: folium.Map) -> dict[str, Any]:
    root = page.get_root()
    assert isinstance(root, PageFigure)
    return root.data


def test_two_builds_give_the_same_bytes(sample_html: str) -> None:
    assert page_html(sample_map()) == sample_html


def test_two_builds_of_a_plain_map_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = (save_html(plain_map(), tmp_path / name) for name in ("a.html", "b.html"))
    assert first.read_bytes() == second.read_bytes()


def test_saving_twice_changes_nothing(tmp_path: Path) -> None:
    page = sample_map()
    first = save_html(page, tmp_path / "a.html").read_bytes()
    page.save(str(tmp_path / "b.html"))
    assert (tmp_path / "b.html").read_bytes() == first
    assert save_html(page, tmp_path / "c.html").read_bytes() == first


def test_the_page_is_small_from_the_command_and_with_all_tables(tmp_path: Path) -> None:
    layers = load_layers(since="2017-01")
    page = save_html(border_map(layers), tmp_path / "a.html")
    assert page.stat().st_size < 1_100_000
    # A statement rests on an event before these months, whose document has its title all the same.
    assert (
        re.findall(r'<a href="https://(?:www\.)?([^/"]+)[^>]*>(?:www\.)?\1</a>', page.read_text())
        == []
    )
    assert save_html(border_map(), tmp_path / "b.html").stat().st_size < 1_100_000


def test_other_maps_are_left_alone() -> None:
    before = (list(folium.Map.default_js), list(folium.Map.default_css))
    page = sample_map()
    page.add_js_link("extra", "https://example.org/x.js")
    assert (folium.Map.default_js, folium.Map.default_css) == before
    assert sample_map().default_js == []


def test_frames_are_not_altered() -> None:
    base, layers = samples.base(), samples.layers()
    copies = {name: frame.copy() for name, frame in base.frames().items()}
    incidents = layers.incidents.copy()
    border_map(layers, base=base).get_root().render()
    assert all(frame.equals(copies[name]) for name, frame in base.frames().items())
    assert layers.incidents.equals(incidents)


def test_a_link_in_both_directions_is_drawn_once() -> None:
    there = shapely.LineString([(0, 0), (1, 1)])
    roads = gpd.GeoDataFrame(
        {
            "u": ["a", "b", "a"],
            "v": ["b", "a", "b"],
            "key": [0, 0, 1],
            "ref": ["1", "1", "2"],
            "length_m": [5.0, 5.0, 9.0],
        },
        geometry=[there, there.reverse(), there],
        crs="EPSG:4326",
    ).set_index(["u", "v", "key"])
    assert decode_layer(RoadLayer(roads).payload)["ref"].tolist() == ["1", "2"]


def test_two_layers_of_a_kind_have_two_names() -> None:
    page = folium.Map(tiles=None)
    first, second = (PlaceLayer(samples.base().places).add_to(page) for _ in range(2))
    assert first.get_name() != second.get_name()


def test_the_static_page_says_it_all_without_a_script(tmp_path: Path) -> None:
    html = save_html(sample_map(), tmp_path / "a.html").read_text()
    static = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    for text in (
        "39,540",
        "39,171",
        ">369<",
        "9.57",
        "Protocol in force",
        "Entrée en vigueur",
        "Found in the snow.",
        "Lacolle / Champlain",
        "7,131",
        "6,925",
        "March 25, 2022",
    ):
        assert text in static, text
    assert '<html lang="en" dir="ltr">' in html
    assert "<title>Roxham Road" in html
    assert html.count('<meta http-equiv="Content-Security-Policy"') == 1


def test_unknown_months_are_not_zero(tmp_path: Path) -> None:
    page = sample_map()
    chart = page_data(page)["chart"]
    assert chart["months"] == ["2022-01", "2022-02", "2022-03", "2022-04"]
    assert chart["area"] == [2367, None, 2492, None]
    assert chart["rest"] == [16, None, None, None]
    assert chart["events"] == [
        {"date": "2022-03-25", "title": "Protocol in force", "title_fr": "Entrée en vigueur"}
    ]


def test_a_range_stays_a_range_and_a_contradiction_is_no_figure() -> None:
    cells = [
        ("2022-01", "CA-QC", None, "suppressed"),
        ("2022-01", "CA", 374, "exact"),
        ("2022-02", "CA-QC", 40, "rounded_5"),
        ("2022-02", "CA", 41, "exact"),
        ("2022-03", "CA-QC", 7, "exact"),
        ("2022-03", "CA", 6, "exact"),
        ("2022", "CA-QC", None, "suppressed"),
        ("2022", "CA-NB", 40, "rounded_5"),
        ("2022", "CA-ON", None, None),
    ]
    rows = pd.DataFrame(cells, columns=["period", "province", "count", "precision"])
    rows = rows.astype({"count": "Int64"}).assign(confidence="single", source_url="https://a.org")
    events = pd.DataFrame(columns=["date", "kind", "title"], dtype="string")
    chart = chart_data(rows, events)
    assert chart is not None
    assert chart["area"] == [[0, 5], [38, 42], 7]
    assert chart["rest"] == [[369, 374], [0, 3], None]
    assert chart["annual"]["2022"] == {"area": [0, 5], "whole": None}
    assert monthly_rows(chart)[0]["months"][:4] == [[0, 5], [38, 42], 7, None]
    counts = {"CA-NB": [38, 42], "CA-QC": [0, 5]}
    assert counted(rows, SERIES, length=4) == {"2022": {"whole": None, "counts": counts}}


def test_a_total_of_another_release_leaves_no_rest() -> None:
    chart = chart_data(load_interceptions().rows, load_policy_events().rows)
    assert chart is not None
    at = chart["months"].index("2017-02")
    # Canada has 658 and Quebec 452, but British Columbia and Manitoba have 226 and not 206.
    assert chart["area"][at] == 452
    assert chart["rest"][at : at + 3] == [None, None, 187]


def test_canada_counts_by_province_and_never_invents_one() -> None:
    canada = page_data(sample_map())["areas"]
    assert canada["years"]["2022"] == {"whole": 39540, "counts": {"CA-ON": 0, "CA-QC": 39171}}
    assert canada["years"]["2021"] == {"whole": None, "counts": {"CA-QC": 4095}}
    assert canada["flows"] == [
        {"to": "CA-ON", "count": 7131, "start": "2022-06-30", "end": "2023-02-26"}
    ]
    assert all(p["path"].startswith("M") for p in canada["provinces"])


def test_the_site_tells_its_story() -> None:
    payload = next(c for c in sample_map()._children.values() if isinstance(c, PortLayer)).payload
    assert payload["story"] == [
        {"date": "2022-03-25", "title": "Protocol in force", "title_fr": "Entrée en vigueur"}
    ]


def test_a_failing_build_leaves_the_old_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "page.html"
    path.write_text("old")
    page = sample_map()

    def fail(**_: object) -> str:
        raise RuntimeError("no")

    monkeypatch.setattr(page.get_root(), "render", fail)
    with pytest.raises(RuntimeError):
        save_html(page, path)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="directory"):
        save_html(sample_map(), tmp_path)


def test_months_go_to_the_loader() -> None:
    with pytest.raises(DataError, match="load_layers"):
        border_map(samples.layers(), since="2022-01")


def test_an_element_that_loads_from_elsewhere_is_named() -> None:
    page = sample_map()
    page.add_js_link("extra", "https://example.org/x.js")
    with pytest.warns(UserWarning, match=r"https://example\.org"):
        html = page_html(page)
    assert "'sha256-" in html
    assert "https://example.org;" in html


def test_a_layer_without_a_map_says_what_to_do() -> None:
    with pytest.raises(TypeError, match=r"folium\.Map"):
        PlaceLayer(samples.base().places).render()


def test_a_plain_map_keeps_what_other_elements_need(tmp_path: Path) -> None:
    page = plain_map()
    alone = save_html(page, tmp_path / "a.html").read_text()
    assert "cdn" not in re.sub(r"<script>.*?</script>", "", alone, flags=re.DOTALL)
    folium.Marker([45, -73], popup="x").add_to(page)
    assert "jquery" in save_html(page, tmp_path / "b.html").read_text()
