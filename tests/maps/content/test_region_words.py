"""A region's own words: text and no format, beside what every page says and never in its place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from roxham.geo import DataError, load_region, read_region, using_region
from roxham.geo.region import Region
from roxham.layers import load_layers
from roxham.layers.publication.region import region_faults
from roxham.maps.content.measures import measure_data
from roxham.maps.content.wording import both, messages, written_date
from roxham.maps.page.rules import check_page
from roxham.maps.printed.words import say


@contextmanager
def saying(words: dict[str, str], lang: str = "en") -> Iterator[Region]:
    """Work on the first region with words of its own."""
    region = read_region("roxham")
    assert region.details is not None
    told = {"words": {lang: words}, "languages": (lang,)}
    details = region.details.model_copy(update=told)
    with using_region(replace(region, details=details)) as active:
        yield active


def test_braces_of_a_region_are_text() -> None:
    text = "{count.__class__} {nothing} {0} { {count}"
    with saying({"page.more": text, "date.day": "{year.x} {month}", "date.months": "one two"}):
        assert both("page.more", count=3)["en"] == "{count.__class__} {nothing} {0} { 3"
        assert say("en", "page.more", count=3) == both("page.more", count=3)["en"]
        assert written_date("2023-03-25") == "{year.x} 3"


@pytest.mark.parametrize("text", ["", " ", "Find a place to cross."])
def test_what_every_page_says_stays(text: str) -> None:
    hidden = {"disclaimer.purpose": text, "rules.overridden": text, "legend.areas": text}
    with saying(hidden), pytest.raises(DataError) as caught:
        messages()
    columns = {fault.column for fault in caught.value.faults}
    keys = ("disclaimer.purpose", "rules.overridden", *(() if text.strip() else ("legend.areas",)))
    assert columns == {f'words.en."{key}"' for key in keys}


def test_a_language_that_does_not_ship_is_given_its_own() -> None:
    with saying({"disclaimer.purpose": "Hecho para informar sobre el pasado."}, "es"):
        assert messages()["es"]["disclaimer.purpose"] == "Hecho para informar sobre el pasado."
    with saying({"disclaimer.purpose": ""}, "es"), pytest.raises(DataError, match="every page"):
        messages()


def test_words_that_would_break_the_page_are_refused() -> None:
    wrong = {"language.locale": 'en-"><script>', "language.direction": "up"}
    with saying(wrong), pytest.raises(DataError) as caught:
        messages()
    assert len(caught.value.faults) == 2


def test_advice_in_a_message_that_only_the_script_writes_fails() -> None:
    said = json.dumps({"en": {"clock.all_words": "The safest place to cross."}})
    block = f'<script type="application/json" id="roxham_messages">{said}</script>'
    found = {finding.rule: finding for finding in check_page(block)}
    assert found["retrospective"].status == "fail"
    assert "safest place to cross" in found["retrospective"].evidence


def test_counts_of_any_measure_that_a_region_names_are_drawn(tmp_path: Path) -> None:
    """``files.measured``: one series for each measure, under what its publisher calls it."""
    (tmp_path / "region.toml").write_text(
        'id = "r"\ntitle = { en = "R" }\nbounds = [0, 49, 1, 51]\n[[sides]]\ncode = "N"\n'
        '[[sides]]\ncode = "S"\n[[areas]]\ncode = "R-1"\nname = { en = "One" }\n'
        '[files]\nborder = "line.csv"\nmeasured = "measured.csv"\n'
    )
    (tmp_path / "line.csv").write_text("lon,lat\n0,50\n1,50\n")
    source = "T,P,https://example.org/m,2020,single"
    (tmp_path / "measured.csv").write_text(
        "period,area,measure,unit,count,source_title,source_publisher,source_url,source_date,"
        f"confidence\n2020-01,R-1,landings,boats,7,{source}\n2020-03,R-1,landings,boats,9,{source}\n"
        f"2020-01,R-1,visas,persons,40,{source}\n"
    )
    region = load_region(tmp_path)
    assert region_faults(region) == []
    layers = load_layers(region=region)
    assert len(layers.rejected) == 0
    with using_region(region):
        charts = {chart["name"]: chart for chart in measure_data(layers, None)}
    assert set(charts) == {"landings (boats), R-1", "visas (persons), R-1"}
    landings = charts["landings (boats), R-1"]
    assert landings["months"] == ["2020-01", "2020-02", "2020-03"]
    assert landings["values"] == [7, None, 9]  # the gap stays one, and is no zero
    assert landings["by"] == "P"
