"""Networks on disk, as columns: reopened without parsing, mapped rather than read.

The file is Arrow's (IPC, or Parquet where the name ends so), one row, in which each
array of the network is one list and each set of words one JSON text. Any Arrow reader
opens it. Before the footer of an IPC file, where Arrow looks at nothing, stands an
index of our own: what is where, and a checksum of all of it (XXH3). So an array is a
view into the mapped file, and opening costs one pass over the bytes.

Saving needs pyarrow and xxhash, the extra ``arrow``.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roxham.geo.columns import Coded, Column, Ragged
from roxham.geo.errors import DataError, shown
from roxham.geo.io.atomic import replacing
from roxham.geo.quoting import name_of

from .roads import Roads

__all__ = ["FORMAT", "VERSION", "load_saved", "save_roads"]

FORMAT = "roxham roads"
VERSION = 2
"""Raised whenever older code could not read what newer code writes."""

FIELDS = ("node_id", "x", "y", "u", "v", "key", "length_m", "offsets", "coords")
TEXT = "json"
"""Stands for a data type where a column is one JSON text."""

TAIL = struct.Struct("<QQ8s")
"""Behind the index: its length, the checksum of all before, and a mark."""
MARK = b"RXROADS\0"
FOOTER = struct.Struct("<i6s")
ARROW = b"ARROW1"
BINARY = getattr(os, "O_BINARY", 0)  # Windows
MAPPED = 1 << 20
"""Bytes from which on a file is mapped; to read a smaller one is quicker."""

Array = NDArray[Any]
Part = Array | str
Get = Callable[[int], Any]


def save_roads(roads: Roads, path: str | Path) -> Path:
    """Save a network, all of it; the file appears whole or not at all.

    Parameters
    ----------
    roads
        The network.
    path
        Where to write. ``.parquet`` gives Parquet, smaller; any other name Arrow
        IPC, which is mapped when it is opened.

    Raises
    ------
    DataError
        If pyarrow or xxhash is not installed, or an attribute is nothing that JSON
        knows, or nothing may be written there.
    WriteError
        If the system does not take all of it; an existing file stays as it was.
    """
    pa, path = _library("pyarrow"), Path(path)
    parts: dict[str, Part] = {name: getattr(roads, name) for name in FIELDS}
    parts["coords"] = roads.coords.ravel()
    if roads.node_id.dtype.kind == "O":
        parts["node_id"] = json.dumps(roads.node_id.tolist())
    layout: dict[str, Any] = {"version": VERSION, "meta": dict(roads.meta)}
    for room, columns in (("node", roads.node_columns), ("edge", roads.edge_columns)):
        layout[room] = {}
        for name, col in columns.items():
            more = _parts(f"{room}:{name}", col)
            layout[room][name] = list(range(len(parts), len(parts) + len(more)))
            parts |= more
    layout["kinds"] = [TEXT if isinstance(p, str) else p.dtype.str for p in parts.values()]
    table = pa.table({name: _cell(pa, part) for name, part in parts.items()})
    write = _write_parquet if path.suffix == ".parquet" else _write_ipc
    with replacing(path, whole=_opens) as part:
        write(pa, table, part, layout)
    return path


def _opens(part: Path) -> bool:
    """Whether a file that was written has every byte that its checksum knows."""
    try:
        load_saved(part)
    except DataError:
        return False
    return True


def load_saved(path: str | Path, *, verify: bool = True) -> Roads:
    """Open a network that :meth:`Roads.save` wrote.

    Parameters
    ----------
    path
        The file. It is mapped into memory: leave it in place while in use.
    verify
        Whether to compare the checksum, which reads the file once.

    Raises
    ------
    DataError
        If pyarrow or xxhash is not installed, or the file is missing, damaged, of
        another kind or of another version.

    Examples
    --------
    >>> import tempfile
    >>> import geopandas as gpd
    >>> nodes = gpd.GeoDataFrame(index=[1, 2], geometry=gpd.points_from_xy([0, 1], [0, 0]),
    ...                          crs="EPSG:4326")
    >>> edges = gpd.GeoDataFrame({"u": [1], "v": [2], "key": [0]}, geometry=[None],
    ...                          crs="EPSG:4326")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Roads.from_frames(nodes, edges).save(folder + "/roads.arrow")
    ...     load_saved(path)
    <Roads: 2 nodes, 1 edges, 111 km>
    """
    name = name_of(path)
    try:
        data = _content_of(name)
        if data[:4] == b"PAR1":
            return _read_parquet(name, verify)
        return _read_ipc(data, name, verify)
    except DataError:
        raise
    except (OSError, LookupError, ValueError, TypeError, RuntimeError, struct.error) as error:
        # Arrow's own errors are of these kinds, too
        raise DataError(f"{name}: cannot be opened as a saved network: {shown(error)}.") from None


def _library(name: str) -> Any:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError:
        package = name.partition(".")[0]
        raise DataError(f"saved networks need {package}. Install roxham[arrow].") from None


def _parts(name: str, col: Column) -> dict[str, Part]:
    """Return the arrays and texts that make up one column."""
    if isinstance(col, Ragged):
        return {f"{name}#offsets": col.offsets, f"{name}#items": col.values}
    if isinstance(col, np.ndarray) and col.dtype.kind not in "OU":
        return {name: col}
    coded = Coded.of(col.tolist()) if isinstance(col, np.ndarray) else col
    try:
        text = json.dumps(coded.values, ensure_ascii=False)
    except TypeError as error:
        raise DataError(f"column {shown(name)} cannot be saved: {error}.") from None
    return {f"{name}#codes": coded.codes, f"{name}#values": text}


def _cell(pa: Any, part: Part) -> Any:
    """Return a column of one row: a list, without copying its numbers, or a text."""
    if isinstance(part, str):
        return pa.array([part], type=pa.large_string())
    # truth values as bytes, as NumPy has them: Arrow's are bits
    values = pa.array(np.ascontiguousarray(part.view("u1") if part.dtype == bool else part))
    return pa.LargeListArray.from_arrays(pa.array([0, len(part)], type=pa.int64()), values)


class _Columns(Mapping[str, Column]):
    """Columns of a file, each made when it is first asked for."""

    def __init__(self, parts: Mapping[str, list[int]], get: Get) -> None:
        self._parts, self._get = parts, get
        self._made: dict[str, Column] = {}

    def __getitem__(self, name: str) -> Column:
        if name not in self._made:
            first, *more = map(self._get, self._parts[name])
            if more:
                self._made[name] = (Coded if callable(more[0]) else Ragged)(first, more[0])
            else:
                self._made[name] = first
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def __reduce__(self) -> Any:  # a mapped file stays where it is: other processes get columns
        return dict, (dict(self),)


def _roads(layout: dict[str, Any], get: Get) -> Roads:
    """Build a network from the parts of a file, by their numbers."""
    fields = {name: get(place) for place, name in enumerate(FIELDS)}
    if callable(fields["node_id"]):
        fields["node_id"] = np.array(fields["node_id"](), dtype=object)
    fields["coords"] = fields["coords"].reshape(-1, 2)
    return Roads(
        **fields,
        node_columns=_Columns(layout["node"], get),
        edge_columns=_Columns(layout["edge"], get),
        meta=layout["meta"],
    )


def _checked(text: str | bytes, name: str) -> dict[str, Any]:
    """Return a layout, if it is of this version."""
    layout: dict[str, Any] = json.loads(text)
    if layout["version"] > VERSION:
        raise DataError(f"{name}: was saved by a newer roxham. Upgrade, or read the source.")
    return layout


def _damaged(name: str) -> DataError:
    return DataError(f"{name}: is damaged: its checksum is wrong. Save it again.")


# Arrow IPC


def _write_ipc(pa: Any, table: Any, path: Path, layout: dict[str, Any]) -> None:
    head = {"roxham.format": FORMAT, "roxham.version": str(VERSION)}
    with pa.ipc.new_file(str(path), table.schema.with_metadata(head)) as file:
        file.write_table(table.replace_schema_metadata(head))
    layout["places"] = _places(pa, path)
    index = json.dumps(layout, default=str, separators=(",", ":")).encode()
    index += b" " * (-len(index) % 8)  # Arrow's footer stays where a processor likes it
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        start = _footer_start(data)
        footer = data[start:]
        with memoryview(data) as view, view[:start] as content:
            digest = _library("xxhash").xxh3_64(content)
        digest.update(index)
        file.seek(start)
        file.write(index + TAIL.pack(len(index), digest.intdigest(), MARK) + footer)


def _places(pa: Any, path: Path) -> list[tuple[int, int]]:
    """Return the first byte and the length of what each column of an IPC file holds."""
    with pa.memory_map(str(path)) as source:
        base = source.read_buffer().address
        source.seek(0)
        table = pa.ipc.open_file(source).read_all()
        places = []
        for column in table.columns:
            cell = column.chunk(0)
            text = cell.type == pa.large_string()
            content = cell.buffers()[-1] if text else cell.values.buffers()[-1]
            count = content.size if text else len(cell.values)
            places.append((content.address - base if count else 0, count))
        return places


def _content_of(name: str) -> bytes | mmap.mmap:
    handle = os.open(name, os.O_RDONLY | BINARY)
    try:
        size = os.fstat(handle).st_size
        if size < MAPPED:
            return os.read(handle, size)
        return mmap.mmap(handle, 0, access=mmap.ACCESS_READ)
    finally:
        os.close(handle)


def _footer_start(data: bytes | mmap.mmap) -> int:
    size, mark = FOOTER.unpack(data[-FOOTER.size :])
    start = len(data) - FOOTER.size - size
    return start if mark == ARROW and size > 0 and start >= TAIL.size else 0


def _read_ipc(data: bytes | mmap.mmap, name: str, verify: bool) -> Roads:
    start = _footer_start(data)
    length, digest, mark = TAIL.unpack(data[start - TAIL.size : start]) if start else (0, 0, b"")
    if mark != MARK:
        raise DataError(
            f"{name}: is no saved network, or not a whole one. Open other road files with "
            "read_roads()."
        )
    end = start - TAIL.size
    if verify:
        with memoryview(data) as view, view[:end] as content:
            if _library("xxhash").xxh3_64_intdigest(content) != digest:
                raise _damaged(name)
    layout = _checked(data[end - length : end], name)
    kinds, places = layout["kinds"], layout["places"]

    def get(place: int) -> Any:
        kind, (first, count) = kinds[place], places[place]
        if kind == TEXT:
            return lambda: json.loads(data[first : first + count])
        return np.frombuffer(data, kind, count, first)

    return _roads(layout, get)


# Parquet


def _write_parquet(_: Any, table: Any, path: Path, layout: dict[str, Any]) -> None:
    text = json.dumps(layout, default=str)
    head = {"roxham.format": FORMAT, "roxham.layout": text}
    head["roxham.xxh3"] = _digest(
        text, layout["kinds"], (column.chunk(0) for column in table.columns)
    )
    table = table.replace_schema_metadata(head)
    _library("pyarrow.parquet").write_table(table, path, compression="zstd", use_dictionary=False)


def _read_parquet(name: str, verify: bool) -> Roads:
    table = _library("pyarrow.parquet").read_table(name)
    head = {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}
    if head.get("roxham.format") != FORMAT:
        raise DataError(f"{name}: is no saved network. Open it with read_roads().")
    cells = [column.chunk(0) for column in table.columns]
    for cell in cells:
        if len(cell) != 1:
            raise DataError(f"{name}: is damaged: a column has more than one row. Save it again.")
        cell.validate(full=True)  # a length beyond the file would crash the process
    layout = _checked(head["roxham.layout"], name)
    kinds = layout["kinds"]
    if verify and _digest(head["roxham.layout"], kinds, cells) != head["roxham.xxh3"]:
        raise _damaged(name)

    def get(place: int) -> Any:
        content = _content(cells[place])
        if isinstance(content, str):
            return lambda: json.loads(content)
        return content.view(kinds[place])

    return _roads(layout, get)


def _content(cell: Any) -> Part:
    """Return the array or the text of a column of one row."""
    if hasattr(cell, "values"):
        array: Array = cell.values.to_numpy(zero_copy_only=False)
        return array
    text: str = cell[0].as_py()
    return text


def _digest(layout: str, kinds: Iterable[str], cells: Iterable[Any]) -> str:
    """Return a checksum of a layout and all content."""
    total = _library("xxhash").xxh3_64(layout.encode())
    for kind, cell in zip(kinds, cells, strict=True):
        content = _content(cell)
        total.update(f"{kind} {len(content)}".encode())
        total.update(content.encode() if isinstance(content, str) else content.view("u1").data)
    return str(total.hexdigest())
