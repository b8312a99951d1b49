"""Overpass answers, tile by tile, into a cache.

A tile that is in the cache, whole, is never asked for again, so a fetch that was
broken off goes on where it stopped. OSMnx's settings (endpoint, timeout, proxies)
are respected and never changed: the requests are made here, because OSMnx waits a
fixed minute on 429 and 504, without end, and keeps no checksums.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from roxham.geo.errors import FetchError, shown
from roxham.geo.io.atomic import unwritable, write_atomic
from roxham.geo.region import Region

from .network_types import RULES

__all__ = ["Progress", "default_cache", "fetch_tiles"]

Progress = Callable[[int, int, str], None]
"""Called with tiles done, tiles in all, and what happens now."""

TILE_KM = 50.0
"""Side of a tile; OSMnx's own limit for one question."""

MOST_TILES = 400
"""A wider region is for a file of a whole country, not for a server that many share."""

KM_PER_DEGREE = 111.2
BUSY = frozenset({429, 502, 503, 504})
TRIES = 6
LONGEST_WAIT_S = 600.0

FILE_ROUTE = (
    "Without a network, give a file to read_roads() or `roxham roads FILE`: an OSM extract "
    "(.osm.pbf) or a saved Overpass answer."
)


@dataclass(frozen=True)
class _Server:
    """Where to ask, and how."""

    endpoint: str
    timeout_s: float
    options: dict[str, Any]

    @property
    def headers(self) -> dict[str, str]:
        return {"User-Agent": f"roxham/{version('roxham')}", "Accept": "application/json"}


def default_cache() -> Path:
    """Return the folder for answers: ``roxham`` in the user's cache folder."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".cache") / "roxham"


def fetch_tiles(
    region: Region,
    modes: str,
    *,
    cache: Path,
    endpoint: str | None = None,
    tile_km: float = TILE_KM,
    progress: Progress | None = None,
) -> list[Path]:
    """Return the files of Overpass answers that cover a region, fetching those not there.

    Parameters
    ----------
    region
        Its bounds are cut into tiles.
    modes
        OSMnx network type.
    cache
        Folder of answers; made if it is not there.
    endpoint
        Base address of an Overpass API; by default ``osmnx.settings.overpass_url``.
    tile_km
        Largest side of a tile, kilometres.
    progress
        Called before each tile and at the end.

    Raises
    ------
    FetchError
        If the server cannot be reached, refuses, stays busy, or answers with an
        error. Tiles fetched so far stay in the cache.
    """
    say = progress or _silent
    queries = [_query(box, modes) for box in _tiles(region, tile_km)]
    files = [cache / f"overpass-{hashlib.sha256(q.encode()).hexdigest()[:16]}.json.gz"
             for q in queries]  # fmt: skip
    whole = [_is_whole(file) for file in files]
    done, total = sum(whole), len(files)
    if done < total:
        try:
            cache.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise unwritable(cache, error) from None
        server = _server(endpoint)
    for query, file, there in zip(queries, files, whole, strict=True):
        if there:
            continue
        say(done, total, "asking")
        try:
            answer = _ask(server, query, partial(say, done, total))
        except FetchError as error:
            kept = f" {done} of {total} tiles are kept in {cache}; run again to go on."
            raise FetchError(f"{error}{kept} {FILE_ROUTE}") from None
        _keep(file, answer)
        done += 1
    say(done, total, "done")
    return files


def _silent(done: int, total: int, note: str) -> None:
    """Say nothing."""


def _server(endpoint: str | None) -> _Server:
    from osmnx import settings

    return _Server(
        (endpoint or settings.overpass_url).rstrip("/"),
        float(settings.requests_timeout),
        dict(settings.requests_kwargs),
    )


def _tiles(region: Region, tile_km: float) -> list[tuple[float, float, float, float]]:
    """Cut bounds into equal tiles, south to north, west to east."""
    west, south, east, north = region.bounds
    middle = math.cos(math.radians((south + north) / 2))
    rows = max(1, math.ceil((north - south) * KM_PER_DEGREE / tile_km))
    cols = max(1, math.ceil((east - west) * KM_PER_DEGREE * middle / tile_km))
    if rows * cols > MOST_TILES:
        raise FetchError(
            f"{region.name} would take {rows * cols:,} questions, and {MOST_TILES} is the most. "
            f"Choose a smaller region. {FILE_ROUTE}"
        )
    x = [west + (east - west) * i / cols for i in range(cols + 1)]
    y = [south + (north - south) * i / rows for i in range(rows + 1)]
    return [(x[i], y[j], x[i + 1], y[j + 1]) for j in range(rows) for i in range(cols)]


def _query(box: tuple[float, float, float, float], modes: str) -> str:
    """Return the question that OSMnx would ask for a network type, with a box for an area."""
    west, south, east, north = box
    filters = "".join(f'["{tag}"!~"{barred}"]' for tag, barred in RULES[modes])
    area = f"({south:.6f},{west:.6f},{north:.6f},{east:.6f})"
    return f'[out:json][timeout:180];(way["highway"]{filters}{area};>;);out;'


def _is_whole(file: Path) -> bool:
    """Whether a cached answer is there and equal to its checksum."""
    check = file.with_name(file.name + ".sha256")
    if not (file.is_file() and check.is_file()):
        return False
    return check.read_text(encoding="ascii").split()[:1] == [_sha256(file.read_bytes())]


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _keep(file: Path, answer: bytes) -> None:
    """Write an answer and its checksum; each appears whole or not at all."""
    data = gzip.compress(answer, mtime=0)
    check = file.with_name(file.name + ".sha256")
    check.unlink(missing_ok=True)
    write_atomic(file, data)
    write_atomic(check, f"{_sha256(data)}  {file.name}\n".encode())


def _ask(server: _Server, query: str, say: Callable[[str], None]) -> bytes:
    """Return the answer to one question, waiting as the server asks."""
    import requests

    waited = 0.0
    for turn in range(TRIES):
        try:
            waited += _wait(_slot_wait_s(server), waited, say)
            response = requests.post(
                f"{server.endpoint}/interpreter",
                data={"data": query},
                headers=server.headers,
                timeout=server.timeout_s + 20,
                **server.options,
            )
        except requests.exceptions.RequestException as error:
            cause = shown(type(error).__name__)
            raise FetchError(f"cannot reach {server.endpoint} ({cause}).") from None
        if response.status_code not in BUSY:
            return _checked(server, response)
        pause = _retry_after_s(response.headers.get("Retry-After"))
        waited += _wait(15.0 * 2**turn if pause is None else pause, waited, say)
    raise FetchError(f"{server.endpoint} stayed busy through {TRIES} tries.")


def _wait(seconds: float, waited: float, say: Callable[[str], None]) -> float:
    """Sleep as long as the server asks, up to a limit in all; return the seconds."""
    if waited + seconds > LONGEST_WAIT_S:
        raise FetchError(f"the server asks to wait {seconds:.0f} s more, too long for one tile.")
    if seconds > 0:
        say(f"waiting {seconds:.0f} s for the server")
        time.sleep(seconds)
    return seconds


def _slot_wait_s(server: _Server) -> float:
    """Return the seconds until the server has a free slot, by its status page; 0 if it has none."""
    import requests

    response = requests.get(
        f"{server.endpoint}/status", headers=server.headers, timeout=30, **server.options
    )
    if not response.ok or re.search(r"[1-9]\d* slots available now", response.text):
        return 0.0
    waits = [int(s) for s in re.findall(r"in (-?\d+) seconds", response.text)]
    return float(max(min(waits) + 1, 0)) if waits else 0.0


def _retry_after_s(value: str | None) -> float | None:
    """Return the seconds of a ``Retry-After`` header: a number or a date.

    Examples
    --------
    >>> _retry_after_s("7"), _retry_after_s("soon")
    (7.0, None)
    """
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max((until - datetime.now(UTC)).total_seconds(), 0.0)


def _checked(server: _Server, response: Any) -> bytes:
    """Return an answer's bytes if it is one, whole."""
    if not response.ok:
        raise FetchError(f"{server.endpoint} answered {response.status_code} {response.reason}.")
    try:
        answer = json.loads(response.content)
    except ValueError:
        raise FetchError(f"{server.endpoint} answered with something that is not JSON.") from None
    if not isinstance(answer, dict) or "elements" not in answer:
        raise FetchError(f"{server.endpoint} answered without elements.")
    if "remark" in answer:
        raise FetchError(f"{server.endpoint} could not answer whole: {shown(answer['remark'])}")
    content: bytes = response.content
    return content
