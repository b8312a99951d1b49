"""A network is written as its name asks, and comes back from every format."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import osmnx
import pandas as pd
import pytest

from roxham.geo import DataError, Region, Roads, cut_at_border, load_roads, read_roads
from roxham.geo.columns import Coded

pytest.importorskip("pyarrow")

HEADS = {
    ".arrow": b"ARROW1",
    ".parquet": b"PAR1",
    ".gpkg": b"SQLite format 3",
    ".graphml": b"<?xml",
}
TABLES = [".parquet", ".gpkg"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder in which nothing is yet."""
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


@pytest.fixture(params=HEADS)
def ending(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def roads(cross: Path) -> Roads:
    """Return streets with lists, nulls, one-way roads, speeds and a side of the border."""
    roads = read_roads(cross)
    count = roads.edge_count
    side = np.array(["CA", "US"] * count, dtype=object)
    return roads.with_columns(
        nodes={"side": Coded.of(["CA", None, *side[: roads.node_count - 2]])},
        edges={
            "side": Coded.of(side[:count]),
            "ref": Coded.of([["15", "A-15"], None, *["15"] * (count - 2)]),
            "tunnel": Coded.of([None, True, *[False] * (count - 2)]),
            "whole": np.arange(count),
            "share": np.where(np.arange(count) % 2, np.nan, 0.1),
            "flag": np.arange(count) % 2 == 0,
        },
    )


def assert_same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Compare frames whose rows may stand in another order; null is null, True is not 1."""
    found, expected = found.sort_index(), expected.sort_index()
    assert found.index.equals(expected.index)
    assert sorted(found.columns) == sorted(expected.columns)
    for name in expected.columns:
        if name != "osmid":  # lists of one each come back as numbers
            assert found[name].dtype == expected[name].dtype, name
        a, b = (f[name].astype(object).where(f[name].notna(), None) for f in (found, expected))
        assert list(map(repr, a)) == list(map(repr, b)), name


def test_every_format_gives_the_edges_back(roads: Roads, folder: Path, ending: str) -> None:
    path = roads.save(folder / f"roads{ending}")
    assert path.read_bytes().startswith(HEADS[ending])
    assert [p.name for p in folder.iterdir()] == [path.name]
    if ending != ".gpkg":  # GDAL warns of one that is not called so
        path = path.rename(folder / "file.bin")  # the content decides
    again = read_roads(path)
    assert_same(again.edges, roads.edges)
    assert again.edges.crs == roads.edges.crs


@pytest.mark.parametrize("kind", [".arrow", ".gpkg", ".graphml"])
def test_formats_with_nodes_give_these_back(roads: Roads, folder: Path, kind: str) -> None:
    again = read_roads(roads.save(folder / f"roads{kind}"))
    assert_same(again.nodes, roads.nodes)


def test_geoparquet_has_the_ends_of_edges_for_nodes(roads: Roads, folder: Path) -> None:
    again = read_roads(roads.save(folder / "roads.parquet"))
    expected = roads.used().nodes[["x", "y", "geometry"]]
    assert_same(again.nodes[["x", "y", "geometry"]], expected)
    assert "side" not in again.nodes


@pytest.mark.parametrize("kind", [".arrow", ".graphml"])
def test_metadata_comes_back(roads: Roads, folder: Path, kind: str) -> None:
    meta = {"set_aside": [{"element": "way", "osmid": 1, "problem": "é"}], "rings": 2, "note": "7"}
    again = read_roads(roads.with_columns(meta=meta).save(folder / f"roads{kind}"))
    assert {key: again.meta[key] for key in meta} == meta
    assert again.report().set_aside == {"way": 1}


def test_text_ids_and_the_corridor_come_back(folder: Path, ending: str) -> None:
    corridor = load_roads()
    again = read_roads(corridor.save(folder / f"corridor{ending}"))
    assert_same(again.edges, corridor.edges)
    if ending != ".parquet":
        assert_same(again.nodes, corridor.nodes)
    assert again.schematic is (ending in (".arrow", ".graphml"))


@pytest.mark.parametrize("kind", [".arrow", ".graphml"])
def test_a_cut_network_stays_cut(
    street_network: Callable[..., Roads], folder: Path, kind: str
) -> None:
    fence = gpd.GeoSeries.from_wkt(["LINESTRING (0 50, 1 50)"], crs="EPSG:4326")
    open_border = Region(
        "x", "Two fields", (0, 49, 1, 51), "EPSG:32631", ("CA", "US"), controlled=False
    )
    street = {"line": [(0.3, 49.99), (0.3, 50.01)], "name": "High Street"}
    cut = cut_at_border(street_network(street), fence, region=open_border)
    assert len(cut.meta["border"]["crossings"]) == 1
    again = read_roads(cut.save(folder / f"cut{kind}"), modes="all")
    assert again.meta["border"] == cut.meta["border"]
    assert again.nodes["side"].tolist() == cut.nodes["side"].tolist()


def test_osmnx_and_gdal_open_them(roads: Roads, folder: Path) -> None:
    graph = osmnx.load_graphml(roads.save(folder / "roads.graphml"))
    assert len(graph.edges) == roads.edge_count
    frame = gpd.read_parquet(roads.save(folder / "roads.parquet"))
    assert frame["u"].tolist() == roads.node_id[roads.u].tolist()
    with closing(sqlite3.connect(roads.save(folder / "roads.gpkg"))) as database:
        rows = database.execute("SELECT table_name FROM gpkg_contents").fetchall()
    assert sorted(rows) == [("edges",), ("nodes",)]
    assert gpd.read_file(folder / "roads.gpkg", layer="nodes")["osmid"].tolist() == (
        roads.node_id.tolist()
    )


def test_graphml_that_osmnx_wrote_of_ours_has_its_numbers(roads: Roads, folder: Path) -> None:
    osmnx.save_graphml(roads.to_networkx(), folder / "roads.graphml")
    again = read_roads(folder / "roads.graphml")
    for name in ("speed_kmh", "travel_time_s"):
        assert again.edges[name].sort_index().tolist() == (roads.edges[name].sort_index().tolist())
    assert again.csr("travel_time_s").matrix.nnz == roads.edge_count
    assert again.report().set_aside == {}
    parts = Coded.of([[1, 2], *range(roads.edge_count - 1)])
    roads = roads.with_columns(edges={"parts": parts})
    osmnx.save_graphml(roads.to_networkx(), folder / "roads.graphml")
    edges = read_roads(folder / "roads.graphml").edges.sort_index()
    before = roads.edges.sort_index()
    for name in ("whole", "flag", "tunnel", "share", "oneway"):
        assert edges[name].dtype == before[name].dtype, name
        assert edges[name].equals(before[name]), name
    assert edges["parts"].map(repr).tolist() == before["parts"].map(repr).tolist()


def test_attributes_of_another_graph_are_values_where_they_can_be(
    roads: Roads, folder: Path
) -> None:
    graph = roads.to_networkx()
    graph.graph |= {"source": 7, "rings": "many", "set_aside": [5], "mine": [1, 2], "yes": True}
    osmnx.save_graphml(graph, folder / "roads.graphml")
    roads = Roads.from_networkx(osmnx.load_graphml(folder / "roads.graphml"))
    assert roads.meta["mine"] == "[1, 2]"
    meta = read_roads(folder / "roads.graphml").meta
    assert (meta["mine"], meta["yes"], meta["source"]) == ([1, 2], True, "roads.graphml")
    assert "rings" not in meta
    assert "set_aside" not in meta


def test_text_that_is_no_number_stays_text(roads: Roads, folder: Path) -> None:
    odd = roads.with_columns(edges={"posted_m": Coded.of(["far"] * roads.edge_count)})
    again = read_roads(odd.save(folder / "roads.graphml"))
    assert set(again.edge("posted_m")) == {"far"}


@pytest.mark.parametrize("name", ["roads", "roads.feather", "roads.csv", "roads.parquet.gz"])
def test_other_endings_are_refused(roads: Roads, folder: Path, name: str) -> None:
    with pytest.raises(DataError, match=r"ends in none of \.arrow, \.parquet, \.gpkg, \.graphml"):
        roads.save(folder / name)
    assert list(folder.iterdir()) == []


def test_the_ending_may_be_in_capitals(roads: Roads, folder: Path) -> None:
    assert roads.save(folder / "ROADS.PARQUET").read_bytes().startswith(b"PAR1")


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("u", "a", ".parquet"),
        ("key", "a", ".gpkg"),
        ("Highway", "a", ".gpkg"),
        ("mark", "a\x01", ".graphml"),
        ("mark", "a\ufffe", ".graphml"),
    ],
)
def test_what_a_format_cannot_hold_is_told(
    roads: Roads, folder: Path, name: str, values: Any, kind: str
) -> None:
    path = roads.save(folder / f"roads{kind}")
    before = path.read_bytes()
    odd = roads.with_columns(edges={name: Coded.of([values] * roads.edge_count)})
    with pytest.raises(DataError, match=rf"roads\{kind}"):
        odd.save(path)
    assert path.read_bytes() == before
    assert [p.name for p in folder.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "told", ["[]", "{", '{"nodes": 1}', '{"edges": {"name": "<f8"}}', '{"edges": {"name": []}}']
)
def test_types_that_a_file_only_claims_change_nothing(
    roads: Roads, folder: Path, told: str
) -> None:
    graph = roads.to_networkx()
    graph.graph["roxham"] = told
    osmnx.save_graphml(graph, folder / "roads.graphml")
    names = read_roads(folder / "roads.graphml").edges["name"].sort_index()
    assert names.tolist() == roads.edges["name"].sort_index().tolist()


@pytest.mark.parametrize("meta", ['{"rings": "x"}', '{"set_aside": 5}', '{"border": {}}'])
def test_metadata_of_another_form_is_refused(roads: Roads, folder: Path, meta: str) -> None:
    graph = roads.to_networkx()
    graph.graph["roxham"] = f'{{"meta": {meta}}}'
    osmnx.save_graphml(graph, folder / "roads.graphml")
    with pytest.raises(DataError, match=r"roads\.graphml: its metadata has no sound"):
        read_roads(folder / "roads.graphml")
