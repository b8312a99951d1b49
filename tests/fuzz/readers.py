"""What is mutated, and what reads it: one entry a reader."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterable, Sequence
from csv import writer as csv_writer
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from roxham.geo import read_border
from roxham.geo.io.csv import active
from roxham.geo.io.write import parquet_bytes
from roxham.geo.tables.contract import Column, Contract, read_table
from roxham.layers.export.datapackage import Format, Resource, load_export, write_package
from roxham.maps.elements.decode import decode_layer
from roxham.maps.elements.payload import layer_payload

from .attempts import BY_ROWS, ROWS_READ, Many, Try, each_refused, quietly
from .mutate import SHAPES, in_bytes, in_frame, in_json, in_letters
from .networks import NETWORKS, NODES, saved
from .tables import SITES, TABLE, TABLES
from .texts import DATES, TEXTS

FEATURES: dict[str, Any] = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"id": "a", "date": "2020", "seen": 3},
            "geometry": {"type": "Point", "coordinates": [-73.5, 45.0]},
        },
        {
            "type": "Feature",
            "properties": {"id": "b"},
            "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
        },
    ],
}
SOUND = FEATURES["features"][0]


def csv(chance: Random, folder: Path) -> Callable[[], object] | Many:
    """Mutate cells, columns and bytes of a table; or its lines, each a row or refused."""
    path = folder / "a.csv"
    if chance.random() < BY_ROWS:
        each = [_line(chance) for _ in range(ROWS_READ)]

        def refused(lines: Sequence[str]) -> int:
            saved(path, "\n".join([*LINES, *lines]).encode("utf-8", "replace"))
            return _rejected(path, len(LINES) - 1 + len(lines))

        return Many(ROWS_READ, lambda: each_refused(each, refused))
    with quietly():
        data = in_frame(chance, TABLE).to_csv(index=False).encode("utf-8", "replace")
    saved(path, in_bytes(chance, data) if chance.random() < 0.5 else data)
    return lambda: read_table(path, SITES)


AREAS = replace(SITES, columns=(*SITES.columns, Column("radius_m", "number", required=False)))
"""With a column for the radius that covers an area, without which areas are refused."""
LINES = ("id,date,seen,lat,lon", "a,2020-01,1,45.0,-73.5")
ENDS_OF_LINES = str.maketrans("", "", '"\0\n\r')


def _line(chance: Random) -> str:
    """Mutate a line, which stays one."""
    text = in_letters(chance, LINES[1:]).translate(ENDS_OF_LINES)
    return text if text.strip(", \t") else LINES[1]


def _rejected(path: Path, rows: int, contract: Contract = SITES) -> int:
    """Read a table and return how many of its rows are refused; none is left out."""
    read, rejected = read_table(path, contract)
    refused: int = rejected["row"].nunique()
    assert len(read) + refused == rows
    return refused


def geojson(chance: Random, folder: Path) -> Callable[[], object] | Many:
    """Mutate a file, read as a table or as a border; or its features, each a row or refused."""
    path = folder / "a.geojson"
    if chance.random() < BY_ROWS:
        each = [_feature(chance) for _ in range(ROWS_READ)]

        def refused(parts: Sequence[Any]) -> int:
            path.write_text(json.dumps({**FEATURES, "features": [SOUND, *parts]}))
            return _rejected(path, 1 + len(parts), AREAS)

        return Many(ROWS_READ, lambda: each_refused(each, refused))
    saved(path, json.dumps(in_json(chance, FEATURES)).encode())
    if chance.random() < 0.5:
        return lambda: read_border(path)
    return lambda: read_table(path, AREAS)


def _feature(chance: Random) -> dict[str, Any]:
    """Mutate what a feature holds; not to NUL, 2^63 or another type, which stop its file."""
    changed = in_json(chance, chance.choice(FEATURES["features"]))
    held = changed if isinstance(changed, dict) else {"geometry": changed}
    text = json.dumps({**held, "type": "Feature"})
    text = text.replace(r"\u0000", "").replace(str(2**63), str(2**63 - 1))
    feature: dict[str, Any] = json.loads(text)
    return feature


def data_package(chance: Random, folder: Path) -> Callable[[], object] | Many:
    """Mutate the description of an export, and its tables with the hash put right; or its rows."""
    kinds: tuple[Format, ...] = ("csv", "geoparquet")
    kind = chance.choice(kinds)
    if chance.random() < BY_ROWS:
        return _rows(chance, folder / f"rows-{kind}", kind)
    resources = [Resource("points", NODES, "p", "p"), Resource("table", TABLE, "t", "t")]
    out = _package(folder / f"out-{kind}", resources, kind)
    package = json.loads((folder / f"out-{kind}.json").read_text())
    for entry in package["resources"]:
        data = (folder / f"out-{kind}-{entry['path']}").read_bytes()
        data = in_bytes(chance, data) if chance.random() < 0.2 else data
        _put(out, entry, data)
    if chance.random() < 0.8:
        package = in_json(chance, package)
    (out / "datapackage.json").write_text(json.dumps(package))
    return lambda: load_export(out)


def _package(out: Path, resources: Sequence[Resource], kind: Format) -> Path:
    """Write a sound package, once, and its files beside it."""
    if not out.exists():
        write_package(
            out, resources, format=kind, about={"title": "t"}, documents={}, date="2026-01-01"
        )
        for path in out.iterdir():
            (out.parent / f"{out.name}-{path.name}").write_bytes(path.read_bytes())
        out.with_suffix(".json").write_bytes((out / "datapackage.json").read_bytes())
    return out


def _put(out: Path, entry: dict[str, Any], data: bytes) -> None:
    """Put a file into a package, with its hash."""
    (out / entry["path"]).write_bytes(data)
    entry["hash"] = f"sha256:{hashlib.sha256(data).hexdigest()}"


CELLS_OF: dict[str, tuple[str, ...]] = {
    "id": ("a", "'=1+1", "'tis", "a;'-b", 'é, "b"', "x\ny"),
    "date": DATES,
    "seen": ("1", "-20", "007", " 5 ", "1_000", "٣"),
    "share": ("0.5", "1e5", "-.5", "nan", "inf", "1_0.5", "5."),
}
READ: dict[str, Callable[[str], float]] = {"seen": int, "share": float}
"""What reads a number; all else is refused, and with it its file."""


def _rows(chance: Random, out: Path, kind: Format) -> Many:
    """Mutate cells of rows, each row by itself; what is read is what was written."""
    _package(out, _sound_rows(), kind)
    package = json.loads(out.with_suffix(".json").read_text())
    each = [_row(chance, odd=0.02 if kind == "csv" else 0) for _ in range(ROWS_READ)]
    written, told = (_csv, active) if kind == "csv" else (_parquet, str)

    def refused(rows: Sequence[dict[str, Any]]) -> int:
        _put(out, package["resources"][0], written(rows))
        (out / "datapackage.json").write_text(json.dumps(package))
        read: Any = load_export(out)["rows"]
        for name in CELLS_OF:
            number = READ.get(name, str)
            cells = [number(text) if (text := told(row[name])) else None for row in rows]
            assert _known(read[name]) == _known(cells)
        shapes = shapely.to_wkb([row["geometry"] for row in rows])
        assert shapely.to_wkb(read.geometry.to_numpy()).tolist() == shapes.tolist()
        return 0

    return Many(ROWS_READ, lambda: each_refused(each, refused))


@cache
def _sound_rows() -> list[Resource]:
    return [Resource("rows", _frame([_row(Random(1))]), "r", "r")]


def _known(cells: Iterable[Any]) -> list[Any]:
    return [None if pd.isna(cell) or cell == "" else cell for cell in cells]


def _row(chance: Random, odd: float = 0) -> dict[str, Any]:
    """Mutate cells; most numbers stay some, since what is none stops its file."""
    row: dict[str, Any] = {name: seeds[0] for name, seeds in CELLS_OF.items()}
    for name in chance.choices(list(CELLS_OF), k=chance.choice((1, 1, 2))):
        text = in_letters(chance, CELLS_OF[name]).encode("utf-8", "replace").decode()
        if name not in READ or chance.random() < odd or _is_number(name, text):
            row[name] = text
    return {**row, "geometry": chance.choice(SHAPES)}


def _is_number(name: str, text: str) -> bool:
    try:
        return abs(READ[name](text)) < 2**63 or name == "share"
    except ValueError:
        return False


def _frame(rows: Sequence[dict[str, Any]]) -> gpd.GeoDataFrame:
    numbers = [{**row, **{n: read(row[n]) for n, read in READ.items()}} for row in rows]
    frame = gpd.GeoDataFrame(numbers, geometry="geometry", crs=4326)
    return frame.astype({"seen": "Int64", "share": "Float64"})


def _parquet(rows: Sequence[dict[str, Any]]) -> bytes:
    return parquet_bytes(_frame(rows))


def _csv(rows: Sequence[dict[str, Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv_writer(out)
    writer.writerow([*CELLS_OF, "geometry"])
    shapes = shapely.to_wkt([row["geometry"] for row in rows], rounding_precision=20)
    for row, shape in zip(rows, shapes, strict=True):
        writer.writerow([*(row[name] for name in CELLS_OF), shape])
    return out.getvalue().encode()


LAYER = json.loads(json.dumps(layer_payload("places", NODES, ["osmid", "highway", "x"])))


def page(chance: Random, _: Path) -> Callable[[], object]:
    """Mutate what a layer of a page says of itself."""
    changed = in_json(chance, LAYER)
    return lambda: decode_layer(changed)


READERS: dict[str, Try] = {
    **NETWORKS,
    "CSV": csv,
    "GeoJSON": geojson,
    "data package": data_package,
    "page": page,
    **TABLES,
    **TEXTS,
}
