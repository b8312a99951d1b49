"""What is mutated, and what reads it: one entry a reader."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from roxham.geo import read_border
from roxham.geo.tables.contract import Column, Contract, read_table
from roxham.layers.export.datapackage import Format, Resource, load_export, write_package
from roxham.maps.elements.decode import decode_layer
from roxham.maps.elements.payload import layer_payload

from .attempts import Many, Try, each_refused, quietly
from .mutate import in_bytes, in_frame, in_json, in_letters
from .networks import NETWORKS, NODES, ROWS_READ, saved
from .tables import SITES, TABLE, TABLES
from .texts import TEXTS

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
    if chance.random() < 0.5:
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
    if chance.random() < 0.5:
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


def data_package(chance: Random, folder: Path) -> Callable[[], object]:
    """Mutate the description of an export, and its tables with the hash put right."""
    kinds: tuple[Format, ...] = ("csv", "geoparquet")
    kind = chance.choice(kinds)
    out = folder / f"out-{kind}"
    if not out.exists():
        resources = [Resource("points", NODES, "p", "p"), Resource("table", TABLE, "t", "t")]
        write_package(
            out, resources, format=kind, about={"title": "t"}, documents={}, date="2026-01-01"
        )
        (folder / f"{kind}.json").write_bytes((out / "datapackage.json").read_bytes())
        for path in out.iterdir():
            (folder / f"{kind}-{path.name}").write_bytes(path.read_bytes())
    package = json.loads((folder / f"{kind}.json").read_text())
    for entry in package["resources"]:
        data = (folder / f"{kind}-{entry['path']}").read_bytes()
        data = in_bytes(chance, data) if chance.random() < 0.2 else data
        (out / entry["path"]).write_bytes(data)
        entry["hash"] = f"sha256:{hashlib.sha256(data).hexdigest()}"
    if chance.random() < 0.8:
        package = in_json(chance, package)
    (out / "datapackage.json").write_text(json.dumps(package))
    return lambda: load_export(out)


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
