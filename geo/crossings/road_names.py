"""What the roads at a border crossing are called, on each side of it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from roxham.geo.network.parts import ROAD_PARTS, read_called
from roxham.geo.network.roads import Roads
from roxham.geo.network.speeds import ferries

__all__ = ["EdgeEnd", "RoadNames"]

CLASSES = (
    *("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential"),
    *("living_street", "service", "motorway_link", "trunk_link", "primary_link"),
    *("secondary_link", "tertiary_link"),
)
"""OSM's road classes, highest first, slip roads after the roads they serve; others follow."""

JOINED = " / "


class EdgeEnd(NamedTuple):
    """One end of an edge at a border, as in :attr:`roxham.geo.crossings.cut.Cut.approach`."""

    edge: int
    arrives: bool
    left: bool | None
    parted: bool


class RoadNames:
    """Names, numbers and class of edges at border nodes.

    Where a merged edge has several names, the one at the border is taken that its ``road_parts``
    tell. Without these, of two names the one of this side is taken if the network keeps them in
    the order of the road (both directions of a road then list them in opposite order); else
    all are given.
    """

    def __init__(self, roads: Roads, approach: pd.DataFrame) -> None:
        self.roads = roads
        self.approach = approach
        self._ferry = ferries(roads)
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

        A ferry is ``ferry``, whatever class of road it goes on with.

        Without the name the order of a set would choose, which differs from run to run.
        """
        found = {c for end in rows for c in self._classes(end.edge)}
        return min(found, key=lambda c: (_rank(c), str(c))) if found else None

    def _classes(self, edge: int) -> list[Any]:
        return ["ferry"] if self._ferry[edge] else _several(self._of("highway", edge))

    def all_of(self, rows: Iterable[EdgeEnd], column: str) -> list[str]:
        """Return the distinct values of a column at these edge ends."""
        found = (str(value) for end in rows for value in _several(self._of(column, end.edge)))
        return list(dict.fromkeys(found))

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
        for edge, arrives, _, parted in rows:
            values = _several(self._of(column, edge))
            called = read_called(self._of(ROAD_PARTS, edge))
            if called:  # the end at the border
                values = _several(getattr(called[-1 if arrives else 0], column))
            elif len(values) == 2 and self.in_road_order:
                # Before the cut the first name, after it the last; at an end the near one.
                # Of three, the middle one may be the road at the border: all are given.
                values = values[:1] if arrives == parted else values[-1:]
            rank = min((_rank(c) for c in _several(self._of("highway", edge))), default=99)
            for value in values:
                found[str(value)] = min(found.get(str(value), (99, "")), (rank, str(value)))
        return sorted(found, key=lambda value: found[value])

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


def _rank(highway: Any) -> int:
    return CLASSES.index(highway) if highway in CLASSES else len(CLASSES)


def _several(value: Any) -> list[Any]:
    if value is None or value != value:
        return []
    return list(value) if isinstance(value, Iterable) and not isinstance(value, str) else [value]
