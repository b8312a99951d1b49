"""A folder of tables held to the rules: what is read of it, and what describes it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from roxham.geo import DataError
from roxham.layers.publication.check import check_tables
from roxham.layers.publication.folder import (
    check_documents,
    check_package,
    mismatches_in,
    read_folder,
)
from tests.crafted_workbooks import write_xlsx

SHIPPED = Path(__file__).parent.parent.parent.parent / "layers" / "data"
AT = shapely.Point(-5.36, 35.89)
POINT = {"type": "Point", "coordinates": [-73.5, 45.0]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that holds a table and its description."""
    shutil.copy(SHIPPED / "transfers.csv", tmp_path)
    whole = json.loads((SHIPPED / "datapackage.json").read_text())
    told = [one for one in whole["resources"] if one["path"] == "transfers.csv"]
    (tmp_path / "datapackage.json").write_text(json.dumps({**whole, "resources": told}))
    return tmp_path


def described(folder: Path, **given: Any) -> list[tuple[str, str]]:
    """Return what is found of the package after its one resource was changed."""
    path = folder / "datapackage.json"
    package = json.loads(path.read_text())
    package["resources"][0] |= given
    path.write_text(json.dumps(package))
    return [(one.status, one.evidence) for one in check_package(folder)]


def test_tables_come_with_the_names_of_their_files_and_null_where_nothing_is(
    tmp_path: Path,
) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "own.CSV").write_text("id,note\n1,\n2,here\n")
    one = {"type": "Feature", "properties": {"id": "a"}, "geometry": POINT}
    (tmp_path / "sites.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [one]})
    )
    (tmp_path / "notes.txt").write_text("no table")
    tables = dict(read_folder(tmp_path).tables)
    assert sorted(tables) == ["own", "sites"]
    assert tables["own"].isna().to_numpy().tolist() == [[False, True], [False, False]]
    assert tables["sites"].geometry.x.tolist() == [-73.5]


def test_all_that_cannot_be_read_of_a_folder_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "torn.csv").write_text("id,note\n1\n")
    (tmp_path / "odd.geojson").write_text("no JSON")
    (tmp_path / "away.csv").symlink_to(SHIPPED / "ports.csv")
    with pytest.raises(DataError) as caught:
        read_folder(tmp_path)
    assert sorted(Path(f.file).name for f in caught.value.faults) == [
        "away.csv",
        "odd.geojson",
        "torn.csv",
    ]


@pytest.mark.parametrize(
    ("name", "problem"), [(".", "holds no table"), ("none", "is not a folder")]
)
def test_a_folder_without_tables_is_refused(tmp_path: Path, name: str, problem: str) -> None:
    with pytest.raises(DataError, match=problem):
        read_folder(tmp_path / name)


def test_a_description_holds_where_its_files_are_the_ones_described(folder: Path) -> None:
    assert described(folder) == [("pass", "1 files as datapackage.json has them")]
    (folder / "datapackage.json").unlink()
    assert [one.status for one in check_package(folder)] == ["not applicable"]


@pytest.mark.parametrize(
    ("given", "evidence"),
    [
        ({"hash": "sha256:0"}, "transfers.csv is not the file whose SHA-256 the package gives"),
        ({"path": "gone.csv"}, "gone.csv is not there: is missing."),
        ({"path": "../x.csv"}, "../x.csv is not there: names “../x.csv”, which leads out"),
        (
            {"licenses": [], "sources": []},
            "transfers.csv has no licenses; transfers.csv has no sourc",
        ),
    ],
)
def test_a_description_that_is_not_true_fails(
    folder: Path, given: dict[str, Any], evidence: str
) -> None:
    whole = json.loads((folder / "datapackage.json").read_text())
    for key in ("licenses", "sources"):
        whole.pop(key, None)
    (folder / "datapackage.json").write_text(json.dumps(whole))
    ((status, told),) = described(folder, **given)
    assert status == "fail"
    assert told.startswith(evidence)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"resources": {}}', '{"resources": [1]}', "[" * 99_999]
)
def test_what_is_no_description_fails(tmp_path: Path, text: str) -> None:
    (tmp_path / "datapackage.json").write_text(text)
    (found,) = check_package(tmp_path)
    assert (found.rule, found.status) == ("provenance", "fail")
    assert found.evidence.startswith("datapackage.json is no data package: ")


def test_sums_are_compared_where_a_folder_holds_counts(folder: Path) -> None:
    assert mismatches_in(folder) is None
    shutil.copy(SHIPPED / "interceptions.csv", folder)
    found, shipped = mismatches_in(folder), mismatches_in(None)
    assert found is not None
    assert shipped is not None
    assert found["period"].tolist() == shipped["period"].tolist() != []


VICTIM = pd.DataFrame({"victim": ["A. Person"], "age": [34]})


def _sheet(path: Path) -> None:
    write_xlsx(path, {"Notes": [["Read me"]], "S": [["victim", "age"], ["A. Person", 34]]})


WRITERS: dict[str, Callable[[Path], object]] = {
    "x.tsv": lambda path: VICTIM.to_csv(path, sep="\t", index=False),
    "x.dat": lambda path: VICTIM.to_csv(path, sep=";", index=False),
    "victims": lambda path: VICTIM.to_csv(path, index=False),
    "x.txt": lambda path: VICTIM.to_csv(path, sep=";", index=False),
    "x.json": lambda path: VICTIM.to_json(path, orient="records"),
    "x.html": lambda path: VICTIM.to_html(path, index=False),
    "x.shp": lambda path: gpd.GeoDataFrame(VICTIM, geometry=[AT], crs=4326).to_file(path),
    "x.fgb": lambda path: gpd.GeoDataFrame(VICTIM, geometry=[AT], crs=4326).to_file(
        path, driver="FlatGeobuf"
    ),
    "x.xlsx": _sheet,
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_table_is_read_whatever_its_file_is_called(tmp_path: Path, name: str) -> None:
    (tmp_path / "good.csv").write_text("place,people\nA,100\n")
    WRITERS[name](tmp_path / name)
    found = read_folder(tmp_path)
    (rows,) = [rows for _, rows in found.tables if "victim" in rows]
    assert rows["victim"].tolist() == ["A. Person"]
    assert (found.unread, found.seen) == ([], [])


def test_what_no_reader_has_fails_and_pictures_are_named(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text("place,people\nA,100\n")
    (tmp_path / "x.kml").write_text("<kml/>")
    (tmp_path / "x.docx").write_bytes(b"PK\3\4 and more")
    (tmp_path / "x.bin").write_bytes(b"a\0b")
    (tmp_path / "map.png").write_bytes(b"\x89PNG")
    (tmp_path / "notes.md").write_text("one, two\n\nA 34-year-old man\n")
    found = read_folder(tmp_path)
    assert (found.unread, found.seen) == (["x.bin", "x.docx", "x.kml"], ["map.png"])
    told = {(one.rule, one.status): one.evidence for one in check_documents(found)}
    assert told["sensitivity", "fail"].startswith("what nobody could read: x.bin, x.docx, x.kml")
    assert "page notes.md.text row 3 says “34-year-old”" in told["personal", "fail"]


def test_rows_are_of_whom_their_package_says_and_not_of_whom_they_look_like(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("month,people\n2021-01,3\n")
    (tmp_path / "b.csv").write_text("month,people\n2021-01,3\n")
    layout = "Fiscal Year,Month (abbv),Component,Area of Responsibility,Encounter Count"
    (tmp_path / "c.csv").write_text(f"{layout}\n2022,OCT,U.S. Border Patrol,Tucson,3\n")
    office = {"path": "a.csv", "sources": [{"title": "T", "path": "https://www.cbp.gov/x"}]}
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": [office]}))
    found = read_folder(tmp_path)
    (small,) = [one for one in check_tables(found.tables) if one.rule == "small-cells"]
    told = small.evidence.split("what ships: ")[1]
    assert told == "b.people row 2: 3, c.Encounter Count row 2: 3"
    assert found.looks_like == ["c of U.S. Customs and Border Protection"]
    assert any("if it is theirs, say so" in one.evidence for one in check_documents(found))
