"""“How far was it?”: every pair of places as find_routes has it, the gate of rules, the reader."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from roxham.geo import Roads, find_routes, load_places, load_roads, using_region
from roxham.geo.region import active_region
from roxham.geo.routing import routes
from roxham.geo.routing.alternatives import Search
from roxham.geo.routing.gates import Gateway
from roxham.geo.routing.locations import Anchors, anchor
from roxham.layers import Layers, gates, load_layers, load_ports, regime_spans
from roxham.layers.publication.check import check_tables
from roxham.layers.travel.gate_ways import DAY, changed_rules, gate_ways
from roxham.layers.travel.place_lookup import named_places
from roxham.maps.content.clock import clock_data
from roxham.maps.elements.layers import RoadLayer
from roxham.maps.ground import Base, load_base
from roxham.maps.page.ask import ASKED, ask_data
from roxham.maps.page.rules import check_page, page_payloads, payload_table
from tests.maps.conftest import Open

ROOT = Path(__file__).parents[3]
ANSWER = """
import { readFileSync } from "node:fs";
import { decodeLayer } from "ROOT/core/payload.js";
import { GateWays } from "ROOT/panels/gate_ways.js";
const { roads, tables } = JSON.parse(readFileSync(0));
const ways = new GateWays(await decodeLayer(roads), await Promise.all(tables.map(decodeLayer)));
const all = Array.from({ length: ways.places.n }, (_, i) => i);
const id = (i) => ways.places.value(i, "place");
const answer = (span) => all.flatMap((i) => all.map((k) => {
  const { why, gate, length_m, travel_time_s, walk_m, sides } = ways.best(i, k, span);
  return [id(i), id(k), why ?? gate, length_m, travel_time_s, walk_m, ...(sides ?? [])];
}));
// Which gates are open decides; what the rules mean there changes no way.
const gates = ({ north, south }) => [[...north.keys()], [...south.keys()]];
const first = new Map(ways.spans.toReversed().map((span) => [JSON.stringify(gates(span)), span]));
const told = ways.spans.map((span) => {
  const known = first.get(JSON.stringify(gates(span))) !== span;
  return [span.start, ...gates(span), known ? null : answer(span)];
});
process.stdout.write(JSON.stringify(told));
"""


@pytest.fixture(scope="module")
def layers() -> Layers:
    return load_layers()


@pytest.fixture(scope="module")
def base() -> Base:
    return load_base()


@pytest.fixture(scope="module")
def asked(layers: Layers, base: Base) -> dict[str, Any]:
    found = ask_data(layers, base, clock_data(layers))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def roads() -> Roads:
    return load_roads()


@pytest.fixture
def page(years_page: Path) -> Path:
    return years_page


def answers(node: str, base: Base, asked: dict[str, Any]) -> list[list[Any]]:
    """Return spans: first day, gates to the north and south, and answers for every pair.

    None in place of the answers where an earlier span has the same gates.
    """
    script = ANSWER.replace("ROOT", (ROOT / "maps/assets/js").as_uri())
    given = json.dumps({"roads": RoadLayer(base.roads).payload, "tables": asked["tables"]})
    done = subprocess.run(
        [node, "--input-type=module", "-e", script],
        input=given,
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[list[Any]] = json.loads(done.stdout)
    return found


def test_every_pair_under_every_regime_is_as_find_routes_has_it(
    node: str, base: Base, asked: dict[str, Any], roads: Roads
) -> None:
    named = named_places().set_index("place", drop=False)
    side, ports = named["side"].to_dict(), load_ports().rows
    told = answers(node, base, asked)
    assert {regime["start"] for regime in regime_spans().to_dict("records")[1:]} <= {
        day for day, *_ in told
    }
    pairs, walked = 0, set[tuple[str, ...]]()
    for day, *open_, found in told:
        for way, ids in zip(("north", "south"), open_, strict=True):
            opened = gates(ports, on=day, direction=way)
            assert ids == opened["gate"].tolist()
            if not found or (way, *ids) in walked:
                continue
            walked.add((way, *ids))
            towards = {"north": "CA", "south": "US"}[way]
            over = [row for row in found if side[row[0]] != towards == side[row[1]]]
            gateway = Gateway(roads, opened)
            at = {p: anchor(gateway, named.loc[[p]], p) for p in {row[0] for row in found}}
            expected = [best_of(gateway, at[a], at[b]) for a, b, *_ in over]
            assert [row[2] for row in over] == [gate for gate, *_ in expected]
            worst = np.abs(np.array([r[3:] for r in over]) - np.array([e[1:] for e in expected]))
            assert worst.max() < 0.1  # metres and seconds
            pairs += len(over)
            # and the whole of find_routes, for some
            for a, b, gate, metres, *_ in over[:: len(over) // 4]:
                row = find_routes(roads, named.loc[[a]], named.loc[[b]], gates=opened).iloc[0]
                assert (gate, round(metres)) == (row["gate"], round(row["length_m"]))
        alone = [row for row in found or [] if side[row[0]] == side[row[1]]]
        assert {row[2] for row in alone} <= {"one_side"}
    assert pairs > 6000


def best_of(gateway: Gateway, start: Anchors, end: Anchors) -> tuple[Any, ...]:
    """Return what find_routes finds, without its frame: gate, metres, seconds, on foot, sides."""
    doors = routes._doors(gateway, start, end, None)
    search = Search.of(gateway, start, end, doors, "travel_time_s")
    steps = search.routes(1, 0.6, 1.25)[0][0]
    door = next(s.door for s in steps if s.door >= 0)
    gate = gateway.gates["gate"].iloc[gateway.doors.gate[door]]
    metres = routes._quantities(search, steps)
    names = ("length_m", "travel_time_s", "walk_m", "length_ca_m", "length_us_m")
    return (str(gate), *(metres[name] for name in names))


def test_the_change_and_the_example_are_the_regions(asked: dict[str, Any]) -> None:
    assert asked["change"]["before"] == "2023-03-24"
    assert asked["change"]["after"] == "2023-03-25"
    assert asked["change"]["title"]["en"] == "Additional Protocol in force"
    assert asked["example"] == ["us-ny-plattsburgh", "roxham-road:CA"]


@pytest.mark.parametrize("named", [None, ("us-ny-plattsburgh", "us-ny-mooers")])
def test_a_region_that_names_no_pair_on_either_side_opens_on_towns(
    layers: Layers, named: tuple[str, str] | None
) -> None:
    region = active_region()
    assert region.details is not None
    details = region.details.model_copy(update={"ask": named})
    day = pd.Timestamp("2023-03-24")
    with using_region(replace(region, details=details)):
        change = changed_rules(pd.Timestamp("2025-01-01"))
        roads = load_roads()
        found = gate_ways(roads, roads.edges, layers.ports, day, day + DAY, change=change)
        people = load_places().set_index("place_id")["population"].dropna()
    assert found is not None
    places = found.places.set_index("place")
    side = places.loc[list(found.example), "side"].tolist()
    assert side == [1, 0]
    assert {*found.example} <= {*people.index}  # towns, not the two ends of one road


def test_the_payload_is_small_and_the_gate_of_rules_reads_it(
    asked: dict[str, Any], page: Path
) -> None:
    assert sum(len(json.dumps(table)) for table in asked["tables"]) < 40_000
    html = page.read_text(encoding="utf-8")
    kinds = [payload["kind"] for payload in page_payloads(html)]
    assert set(ASKED) <= set(kinds)
    found = {one.rule: one for one in check_page(html)}
    assert "asked_days" in found["places"].evidence
    assert found["retrospective"].status == "pass"
    early = check_tables([("asked_days", days_of(asked))], as_of=dt.date(2023, 6, 1))
    assert {one.rule for one in early if one.status == "fail"} == {"retrospective"}


def days_of(asked: dict[str, Any]) -> pd.DataFrame:
    return payload_table(asked["tables"][ASKED.index("asked_days")])


def test_only_the_past_is_asked_and_only_gates_of_the_table(layers: Layers, base: Base) -> None:
    early = replace(layers, as_of=dt.date(2023, 7, 15), until="2024-12")
    found = ask_data(early, base, clock_data(early))
    assert found is not None
    assert found["last"] == "2023-03"  # the last whole month before the embargo of 90 days
    days = days_of(found)
    assert days["end"].max() == "2023-03-31"
    assert set(days["gate"]) <= set(layers.ports["port_id"])
    # before the change could be told, the one before it is compared
    before = replace(layers, as_of=dt.date(2023, 6, 1))
    told = ask_data(before, base, clock_data(before))
    assert told is not None
    assert told["change"]["after"] == "2021-11-21"
    assert days_of(told)["end"].max() < "2023-03-04"


@pytest.mark.parametrize("without", ["ports", "schematic", "given"])
def test_a_page_without_gates_or_schematic_roads_asks_nothing(
    layers: Layers, base: Base, without: str
) -> None:
    if without == "ports":
        layers = layers.with_tables(ports=layers.ports.iloc[:0])
    elif without == "schematic":
        base = replace(base, schematic=False)
    else:
        frame = base.roads.copy(deep=False)
        frame.attrs = {**frame.attrs, "given": True}
        base = replace(base, roads=frame)
    assert ask_data(layers, base, clock_data(layers)) is None


def test_ports_far_from_the_roads_ask_nothing(layers: Layers, base: Base) -> None:
    away = layers.ports.assign(port_id=[f"other-{k}" for k in range(len(layers.ports))])
    away = gpd.GeoDataFrame(
        away, geometry=gpd.points_from_xy([0.0] * len(away), [50.0] * len(away))
    )
    moved = layers.with_tables(ports=away.set_crs("EPSG:4326"))
    assert ask_data(moved, base, clock_data(layers)) is None


@pytest.mark.browser
def test_a_reader_asks_by_keyboard_and_a_copied_link_asks_again(
    open_page: Open, page: Path
) -> None:
    opened = open_page(page)
    reader = opened.page
    panel = reader.get_by_role("region", name="How far was it?")
    expect(panel.locator(".rx-ask-said")).to_contain_text("March 25, 2023")
    # The picture beside the figures has both ways, from one end to the other.
    picture = panel.locator(".rx-ask-picture")
    ends = picture.locator("text:not(.rx-ask-town)")
    expect(ends).to_have_text(["Plattsburgh", "Chemin Roxham"])
    # Between them a reader sees where he is.
    expect(picture.locator("text.rx-ask-town", has_text="Rouses Point")).to_have_count(1)
    away = picture.evaluate(
        """(svg) => [...svg.querySelectorAll('.rx-ask-way')].map((way) => {
          const numbers = way.getAttribute('d').match(/[\\d.]+/g).map(Number);
          return [numbers.slice(0, 2), numbers.slice(-2)].map(([x, y], k) => {
            const circle = svg.querySelectorAll('circle:not(.rx-ask-town)')[k];
            return Math.hypot(x - circle.getAttribute('cx'), y - circle.getAttribute('cy'));
          });
        })"""
    )
    assert len(away) == 2
    assert max(each for way in away for each in way) < 0.5  # pixels, some 75 m
    drawn = "roxham.stageOf(map_roxham).layers.filter((l) => l.kind === 'asked').length"
    assert reader.evaluate(drawn) == 0
    assert "a=" not in reader.evaluate("location.hash")

    panel.get_by_label("From").focus()
    reader.keyboard.type("Mooers Forks")
    panel.get_by_label("In").select_option("2018-06")
    rows = panel.locator("tbody tr:has(th)")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("June 2018")
    expect(rows.nth(0)).to_contain_text("Roxham Road")
    expect(rows.nth(0)).to_contain_text("45 m of it on foot")
    expect(rows.nth(2)).to_contain_text("After: March 25, 2023")
    expect(rows.nth(2)).to_contain_text("Hemmingford – Mooers")
    assert reader.evaluate(drawn) == 1
    reader.wait_for_timeout(260)
    link = reader.evaluate("location.href")
    assert "us-ny-mooers-forks:roxham-road:CA:2018-06" in unquote(unquote(unquote(link)))

    rows.nth(0).get_by_role("button").press("Enter")
    card = reader.get_by_role("dialog")
    expect(card).to_contain_text("How far was it?")
    expect(card).to_contain_text("15 km")
    card.press("Escape")

    panel.get_by_role("button", name="Swap the two places").click()
    expect(panel.locator("caption")).to_have_text("Chemin Roxham → Mooers Forks")
    expect(rows.nth(0)).to_contain_text("Hemmingford – Mooers")  # nobody walked south there
    panel.get_by_label("To").select_option(label="Hemmingford")
    expect(panel.locator(".rx-ask-said")).to_contain_text("both lie in one country (Canada)")
    panel.get_by_label("Draw it on the map").uncheck()
    assert reader.evaluate(drawn) == 0
    opened.quiet()

    reader.goto("about:blank")
    reader.goto(link + "&lang=fr")
    french = reader.get_by_role("region", name="Quelle était la distance?")
    expect(french.locator("caption")).to_have_text("Mooers Forks → Chemin Roxham")
    expect(french.locator("tbody tr").first).to_contain_text("juin 2018")
    expect(french).to_contain_text("à pied")
    assert reader.evaluate(drawn) == 1


@pytest.mark.parametrize(("example", "title"), [("danube", "Spot checks end"), ("ireland", None)])
def test_another_region_asks_by_its_own_rules(example: str, title: str | None) -> None:
    with using_region(ROOT / "examples" / example):
        layers = load_layers()
        found = ask_data(layers, load_base(), clock_data(layers))
    # an open border may be passed several times on one way, which no tree of a gate tells
    assert (None if found is None else found["change"]["title"]["en"]) == title
