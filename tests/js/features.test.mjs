import assert from "node:assert/strict";
import test from "node:test";
import { featureKind, groupsOf } from "../../maps/assets/js/kinds/features.js";
import { View } from "../../maps/assets/js/stage/view.js";

// A layer of features of one point each: OGC's type and one, and the class, by feature.
function layerOf(kinds, values, classes = ["a", "b"]) {
  const n = kinds.length;
  const starts = Int32Array.from({ length: n + 1 }, (_, i) => i);
  const at = new Float64Array(n).fill(0.5);
  return {
    n,
    extra: { style: { by: "class", classes, colours: ["#111111", "#222222", "#333333"], weight: 2 } },
    geometry: { kinds, partsOf: starts, pointsOf: starts, x: at, y: at, box: new Float64Array(4 * n).fill(0.5) },
    shown: null,
    each: (_, make) => values.map(make),
  };
}

// A view of 100 pixels that counts what is called of its canvas.
function drawnBy(layer) {
  const calls = {};
  const ctx = new Proxy({}, { get: (_, name) => () => (calls[name] = (calls[name] ?? 0) + 1), set: () => true });
  const view = new View({ ctx, width: 100, height: 100, origin: { x: 0, y: 0 }, scale: 100, theme: {} });
  featureKind.draw(view, layer);
  return calls;
}

test("features are grouped by form and class, in their order, those without a form left out", () => {
  const layer = layerOf([1, 2, 0, 1, 4, 1], ["a", "b", "a", null, "b", "a"]);
  const groups = groupsOf(layer).map((classes) => classes.map((features) => [...features]));
  assert.deepEqual(groups, [[[0, 5], [], [3]], [[], [1], []], [[], [4], []]]);
});

test("many points are drawn as squares, however many classes share them", () => {
  const points = (count) => layerOf(new Array(count).fill(1), Array.from({ length: count }, (_, i) => "ab"[i % 2]));
  assert.deepEqual([drawnBy(points(6000)).fillRect, drawnBy(points(6000)).arc], [6000, undefined]);
  assert.deepEqual([drawnBy(points(4000)).fillRect, drawnBy(points(4000)).arc], [undefined, 4000]);
});
