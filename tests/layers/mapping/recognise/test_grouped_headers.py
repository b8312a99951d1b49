"""Names of columns in several rows: joined, said, and read again by the mapping that is written."""

from pathlib import Path

import pytest

from roxham.layers.facts.counts import COUNTS, load_counts
from roxham.layers.mapping.adapt import best_proposal, first_rows
from roxham.layers.mapping.model import TableMapping
from roxham.layers.mapping.stream import check_parts
from tests.crafted_workbooks import Cell, write_xlsx

ROWS: list[list[Cell]] = [
    ["Province", "2021", None, None, "2022", None],
    [None, "Jan", "Feb", "Total", "Jan", "Feb"],
    ["Quebec", 10, 20, 30, 5, 6],
    ["Ontario", 1, 2, 3, 7, 8],
]
MERGED = ["A1:A2", "B1:D1", "E1:F1"]
READ = {
    *(("CA-QC", "2021-01", 10), ("CA-QC", "2021-02", 20), ("CA-QC", "2022-01", 5)),
    *(("CA-QC", "2022-02", 6), ("CA-ON", "2021-01", 1), ("CA-ON", "2021-02", 2)),
    *(("CA-ON", "2022-01", 7), ("CA-ON", "2022-02", 8)),
}
SOURCE = {"title": "T", "publisher": "P", "url": "https://example.org/t"}


def _csv(path: Path, rows: list[list[Cell]]) -> Path:
    path.write_text("".join(",".join(str(c or "") for c in row) + "\n" for row in rows))
    return path


def _html(path: Path) -> Path:
    body = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS[2:]
    )
    head = (
        "<tr><th rowspan=2>Province<th colspan=3>2021<th colspan=2>2022</tr>"
        "<tr><th>Jan<th>Feb<th>Total<th>Jan<th>Feb</tr>"
    )
    path.write_text(f"<!doctype html><title>T</title><table>{head}{body}</table>")
    return path


def proposed(path: Path) -> tuple[TableMapping, list[str], list[str]]:
    raw, base = first_rows(str(path), TableMapping(), {"counts": COUNTS})
    found = best_proposal(raw, base, {"counts": COUNTS}, "counts")
    return found.mapping, raw.told, found.questions


@pytest.mark.parametrize("kind", ["csv", "titled", "month first", "xlsx", "html"])
def test_a_year_over_its_months_becomes_a_row_a_month(kind: str, tmp_path: Path) -> None:
    if kind == "xlsx":
        path = write_xlsx(tmp_path / "a.xlsx", {"S": ROWS}, merged=MERGED)
    elif kind == "html":
        path = _html(tmp_path / "a.html")
    elif kind == "month first":
        turned: list[list[Cell]] = [
            ["Province", "Jan", None, "Feb", None],
            [None, "2021", "2022", "2021", "2022"],
            ["Quebec", 10, 5, 20, 6],
            ["Ontario", 1, 7, 2, 8],
        ]
        path = _csv(tmp_path / "a.csv", turned)
    else:
        title: list[list[Cell]] = [["Table 3", *[None] * 5]] if kind == "titled" else []
        path = _csv(tmp_path / "a.csv", [*title, *ROWS])
    mapping, told, asked = proposed(path)
    assert asked == []
    first = 2 if kind == "titled" else 1
    joined = "Jan | 2021" if kind == "month first" else "2021 | Jan"
    said = f"rows {first} to {first + 1} hold the names of the columns, joined as in {joined}"
    assert said in told
    written = mapping.model_dump(by_alias=True, exclude_defaults=True)
    written |= {"values": {"measure": "entries"}, "source": SOURCE}
    rows, rejected = load_counts(path, mapping=written)
    assert rejected.empty
    found = rows[["area", "period", "count"]].itertuples(index=False, name=None)
    assert set(found) == READ
    whole = TableMapping.model_validate(written)
    assert sum(part.sound for part in check_parts(path, COUNTS, whole, at_once=1)) == len(READ)


def test_a_quarter_may_stand_between_a_year_and_its_months(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["Area", "2021", None, None],
        [None, "Q1", None, "Q2"],
        [None, "Feb", "Mar", "Apr"],
        ["CA-QC", 1, 2, 3],
    ]
    mapping, _, _ = proposed(_csv(tmp_path / "a.csv", rows))
    said = {**mapping.model_dump(by_alias=True, exclude_defaults=True), "source": SOURCE}
    read = load_counts(tmp_path / "a.csv", mapping={**said, "values": {"measure": "entries"}}).rows
    assert read["period"].tolist() == ["2021-02", "2021-03", "2021-04"]


def test_a_month_under_a_fiscal_year_is_asked_about(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["Area", "2021-22", None, "2022-23", None],
        [None, "Apr", "Jan", "Apr", "Jan"],
        ["CA-QC", 1, 2, 3, 4],
    ]
    mapping, _, asked = proposed(_csv(tmp_path / "a.csv", rows))
    assert mapping.wide is None
    assert len(asked) == 1
    assert asked[0].startswith("2021-22 | Apr: of which year is it?")


@pytest.mark.parametrize(
    "text",
    [
        "Province,,n\nQuebec,x,2015\nOntario,y,2016\n",
        "2021,,,\nProvince,Jan,Feb,Mar\nQuebec,1,2,3\n",
        "Province,,\nQuebec,5,7\nQuebec,6,8\n",
    ],
)
def test_a_first_row_of_numbers_or_a_title_is_no_part_of_a_header(
    text: str, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(text)
    mapping, _, _ = proposed(tmp_path / "a.csv")
    assert mapping.read.header_rows == 1


def test_a_personal_column_of_a_group_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Area,Case,,n\n,Surname,Kind,\nCA-QC,J. D.,x,1\n")
    raw, base = first_rows(str(tmp_path / "a.csv"), TableMapping(), {"counts": COUNTS})
    found = best_proposal(raw, base, {"counts": COUNTS}, "counts")
    assert list(found.personal) == ["Case | Surname"]
