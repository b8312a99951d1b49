"""The command line: what it writes, what it says, what it refuses."""

import base64
import datetime as dt
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import roxham
from roxham.maps.cli import app as cli
from tests.layers.samples import SOURCED, write_counts
from tests.maps.command import Run, Said

INCIDENTS = (
    "id,date,place_name,admin_area,country,lat,lon,radius_m,location_basis,deaths,injured,kind,"
    "direction,cause,summary,source_title,source_publisher,source_url,source_date,confidence,note\n"
)
GOOD = (
    'a,2022-12-02,Churubusco,US-NY,US,44.94,-73.93,6000,town,0,0,rescue,southbound,cold,"Found, '
    'and sheltered.",A title,A publisher,https://example.org/a,2022-12-08,single,\n'
)


def test_version(run: Run) -> None:
    assert run("--version") == Said(0, f"roxham {roxham.__version__}\n", "")


def test_map_writes_one_page_and_says_what_it_drew(run: Run, tmp_path: Path) -> None:
    said = run("map")
    assert said.code == 0, said.err
    page = (tmp_path / "roxham.html").read_bytes()
    assert page.startswith(b"<!DOCTYPE html>")
    assert len(page) < 1_500_000
    for layer in ("interceptions", "incidents", "ports", "policy_events", "transfers"):
        assert layer in said.out
    assert "roxham.html" in said.out
    assert "MB" in said.out
    assert [p.name for p in tmp_path.iterdir()] == ["roxham.html"]


def test_counts_by_year_hold_the_2022_figures(run: Run, tmp_path: Path) -> None:
    assert run("counts", "--by", "year", "-o", "counts.csv").code == 0
    table = pd.read_csv(tmp_path / "counts.csv")
    assert list(table) == ["year", "province", "count", "low", "high", "source_url"]
    in_2022 = table[table["year"] == 2022].set_index("province")["count"]
    assert in_2022["CA"] == 39540
    assert in_2022["CA-QC"] == 39171
    assert in_2022["CA"] - in_2022["CA-QC"] == in_2022["CA-XX"] == 369
    assert table["source_url"].str.startswith("http").all()


def test_counts_say_what_a_withheld_number_can_be(run: Run, tmp_path: Path) -> None:
    cells = ("2022-01,CA-QC,--", "2022-02,CA-QC,", "2022-03,CA-QC,40")
    write_counts(tmp_path, *(f"{cell},{SOURCED}" for cell in cells))
    said = run("counts", "--by", "month", "--counts", "counts.csv")
    assert said.out.splitlines() == [
        "period,province,count,low,high,source_url",
        "2022-01,CA-QC,,0,5,https://example.org/a",
        "2022-02,CA-QC,,,,https://example.org/a",
        "2022-03,CA-QC,40,40,40,https://example.org/a",
    ]


def test_counts_of_one_province_by_month(run: Run) -> None:
    said = run("counts", "--by", "month", "--province", "CA-QC")
    lines = said.out.splitlines()
    assert lines[0] == "period,province,count,low,high,source_url"
    assert all(line.split(",")[1] == "CA-QC" for line in lines[1:])
    assert any(line.startswith("2022-12,CA-QC,4689,") for line in lines)


@pytest.mark.parametrize("words", [("counts",), ("data",), ("counts", "-o", "c.csv")])
def test_tables_are_written_in_one_way(
    words: tuple[str, ...], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = pd.DataFrame({"resource": ["=1+1"], "rows": [1], "source": ["+x"]})
    table = table.assign(licence="@a", retrieved="\tb")
    monkeypatch.setattr("roxham.maps.cli.tables.measure_table", lambda *_, **__: table)
    monkeypatch.setattr("roxham.maps.cli.tables.catalogue", lambda: table)
    said = run(*words)
    text = (tmp_path / "c.csv").read_text() if "-o" in words else said.out
    assert text.splitlines()[1] == "'=1+1,1,'+x,'@a,'\tb"


def test_data_lists_every_resource(run: Run) -> None:
    said = run("data")
    assert said.code == 0
    for resource in ("geo/border.csv", "layers/interceptions.csv", "layers/ports.csv"):
        assert resource in said.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--until", "2016-12"), "--since: 2017-01 is after --until 2016-12. Swap them, or give"),
        (("--since", "2030-01"), "nothing is known from 2030-01 to …; the tables go from 1996-01"),
        (("--since", "2030-01", "--until", "2030-02"), "nothing is known from 2030-01 to 2030-02"),
        (("--since", "1990-01", "--until", "1990-02"), "; the tables go from 1996-01 to 20"),
        (("--since", "1990-01", "--until", "1990-02", "--embed"), "Choose months among these."),
    ],
)
def test_a_period_that_holds_nothing_is_not_drawn(
    run: Run, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    said = run("map", *words)
    assert (said.code, said.out) == (2, "")
    assert told in said.err
    assert not list(tmp_path.iterdir())


def test_a_month_of_one_policy_event_is_drawn(run: Run) -> None:
    assert run("map", "--since", "2002-12", "--until", "2002-12").code == 0


def test_an_own_title_and_own_incidents_are_drawn(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(INCIDENTS + GOOD)
    month = ("--since", "2022-12", "--until", "2022-12")
    said = run("map", "--incidents", "mine.csv", "--title", "A title of </script> mine", *month)
    assert said.code == 0, said.err
    page = (tmp_path / "roxham.html").read_text()
    assert "A title of &lt;/script&gt; mine" in page


def bad(text: str, *words: str) -> tuple[str, tuple[str, ...]]:
    return text, words


BAD_INCIDENTS = {
    "no such column": bad("id,date\n1,2022\n", "mine.csv", "row 1", "lat", "lon", "source_url"),
    "swapped axes": bad(
        INCIDENTS + GOOD.replace("44.94,-73.93", "-73.93,44.94"), "row 2", "column lat", "swapped"
    ),
    "metres for degrees": bad(
        INCIDENTS + GOOD.replace("44.94,-73.93", "4977000,584000"),
        "row 2",
        "column lat",
        "EPSG:4326",
    ),
    "not a number": bad(INCIDENTS + GOOD.replace("6000", "six"), "row 2", "column radius_m", "six"),
    "not a date": bad(
        INCIDENTS + GOOD.replace("2022-12-02", "2022-13-02"), "row 2", "column date", "2022-13-02"
    ),
    "dates out of order": bad(
        INCIDENTS + GOOD.replace("2022-12-02", "2022-12-03/2022-12-02"), "row 2", "column date"
    ),
    "empty": bad("", "mine.csv", "empty"),
    "two faults": bad(
        INCIDENTS + GOOD + GOOD.replace("a,", "b,", 1).replace("6000", "-5").replace("44.94", "x"),
        "row 3",
        "column radius_m",
        "column lat",
    ),
}


@pytest.mark.parametrize("name", BAD_INCIDENTS)
def test_bad_incidents_leave_the_old_page_as_it_was(name: str, run: Run, tmp_path: Path) -> None:
    text, words = BAD_INCIDENTS[name]
    (tmp_path / "mine.csv").write_text(text)
    (tmp_path / "roxham.html").write_text("the old page")
    said = run("map", "--incidents", "mine.csv")
    assert said.code == 2
    for word in words:
        assert word in said.err
    assert "Traceback" not in said.err
    assert all(line.startswith("mine.csv") for line in said.err.splitlines())
    assert (tmp_path / "roxham.html").read_text() == "the old page"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine.csv", "roxham.html"]


def test_faulty_rows_can_be_set_aside_on_request(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(
        INCIDENTS + GOOD + GOOD.replace("a,", "b,", 1).replace("6000", "-5")
    )
    said = run("map", "--incidents", "mine.csv", "--skip-bad-rows", "--embed")
    assert said.code == 0
    assert "1 fault" in said.err
    assert "row 3" in said.err
    assert (tmp_path / "roxham.html").exists()


@pytest.mark.parametrize("option", ["--incidents", "--counts", "--ports"])
@pytest.mark.parametrize("case", ["missing", "directory", "zeros", "picture", "latin-1"])
def test_files_that_are_no_tables(option: str, case: str, run: Run, tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    if case == "directory":
        mine.mkdir()
    elif case == "zeros":
        with mine.open("wb") as file:
            file.truncate(200_000_000)
    elif case == "picture":
        mine.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    elif case == "latin-1":
        mine.write_bytes("id,été\n1,2\n".encode("latin-1"))
    said = run("map", option, "mine.csv")
    assert said.code == 2
    lines = said.err.splitlines()
    assert lines
    assert all(line.startswith("mine.csv") for line in lines)
    assert len(lines) == 1 or case == "latin-1"  # a table, of other columns
    assert not (tmp_path / "roxham.html").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--since", "2022"), "--since"),
        (("--until", "2022-13"), "--until"),
        (("--since", "2023-02", "--until", "2023-01"), "after"),
        (("-o", "nowhere/roxham.html"), "nowhere/roxham.html"),
        (("-o", "."), "directory"),
        (("--lang", "fr"), "--lang and --view are of pictures"),
    ],
)
def test_bad_options(words: tuple[str, ...], told: str, run: Run) -> None:
    said = run("map", *words)
    assert said.code == 2
    assert told in said.err
    assert "Traceback" not in said.err


def test_counts_refuse_an_unknown_province_and_a_strange_ending(run: Run) -> None:
    unknown = run("counts", "--province", "CA-ZZ")
    assert unknown.code == 2
    assert "CA-ZZ" in unknown.err
    assert "CA-QC" in unknown.err
    ending = run("counts", "-o", "counts.xlsx")
    assert ending.code == 2
    assert ".csv" in ending.err


def test_it_runs_as_a_module(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "roxham", "--version"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONWARNINGS": "error"},
        check=True,
    )
    assert said.stdout == f"roxham {roxham.__version__}\n"


def test_a_fault_of_our_own_is_told_without_a_traceback(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(cli, "app", fail)
    said = run("map")
    assert said.code == 1
    assert "ZeroDivisionError: oh" in said.err
    assert "Traceback" not in said.err


def test_the_map_alone_is_written_for_an_iframe(run: Run, tmp_path: Path) -> None:
    said = run("map", "--embed", "-o", "map.html")
    assert said.code == 0, said.err
    html = (tmp_path / "map.html").read_text()
    assert 'class="rx-page rx-embed"' in html
    assert "rx-cards" not in html.partition("<body")[2]
    frame = said.out.splitlines()[-1]
    assert frame.startswith('<iframe src="map.html" title="')
    assert 'Roxham Road and the border around it" lang="en"' in frame
    assert "aspect-ratio" in frame
    assert '"full":false' in html


def test_the_frame_is_full_or_in_files_as_asked(run: Run, tmp_path: Path) -> None:
    month = ("--since", "2022-12", "--until", "2022-12")
    said = run("map", "--embed=full", "-o", "full.html", *month)
    assert said.code == 0, said.err
    assert '"full":true' in (tmp_path / "full.html").read_text()
    said = run("map", "--embed", "--external", "-o", "map.html", *month)
    assert said.code == 0, said.err
    html = (tmp_path / "map.html").read_text()
    assert "<style>" not in html.partition("</head>")[0]
    for name, digest in re.findall(r'(?:src|href)="([^"]+)" integrity="sha384-([^"]+)"', html):
        content = (tmp_path / name).read_bytes()
        assert base64.b64encode(hashlib.sha384(content).digest()).decode() == digest
    assert {"map.css", "map.js", "map.data.js"} <= {path.name for path in tmp_path.iterdir()}
    said = run("map", "--external", "-o", "a.html")
    assert said.code == 2
    assert "--external: is of the map alone. Give --embed, too." in said.err
    assert not (tmp_path / "a.html").exists()


def test_counts_of_other_measures_each_with_its_bounds(run: Run, tmp_path: Path) -> None:
    said = run("counts", "--measure", "encounters")
    assert "FY2023,6930,6925,6935," in said.out
    assert "FY2024,19385,19385,19385," in said.out
    said = run("counts", "--measure", "claims", "--by", "month", "--place", "lacolle-champlain")
    assert "2025-04,lacolle-champlain,all,CBSA,2733,2733,2733," in said.out
    assert run("counts", "--measure", "entries", "-o", "e.csv").code == 0
    assert "port_id" in pd.read_csv(tmp_path / "e.csv")


def test_counts_of_a_table_with_measures_are_those_of_the_one_asked_for(
    run: Run, tmp_path: Path
) -> None:
    source = "A table,An office,https://example.org/a,single"
    header = "period,area,measure,count,source_title,source_publisher,source_url,confidence"
    cells = ("2022-01,CA-QC,claims,5", "2022-01,CA-QC,interceptions,9", "2022,CA,claims,60")
    (tmp_path / "own.csv").write_text("\n".join([header, *(f"{row},{source}" for row in cells)]))
    own = ("counts", "--counts", "own.csv", "--measure")
    said = run(*own, "claims", "--by", "month").out
    assert said.splitlines()[1:] == ["2022-01,CA-QC,,claims,,5,5,5,https://example.org/a"]
    assert run(*own, "claims").out.splitlines()[1].startswith("2022,CA,,claims,,60,60,60,")
    assert (
        run(*own, "interceptions", "--by", "month")
        .out.splitlines()[1]
        .startswith("2022-01,CA-QC,,interceptions,,9,9,9,")
    )
    assert "They hold claims, interceptions." in run(*own, "encounters").err
    assert "no interceptions by year" in run(*own, "interceptions").err
    text = (tmp_path / "own.csv").read_text()
    last = f"{dt.date.today():%Y-%m}"  # within the embargo, of which a government's are free
    (tmp_path / "new.csv").write_text(text.replace("2022-01", last))
    asked = ("counts", "--counts", "new.csv", "--by", "month", "--measure")
    for measure in ("claims", "interceptions"):
        assert f"{measure} counts row 0 (period)" in run(*asked, measure).err
    (tmp_path / "new.csv").write_text(
        text.replace("2022-01", last).replace("example.org", "www.canada.ca")
    )
    assert run(*asked, "claims").out.startswith("period,")
    held = run("claims", "--counts", "own.csv")
    assert (held.code, "holds another measure than interceptions" in held.err) == (2, True)
    (tmp_path / "fields").mkdir()
    (tmp_path / "fields" / "own.csv").write_text(text)
    (tmp_path / "fields" / "line.csv").write_text("lon,lat\n-0.5,1\n2.5,1\n")
    (tmp_path / "fields" / "region.toml").write_text(
        'id = "fields"\nbounds = [0, 0, 2, 2]\ntitle = { en = "F" }\n[[sides]]\ncode = "UP"\n'
        'inside = [1, 1.5]\n[[sides]]\ncode = "LOW"\n[files]\nborder = "line.csv"\n'
        'counts = "own.csv"\n'
    )  # a word that a table of ours has, too, and this region counts itself
    assert run("counts", "--region", "fields", "--measure", "claims").out.count(",claims,") == 1
    refused = run(*own, "claims", "--suppress", "5", "--plot", "a.svg")
    assert (refused.code, refused.err.count("not for a table with a measure")) == (2, 2)


def test_counts_as_they_were_public_and_without_small_ones(run: Run) -> None:
    words = ("counts", "--by", "month", "--province", "CA-QC", "--as-of", "2017-04-30")
    assert "2017-02,CA-QC,432,432,432," in run(*words).out
    safe = run("counts", "--suppress", "5").out
    assert safe.startswith("year,province,count,low,high,source_url,suppressed")
    assert "True" in safe


def test_counts_are_drawn(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    said = run("counts", "--measure", "encounters", "--plot", "e.svg")
    assert (said.code, said.out.strip()) == (0, "e.svg")
    assert (tmp_path / "e.svg").read_text().startswith("<?xml")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--measure", "entries", "--province", "CA-QC"), "--province: names no place of entries."),
        (("--place", "CA-QC"), "--place: names no place of interceptions. Give --province."),
        (("--measure", "claims", "--as-of", "2020-01-01"), "no earlier releases are known"),
        (("--as-of", "soon"), "--as-of"),
        (("--as-of", "2020-01-01", "--suppress", "5"), "the table of another gives back"),
        (("--suppress", "5", "--plot", "a.svg"), "--plot: --suppress withholds counts"),
        (("--plot", "a.gif"), "a.gif: is no file to draw into. End it in .svg or .png."),
    ],
)
def test_counts_that_cannot_be_told_are_refused(
    run: Run, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    said = run("counts", *words)
    assert (said.code, said.out) == (2, "")
    assert told in said.err
    assert list(tmp_path.iterdir()) == []


def test_claims_are_held_to_counts_of_ones_own(run: Run, tmp_path: Path) -> None:
    write_counts(tmp_path, f"2022,CA-QC,39540,{SOURCED}", f"2021,CA-QC,3954,{SOURCED}")
    said = run("claims", "--counts", "counts.csv", "--json")
    assert said.code == 0
    found = {row["claim_id"]: row["verdict"] for row in json.loads(said.out)}
    assert found["A02"] == "supported"
    assert run("claims", "--counts", "none.csv").code == 2


def test_bounds_are_options_too(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "ROWS"):  # of the process, and given back
        monkeypatch.setenv(f"ROXHAM_MAX_{name}", "9999")
    (tmp_path / "a.csv").write_text("id,name\n")
    said = run("--bound", "columns=1", "check", "--table", "a.csv", "--as", "places")
    assert (said.code, "has more than 1 columns" in said.err) == (2, True), said
    assert "is no bound" in run("--bound", "colour=1", "data").err
    assert "no whole number above 0" in run("--bound", "rows=many", "data").err
