"""Hand-made road files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import networkx as nx
import pytest
from shapely import LineString

from roxham.geo.network.roads import Roads

Way = tuple[int, Sequence[int], Mapping[str, str]]
Points = Mapping[int, tuple[float, float]]
WriteOsm = Callable[..., Path]


def osm_text(
    points: Points, ways: Sequence[Way], node_tags: Mapping[int, Mapping[str, str]] | None = None
) -> str:
    """Return OSM XML of points (id: lon, lat) and ways (id, refs, tags)."""

    def tags(given: Mapping[str, str]) -> str:
        return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in given.items())

    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
    lines += [
        f'<node id="{ref}" lat="{lat}" lon="{lon}">{tags((node_tags or {}).get(ref, {}))}</node>'
        for ref, (lon, lat) in points.items()
    ]
    for osmid, refs, given in ways:
        nds = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        lines.append(f'<way id="{osmid}">{nds}{tags(given)}</way>')
    return "\n".join([*lines, "</osm>"])


@pytest.fixture(name="osm_text", scope="session")
def osm_text_fixture() -> Callable[..., str]:
    """Return the function that writes OSM XML."""
    return osm_text


@pytest.fixture
def write_osm(tmp_path: Path) -> WriteOsm:
    """Return a function that writes points and ways to an OSM XML file."""

    def write(*args: Any, name: str = "roads.osm", **kwargs: Any) -> Path:
        path = tmp_path / name
        path.write_text(osm_text(*args, **kwargs), encoding="utf-8")
        return path

    return write


@pytest.fixture
def cross(write_osm: WriteOsm) -> Path:
    """Write a crossing of two streets near 45° N, one of two ways, with a bend in each arm.

    Node 1 is the middle; arms end in 2 (east), 3 (north), 4 (west), 5 (south);
    the bends are 12, 13, 14, 15. The western arm is one-way into the middle.
    """
    points = {
        1: (-73.50, 45.00), 2: (-73.48, 45.00), 3: (-73.50, 45.02), 4: (-73.52, 45.00),
        5: (-73.50, 44.98), 12: (-73.49, 45.001), 13: (-73.499, 45.01), 14: (-73.51, 44.999),
        15: (-73.501, 44.99),
    }  # fmt: skip
    ways = [
        (21, [1, 12, 2], {"highway": "secondary", "name": "Rue de l’Est", "maxspeed": "90"}),
        (22, [3, 13, 1, 15, 5], {"highway": "tertiary", "name": "Nord–Sud", "surface": "gravel"}),
        (23, [4, 14, 1], {"highway": "residential", "oneway": "yes", "maxspeed": "30 mph"}),
        (24, [2, 12], {"highway": "footway"}),
    ]
    return write_osm(points, ways)


def street_network(*streets: Mapping[str, Any]) -> Roads:
    """Return a network of streets: ``line`` (points), ``name``, ``highway``, ``oneway``, …

    Points at which streets start or end are nodes, named by their coordinates.
    """
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    for number, street in enumerate(streets):
        line = [(float(x), float(y)) for x, y in street["line"]]
        given = {"osmid": number + 1, "highway": "tertiary", "oneway": False, **street}
        del given["line"]
        for chain in [line] if given["oneway"] else [line, line[::-1]]:
            ends = [f"{x:g} {y:g}" for x, y in (chain[0], chain[-1])]
            for name, (x, y) in zip(ends, (chain[0], chain[-1]), strict=True):
                graph.add_node(name, x=x, y=y)
            graph.add_edge(*ends, geometry=LineString(chain), reversed=chain != line, **given)
    return Roads.from_networkx(graph)


@pytest.fixture(name="street_network", scope="session")
def street_network_fixture() -> Callable[..., Roads]:
    """Return the function that makes a network of streets."""
    return street_network
