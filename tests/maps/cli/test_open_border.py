"""Commands over an open border without ports, beside no border, and when gates are shut."""

from __future__ import annotations

import json
import tomllib
from io import StringIO
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import pandas as pd
import pytest
import shapely

from roxham.geo import Roads, load_border
from roxham.geo.region import read_region
from tests.maps.cli.test_routes import Ask, ask

__all__ = ["ask"]

LINE = [(1.9, 48.055), (2.035, 48.055), (2.035, 48.035), (2.055, 48.035), (2.055, 48.055),
        (2.3, 48.055)]  # fmt: skip
"""A line with a salient to the south, from 2.035° to 2.055° E."""
OPEN = ("--roads", "town.arrow", "--border", "line.geojson", "--open")
ACROSS = ("--from", "2.01,48.04", "--to", "2.08,48.04")


def rows(text: str) -> Any:
    return pd.read_csv(StringIO(text))


@pytest.fixture
def town(ask: Ask) -> Path:
    """Write a town of streets a kilometre long, and the line through it; the folder worked in."""
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    size = 12
    for i in range(size):
        for j in range(size):
            graph.add_node(size * i + j, x=2 + i / 100, y=48 + j / 100)
    for i in range(size):
        for j in range(size):
            for a, b, name in ((i + 1, j, f"Avenue {j}"), (i, j + 1, f"Street {i}")):
                if a < size and b < size:
                    for u, v in ((size * i + j, size * a + b), (size * a + b, size * i + j)):
                        graph.add_edge(u, v, length=1000.0, highway="residential", name=name)
    folder = Path.cwd()
    Roads.from_networkx(graph).save(folder / "town.arrow")
    line = {"type": "LineString", "coordinates": LINE}
    (folder / "line.geojson").write_text(json.dumps(line))
    (folder / "places.csv").write_text("name,lon,lat\nA,2.01,48.04\nB,2.05,48.05\n")
    return folder


@pytest.mark.usefixtures("town")
def test_every_road_over_an_open_border_is_a_gate(ask: Ask) -> None:
    code, out, err = ask("routes", *ACROSS, *OPEN)
    assert code == 0, err
    row = rows(out).iloc[0]
    assert row["length_m"] == pytest.approx(7000)
    assert row["gate"] == "48.0400N002.0350E; 48.0400N002.0550E"
    assert row["gate_name"] == "Avenue 4; Avenue 4"
    assert row[["regime", "rule", "flags"]].isna().all()
    assert "The border is open: each of 16 roads found over it is a gate, under no rule" in err
    code, out, _ = ask("routes", *ACROSS, *OPEN, "--via", "48.0550N002.0600E", "--weight", "length")
    assert "48.0550N002.0600E" in rows(out)["gate"].item()


@pytest.mark.usefixtures("town")
def test_table_access_and_reach_over_an_open_border(ask: Ask) -> None:
    ends = ("--origins", "2.01,48.04", "--destinations", "2.08,48.04;2.01,48.1")
    code, out, err = ask("table", *ends, *OPEN)
    assert code == 0, err
    table = rows(out)
    assert table["length_m"].tolist() == pytest.approx([7000, 6000])
    assert table["gate"].tolist()[1] == "48.0550N002.0100E"
    days = ("--before", "2020-01-01", "--after", "2021-01-01", "--places", "places.csv")
    code, out, err = ask("access", *days, *OPEN)
    assert code == 0, err
    assert rows(out)["km_after"].tolist() == pytest.approx([1.5, 0.5])
    code, out, err = ask("reach", "--from", "2.01,48.05", "--minutes", "3", *OPEN)
    assert code == 0, err


@pytest.mark.usefixtures("town")
def test_a_controlled_border_without_ports_stays_shut(ask: Ask) -> None:
    code, _, err = ask("routes", "--from", "2.01,48.04", "--to", "2.01,48.1", *OPEN[:4])
    assert code != 0
    assert "no gate is open" in err


@pytest.mark.usefixtures("town")
def test_roads_elsewhere_lie_beside_no_border(ask: Ask) -> None:
    code, out, err = ask("reach", "--from", "2.05,48.05", "--minutes", "5", *OPEN[:2])
    assert code == 0, err
    assert rows(out)["reached_km"].item() > 10
    code, out, err = ask("routes", *ACROSS, *OPEN[:2])
    assert code == 0, err
    assert rows(out)["length_m"].item() == pytest.approx(7000)
    days = ("--before", "2020-01-01", "--after", "2021-01-01", "--places", "places.csv")
    code, _, err = ask("access", *days, *OPEN[:2])
    assert code != 0
    assert "no gate is open on either day. Give --ports" in err


def test_gates_that_are_shut_then_are_named_with_their_hours(ask: Ask) -> None:
    code, _, err = ask("routes", "--from", "Plattsburgh", "--to", "Hemmingford", "--on",
                       "2025-06-01", "--at", "23:00", "--via", "trout-river")  # fmt: skip
    assert code != 0
    assert "at 23:00 these gates are closed: trout-river (open 06:00-18:00)" in err
    code, out, err = ask("table", "--origins", "Plattsburgh", "--destinations", "Montreal",
                         "--on", "2025-06-01", "--at", "23:00", "--no-names")  # fmt: skip
    assert code == 0
    assert "Not in the table: at 23:00 these gates are closed: trout-river" in err
    assert "trout-river" not in out


def test_no_gate_at_all_at_an_hour_is_said_so(ask: Ask, town: Path) -> None:
    address = "https://example.org/bridge"
    columns = "port_id,name,lat,lon,hours_a,source_url"
    ports = f"{columns}\nbridge,Bridge,48.055,2.01,6 to 18,{address}\n"
    (town / "ports.csv").write_text(ports)
    here = (*OPEN[:4], "--ports", "ports.csv", "--by", "A reader")
    ends = ("--from", "2.01,48.04", "--to", "2.01,48.1")
    code, out, err = ask("routes", *ends, "--at", "12:00", *here)
    assert code == 0, err
    assert rows(out)["gate"].item() == "bridge"
    code, _, err = ask("routes", *ends, "--at", "21:00", *here)
    assert code != 0
    assert "no way is open then: at 21:00 these gates are closed: bridge (open 6 to 18)." in err


def test_init_says_what_it_was_given(ask: Ask, town: Path) -> None:
    point = {"type": "Point", "coordinates": [1, 2]}
    (town / "point.geojson").write_text(json.dumps(point))
    code, _, err = ask("init", "mine", "--border", "point.geojson")
    assert code != 0
    assert "holds Point; a border is lines, or areas" in err
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    graph.add_node(1, x=179.9, y=-16.8)
    graph.add_node(2, x=-179.9, y=-16.8)
    graph.add_edge(1, 2, length=1000.0, highway="primary")
    Roads.from_networkx(graph).save(town / "over.arrow")
    assert ask("init", "mine", "--from", "over.arrow")[0] == 0
    said = tomllib.loads((town / "mine" / "region.toml").read_text())
    assert said["bounds"] == [179.89, -16.81, -179.89, -16.79]
    line = {"type": "LineString", "coordinates": [[180, -17.2], [180, -16.4]]}
    (town / "meridian.geojson").write_text(json.dumps(line))
    assert ask("init", "taveuni", "--border", "meridian.geojson")[0] == 0
    said = tomllib.loads((town / "taveuni" / "region.toml").read_text())
    assert said["bounds"] == [179.92, -17.1992, -179.92, -16.4008]
    assert [side["inside"][0] for side in said["sides"]] == [179.96, -179.96]
    assert ",180,-16.8" in ask("template", "places", "--region", "taveuni")[1]


def test_init_makes_no_two_sides_of_three_countries_that_meet(ask: Ask, town: Path) -> None:
    corners = [[(0, 0), (2, 0), (1, 1)], [(2, 0), (2, 2), (1, 1)], [(2, 2), (0, 2), (0, 0), (1, 1)]]
    three = gpd.GeoDataFrame(geometry=[shapely.Polygon(one) for one in corners], crs=4326)
    three.to_file(town / "three.geojson")
    code, _, err = ask("init", "three", "--border", "three.geojson")
    assert code != 0
    assert "where three countries meet, join two of them" in err
    assert not (town / "three").exists()


def test_init_calls_no_controlled_line_open(ask: Ask, town: Path) -> None:
    line = {"type": "LineString", "coordinates": [[-97.4, 49.0], [-97.0, 49.0]]}
    (town / "line.geojson").write_text(json.dumps(line))
    code, _, err = ask("init", "mine", "--border", "line.geojson", "--open")
    assert code != 0
    assert "is controlled" in err
    assert not (town / "mine").exists()
    assert ask("init", "mine", "--border", "line.geojson")[0] == 0
    code, out, err = ask("counts", "--region", "mine")
    assert (code != 0, out) == (True, "")
    assert "region mine has no rows of them" in err


def test_a_second_network_of_one_name_is_read_itself(
    ask: Ask, town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    near = ("reach", "--from", "2.05,48.05", "--minutes", "5", "--roads", "town.arrow")
    code, first, err = ask(*near)
    assert code == 0, err
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    for node, x in enumerate((2.05, 2.06)):
        graph.add_node(node, x=x, y=48.05)
    for u, v in ((0, 1), (1, 0)):
        graph.add_edge(u, v, length=700.0, highway="residential")
    (town / "other").mkdir()
    Roads.from_networkx(graph).save(town / "other" / "town.arrow")
    with monkeypatch.context() as there:
        there.chdir(town / "other")
        second = rows(ask(*near)[1])
    assert second["reached_km"].item() == pytest.approx(0.7)
    assert rows(first)["reached_km"].item() > 1
    (town / "other" / "town.arrow").replace(town / "town.arrow")
    assert rows(ask(*near)[1])["reached_km"].item() == pytest.approx(0.7)


def test_init_takes_turning_points_and_stays_within_their_ends(ask: Ask, town: Path) -> None:
    (town / "line.csv").write_text("lon,lat\n1.900049,48.055\n2.1,48.06\n2.29996,48.055\n")
    code, _, err = ask("init", "mine", "--border", "line.csv")
    assert code == 0, err
    west, south, east, north = read_region("mine").bounds
    assert 1.900049 < west < 1.901 < 2.299 < east < 2.29996
    assert south < 48.05 < 48.065 < north
    assert len(load_border(read_region("mine")).sides) == 2
    code, _, err = ask("init", "theirs", "--border", "line.csv", "--from", "town.arrow")
    assert code == 0, err
    assert read_region("theirs").bounds == (1.99, 47.99, 2.12, 48.12)


def test_crossings_of_the_roads_of_a_region(ask: Ask, town: Path) -> None:
    code, out, err = ask("crossings")
    assert code == 0, err
    assert {"roxham-road", "lacolle-champlain"} <= set(rows(out)["crossing_id"])
    code, _, err = ask("crossings", "--border", "line.geojson")
    assert code != 0
    assert "--border: goes with --roads" in err
    code, _, err = ask("crossings", "--ports", "ports.csv")
    assert code != 0
    assert "--ports: goes with --roads" in err
    assert ask("init", "mine", "--border", "line.geojson", "--from", "town.arrow", "--open")[0] == 0
    code, out, err = ask("crossings", "--region", "mine")
    assert code == 0, err
    assert len(rows(out)) == 16
    assert ask("init", "bare", "--border", "line.geojson")[0] == 0
    code, _, err = ask("crossings", "--region", "bare")
    assert code != 0
    assert "region bare: has no roads. Give some with --roads." in err


def test_data_lists_what_a_region_is_made_of(ask: Ask, town: Path) -> None:
    assert ask("init", "mine", "--border", "line.geojson", "--from", "town.arrow")[0] == 0
    file = town / "mine" / "region.toml"
    source = '[sources.border]\ntitle = "Survey"\npublisher = "An office"\nlicence = "CC0-1.0"\n'
    file.write_text(file.read_text() + source + 'url = "https://example.org/line"\n')
    code, out, err = ask("data", "--region", "mine")
    assert code == 0, err
    told = rows(out).set_index("resource")
    assert set(told.index) == {"border.geojson", "roads.arrow"}
    assert told.loc["border.geojson", "source"] == "Survey (An office)"
    assert told.loc["border.geojson", "licence"] == "CC0-1.0"
    assert told.loc["roads.arrow"].isna().all()
    assert "geo/border.csv" in set(rows(ask("data")[1])["resource"])


def test_init_gives_places_within_its_bounds(ask: Ask, town: Path) -> None:
    """Of two countries that reach far beyond the roads, too; their names are as they are."""
    shapes = [("Øst", shapely.box(2.055, 40, 9, 60)), ("Vest", shapely.box(-5, 40, 2.055, 60))]
    lands = gpd.GeoDataFrame({"name": [name for name, _ in shapes]},
                             geometry=[shape for _, shape in shapes], crs="EPSG:4326")  # fmt: skip
    lands.to_file(town / "lands.geojson")
    code, _, err = ask("init", "mine", "--border", "lands.geojson", "--from", "town.arrow")
    assert code == 0, err
    assert 'name = { en = "Øst" }' in (town / "mine" / "region.toml").read_text()
    file = town / "mine" / "region.toml"
    code, out, err = ask("check", "--region", "mine", "--json")
    told = {rule["rule"]: rule for rule in json.loads(out)["rules"]}
    failed = [name for name, rule in told.items() if rule["status"] == "fail"]
    assert failed == ["provenance"], err
    assert "[sources.border] of mine's region.toml can name it" in told["provenance"]["evidence"]
    source = '[sources.border]\ntitle = "Survey"\npublisher = "An office"\n'
    file.write_text(file.read_text() + source + 'url = "https://example.org/line"\n')
    code, out, err = ask("check", "--region", "mine")
    assert code == 0, out + err


def test_a_page_of_a_border_alone_says_where_its_source_belongs(ask: Ask, town: Path) -> None:
    lines = ("--border", "line.csv", "--open", "--roads", "town.arrow", "--roads-credit", "Me")
    columns = "source_title,source_publisher,source_url,confidence"
    told = "T,P,https://example.org/l,single"
    (town / "line.csv").write_text("lon,lat\n1.9,48.055\n2.3,48.055\n")
    code, _, err = ask("map", *lines, "-o", "page.html")
    assert code == 1
    assert "source_url, confidence in the border's file can name it" in err
    text = f"lon,lat,{columns}\n1.9,48.055,{told}\n2.3,48.055,{told}\n"
    (town / "line.csv").write_text(text)
    code, _, err = ask("map", *lines, "-o", "page.html")
    assert code == 0, err
