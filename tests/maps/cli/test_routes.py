"""``roxham routes`` and ``roxham table``, as a reader would type them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest

from roxham.maps.cli.app import main

Ask = Callable[..., tuple[int, str, str]]
SITE = ("--from", "Roxham Road", "--to", "chemin Roxham")


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Ask:
    """Return a function that runs a command in an empty folder: exit code, output, messages."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["roxham", *words])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return run


def rows(text: str) -> Any:
    return pd.read_csv(StringIO(text))


def test_routes_from_plattsburgh_to_montreal(ask: Ask) -> None:
    words = ("--from", "plattsburgh", "--to", "montreal", "--on", "2023-03-24")
    code, out, err = ask("routes", *words, "--alternatives", "3")
    table = rows(out)
    assert code == 0
    assert table["gate"].tolist()[0] == "lacolle-champlain"
    assert len(table) == 2  # a third would be longer by more than a quarter
    assert (table["network"] == "schematic").all()
    assert (table["length_ca_m"] + table["length_us_m"]).tolist() == pytest.approx(
        table["length_m"]
    )
    assert "Roads: schematic." in err
    assert "OpenStreetMap" in err
    assert "Safe Third Country Agreement" in err
    by_length = rows(ask("routes", *words, "--weight", "length")[1])
    assert by_length["length_m"][0] <= table["length_m"].min()


def test_the_site_is_offered_while_it_was_in_use_and_said_for_what_it_was(ask: Ask) -> None:
    before = rows(ask("routes", *SITE, "--on", "2023-03-24")[1])
    assert before[["gate", "regime"]].values.tolist() == [["roxham-road", "agreement"]]
    assert before["length_m"].round().tolist() == before["walk_m"].round().tolist() == [45]
    after = rows(ask("routes", *SITE, "--on", "2023-03-26")[1])
    assert after[["gate", "regime"]].values.tolist() == [["lacolle-champlain", "protocol"]]
    assert after["walk_m"].tolist() == [0]
    turned = ask("routes", *SITE, "--on", "2020-06-01")
    assert rows(turned[1])["flags"].tolist() == ["turned_back"]
    assert "sent back to the United States" in turned[2]
    minute = rows(ask("routes", *SITE, "--on", "2023-03-25", "--at", "00:00")[1])
    assert minute["gate"].tolist() == ["roxham-road"]


def test_southward_no_one_is_led_over_the_site_and_no_rule_is_told(ask: Ask) -> None:
    code, out, _ = ask(
        "routes", "--from", "chemin Roxham", "--to", "Roxham Road", "--on", "2022-06-01"
    )
    table = rows(out)
    assert code == 0
    assert table["gate"].tolist() == ["lacolle-champlain"]
    assert table[["regime", "rule"]].isna().all(axis=None)


def test_by_way_of_a_gate(ask: Ask) -> None:
    out = ask("routes", *SITE, "--via", "hemmingford-mooers", "--on", "2023-03-26")[1]
    assert rows(out)["gate"].tolist() == ["hemmingford-mooers"]
    code, out, err = ask("routes", *SITE, "--via", "Roxham Road", "--on", "2023-03-26")
    assert (code, out) == (2, "")
    assert "roxham-road is not among the gates that are open" in err


@pytest.mark.parametrize("kind", ["geojson", "gpkg", "parquet", "csv"])
def test_routes_are_written_whole(ask: Ask, kind: str) -> None:
    code, out, _ = ask("routes", *SITE, "--on", "2023-03-26", "-o", f"a.{kind}")
    assert (code, out) == (0, f"a.{kind}  1 rows\n")
    path = Path(f"a.{kind}")
    if kind == "csv":
        assert "geometry" not in pd.read_csv(path)
        return
    frame: Any = gpd.read_parquet(path) if kind == "parquet" else gpd.read_file(path)
    assert frame["length_m"].tolist() == [pytest.approx(16_000, rel=0.02)]
    assert frame.geometry.iloc[0].geom_type == "LineString"
    assert frame["network"].tolist() == ["schematic"]
    assert frame.crs == "EPSG:4326"


def test_a_table_of_names_and_of_a_file(ask: Ask) -> None:
    Path("stations.csv").write_text("name,lon,lat\nBus station,-73.4529,44.6995\n")
    code, out, _ = ask(
        *("table", "--origins", "stations.csv", "--destinations", "Montréal; Burlington"),
        *("--on", "2023-03-24"),
    )
    table = rows(out)
    assert code == 0
    wanted = "origin, gate, gate_kind, destination, on, length_m, travel_time_s, length_ca_m"
    assert {*wanted.split(", "), "length_us_m", "walk_m", "roads"} <= set(table.columns)
    assert set(table["origin"]) == {"Bus station"}
    north = table[table["destination"] == "Montréal"]
    assert {"roxham-road", "lacolle-champlain"} <= set(north["gate"])
    assert north["gate"].is_unique
    direct = table[table["destination"] == "Burlington"]
    assert direct["gate"].isna().tolist() == [True]
    assert (table["length_m"].isna() == table["reason"].notna()).all()
    after = ask(
        *("table", "--origins", "Plattsburgh", "--destinations", "Montréal", "--no-names"),
        *("--on", "2023-03-26", "-o", "t.csv"),
    )
    assert after[:2] == (0, "t.csv  24 rows\n")
    written: Any = pd.read_csv("t.csv")
    assert "roxham-road" not in set(written["gate"])
    assert written["roads"].isna().all()


def test_without_a_date_it_is_today(ask: Ask) -> None:
    today = dt.date.today().isoformat()
    assert rows(ask("routes", *SITE)[1])["on"].tolist() == [today]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("routes", "--from", "Richmond", "--to", "Montréal"), "ca-qc-richmond"),
        (("routes", *SITE, "--on", "2023-02-30"), "is not a day"),
        (("routes", *SITE, "--on", "March"), "is not a day"),
        (("routes", *SITE, "--on", "2999-01-01"), "is in the future"),
        (("routes", *SITE, "--at", "7"), "is not a time of day"),
        (("routes", *SITE, "-o", "a.txt"), "ends in none of"),
        (("routes", *SITE, "-o", "no/a.csv"), "folder does not exist"),
        (("routes", "--from", "Littleton", "--to", "Montréal"), "no road within 5000 m"),
        (("routes", *SITE, "--roads", "missing.osm"), "there is no such file"),
        (("table", "--origins", "missing.csv", "--destinations", "Montréal"), "no such file"),
        (
            ("table", "--origins", "x", "--destinations", "x", "-o", "a.gpkg"),
            ".csv, .parquet",
        ),
    ],
)
def test_a_fault_is_one_line_and_nothing_is_written(
    ask: Ask, words: tuple[str, ...], message: str
) -> None:
    code, out, err = ask(*words)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err
    assert list(Path().iterdir()) == []


def test_a_place_far_from_the_roads_may_be_allowed(ask: Ask) -> None:
    words = ("--from", "Laval", "--to", "Plattsburgh", "--on", "2022-06-01")
    assert ask("routes", *words)[0] == 2
    code, out, _ = ask("routes", *words, "--within", "20000")
    assert code == 0
    assert rows(out)["origin_offset_m"].tolist() == [pytest.approx(11_765, abs=20)]


@pytest.mark.shared
def test_on_the_full_network(ask: Ask, shared: Path) -> None:
    file = str(shared / "osm_roxham_core.osm.pbf")
    code, out, err = ask(
        "routes", *SITE, "--on", "2023-03-26", "--weight", "length", "--roads", file
    )
    table = rows(out)
    assert code == 0
    assert table["length_m"].tolist() == [pytest.approx(16_090, abs=20)]
    assert table["network"].tolist() == ["full"]
    assert "schematic" not in err


@pytest.mark.parametrize(
    "words",
    [
        ("routes", *SITE, "--on", "1850-01-01"),
        ("table", "--origins", "Plattsburgh", "--destinations", "Montréal", "--on", "1850-01-01"),
        ("reach", "--from", "Plattsburgh", "--minutes", "30", "--on", "1850-01-01"),
        ("access", "--before", "1850-01-01", "--after", "2023-03-26"),
        ("map", "--routes", "Plattsburgh → Montréal", "--on", "1850-01-01"),
        ("map", "--access", "1850-01-01,2023-03-26"),
    ],
)
def test_a_day_before_the_tables_begin_has_no_answer(
    ask: Ask, words: tuple[str, ...], tmp_path: Path
) -> None:
    code, out, err = ask(*words)
    assert (code, out) == (2, "")
    assert "1850-01-01: is before 2002-12-05" in err
    assert "Ask for 2002-12-05 or a later day" in err
    assert not list(tmp_path.iterdir())


def test_reach_asks_for_no_day_to_come(ask: Ask) -> None:
    code, out, err = ask("reach", "--from", "Plattsburgh", "--on", "2999-01-01")
    assert (code, out) == (2, "")
    assert "--on: 2999-01-01 is in the future" in err
