"""The foot of a Parquet file says what Arrow says of it; and damage to it ends no process."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from pyarrow.parquet import encryption

from roxham.geo import RoxhamError
from roxham.geo.geometry.reach import Reach
from roxham.geo.io.guard.parquet_footer import chunks_of
from roxham.geo.io.vector import read_parquet
from roxham.geo.scale.geoparquet import read_rows

LISTS = pa.table(
    {
        "id": ["a", "b", None],
        "names": pa.array([["x", "yy"], None, []]),
        "part": pa.array([{"k": 1.5, "more": ["z"]}] * 3),
        "at": pa.array([1, 2, 3], pa.timestamp("us")),
        "seen": pa.array([True, False, None]),
    }
)

FIRST = 60
"""Bytes of a foot that say what its columns are; at four of them Arrow ends the process."""


@pytest.mark.parametrize("version", ["1.0", "2.6"])
@pytest.mark.parametrize("rows", [1, 2, 100])
def test_what_is_said_of_chunks_is_what_arrow_says(version: str, rows: int) -> None:
    held = io.BytesIO()
    parquet.write_table(LISTS, held, version=version, row_group_size=rows)
    meta = parquet.ParquetFile(held).metadata
    groups = chunks_of(held, meta.num_columns, "a")
    assert len(groups) == meta.num_row_groups == -(-3 // rows)
    for g, chunks in enumerate(groups):
        for k, chunk in enumerate(chunks):
            told = meta.row_group(g).column(k)
            assert chunk.values == told.num_values
            assert chunk.missing == told.statistics.null_count
            assert (chunk.least is not None) == told.statistics.has_min_max
            if told.physical_type == "DOUBLE":
                assert chunk.least == chunk.most == np.float64(told.statistics.min).tobytes()


def test_no_damaged_foot_ends_the_process(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    parquet.write_table(LISTS.select(["names"]), path, store_schema=False)
    refused = 0
    for content in _damaged(path.read_bytes()):
        path.write_bytes(content)
        try:
            assert len(read_parquet(path, "a")) <= 3
        except RoxhamError:
            refused += 1
    assert 0 < refused < FIRST


def test_an_encrypted_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy([1.0, 2.0], [3.0, 4.0]), crs=4326)
    points.to_parquet(path, write_covering_bbox=True)
    table = parquet.read_table(path).append_column("names", pa.array([["a"], ["b"]]))
    near = Reach(np.array([[0.0, 0.0, 9.0, 9.0]]))
    for column in ("bbox.xmin", "names.list.element"):
        path.write_bytes(_encrypted(table, column))
        assert "decrypt" in str(read_rows(str(path), near).fault)
        with pytest.raises(RoxhamError, match="decrypt"):
            read_parquet(path, "a")


class _Keys(encryption.KmsClient):  # type: ignore[misc]
    """Wraps no key."""

    def wrap_key(self, key: bytes, _: str) -> bytes:
        return base64.b64encode(key)


def _encrypted(table: pa.Table, column: str) -> bytes:
    """Return a table of which one column is encrypted, and its foot is not."""
    out = io.BytesIO()
    asked = encryption.EncryptionConfiguration(
        footer_key="a", column_keys={"b": [column]}, plaintext_footer=True
    )
    keys = encryption.CryptoFactory(lambda _: _Keys())
    how = keys.file_encryption_properties(encryption.KmsConnectionConfig(), asked)
    parquet.write_table(table, out, encryption_properties=how)
    return out.getvalue()


def _damaged(content: bytes) -> list[bytes]:
    """Return a file of which one byte of the foot differs, for each of the first."""
    end = len(content) - 8
    size = int.from_bytes(content[end : end + 4], "little")
    out = []
    for at in range(end - size, end - size + FIRST):
        held = bytearray(content)
        held[at] ^= 1
        out.append(bytes(held))
    return out
