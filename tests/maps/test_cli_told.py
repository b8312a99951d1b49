"""Whatever is written after an option: no password is printed or kept, nothing said acts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import typer
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from roxham.geo.redact import MASK_KEY
from roxham.maps import cli
from tests.secret import ADDRESSES, PASSWORDS, address, leaks

from .command import Run

COMMANDS: dict[str, Any] = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
NEEDED = {
    "--after": "2023-03-26",
    "--before": "2023-03-24",
    "--destinations": "Montréal",
    "--from": "Plattsburgh",
    "--minutes": "15",
    "--origins": "Plattsburgh",
    "--roads": "bundled",
    "--to": "Montréal",
    "table": "places",
}
"""Something that holds, for what a command cannot do without."""
GOES_WITH = {
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
    monkeypatch.setenv(MASK_KEY, KEY)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize(("command", "option"), list(texts()))
@settings(
    phases=[Phase.generate],
    max_examples=3,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.sampled_from(ADDRESSES), PASSWORDS)
def test_no_option_tells_a_password(
    run: Run, tmp_path: Path, command: str, option: str, form: str, password: str
) -> None:
    assume("127" in form or "@" not in password)  # what follows is a host
    said = run(*words_for(command, option, address(form, password)))
    assert "fault of roxham's own" not in said.err
    assert not leaks(said.out, password)
    assert not leaks(said.err, password), said.err
    assert not leaks(kept(tmp_path), password)
    assert KEY not in said.out + said.err + kept(tmp_path)


OSM = """<osm version="0.6">
<node id="1" lat="45.0" lon="-73.5"/><node id="2" lat="45.01" lon="-73.5"/>
<way id="7"><nd ref="1"/><nd ref="2"/><tag k="highway" v="tertiary"/></way></osm>"""
PLACE = Path("postgresql://reader:qwxzqwxz@127.0.0.1/news")


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["roads", f"{PLACE}/roads.osm"], 0),
        (["roads", f"{PLACE}/roads.osm", "-o", f"{PLACE}/roads.parquet"], 0),
        (["crossings", "--roads", f"{PLACE}/roads.osm", "-o", f"{PLACE}/crossings.csv"], 0),
        (["crossings", "--roads", f"{PLACE}/roads.osm", "--border", f"{PLACE}/line.geojson"], 0),
        (["map", "--roads", f"{PLACE}/roads.osm"], 0),
        (["export", "shared", "--format", "csv", "--roads", f"{PLACE}/roads.osm"], 0),
        (["export", f"{PLACE}/shared", "--format", "csv"], 0),
        (["map", "-o", f"{PLACE}/page.html"], 0),
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
