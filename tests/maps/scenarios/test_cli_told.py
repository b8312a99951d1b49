"""Whatever is written after an option: no password is printed or kept, nothing said acts."""

import io
import json
import logging
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import requests
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from shapely import Point

from roxham.geo.quoting import MASK_KEY
from roxham.maps.cli import app as cli
from roxham.maps.cli.shared import console
from tests.maps.command import Run, Said
from tests.secret import ADDRESSES, PASSWORDS, address, leaks

OSM = """<osm version="0.6">
<node id="1" lat="45.0" lon="-73.5"/><node id="2" lat="45.01" lon="-73.5"/>
<way id="7"><nd ref="1"/><nd ref="2"/><tag k="highway" v="tertiary"/></way></osm>"""
COMMANDS: dict[str, Any] = {name: cli.Later(name).load() for name in cli.COMMANDS}
NEEDED = {
    "--after": "2023-03-26",
    "--before": "2023-03-24",
    "--destinations": "Montréal",
    "--from": "Plattsburgh",
    "--minutes": "15",
    "--origins": "Plattsburgh",
    "--roads": "roads.osm",
    "--to": "Montréal",
    "table": "places",
}
"""Something that holds, for what a command cannot do without."""
MONTH = ("--since", "2022-12", "--until", "2022-12")
GOES_WITH = {
    ("map", "--title"): MONTH,
    ("map", "--allow"): ("--by", "the desk"),
    ("map", "--by"): ("--allow", "sources=because it is a test"),
}
KEY = "a key that is never told"


def texts() -> Iterator[tuple[str, str]]:
    """Return every command with every option and argument of it that takes a text."""
    for command, made in COMMANDS.items():
        for param in made.params:
            if not getattr(param, "is_flag", False):
                yield command, called(param)


def called(param: Any) -> str:
    """Return the longest name of an option, or the name of an argument."""
    if param.param_type_name == "argument":
        return str(param.name)
    return str(max(param.opts, key=len))


def words_for(command: str, option: str, value: str) -> list[str]:
    """Return a command line that gives an option a value, and the others what they need."""
    words = [command]
    for param in COMMANDS[command].params:
        name = called(param)
        if name != option and not param.required:
            continue
        given = value if name == option else NEEDED.get(name, value)
        words += [given] if param.param_type_name == "argument" else [name, given]
    return words + list(GOES_WITH.get((command, option), ()))


def kept(folder: Path) -> str:
    """Return all that is in the files of a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return "".join(path.read_bytes().decode("latin-1") for path in files)


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let no request out; each fails and repeats where it would have gone, as requests does."""

    def send(_: requests.Session, request: requests.PreparedRequest, **__: object) -> None:
        raise requests.ConnectionError(f"cannot reach {request.url}")

    monkeypatch.setattr(requests.Session, "send", send)
    (tmp_path / "roads.osm").write_text(OSM)
    monkeypatch.setenv(MASK_KEY, KEY)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


MADE = [
    ("check", "--rejected"),
    ("context", "--by"),
    ("context", "--scheduler"),
    ("map", "--title"),
]
"""Options that an address does not stop: all of a page or a table is made."""
REFUSED = [one for one in texts() if one not in MADE]


def examples(most: int) -> settings:
    return settings(
        phases=[Phase.generate],
        max_examples=most,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize(("command", "option"), REFUSED)
@examples(3)
@given(st.sampled_from(ADDRESSES), PASSWORDS)
def test_no_option_tells_a_password(
    run: Run, tmp_path: Path, command: str, option: str, form: str, password: str
) -> None:
    tells_none(run, tmp_path, (command, option), form, password)


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize(("command", "option"), MADE)
@examples(1)
@given(st.sampled_from(ADDRESSES), PASSWORDS)
def test_nothing_that_is_made_tells_a_password(
    run: Run, tmp_path: Path, command: str, option: str, form: str, password: str
) -> None:
    assert (command, option) in [*texts()]
    tells_none(run, tmp_path, (command, option), form, password)


def tells_none(run: Run, tmp_path: Path, asked: tuple[str, str], form: str, password: str) -> None:
    """Give an option an address with a password, and look for that wherever it could be."""
    assume("127" in form or "@" not in password)  # what follows is a host
    said = run(*words_for(*asked, address(form, password)))
    assert "fault of roxham's own" not in said.err
    assert not leaks(said.out, password)
    assert not leaks(said.err, password), said.err
    assert not leaks(kept(tmp_path), password)
    assert KEY not in said.out + said.err + kept(tmp_path)


PLACE = Path("postgresql://reader:qwxzqwxz@127.0.0.1/news")


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["roads", f"{PLACE}/roads.osm"], 0),
        (["roads", f"{PLACE}/roads.osm", "-o", f"{PLACE}/roads.parquet"], 0),
        (["crossings", "--roads", f"{PLACE}/roads.osm", "-o", f"{PLACE}/crossings.csv"], 0),
        (["crossings", "--roads", f"{PLACE}/roads.osm", "--border", f"{PLACE}/line.geojson"], 0),
        (["map", *MONTH, "--roads", f"{PLACE}/roads.osm"], 0),
        (["export", "shared", *MONTH, "--format", "csv", "--roads", f"{PLACE}/roads.osm"], 0),
        (["export", f"{PLACE}/shared", *MONTH, "--format", "csv"], 0),
        (["map", *MONTH, "-o", f"{PLACE}/page.html"], 0),
        (["check", "--data", f"{PLACE}/tables"], 1),
        (["check", "--data", f"{PLACE}/tables", "--json"], 1),
        (["check", "--page", f"{PLACE}/roads.osm"], 1),
        (["claims", "--claims", f"{PLACE}/tables/incidents.csv"], 2),
        (["template", "places", "-o", f"{PLACE}/places.csv"], 0),
    ],
)
def test_a_file_in_a_folder_called_like_an_address_tells_no_password(
    run: Run, tmp_path: Path, words: list[str], code: int
) -> None:
    (tmp_path / PLACE / "tables").mkdir(parents=True)
    (tmp_path / PLACE / "roads.osm").write_text(OSM)
    (tmp_path / PLACE / "line.geojson").write_text(
        '{"type": "LineString", "coordinates": [[-73.6, 45.005], [-73.4, 45.005]]}'
    )
    (tmp_path / PLACE / "tables" / "incidents.csv").write_text("id,lat\na,45\n")
    said = run(*words)
    assert said.code == code, said.err
    assert "qwxz" not in said.out + said.err + kept(tmp_path)


HOSTILE = (
    "[red]a[/red][link=https://mark.example]b[/] \x1b[31mc\x1b]8;;https://mark.example\x1b\\d\x1b]8;;\x1b\\"
    "\r\x08\x07\x7f\x9b31m\x85\u2028\u202ee\u2066f\u200bg\ufeffh\u00adi\U000e0041"
)
UNDECODED = HOSTILE + "\udcff"
ACTING = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def plain(said: Said) -> bool:
    """Whether what was said has line feeds, words, and nothing that acts on a terminal."""
    text = said.out + said.err
    acting = {c for c in text if unicodedata.category(c) in ACTING}
    literal = "[red]a[" in text or "mark.example" not in text
    return acting <= {"\n"} and literal and "fault of roxham's own" not in text


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize(("command", "option"), list(texts()))
def test_no_option_acts_on_the_terminal(run: Run, command: str, option: str) -> None:
    said = run(*words_for(command, option, UNDECODED))
    assert plain(said), said


def points(folder: Path, name: str, layer: str, column: str) -> Path:
    """Write two points with hostile cells; a GeoPackage gets two layers with hostile names."""
    cells = {"id": ["a", HOSTILE], column: [HOSTILE, "b"]}
    frame = gpd.GeoDataFrame(cells, geometry=[Point(-73.5, 45), Point(-73.4, 45)], crs=4326)
    path = folder / name
    if not name.endswith("gpkg"):
        frame.to_file(path)
        return path
    for number in "12":
        frame.to_file(path, layer=re.sub(r'[][/\\:<>|"?*;=&]', "", layer) + number)
    return path


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize(
    "words",
    [
        ["map", "--incidents"],
        ["map", "--ports"],
        ["map", "--skip-bad-rows", "--ports"],
        ["map", "--counts"],
        ["map", "--roads"],
        ["context", "--incidents"],
        ["counts", "--counts"],
        ["claims", "--claims"],
        ["roads"],
        ["crossings", "--border"],
        ["check", "--page"],
    ],
)
@pytest.mark.parametrize("ending", ["csv", "geojson", "gpkg", "osm"])
def test_names_columns_layers_and_cells_of_a_file_do_not_act(
    run: Run, tmp_path: Path, words: list[str], ending: str
) -> None:
    name = f"{HOSTILE.replace('/', '')}.{ending}"
    path = tmp_path / name
    if ending == "csv":
        path.write_text(f'id,"{HOSTILE}"\na,"{HOSTILE}"\n', encoding="utf-8", newline="")
    elif ending == "osm":
        path.write_text(f"<osm><{HOSTILE[:12]}", encoding="utf-8")
    else:
        made = points(tmp_path, f"a.{ending}", HOSTILE.replace("/", ""), HOSTILE)
        made.rename(path)
    if words[0] == "crossings":
        words = ["crossings", "--roads", "roads.osm", *words[1:]]
    said = run(*words, str(path))
    assert said.code in (1, 2)
    assert plain(said), said


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize("as_json", [[], ["--json"]])
def test_a_folder_of_hostile_tables_does_not_act(
    run: Run, tmp_path: Path, as_json: list[str]
) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    rows = f'id,date,name,source_url,"{HOSTILE}"\n"{HOSTILE}","{HOSTILE}","{HOSTILE}",x,y\n'
    for name in (HOSTILE.replace("/", ""), "incidents", "interceptions"):
        (folder / f"{name}.csv").write_text(rows, encoding="utf-8", newline="")
    (folder / "datapackage.json").write_text(json.dumps({"resources": [{"path": HOSTILE}]}))
    assert plain(run("check", "--data", str(folder), *as_json))


def answering(monkeypatch: pytest.MonkeyPatch, status: int, content: bytes) -> None:
    """Have every server answer so, with a hostile reason."""

    def send(_: requests.Session, request: requests.PreparedRequest, **__: object) -> Any:
        answer = requests.Response()
        answer.status_code, answer.reason, answer.url = status, HOSTILE, str(request.url)
        answer.raw = io.BytesIO(content)
        return answer

    monkeypatch.setattr(requests.Session, "send", send)


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize(
    ("status", "content"),
    [
        (404, b""),
        (200, HOSTILE.encode()),
        (200, json.dumps({"elements": [], "remark": HOSTILE}).encode()),
        (200, json.dumps({"elements": [{"type": HOSTILE}]}).encode()),
    ],
)
def test_what_a_server_says_does_not_act(
    run: Run, monkeypatch: pytest.MonkeyPatch, status: int, content: bytes
) -> None:
    answering(monkeypatch, status, content)
    for words in (
        ["map", "--ports", "https://x.example/a.csv"],
        ["fetch", "--region", "-73.6,44.9,-73.3,45.1", "--endpoint", "https://x.example"],
    ):
        said = run(*words)
        assert said.code == 2
        assert plain(said), said
    assert status == 200 or "[red]a[/red]" in said.err


def test_what_libraries_warn_of_is_told_without_secrets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    record = logging.makeLogRecord({"msg": "%s at https://a:secret@x.example", "args": (HOSTILE,)})
    console.Heard().emit(record)
    said = Said(0, "", capsys.readouterr().err)
    assert plain(said)
    assert "secret" not in said.err
    assert "[red]a[/red]" in said.err


def test_a_traceback_that_is_asked_for_tells_no_secret(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise ZeroDivisionError(f"{HOSTILE} postgresql://a:secret@x.example/b")

    monkeypatch.setattr(cli, "app", fail)
    monkeypatch.setenv("ROXHAM_DEBUG", "1")
    said = run("map")
    assert "Traceback" in said.err
    assert said.err.count("ZeroDivisionError: [red]a[/red]") == 2
    assert "a:secret" not in said.err.replace('a:secret@x.example/b")', "")


def test_a_terminal_shows_our_colours_and_no_others() -> None:
    screen = console.Screen(file=io.StringIO(), force_terminal=True, color_system="standard")
    screen.print(HOSTILE, style="red", soft_wrap=True)
    screen.print(console.coloured((HOSTILE, "red")), soft_wrap=True)
    table = console.fitting(HOSTILE)
    table.add_row(HOSTILE)
    screen.print(table, soft_wrap=True)
    assert isinstance(screen.file, io.StringIO)
    shown = screen.file.getvalue()
    assert shown.count("\x1b[31m[red]a[/red][link=") == 2
    assert plain(Said(0, re.sub(r"\x1b\[(31|1|0)m", "", shown), ""))
