"""PBF files that are well packed and wrong: each is refused, and soon."""

import zlib
from pathlib import Path
from time import process_time

import pytest

from roxham.geo import DataError, read_roads

Part = tuple[int, int | bytes]
"""Number of a field, and what it holds."""

ZERO, HIGHWAY, PRIMARY, ROUTE, FERRY = range(5)
WORDS = (b"", b"highway", b"primary", b"route", b"ferry")


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def signed(*values: int) -> bytes:
    return b"".join(varint(2 * v if v >= 0 else -2 * v - 1) for v in values)


def message(*parts: Part) -> bytes:
    out = b""
    for number, value in parts:
        if isinstance(value, bytes):
            out += varint(number << 3 | 2) + varint(len(value)) + value
        else:
            out += varint(number << 3) + varint(value)
    return out


def blob(kind: bytes, content: bytes) -> bytes:
    packed = message((2, len(content)), (3, zlib.compress(content)))
    header = message((1, kind), (3, len(packed)))
    return len(header).to_bytes(4, "big") + header + packed


DENSE = (
    (1, signed(1, 1)),
    (8, signed(450_000_000, 100_000)),
    (9, signed(-735_000_000, 0)),
    (10, bytes([HIGHWAY, PRIMARY, 0, 0])),
)
WAY = ((1, 7), (2, bytes([HIGHWAY])), (3, bytes([PRIMARY])), (8, signed(1, 1)))


def saved(path: Path, *groups: bytes) -> Path:
    """Write a file with these groups of nodes and ways."""
    table = message(*((1, word) for word in WORDS))
    block = message((1, table), *((2, group) for group in groups))
    about = message((4, b"OsmSchema-V0.6"), (4, b"DenseNodes"))
    path.write_bytes(blob(b"OSMHeader", about) + blob(b"OSMData", block))
    return path


def dense(*parts: Part) -> bytes:
    return message((2, message(*parts)))


def way(*parts: Part) -> bytes:
    return message((3, message(*parts)))


def but(parts: tuple[Part, ...], number: int, value: int | bytes | None) -> tuple[Part, ...]:
    """Return a message with one field as it should not be, or without it."""
    changed = ((n, v if n != number else value) for n, v in parts)
    return tuple((n, v) for n, v in changed if v is not None)


def test_ferries_that_are_no_road_are_counted(tmp_path: Path) -> None:
    ferry = ((1, 8), (2, bytes([ROUTE])), (3, bytes([FERRY])), (8, signed(1, 1)))
    roads = read_roads(saved(tmp_path / "a.pbf", dense(*DENSE), way(*WAY), way(*ferry)))
    assert (roads.edge_count, roads.meta["ferries"]) == (2, 1)


def test_what_is_written_here_is_a_road(tmp_path: Path) -> None:
    roads = read_roads(saved(tmp_path / "a.pbf", dense(*DENSE), way(*WAY)))
    assert roads.node_id.tolist() == [1, 2]
    assert roads.y.tolist() == [45.0, 45.01]
    assert set(roads.edges["highway"]) == {"primary"}


@pytest.mark.parametrize(
    ("nodes", "road", "problem"),
    [
        (DENSE, but(WAY, 1, None), "lacks its id"),
        (DENSE, but(WAY, 1, b"\7"), "lacks its id"),
        (DENSE, but(WAY, 2, b"\1\1"), "keys without values"),
        (DENSE, but(WAY, 3, None), "keys without values"),
        (DENSE, but(WAY, 2, 0), "keys without values"),
        (DENSE, but(WAY, 3, bytes([9])), "index out of range"),
        (DENSE, but(WAY, 8, b"\x80"), "cut short"),
        (DENSE, but(WAY, 1, 1 << 63), "too large"),
        (but(DENSE, 8, None), WAY, "nodes lack positions"),
        (but(DENSE, 10, b"\1"), WAY, "not in pairs"),
        (but(DENSE, 10, b"\1\0\2\0"), WAY, "not in pairs"),
        (but(DENSE, 10, b"\0\0\0\1\2"), WAY, "of no node"),
        (but(DENSE, 10, b"\1" + varint((1 << 64) - 1) + b"\0\0"), WAY, "not in pairs"),
        (but(DENSE, 10, b"\1\x09\0\0"), WAY, "index out of range"),
    ],
)
def test_what_lacks_something_is_refused(
    nodes: tuple[Part, ...], road: tuple[Part, ...], problem: str, tmp_path: Path
) -> None:
    path = saved(tmp_path / "a.pbf", dense(*nodes), way(*road))
    with pytest.raises(DataError, match=f"a.pbf: is not a whole PBF file: .*{problem}"):
        read_roads(path)


@pytest.mark.parametrize("number", [1, 8, 9])
def test_a_node_by_itself_needs_its_id_and_position(number: int, tmp_path: Path) -> None:
    sound: tuple[Part, ...] = ((1, 2), (8, 900_000_000), (9, 0))
    group = message((1, message(*but(sound, number, None))))
    with pytest.raises(DataError, match="lacks its id or position"):
        read_roads(saved(tmp_path / "a.pbf", group, way(*WAY)))


def test_a_small_file_cannot_make_much_of_itself(tmp_path: Path) -> None:
    """One way of thirty million nodes, in as many bytes, which zlib makes thirty thousand."""
    path = saved(tmp_path / "a.pbf", dense(*DENSE), way(*but(WAY, 8, bytes(30_000_000))))
    assert path.stat().st_size < 40_000
    start = process_time()
    with pytest.raises(DataError, match=r"unpacks to more than [\d,]+ bytes, its bound"):
        read_roads(path)
    assert process_time() - start < 5
