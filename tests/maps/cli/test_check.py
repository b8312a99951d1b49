"""``roxham check``, and what ``roxham map`` refuses to write."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from roxham.geo.quoting import MASK_KEY as KEY
from roxham.maps.page.rules import page_payloads, payload_table
from tests.maps.cli.test_app import GOOD, INCIDENTS
from tests.maps.command import Run

LAYERS_DATA = Path(__file__).parent.parent.parent.parent / "layers" / "data"
BY = ("--by", "A. Desk")
NARROW = ("--since", "2022-12", "--until", "2022-12")
"""A page of one month is made in half the time."""
LOADED = GOOD.replace("Found, ", "Illegal migrants found, ")


def test_what_ships_keeps_the_rules(run: Run) -> None:
    said = run("check", "--json")
    assert said.code == 0, said.out
    found = json.loads(said.out)
    assert found["passed"] is True
    assert [one["number"] for one in found["rules"]] == list(range(1, 21))
    assert all(len(one["evidence"]) > 10 for one in found["rules"])
    assert {"2017", "2019"} <= {one["period"] for one in found["mismatches"]}
    told = run("check").out
    assert all(one["statement"] in told for one in found["mismatches"])


def test_a_folder_is_checked_with_its_description(run: Run, tmp_path: Path) -> None:
    shutil.copytree(LAYERS_DATA, tmp_path / "data")
    said = run("check", "--data", "data", "--json")
    assert said.code == 0, said.out
    with (tmp_path / "data" / "transfers.csv").open("a") as file:
        file.write("\n")
    spoilt = run("check", "--data", "data")
    assert spoilt.code == 1
    assert "SHA-256" in spoilt.out
    assert "20" in spoilt.out


@pytest.mark.parametrize("kind", ["csv", "geoparquet", "gpkg"])
def test_what_is_exported_keeps_the_rules(run: Run, kind: str) -> None:
    if kind == "geoparquet":
        pytest.importorskip("pyarrow")
    assert run("export", "shared", "--format", kind).code == 0
    said = run("check", "--data", "shared", "--json")
    assert said.code == 0, said.out
    rules = {one["rule"]: one for one in json.loads(said.out)["rules"]}
    assert "datapackage.json" in rules["provenance"]["evidence"]
    assert rules["licence"]["status"] == "pass"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_columns_are_seen_whatever_parts_them(run: Run, tmp_path: Path, separator: str) -> None:
    (tmp_path / "d").mkdir()
    rows = [["id", "victim_name", "age"], ["1", "A. Person", "44"]]
    text = "".join(f"{separator.join(row)}\n" for row in rows)
    (tmp_path / "d" / "people.csv").write_text(text, encoding="utf-8-sig")
    said = run("check", "--data", "d", "--json")
    assert said.code == 1, said.err
    found = {one["rule"]: one for one in json.loads(said.out)["rules"]}
    assert found["personal"]["status"] == "fail"
    assert "gives a name without a public source" in found["personal"]["evidence"]
    (tmp_path / "d" / "people.csv").write_text(f"{text}2{separator}B\n")
    torn = run("check", "--data", "d")
    assert torn.code == 2
    assert "people.csv, row 3: has 2 cells where the header has 3" in torn.err


def test_a_file_in_an_unknown_system_is_not_checked(run: Run, tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    crs = {"type": "name", "properties": {"name": "EPSG:999999"}}
    at = {"type": "Point", "coordinates": [620000, 4980000]}
    one = {"type": "Feature", "properties": {"a": 1}, "geometry": at}
    whole = {"type": "FeatureCollection", "crs": crs, "features": [one]}
    (tmp_path / "d" / "ports.geojson").write_text(json.dumps(whole))
    said = run("check", "--data", "d")
    assert said.code == 2
    assert "d/ports.geojson: names the coordinate reference system “EPSG:999999”" in said.err


@pytest.mark.parametrize("words", [("--page", "none.html"), ("--data", "none"), ("--data", ".")])
def test_what_cannot_be_read_is_told(words: tuple[str, ...], run: Run) -> None:
    said = run("check", *words)
    assert said.code == 2
    assert words[1] in said.err
    assert "Traceback" not in said.err


def test_a_page_that_no_reader_could_hold_is_told(run: Run, tmp_path: Path) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    (tmp_path / "deep.html").write_text(f'<script type="application/json">{deep}</script>')
    os.mkfifo(tmp_path / "pipe")
    told = {"deep.html": "nested too deeply", "pipe": "a pipe or a device", "/dev/zero": "device"}
    for name, problem in told.items():
        said = run("check", "--page", name)
        assert said.code == 2
        assert said.err.startswith(f"{name}: is ")
        assert problem in said.err


def test_a_page_that_breaks_a_rule_is_not_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(INCIDENTS + LOADED)
    (tmp_path / "roxham.html").write_text("the old page")
    mine = ("map", "--incidents", "mine.csv", *NARROW)
    said = run(*mine)
    assert said.code == 1
    assert "terms" in said.err
    assert "incidents.summary row 0 says “Illegal migra" in said.err
    assert (tmp_path / "roxham.html").read_text() == "the old page"
    other = run(*mine, "--embed", "--allow", "units=not the one that fails", *BY)
    assert other.code == 1
    assert (tmp_path / "roxham.html").read_text() == "the old page"
    reason = "The words of a court, as its decision has them"
    allowed = (*mine, "--allow", f"terms={reason}")
    nobody = run(*allowed)
    assert nobody.code == 2
    assert "nobody is named who allows it. Give --by" in nobody.err
    told = run(*allowed, *BY, "-o", "roxham.html", "--svg", "a.svg")
    assert told.code == 0, told.err
    assert f"terms overridden by A. Desk: {reason}" in told.err
    drawn = " ".join(re.findall(r">([^<]+)</text>", (tmp_path / "a.svg").read_text()))
    assert "Rules overridden: terms" in drawn
    assert "A. Desk" in drawn
    page = (tmp_path / "roxham.html").read_text()
    assert f"<b>terms</b> (Neutral terms in English and in French.): {reason} — A. Desk" in page
    checked = run("check", "--page", "roxham.html", "--json")
    assert checked.code == 1
    rules = {one["rule"]: one for one in json.loads(checked.out)["rules"]}
    assert rules["terms"]["status"] == "fail"
    assert f"{reason}, A. Desk" in rules["overrides"]["evidence"]
    assert run(*allowed, *BY, "--embed", "-o", "e.html").code == 0
    embedded = json.loads(run("check", "--page", "e.html", "--json").out)["rules"]
    assert "A. Desk" in next(r["evidence"] for r in embedded if r["rule"] == "overrides")


def test_what_is_allowed_is_a_rule_with_a_reason(run: Run) -> None:
    said = run("map", "--allow", "nonsense=a good reason", "--allow", "terms=", "--allow", "13=x")
    assert said.code == 2
    assert len(said.err.splitlines()) == 4
    assert run("map", *BY).err == "--by: goes with --allow.\n"
    assert run("map", "--as-of", "soon").code == 2


def test_a_masked_page_holds_no_true_place(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(KEY, raising=False)
    assert KEY in run("map", "--mask", "donut").err
    key = "sixteen bytes or more"
    monkeypatch.setenv(KEY, key)
    late = GOOD.replace("a,2022-12-02", "late-farm,2025-02-03", 1)
    bad = GOOD.replace("a,", "b,", 1).replace("-73.93", "secret73.93")
    (tmp_path / "mine.csv").write_text(INCIDENTS + GOOD + late + bad)
    asked = ["--mask", "donut", "--skip-bad-rows", "--svg", "a.svg", "--reach", "roxham"]
    asked += ["--since", "2022-12", "--until", "2024-12"]
    said = run("map", "--incidents", "mine.csv", "-o", "roxham.html", *asked)
    assert said.code == 0, said.err
    assert "pictures show the map without routes" in said.out
    assert "are masked" in (tmp_path / "a.svg").read_text()
    page = (tmp_path / "roxham.html").read_text()
    assert "The places of incidents are masked" in page
    for true in (key, "late-farm", "2025-02-03", "secret73.93"):
        assert true not in page
    (drawn,) = (p for p in page_payloads(page) if p["kind"] == "incidents")
    rows = payload_table(drawn)
    assert rows[["date", "date_precision", "radius_m", "mask_max_m"]].values.tolist() == [
        ["2022-12", "month", 11_000, 5000]
    ]
    assert rows["id"].str.fullmatch("m-[b-t]{12}").all()


def test_names_and_the_embargo_can_be_asked_for(run: Run, tmp_path: Path) -> None:
    header = INCIDENTS.strip() + ",victim_name,named_source_url,named_reason,age\n"
    row = GOOD.strip() + "N. Ame,https://example.org/n,The family asked for it,34\n"
    row = row.replace("single,N. Ame", "single,,N. Ame")
    (tmp_path / "mine.csv").write_text(header + row)
    mine = ("map", "--incidents", "mine.csv", *NARROW)
    said = run(*mine)
    assert said.code == 0, said.err
    bare = (tmp_path / "roxham.html").read_text()
    tables = [payload_table(p) for p in page_payloads(bare) if p["kind"] == "incidents"]
    assert "N. Ame" not in bare
    assert "victim_name" not in tables[0]
    assert "personal: holds a name" in said.out
    named = run(*mine, "--embed", "--allow-named")
    assert named.code == 0, named.err
    assert "personal: holds an age" in named.out
    (drawn,) = (
        p for p in page_payloads((tmp_path / "roxham.html").read_text()) if p["kind"] == "incidents"
    )
    assert payload_table(drawn)["victim_name"].tolist() == ["N. Ame"]
    early = run(*mine, "--embed", "--as-of", "2023-01-15")
    assert early.code == 0, early.err
    assert "embargo: within 90 days of 2023-01-15" in " ".join(early.out.split())
