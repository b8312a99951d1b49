"""What the roads at a border crossing are called, on each side of it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from roxham.geo.network.parts import (
    ROAD_PARTS,
    Stretch,
    merged_ways,
    parts_between,
    read_stretches,
)
from roxham.geo.network.roads import Roads
from roxham.geo.network.speeds import ferries

__all__ = ["BESIDE_M", "CLOSURES", "SHUT", "EdgeEnd", "RoadNames"]

CLASSES = (
    *("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential"),
    *("living_street", "service", "motorway_link", "trunk_link", "primary_link"),
    *("secondary_link", "tertiary_link"),
)
"""OSM's road classes, highest first, slip roads after the roads they serve; others follow."""

JOINED = " / "
SHUT = {
    "barrier": ("block", "bollard", "debris", "fence", "jersey_barrier", "log", "wall"),
    "access": ("no",),
}
"""Values of OSM's tags that no car passes."""
CLOSURES = tuple(SHUT)
"""Tags of OSM that say whether one may pass, and can."""
BESIDE_M = 50.0
"""A barrier so near along the road is that of the crossing."""


class EdgeEnd(NamedTuple):
    """One end of an edge at a border, as in :attr:`roxham.geo.crossings.cut.Cut.approach`."""

    edge: int
    arrives: bool
    left: bool | None
    parted: bool


class RoadNames:
    """Names, numbers, class and closures of edges at border nodes.

    Of an edge that was merged of several ways, what lies at the border is told, as its
    ``road_parts`` say. Without these it is not known which that is: of two names the one of this
    side is taken if the network keeps them in the order of the road (both directions of a road
    then list them in opposite order), else all are given; of a class or a closure none is. What
    is so left open is :meth:`unsure`.
    """

    def __init__(self, roads: Roads, approach: pd.DataFrame) -> None:
        self.roads = roads
        self.approach = approach
        self._ferry = ferries(roads)
        self._merged = merged_ways(roads)
        self._columns: dict[str, np.ndarray[Any, Any]] = {}

    def label(self, rows: Iterable[EdgeEnd]) -> str | None:
        """Return the names of the roads at these edge ends, their numbers where nameless."""
        found = self._all(rows, "name") or self._all(rows, "ref")
        return JOINED.join(found) or None

    def refs(self, rows: Iterable[EdgeEnd]) -> str | None:
        """Return the road numbers at these edge ends."""
        return JOINED.join(self._all(rows, "ref")) or None

    def highest(self, rows: Iterable[EdgeEnd]) -> str | None:
        """Return the highest road class at these edge ends; of two unknown ones the first by name.

        Null where none is known, or not which is the highest. A ferry is ``ferry``, whatever
        class of road it goes on with.

        Without the name the order of a set would choose, which differs from run to run.
        """
        found = [sorted(map(str, here), key=_order) for end in rows if (here := self._kinds(end))]
        best = min((kinds[0] for kinds in found), key=_order, default=None)
        # the class of each end is at least its lowest
        return best if best == min((k[-1] for k in found), key=_order, default=None) else None

    def closures(self, end: EdgeEnd, tag: str) -> tuple[list[str], bool]:
        """Return what a tag says of the last metres before the border, and whether it may say more.

        Of an edge of several ways whose parts are not known, nothing.
        """
        length = float(self.roads.length_m[end.edge])
        near = (length - BESIDE_M, length) if end.arrives else (0.0, BESIDE_M)
        parts = parts_between(read_stretches(self._of(ROAD_PARTS, end.edge)), *near)
        if parts and all(part.highway is not None for part in parts):
            return list(dict.fromkeys(v for part in parts if (v := getattr(part, tag)))), False
        found = [str(value) for value in _several(self._of(tag, end.edge))]
        open_ = bool(found) and bool(self._merged[end.edge] or len(found) > 1)
        return ([], True) if open_ else (found, False)

    def unsure(self, rows: Iterable[EdgeEnd]) -> list[str]:
        """Return of what it is not known which part of a merged edge lies at the border."""
        rows = list(rows)
        found = []
        named = "name" if self._all(rows, "name") else "ref"
        if any(len(self._near(end, named)) > 1 for end in rows):
            found.append("roads")
        if any(len(self._near(end, "ref")) > 1 for end in rows):
            found.append("refs")
        if self.highest(rows) is None and any(map(self._kinds, rows)):
            found.append("class")
        closed = (tag for tag in CLOSURES if any(self.closures(end, tag)[1] for end in rows))
        return [*found, *closed]

    def _kinds(self, end: EdgeEnd) -> list[Any]:
        """Return the class at an edge end; several where it is not known which."""
        if self._ferry[end.edge]:
            return ["ferry"]
        there = self._there(end)
        if there is not None and there.highway is not None:
            return [there.highway]
        return _several(self._of("highway", end.edge))

    def _there(self, end: EdgeEnd) -> Stretch | None:
        """Return the stretch of a merged edge that lies at the border, if it is known."""
        parts = read_stretches(self._of(ROAD_PARTS, end.edge))
        return parts[-1 if end.arrives else 0] if parts else None

    def is_link(self, edge: int) -> bool:
        """Whether an edge is a slip road."""
        return any(str(c).endswith("_link") for c in _several(self._of("highway", edge)))

    def is_fast(self, edge: int) -> bool:
        """Whether an edge is of a motorway, a trunk road or a slip road."""
        return any(
            str(c) in ("motorway", "trunk") or str(c).endswith("_link")
            for c in _several(self._of("highway", edge))
        )

    def labels(self, edge: int) -> set[str]:
        """Return the names and numbers of an edge."""
        return {str(value) for c in ("name", "ref") for value in _several(self._of(c, edge))}

    def _all(self, rows: Iterable[EdgeEnd], column: str) -> list[str]:
        """Return the distinct values, those of higher roads first."""
        found: dict[str, tuple[int, str]] = {}
        for end in rows:
            rank = min((_rank(c) for c in self._kinds(end)), default=99)
            for value in self._near(end, column):
                found[str(value)] = min(found.get(str(value), (99, "")), (rank, str(value)))
        return sorted(found, key=lambda value: found[value])

    def _near(self, end: EdgeEnd, column: str) -> list[Any]:
        """Return the name or number at an edge end; several where it is not known which."""
        there = self._there(end)
        if there is not None:
            return _several(getattr(there, column))
        values = _several(self._of(column, end.edge))
        if len(values) == 2 and self.in_road_order:
            # Before the cut the first name, after it the last; at an end the near one.
            # Of three, the middle one may be the road at the border: all are given.
            return values[:1] if end.arrives == end.parted else values[-1:]
        return values

    def _of(self, column: str, edge: int) -> Any:
        if column not in self._columns:
            there = column in self.roads.edge_columns
            self._columns[column] = self.roads.edge(column) if there else np.empty(0)
        values = self._columns[column]
        return values[edge] if len(values) else None

    @cached_property
    def in_road_order(self) -> bool:
        """Whether twins list their names in opposite orders, wherever that shows."""
        seen: dict[tuple[int, int, float, str], list[Any]] = {}
        agreed = 0
        for edge in self.approach["edge"].drop_duplicates().tolist():
            for column in ("name", "ref"):
                values = _several(self._of(column, edge))
                if len(values) < 2:
                    continue
                u, v = int(self.roads.u[edge]), int(self.roads.v[edge])
                metres = round(float(self.roads.length_m[edge]), 2)
                twin = seen.get((v, u, metres, column))
                if twin is not None and twin != values[::-1]:
                    return False
                agreed += twin is not None
                seen[u, v, metres, column] = values
        return agreed > 0


def _order(kind: str) -> tuple[int, str]:
    return _rank(kind), kind


def _rank(highway: Any) -> int:
    return CLASSES.index(highway) if highway in CLASSES else len(CLASSES)


def _several(value: Any) -> list[Any]:
    if value is None or value != value:
        return []
    return list(value) if isinstance(value, Iterable) and not isinstance(value, str) else [value]
