"""What needs an extra that is not installed says so, and the line that installs it."""

import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from roxham.geo import DataError, extras
from roxham.geo.io.postgis import query_table
from roxham.geo.io.vector import read_parquet
from roxham.geo.io.write import parquet_bytes
from roxham.geo.network.storage import load_saved, refuse_older
from roxham.geo.scale.connection import connected
from roxham.geo.scale.geoparquet import read_rows
from roxham.geo.sheets.reading import PLAIN
from roxham.geo.sheets.workbook import read_workbook
from roxham.layers import load_series
from roxham.layers.export.database import write_database

DATABASE = "postgresql://127.0.0.1:9/desk#rows"


def connect(path: Path) -> None:
    with connected("local:1"):
        raise AssertionError("nothing to connect with")


def read_workbook_at(path: Path) -> Any:
    return read_workbook(path, name="a", reading=PLAIN, known=set(), require=lambda _: None)


CALLS: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "workbook": ("python_calamine", read_workbook_at, "needs python-calamine.*pip install"),
    "saved network": ("pyarrow", load_saved, "saved networks need pyarrow.*pip install"),
    "older network": ("pyarrow", lambda p: refuse_older(p, "a"), "Parquet needs pyarrow"),
    "rows in Parquet": ("pyarrow", lambda p: read_parquet(p, "a"), "needs pyarrow.*pip install"),
    "Parquet": ("pyarrow", lambda p: parquet_bytes(pd.DataFrame({"a": [1]})), "need pyarrow"),
    "table": ("psycopg", lambda p: query_table(DATABASE), "needs a driver.*pip install"),
    "export": (
        "psycopg",
        lambda p: write_database(DATABASE, [], title="T", keys={}),
        "needs a driver",
    ),
    "drawing": (
        "matplotlib",
        lambda p: load_series("interceptions", place="CA-QC").plot(),
        "needs Matplotlib.*pip install",
    ),
    "workers": ("distributed", connect, "needs Dask.*roxham.dask"),
}


@pytest.mark.parametrize("what", CALLS)
def test_what_is_not_installed_is_told(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, call, told = CALLS[what]
    for name in [name for name in sys.modules if name.split(".")[0] == module]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, module, None)
    (path := tmp_path / "a").write_bytes(b"PAR1")
    with pytest.raises(DataError, match=f"(?s){told}"):
        call(path)


def test_a_part_of_a_network_is_at_fault_where_the_work_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    found = read_rows("a.parquet")
    assert found.rows is None
    assert "needs pyarrow. Install roxham[arrow] where it is read" in str(found.fault)


def test_without_its_own_metadata_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> list[str]:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(extras, "requires", missing)
    assert extras.asked_for("excel") == []
    assert extras.install_line("excel") == "pip install '.[excel]'"
