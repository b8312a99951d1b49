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


def saved(
    path: Path,
    *groups: bytes,
    block: tuple[Part, ...] = (),
    needs: bytes = b"DenseNodes",
    words: tuple[bytes, ...] = WORDS,
) -> Path:
    """Write a file with these groups of nodes and ways."""
    table = message(*((1, word) for word in words))
    block_ = message((1, table), *((2, group) for group in groups), *block)
    about = message((4, b"OsmSchema-V0.6"), (4, needs))
    path.write_bytes(blob(b"OSMHeader", about) + blob(b"OSMData", block_))
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


def test_nodes_stand_by_themselves_with_their_tags(tmp_path: Path) -> None:
    tags = ((2, bytes([HIGHWAY])), (3, bytes([PRIMARY])))
    nodes = [
        message((1, message((1, 2 * osmid), (8, 2 * lat), (9, signed_one(-735_000_000)), *tags)))
        for osmid, lat in ((1, 450_000_000), (2, 450_100_000))
    ]
    roads = read_roads(saved(tmp_path / "a.pbf", *nodes, way(*WAY)))
    assert roads.x.tolist() == [-73.5, -73.5]
    assert roads.y.tolist() == [45.0, 45.01]
    assert roads.node("highway").tolist() == ["primary", "primary"]


def signed_one(value: int) -> int:
    return 2 * value if value >= 0 else -2 * value - 1


def test_a_block_says_how_fine_its_positions_are_and_from_where(tmp_path: Path) -> None:
    half_a_degree = 500_000_000
    nodes = but(but(DENSE, 8, signed(450_000, 100)), 9, signed(-735_000, 0))
    fine = ((17, 100_000), (19, half_a_degree), (20, (1 << 64) - half_a_degree))
    roads = read_roads(saved(tmp_path / "a.pbf", dense(*nodes), way(*WAY), block=fine))
    assert roads.y.tolist() == pytest.approx([45.5, 45.51])
    assert roads.x.tolist() == pytest.approx([-74.0, -74.0])


@pytest.mark.parametrize(
    ("needs", "told"),
    [
        (b"HistoricalInformation", "a.pbf: holds the history of objects"),
        (b"Wings", "a.pbf: needs PBF features unknown here: .*Wings"),
    ],
)
def test_what_a_file_needs_and_we_have_not_is_told(needs: bytes, told: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=told):
        read_roads(saved(tmp_path / "a.pbf", dense(*DENSE), way(*WAY), needs=needs))


def test_other_packing_is_told_with_the_way_out(tmp_path: Path) -> None:
    packed = message((2, 9), (7, b"zstd"))
    header = message((1, b"OSMHeader"), (3, len(packed)))
    (tmp_path / "a.pbf").write_bytes(len(header).to_bytes(4, "big") + header + packed)
    with pytest.raises(DataError, match=r"packed by lzma, bzip2, lz4 or zstd\. Convert it with"):
        read_roads(tmp_path / "a.pbf")
    header = message((1, b"OSMHeader"), (3, 1 << 30))
    (tmp_path / "a.pbf").write_bytes(len(header).to_bytes(4, "big") + header)
    with pytest.raises(DataError, match="a blob is larger than the format allows"):
        read_roads(tmp_path / "a.pbf")


def test_a_number_of_too_many_bytes_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.pbf", dense(*DENSE), way(*but(WAY, 8, b"\x80" * 10 + b"\1")))
    with pytest.raises(DataError, match="a number is too long"):
        read_roads(path)


def test_a_small_file_cannot_make_much_of_itself(tmp_path: Path) -> None:
    """One way of thirty million nodes, in as many bytes, which zlib makes thirty thousand."""
    path = saved(tmp_path / "a.pbf", dense(*DENSE), way(*but(WAY, 8, bytes(30_000_000))))
    assert path.stat().st_size < 40_000
    start = process_time()
    with pytest.raises(DataError, match=r"unpacks to more than [\d,]+ bytes, its bound"):
        read_roads(path)
    assert process_time() - start < 5
