"""All places at once, as place by place: the same records from many and from one."""

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from roxham.geo import Region, Roads, find_crossings
from roxham.geo.border.lines import border_line
from roxham.geo.crossings._candidates import Places, find_places
from roxham.geo.crossings.dead_ends import FACING_DEGREES, HEADING_M, dead_end_pairs, dead_ends
from roxham.geo.crossings.road_names import EdgeEnd, RoadNames
from roxham.geo.geometry.intersections import CROSS, find_meetings
from roxham.geo.geometry.proximity import geodesic_m
from tests.bench.bench_places import FENCE, REGION, made_up_streets

Streets = Callable[..., Roads]
OPEN = Region(
    "fields", "Two fields", (0, 49, 2, 51), "EPSG:32631", sides=("north", "south"), controlled=False
)
E, N = 1 / 71_696, 1 / 111_229
"""One metre at 50° N, in degrees."""


def random_streets(rng: np.random.Generator) -> list[dict[str, Any]]:
    """Return streets over 50° N, carriageways, roundabouts of names, and broken roads."""
    streets: list[dict[str, Any]] = []
    for k in range(60):
        x = 0.3 + k * 150 * E + rng.uniform(0, 60) * E
        given: dict[str, Any] = {"highway": rng.choice(["primary", "tertiary", "path", "track"])}
        if rng.random() < 0.7:
            given["name"] = f"S{rng.integers(20)}"
        if rng.random() < 0.5:
            given["ref"] = f"R{rng.integers(5)}"
        bends = 50 + np.array([-900, *rng.uniform(-300, 300, rng.integers(0, 5)), 900]) * N
        line = [(x + rng.uniform(-5, 5) * E, y) for y in bends]
        made = rng.choice(["street", "lanes", "broken"])
        if made == "street":
            streets.append({"line": line, **given})
        elif made == "lanes":
            beside = [(lon + rng.uniform(10, 60) * E, y) for lon, y in line[::-1]]
            streets += [{"line": way, "oneway": True, **given} for way in (line, beside)]
        else:
            gap = rng.uniform(5, 90)
            for sign in (1, -1):
                end = (x + rng.uniform(0, 40) * E, 50 + sign * gap * N)
                streets.append({"line": [(x, 50 + sign * 0.01), end], **given})
    return streets


def ports(rng: np.random.Generator) -> pd.DataFrame:
    kinds = rng.choice(["port_of_entry", "closed_port", "irregular_site"], 12)
    lon = 0.3 + rng.uniform(0, 9000, 12) * E
    names = [f"Port {k}" if k % 2 else None for k in range(12)]
    return pd.DataFrame({"lon": lon, "lat": 50.0005, "kind": kinds, "name": names})


def one_by_one(places: Places) -> list[dict[str, Any]]:
    """Return the records of all places, each looked for by itself."""
    at, roads = places.cut.approach, places.cut.roads
    records = []
    for k in range(places.size):
        pair = k - places.crossings
        if pair < 0:
            nodes = places.cut.node[places.place == k]
            x, y = roads.x[nodes], roads.y[nodes]
            middle = int(np.argmin((x - x.mean()) ** 2 + (y - y.mean()) ** 2))
            lon, lat = float(x[middle]), float(y[middle])
            rows = at[(places.place[at["node"]] == k) & (at["sector"] != 0)]
        else:
            lon, lat = float(places.pairs.x[pair]), float(places.pairs.y[pair])
            ends = ((places.pairs.a[pair], True), (places.pairs.b[pair], False))
            rows = pd.DataFrame(
                [
                    (edge, arrives, left, False)
                    for node, left in ends
                    for column, arrives in ((roads.u, False), (roads.v, True))
                    for edge in np.flatnonzero(column == node)
                ],
                columns=["edge", "arrives", "left", "parted"],
            )
        records.append(record_of(places, k, (lon, lat), rows))
    records.sort(key=lambda record: (record["lon"], record["lat"]))
    return records


def record_of(
    places: Places, k: int, place: tuple[float, float], rows: pd.DataFrame
) -> dict[str, Any]:
    names = RoadNames(places.cut.roads, places.cut.approach)

    def ends(chosen: pd.DataFrame) -> list[EdgeEnd]:
        columns = chosen[["edge", "arrives", "left", "parted"]].itertuples(index=False)
        return [EdgeEnd(*row) for row in columns]

    left = places.line.left == 0
    roads = [names.label(ends(rows[rows["left"] == side])) for side in (left, not left)]
    row, metres = places.match.get(k, (None, None))
    port = None if row is None else places.ports.iloc[row]
    return {
        "lon": round(place[0], 6),
        "lat": round(place[1], 6),
        "roads": roads,
        "refs": names.refs(ends(rows)),
        "class": names.highest(ends(rows)),
        "port": None if port is None else port["port_id"],
        "port_distance_m": None if metres is None else round(metres, 1),
    }


def orders(places: Places) -> list[list[str]]:
    """Return pairs of the ids of the ends of each pair, on the left first."""
    ids = places.cut.roads.node_id
    return sorted(ids[[a, b]].tolist() for a, b in zip(places.pairs.a, places.pairs.b, strict=True))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("turned", [False, True], ids=["eastward", "westward"])
def test_all_places_at_once_are_as_each_by_itself(
    street_network: Streets, seed: int, turned: bool
) -> None:
    rng = np.random.default_rng(seed)
    fence = shapely.LineString([(-1, 50), (3, 50)])
    border = gpd.GeoSeries([fence.reverse() if turned else fence], crs="EPSG:4326")
    roads = street_network(*random_streets(rng))
    line = border_line(border, OPEN)
    places = find_places(roads, line, ports(rng), 100.0, 150.0, 500.0, "A. Desk")
    assert places.crossings > 30
    assert len(places.pairs) > 5
    expected = one_by_one(places)
    found = places.records()
    assert [{name: record[name] for name in expected[0]} for record in found] == expected
    told = {record["crossing_id"] for record in found}
    assert len(told) == len(found)
    nodes = places.told_nodes()
    assert set(nodes) == {*places.cut.node.tolist(), *places.pairs.a, *places.pairs.b}
    assert orders(places) == facing_pairs(roads, line.coords, line.offsets)


def facing_pairs(roads: Roads, border: np.ndarray, offsets: np.ndarray) -> list[list[str]]:
    """Return the facing dead ends over a line, each pair looked at by itself."""
    ends = dead_ends(roads)
    found = []
    for a in ends.tolist():
        here = np.full(len(ends), roads.x[a]), np.full(len(ends), roads.y[a])
        gaps = geodesic_m(*here, roads.x[ends], roads.y[ends])
        for b, gap in zip(ends.tolist(), gaps.tolist(), strict=True):
            if a == b or gap > 150 or not (faces(roads, a, b) and faces(roads, b, a)):
                continue
            chord = np.array([[roads.x[k], roads.y[k]] for k in (a, b)])
            over = find_meetings(chord, np.array([0, 2]), border, offsets)
            if over.kind.tolist() == [CROSS] and over.side_before[0] == 1:
                found.append((gap, a, b))
    taken: set[int] = set()
    kept = []
    for _, a, b in sorted(found):
        if not {a, b} & taken:
            taken |= {a, b}
            kept.append(roads.node_id[[a, b]].tolist())
    return sorted(kept)


def faces(roads: Roads, a: int, b: int) -> bool:
    edge = int(np.flatnonzero((roads.u == a) | (roads.v == a))[0])
    line = roads.coords[roads.offsets[edge] : roads.offsets[edge + 1]]
    line = line if roads.u[edge] == a else line[::-1]
    walked = np.concatenate([[0.0], np.cumsum(geodesic_m(*line[:-1].T, *line[1:].T))])
    back = [np.interp(min(HEADING_M, walked[-1]), walked, line[:, k]) for k in (0, 1)]
    metres = np.array([np.cos(np.deg2rad(roads.y[a])), 1])
    way = (line[0] - back) * metres
    ahead = np.array([roads.x[b] - roads.x[a], roads.y[b] - roads.y[a]]) * metres
    cosine = way @ ahead / np.hypot(*way) / np.hypot(*ahead)
    return bool(cosine >= np.cos(np.deg2rad(FACING_DEGREES)))


def test_each_of_ten_thousand_streets_is_a_place() -> None:
    roads = made_up_streets(10_000)
    assert len(find_crossings(roads, FENCE, region=REGION)) == 10_000


def test_pairs_are_found_in_the_longest_of_lists() -> None:
    roads = made_up_streets(30_000)
    line = border_line(FENCE, REGION)
    assert len(dead_end_pairs(roads, line.coords, line.offsets)) == 10_000
