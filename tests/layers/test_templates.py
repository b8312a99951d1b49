"""Templates as they are written pass the readers, and show nowhere if left as they are."""

from pathlib import Path

import pytest

from roxham.geo import DataError
from roxham.geo.export import csv_bytes
from roxham.geo.tables import read_table
from roxham.layers import load_layers
from roxham.layers.templates import TABLES, columns_table, template


@pytest.mark.parametrize("table", TABLES)
def test_a_template_passes_its_reader(tmp_path: Path, table: str) -> None:
    path = tmp_path / f"{table}.csv"
    path.write_bytes(csv_bytes(template(table)))
    rows, rejected = read_table(path, TABLES[table])
    assert rejected.empty, rejected.to_string()
    assert len(rows) == 1
    assert "Example" in " ".join(rows.iloc[0].dropna().astype(str))


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_explained(table: str) -> None:
    said = columns_table(table)
    for column in TABLES[table].columns:
        assert f"| `{column.name}` |" in said


def test_a_row_left_as_it_is_lies_outside_all_that_is_drawn(tmp_path: Path) -> None:
    for table in ("incidents", "counts"):
        (tmp_path / table).write_bytes(csv_bytes(template(table)))
    layers = load_layers(
        incidents=tmp_path / "incidents", counts=tmp_path / "counts", since="2017-01"
    )
    assert layers.incidents.empty
    assert layers.interceptions.empty


def test_no_other_table_has_a_template() -> None:
    with pytest.raises(DataError, match="none of incidents, counts"):
        template("people")
