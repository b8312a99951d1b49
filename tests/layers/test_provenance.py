"""What was given in place of bundled tables is known by the hash of the bytes that were read."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import requests

from roxham.geo.io.write import csv_bytes
from roxham.layers import load_incidents, load_interceptions, load_layers, load_ports
from roxham.layers.bundle import load_some
from roxham.layers.facts.ports import PORTS_DATA

SECRET = "https://me:secret@example.org/{}.csv?key=secret"


class Answer:
    """What a server says, without one."""

    status_code, reason, is_redirect = 200, "as made up", False

    def __init__(self, content: bytes) -> None:
        self.raw = io.BytesIO(content)
        self.headers: dict[str, str] = {}

    def __enter__(self) -> Answer:
        return self

    def __exit__(self, *_: object) -> None:
        return None


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Serve the bundled tables, each once, as someone's own."""
    whole = {
        "ports": load_ports().rows.drop(columns="geometry"),
        "incidents": load_incidents().rows.drop(columns="geometry"),
        "interceptions": load_interceptions().rows.drop(columns=["low", "high"]),
    }
    given = {name: csv_bytes(rows) for name, rows in whole.items()}
    left = dict(given)

    def request(_: object, __: str, address: str, **___: Any) -> Answer:
        return Answer(left.pop(address.partition(".csv")[0].rpartition("/")[2]))

    monkeypatch.setattr(requests.Session, "request", request)
    return given


def test_an_address_has_the_hash_of_the_bytes_that_were_read(served: dict[str, bytes]) -> None:
    layers = load_layers(
        counts=SECRET.format("interceptions"),
        incidents=SECRET.format("incidents"),
        ports=SECRET.format("ports"),
    )
    assert {(one.layer, one.name, one.sha256) for one in layers.inputs} == {
        (name, f"https://example.org/{name}.csv", hashlib.sha256(content).hexdigest())
        for name, content in served.items()
    }
    assert layers.rejected.empty, layers.rejected.to_string()


def test_a_file_has_its_hash_and_its_folder_is_not_told(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(csv_bytes(load_ports().rows.drop(columns="geometry")))
    (one,) = load_layers(ports=path).inputs
    assert one == ("ports", "mine.csv", hashlib.sha256(path.read_bytes()).hexdigest())


HEADER = "port_id,us_name,lat,lon,source_title,source_publisher,source_url,confidence"
ROW = "a,A,45,-73.5,A,B,https://example.org/a,single"


@pytest.mark.parametrize(
    ("text", "mapping"),
    [
        (f"{HEADER},officer\n{ROW},somebody\n", None),  # a column that nobody takes
        (f"{HEADER},witness_name\n{ROW},somebody\n", None),  # personal
        (f"Ports, seen by somebody\n{HEADER}\n{ROW}\n", None),
        (f"{HEADER},x\n{ROW},somebody\n", {"columns": {"note": "source_title"}}),
        (f"<!doctype html><p>somebody<table><tr><td>{HEADER}<tr><td>{ROW}</table>", None),
    ],
    ids=["unknown", "personal", "above", "mapped", "page"],
)
def test_a_file_that_is_not_taken_whole_has_no_hash(
    tmp_path: Path, text: str, mapping: Any
) -> None:
    file = tmp_path / "ports.csv"
    file.write_text(text.replace(",", "<td>") if "<table" in text else text)
    mappings = {} if mapping is None else {"ports": mapping}
    layers = load_some(PORTS_DATA, ports=file, mappings=mappings)
    assert len(layers.ports) == 1, layers.rejected
    assert [one.sha256 for one in layers.inputs] == [""]
    file.write_text(f"{HEADER}\n{ROW}\n")
    whole = hashlib.sha256(file.read_bytes()).hexdigest()
    assert [one.sha256 for one in load_some(PORTS_DATA, ports=file).inputs] == [whole]


def test_a_table_of_a_database_is_named_without_a_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = load_ports().rows.drop(columns="geometry")
    monkeypatch.setattr("roxham.geo.io.sources.query_table", lambda _: pd.DataFrame(rows))
    (one,) = load_layers(ports="postgresql://me:secret@host/db#ports").inputs
    assert one == ("ports", "postgresql://host/db#ports", "")
