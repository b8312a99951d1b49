"""The rules at the border as spans of days."""

import pandas as pd
import pytest

from roxham.geo import DataError
from roxham.layers import gates, load_policy_events, load_ports, regime_spans


def test_the_spans_follow_each_other_without_a_gap() -> None:
    spans = regime_spans()
    assert spans[["regime", "start", "end"]].to_numpy().tolist() == [
        ["agreement", "2004-12-29", "2020-03-20"],
        ["covid_order", "2020-03-21", "2021-11-20"],
        ["order_lifted", "2021-11-21", "2023-03-24"],
        ["protocol", "2023-03-25", None],
    ]
    assert spans[["title_fr", "effect", "effect_fr", "source_url"]].notna().all(axis=None)


def test_they_agree_with_the_gates_on_their_first_and_last_days() -> None:
    ports = load_ports().rows
    for row in regime_spans().to_dict("records"):
        expected = "agreement" if row["regime"] == "order_lifted" else row["regime"]
        for day in filter(None, (row["start"], row["end"])):
            assert set(gates(ports, on=day)["regime"]) == {expected}, day


def test_an_event_that_is_missing_is_named() -> None:
    events = load_policy_events().rows
    cut = pd.DataFrame(events[events["title"] != "Turn-back order lifted"])
    with pytest.raises(DataError, match="Turn-back order lifted"):
        regime_spans(cut)
