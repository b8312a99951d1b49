"""Templates pass the readers once their made-up row is replaced, and not before."""

from pathlib import Path

import pytest

from roxham.geo import DataError, using_region
from roxham.geo.io.write import csv_bytes
from roxham.geo.tables.contract import read_table
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
