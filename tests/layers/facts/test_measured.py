"""Counts of any measure of one's own: loaded, chosen on the page, and never among interceptions."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from roxham.geo import DataError
from roxham.layers import load_layers
from roxham.layers.facts.counts import load_measured, tells_measures
from roxham.maps.content.measures import measure_data

SAID = {"source_title": "T", "source_publisher": "An office", "source_url": "https://example.org/a"}
HEAD = {"confidence": "single", **SAID}


def frame(*cells: tuple[str, str, str, str]) -> pd.DataFrame:
    columns = ["period", "area", "measure", "count"]
    return pd.DataFrame(list(cells), columns=columns).assign(unit="persons", **HEAD)


MIXED = frame(
    ("2019-01", "CA-QC", "claims", "5"),
    ("2019-03", "CA-QC", "claims", "--"),
    ("2019-01", "US-VT", "entries", "7"),
    ("2019-01", "CA-QC", "interceptions", "9"),
    ("2019", "CA-QC", "claims", "100"),
)


def charts(rows: pd.DataFrame, **options: Any) -> list[dict[str, Any]]:
    layers = load_layers(counts=rows, **options)
    assert layers.rejected.empty
    return [one for one in measure_data(layers, None) if "name" in one]


def test_each_measure_of_each_area_is_a_series_to_choose() -> None:
    told = charts(MIXED)
    assert [one["name"] for one in told] == [
        "claims (persons), CA-QC",
        "entries (persons), US-VT",
        "interceptions (persons), CA-QC",
    ]
    assert told[0]["months"] == ["2019-01", "2019-02", "2019-03"]
    assert told[0]["values"] == [5, None, [0, 5]]
    assert {one["by"] for one in told} == {"An office"}


def test_interceptions_that_ship_stay_beside_other_measures() -> None:
    shipped = load_layers().interceptions
    layers = load_layers(counts=MIXED)
    pd.testing.assert_frame_equal(layers.interceptions, shipped)
    assert len(layers.measured) == len(MIXED)
    assert "measured" not in load_layers().tables


def test_a_table_of_interceptions_takes_their_place() -> None:
    own = frame(("2019-01", "CA-QC", "interceptions", "9"))
    assert not tells_measures(own)
    layers = load_layers(counts=own)
    assert layers.interceptions["count"].tolist() == [9]
    assert "measured" not in layers.tables


def test_a_mapping_says_what_is_counted() -> None:
    rows = pd.DataFrame({"Ort": ["CA-QC"], "Monat": ["2019-04"], "n": ["3"]})
    said = {
        "as": "counts",
        "columns": {"area": "Ort", "period": "Monat", "count": "n"},
        "values": {"measure": "entries"},
        "source": {"title": "T", "publisher": "P", "url": "https://example.org/a"},
    }
    told = charts(rows, mappings={"counts": said})
    assert [(one["name"], one["values"]) for one in told] == [("entries, CA-QC", [3])]
    other = {**said, "values": {"measure": "interceptions"}}
    assert load_layers(counts=rows, mappings={"counts": other}).interceptions["count"].item() == 3


def test_what_is_no_table_is_told_where_it_is_read(tmp_path: Path) -> None:
    assert not tells_measures(tmp_path / "none.csv")
    with pytest.raises(DataError, match="there is no such file"):
        load_measured(tmp_path / "none.csv")
    assert load_measured().rows.empty
