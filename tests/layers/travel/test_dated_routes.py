"""Routes on a date: which gates, which rules."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import geopandas as gpd
import networkx as nx
import pytest

from roxham.geo import NoRouteError, Roads, cut_at_border, load_border, load_region, load_roads
from roxham.geo.region import using_region
from roxham.layers import dated_routes, find_place, gate_names, load_ports

ENDS = find_place("Roxham Road"), find_place("chemin Roxham")


@pytest.mark.parametrize("on", ["2023-03-24", dt.date(2023, 3, 24), dt.datetime(2023, 3, 24, 9)])
def test_the_site_on_foot_while_it_was_in_use(on: str | dt.date) -> None:
    row = dated_routes(load_roads(), *ENDS, on=on).iloc[0]
    assert row[["gate", "gate_name", "gate_name_fr"]].tolist() == [
        "roxham-road",
        "Roxham Road",
        "Chemin Roxham",
    ]
    assert row["on"] == "2023-03-24"
    assert row["walk_m"] == pytest.approx(45, abs=2)
    assert "on foot" in row["rule"]
    assert "à pied" in row["rule_fr"]
    assert row["rule_source_url"].startswith("https://")


def test_after_the_protocol_by_the_port_and_southward_without_rules() -> None:
    row = dated_routes(load_roads(), *ENDS, on="2023-03-26").iloc[0]
    assert (row["gate"], row["walk_m"]) == ("lacolle-champlain", 0)
    assert "14 days" in row["rule"]
    south = dated_routes(load_roads(), *ENDS[::-1], on="2023-03-24").iloc[0]
    assert south["gate"] == "lacolle-champlain"
    assert south[["rule", "regime"]].isna().all()


def test_ends_without_a_side_are_told_theirs_by_the_region() -> None:
    south = [find_place(f"{lon},45.0").assign(side=None) for lon in (0, 1)]
    for place, (x, y) in zip(south, [(-73.582, 45.05), (-73.453, 44.7)], strict=True):
        place["geometry"] = gpd.points_from_xy([x], [y], crs="EPSG:4326")
    row = dated_routes(load_roads(), *south, on="2023-03-24", within_m=20_000).iloc[0]
    assert row[["rule", "regime"]].isna().all()
    row = dated_routes(load_roads(), *south[::-1], on="2023-03-24", within_m=20_000).iloc[0]
    assert row["regime"] == "agreement"


def test_a_gate_that_is_closed_and_hours_of_the_day() -> None:
    with pytest.raises(NoRouteError, match="not among the gates that are open"):
        dated_routes(load_roads(), *ENDS, on="2023-03-26", via="roxham-road")
    first = dated_routes(load_roads(), *ENDS, on="2023-03-25", at="00:00").iloc[0]
    assert first["gate"] == "roxham-road"
    first = dated_routes(load_roads(), *ENDS, on="2023-03-25", at="00:01").iloc[0]
    assert first["gate"] == "lacolle-champlain"
    moment = dt.datetime(2023, 3, 25, 3, 59, tzinfo=dt.UTC)  # 23:59 of the day before there
    first = dated_routes(load_roads(), *ENDS, on=moment).iloc[0]
    assert (first["gate"], first["on"]) == ("roxham-road", "2023-03-24")


def test_gates_by_name() -> None:
    names = gate_names(load_ports().rows)
    assert names.loc[["trout-river"]].values.tolist() == [["Trout River"] * 2]
    assert names.notna().all(axis=None)
    assert len(names) == len(load_ports().rows)


OPEN_REGION = """
id = "open"
languages = ["en"]
bounds = [0, 49, 1, 51]
controlled = false
title = { en = "Open" }
[[sides]]
code = "N"
[[sides]]
code = "S"
[files]
border = "line.csv"
ports = "ports.csv"
[[regimes]]
id = "free"
since = "2000-01-01"
[[rules]]
regime = "free"
gate = "port_of_entry"
towards = "north"
text = { en = "Northward." }
[[rules]]
regime = "free"
gate = "port_of_entry"
towards = "south"
text = { en = "Southward." }
"""


def test_a_way_over_and_back_is_told_the_rules_of_both_ways(tmp_path: Path) -> None:
    (tmp_path / "region.toml").write_text(OPEN_REGION)
    (tmp_path / "line.csv").write_text("lon,lat\n0,50\n1,50\n")
    port = "port_of_entry,{0},{0},50,{1},open,T,P,https://example.org,single"
    ports = [f"{name},{port.format(name, lon)}" for name, lon in (("west", 0.2), ("east", 0.4))]
    columns = "port_id,kind,n_name,s_name,lat,lon,status"
    columns += ",source_title,source_publisher,source_url,confidence"
    (tmp_path / "ports.csv").write_text("\n".join([columns, *ports]))
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    spots = {1: (0.2, 50.01), 2: (0.2, 49.99), 3: (0.4, 49.99), 4: (0.4, 50.01)}
    for node, (x, y) in spots.items():
        graph.add_node(node, x=x, y=y)
    for u, v in ((1, 2), (2, 3), (3, 4)):
        graph.add_edge(u, v, highway="primary")
        graph.add_edge(v, u, highway="primary")
    region = load_region(tmp_path)
    border = load_border(region)
    with using_region(region):
        roads = cut_at_border(Roads.from_networkx(graph), border, ports=load_ports().rows)

    def told(a: int, b: int) -> tuple[str, str]:
        ends = []
        for node in (a, b):
            x, y = spots[node]
            at = gpd.GeoSeries.from_xy([x], [y], crs="EPSG:4326")
            ends.append(gpd.GeoDataFrame({"name": [str(node)], "side": border.side_of(at)},
                                         geometry=at))  # fmt: skip
        row = dated_routes(roads, *ends, on="2020-01-01", weight="length_m", region=region).iloc[0]
        return row["gate"], row["rule"]

    assert told(1, 4) == ("west; east", "Southward.; Northward.")
    assert told(4, 1) == ("east; west", "Southward.; Northward.")
    assert told(2, 1) == ("west", "Northward.")
    assert told(1, 3) == ("west", "Southward.")


def test_ends_may_be_named_or_be_frames_that_know_no_side() -> None:
    named = dated_routes(load_roads(), "Plattsburgh", "Montréal", on="2023-03-24")
    towns = find_place("Plattsburgh"), find_place("Montréal")
    bare = (town[["name", "geometry"]] for town in towns)
    for ends in (towns, bare):
        rows = dated_routes(load_roads(), *ends, on="2023-03-24")
        assert rows["gate"].tolist() == named["gate"].tolist()
        assert rows["rule"].tolist() == named["rule"].tolist()
