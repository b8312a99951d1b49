"""What a network holds, told in numbers: nothing is dropped or assumed in silence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roxham.geo._types import Floats
from roxham.geo.arguments import checked, require_fields
from roxham.geo.columns import decode
from roxham.geo.summary import Summarised, Summary

from .graph import weak_components
from .parts import road_numbers
from .roads import Roads
from .speeds import ferries

__all__ = ["Report", "components", "largest_component", "report"]


@dataclass(frozen=True, repr=False)
class Report(Summarised):
    """Numbers about one network.

    Attributes
    ----------
    nodes, edges
        How many; edges are directed.
    street_km
        Kilometres of street: an edge of a two-way street counts half.
    component_nodes
        Nodes of each weakly connected component, largest first. All are kept.
    largest_share
        Share of the nodes in the largest component, 0 to 1.
    side_nodes
        Nodes on each side of the border, where sides are known.
    speed_km
        Kilometres of street by ``observed``, ``assumed`` and ``unknown`` speed; together
        they are ``street_km``. A street that was joined of several counts by what is known least.
    set_aside
        How often each problem stood in the input, by element (``node``, ``way``).
    rings
        Isolated rings of road without any junction, left out as by OSMnx.
    ferry_km
        Kilometres of ferry among the streets.
    ferries
        Ferries that are no road, left out as by OSMnx.

    Examples
    --------
    >>> from roxham.geo import load_roads
    >>> report = load_roads().report()
    >>> report.edges, report.set_aside
    (790, {})
    """

    nodes: int
    edges: int
    street_km: float
    component_nodes: tuple[int, ...]
    largest_share: float
    side_nodes: dict[str, int]
    speed_km: dict[str, float]
    set_aside: dict[str, int]
    rings: int
    ferry_km: float = 0.0
    ferries: int = 0

    def __post_init__(self) -> None:
        require_fields(self)

    def _summary(self) -> Summary:
        return "Report of a network", self.rows()

    def rows(self) -> list[tuple[str, str]]:
        """Return the report as lines of a table, ready to print.

        Counts only: no line names a place, a road or an id.
        """
        small = len(self.component_nodes) - 1
        rows = [
            ("nodes", f"{self.nodes:,}"),
            ("edges, directed", f"{self.edges:,}"),
            ("street length", f"{self.street_km:,.1f} km"),
            ("components", f"{small + 1:,}"),
            ("nodes in the largest component", f"{self.largest_share:.1%}"),
        ]
        rows += [(f"nodes in {side}", f"{count:,}") for side, count in self.side_nodes.items()]
        rows += [(f"speed {basis}", f"{km:,.1f} km") for basis, km in self.speed_km.items()]
        rows += [(f"{kind}s with a problem", f"{n:,}") for kind, n in self.set_aside.items()]
        if self.ferry_km:
            rows.append(("by ferry", f"{self.ferry_km:,.1f} km"))
        if self.rings:
            rows.append(("isolated rings left out", f"{self.rings:,}"))
        if self.ferries:
            rows.append(("ferries left out", f"{self.ferries:,}"))
        return rows


def components(roads: Roads) -> NDArray[np.int32]:
    """Return the weakly connected component of each node, 0 the one of most nodes.

    Examples
    --------
    >>> import geopandas as gpd
    >>> nodes = gpd.GeoDataFrame(index=[1, 2, 3, 4, 5],
    ...     geometry=gpd.points_from_xy([0, 1, 2, 3, 4], [0] * 5), crs="EPSG:4326")
    >>> edges = gpd.GeoDataFrame({"u": [1, 3, 4], "v": [2, 4, 5]}, geometry=[None] * 3,
    ...     crs="EPSG:4326")
    >>> components(Roads.from_frames(nodes, edges)).tolist()
    [1, 1, 0, 0, 0]
    """
    count, part = weak_components(roads.u, roads.v, roads.node_count)
    rank = np.empty(count, dtype=np.int32)
    rank[np.argsort(-np.bincount(part, minlength=count), kind="stable")] = np.arange(count)
    return rank[part]


@checked()
def largest_component(roads: Roads, *, strongly: bool = False) -> Roads:
    """Return the part of a network that holds most nodes, and is connected.

    A place beside a path that leads nowhere is else put on that path, and reaches nothing.

    Parameters
    ----------
    roads
        The network.
    strongly
        Whether one must come from every node to every other along one-way roads, too.

    Returns
    -------
    Roads
        ``meta["left_out"]`` counts the nodes and edges that are not in it.

    Raises
    ------
    DataError
        If it is given no network.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph([(1, 2), (2, 1), (2, 3), (8, 9)], crs="EPSG:4326")
    >>> for node in graph:
    ...     graph.nodes[node].update(x=node / 100, y=45.0)
    >>> roads = Roads.from_networkx(graph)
    >>> largest_component(roads).node_id.tolist()
    [1, 2, 3]
    >>> largest_component(roads, strongly=True).node_id.tolist()
    [1, 2]
    """
    if not roads.node_count:
        return roads
    if strongly:
        from scipy.sparse.csgraph import connected_components

        net = roads.csr("length_m").matrix
        _, part = connected_components(net, directed=True, connection="strong")
        kept = part == np.bincount(part).argmax()
    else:
        kept = components(roads) == 0
    found = roads.take_edges(kept[roads.u] & kept[roads.v])
    left = {
        "nodes": roads.node_count - found.node_count,
        "edges": roads.edge_count - found.edge_count,
    }
    return found.with_columns(meta={"left_out": left})


def report(roads: Roads) -> Report:
    """Return what a network holds."""
    sizes = np.bincount(components(roads))
    street_km = _street_km(roads)
    sides: dict[str, int] = {}
    if "side" in roads.node_columns:
        known = [side for side in decode(roads.node_columns["side"]).tolist() if side is not None]
        sides = dict(sorted(Counter(map(str, known)).items()))
    return Report(
        nodes=roads.node_count,
        edges=roads.edge_count,
        street_km=float(street_km.sum()),
        component_nodes=tuple(sizes.tolist()),
        largest_share=float(sizes[0] / sizes.sum()) if len(sizes) else 0.0,
        side_nodes=sides,
        speed_km=_speed_km(roads, street_km),
        set_aside=dict(Counter(row["element"] for row in roads.meta.get("set_aside", []))),
        rings=int(roads.meta.get("rings", 0)),
        ferry_km=float(street_km[ferries(roads)].sum()),
        ferries=int(roads.meta.get("ferries", 0)),
    )


def _street_km(roads: Roads) -> Floats:
    """Return the kilometres of street that each edge stands for: half its length if two-way."""
    number, _ = road_numbers(roads, np.arange(roads.edge_count))
    found: Floats = roads.length_m / np.bincount(number)[number] / 1000
    return found


def _speed_km(roads: Roads, street_km: Floats) -> dict[str, float]:
    if "speed_basis" not in roads.edge_columns:
        return {}
    basis = np.array([_least_known(value) for value in roads.edge("speed_basis").tolist()])
    kinds = ("observed", "assumed", "unknown")
    km = {kind: float(street_km[basis == kind].sum()) for kind in kinds}
    return {kind: value for kind, value in km.items() if value or kind != "unknown"}


def _least_known(basis: str | list[str] | None) -> str:
    """Return what is known of a street's speed, of each part if it was joined of several."""
    parts = basis if isinstance(basis, list) else [basis]
    if not all(parts):
        return "unknown"
    return "assumed" if "assumed" in parts else "observed"
