import assert from "node:assert/strict";
import test from "node:test";
import { setMessages } from "../../maps/assets/js/core/i18n.js";
import { parseAddress, writeAddress } from "../../maps/assets/js/page/address.js";

setMessages({ en: {}, fr: {} });

const NOTHING = { view: null, layers: null, month: null, language: null, feature: null, when: null, year: null, measure: null, port: null, count: null, ask: null, tables: null };

test("what is written is read back", () => {
  const state = {
    view: { zoom: 10.25, lat: 45.00697, lon: -73.51709 },
    layers: ["ports", "incidents", "roads.2"],
    month: "2023-03",
    language: "fr",
    feature: { layer: "incidents", id: "a&b=c#d,é/%:😀" },
    when: "change",
    year: "2019",
    measure: "encounters",
    port: "0712",
    count: "trucks",
    ask: ["ca-qc-montréal", "site:US", "2022-06"],
    tables: [["ports"], ["incidents", "date", "dv", "a:b&o=c%é 😀"], ["features.2", "Nom de la rue: 1"]],
  };
  assert.deepEqual(parseAddress(`#${writeAddress(state)}`), state);
  assert.deepEqual(parseAddress(writeAddress({ ...NOTHING, layers: [] })), { ...NOTHING, layers: [] });
  assert.deepEqual(parseAddress(writeAddress({ ...NOTHING, tables: [] })), { ...NOTHING, tables: [] });
});

test("what is written is never too long to be read back", () => {
  const tables = Array.from({ length: 99 }, (_, k) => [`features.${k}`, "é".repeat(300), "", "\ud83d"]);
  const feature = { layer: "ports", id: "a\ud83d" };
  const text = writeAddress({ ...NOTHING, month: "2023-03", feature, tables });
  const read = parseAddress(text);
  assert.equal(read.month, "2023-03");
  assert.equal(read.feature.id, "a");
  assert.ok(text.length <= 1500 && read.tables.length >= 1 && read.tables.length < 99);
  assert.deepEqual(read.tables[0], ["features.0", "é".repeat(80)]);
});

test("what is not well formed is left out, the rest is kept", () => {
  for (const text of ["", "#", "#rx-after-map", "v", "#v=", "v=1/2", "v=NaN/45/-73", "v=9/91/-73", "v=9/45/-181", "v=99/45/-73", "v=1e9/45/-73",
    "t=2023-13", "t=2023", "lang=de", "lang=__proto__", "l=<b>", "l=../x", "f=ports", "f=ports:", "f=<img>:1", "f=ports:" + "x".repeat(201), "w=never", "w=__proto__", "y=20", "y=constructor", "m=<b>", "p=../x", "c=" + "x".repeat(21), "a=x:y", "a=x:y:2022", "a=x:y:2022-13", "a=%25E0%25A4%25A:y:2022-06", "v=" + "9".repeat(4000) + "/1/1"]) {
    assert.deepEqual(parseAddress(text), NOTHING, text);
  }
  assert.deepEqual(parseAddress("v=nonsense&t=2023-03&__proto__=x&constructor=y"), { ...NOTHING, month: "2023-03" });
  assert.deepEqual(parseAddress("f=ports:%3Cscript%3E").feature, { layer: "ports", id: "<script>" });
  assert.deepEqual(parseAddress("o=../x&o=ports:%25E0%25A4%25A&o=incidents:date:d:%253Cb%253E&o=a:b:c:d:e").tables, [["incidents", "date", "d", "<b>"]]);
  assert.deepEqual(parseAddress("%E0%A4%A"), NOTHING);
});
