"""Fetching, against a server on this machine that plays Overpass."""

from __future__ import annotations

import gzip
import json
import os
import re
import socket
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import osmnx
import pytest
from osmnx import _overpass

from roxham.geo import DataError, FetchError, Region, WriteError, fetch_roads
from roxham.geo.readers import overpass as _fetch
from tests.limits import closed, limited

AREA = Region("area", "Two tiles side by side", (0.0, 45.0, 0.2, 45.1), "EPSG:32631", ("CA", "US"))
STATUS = "Connected as: 1\nRate limit: 2\n2 slots available now.\nCurrently running queries\n"

NODES = {1: (0.01, 45.05), 2: (0.09, 45.05), 3: (0.19, 45.05), 4: (0.5, 45.5), 5: (0.6, 45.5)}
WAYS = {11: [1, 2], 12: [2, 3], 13: [4, 5]}  # west, both, elsewhere


def answer(*ways: int) -> dict[str, Any]:
    """Return these ways and their nodes as Overpass does."""
    refs = sorted({ref for way in ways for ref in WAYS[way]})
    nodes = [
        {"type": "node", "id": ref, "lon": NODES[ref][0], "lat": NODES[ref][1]} for ref in refs
    ]
    tags = {"highway": "primary"}
    lines = [{"type": "way", "id": way, "nodes": WAYS[way], "tags": tags} for way in ways]
    return {"version": 0.6, "elements": [*nodes, *lines]}


@dataclass
class Overpass:
    """A server that gives the queued replies in turn, and notes what it was asked."""

    url: str = ""
    replies: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    status: str = STATUS
    asked: list[str] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    def reply(self, body: Any, code: int = 200, **headers: str) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.replies.append((code, {k.replace("_", "-"): v for k, v in headers.items()}, data))


@pytest.fixture
def overpass(monkeypatch: pytest.MonkeyPatch) -> Iterator[Overpass]:
    server = Overpass()

    class Handler(BaseHTTPRequestHandler):
        def send(self, code: int, headers: dict[str, str], data: bytes) -> None:
            self.send_response(code)
            for name, value in {**headers, "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            assert self.path == "/api/status"
            self.send(200, {}, server.status.encode())

        def do_POST(self) -> None:
            assert self.path == "/api/interpreter"
            assert self.headers["User-Agent"].startswith("roxham/")
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            server.asked.append(urllib.parse.parse_qs(body)["data"][0])
            self.send(*server.replies.pop(0))

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{http.server_port}/api"
    now = time.monotonic
    monkeypatch.setattr(time, "sleep", server.slept.append)
    monkeypatch.setattr(time, "monotonic", lambda: now() + sum(server.slept))
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    http.shutdown()
    thread.join()
    http.server_close()


@pytest.fixture
def fetch(overpass: Overpass, tmp_path: Path) -> Callable[..., Any]:
    def run(**options: Any) -> Any:
        defaults = {"cache": tmp_path / "cache", "endpoint": overpass.url, "tile_km": 12}
        return fetch_roads(AREA, **{**defaults, **options})

    return run


def test_tiles_are_joined_into_one_network(overpass: Overpass, fetch: Callable[..., Any]) -> None:
    overpass.reply(answer(11, 12))
    overpass.reply(answer(12))
    said: list[tuple[int, int, str]] = []
    roads = fetch(progress=lambda *args: said.append(args))
    assert roads.edges["osmid"].to_dict() == {(1, 3, 0): [11, 12], (3, 1, 0): [12, 11]}
    assert roads.meta["set_aside"] == []
    assert said == [(0, 2, "asking"), (1, 2, "asking"), (2, 2, "done")]
    assert overpass.slept == []


def test_question_is_osmnx_question(overpass: Overpass, fetch: Callable[..., Any]) -> None:
    overpass.reply(answer(11, 12))
    overpass.reply(answer(12))
    fetch(modes="bike")
    first = overpass.asked[0]
    assert "(45.000000,0.000000,45.100000,0.100000)" in first
    assert first.startswith('[out:json][timeout:180];(way["highway"]')
    rule = re.compile(r'\["([\w:]+)"!~"([^"]+)"\]')
    theirs = dict(rule.findall(_overpass._get_network_filter("bike")))
    ours = dict(rule.findall(first))
    assert ours.keys() == theirs.keys()
    assert all(set(ours[tag].split("|")) == set(theirs[tag].split("|")) for tag in ours)


def test_cache_comes_before_any_network(
    overpass: Overpass, fetch: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "roxham")
    overpass.reply(answer(11, 12))
    overpass.reply(answer(12))
    first = fetch()
    assert fetch(endpoint="http://127.0.0.1:9/unreachable").edges.equals(first.edges)
    assert len(overpass.asked) == 2
    kept = [text.split(" are kept")[0] for text in caplog.messages if " tiles are kept" in text]
    assert kept == ["0 of 2 tiles", "2 of 2 tiles"]
    assert sum("/interpreter: answered 200" in text for text in caplog.messages) == 2


def cut(tile: Path) -> None:
    tile.write_bytes(tile.read_bytes()[:-9])


def flipped(tile: Path) -> None:
    data = bytearray(tile.read_bytes())
    data[len(data) // 2] ^= 4
    tile.write_bytes(data)


def replaced(tile: Path) -> None:
    tile.write_bytes(gzip.compress(b'{"elements": []}'))


def moved(tile: Path) -> None:
    elsewhere = json.dumps(answer(13)).encode()
    tile.write_bytes(gzip.compress(elsewhere))


def emptied(tile: Path) -> None:
    tile.write_bytes(b"")


def bomb(tile: Path) -> None:
    tile.write_bytes(gzip.compress(b" " * 2_000_000))


def folder(tile: Path) -> None:
    tile.unlink()
    (tile / "within").mkdir(parents=True)


def pipe(tile: Path) -> None:
    tile.unlink()
    os.mkfifo(tile)


def link(tile: Path) -> None:
    tile.unlink()
    tile.symlink_to(tile.with_name("nowhere"))


def locked(tile: Path) -> None:
    cut(tile)
    tile.chmod(0)


@pytest.mark.parametrize(
    "damage",
    [cut, flipped, replaced, moved, emptied, bomb, folder, pipe, link, locked],
)
def test_damaged_tile_is_fetched_again(
    overpass: Overpass,
    fetch: Callable[..., Any],
    tmp_path: Path,
    damage: Callable[[Path], None],
) -> None:
    overpass.reply(answer(11, 12))
    overpass.reply(answer(12))
    fetch()
    tiles = sorted((tmp_path / "cache").glob("*.json.gz"))
    first = next(tile for tile in tiles if b'"id": 11' in gzip.decompress(tile.read_bytes()))
    damage(first)
    overpass.reply(answer(11, 12))
    assert fetch(largest_bytes=1_000_000).edge_count == 2
    assert len(overpass.asked) == 3
    assert fetch(endpoint="http://127.0.0.1:9/unreachable").edge_count == 2
    assert sorted((tmp_path / "cache").glob("*.json.gz")) == tiles
    aside = (tmp_path / "cache").glob("*.aside/within")
    assert len(list(aside)) == (damage is folder)


def test_broken_off_fetch_goes_on_where_it_stopped(
    overpass: Overpass, fetch: Callable[..., Any]
) -> None:
    overpass.reply(answer(11))
    overpass.reply(b"no such query", 400)
    with pytest.raises(FetchError, match=r"answered 400.* 1 of 2 tiles are kept"):
        fetch()
    overpass.reply(answer(12))
    said: list[tuple[int, int, str]] = []
    assert fetch(progress=lambda *args: said.append(args)).edge_count == 2
    assert said == [(1, 2, "asking"), (2, 2, "done")]


@pytest.mark.parametrize("code", [429, 502, 503, 504])
def test_busy_server_is_asked_again_after_a_pause(
    overpass: Overpass, fetch: Callable[..., Any], code: int
) -> None:
    overpass.reply(b"busy", code)
    overpass.reply(b"busy", code, Retry_After="7")
    overpass.reply(answer(11, 12))
    overpass.reply(answer(12))
    said: list[tuple[int, int, str]] = []
    assert fetch(progress=lambda *args: said.append(args)).edge_count == 2
    assert overpass.slept == [15, 7]
    assert (0, 2, "waiting 7 s for the server") in said


def test_server_that_stays_busy_is_left_alone(
    overpass: Overpass, fetch: Callable[..., Any]
) -> None:
    for _ in range(20):
        overpass.reply(b"busy", 429)
    with pytest.raises(FetchError, match=r"wait 120 s more, and a tile may go 180 s"):
        fetch()
    assert overpass.slept == [15, 30, 60]


def test_status_page_is_obeyed(overpass: Overpass, fetch: Callable[..., Any]) -> None:
    overpass.status = (
        "Connected as: 1\nRate limit: 2\n"
        "Slot available after: 2024-01-01T00:00:30Z, in 12 seconds.\n"
        "Slot available after: 2024-01-01T00:00:30Z, in 30 seconds.\n"
    )
    overpass.reply(answer(11, 12))
    overpass.reply(answer(12))
    fetch()
    assert overpass.slept == [13, 13]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"elements": [], "remark": "runtime error: timed out"}, "is incomplete: runtime error"),
        (b"<html>Too busy</html>", "not whole, well-formed JSON"),
        (json.dumps(answer(11)).encode()[:-20], "not whole, well-formed JSON"),
        (b"", "not whole, well-formed JSON"),
        ([], "no Overpass answer"),
        ({"error": "no such page"}, "no Overpass answer"),
        ({"elements": {"type": "way"}}, "no Overpass answer"),
        ({"elements": [{"type": "node", "id": 1}]}, "element 1 is no node"),
        (answer(13), "answered another question"),
        (answer(11, 13), "answered another question"),
        ({"elements": []}, "no Overpass answer: it has no version"),
        ({"version": 0.6, "elements": [{"type": "count", "id": 0}]}, "it holds no way"),
        ({"version": 0.6, "elements": answer(11)["elements"][:2]}, "it holds no way"),
        ({**answer(), "elements": answer(11)["elements"][2:]}, "answered another question"),
    ],
)
def test_answer_that_is_none_is_not_kept(
    overpass: Overpass, fetch: Callable[..., Any], tmp_path: Path, body: Any, message: str
) -> None:
    overpass.reply(body)
    with pytest.raises(FetchError, match=message):
        fetch()
    assert list((tmp_path / "cache").iterdir()) == []


def test_offline_names_the_way_by_files(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchError, match=r"cannot be reached .*read_roads\(\)") as caught:
        fetch_roads(AREA, cache=tmp_path, endpoint=f"http://127.0.0.1:{port}")
    assert isinstance(caught.value, OSError)
    assert caught.value.__cause__ is None


def test_osmnx_settings_are_read_and_left_as_they_were(
    overpass: Overpass, fetch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(osmnx.settings, "overpass_url", overpass.url)
    before = {k: v for k, v in vars(osmnx.settings).items() if not k.startswith("_")}
    resolver = socket.getaddrinfo
    overpass.reply(answer(11, 12))
    overpass.reply(answer(12))
    fetch(endpoint=None)
    after = {k: v for k, v in vars(osmnx.settings).items() if not k.startswith("_")}
    assert after == before
    assert socket.getaddrinfo is resolver


def test_nothing_there_is_an_error(overpass: Overpass, fetch: Callable[..., Any]) -> None:
    overpass.reply(answer())
    overpass.reply(answer())
    with pytest.raises(DataError, match="no road of network type drive in region area"):
        fetch()


def test_unknown_network_type_is_refused_before_any_request(fetch: Callable[..., Any]) -> None:
    with pytest.raises(DataError, match=r"modes: is the text “fly”. Give one of"):
        fetch(modes="fly")


@pytest.mark.parametrize(("tile_km", "count"), [(50, 1), (12, 2), (8, 4), (5, 12)])
def test_tiles_cover_the_region(tile_km: float, count: int) -> None:
    tiles = _fetch._tiles(AREA, tile_km)
    assert len(tiles) == count
    assert sum((e - w) * (n - s) for w, s, e, n in tiles) == pytest.approx(0.02)
    assert (min(t[0] for t in tiles), max(t[3] for t in tiles)) == (0.0, 45.1)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("30", 30), ("Wed, 21 Oct 2015 07:28:00 GMT", 0), ("soon", None), (None, None), ("-3", None)],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert _fetch._retry_after_s(value) == seconds


def test_a_region_of_too_many_tiles_is_never_asked_for(overpass: Overpass, tmp_path: Path) -> None:
    world = Region(
        "world",
        "All of it",
        (-180.0, -90.0, 180.0, 90.0),
        "+proj=laea +lat_0=0 +lon_0=0 +datum=WGS84 +units=m",
        ("CA", "US"),
    )
    with pytest.raises(FetchError, match=r"would take [\d,]+ questions, and 400 is the most"):
        fetch_roads(world, cache=tmp_path, endpoint=overpass.url)
    assert overpass.asked == []


def test_a_tile_that_the_disk_does_not_take_is_told(
    overpass: Overpass, fetch: Callable[..., Any], tmp_path: Path
) -> None:
    overpass.reply(answer(11, 12))
    with limited(20), pytest.raises(WriteError, match=r"json\.gz: .*: File too large\. Make room"):
        fetch()
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_cache_that_is_closed_is_told_before_anything_is_asked(
    overpass: Overpass, fetch: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "cache").mkdir()
    with closed(tmp_path / "cache"), pytest.raises(WriteError, match=r"cache: .*: Permission"):
        fetch()
    assert overpass.asked == []


def test_an_answer_that_memory_does_not_hold_is_the_server_s(
    overpass: Overpass, fetch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(_fetch, "overpass_answer", none_left)
    overpass.reply(answer(11))
    with pytest.raises(FetchError, match="needs more memory than there is"):
        fetch()


def test_a_cache_that_cannot_be_made_is_told_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(DataError, match=r"file.cache: cannot be written: .*Name another folder"):
        fetch_roads(AREA, cache=tmp_path / "file" / "cache")
