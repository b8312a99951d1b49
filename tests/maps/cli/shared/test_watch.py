"""A file that passes a bound while a library reads it is refused all the same."""

import os
import subprocess
import sys
import time

import pytest

from roxham.geo.bounds import Asked
from roxham.maps.cli.shared import watch

HELD = """
from roxham.geo import bounds
from roxham.maps.cli.shared.watch import watch
watch()
bounds.set_bound("memory", "50000000")
with bounds.within_bounds("a sound file"):
    pass
with bounds.within_bounds("a.json"):
    held = b"x" * 200_000_000
    sum(range(10**11))  # in one call, which hears nothing
"""


SOUND = """
import os
from roxham.geo import bounds
from roxham.maps.cli.shared.watch import watch
watch()
watch()  # two are no worse than one
with bounds.within_bounds("a.json"):
    if os.fork() == 0:  # as a worker: what it reads is its own affair
        with bounds.within_bounds("b.json"):
            os._exit(0)
    os.wait()
print("read")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="processes are not watched on Windows")
def test_a_process_that_stays_within_bounds_ends_as_it_would() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SOUND], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "read\n", "")


def test_a_process_with_libraries_loaded_is_not_parted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("it has threads"), raising=False)
    monkeypatch.setitem(sys.modules, "numpy", sys)
    watch.watch()


@pytest.mark.skipif(sys.platform == "win32", reason="processes are not watched on Windows")
def test_a_process_that_hears_nothing_is_ended_and_the_bound_told() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HELD], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == -14  # SIGALRM
    said = "a.json: needs more than 50,000,000 bytes of memory. If it is sound, set "
    assert done.stderr == f"{said}ROXHAM_MAX_MEMORY higher.\n"


def test_a_bound_is_passed_when_this_process_has_had_its_turn() -> None:
    now, most = time.monotonic(), 10**15
    assert watch._passed(Asked(now - 9, most, "too long", "too large"), os.getpid()) == "too long"
    assert not watch._passed(Asked(now, most, "too long", "too large"), os.getpid())
    assert watch._passed(Asked(now, 1, "too long", "too large"), os.getpid()) == "too large"
