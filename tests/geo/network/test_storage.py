"""Saved networks reopen as they were, or not at all."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from roxham.geo import DataError, Roads, load_roads, read_roads
from roxham.geo.columns import Coded
from roxham.geo.network import storage as cache_module

pa = pytest.importorskip("pyarrow")


@pytest.fixture
def roads(cross: Path) -> Roads:
    return read_roads(cross)


@pytest.mark.parametrize("name", ["roads.arrow", "roads.parquet"])
def test_reopened_network_is_the_same(roads: Roads, tmp_path: Path, name: str) -> None:
    more = roads.with_columns(
        nodes={"side": np.array(["CA", "US"] * 3, dtype=object)[: roads.node_count]},
        edges={"flag": np.ones(roads.edge_count, dtype=bool)},
        meta={"note": "é\u2028"},
    )
    path = more.save(tmp_path / name)
    again = load_roads(path)
    pd.testing.assert_frame_equal(again.edges, more.edges)
    pd.testing.assert_frame_equal(again.nodes, more.nodes)
    assert again.meta == more.meta
    assert attributes(again) == attributes(more)
    assert [p.name for p in tmp_path.iterdir() if p.suffix == ".part"] == []


def attributes(roads: Roads) -> Any:
    return [(n, dict(d)) for n, d in roads.to_networkx().nodes(data=True)]


@pytest.mark.parametrize("mapped_from", [1 << 20, 0])
def test_topology_is_not_copied(
    roads: Roads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mapped_from: int
) -> None:
    monkeypatch.setattr(cache_module, "MAPPED", mapped_from)
    again = load_roads(roads.save(tmp_path / "roads.arrow"))
    pd.testing.assert_frame_equal(again.edges, roads.edges)
    for array in (again.x, again.u, again.coords, again.length_m):
        assert not array.flags.owndata
        assert not array.flags.writeable


def test_arrow_opens_the_file_and_sees_the_same(roads: Roads, tmp_path: Path) -> None:
    path = roads.save(tmp_path / "roads.arrow")
    with pa.memory_map(str(path)) as source:
        table = pa.ipc.open_file(source).read_all()
        assert table.schema.metadata[b"roxham.format"] == b"roxham roads"
        assert table["length_m"][0].as_py() == roads.length_m.tolist()
        names = json.loads(table["edge:name#values"][0].as_py())
    column = load_roads(path).edge_columns["name"]
    assert isinstance(column, Coded)
    assert names == column.values


@pytest.mark.parametrize("name", ["roads.arrow", "roads.parquet"])
def test_columns_of_every_kind_survive(roads: Roads, tmp_path: Path, name: str) -> None:
    count = roads.edge_count
    kinds: dict[str, Any] = {
        "flag": np.arange(count) % 2 == 0,
        "whole": np.arange(count),
        "small": np.arange(count, dtype=np.int8),
        "real": np.linspace(0, 1, count),
        "day": np.arange(count).astype("datetime64[ns]"),
        "word": np.array(["é", None, *"abcde"][:count], dtype=object),
        "plain": np.array(["x"] * count),
        "none": Coded.of([None] * count),
    }
    again = load_roads(roads.with_columns(edges=kinds).save(tmp_path / name))
    assert list(again.edge_columns) == [*roads.edge_columns, *kinds]
    for key, column in kinds.items():
        expected = column if isinstance(column, np.ndarray) else column.decode()
        assert again.edge(key).tolist() == expected.tolist(), key
        if expected.dtype.kind not in "OU":
            assert again.edge(key).dtype == expected.dtype


@pytest.mark.parametrize("name", ["roads.arrow", "roads.parquet"])
def test_reopened_network_can_go_to_another_process(
    roads: Roads, tmp_path: Path, name: str
) -> None:
    again = load_roads(roads.save(tmp_path / name))
    other = pickle.loads(pickle.dumps(again))
    pd.testing.assert_frame_equal(other.edges, roads.edges)
    pd.testing.assert_frame_equal(other.nodes, roads.nodes)


def test_network_without_edges_survives(roads: Roads, tmp_path: Path) -> None:
    nothing = roads.take_edges(np.zeros(roads.edge_count, dtype=bool))
    again = load_roads(nothing.save(tmp_path / "roads.arrow"))
    assert (again.node_count, again.edge_count, again.coords.shape) == (0, 0, (0, 2))
    pd.testing.assert_frame_equal(again.edges, nothing.edges)


def test_text_ids_survive(roads: Roads, tmp_path: Path) -> None:
    nodes = roads.nodes.set_axis([f"n{i}" for i in roads.node_id])
    edges = roads.edges.reset_index()
    edges = edges.assign(u="n" + edges["u"].astype(str), v="n" + edges["v"].astype(str))
    named = Roads.from_frames(nodes, edges)
    again = load_roads(named.save(tmp_path / "roads.arrow"))
    assert again.node_id.tolist() == named.node_id.tolist()


@pytest.mark.parametrize("name", ["roads.arrow", "roads.parquet"])
def test_every_damage_is_caught(roads: Roads, tmp_path: Path, name: str) -> None:
    data = roads.save(tmp_path / name).read_bytes()
    expected = roads.edges
    path = tmp_path / f"damaged-{name}"
    rng = np.random.default_rng(1)
    for place in rng.integers(0, len(data), 120).tolist():
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x41]) + data[place + 1 :])
        try:
            found = load_roads(path).edges
        except DataError:
            continue
        pd.testing.assert_frame_equal(found, expected)  # padding, which means nothing
    for end in rng.integers(0, len(data), 40).tolist():
        path.write_bytes(data[:end])
        with pytest.raises(DataError):
            load_roads(path)


def test_changed_number_fails_the_checksum(roads: Roads, tmp_path: Path) -> None:
    path = roads.save(tmp_path / "roads.arrow")
    data = path.read_bytes()
    length = roads.length_m[:2].tobytes()
    assert length in data
    path.write_bytes(data.replace(length, length[::-1]))
    with pytest.raises(DataError, match="checksum"):
        load_roads(path)


def test_newer_version_is_refused(
    roads: Roads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "VERSION", 99)
    path = roads.save(tmp_path / "roads.arrow")
    monkeypatch.undo()
    with pytest.raises(DataError, match="newer roxham"):
        load_roads(path)


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.arrow"
    table = pa.table({"a": [1]})
    with pa.ipc.new_file(str(path), table.schema) as file:
        file.write_table(table)
    with pytest.raises(DataError, match="no saved network"):
        load_roads(path)
    with pytest.raises(DataError, match="cannot be opened"):
        load_roads(tmp_path / "nowhere.arrow")


def test_broken_off_save_leaves_the_old_file(
    roads: Roads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = roads.save(tmp_path / "roads.arrow")
    before = path.read_bytes()

    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(cache_module, "_write_ipc", fail)
    with pytest.raises(DataError, match="disk full"):
        roads.save(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir() if "part" in p.name] == []


def test_what_json_does_not_know_is_refused(roads: Roads, tmp_path: Path) -> None:
    odd = roads.with_columns(edges={"odd": Coded.of([object()] * roads.edge_count)})
    with pytest.raises(DataError, match="cannot be saved"):
        odd.save(tmp_path / "roads.arrow")
