"""The works that are measured: each done by this library and by a peer, with one answer.

A side is a function of the number of edges and a folder: it opens what it needs, and returns
what is timed and what tells its answer in numbers. It runs in a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

Side = tuple[Callable[[], Any], Callable[[Any], list[float]]]
"""What is timed, and what tells its answer."""
GATES_PAIRS = 200 * 200
BORDER = 10_000
POINTS = 200
NAMED = ("name", "highway", "length_m")


class Work(NamedTuple):
    """Some work, by whom it is done, and what was promised of it."""

    what: str
    peer: str
    package: str
    """The peer's distribution, or several with blanks between."""
    prepare: Callable[[int, Path], None]
    ours: Callable[[int, Path], Side]
    theirs: Callable[[int, Path], Side]
    within: float
    """How far the answers may be apart, as a share; not a number: not compared here."""
    promised: float | None = None
    share: float = 1.0
    """The part of the work that the peer does, where all of it would take hours."""
    sizes: tuple[int, ...] = (20_000, 100_000)
    """The numbers of edges to measure it at, the one that was promised among them."""


def files(edges: int, folder: Path) -> None:
    """Write a network as XML and PBF, and what each tool saves of it."""
    from make_network import as_pbf, make_network

    make_network(edges, folder / "n.osm")
    as_pbf(folder / "n.osm", folder / "n.osm.pbf")


def saved(edges: int, folder: Path) -> None:
    """Write a network as each tool saves it."""
    import osmnx

    from roxham.geo import read_roads

    files(edges, folder)
    read_roads(folder / "n.osm.pbf").save(folder / "n.arrow")
    osmnx.save_graphml(
        osmnx.graph_from_xml(folder / "n.osm", retain_all=True), folder / "n.graphml"
    )


def nothing(edges: int, folder: Path) -> None:
    """Prepare no file."""


def of_roads(roads: Any) -> list[float]:
    """Tell nodes, edges and kilometres."""
    return [roads.node_count, roads.edge_count, float(roads.length_m.sum()) / 1000]


def of_graph(graph: Any) -> list[float]:
    """Tell the same of a graph of OSMnx."""
    km = sum(metres for *_, metres in graph.edges(data="length")) / 1000
    return [len(graph), graph.number_of_edges(), km]


def read_ours(name: str, edges: int, folder: Path) -> Side:
    from roxham.geo import read_roads

    return lambda: read_roads(folder / name), of_roads


def reopen_ours(edges: int, folder: Path, *, lines: bool = False) -> Side:
    from roxham.geo import read_roads

    def run() -> Any:
        roads = read_roads(folder / "n.arrow")
        if lines:
            assert len(roads.lines) == roads.edge_count
        return roads

    return run, of_roads


def read_osmnx(edges: int, folder: Path) -> Side:
    import osmnx

    return lambda: osmnx.graph_from_xml(folder / "n.osm", retain_all=True), of_graph


def reopen_osmnx(edges: int, folder: Path) -> Side:
    import osmnx

    return lambda: osmnx.load_graphml(folder / "n.graphml"), of_graph


def street_km_ours(edges: int, folder: Path) -> Side:
    from roxham.geo import read_roads

    return lambda: read_roads(folder / "n.osm.pbf"), lambda roads: [roads.report().street_km]


def street_km_pyrosm(edges: int, folder: Path) -> Side:
    import pyrosm  # type: ignore[import-not-found]

    def run() -> Any:
        return pyrosm.OSM(str(folder / "n.osm.pbf")).get_network("driving", nodes=True)

    return run, lambda found: [float(found[1]["length"].sum()) / 1000]


def crossings(edges: int, folder: Path, *, vertices: int, peer: bool) -> Side:
    import bench_crossings as bench  # type: ignore[import-not-found]
    import geopandas as gpd
    import shapely

    coords, offsets = bench.made_up_edges(edges)
    border = bench.made_up_border(vertices, coords)
    if not peer:
        return partial(bench.ours, coords, offsets, border), lambda m: _places(m.line, m.x, m.y)
    lines = shapely.from_ragged_array(shapely.GeometryType.LINESTRING, coords, (offsets,))

    def run() -> Any:  # new frames, so that no tree is there yet
        edges = gpd.GeoDataFrame(geometry=lines, crs=bench.CRS)
        return bench.theirs(edges, gpd.GeoDataFrame(geometry=border))

    return run, lambda s: _places(s.index.to_numpy(), s.x.to_numpy(), s.y.to_numpy())


def _places(edge: Any, x: Any, y: Any) -> list[float]:
    return [len(x), *np.sort(edge).tolist(), *np.sort(x).tolist(), *np.sort(y).tolist()]


def snapping(edges: int, folder: Path, *, peer: bool) -> Side:
    import bench_snap as bench  # type: ignore[import-not-found]
    import pyproj

    from roxham.geo.routing.snap import Snapper

    roads = bench.made_up_roads(edges)
    low, high = roads.coords.min(axis=0), roads.coords.max(axis=0)
    points = np.random.default_rng(3).uniform(low, high, (POINTS, 2))
    some = points[: POINTS // 20]

    def told(ends: list[tuple[int, int]]) -> list[float]:
        return [float(end) for pair in ends[: len(some)] for end in sorted(pair)]

    if not peer:
        snapper = Snapper(roads)

        def snap() -> list[tuple[int, int]]:
            found = [snapper.snap(lon, lat).edge for lon, lat in points.tolist()]
            return [(int(roads.u[edge]), int(roads.v[edge])) for edge in found]

        return snap, told
    import osmnx

    to_metres = pyproj.Transformer.from_crs("EPSG:4326", bench.METRIC, always_xy=True)
    graph = bench.metric_graph(roads, to_metres)
    flat = np.column_stack(to_metres.transform(*some.T)).tolist()
    return lambda: [osmnx.nearest_edges(graph, x, y)[:2] for x, y in flat], told


def gates(edges: int, folder: Path, *, by: str) -> Side:
    import bench_gates as bench  # type: ignore[import-not-found]

    from roxham.geo import GateTrees
    from roxham.geo.routing.travel_table import travel_table

    roads, ports = bench.opened(edges, folder)
    origins, ends = bench.places(roads)
    o, d = np.random.default_rng(1).integers(0, bench.PLACES, (2, bench.SAMPLE))

    def told(best: Any) -> list[float]:
        return [float(cost) for cost in best[o, d]]

    if by == "roxham":
        measured = GateTrees(roads, ports).measure(origins, ends)
        best, _ = measured.best()
        return lambda: travel_table(roads, origins, ports, ends), lambda _: told(best)
    if by == "osmnx":
        graph = roads.to_networkx()
        starts, goals = [origins[i] for i in o], [ends[i] for i in d]
        return lambda: bench.by_osmnx(graph, starts, goals)[1], lambda costs: costs.tolist()
    nodes = [roads.node_id[i] for i in np.unique(GateTrees(roads, ports).gateway.doors.tail)]
    if by == "pandana":
        return lambda: bench.by_pandana(roads, origins, nodes, ends)[2], told
    return partial(_by_igraph, roads, origins, nodes, ends), told


def _by_igraph(roads: Any, origins: list[Any], gates: list[Any], ends: list[Any]) -> Any:
    import igraph  # type: ignore[import-not-found]

    graph = igraph.Graph(
        n=roads.node_count, edges=np.column_stack([roads.u, roads.v]).tolist(), directed=True
    )
    place = {node: row for row, node in enumerate(roads.node_id.tolist())}
    a, g, b = ([place[node] for node in nodes] for nodes in (origins, gates, ends))
    weights = roads.edge("travel_time_s").tolist()
    near = np.array(graph.distances(g, a, weights=weights, mode="in")).T
    far = np.array(graph.distances(g, b, weights=weights))
    return (near[:, :, None] + far[None]).min(axis=1)


def reaching(edges: int, folder: Path, *, peer: bool) -> Side:
    import bench_reach as bench  # type: ignore[import-not-found]

    from roxham.geo.access.one_to_all import Spread
    from roxham.geo.routing.barrier import Walled

    roads = bench.opened(edges)
    chosen = np.random.default_rng(3).choice(roads.node_count, 40, replace=False)
    ids = roads.node_id[chosen].tolist()
    if peer:
        graph = bench.as_graph(roads)
        return (
            partial(bench.theirs, graph, ids, together=False),
            lambda found: [sum(map(len, found)), sum(sum(t.values()) for t in found)],
        )
    walled = Walled(roads)
    starts = walled.starts(ids).places

    def told(found: Any) -> list[float]:
        some = found[0][np.isfinite(found[0])]
        return [len(some), float(some.sum())]

    def run() -> Any:
        return bench.ours(Spread.of(walled, direction="from"), starts, together=False)

    return run, told


def page(edges: int, folder: Path, *, by: str) -> Side:
    from made_up_frames import made_up_places, made_up_segments  # type: ignore[import-not-found]

    segments = made_up_segments(edges)
    places = made_up_places(10_000, segments)
    path = folder / f"{by}.html"

    def ours() -> None:
        import folium

        from roxham.maps import FeatureLayer, Legend, save_html

        drawn = folium.Map([45, -73.5], zoom_start=11, tiles=None)
        FeatureLayer(segments, name="Segments", by="highway").add_to(drawn)
        FeatureLayer(places, name="Places", by="highway").add_to(drawn)
        Legend().add_to(drawn)
        save_html(drawn, path)

    def explore() -> None:
        drawn = segments.explore("highway", tiles=None)
        places.explore("highway", m=drawn)
        drawn.save(str(path))

    def lonboard() -> None:
        lonboard = import_module("lonboard")  # in the environment of the peers alone

        layers = [
            lonboard.PathLayer.from_geopandas(segments),
            lonboard.ScatterplotLayer.from_geopandas(places),
        ]
        lonboard.Map(layers).to_html(path)

    def pydeck() -> None:
        import pydeck  # type: ignore[import-not-found]

        layers = [pydeck.Layer("GeoJsonLayer", frame) for frame in (segments, places)]
        pydeck.Deck(layers).to_html(str(path))

    ways = {"ours": ours, "explore": explore, "lonboard": lonboard, "pydeck": pydeck}
    return ways[by], lambda _: [path.stat().st_size]


read_xml, read_pbf = (partial(read_ours, name) for name in ("n.osm", "n.osm.pbf"))
cross = {
    (n, p): partial(crossings, vertices=n, peer=p) for n in (10_000, 100_000) for p in (False, True)
}
gate = {by: partial(gates, by=by) for by in ("roxham", "osmnx", "pandana", "igraph")}
pages = {by: partial(page, by=by) for by in ("ours", "explore", "lonboard", "pydeck")}
NAN = float("nan")
SAVED = (1_400, 20_000, 100_000)

WORKS = {
    "xml": Work("OSM XML read and simplified", "osmnx.graph_from_xml", "osmnx", files, read_xml,
                read_osmnx, 1e-6, 20),
    "pbf": Work("PBF read and simplified", "osmnx.graph_from_xml of the same data", "osmnx", files,
                read_pbf, read_osmnx, 1e-6, 25),
    "pyrosm": Work("PBF read", "pyrosm get_network, not simplified", "pyrosm", files,
                   street_km_ours, street_km_pyrosm, 1e-3),
    "reopen": Work("a saved network reopened, columns", "osmnx.load_graphml", "osmnx", saved,
                   reopen_ours, reopen_osmnx, 1e-6, 500, sizes=SAVED),
    "lines": Work("a saved network reopened, lines built", "osmnx.load_graphml", "osmnx",
                  saved, partial(reopen_ours, lines=True), reopen_osmnx, 1e-6, 80, sizes=SAVED),
    "crossings": Work("all crossings of a border of 10,000 vertices",
                      "geopandas sjoin + intersection", "geopandas", nothing,
                      cross[10_000, False], cross[10_000, True],
                      1e-9, 40, sizes=(100_000, 2_000_000)),
    "long border": Work("all crossings of a border of 100,000 vertices",
                        "geopandas sjoin + intersection", "geopandas", nothing,
                        cross[100_000, False], cross[100_000, True],
                        1e-9, 500, sizes=(100_000, 500_000)),
    "snapping": Work("points snapped one at a time", "osmnx.nearest_edges, 1 in 20 of them",
                     "osmnx", nothing, partial(snapping, peer=False),
                     partial(snapping, peer=True), 0, 1000, share=1 / 20),
    "gates": Work("200 × 40 gates × 200, a whole table", "osmnx.shortest_path, 12 of 40,000 pairs",
                  "osmnx", files, gate["roxham"], gate["osmnx"], 1e-6, 5000,
                  share=12 / GATES_PAIRS),
    "pandana": Work("200 × 40 gates × 200, a whole table", "pandana, build and queries", "pandana",
                    files, gate["roxham"], gate["pandana"], 1e-2, 1),
    "igraph": Work("200 × 40 gates × 200, a whole table", "igraph, trees of gates", "igraph",
                   files, gate["roxham"], gate["igraph"], 1e-2),
    "reach": Work("nodes 40 gates reach in 15 minutes, each", "networkx", "networkx", nothing,
                  partial(reaching, peer=False), partial(reaching, peer=True), 1e-6, 10),
    "explore": Work("a page built and saved, by class", "GeoDataFrame.explore", "folium", nothing,
                    pages["ours"], pages["explore"], NAN, 15, sizes=(10_000, 100_000)),
    "lonboard": Work("a page built and saved", "lonboard to_html", "lonboard", nothing,
                     pages["ours"], pages["lonboard"], NAN, sizes=(10_000, 100_000)),
    "pydeck": Work("a page built and saved", "pydeck to_html", "pydeck", nothing, pages["ours"],
                   pages["pydeck"], NAN, sizes=(10_000, 100_000)),
}  # fmt: skip
