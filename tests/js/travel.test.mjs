import assert from "node:assert/strict";
import test from "node:test";
import { setLanguage, setMessages } from "../../maps/assets/js/core/i18n.js";
import { reachDash, reachTimes } from "../../maps/assets/js/kinds/reach.js";
import { routeStroke } from "../../maps/assets/js/kinds/routes.js";
import { traitsOf } from "../../maps/assets/js/kinds/index.js";
import { formatMinutes, onItsSide, setState, shownOf, stateMask } from "../../maps/assets/js/kinds/shared/travel.js";

function layerOf(kind, columns) {
  const n = Object.values(columns)[0].length;
  return { kind, traits: traitsOf(kind), n, extra: {}, shown: null, value: (i, name) => columns[name]?.[i] ?? null };
}

test("each state shows its date, and what is of no date", () => {
  const areas = layerOf("catchments", { when: ["before", "after", "change", null] });
  assert.deepEqual([...stateMask(areas, "before")], [1, 0, 0, 1]);
  assert.deepEqual([...stateMask(areas, "after")], [0, 1, 0, 1]);
  assert.deepEqual([...stateMask(areas, "change")], [0, 0, 1, 1]);
});

test("what changed of routes is both dates; of areas it may be nothing", () => {
  assert.deepEqual([...stateMask(layerOf("routes", { when: ["before", "after"] }), "change")], [1, 1]);
  assert.deepEqual([...stateMask(layerOf("catchments", { when: ["before", "after"] }), "change")], [0, 0]);
});

test("side by side both days are shown, each on its side of the divider", () => {
  const layer = layerOf("catchments", { when: ["before", "after", "change", null] });
  assert.deepEqual([...stateMask(layer, "swipe")], [1, 1, 0, 1]);
  const view = { inner: { x: 10, w: 100 } };
  const sides = (px) => [0, 1, 3].map((i) => onItsSide(view, layer, i, px));
  assert.deepEqual(sides(20), [true, true, true]);
  setState(layer, "swipe");
  assert.deepEqual([sides(20), sides(100)], [[true, false, true], [false, true, true]]);
  layer.split = 0.95;
  assert.deepEqual(sides(100), [true, false, true]);
  setState(layer, "after");
  assert.deepEqual(sides(20), [true, true, true]);
});

test("a route that is the same on both days is no change", () => {
  const layer = layerOf("routes", { when: ["before", "after", "before"], same: [true, true, false] });
  assert.deepEqual([...stateMask(layer, "change")], [0, 0, 1]);
});

test("without a choice the earlier date is shown, never both", () => {
  const layer = layerOf("routes", { when: ["before", "after", null] });
  assert.deepEqual(shownOf(layer), [0, 2]);
  setState(layer, "after");
  assert.deepEqual(shownOf(layer), [1, 2]);
  layer.shown = Uint8Array.of(1, 1, 0);
  assert.deepEqual(shownOf(layer), [1]);
  layer.shown = null;
  assert.deepEqual(shownOf(layer), [1, 2]);
});

test("dates and alternatives differ without colour", () => {
  const layer = layerOf("routes", { when: ["before", "after", "after"], route: [1, 1, 2] });
  const signs = [0, 1, 2].map((i) => JSON.stringify(routeStroke(layer, i)));
  assert.equal(new Set(signs).size, 3);
});

test("times of an area are told apart by their edge", () => {
  const layer = layerOf("reach", { minutes: [60, 30, 15, 60] });
  assert.deepEqual(reachTimes(layer), [15, 30, 60]);
  assert.equal(new Set([15, 30, 60].map((m) => String(reachDash(layer, m)))).size, 3);
});

test("times in the reader's words", () => {
  const both = { "travel.seconds": "{seconds} s", "travel.minutes": "{minutes} min", "travel.hours": "{hours} h {minutes} min", unknown: "?" };
  setMessages({ en: both, fr: both });
  setLanguage("en");
  assert.equal(formatMinutes(33.9), "34 s");
  assert.equal(formatMinutes(1450), "24 min");
  assert.equal(formatMinutes(3570), "1 h 00 min");
  assert.equal(formatMinutes(3599), "1 h 00 min");
  assert.equal(formatMinutes(3720), "1 h 02 min");
  assert.equal(formatMinutes(null), "?");
});
