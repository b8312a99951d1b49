"""The library prints nothing: what it has to tell goes to loggers of its modules."""

import ast
import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from roxham.geo import read_roads
from roxham.layers import load_incidents, load_layers
from roxham.layers.facts.checks import _shipped
from roxham.maps.cli.shared.console import Heard, err
from tests.maps.command import Run
from tests.maps.conftest import run  # noqa: F401  (a fixture)

ROOT = Path(__file__).parent.parent
SPEAKS = {
    "geo/scale/connection.py": "Dask's progress bar, on a terminal, where it is asked for",
    "maps/cli": "the command line",
}
"""What may print, and why."""
STREAMS = {"stdout", "stderr", "__stdout__", "__stderr__"}


@pytest.fixture
def heard() -> Iterator[io.StringIO]:
    """Hear the library as a user does who asks for it."""
    stream, logger = io.StringIO(), logging.getLogger("roxham")
    handler = logging.StreamHandler(stream)
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield stream
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)


def printing(path: Path) -> list[int]:
    """Return the lines of a module that print, or that take a stream of the process."""
    lines = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        called = isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "pprint")
        stream = isinstance(node, ast.Attribute) and node.attr in STREAMS
        if isinstance(node, ast.expr) and (
            called or (stream and ast.unparse(node).startswith("sys."))
        ):
            lines.append(node.lineno)
    return lines


def test_no_module_but_those_of_the_command_line_prints() -> None:
    modules = [path for room in ("geo", "layers", "maps") for path in (ROOT / room).rglob("*.py")]
    assert len(modules) > 200
    found = {path.relative_to(ROOT).as_posix(): printing(path) for path in modules}
    said = {name: lines for name, lines in found.items() if lines}
    assert {name for name in said if not name.startswith(tuple(SPEAKS))} == set()
    assert all(any(name.startswith(place) for name in said) for place in SPEAKS)


def test_the_library_says_nothing_unless_asked(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert any(isinstance(h, logging.NullHandler) for h in logging.getLogger("roxham").handlers)
    assert logging.getLogger("roxham").level == logging.NOTSET
    load_incidents()
    assert tuple(capfd.readouterr()) == ("", "")


def test_what_is_read_kept_and_set_aside_is_logged(tmp_path: Path, heard: io.StringIO) -> None:
    rows = pd.DataFrame(load_incidents().rows.drop(columns="geometry")).head(3)
    rows.loc[rows.index[0], "radius_m"] = -1
    rows.to_csv(tmp_path / "mine.csv", index=False)
    layers = load_layers(incidents=tmp_path / "mine.csv", until="1990-01")
    said = heard.getvalue().splitlines()
    assert any(line.endswith("mine.csv: 3 rows read, 2 kept, 1 faults") for line in said)
    assert "incidents: 0 rows shown, 2 set aside" in said
    assert len(layers.rejected) == 1


def test_how_roads_are_read_is_logged_and_no_password(tmp_path: Path, heard: io.StringIO) -> None:
    nodes = '<node id="1" lat="45" lon="-73"/><node id="2" lat="45.1" lon="-73"/>'
    way = '<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way>'
    folder = tmp_path / "password=hunter22"
    folder.mkdir()
    path = folder / "roads.osm"
    path.write_text(f'<osm version="0.6">{nodes}{way}</osm>', encoding="utf-8")
    read_roads(path)
    said = heard.getvalue()
    assert ": is read as OSM XML" in said
    assert ": 2 of 2 edges kept, drive" in said
    assert "hunter22" not in said


def test_verbose_lets_a_command_say_it(run: Run, caplog: pytest.LogCaptureFixture) -> None:  # noqa: F811
    quiet = run("counts", "--measure", "encounters")
    _shipped.cache_clear()  # in a process of its own the command reads the table
    assert [record for record in caplog.records if record.name.startswith("roxham")] == []
    try:
        told = run("-v", "counts", "--measure", "encounters")
        assert told.out == quiet.out
        names = {record.name for record in caplog.records}
        assert "roxham.geo.tables.contract" in names
        assert {r.levelno for r in caplog.records if r.name.startswith("roxham")} == {logging.INFO}
        run("-vv", "--help")
        assert logging.getLogger("roxham").level in (logging.INFO, logging.DEBUG)
    finally:
        logging.getLogger("roxham").setLevel(logging.NOTSET)


@pytest.mark.parametrize(
    ("name", "level", "told"),
    [
        ("roxham.geo.tables.contract", logging.INFO, " s  one row\n"),
        ("distributed.core", logging.WARNING, "one row\n"),
    ],
)
def test_our_own_records_say_when_they_came(
    name: str, level: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with err.capture() as captured:
        Heard().emit(logging.LogRecord(name, level, "", 0, "one row", None, None))
    assert captured.get().endswith(told)
    assert captured.get().strip()[0].isdigit() == (level == logging.INFO)
