"""Workbooks: what a spreadsheet saves is read, what would harm or mislead is refused by name."""

import random
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from roxham.geo import DataError
from roxham.geo.sheets.reading import Reading
from roxham.geo.sheets.workbook import _bare, is_workbook
from roxham.geo.tables.contract import Column, Contract, read_table
from tests.crafted_workbooks import Cell, write_ods, write_xlsx

NOTES = Contract(
    "notes", (Column("year", "integer"), Column("text"), Column("n", "number", required=False))
)
HEAD: list[Cell] = ["year", "text", "n"]
ROWS: list[list[Cell]] = [HEAD, [2022, "é", 5], [2023, "b", None]]
CELL = '<c r="C2"><v>5</v></c>'
REPEATED = 'table:number-columns-repeated="16384" office:value-type="float" office:value="1"'
BOMB = (
    '<table:table-row table:number-rows-repeated="1048576">'
    f"<table:table-cell {REPEATED}/></table:table-row>"
)
EMPTY = (
    '<table:table-row table:number-rows-repeated="1048570"><table:table-cell '
    'table:number-columns-repeated="16384"/></table:table-row>'
)


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_a_sheet_is_read_as_a_table_of_text_would_be(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    rows: list[list[Cell]] = [["Table 3"], [], *ROWS]
    if ending == "xlsx":
        write_xlsx(path, {"Data": rows, "Notes": []})
    else:
        write_ods(path, rows, more=EMPTY)
    read, rejected = read_table(path, NOTES)
    assert rejected.empty
    assert read["year"].tolist() == [2022, 2023]
    assert read["text"].tolist() == ["é", "b"]
    assert read["n"].fillna(-1).tolist() == [5, -1]
    assert read.attrs["read_as"] == ["row 3 holds the names of the columns"]


def test_rows_at_fault_are_numbered_as_the_spreadsheet_does(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"S": [HEAD, [], ["soon", "a"], [2022, "b", 1, "far"]]})
    rejected = read_table(path, NOTES).rejected
    assert rejected[["row", "column"]].values.tolist() == [[3, "year"], [4, "n"]]


def test_of_several_sheets_one_is_asked_for(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"One": ROWS, "Two": ROWS[:2]})
    with pytest.raises(DataError, match=r"several sheets: One, Two.* --sheet"):
        read_table(path, NOTES)
    with pytest.raises(DataError, match="has no sheet Three; found One, Two"):
        read_table(path, NOTES, reading=Reading(sheet="Three"))
    assert len(read_table(path, NOTES, reading=Reading(sheet="Two")).rows) == 1


def test_the_one_sheet_with_our_columns_is_taken_and_said(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Cover": [["By an office"]], "Data": ROWS})
    read = read_table(path, NOTES).rows
    assert read.attrs["read_as"] == ["of 2 sheets, Data has most of the columns"]


def test_cells_made_one_are_asked_about(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [HEAD, [2022, "a"], [None, "b"]]
    path = write_xlsx(tmp_path / "a.xlsx", {"S": rows}, merged=["A2:A3"])
    with pytest.raises(DataError, match="row 2, column year: is part of several cells"):
        read_table(path, NOTES)
    filled = read_table(path, NOTES, reading=Reading(merged="fill")).rows
    assert filled["year"].tolist() == [2022, 2022]
    above: list[list[Cell]] = [["A title"], *ROWS]
    title = write_xlsx(tmp_path / "b.xlsx", {"S": above}, merged=["A1:C1"])
    assert len(read_table(title, NOTES).rows) == 2
    spanned = 'table:number-rows-spanned="2" office:value-type="string"'
    more = f"<table:table-row><table:table-cell {spanned}/></table:table-row>"
    with pytest.raises(DataError, match="row 4, column year: is part of several cells"):
        read_table(write_ods(tmp_path / "a.ods", ROWS, more=more), NOTES)


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ('<c r="C2"><f>1+1</f><v></v></c>', "formulas that no program has worked out"),
        ('<c r="C2"><f>1+1</f></c>', "formulas that no program has worked out"),
        ('<c r="XFD1048576"><v>1</v></c>', "has more than 10,000 columns"),
        ('<c r="CU900000"><v>1</v></c>', "has more than 50,000,000 points"),
        ('<c r="ZZZZ99999999999"><v>1</v></c>', "has more than 2,000,000 rows"),
        ('<c r="ZZZZZZ9"><v>1</v></c>', "has more than 10,000 columns"),
        ('<c t=" r= "/>' * 10_001, "has more than 10,000 columns"),
    ],
)
def test_a_cell_that_cannot_be_meant_is_refused(tmp_path: Path, cell: str, message: str) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"S": ROWS}, replace=(CELL, cell))
    with pytest.raises(DataError, match=message):
        read_table(path, NOTES)


def test_a_sheet_in_another_part_is_counted_too(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"S": ROWS})
    with zipfile.ZipFile(path) as whole:
        parts = {part: whole.read(part) for part in whole.namelist()}
    links = "xl/_rels/workbook.xml.rels"
    parts[links] = parts[links].replace(b"worksheets/sheet1.xml", b"styles.xml")
    sheet = parts["xl/worksheets/sheet1.xml"].replace(CELL.encode(), b'<c r="A99999999"/>')
    with zipfile.ZipFile(path, "w") as whole:
        for part, data in (parts | {"xl/styles.xml": sheet}).items():
            whole.writestr(part, data)
    with pytest.raises(DataError, match="has more than 2,000,000 rows"):
        read_table(path, NOTES)


def test_cells_made_one_that_are_none_do_not_count_against_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROXHAM_MAX_POINTS", "50")
    path = write_xlsx(tmp_path / "a.xlsx", {"S": ROWS}, merged=["A1:Z2", "A900:Z901"])
    with pytest.raises(DataError, match="has more than 50 points"):
        read_table(path, NOTES, reading=Reading(merged="fill"))


def test_what_a_formula_was_worked_out_to_is_read_and_an_error_is_told(tmp_path: Path) -> None:
    formula = '<c r="C2"><f>2+3</f><v>5</v></c>'
    path = write_xlsx(tmp_path / "a.xlsx", {"S": ROWS}, replace=(CELL, formula))
    assert read_table(path, NOTES).rows["n"].tolist()[0] == 5
    error = '<c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    path = write_xlsx(tmp_path / "b.xlsx", {"S": ROWS}, replace=(CELL, error))
    assert "error of a spreadsheet" in read_table(path, NOTES).rejected["problem"].item()


def test_entities_and_bombs_are_refused(tmp_path: Path) -> None:
    entity = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet'
    path = write_xlsx(tmp_path / "a.xlsx", {"S": ROWS}, replace=("<worksheet", entity))
    with pytest.raises(DataError, match="declares entities"):
        read_table(path, NOTES)
    with pytest.raises(DataError, match="has more than 10,000 columns"):
        read_table(write_ods(tmp_path / "a.ods", ROWS, more=BOMB), NOTES)
    wide = (("16384", "9000"), ("1048576", "9000"))
    fewer = BOMB
    for old, new in wide:
        fewer = fewer.replace(old, new)
    with pytest.raises(DataError, match="has more than 50,000,000 points"):
        read_table(write_ods(tmp_path / "b.ods", ROWS, more=fewer), NOTES)


def test_an_archive_that_unpacks_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROXHAM_MAX_WHOLE_BYTES", "100000")
    path = write_xlsx(tmp_path / "a.xlsx", {"S": ROWS}, replace=("</worksheet>", " " * 200_000))
    with pytest.raises(DataError, match="larger than 100,000 bytes"):
        read_table(path, NOTES)


def test_a_text_that_many_cells_share_counts_in_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # asked before the library unpacks it
    monkeypatch.setenv("ROXHAM_MAX_MEMORY", "4000000")
    cells = "<row>" + '<c t="s"><v>0</v></c>' * 200 + "</row></sheetData>"
    shared = f"<sst><si><t>{'x' * 9000}</t></si></sst>".encode()
    path = tmp_path / "a.xlsx"
    parts = {"xl/sharedStrings.xml": shared}
    write_xlsx(path, {"S": ROWS}, replace=("</sheetData>", cells), parts=parts)
    with pytest.raises(DataError, match="needs more than 4,000,000 bytes of memory"):
        _bare(path, "a")
    text = '<table:table-cell {} office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    for cell in (
        text.format('table:number-columns-repeated="200"', "x" * 9000),
        text.format("", '<text:s text:c="2000000"/>'),
    ):
        more = f"<table:table-row>{cell}</table:table-row>"
        with pytest.raises(DataError, match="needs more than 4,000,000 bytes of memory"):
            _bare(write_ods(tmp_path / "a.ods", ROWS, more=more), "a")


def test_what_leads_elsewhere_is_not_read(tmp_path: Path) -> None:
    link = b'<externalLink xmlns="x"><!DOCTYPE a></externalLink>'
    path = write_xlsx(
        tmp_path / "a.xlsx", {"S": ROWS}, parts={"xl/externalLinks/externalLink1.xml": link}
    )
    assert len(read_table(path, NOTES).rows) == 2


@pytest.mark.parametrize("seed", range(40))
def test_a_workbook_that_is_damaged_is_read_or_refused(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    write = write_xlsx(tmp_path / "a.xlsx", {"S": ROWS}) if seed % 2 else None
    path = write or write_ods(tmp_path / "a.ods", ROWS)
    data = bytearray(path.read_bytes())
    for _ in range(4):
        data[chance.randrange(len(data))] = chance.randrange(256)
    path.write_bytes(data)
    with suppress(DataError):
        assert set(read_table(path, NOTES).rows) >= {"year", "text"}


def test_a_workbook_cut_off_is_no_whole_one(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"S": ROWS})
    path.write_bytes(path.read_bytes()[:-80])
    with pytest.raises(DataError, match="is not a whole workbook"):
        read_table(path, NOTES)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(DataError, match="is a zip archive"):
        read_table(path, NOTES)


def test_a_sheet_without_a_header_or_with_a_name_twice_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"S": ROWS})
    with pytest.raises(DataError, match=r"a\.xlsx: is empty\. Give a sheet with a header"):
        read_table(path, NOTES, reading=Reading(header=99))
    twice: list[list[Cell]] = [[*HEAD[:2], HEAD[0]], [2022, "a", 5]]
    path = write_xlsx(tmp_path / "b.xlsx", {"S": twice})
    with pytest.raises(DataError, match=f"row 1, column {HEAD[0]}: two columns have this name"):
        read_table(path, NOTES)


def test_an_archive_with_a_part_twice_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"S": ROWS})
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(DataError, match=r"a\.xlsx: has a part twice\. Save it anew"):
        read_table(path, NOTES)
    assert not is_workbook(tmp_path / "none.xlsx")
