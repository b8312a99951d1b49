"""A region's file: read whole, refused with every fault, its line and its key."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from roxham.geo import (
    DataError,
    load_border,
    load_jurisdictions,
    load_places,
    load_region,
    read_region,
    region_names,
    using_region,
)
from roxham.geo.region import active_region, draft
from roxham.geo.region.region_file import parse_region, read_definition
from roxham.geo.tables import contract, region_files
from roxham.layers import load_ports
from roxham.layers.mapping import read as mapped

SOUND = """\
id = "fields"
bounds = [0.0, 0.0, 2.0, 2.0]

[title]
en = "Two fields"

[[sides]]
code = "UP"
inside = [1.0, 1.5]

[[sides]]
code = "LOW"

[files]
border = "border.csv"
"""


def faults(text: str) -> list[tuple[int | None, str | None, str]]:
    with pytest.raises(DataError) as caught:
        parse_region(text, "region.toml")
    return [(fault.row, fault.column, str(fault)) for fault in caught.value.faults]


def read_or_refused(text: str) -> bool:
    """Whether a text is a region, or refused with faults; any other error is raised."""
    try:
        return bool(parse_region(text, "region.toml").id)
    except DataError as error:
        return bool(error.faults)


def folder(tmp_path: Path, text: str = SOUND) -> Path:
    (tmp_path / "region.toml").write_text(text)
    (tmp_path / "border.csv").write_text("lon,lat\n-0.5,1\n2.5,1\n")
    return tmp_path


def test_a_sound_file_is_read() -> None:
    read = parse_region(SOUND, "region.toml")
    assert (read.id, read.bounds, [side.code for side in read.sides]) == (
        "fields",
        (0.0, 0.0, 2.0, 2.0),
        ["UP", "LOW"],
    )
    assert read.languages == ("en",)
    assert read.controlled  # what is not said to be open is not


def test_every_fault_is_told_at_once_with_its_line_and_key() -> None:
    text = SOUND.replace('code = "LOW"', "code = 7").replace("0.0, 2.0, 2.0]", "9.0, 2.0, 2.0]")
    told = [(row, key) for row, key, _ in faults(text)]
    assert sorted(told) == [(2, "bounds"), (12, "sides.2.code")]


@pytest.mark.parametrize(
    ("wrong", "line", "meant"),
    [
        ("boundz = [1, 2, 3, 4]\n", 1, "Is it bounds?"),
        ('titel = "x"\n', 1, "Is it title?"),
        ('standfrist = { en = "x" }\n', 1, "Is it standfirst?"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_known_one(
    wrong: str, line: int, meant: str
) -> None:
    [(row, _, said)] = faults(wrong + SOUND)
    assert row == line
    assert meant in said


def test_an_unknown_key_in_a_table_of_a_list_is_told_with_its_line() -> None:
    [(row, key, said)] = faults(SOUND.replace('code = "LOW"', 'code = "LOW"\ntoward = "south"'))
    assert (row, key) == (13, "sides.2.toward")
    assert "Is it towards?" in said


@pytest.mark.parametrize(
    ("added", "key", "said"),
    [
        ('[[rules]]\nregime = "x"\ngate = "crossing"\ntowards = "north"\n', "rules.1.regime", "no"),
        ('[[regimes]]\nid = "a"\nevent = "Treaty"\n', "regimes.1.event", "policy events"),
        ('[[series]]\ntable = "counts"\narea = "X"\n', "series.1.area", "“X” is no area"),
        ('[words.fr]\n"page.skip" = "x"\n', "words.fr", "languages"),
        ('[sources.roads]\ntitle = "a"\npublisher = "b"\nurl = "https://a.b/"\n',
         "sources.roads", "not among the files"),
    ],
)  # fmt: skip
def test_parts_that_contradict_each_other_are_told(added: str, key: str, said: str) -> None:
    told = {column: text for _, column, text in faults(f"{SOUND}\n{added}")}
    assert said in told[key]


def test_what_is_no_toml_is_told_with_its_line() -> None:
    [(row, _, said)] = faults(SOUND.replace('code = "LOW"', "code = "))
    assert row == 12
    assert "no TOML" in said


def test_one_side_alone_is_refused() -> None:
    text = SOUND.replace('[[sides]]\ncode = "LOW"\n', "")
    assert any("sides" in str(key) for _, key, _ in faults(text))


def test_both_sides_of_one_code_are_refused() -> None:
    assert "both are called UP" in faults(SOUND.replace('"LOW"', '"UP"'))[0][2]


@given(st.text(max_size=200))
def test_no_text_ends_in_another_error(text: str) -> None:
    assert read_or_refused(text)


@given(st.integers(0, len(SOUND) - 1), st.characters(codec="utf-8"))
def test_a_file_with_one_wrong_letter_is_read_or_refused(at: int, letter: str) -> None:
    assert read_or_refused(SOUND[:at] + letter + SOUND[at + 1 :])


def test_a_folder_is_a_region(tmp_path: Path) -> None:
    region = load_region(folder(tmp_path))
    assert region.sides == ("UP", "LOW")
    assert region.border.line.total_bounds.tolist() == [0.0, 1.0, 2.0, 1.0]
    assert region.places.empty


def test_the_side_that_is_inside_the_point_is_the_first(tmp_path: Path) -> None:
    turned = SOUND.replace("[1.0, 1.5]", "[1.0, 0.5]")
    sides = load_region(folder(tmp_path, turned)).border.sides
    assert sides.set_index("side").geometry["UP"].bounds == (0.0, 0.0, 2.0, 1.0)


def test_a_file_outside_the_folder_is_refused(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    folder(inner, SOUND.replace('"border.csv"', '"../border.csv"'))
    (tmp_path / "border.csv").write_text("lon,lat\n-1,1\n3,1\n")
    with pytest.raises(DataError, match="leads out of its folder"):
        _ = load_region(inner).border


def test_a_mapping_is_in_the_folder_or_a_publishers_name(tmp_path: Path) -> None:
    for named in ("/dev/zero", "../secret", "secret.txt"):
        region = load_region(
            folder(tmp_path, f'{SOUND}ports = "p.csv"\n[mappings]\nports = "{named}"\n')
        )
        if named == "secret.txt":
            assert region.mapping("ports") == str(tmp_path / named)
            continue
        with pytest.raises(DataError, match=r"mappings\.ports leads out of its folder"):
            region.mapping("ports")


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    folder(inner)
    (tmp_path / "secret.csv").write_text("lon,lat\n-1,1\n3,1\n")
    (inner / "border.csv").unlink()
    (inner / "border.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(DataError, match="leads out of its folder"):
        _ = load_region(inner).border


@pytest.mark.parametrize(
    "named",
    ["geo/../../{0}", "geo/{0}", "geo/nothing.csv", "border.csv", "layers/../geo/places.csv"],
)
def test_what_does_not_ship_is_refused_as_what_ships(tmp_path: Path, named: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("name,lat,lon\nSecret,1,1\n")
    text = f'{SOUND}places = "shipped:{named.format(secret)}"\n'
    region = load_region(folder(tmp_path, text))
    with pytest.raises(DataError, match="does not ship") as caught:
        _ = region.places
    assert "Secret" not in str(caught.value)
    with pytest.raises(DataError, match="does not ship"):
        _ = load_region("roxham").with_files(places=f"shipped:{named}").file("places")


@pytest.mark.parametrize("points", ["", "a,-0.5,1\n", "a,-0.5,1\nb,1,1\nb,2.5,1\n"])
def test_a_border_that_begins_with_no_line_is_refused(tmp_path: Path, points: str) -> None:
    region = load_region(folder(tmp_path))
    (tmp_path / "border.csv").write_text(f"section,lon,lat\n{points}")
    with pytest.raises(DataError, match="two points at least"):
        _ = region.border


def test_a_pipe_in_the_folder_is_not_waited_for(tmp_path: Path) -> None:
    region = load_region(folder(tmp_path))
    (tmp_path / "border.csv").unlink()
    os.mkfifo(tmp_path / "border.csv")
    with pytest.raises(DataError, match="no plain file"):
        _ = region.border
    (tmp_path / "region.toml").unlink()
    os.mkfifo(tmp_path / "region.toml")
    with pytest.raises(DataError, match="no plain file"):
        load_region(tmp_path)


def test_what_would_take_the_reader_apart_is_refused() -> None:
    assert "no TOML" in faults(f"id = {'9' * 5000}\n")[0][2]
    assert faults(SOUND.replace("border.csv", "a\\u0000b"))[0][1] == "files.border"
    views = '[[views]]\nid = "v"\nbounds = [0.0, 0.0, 1.0, 1.0]\nname = { en = "V" }\n'
    assert len(faults(SOUND + views * 3)) == 2


def test_a_name_that_does_not_ship_is_refused_with_the_nearest() -> None:
    with pytest.raises(DataError, match="Is it roxham"):
        read_region("roxam")


def test_a_region_is_at_work_within_its_block_only(tmp_path: Path) -> None:
    before = active_region()
    with using_region(folder(tmp_path)) as region:
        assert active_region() is region
    assert active_region() == before


def test_what_ships_is_sound() -> None:
    assert "roxham" in region_names()
    assert read_region("roxham").bounds == (-75.2, 44.3, -71.0, 45.8)


def test_months_in_the_wrong_order_are_told_before_a_page_is_drawn() -> None:
    text = SOUND.replace("bounds", 'since = "2024-01"\nuntil = "2023-12"\nbounds')
    assert [row_column[:2] for row_column in faults(text)] == [(2, "since")]


@pytest.mark.parametrize(
    ("box", "said"), [('"a"', "is no list in brackets"), ("[0, 0, 1, 1, 9]", "has more parts")]
)
def test_a_box_of_another_form_is_told_in_plain_words(box: str, said: str) -> None:
    assert said in faults(SOUND.replace("[0.0, 0.0, 2.0, 2.0]", box))[0][2]


@pytest.mark.parametrize(
    "extra",
    [
        ".".join(["a"] * 20_000) + " = 1",
        "[" + ".".join(["a"] * 20_000) + "]",
        "x = {" + ".".join(['"a"'] * 20_000) + " = 1}",
    ],
)
def test_a_key_of_thousands_of_parts_is_refused_before_it_is_read(extra: str) -> None:
    [(_, _, told)] = faults(f"{SOUND}\n{extra}\n")
    assert "has a key of more than 40 parts" in told
    assert "ROXHAM_MAX_DEPTH" in told


def test_a_file_of_too_many_keys_is_refused() -> None:
    [(_, _, told)] = faults(SOUND + "\n" + "\n".join(f"k{i} = 1" for i in range(20_001)))
    assert "has more than 20,000 keys" in told


@pytest.mark.parametrize("given", ["true", '"-9.4"'])
def test_what_is_no_number_is_no_edge_of_bounds(given: str) -> None:
    text = SOUND.replace("bounds = [0.0", f"bounds = [{given}")
    assert [(row, key) for row, key, _ in faults(text)] == [(2, "bounds.1")]
    side = SOUND.replace("inside = [1.0", f"inside = [{given}")
    assert {row for row, _, _ in faults(side)} == {9}


MORE = """
[[regimes]]
id = "old"
event = "Treaty"
rules = "odl"
[[rules]]
regime = "new"
gate = "port_of_entry"
towards = "west"
text = { en = "T" }
"""


def test_regimes_and_rules_that_lead_nowhere_are_told() -> None:
    sides = SOUND.replace('code = "UP"', 'code = "UP"\ntowards = "north"')
    text = sides.replace('code = "LOW"', 'code = "LOW"\ntowards = "south"') + MORE
    told = {key: said for _, key, said in faults(text)}
    assert "“odl” is no regime. Is it old?" in told["regimes.1.rules"]
    assert "is of a table of policy events; there is none" in told["regimes.1.event"]
    assert "“new” is no regime." in told["rules.1.regime"]
    assert "“west” is the way to neither side" in told["rules.1.towards"]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"region.toml: is not there. A region is a folder with"):
        read_definition(tmp_path / "region.toml")
    (tmp_path / "region.toml").write_bytes('id = "é"'.encode("latin-1"))
    with pytest.raises(DataError, match=r"region.toml: cannot be read: .*Save it as UTF-8"):
        read_definition(tmp_path / "region.toml")
    with pytest.raises(DataError, match="is too long, or no plain file"):
        read_definition(tmp_path)
    with pytest.raises(DataError, match=r"is nested too deeply. Write it flat"):
        parse_region("a = " + "[" * 5000, "region.toml")


def test_codes_that_nobody_knows_are_told() -> None:
    for zone in (
        "Mars/Olympus",
        "America",
        "../UTC",
        "/etc/localtime",
        "zone.tab",
        "right/UTC",
        "",
    ):
        ((row, key, said),) = faults(f'timezone = "{zone}"\n' + SOUND)
        assert (row, key, "is no time zone known here" in said) == (1, "timezone", True), zone
    ((row, key, said),) = faults(SOUND.replace('en = "Two', 'english = "Two'))
    assert (row, key, "is not the code of a language" in said) == (5, "title.english", True)


def test_a_regime_begins_with_an_event_or_a_day() -> None:
    ((_, _, said),) = faults(SOUND + '[[regimes]]\nid = "a"\n')
    assert "needs event, the title of a policy event, or since, a day" in said


def test_a_region_is_named_by_its_file_too(tmp_path: Path) -> None:
    assert read_region(folder(tmp_path) / "region.toml").name == "fields"


def test_a_study_reads_what_its_files_hold_when_it_is_asked() -> None:
    study = load_region("roxham")
    assert {"CA-QC", "US-ME"} <= {*study.jurisdictions["id"]}
    assert study.water is study.water
    assert "CA-AB" in set(study.areas["id"])


def test_the_clocks_of_a_place_are_those_of_the_nearest_city(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert draft.nearest_zone(-120.0, -20.0) is None  # far out at sea
    (table := tmp_path / "zone.tab").write_text("# codes\nCA\t+4531-07334\tAmerica/Nowhere\n")
    monkeypatch.setattr(draft, "ZONES", [table])
    assert draft.nearest_zone(-73.6, 45.5) == "America/Nowhere"
    monkeypatch.setattr(draft, "ZONES", [tmp_path / "none.tab"])
    assert draft.nearest_zone(-73.6, 45.5) in ("America/Toronto", "America/Montreal", None)


def test_files_are_read_once_and_anew_when_they_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = 'places = "places.csv"\nports = "ports.csv"\n'
    study = load_region(folder(tmp_path, SOUND + names))
    places, ports = tmp_path / "places.csv", tmp_path / "ports.csv"
    places.write_text("name,lat,lon\nHere,0.5,0.5\n")
    ports.write_text("name,kind,lat,lon\nGate,road,1,1\n")
    asked: list[str] = []
    read = contract.read_table

    def noted(file: Path, *rest: Any, **more: Any) -> object:
        asked.append(Path(file).name)
        return read(file, *rest, **more)

    for module in (region_files, mapped):
        monkeypatch.setattr(module, "read_table", noted)
    with using_region(study):
        for _ in range(2):
            load_places()["name"] = "altered"
            load_ports().rows["name"] = "altered"
        assert load_places()["name"].tolist() == ["Here"]
        assert sorted(asked) == ["places.csv", "ports.csv"]
        places.write_text("name,lat,lon\nThere,0.5,0.5\n")
        assert load_places()["name"].tolist() == ["There"]
    assert "There" not in pickle.dumps(study).decode("latin-1")
    assert len(load_places(pickle.loads(pickle.dumps(study)))) == 1
    places.unlink()
    with pytest.raises(DataError, match=r"places\.csv"):
        load_places(study)


def test_one_file_of_border_and_areas_is_read_as_either(tmp_path: Path) -> None:
    areas = gpd.GeoDataFrame(
        {"name": ["South", "North"]},
        geometry=[shapely.box(-1, -1, 3, 1), shapely.box(-1, 1, 3, 3)],
        crs="EPSG:4326",
    )
    files = 'border = "two.gpkg"\njurisdictions = "two.gpkg"\n'
    root = folder(tmp_path, SOUND.replace('border = "border.csv"\n', files))
    areas.to_crs(32631).to_file(root / "two.gpkg")
    with using_region(root):
        for _ in range(2):
            assert load_jurisdictions()["name"].tolist() == ["South", "North"]
            assert len(load_border().sides) == 2
