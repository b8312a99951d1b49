"""Networks on disk, as columns: reopened without parsing, mapped rather than read.

The file is Arrow's (IPC, or Parquet where the name ends so), one row, in which
each array of the network is one list. Any Arrow reader opens it; here the lists
become NumPy arrays in place. Format, version and a checksum of all of it stand
in its metadata. Needs pyarrow, the extra ``arrow``.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .columns import Coded, Column, Ragged
from .errors import DataError, shown
from .files import replacing
from .network import Roads

__all__ = ["FORMAT", "VERSION", "load_saved", "save_roads"]

FORMAT = "roxham roads"
VERSION = 1
"""Raised whenever older code could not read what newer code writes."""

ARRAYS = ("node_id", "x", "y", "u", "v", "key", "length_m", "offsets", "coords")
Arrays = dict[str, NDArray[Any]]


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
        If pyarrow is not installed, or an attribute is nothing that JSON knows.
    """
    pa = _pyarrow()
    path = Path(path)
    arrays: Arrays = {name: getattr(roads, name) for name in ARRAYS}
    arrays["coords"] = roads.coords.ravel()
    for room, columns in (("node", roads.node_columns), ("edge", roads.edge_columns)):
        for name, col in columns.items():
            arrays |= _flat(f"{room}:{name}", col)
    meta = json.dumps(dict(roads.meta), default=str)
    lists = {name: _as_list(pa, array) for name, array in arrays.items()}
    head = {"format": FORMAT, "version": str(VERSION), "meta": meta}
    head["crc32"] = _checksum(meta, lists)
    table = pa.table(lists).replace_schema_metadata({f"roxham.{k}": v for k, v in head.items()})
    with replacing(path) as part:
        _write(table, str(part), parquet=path.suffix == ".parquet")
    return path


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
        If pyarrow is not installed, or the file is missing, damaged, of another
        kind or of a newer version.

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
    pa, name = _pyarrow(), str(path)
    try:
        table = _open(pa, name)
        head = {k.decode(): v.decode() for k, v in (table.schema.metadata or {}).items()}
        if head.get("roxham.format") != FORMAT:
            raise DataError(f"{name}: is no saved network. Open it with read_roads().")
        if int(head["roxham.version"]) > VERSION:
            raise DataError(f"{name}: was saved by a newer roxham. Upgrade, or read the source.")
        lists = {c: table.column(c).chunk(0) for c in table.column_names}
        for row in lists.values():
            if not isinstance(row, pa.LargeListArray) or len(row) != 1:
                raise DataError(f"{name}: is damaged: a column is no list. Save it again.")
            row.validate(full=True)  # a length beyond the file would crash the process
        if verify and _checksum(head["roxham.meta"], lists) != head["roxham.crc32"]:
            raise DataError(f"{name}: is damaged: its checksum is wrong. Save it again.")
        return _roads(lists, json.loads(head["roxham.meta"]))
    except DataError:
        raise
    except (pa.ArrowException, OSError, KeyError, ValueError, IndexError, TypeError) as error:
        raise DataError(f"{name}: cannot be opened as a saved network: {shown(error)}.") from None


def _pyarrow() -> Any:
    try:
        import pyarrow as pa
    except ImportError:
        raise DataError("saved networks need pyarrow. Install roxham[arrow].") from None
    return pa


def _flat(name: str, col: Column) -> Arrays:
    """Return the arrays that make up one column."""
    if "#" in name:
        raise DataError(f"column {shown(name)} cannot be saved: rename it without #.")
    if isinstance(col, np.ndarray):
        return {name: col}
    if isinstance(col, Ragged):
        return {f"{name}#offsets": col.offsets, f"{name}#items": col.values}
    try:
        texts = [json.dumps(value, ensure_ascii=False) for value in col.values]
    except TypeError as error:
        raise DataError(f"column {shown(name)} cannot be saved: {error}.") from None
    return {f"{name}#codes": col.codes, f"{name}#values": np.array(texts, dtype=object)}


def _as_list(pa: Any, array: NDArray[Any]) -> Any:
    """Return an array as a list in one row, without copying numbers."""
    kind = pa.large_string() if array.dtype.kind == "O" else None
    values = pa.array(np.ascontiguousarray(array), type=kind)
    return pa.LargeListArray.from_arrays(pa.array([0, len(array)], type=pa.int64()), values)


def _checksum(meta: str, lists: Mapping[str, Any]) -> str:
    """Return a CRC-32 of names, types and content."""
    total = zlib.crc32(meta.encode())
    for name, row in lists.items():
        values = row.values
        total = zlib.crc32(f"{name} {values.type} {len(values)}".encode(), total)
        if str(values.type) == "large_string":
            total = zlib.crc32("".join(values.to_pylist()).encode(), total)
        else:
            total = zlib.crc32(np.ascontiguousarray(_numpy(values)).data, total)
    return f"{total:08x}"


def _numpy(values: Any) -> NDArray[Any]:
    array: NDArray[Any] = values.to_numpy(zero_copy_only=False)
    return array


def _write(table: Any, path: str, *, parquet: bool) -> None:
    if parquet:
        from pyarrow import parquet as pq

        pq.write_table(table, path, compression="zstd", use_dictionary=False)
        return
    from pyarrow import ipc

    with ipc.new_file(path, table.schema) as file:
        file.write_table(table)


def _open(pa: Any, path: str) -> Any:
    with Path(path).open("rb") as file:
        magic = file.read(6)
    if magic[:4] == b"PAR1":
        from pyarrow import parquet as pq

        return pq.read_table(path)
    return pa.ipc.open_file(pa.memory_map(path)).read_all()


def _roads(lists: Mapping[str, Any], meta: dict[str, Any]) -> Roads:
    arrays = {name: lists[name].values for name in ARRAYS}
    fields = {name: _numpy(values) for name, values in arrays.items()}
    fields["coords"] = fields["coords"].reshape(-1, 2)
    columns: dict[str, dict[str, Column]] = {"node": {}, "edge": {}}
    for full in lists:
        room, _, rest = full.partition(":")
        if room not in columns or not rest:
            continue
        name, _, part = rest.rpartition("#")
        if part == "codes":
            texts = lists[f"{room}:{name}#values"].values
            columns[room][name] = Coded(_numpy(lists[full].values), _values(texts))
        elif part == "offsets":
            items = _numpy(lists[f"{room}:{name}#items"].values)
            columns[room][name] = Ragged(_numpy(lists[full].values), items)
        elif not name:
            columns[room][rest] = _numpy(lists[full].values)
    return Roads(**fields, node_columns=columns["node"], edge_columns=columns["edge"], meta=meta)


def _values(texts: Any) -> Callable[[], list[Any]]:
    """Return how to get the distinct values of a column when they are asked for."""
    return lambda: json.loads("[" + ",".join(texts.to_pylist()) + "]")
