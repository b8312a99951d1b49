"""The tables that ship: every row sourced, worded neutrally, placed on its true side."""

import json
import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import geopandas as gpd
import pandas as pd
import pytest

from roxham.geo import ROXHAM, load_border
from roxham.geo.tables.contract import CONFIDENCE, SOURCE, Checked
from roxham.layers import (
    find_mismatches,
    latest_transfers,
    load_encounters,
    load_entries,
    load_incidents,
    load_interceptions,
    load_policy_events,
    load_ports,
    load_transfers,
)

LOADERS: dict[str, Callable[[], Checked[Any]]] = {
    "ports": load_ports,
    "interceptions": load_interceptions,
    "incidents": load_incidents,
    "policy_events": load_policy_events,
    "transfers": load_transfers,
    "encounters": load_encounters,
    "entries": load_entries,
}


@pytest.fixture(scope="module", params=sorted(LOADERS))
def table(request: pytest.FixtureRequest) -> Checked[pd.DataFrame]:
    return LOADERS[request.param]()


def test_every_row_holds(table: Checked[pd.DataFrame]) -> None:
    assert table.rejected.empty, table.rejected.to_string()
    assert len(table.rows) > 10


def test_every_note_is_said_in_french_and_no_other() -> None:
    french = json.loads((files("roxham.layers") / "data" / "notes_fr.json").read_text("utf-8"))
    rows = [load().rows for load in LOADERS.values()]
    notes = {n for frame in rows for c in ("note", "hours_note") if c in frame for n in frame[c]}
    assert {n for n in notes if pd.notna(n)} | {"24 hours"} == set(french)
    assert list(french) == sorted(french)
    assert all(text and text != note for note, text in french.items())
    hours = load_ports().rows.set_index("port_id")["hours_ca_fr"].dropna()  # times of day need none
    assert hours["lacolle-champlain"] == "24 heures"
    assert "noyan-alburgh" not in hours


def test_every_row_is_sourced(table: Checked[pd.DataFrame]) -> None:
    rows = table.rows
    assert {column.name for column in SOURCE} <= set(rows)
    for column in ("source_title", "source_publisher", "source_url", "confidence"):
        assert rows[column].notna().all(), column
    assert set(rows["confidence"]) <= set(CONFIDENCE)
    for url in rows["source_url"]:
        parts = urlsplit(url)
        assert parts.scheme in ("http", "https"), url
        assert "." in parts.netloc, url
        assert not re.search(r"\s|utm_|cmp=", url), url


def test_nothing_recalled_ships(table: Checked[pd.DataFrame]) -> None:
    text = table.rows.astype("string").fillna("").agg(" ".join, axis=1)
    bad = text.str.contains(r"(?i)\brecalled\b|\bguess")
    assert not bad.any(), text[bad].tolist()


def test_our_own_words_are_neutral(table: Checked[pd.DataFrame]) -> None:
    name = re.compile(r"(summary|cause|place_name|title|effect)(_fr)?")
    ours = [c for c in map(str, table.rows) if name.fullmatch(c)]
    for column in ours:
        bad = table.rows[column].str.contains(
            r"(?i)ill[eé]gal|clandestin|\bmigrants? illégaux|alien"
        )
        assert not bad.any(), table.rows.loc[bad, column].tolist()


def test_french_is_french(table: Checked[pd.DataFrame]) -> None:
    for column in ("summary", "effect", "title", "place_name"):
        if column in table.rows and table.rows[column].str.len().mean() > 25:
            same = table.rows[column] == table.rows[f"{column}_fr"]
            assert not same.any(), table.rows.loc[same, column].tolist()


@pytest.mark.parametrize("name", [*sorted(LOADERS), "claims"])
def test_files_are_plain(name: str) -> None:
    content = files("roxham.layers").joinpath("data", f"{name}.csv").read_bytes()
    assert b"\r" not in content
    assert not content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\n")
    content.decode()


def test_rows_are_sorted() -> None:
    rows = load_interceptions().rows[["period", "province"]]
    assert rows.equals(rows.sort_values(["period", "province"], ignore_index=True))
    for frame in (load_incidents().rows, load_policy_events().rows):
        assert frame["date"].is_monotonic_increasing


def test_summaries_give_no_ages() -> None:
    rows = load_incidents().rows
    words = rows["summary"] + " " + rows["summary_fr"] + " " + rows["note"].fillna("")
    aged = words.str.contains(r"(?i)\baged?\b|years?[- ]old|\bans\b|âgé|, \d{1,2},")
    assert not aged.any(), rows.loc[aged, "id"].tolist()


def test_incidents_are_areas() -> None:
    rows = load_incidents().rows
    assert str(gpd.GeoDataFrame(rows).crs) == "EPSG:4326"
    assert rows["radius_m"].between(1000, 15_000).all()
    assert rows["location_basis"].str.len().gt(20).all()
    assert rows["id"].is_unique
    decimals = rows[["lat", "lon"]].map(lambda x: len(str(x).partition(".")[2]))
    assert decimals.to_numpy().max() <= 6


def test_most_recorded_deaths_were_of_people_going_south() -> None:
    rows = load_incidents().rows
    deaths = rows.groupby("direction")["deaths"].sum()
    assert deaths["southbound"] > 10 * deaths["northbound"] > 0


def test_incidents_lie_on_their_side() -> None:
    rows = gpd.GeoDataFrame(load_incidents().rows)
    assert load_border().side_of(rows.geometry).tolist() == rows["country"].tolist()


@pytest.mark.shared
def test_census_circles_cover_their_towns(shared: Path) -> None:
    rows = gpd.GeoDataFrame(load_incidents().rows).to_crs(ROXHAM.metric_crs).set_index("id")
    towns = gpd.read_file(shared / "us_towns_2020.geojson").to_crs(ROXHAM.metric_crs)
    shapes = dict(zip(towns["subdivision_name"], towns.geometry, strict=True))
    buffers = rows.buffer(rows["radius_m"].astype(float) + 20)
    circles = dict(zip(rows.index, buffers, strict=True))
    for incident, town in {
        "2022-12-02-churubusco": "Clinton town, Clinton County, New York",
        "2024-03-25-mooers": "Mooers town, Clinton County, New York",
        "2025-01-late-jay": "Jay town, Orleans County, Vermont",
        "2022-04-28-st-regis-river": "St. Regis Mohawk Reservation, Franklin County, New York",
    }.items():
        assert shapes[town].within(circles[incident]), incident


def test_months_add_up_to_the_published_year_where_all_are_known() -> None:
    rows = load_interceptions().rows
    months = rows[rows["period"].str.len() == 7]
    by_year = months.groupby([months["period"].str[:4], "province"])["count"].agg(["size", "sum"])
    complete = by_year.loc[by_year["size"] == 12, "sum"]
    annual = rows[rows["period"].str.len() == 4].set_index(["period", "province"])["count"]
    pairs = pd.concat([complete, annual], axis=1, keys=["months", "year"]).dropna()
    assert {("2018", "CA-QC"), ("2022", "CA-QC"), ("2022", "CA"), ("2024", "CA-QC")} <= set(
        pairs.index
    )
    known = find_mismatches(rows).query("what == 'months' and status == 'explained'")
    explained = set(zip(known["period"], known["province"], strict=True))
    assert set(pairs.index[pairs["months"] != pairs["year"]]) == explained == {("2017", "CA")}


def test_one_running_total_for_each_province() -> None:
    latest = latest_transfers(load_transfers().rows)
    assert latest.set_index("to_province")["count"].to_dict() == {
        "CA-ON": 7131,
        "CA-NS": 134,
        "CA-NB": 57,
    }


def test_fiscal_years_hold_their_months() -> None:
    rows = load_encounters().rows
    years = rows[rows["granularity"] == "fiscal_year"].set_index("fiscal_year")["encounters"]
    parts = rows[rows["granularity"] != "fiscal_year"]
    known = parts[parts["fiscal_year"].isin(years.index)]
    assert len(known) == 12 * 25
    assert (known["encounters"] < known["fiscal_year"].map(years)).all()


def test_no_figure_rests_on_memory_or_on_an_outlet_where_the_agency_has_its_own() -> None:
    rows = load_encounters().rows
    assert not rows["confidence"].isin(["recalled", "computed"]).any()
    official = rows["source_publisher"].str.contains("Border Patrol|Customs|Homeland Security")
    left = rows.loc[~official, "period"].tolist()
    assert left == ["2024-10/2025-01", "2024-12", "2025-01"]  # the agency's own were not found


def test_two_papers_that_differ_are_both_kept() -> None:
    rows = load_interceptions().rows.set_index(["period", "province"])
    august: Any = rows.loc[("2019-08", "CA-QC")]
    assert august[["low", "high", "confidence"]].tolist() == [1712, 1722, "conflicting"]
    assert "1,722 in the Ottawa Sun" in august["note"]
    assert "1 722 dans l’Ottawa Sun" in august["note_fr"]


def test_all_transfers_to_other_provinces_are_known_to_the_end() -> None:
    rows = load_transfers().rows
    every = rows[(rows["scope"] == "provinces") & (rows["period_start"] == "2022-06-30")]
    assert every.set_index("period_end")["count"].to_dict() == {
        "2024-01-09": 10_580,
        "2024-02-26": 10_580,
    }
