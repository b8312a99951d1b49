"""Which roads a way follows, in order, each once for a stretch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from roxham.geo.network.roads import Roads
from roxham.geo.network.speeds import ferries

__all__ = ["ARROW", "RoadList", "roads_followed"]

ARROW = " → "


class RoadList:
    """Numbers and names of the edges of one network, read once.

    Parameters
    ----------
    roads
        Edge columns ``ref`` and ``name``, if it has them; several in a list, or with
        semicolons between.
    """

    def __init__(self, roads: Roads) -> None:
        there = [name for name in ("ref", "name") if name in roads.edge_columns]
        self._columns = [roads.edge(name) for name in there]
        self._ferry = ferries(roads)
        self._known: dict[int, tuple[str, ...]] = {}

    def followed(self, edges: Iterable[int]) -> str | None:
        """Return what the roads of these edges are called, in order; null if none has a name.

        A road keeps its label as long as it lasts: its number, if it has one all the
        way, else its name. Stretches without a name are passed over, but for ferries.
        """
        return ARROW.join(run[0] for run in self.stretches(edges)) or None

    def stretches(
        self, edges: Iterable[int], after: Sequence[str] | None = None
    ) -> list[Sequence[str]]:
        """Return the labels that hold all along each stretch of one road, in order.

        ``after`` are those of a stretch that goes on into these edges: it is the first then, with
        what is left of its labels. So a way is told in halves, and the first half but once for
        all that follow: nothing before its last stretch changes any more.
        """
        runs = [] if after is None else [after]
        for edge in edges:
            labels = self._labels(edge)
            if not labels:
                continue
            common = [label for label in runs[-1] if label in labels] if runs else []
            if common:
                runs[-1] = common
            else:
                runs.append(labels)
        return runs

    def _labels(self, edge: int) -> tuple[str, ...]:
        if edge not in self._known:
            found = [text for column in self._columns for text in _texts(column[edge])]
            if self._ferry[edge]:
                found = [f"{text} (ferry)" for text in found] or ["ferry"]
            self._known[edge] = tuple(dict.fromkeys(found))
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


def _texts(value: Any) -> list[str]:
    if value is None or value != value:
        return []
    values = value if isinstance(value, list) else str(value).split(";")
    return [text.strip() for item in values for text in str(item).split(";") if text.strip()]
