"""The rules at the border as spans of days."""

from pathlib import Path

import pandas as pd
import pytest

from roxham.geo import DataError, load_region
from roxham.layers import gates, load_policy_events, load_ports, regime_spans
from roxham.layers.publication.region import region_faults


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


def test_regimes_that_no_event_begins_have_the_source_of_the_file(tmp_path: Path) -> None:
    text = (
        'id = "r"\ntitle = { en = "R" }\nbounds = [0, 49, 1, 51]\n'
        '[[sides]]\ncode = "N"\n[[sides]]\ncode = "S"\n[files]\nborder = "line.csv"\n'
        '[[regimes]]\nid = "free"\nsince = "2000-01-01"\n'
    )
    (tmp_path / "line.csv").write_text("lon,lat\n0,50\n1,50\n")
    (tmp_path / "region.toml").write_text(text)
    found = [str(fault) for fault in region_faults(load_region(tmp_path))]
    assert len(found) == 1
    assert "regimes.1: begins with no event, and has no source" in found[0]
    source = '[sources.regimes]\ntitle = "T"\npublisher = "P"\nurl = "https://example.org/r"\n'
    (tmp_path / "region.toml").write_text(text + source)
    region = load_region(tmp_path)
    assert region_faults(region) == []
    row = regime_spans(region=region).iloc[0]
    assert row[["title", "start", "source_title", "source_publisher", "source_url"]].tolist() == [
        "free", "2000-01-01", "T", "P", "https://example.org/r",
    ]  # fmt: skip
