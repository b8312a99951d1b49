"""Saved networks reopen as they were, or not at all."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from roxham.geo import DataError, Roads, load_roads, read_roads
from roxham.geo.columns import Coded, Ragged
from roxham.geo.network import storage as cache_module
from roxham.geo.network.arrow_columns import from_arrow

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")


@pytest.fixture
def roads(cross: Path) -> Roads:
    return read_roads(cross)


def test_reopened_network_is_the_same(roads: Roads, tmp_path: Path) -> None:
    more = roads.with_columns(
        nodes={"side": np.array(["CA", "US"] * 3, dtype=object)[: roads.node_count]},
        edges={"flag": np.ones(roads.edge_count, dtype=bool)},
        meta={"note": "é\u2028"},
    )
    path = more.save(tmp_path / "roads.arrow")
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


def test_arrow_shows_edges_and_nodes_by_their_names(roads: Roads, tmp_path: Path) -> None:
    path = roads.with_columns(meta={"note": "é"}).save(tmp_path / "roads.arrow")
    with pa.memory_map(str(path)) as source:
        table = pa.ipc.open_file(source).read_all()
    head = table.schema.metadata
    assert head[b"roxham.format"] == b"roxham roads"
    assert json.loads(head[b"roxham.layout"])["meta"]["note"] == "é"
    edges, data = table.to_pydict(), roads.edge_data().reset_index()
    for name in ("u", "v", "key", "length_m", "oneway"):
        assert edges[name] == data[name].tolist(), name
    assert edges["name"] == [None if pd.isna(n) else n for n in data["name"]]
    assert edges["osmid"] == [n if isinstance(n, list) else [n] for n in data["osmid"]]
    assert [list(map(tuple, line)) for line in edges["geometry"]] == [
        list(line.coords) for line in roads.lines
    ]
    nodes = pa.Table.from_struct_array(table["nodes"].combine_chunks().values).to_pydict()
    assert nodes["osmid"] == roads.node_id.tolist()
    assert (nodes["x"], nodes["y"]) == (roads.x.tolist(), roads.y.tolist())
    assert edges["nodes"][1:] == [[]] * (roads.edge_count - 1)


def test_geopandas_opens_the_file(roads: Roads, tmp_path: Path) -> None:
    path = roads.save(tmp_path / "roads.arrow")
    frame = gpd.read_feather(path, columns=["u", "length_m", "geometry"])
    assert frame.crs == roads.edges.crs
    assert (frame.geometry.to_numpy() == roads.lines).all()
    with pa.memory_map(str(path)) as source:
        other = gpd.GeoDataFrame.from_arrow(pa.ipc.open_file(source).read_all())
    assert other.crs == roads.edges.crs
    assert (other.geometry.to_numpy() == roads.lines).all()


@pytest.mark.parametrize("name", ["u", "Key", "geometry", "nodes", "Name", "roxham"])
def test_an_attribute_may_have_any_name(roads: Roads, tmp_path: Path, name: str) -> None:
    mine = np.arange(roads.edge_count)
    more = roads.with_columns(edges={name: mine}, nodes={"X": np.ones(roads.node_count)})
    path = more.save(tmp_path / "roads.arrow")
    again = load_roads(path)
    assert again.edge(name).tolist() == mine.tolist()
    assert again.v.tolist() == roads.v.tolist()
    assert again.node("X").tolist() == [1.0] * roads.node_count
    with pa.memory_map(str(path)) as source:
        names = [n.lower() for n in pa.ipc.open_file(source).schema.names]
    assert len(set(names)) == len(names)


def test_codes_are_what_arrow_makes_of_nulls() -> None:
    chance = np.random.default_rng(3)
    words = pa.array(["a", "b", "c"])
    for size in (1, 7, 8, 9, 64, 65, 200):
        codes, null = chance.integers(0, 3, size, dtype=np.int32), chance.random(size) < 0.4
        whole = pa.DictionaryArray.from_arrays(pa.array(codes, mask=null), words)
        for start in {0, 1, 8, size // 2} & set(range(size)):
            part = whole.slice(start)
            read = from_arrow(part, 3)
            assert isinstance(read, Coded)
            np.testing.assert_array_equal(read.codes, part.indices.fill_null(-1).to_numpy())


def test_columns_of_every_kind_survive(roads: Roads, tmp_path: Path) -> None:
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
        "mixed": Coded.of([1, "1", True, None, ["a", 2.5], {"b": [None]}, "[1]"][:count]),
        "number": Coded.of([7, None, 8, 7][:count] * (count // 4) + [7] * (count % 4)),
        "truth": Coded.of([True, None][:count] * (count // 2) + [False] * (count % 2)),
        "huge": Coded.of([2**70] * count),
        "halves": Coded.of(["a\ud800b"] * count),
        "runs": Ragged(np.arange(count + 1) * 2, np.arange(count * 2)),
        "later": Ragged(np.arange(count + 1) + 3, np.arange(count + 9)),
        "back": np.arange(count)[::-1],
        "other": np.arange(count, dtype=">f4"),
        "times": np.array(["NaT", *["2020-01-01"] * count][:count], dtype="datetime64[s]"),
    }
    assert count >= 7
    kinds["mixed"] = Coded.of([*kinds["mixed"].decode(), *[None] * (count - 7)])
    again = load_roads(roads.with_columns(edges=kinds).save(tmp_path / "roads.arrow"))
    assert list(again.edge_columns) == [*roads.edge_columns, *kinds]
    for key, column in kinds.items():
        expected = column if isinstance(column, np.ndarray) else column.decode()
        found = again.edge(key)
        assert repr(found.tolist()) == repr(expected.tolist()), key  # 1 is not True
        if expected.dtype.kind not in "OU":
            assert found.dtype == expected.dtype.newbyteorder("=")


def test_reopened_network_can_go_to_another_process(roads: Roads, tmp_path: Path) -> None:
    again = load_roads(roads.save(tmp_path / "roads.arrow"))
    other = pickle.loads(pickle.dumps(again))
    pd.testing.assert_frame_equal(other.edges, roads.edges)
    pd.testing.assert_frame_equal(other.nodes, roads.nodes)


def test_network_without_edges_survives(roads: Roads, tmp_path: Path) -> None:
    nothing = roads.take_edges(np.zeros(roads.edge_count, dtype=bool))
    again = load_roads(nothing.save(tmp_path / "roads.arrow"))
    assert (again.node_count, again.edge_count, again.coords.shape) == (0, 0, (0, 2))
    pd.testing.assert_frame_equal(again.edges, nothing.edges)
    nodes = roads.take_edges(np.zeros(roads.edge_count, dtype=bool), drop_nodes=False)
    again = load_roads(nodes.save(tmp_path / "roads.arrow"))
    pd.testing.assert_frame_equal(again.nodes, roads.nodes)
    assert again.edge_count == 0


def test_text_ids_survive(roads: Roads, tmp_path: Path) -> None:
    nodes = roads.nodes.set_axis([f"n{i}" for i in roads.node_id])
    edges = roads.edges.reset_index()
    edges = edges.assign(u="n" + edges["u"].astype(str), v="n" + edges["v"].astype(str))
    named = Roads.from_frames(nodes, edges)
    again = load_roads(named.save(tmp_path / "roads.arrow"))
    assert again.node_id.tolist() == named.node_id.tolist()


def test_every_damage_is_caught(roads: Roads, tmp_path: Path) -> None:
    data = roads.save(tmp_path / "roads.arrow").read_bytes()
    expected = roads.edges
    path = tmp_path / "damaged.arrow"
    rng = np.random.default_rng(1)
    caught = 0
    for place in rng.integers(0, len(data), 300).tolist():
        bit = 1 << int(rng.integers(8))
        path.write_bytes(data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :])
        try:
            found = load_roads(path)
        except DataError:
            caught += 1
            continue
        # padding, the schema that only streams read, or what only other tools read
        pd.testing.assert_frame_equal(found.edges, expected)
        pd.testing.assert_frame_equal(found.nodes, roads.nodes)
        assert found.meta == roads.meta
    assert caught > 100
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


def test_older_forms_are_refused(tmp_path: Path) -> None:
    older = pa.table({"u": [[0]]}).replace_schema_metadata(
        {"roxham.format": "roxham roads", "roxham.version": "2", "roxham.layout": "{}"}
    )
    path = tmp_path / "roads.arrow"
    with pa.ipc.new_file(str(path), older.schema) as file:
        file.write_table(older)
    for read in (load_roads, read_roads):
        with pytest.raises(DataError, match=r"older roxham.*Make it anew"):
            read(path)
    parquet.write_table(older, tmp_path / "roads.parquet")
    with pytest.raises(DataError, match=r"older roxham.*Make it anew"):
        read_roads(tmp_path / "roads.parquet")
    with pytest.raises(DataError, match="no saved network"):
        load_roads(tmp_path / "roads.parquet")


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

    monkeypatch.setattr(cache_module, "_write", fail)
    with pytest.raises(DataError, match="disk full"):
        roads.save(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir() if "part" in p.name] == []


def test_what_json_does_not_know_is_refused(roads: Roads, tmp_path: Path) -> None:
    odd = roads.with_columns(edges={"odd": Coded.of([object()] * roads.edge_count)})
    with pytest.raises(DataError, match="cannot be saved"):
        odd.save(tmp_path / "roads.arrow")


@pytest.mark.parametrize("name", ["x", "y", "coords", "length_m", "meta"])
def test_what_cannot_be_reopened_is_not_saved(roads: Roads, tmp_path: Path, name: str) -> None:
    path = roads.save(tmp_path / "roads.arrow")
    before = path.read_bytes()
    value: Any = {"rings": "two"} if name == "meta" else getattr(roads, name) + np.nan
    if name == "length_m":  # a length that is not known is not for us to refuse
        assert np.isnan(load_roads(replace(roads, length_m=value).save(path)).length_m).all()
        return
    with pytest.raises(DataError, match=r"roads\.arrow: cannot be opened as a saved network"):
        replace(roads, **{name: value}).save(path)
    assert path.read_bytes() == before
