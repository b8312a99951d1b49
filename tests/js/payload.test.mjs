import assert from "node:assert/strict";
import test from "node:test";
import { deflateSync } from "node:zlib";
import { featureDistance2, featureHolds, latLon, nearestFeature, segmentDistance2 } from "../../maps/assets/js/core/geometry.js";
import { decodeLayer } from "../../maps/assets/js/core/payload.js";
import { circleToWorld, latToY, lonToX, metresToWorld, placeFrom, xToLon, yToLat } from "../../maps/assets/js/core/projection.js";

// The stream, by hand: lists of whole numbers below 256 are one plane, and JSON stands as it is.
const stream = [];
const plane = (...numbers) => stream.push(Uint8Array.from(numbers)) && [numbers.length, 1];
const json = (value) => stream.push(Buffer.from(JSON.stringify(value))) && stream.at(-1).length;
const signed = (...numbers) => plane(...numbers.map((v) => (v < 0 ? -2 * v - 1 : 2 * v)));

// A square with a hole from 0 to 4 and 1 to 3 degrees, an empty feature, and a line.
const payload = {
  format: 2,
  kind: "water",
  n: 3,
  title: "Lakes",
  columns: [
    { name: "name", values: json(["é"]), codes: plane(1, 0, 1) },
    { name: "count", low: 0, per: 1, codes: plane(2, 0, 1) },
    { name: "length_m", low: -15, per: 10, codes: plane(1, 16, 0) },
    { name: "osmid", low: 2 ** 40, per: 1, codes: [3, 2] },
  ],
};
// Two planes: 1, 256 and 0, which is null.
stream.push(Uint8Array.of(1, 0, 0), Uint8Array.of(0, 1, 0));
payload.geometry = {
  scale: 1,
  kinds: plane(4, 0, 2),
  parts: plane(2, 0, 1),
  part_kinds: plane(2, 3, 1),
  sizes: plane(5, 5, 2),
  x: signed(0, 4, 0, -4, 0, 1, 2, 0, -2, 0, 9, 10),
  y: signed(0, 0, 4, 0, -4, 1, 0, 2, 0, -2, -1, 0),
};
payload.data = deflateSync(Buffer.concat(stream)).toString("base64");
const layer = await decodeLayer(payload);

test("columns decode, null stays null and zero stays zero", () => {
  assert.deepEqual([0, 1, 2].map((i) => layer.value(i, "name")), ["é", null, "é"]);
  assert.deepEqual([0, 1, 2].map((i) => layer.value(i, "count")), [1, null, 0]);
  assert.deepEqual([0, 1, 2].map((i) => layer.value(i, "length_m")), [-1.5, 0, null]);
  assert.deepEqual([0, 1, 2].map((i) => layer.value(i, "osmid")), [2 ** 40, 2 ** 40 + 255, null]);
  assert.equal(layer.value(0, "no such column"), null);
  assert.equal(layer.extra.title, "Lakes");
});

test("what is made of each value is made once", () => {
  const asked = [];
  assert.deepEqual(layer.each("name", (value) => asked.push(value) && `${value}!`), ["é!", "null!", "é!"]);
  assert.deepEqual(asked, [null, "é"]);
  assert.deepEqual(layer.each("count", String), ["1", "null", "0"]);
  assert.deepEqual(layer.each("no such column", String), ["null", "null", "null"]);
});

test("a stream that ends too soon and another format are refused", async () => {
  const short = { ...payload, data: deflateSync(Buffer.concat(stream.slice(0, -1))).toString("base64") };
  await assert.rejects(decodeLayer(short), RangeError);
  await assert.rejects(decodeLayer({ ...payload, format: 1 }), /format 1/);
});

test("geometry decodes from differences", () => {
  const degrees = Array.from(layer.geometry.x, (_, k) => latLon(layer.geometry, k).map((d) => Number(d.toFixed(9)) + 0));
  assert.deepEqual(degrees.slice(0, 4), [[0, 0], [0, 4], [4, 4], [4, 0]]);
  assert.deepEqual(degrees.slice(-2), [[0, 10], [0, 20]]);
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

test("the nearest line is found, unless it is filtered out or may not be", () => {
  const at = [lonToX(15), latToY(-1), 0.01];
  assert.equal(nearestFeature(layer, ...at), 2);
  assert.equal(nearestFeature(layer, ...at, (i) => i !== 2), -1);
  assert.equal(nearestFeature({ ...layer, shown: Uint8Array.of(1, 1, 0) }, ...at), -1);
  assert.equal(nearestFeature(layer, lonToX(15), latToY(20), 0.01), -1);
});

test("the projection goes there and back", () => {
  assert.ok(Math.abs(xToLon(lonToX(-73.517)) + 73.517) < 1e-12);
  assert.ok(Math.abs(yToLat(latToY(45.007)) - 45.007) < 1e-12);
  // At 60° north a metre covers nearly twice the map that it does at the equator.
  assert.ok(Math.abs(metresToWorld(1000, 60) / metresToWorld(1000, 0) - 2) < 0.011);
});

test("circles are so large as they are on the ground, wherever they are", () => {
  // Longitude, latitude, metres; then the places so far to the north and to the east, by GeographicLib.
  const known = [
    [-73.5, 45, 5000, [-73.500000, 45.044991], [-73.436586, 44.999982]],
    [12.6, 35.5, 1000, [12.600000, 35.509013], [12.611022, 35.499999]],
    [15, 78.2, 50000, [15.000000, 78.647834], [17.188336, 78.191627]],
    [178, -17.5, 20000, [178.000000, -17.319289], [178.188325, -17.499911]],
    [30, 0.5, 100000, [30.000000, 1.404367], [30.898349, 0.499938]],
    [-60, -54.9, 8000, [-60.000000, -54.828136], [-59.875299, -54.899936]],
  ];
  for (const [lon, lat, metres, [, north], [east, eastLat]] of known) {
    const up = placeFrom(lon, lat, 0, metres);
    const right = placeFrom(lon, lat, Math.PI / 2, metres);
    assert.ok(Math.abs((up[1] - lat) / (north - lat) - 1) < 0.005);
    assert.ok(Math.abs((right[0] - lon) / (east - lon) - 1) < 0.005);
    assert.ok(Math.abs(right[1] - eastLat) < 0.01);
    const { y, reach } = circleToWorld(lat, metres);
    assert.ok(Math.abs((latToY(lat) - (y - reach)) / (latToY(lat) - latToY(north)) - 1) < 0.006);
    assert.ok(y < latToY(lat) === lat > 0);
  }
});
