"""The commands about road networks, on a made-up network beside a made-up border."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from roxham.geo import load_roads, read_roads
from tests.maps.command import Run

# A street grid of three north-south roads over the line y = 50, near 0° E: the
# western one has a port, the others have none.
WAYS = {
    ("11", "12"): ("secondary", "West Road"),
    ("21", "22"): ("tertiary", "Hidden Lane"),
    ("31", "32"): ("tertiary", "Hidden Way"),
    ("11", "21", "31"): ("primary", "South Street"),
    ("12", "22", "32"): ("primary", "North Street"),
}
PLACES = {
    f"{column}{row}": (0.01 * column, 49.99 if row == 1 else 50.01)
    for column in (1, 2, 3)
    for row in (1, 2)
}
NODES = [f'<node id="{i}" lon="{x}" lat="{y}"/>' for i, (x, y) in PLACES.items()]
LINES = [
    f'<way id="{i}">'
    + "".join(f'<nd ref="{n}"/>' for n in nodes)
    + f'<tag k="highway" v="{kind}"/><tag k="name" v="{name}"/></way>'
    for i, (nodes, (kind, name)) in enumerate(WAYS.items())
]
OSM = f'<osm version="0.6">{"".join(NODES + LINES)}</osm>'
PORT = (
    "kind,ca_name,us_name,lat,lon,status,source_title,source_publisher,source_url,confidence\n"
    "port_of_entry,North,South,50.0,0.0101,open,T,P,https://a.org/b,single\n"
)
FENCE = '{"type": "LineString", "coordinates": [[-0.1, 50.0], [0.1, 50.0]]}'


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "roads.osm").write_text(OSM)
    (tmp_path / "fence.geojson").write_text(FENCE)
    (tmp_path / "ports.csv").write_text(PORT)
    return tmp_path


PORTS = ("--ports", "ports.csv", "--by", "A. Desk")
CROSSINGS = ("crossings", "--roads", "roads.osm", "--border", "fence.geojson")


def test_a_controlled_border_tells_documented_crossings_only(run: Run, files: Path) -> None:
    said = run(*CROSSINGS, *PORTS, "-o", "crossings.csv")
    assert said.code == 0, said.err
    table = pd.read_csv(files / "crossings.csv")
    assert table["kind"].tolist() == ["port_of_entry"]
    # OSMnx's topology makes one edge of the three streets in a row, and the border cuts it.
    assert table["road_a"].str.contains("West Road").all()
    assert "no documented port or site: fewer than 5, or none; not listed." in said.err
    told = said.out + said.err + (files / "crossings.csv").read_text()
    assert "Hidden" not in told
    assert "0.02" not in told


@pytest.mark.parametrize("output", [None, "c.csv"])
def test_no_cell_of_crossings_runs_in_a_spreadsheet(
    run: Run, files: Path, output: str | None
) -> None:
    (files / "ports.csv").write_text(PORT.replace("North,South", "=1+1,@SUM(A1)"))
    words = () if output is None else ("-o", output)
    said = run(*CROSSINGS, *PORTS, *words)
    assert said.code == 0, said.err
    text = said.out if output is None else (files / output).read_text()
    row = next(iter(csv.DictReader(io.StringIO(text))))
    assert any("=1+1" in cell for cell in row.values())
    assert not any(cell.startswith(("=", "@")) for cell in row.values())


def test_an_open_border_lists_all(run: Run, files: Path) -> None:
    said = run(*CROSSINGS, "--open", "-o", "crossings.geojson")
    assert said.code == 0, said.err
    table = gpd.read_file(files / "crossings.geojson")
    named = table.sort_values("lon")["road_a"].str.split(" / ")
    assert [
        name in names
        for name, names in zip(("West Road", "Hidden Lane", "Hidden Way"), named, strict=True)
    ] == [True] * 3
    assert table["kind"].eq("unmatched").all()
    assert table.geometry.x.round(4).tolist() == [0.01, 0.02, 0.03]


def test_ports_of_another_border_need_no_names_of_canada(run: Run, files: Path) -> None:
    (files / "few.csv").write_text("name,lat,lon,source_url\nThe Gate,50.0,0.0101,https://a.org\n")
    said = run(*CROSSINGS, "--ports", "few.csv")
    assert said.code == 2
    assert "Say who publishes it: --by NAME, or publisher" in said.err
    said = run(*CROSSINGS, "--ports", "few.csv", "--by", "A. Desk")
    who, walls = said.err.splitlines()
    assert who == "Ports that are not among the documented ones: the-gate, by A. Desk."
    assert walls.startswith("Meeting places that match no documented port or site: fewer than 5")
    assert "port_of_entry,The Gate," in said.out
    (files / "few.csv").write_text("name,lat,lon\nThe Gate,95,0.0101\n")
    said = run(*CROSSINGS, "--ports", "few.csv")
    assert said.code == 2
    assert "few.csv, row 2, column lat" in said.err


def test_roads_of_elsewhere_are_told_so(run: Run, files: Path) -> None:
    asked = ("routes", "--roads", "roads.osm", "--from", "0.01,49.99", "--to", "0.01,50.01")
    assert run(*asked).code == 0  # of no border, where none is named
    said = run(*asked, "--region", "roxham")
    assert said.code == 2
    assert "lie outside the region of the border" in said.err


@pytest.mark.parametrize("line", ["[-73.6, 45.0], [-73.4, 45.0]", "[-97.6, 49.0], [-96.9, 49.0]"])
def test_the_border_of_canada_cannot_be_called_open(run: Run, files: Path, line: str) -> None:
    near = FENCE.replace("[-0.1, 50.0], [0.1, 50.0]", line)
    (files / "near.geojson").write_text(near)
    said = run("crossings", "--roads", "roads.osm", "--border", "near.geojson", "--open")
    assert said.code == 2
    assert "controlled" in said.err
    assert run("crossings", "--roads", "roads.osm", "--open").code == 2


@pytest.mark.parametrize("ending", ["csv", "geojson", "gpkg", "parquet"])
def test_crossings_in_each_format(ending: str, run: Run, files: Path) -> None:
    name = f"crossings.{ending}"
    assert run(*CROSSINGS, "--open", "-o", name).code == 0
    read: dict[str, Callable[[Path], pd.DataFrame]] = {
        "csv": pd.read_csv,
        "parquet": gpd.read_parquet,
    }
    table = read.get(ending, gpd.read_file)(files / name)
    columns = {"crossing_id", "kind", "name", "lon", "lat", "port", "gap_m", "port_distance_m"}
    assert columns | {"road_a", "road_b"} <= set(table.columns)
    assert len(table) == 3
    assert not [p for p in files.iterdir() if ".part" in p.name]


def test_roads_are_reported_and_saved(run: Run, files: Path) -> None:
    said = run("roads", "roads.osm", "--border", "fence.geojson", "-o", "roads.arrow")
    assert said.code == 0, said.err
    told = dict(
        re.split(r"\s{2,}", line.strip()) for line in said.out.splitlines() if "  " in line.strip()
    )
    assert told["nodes"] == "2"
    assert told["edges, directed"] == "6"
    assert told["components"] == "1"
    assert told["meeting places not documented, walls"] == "fewer than 5, or none"
    assert "Hidden" not in said.out
    assert load_roads(files / "roads.arrow").edge_count == 6


def test_what_is_not_connected_may_be_left_out(run: Run, files: Path) -> None:
    lane = '<node id="91" lon="1" lat="50"/><node id="92" lon="1" lat="50.1"/>'
    lane += '<way id="9"><nd ref="91"/><nd ref="92"/><tag k="highway" v="tertiary"/></way>'
    (files / "more.osm").write_text(OSM.replace("</osm>", f"{lane}</osm>"))
    said = run("roads", "more.osm", "--largest", "-o", "roads.arrow")
    assert said.code == 0, said.err
    assert re.search(r"edges left out, not connected +2 *$", said.out, re.MULTILINE)
    assert load_roads(files / "roads.arrow").edge_count == 6


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("x.arrow", b"ARROW1"),
        ("x.parquet", b"PAR1"),
        ("x.gpkg", b"SQLite format 3"),
        ("x.graphml", b"<?xml"),
    ],
)
def test_roads_are_saved_as_the_name_asks(run: Run, files: Path, name: str, head: bytes) -> None:
    said = run("roads", "roads.osm", "-o", name)
    assert said.code == 0, said.err
    assert (files / name).read_bytes().startswith(head)
    found, expected = read_roads(files / name), read_roads(files / "roads.osm")
    assert found.edge("length_m").sum() == pytest.approx(expected.edge("length_m").sum())
    again = run("crossings", "--roads", name, "--border", "fence.geojson")
    assert again.out == run("crossings", "--roads", "roads.osm", "--border", "fence.geojson").out


def test_what_was_fetched_is_saved_to_open_at_once(
    run: Run, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roads = read_roads(files / "roads.osm")
    monkeypatch.setattr("roxham.maps.cli.roads.fetch_roads", lambda *_, **__: roads)
    said = run("fetch")
    assert said.code == 0, said.err
    assert load_roads("roads.arrow").edge_count == roads.edge_count


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("roads", "roads.osm", "-o", "x.feather"), ".arrow, .parquet, .gpkg, .graphml"),
        (("fetch", "-o", "x.csv"), ".arrow, .parquet, .gpkg, .graphml"),
        (("roads", "nowhere.osm"), "nowhere.osm"),
        (("roads", "fence.geojson"), "fence.geojson"),
        (("crossings", "--roads", "roads.osm"), "does not reach the border"),
        (("roads", "roads.osm", "--ports", "ports.csv"), "does not reach the border"),
        ((*CROSSINGS, "-o", "crossings.xls"), ".geojson"),
        (("crossings", "--roads", "roads.osm", "--border", "roads.osm.gz"), "roads.osm.gz"),
        (("fetch", "--region", "somewhere"), "--region"),
        (("map", "--roads", "nowhere.osm"), "nowhere.osm"),
        (("map", "--roads", "roads.osm"), "does not reach the border"),
    ],
)
def test_what_cannot_be_done_is_said(
    words: tuple[str, ...], told: str, run: Run, files: Path
) -> None:
    said = run(*words)
    assert said.code == 2
    assert told in said.err
    assert "Traceback" not in said.err


@pytest.mark.shared
def test_real_roads_on_the_page_stop_at_walls(run: Run, shared: Path, tmp_path: Path) -> None:
    path = shared / "osm_roxham_10km.osm"
    if not path.is_file():
        pytest.skip("the full road network is not beside this checkout")
    said = run("map", "--roads", str(path))
    assert said.code == 0, said.err
    page = (tmp_path / "roxham.html").read_text()
    assert "as OpenStreetMap has them" in page
    crossings = run("crossings", "--roads", str(path))
    rows = [line.split(",")[:2] for line in crossings.out.splitlines()[1:]]
    assert ["roxham-road", "dead_end_pair"] in rows
    assert len(rows) == 5


def test_streets_that_do_not_say_their_direction_are_asked_about(run: Run, files: Path) -> None:
    pytest.importorskip("pyarrow")
    edges = read_roads(files / "roads.osm").edges.reset_index()
    edges = edges[edges["u"] < edges["v"]].assign(highway="primary")
    edges[["u", "v", "highway", "geometry"]].to_parquet(files / "streets.parquet")
    asked = run("roads", "streets.parquet")
    assert asked.code == 2
    assert "--undirected or --directed" in asked.err
    counts = []
    for way in ("--directed", "--undirected"):
        said = run("roads", "streets.parquet", way)
        assert said.code == 0, said.err
        found = re.search(r"edges, directed\s+(\d+)", said.out)
        assert found is not None
        counts.append(int(found[1]))
    assert counts == [len(edges), 2 * len(edges)]


def test_crossings_say_what_they_left_out_and_what_bars_them(run: Run, files: Path) -> None:
    ring = {"5": (0.05, 49.999), "6": (0.052, 50.0), "7": (0.05, 50.001), "8": (0.048, 50.0)}
    nodes = [f'<node id="{i}" lon="{x}" lat="{y}"/>' for i, (x, y) in ring.items()]
    nodes.append('<node id="9" lon="0.01" lat="50.0"><tag k="barrier" v="block"/></node>')
    around = "".join(f'<nd ref="{i}"/>' for i in (*ring, "5"))
    ways = [
        f'<way id="50">{around}<tag k="highway" v="residential"/></way>',
        '<way id="51"><nd ref="11"/><nd ref="5"/><tag k="route" v="ferry"/></way>',
    ]
    lines = [LINES[0].replace('<nd ref="12"/>', '<nd ref="9"/><nd ref="12"/>'), *LINES[1:]]
    osm = f'<osm version="0.6">{"".join([*NODES, *nodes, *lines, *ways])}</osm>'
    (files / "roads.osm").write_text(osm)
    said = run(*CROSSINGS, "--open")
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert [row["barrier"] for row in rows] == ["block", "", ""]
    assert said.err.splitlines() == [
        "Isolated rings of road (--rings keeps them): 1, left out and not looked at.",
        "Ferries that are no road: 1, left out and not looked at.",
    ]
    kept = run(*CROSSINGS, "--open", "--rings")
    assert len(list(csv.DictReader(io.StringIO(kept.out)))) == 5
    assert "rings" not in kept.err
