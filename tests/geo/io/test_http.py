"""Answers of the worst server in the world: late, endless, packed again and again, or elsewhere."""

import gzip
import json
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from roxham.geo import FetchError, Region, fetch_roads
from roxham.geo.io import http
from roxham.geo.io.http import Deadline, ask, download

AREA = Region("area", "One tile", (0.0, 45.0, 0.1, 45.1), "EPSG:32631", ("CA", "US"))
SOON = 0.4
"""Seconds without progress after which these tests give up."""

LATE = SOON + 50
"""Seconds until they have given up, on a machine that has much to do; the servers go on for 60."""
NO_PROGRESS = r"made no progress for 0\.4 s|cannot be reached \(ReadTimeout\)"
"""Which of two clocks strikes first is the machine's affair."""

pause = threading.Event().wait
"""As other tests put the clock forward where they sleep."""

Play = Callable[[socket.socket, bytes], None]
"""What a server does with a connection and the request that came by it."""


def said(body: bytes = b"", status: str = "200 OK", **headers: object) -> Play:
    """Return a server that gives this answer."""
    told = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())

    def play(connection: socket.socket, _: bytes) -> None:
        connection.sendall(f"HTTP/1.1 {status}\r\n{told}Connection: close\r\n\r\n".encode() + body)

    return play


def dripping(start: bytes, drop: bytes = b" ") -> Play:
    """Return a server that begins well, and then sends a byte now and then."""

    def play(connection: socket.socket, _: bytes) -> None:
        connection.sendall(start)
        for _number in range(3000):
            connection.sendall(drop)
            pause(0.02)

    return play


def silent(connection: socket.socket, _: bytes) -> None:
    connection.settimeout(60)
    connection.recv(1)


def reset(connection: socket.socket, _: bytes) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def endless(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"a" * 65_536)


class Worst:
    """A server of this machine that answers the requests of each path in turn as it is told to."""

    def __init__(self, plays: dict[str, Play]) -> None:
        self.asked: list[bytes] = []
        self.open: list[socket.socket] = []
        self.plays = plays
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                self.open.append(connection)
                threading.Thread(target=self.one, args=(connection,), daemon=True).start()

    def one(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            request = b""
            while b"\r\n\r\n" not in request:
                request += connection.recv(65_536)
            head, _, body = request.partition(b"\r\n\r\n")
            size = next((int(line[16:]) for line in head.split(b"\r\n")
                         if line.lower().startswith(b"content-length: ")), 0)  # fmt: skip
            while len(body) < size:
                body += connection.recv(65_536)
            self.asked.append(head + b"\r\n\r\n" + body)
            self.plays[head.split()[1].decode()](connection, body)


@contextmanager
def worst(**plays: Play) -> Iterator[Worst]:
    server = Worst({f"/{name}": play for name, play in plays.items()})
    try:
        yield server
    finally:
        server.listener.close()
        for connection in server.open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def get(address: str, **options: Any) -> bytes:
    bounds = {"deadline": Deadline(SOON), "largest_bytes": 1_000_000}
    return ask("GET", address, **{**bounds, **options}).body


def squeezed(body: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        body = gzip.compress(body)
    return body


@pytest.mark.parametrize(
    ("play", "body"),
    [
        (said(b"abc"), b"abc"),
        (said(b"abc", Content_Length=3), b"abc"),
        (said(b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n", Transfer_Encoding="chunked"), b"abc"),
        (said(squeezed(b"abc"), Content_Encoding="gzip"), b"abc"),
        (said(squeezed(b"ab") + squeezed(b"c"), Content_Encoding="GZIP"), b"abc"),
        (said(squeezed(b"a" * 1_000_000), Content_Encoding="gzip"), b"a" * 1_000_000),
    ],
)
def test_whole_answers_arrive(play: Play, body: bytes) -> None:
    with worst(a=play) as server:
        assert get(f"{server.url}/a", deadline=Deadline(20)) == body


# Time

HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "play",
    [
        silent,
        dripping(b"", b""),
        dripping(HEAD + b"\r\n"),
        dripping(HEAD + b"Content-Length: 9000\r\n\r\n"),
        dripping(HEAD + b"X: "),
        dripping(HEAD, b"X: y\r\n"),
        dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
        dripping(HEAD + b"\r\n" + b"a" * 900_000),
    ],
)
def test_what_makes_no_progress_is_given_up(play: Play) -> None:
    with worst(a=play) as server:
        start = time.monotonic()
        with pytest.raises(FetchError, match=NO_PROGRESS):
            get(f"{server.url}/a")
        assert time.monotonic() - start < LATE


def test_what_comes_at_a_fair_rate_may_take_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "SLOWEST", 100_000)

    def steady(connection: socket.socket, _: bytes) -> None:
        connection.sendall(HEAD + b"\r\n")
        for _number in range(8):
            connection.sendall(b"a" * 40_000)
            pause(0.1)

    with worst(a=steady) as server:
        assert len(get(f"{server.url}/a")) == 320_000


@pytest.mark.parametrize(
    ("play", "problem"),
    [
        (reset, r"cannot be reached \(ConnectionError\)"),
        (said(b"abc", Content_Length=4), "broke off after 3 bytes|cannot be reached"),
        (said(b"5\r\nab", Transfer_Encoding="chunked"), "cannot be reached|broke off"),
        (said(b"-5\r\nab", Transfer_Encoding="chunked"), "sent a chunk of no length"),
        (said(squeezed(b"abc" * 99)[:-9], Content_Encoding="gzip"), "broke off"),
        (said(b"abc", Content_Encoding="gzip"), "packed as gzip, and damaged"),
        (said(b"abc", Content_Encoding="br"), "packed as br, which was not asked for"),
        (said(squeezed(b"a", 9), Content_Encoding="gzip, gzip"), "packed as gzip, gzip"),
    ],
)
def test_what_is_not_whole_is_told(play: Play, problem: str) -> None:
    with worst(a=play) as server, pytest.raises(FetchError, match=problem):
        get(f"{server.url}/a", deadline=Deadline(20))


# Size


@pytest.mark.parametrize(
    "play",
    [
        endless,
        said(b"a" * 1_000_001),
        said(squeezed(b"a" * 1_000_001), Content_Encoding="gzip"),
        said(squeezed(b"a" * 300_000_000), Content_Encoding="gzip"),
        said(squeezed(b"a") * 50_000, Content_Encoding="gzip"),
    ],
)
def test_what_is_too_large_is_refused_by_the_bound(play: Play) -> None:
    got: list[int] = []
    with (
        worst(a=play) as server,
        pytest.raises(FetchError, match=r"is larger than 1,000,000 bytes \(largest_bytes\)"),
    ):
        get(f"{server.url}/a", deadline=Deadline(20), sink=lambda piece: got.append(len(piece)))
    assert sum(got) <= 1_000_000


# Way


@pytest.mark.parametrize("status", ["301 a", "302 a", "303 a", "307 a", "308 a"])
def test_a_question_stays_one_where_it_is_led(status: str) -> None:
    with worst(a=said(status=status, Location="/b"), b=said(b"here")) as server:
        answer = ask(
            "POST", f"{server.url}/a", deadline=Deadline(20), largest_bytes=99, data={"data": "q"}
        )
        assert answer.body == b"here"
        assert [said.split()[:2] for said in server.asked] == [[b"POST", b"/a"], [b"POST", b"/b"]]
        assert all(said.endswith(b"\r\n\r\ndata=q") for said in server.asked)


def test_three_redirects_are_followed_and_no_fourth() -> None:
    led = {name: said(status="302 a", Location=f"/{chr(ord(name) + 1)}") for name in "abcd"}
    with worst(**led, e=said(b"here")) as server:
        assert get(f"{server.url}/b", deadline=Deadline(20)) == b"here"
        with pytest.raises(FetchError, match="leads on more than 3 times"):
            get(f"{server.url}/a", deadline=Deadline(20))


def test_nothing_is_read_of_what_an_answer_that_leads_on_says() -> None:
    sent: list[bytes] = []

    def long(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 302 a\r\nLocation: /b\r\n\r\n")
        while len(sent) < 1000:
            connection.sendall(b"a" * 65_536)
            sent.append(b"")

    with worst(a=long, b=said(b"here")) as server:
        assert get(f"{server.url}/a", deadline=Deadline(20), largest_bytes=9) == b"here"
    assert len(sent) < 500


def test_an_answer_that_leads_to_no_address_is_a_failure_of_the_server() -> None:
    with (
        worst(a=said(status="302 a", Location="http://[::1")) as server,
        pytest.raises(FetchError, match="leads to no address"),
    ):
        get(f"{server.url}/a", deadline=Deadline(20))


@pytest.mark.parametrize(
    ("here", "there", "problem"),
    [
        ("https://a.example/x", "/y", None),
        ("https://a.example/x", "https://b.a.example/y", None),
        ("http://a.example/x", "https://a.example:444/y", None),
        ("http://127.0.0.1/x", "http://localhost:8/y", None),
        ("http://[::1]/x", "http://127.9.9.9/y", None),
        ("https://a.example/x", "http://a.example/y", "not https:"),
        ("http://a.example/x", "/y", "not https:"),
        ("https://a.example/x", "file:///etc/passwd", "not https:"),
        ("https://a.example/x", "ftp://a.example/y", "not https:"),
        ("https://a.example/x", "http://127.0.0.1/y", "not https:"),
        ("https://a.example/x", "https://127.0.0.1/y", "another site"),
        ("https://a.example/x", "https://localhost/y", "another site"),
        ("https://a.example/x", "https://b.example/y", "another site"),
        ("https://a.example/x", "https://xa.example/y", "another site"),
        ("https://b.a.example/x", "https://a.example/y", "another site"),
        ("https://a.example/x", "https://a.example@b.example/y", "another site"),
        ("http://127.0.0.1/x", "http://10.0.0.1/y", "not https:"),
        ("http://127.0.0.1/x", "https://a.example/y", "another site"),
        ("https://a.example/x", "https://[/y", "leads to no address"),
    ],
)
def test_where_an_answer_may_lead(here: str, there: str, problem: str | None) -> None:
    exchange = http._Exchange(here, Deadline(1), 1, print, threading.Event())
    if problem is None:
        assert exchange._led_on(here, there).rpartition("/")[2] == "y"
    else:
        with pytest.raises(FetchError, match=problem):
            exchange._led_on(here, there)


# Who asks


def test_a_download_is_bounded_and_leaves_nothing_open(tmp_path: Path) -> None:
    with worst(a=endless, b=dripping(HEAD + b"\r\n"), c=said(b"id\n")) as server:
        with pytest.raises(FetchError, match="largest_bytes"):
            download(f"{server.url}/a", tmp_path / "a", largest_bytes=100_000)
        assert (tmp_path / "a").stat().st_size <= 100_000
        with pytest.raises(FetchError, match="no progress"):
            download(f"{server.url}/b", tmp_path / "b", timeout_s=SOON)
        assert download(f"{server.url}/c", tmp_path / "c").read_bytes() == b"id\n"


FREE = said(b"2 slots available now.\n")
BUSY = said(status="429 Too Many Requests")
ONE = said(json.dumps({"version": 0.6, "elements": []}).encode())


@pytest.mark.parametrize(
    ("status", "interpreter", "problem"),
    [
        (FREE, silent, NO_PROGRESS),
        (FREE, dripping(HEAD + b"\r\n"), NO_PROGRESS),
        (FREE, reset, "cannot be reached"),
        (FREE, BUSY, r"would have us wait 15 s more, and a tile may go 0\.4 s"),
        (FREE, said(status="429 a", Retry_After="soon"), "would have us wait 15 s more"),
        (FREE, said(status="429 a", Retry_After="9" * 999), "would have us wait inf s more"),
        (FREE, said(status="503 a", Retry_After="Wed, 21 Oct 9999 07:28:00 GMT"), "busy"),
        (FREE, said(status="302 a", Location="https://b.example/"), "another site"),
        (FREE, said(status="204 a"), "answered 204"),
        (FREE, endless, "largest_bytes"),
        (said(b"in 100 seconds."), ONE, "would have us wait 101 s more"),
        (said(b"in " + b"9" * 9 + b" seconds"), ONE, "would have us wait 1,000,000,000 s more"),
    ],
)
def test_a_tile_is_bounded_and_nothing_is_kept(
    status: Play, interpreter: Play, problem: str, tmp_path: Path
) -> None:
    with worst(status=status, interpreter=interpreter) as server:
        start = time.monotonic()
        with pytest.raises(FetchError, match=problem):
            fetch_roads(
                AREA, cache=tmp_path, endpoint=server.url, timeout_s=SOON, largest_bytes=1_000_000
            )
        assert time.monotonic() - start < LATE
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "status",
    [
        said(b"no such page", "404 Not Found"),
        said(b"\xff\xfe" * 99),
        said(b"in " + b"9" * 5000 + b" seconds"),
        endless,
        said(zlib.compress(b"a"), Content_Encoding="deflate"),
        reset,
    ],
)
def test_a_status_page_that_cannot_be_read_is_passed_over(status: Play, tmp_path: Path) -> None:
    from roxham.geo.readers.overpass import fetch_tiles

    with worst(status=status, interpreter=ONE) as server:
        (part,) = fetch_tiles(AREA, "drive", cache=tmp_path, endpoint=server.url, timeout_s=20)
    assert len(part.way_id) == 0
    assert len(list(tmp_path.iterdir())) == 1


def test_two_fetches_in_lockstep_share_a_cache(tmp_path: Path) -> None:
    """Each finds the other's file appearing, whole, under its hands."""
    from roxham.geo.readers import overpass

    box, wrong = (0.0, 45.0, 0.1, 45.1), []
    answers = [json.dumps({"version": 0.6, "elements": [], "osm3s": i}).encode() for i in range(2)]
    file = tmp_path / "overpass-a.json.gz"

    def work(answer: bytes) -> None:
        for turn in range(150):
            try:
                overpass._keep(file, answer)
                if overpass._cached(file, box, "drive", 1000) is None:
                    wrong.append(f"turn {turn}: gone or damaged")
            except Exception as error:
                wrong.append(f"turn {turn}: {error!r}")

    threads = [threading.Thread(target=work, args=(answer,)) for answer in answers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert list(tmp_path.iterdir()) == [file]
