import assert from "node:assert/strict";
import test from "node:test";
import { parseAddress, writeAddress } from "../../maps/assets/js/address.js";

const NOTHING = { view: null, layers: null, month: null, language: null, feature: null };

test("what is written is read back", () => {
  const state = {
    view: { zoom: 10.25, lat: 45.00697, lon: -73.51709 },
    layers: ["ports", "incidents", "roads.2"],
    month: "2023-03",
    language: "fr",
    feature: { layer: "incidents", id: "a&b=c#d,é/%:😀" },
  };
  assert.deepEqual(parseAddress(`#${writeAddress(state)}`), state);
  assert.deepEqual(parseAddress(writeAddress({ ...NOTHING, layers: [] })), { ...NOTHING, layers: [] });
});

test("what is not well formed is left out, the rest is kept", () => {
  for (const text of ["", "#", "#rx-after-map", "v", "#v=", "v=1/2", "v=NaN/45/-73", "v=9/91/-73", "v=9/45/-181", "v=99/45/-73", "v=1e9/45/-73",
    "t=2023-13", "t=2023", "lang=de", "lang=__proto__", "l=<b>", "l=../x", "f=ports", "f=ports:", "f=<img>:1", "f=ports:" + "x".repeat(201), "v=" + "9".repeat(4000) + "/1/1"]) {
    assert.deepEqual(parseAddress(text), NOTHING, text);
  }
  assert.deepEqual(parseAddress("v=nonsense&t=2023-03&__proto__=x&constructor=y"), { ...NOTHING, month: "2023-03" });
  assert.deepEqual(parseAddress("f=ports:%3Cscript%3E").feature, { layer: "ports", id: "<script>" });
  assert.deepEqual(parseAddress("%E0%A4%A"), NOTHING);
});
