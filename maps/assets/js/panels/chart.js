// Interceptions by month: columns, policy dates, and gaps left as gaps.
import { clock } from "../core/clock.js";
import { el, said } from "../core/dom.js";
import { formatCount, formatDate, localText, onLanguage, t, typeset } from "../core/i18n.js";
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

export function monthlyChart(host, data) {
  if (data.months.length === 0) host.replaceChildren(said("p", {}, () => t("chart.empty")));
  else new MonthlyChart(host, data);
}

class MonthlyChart {
  constructor(host, data) {
    Object.assign(this, { host, data, pointed: null });
    this.last = data.months.length - 1;
    this.readout = el("p", { class: "rx-chart-readout", "aria-hidden": "true" });
    this.frame = el("div", {
      class: "rx-chart",
      tabindex: 0,
      role: "slider",
      "aria-valuemin": 0,
      "aria-valuemax": this.last,
      "aria-orientation": "horizontal",
    });
    host.replaceChildren(this.readout, this.frame);
    this.listen();
    clock.onChange(() => this.mark());
    onLanguage(() => this.draw());
    new ResizeObserver(() => this.draw()).observe(host);
    this.draw();
  }

  // The clock's month among those of the chart; -1 where it is none of them.
  get ofClock() {
    return clock.now === null ? -1 : this.data.months.indexOf(clock.now);
  }

  draw() {
    this.plot = plotOf(this.data, Math.max(260, this.host.clientWidth));
    this.frame.replaceChildren(chartSvg(this.data, this.plot));
    this.mark();
  }

  // The month pointed at, else the clock's, is marked and read out.
  mark() {
    const { frame, readout, pointed, ofClock } = this;
    const shown = pointed ?? (ofClock < 0 ? null : ofClock);
    readout.textContent = shown !== null ? readoutOf(this.data, shown) : clock.now === null ? t("chart.hint") : t("chart.outside", { month: formatDate(clock.now) });
    frame.setAttribute("aria-label", t("chart.title"));
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
    const { frame, data, last } = this;
    const monthAt = (event) => {
      const at = event.clientX - frame.getBoundingClientRect().left - this.plot.left;
      const i = Math.floor(at / this.plot.step);
      return i < 0 || i > last ? null : i;
    };
    const point = (i) => {
      this.pointed = i;
      this.mark();
    };
    frame.addEventListener("pointermove", (event) => point(monthAt(event)));
    frame.addEventListener("pointerleave", () => point(null));
    frame.addEventListener("click", (event) => {
      const i = monthAt(event);
      if (i !== null) clock.set(data.months[i]);
    });
    frame.addEventListener("keydown", (event) => this.onKey(event));
  }

  // From all months an arrow goes to the last month that is known.
  onKey(event) {
    const { data, last, ofClock } = this;
    const move = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 12, PageDown: -12 }[event.key];
    const end = { Home: 0, End: last }[event.key];
    if (event.key === "Escape") clock.set(null);
    if (move === undefined && end === undefined) return;
    event.preventDefault();
    const lastKnown = Math.max(0, data.area.findLastIndex((value) => value !== null));
    const from = ofClock < 0 ? lastKnown : ofClock + move;
    clock.set(data.months[Math.max(0, Math.min(last, end ?? from))]);
  }
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
      el("span", {}, el("span", { class: `rx-chart-chip rx-chart-chip-${key}`, "aria-hidden": "true" }), said("span", {}, () => t(`chart.key_${key}`))),
    ),
  );
}
