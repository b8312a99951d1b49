"""Commands given files that would lead elsewhere: one line each, no request, no other file."""

import os
from pathlib import Path

import pytest

from tests.crafted import CANARY, crafted, describe
from tests.loopback import Loopback
from tests.maps.command import Run

ROADS = """<osm version="0.6"><node id="1" lat="45.0" lon="-73.5"/>
<node id="2" lat="45.01" lon="-73.5"/>
<way id="7"><nd ref="1"/><nd ref="2"/><tag k="highway" v="tertiary"/></way></osm>"""


SHOWN = ("pipeline_file.geojson", "link.geojson", "vrt.geojson", "word.fgb", "view.gpkg")


@pytest.mark.parametrize(
    "words",
    [
        ("map", "--incidents"),
        ("map", "--counts"),
        ("map", "--ports"),
        ("map", "--roads"),
        ("crossings", "--roads", "roads.osm", "--border"),
        ("crossings", "--roads", "roads.osm", "--ports"),
        ("roads",),
    ],
    ids=" ".join,
)
def test_no_file_leads_a_command_elsewhere(
    words: tuple[str, ...], run: Run, tmp_path: Path, loopback: Loopback
) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "roads.osm").write_text(ROADS)
    files = crafted(tmp_path / "files", loopback.address, tmp_path / "secret.csv")
    for name in SHOWN:
        said = run(*words, str(files[name]))
        assert said.code == 2, said
        assert name in said.err
        assert "fault of roxham" not in said.err
        assert CANARY not in said.out + said.err
        assert loopback.asked() == []


def test_check_reads_nothing_outside_its_folder(run: Run, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text(f"user,pass\nroot,{CANARY}\n")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.csv").symlink_to(secret)
    (folder / "ring.csv").symlink_to("ring.csv")
    (folder / "way").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.csv")
    said = run("check", "--data", "folder")
    assert said.code == 2
    told = said.err.splitlines()
    assert told[0] == "folder/link.csv: is a link out of its folder. Put the file itself there."
    assert told[1] == "folder/pipe.csv: is no plain file. Put the file itself there."
    assert told[2].startswith("folder/ring.csv: cannot be opened: ")
    way = "folder/way: is a link out of its folder. Put the file itself there."
    assert told[3:] == [way]
    for name in ("link.csv", "ring.csv", "pipe.csv"):
        (folder / name).unlink()
    (folder / "a.csv").write_text("a\n1\n")
    describe(folder, "csv", "way/secret.csv", secret)
    said = run("check", "--data", "folder")
    assert (said.code, said.err.splitlines()) == (2, [way])
    (folder / "way").unlink()
    for name in ("../secret.csv", str(secret), "none.csv"):
        describe(folder, "csv", name, secret)
        said = run("check", "--data", "folder")
        assert said.code == 1
        assert CANARY not in said.out + said.err
        assert "is not there: " in " ".join(said.out.split())
    (folder / "datapackage.json").unlink()
    (folder / "datapackage.json").symlink_to(secret)
    said = run("check", "--data", "folder")
    assert said.code == 2
    assert "folder/datapackage.json: is a link out of its folder" in said.err
    assert CANARY not in said.out + said.err


def test_check_judges_a_file_by_its_content(run: Run, tmp_path: Path, loopback: Loopback) -> None:
    (tmp_path / "files").mkdir()
    files = crafted(tmp_path / "files", loopback.address, tmp_path / "secret.csv")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.csv").write_bytes(files["pipeline_file.geojson"].read_bytes())
    said = run("check", "--data", "folder")
    assert said.code == 2
    assert said.err.startswith("folder/a.csv: is JSON, but no GeoJSON")
