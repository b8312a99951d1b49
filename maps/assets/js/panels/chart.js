// Counts by month: columns, policy dates, and gaps left as gaps; one measure on its axis at a time.
import { clock } from "../core/clock.js";
import { el, said } from "../core/dom.js";
import { formatCount, formatDate, language, localText, onLanguage, t, typeset } from "../core/i18n.js";
import { chartSvg, plotOf } from "./chart_marks.js";

export function readoutOf(data, i) {
  const month = formatDate(data.months[i]);
  const area = data.area[i];
  const rest = data.rest[i];
  if (area === null) {
    const year = data.annual[data.months[i].slice(0, 4)];
    const whole = year && year.area !== null ? ` ${t("chart.year_total", { year: data.months[i].slice(0, 4), count: formatCount(year.area) })}` : "";
    return `${month}${t("colon")} ${t("chart.no_month")}.${whole}`;
  }
  const other = rest === null ? t("chart.rest_unknown") : t("chart.rest", { count: formatCount(rest) });
  return `${month}${t("colon")} ${t("chart.area", { count: formatCount(area) })}; ${other}.${[area, rest].some(Array.isArray) ? ` ${t("chart.range")}` : ""}`;
}

// The interceptions as the chart draws them: an area, and the total around it.
export function interceptionsOf(data) {
  return {
    months: data.months,
    values: data.area,
    whole: data.whole,
    totals: Object.fromEntries(Object.entries(data.annual).map(([year, { area }]) => [year, area])),
    events: data.events,
    title: () => t("chart.title"),
    readout: (i) => readoutOf(data, i),
  };
}

// One series of another measure, alone on its axis, with those of the dates that lie in its months.
export function seriesOf({ months, values, title, say, none = () => t("chart.no_month") }, events) {
  const inside = ({ date }) => date.slice(0, 7) >= months[0] && date.slice(0, 7) <= months.at(-1);
  return {
    months,
    values,
    whole: months.map(() => null),
    totals: {},
    events: events.map((event) => (inside(event) ? event : null)),
    title,
    readout(i) {
      const month = formatDate(months[i]);
      if (values[i] === null) return `${month}${t("colon")} ${none()}.`;
      return `${month}${t("colon")} ${say(formatCount(values[i]))}.${Array.isArray(values[i]) ? ` ${t("chart.range")}` : ""}`;
    },
  };
}

// A chart in its place, which shows one series after the other: its `show` takes the next.
export function monthlyChart(host, series) {
  return new MonthlyChart(host, series);
}

class MonthlyChart {
  constructor(host, series) {
    Object.assign(this, { host, pointed: null });
    this.readout = el("p", { class: "rx-chart-readout", "aria-hidden": "true" });
    this.frame = el("div", { class: "rx-chart", tabindex: 0, role: "slider", "aria-valuemin": 0, "aria-orientation": "horizontal" });
    this.listen();
    clock.onChange(() => this.mark());
    onLanguage(() => this.draw());
    this.show(series);
    new ResizeObserver(() => this.draw()).observe(host);
  }

  show(series) {
    Object.assign(this, { series, pointed: null, last: series.months.length - 1 });
    this.frame.setAttribute("aria-valuemax", this.last);
    const empty = said("p", {}, () => t("chart.empty"));
    this.host.replaceChildren(...(this.last < 0 ? [empty] : [this.readout, this.frame]));
    this.draw();
  }

  // The clock's month among those of the chart; -1 where it is none of them.
  get ofClock() {
    return clock.now === null ? -1 : this.series.months.indexOf(clock.now);
  }

  draw() {
    if (this.last < 0) return;
    this.plot = plotOf(this.series, Math.max(260, this.host.clientWidth));
    this.frame.replaceChildren(chartSvg(this.series, this.plot));
    this.mark();
  }

  // The month pointed at, else the clock's, is marked and read out.
  mark() {
    if (this.last < 0) return;
    const { frame, readout, pointed, ofClock, series } = this;
    const shown = pointed ?? (ofClock < 0 ? null : ofClock);
    readout.textContent = shown !== null ? series.readout(shown) : clock.now === null ? t("chart.hint") : t("chart.outside", { month: formatDate(clock.now) });
    frame.setAttribute("aria-label", series.title());
    frame.setAttribute("aria-valuenow", Math.max(0, ofClock));
    frame.setAttribute("aria-valuetext", clock.now === null ? t("clock.all") : readout.textContent);
    this.place(".rx-cursor", pointed);
    this.place(".rx-clock-cursor", ofClock < 0 ? null : ofClock);
  }

  place(sign, i) {
    const cursor = this.frame.querySelector(sign);
    cursor.setAttribute("visibility", i === null ? "hidden" : "visible");
    if (i !== null) cursor.setAttribute("x", String(this.plot.x(i)));
  }

  listen() {
    const { frame } = this;
    const monthAt = (event) => {
      const at = event.clientX - frame.getBoundingClientRect().left - this.plot.left;
      const i = Math.floor(at / this.plot.step);
      return i < 0 || i > this.last ? null : i;
    };
    const point = (i) => {
      this.pointed = i;
      this.mark();
    };
    frame.addEventListener("pointermove", (event) => point(monthAt(event)));
    frame.addEventListener("pointerleave", () => point(null));
    frame.addEventListener("click", (event) => {
      const i = monthAt(event);
      if (i !== null) clock.set(this.series.months[i]);
    });
    frame.addEventListener("keydown", (event) => this.onKey(event));
  }

  // From all months an arrow goes to the last month that is known.
  onKey(event) {
    const { series, last, ofClock } = this;
    const move = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 12, PageDown: -12 }[event.key];
    const end = { Home: 0, End: last }[event.key];
    if (event.key === "Escape") clock.set(null);
    if (move === undefined && end === undefined) return;
    event.preventDefault();
    const lastKnown = Math.max(0, series.values.findLastIndex((value) => value !== null));
    const from = ofClock < 0 ? lastKnown : ofClock + move;
    clock.set(series.months[Math.max(0, Math.min(last, end ?? from))]);
  }
}

// A label and a list to choose from; `words` says each in the reader's language.
export function selectOf(id, choice, label, words) {
  const select = el("select", { id });
  const write = () => {
    select.replaceChildren(...choice.values.map((value) => el("option", { value }, words(value))));
    select.value = choice.now;
  };
  select.addEventListener("change", () => choice.set(select.value));
  choice.onChange(() => {
    select.value = choice.now;
  });
  onLanguage(write);
  write();
  return el("div", { class: "rx-chart-choice" }, said("label", { for: id }, () => t(label)), select);
}

// The key to the numbered dates.
export function eventKey(host, data) {
  const write = () => {
    const pick = (event) => typeset(localText(event, "title"));
    host.replaceChildren(
      ...data.events.map((event) => el("li", {}, el("b", {}, formatDate(event.date, "short")), " ", pick(event))),
    );
  };
  write();
  onLanguage(write);
}

export function chartLegend(data) {
  return el(
    "p",
    { class: "rx-chart-legend" },
    data.keys.map((key) =>
      el("span", { "data-key": key }, el("span", { class: `rx-chart-chip rx-chart-chip-${key}`, "aria-hidden": "true" }), said("span", {}, () => t(`chart.key_${key}`))),
    ),
  );
}
