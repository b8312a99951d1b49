import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { formatCount, formatDate, formatLength, formatNumber, setLanguage, setMessages, t, word } from "../../maps/assets/js/core/i18n.js";

const spoken = (code) => JSON.parse(readFileSync(new URL(`../../maps/assets/messages/${code}.json`, import.meta.url)));
const MESSAGES = {
  en: { ...spoken("en"), hello: "Hello {name}" },
  fr: { ...spoken("fr"), hello: "Bonjour {name}" },
  bg: spoken("bg"),
};
setMessages(MESSAGES);

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
  assert.equal(formatDate("2023-03-29/2023-03-30"), "March 29–30, 2023");
  assert.equal(formatDate("2023-03-29/2023-04-02"), "March 29 – April 2, 2023");
  assert.equal(formatDate("2022-06/2022-08"), "June – August 2022");
  assert.equal(formatDate("2023-03-29/2023-03-29"), "March 29, 2023");
  assert.equal(formatDate("2023-03/2023-03"), "March 2023");
  assert.equal(formatDate("2022-06/2023-08"), "June 2022 – August 2023");
  assert.equal(formatDate("2022-06/2022-08-31"), "June 2022 – August 31, 2022");
  assert.equal(formatDate("2023-02-01/2023-02-30"), "February 1, 2023 – 2023-02-30");
  assert.equal(formatDate("2023-02-30/2023-02-31"), "2023-02-30 – 2023-02-31");
  assert.equal(formatDate("2023-13-01"), "2023-13-01");
  assert.equal(formatDate("C:\\20190221"), "C:\\20190221");
});

test("coarse dates are said in words", () => {
  const said = {
    "2022-06~": ["about June 2022", "juin 2022 environ"],
    "2022?": ["2022 (uncertain)", "2022 (incertain)"],
    "2022%": ["about 2022 (uncertain)", "2022 environ (incertain)"],
    "2021-22": ["2021-22", "2021-22"],
    "2022-25": ["2022-25", "2022-25"],
    "201X": ["the 2010s", "années 2010"],
    "20XX": ["between 2000 and 2099", "entre 2000 et 2099"],
    "2022-XX": ["2022, month unknown", "2022, mois inconnu"],
    "2022-06-XX": ["June 2022, day unknown", "juin 2022, jour inconnu"],
    "2022-06/..": ["June 2022 and after", "juin 2022 et après"],
    "../2022": ["2022 and before", "2022 et avant"],
    "2022/": ["2022 – unknown", "2022 – inconnu"],
  };
  for (const [text, [english, french]] of Object.entries(said)) {
    assert.equal(formatDate(text), english);
    setLanguage("fr");
    assert.equal(formatDate(text), french);
    setLanguage("en");
  }
});

test("French writes its own way", () => {
  setLanguage("fr");
  assert.equal(formatDate("2023-03-01"), "1er mars 2023");
  assert.equal(formatDate("2023-03-01/2023-03-02"), "1er–2 mars 2023");
  assert.equal(formatDate("2023-03-29/2023-04-01"), "29 mars – 1er avril 2023");
  assert.equal(formatDate("2022-06/2022-08"), "juin – août 2022");
  assert.equal(formatNumber(39171).replace(/\s/g, " "), "39 171");
  assert.equal(t("hello", { name: "x" }), "Bonjour x");
  setLanguage("xx");
  assert.equal(formatNumber(null), "inconnu");
  setLanguage("en");
});

test("Bulgarian writes its own way", () => {
  setLanguage("bg");
  assert.equal(formatDate("2023-03-01"), "1 март 2023\u00a0г.");
  assert.equal(formatDate("2023-03-01", "short"), "1 март 2023\u00a0г.");
  assert.equal(formatDate("2023-03"), "март 2023\u00a0г.");
  assert.equal(formatDate("2023-03-29/2023-03-30"), "29–30 март 2023\u00a0г.");
  assert.equal(formatDate("2023-03-29/2023-04-01"), "29 март – 1 април 2023\u00a0г.");
  assert.equal(formatNumber(1971), "1\u00a0971");
  assert.equal(formatNumber(1.5), "1,5");
  assert.equal(formatLength(2223), "2,2\u00a0км");
  setLanguage("en");
});

test("a language without messages of its own is written as the browser knows it", () => {
  const { "date.day": day, "date.days": days, "date.first": first, "date.month": month, "date.months": months, ...rest } = spoken("en");
  setMessages({ ro: { ...rest, "language.locale": "ro" } });
  assert.equal(formatDate("2025-01-02"), "2 ianuarie 2025");
  assert.equal(formatDate("2025-01"), "ianuarie 2025");
  assert.equal(formatDate("2025-01-02/2025-01-03"), "2 ianuarie 2025 – 3 ianuarie 2025");
  setMessages(MESSAGES);
});

test("lengths read in kilometres and miles", () => {
  assert.equal(formatLength(45), "45\u00a0m");
  assert.equal(formatLength(1609.344), "1.6\u00a0km (1.0\u00a0mi)");
  assert.equal(formatLength(16093.44), "16\u00a0km (10\u00a0mi)");
  assert.equal(formatLength(null), "unknown");
});

test("a count that is a range is said as one", () => {
  assert.equal(formatCount(369), "369");
  assert.equal(formatCount([0, 5]), "0–5");
  assert.equal(formatCount([39168, 39172]), "≈ 39,170 ± 2");
  assert.equal(formatCount([38, 42]), "38–42");
  assert.equal(formatCount(null), "unknown");
});
