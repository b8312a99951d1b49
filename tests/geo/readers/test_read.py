"""Files of every kind give one network; broken ones give one clear error."""

from __future__ import annotations

import bz2
import datetime as dt
import gzip
import json
import re
import shutil
import zlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import osmnx
import pandas as pd
import pytest
from osmnx import _overpass
from shapely import LineString

from roxham.geo import DataError, Region, Roads, read_roads
from roxham.geo.readers.network_types import MODES, RULES, chooser
from tests.geo.handmade import as_pbf

WriteOsm = Callable[..., Path]
OsmText = Callable[..., str]

CROSS = {(1, 2), (2, 1), (1, 3), (3, 1), (1, 5), (5, 1), (4, 1)}


def pairs(roads: Roads) -> set[tuple[int, int]]:
    ends = zip(roads.node_id[roads.u].tolist(), roads.node_id[roads.v].tolist(), strict=True)
    return set(ends)


def overpass_json(path: Path) -> dict[str, Any]:
    """Return the content of an OSM XML file as Overpass gives it."""
    from osmnx._osm_xml import _overpass_json_from_xml

    answer: dict[str, Any] = _overpass_json_from_xml(path, "utf-8")
    for element in answer["elements"]:
        element["tags"] = {str(k): str(v) for k, v in element["tags"].items()}
    return {"version": 0.6, "elements": answer["elements"]}


@pytest.fixture(params=["xml", "gz", "bz2", "pbf", "json", "json.gz", "arrow"])
def same(request: pytest.FixtureRequest, cross: Path, tmp_path: Path) -> Path:
    """Write the crossing in another format, under a name that says nothing."""
    target = tmp_path / "file.bin"
    data = cross.read_bytes()
    match request.param:
        case "xml":
            target.write_bytes(b"\xef\xbb\xbf" + data)
        case "gz":
            target.write_bytes(gzip.compress(data))
        case "bz2":
            target.write_bytes(bz2.compress(data))
        case "pbf":
            shutil.move(as_pbf(cross, tmp_path / "roads.osm.pbf"), target)
        case "json":
            target.write_text(json.dumps(overpass_json(cross)))
        case "json.gz":
            target.write_bytes(gzip.compress(json.dumps(overpass_json(cross)).encode()))
        case "arrow":
            shutil.move(read_roads(cross).save(tmp_path / "roads.arrow"), target)
    return target


def test_content_decides_and_every_format_gives_the_same_network(same: Path, cross: Path) -> None:
    roads, expected = read_roads(same), read_roads(cross)
    assert pairs(roads) == CROSS
    pd.testing.assert_frame_equal(roads.edges, expected.edges)
    pd.testing.assert_frame_equal(roads.nodes, expected.nodes)


@pytest.mark.parametrize("directed", [True, False])
def test_geopackage_of_osmnx_gives_the_same_network(
    cross: Path, tmp_path: Path, directed: bool
) -> None:
    osmnx.save_graph_geopackage(
        read_roads(cross).to_networkx(), tmp_path / "roads.gpkg", directed=directed
    )
    roads = read_roads(tmp_path / "roads.gpkg")
    assert pairs(roads) == CROSS
    expected = read_roads(cross).edges.sort_index()
    found = roads.edges.sort_index()
    assert found["length"].tolist() == pytest.approx(expected["length"].tolist())
    assert found["osmid"].tolist() == expected["osmid"].tolist()
    assert found["oneway"].tolist() == expected["oneway"].tolist()
    assert found["travel_time_s"].tolist() == pytest.approx(expected["travel_time_s"].tolist())
    assert (found.geometry == expected.geometry).all()


def test_graphml_of_osmnx_gives_the_same_network(cross: Path, tmp_path: Path) -> None:
    graph = osmnx.simplify_graph(osmnx.graph_from_xml(cross, simplify=False))
    osmnx.save_graphml(graph, tmp_path / "roads.graphml")
    roads = read_roads(tmp_path / "roads.graphml")
    assert pairs(roads) == CROSS - {(1, 2), (2, 1)} | {(1, 12), (12, 1), (12, 2), (2, 12)}
    assert roads.edges["name"].dropna().unique().tolist() == ["Rue de l’Est", "Nord–Sud"]


def test_geoparquet_tables_with_and_without_nodes(cross: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    roads = read_roads(cross)
    edges = roads.edges.drop(columns=["junction"], errors="ignore")
    edges.reset_index().to_parquet(tmp_path / "my_edges.parquet")
    assert pairs(read_roads(tmp_path / "my_edges.parquet")) == CROSS
    roads.nodes.assign(note="seen").to_parquet(tmp_path / "my_nodes.parquet")
    again = read_roads(tmp_path / "my_edges.parquet")
    assert again.nodes["note"].unique().tolist() == ["seen"]
    assert pairs(again) == CROSS


def test_one_row_a_street_is_both_ways_where_it_says_so(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    edges = gpd.GeoDataFrame(
        {"u": [1, 2], "v": [2, 3], "oneway": [False, True], "highway": ["primary"] * 2},
        geometry=[LineString([(0, 0), (0.5, 0.1), (1, 0)]), LineString([(1, 0), (2, 0)])],
        crs="EPSG:4326",
    )
    edges.to_parquet(tmp_path / "edges.parquet")
    roads = read_roads(tmp_path)
    assert pairs(roads) == {(1, 2), (2, 1), (2, 3)}
    back = roads.edges.geometry.to_dict()[2, 1, 0]
    assert back.coords[0] == (1, 0)


@pytest.mark.parametrize("kind", ["gpkg", "parquet"])
def test_an_edge_without_the_id_of_an_end_is_refused(kind: str, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    edges = gpd.GeoDataFrame(
        {"u": pd.array([1, None], dtype="Int64"), "v": [2, 3], "oneway": [True, True]},
        geometry=[LineString([(0, 0), (1, 0)]), LineString([(1, 0), (2, 0)])],
        crs="EPSG:4326",
    )
    path = tmp_path / f"edges.{kind}"
    if kind == "gpkg":
        edges.to_file(path, layer="edges")
    else:
        edges.to_parquet(path)
    with pytest.raises(DataError, match="1 ends of its edges have no id in u or v"):
        read_roads(path, modes="all")


def parsed(filter_text: str) -> set[tuple[str, frozenset[str]]]:
    rules = re.findall(r'\["([^"]+)"!~"([^"]+)"\]', filter_text)
    return {(tag, frozenset(barred.split("|"))) for tag, barred in rules}


@pytest.mark.parametrize("modes", MODES)
def test_filters_are_those_of_osmnx(modes: str) -> None:
    ours = {(tag, frozenset(barred.split("|"))) for tag, barred in RULES[modes]}
    assert ours == parsed(_overpass._get_network_filter(modes))


@pytest.mark.parametrize(
    ("tags", "modes"),
    [
        ({"highway": "motorway_link"}, {"drive", "drive_service", "all", "all_public"}),
        ({"highway": "service"}, set(MODES) - {"drive"}),
        ({"highway": "service", "service": "parking_aisle"}, {"walk", "bike", "all", "all_public"}),
        ({"highway": "footway"}, {"walk", "all", "all_public"}),
        ({"highway": "residential", "access": "private"}, {"all"}),
        ({"highway": "path", "bicycle": "no"}, {"walk", "all", "all_public"}),
        ({"highway": "primary", "area": "yes"}, set()),
        ({"highway": "proposed"}, set()),
        ({"building": "yes"}, set()),
    ],
)
def test_a_way_belongs_to_these_network_types(tags: dict[str, str], modes: set[str]) -> None:
    assert {mode for mode in MODES if chooser(mode)(tags)} == modes


def test_filter_holds_for_graphs_too(write_osm: WriteOsm, tmp_path: Path) -> None:
    points = {1: (0.0, 50.0), 2: (0.01, 50.0), 3: (0.02, 50.0)}
    ways = [(1, [1, 2], {"highway": "primary"}), (2, [2, 3], {"highway": "footway"})]
    path = write_osm(points, ways)
    graph = osmnx.graph_from_xml(path)
    osmnx.save_graphml(graph, tmp_path / "g.graphml")
    with pytest.raises(DataError, match="no road of network type drive"):
        read_roads(tmp_path / "g.graphml")  # one edge, merged of road and footway
    assert pairs(read_roads(tmp_path / "g.graphml", modes="all")) == {(1, 3), (3, 1)}
    assert pairs(read_roads(path)) == {(1, 2), (2, 1)}


def test_region_keeps_whole_edges_of_which_any_part_is_inside(write_osm: WriteOsm) -> None:
    points = {1: (-1.0, 0.5), 2: (2.0, 0.5), 3: (-1.0, 1.9), 4: (0.5, 2.5), 5: (5.0, 5.0),
              6: (6.0, 5.0), 7: (0.4, 0.4), 8: (0.6, 0.6), 9: (-1, 1.1), 10: (1, 2.4)}  # fmt: skip
    ways = [(1, [1, 2], {"highway": "primary"}), (2, [3, 4], {"highway": "primary"}),
            (3, [5, 6], {"highway": "primary"}), (4, [7, 8], {"highway": "primary"}),
            (5, [9, 10], {"highway": "primary"})]  # fmt: skip
    square = Region("square", "A square", (0, 0, 1, 2), "EPSG:32631", ("CA", "US"))
    roads = read_roads(write_osm(points, ways), region=square)
    assert {(u, v) for u, v in pairs(roads) if u < v} == {(1, 2), (7, 8), (9, 10)}


def test_saved_network_of_another_type_is_refused(cross: Path, tmp_path: Path) -> None:
    saved = read_roads(cross, modes="walk").save(tmp_path / "roads.arrow")
    with pytest.raises(DataError, match="holds the network type walk"):
        read_roads(saved)
    assert read_roads(saved, modes="walk").edge_count == 12


def test_elements_deleted_in_an_editor_are_not_there(tmp_path: Path, osm_text: OsmText) -> None:
    points = {1: (0.0, 50.0), 2: (0.01, 50.0), 3: (0.02, 50.0)}
    ways = [(1, [1, 2], {"highway": "primary"}), (2, [2, 3], {"highway": "primary"})]
    text = osm_text(points, ways).replace('<way id="2"', '<way id="2" action="delete"')
    (tmp_path / "josm.osm").write_text(text)
    assert pairs(read_roads(tmp_path / "josm.osm")) == {(1, 2), (2, 1)}


def test_overpass_answer_with_geometry_in_the_ways(tmp_path: Path) -> None:
    at = [{"lat": 50.0, "lon": 0.0}, {"lat": 50.0, "lon": 0.01}]
    way = {"type": "way", "id": 7, "nodes": [1, 2], "geometry": at, "tags": {"highway": "primary"}}
    (tmp_path / "answer.json").write_text(json.dumps({"elements": [way]}))
    assert pairs(read_roads(tmp_path / "answer.json")) == {(1, 2), (2, 1)}


LONG = ("Chemin \\\"<&>' 道 \u202e \N{PILE OF POO} " * 400)[:10_000].strip()


@pytest.mark.parametrize(("kind", "length"), [("xml", 10_000), ("pbf", 200), ("arrow", 10_000)])
def test_a_name_as_long_as_the_format_allows_survives(
    write_osm: WriteOsm, tmp_path: Path, kind: str, length: int
) -> None:
    tags = {"highway": "primary", "name": LONG[:length]}
    path = write_osm({1: (0, 50), 2: (1, 50)}, [(1, [1, 2], tags)])
    if kind == "arrow":
        path = read_roads(path).save(tmp_path / "long.arrow")
    if kind == "pbf":
        path = as_pbf(path, tmp_path / "long.pbf")
    assert read_roads(path).edges["name"].unique().tolist() == [LONG[:length]]


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise("abcdefghi"))
    + ']><{root}><node id="1" lat="0" lon="0"><tag k="name" v="&i;"/></node></{root}>'
)


def broken(cross: Path, kind: str) -> bytes:
    data = cross.read_bytes()
    match kind:
        case "truncated XML":
            return data[: len(data) // 2]
        case "truncated gz":
            return gzip.compress(data)[:-60]
        case "truncated bz2":
            return bz2.compress(data)[:-60]
        case "damaged gz":
            packed = bytearray(gzip.compress(data))
            packed[len(packed) // 2] ^= 0xFF
            return bytes(packed)
        case "truncated JSON":
            return json.dumps(overpass_json(cross)).encode()[:-9]
        case "XML bomb":
            return BOMB.replace("{root}", "osm").encode()
        case "GraphML bomb":
            return BOMB.replace("{root}", "graphml").encode()
        case "truncated GraphML":
            return b'<?xml version="1.0"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
        case "web page":
            return b"<html><body>429 Too Many Requests</body></html>"
        case "changes":
            return b'<osmChange version="0.6"></osmChange>'
        case "other JSON":
            return b'{"type": "FeatureCollection", "features": []}'
        case "list":
            return b'{"elements": [5]}'
        case "deep JSON":
            return b'{"elements": ' + b"[" * 100_000
        case "unfinished answer":
            return b'{"elements": [], "remark": "runtime error: Query timed out"}'
        case "no id":
            return data.replace(b'id="12" ', b"")
        case "text for a number":
            return data.replace(b'lat="45.001"', b'lat="north"')
        case "huge id":
            return data.replace(b'"12"', b'"99999999999999999999"')
        case "GeoPackage":
            return b"SQLite format 3\0" + bytes(2000)
        case "Parquet":
            return b"PAR1" + bytes(200) + b"PAR1"
        case "Arrow":
            return b"ARROW1\0\0" + bytes(200)
        case "text":
            return b"u,v\n1,2\n"
        case "nothing":
            return b""
        case "no roads":
            return b'<osm><node id="1" lat="0" lon="0"/></osm>'
        case "no content":
            return b"<osm/>"
        case "deep GraphML":
            ids = "[" + "-" * 10_000 + "1]"
            keys = ("name", "edge"), ("x", "node"), ("y", "node")
            told = "".join(
                f'<key id="{k}" for="{of}" attr.name="{k}" attr.type="string"/>' for k, of in keys
            )
            at = '<data key="x">1</data><data key="y">1</data></node>'
            edge = f'<edge source="1" target="2"><data key="name">{ids}</data></edge>'
            graph = f'<node id="1">{at}<node id="2">{at}{edge}</graph></graphml>'
            head = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
            return f'{head}{told}<graph edgedefault="directed">{graph}'.encode()
    raise AssertionError(kind)


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("truncated XML", "row .*not whole, well-formed XML"),
        ("truncated gz", "not whole"),
        ("truncated bz2", "not whole"),
        ("damaged gz", "not whole"),
        ("truncated JSON", "well-formed JSON"),
        ("XML bomb", "document type"),
        ("GraphML bomb", "document type"),
        ("truncated GraphML", "no whole GraphML"),
        ("deep GraphML", "a list is nested too deeply"),
        ("web page", "starts with <html>"),
        ("changes", "file of changes"),
        ("other JSON", "no Overpass answer"),
        ("list", "element 1"),
        ("deep JSON", "well-formed JSON"),
        ("unfinished answer", "incomplete: runtime error"),
        ("no id", "an element has no 'id'"),
        ("text for a number", "an id, a position or a reference.*north"),
        ("huge id", "row"),
        ("GeoPackage", "not a whole GeoPackage"),
        ("Parquet", "not a whole Parquet"),
        ("Arrow", "cannot be opened as a saved network"),
        ("text", "none of OSM XML"),
        ("nothing", "it is empty"),
        ("no roads", "no road of network type drive"),
        ("no content", "no road of network type drive"),
    ],
)
def test_broken_file_is_one_clear_error(
    cross: Path, tmp_path: Path, kind: str, message: str
) -> None:
    path = tmp_path / "broken.bin"
    path.write_bytes(broken(cross, kind))
    with pytest.raises(DataError, match=message) as caught:
        read_roads(path)
    assert "broken.bin" in str(caught.value)
    assert len(str(caught.value)) < 500


def test_every_cut_of_a_pbf_is_an_error_or_reported(cross: Path, tmp_path: Path) -> None:
    data = as_pbf(cross, tmp_path / "roads.osm.pbf").read_bytes()
    for end in range(4, len(data) - 1):
        path = tmp_path / "cut.pbf"
        path.write_bytes(data[:end])
        with pytest.raises(DataError):
            read_roads(path)


def test_every_changed_byte_of_a_pbf_is_caught_or_harmless(cross: Path, tmp_path: Path) -> None:
    data = as_pbf(cross, tmp_path / "roads.osm.pbf").read_bytes()
    path = tmp_path / "changed.pbf"
    for place in range(0, len(data), 3):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
        try:
            roads = read_roads(path)
        except DataError:
            continue
        assert pairs(roads) == CROSS


def test_document_type_behind_a_long_comment_is_refused(cross: Path, tmp_path: Path) -> None:
    path = tmp_path / "hidden.osm"
    hidden = f"<!--{'x' * 5000}--><!DOCTYPE osm [<!ENTITY a 'b'>]><osm"
    path.write_text(cross.read_text().replace("<osm", hidden, 1))
    with pytest.raises(DataError, match="document type"):
        read_roads(path)


def test_pbf_blob_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    packed = zlib.compress(bytes(33 * 1024 * 1024))
    size = len(packed)
    blob = b"\x1a" + bytes([size & 127 | 128, size >> 7 & 127 | 128, size >> 14]) + packed
    length = bytes([len(blob) & 127 | 128, len(blob) >> 7 & 127 | 128, len(blob) >> 14])
    header = b"\n\x07OSMData\x18" + length
    path = tmp_path / "bomb.pbf"
    first = b"\0\0\0\x0d\n\tOSMHeader\x18\x02" + b"\n\0"
    path.write_bytes(first + len(header).to_bytes(4, "big") + header + blob)
    with pytest.raises(DataError, match=r"a blob unpacks to more than .* bytes, its bound"):
        read_roads(path)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        read_roads(tmp_path / "nowhere.osm")
    with pytest.raises(DataError, match="folder without edges"):
        read_roads(tmp_path)


def test_name_that_no_file_can_have() -> None:
    with pytest.raises(DataError, match="holds characters that stand for none"):
        read_roads("a\0b")


def test_unknown_network_type(cross: Path) -> None:
    with pytest.raises(DataError, match="modes: is the text “fly”"):
        read_roads(cross, modes="fly")  # type: ignore[arg-type]


def test_region_without_roads(cross: Path) -> None:
    with pytest.raises(DataError, match="in region sea"):
        read_roads(cross, region=Region("sea", "Sea", (0, 0, 1, 1), "EPSG:32631", ("CA", "US")))


@pytest.mark.parametrize("crs", ["EPSG:32618", "EPSG:4269"])
@pytest.mark.parametrize("with_nodes", [False, True])
def test_tables_are_converted_from_the_system_they_state(
    cross: Path, tmp_path: Path, crs: str, with_nodes: bool
) -> None:
    pytest.importorskip("pyarrow")
    roads = read_roads(cross)
    edges, nodes = roads.edges.drop(columns="name").to_crs(crs), roads.nodes.to_crs(crs)
    edges.reset_index().to_parquet(tmp_path / "edges.parquet")
    if with_nodes:  # as osmnx.project_graph leaves them
        nodes = nodes.assign(lon=nodes["x"], lat=nodes["y"], x=nodes.geometry.x, y=nodes.geometry.y)
        nodes.to_parquet(tmp_path / "nodes.parquet")
    again = read_roads(tmp_path)
    assert pairs(again) == CROSS
    order = np.argsort(again.node_id), np.argsort(roads.node_id)
    for name in ("x", "y"):
        theirs, ours = getattr(again, name)[order[0]], getattr(roads, name)[order[1]]
        assert np.abs(theirs - ours).max() < 1e-7
    assert again.length_m.sum() == pytest.approx(roads.length_m.sum())


def test_a_table_without_a_system_is_refused(cross: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    edges = read_roads(cross).edges.reset_index().drop(columns="name")
    bare = gpd.GeoDataFrame(edges.drop(columns="geometry"), geometry=edges.geometry.to_numpy())
    bare.to_parquet(tmp_path / "edges.parquet")
    with pytest.raises(DataError, match=r"edges: .*coordinate reference system"):
        read_roads(tmp_path / "edges.parquet")


def streets(**columns: list[object]) -> gpd.GeoDataFrame:
    """Return two streets in a row, 1 to 2 to 3, one row each."""
    lines = [LineString([(7.0, 50.0), (7.01, 50.0)]), LineString([(7.01, 50.0), (7.02, 50.0)])]
    table = {"u": [1, 2], "v": [2, 3], "key": [0, 0], "highway": ["residential"] * 2, **columns}
    return gpd.GeoDataFrame(table, geometry=lines, crs="EPSG:4326")


THERE, BACK = {(1, 2), (2, 3)}, {(2, 1), (3, 2)}


def test_one_row_a_street_without_oneway_is_asked_about(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path / "streets_edges.parquet"
    streets().to_parquet(path)
    with pytest.raises(DataError, match=r"no column oneway.*Add oneway.*--undirected.*directed="):
        read_roads(path)
    assert pairs(read_roads(path, directed=True)) == THERE
    assert pairs(read_roads(path, directed=False)) == THERE | BACK
    back = streets().assign(u=[2, 3], v=[1, 2])
    back = back.set_geometry(back.geometry.reverse())[:1]
    gpd.GeoDataFrame(pd.concat([streets(), back])).to_parquet(path)
    assert pairs(read_roads(path)) == THERE | {(2, 1)}  # directed, as it shows


@pytest.mark.parametrize(
    ("oneway", "expected"),
    [
        (["yes", "no"], THERE | {(3, 2)}),
        (["-1", "B"], {(2, 1), (2, 3), (3, 2)}),
        (["T", "F"], {(2, 1), (2, 3)}),
        ([True, False], THERE | {(3, 2)}),
        ([1, 0], THERE | {(3, 2)}),
    ],
)
def test_oneway_is_known_as_maps_write_it(
    tmp_path: Path, oneway: list[object], expected: set[tuple[int, int]]
) -> None:
    pytest.importorskip("pyarrow")
    streets(oneway=oneway).to_parquet(tmp_path / "edges.parquet")
    assert pairs(read_roads(tmp_path)) == expected


def test_rows_without_oneway_among_others_are_asked_about(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    streets(oneway=["yes", None]).to_parquet(tmp_path / "edges.parquet")
    with pytest.raises(DataError, match="has 1 rows without oneway"):
        read_roads(tmp_path)
    assert pairs(read_roads(tmp_path, directed=False)) == THERE | {(3, 2)}


def plain(*wkt: str, **columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries.from_wkt(wkt, crs="EPSG:4326"))


def test_plain_lines_meet_where_they_share_a_vertex(tmp_path: Path) -> None:
    lines = plain(
        "LINESTRING (7 50, 7.01 50, 7.02 50)",  # a street, and another across its middle vertex
        "LINESTRING (7.01 49.99, 7.010000001 50, 7.01 50.01)",
        "MULTILINESTRING ((7.005 49.99, 7.005 50.01), (7.02 50, 7.02 50.01, 7.02 50))",  # a bridge
        name=["High Street", "Cross Street", "Bridge"],
        highway=["residential"] * 3,
        oneway=["F", "B", "no"],
        length=[1.4, 2.2, 2.2],  # in kilometres, of the whole: nothing that edges have
    )
    roads = read_roads(lines)
    spots = zip(roads.x.round(3).tolist(), roads.y.round(3).tolist(), strict=True)
    place = dict(zip(roads.node_id.tolist(), spots, strict=True))
    ends = {(place[u], place[v]) for u, v in pairs(roads)}
    centre, west, east = (7.01, 50.0), (7.0, 50.0), (7.02, 50.0)
    assert {end for pair in ends for end in pair if centre in pair} == {
        *(centre, west, east),
        *((7.01, 49.99), (7.01, 50.01)),
    }
    assert (west, centre) in ends
    assert (centre, west) not in ends
    assert {pair for pair in ends if (7.005, 49.99) in pair} == {
        ((7.005, 49.99), (7.005, 50.01)),
        ((7.005, 50.01), (7.005, 49.99)),
    }
    table = roads.edges
    street = table[table["name"] == "High Street"]
    assert street["length_m"].round().tolist() == [715, 715]
    assert (table["length_m"] > 100).all()
    lines.to_file(tmp_path / "roads.gpkg")
    assert pairs(read_roads(tmp_path / "roads.gpkg")) == pairs(roads)


@pytest.mark.parametrize(
    ("wkt", "told"),
    [
        ("LINESTRING (7.005 50, 7.005 50.01)", "1 ends of its lines lie on another"),
        ("LINESTRING (7.003 50.0000005, 7.003 50.01)", "1 ends of its lines lie on another"),
        ("POINT (7 50)", "1 of its rows hold no line"),
        ("LINESTRING EMPTY", "1 of its rows hold no line"),
        ("LINESTRING (7 50, 7 50)", "1 of its lines have no length"),
    ],
)
def test_plain_lines_of_which_nobody_says_where_they_meet_are_refused(wkt: str, told: str) -> None:
    lines = plain("LINESTRING (7 50, 7.01 50)", wkt, highway=["residential"] * 2)
    with pytest.raises(DataError, match=told):
        read_roads(lines, directed=False)


def test_edges_in_a_frame_are_those_of_its_file(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    streets(oneway=["yes", "no"]).to_parquet(tmp_path / "edges.parquet")
    frame = streets(oneway=["yes", "no"]).rename_geometry("line")
    assert pairs(read_roads(frame)) == pairs(read_roads(tmp_path))
    with pytest.raises(DataError, match=r"expected EPSG:4326"):
        read_roads(streets().to_crs(32632))


def test_lines_that_miss_their_nodes_are_named(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    table = streets(oneway=["no", "no"])
    there, on = table.geometry
    ahead = gpd.GeoDataFrame(
        {"u": [3, 1], "v": [4, 3], "highway": ["residential"] * 2, "oneway": ["no"] * 2},
        geometry=[
            LineString([(7.02, 50.0), (7.03, 50.0), (7.02, 50.0)]),
            LineString([(7.0, 50.5), (7.02, 50.5)]),
        ],
        crs="EPSG:4326",
    )
    table = table.set_geometry(gpd.GeoSeries([there, on.reverse()], crs="EPSG:4326"))
    pd.concat([table, ahead]).drop(columns="key").to_parquet(tmp_path / "edges.parquet")
    nodes = gpd.points_from_xy([7.0, 7.01, 7.02, 7.03], [50.0] * 4)
    gpd.GeoDataFrame({"osmid": [1, 2, 3, 4]}, geometry=nodes, crs="EPSG:4326").to_parquet(
        tmp_path / "nodes.parquet"
    )
    with pytest.raises(DataError) as caught:
        read_roads(tmp_path)
    told = [str(fault).split("geometry: ")[-1] for fault in caught.value.faults]
    assert told[0].endswith("3 lines do not run from their u to their v.")
    assert told[1] == "the line of 2 to 3 runs from 3 to 2. Turn it round."
    assert told[2].startswith("the line of 3 to 4 passes both, but does not start at one")
    assert "back and forth: split it" in told[2]
    assert told[3].startswith("the line of 1 to 3 does not reach both.")
    assert len(told) == 4


def test_without_nodes_most_lines_say_where_an_end_is(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    table = streets(oneway=["no", "no"])
    away = gpd.GeoSeries([LineString([(7.01, 50.1), (7.01, 50.0)])], crs="EPSG:4326")
    odd = table.iloc[:1].assign(u=[2], v=[5]).set_geometry(away)
    pd.concat([odd, table]).to_parquet(tmp_path / "edges.parquet")
    with pytest.raises(DataError, match=r"the line of 2 to 5") as caught:
        read_roads(tmp_path)
    assert len(caught.value.faults) == 2


STRAIT = {1: (10.0, 49.98), 2: (10.0, 49.99), 3: (10.0, 50.0), 4: (10.0, 50.01), 5: (10.1, 50.0)}
FERRIES = [
    (1, [1, 2], {"highway": "secondary"}),
    (2, [2, 3], {"highway": "secondary", "route": "ferry", "duration": "00:20", "maxspeed": "90"}),
    (3, [3, 4], {"highway": "secondary"}),
    (4, [4, 5], {"highway": "tertiary", "route": "ferry"}),
    (5, [1, 5], {"route": "ferry"}),
    (6, [1, 5], {"highway": "footway"}),
]


@pytest.mark.parametrize("kind", ["bulk", "expat", "json"])
def test_ferries_are_not_driven_at_the_speed_of_roads(
    write_osm: WriteOsm, tmp_path: Path, kind: str
) -> None:
    path = write_osm(STRAIT, FERRIES)
    if kind == "expat":
        path.write_text(path.read_text().replace("<way", "<!-- a remark --><way"))
    if kind == "json":
        (tmp_path / "roads.json").write_text(json.dumps(overpass_json(path)))
        path = tmp_path / "roads.json"
    roads = read_roads(path)
    assert pairs(roads) == {(a, b) for a, b in [(1, 2), (2, 3), (3, 4), (4, 5)]} | {
        (2, 1), (3, 2), (4, 3), (5, 4)
    }  # fmt: skip
    columns = ("travel_time_s", "speed_kmh", "speed_basis")
    edges = {
        pair: {name: roads.edge(name).tolist()[row] for name in columns}
        for row, pair in enumerate(zip(roads.node_id[roads.u], roads.node_id[roads.v], strict=True))
    }
    assert edges[2, 3]["travel_time_s"] == 20 * 60
    assert edges[2, 3]["speed_basis"] == "observed"
    assert np.isnan([edges[4, 5]["travel_time_s"], edges[4, 5]["speed_kmh"]]).all()
    assert edges[4, 5]["speed_basis"] is None
    assert edges[1, 2]["speed_kmh"] > 40
    assert roads.meta["ferries"] == 1
    report = roads.report()
    assert report.ferries == 1
    assert report.ferry_km == pytest.approx(1.112 + 7.234, abs=0.01)
    assert ("ferries left out", "1") in report.rows()


def test_ferries_of_tables_have_no_speed_of_their_class(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    table = streets(oneway=["no", "no"], route=["ferry", None], maxspeed=["90", "90"])
    table.to_parquet(tmp_path / "edges.parquet")
    edges = read_roads(tmp_path).edges.droplevel("key")
    assert edges["speed_kmh"].isna().tolist() == (edges["route"] == "ferry").tolist()
    assert edges["route"].eq("ferry").sum() == 2


def test_a_road_over_180_degrees_is_where_it_is(write_osm: WriteOsm) -> None:
    points = {1: (179.98, -16.8), 2: (179.999, -16.8), 3: (-179.999, -16.8), 4: (-179.98, -16.8)}
    path = write_osm(points, [(1, [1, 2, 3, 4], {"highway": "secondary"})])
    assert read_roads(path).length_m == pytest.approx([4258, 4258], abs=1)
    for west, east, there in ((179, 180, True), (-180, -179.5, True), (0, 1, False)):
        region = Region("x", "X", (west, -17, east, -16), "EPSG:32701", ("A", "B"))
        if there:
            assert read_roads(path, region=region).edge_count == 2
        else:
            with pytest.raises(DataError, match="holds no road"):
                read_roads(path, region=region)


def test_real_files_are_one_network(shared: Path) -> None:
    xml = read_roads(shared / "osm_roxham_10km.osm")
    pbf = read_roads(shared / "osm_roxham_10km.osm.pbf")
    pd.testing.assert_frame_equal(xml.edges, pbf.edges)
    tile = read_roads(shared / "overpass_roxham_tile_6f6deb95.json.gz")
    assert tile.edge_count > 5000
    assert tile.meta["set_aside"] == []


@pytest.mark.parametrize("encoding", ["gbk", "Shift_JIS", "utf-7", "utf-32", "idna", "no-such"])
def test_an_encoding_that_is_not_read_is_named(encoding: str, cross: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.osm"
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    path.write_text(declared + cross.read_text()[cross.read_text().index("<osm") :])
    with pytest.raises(DataError, match=f"a.osm: is in the encoding {encoding}, .* UTF-8"):
        read_roads(path)


@pytest.mark.parametrize("encoding", ["cp1252", "cp1251", "UTF-16"])
def test_other_encodings_are_read(encoding: str, cross: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.osm"
    text = cross.read_text()
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    path.write_text(declared + text[text.index("<osm") :], encoding=encoding)
    assert pairs(read_roads(path)) == CROSS


def test_half_a_character_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    tags = {"highway": "primary", "name": "\ud800"}
    path.write_text(json.dumps({"elements": [{"type": "way", "id": 1, "nodes": [], "tags": tags}]}))
    with pytest.raises(DataError, match="element 1 is no node, way or relation"):
        read_roads(path)


def test_an_id_of_more_digits_than_python_reads_is_a_text() -> None:
    lines = plain("LINESTRING (7 50, 7.01 50)", highway=["residential"], osmid=["9" * 5000])
    assert read_roads(lines, directed=True).edge("osmid").tolist() == ["9" * 5000]


def test_lists_of_what_json_has_no_word_for_are_read(tmp_path: Path) -> None:
    lines = [LineString([(0, 0), (1, 0)]), LineString([(1, 0), (2, 0)])]
    told = [[{"when": dt.date(2020, 1, day), "raw": b"x"}] for day in (1, 2)]
    edges = gpd.GeoDataFrame({"sources": told}, geometry=lines, crs=4326)
    edges.to_parquet(tmp_path / "edges.parquet")
    roads = read_roads(tmp_path / "edges.parquet", modes="all", directed=False)
    assert {day["when"].day for (day,) in roads.edges["sources"]} == {1, 2}
