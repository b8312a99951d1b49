"""A saved page: which of its tables is read, and how its cells are laid out."""

from pathlib import Path

import pytest

from roxham.geo import DataError, bounds
from roxham.geo.bounds import within_bounds
from roxham.geo.sheets import html_table
from roxham.geo.sheets.cells import Cells
from roxham.geo.sheets.html_table import read_html
from roxham.geo.sheets.reading import Reading

HEAD = "<tr><th>Month<th>Place<th>Count"


def read(tmp_path: Path, text: str, **asked: object) -> tuple[Cells, list[str]]:
    (path := tmp_path / "a.html").write_text(f"<!doctype html>{text}", encoding="utf-8")
    return read_html(
        path,
        name="a.html",
        reading=Reading(**asked),  # type: ignore[arg-type]
        known={"Month"},
        require=lambda header: None,
    )


def test_a_cell_that_reaches_down_stands_in_each_of_its_rows(tmp_path: Path) -> None:
    rows = "<tr><td rowspan=2>2023-01<td>A<td rowspan=2>5<tr><td>B<tr><td>2023-02<td>A<td>7"
    cells, _ = read(tmp_path, f"<table>{HEAD}{rows}</table>")
    assert cells.rows == [["2023-01", "A", "5"], ["2023-01", "B", "5"], ["2023-02", "A", "7"]]


def test_a_cell_reaches_no_farther_than_its_group_of_rows(tmp_path: Path) -> None:
    head = "<thead><tr><th rowspan=9>Month<th>Place<th rowspan=9>Count</thead>"
    body = "<tbody><tr><td rowspan=5>2023-01<td>A<td>5<tr><td>B<td>6</tbody>"
    foot = "<tfoot><tr><td>2023-02<td>C<td>7"
    cells, _ = read(tmp_path, f"<table>{head}{body}{foot}</table>")
    assert cells.rows == [["2023-01", "A", "5"], ["2023-01", "B", "6"], ["2023-02", "C", "7"]]


def test_a_cell_may_reach_as_far_down_as_html_has_it(tmp_path: Path) -> None:
    rows = "<tr><td rowspan=70000>2023<td>A<td>0" + "".join(
        f"<tr><td>B<td>{n}" for n in range(3000)
    )
    cells, _ = read(tmp_path, f"<table>{HEAD}{rows}</table>")
    assert cells.rows[-1] == ["2023", "B", "2999"]
    assert not cells.unread


def test_where_cells_overlap_the_later_one_holds_while_it_lasts(tmp_path: Path) -> None:
    rows = "<tr><td>a<td rowspan=4>b<td>0<tr><td rowspan=2 colspan=2>c<td>1<tr><td>2<tr><td>d<td>3"
    cells, _ = read(tmp_path, f"<table>{HEAD}{rows}</table>")
    assert cells.rows == [["a", "b", "0"], ["c", "c", "1"], ["c", "c", "2"], ["d", "b", "3"]]


def test_cells_that_only_spans_make_are_bounded_by_the_size_of_the_page(tmp_path: Path) -> None:
    cells = "<td rowspan=65534 colspan=1000>x" * 10
    before = bounds.held()
    with pytest.raises(DataError, match="more than 100 times its size"):
        read(tmp_path, f"<table>{HEAD}<tr>{cells}{'<tr>' * 5_000}</table>")
    assert bounds.held() - before < 100_000_000


def test_cells_before_the_first_row_are_a_row(tmp_path: Path) -> None:
    cells, _ = read(tmp_path, "<table><th>Month<th>Count<tr><td>2023-01<td>5</table>")
    assert (cells.header, cells.rows) == (["Month", "Count"], [["2023-01", "5"]])


def test_numbers_of_thousands_of_digits_are_none(tmp_path: Path) -> None:
    digits = "9" * 5000
    row = f"<tr><td>2023&#{digits};<td>A<td colspan={'0' * 5000}>&#{'0' * 5000}53;"
    cells, _ = read(tmp_path, f"<table>{HEAD}{row}</table>")
    assert cells.rows == [["2023\ufffd", "A", "5"]]
    cells, _ = read(tmp_path, f"<table>{HEAD}<tr><td colspan={digits}>2023</table>")
    assert [len(one.cells) for one in cells.unread] == [html_table.MOST_COLUMNS]


def test_a_row_of_other_cells_than_the_header_is_told_with_its_number(tmp_path: Path) -> None:
    rows = "<tr><td>2023-01<td>A<td>5<tr><td>Source: us<tr><td></td>"
    cells, _ = read(tmp_path, f"<table>{HEAD}{rows}</table>")
    assert cells.rows == [["2023-01", "A", "5"]]
    (unread,) = cells.unread
    assert (unread.row, unread.problem) == (3, "has 1 cells where the header has 3")


def test_a_header_below_the_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"a\.html: is empty\. Give a table with a header"):
        read(tmp_path, f"<table>{HEAD}<tr><td>1<td>2<td>3</table>", header=9)


def test_one_of_several_tables_is_named_by_its_caption_or_number(tmp_path: Path) -> None:
    page = "".join(
        f"<table><caption>{title}<tr><th>Month<tr><td>{month}</table>"
        for title, month in (("First", "2023-01"), ("Second", "2023-02"))
    )
    assert read(tmp_path, page, sheet="Second")[0].rows == [["2023-02"]]
    assert read(tmp_path, page, sheet="1")[0].rows == [["2023-01"]]
    with pytest.raises(DataError, match="has no table Third; found 1 “First”, 2 “Second”"):
        read(tmp_path, page, sheet="Third")
    with pytest.raises(DataError, match="has no table 3"):
        read(tmp_path, page, sheet="3")


def test_a_table_too_wide_or_too_long_is_refused_as_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = f"<table>{HEAD}<tr><td colspan=900>x</table>"
    monkeypatch.setenv("ROXHAM_MAX_COLUMNS", "800")
    with pytest.raises(DataError, match="has more than 800 columns"):
        read(tmp_path, table)
    monkeypatch.setenv("ROXHAM_MAX_POINTS", "500")
    with pytest.raises(DataError, match="has more than 500 points"):
        read(tmp_path, table)
    monkeypatch.setenv("ROXHAM_MAX_MEMORY", "1")
    monkeypatch.setattr(html_table, "SPENT_EACH", 3)
    monkeypatch.setattr(bounds, "held", iter([0, 10, 20, 30]).__next__)
    with (
        pytest.raises(DataError, match="needs more than 1 bytes of memory") as caught,
        within_bounds("a.html"),
    ):
        read(tmp_path, "<table><tr><td>1<tr><td>2<tr><td>3</table>")
    assert "handle_starttag" in {entry.name for entry in caught.traceback}
