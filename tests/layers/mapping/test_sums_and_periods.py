"""Sums with their bounds, fiscal years, quarters, thousands: what stands behind a count."""

from itertools import count
from pathlib import Path

import pandas as pd
import pytest

from roxham.geo import DataError
from roxham.layers.facts.counts import COUNTS, load_counts
from roxham.layers.facts.incidents import INCIDENTS
from roxham.layers.facts.ports import load_ports, ports_contract
from roxham.layers.mapping.adapt import best_proposal, first_rows
from roxham.layers.mapping.model import TableMapping
from roxham.layers.mapping.propose import propose
from tests.crafted_workbooks import Cell, write_ods, write_xlsx

SOURCE = {"title": "A page", "publisher": "An office", "url": "https://example.org/a"}


@pytest.mark.parametrize(
    ("cells", "precision", "bounds"),
    [
        (["--", "--"], "", (0, 10)),
        (["10", "15"], "rounded_5", (21, 29)),
        (["--", ""], "", (None, None)),
        (["7"], "", (7, 7)),
        (["--"], "", (0, 5)),
        (["10", "15"], "approximate", (None, None)),
    ],
)
def test_a_sum_has_the_bounds_of_its_parts(
    cells: list[str], precision: str, bounds: tuple[int | None, int | None]
) -> None:
    frame = pd.DataFrame({"n": cells, "P": "2024", "A": "CA", "how": precision})
    said = {
        "columns": {"period": "P", "area": "A", "count": "n", "precision": "how"},
        "values": {"measure": "encounters"},
        "sum": True,
        "source": SOURCE,
    }
    rows, rejected = load_counts(frame, mapping=said)
    assert rejected.empty
    low, high = rows[["low", "high"]].astype(object).where(rows.low.notna(), None).iloc[0]
    assert (low, high) == bounds


def test_a_column_of_fiscal_years_is_no_calendar_until_its_beginning_is_told() -> None:
    frame = pd.DataFrame({"Fiscal Year": ["2024"], "M": ["OCT"], "A": ["US"], "n": ["5"]})
    said: dict[str, object] = {
        "columns": {"area": "A", "count": "n"},
        "values": {"measure": "encounters"},
        "source": SOURCE,
    }
    asked = load_counts(frame, mapping={**said, "period": {"year": "Fiscal Year", "month": "M"}})
    assert asked.rows.empty
    assert "fiscal year" in asked.rejected["problem"].iloc[0]
    for starts, read in ((10, "2023-10"), (1, "2024-10")):
        period = {"year": "Fiscal Year", "month": "M", "fiscal_starts": starts}
        assert load_counts(frame, mapping={**said, "period": period}).rows["period"][0] == read


@pytest.mark.parametrize(
    ("columns", "starts", "period"),
    [
        (["2019-20", "2020-21"], 4, "2019-04/2020-03"),
        (["FY2020", "FY2021"], 10, "2019-10/2020-09"),
        (["2023 Q1", "2023 Q2"], None, "2023-01/2023-03"),
    ],
)
def test_columns_of_fiscal_years_and_quarters_become_rows(
    columns: list[str], starts: int | None, period: str
) -> None:
    frame = pd.DataFrame([["CA-QC", "1", "2"], ["Total", "1", "2"]], columns=["Area", *columns])
    found = propose(frame, COUNTS, "counts")
    assert any("in which month" in asked for asked in found.questions) is (starts is not None)
    said = found.mapping.model_dump(by_alias=True, exclude_defaults=True)
    said |= {"values": {"measure": "entries"}, "source": SOURCE, "areas": found.mapping.areas}
    if starts is not None:
        assert load_counts(frame, mapping=said).rows.empty
        said["period"] = {"fiscal_starts": starts}
    rows, rejected = load_counts(frame, mapping=said)
    assert rejected.empty
    assert rows["area"].tolist() == ["CA-QC", "CA-QC"]
    assert rows["period"][0] == period


def test_counts_in_thousands_are_asked_about_and_are_no_more_than_about_so_many() -> None:
    frame = pd.DataFrame({"REF_DATE": ["2023-01"], "GEO": ["Canada"], "VALUE": ["451.2"]})
    frame["SCALAR_FACTOR"] = "thousands"
    found = propose(frame, COUNTS, "counts")
    assert "thousands: are counts in thousands? Write scale = 1000" in found.questions
    said = found.mapping.model_dump(by_alias=True, exclude_defaults=True)
    said |= {"values": {"measure": "entries"}, "source": SOURCE, "scale": 1000}
    rows = load_counts(frame, mapping=said).rows
    assert rows[["count", "precision"]].values.tolist() == [[451200, "approximate"]]
    assert rows["low"].isna().all()


def test_a_total_in_the_column_of_periods_is_left_out_and_one_column_of_numbers_is_the_count() -> (
    None
):
    frame = pd.DataFrame(
        {"Mois": ["01/2023", "Total"], "Région": ["CA-QC", ""], "Franchissements": ["5", "5"]}
    )
    found = propose(frame, COUNTS, "counts").mapping
    assert found.columns["count"] == "Franchissements"
    assert found.rows.leave == {"Mois": ["Total"]}


def test_first_days_are_the_months_of_counts() -> None:
    frame = pd.DataFrame({"date": ["2025-01-01T00:00:00.000"], "state": ["CA-QC"], "value": ["5"]})
    found = propose(frame, COUNTS, "counts").mapping
    assert found.period is not None
    assert found.period.date == "date"


def test_groups_that_are_no_years_are_places_until_told_otherwise(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        ",Land,,,Air,,,Total,,\nProvince,Jan,Feb,Mar,Jan,Feb,Mar,Jan,Feb,Mar\n"
        "Quebec,1,2,3,4,5,6,5,7,9\nOntario,10,20,30,40,50,60,50,70,90\n"
    )
    raw, base = first_rows(str(tmp_path / "a.csv"), TableMapping(), {"counts": COUNTS})
    found = best_proposal(raw, base, {"counts": COUNTS}, "counts")
    assert any(asked.startswith("Land, Air") for asked in found.questions)
    said = found.mapping.model_dump(by_alias=True, exclude_defaults=True)
    assert said["wide"]["group"] == "place"
    said |= {"values": {"measure": "entries"}, "source": SOURCE, "period": {"year_is": 2023}}
    rows, rejected = load_counts(tmp_path / "a.csv", mapping=said)
    assert rejected.empty
    told = rows.loc[rows["area"].eq("CA-QC"), ["period", "place", "count"]]
    assert told.values.tolist() == [
        *(["2023-01", "Land", 1], ["2023-02", "Land", 2], ["2023-03", "Land", 3]),
        *(["2023-01", "Air", 4], ["2023-02", "Air", 5], ["2023-03", "Air", 6]),
    ]


def test_one_name_over_two_columns_of_labels_is_two_names(tmp_path: Path) -> None:
    sheet: list[list[Cell]] = [
        ["A title", None, None, None, None],
        ["Office and province", None, "2023", None, None],
        [None, None, "Jan", "Feb", "2023 Total"],
        [None, "Quebec", "1,000", "5", "1,005"],
        ["Airport - Total", None, "1,000", "5", "1,005"],
    ]
    path = write_xlsx(tmp_path / "a.xlsx", {"S": sheet}, merged=["A1:E1", "A2:B3", "C2:E2"])
    raw, _ = first_rows(str(path), TableMapping(), {"counts": COUNTS})
    names = ["Office and province 1", "Office and province 2", "2023 | Jan", "2023 | Feb"]
    assert list(raw.rows.columns)[:4] == names


def test_a_sheet_with_a_blank_row_above_its_header_is_read(tmp_path: Path) -> None:
    sheet: list[list[Cell]] = [["A title", None], [None, None], ["Period", "n"], ["2023", 5]]
    raw, _ = first_rows(
        str(write_ods(tmp_path / "a.ods", sheet)), TableMapping(), {"counts": COUNTS}
    )
    assert raw.rows.values.tolist() == [["2023", "5"]]


def test_a_table_of_eurostat_is_parted_at_its_commas_and_flags(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text(
        "freq,unit,geo\\TIME_PERIOD\t2023-01 \t2023-02 \t2023-03 \n"
        "M,PER,AT\t5235 \t4095 p\t: \nM,PER,BE\t2870 b\t: c\t3000 \n"
    )
    raw, base = first_rows(str(tmp_path / "a.tsv"), TableMapping(), {"counts": COUNTS})
    assert raw.told == ["letters behind a number, which say how sure it is, are left out"]
    found = best_proposal(raw, base, {"counts": COUNTS}, "counts")
    (asked,) = found.questions  # what is confidential may be more than five
    assert asked.startswith(": c: withheld, and so read as 0 to 5")
    said = found.mapping.model_dump(by_alias=True, exclude_defaults=True)
    said |= {"values": {"measure": "applications"}, "source": SOURCE}
    rows = load_counts(tmp_path / "a.tsv", mapping=said).rows
    assert rows[["area", "count", "high"]].fillna(-1).values.tolist() == [
        *(["AT", 5235, 5235], ["AT", 4095, 4095], ["AT", -1, -1]),
        *(["BE", 2870, 2870], ["BE", -1, 5], ["BE", 3000, 3000]),
    ]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "ods", "html"])
def test_what_is_read_whole_is_read_within_bounds(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[list[Cell]] = [["period", "area", "count"], ["2023-01", "CA", 5]]
    path = tmp_path / f"a.{ending}"
    if ending == "xlsx":
        write_xlsx(path, {"S": rows})
    elif ending == "ods":
        write_ods(path, rows)
    else:
        ends = ("<tr><td>", "<td>", "\n") if ending == "html" else ("", ",", "\n")
        body = "".join(f"{ends[0]}{ends[1].join(map(str, row))}{ends[2]}" for row in rows)
        path.write_text(f"<!doctype html><table>{body}</table>" if ending == "html" else body)
    columns = {name: name for name in ("period", "area", "count")}
    said = {"columns": columns, "values": {"measure": "x"}, "source": SOURCE, "sum": True}
    assert load_counts(path, mapping=said).rows["count"].tolist() == [5]
    grown = count(0, 5_000_000_000)  # each time it is asked, the process holds so much more
    monkeypatch.setattr("roxham.geo.bounds.held", grown.__next__)
    with pytest.raises(DataError, match=r"a\.\w+: needs more than 8,000,000,000 bytes of memory"):
        load_counts(path, mapping=said)


def test_a_number_with_a_decimal_comma_is_no_place_and_no_case_is_a_cause() -> None:
    ports = pd.DataFrame({"Port": ["A", "B"], "Breadth": ["41,72", "41,98"]})
    assert "point" not in propose(ports, ports_contract(), "ports").mapping.columns
    deaths = pd.DataFrame({"Case #": ["23-001"], "Date Found": ["5/14/2023"], "Country": ["X"]})
    found = propose(deaths, INCIDENTS, "incidents")
    assert found.mapping.columns == {"date": "Date Found", "country": "Country"}
    assert found.personal == {"Case #": "the number of a case"}


def test_a_port_of_one_name_is_read_by_it() -> None:
    frame = pd.DataFrame({"Port Name": ["A"], "Latitude": ["45.0"], "Longitude": ["-73.4"]})
    said = propose(frame, ports_contract(), "ports").mapping.model_dump(exclude_defaults=True)
    assert said["columns"]["name"] == "Port Name"
    rows, rejected = load_ports(frame, mapping={"columns": said["columns"], "source": SOURCE})
    assert rejected.empty
    assert rows["ca_name"].tolist() == ["A"]


def test_marks_of_notes_behind_numbers_are_left_out_and_said() -> None:
    frame = pd.DataFrame(
        {
            "Month": ["2023-01", "2023-02", "2023-03"],
            "Area": "CA-QC",
            "n": ["1,234*", "998 (r)", "12¹"],
        }
    )
    found = propose(frame, COUNTS, "counts")
    assert "*, (r), ¹ behind numbers: left out by marks" in found.questions
    said = found.mapping.model_dump(by_alias=True, exclude_defaults=True)
    said |= {"values": {"measure": "entries"}, "source": SOURCE}
    rows, rejected = load_counts(frame, mapping=said)
    assert rejected.empty
    assert rows["count"].tolist() == [1234, 998, 12]
    assert len(load_counts(frame, mapping={**said, "marks": []}).rejected) == 3
