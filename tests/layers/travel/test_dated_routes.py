"""Routes on a date: which gates, which rules."""

from __future__ import annotations

import datetime as dt

import pytest

from roxham.geo import NoRouteError, load_roads
from roxham.layers import dated_routes, find_place, gate_names, load_ports

ENDS = find_place("Roxham Road"), find_place("chemin Roxham")


@pytest.mark.parametrize("on", ["2023-03-24", dt.date(2023, 3, 24), dt.datetime(2023, 3, 24, 9)])
def test_the_site_on_foot_while_it_was_in_use(on: str | dt.date) -> None:
    row = dated_routes(load_roads(), *ENDS, on=on).iloc[0]
    assert row[["gate", "gate_name", "gate_name_fr"]].tolist() == [
        "roxham-road",
        "Roxham Road",
        "Chemin Roxham",
    ]
    assert row["on"] == "2023-03-24"
    assert row["walk_m"] == pytest.approx(45, abs=2)
    assert "on foot" in row["rule"]
    assert "à pied" in row["rule_fr"]
    assert row["rule_source_url"].startswith("https://")


def test_after_the_protocol_by_the_port_and_southward_without_rules() -> None:
    row = dated_routes(load_roads(), *ENDS, on="2023-03-26").iloc[0]
    assert (row["gate"], row["walk_m"]) == ("lacolle-champlain", 0)
    assert "14 days" in row["rule"]
    south = dated_routes(load_roads(), *ENDS[::-1], on="2023-03-24").iloc[0]
    assert south["gate"] == "lacolle-champlain"
    assert south[["rule", "regime"]].isna().all()


def test_a_gate_that_is_closed_and_hours_of_the_day() -> None:
    with pytest.raises(NoRouteError, match="not among the gates that are open"):
        dated_routes(load_roads(), *ENDS, on="2023-03-26", via="roxham-road")
    first = dated_routes(load_roads(), *ENDS, on="2023-03-25", at="00:00").iloc[0]
    assert first["gate"] == "roxham-road"
    first = dated_routes(load_roads(), *ENDS, on="2023-03-25", at="00:01").iloc[0]
    assert first["gate"] == "lacolle-champlain"


def test_gates_by_name() -> None:
    names = gate_names(load_ports().rows)
    assert names.loc[["trout-river"]].values.tolist() == [["Trout River"] * 2]
    assert names.notna().all(axis=None)
    assert len(names) == len(load_ports().rows)
