"""Which gates are open on a date, and what the rules of that date meant there."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from roxham.geo import DataError, read_region
from roxham.geo.tables.edtf import date_span
from roxham.layers import gates as typed_gates
from roxham.layers import load_policy_events, load_ports
from roxham.layers.travel.open_gates import first_day
from roxham.layers.travel.regimes import regimes, rules_of

ROXHAM = read_region("roxham")
REGIMES = {r.id: r.event["title"] for r in regimes(region=ROXHAM) if r.shown and r.event}
RULES = {
    (regime, kind): (rule.text["en"], rule.text["fr"])
    for (regime, kind, _), rule in rules_of(ROXHAM).items()
    if rule.text
}


def gates(*args: Any, **options: Any) -> Any:
    """Return the gates; what their cells hold is looked at here, not declared."""
    return typed_gates(*args, **options)


@pytest.fixture(scope="module")
def ports() -> Any:
    return load_ports().rows


def port(**columns: Any) -> gpd.GeoDataFrame:
    row = {
        "port_id": "p",
        "kind": "port_of_entry",
        "ca_name": "A",
        "us_name": "B",
        "status": "open",
    }
    points = gpd.points_from_xy([-73.5], [45.0])
    return gpd.GeoDataFrame([{**row, **columns}], geometry=points, crs="EPSG:4326")


@pytest.mark.parametrize(
    ("on", "at", "there", "regime", "flag"),
    [
        ("2016-12-31", None, False, "agreement", None),
        ("2017-01-01", None, True, "agreement", "opened_about"),
        ("2017-02-01", None, True, "agreement", None),
        ("2020-03-20", None, True, "agreement", None),
        ("2020-03-21", None, True, "covid_order", "turned_back"),
        ("2021-11-20", None, True, "covid_order", "turned_back"),
        ("2021-11-21", None, True, "agreement", None),
        ("2023-03-24", None, True, "agreement", None),
        ("2023-03-24", "23:59", True, "agreement", None),
        ("2023-03-25", "00:00", True, "agreement", None),
        ("2023-03-25", "00:01", False, "protocol", None),
        ("2023-03-25", None, False, "protocol", None),
        ("2023-03-26", None, False, "protocol", None),
    ],
)
def test_the_roxham_site_is_a_gate_while_it_was_in_use(
    ports: pd.DataFrame, on: str, at: str | None, there: bool, regime: str, flag: str | None
) -> None:
    table = gates(ports, on=on, at=at).set_index("gate")
    assert ("roxham-road" in table.index) == there
    assert table["regime"].unique().tolist() == [regime]
    if there:
        row = table.loc["roxham-road"]
        assert row[["gate_kind", "mode", "direction"]].tolist() == [
            "irregular_site",
            "walk",
            "north",
        ]
        assert row["rule"] == RULES[regime, "irregular_site"][0]
        assert (None if pd.isna(row["flags"]) else row["flags"]) == flag


def test_every_date_of_the_rules_is_that_of_the_policy_table(ports: pd.DataFrame) -> None:
    events: Any = load_policy_events().rows.set_index("title")
    for title in REGIMES.values():
        date = events.at[title, "date"]
        table = gates(ports, on=date)
        assert table["rule_since"].unique().tolist() == [date]
        assert table["rule_source_url"].unique().tolist() == [events.at[title, "source_url"]]
        before = pd.Timestamp(date) - pd.Timedelta(days=1)
        assert date not in set(gates(ports, on=before.date())["rule_since"])
    moved = events.reset_index()
    moved.loc[moved["title"] == REGIMES["covid_order"], "date"] = "2020-04-01"
    assert gates(ports, on="2020-03-25", policy=moved)["regime"].tolist()[0] == "agreement"
    with pytest.raises(DataError, match="0 rows “Additional Protocol in force”"):
        gates(ports, on="2020-03-25", policy=moved[moved["title"] != REGIMES["protocol"]])


def test_every_rule_is_in_both_languages_and_in_the_words_of_its_time() -> None:
    for (regime, kind), (english, french) in RULES.items():
        assert english != french
        assert english.endswith(".")
        assert french.endswith(".")
        assert ("COVID-19" in english) == ("COVID-19" in french) == (regime == "covid_order")
        assert ("Protocol" in english) == (regime == "protocol")
        assert ("on foot" in english) == (kind == "irregular_site")
    assert ("protocol", "irregular_site") not in RULES


def test_no_one_is_led_south_over_the_site(ports: pd.DataFrame) -> None:
    south = gates(ports, on="2022-06-01", direction="south")
    assert "roxham-road" not in set(south["gate"])
    assert south[["regime", "rule", "rule_fr", "rule_since"]].isna().all(axis=None)
    both = gates(ports, on="2022-06-01", direction="both").set_index("gate")
    assert both["direction"].value_counts().to_dict() == {"both": len(both) - 1, "north": 1}


def test_a_closed_port_is_a_gate_until_the_day_it_closed(ports: pd.DataFrame) -> None:
    name = "franklin-centre-churubusco"
    days = {"2011-03-31": True, "2011-04-01": False, "2023-03-24": False}
    for on, there in days.items():
        assert (name in set(gates(ports, on=on)["gate"])) == there
    table = gates(ports, on="2011-03-31").set_index("gate")
    assert table.at[name, "gate_kind"] == "port_of_entry"
    young = port(opened="2010")
    assert [len(gates(young, on=day)) for day in ("2009-12-31", "2010-01-01")] == [0, 1]
    assert table.at[name, "rule"] == RULES["agreement", "port_of_entry"][0]
    early = gates(ports, on="2004-12-28")
    assert early["regime"].unique().tolist() == ["before"]
    assert early["rule_since"].isna().all()


def test_no_gate_is_known_before_the_table_of_policy_events_begins(ports: pd.DataFrame) -> None:
    assert first_day() == date_span(load_policy_events().rows["date"].min())[0]
    assert len(gates(ports, on="2002-12-05"))
    with pytest.raises(DataError, match=r"2002-12-04: is before 2002-12-05.* not known\. Ask for"):
        gates(ports, on="2002-12-04")


def test_hours_count_from_the_day_they_are_in_force(ports: pd.DataFrame) -> None:
    name = "lacolle-overton-corners"  # 06:00-22:00 since 2025-01-06
    for at, there in (("05:59", False), ("06:00", True), ("21:59", True), ("22:00", False)):
        assert (name in set(gates(ports, on="2025-01-06", at=at)["gate"])) == there
    before = gates(ports, on="2025-01-05", at="03:00").set_index("gate")
    assert before.at[name, "flags"] == "hours_unknown"
    assert pd.isna(before.at["lacolle-champlain", "flags"])  # day and night
    unasked = gates(ports, on="2025-01-06").set_index("gate")
    assert pd.isna(unasked.at[name, "flags"])
    # the hours are Canada's: of people who go south they say nothing
    south = gates(ports, on="2025-01-06", at="03:00", direction="south").set_index("gate")
    assert south.at[name, "flags"] == "hours_unknown"


def test_hours_may_pass_midnight_or_be_unreadable() -> None:
    night = port(hours_ca="22:00-06:00")
    assert [len(gates(night, on="2025-01-06", at=at)) for at in ("23:00", "05:59", "06:00")] == [
        1,
        1,
        0,
    ]
    assert len(gates(night, on="2025-01-06", at=dt.time(23))) == 1
    odd = gates(port(hours_ca="summer only"), on="2025-01-06", at="12:00")
    assert odd["flags"].tolist() == ["hours_unknown"]


def test_what_is_not_sure_is_kept_and_flagged() -> None:
    asked = {"on": "2020-06-15"}
    cases = [
        (port(status="unknown"), ["status_unknown"]),
        (port(opened="2020-06"), ["opened_about"]),
        (port(closed="2020"), ["closed_about"]),
        (port(status="closed"), []),
        (port(kind="closed_port", status="closed"), []),
        (port(kind="rail_port"), []),
        (port(closed="2020-06-15"), []),
        (port(opened="2020-06-16"), []),
    ]
    for rows, flags in cases:
        assert gates(rows, **asked)["flags"].tolist() == flags


def test_the_columns_are_the_same_with_no_gate(ports: pd.DataFrame) -> None:
    some, none = gates(ports, on="2022-06-01"), gates(port(status="closed"), on="2022-06-01")
    assert list(some.columns) == list(none.columns)
    assert some.dtypes.astype(str).tolist() == none.dtypes.astype(str).tolist()
    assert some.crs == none.crs == "EPSG:4326"
    assert some["name"].str.contains("Lacolle – Champlain").any()


def test_the_ports_are_left_as_they_were(ports: pd.DataFrame) -> None:
    before = ports.copy()
    gates(ports, on="2022-06-01", at="03:00")
    pd.testing.assert_frame_equal(before, ports)


def test_a_port_of_ones_own_with_few_columns_is_a_gate(tmp_path: Path) -> None:
    bare = port()[["port_id", "kind", "ca_name", "us_name", "status", "geometry"]]
    assert gates(bare, on="2022-06-01")["name"].tolist() == ["A – B"]


def test_ports_without_geometry_have_their_coordinates(ports: pd.DataFrame) -> None:
    plain = pd.DataFrame(ports.drop(columns="geometry"))
    assert gates(plain, on="2022-06-01").equals(gates(ports, on="2022-06-01"))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"on": "2023-02-30"}, "not a day"),
        ({"on": "March"}, "not a day"),
        ({"on": "2023-03"}, "not a day"),
        ({"on": "2023-03-24", "at": "25:00"}, "not a time of day"),
        ({"on": "2023-03-24", "direction": "west"}, "direction west"),
    ],
)
def test_what_is_no_date_time_or_direction_is_refused(
    ports: pd.DataFrame, asked: dict[str, Any], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        gates(ports, **asked)


@pytest.mark.parametrize("place", [None, shapely.Point()])
def test_a_port_without_a_place_is_told_by_its_row(place: Any) -> None:
    ports = load_ports().rows.copy()
    ports.loc[ports.index[2], "geometry"] = place
    for given in (ports, ports.drop(columns="port_id")):
        with pytest.raises(DataError, match=r"^ports, row 3: has no place\. Give its lon and lat"):
            gates(given, on="2023-03-01")


def test_a_port_of_no_kind_that_is_known_is_told_and_not_passed_over() -> None:
    ports = load_ports().rows.assign(kind="port_of_enrty")
    told = r"^ports, row 1, column kind: port_of_enrty is no kind of port\. Is it port_of_entry\?"
    with pytest.raises(DataError, match=told):
        gates(ports, on="2023-03-01")
