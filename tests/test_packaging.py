"""The house: names, rooms, exports."""

import re
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import roxham

ROOT = Path(__file__).parent.parent
ROOMS = ("geo", "layers", "maps")


def test_version_is_a_release_number() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", roxham.__version__)


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_are_imported_under_one_name(room: str) -> None:
    bare = re.compile(rf"^\s*(?:from|import) (?:{'|'.join(ROOMS)})\b", re.MULTILINE)
    found = [p.name for p in (ROOT / room).rglob("*.py") if bare.search(p.read_text())]
    assert found == []


@pytest.mark.parametrize("builder", [WheelBuilder, SdistBuilder])
def test_what_is_installed_holds_the_stubs_of_the_faces(
    builder: type[WheelBuilder] | type[SdistBuilder],
) -> None:
    files = {file.distribution_path for file in builder(str(ROOT)).recurse_included_files()}
    prefix = "roxham/" if builder is WheelBuilder else ""
    assert {f"{prefix}{room}/__init__.pyi" for room in ROOMS} <= files


def pinned() -> dict[str, set[str]]:
    """Return the distributions that requirements/dev.txt pins here, with their extras."""
    text = (ROOT / "requirements" / "dev.txt").read_text()
    pins = map(Requirement, re.findall(r"^(\w[^\\\n]*)", text, re.MULTILINE))
    here = [pin for pin in pins if pin.marker is None or pin.marker.evaluate()]
    return {canonicalize_name(pin.name): pin.extras for pin in here}


def asked_by(name: str, extras: set[str]) -> list[Requirement]:
    """Return what an installed distribution asks for with these extras."""
    try:
        asked = [Requirement(line) for line in requires(name) or []]
    except PackageNotFoundError:  # of another platform
        return []
    environments = [{"extra": extra} for extra in ("", *extras)]
    return [
        one
        for one in asked
        if one.marker is None or any(one.marker.evaluate(env) for env in environments)
    ]


def test_extras_that_pinned_distributions_ask_for_are_pinned_too() -> None:
    """With hashes pip takes a pin without the extra for another requirement, and refuses."""
    pins = pinned()
    assert len(pins) > 50
    missing = [
        f"{name} asks for {one.name}[{extra}]"
        for name, extras in pins.items()
        for one in asked_by(name, extras)
        for extra in one.extras - pins.get(canonicalize_name(one.name), one.extras)
    ]
    assert missing == []
