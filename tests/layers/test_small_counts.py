"""Counts below five: none is let through by what anybody can make up."""

import datetime as dt

import pandas as pd
import pytest

from roxham.layers import load_interceptions
from roxham.layers.privacy.embargo import by_government
from roxham.layers.publication.check import check_data

AS_OF = dt.date(2026, 11, 1)
OFFICIAL = "https://www.canada.ca/en/a.html"


def counts(*cells: tuple[str, str, int | None], url: str = "https://example.org/a") -> pd.DataFrame:
    rows = pd.DataFrame(list(cells), columns=["period", "province", "count"])
    return rows.assign(
        source_title="T", source_publisher="P", source_url=url, source_date="2019-07"
    )


def small(**frames: pd.DataFrame) -> tuple[str, str]:
    found = next(f for f in check_data(frames, as_of=AS_OF) if f.rule == "small-cells")
    return found.status, found.evidence


def test_a_date_that_is_made_up_lets_nothing_through() -> None:
    status, evidence = small(interceptions=counts(("2017-05", "CA-QC", 3)))
    assert (status, "interceptions.count of " in evidence) == ("fail", True)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.gov/a",
        "https://evil.example\\.canada.ca/a",
        "https://canada.ca@example.org/a",
        "https://example.org\\@canada.ca/a",
        "https://canada.ca.example.org/a",
        "https://examplecanada.ca/a",
        "https://сanada.ca/a",
        "https://example.org/?.gov",
        "canada.ca/a",
    ],
)
def test_an_address_that_only_looks_a_governments_is_none(url: str) -> None:
    assert not by_government(counts(("2024-05", "CA-QC", 3), url=url)).any()
    assert small(interceptions=counts(("2024-05", "CA-QC", 3), url=url))[0] == "fail"


@pytest.mark.parametrize("url", [OFFICIAL, "https://www.cbp.gov/newsroom", "http://ircc.canada.ca"])
def test_a_governments_count_passes(url: str) -> None:
    assert small(interceptions=counts(("2024-05", "CA-QC", 3), url=url))[0] == "pass"


@pytest.mark.parametrize(
    "cells",
    [
        (("2023-05", "CA", 103), ("2023-05", "CA-QC", 100)),
        (("2023-05", "CA", 110), ("2023-05", "CA-QC", 90), ("2023-05", "CA-ON", 18)),
        (("2023", "CA-QC", 53), ("2023-05", "CA-QC", 30), ("2023-06", "CA-QC", 20)),
    ],
)
def test_what_two_published_counts_leave_is_a_count(
    cells: tuple[tuple[str, str, int], ...],
) -> None:
    status, evidence = small(interceptions=counts(*cells))
    assert (status, "leaves" in evidence) == ("fail", True)
    assert small(interceptions=counts(*cells, url=OFFICIAL))[0] == "pass"


def test_a_part_of_a_country_is_known_by_its_code() -> None:
    rows = {"month": ["2021-01"] * 4, "area": ["ES", "ES-CE", "ES-ML", "US"]}
    told = small(own=pd.DataFrame({**rows, "people": [90, 60, 26, 500]}))
    assert told[0] == "fail"
    assert "2021-01 in ES: 90 less its parts leaves 4" in told[1]
    assert small(own=pd.DataFrame({**rows, "people": [90, 60, 30, 62]}))[0] == "pass"


def test_what_ships_passes_and_a_changed_count_does_not() -> None:
    rows = pd.DataFrame(load_interceptions().rows)
    assert small(interceptions=rows)[0] == "pass"
    assert small(interceptions=rows.astype(str).replace("<NA>", None))[0] == "pass"
    press = rows["count"].between(1, 4) & ~by_government(rows)
    first = rows.index[press.fillna(False)][0]
    other = rows.assign(count=rows["count"].where(rows.index != first, rows["count"] + 1))
    told = ", ".join(str(other[column][first]) for column in ("period", "province"))
    assert f"interceptions.count of {told}: 2" in small(interceptions=other)[1]


def test_counts_are_known_by_the_names_of_their_columns() -> None:
    for name in ("count", "persons", "n", "nb_personnes", "Deaths"):
        assert small(mine=pd.DataFrame({name: [3]}))[0] == "fail"
    assert small(mine=pd.DataFrame({"lanes": [3], "count": [5]}))[0] == "pass"


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"total": [200], "women_pct": [1.5]}, "women_pct of total is 3"),
        ({"total": [200, 900], "share": [0.02, 0.5]}, "share of total is 4"),
        ({"total": [400], "pourcentage": ["1 %"]}, "pourcentage of total is 4"),
        ({"count": [None], "low": [3], "high": [3]}, "from 3 to 3"),
        ({"count": [None], "low": [1], "high": [4]}, "from 1 to 4"),
    ],
)
def test_what_stands_beside_a_count_tells_no_small_one(
    columns: dict[str, list[object]], told: str
) -> None:
    status, evidence = small(own=pd.DataFrame(columns))
    assert (status, told in evidence) == ("fail", True)


@pytest.mark.parametrize(
    "columns",
    [
        {"total": [200], "women_pct": [40.0]},
        {"count": [100], "share": [2.0]},  # of what it is a share is not said
        {"count": [None], "low": [0], "high": [5]},
        {"count": [None], "low": [2], "high": [40]},
    ],
)
def test_what_leaves_room_is_no_small_count(columns: dict[str, list[object]]) -> None:
    assert small(own=pd.DataFrame(columns))[0] != "fail"
