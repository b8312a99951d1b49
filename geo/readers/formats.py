"""Kinds of road files: how each is known by its first bytes, and what reads it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple
from xml.parsers import expat

from roxham.geo.errors import DataError, shown
from roxham.geo.network.graphml import read_graphml
from roxham.geo.network.roads import Roads
from roxham.geo.network.storage import load_saved, refuse_older

from .network_types import TWO_WAY, Mode
from .node_edge_tables import filter_modes, read_tables
from .osm_elements import Extract
from .osm_pbf import parse_pbf
from .osm_xml import parse_overpass, parse_xml, require_plain
from .simplify import build_network

__all__ = ["READERS", "Reader", "RoadFile"]

ARROW, PARQUET, SQLITE = b"ARROW1", b"PAR1", b"SQLite format 3\0"
XML = (b"<", b"\xff\xfe", b"\xfe\xff")
"""How XML begins, in UTF-16 too."""


@dataclass(frozen=True)
class RoadFile:
    """A road file that is open.

    Attributes
    ----------
    path
        Where it lies; for readers that open files themselves.
    name
        What to call it in messages.
    head
        Its first bytes, unpacked.
    content
        All its bytes, unpacked.
    directed
        Of tables whose rows do not say it: whether each is one direction only.
    rings
        Of OpenStreetMap's files: whether isolated rings of road are kept.
    """

    path: Path
    name: str
    head: bytes
    content: IO[bytes]
    directed: bool | None = None
    rings: bool = False

    @property
    def text(self) -> bytes:
        """The first bytes without what may stand before a text: a mark of UTF-8, blanks."""
        return self.head.lstrip(b"\xef\xbb\xbf \t\r\n")


class Reader(NamedTuple):
    """Whether a file is of a kind, judged by its first bytes, and what reads one.

    ``read`` gives the roads of a network type, in EPSG:4326, or raises ``DataError``.
    """

    knows: Callable[[RoadFile], bool]
    read: Callable[[RoadFile, Mode], Roads]


def _osm(parse: Callable[[IO[bytes], str, Mode], Extract]) -> Callable[[RoadFile, Mode], Roads]:
    def read(file: RoadFile, modes: Mode) -> Roads:
        extract = parse(file.content, file.name, modes)
        return build_network(extract, two_way=modes in TWO_WAY, rings=file.rings)

    return read


def _graphml(file: RoadFile, modes: Mode) -> Roads:
    return filter_modes(read_graphml(file.content, file.name), modes, file.name)


def _tables(file: RoadFile, modes: Mode) -> Roads:
    return filter_modes(read_tables(file.path, file.name, directed=file.directed), modes, file.name)


def _parquet(file: RoadFile, modes: Mode) -> Roads:
    refuse_older(file.path, file.name)
    return _tables(file, modes)


def _saved(file: RoadFile, modes: Mode) -> Roads:
    roads = load_saved(file.path)
    held = roads.meta.get("modes")
    if held is None:
        return filter_modes(roads, modes, file.name)
    if held != modes:
        raise DataError(
            f"{file.name}: holds the network type {shown(held)}, not {modes}. "
            f"Ask for modes={shown(held)}, or read the file it was made from."
        )
    return roads


def _is_graphml(file: RoadFile) -> bool:
    return file.text.startswith(XML) and _root(file.head, file.name) == "graphml"


def _root(head: bytes, name: str) -> str:
    """Return the name of the outermost element; refuse a document type."""
    found: list[str] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda element, _: found.append(element)
    require_plain(parser, name)
    with suppress(expat.ExpatError):  # the reader says what is wrong, and where
        parser.Parse(head, False)
    return found[0] if found else ""


READERS: dict[str, Reader] = {
    "OSM XML": Reader(lambda file: file.text.startswith(XML), _osm(parse_xml)),
    "OSM PBF": Reader(lambda file: file.head[4:15] == b"\n\tOSMHeader", _osm(parse_pbf)),
    "Overpass JSON": Reader(lambda file: file.text.startswith(b"{"), _osm(parse_overpass)),
    "GraphML": Reader(_is_graphml, _graphml),
    "GeoPackage": Reader(lambda file: file.head.startswith(SQLITE), _tables),
    "GeoParquet": Reader(lambda file: file.head.startswith(PARQUET), _parquet),
    "a saved network": Reader(lambda file: file.head.startswith(ARROW), _saved),
}
"""By what messages call them. Of those that know a file the last reads it, so that a reader
which is added is asked before those there are."""
