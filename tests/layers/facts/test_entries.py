"""Entries at ports: what is absent is not zero, and the closure shows."""

from typing import Any

import pandas as pd
import pytest

from roxham.geo import DataError
from roxham.geo.tables.contract import check_table
from roxham.layers import Interval, load_entries, load_ports, load_series
from roxham.layers.facts.entries import ENTRIES, ENTRY_COUNTS


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return pd.DataFrame(load_entries().rows)


def test_what_ships_holds_its_contract_without_being_checked_at_each_start(
    rows: pd.DataFrame,
) -> None:
    text = rows.drop(columns="geometry").astype("string").fillna("")
    sample = text[text["period"].str.endswith("-01")]
    assert len(check_table(sample, ENTRIES, name="entries").rejected) == 0
    assert len(rows) == 8 * 350
    assert not rows.duplicated(["port_code", "period"]).any()
    assert set(rows["port_id"]) <= set(load_ports().rows["port_id"])
    licences = load_entries().rows.attrs["licences"]
    assert [licence["name"] for licence in licences] == ["public-domain"]


def test_figures_that_a_reader_can_look_up(rows: pd.DataFrame) -> None:
    at: Any = rows.set_index(["port_code", "period"])
    champlain = at.loc["0712"]
    assert champlain.loc[["2019-07", "2020-07"], "cars"].tolist() == [139_773, 4499]
    massena: Any = at.loc[("0704", "2017-01")]
    assert pd.isna(massena["cars"])
    assert massena["car_passengers"] == 107_161
    assert "absent" in massena["note"]
    assert "manquent" in massena["note_fr"]


def test_zeros_are_there_as_long_as_the_source_gives_them(rows: pd.DataFrame) -> None:
    counts = rows[list(ENTRY_COUNTS)]
    zero = counts.eq(0).fillna(False).any(axis=1)
    assert zero[rows["period"] <= "2017-03"].any()
    assert not zero[rows["period"] > "2018"].any()


def test_a_series_of_all_ports_is_known_where_each_port_is() -> None:
    every = load_series("entries")
    assert every.at("2019-07") == Interval.exact(868_697)
    assert every.at("2020-05") is not None
    one = load_series("entries", place="lacolle-champlain", of="trucks")
    assert one.places == ("lacolle-champlain",)
    assert load_series("entries", of="pedestrians").at("2019-07") is None
    assert set(every.breaks["kind"]) == {"method"}


def test_no_such_port_or_count_is_told_with_those_there_are() -> None:
    with pytest.raises(DataError, match=r"no such place\. Choose cornwall-massena"):
        load_series("entries", place="roxham-road")
    with pytest.raises(DataError, match=r"no such count\. Choose car_passengers"):
        load_series("entries", of="people")
    with pytest.raises(DataError, match="Choose month"):
        load_series("entries", calendar="calendar_year")
    with pytest.raises(DataError, match="Leave as_of out"):
        load_series("entries", as_of="2020-01-01")
