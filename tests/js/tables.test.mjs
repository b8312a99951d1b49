import assert from "node:assert/strict";
import test from "node:test";
import { csvField, csvText, geoJson, geometryOf, polygonsOf, recordsOf } from "../../maps/assets/js/panels/download.js";
import { meetsRectangle, segmentMeets } from "../../maps/assets/js/stage/extent.js";
import { addMessages, setLanguage, setMessages } from "../../maps/assets/js/core/i18n.js";
import { KINDS } from "../../maps/assets/js/kinds/index.js";
import { latToY, lonToX } from "../../maps/assets/js/core/projection.js";
import { columnsOf, dateOf, folded, haystacks, monthMask, sortKeys, sortRows, termsOf } from "../../maps/assets/js/panels/tabledata.js";

const words = { unknown: "?", "kind.death": "Death", "kind.rescue": "Rescue", "counted.CA-XX": "Outside Quebec", "province.CA-XX": "Several" };
setMessages({ en: words, fr: { ...words, "kind.death": "Décès", "kind.rescue": "Sauvetage" } });

// How tables of facts say that they are shown, as their payloads do.
const TABLES = {
  interceptions: {
    columns: [
      { name: "period", as: "date", heads: true },
      { name: "province", as: "word", groups: ["counted", "province"] },
      { name: "count", as: "count" },
    ],
    dates: ["period"],
  },
  transfers: {
    columns: [
      { name: "to", as: "local", heads: true },
      { name: "count", as: "count" },
      { name: "period_start", as: "date" },
    ],
    dates: ["period_start", "period_end"],
  },
  policy_events: { columns: [{ name: "date", as: "date" }, { name: "title", as: "local", heads: true }], dates: ["date"] },
  encounters: { columns: [{ name: "fiscal_year", as: "text", heads: true }, { name: "encounters", as: "count" }], dates: ["period"] },
};

// A decoded layer from rows of columns and, for each feature, its parts as lists of [lon, lat].
function made(kind, columns, shapes = [], extra = {}) {
  const n = Object.values(columns)[0]?.length ?? shapes.length;
  const parts = Array.from({ length: n }, (_, i) => shapes[i] ?? []);
  const points = parts.flat(2);
  const starts = (sizes) => sizes.reduce((all, size) => [...all, all.at(-1) + size], [0]);
  const x = Float64Array.from(points, ([lon]) => lonToX(lon));
  const y = Float64Array.from(points, ([, lat]) => latToY(lat));
  const box = Float64Array.from(
    parts.flatMap((of) => {
      const at = of.flat();
      const [xs, ys] = [at.map(([lon]) => lonToX(lon)), at.map(([, lat]) => latToY(lat))];
      return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    }),
  );
  const geometry = {
    partsOf: starts(parts.map((of) => of.length)),
    pointsOf: starts(parts.flat().map((part) => part.length)),
    x,
    y,
    box,
  };
  const given = new Map(Object.entries(columns));
  const traits = Object.hasOwn(KINDS, kind) ? KINDS[kind] : (extra.table ?? TABLES[kind] ?? {});
  return { kind, traits, n, extra, columns: given, geometry, shown: null, value: (i, name) => given.get(name)?.[i] ?? null };
}

const order = (layer, name, descending = false) => {
  const column = columnsOf(layer).find((each) => each.name === name);
  return sortRows(Array.from({ length: layer.n }, (_, i) => i), sortKeys(column), descending);
};

test("what goes on beyond 180° is saved within it, cut there", () => {
  const area = [[179, 0], [181, 0], [181, 1], [179, 1], [179, 0]];
  const layer = made("water", { name: ["lake"] }, [[area]], { dimensions: 2 });
  assert.deepEqual(geometryOf(layer, 0), {
    type: "MultiPolygon",
    coordinates: [
      [[[180, 0], [180, 1], [179, 1], [179, 0], [180, 0]]],
      [[[-180, 0], [-179, 0], [-179, 1], [-180, 1], [-180, 0]]],
    ],
  });
  const road = made("roads", { name: ["road"] }, [[[[179, 0], [181, 2], [179, 4]]]], { dimensions: 1 });
  assert.deepEqual(geometryOf(road, 0), {
    type: "MultiLineString",
    coordinates: [[[179, 0], [180, 1]], [[180, 3], [179, 4]], [[-180, 1], [-179, 2], [-180, 3]]],
  });
  const port = made("ports", { name: ["port"] }, [[[[180.5, 1]]]], { dimensions: 0 });
  assert.deepEqual(geometryOf(port, 0).coordinates, [-179.5, 1]);
  assert.deepEqual(recordsOf(port, [0]).cells[0].slice(1, 3), [-179.5, 1]);
});

test("numbers sort as numbers, unknown ones last either way, equal ones as they stood", () => {
  const layer = made("places", { name: ["a", "b", "c", "d", "e"], population: [10, null, 9, 0, 10] });
  assert.deepEqual(order(layer, "population"), [3, 2, 0, 4, 1]);
  assert.deepEqual(order(layer, "population", true), [0, 4, 2, 3, 1]);
});

test("words sort as a reader of the language does", () => {
  const layer = made("places", { name: ["Zèbre", "école", "Eau", null, "Été 10", "Été 9"] });
  assert.deepEqual(order(layer, "name"), [2, 1, 5, 4, 0, 3]);
});

test("codes sort by the word the reader sees", () => {
  const layer = made("incidents", { place_name: ["a", "b"], kind: ["rescue", "death"] });
  assert.deepEqual(order(layer, "kind"), [1, 0]);
});

test("coarse dates stand before the days in them", () => {
  const layer = made("policy_events", { date: ["2022-06-02", "2022", "2022-06", null, "2021-12/2022-01"], title: ["a", "b", "c", "d", "e"] });
  assert.deepEqual(order(layer, "date"), [4, 1, 2, 0, 3]);
});

test("a search forgives case, accents and the grouping of numbers", () => {
  const layer = made("transfers", { to: ["Montréal", "Niagara Falls"], count: [39171, 5], period_start: ["2022-06", null], note: ["x", "y"] });
  const hay = haystacks(layer, columnsOf(layer));
  const found = (query) => [0, 1].filter((i) => termsOf(query).every((term) => hay[i].includes(term)));
  assert.deepEqual(found("MONTREAL"), [0]);
  assert.deepEqual(found("39,171"), [0]);
  assert.deepEqual(found("39 171"), [0]);
  assert.deepEqual(found("june 2022"), [0]);
  assert.deepEqual(found("falls y"), [1]);
  assert.deepEqual(found("falls x"), []);
  assert.equal(folded("Été"), "ete");
});

test("a search reads the language shown", () => {
  const layer = made("incidents", { place_name: ["a"], kind: ["death"] });
  const hay = () => haystacks(layer, columnsOf(layer))[0];
  assert.ok(hay().includes("death"));
  setLanguage("fr");
  assert.ok(hay().includes("deces"));
  assert.ok(!hay().includes("death"));
  setLanguage("en");
});

test("CA-XX is what its table says: outside Quebec where it is counted", () => {
  const layer = made("interceptions", { period: ["2022"], province: ["CA-XX"], count: [1] });
  assert.equal(columnsOf(layer)[1].text(0), "Outside Quebec");
});

test("a withheld count reads as its interval, an unknown one as nothing, zero as zero", () => {
  const layer = made("interceptions", { period: ["a", "b", "c", "d"], count: [null, null, 0, 40], low: [0, null, 0, 38], high: [5, null, 0, 42] });
  const column = columnsOf(layer).find(({ name }) => name === "count");
  assert.deepEqual([0, 1, 2, 3].map((i) => column.text(i)), ["0–5", null, "0", "40 (38–42)"]);
  const about = made("encounters", { fiscal_year: [2023], encounters: [6900], precision: ["approximate"], low: [null], high: [null] });
  assert.equal(columnsOf(about)[1].text(0), "≈ 6,900");
});

test("someone's own columns all have a place, French and source ones apart", () => {
  const layer = made("surprise", { code: [1, 2], label: ["a", "b"], label_fr: ["c", "d"], far_m: [5, 6], source_url: ["u", "u"] });
  assert.deepEqual(columnsOf(layer).map(({ name, as, heads }) => [name, as, Boolean(heads)]), [
    ["code", "number", false],
    ["label", "local", true],
    ["far_m", "length", false],
  ]);
  assert.equal(columnsOf(made("constructor", {}, [[[[0, 0]]]]))[0].name, "feature");
});

test("a series may bring its own columns and dates", () => {
  const table = { columns: [{ name: "seen", as: "date" }, { name: "what", as: "local", heads: true }], dates: ["seen"] };
  const layer = made("surprise", { what: ["a"], seen: ["2022-06"], code: [1] }, [], { table });
  assert.deepEqual(columnsOf(layer).map(({ name, heads }) => [name, Boolean(heads)]), [["seen", false], ["what", true]]);
  assert.equal(dateOf(layer, 0), "2022-06");
  assert.equal(dateOf(made("surprise", { seen: ["2022-06"] }), 0), null);
});

test("a table's own heading stands before the one of any column of that name", () => {
  const told = { "column.code": "Code", "column.surprise.code": "Number", "column.surprise.state.open": "Open" };
  addMessages({ en: told, fr: { ...told, "column.surprise.code": "Numéro" }, de: told });
  const table = { columns: [{ name: "code", as: "number", heads: true }, { name: "state", as: "word", groups: ["column.surprise.state"] }] };
  const layer = made("surprise", { code: [1], state: ["open"] }, [], { table });
  assert.deepEqual(columnsOf(layer).map((column) => [column.label, column.text(0)]), [["Number", "1"], ["state", "Open"]]);
  assert.equal(columnsOf(made("other", { code: [1] }))[0].label, "Code");
  setLanguage("fr");
  assert.equal(columnsOf(layer)[0].label, "Numéro");
  setLanguage("en");
});

test("a segment meets a rectangle that it only crosses", () => {
  const square = { minX: 0, minY: 0, maxX: 1, maxY: 1 };
  assert.equal(segmentMeets(-1, 0.5, 2, 0.6, square), true);
  assert.equal(segmentMeets(-1, 1.5, 0.4, 0.9, square), true);
  assert.equal(segmentMeets(-1, 0.5, 0.5, 2.5, square), false);
  assert.equal(segmentMeets(2, 0, 2, 1, square), false);
  assert.equal(segmentMeets(0.5, -1, 0.5, 2, square), true);
});

test("what is in view: by course, around a view within, within reach, never without a place", () => {
  const rectangle = (west, south, east, north) => ({ minX: lonToX(west), maxX: lonToX(east), minY: latToY(north), maxY: latToY(south) });
  const line = made("roads", { ref: ["a"] }, [[[[0, 0], [10, 10]]]], { dimensions: 1 });
  assert.equal(meetsRectangle(line, 0, rectangle(4, 4.5, 5, 5.5)), true);
  assert.equal(meetsRectangle(line, 0, rectangle(8, 1, 9, 2)), false);
  const ring = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]];
  const hole = [[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]];
  const area = made("water", { name: ["a"] }, [[ring, hole]], { dimensions: 2 });
  assert.equal(meetsRectangle(area, 0, rectangle(1, 1, 2, 2)), true);
  assert.equal(meetsRectangle(area, 0, rectangle(4.5, 4.5, 5.5, 5.5)), false);
  const incident = made("incidents", { place_name: ["a", "b"], radius_m: [20_000, 20_000] }, [[[[0, 0]]]], { dimensions: 0 });
  assert.equal(meetsRectangle(incident, 0, rectangle(0.17, -1, 1, 1)), true);
  assert.equal(meetsRectangle(incident, 0, rectangle(0.19, -1, 1, 1)), false);
  assert.equal(meetsRectangle(incident, 1, rectangle(-90, -80, 90, 80)), false);
});

test("CSV quotes what must be, marks what a spreadsheet would run, leaves numbers alone", () => {
  assert.deepEqual(["a", 'a"b', "a,b", "a\nb", "a\rb", "=1+1", "@x", "-5", -5, null, true, ""].map(csvField), [
    "a", '"a""b"', '"a,b"', '"a\nb"', '"a\rb"', "'=1+1", "'@x", "-5", "-5", "", "True", "",
  ]);
  assert.equal(csvText(["a", "b"], [[1, null]]), "a,b\n1,\n");
  assert.equal(csvText(["a"], [[null]]), 'a\n""\n');
});

test("a download names source and licence in every row, and places points", () => {
  const extra = { dimensions: 0, licences: [{ name: "CC0-1.0", url: "https://a" }, { name: "ODbL-1.0", url: "https://b" }] };
  const layer = made("places", { name: ["a", "b"], source_title: ["t", null] }, [[[[-73.517091, 45.00697]]]], extra);
  const { header, cells } = recordsOf(layer, [1, 0]);
  assert.deepEqual(header, ["name", "lon", "lat", "source_title", "source_publisher", "source_url", "source_date", "confidence", "note", "licence", "licence_url"]);
  assert.deepEqual(cells[1], ["a", -73.517091, 45.00697, "t", null, null, null, null, null, "CC0-1.0, ODbL-1.0", "https://a https://b"]);
  assert.deepEqual(cells[0].slice(0, 3), ["b", null, null]);
  assert.equal(recordsOf(made("places", { name: ["a"] }, [], { dimensions: 0 }), [0]).cells[0].at(-1), null);
});

test("rings nest into polygons, outer ones against the clock, holes with it", () => {
  const square = (from, to) => [[from, from], [from, to], [to, to], [to, from], [from, from]];
  const polygons = polygonsOf([square(2, 8), square(0, 10), square(4, 6), square(20, 30), [[0, 0], [1, 1], [0, 0]]]);
  assert.equal(polygons.length, 3);
  assert.deepEqual(polygons.map((polygon) => polygon.length).toSorted(), [1, 1, 2]);
  const area = (ring) => ring.slice(1).reduce((sum, [x, y], k) => sum + ring[k][0] * y - x * ring[k][1], 0);
  for (const [outer, ...holes] of polygons) {
    assert.ok(area(outer) > 0);
    assert.ok(holes.every((hole) => area(hole) < 0));
  }
  // A hole that touches its outer ring in a corner is still its hole.
  const touching = [[0, 0], [3, 1], [1, 3], [0, 0]];
  assert.equal(polygonsOf([square(0, 10), touching])[0].length, 2);
});

test("an incident is an area in GeoJSON too, and what has no place has none", () => {
  const layer = made("incidents", { place_name: ["a", "b"], radius_m: [1000, 1000] }, [[[[-73.5, 45]]]], { dimensions: 0 });
  const { type, coordinates } = geometryOf(layer, 0);
  assert.equal(type, "Polygon");
  assert.deepEqual(coordinates[0][0], coordinates[0].at(-1));
  const widest = Math.max(...coordinates[0].map(([lon]) => lon)) + 73.5;
  assert.ok(Math.abs(widest * 111_320 * Math.cos((45 * Math.PI) / 180) - 1000) < 10);
  const tallest = Math.max(...coordinates[0].map(([, lat]) => lat)) - 45;
  assert.ok(Math.abs(tallest * 111_132 - 1000) < 5);
  const written = JSON.parse(geoJson(layer, [0, 1]));
  assert.equal(written.features[1].geometry, null);
  assert.equal(written.features[0].properties.lon, -73.5);
});

test("lines stay lines, however short", () => {
  const layer = made("roads", { ref: ["a", "b"] }, [[[[0, 0]]], [[[0, 0], [1, 1]], [[2, 2], [3, 3]]]], { dimensions: 1 });
  assert.deepEqual(geometryOf(layer, 0), { type: "LineString", coordinates: [[0, 0], [0, 0]] });
  assert.equal(geometryOf(layer, 1).type, "MultiLineString");
});

test("a series speaks of a date, a month or an interval", () => {
  assert.equal(dateOf(made("transfers", { period_start: ["2022-06-30"], period_end: ["2023-02"] }), 0), "2022-06-30/2023-02");
  assert.equal(dateOf(made("interceptions", { period: ["2022-06"] }), 0), "2022-06");
  assert.equal(dateOf(made("ports", { opened: ["1967"] }), 0), null);
});

test("the clock holds back rows of other months, and those without a date", () => {
  const clock = (now) => ({ now, holds: (date) => date !== null && date.split("/")[0] <= now && now <= date.split("/").at(-1) });
  const layer = made("transfers", { to: ["a", "b", "c"], period_start: ["2022-06", "2023-01", null], period_end: ["2022-09", "2023-02", null] });
  assert.deepEqual([...monthMask(layer, clock("2022-07"))], [1, 0, 0]);
  assert.equal(monthMask(layer, clock(null)), null);
  assert.equal(monthMask(layer, null), null);
  assert.equal(monthMask(made("ports", { opened: ["1967"] }), clock("1900-01")), null);
  const drawn = { ...layer, shown: Uint8Array.of(0, 1, 1) };
  assert.equal(monthMask(drawn, clock(null)), drawn.shown);
});
