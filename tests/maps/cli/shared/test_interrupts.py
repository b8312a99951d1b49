"""Ctrl-C at moments that are met exactly: within an import, within a command, at the end."""

import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing import spawn
from pathlib import Path
from threading import Event

import pytest

from roxham.maps.cli import app
from roxham.maps.cli.shared import console, interrupts
from tests.maps.command import Said

SCRIPT = """
import atexit, os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background shell ignores it
from roxham.__main__ import main

class Hand:
    def find_spec(self, name, path=None, target=None):
        if name == {when!r}:
            sys.meta_path.remove(self)
            press()

def press():
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt:
        if {taken_for_another_error}:
            raise ImportError("an array module failed to import") from None
        raise

sys.meta_path.insert(0, Hand())
if {when!r} == "the end":
    atexit.register(press)
if {ignored}:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
sys.argv[0] = "roxham"
main()
"""
DATA = ("data",)
FETCH = ("fetch", "--region", "-73.6,44.9,-73.3,45.1", "--endpoint", "http://127.0.0.1:9")
COMMANDS = "roxham.maps.cli.app"
LOADING, RUNNING = "Stopped.\n", "Stopped. No file is left half written.\n"


def stopped(
    folder: Path,
    when: str,
    *words: str,
    taken_for_another_error: bool = False,
    ignored: bool = False,
) -> Said:
    """Run a command on which Ctrl-C is pressed when a module is about to be imported."""
    code = SCRIPT.format(
        when=when, taken_for_another_error=taken_for_another_error, ignored=ignored
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=folder,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        encoding="utf-8",
        check=False,
    )
    said = done.stderr.removeprefix("\n")  # Rich before 14 ends a bar that nobody sees with one
    return Said(done.returncode, done.stdout, said)


@pytest.mark.parametrize(
    ("when", "words", "told"),
    [
        ("roxham.maps.cli", DATA, LOADING),
        (COMMANDS, DATA, LOADING),
        ("typer", DATA, LOADING),
        ("numpy", DATA, LOADING),
        ("pandas._libs.tslibs.offsets", DATA, LOADING),
        ("requests", FETCH, RUNNING),
    ],
)
def test_one_line_says_so_and_nothing_is_left(
    tmp_path: Path, when: str, words: tuple[str, ...], told: str
) -> None:
    assert stopped(tmp_path, when, *words) == Said(130, "", told)
    assert list(tmp_path.iterdir()) == []


def test_what_a_compiled_module_makes_of_it_is_not_told_as_a_fault(tmp_path: Path) -> None:
    said = stopped(tmp_path, "requests", *FETCH, taken_for_another_error=True)
    assert said == Said(130, "", RUNNING)


def test_what_is_done_stays_done(tmp_path: Path) -> None:
    said = stopped(tmp_path, "the end", *DATA)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("resource,rows,")


def test_a_command_that_does_not_hear_it_goes_on(tmp_path: Path) -> None:
    said = stopped(tmp_path, "pandas", *DATA, ignored=True)
    assert (said.code, said.err) == (0, "")


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Leave who hears a Ctrl-C of the tests themselves as it was."""
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(interrupts, "_heard", False)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("own")
def test_what_another_program_made_of_it_is_left_alone() -> None:
    signal.signal(signal.SIGINT, print)
    for step in (interrupts.leave_at_once, interrupts.unwind, interrupts.ignore):
        step()
        assert signal.getsignal(signal.SIGINT) is print


@pytest.mark.usefixtures("own")
def test_within_a_callback_of_python_s_own_it_is_pressed_again() -> None:
    class Callback:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)

    signal.signal(signal.SIGINT, interrupts._leave)
    interrupts.unwind()

    def work() -> None:
        one = Callback()
        del one
        Event().wait(60)

    with pytest.raises(KeyboardInterrupt):
        work()


@pytest.mark.usefixtures("own")
def test_pressed_again_it_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    signal.signal(signal.SIGINT, interrupts._unwind)
    heard: list[object] = []
    monkeypatch.setattr(app, "app", lambda **_: interrupts.STOPPED)
    monkeypatch.setattr(
        console.err, "print", lambda _: heard.append(signal.getsignal(signal.SIGINT))
    )
    with pytest.raises(SystemExit) as left:
        app.main()
    assert (left.value.code, heard) == (130, [signal.SIG_IGN])


@pytest.mark.usefixtures("own")
def test_a_worker_of_a_command_hears_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "orig_argv", spawn.get_command_line())
    monkeypatch.delitem(sys.modules, "roxham.__main__", raising=False)
    runpy.run_module("roxham.__main__", run_name="__mp_main__")
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
