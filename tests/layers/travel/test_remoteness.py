"""Distances of incidents: intervals that hold every place of the area, never a bare figure."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod
from scipy.spatial import cKDTree

from roxham.geo import WGS84, DataError, Roads, cut_at_border, load_border, load_places, load_roads
from roxham.geo import read_roads as read
from roxham.geo.access.remoteness import EVERY_M, by_road, straight
from roxham.layers import incident_context, load_incidents, load_ports
from tests.geo.handmade import FIELDS, fence, network

METRIC = FIELDS.metric_crs
KM_LAT = 1000 / 111_140  # degrees of latitude in a kilometre near 45° N


PORT = ["port", "port_min_m", "port_max_m", "port_class"]


def ports(**columns: Any) -> gpd.GeoDataFrame:
    """Return one port on the fence at 0.5° E."""
    table: dict[str, Any] = {
        "port_id": ["port"],
        "kind": ["port_of_entry"],
        "status": ["open"],
        "ca_name": ["North"],
        "us_name": ["South"],
        **columns,
    }
    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy([0.5], [45.0]), crs=WGS84)


def incident(lat: float, radius_m: float, **columns: Any) -> gpd.GeoDataFrame:
    """Return one incident on the meridian of 0.5° E."""
    table = {"id": ["i"], "date": ["2022-02-02"], "country": ["US"], "radius_m": [radius_m]}
    table |= {name: [value] for name, value in columns.items()}
    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy([0.5], [lat]), crs=WGS84)


# a road along the border 10 km south of it, and one from its middle up to the port
TEE = {"w": (0.3, 44.91), "m": (0.5, 44.91), "e": (0.7, 44.91), "port": (0.5, 45.0)}


def tee() -> Roads:
    return network(
        {**TEE, "far": (0.5, 44.4), "nw": (0.3, 45.1), "ne": (0.7, 45.1)},
        [("w", "m", 16_000, 960), ("m", "e", 16_000, 960), ("m", "port", 10_000, 600)],
        nodes={"port_id": [None, None, None, "port", None, None, None]},
    )


def asked(rows: gpd.GeoDataFrame, roads: Roads | None = None, **options: Any) -> pd.Series:
    found = incident_context(
        rows, roads or tee(), **{"ports": ports(), "region": FIELDS, "border": fence(), **options}
    )
    assert len(found) == 1
    return found.iloc[0]


def test_the_distance_to_a_straight_road_is_that_of_the_circle() -> None:
    # 5 km south of the road, known to 1 km: 4 to 6 km
    row = asked(incident(44.91 - 5 * KM_LAT, 1000))
    assert 3800 <= row["road_min_m"] <= 4000
    assert 6000 <= row["road_max_m"] <= 6200
    assert row["road_class"] == "2–10 km"
    assert row["network"] == "full"
    assert pd.isna(row["reason"])


def test_the_way_by_road_is_that_of_the_places_nearest_on_the_road() -> None:
    # what is nearest lies up to 1 km on both sides of m: 10 to 11 km from the port
    row = asked(incident(44.91 - 5 * KM_LAT, 1000))
    assert 9800 <= row["port_min_m"] <= 10_000
    assert 11_000 <= row["port_max_m"] <= 11_400
    assert row["port"] == "port"
    assert row["port_class"] == "5–20 km"


def test_a_road_through_the_area_is_no_distance_away() -> None:
    row = asked(incident(44.91, 2000))
    assert row["road_min_m"] == 0
    # the ends of the disc on the diagonal between the two roads are nearest to neither
    assert 1400 <= row["road_max_m"] <= 2100


def test_what_lies_over_the_border_is_no_part_of_the_area() -> None:
    near = asked(incident(45.0 - 0.1 * KM_LAT, 3000))
    # no place of its country's side is more than 3.1 km from the line
    assert near["port_min_m"] == 0
    assert near["port_max_m"] <= 3200
    assert pd.isna(asked(incident(45.1, 3000))["port_min_m"])
    assert "does not reach the side" in asked(incident(45.1, 3000))["reason"]


def test_a_border_may_name_its_sides_in_another_order_than_the_roads() -> None:
    near = incident(45.0 - 0.1 * KM_LAT, 3000)
    assert asked(near, border=fence("US", "CA")).equals(asked(near))


def test_a_place_known_to_the_metre_has_an_area_too() -> None:
    exact = asked(incident(44.91 - 5 * KM_LAT, 0))
    assert 4800 <= exact["road_min_m"] <= 5000 <= exact["road_max_m"] <= 5200
    assert 9900 <= exact["port_min_m"] <= 10_000 <= exact["port_max_m"] <= 10_300


def test_the_side_is_the_country_or_else_that_of_the_centre() -> None:
    rows = incident(44.91, 500, country=None)
    assert asked(rows)["port_max_m"] == asked(incident(44.91, 500))["port_max_m"] > 0
    assert (
        "not known"
        in asked(rows.set_geometry(gpd.points_from_xy([0.5], [50], crs=WGS84)))["reason"]
    )


def test_a_port_counts_if_it_was_open_on_the_day() -> None:
    closed = ports(closed=["2021-06-01"], status=["closed"])
    row = asked(incident(44.91, 500), ports=closed)
    assert row[PORT].isna().all()
    assert "no way by road to any port" in row["reason"]
    assert asked(incident(44.91, 500), ports=closed, on="2021-01-01")["port"] == "port"


def test_a_road_far_off_is_no_way_to_a_port_for_one_that_has_none() -> None:
    apart = {**TEE, "x": (0.3, 44.6), "y": (0.7, 44.6), "far": (0.5, 44.4), "n": (0.5, 45.1)}
    pieces = [("w", "m", 16_000, 960), ("m", "port", 10_000, 600), ("x", "y", 32_000, 960)]
    gate = {"port_id": ["port" if name == "port" else None for name in apart]}
    roads = network(apart, pieces, nodes=gate)
    row = asked(incident(44.6, 500), roads)  # the road there is no part of the rest, 34 km north
    assert row["road_max_m"] < 1000
    assert row[PORT].isna().all()
    assert row["reason"] == "no way by road to any port is known"
    assert asked(incident(44.86, 500), roads)["port"] == "port"


def test_which_ports_were_open_is_not_known_before_the_tables_begin() -> None:
    one = gpd.GeoDataFrame(load_incidents().rows).iloc[:1]
    row = incident_context(one, load_roads(), on="1999-05-01").iloc[0]
    assert row[PORT].isna().all()
    assert row["road_max_m"] > 0
    assert row["reason"] == "which ports were open before 2002-12-05 is not known"
    # the tables of another border say nothing here
    assert asked(incident(44.91, 500, date="1999-05-01"))["port"] == "port"


@pytest.mark.parametrize("known", [{}, {"border": fence()}, {"region": FIELDS}])
def test_ports_of_another_border_are_not_asked_about(known: dict[str, Any]) -> None:
    row = incident_context(incident(44.91, 500), tee(), **known).iloc[0]
    assert row[PORT].isna().all()
    assert row["road_max_m"] > 0
    assert pd.isna(row["reason"])


def test_over_several_days_the_ends_are_those_of_either_and_of_both() -> None:
    closing = ports(closed=["2022-02-03"], status=["closed"])
    row = asked(incident(44.91, 500, date="2022-02-02/2022-02-04"), ports=closing)
    assert row["port_min_m"] <= 10_000
    assert pd.isna(row["port_max_m"])
    assert pd.isna(row["port_class"])


def places(**kinds: tuple[float, float]) -> gpd.GeoDataFrame:
    points = gpd.points_from_xy(*zip(*kinds.values(), strict=True))
    table = {"place_id": list(kinds), "kind": [name.split("_")[0] for name in kinds]}
    return gpd.GeoDataFrame({**table, "country": "US"}, geometry=points, crs=WGS84)


def test_towns_and_hospitals_where_the_table_has_them() -> None:
    row = asked(incident(44.91, 100), places=places(town_w=(0.3, 44.91), hamlet_m=(0.5, 44.91)))
    assert row["town"] == "town_w"
    assert row["town_min_m"] <= 15_900
    assert row["town_max_m"] >= 16_000
    assert row[["hospital", "hospital_min_m", "hospital_max_m", "hospital_class"]].isna().all()
    assert pd.isna(row["reason"])
    row = asked(incident(44.91, 100), places=places(hospital_e=(0.7, 44.91)))
    assert row["hospital"] == "hospital_e"
    assert pd.isna(row["town"])


def test_a_town_off_the_network_lowers_the_minimum_alone() -> None:
    both = places(town_w=(0.3, 44.91), town_off=(0.5, 44.88))
    row = asked(incident(44.91, 100), places=both)
    assert row["town_min_m"] <= 3300
    assert row["town_max_m"] >= 16_000


def test_a_town_far_off_the_network_is_as_far_as_the_globe_has_it() -> None:
    row = asked(incident(44.91, 100), places=places(town_off=(-73.5, 45.0)))
    metres = Geod(ellps="WGS84").inv(0.5, 44.91, -73.5, 45.0)[2]
    assert row["town_min_m"] == pytest.approx(metres - 100, abs=100)


def test_beyond_the_network_nothing_is_known() -> None:
    row = asked(incident(44.91, 40_000))
    assert row["reason"] == "the network does not cover its area"
    assert row[["road_min_m", "road_max_m", "port_min_m", "port_max_m"]].isna().all()


def test_nothing_finer_than_the_row_is_told() -> None:
    rows = incident(44.95, 1500)
    table = incident_context(rows, tee(), ports=ports(), region=FIELDS, border=fence())
    assert not isinstance(table, gpd.GeoDataFrame)
    metres = table.filter(regex="_m$").to_numpy(dtype=float, na_value=0)
    assert (metres % 100 == 0).all()
    # an interval is at least as wide as the disc is uncertain
    assert (table["port_max_m"] - table["port_min_m"]).item() >= 1500


def test_inputs_that_cannot_be_used() -> None:
    with pytest.raises(DataError, match="column radius_m: has no such column"):
        asked(incident(44.9, 100).drop(columns="radius_m"))
    table = {"id": ["i"], "date": ["2022"], "radius_m": [100]}
    with pytest.raises(DataError, match="coordinate reference"):
        asked(gpd.GeoDataFrame(table, geometry=gpd.points_from_xy([0.5], [44.9])))


def test_bounds_hold_every_place_and_are_no_wider_than_they_say() -> None:
    """Compare with many places: each one's nearest road, and what that is at by road."""
    from roxham.geo.access.remoteness import Terrain
    from roxham.geo.routing.barrier import Walled

    rng = np.random.default_rng(5)
    names = [f"n{i}" for i in range(12)]
    spots = {n: (0.5 + rng.uniform(-0.1, 0.1), 44.8 + rng.uniform(-0.07, 0.07)) for n in names}
    roads = []
    for i in range(20):
        u, v = rng.choice(names, 2, replace=False)
        metres = 1.1 * 111_000 * float(np.hypot(*np.subtract(spots[u], spots[v])))
        roads.append((str(u), str(v), metres + i, 60.0))
    terrain = Terrain(Walled(network(spots, roads)), METRIC)
    points = terrain.points[1]
    metres = rng.uniform(0, 30_000, 1)[0] + np.hypot(*(points.xy - points.xy.mean(axis=0)).T)
    area = shapely.Point(points.xy.mean(axis=0)).buffer(6000)
    places = area.centroid.coords[0] + rng.uniform(-6000, 6000, (20_000, 2))
    places = places[shapely.intersects_xy(area, *places.T)]
    away, nearest = (np.asarray(found) for found in cKDTree(points.xy).query(places))
    found = straight(area, points)
    assert found.low <= away.min()
    assert found.high >= away.max() - EVERY_M / 2
    assert found.high <= away.max() + 150
    off = shapely.Point(points.xy.max(axis=0) + 5000).buffer(1500)
    pieces = shapely.linestrings(np.stack([points.xy - points.half, points.xy + points.half], 1))
    nearest_m = float(shapely.distance(shapely.union_all(pieces), off))
    assert nearest_m - 100 <= straight(off, points).low <= nearest_m
    found = by_road(area, points, metres)
    assert found.low <= metres[nearest].min()
    assert found.high >= metres[nearest].max()
    # extremes lie on the rim; 30 m farther out stands the rim of the widest area meant
    rim = shapely.get_coordinates(area.buffer(30, quad_segs=9000))
    widest = metres[np.union1d(nearest, cKDTree(points.xy).query(rim)[1])]
    assert found.low >= widest.min() - 250
    assert found.high <= widest.max() + 250


def test_bundled_incidents_have_intervals_on_the_corridor() -> None:
    incidents = gpd.GeoDataFrame(load_incidents().rows)[::3]
    done: list[int] = []
    table = incident_context(
        incidents,
        load_roads(),
        ports=gpd.GeoDataFrame(load_ports().rows),
        places=load_places(),
        progress=lambda number, of: done.append(of - number),
    )
    assert done[-1] == 0
    assert table["id"].tolist() == incidents["id"].tolist()
    assert (table["network"] == "schematic").all()
    assert (table["road_min_m"] == 0).all()
    for name in ("port", "town"):
        assert (table[f"{name}_max_m"] > table[f"{name}_min_m"]).all()
        assert table[[name, f"{name}_class"]].notna().all(axis=None)
    assert table["hospital_class"].isna().all()
    # wider than the disc on its side can be seen
    spread = table["port_max_m"] - table["port_min_m"]
    assert (spread.to_numpy() >= incidents["radius_m"].to_numpy(dtype=float) / 2).all()


@pytest.mark.shared
def test_real_roads_where_they_cover_the_area(shared: Path) -> None:
    table = gpd.GeoDataFrame(load_ports().rows)
    roads = cut_at_border(read(shared / "osm_roxham_core.osm.pbf"), load_border(), ports=table)
    rows = gpd.GeoDataFrame(load_incidents().rows).set_index("id", drop=False)
    found = incident_context(
        rows.loc[["2023-01-04-st-bernard-de-lacolle", "2022-12-03-north-troy"]], roads, ports=table
    )
    near, off = found.iloc[0], found.iloc[1]
    assert near["network"] == "full"
    assert near["road_max_m"] < 3000
    assert near["port"] == "lacolle-champlain"
    assert near["port_max_m"] < 20_000
    assert off["reason"] == "the network does not cover its area"


def test_a_network_of_few_junctions_covers_what_its_roads_go_round() -> None:
    """Two junctions, and a road from one to the other that goes round a square to the south."""
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    graph.add_node("a", x=0.45, y=44.95, side="US")
    graph.add_node("b", x=0.55, y=44.95, side="US")
    graph.add_node("n", x=0.55, y=45.05, side="CA")
    round_it = shapely.LineString([(0.45, 44.95), (0.45, 44.85), (0.55, 44.85), (0.55, 44.95)])
    for u, v, line in (("a", "b", round_it), ("b", "a", round_it.reverse())):
        graph.add_edge(u, v, length=30_000.0, geometry=line)
    row = asked(incident(44.9, 500), Roads.from_networkx(graph))
    assert row["reason"] != "the network does not cover its area"
    assert row["road_min_m"] <= 3450 <= row["road_max_m"]  # 0.05° of longitude, less the radius
