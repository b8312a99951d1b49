// “How far was it?”: two places and a month, and the fastest way between them through the gates that were
// open then, beside that of the last day before the rules changed and of the first day after.
import { monthNumber, monthText } from "../core/dates.js";
import { el, link, said } from "../core/dom.js";
import { formatDate, formatLength, inLanguage, onLanguage, t, typeset } from "../core/i18n.js";
import { announce } from "../core/live.js";
import { decodeLayer } from "../core/payload.js";
import { xToLon, yToLat } from "../core/projection.js";
import { routeKind } from "../kinds/routes.js";
import { formatMinutes } from "../kinds/shared/travel.js";
import { localValue } from "../stage/popup.js";
import { stageOf } from "../stage/stage.js";
import { askPicture } from "./ask_picture.js";
import { GateWays } from "./gate_ways.js";

const FAR_M = 500; // a place so far from its road is said to be

// Drawn as any route, under a heading of its own.
const askedKind = {
  ...routeKind,
  popup(layer, i) {
    const box = routeKind.popup(layer, i);
    box.querySelector(".rx-kicker").textContent = [t("ask.title"), t("travel.schematic")].join(" · ");
    // What is asked may be a month, of which a day's sentence would not read well.
    const rule = localValue(layer, i, "rule");
    if (rule) box.querySelector("h3 + p").textContent = rule;
    return box;
  },
};

// Shows the panel in its place when `later` is run; returns what is asked: null until the reader asks, else [from, to, month].
export function askView(map, host, data, later) {
  const listeners = new Set();
  const choice = { first: null, now: null, onChange: (listener) => listeners.add(listener) };
  let panel = null;
  const tell = (asked) => {
    choice.now = asked;
    for (const listener of listeners) listener(asked);
  };
  choice.set = (asked) => {
    choice.now = asked;
    panel?.restore(asked);
  };
  later.push(async () => {
    const known = (kind) => stageOf(map).known.find(({ roxham }) => roxham.layer.kind === kind)?.roxham.layer;
    const [roads, border, places] = ["roads", "border", "places"].map(known);
    const ways = new GateWays(roads, await Promise.all(data.tables.map(decodeLayer)));
    panel = new Panel(map, host, data, ways, { border, places, tell });
    panel.restore(choice.now);
  });
  return choice;
}

// What answers a question: the month asked for, and the day before and after the change of rules. A month
// in which they changed is told by its own days.
export function answersOf(ways, change, { from, to, month }) {
  const whenOf = (day) => (change === null ? null : day < change.after ? "before" : "after");
  const rows = ways.inMonth(from, to, month).map((one) => ({ ...one, when: whenOf(one.on.slice(-10)) }));
  const [before, after] = ["before", "after"].map((when) => {
    const span = change && ways.spanOn(change[when]);
    return span ? { ...ways.best(from, to, span), on: change[when], when, told: true } : null;
  });
  if (rows.some(({ why }) => why === "one_side")) return { rows: rows.slice(0, 1), before: null, after: null };
  const within = change !== null && [change.before, change.after].every((day) => day.startsWith(month));
  return { rows: within ? rows : [...rows, before, after].filter(Boolean), before, after };
}

// The ways of answers as a layer of the map. Of answers with one way the first is drawn: the
// day before the change, the day after, the month.
export function layerOf(ways, answers, origin, destination) {
  const found = answers.filter(({ why }) => why === undefined);
  const order = ({ told, when }) => (told ? 0 : 2) + (when === "after" ? 1 : 0);
  const keys = found.map(({ parts, when }) => JSON.stringify([parts, when === "before"]));
  const best = keys.map((key) => Math.min(...found.filter((_, k) => keys[k] === key).map(order)));
  const lines = found.map((answer) => ways.line(answer));
  const starts = [0];
  for (const line of lines) starts.push(starts.at(-1) + line.length);
  const flat = lines.flat();
  const box = lines.flatMap((line) => {
    const [xs, ys] = [0, 1].map((k) => line.map((point) => point[k]));
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  });
  const each = Array.from(found.keys());
  const seen = new Set();
  const drawn = each.map((i) => {
    const first = order(found[i]) === best[i] && !seen.has(keys[i]);
    if (first) seen.add(keys[i]);
    return first ? 1 : 0;
  });
  const [one, two] = ["length_first_m", "length_second_m"];
  return {
    ...{ kind: "asked", n: found.length, shown: null, mask: drawn, traits: askedKind, turn: 0 },
    extra: { schematic: true, lengths: [one, two], dimensions: 1 },
    columns: new Map(),
    geometry: {
      kinds: each.map(() => 2),
      partsOf: [...each, found.length],
      pointsOf: starts,
      x: flat.map(([x]) => x),
      y: flat.map(([, y]) => y),
      box,
    },
    value(i, name) {
      const { door, row, sides, ...own } = found[i];
      const told = { ...own, origin, destination, route: 1, [one]: sides[0], [two]: sides[1], when: own.when === "before" ? "before" : null };
      return Object.hasOwn(told, name) ? told[name] : (ways.doors.value(door, name) ?? ways.days.value(row, name));
    },
  };
}

// Whether dashes are seen: those of a way that was the same after the change lie below its line.
export function hasDashes(layer) {
  const drawn = Array.from(layer.mask.keys()).filter((i) => layer.mask[i] === 1);
  const was = (i) => layer.value(i, "when") === "before";
  const course = (i) => JSON.stringify(layer.value(i, "parts"));
  const solid = new Set(drawn.filter((i) => !was(i)).map(course));
  return drawn.some((i) => was(i) && !solid.has(course(i)));
}

function signed(text, difference) {
  return `${difference < 0 ? "−" : "+"}${text}`;
}

class Panel {
  constructor(map, host, data, ways, { border, places, tell }) {
    Object.assign(this, { map, host, data, ways, border, towns: places, tell });
    this.layer = null;
    this.ids = Array.from({ length: ways.places.n }, (_, i) => ways.places.value(i, "place"));
    const months = [data.first, data.last].map(monthNumber);
    this.months = Array.from({ length: months[1] - months[0] + 1 }, (_, k) => monthText(months[0] + k));
    const change = data.change?.before.slice(0, 7);
    this.usual = { from: this.ids.indexOf(data.example[0]), to: this.ids.indexOf(data.example[1]), month: this.months.includes(change) ? change : this.months.at(-1) };
    this.asked = { ...this.usual };
    this.build();
    onLanguage(() => {
      this.fill();
      this.show();
    });
  }

  build() {
    const select = (name) => {
      const node = el("select", { id: `rx-ask-${name}` });
      node.addEventListener("change", () => this.ask({ [name]: name === "month" ? node.value : Number(node.value) }));
      return node;
    };
    this.selects = Object.fromEntries(["from", "to", "month"].map((name) => [name, select(name)]));
    const field = (name) => el("div", {}, said("label", { for: `rx-ask-${name}` }, () => t(`ask.${name}`)), this.selects[name]);
    const swap = el("button", { type: "button", class: "rx-button" }, "⇄");
    swap.addEventListener("click", () => this.ask({ from: this.asked.to, to: this.asked.from }));
    const name = () => {
      swap.title = t("ask.swap");
      swap.setAttribute("aria-label", swap.title);
    };
    name();
    onLanguage(name);
    this.draws = el("input", { type: "checkbox", id: "rx-ask-draw" });
    this.draws.addEventListener("change", () => (this.draws.checked ? this.ask({}) : this.let()));
    const draw = el("div", { class: "rx-ask-draw" }, this.draws, said("label", { for: "rx-ask-draw" }, () => t("ask.draw")));
    this.answer = el("div", { class: "rx-ask-answer" });
    const form = el("div", { class: "rx-ask-form" }, field("from"), swap, field("to"), field("month"), draw);
    this.host.replaceChildren(form, this.answer);
    this.fill();
  }

  name(place) {
    return localValue(this.ways.places, place, "name");
  }

  fill() {
    const collator = new Intl.Collator(document.documentElement.lang);
    const places = [0, 1].map((side) => {
      const here = this.ids.map((_, i) => i).filter((i) => this.ways.side(i) === side);
      const named = here.map((i) => ({ i, name: this.name(i) })).sort((a, b) => collator.compare(a.name, b.name));
      return { label: t(`country.${this.data.sides[side]}`), options: named.map(({ i, name }) => [i, name]) };
    });
    const years = this.byYear();
    const months = [...years].map(([year, of]) => ({ label: year, options: of.map((month) => [month, formatDate(month)]) }));
    for (const [name, groups] of [["from", places.toReversed()], ["to", places], ["month", months]]) {
      const filled = groups.map(({ label, options }) => el("optgroup", { label }, options.map(([value, text]) => el("option", { value }, text))));
      this.selects[name].replaceChildren(...filled);
    }
  }

  byYear() {
    const years = new Map();
    for (const month of this.months) years.set(month.slice(0, 4), [...(years.get(month.slice(0, 4)) ?? []), month]);
    return years;
  }

  // The reader asks: the answer is drawn, and the address tells it.
  ask(changed) {
    Object.assign(this.asked, changed);
    this.draws.checked = true;
    this.show();
    this.fit();
    const { from, to, month } = this.asked;
    this.tell([this.ids[from], this.ids[to], month]);
    announce(this.answer.querySelector(".rx-ask-said")?.textContent ?? "");
  }

  // The reader has done: nothing of it stays on the map.
  let() {
    this.show();
    this.tell(null);
  }

  // Asks what an address asks; what it does not know is what the panel opens with.
  restore(asked) {
    const [from, to, month] = asked ?? [];
    const known = this.ids.includes(from) && this.ids.includes(to) && this.months.includes(month);
    this.asked = known ? { from: this.ids.indexOf(from), to: this.ids.indexOf(to), month } : { ...this.usual };
    this.draws.checked = known;
    this.show();
  }

  show() {
    for (const [name, select] of Object.entries(this.selects)) select.value = String(this.asked[name]);
    const found = answersOf(this.ways, this.data.change, this.asked);
    const [from, to] = [this.name(this.asked.from), this.name(this.asked.to)];
    const stage = stageOf(this.map);
    if (this.layer) stage.remove(this.layer);
    this.layer = layerOf(this.ways, found.rows, from, to);
    if (this.draws.checked && this.layer.n > 0) stage.add(this.layer);
    const picture = askPicture(this.layer, [from, to], { roads: this.ways.roads, border: this.border, places: this.towns });
    this.answer.replaceChildren(el("div", {}, this.told(found, `${from} → ${to}`)), ...(picture ? [picture] : []));
  }

  fit() {
    const { n, geometry } = this.layer;
    if (n === 0) return;
    const [xs, ys] = [geometry.x, geometry.y];
    const [west, north, east, south] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    this.map.fitBounds([[yToLat(south), xToLon(west)], [yToLat(north), xToLon(east)]], { animate: false, padding: [40, 40], maxZoom: 14 });
  }

  told(found, ends) {
    if (found.rows[0].why === "one_side") {
      return [el("p", { class: "rx-ask-said" }, t("ask.one_side", { ends, side: t(`country.${this.data.sides[this.ways.side(this.asked.from)]}`) }))];
    }
    const heads = ["ask.when", "travel.gate", "popup.length", "ask.time"].map((key, k) => el("th", { scope: "col", class: k > 1 ? "rx-right" : null }, t(key)));
    let place = 0;
    const bodies = found.rows.map((row) => this.row(row, row.why === undefined ? place++ : -1));
    return [
      el("p", { class: "rx-ask-said" }, this.sentence(found, ends)),
      el("table", {}, el("caption", {}, ends), el("thead", {}, el("tr", {}, heads)), bodies),
      el("p", { class: "rx-muted" }, this.notes().join(" ")),
    ];
  }

  // What changed with the rules, in one sentence.
  sentence({ rows, before, after }, ends) {
    const [first] = rows;
    const { change } = this.data;
    if (before === null || after === null) return first.why ? t(`ask.${first.why}`) : this.figures(first);
    const slots = { ends, date: formatDate(change.after), last: formatDate(change.before), change: typeset(inLanguage(change.title) ?? "") };
    if (before.why || after.why) return t(before.why && after.why ? "ask.never" : before.why ? "ask.opened" : "ask.closed", slots);
    const [metres, seconds] = ["length_m", "travel_time_s"].map((name) => after[name] - before[name]);
    if (before.gate === after.gate && Math.abs(metres) < 1) return t("ask.same", { ...slots, figures: this.figures(after) });
    const more = `${signed(formatLength(Math.abs(metres)), metres)}, ${signed(formatMinutes(Math.abs(seconds)), seconds)}`;
    return t("ask.changed", { ...slots, before: this.figures(before), after: this.figures(after), more });
  }

  figures({ length_m: metres, travel_time_s: seconds }) {
    return `${formatLength(metres)}, ${formatMinutes(seconds)}`;
  }

  row(answer, place) {
    const date = formatDate(answer.on);
    const words = answer.told ? t(`travel.${answer.when}`, { date }) : date;
    if (answer.why) return el("tbody", {}, el("tr", {}, el("th", { scope: "row" }, words), el("td", { colspan: 3 }, t(`ask.${answer.why}`))));
    const button = el("button", { type: "button" }, words);
    button.addEventListener("click", () => this.open(place, button));
    const { days, doors } = this.ways;
    const rule = localValue(days, answer.row, "rule");
    const flags = (days.value(answer.row, "flags") ?? "").split(";").filter((flag) => flag in FLAGS).map((flag) => t(FLAGS[flag]));
    const source = days.value(answer.row, "rule_source_url");
    const walk = answer.walk_m > 0 && el("div", { class: "rx-muted" }, t("ask.walk", { length: formatLength(answer.walk_m) }));
    return el(
      "tbody",
      {},
      el(
        "tr",
        {},
        el("th", { scope: "row" }, button),
        el("td", {}, localValue(doors, answer.door, "gate_name") ?? answer.gate),
        el("td", { class: "rx-right" }, formatLength(answer.length_m), walk),
        el("td", { class: "rx-right" }, formatMinutes(answer.travel_time_s)),
      ),
      (rule || flags.length > 0) && el("tr", {}, el("td", { colspan: 4, class: "rx-ask-rule" }, [rule, ...flags].filter(Boolean).join(" "), source && rule && [" ", link(source, t("source"))])),
    );
  }

  // Opens the card of an answer on the map.
  open(place, button) {
    if (!this.draws.checked) {
      this.ask({});
      button = this.answer.querySelectorAll("th button")[place];
    } else this.fit();
    this.map.getContainer().scrollIntoView({ block: "nearest" });
    button?.focus({ preventScroll: true });
    stageOf(this.map).open(this.layer, place);
  }

  notes() {
    const { places } = this.ways;
    const far = [...new Set([this.asked.from, this.asked.to])].filter((place) => places.value(place, "offset_m") >= FAR_M);
    const told = far.map((place) => t("ask.offset", { place: this.name(place), length: formatLength(places.value(place, "offset_m")) }));
    return [...told, ...(hasDashes(this.layer) ? [t("ask.dashed")] : [])];
  }
}

const FLAGS = { opened_about: "ask.opened_about", closed_about: "ask.closed_about", status_unknown: "ask.status_unknown" };
