"""A page and its pictures over 180°: one map in one piece, told within ±180°."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from roxham.layers import load_layers
from roxham.maps import FeatureLayer, border_map, load_base, map_sheet, save_html
from roxham.maps.elements.decode import decode_layer
from roxham.maps.page.opening import opening, pan_of
from roxham.maps.page.rules import page_payloads
from roxham.maps.printed.sheet import Text
from tests.maps.conftest import Open

SOURCE = "Made up,Made up,https://example.org/,single"
LAKE = [
    [[(179.96, -16.9), (180, -16.92), (180, -16.88), (179.96, -16.9)]],
    [[(-180, -16.92), (-179.95, -16.9), (-180, -16.88), (-180, -16.92)]],
]
REGION = """
id = "taveuni"
bounds = [179.45, -16.96, -179.45, -16.68]
publisher = "Made up office"
title = { en = "Taveuni" }
[[sides]]
code = "N"
inside = [180, -16.7]
[[sides]]
code = "S"
inside = [180, -16.9]
[[views]]
id = "all"
name = { en = "All" }
bounds = [179.5, -16.95, -179.5, -16.7]
[[views]]
id = "east"
name = { en = "East" }
bounds = [-179.99, -16.9, -179.8, -16.75]
[files]
border = "border.geojson"
water = "water.geojson"
places = "places.csv"
ports = "ports.csv"
[sources.border]
title = "Made up"
publisher = "Made up"
url = "https://example.org/"
"""


def geojson(kind: str, coordinates: Any, **properties: str) -> str:
    geometry = {"type": kind, "coordinates": coordinates}
    return json.dumps({"type": "Feature", "properties": properties, "geometry": geometry})


@pytest.fixture(scope="module")
def taveuni(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("taveuni")
    line = [[(179.4, -16.82), (180, -16.83)], [(-180, -16.83), (-179.4, -16.84)]]
    (folder / "border.geojson").write_text(geojson("MultiLineString", line))
    source = dict(
        zip(("source_title", "source_publisher", "source_url"), SOURCE.split(","), strict=False)
    )
    water = geojson("MultiPolygon", LAKE, name="Over lake", confidence="single", **source)
    (folder / "water.geojson").write_text(water)
    head = "name,lat,lon,kind,source_title,source_publisher,source_url,confidence\n"
    places = f"{head}Westtown,-16.75,179.72,town,{SOURCE}\nEastbury,-16.9,-179.75,town,{SOURCE}\n"
    (folder / "places.csv").write_text(places)
    ports = head.replace("kind", "kind,status,opened")
    ports += f"East gate,-16.83,-179.95,port_of_entry,open,2015-01-01,{SOURCE}\n"
    (folder / "ports.csv").write_text(ports)
    (folder / "region.toml").write_text(REGION)
    return folder


@pytest.fixture(scope="module")
def page(taveuni: Path) -> Path:
    drawn = border_map(load_layers(region=taveuni))
    trail = gpd.GeoDataFrame(
        {"trail": ["Ridge"]},
        geometry=[shapely.LineString([(-179.9, -16.75), (-179.7, -16.75)])],
        crs="EPSG:4326",
    )
    FeatureLayer(trail, name="Trails").add_to(drawn)  # as its owner has it, within ±180°
    return save_html(drawn, taveuni / "page.html")


def test_payloads_are_drawn_in_one_piece_and_read_back_within_180(page: Path) -> None:
    payloads = {payload["kind"]: payload for payload in page_payloads(page.read_text())}
    places = decode_layer(payloads["places"]).geometry
    assert places.x.tolist() == pytest.approx([179.72, -179.75])
    lake = decode_layer(payloads["water"]).geometry.item()
    assert shapely.equals(lake, shapely.MultiPolygon([(one[0], []) for one in LAKE]))
    border = decode_layer(payloads["border"]).geometry
    assert border.total_bounds == pytest.approx([-180, -16.84, 180, -16.82], abs=0.01)
    assert shapely.length(border.to_numpy()).sum() == pytest.approx(1.1, abs=0.01)


def test_one_map_shows_both_sides(page: Path, open_page: Open) -> None:
    opened = open_page(page)
    seen = opened.page.evaluate("""async () => {
      const map = map_roxham;
      const box = map.getBounds();
      const at = (lon) => Math.round(map.latLngToContainerPoint([-16.8, lon]).x);
      const stage = roxham.stageOf(map);
      const layer = (kind) => stage.layers.find((one) => one.kind === kind);
      const lake = layer("water").geometry;
      const x = [...layer("features").geometry.x, ...layer("ports").geometry.x, ...lake.x];
      return {
        box: [box.getWest(), box.getEast()],
        apart: at(-179.9) - at(179.9),
        east: at(180.1) - at(179.9),
        across: x.map((each) => (each - 0.5) * 360),
        parts: lake.pointsOf.length - 1,
      };
    }""")
    west, east = seen["box"]
    assert 179 < west < 180 < east < 181
    assert seen["apart"] == seen["east"] > 0
    assert min(seen["across"]) > 179.9
    assert max(seen["across"]) < 180.4
    assert seen["parts"] == 1  # no seam
    told, centre = opened.page.evaluate("""async () => {
      map_roxham.setView([-16.8, 180.05], 11, { animate: false });
      const written = () => location.hash.includes("/-16.80000/-179.95000");
      const soon = () => new Promise((done) => setTimeout(done, 50));
      for (let k = 0; k < 100 && !written(); k += 1) await soon();
      const told = location.hash;
      location.hash = "v=11/-16.80000/-179.80000";
      await new Promise((done) => addEventListener("hashchange", done, { once: true }));
      return [told, map_roxham.getPixelBounds().getCenter().x / 2 ** 19];
    }""")
    assert "/-179.95000" in told
    assert centre * 360 - 180 == pytest.approx(180.2, abs=0.01)
    opened.quiet()


def test_a_sheet_shows_both_sides(taveuni: Path) -> None:
    sheet = map_sheet(load_layers(region=taveuni), load_base(region=taveuni))
    said = {item.text: item.x for item in sheet.items if isinstance(item, Text)}
    assert 40 < said["Westtown"] < said["East gate"] < said["Eastbury"] < 1160


def test_views_and_roads_of_ones_own_are_drawn_ahead(taveuni: Path) -> None:
    base = load_base(region=taveuni)
    assert np.ravel(base.views["east"]) == pytest.approx([-16.9, 180.01, -16.75, 180.2])
    road = gpd.GeoDataFrame(
        geometry=[shapely.LineString([(-179.3, -16.8), (-179.2, -16.8)])], crs=4326
    )
    road.attrs["given"] = True
    base = replace(base, roads=road)
    opened = opening(base, pan_of(base.region))
    assert opened is not None
    assert np.ravel(opened) == pytest.approx([-16.8, 180.7, -16.8, 180.8])
