"""However a network is parted, its crossings are those of the whole: no seam, no double."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import dask.config
import dask_geopandas
import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from roxham.geo import (
    Region,
    Roads,
    cut_at_border,
    find_crossings,
    node_sides,
    read_roads,
)
from roxham.geo.border.linework import lines_of
from roxham.geo.network.convert import nodes_of_ends
from roxham.geo.scale.connection import Alone
from roxham.geo.scale.geoparquet import files_of
from roxham.geo.scale.road_files import crossings_of, near_roads

from .tiles import LINE, OPEN, streets, tiled, written

seeds = st.integers(0, 10_000)
WALLED = replace(OPEN, controlled=True)


def whole(edges: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    roads = Roads.from_frames(nodes_of_ends(edges, "x"), edges.drop(columns="key"))
    return find_crossings(roads, LINE, region=OPEN)


def same(found: gpd.GeoDataFrame, expected: gpd.GeoDataFrame) -> None:
    pd.testing.assert_frame_equal(pd.DataFrame(found), pd.DataFrame(expected), check_exact=True)
    assert found.attrs["unlisted"] == expected.attrs["unlisted"]


@given(seeds, st.integers(1, 7), st.randoms())
@example(15, 2, Random(0))  # an end beyond the halo, that other edges have elsewhere
@settings(max_examples=6, deadline=None)
def test_any_partitioning_of_a_frame_has_the_crossings_of_the_whole(
    seed: int, parts: int, random: Random
) -> None:
    edges = streets(seed)
    expected = whole(edges)
    order = list(range(len(edges)))
    random.shuffle(order)
    frame = dask_geopandas.from_geopandas(
        edges.iloc[order].reset_index(drop=True), npartitions=parts
    )
    lazy = find_crossings(frame, LINE, region=OPEN)
    assert isinstance(lazy, dask_geopandas.GeoDataFrame)
    with dask.config.set(scheduler="sync"):
        same(lazy.compute(), expected)


@given(seeds, st.integers(1, 7), st.sampled_from([OPEN, WALLED]), st.randoms())
@example(29, 3, WALLED, Random(0))
@settings(max_examples=4, deadline=None)
def test_nodes_of_any_partitioning_have_the_sides_of_the_whole(
    seed: int, parts: int, region: Region, random: Random
) -> None:
    edges = streets(seed)
    roads = Roads.from_frames(nodes_of_ends(edges, "x"), edges.drop(columns="key"))
    documented = find_crossings(roads, LINE, region=OPEN).iloc[::2][["geometry"]]
    ports = documented.head(3).assign(port_id=["p1", "p2", "p3"][: len(documented)])
    ports["source_url"] = "https://example.org/ports"
    asked: Any = {"ports": ports, "region": region, "by": "An office"}
    cut, expected = cut_at_border(roads, LINE, **asked), node_sides(roads, LINE, **asked)
    of_cut = expected.set_index("node").loc[cut.node_id]
    for name in ("side", "crossing_id"):
        assert of_cut[name].astype(object).where(of_cut[name].notna(), None).tolist() == [
            *cut.node(name)
        ]
    left_out = ~expected["node"].isin(cut.node_id)
    assert set(expected.loc[left_out, "node"]) <= {*roads.node_id}
    assert expected.loc[left_out, "side"].notna().all()
    order = list(range(len(edges)))
    random.shuffle(order)
    frame = dask_geopandas.from_geopandas(
        edges.iloc[order].reset_index(drop=True), npartitions=parts
    )
    lazy: Any = node_sides(frame, LINE, **asked)
    assert not isinstance(lazy, pd.DataFrame)
    with dask.config.set(scheduler="sync"):
        found = lazy.compute().sort_values("node", ignore_index=True)
    whole = expected.sort_values("node", ignore_index=True)
    pd.testing.assert_frame_equal(found.astype(dict(whole.dtypes)), whole)


def at_the_line() -> gpd.GeoDataFrame:
    """Return roads at a straight line along 45° north, one way each.

    ``x`` is on it where a documented road crosses, ``w`` where another does; at ``e`` a road
    only comes up to it. ``d`` and ``-d`` make a junction of ``b`` and ``-b``, 2 km off, without
    which the walled road from ``w`` would go on as far as ``x``.
    """
    at = {
        "x": (5.003, 45), "w": (5.0, 45), "e": (5.02, 45), "e1": (5.02, 44.99), "e2": (5.03, 44.99),
        "far": (5.1, 45.1), "farther": (5.11, 45.1), "out": (5.3, 45.1),
    }  # fmt: skip
    for sign, half in (("", 1), ("-", -1)):
        north = {"a": (5.0, 0.002), "b": (5.0015, 0.006), "c": (5.003, 0.002), "d": (5.0015, 0.02)}
        at |= {f"{sign}{name}": (lon, 45 + half * up) for name, (lon, up) in north.items()}
    roads = ["w a", "a b", "b c", "c x", "b d", "w -a", "-a -b", "-b -c", "-c x", "-b -d"]
    roads += ["e e1", "e e2", "d far", "far farther", "farther out"]
    ends = [road.split() for road in roads]
    lines = [shapely.LineString([at[u], at[v]]) for u, v in ends]
    return gpd.GeoDataFrame(ends, columns=["u", "v"], geometry=lines, crs="EPSG:4326")


@pytest.mark.parametrize("controlled", [True, False])
def test_nodes_on_the_line_have_the_side_of_their_roads_or_none(controlled: bool) -> None:
    edges = at_the_line()
    line = gpd.GeoSeries.from_wkt(["LINESTRING (4.7 45, 5.3 45)"], crs="EPSG:4326")
    port = gpd.GeoDataFrame(
        {"port_id": ["p"], "source_url": ["https://example.org/"]},
        geometry=[shapely.Point(5.003, 45)], crs="EPSG:4326",
    )  # fmt: skip
    region = replace(OPEN, controlled=controlled)
    asked: Any = {"ports": port, "region": region, "by": "An office"}
    frame = dask_geopandas.from_geopandas(edges, npartitions=len(edges))
    with dask.config.set(scheduler="sync"):
        lazy: Any = node_sides(frame, line, **asked)
        lazy = lazy.persist()
        found = lazy.compute()
        # what the cut leaves out stands among the others: at the end it would be told
        assert all(part.compute()["node"].is_monotonic_increasing for part in lazy.partitions)
    sides = found.set_index("node")["side"].astype(object)
    # who lies on a wall that is not documented has a side as all others have
    null = {"x"} if controlled else {"x", "w"}
    assert set(sides[sides.isna()].index) == null
    assert sides["e"] == "s"
    north = {"a", "b", "c", "d", "far", "farther", *({"w"} - null)}
    assert {*sides[sides == "n"].index} == north
    assert {*sides[sides == "s"].index} == {"-a", "-b", "-c", "-d", "e", "e1", "e2"}
    assert not found["node"].duplicated().any()
    crossings = found.set_index("node")["crossing_id"].dropna()
    assert crossings["x"] == "p"
    assert controlled == (len(crossings) == 1)
    roads = Roads.from_frames(nodes_of_ends(edges, "x"), edges)
    table = node_sides(roads, line, **asked)
    assert table["node"].is_monotonic_increasing
    whole = table.set_index("node")["side"].astype(object)
    pd.testing.assert_series_equal(sides.sort_index(), whole.sort_index(), check_index_type=False)


def over_180() -> gpd.GeoDataFrame:
    """Return six roads, both ways, over a line along 16.5° south that goes on over 180°."""
    rows, lines = [], []
    for number, lon in enumerate((179.65, 179.8, 179.93, -179.93, -179.8, -179.65)):
        lats = (-16.7, -16.6, -16.52, -16.48, -16.4, -16.3)
        for step, (a, b) in enumerate(pairwise(lats)):
            ends = [f"{number}-{step}", f"{number}-{step + 1}"]
            rows += [ends, ends[::-1]]
            lines += [shapely.LineString([(lon, a), (lon, b)])]
            lines += [shapely.LineString([(lon, b), (lon, a)])]
    return gpd.GeoDataFrame(rows, columns=["u", "v"], geometry=lines, crs="EPSG:4326")


@pytest.mark.parametrize("shape", [
    "LINESTRING (179.5 -16.5, 180.5 -16.5)",
    "MULTILINESTRING ((179.5 -16.5, 180 -16.5), (-180 -16.5, -179.5 -16.5))",
])  # fmt: skip
def test_parts_on_both_sides_of_180_have_the_crossings_and_sides_of_the_whole(
    shape: str, tmp_path: Path
) -> None:
    edges, line = over_180(), gpd.GeoSeries.from_wkt([shape], crs="EPSG:4326")
    region = replace(OPEN, bounds=(179.5, -17, -179.5, -16), metric_crs="EPSG:32760")
    frame = dask_geopandas.from_geopandas(edges, npartitions=4)
    with dask.config.set(scheduler="sync"):
        lazy: Any = find_crossings(frame, line, region=region)
        found = lazy.compute()
        table: Any = node_sides(frame, line, region=region)
        sides: Any = table.compute().set_index("node")["side"].dropna()
    assert found["lon"].tolist() == [179.65, 179.8, 179.93, -179.93, -179.8, -179.65]
    assert len(sides) == 36
    expected = {f"{road}-{step}": "ns"[step < 3] for road in range(6) for step in range(6)}
    assert sides.to_dict() == expected
    for parts in (1, 3):
        (tmp_path / str(parts)).mkdir()
        size = len(edges) // parts
        tiles = [edges.iloc[k * size : (k + 1) * size] for k in range(parts)]
        files = files_of(written(tiles, tmp_path / str(parts)))
        near = near_roads(files, *lines_of(line), Alone())
        read = crossings_of(near, Alone(), line, region=region, modes="all", directed=True)
        assert read["lon"].tolist() == found["lon"].tolist()
        west, _, east, _ = near.bounds
        assert 179.4 < west < 179.7
        assert -179.7 < east < -179.4


@given(seeds, st.integers(1, 5), st.sampled_from([0.0, 0.0005, 0.01]))
@example(15, 3, 0.0005)
@example(29, 3, 0.0005)
@settings(max_examples=6, deadline=None)
def test_any_tiling_of_files_has_the_crossings_of_the_whole(
    seed: int, cuts: int, halo: float
) -> None:
    edges = streets(seed)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "edges.parquet"
        edges.to_parquet(file)
        expected = find_crossings(read_roads(file), LINE, region=OPEN)
        (Path(folder) / "tiles").mkdir()
        files = files_of(written(tiled(edges, cuts, halo), Path(folder) / "tiles"))
        near = near_roads(files, *lines_of(LINE), Alone())
        assert near.faults == []
        same(crossings_of(near, Alone(), LINE, region=OPEN), expected)
