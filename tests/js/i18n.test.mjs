import assert from "node:assert/strict";
import test from "node:test";
import { formatCount, formatDate, formatLength, formatNumber, setLanguage, setMessages, t, word } from "../../maps/assets/js/i18n.js";

setMessages({
  en: { hello: "Hello {name}", unknown: "unknown", "status.open": "open" },
  fr: { hello: "Bonjour {name}", unknown: "inconnu", "status.open": "ouvert" },
});

test("slots are filled, unknown slots and keys stay", () => {
  assert.equal(t("hello", { name: "{x}" }), "Hello {x}");
  assert.equal(t("hello"), "Hello {name}");
  assert.equal(t("constructor"), "constructor");
  assert.equal(word("status", "open"), "open");
  assert.equal(word("status", "<b>"), "<b>");
});

test("dates keep their precision", () => {
  assert.equal(formatDate("2023-03-25"), "March 25, 2023");
  assert.equal(formatDate("2017-08"), "August 2017");
  assert.equal(formatDate("2017"), "2017");
  assert.equal(formatDate("2023-03-29/2023-03-30"), "March 29, 2023 – March 30, 2023");
  assert.equal(formatDate("2023-13-01"), "2023-13-01");
  assert.equal(formatDate("C:\\20190221"), "C:\\20190221");
});

test("French writes its own way", () => {
  setLanguage("fr");
  assert.equal(formatDate("2023-03-01"), "1er mars 2023");
  assert.equal(formatNumber(39171).replace(/\s/g, " "), "39 171");
  assert.equal(t("hello", { name: "x" }), "Bonjour x");
  setLanguage("xx");
  assert.equal(formatNumber(null), "inconnu");
  setLanguage("en");
});

test("lengths read in kilometres and miles", () => {
  assert.equal(formatLength(45), "45 m");
  assert.equal(formatLength(1609.344), "1.6 km (1.0 mi)");
  assert.equal(formatLength(16093.44), "16 km (10 mi)");
  assert.equal(formatLength(null), "unknown");
});

test("a count that is a range is said as one", () => {
  assert.equal(formatCount(369), "369");
  assert.equal(formatCount([0, 5]), "0–5");
  assert.equal(formatCount([39168, 39172]), "≈ 39,170 ± 2");
  assert.equal(formatCount([38, 42]), "38–42");
  assert.equal(formatCount(null), "unknown");
});
