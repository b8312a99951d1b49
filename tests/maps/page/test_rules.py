"""The twenty rules: each one broken once, each one kept."""

import base64
import datetime as dt
import gzip
import json
import re
import zlib
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest

from roxham.geo import DataError
from roxham.layers import mask
from roxham.layers.publication.check import check_data, frames_of
from roxham.layers.publication.rules import RULES, Finding, failed, join_findings
from roxham.maps import border_map
from roxham.maps.page.page import page_html
from roxham.maps.page.rules import check_page
from roxham.maps.page.script_words import script_tables
from tests.maps import samples

AS_OF = dt.date(2026, 11, 1)
Frames = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def frames() -> Frames:
    found = frames_of(samples.layers())
    # The sample stands south of the line.
    return found | {"incidents": found["incidents"].assign(country="US")}


@pytest.fixture(scope="module")
def html(sample_html: str) -> str:
    return sample_html


def of(rule: str, findings: list[Finding]) -> Finding:
    return next(one for one in findings if one.rule == rule)


def with_column(table: str, **columns: Any) -> Callable[[Frames], Frames]:
    return lambda frames: frames | {table: frames[table].assign(**columns)}


def masked(frames: Frames) -> Frames:
    incidents = gpd.GeoDataFrame(frames["incidents"])
    return frames | {"incidents": mask(incidents, key="sixteen bytes or more")}


def masked_with(**columns: Any) -> Callable[[Frames], Frames]:
    return lambda frames: with_column("incidents", **columns)(masked(frames))


def as_canada(frames: Frames) -> Frames:
    rows = frames["interceptions"].copy()
    rows.loc[rows["period"].eq("2022") & rows["province"].eq("CA-QC"), "count"] = 39540
    rows.loc[rows["period"].eq("2022") & rows["province"].eq("CA-ON"), "count"] = 369
    return frames | {"interceptions": rows}


BROKEN: dict[str, list[tuple[Callable[[Frames], Frames], str]]] = {
    "retrospective": [
        (with_column("incidents", date="2026-10"), "incidents row 0"),
        (with_column("transfers", period_end="2026-10-31"), "transfers row 0"),
        (with_column("incidents", summary="On 31 October 2026."), "incidents row 0 (summary)"),
    ],
    "places": [
        (with_column("ports", kind="gap_in_the_woods"), "ports of another kind: 0"),
        (with_column("ports", source_url=None), "sites without source"),
    ],
    "sensitivity": [
        (with_column("ports", camera_id="x"), "ports.camera_id"),
        (lambda f: f | {"ports": f["ports"].assign(**{"p\u0430trol": 1})}, "ports.p"),
        (lambda f: f | {"patrol_routes": pd.DataFrame({"x": [1]})}, "patrol_routes"),
    ],
    "personal": [
        (with_column("incidents", age="34"), "incidents.age holds an age"),
        (with_column("incidents", victim_name="N"), "without a public source"),
        (with_column("incidents", summary="A 34-year-old man."), "34-year-old"),
        (with_column("incidents", location_basis="Une dame de 34 ans"), "incidents.location_basis"),
        (with_column("incidents", source_title="A man aged 34"), "incidents.source_title"),
        (with_column("incidents", id="jane@example.org"), "incidents.id"),
    ],
    "precision": [
        (with_column("incidents", radius_m=None), "has no radius"),
        (with_column("incidents", date="soon"), "the date soon"),
        (with_column("incidents", radius_m=1, date="2023-01"), "placed to 1 m"),
        (with_column("incidents", summary="At 45.00655, -73.51667."), "coordinates in summary"),
        (
            with_column("incidents", location_url="https://maps.google.com/?q=45.00655,-73.51667"),
            "coordinates in location_url",
        ),
        (
            lambda f: f | {"own": pd.DataFrame({"deaths": [7], "where": ["45.00655, -73.51667"]})},
            "own gives coordinates in where",
        ),
        (lambda f: f | {"incidents": f["incidents"].drop(columns="radius_m")}, "no radius_m"),
    ],
    "masking": [
        (masked_with(mask_max_m=None), "do not say by how much"),
        (masked_with(radius_m=100.0), "smaller than what its place was moved by"),
    ],
    "measured": [(masked_with(road_min_m=100.0), "incidents.road_min_m")],
    "time": [
        (
            with_column("incidents", radius_m=200),
            "a day beside a masked or exact place: incidents ",
        ),
        (masked_with(date="2023-01-04"), "a day beside a masked"),
        (
            with_column("incidents", radius_m=200, date="2023-01", summary="On 4 January 2023."),
            "; write the month alone, or a radius_m of 1,000 m or more",
        ),
    ],
    "small-cells": [
        (with_column("interceptions", count=3, source_date="2026-10"), "interceptions.count of 2"),
        (with_column("transfers", count=1, source_date=None), "transfers.count of CA"),
    ],
    "microdata": [
        (with_column("transfers", person_id="7"), "transfers: person_id"),
        (lambda f: f | {"people": pd.DataFrame({"sex": ["x"], "nationality": ["y"]})}, "people"),
    ],
    "units": [(with_column("interceptions", claims=7), "interceptions: claims, count")],
    "minimum": [(with_column("incidents", deaths=0), "a death counted as 0")],
    "terms": [
        (with_column("incidents", summary="An illegal crossing."), "illegal"),
        (with_column("incidents", location_basis="the s\u0430fest way to cross"), "fest way to"),
        (with_column("incidents", summary_fr="Des migrants illégaux."), "migrants illégaux"),
    ],
    "provenance": [
        (with_column("transfers", source_url=None), "transfers row 0 has no source_url"),
        (with_column("transfers", confidence="recalled"), "confidence recalled"),
    ],
    "licence": [(with_column("ports", osmid="1"), "among others: ports")],
    "figures": [(as_canada, "CA-QC in 2022 has the total of CA, 39540")],
    "corrections": [(with_column("incidents", id=None), "incidents without an id")],
}


@pytest.mark.parametrize(
    ("rule", "number"), [(rule, n) for rule, cases in BROKEN.items() for n in range(len(cases))]
)
def test_data_that_break_a_rule_fail_it(rule: str, number: int, frames: Frames) -> None:
    spoil, said = BROKEN[rule][number]
    found = of(rule, check_data(spoil(frames), as_of=AS_OF))
    assert found.status == "fail"
    assert said in found.evidence


def test_data_that_keep_the_rules_pass(frames: Frames) -> None:
    for tables in (frames, masked(frames)):
        findings = check_data(tables, as_of=AS_OF)
        assert [one.rule for one in findings] == [rule.name for rule in RULES]
        assert failed(findings) == []
        assert all(len(one.evidence) > 10 for one in findings)
    kept = {one.rule for one in findings if one.status == "pass"}
    assert kept == set(BROKEN) - {"licence"}
    roads = check_data({"roads": pd.DataFrame({"osmid": [1], "name": ["11, Main Street"]})})
    assert of("personal", roads).status == "pass"
    assert of("licence", roads).status == "pass"


def test_a_table_without_its_columns_fails_and_does_not_break() -> None:
    findings = check_data({"incidents": pd.DataFrame({"x": [1]}), "ports": pd.DataFrame()})
    assert len(findings) == 20
    assert of("retrospective", findings).status == "fail"
    assert all(one.status == "not applicable" for one in check_data({}))


def test_words_that_are_quoted_are_not_ours(frames: Frames) -> None:
    quoted = with_column("incidents", note="The article says “illegal crossing”.")(frames)
    assert of("terms", check_data(quoted, as_of=AS_OF)).status == "pass"


SPOILT: dict[str, tuple[str, str, str]] = {
    "retrospective": (
        "</main>",
        "<p>The safest place to cross</p></main>",
        "safest place to cross",
    ),
    "places": ('"kind":"water"', '"kind":"gaps"', "gaps"),
    "sensitivity": ("not to find a place to cross", "to find a place", "does not say"),
    "units": ("are never added to them", "are added to them", "What is measured"),
    "minimum": ("a minimum, not a count", "a count", "does not say"),
    "terms": ("</main>", "<p>Illegal immigrants</p></main>", "Illegal"),
    "licence": ("openstreetmap.org/copyright", "example.org", "OpenStreetMap"),
    "boundary": ("imply no endorsement", "are right", "does not say"),
    "figures": ('class="rx-verdict"', 'class="rx-word"', "16 of 16 statements stand without"),
    "privacy": ("</main>", '<img src="https://example.org/a.gif"></main>', "example.org"),
    "overrides": ('"overrides":[]', '"over":[]', "does not say which rules"),
    "corrections": ('name="generator"', 'name="author"', "the version"),
}


@pytest.mark.parametrize("rule", SPOILT)
def test_a_page_that_breaks_a_rule_fails_it(rule: str, html: str) -> None:
    there, instead, said = SPOILT[rule]
    assert there in html
    found = of(rule, check_page(html.replace(there, instead), as_of=AS_OF))
    assert found.status == "fail"
    assert said in found.evidence


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        ("default-src 'none'", "default-src *"),
        ("</style>", "@import '//example.org/a.css';</style>"),
        ("</main>", '<form action="//example.org"></form></main>'),
        ("script-src ", "script-src https://example.org "),
    ],
)
def test_a_page_that_asks_another_host_fails(there: str, instead: str, html: str) -> None:
    assert of("privacy", check_page(html.replace(there, instead, 1))).status == "fail"


@pytest.mark.parametrize(
    ("rule", "column", "value"),
    [("personal", "summary", "A man aged 34."), ("precision", "date", "soon")],
)
def test_rows_drawn_that_break_a_rule_fail_it(rule: str, column: str, value: object) -> None:
    layers = samples.layers()
    spoilt = layers.with_tables(
        incidents=layers.incidents.assign(**{column: pd.Series([value], dtype=object)})
    )
    page = page_html(border_map(spoilt, base=samples.base()))
    assert of(rule, check_page(page, as_of=AS_OF)).status == "fail"


def test_a_page_without_hashes_fails(html: str) -> None:
    bare = re.sub(r"\b[0-9a-f]{64}\b", "", html)
    assert of("provenance", check_page(bare, as_of=AS_OF)).status == "fail"


def test_a_page_that_keeps_the_rules_passes(html: str) -> None:
    findings = check_page(html, as_of=AS_OF)
    assert [one.rule for one in findings] == [rule.name for rule in RULES]
    assert failed(findings) == []
    assert {one.rule for one in findings if one.status == "not applicable"} == {
        "masking",
        "measured",
    }


def test_a_masked_page_says_so(html: str) -> None:
    layers = samples.layers()
    there = layers.incidents.assign(country="US")
    hidden = layers.with_tables(incidents=mask(there, key="sixteen bytes or more"))
    page = page_html(border_map(hidden, base=samples.base()))
    assert of("masking", check_page(page)).status == "pass"
    assert "Each was moved by 500 to 5,000 m." in page
    silent = page.replace("The places of incidents are masked", "x")
    assert of("masking", check_page(silent)).status == "fail"
    assert "The places of incidents are masked: each" not in html.split("</head>")[1]


def test_an_override_shows_its_rule_and_its_reason() -> None:
    page = border_map(samples.layers(), base=samples.base())
    given = [{"rule": "terms", "says": "Neutral terms.", "reason": "A court's own <b>words</b>."}]
    given[0]["by"] = "The <i>desk</i>"
    html = page_html(page, overrides=given)
    assert "A court&#39;s own &lt;b&gt;words&lt;/b&gt;." in html
    assert of("overrides", check_page(html)).evidence.startswith("1 overridden (terms: A court's")
    assert "— The &lt;i&gt;desk&lt;/i&gt;" in html
    assert "The <i>desk</i>" in of("overrides", check_page(html)).evidence
    for lacking in ("reason", "by"):
        bare = page_html(page, overrides=[{**given[0], lacking: ""}])
        assert of("overrides", check_page(bare)).status == "fail"


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({"region": "emerson"}, "is of region emerson, the border of CA and US, not of region rox"),
        ({"region": "own", "sides": [{"code": "a"}, {"code": "b"}]}, "own, not of region roxham"),
        ({"sides": [{"code": "PY"}, {"code": "AR"}]}, "roxham, the border of PY and AR, not of"),
    ],
)
def test_a_page_of_another_region_with_the_same_sides_is_told_apart(
    told: dict[str, Any], found: str
) -> None:
    sides = {"sides": [{"code": "CA"}, {"code": "US"}]}
    here = {"kind": "water", "n": 0, "columns": {}, **sides}
    block = '<script type="application/json">{}</script>'.format
    with pytest.raises(DataError, match=found):
        check_page(block(json.dumps(here | told)))
    both = block(json.dumps(here | told)) + block(json.dumps(here | {"region": "roxham"}))
    assert len(check_page(both)) == len(RULES)  # what somebody drew on it may be of elsewhere
    assert len(check_page(block(json.dumps(here)))) == len(RULES)  # of before it said so


def test_a_rule_fails_where_any_part_fails() -> None:
    joined = join_findings(
        [Finding("terms", "pass", "a"), Finding("units", "not applicable", "b")],
        [Finding("terms", "fail", "c"), Finding("units", "pass", "d")],
    )
    assert of("terms", joined) == Finding("terms", "fail", "c")
    assert of("units", joined) == Finding("units", "pass", "d")
    assert json.dumps([one.evidence for one in joined])


AGED = "Maria Lopez, aged 34"
IN_BASE64 = base64.b64encode(AGED.encode()).decode()
IN_GZIP = base64.b64encode(gzip.compress(AGED.encode(), mtime=0)).decode()
PICTURE = base64.b64encode(f"<svg><text>{AGED}</text></svg>".encode()).decode()


@pytest.mark.parametrize(
    "part",
    [
        f"<iframe srcdoc='<!-- {AGED} -->'></iframe>",
        f'<iframe src="data:application/xhtml+xml;base64,{IN_BASE64}"></iframe>',
        f'<a href="data:application/octet-stream;base64,{IN_BASE64}">x</a>',
        '<a href="data:text/csv,name,age%0AMaria Lopez,34">x</a>',
        f"<a href=\"javascript:alert('{AGED}')\">x</a>",
        f"<p onclick=\"alert('{AGED}')\">x</p>",
        f'<div data-x="{IN_BASE64}"></div>',
        f'<p id="{AGED}">x</p>',
        f'<x-y note="{AGED}"></x-y>',
        '<script>var a = "Maria Lopez, ag" + "ed 3" + \'4\';</script>',
        '<script>var a = ["Maria Lopez", ", aged ", "34"].join("");</script>',
        f"<script>var a = String.fromCharCode({','.join(str(ord(c)) for c in AGED)});</script>",
        f'<script>var a = atob("{IN_BASE64}");</script>',
        f'<script>var a = "{IN_GZIP}";</script>',
        f'<script>var a = "{base64.b64encode(zlib.compress(AGED.encode())).decode()}";</script>',
        f'<script>var a = "{AGED.encode().hex()}";</script>',
        f'<script>var a = "{"".join(f"%{ord(c):02x}" for c in AGED)}";</script>',
        '<script>var a = "' + "".join(f"\\{ord(c):o}" for c in AGED) + '";</script>',
        f"<script>/* {AGED} */</script>",
        f"<script>\n// {AGED}\n</script>",
        f'<script type="text/x-template"><p>{AGED}</p></script>',
        f'<script type="application/json">{{"{AGED}": 1}}</script>',
        f'<script type="application/json">{{"a": "{IN_BASE64}"}}</script>',
        f"<p style=\"--x: '{AGED}'\">x</p>",
        '<style>p::after { content: "Maria Lopez, ag" "ed 34" }</style>',
        '<style>p::after{content:"' + "".join(f"\\{ord(c):06x}" for c in AGED) + '"}</style>',
        f"<style>p{{background:url('data:image/svg+xml;base64,{PICTURE}')}}</style>",
        f"<svg><![CDATA[{AGED}]]></svg>",
        f"<?note {AGED} ?>",
        f'<script>var a = "{AGED}"',
    ],
)
def test_what_a_page_holds_packed_is_read(part: str) -> None:
    found = of("personal", check_page(f"<!doctype html><p>x</p>{part}"))
    assert found.status == "fail", found.evidence
    assert "aged 34" in found.evidence or "age 34" in found.evidence


def test_numbers_of_thousands_of_digits_hide_nothing_and_break_nothing() -> None:
    zeros, digits = "0" * 5000, "9" * 5000
    part = f"<p>&#{digits}; Maria Lopez, age&#{zeros}100; 34</p><p title='&#{digits};'>x</p>"
    script = f'<script>var a = String.fromCharCode({digits}), b = "&#{digits};";</script>'
    block = f'<script type="application/json">{{"a": {digits}}}</script>'
    style = f"<style>p::after{{content:'\\{digits}'}}</style>"
    found = of("personal", check_page(f"<!doctype html>{part}{script}{block}{style}"))
    assert "aged 34" in found.evidence


def test_what_nobody_can_read_is_counted(html: str) -> None:
    noise = base64.b64encode(bytes(range(256))).decode()
    more = f'<img src="data:image/png;base64,AAAA"><script>var a = "{noise}"</script>'
    told = of("sensitivity", check_page(html.replace("</body>", f"{more}</body>"), as_of=AS_OF))
    before = of("sensitivity", check_page(html, as_of=AS_OF))
    counted = [
        re.findall(r"(\d+) (packed texts|pictures|scripts)", f.evidence) for f in (before, told)
    ]
    old, new = ({what: int(n) for n, what in one} for one in counted)
    assert (told.status, before.status) == ("pass", "pass")
    assert new["packed texts"] == old.get("packed texts", 0) + 1
    assert new["pictures"] == old.get("pictures", 0) + 1
    assert new["scripts"] == old["scripts"] + 1


@pytest.mark.parametrize("part", ["/*", "`", '"a"+', "[", '[{"a":', "fromCharCode(1,", "data:"])
def test_a_script_of_one_piece_over_and_over_is_read_once(part: str) -> None:
    script_tables([part * 20_000 + "'Maria Lopez, aged 34'"])
    read = script_tables([part * 3 + "\n'Maria Lopez, aged 34'"])
    assert any("Maria Lopez, aged 34" in str(rows.to_numpy()) for _, rows in read)
