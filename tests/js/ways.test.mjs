import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { languageOf, setMessages } from "../../maps/assets/js/core/i18n.js";
import { peaksOf } from "../../maps/assets/js/core/scale.js";
import { HATCHED_PX, incidentKind, inkStrength, paintCircle } from "../../maps/assets/js/kinds/incidents.js";
import { MARK_PX, WAYS, paintWay, placeMarks, wayOf } from "../../maps/assets/js/kinds/shared/ways.js";
import { LabelBoard } from "../../maps/assets/js/stage/labels.js";
import { View } from "../../maps/assets/js/stage/view.js";

const spoken = (code) => JSON.parse(readFileSync(new URL(`../../maps/assets/messages/${code}.json`, import.meta.url)));
setMessages({ en: spoken("en"), fr: spoken("fr"), bg: spoken("bg") });

// A canvas that keeps where the path goes.
function penned() {
  const points = [];
  const ctx = { moveTo: (x, y) => points.push([x, y]), lineTo: (x, y) => points.push([x, y]) };
  for (const name of ["beginPath", "closePath", "fill", "arc", "setLineDash"]) ctx[name] = () => {};
  return { ctx, points };
}

test("an arrow points the way people were going", () => {
  const tips = { northbound: [50, -1], southbound: [50, 1], eastbound: [1, 50], westbound: [-1, 50] };
  for (const [way, [x, y]] of Object.entries(tips)) {
    const { ctx, points } = penned();
    paintWay(ctx, { x: 50, y: 50, r: 10 }, way, { colour: "red", paper: "white" });
    const [tipX, tipY] = points[0];
    if (x === 50) assert.ok(Math.abs(tipX - 50) < 1e-9 && Math.sign(tipY - 50) === y, way);
    else assert.ok(Math.abs(tipY - 50) < 1e-9 && Math.sign(tipX - 50) === x, way);
  }
  for (const way of ["unknown", "inbound", "outbound"]) {
    const { ctx, points } = penned();
    paintWay(ctx, { x: 0, y: 0 }, way, { colour: "red", paper: "white" });
    assert.deepEqual(points, []);
  }
});

test("what no table may say of a way is unknown", () => {
  assert.deepEqual(WAYS.map(wayOf), WAYS);
  assert.deepEqual([null, undefined, "unknown", "toString", "up"].map(wayOf), Array(5).fill("unknown"));
});

test("marks stand apart, clear of what stands there, and where they may", () => {
  const spots = Array.from({ length: 30 }, (_, k) => ({ i: k, x: 100 + (k % 3), y: 100 }));
  const taken = [{ x: 100, y: 100, r: 6 }];
  const placed = placeMarks(spots, { taken, fits: (_, { y }) => y <= 101 });
  assert.deepEqual(placed.map(({ i }) => i), spots.map(({ i }) => i));
  const free = placed.filter(({ x, y }, k) => x !== spots[k].x || y !== spots[k].y);
  assert.ok(free.length > 10);
  for (const one of free) {
    assert.ok(one.y <= 101);
    assert.ok(Math.hypot(one.x - 100, one.y - 100) >= MARK_PX + 6 - 1e-9);
    for (const other of free) if (other !== one) assert.ok(Math.hypot(one.x - other.x, one.y - other.y) >= 2 * MARK_PX);
  }
  assert.deepEqual(placeMarks([{ x: 5, y: 7 }]), [{ x: 5, y: 7 }]);
});

test("the vaguer a place, the fainter its area, and all of it no more ink than others", () => {
  const ink = [5, 16, 40, 90, 300].map((r) => inkStrength(r));
  assert.deepEqual(ink.toSorted((a, b) => b - a), ink);
  for (const r of [16, 40, 90, 300]) assert.ok(Math.abs(inkStrength(r) * r - 16) < 1e-9);
});

test("a vague area is an outline without hatching, as large as it is said to be", () => {
  const drawn = (r) => {
    const calls = { arcs: [], lines: 0, strokes: [] };
    const ctx = { beginPath() {}, arc: (...at) => calls.arcs.push(at[2]), fill() {}, moveTo() {}, lineTo: () => (calls.lines += 1) };
    const view = { ctx, theme: { death: "#000" }, stroke: (_, width) => calls.strokes.push([width, ctx.globalAlpha]) };
    paintCircle(view, { x: 0, y: 0, r }, "death");
    return { ...calls, left: ctx.globalAlpha };
  };
  const [near, far] = [drawn(HATCHED_PX), drawn(HATCHED_PX + 1)];
  assert.deepEqual([near.arcs, far.arcs], [[HATCHED_PX], [HATCHED_PX + 1]]);
  assert.ok(near.lines > 3 && near.strokes.length === 2);
  assert.deepEqual([far.lines, far.strokes.length, far.left], [0, 1, 1]);
});

test("the legend counts the ways of what is shown", () => {
  const going = ["southbound", "southbound", "northbound", null];
  const layer = { n: 4, shown: null, value: (i, name) => ({ kind: "death", direction: going[i] })[name] ?? null };
  const said = () => incidentKind.signs(layer).map(([, name]) => name());
  assert.deepEqual(said(), ["Death", "Going south (2)", "Going north (1)", "Way not known (1)"]);
  layer.shown = Uint8Array.from([0, 1, 0, 0]);
  assert.deepEqual(said(), ["Death", "Going south (1)"]);
});

test("a side is what no land of another holds", () => {
  const square = (x) => ({ partsOf: [0, 1], pointsOf: [0, 5], x: [x, x + 1, x + 1, x, x], y: [0, 0, 1, 1, 0], box: [x, 0, x + 1, 1] });
  const land = (x, country) => ({ n: 1, geometry: square(x), value: () => country });
  const view = Object.assign(new View({}), { lands: [land(0, "A"), land(1, "B")] });
  assert.deepEqual([view.isOn("A", 0.5, 0.5), view.isOn("A", 1.5, 0.5), view.isOn("B", 1.5, 0.5)], [true, false, true]);
  assert.equal(view.isOn("A", 9, 9), true);
  assert.deepEqual([view.isOn("C", 0.5, 0.5), view.isOn(null, 0.5, 0.5)], [false, false]);
  assert.equal(new View({}).isOn("A", 0.5, 0.5), false);
});

test("a label covers a mark only if it must stand", () => {
  const board = new LabelBoard({ x: 0, y: 0, w: 100, h: 100 });
  board.mark({ x: 40, y: 40, w: 10, h: 10 });
  const box = { x: 42, y: 42, w: 20, h: 10 };
  assert.equal(board.place([box]), null);
  assert.equal(board.place([box], { must: true }), box);
  assert.equal(board.place([box], { must: true }), null);
});

test("a label that must stand covers the fewest marks, and only then the fewest dots", () => {
  const board = new LabelBoard({ x: 0, y: 0, w: 100, h: 100 });
  const [two, one, alike] = [10, 40, 70].map((x) => ({ x, y: 10, w: 20, h: 10 }));
  for (const x of [10, 20, 45, 75]) board.mark({ x, y: 12, w: 4, h: 4 });
  board.shun({ x: 42, y: 12, w: 2, h: 2 });
  assert.equal(board.place([two, one, alike], { must: true }), alike);
  assert.equal(board.place([two, one], { must: true }), one);
});

test("peaks are the highest of each long stretch, and not of a low one", () => {
  assert.deepEqual(peaksOf([1, 2, 9, 3, 2, 1, null, 8, 8]), [2]);
  assert.deepEqual(peaksOf([9, 1, 1, 1, 1, 1, null, 1, 1, 1, 2, 1, 1]), [0]);
  assert.deepEqual(peaksOf([9, 1, 1, 1, 1, 1, null, 1, 1, 1, [3, 5], 1, 1]), [0, 10]);
  assert.deepEqual([peaksOf([0, 0, 0, 0, 0, 0]), peaksOf([])], [[], []]);
});

test("a title is in the language of its small words", () => {
  assert.equal(languageOf("Demandes d'asile par année - 2017 (table Interceptions par la GRC)"), "fr");
  assert.equal(languageOf("Two more bodies found in St. Lawrence River"), "en");
  assert.equal(languageOf("Мостът е на Дунав"), "bg");
  assert.deepEqual([languageOf("CIMM 2024"), languageOf(null)], [null, null]);
});
