import assert from "node:assert/strict";
import test from "node:test";
import { flowPath } from "../../maps/assets/js/panels/areas.js";
import { LabelBoard, boxesAround, inOrder, overlaps } from "../../maps/assets/js/stage/labels.js";
import { incidentKind, incidentStyle, SIGNS } from "../../maps/assets/js/kinds/incidents.js";
import { t, word } from "../../maps/assets/js/core/i18n.js";
import { opacityOf, overlapsOf, stepsOf } from "../../maps/assets/js/stage/overlaps.js";
import { roadClass } from "../../maps/assets/js/kinds/shared/road_classes.js";
import { circleRadius, gapsOf, keysTo, monthPosition, ticksTo } from "../../maps/assets/js/core/scale.js";

test("labels never overlap and stay in the frame", () => {
  const board = new LabelBoard({ x: 50, y: 0, w: 100, h: 100 });
  const first = board.place(boxesAround(100, 50, 30, 10, 4));
  assert.deepEqual(first, { x: 104, y: 45, w: 30, h: 10 });
  const second = board.place(boxesAround(100, 50, 30, 10, 4));
  assert.equal(overlaps(first, second), false);
  assert.equal(board.place([{ x: 10, y: 10, w: 20, h: 10 }]), null);
});

test("what is shunned is covered only where nothing else is free", () => {
  const board = new LabelBoard({ x: 0, y: 0, w: 100, h: 100 });
  const [right, left] = [{ x: 50, y: 50, w: 10, h: 10 }, { x: 30, y: 50, w: 10, h: 10 }];
  board.shun({ x: 52, y: 52, w: 2, h: 2 });
  assert.equal(board.place([right, left]), left);
  assert.equal(board.place([right, left]), right);
  assert.equal(board.place([right, left]), null);
});

test("important labels come first, equals in their order", () => {
  assert.deepEqual(inOrder([{ rank: 2, a: 1 }, { rank: 1, a: 2 }, { rank: 2, a: 3 }]).map((l) => l.a), [2, 1, 3]);
});

test("gaps are runs of null, and zero is no gap", () => {
  assert.deepEqual(gapsOf([null, 0, 5, null, null, 1]), [[0, 0], [3, 4]]);
  assert.deepEqual(gapsOf([]), []);
});

test("ticks are round and reach past the maximum", () => {
  assert.deepEqual(ticksTo(5712), [0, 2000, 4000, 6000]);
  assert.deepEqual(ticksTo(0), [0, 1]);
  assert.deepEqual(keysTo(39_171), [10_000, 1000]);
  assert.deepEqual(keysTo(5530), [2000, 200]);
  assert.deepEqual(keysTo(482), [200, 20]);
  assert.deepEqual([keysTo(9), keysTo(1), keysTo(0), keysTo(-Infinity)], [[2], [1], [], []]);
  for (let most = 1; most < 1e6; most = Math.ceil(most * 1.07)) {
    for (const key of keysTo(most)) assert.ok(Number.isInteger(key) && key <= most, `${key} of ${most}`);
  }
});

test("a circle's area follows its value", () => {
  assert.equal(circleRadius(25, 100, 10), 5);
  assert.equal(circleRadius(0, 100, 10), 0);
});

test("a date's place among the months", () => {
  const months = ["2017-01", "2017-02"];
  assert.equal(monthPosition(months, "2018-01-01"), 12);
  assert.ok(Math.abs(monthPosition(months, "2017-02-16") - (1 + 15 / 31)) < 1e-12);
});

test("kinds differ without colour", () => {
  const signs = Object.keys(SIGNS).map((kind) => JSON.stringify(incidentStyle(kind)));
  assert.equal(new Set(signs).size, signs.length);
  assert.equal(incidentStyle("constructor"), incidentStyle("no such kind"));
});

test("the legend names kinds that have no sign", () => {
  const kinds = ["pushback", "death", "pushback", null];
  const layer = { n: 4, value: (i, name) => (name === "kind" ? kinds[i] : null) };
  const names = incidentKind.signs(layer).map(([, name]) => name());
  assert.deepEqual(names, [word("kind", "death"), "pushback", t("unknown")]);
});

test("road classes fall back to a local road", () => {
  assert.equal(roadClass("motorway_link"), "motorway");
  assert.equal(roadClass("toString"), "unclassified");
  assert.equal(roadClass(null), "unclassified");
  assert.equal(roadClass("residential, primary_link"), "primary");
  assert.equal(roadClass("track, tertiary"), "tertiary");
});

test("a flow is a curve between its ends", () => {
  assert.equal(flowPath({ x: 0, y: 0 }, { x: 10, y: 0 }, 0), "M0,0Q5,0 10,0");
});

test("overlaps are counted at the middle of each cell", () => {
  const circles = Array.from({ length: 90 }, (_, k) => (k % 3 === 2 ? 5 + (k % 11) : (k * 37) % 61));
  const { counts, columns, rows } = overlapsOf(circles, 50, 38);
  assert.deepEqual([columns, rows, counts.length], [13, 10, 130]);
  for (let i = 0; i < counts.length; i += 1) {
    const [x, y] = [((i % columns) + 0.5) * 4, (Math.floor(i / columns) + 0.5) * 4];
    let covering = 0;
    for (let k = 0; k < circles.length; k += 3) {
      if (Math.hypot(x - circles[k], y - circles[k + 1]) <= circles[k + 2]) covering += 1;
    }
    assert.equal(counts[i], covering);
  }
});

test("shades share out what is covered, and few numbers have few shades", () => {
  assert.deepEqual(stepsOf(Int32Array.from([0, 5, 1, 3, 2, 4, 0, 6, 7, 8])), [1, 2, 4, 6]);
  assert.deepEqual(stepsOf(Int32Array.from([0, 2, 2])), [2]);
  assert.deepEqual(stepsOf(new Int32Array(4)), []);
  assert.ok(opacityOf(0) === 0 && opacityOf(4) < 0.6 && opacityOf(2) > opacityOf(1));
});
