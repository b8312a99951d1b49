"""Ctrl-C at moments that are met exactly: within an import, within a command, at the end."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

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


def test_what_another_program_made_of_it_is_left_alone() -> None:
    from roxham.maps.cli.shared import interrupts

    before = signal.getsignal(signal.SIGINT)
    try:
        signal.signal(signal.SIGINT, print)
        for step in (interrupts.leave_at_once, interrupts.unwind, interrupts.ignore):
            step()
            assert signal.getsignal(signal.SIGINT) is print
    finally:
        signal.signal(signal.SIGINT, before)
