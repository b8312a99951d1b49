"""What cannot be told of the tables is refused in a sentence that says what was found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from roxham.geo import DataError, Region, using_region
from roxham.layers import load_layers, load_series
from roxham.layers.counts import by_area
from roxham.layers.counts.measures import own_measure_table
from roxham.layers.facts.counts import load_counts
from roxham.layers.facts.ports import names_in
from roxham.layers.mapping import model
from roxham.layers.mapping.model import read_mapping
from roxham.layers.mapping.read import as_mapping, split_by
from roxham.layers.privacy.plain_text import plain_text
from roxham.layers.statements.claims import judge
from roxham.layers.templates import own_contracts
from roxham.layers.travel.dated_routes import _ways
from roxham.layers.travel.open_gates import local_moment
from roxham.layers.travel.regimes import regimes, rules_of

SOURCED = {"source_title": "T", "source_publisher": "P", "source_url": "https://example.org/a",
           "confidence": "single"}  # fmt: skip
BARE = Region("bare", "Bare", (0.0, 0.0, 1.0, 1.0), "EPSG:32631", ("A", "B"))


def counts(*cells: tuple[str, str]) -> pd.DataFrame:
    rows = [{"period": p, "area": "CA-QC", "measure": "claims", "count": n} for p, n in cells]
    return pd.DataFrame(rows).assign(**SOURCED)


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "a table": (
        lambda: load_layers().with_tables(incident=pd.DataFrame()),
        "layers have no table incident",
    ),
    "a file": (
        lambda: load_layers(people="a.csv"),
        "people: is no table that takes a file of yours. There are: ",
    ),
    "a moment": (
        lambda: local_moment(dt.datetime(2023, 1, 1, tzinfo=dt.UTC), None, BARE),
        "on: region bare has no time zone. Give its local day and hour",
    ),
    "a place": (
        lambda: load_series("encounters", place="Nowhere"),
        "encounters of Nowhere: there is no such table",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_told_is_refused(what: str) -> None:
    call, told = REFUSED[what]
    with pytest.raises(DataError, match=told):
        call()


def test_counts_are_of_a_period_and_stand_once() -> None:
    rows, rejected = load_counts(
        counts(("2023-01-05", "1"), ("2022", "2"), ("2022", "3"), ("2021", "4"))
    )
    assert rows["period"].tolist() == ["2021"]
    assert rejected["problem"].tolist() == [
        "is neither a year (2022), a month (2022-03) nor months A/B",
        *["stands in more than one row with the same area, place and measure"] * 2,
    ]


def test_a_table_of_more_cells_than_are_told_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    part = pd.DataFrame({"area": ["A", "A"], "month": ["2020-01", "2023-12"], "count": [1, 1]})
    assert len(by_area.added_up([part], ["A"], 5)) == 2 * (48 + 1)
    monkeypatch.setattr(by_area, "LARGEST", 97)
    with pytest.raises(DataError, match="would be 98 cells, areas by months: more than 97"):
        by_area.added_up([part], ["A"], 5)


def test_a_measure_of_ones_own_of_one_place() -> None:
    rows = load_counts(counts(("2021", "4")).assign(place="Lacolle")).rows
    more = pd.concat([rows, rows.assign(place="Emerson")], ignore_index=True)
    assert own_measure_table("claims", more, place="Lacolle")["count"].tolist() == [4]


def test_names_of_ports_are_of_the_region_or_of_two_sides_or_one() -> None:
    assert names_in(["name_b", "lat"]) == ("name_b",)
    assert names_in(["name"]) == ("name",)
    assert names_in(["lat", "lon"]) == ()


def test_a_region_without_a_file_has_no_rules() -> None:
    assert rules_of(BARE) == {}
    with using_region(BARE):
        assert regimes() == []


@pytest.mark.parametrize(
    ("count", "ends", "ways"),  # south is from A to B
    [
        (2, ("A", None), ["south", "north"]),
        (2, ("B", None), ["north", "south"]),
        (2, (None, "A"), ["south", "north"]),
        (2, (None, "B"), ["north", "south"]),
        (1, (None, "A"), ["north"]),
        (2, (None, None), ["south", "north"]),
    ],
)
def test_each_gate_leads_back_from_where_the_last_led(
    count: int, ends: tuple[str | None, str | None], ways: list[str]
) -> None:
    assert _ways(count, ends, ("A", "B"), ["south", "north"]) == ways


def test_rows_are_parted_as_a_mapping_reads_them(tmp_path: Path) -> None:
    (path := tmp_path / "a.csv").write_text("Ort;Breite;Laenge\nA;45,1;-73,5\nB;95,0;-73,5\n")
    places = own_contracts()["places"]
    named = {"columns": {"name": "Ort", "lat": "Breite", "lon": "Laenge"}}
    for mapping in (read_mapping(named), read_mapping({"read": {"decimal": ","}, **named})):
        parted = split_by(path, places, mapping)
        assert (len(parted.accepted), len(parted.rejected)) == (1, 1)
    (path := tmp_path / "b.csv").write_text("name,lat,lon\nA,45.1,-73.5\nB,95,-73.5\n")
    parted = split_by(path, places, read_mapping({"read": {"decimal": "."}}))
    assert (len(parted.accepted), len(parted.rejected)) == (1, 1)


def test_a_file_too_long_for_a_mapping_is_not_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path := tmp_path / "m.toml").write_text("# " + "x" * 100)
    monkeypatch.setattr(model, "LARGEST", 50)
    with pytest.raises(DataError, match=r"is too long for a mapping. Give a TOML file"):
        read_mapping(path)
    with pytest.raises(DataError, match=r"is no plain file\. Give a TOML file"):
        as_mapping("/dev/null")
    monkeypatch.chdir(tmp_path)
    path.rename("secret")
    with pytest.raises(DataError, match=r"secret: is no publisher: there are .*or a file as "):
        as_mapping("secret")


def test_hyphens_of_compatibility_are_hyphens() -> None:
    assert plain_text("34\ufe63year\uff0dold").plain == "34-year-old"


def test_a_claim_that_cannot_be_read_is_told_with_its_place() -> None:
    claims = pd.DataFrame(
        [{"claim_id": "A1", "expression": "1 +", "tolerance": None, "source_url": "u"}]
    )
    with pytest.raises(DataError, match=r"A1, at character [0-9]: "):
        judge({}, claims)
