"""Asylum claims: a series of its own, by way of entry and by who counts."""

from pathlib import Path

import pytest

from roxham.geo import DataError
from roxham.layers import (
    add,
    load_asylum_claims,
    load_ports,
    load_series,
)
from tests.layers.samples import SOURCED

HEADER = (
    "period,place,mode,counted_by,count,"
    "source_title,source_publisher,source_url,source_date,confidence,note"
)


def write(folder: Path, *lines: str) -> Path:
    path = folder / "claims.csv"
    path.write_text("\n".join([HEADER, *(f"{line},{SOURCED}" for line in lines)]) + "\n")
    return path


def test_the_ways_of_entry_make_up_each_year() -> None:
    rows = load_asylum_claims().rows
    years = rows[(rows["place"] == "CA") & rows["period"].str.fullmatch("20(1[7-9]|2[0-3])")]
    every = years["mode"] == "all"
    parts = years[~every].groupby("period")["count"].sum()
    assert parts.to_dict() == years[every].set_index("period")["count"].to_dict()
    assert len(parts) == 7


def test_every_place_is_known() -> None:
    places = set(load_asylum_claims().rows["place"])
    assert places <= {"CA", "CA-QC", *load_ports().rows["port_id"]}


def test_a_part_larger_than_the_whole_is_a_fault(tmp_path: Path) -> None:
    path = write(tmp_path, "2020,CA,all,IRCC,10", "2020,CA,marine,IRCC,11", "2020,CA,all,CBSA,9")
    rows, rejected = load_asylum_claims(path)
    assert rejected[["row", "column"]].to_numpy().tolist() == [[3, "count"]]
    assert "more than all claims of 2020" in rejected["problem"].iloc[0]
    assert len(rows) == 2


def test_a_withheld_count_is_a_range(tmp_path: Path) -> None:
    rows = load_asylum_claims(write(tmp_path, "2020,CA,marine,IRCC,--")).rows
    assert rows[["low", "high"]].iloc[0].tolist() == [0, 5]


def test_claims_are_a_series_that_is_added_to_no_other() -> None:
    claims = load_series("claims", calendar="calendar_year")
    assert (claims.unit, claims.counted_by) == ("persons", "IRCC")
    assert str(claims.at("2022")) == "92,313"
    port = load_series("claims", place="lacolle-champlain")
    assert (port.counted_by, str(port.at("2025-04"))) == ("CBSA", "2,733")
    interceptions = load_series("interceptions", calendar="calendar_year")
    with pytest.raises(DataError, match="claims"):
        add(interceptions, claims)


def test_claims_of_two_counters_or_nowhere_make_no_series(tmp_path: Path) -> None:
    table = load_asylum_claims(write(tmp_path, "2020,CA,all,IRCC,10", "2020,CA,all,CBSA,9")).rows
    with pytest.raises(DataError, match="counted by CBSA and IRCC"):
        load_series("claims", calendar="calendar_year", table=table)
    with pytest.raises(DataError, match="no such place"):
        load_series("claims", place="roxham-road")
