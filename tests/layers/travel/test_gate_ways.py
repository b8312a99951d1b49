"""Ways through gates as tables: spans of days, trees and their mirrors, the change of rules."""

import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from roxham.geo import Roads, load_roads, using_region
from roxham.geo.region import Region
from roxham.layers import load_ports
from roxham.layers.travel.gate_ways import (
    DAY,
    GateWays,
    changed_rules,
    gate_ways,
    open_days,
)

FIRST, LAST = pd.Timestamp("2022-01-01"), pd.Timestamp("2023-12-31")


@pytest.fixture(scope="module")
def roads() -> Roads:
    return load_roads()


@pytest.fixture(scope="module")
def ports() -> gpd.GeoDataFrame:
    return load_ports().rows


def found_on(roads: Roads, ports: gpd.GeoDataFrame) -> GateWays:
    found = gate_ways(roads, roads.edges, ports, FIRST, LAST, change=changed_rules(LAST))
    assert found is not None
    return found


def told_of(
    ports: gpd.GeoDataFrame, first: pd.Timestamp, last: pd.Timestamp
) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    found = open_days(ports, first, last)
    assert found is not None
    return found


def spans(days: pd.DataFrame) -> list[tuple[str, str]]:
    return list(days[["start", "end"]].drop_duplicates().itertuples(index=False, name=None))


def test_a_gate_is_open_to_the_day_before_it_closes(ports: gpd.GeoDataFrame) -> None:
    one = ports[ports["port_id"] == "lacolle-champlain"].assign(
        opened="2022-03-10", closed="2022-05-20"
    )
    days, every = told_of(one, FIRST, LAST)
    assert every["gate"].tolist() == ["lacolle-champlain"]
    held = days[days["gate"].notna() & days["way"].eq("north")]
    assert spans(held) == [("2022-03-10", "2022-05-19")]
    # days without any gate are told too, and no day is left out
    told = spans(days)
    assert told[0][0] == "2022-01-01"
    assert told[-1][1] == "2023-12-31"
    for (_, end), (start, _) in itertools.pairwise(told):
        assert pd.Timestamp(end) + DAY == pd.Timestamp(start)


def test_what_is_known_to_the_month_is_flagged_in_it(ports: gpd.GeoDataFrame) -> None:
    one = ports[ports["port_id"] == "lacolle-champlain"].assign(opened="2022-03", closed=None)
    days, _ = told_of(one, FIRST, pd.Timestamp("2022-12-31"))
    held = days[days["gate"].notna() & days["way"].eq("south")]
    assert held[["start", "end", "flags"]].fillna("").values.tolist() == [
        ["2022-03-01", "2022-03-30", "opened_about"],
        ["2022-03-31", "2022-12-31", ""],
    ]


def test_rules_change_the_span_where_no_gate_does(ports: gpd.GeoDataFrame) -> None:
    one = ports[ports["port_id"] == "lacolle-champlain"]
    days, _ = told_of(one, FIRST, LAST)
    assert spans(days) == [("2022-01-01", "2023-03-24"), ("2023-03-25", "2023-12-31")]


def test_steps_lead_from_node_to_node_and_to_the_root(
    roads: Roads, ports: gpd.GeoDataFrame
) -> None:
    found = found_on(roads, ports)
    ends = found.roads[["u", "v"]].to_numpy(dtype=np.int64).ravel()  # edge e leads from ends[e]
    towards = found.trees["tree"].isin(found.doors["to_tree"])
    assert set(found.trees["tree"][~towards]) <= set(found.doors["from_tree"])
    steps = found.trees[towards]
    tail, head = ends[steps["edge"]], ends[steps["edge"] ^ 1]
    assert (tail == steps["node"]).all()
    root = dict(zip(found.doors["to_tree"], found.doors["tail"], strict=True))
    for tree, of in pd.DataFrame({"tree": steps["tree"], "head": head}).groupby("tree"):
        nodes = {*steps["node"][steps["tree"] == tree], root[tree]}
        assert set(of["head"]) <= nodes


def test_ways_back_stay_out_only_where_they_are_the_ways_there(
    roads: Roads, ports: gpd.GeoDataFrame
) -> None:
    both = found_on(roads, ports)
    # all but the end of the walk, to which nobody goes back
    kept = both.doors["from_tree"] >= 0
    assert both.doors["gate"][kept].tolist() == ["roxham-road"]
    busy = both.trees["edge"].value_counts().index[0]
    u, v = (int(both.roads[end][busy >> 1]) for end in ("u", "v"))
    u, v = (u, v) if busy % 2 == 0 else (v, u)
    one_way = ~((roads.u == u) & (roads.v == v))
    less = found_on(roads.take_edges(one_way, drop_nodes=False), ports)
    assert (less.doors["from_tree"] >= 0).sum() > 1
    assert less.roads["back_time_s"].isna().any()
    assert len(less.trees) > len(both.trees)


def test_names_and_sides_of_places(roads: Roads, ports: gpd.GeoDataFrame) -> None:
    places = found_on(roads, ports).places.set_index("place")
    assert places["name"]["roxham-road:US"] == "Roxham Road"
    assert places["side"]["roxham-road:US"] == 1
    assert places["name"].is_unique
    assert places[["node", "edge"]].notna().sum(axis=1).eq(1).all()
    assert places["at"].between(0, 1).all()


def test_the_latest_change_that_may_be_told_is_compared() -> None:
    found = [changed_rules(pd.Timestamp(day)) for day in ("2024-01-01", "2023-03-24", "2021-11-20")]
    assert [None if c is None else c.regime.id for c in found] == [
        "protocol",
        "order_lifted",
        "covid_order",
    ]
    assert changed_rules(pd.Timestamp("2004-01-01")) is None


def test_a_region_without_regimes_has_no_change() -> None:
    bare = Region(
        "bare",
        title="Bare",
        bounds=(0.0, 50.0, 1.0, 51.0),
        metric_crs="EPSG:32631",
        sides=("A", "B"),
    )
    with using_region(bare):
        assert changed_rules(LAST) is None


def test_other_roads_than_those_drawn_answer_nothing(roads: Roads, ports: gpd.GeoDataFrame) -> None:
    assert gate_ways(roads, roads.edges.iloc[:-20], ports, FIRST, LAST) is None


def test_of_a_long_table_of_ports_nothing_is_asked(ports: gpd.GeoDataFrame) -> None:
    one = ports[ports["port_id"] == "lacolle-champlain"]
    many = pd.concat([one] * 201, ignore_index=True)
    assert open_days(many.assign(port_id=[f"p{k}" for k in range(201)]), FIRST, LAST) is None
    opened = pd.date_range(FIRST, periods=60, freq="3D").strftime("%Y-%m-%d")
    often = pd.concat([one] * 60, ignore_index=True).assign(opened=opened, closed=None)
    assert open_days(often.assign(port_id=[f"p{k}" for k in range(60)]), FIRST, LAST) is None
