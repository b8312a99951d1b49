import assert from "node:assert/strict";
import test from "node:test";
import { courseOf, namePlace, pictureFrame, PICTURE, townsAround } from "../../maps/assets/js/panels/ask_picture.js";
import { setMessages } from "../../maps/assets/js/core/i18n.js";
import { answersOf, hasDashes, layerOf } from "../../maps/assets/js/panels/ask.js";
import { GateWays } from "../../maps/assets/js/panels/gate_ways.js";

setMessages({ en: {} });

function table(columns) {
  const n = Object.values(columns)[0].length;
  return { n, value: (i, name) => columns[name]?.[i] ?? null };
}

// South of the line 0 (town), 1 (port, on it) and 2 (end of a road); north of it 3 (town) and 4 (the other end).
// Links: 0–1 10 km, 0–2 5 km, 1–3 10 km, 4–3 8 km; 1 km takes a minute. From 2 to 4 one walks 100 m in 72 s.
const km = [10, 5, 10, 8];
const links = table({ u: [0, 0, 1, 4], v: [1, 2, 3, 3], time_s: km.map((k) => 60 * k), back_time_s: [600, 300, 600, null] });
const [x, y] = [[0, 1, 0, 2, 1, 1, 3, 4, 3], [0, 1, 0, 2, 1, 2, 3, 4, 3]];
const roads = {
  ...table({ length_m: km.map((k) => 1000 * k) }),
  geometry: { partsOf: [0, 1, 2, 3, 4], pointsOf: [0, 2, 4, 7, 9], x, y },
};
const places = table({
  place: ["s", "n", "m", "alone"],
  side: [1, 0, 0, 0],
  node: [0, 3, null, 9],
  edge: [null, null, 4, null], // on 1–3, a quarter of the way from 1
  at: [0, 0, 0.25, 0],
});
const doors = table({
  gate: ["port", "port", "site"],
  side: [1, 0, 1],
  tail: [1, 1, 2],
  head: [1, 1, 4],
  share: [0.5, 0.5, 0.25],
  walk_m: [0, 0, 100],
  walk_time_s: [0, 0, 72],
  to_tree: [0, 1, 2],
  from_tree: [-2, -1, 3], // the ways from the port are those to it, turned round
});
const trees = table({ tree: [0, 1, 2, 3], node: [0, 3, 0, 3], edge: [0, 5, 2, 6] });
const days = table({
  start: ["2020-01-01", "2020-01-01", "2020-01-01", "2020-03-11", "2020-03-11", "2020-06-01", "2020-06-01"],
  end: ["2020-03-10", "2020-03-10", "2020-03-10", "2020-05-31", "2020-05-31", "2020-12-31", "2020-12-31"],
  way: ["north", "north", "south", "north", "south", "north", "south"],
  gate: ["port", "site", "port", "port", "port", null, null],
  rule: ["old", "walk", null, "new", null, null, null],
});
const ways = new GateWays(roads, [links, places, doors, trees, days]);
const [S, N, M, ALONE] = [0, 1, 2, 3];
const change = { before: "2020-03-10", after: "2020-03-11" };

function figures({ gate, length_m, travel_time_s, walk_m, sides }) {
  return { gate, length_m, travel_time_s, walk_m, sides };
}

test("the fastest of the open gates is passed, on foot where it is a walk", () => {
  assert.deepEqual(figures(ways.best(S, N, ways.spanOn("2020-02-01"))), {
    ...{ gate: "site", length_m: 13_100, travel_time_s: 300 + 72 + 480, walk_m: 100, sides: [8075, 5025] },
  });
  assert.deepEqual(figures(ways.best(S, N, ways.spanOn("2020-04-01"))), {
    ...{ gate: "port", length_m: 20_000, travel_time_s: 1200, walk_m: 0, sides: [10_000, 10_000] },
  });
});

test("back through the port by trees turned round; nobody walks south", () => {
  const back = ways.best(N, S, ways.spanOn("2020-02-01"));
  assert.deepEqual(figures(back), { gate: "port", length_m: 20_000, travel_time_s: 1200, walk_m: 0, sides: [10_000, 10_000] });
  assert.deepEqual(ways.line(back), [[3, 3], [1, 2], [1, 1], [0, 0]]);
});

test("a place in the middle of a road takes its part of it, either way", () => {
  assert.equal(ways.best(S, M, ways.spanOn("2020-04-01")).length_m, 12_500);
  const back = ways.best(M, S, ways.spanOn("2020-04-01"));
  assert.equal(back.length_m, 12_500);
  const [first, ...rest] = ways.line(back);
  // A quarter of the drawn line: 1 up, and √5 aslant.
  assert.ok(Math.abs(first[1] - 1 - (1 + Math.sqrt(5)) / 4) < 1e-9 && first[0] === 1);
  assert.deepEqual(rest, [[1, 1], [0, 0]]);
});

test("where there is no way it says why", () => {
  assert.equal(ways.best(N, M, ways.spanOn("2020-02-01")).why, "one_side");
  assert.equal(ways.best(S, N, ways.spanOn("2020-07-01")).why, "no_gate");
  assert.equal(ways.best(S, ALONE, ways.spanOn("2020-02-01")).why, "no_way");
  assert.equal(ways.spanOn("2021-01-01"), null);
});

test("a month in which gates changed is told in its parts", () => {
  assert.deepEqual(ways.inMonth(S, N, "2020-03").map(({ on, gate }) => [on, gate]), [["2020-03-01/2020-03-10", "site"], ["2020-03-11/2020-03-31", "port"]]);
  assert.deepEqual(ways.inMonth(S, N, "2020-02").map(({ on, gate }) => [on, gate]), [["2020-02", "site"]]);
  // To the south nothing changed, so that the month is one.
  assert.deepEqual(ways.inMonth(N, S, "2020-03").map(({ on, gate }) => [on, gate]), [["2020-03", "port"]]);
});

test("beside the month stand the day before the change and the day after", () => {
  const told = (month, from = S, to = N) => answersOf(ways, change, { from, to, month }).rows.map(({ on, when }) => [on, when]);
  assert.deepEqual(told("2020-02"), [["2020-02", "before"], ["2020-03-10", "before"], ["2020-03-11", "after"]]);
  assert.deepEqual(told("2020-03"), [["2020-03-01/2020-03-10", "before"], ["2020-03-11/2020-03-31", "after"]]);
  assert.equal(told("2020-02", N, M).length, 1);
  // A change on the first of a month is not told by the month before alone.
  const first = answersOf(ways, { before: "2020-05-31", after: "2020-06-01" }, { from: S, to: N, month: "2020-05" });
  assert.deepEqual(first.rows.map(({ on, why }) => [on, why]), [["2020-05", undefined], ["2020-05-31", undefined], ["2020-06-01", "no_gate"]]);
  assert.deepEqual(answersOf(ways, null, { from: S, to: N, month: "2020-02" }).rows.map(({ on }) => on), ["2020-02"]);
});

test("the picture of the ways keeps their shape, and has them in its middle", () => {
  const { rows } = answersOf(ways, change, { from: S, to: N, month: "2020-02" });
  const { geometry } = layerOf(ways, rows, "S", "N");
  const frame = pictureFrame(geometry);
  const [xs, ys] = [geometry.x.map(frame.x), geometry.y.map(frame.y)];
  const middle = (values) => (Math.min(...values) + Math.max(...values)) / 2;
  assert.ok(Math.abs(middle(xs) - PICTURE.w / 2) < 1e-6 && Math.abs(middle(ys) - PICTURE.h / 2) < 1e-6);
  assert.ok(Math.min(...xs) > 0 && Math.max(...xs) < PICTURE.w && Math.min(...ys) > 0 && Math.max(...ys) < PICTURE.h);
  const [dx, dy] = [frame.x(2e-4) - frame.x(1e-4), frame.y(2e-4) - frame.y(1e-4)];
  assert.ok(Math.abs(dx - dy) < 1e-9);
  // A way's course is its points, in order.
  const numbers = courseOf(geometry, [1], frame).match(/-?[\d.]+/g).map(Number);
  const points = geometry.x.slice(...geometry.pointsOf.slice(1, 3)).flatMap((x, k) => [frame.x(x), frame.y(geometry.y[geometry.pointsOf[1] + k])]);
  assert.equal(numbers.length, points.length);
  numbers.forEach((value, k) => assert.ok(Math.abs(value - points[k]) <= 0.051));
  // Two ends on one spot are shown with what is around them.
  const spot = pictureFrame({ x: [0.5, 0.5], y: [0.5, 0.5] });
  assert.ok(Math.abs(spot.x(0.5) - PICTURE.w / 2) < 1e-9 && spot.x(0.5 + 1.5e-4) - spot.x(0.5) < PICTURE.w);
});

test("each way is drawn once, that of before dashed", () => {
  const { rows } = answersOf(ways, change, { from: S, to: N, month: "2020-02" });
  const layer = layerOf(ways, rows, "S", "N");
  assert.deepEqual(layer.mask, [0, 1, 1]);
  assert.deepEqual([0, 1, 2].map((i) => layer.value(i, "when")), ["before", "before", null]);
  assert.equal(layer.value(1, "gate"), "site");
  assert.equal(layer.value(1, "rule"), "walk");
  assert.equal(layer.value(2, "length_first_m"), 10_000);
  assert.deepEqual(layer.geometry.pointsOf.slice(0, 2), [0, ways.line(rows[0]).length]);
});

test("dashes are spoken of where they are seen", () => {
  const of = (from, to) => layerOf(ways, answersOf(ways, change, { from, to, month: "2020-02" }).rows, "from", "to");
  assert.equal(hasDashes(of(S, N)), true);
  // To the south the way was the same, and its line covers the dashes.
  assert.equal(hasDashes(of(N, S)), false);
});

test("the name of an end stands where it hides no way", () => {
  const [x, y] = [160, 150];
  const up = Array.from({ length: 40 }, (_, k) => [x, y - 3 * k]);
  assert.deepEqual(namePlace([x, y], "Here", true, []), { x, y: y - 10, anchor: "middle", left: x - 2 * 7.4 });
  const beside = namePlace([x, y], "Here", true, up);
  assert.notEqual(beside.anchor === "middle" && beside.y < y, true);
  const wide = 4 * 7.4;
  assert.ok(up.every(([px, py]) => px < beside.left || px > beside.left + wide || py < beside.y - 13 || py > beside.y + 5));
  // At an edge it stays within the picture.
  const left = namePlace([5, y], "Somewhere", false, []);
  assert.ok(left.left >= 0 && left.left + 9 * 7.4 <= PICTURE.w);
});

test("a few towns stand around, the largest first, and hide no way, no end and no other", () => {
  const way = Array.from({ length: 80 }, (_, k) => [160, 20 + 3 * k]);
  const end = { left: 100, right: 200, top: 260, bottom: 285 };
  const town = (name, x, y, people) => ({ name, x, y, people });
  const towns = [
    town("Hamlet", 40, 100, 90), town("City", 40, 40, 9000), town("On the way", 120, 100, 8000), town("On the city", 42, 42, 7000),
    town("On the end", 110, 270, 6000), town("Outside", 320, 60, 5000), town("Two", 220, 40, 400), town("Three", 220, 80, 300), town("Four", 220, 120, 200),
  ]; // prettier-ignore
  const found = townsAround(towns, [end], way);
  assert.deepEqual(found.map(({ name }) => name), ["City", "Two", "Three", "Four"]);
});
