"""A Parquet file before its rows are made: what it unpacks to."""

from __future__ import annotations

import json
from pathlib import Path

from roxham.geo.bounds import require, require_cells, spend
from roxham.geo.geometry.nesting import require_shallow

from .parquet_footer import chunks_of

__all__ = ["require_parquet"]

TEXT = 60
"""Bytes of a text in memory beside its letters."""


def require_parquet(path: Path, name: str) -> None:
    """Raise if a Parquet file unpacks to more than the memory: some bytes may be many rows of text.

    What a text is read from stands once in the file, whatever its rows, and is looked at so.

    Raises
    ------
    DataError
        If so.
    """
    from pyarrow import compute, parquet  # read_parquet has found it

    with path.open("rb") as file:
        told = parquet.ParquetFile(file).metadata
        require_cells(told.num_rows, told.num_columns, name)
        parts = (told.row_group(k) for k in range(told.num_row_groups))
        require("memory", sum(part.total_byte_size for part in parts), name)
        columns = [told.schema.column(k) for k in range(told.num_columns)]
        texts = [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]
        groups = chunks_of(file, len(columns), name)
        for k, column in enumerate(columns):  # lists hold more values than there are rows
            count = sum(group[k].values for group in groups)
            require("memory", (TEXT if column.path in texts else 8) * count, name)
        shapes = _shapes_in(told.metadata)
        used = 0
        for batch in parquet.ParquetFile(file, read_dictionary=texts).iter_batches():
            batch.validate(full=True)  # texts that are no UTF-8 are found out here, not in a cell
            for column in (batch[shape] for shape in shapes & set(batch.schema.names)):
                blobs = column.dictionary if hasattr(column, "dictionary") else column
                require_shallow(blobs.to_pylist(), name)
            for column in batch.columns:
                used += column.nbytes + TEXT * len(column)
                if str(column.type).startswith("dictionary"):
                    sizes = compute.binary_length(column.dictionary)
                    used += 2 * (compute.sum(sizes.take(column.indices)).as_py() or 0)
            require("memory", used, name)
            spend()


def _shapes_in(metadata: dict[bytes, bytes] | None) -> set[str]:
    """Return the columns of shapes that GeoParquet names."""
    columns = json.loads((metadata or {}).get(b"geo", b"{}")).get("columns", {})
    return set(columns)
