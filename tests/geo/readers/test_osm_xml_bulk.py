"""The bulk reader of OSM XML gives what Expat gives, or leaves the file to it."""

from __future__ import annotations

import bz2
import gzip
import io
import random
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import IO, cast
from xml.sax.saxutils import escape

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roxham.geo import DataError
from roxham.geo.readers import osm_xml_bulk as plainxml
from roxham.geo.readers.osm_elements import Collector
from roxham.geo.readers.osm_xml import parse_by_expat, parse_xml
from roxham.geo.readers.osm_xml_bulk import read_plain

Read = Callable[[IO[bytes], str, str], object]


def outcome(read: Read, data: bytes, modes: str = "drive") -> object:
    """Return the columns that are read, in a form to compare, or the error."""
    try:
        found = read(io.BytesIO(data), "roads.osm", modes)
    except DataError as error:
        return str(error)
    values = {field.name: getattr(found, field.name) for field in fields(found)}  # type: ignore[arg-type]
    for key, value in values.items():
        if isinstance(value, np.ndarray):
            values[key] = value.dtype.str, value.tolist()
        if isinstance(value, dict):
            values[key] = [(osmid, list(tags.items())) for osmid, tags in value.items()]
    values["way_tags"] = [list(tags.items()) for tags in values["way_tags"]]
    return values


def is_plain(data: bytes) -> bool:
    return read_plain(io.BytesIO(data), Collector("roads.osm", "drive"))


def same(data: bytes, modes: str = "drive") -> None:
    assert outcome(parse_xml, data, modes) == outcome(parse_by_expat, data, modes)


@pytest.fixture(params=[64, 300, plainxml.CHUNK], autouse=True)
def chunk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in pieces so small that elements lie across their ends, too."""
    monkeypatch.setattr(plainxml, "CHUNK", request.param)


NODE = '<node id="{id}" lat="{lat}" lon="{lon}" version="1" user="{user}"{end}'
WORDS = ("primary", "footway", "service", "Rue de l’Est", "a > b", "/>", "</way>", "", "  ", "道")
KEYS = ("highway", "name", "access", "maxspeed", "building", "barrier", "oneway", "ref")


def document(seed: int, blank: str = "\n ") -> str:
    """Return a plain document: duplicates, impossible places and missing nodes among others."""
    rng = random.Random(seed)

    def tags() -> str:
        return "".join(
            f'{blank}<tag k="{rng.choice(KEYS)}" v="{escape(rng.choice(WORDS))}"/>'
            for _ in range(rng.randrange(4))
        )

    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n<bounds minlat="1"/>']
    for _ in range(rng.randrange(1, 12)):
        inside = tags()
        end = f">{inside}{blank}</node>" if inside else "/>"
        lat = rng.choice([*(f"{rng.uniform(-91, 91):.7f}" for _ in range(9)), "95", "-0", "4."])
        lon = f"{rng.uniform(-180, 180):.7f}"
        user = rng.choice(["a", "é &amp; &#65;", "x > y", "<"]).replace("<", "&lt;")
        parts.append(NODE.format(id=rng.randrange(-2, 9), lat=lat, lon=lon, user=user, end=end))
    for _ in range(rng.randrange(8)):
        refs = [f'{blank}<nd ref="{rng.randrange(9)}"/>' for _ in range(rng.randrange(1, 5))]
        highway = f'<tag k="highway" v="{rng.choice(WORDS[:3])}"/>' * rng.randrange(2)
        parts.append(f'<way id="{rng.randrange(5)}">{"".join(refs)}{highway}{tags()}{blank}</way>')
    if rng.random() < 0.3:
        parts.append('<way id="77" version="2"/>')
    for _ in range(rng.randrange(3)):
        member = f'{blank}<member type="way" ref="1" role="{rng.choice(WORDS)}"/>'.replace("</", "")
        parts.append(f'<relation id="5">{member}{tags()}</relation>')
    return "\n".join([*parts, "</osm>\n"])


CHANGES = (
    ('"', "'"), ("<nd ", "<!-- c --><nd "), ("<way", "<![CDATA[ ]]><way"), ("<way", "<?p i?><way"),
    ("/>", "/ >"), ("/>", " />"), ("/>", "></tag>"), ("</way>", ""), ("</way>", "</node>"),
    ("</way>", "</way >"), ("<tag", "<b/><tag"), ("<tag", "<tagged"), ("<way", "</osm><way"),
    ("primary", "&#112;rimary"), ("primary", "&unknown;"), ("primary", "&#0;"), ("primary", "&"),
    ("primary", "&#xD800;"), ("primary", "pri\nmary"), ("primary", "a&#10;b"), ("highway", "\x01"),
    ("highway", "high&#119;ay"), ("primary", "\x7f\ufffd"), ("primary", "\ufffe"),
    ('id="', 'id=" '),
    ('id="', "id = \""), ('id="', 'id="0'), ('id="', 'id="+'), ('id="', 'id="9999999999999999'),
    ('lat="', 'lat="1e'), ('lat="', 'lat="NaN" a="'), ('lat="', 'lat="_'), ("lat=", "lon="),
    ("version=", "visible="), ("version=", "id="), ('version="1"', 'visible="false"'),
    ('version="1"', 'visible="true"'), ('version="1"', 'action="delete"'), ("version", "\tversion"),
    ("<nd ", "text<nd "), ("<nd ", "\u00a0<nd "), ("\n", "\r\n"), ("\n", ""), ("\n", "\n\n\t "),
    ("UTF-8", "utf-8"), ("UTF-8", "latin-1"), ("UTF-8", "UTF-16"), ("osm", "osmChange"),
    ("<?xml", " <?xml"), ("<?xml", "\ufeff<?xml"), ("<osm", "<!DOCTYPE osm []><osm"),
    ("<bounds", "<note>Hi &lt;</note><meta a='1'/><bounds"), ("<bounds", "<note><bounds"),
    ("<bounds", "<other/><bounds"), ("<bounds", '<tag k="a" v="b"/><bounds'), ("minlat", "x:y"),
    ("</way>", "</way><bounds/>"), ("</osm>", "</osm><!-- end -->"), ("</osm>", "</osm>x"),
    ("</osm>", "</osm ><osm>"), ("<nd", "<node"), ("<node", "<way"), ("<tag", "<nd"),
    ("<way", "<relation"),
    ("<tag", "<way"), ("way>", "relation>"), ("/>", ">"), (">", "/>"), (' v="', ' v="<'),
    (' v="', ' v="<tag k=" v=" v="'), (' k="', ' k="<nd ref="'), ("v=", "k="),
    (' v="', ' w="1" v="'),
    ('user="', 'user="<tag k=" uid=" v=" w="/><'), ('id="77"', ""), ("", "<"), ("", '"'),
    ("", "\0"), ('"/>', '"></node>'), ('"/>', '"></way>'), ("</way>", "</way></way>"),
    ("</way>", '</way><way id="3"></way>'), ("</node>", "</way>"), ("<tag", "</way><tag"),
    ('v="', 'v="\t'),
)  # fmt: skip


@given(seed=st.integers(0, 10**9), modes=st.sampled_from(["drive", "walk", "all"]))
@settings(max_examples=60, deadline=None)
def test_plain_documents_are_read_in_bulk_as_by_expat(seed: int, modes: str) -> None:
    data = document(seed).encode()
    assert is_plain(data)
    same(data, modes)


@given(
    seed=st.integers(0, 10**9),
    changes=st.lists(
        st.tuples(st.sampled_from(CHANGES), st.floats(0, 1), st.booleans()), max_size=3
    ),
    cut=st.none() | st.floats(0, 1),
)
@settings(max_examples=250, deadline=None)
def test_whatever_stands_in_a_document_the_answer_is_that_of_expat(
    seed: int, changes: list[tuple[tuple[str, str], float, bool]], cut: float | None
) -> None:
    text = document(seed)
    for (old, new), where, everywhere in changes:
        at = max(text.find(old, int(where * len(text))), 0)
        text = (
            text.replace(old, new)
            if everywhere and old
            else text[:at] + text[at:].replace(old, new, 1)
        )
    data = text.encode()
    same(data if cut is None else data[: int(cut * len(data))])


@given(
    seed=st.integers(0, 10**9), noise=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=2)))
)
@settings(max_examples=150, deadline=None)
def test_damaged_bytes_give_what_expat_gives(seed: int, noise: list[tuple[float, bytes]]) -> None:
    data = document(seed).encode()
    for where, put in noise:
        at = int(where * len(data))
        data = data[:at] + put + data[at + 1 :]
    same(data)


def test_an_encoding_that_nobody_knows_is_said() -> None:
    data = b'<?xml version="1.0" encoding="UF-8"?><osm><node id="1" lat="1" lon="1"/></osm>'
    same(data)
    with pytest.raises(DataError, match="UF-8"):
        parse_xml(io.BytesIO(data), "x.osm", "drive")


@pytest.mark.parametrize("change", CHANGES, ids=repr)
def test_each_change_alone(change: tuple[str, str]) -> None:
    for seed in range(12):
        same(document(seed).replace(*change).encode())
        same(document(seed).replace(*change, 1).encode())


def test_every_truncation() -> None:
    data = document(5).encode()
    for end in range(len(data)):
        same(data[:end])


PLAIN = """<osm version="0.6"><note>The data</note><meta osm_base="now"/>
<node lon="1.5" timestamp="t" visible="true" id="1" lat="45"/>
<node lon="1.5" visible="true" id="2" lat="45.25"><tag k="barrier" v="gate &amp; &#233;"/></node>
<way visible="true" id="7"><nd ref="1"/><nd ref="2"/><tag k="highway" v="a > b"/></way>
<relation id="1"><member type="way" ref="7" role=""/><tag k="type" v="route"/></relation></osm>"""


def test_plain_dialects_are_read_in_bulk() -> None:
    assert is_plain(PLAIN.encode())
    assert is_plain(b"\xef\xbb\xbf" + PLAIN.replace("\n", "\r\n\t").encode())
    assert is_plain(b"<?xml version='1.0' encoding='utf-8'?>\n" + PLAIN.encode())
    same(PLAIN.encode())


@pytest.mark.parametrize("other", ["<!-- -->", "<?p?>", "<changeset/>", "text", "</osm>"])
def test_other_content_is_left_to_expat(other: str) -> None:
    data = PLAIN.replace("<way", other + "<way").encode()
    assert not is_plain(data)
    same(data)


@pytest.mark.parametrize("opened", [gzip.GzipFile, bz2.BZ2File])
def test_packed_files(opened: type[gzip.GzipFile | bz2.BZ2File], tmp_path: Path) -> None:
    pack = gzip.compress if opened is gzip.GzipFile else bz2.compress
    path = tmp_path / "packed"
    for text in (PLAIN, PLAIN.replace("<way", "<!-- --><way")):
        path.write_bytes(pack(text.encode()))
        with opened(path) as file:
            found = parse_xml(cast(IO[bytes], file), "roads.osm", "drive")
        assert found.refs.tolist() == [1, 2]
    for read in (parse_xml, parse_by_expat):
        path.write_bytes(pack(PLAIN.encode())[:-9])
        with opened(path) as file, pytest.raises(EOFError):
            read(cast(IO[bytes], file), "roads.osm", "drive")


def test_real_file_is_read_in_bulk_as_by_expat(shared: Path) -> None:
    data = (shared / "osm_roxham_10km.osm").read_bytes()
    assert is_plain(data)
    same(data)
