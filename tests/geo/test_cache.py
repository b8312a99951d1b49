"""Saved networks reopen as they were, or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from roxham.geo import DataError, Roads, load_roads, read_roads
from roxham.geo import cache as cache_module

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


def test_topology_is_mapped_not_read(roads: Roads, tmp_path: Path) -> None:
    again = load_roads(roads.save(tmp_path / "roads.arrow"))
    for array in (again.x, again.u, again.coords, again.length_m):
        assert not array.flags.owndata
        assert not array.flags.writeable


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

    monkeypatch.setattr(cache_module, "_write", fail)
    with pytest.raises(DataError, match="disk full"):
        roads.save(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir() if "part" in p.name] == []


def test_what_json_does_not_know_is_refused(roads: Roads, tmp_path: Path) -> None:
    from roxham.geo.columns import Coded

    odd = roads.with_columns(edges={"odd": Coded.of([object()] * roads.edge_count)})
    with pytest.raises(DataError, match="cannot be saved"):
        odd.save(tmp_path / "roads.arrow")
