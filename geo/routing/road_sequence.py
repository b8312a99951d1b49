"""Which roads a way follows, in order, each once for a stretch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from roxham.geo.network.roads import Roads
from roxham.geo.network.speeds import ferries

__all__ = ["ARROW", "RoadList", "roads_followed"]

ARROW = " → "

Labels: TypeAlias = tuple[str, ...]


class RoadList:
    """Numbers and names of the edges of one network, read once.

    Parameters
    ----------
    roads
        Edge columns ``ref`` and ``name``, if it has them: several with semicolons between
        where a road has them all, in a list where roads were merged.
    """

    def __init__(self, roads: Roads) -> None:
        there = [name for name in ("ref", "name") if name in roads.edge_columns]
        self._columns = [roads.edge(name) for name in there]
        self._ferry = ferries(roads)
        self._known: dict[int, list[Labels]] = {}

    def followed(self, edges: Iterable[int]) -> str | None:
        """Return what the roads of these edges are called, in order; null if none has a name.

        A road keeps its label as long as it lasts: its number, if it has one all the
        way, else its name. Stretches without a name are passed over, but for ferries. An edge
        that was merged of several roads has them all, in the order of its list, but for one
        that goes on from the edge before or to the one behind: that stands next to it.
        """
        parts = [list(found) for edge in edges if (found := self._parts(edge))]
        for i, here in enumerate(parts):
            if i and len(here) > 1:
                _bring(here, parts[i - 1][-1], 0)
            if i + 1 < len(parts) and len(here) > 1:
                ahead = [label for labels in parts[i + 1] for label in labels]
                _bring(here, ahead, len(here) - 1)
        runs: list[Labels] = []
        for labels in (labels for edge in parts for labels in edge):
            common = tuple(label for label in runs[-1] if label in labels) if runs else ()
            if common:
                runs[-1] = common
            else:
                runs.append(labels)
        return ARROW.join(run[0] for run in runs) or None

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
            if self._ferry[edge]:
                found = [[f"{text} (ferry)" for text in part] or ["ferry"] for part in found]
            self._known[edge] = [tuple(dict.fromkeys(part)) for part in found if part]
        return self._known[edge]


def roads_followed(roads: Roads, edges: Iterable[int]) -> str | None:
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
