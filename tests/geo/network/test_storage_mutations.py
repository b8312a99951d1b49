"""Saved networks that no roxham wrote: a DataError, or a network that can be used."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from roxham.geo import DataError, Roads, load_roads, read_roads
from roxham.geo.network import storage

pa = pytest.importorskip("pyarrow")

EXTREMES = (0, 1, -1, 3, 255, 2**31 - 1, -(2**31), 2**40, 2**63 - 1, -(2**63))


@pytest.fixture
def roads(cross: Path) -> Roads:
    meta = {"set_aside": [{"element": "way", "osmid": 1, "problem": "x"}], "rings": 1}
    return read_roads(cross).with_columns(meta=meta)


def use(roads: Roads) -> None:
    """Ask a network for all that it is made of."""
    assert len(roads.edges) == roads.edge_count
    assert len(roads.nodes) == roads.node_count
    assert len(roads.lines) == roads.edge_count
    roads.report()
    roads.to_networkx()
    roads.csr()
    pickle.dumps(roads)


def mutated(data: bytes, rng: np.random.Generator) -> bytes:
    """Return a file with some bits, words or stretches changed, most of them in its end."""
    new = bytearray(data)
    for _ in range(int(rng.integers(1, 4))):
        start = 0 if rng.random() < 0.5 else max(len(new) - 5000, 0)
        place = int(rng.integers(start, len(new) - 64))
        match int(rng.integers(5)):
            case 0:
                new[place] ^= 1 << int(rng.integers(8))
            case 1 | 2 as words:
                size = 4 * words
                place -= place % size
                word = EXTREMES[int(rng.integers(len(EXTREMES)))] % 2 ** (8 * size)
                new[place : place + size] = word.to_bytes(size, "little")
            case 3:
                new[place : place + 40] = bytes(40)
            case _:
                other = int(rng.integers(len(new) - 64))
                new[place : place + 40] = new[other : other + 40]
    return bytes(new)


def test_whatever_bytes_it_has_no_saved_network_ends_in_an_error_of_ours(
    roads: Roads, tmp_path: Path
) -> None:
    without = roads.take_edges(np.zeros(roads.edge_count, dtype=bool), drop_nodes=False)
    files = [network.save(tmp_path / "a.arrow").read_bytes() for network in (roads, without)]
    path = tmp_path / "b.arrow"
    rng = np.random.default_rng(15)
    used = refused = 0
    for turn in range(600):
        path.write_bytes(mutated(files[turn % 3 // 2], rng))
        try:
            # as if who changed it had made the checksum right
            use(load_roads(path, verify=False))
            used += 1
        except DataError:
            refused += 1
    assert used > 50
    assert refused > 200


Change = Callable[[dict[str, Any]], object]


def rewritten(path: Path, change: Change, arrays: dict[str, Any] | None = None) -> Path:
    """Write a saved network with another layout or other arrays; read it without checksum."""
    batch = pa.ipc.open_file(path.read_bytes()).get_batch(0)
    layout = json.loads(batch.schema.metadata[b"roxham.layout"])
    change(layout)
    for name, array in (arrays or {}).items():
        place = batch.schema.names.index(name)
        batch = batch.set_column(place, pa.field(name, array.type), array)
    text = json.dumps(layout)
    head = {**batch.schema.metadata, b"roxham.layout": text}
    with pa.ipc.new_file(str(path), batch.schema.with_metadata(head)) as file:
        file.write_batch(batch.replace_schema_metadata(head))
    return path


def test_a_rewritten_network_is_the_same(roads: Roads, tmp_path: Path) -> None:
    path = rewritten(roads.save(tmp_path / "a.arrow"), lambda layout: None)
    assert load_roads(path, verify=False).edges.equals(roads.edges)


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x.pop("edges"),
        lambda x: x.update(more=1),
        lambda x: x.update(edges="12"),
        lambda x: x.update(edges=-1),
        lambda x: x.update(edges=x["edges"] + 1),
        lambda x: x.update(edges=0),
        lambda x: x.update(edge_columns={}),
        lambda x: x.update(edge_columns=[1]),
        lambda x: x.update(edge_columns=[["name"]]),
        lambda x: x["edge_columns"].pop(),
        lambda x: x["edge_columns"].reverse(),
        lambda x: x["node_columns"].append(["more", "<f8"]),
        lambda x: x["edge_columns"][0].reverse(),
        lambda x: x.update(edge_columns=[[n, "|O"] for n, _ in x["edge_columns"]]),
        lambda x: x.update(edge_columns=[[n, "lists"] for n, _ in x["edge_columns"]]),
        lambda x: x.update(edge_columns=[[n, 0] for n, _ in x["edge_columns"]]),
        lambda x: x.update(edge_columns=[[n, 10**9] for n, _ in x["edge_columns"]]),
        lambda x: x.update(edge_columns=[[n, None] for n, _ in x["edge_columns"]]),
        lambda x: x.update(meta=[]),
        lambda x: x["meta"].update(rings="many"),
        lambda x: x["meta"].update(modes=3),
        lambda x: x["meta"].update(set_aside="[]"),
        lambda x: x["meta"].update(set_aside=[{"element": []}]),
        lambda x: x["meta"].update(border={"sides": ["a"], "crossings": [], "unlisted": 0}),
        lambda x: x["meta"].update(border={"sides": ["a", "b"], "crossings": [{}], "unlisted": 0}),
    ],
)
def test_a_layout_that_is_not_the_files_is_refused(
    roads: Roads, tmp_path: Path, change: Change
) -> None:
    path = rewritten(roads.save(tmp_path / "a.arrow"), change)
    with pytest.raises(DataError, match=r"a\.arrow: cannot be opened as a saved network: .*anew"):
        load_roads(path, verify=False)


def with_null(array: Any) -> Any:
    return pa.array([None, *array.to_pylist()[1:]], type=array.type)


def words(indices: Any, values: Any) -> Any:
    return pa.DictionaryArray.from_arrays(indices, values, safe=False)


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("u", lambda a: with_null(a)),
        ("u", lambda a: a.dictionary_decode()),
        ("v", lambda a: words(a.indices, a.dictionary.slice(0, 3))),
        ("v", lambda a: words(a.indices, a.dictionary[::-1])),
        ("u", lambda a: words(a.indices.cast("int64"), a.dictionary)),
        ("key", lambda a: a.cast("int64")),
        ("key", lambda a: with_null(a)),
        ("length_m", lambda a: a.cast("string")),
        ("length_m", lambda a: a.cast("float32")),
        ("oneway", lambda a: with_null(a)),
        ("osmid", lambda a: with_null(a)),
        ("osmid", lambda a: a.cast(pa.list_(pa.float64()))),
        ("highway", lambda a: a.dictionary_decode()),
        ("geometry", lambda a: with_null(a)),
        ("geometry", lambda a: a.cast(pa.list_(pa.list_(pa.float64())))),
        ("geometry", lambda a: pa.array([[[np.inf, 0], [0, 1]]] * len(a), type=a.type)),
        ("geometry", lambda a: pa.array([[[0, 0], [0, 91]]] * len(a), type=a.type)),
        ("geometry", lambda a: pa.array([[[0, 0]]] * len(a), type=a.type)),
        ("geometry", lambda a: pa.array([[]] * len(a), type=a.type)),
        ("nodes", lambda a: a[::-1]),
        ("nodes", lambda a: with_null(a)),
        ("nodes", lambda a: pa.array(["x"] * len(a))),
        ("nodes", lambda a: pa.array([[1]] * len(a))),
        ("nodes", lambda a: pa.array([[{"osmid": 1, "x": 0.0, "y": 0.0}]] * len(a))),
    ],
)
def test_arrays_of_another_form_are_refused(
    roads: Roads, tmp_path: Path, name: str, array: Callable[[Any], Any]
) -> None:
    path = roads.save(tmp_path / "a.arrow")
    found = pa.ipc.open_file(path.read_bytes()).get_batch(0).column(name)
    rewritten(path, lambda layout: None, {name: array(found)})
    with pytest.raises(DataError, match=r"a\.arrow: cannot be opened as a saved network"):
        load_roads(path, verify=False)


def test_a_word_that_is_no_json_is_told(roads: Roads, tmp_path: Path) -> None:
    def all_json(layout: dict[str, Any]) -> None:
        columns = layout["edge_columns"]
        layout["edge_columns"] = [[n, 0 if isinstance(k, int) else k] for n, k in columns]

    path = roads.save(tmp_path / "a.arrow")
    again = load_roads(rewritten(path, all_json), verify=False)
    with pytest.raises(DataError, match="no JSON"):
        again.edge("highway")


@pytest.mark.parametrize(
    "head", [{}, {"roxham.format": "roxham roads"}, {"roxham.version": "3"}, {"roxham.layout": ""}]
)
def test_metadata_that_lacks_something_is_refused(
    roads: Roads, tmp_path: Path, head: dict[str, str]
) -> None:
    path = roads.save(tmp_path / "a.arrow")
    batch = pa.ipc.open_file(path.read_bytes()).get_batch(0)
    with pa.ipc.new_file(str(path), batch.schema.with_metadata(head)) as file:
        file.write_batch(batch.replace_schema_metadata(head))
    with pytest.raises(DataError, match=r"a\.arrow: "):
        load_roads(path)


def test_a_file_written_anew_in_parts_is_refused(roads: Roads, tmp_path: Path) -> None:
    path = roads.save(tmp_path / "a.arrow")
    table = pa.ipc.open_file(path.read_bytes()).read_all()
    with pa.ipc.new_file(str(path), table.schema) as file:
        file.write_table(table, max_chunksize=5)
    with pytest.raises(DataError, match="record batches, not one"):
        load_roads(path)


def test_a_packed_network_is_refused_before_it_is_unpacked(roads: Roads, tmp_path: Path) -> None:
    reader = pa.ipc.open_file(roads.save(tmp_path / "roads.arrow"))
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    packed = tmp_path / "packed.arrow"
    with pa.ipc.new_file(packed, reader.schema, options=options) as file:
        file.write_batch(reader.get_batch(0))
    stream = pa.py_buffer(packed.read_bytes())[storage.STREAM :]
    found = [storage._is_packed(message) for message in pa.ipc.MessageReader.open_stream(stream)]
    assert found == [False, *[True] * (len(found) - 1)]
    assert len(found) > 2
    for read in (load_roads, read_roads):
        with pytest.raises(DataError, match="it is packed"):
            read(packed)


def test_a_network_that_ends_before_its_batch_is_refused(roads: Roads, tmp_path: Path) -> None:
    path = roads.save(tmp_path / "roads.arrow")
    data = path.read_bytes()
    second = data.index(b"\xff" * 4, 12)  # what each message begins with; its length is next
    path.write_bytes(data[: second + 4] + bytes(4) + data[second + 8 :])
    with pytest.raises(DataError, match="cannot be opened as a saved network"):
        load_roads(path)
