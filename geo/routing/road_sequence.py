"""Which roads a way follows, in order, each once for a stretch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from roxham.geo.network.parts import NAMED, ROAD_PARTS, parts_between, read_stretches
from roxham.geo.network.roads import Roads
from roxham.geo.network.speeds import ferries

__all__ = ["ARROW", "Driven", "RoadList", "roads_followed"]

ARROW = " → "

Labels: TypeAlias = tuple[str, ...]
Driven: TypeAlias = "int | tuple[int, float, float]"
"""An edge that is driven, or a part of one: the edge, and from which fraction to which."""
ON_END = 1e-6
"""What is driven of an edge up to so small a share of it is all of it."""
EITHER = " / "
"""Stands between names of which it is not known which holds where."""


class RoadList:
    """Numbers and names of the edges of one network, read once.

    Parameters
    ----------
    roads
        Edge columns ``ref`` and ``name``, if it has them: several with semicolons between
        where a road has them all, in a list where roads were merged. ``road_parts`` says where
        on an edge each of these begins.
    """

    def __init__(self, roads: Roads) -> None:
        there = [name for name in NAMED if name in roads.edge_columns]
        self._columns = [roads.edge(name) for name in there]
        self._called = roads.edge(ROAD_PARTS) if ROAD_PARTS in roads.edge_columns else None
        self._length_m = roads.length_m
        self._ferry = ferries(roads)
        self._known: dict[int, list[Labels]] = {}

    def followed(self, edges: Iterable[Driven]) -> str | None:
        """Return what the roads of these edges are called, in order; null if none has a name.

        A road keeps its label as long as it lasts: its number, if it has one all the
        way, else its name. Stretches without a name are passed over, but for ferries. Of an
        edge that was merged of several roads those are told that are driven, as its
        ``road_parts`` say. Without these all are, in the order of its list, but for one
        that goes on from the edge before or to the one behind: that stands next to it; and of
        an edge that is driven in part it is not known which, so that all stand as one.
        """
        return ARROW.join(run[0] for run in self.stretches(edges)) or None

    def stretches(
        self, edges: Iterable[Driven], after: Sequence[str] | None = None
    ) -> list[Sequence[str]]:
        """Return the labels that hold all along each stretch of one road, in order.

        ``after`` are those of a stretch that goes on into these edges: it is the first then, with
        what is left of its labels. So a way is told in halves, and the first half but once for
        all that follow: nothing before its last stretch changes any more.
        """
        runs: list[Sequence[str]] = [] if after is None else [after]
        told = (self._driven(edge) for edge in edges)
        parts = [list(found) for found in told if found]
        # the pieces of one edge, cut where a border is, have the whole list each
        parts = [
            one for i, one in enumerate(parts) if not (i and len(one) > 1 and one == parts[i - 1])
        ]
        for i, here in enumerate(parts):
            before = parts[i - 1][-1] if i else tuple(after or ())
            if len(here) > 1 and before:
                _bring(here, before, 0)
            if i + 1 < len(parts) and len(here) > 1:
                ahead = [label for labels in parts[i + 1] for label in labels]
                _bring(here, ahead, len(here) - 1)
        for labels in (labels for edge in parts for labels in edge):
            common = tuple(label for label in runs[-1] if label in labels) if runs else ()
            if common:
                runs[-1] = common
            else:
                runs.append(labels)
        return runs

    def _driven(self, driven: Driven) -> list[Labels]:
        """Return the labels of each road of which an edge, or the part driven of it, is made."""
        edge, start, stop = (driven, 0.0, 1.0) if isinstance(driven, int) else driven
        called = read_stretches(self._called[edge]) if self._called is not None else []
        whole = start <= ON_END and stop >= 1 - ON_END
        if called:
            length = float(self._length_m[edge])
            here = parts_between(called, start * length, stop * length)
            cells = [[_cell(part.ref), _cell(part.name)] for part in here]
            return self._labels(
                edge, [[t for c in both for one in c for t in one] for both in cells]
            )
        found = self._parts(edge)
        if whole or len(found) < 2:
            return found
        return [(EITHER.join(labels[0] for labels in found),)]

    def _parts(self, edge: int) -> list[Labels]:
        """Return the labels of each road of which an edge is made."""
        if edge not in self._known:
            cells = [_cell(column[edge]) for column in self._columns]
            told = [cell for cell in cells if cell]
            several = bool(told) and len(told[0]) > 1
            # numbers, or names where there is none, one after another; else one road by all
            found = (
                told[0] if several else [[t for cell in told if len(cell) == 1 for t in cell[0]]]
            )
            self._known[edge] = self._labels(edge, found)
        return self._known[edge]

    def _labels(self, edge: int, found: list[list[str]]) -> list[Labels]:
        """Return labels that say of a ferry that it is one."""
        if self._ferry[edge]:
            found = [[f"{text} (ferry)" for text in part] or ["ferry"] for part in found]
        return [tuple(dict.fromkeys(part)) for part in found if part]


def roads_followed(roads: Roads, edges: Iterable[Driven]) -> str | None:
    """Return what the roads of these edges are called, in order; see :class:`RoadList`.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph(crs="EPSG:4326")
    >>> graph.add_nodes_from((n, {"x": n / 100, "y": 45.0}) for n in range(4))
    >>> for n, ref in enumerate(["I 87;US 9", "I 87", "NY 3"]):
    ...     _ = graph.add_edge(n, n + 1, ref=ref)
    >>> roads_followed(Roads.from_networkx(graph), [0, 1, 2])
    'I 87 → NY 3'
    """
    return RoadList(roads).followed(edges)


def _bring(parts: list[Labels], beside: Sequence[str], place: int) -> None:
    """Put the road of an edge that goes on beside it at that end, if another stands there."""
    if set(parts[place]) & set(beside):
        return
    found = next((k for k, labels in enumerate(parts) if set(labels) & set(beside)), None)
    if found is not None:
        parts.insert(place, parts.pop(found))


def _cell(value: Any) -> list[list[str]]:
    """Return the labels of each road in a cell: several in a list, of one with semicolons."""
    if value is None or value != value:
        return []
    values = value if isinstance(value, list) else [value]
    parts = [[t.strip() for t in str(item).split(";") if t.strip()] for item in values]
    return [part for part in parts if part]
