"""Files of one's own: each fault named with file, row and column, all at once."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from roxham.geo import DataError
from roxham.geo.tables.contract import CONFIDENCE, Checked, check_table
from roxham.layers import (
    counted_areas,
    load_encounters,
    load_incidents,
    load_interceptions,
    load_policy_events,
    load_transfers,
)
from roxham.layers.facts.incidents import INCIDENTS
from tests.layers.samples import COUNTS, SOURCED, write_counts, write_incidents


def counts(folder: Path, *lines: str) -> Checked[pd.DataFrame]:
    return load_interceptions(write_counts(folder, *lines))


def incidents(folder: Path, *changes: dict[str, str]) -> Checked[gpd.GeoDataFrame]:
    return load_incidents(write_incidents(folder, *changes))


def faults(checked: Checked[Any]) -> list[tuple[int, str]]:
    return list(zip(checked.rejected["row"], checked.rejected["column"], strict=True))


def test_every_fault_of_counts_is_named_at_once(tmp_path: Path) -> None:
    checked = counts(
        tmp_path,
        f"2022,CA-QC,39171,{SOURCED}",
        f"2022-13,CA-QC,1,{SOURCED}",
        f"2022-03-01,CA-QC,1,{SOURCED}",
        f"2022/2023,CA-QC,1,{SOURCED}",
        f"0202,CA-QC,1,{SOURCED}",
        f"2022,Quebec,1,{SOURCED}",
        f"2022,CA-ON,-1,{SOURCED}",
        f"2022,CA-MB,1.5,{SOURCED}",
        f'2022,CA-SK,"39,17",{SOURCED}',
        f"2022,CA-AB,many,{SOURCED}",
        "2022,CA-BC,1,,P,ftp://x,2023,recalled,",
        f"2022,CA-XX,--,{SOURCED}",
    )
    assert faults(checked) == [
        (3, "period"),
        (4, "period"),
        (5, "period"),
        (6, "period"),
        (7, "province"),
        (8, "count"),
        (9, "count"),
        (10, "count"),
        (11, "count"),
        (12, "source_title"),
        (12, "source_url"),
        (12, "confidence"),
    ]
    assert checked.rows["province"].tolist() == ["CA-QC", "CA-XX"]
    assert set(checked.rejected["file"]) == {str(tmp_path / "counts.csv")}


def test_a_withheld_count_is_null_and_never_zero(tmp_path: Path) -> None:
    rows = counts(tmp_path, f"2022,CA-QC,--,{SOURCED}", f"2022,CA-ON,,{SOURCED}").rows
    assert rows["count"].isna().all()
    assert rows["count"].dtype == "Int64"


def test_two_counts_for_one_cell_are_both_set_aside(tmp_path: Path) -> None:
    checked = counts(
        tmp_path, f"2022,CA,1,{SOURCED}", f"2022,CA,2,{SOURCED}", f"2021,CA,3,{SOURCED}"
    )
    assert faults(checked) == [(2, "period"), (3, "period")]
    assert checked.rows["count"].tolist() == [3]


def test_year_may_stand_for_period(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(COUNTS.replace("period", "year") + f"\n2022,CA,1,{SOURCED}\n")
    assert load_interceptions(path).rows["period"].tolist() == ["2022"]


def test_by_keeps_one_kind_of_row(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    counts(tmp_path, f"2022,CA,1,{SOURCED}", f"2022-01,CA,1,{SOURCED}")
    assert load_interceptions(path, by="year").rows["period"].tolist() == ["2022"]
    assert load_interceptions(path, by="month").rows["period"].tolist() == ["2022-01"]
    with pytest.raises(DataError, match="Give one of month, year"):
        load_interceptions(path, by="week")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"lat": "-73.5", "lon": "45.01"}, "lat"),
        ({"lat": "95"}, "lat"),
        ({"lon": "-190"}, "lon"),
        ({"radius_m": "0"}, "radius_m"),
        ({"radius_m": "-5"}, "radius_m"),
        ({"radius_m": ""}, "radius_m"),
        ({"radius_m": "1e9"}, "radius_m"),
        ({"deaths": "-1"}, "deaths"),
        ({"deaths": "0"}, "deaths"),
        ({"kind": "rescue"}, "kind"),
        ({"kind": "crime"}, "kind"),
        ({"injured": "-2"}, "injured"),
        ({"date": "2023-02-30"}, "date"),
        ({"date": "04/01/2023"}, "date"),
        ({"date": "2023-02/2023-01"}, "date"),
        ({"direction": "south"}, "direction"),
        ({"confidence": "recalled"}, "confidence"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
        ({"source_url": "https://a.org/ see"}, "source_url"),
        ({"id": ""}, "id"),
        ({"kind": "missing", "deaths": "", "missing": "0"}, "missing"),
        ({"location_precision": "1", "radius_m": "5000"}, "location_precision"),
    ],
)
def test_one_bad_incident_leaves_the_others(
    tmp_path: Path, change: dict[str, str], column: str
) -> None:
    checked = incidents(tmp_path, {"id": "good"}, {"id": "bad"} | change)
    assert faults(checked) == [(3, column)]
    assert checked.rows["id"].tolist() == ["good"]


def test_ids_must_differ(tmp_path: Path) -> None:
    checked = incidents(tmp_path, {"id": "a"}, {"id": "b"}, {"id": "a"})
    assert faults(checked) == [(2, "id"), (4, "id")]


def test_unknown_deaths_stay_unknown(tmp_path: Path) -> None:
    rows = incidents(tmp_path, {"deaths": "", "injured": "--"}).rows
    assert rows["deaths"].isna().all()
    assert rows["injured"].isna().all()


def test_incidents_are_points_with_the_given_text_for_french(tmp_path: Path) -> None:
    rows = incidents(tmp_path, {"summary": "<b>Été</b>"}).rows
    assert isinstance(rows, gpd.GeoDataFrame)
    assert str(rows.crs) == "EPSG:4326"
    assert (rows.geometry.x[0], rows.geometry.y[0]) == (-73.5, 45.01)
    assert rows["summary_fr"].tolist() == ["<b>Été</b>"]


def test_a_file_whose_rows_all_fail_still_has_its_columns(tmp_path: Path) -> None:
    rows = incidents(tmp_path, {"lat": "x"}).rows
    assert len(rows) == 0
    assert str(gpd.GeoDataFrame(rows).crs) == "EPSG:4326"
    assert {"summary_fr", "radius_m", "geometry"} <= set(rows)


def test_a_transfer_cannot_end_before_it_starts(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    head = "from,to,to_province,scope,period_start,period_end,count,"
    path.write_text(
        head + "source_title,source_publisher,source_url,source_date,confidence,note\n"
        f"CA-QC,Ottawa,CA-ON,city,2023-02-01,2023-01,5,{SOURCED}\n"
        f"CA-QC,Ottawa,CA-ON,city,2023-02-01,2023-02,5,{SOURCED}\n"
    )
    checked = load_transfers(path)
    assert faults(checked) == [(2, "period_end")]
    assert checked.rows["to_fr"].tolist() == ["Ottawa"]


@pytest.mark.parametrize(
    "load",
    [load_interceptions, load_incidents, load_policy_events, load_transfers, load_encounters],
)
def test_every_missing_column_is_named(
    tmp_path: Path, load: Callable[[Path], Checked[pd.DataFrame]]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x,y\n1,2\n")
    with pytest.raises(DataError) as caught:
        load(path)
    named = {fault.column for fault in caught.value.faults}
    assert {"source_title", "source_url", "confidence"} < named
    assert all(fault.row == 1 and fault.file == str(path) for fault in caught.value.faults)


words = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1, max_size=9)
words = words.map(lambda text: f"x{text}".strip())
rows = st.fixed_dictionaries(
    {
        "period": st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)).map(lambda d: f"{d:%Y-%m}")
        | st.integers(1900, 2099).map(str),
        "province": st.sampled_from(counted_areas()),
        "count": st.integers(0, 10**12) | st.none(),
        "source_title": words,
        "source_publisher": words,
        "source_url": st.sampled_from(["https://example.org/a?b=1,2", "http://a.ca/é;x"]),
        "source_date": words | st.none(),
        "confidence": st.sampled_from(CONFIDENCE),
        "note": words | st.none(),
    }
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=25,
    deadline=None,
)
@given(
    st.lists(rows, min_size=1, max_size=8, unique_by=lambda r: (r["period"], r["province"])),
    st.sampled_from(",;\t"),
    st.sampled_from(["utf-8", "utf-8-sig"]),
)
def test_any_valid_table_comes_back_equal(
    tmp_path: Path, table: list[dict[str, object]], separator: str, encoding: str
) -> None:
    path = tmp_path / "a.csv"
    pd.DataFrame(table).astype({"count": "Int64"}).to_csv(
        path, index=False, sep=separator, encoding=encoding
    )
    first = load_interceptions(path)
    assert first.rejected.empty, first.rejected.to_string()
    assert first.rows["count"].astype(object).where(first.rows["count"].notna(), None).tolist() == [
        row["count"] for row in table
    ]
    for column in ("period", "province", "source_title", "source_url"):
        assert first.rows[column].tolist() == [row[column] for row in table]
    first.rows.to_csv(path, index=False)
    assert_frame_equal(load_interceptions(path).rows, first.rows)


@pytest.mark.parametrize(
    "load",
    [load_interceptions, load_incidents, load_policy_events, load_transfers, load_encounters],
)
def test_the_shipped_tables_come_back_equal(
    tmp_path: Path, load: Callable[..., Checked[pd.DataFrame]]
) -> None:
    path = tmp_path / "a.csv"
    shipped = load().rows
    pd.DataFrame(shipped).drop(columns="geometry", errors="ignore").to_csv(path, index=False)
    assert_frame_equal(pd.DataFrame(load(path).rows), pd.DataFrame(shipped))


@pytest.mark.parametrize("place", ["0,0", "0.0,-0.0"])
def test_a_place_at_nought_is_a_lost_position(tmp_path: Path, place: str) -> None:
    lat, lon = place.split(",")
    checked = incidents(tmp_path, {"lat": lat, "lon": lon}, {"lat": "0", "id": "b"})
    assert faults(checked) == [(2, "lat")]
    assert "a place in the sea" in checked.rejected["problem"][0]


def test_every_fault_of_many_rows_is_told() -> None:
    sound = {column.name: "" for column in INCIDENTS.columns}
    sound |= {"source_title": "T", "source_publisher": "P", "source_url": "https://example.org/a"}
    sound |= {"confidence": "single"}
    sound |= {"date": "2022", "place_name": "x", "lat": "45", "lon": "-73", "radius_m": "5000"}
    sound |= {"kind": "death", "deaths": "1", "injured": "0"}
    faulty = sound | {"date": "soon", "lat": "north", "lon": "200", "kind": "x", "radius_m": "0"}
    for name, row in (("sound", sound), ("faulty", faulty)):
        raw = pd.DataFrame([row]).loc[[0] * 10_000].reset_index(drop=True)
        raw["id"] = [str(k) for k in range(len(raw))]
        found = check_table(raw, INCIDENTS, name=name)
        assert len(found.rejected) == (0 if name == "sound" else 50_000)
        assert len(found.rows) == (10_000 if name == "sound" else 0)
