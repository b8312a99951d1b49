"""Tables as CSV: what the standard library would write, cell by cell."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roxham.geo.io import write
from roxham.geo.io.csv import inert
from roxham.geo.io.write import csv_bytes

TEXT = st.none() | st.text('ab ,"\n\r=-é1', max_size=5)
NUMBER = st.none() | st.floats() | st.integers(-(2**53), 2**53)


def by_csv(table: pd.DataFrame) -> str:
    """Return a table as Python's own module writes it, rows that end in a line feed."""
    lines: list[str] = []

    class Lines:
        def write(self, line: str) -> int:
            lines.append(f"{line[:-2]}\n")
            return len(line)

    writer = csv.writer(Lines(), lineterminator="\r\n")
    writer.writerow([str(inert(str(name))) for name in table.columns])
    for row in table.astype(object).where(table.notna(), None).itertuples(index=False, name=None):
        writer.writerow(["" if value is None else inert(value) for value in row])
    return "".join(lines)


@settings(max_examples=40)
@given(st.lists(st.tuples(TEXT, NUMBER, TEXT), max_size=6))
def test_csv_is_what_the_standard_library_writes(rows: list[tuple[Any, ...]]) -> None:
    text, number, kind = ([row[i] for row in rows] for i in range(3))
    table = pd.DataFrame(
        {
            "a,b": pd.Series(text, dtype="str"),
            "=n": pd.Series(number, dtype="float64"),
            "kind": pd.Categorical(kind),
            "any": pd.Series([*kind], dtype=object),
            "sure": pd.Series([value is None for value in kind], dtype=bool),
            "whole": pd.array([None if n is None else 3 for n in number], dtype="Int64"),
        }
    )
    assert csv_bytes(table).decode() == by_csv(table)
    for name in table:  # a column alone has no empty lines
        assert csv_bytes(table[[name]]).decode() == by_csv(table[[name]])


def test_a_long_table_is_written_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pd.DataFrame({"n": np.arange(7), "day": pd.date_range("2020-01-01", periods=7)})
    whole = csv_bytes(table)
    monkeypatch.setattr(write, "ROWS_AT_ONCE", 3)
    assert csv_bytes(table) == whole
    assert csv.DictReader(io.StringIO(whole.decode())).__next__() == {
        "n": "0",
        "day": "2020-01-01 00:00:00",
    }
