// What the tables say: the columns of each kind of layer, their order, and what a search finds.
import { formatDate, formatLength, formatNumber, has, inLanguage, language, locale, t } from "../core/i18n.js";
import { localValue } from "../stage/popup.js";

export const SOURCE_COLUMNS = ["source_title", "source_publisher", "source_url", "source_date", "confidence", "read_in", "note"];
export const BLANK = "–";

const NUMERIC = new Set(["number", "length", "count"]);

function coded(groups, code) {
  const found = groups.find((group) => has(`${group}.${code}`));
  return found ? t(`${found}.${code}`) : String(code);
}

function firstKnown(layer, i, names) {
  for (const name of names) {
    const value = layer.value(i, name);
    if (value !== null) return value;
  }
  return null;
}

// A count, or the interval it is known to lie in.
function countText(layer, i, value) {
  const [low, high] = [layer.value(i, "low"), layer.value(i, "high")];
  const range = low !== null && high !== null && low !== high ? `${formatNumber(low)}–${formatNumber(high)}` : null;
  if (value === null) return range;
  const number = layer.value(i, "precision") === "approximate" ? `≈ ${formatNumber(value)}` : formatNumber(value);
  return range === null ? number : `${number} (${range})`;
}

function wordOf(value) {
  return typeof value === "boolean" && has("yes") ? t(value ? "yes" : "no") : String(value);
}

const WRITERS = {
  text: wordOf,
  local: wordOf,
  joined: (value) => value,
  date: (value) => formatDate(value),
  number: (value) => formatNumber(value, { maximumFractionDigits: 6 }),
  length: (value) => formatLength(value),
  word: (value, column) => coded(column.groups, value),
  road: (value) => String(value).split(", ").map((name) => coded(["highway"], name.replace(/_link$/, ""))).join(", "),
};

class TableColumn {
  constructor(layer, given) {
    Object.assign(this, { layer, groups: [], ...given });
    this.numeric = NUMERIC.has(this.as);
  }

  get label() {
    if (this.heading) return inLanguage(this.heading);
    const key = [`column.${this.layer.kind}.${this.name}`, `column.${this.name}`].find(has);
    return key ? t(key) : this.name.replaceAll("_", " ");
  }

  // The value itself; null where there is none.
  raw(i) {
    const { layer, from, name } = this;
    if (this.as === "local") return localValue(layer, i, name);
    if (this.as === "joined") {
      const parts = from.map((part) => localValue(layer, i, part)).filter((part) => part !== null && part !== "");
      return parts.length > 0 ? parts.map((part) => String(part).replaceAll(";", " / ")).join(" / ") : null;
    }
    const value = firstKnown(layer, i, from ?? [name]);
    return value === "" ? null : value;
  }

  // As the reader reads it; null where there is nothing to read.
  text(i) {
    const value = this.raw(i);
    if (this.as === "count") return countText(this.layer, i, value);
    return value === null ? null : WRITERS[this.as](value, this);
  }

  // What a search looks through: numbers as digits, so that how they are grouped does not matter.
  searched(i) {
    const value = this.raw(i);
    if (value === null) return "";
    if (this.numeric) return String(value);
    this.memory = this.memory?.language === language.now ? this.memory : { language: language.now, texts: new Map() };
    const { texts } = this.memory;
    if (!texts.has(value)) texts.set(value, this.as === "date" ? `${WRITERS.date(value)} ${value}` : WRITERS[this.as](value, this));
    return texts.get(value);
  }
}

// How a column of someone's own is written, from its name and its first values.
function inferred(layer, name) {
  const known = [];
  for (let i = 0; i < layer.n && known.length < 100; i += 1) {
    const value = layer.value(i, name);
    if (value !== null) known.push(value);
  }
  if (known.length > 0 && known.every((value) => typeof value === "number")) {
    if (/year$/.test(name)) return "text";
    return name.endsWith("_m") ? "length" : "number";
  }
  if (known.length > 0 && known.every((value) => /^\d{4}-\d{2}(-\d{2})?(\/|$)/.test(String(value)))) return "date";
  return "local";
}

// Whether a column says what another says, in a further language of the page.
export function isTranslation(layer, name) {
  const found = /^(.+)_([a-z]{2,3})$/.exec(name);
  return found !== null && found[2] !== language.first && Object.hasOwn(language.messages, found[2]) && layer.columns.has(found[1]);
}

function ownColumns(layer) {
  const headings = new Map(layer.extra.style?.headings ?? []);
  const names = [...layer.columns.keys()].filter((name) => {
    return !isTranslation(layer, name) && !SOURCE_COLUMNS.includes(name);
  });
  const columns = names.map((name) => ({ name, as: inferred(layer, name), heading: headings.get(name) }));
  const head = columns.find(({ name }) => name === layer.extra.style?.label) ?? columns.find(({ name }) => name === "name");
  const first = head ?? columns.find(({ as }) => as === "local") ?? columns[0];
  if (first) first.heads = true;
  else columns.push({ name: "feature", as: "text", heads: true });
  return columns;
}

// The columns of a layer's table, as its kind gives them: how each is written (`as`), and from which
// columns of the data where not from its own. The one that `heads` names the row; on the map's layers it
// opens the feature. Those its data lacks altogether are left out; a kind that gives none has all there are,
// or those that its payload brings as `table`.
export function columnsOf(layer) {
  const { columns } = layer.traits;
  const given = (typeof columns === "function" ? columns(layer) : columns) ?? layer.extra.table?.columns ?? ownColumns(layer);
  const there = ({ name, from, heads }) => heads || (from ?? [name]).some((part) => layer.columns.has(part));
  return given.filter(there).map((column) => new TableColumn(layer, column));
}

// A number for each feature by which a column sorts; NaN where it has no value. Words are put
// in order once for each different one.
export function sortKeys(column) {
  const { layer } = column;
  const keys = new Float64Array(layer.n).fill(NaN);
  if (column.numeric) {
    for (let i = 0; i < layer.n; i += 1) {
      const value = column.raw(i) ?? (column.as === "count" ? layer.value(i, "low") : null);
      if (value !== null) keys[i] = Number(value);
    }
    return keys;
  }
  const words = Array.from({ length: layer.n }, (_, i) => {
    const value = column.raw(i);
    if (value === null) return null;
    return column.as === "date" ? String(value) : column.searched(i);
  });
  const compare = column.as === "date" ? (a, b) => (a < b ? -1 : 1) : new Intl.Collator(locale(), { numeric: true }).compare;
  const sorted = [...new Set(words.filter((value) => value !== null))].sort(compare);
  const rank = new Map(sorted.map((value, k) => [value, k]));
  words.forEach((value, i) => {
    if (value !== null) keys[i] = rank.get(value);
  });
  return keys;
}

// Rows by their keys, equal ones as they stood; rows without a value come last in either direction.
export function sortRows(rows, keys, descending) {
  const way = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [first, second] = [keys[a], keys[b]];
    if (Number.isNaN(first) || Number.isNaN(second)) return Number.isNaN(first) - Number.isNaN(second);
    return way * (first - second);
  });
}

// Text without case or accents, as a search compares it.
export function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

// The words of a question; the groups of a number written with commas are one.
export function termsOf(query) {
  return folded(query)
    .replace(/(?<=\d),(?=\d{3})/g, "")
    .split(/\s+/)
    .filter(Boolean);
}

// What a search looks through, for each feature: all columns and the source.
export function haystacks(layer, columns) {
  const told = ["source_title", "source_publisher", "note"];
  return Array.from({ length: layer.n }, (_, i) => {
    const source = told.map((name) => localValue(layer, i, name) ?? "");
    return folded([...columns.map((column) => column.searched(i)), ...source].join(" \n "));
  });
}

// The date or interval that a row of a data series speaks of; null where it has none.
export function dateOf(layer, i) {
  const dates = (layer.traits.dates ?? []).map((name) => layer.value(i, name)).filter((date) => date !== null);
  return dates.length > 0 ? dates.join("/") : null;
}

// Which rows the clock lets through, as a mask; null for all. The layers of the map have theirs
// already; a series goes by its own dates, and what has none belongs to no month.
export function monthMask(layer, clock) {
  if (layer.traits.monthly && (clock?.now ?? null) === null) return null;
  if (layer.shown) return layer.shown;
  if (!clock || clock.now === null || !layer.traits.dates) return null;
  return Uint8Array.from({ length: layer.n }, (_, i) => (clock.holds(dateOf(layer, i)) === true ? 1 : 0));
}
