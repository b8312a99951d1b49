"""Commands over an open border without ports, beside no border, and when gates are shut."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd
import pytest

from roxham.geo import Roads
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
    code, _, err = ask("init", "mine", "--from", "over.arrow")
    assert code != 0
    assert "lies on both sides of 180°" in err
    assert "179.89,-16.81,180,-16.79" in err
    assert "-180,-16.81,-179.89,-16.79" in err
