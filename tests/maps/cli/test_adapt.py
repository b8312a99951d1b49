"""``roxham adapt``, ``--map`` and how files of one's own are read on the command line."""

import tomllib
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from roxham.layers.mapping.publishers import publisher, publishers
from roxham.layers.mapping.recognise.layouts import columns_of
from tests.crafted_workbooks import Cell, write_ods, write_xlsx
from tests.maps.command import Run

SPANISH = (
    "Fecha;Lugar;Latitud;Longitud;Muertos;Heridos;Nombre;Causa\n"
    "25/03/2021;Hemmingford;45,05;-73,59;1;0;J. D.;frío\n"
    "04/01/2022;Lacolle;45,08;-73,40;2;1;X. Y.;agua\n"
)
WIDE = 'Provinces,Jan,Feb,Total\nQuebec,"1,458",--,"1,458"\nTotal - RCMP,"1,517",3,"1,520"\n'
COUNTS = "period,province,count,source_title,source_publisher,source_url,confidence\n"
SOURCED = "A page,An office,https://example.org/a,single\n"


def test_a_mapping_is_proposed_shown_written_and_used_again(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(SPANISH)
    said = run("adapt", "mine.csv", "-o", "m.toml")
    assert said.code == 0
    assert "2 rows, read as incidents" in said.out
    assert "25/03/2021 is read as 2021-03-25" in said.out
    assert "Not found: radius_m" in said.out
    assert "Not used: Causa." in said.out
    assert "Left out: Nombre; it may hold a name." in said.out
    unsourced = run("map", "--incidents", "mine.csv", "--map", "m.toml")
    assert unsourced.code == 2
    assert "source.title" in unsourced.err
    assert "Say where the table is from." in unsourced.err
    text = (tmp_path / "m.toml").read_text()
    text = text.replace('title = ""', 'title = "T"').replace('publisher = ""', 'publisher = "P"')
    text = text.replace('url = ""', 'url = "https://example.org/t"', 1)
    (tmp_path / "m.toml").write_text(text.replace('radius_m = ""', 'radius_m = "5000"'))
    months = ("--since", "2021-03", "--until", "2022-01")
    drawn = run("map", "--incidents", "mine.csv", "--map", "m.toml", *months)
    assert drawn.code == 0, drawn.err
    assert "mine.csv: lat: 45,05 is read as 45.05." in drawn.err
    assert '--keep "Nombre" keeps it' in drawn.err
    assert "J. D." not in (tmp_path / "roxham.html").read_text()


def test_a_publishers_format_needs_no_more_than_its_name(run: Run, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(WIDE)
    said = run("adapt", "c.csv", "--from", "ircc", "--year", "2019", "-o", "m.toml")
    assert said.code == 0
    assert tomllib.loads((tmp_path / "m.toml").read_text())["period"] == {"year_is": 2019}
    year = ("--since", "2019-01", "--until", "2019-12")
    drawn = run("map", "--counts", "c.csv", "--map", "m.toml", *year)
    assert drawn.code == 0, drawn.err
    assert "Immigration, Refugees and Citizenship Canada" in (tmp_path / "roxham.html").read_text()


def test_a_layout_that_is_known_is_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "u.csv").write_text("Year,coa_iso,app_type,app_pc,applied\n2022,CAN,N,P,5\n")
    assert "try --from unhcr." in run("adapt", "u.csv").out
    (tmp_path / "c.csv").write_text(WIDE)  # provinces by month may be anyone's
    assert "--from" not in run("adapt", "c.csv", "--year", "2019").out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["adapt", "c.csv", "--from", "nobody"], ", ".join(publishers())),
        (["adapt", "c.csv", "--from", "ircc", "--as", "ports"], "publishes counts"),
        (["adapt", "c.csv", "-o", "m.txt"], "is not a .toml file"),
        (["adapt", "none.csv"], "there is no such file"),
        (["map", "--counts", "c.csv", "--map", "iom"], "is a mapping of incidents"),
        (["map", "--dates", "dmy"], "goes with --counts or --incidents or --ports"),
        (["map", "--counts", "c.csv", "--decimal", ";"], "read.decimal"),
        (["check", "--table", "c.csv"], "--as: does not say what the table is"),
        (["check", "--as", "counts"], "goes with --table"),
    ],
)
def test_what_cannot_be_done_is_said(run: Run, tmp_path: Path, words: list[str], told: str) -> None:
    (tmp_path / "c.csv").write_text(WIDE)
    said = run(*words)
    assert said.code == 2
    assert told in said.err
    assert not list(tmp_path.glob("m.*"))


def test_what_has_two_readings_is_asked_and_answered(run: Run, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(COUNTS + f'2022,CA-QC,"1,000",{SOURCED}')
    asked = run("map", "--counts", "c.csv")
    assert asked.code == 2
    assert "say --decimal" in asked.err
    told = run("map", "--counts", "c.csv", "--decimal", ".", "--embed")
    assert told.code == 0, told.err
    assert "c.csv: count: 1,000 is read as 1000." in told.err


def test_a_table_of_any_size_is_checked_in_parts(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roxham.layers.mapping.stream.check_parts.__kwdefaults__", {"at_once": 2})
    rows = [f"2022-0{k},US,entries,{k},{SOURCED}" for k in (1, 2, 3, 4, 1)]
    rows.insert(3, f"soon,US,entries,x,{SOURCED}")
    head = COUNTS.replace("province,", "area,measure,")
    (tmp_path / "c.csv").write_text(head + "".join(rows))
    said = run("check", "--table", "c.csv", "--as", "counts", "--rejected", "bad.csv")
    assert said.code == 1
    assert "3 rows hold, 3 do not." in said.out
    lines = (tmp_path / "bad.csv").read_text().splitlines()
    assert [line.split(",")[1:3] for line in lines[1:]] == [
        *(["2", "period"], ["5", "period"], ["5", "count"], ["7", "period"]),
    ]
    sound = tmp_path / "s.csv"
    sound.write_text((head + rows[0] + rows[1]).replace("entries,", "entries,1"))
    assert run("check", "--table", "s.csv", "--as", "counts").code == 0


def test_a_table_that_holds_is_held_to_the_rules_as_map_holds_it(run: Run, tmp_path: Path) -> None:
    head = COUNTS.replace("province,", "area,measure,")
    (tmp_path / "c.csv").write_text(head + f"2022-01,US,entries,2,{SOURCED}")
    said, drawn = (
        run("check", "--table", "c.csv", "--as", "counts"),
        run("map", "--counts", "c.csv", "--embed"),
    )
    assert (said.code, drawn.code) == (1, 1)
    assert "measured.count of 2022-01, entries, US: 2" in said.err
    assert said.err.splitlines()[0] == drawn.err.splitlines()[0]
    old = "--as-of", "2022-02-15"
    (tmp_path / "c.csv").write_text(head + f"2022-01,US,entries,20,{SOURCED}")
    late = run("check", "--table", "c.csv", "--as", "counts", *old)
    assert late.code == 0
    assert (
        "c.csv: 1 row lies within 90 days of 2022-02-15, which no page or export tells" in late.err
    )
    (tmp_path / "p.csv").write_text("name,lat,lon\nJane Doe (34 years old),45.1,-73.5\n")
    at = run("check", "--table", "p.csv", "--as", "places")
    assert (at.code, "personal: places.name row 0 says" in at.err) == (1, True)


UNHCR = "Year,Country of asylum (ISO),Application type,Cases / Persons,applied\n2022,CAN,N,P,5\n"
PLACES = "name,lat,lon\nA,45.1,-73.5\nB,45.2,-73.4\n"


@pytest.mark.parametrize("name", publishers())
def test_a_file_of_no_publisher_is_told_so(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "p.csv").write_text(PLACES)
    said = run("adapt", "p.csv", "--from", name)
    assert said.code == 2
    mapping = publisher(name)
    assert mapping is not None
    assert mapping.source is not None
    assert f"is not laid out as {mapping.source.publisher}" in said.err
    assert "It is of no layout that ships" in said.err
    expected = mapping.read.names or columns_of(mapping)[0]
    assert expected[0] in said.err
    assert "0 rows" not in said.out


@pytest.mark.parametrize("name", [name for name in publishers() if name != "unhcr"])
def test_a_file_of_another_publisher_is_told_whose_it_looks(
    run: Run, tmp_path: Path, name: str
) -> None:
    (tmp_path / "u.csv").write_text(UNHCR)
    assert "It looks like --from unhcr." in run("adapt", "u.csv", "--from", name).err


def test_how_a_table_to_be_checked_is_read_is_asked_and_answered(run: Run, tmp_path: Path) -> None:
    head = COUNTS.replace("province,", "area,measure,")
    text = head + f"2022-03,CA-QC,claims,2.367,{SOURCED}"
    (tmp_path / "c.csv").write_text(text)
    asked = run("check", "--table", "c.csv", "--as", "counts")
    assert asked.code == 1
    assert "say --decimal . or --decimal ," in asked.err
    told = run("check", "--table", "c.csv", "--as", "counts", "--decimal", ",")
    assert told.code == 0
    assert "1 row holds, 0 do not." in told.out
    as_point = run("check", "--table", "c.csv", "--as", "counts", "--decimal", ".")
    assert "is not a whole number" in as_point.err
    (tmp_path / "c.csv").write_bytes(text.replace("A page", "Gdańsk").encode("cp1250"))
    asked = run("check", "--table", "c.csv", "--as", "counts", "--decimal", ",")
    assert "Say which, as in --encoding cp1252" in asked.err
    words = ("--as", "counts", "--decimal", ",", "--encoding", "cp1250")
    assert run("check", "--table", "c.csv", *words).code == 0
    (tmp_path / "d.csv").write_text(head + f"04/03/2022,CA-QC,claims,5,{SOURCED}")
    asked = run("check", "--table", "d.csv", "--as", "counts")
    assert "--dates" in asked.err


@pytest.mark.parametrize("command", ["check", "counts", "claims", "access"])
def test_how_a_file_is_read_goes_with_a_file(run: Run, command: str) -> None:
    words = ["--before", "2020-01-01", "--after", "2020-05-01"] if command == "access" else []
    said = run(command, *words, "--decimal", ",")
    assert said.code == 2
    assert "--decimal: goes with --" in said.err


def test_counts_of_ones_own_are_read_as_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(COUNTS + f"2022,CA-QC,2.367,{SOURCED}")
    assert "say --decimal" in run("counts", "--counts", "c.csv").err
    assert "2367" in run("counts", "--counts", "c.csv", "--decimal", ",").out
    (tmp_path / "m.toml").write_text('[read]\ndecimal = ","\n')
    assert "2367" in run("counts", "--counts", "c.csv", "--map", "m.toml").out
    assert run("claims", "--counts", "c.csv", "--decimal", ",").code == 0


def test_counts_without_a_measure_are_checked_as_the_map_takes_them(
    run: Run, tmp_path: Path
) -> None:
    assert run("template", "counts", "-o", "t.csv").code == 0
    said = run("check", "--table", "t.csv", "--as", "counts")
    assert "0 rows hold, 1 does not." in said.out or "0 rows hold, 1 do not." in said.out
    assert "has no such column" not in said.err
    (tmp_path / "c.csv").write_text(COUNTS + f"2022,CA-QC,5,{SOURCED}2022,CA-QC,6,{SOURCED}")
    twice = run("check", "--table", "c.csv", "--as", "counts")
    assert "0 rows hold, 2 do not." in twice.out


def test_a_header_is_told_in_its_own_words(run: Run, tmp_path: Path) -> None:
    head = COUNTS.replace("period,", "year,month,").replace("count,", "")
    (tmp_path / "c.csv").write_text(head + f"2022,3,CA-QC,{SOURCED}")
    said = run("check", "--table", "c.csv", "--as", "counts")
    assert "found year, month, province, source_title" in said.err


@pytest.mark.parametrize(("kind", "bound"), [("xlsx", "rows"), ("ods", "rows"), ("gpkg", "memory")])
def test_what_is_read_whole_is_refused_by_its_bound(
    run: Run, tmp_path: Path, kind: str, bound: str
) -> None:
    head: list[Cell] = [*COUNTS.strip().split(",")]
    row: list[Cell] = ["2022", "CA-QC", 5]
    cells = [head, *[row] * 200]
    if kind == "xlsx":
        write_xlsx(tmp_path / "c.xlsx", {"S": cells})
    elif kind == "ods":
        write_ods(tmp_path / "c.ods", cells)
    else:
        rows = {"period": ["2022"] * 200, "geometry": [shapely.Point(-73.5, 45)] * 200}
        gpd.GeoDataFrame(rows, crs=4326).to_file(tmp_path / "c.gpkg")
    said = run("--bound", f"{bound}=100", "check", "--table", f"c.{kind}", "--as", "counts")
    assert said.code == 2
    assert f"set ROXHAM_MAX_{bound.upper()} higher" in said.err
    assert "Save it again" not in said.err


def test_a_table_is_adapted_in_the_languages_of_its_region(run: Run) -> None:
    danube = Path(__file__).parents[3] / "examples" / "danube"
    said = run("adapt", str(danube / "ports.csv"), "--region", str(danube))
    assert "position_basis_en" not in said.out.partition("Not used:")[2]
    assert "hours_ro" not in said.out.partition("Not used:")[2]
    assert "_fr" not in said.out
