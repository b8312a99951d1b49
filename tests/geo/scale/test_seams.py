"""However a network is parted, its crossings are those of the whole: no seam, no double."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import dask.config
import dask_geopandas
import geopandas as gpd
import pandas as pd
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
@settings(max_examples=12, deadline=None)
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
@settings(max_examples=6, deadline=None)
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


@given(seeds, st.integers(1, 5), st.sampled_from([0.0, 0.0005, 0.01]))
@example(15, 3, 0.0005)
@example(29, 3, 0.0005)
@settings(max_examples=12, deadline=None)
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
