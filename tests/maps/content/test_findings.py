"""What the page finds: figures of its own tables in its first sentences, or no such sentence."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from importlib.resources import files

import pandas as pd
import pytest

from roxham.geo import DataError, read_region, using_region
from roxham.geo.region.region_file import parse_region
from roxham.layers import load_layers
from roxham.maps import border_map, load_base, map_sheet
from roxham.maps.content.chart import chart_data, gaps_told, peaks_of
from roxham.maps.content.findings import facts_of, headline, standfirst, ways_of, ways_told
from roxham.maps.content.wording import language_of
from roxham.maps.page.page import page_html
from tests.maps import samples


def shipped(table: str) -> list[dict[str, str]]:
    """Return the rows of a shipped table, read without our own code."""
    text = files("roxham.layers").joinpath("data", f"{table}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_headline_and_standfirst_say_what_the_tables_hold() -> None:
    counts = {(row["period"], row["province"]): row["count"] for row in shipped("interceptions")}
    going = Counter(row["direction"] for row in shipped("incidents"))
    facts = facts_of(load_layers(since="2017-01"))
    head, under = headline(facts), standfirst(facts)
    assert under is not None
    for year in ("2022", "2024"):
        number = int(counts[year, "CA-QC"])
        assert f"{number:,} " in head["en"]
        assert f"{number:,} ".replace(",", "\N{NO-BREAK SPACE}") in head["fr"]
    assert f"{int(counts['2022', 'CA']):,}" in under["en"]
    assert f"Of {going.total()} deaths" in under["en"]
    assert f"{going['southbound']} happened to people going the other way, south" in under["en"]
    assert f"et {going['northbound']} des personnes allant vers le nord" in under["fr"]
    assert going["northbound"] == 6
    assert "{" not in " ".join((*head.values(), *under.values()))


def test_a_sentence_whose_figure_is_not_known_is_left_out() -> None:
    layers = load_layers(since="2017-01")
    gone = layers.interceptions[layers.interceptions["period"] != "2024"]
    none = replace(
        layers.with_tables(interceptions=gone, incidents=layers.incidents[:0]),
        figures=layers.figures[layers.figures["figure_id"] != "quebec_2024"],
    )
    facts = facts_of(none)
    assert headline(facts)["en"] == "Roxham Road and the border of Quebec with New York and Vermont"
    under = standfirst(facts)
    assert under is not None
    assert "39,171" in under["en"]
    assert "people going" not in under["en"]
    no_way = layers.with_tables(incidents=layers.incidents.assign(direction=None))
    told = facts_of(no_way)  # how many is known where no row says which way
    assert told["incidents"]["en"] == str(len(layers.incidents))
    assert "way_unknown" not in told


def test_the_page_and_the_sheet_tell_the_ways() -> None:
    layers, base = load_layers(since="2017-01"), load_base()
    said = ways_told(layers.incidents)
    assert said is not None
    html = page_html(border_map(layers, base=base))
    assert html.count(said["en"]) == 3  # at the map, in its still picture, above the table
    assert said["en"] in page_html(border_map(layers, base=base, embed=True))
    sheet = map_sheet(layers, base)
    assert said["en"] in " ".join(sheet.texts())
    assert {"Going south (14)", "Going north (6)", "Way not known (1)"} <= set(sheet.texts())
    assert "this page" not in " ".join(sheet.texts()).lower()


def test_ways_that_no_table_tells_are_not_told() -> None:
    incidents = samples.layers().incidents
    assert ways_of(incidents.drop(columns="direction", errors="ignore")) == {}
    assert ways_of(incidents[:0].assign(direction=None)) == {}
    odd = pd.DataFrame({"direction": ["up", "southbound"]})
    assert ways_of(odd) == {"southbound": 1, "unknown": 1}


def test_a_figure_that_no_region_has_is_refused() -> None:
    text = files("roxham.geo").joinpath("data/regions/roxham/region.toml").read_text("utf-8")
    wrong = text.replace("{quebec_2024} in 2024", "{quebec_2042} in 2024")
    with pytest.raises(DataError, match=r"“\{quebec_2042\}” is no figure\. Is it quebec_20"):
        parse_region(wrong, "region.toml")


def test_gaps_and_the_totals_of_their_years_are_said() -> None:
    layers = load_layers(since="2017-01")
    chart = chart_data(layers.interceptions, layers.policy_events)
    assert chart is not None
    said = gaps_told(chart)
    assert said is not None
    known = {
        row["period"]
        for row in shipped("interceptions")
        if row["province"] == "CA-QC" and row["count"]
    }
    assert not any(
        month in known for month in ("2019-06", "2020-05", "2021-12", "2023-05", "2023-12")
    )
    for words in ("June – July 2019", "April 2020 – September 2021", "May – December 2023"):
        assert words in said["en"]
    assert "16,136 in 2019; 3,189 in 2020; 4,095 in 2021; none known for 2023." in said["en"]


def test_peaks_are_as_on_the_page() -> None:
    assert peaks_of([1, 2, 9, 3, 2, 1, None, 8, 8]) == [2]
    assert peaks_of([9, 1, 1, 1, 1, 1, None, 1, 1, 1, 5, 1, 1]) == [0, 10]
    assert peaks_of([]) == []


def test_a_title_is_told_by_its_small_words() -> None:
    with using_region(read_region("roxham")):
        assert language_of("Hausse du nombre de demandeurs d'asile à la frontière") == "fr"
        assert (
            language_of("Man's body found near Roxham Road unofficial border crossing in") == "en"
        )
        assert language_of("2024") is None
