"""What a file asks for beyond the bounds is refused by the bound's name, before it is spent."""

import bz2
import gzip
import json
import re
from pathlib import Path
from time import perf_counter
from typing import Any

import geopandas as gpd
import pytest
import shapely

from roxham.geo import DataError, bounds, read_roads
from roxham.geo.io.csv import read_cells
from roxham.geo.io.sources import read_raw
from roxham.maps.elements.decode import decode_layer
from roxham.maps.elements.payload import layer_payload

ANSWER = json.dumps({"elements": [], "x": " " * 2000}).encode()
GRAPHML = b'<graphml xmlns="http://graphml.graphdrawing.org/xmlns">' + b" " * 2000 + b"</graphml>"
XML = b'<osm version="0.6"><note>' + b"a" * 1_000_000 + b"</note></osm>"


@pytest.mark.parametrize("content", [ANSWER, GRAPHML])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress])
def test_what_is_read_whole_is_not_too_large(
    content: bytes, pack: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_bytes(pack(content))
    monkeypatch.setenv("ROXHAM_MAX_WHOLE_BYTES", "1000")
    with pytest.raises(DataError, match="is larger than 1,000 bytes") as caught:
        read_roads(path)
    assert "ROXHAM_MAX_WHOLE_BYTES" in str(caught.value)
    monkeypatch.delenv("ROXHAM_MAX_WHOLE_BYTES")
    with pytest.raises(DataError, match=r"no road|no whole GraphML|no graph"):
        read_roads(path)


@pytest.mark.parametrize("content", [XML, ANSWER * 500])
@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_what_unpacks_to_too_much_is_refused(
    content: bytes, pack: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_bytes(pack(content))
    monkeypatch.setattr(bounds, "FREE", 10_000)
    with pytest.raises(DataError, match="unpacks to more than 100 times its size"):
        read_roads(path)


def test_a_table_of_too_many_columns_is_refused_soon(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"c{i}" for i in range(100_000)) + "\n")
    start = perf_counter()
    with pytest.raises(DataError, match=r"wide\.csv: has more than 10,000 columns"):
        read_cells(path, name="wide.csv")
    assert perf_counter() - start < 3


def test_a_table_of_as_many_columns_as_may_be_is_read_soon(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"c{i}" for i in range(10_000)) + "\n")
    start = perf_counter()
    assert len(read_cells(path, name="wide.csv").header) == 10_000
    path.write_text(path.read_text().strip() + ",c7\n")
    with pytest.raises(DataError, match="more than 10,000 columns"):
        read_cells(path, name="wide.csv")
    assert perf_counter() - start < 3


@pytest.mark.parametrize("name", ["a.csv", "a.geojson"])
def test_tables_are_not_too_large(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROXHAM_MAX_WHOLE_BYTES", "1000")
    path = tmp_path / name
    path.write_text('{"type": "Feature"}' + " " * 1000 if name == "a.geojson" else "a,b\n" * 300)
    with pytest.raises(DataError, match="is larger than 1,000 bytes"):
        read_raw(path, name=name, table="a", known=(), require=print)


@pytest.mark.parametrize("told", ["", "0", "-1", "1e9", "many", "9" * 30])
def test_a_bound_is_a_number(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROXHAM_MAX_COLUMNS", told)
    with pytest.raises(DataError, match="ROXHAM_MAX_COLUMNS: is no whole number above 0"):
        bounds.bound("columns")


@pytest.mark.parametrize(
    ("error", "said"), [(MemoryError, "more memory than there is"), (RecursionError, "too deeply")]
)
def test_what_is_too_large_for_the_machine_is_told_of_the_file(
    error: type[Exception], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    path = tmp_path / "a.json"
    path.write_bytes(ANSWER)
    monkeypatch.setattr("roxham.geo.readers.osm_xml.roads_of", fail)
    with pytest.raises(DataError, match=rf"a\.json: .*{said}"):
        read_roads(path)


# Pages


def payload(**changes: Any) -> dict[str, Any]:
    """Return a sound layer of a page with some of what it says changed."""
    frame = gpd.GeoDataFrame(
        {"name": ["a", "b"], "count": [3, None]},
        geometry=[shapely.Point(-73.5, 45), shapely.LineString([(-73, 45), (-73, 46)])],
        crs="EPSG:4326",
    )
    sound: dict[str, Any] = json.loads(
        json.dumps(layer_payload("places", frame, ["name", "count"]))
    )
    for place, value in changes.items():
        *way, last = place.split("__")
        found: Any = sound
        for step in way:
            found = found[int(step) if step.isdecimal() else step]
        found[int(last) if last.isdecimal() else last] = value
    return sound


def test_a_layer_as_it_was_written_is_read() -> None:
    assert decode_layer(payload())["name"].tolist() == ["a", "b"]


HUGE = 100_000_000


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"n": HUGE}, "has more than 2,000,000 rows"),
        ({"n": HUGE, "columns__0__codes": [HUGE, 0]}, "has more than 2,000,000 rows"),
        ({"columns__0__codes": [HUGE, 0]}, "number of features"),
        ({"geometry__x": [HUGE, 0]}, "has more than 50,000,000 points"),
        ({"geometry__kinds": [HUGE, 0]}, "number of features"),
        ({"geometry__x__0": -1}, "no such length"),
        ({"geometry__x__1": 9}, "no such length"),
        ({"columns__0__values": -1}, "a length is below 0"),
        ({"columns__0__values": "1"}, "damaged"),
        ({"columns__0": None}, "damaged"),
        ({"columns": 3}, "damaged"),
        ({"geometry": []}, "damaged"),
        ({"geometry__scale": "1"}, "damaged"),
        ({"data": 3}, "damaged"),
        ({"data": "x"}, "damaged"),
        ({"n": "2"}, "damaged"),
    ],
)
def test_a_layer_that_says_what_cannot_be_is_refused_soon(
    changes: dict[str, Any], problem: str
) -> None:
    start = perf_counter()
    with pytest.raises(DataError, match=re.escape(problem)):
        decode_layer(payload(**changes))
    assert perf_counter() - start < 3


def test_a_layer_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROXHAM_MAX_WHOLE_BYTES", "10")
    with pytest.raises(DataError, match="is larger than 10 bytes"):
        decode_layer(payload())
