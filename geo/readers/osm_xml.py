"""Roads out of OpenStreetMap XML and saved Overpass answers, as columns.

Only ways with a ``highway`` tag are kept, and of their tags those that the
network uses. XML is read in bulk where it is plainly written, otherwise by Expat,
either way an order of magnitude faster than OSMnx's two passes; a document type,
the seat of entity bombs, is refused.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import IO, Any
from xml.parsers import expat

from roxham.geo.bounds import require_json
from roxham.geo.errors import DataError, Fault, shown

from .osm_elements import NODE_KEPT, NODE_TAGS, WAY_KEPT, Collector, Extract, gone
from .osm_xml_bulk import read_plain

__all__ = ["parse_overpass", "parse_xml", "require_plain"]

CHUNK = 1 << 20
ENCODINGS = frozenset({"utf-8", "utf-16", "utf-16le", "utf-16be", "iso-8859-1", "us-ascii"})


def parse_xml(file: IO[bytes], name: str, modes: str) -> Extract:
    """Read OSM XML.

    Parameters
    ----------
    file
        Opened for bytes, already unpacked.
    name
        What to call it in messages.
    modes
        Network type, see :func:`~roxham.geo.readers.network_types.chooser`.

    Raises
    ------
    DataError
        If it is not well-formed, ends too early, declares a document type, or
        an element lacks its id or position.
    """
    out = Collector(name, modes)
    if read_plain(file, out):
        return out.extract()
    file.seek(0)
    return parse_by_expat(file, name, modes)


def parse_by_expat(file: IO[bytes], name: str, modes: str) -> Extract:
    """Read OSM XML however it is written, see :func:`parse_xml`."""
    out = Collector(name, modes)
    parser = expat.ParserCreate()
    add_id, add_lon, add_lat = out.node_id.append, out.lon.append, out.lat.append
    add_ref, word, node_tags = out.refs.append, out.words.setdefault, out.node_tags
    way, way_start, owner = 0, 0, ""
    node = 0
    tags: dict[str, str] = {}

    def start(element: str, values: dict[str, str]) -> None:
        nonlocal way, way_start, owner, node, tags
        if element == "nd":
            if owner == "way":
                add_ref(int(values["ref"]))
        elif element == "node":
            if owner == "way":
                out.way(way, tags, way_start)
            owner = "node"
            if ("visible" in values or "action" in values) and gone(values):
                owner = ""
                return
            node = int(values["id"])
            lon, lat = float(values["lon"]), float(values["lat"])
            add_id(node)
            add_lon(lon)
            add_lat(lat)
        elif element == "tag":
            key = values["k"]
            if owner == "way":
                if key in WAY_KEPT:
                    value = values["v"]
                    tags[key] = word(value, value)
            elif owner == "node" and key in NODE_KEPT:
                node_tags.setdefault(node, {})[key] = values["v"]
        elif element == "way":
            if owner == "way":
                out.way(way, tags, way_start)
            owner = "" if gone(values) else "way"
            way, way_start, tags = int(values["id"]), len(out.refs), {}
        else:
            if owner == "way":
                out.way(way, tags, way_start)
            owner = ""

    def root(element: str, _: object) -> None:
        if element == "osmChange":
            raise DataError(f"{name}: is a file of changes. Apply it to its base file first.")
        if element != "osm":
            raise DataError(f"{name}: is XML, but no OSM file: it starts with <{shown(element)}>.")
        parser.StartElementHandler = start

    parser.StartElementHandler = root
    require_plain(parser, name)
    try:
        while chunk := file.read(CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
        if owner == "way":
            out.way(way, tags, way_start)
    except expat.ExpatError as error:
        raise DataError(
            Fault(
                name,
                f"is not whole, well-formed XML: {expat.ErrorString(error.code)}.",
                "Fetch or unpack it again.",
                row=error.lineno,
            )
        ) from None
    except DataError:
        raise
    except KeyError as error:
        problem = f"an element has no {error}."
        raise DataError(Fault(name, problem, row=parser.CurrentLineNumber)) from None
    except (ValueError, OverflowError) as error:
        problem = f"an id, a position or a reference is no number that it can be: {shown(error)}."
        mend = "Correct that line, or fetch the file again."
        raise DataError(Fault(name, problem, mend, row=parser.CurrentLineNumber)) from None
    return out.extract()


def require_plain(parser: expat.XMLParserType, name: str) -> None:
    """Make a parser raise where a file declares a document type, or an encoding not known here.

    Entities declared there can hold each other, and grow until memory is full. Of the
    encodings Expat knows its own, and those with a byte a character.
    """

    def declared(_: str, encoding: str | None, __: int) -> None:
        known = encoding is None or encoding.lower() in ENCODINGS
        with suppress(LookupError, ValueError):
            known = known or len(bytes(range(256)).decode(encoding or "", "replace")) == 256
        if not known:
            problem = f"is in the encoding {shown(encoding)}, which is not read."
            raise DataError(Fault(name, problem, "Save it as UTF-8."))

    def refuse(*_: object) -> None:
        raise DataError(
            f"{name}: declares a document type, which no road file does and which can be "
            "used to exhaust memory. Take the <!DOCTYPE> out if you trust the file."
        )

    parser.StartDoctypeDeclHandler = refuse
    parser.XmlDeclHandler = declared


def parse_overpass(file: IO[bytes], name: str, modes: str) -> Extract:
    """Read a saved Overpass answer in JSON.

    Raises
    ------
    DataError
        If it is not JSON, is not such an answer, or carries Overpass's remark
        that it is incomplete.
    """
    return roads_of(overpass_answer(file.read(), name), name, modes)


def overpass_answer(content: bytes, name: str) -> dict[str, Any]:
    """Return an Overpass answer from its JSON, see :func:`parse_overpass`."""
    require_json(content, name)
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"{name}: is not whole, well-formed JSON: {shown(error)}. Fetch it again."
        ) from None
    if not isinstance(answer, dict) or not isinstance(answer.get("elements"), list):
        raise DataError(f"{name}: is JSON, but no Overpass answer: it has no list of elements.")
    if "remark" in answer:
        raise DataError(f"{name}: Overpass says it is incomplete: {shown(answer['remark'])}")
    return answer


def roads_of(answer: dict[str, Any], name: str, modes: str) -> Extract:
    """Return the roads of an Overpass answer, see :func:`parse_overpass`."""
    out = Collector(name, modes)
    for place, element in enumerate(answer["elements"]):
        try:
            _overpass_element(out, element)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            raise DataError(f"{name}: element {place + 1} is no node, way or relation.") from None
    return out.extract()


def _text(value: Any) -> str:
    """Return the text of a tag; raise for half a character, as JSON can write one."""
    text = str(value)
    text.encode()
    return text


def _overpass_element(out: Collector, element: dict[str, Any]) -> None:
    kind, tags = element["type"], element.get("tags") or {}
    if kind == "node":
        osmid = int(element["id"])
        out.lon.append(float(element["lon"]))
        out.lat.append(float(element["lat"]))
        out.node_id.append(osmid)
        kept = {key: _text(tags[key]) for key in NODE_TAGS if key in tags}
        if kept:
            out.node_tags[osmid] = kept
    elif kind == "way":
        start = len(out.refs)
        out.refs.extend(element["nodes"])
        for ref, at in zip(element["nodes"], element.get("geometry") or (), strict=False):
            if at is not None:  # "out geom" writes positions into the way
                out.node_id.append(ref)
                out.lon.append(float(at["lon"]))
                out.lat.append(float(at["lat"]))
        out.way(int(element["id"]), {k: _text(tags[k]) for k in tags if k in WAY_KEPT}, start)
