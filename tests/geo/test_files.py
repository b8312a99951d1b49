"""Files are written whole or not at all."""

from pathlib import Path

import pytest

from roxham.geo import DataError
from roxham.geo.files import write_atomic


def test_a_new_file_and_a_replaced_one(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    assert write_atomic(path, b"one") == path
    write_atomic(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("where", [".", "nowhere/a.txt"])
def test_places_where_nothing_can_be_written(where: str, tmp_path: Path) -> None:
    with pytest.raises(DataError):
        write_atomic(tmp_path / where, b"x")
    assert list(tmp_path.iterdir()) == []


def test_a_break_in_the_middle_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def stop(self: Path, target: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
