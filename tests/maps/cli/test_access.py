"""``roxham reach``, ``access`` and ``context``, as a reader would type them."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from roxham.geo import DataError
from roxham.geo.io.write import require_format, write_frame
from roxham.maps.cli.app import main

Ask = Callable[[str], tuple[int, str, str]]


def run(
    line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.argv", ["roxham", *line.split(" ")])
    with pytest.raises(SystemExit) as left:
        main()
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out, said.err


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Ask:
    monkeypatch.chdir(tmp_path)
    return lambda line: run(line, monkeypatch, capsys)


def test_reach_prints_a_table(ask: Ask) -> None:
    code, out, err = ask("reach --from Plattsburgh --minutes 15,30")
    assert code == 0
    table = pd.read_csv(StringIO(out))
    assert table["origin"].tolist() == ["Plattsburgh"] * 2
    assert table["minutes"].tolist() == [15, 30]
    assert (table["network"] == "schematic").all()
    assert "Roads: schematic." in err


@pytest.mark.parametrize("kind", ["geojson", "gpkg", "parquet"])
def test_reach_writes_areas(ask: Ask, kind: str) -> None:
    code, out, _ = ask(f"reach --from Montréal --direction to --minutes 20 -o a.{kind}")
    assert (code, out) == (0, f"a.{kind}  1 rows\n")
    path = Path(f"a.{kind}")
    frame = gpd.read_parquet(path) if kind == "parquet" else gpd.read_file(path)
    assert frame.geometry.item().area > 0
    assert frame["direction"].item() == "to"
    assert [p.name for p in Path().iterdir()] == [path.name]


def test_a_gate_a_point_and_names_without_accents(ask: Ask) -> None:
    for origin in ("roxham-road", "roxham", "montreal", "trout-river", "-73.453,44.699"):
        code, out, _ = ask(f"reach --from {origin} --minutes 5")
        assert code == 0
        assert len(out.splitlines()) == 2


def test_an_open_gate_reaches_farther(ask: Ask) -> None:
    km = [
        pd.read_csv(StringIO(ask(f"reach --from Champlain --minutes 30{on}")[1]))["reached_km"][0]
        for on in ("", " --on 2023-03-26", " --on 2023-03-24")
    ]
    assert km[0] < km[1] <= km[2]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("reach --from Nowhere", "nothing is called so"),
        ("reach --from Plattsbrg", "Is it Plattsburgh"),
        ("reach --from Stanstead --minutes soon", "not a list of minutes"),
        ("reach --from Stanstead --minutes -5", "not a list of minutes"),
        ("reach --from Stanstead -o a.txt", "ends in none of"),
        ("reach --from Stanstead -o none/a.csv", "its folder does not exist"),
        ("reach --from 200,45", "not longitude, latitude"),
        ("reach --from 0,45", "no road within"),
        ("reach --from Stanstead --on 2023-02-30", "is not a day"),
        ("reach --from Stanstead --roads none.osm", "none.osm"),
        ("access --before 2023-03-24 --after soon", "is not a day"),
        ("access --before 2023-03-26 --after 2023-03-24", "is not before --after 2023-03-24"),
        ("access --before 2023-03-24 --after 2099-01-01", "in the future"),
        ("context --on 2022-13", "is not a day"),
        ("access --before 2023-03-24 --after 2023-03-26 --places none.csv", "none.csv"),
        ("context --incidents none.csv", "none.csv"),
        ("context -o a.geojson", "ends in none of"),
    ],
)
def test_a_fault_is_a_line_and_nothing_is_written(ask: Ask, line: str, said: str) -> None:
    code, out, err = ask(line)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
    assert list(Path().iterdir()) == []


def test_access_tells_every_place_and_what_changed(ask: Ask) -> None:
    code, out, err = ask("access --before 2023-03-24 --after 2023-03-26")
    assert code == 0
    table = pd.read_csv(StringIO(out))
    assert set(table["change"]) <= {"same", "nearer", "farther", "none"}
    assert table.loc[table["change"] == "none", "reason"].notna().all()
    assert "roxham-road: nearest gate to" in err
    assert "then to 0 km" in err


def test_access_of_places_of_ones_own(ask: Ask) -> None:
    Path("mine.csv").write_text("name,lon,lat\nthe house,-73.5175,45.0005\n")
    code, _, err = ask(
        "access --before 2023-03-24 --after 2023-03-26 --places mine.csv -o a.geojson"
    )
    assert code == 0
    row = json.loads(Path("a.geojson").read_text())["features"][0]["properties"]
    assert row["place"] == "the house"
    assert (row["gate_before"], row["change"]) == ("roxham-road", "farther")
    assert row["km_change"] > 1
    assert "1 have another nearest gate" in err
    Path("bad.csv").write_text("name,lon,lat\nswapped,45.0,-73.5\n")
    code, _, err = ask("access --before 2023-03-24 --after 2023-03-26 --places bad.csv")
    assert code == 2
    assert "swapped" in err


def test_context_writes_intervals_without_places(ask: Ask) -> None:
    code, _, _ = ask("context -o c.csv")
    assert code == 0
    table = pd.read_csv("c.csv")
    assert {"road_min_m", "road_max_m", "port_min_m", "port_max_m", "town_class"} <= set(table)
    assert not {"lat", "lon", "geometry"} & set(table)
    assert len(table) > 15


def test_no_ports_are_made_up_along_the_line(ask: Ask) -> None:
    rows = [f"m{k},M{k},45.005,{-73.9 + k / 30},port_of_entry,https://a.org/{k}" for k in range(9)]
    head = "port_id,name,lat,lon,kind,source_url"
    Path("ports.csv").write_text("\n".join([head, *rows]))
    code, out, err = ask("context --ports ports.csv")
    assert (code, out) == (1, "")
    assert "on a controlled border are beside no documented port. Give at most 5" in err


def test_a_file_that_cannot_be_written_stays_as_it_was(tmp_path: Path) -> None:
    old = tmp_path / "a.geojson"
    old.write_text("old")
    with pytest.raises(DataError, match="none"):
        write_frame(pd.DataFrame({"a": [1]}), old)
    assert old.read_text() == "old"
    folder = tmp_path / "b.csv"
    folder.mkdir()
    with pytest.raises(DataError, match="is a directory"):
        require_format(folder)
