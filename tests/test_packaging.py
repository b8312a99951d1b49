"""The house: names, rooms, exports."""

import re
from pathlib import Path

import pytest

import roxham
import roxham.geo
import roxham.layers
import roxham.maps

ROOT = Path(__file__).parent.parent
ROOMS = ("geo", "layers", "maps")


def test_version_is_a_release_number() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", roxham.__version__)


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_are_imported_under_one_name(room: str) -> None:
    bare = re.compile(rf"^\s*(?:from|import) (?:{'|'.join(ROOMS)})\b", re.MULTILINE)
    found = [p.name for p in (ROOT / room).rglob("*.py") if bare.search(p.read_text())]
    assert found == []


@pytest.mark.parametrize("room", [roxham.geo, roxham.layers, roxham.maps])
def test_what_is_exported_is_there_and_sorted_once(room: object) -> None:
    names = list(getattr(room, "__all__", []))
    assert len(names) == len(set(names))
    assert all(hasattr(room, name) for name in names)
