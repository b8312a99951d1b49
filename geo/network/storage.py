"""A network on disk, as an Arrow file: mapped rather than read, and open to any Arrow tool.

The file is plain Arrow (IPC, one record batch, not compressed), laid out as
:mod:`~roxham.geo.network.arrow_table` says. In the schema's metadata stand ``roxham.layout``,
what each column stands for and the network's own metadata, in JSON; ``roxham.crc32``, a
checksum of that and of every buffer; and ``geo``, by which GeoPandas knows the geometry:

.. code-block:: python

    edges = geopandas.read_feather("roads.arrow", columns=["u", "v", "highway", "geometry"])
    edges = polars.read_ipc("roads.arrow")
    table = pyarrow.ipc.open_file("roads.arrow").read_all()
    nodes = pyarrow.Table.from_struct_array(table["nodes"].combine_chunks().values)
"""

from __future__ import annotations

import json
import mmap
import os
import stat
import struct
import zlib
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from pyproj import CRS

from roxham.geo.bounds import within_bounds
from roxham.geo.crs import WGS84
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.extras import install_line
from roxham.geo.io.atomic import replacing

from .arrow_table import Layout, from_table, parse_layout, split, to_table
from .roads import Roads

__all__ = ["FORMAT", "VERSION", "load_saved", "refuse_older", "save_network"]

FORMAT = "roxham roads"
VERSION = 3
"""Raised whenever the form changes; a file of another version is made anew."""

OLDER = "was saved by an older roxham, in another form."
ANEW = "Make it anew: roxham roads SOURCE -o roads.arrow, or roxham fetch."
BINARY = getattr(os, "O_BINARY", 0)  # Windows
AT_ONCE = getattr(os, "O_NONBLOCK", 0)  # a pipe would be waited for; Windows has none
UNSOUND = (
    *(OSError, ValueError, TypeError, LookupError, RecursionError, MemoryError),
    *(StopIteration, struct.error),  # a stream, and a message, that ends before it is whole
)
"""What Arrow, JSON and our own checks raise of a file that is not sound."""
END = b"ARROW1"
STREAM = 8
"""Bytes before the messages, which are those of a stream."""
HEADER, WITHIN, PACKED = 2, 1, 3
"""Fields of a message, of a dictionary in one, and of a batch in either, by their place."""
MAPPED = 1 << 20
"""Bytes from which on a file is mapped; to read a smaller one is quicker."""


def save_network(roads: Roads, path: str | Path) -> Path:
    """Save a network as an Arrow file, all of it; it appears whole or not at all.

    Raises
    ------
    DataError
        If pyarrow is not installed, or an attribute is nothing that Arrow or JSON knows.
    WriteError
        If the system does not take all of it; an existing file stays as it was.
    """
    pa, path = _pyarrow(), Path(path)
    try:
        layout, batch = to_table(pa, roads)
    except DataError:
        raise
    except (*UNSOUND, pa.ArrowException) as error:
        raise DataError(Fault(str(path), f"cannot be saved: {shown(error)}.")) from None
    with replacing(path, whole=_is_whole) as part:
        _write(pa, part, layout, batch)
        if _is_whole(part):
            _opened(pa, part, str(path), verify=True)  # before it takes another's place
    return path


def _is_whole(path: Path) -> bool:
    """Whether a file ends as Arrow's files do."""
    with path.open("rb") as file:
        file.seek(-len(END), os.SEEK_END)
        return file.read() == END


def load_saved(path: str | Path, *, verify: bool = True) -> Roads:
    """Open a network that :meth:`Roads.save` wrote as an Arrow file.

    Parameters
    ----------
    path
        The file. It is mapped into memory: leave it in place while in use.
    verify
        Whether to compare the checksum, which reads the file once.

    Raises
    ------
    DataError
        If pyarrow is not installed, or the file is missing, damaged, of another kind
        or of another version.

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
    with within_bounds(str(path)):
        return _opened(_pyarrow(), path, str(path), verify=verify)


def _opened(pa: Any, path: str | Path, name: str, *, verify: bool) -> Roads:
    """Open a file by its path, called so in messages."""
    try:
        return _read(pa, _content_of(path), name, verify)
    except DataError:
        raise
    except (*UNSOUND, pa.ArrowException) as error:
        if isinstance(error, OSError) and error.strerror:  # the system's; Arrow's have none
            raise DataError(Fault(name, f"cannot be opened: {error.strerror}.")) from None
        why = shown(error).rstrip(".")
        raise DataError(Fault(name, f"cannot be opened as a saved network: {why}.", ANEW)) from None


def _pyarrow() -> Any:
    try:
        return import_module("pyarrow")
    except ImportError:
        raise DataError(f"saved networks need pyarrow. Run {install_line('arrow')}.") from None


def _write(pa: Any, path: Path, layout: Layout, batch: Any) -> None:
    # Buffers have the length in memory that they have on disk only once they were written.
    memory = pa.BufferOutputStream()
    with pa.ipc.new_stream(memory, batch.schema) as stream:
        stream.write_batch(batch)
    batch = pa.ipc.open_stream(memory.getvalue()).read_next_batch()
    text = json.dumps(layout._asdict(), default=str)
    head = {
        "roxham.format": FORMAT,
        "roxham.version": str(VERSION),
        "roxham.layout": text,
        "roxham.crc32": _checksum(text.encode(), *split(batch, layout)),
        "geo": json.dumps(_geo()),
    }
    with pa.ipc.new_file(str(path), batch.schema.with_metadata(head)) as file:
        file.write_batch(batch.replace_schema_metadata(head))


def _geo() -> dict[str, Any]:
    """Return what GeoPandas' ``read_feather`` asks for."""
    about = {
        "encoding": "linestring",
        "geometry_types": ["LineString"],
        "crs": CRS(WGS84).to_json_dict(),
    }
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": about}}


def _content_of(path: str | Path) -> bytes | mmap.mmap:
    handle = os.open(path, os.O_RDONLY | BINARY | AT_ONCE)
    try:
        told = os.fstat(handle)
        if not stat.S_ISREG(told.st_mode) and not stat.S_ISDIR(told.st_mode):
            raise ValueError("it is a pipe or a device")
        size = told.st_size
        if size < MAPPED:
            return os.read(handle, size)
        return mmap.mmap(handle, 0, access=mmap.ACCESS_READ)
    finally:
        os.close(handle)


def _read(pa: Any, data: bytes | mmap.mmap, name: str, verify: bool) -> Roads:
    if data[:4] == b"PAR1":
        raise _unlike(name)
    reader = pa.ipc.open_file(pa.py_buffer(data))
    head = reader.schema.metadata or {}
    if head.get(b"roxham.format") != FORMAT.encode():
        raise _unlike(name)
    version = int(head[b"roxham.version"])
    if version > VERSION:
        raise DataError(Fault(name, "was saved by a newer roxham.", "Upgrade, or read the source."))
    if version < VERSION:
        raise DataError(Fault(name, OLDER, ANEW))
    layout = parse_layout(head[b"roxham.layout"])
    if reader.num_record_batches != 1:
        raise ValueError(f"it has {reader.num_record_batches} record batches, not one")
    stream = pa.py_buffer(data)[STREAM:]  # what is looked at is what is read, whatever the end says
    if any(map(_is_packed, pa.ipc.MessageReader.open_stream(stream))):
        raise ValueError("it is packed, which no saved network is")
    batch = pa.ipc.open_stream(stream).read_next_batch()
    batch.validate(full=True)
    edges, nodes = split(batch, layout)
    if verify and _checksum(head[b"roxham.layout"], edges, nodes) != head[b"roxham.crc32"].decode():
        raise DataError(Fault(name, "is damaged: its checksum is wrong.", ANEW))
    return from_table(layout, edges, nodes)


def _is_packed(message: Any) -> bool:
    """Whether the buffers of a message are packed: a few bytes may be all of the memory.

    Arrow does not tell. So this follows the offsets of Arrow's Message.fbs, which it has verified.
    """
    data = message.metadata.to_pybytes()

    def table(at: int, place: int) -> int:
        """Return where the table is that is a field of another; 0 where it is not there."""
        fields = at - struct.unpack_from("<i", data, at)[0]
        if 4 + 2 * place >= struct.unpack_from("<H", data, fields)[0]:
            return 0
        (offset,) = struct.unpack_from("<H", data, fields + 4 + 2 * place)
        at += offset
        return at + struct.unpack_from("<I", data, at)[0] if offset else 0

    kind = message.type
    if kind == "schema":
        return False
    part = table(struct.unpack_from("<I", data)[0], HEADER)
    return bool(table(table(part, WITHIN) if kind == "dictionary" else part, PACKED))


def refuse_older(path: Path, name: str) -> None:
    """Refuse a Parquet file that is a network saved in a form of before, and no GeoParquet.

    Raises
    ------
    DataError
        If it is one, if it is not whole, or if pyarrow is not installed.
    """
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        told = f"{name}: reading Parquet needs pyarrow. Run {install_line('arrow')}."
        raise DataError(told) from None
    try:
        older = b"roxham.format" in (parquet.read_schema(path).metadata or {})
    except (ArrowException, OSError, ValueError) as error:
        raise DataError(f"{name}: is not a whole Parquet file: {shown(error)}.") from None
    if older:
        raise DataError(Fault(name, OLDER, ANEW))


def _unlike(name: str) -> DataError:
    return DataError(
        Fault(name, "is no saved network.", "Open other road files with read_roads().")
    )


def _checksum(text: bytes, edges: Iterable[Any], nodes: Iterable[Any]) -> str:
    """Return the CRC-32 of the layout and of all buffers, as eight hexadecimal digits."""
    total = zlib.crc32(text)
    for array in (*edges, *nodes):
        for part in (array, getattr(array, "dictionary", None)):
            for buffer in part.buffers() if part is not None and len(part) else ():
                total = zlib.crc32(buffer, total) if buffer is not None else total
    return f"{total:08x}"
