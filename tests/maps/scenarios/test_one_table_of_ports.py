"""One table of ports is taken, as it is, by every function and command that asks for ports."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import networkx as nx
import pandas as pd
import pytest
import shapely

import roxham.geo
import roxham.layers
import roxham.maps
from roxham.geo import (
    Border,
    Region,
    Roads,
    catchments,
    cut_at_border,
    find_crossings,
    using_region,
)
from roxham.layers import (
    dated_routes,
    gate_names,
    gates,
    incident_context,
    load_layers,
    load_ports,
)
from roxham.layers.facts.ports import as_ports
from roxham.maps import CatchmentLayer, decode_layer
from tests.maps.command import Run

VALE = Region("vale", "A vale", (1.9, 47.9, 2.3, 48.2), "EPSG:32631", ("a", "b"))
FENCE = [(1.9, 48.055), (2.3, 48.055)]
PLACE = {"lon": [2.01, 2.05], "lat": [48.055, 48.055]}
SOURCE = {
    **{"source_title": "A list", "source_publisher": "A desk", "source_date": "2020"},
    **{"source_url": "https://example.org/ports", "confidence": "single"},
}
NAMES: Mapping[str, dict[str, list[str]]] = {
    "one name": {"name": ["West gate", "East gate"]},
    "two names": {"name_a": ["West", "East"], "name_b": ["gate", "gate"]},
}
IDS = {"west-gate", "east-gate"}


def table(names: str) -> pd.DataFrame:
    return pd.DataFrame({**NAMES[names], **PLACE}).assign(**SOURCE)


def points(frame: pd.DataFrame) -> gpd.GeoDataFrame:
    spots = gpd.points_from_xy(frame["lon"], frame["lat"])
    return gpd.GeoDataFrame(frame.drop(columns=["lon", "lat"]), geometry=spots, crs="EPSG:4326")


@pytest.fixture(scope="module")
def town() -> Roads:
    """Return streets a kilometre long, nine by nine, on both sides of the line."""
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    for i in range(9):
        for j in range(9):
            graph.add_node(9 * i + j, x=2 + i / 100, y=48 + j / 100)
    for i in range(9):
        for j in range(9):
            for a, b in ((i + 1, j), (i, j + 1)):
                if a < 9 and b < 9:
                    for u, v in ((9 * i + j, 9 * a + b), (9 * a + b, 9 * i + j)):
                        graph.add_edge(u, v, length=1000.0, highway="residential")
    return roxham.geo.with_speeds(Roads.from_networkx(graph))


def fence() -> Border:
    line = gpd.GeoSeries([shapely.LineString(FENCE)], crs="EPSG:4326")
    return Border.from_line(line, VALE)


def place(name: str, side: str, lon: float, lat: float) -> gpd.GeoDataFrame:
    row = {"name": [name], "side": [side]}
    return gpd.GeoDataFrame(row, geometry=gpd.points_from_xy([lon], [lat]), crs="EPSG:4326")


TAKE_PORTS = {
    *("CatchmentLayer", "cut_at_border", "dated_routes", "find_crossings", "gate_names"),
    *("gates", "incident_context", "node_sides"),
}
"""Those whose argument is called ports; besides, load_ports and load_layers take a table."""


def test_every_function_that_takes_ports_is_asked_below() -> None:
    taking = set()
    for face in (roxham.geo, roxham.layers, roxham.maps):
        for name in face.__all__:
            thing = getattr(face, name)
            if callable(thing) and not (inspect.isclass(thing) and issubclass(thing, Exception)):
                call = thing.__init__ if inspect.isclass(thing) else thing
                if "ports" in inspect.signature(call).parameters:
                    taking.add(name)
    assert taking == TAKE_PORTS


@pytest.mark.parametrize(("names", "as_points"), [("one name", False), ("two names", True)])
def test_one_frame_goes_to_every_function(town: Roads, names: str, as_points: bool) -> None:
    bare = table(names)
    ports = points(bare) if as_points else bare
    before = ports.copy()
    found = find_crossings(town, fence(), ports=ports, by="A desk", region=VALE)
    assert set(found["port"].dropna()) == IDS
    cut = cut_at_border(town, fence(), ports=ports, by="A desk", region=VALE)
    assert set(cut.nodes["crossing_id"].dropna()) == IDS
    with using_region(VALE):
        opened = gates(ports, on="2022-06-01")
        assert set(opened["gate"]) == IDS
        called = gate_names(ports)["name"]
        assert set(called.index) == IDS
        assert called["west-gate"] in {"West gate", "West – gate"}
        assert dict(zip(opened["gate"], opened["name"], strict=True)) == called.to_dict()

        ends = place("south", "b", 2.01, 48.02), place("north", "a", 2.01, 48.08)
        route = dated_routes(cut, *ends, on="2022-06-01", ports=ports)
        assert route["gate"].tolist() == ["west-gate"]
        one = gpd.GeoDataFrame(
            {"id": ["x"], "date": ["2022-06-01"], "radius_m": [500.0]},
            geometry=gpd.points_from_xy([2.01], [48.02]),
            crs="EPSG:4326",
        )
        context = incident_context(one, cut, ports=ports, border=fence())
        assert context["port"].tolist() == ["west-gate"]
        areas = catchments(cut, opened, on="2022-06-01", region=VALE, border=fence())
        drawn = decode_layer(CatchmentLayer(areas, ports=ports).payload)
        assert set(drawn["gate_name"]) == set(called)
        assert drawn["gate_lon"].notna().all()

        assert set(load_ports(ports).rows["port_id"]) == IDS
        kept = as_ports(ports.set_axis(ports.index))
        kept.attrs["licences"] = [{"name": "CC0-1.0"}]
        assert as_ports(kept.drop(columns="kind")).attrs == kept.attrs
        assert set(load_layers(ports=ports).ports["port_id"]) == IDS
    pd.testing.assert_frame_equal(ports, before)


FROM, TO = ("--from", "2.01,48.02"), ("--to", "2.01,48.08")
COMMANDS = {
    "crossings": ("crossings",),
    "routes": ("routes", *FROM, *TO),
    "table": ("table", "--origins", "2.01,48.02", "--destinations", "2.01,48.08"),
    "reach": ("reach", *FROM, "--minutes", "9"),
    "access": ("access", "--before", "2020-01-01", "--after", "2021-01-01", "--places", "p.csv"),
}


@pytest.mark.parametrize(
    ("names", "commands"), [("one name", ["crossings", "routes"]), ("two names", [*COMMANDS])]
)
def test_one_file_goes_to_every_command(
    town: Roads, names: str, commands: list[str], run: Run
) -> None:
    town.save(Path("vale.arrow"))
    line = {"type": "LineString", "coordinates": FENCE}
    Path("line.geojson").write_text(json.dumps(line), encoding="utf-8")
    Path("p.csv").write_text("name,lon,lat\nA,2.01,48.02\nB,2.05,48.08\n", encoding="utf-8")
    table(names).to_csv("ports.csv", index=False)
    there = ("--roads", "vale.arrow", "--border", "line.geojson", "--ports", "ports.csv")
    for command in commands:
        said = run(*COMMANDS[command], *there, "--by", "A desk")
        assert said.code == 0, (command, said.err)
        assert "west-gate" in said.out or command == "reach", (command, said.out)
    said = run("check", "--table", "ports.csv", "--as", "ports")
    assert said.code == 0, said.err
    if names == "two names":  # what is drawn and shared goes through one loader with export
        said = run("export", "out", "--format", "csv", "--ports", "ports.csv", "--by", "A desk")
        assert said.code == 0, said.err
        assert set(pd.read_csv("out/ports.csv")["port_id"]) == IDS
