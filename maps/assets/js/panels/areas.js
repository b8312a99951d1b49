// Counts by area: one circle an area, and the transfers from the charted one as flows.
import { Choice } from "../core/choice.js";
import { clock } from "../core/clock.js";
import { monthSpan } from "../core/dates.js";
import { el, said, svgEl } from "../core/dom.js";
import { formatCount, formatDate, formatNumber, localText, onLanguage, t } from "../core/i18n.js";
import { circleRadius, highOf, keysTo, lowOf } from "../core/scale.js";

const LARGEST = 27;

function provinceName(province) {
  return localText(province, "name");
}

// A curve from one point to another, bowed to the left of its direction, that leaves
// some room at both ends.
export function flowPath(from, to, bow, roomFrom = 0, roomTo = 0) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const middle = { x: (from.x + to.x) / 2 + dy * bow, y: (from.y + to.y) / 2 - dx * bow };
  const toward = (a, room) => {
    const length = Math.hypot(middle.x - a.x, middle.y - a.y) || 1;
    const share = Math.min(0.9, room / length);
    return [a.x + (middle.x - a.x) * share, a.y + (middle.y - a.y) * share];
  };
  const round = (value) => Math.round(value * 10) / 10;
  const [[ax, ay], [bx, by]] = [toward(from, roomFrom), toward(to, roomTo)];
  return `M${round(ax)},${round(ay)}Q${round(middle.x)},${round(middle.y)} ${round(bx)},${round(by)}`;
}

// The running totals to draw: without a month the last of each province, else of those whose
// span holds the month the one with the shortest.
export function flowsOf(data, month) {
  if (month === null) return data.flows;
  const at = monthSpan(month).first;
  const best = new Map();
  for (const flow of data.totals) {
    const [first, last] = [monthSpan(flow.start)?.first, monthSpan(flow.end)?.last];
    if (!(first <= at && at <= last)) continue;
    const other = best.get(flow.to);
    if (!other || flow.end < other.end) best.set(flow.to, flow);
  }
  return [...best.values()];
}

// Draws it, and returns which year is chosen; null where there is none.
export function areasView(host, data) {
  if (Object.keys(data.years).length > 0) return new AreasView(host, data).chosen;
  host.replaceChildren(said("p", {}, () => t("chart.empty")));
  return null;
}

// The largest count of periods, and the circles of the key, by what a period is.
function scalesOf(data) {
  const scale = (periods) => {
    const maximum = Math.max(0, ...Object.values(periods).flatMap(({ counts }) => Object.values(counts).map(highOf)));
    return { maximum, keys: keysTo(maximum) };
  };
  return { year: scale(data.years), month: scale(data.months) };
}

// The years in turn; one without any figure is named too, and cannot be chosen.
function yearOptions(years) {
  const [first, last] = [Math.min(...years), Math.max(...years)];
  return Array.from({ length: last - first + 1 }, (_, k) => String(first + k)).map((year) =>
    years.includes(year) ? el("option", { value: year }, year) : said("option", { value: year, disabled: true }, () => t("areas.year_missing", { year })),
  );
}

class AreasView {
  constructor(host, data) {
    const years = Object.keys(data.years);
    Object.assign(this, { host, data, scales: scalesOf(data) });
    this.at = Object.fromEntries(data.provinces.map((province) => [province.id, province]));
    this.chosen = new Choice(years, years.includes(data.first) ? data.first : years.at(-1));
    this.select = el("select", { id: "rx-year" }, yearOptions(years));
    this.select.value = this.chosen.now;
    // Stands in the list while the clock chooses.
    this.ofClock = el("option", { value: "" });
    this.figure = el("div", { class: "rx-areas" });
    this.words = el("p", { class: "rx-areas-words" });
    this.flowWords = el("ul", { class: "rx-areas-flows" });
    this.heading = said("h3", { class: "rx-small-head" }, () => t("areas.flows"));
    host.replaceChildren(
      el("div", { class: "rx-areas-year" }, said("label", { for: "rx-year" }, () => t("areas.year")), this.select),
      this.figure,
      this.words,
      data.totals.length > 0 ? this.heading : "",
      this.flowWords,
    );
    this.listen();
    onLanguage(() => this.draw());
    new ResizeObserver(() => this.draw()).observe(this.figure);
    this.draw();
  }

  listen() {
    const { select, chosen, data } = this;
    // A year chosen here is all its months: the clock lets go of its one.
    select.addEventListener("change", () => {
      chosen.set(select.value);
      clock.set(null);
    });
    chosen.onChange((year) => {
      if (clock.now !== null) return;
      select.value = year;
      this.draw();
    });
    clock.onChange((month) => {
      const year = month?.slice(0, 4);
      const byMonth = month !== null && Object.hasOwn(data.months, month);
      if (month === null) this.ofClock.remove();
      else select.prepend(this.ofClock);
      if (month === null) select.value = chosen.now;
      else select.value = !byMonth && chosen.values.includes(year) ? year : "";
      this.draw();
    });
  }

  // The clock's month where provinces are counted in it, else the year chosen.
  draw() {
    const { data, select } = this;
    const month = clock.now !== null && Object.hasOwn(data.months, clock.now) ? clock.now : null;
    const { counts, whole } = (month === null ? data.years[select.value] : data.months[month]) ?? { counts: {}, whole: null };
    const flows = flowsOf(data, clock.now);
    const period = month === null && select.value ? select.value : formatDate(clock.now);
    this.ofClock.textContent = clock.now === null ? "" : formatDate(clock.now);
    this.figure.replaceChildren(this.picture(counts, flows, period, this.scales[month === null ? "year" : "month"]));
    this.write(counts, whole, period, clock.now !== null && month === null);
    this.writeFlows(flows);
  }

  picture(counts, flows, period, { maximum, keys }) {
    const { data } = this;
    const size = 11.5 * (data.width / Math.max(260, this.host.clientWidth));
    const drawing = { size, maximum };
    const bySize = data.provinces.toSorted((a, b) => (highOf(counts[b.id]) ?? -1) - (highOf(counts[a.id]) ?? -1));
    const circles = bySize.map((province) => symbol(province, counts[province.id], drawing));
    return svgEl(
      "svg",
      { viewBox: `0 0 ${data.width} ${data.height}`, role: "img", "aria-label": t("areas.title_year", { year: period }) },
      arrowHead(),
      data.provinces.map((p) => svgEl("path", { d: p.path, class: "rx-province" })),
      circles.map((part) => part.shape),
      flows.map((flow) => this.flowShape(flow, counts[data.codes.area], drawing)),
      circles.map((part) => part.text),
      circleKey(keys, data.width, drawing),
    );
  }

  flowShape(flow, fromArea, { maximum }) {
    const [from, to] = [this.at[this.data.codes.area], this.at[flow.to]];
    if (!from || !to) return null;
    const heaviest = Math.max(...this.data.totals.map((other) => other.count));
    const bow = to.x < from.x ? 0.25 : -0.25;
    const start = circleRadius(highOf(fromArea) ?? 0, maximum, LARGEST) + 1;
    return svgEl("path", {
      d: flowPath(from, to, bow, start, 5),
      class: "rx-flow",
      "stroke-width": 1.2 + (5.5 * flow.count) / heaviest,
      "marker-end": "url(#rx-arrow)",
    });
  }

  write(counts, total, period, monthMissing) {
    const { provinces } = this.data;
    const known = provinces.filter((p) => counts[p.id] !== undefined).toSorted((a, b) => highOf(counts[b.id]) - highOf(counts[a.id]));
    const unknown = provinces.filter((p) => counts[p.id] === undefined).map(provinceName);
    const list = known.map((p) => `${provinceName(p)} ${formatCount(counts[p.id])}`).join(" · ");
    const parts = [
      monthMissing && this.select.value && `${t("areas.no_month", { month: formatDate(clock.now) })} `,
      el("b", {}, total === null ? t("areas.no_total", { year: period }) : t("areas.total", { year: period, count: formatCount(total) })),
      ` ${list}. `,
      [total, ...Object.values(counts)].some(Array.isArray) && el("span", { class: "rx-muted" }, `${t("chart.range")} `),
      unknown.length > 0 && el("span", { class: "rx-muted" }, t("areas.no_figure", { list: unknown.join(", ") })),
    ];
    this.words.replaceChildren(...parts.filter(Boolean));
  }

  writeFlows(flows) {
    const { at } = this;
    const none = flows.length === 0 && clock.now !== null;
    this.heading.hidden = flows.length === 0 && clock.now === null;
    this.flowWords.replaceChildren(
      ...(none ? [el("li", {}, t("areas.no_flow", { month: formatDate(clock.now) }))] : []),
      ...flows.map((flow) => {
        const to = at[flow.to] ? provinceName(at[flow.to]) : flow.to;
        return el("li", {}, el("b", {}, formatNumber(flow.count)), ` ${t("areas.flow", { to, when: formatDate(`${flow.start}/${flow.end}`) })}`);
      }),
    );
  }
}

function arrowHead() {
  const box = { viewBox: "0 0 8 8", refX: 6, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto" };
  return svgEl("defs", {}, svgEl("marker", { id: "rx-arrow", ...box }, svgEl("path", { d: "M0,0L8,4L0,8z", class: "rx-arrow" })));
}

// A province's circle and its figure, or the sign that it has none.
function symbol(province, count, { size, maximum }) {
  const { x, y } = province;
  if (count === undefined) {
    return { shape: svgEl("text", { x, y: y + size / 3, "text-anchor": "middle", "font-size": size, class: "rx-no-figure" }, "–"), text: null };
  }
  const r = circleRadius(highOf(count), maximum, LARGEST);
  const big = r > 16;
  const circle = (radius, kind) => svgEl("circle", { cx: x, cy: y, r: Math.max(radius, 1.2), class: kind });
  const certain = lowOf(count) > 0 && circle(circleRadius(lowOf(count), maximum, LARGEST), "rx-circle");
  return {
    // Solid as far as it is certain, open from there to what it can be.
    shape: Array.isArray(count) ? [circle(r, "rx-circle rx-uncertain"), certain] : certain || circle(r, "rx-circle rx-zero"),
    text: svgEl(
      "text",
      { x, y: y - r - (big ? 5 : 4), "text-anchor": "middle", "font-size": big ? size * 1.25 : size, class: "rx-count" },
      formatCount(count),
    ),
  };
}

function circleKey(keys, width, { size, maximum }) {
  const x = width - 56 - 2 * size;
  return keys.map((value, k) => {
    const r = circleRadius(value, maximum, LARGEST);
    const y = 18 + k * 26;
    return [
      svgEl("circle", { cx: x, cy: y, r, class: "rx-circle-key" }),
      svgEl("text", { x: x + 20, y: y + size / 3, "font-size": size, class: "rx-key-text" }, formatNumber(value)),
    ];
  });
}
