"""What killed runs left is completed or swept; what is in use, or not ours, is left alone."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from roxham.geo import DataError
from roxham.geo import workplace as module
from roxham.geo.io.atomic import write_atomic
from roxham.geo.workplace import sweep, workplace

ID = "0123456789ab"


def left(folder: Path, files: dict[str, str], *, machine: str | None = None) -> Path:
    """Make what a run that is dead left of its workplace; names that end in / are folders."""
    place = folder / f".a.{machine or module._machine()}-{ID}.part"
    place.mkdir()
    for name, text in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return place


@pytest.mark.parametrize(
    ("files", "then"),
    [
        ({}, {}),
        ({"new/a.csv": "half"}, {}),
        ({"new/out/x.csv": "half", "new/out/deep/y.csv": "y"}, {}),
        ({"new/out/x.csv": "new", "old/out/x.csv": "old"}, {"out/x.csv": "new"}),
        ({"old/out/x.csv": "old", "new/b": "x"}, {}),
    ],
)
def test_what_a_dead_run_left_is_completed_or_swept(
    files: dict[str, str], then: dict[str, str], tmp_path: Path
) -> None:
    left(tmp_path, files)
    write_atomic(tmp_path / "other.txt", b"x")
    found = {p.relative_to(tmp_path).as_posix(): p.read_text() for p in tmp_path.rglob("*")
             if p.is_file()}  # fmt: skip
    assert found == {"other.txt": "x", **then}
    assert not list(tmp_path.glob(".*"))


def test_a_folder_that_came_in_between_is_kept_and_so_are_both_others(tmp_path: Path) -> None:
    place = left(tmp_path, {"new/out/x": "new", "old/out/x": "old"})
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("mine")
    sweep(tmp_path)
    assert (tmp_path / "out" / "mine").read_text() == "mine"
    assert (place / "new" / "out" / "x").read_text() == "new"
    assert (place / "old" / "out" / "x").read_text() == "old"


def test_what_is_not_ours_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = left(tmp_path, {"new/x": "x"}, machine="0" * 8)
    names = (".a.part", f"a.{module._machine()}-{ID}.part", f".a.{module._machine()}-{ID}.partial")
    for name in names:
        (tmp_path / name).mkdir()
    (tmp_path / f".file.{module._machine()}-{ID}.part").write_text("x")
    target = tmp_path / "target"
    target.mkdir()
    (tmp_path / f".link.{module._machine()}-{ID}.part").symlink_to(target)
    before = sorted(tmp_path.rglob("*"))
    sweep(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before
    mine = left(tmp_path, {"new/x": "x"})
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    sweep(tmp_path)
    assert mine.exists()
    monkeypatch.undo()
    sweep(tmp_path)
    assert not mine.exists()
    assert elsewhere.exists()


def test_what_a_living_run_uses_is_left_alone(tmp_path: Path) -> None:
    with workplace(tmp_path / "a") as place:
        (place / "new" / "a").write_text("half")
        sweep(tmp_path)
        write_atomic(tmp_path / "b", b"x")
        assert (place / "new" / "a").read_text() == "half"
    assert list(tmp_path.iterdir()) == [tmp_path / "b"]


def test_what_another_living_process_uses_is_left_alone(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom roxham.geo.workplace import workplace\n"
        "with workplace(Path(sys.argv[1])) as place:\n    print(place, flush=True)\n    input()\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "a")]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True) as run:
        assert run.stdout is not None
        place = Path(run.stdout.readline().strip())
        sweep(tmp_path)
        assert (place / "new").is_dir()
        run.kill()
        run.wait()
        assert place.is_dir()
        sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_without_locks_nothing_is_swept_and_all_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("fcntl.flock", refuse)
    place = left(tmp_path, {"new/x": "x"})
    write_atomic(tmp_path / "b", b"x")
    assert sorted(tmp_path.iterdir()) == [place, tmp_path / "b"]


def test_a_folder_that_cannot_be_looked_through_can_be_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert write_atomic(tmp_path / "b", b"x").read_bytes() == b"x"


def test_many_at_once_in_one_folder_take_nothing_from_each_other(tmp_path: Path) -> None:
    wrong: list[str] = []

    def work(name: str) -> None:
        for turn in range(100):
            try:
                write_atomic(tmp_path / name, str(turn).encode())
            except (DataError, OSError) as error:
                wrong.append(repr(error))

    threads = [threading.Thread(target=work, args=(name,)) for name in "aabbcc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "c"]
