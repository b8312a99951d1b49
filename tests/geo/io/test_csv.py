"""CSV as people save it: separators, byte order marks, line numbers."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roxham.geo import DataError
from roxham.geo.io.csv import read_cells
from roxham.geo.tables.contract import Column, Contract, read_table

NOTES = Contract("notes", (Column("year", "integer"), Column("text", required=False)))


@pytest.fixture
def python_limit() -> Iterator[None]:
    """Keep the longest cell at Python's own limit; Frictionless raises it for the whole process."""
    before = csv.field_size_limit(131_072)
    yield
    csv.field_size_limit(before)


def save(folder: Path, content: str | bytes) -> Path:
    path = folder / "a.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        "year,text\n2022,one\n",
        "year;text\r\n2022;one\r\n",
        "year\ttext\r2022\tone\r",
        "\ufeffyear,text\n2022,one",
        '"year","text"\n"2022","one"\n',
        " year , text\n2022,one,,\n,,\n\n",
    ],
)
def test_what_spreadsheets_save_is_read(tmp_path: Path, content: str) -> None:
    checked = read_table(save(tmp_path, content), NOTES)
    assert checked.rows.to_dict("list") == {"year": [2022], "text": ["one"]}
    assert checked.rejected.empty


def test_a_decimal_comma_does_not_make_a_comma_file(tmp_path: Path) -> None:
    checked = read_table(save(tmp_path, "year;text\n2022;a,b,c\n"), NOTES)
    assert checked.rows["text"].tolist() == ["a,b,c"]


def test_a_comma_in_a_title_does_not_hide_the_header_below_it(tmp_path: Path) -> None:
    title = "Transitions, 2015\n\n"
    found = read_cells(
        save(tmp_path, f"{title}Area;Sept;Oct\nA;1;2\nB;3;4\n"), name="a.csv", known=()
    )
    assert (found.header, found.above) == (["Area", "Sept", "Oct"], 2)
    assert [row[0] for row in found.rows] == ["A", "B"]
    ragged = read_cells(save(tmp_path, "a,b\n1,2,3\n4,5,6\n7,8,9\n"), name="a.csv", known=())
    assert ragged.header == ["a", "b"]  # a header of several cells is no title
    crossed = read_cells(save(tmp_path, ";2022\nA;5\nB;6\nC;7\n"), name="a.csv", known=())
    assert (crossed.header[1], len(crossed.rows)) == ("2022", 3)  # nor one whose first is empty


def test_the_row_is_the_line_an_editor_shows(tmp_path: Path) -> None:
    content = 'year,text\n2020,"one\r\ntwo\nthree"\n\n,,\nx,four\n2021,"a\vb\u2028c"\ny,five\n'
    checked = read_table(save(tmp_path, content), NOTES)
    assert checked.rejected["row"].tolist() == [7, 9]
    assert checked.rejected["found"].tolist() == ["x", "y"]
    assert checked.rows["text"].tolist() == ["one\ntwo\nthree", "a\vb\u2028c"]


@pytest.mark.parametrize("mark", ["\v", "\f", "\x1c", "\x85", "\u2028"])
def test_only_ends_of_lines_end_the_header(tmp_path: Path, mark: str) -> None:
    content = f"A title{mark}of two\nyear,text,a{mark}b\n2020,one,x\n"
    checked = read_table(save(tmp_path, content), NOTES)
    assert checked.rows["text"].tolist() == ["one"]
    assert checked.rows[f"a{mark}b"].tolist() == ["x"]
    with pytest.raises(DataError, match="has no such column"):
        read_table(save(tmp_path, content.replace("\n", mark)), NOTES)


def test_rows_of_the_wrong_length_are_set_aside_alone(tmp_path: Path) -> None:
    checked = read_table(save(tmp_path, "year,text\n39,540,x\n2021\n2022,ok\n"), NOTES)
    assert checked.rows["year"].tolist() == [2022]
    assert checked.rejected[["row", "column", "found"]].values.tolist() == [
        [2, "text", "3 cells"],
        [3, "text", "1 cells"],
    ]


def test_an_extra_cell_in_every_row_does_not_become_an_index(tmp_path: Path) -> None:
    checked = read_table(save(tmp_path, "year,text\n1,2020,a\n2,2021,b\n"), NOTES)
    assert len(checked.rows) == 0
    assert len(checked.rejected) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \n", "is empty"),
        (b"\xff\xfe", "is empty"),
        (b"\n1,2\n", "row 1: holds no names of columns"),
        (b"year,text\n2020,a\0b\n", "not a text table"),
        (b"year,text\n2020,\xc3\xa9 \xc3b\n", "UTF-8 with a broken letter"),
        (b"year,text\n2020,\xff\x80\x9d\xfe\n", "is not UTF-8"),
        ("year,text\n2020,é\n".encode("utf-16")[:-1], "no whole utf-16 text"),
        (b'year,text\n2020,"open\n2021,b\n', r"row 2: is not a table: unexpected end of data"),
        (b'year,text\n2020,a\n2021,"a"b\n', r"row 3: is not a table"),
        (b"year,text\n2020," + b"x" * 200_000, "field larger than field limit"),
        (b"year,year,text\n1,2,3\n", "column year: two columns have this name"),
        (b"jahr\n2020\n", "row 1, column year: has no such column; found jahr"),
        (b"0" * 2_000_000, "not a text table"),
        (b"0\n" * 1_000_000, "row 1, column year: has no such column; found 0"),
    ],
)
def test_what_is_no_table_is_refused_by_name(
    tmp_path: Path, content: bytes, message: str, python_limit: None
) -> None:
    with pytest.raises(DataError, match=rf"^mine.csv.*{message}"):
        read_table(save(tmp_path, content), NOTES, name="mine.csv")


@pytest.mark.parametrize(("path", "message"), [("none.csv", "no such file"), (".", "a directory")])
def test_missing_files_and_directories(tmp_path: Path, path: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_cells(tmp_path / path, name="mine.csv")


@pytest.mark.parametrize("number", ["1e3", "0x10", "1_000", "1,00,0", "10 00", "inf", "nan", "²"])
def test_only_plain_digits_are_numbers(tmp_path: Path, number: str) -> None:
    checked = read_table(save(tmp_path, f'year,text\n"{number}",a\n'), NOTES)
    assert checked.rejected[["row", "column", "found"]].values.tolist() == [[2, "year", number]]
    assert "is not a number" in checked.rejected["problem"].iloc[0]


@pytest.mark.parametrize("number", ["4.000", "39.000", "-1.000", "12.500"])
def test_a_point_between_thousands_is_no_decimal_point(tmp_path: Path, number: str) -> None:
    """39.000 people of a German table are not 39, and a radius of 1.500 m is not 1.5 m."""
    for kind in ("integer", "number"):
        contract = Contract("notes", (Column("year", kind), Column("text")))
        checked = read_table(save(tmp_path, f"year;text\n{number};a\n"), contract)
        assert checked.rows.empty
        assert "could mean thousands" in checked.rejected["problem"].iloc[0]


@pytest.mark.parametrize("number", ["4000", "4.0", "4.00", "0.500", "1234.000", "12.125", "4.0000"])
def test_other_points_are_decimal_points(tmp_path: Path, number: str) -> None:
    contract = Contract("notes", (Column("year", "number"), Column("text")))
    checked = read_table(save(tmp_path, f"year,text\n{number},a\n"), contract)
    assert checked.rows["year"].tolist() == [float(number)]


@pytest.mark.parametrize("cell", ["#N/A", "#REF!", "#DIV/0!", "#NAME?", "#VALEUR!"])
def test_an_error_of_a_spreadsheet_is_no_text(tmp_path: Path, cell: str) -> None:
    checked = read_table(save(tmp_path, f"year,text\n2022,{cell}\n2022,# 5\n"), NOTES)
    assert checked.rows["text"].tolist() == ["# 5"]
    assert checked.rejected[["row", "column", "found"]].values.tolist() == [[2, "text", cell]]
    assert "error of a spreadsheet" in checked.rejected["problem"].iloc[0]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("Year,text", "column year: .*Rename Year so"),
        ("year,Text ,place", "column text: .*Rename Text so"),
        ("year,text,Radius (m)", r"column radius_m: .*Rename Radius \(m\) so"),
        ("Table 3 of 2022", "column year: .*Begin with the header, commas"),
        ("jahr,ort", "column year: .*Add it"),
        ("year,place", "column text: .*Add it"),
    ],
)
def test_a_header_of_other_names_is_told_how_to_be_written(
    tmp_path: Path, header: str, told: str
) -> None:
    radius = Column("radius_m", "number", required=False)
    contract = Contract("notes", (Column("year", "integer"), Column("text"), radius))
    with pytest.raises(DataError, match=told):
        read_table(save(tmp_path, f"{header}\n2022,a,5\n"), contract)
    both = read_table(save(tmp_path, "year,text,Text\n2022,a,b\n"), contract)
    assert both.rows["text"].tolist() == ["a"]


def test_unicode_text_of_excel_is_read_and_said(tmp_path: Path) -> None:
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        text = "\ufeffyear\ttext\n2020\té\n" if encoding[-1] == "e" else "year\ttext\n2020\té\n"
        for written in (text, text.removeprefix("\ufeff")):
            rows = read_table(save(tmp_path, written.encode(encoding)), NOTES).rows
            assert rows["text"].tolist() == ["é"]
            assert "the text is read as UTF-16" in rows.attrs["read_as"][0]


@pytest.mark.parametrize("number", ["9" * 16, "9" * 24, "1" + "0" * 15])
def test_numbers_beyond_exact_floats_are_refused(tmp_path: Path, number: str) -> None:
    checked = read_table(save(tmp_path, f"year,text\n{number},a\n-{number},b\n"), NOTES)
    assert checked.rows.empty
    assert len(checked.rejected) == 2


text = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12).map(str.strip)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=60,
    deadline=None,
)
@given(
    st.lists(st.tuples(st.integers(-(10**14), 10**14), text), max_size=8), st.sampled_from(",;\t")
)
def test_any_table_comes_back_equal(
    tmp_path: Path, cells: list[tuple[int, str]], separator: str
) -> None:
    path = tmp_path / "a.csv"
    table = pd.DataFrame(cells, columns=["year", "text"])
    table.to_csv(path, sep=separator, index=False, encoding="utf-8-sig")
    checked = read_table(path, NOTES)
    assert checked.rejected.empty
    assert checked.rows["year"].tolist() == table["year"].tolist()
    assert checked.rows["text"].fillna("").tolist() == table["text"].tolist()


def test_several_columns_may_have_no_name(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(",year,,count\nx,2022,y,5\nx,soon,y,6\n")
    table = Contract("table", (Column("year", "date"), Column("count", "integer")))
    rows, rejected = read_table(tmp_path / "a.csv", table)
    assert rows[["year", "count"]].to_numpy().tolist() == [["2022", 5]]
    assert rejected[["row", "column"]].to_numpy().tolist() == [[3, "year"]]


@pytest.mark.parametrize("mark", [b"\xef", b"\xef\xbb"])
def test_a_file_that_ends_within_the_mark_of_its_encoding(tmp_path: Path, mark: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(mark)
    with pytest.raises(DataError, match="is not a text table"):
        read_cells(tmp_path / "a.csv", name="a.csv")
