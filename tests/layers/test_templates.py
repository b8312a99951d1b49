"""Templates pass the readers once their made-up row is replaced, and not before."""

from pathlib import Path

import pandas as pd
import pytest

from roxham.geo import DataError, using_region
from roxham.geo.io.write import csv_bytes
from roxham.geo.tables.contract import read_table
from roxham.geo.tables.region_files import relaxed
from roxham.layers import ports_contract
from roxham.layers.mapping.read import as_mapping, read_by
from roxham.layers.templates import columns_table, in_languages, region_contracts, template
from roxham.layers.travel.place_lookup import read_points

TABLES = region_contracts()


def written(folder: Path, table: str, **cells: str) -> Path:
    path = folder / f"{table}.csv"
    path.write_bytes(csv_bytes(template(table).assign(**cells)))
    return path


@pytest.mark.parametrize("table", TABLES)
def test_a_template_is_refused_until_its_row_is_replaced(tmp_path: Path, table: str) -> None:
    path = written(tmp_path, table)
    rows, rejected = read_table(path, TABLES[table])
    assert rows.empty
    assert rejected["problem"].tolist() == [
        "is of the template's made-up row; replace the whole row"
    ]
    columns = [c for c in ("name", "place_name", "source_title", "note") if c in template(table)]
    path = written(tmp_path, table, **dict.fromkeys(columns, "Mine"))
    rows, rejected = read_table(path, TABLES[table])
    assert rejected.empty, rejected.to_string()
    assert len(rows) == 1


@pytest.mark.parametrize("table", ["incidents", "counts", "ports"])
def test_a_row_that_is_made_up_in_part_is_refused(tmp_path: Path, table: str) -> None:
    path = written(tmp_path, table, source_title="Mine", place_name="Mine")
    rows, rejected = read_table(path, TABLES[table])
    assert rows.empty
    assert rejected["column"].tolist() == ["note"]


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_explained(table: str) -> None:
    said = columns_table(table)
    for column in TABLES[table].columns:
        assert f"| `{column.name}` |" in said


def test_places_left_as_they_are_are_no_places(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"row 2, column name: .*made-up row; replace"):
        read_points(written(tmp_path, "places"))


def test_no_other_table_has_a_template() -> None:
    with pytest.raises(DataError, match="none of counts, incidents"):
        template("people")


def test_columns_are_in_the_languages_of_the_region() -> None:
    with using_region(Path(__file__).parents[2] / "examples" / "danube"):
        names = [column.name for column in in_languages(TABLES["incidents"]).columns]
    assert "place_name_en" in names
    assert not [name for name in names if name.endswith("_fr")]


def test_ports_have_hours_of_both_sides_in_the_languages_of_the_region() -> None:
    with using_region(Path(__file__).parents[2] / "examples" / "danube"):
        names = template("ports").columns.tolist()
        told = [column.name for column in ports_contract().columns]
    assert names == told
    assert [name for name in names if name.startswith("hours")] == [
        *("hours_bg", "hours_bg_en", "hours_ro", "hours_ro_en", "hours_note", "hours_note_en")
    ]
    assert not [name for name in names if name.endswith("_fr")]


def test_a_mapping_may_name_a_column_in_a_language_of_the_region() -> None:
    said = {"columns": {"bg_name": "Пункт", "note": "Бележка", "note_en": "Note"}}
    cells = ["Русе", "мост", "a bridge", "43.9", "26"]
    rows = pd.DataFrame([cells], columns=["Пункт", "Бележка", "Note", "lat", "lon"])
    with using_region(Path(__file__).parents[2] / "examples" / "danube"):
        found = read_by(rows, relaxed(ports_contract(), "lat", "lon"), as_mapping(said, "ports"))
        assert found.rows[["bg_name", "note_en"]].values.tolist() == [["Русе", "a bridge"]]
        with pytest.raises(DataError, match=r"note_de: no column of ours.*note_en") as refused:
            read_by(rows, ports_contract(), as_mapping({"columns": {"note_de": "Note"}}, "ports"))
    assert "note_fr" not in str(refused.value)
