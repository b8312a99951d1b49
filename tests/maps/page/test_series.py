"""The page's tables: what they show, and that what they download is what they show."""

import csv
import io
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from playwright.sync_api import Locator, Page, expect

from roxham.geo import load_roads
from roxham.geo.io.csv import inert
from roxham.geo.io.write import write_frame
from roxham.layers import load_layers
from roxham.maps import border_map
from roxham.maps.elements.payload import dimensions_of, licences_of
from roxham.maps.ground import load_base
from roxham.maps.page.page import page_html
from roxham.maps.page.series import series_payloads
from tests.maps import samples
from tests.maps.conftest import Open, Opened

ROOT = Path(__file__).parent.parent.parent.parent
HOSTILE = [
    *(
        "=1+1",
        "a;=1+1",
        "a;'=1",
        "a; @x;-2;+1+cmd",
        "a\t=1",
        "+1",
        "-1",
        "-1+1",
        "-.5",
        "+1e3",
        "-73.55,45.01",
        "-73.55,45.01,0",
        "-1,=1",
        "\uff1d1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "'=1",
        "",
        '"',
        'a"b',
        "a,b",
        ";",
    ),
    *("a\nb", "a\r\nb", "</script>", "{{ 7*7 }}", "a\u2028b\u202ec", "é", "\x00", "NULL", "None"),
]


def run_module(node: str, script: str, value: object) -> str:
    """Run a module script with a value as JSON on its standard input."""
    path = (ROOT / "maps" / "assets" / "js" / "panels" / "download.js").as_uri()
    done = subprocess.run(
        [node, "--input-type=module", "-e", script.replace("DOWNLOAD", path)],
        input=json.dumps(value).encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def read_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_page_marks_the_same_cells_as_the_command_line(node: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({"text": HOSTILE, "number": range(len(HOSTILE))})
    ours = write_frame(frame, tmp_path / "a.csv").read_bytes().decode()
    script = """
      import { csvText } from "DOWNLOAD";
      let text = "";
      for await (const chunk of process.stdin) text += chunk;
      process.stdout.write(csvText(["text", "number"], JSON.parse(text)));
    """
    theirs = run_module(node, script, frame.to_numpy().tolist())
    # Python's writer leaves a lone carriage return unquoted, so that row reads back in two.
    told = [line for line in ours.split("\n") if "\r" not in line]
    assert [line for line in told if line not in theirs.split("\n")] == []
    expected = [inert(text) for text in HOSTILE]
    assert [row[0] for row in read_csv(theirs)[1:]] == expected
    assert not theirs.startswith("\ufeff")


def test_licences_are_known_for_what_ships_and_only_for_that(tmp_path: Path) -> None:
    layers, base = load_layers(since="2022-01"), load_base()
    names = {
        name: [licence["name"] for licence in licences_of(frame)]
        for name, frame in {**layers.tables, **vars(layers), **base.frames()}.items()
        if isinstance(frame, pd.DataFrame)
    }
    assert names["roads"] == names["ports"] == ["ODbL-1.0"]
    assert names["incidents"] == names["places"] == ["CC-BY-4.0"]
    assert names["interceptions"] == ["CC0-1.0"]
    assert "LGPL-3.0-or-later" in names["jurisdictions"]
    own = tmp_path / "ports.csv"
    pd.DataFrame(layers.ports.drop(columns="geometry")).to_csv(own, index=False)
    assert licences_of(load_layers(ports=own).ports) == []
    roads = load_roads()
    assert [one["name"] for one in licences_of(load_base(roads).roads)] == ["ODbL-1.0"]
    assert licences_of(load_base(roads.with_columns(meta={"credit": ""})).roads) == []


def test_a_licence_of_anything_else_is_no_licence() -> None:
    frame = pd.DataFrame()
    frame.attrs["licences"] = ["CC0-1.0", {"name": "X", "url": None, "more": 1}]
    assert licences_of(frame) == [{"name": "X", "url": "None"}]


def test_dimensions_are_one_number_or_one_each() -> None:
    wkt = ["POINT (0 1)", "LINESTRING (0 0, 1 1, 0 1, 0 0)", "POLYGON ((0 0, 1 1, 0 1, 0 0))", None]
    shapes = gpd.GeoSeries(shapely.from_wkt(wkt), crs=4326)
    assert dimensions_of(shapes) == [0, 1, 2, 0]
    assert dimensions_of(gpd.GeoSeries(shapes[1:2])) == 1
    assert dimensions_of(gpd.GeoSeries(shapes[:0])) == 0


def test_series_carry_every_column_and_no_place() -> None:
    payloads = {payload["kind"]: payload for payload in series_payloads(samples.layers())}
    assert payloads["transfers"]["n"] == 1
    assert payloads["interceptions"]["n"] == len(samples.layers().interceptions)


# The page in Chromium: one page for all that follows, each test leaving it as it was found.


HOLD_BACK = """(held) => {
  const stage = roxham.stageOf(map_roxham);
  const layer = stage.layers.find(({ kind }) => kind === "incidents");
  const one = Uint8Array.from({ length: layer.n }, (_, i) => Number(i === 3));
  stage.filter(layer, held ? one : null);
}"""


@pytest.fixture
def opened(open_page: Open, default_page: Path) -> Iterator[Opened]:
    found = open_page(default_page)
    yield found
    found.quiet()


def table_of(page: Page, kind: str) -> Locator:
    table = page.locator(f".rx-table[data-kind={kind}]")
    if table.count() == 0:
        page.evaluate(
            """(kind) => {
              const host = document.querySelector(`[data-table="${kind}"]`)?.closest("details");
              (document.querySelector(`[data-twin="${kind}"]`) ?? host).open = true;
            }""",
            kind,
        )
    expect(table).to_have_count(1)
    return table


def names(table: Locator) -> list[str]:
    return table.locator("tbody th").all_inner_texts()


def column(table: Locator, name: str) -> list[str]:
    heads = [text.strip() for text in table.locator("thead th").all_inner_texts()]
    found = table.locator(f"tbody tr > :nth-child({heads.index(name) + 1})")
    return [text.strip() for text in found.all_inner_texts()]


def download(page: Page, table: Locator, form: str) -> str:
    with page.expect_download() as waiting:
        table.locator(f"button[data-save={form}]").click()
    assert waiting.value.suggested_filename.endswith(f".{form}")
    return Path(waiting.value.path()).read_bytes().decode()


@pytest.mark.browser
def test_each_section_holds_the_tables_of_its_title(opened: Opened) -> None:
    held = opened.page.evaluate("""() => Object.fromEntries(
      [...document.querySelectorAll("section")].filter((one) => one.querySelector("details"))
        .map((one) => [one.querySelector("h2"), ...one.querySelectorAll("summary")])
        .map((all) => all.map((one) => one.innerText.replace(/ \\(\\d+\\)$/, "").trim()))
        .map(([title, ...tables]) => [title, tables]))""")
    assert held["Recorded incidents"] == ["The incidents as a table"]
    behind = held["The tables behind the page"]
    assert behind[0] == "Ports of entry and Roxham Road"
    assert {"Places", "Water", "Land", "International boundary"} <= {*behind}


@pytest.mark.browser
def test_every_layer_and_series_has_one_table(opened: Opened) -> None:
    page = opened.page
    roads = table_of(page, "roads")
    page.get_by_role("button", name="Français").click()
    expect(roads.locator("caption")).to_contain_text("Routes (schématiques)")
    assert "km/h" in roads.locator("thead").inner_text()
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    kinds = [
        *("incidents", "ports", "roads", "places", "border", "water", "jurisdictions"),
        *("interceptions", "policy_events", "transfers", "encounters", "entries"),
    ]
    for kind in kinds:
        expect(page.locator(f".rx-table[data-kind={kind}]")).to_have_count(1)
    assert page.locator(".rx-table").count() == len(kinds)
    # What the server had written in their place is gone.
    assert page.locator("[data-table] table:not(.rx-table table)").count() == 0
    lengths = page.locator(".rx-table tbody").evaluate_all("(all) => all.map((b) => b.rows.length)")
    assert max(lengths) == 100
    targets = page.locator(".rx-table :is(button, label, input[type=search])")
    small = targets.evaluate_all(
        """(nodes) => nodes.map((node) => [node.textContent, node.getBoundingClientRect()])
          .filter(([, { height, width }]) => height > 0 && Math.min(height, width) < 24)"""
    )
    assert small == []


@pytest.mark.browser
def test_rows_sort_search_and_turn(opened: Opened) -> None:
    page = opened.page
    places = table_of(page, "places")
    expect(places.locator(".rx-table-count")).to_have_text("113 of 113 shown")
    head = places.get_by_role("button", name="Population")
    head.focus()
    head.press("Enter")
    expect(places.locator("th[aria-sort=ascending]")).to_have_count(1)
    head.press("Enter")
    expect(places.locator("th[aria-sort=descending]")).to_have_count(1)
    assert names(places)[0] == "Montréal"
    next_page = places.get_by_role("button", name="Next 100")
    next_page.click()
    # Unknown populations come last.
    assert "–" in column(places, "Population")[-1]
    expect(places.locator(".rx-table-pager")).to_contain_text("Rows 101 to 113")
    places.get_by_role("searchbox").fill("MONTREAL city")
    expect(places.locator(".rx-table-count")).to_contain_text("of 113 shown")
    expect(places.locator("tbody tr")).to_have_count(1)
    expect(places.locator(".rx-table-pager")).to_be_hidden()


@pytest.mark.browser
def test_the_map_and_the_clock_hold_rows_back(opened: Opened) -> None:
    page = opened.page
    ports = table_of(page, "ports")
    page.locator("[data-view=site]").click()
    ports.get_by_label("Only in the map’s view").check()
    frame = load_layers().ports
    west, south, east, north = page.evaluate(
        "map_roxham.getBounds().toBBoxString().split(',').map(Number)"
    )
    inside = frame.geometry.intersects(shapely.box(west, south, east, north))
    assert 0 < inside.sum() < len(frame)
    expect(ports.locator(".rx-table-count")).to_have_text(f"{inside.sum()} of {len(frame)} shown")
    assert column(ports, "Canada / United States") == [
        " / ".join(pair) for pair in frame.loc[inside, ["ca_name", "us_name"]].to_numpy()
    ]
    page.locator("[data-view=region]").click()
    expect(ports.locator(".rx-table-count")).to_have_text(f"{len(frame)} of {len(frame)} shown")
    incidents = table_of(page, "incidents")
    page.evaluate(HOLD_BACK, True)
    expect(incidents.locator(".rx-table-count")).to_have_text("1 of 21 shown")
    page.evaluate(HOLD_BACK, False)
    expect(incidents.locator(".rx-table-count")).to_have_text("21 of 21 shown")


@pytest.mark.browser
def test_rows_and_features_point_at_each_other(opened: Opened) -> None:
    page = opened.page
    places = table_of(page, "places")
    last = names(places)[60]
    button = places.get_by_role("button", name=last, exact=True).first
    button.focus()
    button.press("Enter")
    expect(page.locator(".leaflet-popup h3").last).to_have_text(last)
    expect(places.locator("tr[aria-current]")).to_have_count(1)
    expect(places.locator(".rx-table-count")).to_contain_text(f"Selected: {last}")
    page.keyboard.press("Escape")
    expect(places.locator("tr[aria-current]")).to_have_count(0)
    # A feature on the second page of rows, chosen on the map.
    page.evaluate(
        """() => {
          const stage = roxham.stageOf(map_roxham);
          stage.open(stage.layers.find((l) => l.kind === 'places'), 110);
        }"""
    )
    row = places.locator("tr[aria-current]")
    expect(row).to_have_attribute("data-row", "110")
    assert page.evaluate(
        """() => {
          const marked = document.querySelector('tr[aria-current]');
          const row = marked.getBoundingClientRect();
          const frame = marked.closest('.rx-scroll').getBoundingClientRect();
          return row.top >= frame.top && row.bottom <= frame.bottom + 1;
        }"""
    )
    # The whole shape of a large feature comes into view.
    water = table_of(page, "water")
    water.get_by_role("button", name="Lake Champlain").press("Enter")
    expect(page.locator(".leaflet-popup h3").last).to_have_text("Lake Champlain")


@pytest.mark.browser
def test_what_is_downloaded_is_what_is_shown(opened: Opened) -> None:
    page = opened.page
    frame = load_layers().incidents.reset_index(drop=True)
    incidents = table_of(page, "incidents")
    incidents.get_by_role("searchbox").fill("rescue")
    kept = frame[frame["kind"] == "rescue"]
    expect(incidents.locator("tbody tr")).not_to_have_count(len(frame))
    shown = incidents.locator("tbody tr").evaluate_all(
        "(rows) => rows.map((row) => Number(row.dataset.row))"
    )
    assert set(kept.index) <= set(shown)
    rows = pd.read_csv(io.StringIO(download(page, incidents, "csv")), keep_default_na=False)
    words = ["id", "date", "place_name", "summary_fr", "kind", "location_url", "source_title"]
    words += ["source_publisher", "source_url", "source_date", "confidence", "note"]
    wanted = frame.loc[shown].fillna(dict.fromkeys(words, ""))
    assert rows[words].to_numpy().tolist() == wanted[words].to_numpy().tolist()
    assert pd.to_numeric(rows["deaths"]).tolist() == wanted["deaths"].tolist()
    assert rows["lon"].tolist() == pytest.approx(wanted["lon"].tolist(), abs=5.1e-6)
    assert set(rows["licence"]) == {"CC-BY-4.0"}
    assert rows["licence_url"].str.startswith("https://").all()
    areas = read_geojson(download(page, incidents, "geojson"))
    assert areas["id"].tolist() == rows["id"].tolist()
    assert (areas.geom_type == "Polygon").all()
    apart = areas.to_crs(32618).centroid.distance(wanted.reset_index(drop=True).to_crs(32618))
    # A circle on the map's plane is a little out of round on another.
    assert (apart < wanted["radius_m"].astype(float).to_numpy() / 500).all()
    sizes = areas.to_crs(32618).area / (3.1416 * wanted["radius_m"].astype(float).to_numpy() ** 2)
    assert sizes.between(0.98, 1.01).all()


@pytest.mark.browser
def test_lines_and_areas_come_back_as_they_went(opened: Opened) -> None:
    page = opened.page
    base = load_base()
    for kind, reference in {
        "jurisdictions": base.jurisdictions,
        "water": base.water,
        "border": base.border,
    }.items():
        table = table_of(page, kind)
        given = download(page, table, "geojson")
        back = read_geojson(given)
        assert back.geometry.is_valid.all(), kind
        kinds = {name.removeprefix("Multi") for name in reference.geom_type}
        assert {name.removeprefix("Multi") for name in back.geom_type} == kinds
        near = shapely.hausdorff_distance(back.geometry.values, reference.geometry.values)
        assert near.max() < 1e-5, kind
        for shape in back.geometry.explode():
            if isinstance(shape, shapely.Polygon):
                assert shape.exterior.is_ccw
                assert not any(ring.is_ccw for ring in shape.interiors)
        if kind == "water":
            areas = [shapely.area(each.geometry.values).tolist() for each in (back, reference)]
            assert areas[0] == pytest.approx(areas[1], rel=1e-3)
    roads = table_of(page, "roads")
    rows = read_csv(download(page, roads, "csv"))
    assert len(rows) == 1 + 396
    assert rows[0][-2:] == ["licence", "licence_url"]
    assert {row[-2] for row in rows[1:]} == {"ODbL-1.0"}
    counts = table_of(page, "interceptions")
    figures = pd.read_csv(io.StringIO(download(page, counts, "csv")), dtype={"period": str})
    original = load_layers().interceptions
    assert figures["count"].astype("Int64").equals(original["count"])
    assert figures["period"].tolist() == original["period"].tolist()
    assert not counts.locator("[data-save=geojson]").count()


def read_geojson(text: str) -> gpd.GeoDataFrame:
    found = json.loads(text)
    assert set(found) == {"type", "features"}
    digits = [len(number.partition(".")[2]) for number in coordinates(found)]
    assert max(digits) <= 6
    frame = gpd.read_file(io.BytesIO(text.encode()))
    assert frame.crs == "EPSG:4326"
    return frame


def coordinates(found: dict[str, list[dict[str, object]]]) -> Iterator[str]:
    for feature in found["features"]:
        yield from (
            repr(c)
            for c in shapely.get_coordinates(shapely.from_geojson(json.dumps(feature["geometry"])))
            .ravel()
            .tolist()
        )


@pytest.mark.browser
def test_hostile_text_in_a_table_is_text(open_page: Open, tmp_path: Path) -> None:
    texts = [
        "<img src=x onerror='window.pwned=1'>",
        "=cmd|' /C calc'!A0",
        "__proto__",
        "a\nb",
        "${1}",
    ]
    page = border_map(samples.layers(texts), base=samples.base(texts))
    path = tmp_path / "a.html"
    path.write_text(page_html(page), encoding="utf-8")  # no rule lets such rows through
    opened = open_page(path)
    for kind in ("incidents", "ports", "places", "water", "transfers"):
        table = table_of(opened.page, kind)
        text = table.text_content() or ""
        assert all(hostile in text for hostile in texts), kind
        rows = read_csv(download(opened.page, table, "csv"))
        assert "'=cmd|' /C calc'!A0" in {cell for row in rows for cell in row}, kind
    assert opened.page.evaluate("window.pwned") is None
    opened.quiet()
