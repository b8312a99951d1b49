"""Maps of more incidents than can be told apart: shaded, listed in part, and said to be."""

import re
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from roxham.layers import Layers
from roxham.maps import border_map, load_base, save_html
from roxham.maps.page.page import page_html
from roxham.maps.page.rules import check_page
from roxham.maps.printed.density import CELL, MOST, shading_of
from roxham.maps.printed.layout import map_pictures, map_sheet
from roxham.maps.printed.sheet import Box, Disc, Sheet
from tests.maps import samples
from tests.maps.command import Run
from tests.maps.conftest import Open

BOX = Box(10, 20, 90, 61)


def many(count: int) -> Layers:
    """Return layers with so many incidents, all of them in the view of the printed map."""
    random = np.random.default_rng(1)
    (south, west), (north, east) = load_base().views["core"]
    rows = pd.DataFrame([samples.INCIDENT]).loc[np.zeros(count, dtype=int)].reset_index(drop=True)
    rows["id"] = [f"made-up-{k}" for k in range(count)]
    rows["summary"] = [f"Made up, number {k}." for k in range(count)]
    rows["date"] = [f"2022-{1 + k % 12:02d}" for k in range(count)]
    rows["radius_m"] = random.integers(1000, 9000, count)
    places = gpd.points_from_xy(
        random.uniform(west, east, count), random.uniform(south, north, count), crs="EPSG:4326"
    )
    return samples.layers().with_tables(incidents=gpd.GeoDataFrame(rows, geometry=places))


def said(sheet: Sheet) -> str:
    return " ".join(sheet.texts()).replace("\N{NO-BREAK SPACE}", " ")


def outlined(sheet: Sheet) -> int:
    """Return how many circles are larger than any sign of the legend."""
    return len({(i.x, i.y) for i in sheet.items if isinstance(i, Disc) and i.radius > 8.5})


def test_overlaps_are_counted_at_the_middle_of_each_cell() -> None:
    random = np.random.default_rng(2)
    x, y = random.uniform(-30, 130, 200), random.uniform(-30, 130, 200)
    radius = random.uniform(5, 40, 200)
    found = shading_of(x, y, radius, BOX)
    rows, columns = (np.arange(size) + 0.5 for size in found.counts.shape)
    across, down = BOX.x + columns[None, :, None] * CELL, BOX.y + rows[:, None, None] * CELL
    apart = np.hypot(across - x, down - y)
    assert (found.counts == (apart < radius).sum(axis=2)).all()
    assert found.areas == 200


def test_shades_cover_what_is_covered_and_no_number_is_in_two() -> None:
    found = shading_of(np.array([30.0, 34.0]), np.array([40.0, 40.0]), np.array([9.0, 9.0]), BOX)
    assert found.spans == [(1, 1), (2, 2)]
    wide, narrow = (min(float(part[:, 0].min()) for part in p.parts) for p in found.paths())
    assert wide < narrow
    assert shading_of(np.array([]), np.array([]), np.array([]), BOX).paths() == []


def test_the_smallest_area_is_never_lost_between_cells() -> None:
    for dx in np.linspace(0, CELL, 9):
        assert shading_of(np.array([40 + dx]), np.array([50.0]), np.array([5.0]), BOX).counts.any()


def test_as_many_areas_as_can_be_told_apart_are_outlined_each() -> None:
    (sheet,) = map_pictures(many(MOST), samples.base(), ["en"])
    assert outlined(sheet) > MOST * 0.7
    assert "Each circle is the area within which it happened" in said(sheet)


def test_more_areas_are_shaded_and_the_picture_says_so() -> None:
    layers = many(MOST + 1)
    (sheet,) = map_pictures(layers, samples.base(), ["en"])
    assert outlined(sheet) < 5
    assert "1,001 incidents are in this picture, too many to outline each." in said(sheet)
    assert "areas overlap" in said(sheet)
    assert "Each circle" not in said(sheet)
    french = said(map_sheet(layers, samples.base(), language="fr"))
    assert "1 001 incidents sont dans cette image" in french
    assert "zones se superposent" in french


def test_a_picture_of_very_many_incidents_grows_no_more() -> None:
    sizes = [len(map_pictures(many(n), samples.base(), ["en"])[0].items) for n in (2_000, 20_000)]
    assert abs(sizes[0] - sizes[1]) < 10


def test_the_static_text_lists_the_first_rows_and_says_of_how_many() -> None:
    layers = many(1_200)
    aside = pd.DataFrame(
        [
            {"layer": "incidents", "id": str(k), "date": "2016", "reason": "late"}
            for k in range(1100)
        ]
    )
    html = page_html(border_map(replace(layers, set_aside=aside), base=samples.base()))
    static = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    assert static.count('data-feature="incidents"') == 1000
    assert "The incidents as a table</span>" in static
    assert ">1,200</data>)</summary>" in static
    assert "The first 1,000 of 1,200 rows." in static
    assert "Les 1\u00a0000 premières lignes sur 1\u00a0200." in static
    assert "1,000 of 1,100 rows are listed here." in static
    # The rules look at every row all the same.
    found = {one.rule: one for one in check_page(html)}
    assert "1200 incidents" in found["corrections"].evidence


def test_a_small_page_says_nothing_of_rows_left_out(sample_html: str) -> None:
    static = re.sub(r"<(script|style)\b.*?</\1>", "", sample_html, flags=re.DOTALL)
    assert "The first " not in static
    assert "rows are listed here" not in static


@pytest.mark.browser
def test_the_page_shades_many_and_outlines_a_few(open_page: Open, tmp_path: Path) -> None:
    page_of_many = border_map(many(3_600), base=samples.base())
    opened = open_page(save_html(page_of_many, tmp_path / "many.html"))
    page = opened.page
    legend = page.locator("#rx-legend")
    expect(legend).to_contain_text("Where more than 1,000 are in view")
    drawn = """() => {
      const stage = roxham.stageOf(map_roxham);
      let arcs = 0;
      const { arc } = CanvasRenderingContext2D.prototype;
      CanvasRenderingContext2D.prototype.arc = function (...a) {
        arcs += a[2] > 9; // marks are smaller
        return arc.apply(this, a);
      };
      stage.draw();
      CanvasRenderingContext2D.prototype.arc = arc;
      return arcs;
    }"""
    assert page.evaluate(drawn) < 100
    page.evaluate("roxham.clock.set('2022-06')")
    assert 200 < page.evaluate(drawn) < 700
    page.evaluate("roxham.clock.set(null)")
    page.locator("details:has([data-table=incidents]) summary").first.click()
    expect(page.locator("[data-table=incidents]")).to_contain_text("3,600 of 3,600 shown")
    assert page.locator("[data-table=incidents] tbody tr").count() == 100
    assert page.locator("[data-table=incidents]").get_by_text("The first").count() == 0
    opened.quiet()


def test_a_file_without_rows_is_said_to_be_empty(run: Run) -> None:
    layers = {"incidents": "incidents", "counts": "interceptions", "ports": "ports"}
    for table in layers:
        run("template", table, "-o", f"{table}.csv")
        header = Path(f"{table}.csv").read_text().splitlines()[0]
        Path(f"{table}.csv").write_text(f"{header}\n")
    drawn = run("map", *(word for table in layers for word in (f"--{table}", f"{table}.csv")))
    assert drawn.code == 0
    for table, layer in layers.items():
        assert f"{table}.csv has no rows: the layer {layer} is empty." in drawn.err
    html = Path("roxham.html").read_text()
    said = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    # The table of counts is made by scripts alone.
    assert said.count("This table has no rows.") == 2
    assert said.count("Ce tableau n’a aucune ligne.") == 2


def test_a_file_of_faulty_rows_is_not_called_empty(run: Run) -> None:
    run("template", "incidents", "-o", "t.csv")
    drawn = run("map", "--incidents", "t.csv", "--skip-bad-rows", "--embed")
    assert drawn.code == 0
    assert "has no rows" not in drawn.err


def test_very_many_faults_are_told_in_part(run: Run) -> None:
    head = "period,province,count,source_title,source_publisher,source_url,source_date,"
    rows = "".join("soon,CA,x,T,P,https://example.org/a,2023,single,\n" for _ in range(300))
    Path("c.csv").write_text(f"{head}confidence,note\n{rows}")
    drawn = run("map", "--counts", "c.csv", "--skip-bad-rows", "--embed")
    assert drawn.code == 0
    assert "600 faults; their rows were set aside:" in drawn.err
    assert "c.csv: 600 faults of 2 kinds:" in drawn.err
    assert "300 × column count: “x” is not a number; write digits only" in drawn.err
    assert "(rows 2, 3, 4, …)" in drawn.err
    assert "… and 580 faults more. --rejected FILE writes all." in drawn.err
    assert len(drawn.err.splitlines()) < 30
