"""What is mutated, and what reads it: one entry a reader."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import geopandas as gpd
import pyarrow as pa
import shapely
from pyarrow import ipc, parquet

from roxham.geo import Roads, read_border, read_roads
from roxham.geo.network.arrow_table import parse_layout, split
from roxham.geo.network.storage import _checksum as checksum
from roxham.geo.network.storage import load_saved
from roxham.geo.tables.contract import read_table
from roxham.layers.export.datapackage import Format, Resource, load_export, write_package
from roxham.maps.elements.decode import decode_layer
from roxham.maps.elements.payload import layer_payload
from tests.geo.readers import test_osm_pbf as pbf

from .attempts import Many, Try, each_refused, quietly
from .mutate import (
    ODD,
    drop_triggers,
    in_bytes,
    in_columns,
    in_database,
    in_frame,
    in_json,
    in_letters,
    in_text,
)
from .tables import SITES, TABLE, TABLES, write_changed
from .texts import TEXTS

OSM = (
    '<osm version="0.6"><node id="1" lat="45.0" lon="-73.5"><tag k="highway" v="stop"/></node>\n'
    '<node id="2" lat="45.01" lon="-73.5"/><node id="3" lat="45.02" lon="-73.4"/>\n'
    '<way id="7"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="primary"/>'
    '<tag k="maxspeed" v="50 mph"/><tag k="oneway" v="-1"/></way>'
    '<relation id="9"><member type="way" ref="7" role=""/></relation></osm>'
)
ANSWER = {
    "version": 0.6,
    "elements": [
        {"type": "node", "id": 1, "lat": 45.0, "lon": -73.5, "tags": {"highway": "stop"}},
        {"type": "node", "id": 2, "lat": 45.01, "lon": -73.5},
        {
            "type": "way",
            "id": 7,
            "nodes": [1, 2],
            "geometry": [{"lat": 45.0, "lon": -73.5}, None],
            "tags": {"highway": "primary", "oneway": "yes", "maxspeed": "50"},
        },
    ],
}
NODES = gpd.GeoDataFrame(
    {"osmid": [1, 2], "highway": ["stop", None], "x": [-73.5, -73.5], "y": [45.0, 45.01]},
    geometry=[shapely.Point(-73.5, 45.0), shapely.Point(-73.5, 45.01)],
    crs=4326,
)
ROWS_READ = 50
"""So many rows, features and edges are read at once."""
EDGES = gpd.GeoDataFrame(
    {
        "u": [1, 2],
        "v": [2, 1],
        "key": [0, 0],
        "osmid": ["[7, 8]", "7"],
        "highway": ["primary", "primary"],
        "oneway": [False, False],
        "length": [1112.0, 1112.0],
        "name": ["a", None],
        "reversed": ["False", "True"],
        "maxspeed": ["50", "30 mph"],
    },
    geometry=[
        shapely.LineString([(-73.5, 45.0), (-73.5, 45.01)]),
        shapely.LineString([(-73.5, 45.01), (-73.5, 45.0)]),
    ],
    crs=4326,
)
TAGS = {
    "osmid": ("7", "[7, 8]", "-1"),
    "highway": ("primary", "['primary', 'service']", "motorway_link"),
    "oneway": ("False", "True", "-1", "yes", "reversible"),
    "name": ("a", "['a', 'b']", "None"),
    "reversed": ("False", "[True, False]"),
    "maxspeed": ("50", "30 mph", "['50', '30 mph']", "CA:urban"),
}
"""What edges say of themselves, as text; the first is sound."""
MANY = EDGES.iloc[[0] * ROWS_READ].assign(
    key=range(ROWS_READ), **{name: texts[0] for name, texts in TAGS.items()}
)
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


def _saved(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _roads(path: Path) -> Callable[[], object]:
    return lambda: _frames(read_roads(path, modes="all"))


def _frames(roads: Roads) -> object:
    return roads.nodes, roads.edges


def osm_pbf(chance: Random, folder: Path) -> Callable[[], object]:
    """Mutate messages within sound blobs, and blobs."""
    parts = in_parts(chance, pbf.DENSE), in_parts(chance, pbf.WAY)
    path = pbf.saved(folder / "a.pbf", pbf.dense(*parts[0]), pbf.way(*parts[1]))
    if not chance.randrange(4):
        path.write_bytes(in_bytes(chance, path.read_bytes()))
    return _roads(path)


def in_parts(chance: Random, parts: tuple[pbf.Part, ...]) -> tuple[pbf.Part, ...]:
    """Return a message with fields changed, lost or said twice."""
    out = list(parts)
    for _ in range(chance.choice((0, 1, 1, 2))):
        at = chance.randrange(len(out))
        number, value = out[at]
        match chance.randrange(5):
            case 0 if len(out) > 1:
                del out[at]
            case 1:
                out.insert(at, out[at])
            case 2:
                out[at] = chance.randrange(1, 12), value
            case 3:
                odd = (0, 1, 2**32, 2**63, b"", b"\x80", bytes(9), b"\xff" * 12)
                out[at] = number, chance.choice(odd)
            case _:
                out[at] = number, value if isinstance(value, int) else in_bytes(chance, value)
    return tuple(out)


def osm_xml(chance: Random, folder: Path) -> Callable[[], object]:
    """Mutate attributes of XML, in several encodings, and its bytes."""
    encoding = chance.choice(("utf-8", "utf-8", "utf-16", "latin-1"))
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n{OSM}'
    data = in_text(chance, text).encode(encoding, "replace")
    return _roads(
        _saved(folder / "a.osm", in_bytes(chance, data) if chance.random() < 0.3 else data)
    )


def overpass_json(chance: Random, folder: Path) -> Callable[[], object]:
    """Mutate an answer."""
    return _roads(_saved(folder / "a.json", json.dumps(in_json(chance, ANSWER)).encode()))


def graphml(chance: Random, folder: Path) -> Callable[[], object]:
    """Mutate attributes and values of a graph that OSMnx saved."""
    text = _graphml(folder)
    changed = in_text(chance, text) if chance.random() < 0.7 else _in_values(chance, text)
    return _roads(_saved(folder / "a.graphml", changed.encode("utf-8", "replace")))


def _in_values(chance: Random, text: str) -> str:
    pieces = text.split("</data>")
    at = chance.randrange(len(pieces) - 1)
    pieces[at] = f"{pieces[at].rpartition('>')[0]}>{chance.choice(ODD_TEXTS)}"
    return "</data>".join(pieces)


ODD_TEXTS = (
    *("", "0", "-1", "1e999", "nan", "[", "[" * 300, "[1, 2]", "{'a': 1}", "POINT (0 0)", "None"),
    *("LINESTRING EMPTY", "LINESTRING (0 0)", "9" * 30, "True", "x", "[None]", "[[1]]"),
)


def _graphml(folder: Path) -> str:
    kept = folder / "sound.graphml"
    if not kept.exists():
        (folder / "sound.osm").write_text(OSM)
        read_roads(folder / "sound.osm").save(kept)
    return kept.read_text()


def geopackage(chance: Random, folder: Path) -> Callable[[], object] | Many:
    """Mutate rows, columns and tables of a database, seldom its pages; or what edges say."""
    path = folder / "a.gpkg"
    path.unlink(missing_ok=True)
    if chance.random() < 0.5:
        return _edges(
            chance, lambda parts: _write_tags(path, _geopackage(folder, MANY), parts), path
        )
    if chance.random() < 0.1:
        with quietly():
            gpd.GeoDataFrame(in_frame(chance, EDGES)).to_file(path, layer="edges")
            NODES.to_file(path, layer="nodes")
    else:
        path.write_bytes(_geopackage(folder, EDGES))
        in_database(chance, path)
    if chance.random() < 0.2:
        path.write_bytes(in_bytes(chance, path.read_bytes()))
    return _roads(path)


def _geopackage(folder: Path, edges: gpd.GeoDataFrame) -> bytes:
    kept = folder / f"sound-{len(edges)}.gpkg"
    if not kept.exists():
        edges.to_file(kept, layer="edges")
        NODES.to_file(kept, layer="nodes")
        with closing(sqlite3.connect(kept)) as database:
            drop_triggers(database)
    return kept.read_bytes()


def _edges(chance: Random, write: Callable[[Sequence[dict[str, str]]], object], path: Path) -> Many:
    """Mutate what edges say of themselves, each by itself, in a table of many."""
    each = [_tags(chance) for _ in range(ROWS_READ)]

    def refused(parts: Sequence[dict[str, str]]) -> int:
        write(parts)
        _frames(read_roads(path, modes="all"))
        return 0

    return Many(ROWS_READ, lambda: each_refused(each, refused))


def _tags(chance: Random) -> dict[str, str]:
    tags = {name: seeds[0] for name, seeds in TAGS.items()}
    for name in chance.choices(list(TAGS), k=chance.choice((1, 1, 2))):
        text = str(chance.choice(ODD)) if chance.random() < 0.2 else in_letters(chance, TAGS[name])
        tags[name] = text.encode("utf-8", "replace").decode()
    return tags


def _write_tags(path: Path, sound: bytes, parts: Sequence[dict[str, str]]) -> None:
    path.write_bytes(sound)
    told = ", ".join(f'"{name}" = :{name}' for name in TAGS)
    rows = [{**tags, "fid": fid} for fid, tags in enumerate(parts, start=1)]
    with closing(sqlite3.connect(path)) as database:
        database.executemany(f"UPDATE edges SET {told} WHERE fid = :fid", rows)
        database.commit()


def geoparquet(chance: Random, folder: Path) -> Callable[[], object] | Many:
    """Mutate columns of edges and nodes and what is said of them, and bytes; or what edges say."""
    path = folder / "edges.parquet"
    if chance.random() < 0.5:
        return _edges(chance, lambda parts: _write_edges(folder, parts), path)
    for name, frame in (("edges", EDGES), ("nodes", NODES)):
        out = folder / f"{name}.parquet"
        if chance.random() < 0.1:
            with quietly():
                in_frame(chance, frame).to_parquet(out)
        else:
            write_changed(chance, _arrow(name), out)
    return _roads(path)


@cache
def _arrow(name: str) -> pa.Table:
    held = io.BytesIO()
    {"edges": EDGES, "nodes": NODES, "many": MANY}[name].to_parquet(held)
    return parquet.read_table(held)


def _write_edges(folder: Path, parts: Sequence[dict[str, str]]) -> None:
    table = _arrow("many").slice(0, len(parts))
    for name in TAGS:
        cells = pa.array([part[name] for part in parts], pa.string())
        table = table.set_column(table.column_names.index(name), name, cells)
    parquet.write_table(table, folder / "edges.parquet")
    parquet.write_table(_arrow("nodes"), folder / "nodes.parquet")


def saved_network(chance: Random, folder: Path) -> Callable[[], object]:
    """Mutate the layout and the columns of a saved network, checksum put right, and its bytes."""
    kept, path = folder / "sound.arrow", folder / "a.arrow"
    if not kept.exists():
        (folder / "sound.osm").write_text(OSM)
        read_roads(folder / "sound.osm").save(kept)
    if chance.random() < 0.3:
        path.write_bytes(in_bytes(chance, kept.read_bytes()))
        return lambda: _frames(load_saved(path))
    batch = ipc.open_file(pa.py_buffer(kept.read_bytes())).get_batch(0)
    head = dict(batch.schema.metadata)
    layout = json.loads(head[b"roxham.layout"])
    if chance.random() < 0.6:
        layout = in_json(chance, layout)
    if chance.random() < 0.6:
        batch = in_columns(chance, batch)
    head[b"roxham.layout"] = text = json.dumps(layout).encode()
    try:
        sums = checksum(text, *split(batch, parse_layout(text)))
        head[b"roxham.crc32"] = sums.encode()
    except Exception:  # it is to be refused before its checksum is asked for
        pass
    with ipc.new_file(str(path), batch.schema.with_metadata(head)) as file:
        file.write_batch(batch.replace_schema_metadata(head))
    return lambda: _frames(load_saved(path))


def csv(chance: Random, folder: Path) -> Callable[[], object] | Many:
    """Mutate cells, columns and bytes of a table; or its lines, each a row or refused."""
    path = folder / "a.csv"
    if chance.random() < 0.5:
        each = [_line(chance) for _ in range(ROWS_READ)]

        def refused(lines: Sequence[str]) -> int:
            _saved(path, "\n".join([*LINES, *lines]).encode("utf-8", "replace"))
            return _rejected(path, len(LINES) - 1 + len(lines))

        return Many(ROWS_READ, lambda: each_refused(each, refused))
    with quietly():
        data = in_frame(chance, TABLE).to_csv(index=False).encode("utf-8", "replace")
    _saved(path, in_bytes(chance, data) if chance.random() < 0.5 else data)
    return lambda: read_table(path, SITES)


LINES = ("id,date,seen,lat,lon", "a,2020-01,1,45.0,-73.5")
ENDS_OF_LINES = str.maketrans("", "", '"\0\n\r')


def _line(chance: Random) -> str:
    """Mutate a line, which stays one."""
    text = in_letters(chance, LINES[1:]).translate(ENDS_OF_LINES)
    return text if text.strip(", \t") else LINES[1]


def _rejected(path: Path, rows: int) -> int:
    """Read a table and return how many of its rows are refused; none is left out."""
    read, rejected = read_table(path, SITES)
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
            return _rejected(path, 1 + len(parts))

        return Many(ROWS_READ, lambda: each_refused(each, refused))
    _saved(path, json.dumps(in_json(chance, FEATURES)).encode())
    if chance.random() < 0.5:
        return lambda: read_border(path)
    return lambda: read_table(path, SITES)


def _feature(chance: Random) -> dict[str, Any]:
    """Mutate what a feature holds; without NUL or another type, for which files are refused."""
    changed = in_json(chance, chance.choice(FEATURES["features"]))
    held = changed if isinstance(changed, dict) else {"geometry": changed}
    text = json.dumps({**held, "type": "Feature"})
    feature: dict[str, Any] = json.loads(text.replace(r"\u0000", ""))
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
    "OSM PBF": osm_pbf,
    "OSM XML": osm_xml,
    "Overpass JSON": overpass_json,
    "GraphML": graphml,
    "GeoPackage": geopackage,
    "GeoParquet": geoparquet,
    "saved network": saved_network,
    "CSV": csv,
    "GeoJSON": geojson,
    "data package": data_package,
    "page": page,
    **TABLES,
    **TEXTS,
}
