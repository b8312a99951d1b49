import assert from "node:assert/strict";
import test from "node:test";
import { Clock } from "../../maps/assets/js/core/clock.js";
import { monthText } from "../../maps/assets/js/core/dates.js";
import { entryKind, entrySeries, entryValues } from "../../maps/assets/js/kinds/entries.js";
import { seriesOf } from "../../maps/assets/js/panels/chart.js";
import { plotOf } from "../../maps/assets/js/panels/chart_marks.js";
import { measuresOf } from "../../maps/assets/js/panels/measures.js";
import { monthMask } from "../../maps/assets/js/panels/tabledata.js";

const ROWS = [
  { port_code: "1", port_name: "One", period: "2019-12", cars: 5, trucks: 1 },
  { port_code: "1", port_name: "One", period: "2020-01", cars: 6, trucks: null },
  { port_code: "2", port_name: "Two", period: "2019-12", cars: 7, trucks: 2 },
  { port_code: "2", port_name: "Two", period: "2020-01", cars: 0, trucks: 3 },
];

function layer() {
  const columns = new Map(Object.keys(ROWS[0]).map((name) => [name, []]));
  return { kind: "entries", traits: entryKind, extra: { table: { dates: ["period"] } }, n: ROWS.length, columns, value: (i, name) => ROWS[i][name] };
}

test("one month stands on the map: the clock's, else the last", () => {
  const clock = new Clock();
  clock.run("2019-11", "2020-06");
  const entries = layer();
  assert.equal(monthText(clock.monthOf(entries)), "2020-01");
  assert.deepEqual([...clock.maskOf(entries)], [0, 1, 0, 1]);
  clock.set("2019-12");
  assert.deepEqual([...clock.maskOf(entries)], [1, 0, 1, 0]);
  clock.set("2020-06"); // after the last: nothing is known, and nothing is drawn
  assert.deepEqual([...clock.maskOf(entries)], [0, 0, 0, 0]);
});

test("the table has every month while the clock shows all", () => {
  const clock = new Clock();
  clock.run("2019-11", "2020-06");
  const entries = layer();
  entries.shown = clock.maskOf(entries);
  assert.equal(monthMask(entries, clock), null);
  clock.set("2019-12");
  entries.shown = clock.maskOf(entries);
  assert.deepEqual([...monthMask(entries, clock)], [1, 0, 1, 0]);
});

test("ports are added up only where each is known, and zero is known", () => {
  const entries = layer();
  const months = ["2019-11", "2019-12", "2020-01"];
  const ports = entrySeries(entries, months);
  assert.deepEqual([...ports.values()].map(({ name }) => name), ["One", "Two"]);
  assert.deepEqual(entryValues(entries, ports, "all", "cars"), [null, 12, 6]);
  assert.deepEqual(entryValues(entries, ports, "all", "trucks"), [null, 3, null]);
  assert.deepEqual(entryValues(entries, ports, "2", "trucks"), [null, 2, 3]);
});

test("a series stands alone on its axis, with the dates of its months under their numbers", () => {
  const events = [{ date: "2017-03-01" }, { date: "2019-12-24" }];
  const series = seriesOf({ months: ["2019-12", "2020-01"], values: [250_000, [4, 9]], title: () => "", say: String }, events);
  assert.deepEqual(series.whole, [null, null]);
  assert.deepEqual(series.events, [null, events[1]]);
  const plot = plotOf(series, 500);
  assert.ok(plot.ticks.at(-1) >= 250_000 && plot.left === 56);
  assert.equal(plotOf({ ...series, values: [3, 4] }, 500).left, 40);
});

test("a chart opens on what has counts", () => {
  const measures = [{ measure: "own-1" }, { measure: "own-2" }];
  assert.deepEqual(measuresOf({ chart: { months: ["2022-01"] }, measures }), ["interceptions", "own-1", "own-2"]);
  assert.deepEqual(measuresOf({ chart: { months: [] }, measures }), ["own-1", "own-2"]);
  assert.deepEqual(measuresOf({ chart: { months: [] } }), ["interceptions"]);
});
