"""Overpass answers, tile by tile, into a cache.

A tile that is in the cache, whole, is never asked for again, so a fetch that was
broken off goes on where it stopped. OSMnx's settings (endpoint, timeout, proxies)
are respected and never changed: the requests are made here, because OSMnx waits a
fixed minute on 429 and 504, without end, and keeps whatever came.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import logging
import math
import os
import re
import secrets
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from roxham.geo.bounds import within_bounds
from roxham.geo.errors import DataError, FetchError, shown
from roxham.geo.io.atomic import is_read_only, unwritable, write_atomic
from roxham.geo.io.http import Deadline, ask
from roxham.geo.region import Region

from .network_types import RULES
from .osm_elements import Extract
from .osm_xml import overpass_answer, roads_of

__all__ = ["LARGEST_BYTES", "Progress", "default_cache", "fetch_tiles"]

LOGGER = logging.getLogger(__name__)

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


Progress = Callable[[int, int, str], None]
"""Called with tiles done, tiles in all, and what happens now."""

TILE_KM = 50.0
"""Side of a tile; OSMnx's own limit for one question."""

MOST_TILES = 400
"""A wider region is for a file of a whole country, not for a server that many share."""

KM_PER_DEGREE = 111.2
BUSY = frozenset({429, 502, 503, 504})
TRIES = 6
LARGEST_BYTES = 500_000_000
"""The largest answer, as sent and unpacked; Overpass itself stops at 512 MiB of memory."""
STATUS_BYTES = 65_536
STATUS_S = 15.0
EDGE = 1e-5
"""Degrees, a metre, by which the box of a question and the ways in its answer may miss."""

FILE_ROUTE = (
    "Without a network, give a file to read_roads() or `roxham roads FILE`: an OSM extract "
    "(.osm.pbf) or a saved Overpass answer."
)


@dataclass(frozen=True)
class _Server:
    """Where to ask, and how."""

    endpoint: str
    timeout_s: float
    largest_bytes: int
    options: dict[str, Any]


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
    timeout_s: float | None = None,
    largest_bytes: int = LARGEST_BYTES,
    progress: Progress | None = None,
) -> list[Extract]:
    """Return the Overpass answers that cover a region, fetching those not in the cache.

    Parameters
    ----------
    region
        Its bounds are cut into tiles.
    modes
        OSMnx network type.
    cache
        Folder of answers; made if it is not there. What is in it is judged each time, as
        an answer of the server is, and fetched again if it will not do.
    endpoint
        Base address of an Overpass API; by default ``osmnx.settings.overpass_url``.
    tile_km
        Largest side of a tile, kilometres.
    timeout_s
        Seconds that a tile may go without progress, waiting for the server's leave
        included; by default ``osmnx.settings.requests_timeout``, which is 180.
    largest_bytes
        How large an answer may be, as sent and unpacked.
    progress
        Called before each tile and at the end.

    Raises
    ------
    FetchError
        If the server cannot be reached, refuses, stays busy, passes a bound, or answers
        with anything but what was asked for. Tiles fetched so far stay in the cache.
    """
    say = progress or _silent
    boxes = _tiles(region, tile_km)
    server = _server(endpoint, timeout_s, largest_bytes)
    files = [cache / _file_name(_query(box, modes)) for box in boxes]
    parts = [
        _cached(file, box, modes, largest_bytes) for file, box in zip(files, boxes, strict=True)
    ]
    done, total = sum(part is not None for part in parts), len(parts)
    LOGGER.info("%d of %d tiles are kept in %s, and not fetched", done, total, cache)
    if done < total:
        try:
            cache.mkdir(parents=True, exist_ok=True)
            if not os.access(cache, os.W_OK | os.X_OK):  # found out before anything is fetched
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        except OSError as error:
            raise unwritable(cache, error) from None
    whole = []
    for part, file, box in zip(parts, files, boxes, strict=True):
        if part is None:
            say(done, total, "asking")
            try:
                answer = _ask(server, _query(box, modes), partial(say, done, total))
                part = _judged(answer, server.endpoint, box, modes)
            except FetchError as error:
                kept = f" {done} of {total} tiles are kept in {cache}; run again to go on."
                raise FetchError(f"{error}{kept} {FILE_ROUTE}") from None
            _keep(file, answer)
            done += 1
        whole.append(part)
    say(done, total, "done")
    return whole


def _silent(done: int, total: int, note: str) -> None:
    """Say nothing."""


def _server(endpoint: str | None, timeout_s: float | None, largest_bytes: int) -> _Server:
    from osmnx import settings

    options = dict(settings.requests_kwargs)
    agent = {"User-Agent": f"roxham/{version('roxham')}", "Accept": "application/json"}
    options["headers"] = {**agent, **options.get("headers", {})}
    return _Server(
        (endpoint or settings.overpass_url).rstrip("/"),
        float(settings.requests_timeout if timeout_s is None else timeout_s),
        largest_bytes,
        options,
    )


def _tiles(region: Region, tile_km: float) -> list[Box]:
    """Cut bounds into equal tiles, south to north, west to east; of both parts over 180°."""
    west, south, east, north = region.bounds
    if region.over_180:
        halves = (west, south, 180.0, north), (-180.0, south, east, north)
        parts = [_tiles(replace(region, bounds=half), tile_km) for half in halves]
        return [tile for part in parts for tile in part]
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


def _query(box: Box, modes: str) -> str:
    """Return the question that OSMnx would ask for a network type, with a box for an area."""
    west, south, east, north = box
    filters = "".join(f'["{tag}"!~"{barred}"]' for tag, barred in RULES[modes])
    area = f"({south:.6f},{west:.6f},{north:.6f},{east:.6f})"
    return f'[out:json][timeout:180];(way["highway"]{filters}{area};>;);out;'


def _file_name(query: str) -> str:
    return f"overpass-{hashlib.sha256(query.encode()).hexdigest()[:16]}.json.gz"


def _cached(file: Path, box: Box, modes: str, largest_bytes: int) -> Extract | None:
    """Return what the cache holds of a tile, None if that will not do.

    One file a tile, whose own CRC tells damage: a checksum beside it could be another's.
    """
    try:
        if not file.is_file():
            return None
        with gzip.open(file) as packed:
            answer = packed.read(largest_bytes + 1)
    except (OSError, EOFError, zlib.error):
        return None
    if len(answer) > largest_bytes:
        return None
    with suppress(FetchError):
        return _judged(answer, str(file), box, modes)
    return None


def _keep(file: Path, answer: bytes) -> None:
    """Put an answer in the cache, whole or not at all, in the place of what would not do."""
    with suppress(OSError):  # what cannot go is told by the write
        if file.is_dir() and not file.is_symlink():
            file.rename(file.with_name(f"{file.name}.{secrets.token_hex(4)}.aside"))
        elif file.is_symlink() or not file.is_file() or is_read_only(file, file.stat()):
            file.unlink()
    write_atomic(file, gzip.compress(answer, mtime=0))


def _judged(content: bytes, source: str, box: Box, modes: str) -> Extract:
    """Return what an answer holds if it is one, whole, to this question."""
    try:
        with within_bounds(source):
            answer = overpass_answer(content, source)
            part = roads_of(answer, source, modes)
    except DataError as error:
        raise FetchError(str(error)) from None
    if not isinstance(answer.get("version"), int | float):
        raise FetchError(f"{source}: is JSON, but no Overpass answer: it has no version.")
    if answer["elements"] and not any(one["type"] == "way" for one in answer["elements"]):
        raise FetchError(f"{source}: answered another question: it holds no way.")
    if not _lies_in(part, box):
        raise FetchError(f"{source}: answered another question: its ways lie elsewhere.")
    return part


def _lies_in(part: Extract, box: Box) -> bool:
    """Whether each way reaches into a box, as far as its nodes are known: all were asked for."""
    if not len(part.node_id):
        return not len(part.way_id)
    at = np.minimum(np.searchsorted(part.node_id, part.refs), len(part.node_id) - 1)
    known = part.node_id[at] == part.refs
    way = np.repeat(np.arange(len(part.way_id)), np.diff(part.offsets))[known]
    places = np.column_stack([part.lon, part.lat])[at[known]]
    low, high = np.full((len(part.way_id), 2), np.inf), np.full((len(part.way_id), 2), -np.inf)
    np.minimum.at(low, way, places)
    np.maximum.at(high, way, places)
    south_west, north_east = np.array(box[:2]) - EDGE, np.array(box[2:]) + EDGE
    return bool(np.all((low <= north_east) & (high >= south_west)))


def _ask(server: _Server, query: str, say: Callable[[str], None]) -> bytes:
    """Return the answer to one question, waiting as the server asks."""
    deadline = Deadline(server.timeout_s)
    for turn in range(TRIES):
        _wait(_slot_wait_s(server, deadline), deadline, say)
        answer = ask(
            "POST",
            f"{server.endpoint}/interpreter",
            deadline=deadline,
            largest_bytes=server.largest_bytes,
            data={"data": query},
            **server.options,
        )
        if answer.status == 200:
            return answer.body
        if answer.status not in BUSY:
            raise FetchError(f"{server.endpoint} answered {answer.status} {shown(answer.reason)}.")
        pause = _retry_after_s(answer.headers.get("Retry-After"))
        _wait(15.0 * 2**turn if pause is None else pause, deadline, say)
    raise FetchError(f"{server.endpoint} stayed busy through {TRIES} tries.")


def _wait(seconds: float, deadline: Deadline, say: Callable[[str], None]) -> None:
    """Sleep as long as the server asks, if that is not too long for a tile."""
    if seconds > deadline.left():
        raise FetchError(
            f"the server is busy: it would have us wait {seconds:,.0f} s more, and a tile may go "
            f"{deadline.seconds:g} s without progress (timeout). Run again later, or allow more."
        )
    if seconds > 0:
        LOGGER.info("waiting %.0f s for the server", seconds)
        say(f"waiting {seconds:.0f} s for the server")
        time.sleep(seconds)


def _slot_wait_s(server: _Server, deadline: Deadline) -> float:
    """Return the seconds until the server has a free slot, by its status page.

    0 if it has none that can be read: the question itself will show what is wrong.
    """
    try:
        answer = ask(
            "GET",
            f"{server.endpoint}/status",
            deadline=Deadline(min(STATUS_S, deadline.left())),
            largest_bytes=STATUS_BYTES,
            **server.options,
        )
    except FetchError:
        return 0.0
    text = answer.body.decode("utf-8", "replace")
    if re.search(r"[1-9]\d* slots available now", text):
        return 0.0
    waits = [int(s) for s in re.findall(r"in (-?\d{1,9}) seconds", text)]
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
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max((until - datetime.now(UTC)).total_seconds(), 0.0)
