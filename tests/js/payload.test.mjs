import assert from "node:assert/strict";
import test from "node:test";
import { featureDistance2, featureHolds, segmentDistance2 } from "../../maps/assets/js/geometry.js";
import { decodeLayer } from "../../maps/assets/js/payload.js";
import { latToY, lonToX, metresToWorld, xToLon, yToLat } from "../../maps/assets/js/projection.js";

// A square with a hole from 0 to 4 and 1 to 3 degrees, an empty feature, and a line.
const layer = decodeLayer({
  kind: "water",
  n: 3,
  columns: { name: { values: ["a"], codes: [0, -1, 0] }, count: [1, null, 0] },
  geometry: {
    scale: 1,
    parts: [2, 0, 1],
    sizes: [5, 5, 2],
    xy: [0, 0, 4, 0, 0, 4, -4, 0, 0, -4, 1, 1, 2, 0, 0, 2, -2, 0, 0, -2, 9, -1, 10, 0],
  },
});

test("columns decode, null stays null and zero stays zero", () => {
  assert.deepEqual([0, 1, 2].map((i) => layer.value(i, "name")), ["a", null, "a"]);
  assert.deepEqual([0, 1, 2].map((i) => layer.value(i, "count")), [1, null, 0]);
  assert.equal(layer.value(0, "no such column"), null);
});

test("geometry decodes from differences", () => {
  assert.deepEqual([...layer.geometry.lon.slice(-2)], [10, 20]);
  assert.deepEqual([...layer.geometry.lat.slice(-2)], [0, 0]);
});

test("a hole is not held, an empty feature holds nothing", () => {
  const holds = (i, lon, lat) => featureHolds(layer.geometry, i, lonToX(lon), latToY(lat));
  assert.equal(holds(0, 0.5, 0.5), true);
  assert.equal(holds(0, 2, 2), false);
  assert.equal(holds(0, 5, 2), false);
  assert.equal(holds(1, 0.5, 0.5), false);
});

test("distance to a line, and none beyond reach", () => {
  assert.equal(segmentDistance2(0, 3, -1, 0, 1, 0), 9);
  assert.equal(segmentDistance2(4, 4, 0, 0, 1, 0), 25);
  assert.equal(segmentDistance2(3, 4, 0, 0, 0, 0), 25);
  const y = latToY(0);
  assert.ok(Math.abs(featureDistance2(layer.geometry, 2, lonToX(15), y + 0.001, 0.01) - 1e-6) < 1e-12);
  assert.equal(featureDistance2(layer.geometry, 2, lonToX(15), y + 0.1, 0.01), Infinity);
});

test("the projection goes there and back", () => {
  assert.ok(Math.abs(xToLon(lonToX(-73.517)) + 73.517) < 1e-12);
  assert.ok(Math.abs(yToLat(latToY(45.007)) - 45.007) < 1e-12);
  // At 60° north a metre covers twice the map that it does at the equator.
  assert.ok(Math.abs(metresToWorld(1000, 60) / metresToWorld(1000, 0) - 2) < 1e-12);
});
