"""The command line in an odd place: other encodings, a full disk, a hand on Ctrl-C."""

import errno
import io
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import roxham.__main__ as entry
from roxham.maps.cli import app as cli
from roxham.maps.cli.shared.console import fitting
from tests.maps.command import Run


def spoken(monkeypatch: pytest.MonkeyPatch, stream: io.TextIOWrapper, *words: str) -> int:
    """Run a command whose output goes to a stream."""
    monkeypatch.setattr("sys.stdout", stream)
    monkeypatch.setattr("sys.argv", ["roxham", *words])
    with pytest.raises(SystemExit) as left:
        cli.main()
    return int(left.value.code or 0)


@pytest.mark.parametrize("encoding", ["latin-1", "cp850", "ascii", "utf-8"])
def test_what_goes_to_a_pipe_is_utf8(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, encoding=encoding)
    assert spoken(monkeypatch, stream, "claims", "--json") == 0
    stream.flush()
    assert "–" in written.getvalue().decode("utf-8")


def test_a_terminal_shows_what_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    written = io.BytesIO()
    stream = Terminal(written, encoding="latin-1")
    assert spoken(monkeypatch, stream, "claims", "--json") == 0
    stream.flush()
    assert "?" in written.getvalue().decode("latin-1")


class Full(io.StringIO):
    """A disk on which nothing fits."""

    def write(self, _: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_no_fault_of_ours(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    full: Any = Full()
    assert spoken(monkeypatch, full, "data") == 1
    said = capsys.readouterr().err
    assert "No space left on device" in said
    assert "fault of roxham" not in said


def interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_ctrl_c_says_so_and_leaves_the_old_page(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "roxham.html").write_text("the old page")
    for step in ("roxham.maps.cli.map.load_layers", "pathlib.Path.replace"):
        with monkeypatch.context() as patch:
            patch.setattr(step, interrupted)
            said = run("map")
        assert said.code == 130
        assert said.err.splitlines()[-1] == "Stopped. No file is left half written."
        assert [path.name for path in tmp_path.iterdir()] == ["roxham.html"]
        assert (tmp_path / "roxham.html").read_text() == "the old page"


@pytest.fixture
def hand() -> Iterator[None]:
    """Have Ctrl-C mean afterwards what it meant before."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("hand")
def test_ctrl_c_while_it_loads_shows_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "main", interrupted)
    with pytest.raises(SystemExit) as left:
        entry.main()
    assert left.value.code == 130
    assert capsys.readouterr().err == "Stopped.\n"


def test_a_narrow_terminal_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from rich.console import Console

    written = io.StringIO()
    narrow = Console(file=written, width=20)
    table = fitting("layer", "rows", "set aside")
    table.add_row("interceptions", "39171", "embargo: within 90 days of 2023-01-15")
    narrow.print(table)
    told = "".join(written.getvalue().split())
    assert "…" not in told
    for letters in ("i", "3", "9", "7"):
        assert letters in told
