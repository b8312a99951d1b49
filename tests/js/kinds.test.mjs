import assert from "node:assert/strict";
import test from "node:test";
import { KINDS, traitsOf } from "../../maps/assets/js/kinds/index.js";

const kinds = Object.entries(KINDS);

// Kinds by their place in an order; those of one place share a list.
function ordered(of) {
  const places = new Map();
  for (const [name, { rank }] of kinds) places.set(rank[of], [...(places.get(rank[of]) ?? []), name]);
  return [...places].sort(([a], [b]) => a - b).map(([, names]) => names.sort().join(" "));
}

test("every kind draws, is hit, and has a card with a place to point at", () => {
  for (const [name, kind] of kinds) {
    for (const trait of ["draw", "hit", "popup"]) assert.equal(typeof kind[trait], "function", `${name}.${trait}`);
    assert.equal(typeof (kind.anchor ?? kind.middle), "function", name);
  }
});

test("a kind has no trait that nothing asks for, such as a misspelt one", () => {
  const asked = "rank draw hit popup anchor middle name mark labels block signs columns id reach ground standing monthly wet bothDates lands symbols line perDay".split(" ");
  for (const [name, kind] of kinds) assert.deepEqual(Object.keys(kind).filter((trait) => !asked.includes(trait)), [], name);
});

test("one column of a kind's table names its rows", () => {
  const layer = { extra: { sides: [{ code: "A" }, { code: "B" }] } };
  const columnsOf = ({ columns }) => (typeof columns === "function" ? columns(layer) : columns);
  const given = kinds.map(([name, kind]) => [name, { columns: columnsOf(kind) }]).filter(([, { columns }]) => columns);
  assert.deepEqual(given.filter(([, { columns }]) => columns.filter(({ heads }) => heads).length !== 1), []);
  assert.ok(given.length >= 7);
});

test("what lies on top, what is listed first, what is read first", () => {
  const drawn = "jurisdictions water catchments reach roads features incidents border routes places entries ports";
  assert.deepEqual(ordered("drawn"), drawn.split(" "));
  const legend = "routes catchments reach ports entries incidents features roads border places water jurisdictions";
  assert.deepEqual(ordered("legend"), legend.split(" "));
  const read = "ports incidents routes reach catchments places roads entries water border jurisdictions features";
  assert.deepEqual(ordered("read"), read.split(" "));
  const tables = ["ports", "entries", "incidents", "roads", "places", "border", "water", "jurisdictions"];
  assert.deepEqual(ordered("table"), [...tables, "catchments features reach routes"]);
});

test("the ground is listed last", () => {
  const ranks = (ground) => kinds.filter(([, kind]) => Boolean(kind.ground) === ground).map(([, { rank }]) => rank.legend);
  assert.ok(Math.max(...ranks(false)) < Math.min(...ranks(true)));
});

test("a kind that nobody wrote is refused by name", () => {
  assert.equal(traitsOf("ports"), KINDS.ports);
  assert.throws(() => traitsOf("constructor"), /No kind of layer is called constructor/);
});
