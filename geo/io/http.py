"""Answers over HTTP within stated bounds of time, size and way, whatever the server does."""

from __future__ import annotations

import logging
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from roxham.geo.errors import FetchError, shown
from roxham.geo.quoting import name_of

from .atomic import unwritable

if TYPE_CHECKING:
    import requests

__all__ = ["Answer", "Deadline", "ask", "download"]

LOGGER = logging.getLogger(__name__)

LARGEST_BYTES = 2_000_000_000
TIMEOUT_S = 180.0
"""Of a table at an address: its size, and seconds without progress."""
REDIRECTS = 3
CONNECT_S = 10.0
OURS = ("headers", "stream", "allow_redirects", "timeout")
"""Options of a request that hold the bounds, whatever is asked for."""
SLOWEST = 65_536
"""Bytes a second; what comes at this rate or faster may take as long as it takes."""
PIECE = 8_192
"""Bytes read at a time; of a gzip bomb they are 8 MB."""


class Deadline:
    """The seconds that an exchange may go without progress; reset by no trickle.

    Waiting takes from them, and each 64 KiB received give one back, up to what there were
    at first. So an answer that comes at a fair rate may take long, and one that drips not.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left, not below 0."""
        return max(self._end - time.monotonic(), 0.0)

    def came(self, size: int) -> None:
        """Note that so many bytes were received."""
        self._end = min(self._end + size / SLOWEST, time.monotonic() + self.seconds)


@dataclass(frozen=True)
class Answer:
    """What a server said. The body is there if the status is 200."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes = b""


def ask(
    method: str,
    address: str,
    *,
    deadline: Deadline,
    largest_bytes: int,
    sink: Callable[[bytes], object] | None = None,
    **options: Any,
) -> Answer:
    """Return the answer of a server; its body, unpacked, goes to ``sink`` if there is one.

    Redirects are followed at most three times, with the same method and data, and only to
    ``https:`` at the same host or one below it, or from this machine to this machine.

    Parameters
    ----------
    method, address, options
        As ``requests.request`` takes them. What would lift a bound is overruled.
    deadline
        How long it may take, from the name's resolution to the last byte.
    largest_bytes
        How large the body may be, as sent and unpacked.

    Raises
    ------
    FetchError
        If the server cannot be reached, leads elsewhere, breaks off, or a bound is passed.
    """
    pieces: list[bytes] = []
    name = name_of(address)
    late = Event()
    done: SimpleQueue[Answer | BaseException] = SimpleQueue()

    def work() -> None:
        try:
            exchange = _Exchange(name, deadline, largest_bytes, sink or pieces.append, late)
            done.put(exchange.run(method, address, options))
        except BaseException as error:
            done.put(error)

    # In a thread, as neither the resolution of names nor a header that drips can be broken
    # off; one that comes too late ends by itself, unheard.
    Thread(target=work, daemon=True).start()
    try:
        outcome = _awaited(done, deadline)
    finally:
        late.set()
    if outcome is None:
        raise FetchError(f"{name}: made no progress for {deadline.seconds:g} s (timeout).")
    if isinstance(outcome, Answer):
        LOGGER.info("%s %s: answered %d", method, name, outcome.status)
        return Answer(outcome.status, outcome.reason, outcome.headers, b"".join(pieces))
    if isinstance(outcome, zlib.error):
        raise FetchError(f"{name}: is packed as gzip, and damaged.")
    if isinstance(outcome, _of_the_network()):
        raise FetchError(f"{name}: cannot be reached ({type(outcome).__name__}).")
    raise outcome


def _of_the_network() -> tuple[type[Exception], ...]:
    from http.client import HTTPException

    from requests import RequestException
    from urllib3.exceptions import HTTPError

    return RequestException, HTTPError, HTTPException, UnicodeError


def _awaited(
    done: SimpleQueue[Answer | BaseException], deadline: Deadline
) -> Answer | BaseException | None:
    while left := deadline.left():
        try:
            return done.get(timeout=left)
        except Empty:
            continue  # it may have been put off
    return None


@dataclass
class _Exchange:
    """One question, its redirects and its answer, in a thread of its own."""

    name: str
    deadline: Deadline
    largest_bytes: int
    sink: Callable[[bytes], object]
    late: Event

    def run(self, method: str, address: str, options: Mapping[str, Any]) -> Answer:
        headers = {**options.get("headers", {}), "Accept-Encoding": "gzip"}
        others = {key: value for key, value in options.items() if key not in OURS}
        others |= {"headers": headers, "stream": True, "allow_redirects": False}
        timeout = (CONNECT_S, self.deadline.seconds)
        for _ in range(REDIRECTS + 1):
            with (
                _session() as session,
                session.request(method, address, timeout=timeout, **others) as answer,
            ):
                if not answer.is_redirect:
                    if answer.status_code == 200:
                        for piece in self._pieces(answer):
                            self.sink(piece)
                    return Answer(answer.status_code, str(answer.reason), answer.headers)
                address = self._led_on(address, answer.headers["location"])
        raise FetchError(f"{self.name}: leads on more than {REDIRECTS} times.")

    def _led_on(self, address: str, location: str) -> str:
        """Return where an answer leads; raise if we do not go there."""
        try:
            there = urljoin(address, location)
            here, host = (urlsplit(a).hostname or "" for a in (address, there))
        except ValueError:
            raise FetchError(f"{self.name}: leads to no address.") from None
        if _is_loopback(address) and _is_loopback(there):
            return there
        if not there.lower().startswith("https://"):
            raise FetchError(f"{self.name}: leads to an address that is not https:.")
        if host != here and not host.endswith(f".{here}"):
            raise FetchError(
                f"{self.name}: leads to another site, {shown(host)}. "
                "Give the address there if it is the right one."
            )
        return there

    def _pieces(self, answer: requests.Response) -> Iterator[bytes]:
        """Yield the body, unpacked, within the bounds."""
        coding = answer.headers.get("content-encoding", "").strip().lower()
        if coding not in ("", "identity", "gzip"):
            raise FetchError(f"{self.name}: is packed as {shown(coding)}, which was not asked for.")
        unpack = _Gunzip() if coding == "gzip" else None
        raw = size = 0
        while piece := self._piece(answer):
            if self.late.is_set():
                return
            self.deadline.came(len(piece))
            raw += len(piece)
            self._hold(raw)
            for part in unpack.parts(piece) if unpack else (piece,):
                size += len(part)
                self._hold(size)
                yield part
        told = answer.headers.get("content-length", "")
        if (told.isdecimal() and int(told[:20]) != raw) or (unpack and not unpack.whole):
            raise FetchError(f"{self.name}: broke off after {raw:,} bytes.")

    def _piece(self, answer: requests.Response) -> bytes:
        """Return what comes next, as sent: requests leaves it packed."""
        try:
            piece: bytes = answer.raw.read(PIECE)
        except ValueError:
            raise FetchError(f"{self.name}: sent a chunk of no length.") from None
        return piece

    def _hold(self, size: int) -> None:
        if size > self.largest_bytes:
            most = f"{self.largest_bytes:,} bytes (largest_bytes)"
            raise FetchError(f"{self.name}: is larger than {most}.")


def _session() -> requests.Session:
    """Return a session that reads nothing of an answer that leads on; others read it whole."""
    import requests

    class Session(requests.Session):
        def get_redirect_target(self, resp: requests.Response) -> str | None:
            return None

    return Session()


class _Gunzip:
    """Unpacks gzip piece by piece, no part larger than a megabyte."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(31)

    @property
    def whole(self) -> bool:
        return self._inflate.eof

    def parts(self, piece: bytes) -> Iterator[bytes]:
        while piece:
            if self._inflate.eof:  # another member follows
                self._inflate = zlib.decompressobj(31)
            yield self._inflate.decompress(piece, 1 << 20)
            piece = self._inflate.unconsumed_tail or self._inflate.unused_data


def _is_loopback(address: str) -> bool:
    """Whether an address is of this machine.

    Examples
    --------
    >>> [_is_loopback(a) for a in ("http://127.0.0.1:8/a", "https://localhost", "http://a.org")]
    [True, True, False]
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https"):
        return False
    try:
        return ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname == "localhost"


def download(
    address: str,
    path: Path,
    *,
    timeout_s: float = TIMEOUT_S,
    largest_bytes: int = LARGEST_BYTES,
) -> Path:
    """Save what is at an ``https:`` address as a file.

    Parameters
    ----------
    timeout_s
        Seconds that it may go without progress, see :class:`~roxham.geo.io.http.Deadline`.
    largest_bytes
        How large it may be, as sent and unpacked.

    Raises
    ------
    FetchError
        If it cannot be reached, refuses, leads to another site or away from ``https:``,
        breaks off, or a bound is passed.
    """
    name = name_of(address)
    try:
        with path.open("wb") as file:
            answer = ask(
                "GET",
                address,
                deadline=Deadline(timeout_s),
                largest_bytes=largest_bytes,
                sink=file.write,
            )
    except FetchError:  # an OSError, too
        raise
    except OSError as error:
        raise unwritable(path.parent, error) from error
    if answer.status != 200:
        raise FetchError(f"{name}: answered {answer.status} {shown(answer.reason)}.")
    return path
