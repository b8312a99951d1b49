import assert from "node:assert/strict";
import test from "node:test";
import { Clock, spansOf, statusAt, clock as shared } from "../../maps/assets/js/core/clock.js";
import { flowsOf } from "../../maps/assets/js/panels/areas.js";
import { regimesOf } from "../../maps/assets/js/page/clockbar.js";
import { exactMonth, monthNumber, monthSpan, monthText } from "../../maps/assets/js/core/dates.js";
import { traitsOf } from "../../maps/assets/js/kinds/index.js";

const months = (text) => {
  const span = monthSpan(text);
  return span && [span.first, span.last].map((n) => (Number.isFinite(n) ? monthText(n) : n));
};

function layerOf(kind, rows) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { kind, traits: traitsOf(kind), n: rows.length, columns: new Map(names.map((name) => [name, []])), value: (i, name) => rows[i][name] ?? null };
}

test("a table that is drawn holds when its own dates say", () => {
  const layer = layerOf("features", [{ seen: "2022-06", date: "1900" }, { seen: null }, { seen: "soon" }]);
  layer.extra = { table: { columns: [], dates: ["seen"] } };
  assert.deepEqual(spansOf(layer).map((span) => span && monthText(span.first)), ["2022-06", null, null]);
  const both = layerOf("features", [{ from: "2022-06", to: "2022-08" }, { from: null, to: "2022-08" }]);
  both.extra = { table: { columns: [], dates: ["from", "to"] } };
  assert.deepEqual(spansOf(both).map(({ first, last }) => [Number.isFinite(first), monthText(last)]), [[true, "2022-08"], [false, "2022-08"]]);
});

test("dates are the months they touch, and coarse ones stay coarse", () => {
  assert.deepEqual(months("2023-03-25"), ["2023-03", "2023-03"]);
  assert.deepEqual(months("2022-06"), ["2022-06", "2022-06"]);
  assert.deepEqual(months("2022"), ["2022-01", "2022-12"]);
  assert.deepEqual(months("2024-11/2025-03"), ["2024-11", "2025-03"]);
  assert.deepEqual(months("2023-03-29/2023-03-30"), ["2023-03", "2023-03"]);
  assert.deepEqual(months("2022-06?"), ["2022-06", "2022-06"]);
  assert.deepEqual(months("2022~"), ["2022-01", "2022-12"]);
  // A fiscal year to some and a season to others: no month is guessed.
  assert.equal(monthSpan("2021-22"), null);
  assert.deepEqual(months("201X"), ["2010-01", "2019-12"]);
  assert.deepEqual(months("20XX"), ["2000-01", "2099-12"]);
  assert.deepEqual(months("2022-XX"), ["2022-01", "2022-12"]);
  assert.deepEqual(months("2022-03-XX"), ["2022-03", "2022-03"]);
  assert.deepEqual(months("2022-06/.."), ["2022-06", Infinity]);
  assert.deepEqual(months("../2022"), [-Infinity, "2022-12"]);
  assert.equal(exactMonth(monthSpan("2022-06-01")), true);
  assert.equal(exactMonth(monthSpan("2022")), false);
  assert.equal(exactMonth(monthSpan("x")), false);
});

test("what is no date is none, and never a false day", () => {
  for (const text of [null, undefined, "", "spring", "2022-13", "2022-00", "2022-06-00", "2022-06-32", "2023/2022", "../..", "a/b/c", "2022-", "-2022", "0x10", "<b>", "9".repeat(99)]) {
    assert.equal(monthSpan(text), null, String(text));
  }
  assert.equal(monthNumber("2022-1"), null);
});

test("the clock starts at all months, steps, and stops at its ends", () => {
  const clock = new Clock();
  clock.step(1);
  assert.equal(clock.now, null);
  clock.run("2022-11", "2023-02");
  const heard = [];
  clock.onChange((now) => heard.push(now));
  assert.equal(clock.now, null);
  clock.step(1);
  clock.step(1);
  clock.step(12);
  clock.step(1);
  clock.set("1900-01");
  clock.set("nonsense");
  clock.step(-1);
  assert.deepEqual(heard, ["2022-11", "2022-12", "2023-02", "2022-11", null, "2023-02"]);
});

test("a feature shows over the whole of its date, one without a date is neither in nor out", () => {
  const clock = new Clock();
  clock.run("2022-01", "2023-12");
  const layer = layerOf("incidents", [{ date: "2023-01-04" }, { date: "2022" }, { date: null }, { date: "2022-11/2023-02" }]);
  const all = () => [0, 1, 2, 3].map((i) => clock.covers(layer, i));
  assert.deepEqual(all(), [true, true, null, true]);
  assert.equal(clock.maskOf(layer), null);
  clock.set("2023-01");
  assert.deepEqual(all(), [true, false, null, true]);
  assert.deepEqual([...clock.maskOf(layer)], [1, 0, 0, 1]);
  clock.set("2022-05");
  assert.deepEqual([...clock.maskOf(layer)], [0, 1, 0, 0]);
});

test("a layer without dates is always there", () => {
  const clock = new Clock();
  clock.run("2022-01", "2023-12");
  clock.set("2022-05");
  const layer = layerOf("water", [{ name: "x" }]);
  assert.equal(spansOf(layer), null);
  assert.equal(clock.covers(layer, 0), true);
  assert.equal(clock.maskOf(layer), null);
});

test("a port keeps its place and changes its status", () => {
  const layer = layerOf("ports", [
    { status: "closed", opened: "2017-01", closed: "2023-03-25" },
    { status: "open", opened: null, closed: null },
    { status: "open", opened: "1967", closed: null },
    { status: "closed", opened: null, closed: "2011-04-01" },
    { status: "open", opened: "garbled", closed: null },
  ]);
  const at = (month) => {
    shared.set(month);
    return [0, 1, 2, 3, 4].map((i) => statusAt(layer, i));
  };
  shared.run("2010-01", "2024-12");
  assert.deepEqual(at(null), ["closed", "open", "open", "closed", "open"]);
  assert.deepEqual(at("2016-12"), ["closed", "open", "open", "closed", "open"]);
  assert.deepEqual(at("2017-01"), ["open", "open", "open", "closed", "open"]);
  assert.deepEqual(at("2023-03"), ["open", "open", "open", "closed", "open"]);
  assert.deepEqual(at("2023-04"), ["closed", "open", "open", "closed", "open"]);
  assert.deepEqual(at("2011-03"), ["closed", "open", "open", "open", "open"]);
  assert.deepEqual(at("2011-04"), ["closed", "open", "open", "closed", "open"]); // as gates() has it
  assert.equal(shared.maskOf(layer), null);
  shared.run(null, null);
  assert.equal(shared.now, null);
});

test("a month may stand under two rules, each with its day", () => {
  const regimes = [
    { title: "a", start: "2004-12-29", end: "2020-03-20" },
    { title: "b", start: "2020-03-21", end: "2021-11-30" },
    { title: "c", start: "2021-12-01", end: null },
  ];
  const told = (month) => regimesOf(regimes, month).map(({ regime, from, until }) => [regime.title, from, until]);
  assert.deepEqual(told("2020-02"), [["a", null, null]]);
  assert.deepEqual(told("2020-03"), [["a", null, "2020-03-20"], ["b", "2020-03-21", null]]);
  assert.deepEqual(told("2021-12"), [["c", null, null]]);
  assert.deepEqual(told("2004-11"), []);
});

test("transfers of a month are the running total whose span holds it most closely", () => {
  const data = {
    flows: [{ to: "CA-ON", count: 7131 }],
    totals: [
      { to: "CA-ON", count: 2191, start: "2022-06-30", end: "2022-10-06" },
      { to: "CA-ON", count: 7131, start: "2022-06-30", end: "2023-02-26" },
      { to: "CA-NS", count: 134, start: "2022-06-30", end: "2023-03" },
    ],
  };
  const told = (month) => flowsOf(data, month).map(({ count }) => count);
  assert.deepEqual(told(null), [7131]);
  assert.deepEqual(told("2022-05"), []);
  assert.deepEqual(told("2022-10"), [2191, 134]);
  assert.deepEqual(told("2022-11"), [7131, 134]);
  assert.deepEqual(told("2023-03"), [134]);
});
