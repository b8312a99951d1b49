"""Files are written whole or not at all, and what stands in their place decides how."""

import os
import socket
import stat
import threading
from pathlib import Path

import pytest

from roxham.geo import DataError
from roxham.geo.io.atomic import replacing, require_writable, write_atomic, write_together
from roxham.layers.export.datapackage import write_package


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


# Links


def test_files_that_belong_together_take_their_places_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = {name: f"old {name}" for name in ("a.css", "a.js", "a.html")}
    for name, text in old.items():
        (tmp_path / name).write_text(text)
    new = {tmp_path / name: f"new {name}".encode() for name in old}
    whole = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if path.name == "a.js":
            raise OSError(28, "No space left on device")
        return whole(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(DataError, match=r"a\.js: cannot be written: No space left"):
        write_together(new)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == old
    monkeypatch.undo()
    placed: list[str] = []
    rename = Path.replace

    def seen(part: Path, target: Path) -> Path:
        placed.append(part.name)
        return rename(part, target)

    monkeypatch.setattr(Path, "replace", seen)
    write_together(new)
    assert placed == [*old]
    assert [path.read_bytes() for path in new] == [*new.values()]


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    file = tmp_path / "there" / "a.txt"
    file.write_bytes(b"old")
    (tmp_path / "middle").symlink_to("there/a.txt")
    (tmp_path / "link").symlink_to(tmp_path / "middle")
    write_atomic(tmp_path / "link", b"new")
    assert file.read_bytes() == b"new"
    assert not file.is_symlink()
    assert (tmp_path / "link").readlink() == tmp_path / "middle"
    assert (tmp_path / "middle").readlink() == Path("there/a.txt")
    assert list((tmp_path / "there").iterdir()) == [file]
    assert len(list(tmp_path.iterdir())) == 3


def test_a_link_to_a_file_to_be_makes_it_where_its_folder_is(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there/a.txt")
    write_atomic(tmp_path / "link", b"new")
    assert (tmp_path / "there" / "a.txt").read_bytes() == b"new"
    assert (tmp_path / "link").is_symlink()
    (tmp_path / "lost").symlink_to("nowhere/a.txt")
    with pytest.raises(DataError, match="lost: its folder does not exist"):
        write_atomic(tmp_path / "lost", b"new")


def test_links_that_lead_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(DataError, match=r"a: cannot be reached: .*\. Name another file\."):
        write_atomic(tmp_path / "a", b"new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_another_name_of_the_old_file_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    write_atomic(tmp_path / "a", b"new")
    assert (tmp_path / "b").read_bytes() == b"old"


# What is no plain file


def refused(path: Path, problem: str) -> None:
    before = path.lstat()
    with pytest.raises(DataError) as raised:
        require_writable(path)
    assert str(raised.value) == f"{path}: is {problem}. Name a file to write."
    with pytest.raises(DataError):
        write_atomic(path, b"new")
    assert os.path.samestat(before, path.lstat())


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    refused(tmp_path / "pipe", "a pipe")
    refused(tmp_path / "link", "a pipe")


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the address of a socket is short
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket")
        refused(tmp_path / "socket", "a socket")


def test_a_device_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(os.devnull)
    refused(Path(os.devnull), "a device")
    refused(tmp_path / "link", "a device")


def test_the_file_that_output_goes_to_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.csv"
    path.write_bytes(b"printed")
    monkeypatch.setattr(os, "fstat", lambda _: path.stat())
    with pytest.raises(DataError, match="is where the output is printed to"):
        write_atomic(path, b"new")
    assert path.read_bytes() == b"printed"


# Modes and owners


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mode", [0o444, 0o400, 0o555])
def test_a_read_only_file_is_refused_to_root_too(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    path.chmod(mode)
    with pytest.raises(DataError, match=r"a\.txt: is read-only\. Make it writable, or name"):
        write_atomic(path, b"new")
    assert (path.read_bytes(), mode_of(path)) == (b"old", mode)


def test_a_file_that_the_system_closes_to_us_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda name, _: Path(name) != path)
    with pytest.raises(DataError, match="is read-only"):
        write_atomic(path, b"new")


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o755])
def test_a_replaced_file_keeps_its_mode(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    path.chmod(mode)
    with replacing(path) as part:
        assert mode_of(part) == 0o600  # what was secret is so while it is written
        part.write_bytes(b"new")
    assert (path.read_bytes(), mode_of(path)) == (b"new", mode)


def test_a_replaced_file_keeps_its_owner_where_we_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    asked = []

    def chown(_: Path, owner: int, group: int) -> None:
        asked.append((owner, group))
        if owner != -1:
            raise PermissionError

    known = path.stat()
    monkeypatch.setattr(os, "chown", chown)
    write_atomic(path, b"new")
    assert asked == [(known.st_uid, known.st_gid), (-1, known.st_gid)]


def test_a_group_that_cannot_be_kept_leaves_no_rights_to_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    path.chmod(0o664)
    theirs = list(path.stat())
    theirs[5] += 1  # the group
    real = Path.stat
    monkeypatch.setattr(
        Path,
        "stat",
        lambda self, **how: os.stat_result(theirs) if self == path else real(self, **how),
    )

    def chown(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "chown", chown)
    write_atomic(path, b"new")
    monkeypatch.undo()
    assert mode_of(path) == 0o644


def test_a_new_file_has_the_mode_of_the_umask_in_every_thread(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        threads = [
            threading.Thread(target=write_atomic, args=(tmp_path / str(i), b"x")) for i in range(40)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        kept = os.umask(before)
    assert kept == 0o027
    assert [mode_of(path) for path in tmp_path.iterdir()] == [0o640] * 40


# Folders


def export_to(folder: Path) -> Path:
    about = {"name": "roxham-export"}
    return write_package(
        folder, [], format="csv", about=about, documents={"README.md": "x"}, date="2024-01-01"
    )


def test_a_folder_and_its_files_keep_their_modes(tmp_path: Path) -> None:
    folder = export_to(tmp_path / "out")
    folder.chmod(0o750)
    (folder / "README.md").chmod(0o600)
    export_to(folder)
    assert (mode_of(folder), mode_of(folder / "README.md")) == (0o750, 0o600)


def test_a_link_to_a_folder_is_refused(tmp_path: Path) -> None:
    export_to(tmp_path / "out")
    (tmp_path / "link").symlink_to("out")
    with pytest.raises(DataError, match="link: is not a folder"):
        export_to(tmp_path / "link")


@pytest.mark.parametrize("name", ["README.md", "datapackage.json", "mine"])
def test_no_link_in_a_folder_is_replaced(name: str, tmp_path: Path) -> None:
    folder = export_to(tmp_path / "out")
    (tmp_path / "mine").mkdir()
    if name != "mine":
        (folder / name).rename(tmp_path / name)
    (folder / name).symlink_to(tmp_path / name)
    with pytest.raises(DataError, match=f"{name}: is n"):
        export_to(folder)
    assert (folder / name).is_symlink()


def test_a_pipe_in_a_folder_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    folder = export_to(tmp_path / "out")
    (folder / "README.md").unlink()
    os.mkfifo(folder / "README.md")
    with pytest.raises(DataError, match=r"README\.md: is no plain file"):
        export_to(folder)


@pytest.mark.parametrize("name", [".", "README.md", "datapackage.json"])
def test_what_is_read_only_in_a_folder_stays(name: str, tmp_path: Path) -> None:
    folder = export_to(tmp_path / "out")
    mode = mode_of(folder / name)
    (folder / name).chmod(mode & ~0o222)
    with pytest.raises(DataError, match=r"is read-only\. Make it writable"):
        export_to(folder)
    (folder / name).chmod(mode)


def test_a_break_between_two_renames_brings_the_old_folder_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = export_to(tmp_path / "out")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    rename = Path.rename

    def stop(self: Path, target: Path) -> Path:
        if self.parent.name == "new":
            raise KeyboardInterrupt
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", stop)
        with pytest.raises(KeyboardInterrupt):
            export_to(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert list(tmp_path.iterdir()) == [folder]
