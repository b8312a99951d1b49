"""Networks of roads mutated in their structure, and what their edges say; and what reads them."""

from __future__ import annotations

import io
import json
import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import cache
from html import escape
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pyarrow as pa
import shapely
from pyarrow import ipc, parquet

from roxham.geo import Roads, read_roads
from roxham.geo.columns import Coded
from roxham.geo.network.arrow_table import parse_layout, split
from roxham.geo.network.storage import _checksum as checksum
from roxham.geo.network.storage import load_saved
from roxham.geo.readers.node_edge_tables import NULLS
from tests.geo.readers import test_osm_pbf as pbf

from .attempts import BY_ROWS, ROWS_READ, Many, Try, each_refused, quietly
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
from .tables import NO_XML, write_changed

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
FREE = {
    **{name: TAGS[name] for name in ("highway", "maxspeed")},
    "jurisdiction": ("CA-QC", "US"),
    **dict.fromkeys(("speed_kmh", "posted_m", "travel_time_s"), ("80.5", "nan", "1e3")),
}
"""What edges of GraphML may say in any words: for others OSMnx refuses the file."""
"""What edges say of themselves, as text; the first is sound."""
MANY = EDGES.iloc[[0] * ROWS_READ].assign(
    key=range(ROWS_READ), **{name: texts[0] for name, texts in TAGS.items()}
)


def saved(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _roads(path: Path) -> Callable[[], object]:
    return lambda: _frames(read_roads(path, modes="all"))


def _frames(roads: Roads) -> object:
    return roads.nodes, roads.edges


def osm_pbf(chance: Random, folder: Path) -> Callable[[], object] | Many:
    """Mutate messages within sound blobs, and blobs; or what ways say."""
    path = folder / "a.pbf"
    if chance.random() < BY_ROWS:
        return _ways(chance, lambda ways: _write_pbf(path, ways), path)
    parts = in_parts(chance, pbf.DENSE), in_parts(chance, pbf.WAY)
    pbf.saved(path, pbf.dense(*parts[0]), pbf.way(*parts[1]))
    if not chance.randrange(4):
        path.write_bytes(in_bytes(chance, path.read_bytes()))
    return _roads(path)


class Way(NamedTuple):
    """A way by itself: the numbers of its nodes, and what it says."""

    nodes: tuple[int, ...]
    tags: dict[str, str]


SPOTS = {1: (45.0, -73.5), 2: (45.01, -73.5), 3: (45.01, -73.49), 4: (-90.0, 180.0)}
"""Nodes of ways; further ones are not in the file."""
WAY_TAGS = {
    "highway": ("primary", "motorway_link", "service", "bus_guideway"),
    "oneway": ("no", "yes", "-1", "reversible", "alternating"),
    "name": ("a", "Main Street;Route 1"),
    "maxspeed": ("50", "30 mph", "CA:urban", "signals", "50;70", "walk"),
    "access": ("yes", "private", "no;permit", "customers"),
    "barrier": ("", "gate", "border_control"),
    "junction": ("", "roundabout"),
    "length": ("", "1.5 km", "900"),
    "maxspeed:backward": ("", "80", "none"),
    "route": ("", "ferry"),
    "duration": ("", "00:15", "PT15M"),
    "layer": ("", "1", "-1"),
}


def _ways(chance: Random, write: Callable[[Mapping[int, Way]], object], path: Path) -> Many:
    """Mutate ways in a file of many, each by itself; none that is still a road is left out."""
    each = [Way(_refs(chance), _tags(chance, WAY_TAGS)) for _ in range(ROWS_READ)]

    def refused(ways: Sequence[Way]) -> int:
        written = dict(enumerate([Way((1, 2), {"highway": "primary"}), *ways], start=7))
        write(written)
        roads = read_roads(path, modes="all")
        _frames(roads)
        found = set(roads.edges["osmid"].explode())
        roads_still = {
            number
            for number, way in written.items()
            if way.nodes == (1, 2) and way.tags["highway"] == "primary"
        }
        assert roads_still <= found
        return 0

    return Many(ROWS_READ, lambda: each_refused(each, refused))


def _refs(chance: Random) -> tuple[int, ...]:
    if chance.random() < 0.6:
        return (1, 2)
    return tuple(chance.choices((1, 2, 3, 4, 9), k=chance.choice((0, 1, 2, 3, 3))))


def _write_pbf(path: Path, ways: Mapping[int, Way]) -> None:
    words = {b"": 0}
    numbers = [(k, round(lat * 1e7), round(lon * 1e7)) for k, (lat, lon) in SPOTS.items()]
    columns = [pbf.signed(*_steps(column)) for column in zip(*numbers, strict=True)]
    groups = [pbf.dense(*zip((1, 8, 9), columns, strict=True))]
    for number, way in ways.items():
        codes = [
            b"".join(pbf.varint(words.setdefault(text.encode(), len(words))) for text in texts)
            for texts in (way.tags, way.tags.values())
        ]
        refs = pbf.signed(*_steps(way.nodes))
        groups.append(pbf.way((1, number), (2, codes[0]), (3, codes[1]), (8, refs)))
    pbf.saved(path, *groups, words=tuple(words))


def _steps(numbers: Sequence[int]) -> list[int]:
    return [b - a for a, b in pairwise((0, *numbers))]


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
        saved(folder / "a.osm", in_bytes(chance, data) if chance.random() < 0.3 else data)
    )


def overpass_json(chance: Random, folder: Path) -> Callable[[], object] | Many:
    """Mutate an answer; or what ways say."""
    path = folder / "a.json"
    if chance.random() < BY_ROWS:
        return _ways(chance, lambda ways: _write_json(path, ways), path)
    return _roads(saved(path, json.dumps(in_json(chance, ANSWER)).encode()))


def _write_json(path: Path, ways: Mapping[int, Way]) -> None:
    spots = SPOTS.items()
    nodes = [{"type": "node", "id": k, "lat": lat, "lon": lon} for k, (lat, lon) in spots]
    told = [
        {"type": "way", "id": k, "nodes": way.nodes, "tags": way.tags} for k, way in ways.items()
    ]
    path.write_text(json.dumps({**ANSWER, "elements": [*nodes, *told]}))


def graphml(chance: Random, folder: Path) -> Callable[[], object] | Many:
    """Mutate attributes and values of a graph that OSMnx saved; or what edges say."""
    text, path = _graphml(folder), folder / "a.graphml"
    if chance.random() < BY_ROWS:
        return _edges(chance, lambda parts: saved(path, _with_edges(text, parts)), path, FREE)
    changed = in_text(chance, text) if chance.random() < 0.7 else _in_values(chance, text)
    return _roads(saved(path, changed.encode("utf-8", "replace")))


def _with_edges(text: str, parts: Sequence[dict[str, str]]) -> bytes:
    """Return a graph with an edge for each of some parts, beside the sound one."""
    before, found, after = text.partition("<edge ")
    edge, end, after = (found + after).partition("</edge>")
    keys = {name: key for key, name in KEY.findall(text) if name in FREE}
    out = [before, edge, end]
    for number, part in enumerate(parts, start=1):
        new = edge.replace('id="0"', f'id="{number}"')
        for name, key in keys.items():
            if (value := part.get(name)) is not None:
                told = f'<data key="{key}">{escape(NO_XML.sub("", value))}</data>'
                new = re.sub(rf'<data key="{key}">[^<]*</data>', told.replace("\\", r"\\"), new)
        out += [new, end]
    return "".join([*out, after]).encode()


KEY = re.compile(r'<key id="(d\d+)" for="edge" attr.name="(\w+)"')


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
    if chance.random() < BY_ROWS:
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


def _edges(
    chance: Random,
    write: Callable[[Sequence[dict[str, str]]], object],
    path: Path,
    seeds: Mapping[str, tuple[str, ...]] = TAGS,
) -> Many:
    """Mutate what edges say of themselves, each by itself, in a file of many."""
    each = [_tags(chance, seeds) for _ in range(ROWS_READ)]

    def refused(parts: Sequence[dict[str, str]]) -> int:
        write(parts)
        _frames(read_roads(path, modes="all"))
        return 0

    return Many(ROWS_READ, lambda: each_refused(each, refused))


def _tags(chance: Random, seeds: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    tags = {name: texts[0] for name, texts in seeds.items()}
    for name in chance.choices(list(seeds), k=chance.choice((1, 1, 2))):
        text = str(chance.choice(ODD)) if chance.random() < 0.2 else in_letters(chance, seeds[name])
        if name != "oneway" or text not in NULLS:  # a street that does not say stops its file
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
    if chance.random() < BY_ROWS:
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


def saved_network(chance: Random, folder: Path) -> Callable[[], object] | Many:
    """Mutate the layout and the columns of a saved network, checksum put right, and its bytes."""
    kept, path = folder / "sound.arrow", folder / "a.arrow"
    if not kept.exists():
        (folder / "sound.osm").write_text(OSM)
        read_roads(folder / "sound.osm").save(kept)
    if chance.random() < BY_ROWS:
        return _saved_edges(chance, load_saved(kept), path)
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


def _saved_edges(chance: Random, sound: Roads, path: Path) -> Many:
    """Mutate what edges say of themselves; what is read is what was saved."""
    roads = sound.take_edges(np.zeros(ROWS_READ, dtype=np.int64), drop_nodes=False)
    told = {name: Coded.of([_said(chance, name) for _ in range(ROWS_READ)]) for name in SAID}
    grades = np.array([chance.choice(GRADES) for _ in range(ROWS_READ)])
    made = roads.with_columns(edges={**told, "grade": grades})
    made.save(path)

    def refused() -> int:
        read = load_saved(path)
        for name in SAID:
            assert repr([*read.edge(name)]) == repr([*made.edge(name)])
        assert np.array_equal(read.edge("grade"), grades, equal_nan=True)
        _frames(read)
        return 0

    return Many(ROWS_READ, refused)


SAID = ("name", "ref", "highway", "surface")
GRADES = (0.0, -0.0, 1.5, 1e-320, 1e308, float("inf"), float("nan"))


def _said(chance: Random, name: str) -> Any:
    """Return a word, a list of words, a number or nothing."""
    text = (
        in_letters(chance, TAGS.get(name, ("A 2", "asphalt"))).encode("utf-8", "replace").decode()
    )
    return chance.choice((text, text, [text, "b"], None, chance.choice((0, -1, 2**40, 0.5, True))))


NETWORKS: dict[str, Try] = {
    "OSM PBF": osm_pbf,
    "OSM XML": osm_xml,
    "Overpass JSON": overpass_json,
    "GraphML": graphml,
    "GeoPackage": geopackage,
    "GeoParquet": geoparquet,
    "saved network": saved_network,
}
