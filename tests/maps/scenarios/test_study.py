"""A region stands for its border, its ports and its frames, wherever they are asked for."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import pandas as pd
import pytest
import shapely

import roxham.geo as geo
import roxham.layers as layers
import roxham.maps as maps
from roxham.geo import Roads, Study, active_region, load_region, using_region
from roxham.layers.mapping.read import as_mapping
from roxham.layers.provenance import region_catalogue
from roxham.maps.content.records import own_record

FENCE = "lon,lat\n9.5,45.5\n10.5,45.5\n"
PORTS = "name,lat,lon,kind,status,opened\nWest,45.5,9.8,port_of_entry,open,2010\n"
MAPPED = PORTS.replace("name,", "Posto,")
PLACES = "name,lat,lon,kind\nUpton,45.55,9.8,town\nLowton,45.45,10.0,town\n"
INCIDENTS = gpd.GeoDataFrame(
    {"id": ["a"], "date": ["2020-05-01"], "radius_m": [500], "country": ["A"]},
    geometry=[shapely.Point(9.8, 45.53)],
    crs="EPSG:4326",
)
REGION = """
id = "fields"
bounds = [9.6, 45.2, 10.4, 45.8]
publisher = "A made-up office"
title = { en = "Two fields" }
[[sides]]
code = "A"
inside = [10, 45.7]
[[sides]]
code = "B"
inside = [10, 45.3]
[files]
border = "border.csv"
roads = "roads.arrow"
places = "places.csv"
ports = "ports.csv"
[[regimes]]
id = "law"
since = "2000-01-01"
[sources.regimes]
title = "Made up"
publisher = "Made up"
url = "https://example.org/"
[sources.ports]
title = "Made up"
publisher = "Made up"
url = "https://example.org/"
"""
Call = Callable[..., Any]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("fields")
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    for i, x in enumerate((9.8, 9.9, 10.0)):
        for j, y in enumerate((45.45, 45.55)):
            graph.add_node(2 * i + j, x=x, y=y)
    for u, v in ((0, 1), (2, 3), (4, 5), (0, 2), (2, 4), (1, 3), (3, 5)):
        for a, b in ((u, v), (v, u)):
            graph.add_edge(a, b, highway="primary", travel_time_s=600.0)
    Roads.from_networkx(graph).save(folder / "roads.arrow")
    texts = {"border.csv": FENCE, "ports.csv": PORTS, "places.csv": PLACES, "region.toml": REGION}
    for name, text in texts.items():
        (folder / name).write_text(text)
    return load_region(folder)


@pytest.fixture(scope="module")
def cut(study: Study) -> Roads:
    return geo.cut_at_border(study.roads, study)


def point(lon: float, lat: float, name: str, side: str) -> gpd.GeoDataFrame:
    told = {"name": [name], "side": [side]}
    return gpd.GeoDataFrame(told, geometry=[shapely.Point(lon, lat)], crs="EPSG:4326")


UPTON, LOWTON = point(9.8, 45.55, "Upton", "A"), point(9.9, 45.45, "Lowton", "B")

NONE = ("load_water", "load_provinces", "changed_areas")
"""Of the region there is no water, and no area; of one day nothing changed."""

# Each is called with the region where it asks for one, and within using_region with none.
CALLS: dict[str, tuple[Call, Call]] = {
    "Border.from_line": (
        lambda s, c: geo.Border.from_line(s.border.line, s).sides,
        lambda s, c: geo.Border.from_line(s.border.line, active_region()).sides,
    ),
    "BorderMap.__init__": (lambda s, c: 1, lambda s, c: 1),
    "CatchmentLayer.__init__": (lambda s, c: 1, lambda s, c: 1),
    "Layers.__init__": (lambda s, c: s, lambda s, c: layers.load_layers().region),
    "Base.__init__": (lambda s, c: s, lambda s, c: maps.load_base().region),
    "Border.__init__": (lambda s, c: s, lambda s, c: geo.load_border().region),
    "catchments": (
        lambda s, c: geo.catchments(c, layers.gates(s, on="2020-01-01"), border=s).areas,
        lambda s, c: geo.catchments(c, layers.gates(on="2020-01-01")).areas,
    ),
    "changed_areas": (
        lambda s, c: geo.changed_areas(*both_days(s, c), region=s),
        lambda s, c: geo.changed_areas(*both_days(s, c)),
    ),
    "cut_at_border": (
        lambda s, c: geo.cut_at_border(s.roads, s).edges,
        lambda s, c: geo.cut_at_border(s.roads).edges,
    ),
    "find_crossings": (
        lambda s, c: geo.find_crossings(s.roads, s),
        lambda s, c: geo.find_crossings(s.roads),
    ),
    "node_sides": (lambda s, c: geo.node_sides(s.roads, s), lambda s, c: geo.node_sides(s.roads)),
    "fetch_roads": (lambda s, c: 1, lambda s, c: 1),  # asks the network
    "load_border": (lambda s, c: geo.load_border(s).line, lambda s, c: geo.load_border().line),
    "load_jurisdictions": (
        lambda s, c: geo.load_jurisdictions(s),
        lambda s, c: geo.load_jurisdictions(),
    ),
    "load_places": (lambda s, c: geo.load_places(s), lambda s, c: geo.load_places()),
    "load_provinces": (lambda s, c: geo.load_provinces(s), lambda s, c: geo.load_provinces()),
    "load_region": (lambda s, c: load_region(s).name, lambda s, c: load_region().name),
    "load_roads": (
        lambda s, c: geo.load_roads(region=s).edges,
        lambda s, c: geo.load_roads().edges,
    ),
    "load_water": (lambda s, c: geo.load_water(s), lambda s, c: geo.load_water()),
    "nearest_places": (
        lambda s, c: geo.nearest_places(c, UPTON, places=s.places[:1], region=s),
        lambda s, c: geo.nearest_places(c, UPTON, places=s.places[:1]),
    ),
    "reach": (
        lambda s, c: geo.reach(c, UPTON, minutes=[5], region=s, border=s),
        lambda s, c: geo.reach(c, UPTON, minutes=[5]),
    ),
    "read_roads": (
        lambda s, c: geo.read_roads(s.file("roads"), region=s).edges,
        lambda s, c: geo.read_roads(s.file("roads"), region=active_region()).edges,
    ),
    "set_region": (lambda s, c: 1, lambda s, c: 1),
    "using_region": (lambda s, c: s.name, lambda s, c: active_region().name),
    "dated_routes": (
        lambda s, c: layers.dated_routes(c, UPTON, LOWTON, on="2020-01-01", ports=s),
        lambda s, c: layers.dated_routes(c, UPTON, LOWTON, on="2020-01-01"),
    ),
    "gate_names": (lambda s, c: layers.gate_names(s), lambda s, c: layers.gate_names()),
    "gates": (
        lambda s, c: layers.gates(s, on="2020-01-01"),
        lambda s, c: layers.gates(on="2020-01-01"),
    ),
    "incident_context": (
        lambda s, c: layers.incident_context(INCIDENTS, c, ports=s, places=s.places),
        lambda s, c: layers.incident_context(INCIDENTS, c, places=s.places),
    ),
    "load_layers": (
        lambda s, c: layers.load_layers(region=s).ports,
        lambda s, c: layers.load_layers().ports,
    ),
    "mask": (
        lambda s, c: layers.mask(INCIDENTS, key="0123456789abcdef" * 2, border=s, region=s),
        lambda s, c: layers.mask(INCIDENTS, key="0123456789abcdef" * 2),
    ),
    "ports_contract": (
        lambda s, c: [one.name for one in layers.ports_contract(s).columns],
        lambda s, c: [one.name for one in layers.ports_contract().columns],
    ),
    "regime_spans": (
        lambda s, c: layers.regime_spans(region=s),
        lambda s, c: layers.regime_spans(),
    ),
    "border_map": (
        lambda s, c: getattr(maps.border_map(region=s).get_root(), "region").name,  # noqa: B009
        lambda s, c: active_region().name,
    ),
    "load_base": (
        lambda s, c: maps.load_base(region=s).roads,
        lambda s, c: maps.load_base().roads,
    ),
}


def both_days(study: Study, roads: Roads) -> tuple[Any, Any]:
    found = geo.catchments(roads, layers.gates(study, on="2020-01-01"), border=study)
    return found, found


def asking() -> set[str]:
    """Return the public functions that ask for a region, a border or ports."""
    found = set()
    for room in (geo, layers, maps):
        for name in room.__all__:
            one = getattr(room, name)
            members = {name: one}
            if inspect.isclass(one):
                members = {f"{name}.{key}": value for key, value in vars(one).items()}
            for called, member in members.items():
                function = getattr(member, "__func__", member)
                private = called.rpartition(".")[2].startswith("_") and "__init__" not in called
                if private or not inspect.isfunction(function):
                    continue
                if {"region", "border", "ports"} & {*inspect.signature(function).parameters}:
                    found.add(called)
    return found


def test_every_function_that_asks_for_a_region_is_driven() -> None:
    assert asking() == CALLS.keys()


@pytest.mark.parametrize("name", CALLS)
def test_a_region_stands_for_what_is_its_own(name: str, study: Study, cut: Roads) -> None:
    by_region, at_work = CALLS[name]
    found = by_region(study, cut)
    with using_region(study):
        alike = at_work(study, cut)
    if isinstance(found, pd.DataFrame):
        assert len(found) or name in NONE
        pd.testing.assert_frame_equal(pd.DataFrame(found), pd.DataFrame(alike))
    else:
        assert found == alike


def test_ports_and_publisher_of_a_region_are_those_of_its_border(study: Study, cut: Roads) -> None:
    found = geo.find_crossings(study.roads, study)
    assert found["crossing_id"].tolist() == ["west"]
    assert found.attrs["unlisted"] == 2
    assert found.attrs["vouched"] == {"ports": ["west"], "by": "A made-up office"}
    assert cut.meta["border"]["unlisted"] == 2
    rows = layers.load_layers(region=study).ports
    ways: list[dict[str, Any]] = [{"border": study}, {"region": study}, {"border": study.border}]
    for given in ways:
        assert geo.find_crossings(study.roads, **given, ports=rows).attrs == found.attrs
    none = geo.find_crossings(study.roads, study, ports=PORTLESS)
    assert (len(none), none.attrs["unlisted"]) == (0, 3)
    assert geo.find_crossings(cut)["crossing_id"].tolist() == ["west"]


PORTLESS = pd.DataFrame({"lon": pd.Series(dtype=float), "lat": pd.Series(dtype=float)})


def test_a_table_of_a_region_may_be_read_with_a_mapping(study: Study, tmp_path: Path) -> None:
    folder = tmp_path / "fields"
    folder.mkdir()
    for name in ("border.csv", "places.csv", "roads.arrow"):
        assert study.folder is not None
        (folder / name).write_bytes((study.folder / name).read_bytes())
    (folder / "ports.csv").write_text(MAPPED)
    mapped = '\n[mappings]\nports = "ports.toml"\n'
    (folder / "region.toml").write_text(REGION.replace("[sources", f"{mapped}[sources", 1))
    (folder / "ports.toml").write_text('[columns]\nname = "Posto"\n')
    found = layers.load_layers(region=folder)
    assert found.ports["a_name"].tolist() == ["West"]
    assert layers.gates(load_region(folder), on="2020-01-01")["gate"].tolist() == ["west"]
    mapped_study = load_region(folder)
    crossings = geo.find_crossings(mapped_study.roads, mapped_study)
    pd.testing.assert_frame_equal(crossings, geo.find_crossings(study.roads, study))
    assert crossings.attrs == geo.find_crossings(study.roads, study).attrs
    said = {"source": {"title": "T", "publisher": "P", "url": "https://example.org"}}
    listed = region_catalogue(mapped_study, {"places": as_mapping(said).source})
    told = dict(zip(listed["resource"], listed["source"], strict=True))
    assert (told["places.csv"], told["ports.csv"]) == ("T (P)", "Made up (Made up)")
    told_by_mapping(folder)
    (folder / "ports.toml").write_text('[columns]\nname = "Posta"\n')
    with pytest.raises(geo.DataError, match="Posta"):
        layers.gates(load_region(folder), on="2020-01-01")


def told_by_mapping(folder: Path) -> None:
    """Hold the page's list of files to what mapping and rows say of their source."""
    source = 'title = "List"\npublisher = "Office"\nurl = "https://example.org/"'
    (folder / "ports.toml").write_text(
        f'[columns]\nname = "Posto"\n[source]\n{source}\nlicence = "CC0-1.0"\n'
    )
    file = folder / "region.toml"
    file.write_text(file.read_text().split("[sources.ports]")[0])
    region, places = load_region(folder), pd.DataFrame({"source_title": ["T"]})
    with using_region(region):
        found = layers.load_layers()
        frames = {"ports": found.ports, "places": places}
        ports, towns = (
            own_record(found, region, kind, str(folder / f"{kind}.csv"), frames) for kind in frames
        )
    assert (ports["source"]["en"], ports["licence"]["en"]) == ("Office, List", "CC0-1.0")
    assert (towns["source"]["en"], towns["licence"]["en"]) == ("as its rows say", "not stated")


def test_roads_that_do_not_know_their_sides_are_never_followed_over_the_wall(
    study: Study, cut: Roads
) -> None:
    asks: list[Call] = [
        lambda roads, **of: geo.reach(roads, UPTON, minutes=[30], **of),
        lambda roads, **of: geo.catchments(roads, UPTON.assign(gate="u"), **of),
        lambda roads, **of: layers.incident_context(INCIDENTS, roads, **of),
    ]
    for ask in asks:
        for of in ({"border": study}, {"region": study}):
            if of == {"region": study} and ask is asks[2]:
                continue  # there a region is for its metres alone
            with pytest.raises(geo.DataError, match=r"do not know.*cut_at_border"):
                ask(study.roads, **of)
        with using_region(study), pytest.raises(geo.DataError, match=r"do not know.*cut_at_border"):
            ask(study.roads)
    with using_region(study):
        found = geo.reach(geo.cut_at_border(geo.load_roads()), UPTON, minutes=[30])
    assert found.total_bounds[1] >= 45.5 - 1e-6  # the line is the south of what is reached


def test_roads_over_an_open_border_are_followed_as_they_are(study: Study) -> None:
    anybody = replace(study, controlled=False)
    found = geo.reach(study.roads, UPTON, minutes=[30], region=anybody)
    assert found.total_bounds[1] < 45.46
