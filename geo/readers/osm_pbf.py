"""Roads out of OpenStreetMap PBF files, decoded in arrays.

The format is described at https://wiki.openstreetmap.org/wiki/PBF_Format. Packed
numbers are decoded a column at a time by NumPy: this needs no compiled reader,
and is faster than one that makes a Python object of each node.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO

import numpy as np
from numpy.typing import NDArray

from roxham.geo._types import Bools, Floats, Ints
from roxham.geo.bounds import spend
from roxham.geo.columns import distinct, ends
from roxham.geo.errors import DataError, shown

from .network_types import chooser
from .osm_elements import NODE_KEPT, WAY_KEPT, Extract

__all__ = ["parse_pbf"]

Choose = Callable[[Mapping[str, str]], bool]

Scale = tuple[int, int, int]
"""Granularity in nanodegrees, offset of latitude, offset of longitude."""

HEADER_LIMIT = 64 * 1024
BLOB_LIMIT = 32 * 1024 * 1024
"""Sizes in bytes that the format allows for a blob's header and for its content."""
RATIO, FREE = 30, 1 << 20
"""How many times its packed size a blob may unpack to, beyond a megabyte; maps have 2 to 4."""

HEADER = frozenset({2, 3})
BLOB, BLOCK = frozenset({2}), frozenset({17, 18, 19, 20})
WAY, NODE, NO_PLAIN = frozenset({1}), frozenset({1, 8, 9}), frozenset[int]()
"""Numbers of the fields that are plain numbers, by message; all other fields have a length."""

FEATURES = frozenset({"OsmSchema-V0.6", "DenseNodes"})


class _BrokenError(ValueError):
    """The bytes are not what the format says."""


@dataclass
class _Ways:
    """Ways as they are met; refs still packed."""

    ids: list[int] = field(default_factory=list)
    tags: list[dict[str, str]] = field(default_factory=list)
    packed: list[bytes] = field(default_factory=list)


@dataclass
class _Nodes:
    """Nodes that ways use, block by block."""

    wanted: Ints
    parts: list[tuple[Ints, Floats, Floats]] = field(default_factory=list)
    tags: dict[int, dict[str, str]] = field(default_factory=dict)

    def add(self, ids: Ints, lon: Ints, lat: Ints, scale: Scale) -> Bools:
        """Add those that are wanted; return which these are."""
        if not len(self.wanted):
            return np.zeros(len(ids), dtype=bool)
        place = np.minimum(np.searchsorted(self.wanted, ids), len(self.wanted) - 1)
        rows: Bools = self.wanted[place] == ids
        step, lat_0, lon_0 = scale
        # whole nanodegrees, divided once: the same floats as the decimals of an XML file
        degrees = (lon_0 + step * lon[rows]) / 1e9, (lat_0 + step * lat[rows]) / 1e9
        self.parts.append((ids[rows], *degrees))
        return rows

    def columns(self) -> tuple[Ints, Floats, Floats]:
        """Return id, longitude and latitude of all that were added."""
        none = (np.empty(0, dtype=np.int64), np.empty(0), np.empty(0))
        ids, lon, lat = zip(none, *self.parts, strict=True)
        return np.concatenate(ids), np.concatenate(lon), np.concatenate(lat)


def parse_pbf(file: IO[bytes], name: str, modes: str) -> Extract:
    """Read OSM PBF: ways first, then only the nodes that they use.

    Parameters
    ----------
    file
        Opened for bytes; it is read twice.
    name
        What to call it in messages.
    modes
        Network type, see :func:`~roxham.geo.readers.network_types.chooser`.

    Raises
    ------
    DataError
        If the file is cut short, is no PBF, or needs a feature unknown here.
    """
    try:
        return _parse(file, name, modes)
    except (_BrokenError, zlib.error, IndexError, UnicodeDecodeError, OverflowError) as error:
        raise DataError(
            f"{name}: is not a whole PBF file: {shown(error)}. Fetch it again."
        ) from None


def _parse(file: IO[bytes], name: str, modes: str) -> Extract:
    met: Counter[str] = Counter()
    ways, choose = _Ways(), chooser(modes, met)
    for block in _blocks(file, name):
        words, groups, _ = _open_block(block)
        if "highway" in words or "ferry" in words:
            for number, a, b in _in_groups(block, groups):
                if number == 3:
                    _way(ways, block, a, b, words, choose)
    octets = (np.frombuffer(packed, dtype=np.uint8) for packed in ways.packed)
    sizes = [int(np.count_nonzero(packed < 128)) for packed in octets]
    offsets = ends(np.array(sizes, dtype=np.int64))
    refs = _running(_signed(_varints(b"".join(ways.packed))), offsets)
    nodes = _Nodes(distinct(refs))
    file.seek(0)
    for block in _blocks(file, name):
        words, groups, scale = _open_block(block)
        for number, a, b in _in_groups(block, groups):
            if number == 2:
                _dense(block, a, b, words, scale, nodes)
            elif number == 1:
                _node(block, a, b, words, scale, nodes)
    way_id = np.array(ways.ids, dtype=np.int64)
    columns = (*nodes.columns(), nodes.tags, way_id, offsets, refs, ways.tags)
    return Extract(name, *columns, ferries=met["ferry"]).settled()


def _in_groups(block: bytes, groups: list[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    for at, end in groups:
        yield from _fields(block, at, end)


def _blocks(file: IO[bytes], name: str) -> Iterator[bytes]:
    """Yield each data block, unpacked."""
    while prefix := file.read(4):
        size = int.from_bytes(prefix, "big")
        if len(prefix) < 4 or size > HEADER_LIMIT:
            raise _BrokenError("a blob has no header")
        header = _read(file, size)
        kind, length = b"", 0
        for number, a, b in _fields(header, 0, size, HEADER):
            if number == 1:
                kind = header[a:b]
            elif number == 3:
                length = a
        if length > BLOB_LIMIT:
            raise _BrokenError("a blob is larger than the format allows")
        spend()
        blob = _read(file, length)
        if kind == b"OSMHeader":
            _check_header(_unpack(blob), name)
        elif kind == b"OSMData":
            yield _unpack(blob)


def _read(file: IO[bytes], size: int) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise _BrokenError("it ends within a blob")
    return data


def _unpack(blob: bytes) -> bytes:
    for number, a, b in _fields(blob, 0, len(blob), BLOB):
        if number == 1:
            return blob[a:b]
        if number == 3:
            inflate, most = zlib.decompressobj(), min(BLOB_LIMIT, RATIO * (b - a) + FREE)
            data = inflate.decompress(blob[a:b], most)
            if not inflate.eof and len(data) == most:
                raise _BrokenError(f"a blob unpacks to more than {most:,} bytes, its bound")
            if not inflate.eof:
                raise _BrokenError("a blob is cut short")
            return data
        if number in (4, 5, 6, 7):
            raise DataError(
                "this PBF file is packed by lzma, bzip2, lz4 or zstd. "
                "Convert it with `osmium cat -o new.osm.pbf -f pbf,pbf_compression=zlib`."
            )
    raise _BrokenError("a blob is empty")


def _check_header(block: bytes, name: str) -> None:
    needed = {block[a:b].decode() for n, a, b in _fields(block, 0, len(block)) if n == 4}
    if "HistoricalInformation" in needed:
        raise DataError(f"{name}: holds the history of objects. Extract one point in time first.")
    if needed - FEATURES:
        raise DataError(f"{name}: needs PBF features unknown here: {shown(needed - FEATURES)}.")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return the number at a position and the position after it."""
    value = data[at]
    at += 1
    if value < 128:
        return value, at
    value &= 127
    shift = 7
    while shift < 70:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
    raise _BrokenError("a number is too long")


def _fields(
    data: bytes, at: int, end: int, plain: frozenset[int] = NO_PLAIN
) -> Iterator[tuple[int, int, int]]:
    """Yield ``number, start, end`` of each field; a plain number stands as ``start``.

    A field of the other type than its number says is passed over: then it is missing.
    """
    while at < end:
        head, at = _varint(data, at)
        wire = head & 7
        if wire == 2:
            size, at = _varint(data, at)
            if at + size > end:
                raise _BrokenError("a field is cut short")
            if head >> 3 not in plain:
                yield head >> 3, at, at + size
            at += size
        elif wire == 0:
            value, at = _varint(data, at)
            if head >> 3 in plain:
                yield head >> 3, value, at
        elif wire in (1, 5):
            at += 8 if wire == 1 else 4
        else:
            raise _BrokenError(f"a field has the unknown type {wire}")
    if at > end:
        raise _BrokenError("a field is cut short")


def _varints(data: bytes) -> NDArray[np.uint64]:
    """Decode packed numbers.

    Examples
    --------
    >>> _varints(bytes([5, 0x80 | 1, 2])).tolist()
    [5, 257]
    """
    raw = np.frombuffer(data, dtype=np.uint8)
    last = np.flatnonzero(raw < 128)
    if len(raw) and (not len(last) or last[-1] != len(raw) - 1):
        raise _BrokenError("a list of numbers is cut short")
    start = np.append(0, last[:-1] + 1) if len(last) else last
    size = last - start + 1
    longest = int(size.max(initial=0))
    if longest > 10:
        raise _BrokenError("a number is too long")
    out = (raw[start] & 127).astype(np.uint64)
    for place in range(1, longest):
        rows = np.flatnonzero(size > place)
        part = (raw[start[rows] + place] & 127).astype(np.uint64)
        out[rows] |= part << np.uint64(7 * place)
    return out


def _signed(values: NDArray[np.uint64]) -> Ints:
    """Undo zigzag coding, by which small negative numbers are small."""
    return (values >> np.uint64(1)).astype(np.int64) ^ -(values & np.uint64(1)).astype(np.int64)


def _running(steps: Ints, offsets: Ints) -> Ints:
    """Sum differences up within each run."""
    total = np.concatenate([[0], np.cumsum(steps)])
    sums: Ints = total[1:] - np.repeat(total[offsets[:-1]], np.diff(offsets))
    return sums


def _open_block(block: bytes) -> tuple[list[str], list[tuple[int, int]], Scale]:
    """Return the words, the groups' positions and the scale of a block."""
    words: list[str] = []
    groups: list[tuple[int, int]] = []
    scale = {17: 100, 19: 0, 20: 0}
    for number, a, b in _fields(block, 0, len(block), BLOCK):
        if number == 1:
            words = [str(block[c:d], "utf-8", "replace") for _, c, d in _fields(block, a, b)]
        elif number == 2:
            groups.append((a, b))
        elif number in scale:
            scale[number] = a - (1 << 64) if a >> 63 else a
    return words, groups, (scale[17], scale[19], scale[20])


def _way(ways: _Ways, block: bytes, at: int, end: int, words: list[str], choose: Choose) -> None:
    """Add a way if it is wanted."""
    part = {number: (a, b) for number, a, b in _fields(block, at, end, WAY)}
    tags = _tags(block, part, words, WAY_KEPT)
    if choose(tags):
        a, b = part.get(8, (0, 0))
        ways.ids.append(_needed(part, 1))
        ways.tags.append(tags)
        ways.packed.append(block[a:b])


def _needed(part: Mapping[int, tuple[int, int]], number: int) -> int:
    """Return a plain number that must be there."""
    if number not in part:
        raise _BrokenError("a node or way lacks its id or position")
    return part[number][0]


def _tags(
    block: bytes,
    part: Mapping[int, tuple[int, int]],
    words: list[str],
    kept: frozenset[str],
) -> dict[str, str]:
    """Return the tags that are kept of a way or node."""
    keys, values = (_small(block, *part.get(number, (0, 0))) for number in (2, 3))
    if len(keys) != len(values):
        raise _BrokenError("a node or way has keys without values")
    return {
        words[key]: words[value]
        for key, value in zip(keys, values, strict=True)
        if words[key] in kept
    }


def _small(data: bytes, at: int, end: int) -> list[int]:
    """Decode a few packed numbers, where an array would cost more than it saves."""
    out = []
    while at < end:
        value, at = _varint(data, at)
        out.append(value)
    return out


def _dense(block: bytes, at: int, end: int, words: list[str], scale: Scale, nodes: _Nodes) -> None:
    """Add the wanted ones of nodes that are packed in columns."""
    part = {number: block[a:b] for number, a, b in _fields(block, at, end)}
    ids, lat, lon = (np.cumsum(_signed(_varints(part.get(n, b"")))) for n in (1, 8, 9))
    if not len(ids) == len(lat) == len(lon):
        raise _BrokenError("nodes lack positions")
    rows = nodes.add(ids, lon, lat, scale)
    pairs = _varints(part.get(10, b"")).astype(np.int64)
    filled = np.flatnonzero(pairs)  # key, value, key, value, 0 for each node
    if not len(filled) or not rows.any():
        return
    of = np.cumsum(pairs == 0)[filled]
    if len(filled) % 2 or (of[::2] != of[1::2]).any() or of[-1] >= len(ids) or pairs.min() < 0:
        raise _BrokenError("the tags of nodes are not in pairs, or of no node")
    owner = of[::2]
    for row, key, value in zip(owner, pairs[filled[::2]], pairs[filled[1::2]], strict=True):
        if rows[row] and words[key] in NODE_KEPT:
            nodes.tags.setdefault(int(ids[row]), {})[words[key]] = words[value]


def _node(block: bytes, at: int, end: int, words: list[str], scale: Scale, nodes: _Nodes) -> None:
    """Add one node that stands by itself, if it is wanted."""
    part = {number: (a, b) for number, a, b in _fields(block, at, end, NODE)}
    osmid, lat, lon = (_signed(np.array([_needed(part, n)], dtype=np.uint64)) for n in (1, 8, 9))
    if nodes.add(osmid, lon, lat, scale).all():
        kept = _tags(block, part, words, NODE_KEPT)
        if kept:
            nodes.tags[int(osmid[0])] = kept
