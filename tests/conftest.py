"""Fixtures shared by all tests."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from .loopback import Loopback, listening
from .skips import pytest_sessionfinish

__all__ = ["pytest_sessionfinish"]

collect_ignore = ["layers/export/render_qgis.py", "layers/export/window_qgis.py"]
"""Run by QGIS's own Python."""

# How long an example takes is the machine's affair.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

SHARED = Path(__file__).parent.parent.parent / "shared" / "data" / "geo"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real geodata beside the checkout, or skip with the reason."""
    if not SHARED.is_dir():
        pytest.skip("the real geodata files are not beside this checkout")
    return SHARED


@pytest.fixture
def loopback(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    """Give a server of this machine that notes what it is asked for."""
    with listening(tmp_path_factory.mktemp("server") / "log") as server:
        yield server


def pytest_configure(config: pytest.Config) -> None:
    """Keep files in order, which :func:`pytest_collection_modifyitems` gives them."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, pages and commands: no worker is left alone with a long file."""
    rooms = ("tests/maps/scenarios/", "tests/maps/", "tests/")

    def rank(item: pytest.Item) -> int:
        return next((k for k, room in enumerate(rooms) if item.nodeid.startswith(room)), len(rooms))

    items.sort(key=rank)


def pytest_collection_finish() -> None:
    """Look for rubbish seldom, and not in what is imported: that takes a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return one worker more than there are cores: who waits for a browser leaves one idle."""
    return (os.cpu_count() or 1) + 1
