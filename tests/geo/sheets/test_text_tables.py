"""Other texts that hold a table: bars, blanks, titles above the header, JSON, saved pages."""

import json
from pathlib import Path

import pytest

from roxham.geo import DataError
from roxham.geo.sheets.reading import Reading
from roxham.geo.tables.contract import Column, Contract, read_table

NOTES = Contract("notes", (Column("year", "integer"), Column("text")))
PAGE = """<!DOCTYPE html><html><head><script>document.write("<table>")</script></head>
<body><table><caption>Table 1: years</caption>
<tr><th>year</th><th>text<sup>1</sup></th></tr>
<tr><td rowspan="2">2022</td><td>a &amp; b<br>c</td></tr><tr><td>d</td></tr>
</table><table><tr><td>Footer<td>Links</tr><tr><td>1<td>2</table></body></html>"""


def read(tmp_path: Path, content: str, **how: object):  # type: ignore[no-untyped-def]
    path = tmp_path / "a.txt"
    path.write_text(content)
    return read_table(path, NOTES, name="a.txt", reading=Reading(**how))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "content",
    [
        "year|text\n2022|one\n",
        "year text\n2022 one\n",
        "  year    text\n  2022    one  \n",
        'year  text\n2022  "one"\n',
        "Table 3, by an office\n\nyear,text\n2022,one\n",
        '[{"year": 2022, "text": "one"}]',
        '{"total": 1, "items": [{"year": 2022, "text": "one"}]}',
        "<table><tr><th>year<th>text<tr><td>2022<td>one</table>",
    ],
)
def test_each_reads_as_the_same_table(tmp_path: Path, content: str) -> None:
    rows, rejected = read(tmp_path, content)
    assert rejected.empty
    assert rows.to_dict("list") == {"year": [2022], "text": ["one"]}


def test_a_line_below_a_title_is_numbered_as_an_editor_does(tmp_path: Path) -> None:
    checked = read(tmp_path, "A title\nyear,text\n2022,a\n\nsoon,b\n")
    assert checked.rejected["row"].tolist() == [5]
    assert checked.rows.attrs["read_as"] == ["row 2 holds the names of the columns"]
    told = read(tmp_path, "year,text\n1,a\nyear,text\n2022,b\n", header=3)
    assert told.rows["year"].tolist() == [2022]


def test_json_keeps_numbers_as_they_are_written(tmp_path: Path) -> None:
    contract = Contract("notes", (Column("year"), Column("text", required=False)))
    path = tmp_path / "a.json"
    path.write_text(
        '[{"year": 0.10000000000000000001, "text": null}, {"year": true, "x": {"a": 1}}]'
    )
    rows = read_table(path, contract).rows
    assert rows["year"].tolist() == ["0.10000000000000000001", "true"]
    assert rows["x"].tolist() == ["", '{"a": "1"}']


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[{"year": 1, "year": 2}]', "an object has year twice"),
        ("[1, 2]", "no array of objects"),
        ('[{"year": NaN}]', "NaN is no number"),
        (r'[{"year": "a\ud800b"}]', r"half of a letter, \\ud800"),
        ("[{", "is not JSON"),
        ("[" * 100_000, "nested too deeply|is not JSON"),
        ('{"a": [{"year": 1}], "b": [{"year": 2}]}', "no array of objects"),
        ("<html><p>nothing</p></html>", "holds no table"),
        ("<table><tr><td>year<td>year<tr><td>1<td>2</table>", "two columns have this name"),
    ],
)
def test_what_is_no_table_is_refused_by_name(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(DataError, match=f"a.txt.*({message})"):
        read(tmp_path, content)


def test_a_saved_page_gives_the_table_that_is_meant(tmp_path: Path) -> None:
    rows = read(tmp_path, PAGE).rows
    assert rows["year"].tolist() == [2022, 2022]
    assert rows["text"].tolist() == ["a & b c", "d"]
    assert rows.attrs["read_as"] == ["of 2 tables, “Table 1: years” has most of the columns"]
    two = PAGE.replace("Footer", "year").replace("Links", "text")
    with pytest.raises(DataError, match=r"holds 2 tables: 1 “Table 1: years”, 2. .*--sheet 1"):
        read(tmp_path, two)
    assert len(read(tmp_path, two, sheet="2").rows) == 1
    assert len(read(tmp_path, two, sheet="Table 1: years").rows) == 2


def test_a_page_cannot_ask_for_more_cells_than_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROXHAM_MAX_POINTS", "1000")
    cell = '<td rowspan="65000" colspan="65000">x'
    with pytest.raises(DataError, match="more than 1,000 points"):
        read(tmp_path, f"<table><tr>{cell}<tr><td>1</table>")


def test_geojson_is_still_geojson(tmp_path: Path) -> None:
    row = {"type": "Feature", "properties": {"year": 2022, "text": "a"}, "geometry": None}
    features = {"type": "FeatureCollection", "features": [row]}
    assert len(read(tmp_path, json.dumps(features)).rows) == 1
