"""What readers hand over: the roads of a file as columns, before any topology."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roxham.geo._types import Floats, Ints
from roxham.geo.columns import Coded, Ragged, distinct, ends

from .network_types import FILTER_TAGS, chooser

__all__ = ["NODE_TAGS", "WAY_TAGS", "Collector", "Extract", "coded_tags", "gone", "merged"]

NODE_TAGS = ("highway", "junction", "railway", "ref", "barrier", "access", "noexit", "name")
"""Node tags that are kept: OSMnx's, and those that say where a road is closed."""

WAY_TAGS = (
    "highway", "name", "ref", "oneway", "junction", "lanes", "maxspeed", "access", "bridge",
    "tunnel", "service", "area", "width", "est_width", "landuse", "surface", "tracktype",
    "seasonal", "noexit", "barrier", "motor_vehicle", "toll", "maxspeed:type",
    "maxspeed:forward", "maxspeed:backward", "route", "duration",
)  # fmt: skip
"""Way tags that are kept: OSMnx's, surfaces, seasons, closures, posted speeds and ferries."""

NODE_KEPT = frozenset(NODE_TAGS)
WAY_KEPT = frozenset(WAY_TAGS) | FILTER_TAGS
"""What readers keep: also the tags by which ways are chosen."""


@dataclass
class Extract:
    """Highways of a file, before any topology.

    ``lon`` and ``lat`` in degrees; the nodes of way i are
    ``refs[offsets[i]:offsets[i + 1]]``. ``set_aside`` has a row for everything
    that could not be used: ``element``, ``osmid``, ``problem``. ``ferries`` counts those
    that are no highway, and so not here.
    """

    name: str
    node_id: Ints
    lon: Floats
    lat: Floats
    node_tags: dict[int, dict[str, str]]
    way_id: Ints
    offsets: Ints
    refs: Ints
    way_tags: list[dict[str, str]]
    set_aside: list[dict[str, Any]] = field(default_factory=list)
    ferries: int = 0

    def settled(self) -> Extract:
        """Settle duplicates and set impossible nodes aside; return the same extract."""
        _settle_nodes(self)
        _settle_ways(self)
        return self

    def aside(self, element: str, osmid: int | None, problem: str) -> None:
        """Note something that could not be used."""
        self.set_aside.append({"element": element, "osmid": osmid, "problem": problem})

    def take_ways(self, rows: NDArray[Any]) -> None:
        """Keep these ways only, by position."""
        rows = np.arange(len(self.way_id))[rows]
        taken = Ragged(self.offsets, self.refs).take(rows)
        self.offsets, self.refs = taken.offsets, taken.values
        self.way_id = self.way_id[rows]
        self.way_tags = [self.way_tags[row] for row in rows.tolist()]


def _settle_nodes(data: Extract) -> None:
    """Sort nodes by id; of those that stand twice the last counts, as in OSMnx."""
    bad = ~((np.abs(data.lon) <= 180) & (np.abs(data.lat) <= 90))
    for row in np.flatnonzero(bad).tolist():
        where = f"lon {data.lon[row]}, lat {data.lat[row]}"
        data.aside("node", int(data.node_id[row]), f"its coordinates cannot be: {where}")
    good = np.flatnonzero(~bad)
    order = good[np.argsort(data.node_id[good], kind="stable")]
    ids, lon, lat = data.node_id[order], data.lon[order], data.lat[order]
    last = np.ones(len(ids), dtype=bool)
    last[:-1] = ids[1:] != ids[:-1]
    moved = np.zeros(len(ids), dtype=bool)
    moved[:-1] = ~last[:-1] & ((lon[1:] != lon[:-1]) | (lat[1:] != lat[:-1]))
    for osmid in np.unique(ids[moved]).tolist():
        data.aside("node", osmid, "stands twice at two places; the last one counts")
    data.node_id, data.lon, data.lat = ids[last], lon[last], lat[last]


def _settle_ways(data: Extract) -> None:
    """Of ways that stand twice the last counts, as in OSMnx."""
    if len(distinct(data.way_id)) == len(data.way_id):
        return
    last = {osmid: row for row, osmid in enumerate(data.way_id.tolist())}
    said: set[int] = set()
    for row, osmid in enumerate(data.way_id.tolist()):
        kept = last[osmid]
        if row == kept or osmid in said:
            continue
        mine, other = (data.refs[data.offsets[i] : data.offsets[i + 1]] for i in (row, kept))
        if not np.array_equal(mine, other) or data.way_tags[row] != data.way_tags[kept]:
            said.add(osmid)
            data.aside("way", osmid, "stands twice with two contents; the last one counts")
    data.take_ways(np.array(sorted(last.values()), dtype=np.int64))


def coded_tags(rows: Sequence[dict[str, str]], names: Iterable[str]) -> dict[str, Coded]:
    """Turn tags by row into columns by tag; a tag that no row has is no column."""
    filled: dict[str, tuple[list[int], list[int], dict[str, int]]] = {
        name: ([], [], {}) for name in names
    }
    for row, tags in enumerate(rows):
        for name, value in tags.items():
            if name in filled:
                places, codes, seen = filled[name]
                places.append(row)
                codes.append(seen.setdefault(value, len(seen)))
    columns = {}
    for name, (places, codes, seen) in filled.items():
        if seen:
            column = np.full(len(rows), -1, dtype=np.int32)
            column[places] = codes
            columns[name] = Coded(column, list(seen))
    return columns


def merged(parts: Sequence[Extract], name: str) -> Extract:
    """Join extracts of neighbouring tiles; what stands in several counts once."""
    sizes = np.concatenate([np.diff(part.offsets) for part in parts])
    whole = Extract(
        name,
        np.concatenate([part.node_id for part in parts]),
        np.concatenate([part.lon for part in parts]),
        np.concatenate([part.lat for part in parts]),
        {osmid: tags for part in parts for osmid, tags in part.node_tags.items()},
        np.concatenate([part.way_id for part in parts]),
        ends(sizes),
        np.concatenate([part.refs for part in parts]),
        [tags for part in parts for tags in part.way_tags],
        [row for part in parts for row in part.set_aside],
        sum(part.ferries for part in parts),
    )
    return whole.settled()


class Collector:
    """Columns that grow while a file is read."""

    def __init__(self, name: str, modes: str) -> None:
        self.name = name
        self.met: Counter[str] = Counter()
        self.choose = chooser(modes, self.met)
        self.node_id, self.lon, self.lat = array("q"), array("d"), array("d")
        self.node_tags: dict[int, dict[str, str]] = {}
        self.way_id, self.sizes, self.refs = array("q"), array("q"), array("q")
        self.way_tags: list[dict[str, str]] = []
        self.words: dict[str, str] = {}

    def way(self, osmid: int, tags: dict[str, str], start: int) -> None:
        """End a way whose refs stand from ``start`` on; drop it if it is not wanted."""
        if self.choose(tags):
            self.way_id.append(osmid)
            self.way_tags.append(tags)
            self.sizes.append(len(self.refs) - start)
        else:
            del self.refs[start:]

    def extract(self) -> Extract:
        """Return what was read, duplicates settled and impossible nodes set aside."""
        return Extract(
            self.name,
            np.frombuffer(self.node_id, dtype=np.int64),
            np.frombuffer(self.lon, dtype=float),
            np.frombuffer(self.lat, dtype=float),
            self.node_tags,
            np.frombuffer(self.way_id, dtype=np.int64),
            ends(np.frombuffer(self.sizes, dtype=np.int64)),
            np.frombuffer(self.refs, dtype=np.int64),
            self.way_tags,
            ferries=self.met["ferry"],
        ).settled()


def gone(values: Mapping[str, str]) -> bool:
    """Whether an element is marked as deleted, by the database or by an editor."""
    return values.get("visible") == "false" or values.get("action") == "delete"
