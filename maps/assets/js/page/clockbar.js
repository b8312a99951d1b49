// The clock's control: play, step, drag, keys; and what the chosen month means, in words.
import { readoutOf } from "../panels/chart.js";
import { clock, spansOf } from "../core/clock.js";
import { monthNumber, monthText } from "../core/dates.js";
import { el, link, said, svgEl } from "../core/dom.js";
import { formatDate, formatNumber, localText, onLanguage, t, typeset } from "../core/i18n.js";
import { announce } from "../core/live.js";
import { stageOf } from "../stage/stage.js";
import { writeApart } from "./apart.js";

const THUMB = 24;
const PACE = { moving: 900, reduced: 2000 }; // milliseconds a month stands while it plays

const pick = (row, name) => typeset(localText(row, name));

// The rules of a month: [regime, first day, last day], the days null where the month is within.
export function regimesOf(regimes, month) {
  return regimes
    .filter((regime) => regime.start.slice(0, 7) <= month && (regime.end === null || regime.end.slice(0, 7) >= month))
    .map((regime) => ({
      regime,
      from: regime.start.startsWith(month) && !regime.start.endsWith("-01") ? regime.start : null,
      until: regime.end?.startsWith(month) ? regime.end : null,
    }));
}

function regimeWords({ regime, from, until }) {
  const when = from ? t("clock.from", { date: formatDate(from) }) : until ? t("clock.until", { date: formatDate(until) }) : t("clock.since", { date: formatDate(regime.start) });
  return [el("b", {}, pick(regime, "title")), ` (${when}). ${pick(regime, "effect") ?? ""} `, link(regime.source_url, regime.source_title)];
}

// Drives every layer of a map, and says how many of each are left.
export function runLayers(map) {
  const stage = stageOf(map);
  const apply = () => {
    for (const { roxham } of stage.known ?? []) {
      if (spansOf(roxham.layer) !== null) stage.filter(roxham.layer, clock.maskOf(roxham.layer));
    }
  };
  clock.onChange(apply);
}

export function clockBar(map, host, { regimes, chart }) {
  new ClockBar(map, host, regimes, chart);
}

const stepButton = (sign) => el("button", { type: "button", class: "rx-button rx-step" }, sign);
const span = () => ({ first: formatDate(monthText(clock.first)), last: formatDate(monthText(clock.last)) });

class ClockBar {
  constructor(map, host, regimes, chart) {
    Object.assign(this, { map, host, regimes, chart, timer: null, rules: null });
    this.play = el("button", { type: "button", class: "rx-button rx-play" });
    this.back = stepButton("‹");
    this.ahead = stepButton("›");
    this.all = said("button", { type: "button", class: "rx-button", "data-clock": "all" }, () => t("clock.all"));
    this.range = el("input", { type: "range", class: "rx-range", min: clock.first, max: clock.last, step: 1 });
    this.month = el("span", { class: "rx-clock-month", "aria-hidden": "true" });
    this.words = el("div", { class: "rx-clock-words" });
    this.apart = el("details", { class: "rx-apart" });
    const strip = el("div", { class: "rx-strip", "aria-hidden": "true" });
    host.replaceChildren(
      el("div", { class: "rx-clock-row" }, this.play, this.back, this.ahead, this.all, this.month),
      el("div", { class: "rx-track" }, this.range, strip),
      this.words,
      this.apart,
    );
    host.setAttribute("role", "group");
    this.listen();
    clock.onChange(() => this.follow());
    onLanguage(() => this.write());
    const drawStrip = () => strip.replaceChildren(stripOf(regimes, Math.max(200, strip.clientWidth)));
    new ResizeObserver(drawStrip).observe(strip);
    drawStrip();
    this.write();
  }

  listen() {
    const { range } = this;
    const byHand = (change) => () => {
      this.stop();
      change();
    };
    this.play.addEventListener("click", () => this.toggle());
    this.back.addEventListener("click", byHand(() => clock.step(-1)));
    this.ahead.addEventListener("click", byHand(() => clock.step(1)));
    this.all.addEventListener("click", byHand(() => clock.set(null)));
    range.addEventListener("input", byHand(() => clock.set(Number(range.value))));
    // From all months the thumb may be clicked where it stands, which changes nothing in the input.
    range.addEventListener("click", () => clock.now === null && clock.set(Number(range.value)));
    range.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 12, PageDown: -12 }[event.key];
      const act = {
        Home: () => clock.set(clock.first),
        End: () => clock.set(clock.last),
        Escape: () => clock.set(null),
      }[event.key] ?? (step && (() => clock.step(step)));
      if (event.key === " ") this.toggle();
      else if (act) byHand(act)();
      else return;
      event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => document.hidden && this.stop());
  }

  toggle() {
    if (this.timer === null) this.start();
    else this.stop();
  }

  start() {
    if (clock.month === null || clock.month === clock.last) clock.set(clock.first);
    const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.timer = setInterval(() => {
      if (clock.month === null || clock.month >= clock.last) this.stop();
      else clock.step(1);
    }, reduced ? PACE.reduced : PACE.moving);
    this.write();
  }

  stop() {
    if (this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
    this.write();
    announce(this.spoken());
  }

  follow() {
    this.write();
    // While it plays only a change of the rules is said.
    const now = clock.now === null ? "" : regimesOf(this.regimes, clock.now).map(({ regime }) => regime.title).join();
    if (this.timer === null || now !== this.rules) announce(this.spoken());
    this.rules = now;
  }

  // How many features of each dated layer the month holds.
  counts() {
    return (stageOf(this.map).known ?? [])
      .filter(({ roxham }) => roxham.layer.shown && spansOf(roxham.layer) !== null)
      .map(({ roxham: { layer } }) => t("clock.count", { layer: t(`layer.${layer.kind}`), count: formatNumber(layer.shown.reduce((sum, one) => sum + one, 0)), all: formatNumber(layer.n) }));
  }

  figures() {
    const i = this.chart ? this.chart.months.indexOf(clock.now) : -1;
    return i < 0 ? "" : readoutOf(this.chart, i);
  }

  spoken() {
    if (clock.now === null) return t(clock.first === clock.last ? "clock.one_word" : "clock.all_words", span());
    const rules = regimesOf(this.regimes, clock.now).map(({ regime }) => pick(regime, "title"));
    const parts = [this.figures() || formatDate(clock.now), ...rules, ...this.counts()];
    return `${parts.map((part) => part.replace(/\.$/, "")).join(". ")}.`;
  }

  write() {
    const { host, play, all, range } = this;
    host.setAttribute("aria-label", t("clock.title"));
    play.textContent = t(this.timer === null ? "clock.play" : "clock.pause");
    for (const [button, key] of [[this.back, "clock.back"], [this.ahead, "clock.ahead"]]) {
      button.setAttribute("aria-label", t(key));
      button.title = t(key);
    }
    all.setAttribute("aria-pressed", String(clock.now === null));
    host.classList.toggle("rx-all", clock.now === null);
    range.value = String(clock.month ?? clock.first);
    range.setAttribute("aria-label", t("clock.month"));
    range.setAttribute("aria-valuetext", clock.now === null ? t("clock.all") : formatDate(clock.now));
    this.month.textContent = clock.now === null ? "" : formatDate(clock.now);
    this.words.replaceChildren(...this.paragraphs());
    writeApart(this.map, this.apart);
  }

  // What the chosen month means: its rules, its figures.
  paragraphs() {
    if (clock.now === null) return [el("p", {}, t(clock.first === clock.last ? "clock.one_word" : "clock.all_words", span()))];
    const figure = [this.figures(), ...this.counts()].filter(Boolean).join(" ");
    const rules = regimesOf(this.regimes, clock.now);
    return [...rules.map((entry) => el("p", {}, `${t("clock.rules")}${t("colon")} `, regimeWords(entry))), figure ? el("p", {}, figure) : ""];
  }
}

// Years and changes of the rules, under the thumb's way.
function stripOf(regimes, width) {
  const months = clock.last - clock.first || 1;
  const x = (number) => THUMB / 2 + ((number - clock.first) * (width - THUMB)) / months;
  const years = [];
  for (let number = Math.ceil(clock.first / 12) * 12; number <= clock.last; number += 12) years.push(number);
  const every = Math.ceil(44 / ((12 * (width - THUMB)) / months));
  const changes = regimes.map((regime) => monthNumber(regime.start.slice(0, 7))).filter((number) => number > clock.first && number <= clock.last);
  return svgEl(
    "svg",
    { viewBox: `0 0 ${width} 22`, width, height: 22 },
    years.map((number, k) => [
      svgEl("line", { x1: x(number), x2: x(number), y1: 0, y2: 6, class: "rx-strip-tick" }),
      k % every === 0 && x(number) < width - 18 && svgEl("text", { x: x(number), y: 19, "text-anchor": x(number) < 20 ? "start" : "middle", class: "rx-strip-year" }, String(number / 12)),
    ]),
    changes.map((number) => svgEl("path", { d: `M${x(number)},0l4,7h-8z`, class: "rx-strip-change" })),
  );
}
