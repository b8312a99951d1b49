// The one clock of a page: a month, or all of them. Everything that has a date asks it.
import { monthNumber, monthSpan, monthText } from "./dates.js";

// From when to when a feature holds: one date column, or the two of its start and its end, unless a
// payload names its own.
const DATED = [["date"], ["opened", "closed"], ["start", "end"]];

export class Clock {
  constructor() {
    this.listeners = new Set();
    this.month = null;
    this.first = null;
    this.last = null;
  }

  // The months the clock runs over, YYYY-MM; without them it stays at all months.
  run(first, last) {
    this.first = monthNumber(first);
    this.last = monthNumber(last);
    if (this.first === null || this.last === null || this.first > this.last) this.first = this.last = null;
    this.set(null);
  }

  get runs() {
    return this.first !== null;
  }

  // Null is all months.
  get now() {
    return this.month === null ? null : monthText(this.month);
  }

  onChange(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  // A month YYYY-MM or its number, held within the clock's own; null, or what is none, is all.
  set(month) {
    const number = typeof month === "number" ? month : monthNumber(month);
    const next = number === null || !this.runs ? null : Math.min(this.last, Math.max(this.first, Math.trunc(number)));
    if (next === this.month) return;
    this.month = next;
    for (const listener of this.listeners) listener(this.now);
  }

  step(months) {
    if (!this.runs) return;
    if (this.month === null) this.set(months > 0 ? this.first : this.last);
    else this.set(this.month + months);
  }

  // True or false where the chosen month lies in the date; null where there is no date to ask.
  holds(date) {
    const span = monthSpan(date);
    if (span === null) return null;
    return this.month === null || (span.first <= this.month && this.month <= span.last);
  }

  // Whether a feature belongs to the chosen month: null where its layer is dated and it is not.
  covers(layer, i) {
    const spans = spansOf(layer);
    if (spans === null) return true;
    if (spans[i] === null) return null;
    return this.month === null || (spans[i].first <= this.month && this.month <= spans[i].last);
  }

  // Which features to draw: null for all, else 1 for those of the month and 0 for the others.
  // What stands on the ground stays when its date has passed: its sign changes, it is not hidden.
  maskOf(layer) {
    const month = this.monthOf(layer);
    if (month === null || layer.traits.standing) return null;
    return Uint8Array.from(spansOf(layer), (span) => (span !== null && span.first <= month && month <= span.last ? 1 : 0));
  }

  // The month that a layer shows, as a number; null for all. One of months shows its last, when asked for all.
  monthOf(layer) {
    const spans = spansOf(layer);
    if (spans === null) return null;
    if (this.month !== null || !layer.traits.monthly) return this.month;
    const last = spans.reduce((most, span) => Math.max(most, span?.last ?? -Infinity), -Infinity);
    return Number.isFinite(last) ? last : null;
  }
}

// The page's own.
export const clock = new Clock();

const known = new WeakMap();

// Spans of months of a layer's features, null for those without; null for a layer without dates.
export function spansOf(layer) {
  if (!known.has(layer)) known.set(layer, readSpans(layer));
  return known.get(layer);
}

function readSpans(layer) {
  const names = layer.extra?.table?.dates ?? DATED.find((columns) => columns.some((name) => layer.columns.has(name)));
  if (!names) return null;
  return Array.from({ length: layer.n }, (_, i) => {
    const [start, end] = [names[0], names.at(-1)].map((name) => layer.value(i, name));
    if (start === null && end === null) return null;
    const [from, to] = [monthSpan(start), monthSpan(end)];
    if ((start !== null && from === null) || (end !== null && to === null)) return null;
    // What closes on the first of a month was closed in all of it.
    const none = names.at(-1) === "closed" && /^\d{4}-\d{2}-01$/.test(String(end));
    return { first: from?.first ?? -Infinity, last: (to?.last ?? Infinity) - none };
  });
}

// The status of a port or site in the chosen month: as its source gives it where no date says more.
export function statusAt(layer, i) {
  const status = layer.value(i, "status");
  if (clock.now === null) return status;
  const covered = clock.covers(layer, i);
  if (covered === null) return status;
  if (!covered) return "closed";
  return layer.value(i, "closed") === null ? status : "open";
}
