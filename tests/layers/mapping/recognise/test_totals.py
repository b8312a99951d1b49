"""Rows that add others up: left out or taken alone by their words, asked about by arithmetic."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roxham.layers.facts.counts import COUNTS, load_counts
from roxham.layers.mapping.model import TableMapping
from roxham.layers.mapping.propose import Proposal, propose
from roxham.layers.mapping.recognise.totals import is_total, section_sums, sums_of_others

SOURCE = {"title": "T", "publisher": "P", "url": "https://example.org/t"}


def proposed(rows: dict[str, list[str]]) -> Proposal:
    return propose(pd.DataFrame(rows), COUNTS, "counts")


def read(rows: dict[str, list[str]], found: Proposal) -> pd.DataFrame:
    said = found.mapping.model_dump(by_alias=True)
    mapping = {**said, "values": {"measure": "claims"}, "source": SOURCE}
    checked = load_counts(pd.DataFrame(rows), mapping=TableMapping.model_validate(mapping))
    assert checked.rejected.empty
    return checked.rows


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Total",
            "TOTAL",
            "Grand total",
            "Sub-total, East",
            "Total – RCMP",
            "Canada total",
            "All",
        ),
        *("Gesamt", "Gesamtsumme", "Insgesamt", "Summe", "Zusammen", "Ensemble", "Tous", "Totaux"),
        *("Toutes", "Total général", "Todos", "Totale", "итого", "Всего", "Общо", "Ukupno"),
        *(
            "Ogółem",
            "Celkem",
            "Összesen",
            "Toplam",
            "المجموع",
            "الإجمالي",
            "Σύνολο",
            "合计",
            "Totaal",
        ),
        *("All", "Totaal", "Both sexes", "All provinces", "Total*", "Total (1)"),
    ],
)
def test_what_sums_are_called_is_known(text: str) -> None:
    assert is_total(text)


@pytest.mark.parametrize(
    "text",
    [
        "Totnes",
        "Alberta",
        "Allier",
        "Sumy",
        "Tousside",
        "Ensenada",
        "Sumatra",
        "Gesa",
        "Allgäu",
        "",
    ],
)
def test_a_place_is_no_sum(text: str) -> None:
    assert not is_total(text)


def test_a_total_is_left_out_wherever_its_word_stands() -> None:
    rows = {
        "Nr": ["1", "2", "Итого"],
        "Area": ["BG-05", "BG-26", ""],
        "Year": ["2022", "2022", ""],
        "Number": ["5", "7", "12"],
    }
    found = proposed(rows)
    assert found.mapping.rows.leave == {"Nr": ["Итого"]}
    told = read(rows, found)
    assert told["count"].tolist() == [5, 7]
    assert told.attrs["read_as"][0] == "1 row is left out: Nr is Итого"


def test_of_parts_and_their_whole_the_whole_is_taken_and_said() -> None:
    rows = {
        "Area": ["CA-QC", "CA-QC", "CA-QC", "CA-ON", "CA-ON", "CA-ON", ""],
        "Year": ["2022"] * 6 + [""],
        "Sex": ["F", "M", "Both sexes", "F", "M", "Both sexes", "Grand total"],
        "Number": ["3", "4", "7", "1", "1", "2", "9"],
    }
    found = proposed(rows)
    assert found.mapping.rows.keep == {"Sex": ["Both sexes"]}
    assert found.mapping.rows.leave == {"Sex": ["Grand total"]}
    assert "its rows alone are taken" in found.questions[0]
    told = read(rows, found)
    assert told["count"].tolist() == [7, 2]
    assert told.attrs["read_as"][0] == "5 rows are left out: Sex is not Both sexes"


def test_a_sum_without_its_word_is_asked_about_and_stays() -> None:
    rows = {
        "Area": ["CA-QC", "CA-ON", "CA-MB", "CA"] * 2,
        "Year": ["2021"] * 4 + ["2022"] * 4,
        "Number": ["1 200", "3", "5", "1 208", "10", "20", "30", "60"],
    }
    found = proposed(rows)
    assert found.mapping.rows.leave == {}
    asked = [q for q in found.questions if "sum of all others" in q]
    assert asked == [
        'Area: CA is the sum of all others; is it a total? To leave it out, write "Area" = ["CA"] '
        "into [rows.leave]"
    ]
    assert len(read(rows, found)) == 8
    rows["Number"][3] = "1 209"
    assert not [q for q in proposed(rows).questions if "sum of all others" in q]


def test_a_wide_table_has_its_sum_in_every_column() -> None:
    rows = {
        "Area": ["CA-QC", "CA-ON", "CA-MB", "CA"],
        **{"Jan 2022": ["1", "2", "3", "6"], "Feb 2022": ["--", "2", "3", "--"]},
        "Mar 2022": ["4", "2", "2", "8"],
    }
    assert "CA is the sum of all others" in proposed(rows).questions[0]


@given(st.lists(st.integers(0, 10**6), min_size=3, max_size=30), st.integers(0, 40))
def test_only_a_sum_is_one(numbers: list[int], at: int) -> None:
    at %= len(numbers) + 1
    counts = [*numbers[:at], sum(numbers), *numbers[at:]]
    rows = pd.DataFrame({"of": [f"a{k}" for k in range(len(counts))], "n": list(map(str, counts))})
    found = sums_of_others(rows, "of", ["n"], [])
    assert found == ([f"a{at}"] if sum(n > 0 for n in numbers) > 1 else [])
    rows["n"] = [str(n + (k == at)) for k, n in enumerate(counts)]
    assert f"a{at}" not in sums_of_others(rows, "of", ["n"], [])


def test_areas_without_codes_go_by_their_names_and_are_asked_about() -> None:
    rows = {"Land": ["Bayern", "Sachsen"], "Jahr": ["2022", "2022"], "Anzahl": ["5", "7"]}
    found = proposed(rows)
    assert found.mapping.areas == ["Bayern", "Sachsen"]
    assert "[codes.area]" in found.questions[0]
    assert read(rows, found)["area"].tolist() == ["Bayern", "Sachsen"]


SECTIONS = {
    "Area": ["A", "B", "East", "C", "D", "E", "West", "All told"],
    "n": ["10", "7", "17", "20", "9", "1", "30", "47"],
}


def test_sums_of_sections_without_a_word_are_asked_about() -> None:
    asked = [q for q in proposed(SECTIONS).questions if "is the sum of" in q]
    assert [question.partition(";")[0] for question in asked] == [
        "Area: East is the sum of A, B",
        "Area: West is the sum of C, D, E",
        "Area: All told is the sum of East, West",
    ]
    turned = {name: cells[::-1] for name, cells in SECTIONS.items()}
    found = section_sums(pd.DataFrame(turned), "Area", ["n"], [])
    assert {name: sorted(parts) for name, parts in found.items()} == {
        "East": ["A", "B"],
        "West": ["C", "D", "E"],
        "All told": ["East", "West"],
    }


def test_a_sum_of_a_section_holds_in_every_period() -> None:
    rows = pd.DataFrame(
        {
            "year": ["2020"] * 3 + ["2021"] * 3,
            "Area": ["A", "B", "East"] * 2,
            "n": ["10", "7", "17", "3", "4", "7"],
        }
    )
    assert section_sums(rows, "Area", ["n"], ["year"]) == {"East": ["A", "B"]}
    rows.loc[5, "n"] = "8"
    assert section_sums(rows, "Area", ["n"], ["year"]) == {}


def test_one_number_that_is_the_sum_of_its_neighbours_may_be_chance() -> None:
    rows = pd.DataFrame({"Area": ["A", "B", "C", "D"], "n": ["1", "2", "3", "9"]})
    assert section_sums(rows, "Area", ["n"], []) == {}
