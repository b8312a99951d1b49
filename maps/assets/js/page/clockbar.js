// The clock's control: play, step, drag, keys; and what the chosen month means, in words.
import { readoutOf } from "../panels/chart.js";
import { clock, spansOf } from "../core/clock.js";
import { exactMonth, monthNumber, monthText } from "../core/dates.js";
import { el, link, said, svgEl } from "../core/dom.js";
import { formatDate, formatNumber, language, onLanguage, t, typeset } from "../core/i18n.js";
import { announce } from "../core/live.js";
import { stageOf } from "../stage/stage.js";

const THUMB = 24;
const PACE = { moving: 900, reduced: 2000 }; // milliseconds a month stands while it plays

const pick = (row, name) => typeset((language.now === "fr" ? row[`${name}_fr`] : null) ?? row[name]);

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
  const play = el("button", { type: "button", class: "rx-button rx-play" });
  const back = el("button", { type: "button", class: "rx-button rx-step" }, "‹");
  const ahead = el("button", { type: "button", class: "rx-button rx-step" }, "›");
  const all = said("button", { type: "button", class: "rx-button", "data-clock": "all" }, () => t("clock.all"));
  const range = el("input", { type: "range", class: "rx-range", min: clock.first, max: clock.last, step: 1 });
  const month = el("span", { class: "rx-clock-month", "aria-hidden": "true" });
  const strip = el("div", { class: "rx-strip", "aria-hidden": "true" });
  const words = el("div", { class: "rx-clock-words" });
  const apart = el("details", { class: "rx-apart" });
  host.replaceChildren(
    el("div", { class: "rx-clock-row" }, play, back, ahead, all, month),
    el("div", { class: "rx-track" }, range, strip),
    words,
    apart,
  );
  host.setAttribute("role", "group");
  let timer = null;

  function stop() {
    if (timer === null) return;
    clearInterval(timer);
    timer = null;
    write();
    announce(spoken());
  }

  function start() {
    if (clock.month === null || clock.month === clock.last) clock.set(clock.first);
    const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
    timer = setInterval(() => {
      if (clock.month === null || clock.month >= clock.last) stop();
      else clock.step(1);
    }, reduced ? PACE.reduced : PACE.moving);
    write();
  }

  const byHand = (change) => () => {
    stop();
    change();
  };
  play.addEventListener("click", () => (timer === null ? start() : stop()));
  back.addEventListener("click", byHand(() => clock.step(-1)));
  ahead.addEventListener("click", byHand(() => clock.step(1)));
  all.addEventListener("click", byHand(() => clock.set(null)));
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
    if (event.key === " ") {
      if (timer === null) start();
      else stop();
    } else if (act) byHand(act)();
    else return;
    event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => document.hidden && stop());

  function counts() {
    return (stageOf(map).known ?? [])
      .filter(({ roxham }) => roxham.layer.shown && spansOf(roxham.layer) !== null)
      .map(({ roxham: { layer } }) => t("clock.count", { layer: t(`layer.${layer.kind}`), count: formatNumber(layer.shown.reduce((sum, one) => sum + one, 0)), all: formatNumber(layer.n) }));
  }

  function figures() {
    const i = chart ? chart.months.indexOf(clock.now) : -1;
    return i < 0 ? "" : readoutOf(chart, i);
  }

  function spoken() {
    if (clock.now === null) return t("clock.all_words", span());
    const rules = regimesOf(regimes, clock.now).map(({ regime }) => pick(regime, "title"));
    return [figures() || formatDate(clock.now), ...rules, ...counts()].join(". ");
  }

  const span = () => ({ first: formatDate(monthText(clock.first)), last: formatDate(monthText(clock.last)) });

  function write() {
    host.setAttribute("aria-label", t("clock.title"));
    play.textContent = t(timer === null ? "clock.play" : "clock.pause");
    for (const [button, key] of [[back, "clock.back"], [ahead, "clock.ahead"]]) {
      button.setAttribute("aria-label", t(key));
      button.title = t(key);
    }
    all.setAttribute("aria-pressed", String(clock.now === null));
    host.classList.toggle("rx-all", clock.now === null);
    range.value = String(clock.month ?? clock.first);
    range.setAttribute("aria-label", t("clock.month"));
    range.setAttribute("aria-valuetext", clock.now === null ? t("clock.all") : formatDate(clock.now));
    month.textContent = clock.now === null ? "" : formatDate(clock.now);
    if (clock.now === null) {
      words.replaceChildren(el("p", {}, t("clock.all_words", span())));
    } else {
      const figure = [figures(), ...counts()].filter(Boolean).join(" ");
      words.replaceChildren(
        ...regimesOf(regimes, clock.now).map((entry) => el("p", {}, `${t("clock.rules")}${t("colon")} `, regimeWords(entry))),
        figure ? el("p", {}, figure) : "",
      );
    }
    writeApart();
  }

  // What cannot be placed in one month: never drawn for a month it may not belong to.
  function writeApart() {
    const open = apart.open;
    const items = [];
    const standing = new Map();
    for (const { roxham: { layer } } of stageOf(map).known ?? []) {
      const spans = spansOf(layer);
      if (spans === null) continue;
      if (layer.traits.standing) {
        const { count, all } = standing.get(layer.kind) ?? { count: 0, all: 0 };
        standing.set(layer.kind, { count: count + spans.filter((one) => one === null).length, all: all + layer.n });
        continue;
      }
      spans.forEach((one, i) => {
        if (exactMonth(one) || (one !== null && clock.covers(layer, i) === false)) return;
        items.push({ layer, i, dated: one !== null });
      });
    }
    const undated = [...standing].filter(([, { count }]) => count > 0);
    const total = undated.reduce((sum, [, { count }]) => sum + count, items.length);
    apart.hidden = total === 0;
    apart.replaceChildren(
      el("summary", {}, t("clock.apart", { count: formatNumber(total) })),
      el("ul", {}, items.slice(0, 50).map(apartItem), items.length > 50 && el("li", {}, t("clock.more", { count: formatNumber(items.length - 50) }))),
      ...undated.map(([kind, { count, all }]) => el("p", {}, t(`clock.undated_${kind}`, { count: formatNumber(count), all: formatNumber(all) }))),
    );
    apart.open = open;
  }

  function apartItem({ layer, i, dated }) {
    const name = layer.traits.name?.(layer, i) || t("unnamed");
    const button = el("button", { type: "button", class: "rx-link" }, name);
    button.addEventListener("click", () => {
      clock.set(dated ? clock.now : null);
      stageOf(map).open(layer, i);
    });
    return el("li", {}, button, ` – ${t(dated ? "clock.coarse" : "clock.undated")}`);
  }

  function drawStrip() {
    const width = Math.max(200, strip.clientWidth);
    const months = clock.last - clock.first || 1;
    const x = (number) => THUMB / 2 + ((number - clock.first) * (width - THUMB)) / months;
    const years = [];
    for (let number = Math.ceil(clock.first / 12) * 12; number <= clock.last; number += 12) years.push(number);
    const every = Math.ceil(44 / ((12 * (width - THUMB)) / months));
    const changes = regimes.map((regime) => monthNumber(regime.start.slice(0, 7))).filter((number) => number > clock.first && number <= clock.last);
    strip.replaceChildren(
      svgEl(
        "svg",
        { viewBox: `0 0 ${width} 22`, width, height: 22 },
        years.map((number, k) => [
          svgEl("line", { x1: x(number), x2: x(number), y1: 0, y2: 6, class: "rx-strip-tick" }),
          k % every === 0 && x(number) < width - 18 && svgEl("text", { x: x(number), y: 19, "text-anchor": x(number) < 20 ? "start" : "middle", class: "rx-strip-year" }, String(number / 12)),
        ]),
        changes.map((number) => svgEl("path", { d: `M${x(number)},0l4,7h-8z`, class: "rx-strip-change" })),
      ),
    );
  }

  let regime = null;
  clock.onChange(() => {
    write();
    // While it plays only a change of the rules is said.
    const now = clock.now === null ? "" : regimesOf(regimes, clock.now).map((entry) => entry.regime.title).join();
    if (timer === null || now !== regime) announce(spoken());
    regime = now;
  });
  onLanguage(write);
  new ResizeObserver(drawStrip).observe(strip);
  drawStrip();
  write();
}
