"""A table that has no kind of layer of its own: drawn, named and exported by its entry alone."""

import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from playwright.sync_api import expect

from roxham.geo.tables.contract import SOURCE, Checked, Column, Contract
from roxham.geo.tables.failures import REJECTED
from roxham.layers import Layers, load_layers
from roxham.layers.export.tables import export_map
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.model import Dataset, Shown, Style
from roxham.layers.publication.check import check_data
from roxham.maps import border_map, load_base, map_sheet, save_html
from tests.maps import samples
from tests.maps.conftest import Open

STONES = Contract(
    "boundary_stones",
    (
        Column("stone_id", meaning="its number"),
        Column("label", meaning="what is carved on it"),
        Column("label_fr", required=False),
        Column("seen", "date", "when it was last looked at"),
        Column("state", choices=("upright", "fallen")),
        Column("height_m", "number"),
        Column("set_year", "integer"),
        *SOURCE,
    ),
)
ROWS = {
    "stone_id": ["S1", "S2"],
    "label": ["Treaty", "Line"],
    "label_fr": ["Traité", "Ligne"],
    "seen": ["2022-06", "2022-07"],
    "state": ["upright", "fallen"],
    "height_m": [1.25, 1.0],
    "set_year": [1842, 1902],
    "source_title": "Survey",
    "source_publisher": "Made up",
    "source_url": "https://example.org/stones",
    "source_date": "2022",
    "confidence": "single",
    "note": None,
}


def load_stones(path: object = None) -> Checked[gpd.GeoDataFrame]:
    places = gpd.points_from_xy([-73.5, -73.4], [45.1, 45.1])
    rows = gpd.GeoDataFrame(ROWS, geometry=places, crs="EPSG:4326")
    return Checked(rows, pd.DataFrame(columns=list(REJECTED)))


DATA = Dataset(
    STONES,
    load_stones,
    made_of=(),
    when=("seen",),
    key=("stone_id",),
    label="stone_id",
    event=True,
    drawn=True,
    style=Style("point", "#4a5c2f", 2.0, 1, "state", (("fallen", "#aa3311"),)),
)


@pytest.fixture
def layers(monkeypatch: pytest.MonkeyPatch) -> Layers:
    """Return the layers with a table that is drawn, registered for one test."""
    monkeypatch.setitem(DATASETS, DATA.name, DATA)
    return load_layers(since="2022-01", until="2022-12")


def test_columns_are_those_of_the_contract() -> None:
    assert DATA.columns == (
        Shown("stone_id", heads=True),
        Shown("label"),
        Shown("seen", "date"),
        Shown("state", "word", ("column.boundary_stones.state",)),
        Shown("height_m", "number"),
        Shown("set_year", "text"),
    )


def test_a_style_is_exported_and_a_key_asked_for(layers: Layers, tmp_path: Path) -> None:
    folder = export_map(tmp_path / "out", layers, {})
    with closing(sqlite3.connect(folder / "roxham.gpkg")) as database:
        styles = dict(database.execute("SELECT f_table_name, styleQML FROM layer_styles"))
    assert "fallen" in styles["boundary_stones"]
    assert "| boundary_stones | 2 | Boundary stones |" in (folder / "README.md").read_text()
    tables = {"boundary_stones": layers.boundary_stones.assign(stone_id="S1")}
    found = {one.rule: one for one in check_data(tables)}["corrections"]
    assert (found.status, found.evidence) == ("fail", "boundary_stones without an id of their own")


def test_the_printed_twin_names_its_sources(layers: Layers) -> None:
    assert "Boundary stones: Made up." in map_sheet(layers, load_base()).texts()


@pytest.mark.browser
def test_it_is_drawn_and_listed_once(layers: Layers, open_page: Open, tmp_path: Path) -> None:
    drawn = border_map(layers, base=samples.base())
    opened = open_page(save_html(drawn, tmp_path / "a.html"))
    page = opened.page
    expect(page.locator(".rx-legend-name", has_text="Boundary stones")).to_be_visible()
    page.get_by_role("button", name="Français").click()
    page.locator("summary", has_text="Boundary stones (2)").click()
    table = page.locator(".rx-table", has=page.locator("caption", has_text="Boundary stones"))
    expect(table.locator("tbody tr").first).to_contain_text("Traité")
    expect(table.locator("tbody tr").first).to_contain_text("1842")
    expect(table.locator("tbody tr").first).to_contain_text("1,25")
    page.evaluate("roxham.clock.set('2022-07')")
    expect(table.locator(".rx-table-count")).to_have_text("1 sur 2 affichées")
    table.locator("tbody button").first.click()
    expect(page.locator(".rx-card h3").last).to_have_text("S2")
    opened.quiet()
